/* The table of the functions that have a form with a call site. They may report misuse, or ask the
 * allocator: NAME_KIND_FUNCTION_at(..., ba_call_site site). Part of static_buffer/define.h, which
 * includes it for whatever there is to make of each; not for users. The one who includes it defines
 *
 *     SAB_ROW_(class, type, function, kind, parameters, arguments)
 *     SAB_ROW_VOID_(class, function, kind, parameters, arguments)    for those that return nothing
 *     SAB_ROW_WITHOUT_GENERIC_(type, function, kind, parameters, arguments)
 *
 * where class is FUNCTION; COPIES, for those that need elements that can be copied; or FAST, for
 * those of internal/fast_path.h. All three are undefined again afterwards. */

/* NOLINTBEGIN(misc-no-recursion): an element may hold a list of its own type. */
/* BEGIN: written by static_buffer/generate.py. */
/* clang-format off */
SAB_ROW_WITHOUT_GENERIC_(SAB_LIST_, with_capacity, list,
    (size_t capacity), (capacity))
SAB_ROW_WITHOUT_GENERIC_(BA_MUST_USE ba_error, try_with_capacity, list,
    (SAB_LIST_ *self, size_t capacity), (self, capacity))
SAB_ROW_WITHOUT_GENERIC_(SAB_LIST_, from_raw, list,
    (SAB_T_ *ptr, size_t len, size_t cap), (ptr, len, cap))
SAB_ROW_(COPIES, SAB_LIST_, clone, list,
    (const SAB_LIST_ *self), (self))
SAB_ROW_(COPIES, BA_MUST_USE ba_error, try_clone, list,
    (const SAB_LIST_ *self, SAB_LIST_ *copy), (self, copy))
SAB_ROW_VOID_(FUNCTION, release, list,
    (SAB_LIST_ *self), (self))
SAB_ROW_VOID_(FAST, append, list,
    (SAB_LIST_ *self, SAB_T_ item), (self, item))
SAB_ROW_(FUNCTION, BA_MUST_USE ba_error, try_append, list,
    (SAB_LIST_ *self, SAB_T_ item), (self, item))
SAB_ROW_VOID_(FAST, append_assume_capacity, list,
    (SAB_LIST_ *self, SAB_T_ item), (self, item))
SAB_ROW_VOID_(FUNCTION, append_items, list,
    (SAB_LIST_ *self, const SAB_T_ *items, size_t count), (self, items, count))
SAB_ROW_(FUNCTION, BA_MUST_USE ba_error, try_append_items, list,
    (SAB_LIST_ *self, const SAB_T_ *items, size_t count), (self, items, count))
SAB_ROW_VOID_(FUNCTION, append_items_assume_capacity, list,
    (SAB_LIST_ *self, const SAB_T_ *items, size_t count), (self, items, count))
SAB_ROW_VOID_(COPIES, append_n, list,
    (SAB_LIST_ *self, SAB_T_ value, size_t count), (self, value, count))
SAB_ROW_(COPIES, BA_MUST_USE ba_error, try_append_n, list,
    (SAB_LIST_ *self, SAB_T_ value, size_t count), (self, value, count))
SAB_ROW_VOID_(COPIES, append_n_assume_capacity, list,
    (SAB_LIST_ *self, SAB_T_ value, size_t count), (self, value, count))
SAB_ROW_(FUNCTION, SAB_T_ *, append_slots, list,
    (SAB_LIST_ *self, size_t count), (self, count))
SAB_ROW_(FUNCTION, BA_MUST_USE ba_error, try_append_slots, list,
    (SAB_LIST_ *self, size_t count, SAB_T_ **places), (self, count, places))
SAB_ROW_(FUNCTION, SAB_T_ *, append_slots_assume_capacity, list,
    (SAB_LIST_ *self, size_t count), (self, count))
SAB_ROW_VOID_(FUNCTION, insert, list,
    (SAB_LIST_ *self, size_t index, SAB_T_ item), (self, index, item))
SAB_ROW_(FUNCTION, BA_MUST_USE ba_error, try_insert, list,
    (SAB_LIST_ *self, size_t index, SAB_T_ item), (self, index, item))
