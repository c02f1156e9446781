/* Two pools swapped: frees a span of one in the other. */
#include "testing/misuse/frame.h"

#include "block_allocator/backing/page_allocator.h"

void commit_fault(pool64 *pool) {
    pool64 other = frame_pool(ba_page_allocator(), &(pba_setup){.name = "other"});
    const ba_memory span = PBA_HERE(pool64_alloc, pool, ba_bytes(64), ba_align(1));     /* made */
    const ba_memory others = PBA_HERE(pool64_alloc, &other, ba_bytes(64), ba_align(1)); /* made */
    frame_answer(PBA_HERE(pool64_free, &other, span, ba_align(1)));                     /* fault */
    frame_look(&other);
    (void)PBA_HERE(pool64_free, &other, others, ba_align(1));
    frame_end(&other);
    (void)PBA_HERE(pool64_free, pool, span, ba_align(1));
}
