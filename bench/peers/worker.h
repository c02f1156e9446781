/* A worker: a program that does the work of workload.h with one allocator, and says what it took.
 * worker.c has its main function; what it needs of the allocator is declared here. */
#ifndef BENCH_PEERS_WORKER_H_
#define BENCH_PEERS_WORKER_H_

#include <stdbool.h>
#include <stddef.h>

#include "bench/peers/spans.h"

/* What workload.h makes of an allocator, for one block size. */
typedef struct worker_functions {
    size_t block_size;
    /* Makes the allocator ready for such a table. */
    void (*open)(const span_table *table);
    void (*fill)(span_table *table);
    void (*pair)(span_table *table, size_t operations);
    void (*churn)(span_table *table, size_t operations);
    /* Fill and churn with sizes as programs have them, 8 to 1,000 bytes, whatever the block size.
     */
    void (*fill_mixed)(span_table *table);
    void (*churn_mixed)(span_table *table, size_t operations);
    void (*free_all)(span_table *table);
    /* Gives back to the system what can be given back. */
    void (*trim)(void);
    /* Whether the allocator is in order, as far as it can tell, and counts so many bytes in use. */
    bool (*is_sound)(size_t in_use);
} worker_functions;

/* How many block sizes there are. */
#define WORKER_SIZES 3

/* One for each block size; each worker defines them. */
extern const worker_functions *const worker_sizes[WORKER_SIZES];

/* The work and what it is done on. */
typedef struct worker_bench {
    const worker_functions *functions;
    span_table table;
} worker_bench;

/* Puts the spans of the table into random order. */
void worker_shuffle(span_table *table);

/* The three things that a worker can do; each prints what worker.c says. */
void worker_time(worker_bench *bench, const char *work, double warm_up_ms, double measure_ms);
void worker_give_back(worker_bench *self);
void worker_check(worker_bench *self);

#endif /* BENCH_PEERS_WORKER_H_ */
