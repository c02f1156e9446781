/* The bodies of a list's functions. Part of static_buffer/define.h; not for users. */

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

/* --- append and insert --- */

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

/* The slow part of append, out of the way of the fast one. */
SAB_SLOW_BODY_ void SAB_OF_(list_append_slow_at_)(SAB_LIST_ *self, SAB_T_ item, ba_call_site site) {
    SAB_DEMAND_(SAB_OF_(list_make_room_)(self, 1, site), "append", );
    *SAB_OF_(list_open_)(self, self->len, 1) = item;
}

#if BA_BUILD_MODE != BA_DEBUG
SAB_SLOW_BODY_ void SAB_OF_(list_append_slow_)(SAB_LIST_ *self, SAB_T_ item) {
    SAB_OF_(list_append_slow_at_)(self, item, SAB_SITE_());
}
#endif

SAB_BODY_ ba_error SAB_OF_(list_try_insert_at)(SAB_LIST_ *self, size_t index, SAB_T_ item,
                                               ba_call_site site) {
    SAB_EXPECT_INDEX_("insert", misuse);
    const ba_error error = SAB_OF_(list_make_room_)(self, 1, site);
    if (!ba_failed(error)) {
        *SAB_OF_(list_open_)(self, index, 1) = item;
    }
    return error;
}

SAB_BODY_ void SAB_OF_(list_insert_at)(SAB_LIST_ *self, size_t index, SAB_T_ item,
                                       ba_call_site site) {
    SAB_DEMAND_(SAB_OF_(list_try_insert_at)(self, index, item, site), "insert", );
}

SAB_BODY_ void SAB_OF_(list_insert_assume_capacity_at)(SAB_LIST_ *self, size_t index, SAB_T_ item,
                                                       ba_call_site site) {
    SAB_EXPECT_INDEX_("insert_assume_capacity", );
    SAB_EXPECT_ROOM_("insert_assume_capacity", 1, );
    *SAB_OF_(list_open_)(self, index, 1) = item;
}

SAB_BODY_ ba_error SAB_OF_(list_try_append_at)(SAB_LIST_ *self, SAB_T_ item, ba_call_site site) {
    const ba_error error = SAB_OF_(list_make_room_)(self, 1, site);
    if (!ba_failed(error)) {
        *SAB_OF_(list_open_)(self, self->len, 1) = item;
    }
    return error;
}

SAB_BODY_ ba_error SAB_OF_(list_try_insert_items_at)(SAB_LIST_ *self, size_t index,
                                                     const SAB_T_ *items, size_t count,
                                                     ba_call_site site) {
    SAB_EXPECT_INDEX_("insert_items", misuse);
    SAB_EXPECT_APART_("insert_items", misuse);
    const ba_error error = SAB_OF_(list_make_room_)(self, count, site);
    if (!ba_failed(error)) {
        SAB_OF_(list_put_)(self, index, items, count);
    }
    return error;
}

SAB_BODY_ void SAB_OF_(list_insert_items_at)(SAB_LIST_ *self, size_t index, const SAB_T_ *items,
                                             size_t count, ba_call_site site) {
    SAB_DEMAND_(SAB_OF_(list_try_insert_items_at)(self, index, items, count, site),
                "insert_items", );
}

SAB_BODY_ void SAB_OF_(list_insert_items_assume_capacity_at)(SAB_LIST_ *self, size_t index,
                                                             const SAB_T_ *items, size_t count,
                                                             ba_call_site site) {
    SAB_EXPECT_INDEX_("insert_items_assume_capacity", );
    SAB_EXPECT_APART_("insert_items_assume_capacity", );
    SAB_EXPECT_ROOM_("insert_items_assume_capacity", count, );
    SAB_OF_(list_put_)(self, index, items, count);
}

SAB_BODY_ ba_error SAB_OF_(list_try_append_items_at)(SAB_LIST_ *self, const SAB_T_ *items,
                                                     size_t count, ba_call_site site) {
    SAB_EXPECT_APART_("append_items", misuse);
    const ba_error error = SAB_OF_(list_make_room_)(self, count, site);
    if (!ba_failed(error)) {
        SAB_OF_(list_put_)(self, self->len, items, count);
    }
    return error;
}

