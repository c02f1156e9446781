/* Lists and slices on pools over each other, in C, so that MemorySanitizer looks on: whatever moves
 * elements must move all of them, and read no place that has none. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "block_allocator/backing/libc_allocator.h"

#define PBA_NAME large_pool
#define PBA_BLOCK_SIZE 4096
#define PBA_BACKING_REQUEST_SIZE 65536
#include "pba/define.h"

#define PBA_NAME small_pool
#define PBA_BLOCK_SIZE 64
#define PBA_BACKING_REQUEST_SIZE 4096
#include "pba/define.h"

static large_pool large;
static small_pool small;

#define SAB_NAME number
#define SAB_TYPE uint32_t
#define SAB_ALLOCATOR small
#define SAB_POOL_TYPE small_pool
#define SAB_SCALAR
#include "static_buffer/define.h"

/* Elements that do not fill a block, and padding within them. */
typedef struct wide {
    uint8_t tag;
    uint64_t value[8];
} wide;

#define SAB_NAME wide
#define SAB_TYPE wide
#define SAB_ALLOCATOR small
#define SAB_POOL_TYPE small_pool
#include "static_buffer/define.h"

#define SAB_NAME text
#define SAB_TYPE char
#define SAB_ALLOCATOR small
#define SAB_POOL_TYPE small_pool
#define SAB_SENTINEL '\0'
#define SAB_SCALAR
#define SAB_BYTES
#include "static_buffer/define.h"

#define EXPECT(condition) expect((condition), __LINE__, #condition)

static int failures;

static void expect(bool holds, int line, const char *condition) {
    if (!holds) {
        (void)fprintf(stderr, "line %d: %s does not hold\n", line, condition);
        failures++;
    }
}

/* True if the list is `first`, `first` + 1 ... */
static bool counts_from(const number_list *list, uint32_t first) {
    for (size_t i = 0; i < list->len; i++) {
        if (*sab_at(list, i) != first + i) {
            return false;
        }
    }
    return true;
}

static number_list numbers_down_from(uint32_t count) {
    number_list list = {0};
    for (uint32_t number = count; number > 0; number--) {
        sab_append(&list, number);
    }
    return list;
}

static void test_numbers(void) {
    number_list list = numbers_down_from(3000);
    sab_sort(&list);
    EXPECT(list.len == 3000);
    EXPECT(counts_from(&list, 1));
    sab_delete_range(&list, 0, 1000);
    EXPECT(counts_from(&list, 1001));
    const uint32_t thousandth = 1000;
    sab_insert(&list, 0, thousandth);
    EXPECT(counts_from(&list, 1000));
    number_list copy = sab_clone(&list);
    sab_release(&list);
    sab_shrink_len(&copy, 10);
    sab_shrink_to_fit(&copy);
    number_slice slice = sab_into_slice(&copy);
    EXPECT(slice.len == 10);
    EXPECT(slice.ptr[0] == 1000 && slice.ptr[9] == 1009);
    sab_release(&slice);
}

static void test_wide_elements(void) {
    wide_list list = {0};
    for (uint64_t i = 0; i < 500; i++) {
        const wide one = {.tag = (uint8_t)i, .value = {[0] = i, [7] = ~i}};
        sab_insert(&list, list.len / 2, one);
    }
    uint64_t sum = 0;
    while (list.len != 0) {
        const wide one = sab_swap_remove(&list, list.len / 3);
        EXPECT(one.tag == (uint8_t)one.value[0] && one.value[7] == ~one.value[0]);
        sum += one.value[0];
    }
    EXPECT(sum == 500 * 499 / 2);
    sab_release(&list);
}

static void test_text(void) {
    text_list text = {0};
    for (int i = 0; i < 200; i++) {
        sab_append_format(&text, "%d,", i);
        EXPECT(strlen(sab_terminated(&text)) == text.len);
    }
    EXPECT(text.len == 10 * 2 + 90 * 3 + 100 * 4);
    EXPECT(strncmp(sab_terminated(&text), "0,1,2,", 6) == 0);
    sab_release(&text);
}

int main(void) {
    large = large_pool_new(ba_libc_allocator());
    small = small_pool_new_over_blocks(large_pool_block_allocator(&large));
    test_numbers();
    test_wide_elements();
    test_text();
    EXPECT(small_pool_verify(&small).code == BA_OK);
    EXPECT(small_pool_release_all(&small, PBA_REPORT_IN_USE).code == BA_OK);
    EXPECT(large_pool_release_all(&large, PBA_REPORT_IN_USE).code == BA_OK);
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
