#define PBA_INTERNAL_

#include "pba/pool/periods.h"

#include "pba/pool/amounts.h"
#include "pba/pool/busy.h"
#include "pba/pool/calls.h"
#include "pba/pool/empty_chunks.h"
#include "pba/pool/give_back.h"
#include "pba/pool/resize_chunk.h"

/* True if a chunk that is empty goes at the end of a period in which, and in the one before,
 * so many blocks were needed at most. */
static bool is_not_needed(const pba_pool *pool, const pba_chunk *chunk, uint64_t needed) {
    return chunk->free_since < pool->now ||
           (chunk->map.blocks > 2 * needed && pba_chunk_bytes(chunk) > (size_t)1
                                                                           << pool->request_shift);
}

/* Gives the ends of chunks back that a shortened span has left, and that have been free since. */
static bool shorten_chunks(pba_pool *pool, const pba_call *call) {
    bool any_went = false;
    pba_chunk *chunk = pool->free_ends != 0 ? pool->empty_candidates : NULL;
    for (; chunk != NULL; chunk = chunk->list_next) {
        if (!chunk->ends_free || chunk->free_since == pool->now) {
            continue;
        }
        pba_pool_forget_free_end(pool, chunk);
        if (!pba_pool_is_empty_chunk(pool, chunk) && pool->reserved == 0) {
            pba_pool_enter_callback(pool);
            if (pba_pool_shorten_chunk(pool, chunk, call->site)) {
                any_went = true;
            }
            pba_pool_leave_callback(pool);
        }
    }
    return any_went;
}

/* False if a flush of the cache would show no chunk that may go. Where chunks are watched there is
 * none to flush. Else there is one chunk, which a flush shows to be empty now, but not for long: it
 * goes only if it is longer than a request. */
static bool is_worth_a_flush(const pba_pool *pool) {
    return pool->watches || (pba_count_in_use(&pool->accounting) == 0 &&
                             pba_pool_payload(pool).total > (size_t)1 << pool->request_shift);
}

/* Gives back what was not needed. Goes over no more chunks than go, and than became empty in
 * this period. */
static bool give_back_not_needed(pba_pool *pool, uint64_t needed, const pba_call *call) {
    bool any_went = shorten_chunks(pool, call);
    if (!pool->watches && pool->accounting.blocks <= 2 * needed) {
        return any_went; /* the only chunk, and needed */
    }
    pba_chunk *chunk = is_worth_a_flush(pool) ? pba_pool_first_empty(pool)
                                              : pba_pool_next_empty(pool, pool->empty_candidates);
    while (chunk != NULL && pba_pool_payload(pool).free - pool->shortest_free >= pool->reserved) {
        pba_chunk *const next = pba_pool_next_empty(pool, chunk->list_next);
        if (is_not_needed(pool, chunk, needed) &&
            pba_pool_stays_free(pool, chunk, pool->reserved)) {
            (void)pba_pool_give_chunk_back(pool, chunk, call->site);
            any_went = true;
        }
        chunk = next;
    }
    return any_went;
}

void pba_pool_end_period(pba_pool *pool, ba_call_site site) {
    const pba_call call = pba_call_without_memory("free", site);
    if (pool->gave_back && pool->took) {
        pool->period = pool->period < PBA_PERIOD_LONGEST ? 2 * pool->period : pool->period;
        pool->gave_back = false;
    }
    const uint64_t peak = pba_count_begin_period(&pool->accounting, pool->period);
    const uint64_t needed = peak > pool->peak_before ? peak : pool->peak_before;
    pool->gave_back = give_back_not_needed(pool, needed, &call) || pool->gave_back;
    pool->took = false;
    pool->peak_before = peak;
    pool->now++;
}
