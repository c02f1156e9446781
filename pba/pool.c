#include "pba/pool.h"

#include <string.h>

#include "block_allocator/check.h"
#include "block_allocator/instrumentation.h"
#include "pba/fast.h"
#include "pba/pool_chunks.h"
#include "pba/pool_internal.h"
#include "pba/pool_place.h"

/* --- making --- */

static bool is_on(pba_switch setting, int build_mode) {
    switch (setting) {
    case PBA_OFF:
        return false;
    case PBA_ON:
        return true;
    case PBA_ON_IN_DEBUG:
        break;
    }
    return build_mode == BA_DEBUG;
}

static bool checks_misuse(pba_safety safety, int build_mode) {
    switch (safety) {
    case PBA_SAFETY_NEVER:
        return false;
    case PBA_SAFETY_DEBUG_ONLY:
        return build_mode <= BA_DEBUG;
    case PBA_SAFETY_RELEASE_SAFE_AND_BELOW:
        return build_mode <= BA_RELEASE_SAFE;
    case PBA_SAFETY_RELEASE_SMALL_AND_BELOW:
        return build_mode <= BA_RELEASE_SMALL;
    case PBA_SAFETY_RELEASE_FAST_AND_BELOW:
    case PBA_SAFETY_ALWAYS:
        break;
    }
    return true;
}

/* The usual chunk has one backing request. */
static size_t usual_record_bytes(const pba_pool *pool) {
    const size_t blocks = pool->options.backing_request_size >> pool->block_shift;
    const size_t most = PBA_MAP_MAX_BLOCKS;
    return pba_chunk_record_bytes((uint32_t)(blocks < most ? blocks : most),
                                  pool->keeps_sites ? PBA_WITH_SITES : PBA_WITHOUT_SITES);
}

void pba_pool_make_empty(pba_pool *pool) {
    pba_records_init(&pool->records, usual_record_bytes(pool));
    pba_chunk_set_init(&pool->chunks, pba_bits_lowest(pool->options.backing_request_size));
    memset(&pool->recent, 0, sizeof pool->recent);
    pool->accounting =
        (pba_accounting){.statistics = is_on(pool->options.statistics, pool->build_mode)};
    pool->supply.requests = 0;
    pool->supply.failures = 0;
    pool->self = NULL;
    pool->maybe_free = NULL;
    pool->now = 0;
    pool->watches = false;
}

static void set_up(pba_pool *pool, const pba_setup *setup) {
    if (setup->name != NULL) {
        pool->name = setup->name;
    }
    if (setup->bookkeeping != NULL) {
        pool->supply.bookkeeping = ba_allocator_grants(*setup->bookkeeping);
    }
    pool->hook = setup->hook;
}

void pba_pool_init_checked(pba_pool *pool, const pba_options *options, ba_either backing,
                           const pba_setup *setup, int build_mode) {
    memset(pool, 0, sizeof *pool);
    pool->options = *options;
    pool->operations = pba_pool_view_operations();
    pool->block_shift = (uint8_t)pba_bits_lowest(options->block_size);
    pool->build_mode = (uint8_t)build_mode;
    pool->checks = checks_misuse(options->safety, build_mode);
    pool->keeps_sites = is_on(options->call_sites, build_mode);
    pool->max_blocks = PBA_INDEX_MAX(options->index);
    pool->care = (pba_payload_care){
        .wipe = is_on(options->secure_wipe, build_mode),
        .wipe_byte = build_mode == BA_DEBUG ? 0xAA : 0x00,
        .fill = is_on(options->fill, build_mode),
        .guard = is_on(options->guard, build_mode),
    };
    pool->guard_blocks = pool->care.guard ? 1 : 0;
    pool->is_plain = !pool->keeps_sites && !pool->care.wipe && !pool->care.fill &&
                     !pool->care.guard && !ba_instrument_is_watched();
    pool->gives_back = options->decay_age != 0 || options->auto_shrink != PBA_AUTO_SHRINK_NEVER;
    pool->marks_store = !pool->is_plain || pool->checks || pool->gives_back;
    pool->keeps_last_chunk =
        options->decay_age == 0 &&
        (options->auto_shrink == PBA_AUTO_SHRINK_NEVER || options->shrink_min > 0);
    pba_pool_end_busy(pool);
    pool->name = "pool";
    pool->supply = (pba_supply){
        .payload = backing,
        .bookkeeping = backing.grants,
        .limit = options->byte_limit,
    };
    if (setup != NULL) {
        set_up(pool, setup);
    }
    pba_pool_make_empty(pool);
}

