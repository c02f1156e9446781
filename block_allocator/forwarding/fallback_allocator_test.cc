#include "block_allocator/forwarding/fallback_allocator.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "block_allocator/backing/buffer_allocator.h"
#include "block_allocator/backing/libc_allocator.h"
#include "block_allocator/forwarding/limited_allocator.h"
#include "testing/misuse_recorder.h"
#include "testing/scripted_allocator.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::MisuseRecorder;
using ba_testing::ScriptedAllocator;
using ba_testing::StrictBacking;
using ba_testing::StrictBackingOptions;

const ba_call_site site = ba_call_site_of_text("here");

ba_length_result of(std::size_t bytes) {
    return ba_length_result_of(ba_bytes(bytes));
}

std::size_t length(ba_memory memory) {
    return ba_memory_length(memory).bytes;
}
std::size_t length(ba_length_result result) {
    return ba_length_result_length(result).bytes;
}
ba_error_code error(ba_memory memory) {
    return ba_memory_error(memory).code;
}
ba_error_code error(ba_length_result result) {
    return ba_length_result_error(result).code;
}

ba_memory with_length(ba_memory memory, std::size_t bytes) {
    return ba_memory_of(ba_memory_pointer(memory), ba_bytes(bytes));
}

StrictBackingOptions able(std::size_t block_size, std::size_t max_alignment) {
    return {block_size,      max_alignment,    /*grows_in_place=*/true, /*room=*/4 * block_size,
            /*remaps=*/true, /*discards=*/true};
}

class FallbackAllocator : public ::testing::Test {
  protected:
    FallbackAllocator() {
        EXPECT_EQ(
            ba_fallback_allocator_init(&both_, primary_.allocator(), secondary_.allocator()).code,
            BA_OK);
        blocks_ = ba_fallback_allocator_block_allocator(&both_);
    }

    ba_memory alloc(std::size_t bytes, std::size_t alignment = 1) {
        return ba_block_alloc(blocks_, ba_bytes(bytes), ba_align(alignment));
    }

    // Memory of the secondary.
    ba_memory alloc_secondary(std::size_t bytes) {
        primary_.refuse_from(1);
        const ba_memory memory = alloc(bytes);
        primary_.refuse_none();
        return memory;
    }

    ba_error_code free(ba_memory memory, std::size_t alignment = 1) {
        return ba_block_free(blocks_, memory, ba_align(alignment)).code;
    }

    StrictBacking primary_{able(64, 64)};
    StrictBacking secondary_{able(64, 1024)};
    ba_fallback_allocator both_;
    ba_block_allocator blocks_;
};

TEST_F(FallbackAllocator, ThePrimaryComesFirst) {
    const ba_memory memory = alloc(65);
    EXPECT_EQ(length(memory), 128u);
    EXPECT_EQ(primary_.bytes(), 128u);
    EXPECT_EQ(secondary_.calls(), 0u) << "the secondary is not asked";
    EXPECT_EQ(free(memory), BA_OK);
    EXPECT_EQ(primary_.grants(), 0u);
}

TEST_F(FallbackAllocator, WhatThePrimaryRefusesTheSecondaryGives) {
    primary_.refuse_nth(1);
    const ba_memory second = alloc(65);
    const ba_memory first = alloc(1);
    EXPECT_EQ(length(second), 128u);
    EXPECT_EQ(secondary_.bytes(), 128u);
    EXPECT_EQ(primary_.bytes(), 64u) << "each allocation starts with the primary again";
    EXPECT_EQ(free(second), BA_OK);
    EXPECT_EQ(secondary_.grants(), 0u);
    EXPECT_EQ(free(first), BA_OK);
}

TEST_F(FallbackAllocator, AnAlignmentTooLargeForThePrimaryGoesToTheSecondary) {
    const ba_memory memory = alloc(1, 128);
    EXPECT_TRUE(secondary_.contains(ba_memory_pointer(memory), 64));
    EXPECT_EQ(free(memory, 128), BA_OK);
    EXPECT_EQ(error(alloc(1, 2048)), BA_BAD_ALIGN);
}

TEST_F(FallbackAllocator, WhenBothRefuseTheErrorIsTheSecondarys) {
    primary_.refuse_from(1);
    secondary_.refuse_from(1);
    EXPECT_EQ(error(alloc(1)), BA_OUT_OF_MEMORY);
    EXPECT_EQ(secondary_.refused(), 1u);
    EXPECT_EQ(error(alloc(1, 2048)), BA_BAD_ALIGN) << "too large for both";
    EXPECT_EQ(error(alloc(SIZE_MAX)), BA_OUT_OF_MEMORY);
    EXPECT_EQ(primary_.grants() + secondary_.grants(), 0u);
}

