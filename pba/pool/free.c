/* Freeing: the slow path, which detects misuse. */
#define PBA_INTERNAL_

#include "pba/internal/slow_path.h"
#include "pba/pool/amounts.h"
#include "pba/pool/callers_span.h"
#include "pba/pool/calls.h"
#include "pba/pool/give_back.h"
#include "pba/pool/periods.h"
#include "pba/pool/place.h"
#include "pba/pool/race_check.h"

/* The last step of a free that left its chunk empty: what auto-shrink and decay say about
 * that. */
static void after_free(pba_pool *pool, pba_chunk *chunk, ba_call_site site) {
    if (pool->decay_age != 0 || pool->is_asking) {
        return;
    }
    const pba_threshold threshold = pba_pool_threshold(pool);
    switch ((pba_auto_shrink)pool->auto_shrink) {
    case PBA_AUTO_SHRINK_NEVER:
    case PBA_AUTO_SHRINK_ADAPTIVE:
        return;
    case PBA_AUTO_SHRINK_SIMPLE:
        if (pba_policy_wants_less(pba_pool_payload(pool), threshold) &&
            pba_policy_may_go(pba_pool_payload(pool), threshold, pba_chunk_bytes(chunk))) {
            (void)pba_pool_give_chunk_back(pool, chunk, site);
        }
        return;
    case PBA_AUTO_SHRINK_AGGRESSIVE:
        (void)pba_pool_shrink_to(pool, threshold, site);
        return;
    }
}

/* While the backing is asked for memory nothing is half done, so that spans can be freed: as when
 * the hook of the pool that is asked gives up what is in this one. */
static ba_error enter_free(pba_pool *pool, const pba_call *call) {
    return pool->is_asking ? pba_pool_look(pool, call) : pba_pool_enter(pool, call, PBA_PIN);
}

ba_error pba_pool_free_slow(pba_pool *pool, ba_memory memory, ba_alignment alignment,
                            ba_call_site site) {
    const pba_call call = {"free", memory, alignment, site};
    PBA_MARK_CALL(pool, site);
    pba_count_resume(&pool->accounting);
    ba_error error = enter_free(pool, &call);
    if (ba_failed(error)) {
        return error;
    }
    pba_span span = {NULL, 0, 0};
    error = pba_pool_find_span(pool, &call, &span);
    if (ba_failed(error)) {
        return error;
    }
    if (!pba_pool_guard_is_whole(pool, span)) {
        return pba_pool_reject_span(pool, &call, BA_CORRUPT, span);
    }
    const bool is_empty = pba_pool_release_span(pool, span);
    pba_count_free(&pool->accounting, span.blocks,
                   pool->is_asking ? PBA_MUST_NOT_END : PBA_MAY_END);
    if (is_empty) {
        after_free(pool, span.chunk, site);
    }
    if (pba_count_is_at_end(&pool->accounting)) {
        pba_pool_end_period(pool, site);
    }
    return error;
}
