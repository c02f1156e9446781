/* The worker of a pool. A template; include it once, after two functions, pool_backing(), which
 * makes the pool's backing, and pool_trim_backing(), which has that give memory back; and with
 *
 *     POOL_SAFETY, POOL_AUTO_SHRINK   the pool's options of these names, where not the defaults
 *     POOL_THROUGH_INTERFACE          defined: calls go through the ba_block_allocator interface
 */
#include "bench/peers/pool_request.h"
#include "bench/peers/worker.h"
#include "block_allocator/block_allocator.h"

#ifdef POOL_THROUGH_INTERFACE
/* The pool in use: there is one in each process. */
static ba_block_allocator pool_blocks;
#endif

#define POOL_NAME pool_64
#define POOL_BLOCK_SIZE 64
#include "bench/peers/pool_size.h"

#define POOL_NAME pool_1024
#define POOL_BLOCK_SIZE 1024
#include "bench/peers/pool_size.h"

#define POOL_NAME pool_4096
#define POOL_BLOCK_SIZE 4096
#include "bench/peers/pool_size.h"

const worker_functions *const worker_sizes[WORKER_SIZES] = {&pool_64_work, &pool_1024_work,
                                                            &pool_4096_work};
