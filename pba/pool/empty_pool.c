#define PBA_INTERNAL_

#include "pba/pool/empty_pool.h"

#include "pba/pool/busy.h"
#include "pba/pool/chunk_sizes.h"

void pba_pool_make_empty(pba_pool *pool) {
    pba_metadata_init(&pool->metadata, pba_pool_nominal_record_bytes(pool));
    pba_chunk_set_init(&pool->chunks, pool->request_shift);
    pool->cache = NULL;
    pool->lacks_cache = false;
    pba_pool_open_fast_path(pool);
    pool->period = PBA_PERIOD_FIRST;
    pool->accounting = (pba_accounting){.blocks = 0};
    pba_count_begin(&pool->accounting, pool->statistics,
                    pool->has_periods ? pool->period : PBA_ACCOUNT_FOR_EVER);
    pool->account.requests = 0;
    pool->account.failures = 0;
    pool->self = NULL;
    pool->empty_candidates = NULL;
    pool->shortest_free = SIZE_MAX;
    pool->lent.grants = 0;
    pool->lent.bytes = 0;
    pool->now = 0;
    pool->chunks_gone = 0;
    pool->free_ends = 0;
    pool->peak_before = 0;
    pool->reserved = 0;
    pool->took = false;
    pool->gave_back = false;
    pool->watches = false;
    pool->look_slot = 0;
    pool->look_word = 0;
}
