/* The operations table: what an implementation of the interfaces provides. Users of allocators
 * never need this header's names; authors of allocators do.
 *
 * An implementation writes one table. Its operations work on whole spans: they return all that was
 * granted. ba_block_allocator shows that to the caller, ba_allocator cuts it to what was asked for;
 * neither costs the implementation anything.
 *
 * Rules for every implementation:
 *  - The block size is a power of two. alloc, resize and remap return exactly the length asked for,
 *    rounded up to whole blocks.
 *  - grow_between returns whole blocks, at least `minimum` and at most `wanted`, each rounded up;
 *    if both lie below the length that the memory has, it returns that length: it never makes
 *    memory shorter.
 *  - Memory fitting: resize, grow_between, remap and free accept any length that rounds up to the
 *    same number of blocks as the length that was returned last. After alloc, resize and remap that
 *    is any length from the one asked for to the one returned.
 *  - Shrinking in place to one byte or more never fails.
 *  - A refused or failed operation has changed nothing.
 *  - Free never fails for a correct caller. What is given back where it cannot be taken, as to an
 *    allocator from inside one of its own calls, is refused with an error and stays as it was; an
 *    allocator that gets such an answer from its parent passes it on, or keeps the memory to give
 *    it back later.
 *  - Bad input gets the error that error.h names, through the misuse handler (misuse.h), in the
 *    build modes that check: a length of zero BA_ZERO_SIZE; an alignment that is no power of two,
 *    or not that of the pointer, BA_BAD_ALIGN; a NULL pointer BA_FOREIGN; a length of zero given
 *    back BA_SIZE_MISMATCH.
 *  - An alignment that is a power of two, but too large to be given ever, however much memory is
 *    free, is BA_BAD_ALIGN in every build mode and no misuse: nothing is reported, and another
 *    allocator may be asked. Every allocator has such alignments: no address but zero is a multiple
 *    of the largest power of two.
 *  - The alignment given to resize, grow_between, remap and free is one that the pointer satisfies;
 *    the alignment that memory was allocated with is kept by resize, grow_between and remap if it
 *    is given.
 *  - Memory moves with all that its whole blocks hold, as far as there is room, whichever length of
 *    those that fit is given.
 *  - An allocator that takes memory from the system, not from malloc or another allocator,
 *    registers it with LeakSanitizer (instrumentation.h). */
#ifndef BLOCK_ALLOCATOR_IMPLEMENTING_OPERATIONS_H_
#define BLOCK_ALLOCATOR_IMPLEMENTING_OPERATIONS_H_

#include <stddef.h>

#include "block_allocator/call_site.h"
#include "block_allocator/internal/language.h"
#include "block_allocator/memory.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* Whether a pointer lies in memory of an allocator, if that can be determined. */
typedef enum ba_ownership {
    BA_OWNS_NOT,
    BA_OWNS,
    BA_OWNS_UNKNOWN,
} ba_ownership;

/* The table. It is constant and outlives every allocator that points to it. Operations after `free`
 * are optional: NULL says that there is none. So does a size that ends before them: an
 * implementation that was compiled against an older, shorter table keeps working. */
typedef struct ba_operations {
    /* sizeof(ba_operations) where the implementation was compiled. */
    size_t size;

    /* The unit of spans in bytes, a power of two; 1 for an allocator that gives any length exactly.
     * Constant for a context. */
    ba_length (*block_size)(const void *context);

    /* `minimum` bytes, rounded up to whole blocks, aligned. */
    ba_memory (*alloc)(void *context, ba_length minimum, ba_alignment alignment, ba_call_site site);

    /* Makes memory longer or shorter without moving it; returns all that the memory now has.
     * Refused with an error for which ba_error_is_refusal() holds. */
    ba_length_result (*resize)(void *context, ba_memory memory, ba_alignment alignment,
                               ba_length minimum, ba_call_site site);

    /* Takes memory back. */
    ba_error (*free)(void *context, ba_memory memory, ba_alignment alignment, ba_call_site site);

    /* Optional. Makes memory longer without moving it, to at least `minimum` and at most `wanted`
     * (rounded up to whole blocks), as far as it goes; returns all that the memory now has, which
     * is never less than before. */
    ba_length_result (*grow_between)(void *context, ba_memory memory, ba_alignment alignment,
                                     ba_length minimum, ba_length wanted, ba_call_site site);

    /* Optional. Makes memory longer or shorter, and may move it, but never copies: pages are given
     * other addresses. On success the old memory is gone; on failure it is as it was. */
    ba_memory (*remap)(void *context, ba_memory memory, ba_alignment alignment, ba_length minimum,
                       ba_call_site site);

    /* Optional. The contents of this part of some live memory are of no more use: whole pages
     * inside it may be given back to the system until they are written again. The part stays
     * allocated; its contents are lost. Returns the bytes given back. */
    ba_length_result (*discard)(void *context, ba_memory part, ba_call_site site);

    /* Optional. Whether the pointer lies in memory that this allocator has allocated or could
     * allocate; never looks at the memory. */
    ba_ownership (*owns)(const void *context, const void *pointer);

    /* Optional. As alloc, for memory that stays long and is not to grow: it is taken from where it
     * is least in the way of what grows in place. An allocator with this operation lets the memory
     * that `alloc` returned last grow in place as far as there is memory. */
    ba_memory (*alloc_aside)(void *context, ba_length minimum, ba_alignment alignment,
                             ba_call_site site);

    /* Optional. Makes memory longer or shorter: in place, else by moving it, with all that it holds
     * as far as there is room. On success the old memory is gone unless the pointer is the same; on
     * failure nothing has changed. Without it that is a resize, else a remap, else an alloc, a copy
     * and a free; an allocator that counts failures, or calls a hook before it refuses, has the
     * operation, because only then does it know that the three are one call. */
    ba_memory (*realloc)(void *context, ba_memory memory, ba_alignment alignment, ba_length minimum,
                         ba_call_site site);
} ba_operations;

/* True if the table has the optional operation (a member's name). A macro, because a function
 * cannot take a member. */
#define BA_HAS_OPERATION(operations, member)                                                       \
    (offsetof(ba_operations, member) + sizeof((operations)->member) <= (operations)->size &&       \
     (operations)->member != NULL)

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* BLOCK_ALLOCATOR_IMPLEMENTING_OPERATIONS_H_ */
