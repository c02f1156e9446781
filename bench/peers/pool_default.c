/* The worker of a pool called directly, with default options but for the size of its requests, over
 * a backing that keeps chunks. */
#include "bench/peers/keeping_backing.h"

#include "bench/peers/pool_worker.h"