SAB_ROW_VOID_(FUNCTION, insert_assume_capacity, list,
    (SAB_LIST_ *self, size_t index, SAB_T_ item), (self, index, item))
SAB_ROW_VOID_(FUNCTION, insert_items, list,
    (SAB_LIST_ *self, size_t index, const SAB_T_ *items, size_t count), (self, index, items, count))
SAB_ROW_(FUNCTION, BA_MUST_USE ba_error, try_insert_items, list,
    (SAB_LIST_ *self, size_t index, const SAB_T_ *items, size_t count), (self, index, items, count))
SAB_ROW_VOID_(FUNCTION, insert_items_assume_capacity, list,
    (SAB_LIST_ *self, size_t index, const SAB_T_ *items, size_t count), (self, index, items, count))
SAB_ROW_VOID_(COPIES, insert_n, list,
    (SAB_LIST_ *self, size_t index, SAB_T_ value, size_t count), (self, index, value, count))
SAB_ROW_(COPIES, BA_MUST_USE ba_error, try_insert_n, list,
    (SAB_LIST_ *self, size_t index, SAB_T_ value, size_t count), (self, index, value, count))
SAB_ROW_VOID_(COPIES, insert_n_assume_capacity, list,
    (SAB_LIST_ *self, size_t index, SAB_T_ value, size_t count), (self, index, value, count))
SAB_ROW_(FUNCTION, SAB_T_ *, insert_slots, list,
    (SAB_LIST_ *self, size_t index, size_t count), (self, index, count))
SAB_ROW_(FUNCTION, BA_MUST_USE ba_error, try_insert_slots, list,
    (SAB_LIST_ *self, size_t index, size_t count, SAB_T_ **places), (self, index, count, places))
SAB_ROW_(FUNCTION, SAB_T_ *, insert_slots_assume_capacity, list,
    (SAB_LIST_ *self, size_t index, size_t count), (self, index, count))
SAB_ROW_VOID_(FUNCTION, replace, list,
    (SAB_LIST_ *self, size_t first, size_t removed, const SAB_T_ *items, size_t count), (self, first, removed, items, count))
SAB_ROW_(FUNCTION, BA_MUST_USE ba_error, try_replace, list,
    (SAB_LIST_ *self, size_t first, size_t removed, const SAB_T_ *items, size_t count), (self, first, removed, items, count))
SAB_ROW_VOID_(FUNCTION, replace_assume_capacity, list,
    (SAB_LIST_ *self, size_t first, size_t removed, const SAB_T_ *items, size_t count), (self, first, removed, items, count))
SAB_ROW_VOID_(COPIES, append_from_within, list,
    (SAB_LIST_ *self, size_t first, size_t count), (self, first, count))
SAB_ROW_(COPIES, BA_MUST_USE ba_error, try_append_from_within, list,
    (SAB_LIST_ *self, size_t first, size_t count), (self, first, count))
SAB_ROW_VOID_(COPIES, append_from_within_assume_capacity, list,
    (SAB_LIST_ *self, size_t first, size_t count), (self, first, count))
SAB_ROW_VOID_(FUNCTION, append_slice, list,
    (SAB_LIST_ *self, SAB_SLICE_ *slice), (self, slice))
SAB_ROW_(FUNCTION, BA_MUST_USE ba_error, try_append_slice, list,
    (SAB_LIST_ *self, SAB_SLICE_ *slice), (self, slice))
SAB_ROW_(FUNCTION, SAB_T_, remove, list,
    (SAB_LIST_ *self, size_t index), (self, index))
SAB_ROW_(FUNCTION, SAB_T_, swap_remove, list,
    (SAB_LIST_ *self, size_t index), (self, index))
SAB_ROW_(FUNCTION, SAB_LIST_, remove_range, list,
    (SAB_LIST_ *self, size_t first, size_t count), (self, first, count))
SAB_ROW_(FUNCTION, BA_MUST_USE ba_error, try_remove_range, list,
    (SAB_LIST_ *self, size_t first, size_t count, SAB_LIST_ *removed), (self, first, count, removed))
SAB_ROW_(FUNCTION, SAB_LIST_, swap_remove_range, list,
    (SAB_LIST_ *self, size_t first, size_t count), (self, first, count))
