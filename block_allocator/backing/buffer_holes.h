/* The holes of a ba_buffer_allocator: its free memory below the top, or above the ceiling. Part of
 * buffer_allocator.c; not for users.
 *
 * They lie on a list, in descending order of their addresses. What is next to an offset is looked
 * for first, from above, and then what is done there needs no look, but to take a hole off the
 * list. */
#ifndef BLOCK_ALLOCATOR_BACKING_BUFFER_HOLES_H_
#define BLOCK_ALLOCATOR_BACKING_BUFFER_HOLES_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "block_allocator/backing/buffer_allocator.h"
#include "block_allocator/error.h"
#include "block_allocator/internal/language.h"
#include "block_allocator/memory.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* What stands in the last block of a hole. There, and not in the first, because it need not move
 * when the hole grows or is used from its lower end. */
typedef struct ba_buffer_hole {
    struct ba_buffer_hole *lower; /* the next hole at lower addresses, or NULL */
    size_t bytes;                 /* of the hole, this block included */
} ba_buffer_hole;

/* The block size. A macro, because assertions need a constant. */
#define BA_BUFFER_BLOCK sizeof(ba_buffer_hole)

/* A hole and the one above it; either may be NULL, and then its contents are not set. */
typedef struct ba_buffer_neighbours {
    ba_buffer_hole *above;
    ba_buffer_hole *below;
    ba_buffer_hole above_is; /* what stands in them */
    ba_buffer_hole below_is;
} ba_buffer_neighbours;

/* Whole blocks for a length that is known to be no longer than the buffer. */
BA_ALWAYS_INLINE size_t ba_buffer_span(size_t length) {
    return (length + BA_BUFFER_BLOCK - 1) & ~(BA_BUFFER_BLOCK - 1);
}

/* Bytes from an address up to the next multiple of an alignment. */
BA_WRAPS BA_ALWAYS_INLINE size_t ba_buffer_distance(uintptr_t address, ba_alignment alignment) {
    return (size_t)(0 - address) & (alignment.bytes - 1);
}

/* Where a pointer points, in bytes from the beginning of the buffer. */
BA_ALWAYS_INLINE size_t ba_buffer_offset(const ba_buffer_allocator *self, const void *pointer) {
    return (size_t)((uintptr_t)pointer - (uintptr_t)self->base);
}

/* True if a pointer points into the buffer. */
BA_WRAPS BA_ALWAYS_INLINE bool ba_buffer_holds(const ba_buffer_allocator *self,
                                               const void *pointer) {
    return (uintptr_t)pointer - (uintptr_t)self->base < self->capacity;
}

/* Where a hole ends. */
BA_ALWAYS_INLINE size_t ba_buffer_hole_end(const ba_buffer_allocator *self,
                                           const ba_buffer_hole *at) {
    return ba_buffer_offset(self, at) + BA_BUFFER_BLOCK;
}

/* Where it begins. */
BA_ALWAYS_INLINE size_t ba_buffer_hole_start(const ba_buffer_allocator *self,
                                             const ba_buffer_hole *at, ba_buffer_hole is) {
    return ba_buffer_hole_end(self, at) - is.bytes;
}

/* Where what begins at an offset ends at the latest: at the hole above, or at the top. */
BA_ALWAYS_INLINE size_t ba_buffer_limit(const ba_buffer_allocator *self, size_t offset,
                                        const ba_buffer_neighbours *of) {
    const size_t hole_above =
        of->above == NULL ? self->capacity : ba_buffer_hole_start(self, of->above, of->above_is);
    return offset < self->used && hole_above > self->used ? self->used : hole_above;
}

/* The highest hole. */
ba_error_code ba_buffer_highest_hole(const ba_buffer_allocator *self, ba_buffer_neighbours *found);

/* One hole down; there must be a lower neighbour. */
ba_error_code ba_buffer_step_down(const ba_buffer_allocator *self, ba_buffer_neighbours *of);

/* The holes around an offset: the lower one begins there or below. O(holes above). */
ba_error_code ba_buffer_find_holes(const ba_buffer_allocator *self, size_t offset,
                                   ba_buffer_neighbours *found);

/* Makes [start, end), which lies between two holes, a part of what is free. */
void ba_buffer_give_back(ba_buffer_allocator *self, size_t start, size_t end,
                         const ba_buffer_neighbours *around);

/* Takes so many bytes from the lower end of a hole. O(holes above) if nothing of it is left. */
void ba_buffer_take_lower_end(ba_buffer_allocator *self, ba_buffer_hole *at, ba_buffer_hole is,
                              size_t bytes);

/* Takes [offset, offset + span) from the lower neighbour; what is left of it on either side stays a
 * hole. */
void ba_buffer_take_from_below(ba_buffer_allocator *self, const ba_buffer_neighbours *around,
                               size_t offset, size_t span);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* BLOCK_ALLOCATOR_BACKING_BUFFER_HOLES_H_ */
