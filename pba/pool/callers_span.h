/* A span as its caller knows it: the memory without the guard. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_POOL_CALLERS_SPAN_H_
#define PBA_POOL_CALLERS_SPAN_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "block_allocator/internal/language.h"
#include "pba/engine/span.h"
#include "pba/pool.h"
#include "pba/pool/amounts.h"
#include "pba/pool/calls.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* The live span that a call is about, checked or trusted; or the error, of misuse that was
 * reported. */
ba_error pba_pool_find_span(pba_pool *pool, const pba_call *call, pba_span *span);

/* Where it begins. */
BA_ALWAYS_INLINE unsigned char *pba_span_address(pba_span span) {
    return pba_chunk_address(span.chunk, span.first);
}

/* What a caller sees of a span. */
BA_ALWAYS_INLINE ba_length pba_pool_span_length(const pba_pool *pool, uint32_t blocks) {
    return ba_bytes(pba_pool_bytes_of(pool, blocks - pool->guard_blocks));
}

/* The blocks of a span of that many bytes, the guard included, or 0 if no span can be so long. */
BA_ALWAYS_INLINE uint32_t pba_pool_span_blocks(const pba_pool *pool, ba_length length) {
    const size_t blocks = ((length.bytes - 1) >> pool->block_shift) + 1;
    /* Whole blocks may be more bytes than a size_t counts. */
    const size_t countable = SIZE_MAX >> pool->block_shift;
    const size_t most = countable < PBA_MAP_MAX_BLOCKS ? countable : PBA_MAP_MAX_BLOCKS;
    return blocks > most - pool->guard_blocks ? 0 : (uint32_t)blocks + pool->guard_blocks;
}

/* Makes the last block of a span its guard, where spans have one. */
BA_ALWAYS_INLINE void pba_pool_set_guard(const pba_pool *pool, pba_span span) {
    if (pool->hardening.guard) {
        pba_payload_set_guard(pba_chunk_address(span.chunk, span.first + span.blocks - 1),
                              pba_pool_bytes_of(pool, 1));
    }
}

/* Makes the guard ordinary memory of the span again. */
BA_ALWAYS_INLINE void pba_pool_take_guard(const pba_pool *pool, pba_span span) {
    if (pool->hardening.guard) {
        pba_payload_take_guard(pba_chunk_address(span.chunk, span.first + span.blocks - 1),
                               pba_pool_bytes_of(pool, 1));
    }
}

/* False if the guard of a span was overwritten. */
BA_ALWAYS_INLINE bool pba_pool_guard_is_whole(const pba_pool *pool, pba_span span) {
    return !pool->hardening.guard ||
           pba_payload_guard_is_whole(pba_chunk_address(span.chunk, span.first + span.blocks - 1),
                                      pba_pool_bytes_of(pool, 1));
}

/* Reports a write to free memory that is about to be used again. It is used all the same: it is not
 * the caller's fault. */
void pba_pool_expect_fill(const pba_pool *pool, bool is_whole, unsigned char *address, size_t bytes,
                          const char *operation, ba_call_site site);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_POOL_CALLERS_SPAN_H_ */
