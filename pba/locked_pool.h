/* pba_locked_pool: a pool that several threads may use. A pba_pool, and a lock around each call.
 *
 *     pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
 *     pba_locked_pool pool;
 *     pba_options options = pba_options_default();
 *     ba_any_allocator backing = ba_any_allocator_of(ba_page_allocator());
 *     if (pba_locked_pool_init(&pool, &options, backing, ba_pthread_lock(&mutex), NULL) !=
 *         PBA_OPTIONS_OK) { ... }
 *     ba_memory span = pba_locked_pool_alloc(&pool, ba_bytes(1000), ba_align(16));
 *     pba_locked_pool_free(&pool, span, ba_align(16));        // in any thread
 *     pba_locked_pool_release_all(&pool, PBA_REPORT_IN_USE);  // when no other thread uses it
 *
 * pba/define.h makes a type of its own with PBA_THREADS_LOCKED. The lock is the user's, any ba_lock
 * (block_allocator/lock/lock.h), so this needs neither a threads library nor atomics. Unlike a
 * ba_locked_allocator over a pool, every function of the pool goes through the lock.
 *
 * Each function does what that of pba/pool.h does with pba_pool for pba_locked_pool, and obeys its
 * doc comment: it takes the lock, calls that, and gives the lock back, whatever comes of it. A
 * realloc is one call, its copy included. Cost: that of the lock for each call.
 *
 * - A pool over a view of this one is a user like any other, and may have a lock of its own, or
 *   none. While it asks this one, its lock is held: the order of locks is child before parent. A
 *   lock may not be shared by a parent and its child, unless it is recursive.
 * - The out-of-memory hook runs with the lock given back: it may call this pool, wait until other
 *   threads have freed something, and be left by longjmp() or an exception. It may run in several
 *   threads at once. It must not call pools over this one, for one of them may be who asks, and its
 *   lock is held; what they have free has to go before (pba/pool.h allows that without locks). If
 *   the call was made under pba_locked_pool_lock(), the lock stays held.
 * - A walk's function and a handler of misuse run with the lock held. They must not call this pool
 *   through its lock; the walk's function may use `core`, as the function of pba_pool_walk() may.
 *   Left by longjmp() or an exception the lock stays held: where that is caught, in the same
 *   thread, pba_locked_pool_unlock() gives it back, and the pool can be used.
 * - The backing is called with the lock held. It is this pool's alone, or has a lock of its own.
 *
 * A program with several threads that forks holds the lock meanwhile, or in the child it may stay
 * locked for ever, and the pool half changed. Of pools over each other the child's lock is taken
 * first and given back last:
 *
 *     static void before_fork(void) { pba_locked_pool_lock(&pool); }
 *     static void after_fork(void) { pba_locked_pool_unlock(&pool); }
 *     pthread_atfork(before_fork, after_fork, after_fork);
 *
 * Misuse is found as in any pool, whichever threads are in it: of two that free the same span the
 * second is told. Reports and statistics are those of a moment when no call is running. */
#ifndef PBA_LOCKED_POOL_H_
#define PBA_LOCKED_POOL_H_

#include "block_allocator/internal/language.h"
#include "block_allocator/lock/lock.h"
#include "pba/pool.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* The pool. Owned by the caller, and may be moved as a pba_pool. The lock lies first, so that the
 * pool finds it, and a type has its span cache behind. */
typedef struct pba_locked_pool {
    ba_lock lock;
    pba_pool core; /* to be used with the lock held */
} pba_locked_pool;

/* As pba_pool_init(). Borrows the lock's context. */
#define pba_locked_pool_init(pool, options, backing, lock, setup)                                  \
    pba_locked_pool_init_in_mode((pool), (options), (backing), (lock), (setup), BA_BUILD_MODE)

/* As pba_pool_init_in_mode(). */
BA_MUST_USE pba_options_error pba_locked_pool_init_in_mode(pba_locked_pool *pool,
                                                           const pba_options *options,
                                                           ba_any_allocator backing, ba_lock lock,
                                                           const pba_setup *setup, int build_mode);

/* Takes the pool's lock and gives it back: for handlers of fork(), as above, and for several calls
 * that nothing may come between. While it is held, this thread uses `core` with the functions of
 * pba/pool.h, and must not call this pool otherwise, unless the lock is a recursive one. */
void pba_locked_pool_lock(pba_locked_pool *pool);
void pba_locked_pool_unlock(pba_locked_pool *pool);

/* The pool as an exact and as a whole-span allocator; borrow it. */
ba_allocator pba_locked_pool_allocator_at(pba_locked_pool *pool, ba_call_site site);
ba_block_allocator pba_locked_pool_block_allocator_at(pba_locked_pool *pool, ba_call_site site);

/* As pba_pool_block_size(). Needs no lock: it is constant. */
BA_ALWAYS_INLINE ba_length pba_locked_pool_block_size(const pba_locked_pool *pool) {
    return pba_pool_block_size(&pool->core);
}

/* As the functions of pba/pool.h. */
BA_MUST_USE ba_memory pba_locked_pool_alloc_at(pba_locked_pool *pool, ba_length minimum,
                                               ba_alignment alignment, ba_call_site site);
BA_MUST_USE ba_length_result pba_locked_pool_resize_at(pba_locked_pool *pool, ba_memory memory,
                                                       ba_alignment alignment, ba_length minimum,
                                                       ba_call_site site);
