/* ba_block_adapter: an exact allocator made one that gives whole blocks of a stated size.
 *
 *     ba_block_adapter adapter;
 *     if (ba_failed(ba_block_adapter_init(&adapter, ba_libc_allocator(), ba_bytes(4096)))) {
 *         ...
 *     }
 *     ba_block_allocator blocks = ba_block_adapter_block_allocator(&adapter);
 *
 * Every length is rounded up to whole blocks and the parent asked for exactly that; lengths given
 * back are rounded up again, so that the parent sees the one that it gave. Alignments are passed
 * on: a block is aligned to its size only if that is asked for. The other way round needs no
 * adapter: ba_as_allocator().
 *
 * Metadata: the struct; no memory per allocation. Cost: a few instructions a call. Errors: the
 * parent's, and BA_LIMIT for a length that no size_t can hold rounded up. */
#ifndef BLOCK_ALLOCATOR_FORWARDING_BLOCK_ADAPTER_H_
#define BLOCK_ALLOCATOR_FORWARDING_BLOCK_ADAPTER_H_

#include "block_allocator/allocator.h"
#include "block_allocator/block_allocator.h"
#include "block_allocator/error.h"
#include "block_allocator/internal/language.h"
#include "block_allocator/memory.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* The adapter's state; the caller owns it and keeps it in place while the adapter is used. */
typedef struct ba_block_adapter {
    ba_allocator parent;
    ba_length block_size;
} ba_block_adapter;

/* Makes an adapter over `parent`, which is borrowed, that gives whole blocks of `block_size` bytes.
 * BA_BAD_ALIGN if that is no power of two; then nothing is made. Needs no release: once all memory
 * is freed, nothing of it is left in the parent. */
BA_MUST_USE ba_error ba_block_adapter_init(ba_block_adapter *self, ba_allocator parent,
                                           ba_length block_size);

/* The adapter as a whole-span allocator; borrows `self`. */
ba_block_allocator ba_block_adapter_block_allocator(ba_block_adapter *self);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* BLOCK_ALLOCATOR_FORWARDING_BLOCK_ADAPTER_H_ */
