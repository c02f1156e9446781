#define PBA_INTERNAL_

#include "pba/pool/chunk_sizes.h"

size_t pba_pool_bytes_from(ba_block_allocator allocator, size_t bytes) {
    const ba_length_result span = ba_block_allocator_span_length(allocator, ba_bytes(bytes));
    return ba_length_result_is_none(span) ? bytes : ba_length_result_length(span).bytes;
}

uint64_t pba_pool_longest_chunk(const pba_pool *pool) {
    const size_t countable = SIZE_MAX >> pool->block_shift;
    return countable < PBA_MAP_MAX_BLOCKS ? countable : PBA_MAP_MAX_BLOCKS;
}

uint32_t pba_pool_blocks_in(const pba_pool *pool, size_t bytes, uint64_t most) {
    const uint64_t blocks = bytes >> pool->block_shift;
    const uint64_t bound = most < PBA_MAP_MAX_BLOCKS ? most : PBA_MAP_MAX_BLOCKS;
    return (uint32_t)(blocks < bound ? blocks : bound);
}

/* What requests are rounded up to: whole blocks of the backing too, for it grants nothing less. */
static size_t request_bytes(const pba_pool *pool) {
    const size_t unit = pba_backing_account_payload_unit(&pool->account);
    const size_t request = (size_t)1 << pool->request_shift;
    return unit > request ? unit : request;
}

uint32_t pba_pool_rounded_blocks(const pba_pool *pool, uint32_t blocks, uint64_t most) {
    const ba_length_result rounded = ba_length_round_up(ba_bytes(pba_pool_bytes_of(pool, blocks)),
                                                        ba_align(request_bytes(pool)));
    return ba_length_result_is_none(rounded)
               ? blocks
               : pba_pool_blocks_in(pool, ba_length_result_length(rounded).bytes, most);
}

uint32_t pba_pool_full_capacity(const pba_pool *pool, uint32_t blocks) {
    const uint32_t mask = PBA_WORD_BITS - 1;
    return pool->keeps_sites ? blocks : (blocks + mask) & ~mask;
}

uint32_t pba_pool_record_capacity(const pba_pool *pool, uint32_t blocks) {
    const uint32_t nominal = pba_pool_blocks_in(pool, request_bytes(pool), PBA_MAP_MAX_BLOCKS);
    return pba_pool_full_capacity(pool, blocks < nominal ? nominal : blocks);
}

size_t pba_pool_record_bytes(const pba_pool *pool, uint32_t capacity) {
    return pba_chunk_record_bytes(capacity, pba_pool_sites(pool));
}

size_t pba_pool_nominal_record_bytes(const pba_pool *pool) {
    return pba_pool_record_bytes(pool, pba_pool_record_capacity(pool, 0));
}

size_t pba_pool_metadata_bytes(const pba_pool *pool, uint32_t capacity) {
    const size_t table = pba_backing_account_metadata_grant(
        &pool->account, pba_chunk_set_growth_bytes(&pool->chunks));
    const size_t record = pba_backing_account_metadata_grant(
        &pool->account,
        pba_metadata_growth_bytes(&pool->metadata, pba_pool_record_bytes(pool, capacity)));
    return table < SIZE_MAX - record ? table + record : SIZE_MAX;
}

uint32_t pba_pool_blocks_within_limit(const pba_pool *pool, uint32_t blocks) {
    const size_t left = pba_backing_account_left(&pool->account);
    const size_t metadata = pba_pool_metadata_bytes(pool, pba_pool_record_capacity(pool, blocks));
    if (left <= metadata) {
        return 0;
    }
    const size_t whole =
        (left - metadata) & ~(pba_backing_account_payload_unit(&pool->account) - 1);
    return pba_pool_blocks_in(pool, whole, blocks);
}

ba_length pba_pool_wanted_bytes(const pba_pool *pool, uint32_t blocks, uint32_t capacity) {
    const uint64_t left = pba_pool_max_blocks(pool) - pool->accounting.blocks;
    const uint32_t asked = pba_pool_rounded_blocks(pool, blocks, left < blocks ? blocks : left);
    const size_t record = pba_chunk_record_bytes(
        pba_pool_record_capacity(pool, capacity < asked ? asked : capacity), pba_pool_sites(pool));
    return ba_bytes(
        pba_pool_bytes_from(pool->account.payload, pba_pool_bytes_of(pool, asked)) +
        pba_pool_bytes_from(pool->account.metadata, pba_chunk_set_growth_bytes(&pool->chunks)) +
        pba_pool_bytes_from(pool->account.metadata,
                            pba_metadata_growth_bytes(&pool->metadata, record)));
}

bool pba_pool_may_take(const pba_pool *pool, uint32_t blocks) {
    return blocks <= pba_pool_max_blocks(pool) - pool->accounting.blocks &&
           pba_pool_bytes_of(pool, blocks) <= pba_backing_account_left(&pool->account);
}

/* Requests grow from so many backing requests on. */
#define GROWN_REQUESTS 4U

uint32_t pba_pool_grown_request(const pba_pool *pool, uint64_t most) {
    const size_t request = request_bytes(pool);
    const size_t bytes = pba_percent_of((size_t)(pool->accounting.blocks << pool->block_shift),
                                        pool->request_growth);
    return bytes / request < GROWN_REQUESTS
               ? 0
               : pba_pool_blocks_in(pool, bytes & ~(request - 1), most);
}
