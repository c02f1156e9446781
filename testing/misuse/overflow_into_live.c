/* Writes one byte past a span, where another span begins. */
#include "testing/misuse/frame.h"

void commit_fault(pool64 *pool) {
    const ba_memory span = PBA_HERE(pool64_alloc, pool, ba_bytes(1280), ba_align(1)); /* made */
    const ba_memory next = PBA_HERE(pool64_alloc, pool, ba_bytes(1280), ba_align(1)); /* made */
    volatile unsigned char *const bytes = (unsigned char *)ba_memory_pointer(span);
    bytes[1280] = 1; /* fault */
    frame_look(pool);
    (void)PBA_HERE(pool64_free, pool, next, ba_align(1));
    (void)PBA_HERE(pool64_free, pool, span, ba_align(1)); /* found */
}
