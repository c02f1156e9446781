#include "pba/pool_chunks.h"

#include <string.h>

#include "pba/pool_place.h"

/* --- the list of chunks that may be wholly free --- */

void pba_pool_note_wholly_free(pba_pool *pool, pba_chunk *chunk) {
    chunk->free_since = pool->now;
    if (chunk->listed) {
        return;
    }
    chunk->listed = true;
    chunk->list_previous = NULL;
    chunk->list_next = pool->maybe_free;
    if (pool->maybe_free != NULL) {
        pool->maybe_free->list_previous = chunk;
    }
    pool->maybe_free = chunk;
}

static void unlist(pba_pool *pool, pba_chunk *chunk) {
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
        pool->maybe_free = chunk->list_next;
    }
}

/* Says that a listed chunk is at another address now. */
static void relist(pba_pool *pool, pba_chunk *chunk) {
    if (!chunk->listed) {
        return;
    }
    if (chunk->list_next != NULL) {
        chunk->list_next->list_previous = chunk;
    }
    if (chunk->list_previous != NULL) {
        chunk->list_previous->list_next = chunk;
    } else {
        pool->maybe_free = chunk;
    }
}

pba_chunk *pba_pool_wholly_free(pba_pool *pool, pba_chunk *from) {
    while (from != NULL && !pba_pool_is_wholly_free(pool, from)) {
        pba_chunk *const next = from->list_next;
        unlist(pool, from);
        from = next;
    }
    return from;
}

/* --- lengths --- */

static size_t bytes_of(const pba_pool *pool, uint32_t blocks) {
    return (size_t)blocks << pool->block_shift;
}

static pba_sites sites_of(const pba_pool *pool) {
    return pool->keeps_sites ? PBA_WITH_SITES : PBA_WITHOUT_SITES;
}

/* The blocks of a request: the nearest lower of all the reasons that bound it. */
static uint32_t blocks_of(const pba_pool *pool, size_t bytes, uint64_t most) {
    const uint64_t blocks = bytes >> pool->block_shift;
    const uint64_t bound = most < PBA_MAP_MAX_BLOCKS ? most : PBA_MAP_MAX_BLOCKS;
    return (uint32_t)(blocks < bound ? blocks : bound);
}

/* `blocks`, rounded up to whole backing requests, but at most `most`. */
static uint32_t rounded_blocks(const pba_pool *pool, uint32_t blocks, uint64_t most) {
    const ba_length_result rounded = ba_length_round_up(
        ba_bytes(bytes_of(pool, blocks)), ba_align(pool->options.backing_request_size));
    return ba_length_result_is_none(rounded)
               ? blocks
               : blocks_of(pool, ba_length_result_length(rounded).bytes, most);
}

/* The room of the record of a chunk of that many blocks: all usual chunks have the same. */
static uint32_t capacity_of(const pba_pool *pool, uint32_t blocks) {
    const uint32_t usual = blocks_of(pool, pool->options.backing_request_size, PBA_MAP_MAX_BLOCKS);
    return blocks < usual ? usual : blocks;
}

/* --- adding --- */

/* Everything that a new chunk needs, taken but not yet used. */
typedef struct new_chunk {
    ba_memory grant;
    ba_alignment alignment;
    ba_memory record;
    size_t record_bytes;
    uint32_t blocks;
    uint32_t capacity;
    pba_set_growth growth;
} new_chunk;

/* Takes the bookkeeping for a grant that is already there. */
static ba_error take_bookkeeping(pba_pool *pool, new_chunk *chunk, ba_call_site site) {
    const ba_error error =
        pba_chunk_set_prepare(&pool->chunks, &pool->supply, &chunk->growth, site);
    if (ba_failed(error)) {
        return error;
    }
    chunk->record_bytes = pba_chunk_record_bytes(chunk->capacity, sites_of(pool));
    chunk->record = pba_records_take(&pool->records, &pool->supply, chunk->record_bytes, site);
    if (ba_memory_is_none(chunk->record)) {
        pba_chunk_set_cancel(&pool->supply, &chunk->growth, site);
    }
    return ba_memory_error(chunk->record);
}

