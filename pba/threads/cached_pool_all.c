/* The calls of a pba_cached_pool that are about the pool as a whole. */
#define PBA_INTERNAL_

#include "pba/cached_pool.h"
#include "pba/engine/span_check.h"
#include "pba/threads/exchange.h"

/* The core, with the lock held and all caches empty. */
static pba_pool *begin(pba_cached_pool *pool, ba_call_site site) {
    pba_exchange_lock(pool);
    (void)pba_exchange_drain_all(pool);
    return pba_pool_at(&pool->core, site);
}

/* Ends a call that gives back: where no chunk is left, the caches go as well, as all metadata does.
 * */
static ba_length end(pba_cached_pool *pool, ba_length gone) {
    if (pool->core.chunks.count == 0) {
        pba_exchange_detach_all(pool);
    }
    pba_exchange_unlock(pool);
    return gone;
}

/* --- keeping and giving back --- */

ba_length pba_cached_pool_shrink_at(pba_cached_pool *pool, pba_threshold threshold,
                                    ba_call_site site) {
    return end(pool, (pba_pool_shrink)(begin(pool, site), threshold));
}

ba_length pba_cached_pool_trim_at(pba_cached_pool *pool, ba_length keep, ba_call_site site) {
    return end(pool, (pba_pool_trim)(begin(pool, site), keep));
}

ba_length pba_cached_pool_reset_at(pba_cached_pool *pool, ba_length keep, ba_call_site site) {
    return end(pool, (pba_pool_reset)(begin(pool, site), keep));
}

ba_length pba_cached_pool_purge_at(pba_cached_pool *pool, ba_call_site site) {
    return end(pool, (pba_pool_purge)(begin(pool, site)));
}

ba_length pba_cached_pool_decay_at(pba_cached_pool *pool, uint64_t now, ba_call_site site) {
    return end(pool, (pba_pool_decay)(begin(pool, site), now));
}

ba_error pba_cached_pool_reserve_at(pba_cached_pool *pool, ba_length free, ba_call_site site) {
    const ba_error error = (pba_pool_reserve)(begin(pool, site), free);
    pba_exchange_unlock(pool);
    return error;
}

/* Waits for threads that were about to empty caches of this pool when these were removed. Acquires
 * what they did to it: they are done with it. */
static void await_leaving(const pba_cached_pool *pool) {
    while (__atomic_load_n(&pool->leaving, __ATOMIC_ACQUIRE) != 0) {
        pba_gate_let_others_run();
    }
}

ba_error pba_cached_pool_release_all_at(pba_cached_pool *pool, pba_in_use in_use,
                                        ba_call_site site) {
    pba_pool *const core = begin(pool, site);
    pba_exchange_detach_all(pool);
    const ba_error error = (pba_pool_release_all)(core, in_use);
    if (core->chunks.count == 0) {
        pool->id = pba_exchange_new_id();
        pool->first = (uint32_t)(pool->id % PBA_THREAD_POOLS);
        pool->refused_at = UINT64_MAX;
        pool->seen_period = 0;
        pool->allocations = 0;
        pool->frees = 0;
        pool->spans_in = 0;
        pool->spans_out = 0;
    }
    pba_exchange_unlock(pool);
    await_leaving(pool);
    return error;
}

/* --- looking --- */

pba_stats pba_cached_pool_stats_at(pba_cached_pool *pool, ba_call_site site) {
    pba_exchange_lock(pool);
    pba_exchange_shut(pool);
    pba_stats stats = (pba_pool_stats)(pba_pool_at(&pool->core, site));
    uint64_t allocations = pool->allocations - pool->spans_in;
    uint64_t frees = pool->frees - pool->spans_out;
    uint64_t blocks = 0;
    for (const pba_thread_cache *cache = pool->caches; cache != NULL; cache = cache->next) {
        allocations += cache->allocations - cache->spans_in;
        frees += cache->frees - cache->spans_out;
        blocks += cache->blocks;
    }
    const size_t bytes = (size_t)(blocks << pool->block_shift);
    stats.in_use.bytes -= bytes;
    stats.free.bytes += bytes;
    if (pool->core.statistics) {
        stats.allocations += allocations;
        stats.frees += frees;
        stats.spans += allocations - frees;
    }
    pba_exchange_unlock(pool);
    return stats;
}

ba_length pba_cached_pool_largest_free_at(pba_cached_pool *pool, ba_call_site site) {
    const ba_length longest = (pba_pool_largest_free)(begin(pool, site));
    pba_exchange_unlock(pool);
    return longest;
}

unsigned pba_cached_pool_fragmentation_at(pba_cached_pool *pool, ba_call_site site) {
    const unsigned percent = (pba_pool_fragmentation)(begin(pool, site));
    pba_exchange_unlock(pool);
    return percent;
}

bool pba_cached_pool_owns(pba_cached_pool *pool, const void *pointer) {
    pba_exchange_lock(pool);
    const bool owns = pba_pool_owns(&pool->core, pointer);
    pba_exchange_unlock(pool);
    return owns;
}

