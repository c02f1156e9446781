/* Empty chunks go back to the backing, with all metadata where no chunk is left. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_POOL_GIVE_BACK_H_
#define PBA_POOL_GIVE_BACK_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "block_allocator/internal/language.h"
#include "pba/engine/policy.h"
#include "pba/pool.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* The first chunk that is empty, or NULL. */
pba_chunk *pba_pool_first_empty(pba_pool *pool);

/* Gives an empty chunk back; the pool is busy meanwhile. Returns its bytes. Cannot fail. */
size_t pba_pool_give_chunk_back(pba_pool *pool, pba_chunk *chunk, ba_call_site site);

/* Gives all metadata back, of a pool without chunks. */
void pba_pool_release_metadata(pba_pool *pool, ba_call_site site);

/* Gives all metadata back if no chunk is left that it is of. */
void pba_pool_release_orphaned_metadata(pba_pool *pool, ba_call_site site);

/* True if so many bytes are free without a chunk that is empty. */
bool pba_pool_stays_free(const pba_pool *pool, const pba_chunk *chunk, size_t bytes);

/* Gives all empty chunks back, where memory for so many blocks was refused and may be there
 * then. True if something went, so that it shall be asked for once more. */
bool pba_pool_make_room(pba_pool *pool, ba_error error, uint32_t blocks, ba_call_site site);

/* Gives empty chunks back while the payload is at or above max, and what remains at or above
 * min. Returns bytes. */
size_t pba_pool_shrink_to(pba_pool *pool, pba_threshold threshold, ba_call_site site);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_POOL_GIVE_BACK_H_ */
