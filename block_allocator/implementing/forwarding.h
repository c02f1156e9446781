/* The operations that a forwarding allocator leaves to its parent as they are. An implementation
 * whose state begins with the parent, a ba_block_allocator, puts them into its table instead of
 * writing them again. They are used by address, so they are not always_inline. */
#ifndef BLOCK_ALLOCATOR_IMPLEMENTING_FORWARDING_H_
#define BLOCK_ALLOCATOR_IMPLEMENTING_FORWARDING_H_

#include "block_allocator/block_allocator.h"
#include "block_allocator/call_site.h"
#include "block_allocator/implementing/operations.h"
#include "block_allocator/internal/language.h"
#include "block_allocator/memory.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* The parent's block size. */
static inline ba_length ba_forward_block_size(const void *context) {
    return ba_block_allocator_block_size(*(const ba_block_allocator *)context);
}

/* The parent's discard. */
static inline ba_length_result ba_forward_discard(void *context, ba_memory part,
                                                  ba_call_site site) {
    return ba_block_discard_at(*(const ba_block_allocator *)context, part, site);
}

/* The parent's answer. */
static inline ba_ownership ba_forward_owns(const void *context, const void *pointer) {
    return ba_block_owns(*(const ba_block_allocator *)context, pointer);
}

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* BLOCK_ALLOCATOR_IMPLEMENTING_FORWARDING_H_ */
