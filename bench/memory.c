/* Prints how large a pool itself is, how much metadata pools of 64 MiB need, by their own
 * statistics, and how much of a fixed buffer a pool allocates; and fails where that is beyond the
 * bounds that docs/performance.md states.
 *
 * A pool's metadata is complete when it has its chunks, so it is read then, with no span ever
 * allocated. What it has grown by after spans of all lengths were freed and allocated, over and
 * over and with the chunks as they were, is the lists of the span cache, which
 * has room of its own here. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "block_allocator/backing/buffer_allocator.h"
#include "block_allocator/backing/page_allocator.h"
#include "pba/pool.h"

#define PAYLOAD ((size_t)64 << 20)
/* What the cache may come to, whatever the pool. */
#define MOST_CACHE ((size_t)512 << 10)

/* How often all lengths are gone through: more often than a list of the cache can grow. */
#define ROUNDS 8
/* Spans of each length: more than a list of the cache has room for. */
#define SPANS 2000U
/* No longer span is kept in the cache. */
#define LONGEST 16U

/* One pool, and the most metadata that it may have, in bytes. */
typedef struct memory_case {
    size_t block_size;
    size_t request_size;
    size_t most;
} memory_case;

#define MIB ((size_t)1 << 20)
/* What is aimed at: 2.2 % of the payload with blocks of 64 bytes, 0.20 % with 1024. A tag for each
 * block is the most of it. */
#define TARGET_64 (PAYLOAD / 1000 * 22)
#define TARGET_1024 (PAYLOAD / 500)

/* Where the target is not reached, what it came to stands here, so that it does not grow. */
static const memory_case cases[] = {
    {64, 1 * MIB, 1482752},        {64, 2 * MIB, TARGET_64},      {64, 4 * MIB, TARGET_64},
    {64, 8 * MIB, TARGET_64},      {64, 16 * MIB, TARGET_64},     {64, 32 * MIB, TARGET_64},
    {64, 64 * MIB, TARGET_64},     {1024, 1 * MIB, TARGET_1024},  {1024, 2 * MIB, TARGET_1024},
    {1024, 4 * MIB, TARGET_1024},  {1024, 8 * MIB, TARGET_1024},  {1024, 16 * MIB, TARGET_1024},
    {1024, 32 * MIB, TARGET_1024}, {1024, 64 * MIB, TARGET_1024},
};

static const ba_alignment alignment = {16};

/* Room for the cache of one pool after the other. */
static pba_span_cache room;
static const pba_setup setup = {.span_cache = &room};

static _Noreturn void die(const char *reason) {
    (void)fprintf(stderr, "memory: %s\n", reason);
    exit(1); /* NOLINT(concurrency-mt-unsafe): there is one thread. */
}

/* Makes a pool that keeps its chunks, with all of its payload free. */
static void make_pool(pba_pool *pool, size_t block_size, size_t request_size) {
    pba_options options = pba_options_default();
    options.block_size = block_size;
    options.backing_request_size = request_size;
    options.auto_shrink = PBA_AUTO_SHRINK_NEVER;
    const ba_any_allocator backing = ba_any_allocator_of(ba_page_allocator());
    if (pba_pool_init(pool, &options, backing, &setup) != PBA_OPTIONS_OK) {
        die("these are no options for a pool");
    }
    for (size_t payload = request_size; payload <= PAYLOAD; payload += request_size) {
        if (ba_failed(pba_pool_reserve(pool, ba_bytes(payload)))) {
            die("there is no memory");
        }
    }
}

/* Allocates spans of one length and frees them all. */
static void use_length(pba_pool *pool, ba_length length) {
    static ba_memory spans[SPANS];
    for (size_t i = 0; i < SPANS; i++) {
        spans[i] = pba_pool_alloc(pool, length, alignment);
        if (ba_memory_is_none(spans[i])) {
            die("there is no memory");
        }
    }
    for (size_t i = 0; i < SPANS; i++) {
        pba_pool_free(pool, spans[i], alignment);
    }
}

/* Lets the cache grow as far as it goes. */
static void use_all_lengths(pba_pool *pool, size_t block_size) {
    for (size_t round = 0; round < ROUNDS; round++) {
        for (size_t blocks = 1; blocks <= LONGEST; blocks++) {
            use_length(pool, ba_bytes(blocks * block_size));
        }
    }
}

static const char *verdict(const memory_case *of, size_t metadata, size_t cache) {
    if (metadata > of->most || cache > MOST_CACHE) {
        return "FAILED";
    }
    const size_t target = of->block_size == 64 ? TARGET_64 : TARGET_1024;
    return metadata <= target ? "met" : "NOT MET";
}

