/* Types of both templates, made with each parameter that leaves code out or brings some in, and a
 * use of every macro that becomes code only where it is used. The tests of headers compile this as
 * they compile a public header: as each standard, after other people's macros, and with every
 * warning. */
#ifndef TESTING_HEADERS_TEMPLATE_TYPES_H_
#define TESTING_HEADERS_TEMPLATE_TYPES_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "block_allocator/allocator.h"
#include "block_allocator/block_allocator.h"
#include "block_allocator/typed.h"
#include "static_buffer/internal/core.h"

/* A user's own words, which are no part of what is tested. */
#ifdef __cplusplus
#define TEMPLATE_NULL nullptr
#else
#define TEMPLATE_NULL NULL
#endif

/* --- pools --- */

#define PBA_NAME plain_pool
#include "pba/define.h"

/* The fast paths that a pool takes whose options say so, and each option named. */
#define PBA_NAME full_pool
#define PBA_BLOCK_SIZE 64
#define PBA_BACKING_REQUEST_SIZE (64 * 1024)
#define PBA_INDEX PBA_INDEX_SIZE
#define PBA_REQUEST_GROWTH 0
#define PBA_BYTE_LIMIT (1024 * 1024)
#define PBA_SECURE_WIPE PBA_ON_IN_DEBUG
#define PBA_SPAN_CACHE PBA_ON
#define PBA_SAFETY PBA_SAFETY_NEVER
#define PBA_SEVERITY BA_SEVERITY_LOG
#define PBA_BACKING_FAILURE PBA_BACKING_FAILURE_PANICS
#define PBA_AUTO_SHRINK PBA_AUTO_SHRINK_NEVER
#define PBA_SHRINK_KIND PBA_THRESHOLD_FLAT
#define PBA_SHRINK_MIN 4096
#define PBA_SHRINK_MAX 65536
#define PBA_DECAY_AGE 0
#define PBA_STATISTICS PBA_ON_IN_DEBUG
#define PBA_GUARD PBA_OFF
#define PBA_FILL PBA_OFF
#define PBA_CALL_SITES PBA_OFF
#include "pba/define.h"

/* One for several threads. */
#define PBA_NAME locked_pool
#define PBA_THREADS PBA_THREADS_LOCKED
#include "pba/define.h"

/* --- lists --- */

extern ba_block_allocator template_blocks;
extern plain_pool template_pool;

#define SAB_NAME plain_ints
#define SAB_TYPE int
#define SAB_ALLOCATOR template_blocks
#include "static_buffer/define.h"

#define SAB_NAME pooled_texts
#define SAB_TYPE char
#define SAB_ALLOCATOR template_pool
#define SAB_POOL_TYPE plain_pool
#define SAB_SENTINEL '\0'
#define SAB_SCALAR
#define SAB_BYTES
#define SAB_ALIGNMENT 16
#include "static_buffer/define.h"

typedef struct template_entry {
    const char *name;
    size_t number;
} template_entry;

void template_entry_drop(template_entry *entry);
bool template_entry_clone(template_entry *destination, const template_entry *source);
bool template_entry_equal(const template_entry *first, const template_entry *second);
int template_entry_compare(const template_entry *first, const template_entry *second);

#define SAB_NAME owned_entries
#define SAB_TYPE template_entry
#define SAB_ALLOCATOR template_blocks
#define SAB_SENTINEL                                                                               \
    { TEMPLATE_NULL, 0 }
#define SAB_DROP template_entry_drop
#define SAB_CLONE template_entry_clone
#define SAB_EQUAL template_entry_equal
#define SAB_COMPARE template_entry_compare
#include "static_buffer/define.h"

/* Elements that are dropped and have no clone. */
#define SAB_NAME unique_entries
#define SAB_TYPE template_entry
#define SAB_ALLOCATOR template_blocks
#define SAB_DROP template_entry_drop
#include "static_buffer/define.h"

