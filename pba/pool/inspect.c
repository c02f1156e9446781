/* Looking into a pool. */
#define PBA_INTERNAL_

#include "block_allocator/error.h"
#include "pba/engine/span_check.h"
#include "pba/engine/walk_order.h"
#include "pba/pool/amounts.h"
#include "pba/pool/cache_check.h"
#include "pba/pool/cached_spans.h"
#include "pba/pool/calls.h"
#include "pba/pool/empty_chunks.h"
#include "pba/pool/functions.h"
#include "pba/pool/race_check.h"

static ba_length length_of(const pba_pool *pool, uint64_t blocks) {
    return ba_bytes((size_t)(blocks << pool->block_shift));
}

/* True if the pool may be looked at. */
static bool may_look(const pba_pool *pool, const char *operation, ba_call_site site) {
    const pba_call call = pba_call_without_memory(operation, site);
    return !ba_failed(pba_pool_look(pool, &call));
}

ba_length pba_pool_largest_free(pba_pool *pool) {
    const ba_call_site site = pba_pool_take_site(pool);
    PBA_MARK_CALL(pool, site);
    if (!may_look(pool, "largest_free", site)) {
        return ba_bytes(0);
    }
    pba_pool_flush_cache(pool);
    const uint32_t longest = pba_chunk_set_longest(&pool->chunks);
    return length_of(pool, longest > pool->guard_blocks ? longest - pool->guard_blocks : 0);
}

unsigned pba_pool_fragmentation(pba_pool *pool) {
    const ba_call_site site = pba_pool_take_site(pool);
    PBA_MARK_CALL(pool, site);
    if (!may_look(pool, "fragmentation", site)) {
        return 0;
    }
    pba_pool_flush_cache(pool);
    const uint64_t free = pool->accounting.blocks - pba_count_in_use(&pool->accounting);
    const uint64_t longest = pba_chunk_set_longest(&pool->chunks);
    return free == 0 ? 0 : (unsigned)((free - longest) * 100 / free);
}

pba_stats pba_pool_stats(pba_pool *pool) {
    const ba_call_site site = pba_pool_take_site(pool);
    PBA_MARK_CALL(pool, site);
    if (!may_look(pool, "stats", site)) {
        return (pba_stats){.chunks = 0};
    }
    const pba_accounting *const accounting = &pool->accounting;
    const uint64_t in_use = pba_count_in_use(accounting);
    const pba_accounting nothing = {.blocks = 0};
    const pba_accounting *const counts = accounting->statistics ? accounting : &nothing;
    return (pba_stats){
        .payload = length_of(pool, accounting->blocks),
        .in_use = length_of(pool, in_use),
        .free = length_of(pool, accounting->blocks - in_use),
        .metadata = ba_bytes(pool->account.metadata_bytes),
        .taken = ba_bytes(pool->account.payload_bytes + pool->account.metadata_bytes),
        .peak_payload = length_of(pool, counts->peak_blocks),
        .peak_in_use = length_of(pool, pba_count_peak(counts)),
        .chunks = pool->chunks.count,
        .spans = pba_count_spans(counts),
        .allocations = counts->allocations,
        .frees = pba_count_frees(counts),
        .resizes = counts->resizes,
        .failures = counts->failures,
        .backing_requests = pool->account.requests,
        .backing_failures = pool->account.failures,
    };
}

bool pba_pool_owns(const pba_pool *pool, const void *pointer) {
    PBA_MARK_CALL(pool, ba_call_site_none());
    return may_look(pool, "owns", ba_call_site_none()) &&
           pba_chunk_set_find_const(&pool->chunks, (uintptr_t)pointer) != NULL;
}

