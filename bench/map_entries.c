/* The entries of the process's map that a pool costs which gives back every chunk it can, where
 * every second one goes: tools/bazel run //bench:map_entries. Linux only. */
#include <stdio.h>
#include <stdlib.h>

#include "block_allocator/backing/page_allocator.h"
#include "pba/pool.h"

#define SPANS 20000
#define SPAN_BYTES 4096

static long entries_now(void) {
    FILE *const maps = fopen("/proc/self/maps", "r");
    if (maps == NULL) {
        return 0;
    }
    long lines = 0;
    for (int c = getc(maps); c != EOF; c = getc(maps)) {
        lines += c == '\n';
    }
    (void)fclose(maps);
    return lines;
}

static void measure(size_t request_size, size_t shrink_min, size_t shrink_max) {
    static ba_memory spans[SPANS];
    pba_options options = pba_options_default();
    options.backing_request_size = request_size;
    options.auto_shrink = PBA_AUTO_SHRINK_SIMPLE;
    options.shrink_min = shrink_min;
    options.shrink_max = shrink_max;
    pba_pool pool;
    if (pba_pool_init(&pool, &options, ba_any_allocator_of(ba_page_allocator()), NULL) !=
        PBA_OPTIONS_OK) {
        abort();
    }
    const long before = entries_now();
    for (size_t i = 0; i < SPANS; i++) {
        spans[i] = pba_pool_alloc(&pool, ba_bytes(SPAN_BYTES), ba_align(1));
    }
    for (size_t i = 0; i < SPANS; i += 2) {
        (void)pba_pool_free(&pool, spans[i], ba_align(1));
    }
    printf("requests of %7zu, thresholds %2zu and %2zu: %5ld entries\n", request_size, shrink_min,
           shrink_max, entries_now() - before);
    (void)pba_pool_release_all(&pool, PBA_ALLOW_IN_USE);
}

int main(void) {
    measure(4096, 0, 1);
    measure(4096, 25, 50);
    measure(65536, 0, 1);
    return EXIT_SUCCESS;
}
