/* Makes the buffer types of an element type, with the allocator bound to the type. A template:
 * include it once for each pair of element and allocator.
 *
 *     static ba_block_allocator medium_blocks;
 *
 *     #define SAB_NAME      medium_u32      // medium_u32_list, medium_u32_slice, medium_u32_view
 *     #define SAB_TYPE      uint32_t
 *     #define SAB_ALLOCATOR medium_blocks
 *     #include "static_buffer/define.h"
 *
 *     medium_u32_list primes = {0};
 *     sab_append(&primes, 7);               // or medium_u32_list_append(&primes, 7)
 *     sab_release(&primes);                 // no allocator named: the type knows
 *
 * A list {ptr, len, cap} grows. A slice {ptr, len} is an owned run of exactly len elements. A view
 * {ptr, len} is borrowed and read only. {0}, in C++ {}, is the value of each that owns nothing.
 * Members may be read at any time, and never be written. The holder of a list or a slice owns
 * its memory and its elements until release, or until a function that says so takes them away. Do
 * not copy a list or slice and go on using both.
 *
 * Parameters, all undefined again afterwards:
 *
 *     SAB_NAME       prefix of the types and functions; required
 *     SAB_TYPE       the element: a complete object type, no array, that may be copied byte by byte
 *                    (in C++: trivially copyable) and be assigned, spelled so that `SAB_TYPE x;`
 *                    declares one; required
 *     SAB_ALLOCATOR  an lvalue that lives as long as the buffers: a ba_block_allocator, or with
 *                    SAB_POOL_TYPE a pool of that type; required
 *     SAB_POOL_TYPE  the name of a type that pba/define.h made: the allocator is called directly
 *     SAB_SENTINEL   an initializer, a constant expression or, for a struct, one in braces, such
 *                    as {NULL, 0}: a value that is stored after the last element
 *     SAB_ALIGNMENT  bytes, a power of two: of the first element, if more than the type's
 *     SAB_SCALAR     defined: elements are compared with == and <
 *     SAB_BYTES      defined: elements are one byte long and take formatted text
 *     SAB_DROP       void (SAB_TYPE *): releases what an element owns, when it goes away
 *     SAB_CLONE      bool (SAB_TYPE *to, const SAB_TYPE *from): makes a copy that is owned, or
 *                    returns false if there is no memory, and then nothing was made. Without it,
 *                    copies are bytes; with SAB_DROP and without it, functions that copy do not
 *                    compile
 *     SAB_EQUAL      bool (const SAB_TYPE *, const SAB_TYPE *)
 *     SAB_COMPARE    int (const SAB_TYPE *, const SAB_TYPE *): below, at or above 0
 *     SAB_SEVERITY   BA_SEVERITY_PANIC, BA_SEVERITY_LOG: what misuse of these lists and slices
 *                    does; BA_SEVERITY_PANIC
 *     SAB_FORWARD    defined: the types only, before the element is complete, for one that holds a
 *     SAB_FORWARDED  list of itself; needs no allocator. Later this file is included again with the
 *                    same SAB_NAME and SAB_TYPE, and with this one defined, for the rest
 *     SAB_DECLARE    defined: types and fast paths only; the rest is declared. One unit defines
 *     SAB_IMPLEMENT  it: there this file is included again with the same parameters, and with
 *                    SAB_IMPLEMENT defined
 *
 * The functions below are the interface. For each NAME_list_FUNCTION and NAME_slice_FUNCTION whose
 * first argument is a list or slice to work on there is a generic function, sab_FUNCTION, which
 * takes one of any type in this translation unit: a macro over _Generic in C
 * (static_buffer/generic.h), overloads in C++. There is none for those that take a va_list, or make
 * a list or slice from nothing. Headers should use the functions of the type.
 *
 * Three forms of what needs memory. The plain one grows as needed and cannot fail: without memory
 * it ends the program through the misuse handler (block_allocator/misuse.h). try_ returns the error
 * (BA_OUT_OF_MEMORY, BA_LIMIT), which must be looked at, and leaves the object as it was; where a
 * clone failed its elements are as they were, but it may have grown. _assume_capacity never asks
 * the allocator: the room must be there; where it clones and a clone fails, it ends the program.
 * Want of memory is no misuse: it ends the program also where SAB_SEVERITY is BA_SEVERITY_LOG. What
 * a function stores through a pointer to a list or slice is overwritten, not released; it must not
 * be the object itself.
 *
 * Elements with SAB_DROP: one that is passed by value or in an array is moved in, and the list owns
 * it from then on, unless the function failed or says that it clones. Each element is dropped
 * exactly once, in no particular order, and after it has left the list. So callbacks may read the
 * list, and never see what was dropped or is not made yet; they must not change it.
 *
 * An element that holds a list of its own type:
 *
 *     typedef struct node node;
 *
 *     #define SAB_NAME nodes
 *     #define SAB_TYPE node
 *     #define SAB_FORWARD                   // nodes_list, nodes_slice and nodes_view
 *     #include "static_buffer/define.h"
 *
 *     struct node {
 *         int value;
 *         nodes_list children;
 *     };
 *
 *     #define SAB_NAME      nodes
 *     #define SAB_TYPE      node
 *     #define SAB_ALLOCATOR medium_blocks
 *     #define SAB_FORWARDED                 // the rest
 *     #include "static_buffer/define.h"
 *
 * Misuse, such as an index past the end, is BA_OUT_OF_BOUNDS; items, or a place to take elements
 * out to, that lie inside the list's own memory, up to its capacity and the sentinel's place, are
 * BA_OVERLAP. In build modes that check (BA_CHECKS_MISUSE) it is reported through the misuse
 * handler; in the others the caller promised that it does not happen. With BA_SEVERITY_PANIC the
 * report ends the program. With BA_SEVERITY_LOG the call is rejected and has changed nothing: a
 * try_ function returns the error, and the others NULL, an empty list, slice or view, or an element
 * of zeros. Those look like a result: to know, check the length before, or use try_.
 *
 * Other errors of the allocator, such as that it is busy, or does not know the memory, are returned
 * by try_ functions; the others report them with the type's severity. If the allocator does not
 * take memory back, nothing changes: after release, into_slice or append_slice the list or slice
 * still has its elements and its memory.
 *
 * Reports say where the function was called: file and line in debug builds. Generic functions know
 * that place; a function of a type gets it through SAB_HERE: SAB_HERE(medium_u32_list_append,
 * &primes, 7). Each that can report, or asks the allocator, has for that a form with _at and the
 * call site as last argument, except those for text that take arguments like printf(). A function
 * that is called by its name alone reports the address that it returns to.
 *
 * Growth asks the allocator to grow in place, at least to what is needed, at best to twice the
 * capacity (ensure_capacity: at best to the capacity asked for; call ensure_unused in loops), then
 * to move the pages, and only then for new memory, and copies. The capacity is all that fits into
 * the span. Pointers to elements are valid until the next function that may grow, or removes or
 * inserts before them; functions that end in _in_place never move an element. Unless stated
 * otherwise, a function costs O(elements that it is given, removes, drops or moves): it moves those
 * after the place where it inserts or removes in order, and all of them if it has to copy to
 * grow. */
