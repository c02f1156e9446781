/* What the buffers ask of their allocator, as when they grow. Part of static_buffer/define.h; not
 * for users. */

BA_ALWAYS_INLINE sab_layout SAB_OF_(layout_)(void) {
    BA_STATIC_ASSERT(sizeof(SAB_T_) != 0, "SAB_TYPE must have a size");
    sab_layout layout;
    layout.size = sizeof(SAB_T_);
    layout.alignment = BA_ALIGNOF(SAB_T_);
#ifdef SAB_ALIGNMENT
    BA_STATIC_ASSERT((SAB_ALIGNMENT) > 0 && ((SAB_ALIGNMENT) & ((SAB_ALIGNMENT)-1)) == 0,
                     "SAB_ALIGNMENT must be a power of two");
    BA_STATIC_ASSERT((SAB_ALIGNMENT) >= BA_ALIGNOF(SAB_T_),
                     "SAB_ALIGNMENT must be at least the alignment of SAB_TYPE");
    layout.alignment = (SAB_ALIGNMENT);
#endif
#ifdef SAB_SENTINEL
    layout.extra = 1;
#else
    layout.extra = 0;
#endif
    return layout;
}

BA_ALWAYS_INLINE ba_alignment SAB_OF_(alignment_)(void) {
    return ba_align(SAB_OF_(layout_)().alignment);
}

/* The memory of a buffer with that many places, as its allocator knows it. */
BA_ALWAYS_INLINE ba_memory SAB_OF_(memory_)(SAB_T_ *ptr, size_t count) {
    return ba_memory_of(ptr, ba_bytes(sab_core_bytes(SAB_OF_(layout_)(), count)));
}

#ifdef SAB_POOL_TYPE
#define SAB_CALL_(pool_function, block_function) SAB_JOIN_(SAB_POOL_TYPE, _##pool_function)
#else
#define SAB_CALL_(pool_function, block_function) block_function
#endif

/* The allocator: in a function without names of its own, which might be the allocator's. */
#ifdef SAB_POOL_TYPE
BA_ALWAYS_INLINE SAB_POOL_TYPE *SAB_OF_(allocator_)(void) {
    return &(SAB_ALLOCATOR);
}
#else
BA_ALWAYS_INLINE ba_block_allocator SAB_OF_(allocator_)(void) {
    return (SAB_ALLOCATOR);
}
#endif

BA_ALWAYS_INLINE ba_memory SAB_OF_(memory_alloc_)(ba_length minimum, ba_call_site site) {
    return SAB_CALL_(alloc_at, ba_block_alloc_at)(SAB_OF_(allocator_)(), minimum,
                                                  SAB_OF_(alignment_)(), site);
}

BA_ALWAYS_INLINE ba_length_result SAB_OF_(memory_grow_)(ba_memory memory, sab_growth growth,
                                                        ba_call_site site) {
    return SAB_CALL_(grow_between_at, ba_block_grow_between_at)(
        SAB_OF_(allocator_)(), memory, SAB_OF_(alignment_)(), growth.minimum, growth.wanted, site);
}

BA_ALWAYS_INLINE ba_length_result SAB_OF_(memory_shrink_)(ba_memory memory, ba_length length,
                                                          ba_call_site site) {
    return SAB_CALL_(resize_at, ba_block_resize_at)(SAB_OF_(allocator_)(), memory,
                                                    SAB_OF_(alignment_)(), length, site);
}

BA_ALWAYS_INLINE ba_memory SAB_OF_(memory_remap_)(ba_memory memory, ba_length minimum,
                                                  ba_call_site site) {
    return SAB_CALL_(remap_at, ba_block_remap_at)(SAB_OF_(allocator_)(), memory,
                                                  SAB_OF_(alignment_)(), minimum, site);
}

BA_ALWAYS_INLINE ba_error SAB_OF_(memory_free_)(SAB_T_ *ptr, size_t count, ba_call_site site) {
    return SAB_CALL_(free_at, ba_block_free_at)(SAB_OF_(allocator_)(), SAB_OF_(memory_)(ptr, count),
                                                SAB_OF_(alignment_)(), site);
}

/* How many bytes of a span hold that many places: where the span ends. */
BA_ALWAYS_INLINE ba_length SAB_OF_(memory_span_)(size_t count) {
    const ba_length bytes = ba_bytes(sab_core_bytes(SAB_OF_(layout_)(), count));
#ifdef SAB_POOL_TYPE
    const size_t block_size = SAB_CALL_(block_size, )().bytes;
#else
    const size_t block_size = ba_block_allocator_block_size(SAB_OF_(allocator_)()).bytes;
#endif
    return ba_length_result_length(ba_length_round_up(bytes, ba_align(block_size)));
}

#undef SAB_CALL_

