/* The functions of a pool type with PBA_THREADS_LOCKED: a part of pba/define.h, which includes it
 * inside of extern "C". No include guard, for it is included for each type. */

/* The pool. As pba_locked_pool: owned by the caller, may be moved until its first view or
 * allocation. The span cache lies behind the core, which `locked` ends with. */
typedef struct PBA_NAME {
    pba_locked_pool locked;
    PBA_CACHE_MEMBER_
} PBA_NAME;

/* Makes a pool over a backing of either kind, which is borrowed, as is the lock's context, with a
 * name, a hook and a second allocator as in pba_setup. */
BA_ALWAYS_INLINE PBA_NAME PBA_OF_(new_with)(ba_any_allocator backing, ba_lock lock,
                                            const pba_setup *setup) {
    PBA_NAME pool;
    const pba_options options = PBA_OF_(options)();
    pba_locked_pool_init_of_type(&pool.locked, &options, backing, lock, setup, BA_BUILD_MODE,
                                 PBA_CACHE_OF_(&pool));
    return pool;
}

/* Makes a pool over an exact allocator, which is borrowed. Takes no memory until the first
 * allocation. */
BA_ALWAYS_INLINE PBA_NAME PBA_OF_(new)(ba_allocator backing, ba_lock lock) {
    return PBA_OF_(new_with)(ba_any_allocator_of_exact(backing), lock, NULL);
}

/* Makes a pool over a whole-span allocator, which is borrowed; makes blocks of all that it is
 * granted. */
BA_ALWAYS_INLINE PBA_NAME PBA_OF_(new_over_blocks)(ba_block_allocator backing, ba_lock lock) {
    return PBA_OF_(new_with)(ba_any_allocator_of_whole(backing), lock, NULL);
}

/* As pba_locked_pool_lock() and pba_locked_pool_unlock(). */
BA_ALWAYS_INLINE void PBA_OF_(lock)(PBA_NAME *pool) {
    pba_locked_pool_lock(&pool->locked);
}
BA_ALWAYS_INLINE void PBA_OF_(unlock)(PBA_NAME *pool) {
    pba_locked_pool_unlock(&pool->locked);
}

/* As pba_pool_alloc_at(). */
BA_MUST_USE static inline ba_memory PBA_OF_(alloc_at)(PBA_NAME *pool, ba_length minimum,
                                                      ba_alignment alignment, ba_call_site site) {
    ba_lock_acquire(pool->locked.lock);
    const ba_memory memory = pba_fast_alloc(&pool->locked.core, PBA_CACHE_OF_(pool),
                                            PBA_OF_(fast_options_)(), minimum, alignment, site);
    ba_lock_release(pool->locked.lock);
    return memory;
}
BA_MUST_USE PBA_CALL_ ba_memory PBA_OF_(alloc)(PBA_NAME *pool, ba_length minimum,
                                               ba_alignment alignment) {
    return PBA_OF_(alloc_at)(pool, minimum, alignment, PBA_CALLER_());
}

/* As pba_pool_resize_at(). */
BA_MUST_USE BA_ALWAYS_INLINE ba_length_result PBA_OF_(resize_at)(PBA_NAME *pool, ba_memory memory,
                                                                 ba_alignment alignment,
                                                                 ba_length minimum,
                                                                 ba_call_site site) {
    return pba_locked_pool_resize_at(&pool->locked, memory, alignment, minimum, site);
}
BA_MUST_USE PBA_CALL_ ba_length_result PBA_OF_(resize)(PBA_NAME *pool, ba_memory memory,
                                                       ba_alignment alignment, ba_length minimum) {
    return PBA_OF_(resize_at)(pool, memory, alignment, minimum, PBA_CALLER_());
}

/* As pba_pool_grow_between_at(). */
BA_MUST_USE BA_ALWAYS_INLINE ba_length_result
PBA_OF_(grow_between_at)(PBA_NAME *pool, ba_memory memory, ba_alignment alignment,
                         ba_length minimum, ba_length wanted, ba_call_site site) {
    return pba_locked_pool_grow_between_at(&pool->locked, memory, alignment, minimum, wanted, site);
}
BA_MUST_USE PBA_CALL_ ba_length_result PBA_OF_(grow_between)(PBA_NAME *pool, ba_memory memory,
                                                             ba_alignment alignment,
                                                             ba_length minimum, ba_length wanted) {
    return PBA_OF_(grow_between_at)(pool, memory, alignment, minimum, wanted, PBA_CALLER_());
}

/* As pba_pool_remap_at(). */
BA_MUST_USE BA_ALWAYS_INLINE ba_memory PBA_OF_(remap_at)(PBA_NAME *pool, ba_memory memory,
                                                         ba_alignment alignment, ba_length minimum,
                                                         ba_call_site site) {
    return pba_locked_pool_remap_at(&pool->locked, memory, alignment, minimum, site);
}
BA_MUST_USE PBA_CALL_ ba_memory PBA_OF_(remap)(PBA_NAME *pool, ba_memory memory,
                                               ba_alignment alignment, ba_length minimum) {
    return PBA_OF_(remap_at)(pool, memory, alignment, minimum, PBA_CALLER_());
}

/* As pba_pool_realloc_at(). */
BA_MUST_USE BA_ALWAYS_INLINE ba_memory PBA_OF_(realloc_at)(PBA_NAME *pool, ba_memory memory,
                                                           ba_alignment alignment,
                                                           ba_length minimum, ba_call_site site) {
    return pba_locked_pool_realloc_at(&pool->locked, memory, alignment, minimum, site);
}
BA_MUST_USE PBA_CALL_ ba_memory PBA_OF_(realloc)(PBA_NAME *pool, ba_memory memory,
                                                 ba_alignment alignment, ba_length minimum) {
    return PBA_OF_(realloc_at)(pool, memory, alignment, minimum, PBA_CALLER_());
}

