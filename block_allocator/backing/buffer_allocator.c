#include "block_allocator/backing/buffer_allocator.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "block_allocator/backing/buffer_holes.h"
#include "block_allocator/build_mode.h"
#include "block_allocator/call_site.h"
#include "block_allocator/error.h"
#include "block_allocator/implementing/check.h"
#include "block_allocator/implementing/instrumentation.h"
#include "block_allocator/implementing/operations.h"
#include "block_allocator/internal/cut.h"
#include "block_allocator/internal/language.h"
#include "block_allocator/misuse.h"

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

/* --- grants --- */

/* What is certainly wrong with memory given back that has a pointer and a length, where that is
 * checked; and the holes around it. */
static ba_error_code find_grant(const ba_buffer_allocator *self, ba_memory memory,
                                ba_buffer_neighbours *around) {
    const size_t offset = ba_buffer_offset(self, ba_memory_pointer(memory));
    if (!BA_CHECKS_MISUSE) {
        return ba_buffer_find_holes(self, offset, around);
    }
    if (!ba_buffer_holds(self, ba_memory_pointer(memory))) {
        return BA_FOREIGN;
    }
    if (offset % BA_BUFFER_BLOCK != 0) {
        return BA_INTERIOR;
    }
    if (offset >= self->used && offset < self->ceiling) {
        return BA_DOUBLE_FREE;
    }
    const ba_error_code code = ba_buffer_find_holes(self, offset, around);
    if (code != BA_OK) {
        return code;
    }
    if (around->below != NULL && offset < ba_buffer_hole_end(self, around->below)) {
        return BA_DOUBLE_FREE;
    }
    return ba_memory_length(memory).bytes > ba_buffer_limit(self, offset, around) - offset
               ? BA_SIZE_MISMATCH
               : BA_OK;
}

/* The free bytes directly behind a grant that ends there. */
static size_t room_behind(const ba_buffer_allocator *self, size_t end,
                          const ba_buffer_neighbours *around) {
    if (end == self->used) {
        return self->ceiling - end;
    }
    const bool is_hole =
        around->above != NULL && ba_buffer_hole_start(self, around->above, around->above_is) == end;
    return is_hole ? around->above_is.bytes : 0;
}

static void take_behind(ba_buffer_allocator *self, size_t end, size_t bytes,
                        const ba_buffer_neighbours *around) {
    if (end == self->used) {
        self->used += bytes;
    } else {
        ba_buffer_take_lower_end(self, around->above, around->above_is, bytes);
    }
    ba_instrument_alloc(self->base + end, ba_bytes(bytes));
}

/* Makes a grant longer or shorter, to at least `minimum` and towards `wanted`, which is not less.
 */
static ba_length_result resize_between(ba_buffer_allocator *self, ba_memory memory,
                                       ba_length minimum, ba_length wanted,
                                       const ba_buffer_neighbours *around) {
    const size_t offset = ba_buffer_offset(self, ba_memory_pointer(memory));
    const size_t held = ba_buffer_span(ba_memory_length(memory).bytes);
    const size_t most = held + room_behind(self, offset + held, around);
    if (minimum.bytes > most) {
        return ba_length_result_none(
            ba_error_of(offset + held == self->used ? BA_OUT_OF_MEMORY : BA_NOT_IN_PLACE));
    }

    const size_t now = wanted.bytes < most ? ba_buffer_span(wanted.bytes) : most;
    if (now > held) {
        take_behind(self, offset + held, now - held, around);
    } else if (now < held) {
        ba_buffer_give_back(self, offset + now, offset + held, around);
    }
    return ba_length_result_of(ba_bytes(now));
}

static ba_length block_size(const void *context) {
    (void)context;
    return ba_bytes(BA_BUFFER_BLOCK);
}

/* Why the rest of the buffer does not do: the alignment is too large if no grant could have it. */
static ba_error_code refusal(const ba_buffer_allocator *self, ba_alignment alignment) {
    const size_t first = ba_buffer_distance((uintptr_t)self->base, alignment);
    return self->capacity != 0 && first >= self->capacity ? BA_BAD_ALIGN : BA_OUT_OF_MEMORY;
}

/* True if the lower neighbour has room for that much. */
static bool fits(const ba_buffer_allocator *self, const ba_buffer_neighbours *of, ba_length minimum,
                 ba_alignment alignment) {
    const size_t start = ba_buffer_hole_start(self, of->below, of->below_is);
    const size_t padding = ba_buffer_distance((uintptr_t)self->base + start, alignment);
    return padding <= of->below_is.bytes && minimum.bytes <= of->below_is.bytes - padding;
}

