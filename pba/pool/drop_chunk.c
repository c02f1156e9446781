#define PBA_INTERNAL_

#include "pba/pool/drop_chunk.h"

#include "pba/pool/empty_chunks.h"
#include "pba/pool/sharing.h"
#include "pba/pool/watch.h"

void pba_pool_drop_chunk(pba_pool *pool, pba_chunk *chunk, ba_call_site site) {
    pba_pool_before_tags_go(pool, chunk);
    pba_pool_unlist(pool, chunk);
    pba_pool_forget_free_end(pool, chunk);
    pba_chunk_set_remove(&pool->chunks, chunk);
    pba_pool_chunk_went(pool);
    pool->chunks_gone = (uint16_t)((pool->chunks_gone + 1U) % PBA_NEVER_REFUSED);
    pba_count_chunk_removed(&pool->accounting, chunk->map.blocks);
    pba_payload_leaves(pool->hardening, chunk->base, pba_chunk_bytes(chunk));
    pba_backing_account_return_chunk(&pool->account, chunk->grant, chunk->alignment, site);
    pba_metadata_return(&pool->metadata, &pool->account, chunk->record, chunk->record_bytes, site);
}

void pba_pool_drop_all_chunks(pba_pool *pool, ba_call_site site) {
    for (uint32_t slot = 0; slot < pool->chunks.used; slot++) {
        pba_chunk *const chunk = pba_chunk_set_at(&pool->chunks, slot);
        if (chunk != NULL) {
            pba_pool_drop_chunk(pool, chunk, site);
        }
    }
}
