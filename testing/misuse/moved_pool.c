/* Uses a pool at another address after its first allocation. Then it is moved back. */
#include "testing/misuse/frame.h"

void commit_fault(pool64 *pool) {
    const ba_memory span = PBA_HERE(pool64_alloc, pool, ba_bytes(64), ba_align(1)); /* made */
    pool64 moved = *pool;
    const ba_error error = PBA_HERE(pool64_free, &moved, span, ba_align(1)); /* fault */
    frame_answer(error);
    *pool = moved;
    frame_look(pool);
    if (ba_failed(error)) {
        (void)PBA_HERE(pool64_free, pool, span, ba_align(1));
    }
}