ba_length_result pba_pool_usable_len(const pba_pool *pool, const void *pointer) {
    const pba_call call = pba_call_without_memory("usable_len", ba_call_site_none());
    PBA_MARK_CALL(pool, call.site);
    const ba_error error = pba_pool_look(pool, &call);
    if (ba_failed(error)) {
        return ba_length_result_none(error);
    }
    const pba_chunk *const chunk = pba_chunk_set_find_const(&pool->chunks, (uintptr_t)pointer);
    if (chunk == NULL) {
        return ba_length_result_none(ba_error_of(BA_FOREIGN));
    }
    const pba_span span = pba_span_around(&pool->chunks, pointer);
    if (span.chunk == NULL) {
        return ba_length_result_none(ba_error_of(BA_DOUBLE_FREE));
    }
    if (pba_chunk_address(span.chunk, span.first) != (const unsigned char *)pointer) {
        return ba_length_result_none(ba_error_of(BA_INTERIOR));
    }
    return ba_length_result_of(length_of(pool, span.blocks - pool->guard_blocks));
}

/* --- walk --- */

/* So many chunks that are sought one by one are worth sorting all of them. */
#define SEEKS_WORTH_A_SORT 16U

/* Where a walk is. Its function may change the pool in any way, so it goes by addresses, and looks
 * after each item at what is there now. */
typedef struct walk_place {
    const pba_chunk *chunk; /* which `at` lies in, or the first behind it */
    uintptr_t at;           /* all before was shown */
    uintptr_t end;          /* of the last chunk when the walk began: what comes later and lies
                               behind is not shown, so that the walk ends */
    uint64_t sorted_at;     /* the pool's visits when all chunks were sorted */
    uint64_t seen_at;       /* its visits when the chunk was found */
    uint32_t seeks;
} walk_place;

static uintptr_t end_of(const pba_chunk *chunk) {
    return (uintptr_t)chunk->base + pba_chunk_bytes(chunk);
}

/* The chunk that an address lies in, or the first behind it, or NULL. */
static const pba_chunk *first_from(const pba_pool *pool, uintptr_t address) {
    const pba_chunk *first = NULL;
    for (uint32_t slot = 0; slot < pool->chunks.used; slot++) {
        const pba_chunk *const chunk = pba_chunk_set_at(&pool->chunks, slot);
        if (chunk != NULL && end_of(chunk) > address &&
            (first == NULL || (uintptr_t)chunk->base < (uintptr_t)first->base)) {
            first = chunk;
        }
    }
    return first;
}

static const pba_chunk *sort_from(const pba_pool *pool, walk_place *walk) {
    walk->sorted_at = pool->visits;
    walk->seeks = 0;
    const pba_chunk *chunk = pba_chunk_set_sorted(&pool->chunks);
    while (chunk != NULL && end_of(chunk) <= walk->at) {
        chunk = chunk->walk_next;
    }
    return chunk;
}

/* The chunk to go on in, or NULL at the end. */
static const pba_chunk *chunk_to_show(const pba_pool *pool, walk_place *walk) {
    const bool is_known = walk->seen_at == pool->visits;
    if (is_known && walk->chunk != NULL && end_of(walk->chunk) > walk->at) {
        return walk->chunk;
    }
    if (is_known && walk->chunk != NULL && walk->sorted_at == pool->visits) {
        return walk->chunk->walk_next;
    }
    const pba_chunk *const there = pba_chunk_set_find_const(&pool->chunks, walk->at);
    if (there != NULL) {
        return there;
    }
    return ++walk->seeks < SEEKS_WORTH_A_SORT ? first_from(pool, walk->at) : sort_from(pool, walk);
}

/* Goes on to the next block that something starts at; false at the end. */
static bool go_on(pba_pool *pool, walk_place *walk) {
    pba_pool_flush_cache(pool); /* what the function has freed */
    walk->chunk = chunk_to_show(pool, walk);
    walk->seen_at = pool->visits;
    if (walk->chunk == NULL) {
        return false;
    }
    if ((uintptr_t)walk->chunk->base > walk->at) {
        walk->at = (uintptr_t)walk->chunk->base;
    }
    return walk->at < walk->end;
}

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

/* Passes what is here, and shows it. A span that reaches here from before is one that has changed:
 * it is not shown. */
