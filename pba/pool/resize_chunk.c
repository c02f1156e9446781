#define PBA_INTERNAL_

#include "pba/pool/resize_chunk.h"

#include <string.h>

#include "pba/pool/cached_spans.h"
#include "pba/pool/chunk_sizes.h"
#include "pba/pool/empty_chunks.h"
#include "pba/pool/sharing.h"

/* Everything that a chunk with more blocks needs, taken but not yet used. */
typedef struct chunk_growth {
    ba_memory record; /* none if the present one has room */
    size_t record_bytes;
    size_t in_slabs; /* before it was taken */
    uint32_t capacity;
    pba_set_growth set;
} chunk_growth;

/* The room of the record of a chunk that grows to so many blocks: what it has, or at least twice as
 * much, so that a chunk that grows step by step is not copied at each. */
static uint32_t grown_capacity(const pba_pool *pool, const pba_chunk *chunk, uint32_t blocks) {
    const uint32_t now = chunk->map.capacity;
    if (blocks <= now) {
        return now;
    }
    const uint32_t twice = now < PBA_MAP_MAX_BLOCKS / 2 ? 2 * now : PBA_MAP_MAX_BLOCKS;
    return pba_pool_full_capacity(pool, blocks > twice ? blocks : twice);
}

static ba_error take_growth(pba_pool *pool, const pba_chunk *chunk, uint32_t blocks,
                            chunk_growth *growth, ba_call_site site) {
    growth->record = ba_memory_none(ba_error_of(BA_OUT_OF_MEMORY));
    growth->capacity = grown_capacity(pool, chunk, blocks);
    const ba_error error = pba_chunk_set_prepare(&pool->chunks, &pool->account, &growth->set, site);
    if (ba_failed(error) || growth->capacity == chunk->map.capacity) {
        return error;
    }
    growth->in_slabs = pool->metadata.in_slabs;
    growth->record_bytes = pba_pool_record_bytes(pool, growth->capacity);
    growth->record = pba_metadata_take(&pool->metadata, &pool->account, growth->record_bytes, site);
    if (ba_memory_is_none(growth->record)) {
        pba_chunk_set_cancel(&pool->account, &growth->set, site);
    }
    return ba_memory_error(growth->record);
}

static void cancel_growth(pba_pool *pool, const chunk_growth *growth, ba_call_site site) {
    if (!ba_memory_is_none(growth->record)) {
        pba_metadata_cancel(&pool->metadata, &pool->account, growth->record, growth->record_bytes,
                            growth->in_slabs, site);
    }
    pba_chunk_set_cancel(&pool->account, &growth->set, site);
}

/* What take_growth() takes at least. */
static size_t growth_bytes(const pba_pool *pool, const pba_chunk *chunk, uint32_t blocks) {
    const uint32_t capacity = grown_capacity(pool, chunk, blocks);
    return capacity == chunk->map.capacity
               ? pba_backing_account_metadata_grant(&pool->account,
                                                    pba_chunk_set_growth_bytes(&pool->chunks))
               : pba_pool_metadata_bytes(pool, capacity);
}

/* Moves a chunk, whose addresses are not entered now, into the record of its growth, if there is
 * one. */
static pba_chunk *use_growth(pba_pool *pool, pba_chunk *chunk, const chunk_growth *growth,
                             ba_call_site site) {
    if (ba_memory_is_none(growth->record)) {
        return chunk;
    }
    pba_pool_before_tags_go(pool, chunk);
    pba_pool_invalidate_cache(pool); /* the tags move too */
    const ba_memory old_record = chunk->record;
    const size_t old_bytes = chunk->record_bytes;
    pba_chunk *const moved = pba_chunk_move(chunk, growth->record, growth->record_bytes,
                                            growth->capacity, pba_pool_sites(pool));
    pba_metadata_return(&pool->metadata, &pool->account, old_record, old_bytes, site);
    pba_chunk_set_replace(&pool->chunks, moved);
    pba_pool_relist(pool, moved);
    return moved;
}

/* Adds the blocks that a longer grant has room for. */
static void extend(pba_pool *pool, pba_chunk *chunk, uint32_t blocks) {
    const uint32_t before = chunk->map.blocks;
    pba_map_extend(&chunk->map, blocks - before);
    pba_pool_count_taken(pool, blocks - before);
    pba_payload_arrives(pool->hardening, pba_chunk_address(chunk, before),
                        pba_pool_bytes_of(pool, blocks - before));
}

