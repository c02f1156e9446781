#include "block_allocator/block_allocator.h"

#include <cstring>
#include <string>

#include "block_allocator/allocator.h"
#include "testing/scripted_allocator.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::ScriptedAllocator;
using Table = ScriptedAllocator::Table;

constexpr std::size_t kBlock = ScriptedAllocator::kBlockSize;
const ba_call_site kHere = ba_call_site_of_text("here");
const ba_error kOk = ba_error_of(BA_OK);

ba_length_result of(std::size_t bytes) {
    return ba_length_result_of(ba_bytes(bytes));
}

class BlockAllocator : public ::testing::Test {
  protected:
    ba_memory realloc_100_to(std::size_t length) {
        std::memset(script_.a(), 7, 2 * kBlock + 1);
        return ba_block_realloc_at(blocks_, script_.a(100), ba_align(8), ba_bytes(length), kHere);
    }

    ScriptedAllocator script_;
    ba_block_allocator blocks_ = script_.block_allocator();
};

TEST_F(BlockAllocator, ReturnsItsBlockSize) {
    EXPECT_EQ(ba_block_allocator_block_size(blocks_).bytes, kBlock);
}

TEST_F(BlockAllocator, ReturnsTheSpanOfALength) {
    EXPECT_EQ(ba_length_result_length(ba_block_allocator_span_length(blocks_, ba_bytes(1))).bytes,
              kBlock);
    EXPECT_EQ(
        ba_length_result_length(ba_block_allocator_span_length(blocks_, ba_bytes(kBlock))).bytes,
        kBlock);
    EXPECT_EQ(
        ba_length_result_error(ba_block_allocator_span_length(blocks_, ba_bytes(SIZE_MAX))).code,
        BA_LIMIT);
}

TEST_F(BlockAllocator, AllocForwards) {
    script_.will_return(script_.a(128));
    const ba_memory memory = ba_block_alloc_at(blocks_, ba_bytes(65), ba_align(16), kHere);
    EXPECT_EQ(ba_memory_pointer(memory), script_.a());
    EXPECT_EQ(ba_memory_length(memory).bytes, 128u);
    EXPECT_EQ(script_.take_calls(), "alloc(65, align 16, here)");
    script_.will_refuse_alloc(BA_LIMIT);
    EXPECT_EQ(ba_memory_error(ba_block_alloc_at(blocks_, ba_bytes(65), ba_align(16), kHere)).code,
              BA_LIMIT);
}

TEST_F(BlockAllocator, ResizeForwards) {
    script_.will_return(of(256));
    EXPECT_EQ(ba_length_result_length(
                  ba_block_resize_at(blocks_, script_.a(100), ba_align(8), ba_bytes(200), kHere))
                  .bytes,
              256u);
    EXPECT_EQ(script_.take_calls(), "resize(A 100, align 8, 200, here)");
}

TEST_F(BlockAllocator, FreeForwards) {
    script_.will_return(ba_error_of(BA_FOREIGN));
    EXPECT_EQ(ba_block_free_at(blocks_, script_.b(100), ba_align(8), kHere).code, BA_FOREIGN);
    EXPECT_EQ(script_.take_calls(), "free(B 100, align 8, here)");
}

TEST_F(BlockAllocator, OptionalOperationsForward) {
    script_.will_return(of(192));
    EXPECT_EQ(ba_length_result_length(ba_block_grow_between_at(blocks_, script_.a(64), ba_align(8),
                                                               ba_bytes(100), ba_bytes(200), kHere))
                  .bytes,
              192u);
    script_.will_return(script_.b(128));
    EXPECT_EQ(ba_memory_pointer(
                  ba_block_remap_at(blocks_, script_.a(64), ba_align(8), ba_bytes(100), kHere)),
              script_.b());
    script_.will_return(of(64));
    EXPECT_EQ(ba_length_result_length(ba_block_discard_at(blocks_, script_.a(80), kHere)).bytes,
              64u);
    script_.will_return(BA_OWNS);
    EXPECT_EQ(ba_block_owns(blocks_, script_.b()), BA_OWNS);
    EXPECT_EQ(script_.take_calls(),
              "grow_between(A 64, align 8, 100, 200, here); remap(A 64, align 8, 100, here); "
              "discard(A 80, here); owns(B)");
}

