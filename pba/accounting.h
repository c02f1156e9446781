/* Accounting: how much of a pool is in use, and, with statistics on, what has happened to it.
 * Counts blocks and calls; knows no chunk. */
#ifndef PBA_ACCOUNTING_H_
#define PBA_ACCOUNTING_H_

#include <stdbool.h>
#include <stdint.h>

#include "block_allocator/language.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* The counts. `blocks` and what is in use are always kept, for the policy needs them; the rest with
 * statistics on.
 *
 * In use are peak_in_use - below_peak blocks: kept so, an allocation sees from the sign of what it
 * has just subtracted that there is a new peak. Without statistics the peak stays 0, and below_peak
 * is minus what is in use.
 *
 * What each allocation and each free writes comes last, beside what they write in the pool. */
typedef struct pba_accounting {
    uint64_t blocks;      /* of payload */
    uint64_t peak_blocks; /* the most blocks of payload */
    uint64_t resizes;     /* in place, by remapping too */
    uint64_t failures;    /* of allocations, of growing and of reserving */
    int64_t peak_in_use;  /* the most blocks that were in use at once */
    bool statistics;      /* on */
    int64_t below_peak;   /* so many blocks fewer are in use now */
    uint64_t allocations;
    uint64_t frees;
} pba_accounting;

/* The blocks in use. */
BA_ALWAYS_INLINE uint64_t pba_account_in_use(const pba_accounting *accounting) {
    return (uint64_t)(accounting->peak_in_use - accounting->below_peak);
}

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
BA_ALWAYS_INLINE void pba_account_live(pba_accounting *accounting, uint32_t blocks,
                                       bool statistics) {
    accounting->below_peak -= blocks;
    if (statistics && accounting->below_peak < 0) {
        accounting->peak_in_use -= accounting->below_peak;
        accounting->below_peak = 0;
    }
}

/* A span has been handed out, or given back; for callers who know whether statistics are on. */
BA_ALWAYS_INLINE void pba_account_alloc_with(pba_accounting *accounting, uint32_t blocks,
                                             bool statistics) {
    pba_account_live(accounting, blocks, statistics);
    if (statistics) {
        accounting->allocations++;
    }
}
BA_ALWAYS_INLINE void pba_account_free_with(pba_accounting *accounting, uint32_t blocks,
                                            bool statistics) {
    accounting->below_peak += blocks;
    if (statistics) {
        accounting->frees++;
    }
}

/* A span has been handed out. */
BA_ALWAYS_INLINE void pba_account_alloc(pba_accounting *accounting, uint32_t blocks) {
    pba_account_alloc_with(accounting, blocks, accounting->statistics);
}

/* A span has been given back. */
BA_ALWAYS_INLINE void pba_account_free(pba_accounting *accounting, uint32_t blocks) {
    pba_account_free_with(accounting, blocks, accounting->statistics);
}

/* The live spans, with statistics on. */
BA_ALWAYS_INLINE uint64_t pba_account_spans(const pba_accounting *accounting) {
    return accounting->allocations - accounting->frees;
}

/* All spans have been given back at once. */
BA_ALWAYS_INLINE void pba_account_reset(pba_accounting *accounting) {
    accounting->frees = accounting->allocations;
    accounting->below_peak = accounting->peak_in_use;
}

/* A span has become longer or shorter. */
BA_ALWAYS_INLINE void pba_account_resize(pba_accounting *accounting, uint32_t before,
                                         uint32_t after) {
    accounting->below_peak += before;
    pba_account_live(accounting, after, accounting->statistics);
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

BA_HEADER_END

#endif /* PBA_ACCOUNTING_H_ */
