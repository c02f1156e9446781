/* Frees a span twice that is merged with its neighbours at once. */
#include "testing/misuse/frame.h"

void commit_fault(pool64 *pool) {
    const ba_memory span = PBA_HERE(pool64_alloc, pool, ba_bytes(2048), ba_align(1)); /* made */
    (void)PBA_HERE(pool64_free, pool, span, ba_align(1));
    frame_answer(PBA_HERE(pool64_free, pool, span, ba_align(1))); /* fault */
    frame_look(pool);
}
