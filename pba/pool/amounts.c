#include "pba/pool/amounts.h"

bool pba_pool_could_hold(const pba_pool *pool, uint64_t blocks) {
    return blocks <= pba_pool_max_blocks(pool) &&
           blocks <= pool->account.limit >> pool->block_shift;
}

pba_payload pba_pool_payload(const pba_pool *pool) {
    return (pba_payload){
        .total = (size_t)(pool->accounting.blocks << pool->block_shift),
        .free = (size_t)((pool->accounting.blocks - pba_count_in_use(&pool->accounting))
                         << pool->block_shift),
    };
}

pba_threshold pba_pool_threshold(const pba_pool *pool) {
    return (pba_threshold){(pba_threshold_kind)pool->shrink_kind, pool->shrink_min,
                           pool->shrink_max};
}
