/* A backing that keeps what it is given back: a pool of whole requests that never shrinks by
 * itself, over the page allocator. The peers keep pages for a while too; over the page allocator
 * alone a pool with default options gives chunks back to the system at once, and what is measured
 * then is the system. A template; include it once, before pool_worker.h. */
#include "bench/peers/pool_request.h"
#include "block_allocator/backing/page_allocator.h"

#define PBA_NAME keeping_pool
#define PBA_BLOCK_SIZE POOL_REQUEST_SIZE
#define PBA_BACKING_REQUEST_SIZE POOL_REQUEST_SIZE
#define PBA_AUTO_SHRINK PBA_AUTO_SHRINK_NEVER
#include "pba/define.h"

static keeping_pool keeping;

static ba_allocator pool_backing(void) {
    keeping = keeping_pool_new(ba_page_allocator());
    return keeping_pool_allocator(&keeping);
}

static void pool_trim_backing(void) {
    (void)keeping_pool_shrink(&keeping, pba_threshold_percent(0, 1));
}
