/* The default of hosted programs: one line on stderr; a panic aborts. */
#include <stdio.h>
#include <stdlib.h>

#include "block_allocator/misuse.h"
#include "block_allocator/misuse_text.h"

void ba_misuse_default(const ba_misuse *misuse) {
    char line[1024];
    (void)ba_misuse_format(misuse, line, sizeof line);
    (void)fprintf(stderr, "%s\n", line);
    switch (misuse->severity) {
    case BA_SEVERITY_LOG:
        return;
    case BA_SEVERITY_PANIC:
        abort();
    }
}
