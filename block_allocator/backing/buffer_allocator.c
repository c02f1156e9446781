#include "block_allocator/backing/buffer_allocator.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "block_allocator/build_mode.h"
#include "block_allocator/call_site.h"
#include "block_allocator/error.h"
#include "block_allocator/implementing/check.h"
#include "block_allocator/implementing/instrumentation.h"
#include "block_allocator/implementing/operations.h"
#include "block_allocator/internal/language.h"
#include "block_allocator/misuse.h"

/* What stands in the last block of a hole. There, and not in the first, because it need not move
 * when the hole grows or is used from its lower end. */
typedef struct ba_buffer_hole {
    struct ba_buffer_hole *lower; /* the next hole at lower addresses, or NULL */
    size_t bytes;                 /* of the hole, this block included */
} hole;

/* The block size. A macro, because the assertions need a constant. */
#define BLOCK sizeof(hole)

BA_STATIC_ASSERT(BLOCK == 2 * sizeof(size_t), "each hole has room for what stands in it");
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

static size_t offset_of(const ba_buffer_allocator *self, const void *pointer) {
    return (size_t)((uintptr_t)pointer - (uintptr_t)self->base);
}

BA_WRAPS static bool in_buffer(const ba_buffer_allocator *self, const void *pointer) {
    return (uintptr_t)pointer - (uintptr_t)self->base < self->capacity;
}

/* --- holes --- */

/* A hole and the one above it; either may be NULL, and then its contents are not set. */
typedef struct neighbours {
    hole *above;
    hole *below;
    hole above_is; /* what stands in them */
    hole below_is;
} neighbours;

static hole *hole_before(const ba_buffer_allocator *self, size_t end) {
    return (hole *)(void *)(self->base + (end - BLOCK));
}

static size_t end_of(const ba_buffer_allocator *self, const hole *at) {
    return offset_of(self, at) + BLOCK;
}

static size_t start_of(const ba_buffer_allocator *self, const hole *at, hole is) {
    return end_of(self, at) - is.bytes;
}

/* Free memory is poisoned, what stands in holes too: each look at it is announced. */
static hole read_hole(const hole *at) {
    ba_instrument_inspect(at, ba_bytes(sizeof *at));
    const hole is = *at;
    ba_instrument_free(at, ba_bytes(sizeof *at));
    return is;
}

static void write_hole(hole *at, hole is) {
    ba_instrument_alloc(at, ba_bytes(sizeof *at));
    *at = is;
    ba_instrument_free(at, ba_bytes(sizeof *at));
}

/* Where what begins at an offset ends at the latest: at the hole above, or at the top. */
static size_t limit_of(const ba_buffer_allocator *self, size_t offset, const neighbours *of) {
    const size_t hole_above =
        of->above == NULL ? self->capacity : start_of(self, of->above, of->above_is);
    return offset < self->used && hole_above > self->used ? self->used : hole_above;
}

/* False if a hole cannot begin and end there: it does not touch another, nor the top, nor the
 * ceiling. */
static bool may_be_hole(const ba_buffer_allocator *self, size_t start, size_t end,
                        const neighbours *of) {
    const size_t limit = limit_of(self, start, of);
    const bool is_last = of->above == NULL && start > self->ceiling;
    return end < limit + (is_last ? 1 : 0) && (start < self->used || start > self->ceiling);
}

/* False if this cannot stand in the lower neighbour. */
static bool below_is_valid(const ba_buffer_allocator *self, const neighbours *of) {
    const size_t end = end_of(self, of->below);
    const hole is = of->below_is;
    if (is.bytes == 0 || is.bytes > end || is.bytes % BLOCK != 0 ||
        !may_be_hole(self, end - is.bytes, end, of)) {
        return false;
    }
    return is.lower == NULL || (in_buffer(self, is.lower) &&
                                offset_of(self, is.lower) % BLOCK == 0 && is.lower < of->below);
}

/* Reads the lower neighbour. BA_CORRUPT, where that is checked, if it was overwritten. */
static ba_error_code read_below(const ba_buffer_allocator *self, neighbours *of) {
    if (of->below == NULL) {
        return BA_OK;
    }
    of->below_is = read_hole(of->below);
    return !BA_CHECKS_MISUSE || below_is_valid(self, of) ? BA_OK : BA_CORRUPT;
}

