/* What types of pba/internal/define_locked.h need of a locked pool beside its functions.
 *
 * Not for users; use the functions that pba/define.h makes. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_INTERNAL_LOCKED_VIEW_H_
#define PBA_INTERNAL_LOCKED_VIEW_H_

#include "block_allocator/internal/language.h"
#include "pba/internal/slow_path.h"
#include "pba/locked_pool.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* As pba_pool_init_of_type(), of a type that has its span cache behind the locked pool, or NULL. */
void pba_locked_pool_init_of_type(pba_locked_pool *pool, const pba_options *options,
                                  ba_any_allocator backing, ba_lock lock, const pba_setup *setup,
                                  int build_mode, pba_span_cache *beside);

/* The pool as a whole-span allocator that has these operations. Their context is the core, so that
 * a pool over this one finds its lender. */
ba_block_allocator pba_locked_pool_view(pba_locked_pool *pool, const ba_operations *operations,
                                        ba_call_site site);

/* The locked pool that a core is of. */
BA_ALWAYS_INLINE pba_locked_pool *pba_locked_pool_of_core(void *core) {
    return (pba_locked_pool *)(void *)((unsigned char *)core - offsetof(pba_locked_pool, core));
}

/* The operations of a view of any locked pool, but for those that a type has of its own. */
ba_length_result pba_locked_view_resize(void *core, ba_memory memory, ba_alignment alignment,
                                        ba_length minimum, ba_call_site site);
ba_length_result pba_locked_view_grow_between(void *core, ba_memory memory, ba_alignment alignment,
                                              ba_length minimum, ba_length wanted,
                                              ba_call_site site);
ba_memory pba_locked_view_remap(void *core, ba_memory memory, ba_alignment alignment,
                                ba_length minimum, ba_call_site site);
ba_length_result pba_locked_view_discard(void *core, ba_memory part, ba_call_site site);
ba_ownership pba_locked_view_owns(const void *core, const void *pointer);
ba_memory pba_locked_view_realloc(void *core, ba_memory memory, ba_alignment alignment,
                                  ba_length minimum, ba_call_site site);

/* The table of such a view: what a ba_operations begins as. */
#define PBA_LOCKED_VIEW_OPERATIONS_(alloc, free)                                                   \
    {                                                                                              \
        sizeof(ba_operations), pba_view_block_size, alloc, pba_locked_view_resize, free,           \
            pba_locked_view_grow_between, pba_locked_view_remap, pba_locked_view_discard,          \
            pba_locked_view_owns, BA_NULL_, pba_locked_view_realloc                                \
    }

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_INTERNAL_LOCKED_VIEW_H_ */
