/* The functions in C, where each is one _Generic: all of them, on lists and slices of several
 * types, also of one that another unit implements. What the functions do is tested in C++, with the
 * same functions through overloads; here it matters that each arrives at the right one. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "block_allocator/backing/buffer_allocator.h"
#include "block_allocator/backing/libc_allocator.h"
#include "static_buffer/file_view.h"
#include "testing/buffers/declared.h"

static ba_block_allocator blocks;

#define SAB_NAME number
#define SAB_TYPE uint32_t
#define SAB_ALLOCATOR blocks
#define SAB_SCALAR
#include "static_buffer/define.h"

/* An element that is a pointer, to what may not be written. */
#define SAB_NAME name
#define SAB_TYPE const char *
#define SAB_ALLOCATOR blocks
#include "static_buffer/define.h"

#define SAB_NAME text
#define SAB_TYPE char
#define SAB_ALLOCATOR blocks
#define SAB_SENTINEL '\0'
#define SAB_SCALAR
#define SAB_BYTES
#include "static_buffer/define.h"

/* A table that ends with an empty entry. */
typedef struct entry {
    const char *key;
    int value;
} entry;

#define SAB_NAME table
#define SAB_TYPE entry
#define SAB_ALLOCATOR blocks
#define SAB_SENTINEL                                                                               \
    { NULL, -1 }
#include "static_buffer/define.h"

static void expect(bool is_so, const char *what, int line) {
    if (!is_so) {
        (void)fprintf(stderr, "line %d: not so: %s\n", line, what);
        exit(1); /* NOLINT(concurrency-mt-unsafe): there is one thread. */
    }
}

#define EXPECT(condition) expect((condition), #condition, __LINE__)
#define EXPECT_OK(call) EXPECT(!ba_failed(call))

static void expect_numbers(const number_list *list, const char *expected) {
    char found[200] = "";
    size_t length = 0;
    for (const uint32_t *number = sab_begin(list); number != sab_end(list); number++) {
        const int more = snprintf(found + length, sizeof found - length, "%u ", (unsigned)*number);
        EXPECT(more > 0);
        length += (size_t)more;
    }
    if (strcmp(found, expected) != 0) {
        (void)fprintf(stderr, "found %s, expected %s\n", found, expected);
        exit(1); /* NOLINT(concurrency-mt-unsafe): there is one thread. */
    }
}

static void test_append(void) {
    static const uint32_t items[] = {7, 8};
    number_list list = {0};
    sab_append(&list, 1);
    EXPECT_OK(sab_try_append(&list, 2));
    sab_ensure_unused(&list, 20);
    sab_append_assume_capacity(&list, 3);
    sab_append_items(&list, items, 2);
    EXPECT_OK(sab_try_append_items(&list, items, 1));
    sab_append_items_assume_capacity(&list, items, 1);
    sab_append_n(&list, 4, 2);
    EXPECT_OK(sab_try_append_n(&list, 5, 1));
    sab_append_n_assume_capacity(&list, 6, 1);
    *sab_append_slots(&list, 1) = 10;
    uint32_t elsewhere = 0;
    uint32_t *slot = &elsewhere;
    EXPECT_OK(sab_try_append_slots(&list, 1, &slot));
    *slot = 11;
    *sab_append_slots_assume_capacity(&list, 1) = 12;
    sab_append_from_within(&list, 0, 1);
    EXPECT_OK(sab_try_append_from_within(&list, 1, 1));
    sab_append_from_within_assume_capacity(&list, 2, 1);
    expect_numbers(&list, "1 2 3 7 8 7 7 4 4 5 6 10 11 12 1 2 3 ");
    sab_release(&list);
    EXPECT(list.ptr == NULL && list.len == 0 && list.cap == 0);
}

