/* Reads from a span that was freed. */
#include "testing/misuse/frame.h"

void commit_fault(pool64 *pool) {
    const ba_memory span = PBA_HERE(pool64_alloc, pool, ba_bytes(64), ba_align(1)); /* made */
    volatile unsigned char *const bytes = (unsigned char *)ba_memory_pointer(span);
    (void)PBA_HERE(pool64_free, pool, span, ba_align(1));
    frame_use(bytes[0]); /* fault */
    frame_look(pool);
}
