#define PBA_INTERNAL_

#include "pba/pool/place.h"

#include "pba/pool/cached_spans.h"
#include "pba/pool/watch.h"

/* How much an allocation summarizes before it seeks a run: so much that where frees and allocations
 * take turns nothing is left for later, and the lowest run of all is found. */
#define SUMMARIZED_FIRST 64U

/* An allocation that finds no run gathers more of what is free, and tries again, so many times. It
 * bounds what a single allocation does. */
#define GATHERED_TIMES 4U

/* How far an allocation with an alignment above the block size looks for what just fits: words of
 * maps, and as many more for each chunk as it takes to find one. */
#define LOOKED_THROUGH 512U
#define WORDS_A_CHUNK 8U

bool pba_pool_release_span(pba_pool *pool, pba_span span) {
    pba_chunk *const chunk = span.chunk;
    pba_payload_freed(pool->hardening, pba_chunk_address(chunk, span.first),
                      (size_t)span.blocks << pool->block_shift);
    const bool was_watched = chunk->watched == span.first;
    if (was_watched) {
        chunk->watched = PBA_NO_BLOCK;
    }
    if (pba_pool_has_list(pool, span.blocks) && !pool->is_asking) {
        pba_pool_put_into_cache(pool, span);
    } else {
        pba_pool_coalesce(pool, span);
    }
    return was_watched && pool->watches && !pba_pool_watch_another(pool, chunk, span.first);
}

/* Where spans may start in a chunk. */
static pba_map_alignment alignment_in(const pba_chunk *chunk, uint32_t multiple) {
    return (pba_map_alignment){multiple, (uint32_t)((uintptr_t)chunk->base >> chunk->block_shift)};
}

/* Says that a span's pages are discarded no longer. */
static void undiscard(const pba_pool *pool, pba_span span) {
    pba_chunk_undiscard(span.chunk, span.first, span.blocks,
                        pba_backing_account_page(&pool->account));
}

/* Caches what else of this length and alignment lies in the word that a span was just cut from, for
 * the allocations to come. Not of long spans: as none of these would cross the word's end, too much
 * would be left between them. */
static void refill(pba_pool *pool, pba_span span, uint32_t multiple) {
    if (pool->cache == NULL || span.blocks > PBA_SPAN_CACHE_SHORT) {
        return;
    }
    uint32_t starts[PBA_WORD_BITS];
    const size_t room = pba_span_cache_room(pool->cache, span.blocks);
    const uint32_t refilled =
        pba_map_refill(&span.chunk->map, span.first / PBA_WORD_BITS, span.blocks,
                       alignment_in(span.chunk, multiple),
                       room < PBA_WORD_BITS ? (uint32_t)room : PBA_WORD_BITS, starts);
    for (uint32_t i = 0; i < refilled; i++) {
        undiscard(pool, (pba_span){span.chunk, starts[i], span.blocks});
        pba_pool_push(pool, (pba_span){span.chunk, starts[i], span.blocks});
    }
}

/* `multiple`: the alignment, in blocks. */
static pba_span cut_span(pba_pool *pool, pba_chunk *chunk, uint32_t first, uint32_t blocks,
                         uint32_t multiple) {
    const pba_span span = {chunk, first, blocks};
    pba_map_take(&chunk->map, first, blocks);
    undiscard(pool, span);
    pba_pool_make_live(pool, span);
    refill(pool, span, multiple);
    pba_chunk_set_taken(&pool->chunks, chunk);
    return span;
}

/* The alignment in blocks, at least 1; or 0 if no map has so many. */
static uint32_t multiple_of(const pba_pool *pool, ba_alignment alignment) {
    const size_t multiple = alignment.bytes >> pool->block_shift;
    if (multiple > PBA_MAP_MAX_BLOCKS) {
        return 0;
    }
    return multiple == 0 ? 1 : (uint32_t)multiple;
}

pba_span pba_pool_place_first(pba_pool *pool, pba_chunk *chunk, uint32_t blocks,
                              ba_alignment alignment) {
    const uint32_t multiple = multiple_of(pool, alignment);
    /* Nothing else is refilled where no other block can be aligned so. */
    return cut_span(pool, chunk, 0, blocks, multiple == 0 ? UINT32_C(1) << 31 : multiple);
}

/* Cuts a span off the shortest longer cached one, so that one length that has run out does not
 * cost all others their spans; chunk is NULL if there is none. */
static pba_span split_longer(pba_pool *pool, uint32_t blocks) {
    for (uint32_t longer = blocks + 1; pba_pool_has_list(pool, longer); longer++) {
        const pba_span whole = pba_pool_pop(pool, longer);
        if (whole.chunk != NULL) {
            const pba_span span = {whole.chunk, whole.first, blocks};
            pba_map_split(&whole.chunk->map, whole.first, blocks);
            pba_pool_make_live(pool, span);
            pba_pool_put_into_cache(pool,
                                    (pba_span){whole.chunk, whole.first + blocks, longer - blocks});
            return span;
        }
    }
    return (pba_span){NULL, 0, 0};
}

