/* Where spans go and come from: the store of recently freed spans in front of the chunks' maps.
 *
 * What is in the store is free to the caller, and stays taken in the map until it is settled, that
 * is, merged with its neighbours. How the two hang together depends on the pool:
 *
 * - Marked: a span in the store is parked in its map. So a second free of it is told for certain,
 *   its chunk is known to be wholly free at once, and an entry is only a hint: one whose span is
 * not parked any more, because it was merged, or its chunk went back, is passed over. Whenever a
 * span was merged or a chunk went, the entries that there are become doubtful; only those are
 * looked at.
 * - Trusted: a span in the store is live in its map, and only its entry says that it is free. A
 * free touches nothing but the store. For pools that take the caller's word and give no chunk back
 * by themselves; here each entry holds, for nothing that is in the store is settled in any other
 * way than by settling the store. */
#ifndef PBA_POOL_PLACE_H_
#define PBA_POOL_PLACE_H_

#include "block_allocator/language.h"
#include "pba/pool.h"
#include "pba/span_check.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* A span of free blocks, now live, from the chunks that there are; chunk is NULL if none has such a
 * run. */
pba_span pba_pool_place(pba_pool *pool, uint32_t blocks, ba_alignment alignment);

/* A span at the start of a chunk that is wholly free. */
pba_span pba_pool_place_first(pba_pool *pool, pba_chunk *chunk, uint32_t blocks);

/* Makes a live span free: puts it into the store, or merges it if it is too long for that. */
void pba_pool_put_away(pba_pool *pool, pba_span span);

/* Free blocks at a block and behind it, up to `limit`; what the store holds there is merged first.
 */
uint32_t pba_pool_free_run(pba_pool *pool, pba_chunk *chunk, uint32_t block, uint32_t limit);

/* True if the store says that the live span at an address is free. O(entries). */
bool pba_pool_is_in_trusted_store(const pba_pool *pool, const void *address, uint32_t blocks);

/* The blocks that the store holds and the maps count as live. */
uint64_t pba_pool_trusted_blocks(const pba_pool *pool);

/* The spans that those are. */
uint64_t pba_pool_trusted_spans(const pba_pool *pool);

/* The first chunk that is wholly free, or NULL; what the store holds is seen as free. */
pba_chunk *pba_pool_first_wholly_free(pba_pool *pool);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_POOL_PLACE_H_ */
