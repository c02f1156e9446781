/* The bodies of a list's functions: what goes out, or is replaced. Part of static_buffer/define.h;
 * not for users. */

/* Moves elements behind the others, which keep their order. */
static inline void SAB_OF_(list_put_last_)(const SAB_LIST_ *self, size_t first, size_t count) {
    if (count != 0) {
        sab_core_rotate(self->ptr + first, count * sizeof *self->ptr,
                        (self->len - first - count) * sizeof *self->ptr);
    }
}

/* Takes the last elements, one or more, out of the list. They lie where this says until the list
 * changes: where they were, or one place behind that, where the sentinel needs theirs. */
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
/* Moves elements behind the others, with as few moves as can be. */
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

/* Brings an element that is kept to its place, which is before it or its own; what lies there may
 * go behind. */
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
