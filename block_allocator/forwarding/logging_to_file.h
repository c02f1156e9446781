/* ba_log_to_file: a sink for ba_logging_allocator that writes one line of text for each event.
 *
 * Every line has the same eleven fields with one space between them; what an operation or its
 * outcome does not have is zero:
 *
 *     number operation pointer length alignment minimum wanted error pointer length site
 *
 *     1 alloc 0x0 0 8 100 0 OK 0x5581e2c0 128 main.c:12
 *     2 resize 0x5581e2c0 128 8 300 0 NOT_IN_PLACE 0x0 0 main.c:13
 *     3 free 0x5581e2c0 128 8 0 0 OK 0x0 0 main.c:14
 *
 * The first pointer and length are what the caller gave, the second the result. Lengths are
 * bytes and decimal, pointers hexadecimal with "0x"; operations are alloc, resize, free,
 * grow_between, remap and discard; errors are named as in error.h. The site is the rest of the
 * line, as ba_call_site_format() writes it. The format is stable: programs may read it. */
#ifndef BLOCK_ALLOCATOR_FORWARDING_LOGGING_TO_FILE_H_
#define BLOCK_ALLOCATOR_FORWARDING_LOGGING_TO_FILE_H_

#include <stdio.h>

#include "block_allocator/forwarding/logging_allocator.h"
#include "block_allocator/internal/language.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* Makes a sink that writes to a file, which is borrowed; it is neither flushed nor closed. A line
 * that cannot be written is lost, which ferror() reports. Call sites are cut after 255 bytes. Cost:
 * that of the formatting; no memory but the file's buffer. */
ba_log_sink ba_log_to_file(FILE *file);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* BLOCK_ALLOCATOR_FORWARDING_LOGGING_TO_FILE_H_ */