/* An element with a list of its own type, whose misuse is not the program's end. */
typedef struct template_node template_node;

#define SAB_NAME nodes
#define SAB_TYPE template_node
#define SAB_FORWARD
#include "static_buffer/define.h"

struct template_node {
    size_t number;
    nodes_list children;
};

#define SAB_NAME nodes
#define SAB_TYPE template_node
#define SAB_ALLOCATOR template_blocks
#define SAB_SEVERITY BA_SEVERITY_LOG
#define SAB_FORWARDED
#include "static_buffer/define.h"

/* A type that is declared in one unit and implemented in another. */
#define SAB_NAME shared_numbers
#define SAB_TYPE uint16_t
#define SAB_ALLOCATOR template_blocks
#define SAB_SCALAR
#define SAB_DECLARE
#include "static_buffer/define.h"

#define SAB_NAME shared_numbers
#define SAB_TYPE uint16_t
#define SAB_ALLOCATOR template_blocks
#define SAB_SCALAR
#define SAB_IMPLEMENT
#include "static_buffer/define.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- uses --- */

static inline ba_memory use_of_ba_allocator(ba_allocator allocator) {
    const ba_alignment alignment = ba_align_of(template_entry);
    ba_memory span = ba_alloc(allocator, ba_bytes(100), alignment);
    if (ba_failed(ba_length_result_error(ba_resize(allocator, span, alignment, ba_bytes(50)))) ||
        ba_length_result_is_none(
            ba_grow_between(allocator, span, alignment, ba_bytes(60), ba_bytes(70)))) {
        span = ba_remap(allocator, span, alignment, ba_bytes(80));
    }
    (void)ba_discard(allocator, span);
    (void)ba_free(allocator, span, alignment);
    return ba_realloc(allocator, span, alignment, ba_bytes(90));
}

static inline ba_memory use_of_ba_block_allocator(ba_block_allocator blocks) {
    const ba_alignment alignment = ba_align(16);
    ba_memory span = ba_block_alloc(blocks, ba_bytes(100), alignment);
    if (ba_failed(ba_length_result_error(ba_block_resize(blocks, span, alignment, ba_bytes(50)))) ||
        ba_length_result_is_none(
            ba_block_grow_between(blocks, span, alignment, ba_bytes(60), ba_bytes(70)))) {
        span = ba_block_remap(blocks, span, alignment, ba_bytes(80));
    }
    (void)ba_block_discard(blocks, span);
    (void)ba_block_free(blocks, span, alignment);
    return ba_block_realloc(blocks, span, alignment, ba_bytes(90));
}

static inline ba_memory use_of_typed(ba_allocator allocator, ba_block_allocator blocks) {
    const ba_layout entries = ba_layout_of(template_entry);
    const template_entry none = {TEMPLATE_NULL, 0};
    template_entry *const entry = ba_create(allocator, template_entry);
    ba_memory array = ba_array_alloc(blocks, entries, 3);
    (void)ba_destroy(allocator, template_entry, entry);
    if (ba_failed(ba_length_result_error(ba_array_resize(blocks, entries, array, 2))) ||
        ba_length_result_is_none(ba_array_grow_between(blocks, entries, array, 3, 4))) {
        array = ba_array_remap(blocks, entries, array, 5);
    }
    (void)ba_array_free(blocks, entries, array);
    array = ba_array_alloc_with_sentinel(allocator, entries, 3, &none);
    return ba_array_realloc(allocator, entries, array, 6);
}

static inline ba_length use_of_locked_pools(locked_pool *locked) {
    const ba_memory span = locked_pool_alloc(locked, ba_bytes(100), ba_align(16));
    (void)PBA_HERE(locked_pool_free, locked, span, ba_align(16));
    locked_pool_lock(locked);
    locked_pool_unlock(locked);
    return ba_failed(locked_pool_verify(locked)) ? locked_pool_reset(locked, ba_bytes(0))
                                                 : locked_pool_stats(locked).in_use;
}

