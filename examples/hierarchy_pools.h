/* Three levels of memory, each a pool over the one above: what the example "hierarchy" lives on.
 *
 *     the system, by ba_page_allocator()
 *       large:  blocks of 64 KiB, taken from the system 1 MiB at a time
 *         medium: blocks of 4 KiB, each chunk a block of `large`
 *           small:  blocks of 64 bytes, each chunk a block of `medium`
 *
 * Not one of them knows what it stands on: a pool takes its chunks through the same interface that
 * it offers. */
#ifndef EXAMPLES_HIERARCHY_POOLS_H_
#define EXAMPLES_HIERARCHY_POOLS_H_

#include "block_allocator/memory.h"

/* All levels together take at most 256 MiB, for whatever they take, `large` takes for them. */
#define PBA_NAME large_pool
#define PBA_BLOCK_SIZE 65536
#define PBA_BACKING_REQUEST_SIZE 1048576
#define PBA_BYTE_LIMIT 268435456
#include "pba/define.h"

#define PBA_NAME medium_pool
#define PBA_BLOCK_SIZE 4096
#define PBA_BACKING_REQUEST_SIZE 65536
#include "pba/define.h"

#define PBA_NAME small_pool
#define PBA_BLOCK_SIZE 64
#define PBA_BACKING_REQUEST_SIZE 4096
#include "pba/define.h"

/* The levels. They point to each other, so they stay where they were made. */
typedef struct memory_levels {
    large_pool large;
    medium_pool medium;
    small_pool small;
} memory_levels;

/* Makes the levels; takes no memory yet. */
void memory_levels_make(memory_levels *levels);

/* Memory from the level whose blocks suit the length. Errors as of pba_pool_alloc_at(). */
BA_MUST_USE ba_memory memory_levels_alloc(memory_levels *levels, ba_length length,
                                          ba_alignment alignment);

/* Gives memory back; none is nothing to do. */
void memory_levels_free(memory_levels *levels, ba_memory memory, ba_alignment alignment);

/* Prints the statistics of each level, and a map of what is used in it. */
void memory_levels_print(memory_levels *levels);

/* Gives everything back, the lowest level first. What is still in use is a leak, and reported. */
void memory_levels_release(memory_levels *levels);

#endif /* EXAMPLES_HIERARCHY_POOLS_H_ */
