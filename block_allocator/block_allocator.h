/* ba_block_allocator: at least n bytes, all of which the caller may use.
 *
 *     ba_memory span = ba_block_alloc(blocks, ba_bytes(777), ba_align(16));
 *     if (ba_memory_is_none(span)) {
 *         return ba_memory_error(span);
 *     }
 *     use(ba_memory_pointer(span), ba_memory_length(span).bytes);     // 4096 over pages
 *     ba_block_free(blocks, span, ba_align(16));
 *
 * A value of two words that borrows the implementation; copy it freely. Each call costs one
 * indirect call. The functions that end in _at take the call site as their last argument; the
 * macros without _at fill it in and are otherwise the same. */
#ifndef BLOCK_ALLOCATOR_BLOCK_ALLOCATOR_H_
#define BLOCK_ALLOCATOR_BLOCK_ALLOCATOR_H_

#include "block_allocator/build_mode.h"
#include "block_allocator/call_site.h"
#include "block_allocator/implementing/operations.h"
#include "block_allocator/internal/language.h"
#include "block_allocator/memory.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* A whole-span allocator: an operations table and the context that its functions get. Does not own
 * the context. One of zeros was never made: in builds that check (BA_CHECKS_MISUSE) it has blocks
 * of one byte, and each call that can fail does so with BA_NOT_MADE. */
typedef struct ba_block_allocator {
    void *context;
    const ba_operations *operations;
} ba_block_allocator;

/* Makes the value from its parts; for authors of allocators. */
BA_ALWAYS_INLINE ba_block_allocator ba_block_allocator_of(void *context,
                                                          const ba_operations *operations) {
    ba_block_allocator blocks;
    blocks.context = context;
    blocks.operations = operations;
    return blocks;
}

/* The operations of an allocator that was never made. */
extern const ba_operations ba_operations_not_made_;

/* The operations to call. Internal. */
BA_ALWAYS_INLINE const ba_operations *ba_block_allocator_operations_(ba_block_allocator blocks) {
    if (BA_CHECKS_MISUSE && blocks.operations == NULL) {
        return &ba_operations_not_made_;
    }
    return blocks.operations;
}

/* The unit of spans in bytes, a power of two: every length that this allocator returns is the one
 * asked for, rounded up to a multiple of it. */
BA_ALWAYS_INLINE ba_length ba_block_allocator_block_size(ba_block_allocator blocks) {
    return (ba_block_allocator_operations_(blocks)->block_size)(blocks.context);
}

/* The length of the span that holds `length` bytes: rounded up to whole blocks. Two lengths fit the
 * same memory if this is the same for both. None with BA_LIMIT if no size_t can hold it. */
BA_MUST_USE BA_ALWAYS_INLINE ba_length_result
ba_block_allocator_span_length(ba_block_allocator blocks, ba_length length) {
    return ba_length_round_up(length, ba_align(ba_block_allocator_block_size(blocks).bytes));
}

/* Allocates at least `minimum` bytes; the memory's length is all that was granted, and all of it is
 * the caller's. Contents are undefined. Errors: BA_ZERO_SIZE, BA_BAD_ALIGN, BA_LIMIT,
 * BA_OUT_OF_MEMORY. */
BA_MUST_USE BA_ALWAYS_INLINE ba_memory ba_block_alloc_at(ba_block_allocator blocks,
                                                         ba_length minimum, ba_alignment alignment,
                                                         ba_call_site site) {
    return (ba_block_allocator_operations_(blocks)->alloc)(blocks.context, minimum, alignment,
                                                           site);
}

/* Makes memory longer or shorter in place and returns all that it has now. Any length from the one
 * asked for to the one returned may be given in `memory`, now and afterwards. Shrinking to one byte
 * or more never fails; refused growth changes nothing (BA_NOT_IN_PLACE, BA_OUT_OF_MEMORY,
 * BA_LIMIT).
 */
BA_MUST_USE BA_ALWAYS_INLINE ba_length_result ba_block_resize_at(ba_block_allocator blocks,
                                                                 ba_memory memory,
                                                                 ba_alignment alignment,
                                                                 ba_length minimum,
                                                                 ba_call_site site) {
    return (ba_block_allocator_operations_(blocks)->resize)(blocks.context, memory, alignment,
                                                            minimum, site);
}

/* What growing must reach: `minimum`, or what the memory has if that is more. A minimum of zero
 * stays one, for the allocator to reject. Internal. */
BA_ALWAYS_INLINE ba_length ba_growth_minimum_(ba_block_allocator blocks, ba_memory memory,
                                              ba_length minimum) {
    const ba_length held =
        ba_length_result_length(ba_block_allocator_span_length(blocks, ba_memory_length(memory)));
    return minimum.bytes != 0 && minimum.bytes < held.bytes ? held : minimum;
}

/* Makes memory longer in place: to at least `minimum`, and towards `wanted` as far as it goes, both
 * rounded up to whole blocks. Never makes it shorter: if both are less than what it has, it keeps
 * that. Returns all that it has now. Where the allocator has no operation of its own for this, it
 * is a resize to `wanted`, and then one to `minimum`. Errors as for resize; refused means that
 * nothing changed. */
