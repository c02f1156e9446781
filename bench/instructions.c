/* The work that //bench:instructions counts the instructions of. Runs under Callgrind, which it
 * tells what to count, and dumps the count of each measurement under its name:
 *
 *     STORE OPERATION SHAPE LOAD OPERATIONS
 *
 * A pool holds as many live spans as the load says (pool_load.h). Then rounds of the same work:
 * free some spans at random, allocate as many, resize as many; in each pass over the rounds, one of
 * the three is counted.
 *
 * The span cache puts the merging off, from a free to whatever comes later, and
 * shares it between many. So all is counted twice: with the cache as it works (`kept`), and with
 * the cache emptied after each operation, which is counted with it (`emptied`): there each
 * operation bears all that it causes, alone. */
#include "bench/pool_load.h"
#include "block_allocator/backing/page_allocator.h"

#define BATCH 250U
#define ROUNDS 40U

/* What becomes of the span cache after each operation. */
typedef enum cache_use {
    STORE_KEPT,
    STORE_EMPTIED,
} cache_use;

static const char *const cache_names[] = {"kept", "emptied"};

typedef struct bench {
    pool_bench load;
    cache_use cache;
} bench;

/* --- what is counted --- */

/* Flushes the cache: asking for the longest hole does. */
static void end_operation(bench *self) {
    switch (self->cache) {
    case STORE_KEPT:
        return;
    case STORE_EMPTIED:
        (void)bench_pool_largest_free(&self->load.pool);
        return;
    }
}

static void free_batch(bench *self) {
    for (size_t i = 0; i < BATCH; i++) {
        bench_pool_free(&self->load.pool, self->load.spans[i], alignment);
        end_operation(self);
    }
}

static void alloc_batch(bench *self) {
    for (size_t i = 0; i < BATCH; i++) {
        self->load.spans[i] = bench_pool_alloc(&self->load.pool, self->load.wanted[i], alignment);
        end_operation(self);
    }
}

/* Growth that is refused counts too. */
static void resize_batch(bench *self) {
    for (size_t i = 0; i < BATCH; i++) {
        resize_span(&self->load, i);
        end_operation(self);
    }
}

/* --- the measurement --- */

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
    choose_spans(&self->load, BATCH);
    run_batch(self, OPERATION_FREE, counted, free_batch);
    run_batch(self, OPERATION_ALLOC, counted, alloc_batch);
    choose_spans(&self->load, BATCH);
    run_batch(self, OPERATION_RESIZE, counted, resize_batch);
}

static void count(bench *self, operation counted, const pool_load *load) {
    CALLGRIND_START_INSTRUMENTATION;
    for (size_t round = 0; round < ROUNDS; round++) {
        run_round(self, counted);
    }
    CALLGRIND_STOP_INSTRUMENTATION;
    char name[100];
    (void)snprintf(name, sizeof name, "%s %s %s %s %u", cache_names[self->cache],
                   operation_names[counted], self->load.shape->name, load->name, BATCH * ROUNDS);
    CALLGRIND_DUMP_STATS_AT(name);
}

static void measure(cache_use cache, const span_shape *shape, const pool_load *load) {
    bench self = {.load = begin_bench(ba_page_allocator(), shape, load), .cache = cache};
    fill_bench(&self.load, load);
    /* Past the beginning: lists have grown, spans lie scattered. */
    for (size_t round = 0; round < ROUNDS; round++) {
        run_round(&self, OPERATION_FREE);
    }
    CALLGRIND_ZERO_STATS;
    count(&self, OPERATION_FREE, load);
    count(&self, OPERATION_ALLOC, load);
    count(&self, OPERATION_RESIZE, load);
    end_bench(&self.load);
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
