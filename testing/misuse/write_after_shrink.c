/* Writes to the tail that a shrink cut off; the next allocation gets its memory. */
#include "testing/misuse/frame.h"

void commit_fault(pool64 *pool) {
    const ba_memory span = PBA_HERE(pool64_alloc, pool, ba_bytes(256), ba_align(1)); /* made */
    volatile unsigned char *const bytes = (unsigned char *)ba_memory_pointer(span);
    (void)ba_length_result_length(PBA_HERE(pool64_resize, pool, span, ba_align(1), ba_bytes(64)));
    bytes[255] = 1; /* fault */
    frame_look(pool);
    const ba_memory again = PBA_HERE(pool64_alloc, pool, ba_bytes(192), ba_align(1)); /* found */
    (void)PBA_HERE(pool64_free, pool, again, ba_align(1));
    const ba_memory rest = ba_memory_of(ba_memory_pointer(span), ba_bytes(64));
    (void)PBA_HERE(pool64_free, pool, rest, ba_align(1));
}