static void show_next(const pba_pool *pool, walk_place *walk,
                      void (*show)(void *context, const pba_walk_item *item), void *context) {
    const pba_chunk *const chunk = walk->chunk;
    const uint32_t block = pba_chunk_block(chunk, walk->at);
    const bool is_inside = pba_map_state(&chunk->map, block) == PBA_BLOCK_INSIDE;
    const uint32_t first = is_inside ? pba_map_span_start(&chunk->map, block) : block;
    uint32_t blocks;
    const pba_walk_item item = item_at(chunk, first, &blocks);
    walk->at = (uintptr_t)pba_chunk_address(chunk, first + blocks);
    if (!is_inside) {
        const pba_race_break pause = pba_race_pause(pool);
        show(context, &item);
        pba_race_resume(pool, pause);
    }
}

void pba_pool_walk(pba_pool *pool, void (*show)(void *context, const pba_walk_item *item),
                   void *context) {
    const pba_call call = pba_call_without_memory("walk", pba_pool_take_site(pool));
    PBA_MARK_CALL(pool, call.site);
    if (ba_failed(pba_pool_enter(pool, &call, PBA_DO_NOT_PIN))) {
        return;
    }
    walk_place walk = {.at = 0};
    walk.chunk = sort_from(pool, &walk);
    walk.seen_at = pool->visits;
    for (const pba_chunk *chunk = walk.chunk; chunk != NULL; chunk = chunk->walk_next) {
        walk.end = end_of(chunk);
    }
    while (go_on(pool, &walk)) {
        show_next(pool, &walk, show, context);
    }
}

/* --- verify --- */

/* True if the guard of a live span is as it was set, or the fill of a cached one is. */
static bool span_is_whole(const pba_pool *pool, const pba_chunk *chunk, uint32_t first,
                          uint32_t blocks) {
    const size_t block_size = (size_t)1 << chunk->block_shift;
    if (pba_chunk_is_cached(chunk, first)) {
        return pba_payload_is_filled(pool->hardening, pba_chunk_address(chunk, first),
                                     blocks * block_size);
    }
    return !pool->hardening.guard ||
           pba_payload_guard_is_whole(pba_chunk_address(chunk, first + blocks - 1), block_size);
}

static bool payload_is_whole(const pba_pool *pool, const pba_chunk *chunk) {
    uint32_t blocks = 1;
    for (uint32_t block = 0; block < chunk->map.blocks; block += blocks) {
        unsigned char *const address = pba_chunk_address(chunk, block);
        switch (pba_map_state(&chunk->map, block)) {
        case PBA_BLOCK_FREE:
            blocks = 1;
            if (!pba_payload_is_filled(pool->hardening, address, (size_t)1 << chunk->block_shift)) {
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
           (!pba_pool_is_empty_chunk(pool, chunk) ||
            (chunk->listed && pba_chunk_bytes(chunk) >= pool->shortest_free)) &&
           pba_map_is_valid(&chunk->map);
}

/* True if the grants of all chunks are what the backing account says; while the backing is asked,
 * it may have given one that is not a chunk's yet. */
static bool payload_is_counted(const pba_pool *pool, size_t bytes) {
    return pool->is_asking ? bytes <= pool->account.payload_bytes
                           : bytes == pool->account.payload_bytes;
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
    for (const pba_chunk *chunk = pool->empty_candidates; chunk != NULL; chunk = chunk->list_next) {
        if (!chunk->listed || chunk->list_previous != previous || listed == 0) {
            return false;
        }
        previous = chunk;
        listed--;
    }
    return listed == 0 && blocks == pool->accounting.blocks && payload_is_counted(pool, payload) &&
           blocks <= pba_pool_max_blocks(pool);
}

ba_error pba_pool_verify(const pba_pool *pool) {
    const pba_call call = pba_call_without_memory("verify", ba_call_site_none());
    PBA_MARK_CALL(pool, call.site);
    const ba_error error = pba_pool_look(pool, &call);
    if (ba_failed(error)) {
        return error;
    }
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