SAB_BODY_ void SAB_OF_(list_append_items_at)(SAB_LIST_ *self, const SAB_T_ *items, size_t count,
                                             ba_call_site site) {
    SAB_DEMAND_(SAB_OF_(list_try_append_items_at)(self, items, count, site), "append_items", );
}

SAB_BODY_ void SAB_OF_(list_append_items_assume_capacity_at)(SAB_LIST_ *self, const SAB_T_ *items,
                                                             size_t count, ba_call_site site) {
    SAB_EXPECT_APART_("append_items_assume_capacity", );
    SAB_EXPECT_ROOM_("append_items_assume_capacity", count, );
    SAB_OF_(list_put_)(self, self->len, items, count);
}

SAB_BODY_ ba_error SAB_OF_(list_try_insert_slots_at)(SAB_LIST_ *self, size_t index, size_t count,
                                                     SAB_T_ **places, ba_call_site site) {
    SAB_EXPECT_INDEX_("insert_slots", misuse);
    const ba_error error = SAB_OF_(list_make_room_)(self, count, site);
    if (!ba_failed(error)) {
        *places = SAB_OF_(list_open_)(self, index, count);
    }
    return error;
}

SAB_BODY_ SAB_T_ *SAB_OF_(list_insert_slots_at)(SAB_LIST_ *self, size_t index, size_t count,
                                                ba_call_site site) {
    SAB_T_ *places = NULL;
    SAB_DEMAND_(SAB_OF_(list_try_insert_slots_at)(self, index, count, &places, site),
                "insert_slots", places);
    return places;
}

SAB_BODY_ SAB_T_ *SAB_OF_(list_insert_slots_assume_capacity_at)(SAB_LIST_ *self, size_t index,
                                                                size_t count, ba_call_site site) {
    SAB_EXPECT_INDEX_("insert_slots_assume_capacity", NULL);
    SAB_EXPECT_ROOM_("insert_slots_assume_capacity", count, NULL);
    return SAB_OF_(list_open_)(self, index, count);
}

SAB_BODY_ ba_error SAB_OF_(list_try_append_slots_at)(SAB_LIST_ *self, size_t count, SAB_T_ **places,
                                                     ba_call_site site) {
    const ba_error error = SAB_OF_(list_make_room_)(self, count, site);
    if (!ba_failed(error)) {
        *places = SAB_OF_(list_open_)(self, self->len, count);
    }
    return error;
}

SAB_BODY_ SAB_T_ *SAB_OF_(list_append_slots_at)(SAB_LIST_ *self, size_t count, ba_call_site site) {
    SAB_T_ *places = NULL;
    SAB_DEMAND_(SAB_OF_(list_try_append_slots_at)(self, count, &places, site), "append_slots",
                places);
    return places;
}

SAB_BODY_ SAB_T_ *SAB_OF_(list_append_slots_assume_capacity_at)(SAB_LIST_ *self, size_t count,
                                                                ba_call_site site) {
    SAB_EXPECT_ROOM_("append_slots_assume_capacity", count, NULL);
    return SAB_OF_(list_open_)(self, self->len, count);
}

#ifdef SAB_CAN_COPY_
#ifdef SAB_CLONE
/* Where clones are made: past the list and its sentinel. Hooks that clone may fail, and may look at
 * the list, so clones join it only together. */
BA_ALWAYS_INLINE SAB_T_ *SAB_OF_(list_past_end_)(const SAB_LIST_ *self) {
    return self->ptr + self->len + SAB_OF_(layout_)().extra;
}

/* Moves `count` elements from there into the list, before the element at `index`. The sentinel
 * moves with the elements after them. */
static inline void SAB_OF_(list_admit_)(SAB_LIST_ *self, size_t index, size_t count) {
    SAB_T_ *const gap = self->ptr + index;
    sab_core_rotate(gap, (size_t)(SAB_OF_(list_past_end_)(self) - gap) * sizeof *gap,
                    count * sizeof *gap);
    self->len += count;
}
#endif