ba_length_result pba_cached_pool_usable_len(pba_cached_pool *pool, const void *pointer) {
    pba_exchange_lock(pool);
    ba_length_result result = pba_pool_usable_len(&pool->core, pointer);
    const pba_span span = pba_span_around(&pool->core.chunks, pointer);
    if (span.chunk != NULL &&
        pba_tag_load(&span.chunk->tags[span.first]) == (uint8_t)PBA_TAG_IN_THREAD) {
        result = ba_length_result_none(ba_error_of(BA_DOUBLE_FREE));
    }
    pba_exchange_unlock(pool);
    return result;
}

void pba_cached_pool_walk_at(pba_cached_pool *pool,
                             void (*show)(void *context, const pba_walk_item *item), void *context,
                             ba_call_site site) {
    (pba_pool_walk)(begin(pool, site), show, context);
    pba_exchange_unlock(pool);
}

/* --- verify --- */

/* True if an entry stands for a span of so many blocks, which its tag says lies in a cache. */
static bool entry_is_right(pba_cached_pool *pool, const pba_span_cache_entry *entry,
                           uint32_t blocks) {
    const pba_span span = pba_span_around(&pool->core.chunks, entry->address);
    return span.chunk != NULL && span.blocks == blocks &&
           pba_chunk_address(span.chunk, span.first) == (const unsigned char *)entry->address &&
           (!pool->checks || (entry->tag == &span.chunk->tags[span.first] &&
                              pba_tag_load(entry->tag) == (uint8_t)PBA_TAG_IN_THREAD));
}

/* True if a known place is that of the chunk that lies there, which may have become longer. */
static bool place_is_right(pba_cached_pool *pool, const pba_place *place) {
    if (place->chunk == NULL) {
        return place->blocks == 0;
    }
    const pba_chunk *const chunk = pba_chunk_set_find(&pool->core.chunks, place->base);
    return chunk == place->chunk && (uintptr_t)chunk->base == place->base &&
           place->blocks <= chunk->map.blocks && place->tags == chunk->tags;
}

static bool cache_is_right(pba_cached_pool *pool, pba_thread_cache *cache) {
    uint64_t sum = 0;
    for (uint32_t blocks = 1; blocks <= PBA_SPAN_CACHE_BLOCKS; blocks++) {
        const pba_span_cache_entry *const list = pba_thread_cache_list(cache, blocks);
        if (cache->count[blocks] > pba_thread_cache_capacity(blocks)) {
            return false;
        }
        for (uint32_t i = 0; i < cache->count[blocks]; i++) {
            if (!entry_is_right(pool, &list[i], blocks)) {
                return false;
            }
        }
        sum += (uint64_t)cache->count[blocks] * blocks;
    }
    for (uint32_t i = 0; i <= PBA_THREAD_CACHE_PLACES; i++) {
        if (!place_is_right(pool, &cache->places[i])) {
            return false;
        }
    }
    return sum == cache->blocks && cache->slot->cache == cache;
}

/* How many spans have the tag of those in caches of threads. */
static uint64_t count_tagged(const pba_pool *core) {
    uint64_t count = 0;
    for (uint32_t slot = 0; slot < core->chunks.used; slot++) {
        const pba_chunk *const chunk = pba_chunk_set_at(&core->chunks, slot);
        for (uint32_t block = 0; chunk != NULL && block < chunk->map.blocks; block++) {
            count += pba_tag_load(&chunk->tags[block]) == (uint8_t)PBA_TAG_IN_THREAD ? 1 : 0;
        }
    }
    return count;
}

/* True if each span with that tag has an entry: there are as many. */
static bool caches_are_right(pba_cached_pool *pool) {
    uint64_t spans = 0;
    for (pba_thread_cache *cache = pool->caches; cache != NULL; cache = cache->next) {
        if (!cache_is_right(pool, cache)) {
            return false;
        }
        for (uint32_t blocks = 1; blocks <= PBA_SPAN_CACHE_BLOCKS; blocks++) {
            spans += cache->count[blocks];
        }
    }
    return !pool->checks || spans == count_tagged(&pool->core);
}

ba_error pba_cached_pool_verify(pba_cached_pool *pool) {
    pba_exchange_lock(pool);
    pba_exchange_shut(pool);
    ba_error error = pba_pool_verify(&pool->core);
    if (!ba_failed(error) && !caches_are_right(pool)) {
        error = ba_error_of(BA_CORRUPT);
    }
    pba_exchange_unlock(pool);
    return error;
}

/* --- fork --- */

void pba_cached_pool_before_fork(pba_cached_pool *pool) {
    pba_exchange_lock(pool);
    pba_exchange_shut(pool);
}

void pba_cached_pool_after_fork_in_parent(pba_cached_pool *pool) {
    pba_exchange_unlock(pool);
}

void pba_cached_pool_after_fork_in_child(pba_cached_pool *pool) {
    pba_exchange_forget_others(pool);
    pba_exchange_unlock(pool);
}
