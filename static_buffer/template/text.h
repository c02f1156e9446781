/* The bodies of the verbs for text. Part of static_buffer/define.h; not for users. */

BA_STATIC_ASSERT(sizeof(SAB_T_) == 1, "SAB_BYTES needs a SAB_TYPE of one byte");

SAB_BODY_ ba_error SAB_OF_(list_try_vappend_format)(SAB_LIST_ *self, const char *format,
                                                    va_list arguments) {
    va_list again;
    va_copy(again, arguments);
    const int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length < 0) {
        return ba_error_of(BA_UNSUPPORTED);
    }
    /* vsnprintf() writes a terminator too: where the sentinel goes, if there is one. */
    const size_t count = (size_t)length;
    const size_t room = count + 1 - SAB_OF_(layout_)().extra;
    const ba_error error = SAB_OF_(list_make_room_)(self, room, SAB_SITE_());
    if (!ba_failed(error) && count != 0) {
        (void)vsnprintf((char *)(void *)(self->ptr + self->len), count + 1, format, arguments);
        self->len += count;
        SAB_OF_(list_end_)(self);
    }
    return error;
}

/* Prints behind what the list holds, and then drops that. */
SAB_BODY_ ba_error SAB_OF_(list_try_vformat)(SAB_LIST_ *self, const char *format,
                                             va_list arguments) {
    const size_t before = self->len;
    const ba_error error = SAB_OF_(list_try_vappend_format)(self, format, arguments);
    if (!ba_failed(error)) {
        SAB_OF_(list_delete_range)(self, 0, before);
    }
    return error;
}

SAB_BODY_ ba_error SAB_OF_(list_try_append_format)(SAB_LIST_ *self, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const ba_error error = SAB_OF_(list_try_vappend_format)(self, format, arguments);
    va_end(arguments);
    return error;
}

SAB_BODY_ void SAB_OF_(list_append_format)(SAB_LIST_ *self, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const ba_error error = SAB_OF_(list_try_vappend_format)(self, format, arguments);
    va_end(arguments);
    SAB_DEMAND_(error, "append_format");
}

SAB_BODY_ ba_error SAB_OF_(list_try_format)(SAB_LIST_ *self, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const ba_error error = SAB_OF_(list_try_vformat)(self, format, arguments);
    va_end(arguments);
    return error;
}

SAB_BODY_ void SAB_OF_(list_format)(SAB_LIST_ *self, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const ba_error error = SAB_OF_(list_try_vformat)(self, format, arguments);
    va_end(arguments);
    SAB_DEMAND_(error, "format");
}

/* What list_as_writer() gives. */
static inline size_t SAB_OF_(list_write_)(void *context, const void *bytes, size_t count) {
    const ba_error error =
        SAB_OF_(list_try_append_items)((SAB_LIST_ *)context, (const SAB_T_ *)bytes, count);
    return ba_failed(error) ? 0 : count;
}

SAB_BODY_ sab_writer SAB_OF_(list_as_writer)(SAB_LIST_ *self) {
    sab_writer writer;
    writer.write = SAB_OF_(list_write_);
    writer.context = self;
    return writer;
}