static inline ba_length use_of_pools(plain_pool *plain, full_pool *full) {
    const ba_memory span = plain_pool_alloc(plain, ba_bytes(100), ba_align(16));
    const ba_memory other = PBA_HERE(full_pool_alloc, full, ba_bytes(100), ba_align(16));
    (void)plain_pool_free(plain, span, ba_align(16));
    (void)PBA_HERE(full_pool_free, full, other, ba_align(16));
    if (ba_failed(plain_pool_reserve(plain, ba_bytes(4096))) ||
        ba_failed(plain_pool_verify(plain))) {
        return plain_pool_reset(plain, ba_bytes(0));
    }
    (void)full_pool_purge(full);
    return full_pool_trim(full, ba_bytes(plain_pool_stats(plain).peak_in_use.bytes));
}

static inline void use_of_appends(plain_ints_list *list, plain_ints_slice *slice, const int *items,
                                  int **places) {
    sab_append(list, 1);
    sab_append_assume_capacity(list, 2);
    sab_append_items(list, items, 3);
    sab_append_items_assume_capacity(list, items, 3);
    sab_append_n(list, 4, 5);
    sab_append_n_assume_capacity(list, 4, 5);
    places[0] = sab_append_slots(list, 6);
    places[1] = sab_append_slots_assume_capacity(list, 6);
    sab_insert(list, 0, 1);
    sab_insert_assume_capacity(list, 0, 1);
    sab_insert_items(list, 0, items, 3);
    sab_insert_items_assume_capacity(list, 0, items, 3);
    sab_insert_n(list, 0, 4, 5);
    sab_insert_n_assume_capacity(list, 0, 4, 5);
    places[2] = sab_insert_slots(list, 0, 6);
    places[3] = sab_insert_slots_assume_capacity(list, 0, 6);
    sab_replace(list, 0, 1, items, 3);
    sab_replace_assume_capacity(list, 0, 1, items, 3);
    sab_append_from_within(list, 0, 1);
    sab_append_from_within_assume_capacity(list, 0, 1);
    sab_append_slice(list, slice);
    sab_ensure_capacity(list, 100);
    sab_ensure_unused(list, 100);
    sab_set_len(list, 100);
    sab_grow_len(list, 101, 7);
    sab_shrink_len(list, 99);
    places[4] = sab_grow_to_capacity(list);
    *places[0] = sab_ensure_capacity_in_place(list, 200) && sab_ensure_unused_in_place(list, 300);
    sab_shrink_to_fit(list);
}

static inline bool use_of_tries(plain_ints_list *list, plain_ints_slice *slice, const int *items) {
    plain_ints_list other_list;
    plain_ints_slice other_slice;
    int *places = TEMPLATE_NULL;
    int item = 0;
    return ba_failed(sab_try_append(list, 1)) || ba_failed(sab_try_append_items(list, items, 3)) ||
           ba_failed(sab_try_append_n(list, 4, 5)) ||
           ba_failed(sab_try_append_slots(list, 6, &places)) ||
           ba_failed(sab_try_insert(list, 0, 1)) ||
           ba_failed(sab_try_insert_items(list, 0, items, 3)) ||
           ba_failed(sab_try_insert_n(list, 0, 4, 5)) ||
           ba_failed(sab_try_insert_slots(list, 0, 6, &places)) ||
           ba_failed(sab_try_replace(list, 0, 1, items, 3)) ||
           ba_failed(sab_try_append_from_within(list, 0, 1)) ||
           ba_failed(sab_try_append_slice(list, slice)) ||
           ba_failed(sab_try_remove_range(list, 0, 1, &other_list)) ||
           ba_failed(sab_try_swap_remove_range(list, 0, 1, &other_list)) ||
           ba_failed(sab_try_split_off(list, 0, &other_list)) ||
           ba_failed(sab_try_clone(list, &other_list)) ||
           ba_failed(sab_try_ensure_capacity(list, 100)) ||
           ba_failed(sab_try_ensure_unused(list, 100)) ||
           ba_failed(sab_try_grow_len(list, 100, 7)) || ba_failed(sab_try_resize(slice, 8)) ||
           ba_failed(sab_try_resize_at_least(slice, 9)) ||
           ba_failed(sab_try_part_into_slice(list, 0, 1, &other_slice)) ||
           !sab_try_pop(list, &item);
}