BA_MUST_USE BA_ALWAYS_INLINE ba_length_result
ba_block_grow_between_at(ba_block_allocator blocks, ba_memory memory, ba_alignment alignment,
                         ba_length minimum, ba_length wanted, ba_call_site site) {
    if (BA_HAS_OPERATION(ba_block_allocator_operations_(blocks), grow_between)) {
        return (ba_block_allocator_operations_(blocks)->grow_between)(
            blocks.context, memory, alignment, minimum, wanted, site);
    }
    const ba_length least = ba_growth_minimum_(blocks, memory, minimum);
    if (minimum.bytes != 0 && wanted.bytes > least.bytes) {
        const ba_length_result whole = (ba_block_allocator_operations_(blocks)->resize)(
            blocks.context, memory, alignment, wanted, site);
        if (!ba_error_is_refusal(ba_length_result_error(whole))) {
            return whole;
        }
    }
    return (ba_block_allocator_operations_(blocks)->resize)(blocks.context, memory, alignment,
                                                            least, site);
}

/* Makes memory longer or shorter; may move it by giving its pages other addresses, but never
 * copies. On success the old memory is gone and pointers into it are invalid; on failure nothing
 * changed. BA_UNSUPPORTED where the allocator cannot do that at all. */
BA_MUST_USE BA_ALWAYS_INLINE ba_memory ba_block_remap_at(ba_block_allocator blocks,
                                                         ba_memory memory, ba_alignment alignment,
                                                         ba_length minimum, ba_call_site site) {
    if (BA_HAS_OPERATION(ba_block_allocator_operations_(blocks), remap)) {
        return (ba_block_allocator_operations_(blocks)->remap)(blocks.context, memory, alignment,
                                                               minimum, site);
    }
    return ba_memory_none(ba_error_of(BA_UNSUPPORTED));
}

/* Makes memory longer or shorter: in place, else by remapping, else by allocating new memory,
 * copying and freeing the old. What its whole blocks held is kept, as far as there is room, in each
 * of these ways, whichever length that fits the blocks is given in `memory`. On success the old
 * memory is gone unless the pointer is the same; on failure nothing changed, also if the allocator
 * does not take the old memory back. Cost: of the copy, at worst. */
BA_MUST_USE ba_memory ba_block_realloc_at(ba_block_allocator blocks, ba_memory memory,
                                          ba_alignment alignment, ba_length minimum,
                                          ba_call_site site);

/* Gives memory back. The result may be ignored: a correct call cannot fail; misuse that is found
 * and only logged returns its error and changes nothing. */
BA_ALWAYS_INLINE ba_error ba_block_free_at(ba_block_allocator blocks, ba_memory memory,
                                           ba_alignment alignment, ba_call_site site) {
    return (ba_block_allocator_operations_(blocks)->free)(blocks.context, memory, alignment, site);
}

/* Says that the contents of this part of live memory are no longer needed: whole pages inside it
 * may go back to the system until they are written again. Returns how many bytes went, zero where
 * the allocator cannot do that. The contents of the part are lost in any case. */
BA_ALWAYS_INLINE ba_length_result ba_block_discard_at(ba_block_allocator blocks, ba_memory part,
                                                      ba_call_site site) {
    if (BA_HAS_OPERATION(ba_block_allocator_operations_(blocks), discard)) {
        return (ba_block_allocator_operations_(blocks)->discard)(blocks.context, part, site);
    }
    return ba_length_result_of(ba_bytes(0));
}

/* Whether the pointer lies in memory of this allocator; BA_OWNS_UNKNOWN if it does not know. */
BA_ALWAYS_INLINE ba_ownership ba_block_owns(ba_block_allocator blocks, const void *pointer) {
    if (BA_HAS_OPERATION(ba_block_allocator_operations_(blocks), owns)) {
        return (ba_block_allocator_operations_(blocks)->owns)(blocks.context, pointer);
    }
    return BA_OWNS_UNKNOWN;
}

/* The calls without _at: macros, because only a macro sees its caller's line. */
#define ba_block_alloc(blocks, minimum, alignment)                                                 \
    ba_block_alloc_at((blocks), (minimum), (alignment), BA_HERE())
#define ba_block_resize(blocks, memory, alignment, minimum)                                        \
    ba_block_resize_at((blocks), (memory), (alignment), (minimum), BA_HERE())
#define ba_block_grow_between(blocks, memory, alignment, minimum, wanted)                          \
    ba_block_grow_between_at((blocks), (memory), (alignment), (minimum), (wanted), BA_HERE())
#define ba_block_remap(blocks, memory, alignment, minimum)                                         \
    ba_block_remap_at((blocks), (memory), (alignment), (minimum), BA_HERE())
#define ba_block_realloc(blocks, memory, alignment, minimum)                                       \
    ba_block_realloc_at((blocks), (memory), (alignment), (minimum), BA_HERE())
#define ba_block_free(blocks, memory, alignment)                                                   \
    ba_block_free_at((blocks), (memory), (alignment), BA_HERE())
#define ba_block_discard(blocks, part) ba_block_discard_at((blocks), (part), BA_HERE())

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* BLOCK_ALLOCATOR_BLOCK_ALLOCATOR_H_ */
