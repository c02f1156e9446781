/* Where the span cache of a pool lies: beside the pool in its type, in room of the setup, or in
 * metadata. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_POOL_CACHE_PLACE_H_
#define PBA_POOL_CACHE_PLACE_H_

#include "block_allocator/internal/language.h"
#include "pba/pool.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* Where the span cache has a place of its own, makes it: in a pool that may not be moved any more.
 */
void pba_pool_place_cache(pba_pool *pool);

/* Takes a span cache as metadata, of a pool that has chunks. A refusal is nothing but a pool
 * without one until its next chunk. */
void pba_pool_take_cache(pba_pool *pool, ba_call_site site);

/* Gives back what the span cache has taken, and the cache itself if it is metadata; what is in
 * it is forgotten. Cannot fail. */
void pba_pool_release_cache(pba_pool *pool, ba_call_site site);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_POOL_CACHE_PLACE_H_ */
