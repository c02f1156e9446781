/* Taking memory ahead. */
#define PBA_INTERNAL_

#include "pba/pool/amounts.h"
#include "pba/pool/busy.h"
#include "pba/pool/calls.h"
#include "pba/pool/chunk_sizes.h"
#include "pba/pool/empty_chunks.h"
#include "pba/pool/functions.h"
#include "pba/pool/new_chunks.h"
#include "pba/pool/race_check.h"
#include "pba/pool/refused.h"

/* Takes blocks in one piece, or in a few where the backing has no piece that is so long. */
static ba_error take_ahead(pba_pool *pool, uint32_t blocks, const pba_call *call) {
    ba_error error;
    pba_pool_begin_asking(pool);
    pba_chunk *const chunk = pba_pool_add_chunk(pool, blocks, call->alignment, call->site, &error);
    if (chunk != NULL) {
        pba_pool_note_empty(pool, chunk);
    } else if (ba_error_is_refusal(error) && pba_pool_may_take(pool, blocks)) {
        /* Where pieces do not help, the reason is that of the whole. */
        const ba_error in_pieces = pba_pool_add_pieces(pool, blocks, call->site);
        error = ba_failed(in_pieces) ? error : in_pieces;
    }
    pba_pool_leave_callback(pool);
    return error;
}

/* One try to take memory ahead; `wanted` is what the backing must have for it, or zero if the pool
 * can never hold so much. */
static ba_error try_reserve(pba_pool *pool, ba_length free, const pba_call *call,
                            ba_length *wanted) {
    *wanted = ba_bytes(0);
    const size_t has = pba_pool_payload(pool).free;
    if (free.bytes <= has) {
        return ba_error_of(BA_OK);
    }
    const size_t blocks = ((free.bytes - has - 1) >> pool->block_shift) + 1;
    const uint64_t in_use = pba_count_in_use(&pool->accounting);
    if (blocks > PBA_MAP_MAX_BLOCKS ||
        !pba_pool_could_hold(pool, in_use + ((free.bytes - 1) >> pool->block_shift) + 1)) {
        return ba_error_of(BA_LIMIT);
    }
    *wanted = pba_pool_wanted_bytes(pool, (uint32_t)blocks, (uint32_t)blocks);
    return take_ahead(pool, (uint32_t)blocks, call);
}

ba_error pba_pool_reserve(pba_pool *pool, ba_length free) {
    const pba_call call = pba_pool_call(pool, "reserve");
    PBA_MARK_CALL(pool, call.site);
    for (size_t attempt = 1;; attempt++) {
        ba_error error = pba_pool_enter(pool, &call, PBA_PIN);
        if (ba_failed(error)) {
            return error;
        }
        ba_length wanted;
        error = try_reserve(pool, free, &call, &wanted);
        if (!ba_failed(error)) {
            pool->reserved = free.bytes > pool->reserved ? free.bytes : pool->reserved;
            return error;
        }
        if (!pba_pool_tries_again(pool, error, wanted, attempt)) {
            pba_pool_apply_failure_policy(pool, &call, error);
            return error;
        }
    }
}
