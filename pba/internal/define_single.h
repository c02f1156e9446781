/* The functions of a pool type with PBA_THREADS_SINGLE: a part of pba/define.h, which includes it
 * inside of extern "C". No include guard, for it is included for each type. */

/* The pool. As pba_pool: owned by the caller, may be moved until its first view or allocation. */
typedef struct PBA_NAME {
    pba_pool core;
    PBA_CACHE_MEMBER_
} PBA_NAME;

/* Makes a pool over a backing of either kind, which is borrowed, with a name, a hook and a second
 * allocator as in pba_setup. */
BA_ALWAYS_INLINE PBA_NAME PBA_OF_(new_with)(ba_any_allocator backing, const pba_setup *setup) {
    PBA_NAME pool;
    const pba_options options = PBA_OF_(options)();
    pba_pool_init_of_type(&pool.core, &options, backing, setup, BA_BUILD_MODE,
                          PBA_CACHE_OF_(&pool));
    return pool;
}

/* Makes a pool over an exact allocator, which is borrowed. Takes no memory until the first
 * allocation. */
BA_ALWAYS_INLINE PBA_NAME PBA_OF_(new)(ba_allocator backing) {
    return PBA_OF_(new_with)(ba_any_allocator_of_exact(backing), NULL);
}

/* Makes a pool over a whole-span allocator, which is borrowed; makes blocks of all that it is
 * granted. */
BA_ALWAYS_INLINE PBA_NAME PBA_OF_(new_over_blocks)(ba_block_allocator backing) {
    return PBA_OF_(new_with)(ba_any_allocator_of_whole(backing), NULL);
}

/* As pba_pool_alloc_at(). */
BA_MUST_USE BA_ALWAYS_INLINE ba_memory PBA_OF_(alloc_at)(PBA_NAME *pool, ba_length minimum,
                                                         ba_alignment alignment,
                                                         ba_call_site site) {
    return pba_fast_alloc(&pool->core, PBA_CACHE_OF_(pool), PBA_OF_(fast_options_)(), minimum,
                          alignment, site);
}
BA_MUST_USE PBA_CALL_ ba_memory PBA_OF_(alloc)(PBA_NAME *pool, ba_length minimum,
                                               ba_alignment alignment) {
    ba_memory memory;
    return pba_fast_try_alloc(&pool->core, PBA_CACHE_OF_(pool), PBA_OF_(fast_options_)(), minimum,
                              alignment, &memory)
               ? memory
               : pba_pool_alloc_slow(&pool->core, minimum, alignment, PBA_CALLER_());
}

/* As pba_pool_resize_at(). */
BA_MUST_USE BA_ALWAYS_INLINE ba_length_result PBA_OF_(resize_at)(PBA_NAME *pool, ba_memory memory,
                                                                 ba_alignment alignment,
                                                                 ba_length minimum,
                                                                 ba_call_site site) {
    return pba_pool_resize_at(&pool->core, memory, alignment, minimum, site);
}
BA_MUST_USE PBA_CALL_ ba_length_result PBA_OF_(resize)(PBA_NAME *pool, ba_memory memory,
                                                       ba_alignment alignment, ba_length minimum) {
    return PBA_OF_(resize_at)(pool, memory, alignment, minimum, PBA_CALLER_());
}

/* As pba_pool_grow_between_at(). */
BA_MUST_USE BA_ALWAYS_INLINE ba_length_result
PBA_OF_(grow_between_at)(PBA_NAME *pool, ba_memory memory, ba_alignment alignment,
                         ba_length minimum, ba_length wanted, ba_call_site site) {
    return pba_pool_grow_between_at(&pool->core, memory, alignment, minimum, wanted, site);
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
    return pba_pool_remap_at(&pool->core, memory, alignment, minimum, site);
}
BA_MUST_USE PBA_CALL_ ba_memory PBA_OF_(remap)(PBA_NAME *pool, ba_memory memory,
                                               ba_alignment alignment, ba_length minimum) {
    return PBA_OF_(remap_at)(pool, memory, alignment, minimum, PBA_CALLER_());
}

/* As pba_pool_realloc_at(). */
BA_MUST_USE BA_ALWAYS_INLINE ba_memory PBA_OF_(realloc_at)(PBA_NAME *pool, ba_memory memory,
                                                           ba_alignment alignment,
                                                           ba_length minimum, ba_call_site site) {
    return pba_pool_realloc_at(&pool->core, memory, alignment, minimum, site);
}
BA_MUST_USE PBA_CALL_ ba_memory PBA_OF_(realloc)(PBA_NAME *pool, ba_memory memory,
                                                 ba_alignment alignment, ba_length minimum) {
    return PBA_OF_(realloc_at)(pool, memory, alignment, minimum, PBA_CALLER_());
}

/* As pba_pool_free_at(). */
BA_ALWAYS_INLINE ba_error PBA_OF_(free_at)(PBA_NAME *pool, ba_memory memory, ba_alignment alignment,
                                           ba_call_site site) {
    return pba_fast_free(&pool->core, PBA_CACHE_OF_(pool), PBA_OF_(fast_options_)(), memory,
                         alignment, site);
}
PBA_CALL_ ba_error PBA_OF_(free)(PBA_NAME *pool, ba_memory memory, ba_alignment alignment) {
    return pba_fast_try_free(&pool->core, PBA_CACHE_OF_(pool), PBA_OF_(fast_options_)(), memory,
                             alignment)
               ? ba_error_of(BA_OK)
               : pba_pool_free_slow(&pool->core, memory, alignment, PBA_CALLER_());
}