static void test_insert(void) {
    static const uint32_t items[] = {7, 8};
    number_list list = {0};
    sab_insert(&list, 0, 1);
    EXPECT_OK(sab_try_insert(&list, 0, 2));
    sab_ensure_capacity(&list, 20);
    sab_insert_assume_capacity(&list, 1, 3);
    sab_insert_items(&list, 0, items, 2);
    EXPECT_OK(sab_try_insert_items(&list, 5, items, 1));
    sab_insert_items_assume_capacity(&list, 5, items, 1);
    sab_insert_n(&list, 1, 4, 2);
    EXPECT_OK(sab_try_insert_n(&list, 0, 5, 1));
    sab_insert_n_assume_capacity(&list, 0, 6, 1);
    *sab_insert_slots(&list, 0, 1) = 10;
    uint32_t elsewhere = 0;
    uint32_t *slot = &elsewhere;
    EXPECT_OK(sab_try_insert_slots(&list, 0, 1, &slot));
    *slot = 11;
    *sab_insert_slots_assume_capacity(&list, 0, 1) = 12;
    expect_numbers(&list, "12 11 10 6 5 7 4 4 8 2 3 1 7 7 ");
    sab_replace(&list, 0, 9, items, 2);
    EXPECT_OK(sab_try_replace(&list, 0, 1, items, 2));
    sab_replace_assume_capacity(&list, 0, 1, items, 1);
    expect_numbers(&list, "7 8 8 2 3 1 7 7 ");
    sab_release(&list);
}

static void keep_number(void *context, uint32_t number) {
    *(uint32_t *)context = 10 * *(uint32_t *)context + number;
}

static bool is_odd(void *context, const uint32_t *number) {
    (void)context;
    return *number % 2 == 1;
}

static number_list list_of(uint32_t count) {
    number_list list = number_list_with_capacity(count);
    for (uint32_t i = 1; i <= count; i++) {
        sab_append_assume_capacity(&list, i);
    }
    return list;
}

static void test_remove(void) {
    number_list list = list_of(30);
    uint32_t items[4] = {0};
    EXPECT(sab_remove(&list, 0) == 1);
    EXPECT(sab_swap_remove(&list, 0) == 2);
    sab_delete(&list, 0);
    sab_swap_delete(&list, 0);
    sab_move_out(&list, 0, &items[0]);
    sab_swap_move_out(&list, 0, &items[1]);
    EXPECT(items[0] == 29 && items[1] == 4);
    sab_move_out_range(&list, 0, 2, items);
    sab_swap_move_out_range(&list, 0, 2, items + 2);
    EXPECT(items[0] == 28 && items[1] == 5 && items[2] == 6 && items[3] == 7);
    sab_delete_range(&list, 0, 2);
    sab_swap_delete_range(&list, 0, 2);
    expect_numbers(&list, "24 25 10 11 12 13 14 15 16 17 18 19 20 21 22 23 ");
    number_list parts[6] = {sab_remove_range(&list, 0, 1), sab_swap_remove_range(&list, 0, 1),
                            sab_split_off(&list, 11)};
    EXPECT_OK(sab_try_remove_range(&list, 0, 2, &parts[3]));
    EXPECT_OK(sab_try_swap_remove_range(&list, 0, 2, &parts[4]));
    EXPECT_OK(sab_try_split_off(&list, 5, &parts[5]));
    expect_numbers(&parts[0], "24 ");
    expect_numbers(&parts[1], "25 ");
    expect_numbers(&parts[2], "20 21 22 ");
    expect_numbers(&parts[3], "23 10 ");
    expect_numbers(&parts[4], "11 12 ");
    expect_numbers(&parts[5], "16 17 ");
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        sab_release(&parts[i]);
    }
    expect_numbers(&list, "18 19 13 14 15 ");
    EXPECT(sab_pop(&list) == 15);
    EXPECT(sab_try_pop(&list, &items[0]) && items[0] == 14);
    uint32_t drained = 0;
    sab_drain(&list, 0, 2, keep_number, &drained);
    EXPECT(drained == 199);
    sab_retain(&list, is_odd, NULL);
    sab_append_n(&list, 15, 3);
    sab_dedup(&list);
    expect_numbers(&list, "13 15 ");
    sab_clear(&list);
    expect_numbers(&list, "");
    sab_release(&list);
}

