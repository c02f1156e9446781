/* The bodies of the functions that take elements out of a list. Part of static_buffer/define.h; not
 * for users. internal/list.h includes it for each of the two ways to close the gap: in order, and
 * by swapping with the last. They differ in
 *
 *     SAB_CLOSE_                 the function that closes the gap
 *     SAB_PUT_LAST_              the function that moves elements after the others
 *     SAB_OUT_(function)         the names of the functions
 *     SAB_TRY_OUT_(function)
 *     SAB_OUT_TEXT_(function)    the name in reports */

SAB_BODY_ void SAB_OF_(SAB_OUT_(move_out_range_at))(SAB_LIST_ *self, size_t first, size_t count,
                                                    SAB_T_ *destination, ba_call_site site) {
    SAB_EXPECT_RANGE_(SAB_OUT_TEXT_("move_out_range"), count, );
    SAB_EXPECT_(SAB_OF_(list_is_apart_)(self, destination, count), SAB_OUT_TEXT_("move_out_range"),
                BA_OVERLAP, );
    if (count != 0) {
        sab_core_copy(destination, self->ptr + first, count * sizeof *destination);
        SAB_CLOSE_(self, first, count);
    }
}

SAB_BODY_ void SAB_OF_(SAB_OUT_(move_out_at))(SAB_LIST_ *self, size_t index, SAB_T_ *destination,
                                              ba_call_site site) {
    SAB_EXPECT_(index < self->len, SAB_OUT_TEXT_("move_out"), BA_OUT_OF_BOUNDS, );
    SAB_EXPECT_(SAB_OF_(list_is_apart_)(self, destination, 1), SAB_OUT_TEXT_("move_out"),
                BA_OVERLAP, );
    *destination = self->ptr[index];
    SAB_CLOSE_(self, index, 1);
}

SAB_BODY_ SAB_T_ SAB_OF_(SAB_OUT_(remove_at))(SAB_LIST_ *self, size_t index, ba_call_site site) {
    SAB_EXPECT_(index < self->len, SAB_OUT_TEXT_("remove"), BA_OUT_OF_BOUNDS,
                SAB_OF_(element_none_)());
    const SAB_T_ item = self->ptr[index];
    SAB_CLOSE_(self, index, 1);
    return item;
}

SAB_BODY_ void SAB_OF_(SAB_OUT_(delete_range_at))(SAB_LIST_ *self, size_t first, size_t count,
                                                  ba_call_site site) {
    SAB_EXPECT_RANGE_(SAB_OUT_TEXT_("delete_range"), count, );
    if (count != 0) {
#ifdef SAB_DROP
        SAB_PUT_LAST_(self, first, count);
        SAB_OF_(list_drop_last_)(self, count);
#else
        SAB_CLOSE_(self, first, count);
#endif
    }
}

SAB_BODY_ void SAB_OF_(SAB_OUT_(delete_at))(SAB_LIST_ *self, size_t index, ba_call_site site) {
    SAB_EXPECT_(index < self->len, SAB_OUT_TEXT_("delete"), BA_OUT_OF_BOUNDS, );
    SAB_T_ item = self->ptr[index];
    SAB_CLOSE_(self, index, 1);
    SAB_OF_(elements_drop_)(&item, 1);
}

SAB_BODY_ ba_error SAB_OF_(SAB_TRY_OUT_(remove_range_at))(SAB_LIST_ *self, size_t first,
                                                          size_t count, SAB_LIST_ *removed,
                                                          ba_call_site site) {
    SAB_EXPECT_RANGE_(SAB_OUT_TEXT_("remove_range"), count, misuse);
    SAB_LIST_ list = SAB_OF_(list_none_)();
    const ba_error error = SAB_OF_(list_try_ensure_capacity_at)(&list, count, site);
    if (!ba_failed(error)) {
        SAB_T_ *const places = SAB_OF_(list_open_)(&list, 0, count);
        SAB_OF_(SAB_OUT_(move_out_range_at))(self, first, count, places, site);
        *removed = list;
    }
    return error;
}

SAB_BODY_ SAB_LIST_ SAB_OF_(SAB_OUT_(remove_range_at))(SAB_LIST_ *self, size_t first, size_t count,
                                                       ba_call_site site) {
    SAB_LIST_ list = SAB_OF_(list_none_)();
    SAB_DEMAND_(SAB_OF_(SAB_TRY_OUT_(remove_range_at))(self, first, count, &list, site),
                SAB_OUT_TEXT_("remove_range"), list);
    return list;
}
