#include "pba/pool_place.h"

#include "pba/pool_chunks.h"
#include "pba/pool_internal.h"

/* How many spans a full list gives up at once: enough to sum up many changes of a map together, few
 * enough to bound a single free. */
#define SETTLED_AT_ONCE 1024U

/* --- the store --- */

/* The parked span that an entry is about; chunk is NULL if it is about none any more. */
static pba_span parked_span(pba_pool *pool, const void *address, uint32_t blocks) {
    const pba_span none = {NULL, 0, 0};
    pba_chunk *const chunk = pba_chunk_set_look_up(&pool->chunks, (uintptr_t)address);
    if (chunk == NULL) {
        return none;
    }
    const pba_span span = {chunk, pba_chunk_block(chunk, (uintptr_t)address), blocks};
    return pba_map_is_parked(&chunk->map, span.first, blocks) ? span : none;
}

/* The span that an entry of a trusted store is about. */
static pba_span trusted_span(pba_pool *pool, const void *address, uint32_t blocks) {
    pba_chunk *const chunk = pba_chunk_set_look_up(&pool->chunks, (uintptr_t)address);
    return (pba_span){chunk, pba_chunk_block(chunk, (uintptr_t)address), blocks};
}

/* Takes the youngest span off a list that still stands for one, and makes it live; chunk is NULL if
 * there is none. */
static pba_span pop(pba_pool *pool, pba_recent_list *list, uint32_t blocks) {
    while (!pba_recent_is_empty(list)) {
        void *const address = pba_recent_youngest(list);
        pba_recent_pop_any(list);
        if (!pool->marks_store) {
            return trusted_span(pool, address, blocks);
        }
        const pba_span span = parked_span(pool, address, blocks);
        if (span.chunk != NULL) {
            pba_map_unpark(&span.chunk->map, span.first, blocks);
            return span;
        }
    }
    return (pba_span){NULL, 0, 0};
}

static void push(pba_pool *pool, pba_recent_list *list, pba_span span) {
    if (pool->marks_store) {
        pba_map_park(&span.chunk->map, span.first, span.blocks);
    }
    pba_recent_push(list, pba_chunk_address(span.chunk, span.first));
}

static void settle_parked(pba_pool *pool, const void *address, uint32_t blocks) {
    const pba_span span = parked_span(pool, address, blocks);
    if (span.chunk != NULL) {
        pba_map_settle(&span.chunk->map, span.first, blocks);
        pba_chunk_set_update(&pool->chunks, span.chunk);
    }
}

static void settle_trusted(pba_pool *pool, const void *address, uint32_t blocks) {
    const pba_span span = trusted_span(pool, address, blocks);
    pba_map_release(&span.chunk->map, span.first, blocks);
    pba_chunk_set_update(&pool->chunks, span.chunk);
    if (pba_chunk_is_wholly_free(span.chunk)) {
        pba_pool_note_wholly_free(pool, span.chunk);
    }
}

/* Merges the youngest spans of a list with their neighbours, at most so many. */
static void settle(pba_pool *pool, pba_recent_list *list, uint32_t blocks, size_t most) {
    for (; most > 0 && !pba_recent_is_empty(list); most--) {
        void *const address = pba_recent_youngest(list);
        pba_recent_pop_any(list);
        if (pool->marks_store) {
            settle_parked(pool, address, blocks);
        } else {
            settle_trusted(pool, address, blocks);
        }
    }
}

static void settle_all(pba_pool *pool) {
    for (uint32_t blocks = 1; blocks <= PBA_RECENT_BLOCKS; blocks++) {
        settle(pool, &pool->recent.lists[blocks - 1], blocks, SIZE_MAX);
    }
}

void pba_pool_settle(pba_pool *pool) {
    if (!pool->is_busy) {
        settle_all(pool);
    }
}

bool pba_pool_is_in_trusted_store(const pba_pool *pool, const void *address, uint32_t blocks) {
    return !pool->marks_store && blocks <= PBA_RECENT_BLOCKS &&
           pba_recent_holds(&pool->recent.lists[blocks - 1], address);
}

uint64_t pba_pool_trusted_blocks(const pba_pool *pool) {
    uint64_t sum = 0;
    for (uint32_t blocks = 1; !pool->marks_store && blocks <= PBA_RECENT_BLOCKS; blocks++) {
        sum += pba_recent_count(&pool->recent.lists[blocks - 1]) * blocks;
    }
    return sum;
}

uint64_t pba_pool_trusted_spans(const pba_pool *pool) {
    uint64_t sum = 0;
    for (uint32_t blocks = 1; !pool->marks_store && blocks <= PBA_RECENT_BLOCKS; blocks++) {
        sum += pba_recent_count(&pool->recent.lists[blocks - 1]);
    }
    return sum;
}

pba_chunk *pba_pool_first_wholly_free(pba_pool *pool) {
    if (!pool->marks_store) {
        pba_pool_settle(pool);
    }
    return pba_pool_wholly_free(pool, pool->maybe_free);
}

/* Puts a live span into the store, which has a list for its length. */
static void put_into_store(pba_pool *pool, pba_span span) {
    pba_recent_list *const list = &pool->recent.lists[span.blocks - 1];
    if (pba_recent_is_full(list)) {
        pool->recent.was_full[span.blocks - 1] = true;
        settle(pool, list, span.blocks, SETTLED_AT_ONCE);
    }
    push(pool, list, span);
}

