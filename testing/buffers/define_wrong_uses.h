/* Wrong uses that are refused in C and in C++ alike. For define_compile_fail_test, which includes
 * it once. */
#ifndef TESTING_BUFFERS_DEFINE_WRONG_USES_H_
#define TESTING_BUFFERS_DEFINE_WRONG_USES_H_

#include <stdint.h>

#include "block_allocator/block_allocator.h"

extern ba_block_allocator first_blocks;
extern ba_block_allocator second_blocks;

#ifndef NO_NAME
#define SAB_NAME first
#endif
typedef int row[4];
typedef int function(void);
struct incomplete;
#if defined(ARRAY_TYPE)
#define SAB_TYPE row
#elif defined(FUNCTION_TYPE)
#define SAB_TYPE function
#elif defined(INCOMPLETE_TYPE)
#define SAB_TYPE struct incomplete
#elif defined(VOID_TYPE)
#define SAB_TYPE void
#elif defined(COPIED_OTHERWISE)
struct counted {
    counted(const counted &other);
};
#define SAB_TYPE counted
#elif !defined(NO_TYPE)
#define SAB_TYPE uint32_t
#endif
#ifdef NO_SUCH_SEVERITY
#define SAB_SEVERITY 7
#endif
#ifndef NO_ALLOCATOR
#define SAB_ALLOCATOR first_blocks
#endif
#ifdef WRONG_ALIGNMENT
#define SAB_ALIGNMENT 48
#endif
#ifdef SMALL_ALIGNMENT
#define SAB_ALIGNMENT 1
#endif
#ifdef BYTES_OF_FOUR
#define SAB_BYTES
#endif
#ifdef BOTH_MODES
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

#if !defined(ARRAY_TYPE) && !defined(FUNCTION_TYPE) && !defined(INCOMPLETE_TYPE) &&                \
    !defined(VOID_TYPE) && !defined(COPIED_OTHERWISE)
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
    sab_append_slice(list, others);
#endif
#ifdef ANOTHER_ITEM
    sab_append(list, "text");
#endif
#ifdef ANOTHER_ITEMS
    sab_append_items(list, "text", 4);
#endif
#ifdef APPEND_TO_SLICE
    sab_append(slice, 1);
#endif
#ifdef CONST_LIST
    sab_append(constant, 1);
#endif
#ifdef LIST_BY_VALUE
    sab_append(*list, 1);
#endif
#ifdef IGNORED_TRY
    sab_try_append(list, 1);
#endif
#ifdef IGNORED_IN_PLACE
    sab_ensure_unused_in_place(list, 1);
#endif
#ifdef CONST_ELEMENT
    *sab_at(list, 0) = 1;
#endif
#ifdef CONST_POINTER_ELEMENT
    *sab_at(names, 0) = "text";
#endif
#ifdef SORT_WITHOUT_ORDER
    sab_sort(list);
#endif
#ifdef FIND_WITHOUT_EQUAL
    const uint32_t one = 1;
    (void)sab_find(list, &one);
#endif
#ifdef CLONE_WITHOUT_HOOK
    owners_list copy = sab_clone(owning);
    sab_release(&copy);
#endif
#ifdef TERMINATED_WITHOUT_SENTINEL
    (void)sab_terminated(list);
#endif
#ifdef WRITER_WITHOUT_BYTES
    (void)sab_as_writer(list);
#endif
}

#endif

#endif /* TESTING_BUFFERS_DEFINE_WRONG_USES_H_ */
