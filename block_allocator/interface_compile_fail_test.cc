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
    return ba_alloc(allocator, 100, alignment);
#endif
#ifdef LENGTH_FOR_ALIGNMENT
    return ba_alloc(allocator, length, length);
#endif
#ifdef EXACT_FOR_BLOCK_ALLOCATOR
    return ba_block_alloc(allocator, length, alignment);
#endif
#ifdef BLOCK_FOR_EXACT_ALLOCATOR
    return ba_alloc(blocks, length, alignment);
#endif
#ifdef IGNORED_ALLOC
    ba_alloc(allocator, length, alignment);
#endif
#ifdef DESTROY_OF_ANOTHER_TYPE
    ba_destroy(allocator, std::int64_t, number);
#endif
#ifdef CREATE_ON_NO_ALLOCATOR
    return ba_memory_of(ba_create(length, std::int32_t), length);
#endif
    return memory;
}
