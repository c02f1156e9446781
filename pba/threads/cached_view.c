/* A pba_cached_pool seen through the interface. */
#define PBA_INTERNAL_

#include <stddef.h>

#include "block_allocator/implementing/operations.h"
#include "pba/cached_pool.h"
#include "pba/internal/slow_path.h"
#include "pba/threads/exchange.h"

/* The context of a view is the core, so that a pool over it finds its lender. */
static pba_cached_pool *around(void *core) {
    return (pba_cached_pool *)(void *)((unsigned char *)core - offsetof(pba_cached_pool, core));
}

static ba_memory view_alloc(void *context, ba_length minimum, ba_alignment alignment,
                            ba_call_site site) {
    return pba_cached_pool_alloc_at(around(context), minimum, alignment, site);
}

static ba_length_result view_resize(void *context, ba_memory memory, ba_alignment alignment,
                                    ba_length minimum, ba_call_site site) {
    return pba_cached_pool_resize_at(around(context), memory, alignment, minimum, site);
}

static ba_error view_free(void *context, ba_memory memory, ba_alignment alignment,
                          ba_call_site site) {
    return pba_cached_pool_free_at(around(context), memory, alignment, site);
}

static ba_length_result view_grow_between(void *context, ba_memory memory, ba_alignment alignment,
                                          ba_length minimum, ba_length wanted, ba_call_site site) {
    return pba_cached_pool_grow_between_at(around(context), memory, alignment, minimum, wanted,
                                           site);
}

static ba_memory view_remap(void *context, ba_memory memory, ba_alignment alignment,
                            ba_length minimum, ba_call_site site) {
    return pba_cached_pool_remap_at(around(context), memory, alignment, minimum, site);
}

static ba_memory view_realloc(void *context, ba_memory memory, ba_alignment alignment,
                              ba_length minimum, ba_call_site site) {
    return pba_cached_pool_realloc_at(around(context), memory, alignment, minimum, site);
}

static ba_length_result view_discard(void *context, ba_memory part, ba_call_site site) {
    pba_cached_pool *const pool = around(context);
    pba_exchange_lock(pool);
    const ba_length_result gone = pba_view_discard(&pool->core, part, site);
    pba_exchange_unlock(pool);
    return gone;
}

/* The lock is a part of the pool that asking changes. */
static ba_ownership view_owns(const void *context, const void *pointer) {
    union {
        const void *in;
        void *out;
    } const core = {context};
    return pba_cached_pool_owns(around(core.out), pointer) ? BA_OWNS : BA_OWNS_NOT;
}

static const ba_operations operations = {
    .size = sizeof(ba_operations),
    .block_size = pba_view_block_size,
    .alloc = view_alloc,
    .resize = view_resize,
    .free = view_free,
    .grow_between = view_grow_between,
    .remap = view_remap,
    .discard = view_discard,
    .owns = view_owns,
    .realloc = view_realloc,
};

ba_block_allocator pba_cached_pool_block_allocator_at(pba_cached_pool *pool, ba_call_site site) {
    pba_exchange_lock(pool);
    const ba_block_allocator view = pba_pool_view(pba_pool_at(&pool->core, site), &operations);
    pba_exchange_unlock(pool);
    return view;
}

ba_allocator pba_cached_pool_allocator_at(pba_cached_pool *pool, ba_call_site site) {
    return ba_as_allocator(pba_cached_pool_block_allocator_at(pool, site));
}
