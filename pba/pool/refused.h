/* What is done where memory was refused. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_POOL_REFUSED_H_
#define PBA_POOL_REFUSED_H_

#include <stdbool.h>
#include <stddef.h>

#include "block_allocator/internal/language.h"
#include "pba/pool.h"
#include "pba/pool/calls.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* Asks the hook about memory that was refused: true if the call shall be tried again, from its
 * beginning, for the pool may have changed in any way. `wanted` is what the backing must have for
 * it, or zero if no freeing would help. What is not tried again is counted as a failure. */
bool pba_pool_tries_again(pba_pool *pool, ba_error error, ba_length wanted, size_t attempt);

/* What the option backing_failure says about the error of a call that has failed. */
void pba_pool_apply_failure_policy(const pba_pool *pool, const pba_call *call, ba_error error);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_POOL_REFUSED_H_ */
