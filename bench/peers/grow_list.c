/* Appends to a list on a pool with default options, but for the size of its requests. */
#include "bench/peers/grow.h"
#include "block_allocator/backing/page_allocator.h"

#define PBA_NAME grow_pool
#define PBA_BACKING_REQUEST_SIZE 1048576
#include "pba/define.h"

static grow_pool pool;

#define SAB_NAME grow
#define SAB_TYPE uint32_t
#define SAB_ALLOCATOR pool
#define SAB_POOL_TYPE grow_pool
#include "static_buffer/define.h"

int main(int argc, char **argv) {
    const uint32_t count = grow_count(argc, argv);
    pool = grow_pool_new(ba_page_allocator());
    grow_list numbers = {0};
    const grow_start start = grow_begin();
    for (uint32_t i = 0; i < count; i++) {
        sab_append(&numbers, i);
    }
    grow_end(start, numbers.ptr, numbers.len, count);
    sab_release(&numbers);
    grow_pool_release_all(&pool, PBA_REPORT_IN_USE);
    return 0;
}
