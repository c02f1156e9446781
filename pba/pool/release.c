/* Giving back what is in use: all spans at once. */
#define PBA_INTERNAL_

#include "pba/pool/amounts.h"
#include "pba/pool/busy.h"
#include "pba/pool/cached_spans.h"
#include "pba/pool/calls.h"
#include "pba/pool/drop_chunk.h"
#include "pba/pool/empty_chunks.h"
#include "pba/pool/empty_pool.h"
#include "pba/pool/functions.h"
#include "pba/pool/give_back.h"
#include "pba/pool/race_check.h"

/* How many live spans a report of memory in use names. */
#define SHOWN 8

/* Makes all blocks of a chunk free. */
static void free_all_blocks(pba_pool *pool, pba_chunk *chunk) {
    pba_chunk_clear(chunk);
    pba_payload_freed(pool->hardening, chunk->base, pba_chunk_bytes(chunk));
    pba_chunk_set_freed(&pool->chunks, chunk);
    pba_pool_note_empty(pool, chunk);
}

ba_length pba_pool_reset(pba_pool *pool, ba_length keep) {
    const pba_call call = pba_pool_call(pool, "reset");
    PBA_MARK_CALL(pool, call.site);
    size_t gone = 0;
    if (!pba_pool_may_go_on(pool, &call)) {
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
            gone += pba_pool_give_chunk_back(pool, chunk, call.site);
        }
    }
    pba_pool_release_orphaned_metadata(pool, call.site);
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
    const pba_call call = pba_pool_call(pool, "release_all");
    PBA_MARK_CALL(pool, call.site);
    const ba_error error = pba_pool_enter(pool, &call, PBA_DO_NOT_PIN);
    if (ba_failed(error)) {
        return error;
    }
    in_use_report report = {.misuse = pba_pool_misuse(pool, &call, BA_IN_USE)};
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
    pba_pool_release_metadata(pool, call.site);
    pba_pool_leave_callback(pool);
    pba_pool_make_empty(pool);
    return any_in_use ? pba_pool_report(pool, &report.misuse) : ba_error_of(BA_OK);
}
