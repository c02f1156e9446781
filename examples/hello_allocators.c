/* One allocator, seen in two ways: exactly what was asked for, and all that was granted. */
#include <stdint.h>
#include <stdio.h>

#include "block_allocator/allocator.h"
#include "block_allocator/backing/page_allocator.h"
#include "block_allocator/block_allocator.h"
#include "block_allocator/error.h"
#include "block_allocator/memory.h"

int main(void) {
    const ba_allocator bytes = ba_page_allocator();
    const ba_block_allocator pages = ba_page_block_allocator();

    const ba_memory exact = ba_alloc(bytes, ba_bytes(777), ba_align(16));
    const ba_memory whole = ba_block_alloc(pages, ba_bytes(777), ba_align(16));
    printf("exact:      %4zu bytes\n", ba_memory_length(exact).bytes);
    printf("whole span: %4zu bytes\n", ba_memory_length(whole).bytes);
    ba_block_free(pages, whole, ba_align(16));
    ba_free(bytes, exact, ba_align(16));

    const ba_memory none = ba_block_alloc(pages, ba_bytes(SIZE_MAX), ba_align(16));
    printf("too much:   %s\n", ba_error_message(ba_memory_error(none)));
    return 0;
}
