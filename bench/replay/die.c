#include "bench/replay/die.h"

#include <stdio.h>
#include <stdlib.h>

void die(const char *reason) {
    (void)fprintf(stderr, "worker: %s\n", reason);
    exit(1); /* NOLINT(concurrency-mt-unsafe): there is one thread. */
}
