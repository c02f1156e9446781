/* The bodies of a list's functions: its room, its life. Part of static_buffer/define.h;
 * not for users. */

/* --- room --- */

/* Room for `count` more, so that n appends cost O(n). */
static inline BA_MUST_USE ba_error SAB_OF_(list_make_room_)(SAB_LIST_ *self, size_t count,
                                                            ba_call_site site) {
    if (count <= self->cap - self->len) {
        return ba_error_of(BA_OK);
    }
    if (count > SIZE_MAX - self->len) {
        return ba_error_of(BA_LIMIT);
    }
    return SAB_OF_(list_enlarge_)(
        self, sab_core_growth(SAB_OF_(layout_)(), self->cap, self->len + count), site);
}

SAB_BODY_ ba_error SAB_OF_(list_try_ensure_unused_at)(SAB_LIST_ *self, size_t count,
                                                      ba_call_site site) {
    return SAB_OF_(list_make_room_)(self, count, site);
}

SAB_BODY_ void SAB_OF_(list_ensure_unused_at)(SAB_LIST_ *self, size_t count, ba_call_site site) {
    SAB_DEMAND_(SAB_OF_(list_make_room_)(self, count, site), "ensure_unused", );
}

SAB_BODY_ bool SAB_OF_(list_ensure_unused_in_place_at)(SAB_LIST_ *self, size_t count,
                                                       ba_call_site site) {
    if (count <= self->cap - self->len) {
        return true;
    }
    return count <= SIZE_MAX - self->len &&
           !ba_failed(SAB_OF_(list_enlarge_in_place_)(
               self, sab_core_growth(SAB_OF_(layout_)(), self->cap, self->len + count), site));
}

SAB_BODY_ ba_error SAB_OF_(list_try_ensure_capacity_at)(SAB_LIST_ *self, size_t capacity,
                                                        ba_call_site site) {
    return capacity <= self->cap
               ? ba_error_of(BA_OK)
               : SAB_OF_(list_enlarge_)(self, sab_core_exact_growth(SAB_OF_(layout_)(), capacity),
                                        site);
}

SAB_BODY_ void SAB_OF_(list_ensure_capacity_at)(SAB_LIST_ *self, size_t capacity,
                                                ba_call_site site) {
    SAB_DEMAND_(SAB_OF_(list_try_ensure_capacity_at)(self, capacity, site), "ensure_capacity", );
}

SAB_BODY_ bool SAB_OF_(list_ensure_capacity_in_place_at)(SAB_LIST_ *self, size_t capacity,
                                                         ba_call_site site) {
    return capacity <= self->cap ||
           !ba_failed(SAB_OF_(list_enlarge_in_place_)(
               self, sab_core_exact_growth(SAB_OF_(layout_)(), capacity), site));
}

/* Drops the elements of a list and gives its memory back. Where the allocator does not take it, the
 * list is as it was. */
/* NOLINTNEXTLINE(misc-no-recursion): an element may hold a list of its own type. */
static inline BA_MUST_USE ba_error SAB_OF_(list_give_back_)(SAB_LIST_ *self, ba_call_site site) {
    if (self->cap == 0) {
        return ba_error_of(BA_OK);
    }
#ifdef SAB_DROP
    /* What is dropped cannot be had back: so the allocator is asked before that. */
    const ba_error refusal = SAB_OF_(list_cut_)(self, self->cap, site);
    if (ba_failed(refusal)) {
        return refusal;
    }
#endif
    const SAB_LIST_ old = SAB_OF_(list_into_raw)(self);
    SAB_OF_(elements_drop_)(old.ptr, old.len);
    const ba_error error = SAB_OF_(memory_free_)(old.ptr, old.cap, site);
    if (ba_failed(error)) {
        *self = old;
    }
    return error;
}

SAB_BODY_ void SAB_OF_(list_shrink_to_fit_at)(SAB_LIST_ *self, ba_call_site site) {
    /* Where the allocator refuses, the list is right as it is. */
    const ba_error error = self->len == 0 ? SAB_OF_(list_give_back_)(self, site)
                                          : SAB_OF_(list_cut_)(self, self->len, site);
    (void)error;
}

/* --- life --- */