pba_options_error pba_pool_init_in_mode(pba_pool *pool, const pba_options *options,
                                        ba_either backing, const pba_setup *setup, int build_mode) {
    const pba_options_error error = pba_options_check(options);
    if (error == PBA_OPTIONS_OK) {
        pba_pool_init_checked(pool, options, backing, setup, build_mode);
    }
    return error;
}

/* --- what each call begins with --- */

pba_call pba_call_without_memory(const char *operation, ba_call_site site) {
    return (pba_call){operation, ba_memory_none(ba_error_of(BA_OK)), ba_align(1), site};
}

static ba_misuse misuse_of(const pba_pool *pool, const pba_call *call, ba_error_code code) {
    return (ba_misuse){
        .severity = pool->options.severity,
        .error = ba_error_of(code),
        .allocator = pool->name,
        .operation = call->operation,
        .memory = call->memory,
        .alignment = call->alignment,
        .site = call->site,
    };
}

ba_error pba_pool_reject(const pba_pool *pool, const pba_call *call, ba_error_code code) {
    const ba_misuse misuse = misuse_of(pool, call, code);
    return ba_misuse_report(&misuse);
}

ba_error pba_pool_reject_span(const pba_pool *pool, const pba_call *call, ba_error_code code,
                              pba_span span) {
    ba_misuse misuse = misuse_of(pool, call, code);
    if (span.chunk != NULL) {
        misuse.expected = ba_bytes((size_t)(span.blocks - pool->guard_blocks) << pool->block_shift);
        misuse.origin = pba_chunk_site(span.chunk, span.first);
    }
    return ba_misuse_report(&misuse);
}

ba_error pba_pool_enter(pba_pool *pool, const pba_call *call, pba_pinning pinning) {
    if (pool->is_busy) {
        return ba_error_of(BA_IN_USE);
    }
    if (pool->self == NULL) {
        switch (pinning) {
        case PBA_PIN:
            pool->self = pool;
            pba_recent_init(&pool->recent);
            break;
        case PBA_DO_NOT_PIN:
            break;
        }
    } else if (pool->self != pool && pool->checks && pool->build_mode == BA_DEBUG) {
        return pba_pool_reject(pool, call, BA_MOVED);
    }
    return ba_error_of(BA_OK);
}

/* The live span that a call is about, checked or trusted. */
static ba_error find_span(pba_pool *pool, const pba_call *call, pba_span *span) {
    if (!pool->checks) {
        *span = pba_span_trust(&pool->chunks, call->memory, pool->guard_blocks);
        return ba_error_of(BA_OK);
    }
    const pba_finding found =
        pba_span_check(&pool->chunks, call->memory, call->alignment, pool->guard_blocks);
    *span = found.span;
    return found.code == BA_OK ? ba_error_of(BA_OK)
                               : pba_pool_reject_span(pool, call, found.code, found.span);
}

/* --- spans --- */

static unsigned char *address_of(pba_span span) {
    return pba_chunk_address(span.chunk, span.first);
}

static size_t bytes_of(const pba_pool *pool, uint32_t blocks) {
    return (size_t)blocks << pool->block_shift;
}

/* What a caller sees of a span. */
static ba_length handed_out(const pba_pool *pool, uint32_t blocks) {
    return ba_bytes(bytes_of(pool, blocks - pool->guard_blocks));
}

/* The blocks of a span of that many bytes, the guard included, or 0 if no span can be so long. */
static uint32_t blocks_for(const pba_pool *pool, ba_length length) {
    const size_t blocks = ((length.bytes - 1) >> pool->block_shift) + 1;
    return blocks > PBA_MAP_MAX_BLOCKS - 1 ? 0 : (uint32_t)blocks + pool->guard_blocks;
}

static void set_guard(const pba_pool *pool, pba_span span) {
    if (pool->care.guard) {
        pba_payload_set_guard(pba_chunk_address(span.chunk, span.first + span.blocks - 1),
                              bytes_of(pool, 1));
    }
}

