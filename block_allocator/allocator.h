/* ba_allocator: an allocator that returns exactly as many bytes as were asked for.
 *
 *     ba_memory memory = ba_alloc(allocator, ba_bytes(777), ba_align(16));
 *     if (ba_memory_is_none(memory)) {
 *         return ba_memory_error(memory);
 *     }
 *     use(ba_memory_pointer(memory), ba_memory_length(memory).bytes);     // 777
 *     ba_free(allocator, memory, ba_align(16));
 *
 * The same calls as in block_allocator.h, cut to what was asked for, over the same implementations.
 * A ba_block_allocator can be seen as a ba_allocator at no cost (ba_as_allocator()); the other way
 * round takes an adapter that rounds up (block_adapter.h), because only it can promise a block
 * size.
 *
 * A value of two words that borrows the implementation; copy it freely. The functions that end in
 * _at take the call site as their last argument; the macros without _at fill it in. */
#ifndef BLOCK_ALLOCATOR_ALLOCATOR_H_
#define BLOCK_ALLOCATOR_ALLOCATOR_H_

#include "block_allocator/block_allocator.h"
#include "block_allocator/call_site.h"
#include "block_allocator/implementing/operations.h"
#include "block_allocator/internal/cut.h"
#include "block_allocator/internal/language.h"
#include "block_allocator/memory.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* An exact allocator: an operations table and the context that its functions get. Does not own the
 * context.
 */
typedef struct ba_allocator {
    void *context;
    const ba_operations *operations;
} ba_allocator;

/* Makes the value from its parts; for authors of allocators. */
BA_ALWAYS_INLINE ba_allocator ba_allocator_of(void *context, const ba_operations *operations) {
    ba_allocator allocator;
    allocator.context = context;
    allocator.operations = operations;
    return allocator;
}

/* The same allocator, seen as one that gives exactly what is asked for. Memory of the one view may
 * be freed through the other. */
BA_ALWAYS_INLINE ba_allocator ba_as_allocator(ba_block_allocator blocks) {
    return ba_allocator_of(blocks.context, blocks.operations);
}

/* The whole spans that the implementation of an exact allocator grants: for forwarding allocators,
 * which pass them on. Not for users, because no block size is promised. */
BA_ALWAYS_INLINE ba_block_allocator ba_allocator_grants(ba_allocator allocator) {
    return ba_block_allocator_of(allocator.context, allocator.operations);
}

/* The unit, in bytes, in which the allocator takes memory for what it gives: 1 if it wastes
 * nothing. */
BA_ALWAYS_INLINE ba_length ba_allocator_block_size(ba_allocator allocator) {
    return ba_block_allocator_block_size(ba_allocator_grants(allocator));
}

/* Allocates exactly `length` bytes. Contents are undefined. Errors: BA_ZERO_SIZE, BA_BAD_ALIGN,
 * BA_LIMIT, BA_OUT_OF_MEMORY. */
BA_MUST_USE BA_ALWAYS_INLINE ba_memory ba_alloc_at(ba_allocator allocator, ba_length length,
                                                   ba_alignment alignment, ba_call_site site) {
    return ba_memory_cut_(
        ba_block_alloc_at(ba_allocator_grants(allocator), length, alignment, site), length);
}

/* Makes memory exactly `length` bytes long, in place. Shrinking to one byte or more never fails;
 * refused growth changes nothing (BA_NOT_IN_PLACE, BA_OUT_OF_MEMORY, BA_LIMIT). */
BA_MUST_USE BA_ALWAYS_INLINE ba_length_result ba_resize_at(ba_allocator allocator, ba_memory memory,
                                                           ba_alignment alignment, ba_length length,
                                                           ba_call_site site) {
    return ba_length_result_cut_(
        ba_block_resize_at(ba_allocator_grants(allocator), memory, alignment, length, site),
        length);
}

/* Makes memory longer in place: at least `minimum`, at most `wanted` bytes; returns the new length.
 * Never makes it shorter: if both are less than what it has, that is returned. Errors as for
 * resize; refused means that nothing changed. */
