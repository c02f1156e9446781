/* What pba/pool.h makes macros of, for the files that define it: here they are functions. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_POOL_FUNCTIONS_H_
#define PBA_POOL_FUNCTIONS_H_

#include "pba/pool.h"

#undef pba_pool_shrink
#undef pba_pool_trim
#undef pba_pool_reserve
#undef pba_pool_reset
#undef pba_pool_purge
#undef pba_pool_decay
#undef pba_pool_release_all
#undef pba_pool_stats
#undef pba_pool_largest_free
#undef pba_pool_fragmentation
#undef pba_pool_walk
#undef pba_pool_allocator
#undef pba_pool_block_allocator

#endif /* PBA_POOL_FUNCTIONS_H_ */
