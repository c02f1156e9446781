/* Grants cut to what was asked for. Not for users. */
#ifndef BLOCK_ALLOCATOR_INTERNAL_CUT_H_
#define BLOCK_ALLOCATOR_INTERNAL_CUT_H_

#include "block_allocator/internal/language.h"
#include "block_allocator/memory.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* The longer of two lengths. */
BA_ALWAYS_INLINE ba_length ba_length_longest_(ba_length a, ba_length b) {
    return a.bytes > b.bytes ? a : b;
}

/* Memory of `length`, cut from memory that has at least that; none stays none. */
BA_ALWAYS_INLINE ba_memory ba_memory_cut_(ba_memory memory, ba_length length) {
    return ba_memory_is_none(memory) ? memory : ba_memory_of(ba_memory_pointer(memory), length);
}

/* The result, but at most `length`; none stays none. */
BA_ALWAYS_INLINE ba_length_result ba_length_result_cut_(ba_length_result result, ba_length length) {
    return ba_length_result_is_none(result) || ba_length_result_length(result).bytes <= length.bytes
               ? result
               : ba_length_result_of(length);
}

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* BLOCK_ALLOCATOR_INTERNAL_CUT_H_ */
