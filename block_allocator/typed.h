/* Typed helpers over either interface: for one object, for arrays with checked counts.
 *
 *     point *p = ba_create(allocator, point);                    // NULL if there is no memory
 *     ba_destroy(allocator, point, p);
 *
 *     const ba_layout number = ba_layout_of(uint32_t);
 *     ba_memory array = ba_array_alloc(allocator, number, 100);
 *     uint32_t *numbers = (uint32_t *)ba_memory_pointer(array);
 *     ...
 *     ba_array_free(allocator, number, array);
 *
 * `allocator` is a ba_allocator, and an array has exactly the elements asked for, or a
 * ba_block_allocator, and an array is the whole span; ba_array_count() says how many elements fit.
 * An alignment larger than the type's is part of the layout: ba_layout_with_alignment().
 *
 * An array of no elements needs no memory: it gets an aligned pointer that is not NULL, must not be
 * dereferenced and has the length 0; every call here takes it back. A count whose length no size_t
 * can hold is BA_LIMIT; an alignment that is no power of two is BA_BAD_ALIGN, also for no elements;
 * elements of length 0 are BA_ZERO_SIZE. Other errors, ownership and cost are those of the
 * calls in block_allocator.h.
 *
 * The functions take a ba_any_allocator; the macros without _at make one of the allocator and fill
 * in the call site. */
#ifndef BLOCK_ALLOCATOR_TYPED_H_
#define BLOCK_ALLOCATOR_TYPED_H_

#include <stddef.h>

#include "block_allocator/any_allocator.h"
#include "block_allocator/call_site.h"
#include "block_allocator/internal/language.h"
#include "block_allocator/memory.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* Allocates one object of a layout, contents undefined; NULL if there is no memory. The caller owns
 * it and gives it back with ba_destroy_at(). */
BA_MUST_USE void *ba_create_at(ba_any_allocator allocator, ba_layout layout, ba_call_site site);

/* Gives back an object made by ba_create_at() with the same layout. The result may be ignored. */
ba_error ba_destroy_at(ba_any_allocator allocator, ba_layout layout, void *object,
                       ba_call_site site);

/* The array of no elements. */
BA_ALWAYS_INLINE ba_memory ba_array_empty(ba_layout element) {
    /* NOLINTNEXTLINE(performance-no-int-to-ptr): there is no object to take the address of. */
    return ba_memory_of((void *)element.alignment.bytes, ba_bytes(0));
}

/* How many elements of a layout fit into memory; none of no length. */
BA_ALWAYS_INLINE size_t ba_array_count(ba_layout element, ba_memory array) {
    return element.length.bytes == 0 ? 0 : ba_memory_length(array).bytes / element.length.bytes;
}

/* Allocates an array of `count` elements, contents undefined. */
BA_MUST_USE ba_memory ba_array_alloc_at(ba_any_allocator allocator, ba_layout element, size_t count,
                                        ba_call_site site);

/* Allocates an array of `count` elements and one more, directly after them, that is a copy of what
 * `sentinel` points to. The memory includes it, so it is an array of count + 1 elements to all
 * other calls. */
BA_MUST_USE ba_memory ba_array_alloc_with_sentinel_at(ba_any_allocator allocator, ba_layout element,
                                                      size_t count, const void *sentinel,
                                                      ba_call_site site);

/* Makes an array longer or shorter in place and returns the length that it has now. Between none
 * and some elements there is no place to stay in: BA_NOT_IN_PLACE. */
BA_MUST_USE ba_length_result ba_array_resize_at(ba_any_allocator allocator, ba_layout element,
                                                ba_memory array, size_t count, ba_call_site site);

/* Makes an array longer in place: to at least `minimum` elements, which may be none, and towards
 * `wanted` as far as it goes. Never makes it shorter. Returns the length that it has now, a
 * multiple of the element's for a ba_allocator. */
BA_MUST_USE ba_length_result ba_array_grow_between_at(ba_any_allocator allocator, ba_layout element,
                                                      ba_memory array, size_t minimum,
                                                      size_t wanted, ba_call_site site);

/* Makes an array longer or shorter, moving its pages but not copying. Between none and some
 * elements there are no pages to move: BA_UNSUPPORTED. */
BA_MUST_USE ba_memory ba_array_remap_at(ba_any_allocator allocator, ba_layout element,
                                        ba_memory array, size_t count, ba_call_site site);

/* Makes an array longer or shorter, in place or by moving; to no elements frees it. On failure the
 * old array is as it was, and still the caller's. */
BA_MUST_USE ba_memory ba_array_realloc_at(ba_any_allocator allocator, ba_layout element,
                                          ba_memory array, size_t count, ba_call_site site);

/* Gives an array back. The result may be ignored. */
ba_error ba_array_free_at(ba_any_allocator allocator, ba_layout element, ba_memory array,
                          ba_call_site site);

/* The calls without _at: macros, because only a macro sees its caller's line, and can take a type.
 */
/* NOLINTBEGIN(bugprone-macro-parentheses): a type takes none. */
#define ba_create(allocator, type)                                                                 \
    BA_CAST_(type *, ba_create_at(ba_any_allocator_of(allocator), ba_layout_of(type), BA_HERE()))
/* The conditional makes the compiler compare the pointer's type with the one named. */
#define ba_destroy(allocator, type, object)                                                        \
    ba_destroy_at(ba_any_allocator_of(allocator), ba_layout_of(type),                              \
                  1 ? (object) : BA_CAST_(type *, BA_NULL_), BA_HERE())
/* NOLINTEND(bugprone-macro-parentheses) */
#define ba_array_alloc(allocator, element, count)                                                  \
    ba_array_alloc_at(ba_any_allocator_of(allocator), (element), (count), BA_HERE())
#define ba_array_alloc_with_sentinel(allocator, element, count, sentinel)                          \
    ba_array_alloc_with_sentinel_at(ba_any_allocator_of(allocator), (element), (count),            \
                                    (sentinel), BA_HERE())
#define ba_array_resize(allocator, element, array, count)                                          \
    ba_array_resize_at(ba_any_allocator_of(allocator), (element), (array), (count), BA_HERE())
#define ba_array_grow_between(allocator, element, array, minimum, wanted)                          \
    ba_array_grow_between_at(ba_any_allocator_of(allocator), (element), (array), (minimum),        \
                             (wanted), BA_HERE())
#define ba_array_remap(allocator, element, array, count)                                           \
    ba_array_remap_at(ba_any_allocator_of(allocator), (element), (array), (count), BA_HERE())
#define ba_array_realloc(allocator, element, array, count)                                         \
    ba_array_realloc_at(ba_any_allocator_of(allocator), (element), (array), (count), BA_HERE())
#define ba_array_free(allocator, element, array)                                                   \
    ba_array_free_at(ba_any_allocator_of(allocator), (element), (array), BA_HERE())

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* BLOCK_ALLOCATOR_TYPED_H_ */