static void test_size(void) {
    number_list list = list_of(3);
    EXPECT_OK(sab_try_ensure_capacity(&list, 10));
    EXPECT_OK(sab_try_ensure_unused(&list, 10));
    EXPECT(sab_ensure_capacity_in_place(&list, list.cap));
    EXPECT(sab_ensure_unused_in_place(&list, list.cap - list.len));
    EXPECT(sab_spare_capacity(&list).len == list.cap - 3);
    sab_grow_len(&list, 4, 9);
    EXPECT_OK(sab_try_grow_len(&list, 5, 8));
    sab_shrink_len(&list, 4);
    expect_numbers(&list, "1 2 3 9 ");
    sab_set_len(&list, 2);
    sab_shrink_to_fit(&list);
    memset(sab_grow_to_capacity(&list), 0, (list.cap - 2) * sizeof(uint32_t));
    EXPECT(list.len == list.cap);
    const number_list parts = sab_into_raw(&list);
    EXPECT(list.len == 0 && parts.len != 0);
    list = number_list_from_raw(parts.ptr, parts.len, parts.cap);
    number_list copy = sab_clone(&list);
    number_list second = {0};
    EXPECT_OK(sab_try_clone(&list, &second));
    EXPECT(sab_equal(&copy, &list) && sab_equal(&second, &list));
    (*sab_at_mut(&copy, 1))++;
    EXPECT(!sab_equal(&copy, &list));
    sab_shrink_len(&second, 1);
    EXPECT(!sab_equal(&second, &list));
    sab_release(&copy);
    sab_release(&second);
    sab_release(&list);
}

/* Room without elements is for the allocator again. */
static void test_room_alone(void) {
    number_list list = number_list_with_capacity(5);
    sab_shrink_to_fit(&list);
    EXPECT(list.ptr == NULL && list.cap == 0);
    list = number_list_with_capacity(5);
    const number_slice slice = sab_into_slice(&list);
    EXPECT(slice.ptr == NULL && slice.len == 0 && list.ptr == NULL && list.cap == 0);
}

static void test_slices(void) {
    number_list list = list_of(6);
    number_slice part = sab_part_into_slice(&list, 0, 2);
    number_slice second = {0};
    EXPECT_OK(sab_try_part_into_slice(&list, 0, 1, &second));
    number_slice whole = sab_into_slice(&list);
    EXPECT(part.len == 2 && second.len == 1 && whole.len == 3 && list.cap == 0);
    number_slice copy = sab_clone(&whole);
    number_slice another = {0};
    EXPECT_OK(sab_try_clone(&whole, &another));
    EXPECT(sab_equal(&copy, &another) && sab_compare(&copy, &part) > 0);
    EXPECT(!sab_equal(&copy, &part) && sab_compare(&part, &copy) < 0);
    (*sab_at_mut(&another, 2))++;
    EXPECT(!sab_equal(&copy, &another) && sab_compare(&copy, &another) < 0);
    sab_resize(&copy, 2);
    EXPECT_OK(sab_try_resize(&copy, 1));
    EXPECT(sab_resize_in_place(&copy, 1) && copy.len == 1);
    sab_resize_at_least(&another, 2);
    EXPECT_OK(sab_try_resize_at_least(&another, 1));
    EXPECT(sab_resize_at_least_in_place(&another, 1) && another.len >= 1);
    sab_swap(&whole, 0, 2);
    sab_reverse(&whole);
    sab_sort(&whole);
    const number_slice *const constant = &whole;
    const uint32_t five = 5;
    EXPECT(*sab_at(constant, 0) == 4 && *sab_first(constant) == 4 && *sab_last(constant) == 6);
    EXPECT(sab_find(constant, &five).index == 1 && sab_binary_search(constant, &five).found);
    EXPECT(sab_end(constant) - sab_begin(constant) == 3);
    EXPECT(sab_view(constant).len == 3 && *sab_view_range(constant, 1, 2).ptr == 5);
    *sab_at_mut(&whole, 0) = 3;
    list = sab_into_list(&whole);
    sab_append_slice(&list, &part);
    EXPECT_OK(sab_try_append_slice(&list, &second));
    expect_numbers(&list, "3 5 6 1 2 3 ");
    sab_release(&list);
    sab_release(&copy);
    sab_release(&another);
}

