/* Frees a span of which release_all has given back the memory. */
#include "testing/misuse/frame.h"

void commit_fault(pool64 *pool) {
    const ba_memory span = PBA_HERE(pool64_alloc, pool, ba_bytes(64), ba_align(1)); /* made */
    (void)pool64_release_all(pool, PBA_ALLOW_IN_USE);
    frame_answer(PBA_HERE(pool64_free, pool, span, ba_align(1))); /* fault */
    frame_look(pool);
}
