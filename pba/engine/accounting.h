/* The counts of a pool: of blocks in use, of calls, of the frees that are left of a period. Knows
 * no chunk. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_ENGINE_ACCOUNTING_H_
#define PBA_ENGINE_ACCOUNTING_H_

#include <stdbool.h>
#include <stdint.h>

#include "block_allocator/internal/language.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* The counts. `blocks` and what is in use are always kept, for the policy needs them; the rest
 * where `counts` says so.
 *
 * In use are peak_in_use - below_peak blocks: kept so, an allocation sees from the sign of what it
 * has just subtracted that there is a new peak. Where nothing is counted the peak stays 0, and
 * below_peak is minus what is in use.
 *
 * Time passes in periods of so many frees. Those that are left of the present one are counted down,
 * so that a free sees from what it has just subtracted that the period ends.
 *
 * What each allocation and each free writes comes last, beside what they write in the pool. */
typedef struct pba_accounting {
    uint64_t blocks;       /* of payload */
    uint64_t peak_blocks;  /* the most blocks of payload */
    uint64_t resizes;      /* in place, by remapping too */
    uint64_t failures;     /* of allocations, of growing and of reserving */
    int64_t peak_in_use;   /* the most blocks that were in use at once in this period */
    int64_t peak_before;   /* and ever before it */
    uint64_t frees_at_end; /* all frees, once this period has ended */
    bool statistics;       /* on */
    bool counts;           /* statistics are on, or time passes in periods */
    int64_t below_peak;    /* so many blocks fewer than peak_in_use are in use now */
    uint64_t allocations;
    int64_t frees_left; /* until this period ends */
} pba_accounting;

/* A period without an end. */
#define PBA_ACCOUNT_FOR_EVER INT64_MAX

/* Of an accounting of zeros: what is counted, and that a first period of so many frees begins. */
BA_ALWAYS_INLINE void pba_count_begin(pba_accounting *accounting, bool statistics, int64_t period) {
    accounting->statistics = statistics;
    accounting->counts = statistics || period != PBA_ACCOUNT_FOR_EVER;
    accounting->frees_at_end = (uint64_t)period;
    accounting->frees_left = period;
}

/* The blocks in use. */
BA_ALWAYS_INLINE uint64_t pba_count_in_use(const pba_accounting *accounting) {
    return (uint64_t)(accounting->peak_in_use - accounting->below_peak);
}

/* The most blocks that were ever in use at once. */
BA_ALWAYS_INLINE uint64_t pba_count_peak(const pba_accounting *accounting) {
    const bool is_new = accounting->peak_in_use > accounting->peak_before;
    return (uint64_t)(is_new ? accounting->peak_in_use : accounting->peak_before);
}

/* All frees. */
BA_ALWAYS_INLINE uint64_t pba_count_frees(const pba_accounting *accounting) {
    return accounting->frees_at_end - (uint64_t)accounting->frees_left;
}

/* True if the period has ended; the next one is to begin at once. */
BA_ALWAYS_INLINE bool pba_count_is_at_end(const pba_accounting *accounting) {
    return accounting->frees_left == 0;
}

/* A period of so many frees begins. Returns the most blocks that were in use at once in the one
 * before. */
BA_ALWAYS_INLINE uint64_t pba_count_begin_period(pba_accounting *accounting, int64_t frees) {
    const uint64_t peak = (uint64_t)accounting->peak_in_use;
    accounting->peak_before = (int64_t)pba_count_peak(accounting);
    accounting->peak_in_use -= accounting->below_peak;
    accounting->below_peak = 0;
    accounting->frees_at_end += (uint64_t)frees;
    accounting->frees_left += frees;
    return peak;
}

/* A chunk has come: so many more blocks. */
BA_ALWAYS_INLINE void pba_count_chunk_added(pba_accounting *accounting, uint32_t blocks) {
    accounting->blocks += blocks;
    if (accounting->counts && accounting->blocks > accounting->peak_blocks) {
        accounting->peak_blocks = accounting->blocks;
    }
}

/* A chunk has gone. */
BA_ALWAYS_INLINE void pba_count_chunk_removed(pba_accounting *accounting, uint32_t blocks) {
    accounting->blocks -= blocks;
}

/* Blocks have come into use. */
BA_ALWAYS_INLINE void pba_count_live(pba_accounting *accounting, uint32_t blocks, bool counts) {
    accounting->below_peak -= blocks;
    if (counts && accounting->below_peak < 0) {
        accounting->peak_in_use -= accounting->below_peak;
        accounting->below_peak = 0;
    }
}

/* A span has been allocated; for callers who know whether that is counted. */
BA_ALWAYS_INLINE void pba_count_alloc_with(pba_accounting *accounting, uint32_t blocks,
                                           bool counts) {
    pba_count_live(accounting, blocks, counts);
    if (counts) {
        accounting->allocations++;
    }
}

/* The same of one that is given back. */
BA_ALWAYS_INLINE void pba_count_free_with(pba_accounting *accounting, uint32_t blocks,
                                          bool counts) {
    accounting->below_peak += blocks;
    if (counts) {
        accounting->frees_left--;
    }
}

/* The same, but false if that would end the period. Then pba_count_resume() comes next. */
BA_ALWAYS_INLINE bool pba_count_free_within(pba_accounting *accounting, uint32_t blocks,
                                            bool counts) {
    if (counts && !BA_LIKELY(--accounting->frees_left != 0)) {
        return false;
    }
    accounting->below_peak += blocks;
    return true;
}

/* Takes back that a free was counted that would have ended the period; else does nothing. Apart, so
 * that the other takes one instruction to see that. */
BA_ALWAYS_INLINE void pba_count_resume(pba_accounting *accounting) {
    accounting->frees_left += accounting->frees_left == 0 ? 1 : 0;
}

/* A span has been allocated. */
BA_ALWAYS_INLINE void pba_count_alloc(pba_accounting *accounting, uint32_t blocks) {
    pba_count_alloc_with(accounting, blocks, accounting->counts);
}

/* Whether a period may end now. */
typedef enum pba_ending {
    PBA_MAY_END,
    PBA_MUST_NOT_END, /* it becomes longer instead */
} pba_ending;

/* A span has been given back. */
BA_ALWAYS_INLINE void pba_count_free(pba_accounting *accounting, uint32_t blocks,
                                     pba_ending ending) {
    if (accounting->frees_left == 1 && ending == PBA_MUST_NOT_END) {
        accounting->frees_at_end++;
        accounting->frees_left++;
    }
    pba_count_free_with(accounting, blocks, accounting->counts);
}

/* The live spans, where they are counted. */
BA_ALWAYS_INLINE uint64_t pba_count_spans(const pba_accounting *accounting) {
    return accounting->allocations - pba_count_frees(accounting);
}

/* All spans have been given back at once. That takes no time. */
BA_ALWAYS_INLINE void pba_count_reset(pba_accounting *accounting) {
    accounting->frees_at_end += pba_count_spans(accounting);
    accounting->below_peak = accounting->peak_in_use;
}

/* A span has become longer or shorter. */
BA_ALWAYS_INLINE void pba_count_resize(pba_accounting *accounting, uint32_t before,
                                       uint32_t after) {
    accounting->below_peak += before;
    pba_count_live(accounting, after, accounting->counts);
    if (accounting->counts) {
        accounting->resizes++;
    }
}

/* A call for more memory has failed. */
BA_ALWAYS_INLINE void pba_count_failure(pba_accounting *accounting) {
    if (accounting->counts) {
        accounting->failures++;
    }
}

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_ENGINE_ACCOUNTING_H_ */
