#include "block_allocator/typed.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "block_allocator/build_mode.h"

static bool is_empty(ba_memory array) {
    return !ba_memory_is_none(array) && ba_memory_length(array).bytes == 0;
}

/* BA_OK, or BA_BAD_ALIGN if no array of such elements may be, not even one of none: the allocator
 * is asked for memory all the same, so that it reports that, with its own severity. */
static ba_error check_empty(ba_any_allocator allocator, ba_layout element, ba_call_site site) {
    if (ba_alignment_is_valid(element.alignment)) {
        return ba_error_of(BA_OK);
    }
    if (BA_CHECKS_MISUSE) {
        const ba_memory memory =
            ba_any_allocator_alloc_at(allocator, element.length, element.alignment, site);
        if (!ba_memory_is_none(memory)) {
            (void)ba_any_allocator_free_at(allocator, memory, element.alignment, site);
        }
    }
    return ba_error_of(BA_BAD_ALIGN);
}

/* The array of no elements, or none with the error of check_empty(). */
static ba_memory empty_array(ba_any_allocator allocator, ba_layout element, ba_call_site site) {
    const ba_error error = check_empty(allocator, element, site);
    return ba_failed(error) ? ba_memory_none(error) : ba_array_empty(element);
}

void *ba_create_at(ba_any_allocator allocator, ba_layout layout, ba_call_site site) {
    return ba_memory_pointer(
        ba_any_allocator_alloc_at(allocator, layout.length, layout.alignment, site));
}

ba_error ba_destroy_at(ba_any_allocator allocator, ba_layout layout, void *object,
                       ba_call_site site) {
    return ba_any_allocator_free_at(allocator, ba_memory_of(object, layout.length),
                                    layout.alignment, site);
}

ba_memory ba_array_alloc_at(ba_any_allocator allocator, ba_layout element, size_t count,
                            ba_call_site site) {
    if (count == 0) {
        return empty_array(allocator, element, site);
    }
    const ba_length_result asked = ba_length_of_array(element, count);
    if (ba_length_result_is_none(asked)) {
        return ba_memory_none(ba_length_result_error(asked));
    }
    return ba_any_allocator_alloc_at(allocator, ba_length_result_length(asked), element.alignment,
                                     site);
}

ba_memory ba_array_alloc_with_sentinel_at(ba_any_allocator allocator, ba_layout element,
                                          size_t count, const void *sentinel, ba_call_site site) {
    if (count == SIZE_MAX) {
        return ba_memory_none(ba_error_of(BA_LIMIT));
    }
    const ba_memory array = ba_array_alloc_at(allocator, element, count + 1, site);
    if (!ba_memory_is_none(array)) {
        unsigned char *const first = (unsigned char *)ba_memory_pointer(array);
        memcpy(first + count * element.length.bytes, sentinel, element.length.bytes);
    }
    return array;
}

ba_length_result ba_array_resize_at(ba_any_allocator allocator, ba_layout element, ba_memory array,
                                    size_t count, ba_call_site site) {
    if (is_empty(array) || count == 0) {
        const ba_error error = check_empty(allocator, element, site);
        if (ba_failed(error)) {
            return ba_length_result_none(error);
        }
        return is_empty(array) && count == 0 ? ba_length_result_of(ba_bytes(0))
                                             : ba_length_result_none(ba_error_of(BA_NOT_IN_PLACE));
    }
    const ba_length_result asked = ba_length_of_array(element, count);
    if (ba_length_result_is_none(asked)) {
        return asked;
    }
    return ba_any_allocator_resize_at(allocator, array, element.alignment,
                                      ba_length_result_length(asked), site);
}

ba_length_result ba_array_grow_between_at(ba_any_allocator allocator, ba_layout element,
                                          ba_memory array, size_t minimum, size_t wanted,
                                          ba_call_site site) {
    if (is_empty(array)) {
        return ba_array_resize_at(allocator, element, array, minimum, site);
    }
    if (element.length.bytes == 0) {
        return ba_any_allocator_grow_between_at(allocator, array, element.alignment, element.length,
                                                element.length, site);
    }
    /* No elements are as good as one: what the array has stays. */
    const ba_length_result least = ba_length_of_array(element, minimum == 0 ? 1 : minimum);
    if (ba_length_result_is_none(least)) {
        return least;
    }
    /* More than a length can hold is wanted in vain, but is no error. */
    const size_t most = SIZE_MAX / element.length.bytes;
    const ba_length want = ba_bytes((wanted < most ? wanted : most) * element.length.bytes);
    const ba_length_result grown = ba_any_allocator_grow_between_at(
        allocator, array, element.alignment, ba_length_result_length(least), want, site);
    if (allocator.grant == BA_GRANT_WHOLE || ba_length_result_is_none(grown)) {
        return grown;
    }
    const size_t bytes = ba_length_result_length(grown).bytes;
    return ba_length_result_of(ba_bytes(bytes - bytes % element.length.bytes));
}

ba_memory ba_array_remap_at(ba_any_allocator allocator, ba_layout element, ba_memory array,
                            size_t count, ba_call_site site) {
    if (is_empty(array) || count == 0) {
        const ba_error error = check_empty(allocator, element, site);
        if (ba_failed(error)) {
            return ba_memory_none(error);
        }
        return is_empty(array) && count == 0 ? array : ba_memory_none(ba_error_of(BA_UNSUPPORTED));
    }
    const ba_length_result asked = ba_length_of_array(element, count);
    if (ba_length_result_is_none(asked)) {
        return ba_memory_none(ba_length_result_error(asked));
    }
    return ba_any_allocator_remap_at(allocator, array, element.alignment,
                                     ba_length_result_length(asked), site);
}

ba_memory ba_array_realloc_at(ba_any_allocator allocator, ba_layout element, ba_memory array,
                              size_t count, ba_call_site site) {
    if (is_empty(array)) {
        return ba_array_alloc_at(allocator, element, count, site);
    }
    if (count == 0) {
        const ba_error error = ba_any_allocator_free_at(allocator, array, element.alignment, site);
        return ba_failed(error) ? ba_memory_none(error) : ba_array_empty(element);
    }
    const ba_length_result asked = ba_length_of_array(element, count);
    if (ba_length_result_is_none(asked)) {
        return ba_memory_none(ba_length_result_error(asked));
    }
    return ba_any_allocator_realloc_at(allocator, array, element.alignment,
                                       ba_length_result_length(asked), site);
}

ba_error ba_array_free_at(ba_any_allocator allocator, ba_layout element, ba_memory array,
                          ba_call_site site) {
    if (is_empty(array)) {
        return check_empty(allocator, element, site);
    }
    return ba_any_allocator_free_at(allocator, array, element.alignment, site);
}
