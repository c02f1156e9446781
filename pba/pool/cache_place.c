#define PBA_INTERNAL_

#include "pba/pool/cache_place.h"

#include "pba/pool/busy.h"

/* A pool and the cache beside it, as pba/define.h lays them out. */
typedef struct pool_and_cache {
    pba_pool core;
    pba_span_cache cache;
} pool_and_cache;

/* A cache that lies in metadata. */
typedef struct taken_cache {
    pba_span_cache cache;
    ba_memory grant;
} taken_cache;

/* It takes at most this share of what the byte limit leaves. */
#define SHARE_OF_CACHE 32U

static void use(pba_pool *pool, pba_span_cache *cache) {
    pba_span_cache_init(cache);
    pool->cache = cache;
    pba_pool_open_fast_path(pool);
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

/* True if there may be so much more metadata. Of a buffer a cache takes nothing, for payload
 * could have that. */
static bool may_take(const pba_backing_account *account) {
    return !pba_backing_account_sets_aside(account) &&
           pba_backing_account_metadata_grant(account, sizeof(taken_cache)) <=
               pba_backing_account_left(account) / SHARE_OF_CACHE;
}

void pba_pool_take_cache(pba_pool *pool, ba_call_site site) {
    pool->lacks_cache = false;
    if (!may_take(&pool->account)) {
        return;
    }
    pba_pool_begin_asking(pool);
    const ba_memory grant =
        pba_backing_account_take_metadata(&pool->account, ba_bytes(sizeof(taken_cache)), site);
    pba_pool_leave_callback(pool);
    if (!ba_memory_is_none(grant)) {
        taken_cache *const taken = (taken_cache *)ba_memory_pointer(grant);
        taken->grant = grant;
        use(pool, &taken->cache);
    }
}

void pba_pool_release_cache(pba_pool *pool, ba_call_site site) {
    if (pool->cache == NULL) {
        return;
    }
    pba_span_cache_release(pool->cache, &pool->account, site);
    if (!pool->has_cache_beside && pool->room == NULL) {
        const taken_cache *const taken = (const taken_cache *)(const void *)pool->cache;
        const ba_memory grant = taken->grant;
        pool->cache = NULL;
        pba_backing_account_return_metadata(&pool->account, grant, site);
    }
}
