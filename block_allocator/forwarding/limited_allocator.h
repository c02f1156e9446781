/* ba_limited_allocator: a hard cap on the bytes taken from another allocator.
 *
 *     ba_limited_allocator limited;
 *     ba_limited_allocator_init(&limited, parent, ba_bytes(1 << 20));
 *     ba_allocator capped = ba_limited_allocator_allocator(&limited);
 *
 * Counts what the parent grants, whole spans included. What would pass the cap is refused with
 * BA_LIMIT, and the parent is not asked. Metadata: the struct; no memory per allocation. Cost: a
 * few instructions a call. */
#ifndef BLOCK_ALLOCATOR_FORWARDING_LIMITED_ALLOCATOR_H_
#define BLOCK_ALLOCATOR_FORWARDING_LIMITED_ALLOCATOR_H_

#include "block_allocator/allocator.h"
#include "block_allocator/block_allocator.h"
#include "block_allocator/internal/language.h"
#include "block_allocator/memory.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* The allocator's state; the caller owns it and keeps it in place while the allocator is used. Read
 * it through the functions below. */
typedef struct ba_limited_allocator {
    ba_block_allocator parent;
    ba_length limit;
    ba_length taken;
} ba_limited_allocator;

/* Makes an allocator over `parent`, which is borrowed, that takes at most `limit` bytes. Needs no
 * release: once all memory is freed, nothing of it is left in the parent. */
void ba_limited_allocator_init(ba_limited_allocator *self, ba_allocator parent, ba_length limit);

/* The allocator as an exact one; borrows `self`. */
ba_allocator ba_limited_allocator_allocator(ba_limited_allocator *self);

/* The allocator as a whole-span one, with the parent's block size; borrows `self`. */
ba_block_allocator ba_limited_allocator_block_allocator(ba_limited_allocator *self);

/* The bytes taken from the parent now. */
ba_length ba_limited_allocator_taken(const ba_limited_allocator *self);

/* Sets another limit. One below what is taken now takes nothing away; it refuses more. */
void ba_limited_allocator_set_limit(ba_limited_allocator *self, ba_length limit);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* BLOCK_ALLOCATOR_FORWARDING_LIMITED_ALLOCATOR_H_ */
