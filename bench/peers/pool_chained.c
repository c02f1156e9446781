/* The worker of a pool with default options over two more of them. */
#include "bench/peers/pool_request.h"
#include "block_allocator/backing/page_allocator.h"

#define PBA_NAME large_pool
#define PBA_BLOCK_SIZE 1048576
#define PBA_BACKING_REQUEST_SIZE POOL_REQUEST_SIZE
#include "pba/define.h"

#define PBA_NAME medium_pool
#define PBA_BLOCK_SIZE 65536
#define PBA_BACKING_REQUEST_SIZE POOL_REQUEST_SIZE
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
