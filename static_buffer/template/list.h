/* The bodies of a list's verbs. Part of static_buffer/define.h; not for users. */

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

SAB_BODY_ ba_error SAB_OF_(list_try_ensure_unused)(SAB_LIST_ *self, size_t count) {
    return SAB_OF_(list_make_room_)(self, count, SAB_SITE_());
}

SAB_BODY_ void SAB_OF_(list_ensure_unused)(SAB_LIST_ *self, size_t count) {
    SAB_DEMAND_(SAB_OF_(list_make_room_)(self, count, SAB_SITE_()), "ensure_unused");
}

SAB_BODY_ bool SAB_OF_(list_ensure_unused_in_place)(SAB_LIST_ *self, size_t count) {
    if (count <= self->cap - self->len) {
        return true;
    }
    return count <= SIZE_MAX - self->len &&
           SAB_OF_(list_enlarge_in_place_)(
               self, sab_core_growth(SAB_OF_(layout_)(), self->cap, self->len + count),
               SAB_SITE_());
}

SAB_BODY_ ba_error SAB_OF_(list_try_ensure_capacity)(SAB_LIST_ *self, size_t capacity) {
    return capacity <= self->cap
               ? ba_error_of(BA_OK)
               : SAB_OF_(list_enlarge_)(self, sab_core_exact_growth(SAB_OF_(layout_)(), capacity),
                                        SAB_SITE_());
}

SAB_BODY_ void SAB_OF_(list_ensure_capacity)(SAB_LIST_ *self, size_t capacity) {
    SAB_DEMAND_(SAB_OF_(list_try_ensure_capacity)(self, capacity), "ensure_capacity");
}

SAB_BODY_ bool SAB_OF_(list_ensure_capacity_in_place)(SAB_LIST_ *self, size_t capacity) {
    return capacity <= self->cap ||
           SAB_OF_(list_enlarge_in_place_)(
               self, sab_core_exact_growth(SAB_OF_(layout_)(), capacity), SAB_SITE_());
}

SAB_BODY_ void SAB_OF_(list_shrink_to_fit)(SAB_LIST_ *self) {
    if (self->len == 0) {
        SAB_OF_(list_release)(self);
    } else {
        SAB_OF_(list_cut_)(self, self->len, SAB_SITE_());
    }
}

/* --- life --- */

SAB_BODY_ ba_error SAB_OF_(list_try_with_capacity)(SAB_LIST_ *self, size_t capacity) {
    SAB_LIST_ list = SAB_OF_(list_none_)();
    const ba_error error = SAB_OF_(list_try_ensure_capacity)(&list, capacity);
    if (!ba_failed(error)) {
        *self = list;
    }
    return error;
}

SAB_BODY_ SAB_LIST_ SAB_OF_(list_with_capacity)(size_t capacity) {
    SAB_LIST_ list = SAB_OF_(list_none_)();
    SAB_DEMAND_(SAB_OF_(list_try_ensure_capacity)(&list, capacity), "with_capacity");
    return list;
}

SAB_BODY_ SAB_LIST_ SAB_OF_(list_take)(SAB_T_ *ptr, size_t len, size_t cap) {
    SAB_EXPECT_(len <= cap && (ptr != NULL) == (cap != 0), "take", BA_OUT_OF_BOUNDS);
    SAB_LIST_ list;
    list.ptr = ptr;
    list.len = len;
    list.cap = cap;
    return list;
}

SAB_BODY_ SAB_LIST_ SAB_OF_(list_give)(SAB_LIST_ *self) {
    const SAB_LIST_ parts = *self;
    *self = SAB_OF_(list_none_)();
    return parts;
}

SAB_BODY_ void SAB_OF_(list_release)(SAB_LIST_ *self) {
    const SAB_LIST_ old = SAB_OF_(list_give)(self);
    SAB_OF_(elements_drop_)(old.ptr, old.len);
    if (old.cap != 0) {
        SAB_OF_(memory_free_)(old.ptr, old.cap, SAB_SITE_());
    }
}

