/* The watched spans, which say when a chunk becomes empty.
 *
 * A chunk is empty when no span of it is live, cached or not. Where chunks may go by themselves
 * that is known at once: each chunk with a live span watches one (pba/engine/chunk.h). It is not
 * watched while there is only one chunk and that would stay. So that a chunk which became empty
 * gets a watched span with its next live one, its entries are stale then. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_POOL_WATCH_H_
#define PBA_POOL_WATCH_H_

#include <stdbool.h>
#include <stdint.h>

#include "block_allocator/internal/language.h"
#include "pba/engine/span.h"
#include "pba/pool.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* True if chunks of the pool are to be watched now. */
bool pba_pool_must_watch(const pba_pool *pool);

/* Says that a chunk has come, which is empty, or gone: whether chunks are watched depends on how
 * many there are. */
void pba_pool_chunk_came(pba_pool *pool);
void pba_pool_chunk_went(pba_pool *pool);

/* Has a chunk, which watches no span, watch a live one; false if there is none. Then its cached
 * spans have been coalesced if they lay far apart, so that they are not looked through again.
 * `freed`: the block that the watched span began with. */
bool pba_pool_watch_another(pba_pool *pool, pba_chunk *chunk, uint32_t freed);

/* Tags a span as a live one, and watches it if nothing else of its chunk is live. */
BA_ALWAYS_INLINE void pba_pool_make_live(pba_pool *pool, pba_span span) {
    if (pool->watches && span.chunk->watched == PBA_NO_BLOCK) {
        span.chunk->watched = span.first;
    }
    pba_chunk_tag_live(span.chunk, span.first, span.blocks);
}

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_POOL_WATCH_H_ */
