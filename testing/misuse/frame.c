/* What the programs of this folder share: the pool, its options and the end. */
#include "testing/misuse/frame.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "block_allocator/backing/page_allocator.h"

static pba_options options;

/* False if there is no such word. */
static bool choose(const char *word) {
    if (strcmp(word, "log") == 0) {
        options.severity = BA_SEVERITY_LOG;
    } else if (strcmp(word, "panic") == 0) {
        options.severity = BA_SEVERITY_PANIC;
    } else if (strcmp(word, "always") == 0) {
        options.safety = PBA_SAFETY_ALWAYS;
    } else if (strcmp(word, "guard") == 0) {
        options.guard = PBA_ON;
    } else if (strcmp(word, "fill") == 0) {
        options.fill = PBA_ON;
    } else {
        return false;
    }
    return true;
}

pool64 frame_pool(ba_allocator backing, const pba_setup *setup) {
    pool64 pool;
    pba_pool_init_of_type(&pool.core, &options, ba_any_allocator_of_exact(backing), setup,
                          BA_BUILD_MODE, &pool.cache_);
    return pool;
}

void frame_use(unsigned char byte) {
    static volatile unsigned char last;
    last = byte;
    (void)last;
}

void frame_answer(ba_error error) {
    (void)printf("answer: %s\n", ba_error_name(error));
}

void frame_look(const pool64 *pool) {
    (void)printf("verify: %s\n", ba_error_name(pool64_verify(pool)));
}

void frame_end(pool64 *pool) {
    frame_look(pool);
    (void)pool64_release_all(pool, PBA_REPORT_IN_USE); /* found */
}

int main(int argc, char **argv) {
    options = pool64_options();
    for (int i = 1; i < argc; i++) {
        if (!choose(argv[i])) {
            (void)fprintf(stderr, "usage: %s [log|panic] [always] [guard] [fill]\n", argv[0]);
            return EXIT_FAILURE;
        }
    }
    /* What was said must be out before a fault ends the program. */
    (void)setvbuf(stdout, NULL, _IONBF, 0);
    pool64 pool = frame_pool(ba_page_allocator(), NULL);
    commit_fault(&pool);
    frame_end(&pool);
    (void)printf("went on\n");
    return EXIT_SUCCESS;
}