/* As pba_pool_free_at(). */
static inline ba_error PBA_OF_(free_at)(PBA_NAME *pool, ba_memory memory, ba_alignment alignment,
                                        ba_call_site site) {
    ba_lock_acquire(pool->locked.lock);
    const ba_error error = pba_fast_free(&pool->locked.core, PBA_CACHE_OF_(pool),
                                         PBA_OF_(fast_options_)(), memory, alignment, site);
    ba_lock_release(pool->locked.lock);
    return error;
}
PBA_CALL_ ba_error PBA_OF_(free)(PBA_NAME *pool, ba_memory memory, ba_alignment alignment) {
    return PBA_OF_(free_at)(pool, memory, alignment, PBA_CALLER_());
}

/* The same for callers through the interface, which know the core. */
static inline ba_memory PBA_OF_(view_alloc_)(void *core, ba_length minimum, ba_alignment alignment,
                                             ba_call_site site) {
    return PBA_OF_(alloc_at)((PBA_NAME *)(void *)pba_locked_pool_of_core(core), minimum, alignment,
                             site);
}
static inline ba_error PBA_OF_(view_free_)(void *core, ba_memory memory, ba_alignment alignment,
                                           ba_call_site site) {
    return PBA_OF_(free_at)((PBA_NAME *)(void *)pba_locked_pool_of_core(core), memory, alignment,
                            site);
}

static const ba_operations PBA_OF_(view_operations_) =
    PBA_LOCKED_VIEW_OPERATIONS_(PBA_OF_(view_alloc_), PBA_OF_(view_free_));

/* As pba_pool_block_allocator(). */
PBA_CALL_ ba_block_allocator PBA_OF_(block_allocator)(PBA_NAME *pool) {
    return pba_locked_pool_view(&pool->locked, &PBA_OF_(view_operations_), PBA_CALLER_());
}

/* As pba_pool_allocator(). */
PBA_CALL_ ba_allocator PBA_OF_(allocator)(PBA_NAME *pool) {
    return ba_as_allocator(
        pba_locked_pool_view(&pool->locked, &PBA_OF_(view_operations_), PBA_CALLER_()));
}

/* As pba_pool_shrink(). */
PBA_CALL_ ba_length PBA_OF_(shrink)(PBA_NAME *pool, pba_threshold threshold) {
    return pba_locked_pool_shrink_at(&pool->locked, threshold, PBA_CALLER_());
}

/* As pba_pool_trim(). */
PBA_CALL_ ba_length PBA_OF_(trim)(PBA_NAME *pool, ba_length keep) {
    return pba_locked_pool_trim_at(&pool->locked, keep, PBA_CALLER_());
}

/* As pba_pool_reserve(). */
BA_MUST_USE PBA_CALL_ ba_error PBA_OF_(reserve)(PBA_NAME *pool, ba_length free) {
    return pba_locked_pool_reserve_at(&pool->locked, free, PBA_CALLER_());
}

/* As pba_pool_reset(). */
PBA_CALL_ ba_length PBA_OF_(reset)(PBA_NAME *pool, ba_length keep) {
    return pba_locked_pool_reset_at(&pool->locked, keep, PBA_CALLER_());
}

/* As pba_pool_purge(). */
PBA_CALL_ ba_length PBA_OF_(purge)(PBA_NAME *pool) {
    return pba_locked_pool_purge_at(&pool->locked, PBA_CALLER_());
}

/* As pba_pool_decay(). */
PBA_CALL_ ba_length PBA_OF_(decay)(PBA_NAME *pool, uint64_t now) {
    return pba_locked_pool_decay_at(&pool->locked, now, PBA_CALLER_());
}

/* As pba_pool_release_all(). */
PBA_CALL_ ba_error PBA_OF_(release_all)(PBA_NAME *pool, pba_in_use in_use) {
    return pba_locked_pool_release_all_at(&pool->locked, in_use, PBA_CALLER_());
}

/* As pba_pool_stats(). */
PBA_CALL_ pba_stats PBA_OF_(stats)(PBA_NAME *pool) {
    return pba_locked_pool_stats_at(&pool->locked, PBA_CALLER_());
}

/* As pba_pool_largest_free(). */
PBA_CALL_ ba_length PBA_OF_(largest_free)(PBA_NAME *pool) {
    return pba_locked_pool_largest_free_at(&pool->locked, PBA_CALLER_());
}

/* As pba_pool_fragmentation(). */
PBA_CALL_ unsigned PBA_OF_(fragmentation)(PBA_NAME *pool) {
    return pba_locked_pool_fragmentation_at(&pool->locked, PBA_CALLER_());
}

/* As pba_pool_owns(). */
BA_ALWAYS_INLINE bool PBA_OF_(owns)(const PBA_NAME *pool, const void *pointer) {
    return pba_locked_pool_owns(&pool->locked, pointer);
}

/* As pba_pool_usable_len(). */
BA_ALWAYS_INLINE ba_length_result PBA_OF_(usable_len)(const PBA_NAME *pool, const void *pointer) {
    return pba_locked_pool_usable_len(&pool->locked, pointer);
}

/* As pba_pool_walk(). */
PBA_CALL_ void PBA_OF_(walk)(PBA_NAME *pool, void (*show)(void *context, const pba_walk_item *item),
                             void *context) {
    pba_locked_pool_walk_at(&pool->locked, show, context, PBA_CALLER_());
}

/* As pba_pool_verify(). */
BA_MUST_USE BA_ALWAYS_INLINE ba_error PBA_OF_(verify)(const PBA_NAME *pool) {
    return pba_locked_pool_verify(&pool->locked);
}
