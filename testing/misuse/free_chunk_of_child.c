/* Frees a span in the parent pool that fills the whole chunk of its child: it is a span of the
 * parent too. When the child ends, it gives the chunk back once more. */
#include "testing/misuse/frame.h"

void commit_fault(pool64 *pool) {
    /* So that the parent keeps the memory when it is freed. */
    if (ba_failed(pool64_reserve(pool, ba_bytes(16384)))) {
        return;
    }
    pool64 child = frame_pool(pool64_allocator(pool), &(pba_setup){.name = "child"});
    const ba_memory whole = PBA_HERE(pool64_alloc, &child, ba_bytes(4096), ba_align(1)); /* made */
    frame_answer(PBA_HERE(pool64_free, pool, whole, ba_align(1)));                       /* fault */
    frame_look(pool);
    (void)PBA_HERE(pool64_free, &child, whole, ba_align(1));
    frame_end(&child);
}