/* Inserts clones of a value, for which there is room. */
static inline BA_MUST_USE ba_error SAB_OF_(list_fill_)(SAB_LIST_ *self, size_t index,
                                                       const SAB_T_ *value, size_t count) {
    if (count == 0) {
        return ba_error_of(BA_OK);
    }
#ifdef SAB_CLONE
    if (!SAB_OF_(elements_fill_)(SAB_OF_(list_past_end_)(self), value, count)) {
        return ba_error_of(BA_OUT_OF_MEMORY);
    }
    SAB_OF_(list_admit_)(self, index, count);
#else
    SAB_OF_(elements_fill_)(SAB_OF_(list_open_)(self, index, count), value, count);
#endif
    return ba_error_of(BA_OK);
}

/* Appends clones of elements, for which there is room. */
static inline BA_MUST_USE ba_error SAB_OF_(list_append_clones_)(SAB_LIST_ *self, const SAB_T_ *from,
                                                                size_t count) {
    if (count == 0) {
        return ba_error_of(BA_OK);
    }
#ifdef SAB_CLONE
    if (!SAB_OF_(elements_clone_)(SAB_OF_(list_past_end_)(self), from, count)) {
        return ba_error_of(BA_OUT_OF_MEMORY);
    }
    SAB_OF_(list_admit_)(self, self->len, count);
#else
    SAB_OF_(list_put_)(self, self->len, from, count);
#endif
    return ba_error_of(BA_OK);
}

SAB_BODY_ ba_error SAB_OF_(list_try_clone_at)(const SAB_LIST_ *self, SAB_LIST_ *copy,
                                              ba_call_site site) {
    SAB_LIST_ list = SAB_OF_(list_none_)();
    ba_error error = SAB_OF_(list_try_ensure_capacity_at)(&list, self->len, site);
    if (!ba_failed(error)) {
        error = SAB_OF_(list_append_clones_)(&list, self->ptr, self->len);
    }
    if (ba_failed(error)) {
        SAB_OF_(list_release_at)(&list, site);
    } else {
        *copy = list;
    }
    return error;
}

SAB_BODY_ SAB_LIST_ SAB_OF_(list_clone_at)(const SAB_LIST_ *self, ba_call_site site) {
    SAB_LIST_ list = SAB_OF_(list_none_)();
    SAB_DEMAND_(SAB_OF_(list_try_clone_at)(self, &list, site), "clone", list);
    return list;
}

SAB_BODY_ ba_error SAB_OF_(list_try_insert_n_at)(SAB_LIST_ *self, size_t index, SAB_T_ value,
                                                 size_t count, ba_call_site site) {
    SAB_EXPECT_INDEX_("insert_n", misuse);
    const ba_error error = SAB_OF_(list_make_room_)(self, count, site);
    return ba_failed(error) ? error : SAB_OF_(list_fill_)(self, index, &value, count);
}

SAB_BODY_ void SAB_OF_(list_insert_n_at)(SAB_LIST_ *self, size_t index, SAB_T_ value, size_t count,
                                         ba_call_site site) {
    SAB_DEMAND_(SAB_OF_(list_try_insert_n_at)(self, index, value, count, site), "insert_n", );
}

SAB_BODY_ void SAB_OF_(list_insert_n_assume_capacity_at)(SAB_LIST_ *self, size_t index,
                                                         SAB_T_ value, size_t count,
                                                         ba_call_site site) {
    SAB_EXPECT_INDEX_("insert_n_assume_capacity", );
    SAB_EXPECT_ROOM_("insert_n_assume_capacity", count, );
    SAB_DEMAND_(SAB_OF_(list_fill_)(self, index, &value, count), "insert_n_assume_capacity", );
}

SAB_BODY_ ba_error SAB_OF_(list_try_append_n_at)(SAB_LIST_ *self, SAB_T_ value, size_t count,
                                                 ba_call_site site) {
    const ba_error error = SAB_OF_(list_make_room_)(self, count, site);
    return ba_failed(error) ? error : SAB_OF_(list_fill_)(self, self->len, &value, count);
}

