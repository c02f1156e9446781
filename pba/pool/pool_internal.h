/* What the parts of the pool's public face share: who may call, how misuse is reported, what
 * becomes of spans. Not for users. */
#ifndef PBA_POOL_POOL_INTERNAL_H_
#define PBA_POOL_POOL_INTERNAL_H_

#include "block_allocator/misuse.h"
#include "pba/engine/policy.h"
#include "pba/engine/span_check.h"
#include "pba/pool.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* Here they are functions. */
#undef pba_pool_shrink
#undef pba_pool_trim
#undef pba_pool_reserve
#undef pba_pool_reset
#undef pba_pool_purge
#undef pba_pool_decay
#undef pba_pool_release_all
#undef pba_pool_stats
#undef pba_pool_largest_free
#undef pba_pool_fragmentation
#undef pba_pool_walk
#undef pba_pool_allocator
#undef pba_pool_block_allocator

/* A call to a pool, as reports tell of it. */
typedef struct pba_call {
    const char *operation;
    ba_memory memory; /* what the caller gave, or none */
    ba_alignment alignment;
    ba_call_site site;
} pba_call;

/* Makes a call that got no memory. */
pba_call pba_call_without_memory(const char *operation, ba_call_site site);

/* The call site of a call that has no argument for it; taking it leaves none. */
ba_call_site pba_pool_take_site(pba_pool *pool);

/* Reports misuse that is described already. Returns the error if the severity is BA_SEVERITY_LOG. */
ba_error pba_pool_report(const pba_pool *pool, const ba_misuse *misuse);

/* The same about a call. */
ba_error pba_pool_reject(const pba_pool *pool, const pba_call *call, ba_error_code code);

/* The same about a span: with the length expected and the call site of its allocation. */
ba_error pba_pool_reject_span(const pba_pool *pool, const pba_call *call, ba_error_code code,
                              pba_span span);

/* What a call that only looks begins with: BA_OK if there is a pool to look at, and it is at its
 * own address. */
ba_error pba_pool_look(const pba_pool *pool, const pba_call *call);

/* What each other call begins with: BA_OK if the pool may be used now. From the first one that says
 * `pin` on the pool may not be moved. */
typedef enum pba_pinning {
    PBA_PIN,
    PBA_DO_NOT_PIN,
} pba_pinning;
ba_error pba_pool_enter(pba_pool *pool, const pba_call *call, pba_pinning pinning);

/* Opens the fast paths, where the pool has a span cache and may be called. */
BA_ALWAYS_INLINE void pba_pool_open_fast_path(pba_pool *pool) {
    pool->fast_path_max_blocks = pool->is_plain && pool->cache != NULL ? PBA_SPAN_CACHE_BLOCKS : 0;
}

/* Around calls to the backing: the pool may not be called meanwhile. */
BA_ALWAYS_INLINE void pba_pool_enter_callback(pba_pool *pool) {
    pool->in_callback = true;
    pool->fast_path_max_blocks = 0;
    pool->visits++;
}
BA_ALWAYS_INLINE void pba_pool_leave_callback(pba_pool *pool) {
    pool->in_callback = false;
    pool->is_asking = false;
    pba_pool_open_fast_path(pool);
}

/* The same around calls that ask the backing for memory, before anything is changed: a span may be
 * freed meanwhile, in its map alone. The way back is asked as well for what has been prepared. */
BA_ALWAYS_INLINE void pba_pool_begin_asking(pba_pool *pool) {
    pba_pool_enter_callback(pool);
    pool->is_asking = true;
}

/* True if memory was refused for want of it, or by a limit: less might be given. */
BA_ALWAYS_INLINE bool pba_pool_is_shortage(ba_error error) {
    return error.code == BA_OUT_OF_MEMORY || error.code == BA_LIMIT;
}

/* Ends a period: gives back what was not needed, as PBA_AUTO_SHRINK_ADAPTIVE says, and begins the
 * next one. */
void pba_pool_end_period(pba_pool *pool, ba_call_site site);

/* Where the span cache has a place of its own, makes it: in a pool that may not be moved any more.
 */
void pba_pool_place_cache(pba_pool *pool);

