#include "block_allocator/block_allocator.h"

#include <string.h>

/* --- what was never made --- */

static ba_length not_made_block_size(const void *context) {
    (void)context;
    return ba_bytes(1);
}

static ba_memory not_made_alloc(void *context, ba_length minimum, ba_alignment alignment,
                                ba_call_site site) {
    (void)context;
    (void)minimum;
    (void)alignment;
    (void)site;
    return ba_memory_none(ba_error_of(BA_NOT_MADE));
}

static ba_length_result not_made_resize(void *context, ba_memory memory, ba_alignment alignment,
                                        ba_length minimum, ba_call_site site) {
    (void)context;
    (void)memory;
    (void)alignment;
    (void)minimum;
    (void)site;
    return ba_length_result_none(ba_error_of(BA_NOT_MADE));
}

static ba_error not_made_free(void *context, ba_memory memory, ba_alignment alignment,
                              ba_call_site site) {
    (void)context;
    (void)memory;
    (void)alignment;
    (void)site;
    return ba_error_of(BA_NOT_MADE);
}

static ba_memory not_made_remap(void *context, ba_memory memory, ba_alignment alignment,
                                ba_length minimum, ba_call_site site) {
    (void)memory;
    return not_made_alloc(context, minimum, alignment, site);
}

static ba_length_result not_made_discard(void *context, ba_memory part, ba_call_site site) {
    return not_made_resize(context, part, ba_align(1), ba_bytes(1), site);
}

const ba_operations ba_operations_not_made_ = {
    .size = sizeof(ba_operations),
    .block_size = not_made_block_size,
    .alloc = not_made_alloc,
    .resize = not_made_resize,
    .free = not_made_free,
    .remap = not_made_remap,
    .discard = not_made_discard,
};

/* --- moving --- */

/* Moves to new memory, which is longer than the old, all that the old may hold: its whole blocks,
 * whichever length that fits them its owner states. Old memory that is not taken back is still its
 * owner's, and then so is nothing else: the new goes back. */
static ba_memory move(ba_block_allocator blocks, ba_memory from, ba_memory to,
                      ba_alignment alignment, ba_call_site site) {
    const ba_length_result span = ba_block_allocator_span_length(blocks, ba_memory_length(from));
    const size_t held = ba_length_result_length(span).bytes;
    const size_t room = ba_memory_length(to).bytes;
    memcpy(ba_memory_pointer(to), ba_memory_pointer(from), held < room ? held : room);

    const ba_error freed = ba_block_free_at(blocks, from, alignment, site);
    if (!ba_failed(freed)) {
        return to;
    }
    (void)ba_block_free_at(blocks, to, alignment, site);
    return ba_memory_none(freed);
}

ba_memory ba_block_realloc_at(ba_block_allocator blocks, ba_memory memory, ba_alignment alignment,
                              ba_length minimum, ba_call_site site) {
    if (BA_HAS_OPERATION(ba_block_allocator_operations_(blocks), realloc)) {
        return (ba_block_allocator_operations_(blocks)->realloc)(blocks.context, memory, alignment,
                                                                 minimum, site);
    }
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
    if (ba_memory_is_none(moved) || ba_memory_length(memory).bytes == 0) {
        return moved;
    }
    return move(blocks, memory, moved, alignment, site);
}
