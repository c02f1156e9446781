/* ba_fallback_allocator: a second allocator for when the first has no more.
 *
 *     ba_fallback_allocator both;
 *     if (ba_failed(ba_fallback_allocator_init(&both, ba_buffer_allocator_allocator(&fast),
 *                                              ba_libc_allocator()))) {
 *         ...
 *     }
 *     ba_allocator allocator = ba_fallback_allocator_allocator(&both);
 *
 * An allocation goes to the primary. What the primary refuses, for any reason, an alignment that it
 * can never give included, goes to the secondary. Every other call goes to the allocator that the
 * memory is from. The primary must be able to determine that: it has the operation `owns`, which
 * says yes for its live memory and no for all other memory. In particular the secondary takes no
 * memory from the primary. The secondary never gets a pointer that the primary says is its own,
 * live or not, and none while it has given nothing: the primary reports such a mistake. Every other
 * wrong pointer goes to the secondary; if that is the C library, which does not check, a double
 * free of memory that the primary no longer has is undefined. Growth in place is refused if the
 * owner refuses it; ba_realloc() then allocates new memory, from the primary first, and copies.
 *
 * The block size is the smaller of the two, and whole spans are cut to it: a part of an owner's
 * last block may stay unused. Metadata: the struct; no memory per allocation. Cost: the primary's
 * `owns` and a few instructions per call. Errors of an allocation: the secondary's, but the
 * primary's for arguments that no allocator accepts, and if only the secondary finds the alignment
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

/* Makes an allocator over two others, which are borrowed. BA_UNSUPPORTED if the primary does not
 * know which memory is its own; then nothing is made. Needs no release: once all memory is freed,
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
