/* Frees a span twice that is short enough to be kept for the next allocation. */
#include "testing/misuse/frame.h"

void commit_fault(pool64 *pool) {
    const ba_memory span = PBA_HERE(pool64_alloc, pool, ba_bytes(64), ba_align(1)); /* made */
    (void)PBA_HERE(pool64_free, pool, span, ba_align(1));
    frame_answer(PBA_HERE(pool64_free, pool, span, ba_align(1))); /* fault */
    frame_look(pool);
}