static ba_error take_chunk(pba_pool *pool, new_chunk *chunk, uint32_t blocks, uint64_t most,
                           ba_call_site site) {
    chunk->grant = pba_supply_take_chunk(&pool->supply, ba_bytes(bytes_of(pool, blocks)),
                                         chunk->alignment, site);
    if (ba_memory_is_none(chunk->grant)) {
        return ba_memory_error(chunk->grant);
    }
    chunk->blocks = blocks_of(pool, ba_memory_length(chunk->grant).bytes, most);
    chunk->capacity = capacity_of(pool, chunk->blocks);
    const ba_error error = take_bookkeeping(pool, chunk, site);
    if (ba_failed(error)) {
        pba_supply_return_chunk(&pool->supply, chunk->grant, chunk->alignment, site);
    }
    return error;
}

/* The most blocks of a chunk that the byte limit leaves room for, if all its bookkeeping has to be
 * taken too. */
static uint32_t blocks_within_limit(const pba_pool *pool, uint32_t blocks) {
    const size_t left = pba_supply_left(&pool->supply);
    const size_t bookkeeping =
        pba_chunk_set_growth_bytes(&pool->chunks) +
        pba_records_growth_bytes(&pool->records,
                                 pba_chunk_record_bytes(capacity_of(pool, blocks), sites_of(pool)));
    return left > bookkeeping ? blocks_of(pool, left - bookkeeping, blocks) : 0;
}

pba_chunk *pba_pool_add_chunk(pba_pool *pool, uint32_t blocks, ba_alignment alignment,
                              ba_call_site site, ba_error *error) {
    const uint64_t most = pool->max_blocks - pool->accounting.blocks;
    if (blocks > most) {
        *error = ba_error_of(BA_LIMIT);
        return NULL;
    }
    const size_t block_size = pba_pool_block_size(pool).bytes;
    new_chunk taken;
    taken.alignment = alignment.bytes > block_size ? alignment : ba_align(block_size);

    const uint32_t asked = rounded_blocks(pool, blocks, most);
    *error = take_chunk(pool, &taken, asked, most, site);
    if (error->code == BA_LIMIT) {
        /* A last chunk, cut short by the limit. */
        const uint32_t fewer = blocks_within_limit(pool, asked);
        if (fewer >= blocks && fewer < asked) {
            *error = take_chunk(pool, &taken, fewer, most, site);
        }
    }
    if (ba_failed(*error)) {
        return NULL;
    }

    pba_chunk_set_grow(&pool->chunks, &pool->supply, &taken.growth, site);
    pba_chunk *const chunk =
        pba_chunk_init(taken.record, taken.record_bytes, taken.grant, taken.alignment,
                       pool->block_shift, taken.blocks, taken.capacity, sites_of(pool));
    pba_chunk_set_add(&pool->chunks, chunk);
    pba_pool_chunk_came(pool);
    pba_account_more(&pool->accounting, taken.blocks);
    pba_payload_arrives(pool->care, chunk->base, pba_chunk_bytes(chunk));
    return chunk;
}

/* --- changing --- */

/* Everything that a chunk with more blocks needs, taken but not yet used. */
typedef struct chunk_growth {
    ba_memory record; /* none if the present one has room */
    size_t record_bytes;
    uint32_t capacity;
    pba_set_growth set;
} chunk_growth;

