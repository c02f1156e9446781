#include "pba/pool/pool_chunks.h"

#include <string.h>

#include "pba/engine/policy.h"
#include "pba/pool/pool_internal.h"
#include "pba/pool/pool_place.h"

/* --- the list of chunks that may be empty --- */

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
        pool->empty_candidates = chunk->list_next;
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
        pool->empty_candidates = chunk;
    }
}

pba_chunk *pba_pool_next_empty(pba_pool *pool, pba_chunk *from) {
    while (from != NULL && !pba_pool_is_empty_chunk(pool, from)) {
        pba_chunk *const next = from->list_next;
        if (!from->ends_free) {
            unlist(pool, from);
        }
        from = next;
    }
    return from;
}

/* --- lengths --- */

static size_t bytes_of(const pba_pool *pool, uint32_t blocks) {
    return (size_t)blocks << pool->block_shift;
}

/* What an allocator must have to give that many bytes. */
static size_t bytes_from(ba_block_allocator allocator, size_t bytes) {
    const ba_length_result span = ba_block_allocator_span_length(allocator, ba_bytes(bytes));
    return ba_length_result_is_none(span) ? bytes : ba_length_result_length(span).bytes;
}

/* The most blocks of a chunk: its map has room for no more, and a size_t counts their bytes. */
static uint64_t longest_chunk(const pba_pool *pool) {
    const size_t countable = SIZE_MAX >> pool->block_shift;
    return countable < PBA_MAP_MAX_BLOCKS ? countable : PBA_MAP_MAX_BLOCKS;
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

/* What requests are rounded up to: whole blocks of the backing too, for it grants nothing less. */
static size_t request_bytes(const pba_pool *pool) {
    const size_t unit = pba_backing_account_payload_unit(&pool->account);
    const size_t request = (size_t)1 << pool->request_shift;
    return unit > request ? unit : request;
}

/* `blocks`, rounded up to whole backing requests, but at most `most`. */
static uint32_t rounded_blocks(const pba_pool *pool, uint32_t blocks, uint64_t most) {
    const ba_length_result rounded =
        ba_length_round_up(ba_bytes(bytes_of(pool, blocks)), ba_align(request_bytes(pool)));
    return ba_length_result_is_none(rounded)
               ? blocks
               : blocks_of(pool, ba_length_result_length(rounded).bytes, most);
}

/* The blocks that a record for so many is made for: without call sites whole words of the map, for
 * all else that more blocks take then is a byte of tags each. */
static uint32_t full_capacity(const pba_pool *pool, uint32_t blocks) {
    const uint32_t mask = PBA_WORD_BITS - 1;
    return pool->keeps_sites ? blocks : (blocks + mask) & ~mask;
}

/* The room of the record of a chunk of that many blocks: all nominal chunks have the same. */
static uint32_t capacity_of(const pba_pool *pool, uint32_t blocks) {
    const uint32_t nominal = blocks_of(pool, request_bytes(pool), PBA_MAP_MAX_BLOCKS);
    return full_capacity(pool, blocks < nominal ? nominal : blocks);
}

static size_t record_bytes_for(const pba_pool *pool, uint32_t capacity) {
    return pba_chunk_record_bytes(capacity, sites_of(pool));
}

size_t pba_pool_nominal_record_bytes(const pba_pool *pool) {
    return record_bytes_for(pool, capacity_of(pool, 0));
}

/* What taking a record for so many blocks, and room for one more chunk in the table, takes at
 * least. */
static size_t metadata_bytes(const pba_pool *pool, uint32_t capacity) {
    const size_t table = pba_backing_account_metadata_grant(
        &pool->account, pba_chunk_set_growth_bytes(&pool->chunks));
    const size_t record = pba_backing_account_metadata_grant(
        &pool->account,
        pba_metadata_growth_bytes(&pool->metadata, record_bytes_for(pool, capacity)));
    return table < SIZE_MAX - record ? table + record : SIZE_MAX;
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
    bool is_short; /* tried smaller than is usual: its record is for just its blocks */
} new_chunk;

static ba_error take_record(pba_pool *pool, new_chunk *chunk, ba_call_site site) {
    chunk->capacity = chunk->is_short ? chunk->blocks : capacity_of(pool, chunk->blocks);
    chunk->record_bytes = record_bytes_for(pool, chunk->capacity);
    chunk->record = pba_metadata_take(&pool->metadata, &pool->account, chunk->record_bytes, site);
    return ba_memory_error(chunk->record);
}

static ba_error take_grant(pba_pool *pool, new_chunk *chunk, uint32_t blocks, uint64_t most,
                           ba_call_site site) {
    chunk->grant = pba_backing_account_take_chunk(&pool->account, ba_bytes(bytes_of(pool, blocks)),
                                                  chunk->alignment, site);
    chunk->blocks = blocks_of(pool, ba_memory_length(chunk->grant).bytes, most);
    return ba_memory_error(chunk->grant);
}

static void return_grant(pba_pool *pool, const new_chunk *chunk, ba_call_site site) {
    pba_backing_account_return_chunk(&pool->account, chunk->grant, chunk->alignment, site);
}

/* Takes the metadata of chunks whose grants are there: room in the table, and a record each. A
 * short chunk, which is the only one then, makes do with the least. */
static ba_error take_metadata(pba_pool *pool, new_chunk *chunks, uint32_t count,
                              pba_set_growth *growth, ba_call_site site) {
    const size_t in_slabs = pool->metadata.in_slabs;
    ba_error error =
        count == 1 && chunks->is_short
            ? pba_chunk_set_prepare_least(&pool->chunks, &pool->account, growth, site)
            : pba_chunk_set_prepare_many(&pool->chunks, &pool->account, count, growth, site);
    if (ba_failed(error)) {
        return error;
    }
    uint32_t done = 0;
    while (done < count && !ba_failed(error = take_record(pool, &chunks[done], site))) {
        done++;
    }
    if (done == count) {
        return error;
    }
    while (done > 0) {
        done--;
        pba_metadata_cancel(&pool->metadata, &pool->account, chunks[done].record,
                            chunks[done].record_bytes, in_slabs, site);
    }
    pba_chunk_set_cancel(&pool->account, growth, site);
    return error;
}

static ba_error take_chunk(pba_pool *pool, new_chunk *chunk, uint32_t blocks, uint64_t most,
                           pba_set_growth *growth, ba_call_site site) {
    ba_error error = take_grant(pool, chunk, blocks, most, site);
    if (ba_failed(error)) {
        return error;
    }
    error = take_metadata(pool, chunk, 1, growth, site);
    if (ba_failed(error)) {
        return_grant(pool, chunk, site);
    }
    return error;
}

/* What a chunk of so many blocks takes together with a record for just them, and with a table if
 * there is none; SIZE_MAX if no size_t can hold it. */
static size_t short_chunk_bytes(const pba_pool *pool, uint32_t blocks) {
    const size_t table = pba_backing_account_metadata_grant(
        &pool->account, pba_chunk_set_least_bytes(&pool->chunks));
    const size_t record = pba_backing_account_metadata_grant(
        &pool->account, pba_metadata_growth_bytes(&pool->metadata, record_bytes_for(pool, blocks)));
    const size_t payload = bytes_from(pool->account.payload, bytes_of(pool, blocks));
    return table < SIZE_MAX - record && payload < SIZE_MAX - table - record
               ? payload + table + record
               : SIZE_MAX;
}

/* So many blocks less those that are no whole block of the backing, which leaves nothing less. */
static uint32_t whole_units(const pba_pool *pool, uint32_t blocks) {
    const size_t unit = pba_backing_account_payload_unit(&pool->account);
    return blocks_of(pool, bytes_of(pool, blocks) & ~(unit - 1), blocks);
}

/* The most blocks that leave room for their metadata in what was granted, or 0. */
static uint32_t blocks_beside_metadata(const pba_pool *pool, const new_chunk *chunk) {
    const size_t granted = ba_memory_length(chunk->grant).bytes;
    uint32_t blocks = chunk->blocks;
    for (size_t all = 0; blocks > 0 && (all = short_chunk_bytes(pool, blocks)) > granted;) {
        const size_t over = (all - granted) >> pool->block_shift >> 1;
        const uint32_t fewer = over < blocks ? blocks - (uint32_t)(over > 0 ? over : 1) : 0;
        blocks = whole_units(pool, fewer);
    }
    return blocks;
}

/* Makes the grant of a short chunk as long as the backing can where it is, but no longer than was
 * asked for at first. */
static void stretch(pba_pool *pool, new_chunk *chunk, uint32_t asked, ba_call_site site) {
    const ba_length_result longer = pba_backing_account_grow_chunk(
        &pool->account, chunk->grant, chunk->alignment, ba_memory_length(chunk->grant),
        ba_bytes(bytes_of(pool, asked)), site);
    if (!ba_length_result_is_none(longer)) {
        chunk->grant =
            ba_memory_of(ba_memory_pointer(chunk->grant), ba_length_result_length(longer));
        chunk->blocks = blocks_of(pool, ba_memory_length(chunk->grant).bytes, asked);
    }
}

/* Makes the grant of a short chunk shorter where it is; what the backing leaves of it is used. */
static void cut(pba_pool *pool, new_chunk *chunk, uint32_t blocks, ba_call_site site) {
    const ba_length now = pba_backing_account_shrink_chunk(
        &pool->account, chunk->grant, chunk->alignment, ba_bytes(bytes_of(pool, blocks)), site);
    chunk->grant = ba_memory_of(ba_memory_pointer(chunk->grant), now);
    chunk->blocks = blocks_of(pool, now.bytes, chunk->blocks);
}

/* Takes a chunk of at least `least` blocks and less than `asked`, towards `tried`: as long as the
 * backing makes it, less what its metadata needs where there is room for that nowhere else. */
static ba_error take_short_chunk(pba_pool *pool, new_chunk *chunk, uint32_t least, uint32_t tried,
                                 uint32_t asked, pba_set_growth *growth, ba_call_site site) {
    ba_error error = take_grant(pool, chunk, tried, asked, site);
    if (ba_failed(error)) {
        return error;
    }
    stretch(pool, chunk, asked, site);
    error = take_metadata(pool, chunk, 1, growth, site);
    if (!ba_failed(error)) {
        return error;
    }
    const uint32_t blocks = blocks_beside_metadata(pool, chunk);
    if (blocks >= least && blocks < chunk->blocks) {
        cut(pool, chunk, blocks, site);
        error = take_metadata(pool, chunk, 1, growth, site);
    }
    if (ba_failed(error)) {
        return_grant(pool, chunk, site);
    }
    return error;
}

/* Tries a request that the backing has refused with half as much, and so on, down to `least`
 * blocks; nothing that it would round up to what it has refused. Returns the error of the last
 * try, or `error` if there is nothing smaller to try. */
static ba_error take_smaller(pba_pool *pool, new_chunk *chunk, uint32_t least, uint32_t asked,
                             ba_error error, pba_set_growth *growth, ba_call_site site) {
    const size_t granted = bytes_from(pool->account.payload, bytes_of(pool, least));
    const uint32_t fewest = blocks_of(pool, granted, asked);
    chunk->is_short = true;
    for (uint32_t tried = asked; pba_pool_is_shortage(error) && tried > fewest;) {
        tried = tried / 2 > fewest ? tried / 2 : fewest;
        error = take_short_chunk(pool, chunk, least, tried, asked, growth, site);
    }
    return error;
}

/* Counts blocks that have come. */
static void took(pba_pool *pool, uint32_t blocks) {
    pba_count_chunk_added(&pool->accounting, blocks);
    pool->took = true;
}

/* Makes a chunk of what was taken for it. Cannot fail. */
static pba_chunk *commit(pba_pool *pool, const new_chunk *taken) {
    pba_chunk *const chunk =
        pba_chunk_init(taken->record, taken->record_bytes, taken->grant, taken->alignment,
                       pool->block_shift, taken->blocks, taken->capacity, sites_of(pool));
    pba_chunk_set_add(&pool->chunks, chunk);
    pba_pool_chunk_came(pool);
    pool->lacks_cache = pool->caches && pool->cache == NULL;
    took(pool, taken->blocks);
    pba_payload_arrives(pool->hardening, chunk->base, pba_chunk_bytes(chunk));
    return chunk;
}

/* The most blocks of a chunk that the byte limit leaves room for, if all its metadata has to be
 * taken too. */
static uint32_t blocks_within_limit(const pba_pool *pool, uint32_t blocks) {
    const size_t left = pba_backing_account_left(&pool->account);
    const size_t metadata = metadata_bytes(pool, capacity_of(pool, blocks));
    if (left <= metadata) {
        return 0;
    }
    const size_t whole =
        (left - metadata) & ~(pba_backing_account_payload_unit(&pool->account) - 1);
    return blocks_of(pool, whole, blocks);
}

ba_length pba_pool_wanted_bytes(const pba_pool *pool, uint32_t blocks, uint32_t capacity) {
    const uint64_t left = pba_pool_max_blocks(pool) - pool->accounting.blocks;
    const uint32_t asked = rounded_blocks(pool, blocks, left < blocks ? blocks : left);
    const size_t record = pba_chunk_record_bytes(
        capacity_of(pool, capacity < asked ? asked : capacity), sites_of(pool));
    return ba_bytes(
        bytes_from(pool->account.payload, bytes_of(pool, asked)) +
        bytes_from(pool->account.metadata, pba_chunk_set_growth_bytes(&pool->chunks)) +
        bytes_from(pool->account.metadata, pba_metadata_growth_bytes(&pool->metadata, record)));
}

/* Requests grow from so many backing requests on. */
#define GROWN_REQUESTS 4U

/* The blocks of a request that grows with the pool, or 0 where requests do not grow yet. */
static uint32_t grown_blocks(const pba_pool *pool, uint64_t most) {
    const size_t request = request_bytes(pool);
    const size_t bytes = pba_percent_of((size_t)(pool->accounting.blocks << pool->block_shift),
                                        pool->request_growth);
    return bytes / request < GROWN_REQUESTS ? 0 : blocks_of(pool, bytes & ~(request - 1), most);
}

/* Takes a chunk of at least `blocks`: as much as requests have grown to, else what is needed. */
static ba_error take_grown_chunk(pba_pool *pool, new_chunk *chunk, uint32_t blocks, uint64_t most,
                                 pba_set_growth *growth, ba_call_site site) {
    const uint32_t grown = grown_blocks(pool, most);
    if (grown > blocks) {
        const ba_error error = take_chunk(pool, chunk, grown, most, growth, site);
        if (!pba_pool_is_shortage(error)) {
            return error;
        }
    }
    return take_chunk(pool, chunk, blocks, most, growth, site);
}

pba_chunk *pba_pool_add_chunk(pba_pool *pool, uint32_t blocks, ba_alignment alignment,
                              ba_call_site site, ba_error *error) {
    const uint64_t most = pba_pool_max_blocks(pool) - pool->accounting.blocks;
    if (blocks > most) {
        *error = ba_error_of(BA_LIMIT);
        return NULL;
    }
    const size_t block_size = pba_pool_block_size(pool).bytes;
    new_chunk taken;
    taken.alignment = alignment.bytes > block_size ? alignment : ba_align(block_size);
    taken.is_short = false;

    pba_set_growth growth;
    const uint32_t asked = rounded_blocks(pool, blocks, most);
    const uint64_t failures = pool->account.failures;
    *error = take_grown_chunk(pool, &taken, asked, most, &growth, site);
    if (pool->account.failures == failures && error->code == BA_LIMIT) {
        /* A last chunk, cut short by the pool's own limit. */
        const uint32_t fewer = blocks_within_limit(pool, asked);
        if (fewer >= blocks && fewer < asked) {
            *error = take_chunk(pool, &taken, fewer, most, &growth, site);
        }
    } else if (pba_pool_is_shortage(*error) && asked > blocks) {
        *error = take_smaller(pool, &taken, blocks, asked, *error, &growth, site);
    }
    if (ba_failed(*error)) {
        return NULL;
    }
    pba_chunk_set_grow(&pool->chunks, &pool->account, &growth, site);
    return commit(pool, &taken);
}

/* --- adding in pieces --- */

/* The most pieces that are taken at once. */
#define PIECES 16

/* Grants that have no metadata yet. */
typedef struct pieces {
    new_chunk taken[PIECES];
    uint32_t count;
    uint64_t blocks; /* of all together */
} pieces;

static void return_pieces(pba_pool *pool, pieces *all, ba_call_site site) {
    while (all->count > 0) {
        return_grant(pool, &all->taken[--all->count], site);
    }
}

bool pba_pool_may_take(const pba_pool *pool, uint32_t blocks) {
    return blocks <= pba_pool_max_blocks(pool) - pool->accounting.blocks &&
           bytes_of(pool, blocks) <= pba_backing_account_left(&pool->account);
}

/* Takes one more grant of at most so many whole requests. */
static ba_error take_piece(pba_pool *pool, pieces *all, uint64_t missing, uint64_t piece,
                           uint64_t most, ba_call_site site) {
    new_chunk *const next = &all->taken[all->count];
    next->alignment = ba_align(pba_pool_block_size(pool).bytes);
    next->is_short = false;
    const uint32_t asked =
        rounded_blocks(pool, (uint32_t)(missing < piece ? missing : piece), most);
    const ba_error error = take_grant(pool, next, asked, most, site);
    if (!ba_failed(error)) {
        all->blocks += next->blocks;
        all->count++;
    }
    return error;
}

/* Takes grants until there are `blocks`: half of it at first, then each as long as the one before
 * it, or half as long where that is refused, down to one request. */
static ba_error take_pieces(pba_pool *pool, uint32_t blocks, pieces *all, ba_call_site site) {
    const uint64_t most = pba_pool_max_blocks(pool) - pool->accounting.blocks;
    const uint32_t request = rounded_blocks(pool, 1, most);
    uint64_t requests = ((uint64_t)blocks + request - 1) / request;
    requests = requests > 1 ? (requests + 1) / 2 : 0;
    ba_error error = ba_error_of(BA_OUT_OF_MEMORY);
    while (requests > 0 && all->count < PIECES && all->blocks < blocks) {
        error = take_piece(pool, all, blocks - all->blocks, requests * request, most - all->blocks,
                           site);
        if (ba_failed(error)) {
            requests = requests > 1 ? (requests + 1) / 2 : 0;
        }
    }
    if (all->blocks >= blocks) {
        return ba_error_of(BA_OK);
    }
    return_pieces(pool, all, site);
    return ba_failed(error) ? error : ba_error_of(BA_OUT_OF_MEMORY);
}

ba_error pba_pool_add_pieces(pba_pool *pool, uint32_t blocks, ba_call_site site) {
    pieces all;
    all.count = 0;
    all.blocks = 0;
    ba_error error = take_pieces(pool, blocks, &all, site);
    if (ba_failed(error)) {
        return error;
    }
    pba_set_growth growth;
    error = take_metadata(pool, all.taken, all.count, &growth, site);
    if (ba_failed(error)) {
        return_pieces(pool, &all, site);
        return error;
    }
    pba_chunk_set_grow(&pool->chunks, &pool->account, &growth, site);
    for (uint32_t i = 0; i < all.count; i++) {
        pba_pool_note_empty(pool, commit(pool, &all.taken[i]));
    }
    return error;
}

/* --- changing --- */

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
    return full_capacity(pool, blocks > twice ? blocks : twice);
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
    growth->record_bytes = record_bytes_for(pool, growth->capacity);
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
               : metadata_bytes(pool, capacity);
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
                                            growth->capacity, sites_of(pool));
    pba_metadata_return(&pool->metadata, &pool->account, old_record, old_bytes, site);
    pba_chunk_set_replace(&pool->chunks, moved);
    relist(pool, moved);
    return moved;
}

