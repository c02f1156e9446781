/* Wrong types and uses of lists and slices that a C and a C++ compiler must refuse for the stated
 * reason. For define_compile_fail_test, which includes it once. */
#ifndef TESTING_BUFFERS_DEFINE_WRONG_USES_H_
#define TESTING_BUFFERS_DEFINE_WRONG_USES_H_

#include <stdint.h>

#include "block_allocator/block_allocator.h"

extern ba_block_allocator first_blocks;
extern ba_block_allocator second_blocks;

#ifndef NO_NAME
// expect: error: .*SAB_NAME must be defined before static_buffer/define.h is included
#define SAB_NAME first
#endif
typedef int row[4];
typedef int function(void);
struct incomplete;
#ifdef ARRAY_TYPE
// expect in 14 lines: SAB_TYPE.must.be.a.complete.object.type.that.is.no.array
#define SAB_TYPE row
#endif
#ifdef FUNCTION_TYPE
// expect in 14 lines: SAB_TYPE.must.be.a.complete.object.type.that.is.no.array
#define SAB_TYPE function
#endif
#ifdef INCOMPLETE_TYPE
// expect in 14 lines: SAB_TYPE.must.be.a.complete.object.type.that.is.no.array
#define SAB_TYPE struct incomplete
#endif
#ifdef VOID_TYPE
// expect in 14 lines: SAB_TYPE.must.be.a.complete.object.type.that.is.no.array
#define SAB_TYPE void
#endif
#ifdef COPIED_OTHERWISE
// expect C++ in 14 lines: SAB_TYPE must be a type that may be copied byte by byte
struct counted {
    counted(const counted &other);
};
#define SAB_TYPE counted
#endif
#if defined(SAB_TYPE)
#define HAS_WRONG_TYPE
#endif
#ifndef NO_TYPE
// expect: error: .*SAB_TYPE must be defined before static_buffer/define.h is included
#if !defined(SAB_TYPE)
#define SAB_TYPE uint32_t
#endif
#endif
#ifdef NO_SUCH_SEVERITY
// expect in any number of lines: error: static.assert.*failed.*SAB_SEVERITY must be BA_SEVERITY_PANIC or BA_SEVERITY_LOG
#define SAB_SEVERITY 7
#endif
#ifndef NO_ALLOCATOR
// expect: error: .*SAB_ALLOCATOR must be defined before static_buffer/define.h is included
#define SAB_ALLOCATOR first_blocks
#endif
#ifdef WRONG_ALIGNMENT
// expect: error: static.assert.*failed.*SAB_ALIGNMENT must be a power of two
#define SAB_ALIGNMENT 48
#endif
#ifdef SMALL_ALIGNMENT
// expect: error: static.assert.*failed.*SAB_ALIGNMENT must be at least the alignment of SAB_TYPE
#define SAB_ALIGNMENT 1
#endif
#ifdef BYTES_OF_FOUR
// expect: error: static.assert.*failed.*SAB_BYTES needs a SAB_TYPE of one byte
#define SAB_BYTES
#endif
#ifdef BOTH_MODES
// expect in any number of lines: error: .*SAB_DECLARE and SAB_IMPLEMENT exclude each other
#define SAB_DECLARE
#define SAB_IMPLEMENT
#endif
#include "static_buffer/define.h"

#define SAB_NAME second
#define SAB_TYPE uint32_t
#define SAB_ALLOCATOR second_blocks
#include "static_buffer/define.h"

typedef struct owner {
    int *thing;
} owner;

void owner_drop(owner *self);

#define SAB_NAME owners
#define SAB_TYPE owner
#define SAB_ALLOCATOR first_blocks
#define SAB_DROP owner_drop
#include "static_buffer/define.h"

#define SAB_NAME declared
#define SAB_TYPE char
#define SAB_ALLOCATOR first_blocks
#define SAB_DECLARE
#include "static_buffer/define.h"

#ifdef IMPLEMENTED_OTHERWISE
// expect: error: static.assert.*failed.*SAB_IMPLEMENT needs the same parameters as SAB_DECLARE
#define SAB_NAME declared
#define SAB_TYPE char
#define SAB_ALLOCATOR first_blocks
#define SAB_SENTINEL '\0'
#define SAB_IMPLEMENT
#include "static_buffer/define.h"
#endif

#define SAB_NAME names
#define SAB_TYPE const char *
#define SAB_ALLOCATOR first_blocks
#include "static_buffer/define.h"

#if !defined(HAS_WRONG_TYPE)
void wrong_uses(first_list *list, const first_list *constant, first_slice *slice,
                second_list *other, second_slice *others, owners_list *owning, owner thing,
                const names_list *names);