SAB_BODY_ void SAB_OF_(list_clear)(SAB_LIST_ *self) {
    SAB_OF_(list_shrink_len)(self, 0);
}

#ifdef SAB_CAN_COPY_
SAB_BODY_ ba_error SAB_OF_(list_try_clone)(const SAB_LIST_ *self, SAB_LIST_ *copy) {
    SAB_LIST_ list = SAB_OF_(list_none_)();
    ba_error error = SAB_OF_(list_try_ensure_capacity)(&list, self->len);
    if (!ba_failed(error)) {
        error = SAB_OF_(list_append_clones_)(&list, self->ptr, self->len);
    }
    if (ba_failed(error)) {
        SAB_OF_(list_release)(&list);
    } else {
        *copy = list;
    }
    return error;
}

SAB_BODY_ SAB_LIST_ SAB_OF_(list_clone)(const SAB_LIST_ *self) {
    SAB_LIST_ list = SAB_OF_(list_none_)();
    SAB_DEMAND_(SAB_OF_(list_try_clone)(self, &list), "clone");
    return list;
}
#endif

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

/* True if items do not lie in the list's memory. More than any memory holds lie nowhere: what to do
 * with them is for the check of the room. */
BA_ALWAYS_INLINE bool SAB_OF_(list_is_apart_)(const SAB_LIST_ *self, const SAB_T_ *items,
                                              size_t count) {
    return count > (size_t)PTRDIFF_MAX / sizeof *items ||
           !sab_core_overlap(self->ptr, self->cap * sizeof *items, items, count * sizeof *items);
}

BA_ALWAYS_INLINE void SAB_OF_(list_put_)(SAB_LIST_ *self, size_t index, const SAB_T_ *items,
                                         size_t count) {
    sab_core_copy(SAB_OF_(list_open_)(self, index, count), items, count * sizeof *items);
}

#define SAB_EXPECT_INDEX_(verb) SAB_EXPECT_(index <= self->len, verb, BA_OUT_OF_BOUNDS)
#define SAB_EXPECT_APART_(verb)                                                                    \
    SAB_EXPECT_(SAB_OF_(list_is_apart_)(self, items, count), verb, BA_OVERLAP)
#define SAB_EXPECT_ROOM_(verb, more)                                                               \
    SAB_EXPECT_((more) <= self->cap - self->len, verb, BA_OUT_OF_BOUNDS)
#define SAB_EXPECT_RANGE_(verb, count)                                                             \
    SAB_EXPECT_(first <= self->len && (count) <= self->len - first, verb, BA_OUT_OF_BOUNDS)

/* The slow part of append, out of the way of the fast one. */
SAB_SLOW_BODY_ void SAB_OF_(list_append_slow_)(SAB_LIST_ *self, SAB_T_ item) {
    SAB_DEMAND_(SAB_OF_(list_make_room_)(self, 1, SAB_SITE_()), "append");
    *SAB_OF_(list_open_)(self, self->len, 1) = item;
}

SAB_BODY_ ba_error SAB_OF_(list_try_insert)(SAB_LIST_ *self, size_t index, SAB_T_ item) {
    SAB_EXPECT_INDEX_("insert");
    const ba_error error = SAB_OF_(list_make_room_)(self, 1, SAB_SITE_());
    if (!ba_failed(error)) {
        *SAB_OF_(list_open_)(self, index, 1) = item;
    }
    return error;
}

SAB_BODY_ void SAB_OF_(list_insert)(SAB_LIST_ *self, size_t index, SAB_T_ item) {
    SAB_DEMAND_(SAB_OF_(list_try_insert)(self, index, item), "insert");
}

