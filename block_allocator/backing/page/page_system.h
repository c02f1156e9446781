/* What the page allocator needs of an operating system; one implementation for each. Internal.
 *
 * The page allocator decides how long things are, the functions here do it. Lengths are multiples
 * of the block size, not zero and at most PTRDIFF_MAX; addresses are those of grants; options are
 * complete. A grant has `length` bytes of memory at the start of `reserved` bytes of addresses.
 * What cannot fail here has nothing to fail for that would concern the caller. */
#ifndef BLOCK_ALLOCATOR_BACKING_PAGE_PAGE_SYSTEM_H_
#define BLOCK_ALLOCATOR_BACKING_PAGE_PAGE_SYSTEM_H_

#include "block_allocator/backing/page_allocator.h"
#include "block_allocator/error.h"
#include "block_allocator/internal/language.h"
#include "block_allocator/memory.h"

/* NUMA nodes have lower numbers than this; Linux knows no more. */
enum { BA_PAGE_SYSTEM_NODES = 1024 };

/* The size of an ordinary page, a power of two. Cheap. */
ba_length ba_page_system_page_size(void);

/* BA_OK, or BA_UNSUPPORTED for what this system never does. */
ba_error_code ba_page_system_check(const ba_pages *pages);

/* Takes addresses, and memory at their start. Fresh contents are zero. None with BA_OUT_OF_MEMORY
 * or BA_UNSUPPORTED. */
BA_MUST_USE ba_memory ba_page_system_map(ba_length length, ba_length reserved,
                                         ba_alignment alignment, const ba_pages *pages);

/* Gives addresses and their memory back. */
void ba_page_system_unmap(void *start, ba_length reserved);

/* Gives back the memory past `shorter`, and the addresses past `reserved`, which is at least
 * `shorter`. Addresses that the system does not take back are lost. Memory that it does not take
 * back, and that is committed again, is zero anyway. */
void ba_page_system_shrink(void *start, ba_length length, ba_length shorter, ba_length reserved);

/* Takes memory inside reserved addresses; contents are zero. BA_OK or BA_OUT_OF_MEMORY. */
BA_MUST_USE ba_error_code ba_page_system_commit(void *start, ba_length length, ba_length longer);

/* Takes addresses and memory after a grant that reserves no more than its memory. BA_OK or
 * BA_NOT_IN_PLACE. */
BA_MUST_USE ba_error_code ba_page_system_extend(void *start, ba_length length, ba_length longer);

/* Moves pages to `longer` bytes of addresses elsewhere; `reserved` is that of the old place. None
 * with BA_UNSUPPORTED or BA_OUT_OF_MEMORY. */
BA_MUST_USE ba_memory ba_page_system_move(void *start, ba_length length, ba_length reserved,
                                          ba_length longer, ba_alignment alignment,
                                          const ba_pages *pages);

/* Gives the memory of some pages back until they are used again. Returns how much went: all or
 * nothing, and nothing that is locked. */
ba_length ba_page_system_discard(void *start, ba_length length);

#endif /* BLOCK_ALLOCATOR_BACKING_PAGE_PAGE_SYSTEM_H_ */
