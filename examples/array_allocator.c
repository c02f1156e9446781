#include "examples/array_allocator.h"

#include "block_allocator/call_site.h"
#include "block_allocator/error.h"
#include "block_allocator/memory.h"
#include "block_allocator/operations.h"

/* The whole blocks that hold this length. */
static ba_length_result span_of(ba_length length) {
    return ba_length_round_up(length, ba_align(ARRAY_ALLOCATOR_BLOCK));
}

/* Whether this is the span that was given last, and how long it is. */
static ba_length last_span(const array_allocator *self, ba_memory memory) {
    const ba_length span = ba_length_result_length(span_of(ba_memory_length(memory)));
    const unsigned char *const first = (const unsigned char *)ba_memory_pointer(memory);
    return first + span.bytes == self->bytes + self->used ? span : ba_bytes(0);
}

static ba_length block_size(const void *context) {
    (void)context;
    return ba_bytes(ARRAY_ALLOCATOR_BLOCK);
}

static ba_memory alloc(void *context, ba_length minimum, ba_alignment alignment,
                       ba_call_site site) {
    array_allocator *const self = (array_allocator *)context;
    (void)site;
    if (minimum.bytes == 0) {
        return ba_memory_none(ba_error_of(BA_ZERO_SIZE));
    }
    if (!ba_alignment_is_valid(alignment) || alignment.bytes > ARRAY_ALLOCATOR_BLOCK) {
        return ba_memory_none(ba_error_of(BA_BAD_ALIGN));
    }
    const ba_length_result span = span_of(minimum);
    if (ba_length_result_is_none(span)) {
        return ba_memory_none(ba_length_result_error(span));
    }
    const ba_length length = ba_length_result_length(span);
    if (length.bytes > sizeof(self->bytes) - self->used) {
        return ba_memory_none(ba_error_of(BA_OUT_OF_MEMORY));
    }
    unsigned char *const first = self->bytes + self->used;
    self->used += length.bytes;
    return ba_memory_of(first, length);
}

static ba_length_result resize(void *context, ba_memory memory, ba_alignment alignment,
                               ba_length minimum, ba_call_site site) {
    array_allocator *const self = (array_allocator *)context;
    const ba_length_result wanted = span_of(minimum);
    (void)alignment;
    (void)site;
    if (ba_length_result_is_none(wanted)) {
        return wanted;
    }
    const ba_length last = last_span(self, memory);
    if (last.bytes == 0) {
        /* In the middle of the stack a span keeps its length. */
        const ba_length_result held = span_of(ba_memory_length(memory));
        return ba_length_result_length(wanted).bytes <= ba_length_result_length(held).bytes
                   ? held
                   : ba_length_result_none(ba_error_of(BA_NOT_IN_PLACE));
    }
    const size_t below = self->used - last.bytes;
    if (ba_length_result_length(wanted).bytes > sizeof(self->bytes) - below) {
        return ba_length_result_none(ba_error_of(BA_NOT_IN_PLACE));
    }
    self->used = below + ba_length_result_length(wanted).bytes;
    return wanted;
}

static ba_error free_memory(void *context, ba_memory memory, ba_alignment alignment,
                            ba_call_site site) {
    array_allocator *const self = (array_allocator *)context;
    (void)alignment;
    (void)site;
    self->used -= last_span(self, memory).bytes;
    return ba_error_of(BA_OK);
}

static const ba_operations operations = {
    .size = sizeof(ba_operations),
    .block_size = block_size,
    .alloc = alloc,
    .resize = resize,
    .free = free_memory,
};

ba_block_allocator array_allocator_block_allocator(array_allocator *self) {
    return ba_block_allocator_of(self, &operations);
}
