/* The work that is timed. A template, so that every allocator does the same work, compiled in the
 * same way, with its own calls put into the loops:
 *
 *     #define WORK_NAME           malloc_64   // what is made, and the prefix of its functions
 *     #define WORK_BLOCK_SIZE     64
 *     #define WORK_ALLOC(length)  ...         // a ba_memory of that ba_length
 *     #define WORK_FREE(memory)   ...
 *     #define WORK_OPEN           ...         // what worker.h calls open, trim and is_sound
 *     #define WORK_TRIM           ...
 *     #define WORK_IS_SOUND       ...
 *     #include "bench/peers/workload.h"
 *
 * An allocation that fails ends the program: its first byte is written. */
#include "bench/peers/spans.h"
#include "bench/peers/worker.h"

#define WORK_JOIN_AGAIN_(a, b) a##_##b
#define WORK_JOIN_(a, b) WORK_JOIN_AGAIN_(a, b)
/* NAME_member. */
#define WORK_OF_(member) WORK_JOIN_(WORK_NAME, member)

/* Calls of malloc are opaque to the compiler; inlined ones shall not be merged either. */
#define WORK_BARRIER_() __asm__ volatile("" ::: "memory")

/* Allocates so many bytes and writes one of them. */
BA_ALWAYS_INLINE ba_memory WORK_OF_(take_bytes)(size_t bytes) {
    const ba_memory span = WORK_ALLOC(ba_bytes(bytes));
    *(volatile unsigned char *)ba_memory_pointer(span) = 1;
    WORK_BARRIER_();
    return span;
}

/* Allocates a span of random length and writes one byte. */
BA_ALWAYS_INLINE ba_memory WORK_OF_(take)(uint64_t random, uint32_t most_blocks) {
    return WORK_OF_(take_bytes)(random_blocks(random, most_blocks) * WORK_BLOCK_SIZE);
}

BA_ALWAYS_INLINE void WORK_OF_(give)(ba_memory span) {
    WORK_FREE(span);
    WORK_BARRIER_();
}

/* Makes every span of the table. */
static void WORK_OF_(fill)(span_table *table) {
    uint64_t random = table->random;
    for (size_t i = 0; i < table->count; i++) {
        random = next_random(random);
        table->spans[i] = WORK_OF_(take)(random, table->most_blocks);
    }
    table->random = random;
}

/* Allocates, writes one byte, frees; as often as it is told. */
static void WORK_OF_(pair)(span_table *table, size_t operations) {
    uint64_t random = table->random;
    for (size_t i = 0; i < operations; i++) {
        random = next_random(random);
        WORK_OF_(give)(WORK_OF_(take)(random, table->most_blocks));
    }
    table->random = random;
}

/* Replaces a random span of the table; as often as it is told. */
static void WORK_OF_(churn)(span_table *table, size_t operations) {
    uint64_t random = table->random;
    for (size_t i = 0; i < operations; i++) {
        random = next_random(random);
        ba_memory *const span = &table->spans[random_index(random, table->count)];
        WORK_OF_(give)(*span);
        *span = WORK_OF_(take)(random, table->most_blocks);
    }
    table->random = random;
}

/* Makes every span of the table, of mixed sizes. */
static void WORK_OF_(fill_mixed)(span_table *table) {
    uint64_t random = table->random;
    for (size_t i = 0; i < table->count; i++) {
        random = next_random(random);
        table->spans[i] = WORK_OF_(take_bytes)(random_bytes(random));
    }
    table->random = random;
}

/* Replaces a random span of the table by one of mixed size; as often as it is told. */
static void WORK_OF_(churn_mixed)(span_table *table, size_t operations) {
    uint64_t random = table->random;
    for (size_t i = 0; i < operations; i++) {
        random = next_random(random);
        ba_memory *const span = &table->spans[random_index(random, table->count)];
        WORK_OF_(give)(*span);
        *span = WORK_OF_(take_bytes)(random_bytes(random));
    }
    table->random = random;
}

/* Frees every span of the table, from first to last. */
static void WORK_OF_(free_all)(span_table *table) {
    for (size_t i = 0; i < table->count; i++) {
        WORK_OF_(give)(table->spans[i]);
    }
}

static const worker_functions WORK_NAME = {
    .block_size = WORK_BLOCK_SIZE,
    .open = WORK_OPEN,
    .fill = WORK_OF_(fill),
    .pair = WORK_OF_(pair),
    .churn = WORK_OF_(churn),
    .fill_mixed = WORK_OF_(fill_mixed),
    .churn_mixed = WORK_OF_(churn_mixed),
    .free_all = WORK_OF_(free_all),
    .trim = WORK_TRIM,
    .is_sound = WORK_IS_SOUND,
};

#undef WORK_BARRIER_
#undef WORK_OF_
#undef WORK_JOIN_
#undef WORK_JOIN_AGAIN_
#undef WORK_NAME
#undef WORK_BLOCK_SIZE
#undef WORK_ALLOC
#undef WORK_FREE
#undef WORK_OPEN
#undef WORK_TRIM
#undef WORK_IS_SOUND
