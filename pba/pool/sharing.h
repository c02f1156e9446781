/* The caches of threads around a pool: what a pool tells them, what it asks of them. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_POOL_SHARING_H_
#define PBA_POOL_SHARING_H_

#include <stdbool.h>
#include <stddef.h>

#include "block_allocator/internal/language.h"
#include "pba/engine/chunk.h"
#include "pba/pool.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* What such caches do for the pool (pba/threads/exchange.c). */
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

/* How they are told; only of a pool with PBA_HAS_THREAD_CACHES. */
BA_ALWAYS_INLINE const pba_sharing *pba_pool_sharing(const pba_pool *pool) {
    return ((const pba_shared_core *)(const void *)((const unsigned char *)pool -
                                                    offsetof(pba_shared_core, core)))
        ->sharing;
}

/* Tells them that tags of a chunk are about to go; nothing for a pool without such caches. */
BA_ALWAYS_INLINE void pba_pool_before_tags_go(pba_pool *pool, const pba_chunk *chunk) {
    if ((pool->threads & PBA_HAS_THREAD_CACHES) != 0) {
        pba_pool_sharing(pool)->before_tags_go(pool, chunk);
    }
}

/* Asks them for all that they have. True if there was any. */
BA_ALWAYS_INLINE bool pba_pool_threads_give_back(pba_pool *pool) {
    return (pool->threads & PBA_HAS_THREAD_CACHES) != 0 && pba_pool_sharing(pool)->give_back(pool);
}

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_POOL_SHARING_H_ */
