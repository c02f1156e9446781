/* The worker of the same pool as in pool_default.c, called through the interface. */
#include "bench/peers/keeping_backing.h"

#define POOL_THROUGH_INTERFACE
#include "bench/peers/pool_worker.h"
