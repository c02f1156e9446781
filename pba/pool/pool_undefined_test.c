/* What MemorySanitizer and Valgrind are told of payload: bytes that nobody wrote since they were
 * allocated are undefined, those of nobody too, and what was written stays what it is wherever it
 * moves. Then streams of operations, in which neither may find anything. All of it in C, for
 * MemorySanitizer gives false alarms about GoogleTest. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "block_allocator/backing/libc_allocator.h"
#include "block_allocator/implementing/instrumentation.h"

#define PBA_NAME plain_pool
#define PBA_BLOCK_SIZE 64
#define PBA_BACKING_REQUEST_SIZE 1024
#include "pba/define.h"

#define PBA_NAME careful_pool
#define PBA_BLOCK_SIZE 64
#define PBA_BACKING_REQUEST_SIZE 1024
#define PBA_FILL PBA_ON
#define PBA_GUARD PBA_ON
#define PBA_SECURE_WIPE PBA_ON
#define PBA_CALL_SITES PBA_ON
#include "pba/define.h"

#define PBA_NAME large_pool
#define PBA_BLOCK_SIZE 1024
#define PBA_BACKING_REQUEST_SIZE 16384
#include "pba/define.h"

#define EXPECT(condition) expect((condition), __LINE__, #condition)

static void expect(bool holds, int line, const char *condition) {
    if (!holds) {
        (void)fprintf(stderr, "line %d: %s does not hold\n", line, condition);
        exit(EXIT_FAILURE); /* NOLINT(concurrency-mt-unsafe): there is one thread. */
    }
}

/* --- what the tool knows --- */

/* True if something looks on that knows which bytes are defined. */
static bool is_told(void) {
    return ba_instrument_is_watched() && !BA_ADDRESS_SANITIZER;
}

/* How many bytes there are, from the first one on, that are all defined; without a tool all are. */
static size_t defined_bytes(const void *pointer, size_t bytes) {
#if BA_MEMORY_SANITIZER
    const intptr_t undefined = __msan_test_shadow(pointer, bytes);
    return undefined < 0 ? bytes : (size_t)undefined;
#elif BA_VALGRIND
    const unsigned char *const first = (const unsigned char *)pointer;
    for (size_t i = 0; is_told() && i < bytes; i++) {
        unsigned char undefined_bits = 0;
        const unsigned got = VALGRIND_GET_VBITS(first + i, &undefined_bits, 1);
        if (got != 1 || undefined_bits != 0) {
            return i;
        }
    }
    return bytes;
#else
    (void)pointer;
    return bytes;
#endif
}

static bool is_defined(const void *pointer, size_t bytes) {
    return defined_bytes(pointer, bytes) == bytes;
}

/* True if no byte is defined, or nobody knows. */
static bool is_undefined(const void *pointer, size_t bytes) {
    const unsigned char *const first = (const unsigned char *)pointer;
    for (size_t i = 0; is_told() && i < bytes; i++) {
        if (is_defined(first + i, 1)) {
            return false;
        }
    }
    return true;
}

static void test_fresh_and_freed(void) {
    plain_pool pool = plain_pool_new(ba_libc_allocator());
    const ba_memory span = plain_pool_alloc(&pool, ba_bytes(128), ba_align(1));
    unsigned char *const bytes = (unsigned char *)ba_memory_pointer(span);
    EXPECT(is_undefined(bytes, 128));
    EXPECT(is_undefined(bytes + 128, 1024 - 128)); /* free, and of nobody */
    memset(bytes, 7, 100);
    EXPECT(is_defined(bytes, 100));
    EXPECT(is_undefined(bytes + 100, 28));
    EXPECT(plain_pool_free(&pool, span, ba_align(1)).code == BA_OK);
    EXPECT(is_undefined(bytes, 128));
    EXPECT(plain_pool_alloc(&pool, ba_bytes(128), ba_align(1)).pointer_ == bytes);
    EXPECT(is_undefined(bytes, 128));
    EXPECT(plain_pool_release_all(&pool, PBA_ALLOW_IN_USE).code == BA_OK);
}

static void test_shorter_and_longer(void) {
    plain_pool pool = plain_pool_new(ba_libc_allocator());
    ba_memory span = plain_pool_alloc(&pool, ba_bytes(256), ba_align(1));
    unsigned char *const bytes = (unsigned char *)ba_memory_pointer(span);
    memset(bytes, 7, 256);
    EXPECT(!ba_length_result_is_none(plain_pool_resize(&pool, span, ba_align(1), ba_bytes(64))));
    EXPECT(is_defined(bytes, 64));
    EXPECT(is_undefined(bytes + 64, 192));
    span = ba_memory_of(bytes, ba_bytes(64));
    EXPECT(!ba_length_result_is_none(plain_pool_resize(&pool, span, ba_align(1), ba_bytes(128))));
    EXPECT(is_defined(bytes, 64));
    EXPECT(is_undefined(bytes + 64, 64));
    span = ba_memory_of(bytes, ba_bytes(128));
    const ba_memory moved = plain_pool_realloc(&pool, span, ba_align(1), ba_bytes(2048));
    const unsigned char *const there = (const unsigned char *)ba_memory_pointer(moved);
    EXPECT(there != bytes);
    EXPECT(is_defined(there, 64));
    EXPECT(is_undefined(there + 64, 2048 - 64));
    EXPECT(is_undefined(bytes, 128));
    EXPECT(plain_pool_free(&pool, moved, ba_align(1)).code == BA_OK);
    EXPECT(plain_pool_release_all(&pool, PBA_REPORT_IN_USE).code == BA_OK);
}

