/* The main function of every worker:
 *
 *     WORKER time BLOCK_SIZE MOST_BLOCKS LIVE WORK WARM_UP_MS MEASURE_MS
 *     WORKER give-back BLOCK_SIZE MOST_BLOCKS LIVE
 *     WORKER check BLOCK_SIZE MOST_BLOCKS LIVE
 *     WORKER library
 *
 * All but the last work on LIVE spans of 1 to MOST_BLOCKS blocks.
 *
 * `time` does WORK, one of pair, churn, free-all and mixed, and prints nanoseconds per operation:
 * of the first pass in this process, "cold N", and, after passes that are not shown, of each
 * further one, "warm N". Beside a pair nothing is live. Mixed is churn of 8 to 1,000 bytes, and
 * MOST_BLOCKS is at least what 1,000 bytes take.
 *
 * `give-back` writes every byte of the spans, frees nine of ten, chosen at random, has the
 * allocator give memory back, and prints bytes: "in_use N", of the spans that are left; "full N",
 * "freed N" and "trimmed N", which the process had more than in the beginning, before and after the
 * frees, and in the end.
 *
 * `check` does all of it on a few spans, looks at each of them, and prints "sound".
 *
 * `library` prints the file that malloc comes from. */

/* For RTLD_DEFAULT and dladdr. */
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): its name  \
                       is the C library's */

#include "bench/peers/worker.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/peers/meter.h"
#include "block_allocator/backing/page_allocator.h"

void worker_shuffle(span_table *table) {
    for (size_t i = table->count; i > 1; i--) {
        table->random = next_random(table->random);
        const size_t other = random_index(table->random, i);
        const ba_memory span = table->spans[other];
        table->spans[other] = table->spans[i - 1];
        table->spans[i - 1] = span;
    }
}

static size_t number(const char *text) {
    char *end = NULL;
    const unsigned long long value = strtoull(text, &end, 10);
    if (end == text || *end != '\0' || value > UINT32_MAX) {
        meter_die("not a number of 32 bits");
    }
    return (size_t)value;
}

static const worker_functions *functions_for(size_t block_size) {
    for (size_t i = 0; i < WORKER_SIZES; i++) {
        if (worker_sizes[i]->block_size == block_size) {
            return worker_sizes[i];
        }
    }
    meter_die("no such block size");
}

/* Straight from the system, so that it is no part of what the allocator holds. */
static ba_memory *new_spans(size_t count) {
    if (count == 0) {
        meter_die("LIVE is at least 1");
    }
    const ba_memory memory =
        ba_alloc(ba_page_allocator(), ba_bytes(count * sizeof(ba_memory)), ba_align_of(ba_memory));
    if (ba_memory_is_none(memory)) {
        meter_die("no memory for the table of spans");
    }
    /* Its page faults belong to nobody's time. */
    return (ba_memory *)memset(ba_memory_pointer(memory), 1, ba_memory_length(memory).bytes);
}

static worker_bench opened(char **arguments) {
    const size_t count = number(arguments[2]);
    const worker_bench self = {
        .functions = functions_for(number(arguments[0])),
        .table = {.spans = new_spans(count),
                  .count = count,
                  .most_blocks = (uint32_t)number(arguments[1]),
                  .random = UINT64_C(0x9E3779B97F4A7C15)},
    };
    self.functions->open(&self.table);
    return self;
}

static void print_library(void) {
    Dl_info info;
    void *const function = dlsym(RTLD_DEFAULT, "malloc");
    if (function == NULL || dladdr(function, &info) == 0) {
        meter_die("malloc comes from nowhere");
    }
    printf("%s\n", info.dli_fname);
}

int main(int count, char **arguments) {
    const char *const what = count > 1 ? arguments[1] : "";
    if (count == 8 && strcmp(what, "time") == 0) {
        worker_bench self = opened(arguments + 2);
        worker_time(&self, arguments[5], (double)number(arguments[6]),
                    (double)number(arguments[7]));
    } else if (count == 5 && strcmp(what, "give-back") == 0) {
        worker_bench self = opened(arguments + 2);
        worker_give_back(&self);
    } else if (count == 5 && strcmp(what, "check") == 0) {
        worker_bench self = opened(arguments + 2);
        worker_check(&self);
    } else if (count == 2 && strcmp(what, "library") == 0) {
        print_library();
    } else {
        meter_die("the command line is told at the head of bench/peers/worker.c");
    }
    return 0;
}
