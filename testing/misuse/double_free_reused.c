/* Frees a span twice whose memory was allocated again between; then its new owner frees it. */
#include "testing/misuse/frame.h"

void commit_fault(pool64 *pool) {
    const ba_memory span = PBA_HERE(pool64_alloc, pool, ba_bytes(64), ba_align(1)); /* made */
    (void)PBA_HERE(pool64_free, pool, span, ba_align(1));
    const ba_memory reused = PBA_HERE(pool64_alloc, pool, ba_bytes(64), ba_align(1)); /* made */
    frame_answer(PBA_HERE(pool64_free, pool, span, ba_align(1)));                     /* fault */
    frame_look(pool);
    (void)PBA_HERE(pool64_free, pool, reused, ba_align(1)); /* found */
}
