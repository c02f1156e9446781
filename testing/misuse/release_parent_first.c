/* Ends the parent pool while its child still has memory of it. */
#include "testing/misuse/frame.h"

#include "block_allocator/backing/page_allocator.h"

void commit_fault(pool64 *pool) {
    const ba_allocator pages = ba_page_allocator();
    const pba_setup setup = {.name = "child", .metadata = &pages};
    pool64 child = frame_pool(pool64_allocator(pool), &setup);
    if (ba_memory_is_none(PBA_HERE(pool64_alloc, &child, ba_bytes(64), ba_align(1)))) { /* made */
        return;
    }
    frame_answer(pool64_release_all(pool, PBA_REPORT_IN_USE)); /* fault */
    frame_look(pool);
}