#include <stddef.h>
#include <stdint.h>

#ifdef SAB_BYTES
#include <stdarg.h>
#include <stdio.h>

#include "static_buffer/internal/format.h"
#endif

#include "block_allocator/block_allocator.h"
#include "block_allocator/internal/language.h"
#include "static_buffer/generic.h"
#include "static_buffer/internal/core.h"
#include "static_buffer/internal/parameters.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

#ifndef SAB_IMPLEMENT

#ifdef SAB_FORWARD
#define SAB_ELEMENT_ SAB_TYPE
#else
#include "static_buffer/internal/element.h"
#endif

#ifndef SAB_FORWARDED
/* The element. A type with a name, so that `const` applies to all of it, even if it is a pointer.
 */
typedef SAB_ELEMENT_ SAB_T_;

/* A growing array. */
typedef struct SAB_LIST_ {
    SAB_T_ *ptr;
    size_t len; /* elements */
    size_t cap; /* elements; the sentinel's place is not counted */
} SAB_LIST_;

/* An owned run of exactly len elements. */
typedef struct SAB_SLICE_ {
    SAB_T_ *ptr;
    size_t len; /* elements */
} SAB_SLICE_;

/* A borrowed run of elements, to be read. */
typedef struct SAB_VIEW_ {
    const SAB_T_ *ptr;
    size_t len; /* elements */
} SAB_VIEW_;

#endif /* !SAB_FORWARDED */

#ifndef SAB_FORWARD

