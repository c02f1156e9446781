/* Looking into a pool. */
#include "block_allocator/error.h"
#include "pba/cache_check.h"
#include "pba/pool.h"
#include "pba/pool_chunks.h"
#include "pba/pool_internal.h"
#include "pba/pool_place.h"

static ba_length length_of(const pba_pool *pool, uint64_t blocks) {
    return ba_bytes((size_t)(blocks << pool->block_shift));
}

ba_length pba_pool_largest_free(pba_pool *pool) {
    pba_pool_settle(pool);
    const uint32_t longest = pba_chunk_set_longest(&pool->chunks);
    return length_of(pool, longest > pool->guard_blocks ? longest - pool->guard_blocks : 0);
}

unsigned pba_pool_fragmentation(pba_pool *pool) {
    pba_pool_settle(pool);
    const uint64_t free = pool->accounting.blocks - pba_account_in_use(&pool->accounting);
    const uint64_t longest = pba_chunk_set_longest(&pool->chunks);
    return free == 0 ? 0 : (unsigned)((free - longest) * 100 / free);
}

pba_stats pba_pool_stats(const pba_pool *pool) {
    const pba_accounting *const accounting = &pool->accounting;
    const uint64_t in_use = pba_account_in_use(accounting);
    return (pba_stats){
        .payload = length_of(pool, accounting->blocks),
        .in_use = length_of(pool, in_use),
        .free = length_of(pool, accounting->blocks - in_use),
        .bookkeeping = ba_bytes(pool->supply.bookkeeping_bytes),
        .peak_payload = length_of(pool, accounting->peak_blocks),
        .peak_in_use = length_of(pool, (uint64_t)accounting->peak_in_use),
        .chunks = pool->chunks.count,
        .spans = pba_account_spans(accounting),
        .allocations = accounting->allocations,
        .frees = accounting->frees,
        .resizes = accounting->resizes,
        .failures = accounting->failures,
        .backing_requests = pool->supply.requests,
        .backing_failures = pool->supply.failures,
    };
}

bool pba_pool_owns(const pba_pool *pool, const void *pointer) {
    return pba_chunk_set_peek(&pool->chunks, (uintptr_t)pointer) != NULL;
}

ba_length_result pba_pool_usable_len(const pba_pool *pool, const void *pointer) {
    const pba_chunk *const chunk = pba_chunk_set_peek(&pool->chunks, (uintptr_t)pointer);
    if (chunk == NULL) {
        return ba_length_result_none(ba_error_of(BA_FOREIGN));
    }
    const pba_span span = pba_span_around(&pool->chunks, pointer);
    if (span.chunk == NULL || pba_pool_is_in_trusted_store(
                                  pool, pba_chunk_address(span.chunk, span.first), span.blocks)) {
        return ba_length_result_none(ba_error_of(BA_DOUBLE_FREE));
    }
    if (pba_chunk_address(span.chunk, span.first) != (const unsigned char *)pointer) {
        return ba_length_result_none(ba_error_of(BA_INTERIOR));
    }
    return ba_length_result_of(length_of(pool, span.blocks - pool->guard_blocks));
}

/* --- walk --- */

/* The span or hole that starts at a block. Nothing is cached. */
static pba_walk_item item_at(const pba_chunk *chunk, uint32_t block, uint32_t *blocks) {
    const uint32_t run = pba_map_free_run(&chunk->map, block, chunk->map.blocks);
    *blocks = run != 0 ? run : pba_map_span_blocks(&chunk->map, block);
    return (pba_walk_item){
        .kind = run != 0 ? PBA_WALK_HOLE : PBA_WALK_LIVE,
        .pointer = pba_chunk_address(chunk, block),
        .length = ba_bytes((size_t)*blocks << chunk->block_shift),
        .site = run != 0 ? ba_call_site_none() : pba_chunk_site(chunk, block),
        .starts_chunk = block == 0,
    };
}

