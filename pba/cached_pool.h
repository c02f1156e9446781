/* pba_cached_pool: a pool that several threads may use, with a cache of spans for each of them.
 *
 *     pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
 *     pba_cached_pool pool;
 *     pba_options options = pba_options_default();
 *     ba_any_allocator backing = ba_any_allocator_of(ba_page_allocator());
 *     if (pba_cached_pool_init(&pool, &options, backing, ba_pthread_lock(&mutex), NULL) !=
 *         PBA_OPTIONS_OK) { ... }
 *     ba_memory span = pba_cached_pool_alloc(&pool, ba_bytes(1000), ba_align(16));
 *     pba_cached_pool_free(&pool, span, ba_align(16));        // in any thread
 *     pba_cached_pool_release_all(&pool, PBA_REPORT_IN_USE);  // always, before the pool goes
 *
 * Spans of up to 63 blocks, with alignments up to the block size, are taken from and given to the
 * cache of the calling thread, without a lock; caches and pool exchange spans in batches, with the
 * lock held. All else takes the lock, as does each call where spans need more than their tags: with
 * guard, fill, wipe or call sites (which are on in debug builds by default), under
 * AddressSanitizer, MemorySanitizer and Valgrind.
 *
 * - Any thread may free what another one has allocated: the span goes into the cache of the thread
 *   that frees, and from there in batches back to the pool.
 * - Bound: the cache of a thread holds at most PBA_CACHED_BYTES, nor more than 1/8 of the pool's
 *   payload; of a length at most 64 spans of up to 8 blocks, or 16 longer ones. So of what
 *   producers allocate and consumers free, no more than that lies in the cache of each.
 * - What is cached is free: statistics, walk, verify, the largest free span, leak reports say so.
 *   All caches are emptied before memory is refused and the out-of-memory hook is asked, by all
 *   calls that give back or look for what is free (shrink, trim, decay, purge, reset, release_all,
 *   largest_free, fragmentation, walk), and each when its thread ends. With
 *   PBA_AUTO_SHRINK_ADAPTIVE also each that was not used for a period. Peaks of what was in use
 *   count what was cached then; the frees of a period, those that come to the pool.
 * - A thread gets its cache in the first call that takes the lock, once the pool has
 *   PBA_CACHED_MIN_BYTES of payload. Threads need not be made by any certain library. A cache is
 *   metadata of the pool, of some 32 KiB on 64-bit machines, not taken where metadata comes from a
 *   buffer, nor more than 1/32 of what the byte limit leaves; where it is refused the thread does
 *   without. In more than 16 pools at once a thread has no caches.
 * - Misuse, in build modes that check: a free that another thread's free of the same span happened
 *   before is reported as BA_DOUBLE_FREE always, in that call, wherever the span is then, unless it
 *   has been allocated again. Of two frees of a span at the same time one is reported. In modes
 *   that do not check, the caller has promised not to err.
 * - The lock is held or given back while users' functions are called as by a pba_locked_pool
 *   (pba/locked_pool.h): given back for the out-of-memory hook, which may call this pool; held for
 *   a handler of misuse, a walk's function and the backing, which must not, and must return.
 * - Not for signal handlers.
 *
 * Cost of a call that finds what it needs in the cache: no lock; one atomic exchange of a byte in a
 * free, where misuse is checked. To get at the caches of others costs a membarrier() of the system
 * and O(threads) (pba/threads/gate.h): a call that gives back a chunk or looks at all pays that.
 *
 * A program with several threads that forks calls these, or in the child the pool may stay locked
 * for ever, and what other threads had cached is lost. They may be called by pthread_atfork():
 *
 *     static void before_fork(void) { pba_cached_pool_before_fork(&pool); }
 *     static void in_parent(void) { pba_cached_pool_after_fork_in_parent(&pool); }
 *     static void in_child(void) { pba_cached_pool_after_fork_in_child(&pool); }
 *     pthread_atfork(before_fork, in_parent, in_child); */
#ifndef PBA_CACHED_POOL_H_
#define PBA_CACHED_POOL_H_

#include "block_allocator/internal/language.h"
#include "block_allocator/lock/lock.h"
#include "pba/pool.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* The most bytes of spans in the cache of one thread. */
#define PBA_CACHED_BYTES 262144U
/* A pool with less payload, in bytes, gives threads no caches: each takes some 32 KiB. */
#define PBA_CACHED_MIN_BYTES 262144U

