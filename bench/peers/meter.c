/* For clock_gettime, open and read. */
#define _DEFAULT_SOURCE /* NOLINT(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): its   \
                           name is the C library's */

#include "bench/peers/meter.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

void meter_die(const char *reason) {
    (void)fprintf(stderr, "%s\n", reason);
    exit(1); /* NOLINT(concurrency-mt-unsafe): there is one thread. */
}

double meter_ns(void) {
    struct timespec now;
    if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) != 0) {
        meter_die("there is no clock for the processor time of a thread");
    }
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

double meter_cost_ns(void) {
    enum { READINGS = 1000 };
    const double start = meter_ns();
    for (size_t i = 1; i < READINGS; i++) {
        (void)meter_ns();
    }
    return (meter_ns() - start) / READINGS;
}

/* The number of KiB behind a word in a file of /proc, in bytes. */
static size_t bytes_in_file(const char *path, const char *word) {
    char text[4096];
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        meter_die("the system does not tell how much memory a process has");
    }
    const ssize_t length = read(file, text, sizeof text - 1);
    (void)close(file);
    text[length > 0 ? length : 0] = '\0';
    const char *const found = strstr(text, word);
    if (found == NULL) {
        meter_die("the system tells of a process's memory in an unknown way");
    }
    return (size_t)strtoull(found + strlen(word), NULL, 10) * 1024;
}

size_t meter_resident(void) {
    /* Exact, where /proc/self/statm may be off by some pages. */
    return bytes_in_file("/proc/self/smaps_rollup", "\nRss:");
}

size_t meter_peak(void) {
    return bytes_in_file("/proc/self/status", "\nVmHWM:");
}
