/* Keeping and giving back: by hand, as time passes, and before memory is refused. */
#include <string.h>

#include "block_allocator/implementing/instrumentation.h"
#include "pba/pool.h"
#include "pba/pool/pool_chunks.h"
#include "pba/pool/pool_internal.h"
#include "pba/pool/pool_place.h"
#include "pba/pool/race_check.h"

/* How many live spans a report of memory in use names. */
#define SHOWN 8

/* True if a call may go on now. */
static bool may_go_on(pba_pool *pool, const pba_call *call) {
    return !ba_failed(pba_pool_enter(pool, call, PBA_DO_NOT_PIN));
}

/* The same for a call that gives back what can go now: of a busy pool that is nothing. The hook of
 * a pool may trim all pools over it, and one of them may be who asks. */
static bool may_give_back(pba_pool *pool, const pba_call *call) {
    return !ba_failed(pba_pool_look(pool, call)) && !pool->in_callback;
}

/* A call that got no memory and no call site of its own. */
static pba_call call_of(pba_pool *pool, const char *operation) {
    return pba_call_without_memory(operation, pba_pool_take_site(pool));
}

static size_t drop(pba_pool *pool, pba_chunk *chunk, const pba_call *call) {
    const size_t bytes = pba_chunk_bytes(chunk);
    pba_pool_enter_callback(pool);
    pba_pool_drop_chunk(pool, chunk, call->site);
    pba_pool_leave_callback(pool);
    return bytes;
}

/* Gives all metadata back, of a pool without chunks. */
static void release_metadata(pba_pool *pool, ba_call_site site) {
    pba_pool_release_cache(pool, site);
    pba_chunk_set_release(&pool->chunks, &pool->account, site);
    pba_metadata_release(&pool->metadata, &pool->account, site);
}

/* Gives all metadata back if no chunk is left that it is of. */
static void release_what_is_of_nothing(pba_pool *pool, ba_call_site site) {
    if (pool->chunks.count == 0) {
        pba_pool_enter_callback(pool);
        release_metadata(pool, site);
        pba_pool_leave_callback(pool);
    }
}

/* The bytes of all chunks that are empty. */
static size_t empty_bytes(pba_pool *pool) {
    size_t bytes = 0;
    pba_chunk *chunk = pba_pool_first_empty(pool);
    while (chunk != NULL) {
        bytes += pba_chunk_bytes(chunk);
        chunk = pba_pool_next_empty(pool, chunk->list_next);
    }
    return bytes;
}

/* True if memory that was refused might be there once so many bytes have gone back: of the backing
 * that is not known, of the limits of the pool it is. */
static bool may_help(const pba_pool *pool, ba_error error, uint32_t blocks, size_t gone) {
    if (gone == 0 || error.code == BA_OUT_OF_MEMORY) {
        return gone != 0;
    }
    const size_t left = pba_backing_account_left(&pool->account);
    const uint64_t count =
        pba_pool_max_blocks(pool) - pool->accounting.blocks + (gone >> pool->block_shift);
    const size_t bytes = left < SIZE_MAX - gone ? left + gone : SIZE_MAX;
    return blocks <= count && blocks <= bytes >> pool->block_shift;
}

bool pba_pool_make_room(pba_pool *pool, ba_error error, uint32_t blocks, const pba_call *call) {
    if (!pba_pool_is_shortage(error)) {
        return false;
    }
    const bool any_came = pba_pool_threads_give_back(pool);
    if (!may_help(pool, error, blocks, empty_bytes(pool))) {
        return any_came;
    }
    pba_chunk *chunk = pba_pool_first_empty(pool);
    while (chunk != NULL) {
        pba_chunk *const next = pba_pool_next_empty(pool, chunk->list_next);
        (void)drop(pool, chunk, call);
        chunk = next;
    }
    release_what_is_of_nothing(pool, call->site);
    return true;
}

/* True if so many bytes are free without a chunk that is empty. */
static bool stays_free(const pba_pool *pool, const pba_chunk *chunk, size_t bytes) {
    return pba_pool_payload(pool).free - pba_chunk_bytes(chunk) >= bytes;
}

ba_length pba_pool_shrink(pba_pool *pool, pba_threshold threshold) {
    const pba_call call = call_of(pool, "shrink");
    PBA_MARK_CALL(pool, call.site);
    if (!may_give_back(pool, &call)) {
        return ba_bytes(0);
    }
    if (pool->checks && !pba_policy_is_threshold(threshold)) {
        (void)pba_pool_reject(pool, &call, BA_OUT_OF_BOUNDS);
        return ba_bytes(0);
    }
    pool->reserved = 0;
    const size_t gone = pba_pool_shrink_to(pool, threshold, call.site);
    release_what_is_of_nothing(pool, call.site);
    return ba_bytes(gone);
}

