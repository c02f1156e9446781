/* How much memory a process keeps after most of it was freed. */
#include <stdio.h>
#include <string.h>

#include "bench/peers/meter.h"
#include "bench/peers/worker.h"

static size_t bytes_of(const span_table *table) {
    size_t bytes = 0;
    for (size_t i = 0; i < table->count; i++) {
        bytes += ba_memory_length(table->spans[i]).bytes;
    }
    return bytes;
}

static void write_all(const span_table *table) {
    for (size_t i = 0; i < table->count; i++) {
        const ba_memory span = table->spans[i];
        if (ba_memory_is_none(span)) {
            meter_die("no memory for a span");
        }
        (void)memset(ba_memory_pointer(span), 1, ba_memory_length(span).bytes);
    }
}

/* Takes nine of ten spans out of the table, at random, and frees them. */
static void free_most(worker_bench *self) {
    span_table *const table = &self->table;
    worker_shuffle(table);
    span_table most = *table;
    most.count = table->count - table->count / 10;
    table->spans += most.count;
    table->count -= most.count;
    self->functions->free_all(&most);
}

void worker_give_back(worker_bench *self) {
    const size_t before = meter_resident();
    self->functions->fill(&self->table);
    write_all(&self->table);
    const size_t full = meter_resident();
    free_most(self);
    const size_t freed = meter_resident();
    self->functions->trim();
    const size_t trimmed = meter_resident();
    printf("in_use %zu\nfull %zu\nfreed %zu\ntrimmed %zu\n", bytes_of(&self->table), full - before,
           freed - before, trimmed - before);
}
