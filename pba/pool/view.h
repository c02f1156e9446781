/* The views of pools: which pool is behind one. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_POOL_VIEW_H_
#define PBA_POOL_VIEW_H_

#include "block_allocator/internal/language.h"
#include "pba/pool.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* The pool behind a view, or NULL if the allocator is no view of a pool. */
pba_pool *pba_pool_of_view(ba_block_allocator blocks);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_POOL_VIEW_H_ */
