/* Registers a type for the generic functions of static_buffer/generic.h. It gets its number in this
 * translation unit, and its functions the names that they choose from: sab_FUNCTION_list_NUMBER. In
 * C++ they are
 * overloads of sab_FUNCTION_at and, of those without a call site, of sab_FUNCTION. Part of
 * static_buffer/define.h; not for users. */

#if SAB_DIGIT_2_ == 7 && SAB_DIGIT_1_ == 7 && SAB_DIGIT_0_ == 7
#error "A translation unit has at most 511 list types"
#endif

/* The name that a generic function chooses, made of its first words. They come with a line already:
 * a word alone may be the name of a user's macro. */
#ifdef __cplusplus
#define SAB_NAMED_(sab_function, _kind_) sab_function
#define SAB_NAMED_WITH_SITE_(sab_function, _kind_) sab_function##_at
#else
#define SAB_NAMED_(sab_function, _kind_)                                                           \
    SAB_NUMBERED_(sab_function, _kind_, SAB_DIGIT_2_, SAB_DIGIT_1_, SAB_DIGIT_0_)
#define SAB_NAMED_WITH_SITE_(sab_function, _kind_) SAB_NAMED_(sab_function, _kind_)
#define SAB_NUMBERED_(sab_function, _kind_, a, b, c)                                               \
    SAB_NUMBERED_AGAIN_(sab_function, _kind_, a, b, c)
#define SAB_NUMBERED_AGAIN_(sab_function, _kind_, a, b, c) sab_function##_kind_##a##b##c
#endif

