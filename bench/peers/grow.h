/* What the programs that append numbers one by one share. Each is called with how many, and prints
 * "ns N", the processor time of the appends in nanoseconds each, and "peak N", the most bytes of
 * memory that the process ever had beyond those before the first append: its libraries are not what
 * is compared. */
#ifndef BENCH_PEERS_GROW_H_
#define BENCH_PEERS_GROW_H_

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/peers/meter.h"
#include "block_allocator/internal/language.h"

BA_HEADER_BEGIN

/* The number of appends on the command line: 0, 1, 2 ... are appended. */
static inline uint32_t grow_count(int count, char **arguments) {
    const unsigned long number = count == 2 ? strtoul(arguments[1], NULL, 10) : 0;
    if (number == 0 || number > UINT32_MAX) {
        meter_die("call with a number of appends");
    }
    return (uint32_t)number;
}

/* What the meters say before the first append. */
typedef struct grow_start {
    size_t resident;
    double ns;
} grow_start;

static inline grow_start grow_begin(void) {
    grow_start start;
    start.resident = meter_resident();
    start.ns = meter_ns();
    return start;
}

/* Prints what the appends took, if all that was appended is there. */
static inline void grow_end(grow_start start, const uint32_t *numbers, size_t length,
                            uint32_t count) {
    const double ns = meter_ns() - start.ns;
    const size_t peak = meter_peak() - start.resident;
    if (numbers == NULL || length != count) {
        meter_die("there are not as many numbers as were appended");
    }
    for (uint32_t i = 0; i < count; i++) {
        if (numbers[i] != i) {
            meter_die("a number is not what was appended");
        }
    }
    printf("ns %.4f\npeak %zu\n", ns / count, peak);
}

BA_HEADER_END

#endif /* BENCH_PEERS_GROW_H_ */
