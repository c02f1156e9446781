/* The traffic between a pool with its lock held, on one side, the caches of its threads on the
 * other. How caches come and go, how spans go to and fro, how the caches of other threads are got
 * at. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_THREADS_EXCHANGE_H_
#define PBA_THREADS_EXCHANGE_H_

#include "block_allocator/internal/language.h"
#include "pba/cached_pool.h"
#include "pba/pool/sharing.h"
#include "pba/threads/thread.h"
#include "pba/threads/thread_cache.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* How the core tells of its changes. */
extern const pba_sharing pba_exchange_sharing;

/* An id that no pool has had. */
uintptr_t pba_exchange_new_id(void);

/* Takes the lock. */
void pba_exchange_lock(pba_cached_pool *pool);

/* Empties caches that were not used for a period, opens the gates if they are shut, and gives the
 * lock back. */
void pba_exchange_unlock(pba_cached_pool *pool);

/* Shuts the gates of all caches, until the lock is given back: what is in them is the caller's. */
void pba_exchange_shut(pba_cached_pool *pool);

/* Gives what is in all caches back to the core, with the gates shut. True if anything was. */
bool pba_exchange_drain_all(pba_cached_pool *pool);

/* The cache of the calling thread, or NULL. */
pba_thread_cache *pba_exchange_find_cache(const pba_cached_pool *pool);

/* The same; if there is none, makes one if that can be, which may ask the backing. */
pba_thread_cache *pba_exchange_cache(pba_cached_pool *pool);

/* Takes spans of so many blocks from the core, if it has some at hand: as many as were asked for in
 * vain before make likely, at most half a list. */
void pba_exchange_refill(pba_cached_pool *pool, pba_thread_cache *cache, uint32_t blocks);

/* Makes room for one more span of so many blocks: half of a list that is full goes to the core, or
 * where all are too much, half of each. False if there can be none. */
bool pba_exchange_make_room(pba_cached_pool *pool, pba_thread_cache *cache, uint32_t blocks);

/* Removes all caches, with what is in them. */
void pba_exchange_detach_all(pba_cached_pool *pool);

/* Of a child of fork(), with the gates shut since before it: empties and removes the caches of the
 * threads that it does not have, which must not be touched. */
void pba_exchange_forget_others(pba_cached_pool *pool);

/* The tag of the span at an address of a chunk. */
BA_ALWAYS_INLINE uint8_t *pba_exchange_tag(const pba_chunk *chunk, const void *address) {
    return &chunk->tags[pba_chunk_block(chunk, (uintptr_t)address)];
}

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_THREADS_EXCHANGE_H_ */
