#include "block_allocator/buffer_allocator.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "block_allocator/build_mode.h"
#include "block_allocator/call_site.h"
#include "block_allocator/check.h"
#include "block_allocator/error.h"
#include "block_allocator/instrumentation.h"
#include "block_allocator/language.h"
#include "block_allocator/misuse.h"
#include "block_allocator/operations.h"

/* What stands in the last block of the padding before a padded grant: how to undo the padding. It
 * stays accessible while the grant exists, for a sanitizer would also forget its contents. */
typedef struct padding_record {
    size_t start;  /* offset of the padding: the top before the grant */
    size_t padded; /* offset of the padded grant below, or 0 */
} padding_record;

/* The block size. A macro, because the assertions need a constant. */
#define BLOCK sizeof(padding_record)

BA_STATIC_ASSERT(BLOCK == 2 * sizeof(size_t), "a record is a block: padding has no shorter rest");
BA_STATIC_ASSERT((BLOCK & (BLOCK - 1)) == 0, "the block size is a power of two");

static const char name[] = "buffer_allocator";

static ba_error reject(const ba_buffer_allocator *self, const char *operation, ba_error_code code,
                       ba_memory memory, ba_alignment alignment, ba_call_site site) {
    const ba_misuse misuse = {
        .severity = ba_severity_now(self->severity),
        .error = ba_error_of(code),
        .allocator = name,
        .operation = operation,
        .memory = memory,
        .alignment = alignment,
        .site = site,
    };
    return ba_misuse_report(&misuse);
}

/* Whole blocks for a length that is known to be no longer than the buffer. */
static size_t span_of(size_t length) {
    return (length + BLOCK - 1) & ~(BLOCK - 1);
}

/* Bytes from an address up to the next multiple of an alignment. */
BA_WRAPS static size_t distance_to_aligned(uintptr_t address, ba_alignment alignment) {
    return (size_t)(0 - address) & (alignment.bytes - 1);
}

static size_t offset_of(const ba_buffer_allocator *self, ba_memory memory) {
    return (size_t)((uintptr_t)ba_memory_pointer(memory) - (uintptr_t)self->base);
}

/* True for the topmost grant that has padding. */
static bool is_padded(const ba_buffer_allocator *self, size_t offset) {
    return offset != 0 && offset == self->padded;
}

static padding_record *record_before(const ba_buffer_allocator *self, size_t offset) {
    return (padding_record *)(void *)(self->base + (offset - BLOCK));
}

/* False if the record cannot be one that this allocator wrote. */
static bool record_is_valid(padding_record record, size_t offset) {
    return record.start % BLOCK == 0 && record.start < offset && record.padded % BLOCK == 0 &&
           record.padded <= record.start;
}

BA_WRAPS static bool in_buffer(const ba_buffer_allocator *self, const void *pointer) {
    return (uintptr_t)pointer - (uintptr_t)self->base < self->capacity;
}

/* What is certainly wrong with memory given back that has a pointer and a length. */
static ba_error_code check_grant(const ba_buffer_allocator *self, ba_memory memory) {
    if (!in_buffer(self, ba_memory_pointer(memory))) {
        return BA_FOREIGN;
    }
    const size_t offset = offset_of(self, memory);
    if (offset % BLOCK != 0) {
        return BA_INTERIOR;
    }
    if (offset >= self->used || ba_instrument_is_free(ba_memory_pointer(memory))) {
        return BA_DOUBLE_FREE;
    }
    if (ba_memory_length(memory).bytes > self->used - offset) {
        return BA_SIZE_MISMATCH;
    }
    if (is_padded(self, offset) && !record_is_valid(*record_before(self, offset), offset)) {
        return BA_CORRUPT;
    }
    return BA_OK;
}

static void lower_top(ba_buffer_allocator *self, size_t used) {
    if (used < self->used) {
        ba_instrument_free(self->base + used, ba_bytes(self->used - used));
    }
    self->used = used;
}

