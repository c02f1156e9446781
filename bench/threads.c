/* What a pool with caches for threads costs, against one behind a lock, and malloc of the process:
 *
 *     tools/bazel run //bench:threads                    nanoseconds for an allocation and its free
 *     LD_PRELOAD=libjemalloc.so.2 bazel-bin/bench/threads      malloc is that one's then
 *
 * Three loads, each with one thread and with two, of spans of 64 to 512 bytes:
 *
 *   churn     each thread replaces random ones of 1024 spans of its own
 *   pipe      half of the threads allocate, and hand over to the other half, which frees; one thread
 *             does both in turn
 *   inherit   as churn, but after every 4096 replacements the threads exchange their spans: after
 *             Larson and Krishnan, "Memory allocation for long-running server applications" (ISMM
 *             1998) */
#define _DEFAULT_SOURCE /* NOLINT(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): its   \
                           name is given */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "block_allocator/backing/page_allocator.h"
#include "block_allocator/forwarding/locked_allocator.h"
#include "block_allocator/lock/pthread_lock.h"
#include "pba/cached_pool.h"

#define BLOCK 64U
#define MOST_BLOCKS 8U
#define SPANS 1024U
#define ROUNDS 2000000U
#define ROUNDS_OF_A_TURN 4096U
#define MOST_THREADS 2U
#define RING 1024U

/* --- what is measured --- */

typedef struct subject {
    const char *name;
    ba_memory (*alloc)(size_t bytes);
    void (*free)(ba_memory memory);
} subject;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pba_cached_pool cached;
static pba_pool plain;
static ba_locked_allocator locked;

static ba_memory alloc_cached(size_t bytes) {
    return pba_cached_pool_alloc(&cached, ba_bytes(bytes), ba_align(16));
}
static void free_cached(ba_memory memory) {
    (void)pba_cached_pool_free(&cached, memory, ba_align(16));
}
static ba_memory alloc_locked(size_t bytes) {
    return ba_block_alloc(ba_locked_allocator_block_allocator(&locked), ba_bytes(bytes),
                          ba_align(16));
}
static void free_locked(ba_memory memory) {
    (void)ba_block_free(ba_locked_allocator_block_allocator(&locked), memory, ba_align(16));
}
static ba_memory alloc_by_malloc(size_t bytes) {
    void *const pointer = malloc(bytes);
    if (pointer == NULL) {
        abort();
    }
    return ba_memory_of(pointer, ba_bytes(bytes));
}
static void free_by_malloc(ba_memory memory) {
    free(ba_memory_pointer(memory));
}

static const subject subjects[] = {
    {"cached pool", alloc_cached, free_cached},
    {"pool behind a lock", alloc_locked, free_locked},
    {"malloc", alloc_by_malloc, free_by_malloc},
};

static void make(pba_safety safety) {
    pba_options options = pba_options_default();
    options.block_size = BLOCK;
    options.backing_request_size = 65536;
    options.safety = safety;
    options.call_sites = PBA_OFF;
    const ba_any_allocator pages = ba_any_allocator_of(ba_page_allocator());
    if (pba_cached_pool_init(&cached, &options, pages, ba_pthread_lock(&mutex), NULL) !=
            PBA_OPTIONS_OK ||
        pba_pool_init(&plain, &options, pages, NULL) != PBA_OPTIONS_OK) {
        abort();
    }
    ba_locked_allocator_init(&locked, pba_pool_allocator(&plain), ba_pthread_lock(&mutex));
}

static void release(void) {
    (void)pba_cached_pool_release_all(&cached, PBA_REPORT_IN_USE);
    (void)pba_pool_release_all(&plain, PBA_REPORT_IN_USE);
}

/* --- loads --- */

typedef struct worker {
    const subject *of;
    unsigned number;
    unsigned threads;
    uint32_t random;
    pthread_t thread;
} worker;

static ba_memory spans[MOST_THREADS][SPANS];
static pthread_barrier_t meeting;

static uint32_t next_random(worker *self) {
    self->random = self->random * 1664525U + 1013904223U;
    return self->random >> 8;
}

static ba_memory alloc_some(worker *self) {
    const ba_memory memory = self->of->alloc((next_random(self) % MOST_BLOCKS + (size_t)1) * BLOCK);
    *(volatile unsigned char *)ba_memory_pointer(memory) = 1;
    return memory;
}

static void fill(worker *self, ba_memory *own) {
    for (unsigned i = 0; i < SPANS; i++) {
        own[i] = alloc_some(self);
    }
}

