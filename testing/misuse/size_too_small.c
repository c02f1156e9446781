/* Frees a span of two blocks with the length of one. */
#include "testing/misuse/frame.h"

void commit_fault(pool64 *pool) {
    const ba_memory span = PBA_HERE(pool64_alloc, pool, ba_bytes(128), ba_align(1)); /* made */
    const ba_memory shorter = ba_memory_of(ba_memory_pointer(span), ba_bytes(64));
    frame_answer(PBA_HERE(pool64_free, pool, shorter, ba_align(1))); /* fault */
    frame_look(pool);
    (void)PBA_HERE(pool64_free, pool, span, ba_align(1));
}
