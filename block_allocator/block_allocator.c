#include "block_allocator/block_allocator.h"

#include <string.h>

ba_memory ba_block_realloc_at(ba_block_allocator blocks, ba_memory memory, ba_alignment alignment,
                              ba_length minimum, ba_call_site site) {
    const ba_length_result resized = ba_block_resize_at(blocks, memory, alignment, minimum, site);
    if (!ba_length_result_is_none(resized)) {
        return ba_memory_of(ba_memory_pointer(memory), ba_length_result_length(resized));
    }
    if (!ba_error_is_refusal(ba_length_result_error(resized))) {
        return ba_memory_none(ba_length_result_error(resized));
    }

    const ba_memory remapped = ba_block_remap_at(blocks, memory, alignment, minimum, site);
    if (!ba_memory_is_none(remapped)) {
        return remapped;
    }

    const ba_memory moved = ba_block_alloc_at(blocks, minimum, alignment, site);
    /* Shrinking is never refused, so the old length is the smaller one. */
    const size_t copied = ba_memory_length(memory).bytes;
    if (!ba_memory_is_none(moved) && copied != 0) {
        memcpy(ba_memory_pointer(moved), ba_memory_pointer(memory), copied);
        (void)ba_block_free_at(blocks, memory, alignment, site);
    }
    return moved;
}
