/* The cached spans of a pool, which are coalesced with their neighbours when that is needed.
 *
 * What is cached is free to the caller, and stays taken in the map until it is coalesced. How the
 * cache and the tags hang together depends on the pool:
 *
 *  - Checked: the tag of a cached span says so. So a second free of it is reliably detected, and an
 *    entry is only a hint: one whose span's tag says something else, because it was coalesced, or
 *    its chunk went back, is stale, and passed over. Whenever a span was coalesced or a chunk went,
 *    the entries that there are become stale; only those are looked at.
 *  - Unchecked: only the entry of a cached span says that it is free. A free touches nothing but
 *    the cache. For pools that take the caller's word and give no chunk back by themselves. Before
 *    a span grows, and the pool has to know what lies behind it, the valid entries are tagged, and
 *    are stale then: so a valid entry has no tag, and a stale one is as above. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_POOL_CACHED_SPANS_H_
#define PBA_POOL_CACHED_SPANS_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "block_allocator/internal/language.h"
#include "pba/engine/span.h"
#include "pba/pool.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* True if there is a cache with a list for spans of so many blocks. */
BA_ALWAYS_INLINE bool pba_pool_has_list(const pba_pool *pool, uint32_t blocks) {
    return pool->cache != NULL && pba_span_cache_keeps(blocks);
}

/* Says that spans are cached no longer although there are entries of them, or that tags have moved:
 * entries are stale from now on. Valid ones of an unchecked cache stay so: nothing but taking
 * them off coalesces their spans, and their tags are not needed. */
void pba_pool_invalidate_cache(pba_pool *pool);

/* The spans of so many blocks that are cached, and their tags do not say so. */
uint64_t pba_pool_unchecked_spans(const pba_pool *pool, uint32_t blocks);

/* The span in a chunk that an entry is about; chunk is NULL if it lies in none any more. */
BA_ALWAYS_INLINE pba_span pba_pool_span_at(pba_pool *pool, const void *address, uint32_t blocks) {
    pba_chunk *const chunk = pba_chunk_set_find(&pool->chunks, (uintptr_t)address);
    return (pba_span){chunk, chunk != NULL ? pba_chunk_block(chunk, (uintptr_t)address) : 0,
                      blocks};
}

/* Takes the youngest entry off a list that is not empty. The span that it stands for, or chunk is
 * NULL if it is stale. */
BA_ALWAYS_INLINE pba_span pba_pool_pop_entry(pba_pool *pool, uint32_t blocks) {
    const bool is_marked = pool->cache_is_checked || pba_span_cache_is_stale(pool->cache, blocks);
    pba_span span = pba_pool_span_at(pool, pba_span_cache_pop(pool->cache, blocks), blocks);
    if (is_marked && span.chunk != NULL &&
        pba_tag_load(&span.chunk->tags[span.first]) != pba_tag_of_cached(blocks)) {
        span.chunk = NULL;
    }
    return span;
}

/* Takes the youngest span off a list that is not stale; chunk is NULL if there is none. */
BA_ALWAYS_INLINE pba_span pba_pool_pop(pba_pool *pool, uint32_t blocks) {
    pba_span span = {NULL, 0, 0};
    while (span.chunk == NULL && !pba_span_cache_is_empty(pool->cache, blocks)) {
        span = pba_pool_pop_entry(pool, blocks);
    }
    return span;
}

/* Puts a span, cached from now on, onto its list. */
BA_ALWAYS_INLINE void pba_pool_push(pba_pool *pool, pba_span span) {
    uint8_t *const tag = &span.chunk->tags[span.first];
    pba_tag_store(tag, pool->cache_is_checked ? pba_tag_of_cached(span.blocks)
                                              : pba_tag_of(span.blocks));
    pba_span_cache_push(pool->cache, span.blocks, pba_chunk_address(span.chunk, span.first), tag);
}

/* Puts a span into the cache, which has a list for its length. A full list gives up its youngest
 * spans first. */
void pba_pool_put_into_cache(pba_pool *pool, pba_span span);

/* Makes a span free blocks. */
void pba_pool_coalesce(pba_pool *pool, pba_span span);

/* Coalesces all cached spans. */
void pba_pool_flush_all(pba_pool *pool);

/* Coalesces all cached spans with their neighbours; a busy pool is left as it is. */
void pba_pool_flush_cache(pba_pool *pool);

/* Makes some more of what is free known as runs. False if there is nothing more. */
bool pba_pool_gather(pba_pool *pool);

/* Marks what is valid on each list of an unchecked cache; it is stale then. */
void pba_pool_tag_unchecked(pba_pool *pool);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_POOL_CACHED_SPANS_H_ */
