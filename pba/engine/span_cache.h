/* The span cache: most frees are soon followed by an allocation of the same length, so short spans
 * are kept here before they are coalesced with their neighbours.
 *
 * For each length from 1 to 63 blocks a last-in first-out list of entries, kept apart from payload.
 * An entry says where a span is and where its tag, so that taking it needs no look for its
 * chunk. The lists know nothing of chunks and maps: whether an entry still stands for a span of its
 * length is for the pool to know (pba/pool/cached_spans.h). Where that has become stale, all entries
 * that there are are marked so at once; no allocation and no free searches a list. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_ENGINE_SPAN_CACHE_H_
#define PBA_ENGINE_SPAN_CACHE_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "block_allocator/internal/language.h"
#include "pba/engine/backing_account.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* The longest span that is kept, in blocks. */
#define PBA_SPAN_CACHE_BLOCKS 63U
/* Entries of each list that are part of the pool: of spans of at most PBA_SPAN_CACHE_SHORT blocks,
 * and of longer ones. */
#define PBA_SPAN_CACHE_SHORT 16U
#define PBA_SPAN_CACHE_FIRST 8U
#define PBA_SPAN_CACHE_FIRST_LONG 2U
/* The most bytes of all lists together that are not part of the pool. */
#define PBA_SPAN_CACHE_MOST_BYTES 524288U

/* One more list than there are lengths: that of spans without blocks never has an entry nor room
 * for one, so that the fast paths need not ask for such lengths. */
#define PBA_SPAN_CACHE_LISTS (PBA_SPAN_CACHE_BLOCKS + 1)

/* A cached span. */
typedef struct pba_span_cache_entry {
    void *address;
    uint8_t *tag; /* nothing where the cache is unchecked */
} pba_span_cache_entry;

/* The cache: for each length a list, which grows upwards. Owns the grants of its lists. Must not
 * move once it is made. */
typedef struct pba_span_cache {
    pba_span_cache_entry *top[PBA_SPAN_CACHE_LISTS];        /* behind the youngest entry */
    pba_span_cache_entry *valid_from[PBA_SPAN_CACHE_LISTS]; /* entries from here on are valid, those
                                                 below are stale */
    pba_span_cache_entry *end[PBA_SPAN_CACHE_LISTS];        /* behind the last place */
    pba_span_cache_entry *bottom[PBA_SPAN_CACHE_LISTS];     /* the first place */
    ba_memory grants[PBA_SPAN_CACHE_LISTS]; /* none while the entries are part of the pool */
    size_t granted;                         /* bytes of all grants */
    bool was_full[PBA_SPAN_CACHE_LISTS];    /* since the list was made or last grew */
    pba_span_cache_entry
        first[PBA_SPAN_CACHE_SHORT * PBA_SPAN_CACHE_FIRST +
              (PBA_SPAN_CACHE_BLOCKS - PBA_SPAN_CACHE_SHORT) * PBA_SPAN_CACHE_FIRST_LONG];
} pba_span_cache;

/* Makes an empty cache at the place where it will stay. */
void pba_span_cache_init(pba_span_cache *cache);

/* Makes as much of a cache as there is while no span may take the fast paths: the list of spans
 * without blocks, which may move. */
BA_ALWAYS_INLINE void pba_span_cache_init_none(pba_span_cache *cache) {
    cache->top[0] = NULL;
    cache->valid_from[0] = NULL;
    cache->end[0] = NULL;
    cache->bottom[0] = NULL;
}

/* True if spans of so many blocks are kept. */
BA_WRAPS BA_ALWAYS_INLINE bool pba_span_cache_keeps(uint32_t blocks) {
    return blocks - 1 < PBA_SPAN_CACHE_BLOCKS;
}

BA_ALWAYS_INLINE bool pba_span_cache_is_empty(const pba_span_cache *cache, uint32_t blocks) {
    return cache->top[blocks] == cache->bottom[blocks];
}
/* True if the youngest entry, if any, is stale. */
BA_ALWAYS_INLINE bool pba_span_cache_is_stale(const pba_span_cache *cache, uint32_t blocks) {
    return cache->top[blocks] == cache->valid_from[blocks];
}
BA_ALWAYS_INLINE bool pba_span_cache_is_full(const pba_span_cache *cache, uint32_t blocks) {
    return cache->top[blocks] == cache->end[blocks];
}

/* The entries on a list, those of them that are valid, and how many more there is room for. */
BA_ALWAYS_INLINE size_t pba_span_cache_count(const pba_span_cache *cache, uint32_t blocks) {
    return (size_t)(cache->top[blocks] - cache->bottom[blocks]);
}
BA_ALWAYS_INLINE size_t pba_span_cache_valid_count(const pba_span_cache *cache, uint32_t blocks) {
    return (size_t)(cache->top[blocks] - cache->valid_from[blocks]);
}
BA_ALWAYS_INLINE size_t pba_span_cache_room(const pba_span_cache *cache, uint32_t blocks) {
    return (size_t)(cache->end[blocks] - cache->top[blocks]);
}

/* Takes the youngest entry off a list that is not empty; it is the span's address. */
BA_ALWAYS_INLINE void *pba_span_cache_pop(pba_span_cache *cache, uint32_t blocks) {
    cache->valid_from[blocks] -= pba_span_cache_is_stale(cache, blocks) ? 1 : 0;
    return (--cache->top[blocks])->address;
}

/* Puts an entry on a list that is not full. */
BA_ALWAYS_INLINE void pba_span_cache_push(pba_span_cache *cache, uint32_t blocks, void *address,
                                          uint8_t *tag) {
    pba_span_cache_entry *const entry = cache->top[blocks]++;
    entry->address = address;
    entry->tag = tag;
}

/* Says that every entry that there is has become stale. */
void pba_span_cache_invalidate(pba_span_cache *cache);

/* How long lists may become. */
typedef struct pba_span_cache_limit {
    size_t bytes;   /* of all grants together; more than PBA_SPAN_CACHE_MOST_BYTES counts as that */
    size_t entries; /* of this list */
} pba_span_cache_limit;

/* Makes the list for spans of `blocks` longer if it was full, as far as the limit lets it. A
 * refusal is nothing but a list that stays as it is. */
void pba_span_cache_grow(pba_span_cache *cache, uint32_t blocks, pba_backing_account *account,
                         pba_span_cache_limit limit, ba_call_site site);

/* Gives all grants back; the cache is empty then. */
void pba_span_cache_release(pba_span_cache *cache, pba_backing_account *account, ba_call_site site);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_ENGINE_SPAN_CACHE_H_ */
