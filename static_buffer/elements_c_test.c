/* Elements as C has them: compound literals, which bring commas, trees, and numbers in order. */
#include <stdbool.h>
#include <stdio.h>

#include "testing/buffers/recursive_elements.h"

static ba_block_allocator blocks;

typedef struct point {
    int x;
    int y;
} point;

#define SAB_NAME points
#define SAB_TYPE point
#define SAB_ALLOCATOR blocks
#include "static_buffer/define.h"

#define EXPECT(condition) expect((condition), #condition, __LINE__)

static int failures = 0;

static void expect(bool is_so, const char *what, int line) {
    if (!is_so) {
        (void)printf("line %d: not so: %s\n", line, what);
        failures++;
    }
}

static void expect_points(const points_list *list, const int *expected, size_t count) {
    EXPECT(list->len == count);
    for (size_t i = 0; i < list->len && i < count; i++) {
        EXPECT(list->ptr[i].x == expected[i] && list->ptr[i].y == expected[i] + 1);
    }
}

static void functions_take_compound_literals(void) {
    points_list list = {0};
    sab_append(&list, (point){1, 2});
    EXPECT(!ba_failed(sab_try_append(&list, (point){3, 4})));
    sab_ensure_unused(&list, 20);
    sab_append_assume_capacity(&list, (point){5, 6});
    sab_insert(&list, 0, (point){7, 8});
    EXPECT(!ba_failed(sab_try_insert(&list, 0, (point){9, 10})));
    sab_insert_assume_capacity(&list, 0, (point){11, 12});
    sab_append_n(&list, (point){13, 14}, 1);
    EXPECT(!ba_failed(sab_try_append_n(&list, (point){15, 16}, 1)));
    sab_append_n_assume_capacity(&list, (point){17, 18}, 1);
    sab_insert_n(&list, 0, (point){19, 20}, 1);
    EXPECT(!ba_failed(sab_try_insert_n(&list, 0, (point){21, 22}, 1)));
    sab_insert_n_assume_capacity(&list, 0, (point){23, 24}, 1);
    sab_grow_len(&list, 13, (point){25, 26});
    EXPECT(!ba_failed(sab_try_grow_len(&list, 14, (point){27, 28})));
    sab_append_items(&list, (const point[]){{29, 30}, {31, 32}}, 2);
    sab_insert_items(&list, 0, (const point[]){{33, 34}}, 1);
    sab_replace(&list, 0, 1, (const point[]){{35, 36}}, 1);
    static const int expected[] = {35, 23, 21, 19, 11, 9, 7, 1, 3, 5, 13, 15, 17, 25, 27, 29, 31};
    expect_points(&list, expected, sizeof expected / sizeof *expected);
    sab_release(&list);
}

static void a_list_holds_elements_with_lists_of_them(void) {
    node root = tree_of(4);
    EXPECT(nodes_in(&root) == 65);
    sab_delete(&root.children, 1);
    EXPECT(nodes_in(&root) == 49);
    node_drop(&root);
    EXPECT(nodes_in(&root) == 1);
}

#define SAB_NAME numbers
#define SAB_TYPE unsigned
#define SAB_SCALAR
#define SAB_ALLOCATOR blocks
#include "static_buffer/define.h"

static void expect_sorted(numbers_list *list) {
    unsigned before = 0;
    unsigned after = 0;
    for (size_t i = 0; i < list->len; i++) {
        before += list->ptr[i];
    }
    sab_sort(list);
    for (size_t i = 0; i < list->len; i++) {
        after += list->ptr[i];
        EXPECT(i == 0 || list->ptr[i - 1] <= list->ptr[i]);
    }
    EXPECT(before == after);
}

/* Numbers below `limit`, from Knuth's generator (volume 2, 3.3.4, table 1, line 16). */
static void numbers_are_sorted(size_t count, unsigned limit) {
    numbers_list list = {0};
    unsigned state = 1;
    for (size_t i = 0; i < count; i++) {
        state = state * 1664525U + 1013904223U;
        sab_append(&list, (state >> 8) % limit);
    }
    expect_sorted(&list);
    sab_release(&list);
}

/* Falls, and then rises. */
static void a_valley_is_sorted(unsigned bottom, unsigned count) {
    numbers_list list = {0};
    for (unsigned i = 0; i < count; i++) {
        sab_append(&list, i < bottom ? bottom - i : i);
    }
    expect_sorted(&list);
    sab_release(&list);
}

static void lists_are_sorted(void) {
    for (size_t count = 0; count < 300; count++) {
        numbers_are_sorted(count, 1U << 20);
        numbers_are_sorted(count, 3);
    }
    numbers_are_sorted(10000, 100);
    for (unsigned bottom = 0; bottom <= 50; bottom += 5) {
        a_valley_is_sorted(bottom, 50);
    }
}

int main(void) {
    blocks = ba_libc_block_allocator();
    node_blocks = ba_libc_block_allocator();
    functions_take_compound_literals();
    a_list_holds_elements_with_lists_of_them();
    lists_are_sorted();
    return failures == 0 ? 0 : 1;
}
