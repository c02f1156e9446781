/* What every implementation checks of its arguments, whatever it does with them. Pure functions:
 * they return the error, the implementation reports it (misuse.h). */
#ifndef BLOCK_ALLOCATOR_IMPLEMENTING_CHECK_H_
#define BLOCK_ALLOCATOR_IMPLEMENTING_CHECK_H_

#include "block_allocator/error.h"
#include "block_allocator/internal/language.h"
#include "block_allocator/memory.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* The arguments of an allocation: BA_OK, BA_ZERO_SIZE or BA_BAD_ALIGN. */
BA_ALWAYS_INLINE ba_error_code ba_check_alloc(ba_length length, ba_alignment alignment) {
    if (length.bytes == 0) {
        return BA_ZERO_SIZE;
    }
    return ba_alignment_is_valid(alignment) ? BA_OK : BA_BAD_ALIGN;
}

/* Memory given back, or given to be resized: BA_OK, BA_FOREIGN if none, BA_BAD_ALIGN or
 * BA_SIZE_MISMATCH if it has no length. */
BA_ALWAYS_INLINE ba_error_code ba_check_memory(ba_memory memory, ba_alignment alignment) {
    if (ba_memory_is_none(memory)) {
        return BA_FOREIGN;
    }
    if (!ba_alignment_is_valid(alignment) || !ba_is_aligned(ba_memory_pointer(memory), alignment)) {
        return BA_BAD_ALIGN;
    }
    return ba_memory_length(memory).bytes == 0 ? BA_SIZE_MISMATCH : BA_OK;
}

/* The arguments of a resize or remap: as for memory, and BA_ZERO_SIZE for a new length of zero. */
BA_ALWAYS_INLINE ba_error_code ba_check_resize(ba_memory memory, ba_alignment alignment,
                                               ba_length minimum) {
    const ba_error_code code = ba_check_memory(memory, alignment);
    return code == BA_OK && minimum.bytes == 0 ? BA_ZERO_SIZE : code;
}

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* BLOCK_ALLOCATOR_IMPLEMENTING_CHECK_H_ */