SAB_BODY_ void SAB_OF_(list_insert_assume_capacity)(SAB_LIST_ *self, size_t index, SAB_T_ item) {
    SAB_EXPECT_INDEX_("insert_assume_capacity");
    SAB_EXPECT_ROOM_("insert_assume_capacity", 1);
    *SAB_OF_(list_open_)(self, index, 1) = item;
}

SAB_BODY_ ba_error SAB_OF_(list_try_append)(SAB_LIST_ *self, SAB_T_ item) {
    const ba_error error = SAB_OF_(list_make_room_)(self, 1, SAB_SITE_());
    if (!ba_failed(error)) {
        *SAB_OF_(list_open_)(self, self->len, 1) = item;
    }
    return error;
}

SAB_BODY_ ba_error SAB_OF_(list_try_insert_items)(SAB_LIST_ *self, size_t index,
                                                  const SAB_T_ *items, size_t count) {
    SAB_EXPECT_INDEX_("insert_items");
    SAB_EXPECT_APART_("insert_items");
    const ba_error error = SAB_OF_(list_make_room_)(self, count, SAB_SITE_());
    if (!ba_failed(error)) {
        SAB_OF_(list_put_)(self, index, items, count);
    }
    return error;
}

SAB_BODY_ void SAB_OF_(list_insert_items)(SAB_LIST_ *self, size_t index, const SAB_T_ *items,
                                          size_t count) {
    SAB_DEMAND_(SAB_OF_(list_try_insert_items)(self, index, items, count), "insert_items");
}

SAB_BODY_ void SAB_OF_(list_insert_items_assume_capacity)(SAB_LIST_ *self, size_t index,
                                                          const SAB_T_ *items, size_t count) {
    SAB_EXPECT_INDEX_("insert_items_assume_capacity");
    SAB_EXPECT_APART_("insert_items_assume_capacity");
    SAB_EXPECT_ROOM_("insert_items_assume_capacity", count);
    SAB_OF_(list_put_)(self, index, items, count);
}

SAB_BODY_ ba_error SAB_OF_(list_try_append_items)(SAB_LIST_ *self, const SAB_T_ *items,
                                                  size_t count) {
    SAB_EXPECT_APART_("append_items");
    const ba_error error = SAB_OF_(list_make_room_)(self, count, SAB_SITE_());
    if (!ba_failed(error)) {
        SAB_OF_(list_put_)(self, self->len, items, count);
    }
    return error;
}

SAB_BODY_ void SAB_OF_(list_append_items)(SAB_LIST_ *self, const SAB_T_ *items, size_t count) {
    SAB_DEMAND_(SAB_OF_(list_try_append_items)(self, items, count), "append_items");
}

SAB_BODY_ void SAB_OF_(list_append_items_assume_capacity)(SAB_LIST_ *self, const SAB_T_ *items,
                                                          size_t count) {
    SAB_EXPECT_APART_("append_items_assume_capacity");
    SAB_EXPECT_ROOM_("append_items_assume_capacity", count);
    SAB_OF_(list_put_)(self, self->len, items, count);
}

SAB_BODY_ ba_error SAB_OF_(list_try_insert_slots)(SAB_LIST_ *self, size_t index, size_t count,
                                                  SAB_T_ **places) {
    SAB_EXPECT_INDEX_("insert_slots");
    const ba_error error = SAB_OF_(list_make_room_)(self, count, SAB_SITE_());
    if (!ba_failed(error)) {
        *places = SAB_OF_(list_open_)(self, index, count);
    }
    return error;
}

SAB_BODY_ SAB_T_ *SAB_OF_(list_insert_slots)(SAB_LIST_ *self, size_t index, size_t count) {
    SAB_T_ *places = NULL;
    SAB_DEMAND_(SAB_OF_(list_try_insert_slots)(self, index, count, &places), "insert_slots");
    return places;
}