/* New memory: what is wanted, or else at least the minimum. */
static inline BA_MUST_USE ba_memory SAB_OF_(memory_new_)(sab_growth growth, ba_call_site site) {
    const ba_memory memory = SAB_OF_(memory_alloc_)(growth.wanted, site);
    if (growth.wanted.bytes > growth.minimum.bytes &&
        ba_error_is_refusal(ba_memory_error(memory))) {
        return SAB_OF_(memory_alloc_)(growth.minimum, site);
    }
    return memory;
}

/* Grows memory by other means than copying: in place, else by moving pages. */
static inline BA_MUST_USE ba_memory SAB_OF_(memory_stretch_)(ba_memory memory, sab_growth growth,
                                                             ba_call_site site) {
    const ba_length_result length = SAB_OF_(memory_grow_)(memory, growth, site);
    if (!ba_length_result_is_none(length)) {
        return ba_memory_of(ba_memory_pointer(memory), ba_length_result_length(length));
    }
    const ba_error error = ba_length_result_error(length);
    if (!ba_error_is_refusal(error)) {
        return ba_memory_none(error);
    }
    ba_memory moved = SAB_OF_(memory_remap_)(memory, growth.wanted, site);
    if (growth.wanted.bytes > growth.minimum.bytes && ba_error_is_refusal(ba_memory_error(moved)) &&
        ba_memory_error(moved).code != BA_UNSUPPORTED) {
        moved = SAB_OF_(memory_remap_)(memory, growth.minimum, site);
    }
    return moved;
}

/* How many elements fit into memory that has grown. Blocks after them go back: if an element is
 * longer than a block, a span can have blocks that no place reaches, and a buffer computes the
 * length of its span from its places. */
static inline BA_MUST_USE size_t SAB_OF_(memory_places_)(ba_memory memory, ba_call_site site) {
    const sab_layout layout = SAB_OF_(layout_)();
    const size_t count = sab_core_count(layout, ba_memory_length(memory));
    if (SAB_OF_(memory_span_)(count).bytes < ba_memory_length(memory).bytes) {
        /* Shrinking never fails. */
        const ba_length_result length =
            SAB_OF_(memory_shrink_)(memory, ba_bytes(sab_core_bytes(layout, count)), site);
        (void)length;
    }
    return count;
}

/* Makes memory that holds a list's elements the list's. */
static inline void SAB_OF_(list_adopt_)(SAB_LIST_ *self, ba_memory memory, ba_call_site site) {
    self->ptr = (SAB_T_ *)ba_memory_pointer(memory);
    self->cap = SAB_OF_(memory_places_)(memory, site);
    SAB_OF_(list_end_)(self);
}

/* Moves a list to new memory. The old memory stays live: the caller gives it back. On failure the
 * list is as it was. */
static inline BA_MUST_USE ba_error SAB_OF_(list_move_)(SAB_LIST_ *self, sab_growth growth,
                                                       ba_call_site site) {
    const ba_memory memory = SAB_OF_(memory_new_)(growth, site);
    if (ba_memory_is_none(memory)) {
        return ba_memory_error(memory);
    }
    sab_core_copy(ba_memory_pointer(memory), self->ptr, self->len * sizeof *self->ptr);
    SAB_OF_(list_adopt_)(self, memory, site);
    return ba_error_of(BA_OK);
}

/* Gives back what a list had before it moved. A refusal is reported: nothing refers to that memory
 * any more. */
static inline void SAB_OF_(list_leave_)(const SAB_LIST_ *old, ba_call_site site) {
    if (old->cap != 0) {
        SAB_DEMAND_(SAB_OF_(memory_free_)(old->ptr, old->cap, site), "free", );
    }
}

/* Gives a list more room. On failure it is as it was. */
static inline BA_MUST_USE ba_error SAB_OF_(list_enlarge_)(SAB_LIST_ *self, sab_growth growth,
                                                          ba_call_site site) {
    if (growth.minimum.bytes == 0) {
        return ba_error_of(BA_LIMIT);
    }
    const SAB_LIST_ old = *self;
    if (old.cap != 0) {
        const ba_memory memory =
            SAB_OF_(memory_stretch_)(SAB_OF_(memory_)(old.ptr, old.cap), growth, site);
        if (!ba_memory_is_none(memory)) {
            SAB_OF_(list_adopt_)(self, memory, site);
            return ba_error_of(BA_OK);
        }
        if (!ba_error_is_refusal(ba_memory_error(memory))) {
            return ba_memory_error(memory);
        }
    }
    const ba_error error = SAB_OF_(list_move_)(self, growth, site);
    if (!ba_failed(error)) {
        SAB_OF_(list_leave_)(&old, site);
    }
    return error;
}

