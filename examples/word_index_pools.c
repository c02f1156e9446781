#include "examples/word_index_pools.h"

#include <stdio.h>

#include "block_allocator/backing/page_allocator.h"
#include "block_allocator/forwarding/limited_allocator.h"

large_pool large_blocks;
medium_pool medium_blocks;
small_pool small_blocks;

/* Stands between the system and `large_blocks`. */
static ba_limited_allocator limited;

#define SAB_NAME small_text
#define SAB_TYPE char
#define SAB_ALLOCATOR small_blocks
#define SAB_POOL_TYPE small_pool
#define SAB_SENTINEL '\0'
#define SAB_SCALAR
#define SAB_BYTES
#define SAB_IMPLEMENT
#include "static_buffer/define.h"

void pools_make(ba_length limit) {
    ba_limited_allocator_init(&limited, ba_page_allocator(), limit);
    /* Metadata comes from there too, so that the pools show nothing but payload. */
    const ba_allocator system = ba_limited_allocator_allocator(&limited);
    const pba_setup large = {.name = "large", .metadata = &system};
    const pba_setup medium = {.name = "medium", .metadata = &system};
    const pba_setup small = {.name = "small", .metadata = &system};
    large_blocks = large_pool_new_with(ba_any_allocator_of(system), &large);
    medium_blocks = medium_pool_new_with(
        ba_any_allocator_of(large_pool_block_allocator(&large_blocks)), &medium);
    small_blocks = small_pool_new_with(
        ba_any_allocator_of(medium_pool_block_allocator(&medium_blocks)), &small);
}

static void print_pool(const char *name, pba_pool *pool) {
    const pba_stats stats = pba_pool_stats(pool);
    printf("%-7s%7zu%12zu%12zu%12zu%8zu%14u%%%14zu\n", name, pba_pool_block_size(pool).bytes,
           stats.payload.bytes, stats.in_use.bytes, stats.peak_in_use.bytes, stats.chunks,
           pba_pool_fragmentation(pool), pba_pool_largest_free(pool).bytes);
}

void pools_print(void) {
    printf("%-7s%7s%12s%12s%12s%8s%15s%14s\n", "pool", "block", "payload", "in use", "peak",
           "chunks", "fragmentation", "largest free");
    print_pool("large", &large_blocks.core);
    print_pool("medium", &medium_blocks.core);
    print_pool("small", &small_blocks.core);
}

void pools_release(void) {
    small_pool_release_all(&small_blocks, PBA_REPORT_IN_USE);
    medium_pool_release_all(&medium_blocks, PBA_REPORT_IN_USE);
    large_pool_release_all(&large_blocks, PBA_REPORT_IN_USE);
}
