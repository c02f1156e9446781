/* The short ways of allocation and free, put into the caller by the functions that pba/define.h
 * makes. They serve what happens most: a span of up to 16 blocks that was freed recently is taken
 * again, and a span is freed into a chunk that stays in use. Everything else, and everything that
 * might be wrong, is left to the long ways in pba/pool.c, which look again.
 *
 * Not for users; use the functions that pba/define.h makes. */
#ifndef PBA_FAST_H_
#define PBA_FAST_H_

#include "block_allocator/instrumentation.h"
#include "block_allocator/language.h"
#include "pba/pool.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* Calls a function that pba/define.h made with the file and line of this place:
 * PBA_HERE(medium_pool_alloc, &pool, ba_bytes(100), ba_align(8)). A macro, because only a macro
 * sees its caller's line. */
#define PBA_HERE(function, ...) function##_at(__VA_ARGS__, BA_HERE())

/* The call site of a function without _at: the return address of the enclosing function. */
#if defined(__GNUC__)
#define PBA_CALLER_() ba_call_site_of_address(__builtin_return_address(0))
#else
#define PBA_CALLER_() ba_call_site_none()
#endif

/* In debug builds, and where a sanitizer wants to see each span, everything goes the long way. */
#define PBA_HAS_SHORT_WAY                                                                          \
    (BA_BUILD_MODE != BA_DEBUG && !BA_ADDRESS_SANITIZER && !BA_MEMORY_SANITIZER)

/* What a type knows of the store of its pools (pba/pool_place.h), when short ways are open. */
typedef enum pba_fast_store {
    PBA_STORE_ANY, /* the pool says */
    PBA_STORE_MARKED,
    PBA_STORE_TRUSTED,
} pba_fast_store;

/* What the caller knows of a pool when compiling. */
typedef struct pba_fast_options {
    uint32_t block_shift;   /* blocks have 1 << block_shift bytes */
    uint32_t request_shift; /* and requests to the backing 1 << request_shift */
    pba_switch statistics;
    pba_fast_store store;
} pba_fast_options;

/* What a type knows that has these options, which are constants to the compiler. A pool whose
 * chunks may go back by themselves marks its store, one that never checks does not, and else it is
 * the build mode of whoever makes the pool that matters. */
BA_ALWAYS_INLINE pba_fast_options pba_fast_options_of(const pba_options *options) {
    pba_fast_options fast;
    fast.block_shift = pba_bits_lowest(options->block_size);
    fast.request_shift = pba_bits_lowest(options->backing_request_size);
    fast.statistics = options->statistics;
    fast.store = PBA_STORE_ANY;
    if (options->auto_shrink != PBA_AUTO_SHRINK_NEVER || options->decay_age != 0) {
        fast.store = PBA_STORE_MARKED;
    } else if (options->safety == PBA_SAFETY_NEVER) {
        fast.store = PBA_STORE_TRUSTED;
    }
    return fast;
}

/* The ways that everything can go. */
BA_MUST_USE ba_memory pba_pool_alloc_the_long_way(pba_pool *pool, ba_length minimum,
                                                  ba_alignment alignment, ba_call_site site);
ba_error pba_pool_free_the_long_way(pba_pool *pool, ba_memory memory, ba_alignment alignment,
                                    ba_call_site site);

/* The longest span that may go the short way now, in blocks. The compiler need not see what becomes
 * of longer ones here. */
BA_ALWAYS_INLINE size_t pba_fast_longest(const pba_pool *pool) {
    const size_t longest = pool->short_blocks;
    if (longest > PBA_RECENT_BLOCKS) {
        BA_UNREACHABLE();
    }
    return longest;
}

/* True if an address lies in a chunk, which may be NULL; then also where, in bytes. What
 * pba_chunk_holds() does, by the blocks that are needed anyway. */
BA_ALWAYS_INLINE bool pba_fast_holds(pba_fast_options options, const pba_chunk *chunk,
                                     const void *address, size_t *offset) {
    if (!BA_LIKELY(chunk != NULL)) {
        return false;
    }
    *offset = (uintptr_t)address - (uintptr_t)chunk->base;
    return BA_LIKELY(*offset >> options.block_shift < chunk->map.blocks);
}

/* The chunk that an address lies in, and where in it; false if it lies in none.
 *
 * The one found last is tried first, although with many chunks it is mostly another: what comes
 * after it need not wait for the address then, for the processor goes on as if it were the last one
 * again. */
BA_ALWAYS_INLINE bool pba_fast_find(pba_pool *pool, pba_fast_options options, const void *address,
                                    pba_chunk **chunk, size_t *offset) {
    *chunk = pool->chunks.last;
    if (pba_fast_holds(options, *chunk, address, offset)) {
        return true;
    }
    *chunk = pba_chunk_set_guess(&pool->chunks, (uintptr_t)address, options.request_shift);
    if (pba_fast_holds(options, *chunk, address, offset)) {
        pool->chunks.last = *chunk;
        return true;
    }
    *chunk = pba_chunk_set_look_up_far(&pool->chunks, (uintptr_t)address);
    return pba_fast_holds(options, *chunk, address, offset);
}