TEST_F(FallbackAllocator, ALimitOfThePrimaryIsARefusal) {
    ba_limited_allocator limited;
    ba_limited_allocator_init(&limited, primary_.allocator(), ba_bytes(64));
    ASSERT_EQ(ba_fallback_allocator_init(&both_, ba_limited_allocator_allocator(&limited),
                                         secondary_.allocator())
                  .code,
              BA_OK);
    const ba_memory first = alloc(1);
    const ba_memory second = alloc(1);
    EXPECT_EQ(primary_.grants(), 1u);
    EXPECT_EQ(secondary_.grants(), 1u);
    EXPECT_EQ(free(first), BA_OK);
    EXPECT_EQ(free(second), BA_OK);
    EXPECT_EQ(ba_limited_allocator_taken(&limited).bytes, 0u);
}

TEST_F(FallbackAllocator, EachOwnerResizesItsOwn) {
    for (StrictBacking *const owner : {&primary_, &secondary_}) {
        const ba_memory memory = owner == &primary_ ? alloc(1) : alloc_secondary(1);
        EXPECT_EQ(length(ba_block_resize(blocks_, memory, ba_align(1), ba_bytes(65))), 128u);
        EXPECT_EQ(owner->bytes(), 128u);
        EXPECT_EQ(length(ba_block_grow_between(blocks_, with_length(memory, 65), ba_align(1),
                                               ba_bytes(129), ba_bytes(193))),
                  256u);
        EXPECT_EQ(owner->bytes(), 256u);
        EXPECT_EQ(
            error(ba_block_resize(blocks_, with_length(memory, 256), ba_align(1), ba_bytes(1000))),
            BA_NOT_IN_PLACE);
        EXPECT_EQ(error(ba_block_grow_between(blocks_, with_length(memory, 256), ba_align(1),
                                              ba_bytes(1000), ba_bytes(2000))),
                  BA_NOT_IN_PLACE);
        EXPECT_EQ(owner->bytes(), 256u);
        EXPECT_EQ(
            length(ba_block_resize(blocks_, with_length(memory, 193), ba_align(1), ba_bytes(1))),
            64u);
        EXPECT_EQ(length(ba_block_discard(blocks_, with_length(memory, 10))), 10u);
        EXPECT_EQ(owner->discarded(), 10u);
        const ba_memory moved =
            ba_block_remap(blocks_, with_length(memory, 1), ba_align(1), ba_bytes(65));
        EXPECT_TRUE(owner->contains(ba_memory_pointer(moved), 128));
        EXPECT_EQ(free(with_length(moved, 65)), BA_OK);
        EXPECT_EQ(owner->grants(), 0u);
    }
}

TEST_F(FallbackAllocator, ReallocMovesFromOneToTheOther) {
    StrictBacking small{{/*block_size=*/64}};
    ASSERT_EQ(ba_fallback_allocator_init(&both_, small.allocator(), secondary_.allocator()).code,
              BA_OK);
    const ba_memory memory = alloc(1);
    std::memcpy(ba_memory_pointer(memory), "abc", 3);
    small.refuse_from(1);
    const ba_memory moved = ba_block_realloc(blocks_, memory, ba_align(1), ba_bytes(100));
    EXPECT_EQ(length(moved), 128u);
    EXPECT_EQ(std::memcmp(ba_memory_pointer(moved), "abc", 3), 0);
    EXPECT_EQ(small.grants(), 0u);
    EXPECT_EQ(secondary_.bytes(), 128u);

    small.refuse_from(1);
    secondary_.refuse_from(1);
    EXPECT_EQ(error(ba_block_realloc(blocks_, moved, ba_align(1), ba_bytes(5000))),
              BA_OUT_OF_MEMORY);
    EXPECT_EQ(secondary_.bytes(), 128u) << "a failure changes nothing";
    EXPECT_EQ(free(moved), BA_OK);
}