bool pba_pool_shorten_chunk(pba_pool *pool, pba_chunk *chunk, ba_call_site site) {
    const uint32_t before = chunk->map.blocks;
    const uint32_t kept =
        pba_pool_rounded_blocks(pool, before - pba_map_free_at_end(&chunk->map), before);
    if (kept == 0 || kept == before) {
        return false;
    }
    pba_pool_before_tags_go(pool, chunk);
    pba_payload_leaves(pool->hardening, pba_chunk_address(chunk, kept),
                       pba_pool_bytes_of(pool, before - kept));
    const ba_length now =
        pba_backing_account_shrink_chunk(&pool->account, chunk->grant, chunk->alignment,
                                         ba_bytes(pba_pool_bytes_of(pool, kept)), site);
    const uint32_t blocks = pba_pool_blocks_in(pool, now.bytes, before);
    pba_payload_arrives(pool->hardening, pba_chunk_address(chunk, kept),
                        pba_pool_bytes_of(pool, blocks - kept));
    chunk->grant = ba_memory_of(ba_memory_pointer(chunk->grant), now);
    if (blocks == before) {
        return false;
    }
    pba_chunk_set_withdraw(&pool->chunks, chunk);
    pba_map_shorten(&chunk->map, before - blocks);
    memset(chunk->tags + blocks, 0, before - blocks);
    pba_chunk_set_enter(&pool->chunks, chunk);
    pba_chunk_set_taken(&pool->chunks, chunk);
    pba_chunk_set_freed(&pool->chunks, chunk);
    pba_count_chunk_removed(&pool->accounting, before - blocks);
    return true;
}

/* The most blocks that a chunk may come to: what the index type leaves. */
static uint64_t most_blocks(const pba_pool *pool, const pba_chunk *chunk) {
    return pba_pool_max_blocks(pool) - pool->accounting.blocks + chunk->map.blocks;
}

/* Makes a chunk, whose addresses are not entered now, one of a longer grant, and enters it. Blocks
 * beyond what the index type allows stay unused. */
static pba_chunk *use_longer(pba_pool *pool, pba_chunk *chunk, ba_memory grant,
                             const chunk_growth *growth, ba_call_site site) {
    pba_chunk *const longer = use_growth(pool, chunk, growth, site);
    const uint64_t most = most_blocks(pool, longer);
    const uint64_t room = longer->map.capacity < most ? longer->map.capacity : most;
    longer->grant = grant;
    if (longer->base != ba_memory_pointer(grant)) {
        pba_chunk_forget_discarded(longer); /* pages may begin at other blocks now */
    }
    longer->base = (unsigned char *)ba_memory_pointer(grant);
    extend(pool, longer, pba_pool_blocks_in(pool, ba_memory_length(grant).bytes, room));
    pba_chunk_set_enter(&pool->chunks, longer);
    pba_chunk_set_freed(&pool->chunks, longer);
    return longer;
}

/* Takes a longer grant where it is, to at least `minimum` blocks, towards `asked`, as far as the
 * byte limit allows with the metadata that it needs. */
static ba_length_result take_longer(pba_pool *pool, const pba_chunk *chunk, uint32_t minimum,
                                    uint32_t asked, ba_call_site site) {
    const size_t left = pba_backing_account_left(&pool->account);
    const size_t metadata = growth_bytes(pool, chunk, asked);
    const size_t held = ba_memory_length(chunk->grant).bytes;
    if (metadata > left || pba_pool_bytes_of(pool, minimum) > held + (left - metadata)) {
        return ba_length_result_none(ba_error_of(BA_LIMIT));
    }
    /* Whole blocks, for there is no use for a part of one. */
    const uint32_t affordable = pba_pool_blocks_in(pool, held + (left - metadata), asked);
    return pba_backing_account_grow_chunk(&pool->account, chunk->grant, chunk->alignment,
                                          ba_bytes(pba_pool_bytes_of(pool, minimum)),
                                          ba_bytes(pba_pool_bytes_of(pool, affordable)), site);
}

/* Makes a chunk longer in place, to at least `minimum` blocks, towards `asked`. The payload comes
 * first: it is what is refused most, and can be given back where it is. */