SAB_BODY_ SAB_T_ *SAB_OF_(list_insert_slots_assume_capacity)(SAB_LIST_ *self, size_t index,
                                                             size_t count) {
    SAB_EXPECT_INDEX_("insert_slots_assume_capacity");
    SAB_EXPECT_ROOM_("insert_slots_assume_capacity", count);
    return SAB_OF_(list_open_)(self, index, count);
}

SAB_BODY_ ba_error SAB_OF_(list_try_append_slots)(SAB_LIST_ *self, size_t count, SAB_T_ **places) {
    const ba_error error = SAB_OF_(list_make_room_)(self, count, SAB_SITE_());
    if (!ba_failed(error)) {
        *places = SAB_OF_(list_open_)(self, self->len, count);
    }
    return error;
}

SAB_BODY_ SAB_T_ *SAB_OF_(list_append_slots)(SAB_LIST_ *self, size_t count) {
    SAB_T_ *places = NULL;
    SAB_DEMAND_(SAB_OF_(list_try_append_slots)(self, count, &places), "append_slots");
    return places;
}

SAB_BODY_ SAB_T_ *SAB_OF_(list_append_slots_assume_capacity)(SAB_LIST_ *self, size_t count) {
    SAB_EXPECT_ROOM_("append_slots_assume_capacity", count);
    return SAB_OF_(list_open_)(self, self->len, count);
}

#ifdef SAB_CAN_COPY_
/* Inserts clones of a value, for which there is room. */
static inline BA_MUST_USE ba_error SAB_OF_(list_fill_)(SAB_LIST_ *self, size_t index,
                                                       const SAB_T_ *value, size_t count) {
    SAB_T_ *const gap = SAB_OF_(list_open_)(self, index, count);
    if (SAB_OF_(elements_fill_)(gap, value, count)) {
        return ba_error_of(BA_OK);
    }
    SAB_OF_(list_close_)(self, index, count);
    return ba_error_of(BA_OUT_OF_MEMORY);
}

SAB_BODY_ ba_error SAB_OF_(list_try_insert_n)(SAB_LIST_ *self, size_t index, SAB_T_ value,
                                              size_t count) {
    SAB_EXPECT_INDEX_("insert_n");
    const ba_error error = SAB_OF_(list_make_room_)(self, count, SAB_SITE_());
    return ba_failed(error) ? error : SAB_OF_(list_fill_)(self, index, &value, count);
}

SAB_BODY_ void SAB_OF_(list_insert_n)(SAB_LIST_ *self, size_t index, SAB_T_ value, size_t count) {
    SAB_DEMAND_(SAB_OF_(list_try_insert_n)(self, index, value, count), "insert_n");
}

SAB_BODY_ void SAB_OF_(list_insert_n_assume_capacity)(SAB_LIST_ *self, size_t index, SAB_T_ value,
                                                      size_t count) {
    SAB_EXPECT_INDEX_("insert_n_assume_capacity");
    SAB_EXPECT_ROOM_("insert_n_assume_capacity", count);
    SAB_DEMAND_(SAB_OF_(list_fill_)(self, index, &value, count), "insert_n_assume_capacity");
}

SAB_BODY_ ba_error SAB_OF_(list_try_append_n)(SAB_LIST_ *self, SAB_T_ value, size_t count) {
    const ba_error error = SAB_OF_(list_make_room_)(self, count, SAB_SITE_());
    return ba_failed(error) ? error : SAB_OF_(list_fill_)(self, self->len, &value, count);
}

SAB_BODY_ void SAB_OF_(list_append_n)(SAB_LIST_ *self, SAB_T_ value, size_t count) {
    SAB_DEMAND_(SAB_OF_(list_try_append_n)(self, value, count), "append_n");
}

SAB_BODY_ void SAB_OF_(list_append_n_assume_capacity)(SAB_LIST_ *self, SAB_T_ value, size_t count) {
    SAB_EXPECT_ROOM_("append_n_assume_capacity", count);
    SAB_DEMAND_(SAB_OF_(list_fill_)(self, self->len, &value, count), "append_n_assume_capacity");
}

