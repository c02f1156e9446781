/* Frees from the second block of a span. */
#include "testing/misuse/frame.h"

void commit_fault(pool64 *pool) {
    const ba_memory span = PBA_HERE(pool64_alloc, pool, ba_bytes(128), ba_align(1)); /* made */
    unsigned char *const inner = (unsigned char *)ba_memory_pointer(span) + 64;
    const ba_memory part = ba_memory_of(inner, ba_bytes(64));
    frame_answer(PBA_HERE(pool64_free, pool, part, ba_align(1))); /* fault */
    frame_look(pool);
    (void)PBA_HERE(pool64_free, pool, span, ba_align(1));
}
