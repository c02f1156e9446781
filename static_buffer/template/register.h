/* Gives a type its number in this translation unit, and its functions the names that the verbs of
 * static_buffer/verbs.h choose from: sab_VERB_list_NUMBER. In C++ they are overloads of sab_VERB.
 * Part of static_buffer/define.h; not for users. */

#if SAB_DIGIT_2_ == 7 && SAB_DIGIT_1_ == 7 && SAB_DIGIT_0_ == 7
#error "A translation unit has at most 511 list types"
#endif

/* The name of a verb's function, of its first words. They come with a line already: a word alone
 * may be the name of somebody's macro. */
#ifdef __cplusplus
#define SAB_NAMED_(sab_verb, _kind_) sab_verb
#else
#define SAB_NAMED_(sab_verb, _kind_)                                                               \
    SAB_NUMBERED_(sab_verb, _kind_, SAB_DIGIT_2_, SAB_DIGIT_1_, SAB_DIGIT_0_)
#define SAB_NUMBERED_(sab_verb, _kind_, a, b, c) SAB_NUMBERED_AGAIN_(sab_verb, _kind_, a, b, c)
#define SAB_NUMBERED_AGAIN_(sab_verb, _kind_, a, b, c) sab_verb##_kind_##a##b##c
#endif

/* One function that passes its arguments on; a debugger steps over it. */
#if defined(__GNUC__)
#define SAB_PASSES_ON_ static inline __attribute__((always_inline, artificial))
#else
#define SAB_PASSES_ON_ static inline
#endif
/* NOLINTBEGIN(bugprone-macro-parentheses): the lists bring parentheses of their own. */
#define SAB_PASS_(type, verb, kind, parameters, arguments)                                         \
    SAB_PASSES_ON_ type SAB_NAMED_(sab_##verb, _##kind##_) parameters {                            \
        return SAB_OF_(kind##_##verb) arguments;                                                   \
    }
#define SAB_PASS_VOID_(verb, kind, parameters, arguments)                                          \
    SAB_PASSES_ON_ void SAB_NAMED_(sab_##verb, _##kind##_) parameters {                            \
        SAB_OF_(kind##_##verb) arguments;                                                          \
    }
/* NOLINTEND(bugprone-macro-parentheses) */

#ifdef __cplusplus
extern "C++" {
#else
typedef SAB_LIST_ SAB_NAMED_(sab, _list_);
typedef SAB_SLICE_ SAB_NAMED_(sab, _slice_);
#endif

/* --- life --- */

SAB_PASS_(SAB_LIST_, clone, list, (const SAB_LIST_ *self), (self))
SAB_PASS_(BA_MUST_USE ba_error, try_clone, list, (const SAB_LIST_ *self, SAB_LIST_ *copy),
          (self, copy))
SAB_PASS_(SAB_SLICE_, clone, slice, (const SAB_SLICE_ *self), (self))
SAB_PASS_(BA_MUST_USE ba_error, try_clone, slice, (const SAB_SLICE_ *self, SAB_SLICE_ *copy),
          (self, copy))
SAB_PASS_VOID_(release, list, (SAB_LIST_ * self), (self))
SAB_PASS_VOID_(release, slice, (SAB_SLICE_ * self), (self))
SAB_PASS_(SAB_LIST_, give, list, (SAB_LIST_ * self), (self))

/* --- append and insert --- */

SAB_PASS_VOID_(append, list, (SAB_LIST_ * self, SAB_T_ item), (self, item))
SAB_PASS_(BA_MUST_USE ba_error, try_append, list, (SAB_LIST_ * self, SAB_T_ item), (self, item))
SAB_PASS_VOID_(append_assume_capacity, list, (SAB_LIST_ * self, SAB_T_ item), (self, item))
SAB_PASS_VOID_(append_items, list, (SAB_LIST_ * self, const SAB_T_ *items, size_t count),
               (self, items, count))
SAB_PASS_(BA_MUST_USE ba_error, try_append_items, list,
          (SAB_LIST_ * self, const SAB_T_ *items, size_t count), (self, items, count))
SAB_PASS_VOID_(append_items_assume_capacity, list,
               (SAB_LIST_ * self, const SAB_T_ *items, size_t count), (self, items, count))
SAB_PASS_VOID_(append_n, list, (SAB_LIST_ * self, SAB_T_ value, size_t count), (self, value, count))
SAB_PASS_(BA_MUST_USE ba_error, try_append_n, list, (SAB_LIST_ * self, SAB_T_ value, size_t count),
          (self, value, count))
SAB_PASS_VOID_(append_n_assume_capacity, list, (SAB_LIST_ * self, SAB_T_ value, size_t count),
               (self, value, count))
SAB_PASS_(SAB_T_ *, append_slots, list, (SAB_LIST_ * self, size_t count), (self, count))
SAB_PASS_(BA_MUST_USE ba_error, try_append_slots, list,
          (SAB_LIST_ * self, size_t count, SAB_T_ **places), (self, count, places))
SAB_PASS_(SAB_T_ *, append_slots_assume_capacity, list, (SAB_LIST_ * self, size_t count),
          (self, count))
SAB_PASS_VOID_(insert, list, (SAB_LIST_ * self, size_t index, SAB_T_ item), (self, index, item))
SAB_PASS_(BA_MUST_USE ba_error, try_insert, list, (SAB_LIST_ * self, size_t index, SAB_T_ item),
          (self, index, item))
SAB_PASS_VOID_(insert_assume_capacity, list, (SAB_LIST_ * self, size_t index, SAB_T_ item),
               (self, index, item))
SAB_PASS_VOID_(insert_items, list,
               (SAB_LIST_ * self, size_t index, const SAB_T_ *items, size_t count),
               (self, index, items, count))
SAB_PASS_(BA_MUST_USE ba_error, try_insert_items, list,
          (SAB_LIST_ * self, size_t index, const SAB_T_ *items, size_t count),
          (self, index, items, count))
SAB_PASS_VOID_(insert_items_assume_capacity, list,
               (SAB_LIST_ * self, size_t index, const SAB_T_ *items, size_t count),
               (self, index, items, count))
SAB_PASS_VOID_(insert_n, list, (SAB_LIST_ * self, size_t index, SAB_T_ value, size_t count),
               (self, index, value, count))
SAB_PASS_(BA_MUST_USE ba_error, try_insert_n, list,
          (SAB_LIST_ * self, size_t index, SAB_T_ value, size_t count), (self, index, value, count))
SAB_PASS_VOID_(insert_n_assume_capacity, list,
               (SAB_LIST_ * self, size_t index, SAB_T_ value, size_t count),
               (self, index, value, count))
SAB_PASS_(SAB_T_ *, insert_slots, list, (SAB_LIST_ * self, size_t index, size_t count),
          (self, index, count))
SAB_PASS_(BA_MUST_USE ba_error, try_insert_slots, list,
          (SAB_LIST_ * self, size_t index, size_t count, SAB_T_ **places),
          (self, index, count, places))
SAB_PASS_(SAB_T_ *, insert_slots_assume_capacity, list,
          (SAB_LIST_ * self, size_t index, size_t count), (self, index, count))
SAB_PASS_VOID_(replace, list,
               (SAB_LIST_ * self, size_t first, size_t removed, const SAB_T_ *items, size_t count),
               (self, first, removed, items, count))
SAB_PASS_(BA_MUST_USE ba_error, try_replace, list,
          (SAB_LIST_ * self, size_t first, size_t removed, const SAB_T_ *items, size_t count),
          (self, first, removed, items, count))
SAB_PASS_VOID_(replace_assume_capacity, list,
               (SAB_LIST_ * self, size_t first, size_t removed, const SAB_T_ *items, size_t count),
               (self, first, removed, items, count))
SAB_PASS_VOID_(append_from_within, list, (SAB_LIST_ * self, size_t first, size_t count),
               (self, first, count))
SAB_PASS_(BA_MUST_USE ba_error, try_append_from_within, list,
          (SAB_LIST_ * self, size_t first, size_t count), (self, first, count))
SAB_PASS_VOID_(append_from_within_assume_capacity, list,
               (SAB_LIST_ * self, size_t first, size_t count), (self, first, count))
SAB_PASS_VOID_(append_slice, list, (SAB_LIST_ * self, SAB_SLICE_ *slice), (self, slice))
SAB_PASS_(BA_MUST_USE ba_error, try_append_slice, list, (SAB_LIST_ * self, SAB_SLICE_ *slice),
          (self, slice))

/* --- remove, delete, transplant --- */

SAB_PASS_(SAB_T_, remove, list, (SAB_LIST_ * self, size_t index), (self, index))
SAB_PASS_(SAB_LIST_, remove_range, list, (SAB_LIST_ * self, size_t first, size_t count),
          (self, first, count))
SAB_PASS_(BA_MUST_USE ba_error, try_remove_range, list,
          (SAB_LIST_ * self, size_t first, size_t count, SAB_LIST_ *removed),
          (self, first, count, removed))
SAB_PASS_VOID_(delete, list, (SAB_LIST_ * self, size_t index), (self, index))
SAB_PASS_VOID_(delete_range, list, (SAB_LIST_ * self, size_t first, size_t count),
               (self, first, count))
SAB_PASS_VOID_(transplant, list, (SAB_LIST_ * self, size_t index, SAB_T_ *destination),
               (self, index, destination))
SAB_PASS_VOID_(transplant_range, list,
               (SAB_LIST_ * self, size_t first, size_t count, SAB_T_ *destination),
               (self, first, count, destination))
SAB_PASS_(SAB_T_, swap_remove, list, (SAB_LIST_ * self, size_t index), (self, index))
SAB_PASS_(SAB_LIST_, swap_remove_range, list, (SAB_LIST_ * self, size_t first, size_t count),
          (self, first, count))
SAB_PASS_(BA_MUST_USE ba_error, try_swap_remove_range, list,
          (SAB_LIST_ * self, size_t first, size_t count, SAB_LIST_ *removed),
          (self, first, count, removed))
SAB_PASS_VOID_(swap_delete, list, (SAB_LIST_ * self, size_t index), (self, index))
SAB_PASS_VOID_(swap_delete_range, list, (SAB_LIST_ * self, size_t first, size_t count),
               (self, first, count))
SAB_PASS_VOID_(swap_transplant, list, (SAB_LIST_ * self, size_t index, SAB_T_ *destination),
               (self, index, destination))
SAB_PASS_VOID_(swap_transplant_range, list,
               (SAB_LIST_ * self, size_t first, size_t count, SAB_T_ *destination),
               (self, first, count, destination))
SAB_PASS_(SAB_T_, pop, list, (SAB_LIST_ * self), (self))
SAB_PASS_(BA_MUST_USE bool, try_pop, list, (SAB_LIST_ * self, SAB_T_ *item), (self, item))
SAB_PASS_VOID_(drain, list,
               (SAB_LIST_ * self, size_t first, size_t count,
                void (*take)(void *context, SAB_T_ item), void *context),
               (self, first, count, take, context))
SAB_PASS_VOID_(retain, list,
               (SAB_LIST_ * self, bool (*keep)(void *context, const SAB_T_ *item), void *context),
               (self, keep, context))
SAB_PASS_VOID_(dedup, list, (SAB_LIST_ * self), (self))
SAB_PASS_(SAB_LIST_, split_off, list, (SAB_LIST_ * self, size_t index), (self, index))
SAB_PASS_(BA_MUST_USE ba_error, try_split_off, list,
          (SAB_LIST_ * self, size_t index, SAB_LIST_ *rest), (self, index, rest))
SAB_PASS_VOID_(clear, list, (SAB_LIST_ * self), (self))

/* --- size --- */

SAB_PASS_VOID_(ensure_capacity, list, (SAB_LIST_ * self, size_t capacity), (self, capacity))
SAB_PASS_(BA_MUST_USE ba_error, try_ensure_capacity, list, (SAB_LIST_ * self, size_t capacity),
          (self, capacity))
SAB_PASS_(BA_MUST_USE bool, ensure_capacity_in_place, list, (SAB_LIST_ * self, size_t capacity),
          (self, capacity))
SAB_PASS_VOID_(ensure_unused, list, (SAB_LIST_ * self, size_t count), (self, count))
SAB_PASS_(BA_MUST_USE ba_error, try_ensure_unused, list, (SAB_LIST_ * self, size_t count),
          (self, count))
SAB_PASS_(BA_MUST_USE bool, ensure_unused_in_place, list, (SAB_LIST_ * self, size_t count),
          (self, count))
SAB_PASS_VOID_(shrink_to_fit, list, (SAB_LIST_ * self), (self))
SAB_PASS_VOID_(set_len, list, (SAB_LIST_ * self, size_t len), (self, len))
SAB_PASS_VOID_(grow_len, list, (SAB_LIST_ * self, size_t len, SAB_T_ value), (self, len, value))
SAB_PASS_(BA_MUST_USE ba_error, try_grow_len, list, (SAB_LIST_ * self, size_t len, SAB_T_ value),
          (self, len, value))
SAB_PASS_VOID_(shrink_len, list, (SAB_LIST_ * self, size_t len), (self, len))
SAB_PASS_(SAB_T_ *, grow_to_capacity, list, (SAB_LIST_ * self), (self))
SAB_PASS_(SAB_SLICE_, spare, list, (SAB_LIST_ * self), (self))
SAB_PASS_VOID_(resize, slice, (SAB_SLICE_ * self, size_t count), (self, count))
SAB_PASS_(BA_MUST_USE ba_error, try_resize, slice, (SAB_SLICE_ * self, size_t count), (self, count))
SAB_PASS_(BA_MUST_USE bool, resize_in_place, slice, (SAB_SLICE_ * self, size_t count),
          (self, count))
SAB_PASS_VOID_(resize_at_least, slice, (SAB_SLICE_ * self, size_t count), (self, count))
SAB_PASS_(BA_MUST_USE ba_error, try_resize_at_least, slice, (SAB_SLICE_ * self, size_t count),
          (self, count))
SAB_PASS_(BA_MUST_USE bool, resize_at_least_in_place, slice, (SAB_SLICE_ * self, size_t count),
          (self, count))

/* --- lists and slices into each other --- */

SAB_PASS_(SAB_SLICE_, into_slice, list, (SAB_LIST_ * self), (self))
SAB_PASS_(SAB_LIST_, into_list, slice, (SAB_SLICE_ * self), (self))
SAB_PASS_(SAB_SLICE_, part_into_slice, list, (SAB_LIST_ * self, size_t first, size_t count),
          (self, first, count))
SAB_PASS_(BA_MUST_USE ba_error, try_part_into_slice, list,
          (SAB_LIST_ * self, size_t first, size_t count, SAB_SLICE_ *slice),
          (self, first, count, slice))

/* --- text --- */

SAB_PASS_(sab_writer, as_writer, list, (SAB_LIST_ * self), (self))

/* What takes any number of arguments cannot pass them on. */
#ifdef SAB_BYTES
#define SAB_PASS_FORMAT_(verb)                                                                     \
    static inline BA_PRINTF(2, 3) void SAB_NAMED_(sab_##verb, _list_)(SAB_LIST_ * self,            \
                                                                      const char *format, ...) {   \
        va_list arguments;                                                                         \
        va_start(arguments, format);                                                               \
        const ba_error error = SAB_OF_(list_try_v##verb)(self, format, arguments);                 \
        va_end(arguments);                                                                         \
        SAB_DEMAND_(error, #verb);                                                                 \
    }                                                                                              \
    static inline BA_MUST_USE BA_PRINTF(2, 3) ba_error SAB_NAMED_(sab_try_##verb, _list_)(         \
        SAB_LIST_ * self, const char *format, ...) {                                               \
        va_list arguments;                                                                         \
        va_start(arguments, format);                                                               \
        const ba_error error = SAB_OF_(list_try_v##verb)(self, format, arguments);                 \
        va_end(arguments);                                                                         \
        return error;                                                                              \
    }
SAB_PASS_FORMAT_(append_format)
SAB_PASS_FORMAT_(format)
#undef SAB_PASS_FORMAT_
#elif !defined(__cplusplus)
SAB_FORMATS_ void SAB_NAMED_(sab_append_format, _list_)(SAB_LIST_ *self, const char *format, ...);
SAB_FORMATS_ ba_error SAB_NAMED_(sab_try_append_format, _list_)(SAB_LIST_ *self, const char *format,
                                                                ...);
SAB_FORMATS_ void SAB_NAMED_(sab_format, _list_)(SAB_LIST_ *self, const char *format, ...);
SAB_FORMATS_ ba_error SAB_NAMED_(sab_try_format, _list_)(SAB_LIST_ *self, const char *format, ...);
#endif

/* --- elements --- */

SAB_PASS_(const SAB_T_ *, at, list, (const SAB_LIST_ *self, size_t index), (self, index))
SAB_PASS_(SAB_T_ *, at_mut, list, (SAB_LIST_ * self, size_t index), (self, index))
SAB_PASS_(const SAB_T_ *, first, list, (const SAB_LIST_ *self), (self))
SAB_PASS_(const SAB_T_ *, last, list, (const SAB_LIST_ *self), (self))
SAB_PASS_(const SAB_T_ *, begin, list, (const SAB_LIST_ *self), (self))
SAB_PASS_(const SAB_T_ *, end, list, (const SAB_LIST_ *self), (self))
SAB_PASS_(SAB_VIEW_, view, list, (const SAB_LIST_ *self), (self))
SAB_PASS_(SAB_VIEW_, view_range, list, (const SAB_LIST_ *self, size_t first, size_t count),
          (self, first, count))
SAB_PASS_(const SAB_T_ *, terminated, list, (const SAB_LIST_ *self), (self))
SAB_PASS_VOID_(swap, list, (SAB_LIST_ * self, size_t first, size_t second), (self, first, second))
SAB_PASS_VOID_(reverse, list, (SAB_LIST_ * self), (self))
SAB_PASS_VOID_(sort, list, (SAB_LIST_ * self), (self))
SAB_PASS_(sab_position, binary_search, list, (const SAB_LIST_ *self, const SAB_T_ *value),
          (self, value))
SAB_PASS_(int, compare, list, (const SAB_LIST_ *self, const SAB_LIST_ *other), (self, other))
SAB_PASS_(sab_position, find, list, (const SAB_LIST_ *self, const SAB_T_ *value), (self, value))
SAB_PASS_(bool, equal, list, (const SAB_LIST_ *self, const SAB_LIST_ *other), (self, other))
SAB_PASS_(const SAB_T_ *, at, slice, (const SAB_SLICE_ *self, size_t index), (self, index))
SAB_PASS_(SAB_T_ *, at_mut, slice, (SAB_SLICE_ * self, size_t index), (self, index))
SAB_PASS_(const SAB_T_ *, first, slice, (const SAB_SLICE_ *self), (self))
SAB_PASS_(const SAB_T_ *, last, slice, (const SAB_SLICE_ *self), (self))
SAB_PASS_(const SAB_T_ *, begin, slice, (const SAB_SLICE_ *self), (self))
SAB_PASS_(const SAB_T_ *, end, slice, (const SAB_SLICE_ *self), (self))
SAB_PASS_(SAB_VIEW_, view, slice, (const SAB_SLICE_ *self), (self))
SAB_PASS_(SAB_VIEW_, view_range, slice, (const SAB_SLICE_ *self, size_t first, size_t count),
          (self, first, count))
SAB_PASS_(const SAB_T_ *, terminated, slice, (const SAB_SLICE_ *self), (self))
SAB_PASS_VOID_(swap, slice, (SAB_SLICE_ * self, size_t first, size_t second), (self, first, second))
SAB_PASS_VOID_(reverse, slice, (SAB_SLICE_ * self), (self))
SAB_PASS_VOID_(sort, slice, (SAB_SLICE_ * self), (self))
SAB_PASS_(sab_position, binary_search, slice, (const SAB_SLICE_ *self, const SAB_T_ *value),
          (self, value))
SAB_PASS_(int, compare, slice, (const SAB_SLICE_ *self, const SAB_SLICE_ *other), (self, other))
SAB_PASS_(sab_position, find, slice, (const SAB_SLICE_ *self, const SAB_T_ *value), (self, value))
SAB_PASS_(bool, equal, slice, (const SAB_SLICE_ *self, const SAB_SLICE_ *other), (self, other))

#ifdef __cplusplus
} /* extern "C++" */
#endif

#undef SAB_NAMED_
#undef SAB_NUMBERED_
#undef SAB_NUMBERED_AGAIN_
#undef SAB_PASSES_ON_
#undef SAB_PASS_
#undef SAB_PASS_VOID_
