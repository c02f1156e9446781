/* The bodies of what the buffer types have in common. Part of static_buffer/define.h, which
 * includes it once for each; not for users. */

SAB_BODY_ const SAB_T_ *SAB_OF_(SAB_GENERIC_(at_at))(const SAB_SELF_ *self, size_t index,
                                                     ba_call_site site) {
    SAB_EXPECT_(index < self->len, "at", BA_OUT_OF_BOUNDS, NULL);
    return &self->ptr[index];
}

SAB_BODY_ SAB_T_ *SAB_OF_(SAB_GENERIC_(at_mut_at))(SAB_SELF_ *self, size_t index,
                                                   ba_call_site site) {
    SAB_EXPECT_(index < self->len, "at_mut", BA_OUT_OF_BOUNDS, NULL);
    return &self->ptr[index];
}

SAB_PLAIN_BODY_ const SAB_T_ *SAB_OF_(SAB_GENERIC_(first))(const SAB_SELF_ *self) {
    return self->len != 0 ? self->ptr : NULL;
}

SAB_PLAIN_BODY_ const SAB_T_ *SAB_OF_(SAB_GENERIC_(last))(const SAB_SELF_ *self) {
    return self->len != 0 ? &self->ptr[self->len - 1] : NULL;
}

SAB_PLAIN_BODY_ const SAB_T_ *SAB_OF_(SAB_GENERIC_(begin))(const SAB_SELF_ *self) {
    return SAB_OF_(SAB_GENERIC_(first))(self);
}

SAB_PLAIN_BODY_ const SAB_T_ *SAB_OF_(SAB_GENERIC_(end))(const SAB_SELF_ *self) {
    return self->len != 0 ? self->ptr + self->len : NULL;
}

SAB_PLAIN_BODY_ SAB_VIEW_ SAB_OF_(SAB_GENERIC_(view))(const SAB_SELF_ *self) {
    SAB_VIEW_ view;
    view.ptr = SAB_OF_(SAB_GENERIC_(first))(self);
    view.len = self->len;
    return view;
}

SAB_BODY_ SAB_VIEW_ SAB_OF_(SAB_GENERIC_(view_range_at))(const SAB_SELF_ *self, size_t first,
                                                         size_t count, ba_call_site site) {
    SAB_EXPECT_(first <= self->len && count <= self->len - first, "view_range", BA_OUT_OF_BOUNDS,
                SAB_OF_(view_none_)());
    SAB_VIEW_ view;
    view.ptr = count != 0 ? self->ptr + first : NULL;
    view.len = count;
    return view;
}

#ifdef SAB_SENTINEL
SAB_PLAIN_BODY_ const SAB_T_ *SAB_OF_(SAB_GENERIC_(terminated))(const SAB_SELF_ *self) {
    static const SAB_T_ SAB_OF_(sentinel_value_) = SAB_SENTINEL;
    return self->len != 0 ? self->ptr : &SAB_OF_(sentinel_value_);
}
#endif

SAB_BODY_ void SAB_OF_(SAB_GENERIC_(swap_at))(SAB_SELF_ *self, size_t first, size_t second,
                                              ba_call_site site) {
    SAB_EXPECT_(first < self->len && second < self->len, "swap", BA_OUT_OF_BOUNDS, );
    SAB_OF_(elements_exchange_)(&self->ptr[first], &self->ptr[second]);
}

SAB_PLAIN_BODY_ void SAB_OF_(SAB_GENERIC_(reverse))(SAB_SELF_ *self) {
    for (size_t i = 0; i < self->len / 2; i++) {
        SAB_OF_(elements_exchange_)(&self->ptr[i], &self->ptr[self->len - 1 - i]);
    }
}

#ifdef SAB_CAN_COMPARE_
SAB_PLAIN_BODY_ void SAB_OF_(SAB_GENERIC_(sort))(SAB_SELF_ *self) {
    SAB_OF_(elements_sort_)(self->ptr, self->len);
}

SAB_PLAIN_BODY_ sab_position SAB_OF_(SAB_GENERIC_(binary_search))(const SAB_SELF_ *self,
                                                                  const SAB_T_ *value) {
    sab_position position;
    position.index = 0;
    size_t rest = self->len;
    while (rest != 0) {
        const size_t half = rest / 2;
        if (SAB_OF_(elements_compare_)(&self->ptr[position.index + half], value) < 0) {
            position.index += half + 1;
            rest -= half + 1;
        } else {
            rest = half;
        }
    }
    position.found = position.index < self->len &&
                     SAB_OF_(elements_compare_)(&self->ptr[position.index], value) == 0;
    return position;
}

SAB_PLAIN_BODY_ int SAB_OF_(SAB_GENERIC_(compare))(const SAB_SELF_ *self, const SAB_SELF_ *other) {
    const size_t both = self->len < other->len ? self->len : other->len;
    for (size_t i = 0; i < both; i++) {
        const int order = SAB_OF_(elements_compare_)(&self->ptr[i], &other->ptr[i]);
        if (order != 0) {
            return order;
        }
    }
    return (self->len > other->len) - (self->len < other->len);
}
#endif

#ifdef SAB_CAN_EQUAL_
SAB_PLAIN_BODY_ sab_position SAB_OF_(SAB_GENERIC_(find))(const SAB_SELF_ *self,
                                                         const SAB_T_ *value) {
    sab_position position;
    position.index = 0;
    while (position.index < self->len &&
           !SAB_OF_(elements_equal_)(&self->ptr[position.index], value)) {
        position.index++;
    }
    position.found = position.index < self->len;
    return position;
}

SAB_PLAIN_BODY_ bool SAB_OF_(SAB_GENERIC_(equal))(const SAB_SELF_ *self, const SAB_SELF_ *other) {
    if (self->len != other->len) {
        return false;
    }
    for (size_t i = 0; i < self->len; i++) {
        if (!SAB_OF_(elements_equal_)(&self->ptr[i], &other->ptr[i])) {
            return false;
        }
    }
    return true;
}
#endif