static void empty(const worker *self, const ba_memory *own) {
    for (unsigned i = 0; i < SPANS; i++) {
        self->of->free(own[i]);
    }
}

static void replace_some(worker *self, ba_memory *own, unsigned rounds) {
    for (unsigned i = 0; i < rounds; i++) {
        ba_memory *const one = &own[next_random(self) % SPANS];
        self->of->free(*one);
        *one = alloc_some(self);
    }
}

static void *churn(void *context) {
    worker *const self = (worker *)context;
    fill(self, spans[self->number]);
    replace_some(self, spans[self->number], ROUNDS);
    empty(self, spans[self->number]);
    return NULL;
}

static void *inherit(void *context) {
    worker *const self = (worker *)context;
    fill(self, spans[self->number]);
    for (unsigned turn = 0; turn < ROUNDS / ROUNDS_OF_A_TURN; turn++) {
        (void)pthread_barrier_wait(&meeting);
        replace_some(self, spans[(self->number + turn) % self->threads], ROUNDS_OF_A_TURN);
    }
    (void)pthread_barrier_wait(&meeting);
    empty(self, spans[self->number]);
    return NULL;
}

static ba_memory ring[RING];
static _Atomic(unsigned) put;
static _Atomic(unsigned) taken;

/* Releases the span that was put, or its place, to the other side, which acquires it. */
static void produce(worker *self, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        const unsigned at = atomic_load_explicit(&put, memory_order_relaxed);
        while (at - atomic_load_explicit(&taken, memory_order_acquire) == RING) {
            (void)sched_yield();
        }
        ring[at % RING] = alloc_some(self);
        atomic_store_explicit(&put, at + 1, memory_order_release);
    }
}

static void consume(const worker *self, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        const unsigned at = atomic_load_explicit(&taken, memory_order_relaxed);
        while (atomic_load_explicit(&put, memory_order_acquire) == at) {
            (void)sched_yield();
        }
        self->of->free(ring[at % RING]);
        atomic_store_explicit(&taken, at + 1, memory_order_release);
    }
}

static void *pass_on(void *context) {
    worker *const self = (worker *)context;
    if (self->threads == 1) {
        for (unsigned i = 0; i < ROUNDS / RING; i++) {
            produce(self, RING);
            consume(self, RING);
        }
    } else if (self->number % 2 == 0) {
        produce(self, ROUNDS);
    } else {
        consume(self, ROUNDS);
    }
    return NULL;
}

/* --- measuring --- */

static double seconds_now(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Nanoseconds that pass for one allocation and its free of a thread. */
static double measure(const subject *of, void *(*load)(void *), unsigned threads) {
    worker workers[MOST_THREADS];
    if (pthread_barrier_init(&meeting, NULL, threads) != 0) {
        abort();
    }
    const double begin = seconds_now();
    for (unsigned i = 0; i < threads; i++) {
        workers[i] = (worker){.of = of, .number = i, .threads = threads, .random = i + 1};
        if (pthread_create(&workers[i].thread, NULL, load, &workers[i]) != 0) {
            abort();
        }
    }
    for (unsigned i = 0; i < threads; i++) {
        (void)pthread_join(workers[i].thread, NULL);
    }
    const double end = seconds_now();
    (void)pthread_barrier_destroy(&meeting);
    return (end - begin) * 1e9 / ROUNDS;
}

static void measure_all(const subject *of, const char *checked) {
    void *(*const loads[])(void *) = {churn, pass_on, inherit};
    printf("%-20s %-10s", of->name, checked);
    for (unsigned i = 0; i < sizeof loads / sizeof *loads; i++) {
        for (unsigned threads = 1; threads <= MOST_THREADS; threads++) {
            printf("%8.1f", measure(of, loads[i], threads));
        }
    }
    printf("\n");
}

int main(void) {
    printf("nanoseconds for an allocation and its free\n%-31s%16s%16s%16s\n%-31s", "", "churn",
           "pipe", "inherit", "threads");
    for (unsigned i = 0; i < 3; i++) {
        printf("%8d%8d", 1, 2);
    }
    printf("\n");
    for (unsigned checks = 0; checks < 2; checks++) {
        make(checks == 0 ? PBA_SAFETY_ALWAYS : PBA_SAFETY_NEVER);
        measure_all(&subjects[0], checks == 0 ? "checked" : "unchecked");
        measure_all(&subjects[1], checks == 0 ? "checked" : "unchecked");
        release();
    }
    measure_all(&subjects[2], "");
    return EXIT_SUCCESS;
}