static ba_error take_growth(pba_pool *pool, const pba_chunk *chunk, uint32_t blocks,
                            chunk_growth *growth, ba_call_site site) {
    growth->record = ba_memory_none(ba_error_of(BA_OUT_OF_MEMORY));
    const ba_error error = pba_chunk_set_prepare(&pool->chunks, &pool->supply, &growth->set, site);
    if (ba_failed(error) || blocks <= chunk->map.capacity) {
        return error;
    }
    /* Twice the room, so that a chunk that grows step by step is not copied at each. */
    const uint32_t twice =
        chunk->map.capacity < PBA_MAP_MAX_BLOCKS / 2 ? 2 * chunk->map.capacity : PBA_MAP_MAX_BLOCKS;
    growth->capacity = blocks > twice ? blocks : twice;
    growth->record_bytes = pba_chunk_record_bytes(growth->capacity, sites_of(pool));
    growth->record = pba_records_take(&pool->records, &pool->supply, growth->record_bytes, site);
    if (ba_memory_is_none(growth->record)) {
        pba_chunk_set_cancel(&pool->supply, &growth->set, site);
        return ba_memory_error(growth->record);
    }
    return ba_error_of(BA_OK);
}

static void cancel_growth(pba_pool *pool, const chunk_growth *growth, ba_call_site site) {
    if (!ba_memory_is_none(growth->record)) {
        pba_records_return(&pool->records, &pool->supply, growth->record, growth->record_bytes,
                           site);
    }
    pba_chunk_set_cancel(&pool->supply, &growth->set, site);
}

/* Moves a chunk, whose addresses are not entered now, into the record of its growth, if there is
 * one. */
static pba_chunk *use_growth(pba_pool *pool, pba_chunk *chunk, const chunk_growth *growth,
                             ba_call_site site) {
    if (ba_memory_is_none(growth->record)) {
        return chunk;
    }
    pba_pool_doubt_cached(pool); /* the tags move too */
    const ba_memory old_record = chunk->record;
    const size_t old_bytes = chunk->record_bytes;
    pba_chunk *const moved = pba_chunk_move(chunk, growth->record, growth->record_bytes,
                                            growth->capacity, sites_of(pool));
    pba_records_return(&pool->records, &pool->supply, old_record, old_bytes, site);
    pba_chunk_set_replace(&pool->chunks, moved);
    relist(pool, moved);
    return moved;
}

/* Adds the blocks that a longer grant has room for. */
static void extend(pba_pool *pool, pba_chunk *chunk, uint32_t blocks) {
    const uint32_t before = chunk->map.blocks;
    pba_map_extend(&chunk->map, blocks - before);
    pba_account_more(&pool->accounting, blocks - before);
    pba_payload_arrives(pool->care, pba_chunk_address(chunk, before),
                        bytes_of(pool, blocks - before));
}

/* The most blocks that a chunk may come to: what the index type leaves. */
static uint64_t most_blocks(const pba_pool *pool, const pba_chunk *chunk) {
    return pool->max_blocks - pool->accounting.blocks + chunk->map.blocks;
}

/* Makes a chunk longer in place, to at least `minimum` blocks, towards `asked`. */
static ba_error grow_to(pba_pool *pool, pba_span *span, uint32_t minimum, uint32_t asked,
                        ba_call_site site) {
    pba_chunk *chunk = span->chunk;
    chunk_growth growth;
    ba_error error = take_growth(pool, chunk, asked, &growth, site);
    if (ba_failed(error)) {
        return error;
    }
    /* Whole blocks below the byte limit, for there is no use for a part of one. */
    const size_t affordable = ba_memory_length(chunk->grant).bytes + pba_supply_left(&pool->supply);
    const ba_length_result grown = pba_supply_grow_chunk(
        &pool->supply, chunk->grant, chunk->alignment, ba_bytes(bytes_of(pool, minimum)),
        ba_bytes(bytes_of(pool, blocks_of(pool, affordable, asked))), site);
    error = ba_length_result_error(grown);
    if (ba_failed(error)) {
        cancel_growth(pool, &growth, site);
        return error;
    }

    pba_chunk_set_grow(&pool->chunks, &pool->supply, &growth.set, site);
    pba_chunk_set_withdraw(&pool->chunks, chunk);
    chunk = use_growth(pool, chunk, &growth, site);
    chunk->grant = ba_memory_of(ba_memory_pointer(chunk->grant), ba_length_result_length(grown));
    /* A grant may be longer than asked for; what the record has no room for stays unused. */
    const uint64_t most = most_blocks(pool, chunk);
    const uint64_t room = chunk->map.capacity < most ? chunk->map.capacity : most;
    extend(pool, chunk, blocks_of(pool, ba_memory_length(chunk->grant).bytes, room));
    pba_chunk_set_enter(&pool->chunks, chunk);
    pba_chunk_set_update(&pool->chunks, chunk);
    span->chunk = chunk;
    return ba_error_of(BA_OK);
}