BA_STATIC_ASSERT((SAB_SEVERITY) == BA_SEVERITY_PANIC || (SAB_SEVERITY) == BA_SEVERITY_LOG,
                 "SAB_SEVERITY must be BA_SEVERITY_PANIC or BA_SEVERITY_LOG");

/* For the unit that implements the type. Internal. */
enum { SAB_OF_(parameters_) = SAB_PARAMETERS_ };

/* --- lists: life --- */

/* An empty list with room for at least `capacity` elements. */
SAB_FUNCTION_ SAB_LIST_ SAB_OF_(list_with_capacity)(size_t capacity);
SAB_FUNCTION_ BA_MUST_USE ba_error SAB_OF_(list_try_with_capacity)(SAB_LIST_ *self,
                                                                   size_t capacity);

/* A list of raw parts, whose memory and elements it then owns: memory of this type's allocator for
 * `cap` elements and the sentinel, of which the first `len` are made, as list_into_raw() returned
 * them. O(1). */
SAB_FUNCTION_ SAB_LIST_ SAB_OF_(list_from_raw)(SAB_T_ *ptr, size_t len, size_t cap);

/* Returns the raw parts, which the caller then owns; the list is empty. O(1). */
SAB_SILENT_ SAB_LIST_ SAB_OF_(list_into_raw)(SAB_LIST_ *self);

/* A second list with clones of the elements. O(elements). The copy belongs to the caller. */
SAB_COPIES_ SAB_LIST_ SAB_OF_(list_clone)(const SAB_LIST_ *self);
SAB_COPIES_ BA_MUST_USE ba_error SAB_OF_(list_try_clone)(const SAB_LIST_ *self, SAB_LIST_ *copy);

/* Drops the elements and gives the memory back; the list is empty then. If the allocator does not
 * take it, for example because it is busy, that is reported, and the list is as it was. */
SAB_FUNCTION_ void SAB_OF_(list_release)(SAB_LIST_ *self);

/* --- lists: append and insert --- */

/* Appends one element: amortised O(1). The fast path has no call. */
SAB_FAST_ void SAB_OF_(list_append)(SAB_LIST_ *self, SAB_T_ item);
SAB_FUNCTION_ BA_MUST_USE ba_error SAB_OF_(list_try_append)(SAB_LIST_ *self, SAB_T_ item);
SAB_FAST_ void SAB_OF_(list_append_assume_capacity)(SAB_LIST_ *self, SAB_T_ item);

/* Appends `count` items, which are moved in. NULL is right for 0 items. */
SAB_FUNCTION_ void SAB_OF_(list_append_items)(SAB_LIST_ *self, const SAB_T_ *items, size_t count);
SAB_FUNCTION_ BA_MUST_USE ba_error SAB_OF_(list_try_append_items)(SAB_LIST_ *self,
                                                                  const SAB_T_ *items,
                                                                  size_t count);
SAB_FUNCTION_ void SAB_OF_(list_append_items_assume_capacity)(SAB_LIST_ *self, const SAB_T_ *items,
                                                              size_t count);

/* Appends `count` clones of a value, which stays the caller's. */
SAB_COPIES_ void SAB_OF_(list_append_n)(SAB_LIST_ *self, SAB_T_ value, size_t count);
SAB_COPIES_ BA_MUST_USE ba_error SAB_OF_(list_try_append_n)(SAB_LIST_ *self, SAB_T_ value,
                                                            size_t count);
SAB_COPIES_ void SAB_OF_(list_append_n_assume_capacity)(SAB_LIST_ *self, SAB_T_ value,
                                                        size_t count);

/* Appends `count` elements without contents, which the caller must make, and returns the first.
 * try_ stores it in *places. */
SAB_FUNCTION_ SAB_T_ *SAB_OF_(list_append_slots)(SAB_LIST_ *self, size_t count);
SAB_FUNCTION_ BA_MUST_USE ba_error SAB_OF_(list_try_append_slots)(SAB_LIST_ *self, size_t count,
                                                                  SAB_T_ **places);
SAB_FUNCTION_ SAB_T_ *SAB_OF_(list_append_slots_assume_capacity)(SAB_LIST_ *self, size_t count);

/* The same, before the element at `index`, which may be len. */
SAB_FUNCTION_ void SAB_OF_(list_insert)(SAB_LIST_ *self, size_t index, SAB_T_ item);
SAB_FUNCTION_ BA_MUST_USE ba_error SAB_OF_(list_try_insert)(SAB_LIST_ *self, size_t index,
                                                            SAB_T_ item);