/* The highest hole. */
static ba_error_code highest(const ba_buffer_allocator *self, neighbours *found) {
    *found = (neighbours){.below = self->holes};
    return read_below(self, found);
}

/* One hole down; there must be a lower neighbour. */
static ba_error_code step_down(const ba_buffer_allocator *self, neighbours *of) {
    of->above = of->below;
    of->above_is = of->below_is;
    of->below = of->below_is.lower;
    return read_below(self, of);
}

/* The holes around an offset: the lower one begins there or below. O(holes above). */
static ba_error_code find(const ba_buffer_allocator *self, size_t offset, neighbours *found) {
    ba_error_code code = highest(self, found);
    while (code == BA_OK && found->below != NULL &&
           start_of(self, found->below, found->below_is) > offset) {
        code = step_down(self, found);
    }
    return code;
}

/* Makes a hole the next one below another, or the highest one. */
static void link_below(ba_buffer_allocator *self, hole *above, hole *below) {
    if (above == NULL) {
        self->holes = below;
    } else {
        write_hole(above, (hole){.lower = below, .bytes = read_hole(above).bytes});
    }
}

/* Lowers the top to `start`, or to where a hole begins that ends there. */
static void lower_top(ba_buffer_allocator *self, size_t start, const neighbours *around) {
    self->used = start;
    if (around->below != NULL && end_of(self, around->below) == start) {
        self->used -= around->below_is.bytes;
        link_below(self, around->above, around->below_is.lower);
    }
}

/* Takes a hole off the list. O(holes above). */
static void unlink_hole(ba_buffer_allocator *self, const hole *at, hole is) {
    neighbours around;
    (void)find(self, start_of(self, at, is), &around); /* has just been looked through */
    link_below(self, around.above, is.lower);
}

/* Raises the ceiling to `end`, or to where a hole ends that begins there. */
static void raise_ceiling(ba_buffer_allocator *self, size_t end, const neighbours *around) {
    self->ceiling = end;
    if (around->above != NULL && start_of(self, around->above, around->above_is) == end) {
        unlink_hole(self, around->above, around->above_is);
        self->ceiling += around->above_is.bytes;
    }
}

/* Makes [start, end), which lies between two holes, a part of what is free. */
static void give_back(ba_buffer_allocator *self, size_t start, size_t end,
                      const neighbours *around) {
    ba_instrument_free(self->base + start, ba_bytes(end - start));
    if (end == self->used) {
        lower_top(self, start, around);
        return;
    }
    if (start == self->ceiling) {
        raise_ceiling(self, end, around);
        return;
    }
    hole *at = hole_before(self, end);
    hole is = {.lower = around->below, .bytes = end - start};
    if (around->above != NULL && start_of(self, around->above, around->above_is) == end) {
        at = around->above;
        is.bytes += around->above_is.bytes;
    } else {
        link_below(self, around->above, at);
    }
    if (around->below != NULL && end_of(self, around->below) == start) {
        is.bytes += around->below_is.bytes;
        is.lower = around->below_is.lower;
    }
    write_hole(at, is);
}

/* Takes so many bytes from the lower end of a hole. O(holes above) if nothing of it is left. */
static void take_lower_end(ba_buffer_allocator *self, hole *at, hole is, size_t bytes) {
    if (bytes < is.bytes) {
        write_hole(at, (hole){.lower = is.lower, .bytes = is.bytes - bytes});
        return;
    }
    unlink_hole(self, at, is);
}

/* Takes [offset, offset + span) from the lower neighbour; what is left of it on either side stays a
 * hole. */
static void take_from_below(ba_buffer_allocator *self, const neighbours *around, size_t offset,
                            size_t span) {
    const size_t padding = offset - start_of(self, around->below, around->below_is);
    const size_t rest = around->below_is.bytes - padding - span;
    hole *lower = around->below_is.lower;
    if (padding != 0) {
        hole *const at = hole_before(self, offset);
        write_hole(at, (hole){.lower = lower, .bytes = padding});
        lower = at;
    }
    if (rest != 0) {
        write_hole(around->below, (hole){.lower = lower, .bytes = rest});
        lower = around->below;
    }
    link_below(self, around->above, lower);
}

/* --- grants --- */

/* What is certainly wrong with memory given back that has a pointer and a length, where that is
 * checked; and the holes around it. */
