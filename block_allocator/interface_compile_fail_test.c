/* Wrong uses of the interfaces that a compiler must refuse, for the stated reason. */
#include <stddef.h>
#include <stdint.h>

#include "block_allocator/allocator.h"
#include "block_allocator/block_allocator.h"
#include "block_allocator/memory.h"
#include "block_allocator/typed.h"

ba_memory uses(ba_allocator allocator, ba_block_allocator blocks, int32_t *number);

ba_memory uses(ba_allocator allocator, ba_block_allocator blocks, int32_t *number) {
    const ba_length length = ba_bytes(100);
    const ba_alignment alignment = ba_align(8);
    const ba_memory memory = ba_alloc(allocator, length, alignment);
    ba_destroy(allocator, int32_t, number);
    ba_destroy(blocks, int32_t, number);
#ifdef NUMBER_FOR_LENGTH
    // expect gcc: incompatible type for argument 2 of .ba_alloc_at.
    // expect clang: passing .int. to parameter of incompatible type .ba_length.
    return ba_alloc(allocator, 100, alignment);
#endif
#ifdef NUMBER_FOR_ALIGNMENT
    // expect gcc: incompatible type for argument 3 of .ba_alloc_at.
    // expect clang: passing .int. to parameter of incompatible type .ba_alignment.
    return ba_alloc(allocator, length, 8);
#endif
#ifdef LENGTH_FOR_ALIGNMENT
    // expect gcc: incompatible type for argument 3 of .ba_alloc_at.
    // expect clang: passing .const ba_length. .* to parameter of incompatible type .ba_alignment.
    return ba_alloc(allocator, length, length);
#endif
#ifdef ALIGNMENT_FOR_LENGTH
    // expect gcc: incompatible type for argument 2 of .ba_alloc_at.
    // expect clang: passing .const ba_alignment. .* to parameter of incompatible type .ba_length.
    return ba_alloc(allocator, alignment, alignment);
#endif
#ifdef NUMBER_FOR_ERROR
    // expect gcc: incompatible type for argument 1 of .ba_memory_none.
    // expect clang: passing .int. to parameter of incompatible type .ba_error.
    return ba_memory_none(2);
#endif
#ifdef CODE_FOR_ERROR
    // expect gcc: incompatible type for argument 1 of .ba_memory_none.
    // expect clang: passing .int. to parameter of incompatible type .ba_error.
    return ba_memory_none(BA_LIMIT);
#endif
#ifdef ERROR_FOR_NUMBER
    // expect gcc: incompatible types when initializing type .int. using type .ba_error.
    // expect clang: initializing .int. with an expression of incompatible type .ba_error.
    int code = ba_memory_error(memory);
    return ba_memory_of(number, ba_bytes((size_t)code));
#endif
#ifdef MEMORY_FOR_POINTER
    // expect gcc: cannot convert to a pointer type
    // expect clang: operand of type .ba_memory. .* where arithmetic or pointer type is required
    *(char *)memory = 1;
#endif
#ifdef POINTER_FOR_MEMORY
    // expect gcc: incompatible type for argument 2 of .ba_free_at.
    // expect clang: passing .int32_t \*. .* to parameter of incompatible type .ba_memory.
    ba_free(allocator, number, alignment);
#endif
#ifdef EXACT_FOR_BLOCK_ALLOCATOR
    // expect gcc: incompatible type for argument 1 of .ba_block_alloc_at.
    // expect clang: passing .ba_allocator. .* to parameter of incompatible type .ba_block_allocator.
    return ba_block_alloc(allocator, length, alignment);
#endif
#ifdef BLOCK_FOR_EXACT_ALLOCATOR
    // expect gcc: incompatible type for argument 1 of .ba_alloc_at.
    // expect clang: passing .ba_block_allocator. .* to parameter of incompatible type .ba_allocator.
    return ba_alloc(blocks, length, alignment);
#endif
#ifdef RESULT_FOR_LENGTH
    // expect gcc: incompatible type for argument 2 of .ba_memory_of.
    // expect clang: passing .ba_length_result. .* to parameter of incompatible type .ba_length.
    return ba_memory_of(number, ba_resize(allocator, memory, alignment, length));
#endif
#ifdef IGNORED_ALLOC
    // expect gcc: ignoring return value of .ba_alloc_at. declared with attribute
    // expect clang: ignoring return value of function declared with .warn_unused_result. attribute
    ba_alloc(allocator, length, alignment);
#endif
#ifdef IGNORED_RESIZE
    // expect gcc: ignoring return value of .ba_resize_at. declared with attribute
    // expect clang: ignoring return value of function declared with .warn_unused_result. attribute
    ba_resize(allocator, memory, alignment, length);
#endif
#ifdef IGNORED_REALLOC
    // expect gcc: ignoring return value of .ba_realloc_at. declared with attribute
    // expect clang: ignoring return value of function declared with .warn_unused_result. attribute
    ba_realloc(allocator, memory, alignment, length);
#endif
#ifdef IGNORED_GROW_BETWEEN
    // expect gcc: ignoring return value of .ba_block_grow_between_at. declared with attribute
    // expect clang: ignoring return value of function declared with .warn_unused_result. attribute
    ba_block_grow_between(blocks, memory, alignment, length, length);
#endif
#ifdef IGNORED_ARRAY_ALLOC
    // expect gcc: ignoring return value of .ba_array_alloc_at. declared with attribute
    // expect clang: ignoring return value of function declared with .warn_unused_result. attribute
    ba_array_alloc(blocks, ba_layout_of(int32_t), 100);
#endif
#ifdef DESTROY_OF_ANOTHER_TYPE
    // expect gcc: pointer type mismatch in conditional expression
    // expect clang: pointer type mismatch .*int32_t.*int64_t
    ba_destroy(allocator, int64_t, number);
#endif
#ifdef CREATE_OF_ANOTHER_TYPE
    // expect gcc: initialization of .int64_t.* from incompatible pointer type .int32_t
    // expect clang: incompatible pointer types initializing .int64_t.* with an expression of type .int32_t
    int64_t *other = ba_create(allocator, int32_t);
    return ba_memory_of(other, length);
#endif
#ifdef CREATE_ON_NO_ALLOCATOR
    // expect gcc: _Generic. selector of type .struct ba_length. is not compatible with any association
    // expect clang: controlling expression type .ba_length. .* not compatible with any generic association type
    return ba_memory_of(ba_create(length, int32_t), length);
#endif
    return memory;
}
