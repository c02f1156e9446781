#define PBA_INTERNAL_

#include "pba/pool/alloc.h"

#include "block_allocator/implementing/check.h"
#include "pba/internal/slow_path.h"
#include "pba/pool/amounts.h"
#include "pba/pool/busy.h"
#include "pba/pool/cache_place.h"
#include "pba/pool/callers_span.h"
#include "pba/pool/chunk_sizes.h"
#include "pba/pool/give_back.h"
#include "pba/pool/new_chunks.h"
#include "pba/pool/place.h"
#include "pba/pool/race_check.h"
#include "pba/pool/refused.h"
#include "pba/pool/resize_chunk.h"

/* A new chunk with a run of that many free blocks at its start; NULL with the error if there is
 * none. The hook is not asked. */
static pba_chunk *add_chunk(pba_pool *pool, uint32_t blocks, const pba_call *call,
                            ba_error *error) {
    pba_pool_begin_asking(pool);
    pba_chunk *const chunk = pba_pool_add_chunk(pool, blocks, call->alignment, call->site, error);
    pba_pool_leave_callback(pool);
    return chunk;
}

ba_memory pba_pool_return_span(pba_pool *pool, pba_span span, ba_call_site site) {
    pba_count_alloc(&pool->accounting, span.blocks);
    pba_chunk_set_site(span.chunk, span.first, site);
    unsigned char *const address = pba_span_address(span);
    const size_t bytes = pba_pool_bytes_of(pool, span.blocks);
    const bool is_whole = pba_payload_taken(pool->hardening, address, bytes);
    pba_pool_set_guard(pool, span);
    pba_pool_expect_fill(pool, is_whole, address, bytes, "alloc", site);
    return ba_memory_of(address, pba_pool_span_length(pool, span.blocks));
}

static ba_error check_alloc(const pba_pool *pool, const pba_call *call, ba_length minimum) {
    if (!pool->checks) {
        return ba_error_of(BA_OK);
    }
    const ba_error_code code = ba_check_alloc(minimum, call->alignment);
    return code == BA_OK ? ba_error_of(BA_OK) : pba_pool_reject(pool, call, code);
}

/* What a list of long spans holds is at most such a share of the payload: it is missing where
 * longer runs are sought. One that could not become several times as long stays as it is. */
#define SHARE_OF_LONG 512U
#define FEWEST_LONG 16U

/* The most entries of a list; 0 if it is not to become longer. */
static size_t most_entries(const pba_pool *pool, uint32_t blocks) {
    if (blocks <= PBA_SPAN_CACHE_SHORT) {
        return SIZE_MAX;
    }
    const size_t most = (size_t)(pool->accounting.blocks / SHARE_OF_LONG) / blocks;
    return most >= FEWEST_LONG ? most : 0;
}

/* Makes a list of the cache longer if it was full. The cache is kept below 1/32 of the payload; of
 * a buffer it takes nothing, for payload could have that. */
static void grow_list(pba_pool *pool, uint32_t blocks, ba_call_site site) {
    if (pba_span_cache_keeps(blocks) && pool->cache->was_full[blocks] &&
        !pba_backing_account_lets_grow(&pool->account)) {
        const pba_span_cache_limit limit = {pool->account.payload_bytes / 32,
                                            most_entries(pool, blocks)};
        pba_pool_begin_asking(pool);
        pba_span_cache_grow(pool->cache, blocks, &pool->account, limit, site);
        pba_pool_leave_callback(pool);
    }
}

/* The same, and where there is no cache yet, asks for one after each chunk that came. */
static void grow_cache(pba_pool *pool, uint32_t blocks, ba_call_site site) {
    if (pool->cache != NULL) {
        grow_list(pool, blocks, site);
    } else if (pool->lacks_cache) {
        pba_pool_take_cache(pool, site);
    }
}

/* A span in the chunk that came last, made longer where it is; none if the backing does not let it
 * grow. So a buffer becomes one chunk, with one record. */
