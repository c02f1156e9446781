/* Chunks made longer or shorter: in place, or by moving them. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_POOL_RESIZE_CHUNK_H_
#define PBA_POOL_RESIZE_CHUNK_H_

#include <stdbool.h>
#include <stdint.h>

#include "block_allocator/internal/language.h"
#include "pba/engine/span.h"
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

/* Makes a chunk longer in place by at least more.minimum blocks, towards more.wanted. BA_OK, or why
 * not: nothing has changed. Its record may move: the chunk is then another, and span->chunk with
 * it. */
ba_error pba_pool_grow_chunk(pba_pool *pool, pba_span *span, pba_wanted_blocks more,
                             ba_call_site site);

/* Moves a chunk with one live span, and nothing that is cached, so that it has at least `blocks`.
 * BA_OK, or why not: nothing has changed. */
ba_error pba_pool_remap_chunk(pba_pool *pool, pba_span *span, uint32_t blocks, ba_call_site site);

/* Gives free blocks at the end of a chunk back, in whole requests, and all that the backing takes.
 * False if it took none. */
bool pba_pool_shorten_chunk(pba_pool *pool, pba_chunk *chunk, ba_call_site site);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_POOL_RESIZE_CHUNK_H_ */
