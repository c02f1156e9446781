/* The fast paths, put into the caller by the functions that pba/define.h makes. They serve what
 * happens most: a span of up to 63 blocks is freed into the span cache, and a cached one is taken
 * again. Everything else, and everything that might be wrong, is left to the slow paths
 * (pba/internal/slow_path.h), which look again.
 *
 * Not for users; use the functions that pba/define.h makes. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_INTERNAL_FAST_PATH_H_
#define PBA_INTERNAL_FAST_PATH_H_

#include "block_allocator/implementing/instrumentation.h"
#include "block_allocator/internal/language.h"
#include "pba/internal/slow_path.h"
#include "pba/pool.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* Calls a function that pba/define.h made with the file and line of this place:
 * PBA_HERE(medium_pool_alloc, &pool, ba_bytes(100), ba_align(8)). A macro, because only a macro
 * sees its caller's line. */
#define PBA_HERE(function, ...) function##_at(__VA_ARGS__, BA_HERE())

/* PBA_CALLER_(): the call site of a function without _at. PBA_CALL_: how such a function is
 * declared. In debug builds it is one of its own, and its call site is the address that it returns
 * to: in the function that calls it, behind the call. In other builds it vanishes into that
 * function, and its call site is the address to which that one returns. */
#if defined(__GNUC__)
#define PBA_CALLER_() ba_call_site_of_address(__builtin_return_address(0))
#else
#define PBA_CALLER_() ba_call_site_none()
#endif
#if defined(__clang__) && BA_BUILD_MODE == BA_DEBUG
/* Not "unused": clang can warn of a call of what is marked so. */
#define PBA_CALL_ static inline __attribute__((noinline))
#elif defined(__GNUC__) && BA_BUILD_MODE == BA_DEBUG
/* Not "inline": gcc warns of it beside noinline. */
#define PBA_CALL_ static __attribute__((noinline, unused))
#else
#define PBA_CALL_ BA_ALWAYS_INLINE
#endif

/* In debug builds, and where a sanitizer wants to see each span, everything takes the slow path. */
#define PBA_HAS_FAST_PATH                                                                          \
    (BA_BUILD_MODE != BA_DEBUG && !BA_ADDRESS_SANITIZER && !BA_MEMORY_SANITIZER)

/* What a type knows of the cache of its pools (pba/pool/cached_spans.h), when fast paths are open.
 */
typedef enum pba_fast_cache {
    PBA_CACHE_ANY, /* the pool says */
    PBA_CACHE_CHECKED,
    PBA_CACHE_UNCHECKED,
} pba_fast_cache;

/* What the caller knows of a pool when compiling. */
typedef struct pba_fast_options {
    uint32_t block_shift;   /* blocks have 1 << block_shift bytes */
    uint32_t request_shift; /* and requests to the backing 1 << request_shift */
    pba_switch counts;      /* whether allocations and frees are counted */
    bool has_periods;       /* or may have: some frees end one (pba/engine/accounting.h) */
    pba_fast_cache cache;
} pba_fast_options;

/* What a type knows that has these options, which are constants to the compiler. A pool whose
 * chunks may go back by themselves has a checked cache, one that never checks does not, and else it
 * is the build mode of the code that makes the pool that matters. */
BA_ALWAYS_INLINE pba_fast_options pba_fast_options_of(const pba_options *options) {
    pba_fast_options fast;
    fast.block_shift = pba_bits_lowest(options->block_size);
    fast.request_shift = pba_bits_lowest(options->backing_request_size);
    fast.has_periods = pba_options_have_periods(options);
    fast.counts = fast.has_periods ? PBA_ON : options->statistics;
    fast.cache = PBA_CACHE_ANY;
    if (options->auto_shrink != PBA_AUTO_SHRINK_NEVER || options->decay_age != 0) {
        fast.cache = PBA_CACHE_CHECKED;
    } else if (options->safety == PBA_SAFETY_NEVER) {
        fast.cache = PBA_CACHE_UNCHECKED;
    }
    return fast;
}

/* The longest span that may take the fast path now, in blocks. The compiler need not see what
 * becomes of longer ones here. */