SAB_FUNCTION_ void SAB_OF_(list_insert_assume_capacity)(SAB_LIST_ *self, size_t index, SAB_T_ item);
SAB_FUNCTION_ void SAB_OF_(list_insert_items)(SAB_LIST_ *self, size_t index, const SAB_T_ *items,
                                              size_t count);
SAB_FUNCTION_ BA_MUST_USE ba_error SAB_OF_(list_try_insert_items)(SAB_LIST_ *self, size_t index,
                                                                  const SAB_T_ *items,
                                                                  size_t count);
SAB_FUNCTION_ void SAB_OF_(list_insert_items_assume_capacity)(SAB_LIST_ *self, size_t index,
                                                              const SAB_T_ *items, size_t count);
SAB_COPIES_ void SAB_OF_(list_insert_n)(SAB_LIST_ *self, size_t index, SAB_T_ value, size_t count);
SAB_COPIES_ BA_MUST_USE ba_error SAB_OF_(list_try_insert_n)(SAB_LIST_ *self, size_t index,
                                                            SAB_T_ value, size_t count);
SAB_COPIES_ void SAB_OF_(list_insert_n_assume_capacity)(SAB_LIST_ *self, size_t index, SAB_T_ value,
                                                        size_t count);
SAB_FUNCTION_ SAB_T_ *SAB_OF_(list_insert_slots)(SAB_LIST_ *self, size_t index, size_t count);
SAB_FUNCTION_ BA_MUST_USE ba_error SAB_OF_(list_try_insert_slots)(SAB_LIST_ *self, size_t index,
                                                                  size_t count, SAB_T_ **places);
SAB_FUNCTION_ SAB_T_ *SAB_OF_(list_insert_slots_assume_capacity)(SAB_LIST_ *self, size_t index,
                                                                 size_t count);

/* Drops the `removed` elements from `first` on and moves `count` items in at their place. */
SAB_FUNCTION_ void SAB_OF_(list_replace)(SAB_LIST_ *self, size_t first, size_t removed,
                                         const SAB_T_ *items, size_t count);
SAB_FUNCTION_ BA_MUST_USE ba_error SAB_OF_(list_try_replace)(SAB_LIST_ *self, size_t first,
                                                             size_t removed, const SAB_T_ *items,
                                                             size_t count);
SAB_FUNCTION_ void SAB_OF_(list_replace_assume_capacity)(SAB_LIST_ *self, size_t first,
                                                         size_t removed, const SAB_T_ *items,
                                                         size_t count);

/* Appends clones of `count` of the list's own elements, from `first` on. */
SAB_COPIES_ void SAB_OF_(list_append_from_within)(SAB_LIST_ *self, size_t first, size_t count);
SAB_COPIES_ BA_MUST_USE ba_error SAB_OF_(list_try_append_from_within)(SAB_LIST_ *self, size_t first,
                                                                      size_t count);
SAB_COPIES_ void SAB_OF_(list_append_from_within_assume_capacity)(SAB_LIST_ *self, size_t first,
                                                                  size_t count);

/* Appends the elements of a slice, whose memory goes back; the slice is empty then. */
SAB_FUNCTION_ void SAB_OF_(list_append_slice)(SAB_LIST_ *self, SAB_SLICE_ *slice);
SAB_FUNCTION_ BA_MUST_USE ba_error SAB_OF_(list_try_append_slice)(SAB_LIST_ *self,
                                                                  SAB_SLICE_ *slice);

/* --- lists: remove, delete, move out --- */

/* Takes the element at `index` out and returns it. swap_ puts the last element in its place, in
 * O(1), where the other keeps the order. */
SAB_FUNCTION_ SAB_T_ SAB_OF_(list_remove)(SAB_LIST_ *self, size_t index);
SAB_FUNCTION_ SAB_T_ SAB_OF_(list_swap_remove)(SAB_LIST_ *self, size_t index);

/* Takes `count` elements from `first` on out into a new list. swap_ fills the gap with the last
 * elements, in O(count). */
SAB_FUNCTION_ SAB_LIST_ SAB_OF_(list_remove_range)(SAB_LIST_ *self, size_t first, size_t count);
SAB_FUNCTION_ BA_MUST_USE ba_error SAB_OF_(list_try_remove_range)(SAB_LIST_ *self, size_t first,
                                                                  size_t count, SAB_LIST_ *removed);