ba_length pba_pool_trim(pba_pool *pool, ba_length keep) {
    const pba_call call = call_of(pool, "trim");
    PBA_MARK_CALL(pool, call.site);
    size_t gone = 0;
    if (!may_give_back(pool, &call)) {
        return ba_bytes(0);
    }
    pool->reserved = 0;
    pba_chunk *chunk = pba_pool_first_empty(pool);
    while (chunk != NULL) {
        pba_chunk *const next = pba_pool_next_empty(pool, chunk->list_next);
        if (stays_free(pool, chunk, keep.bytes)) {
            gone += drop(pool, chunk, &call);
        }
        chunk = next;
    }
    release_what_is_of_nothing(pool, call.site);
    return ba_bytes(gone);
}

/* True if a chunk has been empty for as long as the option says. One that was not seen free
 * before begins to be now: it may have been freed this very moment. */
static bool is_old(const pba_pool *pool, pba_chunk *chunk) {
    if (chunk->free_since == PBA_NOT_TOLD) {
        chunk->free_since = pool->now;
        return false;
    }
    return pool->now - chunk->free_since >= pool->decay_age;
}

ba_length pba_pool_decay(pba_pool *pool, uint64_t now) {
    const pba_call call = call_of(pool, "decay");
    PBA_MARK_CALL(pool, call.site);
    size_t gone = 0;
    if (!may_give_back(pool, &call)) {
        return ba_bytes(0);
    }
    if (pool->decay_age == 0) {
        return ba_bytes(0);
    }
    pool->now = now > pool->now ? now : pool->now;
    pba_chunk *chunk = pba_pool_next_empty(pool, pool->empty_candidates);
    while (chunk != NULL) {
        pba_chunk *const next = pba_pool_next_empty(pool, chunk->list_next);
        if (is_old(pool, chunk) && stays_free(pool, chunk, pool->reserved) &&
            pba_policy_may_go(pba_pool_payload(pool), pba_pool_threshold(pool),
                              pba_chunk_bytes(chunk))) {
            gone += drop(pool, chunk, &call);
        }
        chunk = next;
    }
    release_what_is_of_nothing(pool, call.site);
    return ba_bytes(gone);
}

/* --- as time passes --- */

/* True if a chunk that is empty goes at the end of a period in which, and in the one before,
 * so many blocks were needed at most. */
static bool is_not_needed(const pba_pool *pool, const pba_chunk *chunk, uint64_t needed) {
    return chunk->free_since < pool->now ||
           (chunk->map.blocks > 2 * needed && pba_chunk_bytes(chunk) > (size_t)1
                                                                           << pool->request_shift);
}

/* Gives the ends of chunks back that a shortened span has left, and that have been free since. */
static bool shorten_chunks(pba_pool *pool, const pba_call *call) {
    bool any_went = false;
    pba_chunk *chunk = pool->free_ends != 0 ? pool->empty_candidates : NULL;
    for (; chunk != NULL; chunk = chunk->list_next) {
        if (!chunk->ends_free || chunk->free_since == pool->now) {
            continue;
        }
        pba_pool_forget_free_end(pool, chunk);
        if (!pba_pool_is_empty_chunk(pool, chunk) && pool->reserved == 0) {
            pba_pool_enter_callback(pool);
            if (pba_pool_shorten_chunk(pool, chunk, call->site)) {
                any_went = true;
            }
            pba_pool_leave_callback(pool);
        }
    }
    return any_went;
}

/* False if a flush of the cache would show no chunk that may go. Where chunks are watched there is
 * none to flush. Else there is one chunk, which a flush shows to be empty now, but not for long: it
 * goes only if it is longer than a request. */
static bool is_worth_a_flush(const pba_pool *pool) {
    return pool->watches || (pba_count_in_use(&pool->accounting) == 0 &&
                             pba_pool_payload(pool).total > (size_t)1 << pool->request_shift);
}

/* Gives back what was not needed. Goes over no more chunks than go, and than became empty in
 * this period. */
static bool give_back_not_needed(pba_pool *pool, uint64_t needed, const pba_call *call) {
    bool any_went = shorten_chunks(pool, call);
    if (!pool->watches && pool->accounting.blocks <= 2 * needed) {
        return any_went; /* the only chunk, and needed */
    }
    pba_chunk *chunk = is_worth_a_flush(pool) ? pba_pool_first_empty(pool)
                                              : pba_pool_next_empty(pool, pool->empty_candidates);
    while (chunk != NULL && pba_pool_payload(pool).free - pool->shortest_free >= pool->reserved) {
        pba_chunk *const next = pba_pool_next_empty(pool, chunk->list_next);
        if (is_not_needed(pool, chunk, needed) && stays_free(pool, chunk, pool->reserved)) {
            (void)drop(pool, chunk, call);
            any_went = true;
        }
        chunk = next;
    }
    return any_went;
}

void pba_pool_end_period(pba_pool *pool, ba_call_site site) {
    const pba_call call = pba_call_without_memory("free", site);
    if (pool->gave_back && pool->took) {
        pool->period = pool->period < PBA_PERIOD_LONGEST ? 2 * pool->period : pool->period;
        pool->gave_back = false;
    }
    const uint64_t peak = pba_count_begin_period(&pool->accounting, pool->period);
    const uint64_t needed = peak > pool->peak_before ? peak : pool->peak_before;
    pool->gave_back = give_back_not_needed(pool, needed, &call) || pool->gave_back;
    pool->took = false;
    pool->peak_before = peak;
    pool->now++;
}

