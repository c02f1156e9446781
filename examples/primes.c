/* A list that becomes a slice, on a pool: the types know their allocator, so no call names it. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "block_allocator/backing/page_allocator.h"

#define PBA_NAME medium_pool
#define PBA_BLOCK_SIZE 1024
#define PBA_BACKING_REQUEST_SIZE 65536
#include "pba/define.h"

/* What the buffer types below are bound to. */
static ba_block_allocator medium_blocks;

/* Makes medium_u32_list and medium_u32_slice. */
#define SAB_NAME medium_u32
#define SAB_TYPE uint32_t
#define SAB_ALLOCATOR medium_blocks
#include "static_buffer/define.h"

static bool is_prime(uint32_t number) {
    for (uint32_t divisor = 2; divisor <= number / divisor; divisor++) {
        if (number % divisor == 0) {
            return false;
        }
    }
    return number >= 2;
}

static medium_u32_slice primes_below(uint32_t limit) {
    medium_u32_list primes = {0};
    for (uint32_t number = 2; number < limit; number++) {
        if (is_prime(number)) {
            sab_append(&primes, number);
        }
    }
    /* The list is empty afterwards; the slice owns the memory. */
    return sab_into_slice(&primes);
}

int main(void) {
    medium_pool pool = medium_pool_new(ba_page_allocator());
    medium_blocks = medium_pool_block_allocator(&pool);
    medium_u32_slice primes = primes_below(100);
    for (size_t i = 0; i < primes.len; i++) {
        printf("%s%u", i == 0 ? "" : " ", (unsigned)primes.ptr[i]);
    }
    printf("\n");
    sab_release(&primes);
    medium_pool_release_all(&pool, PBA_REPORT_IN_USE);
    return 0;
}
