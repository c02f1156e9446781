/* What the systems share that have mmap. Where they differ is declared here too. Internal to
 * page_system_*.c. */
#ifndef BLOCK_ALLOCATOR_BACKING_PAGE_PAGE_SYSTEM_MMAP_H_
#define BLOCK_ALLOCATOR_BACKING_PAGE_PAGE_SYSTEM_MMAP_H_

#include <stdbool.h>
#include <stddef.h>

#include "block_allocator/backing/page_allocator.h"
#include "block_allocator/error.h"
#include "block_allocator/memory.h"

/* Shared: page_system_mmap.c. */

/* What an errno says about something that the system refused: BA_OUT_OF_MEMORY for lack of
 * something, else BA_UNSUPPORTED. */
ba_error_code ba_mmap_refusal(int error);

/* Unmaps, also a length of zero. Where the system refuses, at least the memory goes back. */
void ba_mmap_give_back(void *start, size_t bytes);

/* Different: page_system_linux.c, page_system_posix.c. */

/* What the options add to the flags of mmap. */
int ba_mmap_flags(const ba_pages *pages);

/* Tells the system the options about a new mapping, before it is used. BA_OK or a refusal. */
ba_error_code ba_mmap_prepare(void *start, ba_length length, const ba_pages *pages);

/* Gives the memory of pages back, locked or not, so that they are zero when they are used again.
 * False where the system refuses: then they are as they were. */
bool ba_mmap_drop(void *start, size_t bytes);

/* Makes addresses inaccessible, as far as the system agrees. */
void ba_mmap_close(void *start, size_t bytes);

#endif /* BLOCK_ALLOCATOR_BACKING_PAGE_PAGE_SYSTEM_MMAP_H_ */
