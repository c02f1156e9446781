#define PBA_INTERNAL_

#include "pba/pool/cache_check.h"

#include "pba/pool/cached_spans.h"
#include "pba/pool/watch.h"

/* What the tags and the maps say: the spans in use, the blocks of them, and the cached spans of
 * each length that are marked. */
typedef struct tally {
    uint64_t spans;
    uint64_t blocks;
    uint64_t marked[PBA_SPAN_CACHE_LISTS];
} tally;

/* --- tags --- */

static bool has_thread_caches(const pba_pool *pool) {
    return (pool->threads & PBA_HAS_THREAD_CACHES) != 0;
}

/* True if the tag of a span that no chunk watches, or the ordinary tag of any, is right. */
static bool is_ordinary(uint8_t tag, uint32_t blocks) {
    return tag == ((tag & PBA_TAG_CACHED) != 0 && pba_span_cache_keeps(blocks)
                       ? pba_tag_of_cached(blocks)
                       : pba_tag_of(blocks));
}

/* True if the first tag of a live or cached span is right. Where threads have caches a live one may
 * be in such a cache, and the watched one may be told by the chunk only. */
static bool first_tag_is_right(const pba_pool *pool, const pba_chunk *chunk, uint32_t first,
                               uint32_t blocks) {
    const uint8_t tag = pba_tag_load(&chunk->tags[first]);
    const bool is_watched = chunk->watched == first;
    if (is_watched && tag == PBA_TAG_WATCHED) {
        return true;
    }
    if (!has_thread_caches(pool)) {
        return !is_watched && is_ordinary(tag, blocks);
    }
    return (tag == PBA_TAG_IN_THREAD && pba_span_cache_keeps(blocks)) ||
           (is_ordinary(tag, blocks) && !(is_watched && (tag & PBA_TAG_CACHED) != 0));
}

/* True if the tags from a block on are 0, up to another. */
static bool are_zero(const pba_chunk *chunk, uint32_t block, uint32_t end) {
    while (block < end && pba_tag_load(&chunk->tags[block]) == 0) {
        block++;
    }
    return block == end;
}

/* True if the tags of a span are right. */
static bool tags_are_right(const pba_pool *pool, const pba_chunk *chunk, uint32_t first,
                           uint32_t blocks) {
    const uint32_t digits = blocks > PBA_TAG_BLOCKS ? PBA_TAG_DIGITS : 0;
    for (uint32_t i = 0; i < digits; i++) {
        if (pba_tag_load(&chunk->tags[first + 1 + i]) != pba_tag_of_digit(blocks, i)) {
            return false;
        }
    }
    return first_tag_is_right(pool, chunk, first, blocks) &&
           are_zero(chunk, first + 1 + digits, first + blocks);
}

/* Counts the span that starts at a block. */
static void count_span(tally *sum, const pba_chunk *chunk, uint32_t first, uint32_t blocks) {
    if (pba_chunk_is_cached(chunk, first)) {
        sum->marked[blocks]++;
    } else {
        sum->spans++;
        sum->blocks += blocks;
    }
}

/* Counts the spans of a chunk; false if a tag is wrong. */
static bool count_chunk(tally *sum, const pba_pool *pool, const pba_chunk *chunk) {
    uint32_t block = 0;
    while (block < chunk->map.blocks) {
        uint32_t blocks = 1;
        if (pba_map_state(&chunk->map, block) == PBA_BLOCK_START) {
            blocks = pba_map_span_blocks(&chunk->map, block);
            if (!tags_are_right(pool, chunk, block, blocks)) {
                return false;
            }
            count_span(sum, chunk, block, blocks);
        } else if (pba_tag_load(&chunk->tags[block]) != 0 &&
                   (pba_tag_load(&chunk->tags[block]) != PBA_TAG_DISCARDED ||
                    !chunk->any_discarded)) {
            return false;
        }
        block += blocks;
    }
    return are_zero(chunk, block, chunk->map.capacity);
}

/* True if a chunk watches a live span, or need not; its tags must be right. */
static bool watches_what_it_must(const pba_pool *pool, const pba_chunk *chunk) {
    if (chunk->watched != PBA_NO_BLOCK) {
        return chunk->watched < chunk->map.blocks &&
               (has_thread_caches(pool)
                    ? pba_chunk_is_live(chunk, chunk->watched)
                    : pba_tag_load(&chunk->tags[chunk->watched]) == PBA_TAG_WATCHED);
    }
    return !pool->watches || pba_chunk_find_live(chunk, 0) == PBA_NO_BLOCK;
}