BA_ALWAYS_INLINE size_t pba_fast_longest(const pba_pool *pool) {
    const size_t longest = pool->fast_path_max_blocks;
    if (longest > PBA_SPAN_CACHE_BLOCKS) {
        BA_UNREACHABLE();
    }
    return longest;
}

/* The blocks that a length takes: 0 for none, and for some lengths that no span can have. */
BA_WRAPS BA_ALWAYS_INLINE size_t pba_fast_blocks(pba_fast_options options, ba_length length) {
    return (length.bytes + (((size_t)1 << options.block_shift) - 1)) >> options.block_shift;
}

/* The block of a chunk with that base that begins at an address; a number that no block has where
 * an address lies in no block, or inside of one: the bits that say so become its highest. */
BA_WRAPS BA_ALWAYS_INLINE uint64_t pba_fast_block(pba_fast_options options, uintptr_t address,
                                                  uintptr_t base) {
    const uint64_t offset = address - base;
    return offset >> options.block_shift | offset << (64 - options.block_shift);
}

/* The tag of the block that begins at an address, or NULL if none is known to begin there. */
BA_ALWAYS_INLINE uint8_t *pba_fast_tag(const pba_pool *pool, pba_fast_options options,
                                       uintptr_t address) {
    const pba_place *place = &pool->chunks.one;
    uint64_t block = pba_fast_block(options, address, place->base);
    if (block >= place->blocks) {
        place = pba_chunk_set_find_hint(&pool->chunks, address, options.request_shift);
        block = pba_fast_block(options, address, place->base);
        if (!BA_LIKELY(block < place->blocks)) {
            return NULL;
        }
    }
    return place->tags + block;
}

/* True if the cache of the pool is an unchecked one. */
BA_ALWAYS_INLINE bool pba_fast_is_unchecked(const pba_pool *pool, pba_fast_options options) {
    return options.cache == PBA_CACHE_UNCHECKED ||
           (options.cache == PBA_CACHE_ANY && !pool->cache_is_checked);
}

/* True if allocations and frees are counted. A pool that has statistics in debug builds only may
 * come from one. */
BA_ALWAYS_INLINE bool pba_fast_counts(const pba_pool *pool, pba_fast_options options) {
    return options.counts == PBA_ON ||
           (options.counts == PBA_ON_IN_DEBUG && pool->accounting.counts);
}

/* Counts the free of so many blocks; false if it has to take the slow path, because a period ends.
 */
BA_ALWAYS_INLINE bool pba_fast_count_free(pba_pool *pool, pba_fast_options options,
                                          uint32_t blocks) {
    const bool counts = pba_fast_counts(pool, options);
    if (options.has_periods) {
        return pba_count_free_within(&pool->accounting, blocks, counts);
    }
    pba_count_free_with(&pool->accounting, blocks, counts);
    return true;
}

/* True if every block is aligned so. */
BA_WRAPS BA_ALWAYS_INLINE bool pba_fast_aligns(pba_fast_options options, ba_alignment alignment) {
    return alignment.bytes - 1 < (size_t)1 << options.block_shift &&
           ba_alignment_is_valid(alignment);
}

/* Keeps the compiler from writing what stands before and behind in one go: the processor could not
 * forward a part of it to the read that follows. */
#if defined(__GNUC__)
#define PBA_WRITE_APART_() __asm__ volatile("" ::: "memory")
#else
#define PBA_WRITE_APART_() ((void)0)
#endif

/* Takes the youngest entry off the list for spans of so many blocks; false if none is valid. */
BA_ALWAYS_INLINE bool pba_fast_take(pba_pool *pool, pba_span_cache *cache, pba_fast_options options,
                                    size_t blocks, ba_memory *memory) {
    if (!BA_LIKELY(cache->top[blocks] != cache->valid_from[blocks])) {
        return false;
    }
    pba_span_cache_entry *const entry = cache->top[blocks] - 1;
    *memory = ba_memory_of(entry->address, ba_bytes(blocks << options.block_shift));
    if (!pba_fast_is_unchecked(pool, options)) {
        *entry->tag = (uint8_t)blocks;
    }
    cache->top[blocks] = entry;
    pba_count_alloc_with(&pool->accounting, (uint32_t)blocks, pba_fast_counts(pool, options));
    return true;
}

