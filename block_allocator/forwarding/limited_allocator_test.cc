#include "block_allocator/forwarding/limited_allocator.h"

#include <vector>

#include "testing/misuse_recorder.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::MisuseRecorder;
using ba_testing::StrictBacking;
using ba_testing::StrictBackingOptions;

constexpr std::size_t kBlock = 64;

class LimitedAllocator : public ::testing::Test {
  protected:
    void limit(std::size_t bytes) {
        ba_limited_allocator_init(&limited_, backing_.allocator(), ba_bytes(bytes));
        blocks_ = ba_limited_allocator_block_allocator(&limited_);
    }

    std::size_t taken() const { return ba_limited_allocator_taken(&limited_).bytes; }

    StrictBacking backing_{{/*block_size=*/kBlock, /*max_alignment=*/kBlock,
                            /*grows_in_place=*/true, /*room=*/4 * kBlock, /*remaps=*/true,
                            /*discards=*/true}};
    ba_limited_allocator limited_;
    ba_block_allocator blocks_;
};

TEST_F(LimitedAllocator, CountsWholeSpans) {
    limit(10 * kBlock);
    const ba_memory memory = ba_block_alloc(blocks_, ba_bytes(65), ba_align(8));
    ASSERT_FALSE(ba_memory_is_none(memory));
    EXPECT_EQ(ba_memory_length(memory).bytes, 2 * kBlock);
    EXPECT_EQ(taken(), 2 * kBlock);
    EXPECT_EQ(ba_block_free(blocks_, memory, ba_align(8)).code, BA_OK);
    EXPECT_EQ(taken(), 0u);
}

TEST_F(LimitedAllocator, GivesUpToTheLimitAndNoByteMore) {
    limit(3 * kBlock);
    const ba_memory memory = ba_block_alloc(blocks_, ba_bytes(2 * kBlock), ba_align(1));
    ASSERT_FALSE(ba_memory_is_none(memory));
    const std::size_t calls = backing_.calls();
    EXPECT_EQ(ba_memory_error(ba_block_alloc(blocks_, ba_bytes(kBlock + 1), ba_align(1))).code,
              BA_LIMIT);
    EXPECT_EQ(backing_.calls(), calls) << "the parent is not asked";
    const ba_memory last = ba_block_alloc(blocks_, ba_bytes(kBlock), ba_align(1));
    EXPECT_FALSE(ba_memory_is_none(last));
    ba_block_free(blocks_, last, ba_align(1));
    ba_block_free(blocks_, memory, ba_align(1));
}

TEST_F(LimitedAllocator, AFailingParentTakesNothing) {
    limit(3 * kBlock);
    backing_.refuse_from(1);
    EXPECT_EQ(ba_memory_error(ba_block_alloc(blocks_, ba_bytes(1), ba_align(1))).code,
              BA_OUT_OF_MEMORY);
    EXPECT_EQ(taken(), 0u);
}

TEST_F(LimitedAllocator, LengthsThatOverflowAreOverTheLimit) {
    limit(SIZE_MAX - 1);
    EXPECT_EQ(ba_memory_error(ba_block_alloc(blocks_, ba_bytes(SIZE_MAX), ba_align(1))).code,
              BA_LIMIT);
}

TEST_F(LimitedAllocator, ResizesWithinTheLimit) {
    limit(3 * kBlock);
    const ba_memory memory = ba_block_alloc(blocks_, ba_bytes(kBlock), ba_align(1));
    EXPECT_EQ(ba_length_result_error(
                  ba_block_resize(blocks_, memory, ba_align(1), ba_bytes(3 * kBlock + 1)))
                  .code,
              BA_LIMIT);
    EXPECT_EQ(taken(), kBlock);
    EXPECT_EQ(
        ba_length_result_length(ba_block_resize(blocks_, memory, ba_align(1), ba_bytes(3 * kBlock)))
            .bytes,
        3 * kBlock);
    EXPECT_EQ(taken(), 3 * kBlock);
    const ba_memory grown = ba_memory_of(ba_memory_pointer(memory), ba_bytes(3 * kBlock));
    EXPECT_EQ(
        ba_length_result_length(ba_block_resize(blocks_, grown, ba_align(1), ba_bytes(1))).bytes,
        kBlock);
    EXPECT_EQ(taken(), kBlock);
    ba_block_free(blocks_, memory, ba_align(1));
}