TEST_F(FallbackAllocator, OwnsWhatEitherOwns) {
    const ba_memory first = alloc(1);
    const ba_memory second = alloc_secondary(1);
    EXPECT_EQ(ba_block_owns(blocks_, ba_memory_pointer(first)), BA_OWNS);
    EXPECT_EQ(ba_block_owns(blocks_, ba_memory_pointer(second)), BA_OWNS);
    EXPECT_EQ(ba_block_owns(blocks_, this), BA_OWNS_NOT);
    EXPECT_EQ(free(first), BA_OK);
    EXPECT_EQ(free(second), BA_OK);

    ASSERT_EQ(ba_fallback_allocator_init(&both_, primary_.allocator(), ba_libc_allocator()).code,
              BA_OK);
    EXPECT_EQ(ba_block_owns(blocks_, this), BA_OWNS_UNKNOWN);
}

TEST_F(FallbackAllocator, InitRefusesAPrimaryThatDoesNotKnowItsMemory) {
    ScriptedAllocator mute(64, ScriptedAllocator::Table::kShort);
    EXPECT_EQ(ba_fallback_allocator_init(&both_, mute.allocator(), primary_.allocator()).code,
              BA_UNSUPPORTED);
    EXPECT_EQ(ba_fallback_allocator_init(&both_, ba_libc_allocator(), primary_.allocator()).code,
              BA_UNSUPPORTED);
    ba_limited_allocator limited;
    ba_limited_allocator_init(&limited, ba_libc_allocator(), ba_bytes(1000));
    EXPECT_EQ(ba_fallback_allocator_init(&both_, ba_limited_allocator_allocator(&limited),
                                         primary_.allocator())
                  .code,
              BA_UNSUPPORTED)
        << "the operation is there, but leads nowhere";
    const ba_memory memory = alloc(1);
    EXPECT_EQ(primary_.grants(), 1u) << "what was refused changed nothing";
    EXPECT_EQ(free(memory), BA_OK);
}

TEST_F(FallbackAllocator, FallbacksChain) {
    StrictBacking third{able(64, 64)};
    ba_fallback_allocator all;
    ASSERT_EQ(
        ba_fallback_allocator_init(&all, ba_fallback_allocator_allocator(&both_), third.allocator())
            .code,
        BA_OK);
    const ba_allocator chain = ba_fallback_allocator_allocator(&all);
    primary_.refuse_from(1);
    secondary_.refuse_from(1);
    const ba_memory memory = ba_alloc(chain, ba_bytes(10), ba_align(1));
    EXPECT_EQ(length(memory), 10u);
    EXPECT_EQ(third.bytes(), 64u);
    EXPECT_EQ(ba_free(chain, memory, ba_align(1)).code, BA_OK);
}

// Block sizes that differ: {primary's, secondary's}. The strict backings see to it that what comes
// back is, to the byte, what they granted.
struct BlockSizes {
    std::size_t primary;
    std::size_t secondary;
};

class FallbackAllocatorSizes : public ::testing::TestWithParam<BlockSizes> {
  protected:
    FallbackAllocatorSizes() {
        EXPECT_EQ(
            ba_fallback_allocator_init(&both_, primary_.allocator(), secondary_.allocator()).code,
            BA_OK);
        blocks_ = ba_fallback_allocator_block_allocator(&both_);
    }

    std::size_t block() const { return std::min(GetParam().primary, GetParam().secondary); }
    std::size_t up(std::size_t bytes) const { return (bytes + block() - 1) / block() * block(); }

    ba_memory alloc(bool from_primary, std::size_t bytes) {
        primary_.refuse_when([from_primary](std::size_t) { return !from_primary; });
        const ba_memory memory = ba_block_alloc(blocks_, ba_bytes(bytes), ba_align(1));
        primary_.refuse_none();
        return memory;
    }

    StrictBacking primary_{able(GetParam().primary, 64)};
    StrictBacking secondary_{able(GetParam().secondary, 64)};
    ba_fallback_allocator both_;
    ba_block_allocator blocks_;
};

TEST_P(FallbackAllocatorSizes, TheBlockSizeIsTheSmallerOne) {
    EXPECT_EQ(ba_block_allocator_block_size(blocks_).bytes, block());
    const ba_allocator exact = ba_fallback_allocator_allocator(&both_);
    EXPECT_EQ(ba_allocator_block_size(exact).bytes, block());
    const ba_memory memory = ba_alloc(exact, ba_bytes(1), ba_align(1));
    EXPECT_EQ(length(memory), 1u);
    EXPECT_EQ(ba_free(exact, memory, ba_align(1)).code, BA_OK);
}

