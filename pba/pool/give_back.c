#define PBA_INTERNAL_

#include "pba/pool/give_back.h"

#include "pba/pool/amounts.h"
#include "pba/pool/busy.h"
#include "pba/pool/cache_place.h"
#include "pba/pool/cached_spans.h"
#include "pba/pool/drop_chunk.h"
#include "pba/pool/empty_chunks.h"
#include "pba/pool/sharing.h"

pba_chunk *pba_pool_first_empty(pba_pool *pool) {
    if (!pool->watches) {
        pba_pool_flush_cache(pool);
    }
    return pba_pool_next_empty(pool, pool->empty_candidates);
}

size_t pba_pool_give_chunk_back(pba_pool *pool, pba_chunk *chunk, ba_call_site site) {
    const size_t bytes = pba_chunk_bytes(chunk);
    pba_pool_enter_callback(pool);
    pba_pool_drop_chunk(pool, chunk, site);
    pba_pool_leave_callback(pool);
    return bytes;
}

void pba_pool_release_metadata(pba_pool *pool, ba_call_site site) {
    pba_pool_release_cache(pool, site);
    pba_chunk_set_release(&pool->chunks, &pool->account, site);
    pba_metadata_release(&pool->metadata, &pool->account, site);
}

void pba_pool_release_orphaned_metadata(pba_pool *pool, ba_call_site site) {
    if (pool->chunks.count == 0) {
        pba_pool_enter_callback(pool);
        pba_pool_release_metadata(pool, site);
        pba_pool_leave_callback(pool);
    }
}

/* The bytes of all chunks that are empty. */
static size_t empty_bytes(pba_pool *pool) {
    size_t bytes = 0;
    pba_chunk *chunk = pba_pool_first_empty(pool);
    while (chunk != NULL) {
        bytes += pba_chunk_bytes(chunk);
        chunk = pba_pool_next_empty(pool, chunk->list_next);
    }
    return bytes;
}

/* True if memory that was refused might be there once so many bytes have gone back: of the backing
 * that is not known, of the limits of the pool it is. */
static bool may_help(const pba_pool *pool, ba_error error, uint32_t blocks, size_t gone) {
    if (gone == 0 || error.code == BA_OUT_OF_MEMORY) {
        return gone != 0;
    }
    const size_t left = pba_backing_account_left(&pool->account);
    const uint64_t count =
        pba_pool_max_blocks(pool) - pool->accounting.blocks + (gone >> pool->block_shift);
    const size_t bytes = left < SIZE_MAX - gone ? left + gone : SIZE_MAX;
    return blocks <= count && blocks <= bytes >> pool->block_shift;
}

bool pba_pool_make_room(pba_pool *pool, ba_error error, uint32_t blocks, ba_call_site site) {
    if (!pba_pool_is_shortage(error)) {
        return false;
    }
    const bool any_came = pba_pool_threads_give_back(pool);
    if (!may_help(pool, error, blocks, empty_bytes(pool))) {
        return any_came;
    }
    pba_chunk *chunk = pba_pool_first_empty(pool);
    while (chunk != NULL) {
        pba_chunk *const next = pba_pool_next_empty(pool, chunk->list_next);
        (void)pba_pool_give_chunk_back(pool, chunk, site);
        chunk = next;
    }
    pba_pool_release_orphaned_metadata(pool, site);
    return true;
}

bool pba_pool_stays_free(const pba_pool *pool, const pba_chunk *chunk, size_t bytes) {
    return pba_pool_payload(pool).free - pba_chunk_bytes(chunk) >= bytes;
}

/* True if chunks should go, and one that is as short as any that is empty might. */
static bool any_might_go(const pba_pool *pool, pba_threshold threshold) {
    const pba_payload payload = pba_pool_payload(pool);
    return pba_policy_wants_less(payload, threshold) &&
           pba_policy_may_go(payload, threshold, pool->shortest_free);
}

size_t pba_pool_shrink_to(pba_pool *pool, pba_threshold threshold, ba_call_site site) {
    size_t gone = 0;
    size_t shortest = SIZE_MAX;
    pba_chunk *chunk = pba_pool_first_empty(pool);
    while (chunk != NULL && any_might_go(pool, threshold)) {
        pba_chunk *const next = pba_pool_next_empty(pool, chunk->list_next);
        const size_t bytes = pba_chunk_bytes(chunk);
        if (pba_policy_may_go(pba_pool_payload(pool), threshold, bytes)) {
            gone += pba_pool_give_chunk_back(pool, chunk, site);
        } else {
            shortest = bytes < shortest ? bytes : shortest;
        }
        chunk = next;
    }
    if (chunk == NULL) {
        /* Each was looked at: what stays is known exactly. */
        pool->shortest_free = shortest;
    }
    return gone;
}