/* What the pool writes into payload itself is nobody's to read. */
static void test_written_by_the_pool(void) {
    careful_pool pool = careful_pool_new(ba_libc_allocator());
    const ba_memory span = careful_pool_alloc(&pool, ba_bytes(64), ba_align(1));
    unsigned char *const bytes = (unsigned char *)ba_memory_pointer(span);
    EXPECT(is_undefined(bytes, 64));       /* filled while it was free */
    EXPECT(is_undefined(bytes + 64, 64));  /* the guard */
    EXPECT(is_undefined(bytes + 128, 64)); /* filled */
    memset(bytes, 7, 64);
    EXPECT(careful_pool_verify(&pool).code == BA_OK);
    EXPECT(is_defined(bytes, 64));
    EXPECT(is_undefined(bytes + 64, 128));
    EXPECT(careful_pool_free(&pool, span, ba_align(1)).code == BA_OK);
    EXPECT(is_undefined(bytes, 64)); /* wiped and filled */
    EXPECT(careful_pool_release_all(&pool, PBA_REPORT_IN_USE).code == BA_OK);
}

/* --- streams --- */

/* xorshift (Marsaglia 2003). */
static uint32_t random_below(uint32_t *state, uint32_t bound) {
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state % bound;
}

typedef struct held {
    ba_memory memory;
    unsigned char stamp; /* what all its bytes are */
} held;

static size_t length_of(const held *one) {
    return ba_memory_length(one->memory).bytes;
}

static void stamp(held *one, unsigned char stamp) {
    unsigned char *const bytes = (unsigned char *)ba_memory_pointer(one->memory);
    one->stamp = stamp;
    for (size_t i = 0; i < length_of(one); i++) {
        bytes[i] = stamp;
    }
}

/* Reads every byte up to a length: the tools look on. */
static bool is_stamped(const held *one, size_t length) {
    const unsigned char *const bytes = (const unsigned char *)ba_memory_pointer(one->memory);
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] != one->stamp) {
            return false;
        }
    }
    return true;
}

static void resize_held(ba_block_allocator blocks, held *one, size_t wanted) {
    const ba_length_result length =
        ba_block_resize(blocks, one->memory, ba_align(16), ba_bytes(wanted));
    if (!ba_length_result_is_none(length)) {
        one->memory = ba_memory_of(ba_memory_pointer(one->memory), ba_length_result_length(length));
    }
}

static void realloc_held(ba_block_allocator blocks, held *one, size_t wanted) {
    const ba_memory moved = ba_block_realloc(blocks, one->memory, ba_align(16), ba_bytes(wanted));
    EXPECT(!ba_memory_is_none(moved));
    one->memory = moved;
}

static void change_held(ba_block_allocator blocks, held *one, size_t wanted, bool in_place) {
    const size_t before = length_of(one);
    if (in_place) {
        resize_held(blocks, one, wanted);
    } else {
        realloc_held(blocks, one, wanted);
    }
    EXPECT(is_stamped(one, before < length_of(one) ? before : length_of(one)));
}

static void run_stream(ba_block_allocator blocks) {
    held all[32];
    uint32_t random = 1;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        all[i].memory = ba_memory_none(ba_error_of(BA_OK));
    }
    for (unsigned step = 0; step < 2000; step++) {
        held *const one = &all[random_below(&random, sizeof all / sizeof *all)];
        const size_t wanted = 1 + random_below(&random, 700);
        if (ba_memory_is_none(one->memory)) {
            one->memory = ba_block_alloc(blocks, ba_bytes(wanted), ba_align(16));
            EXPECT(!ba_memory_is_none(one->memory));
        } else if (random_below(&random, 2) == 0) {
            change_held(blocks, one, wanted, random_below(&random, 2) == 0);
        } else {
            EXPECT(is_stamped(one, length_of(one)));
            EXPECT(ba_block_free(blocks, one->memory, ba_align(16)).code == BA_OK);
            one->memory = ba_memory_none(ba_error_of(BA_OK));
            continue;
        }
        stamp(one, (unsigned char)step);
    }
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (!ba_memory_is_none(all[i].memory)) {
            EXPECT(is_stamped(&all[i], length_of(&all[i])));
            EXPECT(ba_block_free(blocks, all[i].memory, ba_align(16)).code == BA_OK);
        }
    }
}

static void test_streams(void) {
    plain_pool plain = plain_pool_new(ba_libc_allocator());
    run_stream(plain_pool_block_allocator(&plain));
    EXPECT(plain_pool_verify(&plain).code == BA_OK);
    EXPECT(plain_pool_release_all(&plain, PBA_REPORT_IN_USE).code == BA_OK);

    careful_pool careful = careful_pool_new(ba_libc_allocator());
    run_stream(careful_pool_block_allocator(&careful));
    EXPECT(careful_pool_verify(&careful).code == BA_OK);
    EXPECT(careful_pool_release_all(&careful, PBA_REPORT_IN_USE).code == BA_OK);
}

static void test_stream_over_a_pool(void) {
    large_pool below = large_pool_new(ba_libc_allocator());
    plain_pool above = plain_pool_new_over_blocks(large_pool_block_allocator(&below));
    run_stream(plain_pool_block_allocator(&above));
    EXPECT(plain_pool_release_all(&above, PBA_REPORT_IN_USE).code == BA_OK);
    EXPECT(large_pool_verify(&below).code == BA_OK);
    EXPECT(large_pool_release_all(&below, PBA_REPORT_IN_USE).code == BA_OK);
}

int main(void) {
    test_fresh_and_freed();
    test_shorter_and_longer();
    test_written_by_the_pool();
    test_streams();
    test_stream_over_a_pool();
    return EXIT_SUCCESS;
}