static pba_span place_in_longer(pba_pool *pool, uint32_t blocks, const pba_call *call) {
    pba_span span = {NULL, 0, 0};
    if (pba_backing_account_lets_grow(&pool->account) && pool->chunks.used > 0 &&
        call->alignment.bytes <= pba_pool_block_size(pool).bytes) {
        span.chunk = pba_chunk_set_at(&pool->chunks, pool->chunks.used - 1);
    }
    if (span.chunk == NULL) {
        return span;
    }
    const pba_wanted_blocks more = {blocks, blocks};
    pba_pool_begin_asking(pool);
    const ba_error error = pba_pool_grow_chunk(pool, &span, more, call->site);
    pba_pool_leave_callback(pool);
    return ba_failed(error) ? (pba_span){NULL, 0, 0}
                            : pba_pool_place(pool, blocks, call->alignment);
}

/* One try; none with the error. */
static ba_memory try_alloc(pba_pool *pool, uint32_t blocks, const pba_call *call) {
    pba_span span = pba_pool_place(pool, blocks, call->alignment);
    if (span.chunk == NULL) {
        span = place_in_longer(pool, blocks, call);
    }
    if (span.chunk == NULL) {
        ba_error error;
        pba_chunk *const chunk = add_chunk(pool, blocks, call, &error);
        span = chunk != NULL ? pba_pool_place_first(pool, chunk, blocks, call->alignment)
                             : pba_pool_place_anywhere(pool, blocks, call->alignment);
        if (span.chunk == NULL) {
            return ba_memory_none(error);
        }
    }
    const ba_memory memory = pba_pool_return_span(pool, span, call->site);
    /* Not before: an allocation that fails leaves the pool as it was, and who is called meanwhile
     * may look at it. */
    grow_cache(pool, blocks, call->site);
    return memory;
}

/* The same, and before memory is refused empty chunks go back. */
static ba_memory alloc_blocks(pba_pool *pool, uint32_t blocks, const pba_call *call) {
    const ba_memory memory = try_alloc(pool, blocks, call);
    return ba_memory_is_none(memory) &&
                   pba_pool_make_room(pool, ba_memory_error(memory), blocks, call->site)
               ? try_alloc(pool, blocks, call)
               : memory;
}

ba_memory pba_pool_alloc_or_fail(pba_pool *pool, ba_length minimum, const pba_call *call) {
    const uint32_t blocks = pba_pool_span_blocks(pool, minimum);
    if (blocks == 0 || !pba_pool_could_hold(pool, blocks)) {
        pba_count_failure(&pool->accounting);
        return ba_memory_none(ba_error_of(BA_LIMIT)); /* whatever the hook would free */
    }
    for (size_t attempt = 1;; attempt++) {
        const ba_error error = pba_pool_enter(pool, call, PBA_PIN); /* also after the hook */
        if (ba_failed(error)) {
            return ba_memory_none(error);
        }
        const ba_memory memory = alloc_blocks(pool, blocks, call);
        if (!ba_memory_is_none(memory)) {
            return memory;
        }
        if (!pba_pool_tries_again(pool, ba_memory_error(memory),
                                  pba_pool_wanted_bytes(pool, blocks, blocks), attempt)) {
            pba_pool_apply_failure_policy(pool, call, ba_memory_error(memory));
            return memory;
        }
    }
}

ba_memory pba_pool_alloc_slow(pba_pool *pool, ba_length minimum, ba_alignment alignment,
                              ba_call_site site) {
    pba_call call = pba_call_without_memory("alloc", site);
    call.alignment = alignment;
    PBA_MARK_CALL(pool, site);
    ba_error error = pba_pool_enter(pool, &call, PBA_PIN);
    if (!ba_failed(error)) {
        error = check_alloc(pool, &call, minimum);
    }
    return ba_failed(error) ? ba_memory_none(error) : pba_pool_alloc_or_fail(pool, minimum, &call);
}
