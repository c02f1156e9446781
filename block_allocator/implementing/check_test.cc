#include "block_allocator/implementing/check.h"

#include "gtest/gtest.h"

namespace {

class Check : public ::testing::Test {
  protected:
    ba_memory memory(std::size_t offset, std::size_t length) {
        return ba_memory_of(bytes_ + offset, ba_bytes(length));
    }

    const ba_memory none_ = ba_memory_none(ba_error_of(BA_LIMIT));
    alignas(64) char bytes_[128] = {};
};

TEST_F(Check, AnAllocation) {
    EXPECT_EQ(ba_check_alloc(ba_bytes(1), ba_align(1)), BA_OK);
    EXPECT_EQ(ba_check_alloc(ba_bytes(SIZE_MAX), ba_align(SIZE_MAX / 2 + 1)), BA_OK);
    EXPECT_EQ(ba_check_alloc(ba_bytes(0), ba_align(1)), BA_ZERO_SIZE);
    EXPECT_EQ(ba_check_alloc(ba_bytes(1), ba_align(0)), BA_BAD_ALIGN);
    EXPECT_EQ(ba_check_alloc(ba_bytes(1), ba_align(3)), BA_BAD_ALIGN);
    EXPECT_EQ(ba_check_alloc(ba_bytes(0), ba_align(3)), BA_ZERO_SIZE) << "the length comes first";
}

TEST_F(Check, MemoryGivenBack) {
    EXPECT_EQ(ba_check_memory(memory(0, 1), ba_align(64)), BA_OK);
    EXPECT_EQ(ba_check_memory(memory(8, 1), ba_align(8)), BA_OK);
    EXPECT_EQ(ba_check_memory(none_, ba_align(8)), BA_FOREIGN);
    EXPECT_EQ(ba_check_memory(none_, ba_align(3)), BA_FOREIGN) << "the pointer comes first";
    EXPECT_EQ(ba_check_memory(memory(8, 1), ba_align(16)), BA_BAD_ALIGN);
    EXPECT_EQ(ba_check_memory(memory(0, 1), ba_align(0)), BA_BAD_ALIGN);
    EXPECT_EQ(ba_check_memory(memory(0, 1), ba_align(24)), BA_BAD_ALIGN);
    EXPECT_EQ(ba_check_memory(memory(0, 0), ba_align(1)), BA_SIZE_MISMATCH);
    EXPECT_EQ(ba_check_memory(memory(0, 0), ba_align(3)), BA_BAD_ALIGN) << "then the alignment";
}

TEST_F(Check, AResize) {
    EXPECT_EQ(ba_check_resize(memory(0, 1), ba_align(64), ba_bytes(1)), BA_OK);
    EXPECT_EQ(ba_check_resize(memory(0, 1), ba_align(64), ba_bytes(SIZE_MAX)), BA_OK);
    EXPECT_EQ(ba_check_resize(memory(0, 1), ba_align(64), ba_bytes(0)), BA_ZERO_SIZE);
    EXPECT_EQ(ba_check_resize(memory(0, 0), ba_align(64), ba_bytes(0)), BA_SIZE_MISMATCH)
        << "the memory comes first";
    EXPECT_EQ(ba_check_resize(none_, ba_align(1), ba_bytes(1)), BA_FOREIGN);
    EXPECT_EQ(ba_check_resize(memory(1, 1), ba_align(2), ba_bytes(1)), BA_BAD_ALIGN);
}

} // namespace
