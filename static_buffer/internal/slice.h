/* The bodies of a slice's own functions. Part of static_buffer/define.h; not for users. */

SAB_PLAIN_BODY_ SAB_LIST_ SAB_OF_(slice_into_list)(SAB_SLICE_ *self) {
    SAB_LIST_ list = SAB_OF_(list_none_)();
    if (self->len != 0) {
        list.ptr = self->ptr;
        list.len = self->len;
        list.cap = sab_core_count(SAB_OF_(layout_)(), SAB_OF_(memory_span_)(self->len));
        *self = SAB_OF_(slice_none_)();
    }
    return list;
}

SAB_BODY_ ba_error SAB_OF_(slice_try_of_at)(SAB_SLICE_ *self, size_t count, ba_call_site site) {
    SAB_LIST_ list = SAB_OF_(list_none_)();
    const ba_error error = SAB_OF_(list_try_ensure_capacity_at)(&list, count, site);
    if (!ba_failed(error)) {
        SAB_OF_(list_set_len_at)(&list, count, site);
        *self = SAB_OF_(list_into_slice_at)(&list, site);
    }
    return error;
}

SAB_BODY_ SAB_SLICE_ SAB_OF_(slice_of_at)(size_t count, ba_call_site site) {
    SAB_SLICE_ slice = SAB_OF_(slice_none_)();
    SAB_DEMAND_(SAB_OF_(slice_try_of_at)(&slice, count, site), "of", slice);
    return slice;
}

SAB_BODY_ ba_error SAB_OF_(slice_try_of_at_least_at)(SAB_SLICE_ *self, size_t count,
                                                     ba_call_site site) {
    SAB_LIST_ list = SAB_OF_(list_none_)();
    const ba_error error = SAB_OF_(list_try_ensure_capacity_at)(&list, count, site);
    if (!ba_failed(error)) {
        (void)SAB_OF_(list_grow_to_capacity)(&list);
        *self = SAB_OF_(list_into_slice_at)(&list, site);
    }
    return error;
}

SAB_BODY_ SAB_SLICE_ SAB_OF_(slice_of_at_least_at)(size_t count, ba_call_site site) {
    SAB_SLICE_ slice = SAB_OF_(slice_none_)();
    SAB_DEMAND_(SAB_OF_(slice_try_of_at_least_at)(&slice, count, site), "of_at_least", slice);
    return slice;
}

#ifdef SAB_CAN_COPY_
SAB_BODY_ ba_error SAB_OF_(slice_try_clone_at)(const SAB_SLICE_ *self, SAB_SLICE_ *copy,
                                               ba_call_site site) {
    const SAB_LIST_ borrowed = {self->ptr, self->len, self->len};
    SAB_LIST_ list = SAB_OF_(list_none_)();
    const ba_error error = SAB_OF_(list_try_clone_at)(&borrowed, &list, site);
    if (!ba_failed(error)) {
        *copy = SAB_OF_(list_into_slice_at)(&list, site);
    }
    return error;
}

SAB_BODY_ SAB_SLICE_ SAB_OF_(slice_clone_at)(const SAB_SLICE_ *self, ba_call_site site) {
    SAB_SLICE_ slice = SAB_OF_(slice_none_)();
    SAB_DEMAND_(SAB_OF_(slice_try_clone_at)(self, &slice, site), "clone", slice);
    return slice;
}
#endif

SAB_BODY_ void SAB_OF_(slice_release_at)(SAB_SLICE_ *self, ba_call_site site) {
    const SAB_SLICE_ before = *self;
    SAB_LIST_ list = SAB_OF_(slice_into_list)(self);
    const ba_error error = SAB_OF_(list_give_back_)(&list, site);
    if (ba_failed(error)) {
        *self = before;
    }
    SAB_DEMAND_(error, "release", );
}

/* How long a slice shall be. */
typedef enum SAB_OF_(slice_length_) {
    SAB_OF_(slice_exact_),
    SAB_OF_(slice_at_least_),
} SAB_OF_(slice_length_);

