/* The amounts that decide what a pool takes or gives back. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_POOL_AMOUNTS_H_
#define PBA_POOL_AMOUNTS_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "block_allocator/internal/language.h"
#include "pba/engine/accounting.h"
#include "pba/engine/policy.h"
#include "pba/pool.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* The bytes of so many blocks. */
BA_ALWAYS_INLINE size_t pba_pool_bytes_of(const pba_pool *pool, uint32_t blocks) {
    return (size_t)blocks << pool->block_shift;
}

/* The most blocks that the index type counts. */
BA_ALWAYS_INLINE uint64_t pba_pool_max_blocks(const pba_pool *pool) {
    return PBA_INDEX_MAX(pool->index);
}

/* True if the pool could hold so many blocks if nothing else were in it. */
BA_ALWAYS_INLINE bool pba_pool_could_hold(const pba_pool *pool, uint64_t blocks) {
    return blocks <= pba_pool_max_blocks(pool) &&
           blocks <= pool->account.limit >> pool->block_shift;
}

/* True if memory was refused for want of it, or by a limit: less might be given. */
BA_ALWAYS_INLINE bool pba_pool_is_shortage(ba_error error) {
    return error.code == BA_OUT_OF_MEMORY || error.code == BA_LIMIT;
}

/* The payload, as the policy sees it. */
BA_ALWAYS_INLINE pba_payload pba_pool_payload(const pba_pool *pool) {
    pba_payload payload;
    payload.total = (size_t)(pool->accounting.blocks << pool->block_shift);
    payload.free = (size_t)((pool->accounting.blocks - pba_count_in_use(&pool->accounting))
                            << pool->block_shift);
    return payload;
}

/* The pool's own threshold. */
BA_ALWAYS_INLINE pba_threshold pba_pool_threshold(const pba_pool *pool) {
    pba_threshold threshold;
    threshold.kind = (pba_threshold_kind)pool->shrink_kind;
    threshold.min = pool->shrink_min;
    threshold.max = pool->shrink_max;
    return threshold;
}

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_POOL_AMOUNTS_H_ */