void pba_pool_walk(pba_pool *pool, void (*show)(void *context, const pba_walk_item *item),
                   void *context) {
    const pba_call call = pba_call_without_memory("walk", ba_call_site_none());
    if (ba_failed(pba_pool_enter(pool, &call, PBA_DO_NOT_PIN))) {
        return;
    }
    pba_pool_settle(pool);
    pba_pool_begin_busy(pool);
    for (const pba_chunk *chunk = pba_chunk_set_sorted(&pool->chunks); chunk != NULL;
         chunk = chunk->walk_next) {
        uint32_t blocks;
        for (uint32_t block = 0; block < chunk->map.blocks; block += blocks) {
            const pba_walk_item item = item_at(chunk, block, &blocks);
            show(context, &item);
        }
    }
    pba_pool_end_busy(pool);
}

/* --- verify --- */

/* True if the guard of a live span is as it was set, or the fill of a cached one is. */
static bool span_is_whole(const pba_pool *pool, const pba_chunk *chunk, uint32_t first,
                          uint32_t blocks) {
    const size_t block_size = (size_t)1 << chunk->block_shift;
    if (pba_chunk_is_cached(chunk, first)) {
        return pba_payload_is_filled(pool->care, pba_chunk_address(chunk, first),
                                     blocks * block_size);
    }
    return !pool->care.guard ||
           pba_payload_guard_is_whole(pba_chunk_address(chunk, first + blocks - 1), block_size);
}

static bool payload_is_whole(const pba_pool *pool, const pba_chunk *chunk) {
    uint32_t blocks = 1;
    for (uint32_t block = 0; block < chunk->map.blocks; block += blocks) {
        unsigned char *const address = pba_chunk_address(chunk, block);
        switch (pba_map_state(&chunk->map, block)) {
        case PBA_BLOCK_FREE:
            blocks = 1;
            if (!pba_payload_is_filled(pool->care, address, (size_t)1 << chunk->block_shift)) {
                return false;
            }
            break;
        case PBA_BLOCK_START:
            blocks = pba_map_span_blocks(&chunk->map, block);
            if (!span_is_whole(pool, chunk, block, blocks)) {
                return false;
            }
            break;
        case PBA_BLOCK_INSIDE:
            return false;
        }
    }
    return true;
}

/* What must hold of one chunk. */
static bool chunk_is_valid(const pba_pool *pool, const pba_chunk *chunk) {
    return chunk->base == (unsigned char *)ba_memory_pointer(chunk->grant) &&
           chunk->block_shift == pool->block_shift &&
           pba_chunk_bytes(chunk) <= ba_memory_length(chunk->grant).bytes &&
           (chunk->listed || !pba_pool_is_wholly_free(pool, chunk)) &&
           pba_map_is_valid(&chunk->map);
}

/* What must hold of all chunks together. */
static bool sums_are_right(const pba_pool *pool) {
    uint64_t blocks = 0;
    size_t payload = 0;
    uint32_t listed = 0;
    for (uint32_t slot = 0; slot < pool->chunks.used; slot++) {
        const pba_chunk *const chunk = pba_chunk_set_at(&pool->chunks, slot);
        if (chunk != NULL) {
            blocks += chunk->map.blocks;
            payload += ba_memory_length(chunk->grant).bytes;
            listed += chunk->listed ? 1 : 0;
        }
    }
    const pba_chunk *previous = NULL;
    for (const pba_chunk *chunk = pool->maybe_free; chunk != NULL; chunk = chunk->list_next) {
        if (!chunk->listed || chunk->list_previous != previous || listed == 0) {
            return false;
        }
        previous = chunk;
        listed--;
    }
    return listed == 0 && blocks == pool->accounting.blocks &&
           payload == pool->supply.payload_bytes && blocks <= pool->max_blocks;
}

ba_error pba_pool_verify(const pba_pool *pool) {
    if (!pba_chunk_set_is_valid(&pool->chunks) || !sums_are_right(pool)) {
        return ba_error_of(BA_CORRUPT);
    }
    for (uint32_t slot = 0; slot < pool->chunks.used; slot++) {
        const pba_chunk *const chunk = pba_chunk_set_at(&pool->chunks, slot);
        if (chunk != NULL && (!chunk_is_valid(pool, chunk) || !payload_is_whole(pool, chunk))) {
            return ba_error_of(BA_CORRUPT);
        }
    }
    return ba_error_of(pba_cache_is_valid(pool) ? BA_OK : BA_CORRUPT);
}