SAB_BODY_ ba_error SAB_OF_(list_try_append_from_within)(SAB_LIST_ *self, size_t first,
                                                        size_t count) {
    SAB_EXPECT_RANGE_("append_from_within", count);
    const ba_error error = SAB_OF_(list_make_room_)(self, count, SAB_SITE_());
    return ba_failed(error) || count == 0
               ? error
               : SAB_OF_(list_append_clones_)(self, self->ptr + first, count);
}

SAB_BODY_ void SAB_OF_(list_append_from_within)(SAB_LIST_ *self, size_t first, size_t count) {
    SAB_DEMAND_(SAB_OF_(list_try_append_from_within)(self, first, count), "append_from_within");
}

SAB_BODY_ void SAB_OF_(list_append_from_within_assume_capacity)(SAB_LIST_ *self, size_t first,
                                                                size_t count) {
    SAB_EXPECT_RANGE_("append_from_within_assume_capacity", count);
    SAB_EXPECT_ROOM_("append_from_within_assume_capacity", count);
    if (count != 0) {
        SAB_DEMAND_(SAB_OF_(list_append_clones_)(self, self->ptr + first, count),
                    "append_from_within_assume_capacity");
    }
}

SAB_BODY_ ba_error SAB_OF_(list_try_grow_len)(SAB_LIST_ *self, size_t len, SAB_T_ value) {
    SAB_EXPECT_(len >= self->len, "grow_len", BA_OUT_OF_BOUNDS);
    return SAB_OF_(list_try_append_n)(self, value, len - self->len);
}

SAB_BODY_ void SAB_OF_(list_grow_len)(SAB_LIST_ *self, size_t len, SAB_T_ value) {
    SAB_DEMAND_(SAB_OF_(list_try_grow_len)(self, len, value), "grow_len");
}
#endif

/* Puts items in the place of others, with room for them. */
static inline void SAB_OF_(list_exchange_)(SAB_LIST_ *self, size_t first, size_t removed,
                                           const SAB_T_ *items, size_t count) {
    if (removed != 0) {
        SAB_OF_(elements_drop_)(self->ptr + first, removed);
    }
    if (count > removed) {
        (void)SAB_OF_(list_open_)(self, first + removed, count - removed);
    } else {
        SAB_OF_(list_close_)(self, first + count, removed - count);
    }
    if (count != 0) {
        sab_core_copy(self->ptr + first, items, count * sizeof *items);
    }
}

SAB_BODY_ ba_error SAB_OF_(list_try_replace)(SAB_LIST_ *self, size_t first, size_t removed,
                                             const SAB_T_ *items, size_t count) {
    SAB_EXPECT_RANGE_("replace", removed);
    SAB_EXPECT_APART_("replace");
    const ba_error error =
        SAB_OF_(list_make_room_)(self, count > removed ? count - removed : 0, SAB_SITE_());
    if (!ba_failed(error)) {
        SAB_OF_(list_exchange_)(self, first, removed, items, count);
    }
    return error;
}

SAB_BODY_ void SAB_OF_(list_replace)(SAB_LIST_ *self, size_t first, size_t removed,
                                     const SAB_T_ *items, size_t count) {
    SAB_DEMAND_(SAB_OF_(list_try_replace)(self, first, removed, items, count), "replace");
}

SAB_BODY_ void SAB_OF_(list_replace_assume_capacity)(SAB_LIST_ *self, size_t first, size_t removed,
                                                     const SAB_T_ *items, size_t count) {
    SAB_EXPECT_RANGE_("replace_assume_capacity", removed);
    SAB_EXPECT_APART_("replace_assume_capacity");
    SAB_EXPECT_ROOM_("replace_assume_capacity", count > removed ? count - removed : 0);
    SAB_OF_(list_exchange_)(self, first, removed, items, count);
}

