/* Making pools from their options. */
#define PBA_INTERNAL_

#include <string.h>

#include "block_allocator/implementing/instrumentation.h"
#include "pba/internal/slow_path.h"
#include "pba/pool.h"
#include "pba/pool/empty_pool.h"
#include "pba/pool/race_check.h"
#include "pba/pool/view.h"

static bool is_on(pba_switch setting, int build_mode) {
    switch (setting) {
    case PBA_OFF:
        return false;
    case PBA_ON:
        return true;
    case PBA_ON_IN_DEBUG:
        break;
    }
    return build_mode == BA_DEBUG;
}

static bool checks_misuse(pba_safety safety, int build_mode) {
    switch (safety) {
    case PBA_SAFETY_NEVER:
        return false;
    case PBA_SAFETY_DEBUG_ONLY:
        return build_mode <= BA_DEBUG;
    case PBA_SAFETY_RELEASE_SAFE_AND_BELOW:
        return build_mode <= BA_RELEASE_SAFE;
    case PBA_SAFETY_RELEASE_SMALL_AND_BELOW:
        return build_mode <= BA_RELEASE_SMALL;
    case PBA_SAFETY_ALWAYS:
        break;
    }
    return true;
}

static void set_up(pba_pool *pool, const pba_setup *setup) {
    if (setup->name != NULL) {
        pool->name = setup->name;
    }
    if (setup->metadata != NULL) {
        pool->account.metadata = ba_allocator_grants(*setup->metadata);
    }
    pool->hook = setup->hook;
    pool->room = setup->span_cache;
}

/* Where a backing counts what it lends, if it is a pool. */
static pba_lent *lender_of(ba_block_allocator backing) {
    pba_pool *const pool = pba_pool_of_view(backing);
    return pool != NULL ? &pool->lent : NULL;
}

/* Keeps what is asked later of options as they are. */
static void keep_options(pba_pool *pool, const pba_options *options) {
    pool->block_shift = (uint8_t)pba_bits_lowest(options->block_size);
    pool->request_shift = (uint8_t)pba_bits_lowest(options->backing_request_size);
    pool->request_growth = (uint8_t)options->request_growth;
    pool->index = (uint8_t)options->index;
    pool->severity = (uint8_t)options->severity;
    pool->backing_failure = (uint8_t)options->backing_failure;
    pool->auto_shrink = (uint8_t)options->auto_shrink;
    pool->shrink_kind = (uint8_t)options->shrink_kind;
    pool->shrink_min = options->shrink_min;
    pool->shrink_max = options->shrink_max;
    pool->decay_age = options->decay_age;
}

/* Works out what follows from options and the build mode. */
static void judge_options(pba_pool *pool, const pba_options *options, int build_mode) {
    pool->statistics = is_on(options->statistics, build_mode);
    pool->checks = checks_misuse(options->safety, build_mode);
    pool->threads =
        PBA_CHECKS_RACES && pool->checks && build_mode == BA_DEBUG ? PBA_FINDS_RACES : 0;
    pool->keeps_sites = is_on(options->call_sites, build_mode);
    pool->hardening = (pba_hardening){
        .wipe = is_on(options->secure_wipe, build_mode),
        .wipe_byte = build_mode == BA_DEBUG ? 0xAA : 0x00,
        .fill = is_on(options->fill, build_mode),
        .guard = is_on(options->guard, build_mode),
    };
    pool->guard_blocks = pool->hardening.guard ? 1 : 0;
    pool->caches = is_on(options->span_cache, build_mode);
    pool->is_plain = !pool->keeps_sites && !pool->hardening.wipe && !pool->hardening.fill &&
                     !pool->hardening.guard && !ba_instrument_is_watched();
    pool->gives_back = options->decay_age != 0 || options->auto_shrink != PBA_AUTO_SHRINK_NEVER;
    pool->cache_is_checked = !pool->is_plain || pool->checks || pool->gives_back;
    pool->has_periods = pba_options_have_periods(options);
    pool->keeps_last_chunk =
        pool->has_periods ||
        (options->decay_age == 0 &&
         (options->auto_shrink == PBA_AUTO_SHRINK_NEVER || options->shrink_min > 0));
}

void pba_pool_init_checked(pba_pool *pool, const pba_options *options, ba_any_allocator backing,
                           const pba_setup *setup, int build_mode) {
    pba_race_forget(pool);
    memset(pool, 0, sizeof *pool);
    keep_options(pool, options);
    judge_options(pool, options, build_mode);
    pool->name = "pool";
    pool->account = (pba_backing_account){
        .payload = backing.grants,
        .metadata = backing.grants,
        .limit = options->byte_limit,
    };
    if (setup != NULL) {
        set_up(pool, setup);
    }
    pool->account.payload_lender = lender_of(pool->account.payload);
    pool->account.metadata_lender = lender_of(pool->account.metadata);
    pba_pool_make_empty(pool);
}

void pba_pool_init_of_type(pba_pool *pool, const pba_options *options, ba_any_allocator backing,
                           const pba_setup *setup, int build_mode, pba_span_cache *beside) {
    pba_pool_init_checked(pool, options, backing, setup, build_mode);
    pool->has_cache_beside = beside != NULL;
    if (beside != NULL) {
        pba_span_cache_init_none(beside);
    }
}

pba_options_error pba_pool_init_in_mode(pba_pool *pool, const pba_options *options,
                                        ba_any_allocator backing, const pba_setup *setup,
                                        int build_mode) {
    const pba_options_error error = pba_options_check(options);
    if (error == PBA_OPTIONS_OK) {
        pba_pool_init_checked(pool, options, backing, setup, build_mode);
    }
    return error;
}
