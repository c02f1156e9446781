/* The worker of a pool called directly, whose caller has promised not to err. */
#include "block_allocator/backing/page_allocator.h"

static ba_allocator pool_backing(void) {
    return ba_page_allocator();
}

/* The system keeps nothing. */
static void pool_trim_backing(void) {}

#define POOL_SAFETY PBA_SAFETY_NEVER
#define POOL_AUTO_SHRINK PBA_AUTO_SHRINK_NEVER
#include "bench/peers/pool_worker.h"