SAB_ROW_(FUNCTION, BA_MUST_USE ba_error, try_swap_remove_range, list,
    (SAB_LIST_ *self, size_t first, size_t count, SAB_LIST_ *removed), (self, first, count, removed))
SAB_ROW_VOID_(FUNCTION, delete, list,
    (SAB_LIST_ *self, size_t index), (self, index))
SAB_ROW_VOID_(FUNCTION, swap_delete, list,
    (SAB_LIST_ *self, size_t index), (self, index))
SAB_ROW_VOID_(FUNCTION, delete_range, list,
    (SAB_LIST_ *self, size_t first, size_t count), (self, first, count))
SAB_ROW_VOID_(FUNCTION, swap_delete_range, list,
    (SAB_LIST_ *self, size_t first, size_t count), (self, first, count))
SAB_ROW_VOID_(FUNCTION, move_out, list,
    (SAB_LIST_ *self, size_t index, SAB_T_ *destination), (self, index, destination))
SAB_ROW_VOID_(FUNCTION, swap_move_out, list,
    (SAB_LIST_ *self, size_t index, SAB_T_ *destination), (self, index, destination))
SAB_ROW_VOID_(FUNCTION, move_out_range, list,
    (SAB_LIST_ *self, size_t first, size_t count, SAB_T_ *destination), (self, first, count, destination))
SAB_ROW_VOID_(FUNCTION, swap_move_out_range, list,
    (SAB_LIST_ *self, size_t first, size_t count, SAB_T_ *destination), (self, first, count, destination))
SAB_ROW_(FUNCTION, SAB_T_, pop, list,
    (SAB_LIST_ *self), (self))
SAB_ROW_VOID_(FUNCTION, drain, list,
    (SAB_LIST_ *self, size_t first, size_t count, void (*take)(void *context, SAB_T_ item), void *context), (self, first, count, take, context))
SAB_ROW_(FUNCTION, SAB_LIST_, split_off, list,
    (SAB_LIST_ *self, size_t index), (self, index))
SAB_ROW_(FUNCTION, BA_MUST_USE ba_error, try_split_off, list,
    (SAB_LIST_ *self, size_t index, SAB_LIST_ *rest), (self, index, rest))
SAB_ROW_VOID_(FUNCTION, ensure_capacity, list,
    (SAB_LIST_ *self, size_t capacity), (self, capacity))
SAB_ROW_(FUNCTION, BA_MUST_USE ba_error, try_ensure_capacity, list,
    (SAB_LIST_ *self, size_t capacity), (self, capacity))
SAB_ROW_(FUNCTION, BA_MUST_USE bool, ensure_capacity_in_place, list,
    (SAB_LIST_ *self, size_t capacity), (self, capacity))
SAB_ROW_VOID_(FUNCTION, ensure_unused, list,
    (SAB_LIST_ *self, size_t count), (self, count))
SAB_ROW_(FUNCTION, BA_MUST_USE ba_error, try_ensure_unused, list,
    (SAB_LIST_ *self, size_t count), (self, count))
SAB_ROW_(FUNCTION, BA_MUST_USE bool, ensure_unused_in_place, list,
    (SAB_LIST_ *self, size_t count), (self, count))
SAB_ROW_VOID_(FUNCTION, shrink_to_fit, list,
    (SAB_LIST_ *self), (self))
SAB_ROW_VOID_(FUNCTION, set_len, list,
    (SAB_LIST_ *self, size_t len), (self, len))
SAB_ROW_VOID_(COPIES, grow_len, list,
    (SAB_LIST_ *self, size_t len, SAB_T_ value), (self, len, value))
SAB_ROW_(COPIES, BA_MUST_USE ba_error, try_grow_len, list,
    (SAB_LIST_ *self, size_t len, SAB_T_ value), (self, len, value))
SAB_ROW_VOID_(FUNCTION, shrink_len, list,
    (SAB_LIST_ *self, size_t len), (self, len))
SAB_ROW_WITHOUT_GENERIC_(SAB_SLICE_, of, slice,
    (size_t count), (count))
SAB_ROW_WITHOUT_GENERIC_(BA_MUST_USE ba_error, try_of, slice,
    (SAB_SLICE_ *self, size_t count), (self, count))