TEST_F(LimitedAllocator, GrowsBetweenUpToTheLimit) {
    limit(3 * kBlock + 1);
    const ba_memory memory = ba_block_alloc(blocks_, ba_bytes(kBlock), ba_align(1));
    EXPECT_EQ(
        ba_length_result_error(ba_block_grow_between(blocks_, memory, ba_align(1),
                                                     ba_bytes(4 * kBlock), ba_bytes(5 * kBlock)))
            .code,
        BA_LIMIT);
    const ba_length_result grown = ba_block_grow_between(
        blocks_, memory, ba_align(1), ba_bytes(2 * kBlock), ba_bytes(5 * kBlock));
    EXPECT_EQ(ba_length_result_length(grown).bytes, 3 * kBlock);
    EXPECT_EQ(taken(), 3 * kBlock);
    ba_block_free(blocks_, ba_memory_of(ba_memory_pointer(memory), ba_length_result_length(grown)),
                  ba_align(1));
    EXPECT_EQ(taken(), 0u);
}

TEST_F(LimitedAllocator, RemapsWithinTheLimit) {
    limit(3 * kBlock);
    const ba_memory memory = ba_block_alloc(blocks_, ba_bytes(kBlock), ba_align(1));
    EXPECT_EQ(
        ba_memory_error(ba_block_remap(blocks_, memory, ba_align(1), ba_bytes(3 * kBlock + 1)))
            .code,
        BA_LIMIT);
    const ba_memory moved = ba_block_remap(blocks_, memory, ba_align(1), ba_bytes(3 * kBlock));
    ASSERT_FALSE(ba_memory_is_none(moved));
    EXPECT_EQ(taken(), 3 * kBlock);
    ba_block_free(blocks_, moved, ba_align(1));
}

TEST_F(LimitedAllocator, ALowerLimitTakesNothingAway) {
    limit(3 * kBlock);
    const ba_memory memory = ba_block_alloc(blocks_, ba_bytes(2 * kBlock), ba_align(1));
    ba_limited_allocator_set_limit(&limited_, ba_bytes(kBlock));
    EXPECT_EQ(ba_memory_error(ba_block_alloc(blocks_, ba_bytes(1), ba_align(1))).code, BA_LIMIT);
    EXPECT_EQ(
        ba_length_result_length(ba_block_resize(blocks_, memory, ba_align(1), ba_bytes(65))).bytes,
        2 * kBlock)
        << "what is held may stay";
    EXPECT_EQ(ba_block_free(blocks_, memory, ba_align(1)).code, BA_OK);
}

TEST_F(LimitedAllocator, PassesOnWhatItDoesNotCount) {
    limit(kBlock);
    const ba_memory memory = ba_block_alloc(blocks_, ba_bytes(1), ba_align(1));
    EXPECT_EQ(ba_block_allocator_block_size(blocks_).bytes, kBlock);
    EXPECT_EQ(ba_block_owns(blocks_, ba_memory_pointer(memory)), BA_OWNS);
    EXPECT_EQ(ba_block_owns(blocks_, this), BA_OWNS_NOT);
    EXPECT_EQ(ba_length_result_length(ba_block_discard(blocks_, memory)).bytes, kBlock);
    ba_block_free(blocks_, memory, ba_align(1));
}