static ba_error_code find_grant(const ba_buffer_allocator *self, ba_memory memory,
                                neighbours *around) {
    const size_t offset = offset_of(self, ba_memory_pointer(memory));
    if (!BA_CHECKS_MISUSE) {
        return find(self, offset, around);
    }
    if (!in_buffer(self, ba_memory_pointer(memory))) {
        return BA_FOREIGN;
    }
    if (offset % BLOCK != 0) {
        return BA_INTERIOR;
    }
    if (offset >= self->used && offset < self->ceiling) {
        return BA_DOUBLE_FREE;
    }
    const ba_error_code code = find(self, offset, around);
    if (code != BA_OK) {
        return code;
    }
    if (around->below != NULL && offset < end_of(self, around->below)) {
        return BA_DOUBLE_FREE;
    }
    return ba_memory_length(memory).bytes > limit_of(self, offset, around) - offset
               ? BA_SIZE_MISMATCH
               : BA_OK;
}

/* The free bytes directly after a grant that ends there. */
static size_t room_behind(const ba_buffer_allocator *self, size_t end, const neighbours *around) {
    if (end == self->used) {
        return self->ceiling - end;
    }
    const bool is_hole =
        around->above != NULL && start_of(self, around->above, around->above_is) == end;
    return is_hole ? around->above_is.bytes : 0;
}

static void take_behind(ba_buffer_allocator *self, size_t end, size_t bytes,
                        const neighbours *around) {
    if (end == self->used) {
        self->used += bytes;
    } else {
        take_lower_end(self, around->above, around->above_is, bytes);
    }
    ba_instrument_alloc(self->base + end, ba_bytes(bytes));
}

/* Makes a grant longer or shorter, to at least `minimum` and towards `wanted`, which is not less.
 */
