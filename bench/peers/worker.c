/* The main function of every worker:
 *
 *     WORKER time WORK BLOCK_SIZE MOST_BLOCKS LIVE WARM_UP_MS MEASURE_MS
 *     WORKER check BLOCK_SIZE MOST_BLOCKS LIVE
 *     WORKER library
 *
 * `time` does WORK, one of pair, churn and free-all, on LIVE spans of 1 to MOST_BLOCKS blocks, and
 * prints nanoseconds per operation: the first pass in this process as "cold N", then, after passes
 * that are not shown, each further pass as "warm N". (For pair, nothing else is live.) `check` does all of it once and looks at every
 * span; the last thing it prints is "sound". `library` prints the file that malloc comes from. */
#define _GNU_SOURCE /* dladdr */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/peers/worker.h"
#include "block_allocator/page_allocator.h"

/* A warm pass has at least so many operations, so that what an allocator does only now and then is
 * in each of them. */
#define PASS_OPERATIONS 100000U
/* A cold pass of pairs has so many. */
#define COLD_PAIRS 1000U
/* At least so many passes warm up, and as many are measured. */
#define PASSES 3U

static _Noreturn void give_up(const char *reason) {
    (void)fprintf(stderr, "worker: %s\n", reason);
    exit(1); /* NOLINT(concurrency-mt-unsafe): there is one thread. */
}

/* --- time --- */

/* Processor time: what other programs do on the same core meanwhile does not count. */
static double now_ns(void) {
    struct timespec now;
    if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) != 0) {
        give_up("there is no clock for the processor time of a thread");
    }
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* What asking the clock takes by itself, between two readings. */
static double clock_cost_ns(void) {
    enum { READINGS = 1000 };
    const double start = now_ns();
    for (size_t i = 1; i < READINGS; i++) {
        (void)now_ns();
    }
    return (now_ns() - start) / READINGS;
}

/* --- one pass --- */

typedef struct bench {
    const worker_functions *work;
    span_table table;
    double clock_ns;
} bench;

/* Does the work so many times, as far as its nature allows, and returns nanoseconds each. */
typedef double (*pass_function)(bench *self, size_t operations);

static double pair_pass(bench *self, size_t operations) {
    const double start = now_ns();
    self->work->pair(&self->table, operations);
    return (now_ns() - start - self->clock_ns) / (double)operations;
}

static double churn_pass(bench *self, size_t operations) {
    const double start = now_ns();
    self->work->churn(&self->table, operations);
    return (now_ns() - start - self->clock_ns) / (double)operations;
}

static void shuffle(span_table *table) {
    for (size_t i = table->count; i > 1; i--) {
        table->random = next_random(table->random);
        const size_t other = random_index(table->random, i);
        const ba_memory span = table->spans[other];
        table->spans[other] = table->spans[i - 1];
        table->spans[i - 1] = span;
    }
}

/* Only the frees are timed; the spans are live again after the last. */
static double free_all_pass(bench *self, size_t operations) {
    double spent = 0;
    size_t freed = 0;
    while (freed < operations) {
        shuffle(&self->table);
        const double start = now_ns();
        self->work->free_all(&self->table);
        spent += now_ns() - start - self->clock_ns;
        freed += self->table.count;
        self->work->fill(&self->table);
    }
    return spent / (double)freed;
}

/* --- the whole measurement --- */

static pass_function pass_named(const char *name) {
    if (strcmp(name, "pair") == 0) {
        return pair_pass;
    }
    if (strcmp(name, "churn") == 0) {
        return churn_pass;
    }
    if (strcmp(name, "free-all") == 0) {
        return free_all_pass;
    }
    give_up("WORK is pair, churn or free-all");
}

/* Passes until both the time and the least count are reached. */
static void repeat(bench *self, pass_function pass, size_t operations, double milliseconds,
                   bool is_shown) {
    const double end = now_ns() + milliseconds * 1e6;
    for (size_t passes = 0; passes < PASSES || now_ns() < end; passes++) {
        const double ns = pass(self, operations);
        if (is_shown) {
            printf("warm %.4f\n", ns);
        }
    }
}

static void measure(bench *self, pass_function pass, double warm_up_ms, double measure_ms) {
    size_t cold_operations = COLD_PAIRS;
    if (pass != pair_pass) {
        self->work->fill(&self->table);
        cold_operations = self->table.count;
    }
    const double cold_ns = pass(self, cold_operations);
    const size_t operations = cold_operations < PASS_OPERATIONS ? PASS_OPERATIONS : cold_operations;
    repeat(self, pass, operations, warm_up_ms, false);
    printf("cold %.4f\n", cold_ns);
    repeat(self, pass, operations, measure_ms, true);
}

