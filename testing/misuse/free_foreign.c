/* Frees memory that no pool has. */
#include "testing/misuse/frame.h"

void commit_fault(pool64 *pool) {
    static unsigned char elsewhere[64];
    const ba_memory foreign = ba_memory_of(elsewhere, ba_bytes(sizeof elsewhere));
    const ba_memory span = PBA_HERE(pool64_alloc, pool, ba_bytes(64), ba_align(1)); /* made */
    frame_answer(PBA_HERE(pool64_free, pool, foreign, ba_align(1)));                /* fault */
    frame_look(pool);
    (void)PBA_HERE(pool64_free, pool, span, ba_align(1));
}