/* The pool. Owned by the caller. It must stay where it is from its first use on until release_all.
 * Not for callers to read or write. */
typedef struct pba_cached_pool {
    /* What each call reads, and hardly any writes. */
    uintptr_t id;     /* of this pool since its init or release_all, and of no other ever */
    uint32_t first;   /* the slot of a thread in which a cache of this pool probably lies */
    uint32_t longest; /* blocks of spans that may be cached: 63 or, where no thread has one, 0 */
    uint8_t block_shift;
    uint8_t nominal_shift; /* of the chunk set */
    bool checks;           /* misuse */
    ba_lock lock;
    unsigned char apart[64]; /* the rest is written with the lock held: no line of a processor's
                                cache shall have both */
    bool is_shut;            /* all gates are */
    bool tags_moved;         /* while they were shut */
    uint32_t leaving;        /* threads that end, and are about to empty their caches; atomic */
    struct pba_thread_cache *caches;
    uint64_t refused_at; /* blocks of payload when a cache was refused, or UINT64_MAX */
    uint64_t seen_period;
    /* Of caches that are gone: as in a pba_thread_cache. */
    uint64_t allocations;
    uint64_t frees;
    uint64_t spans_in;
    uint64_t spans_out;
    const struct pba_sharing *sharing; /* must come right before the core */
    pba_pool core;
} pba_cached_pool;

/* As pba_pool_init(), with a lock of any kind (block_allocator/lock/), which need not be recursive;
 * borrows its context. Takes no memory. */
#define pba_cached_pool_init(pool, options, backing, lock, setup)                                  \
    pba_cached_pool_init_in_mode((pool), (options), (backing), (lock), (setup), BA_BUILD_MODE)
BA_MUST_USE pba_options_error pba_cached_pool_init_in_mode(pba_cached_pool *pool,
                                                           const pba_options *options,
                                                           ba_any_allocator backing, ba_lock lock,
                                                           const pba_setup *setup, int build_mode);

/* The handlers of fork(): before takes the lock and shuts all caches, the others give it back. The
 * child has one thread; what was in the caches of the others is free in its pool. */
void pba_cached_pool_before_fork(pba_cached_pool *pool);
void pba_cached_pool_after_fork_in_parent(pba_cached_pool *pool);
void pba_cached_pool_after_fork_in_child(pba_cached_pool *pool);

/* As the functions of pba/pool.h with pba_pool for pba_cached_pool, and as told above. */
BA_MUST_USE ba_memory pba_cached_pool_alloc_at(pba_cached_pool *pool, ba_length minimum,
                                               ba_alignment alignment, ba_call_site site);
BA_MUST_USE ba_length_result pba_cached_pool_resize_at(pba_cached_pool *pool, ba_memory memory,
                                                       ba_alignment alignment, ba_length minimum,
                                                       ba_call_site site);
BA_MUST_USE ba_length_result pba_cached_pool_grow_between_at(pba_cached_pool *pool,
                                                             ba_memory memory,
                                                             ba_alignment alignment,
                                                             ba_length minimum, ba_length wanted,
                                                             ba_call_site site);
BA_MUST_USE ba_memory pba_cached_pool_remap_at(pba_cached_pool *pool, ba_memory memory,
                                               ba_alignment alignment, ba_length minimum,
                                               ba_call_site site);
BA_MUST_USE ba_memory pba_cached_pool_realloc_at(pba_cached_pool *pool, ba_memory memory,
                                                 ba_alignment alignment, ba_length minimum,
                                                 ba_call_site site);
ba_error pba_cached_pool_free_at(pba_cached_pool *pool, ba_memory memory, ba_alignment alignment,
                                 ba_call_site site);
ba_length pba_cached_pool_shrink_at(pba_cached_pool *pool, pba_threshold threshold,
                                    ba_call_site site);
ba_length pba_cached_pool_trim_at(pba_cached_pool *pool, ba_length keep, ba_call_site site);
BA_MUST_USE ba_error pba_cached_pool_reserve_at(pba_cached_pool *pool, ba_length free,
                                                ba_call_site site);
