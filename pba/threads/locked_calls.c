/* A lock around each function of a pool. */
#define PBA_INTERNAL_

#include "pba/internal/locked_view.h"
#include "pba/internal/slow_path.h"
#include "pba/locked_pool.h"

/* A type's cache is sought behind the core. */
BA_STATIC_ASSERT(sizeof(pba_locked_pool) == offsetof(pba_locked_pool, core) + sizeof(pba_pool),
                 "the core must lie last");

/* --- making --- */

/* Tells the core where its lock is. */
static void set_lock(pba_locked_pool *pool, ba_lock lock) {
    pool->lock = lock;
    pool->core.lent.lock_before =
        (uint32_t)(offsetof(pba_locked_pool, core) + offsetof(pba_pool, lent) -
                   offsetof(pba_locked_pool, lock));
}

pba_options_error pba_locked_pool_init_in_mode(pba_locked_pool *pool, const pba_options *options,
                                               ba_any_allocator backing, ba_lock lock,
                                               const pba_setup *setup, int build_mode) {
    const pba_options_error error =
        pba_pool_init_in_mode(&pool->core, options, backing, setup, build_mode);
    if (error == PBA_OPTIONS_OK) {
        set_lock(pool, lock);
    }
    return error;
}

void pba_locked_pool_init_of_type(pba_locked_pool *pool, const pba_options *options,
                                  ba_any_allocator backing, ba_lock lock, const pba_setup *setup,
                                  int build_mode, pba_span_cache *beside) {
    pba_pool_init_of_type(&pool->core, options, backing, setup, build_mode, beside);
    set_lock(pool, lock);
}

/* --- the lock --- */

static pba_pool *acquire(pba_locked_pool *pool) {
    ba_lock_acquire(pool->lock);
    return &pool->core;
}

static void release(const pba_locked_pool *pool) {
    ba_lock_release(pool->lock);
}

void pba_locked_pool_lock(pba_locked_pool *pool) {
    acquire(pool)->threads |= PBA_KEEPS_LOCK;
}

void pba_locked_pool_unlock(pba_locked_pool *pool) {
    pool->core.threads &= (uint8_t)~PBA_KEEPS_LOCK;
    release(pool);
}

/* --- spans --- */

ba_memory pba_locked_pool_alloc_at(pba_locked_pool *pool, ba_length minimum, ba_alignment alignment,
                                   ba_call_site site) {
    const ba_memory memory = pba_pool_alloc_at(acquire(pool), minimum, alignment, site);
    release(pool);
    return memory;
}

ba_length_result pba_locked_pool_resize_at(pba_locked_pool *pool, ba_memory memory,
                                           ba_alignment alignment, ba_length minimum,
                                           ba_call_site site) {
    const ba_length_result now =
        pba_pool_resize_at(acquire(pool), memory, alignment, minimum, site);
    release(pool);
    return now;
}

ba_length_result pba_locked_pool_grow_between_at(pba_locked_pool *pool, ba_memory memory,
                                                 ba_alignment alignment, ba_length minimum,
                                                 ba_length wanted, ba_call_site site) {
    const ba_length_result now =
        pba_pool_grow_between_at(acquire(pool), memory, alignment, minimum, wanted, site);
    release(pool);
    return now;
}

ba_memory pba_locked_pool_remap_at(pba_locked_pool *pool, ba_memory memory, ba_alignment alignment,
                                   ba_length minimum, ba_call_site site) {
    const ba_memory now = pba_pool_remap_at(acquire(pool), memory, alignment, minimum, site);
    release(pool);
    return now;
}

ba_memory pba_locked_pool_realloc_at(pba_locked_pool *pool, ba_memory memory,
                                     ba_alignment alignment, ba_length minimum, ba_call_site site) {
    const ba_memory now = pba_pool_realloc_at(acquire(pool), memory, alignment, minimum, site);
    release(pool);
    return now;
}

ba_error pba_locked_pool_free_at(pba_locked_pool *pool, ba_memory memory, ba_alignment alignment,
                                 ba_call_site site) {
    const ba_error error = pba_pool_free_at(acquire(pool), memory, alignment, site);
    release(pool);
    return error;
}

/* --- keeping and giving back --- */

/* The lock, and the place of the call that follows. */
static pba_pool *acquire_at(pba_locked_pool *pool, ba_call_site site) {
    return pba_pool_at(acquire(pool), site);
}

ba_length pba_locked_pool_shrink_at(pba_locked_pool *pool, pba_threshold threshold,
                                    ba_call_site site) {
    const ba_length gone = (pba_pool_shrink)(acquire_at(pool, site), threshold);
    release(pool);
    return gone;
}

ba_length pba_locked_pool_trim_at(pba_locked_pool *pool, ba_length keep, ba_call_site site) {
    const ba_length gone = (pba_pool_trim)(acquire_at(pool, site), keep);
    release(pool);
    return gone;
}

ba_error pba_locked_pool_reserve_at(pba_locked_pool *pool, ba_length free, ba_call_site site) {
    const ba_error error = (pba_pool_reserve)(acquire_at(pool, site), free);
    release(pool);
    return error;
}

ba_length pba_locked_pool_reset_at(pba_locked_pool *pool, ba_length keep, ba_call_site site) {
    const ba_length gone = (pba_pool_reset)(acquire_at(pool, site), keep);
    release(pool);
    return gone;
}

ba_length pba_locked_pool_purge_at(pba_locked_pool *pool, ba_call_site site) {
    const ba_length gone = (pba_pool_purge)(acquire_at(pool, site));
    release(pool);
    return gone;
}

