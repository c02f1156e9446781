/* Giving pages inside chunks back to the system; the chunks stay. */
#define PBA_INTERNAL_

#include "block_allocator/implementing/instrumentation.h"
#include "pba/pool/busy.h"
#include "pba/pool/cached_spans.h"
#include "pba/pool/calls.h"
#include "pba/pool/functions.h"
#include "pba/pool/race_check.h"

/* Some pages of a chunk, all of them free. */
typedef struct pages {
    pba_chunk *chunk;
    uint32_t first; /* block */
    uint32_t end;
    uint32_t step; /* blocks of a page */
} pages;

/* The pages that lie in a hole from end to end. */
static pages pages_in(const pba_pool *pool, pba_chunk *chunk, uint32_t first, uint32_t run) {
    const size_t page = pba_backing_account_page(&pool->account);
    const uint32_t step = pba_chunk_page_blocks(chunk, page);
    const uint32_t into = pba_chunk_into_page(chunk, first, page);
    const uint32_t skipped = into == 0 ? 0 : step - into;
    const uint32_t whole = skipped < run ? (run - skipped) / step * step : 0;
    return (pages){chunk, first + skipped, first + skipped + whole, step};
}

/* The first page from a block on that is discarded, or is not; or the end. */
static uint32_t next_page(const pages *of, uint32_t block, bool is_discarded) {
    while (block < of->end &&
           (pba_tag_load(&of->chunk->tags[block]) == PBA_TAG_DISCARDED) != is_discarded) {
        block += of->step;
    }
    return block;
}

/* Gives pages back to the system; they stay ours. */
static size_t discard(pba_pool *pool, const pages *of, uint32_t first, uint32_t end,
                      const pba_call *call) {
    unsigned char *const start = pba_chunk_address(of->chunk, first);
    const ba_length length = ba_bytes((size_t)(end - first) << pool->block_shift);
    ba_instrument_return(start, length);
    const size_t gone =
        ba_length_result_length(
            ba_block_discard_at(pool->account.payload, ba_memory_of(start, length), call->site))
            .bytes;
    pba_payload_arrives(pool->hardening, start, length.bytes);
    if (gone == length.bytes) {
        for (uint32_t block = first; block < end; block += of->step) {
            pba_tag_store(&of->chunk->tags[block], (uint8_t)PBA_TAG_DISCARDED);
        }
        of->chunk->any_discarded = true;
    }
    return gone;
}

/* Gives the pages in the holes of a chunk back that were not yet. */
static size_t discard_holes(pba_pool *pool, pba_chunk *chunk, const pba_call *call) {
    size_t gone = 0;
    uint32_t block = 0;
    while (block < chunk->map.blocks) {
        const uint32_t run = pba_map_free_run(&chunk->map, block, chunk->map.blocks);
        if (run == 0) {
            block += pba_map_span_blocks(&chunk->map, block);
            continue;
        }
        const pages of = pages_in(pool, chunk, block, run);
        uint32_t first = next_page(&of, of.first, false);
        while (first < of.end) {
            const uint32_t end = next_page(&of, first, true);
            gone += discard(pool, &of, first, end, call);
            first = next_page(&of, end, false);
        }
        block += run;
    }
    return gone;
}

ba_length pba_pool_purge(pba_pool *pool) {
    const pba_call call = pba_pool_call(pool, "purge");
    PBA_MARK_CALL(pool, call.site);
    size_t gone = 0;
    if (!pba_pool_may_give_back(pool, &call) || pool->hardening.fill) {
        return ba_bytes(0);
    }
    pba_pool_flush_cache(pool);
    pba_pool_enter_callback(pool);
    for (uint32_t slot = 0; slot < pool->chunks.used; slot++) {
        pba_chunk *const chunk = pba_chunk_set_at(&pool->chunks, slot);
        if (chunk != NULL) {
            gone += discard_holes(pool, chunk, &call);
        }
    }
    pba_pool_leave_callback(pool);
    return ba_bytes(gone);
}