/* --- remove, delete, transplant --- */

/* Fills a gap, of one place or more, with the last elements. */
static inline void SAB_OF_(list_close_by_last_)(SAB_LIST_ *self, size_t index, size_t count) {
    const size_t behind = self->len - index - count;
    const size_t moved = behind < count ? behind : count;
    sab_core_move(self->ptr + index, self->ptr + (self->len - moved), moved * sizeof *self->ptr);
    self->len -= count;
    SAB_OF_(list_end_)(self);
}

#define SAB_CLOSE_ SAB_OF_(list_close_)
#define SAB_OUT_(verb) list_##verb
#define SAB_TRY_OUT_(verb) list_try_##verb
#define SAB_OUT_TEXT_(verb) verb
#include "static_buffer/template/take_out.h"
#undef SAB_CLOSE_
#undef SAB_OUT_
#undef SAB_TRY_OUT_
#undef SAB_OUT_TEXT_
#define SAB_CLOSE_ SAB_OF_(list_close_by_last_)
#define SAB_OUT_(verb) list_swap_##verb
#define SAB_TRY_OUT_(verb) list_try_swap_##verb
#define SAB_OUT_TEXT_(verb) "swap_" verb
#include "static_buffer/template/take_out.h"
#undef SAB_CLOSE_
#undef SAB_OUT_
#undef SAB_TRY_OUT_
#undef SAB_OUT_TEXT_

SAB_BODY_ SAB_T_ SAB_OF_(list_pop)(SAB_LIST_ *self) {
    SAB_EXPECT_(self->len != 0, "pop", BA_OUT_OF_BOUNDS);
    const SAB_T_ item = self->ptr[--self->len];
    SAB_OF_(list_end_)(self);
    return item;
}

SAB_BODY_ bool SAB_OF_(list_try_pop)(SAB_LIST_ *self, SAB_T_ *item) {
    if (self->len == 0) {
        return false;
    }
    *item = SAB_OF_(list_pop)(self);
    return true;
}

SAB_BODY_ void SAB_OF_(list_drain)(SAB_LIST_ *self, size_t first, size_t count,
                                   void (*take)(void *context, SAB_T_ item), void *context) {
    SAB_EXPECT_RANGE_("drain", count);
    for (size_t i = 0; i < count; i++) {
        (take)(context, self->ptr[first + i]);
    }
    SAB_OF_(list_close_)(self, first, count);
}

SAB_BODY_ void SAB_OF_(list_retain)(SAB_LIST_ *self,
                                    bool (*keep)(void *context, const SAB_T_ *item),
                                    void *context) {
    size_t kept = 0;
    for (size_t i = 0; i < self->len; i++) {
        if ((keep)(context, &self->ptr[i])) {
            self->ptr[kept++] = self->ptr[i];
        } else {
            SAB_OF_(elements_drop_)(&self->ptr[i], 1);
        }
    }
    SAB_OF_(list_close_)(self, kept, self->len - kept);
}

#ifdef SAB_CAN_EQUAL_
SAB_BODY_ void SAB_OF_(list_dedup)(SAB_LIST_ *self) {
    size_t kept = self->len < 1 ? self->len : 1;
    for (size_t i = kept; i < self->len; i++) {
        if (SAB_OF_(elements_equal_)(&self->ptr[kept - 1], &self->ptr[i])) {
            SAB_OF_(elements_drop_)(&self->ptr[i], 1);
        } else {
            self->ptr[kept++] = self->ptr[i];
        }
    }
    SAB_OF_(list_close_)(self, kept, self->len - kept);
}
#endif

SAB_BODY_ ba_error SAB_OF_(list_try_split_off)(SAB_LIST_ *self, size_t index, SAB_LIST_ *rest) {
    SAB_EXPECT_INDEX_("split_off");
    return SAB_OF_(list_try_remove_range)(self, index, self->len - index, rest);
}

