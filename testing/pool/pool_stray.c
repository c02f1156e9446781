/* Makes one stray access to a pool's payload, which Valgrind must report.
 *
 * Usage: pool_stray none|freed|behind|tail|reserved */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "block_allocator/backing/page_allocator.h"

#define PBA_NAME stray_pool
#define PBA_BLOCK_SIZE 64
#include "pba/define.h"

/* The offset of the stray access, as from the span's start, after what makes it one. */
static size_t prepare(stray_pool *pool, ba_memory span, const char *what) {
    if (strcmp(what, "freed") == 0) {
        (void)stray_pool_free(pool, span, ba_align(1));
        return 0;
    }
    if (strcmp(what, "behind") == 0) {
        return ba_memory_length(span).bytes;
    }
    if (strcmp(what, "tail") == 0) {
        return ba_length_result_length(stray_pool_resize(pool, span, ba_align(1), ba_bytes(1)))
            .bytes;
    }
    if (strcmp(what, "reserved") == 0) {
        return 4095;
    }
    return 0;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        (void)fprintf(stderr, "usage: %s none|freed|behind|tail|reserved\n", argv[0]);
        return EXIT_FAILURE;
    }
    stray_pool pool = stray_pool_new(ba_page_allocator());
    const ba_memory span = stray_pool_alloc(&pool, ba_bytes(128), ba_align(1));
    if (ba_memory_is_none(span)) {
        return EXIT_FAILURE;
    }
    const size_t offset = prepare(&pool, span, argv[1]);
    volatile unsigned char *const byte = (unsigned char *)ba_memory_pointer(span) + offset;
    *byte = 1;
    (void)stray_pool_release_all(&pool, PBA_ALLOW_IN_USE);
    return EXIT_SUCCESS;
}
