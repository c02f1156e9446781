/* What all buffer types share: sizes, growth, sorting, reports of misuse. Knows no
 * element type and no allocator. Not for users, but for sab_position, sab_writer and SAB_HERE; use
 * static_buffer/define.h. */
#ifndef STATIC_BUFFER_INTERNAL_CORE_H_
#define STATIC_BUFFER_INTERNAL_CORE_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "block_allocator/build_mode.h"
#include "block_allocator/call_site.h"
#include "block_allocator/error.h"
#include "block_allocator/internal/language.h"
#include "block_allocator/memory.h"
#include "block_allocator/misuse.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* Where an element is, or, if it was not found by a binary search, where it would have to be
 * inserted. */
typedef struct sab_position {
    size_t index;
    bool found;
} sab_position;

/* A sink of bytes: returns how many of them were taken, all or none. Borrows its context.
 */
typedef struct sab_writer {
    size_t (*write)(void *context, const void *bytes, size_t count);
    void *context;
} sab_writer;

/* How elements lie in memory. */
typedef struct sab_layout {
    size_t size;      /* of an element, in bytes */
    size_t alignment; /* of the first one */
    size_t extra;     /* places after the capacity: 1 for a sentinel, else 0 */
} sab_layout;

/* The bytes of `count` elements and the extra places, or 0 if no size_t can hold them. */
BA_ALWAYS_INLINE size_t sab_core_bytes(sab_layout layout, size_t count) {
    return count > SIZE_MAX / layout.size - layout.extra ? 0 : (count + layout.extra) * layout.size;
}

/* How many elements fit into so many bytes besides the extra places. */
BA_ALWAYS_INLINE size_t sab_core_count(sab_layout layout, ba_length length) {
    return length.bytes / layout.size - layout.extra;
}

/* How a buffer shall grow: at least, and at best. */
typedef struct sab_growth {
    ba_length minimum; /* 0 bytes: more than any memory holds */
    ba_length wanted;
} sab_growth;

/* What to ask for when a buffer of `capacity` elements must hold `needed`: twice what it has, if
 * that is more, so that n appends cost O(n). */
sab_growth sab_core_growth(sab_layout layout, size_t capacity, size_t needed);

/* The same, but no more than what is needed. */
sab_growth sab_core_exact_growth(sab_layout layout, size_t needed);

/* True if two runs of bytes have one in common. The first may only be empty if it is at NULL. */
BA_ALWAYS_INLINE bool sab_core_overlap(const void *first, size_t first_bytes, const void *second,
                                       size_t second_bytes) {
    const uintptr_t a = (uintptr_t)first;
    const uintptr_t b = (uintptr_t)second;
    return a <= b ? b - a < first_bytes && second_bytes != 0 : a - b < second_bytes;
}

/* memcpy() and memmove() that may be given NULL when there is nothing to copy. */
void sab_core_copy(void *to, const void *from, size_t bytes);
void sab_core_move(void *to, const void *from, size_t bytes);

/* Exchanges two runs of so many bytes, which have none in common. */
void sab_core_exchange(void *first, void *second, size_t bytes);

/* Exchanges two runs that lie side by side, of `left` and of `right` bytes, in place and in O(left
 * + right): the block swap of Gries and Mills (1981). */
void sab_core_rotate(void *bytes, size_t left, size_t right);

/* --- sorting: internal/sort.h --- */

/* Runs up to so many elements are sorted by insertion. */
#define SAB_CORE_SHORT_RUN ((size_t)12)
/* From so many on, nine elements are looked at for a pivot, not three. */
#define SAB_CORE_RUN_OF_NINE ((size_t)128)
/* So many runs wait at most: whenever one is left to wait, what is gone on with is not longer, so
 * that it is at most half of what it was. */
#define SAB_CORE_RUNS (8 * sizeof(size_t))

/* Elements to sort, and how often they may still be divided. */
typedef struct sab_core_run {
    size_t start;
    size_t count;
    unsigned divisions;
} sab_core_run;

/* All elements: 2 * log2(count) divisions. */
sab_core_run sab_core_whole_run(size_t count);

/* Sorts by comparison, in place, not stably, in O(n log n) whatever comes: heapsort (Williams 1964,
 * with the bottom-up search of Wegener 1993). */
void sab_core_heapsort(void *elements, size_t count, size_t size,
                       int (*compare)(const void *first, const void *second));

/* SAB_HERE(NAME_list_append, &list, 7): calls a function of a list or slice type with the line of
 * this call, for reports. A macro, because only a macro sees its caller's line. */
#define SAB_HERE(function, ...) function##_at(__VA_ARGS__, BA_HERE())

/* The call site of a function that was called without one: where it returns to. That is in the
 * caller, or, where the compiler put it into the caller, where that one returns to. */
#if defined(__GNUC__)
#define SAB_SITE_() ba_call_site_of_address(__builtin_return_address(0))
#else
#define SAB_SITE_() ba_call_site_none()
#endif

/* Reports an error of a type's function as misuse of severity BA_SEVERITY_PANIC
 * (block_allocator/misuse.h), which ends the program. */
BA_NORETURN void sab_core_panic(const char *type, const char *function, ba_error error,
                                ba_call_site site);

/* Reports the same with severity BA_SEVERITY_LOG. Returns the error. */
ba_error sab_core_log(const char *type, const char *function, ba_error error, ba_call_site site);

/* Reports the error, which is one for which a function has no result, of a type that logs: lack of
 * memory ends the program all the same, and what the function has reported itself is not reported
 * again. */
void sab_core_log_refusal(const char *type, const char *function, ba_error error,
                          ba_call_site site);

/* Reports misuse with the severity of its type. Returns the error, if at all. */
BA_ALWAYS_INLINE ba_error sab_core_misuse(ba_severity severity, const char *type,
                                          const char *function, ba_error error, ba_call_site site) {
    if (severity == BA_SEVERITY_PANIC) {
        sab_core_panic(type, function, error, site);
    }
    return sab_core_log(type, function, error, site);
}

/* The same for the errors for which a function has no result. */
BA_ALWAYS_INLINE void sab_core_refuse(ba_severity severity, const char *type, const char *function,
                                      ba_error error, ba_call_site site) {
    if (severity == BA_SEVERITY_PANIC) {
        sab_core_panic(type, function, error, site);
    }
    sab_core_log_refusal(type, function, error, site);
}

#ifdef __cplusplus
} /* extern "C" */

/* gcc can warn of every template, for code that shall have none. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wtemplates"
#endif
extern "C++" {
/* True of what may be an element but for the bytes: a complete type that is no array. */
template <class Type, class = void>
struct sab_core_is_object {
    static const bool value = false;
    static const bool is_copied_by_bytes = true; /* it is wrong in another way */
};
template <class Type>
struct sab_core_is_object<Type, decltype((void)sizeof(Type[1]), (void)sizeof(Type (*)()))> {
    static const bool value = true;
    static const bool is_copied_by_bytes = __is_trivially_copyable(Type);
};

/* A type, or one that compiles in its place, so that the sentence that says what is wrong with it
 * stays the only error. */
template <class Type,
          bool = sab_core_is_object<Type>::value &&sab_core_is_object<Type>::is_copied_by_bytes>
struct sab_core_element {
    typedef Type type;
};
template <class Type>
struct sab_core_element<Type, false> {
    typedef int type;
};
} /* extern "C++" */
#endif

BA_HEADER_END

#endif /* STATIC_BUFFER_INTERNAL_CORE_H_ */
