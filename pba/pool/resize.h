/* Spans made longer or shorter without copying: in place, or by remapping their chunk. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_POOL_RESIZE_H_
#define PBA_POOL_RESIZE_H_

#include <stdint.h>

#include "block_allocator/internal/language.h"
#include "pba/engine/span.h"
#include "pba/pool.h"
#include "pba/pool/calls.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* Checks the arguments of resize, grow-between, remap and realloc, and finds the span. */
ba_error pba_pool_begin_resize(pba_pool *pool, const pba_call *call, ba_length minimum,
                               pba_span *span);

/* Resizes in place, else by remapping; none with the error if that does not work. There is another
 * way left, so the hook is not asked yet, and nothing has failed. */
ba_memory pba_pool_resize_or_remap(pba_pool *pool, pba_span span, uint32_t blocks,
                                   const pba_call *call);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_POOL_RESIZE_H_ */
