/* Appends, for append_code_test.py to look at the code that they become. */
#include <stdint.h>
#include <stdio.h>

#include "block_allocator/backing/page_allocator.h"

#define PBA_NAME code_pool
#include "pba/define.h"

static code_pool pool;
static ba_block_allocator blocks;

#define SAB_NAME direct
#define SAB_TYPE uint32_t
#define SAB_ALLOCATOR pool
#define SAB_POOL_TYPE code_pool
#include "static_buffer/define.h"

#define SAB_NAME indirect
#define SAB_TYPE uint32_t
#define SAB_ALLOCATOR blocks
#include "static_buffer/define.h"

void append_direct(direct_list *list, uint32_t item);
void append_indirect(indirect_list *list, uint32_t item);

void append_direct(direct_list *list, uint32_t item) {
    sab_append(list, item);
}

void append_indirect(indirect_list *list, uint32_t item) {
    sab_append(list, item);
}

/* Through these, so that both stay functions of their own. */
static void (*volatile direct)(direct_list *list, uint32_t item) = append_direct;
static void (*volatile indirect)(indirect_list *list, uint32_t item) = append_indirect;

int main(void) {
    pool = code_pool_new(ba_page_allocator());
    blocks = code_pool_block_allocator(&pool);
    direct_list first = {0};
    indirect_list second = {0};
    for (uint32_t i = 0; i < 1000; i++) {
        direct(&first, i);
        indirect(&second, i);
    }
    (void)printf("%zu %zu\n", first.len, second.len);
    sab_release(&first);
    sab_release(&second);
    return ba_failed(code_pool_release_all(&pool, PBA_REPORT_IN_USE)) ? 1 : 0;
}
