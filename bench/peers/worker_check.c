/* Whether the work does what it should. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/peers/meter.h"
#include "bench/peers/worker.h"

static int compare_addresses(const void *a, const void *b) {
    const uintptr_t left = (uintptr_t)ba_memory_pointer(*(const ba_memory *)a);
    const uintptr_t right = (uintptr_t)ba_memory_pointer(*(const ba_memory *)b);
    return (left > right) - (left < right);
}

/* Every span has a length that was asked for, is aligned, and lies apart from the others. Leaves
 * the table sorted. Returns the bytes of all. */
static size_t check_spans(const worker_bench *self) {
    const span_table *const table = &self->table;
    qsort(table->spans, table->count, sizeof *table->spans, compare_addresses);
    size_t bytes = 0;
    uintptr_t end = 0;
    for (size_t i = 0; i < table->count; i++) {
        const uintptr_t address = (uintptr_t)ba_memory_pointer(table->spans[i]);
        const size_t length = ba_memory_length(table->spans[i]).bytes;
        if (address < end || address % 16 != 0) {
            meter_die("spans overlap, or are not aligned");
        }
        if (length == 0 || length % self->functions->block_size != 0 ||
            length > table->most_blocks * self->functions->block_size) {
            meter_die("a span has a length that was not asked for");
        }
        end = address + length;
        bytes += length;
    }
    return bytes;
}

static void check_all(const worker_bench *self) {
    if (!self->functions->is_sound(check_spans(self))) {
        meter_die("the allocator is not in order");
    }
}

/* Sizes are no multiples of blocks, and a pool grants more than was asked for, so only the end of
 * it all can be checked. */
static void check_mixed(const worker_bench *self) {
    span_table table = self->table;
    self->functions->fill_mixed(&table);
    self->functions->churn_mixed(&table, 10 * table.count);
    self->functions->free_all(&table);
    if (!self->functions->is_sound(0)) {
        meter_die("the allocator is not in order after mixed sizes");
    }
}

void worker_check(worker_bench *self) {
    const worker_functions *const functions = self->functions;
    span_table *const table = &self->table;
    functions->fill(table);
    check_all(self);
    functions->pair(table, table->count);
    check_all(self);
    functions->churn(table, 10 * table->count);
    check_all(self);
    functions->trim();
    check_all(self);
    worker_shuffle(table);
    functions->free_all(table);
    if (!functions->is_sound(0)) {
        meter_die("the allocator is not in order when all is freed");
    }
    functions->fill(table);
    check_all(self);
    functions->free_all(table);
    check_mixed(self);
    printf("sound\n");
}
