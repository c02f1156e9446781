/* Frees a span twice whose chunk went back to the backing after the first time. */
#include "testing/misuse/frame.h"

void commit_fault(pool64 *pool) {
    const ba_memory stays = PBA_HERE(pool64_alloc, pool, ba_bytes(2048), ba_align(1)); /* made */
    const ba_memory span = PBA_HERE(pool64_alloc, pool, ba_bytes(4096), ba_align(1));  /* made */
    (void)PBA_HERE(pool64_free, pool, span, ba_align(1));
    (void)pool64_trim(pool, ba_bytes(0));
    frame_answer(PBA_HERE(pool64_free, pool, span, ba_align(1))); /* fault */
    frame_look(pool);
    (void)PBA_HERE(pool64_free, pool, stays, ba_align(1));
}