SAB_BODY_ SAB_LIST_ SAB_OF_(list_split_off)(SAB_LIST_ *self, size_t index) {
    SAB_LIST_ rest = SAB_OF_(list_none_)();
    SAB_DEMAND_(SAB_OF_(list_try_split_off)(self, index, &rest), "split_off");
    return rest;
}

/* --- length --- */

SAB_BODY_ void SAB_OF_(list_set_len)(SAB_LIST_ *self, size_t len) {
    SAB_EXPECT_(len <= self->cap, "set_len", BA_OUT_OF_BOUNDS);
    if (self->cap != 0) {
        self->len = len;
        SAB_OF_(list_end_)(self);
    }
}

SAB_BODY_ void SAB_OF_(list_shrink_len)(SAB_LIST_ *self, size_t len) {
    SAB_EXPECT_(len <= self->len, "shrink_len", BA_OUT_OF_BOUNDS);
    if (len < self->len) {
        SAB_OF_(elements_drop_)(self->ptr + len, self->len - len);
        SAB_OF_(list_set_len)(self, len);
    }
}

SAB_BODY_ SAB_T_ *SAB_OF_(list_grow_to_capacity)(SAB_LIST_ *self) {
    return SAB_OF_(list_open_)(self, self->len, self->cap - self->len);
}

SAB_BODY_ SAB_SLICE_ SAB_OF_(list_spare)(SAB_LIST_ *self) {
    SAB_SLICE_ spare = SAB_OF_(slice_none_)();
    if (self->len < self->cap) {
        spare.ptr = self->ptr + self->len;
        spare.len = self->cap - self->len;
    }
    return spare;
}

/* --- to and from slices --- */

SAB_BODY_ SAB_SLICE_ SAB_OF_(list_into_slice)(SAB_LIST_ *self) {
    SAB_OF_(list_shrink_to_fit)(self);
    SAB_SLICE_ slice;
    slice.ptr = self->ptr;
    slice.len = self->len;
    *self = SAB_OF_(list_none_)();
    return slice;
}

SAB_BODY_ ba_error SAB_OF_(list_try_part_into_slice)(SAB_LIST_ *self, size_t first, size_t count,
                                                     SAB_SLICE_ *slice) {
    SAB_EXPECT_RANGE_("part_into_slice", count);
    SAB_LIST_ part = SAB_OF_(list_none_)();
    const ba_error error = SAB_OF_(list_try_remove_range)(self, first, count, &part);
    if (!ba_failed(error)) {
        *slice = SAB_OF_(list_into_slice)(&part);
    }
    return error;
}

SAB_BODY_ SAB_SLICE_ SAB_OF_(list_part_into_slice)(SAB_LIST_ *self, size_t first, size_t count) {
    SAB_SLICE_ slice = SAB_OF_(slice_none_)();
    SAB_DEMAND_(SAB_OF_(list_try_part_into_slice)(self, first, count, &slice), "part_into_slice");
    return slice;
}

SAB_BODY_ ba_error SAB_OF_(list_try_append_slice)(SAB_LIST_ *self, SAB_SLICE_ *slice) {
    const ba_error error = SAB_OF_(list_try_append_items)(self, slice->ptr, slice->len);
    if (!ba_failed(error) && slice->len != 0) {
        /* The elements have moved; what is left is memory. */
        SAB_OF_(memory_free_)(slice->ptr, slice->len, SAB_SITE_());
        *slice = SAB_OF_(slice_none_)();
    }
    return error;
}

SAB_BODY_ void SAB_OF_(list_append_slice)(SAB_LIST_ *self, SAB_SLICE_ *slice) {
    SAB_DEMAND_(SAB_OF_(list_try_append_slice)(self, slice), "append_slice");
}

#undef SAB_EXPECT_INDEX_
#undef SAB_EXPECT_APART_
#undef SAB_EXPECT_ROOM_
#undef SAB_EXPECT_RANGE_