/* How many elements a slice has that shall have `count`, for which there is memory. */
static inline size_t SAB_OF_(slice_count_)(size_t count, SAB_OF_(slice_length_) length) {
    return length == SAB_OF_(slice_at_least_) && count != 0
               ? sab_core_count(SAB_OF_(layout_)(), SAB_OF_(memory_span_)(count))
               : count;
}

/* Makes a list, which was a slice and has room for `count` elements, one again: without the
 * elements that are too many, which are dropped. The allocator is asked before that whether it can
 * be called; if not, the list is as it was. */
static inline BA_MUST_USE ba_error SAB_OF_(slice_again_)(SAB_SLICE_ *self, SAB_LIST_ *list,
                                                         size_t count, ba_call_site site) {
    if (count >= list->len) {
        SAB_OF_(list_set_len_at)(list, count, site);
        return SAB_OF_(list_turn_)(list, self, site);
    }
    ba_error error;
    if (count == 0) {
        error = SAB_OF_(list_give_back_)(list, site);
        *self = SAB_OF_(slice_none_)();
        return error;
    }
    error = SAB_OF_(list_cut_)(list, list->cap, site);
    if (!ba_failed(error)) {
        SAB_OF_(list_drop_last_)(list, list->len - count);
        *self = SAB_OF_(list_into_slice_at)(list, site);
    }
    return error;
}

static inline BA_MUST_USE ba_error SAB_OF_(slice_change_)(SAB_SLICE_ *self, size_t count,
                                                          SAB_OF_(slice_length_) length,
                                                          ba_call_site site) {
    const SAB_SLICE_ before = *self;
    SAB_LIST_ list = SAB_OF_(slice_into_list)(self);
    ba_error error = SAB_OF_(list_try_ensure_capacity_at)(&list, count, site);
    if (!ba_failed(error)) {
        error = SAB_OF_(slice_again_)(self, &list, SAB_OF_(slice_count_)(count, length), site);
    }
    if (ba_failed(error)) {
        *self = before;
    }
    return error;
}

static inline BA_MUST_USE bool SAB_OF_(slice_change_in_place_)(SAB_SLICE_ *self, size_t count,
                                                               SAB_OF_(slice_length_) length,
                                                               ba_call_site site) {
    const SAB_SLICE_ before = *self;
    SAB_LIST_ list = SAB_OF_(slice_into_list)(self);
    const bool is_done =
        SAB_OF_(list_ensure_capacity_in_place_at)(&list, count, site) &&
        !ba_failed(SAB_OF_(slice_again_)(self, &list, SAB_OF_(slice_count_)(count, length), site));
    if (!is_done) {
        *self = before;
    }
    return is_done;
}

SAB_BODY_ ba_error SAB_OF_(slice_try_resize_at)(SAB_SLICE_ *self, size_t count, ba_call_site site) {
    return SAB_OF_(slice_change_)(self, count, SAB_OF_(slice_exact_), site);
}

SAB_BODY_ void SAB_OF_(slice_resize_at)(SAB_SLICE_ *self, size_t count, ba_call_site site) {
    SAB_DEMAND_(SAB_OF_(slice_try_resize_at)(self, count, site), "resize", );
}

SAB_BODY_ bool SAB_OF_(slice_resize_in_place_at)(SAB_SLICE_ *self, size_t count,
                                                 ba_call_site site) {
    return SAB_OF_(slice_change_in_place_)(self, count, SAB_OF_(slice_exact_), site);
}

SAB_BODY_ ba_error SAB_OF_(slice_try_resize_at_least_at)(SAB_SLICE_ *self, size_t count,
                                                         ba_call_site site) {
    return SAB_OF_(slice_change_)(self, count, SAB_OF_(slice_at_least_), site);
}

SAB_BODY_ void SAB_OF_(slice_resize_at_least_at)(SAB_SLICE_ *self, size_t count,
                                                 ba_call_site site) {
    SAB_DEMAND_(SAB_OF_(slice_try_resize_at_least_at)(self, count, site), "resize_at_least", );
}

SAB_BODY_ bool SAB_OF_(slice_resize_at_least_in_place_at)(SAB_SLICE_ *self, size_t count,
                                                          ba_call_site site) {
    return SAB_OF_(slice_change_in_place_)(self, count, SAB_OF_(slice_at_least_), site);
}
