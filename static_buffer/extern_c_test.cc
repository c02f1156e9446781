// The template in a user's own extern "C" block, compiled as each C++ from C++11 to C++20.
extern "C" {
#include <stdint.h>

#include "block_allocator/libc_allocator.h"

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

#include "gtest/gtest.h"

namespace {

TEST(ExternCTest, VerbsAreOverloads) {
    numbers_blocks = ba_libc_block_allocator();
    numbers_list numbers = {};
    letters_list letters = {};
    sab_append(&numbers, 7U);
    sab_append(&letters, 'a');
    sab_append_format(&letters, "%d", 7);
    EXPECT_EQ(*sab_at(&numbers, 0), 7u);
    EXPECT_STREQ(sab_terminated(&letters), "a7");
    numbers_slice slice = sab_into_slice(&numbers);
    EXPECT_EQ(sab_view(&slice).len, 1u);
    sab_release(&slice);
    sab_release(&letters);
}

} // namespace
