/* Every call of the interfaces, from strict C11, over an allocator of one buffer. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "block_allocator/allocator.h"
#include "block_allocator/block_allocator.h"
#include "block_allocator/error.h"
#include "block_allocator/implementing/check.h"
#include "block_allocator/implementing/operations.h"
#include "block_allocator/memory.h"
#include "block_allocator/typed.h"

#define EXPECT(condition) expect((condition), __LINE__, #condition)

static int failures;

static void expect(bool holds, int line, const char *condition) {
    if (!holds) {
        (void)fprintf(stderr, "line %d: %s does not hold\n", line, condition);
        failures++;
    }
}

/* Gives from the start of a buffer to its end, in blocks of 64 bytes; only the last span can grow
 * or be taken back. As short as an implementation can be. */
enum { block = 64, capacity = 64 * block };

typedef struct stack {
    _Alignas(64) unsigned char bytes[capacity];
    size_t used;
} stack;

static size_t whole(size_t length) {
    return (length + block - 1) & ~(size_t)(block - 1);
}

static bool is_last(const stack *self, ba_memory memory) {
    const unsigned char *const first = (const unsigned char *)ba_memory_pointer(memory);
    return first + whole(ba_memory_length(memory).bytes) == self->bytes + self->used;
}

static ba_length block_size(const void *context) {
    (void)context;
    return ba_bytes(block);
}

static ba_memory alloc(void *context, ba_length minimum, ba_alignment alignment,
                       ba_call_site site) {
    stack *const self = (stack *)context;
    (void)site;
    const ba_error_code code = ba_check_alloc(minimum, alignment);
    if (code != BA_OK || alignment.bytes > block) {
        return ba_memory_none(ba_error_of(code != BA_OK ? code : BA_BAD_ALIGN));
    }
    if (minimum.bytes > capacity - self->used) {
        return ba_memory_none(ba_error_of(BA_LIMIT));
    }
    unsigned char *const first = self->bytes + self->used;
    self->used += whole(minimum.bytes);
    return ba_memory_of(first, ba_bytes(whole(minimum.bytes)));
}

static ba_length_result resize(void *context, ba_memory memory, ba_alignment alignment,
                               ba_length minimum, ba_call_site site) {
    stack *const self = (stack *)context;
    (void)site;
    const ba_error_code code = ba_check_resize(memory, alignment, minimum);
    if (code != BA_OK) {
        return ba_length_result_none(ba_error_of(code));
    }
    const size_t held = whole(ba_memory_length(memory).bytes);
    if (minimum.bytes <= held) {
        self->used -= is_last(self, memory) ? held - whole(minimum.bytes) : 0;
        return ba_length_result_of(ba_bytes(whole(minimum.bytes)));
    }
    if (!is_last(self, memory) || minimum.bytes - held > capacity - self->used) {
        return ba_length_result_none(ba_error_of(BA_NOT_IN_PLACE));
    }
    self->used += whole(minimum.bytes) - held;
    return ba_length_result_of(ba_bytes(whole(minimum.bytes)));
}

static ba_error free_memory(void *context, ba_memory memory, ba_alignment alignment,
                            ba_call_site site) {
    stack *const self = (stack *)context;
    (void)site;
    const ba_error_code code = ba_check_memory(memory, alignment);
    if (code == BA_OK && is_last(self, memory)) {
        self->used -= whole(ba_memory_length(memory).bytes);
    }
    return ba_error_of(code);
}

static const ba_operations operations = {
    .size = sizeof(ba_operations),
    .block_size = block_size,
    .alloc = alloc,
    .resize = resize,
    .free = free_memory,
};

static stack memory_of_all;