SAB_ROW_WITHOUT_GENERIC_(SAB_SLICE_, of_at_least, slice,
    (size_t count), (count))
SAB_ROW_WITHOUT_GENERIC_(BA_MUST_USE ba_error, try_of_at_least, slice,
    (SAB_SLICE_ *self, size_t count), (self, count))
SAB_ROW_(COPIES, SAB_SLICE_, clone, slice,
    (const SAB_SLICE_ *self), (self))
SAB_ROW_(COPIES, BA_MUST_USE ba_error, try_clone, slice,
    (const SAB_SLICE_ *self, SAB_SLICE_ *copy), (self, copy))
SAB_ROW_VOID_(FUNCTION, release, slice,
    (SAB_SLICE_ *self), (self))
SAB_ROW_VOID_(FUNCTION, resize, slice,
    (SAB_SLICE_ *self, size_t count), (self, count))
SAB_ROW_(FUNCTION, BA_MUST_USE ba_error, try_resize, slice,
    (SAB_SLICE_ *self, size_t count), (self, count))
SAB_ROW_(FUNCTION, BA_MUST_USE bool, resize_in_place, slice,
    (SAB_SLICE_ *self, size_t count), (self, count))
SAB_ROW_VOID_(FUNCTION, resize_at_least, slice,
    (SAB_SLICE_ *self, size_t count), (self, count))
SAB_ROW_(FUNCTION, BA_MUST_USE ba_error, try_resize_at_least, slice,
    (SAB_SLICE_ *self, size_t count), (self, count))
SAB_ROW_(FUNCTION, BA_MUST_USE bool, resize_at_least_in_place, slice,
    (SAB_SLICE_ *self, size_t count), (self, count))
SAB_ROW_(FUNCTION, SAB_SLICE_, into_slice, list,
    (SAB_LIST_ *self), (self))
SAB_ROW_(FUNCTION, SAB_SLICE_, part_into_slice, list,
    (SAB_LIST_ *self, size_t first, size_t count), (self, first, count))
SAB_ROW_(FUNCTION, BA_MUST_USE ba_error, try_part_into_slice, list,
    (SAB_LIST_ *self, size_t first, size_t count, SAB_SLICE_ *slice), (self, first, count, slice))
SAB_ROW_(FUNCTION, const SAB_T_ *, at, list,
    (const SAB_LIST_ *self, size_t index), (self, index))
SAB_ROW_(FUNCTION, const SAB_T_ *, at, slice,
    (const SAB_SLICE_ *self, size_t index), (self, index))
SAB_ROW_(FUNCTION, SAB_T_ *, at_mut, list,
    (SAB_LIST_ *self, size_t index), (self, index))
SAB_ROW_(FUNCTION, SAB_T_ *, at_mut, slice,
    (SAB_SLICE_ *self, size_t index), (self, index))
SAB_ROW_(FUNCTION, SAB_VIEW_, view_range, list,
    (const SAB_LIST_ *self, size_t first, size_t count), (self, first, count))
SAB_ROW_(FUNCTION, SAB_VIEW_, view_range, slice,
    (const SAB_SLICE_ *self, size_t first, size_t count), (self, first, count))
SAB_ROW_VOID_(FUNCTION, swap, list,
    (SAB_LIST_ *self, size_t first, size_t second), (self, first, second))
SAB_ROW_VOID_(FUNCTION, swap, slice,
    (SAB_SLICE_ *self, size_t first, size_t second), (self, first, second))
#ifdef SAB_BYTES
SAB_ROW_WITHOUT_GENERIC_(BA_MUST_USE BA_PRINTF(2, 0) ba_error, try_vappend_format, list,
    (SAB_LIST_ *self, const char *format, va_list arguments), (self, format, arguments))
SAB_ROW_WITHOUT_GENERIC_(BA_MUST_USE BA_PRINTF(2, 0) ba_error, try_vformat, list,
    (SAB_LIST_ *self, const char *format, va_list arguments), (self, format, arguments))
#endif
/* clang-format on */
/* END */
/* NOLINTEND(misc-no-recursion) */

#undef SAB_ROW_
#undef SAB_ROW_VOID_
#undef SAB_ROW_WITHOUT_GENERIC_
