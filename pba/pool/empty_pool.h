/* What a pool is like that has no memory. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_POOL_EMPTY_POOL_H_
#define PBA_POOL_EMPTY_POOL_H_

#include "block_allocator/internal/language.h"
#include "pba/pool.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* Sets everything that changes while the pool is used to what it is in the beginning. */
void pba_pool_make_empty(pba_pool *pool);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_POOL_EMPTY_POOL_H_ */