/* --- correctness --- */

static int compare_addresses(const void *a, const void *b) {
    const ba_memory *const left = (const ba_memory *)a;
    const ba_memory *const right = (const ba_memory *)b;
    const uintptr_t left_address = (uintptr_t)ba_memory_pointer(*left);
    const uintptr_t right_address = (uintptr_t)ba_memory_pointer(*right);
    return (left_address > right_address) - (left_address < right_address);
}

/* Sorts the table. Every span is as long as it may be, aligned, and apart from the others. */
static void check_spans(bench *self) {
    span_table *const table = &self->table;
    qsort(table->spans, table->count, sizeof *table->spans, compare_addresses);
    size_t in_use = 0;
    uintptr_t end = 0;
    for (size_t i = 0; i < table->count; i++) {
        const uintptr_t address = (uintptr_t)ba_memory_pointer(table->spans[i]);
        const size_t length = ba_memory_length(table->spans[i]).bytes;
        if (address < end || address % 16 != 0) {
            give_up("spans overlap, or are not aligned");
        }
        if (length == 0 || length % self->work->block_size != 0 ||
            length > table->most_blocks * self->work->block_size) {
            give_up("a span has a length that was not asked for");
        }
        end = address + length;
        in_use += length;
    }
    if (!self->work->is_sound(in_use)) {
        give_up("the allocator is not in order");
    }
}

static void check(bench *self) {
    self->work->fill(&self->table);
    check_spans(self);
    self->work->pair(&self->table, self->table.count);
    check_spans(self);
    self->work->churn(&self->table, 10 * self->table.count);
    check_spans(self);
    (void)free_all_pass(self, 3 * self->table.count);
    check_spans(self);
    shuffle(&self->table);
    self->work->free_all(&self->table);
    if (!self->work->is_sound(0)) {
        give_up("the allocator is not in order when all is freed");
    }
    printf("sound\n");
}

/* --- the command line --- */

static size_t number(const char *text) {
    char *end = NULL;
    const unsigned long long value = strtoull(text, &end, 10);
    if (end == text || *end != '\0' || value > UINT32_MAX) {
        give_up("not a number of 32 bits");
    }
    return (size_t)value;
}

static const worker_functions *work_of(size_t block_size) {
    for (size_t i = 0; i < sizeof worker_sizes / sizeof *worker_sizes; i++) {
        if (worker_sizes[i]->block_size == block_size) {
            return worker_sizes[i];
        }
    }
    give_up("no such block size");
}

static ba_memory *new_spans(size_t count) {
    const ba_memory memory =
        ba_alloc(ba_page_allocator(), ba_bytes(count * sizeof(ba_memory)), ba_align_of(ba_memory));
    if (ba_memory_is_none(memory)) {
        give_up("no memory for the table of spans");
    }
    /* Its page faults belong to nobody's time. */
    return (ba_memory *)memset(ba_memory_pointer(memory), 1, ba_memory_length(memory).bytes);
}

static bench opened(char **arguments) {
    const size_t count = number(arguments[2]);
    if (count == 0) {
        give_up("LIVE is at least 1");
    }
    const bench self = {
        .work = work_of(number(arguments[0])),
        .table = {.spans = new_spans(count),
                  .count = count,
                  .most_blocks = (uint32_t)number(arguments[1]),
                  .random = UINT64_C(0x9E3779B97F4A7C15)},
        .clock_ns = clock_cost_ns(),
    };
    self.work->open(&self.table);
    return self;
}

/* Through a pointer that the compiler does not know: the program's own entry is not the answer. */
static void print_library(void) {
    Dl_info info;
    void *const function = dlsym(RTLD_DEFAULT, "malloc");
    if (function == NULL || dladdr(function, &info) == 0) {
        give_up("malloc comes from nowhere");
    }
    printf("%s\n", info.dli_fname);
}

int main(int count, char **arguments) {
    if (count == 8 && strcmp(arguments[1], "time") == 0) {
        const pass_function pass = pass_named(arguments[2]);
        bench self = opened(arguments + 3);
        measure(&self, pass, (double)number(arguments[6]), (double)number(arguments[7]));
    } else if (count == 5 && strcmp(arguments[1], "check") == 0) {
        bench self = opened(arguments + 2);
        check(&self);
    } else if (count == 2 && strcmp(arguments[1], "library") == 0) {
        print_library();
    } else {
        give_up("see the head of bench/peers/worker.c for the command line");
    }
    return 0;
}