SAB_BODY_ void SAB_OF_(list_append_n_at)(SAB_LIST_ *self, SAB_T_ value, size_t count,
                                         ba_call_site site) {
    SAB_DEMAND_(SAB_OF_(list_try_append_n_at)(self, value, count, site), "append_n", );
}

SAB_BODY_ void SAB_OF_(list_append_n_assume_capacity_at)(SAB_LIST_ *self, SAB_T_ value,
                                                         size_t count, ba_call_site site) {
    SAB_EXPECT_ROOM_("append_n_assume_capacity", count, );
    SAB_DEMAND_(SAB_OF_(list_fill_)(self, self->len, &value, count), "append_n_assume_capacity", );
}

SAB_BODY_ ba_error SAB_OF_(list_try_append_from_within_at)(SAB_LIST_ *self, size_t first,
                                                           size_t count, ba_call_site site) {
    SAB_EXPECT_RANGE_("append_from_within", count, misuse);
    const ba_error error = SAB_OF_(list_make_room_)(self, count, site);
    return ba_failed(error) || count == 0
               ? error
               : SAB_OF_(list_append_clones_)(self, self->ptr + first, count);
}

SAB_BODY_ void SAB_OF_(list_append_from_within_at)(SAB_LIST_ *self, size_t first, size_t count,
                                                   ba_call_site site) {
    SAB_DEMAND_(SAB_OF_(list_try_append_from_within_at)(self, first, count, site),
                "append_from_within", );
}

SAB_BODY_ void SAB_OF_(list_append_from_within_assume_capacity_at)(SAB_LIST_ *self, size_t first,
                                                                   size_t count,
                                                                   ba_call_site site) {
    SAB_EXPECT_RANGE_("append_from_within_assume_capacity", count, );
    SAB_EXPECT_ROOM_("append_from_within_assume_capacity", count, );
    if (count != 0) {
        SAB_DEMAND_(SAB_OF_(list_append_clones_)(self, self->ptr + first, count),
                    "append_from_within_assume_capacity", );
    }
}

SAB_BODY_ ba_error SAB_OF_(list_try_grow_len_at)(SAB_LIST_ *self, size_t len, SAB_T_ value,
                                                 ba_call_site site) {
    SAB_EXPECT_(len >= self->len, "grow_len", BA_OUT_OF_BOUNDS, misuse);
    return SAB_OF_(list_try_append_n_at)(self, value, len - self->len, site);
}

SAB_BODY_ void SAB_OF_(list_grow_len_at)(SAB_LIST_ *self, size_t len, SAB_T_ value,
                                         ba_call_site site) {
    SAB_DEMAND_(SAB_OF_(list_try_grow_len_at)(self, len, value, site), "grow_len", );
}
#endif

/* --- what goes out --- */

/* Moves elements after the others, which keep their order. */
static inline void SAB_OF_(list_put_last_)(const SAB_LIST_ *self, size_t first, size_t count) {
    if (count != 0) {
        sab_core_rotate(self->ptr + first, count * sizeof *self->ptr,
                        (self->len - first - count) * sizeof *self->ptr);
    }
}

/* Takes the last elements, one or more, out of the list, and returns where they are until the list
 * changes: where they were, or one place further if the sentinel needs their first place. */
static inline SAB_T_ *SAB_OF_(list_shorten_)(SAB_LIST_ *self, size_t count) {
    self->len -= count;
    SAB_T_ *const end = self->ptr + self->len;
    SAB_T_ *const gone = end + SAB_OF_(layout_)().extra;
    if (gone != end) {
        sab_core_move(gone, end, count * sizeof *end);
    }
    SAB_OF_(list_end_)(self);
    return gone;
}

/* Drops the last elements. When their hooks run, the list has them no more. */
static inline void SAB_OF_(list_drop_last_)(SAB_LIST_ *self, size_t count) {
    if (count != 0) {
#ifdef SAB_DROP
        SAB_OF_(elements_drop_)(SAB_OF_(list_shorten_)(self, count), count);
#else
        self->len -= count;
        SAB_OF_(list_end_)(self);
#endif
    }
}

