#include "examples/array_allocator.h"

#include "block_allocator/allocator.h"
#include "gtest/gtest.h"

namespace {

constexpr std::size_t kBlock = ARRAY_ALLOCATOR_BLOCK;

class ArrayAllocator : public ::testing::Test {
  protected:
    ba_memory alloc(std::size_t length) {
        return ba_block_alloc(blocks_, ba_bytes(length), ba_align(16));
    }

    ba_length_result resize(ba_memory memory, std::size_t length) {
        return ba_block_resize(blocks_, memory, ba_align(16), ba_bytes(length));
    }

    array_allocator array_{};
    ba_block_allocator blocks_ = array_allocator_block_allocator(&array_);
};

TEST_F(ArrayAllocator, GivesWholeBlocksOneAfterTheOther) {
    const ba_memory first = alloc(777);
    const ba_memory second = alloc(kBlock + 1);
    EXPECT_EQ(ba_block_allocator_block_size(blocks_).bytes, kBlock);
    EXPECT_EQ(ba_memory_pointer(first), array_.bytes);
    EXPECT_EQ(ba_memory_length(first).bytes, kBlock);
    EXPECT_EQ(ba_memory_pointer(second), array_.bytes + kBlock);
    EXPECT_EQ(ba_memory_length(second).bytes, 2 * kBlock);
    EXPECT_TRUE(ba_is_aligned(array_.bytes, ba_align(kBlock)));
}

TEST_F(ArrayAllocator, RefusesWhatItCannotGive) {
    EXPECT_EQ(ba_memory_error(alloc(0)).code, BA_ZERO_SIZE);
    EXPECT_EQ(ba_memory_error(alloc(SIZE_MAX)).code, BA_LIMIT);
    EXPECT_EQ(ba_memory_error(alloc(8 * kBlock + 1)).code, BA_OUT_OF_MEMORY);
    for (const std::size_t bad : {std::size_t{0}, std::size_t{3}, 2 * kBlock}) {
        EXPECT_EQ(ba_memory_error(ba_block_alloc(blocks_, ba_bytes(1), ba_align(bad))).code,
                  BA_BAD_ALIGN);
    }
    EXPECT_EQ(array_.used, 0u);
    EXPECT_EQ(ba_memory_length(alloc(8 * kBlock)).bytes, 8 * kBlock);
    EXPECT_EQ(ba_memory_error(alloc(1)).code, BA_OUT_OF_MEMORY);
}

TEST_F(ArrayAllocator, TheLastSpanGrowsAndShrinks) {
    const ba_memory memory = alloc(1);
    EXPECT_EQ(ba_length_result_length(resize(memory, 8 * kBlock)).bytes, 8 * kBlock);
    const ba_memory whole = ba_memory_of(ba_memory_pointer(memory), ba_bytes(8 * kBlock));
    EXPECT_EQ(ba_length_result_error(resize(whole, 8 * kBlock + 1)).code, BA_NOT_IN_PLACE);
    EXPECT_EQ(ba_length_result_error(resize(whole, SIZE_MAX)).code, BA_LIMIT);
    EXPECT_EQ(array_.used, 8 * kBlock);
    EXPECT_EQ(ba_length_result_length(resize(whole, 1)).bytes, kBlock);
    EXPECT_EQ(array_.used, kBlock);
}

TEST_F(ArrayAllocator, ASpanBelowAnotherKeepsItsLength) {
    const ba_memory below = alloc(2 * kBlock);
    const ba_memory last = alloc(1);
    EXPECT_EQ(ba_length_result_length(resize(below, 1)).bytes, 2 * kBlock);
    EXPECT_EQ(ba_length_result_error(resize(below, 2 * kBlock + 1)).code, BA_NOT_IN_PLACE);
    EXPECT_EQ(ba_memory_pointer(last), array_.bytes + 2 * kBlock);
    EXPECT_EQ(array_.used, 3 * kBlock);
}

TEST_F(ArrayAllocator, TakesBackTheLastSpanOnly) {
    const ba_memory first = alloc(1);
    const ba_memory last = alloc(kBlock + 1);
    EXPECT_EQ(ba_block_free(blocks_, first, ba_align(16)).code, BA_OK);
    EXPECT_EQ(array_.used, 3 * kBlock);
    EXPECT_EQ(ba_block_free(blocks_, last, ba_align(16)).code, BA_OK);
    EXPECT_EQ(array_.used, kBlock);
}

} // namespace
