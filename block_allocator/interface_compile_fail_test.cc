// Wrong uses of the interfaces that a C++ compiler must refuse, for the stated reason.
#include <cstddef>
#include <cstdint>

#include "block_allocator/allocator.h"
#include "block_allocator/block_allocator.h"
#include "block_allocator/memory.h"
#include "block_allocator/typed.h"

ba_memory uses(ba_allocator allocator, ba_block_allocator blocks, std::int32_t *number);

ba_memory uses(ba_allocator allocator, ba_block_allocator blocks, std::int32_t *number) {
    const ba_length length = ba_bytes(100);
    const ba_alignment alignment = ba_align(8);
    const ba_memory memory = ba_alloc(allocator, length, alignment);
    ba_destroy(allocator, std::int32_t, number);
    ba_destroy(blocks, std::int32_t, number);
#ifdef NUMBER_FOR_LENGTH
    // expect gcc: could not convert .100. from .int. to .ba_length.
    // expect clang: no known conversion from .int. to .ba_length.
    return ba_alloc(allocator, 100, alignment);
#endif
#ifdef LENGTH_FOR_ALIGNMENT
    // expect gcc: could not convert .length. from .const ba_length. to .ba_alignment.
    // expect clang: no known conversion from .const ba_length. to .ba_alignment.
    return ba_alloc(allocator, length, length);
#endif
#ifdef EXACT_FOR_BLOCK_ALLOCATOR
    // expect gcc: could not convert .allocator. from .ba_allocator. to .ba_block_allocator.
    // expect clang: no known conversion from .ba_allocator. to .ba_block_allocator.
    return ba_block_alloc(allocator, length, alignment);
#endif
#ifdef BLOCK_FOR_EXACT_ALLOCATOR
    // expect gcc: could not convert .blocks. from .ba_block_allocator. to .ba_allocator.
    // expect clang: no known conversion from .ba_block_allocator. to .ba_allocator.
    return ba_alloc(blocks, length, alignment);
#endif
#ifdef IGNORED_ALLOC
    // expect gcc: ignoring return value of .ba_memory ba_alloc_at
    // expect clang: ignoring return value of function declared with .warn_unused_result. attribute
    ba_alloc(allocator, length, alignment);
#endif
#ifdef DESTROY_OF_ANOTHER_TYPE
    // expect gcc: conditional expression between distinct pointer types .*int32_t.*int64_t
    // expect clang: incompatible operand types .*int32_t.*int64_t
    ba_destroy(allocator, std::int64_t, number);
#endif
#ifdef CREATE_ON_NO_ALLOCATOR
    // expect: no matching function for call to .ba_any_allocator_of
    return ba_memory_of(ba_create(length, std::int32_t), length);
#endif
    return memory;
}
