/* Prints how often a pool asks for memory in a round of what programs do over and over, and fails
 * if one does so after its warm-up. Then what a pool still holds after most of what was in use has
 * been freed. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "block_allocator/backing/page_allocator.h"

#define PBA_NAME rounds_pool
#include "pba/define.h"

#define MOST_SPANS 64U
#define SHORTEST ((size_t)64)
/* What is gone through: each span of these lengths. */
static const size_t lengths[] = {64, 1024, 4096, 65536, (size_t)1 << 20};
#define LENGTHS (sizeof lengths / sizeof lengths[0])
/* Frees before the count begins: four of the longest periods. */
#define WARM_UP ((size_t)4 * PBA_PERIOD_LONGEST)
/* Rounds that are counted. */
#define COUNTED 200U

static const ba_alignment alignment = {16};

static _Noreturn void die(const char *reason) {
    (void)fprintf(stderr, "rounds: %s\n", reason);
    exit(1); /* NOLINT(concurrency-mt-unsafe): there is one thread. */
}

static ba_memory alloc(rounds_pool *pool, size_t bytes) {
    const ba_memory memory = rounds_pool_alloc(pool, ba_bytes(bytes), alignment);
    if (ba_memory_is_none(memory)) {
        die("there is no memory");
    }
    return memory;
}

static ba_memory reallocate(rounds_pool *pool, ba_memory memory, size_t bytes) {
    const ba_memory moved = rounds_pool_realloc(pool, memory, alignment, ba_bytes(bytes));
    if (ba_memory_is_none(moved)) {
        die("there is no memory");
    }
    return moved;
}

/* --- shapes: one round each, of so many spans of so many bytes; returns how many it freed --- */

typedef size_t shape(rounds_pool *pool, size_t spans, size_t bytes);

static size_t in_order(rounds_pool *pool, size_t spans, size_t bytes) {
    ba_memory held[MOST_SPANS];
    for (size_t i = 0; i < spans; i++) {
        held[i] = alloc(pool, bytes);
    }
    for (size_t i = 0; i < spans; i++) {
        rounds_pool_free(pool, held[i], alignment);
    }
    return spans;
}

static size_t nested(rounds_pool *pool, size_t spans, size_t bytes) {
    ba_memory held[MOST_SPANS];
    for (size_t i = 0; i < spans; i++) {
        held[i] = alloc(pool, bytes);
    }
    for (size_t i = spans; i > 0; i--) {
        rounds_pool_free(pool, held[i - 1], alignment);
    }
    return spans;
}

/* Each span becomes twice as long, and half as long again. */
static size_t longer_and_shorter(rounds_pool *pool, size_t spans, size_t bytes) {
    ba_memory held[MOST_SPANS];
    for (size_t i = 0; i < spans; i++) {
        held[i] = alloc(pool, bytes);
    }
    for (size_t i = 0; i < spans; i++) {
        held[i] = reallocate(pool, held[i], 2 * bytes);
    }
    for (size_t i = 0; i < spans; i++) {
        held[i] = reallocate(pool, held[i], bytes);
    }
    for (size_t i = 0; i < spans; i++) {
        rounds_pool_free(pool, held[i], alignment);
    }
    return spans;
}

/* From so many spans down to one by halves, and back. */
static size_t fewer_and_more(rounds_pool *pool, size_t spans, size_t bytes) {
    ba_memory held[MOST_SPANS];
    size_t frees = 0;
    for (size_t now = spans; now > 0; now /= 2) {
        frees += in_order(pool, now, bytes);
    }
    for (size_t now = 1; now <= spans; now *= 2) {
        frees += nested(pool, now, bytes);
    }
    /* And so much in one piece. */
    held[0] = alloc(pool, spans * bytes / 2);
    rounds_pool_free(pool, held[0], alignment);
    return frees + 1;
}

/* Lengths from so many bytes down by halves, and back. */
static size_t halves(rounds_pool *pool, size_t spans, size_t bytes) {
    size_t frees = 0;
    for (size_t length = bytes; length >= SHORTEST; length /= 2) {
        frees += in_order(pool, spans, length);
    }
    for (size_t length = SHORTEST; length <= bytes; length *= 2) {
        frees += nested(pool, spans, length);
    }
    return frees;
}

static const struct {
    const char *name;
    shape *one_round;
} shapes[] = {
    {"in order", in_order},
    {"nested", nested},
    {"longer and shorter by half", longer_and_shorter},
    {"fewer and more by half", fewer_and_more},
    {"shorter and longer lengths", halves},
};