TEST_P(FallbackAllocatorSizes, EveryLengthThatFitsIsTakenBackAsItWasGranted) {
    for (const bool from_primary : {true, false}) {
        for (std::size_t asked = 1; asked <= 2 * 64 + 1; asked++) {
            for (std::size_t given = up(asked) - block() + 1; given <= up(asked); given++) {
                const ba_memory memory = alloc(from_primary, asked);
                EXPECT_EQ(length(memory), up(asked));
                EXPECT_EQ(primary_.grants(), from_primary ? 1u : 0u);
                EXPECT_EQ(ba_block_free(blocks_, with_length(memory, given), ba_align(1)).code,
                          BA_OK);
            }
        }
    }
}

TEST_P(FallbackAllocatorSizes, LengthsFitAlsoAfterAResize) {
    for (const bool from_primary : {true, false}) {
        for (const std::size_t before : {1u, 16u, 40u, 64u}) {
            for (const std::size_t after : {1u, 16u, 17u, 48u, 63u, 64u}) {
                ba_memory memory = alloc(from_primary, before);
                const ba_length_result resized = ba_block_resize(
                    blocks_, with_length(memory, before), ba_align(1), ba_bytes(after));
                EXPECT_EQ(length(resized), up(after));
                memory = ba_block_remap(blocks_, with_length(memory, after), ba_align(1),
                                        ba_bytes(before));
                EXPECT_EQ(length(memory), up(before));
                const ba_length_result grown =
                    ba_block_grow_between(blocks_, with_length(memory, up(before) - block() + 1),
                                          ba_align(1), ba_bytes(before), ba_bytes(before + after));
                EXPECT_EQ(length(grown), up(before + after));
                EXPECT_EQ(ba_block_free(blocks_, with_length(memory, length(grown) - block() + 1),
                                        ba_align(1))
                              .code,
                          BA_OK);
            }
        }
    }
}

TEST_P(FallbackAllocatorSizes, WantingLessThanTheMinimumIsWantingTheMinimum) {
    for (const bool from_primary : {true, false}) {
        const ba_memory memory = alloc(from_primary, 1);
        const ba_length_result grown =
            ba_block_grow_between(blocks_, memory, ba_align(1), ba_bytes(33), ba_bytes(1));
        EXPECT_EQ(length(grown), up(33));
        EXPECT_EQ(ba_block_free(blocks_, with_length(memory, 33), ba_align(1)).code, BA_OK);
    }
}

TEST_P(FallbackAllocatorSizes, GrowingBetweenStopsWhereTheOwnerStops) {
    for (const bool from_primary : {true, false}) {
        const std::size_t owners = from_primary ? GetParam().primary : GetParam().secondary;
        const ba_memory memory = alloc(from_primary, 1);
        const ba_length_result grown =
            ba_block_grow_between(blocks_, memory, ba_align(1), ba_bytes(1), ba_bytes(SIZE_MAX));
        EXPECT_EQ(length(grown), 5 * owners);
        EXPECT_EQ(
            ba_block_free(blocks_, with_length(memory, 5 * owners - block() + 1), ba_align(1)).code,
            BA_OK);
    }
}

INSTANTIATE_TEST_SUITE_P(BlockSizes, FallbackAllocatorSizes,
                         ::testing::Values(BlockSizes{16, 64}, BlockSizes{64, 16},
                                           BlockSizes{16, 16}));

class FallbackAllocatorForwarding : public ::testing::Test {
  protected:
    void over(ScriptedAllocator &primary, ScriptedAllocator &secondary) {
        primary.will_return(BA_OWNS_NOT);
        ASSERT_EQ(
            ba_fallback_allocator_init(&both_, primary.allocator(), secondary.allocator()).code,
            BA_OK);
        EXPECT_EQ(primary.take_calls(), "owns(?)");
        blocks_ = ba_fallback_allocator_block_allocator(&both_);
    }

    // Lets the secondary have given memory: its place A.
    void take_from_secondary(ScriptedAllocator &primary, ScriptedAllocator &secondary) {
        primary.will_refuse_alloc(BA_OUT_OF_MEMORY);
        secondary.will_return(secondary.a(10));
        EXPECT_FALSE(
            ba_memory_is_none(ba_block_alloc_at(blocks_, ba_bytes(10), ba_align(16), site)));
        EXPECT_EQ(primary.take_calls(), "alloc(10, align 16, here)");
        EXPECT_EQ(secondary.take_calls(), "alloc(10, align 16, here)");
    }