static void test_reading(void) {
    number_list list = list_of(3);
    const number_list *const constant = &list;
    const uint32_t two = 2;
    const uint32_t four = 4;
    EXPECT(!sab_find(constant, &four).found && !sab_binary_search(constant, &four).found);
    EXPECT(*sab_at(constant, 0) == 1 && *sab_first(constant) == 1 && *sab_last(constant) == 3);
    EXPECT(sab_find(constant, &two).index == 1 && sab_binary_search(constant, &two).found);
    EXPECT(sab_view(constant).len == 3 && sab_view_range(constant, 1, 1).len == 1);
    EXPECT(sab_compare(constant, constant) == 0);
    *sab_at_mut(&list, 2) = 0;
    sab_sort(&list);
    sab_reverse(&list);
    sab_swap(&list, 0, 1);
    expect_numbers(constant, "1 2 0 ");
    sab_release(&list);
}

static void test_text(void) {
    text_list text = {0};
    EXPECT(strcmp(sab_terminated(&text), "") == 0);
    sab_append_format(&text, "%d-%s", 1, "two");
    EXPECT_OK(sab_try_append_format(&text, "%c", '!'));
    EXPECT(strcmp(sab_terminated(&text), "1-two!") == 0);
    EXPECT(strcmp(text.ptr, "1-two!") == 0);
    sab_format(&text, "%x", 255U);
    EXPECT(strcmp(text.ptr, "ff") == 0);
    EXPECT_OK(sab_try_format(&text, "%s", "new"));
    FILE *const file = sab_open_writer(sab_as_writer(&text));
    EXPECT(file != NULL);
    EXPECT(fprintf(file, "%05d", 42) == 5);
    EXPECT(fclose(file) == 0);
    EXPECT(strcmp(text.ptr, "new00042") == 0);
    text_list_append_format(&text, "%s", "?");
    EXPECT_OK(text_list_try_append_format(&text, "%s", "?"));
    EXPECT(text.len == 10);
    text_list_format(&text, "%d", 3);
    EXPECT_OK(text_list_try_format(&text, "%d", 4));
    EXPECT(strcmp(text.ptr, "4") == 0);
    text_slice slice = sab_into_slice(&text);
    EXPECT(strcmp(sab_terminated(&slice), "4") == 0);
    sab_release(&slice);
    EXPECT(strcmp(sab_terminated(&slice), "") == 0);
}

static void test_pointers(void) {
    name_list names = {0};
    sab_append(&names, "one");
    sab_insert(&names, 0, "two");
    const name_list *const constant = &names;
    EXPECT(strcmp(*sab_at(constant, 0), "two") == 0 &&
           strcmp(sab_view(constant).ptr[1], "one") == 0);
    sab_release(&names);
}

/* Text that fits with its terminator in the sentinel's place needs no more room. */
static void test_text_that_just_fits(void) {
    text_list text = text_list_with_capacity(10);
    while (text.len + 2 < text.cap) {
        sab_append(&text, 'x');
    }
    const size_t capacity = text.cap;
    sab_append_format(&text, "%d", 42);
    EXPECT(text.len == capacity && text.cap == capacity && text.ptr[capacity] == '\0');
    sab_release(&text);
    sab_append_format(&text, "%s", "");
    EXPECT(text.len == 0);
    sab_release(&text);
}