void pba_pool_put_away(pba_pool *pool, pba_span span) {
    pba_payload_freed(pool->care, pba_chunk_address(span.chunk, span.first),
                      (size_t)span.blocks << pool->block_shift);
    if (span.blocks <= PBA_RECENT_BLOCKS) {
        put_into_store(pool, span);
    } else {
        pba_map_release(&span.chunk->map, span.first, span.blocks);
        pba_chunk_set_update(&pool->chunks, span.chunk);
    }
}

/* --- the maps --- */

/* Stores what else of this length lies in the word that a span was just cut from, for the
 * allocations to come. */
static void carve(pba_pool *pool, pba_span span) {
    pba_recent_list *const list = pba_recent_list_for(&pool->recent, span.blocks);
    if (list == NULL) {
        return;
    }
    uint32_t starts[PBA_WORD_BITS];
    const size_t room = (size_t)(list->end - list->top);
    const uint32_t carved =
        pba_map_carve(&span.chunk->map, span.first / PBA_WORD_BITS, span.blocks,
                      room < PBA_WORD_BITS ? (uint32_t)room : PBA_WORD_BITS, starts);
    for (uint32_t i = 0; i < carved; i++) {
        push(pool, list, (pba_span){span.chunk, starts[i], span.blocks});
    }
}

static pba_span cut_span(pba_pool *pool, pba_chunk *chunk, uint32_t first, uint32_t blocks) {
    const pba_span span = {chunk, first, blocks};
    pba_map_take(&chunk->map, first, blocks);
    carve(pool, span);
    pba_chunk_set_update(&pool->chunks, chunk);
    return span;
}

pba_span pba_pool_place_first(pba_pool *pool, pba_chunk *chunk, uint32_t blocks) {
    return cut_span(pool, chunk, 0, blocks);
}

/* For alignments above the block size. Looks into each chunk that has a run of that length. */
static pba_span place_aligned(pba_pool *pool, uint32_t blocks, ba_alignment alignment) {
    const pba_span none = {NULL, 0, 0};
    const size_t multiple = alignment.bytes >> pool->block_shift;
    if (multiple > PBA_MAP_MAX_BLOCKS) {
        return none;
    }
    settle_all(pool);
    uint32_t slot = 0;
    pba_chunk *chunk;
    while ((chunk = pba_chunk_set_find(&pool->chunks, blocks, slot)) != NULL) {
        const uint32_t offset = (uint32_t)((uintptr_t)chunk->base >> pool->block_shift);
        const uint32_t first =
            pba_map_find_aligned(&chunk->map, blocks, (uint32_t)multiple, offset);
        if (first != PBA_NO_BLOCK) {
            return cut_span(pool, chunk, first, blocks);
        }
        slot = chunk->slot + 1;
    }
    return none;
}

/* Cuts a span off the shortest longer one in the store, so that one length that has run out does
 * not cost all others their spans; chunk is NULL if there is none. */
static pba_span split_longer(pba_pool *pool, uint32_t blocks) {
    for (uint32_t longer = blocks + 1; longer <= PBA_RECENT_BLOCKS; longer++) {
        const pba_span span = pop(pool, &pool->recent.lists[longer - 1], longer);
        if (span.chunk != NULL) {
            pba_map_split(&span.chunk->map, span.first, blocks);
            put_into_store(pool, (pba_span){span.chunk, span.first + blocks, longer - blocks});
            return (pba_span){span.chunk, span.first, blocks};
        }
    }
    return (pba_span){NULL, 0, 0};
}

pba_span pba_pool_place(pba_pool *pool, uint32_t blocks, ba_alignment alignment) {
    if (alignment.bytes > (size_t)1 << pool->block_shift) {
        return place_aligned(pool, blocks, alignment);
    }
    pba_recent_list *const list = pba_recent_list_for(&pool->recent, blocks);
    if (list != NULL) {
        const pba_span span = pop(pool, list, blocks);
        if (span.chunk != NULL) {
            return span;
        }
    }
    pba_chunk *chunk = pba_chunk_set_find(&pool->chunks, blocks, 0);
    if (chunk == NULL) {
        const pba_span span = split_longer(pool, blocks);
        if (span.chunk != NULL) {
            return span;
        }
        settle_all(pool);
        chunk = pba_chunk_set_find(&pool->chunks, blocks, 0);
    }
    return chunk == NULL ? (pba_span){NULL, 0, 0}
                         : cut_span(pool, chunk, pba_map_find(&chunk->map, blocks), blocks);
}

/* Merges the spans that are parked at a block and behind it. */
static uint32_t run_over_parked(pba_pool *pool, pba_chunk *chunk, uint32_t block, uint32_t limit) {
    uint32_t run = pba_map_free_run(&chunk->map, block, limit);
    while (run < limit && block + run < chunk->map.blocks &&
           pba_map_state(&chunk->map, block + run) == PBA_BLOCK_PARKED_START) {
        const uint32_t parked = pba_map_span_blocks(&chunk->map, block + run);
        pba_map_settle(&chunk->map, block + run, parked);
        pba_recent_doubt(&pool->recent);
        pba_chunk_set_update(&pool->chunks, chunk);
        run = pba_map_free_run(&chunk->map, block, limit);
    }
    return run;
}

uint32_t pba_pool_free_run(pba_pool *pool, pba_chunk *chunk, uint32_t block, uint32_t limit) {
    if (pool->marks_store) {
        return run_over_parked(pool, chunk, block, limit);
    }
    const uint32_t run = pba_map_free_run(&chunk->map, block, limit);
    if (run == limit || block + run == chunk->map.blocks) {
        return run;
    }
    /* What lies there may be in the store, and only the store knows. */
    settle_all(pool);
    return pba_map_free_run(&chunk->map, block, limit);
}
