/* A pool over the system's pages, and a growing list on it. */
#include <stdio.h>

#include "block_allocator/backing/page_allocator.h"

#define PBA_NAME small_pool
#define PBA_BLOCK_SIZE 64
#include "pba/define.h"

static ba_block_allocator small_blocks;

#define SAB_NAME number
#define SAB_TYPE int
#define SAB_ALLOCATOR small_blocks
#include "static_buffer/define.h"

int main(void) {
    small_pool pool = small_pool_new(ba_page_allocator());
    const ba_memory span = small_pool_alloc(&pool, ba_bytes(100), ba_align(16));
    printf("asked for 100 bytes, got %zu\n", ba_memory_length(span).bytes);
    small_pool_free(&pool, span, ba_align(16));

    small_blocks = small_pool_block_allocator(&pool);
    number_list squares = {0};
    for (int i = 1; i <= 5; i++) {
        sab_append(&squares, i * i);
    }
    printf("%zu squares, the last one %d\n", squares.len, *sab_at(&squares, squares.len - 1));
    sab_release(&squares);
    small_pool_release_all(&pool, PBA_REPORT_IN_USE);
    return 0;
}
