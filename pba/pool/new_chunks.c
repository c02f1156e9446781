#define PBA_INTERNAL_

#include "pba/pool/new_chunks.h"

#include "pba/pool/chunk_sizes.h"
#include "pba/pool/empty_chunks.h"
#include "pba/pool/watch.h"

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
    chunk->capacity =
        chunk->is_short ? chunk->blocks : pba_pool_record_capacity(pool, chunk->blocks);
    chunk->record_bytes = pba_pool_record_bytes(pool, chunk->capacity);
    chunk->record = pba_metadata_take(&pool->metadata, &pool->account, chunk->record_bytes, site);
    return ba_memory_error(chunk->record);
}

static ba_error take_grant(pba_pool *pool, new_chunk *chunk, uint32_t blocks, uint64_t most,
                           ba_call_site site) {
    chunk->grant = pba_backing_account_take_chunk(
        &pool->account, ba_bytes(pba_pool_bytes_of(pool, blocks)), chunk->alignment, site);
    chunk->blocks = pba_pool_blocks_in(pool, ba_memory_length(chunk->grant).bytes, most);
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
        &pool->account,
        pba_metadata_growth_bytes(&pool->metadata, pba_pool_record_bytes(pool, blocks)));
    const size_t payload =
        pba_pool_bytes_from(pool->account.payload, pba_pool_bytes_of(pool, blocks));
    return table < SIZE_MAX - record && payload < SIZE_MAX - table - record
               ? payload + table + record
               : SIZE_MAX;
}

/* So many blocks less those that are no whole block of the backing, which leaves nothing less. */
static uint32_t whole_units(const pba_pool *pool, uint32_t blocks) {
    const size_t unit = pba_backing_account_payload_unit(&pool->account);
    return pba_pool_blocks_in(pool, pba_pool_bytes_of(pool, blocks) & ~(unit - 1), blocks);
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
        ba_bytes(pba_pool_bytes_of(pool, asked)), site);
    if (!ba_length_result_is_none(longer)) {
        chunk->grant =
            ba_memory_of(ba_memory_pointer(chunk->grant), ba_length_result_length(longer));
        chunk->blocks = pba_pool_blocks_in(pool, ba_memory_length(chunk->grant).bytes, asked);
    }
}

/* Makes the grant of a short chunk shorter where it is; what the backing leaves of it is used. */
static void cut(pba_pool *pool, new_chunk *chunk, uint32_t blocks, ba_call_site site) {
    const ba_length now =
        pba_backing_account_shrink_chunk(&pool->account, chunk->grant, chunk->alignment,
                                         ba_bytes(pba_pool_bytes_of(pool, blocks)), site);
    chunk->grant = ba_memory_of(ba_memory_pointer(chunk->grant), now);
    chunk->blocks = pba_pool_blocks_in(pool, now.bytes, chunk->blocks);
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
    const size_t granted =
        pba_pool_bytes_from(pool->account.payload, pba_pool_bytes_of(pool, least));
    const uint32_t fewest = pba_pool_blocks_in(pool, granted, asked);
    chunk->is_short = true;
    for (uint32_t tried = asked; pba_pool_is_shortage(error) && tried > fewest;) {
        tried = tried / 2 > fewest ? tried / 2 : fewest;
        error = take_short_chunk(pool, chunk, least, tried, asked, growth, site);
    }
    return error;
}

/* Makes a chunk of what was taken for it. Cannot fail. */
static pba_chunk *commit(pba_pool *pool, const new_chunk *taken) {
    pba_chunk *const chunk =
        pba_chunk_init(taken->record, taken->record_bytes, taken->grant, taken->alignment,
                       pool->block_shift, taken->blocks, taken->capacity, pba_pool_sites(pool));
    pba_chunk_set_add(&pool->chunks, chunk);
    pba_pool_chunk_came(pool);
    pool->lacks_cache = pool->caches && pool->cache == NULL;
    pba_pool_count_taken(pool, taken->blocks);
    pba_payload_arrives(pool->hardening, chunk->base, pba_chunk_bytes(chunk));
    return chunk;
}

/* Takes a chunk of at least `blocks`: as much as requests have grown to, else what is needed. */
static ba_error take_grown_chunk(pba_pool *pool, new_chunk *chunk, uint32_t blocks, uint64_t most,
                                 pba_set_growth *growth, ba_call_site site) {
    const uint32_t grown = pba_pool_grown_request(pool, most);
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
    const uint32_t asked = pba_pool_rounded_blocks(pool, blocks, most);
    const uint64_t failures = pool->account.failures;
    *error = take_grown_chunk(pool, &taken, asked, most, &growth, site);
    if (pool->account.failures == failures && error->code == BA_LIMIT) {
        /* A last chunk, cut short by the pool's own limit. */
        const uint32_t fewer = pba_pool_blocks_within_limit(pool, asked);
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

/* --- in pieces --- */

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

/* Takes one more grant of at most so many whole requests. */
static ba_error take_piece(pba_pool *pool, pieces *all, uint64_t missing, uint64_t piece,
                           uint64_t most, ba_call_site site) {
    new_chunk *const next = &all->taken[all->count];
    next->alignment = ba_align(pba_pool_block_size(pool).bytes);
    next->is_short = false;
    const uint32_t asked =
        pba_pool_rounded_blocks(pool, (uint32_t)(missing < piece ? missing : piece), most);
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
    const uint32_t request = pba_pool_rounded_blocks(pool, 1, most);
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
