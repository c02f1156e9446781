/* The values that the interfaces pass: lengths, alignments, memory. Each has a type of its own, so
 * that a call with the wrong one does not compile. All are one or two words and are passed in
 * registers. */
#ifndef BLOCK_ALLOCATOR_MEMORY_H_
#define BLOCK_ALLOCATOR_MEMORY_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "block_allocator/error.h"
#include "block_allocator/internal/language.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* A length in bytes. */
typedef struct ba_length {
    size_t bytes;
} ba_length;

/* Makes a length: ba_bytes(777). */
BA_ALWAYS_INLINE ba_length ba_bytes(size_t bytes) {
    ba_length length;
    length.bytes = bytes;
    return length;
}

/* An alignment in bytes, a power of two. A call that gets another value fails with BA_BAD_ALIGN,
 * and so does one that gets an alignment that the allocator can never give. */
typedef struct ba_alignment {
    size_t bytes;
} ba_alignment;

/* Makes an alignment of a number of bytes: ba_align(64). */
BA_ALWAYS_INLINE ba_alignment ba_align(size_t bytes) {
    ba_alignment alignment;
    alignment.bytes = bytes;
    return alignment;
}

/* The alignment of a type. A macro, because a function cannot take a type. */
#define ba_align_of(type) ba_align(BA_ALIGNOF(type))

/* True for a power of two. */
BA_ALWAYS_INLINE bool ba_alignment_is_valid(ba_alignment alignment) {
    return alignment.bytes != 0 && (alignment.bytes & (alignment.bytes - 1)) == 0;
}

/* True if the pointer is a multiple of the alignment, which must be valid. */
BA_ALWAYS_INLINE bool ba_is_aligned(const void *pointer, ba_alignment alignment) {
    return ((uintptr_t)pointer & (alignment.bytes - 1)) == 0;
}

/* Memory: a pointer and a length, or none, with the error instead. What an allocation
 * returns, and what resize and free take back. Two words; the holder of the value of live memory
 * owns the memory, and gives the same value back once. Read it through the functions below. */
typedef struct ba_memory {
    void *pointer_;         /* NULL: none */
    size_t length_or_code_; /* bytes, or a ba_error_code if none */
} ba_memory;

/* Memory of a length at a pointer that is not NULL. */
BA_ALWAYS_INLINE ba_memory ba_memory_of(void *pointer, ba_length length) {
    ba_memory memory;
    memory.pointer_ = pointer;
    memory.length_or_code_ = length.bytes;
    return memory;
}

/* No memory, and why: BA_OK only where nothing has failed, as in a report that concerns no memory.
 */
BA_ALWAYS_INLINE ba_memory ba_memory_none(ba_error reason) {
    ba_memory memory;
    memory.pointer_ = NULL;
    memory.length_or_code_ = (size_t)reason.code;
    return memory;
}

/* True if there is no memory. */
BA_ALWAYS_INLINE bool ba_memory_is_none(ba_memory memory) {
    return memory.pointer_ == NULL;
}

/* The first byte, or NULL if none. */
BA_ALWAYS_INLINE void *ba_memory_pointer(ba_memory memory) {
    return memory.pointer_;
}

/* The length, or zero if none. */
BA_ALWAYS_INLINE ba_length ba_memory_length(ba_memory memory) {
    return ba_bytes(memory.pointer_ != NULL ? memory.length_or_code_ : 0);
}

/* Why there is none; BA_OK if there is memory. */
BA_ALWAYS_INLINE ba_error ba_memory_error(ba_memory memory) {
    return ba_error_of(memory.pointer_ != NULL ? BA_OK : (ba_error_code)memory.length_or_code_);
}

/* A length, or none with an error: what resize, grow-between and discard return. Two words. Read it
 * through the functions below. */
typedef struct ba_length_result {
    size_t bytes_; /* 0 if none */
    ba_error error_;
} ba_length_result;

/* A result with a length. */
BA_ALWAYS_INLINE ba_length_result ba_length_result_of(ba_length length) {
    ba_length_result result;
    result.bytes_ = length.bytes;
    result.error_ = ba_error_of(BA_OK);
    return result;
}

/* A result without a length, for a reason other than BA_OK. */
BA_ALWAYS_INLINE ba_length_result ba_length_result_none(ba_error reason) {
    ba_length_result result;
    result.bytes_ = 0;
    result.error_ = reason;
    return result;
}

/* True if there is no length, but an error. */
BA_ALWAYS_INLINE bool ba_length_result_is_none(ba_length_result result) {
    return ba_failed(result.error_);
}

/* The length, or zero if none. */
BA_ALWAYS_INLINE ba_length ba_length_result_length(ba_length_result result) {
    return ba_bytes(result.bytes_);
}

/* Why there is no length, or BA_OK if there is one. */
BA_ALWAYS_INLINE ba_error ba_length_result_error(ba_length_result result) {
    return result.error_;
}

/* A layout: how long and how aligned one object is. */
typedef struct ba_layout {
    ba_length length;
    ba_alignment alignment;
} ba_layout;

/* Makes a layout. */
BA_ALWAYS_INLINE ba_layout ba_layout_make(ba_length length, ba_alignment alignment) {
    ba_layout layout;
    layout.length = length;
    layout.alignment = alignment;
    return layout;
}

/* The layout of a type. A macro, because a function cannot take a type. */
#define ba_layout_of(type) ba_layout_make(ba_bytes(sizeof(type)), ba_align_of(type))

/* The same layout with a larger alignment; an alignment that is not larger changes nothing. */
BA_ALWAYS_INLINE ba_layout ba_layout_with_alignment(ba_layout layout, ba_alignment alignment) {
    return ba_layout_make(layout.length,
                          alignment.bytes > layout.alignment.bytes ? alignment : layout.alignment);
}

/* Rounds a length up to a multiple of a valid alignment. None with BA_LIMIT if no size_t can hold
 * it. */
BA_MUST_USE BA_ALWAYS_INLINE ba_length_result ba_length_round_up(ba_length length,
                                                                 ba_alignment multiple) {
    const size_t mask = multiple.bytes - 1;
    if (length.bytes > SIZE_MAX - mask) {
        return ba_length_result_none(ba_error_of(BA_LIMIT));
    }
    return ba_length_result_of(ba_bytes((length.bytes + mask) & ~mask));
}

/* The length of count objects of a layout, one after the other. None with BA_LIMIT if no size_t can
 * hold it. */
BA_MUST_USE BA_ALWAYS_INLINE ba_length_result ba_length_of_array(ba_layout element, size_t count) {
    if (element.length.bytes != 0 && count > SIZE_MAX / element.length.bytes) {
        return ba_length_result_none(ba_error_of(BA_LIMIT));
    }
    return ba_length_result_of(ba_bytes(element.length.bytes * count));
}

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* BLOCK_ALLOCATOR_MEMORY_H_ */
