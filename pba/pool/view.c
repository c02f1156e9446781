#define PBA_INTERNAL_

#include "pba/pool/view.h"

#include "pba/engine/span_check.h"
#include "pba/internal/slow_path.h"
#include "pba/pool/busy.h"
#include "pba/pool/calls.h"
#include "pba/pool/functions.h"
#include "pba/pool/race_check.h"

ba_length pba_view_block_size(const void *context) {
    return pba_pool_block_size((const pba_pool *)context);
}

static ba_memory view_alloc(void *context, ba_length minimum, ba_alignment alignment,
                            ba_call_site site) {
    return pba_pool_alloc_at((pba_pool *)context, minimum, alignment, site);
}

ba_length_result pba_view_resize(void *context, ba_memory memory, ba_alignment alignment,
                                 ba_length minimum, ba_call_site site) {
    return pba_pool_resize_at((pba_pool *)context, memory, alignment, minimum, site);
}

static ba_error view_free(void *context, ba_memory memory, ba_alignment alignment,
                          ba_call_site site) {
    return pba_pool_free_at((pba_pool *)context, memory, alignment, site);
}

ba_length_result pba_view_grow_between(void *context, ba_memory memory, ba_alignment alignment,
                                       ba_length minimum, ba_length wanted, ba_call_site site) {
    return pba_pool_grow_between_at((pba_pool *)context, memory, alignment, minimum, wanted, site);
}

ba_memory pba_view_remap(void *context, ba_memory memory, ba_alignment alignment, ba_length minimum,
                         ba_call_site site) {
    return pba_pool_remap_at((pba_pool *)context, memory, alignment, minimum, site);
}

ba_memory pba_view_realloc(void *context, ba_memory memory, ba_alignment alignment,
                           ba_length minimum, ba_call_site site) {
    return pba_pool_realloc_at((pba_pool *)context, memory, alignment, minimum, site);
}

/* A child pool's purge arrives here: its chunk is part of a span of ours. */
ba_length_result pba_view_discard(void *context, ba_memory part, ba_call_site site) {
    pba_pool *const pool = (pba_pool *)context;
    const pba_call call = {"discard", part, ba_align(1), site};
    PBA_MARK_CALL(pool, site);
    ba_error error = pba_pool_enter(pool, &call, PBA_PIN);
    if (ba_failed(error)) {
        return ba_length_result_none(error);
    }
    if (pool->checks) {
        const pba_span span = pba_span_around(&pool->chunks, ba_memory_pointer(part));
        if (span.chunk == NULL) {
            const bool is_ours = pba_pool_owns(pool, ba_memory_pointer(part));
            return ba_length_result_none(
                pba_pool_reject(pool, &call, is_ours ? BA_DOUBLE_FREE : BA_FOREIGN));
        }
        const size_t offset = (size_t)((unsigned char *)ba_memory_pointer(part) -
                                       pba_chunk_address(span.chunk, span.first));
        const size_t bytes = (size_t)(span.blocks - pool->guard_blocks) << pool->block_shift;
        if (offset >= bytes || ba_memory_length(part).bytes > bytes - offset) {
            return ba_length_result_none(pba_pool_reject_span(pool, &call, BA_SIZE_MISMATCH, span));
        }
    }
    pba_pool_enter_callback(pool);
    const ba_length_result discarded = ba_block_discard_at(pool->account.payload, part, site);
    pba_pool_leave_callback(pool);
    return discarded;
}

ba_ownership pba_view_owns(const void *context, const void *pointer) {
    return pba_pool_owns((const pba_pool *)context, pointer) ? BA_OWNS : BA_OWNS_NOT;
}

static const ba_operations own_operations = PBA_VIEW_OPERATIONS_(view_alloc, view_free);

pba_pool *pba_pool_of_view(ba_block_allocator blocks) {
    /* A pool type has fast paths of its own in its table, but no other block_size. */
    return ba_block_allocator_operations_(blocks)->block_size == pba_view_block_size
               ? (pba_pool *)blocks.context
               : NULL;
}

ba_allocator pba_pool_allocator(pba_pool *pool) {
    return ba_as_allocator(pba_pool_block_allocator(pool));
}

ba_block_allocator pba_pool_block_allocator(pba_pool *pool) {
    return pba_pool_view(pool, &own_operations);
}

ba_block_allocator pba_pool_view(pba_pool *pool, const ba_operations *operations) {
    const pba_call call = pba_call_without_memory("view", pba_pool_take_site(pool));
    PBA_MARK_CALL(pool, call.site);
    if (!pool->in_callback) { /* else it has its place already */
        (void)pba_pool_enter(pool, &call, PBA_PIN);
    }
    /* They say again what is wrong, if anything is. */
    return ba_block_allocator_of(pool, operations);
}