BA_MUST_USE ba_length_result pba_locked_pool_grow_between_at(pba_locked_pool *pool,
                                                             ba_memory memory,
                                                             ba_alignment alignment,
                                                             ba_length minimum, ba_length wanted,
                                                             ba_call_site site);
BA_MUST_USE ba_memory pba_locked_pool_remap_at(pba_locked_pool *pool, ba_memory memory,
                                               ba_alignment alignment, ba_length minimum,
                                               ba_call_site site);
BA_MUST_USE ba_memory pba_locked_pool_realloc_at(pba_locked_pool *pool, ba_memory memory,
                                                 ba_alignment alignment, ba_length minimum,
                                                 ba_call_site site);
ba_error pba_locked_pool_free_at(pba_locked_pool *pool, ba_memory memory, ba_alignment alignment,
                                 ba_call_site site);
ba_length pba_locked_pool_shrink_at(pba_locked_pool *pool, pba_threshold threshold,
                                    ba_call_site site);
ba_length pba_locked_pool_trim_at(pba_locked_pool *pool, ba_length keep, ba_call_site site);
BA_MUST_USE ba_error pba_locked_pool_reserve_at(pba_locked_pool *pool, ba_length free,
                                                ba_call_site site);
ba_length pba_locked_pool_reset_at(pba_locked_pool *pool, ba_length keep, ba_call_site site);
ba_length pba_locked_pool_purge_at(pba_locked_pool *pool, ba_call_site site);
ba_length pba_locked_pool_decay_at(pba_locked_pool *pool, uint64_t now, ba_call_site site);
ba_error pba_locked_pool_release_all_at(pba_locked_pool *pool, pba_in_use in_use,
                                        ba_call_site site);
pba_stats pba_locked_pool_stats_at(pba_locked_pool *pool, ba_call_site site);
ba_length pba_locked_pool_largest_free_at(pba_locked_pool *pool, ba_call_site site);
unsigned pba_locked_pool_fragmentation_at(pba_locked_pool *pool, ba_call_site site);
void pba_locked_pool_walk_at(pba_locked_pool *pool,
                             void (*show)(void *context, const pba_walk_item *item), void *context,
                             ba_call_site site);
bool pba_locked_pool_owns(const pba_locked_pool *pool, const void *pointer);
ba_length_result pba_locked_pool_usable_len(const pba_locked_pool *pool, const void *pointer);
BA_MUST_USE ba_error pba_locked_pool_verify(const pba_locked_pool *pool);

/* The calls without _at: macros, because only a macro sees its caller's line; with dots, because an
 * argument may hold commas. */
#define pba_locked_pool_alloc(pool, ...) pba_locked_pool_alloc_at((pool), __VA_ARGS__, BA_HERE())
#define pba_locked_pool_resize(pool, ...) pba_locked_pool_resize_at((pool), __VA_ARGS__, BA_HERE())
#define pba_locked_pool_grow_between(pool, ...)                                                    \
    pba_locked_pool_grow_between_at((pool), __VA_ARGS__, BA_HERE())
#define pba_locked_pool_remap(pool, ...) pba_locked_pool_remap_at((pool), __VA_ARGS__, BA_HERE())
#define pba_locked_pool_realloc(pool, ...)                                                         \
    pba_locked_pool_realloc_at((pool), __VA_ARGS__, BA_HERE())
#define pba_locked_pool_free(pool, ...) pba_locked_pool_free_at((pool), __VA_ARGS__, BA_HERE())
#define pba_locked_pool_shrink(pool, ...) pba_locked_pool_shrink_at((pool), __VA_ARGS__, BA_HERE())
#define pba_locked_pool_trim(pool, ...) pba_locked_pool_trim_at((pool), __VA_ARGS__, BA_HERE())
#define pba_locked_pool_reserve(pool, ...)                                                         \
    pba_locked_pool_reserve_at((pool), __VA_ARGS__, BA_HERE())
#define pba_locked_pool_reset(pool, ...) pba_locked_pool_reset_at((pool), __VA_ARGS__, BA_HERE())
#define pba_locked_pool_purge(pool) pba_locked_pool_purge_at((pool), BA_HERE())
#define pba_locked_pool_decay(pool, ...) pba_locked_pool_decay_at((pool), __VA_ARGS__, BA_HERE())
#define pba_locked_pool_release_all(pool, ...)                                                     \
    pba_locked_pool_release_all_at((pool), __VA_ARGS__, BA_HERE())
#define pba_locked_pool_stats(pool) pba_locked_pool_stats_at((pool), BA_HERE())
#define pba_locked_pool_largest_free(pool) pba_locked_pool_largest_free_at((pool), BA_HERE())
#define pba_locked_pool_fragmentation(pool) pba_locked_pool_fragmentation_at((pool), BA_HERE())
#define pba_locked_pool_walk(pool, ...) pba_locked_pool_walk_at((pool), __VA_ARGS__, BA_HERE())
#define pba_locked_pool_allocator(pool) pba_locked_pool_allocator_at((pool), BA_HERE())
#define pba_locked_pool_block_allocator(pool) pba_locked_pool_block_allocator_at((pool), BA_HERE())

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_LOCKED_POOL_H_ */
