/* The work that //bench:instructions counts the instructions of. Runs under Callgrind, which it
 * tells what to count, and dumps the count of each measurement under its name:
 *
 *     STORE OPERATION SHAPE LOAD OPERATIONS
 *
 * A pool with default options, but 1 MiB requests to its backing, holds as many live spans as the
 * load says. Then rounds of the same work: free some spans at random, allocate as many, resize as
 * many; in each pass over the rounds, one of the three is counted. No byte of payload is touched.
 *
 * The store of recently freed spans puts the merging off, from a free to whatever comes later, and
 * shares it between many. So all is counted twice: with the store as it works (`kept`), and with
 * the store emptied after each operation, which is counted with it (`emptied`): there each
 * operation bears all that it causes, alone. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "block_allocator/page_allocator.h"

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
#endif

#define PBA_NAME bench_pool
#define PBA_BACKING_REQUEST_SIZE 1048576
#include "pba/define.h"

#define BATCH 250U
#define ROUNDS 40U
#define BLOCK PBA_DEFAULT_BLOCK_SIZE

/* How long spans are, in blocks. */
typedef struct span_shape {
    const char *name;
    uint32_t least;
    uint32_t most;
} span_shape;

static const span_shape shapes[] = {
    {"1", 1, 1},       /* the length that most spans have */
    {"1-16", 1, 16},   /* all that are parked when freed */
    {"17-32", 17, 32}, /* none of these is parked */
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

/* What becomes of the store of recently freed spans after each operation. */
typedef enum store_use {
    STORE_KEPT,
    STORE_EMPTIED,
} store_use;

static const char *const store_names[] = {"kept", "emptied"};

/* The pool, its spans, and the lengths that the next allocations or resizes ask for. */
typedef struct bench {
    bench_pool pool;
    const span_shape *shape;
    ba_memory *spans;
    size_t count;
    ba_length wanted[BATCH];
    uint64_t random;
    store_use store;
} bench;

static const ba_alignment alignment = {16};

static _Noreturn void give_up(const char *reason) {
    (void)fprintf(stderr, "instructions: %s\n", reason);
    exit(1); /* NOLINT(concurrency-mt-unsafe): there is one thread. */
}

/* xorshift64*, Vigna 2014: the same numbers in each run. */
static uint64_t next_random(bench *self) {
    self->random ^= self->random >> 12;
    self->random ^= self->random << 25;
    self->random ^= self->random >> 27;
    return (self->random * UINT64_C(2685821657736338717)) >> 32;
}

static ba_length random_length(bench *self) {
    const uint64_t blocks =
        self->shape->least + next_random(self) % (self->shape->most - self->shape->least + 1);
    return ba_bytes((size_t)blocks * BLOCK);
}

static ba_memory alloc_or_give_up(bench *self, ba_length length) {
    const ba_memory span = bench_pool_alloc(&self->pool, length, alignment);
    if (ba_memory_is_none(span)) {
        give_up(ba_error_message(ba_memory_error(span)));
    }
    return span;
}

/* --- what is counted --- */

/* Merges what is in the store: whoever asks for the longest hole is told of merged ones. */
static void end_operation(bench *self) {
    switch (self->store) {
    case STORE_KEPT:
        return;
    case STORE_EMPTIED:
        (void)bench_pool_largest_free(&self->pool);
        return;
    }
}

static void free_batch(bench *self) {
    for (size_t i = 0; i < BATCH; i++) {
        bench_pool_free(&self->pool, self->spans[i], alignment);
        end_operation(self);
    }
}

static void alloc_batch(bench *self) {
    for (size_t i = 0; i < BATCH; i++) {
        self->spans[i] = bench_pool_alloc(&self->pool, self->wanted[i], alignment);
        end_operation(self);
    }
}

/* Growth that is refused counts too. */
static void resize_batch(bench *self) {
    for (size_t i = 0; i < BATCH; i++) {
        const ba_length_result now =
            bench_pool_resize(&self->pool, self->spans[i], alignment, self->wanted[i]);
        if (!ba_length_result_is_none(now)) {
            self->spans[i] =
                ba_memory_of(ba_memory_pointer(self->spans[i]), ba_length_result_length(now));
        }
        end_operation(self);
    }
}

/* --- the measurement --- */

/* Brings random spans to the front, where the batches take them. */
static void choose_batch(bench *self) {
    if (self->count < BATCH) {
        give_up("too few spans for a batch");
    }
    for (size_t i = 0; i < BATCH; i++) {
        const size_t other = i + next_random(self) % (self->count - i);
        const ba_memory span = self->spans[i];
        self->spans[i] = self->spans[other];
        self->spans[other] = span;
        self->wanted[i] = random_length(self);
    }
}

static void run_batch(bench *self, operation what, operation counted, void (*batch)(bench *self)) {
    if (what == counted) {
        CALLGRIND_TOGGLE_COLLECT;
        batch(self);
        CALLGRIND_TOGGLE_COLLECT;
    } else {
        batch(self);
    }
}

static void run_round(bench *self, operation counted) {
    choose_batch(self);
    run_batch(self, OPERATION_FREE, counted, free_batch);
    run_batch(self, OPERATION_ALLOC, counted, alloc_batch);
    choose_batch(self);
    run_batch(self, OPERATION_RESIZE, counted, resize_batch);
}

static void count(bench *self, operation counted, const pool_load *load) {
    CALLGRIND_START_INSTRUMENTATION;
    for (size_t round = 0; round < ROUNDS; round++) {
        run_round(self, counted);
    }
    CALLGRIND_STOP_INSTRUMENTATION;
    char name[100];
    (void)snprintf(name, sizeof name, "%s %s %s %s %u", store_names[self->store],
                   operation_names[counted], self->shape->name, load->name, BATCH * ROUNDS);
    CALLGRIND_DUMP_STATS_AT(name);
}

/* Leaves a hole beside each span of one block. */
static void make_holes(bench *self, size_t holes) {
    if (holes == 0) {
        return;
    }
    ba_memory *const singles = (ba_memory *)calloc(2 * holes, sizeof *singles);
    if (singles == NULL) {
        give_up("no memory for the array of holes");
    }
    for (size_t i = 0; i < 2 * holes; i++) {
        singles[i] = alloc_or_give_up(self, ba_bytes(BLOCK));
    }
    for (size_t i = 0; i < 2 * holes; i += 2) {
        bench_pool_free(&self->pool, singles[i], alignment);
    }
    free(singles);
}

static void measure(store_use store, const span_shape *shape, const pool_load *load) {
    bench self = {
        .pool = bench_pool_new(ba_page_allocator()),
        .shape = shape,
        .spans = (ba_memory *)calloc(load->live, sizeof(ba_memory)),
        .count = load->live,
        .random = UINT64_C(0x9E3779B97F4A7C15),
        .store = store,
    };
    if (self.spans == NULL) {
        give_up("no memory for the array of spans");
    }
    make_holes(&self, load->holes);
    for (size_t i = 0; i < self.count; i++) {
        self.spans[i] = alloc_or_give_up(&self, random_length(&self));
    }
    /* Past the beginning: lists have grown, spans lie scattered. */
    for (size_t round = 0; round < ROUNDS; round++) {
        run_round(&self, OPERATION_FREE);
    }
    CALLGRIND_ZERO_STATS;
    count(&self, OPERATION_FREE, load);
    count(&self, OPERATION_ALLOC, load);
    count(&self, OPERATION_RESIZE, load);
    bench_pool_release_all(&self.pool, PBA_ALLOW_IN_USE);
    free(self.spans);
}

int main(void) {
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        for (size_t j = 0; j < sizeof loads / sizeof *loads; j++) {
            measure(STORE_KEPT, &shapes[i], &loads[j]);
            measure(STORE_EMPTIED, &shapes[i], &loads[j]);
        }
    }
    return 0;
}
