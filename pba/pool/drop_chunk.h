/* The end of a chunk: its grant goes back to the backing. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_POOL_DROP_CHUNK_H_
#define PBA_POOL_DROP_CHUNK_H_

#include "block_allocator/internal/language.h"
#include "pba/pool.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* Gives an empty chunk back. Cannot fail. */
void pba_pool_drop_chunk(pba_pool *pool, pba_chunk *chunk, ba_call_site site);

/* Gives all chunks back, whatever is in use. Cannot fail. */
void pba_pool_drop_all_chunks(pba_pool *pool, ba_call_site site);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_POOL_DROP_CHUNK_H_ */
