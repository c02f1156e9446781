/* Accounting: how much of a pool is in use, and, with statistics on, what has happened to it.
 * Counts blocks and calls; knows no chunk. */
#ifndef PBA_ACCOUNTING_H_
#define PBA_ACCOUNTING_H_

#include <stdbool.h>
#include <stdint.h>

#include "block_allocator/language.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The counts. `blocks` and `live` are always kept, for the policy needs them; the rest with
 * statistics on. */
typedef struct pba_accounting {
    uint64_t blocks; /* of payload */
    uint64_t live;   /* blocks in use */
    uint64_t peak_live;
    uint64_t peak_blocks;
    uint64_t allocations;
    uint64_t frees;
    uint64_t resizes;  /* in place, by remapping too */
    uint64_t failures; /* of allocations, of growing and of reserving */
    bool statistics;   /* on */
} pba_accounting;

/* A chunk has come: so many more blocks. */
BA_ALWAYS_INLINE void pba_account_more(pba_accounting *accounting, uint32_t blocks) {
    accounting->blocks += blocks;
    if (accounting->statistics && accounting->blocks > accounting->peak_blocks) {
        accounting->peak_blocks = accounting->blocks;
    }
}

/* A chunk has gone. */
BA_ALWAYS_INLINE void pba_account_less(pba_accounting *accounting, uint32_t blocks) {
    accounting->blocks -= blocks;
}

/* Blocks have come into use. */
BA_ALWAYS_INLINE void pba_account_live(pba_accounting *accounting, uint32_t blocks) {
    accounting->live += blocks;
    if (accounting->statistics && accounting->live > accounting->peak_live) {
        accounting->peak_live = accounting->live;
    }
}

/* A span has been handed out. */
BA_ALWAYS_INLINE void pba_account_alloc(pba_accounting *accounting, uint32_t blocks) {
    pba_account_live(accounting, blocks);
    if (accounting->statistics) {
        accounting->allocations++;
    }
}

/* A span has been given back. */
BA_ALWAYS_INLINE void pba_account_free(pba_accounting *accounting, uint32_t blocks) {
    accounting->live -= blocks;
    if (accounting->statistics) {
        accounting->frees++;
    }
}

/* The live spans, with statistics on. */
BA_ALWAYS_INLINE uint64_t pba_account_spans(const pba_accounting *accounting) {
    return accounting->allocations - accounting->frees;
}

/* All spans have been given back at once. */
BA_ALWAYS_INLINE void pba_account_reset(pba_accounting *accounting) {
    accounting->frees = accounting->allocations;
    accounting->live = 0;
}

/* A span has become longer or shorter. */
BA_ALWAYS_INLINE void pba_account_resize(pba_accounting *accounting, uint32_t before,
                                         uint32_t after) {
    accounting->live -= before;
    pba_account_live(accounting, after);
    if (accounting->statistics) {
        accounting->resizes++;
    }
}

/* A call for more memory has failed. */
BA_ALWAYS_INLINE void pba_account_failure(pba_accounting *accounting) {
    if (accounting->statistics) {
        accounting->failures++;
    }
}

#ifdef __cplusplus
}
#endif

#endif /* PBA_ACCOUNTING_H_ */