    // All calls with memory of `owner`, which has blocks of one byte.
    void make_all_calls(ScriptedAllocator &owner) {
        const ba_memory memory = owner.a(10);
        owner.will_return(of(20));
        EXPECT_EQ(length(ba_block_resize_at(blocks_, memory, ba_align(16), ba_bytes(20), site)),
                  20u);
        owner.will_return(of(30));
        EXPECT_EQ(length(ba_block_grow_between_at(blocks_, memory, ba_align(16), ba_bytes(20),
                                                  ba_bytes(30), site)),
                  30u);
        owner.will_return(owner.b(20));
        const ba_memory moved =
            ba_block_remap_at(blocks_, memory, ba_align(16), ba_bytes(20), site);
        EXPECT_EQ(ba_memory_pointer(moved), owner.b());
        EXPECT_EQ(length(moved), 20u);
        owner.will_return(of(10));
        EXPECT_EQ(length(ba_block_discard_at(blocks_, memory, site)), 10u);
        owner.will_return(ba_error_of(BA_OK));
        EXPECT_EQ(ba_block_free_at(blocks_, memory, ba_align(16), site).code, BA_OK);
    }

    ba_fallback_allocator both_;
    ba_block_allocator blocks_;
};

TEST_F(FallbackAllocatorForwarding, PassesEveryOperationOnToTheOwner) {
    ScriptedAllocator primary(1);
    ScriptedAllocator secondary(1);
    over(primary, secondary);
    primary.will_return(primary.a(10));
    const ba_memory memory = ba_block_alloc_at(blocks_, ba_bytes(10), ba_align(16), site);
    EXPECT_EQ(ba_memory_pointer(memory), primary.a());
    EXPECT_EQ(length(memory), 10u);
    EXPECT_EQ(primary.take_calls(), "alloc(10, align 16, here)");

    primary.will_return(BA_OWNS);
    make_all_calls(primary);
    EXPECT_EQ(primary.take_calls(), "owns(A); resize(A 10, align 16, 20, here); "
                                    "owns(A); grow_between(A 10, align 16, 20, 30, here); "
                                    "owns(A); remap(A 10, align 16, 20, here); "
                                    "owns(A); discard(A 10, here); "
                                    "owns(A); free(A 10, align 16, here)");
    EXPECT_EQ(secondary.take_calls(), "");

    primary.will_return(BA_OWNS_NOT);
    take_from_secondary(primary, secondary);
    make_all_calls(secondary);
    EXPECT_EQ(primary.take_calls(), "owns(?); owns(?); owns(?); owns(?); owns(?)");
    EXPECT_EQ(secondary.take_calls(),
              "resize(A 10, align 16, 20, here); grow_between(A 10, align 16, 20, 30, here); "
              "remap(A 10, align 16, 20, here); discard(A 10, here); free(A 10, align 16, here)");
}

TEST_F(FallbackAllocatorForwarding, ForwardsForeignMemoryToTheSecondary) {
    ScriptedAllocator primary(1);
    ScriptedAllocator secondary(64);
    over(primary, secondary);
    take_from_secondary(primary, secondary);
    secondary.will_return(ba_error_of(BA_FOREIGN));
    EXPECT_EQ(
        ba_block_free_at(blocks_, ba_memory_none(ba_error_of(BA_LIMIT)), ba_align(1), site).code,
        BA_FOREIGN);
    EXPECT_EQ(secondary.take_calls(), "free(NULL 0, align 1, here)");
    secondary.will_return(ba_error_of(BA_SIZE_MISMATCH));
    EXPECT_EQ(ba_block_free_at(blocks_, secondary.a(SIZE_MAX), ba_align(1), site).code,
              BA_SIZE_MISMATCH);
    EXPECT_EQ(secondary.take_calls(), "free(A " + std::to_string(SIZE_MAX) + ", align 1, here)");
    EXPECT_EQ(primary.take_calls(), "owns(NULL); owns(?)");
}

