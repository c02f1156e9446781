/* The bodies of a list's functions: what comes in. Part of static_buffer/define.h; not for users.
 */

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
/* Hooks that clone may fail, and may look at the list: so clones are made behind it, behind the
 * sentinel too, and join it together. */
BA_ALWAYS_INLINE SAB_T_ *SAB_OF_(list_past_end_)(const SAB_LIST_ *self) {
    return self->ptr + self->len + SAB_OF_(layout_)().extra;
}

/* Makes `count` elements that lie there the list's, before the element at `index`. The sentinel
 * goes the way of the elements that they come before. */
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
