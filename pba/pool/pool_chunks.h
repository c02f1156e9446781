/* How chunks come, change and go. Between the public face (pool.h) and the set of chunks. */
#ifndef PBA_POOL_POOL_CHUNKS_H_
#define PBA_POOL_POOL_CHUNKS_H_

#include "block_allocator/internal/language.h"
#include "pba/engine/span_check.h"
#include "pba/pool.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* How much of a chunk is wanted, in blocks. */
typedef struct pba_wanted_blocks {
    uint32_t minimum;
    uint32_t wanted;
} pba_wanted_blocks;

/* The bytes of the record of a chunk of one backing request. */
size_t pba_pool_nominal_record_bytes(const pba_pool *pool);

/* Takes a chunk with room for a span of `blocks` from the backing. NULL with the error on failure:
 * nothing has changed. */
pba_chunk *pba_pool_add_chunk(pba_pool *pool, uint32_t blocks, ba_alignment alignment,
                              ba_call_site site, ba_error *error);

/* What the backing must have for that many more blocks, rounded up to its blocks, with all the
 * metadata of a chunk of `capacity` blocks: for the hook, so rather too much than too little. */
ba_length pba_pool_wanted_bytes(const pba_pool *pool, uint32_t blocks, uint32_t capacity);

/* True if the limits of the pool itself leave room for so many more blocks. */
bool pba_pool_may_take(const pba_pool *pool, uint32_t blocks);

/* Takes `blocks` from the backing in a few pieces, where it has no piece that is so long; all of it
 * or nothing. The chunks are empty. */
ba_error pba_pool_add_pieces(pba_pool *pool, uint32_t blocks, ba_call_site site);

/* Makes a chunk longer in place by at least more.minimum blocks, towards more.wanted. BA_OK, or why
 * not: nothing has changed. Its record may move: the chunk is then another, and span->chunk with
 * it. */
ba_error pba_pool_grow_chunk(pba_pool *pool, pba_span *span, pba_wanted_blocks more,
                             ba_call_site site);

/* Moves a chunk with one live span, and nothing that is cached, so that it has at least `blocks`.
 * BA_OK, or why not: nothing has changed. */
ba_error pba_pool_remap_chunk(pba_pool *pool, pba_span *span, uint32_t blocks, ba_call_site site);

/* Gives an empty chunk back. Cannot fail. */
void pba_pool_drop_chunk(pba_pool *pool, pba_chunk *chunk, ba_call_site site);

/* Gives all chunks back, whatever is in use. Cannot fail. */
void pba_pool_drop_all_chunks(pba_pool *pool, ba_call_site site);

/* Of a pool that is told the time: since when a chunk is free has not been told yet. */
#define PBA_NOT_TOLD UINT64_MAX

/* Gives free blocks at the end of a chunk back, in whole requests, and all that the backing takes.
 * False if it took none. */
bool pba_pool_shorten_chunk(pba_pool *pool, pba_chunk *chunk, ba_call_site site);

/* Notes that a span was shortened to end where a chunk may be free to its end. */
void pba_pool_note_free_end(pba_pool *pool, pba_chunk *chunk);

/* Forgets that. */
void pba_pool_forget_free_end(pba_pool *pool, pba_chunk *chunk);

/* Notes that a chunk has become empty. */
void pba_pool_note_empty(pba_pool *pool, pba_chunk *chunk);

/* The first chunk on a list that is empty, taking those off that are not, nor end free; give
 * it list_next to go on. */
pba_chunk *pba_pool_next_empty(pba_pool *pool, pba_chunk *from);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_POOL_POOL_CHUNKS_H_ */