BA_MUST_USE BA_ALWAYS_INLINE ba_length_result
ba_grow_between_at(ba_allocator allocator, ba_memory memory, ba_alignment alignment,
                   ba_length minimum, ba_length wanted, ba_call_site site) {
    return ba_length_result_cut_(
        ba_block_grow_between_at(ba_allocator_grants(allocator), memory, alignment, minimum, wanted,
                                 site),
        ba_length_longest_(ba_memory_length(memory), ba_length_longest_(minimum, wanted)));
}

/* Makes memory exactly `length` bytes long; may move it by giving its pages other addresses, but
 * never copies. On success the old memory is gone and pointers into it are invalid; on failure
 * nothing changed. BA_UNSUPPORTED where the allocator cannot do that at all. */
BA_MUST_USE BA_ALWAYS_INLINE ba_memory ba_remap_at(ba_allocator allocator, ba_memory memory,
                                                   ba_alignment alignment, ba_length length,
                                                   ba_call_site site) {
    return ba_memory_cut_(
        ba_block_remap_at(ba_allocator_grants(allocator), memory, alignment, length, site), length);
}

/* Makes memory exactly `length` bytes long: in place, else by remapping, else by allocating new
 * memory, copying and freeing the old. The contents are kept up to the shorter length. On failure
 * nothing changed. Cost: of the copy, at worst. */
BA_MUST_USE BA_ALWAYS_INLINE ba_memory ba_realloc_at(ba_allocator allocator, ba_memory memory,
                                                     ba_alignment alignment, ba_length length,
                                                     ba_call_site site) {
    return ba_memory_cut_(
        ba_block_realloc_at(ba_allocator_grants(allocator), memory, alignment, length, site),
        length);
}

/* Gives memory back. The result may be ignored: a correct call cannot fail; misuse that is found
 * and only logged returns its error and changes nothing. */
BA_ALWAYS_INLINE ba_error ba_free_at(ba_allocator allocator, ba_memory memory,
                                     ba_alignment alignment, ba_call_site site) {
    return ba_block_free_at(ba_allocator_grants(allocator), memory, alignment, site);
}

/* Says that the contents of this part of live memory are no longer needed: whole pages inside it
 * may go back to the system until they are written again. Returns how many bytes went, zero where
 * the allocator cannot do that. The contents of the part are lost in any case. */
BA_ALWAYS_INLINE ba_length_result ba_discard_at(ba_allocator allocator, ba_memory part,
                                                ba_call_site site) {
    return ba_block_discard_at(ba_allocator_grants(allocator), part, site);
}

/* Whether the pointer lies in memory of this allocator; BA_OWNS_UNKNOWN if it does not know. */
BA_ALWAYS_INLINE ba_ownership ba_owns(ba_allocator allocator, const void *pointer) {
    return ba_block_owns(ba_allocator_grants(allocator), pointer);
}

/* The calls without _at: macros, because only a macro sees its caller's line. */
#define ba_alloc(allocator, length, alignment)                                                     \
    ba_alloc_at((allocator), (length), (alignment), BA_HERE())
#define ba_resize(allocator, memory, alignment, length)                                            \
    ba_resize_at((allocator), (memory), (alignment), (length), BA_HERE())
#define ba_grow_between(allocator, memory, alignment, minimum, wanted)                             \
    ba_grow_between_at((allocator), (memory), (alignment), (minimum), (wanted), BA_HERE())
#define ba_remap(allocator, memory, alignment, length)                                             \
    ba_remap_at((allocator), (memory), (alignment), (length), BA_HERE())
#define ba_realloc(allocator, memory, alignment, length)                                           \
    ba_realloc_at((allocator), (memory), (alignment), (length), BA_HERE())
#define ba_free(allocator, memory, alignment)                                                      \
    ba_free_at((allocator), (memory), (alignment), BA_HERE())
#define ba_discard(allocator, part) ba_discard_at((allocator), (part), BA_HERE())

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* BLOCK_ALLOCATOR_ALLOCATOR_H_ */