/* Makes the guard ordinary memory of the span again. */
static void take_guard(const pba_pool *pool, pba_span span) {
    if (pool->care.guard) {
        pba_payload_take_guard(pba_chunk_address(span.chunk, span.first + span.blocks - 1),
                               bytes_of(pool, 1));
    }
}

static bool guard_is_whole(const pba_pool *pool, pba_span span) {
    return !pool->care.guard ||
           pba_payload_guard_is_whole(pba_chunk_address(span.chunk, span.first + span.blocks - 1),
                                      bytes_of(pool, 1));
}

/* Reports a write to free memory that is about to be used again. It is used all the same: it is not
 * the caller's fault. */
static void expect_fill(const pba_pool *pool, bool is_whole, unsigned char *address, size_t bytes,
                        const char *operation, ba_call_site site) {
    if (!is_whole) {
        const pba_call call = {operation, ba_memory_of(address, ba_bytes(bytes)), ba_align(1),
                               site};
        (void)pba_pool_reject(pool, &call, BA_CORRUPT);
    }
}

/* --- allocation --- */

/* Asks the hook, if there is one. */
static pba_hook_answer ask_hook(pba_pool *pool, uint32_t blocks, size_t attempt) {
    if (pool->hook.function == NULL) {
        return PBA_GIVE_UP;
    }
    pba_pool_begin_busy(pool);
    const pba_hook_answer answer =
        pool->hook.function(pool->hook.context, ba_bytes(bytes_of(pool, blocks)), attempt);
    pba_pool_end_busy(pool);
    return answer;
}

/* What the option backing_failure says about an error. */
static void judge_failure(const pba_pool *pool, const pba_call *call, ba_error error) {
    if (error.code != BA_OUT_OF_MEMORY) {
        return;
    }
    switch (pool->options.backing_failure) {
    case PBA_BACKING_FAILURE_RETURNS:
        return;
    case PBA_BACKING_FAILURE_PANICS: {
        ba_misuse misuse = misuse_of(pool, call, BA_OUT_OF_MEMORY);
        misuse.severity = BA_SEVERITY_PANIC;
        (void)ba_misuse_report(&misuse);
        return;
    }
    case PBA_BACKING_FAILURE_UNREACHABLE:
        BA_UNREACHABLE();
    }
}

pba_chunk *pba_pool_new_chunk(pba_pool *pool, uint32_t blocks, const pba_call *call,
                              ba_error *error) {
    size_t attempt = 0;
    do {
        pba_pool_begin_busy(pool);
        pba_chunk *const chunk =
            pba_pool_add_chunk(pool, blocks, call->alignment, call->site, error);
        pba_pool_end_busy(pool);
        if (chunk != NULL) {
            return chunk;
        }
    } while (error->code == BA_OUT_OF_MEMORY && ask_hook(pool, blocks, ++attempt) == PBA_RETRY);
    judge_failure(pool, call, *error);
    pba_account_failure(&pool->accounting);
    return NULL;
}

static ba_memory hand_out(pba_pool *pool, pba_span span, ba_call_site site) {
    pba_account_alloc(&pool->accounting, span.blocks);
    pba_chunk_set_site(span.chunk, span.first, site);
    unsigned char *const address = address_of(span);
    const size_t bytes = bytes_of(pool, span.blocks);
    const bool is_whole = pba_payload_taken(pool->care, address, bytes);
    set_guard(pool, span);
    expect_fill(pool, is_whole, address, bytes, "alloc", site);
    return ba_memory_of(address, handed_out(pool, span.blocks));
}

static ba_error check_alloc(const pba_pool *pool, const pba_call *call, ba_length minimum) {
    if (!pool->checks) {
        return ba_error_of(BA_OK);
    }
    const ba_error_code code = ba_check_alloc(minimum, call->alignment);
    return code == BA_OK ? ba_error_of(BA_OK) : pba_pool_reject(pool, call, code);
}