/* Takes a span cache as metadata, of a pool that has chunks. A refusal is nothing but a pool
 * without one until its next chunk. */
void pba_pool_take_cache(pba_pool *pool, ba_call_site site);

/* Gives back what the span cache has taken, and the cache itself if it is metadata; what is in
 * it is forgotten. Cannot fail. */
void pba_pool_release_cache(pba_pool *pool, ba_call_site site);

/* Sets everything that changes while the pool is used to what it is in the beginning. */
void pba_pool_make_empty(pba_pool *pool);

/* The payload, as the policy sees it. */
pba_payload pba_pool_payload(const pba_pool *pool);

/* The most blocks that the index type counts. */
BA_ALWAYS_INLINE uint64_t pba_pool_max_blocks(const pba_pool *pool) {
    return PBA_INDEX_MAX(pool->index);
}

/* The pool's own threshold. */
pba_threshold pba_pool_threshold(const pba_pool *pool);

/* A new chunk with a run of that many free blocks at its start; NULL with the error if there is
 * none. The hook is not asked. */
pba_chunk *pba_pool_new_chunk(pba_pool *pool, uint32_t blocks, const pba_call *call,
                              ba_error *error);

/* True if the pool could hold so many blocks if nothing else were in it. */
bool pba_pool_could_hold(const pba_pool *pool, uint64_t blocks);

/* Asks the hook about memory that was refused: true if the call shall be tried again, from its
 * beginning, for the pool may have changed in any way. `wanted` is what the backing must have for
 * it, or zero if no freeing would help. What is not tried again is counted as a failure. */
bool pba_pool_tries_again(pba_pool *pool, ba_error error, ba_length wanted, size_t attempt);

/* Gives all empty chunks back, where memory for so many blocks was refused and may be there
 * then. True if something went, so that it shall be asked for once more. */
bool pba_pool_make_room(pba_pool *pool, ba_error error, uint32_t blocks, const pba_call *call);

/* What the option backing_failure says about the error of a call that has failed. */
void pba_pool_apply_failure_policy(const pba_pool *pool, const pba_call *call, ba_error error);

/* The pool behind a view, or NULL if the allocator is no view of a pool. */
pba_pool *pba_pool_of_view(ba_block_allocator blocks);

/* Coalesces all cached spans with their neighbours; a busy pool is left as it is. */
void pba_pool_flush_cache(pba_pool *pool);

/* Gives empty chunks back while the payload is at or above max, and what remains at or above
 * min. Returns bytes. */
size_t pba_pool_shrink_to(pba_pool *pool, pba_threshold threshold, ba_call_site site);

/* What caches of threads around a pool are told and asked (pba/threads/cached_pool.c). */
typedef struct pba_sharing {
    /* Tags of a chunk are about to go, to move, or to stand for other addresses. */
    void (*before_tags_go)(pba_pool *pool, const pba_chunk *chunk);
    /* Memory was refused: frees all spans in caches of threads. True if there were any. */
    bool (*give_back)(pba_pool *pool);
} pba_sharing;

/* A pool with such caches around it. */
typedef struct pba_shared_core {
    const pba_sharing *sharing;
    pba_pool core;
} pba_shared_core;

/* How they are told; nothing for a pool without. */
BA_ALWAYS_INLINE const pba_sharing *pba_pool_sharing(const pba_pool *pool) {
    return ((const pba_shared_core *)(const void *)((const unsigned char *)pool -
                                                    offsetof(pba_shared_core, core)))
        ->sharing;
}
BA_ALWAYS_INLINE void pba_pool_before_tags_go(pba_pool *pool, const pba_chunk *chunk) {
    if ((pool->threads & PBA_HAS_THREAD_CACHES) != 0) {
        pba_pool_sharing(pool)->before_tags_go(pool, chunk);
    }
}
BA_ALWAYS_INLINE bool pba_pool_threads_give_back(pba_pool *pool) {
    return (pool->threads & PBA_HAS_THREAD_CACHES) != 0 && pba_pool_sharing(pool)->give_back(pool);
}

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_POOL_POOL_INTERNAL_H_ */