/* Puts items in the place of others, with room for them. */
static inline void SAB_OF_(list_exchange_)(SAB_LIST_ *self, size_t first, size_t removed,
                                           const SAB_T_ *items, size_t count) {
#ifdef SAB_DROP
    SAB_OF_(list_put_last_)(self, first, removed);
    SAB_OF_(list_drop_last_)(self, removed);
    SAB_OF_(list_put_)(self, first, items, count);
#else
    if (count > removed) {
        (void)SAB_OF_(list_open_)(self, first + removed, count - removed);
    } else {
        SAB_OF_(list_close_)(self, first + count, removed - count);
    }
    if (count != 0) {
        sab_core_copy(self->ptr + first, items, count * sizeof *items);
    }
#endif
}

SAB_BODY_ ba_error SAB_OF_(list_try_replace_at)(SAB_LIST_ *self, size_t first, size_t removed,
                                                const SAB_T_ *items, size_t count,
                                                ba_call_site site) {
    SAB_EXPECT_RANGE_("replace", removed, misuse);
    SAB_EXPECT_APART_("replace", misuse);
    const ba_error error =
        SAB_OF_(list_make_room_)(self, count > removed ? count - removed : 0, site);
    if (!ba_failed(error)) {
        SAB_OF_(list_exchange_)(self, first, removed, items, count);
    }
    return error;
}

SAB_BODY_ void SAB_OF_(list_replace_at)(SAB_LIST_ *self, size_t first, size_t removed,
                                        const SAB_T_ *items, size_t count, ba_call_site site) {
    SAB_DEMAND_(SAB_OF_(list_try_replace_at)(self, first, removed, items, count, site),
                "replace", );
}

SAB_BODY_ void SAB_OF_(list_replace_assume_capacity_at)(SAB_LIST_ *self, size_t first,
                                                        size_t removed, const SAB_T_ *items,
                                                        size_t count, ba_call_site site) {
    SAB_EXPECT_RANGE_("replace_assume_capacity", removed, );
    SAB_EXPECT_APART_("replace_assume_capacity", );
    SAB_EXPECT_ROOM_("replace_assume_capacity", count > removed ? count - removed : 0, );
    SAB_OF_(list_exchange_)(self, first, removed, items, count);
}

/* --- remove, delete, move out --- */

/* Fills a gap, of one place or more, with the last elements. */
static inline void SAB_OF_(list_close_by_last_)(SAB_LIST_ *self, size_t index, size_t count) {
    const size_t after = self->len - index - count;
    const size_t moved = after < count ? after : count;
    sab_core_move(self->ptr + index, self->ptr + (self->len - moved), moved * sizeof *self->ptr);
    self->len -= count;
    SAB_OF_(list_end_)(self);
}

#ifdef SAB_DROP
/* Moves elements after the others, with as few moves as possible. */
static inline void SAB_OF_(list_swap_last_)(const SAB_LIST_ *self, size_t first, size_t count) {
    const size_t after = self->len - first - count;
    const size_t moved = after < count ? after : count;
    sab_core_exchange(self->ptr + first, self->ptr + (self->len - moved),
                      moved * sizeof *self->ptr);
}
#endif

#define SAB_CLOSE_ SAB_OF_(list_close_)
#define SAB_PUT_LAST_ SAB_OF_(list_put_last_)
#define SAB_OUT_(function) list_##function
#define SAB_TRY_OUT_(function) list_try_##function
#define SAB_OUT_TEXT_(function) function
#include "static_buffer/internal/take_out.h"
#undef SAB_CLOSE_
#undef SAB_PUT_LAST_
#undef SAB_OUT_
#undef SAB_TRY_OUT_
#undef SAB_OUT_TEXT_
#define SAB_CLOSE_ SAB_OF_(list_close_by_last_)
#define SAB_PUT_LAST_ SAB_OF_(list_swap_last_)
#define SAB_OUT_(function) list_swap_##function
#define SAB_TRY_OUT_(function) list_try_swap_##function
#define SAB_OUT_TEXT_(function) "swap_" function
#include "static_buffer/internal/take_out.h"
#undef SAB_CLOSE_
#undef SAB_PUT_LAST_
#undef SAB_OUT_
#undef SAB_TRY_OUT_
#undef SAB_OUT_TEXT_

