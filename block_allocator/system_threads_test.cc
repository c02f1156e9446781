// The allocators that any number of threads may use at once, without a lock of anybody.
#include "block_allocator/backing/libc_allocator.h"
#include "block_allocator/backing/page_allocator.h"
#include "testing/threads.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::Resizing;
using ba_testing::use_in_threads;

// This program has not used it before: the threads also ask the system for its sizes.
TEST(SystemThreads, SharePages) {
    EXPECT_EQ(use_in_threads({4, ba_page_block_allocator()}, 200, Resizing::kNone), 0u);
}

TEST(SystemThreads, ShareTheAllocatorOfTheCLibrary) {
    EXPECT_EQ(use_in_threads({4, ba_allocator_grants(ba_libc_allocator())}, 2000), 0u);
}

} // namespace