TEST_F(FallbackAllocatorForwarding, ThePrimaryGetsEveryPointerWhileTheSecondaryHasGivenNothing) {
    ScriptedAllocator primary(1);
    ScriptedAllocator secondary(1);
    over(primary, secondary);
    const auto free_what_the_primary_rejects = [&](ba_error_code code) {
        primary.will_return(ba_error_of(code));
        return ba_block_free_at(blocks_, secondary.a(10), ba_align(16), site).code;
    };
    EXPECT_EQ(free_what_the_primary_rejects(BA_DOUBLE_FREE), BA_DOUBLE_FREE);
    EXPECT_EQ(primary.take_calls(), "owns(?); free(? 10, align 16, here)");

    take_from_secondary(primary, secondary);
    secondary.will_return(ba_error_of(BA_IN_USE)); // not taken, so it is there still
    EXPECT_EQ(ba_block_free_at(blocks_, secondary.a(10), ba_align(16), site).code, BA_IN_USE);
    secondary.will_return(ba_error_of(BA_OK));
    EXPECT_EQ(ba_block_free_at(blocks_, secondary.a(10), ba_align(16), site).code, BA_OK);
    EXPECT_EQ(secondary.take_calls(), "free(A 10, align 16, here); free(A 10, align 16, here)");

    EXPECT_EQ(free_what_the_primary_rejects(BA_FOREIGN), BA_FOREIGN);
    EXPECT_EQ(secondary.take_calls(), "");
    EXPECT_EQ(primary.take_calls(), "owns(?); owns(?); owns(?); free(? 10, align 16, here)");
}

// The secondary cannot give the alignment, but the primary can, once it has memory again.
TEST_F(FallbackAllocatorForwarding, AnAlignmentOfThePrimaryIsNotTooLarge) {
    ScriptedAllocator primary(1);
    ScriptedAllocator secondary(1);
    over(primary, secondary);
    for (const ba_error_code code : {BA_OUT_OF_MEMORY, BA_LIMIT, BA_BAD_ALIGN}) {
        primary.will_refuse_alloc(code);
        secondary.will_refuse_alloc(BA_BAD_ALIGN);
        EXPECT_EQ(error(ba_block_alloc_at(blocks_, ba_bytes(10), ba_align(16), site)), code);
    }
}

TEST_F(FallbackAllocatorForwarding, WorksOverASecondaryWithoutOptionalOperations) {
    ScriptedAllocator primary(1);
    ScriptedAllocator secondary(1, ScriptedAllocator::Table::kShort);
    over(primary, secondary);
    take_from_secondary(primary, secondary);
    const ba_memory memory = secondary.a(10);
    secondary.will_return(of(30));
    EXPECT_EQ(length(ba_block_grow_between_at(blocks_, memory, ba_align(16), ba_bytes(20),
                                              ba_bytes(30), site)),
              30u);
    EXPECT_EQ(error(ba_block_remap(blocks_, memory, ba_align(1), ba_bytes(20))), BA_UNSUPPORTED);
    EXPECT_EQ(length(ba_block_discard(blocks_, memory)), 0u);
    EXPECT_EQ(ba_block_owns(blocks_, secondary.a()), BA_OWNS_UNKNOWN);
    EXPECT_EQ(secondary.take_calls(), "resize(A 10, align 16, 30, here)");
    EXPECT_EQ(primary.take_calls(), "owns(?); owns(?); owns(?); owns(?)");
}

#if BA_CHECKS_MISUSE
TEST(FallbackAllocatorMisuse, MisuseIsNotForwardedToTheSecondary) {
    // Unlike the strict backing, one that checks and reports.
    alignas(64) unsigned char buffer[64];
    ba_buffer_allocator primary;
    ba_buffer_allocator_init(&primary, ba_memory_of(buffer, ba_bytes(sizeof buffer)));
    ScriptedAllocator secondary(1);
    ba_fallback_allocator both;
    ASSERT_EQ(ba_fallback_allocator_init(&both, ba_buffer_allocator_allocator(&primary),
                                         secondary.allocator())
                  .code,
              BA_OK);
    const ba_allocator allocator = ba_fallback_allocator_allocator(&both);
    MisuseRecorder misuse;
    EXPECT_EQ(error(ba_alloc(allocator, ba_bytes(0), ba_align(1))), BA_ZERO_SIZE);
    EXPECT_EQ(error(ba_alloc(allocator, ba_bytes(1), ba_align(3))), BA_BAD_ALIGN);
    EXPECT_EQ(misuse.errors(), (std::vector<ba_error_code>{BA_ZERO_SIZE, BA_BAD_ALIGN}));
    EXPECT_EQ(secondary.take_calls(), "");
    ba_buffer_allocator_release(&primary);
}
#endif

TEST_F(FallbackAllocator, GrowsAsFarAsTheOwnerGoes) {
    for (const ba_memory memory : {alloc(64), alloc_secondary(64)}) {
        EXPECT_EQ(length(ba_block_grow_between(blocks_, memory, ba_align(1), ba_bytes(65),
                                               ba_bytes(4096))),
                  320u)
            << "the block and the room after it";
        EXPECT_EQ(free(with_length(memory, 320)), BA_OK);
    }
}

} // namespace
