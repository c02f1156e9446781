/* The verbs: sab_VERB(self, ...) for a list or slice of any type that static_buffer/define.h made
 * in this translation unit. Each calls the function TYPE_VERB of define.h, where it is described;
 * an argument of no such type does not compile.
 *
 * In C each is one _Generic over the types so far, which are numbered: including the template again
 * adds one. (The idea is Jackson Allan's, of his container library CC and of Verstable.) In C++ the
 * verbs are overloads, and this file is empty. */
#ifndef STATIC_BUFFER_VERBS_H_
#define STATIC_BUFFER_VERBS_H_

#include "static_buffer/template/slots.h"

#ifndef __cplusplus

/* The function for a list, for a slice, or for either; _READ_: also if it is const. */
#define SAB_ON_LIST_(self, verb) _Generic((self)SAB_TABLE_(LIST_, sab_##verb##_list_))
#define SAB_ON_SLICE_(self, verb) _Generic((self)SAB_TABLE_(SLICE_, sab_##verb##_slice_))
#define SAB_ON_EITHER_(self, verb)                                                                 \
    _Generic((self)SAB_TABLE_(LIST_, sab_##verb##_list_) SAB_TABLE_(SLICE_, sab_##verb##_slice_))
#define SAB_READ_EITHER_(self, verb)                                                               \
    _Generic((self)SAB_TABLE_(LIST_READ_, sab_##verb##_list_)                                      \
                 SAB_TABLE_(SLICE_READ_, sab_##verb##_slice_))

/* --- life --- */

#define sab_clone(self) SAB_READ_EITHER_(self, clone)((self))
#define sab_try_clone(self, copy) SAB_READ_EITHER_(self, try_clone)((self), (copy))
#define sab_release(self) SAB_ON_EITHER_(self, release)((self))
#define sab_give(self) SAB_ON_LIST_(self, give)((self))

/* --- append and insert --- */

#define sab_append(self, item) SAB_ON_LIST_(self, append)((self), (item))
#define sab_try_append(self, item) SAB_ON_LIST_(self, try_append)((self), (item))
#define sab_append_assume_capacity(self, item)                                                     \
    SAB_ON_LIST_(self, append_assume_capacity)((self), (item))
#define sab_append_items(self, items, count)                                                       \
    SAB_ON_LIST_(self, append_items)((self), (items), (count))
#define sab_try_append_items(self, items, count)                                                   \
    SAB_ON_LIST_(self, try_append_items)((self), (items), (count))
#define sab_append_items_assume_capacity(self, items, count)                                       \
    SAB_ON_LIST_(self, append_items_assume_capacity)((self), (items), (count))
#define sab_append_n(self, value, count) SAB_ON_LIST_(self, append_n)((self), (value), (count))
#define sab_try_append_n(self, value, count)                                                       \
    SAB_ON_LIST_(self, try_append_n)((self), (value), (count))
#define sab_append_n_assume_capacity(self, value, count)                                           \
    SAB_ON_LIST_(self, append_n_assume_capacity)((self), (value), (count))
#define sab_append_slots(self, count) SAB_ON_LIST_(self, append_slots)((self), (count))
#define sab_try_append_slots(self, count, slots)                                                   \
    SAB_ON_LIST_(self, try_append_slots)((self), (count), (slots))
#define sab_append_slots_assume_capacity(self, count)                                              \
    SAB_ON_LIST_(self, append_slots_assume_capacity)((self), (count))
#define sab_insert(self, index, item) SAB_ON_LIST_(self, insert)((self), (index), (item))
#define sab_try_insert(self, index, item) SAB_ON_LIST_(self, try_insert)((self), (index), (item))
#define sab_insert_assume_capacity(self, index, item)                                              \
    SAB_ON_LIST_(self, insert_assume_capacity)((self), (index), (item))
#define sab_insert_items(self, index, items, count)                                                \
    SAB_ON_LIST_(self, insert_items)((self), (index), (items), (count))
#define sab_try_insert_items(self, index, items, count)                                            \
    SAB_ON_LIST_(self, try_insert_items)((self), (index), (items), (count))
#define sab_insert_items_assume_capacity(self, index, items, count)                                \
    SAB_ON_LIST_(self, insert_items_assume_capacity)((self), (index), (items), (count))
#define sab_insert_n(self, index, value, count)                                                    \
    SAB_ON_LIST_(self, insert_n)((self), (index), (value), (count))
#define sab_try_insert_n(self, index, value, count)                                                \
    SAB_ON_LIST_(self, try_insert_n)((self), (index), (value), (count))
#define sab_insert_n_assume_capacity(self, index, value, count)                                    \
    SAB_ON_LIST_(self, insert_n_assume_capacity)((self), (index), (value), (count))
#define sab_insert_slots(self, index, count)                                                       \
    SAB_ON_LIST_(self, insert_slots)((self), (index), (count))
#define sab_try_insert_slots(self, index, count, slots)                                            \
    SAB_ON_LIST_(self, try_insert_slots)((self), (index), (count), (slots))
#define sab_insert_slots_assume_capacity(self, index, count)                                       \
    SAB_ON_LIST_(self, insert_slots_assume_capacity)((self), (index), (count))
#define sab_replace(self, first, removed, items, count)                                            \
    SAB_ON_LIST_(self, replace)((self), (first), (removed), (items), (count))
#define sab_try_replace(self, first, removed, items, count)                                        \
    SAB_ON_LIST_(self, try_replace)((self), (first), (removed), (items), (count))
#define sab_replace_assume_capacity(self, first, removed, items, count)                            \
    SAB_ON_LIST_(self, replace_assume_capacity)((self), (first), (removed), (items), (count))
#define sab_append_from_within(self, first, count)                                                 \
    SAB_ON_LIST_(self, append_from_within)((self), (first), (count))
#define sab_try_append_from_within(self, first, count)                                             \
    SAB_ON_LIST_(self, try_append_from_within)((self), (first), (count))
#define sab_append_from_within_assume_capacity(self, first, count)                                 \
    SAB_ON_LIST_(self, append_from_within_assume_capacity)((self), (first), (count))
#define sab_append_slice(self, slice) SAB_ON_LIST_(self, append_slice)((self), (slice))
#define sab_try_append_slice(self, slice) SAB_ON_LIST_(self, try_append_slice)((self), (slice))

/* --- remove, delete, transplant --- */

#define sab_remove(self, index) SAB_ON_LIST_(self, remove)((self), (index))
#define sab_remove_range(self, first, count)                                                       \
    SAB_ON_LIST_(self, remove_range)((self), (first), (count))
#define sab_try_remove_range(self, first, count, removed)                                          \
    SAB_ON_LIST_(self, try_remove_range)((self), (first), (count), (removed))
#define sab_delete(self, index) SAB_ON_LIST_(self, delete)((self), (index))
#define sab_delete_range(self, first, count)                                                       \
    SAB_ON_LIST_(self, delete_range)((self), (first), (count))
#define sab_transplant(self, index, destination)                                                   \
    SAB_ON_LIST_(self, transplant)((self), (index), (destination))
#define sab_transplant_range(self, first, count, destination)                                      \
    SAB_ON_LIST_(self, transplant_range)((self), (first), (count), (destination))
#define sab_swap_remove(self, index) SAB_ON_LIST_(self, swap_remove)((self), (index))
#define sab_swap_remove_range(self, first, count)                                                  \
    SAB_ON_LIST_(self, swap_remove_range)((self), (first), (count))
#define sab_try_swap_remove_range(self, first, count, removed)                                     \
    SAB_ON_LIST_(self, try_swap_remove_range)((self), (first), (count), (removed))
#define sab_swap_delete(self, index) SAB_ON_LIST_(self, swap_delete)((self), (index))
#define sab_swap_delete_range(self, first, count)                                                  \
    SAB_ON_LIST_(self, swap_delete_range)((self), (first), (count))
#define sab_swap_transplant(self, index, destination)                                              \
    SAB_ON_LIST_(self, swap_transplant)((self), (index), (destination))
#define sab_swap_transplant_range(self, first, count, destination)                                 \
    SAB_ON_LIST_(self, swap_transplant_range)((self), (first), (count), (destination))
#define sab_pop(self) SAB_ON_LIST_(self, pop)((self))
#define sab_try_pop(self, item) SAB_ON_LIST_(self, try_pop)((self), (item))
#define sab_drain(self, first, count, take, context)                                               \
    SAB_ON_LIST_(self, drain)((self), (first), (count), (take), (context))
#define sab_retain(self, keep, context) SAB_ON_LIST_(self, retain)((self), (keep), (context))
#define sab_dedup(self) SAB_ON_LIST_(self, dedup)((self))
#define sab_split_off(self, index) SAB_ON_LIST_(self, split_off)((self), (index))
#define sab_try_split_off(self, index, rest)                                                       \
    SAB_ON_LIST_(self, try_split_off)((self), (index), (rest))
#define sab_clear(self) SAB_ON_LIST_(self, clear)((self))

/* --- size --- */

#define sab_ensure_capacity(self, capacity) SAB_ON_LIST_(self, ensure_capacity)((self), (capacity))
#define sab_try_ensure_capacity(self, capacity)                                                    \
    SAB_ON_LIST_(self, try_ensure_capacity)((self), (capacity))
#define sab_ensure_capacity_in_place(self, capacity)                                               \
    SAB_ON_LIST_(self, ensure_capacity_in_place)((self), (capacity))
#define sab_ensure_unused(self, count) SAB_ON_LIST_(self, ensure_unused)((self), (count))
#define sab_try_ensure_unused(self, count) SAB_ON_LIST_(self, try_ensure_unused)((self), (count))
#define sab_ensure_unused_in_place(self, count)                                                    \
    SAB_ON_LIST_(self, ensure_unused_in_place)((self), (count))
#define sab_shrink_to_fit(self) SAB_ON_LIST_(self, shrink_to_fit)((self))
#define sab_set_len(self, len) SAB_ON_LIST_(self, set_len)((self), (len))
#define sab_grow_len(self, len, value) SAB_ON_LIST_(self, grow_len)((self), (len), (value))
#define sab_try_grow_len(self, len, value) SAB_ON_LIST_(self, try_grow_len)((self), (len), (value))
#define sab_shrink_len(self, len) SAB_ON_LIST_(self, shrink_len)((self), (len))
#define sab_grow_to_capacity(self) SAB_ON_LIST_(self, grow_to_capacity)((self))
#define sab_spare(self) SAB_ON_LIST_(self, spare)((self))
#define sab_resize(self, count) SAB_ON_SLICE_(self, resize)((self), (count))
#define sab_try_resize(self, count) SAB_ON_SLICE_(self, try_resize)((self), (count))
#define sab_resize_in_place(self, count) SAB_ON_SLICE_(self, resize_in_place)((self), (count))
#define sab_resize_at_least(self, count) SAB_ON_SLICE_(self, resize_at_least)((self), (count))
#define sab_try_resize_at_least(self, count)                                                       \
    SAB_ON_SLICE_(self, try_resize_at_least)((self), (count))
#define sab_resize_at_least_in_place(self, count)                                                  \
    SAB_ON_SLICE_(self, resize_at_least_in_place)((self), (count))

/* --- lists and slices into each other --- */

#define sab_into_slice(self) SAB_ON_LIST_(self, into_slice)((self))
#define sab_into_list(self) SAB_ON_SLICE_(self, into_list)((self))
#define sab_part_into_slice(self, first, count)                                                    \
    SAB_ON_LIST_(self, part_into_slice)((self), (first), (count))
#define sab_try_part_into_slice(self, first, count, slice)                                         \
    SAB_ON_LIST_(self, try_part_into_slice)((self), (first), (count), (slice))

/* --- text --- */

#define sab_as_writer(self) SAB_ON_LIST_(self, as_writer)((self))
#define sab_append_format(self, ...) SAB_ON_LIST_(self, append_format)((self), __VA_ARGS__)
#define sab_try_append_format(self, ...) SAB_ON_LIST_(self, try_append_format)((self), __VA_ARGS__)
#define sab_format(self, ...) SAB_ON_LIST_(self, format)((self), __VA_ARGS__)
#define sab_try_format(self, ...) SAB_ON_LIST_(self, try_format)((self), __VA_ARGS__)

/* --- elements --- */

#define sab_at(self, index) SAB_READ_EITHER_(self, at)((self), (index))
#define sab_at_mut(self, index) SAB_ON_EITHER_(self, at_mut)((self), (index))
#define sab_first(self) SAB_READ_EITHER_(self, first)((self))
#define sab_last(self) SAB_READ_EITHER_(self, last)((self))
#define sab_begin(self) SAB_READ_EITHER_(self, begin)((self))
#define sab_end(self) SAB_READ_EITHER_(self, end)((self))
#define sab_view(self) SAB_READ_EITHER_(self, view)((self))
#define sab_view_range(self, first, count)                                                         \
    SAB_READ_EITHER_(self, view_range)((self), (first), (count))
#define sab_terminated(self) SAB_READ_EITHER_(self, terminated)((self))
#define sab_swap(self, first, second) SAB_ON_EITHER_(self, swap)((self), (first), (second))
#define sab_reverse(self) SAB_ON_EITHER_(self, reverse)((self))
#define sab_sort(self) SAB_ON_EITHER_(self, sort)((self))
#define sab_binary_search(self, value) SAB_READ_EITHER_(self, binary_search)((self), (value))
#define sab_compare(self, other) SAB_READ_EITHER_(self, compare)((self), (other))
#define sab_find(self, value) SAB_READ_EITHER_(self, find)((self), (value))
#define sab_equal(self, other) SAB_READ_EITHER_(self, equal)((self), (other))

#endif /* !__cplusplus */

#endif /* STATIC_BUFFER_VERBS_H_ */
