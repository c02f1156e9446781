/* New chunks from the backing: everything that one needs is taken first, then used. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_POOL_NEW_CHUNKS_H_
#define PBA_POOL_NEW_CHUNKS_H_

#include <stdint.h>

#include "block_allocator/internal/language.h"
#include "pba/pool.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* Takes a chunk with room for a span of `blocks` from the backing. NULL with the error on failure:
 * nothing has changed. */
pba_chunk *pba_pool_add_chunk(pba_pool *pool, uint32_t blocks, ba_alignment alignment,
                              ba_call_site site, ba_error *error);

/* Takes `blocks` from the backing in a few pieces, where it has no piece that is so long; all of it
 * or nothing. The chunks are empty. */
ba_error pba_pool_add_pieces(pba_pool *pool, uint32_t blocks, ba_call_site site);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_POOL_NEW_CHUNKS_H_ */
