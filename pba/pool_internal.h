/* What the parts of the pool's public face share: who may call, how misuse is reported, what
 * becomes of spans. Not for users. */
#ifndef PBA_POOL_INTERNAL_H_
#define PBA_POOL_INTERNAL_H_

#include "block_allocator/misuse.h"
#include "pba/policy.h"
#include "pba/pool.h"
#include "pba/span_check.h"

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
pba_call pba_call_without_memory(const char *operation, ba_call_site site);

/* Reports misuse. Returns the error if the severity is BA_SEVERITY_LOG. */
ba_error pba_pool_reject(const pba_pool *pool, const pba_call *call, ba_error_code code);

/* The same about a span: with the length expected and the call site of its allocation. */
ba_error pba_pool_reject_span(const pba_pool *pool, const pba_call *call, ba_error_code code,
                              pba_span span);

/* What each call begins with: BA_OK if the pool may be used now, at this address. From the first
 * one that says `pin` on the pool may not be moved. */
typedef enum pba_pinning {
    PBA_PIN,
    PBA_DO_NOT_PIN,
} pba_pinning;
ba_error pba_pool_enter(pba_pool *pool, const pba_call *call, pba_pinning pinning);

/* Around calls to the hook, to the backing and to a walk's function: the pool may not be called
 * meanwhile. */
BA_ALWAYS_INLINE void pba_pool_begin_busy(pba_pool *pool) {
    pool->is_busy = true;
    pool->short_blocks = 0;
}
BA_ALWAYS_INLINE void pba_pool_end_busy(pba_pool *pool) {
    pool->is_busy = false;
    pool->short_blocks = pool->is_plain ? PBA_RECENT_BLOCKS : 0;
}

/* The operations of a view of any pool. */
ba_operations pba_pool_view_operations(void);

/* Sets everything that changes while the pool is used to what it is in the beginning. */
void pba_pool_make_empty(pba_pool *pool);

/* The payload, as the policy sees it. */
pba_payload pba_pool_payload(const pba_pool *pool);

/* The pool's own threshold. */
pba_threshold pba_pool_threshold(const pba_pool *pool);

/* A new chunk with a run of that many free blocks at its start, after asking the hook as often as
 * it says so; NULL with the error if there is none, and that is judged and counted then. */
pba_chunk *pba_pool_new_chunk(pba_pool *pool, uint32_t blocks, const pba_call *call,
                              ba_error *error);

/* After the backing refused: true if the hook, which is asked for want of memory only, says that it
 * shall be tried again. Else the failure is judged and counted. Attempts count from 1. */
bool pba_pool_tries_again(pba_pool *pool, uint32_t blocks, const pba_call *call, size_t attempt,
                          ba_error error);

/* The pool behind a view, or NULL if the allocator is no view of a pool. */
pba_pool *pba_pool_of_view(ba_block_allocator blocks);

/* Merges all recently freed spans with their neighbours; a busy pool is left as it is. */
void pba_pool_settle(pba_pool *pool);

/* Gives wholly free chunks back while the payload is at or above max, and what remains at or above
 * min. Returns bytes. */
size_t pba_pool_shrink_to(pba_pool *pool, pba_threshold threshold, ba_call_site site);

#ifdef __cplusplus
}
#endif

#endif /* PBA_POOL_INTERNAL_H_ */
