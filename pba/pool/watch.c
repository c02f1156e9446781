#define PBA_INTERNAL_

#include "pba/pool/watch.h"

#include "pba/pool/cached_spans.h"
#include "pba/pool/empty_chunks.h"

/* A chunk that has become empty is coalesced if it has more cached blocks than may lie close to
 * each other: the next one that looks for a live span in it would have to go through all of them
 * again. */
#define COALESCED_WHEN_EMPTY (4U * PBA_WORD_BITS)

bool pba_pool_must_watch(const pba_pool *pool) {
    return pool->gives_back && pool->chunks.count > (pool->keeps_last_chunk ? 1U : 0U);
}

/* Has a chunk watch a live span. Where threads have caches its tag stays as it is, for one of them
 * may change that right now. It need not be told by its tag, for it is freed with the lock held, as
 * all spans are, and that asks the chunk. */
static void watch(const pba_pool *pool, pba_chunk *chunk, uint32_t first) {
    if ((pool->threads & PBA_HAS_THREAD_CACHES) != 0) {
        chunk->watched = first;
    } else {
        pba_chunk_watch(chunk, first);
    }
}

bool pba_pool_watch_another(pba_pool *pool, pba_chunk *chunk, uint32_t freed) {
    const uint32_t found = pba_chunk_find_live(chunk, freed);
    if (found != PBA_NO_BLOCK) {
        watch(pool, chunk, found);
        return true;
    }
    if (chunk->map.taken > COALESCED_WHEN_EMPTY) {
        pba_chunk_clear(chunk);
        pba_chunk_set_freed(&pool->chunks, chunk);
    }
    pba_pool_invalidate_cache(pool);
    pba_pool_note_empty(pool, chunk);
    return false;
}

void pba_pool_chunk_came(pba_pool *pool) {
    if (pool->watches || !pba_pool_must_watch(pool)) {
        return;
    }
    pool->watches = true;
    for (uint32_t slot = 0; slot < pool->chunks.used; slot++) {
        pba_chunk *const chunk = pba_chunk_set_at(&pool->chunks, slot);
        if (chunk != NULL && chunk->watched == PBA_NO_BLOCK) {
            (void)pba_pool_watch_another(pool, chunk, 0);
        }
    }
}

void pba_pool_chunk_went(pba_pool *pool) {
    pba_pool_invalidate_cache(pool);
    pool->watches = pool->watches && pba_pool_must_watch(pool);
}
