/* Pool types made by pba/define.h, from strict C11: each generated function. */
#include <stdio.h>
#include <stdlib.h>

#include "block_allocator/backing/libc_allocator.h"

#define PBA_NAME first_pool
#define PBA_BLOCK_SIZE 64
#define PBA_BACKING_REQUEST_SIZE 1024
#include "pba/define.h"

#define PBA_NAME second_pool
#define PBA_BLOCK_SIZE 128
#define PBA_CALL_SITES PBA_ON
#define PBA_DECAY_AGE 5
#include "pba/define.h"

#if defined(PBA_NAME) || defined(PBA_BLOCK_SIZE) || defined(PBA_BACKING_REQUEST_SIZE) ||           \
    defined(PBA_REQUEST_GROWTH) || defined(PBA_INDEX) || defined(PBA_BYTE_LIMIT) ||                \
    defined(PBA_SECURE_WIPE) || defined(PBA_SPAN_CACHE) || defined(PBA_SAFETY) ||                  \
    defined(PBA_SEVERITY) || defined(PBA_BACKING_FAILURE) || defined(PBA_AUTO_SHRINK) ||           \
    defined(PBA_SHRINK_KIND) || defined(PBA_SHRINK_MIN) || defined(PBA_SHRINK_MAX) ||              \
    defined(PBA_DECAY_AGE) || defined(PBA_STATISTICS) || defined(PBA_GUARD) ||                     \
    defined(PBA_FILL) || defined(PBA_CALL_SITES)
#error "a parameter is still defined"
#endif

#define EXPECT(condition) expect((condition), __LINE__, #condition)

static int failures;

static void expect(bool holds, int line, const char *condition) {
    if (!holds) {
        (void)fprintf(stderr, "line %d: %s does not hold\n", line, condition);
        failures++;
    }
}

static void count_items(void *context, const pba_walk_item *item) {
    (void)item;
    ++*(size_t *)context;
}

static size_t first_items(first_pool *pool) {
    size_t count = 0;
    first_pool_walk(pool, count_items, &count);
    return count;
}

static void test_spans(void) {
    first_pool pool = first_pool_new(ba_libc_allocator());
    ba_memory span = first_pool_alloc(&pool, ba_bytes(100), ba_align(16));
    EXPECT(ba_memory_length(span).bytes == 128);
    EXPECT(first_pool_owns(&pool, ba_memory_pointer(span)));
    EXPECT(ba_length_result_length(first_pool_usable_len(&pool, ba_memory_pointer(span))).bytes ==
           128);
    EXPECT(ba_length_result_length(first_pool_resize(&pool, span, ba_align(16), ba_bytes(200)))
               .bytes == 256);
    span = ba_memory_of(ba_memory_pointer(span), ba_bytes(256));
    EXPECT(ba_length_result_length(
               first_pool_grow_between(&pool, span, ba_align(16), ba_bytes(300), ba_bytes(512)))
               .bytes == 512);
    span = first_pool_remap(&pool, ba_memory_of(ba_memory_pointer(span), ba_bytes(512)),
                            ba_align(16), ba_bytes(64));
    EXPECT(ba_memory_length(span).bytes == 64);
    span = first_pool_realloc(&pool, span, ba_align(16), ba_bytes(1024));
    EXPECT(ba_memory_length(span).bytes == 1024);
    EXPECT(first_items(&pool) == 1);
    EXPECT(first_pool_verify(&pool).code == BA_OK);
    EXPECT(first_pool_free(&pool, span, ba_align(16)).code == BA_OK);
    EXPECT(first_pool_release_all(&pool, PBA_REPORT_IN_USE).code == BA_OK);
}

static void test_keeping(void) {
    first_pool pool = first_pool_new_over_blocks(ba_allocator_grants(ba_libc_allocator()));
    EXPECT(first_pool_reserve(&pool, ba_bytes(4096)).code == BA_OK);
    EXPECT(first_pool_stats(&pool).payload.bytes >= 4096);
    EXPECT(first_pool_largest_free(&pool).bytes >= 4096);
    EXPECT(first_pool_purge(&pool).bytes == 0);
    EXPECT(first_pool_decay(&pool, 1).bytes == 0);
    EXPECT(first_pool_shrink(&pool, pba_threshold_percent(0, 1)).bytes >= 4096);
    EXPECT(!ba_memory_is_none(first_pool_alloc(&pool, ba_bytes(1), ba_align(1))));
    EXPECT(first_pool_reset(&pool, ba_bytes(SIZE_MAX)).bytes == 0);
    EXPECT(first_pool_trim(&pool, ba_bytes(0)).bytes >= 1024);
    EXPECT(first_pool_release_all(&pool, PBA_REPORT_IN_USE).code == BA_OK);
}

static void test_views(void) {
    const pba_setup setup = {.name = "second"};
    second_pool pool = second_pool_new_with(ba_any_allocator_of(ba_libc_allocator()), &setup);
    EXPECT(second_pool_options().decay_age == 5);
    EXPECT(second_pool_block_size().bytes == 128);
    const ba_allocator exact = second_pool_allocator(&pool);
    const ba_memory memory = ba_alloc(exact, ba_bytes(100), ba_align(1));
    EXPECT(ba_memory_length(memory).bytes == 100);
    EXPECT(second_pool_free(&pool, memory, ba_align(1)).code == BA_OK);
    const ba_block_allocator blocks = second_pool_block_allocator(&pool);
    const ba_memory span = ba_block_alloc(blocks, ba_bytes(100), ba_align(1));
    EXPECT(ba_memory_length(span).bytes == 128);
    EXPECT(ba_block_free(blocks, span, ba_align(1)).code == BA_OK);
    const ba_memory here = PBA_HERE(second_pool_alloc, &pool, ba_bytes(1), ba_align(1));
    EXPECT(PBA_HERE(second_pool_free, &pool, here, ba_align(1)).code == BA_OK);
    EXPECT(second_pool_release_all(&pool, PBA_REPORT_IN_USE).code == BA_OK);
}

int main(void) {
    test_spans();
    test_keeping();
    test_views();
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