/* --- ahead --- */

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
    const pba_call call = call_of(pool, "reserve");
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

/* Makes all blocks of a chunk free. */
static void free_all_blocks(pba_pool *pool, pba_chunk *chunk) {
    pba_chunk_clear(chunk);
    pba_payload_freed(pool->hardening, chunk->base, pba_chunk_bytes(chunk));
    pba_chunk_set_freed(&pool->chunks, chunk);
    pba_pool_note_empty(pool, chunk);
}

ba_length pba_pool_reset(pba_pool *pool, ba_length keep) {
    const pba_call call = call_of(pool, "reset");
    PBA_MARK_CALL(pool, call.site);
    size_t gone = 0;
    if (!may_go_on(pool, &call)) {
        return ba_bytes(0);
    }
    if (pool->checks && pool->lent.grants != 0) {
        (void)pba_pool_reject(pool, &call, BA_IN_USE);
        return ba_bytes(0);
    }
    pool->reserved = 0;
    /* What is cached becomes free with all the rest. */
    pba_pool_flush_cache(pool);
    for (uint32_t slot = 0; slot < pool->chunks.used; slot++) {
        pba_chunk *const chunk = pba_chunk_set_at(&pool->chunks, slot);
        if (chunk != NULL) {
            free_all_blocks(pool, chunk);
        }
    }
    pba_count_reset(&pool->accounting);
    for (uint32_t slot = 0; slot < pool->chunks.used; slot++) {
        pba_chunk *const chunk = pba_chunk_set_at(&pool->chunks, slot);
        if (chunk != NULL && pba_pool_payload(pool).total > keep.bytes) {
            gone += drop(pool, chunk, &call);
        }
    }
    release_what_is_of_nothing(pool, call.site);
    return ba_bytes(gone);
}

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
    const pba_call call = call_of(pool, "purge");
    PBA_MARK_CALL(pool, call.site);
    size_t gone = 0;
    if (!may_give_back(pool, &call) || pool->hardening.fill) {
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

/* What is in use, for a report. */
typedef struct in_use_report {
    ba_misuse misuse;
    size_t guard_bytes; /* of each span; not the caller's */
    ba_live live[SHOWN];
} in_use_report;

static void add_to_report(void *context, const pba_walk_item *item) {
    in_use_report *const report = (in_use_report *)context;
    switch (item->kind) {
    case PBA_WALK_HOLE:
        return;
    case PBA_WALK_LIVE:
        break;
    }
    const ba_length length = ba_bytes(item->length.bytes - report->guard_bytes);
    if (report->misuse.live_count < SHOWN) {
        /* The handler gets it to print, not to write to. */
        union {
            const void *in;
            void *out;
        } const pointer = {item->pointer};
        report->live[report->misuse.live_count] =
            (ba_live){ba_memory_of(pointer.out, length), item->site};
        report->misuse.live_shown++;
    }
    report->misuse.live_count++;
    report->misuse.live_length.bytes += length.bytes;
}

/* True if release_all has something to report: any memory that is in use, or at least what other
 * pools hold, for that is never meant to be in use. */
static bool is_reported(const pba_pool *pool, pba_in_use in_use) {
    switch (in_use) {
    case PBA_ALLOW_IN_USE:
        return pool->checks && pool->lent.grants != 0;
    case PBA_REPORT_IN_USE:
        break;
    }
    return pba_count_in_use(&pool->accounting) != 0;
}

ba_error pba_pool_release_all(pba_pool *pool, pba_in_use in_use) {
    const pba_call call = call_of(pool, "release_all");
    PBA_MARK_CALL(pool, call.site);
    const ba_error error = pba_pool_enter(pool, &call, PBA_DO_NOT_PIN);
    if (ba_failed(error)) {
        return error;
    }
    in_use_report report = {.misuse = {
                                .severity = (ba_severity)pool->severity,
                                .error = ba_error_of(BA_IN_USE),
                                .allocator = pool->name,
                                .operation = call.operation,
                                .memory = call.memory,
                                .alignment = call.alignment,
                                .site = call.site,
                            }};
    report.misuse.live = report.live;
    report.guard_bytes = (size_t)pool->guard_blocks << pool->block_shift;
    const bool any_in_use = is_reported(pool, in_use);
    switch (in_use) {
    case PBA_ALLOW_IN_USE:
        report.misuse.live_count = pool->lent.grants;
        report.misuse.live_length = ba_bytes(pool->lent.bytes);
        break;
    case PBA_REPORT_IN_USE:
        if (any_in_use) {
            pba_pool_walk(pool, add_to_report, &report);
        }
        break;
    }

    pba_pool_enter_callback(pool);
    pba_pool_drop_all_chunks(pool, call.site);
    release_metadata(pool, call.site);
    pba_pool_leave_callback(pool);
    pba_pool_make_empty(pool);
    return any_in_use ? pba_pool_report(pool, &report.misuse) : ba_error_of(BA_OK);
}
