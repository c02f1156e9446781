/* ba_fallback_allocator: a second allocator for when the first has no more.
 *
 *     ba_fallback_allocator both;
 *     if (ba_failed(ba_fallback_allocator_init(&both, ba_buffer_allocator_allocator(&fast),
 *                                              ba_libc_allocator()))) {
 *         ...
 *     }
 *     ba_allocator allocator = ba_fallback_allocator_allocator(&both);
 *
 * An allocation goes to the primary; what the primary refuses, for whatever reason, goes to the
 * secondary, an alignment that is too large for the primary too. Everything else goes to the one
 * that the memory is from, which the primary must be able to tell: it has the operation `owns` and
 * answers yes for its live memory and no for everybody else's. In particular the secondary takes no
 * memory from the primary. The secondary never sees a pointer that the primary says is its own,
 * live or not, and none while it has given nothing: such a mistake is the primary's to report. What
 * else is neither's goes to the secondary; where that is the C library, which cannot tell, a double
 * free of memory that the primary no longer has is undefined. Growing in place is refused when the
 * owner refuses; ba_realloc() then allocates anew, of the primary first, and copies.
 *
 * The block size is the smaller of the two, and whole spans are cut to it: a part of an owner's
 * last block may stay unused. Metadata: the struct; no memory per allocation. Cost: the
 * primary's `owns` and a few instructions a call. Errors of an allocation: the secondary's, but the
 * primary's for arguments that no allocator takes, and where only the secondary finds the alignment
 * too large. */
#ifndef BLOCK_ALLOCATOR_FORWARDING_FALLBACK_ALLOCATOR_H_
#define BLOCK_ALLOCATOR_FORWARDING_FALLBACK_ALLOCATOR_H_

#include <stddef.h>

#include "block_allocator/allocator.h"
#include "block_allocator/block_allocator.h"
#include "block_allocator/error.h"
#include "block_allocator/internal/language.h"
#include "block_allocator/memory.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* The allocator's state; the caller owns it and keeps it in place while the allocator is used. */
typedef struct ba_fallback_allocator {
    ba_block_allocator primary;
    ba_block_allocator secondary;
    ba_length block_size;
    size_t at_secondary; /* live allocations that are the secondary's */
} ba_fallback_allocator;

/* Makes an allocator over two others, which are borrowed. BA_UNSUPPORTED if the primary cannot tell
 * its memory from others'; then nothing is made. Needs no release: once all memory is freed,
 * nothing of it is left in either. */
BA_MUST_USE ba_error ba_fallback_allocator_init(ba_fallback_allocator *self, ba_allocator primary,
                                                ba_allocator secondary);

/* The allocator as an exact one; borrows `self`. */
ba_allocator ba_fallback_allocator_allocator(ba_fallback_allocator *self);

/* The allocator as a whole-span one; borrows `self`. */
ba_block_allocator ba_fallback_allocator_block_allocator(ba_fallback_allocator *self);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* BLOCK_ALLOCATOR_FORWARDING_FALLBACK_ALLOCATOR_H_ */
