/* Frees a span of the parent pool in its child. */
#include "testing/misuse/frame.h"

void commit_fault(pool64 *pool) {
    pool64 child = frame_pool(pool64_allocator(pool), &(pba_setup){.name = "child"});
    const ba_memory parents = PBA_HERE(pool64_alloc, pool, ba_bytes(64), ba_align(1)); /* made */
    const ba_memory own = PBA_HERE(pool64_alloc, &child, ba_bytes(64), ba_align(1));   /* made */
    frame_answer(PBA_HERE(pool64_free, &child, parents, ba_align(1)));                 /* fault */
    frame_look(&child);
    (void)PBA_HERE(pool64_free, &child, own, ba_align(1));
    frame_end(&child);
    (void)PBA_HERE(pool64_free, pool, parents, ba_align(1));
}
