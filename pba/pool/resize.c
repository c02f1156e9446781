#define PBA_INTERNAL_

#include "pba/pool/resize.h"

#include "block_allocator/implementing/instrumentation.h"
#include "pba/pool/amounts.h"
#include "pba/pool/busy.h"
#include "pba/pool/callers_span.h"
#include "pba/pool/chunk_sizes.h"
#include "pba/pool/empty_chunks.h"
#include "pba/pool/give_back.h"
#include "pba/pool/place.h"
#include "pba/pool/race_check.h"
#include "pba/pool/refused.h"
#include "pba/pool/resize_chunk.h"

static void shorten(pba_pool *pool, pba_span span, uint32_t blocks) {
    const pba_span tail = {span.chunk, span.first + blocks, span.blocks - blocks};
    pba_map_split(&span.chunk->map, span.first, blocks);
    pba_chunk_untag(span.chunk, span.first, span.blocks);
    pba_chunk_tag_live(span.chunk, span.first, blocks);
    (void)pba_pool_release_span(pool, tail);
    pba_count_resize(&pool->accounting, span.blocks, blocks);
    const pba_span rest = {span.chunk, span.first, blocks};
    pba_pool_set_guard(pool, rest);
    if (pool->has_periods && tail.blocks > PBA_SPAN_CACHE_BLOCKS) {
        pba_pool_note_free_end(pool, span.chunk);
    }
}

static void lengthen(pba_pool *pool, pba_span span, uint32_t blocks, const pba_call *call) {
    const uint32_t more = blocks - span.blocks;
    unsigned char *const tail = pba_chunk_address(span.chunk, span.first + span.blocks);
    /* First, for a handler that does not return must leave the span as it was. */
    pba_pool_expect_fill(
        pool, pba_payload_is_filled(pool->hardening, tail, pba_pool_bytes_of(pool, more)), tail,
        pba_pool_bytes_of(pool, more), call->operation, call->site);
    ba_instrument_alloc(tail, ba_bytes(pba_pool_bytes_of(pool, more)));
    pba_pool_take_guard(pool, span);
    pba_map_lengthen(&span.chunk->map, span.first, span.blocks, more);
    pba_chunk_undiscard(span.chunk, span.first + span.blocks, more,
                        pba_backing_account_page(&pool->account));
    pba_chunk_tag_live(span.chunk, span.first, blocks);
    pba_chunk_set_taken(&pool->chunks, span.chunk);
    pba_count_resize(&pool->accounting, span.blocks, blocks);
    const pba_span longer = {span.chunk, span.first, blocks};
    pba_pool_set_guard(pool, longer);
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

ba_error pba_pool_begin_resize(pba_pool *pool, const pba_call *call, ba_length minimum,
                               pba_span *span) {
    ba_error error = pba_pool_enter(pool, call, PBA_PIN);
    if (ba_failed(error)) {
        return error;
    }
    error = pba_pool_find_span(pool, call, span);
    if (ba_failed(error)) {
        return error;
    }
    if (pool->checks && minimum.bytes == 0) {
        return pba_pool_reject(pool, call, BA_ZERO_SIZE);
    }
    return pba_pool_guard_is_whole(pool, *span)
               ? error
               : pba_pool_reject_span(pool, call, BA_CORRUPT, *span);
}

/* One way to make a span longer or shorter, to at least `minimum` blocks and at most `wanted`: what
 * it has then, or none with the error. */
typedef ba_memory resize_way(pba_pool *pool, pba_span span, uint32_t minimum, uint32_t wanted,
                             const pba_call *call);

static ba_memory resized(const pba_pool *pool, const pba_call *call, uint32_t blocks) {
    return ba_memory_of(ba_memory_pointer(call->memory), pba_pool_span_length(pool, blocks));
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
    pba_pool_take_guard(pool, *span);
    pba_pool_begin_asking(pool);
    const ba_error error = pba_pool_remap_chunk(pool, span, span->first + blocks, call->site);
    pba_pool_leave_callback(pool);
    if (ba_failed(error)) {
        pba_pool_set_guard(pool, *span);
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
    return ba_memory_of(pba_span_address(span), pba_pool_span_length(pool, minimum));
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
        !pba_pool_make_room(pool, ba_memory_error(memory), minimum - span.blocks, call->site)) {
        return memory;
    }
    const ba_error error = pba_pool_find_span(pool, call, &span);
    return ba_failed(error) ? ba_memory_none(error) : way(pool, span, minimum, wanted, call);
}

/* Resizes in one way until that works or the hook gives up. */
static ba_memory resize_or_fail(pba_pool *pool, resize_way *way, ba_length minimum,
                                ba_length wanted, const pba_call *call) {
    PBA_MARK_CALL(pool, call->site);
    for (size_t attempt = 1;; attempt++) {
        pba_span span = {NULL, 0, 0};
        const ba_error error = pba_pool_begin_resize(pool, call, minimum, &span);
        if (ba_failed(error)) {
            return ba_memory_none(error);
        }
        const uint32_t least = pba_pool_span_blocks(pool, minimum);
        const uint32_t most =
            wanted.bytes > minimum.bytes ? pba_pool_span_blocks(pool, wanted) : least;
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

ba_memory pba_pool_remap_at(pba_pool *pool, ba_memory memory, ba_alignment alignment,
                            ba_length minimum, ba_call_site site) {
    const pba_call call = {"remap", memory, alignment, site};
    return resize_or_fail(pool, remap_chunk, minimum, minimum, &call);
}

ba_memory pba_pool_resize_or_remap(pba_pool *pool, pba_span span, uint32_t blocks,
                                   const pba_call *call) {
    const ba_memory memory = resize_in_place(pool, span, blocks, blocks, call);
    return ba_memory_is_none(memory) && ba_error_is_refusal(ba_memory_error(memory))
               ? remap_chunk(pool, span, blocks, blocks, call)
               : memory;
}
