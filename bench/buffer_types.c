/* A program with as many list types as TYPES says, one or two: what the second one adds to it is
 * what a list type costs. Each is used in the same way, at one place for each function. */
#include <stdint.h>

#include "block_allocator/backing/page_allocator.h"

static ba_block_allocator pages;

#define SAB_NAME first
#define SAB_TYPE uint32_t
#define SAB_ALLOCATOR pages
#include "static_buffer/define.h"

/* What most programs do with a list. A macro, because it is the same for each type. */
#define USE(type)                                                                                  \
    static size_t use_##type(void) {                                                               \
        type##_list list = {0};                                                                    \
        for (unsigned char i = 0; i < 100; i++) {                                                  \
            sab_append(&list, i);                                                                  \
        }                                                                                          \
        sab_insert(&list, 50, 1);                                                                  \
        (void)sab_remove(&list, 10);                                                               \
        type##_slice slice = sab_into_slice(&list);                                                \
        const size_t length = slice.len;                                                           \
        sab_release(&slice);                                                                       \
        return length;                                                                             \
    }

USE(first)

#if TYPES == 2
#define SAB_NAME second
#define SAB_TYPE uint64_t
#define SAB_ALLOCATOR pages
#include "static_buffer/define.h"

USE(second)
#endif

int main(void) {
    pages = ba_page_block_allocator();
    size_t length = use_first();
#if TYPES == 2
    length += use_second();
#endif
    return length == 0;
}
