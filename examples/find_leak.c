/* Where does memory leak? A tracking allocator, put before any other, knows. */
#include <stdio.h>

#include "block_allocator/allocator.h"
#include "block_allocator/backing/libc_allocator.h"
#include "block_allocator/error.h"
#include "block_allocator/forwarding/tracking_allocator.h"
#include "block_allocator/memory.h"
#include "block_allocator/misuse.h"

int main(void) {
    /* A report is to be a line on standard error; without this it ends the program as well. */
    (void)ba_misuse_set_severity(BA_SEVERITY_LOG);

    ba_tracking_allocator tracking;
    ba_tracking_allocator_init(&tracking, "names", ba_libc_allocator(), ba_libc_allocator());
    const ba_allocator names = ba_tracking_allocator_allocator(&tracking);

    const ba_memory first = ba_alloc(names, ba_bytes(100), ba_align(16));
    const ba_memory second = ba_alloc(names, ba_bytes(24), ba_align(8));
    ba_free(names, first, ba_align(16));

    const ba_error leak = ba_tracking_allocator_report_leaks(&tracking);
    printf("before: %s\n", ba_error_message(leak));

    ba_free(names, second, ba_align(8));
    const ba_error none = ba_tracking_allocator_release(&tracking);
    printf("after:  %s\n", ba_error_message(none));
    return 0;
}
