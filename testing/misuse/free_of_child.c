/* Frees a span of the child pool in its parent. */
#include "testing/misuse/frame.h"

void commit_fault(pool64 *pool) {
    pool64 child = frame_pool(pool64_allocator(pool), &(pba_setup){.name = "child"});
    const ba_memory first = PBA_HERE(pool64_alloc, &child, ba_bytes(64), ba_align(1));  /* made */
    const ba_memory second = PBA_HERE(pool64_alloc, &child, ba_bytes(64), ba_align(1)); /* made */
    frame_answer(PBA_HERE(pool64_free, pool, second, ba_align(1)));                     /* fault */
    frame_look(pool);
    (void)PBA_HERE(pool64_free, &child, second, ba_align(1));
    (void)PBA_HERE(pool64_free, &child, first, ba_align(1));
    frame_end(&child);
}
