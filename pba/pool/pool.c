#include "pba/pool.h"

#include <string.h>

#include "block_allocator/implementing/check.h"
#include "block_allocator/implementing/instrumentation.h"
#include "pba/internal/fast_path.h"
#include "pba/pool/pool_chunks.h"
#include "pba/pool/pool_internal.h"
#include "pba/pool/pool_place.h"
#include "pba/pool/race_check.h"

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

void pba_pool_make_empty(pba_pool *pool) {
    pba_metadata_init(&pool->metadata, pba_pool_nominal_record_bytes(pool));
    pba_chunk_set_init(&pool->chunks, pool->request_shift);
    pool->cache = NULL;
    pool->lacks_cache = false;
    pba_pool_open_fast_path(pool);
    pool->period = PBA_PERIOD_FIRST;
    pool->accounting = (pba_accounting){.blocks = 0};
    pba_count_begin(&pool->accounting, pool->statistics,
                    pool->has_periods ? pool->period : PBA_ACCOUNT_FOR_EVER);
    pool->account.requests = 0;
    pool->account.failures = 0;
    pool->self = NULL;
    pool->empty_candidates = NULL;
    pool->shortest_free = SIZE_MAX;
    pool->lent.grants = 0;
    pool->lent.bytes = 0;
    pool->now = 0;
    pool->chunks_gone = 0;
    pool->free_ends = 0;
    pool->peak_before = 0;
    pool->reserved = 0;
    pool->took = false;
    pool->gave_back = false;
    pool->watches = false;
    pool->look_slot = 0;
    pool->look_word = 0;
}

static void set_up(pba_pool *pool, const pba_setup *setup) {
    if (setup->name != NULL) {
        pool->name = setup->name;
    }
    if (setup->metadata != NULL) {
        pool->account.metadata = ba_allocator_grants(*setup->metadata);
    }
    pool->hook = setup->hook;
    pool->room = setup->span_cache;
}

/* Where a backing counts what it lends, if it is a pool. */
static pba_lent *lender_of(ba_block_allocator backing) {
    pba_pool *const pool = pba_pool_of_view(backing);
    return pool != NULL ? &pool->lent : NULL;
}

/* Keeps what is asked later of options as they are. */
static void keep_options(pba_pool *pool, const pba_options *options) {
    pool->block_shift = (uint8_t)pba_bits_lowest(options->block_size);
    pool->request_shift = (uint8_t)pba_bits_lowest(options->backing_request_size);
    pool->request_growth = (uint8_t)options->request_growth;
    pool->index = (uint8_t)options->index;
    pool->severity = (uint8_t)options->severity;
    pool->backing_failure = (uint8_t)options->backing_failure;
    pool->auto_shrink = (uint8_t)options->auto_shrink;
    pool->shrink_kind = (uint8_t)options->shrink_kind;
    pool->shrink_min = options->shrink_min;
    pool->shrink_max = options->shrink_max;
    pool->decay_age = options->decay_age;
}

/* Works out what follows from options and the build mode. */
static void judge_options(pba_pool *pool, const pba_options *options, int build_mode) {
    pool->statistics = is_on(options->statistics, build_mode);
    pool->checks = checks_misuse(options->safety, build_mode);
    pool->threads =
        PBA_CHECKS_RACES && pool->checks && build_mode == BA_DEBUG ? PBA_FINDS_RACES : 0;
    pool->keeps_sites = is_on(options->call_sites, build_mode);
    pool->hardening = (pba_hardening){
        .wipe = is_on(options->secure_wipe, build_mode),
        .wipe_byte = build_mode == BA_DEBUG ? 0xAA : 0x00,
        .fill = is_on(options->fill, build_mode),
        .guard = is_on(options->guard, build_mode),
    };
    pool->guard_blocks = pool->hardening.guard ? 1 : 0;
    pool->caches = is_on(options->span_cache, build_mode);
    pool->is_plain = !pool->keeps_sites && !pool->hardening.wipe && !pool->hardening.fill &&
                     !pool->hardening.guard && !ba_instrument_is_watched();
    pool->gives_back = options->decay_age != 0 || options->auto_shrink != PBA_AUTO_SHRINK_NEVER;
    pool->cache_is_checked = !pool->is_plain || pool->checks || pool->gives_back;
    pool->has_periods = pba_options_have_periods(options);
    pool->keeps_last_chunk =
        pool->has_periods ||
        (options->decay_age == 0 &&
         (options->auto_shrink == PBA_AUTO_SHRINK_NEVER || options->shrink_min > 0));
}