/* The shortest hole that has room, and the lowest of those; none if no hole has. O(holes). */
static ba_error_code best_hole(const ba_buffer_allocator *self, ba_length minimum,
                               ba_alignment alignment, ba_buffer_neighbours *best) {
    *best = (ba_buffer_neighbours){.below = NULL};
    ba_buffer_neighbours at;
    ba_error_code code = ba_buffer_highest_hole(self, &at);
    while (code == BA_OK && at.below != NULL) {
        if ((best->below == NULL || at.below_is.bytes <= best->below_is.bytes) &&
            fits(self, &at, minimum, alignment)) {
            *best = at;
        }
        code = ba_buffer_step_down(self, &at);
    }
    return code;
}

static ba_memory hand_out(const ba_buffer_allocator *self, size_t offset, size_t span) {
    ba_instrument_alloc(self->base + offset, ba_bytes(span));
    return ba_memory_of(self->base + offset, ba_bytes(span));
}

/* Takes a grant from the lower neighbour, which has room. */
static ba_memory take_hole(ba_buffer_allocator *self, const ba_buffer_neighbours *around,
                           ba_length minimum, ba_alignment alignment) {
    const size_t start = ba_buffer_hole_start(self, around->below, around->below_is);
    const size_t offset = start + ba_buffer_distance((uintptr_t)self->base + start, alignment);
    const size_t span = ba_buffer_span(minimum.bytes);
    ba_buffer_take_from_below(self, around, offset, span);
    return hand_out(self, offset, span);
}

/* Takes a grant from the rest of the buffer above the top; padding becomes a hole. */
static ba_memory take_top(ba_buffer_allocator *self, ba_length minimum, ba_alignment alignment) {
    const size_t room = self->ceiling - self->used;
    const size_t padding = ba_buffer_distance((uintptr_t)self->base + self->used, alignment);
    if (padding > room || minimum.bytes > room - padding) {
        return ba_memory_none(ba_error_of(refusal(self, alignment)));
    }
    const size_t offset = self->used + padding;
    const size_t span = ba_buffer_span(minimum.bytes);
    const size_t start = self->used;
    self->used = offset + span;
    if (padding != 0) {
        ba_buffer_neighbours around;
        (void)ba_buffer_find_holes(self, start, &around); /* has just been looked through */
        ba_buffer_give_back(self, start, offset, &around);
    }
    return hand_out(self, offset, span);
}

/* Takes a grant from the rest of the buffer, below the ceiling; padding becomes a hole. */
static ba_memory take_bottom(ba_buffer_allocator *self, ba_length minimum, ba_alignment alignment) {
    const size_t room = self->ceiling - self->used;
    const size_t span = minimum.bytes <= room ? ba_buffer_span(minimum.bytes) : 0;
    const uintptr_t highest_start = (uintptr_t)self->base + self->ceiling - span;
    const size_t padding = (size_t)(highest_start & (alignment.bytes - 1)) & ~(BA_BUFFER_BLOCK - 1);
    if (span == 0 || padding > room - span) {
        return ba_memory_none(ba_error_of(refusal(self, alignment)));
    }
    const size_t end = self->ceiling - padding;
    self->ceiling = end - span;
    if (padding != 0) {
        ba_buffer_neighbours around;
        (void)ba_buffer_find_holes(self, end, &around); /* has just been looked through */
        ba_buffer_give_back(self, end, end + padding, &around);
    }
    return hand_out(self, end - span, span);
}

/* Where an allocation is taken from that no hole has room for. */
typedef ba_memory take_rest(ba_buffer_allocator *self, ba_length minimum, ba_alignment alignment);

static ba_memory alloc_from(ba_buffer_allocator *self, take_rest *rest, ba_length minimum,
                            ba_alignment alignment, const char *operation, ba_call_site site) {
    ba_buffer_neighbours found;
    ba_error_code code = BA_CHECKS_MISUSE ? ba_check_alloc(minimum, alignment) : BA_OK;
    code = code == BA_OK ? best_hole(self, minimum, alignment, &found) : code;
    if (code != BA_OK) {
        return ba_memory_none(
            reject(self, operation, code, ba_memory_none(ba_error_of(code)), alignment, site));
    }
    return found.below != NULL ? take_hole(self, &found, minimum, alignment)
                               : rest(self, minimum, alignment);
}