static void pop(ba_buffer_allocator *self, size_t offset) {
    size_t top = offset;
    if (is_padded(self, offset)) {
        const padding_record record = *record_before(self, offset);
        self->padded = record.padded;
        top = record.start;
    }
    lower_top(self, top);
}

/* Makes a grant longer or shorter, to at least `minimum` and towards `wanted`, which is not less.
 */
static ba_length_result resize_between(ba_buffer_allocator *self, ba_memory memory,
                                       ba_length minimum, ba_length wanted) {
    unsigned char *const pointer = (unsigned char *)ba_memory_pointer(memory);
    const size_t offset = offset_of(self, memory);
    const size_t held = span_of(ba_memory_length(memory).bytes);
    const bool is_top = offset + held == self->used;
    const size_t most = is_top ? self->capacity - offset : held;
    if (minimum.bytes > most) {
        return ba_length_result_none(ba_error_of(is_top ? BA_OUT_OF_MEMORY : BA_NOT_IN_PLACE));
    }

    const size_t now = wanted.bytes < most ? span_of(wanted.bytes) : most;
    if (now > held) {
        ba_instrument_alloc(pointer + held, ba_bytes(now - held));
    } else if (now < held) {
        ba_instrument_free(pointer + now, ba_bytes(held - now));
    }
    if (is_top) {
        self->used = offset + now;
    }
    return ba_length_result_of(ba_bytes(now));
}

static ba_length block_size(const void *context) {
    (void)context;
    return ba_bytes(BLOCK);
}

/* Why the rest of the buffer does not do: the alignment is too large if no grant could have it. */
static ba_error_code refusal(const ba_buffer_allocator *self, ba_alignment alignment) {
    const size_t first = distance_to_aligned((uintptr_t)self->base, alignment);
    return self->capacity != 0 && first >= self->capacity ? BA_BAD_ALIGN : BA_OUT_OF_MEMORY;
}

static ba_memory alloc(void *context, ba_length minimum, ba_alignment alignment,
                       ba_call_site site) {
    ba_buffer_allocator *const self = (ba_buffer_allocator *)context;
    if (BA_CHECKS_MISUSE) {
        const ba_error_code code = ba_check_alloc(minimum, alignment);
        if (code != BA_OK) {
            return ba_memory_none(
                reject(self, "alloc", code, ba_memory_none(ba_error_of(code)), alignment, site));
        }
    }

    const size_t room = self->capacity - self->used;
    const size_t padding = distance_to_aligned((uintptr_t)self->base + self->used, alignment);
    if (padding > room || minimum.bytes > room - padding) {
        return ba_memory_none(ba_error_of(refusal(self, alignment)));
    }

    const size_t offset = self->used + padding;
    const size_t span = span_of(minimum.bytes);
    if (padding != 0) {
        padding_record *const record = record_before(self, offset);
        ba_instrument_alloc(record, ba_bytes(sizeof *record));
        *record = (padding_record){.start = self->used, .padded = self->padded};
        self->padded = offset;
    }
    self->used = offset + span;
    self->live++;
    ba_instrument_alloc(self->base + offset, ba_bytes(span));
    return ba_memory_of(self->base + offset, ba_bytes(span));
}

static ba_error_code check_resize(const ba_buffer_allocator *self, ba_memory memory,
                                  ba_alignment alignment, ba_length minimum) {
    const ba_error_code code = ba_check_resize(memory, alignment, minimum);
    return code == BA_OK ? check_grant(self, memory) : code;
}

static ba_length_result resize(void *context, ba_memory memory, ba_alignment alignment,
                               ba_length minimum, ba_call_site site) {
    ba_buffer_allocator *const self = (ba_buffer_allocator *)context;
    if (BA_CHECKS_MISUSE) {
        const ba_error_code code = check_resize(self, memory, alignment, minimum);
        if (code != BA_OK) {
            return ba_length_result_none(reject(self, "resize", code, memory, alignment, site));
        }
    }
    return resize_between(self, memory, minimum, minimum);
}

