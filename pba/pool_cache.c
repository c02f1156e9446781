/* Where the span cache of a pool lies: beside the pool in its type, in room of the setup, or in
 * bookkeeping. */
#include "pba/pool_internal.h"

/* A pool and the cache beside it, as pba/define.h lays them out. */
typedef struct pool_and_cache {
    pba_pool core;
    pba_recent cache;
} pool_and_cache;

/* A cache that lies in bookkeeping. */
typedef struct taken_cache {
    pba_recent store;
    ba_memory grant;
} taken_cache;

/* It takes at most this share of what the byte limit leaves. */
#define SHARE_OF_CACHE 32U

static void use(pba_pool *pool, pba_recent *recent) {
    pba_recent_init(recent);
    pool->recent = recent;
    pba_pool_set_short_ways(pool);
}

void pba_pool_place_cache(pba_pool *pool) {
    if (!pool->caches) {
        return;
    }
    if (pool->has_cache_beside) {
        use(pool, &((pool_and_cache *)pool)->cache);
    } else if (pool->room != NULL) {
        use(pool, pool->room);
    }
}

/* True if there may be so much more bookkeeping. Of a buffer a cache takes nothing, for payload
 * could have that. */
static bool may_take(const pba_supply *supply) {
    return !pba_supply_sets_aside(supply) &&
           pba_supply_bookkeeping_grant(supply, sizeof(taken_cache)) <=
               pba_supply_left(supply) / SHARE_OF_CACHE;
}

void pba_pool_take_cache(pba_pool *pool, ba_call_site site) {
    pool->lacks_cache = false;
    if (!may_take(&pool->supply)) {
        return;
    }
    pba_pool_begin_asking(pool);
    const ba_memory grant =
        pba_supply_take_bookkeeping(&pool->supply, ba_bytes(sizeof(taken_cache)), site);
    pba_pool_end_busy(pool);
    if (!ba_memory_is_none(grant)) {
        taken_cache *const taken = (taken_cache *)ba_memory_pointer(grant);
        taken->grant = grant;
        use(pool, &taken->store);
    }
}

void pba_pool_release_cache(pba_pool *pool, ba_call_site site) {
    if (pool->recent == NULL) {
        return;
    }
    pba_recent_release(pool->recent, &pool->supply, site);
    if (!pool->has_cache_beside && pool->room == NULL) {
        const taken_cache *const taken = (const taken_cache *)(const void *)pool->recent;
        const ba_memory grant = taken->grant;
        pool->recent = NULL;
        pba_supply_return_bookkeeping(&pool->supply, grant, site);
    }
}
