#define PBA_INTERNAL_

#include "pba/pool/calls.h"

#include "block_allocator/implementing/check.h"
#include "pba/pool/cache_place.h"
#include "pba/pool/race_check.h"

ba_call_site pba_pool_take_site(pba_pool *pool) {
    const ba_call_site site = pool->site;
    pool->site = ba_call_site_none();
    return site;
}

pba_call pba_pool_call(pba_pool *pool, const char *operation) {
    return pba_call_without_memory(operation, pba_pool_take_site(pool));
}

ba_misuse pba_pool_misuse(const pba_pool *pool, const pba_call *call, ba_error_code code) {
    return (ba_misuse){
        .severity = (ba_severity)pool->severity,
        .error = ba_error_of(code),
        .allocator = pool->name,
        .operation = call->operation,
        .memory = call->memory,
        .alignment = call->alignment,
        .site = call->site,
    };
}

ba_error pba_pool_report(const pba_pool *pool, const ba_misuse *misuse) {
    const pba_race_break pause = pba_race_pause(pool);
    const ba_error error = ba_misuse_report(misuse);
    pba_race_resume(pool, pause);
    return error;
}

ba_error pba_pool_reject(const pba_pool *pool, const pba_call *call, ba_error_code code) {
    const ba_misuse misuse = pba_pool_misuse(pool, call, code);
    return pba_pool_report(pool, &misuse);
}

ba_error pba_pool_reject_span(const pba_pool *pool, const pba_call *call, ba_error_code code,
                              pba_span span) {
    ba_misuse misuse = pba_pool_misuse(pool, call, code);
    if (span.chunk != NULL) {
        misuse.expected = ba_bytes((size_t)(span.blocks - pool->guard_blocks) << pool->block_shift);
        misuse.origin = pba_chunk_site(span.chunk, span.first);
    }
    return pba_pool_report(pool, &misuse);
}

/* A pool that was made has a name. One of zeros has no severity of its own. */
static bool is_made(const pba_pool *pool) {
    return pool->name != NULL;
}

static ba_error reject_unmade(const pba_call *call) {
    return ba_misuse_reject("pool", call->operation, BA_NOT_MADE, call->memory, ba_bytes(0),
                            call->alignment, call->site);
}

static ba_error reject_race(const pba_pool *pool, const pba_call *call, ba_call_site other) {
    ba_misuse misuse = pba_pool_misuse(pool, call, BA_RACE);
    misuse.origin = other;
    return pba_pool_report(pool, &misuse);
}

ba_error pba_pool_look(const pba_pool *pool, const pba_call *call) {
    if (!is_made(pool)) {
        return reject_unmade(call);
    }
    ba_call_site other;
    if (pba_race_is_found(pool, &other)) {
        return reject_race(pool, call, other);
    }
    if (pool->self != NULL && pool->self != pool && pool->checks) {
        return pba_pool_reject(pool, call, BA_MOVED);
    }
    return ba_error_of(BA_OK);
}

ba_error pba_pool_enter(pba_pool *pool, const pba_call *call, pba_pinning pinning) {
    const ba_error error = pba_pool_look(pool, call);
    if (ba_failed(error)) {
        return error;
    }
    if (pool->in_callback) {
        return pba_pool_reject(pool, call, BA_IN_USE);
    }
    if (pool->self == NULL) {
        switch (pinning) {
        case PBA_PIN:
            pool->self = pool;
            pba_pool_place_cache(pool);
            break;
        case PBA_DO_NOT_PIN:
            break;
        }
    }
    return ba_error_of(BA_OK);
}

bool pba_pool_may_go_on(pba_pool *pool, const pba_call *call) {
    return !ba_failed(pba_pool_enter(pool, call, PBA_DO_NOT_PIN));
}

bool pba_pool_may_give_back(pba_pool *pool, const pba_call *call) {
    return !ba_failed(pba_pool_look(pool, call)) && !pool->in_callback;
}