static ba_error free_memory(void *context, ba_memory memory, ba_alignment alignment,
                            ba_call_site site) {
    ba_buffer_allocator *const self = (ba_buffer_allocator *)context;
    if (BA_CHECKS_MISUSE) {
        ba_error_code code = ba_check_memory(memory, alignment);
        code = code == BA_OK ? check_grant(self, memory) : code;
        if (code != BA_OK) {
            return reject(self, "free", code, memory, alignment, site);
        }
    }

    const size_t offset = offset_of(self, memory);
    const size_t span = span_of(ba_memory_length(memory).bytes);
    self->live--;
    if (self->live == 0) {
        ba_buffer_allocator_reset(self);
    } else if (offset + span == self->used) {
        pop(self, offset);
    } else {
        ba_instrument_free(ba_memory_pointer(memory), ba_bytes(span));
    }
    return ba_error_of(BA_OK);
}

static ba_length_result grow_between(void *context, ba_memory memory, ba_alignment alignment,
                                     ba_length minimum, ba_length wanted, ba_call_site site) {
    ba_buffer_allocator *const self = (ba_buffer_allocator *)context;
    if (BA_CHECKS_MISUSE) {
        const ba_error_code code = check_resize(self, memory, alignment, minimum);
        if (code != BA_OK) {
            return ba_length_result_none(
                reject(self, "grow_between", code, memory, alignment, site));
        }
    }
    /* Neither length makes the grant shorter. */
    const ba_length held = ba_bytes(span_of(ba_memory_length(memory).bytes));
    const ba_length least = ba_length_longest_(minimum, held);
    return resize_between(self, memory, least, ba_length_longest_(wanted, least));
}

static ba_ownership owns(const void *context, const void *pointer) {
    const ba_buffer_allocator *const self = (const ba_buffer_allocator *)context;
    return in_buffer(self, pointer) ? BA_OWNS : BA_OWNS_NOT;
}

static const ba_operations operations = {
    .size = sizeof(ba_operations),
    .block_size = block_size,
    .alloc = alloc,
    .resize = resize,
    .free = free_memory,
    .grow_between = grow_between,
    .owns = owns,
};

void ba_buffer_allocator_init(ba_buffer_allocator *self, ba_memory buffer) {
    unsigned char *const pointer = (unsigned char *)ba_memory_pointer(buffer);
    const size_t length = ba_memory_length(buffer).bytes;
    const size_t skipped = distance_to_aligned((uintptr_t)pointer, ba_align(BLOCK));
    *self = (ba_buffer_allocator){.buffer = buffer};
    if (length <= skipped) {
        return;
    }
    self->base = pointer + skipped;
    self->capacity = (length - skipped) & ~(BLOCK - 1);
    ba_instrument_free(self->base, ba_bytes(self->capacity));
}

ba_allocator ba_buffer_allocator_allocator(ba_buffer_allocator *self) {
    return ba_allocator_of(self, &operations);
}

ba_block_allocator ba_buffer_allocator_block_allocator(ba_buffer_allocator *self) {
    return ba_block_allocator_of(self, &operations);
}

void ba_buffer_allocator_set_severity(ba_buffer_allocator *self, ba_severity severity) {
    self->severity = ba_severity_own(severity);
}

void ba_buffer_allocator_reset(ba_buffer_allocator *self) {
    lower_top(self, 0);
    self->padded = 0;
    self->live = 0;
}

ba_memory ba_buffer_allocator_release(ba_buffer_allocator *self) {
    const ba_memory buffer = self->buffer;
    const ba_severity_option severity = self->severity;
    if (self->capacity != 0) {
        ba_instrument_return(self->base, ba_bytes(self->capacity));
    }
    ba_buffer_allocator_init(self, ba_memory_none(ba_error_of(BA_UNSUPPORTED)));
    self->severity = severity;
    return buffer;
}

ba_length ba_buffer_allocator_used(const ba_buffer_allocator *self) {
    return ba_bytes(self->used);
}

ba_length ba_buffer_allocator_capacity(const ba_buffer_allocator *self) {
    return ba_bytes(self->capacity);
}