/* A function that passes its arguments on; a debugger steps over it. */
#if defined(__GNUC__)
#define SAB_PASSES_ON_ static inline __attribute__((always_inline, artificial))
#else
#define SAB_PASSES_ON_ static inline
#endif
/* NOLINTBEGIN(bugprone-macro-parentheses): the lists bring parentheses of their own. */
#define SAB_PASS_(type, function, kind, parameters, arguments)                                     \
    SAB_PASSES_ON_ type SAB_NAMED_(sab_##function, _##kind##_) parameters {                        \
        return SAB_OF_(kind##_##function) arguments;                                               \
    }
#define SAB_PASS_VOID_(function, kind, parameters, arguments)                                      \
    SAB_PASSES_ON_ void SAB_NAMED_(sab_##function, _##kind##_) parameters {                        \
        SAB_OF_(kind##_##function) arguments;                                                      \
    }
/* NOLINTEND(bugprone-macro-parentheses) */

#ifdef __cplusplus
extern "C++" {
#else
typedef SAB_LIST_ SAB_NAMED_(sab, _list_);
typedef SAB_SLICE_ SAB_NAMED_(sab, _slice_);
#endif

/* --- with a call site --- */

#define SAB_ROW_(class, type, function, kind, parameters, arguments)                               \
    SAB_PASSES_ON_ type SAB_NAMED_WITH_SITE_(sab_##function, _##kind##_)(SAB_BARE_(parameters),    \
                                                                         ba_call_site site) {      \
        return SAB_OF_(kind##_##function##_at)(SAB_BARE_(arguments), site);                        \
    }
#define SAB_ROW_VOID_(class, function, kind, parameters, arguments)                                \
    SAB_PASSES_ON_ void SAB_NAMED_WITH_SITE_(sab_##function, _##kind##_)(SAB_BARE_(parameters),    \
                                                                         ba_call_site site) {      \
        SAB_CALL_##class##_(kind##_##function, arguments);                                         \
    }
#define SAB_CALL_FUNCTION_(name, arguments) SAB_OF_(name##_at)(SAB_BARE_(arguments), site)
#define SAB_CALL_COPIES_(name, arguments) SAB_OF_(name##_at)(SAB_BARE_(arguments), site)
#if BA_BUILD_MODE == BA_DEBUG
#define SAB_CALL_FAST_(name, arguments) SAB_OF_(name##_at)(SAB_BARE_(arguments), site)
#else
#define SAB_CALL_FAST_(name, arguments) ((void)site, SAB_OF_(name) arguments)
#endif
#define SAB_ROW_WITHOUT_GENERIC_(type, function, kind, parameters, arguments)
#include "static_buffer/internal/table.h"

/* --- without one --- */

/* BEGIN: written by static_buffer/generate.py. */
/* clang-format off */
SAB_PASS_(SAB_LIST_, into_raw, list,
    (SAB_LIST_ *self), (self))
SAB_PASS_(BA_MUST_USE bool, try_pop, list,
    (SAB_LIST_ *self, SAB_T_ *item), (self, item))
SAB_PASS_VOID_(retain, list,
    (SAB_LIST_ *self, bool (*keep)(void *context, const SAB_T_ *item), void *context), (self, keep, context))
SAB_PASS_VOID_(dedup, list,
    (SAB_LIST_ *self), (self))
SAB_PASS_VOID_(clear, list,
    (SAB_LIST_ *self), (self))
SAB_PASS_(SAB_T_ *, grow_to_capacity, list,
    (SAB_LIST_ *self), (self))
SAB_PASS_(SAB_SLICE_, spare_capacity, list,
    (SAB_LIST_ *self), (self))
SAB_PASS_(SAB_LIST_, into_list, slice,
    (SAB_SLICE_ *self), (self))
SAB_PASS_(sab_writer, as_writer, list,
    (SAB_LIST_ *self), (self))
SAB_PASS_(const SAB_T_ *, first, list,
    (const SAB_LIST_ *self), (self))
SAB_PASS_(const SAB_T_ *, first, slice,
    (const SAB_SLICE_ *self), (self))
SAB_PASS_(const SAB_T_ *, last, list,
    (const SAB_LIST_ *self), (self))
SAB_PASS_(const SAB_T_ *, last, slice,
    (const SAB_SLICE_ *self), (self))
SAB_PASS_(const SAB_T_ *, begin, list,
    (const SAB_LIST_ *self), (self))
SAB_PASS_(const SAB_T_ *, begin, slice,
    (const SAB_SLICE_ *self), (self))
SAB_PASS_(const SAB_T_ *, end, list,
    (const SAB_LIST_ *self), (self))
SAB_PASS_(const SAB_T_ *, end, slice,
    (const SAB_SLICE_ *self), (self))
SAB_PASS_(SAB_VIEW_, view, list,
    (const SAB_LIST_ *self), (self))
SAB_PASS_(SAB_VIEW_, view, slice,
    (const SAB_SLICE_ *self), (self))
SAB_PASS_(const SAB_T_ *, terminated, list,
    (const SAB_LIST_ *self), (self))
SAB_PASS_(const SAB_T_ *, terminated, slice,
    (const SAB_SLICE_ *self), (self))
SAB_PASS_VOID_(reverse, list,
    (SAB_LIST_ *self), (self))
SAB_PASS_VOID_(reverse, slice,
    (SAB_SLICE_ *self), (self))
SAB_PASS_VOID_(sort, list,
    (SAB_LIST_ *self), (self))
SAB_PASS_VOID_(sort, slice,
    (SAB_SLICE_ *self), (self))
SAB_PASS_(sab_position, binary_search, list,
    (const SAB_LIST_ *self, const SAB_T_ *value), (self, value))
SAB_PASS_(sab_position, binary_search, slice,
    (const SAB_SLICE_ *self, const SAB_T_ *value), (self, value))
SAB_PASS_(int, compare, list,
    (const SAB_LIST_ *self, const SAB_LIST_ *other), (self, other))
SAB_PASS_(int, compare, slice,
    (const SAB_SLICE_ *self, const SAB_SLICE_ *other), (self, other))
SAB_PASS_(sab_position, find, list,
    (const SAB_LIST_ *self, const SAB_T_ *value), (self, value))
SAB_PASS_(sab_position, find, slice,
    (const SAB_SLICE_ *self, const SAB_T_ *value), (self, value))
SAB_PASS_(bool, equal, list,
    (const SAB_LIST_ *self, const SAB_LIST_ *other), (self, other))
SAB_PASS_(bool, equal, slice,
    (const SAB_SLICE_ *self, const SAB_SLICE_ *other), (self, other))
/* clang-format on */
/* END */

/* --- text: what takes any number of arguments cannot pass them on --- */

#ifdef SAB_BYTES
#define SAB_PASS_FORMAT_(function)                                                                 \
    static inline BA_PRINTF(3, 4) void SAB_NAMED_WITH_SITE_(sab_##function, _list_)(               \
        SAB_LIST_ * self, ba_call_site site, const char *format, ...) {                            \
        va_list arguments;                                                                         \
        va_start(arguments, format);                                                               \
        const ba_error error = SAB_OF_(list_try_v##function##_at)(self, format, arguments, site);  \
        va_end(arguments);                                                                         \
        SAB_DEMAND_(error, #function, );                                                           \
    }                                                                                              \
    static inline BA_MUST_USE BA_PRINTF(3, 4) ba_error SAB_NAMED_WITH_SITE_(                       \
        sab_try_##function, _list_)(SAB_LIST_ * self, ba_call_site site, const char *format,       \
                                    ...) {                                                         \
        va_list arguments;                                                                         \
        va_start(arguments, format);                                                               \
        const ba_error error = SAB_OF_(list_try_v##function##_at)(self, format, arguments, site);  \
        va_end(arguments);                                                                         \
        return error;                                                                              \
    }
SAB_PASS_FORMAT_(append_format)
SAB_PASS_FORMAT_(format)
#undef SAB_PASS_FORMAT_
#elif !defined(__cplusplus)
SAB_FORMATS_ void SAB_NAMED_(sab_append_format, _list_)(SAB_LIST_ *self, ba_call_site site,
                                                        const char *format, ...);
SAB_FORMATS_ ba_error SAB_NAMED_(sab_try_append_format, _list_)(SAB_LIST_ *self, ba_call_site site,
                                                                const char *format, ...);
SAB_FORMATS_ void SAB_NAMED_(sab_format, _list_)(SAB_LIST_ *self, ba_call_site site,
                                                 const char *format, ...);
SAB_FORMATS_ ba_error SAB_NAMED_(sab_try_format, _list_)(SAB_LIST_ *self, ba_call_site site,
                                                         const char *format, ...);
#endif

#ifdef __cplusplus
} /* extern "C++" */
#endif

#undef SAB_NAMED_
#undef SAB_NAMED_WITH_SITE_
#undef SAB_NUMBERED_
#undef SAB_NUMBERED_AGAIN_
#undef SAB_CALL_FUNCTION_
#undef SAB_CALL_COPIES_
#undef SAB_CALL_FAST_
#undef SAB_PASSES_ON_
#undef SAB_PASS_
#undef SAB_PASS_VOID_
