// The template in a user's own extern "C" block, compiled as each C++ from C++11 to C++20. Without
// GoogleTest, whose later releases refuse the older ones.
#include <cstdio>
#include <cstring>

extern "C" {
#include <stdint.h>

#include "block_allocator/backing/libc_allocator.h"

static ba_block_allocator numbers_blocks;

#define SAB_NAME numbers
#define SAB_TYPE uint32_t
#define SAB_ALLOCATOR numbers_blocks
#define SAB_SCALAR
#include "static_buffer/define.h"

#define SAB_NAME letters
#define SAB_TYPE char
#define SAB_ALLOCATOR numbers_blocks
#define SAB_SENTINEL '\0'
#define SAB_BYTES
#include "static_buffer/define.h"
}

#define EXPECT(condition) expect((condition), __LINE__, #condition)

namespace {

int failures = 0;

void expect(bool holds, int line, const char *condition) {
    if (!holds) {
        (void)std::fprintf(stderr, "line %d: %s does not hold\n", line, condition);
        failures++;
    }
}

void test_generic_functions_are_overloads() {
    numbers_blocks = ba_libc_block_allocator();
    numbers_list numbers = {};
    letters_list letters = {};
    sab_append(&numbers, 7U);
    sab_append(&letters, 'a');
    sab_append_format(&letters, "%d", 7);
    EXPECT(*sab_at(&numbers, 0) == 7U);
    EXPECT(std::strcmp(sab_terminated(&letters), "a7") == 0);
    numbers_slice slice = sab_into_slice(&numbers);
    EXPECT(sab_view(&slice).len == 1U);
    sab_release(&slice);
    sab_release(&letters);
}

} // namespace

int main() {
    test_generic_functions_are_overloads();
    return failures == 0 ? 0 : 1;
}
