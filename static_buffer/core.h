/* What all list and slice types share: sizes, growth, sorting, and the end of the program on
 * misuse. Knows no element type and no allocator. Not for users, but for sab_position, sab_writer
 * and sab_panic's contract; use static_buffer/define.h. */
#ifndef STATIC_BUFFER_CORE_H_
#define STATIC_BUFFER_CORE_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "block_allocator/build_mode.h"
#include "block_allocator/call_site.h"
#include "block_allocator/error.h"
#include "block_allocator/language.h"
#include "block_allocator/memory.h"

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

/* Someone who takes bytes: returns how many of them were taken, all or none. Borrows its context.
 */
typedef struct sab_writer {
    size_t (*write)(void *context, const void *bytes, size_t count);
    void *context;
} sab_writer;

/* How elements lie in memory. */
typedef struct sab_layout {
    size_t size;      /* of an element, in bytes */
    size_t alignment; /* of the first one */
    size_t extra;     /* places behind the capacity: 1 for a sentinel, else 0 */
} sab_layout;

/* The bytes of `count` elements and the extra places, or 0 if no size_t can hold them. */
BA_ALWAYS_INLINE size_t sab_core_bytes(sab_layout layout, size_t count) {
    return count > SIZE_MAX / layout.size - layout.extra ? 0 : (count + layout.extra) * layout.size;
}

/* How many elements fit into so many bytes beside the extra places. */
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

/* Sorts by comparison, in place, not stably, in O(n log n): heapsort (Williams 1964, with the
 * bottom-up search of Wegener 1993). */
void sab_core_sort(void *elements, size_t count, size_t size,
                   int (*compare)(const void *first, const void *second));

/* The call site of a verb: where the function that says this returns to. That is in the caller, or,
 * if one verb called another and the compiler kept the two apart, in the first of them. */
#if defined(__GNUC__)
#define SAB_SITE_() ba_call_site_of_address(__builtin_return_address(0))
#else
#define SAB_SITE_() ba_call_site_none()
#endif

/* Reports an error of a type's verb as misuse of severity BA_SEVERITY_PANIC
 * (block_allocator/misuse.h), which ends the program. */
BA_NORETURN void sab_core_panic(const char *type, const char *verb, ba_error error,
                                ba_call_site site);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* STATIC_BUFFER_CORE_H_ */