/* The fast paths for callers through the interface. */
static inline ba_memory PBA_OF_(view_alloc_)(void *context, ba_length minimum,
                                             ba_alignment alignment, ba_call_site site) {
    return PBA_OF_(alloc_at)((PBA_NAME *)context, minimum, alignment, site);
}
static inline ba_error PBA_OF_(view_free_)(void *context, ba_memory memory, ba_alignment alignment,
                                           ba_call_site site) {
    return PBA_OF_(free_at)((PBA_NAME *)context, memory, alignment, site);
}

static const ba_operations PBA_OF_(view_operations_) = PBA_VIEW_OPERATIONS_(PBA_OF_(view_alloc_),
                                                                            PBA_OF_(view_free_));

/* As pba_pool_block_allocator(). */
PBA_CALL_ ba_block_allocator PBA_OF_(block_allocator)(PBA_NAME *pool) {
    return pba_pool_view(pba_pool_at(&pool->core, PBA_CALLER_()), &PBA_OF_(view_operations_));
}

/* As pba_pool_allocator(). */
PBA_CALL_ ba_allocator PBA_OF_(allocator)(PBA_NAME *pool) {
    return ba_as_allocator(
        pba_pool_view(pba_pool_at(&pool->core, PBA_CALLER_()), &PBA_OF_(view_operations_)));
}

/* As pba_pool_shrink(). */
PBA_CALL_ ba_length PBA_OF_(shrink)(PBA_NAME *pool, pba_threshold threshold) {
    return (pba_pool_shrink)(pba_pool_at(&pool->core, PBA_CALLER_()), threshold);
}

/* As pba_pool_trim(). */
PBA_CALL_ ba_length PBA_OF_(trim)(PBA_NAME *pool, ba_length keep) {
    return (pba_pool_trim)(pba_pool_at(&pool->core, PBA_CALLER_()), keep);
}

/* As pba_pool_reserve(). */
BA_MUST_USE PBA_CALL_ ba_error PBA_OF_(reserve)(PBA_NAME *pool, ba_length free) {
    return (pba_pool_reserve)(pba_pool_at(&pool->core, PBA_CALLER_()), free);
}

/* As pba_pool_reset(). */
PBA_CALL_ ba_length PBA_OF_(reset)(PBA_NAME *pool, ba_length keep) {
    return (pba_pool_reset)(pba_pool_at(&pool->core, PBA_CALLER_()), keep);
}

/* As pba_pool_purge(). */
PBA_CALL_ ba_length PBA_OF_(purge)(PBA_NAME *pool) {
    return (pba_pool_purge)(pba_pool_at(&pool->core, PBA_CALLER_()));
}

/* As pba_pool_decay(). */
PBA_CALL_ ba_length PBA_OF_(decay)(PBA_NAME *pool, uint64_t now) {
    return (pba_pool_decay)(pba_pool_at(&pool->core, PBA_CALLER_()), now);
}

/* As pba_pool_release_all(). */
PBA_CALL_ ba_error PBA_OF_(release_all)(PBA_NAME *pool, pba_in_use in_use) {
    return (pba_pool_release_all)(pba_pool_at(&pool->core, PBA_CALLER_()), in_use);
}

/* As pba_pool_stats(). */
PBA_CALL_ pba_stats PBA_OF_(stats)(PBA_NAME *pool) {
    return (pba_pool_stats)(pba_pool_at(&pool->core, PBA_CALLER_()));
}

/* As pba_pool_largest_free(). */
PBA_CALL_ ba_length PBA_OF_(largest_free)(PBA_NAME *pool) {
    return (pba_pool_largest_free)(pba_pool_at(&pool->core, PBA_CALLER_()));
}

/* As pba_pool_fragmentation(). */
PBA_CALL_ unsigned PBA_OF_(fragmentation)(PBA_NAME *pool) {
    return (pba_pool_fragmentation)(pba_pool_at(&pool->core, PBA_CALLER_()));
}

/* As pba_pool_owns(). */
BA_ALWAYS_INLINE bool PBA_OF_(owns)(const PBA_NAME *pool, const void *pointer) {
    return pba_pool_owns(&pool->core, pointer);
}

/* As pba_pool_usable_len(). */
BA_ALWAYS_INLINE ba_length_result PBA_OF_(usable_len)(const PBA_NAME *pool, const void *pointer) {
    return pba_pool_usable_len(&pool->core, pointer);
}

/* As pba_pool_walk(). */
PBA_CALL_ void PBA_OF_(walk)(PBA_NAME *pool, void (*show)(void *context, const pba_walk_item *item),
                             void *context) {
    (pba_pool_walk)(pba_pool_at(&pool->core, PBA_CALLER_()), show, context);
}

/* As pba_pool_verify(). */
BA_MUST_USE BA_ALWAYS_INLINE ba_error PBA_OF_(verify)(const PBA_NAME *pool) {
    return pba_pool_verify(&pool->core);
}