/* True if a chunk with so many live blocks, and perhaps more, may lose them without anything being
 * done about it. */
BA_ALWAYS_INLINE bool pba_fast_stays(const pba_pool *pool, const pba_chunk *chunk,
                                     uint32_t blocks) {
    return BA_LIKELY(chunk->map.live - blocks != 0) ||
           (pool->keeps_last_chunk && pool->chunks.count == 1 && chunk->listed);
}

/* Makes a span live that a certain entry of a list stands for. */
BA_ALWAYS_INLINE bool pba_fast_unpark(pba_pool *pool, pba_fast_options options, const void *address,
                                      uint32_t blocks) {
    pba_chunk *chunk;
    size_t offset;
    if (!pba_fast_find(pool, options, address, &chunk, &offset)) {
        return false;
    }
    pba_map_unpark(&chunk->map, (uint32_t)(offset >> options.block_shift), blocks);
    return true;
}

/* Marks the live span at an address as freed, if it is one, and if that is all there is to do. */
BA_ALWAYS_INLINE bool pba_fast_park(pba_pool *pool, pba_fast_options options, const void *address,
                                    uint32_t blocks) {
    pba_chunk *chunk;
    size_t offset;
    if (!pba_fast_find(pool, options, address, &chunk, &offset)) {
        return false;
    }
    const uint32_t block = (uint32_t)(offset >> options.block_shift);
    if ((offset & (((size_t)1 << options.block_shift) - 1)) != 0 ||
        !pba_map_is_live(&chunk->map, block, blocks) || !pba_fast_stays(pool, chunk, blocks)) {
        return false;
    }
    pba_map_park(&chunk->map, block, blocks);
    return true;
}

/* True if the store of the pool is a trusted one. */
BA_ALWAYS_INLINE bool pba_fast_trusts(const pba_pool *pool, pba_fast_options options) {
    return options.store == PBA_STORE_TRUSTED ||
           (options.store == PBA_STORE_ANY && !pool->marks_store);
}

/* True if statistics are on. A pool that has them in debug builds only may come from one. */
BA_ALWAYS_INLINE bool pba_fast_counts(const pba_pool *pool, pba_fast_options options) {
    return options.statistics == PBA_ON ||
           (options.statistics == PBA_ON_IN_DEBUG && pool->accounting.statistics);
}

/* True if every block is aligned so. */
BA_ALWAYS_INLINE bool pba_fast_aligns(pba_fast_options options, ba_alignment alignment) {
    return alignment.bytes - 1 < (size_t)1 << options.block_shift &&
           ba_alignment_is_valid(alignment);
}

/* What pba_pool_alloc_at() does. */
BA_ALWAYS_INLINE ba_memory pba_fast_alloc(pba_pool *pool, pba_fast_options options,
                                          ba_length minimum, ba_alignment alignment,
                                          ba_call_site site) {
#if PBA_HAS_SHORT_WAY
    const size_t index = (minimum.bytes - 1) >> options.block_shift;
    if (BA_LIKELY(index < pba_fast_longest(pool) && pba_fast_aligns(options, alignment))) {
        const uint32_t blocks = (uint32_t)index + 1;
        pba_recent_list *const list = &pool->recent.lists[index];
        if (BA_LIKELY(!pba_recent_is_doubtful(list))) {
            void *const address = pba_recent_youngest(list);
            if (pba_fast_trusts(pool, options) ||
                BA_LIKELY(pba_fast_unpark(pool, options, address, blocks))) {
                pba_recent_pop(list);
                pba_account_alloc_with(&pool->accounting, blocks, pba_fast_counts(pool, options));
                return ba_memory_of(address, ba_bytes((size_t)blocks << options.block_shift));
            }
        }
    }
#else
    (void)options;
#endif
    return pba_pool_alloc_the_long_way(pool, minimum, alignment, site);
}

/* What pba_pool_free_at() does. */
BA_ALWAYS_INLINE ba_error pba_fast_free(pba_pool *pool, pba_fast_options options, ba_memory memory,
                                        ba_alignment alignment, ba_call_site site) {
#if PBA_HAS_SHORT_WAY
    const size_t index = (ba_memory_length(memory).bytes - 1) >> options.block_shift;
    if (BA_LIKELY(index < pba_fast_longest(pool) && pba_fast_aligns(options, alignment))) {
        const uint32_t blocks = (uint32_t)index + 1;
        pba_recent_list *const list = &pool->recent.lists[index];
        void *const address = ba_memory_pointer(memory);
        if (BA_LIKELY(!pba_recent_is_full(list)) &&
            (pba_fast_trusts(pool, options) ||
             BA_LIKELY(pba_fast_park(pool, options, address, blocks)))) {
            pba_recent_push(list, address);
            pba_account_free_with(&pool->accounting, blocks, pba_fast_counts(pool, options));
            return ba_error_of(BA_OK);
        }
    }
#else
    (void)options;
#endif
    return pba_pool_free_the_long_way(pool, memory, alignment, site);
}

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_FAST_H_ */
