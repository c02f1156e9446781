/* The worker of the same pool as in pool_default.c, called through the interface. */
#include "block_allocator/page_allocator.h"

static ba_allocator pool_backing(void) {
    return ba_page_allocator();
}

/* The system keeps nothing. */
static void pool_trim_backing(void) {}

#define POOL_THROUGH_INTERFACE
#include "bench/peers/pool_worker.h"
