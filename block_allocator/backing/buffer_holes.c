#include "block_allocator/backing/buffer_holes.h"

#include "block_allocator/build_mode.h"
#include "block_allocator/implementing/instrumentation.h"

BA_STATIC_ASSERT(BA_BUFFER_BLOCK == 2 * sizeof(size_t), "each hole has room for what stands in it");
BA_STATIC_ASSERT((BA_BUFFER_BLOCK & (BA_BUFFER_BLOCK - 1)) == 0,
                 "the block size is a power of two");

static ba_buffer_hole *hole_before(const ba_buffer_allocator *self, size_t end) {
    return (ba_buffer_hole *)(void *)(self->base + (end - BA_BUFFER_BLOCK));
}

/* Free memory is poisoned, what stands in holes too: each look at it is announced. */
static ba_buffer_hole read_hole(const ba_buffer_hole *at) {
    ba_instrument_inspect(at, ba_bytes(sizeof *at));
    const ba_buffer_hole is = *at;
    ba_instrument_free(at, ba_bytes(sizeof *at));
    return is;
}

static void write_hole(ba_buffer_hole *at, ba_buffer_hole is) {
    ba_instrument_alloc(at, ba_bytes(sizeof *at));
    *at = is;
    ba_instrument_free(at, ba_bytes(sizeof *at));
}

/* False if a hole cannot begin and end there: it does not touch another, nor the top, nor the
 * ceiling. */
static bool may_be_hole(const ba_buffer_allocator *self, size_t start, size_t end,
                        const ba_buffer_neighbours *of) {
    const size_t limit = ba_buffer_limit(self, start, of);
    const bool is_last = of->above == NULL && start > self->ceiling;
    return end < limit + (is_last ? 1 : 0) && (start < self->used || start > self->ceiling);
}

/* False if this cannot stand in the lower neighbour. */
static bool below_is_valid(const ba_buffer_allocator *self, const ba_buffer_neighbours *of) {
    const size_t end = ba_buffer_hole_end(self, of->below);
    const ba_buffer_hole is = of->below_is;
    if (is.bytes == 0 || is.bytes > end || is.bytes % BA_BUFFER_BLOCK != 0 ||
        !may_be_hole(self, end - is.bytes, end, of)) {
        return false;
    }
    return is.lower == NULL ||
           (ba_buffer_holds(self, is.lower) &&
            ba_buffer_offset(self, is.lower) % BA_BUFFER_BLOCK == 0 && is.lower < of->below);
}

/* Reads the lower neighbour. BA_CORRUPT, where that is checked, if it was overwritten. */
static ba_error_code read_below(const ba_buffer_allocator *self, ba_buffer_neighbours *of) {
    if (of->below == NULL) {
        return BA_OK;
    }
    of->below_is = read_hole(of->below);
    return !BA_CHECKS_MISUSE || below_is_valid(self, of) ? BA_OK : BA_CORRUPT;
}

ba_error_code ba_buffer_highest_hole(const ba_buffer_allocator *self, ba_buffer_neighbours *found) {
    *found = (ba_buffer_neighbours){.below = self->holes};
    return read_below(self, found);
}

ba_error_code ba_buffer_step_down(const ba_buffer_allocator *self, ba_buffer_neighbours *of) {
    of->above = of->below;
    of->above_is = of->below_is;
    of->below = of->below_is.lower;
    return read_below(self, of);
}

ba_error_code ba_buffer_find_holes(const ba_buffer_allocator *self, size_t offset,
                                   ba_buffer_neighbours *found) {
    ba_error_code code = ba_buffer_highest_hole(self, found);
    while (code == BA_OK && found->below != NULL &&
           ba_buffer_hole_start(self, found->below, found->below_is) > offset) {
        code = ba_buffer_step_down(self, found);
    }
    return code;
}

/* Makes a hole the next one below another, or the highest one. */
static void link_below(ba_buffer_allocator *self, ba_buffer_hole *above, ba_buffer_hole *below) {
    if (above == NULL) {
        self->holes = below;
    } else {
        write_hole(above, (ba_buffer_hole){.lower = below, .bytes = read_hole(above).bytes});
    }
}

/* Lowers the top to `start`, or to where a hole begins that ends there. */
static void lower_top(ba_buffer_allocator *self, size_t start, const ba_buffer_neighbours *around) {
    self->used = start;
    if (around->below != NULL && ba_buffer_hole_end(self, around->below) == start) {
        self->used -= around->below_is.bytes;
        link_below(self, around->above, around->below_is.lower);
    }
}

/* Takes a hole off the list. O(holes above). */
static void unlink_hole(ba_buffer_allocator *self, const ba_buffer_hole *at, ba_buffer_hole is) {
    ba_buffer_neighbours around;
    (void)ba_buffer_find_holes(self, ba_buffer_hole_start(self, at, is),
                               &around); /* has just been looked through */
    link_below(self, around.above, is.lower);
}

/* Raises the ceiling to `end`, or to where a hole ends that begins there. */
static void raise_ceiling(ba_buffer_allocator *self, size_t end,
                          const ba_buffer_neighbours *around) {
    self->ceiling = end;
    if (around->above != NULL &&
        ba_buffer_hole_start(self, around->above, around->above_is) == end) {
        unlink_hole(self, around->above, around->above_is);
        self->ceiling += around->above_is.bytes;
    }
}

void ba_buffer_give_back(ba_buffer_allocator *self, size_t start, size_t end,
                         const ba_buffer_neighbours *around) {
    ba_instrument_free(self->base + start, ba_bytes(end - start));
    if (end == self->used) {
        lower_top(self, start, around);
        return;
    }
    if (start == self->ceiling) {
        raise_ceiling(self, end, around);
        return;
    }
    ba_buffer_hole *at = hole_before(self, end);
    ba_buffer_hole is = {.lower = around->below, .bytes = end - start};
    if (around->above != NULL &&
        ba_buffer_hole_start(self, around->above, around->above_is) == end) {
        at = around->above;
        is.bytes += around->above_is.bytes;
    } else {
        link_below(self, around->above, at);
    }
    if (around->below != NULL && ba_buffer_hole_end(self, around->below) == start) {
        is.bytes += around->below_is.bytes;
        is.lower = around->below_is.lower;
    }
    write_hole(at, is);
}

void ba_buffer_take_lower_end(ba_buffer_allocator *self, ba_buffer_hole *at, ba_buffer_hole is,
                              size_t bytes) {
    if (bytes < is.bytes) {
        write_hole(at, (ba_buffer_hole){.lower = is.lower, .bytes = is.bytes - bytes});
        return;
    }
    unlink_hole(self, at, is);
}

void ba_buffer_take_from_below(ba_buffer_allocator *self, const ba_buffer_neighbours *around,
                               size_t offset, size_t span) {
    const size_t padding = offset - ba_buffer_hole_start(self, around->below, around->below_is);
    const size_t rest = around->below_is.bytes - padding - span;
    ba_buffer_hole *lower = around->below_is.lower;
    if (padding != 0) {
        ba_buffer_hole *const at = hole_before(self, offset);
        write_hole(at, (ba_buffer_hole){.lower = lower, .bytes = padding});
        lower = at;
    }
    if (rest != 0) {
        write_hole(around->below, (ba_buffer_hole){.lower = lower, .bytes = rest});
        lower = around->below;
    }
    link_below(self, around->above, lower);
}
