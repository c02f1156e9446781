/* The allocator of the C library. Calls malloc, aligned_alloc and free; on Windows, which has no
 * aligned_alloc, _aligned_malloc and _aligned_free.
 *
 *     ba_allocator allocator = ba_libc_allocator();
 *
 * Gives every length exactly: the block size is 1. There is no state to make or release, and any
 * thread may use it at any time. Every alignment up to BA_LIBC_LARGEST_ALIGNMENT
 * works for which there is memory: one above that of max_align_t costs up to that much more, as the
 * C standard wants the length to be a multiple of it. A larger one is BA_BAD_ALIGN: C libraries do
 * not give it, or only on machines that have as much memory to spare; the page allocator does.
 *
 * What the C library does not report, this allocator does not know either. It refuses every growth
 * in place with BA_NOT_IN_PLACE, and whether it owns a pointer is BA_OWNS_UNKNOWN. It does not
 * remap, because realloc() may copy, and remapping promises not to: a caller that asks for it
 * copies less than all itself. So ba_realloc() to a longer length allocates, copies and frees.
 * Shrinking in place always succeeds and keeps the memory as it is; what was cut off comes back
 * with the rest.
 *
 * Misuse is reported with the program's severity. Errors: BA_OUT_OF_MEMORY; BA_BAD_ALIGN; BA_LIMIT
 * for a length that no size_t can hold rounded up to its alignment. */
#ifndef BLOCK_ALLOCATOR_BACKING_LIBC_ALLOCATOR_H_
#define BLOCK_ALLOCATOR_BACKING_LIBC_ALLOCATOR_H_

#include "block_allocator/allocator.h"
#include "block_allocator/block_allocator.h"
#include "block_allocator/internal/language.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* The largest alignment that is given, in bytes: 1 GiB. */
enum { BA_LIBC_LARGEST_ALIGNMENT = 1 << 30 };

/* The C library's allocator as an exact one. */
ba_allocator ba_libc_allocator(void);

/* The same as a whole-span one: with a block size of 1 the spans are what is asked for. For whole
 * spans of a larger block size: block_adapter.h. */
ba_block_allocator ba_libc_block_allocator(void);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* BLOCK_ALLOCATOR_BACKING_LIBC_ALLOCATOR_H_ */