/* Gives a list more room where it is. */
static inline BA_MUST_USE ba_error SAB_OF_(list_enlarge_in_place_)(SAB_LIST_ *self,
                                                                   sab_growth growth,
                                                                   ba_call_site site) {
    if (growth.minimum.bytes == 0) {
        return ba_error_of(BA_LIMIT);
    }
    if (self->cap == 0) {
        return ba_error_of(BA_UNSUPPORTED);
    }
    const ba_length_result length =
        SAB_OF_(memory_grow_)(SAB_OF_(memory_)(self->ptr, self->cap), growth, site);
    if (ba_length_result_is_none(length)) {
        return ba_length_result_error(length);
    }
    SAB_OF_(list_adopt_)(self, ba_memory_of(self->ptr, ba_length_result_length(length)), site);
    return ba_error_of(BA_OK);
}

/* Cuts a list's memory off after `count` places, at least one. Fails only if the allocator cannot
 * be called now, or not with that memory. */
static inline ba_error SAB_OF_(list_cut_)(SAB_LIST_ *self, size_t count, ba_call_site site) {
    const sab_layout layout = SAB_OF_(layout_)();
    const ba_length_result length = SAB_OF_(memory_shrink_)(
        SAB_OF_(memory_)(self->ptr, self->cap), ba_bytes(sab_core_bytes(layout, count)), site);
    if (ba_length_result_is_none(length)) {
        return ba_length_result_error(length);
    }
    self->cap = sab_core_count(layout, ba_length_result_length(length));
    return ba_error_of(BA_OK);
}

BA_ALWAYS_INLINE SAB_LIST_ SAB_OF_(list_none_)(void) {
    SAB_LIST_ list;
    list.ptr = NULL;
    list.len = 0;
    list.cap = 0;
    return list;
}

BA_ALWAYS_INLINE SAB_SLICE_ SAB_OF_(slice_none_)(void) {
    SAB_SLICE_ slice;
    slice.ptr = NULL;
    slice.len = 0;
    return slice;
}

BA_ALWAYS_INLINE SAB_VIEW_ SAB_OF_(view_none_)(void) {
    SAB_VIEW_ view;
    view.ptr = NULL;
    view.len = 0;
    return view;
}

/* --- elements --- */

/* An element of zeros, for who asked for one that is not there and goes on. Static: an array on
 * the stack would have the compiler guard the stack. */
BA_ALWAYS_INLINE SAB_T_ SAB_OF_(element_none_)(void) {
    static const union {
        unsigned char bytes[sizeof(SAB_T_)];
        SAB_T_ element;
    } none = {{0}};
    return none.element;
}

BA_ALWAYS_INLINE void SAB_OF_(elements_exchange_)(SAB_T_ *first, SAB_T_ *second) {
    const SAB_T_ kept = *first;
    *first = *second;
    *second = kept;
}

/* Ends elements that go away. */
#ifdef SAB_DROP
/* NOLINTNEXTLINE(misc-no-recursion): an element may hold a list of its own type. */
BA_ALWAYS_INLINE void SAB_OF_(elements_drop_)(SAB_T_ *elements, size_t count) {
    for (size_t i = 0; i < count; i++) {
        SAB_DROP(&elements[i]);
    }
}
#else
BA_ALWAYS_INLINE void SAB_OF_(elements_drop_)(const SAB_T_ *elements, size_t count) {
    (void)elements;
    (void)count;
}
#endif

#ifdef SAB_CLONE
/* Clones elements to where there are none yet. False if there was no memory; then none is left. */
static inline BA_MUST_USE bool SAB_OF_(elements_clone_)(SAB_T_ *to, const SAB_T_ *from,
                                                        size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (!SAB_CLONE(&to[i], &from[i])) {
            SAB_OF_(elements_drop_)(to, i);
            return false;
        }
    }
    return true;
}

/* The same with one value again and again. */
static inline BA_MUST_USE bool SAB_OF_(elements_fill_)(SAB_T_ *to, const SAB_T_ *value,
                                                       size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (!SAB_CLONE(&to[i], value)) {
            SAB_OF_(elements_drop_)(to, i);
            return false;
        }
    }
    return true;
}
#else
/* Copies a value again and again to where there are no elements yet. */
static inline void SAB_OF_(elements_fill_)(SAB_T_ *to, const SAB_T_ *value, size_t count) {
    for (size_t i = 0; i < count; i++) {
        to[i] = *value;
    }
}
#endif

#ifdef SAB_CAN_EQUAL_
BA_ALWAYS_INLINE bool SAB_OF_(elements_equal_)(const SAB_T_ *first, const SAB_T_ *second) {
#ifdef SAB_EQUAL
    return SAB_EQUAL(first, second);
#else
    return *first == *second;
#endif
}
#endif

#ifdef SAB_CAN_COMPARE_
BA_ALWAYS_INLINE int SAB_OF_(elements_compare_)(const SAB_T_ *first, const SAB_T_ *second) {
#ifdef SAB_COMPARE
    return SAB_COMPARE(first, second);
#else
    return (*second < *first) - (*first < *second);
#endif
}
#endif