SAB_FUNCTION_ SAB_LIST_ SAB_OF_(list_swap_remove_range)(SAB_LIST_ *self, size_t first,
                                                        size_t count);
SAB_FUNCTION_ BA_MUST_USE ba_error SAB_OF_(list_try_swap_remove_range)(SAB_LIST_ *self,
                                                                       size_t first, size_t count,
                                                                       SAB_LIST_ *removed);

/* Drops elements. */
SAB_FUNCTION_ void SAB_OF_(list_delete)(SAB_LIST_ *self, size_t index);
SAB_FUNCTION_ void SAB_OF_(list_swap_delete)(SAB_LIST_ *self, size_t index);
SAB_FUNCTION_ void SAB_OF_(list_delete_range)(SAB_LIST_ *self, size_t first, size_t count);
SAB_FUNCTION_ void SAB_OF_(list_swap_delete_range)(SAB_LIST_ *self, size_t first, size_t count);

/* Moves elements out into the caller's memory, which holds none yet. The caller then owns them. */
SAB_FUNCTION_ void SAB_OF_(list_move_out)(SAB_LIST_ *self, size_t index, SAB_T_ *destination);
SAB_FUNCTION_ void SAB_OF_(list_swap_move_out)(SAB_LIST_ *self, size_t index, SAB_T_ *destination);
SAB_FUNCTION_ void SAB_OF_(list_move_out_range)(SAB_LIST_ *self, size_t first, size_t count,
                                                SAB_T_ *destination);
SAB_FUNCTION_ void SAB_OF_(list_swap_move_out_range)(SAB_LIST_ *self, size_t first, size_t count,
                                                     SAB_T_ *destination);

/* Takes the last element out. The list must not be empty; try_pop() returns false if it is. */
SAB_FUNCTION_ SAB_T_ SAB_OF_(list_pop)(SAB_LIST_ *self);
SAB_SILENT_ BA_MUST_USE bool SAB_OF_(list_try_pop)(SAB_LIST_ *self, SAB_T_ *item);

/* Takes `count` elements out, and then passes each to a function, in order. */
SAB_FUNCTION_ void SAB_OF_(list_drain)(SAB_LIST_ *self, size_t first, size_t count,
                                       void (*take)(void *context, SAB_T_ item), void *context);

/* Drops the elements that a function does not want to keep. O(elements). */
SAB_SILENT_ void SAB_OF_(list_retain)(SAB_LIST_ *self,
                                      bool (*keep)(void *context, const SAB_T_ *item),
                                      void *context);

/* Drops each element that equals the one before it. O(elements). */
SAB_EQUALS_ void SAB_OF_(list_dedup)(SAB_LIST_ *self);

/* Takes the elements from `index` on out into a new list. */
SAB_FUNCTION_ SAB_LIST_ SAB_OF_(list_split_off)(SAB_LIST_ *self, size_t index);
SAB_FUNCTION_ BA_MUST_USE ba_error SAB_OF_(list_try_split_off)(SAB_LIST_ *self, size_t index,
                                                               SAB_LIST_ *rest);

/* Drops all elements and keeps the memory. */
SAB_SILENT_ void SAB_OF_(list_clear)(SAB_LIST_ *self);

/* --- lists: size --- */

/* Makes room for `capacity` elements in all, or for `count` more. in_place: false if that would
 * move the elements, or there is no memory. */
SAB_FUNCTION_ void SAB_OF_(list_ensure_capacity)(SAB_LIST_ *self, size_t capacity);
SAB_FUNCTION_ BA_MUST_USE ba_error SAB_OF_(list_try_ensure_capacity)(SAB_LIST_ *self,
                                                                     size_t capacity);
SAB_FUNCTION_ BA_MUST_USE bool SAB_OF_(list_ensure_capacity_in_place)(SAB_LIST_ *self,
                                                                      size_t capacity);
SAB_FUNCTION_ void SAB_OF_(list_ensure_unused)(SAB_LIST_ *self, size_t count);
SAB_FUNCTION_ BA_MUST_USE ba_error SAB_OF_(list_try_ensure_unused)(SAB_LIST_ *self, size_t count);
SAB_FUNCTION_ BA_MUST_USE bool SAB_OF_(list_ensure_unused_in_place)(SAB_LIST_ *self, size_t count);

/* Gives back the memory after the last element, in whole blocks, in place. */
SAB_FUNCTION_ void SAB_OF_(list_shrink_to_fit)(SAB_LIST_ *self);

