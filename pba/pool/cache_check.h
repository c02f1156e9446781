/* The checks of the span cache: what must hold of it, of the tags, of the watched spans. How the
 * three hang together is told in pba/pool/cached_spans.h, pba/pool/watch.h and pba/engine/chunk.h.
 */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_POOL_CACHE_CHECK_H_
#define PBA_POOL_CACHE_CHECK_H_

#include <stdbool.h>

#include "block_allocator/internal/language.h"
#include "pba/pool.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* Checks all of it, and that blocks and spans in use are counted right. The chunks, their maps and
 * their set must be valid. With statistics off it cannot see where live spans side by side border
 * on each other; nor, where a stale entry is there twice, that another one is lost. O(all);
 * changes nothing. */
bool pba_cache_is_valid(const pba_pool *pool);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_POOL_CACHE_CHECK_H_ */