/* --- alignments above the block size --- */

/* Takes the youngest cached spans off their list as long as they are aligned, until one is not
 * stale. */
static pba_span pop_aligned(pba_pool *pool, uint32_t blocks, ba_alignment alignment) {
    pba_span span = {NULL, 0, 0};
    const pba_span_cache *const cache = pool->cache;
    while (span.chunk == NULL && pba_pool_has_list(pool, blocks) &&
           !pba_span_cache_is_empty(cache, blocks) &&
           ((uintptr_t)(cache->top[blocks] - 1)->address & (alignment.bytes - 1)) == 0) {
        span = pba_pool_pop_entry(pool, blocks);
    }
    return span;
}

/* Where a look for an aligned run goes on: in a word of the map of a chunk, by its slot. */
typedef struct place_to_look {
    uint32_t slot;
    uint32_t word;
} place_to_look;

/* Cuts a span out of what just fits, if that is not far behind a place. Moves the place to it, or
 * to where the look ended; from the end to the beginning. */
static pba_span look_from(pba_pool *pool, place_to_look *place, uint32_t blocks,
                          uint32_t multiple) {
    uint32_t left = LOOKED_THROUGH;
    while (left > 0) {
        pba_chunk *const chunk = pba_chunk_set_first_fit(&pool->chunks, blocks, place->slot);
        if (chunk == NULL) {
            *place = (place_to_look){0, 0};
            break;
        }
        const uint32_t words = pba_map_words(&chunk->map);
        const uint32_t word = chunk->slot == place->slot && place->word < words ? place->word : 0;
        const uint32_t end = words - word > left ? word + left : words;
        const uint32_t first =
            pba_map_find_aligned(&chunk->map, blocks, alignment_in(chunk, multiple), word, end);
        if (first != PBA_NO_BLOCK) {
            *place = (place_to_look){chunk->slot, first / PBA_WORD_BITS};
            return cut_span(pool, chunk, first, blocks, multiple);
        }
        *place =
            end == words ? (place_to_look){chunk->slot + 1, 0} : (place_to_look){chunk->slot, end};
        const uint32_t looked_through = end - word + WORDS_A_CHUNK;
        left -= looked_through < left ? looked_through : left;
    }
    return (pba_span){NULL, 0, 0};
}

/* What just fits, from where the last such look ended. */
static pba_span look_on(pba_pool *pool, uint32_t blocks, uint32_t multiple) {
    place_to_look place = {pool->look_slot, pool->look_word};
    const pba_span span = look_from(pool, &place, blocks, multiple);
    pool->look_slot = place.slot;
    pool->look_word = place.word;
    return span;
}

/* Cuts a span out of a run in which one must lie, wherever that begins. */
static pba_span cut_out(pba_pool *pool, uint32_t blocks, uint32_t multiple) {
    const uint32_t enough = blocks + (multiple - 1); /* each is below 2^31 */
    pba_chunk *const chunk = pba_chunk_set_first_fit(&pool->chunks, enough, 0);
    if (chunk == NULL) {
        return (pba_span){NULL, 0, 0};
    }
    const uint32_t first =
        pba_map_align(alignment_in(chunk, multiple), pba_map_find(&chunk->map, enough));
    return cut_span(pool, chunk, first, blocks, multiple);
}

/* The lowest, as for any alignment, so that other chunks run empty. */
static pba_span find_aligned(pba_pool *pool, uint32_t blocks, uint32_t multiple) {
    place_to_look lowest = {0, 0};
    const pba_span span = look_from(pool, &lowest, blocks, multiple);
    return span.chunk != NULL ? span : cut_out(pool, blocks, multiple);
}

/* Cuts a span out of the first run that fits, in any chunk. */
static pba_span search_all(pba_pool *pool, uint32_t blocks, uint32_t multiple) {
    uint32_t slot = 0;
    pba_chunk *chunk;
    while ((chunk = pba_chunk_set_first_fit(&pool->chunks, blocks, slot)) != NULL) {
        const uint32_t first = pba_map_find_aligned(
            &chunk->map, blocks, alignment_in(chunk, multiple), 0, pba_map_words(&chunk->map));
        if (first != PBA_NO_BLOCK) {
            return cut_span(pool, chunk, first, blocks, multiple);
        }
        slot = chunk->slot + 1;
    }
    return (pba_span){NULL, 0, 0};
}

