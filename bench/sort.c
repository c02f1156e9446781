/* Sorts lists with sab_sort() and with the C library's qsort(), in turn, and prints how long each
 * takes for an element and the median of their ratio. Fails if that is above its bound, or if
 * anything is not sorted then.
 *
 *     sort [ELEMENTS]   1,000,000 of them otherwise */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/peers/meter.h"
#include "block_allocator/backing/libc_allocator.h"

#define ROUNDS 7U
#define FEW 16U
#define TEXT_BYTES 16

static ba_block_allocator blocks;

/* --- elements --- */

typedef struct record {
    uint64_t key;
    uint64_t more[2];
} record;

typedef struct text {
    char characters[TEXT_BYTES];
} text;

static int compare_records(const record *first, const record *second) {
    return (first->key > second->key) - (first->key < second->key);
}

static int compare_texts(const text *first, const text *second) {
    return strcmp(first->characters, second->characters);
}

#define SAB_NAME words
#define SAB_TYPE uint32_t
#define SAB_ALLOCATOR blocks
#define SAB_SCALAR
#include "static_buffer/define.h"

#define SAB_NAME records
#define SAB_TYPE record
#define SAB_ALLOCATOR blocks
#define SAB_COMPARE compare_records
#include "static_buffer/define.h"

#define SAB_NAME texts
#define SAB_TYPE text
#define SAB_ALLOCATOR blocks
#define SAB_COMPARE compare_texts
#include "static_buffer/define.h"

static void make_word(void *element, uint32_t key) {
    memcpy(element, &key, sizeof key);
}

static void make_record(void *element, uint32_t key) {
    const record made = {key, {key, key}};
    memcpy(element, &made, sizeof made);
}

static void make_text(void *element, uint32_t key) {
    text made = {{0}};
    (void)snprintf(made.characters, sizeof made.characters, "%010lu", (unsigned long)key);
    memcpy(element, &made, sizeof made);
}

static void sort_words(void *elements, size_t count) {
    words_list list = words_list_from_raw((uint32_t *)elements, count, count);
    words_list_sort(&list);
}

static void sort_records(void *elements, size_t count) {
    records_list list = records_list_from_raw((record *)elements, count, count);
    records_list_sort(&list);
}

static void sort_texts(void *elements, size_t count) {
    texts_list list = texts_list_from_raw((text *)elements, count, count);
    texts_list_sort(&list);
}

static int compare_any_words(const void *first, const void *second) {
    const uint32_t a = *(const uint32_t *)first;
    const uint32_t b = *(const uint32_t *)second;
    return (a > b) - (a < b);
}

static int compare_any_records(const void *first, const void *second) {
    return compare_records((const record *)first, (const record *)second);
}

static int compare_any_texts(const void *first, const void *second) {
    return compare_texts((const text *)first, (const text *)second);
}

typedef struct element_kind {
    const char *name;
    size_t size;
    void (*make)(void *element, uint32_t key);
    void (*sort)(void *elements, size_t count);
    int (*compare)(const void *first, const void *second);
} element_kind;

static const element_kind kinds[] = {
    {"uint32_t", sizeof(uint32_t), make_word, sort_words, compare_any_words},
    {"24 bytes by a key", sizeof(record), make_record, sort_records, compare_any_records},
    {"text of 10 digits", sizeof(text), make_text, sort_texts, compare_any_texts},
};

/* --- orders --- */

/* xorshift64 (Marsaglia 2003). */
static uint32_t random_number(void) {
    static uint64_t state = 88172645463325252U;
    state ^= state << 13U;
    state ^= state >> 7U;
    state ^= state << 17U;
    return (uint32_t)(state >> 32U);
}

static uint32_t at_random(size_t index, size_t count) {
    (void)index;
    (void)count;
    return random_number();
}

static uint32_t sorted(size_t index, size_t count) {
    (void)count;
    return (uint32_t)index;
}

static uint32_t reversed(size_t index, size_t count) {
    return (uint32_t)(count - index);
}

static uint32_t few_distinct(size_t index, size_t count) {
    (void)index;
    (void)count;
    return random_number() % FEW;
}

static uint32_t organ_pipes(size_t index, size_t count) {
    return (uint32_t)(index < count / 2 ? index : count - index);
}

typedef struct element_order {
    const char *name;
    uint32_t (*key)(size_t index, size_t count);
    double bound; /* of the ratio */
} element_order;

/* Of organ pipes a merge sort, such as glibc's, takes half the comparisons. */
static const element_order orders[] = {
    {"random", at_random, 1.1},        {"sorted", sorted, 1.0},
    {"reversed", reversed, 1.0},       {"16 distinct", few_distinct, 1.0},
    {"organ pipes", organ_pipes, 2.0},
};

/* --- measuring --- */

static int compare_doubles(const void *first, const void *second) {
    const double a = *(const double *)first;
    const double b = *(const double *)second;
    return (a > b) - (a < b);
}

static double median(double *numbers) {
    qsort(numbers, ROUNDS, sizeof *numbers, compare_doubles);
    return numbers[ROUNDS / 2];
}

static void expect_order(const element_kind *kind, const unsigned char *elements, size_t count) {
    for (size_t i = 1; i < count; i++) {
        const unsigned char *const element = elements + i * kind->size;
        if (kind->compare(element - kind->size, element) > 0) {
            meter_die("sort: not sorted");
        }
    }
}

static bool measure(const element_kind *kind, const element_order *order, unsigned char *ours,
                    unsigned char *theirs, size_t count) {
    double list_ns[ROUNDS];
    double qsort_ns[ROUNDS];
    double ratios[ROUNDS];
    for (size_t round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < count; i++) {
            kind->make(ours + i * kind->size, order->key(i, count));
        }
        memcpy(theirs, ours, count * kind->size);
        const double start = meter_ns();
        kind->sort(ours, count);
        const double between = meter_ns();
        qsort(theirs, count, kind->size, kind->compare);
        list_ns[round] = (between - start) / (double)count;
        qsort_ns[round] = (meter_ns() - between) / (double)count;
        ratios[round] = list_ns[round] / qsort_ns[round];
        expect_order(kind, ours, count);
    }
    const double ratio = median(ratios);
    const bool good = ratio <= order->bound;
    (void)printf("| %-17s | %-11s | %8.1f | %8.1f | %5.2f | %4.2f %-6s |\n", kind->name,
                 order->name, median(list_ns), median(qsort_ns), ratio, order->bound,
                 good ? "met" : "FAILED");
    return good;
}

int main(int argc, char **argv) {
    const size_t count = argc > 1 ? (size_t)strtoul(argv[1], NULL, 10) : 1000000;
    if (count == 0 || count > UINT32_MAX) {
        meter_die("sort: not a number of elements");
    }
    blocks = ba_libc_block_allocator();
    bool good = true;
    (void)printf("%zu elements, nanoseconds for each, medians of %u rounds:\n\n"
                 "| element           | order       | sab_sort |    qsort | ratio | bound       |\n"
                 "|---|---|---:|---:|---:|---|\n",
                 count, ROUNDS);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        unsigned char *const ours = (unsigned char *)calloc(count, kinds[i].size);
        unsigned char *const theirs = (unsigned char *)calloc(count, kinds[i].size);
        if (ours == NULL || theirs == NULL) {
            meter_die("sort: there is no memory");
        }
        for (size_t k = 0; k < sizeof orders / sizeof *orders; k++) {
            good = measure(&kinds[i], &orders[k], ours, theirs, count) && good;
        }
        free(ours);
        free(theirs);
    }
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