class WithoutOptionalOperations : public ::testing::TestWithParam<Table> {
  protected:
    ScriptedAllocator script_{kBlock, GetParam()};
    ba_block_allocator blocks_ = script_.block_allocator();
};

INSTANTIATE_TEST_SUITE_P(Tables, WithoutOptionalOperations,
                         ::testing::Values(Table::kShort, Table::kNull));

TEST_P(WithoutOptionalOperations, RemapIsUnsupported) {
    EXPECT_EQ(
        ba_memory_error(ba_block_remap_at(blocks_, script_.a(64), ba_align(8), ba_bytes(1), kHere))
            .code,
        BA_UNSUPPORTED);
    EXPECT_EQ(script_.take_calls(), "");
}

TEST_P(WithoutOptionalOperations, DiscardGivesNothingBack) {
    const ba_length_result gone = ba_block_discard_at(blocks_, script_.a(64), kHere);
    EXPECT_FALSE(ba_length_result_is_none(gone));
    EXPECT_EQ(ba_length_result_length(gone).bytes, 0u);
    EXPECT_EQ(script_.take_calls(), "");
}

TEST_P(WithoutOptionalOperations, OwnershipIsUnknown) {
    EXPECT_EQ(ba_block_owns(blocks_, script_.a()), BA_OWNS_UNKNOWN);
    EXPECT_EQ(script_.take_calls(), "");
}

TEST_P(WithoutOptionalOperations, GrowBetweenResizesToWhatIsWanted) {
    script_.will_return(of(256));
    EXPECT_EQ(ba_length_result_length(ba_block_grow_between_at(blocks_, script_.a(64), ba_align(8),
                                                               ba_bytes(100), ba_bytes(200), kHere))
                  .bytes,
              256u);
    EXPECT_EQ(script_.take_calls(), "resize(A 64, align 8, 200, here)");
}

TEST_P(WithoutOptionalOperations, GrowBetweenElseResizesToTheMinimum) {
    script_.will_refuse_resize(BA_NOT_IN_PLACE);
    script_.will_return(of(128));
    EXPECT_EQ(ba_length_result_length(ba_block_grow_between_at(blocks_, script_.a(64), ba_align(8),
                                                               ba_bytes(100), ba_bytes(200), kHere))
                  .bytes,
              128u);
    EXPECT_EQ(script_.take_calls(),
              "resize(A 64, align 8, 200, here); resize(A 64, align 8, 100, here)");
}

TEST_P(WithoutOptionalOperations, GrowBetweenTriesOnceIfNoMoreIsWanted) {
    script_.will_refuse_resize(BA_OUT_OF_MEMORY);
    EXPECT_EQ(ba_length_result_error(ba_block_grow_between_at(blocks_, script_.a(64), ba_align(8),
                                                              ba_bytes(100), ba_bytes(100), kHere))
                  .code,
              BA_OUT_OF_MEMORY);
    EXPECT_EQ(script_.take_calls(), "resize(A 64, align 8, 100, here)");
}

TEST_P(WithoutOptionalOperations, GrowBetweenStopsAtMisuse) {
    script_.will_refuse_resize(BA_FOREIGN);
    EXPECT_EQ(ba_length_result_error(ba_block_grow_between_at(blocks_, script_.a(64), ba_align(8),
                                                              ba_bytes(100), ba_bytes(200), kHere))
                  .code,
              BA_FOREIGN);
    EXPECT_EQ(script_.take_calls(), "resize(A 64, align 8, 200, here)");
}

TEST_P(WithoutOptionalOperations, GrowBetweenNeverMakesShorter) {
    // 100 bytes are two blocks, and all of them stay.
    for (const std::size_t wanted : {std::size_t{1}, std::size_t{20}, kBlock, 2 * kBlock}) {
        script_.will_return(of(2 * kBlock));
        EXPECT_EQ(
            ba_length_result_length(ba_block_grow_between_at(blocks_, script_.a(100), ba_align(8),
                                                             ba_bytes(10), ba_bytes(wanted), kHere))
                .bytes,
            2 * kBlock);
        EXPECT_EQ(script_.take_calls(), "resize(A 100, align 8, 128, here)") << wanted;
    }
}

