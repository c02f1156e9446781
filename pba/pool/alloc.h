/* Allocation: the slow path, on which everything is looked for. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_POOL_ALLOC_H_
#define PBA_POOL_ALLOC_H_

#include <stdint.h>

#include "block_allocator/internal/language.h"
#include "pba/engine/span.h"
#include "pba/pool.h"
#include "pba/pool/calls.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* Counts a span, which was placed, as one more that is the caller's, and makes it so. */
ba_memory pba_pool_return_span(pba_pool *pool, pba_span span, ba_call_site site);

/* Allocates at least `minimum` bytes, if the hook can help with that; else none with the error: the
 * failure was counted, and the failure policy applied. */
ba_memory pba_pool_alloc_or_fail(pba_pool *pool, ba_length minimum, const pba_call *call);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_POOL_ALLOC_H_ */
