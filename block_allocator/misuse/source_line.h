/* The source line of an address of code, for reports. */
#ifndef BLOCK_ALLOCATOR_MISUSE_SOURCE_LINE_H_
#define BLOCK_ALLOCATOR_MISUSE_SOURCE_LINE_H_

#include <stdbool.h>
#include <stddef.h>

#include "block_allocator/internal/language.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* Writes the place of the call that returns to an address as "file:line". False, and `line` is
 * empty, if that cannot be found, or takes more than `size` bytes with the terminating zero. It
 * takes Linux, addr2line(1) on the path, and a program with debug information. Starts a process:
 * milliseconds, and more of them the larger the program is. */
bool ba_source_line(const void *return_address, char *line, size_t size);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* BLOCK_ALLOCATOR_MISUSE_SOURCE_LINE_H_ */
