/* ba_guarded_allocator: finds writes past either end of an allocation.
 *
 *     ba_guarded_allocator guarded;
 *     ba_guarded_allocator_init(&guarded, "parser", parent, ba_bytes(BA_GUARDED_DEFAULT_FENCE));
 *     ba_allocator allocator = ba_guarded_allocator_allocator(&guarded);
 *
 * Each allocation lies between two fences, bytes of BA_GUARDED_FENCE_BYTE that no caller may
 * write to:
 *
 *     what the parent granted
 *     [padding | header | front fence | payload | back fence | rest]
 *
 * The back fence starts directly after the last byte that was asked for: the block size is 1, and
 * only the exact length fits. The header ends where the front fence starts and is protected by a
 * checksum, so that one that was overwritten is reported and not followed. Everything is checked
 * on free, on resize and on demand (ba_guarded_allocator_check()), in every build mode. A call that
 * is rejected changes nothing.
 *
 * Reports, with the call site of the allocation as `origin` unless it is lost with the header:
 *  - BA_CORRUPT: `memory` is what was overwritten: from the first to the last wrong byte of a fence
 *    (the front one if both are damaged), or the header. Certain.
 *  - BA_SIZE_MISMATCH, with the right length as `expected`, and BA_BAD_ALIGN. Certain.
 *  - BA_INTERIOR: the pointer lies inside what the parent granted for a live allocation. Certain.
 *  - BA_DOUBLE_FREE: a header there says that it was freed, and it was not overwritten since.
 *    Certain, but only found while the parent keeps the memory readable and unused, and does not
 *    say that it is no longer its own.
 *  - BA_FOREIGN: none of the above. Certain, except that it may be a double free, or that the walk
 *    over the live allocations, which determines this, came to a header that is overwritten.
 *
 * To check a pointer, the header before it is read, unless the parent says that it does not own
 * that (ba_owns()). Over a parent that does not know, an invalid pointer may crash the program.
 *
 * Memory cannot be remapped, because the fences would not move along. Metadata: 8 words, two
 * fences, and padding if the alignment is larger than that of a header, for each allocation. Cost:
 * filling and checking the fences, a question of ownership, and the checksum. Misuse walks over
 * all live allocations. Not synchronized. */
#ifndef BLOCK_ALLOCATOR_FORWARDING_GUARDED_ALLOCATOR_H_
#define BLOCK_ALLOCATOR_FORWARDING_GUARDED_ALLOCATOR_H_

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

/* Fences: their default and greatest length, and their bytes. */
enum {
    BA_GUARDED_DEFAULT_FENCE = 16,   /* bytes of one fence */
    BA_GUARDED_LONGEST_FENCE = 4096, /* bytes of one fence */
    BA_GUARDED_FENCE_BYTE = 0xFD,    /* what fences consist of */
};

/* The allocator's state; the caller owns it and keeps it in place while the allocator is used. */
typedef struct ba_guarded_allocator {
    ba_block_allocator parent;
    const char *name;
    ba_length fence;
    ba_severity_option severity;
    struct ba_guarded_header_ *oldest; /* of the live allocations, or NULL */
    struct ba_guarded_header_ *newest;
} ba_guarded_allocator;

/* Makes an allocator over `parent` with fences of `fence` bytes, rounded up to a multiple of 16, at
 * least that and at most BA_GUARDED_LONGEST_FENCE. `name` names it in reports; both pointers are
 * borrowed. Needs no release: once all memory is freed, nothing of it is left in the parent. */
void ba_guarded_allocator_init(ba_guarded_allocator *self, const char *name, ba_allocator parent,
                               ba_length fence);

/* The allocator as an exact one; borrows `self`. */
ba_allocator ba_guarded_allocator_allocator(ba_guarded_allocator *self);

/* The allocator as a whole-span one, with blocks of 1 byte; borrows `self`. */
ba_block_allocator ba_guarded_allocator_block_allocator(ba_guarded_allocator *self);

/* Gives this allocator a severity of its own; before, it has the program's
 * (ba_misuse_set_severity()). */
void ba_guarded_allocator_set_severity(ba_guarded_allocator *self, ba_severity severity);

/* Looks at all live allocations, the oldest first, and reports each that is damaged as BA_CORRUPT.
 * Returns how many are. A header that is overwritten ends the walk, because what it led to cannot
 * be found. */
size_t ba_guarded_allocator_check(const ba_guarded_allocator *self);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* BLOCK_ALLOCATOR_FORWARDING_GUARDED_ALLOCATOR_H_ */
