/* What pools live under while their instructions are counted: a pool type, named bench_pool, with
 * so many live spans, beside so many holes, and the choice of those that are worked on. For
 * programs of one source, which compile it for themselves.
 *
 * The pool has default options, but takes 1 MiB at a time from its backing; with UNCHECKED defined
 * it also checks nothing and gives nothing back by itself; with UNCACHED it has no span cache. No
 * byte of payload is touched. */
#ifndef BENCH_POOL_LOAD_H_
#define BENCH_POOL_LOAD_H_

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "block_allocator/allocator.h"
#include "block_allocator/error.h"

#if defined(__has_include)
#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#endif
#endif

/* Where Valgrind is not installed nothing is counted, but all is built. */
#ifndef CALLGRIND_TOGGLE_COLLECT
#define CALLGRIND_TOGGLE_COLLECT ((void)0)
#define CALLGRIND_START_INSTRUMENTATION ((void)0)
#define CALLGRIND_STOP_INSTRUMENTATION ((void)0)
#define CALLGRIND_ZERO_STATS ((void)0)
#define CALLGRIND_DUMP_STATS_AT(name) ((void)(name))
#define VALGRIND_MONITOR_COMMAND(command) ((void)(command))
#define VALGRIND_PRINTF(...) printf(__VA_ARGS__)
#endif

#define PBA_NAME bench_pool
#define PBA_BACKING_REQUEST_SIZE 1048576
#ifdef UNCHECKED
#define PBA_SAFETY PBA_SAFETY_NEVER
#define PBA_AUTO_SHRINK PBA_AUTO_SHRINK_NEVER
#endif
#ifdef UNCACHED
#define PBA_SPAN_CACHE PBA_OFF
#endif
#include "pba/define.h"

#define BLOCK PBA_DEFAULT_BLOCK_SIZE

/* How long spans are, in blocks. */
typedef struct span_shape {
    const char *name;
    uint32_t least;
    uint32_t most;
} span_shape;

static const span_shape shapes[] = {
    {"1", 1, 1},       /* the length that most spans have */
    {"1-16", 1, 16},   /* those of which the cache keeps some from the beginning */
    {"17-32", 17, 32}, /* longer ones that it keeps */
    {"64-80", 64, 80}, /* and those that it does not */
};

/* What lives in the pool. */
typedef struct pool_load {
    const char *name;
    size_t live;  /* spans of the shape */
    size_t holes; /* of one block each, beside them */
} pool_load;

static const pool_load loads[] = {
    {"1000", 1000, 0},
    {"30000", 30000, 0},
    {"1000000", 1000000, 0},
    {"holes", 1000, 1000000},
};

typedef enum operation {
    OPERATION_FREE,
    OPERATION_ALLOC,
    OPERATION_RESIZE,
} operation;

static const char *const operation_names[] = {"free", "alloc", "resize"};

/* The pool, its spans, and the lengths that the next allocations or resizes ask for: as many as
 * there are spans. */
typedef struct pool_bench {
    bench_pool pool;
    const span_shape *shape;
    ba_memory *spans;
    ba_length *wanted;
    size_t count;
    uint64_t random;
} pool_bench;

static const ba_alignment alignment = {16};

static _Noreturn void die(const char *reason) {
    (void)fprintf(stderr, "bench: %s\n", reason);
    exit(1); /* NOLINT(concurrency-mt-unsafe): there is one thread. */
}

/* xorshift64*, Vigna 2014: 32 bits, the same numbers in each run. */
static uint64_t next_random(pool_bench *self) {
    self->random ^= self->random >> 12;
    self->random ^= self->random << 25;
    self->random ^= self->random >> 27;
    return (self->random * UINT64_C(2685821657736338717)) >> 32;
}

static ba_length random_length(pool_bench *self) {
    const uint64_t blocks =
        self->shape->least + next_random(self) % (self->shape->most - self->shape->least + 1);
    return ba_bytes((size_t)blocks * BLOCK);
}

static ba_memory alloc_or_die(pool_bench *self, ba_length length) {
    const ba_memory span = bench_pool_alloc(&self->pool, length, alignment);
    if (ba_memory_is_none(span)) {
        die(ba_error_message(ba_memory_error(span)));
    }
    return span;
}

/* Brings `count` random spans to the front, where the work takes them, and lengths with them. */
static void choose_spans(pool_bench *self, size_t count) {
    const size_t all = self->count;
    if (count > all) {
        die("there are too few spans");
    }
    for (size_t i = 0; i < count; i++) {
        /* NOLINTNEXTLINE(clang-analyzer-core.DivideZero): i is below all. */
        const size_t other = i + (size_t)(next_random(self) % (all - i));
        const ba_memory span = self->spans[i];
        self->spans[i] = self->spans[other];
        self->spans[other] = span;
        self->wanted[i] = random_length(self);
    }
}

/* Resizes the span of that number to the length that is wanted for it. Refused growth changes
 * nothing. */
BA_ALWAYS_INLINE void resize_span(pool_bench *self, size_t number) {
    const ba_memory span = self->spans[number];
    const ba_length_result now =
        bench_pool_resize(&self->pool, span, alignment, self->wanted[number]);
    if (!ba_length_result_is_none(now)) {
        self->spans[number] = ba_memory_of(ba_memory_pointer(span), ba_length_result_length(now));
    }
}

static void *array_or_die(size_t count, size_t size) {
    void *const array = calloc(count, size);
    if (array == NULL) {
        die("there is no memory for an array");
    }
    return array;
}

/* Leaves a hole beside each span of one block. */
static void make_holes(pool_bench *self, size_t holes) {
    if (holes == 0) {
        return;
    }
    ba_memory *const singles = (ba_memory *)array_or_die(2 * holes, sizeof *singles);
    for (size_t i = 0; i < 2 * holes; i++) {
        singles[i] = alloc_or_die(self, ba_bytes(BLOCK));
    }
    for (size_t i = 0; i < 2 * holes; i += 2) {
        bench_pool_free(&self->pool, singles[i], alignment);
    }
    free(singles);
}

/* Makes a pool over a backing, with a load of spans of a shape. */
static pool_bench begin_bench(ba_allocator backing, const span_shape *shape,
                              const pool_load *load) {
    pool_bench self = {
        .pool = bench_pool_new(backing),
        .shape = shape,
        .spans = (ba_memory *)array_or_die(load->live, sizeof(ba_memory)),
        .wanted = (ba_length *)array_or_die(load->live, sizeof(ba_length)),
        .count = load->live,
        .random = UINT64_C(0x9E3779B97F4A7C15),
    };
    return self;
}

/* Allocates what the load says. Apart from begin_bench(), for a pool must not move any more then.
 */
static void fill_bench(pool_bench *self, const pool_load *load) {
    make_holes(self, load->holes);
    for (size_t i = 0; i < self->count; i++) {
        self->spans[i] = alloc_or_die(self, random_length(self));
    }
}

static void end_bench(pool_bench *self) {
    bench_pool_release_all(&self->pool, PBA_ALLOW_IN_USE);
    free(self->spans);
    free(self->wanted);
}

#endif /* BENCH_POOL_LOAD_H_ */
