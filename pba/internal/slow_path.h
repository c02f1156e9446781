/* What the fast paths leave to the library: functions that are compiled once for all types. Those
 * that pba/define.h makes call them.
 *
 * Not for users; use the functions that pba/define.h makes. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_INTERNAL_SLOW_PATH_H_
#define PBA_INTERNAL_SLOW_PATH_H_

#include "block_allocator/internal/language.h"
#include "pba/pool.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* The slow paths, which everything can take. */
BA_MUST_USE ba_memory pba_pool_alloc_slow(pba_pool *pool, ba_length minimum, ba_alignment alignment,
                                          ba_call_site site);
ba_error pba_pool_free_slow(pba_pool *pool, ba_memory memory, ba_alignment alignment,
                            ba_call_site site);

/* As pba_pool_init_checked(), of a type that has its span cache beside the pool, or NULL. */
void pba_pool_init_of_type(pba_pool *pool, const pba_options *options, ba_any_allocator backing,
                           const pba_setup *setup, int build_mode, pba_span_cache *beside);

/* The pool as a whole-span allocator that has these operations, which its type's fast paths are
 * part of. */
ba_block_allocator pba_pool_view(pba_pool *pool, const ba_operations *operations);

/* The operations of a view of any pool, but for those that have a fast path. */
ba_length pba_view_block_size(const void *context);
ba_length_result pba_view_resize(void *context, ba_memory memory, ba_alignment alignment,
                                 ba_length minimum, ba_call_site site);
ba_length_result pba_view_grow_between(void *context, ba_memory memory, ba_alignment alignment,
                                       ba_length minimum, ba_length wanted, ba_call_site site);
ba_memory pba_view_remap(void *context, ba_memory memory, ba_alignment alignment, ba_length minimum,
                         ba_call_site site);
ba_length_result pba_view_discard(void *context, ba_memory part, ba_call_site site);
ba_ownership pba_view_owns(const void *context, const void *pointer);
ba_memory pba_view_realloc(void *context, ba_memory memory, ba_alignment alignment,
                           ba_length minimum, ba_call_site site);

/* The table of such a view: what a ba_operations begins as. */
#define PBA_VIEW_OPERATIONS_(alloc, free)                                                          \
    {                                                                                              \
        sizeof(ba_operations), pba_view_block_size, alloc, pba_view_resize, free,                  \
            pba_view_grow_between, pba_view_remap, pba_view_discard, pba_view_owns, BA_NULL_,      \
            pba_view_realloc                                                                       \
    }

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_INTERNAL_SLOW_PATH_H_ */