static ba_error grow_to(pba_pool *pool, pba_span *span, uint32_t minimum, uint32_t asked,
                        ba_call_site site) {
    pba_chunk *chunk = span->chunk;
    const ba_length_result longer = take_longer(pool, chunk, minimum, asked, site);
    if (ba_length_result_is_none(longer)) {
        return ba_length_result_error(longer);
    }
    const ba_memory grant =
        ba_memory_of(ba_memory_pointer(chunk->grant), ba_length_result_length(longer));
    chunk_growth growth;
    const ba_error error = take_growth(
        pool, chunk, pba_pool_blocks_in(pool, ba_memory_length(grant).bytes, asked), &growth, site);
    if (ba_failed(error)) {
        (void)pba_backing_account_shrink_chunk(&pool->account, grant, chunk->alignment,
                                               ba_memory_length(chunk->grant), site);
        return error;
    }

    pba_chunk_set_grow(&pool->chunks, &pool->account, &growth.set, site);
    pba_chunk_set_withdraw(&pool->chunks, chunk);
    span->chunk = use_longer(pool, chunk, grant, &growth, site);
    return ba_error_of(BA_OK);
}

ba_error pba_pool_grow_chunk(pba_pool *pool, pba_span *span, pba_wanted_blocks more,
                             ba_call_site site) {
    const uint64_t most = most_blocks(pool, span->chunk);
    const uint64_t minimum = (uint64_t)span->chunk->map.blocks + more.minimum;
    if (minimum > most || minimum > pba_pool_longest_chunk(pool)) {
        return ba_error_of(BA_LIMIT);
    }
    const uint64_t wanted = (uint64_t)span->chunk->map.blocks + more.wanted;
    const uint32_t least = (uint32_t)minimum;
    const uint32_t towards = (uint32_t)(wanted < pba_pool_longest_chunk(pool) ? wanted : minimum);
    const uint32_t asked = pba_pool_rounded_blocks(pool, towards > least ? towards : least, most);
    const ba_error error = grow_to(pool, span, least, asked, site);
    /* The byte limit may have no room for what is wanted, but for what is needed. */
    return error.code == BA_LIMIT && asked > least ? grow_to(pool, span, least, least, site)
                                                   : error;
}

/* What the sanitizers know of the free blocks around a span that is alone in its chunk, which is
 * about to move, or has moved. */
static void show_free(const pba_pool *pool, pba_span span) {
    const uint32_t end = span.first + span.blocks;
    pba_payload_moves(span.chunk->base, pba_pool_bytes_of(pool, span.first));
    pba_payload_moves(pba_chunk_address(span.chunk, end),
                      pba_pool_bytes_of(pool, span.chunk->map.blocks - end));
}
static void hide_free(const pba_pool *pool, unsigned char *base, pba_span span, uint32_t blocks) {
    const uint32_t end = span.first + span.blocks;
    pba_payload_moved(base, pba_pool_bytes_of(pool, span.first));
    pba_payload_moved(base + pba_pool_bytes_of(pool, end), pba_pool_bytes_of(pool, blocks - end));
}

ba_error pba_pool_remap_chunk(pba_pool *pool, pba_span *span, uint32_t blocks, ba_call_site site) {
    pba_chunk *const chunk = span->chunk;
    const uint32_t before = chunk->map.blocks;
    const uint64_t most = most_blocks(pool, chunk);
    if (blocks > most || blocks > pba_pool_longest_chunk(pool)) {
        return ba_error_of(BA_LIMIT);
    }
    if (!pba_backing_account_can_remap(&pool->account)) {
        return ba_error_of(BA_UNSUPPORTED);
    }
    const uint32_t asked = pba_pool_rounded_blocks(pool, blocks, most);
    /* The metadata comes first: what has moved cannot be moved back reliably. */
    chunk_growth growth;
    const ba_error error = take_growth(pool, chunk, asked, &growth, site);
    if (ba_failed(error)) {
        return error;
    }
    pba_pool_before_tags_go(pool, chunk); /* they stand for other addresses then */
    show_free(pool, *span);
    const ba_memory moved =
        pba_backing_account_remap_chunk(&pool->account, chunk->grant, chunk->alignment,
                                        ba_bytes(pba_pool_bytes_of(pool, asked)), site);
    if (ba_memory_is_none(moved)) {
        hide_free(pool, chunk->base, *span, before);
        cancel_growth(pool, &growth, site);
        return ba_memory_error(moved);
    }

    pba_chunk_set_grow(&pool->chunks, &pool->account, &growth.set, site);
    pba_chunk_set_withdraw(&pool->chunks, chunk);
    span->chunk = use_longer(pool, chunk, moved, &growth, site);
    hide_free(pool, span->chunk->base, *span, before);
    return ba_error_of(BA_OK);
}
