/* The calls to a pool: what each begins with, how its misuse is reported. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_POOL_CALLS_H_
#define PBA_POOL_CALLS_H_

#include <stdbool.h>

#include "block_allocator/internal/language.h"
#include "block_allocator/misuse.h"
#include "pba/engine/span.h"
#include "pba/pool.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* A call to a pool, as reports tell of it. */
typedef struct pba_call {
    const char *operation;
    ba_memory memory; /* what the caller gave, or none */
    ba_alignment alignment;
    ba_call_site site;
} pba_call;

/* Makes a call that got no memory. */
BA_ALWAYS_INLINE pba_call pba_call_without_memory(const char *operation, ba_call_site site) {
    pba_call call;
    call.operation = operation;
    call.memory = ba_memory_none(ba_error_of(BA_OK));
    call.alignment = ba_align(1);
    call.site = site;
    return call;
}

/* The call site of a call that has no argument for it; taking it leaves none. */
ba_call_site pba_pool_take_site(pba_pool *pool);

/* A call that got no memory and no call site of its own. */
pba_call pba_pool_call(pba_pool *pool, const char *operation);

/* What a report of misuse says of a call. */
ba_misuse pba_pool_misuse(const pba_pool *pool, const pba_call *call, ba_error_code code);

/* Reports misuse that is described already. Returns the error if the severity is BA_SEVERITY_LOG. */
ba_error pba_pool_report(const pba_pool *pool, const ba_misuse *misuse);

/* The same about a call. */
ba_error pba_pool_reject(const pba_pool *pool, const pba_call *call, ba_error_code code);

/* The same about a span: with the length expected and the call site of its allocation. */
ba_error pba_pool_reject_span(const pba_pool *pool, const pba_call *call, ba_error_code code,
                              pba_span span);

/* What a call that only looks begins with: BA_OK if there is a pool to look at, and it is at its
 * own address. */
ba_error pba_pool_look(const pba_pool *pool, const pba_call *call);

/* What each other call begins with: BA_OK if the pool may be used now. From the first one that says
 * `pin` on the pool may not be moved. */
typedef enum pba_pinning {
    PBA_PIN,
    PBA_DO_NOT_PIN,
} pba_pinning;
ba_error pba_pool_enter(pba_pool *pool, const pba_call *call, pba_pinning pinning);

/* True if a call may go on now that needs no place of the pool. */
bool pba_pool_may_go_on(pba_pool *pool, const pba_call *call);

/* The same for a call that gives back what can go now: of a busy pool that is nothing. The hook of
 * a pool may trim all pools over it, and one of them may be who asks. */
bool pba_pool_may_give_back(pba_pool *pool, const pba_call *call);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_POOL_CALLS_H_ */