static inline void use_of_removals(owned_entries_list *list, template_entry *places,
                                   void (*eat)(void *context, template_entry entry),
                                   bool (*like)(void *context, const template_entry *entry)) {
    owned_entries_list part;
    places[0] = sab_remove(list, 0);
    places[1] = sab_swap_remove(list, 0);
    places[2] = sab_pop(list);
    part = sab_remove_range(list, 0, 1);
    part = sab_swap_remove_range(list, 0, 1);
    part = sab_split_off(list, 0);
    sab_delete(list, 0);
    sab_swap_delete(list, 0);
    sab_delete_range(list, 0, 1);
    sab_swap_delete_range(list, 0, 1);
    sab_move_out(list, 0, places);
    sab_swap_move_out(list, 0, places);
    sab_move_out_range(list, 0, 1, places);
    sab_swap_move_out_range(list, 0, 1, places);
    sab_drain(list, 0, 1, eat, TEMPLATE_NULL);
    sab_retain(list, like, TEMPLATE_NULL);
    sab_dedup(list);
    sab_clear(list);
    sab_release(&part);
}

static inline owned_entries_list use_of_lives(owned_entries_list *list,
                                              owned_entries_slice *slice) {
    owned_entries_list copy_of_list = sab_clone(list);
    owned_entries_slice copy_of_slice = sab_clone(slice);
    owned_entries_slice place = sab_spare_capacity(list);
    sab_resize(slice, 1);
    sab_resize_at_least(slice, 1);
    if (!sab_resize_in_place(slice, 1) || !sab_resize_at_least_in_place(slice, 1)) {
        sab_release(&copy_of_slice);
    }
    place = sab_part_into_slice(list, 0, 1);
    place = sab_into_slice(&copy_of_list);
    copy_of_list = sab_into_list(&place);
    return sab_into_raw(&copy_of_list);
}

static inline int use_of_elements(owned_entries_list *list, const owned_entries_list *other,
                                  const template_entry *value) {
    const owned_entries_view view = sab_view(other);
    const sab_position position = sab_binary_search(list, value);
    sab_swap(list, 0, 1);
    sab_reverse(list);
    sab_sort(list);
    *sab_at_mut(list, 0) = *sab_at(other, 0);
    if (sab_equal(list, other) || sab_find(list, value).found || position.found ||
        sab_first(other) == sab_last(other) || sab_begin(other) == sab_end(other)) {
        return sab_compare(list, other);
    }
    return sab_view_range(list, 0, view.len).len == 0 &&
           sab_terminated(list)->name == TEMPLATE_NULL;
}

static inline sab_writer use_of_text(pooled_texts_list *list) {
    sab_append_format(list, "%d", 1);
    sab_format(list, "%d", 2);
    if (ba_failed(sab_try_append_format(list, "%d", 3)) ||
        ba_failed(sab_try_format(list, "%d", 4))) {
        sab_release(list);
    }
    return sab_as_writer(list);
}

static inline void use_of_the_other_types(unique_entries_list *entries,
                                          shared_numbers_list *numbers, template_node *node,
                                          template_entry entry) {
    sab_append(entries, entry);
    sab_append(numbers, 5);
    SAB_HERE(shared_numbers_list_append, numbers, 6);
    sab_release(entries);
    sab_release(numbers);
    node->number = sab_pop(&node->children).number;
}

#ifdef __cplusplus
}
#endif

#endif /* TESTING_HEADERS_TEMPLATE_TYPES_H_ */