/* More than the stack takes goes by way of a temporary file. */
static void test_long_text_that_just_fits(void) {
    text_list text = text_list_with_capacity(5000);
    const size_t capacity = text.cap;
    sab_append_format(&text, "%*d", (int)capacity, 42);
    EXPECT(text.len == capacity && text.cap == capacity &&
           memcmp(text.ptr + capacity - 2, "42", 2) == 0);
    sab_release(&text);
}

/* Each refusal arrives, and changes nothing. */
static void test_refusals(void) {
    static unsigned char memory[256];
    ba_buffer_allocator buffer;
    ba_buffer_allocator_init(&buffer, ba_memory_of(memory, ba_bytes(sizeof memory)));
    const ba_block_allocator before = blocks;
    blocks = ba_buffer_allocator_block_allocator(&buffer);

    number_list full = list_of(24);
    number_list list = list_of(16);
    number_slice slice = number_slice_of(4);
    number_slice empty = {0};
    EXPECT(sab_try_append_from_within(&list, 0, 16).code == BA_OUT_OF_MEMORY);
    EXPECT(sab_try_append_slice(&full, &slice).code == BA_OUT_OF_MEMORY);
    EXPECT(sab_try_resize(&slice, 60).code == BA_OUT_OF_MEMORY);
    EXPECT(!sab_resize_in_place(&slice, 60));
    EXPECT(full.len == 24 && list.len == 16 && slice.len == 4);
    EXPECT_OK(sab_try_append_slice(&full, &empty));
    /* 80 bytes are left: for one more element, not for twice as many. */
    EXPECT_OK(sab_try_append(&list, 17));
    const size_t block = ba_block_allocator_block_size(blocks).bytes;
    const size_t whole_blocks = (17 * sizeof(uint32_t) + block - 1) / block * block;
    EXPECT(list.len == 17 && list.cap == whole_blocks / sizeof(uint32_t));
    EXPECT(list.ptr[16] == 17);
    sab_release(&list);
    sab_release(&slice);
    sab_release(&full);

    text_list text = {0};
    sab_append_format(&text, "%s", "kept");
    EXPECT(sab_try_append_format(&text, "%300d", 1).code == BA_OUT_OF_MEMORY);
    EXPECT(strcmp(sab_terminated(&text), "kept") == 0);
    sab_release(&text);
    (void)ba_buffer_allocator_release(&buffer);
    blocks = before;
}

static void test_declared(void) {
    declared_list list = {0};
    for (uint16_t i = 0; i < 1000; i++) {
        sab_append(&list, i);
    }
    EXPECT(list.len == 1000 && *sab_last(&list) == 999);
    declared_slice slice = sab_into_slice(&list);
    const uint16_t wanted = 500;
    EXPECT(sab_binary_search(&slice, &wanted).index == 500);
    sab_release(&slice);
}

/* A sentinel of a struct type is stored after the last entry, and alone where there is none. */
static void test_sentinel_of_a_struct(void) {
    const entry entries[] = {{"one", 1}, {"two", 2}};
    table_list list = {0};
    EXPECT(sab_terminated(&list)->key == NULL && sab_terminated(&list)->value == -1);
    sab_append(&list, entries[0]);
    sab_append_items(&list, &entries[1], 1);
    const entry *at = sab_terminated(&list);
    EXPECT(at[0].key == entries[0].key && at[0].value == 1);
    EXPECT(at[1].key == entries[1].key && at[1].value == 2);
    EXPECT(at[2].key == NULL && at[2].value == -1);
    EXPECT(sab_pop(&list).value == 2);
    at = sab_terminated(&list);
    EXPECT(at[1].key == NULL && at[1].value == -1);
    sab_release(&list);
}

int main(void) {
    blocks = ba_libc_block_allocator();
    declared_blocks = blocks;
    test_append();
    test_insert();
    test_remove();
    test_size();
    test_room_alone();
    test_slices();
    test_reading();
    test_text();
    test_text_that_just_fits();
    test_long_text_that_just_fits();
    test_pointers();
    test_refusals();
    test_declared();
    test_sentinel_of_a_struct();
    return 0;
}