SAB_BODY_ SAB_T_ SAB_OF_(list_pop_at)(SAB_LIST_ *self, ba_call_site site) {
    SAB_EXPECT_(self->len != 0, "pop", BA_OUT_OF_BOUNDS, SAB_OF_(element_none_)());
    const SAB_T_ item = self->ptr[--self->len];
    SAB_OF_(list_end_)(self);
    return item;
}

SAB_PLAIN_BODY_ bool SAB_OF_(list_try_pop)(SAB_LIST_ *self, SAB_T_ *item) {
    if (self->len == 0) {
        return false;
    }
    *item = *SAB_OF_(list_shorten_)(self, 1);
    return true;
}

SAB_BODY_ void SAB_OF_(list_drain_at)(SAB_LIST_ *self, size_t first, size_t count,
                                      void (*take)(void *context, SAB_T_ item), void *context,
                                      ba_call_site site) {
    SAB_EXPECT_RANGE_("drain", count, );
    if (count == 0) {
        return;
    }
    SAB_OF_(list_put_last_)(self, first, count);
    const SAB_T_ *const taken = SAB_OF_(list_shorten_)(self, count);
    for (size_t i = 0; i < count; i++) {
        (take)(context, taken[i]);
    }
}

/* Moves an element that is kept to its place, which is at or before the element's own; the element
 * there may move to any later place. */
BA_ALWAYS_INLINE void SAB_OF_(list_keep_)(const SAB_LIST_ *self, size_t place, size_t index) {
    if (place != index) {
#ifdef SAB_DROP
        SAB_OF_(elements_exchange_)(&self->ptr[place], &self->ptr[index]);
#else
        self->ptr[place] = self->ptr[index];
#endif
    }
}

SAB_PLAIN_BODY_ void SAB_OF_(list_retain)(SAB_LIST_ *self,
                                          bool (*keep)(void *context, const SAB_T_ *item),
                                          void *context) {
    size_t kept = 0;
    for (size_t i = 0; i < self->len; i++) {
        if ((keep)(context, &self->ptr[i])) {
            SAB_OF_(list_keep_)(self, kept++, i);
        }
    }
    SAB_OF_(list_drop_last_)(self, self->len - kept);
}

#ifdef SAB_CAN_EQUAL_
SAB_PLAIN_BODY_ void SAB_OF_(list_dedup)(SAB_LIST_ *self) {
    size_t kept = self->len < 1 ? self->len : 1;
    for (size_t i = kept; i < self->len; i++) {
        if (!SAB_OF_(elements_equal_)(&self->ptr[kept - 1], &self->ptr[i])) {
            SAB_OF_(list_keep_)(self, kept++, i);
        }
    }
    SAB_OF_(list_drop_last_)(self, self->len - kept);
}
#endif

SAB_BODY_ ba_error SAB_OF_(list_try_split_off_at)(SAB_LIST_ *self, size_t index, SAB_LIST_ *rest,
                                                  ba_call_site site) {
    SAB_EXPECT_INDEX_("split_off", misuse);
    return SAB_OF_(list_try_remove_range_at)(self, index, self->len - index, rest, site);
}

SAB_BODY_ SAB_LIST_ SAB_OF_(list_split_off_at)(SAB_LIST_ *self, size_t index, ba_call_site site) {
    SAB_LIST_ rest = SAB_OF_(list_none_)();
    SAB_DEMAND_(SAB_OF_(list_try_split_off_at)(self, index, &rest, site), "split_off", rest);
    return rest;
}

/* --- length --- */

SAB_BODY_ void SAB_OF_(list_set_len_at)(SAB_LIST_ *self, size_t len, ba_call_site site) {
    SAB_EXPECT_(len <= self->cap, "set_len", BA_OUT_OF_BOUNDS, );
    if (self->cap != 0) {
        self->len = len;
        SAB_OF_(list_end_)(self);
    }
}

SAB_BODY_ void SAB_OF_(list_shrink_len_at)(SAB_LIST_ *self, size_t len, ba_call_site site) {
    SAB_EXPECT_(len <= self->len, "shrink_len", BA_OUT_OF_BOUNDS, );
    SAB_OF_(list_drop_last_)(self, self->len - len);
}

