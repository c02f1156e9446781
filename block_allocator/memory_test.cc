#include "block_allocator/memory.h"

#include <cstddef>
#include <cstdint>

#include "gtest/gtest.h"

namespace {

TEST(Length, HoldsBytes) {
    EXPECT_EQ(ba_bytes(0).bytes, 0u);
    EXPECT_EQ(ba_bytes(777).bytes, 777u);
    EXPECT_EQ(ba_bytes(SIZE_MAX).bytes, SIZE_MAX);
}

TEST(Alignment, IsValidIfAPowerOfTwo) {
    EXPECT_FALSE(ba_alignment_is_valid(ba_align(0)));
    EXPECT_TRUE(ba_alignment_is_valid(ba_align(1)));
    EXPECT_TRUE(ba_alignment_is_valid(ba_align(2)));
    EXPECT_FALSE(ba_alignment_is_valid(ba_align(3)));
    EXPECT_FALSE(ba_alignment_is_valid(ba_align(24)));
    EXPECT_TRUE(ba_alignment_is_valid(ba_align(SIZE_MAX / 2 + 1)));
    EXPECT_FALSE(ba_alignment_is_valid(ba_align(SIZE_MAX)));
}

TEST(Alignment, OfAType) {
    EXPECT_EQ(ba_align_of(char).bytes, 1u);
    EXPECT_EQ(ba_align_of(std::max_align_t).bytes, alignof(std::max_align_t));
}

TEST(Alignment, OfAPointer) {
    alignas(16) const char bytes[32] = {};
    EXPECT_TRUE(ba_is_aligned(bytes, ba_align(16)));
    EXPECT_TRUE(ba_is_aligned(bytes + 1, ba_align(1)));
    EXPECT_FALSE(ba_is_aligned(bytes + 1, ba_align(2)));
    EXPECT_TRUE(ba_is_aligned(bytes + 8, ba_align(8)));
    EXPECT_FALSE(ba_is_aligned(bytes + 8, ba_align(16)));
    EXPECT_TRUE(ba_is_aligned(nullptr, ba_align(4096)));
}

TEST(Memory, IsAPointerAndALength) {
    char bytes[8];
    const ba_memory memory = ba_memory_of(bytes, ba_bytes(8));
    EXPECT_FALSE(ba_memory_is_none(memory));
    EXPECT_EQ(ba_memory_pointer(memory), bytes);
    EXPECT_EQ(ba_memory_length(memory).bytes, 8u);
    EXPECT_EQ(ba_memory_error(memory).code, BA_OK);
}

TEST(Memory, MayHaveNoLength) {
    char byte;
    const ba_memory memory = ba_memory_of(&byte, ba_bytes(0));
    EXPECT_FALSE(ba_memory_is_none(memory));
    EXPECT_EQ(ba_memory_length(memory).bytes, 0u);
    EXPECT_EQ(ba_memory_error(memory).code, BA_OK);
}

TEST(Memory, OrNoneWithTheReason) {
    const ba_memory memory = ba_memory_none(ba_error_of(BA_LIMIT));
    EXPECT_TRUE(ba_memory_is_none(memory));
    EXPECT_EQ(ba_memory_pointer(memory), nullptr);
    EXPECT_EQ(ba_memory_length(memory).bytes, 0u);
    EXPECT_EQ(ba_memory_error(memory).code, BA_LIMIT);
}

TEST(Memory, IsTwoWords) {
    EXPECT_EQ(sizeof(ba_memory), 2 * sizeof(void *));
    EXPECT_LE(sizeof(ba_length_result), 2 * sizeof(void *));
}

TEST(LengthResult, IsALength) {
    const ba_length_result result = ba_length_result_of(ba_bytes(0));
    EXPECT_FALSE(ba_length_result_is_none(result)) << "zero is a length too";
    EXPECT_EQ(ba_length_result_length(result).bytes, 0u);
    EXPECT_EQ(ba_length_result_error(result).code, BA_OK);
    EXPECT_EQ(ba_length_result_length(ba_length_result_of(ba_bytes(SIZE_MAX))).bytes, SIZE_MAX);
}

TEST(LengthResult, OrNoneWithTheReason) {
    const ba_length_result result = ba_length_result_none(ba_error_of(BA_NOT_IN_PLACE));
    EXPECT_TRUE(ba_length_result_is_none(result));
    EXPECT_EQ(ba_length_result_length(result).bytes, 0u);
    EXPECT_EQ(ba_length_result_error(result).code, BA_NOT_IN_PLACE);
}

TEST(Layout, OfAType) {
    const ba_layout layout = ba_layout_of(std::uint32_t);
    EXPECT_EQ(layout.length.bytes, 4u);
    EXPECT_EQ(layout.alignment.bytes, alignof(std::uint32_t));
}

TEST(Layout, TakesALargerAlignmentOnly) {
    const ba_layout layout = ba_layout_make(ba_bytes(12), ba_align(8));
    EXPECT_EQ(ba_layout_with_alignment(layout, ba_align(64)).alignment.bytes, 64u);
    EXPECT_EQ(ba_layout_with_alignment(layout, ba_align(8)).alignment.bytes, 8u);
    EXPECT_EQ(ba_layout_with_alignment(layout, ba_align(4)).alignment.bytes, 8u);
    EXPECT_EQ(ba_layout_with_alignment(layout, ba_align(64)).length.bytes, 12u);
}

TEST(LengthRoundUp, GoesToTheNextMultiple) {
    const auto up = [](std::size_t length, std::size_t multiple) {
        return ba_length_result_length(ba_length_round_up(ba_bytes(length), ba_align(multiple)))
            .bytes;
    };
    EXPECT_EQ(up(0, 64), 0u);
    EXPECT_EQ(up(1, 64), 64u);
    EXPECT_EQ(up(63, 64), 64u);
    EXPECT_EQ(up(64, 64), 64u);
    EXPECT_EQ(up(65, 64), 128u);
    EXPECT_EQ(up(777, 1), 777u);
    EXPECT_EQ(up(SIZE_MAX, 1), SIZE_MAX);
}

TEST(LengthRoundUp, SaysWhatCannotBeHeld) {
    const std::size_t last = SIZE_MAX - 63;
    EXPECT_EQ(ba_length_result_length(ba_length_round_up(ba_bytes(last), ba_align(64))).bytes,
              last);
    EXPECT_EQ(ba_length_result_error(ba_length_round_up(ba_bytes(last + 1), ba_align(64))).code,
              BA_LIMIT);
    EXPECT_EQ(ba_length_result_error(ba_length_round_up(ba_bytes(SIZE_MAX), ba_align(2))).code,
              BA_LIMIT);
}

TEST(LengthOfArray, Multiplies) {
    const ba_layout twelve = ba_layout_make(ba_bytes(12), ba_align(4));
    EXPECT_EQ(ba_length_result_length(ba_length_of_array(twelve, 0)).bytes, 0u);
    EXPECT_EQ(ba_length_result_length(ba_length_of_array(twelve, 10)).bytes, 120u);
    EXPECT_EQ(ba_length_result_length(ba_length_of_array(twelve, SIZE_MAX / 12)).bytes,
              SIZE_MAX / 12 * 12);
}

TEST(LengthOfArray, SaysWhatCannotBeHeld) {
    const ba_layout twelve = ba_layout_make(ba_bytes(12), ba_align(4));
    EXPECT_EQ(ba_length_result_error(ba_length_of_array(twelve, SIZE_MAX / 12 + 1)).code, BA_LIMIT);
    EXPECT_EQ(ba_length_result_error(ba_length_of_array(twelve, SIZE_MAX)).code, BA_LIMIT);
}

TEST(LengthOfArray, OfNothingIsNothing) {
    const ba_layout nothing = ba_layout_make(ba_bytes(0), ba_align(1));
    EXPECT_EQ(ba_length_result_error(ba_length_of_array(nothing, SIZE_MAX)).code, BA_OK);
    EXPECT_EQ(ba_length_result_length(ba_length_of_array(nothing, SIZE_MAX)).bytes, 0u);
}

} // namespace
