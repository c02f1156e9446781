/* The short ways of allocation and free, put into the caller by the functions that pba/define.h
 * makes. They serve what happens most: a span of up to 16 blocks that was freed recently is taken
 * again, and a span is freed into a chunk that stays in use. Everything else, and everything that
 * might be wrong, is left to the compiled functions of pba/pool.h, which look again.
 *
 * Not for users; use the functions that pba/define.h makes. */
#ifndef PBA_FAST_H_
#define PBA_FAST_H_

#include "block_allocator/instrumentation.h"
#include "pba/pool.h"

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

/* What pba_pool_alloc_at() does, for a pool whose blocks have `block_size` bytes. */
BA_ALWAYS_INLINE ba_memory pba_fast_alloc(pba_pool *pool, size_t block_size, ba_length minimum,
                                          ba_alignment alignment, ba_call_site site) {
#if PBA_HAS_SHORT_WAY
    const size_t index = (minimum.bytes - 1) / block_size;
    if (index < PBA_RECENT_BLOCKS && alignment.bytes - 1 < block_size && pool->has_short_way) {
        const uint32_t blocks = (uint32_t)index + 1;
        pba_recent_list *const list = &pool->recent.lists[index];
        if (list->count > 0 && ba_alignment_is_valid(alignment)) {
            const pba_place place = list->entries[list->count - 1];
            pba_chunk *const chunk = pba_recent_chunk_of(&pool->chunks, place, blocks);
            if (chunk != NULL) {
                list->count--;
                pba_map_unpark(&chunk->map, place.block, blocks);
                pba_account_alloc(&pool->accounting, blocks);
                return ba_memory_of(chunk->base + place.block * block_size,
                                    ba_bytes(blocks * block_size));
            }
        }
    }
#else
    (void)block_size;
#endif
    return pba_pool_alloc_at(pool, minimum, alignment, site);
}

/* What pba_pool_free_at() does, for a pool whose blocks have `block_size` bytes. */
BA_ALWAYS_INLINE ba_error pba_fast_free(pba_pool *pool, size_t block_size, ba_memory memory,
                                        ba_alignment alignment, ba_call_site site) {
#if PBA_HAS_SHORT_WAY
    const size_t index = (ba_memory_length(memory).bytes - 1) / block_size;
    if (index < PBA_RECENT_BLOCKS && pool->has_short_way) {
        const uint32_t blocks = (uint32_t)index + 1;
        const uintptr_t address = (uintptr_t)ba_memory_pointer(memory);
        pba_recent_list *const list = &pool->recent.lists[index];
        pba_chunk *const chunk = pba_chunk_set_look_up(&pool->chunks, address);
        if (chunk != NULL && list->count < list->capacity && chunk->map.live > blocks) {
            const size_t offset = address - (uintptr_t)chunk->base;
            const uint32_t block = (uint32_t)(offset / block_size);
            if (offset % block_size == 0 && ba_alignment_is_valid(alignment) &&
                ba_is_aligned(ba_memory_pointer(memory), alignment) &&
                pba_map_state(&chunk->map, block) == PBA_BLOCK_LIVE_START &&
                pba_map_span_is(&chunk->map, block, blocks)) {
                pba_place place;
                place.slot = chunk->slot;
                place.block = block;
                pba_map_park(&chunk->map, block, blocks);
                list->entries[list->count++] = place;
                pba_account_free(&pool->accounting, blocks);
                return ba_error_of(BA_OK);
            }
        }
    }
#else
    (void)block_size;
#endif
    return pba_pool_free_at(pool, memory, alignment, site);
}

#ifdef __cplusplus
}
#endif

#endif /* PBA_FAST_H_ */