ba_error pba_pool_grow_chunk(pba_pool *pool, pba_span *span, pba_wanted_blocks more,
                             ba_call_site site) {
    const uint64_t most = most_blocks(pool, span->chunk);
    const uint64_t minimum = (uint64_t)span->chunk->map.blocks + more.minimum;
    if (minimum > most || minimum > PBA_MAP_MAX_BLOCKS) {
        return ba_error_of(BA_LIMIT);
    }
    const uint64_t wanted = (uint64_t)span->chunk->map.blocks + more.wanted;
    const uint32_t least = (uint32_t)minimum;
    const uint32_t towards = (uint32_t)(wanted < PBA_MAP_MAX_BLOCKS ? wanted : minimum);
    const uint32_t asked = rounded_blocks(pool, towards > least ? towards : least, most);
    const ba_error error = grow_to(pool, span, least, asked, site);
    /* The byte limit may have no room for what is wanted, but for what is needed. */
    return error.code == BA_LIMIT && asked > least ? grow_to(pool, span, least, least, site)
                                                   : error;
}

ba_error pba_pool_remap_chunk(pba_pool *pool, pba_span *span, uint32_t blocks, ba_call_site site) {
    pba_chunk *chunk = span->chunk;
    const uint64_t most = most_blocks(pool, chunk);
    if (blocks > most) {
        return ba_error_of(BA_LIMIT);
    }
    const uint32_t asked = rounded_blocks(pool, blocks, most);
    chunk_growth growth;
    const ba_error error = take_growth(pool, chunk, asked, &growth, site);
    if (ba_failed(error)) {
        return error;
    }
    const ba_memory moved = pba_supply_remap_chunk(&pool->supply, chunk->grant, chunk->alignment,
                                                   ba_bytes(bytes_of(pool, asked)), site);
    if (ba_memory_is_none(moved)) {
        cancel_growth(pool, &growth, site);
        return ba_memory_error(moved);
    }

    pba_chunk_set_grow(&pool->chunks, &pool->supply, &growth.set, site);
    pba_chunk_set_withdraw(&pool->chunks, chunk);
    chunk = use_growth(pool, chunk, &growth, site);
    chunk->grant = moved;
    chunk->base = (unsigned char *)ba_memory_pointer(moved);
    const uint64_t room = chunk->map.capacity < most ? chunk->map.capacity : most;
    extend(pool, chunk, blocks_of(pool, ba_memory_length(moved).bytes, room));
    pba_chunk_set_enter(&pool->chunks, chunk);
    pba_chunk_set_update(&pool->chunks, chunk);
    span->chunk = chunk;
    return ba_error_of(BA_OK);
}

/* --- going --- */

void pba_pool_drop_chunk(pba_pool *pool, pba_chunk *chunk, ba_call_site site) {
    unlist(pool, chunk);
    pba_chunk_set_remove(&pool->chunks, chunk);
    pba_pool_chunk_went(pool);
    pba_account_less(&pool->accounting, chunk->map.blocks);
    pba_payload_leaves(pool->care, chunk->base, pba_chunk_bytes(chunk));
    pba_supply_return_chunk(&pool->supply, chunk->grant, chunk->alignment, site);
    pba_records_return(&pool->records, &pool->supply, chunk->record, chunk->record_bytes, site);
}

void pba_pool_drop_all_chunks(pba_pool *pool, ba_call_site site) {
    for (uint32_t slot = 0; slot < pool->chunks.used; slot++) {
        pba_chunk *const chunk = pba_chunk_set_at(&pool->chunks, slot);
        if (chunk != NULL) {
            pba_pool_drop_chunk(pool, chunk, site);
        }
    }
}
