#include "testing/strict_backing.h"

#include "testing/misuse_recorder.h"
#include "gtest/gtest-spi.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::MisuseRecorder;
using ba_testing::StrictBacking;
using ba_testing::StrictBackingOptions;

constexpr std::size_t kBlock = 64;

StrictBackingOptions options() {
    StrictBackingOptions result;
    result.block_size = kBlock;
    result.room = 2 * kBlock + 1; // the odd byte is left out
    result.grows_in_place = true;
    return result;
}

ba_memory longer(ba_memory memory, std::size_t bytes) {
    return ba_memory_of(ba_memory_pointer(memory),
                        ba_bytes(ba_memory_length(memory).bytes + bytes));
}

TEST(StrictBacking, CountsGrantsAndBytes) {
    StrictBacking backing(options());
    const ba_memory memory = ba_block_alloc(backing.block_allocator(), ba_bytes(65), ba_align(8));
    EXPECT_EQ(ba_memory_length(memory).bytes, 2 * kBlock);
    EXPECT_EQ(backing.grants(), 1u);
    EXPECT_EQ(backing.bytes(), 2 * kBlock);
    EXPECT_TRUE(backing.contains(ba_memory_pointer(memory), 2 * kBlock));
    EXPECT_FALSE(backing.contains(ba_memory_pointer(memory), 2 * kBlock + 1));
    EXPECT_EQ(ba_block_free(backing.block_allocator(), memory, ba_align(8)).code, BA_OK);
    EXPECT_EQ(backing.grants(), 0u);
    EXPECT_EQ(backing.bytes(), 0u);
    EXPECT_EQ(backing.frees(), 1u);
}

TEST(StrictBacking, GivesDirtyMemory) {
    StrictBacking backing(options());
    const ba_memory memory = ba_block_alloc(backing.block_allocator(), ba_bytes(1), ba_align(8));
    const auto *const bytes = static_cast<const unsigned char *>(ba_memory_pointer(memory));
    EXPECT_EQ(bytes[0], 0xA5);
    EXPECT_EQ(bytes[kBlock - 1], 0xA5);
    ba_block_free(backing.block_allocator(), memory, ba_align(8));
}

TEST(StrictBacking, GrowsIntoItsRoomAndNoByteMore) {
    StrictBacking backing(options());
    const ba_block_allocator blocks = backing.block_allocator();
    const ba_memory memory = ba_block_alloc(blocks, ba_bytes(1), ba_align(1));
    EXPECT_EQ(ba_length_result_error(
                  ba_block_resize(blocks, memory, ba_align(1), ba_bytes(3 * kBlock + 1)))
                  .code,
              BA_NOT_IN_PLACE);
    EXPECT_EQ(ba_length_result_length(ba_block_grow_between(blocks, memory, ba_align(1),
                                                            ba_bytes(65), ba_bytes(SIZE_MAX)))
                  .bytes,
              3 * kBlock);
    EXPECT_EQ(backing.bytes(), 3 * kBlock);
    ba_block_free(blocks, longer(memory, 2 * kBlock), ba_align(1));
}

TEST(StrictBacking, DoesNotGrowByDefault) {
    StrictBackingOptions fixed = options();
    fixed.grows_in_place = false;
    StrictBacking backing(fixed);
    const ba_block_allocator blocks = backing.block_allocator();
    const ba_memory memory = ba_block_alloc(blocks, ba_bytes(1), ba_align(1));
    EXPECT_EQ(ba_length_result_length(
                  ba_block_grow_between(blocks, memory, ba_align(1), ba_bytes(1), ba_bytes(1000)))
                  .bytes,
              kBlock);
    ba_block_free(blocks, memory, ba_align(1));
}