/* Sets the length, at most the capacity. No element is made or dropped: the caller must have made
 * those up to `len`. */
SAB_FUNCTION_ void SAB_OF_(list_set_len)(SAB_LIST_ *self, size_t len);

/* Makes the list longer by clones of a value, which stays the caller's. */
SAB_COPIES_ void SAB_OF_(list_grow_len)(SAB_LIST_ *self, size_t len, SAB_T_ value);
SAB_COPIES_ BA_MUST_USE ba_error SAB_OF_(list_try_grow_len)(SAB_LIST_ *self, size_t len,
                                                            SAB_T_ value);

/* Drops the elements from `len` on. */
SAB_FUNCTION_ void SAB_OF_(list_shrink_len)(SAB_LIST_ *self, size_t len);

/* Makes the length the capacity; the new elements are the caller's to make. Returns the first. */
SAB_SILENT_ SAB_T_ *SAB_OF_(list_grow_to_capacity)(SAB_LIST_ *self);

/* The unused capacity: the cap - len places after the last element, without contents, borrowed.
 * What is put there becomes part of the list with set_len(). The first place holds the sentinel, if
 * there is one: after writing there, call set_len() in any case. */
SAB_SILENT_ SAB_SLICE_ SAB_OF_(list_spare_capacity)(SAB_LIST_ *self);

/* --- slices: life and size --- */

/* A slice of `count` elements without contents; of_at_least: of all that fit into the span. */
SAB_FUNCTION_ SAB_SLICE_ SAB_OF_(slice_of)(size_t count);
SAB_FUNCTION_ BA_MUST_USE ba_error SAB_OF_(slice_try_of)(SAB_SLICE_ *self, size_t count);
SAB_FUNCTION_ SAB_SLICE_ SAB_OF_(slice_of_at_least)(size_t count);
SAB_FUNCTION_ BA_MUST_USE ba_error SAB_OF_(slice_try_of_at_least)(SAB_SLICE_ *self, size_t count);

/* A second slice with clones of the elements. */
SAB_COPIES_ SAB_SLICE_ SAB_OF_(slice_clone)(const SAB_SLICE_ *self);
SAB_COPIES_ BA_MUST_USE ba_error SAB_OF_(slice_try_clone)(const SAB_SLICE_ *self, SAB_SLICE_ *copy);

/* Drops the elements and gives the memory back; the slice is empty then. Refused as for a list. */
SAB_FUNCTION_ void SAB_OF_(slice_release)(SAB_SLICE_ *self);

/* Makes a slice `count` elements long, or (at_least) as long as the span that holds as many.
 * Surplus elements are dropped; the caller must make the new ones. in_place: false if it would
 * move, or there is no memory. */
SAB_FUNCTION_ void SAB_OF_(slice_resize)(SAB_SLICE_ *self, size_t count);
SAB_FUNCTION_ BA_MUST_USE ba_error SAB_OF_(slice_try_resize)(SAB_SLICE_ *self, size_t count);
SAB_FUNCTION_ BA_MUST_USE bool SAB_OF_(slice_resize_in_place)(SAB_SLICE_ *self, size_t count);
SAB_FUNCTION_ void SAB_OF_(slice_resize_at_least)(SAB_SLICE_ *self, size_t count);
SAB_FUNCTION_ BA_MUST_USE ba_error SAB_OF_(slice_try_resize_at_least)(SAB_SLICE_ *self,
                                                                      size_t count);
SAB_FUNCTION_ BA_MUST_USE bool SAB_OF_(slice_resize_at_least_in_place)(SAB_SLICE_ *self,
                                                                       size_t count);

/* --- lists and slices into each other --- */

/* Turns a list into a slice, or a slice into a list; the source is empty then. Elements do not
 * move. */
SAB_FUNCTION_ SAB_SLICE_ SAB_OF_(list_into_slice)(SAB_LIST_ *self);
SAB_SILENT_ SAB_LIST_ SAB_OF_(slice_into_list)(SAB_SLICE_ *self);

/* Moves a part of a list into a new slice; the rest stays, in order. */
SAB_FUNCTION_ SAB_SLICE_ SAB_OF_(list_part_into_slice)(SAB_LIST_ *self, size_t first, size_t count);
SAB_FUNCTION_ BA_MUST_USE ba_error SAB_OF_(list_try_part_into_slice)(SAB_LIST_ *self, size_t first,
                                                                     size_t count,
                                                                     SAB_SLICE_ *slice);