TEST_F(LimitedAllocator, WhatTheParentRefusesIsNotCounted) {
    limit(10 * kBlock);
    const ba_memory memory = ba_block_alloc(blocks_, ba_bytes(kBlock), ba_align(1));
    backing_.refuse_from(1);
    EXPECT_EQ(ba_memory_error(ba_block_alloc(blocks_, ba_bytes(1), ba_align(1))).code,
              BA_OUT_OF_MEMORY);
    EXPECT_EQ(
        ba_length_result_error(ba_block_resize(blocks_, memory, ba_align(1), ba_bytes(2 * kBlock)))
            .code,
        BA_OUT_OF_MEMORY);
    EXPECT_EQ(
        ba_length_result_error(ba_block_grow_between(blocks_, memory, ba_align(1),
                                                     ba_bytes(2 * kBlock), ba_bytes(3 * kBlock)))
            .code,
        BA_OUT_OF_MEMORY);
    EXPECT_EQ(
        ba_memory_error(ba_block_remap(blocks_, memory, ba_align(1), ba_bytes(2 * kBlock))).code,
        BA_OUT_OF_MEMORY);
    EXPECT_EQ(backing_.refused(), 4u);
    EXPECT_EQ(taken(), kBlock);
    EXPECT_EQ(ba_block_free(blocks_, memory, ba_align(1)).code, BA_OK);
    EXPECT_EQ(taken(), 0u);
}

TEST_F(LimitedAllocator, RemapToLessIsAllowedAboveTheLimit) {
    limit(3 * kBlock);
    const ba_memory memory = ba_block_alloc(blocks_, ba_bytes(3 * kBlock), ba_align(1));
    ba_limited_allocator_set_limit(&limited_, ba_bytes(kBlock));
    const ba_memory moved = ba_block_remap(blocks_, memory, ba_align(1), ba_bytes(2 * kBlock));
    ASSERT_FALSE(ba_memory_is_none(moved));
    EXPECT_EQ(taken(), 2 * kBlock);
    EXPECT_EQ(ba_block_free(blocks_, moved, ba_align(1)).code, BA_OK);
    EXPECT_EQ(taken(), 0u);
}

TEST(LimitedAllocatorMisuse, WhatTheParentRejectsStaysCounted) {
    StrictBackingOptions options;
    options.by_the_rules = true;
    StrictBacking backing(options);
    ba_limited_allocator limited;
    ba_limited_allocator_init(&limited, backing.allocator(), ba_bytes(100));
    const ba_allocator capped = ba_limited_allocator_allocator(&limited);
    const ba_memory memory = ba_alloc(capped, ba_bytes(60), ba_align(8));
    {
        MisuseRecorder misuse;
        EXPECT_EQ(ba_free(capped, memory, ba_align(3)).code, BA_BAD_ALIGN);
        EXPECT_EQ(misuse.errors(), std::vector<ba_error_code>{BA_BAD_ALIGN});
    }
    EXPECT_EQ(ba_limited_allocator_taken(&limited).bytes, 60u);
    EXPECT_EQ(ba_free(capped, memory, ba_align(8)).code, BA_OK);
    EXPECT_EQ(ba_limited_allocator_taken(&limited).bytes, 0u);
}

TEST_F(LimitedAllocator, GrowBetweenKeepsWhatIsHeldAboveTheLimit) {
    limit(3 * kBlock);
    const ba_memory memory = ba_block_alloc(blocks_, ba_bytes(2 * kBlock), ba_align(1));
    ba_limited_allocator_set_limit(&limited_, ba_bytes(kBlock));
    EXPECT_EQ(
        ba_length_result_length(ba_block_grow_between(blocks_, memory, ba_align(1),
                                                      ba_bytes(2 * kBlock), ba_bytes(3 * kBlock)))
            .bytes,
        2 * kBlock);
    EXPECT_EQ(ba_length_result_error(ba_block_grow_between(blocks_, memory, ba_align(1),
                                                           ba_bytes(2 * kBlock + 1),
                                                           ba_bytes(3 * kBlock)))
                  .code,
              BA_LIMIT);
    EXPECT_EQ(taken(), 2 * kBlock);
    EXPECT_EQ(ba_block_free(blocks_, memory, ba_align(1)).code, BA_OK);
    EXPECT_EQ(taken(), 0u);
}

