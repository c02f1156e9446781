/* A cache of spans for one thread, of one pool. For each length from 1 to 63 blocks it has a last-in
 * first-out list, and a table of places of chunks, so that a free finds the tag of its span without
 * a lock. Knows nothing of gates and locks: it is its owner's behind the gate, or, with the gate
 * shut, that of the thread which has the pool's lock. Only a few functions are inlined, those of
 * the fast paths.
 *
 * To the pool a span in here is a live one, which keeps its chunk where it is; its tag is
 * PBA_TAG_IN_THREAD. In pools that do not check misuse the tag stays as it is, and no chunk is
 * looked for. Not for users. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_THREADS_THREAD_CACHE_H_
#define PBA_THREADS_THREAD_CACHE_H_

#include <stddef.h>
#include <stdint.h>

#include "block_allocator/internal/language.h"
#include "block_allocator/memory.h"
#include "pba/engine/chunk_table.h"
#include "pba/engine/span_cache.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* The most spans of a list: of at most PBA_THREAD_CACHE_SHORT blocks, and of longer ones. */
#define PBA_THREAD_CACHE_SHORT 8U
#define PBA_THREAD_CACHE_LIST 64U
#define PBA_THREAD_CACHE_LIST_LONG 16U
#define PBA_THREAD_CACHE_ENTRIES                                                                   \
    (PBA_THREAD_CACHE_SHORT * PBA_THREAD_CACHE_LIST +                                              \
     (PBA_SPAN_CACHE_BLOCKS - PBA_THREAD_CACHE_SHORT) * PBA_THREAD_CACHE_LIST_LONG)
/* Places of chunks, a power of two. */
#define PBA_THREAD_CACHE_PLACES 256U

/* The cache. */
typedef struct pba_thread_cache {
    uint32_t blocks;      /* of all spans in it */
    uint32_t most_blocks; /* that there may be */
    uint64_t allocations; /* that it has served */
    uint64_t frees;       /* that it has taken */
    uint64_t spans_in;    /* from the pool */
    uint64_t spans_out;   /* to the pool */
    uint64_t calls_seen;  /* allocations and frees when they were last looked at */
    struct pba_thread *thread;
    struct pba_thread_slot *slot;
    struct pba_thread_cache *next; /* of the same pool */
    struct pba_thread_cache *previous;
    ba_memory grant; /* in which this lies */
    uint8_t count[PBA_SPAN_CACHE_LISTS];
    uint8_t batch[PBA_SPAN_CACHE_LISTS]; /* spans that the next refill takes */
    pba_place
        places[PBA_THREAD_CACHE_PLACES + 1]; /* and one before the first: a copy of the last */
    pba_span_cache_entry entries[PBA_THREAD_CACHE_ENTRIES];
} pba_thread_cache;

/* The most spans of a length. */
BA_ALWAYS_INLINE uint32_t pba_thread_cache_capacity(uint32_t blocks) {
    return blocks <= PBA_THREAD_CACHE_SHORT ? PBA_THREAD_CACHE_LIST : PBA_THREAD_CACHE_LIST_LONG;
}

/* The list of a length, from the oldest on. */
BA_ALWAYS_INLINE pba_span_cache_entry *pba_thread_cache_list(pba_thread_cache *cache,
                                                             uint32_t blocks) {
    const uint32_t first =
        blocks <= PBA_THREAD_CACHE_SHORT
            ? (blocks - 1) * PBA_THREAD_CACHE_LIST
            : PBA_THREAD_CACHE_SHORT * PBA_THREAD_CACHE_LIST +
                  (blocks - PBA_THREAD_CACHE_SHORT - 1) * PBA_THREAD_CACHE_LIST_LONG;
    return &cache->entries[first];
}

/* Makes an empty cache, of which `grant` is remembered. */
void pba_thread_cache_init(pba_thread_cache *cache, ba_memory grant);

/* True if there is room for one more span of so many blocks. */
BA_ALWAYS_INLINE bool pba_thread_cache_has_room(const pba_thread_cache *cache, uint32_t blocks) {
    return cache->count[blocks] < pba_thread_cache_capacity(blocks) &&
           cache->blocks + blocks <= cache->most_blocks;
}

/* Puts a span in, for which there is room. */
BA_ALWAYS_INLINE void pba_thread_cache_push(pba_thread_cache *cache, uint32_t blocks, void *address,
                                            uint8_t *tag) {
    pba_span_cache_entry *const entry =
        pba_thread_cache_list(cache, blocks) + cache->count[blocks]++;
    entry->address = address;
    entry->tag = tag;
    cache->blocks += blocks;
}

/* Takes the youngest span of a list out that is not empty. */
BA_ALWAYS_INLINE pba_span_cache_entry pba_thread_cache_pop(pba_thread_cache *cache,
                                                           uint32_t blocks) {
    cache->blocks -= blocks;
    return pba_thread_cache_list(cache, blocks)[--cache->count[blocks]];
}

/* Takes the oldest span of a list out that is not empty. O(spans). */
pba_span_cache_entry pba_thread_cache_pop_oldest(pba_thread_cache *cache, uint32_t blocks);

/* The tag of the block that begins at an address, or NULL if the place of its chunk is not known,
 * or no block begins there. The shifts are those of the pool's blocks and nominal chunks. As
 * pba_fast_tag() of pba/internal/fast_path.h. */
BA_WRAPS BA_ALWAYS_INLINE uint8_t *pba_thread_cache_tag(const pba_thread_cache *cache,
                                                        uintptr_t address, uint32_t block_shift,
                                                        uint32_t nominal_shift) {
    const pba_place *place =
        cache->places + 1 + (address >> nominal_shift) % PBA_THREAD_CACHE_PLACES;
    place -= address < place->base ? 1 : 0;
    const uint64_t offset = address - place->base;
    const uint64_t block = offset >> block_shift | offset << (64 - block_shift);
    return block < place->blocks ? place->tags + block : NULL;
}

/* Remembers where the chunk lies in which an address was found. */
void pba_thread_cache_remember(pba_thread_cache *cache, pba_chunk *chunk, uintptr_t address,
                               uint32_t nominal_shift);

/* Forgets where a chunk lies. O(places). */
void pba_thread_cache_forget(pba_thread_cache *cache, const pba_chunk *chunk);

/* Makes a tag another one if it is `expected`: true then; else false, and `expected` is what it is.
 * An exchange, for two threads may free the same span at once, by mistake: one of them gets it.
 * Relaxed: nothing else is read on the strength of it; how payload and the cache that the span gets
 * into come to other threads is the matter of the caller, of gate and lock. */
/* NOLINTNEXTLINE(readability-non-const-parameter): clang-tidy knows no builtins. */
BA_ALWAYS_INLINE bool pba_tag_exchange(uint8_t *tag, uint8_t *expected, uint8_t desired) {
    return __atomic_compare_exchange_n(tag, expected, desired, false, __ATOMIC_RELAXED,
                                       __ATOMIC_RELAXED);
}

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_THREADS_THREAD_CACHE_H_ */