static ba_memory alloc(void *context, ba_length minimum, ba_alignment alignment,
                       ba_call_site site) {
    return alloc_from((ba_buffer_allocator *)context, take_top, minimum, alignment, "alloc", site);
}

static ba_memory alloc_aside(void *context, ba_length minimum, ba_alignment alignment,
                             ba_call_site site) {
    return alloc_from((ba_buffer_allocator *)context, take_bottom, minimum, alignment,
                      "alloc_aside", site);
}

/* Checks what resize and grow_between get, where that is checked, and finds the holes around. */
static ba_error_code check_resize(const ba_buffer_allocator *self, ba_memory memory,
                                  ba_alignment alignment, ba_length minimum,
                                  ba_buffer_neighbours *around) {
    const ba_error_code code =
        BA_CHECKS_MISUSE ? ba_check_resize(memory, alignment, minimum) : BA_OK;
    return code == BA_OK ? find_grant(self, memory, around) : code;
}

static ba_length_result resize(void *context, ba_memory memory, ba_alignment alignment,
                               ba_length minimum, ba_call_site site) {
    ba_buffer_allocator *const self = (ba_buffer_allocator *)context;
    ba_buffer_neighbours around;
    const ba_error_code code = check_resize(self, memory, alignment, minimum, &around);
    if (code != BA_OK) {
        return ba_length_result_none(reject(self, "resize", code, memory, alignment, site));
    }
    return resize_between(self, memory, minimum, minimum, &around);
}

static ba_error free_memory(void *context, ba_memory memory, ba_alignment alignment,
                            ba_call_site site) {
    ba_buffer_allocator *const self = (ba_buffer_allocator *)context;
    ba_buffer_neighbours around;
    ba_error_code code = BA_CHECKS_MISUSE ? ba_check_memory(memory, alignment) : BA_OK;
    code = code == BA_OK ? find_grant(self, memory, &around) : code;
    if (code != BA_OK) {
        return reject(self, "free", code, memory, alignment, site);
    }
    const size_t offset = ba_buffer_offset(self, ba_memory_pointer(memory));
    ba_buffer_give_back(self, offset, offset + ba_buffer_span(ba_memory_length(memory).bytes),
                        &around);
    return ba_error_of(BA_OK);
}

static ba_length_result grow_between(void *context, ba_memory memory, ba_alignment alignment,
                                     ba_length minimum, ba_length wanted, ba_call_site site) {
    ba_buffer_allocator *const self = (ba_buffer_allocator *)context;
    ba_buffer_neighbours around;
    const ba_error_code code = check_resize(self, memory, alignment, minimum, &around);
    if (code != BA_OK) {
        return ba_length_result_none(reject(self, "grow_between", code, memory, alignment, site));
    }
    /* Neither length makes the grant shorter. */
    const ba_length held = ba_bytes(ba_buffer_span(ba_memory_length(memory).bytes));
    const ba_length least = ba_length_longest_(minimum, held);
    return resize_between(self, memory, least, ba_length_longest_(wanted, least), &around);
}

static ba_ownership owns(const void *context, const void *pointer) {
    const ba_buffer_allocator *const self = (const ba_buffer_allocator *)context;
    return ba_buffer_holds(self, pointer) ? BA_OWNS : BA_OWNS_NOT;
}

static const ba_operations operations = {
    .size = sizeof(ba_operations),
    .block_size = block_size,
    .alloc = alloc,
    .resize = resize,
    .free = free_memory,
    .grow_between = grow_between,
    .owns = owns,
    .alloc_aside = alloc_aside,
};

void ba_buffer_allocator_init(ba_buffer_allocator *self, ba_memory buffer) {
    unsigned char *const pointer = (unsigned char *)ba_memory_pointer(buffer);
    const size_t length = ba_memory_length(buffer).bytes;
    const size_t skipped = ba_buffer_distance((uintptr_t)pointer, ba_align(BA_BUFFER_BLOCK));
    *self = (ba_buffer_allocator){.buffer = buffer};
    if (length <= skipped) {
        return;
    }
    self->base = pointer + skipped;
    self->capacity = (length - skipped) & ~(BA_BUFFER_BLOCK - 1);
    self->ceiling = self->capacity;
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
    if (self->capacity != 0) {
        ba_instrument_free(self->base, ba_bytes(self->capacity));
    }
    self->used = 0;
    self->ceiling = self->capacity;
    self->holes = NULL;
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
    return ba_bytes(self->used + (self->capacity - self->ceiling));
}

ba_length ba_buffer_allocator_capacity(const ba_buffer_allocator *self) {
    return ba_bytes(self->capacity);
}
