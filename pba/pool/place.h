/* The places of spans: cached ones first, then the maps of the chunks. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_POOL_PLACE_H_
#define PBA_POOL_PLACE_H_

#include <stdbool.h>
#include <stdint.h>

#include "block_allocator/internal/language.h"
#include "pba/engine/span.h"
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

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_POOL_PLACE_H_ */
