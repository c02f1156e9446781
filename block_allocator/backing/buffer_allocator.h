/* ba_buffer_allocator: a caller's buffer as the only memory. Asks no operating system and no C
 * library for anything, so it links into freestanding programs.
 *
 *     static unsigned char buffer[1 << 16];
 *
 *     ba_buffer_allocator bump;
 *     ba_buffer_allocator_init(&bump, ba_memory_of(buffer, ba_bytes(sizeof buffer)));
 *     ba_allocator allocator = ba_buffer_allocator_allocator(&bump);
 *     ...
 *     (void)ba_buffer_allocator_release(&bump);
 *
 *     |<------------- used ------------>|                |<-- used -->|
 *     | grant | hole | grant | grant    | free ...       | aside ...  |
 *                                       ^ top            ^ ceiling    ^ capacity
 *
 * A free of the highest grant lowers the top at once: frees in the opposite order of the
 * allocations leave no hole. What is freed or cut off below others, and the padding for an
 * alignment, becomes a hole, which is merged with adjacent holes and with the rest above the top.
 * An allocation takes the shortest hole that has room for it, else memory above the top. A grant
 * grows into the hole after it, and the highest one into the rest of the buffer. Memory that is
 * asked for aside (operations.h) is taken from the other end, so that the highest grant can grow
 * until it meets it.
 *
 * Block size: 2 * sizeof(size_t). Metadata: the struct; and one block in each hole, so the
 * buffer must be ordinary memory. Cost: an allocation looks at each hole, a free, resize and
 * grow-between at each hole above the grant: a few instructions per call if frees come in the
 * opposite order, O(holes) if they do not.
 *
 * Errors: BA_OUT_OF_MEMORY when neither a hole nor the rest of the buffer is long enough, for the
 * length and for the alignment; BA_BAD_ALIGN when the whole buffer has no address of the alignment,
 * so that it can never be given; BA_NOT_IN_PLACE for a grant below others that has no room after
 * it. Where misuse is checked, it is reported as BA_FOREIGN (outside the buffer), BA_INTERIOR
 * (where no block begins), BA_DOUBLE_FREE (in a hole, or at or above the top), BA_SIZE_MISMATCH
 * (reaches into a hole, or past the top), or BA_CORRUPT (the contents of a hole that was looked at
 * were overwritten; also from an allocation). Grants have no headers, so a wrong pointer or length
 * between holes is not detected.
 */
#ifndef BLOCK_ALLOCATOR_BACKING_BUFFER_ALLOCATOR_H_
#define BLOCK_ALLOCATOR_BACKING_BUFFER_ALLOCATOR_H_

#include <stddef.h>

#include "block_allocator/allocator.h"
#include "block_allocator/block_allocator.h"
#include "block_allocator/internal/language.h"
#include "block_allocator/memory.h"
#include "block_allocator/misuse.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

struct ba_buffer_hole;

/* The allocator's state; the caller owns it and keeps it in place while the allocator is used. Read
 * it through the functions below. */
typedef struct ba_buffer_allocator {
    ba_memory buffer;             /* as it was given */
    unsigned char *base;          /* the first whole block in it */
    size_t capacity;              /* bytes of whole blocks from there on */
    size_t used;                  /* offset of the top */
    size_t ceiling;               /* offset of the lowest grant aside, or the capacity */
    struct ba_buffer_hole *holes; /* the highest, from which the lower ones follow; or NULL */
    ba_severity_option severity;
} ba_buffer_allocator;

/* Makes an allocator over a buffer, which is borrowed and must only be accessed through the
 * allocator until ba_buffer_allocator_release(). If the buffer is not block-aligned, less than one
 * block at each end is unused. A buffer without a whole block, or none, makes an allocator that
 * refuses every allocation. Free memory is poisoned for the
 * sanitizers. */
void ba_buffer_allocator_init(ba_buffer_allocator *self, ba_memory buffer);

/* The allocator as an exact one; borrows `self`. */
ba_allocator ba_buffer_allocator_allocator(ba_buffer_allocator *self);

/* The allocator as a whole-span one; borrows `self`. */
ba_block_allocator ba_buffer_allocator_block_allocator(ba_buffer_allocator *self);

/* Gives this allocator a severity of its own; before, and after init, it has the program's
 * (ba_misuse_set_severity()). */
void ba_buffer_allocator_set_severity(ba_buffer_allocator *self, ba_severity severity);

/* Takes back all grants at once, live ones too: pointers into the buffer are invalid, and all of it
 * is free again. */
void ba_buffer_allocator_reset(ba_buffer_allocator *self);

/* Ends the allocator and returns the buffer as it was given, no longer poisoned: its owner may use
 * it again. To be called before the buffer's memory serves anything else, such as when a function
 * returns whose local variable it is. Live grants are invalid; every later allocation is refused.
 */
ba_memory ba_buffer_allocator_release(ba_buffer_allocator *self);

/* The bytes below the top and above the ceiling: grants and holes. */
ba_length ba_buffer_allocator_used(const ba_buffer_allocator *self);

/* The bytes that can be used at most, a multiple of the block size. */
ba_length ba_buffer_allocator_capacity(const ba_buffer_allocator *self);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* BLOCK_ALLOCATOR_BACKING_BUFFER_ALLOCATOR_H_ */
