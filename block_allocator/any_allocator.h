/* ba_any_allocator: an allocator of either kind, remembering which.
 *
 *     ba_any_allocator any = ba_any_allocator_of(allocator);     // of either kind
 *     ba_memory memory = ba_any_allocator_alloc_at(any, ba_bytes(777), ba_align(16), site);
 *     ba_any_allocator_free_at(any, memory, ba_align(16), site);
 *
 * For code that is written once for both: over a ba_allocator memory has the length that was asked
 * for, over a ba_block_allocator the whole span. Each call is that of allocator.h or of
 * block_allocator.h, with its errors, ownership and cost. A value of three words that borrows the
 * allocator behind it; copy it freely. */
#ifndef BLOCK_ALLOCATOR_ANY_ALLOCATOR_H_
#define BLOCK_ALLOCATOR_ANY_ALLOCATOR_H_

#include "block_allocator/allocator.h"
#include "block_allocator/block_allocator.h"
#include "block_allocator/call_site.h"
#include "block_allocator/internal/cut.h"
#include "block_allocator/internal/language.h"
#include "block_allocator/memory.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* How much of a grant the caller sees. */
typedef enum ba_grant {
    BA_GRANT_EXACT, /* what was asked for */
    BA_GRANT_WHOLE, /* all of it */
} ba_grant;

/* An allocator of either kind, remembering which. Borrows it. */
typedef struct ba_any_allocator {
    ba_block_allocator grants;
    ba_grant grant;
} ba_any_allocator;

/* Makes a ba_any_allocator of an exact allocator. */
BA_ALWAYS_INLINE ba_any_allocator ba_any_allocator_of_exact(ba_allocator allocator) {
    ba_any_allocator any;
    any.grants = ba_allocator_grants(allocator);
    any.grant = BA_GRANT_EXACT;
    return any;
}

/* Makes a ba_any_allocator of a whole-span allocator. */
BA_ALWAYS_INLINE ba_any_allocator ba_any_allocator_of_whole(ba_block_allocator blocks) {
    ba_any_allocator any;
    any.grants = blocks;
    any.grant = BA_GRANT_WHOLE;
    return any;
}

/* ba_any_allocator_of(allocator): makes a ba_any_allocator of a ba_allocator or a
 * ba_block_allocator. In C a macro, because a function cannot take two types; in C++ two overloads.
 */
#ifdef __cplusplus
extern "C++" {
BA_ALWAYS_INLINE ba_any_allocator ba_any_allocator_of(ba_allocator allocator) {
    return ba_any_allocator_of_exact(allocator);
}
BA_ALWAYS_INLINE ba_any_allocator ba_any_allocator_of(ba_block_allocator blocks) {
    return ba_any_allocator_of_whole(blocks);
}
}
#else
#define ba_any_allocator_of(allocator)                                                             \
    _Generic((allocator), ba_allocator                                                             \
             : ba_any_allocator_of_exact, ba_block_allocator                                       \
             : ba_any_allocator_of_whole)(allocator)
#endif

/* Memory, or a length, as the caller of this kind of allocator sees it. Internal. */
BA_ALWAYS_INLINE ba_memory ba_any_allocator_cut_(ba_any_allocator any, ba_memory memory,
                                                 ba_length asked) {
    return any.grant == BA_GRANT_EXACT ? ba_memory_cut_(memory, asked) : memory;
}
BA_ALWAYS_INLINE ba_length_result ba_any_allocator_cut_result_(ba_any_allocator any,
                                                               ba_length_result result,
                                                               ba_length asked) {
    return any.grant == BA_GRANT_EXACT ? ba_length_result_cut_(result, asked) : result;
}

/* As ba_alloc_at() or ba_block_alloc_at(). */
BA_MUST_USE BA_ALWAYS_INLINE ba_memory ba_any_allocator_alloc_at(ba_any_allocator any,
                                                                 ba_length length,
                                                                 ba_alignment alignment,
                                                                 ba_call_site site) {
    return ba_any_allocator_cut_(any, ba_block_alloc_at(any.grants, length, alignment, site),
                                 length);
}

/* As ba_resize_at() or ba_block_resize_at(). */
BA_MUST_USE BA_ALWAYS_INLINE ba_length_result ba_any_allocator_resize_at(ba_any_allocator any,
                                                                         ba_memory memory,
                                                                         ba_alignment alignment,
                                                                         ba_length length,
                                                                         ba_call_site site) {
    return ba_any_allocator_cut_result_(
        any, ba_block_resize_at(any.grants, memory, alignment, length, site), length);
}

/* As ba_grow_between_at() or ba_block_grow_between_at(). */
BA_MUST_USE BA_ALWAYS_INLINE ba_length_result
ba_any_allocator_grow_between_at(ba_any_allocator any, ba_memory memory, ba_alignment alignment,
                                 ba_length minimum, ba_length wanted, ba_call_site site) {
    return ba_any_allocator_cut_result_(
        any, ba_block_grow_between_at(any.grants, memory, alignment, minimum, wanted, site),
        ba_length_longest_(ba_memory_length(memory), ba_length_longest_(minimum, wanted)));
}

/* As ba_remap_at() or ba_block_remap_at(). */
BA_MUST_USE BA_ALWAYS_INLINE ba_memory ba_any_allocator_remap_at(ba_any_allocator any,
                                                                 ba_memory memory,
                                                                 ba_alignment alignment,
                                                                 ba_length length,
                                                                 ba_call_site site) {
    return ba_any_allocator_cut_(
        any, ba_block_remap_at(any.grants, memory, alignment, length, site), length);
}

/* As ba_realloc_at() or ba_block_realloc_at(). */
BA_MUST_USE BA_ALWAYS_INLINE ba_memory ba_any_allocator_realloc_at(ba_any_allocator any,
                                                                   ba_memory memory,
                                                                   ba_alignment alignment,
                                                                   ba_length length,
                                                                   ba_call_site site) {
    return ba_any_allocator_cut_(
        any, ba_block_realloc_at(any.grants, memory, alignment, length, site), length);
}

/* As ba_free_at() or ba_block_free_at(). The result may be ignored. */
BA_ALWAYS_INLINE ba_error ba_any_allocator_free_at(ba_any_allocator any, ba_memory memory,
                                                   ba_alignment alignment, ba_call_site site) {
    return ba_block_free_at(any.grants, memory, alignment, site);
}

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* BLOCK_ALLOCATOR_ANY_ALLOCATOR_H_ */