/* --- text, for SAB_BYTES --- */

/* Appends what printf() would print; format: replaces what the list holds, once there is room for
 * both. Arguments may point into the list: they are read before its old contents go away, even if
 * it moves. All of the capacity can be used: if no place is left for printf's terminator, text of
 * up to 4096 bytes is printed to the stack first, and longer text to a temporary file; if the
 * system has none, that needs memory for one more byte. Printing nothing needs no memory. Errors
 * besides those of memory: BA_UNSUPPORTED if an argument cannot be printed. */
#ifdef SAB_BYTES
SAB_FUNCTION_ BA_PRINTF(2, 3) void SAB_OF_(list_append_format)(SAB_LIST_ *self, const char *format,
                                                               ...);
SAB_FUNCTION_ BA_MUST_USE BA_PRINTF(2, 3) ba_error
    SAB_OF_(list_try_append_format)(SAB_LIST_ *self, const char *format, ...);
SAB_FUNCTION_ BA_MUST_USE BA_PRINTF(2, 0) ba_error
    SAB_OF_(list_try_vappend_format)(SAB_LIST_ *self, const char *format, va_list arguments);
SAB_FUNCTION_ BA_PRINTF(2, 3) void SAB_OF_(list_format)(SAB_LIST_ *self, const char *format, ...);
SAB_FUNCTION_ BA_MUST_USE BA_PRINTF(2, 3) ba_error
    SAB_OF_(list_try_format)(SAB_LIST_ *self, const char *format, ...);
SAB_FUNCTION_ BA_MUST_USE BA_PRINTF(2, 0) ba_error
    SAB_OF_(list_try_vformat)(SAB_LIST_ *self, const char *format, va_list arguments);
#endif

/* A writer that appends to the list, which is borrowed; static_buffer/file_view.h makes a FILE of
 * it. It takes nothing if there is no memory. */
SAB_FORMATS_ sab_writer SAB_OF_(list_as_writer)(SAB_LIST_ *self);

#define SAB_KIND_ list
#define SAB_SELF_ SAB_LIST_
#include "static_buffer/internal/elements_declare.h"
#undef SAB_KIND_
#undef SAB_SELF_
#define SAB_KIND_ slice
#define SAB_SELF_ SAB_SLICE_
#include "static_buffer/internal/elements_declare.h"
#undef SAB_KIND_
#undef SAB_SELF_

#include "static_buffer/internal/with_site.h"

/* After with_site.h. */
#include "static_buffer/internal/fast_path.h"
#include "static_buffer/internal/register.h"

#endif /* !SAB_FORWARD */
#endif /* !SAB_IMPLEMENT */

#ifdef SAB_IMPLEMENT
BA_STATIC_ASSERT(SAB_OF_(parameters_) == SAB_PARAMETERS_ && sizeof(SAB_TYPE) == sizeof(SAB_T_),
                 "SAB_IMPLEMENT needs the same parameters as SAB_DECLARE");
#endif

#if !defined(SAB_DECLARE) && !defined(SAB_FORWARD)
#include "static_buffer/internal/memory.h"

/* After memory.h. */
#include "static_buffer/internal/list.h"
#include "static_buffer/internal/list_insert.h"
#include "static_buffer/internal/list_remove.h"
#include "static_buffer/internal/list_slice.h"
#include "static_buffer/internal/slice.h"
#ifdef SAB_BYTES
#include "static_buffer/internal/text.h"
#endif
#ifdef SAB_CAN_COMPARE_
#include "static_buffer/internal/sort.h"
#endif
#define SAB_KIND_ list
#define SAB_SELF_ SAB_LIST_
#include "static_buffer/internal/elements.h"
#undef SAB_KIND_
#undef SAB_SELF_
#define SAB_KIND_ slice
#define SAB_SELF_ SAB_SLICE_
#include "static_buffer/internal/elements.h"
#undef SAB_KIND_
#undef SAB_SELF_
#include "static_buffer/internal/without_site.h"
#endif /* !SAB_DECLARE && !SAB_FORWARD */

#ifdef __cplusplus
}
#endif

#if !defined(SAB_IMPLEMENT) && !defined(SAB_FORWARD)
#include "static_buffer/internal/next_slot.h"
#endif

BA_HEADER_END

#include "static_buffer/internal/undefine.h"
