/* When a pool is busy: while its backing is called, the pool may not be. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_POOL_BUSY_H_
#define PBA_POOL_BUSY_H_

#include "block_allocator/internal/language.h"
#include "pba/pool.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* Opens the fast paths, where the pool has a span cache and may be called. */
BA_ALWAYS_INLINE void pba_pool_open_fast_path(pba_pool *pool) {
    pool->fast_path_max_blocks = pool->is_plain && pool->cache != NULL ? PBA_SPAN_CACHE_BLOCKS : 0;
}

/* Around calls to the backing: the pool may not be called meanwhile. */
BA_ALWAYS_INLINE void pba_pool_enter_callback(pba_pool *pool) {
    pool->in_callback = true;
    pool->fast_path_max_blocks = 0;
    pool->visits++;
}
BA_ALWAYS_INLINE void pba_pool_leave_callback(pba_pool *pool) {
    pool->in_callback = false;
    pool->is_asking = false;
    pba_pool_open_fast_path(pool);
}

/* The same around calls that ask the backing for memory, before anything is changed: a span may be
 * freed meanwhile, in its map alone. The way back is asked as well for what has been prepared. */
BA_ALWAYS_INLINE void pba_pool_begin_asking(pba_pool *pool) {
    pba_pool_enter_callback(pool);
    pool->is_asking = true;
}

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_POOL_BUSY_H_ */
