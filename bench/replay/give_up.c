#include "bench/replay/give_up.h"

#include <stdio.h>
#include <stdlib.h>

void give_up(const char *reason) {
    (void)fprintf(stderr, "worker: %s\n", reason);
    exit(1); /* NOLINT(concurrency-mt-unsafe): there is one thread. */
}