TEST_P(WithoutOptionalOperations, GrowBetweenLeavesAMinimumOfZeroToTheImplementation) {
    script_.will_refuse_resize(BA_ZERO_SIZE);
    EXPECT_EQ(ba_length_result_error(ba_block_grow_between_at(blocks_, script_.a(100), ba_align(8),
                                                              ba_bytes(0), ba_bytes(20), kHere))
                  .code,
              BA_ZERO_SIZE);
    EXPECT_EQ(script_.take_calls(), "resize(A 100, align 8, 0, here)");
}

TEST_P(WithoutOptionalOperations, GrowBetweenElseKeepsWhatIsMoreThanTheMinimum) {
    script_.will_refuse_resize(BA_NOT_IN_PLACE);
    script_.will_return(of(2 * kBlock));
    EXPECT_EQ(ba_length_result_length(ba_block_grow_between_at(blocks_, script_.a(100), ba_align(8),
                                                               ba_bytes(10), ba_bytes(200), kHere))
                  .bytes,
              2 * kBlock);
    EXPECT_EQ(script_.take_calls(),
              "resize(A 100, align 8, 200, here); resize(A 100, align 8, 128, here)");
}

TEST_P(WithoutOptionalOperations, ReallocMovesWithoutRemap) {
    script_.will_refuse_resize(BA_NOT_IN_PLACE);
    script_.will_return(script_.b(256));
    script_.will_return(kOk);
    const ba_memory moved =
        ba_block_realloc_at(blocks_, script_.a(100), ba_align(8), ba_bytes(200), kHere);
    EXPECT_EQ(ba_memory_pointer(moved), script_.b());
    EXPECT_EQ(script_.take_calls(), "resize(A 100, align 8, 200, here); alloc(200, align 8, here); "
                                    "free(A 100, align 8, here)");
}

TEST_F(BlockAllocator, ReallocStaysInPlaceIfItCan) {
    script_.will_return(of(256));
    const ba_memory memory = realloc_100_to(200);
    EXPECT_EQ(ba_memory_pointer(memory), script_.a());
    EXPECT_EQ(ba_memory_length(memory).bytes, 256u);
    EXPECT_EQ(script_.take_calls(), "resize(A 100, align 8, 200, here)");
}

TEST_F(BlockAllocator, ReallocElseRemaps) {
    script_.will_refuse_resize(BA_OUT_OF_MEMORY);
    script_.will_return(script_.b(256));
    const ba_memory memory = realloc_100_to(200);
    EXPECT_EQ(ba_memory_pointer(memory), script_.b());
    EXPECT_EQ(ba_memory_length(memory).bytes, 256u);
    EXPECT_EQ(script_.b()[0], 0) << "nothing is copied";
    EXPECT_EQ(script_.take_calls(),
              "resize(A 100, align 8, 200, here); remap(A 100, align 8, 200, here)");
}

TEST_F(BlockAllocator, ReallocElseCopies) {
    script_.will_refuse_resize(BA_LIMIT);
    script_.will_refuse_alloc(BA_UNSUPPORTED);
    script_.will_return(script_.b(256));
    script_.will_return(kOk);
    const ba_memory memory = realloc_100_to(200);
    EXPECT_EQ(ba_memory_pointer(memory), script_.b());
    EXPECT_EQ(ba_memory_length(memory).bytes, 256u);
    EXPECT_EQ(script_.b()[2 * kBlock - 1], 7) << "all that the old memory could hold is copied";
    EXPECT_EQ(script_.b()[2 * kBlock], 0) << "no more is copied";
    EXPECT_EQ(script_.take_calls(),
              "resize(A 100, align 8, 200, here); remap(A 100, align 8, 200, here); "
              "alloc(200, align 8, here); free(A 100, align 8, here)");
}

