/* The bodies of a list's functions: what becomes a slice, or comes from one. Part of
 * static_buffer/define.h; not for users. */

/* A list becomes a slice: of exactly its elements, so that the length of the span can be told from
 * it. Where the allocator cannot cut the rest off, the list is as it was. */
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