ba_length pba_locked_pool_decay_at(pba_locked_pool *pool, uint64_t now, ba_call_site site) {
    const ba_length gone = (pba_pool_decay)(acquire_at(pool, site), now);
    release(pool);
    return gone;
}

ba_error pba_locked_pool_release_all_at(pba_locked_pool *pool, pba_in_use in_use,
                                        ba_call_site site) {
    const ba_error error = (pba_pool_release_all)(acquire_at(pool, site), in_use);
    release(pool);
    return error;
}

/* --- looking --- */

pba_stats pba_locked_pool_stats_at(pba_locked_pool *pool, ba_call_site site) {
    const pba_stats stats = (pba_pool_stats)(acquire_at(pool, site));
    release(pool);
    return stats;
}

ba_length pba_locked_pool_largest_free_at(pba_locked_pool *pool, ba_call_site site) {
    const ba_length longest = (pba_pool_largest_free)(acquire_at(pool, site));
    release(pool);
    return longest;
}

unsigned pba_locked_pool_fragmentation_at(pba_locked_pool *pool, ba_call_site site) {
    const unsigned percent = (pba_pool_fragmentation)(acquire_at(pool, site));
    release(pool);
    return percent;
}

/* The function may use the core, and a hook that is asked then shall not let others come between.
 */
void pba_locked_pool_walk_at(pba_locked_pool *pool,
                             void (*show)(void *context, const pba_walk_item *item), void *context,
                             ba_call_site site) {
    pba_locked_pool_lock(pool);
    (pba_pool_walk)(pba_pool_at(&pool->core, site), show, context);
    pba_locked_pool_unlock(pool);
}

bool pba_locked_pool_owns(const pba_locked_pool *pool, const void *pointer) {
    ba_lock_acquire(pool->lock);
    const bool is_ours = pba_pool_owns(&pool->core, pointer);
    release(pool);
    return is_ours;
}

ba_length_result pba_locked_pool_usable_len(const pba_locked_pool *pool, const void *pointer) {
    ba_lock_acquire(pool->lock);
    const ba_length_result length = pba_pool_usable_len(&pool->core, pointer);
    release(pool);
    return length;
}

ba_error pba_locked_pool_verify(const pba_locked_pool *pool) {
    ba_lock_acquire(pool->lock);
    const ba_error error = pba_pool_verify(&pool->core);
    release(pool);
    return error;
}

/* --- through the interface --- */

static ba_memory view_alloc(void *core, ba_length minimum, ba_alignment alignment,
                            ba_call_site site) {
    return pba_locked_pool_alloc_at(pba_locked_pool_of_core(core), minimum, alignment, site);
}

ba_length_result pba_locked_view_resize(void *core, ba_memory memory, ba_alignment alignment,
                                        ba_length minimum, ba_call_site site) {
    return pba_locked_pool_resize_at(pba_locked_pool_of_core(core), memory, alignment, minimum,
                                     site);
}

static ba_error view_free(void *core, ba_memory memory, ba_alignment alignment, ba_call_site site) {
    return pba_locked_pool_free_at(pba_locked_pool_of_core(core), memory, alignment, site);
}

ba_length_result pba_locked_view_grow_between(void *core, ba_memory memory, ba_alignment alignment,
                                              ba_length minimum, ba_length wanted,
                                              ba_call_site site) {
    return pba_locked_pool_grow_between_at(pba_locked_pool_of_core(core), memory, alignment,
                                           minimum, wanted, site);
}

ba_memory pba_locked_view_remap(void *core, ba_memory memory, ba_alignment alignment,
                                ba_length minimum, ba_call_site site) {
    return pba_locked_pool_remap_at(pba_locked_pool_of_core(core), memory, alignment, minimum,
                                    site);
}

ba_length_result pba_locked_view_discard(void *core, ba_memory part, ba_call_site site) {
    pba_locked_pool *const pool = pba_locked_pool_of_core(core);
    const ba_length_result discarded = pba_view_discard(acquire(pool), part, site);
    release(pool);
    return discarded;
}

ba_ownership pba_locked_view_owns(const void *core, const void *pointer) {
    const unsigned char *const at = (const unsigned char *)core - offsetof(pba_locked_pool, core);
    return pba_locked_pool_owns((const pba_locked_pool *)(const void *)at, pointer) ? BA_OWNS
                                                                                    : BA_OWNS_NOT;
}

ba_memory pba_locked_view_realloc(void *core, ba_memory memory, ba_alignment alignment,
                                  ba_length minimum, ba_call_site site) {
    return pba_locked_pool_realloc_at(pba_locked_pool_of_core(core), memory, alignment, minimum,
                                      site);
}

static const ba_operations own_operations = PBA_LOCKED_VIEW_OPERATIONS_(view_alloc, view_free);

ba_block_allocator pba_locked_pool_view(pba_locked_pool *pool, const ba_operations *operations,
                                        ba_call_site site) {
    const ba_block_allocator view = pba_pool_view(acquire_at(pool, site), operations);
    release(pool);
    return view;
}

ba_allocator pba_locked_pool_allocator_at(pba_locked_pool *pool, ba_call_site site) {
    return ba_as_allocator(pba_locked_pool_view(pool, &own_operations, site));
}

ba_block_allocator pba_locked_pool_block_allocator_at(pba_locked_pool *pool, ba_call_site site) {
    return pba_locked_pool_view(pool, &own_operations, site);
}