TEST_F(BlockAllocator, ReallocThatFailsLeavesTheOld) {
    script_.will_refuse_resize(BA_NOT_IN_PLACE);
    script_.will_refuse_alloc(BA_UNSUPPORTED);
    script_.will_refuse_alloc(BA_OUT_OF_MEMORY);
    EXPECT_EQ(ba_memory_error(realloc_100_to(200)).code, BA_OUT_OF_MEMORY);
    EXPECT_EQ(script_.take_calls(), "resize(A 100, align 8, 200, here); "
                                    "remap(A 100, align 8, 200, here); alloc(200, align 8, here)");
}

TEST_F(BlockAllocator, ReallocCopiesNoMoreThanThereIsRoomFor) {
    script_.will_refuse_resize(BA_LIMIT);
    script_.will_refuse_alloc(BA_UNSUPPORTED);
    script_.will_return(script_.b(120)); // fewer than whole blocks: no allocator may do that
    script_.will_return(kOk);
    EXPECT_EQ(ba_memory_length(realloc_100_to(120)).bytes, 120u);
    EXPECT_EQ(script_.b()[119], 7);
    EXPECT_EQ(script_.b()[120], 0);
}

TEST_F(BlockAllocator, ReallocWhoseOldMemoryIsNotTakenBackGivesTheNewBack) {
    script_.will_refuse_resize(BA_LIMIT);
    script_.will_refuse_alloc(BA_UNSUPPORTED);
    script_.will_return(script_.b(256));
    script_.will_return(ba_error_of(BA_IN_USE));
    script_.will_return(kOk);
    EXPECT_EQ(ba_memory_error(realloc_100_to(200)).code, BA_IN_USE);
    EXPECT_EQ(script_.a()[99], 7);
    EXPECT_EQ(script_.take_calls(),
              "resize(A 100, align 8, 200, here); remap(A 100, align 8, 200, here); "
              "alloc(200, align 8, here); free(A 100, align 8, here); free(B 256, align 8, here)");
}

TEST_F(BlockAllocator, ReallocStopsAtMisuse) {
    script_.will_refuse_resize(BA_DOUBLE_FREE);
    EXPECT_EQ(ba_memory_error(realloc_100_to(200)).code, BA_DOUBLE_FREE);
    EXPECT_EQ(script_.take_calls(), "resize(A 100, align 8, 200, here)");
}

// An allocator's own realloc, which moves whatever it gets to B.
ba_memory moves_to_b(void *context, ba_memory memory, ba_alignment alignment, ba_length minimum,
                     ba_call_site site) {
    EXPECT_EQ(ba_memory_length(memory).bytes, 100u);
    EXPECT_EQ(alignment.bytes, 8u);
    EXPECT_EQ(site.text, kHere.text);
    return static_cast<ScriptedAllocator *>(context)->b(minimum.bytes + 1);
}

TEST_F(BlockAllocator, ReallocIsTheAllocatorsOwnWhereItHasOne) {
    ba_operations operations = *blocks_.operations;
    operations.realloc = moves_to_b;
    blocks_ = ba_block_allocator_of(&script_, &operations);
    const ba_memory memory = realloc_100_to(200);
    EXPECT_EQ(ba_memory_pointer(memory), script_.b());
    EXPECT_EQ(ba_memory_length(memory).bytes, 201u);
    EXPECT_EQ(script_.take_calls(), "");
}

void expect_line(ba_call_site site, int line) {
#if BA_BUILD_MODE == BA_DEBUG
    EXPECT_EQ(std::string(site.text), std::string(__FILE__) + ":" + std::to_string(line));
#else
    (void)line;
    EXPECT_NE(site.address, nullptr);
#endif
}