/* Makes a list of the store longer if it was full. The store is kept below 1/32 of the payload. */
static void grow_store(pba_pool *pool, uint32_t blocks, ba_call_site site) {
    if (pba_recent_keeps(blocks) && pool->recent.was_full[blocks]) {
        pba_pool_begin_busy(pool);
        pba_recent_grow(&pool->recent, blocks, &pool->supply, pool->supply.payload_bytes / 32,
                        site);
        pba_pool_end_busy(pool);
    }
}

ba_memory pba_pool_alloc_the_long_way(pba_pool *pool, ba_length minimum, ba_alignment alignment,
                                      ba_call_site site) {
    pba_call call = pba_call_without_memory("alloc", site);
    call.alignment = alignment;
    ba_error error = pba_pool_enter(pool, &call, PBA_PIN);
    if (!ba_failed(error)) {
        error = check_alloc(pool, &call, minimum);
    }
    if (ba_failed(error)) {
        return ba_memory_none(error);
    }
    const uint32_t blocks = blocks_for(pool, minimum);
    if (blocks == 0) {
        pba_account_failure(&pool->accounting);
        return ba_memory_none(ba_error_of(BA_LIMIT));
    }
    pba_span span = pba_pool_place(pool, blocks, alignment);
    if (span.chunk == NULL) {
        pba_chunk *const chunk = pba_pool_new_chunk(pool, blocks, &call, &error);
        if (chunk == NULL) {
            return ba_memory_none(error);
        }
        span = pba_pool_place_first(pool, chunk, blocks);
    }
    /* Not before: an allocation that fails leaves the pool as it was. */
    grow_store(pool, blocks, site);
    return hand_out(pool, span, site);
}

/* --- resizing --- */

static void shorten(pba_pool *pool, pba_span span, uint32_t blocks) {
    const pba_span tail = {span.chunk, span.first + blocks, span.blocks - blocks};
    pba_map_split(&span.chunk->map, span.first, blocks);
    pba_chunk_tag_live(span.chunk, span.first, blocks);
    (void)pba_pool_put_away(pool, tail);
    pba_account_resize(&pool->accounting, span.blocks, blocks);
    const pba_span rest = {span.chunk, span.first, blocks};
    set_guard(pool, rest);
}

static void lengthen(pba_pool *pool, pba_span span, uint32_t blocks, const pba_call *call) {
    const uint32_t more = blocks - span.blocks;
    unsigned char *const tail = pba_chunk_address(span.chunk, span.first + span.blocks);
    const bool is_whole = pba_payload_taken(pool->care, tail, bytes_of(pool, more));
    take_guard(pool, span);
    pba_map_lengthen(&span.chunk->map, span.first, span.blocks, more);
    pba_chunk_tag_live(span.chunk, span.first, blocks);
    pba_chunk_set_update(&pool->chunks, span.chunk);
    pba_account_resize(&pool->accounting, span.blocks, blocks);
    const pba_span longer = {span.chunk, span.first, blocks};
    set_guard(pool, longer);
    expect_fill(pool, is_whole, tail, bytes_of(pool, more), call->operation, call->site);
}

/* Makes a span longer, to at least `minimum` blocks and at most `wanted`; returns what it has then,
 * or 0 with the error. */
static uint32_t grow(pba_pool *pool, pba_span span, uint32_t minimum, uint32_t wanted,
                     const pba_call *call, ba_error *error) {
    const uint32_t end = span.first + span.blocks;
    uint32_t run = pba_pool_free_run(pool, span.chunk, end, wanted - span.blocks);
    if (span.blocks + run < minimum) {
        if (end + run != span.chunk->map.blocks) {
            *error = ba_error_of(BA_NOT_IN_PLACE);
            return 0;
        }
        const pba_wanted_blocks more = {minimum - span.blocks - run, wanted - span.blocks - run};
        pba_pool_begin_busy(pool);
        *error = pba_pool_grow_chunk(pool, &span, more, call->site);
        pba_pool_end_busy(pool);
        if (ba_failed(*error)) {
            return 0;
        }
        run = pba_map_free_run(&span.chunk->map, end, wanted - span.blocks);
    }
    lengthen(pool, span, span.blocks + run, call);
    return span.blocks + run;
}

