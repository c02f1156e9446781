// The functions of list and slice types that no function of all types stands for, by one name for
// all.
#ifndef TESTING_FAULT_INJECTION_LIST_TYPES_H_
#define TESTING_FAULT_INJECTION_LIST_TYPES_H_

#include <cstddef>

#include "block_allocator/error.h"

// Members of a Types (list_fixture.h) for what static_buffer/define.h made with that SAB_NAME. A
// macro, because the names are made of the type's.
#define FAILURES_LIST_TYPES(NAME)                                                                  \
    using Element = NAME##_element;                                                                \
    using List = NAME##_list;                                                                      \
    using Slice = NAME##_slice;                                                                    \
    static constexpr const char *name = #NAME;                                                     \
    static List with_capacity(std::size_t capacity) {                                              \
        return NAME##_list_with_capacity(capacity);                                                \
    }                                                                                              \
    static ba_error try_with_capacity(List *list, std::size_t capacity) {                          \
        return NAME##_list_try_with_capacity(list, capacity);                                      \
    }                                                                                              \
    static List from_raw(List parts) {                                                             \
        return NAME##_list_from_raw(parts.ptr, parts.len, parts.cap);                              \
    }                                                                                              \
    static Slice of(std::size_t count) {                                                           \
        return NAME##_slice_of(count);                                                             \
    }                                                                                              \
    static ba_error try_of(Slice *slice, std::size_t count) {                                      \
        return NAME##_slice_try_of(slice, count);                                                  \
    }                                                                                              \
    static Slice of_at_least(std::size_t count) {                                                  \
        return NAME##_slice_of_at_least(count);                                                    \
    }                                                                                              \
    static ba_error try_of_at_least(Slice *slice, std::size_t count) {                             \
        return NAME##_slice_try_of_at_least(slice, count);                                         \
    }

#endif // TESTING_FAULT_INJECTION_LIST_TYPES_H_
