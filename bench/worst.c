/* The work whose single operations //bench:instructions counts. Runs under Callgrind, which it asks
 * after each operation for the count so far; the answer goes into Callgrind's log, and before it,
 * from here, what it is about. For each measurement
 *
 *     measure SHAPE LOAD
 *
 * then an operation that nobody does, which is what the counting itself adds, and then operations:
 *
 *     nothing
 *     free, alloc or resize, with " backing" behind it if it called the backing
 *
 * each with Callgrind's lines behind it, one of them "events-1: COUNT".
 *
 * A pool holds as many live spans as the load says (pool_load.h). Then many spans, chosen at
 * random, are freed one after the other, as many allocated, and as many resized: so that what is
 * put off piles up as far as it can. */
#include "bench/pool_load.h"
#include "block_allocator/backing/page_allocator.h"
#include "block_allocator/forwarding/logging_allocator.h"

/* Spans that are worked on in a round, or half of those that live if these are fewer. More than the
 * span cache has room for. */
#define MOST_SPANS 4000U
#define ROUNDS 2U
/* Spans that are freed at once for the cache to be as full as can be: more than all its lists have
 * room for. */
#define MOST_PILED 30000U
/* How often: more often than a list can grow. */
#define PILES 6U
/* Then so many spans are asked for, the first with so many blocks, more than any in the cache, and
 * each with one more. */
#define MOST_LONG_SPANS 800U
#define LONG_SPAN 64U

static void count_call(void *context, const ba_log_event *event) {
    (void)event;
    ++*(size_t *)context;
}

/* How many calls the backing has seen. */
static size_t backing_calls;

/* --- single operations --- */

static void do_nothing(pool_bench *self, size_t number) {
    (void)self;
    (void)number;
}

static void free_one(pool_bench *self, size_t number) {
    bench_pool_free(&self->pool, self->spans[number], alignment);
}

static void alloc_one(pool_bench *self, size_t number) {
    self->spans[number] = bench_pool_alloc(&self->pool, self->wanted[number], alignment);
}

static void resize_one(pool_bench *self, size_t number) {
    resize_span(self, number);
}

/* Counts one operation on the span of a number. */
static void count_one(pool_bench *self, size_t number, const char *name,
                      void (*work)(pool_bench *self, size_t number)) {
    const size_t before = backing_calls;
    CALLGRIND_TOGGLE_COLLECT;
    work(self, number);
    CALLGRIND_TOGGLE_COLLECT;
    (void)VALGRIND_PRINTF("%s%s\n", name, backing_calls == before ? "" : " backing");
    (void)VALGRIND_MONITOR_COMMAND("status internal");
}

static void count_all(pool_bench *self, size_t spans, const char *name,
                      void (*work)(pool_bench *self, size_t number)) {
    for (size_t i = 0; i < spans; i++) {
        count_one(self, i, name, work);
    }
}

/* --- the measurement --- */

static void run_round(pool_bench *self, size_t spans) {
    choose_spans(self, spans);
    count_all(self, spans, operation_names[OPERATION_FREE], free_one);
    count_all(self, spans, operation_names[OPERATION_ALLOC], alloc_one);
    choose_spans(self, spans);
    count_all(self, spans, operation_names[OPERATION_RESIZE], resize_one);
}

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

/* Asks for longer and longer spans until the backing is called: one of them is too long for what is
 * merged and not for what can be. Returns how many it got. */
static size_t count_long_spans(pool_bench *self, size_t most) {
    const size_t before = backing_calls;
    size_t got = 0;
    while (got < most && backing_calls == before) {
        self->wanted[got] = ba_bytes((LONG_SPAN + got) * BLOCK);
        count_one(self, got, operation_names[OPERATION_ALLOC], alloc_one);
        got++;
    }
    return got;
}

static void run_pile(pool_bench *self, size_t spans) {
    choose_spans(self, spans);
    for (size_t i = 0; i < spans; i++) {
        free_one(self, i);
    }
    const size_t longs = count_long_spans(self, least(spans, MOST_LONG_SPANS));
    for (size_t i = 0; i < longs; i++) {
        free_one(self, i);
    }
    for (size_t i = 0; i < spans; i++) {
        self->spans[i] = alloc_or_die(self, random_length(self));
    }
}

static void measure(const span_shape *shape, const pool_load *load) {
    ba_logging_allocator backing;
    ba_logging_allocator_init(&backing, ba_page_allocator(),
                              (ba_log_sink){count_call, &backing_calls});
    pool_bench self = begin_bench(ba_logging_allocator_allocator(&backing), shape, load);
    fill_bench(&self, load);

    (void)VALGRIND_PRINTF("measure %s %s\n", shape->name, load->name);
    CALLGRIND_START_INSTRUMENTATION;
    count_one(&self, 0, "nothing", do_nothing);
    for (size_t round = 0; round < ROUNDS; round++) {
        run_round(&self, least(self.count / 2, MOST_SPANS));
    }
    for (size_t pile = 0; pile < PILES; pile++) {
        run_pile(&self, least(self.count - self.count / 4, MOST_PILED));
    }
    CALLGRIND_STOP_INSTRUMENTATION;
    end_bench(&self);
}

int main(void) {
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        for (size_t j = 0; j < sizeof loads / sizeof *loads; j++) {
            measure(&shapes[i], &loads[j]);
        }
    }
    return 0;
}