SAB_BODY_ ba_error SAB_OF_(list_try_with_capacity_at)(SAB_LIST_ *self, size_t capacity,
                                                      ba_call_site site) {
    SAB_LIST_ list = SAB_OF_(list_none_)();
    const ba_error error = SAB_OF_(list_try_ensure_capacity_at)(&list, capacity, site);
    if (!ba_failed(error)) {
        *self = list;
    }
    return error;
}

SAB_BODY_ SAB_LIST_ SAB_OF_(list_with_capacity_at)(size_t capacity, ba_call_site site) {
    SAB_LIST_ list = SAB_OF_(list_none_)();
    SAB_DEMAND_(SAB_OF_(list_try_ensure_capacity_at)(&list, capacity, site), "with_capacity", list);
    return list;
}

SAB_BODY_ SAB_LIST_ SAB_OF_(list_from_raw_at)(SAB_T_ *ptr, size_t len, size_t cap,
                                              ba_call_site site) {
    SAB_EXPECT_(len <= cap && (ptr != NULL) == (cap != 0), "from_raw", BA_OUT_OF_BOUNDS,
                SAB_OF_(list_none_)());
    SAB_LIST_ list;
    list.ptr = ptr;
    list.len = len;
    list.cap = cap;
    return list;
}

SAB_PLAIN_BODY_ SAB_LIST_ SAB_OF_(list_into_raw)(SAB_LIST_ *self) {
    const SAB_LIST_ parts = *self;
    *self = SAB_OF_(list_none_)();
    return parts;
}

/* NOLINTNEXTLINE(misc-no-recursion): an element may hold a list of its own type. */
SAB_BODY_ void SAB_OF_(list_release_at)(SAB_LIST_ *self, ba_call_site site) {
    SAB_DEMAND_(SAB_OF_(list_give_back_)(self, site), "release", );
}

/* --- gaps --- */

/* Opens a gap of `count` places, for which there is room, before the element at `index`. */
BA_ALWAYS_INLINE SAB_T_ *SAB_OF_(list_open_)(SAB_LIST_ *self, size_t index, size_t count) {
    if (count != 0) {
        SAB_T_ *const gap = self->ptr + index;
        sab_core_move(gap + count, gap, (self->len - index) * sizeof *gap);
        self->len += count;
        SAB_OF_(list_end_)(self);
        return gap;
    }
    return self->cap != 0 ? self->ptr + index : NULL;
}

/* Closes a gap, from which the elements have gone. */
BA_ALWAYS_INLINE void SAB_OF_(list_close_)(SAB_LIST_ *self, size_t index, size_t count) {
    if (count != 0) {
        SAB_T_ *const gap = self->ptr + index;
        sab_core_move(gap, gap + count, (self->len - index - count) * sizeof *gap);
        self->len -= count;
        SAB_OF_(list_end_)(self);
    }
}

/* True if items do not lie in the list's memory, the sentinel's place included. More than any
 * memory holds lie nowhere: what to do with them is for the check of the room. */
BA_ALWAYS_INLINE bool SAB_OF_(list_is_apart_)(const SAB_LIST_ *self, const SAB_T_ *items,
                                              size_t count) {
    const size_t bytes = self->cap != 0 ? sab_core_bytes(SAB_OF_(layout_)(), self->cap) : 0;
    return count > (size_t)PTRDIFF_MAX / sizeof *items ||
           !sab_core_overlap(self->ptr, bytes, items, count * sizeof *items);
}

BA_ALWAYS_INLINE void SAB_OF_(list_put_)(SAB_LIST_ *self, size_t index, const SAB_T_ *items,
                                         size_t count) {
    sab_core_copy(SAB_OF_(list_open_)(self, index, count), items, count * sizeof *items);
}

#define SAB_EXPECT_INDEX_(function, result)                                                        \
    SAB_EXPECT_(index <= self->len, function, BA_OUT_OF_BOUNDS, result)
#define SAB_EXPECT_APART_(function, result)                                                        \
    SAB_EXPECT_(SAB_OF_(list_is_apart_)(self, items, count), function, BA_OVERLAP, result)
#define SAB_EXPECT_ROOM_(function, more, result)                                                   \
    SAB_EXPECT_((more) <= self->cap - self->len, function, BA_OUT_OF_BOUNDS, result)
#define SAB_EXPECT_RANGE_(function, count, result)                                                 \
    SAB_EXPECT_(first <= self->len && (count) <= self->len - first, function, BA_OUT_OF_BOUNDS,    \
                result)
