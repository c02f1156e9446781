/* The bodies of the functions for text. Part of static_buffer/define.h; not for users. */

BA_STATIC_ASSERT(sizeof(SAB_T_) == 1, "SAB_BYTES needs a SAB_TYPE of one byte");

/* The memory that text can be printed into: after the sentinel, which an argument may need, and
 * with a place for printf's terminator. */
static inline char *SAB_OF_(list_room_)(const SAB_LIST_ *self, size_t room) {
    return room != 0 ? (char *)(void *)(self->ptr + self->len + SAB_OF_(layout_)().extra) : NULL;
}

/* Makes `count` bytes that were printed there the list's. */
static inline void SAB_OF_(list_close_up_)(SAB_LIST_ *self, size_t count) {
    SAB_T_ *const end = self->ptr + self->len;
    sab_core_move(end, end + SAB_OF_(layout_)().extra, count);
    self->len += count;
    SAB_OF_(list_end_)(self);
}

/* Prints `count` bytes, for which a list has no room. What it had stays alive until they are
 * printed. */
static inline BA_MUST_USE BA_PRINTF(3, 0) ba_error
    SAB_OF_(list_grow_and_print_)(SAB_LIST_ *self, size_t count, const char *format,
                                  va_list arguments, ba_call_site site) {
    const sab_layout layout = SAB_OF_(layout_)();
    if (count >= SIZE_MAX - layout.extra - self->len) {
        return ba_error_of(BA_LIMIT);
    }
    const sab_growth growth = sab_core_growth(layout, self->cap, self->len + count + 1);
    SAB_LIST_ old = SAB_OF_(list_none_)();
    ba_error error = SAB_OF_(list_enlarge_in_place_)(self, growth, site);
    if (ba_error_is_refusal(error)) {
        old = *self;
        error = SAB_OF_(list_move_)(self, growth, site);
    }
    if (ba_failed(error)) {
        return error;
    }
    (void)vsnprintf(SAB_OF_(list_room_)(self, count), count + 1, format, arguments);
    SAB_OF_(list_close_up_)(self, count);
    SAB_OF_(list_leave_)(&old, site);
    return error;
}

SAB_BODY_ ba_error SAB_OF_(list_try_vappend_format_at)(SAB_LIST_ *self, const char *format,
                                                       va_list arguments, ba_call_site site) {
    const size_t room = self->cap - self->len;
    va_list again;
    va_copy(again, arguments);
    const int length = vsnprintf(SAB_OF_(list_room_)(self, room), room, format, again);
    va_end(again);
    if (length < 0) {
        return ba_error_of(BA_UNSUPPORTED);
    }
    const size_t count = (size_t)length;
    if (count == 0) {
        return ba_error_of(BA_OK);
    }
    if (count < room) {
        SAB_OF_(list_close_up_)(self, count);
        return ba_error_of(BA_OK);
    }
    if (count == room &&
        sab_core_format_aside((char *)(void *)(self->ptr + self->len), count, format, arguments)) {
        self->len += count;
        SAB_OF_(list_end_)(self);
        return ba_error_of(BA_OK);
    }
    return SAB_OF_(list_grow_and_print_)(self, count, format, arguments, site);
}

/* Prints after what the list holds, and then drops that. */
SAB_BODY_ ba_error SAB_OF_(list_try_vformat_at)(SAB_LIST_ *self, const char *format,
                                                va_list arguments, ba_call_site site) {
    const size_t before = self->len;
    const ba_error error = SAB_OF_(list_try_vappend_format_at)(self, format, arguments, site);
    if (!ba_failed(error)) {
        SAB_OF_(list_delete_range_at)(self, 0, before, site);
    }
    return error;
}

SAB_PLAIN_BODY_ ba_error SAB_OF_(list_try_append_format)(SAB_LIST_ *self, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const ba_error error =
        SAB_OF_(list_try_vappend_format_at)(self, format, arguments, SAB_SITE_());
    va_end(arguments);
    return error;
}

SAB_PLAIN_BODY_ void SAB_OF_(list_append_format)(SAB_LIST_ *self, const char *format, ...) {
    const ba_call_site site = SAB_SITE_();
    va_list arguments;
    va_start(arguments, format);
    const ba_error error = SAB_OF_(list_try_vappend_format_at)(self, format, arguments, site);
    va_end(arguments);
    SAB_DEMAND_(error, "append_format", );
}

SAB_PLAIN_BODY_ ba_error SAB_OF_(list_try_format)(SAB_LIST_ *self, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const ba_error error = SAB_OF_(list_try_vformat_at)(self, format, arguments, SAB_SITE_());
    va_end(arguments);
    return error;
}

SAB_PLAIN_BODY_ void SAB_OF_(list_format)(SAB_LIST_ *self, const char *format, ...) {
    const ba_call_site site = SAB_SITE_();
    va_list arguments;
    va_start(arguments, format);
    const ba_error error = SAB_OF_(list_try_vformat_at)(self, format, arguments, site);
    va_end(arguments);
    SAB_DEMAND_(error, "format", );
}

/* What list_as_writer() gives. */
static inline size_t SAB_OF_(list_write_)(void *context, const void *bytes, size_t count) {
    const ba_error error = SAB_OF_(list_try_append_items_at)(
        (SAB_LIST_ *)context, (const SAB_T_ *)bytes, count, ba_call_site_none());
    return ba_failed(error) ? 0 : count;
}

SAB_PLAIN_BODY_ sab_writer SAB_OF_(list_as_writer)(SAB_LIST_ *self) {
    sab_writer writer;
    writer.write = SAB_OF_(list_write_);
    writer.context = self;
    return writer;
}