/* --- lists --- */

/* The chunk in which a block begins at an entry's address, and its tag; NULL if there is none. */
static const pba_chunk *chunk_of(const pba_pool *pool, const pba_span_cache_entry *entry,
                                 const uint8_t **tag) {
    const uintptr_t address = (uintptr_t)entry->address;
    const pba_chunk *const chunk = pba_chunk_set_find_const(&pool->chunks, address);
    if (chunk == NULL) {
        return NULL;
    }
    const uint32_t block = pba_chunk_block(chunk, address);
    *tag = &chunk->tags[block];
    return (uintptr_t)pba_chunk_address(chunk, block) == address ? chunk : NULL;
}

/* True if what is said of a valid entry holds: the fast path takes it unseen. */
static bool is_certain(const pba_pool *pool, const pba_span_cache_entry *entry, uint32_t blocks) {
    const uint8_t *tag = NULL;
    const pba_chunk *const chunk = chunk_of(pool, entry, &tag);
    if (chunk == NULL) {
        return false;
    }
    return pool->cache_is_checked
               ? pba_tag_load(tag) == pba_tag_of_cached(blocks) && entry->tag == tag &&
                     (!pool->watches || chunk->watched != PBA_NO_BLOCK)
               : pba_tag_load(tag) == pba_tag_of(blocks);
}

/* How many entries of a list stand for marked spans. */
static uint64_t count_standing(const pba_pool *pool, uint32_t blocks) {
    uint64_t standing = 0;
    const pba_span_cache_entry *const top = pool->cache->top[blocks];
    for (const pba_span_cache_entry *entry = pool->cache->bottom[blocks]; entry != top; entry++) {
        const uint8_t *tag = NULL;
        standing +=
            chunk_of(pool, entry, &tag) != NULL && pba_tag_load(tag) == pba_tag_of_cached(blocks)
                ? 1
                : 0;
    }
    return standing;
}

/* True if all valid entries of a list are, and no marked span has lost its entry. An entry may be
 * there twice, for a span that was coalesced, cut and freed again: the older one is stale. */
static bool list_is_valid(const pba_pool *pool, uint32_t blocks, uint64_t marked) {
    const pba_span_cache *const cache = pool->cache;
    if (cache == NULL) {
        return marked == 0;
    }
    const pba_span_cache_entry *const top = cache->top[blocks];
    if (cache->bottom[blocks] > cache->valid_from[blocks] || cache->valid_from[blocks] > top ||
        top > cache->end[blocks]) {
        return false;
    }
    const pba_span_cache_entry *entry = cache->valid_from[blocks];
    while (entry != top && is_certain(pool, entry, blocks)) {
        entry++;
    }
    return entry == top && count_standing(pool, blocks) >= marked;
}

/* Takes from the sums what is cached, but not marked. */
static void take_unchecked(const pba_pool *pool, tally *sum) {
    for (uint32_t blocks = 1; blocks <= PBA_SPAN_CACHE_BLOCKS; blocks++) {
        const uint64_t spans = pba_pool_unchecked_spans(pool, blocks);
        sum->spans -= spans;
        sum->blocks -= spans * blocks;
    }
}

/* True if the list of spans without blocks, if any, has no entry and no room. */
static bool list_of_none_is_valid(const pba_span_cache *cache) {
    return cache == NULL ||
           (cache->top[0] == cache->end[0] && cache->top[0] == cache->valid_from[0]);
}

bool pba_cache_is_valid(const pba_pool *pool) {
    if (pool->watches != pba_pool_must_watch(pool) || !list_of_none_is_valid(pool->cache)) {
        return false;
    }
    tally sum = {0, 0, {0}};
    for (uint32_t slot = 0; slot < pool->chunks.used; slot++) {
        const pba_chunk *const chunk = pba_chunk_set_at(&pool->chunks, slot);
        if (chunk != NULL &&
            (!count_chunk(&sum, pool, chunk) || !watches_what_it_must(pool, chunk))) {
            return false;
        }
    }
    for (uint32_t blocks = 1; blocks <= PBA_SPAN_CACHE_BLOCKS; blocks++) {
        if (!list_is_valid(pool, blocks, sum.marked[blocks])) {
            return false;
        }
    }
    take_unchecked(pool, &sum);
    return sum.blocks == pba_count_in_use(&pool->accounting) &&
           (!pool->accounting.counts || sum.spans == pba_count_spans(&pool->accounting));
}
