/* A program of another repository that uses the interfaces alone: it brings an allocator of its
 * own, one that cuts spans off an array, and uses it through both views. */
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>

#include "block_allocator/allocator.h"
#include "block_allocator/block_allocator.h"
#include "block_allocator/build_mode.h"
#include "block_allocator/error.h"
#include "block_allocator/implementing/operations.h"
#include "block_allocator/memory.h"

enum { BLOCK = 256, BLOCKS = 16 };

/* Gives one span after the other; takes back only the last. */
typedef struct array_allocator {
    size_t used;
    alignas(BLOCK) unsigned char bytes[BLOCK * BLOCKS];
} array_allocator;

static ba_length block_size(const void *context) {
    (void)context;
    return ba_bytes(BLOCK);
}

static ba_length_result span_length(ba_length length) {
    return ba_length_round_up(length, ba_align(BLOCK));
}

static ba_memory alloc(void *context, ba_length minimum, ba_alignment alignment,
                       ba_call_site site) {
    array_allocator *const self = (array_allocator *)context;
    const ba_length_result span = span_length(minimum);
    (void)site;
    if (alignment.bytes > BLOCK) {
        return ba_memory_none(ba_error_of(BA_BAD_ALIGN));
    }
    if (ba_length_result_is_none(span) ||
        ba_length_result_length(span).bytes > sizeof(self->bytes) - self->used) {
        return ba_memory_none(ba_error_of(BA_OUT_OF_MEMORY));
    }
    unsigned char *const first = self->bytes + self->used;
    self->used += ba_length_result_length(span).bytes;
    return ba_memory_of(first, ba_length_result_length(span));
}

/* Spans keep their length, so only what fits already succeeds. */
static ba_length_result resize(void *context, ba_memory memory, ba_alignment alignment,
                               ba_length minimum, ba_call_site site) {
    const ba_length_result span = span_length(ba_memory_length(memory));
    (void)context;
    (void)alignment;
    (void)site;
    return minimum.bytes <= ba_length_result_length(span).bytes
               ? span
               : ba_length_result_none(ba_error_of(BA_NOT_IN_PLACE));
}

static ba_error free_memory(void *context, ba_memory memory, ba_alignment alignment,
                            ba_call_site site) {
    array_allocator *const self = (array_allocator *)context;
    const ba_length span = ba_length_result_length(span_length(ba_memory_length(memory)));
    (void)alignment;
    (void)site;
    if ((unsigned char *)ba_memory_pointer(memory) + span.bytes == self->bytes + self->used) {
        self->used -= span.bytes;
    }
    return ba_error_of(BA_OK);
}

static const ba_operations operations = {
    .size = sizeof(ba_operations),
    .block_size = block_size,
    .alloc = alloc,
    .resize = resize,
    .free = free_memory,
};

static void check(int holds, const char *what) {
    if (!holds) {
        fprintf(stderr, "consumer: not so: %s\n", what);
        exit(EXIT_FAILURE);
    }
}

#define CHECK(condition) check((condition), #condition)

int main(void) {
    static array_allocator array;
    const ba_block_allocator blocks = ba_block_allocator_of(&array, &operations);
    const ba_allocator exact = ba_as_allocator(blocks);

    const ba_memory whole = ba_block_alloc(blocks, ba_bytes(777), ba_align(16));
    CHECK(ba_memory_length(whole).bytes == 1024);
    ba_memory cut = ba_alloc(exact, ba_bytes(777), ba_align(16));
    CHECK(ba_memory_length(cut).bytes == 777);
    cut = ba_realloc(exact, cut, ba_align(16), ba_bytes(2000));
    CHECK(ba_memory_length(cut).bytes == 2000);
    const ba_memory none = ba_alloc(exact, ba_bytes(4096), ba_align(16));
    CHECK(ba_memory_is_none(none));

    printf("%zu whole, %zu exact, then %s (build mode %d)\n", ba_memory_length(whole).bytes,
           ba_memory_length(cut).bytes, ba_error_name(ba_memory_error(none)), BA_BUILD_MODE);
    ba_free(exact, cut, ba_align(16));
    ba_block_free(blocks, whole, ba_align(16));
    return EXIT_SUCCESS;
}