static uint64_t requests(rounds_pool *pool) {
    return rounds_pool_stats(pool).backing_requests;
}

/* The requests of the counted rounds, and in *warm those before them. */
static uint64_t measure(shape *one_round, size_t spans, size_t bytes, uint64_t *warm) {
    rounds_pool pool = rounds_pool_new(ba_page_allocator());
    for (size_t frees = 0; frees < WARM_UP;) {
        frees += one_round(&pool, spans, bytes);
    }
    *warm = requests(&pool);
    for (size_t i = 0; i < COUNTED; i++) {
        (void)one_round(&pool, spans, bytes);
    }
    const uint64_t counted = requests(&pool) - *warm;
    rounds_pool_release_all(&pool, PBA_REPORT_IN_USE);
    return counted;
}

/* --- a drop --- */

#define DROPPED ((size_t)20000)

/* What a pool holds, in percent of what is in use, after nine tenths of many spans were freed, the
 * first or the last of them, and `frees` more have passed. */
static double held_after_drop(size_t bytes, bool first, size_t frees) {
    static ba_memory held[DROPPED];
    rounds_pool pool = rounds_pool_new(ba_page_allocator());
    for (size_t i = 0; i < DROPPED; i++) {
        held[i] = alloc(&pool, bytes);
    }
    const size_t begin = first ? 0 : DROPPED / 10;
    for (size_t i = begin; i < begin + DROPPED / 10 * 9; i++) {
        rounds_pool_free(&pool, held[i], alignment);
    }
    for (size_t i = 0; i < frees; i++) {
        rounds_pool_free(&pool, alloc(&pool, bytes), alignment);
    }
    const pba_stats stats = rounds_pool_stats(&pool);
    rounds_pool_release_all(&pool, PBA_ALLOW_IN_USE);
    return 100.0 * (double)(stats.payload.bytes - PBA_DEFAULT_BACKING_REQUEST_SIZE) /
           (double)stats.in_use.bytes;
}

/* --- what is printed --- */

static bool print_shape(const char *name, shape *one_round) {
    uint64_t most_warm = 0;
    uint64_t counted = 0;
    for (size_t spans = 1; spans <= MOST_SPANS; spans *= 4) {
        for (size_t i = 0; i < LENGTHS; i++) {
            uint64_t warm;
            counted += measure(one_round, spans, lengths[i], &warm);
            most_warm = warm > most_warm ? warm : most_warm;
        }
    }
    (void)printf("| %-28s | %10llu | %10llu |\n", name, (unsigned long long)most_warm,
                 (unsigned long long)counted);
    return counted == 0;
}

static bool print_drop(size_t bytes, bool first) {
    static const size_t after[] = {0, PBA_PERIOD_FIRST, (size_t)2 * PBA_PERIOD_FIRST,
                                   (size_t)3 * PBA_PERIOD_FIRST};
    double held = 0;
    (void)printf("| %7zu bytes, the %s freed |", bytes, first ? "first" : "last ");
    for (size_t i = 0; i < sizeof after / sizeof after[0]; i++) {
        held = held_after_drop(bytes, first, after[i]);
        (void)printf(" %7.0f %% |", held);
    }
    (void)printf("\n");
    return held <= 125;
}

int main(void) {
    bool is_as_stated = true;
    (void)printf("Calls to the backing, each shape with 1 to %u spans of %zu bytes to %zu:\n\n",
                 MOST_SPANS, lengths[0], lengths[LENGTHS - 1]);
    (void)printf("| shape | warm-up, at most | in %u rounds after it |\n|---|---:|---:|\n",
                 COUNTED);
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        is_as_stated = print_shape(shapes[i].name, shapes[i].one_round) && is_as_stated;
    }
    (void)printf("\nPayload, less one request, in percent of what is in "
                 "use, after nine tenths were "
                 "freed and so many frees more:\n\n");
    (void)printf("| spans | 0 | %d | %d | %d |\n|---|---:|---:|---:|---:|\n", PBA_PERIOD_FIRST,
                 2 * PBA_PERIOD_FIRST, 3 * PBA_PERIOD_FIRST);
    for (size_t bytes = 1024; bytes <= 65536; bytes *= 8) {
        is_as_stated = print_drop(bytes, true) && is_as_stated;
        is_as_stated = print_drop(bytes, false) && is_as_stated;
    }
    if (!is_as_stated) {
        die("more than docs/performance.md states");
    }
    return 0;
}
