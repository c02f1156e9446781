/* The periods at whose ends a pool gives back what was not needed. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_POOL_PERIODS_H_
#define PBA_POOL_PERIODS_H_

#include "block_allocator/internal/language.h"
#include "pba/pool.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* Ends a period: gives back what was not needed, as PBA_AUTO_SHRINK_ADAPTIVE says, and begins the
 * next one. */
void pba_pool_end_period(pba_pool *pool, ba_call_site site);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_POOL_PERIODS_H_ */