TEST_F(LimitedAllocator, GrowBetweenNeverMakesShorterWhateverTheLimit) {
    limit(10 * kBlock);
    const ba_memory memory = ba_block_alloc(blocks_, ba_bytes(3 * kBlock), ba_align(1));
    for (const std::size_t lowered : {2 * kBlock + 1, kBlock, std::size_t{0}}) {
        ba_limited_allocator_set_limit(&limited_, ba_bytes(lowered));
        for (const std::size_t wanted : {std::size_t{1}, 2 * kBlock, 5 * kBlock}) {
            const ba_length_result kept =
                ba_block_grow_between(blocks_, memory, ba_align(1), ba_bytes(1), ba_bytes(wanted));
            EXPECT_EQ(ba_length_result_length(kept).bytes, 3 * kBlock) << lowered << " " << wanted;
            EXPECT_EQ(taken(), 3 * kBlock);
        }
    }
    EXPECT_EQ(ba_block_free(blocks_, memory, ba_align(1)).code, BA_OK);
    EXPECT_EQ(taken(), 0u);
}

TEST_F(LimitedAllocator, ShrinksAboveTheLimitAndDoesNotGrowAgain) {
    limit(10 * kBlock);
    const ba_memory memory = ba_block_alloc(blocks_, ba_bytes(4 * kBlock), ba_align(1));
    ba_limited_allocator_set_limit(&limited_, ba_bytes(kBlock));
    EXPECT_EQ(ba_length_result_length(
                  ba_block_resize(blocks_, memory, ba_align(1), ba_bytes(2 * kBlock + 1)))
                  .bytes,
              3 * kBlock)
        << "still above it";
    EXPECT_EQ(taken(), 3 * kBlock);
    const ba_memory shrunk = ba_memory_of(ba_memory_pointer(memory), ba_bytes(3 * kBlock));
    EXPECT_EQ(ba_length_result_error(
                  ba_block_resize(blocks_, shrunk, ba_align(1), ba_bytes(3 * kBlock + 1)))
                  .code,
              BA_LIMIT);
    EXPECT_EQ(
        ba_memory_error(ba_block_remap(blocks_, shrunk, ba_align(1), ba_bytes(3 * kBlock + 1)))
            .code,
        BA_LIMIT);
    EXPECT_EQ(taken(), 3 * kBlock);
    EXPECT_EQ(ba_block_free(blocks_, shrunk, ba_align(1)).code, BA_OK);
    EXPECT_EQ(taken(), 0u);
}

TEST_F(LimitedAllocator, OthersMayHoldMoreThanALowerLimit) {
    limit(10 * kBlock);
    const ba_memory other = ba_block_alloc(blocks_, ba_bytes(3 * kBlock), ba_align(1));
    const ba_memory memory = ba_block_alloc(blocks_, ba_bytes(2 * kBlock), ba_align(1));
    ba_limited_allocator_set_limit(&limited_, ba_bytes(kBlock));
    const ba_length_result kept =
        ba_block_grow_between(blocks_, memory, ba_align(1), ba_bytes(1), ba_bytes(5 * kBlock));
    EXPECT_EQ(ba_length_result_length(kept).bytes, 2 * kBlock);
    EXPECT_EQ(ba_length_result_error(ba_block_grow_between(blocks_, memory, ba_align(1),
                                                           ba_bytes(2 * kBlock + 1),
                                                           ba_bytes(5 * kBlock)))
                  .code,
              BA_LIMIT);
    EXPECT_EQ(
        ba_length_result_length(ba_block_resize(blocks_, memory, ba_align(1), ba_bytes(1))).bytes,
        kBlock);
    EXPECT_EQ(taken(), 4 * kBlock);
    EXPECT_EQ(ba_block_free(blocks_, other, ba_align(1)).code, BA_OK);
    EXPECT_EQ(taken(), kBlock);
    EXPECT_EQ(ba_memory_error(ba_block_alloc(blocks_, ba_bytes(1), ba_align(1))).code, BA_LIMIT)
        << "the limit is reached";
    EXPECT_EQ(ba_block_free(blocks_, ba_memory_of(ba_memory_pointer(memory), ba_bytes(kBlock)),
                            ba_align(1))
                  .code,
              BA_OK);
    EXPECT_EQ(taken(), 0u);
}

} // namespace
