#define PBA_INTERNAL_

#include "pba/pool/callers_span.h"

#include "pba/engine/span_check.h"

ba_error pba_pool_find_span(pba_pool *pool, const pba_call *call, pba_span *span) {
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

void pba_pool_expect_fill(const pba_pool *pool, bool is_whole, unsigned char *address, size_t bytes,
                          const char *operation, ba_call_site site) {
    if (!is_whole) {
        const pba_call call = {operation, ba_memory_of(address, ba_bytes(bytes)), ba_align(1),
                               site};
        (void)pba_pool_reject(pool, &call, BA_CORRUPT);
    }
}
