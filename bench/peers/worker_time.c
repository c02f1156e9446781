/* How long the work takes. */
#include <stdio.h>
#include <string.h>

#include "bench/peers/meter.h"
#include "bench/peers/worker.h"

/* A warm pass has at least so many operations, so that what an allocator does only now and then is
 * in each of them. */
#define PASS_OPERATIONS 50000U
/* A cold pass of pairs has so many. */
#define COLD_PAIRS 1000U
/* At least so many passes warm up, and as many are measured. */
#define PASSES 3U

/* A bench with what the clock takes by itself, which no pass shall pay. */
typedef struct timed_bench {
    worker_bench *bench;
    double clock_ns;
} timed_bench;

/* Does the work at least so many times, and returns nanoseconds each. */
typedef double (*pass_function)(const timed_bench *self, size_t operations);

static double pair_pass(const timed_bench *self, size_t operations) {
    const double start = meter_ns();
    self->bench->functions->pair(&self->bench->table, operations);
    return (meter_ns() - start - self->clock_ns) / (double)operations;
}

static double churn_pass(const timed_bench *self, size_t operations) {
    const double start = meter_ns();
    self->bench->functions->churn(&self->bench->table, operations);
    return (meter_ns() - start - self->clock_ns) / (double)operations;
}

static double mixed_pass(const timed_bench *self, size_t operations) {
    const double start = meter_ns();
    self->bench->functions->churn_mixed(&self->bench->table, operations);
    return (meter_ns() - start - self->clock_ns) / (double)operations;
}

/* Only the frees are timed. All spans are live before and after it. */
static double free_all_pass(const timed_bench *self, size_t operations) {
    span_table *const table = &self->bench->table;
    double spent = 0;
    size_t freed = 0;
    while (freed < operations) {
        worker_shuffle(table);
        const double start = meter_ns();
        self->bench->functions->free_all(table);
        spent += meter_ns() - start - self->clock_ns;
        freed += table->count;
        self->bench->functions->fill(table);
    }
    return spent / (double)freed;
}

static pass_function pass_named(const char *work) {
    if (strcmp(work, "pair") == 0) {
        return pair_pass;
    }
    if (strcmp(work, "churn") == 0) {
        return churn_pass;
    }
    if (strcmp(work, "free-all") == 0) {
        return free_all_pass;
    }
    if (strcmp(work, "mixed") == 0) {
        return mixed_pass;
    }
    meter_die("WORK is pair, churn, free-all or mixed");
}

/* What is done with the time of a pass. */
static void print_warm(double ns) {
    printf("warm %.4f\n", ns);
}

static void forget(double ns) {
    (void)ns;
}

/* Passes until both so much time has gone and there were enough of them. */
static void repeat(const timed_bench *self, pass_function pass, size_t operations,
                   double milliseconds, void (*use)(double ns)) {
    const double end = meter_ns() + milliseconds * 1e6;
    for (size_t passes = 0; passes < PASSES || meter_ns() < end; passes++) {
        use(pass(self, operations));
    }
}

void worker_time(worker_bench *bench, const char *work, double warm_up_ms, double measure_ms) {
    const timed_bench self = {bench, meter_cost_ns()};
    const pass_function pass = pass_named(work);
    size_t operations = COLD_PAIRS;
    if (pass != pair_pass) {
        void (*const fill)(span_table * table) =
            pass == mixed_pass ? bench->functions->fill_mixed : bench->functions->fill;
        fill(&bench->table);
        operations = bench->table.count;
    }
    const double cold_ns = pass(&self, operations);
    if (operations < PASS_OPERATIONS) {
        operations = PASS_OPERATIONS;
    }
    repeat(&self, pass, operations, warm_up_ms, forget);
    /* Printing may allocate, so it waits until nothing is cold any more. */
    printf("cold %.4f\n", cold_ns);
    repeat(&self, pass, operations, measure_ms, print_warm);
}
