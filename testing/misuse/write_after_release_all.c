/* Writes to a span of which release_all has given back the memory. */
#include "testing/misuse/frame.h"

void commit_fault(pool64 *pool) {
    const ba_memory span = PBA_HERE(pool64_alloc, pool, ba_bytes(64), ba_align(1)); /* made */
    volatile unsigned char *const bytes = (unsigned char *)ba_memory_pointer(span);
    (void)pool64_release_all(pool, PBA_ALLOW_IN_USE);
    bytes[0] = 1; /* fault */
    frame_look(pool);
}
