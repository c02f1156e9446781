/* The fast paths, with options that are known at run time only. */
#define PBA_INTERNAL_

#include "pba/internal/fast_path.h"
#include "pba/pool.h"

static pba_fast_options options_at_run_time(const pba_pool *pool) {
    return (pba_fast_options){
        .block_shift = pool->block_shift,
        .request_shift = pool->chunks.nominal_shift,
        .counts = PBA_ON_IN_DEBUG, /* as the pool says */
        .has_periods = true,
        .cache = PBA_CACHE_ANY,
    };
}

ba_memory pba_pool_alloc_at(pba_pool *pool, ba_length minimum, ba_alignment alignment,
                            ba_call_site site) {
    return pba_fast_alloc(pool, pool->cache, options_at_run_time(pool), minimum, alignment, site);
}

ba_error pba_pool_free_at(pba_pool *pool, ba_memory memory, ba_alignment alignment,
                          ba_call_site site) {
    return pba_fast_free(pool, pool->cache, options_at_run_time(pool), memory, alignment, site);
}