/* Puts a span of so many blocks onto their list; false if there is no room, or if an ordinary live
 * span of this length is not known to lie at the address. */
BA_ALWAYS_INLINE bool pba_fast_put(pba_pool *pool, pba_span_cache *cache, pba_fast_options options,
                                   size_t blocks, void *address) {
    pba_span_cache_entry *const entry = cache->top[blocks];
    if (!BA_LIKELY(entry != cache->end[blocks])) {
        return false;
    }
    if (!pba_fast_is_unchecked(pool, options)) {
        uint8_t *const tag = pba_fast_tag(pool, options, (uintptr_t)address);
        if (!BA_LIKELY(tag != NULL) || !BA_LIKELY(*tag == (uint8_t)blocks) ||
            !BA_LIKELY(pba_fast_count_free(pool, options, (uint32_t)blocks))) {
            return false;
        }
        *tag = pba_tag_of_cached((uint32_t)blocks);
        entry->tag = tag;
        PBA_WRITE_APART_();
    } else if (!BA_LIKELY(pba_fast_count_free(pool, options, (uint32_t)blocks))) {
        return false;
    }
    entry->address = address;
    cache->top[blocks] = entry + 1;
    return true;
}

/* What pba_pool_alloc_at() does, as far as it is short: false if the slow path has to be taken. The
 * call site is not asked for here: callers work it out for the slow path only. `span_cache`: the
 * pool's span cache, or NULL; where the caller's type has it beside the pool, an address that needs
 * no look. */
BA_ALWAYS_INLINE bool pba_fast_try_alloc(pba_pool *pool, pba_span_cache *cache,
                                         pba_fast_options options, ba_length minimum,
                                         ba_alignment alignment, ba_memory *memory) {
#if PBA_HAS_FAST_PATH
    if (cache == NULL) {
        return false;
    }
    const size_t blocks = pba_fast_blocks(options, minimum);
    return BA_LIKELY(blocks <= pba_fast_longest(pool) && pba_fast_aligns(options, alignment)) &&
           BA_LIKELY(pba_fast_take(pool, cache, options, blocks, memory));
#else
    (void)pool, (void)cache, (void)options, (void)minimum, (void)alignment, (void)memory;
    return false;
#endif
}

/* What pba_pool_free_at() does, as far as it is short. */
BA_ALWAYS_INLINE bool pba_fast_try_free(pba_pool *pool, pba_span_cache *cache,
                                        pba_fast_options options, ba_memory memory,
                                        ba_alignment alignment) {
#if PBA_HAS_FAST_PATH
    if (cache == NULL) {
        return false;
    }
    /* Not ba_memory_length(): what is no memory has no tag. */
    const size_t blocks = pba_fast_blocks(options, ba_bytes(memory.length_or_code_));
    return BA_LIKELY(blocks <= pba_fast_longest(pool) && pba_fast_aligns(options, alignment)) &&
           BA_LIKELY(pba_fast_put(pool, cache, options, blocks, memory.pointer_));
#else
    (void)pool, (void)cache, (void)options, (void)memory, (void)alignment;
    return false;
#endif
}

/* What pba_pool_alloc_at() does, and pba_pool_free_at(). */
BA_ALWAYS_INLINE ba_memory pba_fast_alloc(pba_pool *pool, pba_span_cache *cache,
                                          pba_fast_options options, ba_length minimum,
                                          ba_alignment alignment, ba_call_site site) {
    ba_memory memory;
    return pba_fast_try_alloc(pool, cache, options, minimum, alignment, &memory)
               ? memory
               : pba_pool_alloc_slow(pool, minimum, alignment, site);
}
BA_ALWAYS_INLINE ba_error pba_fast_free(pba_pool *pool, pba_span_cache *cache,
                                        pba_fast_options options, ba_memory memory,
                                        ba_alignment alignment, ba_call_site site) {
    return pba_fast_try_free(pool, cache, options, memory, alignment)
               ? ba_error_of(BA_OK)
               : pba_pool_free_slow(pool, memory, alignment, site);
}

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_INTERNAL_FAST_PATH_H_ */