static pba_span place_aligned(pba_pool *pool, uint32_t blocks, ba_alignment alignment) {
    const uint32_t multiple = multiple_of(pool, alignment);
    if (multiple == 0) {
        return (pba_span){NULL, 0, 0};
    }
    pba_span span = pop_aligned(pool, blocks, alignment);
    if (span.chunk != NULL) {
        pba_pool_make_live(pool, span);
        return span;
    }
    pba_chunk_set_summarize(&pool->chunks, SUMMARIZED_FIRST);
    span = find_aligned(pool, blocks, multiple);
    for (uint32_t i = 0; span.chunk == NULL && i < GATHERED_TIMES && pba_pool_gather(pool); i++) {
        span = find_aligned(pool, blocks, multiple);
    }
    return span.chunk != NULL ? span : look_on(pool, blocks, multiple);
}

/* --- any alignment --- */

/* A chunk with a run, after more of what is free has been gathered, or NULL. */
static pba_chunk *find_after_gathering(pba_pool *pool, uint32_t blocks) {
    pba_chunk *chunk = NULL;
    for (uint32_t i = 0; chunk == NULL && i < GATHERED_TIMES && pba_pool_gather(pool); i++) {
        chunk = pba_chunk_set_first_fit(&pool->chunks, blocks, 0);
    }
    return chunk;
}

pba_span pba_pool_place(pba_pool *pool, uint32_t blocks, ba_alignment alignment) {
    if (alignment.bytes > (size_t)1 << pool->block_shift) {
        return place_aligned(pool, blocks, alignment);
    }
    if (pba_pool_has_list(pool, blocks)) {
        const pba_span span = pba_pool_pop(pool, blocks);
        if (span.chunk != NULL) {
            pba_pool_make_live(pool, span);
            return span;
        }
    }
    pba_chunk_set_summarize(&pool->chunks, SUMMARIZED_FIRST);
    pba_chunk *chunk = pba_chunk_set_first_fit(&pool->chunks, blocks, 0);
    if (chunk == NULL) {
        const pba_span span = split_longer(pool, blocks);
        if (span.chunk != NULL) {
            return span;
        }
        chunk = find_after_gathering(pool, blocks);
    }
    return chunk == NULL ? (pba_span){NULL, 0, 0}
                         : cut_span(pool, chunk, pba_map_find(&chunk->map, blocks), blocks, 1);
}

pba_span pba_pool_place_anywhere(pba_pool *pool, uint32_t blocks, ba_alignment alignment) {
    const uint32_t multiple = multiple_of(pool, alignment);
    pba_pool_flush_all(pool);
    (void)pba_chunk_set_longest(&pool->chunks);
    return multiple == 0 ? (pba_span){NULL, 0, 0} : search_all(pool, blocks, multiple);
}

/* --- around a span --- */

uint32_t pba_pool_free_run(pba_pool *pool, pba_chunk *chunk, uint32_t block, uint32_t limit) {
    uint32_t run = pba_map_free_run(&chunk->map, block, limit);
    if (!pool->cache_is_checked && run < limit && block + run < chunk->map.blocks) {
        pba_pool_tag_unchecked(pool);
    }
    while (run < limit && block + run < chunk->map.blocks &&
           pba_chunk_is_cached(chunk, block + run)) {
        pba_pool_coalesce(
            pool, (pba_span){chunk, block + run, pba_chunk_cached_blocks(chunk, block + run)});
        pba_pool_invalidate_cache(pool);
        run = pba_map_free_run(&chunk->map, block, limit);
    }
    return run;
}

/* No fewer blocks than are cached. */
static uint64_t most_cached(const pba_pool *pool) {
    uint64_t sum = 0;
    for (uint32_t blocks = 1; pba_pool_has_list(pool, blocks); blocks++) {
        sum += (uint64_t)pba_span_cache_count(pool->cache, blocks) * blocks;
    }
    return sum;
}

/* True if another span of its chunk is live: seen at once, mostly, where that is so. */
static bool has_other_live(pba_pool *pool, pba_span span) {
    const pba_chunk *const chunk = span.chunk;
    if ((pool->watches && chunk->watched != span.first) ||
        chunk->map.taken - span.blocks > most_cached(pool)) {
        return true;
    }
    if (!pool->cache_is_checked) {
        pba_pool_tag_unchecked(pool);
    }
    return pba_chunk_has_other_live(chunk, span.first);
}

bool pba_pool_is_alone(pba_pool *pool, pba_span span) {
    pba_chunk *const chunk = span.chunk;
    /* It may have been freed while the backing was asked. */
    if (!pba_chunk_is_live(chunk, span.first)) {
        return false;
    }
    if (chunk->map.taken == span.blocks) {
        return true;
    }
    if (has_other_live(pool, span)) {
        return false;
    }
    pba_chunk_clear(chunk);
    pba_map_take(&chunk->map, span.first, span.blocks);
    pba_pool_make_live(pool, span);
    pba_chunk_set_taken(&pool->chunks, chunk);
    pba_pool_invalidate_cache(pool);
    return true;
}
