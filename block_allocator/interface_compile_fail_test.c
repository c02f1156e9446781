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
    return ba_alloc(allocator, 100, alignment);
#endif
#ifdef NUMBER_FOR_ALIGNMENT
    return ba_alloc(allocator, length, 8);
#endif
#ifdef LENGTH_FOR_ALIGNMENT
    return ba_alloc(allocator, length, length);
#endif
#ifdef ALIGNMENT_FOR_LENGTH
    return ba_alloc(allocator, alignment, alignment);
#endif
#ifdef NUMBER_FOR_ERROR
    return ba_memory_none(2);
#endif
#ifdef CODE_FOR_ERROR
    return ba_memory_none(BA_LIMIT);
#endif
#ifdef ERROR_FOR_NUMBER
    int code = ba_memory_error(memory);
    return ba_memory_of(number, ba_bytes((size_t)code));
#endif
#ifdef MEMORY_FOR_POINTER
    *(char *)memory = 1;
#endif
#ifdef POINTER_FOR_MEMORY
    ba_free(allocator, number, alignment);
#endif
#ifdef EXACT_FOR_BLOCK_ALLOCATOR
    return ba_block_alloc(allocator, length, alignment);
#endif
#ifdef BLOCK_FOR_EXACT_ALLOCATOR
    return ba_alloc(blocks, length, alignment);
#endif
#ifdef RESULT_FOR_LENGTH
    return ba_memory_of(number, ba_resize(allocator, memory, alignment, length));
#endif
#ifdef IGNORED_ALLOC
    ba_alloc(allocator, length, alignment);
#endif
#ifdef IGNORED_RESIZE
    ba_resize(allocator, memory, alignment, length);
#endif
#ifdef IGNORED_REALLOC
    ba_realloc(allocator, memory, alignment, length);
#endif
#ifdef IGNORED_GROW_BETWEEN
    ba_block_grow_between(blocks, memory, alignment, length, length);
#endif
#ifdef IGNORED_ARRAY_ALLOC
    ba_array_alloc(blocks, ba_layout_of(int32_t), 100);
#endif
#ifdef DESTROY_OF_ANOTHER_TYPE
    ba_destroy(allocator, int64_t, number);
#endif
#ifdef CREATE_OF_ANOTHER_TYPE
    int64_t *other = ba_create(allocator, int32_t);
    return ba_memory_of(other, length);
#endif
#ifdef CREATE_ON_NO_ALLOCATOR
    return ba_memory_of(ba_create(length, int32_t), length);
#endif
    return memory;
}
