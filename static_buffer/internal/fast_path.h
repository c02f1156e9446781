/* Appending to a list with room for one more: in the caller, without a call. Part of
 * static_buffer/define.h; not for users. */

/* Grows and appends: what list_append() does when the list is full. Without a call site it takes
 * the address that the caller of the fast path returns to, which costs the fast path nothing. */
#if BA_BUILD_MODE != BA_DEBUG
SAB_SLOW_ void SAB_OF_(list_append_slow_)(SAB_LIST_ *self, SAB_T_ item);
#endif
SAB_SLOW_ void SAB_OF_(list_append_slow_at_)(SAB_LIST_ *self, SAB_T_ item, ba_call_site site);

#ifdef SAB_SENTINEL
/* The sentinel: in a function without names of its own, which might be the sentinel's. */
BA_ALWAYS_INLINE SAB_T_ SAB_OF_(sentinel_)(void) {
    const SAB_T_ SAB_OF_(sentinel_value_) = SAB_SENTINEL;
    return SAB_OF_(sentinel_value_);
}
#endif

/* Writes the sentinel after the last element. */
BA_ALWAYS_INLINE void SAB_OF_(list_end_)(SAB_LIST_ *self) {
#ifdef SAB_SENTINEL
    self->ptr[self->len] = SAB_OF_(sentinel_)();
#else
    (void)self;
#endif
}

BA_ALWAYS_INLINE void SAB_OF_(list_append_at)(SAB_LIST_ *self, SAB_T_ item, ba_call_site site) {
    if (self->len == self->cap) {
        SAB_OF_(list_append_slow_at_)(self, item, site);
        return;
    }
    self->ptr[self->len++] = item;
    SAB_OF_(list_end_)(self);
}

BA_ALWAYS_INLINE void SAB_OF_(list_append_assume_capacity_at)(SAB_LIST_ *self, SAB_T_ item,
                                                              ba_call_site site) {
    SAB_EXPECT_(self->len < self->cap, "append_assume_capacity", BA_OUT_OF_BOUNDS, );
    self->ptr[self->len++] = item;
    SAB_OF_(list_end_)(self);
}

SAB_FAST_BODY_ void SAB_OF_(list_append)(SAB_LIST_ *self, SAB_T_ item) {
#if BA_BUILD_MODE == BA_DEBUG
    SAB_OF_(list_append_at)(self, item, SAB_SITE_());
#else
    if (self->len == self->cap) {
        SAB_OF_(list_append_slow_)(self, item);
        return;
    }
    self->ptr[self->len++] = item;
    SAB_OF_(list_end_)(self);
#endif
}

SAB_FAST_BODY_ void SAB_OF_(list_append_assume_capacity)(SAB_LIST_ *self, SAB_T_ item) {
    SAB_OF_(list_append_assume_capacity_at)(self, item, SAB_SITE_());
}
