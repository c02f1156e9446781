/* The bodies of a slice's own verbs. Part of static_buffer/define.h; not for users. */

SAB_BODY_ SAB_LIST_ SAB_OF_(slice_into_list)(SAB_SLICE_ *self) {
    SAB_LIST_ list = SAB_OF_(list_none_)();
    if (self->len != 0) {
        list.ptr = self->ptr;
        list.len = self->len;
        list.cap = sab_core_count(SAB_OF_(layout_)(), SAB_OF_(memory_span_)(self->len));
        *self = SAB_OF_(slice_none_)();
    }
    return list;
}

/* Makes a list without contents a slice of all its places. */
BA_ALWAYS_INLINE SAB_SLICE_ SAB_OF_(slice_of_all_)(SAB_LIST_ *list) {
    (void)SAB_OF_(list_grow_to_capacity)(list);
    return SAB_OF_(list_into_slice)(list);
}

SAB_BODY_ ba_error SAB_OF_(slice_try_of)(SAB_SLICE_ *self, size_t count) {
    SAB_LIST_ list = SAB_OF_(list_none_)();
    const ba_error error = SAB_OF_(list_try_ensure_capacity)(&list, count);
    if (!ba_failed(error)) {
        SAB_OF_(list_set_len)(&list, count);
        *self = SAB_OF_(list_into_slice)(&list);
    }
    return error;
}

SAB_BODY_ SAB_SLICE_ SAB_OF_(slice_of)(size_t count) {
    SAB_SLICE_ slice = SAB_OF_(slice_none_)();
    SAB_DEMAND_(SAB_OF_(slice_try_of)(&slice, count), "of");
    return slice;
}

SAB_BODY_ ba_error SAB_OF_(slice_try_of_at_least)(SAB_SLICE_ *self, size_t count) {
    SAB_LIST_ list = SAB_OF_(list_none_)();
    const ba_error error = SAB_OF_(list_try_ensure_capacity)(&list, count);
    if (!ba_failed(error)) {
        *self = SAB_OF_(slice_of_all_)(&list);
    }
    return error;
}

SAB_BODY_ SAB_SLICE_ SAB_OF_(slice_of_at_least)(size_t count) {
    SAB_SLICE_ slice = SAB_OF_(slice_none_)();
    SAB_DEMAND_(SAB_OF_(slice_try_of_at_least)(&slice, count), "of_at_least");
    return slice;
}

#ifdef SAB_CAN_COPY_
SAB_BODY_ ba_error SAB_OF_(slice_try_clone)(const SAB_SLICE_ *self, SAB_SLICE_ *copy) {
    const SAB_LIST_ borrowed = {self->ptr, self->len, self->len};
    SAB_LIST_ list = SAB_OF_(list_none_)();
    const ba_error error = SAB_OF_(list_try_clone)(&borrowed, &list);
    if (!ba_failed(error)) {
        *copy = SAB_OF_(list_into_slice)(&list);
    }
    return error;
}

SAB_BODY_ SAB_SLICE_ SAB_OF_(slice_clone)(const SAB_SLICE_ *self) {
    SAB_SLICE_ slice = SAB_OF_(slice_none_)();
    SAB_DEMAND_(SAB_OF_(slice_try_clone)(self, &slice), "clone");
    return slice;
}
#endif

SAB_BODY_ void SAB_OF_(slice_release)(SAB_SLICE_ *self) {
    SAB_LIST_ list = SAB_OF_(slice_into_list)(self);
    SAB_OF_(list_release)(&list);
}

/* How long a slice shall be. */
typedef enum SAB_OF_(slice_length_) {
    SAB_OF_(slice_exact_),
    SAB_OF_(slice_at_least_),
} SAB_OF_(slice_length_);

/* Makes a list that was a slice one again, `count` elements long or longer. */
static inline SAB_SLICE_ SAB_OF_(slice_again_)(SAB_LIST_ *list, size_t count,
                                               SAB_OF_(slice_length_) length) {
    if (count < list->len) {
        SAB_OF_(list_shrink_len)(list, count);
    } else {
        SAB_OF_(list_set_len)(list, count);
    }
    SAB_OF_(list_shrink_to_fit)(list);
    return length == SAB_OF_(slice_at_least_) ? SAB_OF_(slice_of_all_)(list)
                                              : SAB_OF_(list_into_slice)(list);
}

static inline BA_MUST_USE ba_error SAB_OF_(slice_change_)(SAB_SLICE_ *self, size_t count,
                                                          SAB_OF_(slice_length_) length) {
    const size_t before = self->len;
    SAB_LIST_ list = SAB_OF_(slice_into_list)(self);
    const ba_error error = SAB_OF_(list_try_ensure_capacity)(&list, count);
    *self = ba_failed(error) ? SAB_OF_(slice_again_)(&list, before, SAB_OF_(slice_exact_))
                             : SAB_OF_(slice_again_)(&list, count, length);
    return error;
}

static inline BA_MUST_USE bool SAB_OF_(slice_change_in_place_)(SAB_SLICE_ *self, size_t count,
                                                               SAB_OF_(slice_length_) length) {
    const size_t before = self->len;
    SAB_LIST_ list = SAB_OF_(slice_into_list)(self);
    const bool is_done = SAB_OF_(list_ensure_capacity_in_place)(&list, count);
    *self = is_done ? SAB_OF_(slice_again_)(&list, count, length)
                    : SAB_OF_(slice_again_)(&list, before, SAB_OF_(slice_exact_));
    return is_done;
}

SAB_BODY_ ba_error SAB_OF_(slice_try_resize)(SAB_SLICE_ *self, size_t count) {
    return SAB_OF_(slice_change_)(self, count, SAB_OF_(slice_exact_));
}

SAB_BODY_ void SAB_OF_(slice_resize)(SAB_SLICE_ *self, size_t count) {
    SAB_DEMAND_(SAB_OF_(slice_try_resize)(self, count), "resize");
}

SAB_BODY_ bool SAB_OF_(slice_resize_in_place)(SAB_SLICE_ *self, size_t count) {
    return SAB_OF_(slice_change_in_place_)(self, count, SAB_OF_(slice_exact_));
}

SAB_BODY_ ba_error SAB_OF_(slice_try_resize_at_least)(SAB_SLICE_ *self, size_t count) {
    return SAB_OF_(slice_change_)(self, count, SAB_OF_(slice_at_least_));
}

SAB_BODY_ void SAB_OF_(slice_resize_at_least)(SAB_SLICE_ *self, size_t count) {
    SAB_DEMAND_(SAB_OF_(slice_try_resize_at_least)(self, count), "resize_at_least");
}

SAB_BODY_ bool SAB_OF_(slice_resize_at_least_in_place)(SAB_SLICE_ *self, size_t count) {
    return SAB_OF_(slice_change_in_place_)(self, count, SAB_OF_(slice_at_least_));
}
