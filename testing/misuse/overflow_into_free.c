/* Writes one byte past a span, where memory is free; the next allocation gets it. */
#include "testing/misuse/frame.h"

void commit_fault(pool64 *pool) {
    const ba_memory span = PBA_HERE(pool64_alloc, pool, ba_bytes(1280), ba_align(1)); /* made */
    volatile unsigned char *const bytes = (unsigned char *)ba_memory_pointer(span);
    bytes[1280] = 1; /* fault */
    frame_look(pool);
    const ba_memory again = PBA_HERE(pool64_alloc, pool, ba_bytes(1280), ba_align(1)); /* found */
    (void)PBA_HERE(pool64_free, pool, again, ba_align(1));
    (void)PBA_HERE(pool64_free, pool, span, ba_align(1)); /* found */
}