ba_length pba_cached_pool_reset_at(pba_cached_pool *pool, ba_length keep, ba_call_site site);
ba_length pba_cached_pool_purge_at(pba_cached_pool *pool, ba_call_site site);
ba_length pba_cached_pool_decay_at(pba_cached_pool *pool, uint64_t now, ba_call_site site);
pba_stats pba_cached_pool_stats_at(pba_cached_pool *pool, ba_call_site site);
ba_length pba_cached_pool_largest_free_at(pba_cached_pool *pool, ba_call_site site);
unsigned pba_cached_pool_fragmentation_at(pba_cached_pool *pool, ba_call_site site);
bool pba_cached_pool_owns(pba_cached_pool *pool, const void *pointer);
ba_length_result pba_cached_pool_usable_len(pba_cached_pool *pool, const void *pointer);
void pba_cached_pool_walk_at(pba_cached_pool *pool,
                             void (*show)(void *context, const pba_walk_item *item), void *context,
                             ba_call_site site);

/* As pba_pool_verify(), and that the caches of all threads are right. */
BA_MUST_USE ba_error pba_cached_pool_verify(pba_cached_pool *pool);

/* As pba_pool_release_all(). No other thread may be in a call of this pool, nor begin one before
 * this has returned. Threads that have used it may end meanwhile. */
ba_error pba_cached_pool_release_all_at(pba_cached_pool *pool, pba_in_use in_use,
                                        ba_call_site site);

/* The pool as an exact and as a whole-span allocator, for all threads; borrow it. */
ba_allocator pba_cached_pool_allocator_at(pba_cached_pool *pool, ba_call_site site);
ba_block_allocator pba_cached_pool_block_allocator_at(pba_cached_pool *pool, ba_call_site site);

/* The block size. Needs no lock: it is constant. */
BA_ALWAYS_INLINE ba_length pba_cached_pool_block_size(const pba_cached_pool *pool) {
    return ba_bytes((size_t)1 << pool->block_shift);
}

/* The calls without _at: macros, because only a macro sees its caller's line; with dots, because an
 * argument may hold commas. */
#define pba_cached_pool_alloc(pool, ...) pba_cached_pool_alloc_at((pool), __VA_ARGS__, BA_HERE())
#define pba_cached_pool_resize(pool, ...) pba_cached_pool_resize_at((pool), __VA_ARGS__, BA_HERE())
#define pba_cached_pool_grow_between(pool, ...)                                                    \
    pba_cached_pool_grow_between_at((pool), __VA_ARGS__, BA_HERE())
#define pba_cached_pool_remap(pool, ...) pba_cached_pool_remap_at((pool), __VA_ARGS__, BA_HERE())
#define pba_cached_pool_realloc(pool, ...)                                                         \
    pba_cached_pool_realloc_at((pool), __VA_ARGS__, BA_HERE())
#define pba_cached_pool_free(pool, ...) pba_cached_pool_free_at((pool), __VA_ARGS__, BA_HERE())
#define pba_cached_pool_shrink(pool, ...) pba_cached_pool_shrink_at((pool), __VA_ARGS__, BA_HERE())
#define pba_cached_pool_trim(pool, ...) pba_cached_pool_trim_at((pool), __VA_ARGS__, BA_HERE())
#define pba_cached_pool_reserve(pool, ...)                                                         \
    pba_cached_pool_reserve_at((pool), __VA_ARGS__, BA_HERE())
#define pba_cached_pool_reset(pool, ...) pba_cached_pool_reset_at((pool), __VA_ARGS__, BA_HERE())
#define pba_cached_pool_purge(pool) pba_cached_pool_purge_at((pool), BA_HERE())
#define pba_cached_pool_decay(pool, ...) pba_cached_pool_decay_at((pool), __VA_ARGS__, BA_HERE())
#define pba_cached_pool_stats(pool) pba_cached_pool_stats_at((pool), BA_HERE())
#define pba_cached_pool_largest_free(pool) pba_cached_pool_largest_free_at((pool), BA_HERE())
#define pba_cached_pool_fragmentation(pool) pba_cached_pool_fragmentation_at((pool), BA_HERE())
#define pba_cached_pool_walk(pool, ...) pba_cached_pool_walk_at((pool), __VA_ARGS__, BA_HERE())
#define pba_cached_pool_allocator(pool) pba_cached_pool_allocator_at((pool), BA_HERE())
#define pba_cached_pool_block_allocator(pool) pba_cached_pool_block_allocator_at((pool), BA_HERE())
#define pba_cached_pool_release_all(pool, ...)                                                     \
    pba_cached_pool_release_all_at((pool), __VA_ARGS__, BA_HERE())

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_CACHED_POOL_H_ */
