/* Flips the bit that says where a span begins, and frees the span. Then it is mended. */
#include "testing/misuse/frame.h"

void commit_fault(pool64 *pool) {
    if (ba_failed(pool64_reserve(pool, ba_bytes(8192)))) { /* one chunk, for both */
        return;
    }
    const ba_memory first = PBA_HERE(pool64_alloc, pool, ba_bytes(1280), ba_align(1)); /* made */
    /* Longer than what is freed by its tag alone. */
    const ba_memory span = PBA_HERE(pool64_alloc, pool, ba_bytes(4096), ba_align(1)); /* made */
    pba_chunk *const chunk = pool->core.chunks.by_slot[0];
    const uint32_t block = pba_chunk_block(chunk, (uintptr_t)ba_memory_pointer(span));
    chunk->map.words[0].start ^= UINT64_C(1) << block; /* fault */
    frame_look(pool);
    (void)PBA_HERE(pool64_free, pool, span, ba_align(1)); /* found */
    chunk->map.words[0].start ^= UINT64_C(1) << block;
    (void)PBA_HERE(pool64_free, pool, span, ba_align(1));
    (void)PBA_HERE(pool64_free, pool, first, ba_align(1));
}