void pba_pool_init_checked(pba_pool *pool, const pba_options *options, ba_any_allocator backing,
                           const pba_setup *setup, int build_mode) {
    pba_race_forget(pool);
    memset(pool, 0, sizeof *pool);
    keep_options(pool, options);
    judge_options(pool, options, build_mode);
    pool->name = "pool";
    pool->account = (pba_backing_account){
        .payload = backing.grants,
        .metadata = backing.grants,
        .limit = options->byte_limit,
    };
    if (setup != NULL) {
        set_up(pool, setup);
    }
    pool->account.payload_lender = lender_of(pool->account.payload);
    pool->account.metadata_lender = lender_of(pool->account.metadata);
    pba_pool_make_empty(pool);
}

void pba_pool_init_of_type(pba_pool *pool, const pba_options *options, ba_any_allocator backing,
                           const pba_setup *setup, int build_mode, pba_span_cache *beside) {
    pba_pool_init_checked(pool, options, backing, setup, build_mode);
    pool->has_cache_beside = beside != NULL;
    if (beside != NULL) {
        pba_span_cache_init_none(beside);
    }
}

pba_options_error pba_pool_init_in_mode(pba_pool *pool, const pba_options *options,
                                        ba_any_allocator backing, const pba_setup *setup,
                                        int build_mode) {
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

ba_call_site pba_pool_take_site(pba_pool *pool) {
    const ba_call_site site = pool->site;
    pool->site = ba_call_site_none();
    return site;
}

static ba_misuse misuse_of(const pba_pool *pool, const pba_call *call, ba_error_code code) {
    return (ba_misuse){
        .severity = (ba_severity)pool->severity,
        .error = ba_error_of(code),
        .allocator = pool->name,
        .operation = call->operation,
        .memory = call->memory,
        .alignment = call->alignment,
        .site = call->site,
    };
}

ba_error pba_pool_report(const pba_pool *pool, const ba_misuse *misuse) {
    const pba_race_break pause = pba_race_pause(pool);
    const ba_error error = ba_misuse_report(misuse);
    pba_race_resume(pool, pause);
    return error;
}

ba_error pba_pool_reject(const pba_pool *pool, const pba_call *call, ba_error_code code) {
    const ba_misuse misuse = misuse_of(pool, call, code);
    return pba_pool_report(pool, &misuse);
}

ba_error pba_pool_reject_span(const pba_pool *pool, const pba_call *call, ba_error_code code,
                              pba_span span) {
    ba_misuse misuse = misuse_of(pool, call, code);
    if (span.chunk != NULL) {
        misuse.expected = ba_bytes((size_t)(span.blocks - pool->guard_blocks) << pool->block_shift);
        misuse.origin = pba_chunk_site(span.chunk, span.first);
    }
    return pba_pool_report(pool, &misuse);
}

/* A pool that was made has a name. One of zeros has no severity of its own. */
static bool is_made(const pba_pool *pool) {
    return pool->name != NULL;
}

static ba_error reject_unmade(const pba_call *call) {
    return ba_misuse_reject("pool", call->operation, BA_NOT_MADE, call->memory, ba_bytes(0),
                            call->alignment, call->site);
}

static ba_error reject_race(const pba_pool *pool, const pba_call *call, ba_call_site other) {
    ba_misuse misuse = misuse_of(pool, call, BA_RACE);
    misuse.origin = other;
    return pba_pool_report(pool, &misuse);
}

ba_error pba_pool_look(const pba_pool *pool, const pba_call *call) {
    if (!is_made(pool)) {
        return reject_unmade(call);
    }
    ba_call_site other;
    if (pba_race_is_found(pool, &other)) {
        return reject_race(pool, call, other);
    }
    if (pool->self != NULL && pool->self != pool && pool->checks) {
        return pba_pool_reject(pool, call, BA_MOVED);
    }
    return ba_error_of(BA_OK);
}

ba_error pba_pool_enter(pba_pool *pool, const pba_call *call, pba_pinning pinning) {
    const ba_error error = pba_pool_look(pool, call);
    if (ba_failed(error)) {
        return error;
    }
    if (pool->in_callback) {
        return pba_pool_reject(pool, call, BA_IN_USE);
    }
    if (pool->self == NULL) {
        switch (pinning) {
        case PBA_PIN:
            pool->self = pool;
            pba_pool_place_cache(pool);
            break;
        case PBA_DO_NOT_PIN:
            break;
        }
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
static ba_length payload_length(const pba_pool *pool, uint32_t blocks) {
    return ba_bytes(bytes_of(pool, blocks - pool->guard_blocks));
}

/* The blocks of a span of that many bytes, the guard included, or 0 if no span can be so long. */
static uint32_t blocks_for(const pba_pool *pool, ba_length length) {
    const size_t blocks = ((length.bytes - 1) >> pool->block_shift) + 1;
    /* Whole blocks may be more bytes than a size_t counts. */
    const size_t countable = SIZE_MAX >> pool->block_shift;
    const size_t most = countable < PBA_MAP_MAX_BLOCKS ? countable : PBA_MAP_MAX_BLOCKS;
    return blocks > most - pool->guard_blocks ? 0 : (uint32_t)blocks + pool->guard_blocks;
}

static void set_guard(const pba_pool *pool, pba_span span) {
    if (pool->hardening.guard) {
        pba_payload_set_guard(pba_chunk_address(span.chunk, span.first + span.blocks - 1),
                              bytes_of(pool, 1));
    }
}

/* Makes the guard ordinary memory of the span again. */
static void take_guard(const pba_pool *pool, pba_span span) {
    if (pool->hardening.guard) {
        pba_payload_take_guard(pba_chunk_address(span.chunk, span.first + span.blocks - 1),
                               bytes_of(pool, 1));
    }
}

static bool guard_is_whole(const pba_pool *pool, pba_span span) {
    return !pool->hardening.guard ||
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

bool pba_pool_could_hold(const pba_pool *pool, uint64_t blocks) {
    return blocks <= pba_pool_max_blocks(pool) &&
           blocks <= pool->account.limit >> pool->block_shift;
}

/* Calls the hook. Nothing is half done, so other threads may use the pool meanwhile, as the hook
 * may: the lock that guards it is given back, unless its holder has several calls to make. */
static pba_hook_answer ask_hook(const pba_pool *pool, ba_length wanted, size_t attempt) {
    const ba_lock none = {NULL, NULL, NULL};
    const ba_lock lock = (pool->threads & PBA_KEEPS_LOCK) != 0 ? none : pba_lent_lock(&pool->lent);
    const pba_out_of_memory_hook hook = pool->hook;
    const pba_race_break pause = pba_race_pause(pool);
    ba_lock_release(lock);
    const pba_hook_answer answer = hook.function(hook.context, wanted, attempt);
    ba_lock_acquire(lock);
    pba_race_resume(pool, pause);
    return answer;
}

/* True if the hook says that a call shall be tried again. */
static bool hook_helps(const pba_pool *pool, ba_error error, ba_length wanted, size_t attempt) {
    if (pool->hook.function == NULL || wanted.bytes == 0 || !pba_pool_is_shortage(error)) {
        return false;
    }
    switch (ask_hook(pool, wanted, attempt)) {
    case PBA_GIVE_UP:
        break;
    case PBA_RETRY:
        return true;
    }
    return false;
}

bool pba_pool_tries_again(pba_pool *pool, ba_error error, ba_length wanted, size_t attempt) {
    if (hook_helps(pool, error, wanted, attempt)) {
        return true;
    }
    pba_count_failure(&pool->accounting);
    return false;
}

void pba_pool_apply_failure_policy(const pba_pool *pool, const pba_call *call, ba_error error) {
    if (error.code != BA_OUT_OF_MEMORY) {
        return;
    }
    switch ((pba_backing_failure)pool->backing_failure) {
    case PBA_BACKING_FAILURE_RETURNS:
        return;
    case PBA_BACKING_FAILURE_PANICS: {
        ba_misuse misuse = misuse_of(pool, call, BA_OUT_OF_MEMORY);
        misuse.severity = BA_SEVERITY_PANIC;
        (void)pba_pool_report(pool, &misuse);
        return;
    }
    case PBA_BACKING_FAILURE_UNREACHABLE:
        BA_UNREACHABLE();
    }
}

pba_chunk *pba_pool_new_chunk(pba_pool *pool, uint32_t blocks, const pba_call *call,
                              ba_error *error) {
    pba_pool_begin_asking(pool);
    pba_chunk *const chunk = pba_pool_add_chunk(pool, blocks, call->alignment, call->site, error);
    pba_pool_leave_callback(pool);
    return chunk;
}

static ba_memory return_span(pba_pool *pool, pba_span span, ba_call_site site) {
    pba_count_alloc(&pool->accounting, span.blocks);
    pba_chunk_set_site(span.chunk, span.first, site);
    unsigned char *const address = address_of(span);
    const size_t bytes = bytes_of(pool, span.blocks);
    const bool is_whole = pba_payload_taken(pool->hardening, address, bytes);
    set_guard(pool, span);
    expect_fill(pool, is_whole, address, bytes, "alloc", site);
    return ba_memory_of(address, payload_length(pool, span.blocks));
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
        pba_chunk *const chunk = pba_pool_new_chunk(pool, blocks, call, &error);
        span = chunk != NULL ? pba_pool_place_first(pool, chunk, blocks, call->alignment)
                             : pba_pool_place_anywhere(pool, blocks, call->alignment);
        if (span.chunk == NULL) {
            return ba_memory_none(error);
        }
    }
    const ba_memory memory = return_span(pool, span, call->site);
    /* Not before: an allocation that fails leaves the pool as it was, and who is called meanwhile
     * may look at it. */
    grow_cache(pool, blocks, call->site);
    return memory;
}

/* The same, and before memory is refused empty chunks go back. */
static ba_memory alloc_blocks(pba_pool *pool, uint32_t blocks, const pba_call *call) {
    const ba_memory memory = try_alloc(pool, blocks, call);
    return ba_memory_is_none(memory) &&
                   pba_pool_make_room(pool, ba_memory_error(memory), blocks, call)
               ? try_alloc(pool, blocks, call)
               : memory;
}

/* The same until there is memory, or the hook gives up; then the failure is counted and judged. */
static ba_memory alloc_or_fail(pba_pool *pool, ba_length minimum, const pba_call *call) {
    const uint32_t blocks = blocks_for(pool, minimum);
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
    return ba_failed(error) ? ba_memory_none(error) : alloc_or_fail(pool, minimum, &call);
}

/* --- resizing --- */

static void shorten(pba_pool *pool, pba_span span, uint32_t blocks) {
    const pba_span tail = {span.chunk, span.first + blocks, span.blocks - blocks};
    pba_map_split(&span.chunk->map, span.first, blocks);
    pba_chunk_untag(span.chunk, span.first, span.blocks);
    pba_chunk_tag_live(span.chunk, span.first, blocks);
    (void)pba_pool_release_span(pool, tail);
    pba_count_resize(&pool->accounting, span.blocks, blocks);
    const pba_span rest = {span.chunk, span.first, blocks};
    set_guard(pool, rest);
    if (pool->has_periods && tail.blocks > PBA_SPAN_CACHE_BLOCKS) {
        pba_pool_note_free_end(pool, span.chunk);
    }
}

static void lengthen(pba_pool *pool, pba_span span, uint32_t blocks, const pba_call *call) {
    const uint32_t more = blocks - span.blocks;
    unsigned char *const tail = pba_chunk_address(span.chunk, span.first + span.blocks);
    /* First, for a handler that does not return must leave the span as it was. */
    expect_fill(pool, pba_payload_is_filled(pool->hardening, tail, bytes_of(pool, more)), tail,
                bytes_of(pool, more), call->operation, call->site);
    ba_instrument_alloc(tail, ba_bytes(bytes_of(pool, more)));
    take_guard(pool, span);
    pba_map_lengthen(&span.chunk->map, span.first, span.blocks, more);
    pba_chunk_undiscard(span.chunk, span.first + span.blocks, more,
                        pba_backing_account_page(&pool->account));
    pba_chunk_tag_live(span.chunk, span.first, blocks);
    pba_chunk_set_taken(&pool->chunks, span.chunk);
    pba_count_resize(&pool->accounting, span.blocks, blocks);
    const pba_span longer = {span.chunk, span.first, blocks};
    set_guard(pool, longer);
}

/* After the backing was asked, in which time a span may be freed: whether this one still lives. */
static ba_error expect_live(const pba_pool *pool, const pba_call *call, pba_span span) {
    const bool is_live = !pool->checks || pba_chunk_is_live(span.chunk, span.first);
    return is_live ? ba_error_of(BA_OK) : pba_pool_reject(pool, call, BA_DOUBLE_FREE);
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
        pba_pool_begin_asking(pool);
        *error = pba_pool_grow_chunk(pool, &span, more, call->site);
        pba_pool_leave_callback(pool);
        if (ba_failed(*error)) {
            span.chunk->refused_after = pool->chunks_gone;
            return 0;
        }
        *error = expect_live(pool, call, span);
        if (ba_failed(*error)) {
            return 0;
        }
        run = pba_map_free_run(&span.chunk->map, end, wanted - span.blocks);
    }
    lengthen(pool, span, span.blocks + run, call);
    return span.blocks + run;
}

/* Checks the arguments of resize, grow-between, remap and realloc, and finds the span. */
static ba_error begin_resize(pba_pool *pool, const pba_call *call, ba_length minimum,
                             pba_span *span) {
    ba_error error = pba_pool_enter(pool, call, PBA_PIN);
    if (ba_failed(error)) {
        return error;
    }
    error = find_span(pool, call, span);
    if (ba_failed(error)) {
        return error;
    }
    if (pool->checks && minimum.bytes == 0) {
        return pba_pool_reject(pool, call, BA_ZERO_SIZE);
    }
    return guard_is_whole(pool, *span) ? error
                                       : pba_pool_reject_span(pool, call, BA_CORRUPT, *span);
}

/* One way to make a span longer or shorter, to at least `minimum` blocks and at most `wanted`: what
 * it has then, or none with the error. */
typedef ba_memory resize_way(pba_pool *pool, pba_span span, uint32_t minimum, uint32_t wanted,
                             const pba_call *call);

static ba_memory resized(const pba_pool *pool, const pba_call *call, uint32_t blocks) {
    return ba_memory_of(ba_memory_pointer(call->memory), payload_length(pool, blocks));
}

static ba_memory grow_in_place(pba_pool *pool, pba_span span, uint32_t minimum, uint32_t wanted,
                               const pba_call *call) {
    ba_error error = ba_error_of(BA_OK);
    const uint32_t least = minimum > span.blocks ? minimum : span.blocks;
    const uint32_t blocks =
        wanted > span.blocks ? grow(pool, span, least, wanted, call, &error) : span.blocks;
    return blocks == 0 ? ba_memory_none(error) : resized(pool, call, blocks);
}

static ba_memory resize_in_place(pba_pool *pool, pba_span span, uint32_t minimum, uint32_t wanted,
                                 const pba_call *call) {
    if (minimum < span.blocks) {
        shorten(pool, span, minimum);
        return resized(pool, call, minimum);
    }
    return grow_in_place(pool, span, minimum, wanted, call);
}

/* Moves a span with its chunk, so that there are free blocks behind it for `blocks` in all. */
static ba_error move_chunk(pba_pool *pool, pba_span *span, uint32_t blocks, const pba_call *call) {
    /* The backing keeps the alignment that the chunk was asked for with, not what a span happened
     * to get. */
    if (call->alignment.bytes > span->chunk->alignment.bytes || !pba_pool_is_alone(pool, *span)) {
        return ba_error_of(BA_UNSUPPORTED);
    }
    if (blocks <= span->chunk->map.blocks - span->first) {
        return ba_error_of(BA_OK);
    }
    /* The guard moves with the span: what moves it may read it. */
    take_guard(pool, *span);
    pba_pool_begin_asking(pool);
    const ba_error error = pba_pool_remap_chunk(pool, span, span->first + blocks, call->site);
    pba_pool_leave_callback(pool);
    if (ba_failed(error)) {
        set_guard(pool, *span);
    }
    return error;
}

/* Makes a span longer, by moving its chunk where that must be. */
static ba_memory remap_chunk(pba_pool *pool, pba_span span, uint32_t minimum, uint32_t wanted,
                             const pba_call *call) {
    if (minimum <= span.blocks) {
        return resize_in_place(pool, span, minimum, wanted, call);
    }
    ba_error error = move_chunk(pool, &span, minimum, call);
    if (!ba_failed(error)) {
        error = expect_live(pool, call, span);
    }
    if (ba_failed(error)) {
        return ba_memory_none(error);
    }
    lengthen(pool, span, minimum, call);
    return ba_memory_of(address_of(span), payload_length(pool, minimum));
}

/* What the backing must have for a span that becomes longer. */
static ba_length wanted_for_growth(const pba_pool *pool, pba_span span, uint32_t blocks) {
    return pba_pool_wanted_bytes(pool, blocks - span.blocks, 2 * span.chunk->map.capacity);
}

/* Resizes in one way; before memory is refused empty chunks go back, and the same is tried
 * again. */
static ba_memory resize_in_one_way(pba_pool *pool, resize_way *way, pba_span span, uint32_t minimum,
                                   uint32_t wanted, const pba_call *call) {
    const ba_memory memory = way(pool, span, minimum, wanted, call);
    if (!ba_memory_is_none(memory) || minimum <= span.blocks ||
        !pba_pool_make_room(pool, ba_memory_error(memory), minimum - span.blocks, call)) {
        return memory;
    }
    const ba_error error = find_span(pool, call, &span);
    return ba_failed(error) ? ba_memory_none(error) : way(pool, span, minimum, wanted, call);
}

/* Resizes in one way until that works or the hook gives up. */
static ba_memory resize_or_fail(pba_pool *pool, resize_way *way, ba_length minimum,
                                ba_length wanted, const pba_call *call) {
    PBA_MARK_CALL(pool, call->site);
    for (size_t attempt = 1;; attempt++) {
        pba_span span = {NULL, 0, 0};
        const ba_error error = begin_resize(pool, call, minimum, &span);
        if (ba_failed(error)) {
            return ba_memory_none(error);
        }
        const uint32_t least = blocks_for(pool, minimum);
        const uint32_t most = wanted.bytes > minimum.bytes ? blocks_for(pool, wanted) : least;
        if (least == 0 || (least > span.blocks && !pba_pool_could_hold(pool, least))) {
            pba_count_failure(&pool->accounting);
            return ba_memory_none(ba_error_of(BA_LIMIT));
        }
        const ba_memory memory =
            resize_in_one_way(pool, way, span, least, most == 0 ? PBA_MAP_MAX_BLOCKS : most, call);
        if (!ba_memory_is_none(memory) || !ba_error_is_refusal(ba_memory_error(memory)) ||
            !pba_pool_tries_again(pool, ba_memory_error(memory),
                                  wanted_for_growth(pool, span, least), attempt)) {
            return memory;
        }
    }
}

static ba_length_result length_of(ba_memory memory) {
    return ba_memory_is_none(memory) ? ba_length_result_none(ba_memory_error(memory))
                                     : ba_length_result_of(ba_memory_length(memory));
}

ba_length_result pba_pool_resize_at(pba_pool *pool, ba_memory memory, ba_alignment alignment,
                                    ba_length minimum, ba_call_site site) {
    const pba_call call = {"resize", memory, alignment, site};
    return length_of(resize_or_fail(pool, resize_in_place, minimum, minimum, &call));
}

ba_length_result pba_pool_grow_between_at(pba_pool *pool, ba_memory memory, ba_alignment alignment,
                                          ba_length minimum, ba_length wanted, ba_call_site site) {
    const pba_call call = {"grow_between", memory, alignment, site};
    return length_of(resize_or_fail(pool, grow_in_place, minimum, wanted, &call));
}

/* --- moving --- */

ba_memory pba_pool_remap_at(pba_pool *pool, ba_memory memory, ba_alignment alignment,
                            ba_length minimum, ba_call_site site) {
    const pba_call call = {"remap", memory, alignment, site};
    return resize_or_fail(pool, remap_chunk, minimum, minimum, &call);
}

/* Where there is another way left, the hook is not asked yet, and nothing has failed. */
static ba_memory resize_or_remap(pba_pool *pool, pba_span span, uint32_t minimum, uint32_t wanted,
                                 const pba_call *call) {
    const ba_memory memory = resize_in_place(pool, span, minimum, wanted, call);
    return ba_memory_is_none(memory) && ba_error_is_refusal(ba_memory_error(memory))
               ? remap_chunk(pool, span, minimum, wanted, call)
               : memory;
}

/* Copies a span to memory that was allocated for it. */
static ba_memory move_span(pba_pool *pool, ba_memory to, const pba_call *call) {
    pba_span span = {NULL, 0, 0};
    const ba_error error = find_span(pool, call, &span); /* the hook may have freed it */
    if (ba_failed(error)) {
        (void)pba_pool_free_slow(pool, to, call->alignment, call->site);
        return ba_memory_none(error);
    }
    memcpy(ba_memory_pointer(to), address_of(span), payload_length(pool, span.blocks).bytes);
    (void)pba_pool_free_slow(pool, call->memory, call->alignment, call->site);
    return to;
}

/* True if a span would become longer only with more of the backing, which has refused that already,
 * and no chunk has gone since, at whose place its own might grow. */
static bool grows_in_vain(pba_pool *pool, pba_span span, uint32_t blocks) {
    if (blocks <= span.blocks || span.chunk->refused_after != pool->chunks_gone ||
        (pba_backing_account_can_remap(&pool->account) && pba_pool_is_alone(pool, span))) {
        return false;
    }
    const uint32_t more = blocks - span.blocks;
    return pba_pool_free_run(pool, span.chunk, span.first + span.blocks, more) < more;
}

/* A span in the chunks that there are; none if there is no room. */
static ba_memory alloc_here(pba_pool *pool, uint32_t blocks, const pba_call *call) {
    const pba_span span = pba_pool_place(pool, blocks, call->alignment);
    return span.chunk != NULL ? return_span(pool, span, call->site)
                              : ba_memory_none(ba_error_of(BA_OUT_OF_MEMORY));
}

ba_memory pba_pool_realloc_at(pba_pool *pool, ba_memory memory, ba_alignment alignment,
                              ba_length minimum, ba_call_site site) {
    const pba_call call = {"realloc", memory, alignment, site};
    PBA_MARK_CALL(pool, site);
    pba_span span = {NULL, 0, 0};
    const ba_error error = begin_resize(pool, &call, minimum, &span);
    if (ba_failed(error)) {
        return ba_memory_none(error);
    }
    const uint32_t blocks = blocks_for(pool, minimum);
    if (blocks != 0 && grows_in_vain(pool, span, blocks)) {
        const ba_memory here = alloc_here(pool, blocks, &call);
        if (!ba_memory_is_none(here)) {
            return move_span(pool, here, &call);
        }
    }
    if (blocks != 0) {
        const ba_memory resized_memory = resize_or_remap(pool, span, blocks, blocks, &call);
        if (!ba_memory_is_none(resized_memory) ||
            !ba_error_is_refusal(ba_memory_error(resized_memory))) {
            return resized_memory;
        }
    }
    const ba_memory moved = alloc_or_fail(pool, minimum, &call);
    return ba_memory_is_none(moved) ? moved : move_span(pool, moved, &call);
}

/* --- freeing --- */

/* The last step of a free that left its chunk empty: what auto-shrink and decay say about
 * that. */
static void after_free(pba_pool *pool, pba_chunk *chunk, ba_call_site site) {
    if (pool->decay_age != 0 || pool->is_asking) {
        return;
    }
    const pba_threshold threshold = pba_pool_threshold(pool);
    switch ((pba_auto_shrink)pool->auto_shrink) {
    case PBA_AUTO_SHRINK_NEVER:
    case PBA_AUTO_SHRINK_ADAPTIVE:
        return;
    case PBA_AUTO_SHRINK_SIMPLE:
        if (pba_policy_wants_less(pba_pool_payload(pool), threshold) &&
            pba_policy_may_go(pba_pool_payload(pool), threshold, pba_chunk_bytes(chunk))) {
            pba_pool_enter_callback(pool);
            pba_pool_drop_chunk(pool, chunk, site);
            pba_pool_leave_callback(pool);
        }
        return;
    case PBA_AUTO_SHRINK_AGGRESSIVE:
        (void)pba_pool_shrink_to(pool, threshold, site);
        return;
    }
}

/* While the backing is asked for memory nothing is half done, so that spans can be freed: as when
 * the hook of the pool that is asked gives up what is in this one. */
static ba_error enter_free(pba_pool *pool, const pba_call *call) {
    return pool->is_asking ? pba_pool_look(pool, call) : pba_pool_enter(pool, call, PBA_PIN);
}

ba_error pba_pool_free_slow(pba_pool *pool, ba_memory memory, ba_alignment alignment,
                            ba_call_site site) {
    const pba_call call = {"free", memory, alignment, site};
    PBA_MARK_CALL(pool, site);
    pba_count_resume(&pool->accounting);
    ba_error error = enter_free(pool, &call);
    if (ba_failed(error)) {
        return error;
    }
    pba_span span = {NULL, 0, 0};
    error = find_span(pool, &call, &span);
    if (ba_failed(error)) {
        return error;
    }
    if (!guard_is_whole(pool, span)) {
        return pba_pool_reject_span(pool, &call, BA_CORRUPT, span);
    }
    const bool is_empty = pba_pool_release_span(pool, span);
    pba_count_free(&pool->accounting, span.blocks,
                   pool->is_asking ? PBA_MUST_NOT_END : PBA_MAY_END);
    if (is_empty) {
        after_free(pool, span.chunk, site);
    }
    if (pba_count_is_at_end(&pool->accounting)) {
        pba_pool_end_period(pool, site);
    }
    return error;
}

/* --- the fast paths, with options that are known at run time only --- */

static pba_fast_options options_at_run_time(const pba_pool *pool) {
    return (pba_fast_options){
        .block_shift = pool->block_shift,
        .request_shift = pool->chunks.nominal_shift,
        .counts = PBA_ON_IN_DEBUG, /* as the pool says */
        .has_periods = true,
        .cache = PBA_CACHE_ANY,
    };
}

ba_memory pba_pool_alloc_at(pba_pool *pool, ba_length minimum, ba_alignment alignment,
                            ba_call_site site) {
    return pba_fast_alloc(pool, pool->cache, options_at_run_time(pool), minimum, alignment, site);
}

ba_error pba_pool_free_at(pba_pool *pool, ba_memory memory, ba_alignment alignment,
                          ba_call_site site) {
    return pba_fast_free(pool, pool->cache, options_at_run_time(pool), memory, alignment, site);
}

/* --- what the other parts of the face share --- */

pba_payload pba_pool_payload(const pba_pool *pool) {
    return (pba_payload){
        .total = (size_t)(pool->accounting.blocks << pool->block_shift),
        .free = (size_t)((pool->accounting.blocks - pba_count_in_use(&pool->accounting))
                         << pool->block_shift),
    };
}

pba_threshold pba_pool_threshold(const pba_pool *pool) {
    return (pba_threshold){(pba_threshold_kind)pool->shrink_kind, pool->shrink_min,
                           pool->shrink_max};
}

/* True if chunks should go, and one that is as short as any that is empty might. */
static bool any_might_go(const pba_pool *pool, pba_threshold threshold) {
    const pba_payload payload = pba_pool_payload(pool);
    return pba_policy_wants_less(payload, threshold) &&
           pba_policy_may_go(payload, threshold, pool->shortest_free);
}

size_t pba_pool_shrink_to(pba_pool *pool, pba_threshold threshold, ba_call_site site) {
    size_t gone = 0;
    size_t shortest = SIZE_MAX;
    pba_chunk *chunk = pba_pool_first_empty(pool);
    while (chunk != NULL && any_might_go(pool, threshold)) {
        pba_chunk *const next = pba_pool_next_empty(pool, chunk->list_next);
        const size_t bytes = pba_chunk_bytes(chunk);
        if (pba_policy_may_go(pba_pool_payload(pool), threshold, bytes)) {
            pba_pool_enter_callback(pool);
            pba_pool_drop_chunk(pool, chunk, site);
            pba_pool_leave_callback(pool);
            gone += bytes;
        } else {
            shortest = bytes < shortest ? bytes : shortest;
        }
        chunk = next;
    }
    if (chunk == NULL) {
        /* Each was looked at: what stays is known exactly. */
        pool->shortest_free = shortest;
    }
    return gone;
}
