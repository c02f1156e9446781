/* A program with as many pool types as TYPES says, one or two: what the second one adds to it is
 * what a pool type costs. Each is used in the same way, at one place for each call. */
#include "block_allocator/backing/page_allocator.h"

#define PBA_NAME first_pool
#define PBA_BLOCK_SIZE 64
#define PBA_BACKING_REQUEST_SIZE 65536
#include "pba/define.h"

/* Each call of a pool type, once. A macro, because it is the same for each type. */
#define USE(type)                                                                                  \
    static size_t use_##type(void) {                                                               \
        type pool = type##_new(ba_page_allocator());                                               \
        ba_memory span = type##_alloc(&pool, ba_bytes(100), ba_align(8));                          \
        const ba_length_result now = type##_resize(&pool, span, ba_align(8), ba_bytes(300));       \
        span = ba_memory_of(ba_memory_pointer(span), ba_length_result_length(now));                \
        type##_free(&pool, span, ba_align(8));                                                     \
        const size_t peak = type##_stats(&pool).peak_in_use.bytes;                                 \
        type##_release_all(&pool, PBA_REPORT_IN_USE);                                              \
        return peak;                                                                               \
    }

USE(first_pool)

#if TYPES == 2
#define PBA_NAME second_pool
#define PBA_BLOCK_SIZE 4096
#define PBA_BACKING_REQUEST_SIZE 1048576
#include "pba/define.h"

USE(second_pool)
#endif

int main(void) {
    size_t peak = use_first_pool();
#if TYPES == 2
    peak += use_second_pool();
#endif
    return peak == 0;
}