/* Checks the arguments of resize, grow-between and remap, and finds the span. */
static ba_error begin_resize(pba_pool *pool, const pba_call *call, ba_length minimum,
                             pba_span *span) {
    ba_error error = pba_pool_enter(pool, call, PBA_PIN);
    if (!ba_failed(error)) {
        error = find_span(pool, call, span);
    }
    if (!ba_failed(error) && pool->checks && minimum.bytes == 0) {
        error = pba_pool_reject(pool, call, BA_ZERO_SIZE);
    }
    if (!ba_failed(error) && !guard_is_whole(pool, *span)) {
        error = pba_pool_reject_span(pool, call, BA_CORRUPT, *span);
    }
    return error;
}

static ba_length_result grow_result(pba_pool *pool, uint32_t blocks, ba_error error) {
    if (blocks == 0) {
        pba_account_failure(&pool->accounting);
        return ba_length_result_none(error);
    }
    return ba_length_result_of(handed_out(pool, blocks));
}

ba_length_result pba_pool_resize_at(pba_pool *pool, ba_memory memory, ba_alignment alignment,
                                    ba_length minimum, ba_call_site site) {
    const pba_call call = {"resize", memory, alignment, site};
    pba_span span;
    ba_error error = begin_resize(pool, &call, minimum, &span);
    if (ba_failed(error)) {
        return ba_length_result_none(error);
    }
    const uint32_t blocks = blocks_for(pool, minimum);
    if (blocks == 0) {
        return grow_result(pool, 0, ba_error_of(BA_LIMIT));
    }
    if (blocks < span.blocks) {
        shorten(pool, span, blocks);
    } else if (blocks > span.blocks) {
        return grow_result(pool, grow(pool, span, blocks, blocks, &call, &error), error);
    }
    return ba_length_result_of(handed_out(pool, blocks));
}

ba_length_result pba_pool_grow_between_at(pba_pool *pool, ba_memory memory, ba_alignment alignment,
                                          ba_length minimum, ba_length wanted, ba_call_site site) {
    const pba_call call = {"grow_between", memory, alignment, site};
    pba_span span;
    ba_error error = begin_resize(pool, &call, minimum, &span);
    if (ba_failed(error)) {
        return ba_length_result_none(error);
    }
    const uint32_t least = blocks_for(pool, minimum);
    if (least == 0) {
        return grow_result(pool, 0, ba_error_of(BA_LIMIT));
    }
    uint32_t most = wanted.bytes > minimum.bytes ? blocks_for(pool, wanted) : least;
    most = most == 0 ? PBA_MAP_MAX_BLOCKS : most;
    if (most <= span.blocks) {
        return ba_length_result_of(handed_out(pool, span.blocks));
    }
    return grow_result(
        pool, grow(pool, span, least > span.blocks ? least : span.blocks, most, &call, &error),
        error);
}

/* --- moving --- */

ba_memory pba_pool_remap_at(pba_pool *pool, ba_memory memory, ba_alignment alignment,
                            ba_length minimum, ba_call_site site) {
    const pba_call call = {"remap", memory, alignment, site};
    pba_span span;
    ba_error error = begin_resize(pool, &call, minimum, &span);
    if (ba_failed(error)) {
        return ba_memory_none(error);
    }
    const uint32_t blocks = blocks_for(pool, minimum);
    if (blocks == 0) {
        pba_account_failure(&pool->accounting);
        return ba_memory_none(ba_error_of(BA_LIMIT));
    }
    if (blocks <= span.blocks) {
        if (blocks < span.blocks) {
            shorten(pool, span, blocks);
        }
        return ba_memory_of(ba_memory_pointer(memory), handed_out(pool, blocks));
    }
    /* The backing keeps the alignment that the chunk was asked for with, not what a span happened
     * to get. */
    if (span.blocks != span.chunk->map.blocks || alignment.bytes > span.chunk->alignment.bytes) {
        pba_account_failure(&pool->accounting);
        return ba_memory_none(ba_error_of(BA_UNSUPPORTED));
    }
    /* The guard moves with the span: whoever moves it may read it. */
    take_guard(pool, span);
    pba_pool_begin_busy(pool);
    error = pba_pool_remap_chunk(pool, &span, blocks, site);
    pba_pool_end_busy(pool);
    if (ba_failed(error)) {
        set_guard(pool, span);
        pba_account_failure(&pool->accounting);
        return ba_memory_none(error);
    }
    lengthen(pool, span, blocks, &call);
    return ba_memory_of(address_of(span), handed_out(pool, blocks));
}

