/* The worker of a pool called directly, with default options but for the size of its requests. */
#include "block_allocator/page_allocator.h"

static ba_allocator pool_backing(void) {
    return ba_page_allocator();
}

/* The system keeps nothing. */
static void pool_trim_backing(void) {}

#include "bench/peers/pool_worker.h"