/* Adds the blocks that a longer grant has room for. */
static void extend(pba_pool *pool, pba_chunk *chunk, uint32_t blocks) {
    const uint32_t before = chunk->map.blocks;
    pba_map_extend(&chunk->map, blocks - before);
    took(pool, blocks - before);
    pba_payload_arrives(pool->hardening, pba_chunk_address(chunk, before),
                        bytes_of(pool, blocks - before));
}

bool pba_pool_shorten_chunk(pba_pool *pool, pba_chunk *chunk, ba_call_site site) {
    const uint32_t before = chunk->map.blocks;
    const uint32_t kept = rounded_blocks(pool, before - pba_map_free_at_end(&chunk->map), before);
    if (kept == 0 || kept == before) {
        return false;
    }
    pba_pool_before_tags_go(pool, chunk);
    pba_payload_leaves(pool->hardening, pba_chunk_address(chunk, kept),
                       bytes_of(pool, before - kept));
    const ba_length now = pba_backing_account_shrink_chunk(
        &pool->account, chunk->grant, chunk->alignment, ba_bytes(bytes_of(pool, kept)), site);
    const uint32_t blocks = blocks_of(pool, now.bytes, before);
    pba_payload_arrives(pool->hardening, pba_chunk_address(chunk, kept),
                        bytes_of(pool, blocks - kept));
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
    extend(pool, longer, blocks_of(pool, ba_memory_length(grant).bytes, room));
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
    if (metadata > left || bytes_of(pool, minimum) > held + (left - metadata)) {
        return ba_length_result_none(ba_error_of(BA_LIMIT));
    }
    /* Whole blocks, for there is no use for a part of one. */
    const uint32_t affordable = blocks_of(pool, held + (left - metadata), asked);
    return pba_backing_account_grow_chunk(&pool->account, chunk->grant, chunk->alignment,
                                          ba_bytes(bytes_of(pool, minimum)),
                                          ba_bytes(bytes_of(pool, affordable)), site);
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
        pool, chunk, blocks_of(pool, ba_memory_length(grant).bytes, asked), &growth, site);
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
    if (minimum > most || minimum > longest_chunk(pool)) {
        return ba_error_of(BA_LIMIT);
    }
    const uint64_t wanted = (uint64_t)span->chunk->map.blocks + more.wanted;
    const uint32_t least = (uint32_t)minimum;
    const uint32_t towards = (uint32_t)(wanted < longest_chunk(pool) ? wanted : minimum);
    const uint32_t asked = rounded_blocks(pool, towards > least ? towards : least, most);
    const ba_error error = grow_to(pool, span, least, asked, site);
    /* The byte limit may have no room for what is wanted, but for what is needed. */
    return error.code == BA_LIMIT && asked > least ? grow_to(pool, span, least, least, site)
                                                   : error;
}

