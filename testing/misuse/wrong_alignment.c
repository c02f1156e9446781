/* Frees a span with an alignment that its pointer does not have. */
#include "testing/misuse/frame.h"

void commit_fault(pool64 *pool) {
    const ba_memory first = PBA_HERE(pool64_alloc, pool, ba_bytes(64), ba_align(1)); /* made */
    const ba_memory span = PBA_HERE(pool64_alloc, pool, ba_bytes(64), ba_align(1));  /* made */
    frame_answer(PBA_HERE(pool64_free, pool, span, ba_align(4096)));                 /* fault */
    frame_look(pool);
    (void)PBA_HERE(pool64_free, pool, span, ba_align(1));
    (void)PBA_HERE(pool64_free, pool, first, ba_align(1));
}