TEST(StrictBacking, RefusesTheChosenCalls) {
    StrictBacking backing;
    backing.refuse_nth(2);
    const ba_memory first = ba_alloc(backing.allocator(), ba_bytes(1), ba_align(1));
    EXPECT_FALSE(ba_memory_is_none(first));
    EXPECT_EQ(ba_memory_error(ba_alloc(backing.allocator(), ba_bytes(1), ba_align(1))).code,
              BA_OUT_OF_MEMORY);
    EXPECT_EQ(backing.calls(), 2u);
    EXPECT_EQ(backing.refused(), 1u);
    backing.refuse_from(1);
    EXPECT_EQ(
        ba_length_result_error(ba_resize(backing.allocator(), first, ba_align(1), ba_bytes(2)))
            .code,
        BA_OUT_OF_MEMORY);
    backing.refuse_none();
    EXPECT_EQ(ba_free(backing.allocator(), first, ba_align(1)).code, BA_OK);
}

TEST(StrictBacking, RefusesByBits) {
    StrictBacking backing;
    backing.refuse_by_bits(std::uint64_t{1} << 63 | 2);
    for (std::size_t call = 1; call <= 128; call++) {
        const ba_memory memory = ba_alloc(backing.allocator(), ba_bytes(1), ba_align(1));
        EXPECT_EQ(ba_memory_is_none(memory), call % 64 == 1 || call % 64 == 63) << call;
        if (!ba_memory_is_none(memory)) {
            ba_free(backing.allocator(), memory, ba_align(1));
        }
    }
    EXPECT_EQ(backing.refused(), 4u);
}

TEST(StrictBacking, FailsTheTestForAnythingButTheGrant) {
    StrictBacking backing(options());
    const ba_block_allocator blocks = backing.block_allocator();
    const ba_memory memory = ba_block_alloc(blocks, ba_bytes(1), ba_align(8));
    EXPECT_NONFATAL_FAILURE(ba_block_free(blocks, longer(memory, 1), ba_align(8)), "SIZE_MISMATCH");
    EXPECT_NONFATAL_FAILURE(
        ba_block_free(blocks, longer(memory, static_cast<std::size_t>(-1)), ba_align(8)),
        "SIZE_MISMATCH");
    EXPECT_NONFATAL_FAILURE(ba_block_free(blocks, memory, ba_align(4)), "BAD_ALIGN");
    EXPECT_EQ(ba_block_free(blocks, memory, ba_align(8)).code, BA_OK);
    EXPECT_NONFATAL_FAILURE(ba_block_free(blocks, memory, ba_align(8)), "DOUBLE_FREE");
    EXPECT_NONFATAL_FAILURE(
        ba_block_free(blocks, ba_memory_of(&backing, ba_bytes(64)), ba_align(8)), "FOREIGN");
}

TEST(StrictBacking, FailsTheTestForMemoryThatNeverComesBack) {
    EXPECT_NONFATAL_FAILURE(
        {
            StrictBacking backing(options());
            (void)ba_memory_is_none(
                ba_block_alloc(backing.block_allocator(), ba_bytes(1), ba_align(8)));
        },
        "64 bytes in 1 grants never came back");
}

TEST(StrictBacking, ByTheRulesItAcceptsWhatFits) {
    StrictBackingOptions lenient = options();
    lenient.by_the_rules = true;
    StrictBacking backing(lenient);
    const ba_block_allocator blocks = backing.block_allocator();
    MisuseRecorder misuse;
    const ba_memory memory = ba_block_alloc(blocks, ba_bytes(65), ba_align(8));
    void *const pointer = ba_memory_pointer(memory);
    EXPECT_EQ(ba_block_free(blocks, ba_memory_of(pointer, ba_bytes(64)), ba_align(8)).code,
              BA_SIZE_MISMATCH);
    EXPECT_EQ(ba_block_free(blocks, ba_memory_of(pointer, ba_bytes(129)), ba_align(8)).code,
              BA_SIZE_MISMATCH);
    EXPECT_EQ(misuse.errors(), (std::vector<ba_error_code>{BA_SIZE_MISMATCH, BA_SIZE_MISMATCH}));
    misuse.take();
    EXPECT_EQ(ba_block_free(blocks, ba_memory_of(pointer, ba_bytes(65)), ba_align(1)).code, BA_OK);
    EXPECT_EQ(misuse.take(), "");
}

} // namespace
