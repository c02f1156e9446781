#define PBA_INTERNAL_

#include "pba/pool/cached_spans.h"

#include "pba/pool/empty_chunks.h"

/* How many spans a full list gives up at once: enough to summarize many changes of a map together,
 * few enough to bound a single free. */
#define FLUSHED_AT_ONCE 1024U

/* An allocation that finds no run summarizes and coalesces so much at once. */
#define GATHERED_NODES 192U
#define GATHERED_SPANS 256U

/* No tag of a cached span is taken for a digit of a length. */
BA_STATIC_ASSERT((PBA_TAG_CACHED | PBA_SPAN_CACHE_BLOCKS) < PBA_TAG_DIGIT, "tags must differ");

void pba_pool_invalidate_cache(pba_pool *pool) {
    if (pool->cache_is_checked && pool->cache != NULL) {
        pba_span_cache_invalidate(pool->cache);
    }
}

void pba_pool_coalesce(pba_pool *pool, pba_span span) {
    pba_chunk_untag(span.chunk, span.first, span.blocks);
    pba_map_release(&span.chunk->map, span.first, span.blocks);
    pba_chunk_set_freed(&pool->chunks, span.chunk);
    if (pool->cache == NULL) {
        pba_chunk_set_summarize(&pool->chunks, UINT32_MAX); /* nothing is left for an allocation */
    }
    /* Where chunks are watched that is known already, and since when. */
    if (!pool->watches && span.chunk->map.taken == 0) {
        pba_pool_note_empty(pool, span.chunk);
    }
}

/* Coalesces the youngest spans of a list, at most so many. */
static void flush_list(pba_pool *pool, uint32_t blocks, size_t most) {
    for (; most > 0 && !pba_span_cache_is_empty(pool->cache, blocks); most--) {
        const pba_span span = pba_pool_pop_entry(pool, blocks);
        if (span.chunk != NULL) {
            pba_pool_coalesce(pool, span);
        }
    }
}

void pba_pool_flush_all(pba_pool *pool) {
    for (uint32_t blocks = 1; pba_pool_has_list(pool, blocks); blocks++) {
        if (!pba_span_cache_is_empty(pool->cache, blocks)) {
            flush_list(pool, blocks, SIZE_MAX);
        }
    }
}

/* Coalesces some cached spans, the longest first. False if there was none. */
static bool flush_some(pba_pool *pool) {
    size_t left = GATHERED_SPANS;
    for (uint32_t blocks = PBA_SPAN_CACHE_BLOCKS; pba_pool_has_list(pool, blocks) && left > 0;
         blocks--) {
        const size_t there = pba_span_cache_count(pool->cache, blocks);
        const size_t now = there < left ? there : left;
        flush_list(pool, blocks, now);
        left -= now;
    }
    return left < GATHERED_SPANS;
}

bool pba_pool_gather(pba_pool *pool) {
    const bool is_more = pool->chunks.changed != NULL || flush_some(pool);
    pba_chunk_set_summarize(&pool->chunks, GATHERED_NODES);
    return is_more;
}

void pba_pool_flush_cache(pba_pool *pool) {
    if (!pool->in_callback) {
        pba_pool_flush_all(pool);
    }
}

void pba_pool_tag_unchecked(pba_pool *pool) {
    pba_span_cache *const cache = pool->cache;
    for (uint32_t blocks = 1; pba_pool_has_list(pool, blocks); blocks++) {
        for (; cache->valid_from[blocks] != cache->top[blocks]; cache->valid_from[blocks]++) {
            const pba_span span =
                pba_pool_span_at(pool, cache->valid_from[blocks]->address, blocks);
            if (span.chunk == NULL) {
                BA_UNREACHABLE(); /* it is valid */
            }
            pba_tag_store(&span.chunk->tags[span.first], pba_tag_of_cached(blocks));
        }
    }
}

uint64_t pba_pool_unchecked_spans(const pba_pool *pool, uint32_t blocks) {
    return pool->cache_is_checked || pool->cache == NULL
               ? 0
               : pba_span_cache_valid_count(pool->cache, blocks);
}

void pba_pool_put_into_cache(pba_pool *pool, pba_span span) {
    if (pba_span_cache_is_full(pool->cache, span.blocks)) {
        pool->cache->was_full[span.blocks] = true;
        flush_list(pool, span.blocks, FLUSHED_AT_ONCE);
    }
    pba_pool_push(pool, span);
}