SAB_PLAIN_BODY_ void SAB_OF_(list_clear)(SAB_LIST_ *self) {
    SAB_OF_(list_drop_last_)(self, self->len);
}

SAB_PLAIN_BODY_ SAB_T_ *SAB_OF_(list_grow_to_capacity)(SAB_LIST_ *self) {
    return SAB_OF_(list_open_)(self, self->len, self->cap - self->len);
}

SAB_PLAIN_BODY_ SAB_SLICE_ SAB_OF_(list_spare_capacity)(SAB_LIST_ *self) {
    SAB_SLICE_ spare = SAB_OF_(slice_none_)();
    if (self->len < self->cap) {
        spare.ptr = self->ptr + self->len;
        spare.len = self->cap - self->len;
    }
    return spare;
}

/* --- to and from slices --- */

/* Turns a list into a slice of exactly its elements, so that the length of the span follows from
 * it. If the allocator cannot cut the rest off, the list is as it was. */
static inline BA_MUST_USE ba_error SAB_OF_(list_turn_)(SAB_LIST_ *self, SAB_SLICE_ *slice,
                                                       ba_call_site site) {
    const ba_error error = self->len == 0 ? SAB_OF_(list_give_back_)(self, site)
                                          : SAB_OF_(list_cut_)(self, self->len, site);
    if (!ba_failed(error)) {
        slice->ptr = self->ptr;
        slice->len = self->len;
        *self = SAB_OF_(list_none_)();
    }
    return error;
}

SAB_BODY_ SAB_SLICE_ SAB_OF_(list_into_slice_at)(SAB_LIST_ *self, ba_call_site site) {
    SAB_SLICE_ slice = SAB_OF_(slice_none_)();
    SAB_DEMAND_(SAB_OF_(list_turn_)(self, &slice, site), "into_slice", slice);
    return slice;
}

SAB_BODY_ ba_error SAB_OF_(list_try_part_into_slice_at)(SAB_LIST_ *self, size_t first, size_t count,
                                                        SAB_SLICE_ *slice, ba_call_site site) {
    SAB_EXPECT_RANGE_("part_into_slice", count, misuse);
    SAB_LIST_ part = SAB_OF_(list_none_)();
    const ba_error error = SAB_OF_(list_try_remove_range_at)(self, first, count, &part, site);
    if (!ba_failed(error)) {
        *slice = SAB_OF_(list_into_slice_at)(&part, site);
    }
    return error;
}

SAB_BODY_ SAB_SLICE_ SAB_OF_(list_part_into_slice_at)(SAB_LIST_ *self, size_t first, size_t count,
                                                      ba_call_site site) {
    SAB_SLICE_ slice = SAB_OF_(slice_none_)();
    SAB_DEMAND_(SAB_OF_(list_try_part_into_slice_at)(self, first, count, &slice, site),
                "part_into_slice", slice);
    return slice;
}

SAB_BODY_ ba_error SAB_OF_(list_try_append_slice_at)(SAB_LIST_ *self, SAB_SLICE_ *slice,
                                                     ba_call_site site) {
    const size_t before = self->len;
    ba_error error = SAB_OF_(list_try_append_items_at)(self, slice->ptr, slice->len, site);
    if (ba_failed(error) || slice->len == 0) {
        return error;
    }
    /* The elements have moved; what is left is memory. */
    error = SAB_OF_(memory_free_)(slice->ptr, slice->len, site);
    if (ba_failed(error)) {
        self->len = before;
        SAB_OF_(list_end_)(self);
    } else {
        *slice = SAB_OF_(slice_none_)();
    }
    return error;
}

SAB_BODY_ void SAB_OF_(list_append_slice_at)(SAB_LIST_ *self, SAB_SLICE_ *slice,
                                             ba_call_site site) {
    SAB_DEMAND_(SAB_OF_(list_try_append_slice_at)(self, slice, site), "append_slice", );
}

#undef SAB_EXPECT_INDEX_
#undef SAB_EXPECT_APART_
#undef SAB_EXPECT_ROOM_
#undef SAB_EXPECT_RANGE_