static void test_exact(void) {
    const ba_allocator allocator = ba_allocator_of(&memory_of_all, &operations);
    EXPECT(ba_allocator_block_size(allocator).bytes == block);
    ba_memory memory = ba_alloc(allocator, ba_bytes(100), ba_align(16));
    EXPECT(ba_memory_length(memory).bytes == 100);
    memset(ba_memory_pointer(memory), 7, 100);
    EXPECT(
        ba_length_result_length(ba_resize(allocator, memory, ba_align(16), ba_bytes(120))).bytes ==
        120);
    memory = ba_memory_of(ba_memory_pointer(memory), ba_bytes(120));
    const ba_length_result grown =
        ba_grow_between(allocator, memory, ba_align(16), ba_bytes(130), ba_bytes(150));
    EXPECT(ba_length_result_length(grown).bytes == 150);
    memory = ba_memory_of(ba_memory_pointer(memory), ba_bytes(150));
    EXPECT(ba_memory_error(ba_remap(allocator, memory, ba_align(16), ba_bytes(1))).code ==
           BA_UNSUPPORTED);
    EXPECT(ba_length_result_length(ba_discard(allocator, memory)).bytes == 0);
    EXPECT(ba_owns(allocator, ba_memory_pointer(memory)) == BA_OWNS_UNKNOWN);
    const ba_memory behind = ba_alloc(allocator, ba_bytes(1), ba_align(1));
    const ba_memory moved = ba_realloc(allocator, memory, ba_align(16), ba_bytes(1000));
    EXPECT(ba_memory_pointer(moved) != ba_memory_pointer(memory));
    EXPECT(!ba_memory_is_none(moved) && ((unsigned char *)ba_memory_pointer(moved))[99] == 7);
    EXPECT(!ba_failed(ba_free(allocator, moved, ba_align(16))));
    EXPECT(!ba_failed(ba_free(allocator, behind, ba_align(1))));
    memory_of_all.used = 0;
}

static void test_whole(void) {
    const ba_block_allocator blocks = ba_block_allocator_of(&memory_of_all, &operations);
    EXPECT(ba_block_allocator_block_size(blocks).bytes == block);
    ba_memory span = ba_block_alloc(blocks, ba_bytes(100), ba_align(64));
    EXPECT(ba_memory_length(span).bytes == 128);
    span = ba_block_realloc(blocks, span, ba_align(64), ba_bytes(129));
    EXPECT(ba_memory_length(span).bytes == 192);
    EXPECT(
        ba_length_result_length(ba_block_resize(blocks, span, ba_align(64), ba_bytes(1))).bytes ==
        block);
    span = ba_memory_of(ba_memory_pointer(span), ba_bytes(block));
    EXPECT(ba_length_result_length(
               ba_block_grow_between(blocks, span, ba_align(64), ba_bytes(65), ba_bytes(SIZE_MAX)))
               .bytes == 128);
    span = ba_memory_of(ba_memory_pointer(span), ba_bytes(128));
    EXPECT(ba_memory_is_none(ba_block_remap(blocks, span, ba_align(64), ba_bytes(1))));
    EXPECT(!ba_length_result_is_none(ba_block_discard(blocks, span)));
    EXPECT(ba_block_owns(blocks, NULL) == BA_OWNS_UNKNOWN);
    EXPECT(ba_block_free(blocks, span, ba_align(3)).code == BA_BAD_ALIGN);
    EXPECT(!ba_failed(ba_block_free(blocks, span, ba_align(64))));
    EXPECT(memory_of_all.used == 0);
}

static void test_typed(void) {
    const ba_block_allocator blocks = ba_block_allocator_of(&memory_of_all, &operations);
    const ba_allocator allocator = ba_as_allocator(blocks);
    const ba_layout number = ba_layout_of(uint32_t);
    uint64_t *const one = ba_create(allocator, uint64_t);
    EXPECT(one != NULL);
    EXPECT(!ba_failed(ba_destroy(allocator, uint64_t, one)));

    ba_memory array = ba_array_alloc(allocator, number, 3);
    EXPECT(ba_memory_length(array).bytes == 12);
    array = ba_array_realloc(blocks, number, array, 17);
    EXPECT(ba_array_count(number, array) == 32);
    EXPECT(ba_length_result_length(ba_array_resize(allocator, number, array, 20)).bytes == 80);
    array = ba_memory_of(ba_memory_pointer(array), ba_bytes(80));
    EXPECT(ba_length_result_length(ba_array_grow_between(allocator, number, array, 33, 40)).bytes ==
           160);
    array = ba_memory_of(ba_memory_pointer(array), ba_bytes(160));
    EXPECT(ba_memory_is_none(ba_array_remap(allocator, number, array, 1)));
    EXPECT(!ba_failed(ba_array_free(allocator, number, array)));

    const uint32_t end = 77;
    array = ba_array_alloc_with_sentinel(blocks, number, 2, &end);
    EXPECT(((uint32_t *)ba_memory_pointer(array))[2] == 77);
    EXPECT(!ba_failed(ba_array_free(blocks, number, array)));
    EXPECT(memory_of_all.used == 0);
}

int main(void) {
    test_exact();
    test_whole();
    test_typed();
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
