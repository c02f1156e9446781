/* The worker of the same pool as in pool_default.c, over two more pools with default options. */
#include "block_allocator/page_allocator.h"

#define PBA_NAME large_pool
#define PBA_BLOCK_SIZE 1048576
#define PBA_BACKING_REQUEST_SIZE 16777216
#include "pba/define.h"

#define PBA_NAME medium_pool
#define PBA_BLOCK_SIZE 65536
#define PBA_BACKING_REQUEST_SIZE 4194304
#include "pba/define.h"

static large_pool large;
static medium_pool medium;

static ba_allocator pool_backing(void) {
    large = large_pool_new(ba_page_allocator());
    medium = medium_pool_new(large_pool_allocator(&large));
    return medium_pool_allocator(&medium);
}

static void pool_trim_backing(void) {
    (void)medium_pool_shrink(&medium, pba_threshold_percent(0, 1));
    (void)medium_pool_purge(&medium);
    (void)large_pool_shrink(&large, pba_threshold_percent(0, 1));
    (void)large_pool_purge(&large);
}

#include "bench/peers/pool_worker.h"