void wrong_uses(first_list *list, const first_list *constant, first_slice *slice,
                second_list *other, second_slice *others, owners_list *owning, owner thing,
                const names_list *names) {
    sab_append(list, 1);
    sab_append(other, 1);
    sab_append_slice(list, slice);
    sab_append_slice(other, others);
    sab_append(owning, thing);
    (void)sab_view(constant);
    (void)sab_view(names);
    sab_release(slice);
#ifdef ANOTHER_ALLOCATORS_SLICE
    // expect gcc C: error: passing argument 2 of .sab_append_slice_list_000. from incompatible pointer type
    // expect clang C: error: incompatible pointer types passing .second_slice .*to parameter of type .first_slice [*]
    // expect C++: error: no matching function for call to .sab_append_slice
    sab_append_slice(list, others);
#endif
#ifdef ANOTHER_ITEM
    // expect gcc C: error: passing argument 2 of .sab_append_list_000. makes integer from pointer without a cast
    // expect clang C: error: incompatible pointer to integer conversion passing .*char
    // expect gcc C++: error: invalid conversion from .const char.*to .first_element
    // expect clang C++: error: no matching function for call to .sab_append
    sab_append(list, "text");
#endif
#ifdef ANOTHER_ITEMS
    // expect gcc C: error: passing argument 2 of .sab_append_items_list_000. from incompatible pointer type
    // expect clang C: error: incompatible pointer types passing .*char
    // expect C++: error: no matching function for call to .sab_append_items
    sab_append_items(list, "text", 4);
#endif
#ifdef APPEND_TO_SLICE
    // expect gcc C: error: ._Generic. selector of type .first_slice .*is not compatible with any association
    // expect clang C: error: controlling expression type .first_slice .*not compatible with any generic association type
    // expect C++: error: no matching function for call to .sab_append
    sab_append(slice, 1);
#endif
#ifdef CONST_LIST
    // expect gcc C: error: ._Generic. selector of type .const first_list .*is not compatible with any association
    // expect clang C: error: controlling expression type .const first_list .*not compatible with any generic association type
    // expect gcc C++: error: invalid conversion from .const first_list.*to .first_list
    // expect clang C++: error: no matching function for call to .sab_append
    sab_append(constant, 1);
#endif
#ifdef LIST_BY_VALUE
    // expect gcc C: error: ._Generic. selector of type .struct first_list. is not compatible with any association
    // expect clang C: error: controlling expression type .first_list. .*not compatible with any generic association type
    // expect C++: error: no matching function for call to .sab_append
    sab_append(*list, 1);
#endif
#ifdef IGNORED_TRY
    // expect: error: ignoring return value of
    sab_try_append(list, 1);
#endif
#ifdef IGNORED_IN_PLACE
    // expect: error: ignoring return value of
    sab_ensure_unused_in_place(list, 1);
#endif
#ifdef CONST_ELEMENT
    // expect gcc: error: assignment of read-only location
    // expect clang: error: read-only variable is not assignable
    *sab_at(list, 0) = 1;
#endif
#ifdef CONST_POINTER_ELEMENT
    // expect gcc: error: assignment of read-only location
    // expect clang: error: read-only variable is not assignable
    *sab_at(names, 0) = "text";
#endif
#ifdef SORT_WITHOUT_ORDER
    // expect: error: call to .*first_list_sort.*SAB_COMPARE or SAB_SCALAR must be defined
    sab_sort(list);
#endif
#ifdef FIND_WITHOUT_EQUAL
    // expect: error: call to .*first_list_find.*SAB_EQUAL or SAB_SCALAR must be defined
    const uint32_t one = 1;
    (void)sab_find(list, &one);
#endif
#ifdef CLONE_WITHOUT_HOOK
    // expect: error: call to .*owners_list_clone.*SAB_CLONE must be defined, for elements are dropped
    owners_list copy = sab_clone(owning);
    sab_release(&copy);
#endif
#ifdef TERMINATED_WITHOUT_SENTINEL
    // expect: error: call to .*first_list_terminated.*SAB_SENTINEL must be defined
    (void)sab_terminated(list);
#endif
#ifdef WRITER_WITHOUT_BYTES
    // expect: error: call to .*first_list_as_writer.*SAB_BYTES must be defined
    (void)sab_as_writer(list);
#endif
}

#endif

typedef struct other_list {
    int *ptr;
} other_list;

void more_wrong_uses(other_list *other);

void more_wrong_uses(other_list *other) {
    (void)other;
#ifdef NOT_REGISTERED
    // expect gcc C: error: ._Generic. selector of type .other_list .*is not compatible with any association
    // expect clang C: error: controlling expression type .other_list .*not compatible with any generic association type
    // expect C++: error: no matching function for call to .sab_release
    sab_release(other);
#endif
}

#endif /* TESTING_BUFFERS_DEFINE_WRONG_USES_H_ */
