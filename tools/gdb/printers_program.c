/* Makes values of each kind that printers.py shows, sound and broken, and calls look_at(), where
 * printers_test.py has gdb stop. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "block_allocator/backing/libc_allocator.h"
#include "block_allocator/block_allocator.h"
#include "block_allocator/error.h"
#include "block_allocator/memory.h"
#include "block_allocator/typed.h"
#include "pba/options.h"

#define PBA_NAME medium_pool
#define PBA_BLOCK_SIZE 1024
#define PBA_BACKING_REQUEST_SIZE 65536
#include "pba/define.h"

#define PBA_NAME small_pool
#define PBA_BLOCK_SIZE 64
#define PBA_BYTE_LIMIT 100000
#define PBA_STATISTICS PBA_OFF
#include "pba/define.h"

static ba_block_allocator medium_blocks;

#define SAB_NAME medium_u32
#define SAB_TYPE uint32_t
#define SAB_ALLOCATOR medium_blocks
#include "static_buffer/define.h"

#define SAB_NAME text
#define SAB_TYPE char
#define SAB_ALLOCATOR medium_blocks
#define SAB_SENTINEL '\0'
#include "static_buffer/define.h"

typedef struct point {
    int x;
    int y;
} point;

#define SAB_NAME point
#define SAB_TYPE point
#define SAB_ALLOCATOR medium_blocks
#include "static_buffer/define.h"

/* Named like lists, but something else. */
typedef struct linked_list {
    int *ptr;
    size_t len;
} linked_list;
typedef struct untyped_list {
    void *ptr;
    size_t len;
    size_t cap;
} untyped_list;
typedef struct opaque_list {
    struct not_told *ptr;
    size_t len;
    size_t cap;
} opaque_list;

/* What the test prints. */
typedef struct things {
    medium_u32_list primes;
    medium_u32_list numbers; /* 0 to 299 */
    medium_u32_list no_numbers;
    medium_u32_slice squares;
    medium_u32_slice no_squares;
    medium_u32_view two_primes;
    point_list corners;
    text_list word;
    text_list line; /* 300 characters */
    text_list page; /* 70000 characters */
    text_list no_text;
    text_slice name;
    medium_pool medium;
    small_pool small;
    pba_pool plain;
    medium_pool not_made;
    linked_list linked;
    untyped_list untyped;
    opaque_list opaque;
    /* Broken. */
    medium_u32_list too_long;
    medium_u32_list without_elements;
    medium_u32_list without_memory;
    medium_u32_slice without_squares;
    medium_u32_list astray;
    text_list text_astray;
    medium_pool nameless;
    medium_pool scribbled;
    medium_pool overdrawn;
    medium_pool overgrown;
} things;

static void look_at(const things *here) {
    (void)here;
}

static void make_lists(things *here) {
    const uint32_t primes[] = {2, 3, 5};
    medium_u32_list_append_items(&here->primes, primes, 3);
    for (uint32_t i = 0; i < 300; i++) {
        medium_u32_list_append(&here->numbers, i);
    }
    const point corners[] = {{1, 2}, {3, 4}};
    point_list_append_items(&here->corners, corners, 2);
    text_list_append_items(&here->word, "hello", 5);
    for (size_t i = 0; i < 300; i++) {
        text_list_append(&here->line, "abcdefghij"[i % 10]);
    }
    text_list_append_n(&here->page, 'x', 70000);
}

static void make_slices(things *here) {
    medium_u32_list squares = {0};
    for (uint32_t i = 1; i <= 4; i++) {
        medium_u32_list_append(&squares, i * i);
    }
    here->squares = medium_u32_list_into_slice(&squares);
    text_list name = {0};
    text_list_append_items(&name, "a \"name\"\n", 9);
    here->name = text_list_into_slice(&name);
    here->two_primes.ptr = here->primes.ptr;
    here->two_primes.len = 2;
}

static void make_pools(things *here, const ba_allocator backing) {
    const pba_setup setup = {.name = "small things"};
    here->small = small_pool_new_with(ba_any_allocator_of_exact(backing), &setup);
    const pba_options options = pba_options_default();
    if (pba_pool_init(&here->plain, &options, ba_any_allocator_of_exact(backing), NULL) !=
            PBA_OPTIONS_OK ||
        ba_memory_is_none(small_pool_alloc(&here->small, ba_bytes(150), ba_align(16)))) {
        abort();
    }
}

/* After all else. */
static void make_broken_ones(things *here) {
    here->too_long = here->primes;
    here->too_long.len = here->too_long.cap + 44;
    here->without_elements.len = 3;
    here->without_elements.cap = 4;
    here->without_memory.cap = 16;
    here->without_squares.len = 3;
    /* No program has the last addresses. */
    uintptr_t last = UINTPTR_MAX - 15;
    here->astray.len = here->text_astray.len = 3;
    here->astray.cap = here->text_astray.cap = 4;
    memcpy(&here->astray.ptr, &last, sizeof(last));
    memcpy(&here->text_astray.ptr, &last, sizeof(last));
    here->nameless = here->scribbled = here->overdrawn = here->overgrown = here->medium;
    here->nameless.core.name = NULL;
    here->scribbled.core.block_shift = (uint8_t)(here->medium.core.request_shift + 1);
    here->overdrawn.core.accounting.below_peak = here->medium.core.accounting.peak_in_use - 1000;
    here->overgrown.core.accounting.blocks = UINT64_MAX;
}

int main(void) {
    static things here;
    here.medium = medium_pool_new(ba_libc_allocator());
    medium_blocks = medium_pool_block_allocator(&here.medium);
    make_lists(&here);
    make_slices(&here);
    make_pools(&here, ba_libc_allocator());
    make_broken_ones(&here);
    look_at(&here);

    medium_u32_list_release(&here.primes);
    medium_u32_list_release(&here.numbers);
    medium_u32_slice_release(&here.squares);
    point_list_release(&here.corners);
    text_list_release(&here.word);
    text_list_release(&here.line);
    text_list_release(&here.page);
    text_slice_release(&here.name);
    (void)small_pool_release_all(&here.small, PBA_ALLOW_IN_USE);
    return medium_pool_release_all(&here.medium, PBA_REPORT_IN_USE).code == BA_OK ? EXIT_SUCCESS
                                                                                  : EXIT_FAILURE;
}