/* --- freeing --- */

/* The last step of a free that left its chunk wholly free: what auto-shrink and decay say about
 * that. */
static void after_free(pba_pool *pool, pba_chunk *chunk, ba_call_site site) {
    if (pool->options.decay_age != 0) {
        return;
    }
    const pba_threshold threshold = pba_pool_threshold(pool);
    switch (pool->options.auto_shrink) {
    case PBA_AUTO_SHRINK_NEVER:
        return;
    case PBA_AUTO_SHRINK_SIMPLE:
        if (pba_policy_wants_less(pba_pool_payload(pool), threshold) &&
            pba_policy_may_go(pba_pool_payload(pool), threshold, pba_chunk_bytes(chunk))) {
            pba_pool_begin_busy(pool);
            pba_pool_drop_chunk(pool, chunk, site);
            pba_pool_end_busy(pool);
        }
        return;
    case PBA_AUTO_SHRINK_AGGRESSIVE:
        (void)pba_pool_shrink_to(pool, threshold, site);
        return;
    }
}

ba_error pba_pool_free_the_long_way(pba_pool *pool, ba_memory memory, ba_alignment alignment,
                                    ba_call_site site) {
    const pba_call call = {"free", memory, alignment, site};
    ba_error error = pba_pool_enter(pool, &call, PBA_PIN);
    if (ba_failed(error)) {
        return error;
    }
    pba_span span;
    error = find_span(pool, &call, &span);
    if (ba_failed(error)) {
        return error;
    }
    if (!guard_is_whole(pool, span)) {
        return pba_pool_reject_span(pool, &call, BA_CORRUPT, span);
    }
    const bool is_wholly_free = pba_pool_put_away(pool, span);
    pba_account_free(&pool->accounting, span.blocks);
    if (is_wholly_free) {
        after_free(pool, span.chunk, site);
    }
    return error;
}

/* --- the short ways, with options that are known at run time only --- */

static pba_fast_options options_at_run_time(const pba_pool *pool) {
    return (pba_fast_options){
        .block_shift = pool->block_shift,
        .request_shift = pool->chunks.usual_shift,
        .statistics = PBA_ON_IN_DEBUG, /* as the pool says */
        .store = PBA_STORE_ANY,
    };
}

ba_memory pba_pool_alloc_at(pba_pool *pool, ba_length minimum, ba_alignment alignment,
                            ba_call_site site) {
    return pba_fast_alloc(pool, options_at_run_time(pool), minimum, alignment, site);
}

ba_error pba_pool_free_at(pba_pool *pool, ba_memory memory, ba_alignment alignment,
                          ba_call_site site) {
    return pba_fast_free(pool, options_at_run_time(pool), memory, alignment, site);
}

/* --- what the other parts of the face share --- */

pba_payload pba_pool_payload(const pba_pool *pool) {
    return (pba_payload){
        .total = (size_t)(pool->accounting.blocks << pool->block_shift),
        .free = (size_t)((pool->accounting.blocks - pba_account_in_use(&pool->accounting))
                         << pool->block_shift),
    };
}

pba_threshold pba_pool_threshold(const pba_pool *pool) {
    return (pba_threshold){pool->options.shrink_kind, pool->options.shrink_min,
                           pool->options.shrink_max};
}

size_t pba_pool_shrink_to(pba_pool *pool, pba_threshold threshold, ba_call_site site) {
    size_t gone = 0;
    pba_chunk *chunk = pba_pool_first_wholly_free(pool);
    while (chunk != NULL && pba_policy_wants_less(pba_pool_payload(pool), threshold)) {
        pba_chunk *const next = pba_pool_wholly_free(pool, chunk->list_next);
        const size_t bytes = pba_chunk_bytes(chunk);
        if (pba_policy_may_go(pba_pool_payload(pool), threshold, bytes)) {
            pba_pool_begin_busy(pool);
            pba_pool_drop_chunk(pool, chunk, site);
            pba_pool_end_busy(pool);
            gone += bytes;
        }
        chunk = next;
    }
    return gone;
}
