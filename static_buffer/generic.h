/* The generic functions: sab_FUNCTION(self, ...) for a list or slice of any type that
 * static_buffer/define.h made in this translation unit. Each calls the function TYPE_FUNCTION of
 * define.h, where it is described, with the line of this call; an argument of no such type does not
 * compile. They take what the functions take. The parameters have no names here, because a compound
 * literal as an argument has commas of its own.
 *
 * In C each is one _Generic over the types so far, which are numbered: including the template again
 * adds one. (The idea is Jackson Allan's, of his container library CC and of Verstable.) In C++
 * each is a set of overloads; those that never report are functions there. A C++ template that uses
 * functions on types of later includes this file before. */
#ifndef STATIC_BUFFER_GENERIC_H_
#define STATIC_BUFFER_GENERIC_H_

#include "block_allocator/call_site.h"
#include "static_buffer/internal/slots.h"

/* The function for a list, for a slice, or for either; _READ_: also if it is const. */
#ifdef __cplusplus
#define SAB_ON_LIST_(self, function) sab_##function##_at
#define SAB_ON_SLICE_(self, function) sab_##function##_at
#define SAB_ON_EITHER_(self, function) sab_##function##_at
#define SAB_READ_EITHER_(self, function) sab_##function##_at
#else
#define SAB_ON_LIST_(self, function) _Generic((self)SAB_TABLE_(LIST_, sab_##function##_list_))
#define SAB_ON_SLICE_(self, function) _Generic((self)SAB_TABLE_(SLICE_, sab_##function##_slice_))
#define SAB_ON_EITHER_(self, function)                                                             \
    _Generic((self)SAB_TABLE_(LIST_, sab_##function##_list_)                                       \
                 SAB_TABLE_(SLICE_, sab_##function##_slice_))
#define SAB_READ_EITHER_(self, function)                                                           \
    _Generic((self)SAB_TABLE_(LIST_READ_, sab_##function##_list_)                                  \
                 SAB_TABLE_(SLICE_READ_, sab_##function##_slice_))
#endif

/* BEGIN: written by static_buffer/generate.py. */

/* --- life --- */

#define sab_clone(self) SAB_READ_EITHER_(self, clone)((self), BA_HERE())
#define sab_try_clone(self, ...) SAB_READ_EITHER_(self, try_clone)((self), __VA_ARGS__, BA_HERE())
#define sab_release(self) SAB_ON_EITHER_(self, release)((self), BA_HERE())

/* --- append and insert --- */

#define sab_append(self, ...) SAB_ON_LIST_(self, append)((self), __VA_ARGS__, BA_HERE())
#define sab_try_append(self, ...) SAB_ON_LIST_(self, try_append)((self), __VA_ARGS__, BA_HERE())
#define sab_append_assume_capacity(self, ...)                                                      \
    SAB_ON_LIST_(self, append_assume_capacity)((self), __VA_ARGS__, BA_HERE())
#define sab_append_items(self, ...) SAB_ON_LIST_(self, append_items)((self), __VA_ARGS__, BA_HERE())
#define sab_try_append_items(self, ...)                                                            \
    SAB_ON_LIST_(self, try_append_items)((self), __VA_ARGS__, BA_HERE())
#define sab_append_items_assume_capacity(self, ...)                                                \
    SAB_ON_LIST_(self, append_items_assume_capacity)((self), __VA_ARGS__, BA_HERE())
#define sab_append_n(self, ...) SAB_ON_LIST_(self, append_n)((self), __VA_ARGS__, BA_HERE())
#define sab_try_append_n(self, ...) SAB_ON_LIST_(self, try_append_n)((self), __VA_ARGS__, BA_HERE())
#define sab_append_n_assume_capacity(self, ...)                                                    \
    SAB_ON_LIST_(self, append_n_assume_capacity)((self), __VA_ARGS__, BA_HERE())
#define sab_append_slots(self, ...) SAB_ON_LIST_(self, append_slots)((self), __VA_ARGS__, BA_HERE())
#define sab_try_append_slots(self, ...)                                                            \
    SAB_ON_LIST_(self, try_append_slots)((self), __VA_ARGS__, BA_HERE())
#define sab_append_slots_assume_capacity(self, ...)                                                \
    SAB_ON_LIST_(self, append_slots_assume_capacity)((self), __VA_ARGS__, BA_HERE())
#define sab_insert(self, ...) SAB_ON_LIST_(self, insert)((self), __VA_ARGS__, BA_HERE())
#define sab_try_insert(self, ...) SAB_ON_LIST_(self, try_insert)((self), __VA_ARGS__, BA_HERE())
#define sab_insert_assume_capacity(self, ...)                                                      \
    SAB_ON_LIST_(self, insert_assume_capacity)((self), __VA_ARGS__, BA_HERE())
#define sab_insert_items(self, ...) SAB_ON_LIST_(self, insert_items)((self), __VA_ARGS__, BA_HERE())
#define sab_try_insert_items(self, ...)                                                            \
    SAB_ON_LIST_(self, try_insert_items)((self), __VA_ARGS__, BA_HERE())
#define sab_insert_items_assume_capacity(self, ...)                                                \
    SAB_ON_LIST_(self, insert_items_assume_capacity)((self), __VA_ARGS__, BA_HERE())
#define sab_insert_n(self, ...) SAB_ON_LIST_(self, insert_n)((self), __VA_ARGS__, BA_HERE())
#define sab_try_insert_n(self, ...) SAB_ON_LIST_(self, try_insert_n)((self), __VA_ARGS__, BA_HERE())
#define sab_insert_n_assume_capacity(self, ...)                                                    \
    SAB_ON_LIST_(self, insert_n_assume_capacity)((self), __VA_ARGS__, BA_HERE())
#define sab_insert_slots(self, ...) SAB_ON_LIST_(self, insert_slots)((self), __VA_ARGS__, BA_HERE())
#define sab_try_insert_slots(self, ...)                                                            \
    SAB_ON_LIST_(self, try_insert_slots)((self), __VA_ARGS__, BA_HERE())
#define sab_insert_slots_assume_capacity(self, ...)                                                \
    SAB_ON_LIST_(self, insert_slots_assume_capacity)((self), __VA_ARGS__, BA_HERE())
#define sab_replace(self, ...) SAB_ON_LIST_(self, replace)((self), __VA_ARGS__, BA_HERE())
#define sab_try_replace(self, ...) SAB_ON_LIST_(self, try_replace)((self), __VA_ARGS__, BA_HERE())
#define sab_replace_assume_capacity(self, ...)                                                     \
    SAB_ON_LIST_(self, replace_assume_capacity)((self), __VA_ARGS__, BA_HERE())
#define sab_append_from_within(self, ...)                                                          \
    SAB_ON_LIST_(self, append_from_within)((self), __VA_ARGS__, BA_HERE())
#define sab_try_append_from_within(self, ...)                                                      \
    SAB_ON_LIST_(self, try_append_from_within)((self), __VA_ARGS__, BA_HERE())
#define sab_append_from_within_assume_capacity(self, ...)                                          \
    SAB_ON_LIST_(self, append_from_within_assume_capacity)((self), __VA_ARGS__, BA_HERE())
#define sab_append_slice(self, ...) SAB_ON_LIST_(self, append_slice)((self), __VA_ARGS__, BA_HERE())
#define sab_try_append_slice(self, ...)                                                            \
    SAB_ON_LIST_(self, try_append_slice)((self), __VA_ARGS__, BA_HERE())

/* --- remove, delete, move out --- */

#define sab_remove(self, ...) SAB_ON_LIST_(self, remove)((self), __VA_ARGS__, BA_HERE())
#define sab_swap_remove(self, ...) SAB_ON_LIST_(self, swap_remove)((self), __VA_ARGS__, BA_HERE())
#define sab_remove_range(self, ...) SAB_ON_LIST_(self, remove_range)((self), __VA_ARGS__, BA_HERE())
#define sab_try_remove_range(self, ...)                                                            \
    SAB_ON_LIST_(self, try_remove_range)((self), __VA_ARGS__, BA_HERE())
#define sab_swap_remove_range(self, ...)                                                           \
    SAB_ON_LIST_(self, swap_remove_range)((self), __VA_ARGS__, BA_HERE())
#define sab_try_swap_remove_range(self, ...)                                                       \
    SAB_ON_LIST_(self, try_swap_remove_range)((self), __VA_ARGS__, BA_HERE())
#define sab_delete(self, ...) SAB_ON_LIST_(self, delete)((self), __VA_ARGS__, BA_HERE())
#define sab_swap_delete(self, ...) SAB_ON_LIST_(self, swap_delete)((self), __VA_ARGS__, BA_HERE())
#define sab_delete_range(self, ...) SAB_ON_LIST_(self, delete_range)((self), __VA_ARGS__, BA_HERE())
#define sab_swap_delete_range(self, ...)                                                           \
    SAB_ON_LIST_(self, swap_delete_range)((self), __VA_ARGS__, BA_HERE())
#define sab_move_out(self, ...) SAB_ON_LIST_(self, move_out)((self), __VA_ARGS__, BA_HERE())
#define sab_swap_move_out(self, ...)                                                               \
    SAB_ON_LIST_(self, swap_move_out)((self), __VA_ARGS__, BA_HERE())
#define sab_move_out_range(self, ...)                                                              \
    SAB_ON_LIST_(self, move_out_range)((self), __VA_ARGS__, BA_HERE())
#define sab_swap_move_out_range(self, ...)                                                         \
    SAB_ON_LIST_(self, swap_move_out_range)((self), __VA_ARGS__, BA_HERE())
#define sab_pop(self) SAB_ON_LIST_(self, pop)((self), BA_HERE())
#define sab_drain(self, ...) SAB_ON_LIST_(self, drain)((self), __VA_ARGS__, BA_HERE())
#define sab_split_off(self, ...) SAB_ON_LIST_(self, split_off)((self), __VA_ARGS__, BA_HERE())
#define sab_try_split_off(self, ...)                                                               \
    SAB_ON_LIST_(self, try_split_off)((self), __VA_ARGS__, BA_HERE())

/* --- size --- */

#define sab_ensure_capacity(self, ...)                                                             \
    SAB_ON_LIST_(self, ensure_capacity)((self), __VA_ARGS__, BA_HERE())
#define sab_try_ensure_capacity(self, ...)                                                         \
    SAB_ON_LIST_(self, try_ensure_capacity)((self), __VA_ARGS__, BA_HERE())
#define sab_ensure_capacity_in_place(self, ...)                                                    \
    SAB_ON_LIST_(self, ensure_capacity_in_place)((self), __VA_ARGS__, BA_HERE())
#define sab_ensure_unused(self, ...)                                                               \
    SAB_ON_LIST_(self, ensure_unused)((self), __VA_ARGS__, BA_HERE())
#define sab_try_ensure_unused(self, ...)                                                           \
    SAB_ON_LIST_(self, try_ensure_unused)((self), __VA_ARGS__, BA_HERE())
#define sab_ensure_unused_in_place(self, ...)                                                      \
    SAB_ON_LIST_(self, ensure_unused_in_place)((self), __VA_ARGS__, BA_HERE())
#define sab_shrink_to_fit(self) SAB_ON_LIST_(self, shrink_to_fit)((self), BA_HERE())
#define sab_set_len(self, ...) SAB_ON_LIST_(self, set_len)((self), __VA_ARGS__, BA_HERE())
#define sab_grow_len(self, ...) SAB_ON_LIST_(self, grow_len)((self), __VA_ARGS__, BA_HERE())
#define sab_try_grow_len(self, ...) SAB_ON_LIST_(self, try_grow_len)((self), __VA_ARGS__, BA_HERE())
#define sab_shrink_len(self, ...) SAB_ON_LIST_(self, shrink_len)((self), __VA_ARGS__, BA_HERE())

/* --- life and size --- */

#define sab_resize(self, ...) SAB_ON_SLICE_(self, resize)((self), __VA_ARGS__, BA_HERE())
#define sab_try_resize(self, ...) SAB_ON_SLICE_(self, try_resize)((self), __VA_ARGS__, BA_HERE())
#define sab_resize_in_place(self, ...)                                                             \
    SAB_ON_SLICE_(self, resize_in_place)((self), __VA_ARGS__, BA_HERE())
#define sab_resize_at_least(self, ...)                                                             \
    SAB_ON_SLICE_(self, resize_at_least)((self), __VA_ARGS__, BA_HERE())
#define sab_try_resize_at_least(self, ...)                                                         \
    SAB_ON_SLICE_(self, try_resize_at_least)((self), __VA_ARGS__, BA_HERE())
#define sab_resize_at_least_in_place(self, ...)                                                    \
    SAB_ON_SLICE_(self, resize_at_least_in_place)((self), __VA_ARGS__, BA_HERE())

/* --- lists and slices into each other --- */

#define sab_into_slice(self) SAB_ON_LIST_(self, into_slice)((self), BA_HERE())
#define sab_part_into_slice(self, ...)                                                             \
    SAB_ON_LIST_(self, part_into_slice)((self), __VA_ARGS__, BA_HERE())
#define sab_try_part_into_slice(self, ...)                                                         \
    SAB_ON_LIST_(self, try_part_into_slice)((self), __VA_ARGS__, BA_HERE())

/* --- text, for SAB_BYTES --- */

#define sab_append_format(self, ...)                                                               \
    SAB_ON_LIST_(self, append_format)((self), BA_HERE(), __VA_ARGS__)
#define sab_try_append_format(self, ...)                                                           \
    SAB_ON_LIST_(self, try_append_format)((self), BA_HERE(), __VA_ARGS__)
#define sab_format(self, ...) SAB_ON_LIST_(self, format)((self), BA_HERE(), __VA_ARGS__)
#define sab_try_format(self, ...) SAB_ON_LIST_(self, try_format)((self), BA_HERE(), __VA_ARGS__)

/* --- elements --- */

#define sab_at(self, ...) SAB_READ_EITHER_(self, at)((self), __VA_ARGS__, BA_HERE())
#define sab_at_mut(self, ...) SAB_ON_EITHER_(self, at_mut)((self), __VA_ARGS__, BA_HERE())
#define sab_view_range(self, ...) SAB_READ_EITHER_(self, view_range)((self), __VA_ARGS__, BA_HERE())
#define sab_swap(self, ...) SAB_ON_EITHER_(self, swap)((self), __VA_ARGS__, BA_HERE())

/* --- what never reports: in C++ these are functions --- */

#ifndef __cplusplus

#define sab_into_raw(self) SAB_ON_LIST_(self, into_raw)((self))
#define sab_try_pop(self, ...) SAB_ON_LIST_(self, try_pop)((self), __VA_ARGS__)
#define sab_retain(self, ...) SAB_ON_LIST_(self, retain)((self), __VA_ARGS__)
#define sab_dedup(self) SAB_ON_LIST_(self, dedup)((self))
#define sab_clear(self) SAB_ON_LIST_(self, clear)((self))
#define sab_grow_to_capacity(self) SAB_ON_LIST_(self, grow_to_capacity)((self))
#define sab_spare_capacity(self) SAB_ON_LIST_(self, spare_capacity)((self))
#define sab_into_list(self) SAB_ON_SLICE_(self, into_list)((self))
#define sab_as_writer(self) SAB_ON_LIST_(self, as_writer)((self))
#define sab_first(self) SAB_READ_EITHER_(self, first)((self))
#define sab_last(self) SAB_READ_EITHER_(self, last)((self))
#define sab_begin(self) SAB_READ_EITHER_(self, begin)((self))
#define sab_end(self) SAB_READ_EITHER_(self, end)((self))
#define sab_view(self) SAB_READ_EITHER_(self, view)((self))
#define sab_terminated(self) SAB_READ_EITHER_(self, terminated)((self))
#define sab_reverse(self) SAB_ON_EITHER_(self, reverse)((self))
#define sab_sort(self) SAB_ON_EITHER_(self, sort)((self))
#define sab_binary_search(self, ...) SAB_READ_EITHER_(self, binary_search)((self), __VA_ARGS__)
#define sab_compare(self, ...) SAB_READ_EITHER_(self, compare)((self), __VA_ARGS__)
#define sab_find(self, ...) SAB_READ_EITHER_(self, find)((self), __VA_ARGS__)
#define sab_equal(self, ...) SAB_READ_EITHER_(self, equal)((self), __VA_ARGS__)

#endif /* !__cplusplus */

/* END */

#endif /* STATIC_BUFFER_GENERIC_H_ */