static ba_length_result resize_between(ba_buffer_allocator *self, ba_memory memory,
                                       ba_length minimum, ba_length wanted,
                                       const neighbours *around) {
    const size_t offset = offset_of(self, ba_memory_pointer(memory));
    const size_t held = span_of(ba_memory_length(memory).bytes);
    const size_t most = held + room_behind(self, offset + held, around);
    if (minimum.bytes > most) {
        return ba_length_result_none(
            ba_error_of(offset + held == self->used ? BA_OUT_OF_MEMORY : BA_NOT_IN_PLACE));
    }

    const size_t now = wanted.bytes < most ? span_of(wanted.bytes) : most;
    if (now > held) {
        take_behind(self, offset + held, now - held, around);
    } else if (now < held) {
        give_back(self, offset + now, offset + held, around);
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

/* True if the lower neighbour has room for that much. */
static bool fits(const ba_buffer_allocator *self, const neighbours *of, ba_length minimum,
                 ba_alignment alignment) {
    const size_t start = start_of(self, of->below, of->below_is);
    const size_t padding = distance_to_aligned((uintptr_t)self->base + start, alignment);
    return padding <= of->below_is.bytes && minimum.bytes <= of->below_is.bytes - padding;
}

/* The shortest hole that has room, and the lowest of those; none if no hole has. O(holes). */
static ba_error_code best_hole(const ba_buffer_allocator *self, ba_length minimum,
                               ba_alignment alignment, neighbours *best) {
    *best = (neighbours){.below = NULL};
    neighbours at;
    ba_error_code code = highest(self, &at);
    while (code == BA_OK && at.below != NULL) {
        if ((best->below == NULL || at.below_is.bytes <= best->below_is.bytes) &&
            fits(self, &at, minimum, alignment)) {
            *best = at;
        }
        code = step_down(self, &at);
    }
    return code;
}

static ba_memory hand_out(const ba_buffer_allocator *self, size_t offset, size_t span) {
    ba_instrument_alloc(self->base + offset, ba_bytes(span));
    return ba_memory_of(self->base + offset, ba_bytes(span));
}

/* Takes a grant from the lower neighbour, which has room. */
static ba_memory take_hole(ba_buffer_allocator *self, const neighbours *around, ba_length minimum,
                           ba_alignment alignment) {
    const size_t start = start_of(self, around->below, around->below_is);
    const size_t offset = start + distance_to_aligned((uintptr_t)self->base + start, alignment);
    const size_t span = span_of(minimum.bytes);
    take_from_below(self, around, offset, span);
    return hand_out(self, offset, span);
}

/* Takes a grant from the rest of the buffer above the top; padding becomes a hole. */
static ba_memory take_top(ba_buffer_allocator *self, ba_length minimum, ba_alignment alignment) {
    const size_t room = self->ceiling - self->used;
    const size_t padding = distance_to_aligned((uintptr_t)self->base + self->used, alignment);
    if (padding > room || minimum.bytes > room - padding) {
        return ba_memory_none(ba_error_of(refusal(self, alignment)));
    }
    const size_t offset = self->used + padding;
    const size_t span = span_of(minimum.bytes);
    const size_t start = self->used;
    self->used = offset + span;
    if (padding != 0) {
        neighbours around;
        (void)find(self, start, &around); /* has just been looked through */
        give_back(self, start, offset, &around);
    }
    return hand_out(self, offset, span);
}

/* Takes a grant from the rest of the buffer, below the ceiling; padding becomes a hole. */
static ba_memory take_bottom(ba_buffer_allocator *self, ba_length minimum, ba_alignment alignment) {
    const size_t room = self->ceiling - self->used;
    const size_t span = minimum.bytes <= room ? span_of(minimum.bytes) : 0;
    const uintptr_t highest_start = (uintptr_t)self->base + self->ceiling - span;
    const size_t padding = (size_t)(highest_start & (alignment.bytes - 1)) & ~(BLOCK - 1);
    if (span == 0 || padding > room - span) {
        return ba_memory_none(ba_error_of(refusal(self, alignment)));
    }
    const size_t end = self->ceiling - padding;
    self->ceiling = end - span;
    if (padding != 0) {
        neighbours around;
        (void)find(self, end, &around); /* has just been looked through */
        give_back(self, end, end + padding, &around);
    }
    return hand_out(self, end - span, span);
}

/* Where an allocation is taken from that no hole has room for. */
typedef ba_memory take_rest(ba_buffer_allocator *self, ba_length minimum, ba_alignment alignment);

static ba_memory alloc_from(ba_buffer_allocator *self, take_rest *rest, ba_length minimum,
                            ba_alignment alignment, const char *operation, ba_call_site site) {
    neighbours found;
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
                                  ba_alignment alignment, ba_length minimum, neighbours *around) {
    const ba_error_code code =
        BA_CHECKS_MISUSE ? ba_check_resize(memory, alignment, minimum) : BA_OK;
    return code == BA_OK ? find_grant(self, memory, around) : code;
}

static ba_length_result resize(void *context, ba_memory memory, ba_alignment alignment,
                               ba_length minimum, ba_call_site site) {
    ba_buffer_allocator *const self = (ba_buffer_allocator *)context;
    neighbours around;
    const ba_error_code code = check_resize(self, memory, alignment, minimum, &around);
    if (code != BA_OK) {
        return ba_length_result_none(reject(self, "resize", code, memory, alignment, site));
    }
    return resize_between(self, memory, minimum, minimum, &around);
}

static ba_error free_memory(void *context, ba_memory memory, ba_alignment alignment,
                            ba_call_site site) {
    ba_buffer_allocator *const self = (ba_buffer_allocator *)context;
    neighbours around;
    ba_error_code code = BA_CHECKS_MISUSE ? ba_check_memory(memory, alignment) : BA_OK;
    code = code == BA_OK ? find_grant(self, memory, &around) : code;
    if (code != BA_OK) {
        return reject(self, "free", code, memory, alignment, site);
    }
    const size_t offset = offset_of(self, ba_memory_pointer(memory));
    give_back(self, offset, offset + span_of(ba_memory_length(memory).bytes), &around);
    return ba_error_of(BA_OK);
}

static ba_length_result grow_between(void *context, ba_memory memory, ba_alignment alignment,
                                     ba_length minimum, ba_length wanted, ba_call_site site) {
    ba_buffer_allocator *const self = (ba_buffer_allocator *)context;
    neighbours around;
    const ba_error_code code = check_resize(self, memory, alignment, minimum, &around);
    if (code != BA_OK) {
        return ba_length_result_none(reject(self, "grow_between", code, memory, alignment, site));
    }
    /* Neither length makes the grant shorter. */
    const ba_length held = ba_bytes(span_of(ba_memory_length(memory).bytes));
    const ba_length least = ba_length_longest_(minimum, held);
    return resize_between(self, memory, least, ba_length_longest_(wanted, least), &around);
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
    .alloc_aside = alloc_aside,
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
