/* The list of the chunks that may be empty, or end free. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_POOL_EMPTY_CHUNKS_H_
#define PBA_POOL_EMPTY_CHUNKS_H_

#include <stdbool.h>

#include "block_allocator/internal/language.h"
#include "pba/pool.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* Of a pool that is told the time: since when a chunk is free has not been told yet. */
#define PBA_NOT_TOLD UINT64_MAX

/* True if a chunk is known to be empty: at once where chunks are watched, else when what is cached
 * of it has been coalesced. */
BA_ALWAYS_INLINE bool pba_pool_is_empty_chunk(const pba_pool *pool, const pba_chunk *chunk) {
    return chunk->map.taken == 0 || (pool->watches && chunk->watched == PBA_NO_BLOCK);
}

/* Notes that a chunk has become empty. */
void pba_pool_note_empty(pba_pool *pool, pba_chunk *chunk);

/* Notes that a span was shortened to end where a chunk may be free to its end. */
void pba_pool_note_free_end(pba_pool *pool, pba_chunk *chunk);

/* Forgets that. */
void pba_pool_forget_free_end(pba_pool *pool, pba_chunk *chunk);

/* Takes a chunk off the list. */
void pba_pool_unlist(pba_pool *pool, pba_chunk *chunk);

/* Says that a listed chunk is at another address now. */
void pba_pool_relist(pba_pool *pool, pba_chunk *chunk);

/* The first chunk on a list that is empty, taking those off that are not, nor end free; give
 * it list_next to go on. */
pba_chunk *pba_pool_next_empty(pba_pool *pool, pba_chunk *from);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_POOL_EMPTY_CHUNKS_H_ */
