/* Where spans go and come from: the span cache in front of the chunks' maps, and what watches that
 * chunks become empty.
 *
 * What is cached is free to the caller, and stays taken in the map until it is coalesced with its
 * neighbours. How the two hang together depends on the pool:
 *
 *  - Checked: the tag of a cached span says so. So a second free of it is reliably detected, and an
 *    entry is only a hint: one whose span's tag says something else, because it was coalesced, or
 *    its chunk went back, is stale, and passed over. Whenever a span was coalesced or a chunk went,
 *    the entries that there are become stale; only those are looked at.
 *  - Unchecked: only the entry of a cached span says that it is free. A free touches nothing but
 *    the cache. For pools that take the caller's word and give no chunk back by themselves. Before
 *    a span grows, and the pool has to know what lies behind it, the valid entries are tagged, and
 *    are stale then: so a valid entry has no tag, and a stale one is as above.
 *
 * A chunk is empty when no span of it is live, cached or not. Where chunks may go by themselves
 * that is known at once: each chunk with a live span watches one (pba/engine/chunk.h). It is not watched
 * while there is only one chunk and that would stay. So that a chunk which became empty gets a
 * watched span with its next live one, its entries are stale then. Not for users. */
#ifndef PBA_POOL_POOL_PLACE_H_
#define PBA_POOL_POOL_PLACE_H_

#include "block_allocator/internal/language.h"
#include "pba/engine/span_check.h"
#include "pba/pool.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* A span of free blocks, now live, from the chunks that there are; chunk is NULL if none was found
 * in bounded time. Coalesces and summarizes a part of what is free before it gives up; so a run may
 * be missed that is not all known as one yet, and, for alignments above the block size, one that
 * just fits and lies far off. */
pba_span pba_pool_place(pba_pool *pool, uint32_t blocks, ba_alignment alignment);

/* The same, missing nothing, for when the backing has refused. O(all). */
pba_span pba_pool_place_anywhere(pba_pool *pool, uint32_t blocks, ba_alignment alignment);

/* A span at the start of a chunk that is empty, and aligned so. */
pba_span pba_pool_place_first(pba_pool *pool, pba_chunk *chunk, uint32_t blocks,
                              ba_alignment alignment);

/* Makes a live span free: caches it, or coalesces it if it is too long for that, or while the
 * backing is asked: that may be for the cache. True if it was the watched one of its chunk, and
 * that is empty now. */
bool pba_pool_release_span(pba_pool *pool, pba_span span);

/* Free blocks at a block and behind it, up to `limit`; what is cached there is coalesced first. */
uint32_t pba_pool_free_run(pba_pool *pool, pba_chunk *chunk, uint32_t block, uint32_t limit);

/* True if no other span of its chunk is live; what is cached there is coalesced then. */
bool pba_pool_is_alone(pba_pool *pool, pba_span span);

/* The spans of so many blocks that are cached, and their tags do not say so. */
uint64_t pba_pool_unchecked_spans(const pba_pool *pool, uint32_t blocks);

/* Says that spans are cached no longer although there are entries of them, or that tags have moved:
 * entries are stale from now on. Valid ones of an unchecked cache stay so: nothing but taking
 * them off coalesces their spans, and their tags are not needed. */
void pba_pool_invalidate_cache(pba_pool *pool);

/* True if chunks of the pool are to be watched now. */
bool pba_pool_must_watch(const pba_pool *pool);

/* Says that a chunk has come, which is empty, or gone: whether chunks are watched depends on how
 * many there are. */
void pba_pool_chunk_came(pba_pool *pool);
void pba_pool_chunk_went(pba_pool *pool);

/* True if a chunk is known to be empty: at once where chunks are watched, else when what is cached
 * of it has been coalesced. */
BA_ALWAYS_INLINE bool pba_pool_is_empty_chunk(const pba_pool *pool, const pba_chunk *chunk) {
    return chunk->map.taken == 0 || (pool->watches && chunk->watched == PBA_NO_BLOCK);
}

/* The first chunk that is empty, or NULL. */
pba_chunk *pba_pool_first_empty(pba_pool *pool);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_POOL_POOL_PLACE_H_ */
