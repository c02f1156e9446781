/* Giving back what is free: by a threshold, by a floor, by age. */
#define PBA_INTERNAL_

#include "pba/pool/amounts.h"
#include "pba/pool/calls.h"
#include "pba/pool/empty_chunks.h"
#include "pba/pool/functions.h"
#include "pba/pool/give_back.h"
#include "pba/pool/race_check.h"

ba_length pba_pool_shrink(pba_pool *pool, pba_threshold threshold) {
    const pba_call call = pba_pool_call(pool, "shrink");
    PBA_MARK_CALL(pool, call.site);
    if (!pba_pool_may_give_back(pool, &call)) {
        return ba_bytes(0);
    }
    if (pool->checks && !pba_policy_is_threshold(threshold)) {
        (void)pba_pool_reject(pool, &call, BA_OUT_OF_BOUNDS);
        return ba_bytes(0);
    }
    pool->reserved = 0;
    const size_t gone = pba_pool_shrink_to(pool, threshold, call.site);
    pba_pool_release_orphaned_metadata(pool, call.site);
    return ba_bytes(gone);
}

ba_length pba_pool_trim(pba_pool *pool, ba_length keep) {
    const pba_call call = pba_pool_call(pool, "trim");
    PBA_MARK_CALL(pool, call.site);
    size_t gone = 0;
    if (!pba_pool_may_give_back(pool, &call)) {
        return ba_bytes(0);
    }
    pool->reserved = 0;
    pba_chunk *chunk = pba_pool_first_empty(pool);
    while (chunk != NULL) {
        pba_chunk *const next = pba_pool_next_empty(pool, chunk->list_next);
        if (pba_pool_stays_free(pool, chunk, keep.bytes)) {
            gone += pba_pool_give_chunk_back(pool, chunk, call.site);
        }
        chunk = next;
    }
    pba_pool_release_orphaned_metadata(pool, call.site);
    return ba_bytes(gone);
}

/* True if a chunk has been empty for as long as the option says. One that was not seen free
 * before begins to be now: it may have been freed this very moment. */
static bool is_old(const pba_pool *pool, pba_chunk *chunk) {
    if (chunk->free_since == PBA_NOT_TOLD) {
        chunk->free_since = pool->now;
        return false;
    }
    return pool->now - chunk->free_since >= pool->decay_age;
}

ba_length pba_pool_decay(pba_pool *pool, uint64_t now) {
    const pba_call call = pba_pool_call(pool, "decay");
    PBA_MARK_CALL(pool, call.site);
    size_t gone = 0;
    if (!pba_pool_may_give_back(pool, &call)) {
        return ba_bytes(0);
    }
    if (pool->decay_age == 0) {
        return ba_bytes(0);
    }
    pool->now = now > pool->now ? now : pool->now;
    pba_chunk *chunk = pba_pool_next_empty(pool, pool->empty_candidates);
    while (chunk != NULL) {
        pba_chunk *const next = pba_pool_next_empty(pool, chunk->list_next);
        if (is_old(pool, chunk) && pba_pool_stays_free(pool, chunk, pool->reserved) &&
            pba_policy_may_go(pba_pool_payload(pool), pba_pool_threshold(pool),
                              pba_chunk_bytes(chunk))) {
            gone += pba_pool_give_chunk_back(pool, chunk, call.site);
        }
        chunk = next;
    }
    pba_pool_release_orphaned_metadata(pool, call.site);
    return ba_bytes(gone);
}