/* Measures one pool; false if it has more than it may. */
static bool measure(const memory_case *of) {
    pba_pool pool;
    make_pool(&pool, of->block_size, of->request_size);
    const pba_stats before = pba_pool_stats(&pool);
    use_all_lengths(&pool, of->block_size);
    const pba_stats after = pba_pool_stats(&pool);
    if (before.payload.bytes != PAYLOAD || before.chunks != PAYLOAD / of->request_size ||
        after.chunks != before.chunks || after.in_use.bytes != 0) {
        die("the pool is not what it should be");
    }
    (void)pba_pool_release_all(&pool, PBA_REPORT_IN_USE);

    const size_t metadata = before.metadata.bytes;
    const size_t cache = after.metadata.bytes - metadata;
    (void)printf("%5zu  %8zu MiB  %6zu  %11zu  %6.4f %%  %7s  %7zu\n", of->block_size,
                 of->request_size / MIB, before.chunks, metadata,
                 100.0 * (double)metadata / (double)PAYLOAD, verdict(of, metadata, cache), cache);
    return metadata <= of->most && cache <= MOST_CACHE;
}

/* --- fixed buffers --- */

#define PAGE ((size_t)4096)
/* A buffer begins this much behind an address that is aligned to a page, at most. */
#define OFFSETS 64U

/* The length of a buffer, and the least that is to be allocated of it, in percent. */
typedef struct buffer_case {
    size_t bytes;
    unsigned least;
} buffer_case;

static const buffer_case buffers[] = {
    {(size_t)1 << 10, 50}, {(size_t)4 << 10, 85}, {(size_t)64 << 10, 95}, {MIB, 97}};

/* Makes a pool of blocks of 64 bytes over a buffer, allocates one block after the other until there
 * is none, and returns the bytes of all. */
static size_t allocate_all(ba_memory buffer) {
    ba_buffer_allocator state;
    ba_buffer_allocator_init(&state, buffer);
    pba_options options = pba_options_default();
    options.block_size = 64;
    const ba_any_allocator backing =
        ba_any_allocator_of_exact(ba_buffer_allocator_allocator(&state));
    pba_pool pool;
    if (pba_pool_init(&pool, &options, backing, &setup) != PBA_OPTIONS_OK) {
        die("these are no options for a pool");
    }
    size_t bytes = 0;
    ba_memory block = pba_pool_alloc(&pool, ba_bytes(1), alignment);
    while (!ba_memory_is_none(block)) {
        bytes += ba_memory_length(block).bytes;
        block = pba_pool_alloc(&pool, ba_bytes(1), alignment);
    }
    (void)pba_pool_release_all(&pool, PBA_ALLOW_IN_USE);
    (void)ba_buffer_allocator_release(&state);
    return bytes;
}

/* Measures buffers of one length that begin at any address; false if one allocates too little. */
static bool measure_buffer(const buffer_case *of) {
    static unsigned char place[2 * PAGE + MIB];
    unsigned char *const page = place + (PAGE - (uintptr_t)place % PAGE);
    size_t least = SIZE_MAX;
    size_t most = 0;
    for (size_t offset = 0; offset < OFFSETS; offset++) {
        const size_t bytes = allocate_all(ba_memory_of(page + offset, ba_bytes(of->bytes)));
        least = bytes < least ? bytes : least;
        most = bytes > most ? bytes : most;
    }
    const bool good = least * 100 >= of->bytes * of->least;
    (void)printf("%7zu  %6.1f %%  %6.1f %%  %3u %%  %s\n", of->bytes,
                 100.0 * (double)least / (double)of->bytes,
                 100.0 * (double)most / (double)of->bytes, of->least, good ? "met" : "FAILED");
    return good;
}

/* --- the pool itself --- */

/* What a pool without a span cache may have on a 64-bit machine, in bytes. */
#define MOST_POOL ((size_t)640)

/* False if a pool has more than it may. */
static bool measure_pool(void) {
    const bool good = sizeof(pba_pool) <= MOST_POOL;
    (void)printf("Bytes of a pool: %zu (at most %zu: %s); of a span cache beside it: %zu\n\n",
                 sizeof(pba_pool), MOST_POOL, good ? "met" : "FAILED", sizeof(pba_span_cache));
    return good;
}

int main(void) {
    bool good = measure_pool();
    (void)printf("Pools of 64 MiB; at most 2.2 %% with blocks of 64 bytes and 0.20 %% with 1024:\n"
                 "block  request size  chunks  metadata      part   target    cache\n");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        good = measure(&cases[i]) && good;
    }
    (void)printf("\nHanded out of a buffer, in blocks of 64 bytes, that begins at any address:\n"
                 " buffer     least      most  bound\n");
    for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++) {
        good = measure_buffer(&buffers[i]) && good;
    }
    return good ? 0 : 1;
}