TEST_F(BlockAllocator, TheMacrosFillInThisLine) {
    script_.will_return(script_.a(64));
    EXPECT_FALSE(ba_memory_is_none(ba_block_alloc(blocks_, ba_bytes(1), ba_align(8))));
    expect_line(script_.last_site(), __LINE__ - 1);
    script_.will_return(of(64));
    EXPECT_FALSE(ba_length_result_is_none(
        ba_block_resize(blocks_, script_.a(64), ba_align(8), ba_bytes(1))));
    expect_line(script_.last_site(), __LINE__ - 1);
    script_.will_return(of(128));
    EXPECT_FALSE(ba_length_result_is_none(
        ba_block_grow_between(blocks_, script_.a(64), ba_align(8), ba_bytes(65), ba_bytes(66))));
    expect_line(script_.last_site(), __LINE__ - 1);
    script_.will_return(script_.b(64));
    EXPECT_FALSE(
        ba_memory_is_none(ba_block_remap(blocks_, script_.a(64), ba_align(8), ba_bytes(1))));
    expect_line(script_.last_site(), __LINE__ - 1);
    script_.will_return(of(64));
    EXPECT_FALSE(
        ba_memory_is_none(ba_block_realloc(blocks_, script_.a(64), ba_align(8), ba_bytes(1))));
    expect_line(script_.last_site(), __LINE__ - 1);
    script_.will_return(of(0));
    ba_block_discard(blocks_, script_.a(64));
    expect_line(script_.last_site(), __LINE__ - 1);
    script_.will_return(kOk);
    ba_block_free(blocks_, script_.a(64), ba_align(8));
    expect_line(script_.last_site(), __LINE__ - 1);
}

// In build modes that check nothing, an implementation may refuse what is no memory.
TEST_F(BlockAllocator, ReallocOfNothingCopiesAndFreesNothing) {
    script_.will_refuse_resize(BA_NOT_IN_PLACE);
    script_.will_refuse_alloc(BA_UNSUPPORTED); // of remap
    script_.will_return(script_.b(64));
    const ba_memory none = ba_memory_none(ba_error_of(BA_OUT_OF_MEMORY));
    const ba_memory memory = ba_block_realloc_at(blocks_, none, ba_align(8), ba_bytes(10), kHere);
    EXPECT_EQ(ba_memory_pointer(memory), script_.b());
    EXPECT_EQ(script_.take_calls().find("free"), std::string::npos);
}

// One that its owner forgot to make.
TEST(BlockAllocatorOfZeros, EveryCallFailsWithNotMade) {
    if (!BA_CHECKS_MISUSE) {
        return; // its owner has promised to make it
    }
    const ba_block_allocator blocks = {};
    EXPECT_EQ(ba_block_allocator_block_size(blocks).bytes, 1u);
    EXPECT_EQ(ba_memory_error(ba_block_alloc(blocks, ba_bytes(8), ba_align(8))).code, BA_NOT_MADE);
    unsigned char bytes[8];
    const ba_memory memory = ba_memory_of(bytes, ba_bytes(sizeof bytes));
    const ba_alignment byte = ba_align(1);
    EXPECT_EQ(ba_length_result_error(ba_block_resize(blocks, memory, byte, ba_bytes(1))).code,
              BA_NOT_MADE);
    EXPECT_EQ(ba_length_result_error(
                  ba_block_grow_between(blocks, memory, byte, ba_bytes(9), ba_bytes(10)))
                  .code,
              BA_NOT_MADE);
    EXPECT_EQ(ba_memory_error(ba_block_remap(blocks, memory, byte, ba_bytes(9))).code, BA_NOT_MADE);
    EXPECT_EQ(ba_memory_error(ba_block_realloc(blocks, memory, byte, ba_bytes(9))).code,
              BA_NOT_MADE);
    EXPECT_EQ(ba_length_result_error(ba_block_discard(blocks, memory)).code, BA_NOT_MADE);
    EXPECT_EQ(ba_block_free(blocks, memory, byte).code, BA_NOT_MADE);
    EXPECT_EQ(ba_block_owns(blocks, bytes), BA_OWNS_UNKNOWN);
}

TEST(AllocatorOfZeros, EveryCallFailsWithNotMade) {
    if (!BA_CHECKS_MISUSE) {
        return;
    }
    const ba_allocator allocator = {};
    EXPECT_EQ(ba_allocator_block_size(allocator).bytes, 1u);
    EXPECT_EQ(ba_memory_error(ba_alloc(allocator, ba_bytes(8), ba_align(8))).code, BA_NOT_MADE);
    unsigned char bytes[8];
    const ba_memory memory = ba_memory_of(bytes, ba_bytes(sizeof bytes));
    EXPECT_EQ(ba_free(allocator, memory, ba_align(1)).code, BA_NOT_MADE);
}

} // namespace
