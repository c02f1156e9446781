/* Spans made longer or shorter: in place, by remapping, else by copying. */
#define PBA_INTERNAL_

#include <string.h>

#include "pba/internal/slow_path.h"
#include "pba/pool/alloc.h"
#include "pba/pool/callers_span.h"
#include "pba/pool/calls.h"
#include "pba/pool/place.h"
#include "pba/pool/race_check.h"
#include "pba/pool/resize.h"

/* Copies a span to memory that was allocated for it. */
static ba_memory move_span(pba_pool *pool, ba_memory to, const pba_call *call) {
    pba_span span = {NULL, 0, 0};
    const ba_error error = pba_pool_find_span(pool, call, &span); /* the hook may have freed it */
    if (ba_failed(error)) {
        (void)pba_pool_free_slow(pool, to, call->alignment, call->site);
        return ba_memory_none(error);
    }
    memcpy(ba_memory_pointer(to), pba_span_address(span),
           pba_pool_span_length(pool, span.blocks).bytes);
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
    return span.chunk != NULL ? pba_pool_return_span(pool, span, call->site)
                              : ba_memory_none(ba_error_of(BA_OUT_OF_MEMORY));
}

ba_memory pba_pool_realloc_at(pba_pool *pool, ba_memory memory, ba_alignment alignment,
                              ba_length minimum, ba_call_site site) {
    const pba_call call = {"realloc", memory, alignment, site};
    PBA_MARK_CALL(pool, site);
    pba_span span = {NULL, 0, 0};
    const ba_error error = pba_pool_begin_resize(pool, &call, minimum, &span);
    if (ba_failed(error)) {
        return ba_memory_none(error);
    }
    const uint32_t blocks = pba_pool_span_blocks(pool, minimum);
    if (blocks != 0 && grows_in_vain(pool, span, blocks)) {
        const ba_memory here = alloc_here(pool, blocks, &call);
        if (!ba_memory_is_none(here)) {
            return move_span(pool, here, &call);
        }
    }
    if (blocks != 0) {
        const ba_memory resized_memory = pba_pool_resize_or_remap(pool, span, blocks, &call);
        if (!ba_memory_is_none(resized_memory) ||
            !ba_error_is_refusal(ba_memory_error(resized_memory))) {
            return resized_memory;
        }
    }
    const ba_memory moved = pba_pool_alloc_or_fail(pool, minimum, &call);
    return ba_memory_is_none(moved) ? moved : move_span(pool, moved, &call);
}
