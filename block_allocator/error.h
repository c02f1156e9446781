/* Error codes: one set for every allocator of this project. Each has a name and a one-line message.
 */
#ifndef BLOCK_ALLOCATOR_ERROR_H_
#define BLOCK_ALLOCATOR_ERROR_H_

#include <stdbool.h>

#include "block_allocator/internal/language.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* The errors: X(code, message). The only list of them. */
#define BA_ERRORS(X)                                                                               \
    X(OK, "no error")                                                                              \
    X(OUT_OF_MEMORY, "no memory is left to take")                                                  \
    X(LIMIT, "a stated limit, or what a count can hold, would be passed")                          \
    X(NOT_IN_PLACE, "cannot be done without moving; nothing was changed")                          \
    X(UNSUPPORTED, "this allocator or this system cannot do that")                                 \
    X(BAD_ALIGN, "the alignment is no power of two, not that of the pointer, or too large")        \
    X(ZERO_SIZE, "a length of zero was asked for")                                                 \
    X(FOREIGN, "the pointer does not come from this allocator")                                    \
    X(INTERIOR, "the pointer lies inside a span, not at its start")                                \
    X(DOUBLE_FREE, "the memory is free already")                                                   \
    X(SIZE_MISMATCH, "the length is not that of the memory")                                       \
    X(IN_USE, "memory is still in use")                                                            \
    X(MOVED, "the allocator was moved after its first use")                                        \
    X(CORRUPT, "memory was overwritten that no caller may write to")                               \
    X(OUT_OF_BOUNDS, "an index, a range or a length passes the end")                               \
    X(OVERLAP, "the items lie inside the buffer that they are put into")                           \
    X(NOT_MADE, "the allocator was never made")                                                    \
    X(RACE, "two threads use the allocator at once")

/* Why a call failed, or BA_OK. Codes are never renumbered; new ones come last. */
typedef enum ba_error_code {
#define BA_ERROR_CODE_(code, message) BA_##code,
    BA_ERRORS(BA_ERROR_CODE_)
#undef BA_ERROR_CODE_
} ba_error_code;

/* An error code as calls pass it: a struct, so that no number and no length is taken for one. */
typedef struct ba_error {
    ba_error_code code;
} ba_error;

/* Makes an error of its code. */
BA_ALWAYS_INLINE ba_error ba_error_of(ba_error_code code) {
    ba_error error;
    error.code = code;
    return error;
}

/* True unless the code is BA_OK. */
BA_ALWAYS_INLINE bool ba_failed(ba_error error) {
    return error.code != BA_OK;
}

/* True for the errors that say "not now": a caller can go on in another way (move, wait, free
 * something). False for BA_OK and for the errors that say that the call itself was wrong. */
BA_ALWAYS_INLINE bool ba_error_is_refusal(ba_error error) {
    return error.code >= BA_OUT_OF_MEMORY && error.code <= BA_UNSUPPORTED;
}

/* The error's name without prefix, such as "DOUBLE_FREE"; "UNKNOWN" for any other code. The text
 * is constant and never freed. */
const char *ba_error_name(ba_error error);

/* One line in English, without a full stop, that says what the error means. The text is constant
 * and never freed. */
const char *ba_error_message(ba_error error);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* BLOCK_ALLOCATOR_ERROR_H_ */
