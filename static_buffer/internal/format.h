/* Printing to where there is no place for printf's terminator. Not for users: part of
 * static_buffer/define.h. */
#ifndef STATIC_BUFFER_INTERNAL_FORMAT_H_
#define STATIC_BUFFER_INTERNAL_FORMAT_H_

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "block_allocator/internal/language.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* Prints `count` bytes, without the terminator, by way of 4 KiB of stack, or of a temporary file if
 * they are more than that. False if the system has no such file to give. */
BA_MUST_USE BA_PRINTF(3, 0) bool sab_core_format_aside(char *to, size_t count, const char *format,
                                                       va_list arguments);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* STATIC_BUFFER_INTERNAL_FORMAT_H_ */
