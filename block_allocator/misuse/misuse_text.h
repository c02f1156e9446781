/* Reports of misuse as text: the one place that knows what a message looks like. */
#ifndef BLOCK_ALLOCATOR_MISUSE_MISUSE_TEXT_H_
#define BLOCK_ALLOCATOR_MISUSE_MISUSE_TEXT_H_

#include <stddef.h>

#include "block_allocator/call_site.h"
#include "block_allocator/internal/language.h"
#include "block_allocator/misuse.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* Writes a report as one line without a newline, such as
 *
 *     small: free(0x7f3c8000, 64): SIZE_MISMATCH, the length is not that of the memory;
 *     expected 128, at main.c:12, allocated at main.c:3
 *
 * (in one line; what is not known is left out). Never writes more than `size` bytes, the
 * terminating zero included; returns the length that the whole text has, without the zero, as
 * snprintf does. */
size_t ba_misuse_format(const ba_misuse *misuse, char *buffer, size_t size);

/* Writes a call site: its text, else its address as "0x...", else "an unknown place". Sizes as
 * above. */
size_t ba_call_site_format(ba_call_site site, char *buffer, size_t size);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* BLOCK_ALLOCATOR_MISUSE_MISUSE_TEXT_H_ */
