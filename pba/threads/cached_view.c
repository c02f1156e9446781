/* A pba_cached_pool seen through the interface. */
#include "block_allocator/implementing/operations.h"
#include "pba/cached_pool.h"
#include "pba/internal/fast_path.h"
#include "pba/threads/exchange.h"

static ba_length view_block_size(const void *context) {
    return pba_cached_pool_block_size((const pba_cached_pool *)context);
}

static ba_memory view_alloc(void *context, ba_length minimum, ba_alignment alignment,
                            ba_call_site site) {
    return pba_cached_pool_alloc_at((pba_cached_pool *)context, minimum, alignment, site);
}

static ba_length_result view_resize(void *context, ba_memory memory, ba_alignment alignment,
                                    ba_length minimum, ba_call_site site) {
    return pba_cached_pool_resize_at((pba_cached_pool *)context, memory, alignment, minimum, site);
}

static ba_error view_free(void *context, ba_memory memory, ba_alignment alignment,
                          ba_call_site site) {
    return pba_cached_pool_free_at((pba_cached_pool *)context, memory, alignment, site);
}

static ba_length_result view_grow_between(void *context, ba_memory memory, ba_alignment alignment,
                                          ba_length minimum, ba_length wanted, ba_call_site site) {
    return pba_cached_pool_grow_between_at((pba_cached_pool *)context, memory, alignment, minimum,
                                           wanted, site);
}

static ba_memory view_remap(void *context, ba_memory memory, ba_alignment alignment,
                            ba_length minimum, ba_call_site site) {
    return pba_cached_pool_remap_at((pba_cached_pool *)context, memory, alignment, minimum, site);
}

static ba_memory view_realloc(void *context, ba_memory memory, ba_alignment alignment,
                              ba_length minimum, ba_call_site site) {
    return pba_cached_pool_realloc_at((pba_cached_pool *)context, memory, alignment, minimum, site);
}

static ba_length_result view_discard(void *context, ba_memory part, ba_call_site site) {
    pba_cached_pool *const pool = (pba_cached_pool *)context;
    pba_exchange_lock(pool);
    const ba_length_result gone = pba_view_discard(&pool->core, part, site);
    pba_exchange_unlock(pool);
    return gone;
}

/* The lock is a part of the pool that asking changes. */
static ba_ownership view_owns(const void *context, const void *pointer) {
    union {
        const void *in;
        pba_cached_pool *out;
    } const pool = {context};
    return pba_cached_pool_owns(pool.out, pointer) ? BA_OWNS : BA_OWNS_NOT;
}

static const ba_operations operations = {
    .size = sizeof(ba_operations),
    .block_size = view_block_size,
    .alloc = view_alloc,
    .resize = view_resize,
    .free = view_free,
    .grow_between = view_grow_between,
    .remap = view_remap,
    .discard = view_discard,
    .owns = view_owns,
    .realloc = view_realloc,
};

/* As of a pool: it may not be moved from its first view on. */
ba_block_allocator pba_cached_pool_block_allocator(pba_cached_pool *pool) {
    pba_exchange_lock(pool);
    (void)pba_pool_block_allocator(&pool->core);
    pba_exchange_unlock(pool);
    return ba_block_allocator_of(pool, &operations);
}

ba_allocator pba_cached_pool_allocator(pba_cached_pool *pool) {
    return ba_as_allocator(pba_cached_pool_block_allocator(pool));
}
