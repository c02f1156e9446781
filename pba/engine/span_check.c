#define PBA_INTERNAL_

#include "pba/engine/span_check.h"

#include "block_allocator/implementing/check.h"

static pba_finding finding(ba_error_code code, pba_chunk *chunk, uint32_t first, uint32_t blocks) {
    const pba_finding found = {code, {chunk, first, blocks}};
    return found;
}

/* What is wrong with a pointer into a block that is not that of a live span's beginning. */
static ba_error_code wrong_block(const pba_chunk *chunk, uint32_t block) {
    return pba_map_state(&chunk->map, block) == PBA_BLOCK_FREE ||
                   pba_chunk_is_cached(chunk, pba_map_span_start(&chunk->map, block))
               ? BA_DOUBLE_FREE
               : BA_INTERIOR;
}

/* True if a live span begins at a block: where the tag and the map say so, in case that one of them
 * was overwritten. */
static bool begins_live(const pba_chunk *chunk, uint32_t block) {
    return pba_chunk_is_live(chunk, block) && pba_map_state(&chunk->map, block) == PBA_BLOCK_START;
}

/* True if `bytes` bytes fill exactly `blocks` blocks, the last perhaps in part. */
static bool fills(size_t bytes, uint32_t blocks, uint8_t block_shift) {
    return blocks > 0 && (bytes - 1) >> block_shift == blocks - 1;
}

pba_finding pba_span_check(pba_chunk_set *set, ba_memory memory, ba_alignment alignment,
                           uint32_t guard_blocks) {
    const uintptr_t address = (uintptr_t)ba_memory_pointer(memory);
    pba_chunk *const chunk = pba_chunk_set_find(set, address);
    if (chunk == NULL) {
        return finding(BA_FOREIGN, NULL, 0, 0);
    }
    const uint32_t block = pba_chunk_block(chunk, address);
    if (!begins_live(chunk, block) || (uintptr_t)pba_chunk_address(chunk, block) != address) {
        return finding(wrong_block(chunk, block), NULL, 0, 0);
    }
    if (!ba_alignment_is_valid(alignment) || !ba_is_aligned(ba_memory_pointer(memory), alignment)) {
        return finding(BA_BAD_ALIGN, NULL, 0, 0);
    }
    const uint32_t blocks = pba_chunk_span_blocks(chunk, block);
    const bool fits =
        ba_memory_length(memory).bytes != 0 &&
        fills(ba_memory_length(memory).bytes, blocks - guard_blocks, chunk->block_shift);
    return finding(fits ? BA_OK : BA_SIZE_MISMATCH, chunk, block, blocks);
}

pba_span pba_span_trust(pba_chunk_set *set, ba_memory memory, uint32_t guard_blocks) {
    const uintptr_t address = (uintptr_t)ba_memory_pointer(memory);
    pba_chunk *const chunk = pba_chunk_set_find(set, address);
    const pba_span span = {chunk, pba_chunk_block(chunk, address),
                           (uint32_t)((ba_memory_length(memory).bytes - 1) >> chunk->block_shift) +
                               1 + guard_blocks};
    return span;
}

pba_span pba_span_around(const pba_chunk_set *set, const void *address) {
    pba_span span = {NULL, 0, 0};
    pba_chunk *const chunk = pba_chunk_set_find_const(set, (uintptr_t)address);
    if (chunk == NULL) {
        return span;
    }
    const uint32_t block = pba_chunk_block(chunk, (uintptr_t)address);
    if (pba_map_state(&chunk->map, block) == PBA_BLOCK_FREE) {
        return span;
    }
    const uint32_t first = pba_map_span_start(&chunk->map, block);
    if (pba_chunk_is_cached(chunk, first)) {
        return span;
    }
    span.chunk = chunk;
    span.first = first;
    span.blocks = pba_chunk_span_blocks(chunk, first);
    return span;
}
