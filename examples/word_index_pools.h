/* Three pools, one over the other, and the text type that everybody uses: what the example
 * "word_index" lives on.
 *
 *     the system, by ba_page_allocator(), with a limit that the user may set
 *       large_blocks:  64 KiB, taken from the system 1 MiB at a time: table, words, texts
 *         medium_blocks: 1 KiB, taken from `large_blocks` 64 KiB at a time: lists of paths
 *           small_blocks:  64 bytes, taken from `medium_blocks` 16 KiB at a time: places, paths
 *
 * Lists and slices have their pool in their type, so the pools are global. */
#ifndef EXAMPLES_WORD_INDEX_POOLS_H_
#define EXAMPLES_WORD_INDEX_POOLS_H_

#include <stddef.h>

#include "block_allocator/memory.h"

#define PBA_NAME large_pool
#define PBA_BLOCK_SIZE 65536
#define PBA_BACKING_REQUEST_SIZE 1048576
#include "pba/define.h"

#define PBA_NAME medium_pool
#define PBA_BLOCK_SIZE 1024
#define PBA_BACKING_REQUEST_SIZE 65536
#include "pba/define.h"

#define PBA_NAME small_pool
#define PBA_BLOCK_SIZE 64
#define PBA_BACKING_REQUEST_SIZE 16384
#include "pba/define.h"

extern large_pool large_blocks;
extern medium_pool medium_blocks;
extern small_pool small_blocks;

/* Makes small_text_list: a C string that grows. */
#define SAB_NAME small_text
#define SAB_TYPE char
#define SAB_ALLOCATOR small_blocks
#define SAB_POOL_TYPE small_pool
#define SAB_SENTINEL '\0'
#define SAB_SCALAR
#define SAB_BYTES
#define SAB_DECLARE
#include "static_buffer/define.h"

/* Makes the pools, which take at most so much from the system; they take nothing yet. */
void pools_make(ba_length limit);

/* Prints the statistics of each pool. */
void pools_print(void);

/* Gives everything back, the lowest pool first. What is still in use is a leak, and reported. */
void pools_release(void);

#endif /* EXAMPLES_WORD_INDEX_POOLS_H_ */
