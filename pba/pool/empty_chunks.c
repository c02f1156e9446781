#define PBA_INTERNAL_

#include "pba/pool/empty_chunks.h"

static void list(pba_pool *pool, pba_chunk *chunk) {
    chunk->free_since = pool->decay_age != 0 ? PBA_NOT_TOLD : pool->now;
    if (chunk->listed) {
        return;
    }
    chunk->listed = true;
    chunk->list_previous = NULL;
    chunk->list_next = pool->empty_candidates;
    if (pool->empty_candidates != NULL) {
        pool->empty_candidates->list_previous = chunk;
    }
    pool->empty_candidates = chunk;
}

void pba_pool_note_empty(pba_pool *pool, pba_chunk *chunk) {
    const size_t bytes = pba_chunk_bytes(chunk);
    pool->shortest_free = bytes < pool->shortest_free ? bytes : pool->shortest_free;
    list(pool, chunk);
}

void pba_pool_note_free_end(pba_pool *pool, pba_chunk *chunk) {
    pool->free_ends += chunk->ends_free ? 0 : 1;
    chunk->ends_free = true;
    list(pool, chunk);
}

void pba_pool_forget_free_end(pba_pool *pool, pba_chunk *chunk) {
    pool->free_ends -= chunk->ends_free ? 1 : 0;
    chunk->ends_free = false;
}

void pba_pool_unlist(pba_pool *pool, pba_chunk *chunk) {
    if (!chunk->listed) {
        return;
    }
    chunk->listed = false;
    if (chunk->list_next != NULL) {
        chunk->list_next->list_previous = chunk->list_previous;
    }
    if (chunk->list_previous != NULL) {
        chunk->list_previous->list_next = chunk->list_next;
    } else {
        pool->empty_candidates = chunk->list_next;
    }
}

void pba_pool_relist(pba_pool *pool, pba_chunk *chunk) {
    if (!chunk->listed) {
        return;
    }
    if (chunk->list_next != NULL) {
        chunk->list_next->list_previous = chunk;
    }
    if (chunk->list_previous != NULL) {
        chunk->list_previous->list_next = chunk;
    } else {
        pool->empty_candidates = chunk;
    }
}

pba_chunk *pba_pool_next_empty(pba_pool *pool, pba_chunk *from) {
    while (from != NULL && !pba_pool_is_empty_chunk(pool, from)) {
        pba_chunk *const next = from->list_next;
        if (!from->ends_free) {
            pba_pool_unlist(pool, from);
        }
        from = next;
    }
    return from;
}