/* What the sanitizers know of the free blocks around a span that is alone in its chunk, which is
 * about to move, or has moved. */
static void show_free(const pba_pool *pool, pba_span span) {
    const uint32_t end = span.first + span.blocks;
    pba_payload_moves(span.chunk->base, bytes_of(pool, span.first));
    pba_payload_moves(pba_chunk_address(span.chunk, end),
                      bytes_of(pool, span.chunk->map.blocks - end));
}
static void hide_free(const pba_pool *pool, unsigned char *base, pba_span span, uint32_t blocks) {
    const uint32_t end = span.first + span.blocks;
    pba_payload_moved(base, bytes_of(pool, span.first));
    pba_payload_moved(base + bytes_of(pool, end), bytes_of(pool, blocks - end));
}

ba_error pba_pool_remap_chunk(pba_pool *pool, pba_span *span, uint32_t blocks, ba_call_site site) {
    pba_chunk *const chunk = span->chunk;
    const uint32_t before = chunk->map.blocks;
    const uint64_t most = most_blocks(pool, chunk);
    if (blocks > most || blocks > longest_chunk(pool)) {
        return ba_error_of(BA_LIMIT);
    }
    if (!pba_backing_account_can_remap(&pool->account)) {
        return ba_error_of(BA_UNSUPPORTED);
    }
    const uint32_t asked = rounded_blocks(pool, blocks, most);
    /* The metadata comes first: what has moved cannot be moved back reliably. */
    chunk_growth growth;
    const ba_error error = take_growth(pool, chunk, asked, &growth, site);
    if (ba_failed(error)) {
        return error;
    }
    pba_pool_before_tags_go(pool, chunk); /* they stand for other addresses then */
    show_free(pool, *span);
    const ba_memory moved = pba_backing_account_remap_chunk(
        &pool->account, chunk->grant, chunk->alignment, ba_bytes(bytes_of(pool, asked)), site);
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

/* --- going --- */

void pba_pool_drop_chunk(pba_pool *pool, pba_chunk *chunk, ba_call_site site) {
    pba_pool_before_tags_go(pool, chunk);
    unlist(pool, chunk);
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
