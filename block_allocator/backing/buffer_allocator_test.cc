#include "block_allocator/backing/buffer_allocator.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "block_allocator/implementing/instrumentation.h"
#include "block_allocator/misuse.h"
#include "gtest/gtest.h"

namespace {

constexpr std::size_t kBlock = 2 * sizeof(std::size_t);
constexpr std::size_t kBlocks = 32;
constexpr std::size_t kAlignment = 8 * kBlock; // of the buffer, so that padding is predictable

class BufferAllocator : public ::testing::Test {
  protected:
    BufferAllocator() { init(buffer_, sizeof buffer_); }
    ~BufferAllocator() override { ba_buffer_allocator_release(&state_); }

    void init(void *pointer, std::size_t length) {
        ba_buffer_allocator_init(&state_, ba_memory_of(pointer, ba_bytes(length)));
        blocks_ = ba_buffer_allocator_block_allocator(&state_);
    }

    std::size_t used() const { return ba_buffer_allocator_used(&state_).bytes; }
    std::size_t capacity() const { return ba_buffer_allocator_capacity(&state_).bytes; }

    ba_memory alloc(std::size_t length, std::size_t alignment = 1) {
        return ba_block_alloc(blocks_, ba_bytes(length), ba_align(alignment));
    }
    ba_memory alloc_aside(std::size_t length, std::size_t alignment = 1) {
        return blocks_.operations->alloc_aside(blocks_.context, ba_bytes(length),
                                               ba_align(alignment), ba_call_site_of_text("here"));
    }
    ba_error_code free(ba_memory memory, std::size_t alignment = 1) {
        return ba_block_free(blocks_, memory, ba_align(alignment)).code;
    }
    ba_length_result resize(ba_memory memory, std::size_t length) {
        return ba_block_resize(blocks_, memory, ba_align(1), ba_bytes(length));
    }
    ba_length_result grow(ba_memory memory, std::size_t minimum, std::size_t wanted) {
        return ba_block_grow_between(blocks_, memory, ba_align(1), ba_bytes(minimum),
                                     ba_bytes(wanted));
    }

    std::size_t offset(ba_memory memory) const {
        return static_cast<std::size_t>(static_cast<unsigned char *>(ba_memory_pointer(memory)) -
                                        buffer_);
    }

    alignas(kAlignment) unsigned char buffer_[kBlocks * kBlock];
    ba_buffer_allocator state_;
    ba_block_allocator blocks_;
};

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

// Writes to all of it, so that a sanitizer sees what is not accessible.
void fill(ba_memory memory) {
    std::memset(ba_memory_pointer(memory), 0x5A, length(memory));
}

TEST_F(BufferAllocator, GivesTheWholeBufferInWholeBlocks) {
    EXPECT_EQ(ba_block_allocator_block_size(blocks_).bytes, kBlock);
    EXPECT_EQ(capacity(), kBlocks * kBlock);
    EXPECT_EQ(used(), 0u);

    const ba_memory first = alloc(1);
    EXPECT_EQ(offset(first), 0u);
    EXPECT_EQ(length(first), kBlock);
    fill(first);
    const ba_memory second = alloc(kBlock + 1);
    EXPECT_EQ(offset(second), kBlock);
    EXPECT_EQ(length(second), 2 * kBlock);
    fill(second);
    EXPECT_EQ(used(), 3 * kBlock);

    EXPECT_EQ(error(alloc((kBlocks - 3) * kBlock + 1)), BA_OUT_OF_MEMORY);
    const ba_memory rest = alloc((kBlocks - 3) * kBlock);
    EXPECT_EQ(length(rest), (kBlocks - 3) * kBlock);
    fill(rest);
    EXPECT_EQ(used(), capacity());
    EXPECT_EQ(error(alloc(1)), BA_OUT_OF_MEMORY);
    EXPECT_EQ(error(alloc(1, kAlignment)), BA_OUT_OF_MEMORY);
}

TEST_F(BufferAllocator, TheExactViewCutsToWhatWasAskedFor) {
    const ba_allocator exact = ba_buffer_allocator_allocator(&state_);
    const ba_memory memory = ba_alloc(exact, ba_bytes(kBlock + 1), ba_align(1));
    EXPECT_EQ(length(memory), kBlock + 1);
    EXPECT_EQ(used(), 2 * kBlock);
    EXPECT_EQ(ba_free(exact, memory, ba_align(1)).code, BA_OK);
    EXPECT_EQ(used(), 0u);
}

TEST_F(BufferAllocator, LengthsBeyondEveryBufferAreOutOfMemory) {
    EXPECT_EQ(error(alloc(SIZE_MAX)), BA_OUT_OF_MEMORY);
    EXPECT_EQ(used(), 0u);
    const ba_memory memory = alloc(1);
    EXPECT_EQ(error(resize(memory, SIZE_MAX)), BA_OUT_OF_MEMORY);
    EXPECT_EQ(error(grow(memory, SIZE_MAX, SIZE_MAX)), BA_OUT_OF_MEMORY);
    EXPECT_EQ(length(grow(memory, 1, SIZE_MAX)), capacity());
}

TEST_F(BufferAllocator, AnAlignmentThatNoAddressOfTheBufferHasIsTooLarge) {
    ba_buffer_allocator_release(&state_);
    init(buffer_ + kBlock, 7 * kBlock); // ends right before a multiple of kAlignment
    EXPECT_EQ(error(alloc(1, kAlignment)), BA_BAD_ALIGN);
    EXPECT_EQ(error(alloc(1, SIZE_MAX / 2 + 1)), BA_BAD_ALIGN);
    EXPECT_EQ(used(), 0u);
    EXPECT_EQ(offset(alloc(3 * kBlock, 4 * kBlock)), 4 * kBlock);
    EXPECT_EQ(error(alloc(1, 4 * kBlock)), BA_OUT_OF_MEMORY) << "there is one, but it is taken";

    ba_buffer_allocator_release(&state_);
    EXPECT_EQ(error(alloc(1, kAlignment)), BA_OUT_OF_MEMORY) << "there is no buffer";
    init(buffer_ + kBlock, 8 * kBlock);
    EXPECT_EQ(offset(alloc(1, kAlignment)), kAlignment) << "the last block has it";
}

TEST_F(BufferAllocator, ABufferThatIsNotAlignedLosesLessThanABlockAtEachEnd) {
    ba_buffer_allocator_release(&state_);
    init(buffer_ + 1, 3 * kBlock);
    EXPECT_EQ(capacity(), 2 * kBlock);
    const ba_memory memory = alloc(2 * kBlock);
    EXPECT_EQ(offset(memory), kBlock);
    fill(memory);
    const ba_memory buffer = ba_buffer_allocator_release(&state_);
    EXPECT_EQ(ba_memory_pointer(buffer), buffer_ + 1);
    EXPECT_EQ(length(buffer), 3 * kBlock);
}

TEST_F(BufferAllocator, BuffersWithoutAWholeBlockRefuseEverything) {
    ba_buffer_allocator_release(&state_);
    for (const std::size_t bytes : {std::size_t{0}, kBlock - 1, 2 * kBlock - 2}) {
        init(buffer_ + 1, bytes);
        EXPECT_EQ(capacity(), 0u) << bytes;
        EXPECT_EQ(error(alloc(1)), BA_OUT_OF_MEMORY) << bytes;
        EXPECT_EQ(ba_block_owns(blocks_, buffer_ + 1), BA_OWNS_NOT) << bytes;
    }
    ba_buffer_allocator_init(&state_, ba_memory_none(ba_error_of(BA_OUT_OF_MEMORY)));
    EXPECT_EQ(capacity(), 0u);
    EXPECT_EQ(error(alloc(1)), BA_OUT_OF_MEMORY);
    ba_buffer_allocator_reset(&state_);
    EXPECT_TRUE(ba_memory_is_none(ba_buffer_allocator_release(&state_)));
}

TEST_F(BufferAllocator, FreesInOppositeOrderLeaveNoHole) {
    const ba_memory first = alloc(1);
    const ba_memory second = alloc(3 * kBlock);
    const ba_memory third = alloc(2 * kBlock);
    EXPECT_EQ(free(third), BA_OK);
    EXPECT_EQ(used(), 4 * kBlock);
    EXPECT_EQ(free(second), BA_OK);
    EXPECT_EQ(used(), kBlock);
    EXPECT_EQ(free(first), BA_OK);
    EXPECT_EQ(used(), 0u);
}

TEST_F(BufferAllocator, PaddingForAnAlignmentIsAHole) {
    const ba_memory first = alloc(1);
    const ba_memory second = alloc(kBlock, 2 * kBlock); // one block of padding
    EXPECT_EQ(offset(second), 2 * kBlock);
    const ba_memory third = alloc(kBlock, 2 * kBlock); // needs one block
    EXPECT_EQ(offset(third), 4 * kBlock);
    const ba_memory fourth = alloc(kBlock, 8 * kBlock); // needs three
    EXPECT_EQ(offset(fourth), 8 * kBlock);
    const ba_memory fifth = alloc(4 * kBlock); // none
    EXPECT_EQ(offset(fifth), 9 * kBlock);
    for (const ba_memory &memory : {first, second, third, fourth, fifth}) {
        fill(memory);
    }

    EXPECT_EQ(free(fifth), BA_OK);
    EXPECT_EQ(used(), 9 * kBlock);
    EXPECT_EQ(free(fourth, 8 * kBlock), BA_OK);
    EXPECT_EQ(used(), 5 * kBlock);
    EXPECT_EQ(free(third, 2 * kBlock), BA_OK);
    EXPECT_EQ(used(), 3 * kBlock);
    EXPECT_EQ(free(second, 2 * kBlock), BA_OK);
    EXPECT_EQ(used(), kBlock);
    EXPECT_EQ(free(first), BA_OK);
    EXPECT_EQ(used(), 0u);
}

TEST_F(BufferAllocator, AlignmentsAreThoseOfAddressesNotOfOffsets) {
    ba_buffer_allocator_release(&state_);
    init(buffer_ + kBlock, 15 * kBlock);
    const ba_memory memory = alloc(1, kAlignment);
    EXPECT_EQ(offset(memory), kAlignment);
    EXPECT_EQ(used(), kAlignment);
    EXPECT_EQ(error(alloc(1, kAlignment)), BA_OUT_OF_MEMORY) << "only padding fits";
    EXPECT_EQ(length(alloc(7 * kBlock)), 7 * kBlock) << "a refused call took nothing";
}

// A buffer full of grants of one block.
class FullBuffer : public BufferAllocator {
  protected:
    FullBuffer() {
        for (ba_memory &grant : grants_) {
            grant = alloc(kBlock);
        }
    }
    void free_all(const std::vector<std::size_t> &which) {
        for (const std::size_t i : which) {
            ASSERT_EQ(free(grants_[i]), BA_OK) << i;
        }
    }
    ba_memory grants_[kBlocks];
};

TEST_F(FullBuffer, WhatIsFreedInAnyOrderIsOneHole) {
    const std::vector<std::vector<std::size_t>> orders = {{4, 5, 6}, {4, 6, 5}, {5, 4, 6},
                                                          {5, 6, 4}, {6, 4, 5}, {6, 5, 4}};
    for (const std::vector<std::size_t> &order : orders) {
        free_all({2});
        free_all({8});
        free_all(order);
        EXPECT_EQ(used(), capacity());
        EXPECT_EQ(error(alloc(3 * kBlock + 1)), BA_OUT_OF_MEMORY);
        const ba_memory memory = alloc(3 * kBlock);
        EXPECT_EQ(offset(memory), 4 * kBlock);
        fill(memory);
        EXPECT_EQ(offset(alloc(kBlock)), 2 * kBlock);
        EXPECT_EQ(offset(alloc(kBlock)), 8 * kBlock);
        EXPECT_EQ(error(alloc(1)), BA_OUT_OF_MEMORY);
        EXPECT_EQ(length(resize(memory, kBlock)), kBlock);
        EXPECT_EQ(offset(alloc(kBlock)), 5 * kBlock);
        EXPECT_EQ(offset(alloc(kBlock)), 6 * kBlock);
    }
}

TEST_F(FullBuffer, AHoleThatReachesTheTopLowersIt) {
    free_all({kBlocks - 3, kBlocks - 2});
    EXPECT_EQ(used(), capacity());
    free_all({kBlocks - 1});
    EXPECT_EQ(used(), (kBlocks - 3) * kBlock);
    const ba_memory rest = alloc(3 * kBlock);
    EXPECT_EQ(offset(rest), (kBlocks - 3) * kBlock);
    fill(rest);
    free_all({0});
    EXPECT_EQ(free(rest), BA_OK);
    EXPECT_EQ(used(), (kBlocks - 3) * kBlock) << "a hole that is not the highest stays";
}

TEST_F(FullBuffer, FreeingAllInAnyOrderFreesTheWholeBuffer) {
    for (std::size_t i = 0; i < kBlocks; i++) {
        EXPECT_EQ(free(grants_[(7 * i) % kBlocks]), BA_OK);
    }
    EXPECT_EQ(used(), 0u);
    const ba_memory whole = alloc(capacity());
    EXPECT_EQ(offset(whole), 0u);
    fill(whole);
}

TEST_F(FullBuffer, TheLowestOfTheShortestHolesWithRoomIsTaken) {
    free_all({2, 3, 4, 6, 7, 9, 10, 12, 13, 14});
    EXPECT_EQ(offset(alloc(2 * kBlock)), 6 * kBlock);
    EXPECT_EQ(offset(alloc(kBlock)), 9 * kBlock);
    EXPECT_EQ(offset(alloc(kBlock)), 10 * kBlock) << "what is left of one is a hole";
    EXPECT_EQ(offset(alloc(3 * kBlock)), 2 * kBlock);
    EXPECT_EQ(offset(alloc(3 * kBlock)), 12 * kBlock);
    EXPECT_EQ(error(alloc(1)), BA_OUT_OF_MEMORY);
}

TEST_F(FullBuffer, AHoleServesAnAlignmentFromItsMiddle) {
    free_all({5, 6, 7, 8, 9, 10});
    EXPECT_EQ(error(alloc(3 * kBlock + 1, 8 * kBlock)), BA_OUT_OF_MEMORY);
    const ba_memory memory = alloc(2 * kBlock, 8 * kBlock);
    EXPECT_EQ(offset(memory), 8 * kBlock);
    fill(memory);
    EXPECT_EQ(offset(alloc(kBlock)), 10 * kBlock);
    EXPECT_EQ(offset(alloc(3 * kBlock)), 5 * kBlock);
    EXPECT_EQ(error(alloc(1)), BA_OUT_OF_MEMORY);
}

TEST_F(FullBuffer, AGrantGrowsIntoTheHoleAfterIt) {
    free_all({2, 5, 6, 7, 9});
    const ba_memory grant = grants_[4];
    EXPECT_EQ(error(resize(grant, 4 * kBlock + 1)), BA_NOT_IN_PLACE);
    EXPECT_EQ(length(resize(grant, kBlock + 1)), 2 * kBlock);
    fill(with_length(grant, 2 * kBlock));
    EXPECT_EQ(length(grow(with_length(grant, 2 * kBlock), 3 * kBlock, 9 * kBlock)), 4 * kBlock);
    fill(with_length(grant, 4 * kBlock));
    EXPECT_EQ(error(grow(with_length(grant, 4 * kBlock), 5 * kBlock, 9 * kBlock)), BA_NOT_IN_PLACE);
    EXPECT_EQ(length(resize(with_length(grant, 4 * kBlock), 2 * kBlock)), 2 * kBlock);
    EXPECT_EQ(offset(alloc(2 * kBlock)), 6 * kBlock) << "what is cut off is a hole again";
    EXPECT_EQ(offset(alloc(kBlock)), 2 * kBlock);
    EXPECT_EQ(offset(alloc(kBlock)), 9 * kBlock);
    EXPECT_EQ(error(alloc(1)), BA_OUT_OF_MEMORY);
}

TEST_F(FullBuffer, ResetForgetsTheHoles) {
    free_all({2, 5});
    ba_buffer_allocator_reset(&state_);
    EXPECT_EQ(used(), 0u);
    EXPECT_EQ(offset(alloc(kBlock)), 0u);
}

TEST_F(BufferAllocator, WhatIsAskedForAsideIsTakenFromTheEnd) {
    const ba_memory top = alloc(kBlock);
    const ba_memory first = alloc_aside(kBlock + 1);
    EXPECT_EQ(offset(first), (kBlocks - 2) * kBlock);
    EXPECT_EQ(length(first), 2 * kBlock);
    fill(first);
    const ba_memory second = alloc_aside(kBlock, 8 * kBlock);
    EXPECT_EQ(offset(second), (kBlocks - 8) * kBlock);
    fill(second);
    EXPECT_EQ(used(), 9 * kBlock);
    EXPECT_EQ(offset(alloc_aside(5 * kBlock)), (kBlocks - 7) * kBlock) << "padding is a hole";
    EXPECT_EQ(used(), 9 * kBlock);
    EXPECT_EQ(error(resize(top, (kBlocks - 8) * kBlock + 1)), BA_OUT_OF_MEMORY);
    EXPECT_EQ(length(grow(top, kBlock, SIZE_MAX)), (kBlocks - 8) * kBlock);
    EXPECT_EQ(used(), capacity());
    EXPECT_EQ(error(alloc_aside(1)), BA_OUT_OF_MEMORY);
    EXPECT_EQ(error(alloc_aside(SIZE_MAX)), BA_OUT_OF_MEMORY);
    EXPECT_EQ(error(alloc_aside(1, SIZE_MAX / 2 + 1)), BA_BAD_ALIGN);
    EXPECT_EQ(free(second), BA_OK);
    EXPECT_EQ(length(resize(with_length(top, (kBlocks - 8) * kBlock), (kBlocks - 7) * kBlock)),
              (kBlocks - 7) * kBlock)
        << "the ceiling has risen";
}

TEST_F(BufferAllocator, WhatIsFreedAsideInAnyOrderIsFreeAgain) {
    std::vector<std::size_t> order = {0, 1, 2, 3};
    do {
        const ba_memory below = alloc(kBlock);
        std::vector<ba_memory> aside(4);
        for (ba_memory &grant : aside) {
            grant = alloc_aside(2 * kBlock);
        }
        for (const std::size_t i : order) {
            ASSERT_EQ(free(aside[i]), BA_OK);
        }
        EXPECT_EQ(used(), kBlock);
        EXPECT_EQ(length(resize(below, capacity())), capacity());
        EXPECT_EQ(free(with_length(below, capacity())), BA_OK);
    } while (std::next_permutation(order.begin(), order.end()));
}

TEST_F(BufferAllocator, ResetTakesBackWhatIsAsideToo) {
    alloc_aside(kBlock);
    alloc(kBlock);
    ba_buffer_allocator_reset(&state_);
    EXPECT_EQ(used(), 0u);
    EXPECT_EQ(length(alloc(capacity())), capacity());
}

// Against an array that says whose each block is: any calls in any order.
class BufferAllocatorModel : public BufferAllocator, public ::testing::WithParamInterface<bool> {};

TEST_P(BufferAllocatorModel, NeverGivesABlockTwiceAndLosesNone) {
    const bool with_aside = GetParam();
    struct Grant {
        std::size_t first;
        std::size_t blocks;
    };
    std::vector<Grant> grants;
    std::string owner(kBlocks, '.');
    std::uint32_t random = 1;
    const auto next = [&random](std::size_t below) {
        random = random * 1664525u + 1013904223u;
        return (random >> 16) % below;
    };
    const auto mark = [&owner](Grant grant, char as) {
        owner.replace(grant.first, grant.blocks, grant.blocks, as);
    };
    for (int step = 0; step < 20000; step++) {
        const std::size_t what = next(3);
        if (what == 0 || grants.empty()) {
            const std::size_t blocks = 1 + next(6);
            const std::size_t alignment = std::size_t{1} << next(4);
            const ba_memory memory = with_aside && next(2) == 0
                                         ? alloc_aside(blocks * kBlock, alignment * kBlock)
                                         : alloc(blocks * kBlock, alignment * kBlock);
            bool fits = false;
            for (std::size_t i = 0; i + blocks <= kBlocks; i += alignment) {
                fits = fits || owner.substr(i, blocks) == std::string(blocks, '.');
            }
            ASSERT_EQ(!ba_memory_is_none(memory), fits) << owner << ' ' << blocks;
            if (fits) {
                const Grant grant = {offset(memory) / kBlock, blocks};
                ASSERT_EQ(grant.first % alignment, 0u);
                ASSERT_EQ(owner.substr(grant.first, blocks), std::string(blocks, '.'));
                mark(grant, '#');
                fill(memory);
                grants.push_back(grant);
            }
            continue;
        }
        Grant &grant = grants[next(grants.size())];
        const ba_memory memory =
            ba_memory_of(buffer_ + grant.first * kBlock, ba_bytes(grant.blocks * kBlock));
        if (what == 1) {
            ASSERT_EQ(free(memory), BA_OK);
            mark(grant, '.');
            grant = grants.back();
            grants.pop_back();
        } else {
            const std::size_t now = 1 + next(6);
            const std::size_t end = grant.first + grant.blocks;
            const std::size_t room = owner.find_first_not_of('.', end) == std::string::npos
                                         ? kBlocks - end
                                         : owner.find_first_not_of('.', end) - end;
            const bool fits = now <= grant.blocks + room;
            ASSERT_EQ(length(resize(memory, now * kBlock)), fits ? now * kBlock : 0u) << owner;
            if (fits) {
                mark(grant, '.');
                grant.blocks = now;
                mark(grant, '#');
            }
        }
        const std::size_t top = owner.find_last_of('#');
        if (!with_aside || grants.empty()) {
            ASSERT_EQ(used(), top == std::string::npos ? 0u : (top + 1) * kBlock);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(WithoutAndWithMemoryAside, BufferAllocatorModel, ::testing::Bool());

TEST_F(BufferAllocator, TheTopGrantGrowsAndShrinksInPlace) {
    const ba_memory below = alloc(kBlock);
    const ba_memory top = alloc(kBlock);
    EXPECT_EQ(length(resize(top, 3 * kBlock + 1)), 4 * kBlock);
    fill(with_length(top, 4 * kBlock));
    EXPECT_EQ(used(), 5 * kBlock);
    EXPECT_EQ(length(resize(with_length(top, 3 * kBlock + 1), kBlock + 1)), 2 * kBlock)
        << "any length that fits the memory may be given";
    EXPECT_EQ(used(), 3 * kBlock);
    EXPECT_EQ(length(resize(with_length(top, 2 * kBlock), 2 * kBlock)), 2 * kBlock);
    EXPECT_EQ(error(resize(with_length(top, 2 * kBlock), capacity())), BA_OUT_OF_MEMORY);
    EXPECT_EQ(used(), 3 * kBlock);
    EXPECT_EQ(length(resize(with_length(top, 2 * kBlock), capacity() - kBlock)),
              capacity() - kBlock);
    EXPECT_EQ(used(), capacity());
    EXPECT_EQ(free(with_length(top, capacity() - kBlock)), BA_OK);
    EXPECT_EQ(used(), kBlock);
    EXPECT_EQ(free(below), BA_OK);
}

TEST_F(BufferAllocator, ABuriedGrantShrinksAndGrowsIntoWhatWasCutOff) {
    const ba_memory buried = alloc(3 * kBlock);
    const ba_memory top = alloc(kBlock);
    EXPECT_EQ(error(resize(buried, 3 * kBlock + 1)), BA_NOT_IN_PLACE);
    EXPECT_EQ(error(grow(buried, 3 * kBlock + 1, 4 * kBlock)), BA_NOT_IN_PLACE);
    EXPECT_EQ(length(grow(buried, 3 * kBlock, 4 * kBlock)), 3 * kBlock);
    EXPECT_EQ(length(resize(buried, 1)), kBlock);
    EXPECT_EQ(used(), 4 * kBlock);
    EXPECT_EQ(error(resize(with_length(buried, kBlock), 3 * kBlock + 1)), BA_NOT_IN_PLACE);
    EXPECT_EQ(length(resize(with_length(buried, kBlock), 3 * kBlock)), 3 * kBlock);
    EXPECT_EQ(length(resize(with_length(buried, 3 * kBlock), 1)), kBlock);
    EXPECT_EQ(free(top), BA_OK);
    EXPECT_EQ(used(), kBlock) << "the hole below the top is part of the rest";
    EXPECT_EQ(free(with_length(buried, 1)), BA_OK);
    EXPECT_EQ(used(), 0u);
}

TEST_F(BufferAllocator, GrowsBetweenAsFarAsItGoes) {
    const ba_memory below = alloc(kBlock);
    const ba_memory top = alloc(kBlock);
    EXPECT_EQ(length(grow(top, 2 * kBlock, 3 * kBlock + 1)), 4 * kBlock);
    EXPECT_EQ(used(), 5 * kBlock);
    EXPECT_EQ(error(grow(with_length(top, 4 * kBlock), capacity(), 2 * capacity())),
              BA_OUT_OF_MEMORY);
    EXPECT_EQ(used(), 5 * kBlock);
    EXPECT_EQ(length(grow(with_length(top, 4 * kBlock), 5 * kBlock, 2 * capacity())),
              capacity() - kBlock);
    EXPECT_EQ(used(), capacity());
    fill(with_length(top, capacity() - kBlock));
    EXPECT_EQ(length(grow(with_length(top, capacity() - kBlock), 2 * kBlock, kBlock)),
              capacity() - kBlock)
        << "growing never makes shorter";
    EXPECT_EQ(used(), capacity());
    EXPECT_EQ(free(below), BA_OK);
}

TEST_F(BufferAllocator, ReallocMovesAGrantThatCannotGrow) {
    const ba_memory buried = alloc(kBlock);
    fill(buried);
    alloc(kBlock);
    const ba_memory moved = ba_block_realloc(blocks_, buried, ba_align(1), ba_bytes(2 * kBlock));
    EXPECT_EQ(offset(moved), 2 * kBlock);
    EXPECT_EQ(static_cast<unsigned char *>(ba_memory_pointer(moved))[kBlock - 1], 0x5A);
    EXPECT_EQ(error(ba_block_remap(blocks_, moved, ba_align(1), ba_bytes(1))), BA_UNSUPPORTED);
    EXPECT_EQ(length(ba_block_discard(blocks_, moved)), 0u);
}

TEST_F(BufferAllocator, OwnsItsBufferAndNothingElse) {
    ba_buffer_allocator_release(&state_);
    init(buffer_ + kBlock, 2 * kBlock);
    EXPECT_EQ(ba_block_owns(blocks_, buffer_ + kBlock), BA_OWNS);
    EXPECT_EQ(ba_block_owns(blocks_, buffer_ + 3 * kBlock - 1), BA_OWNS);
    EXPECT_EQ(ba_block_owns(blocks_, buffer_ + 3 * kBlock), BA_OWNS_NOT);
    EXPECT_EQ(ba_block_owns(blocks_, buffer_ + kBlock - 1), BA_OWNS_NOT);
    EXPECT_EQ(ba_block_owns(blocks_, nullptr), BA_OWNS_NOT);
}

TEST_F(BufferAllocator, ResetTakesAllGrantsBack) {
    alloc(kBlock);
    alloc(kBlock, 4 * kBlock);
    ba_buffer_allocator_reset(&state_);
    EXPECT_EQ(used(), 0u);
    const ba_memory first = alloc(kBlock);
    const ba_memory second = alloc(kBlock, 4 * kBlock);
    EXPECT_EQ(offset(first), 0u);
    EXPECT_EQ(offset(second), 4 * kBlock);
    EXPECT_EQ(free(first), BA_OK);
    EXPECT_EQ(free(second, 4 * kBlock), BA_OK);
    EXPECT_EQ(used(), 0u) << "the grants from before no longer count";
}

TEST_F(BufferAllocator, ReleaseReturnsTheBufferAsItWasGiven) {
    alloc(kBlock);
    alloc(kBlock, 4 * kBlock);
    const ba_memory buffer = ba_buffer_allocator_release(&state_);
    EXPECT_EQ(ba_memory_pointer(buffer), buffer_);
    EXPECT_EQ(length(buffer), sizeof buffer_);
    fill(buffer);
    EXPECT_EQ(capacity(), 0u);
    EXPECT_EQ(used(), 0u);
    EXPECT_EQ(error(alloc(1)), BA_OUT_OF_MEMORY);
}

#if BA_ADDRESS_SANITIZER

class BufferAllocatorPoison : public BufferAllocator {
  protected:
    // One character a block, by its first and last byte: '.' accessible, '#' poisoned.
    std::string picture(std::size_t blocks) const {
        std::string text;
        for (std::size_t i = 0; i < blocks; i++) {
            const bool first = ba_instrument_is_free(buffer_ + i * kBlock);
            const bool last = ba_instrument_is_free(buffer_ + (i + 1) * kBlock - 1);
            text += first != last ? '?' : first ? '#' : '.';
        }
        return text;
    }
};

TEST_F(BufferAllocatorPoison, WhatIsFreeIsPoisoned) {
    EXPECT_EQ(picture(kBlocks), std::string(kBlocks, '#'));
    const ba_memory first = alloc(2 * kBlock);
    EXPECT_EQ(picture(8), "..######");
    const ba_memory second = alloc(2 * kBlock, 8 * kBlock);
    EXPECT_EQ(picture(12), "..######..##") << "padding is free";
    EXPECT_EQ(length(resize(first, kBlock)), kBlock);
    EXPECT_EQ(picture(12), ".#######..##");
    EXPECT_EQ(length(resize(second, 3 * kBlock)), 3 * kBlock);
    EXPECT_EQ(picture(12), ".#######...#");
    EXPECT_EQ(length(resize(with_length(second, 3 * kBlock), kBlock)), kBlock);
    EXPECT_EQ(picture(12), ".#######.###");
    EXPECT_EQ(free(with_length(second, kBlock), 8 * kBlock), BA_OK);
    EXPECT_EQ(picture(12), ".###########");
    EXPECT_EQ(free(with_length(first, kBlock)), BA_OK);
    EXPECT_EQ(picture(12), "############");
    ba_buffer_allocator_release(&state_);
    EXPECT_EQ(picture(kBlocks), std::string(kBlocks, '.'));
}

TEST_F(BufferAllocatorPoison, AHoleIsPoisonedAndResetPoisonsAll) {
    const ba_memory buried = alloc(2 * kBlock);
    alloc(kBlock);
    EXPECT_EQ(free(buried), BA_OK);
    EXPECT_EQ(picture(4), "##.#");
    ba_buffer_allocator_reset(&state_);
    EXPECT_EQ(picture(4), "####");
}

#endif // BA_ADDRESS_SANITIZER

#if BA_CHECKS_MISUSE

struct Report {
    std::string allocator;
    std::string operation;
    ba_error_code code;
    const void *pointer;
    std::size_t alignment;
    std::string site;
};

bool operator==(const Report &a, const Report &b) {
    return a.allocator == b.allocator && a.operation == b.operation && a.code == b.code &&
           a.pointer == b.pointer && a.alignment == b.alignment && a.site == b.site;
}

class BufferAllocatorMisuse : public BufferAllocator {
  protected:
    BufferAllocatorMisuse()
        : handler_(ba_misuse_set_handler({record, this})),
          severity_(ba_misuse_set_severity(BA_SEVERITY_LOG)) {}
    ~BufferAllocatorMisuse() override {
        ba_misuse_set_handler(handler_);
        ba_misuse_set_severity(severity_);
    }

    static void record(void *context, const ba_misuse *misuse) {
        static_cast<BufferAllocatorMisuse *>(context)->reports_.push_back(
            {misuse->allocator, misuse->operation, misuse->error.code,
             ba_memory_pointer(misuse->memory), misuse->alignment.bytes,
             misuse->site.text == nullptr ? "" : misuse->site.text});
    }

    // Gives the memory to resize, grow_between and free: each must reject it with the code, report
    // it and change nothing.
    void expect_rejected(ba_memory memory, std::size_t alignment, ba_error_code code) {
        const std::size_t used_before = used();
        const ba_call_site site = ba_call_site_of_text("here");
        reports_.clear();
        EXPECT_EQ(
            error(ba_block_resize_at(blocks_, memory, ba_align(alignment), ba_bytes(1), site)),
            code);
        EXPECT_EQ(error(ba_block_grow_between_at(blocks_, memory, ba_align(alignment), ba_bytes(1),
                                                 ba_bytes(2), site)),
                  code);
        EXPECT_EQ(ba_block_free_at(blocks_, memory, ba_align(alignment), site).code, code);
        const void *const pointer = ba_memory_pointer(memory);
        const std::vector<Report> expected = {
            {"buffer_allocator", "resize", code, pointer, alignment, "here"},
            {"buffer_allocator", "grow_between", code, pointer, alignment, "here"},
            {"buffer_allocator", "free", code, pointer, alignment, "here"},
        };
        EXPECT_EQ(reports_ == expected, true);
        EXPECT_EQ(used(), used_before);
    }

    ba_misuse_handler handler_;
    ba_severity severity_;
    std::vector<Report> reports_;
};

TEST_F(BufferAllocatorMisuse, BadArgumentsOfAnAllocation) {
    EXPECT_EQ(error(alloc(0)), BA_ZERO_SIZE);
    EXPECT_EQ(error(alloc(1, 0)), BA_BAD_ALIGN);
    EXPECT_EQ(error(alloc(1, 3)), BA_BAD_ALIGN);
    ASSERT_EQ(reports_.size(), 3u);
    EXPECT_EQ(reports_[0].operation, "alloc");
    EXPECT_EQ(reports_[0].code, BA_ZERO_SIZE);
    EXPECT_EQ(reports_[2].alignment, 3u);
    EXPECT_EQ(used(), 0u);
}

TEST_F(BufferAllocatorMisuse, BadArgumentsOfAnAllocationAside) {
    EXPECT_EQ(error(alloc_aside(0)), BA_ZERO_SIZE);
    EXPECT_EQ(error(alloc_aside(1, 3)), BA_BAD_ALIGN);
    ASSERT_EQ(reports_.size(), 2u);
    EXPECT_EQ(reports_[0].operation, "alloc_aside");
    EXPECT_EQ(reports_[0].site, "here");
    EXPECT_EQ(reports_[1].alignment, 3u);
    EXPECT_EQ(used(), 0u);
}

TEST_F(BufferAllocatorMisuse, MemoryAsideThatIsFree) {
    alloc(kBlock);
    const ba_memory upper = alloc_aside(2 * kBlock);
    const ba_memory lower = alloc_aside(kBlock);
    expect_rejected(with_length(upper, 2 * kBlock + 1), 1, BA_SIZE_MISMATCH);
    EXPECT_EQ(free(upper), BA_OK);
    expect_rejected(upper, 1, BA_DOUBLE_FREE);
    expect_rejected(with_length(lower, kBlock + 1), 1, BA_SIZE_MISMATCH);
    EXPECT_EQ(free(lower), BA_OK);
    expect_rejected(lower, 1, BA_DOUBLE_FREE);
    EXPECT_EQ(used(), kBlock);
}

TEST_F(BufferAllocatorMisuse, ALengthOfZeroAskedFor) {
    const ba_memory memory = alloc(1);
    EXPECT_EQ(error(resize(memory, 0)), BA_ZERO_SIZE);
    EXPECT_EQ(error(grow(memory, 0, 1)), BA_ZERO_SIZE);
    EXPECT_EQ(used(), kBlock);
}

TEST_F(BufferAllocatorMisuse, MemoryThatIsNoGrant) {
    const ba_memory memory = alloc(2 * kBlock);
    alignas(kBlock) unsigned char stranger[kBlock];
    expect_rejected(ba_memory_of(stranger, ba_bytes(kBlock)), 1, BA_FOREIGN);
    expect_rejected(ba_memory_of(buffer_ + sizeof buffer_, ba_bytes(1)), 1, BA_FOREIGN);
    expect_rejected(ba_memory_none(ba_error_of(BA_OUT_OF_MEMORY)), 1, BA_FOREIGN);
    expect_rejected(ba_memory_of(buffer_ + 1, ba_bytes(1)), 1, BA_INTERIOR);
    expect_rejected(memory, 3, BA_BAD_ALIGN);
    expect_rejected(ba_memory_of(buffer_ + kBlock, ba_bytes(1)), 2 * kBlock, BA_BAD_ALIGN);
    expect_rejected(with_length(memory, 0), 1, BA_SIZE_MISMATCH);
    expect_rejected(with_length(memory, 2 * kBlock + 1), 1, BA_SIZE_MISMATCH);
    expect_rejected(with_length(memory, SIZE_MAX), 1, BA_SIZE_MISMATCH);
    EXPECT_EQ(free(memory), BA_OK);
}

TEST_F(BufferAllocatorMisuse, MemoryThatIsFreeAlready) {
    const ba_memory first = alloc(kBlock);
    const ba_memory second = alloc(kBlock);
    EXPECT_EQ(free(second), BA_OK);
    expect_rejected(second, 1, BA_DOUBLE_FREE);
    EXPECT_EQ(free(first), BA_OK);
    expect_rejected(first, 1, BA_DOUBLE_FREE);
}

TEST_F(BufferAllocatorMisuse, MemoryThatIsAHoleOrReachesIntoOne) {
    const ba_memory first = alloc(2 * kBlock);
    const ba_memory buried = alloc(3 * kBlock);
    const ba_memory top = alloc(kBlock);
    EXPECT_EQ(free(buried), BA_OK);
    expect_rejected(buried, 1, BA_DOUBLE_FREE);
    expect_rejected(ba_memory_of(buffer_ + 3 * kBlock, ba_bytes(1)), 1, BA_DOUBLE_FREE);
    expect_rejected(ba_memory_of(buffer_ + 4 * kBlock, ba_bytes(1)), 1, BA_DOUBLE_FREE);
    expect_rejected(with_length(first, 2 * kBlock + 1), 1, BA_SIZE_MISMATCH);
    EXPECT_EQ(length(resize(first, kBlock)), kBlock);
    expect_rejected(first, 1, BA_SIZE_MISMATCH);
    expect_rejected(ba_memory_of(buffer_ + kBlock, ba_bytes(1)), 1, BA_DOUBLE_FREE);
    EXPECT_EQ(free(top), BA_OK);
    EXPECT_EQ(used(), kBlock);
}

TEST_F(BufferAllocatorMisuse, AnOverwrittenHole) {
    const ba_memory first = alloc(kBlock);
    const ba_memory lower = alloc(2 * kBlock);
    alloc(kBlock);
    const ba_memory upper = alloc(3 * kBlock);
    const ba_memory top = alloc(kBlock);
    EXPECT_EQ(free(lower), BA_OK);
    EXPECT_EQ(free(upper), BA_OK);
    std::size_t *const in_hole = reinterpret_cast<std::size_t *>(buffer_ + 6 * kBlock);
    ba_instrument_inspect(in_hole, ba_bytes(kBlock));
    const std::size_t right[2] = {in_hole[0], in_hole[1]};
    EXPECT_EQ(right[0], reinterpret_cast<std::uintptr_t>(buffer_ + 2 * kBlock));
    EXPECT_EQ(right[1], 3 * kBlock);
    const auto expect_corrupt = [&](std::size_t word, std::size_t wrong) {
        ba_instrument_inspect(in_hole, ba_bytes(kBlock));
        in_hole[word] = wrong;
        expect_rejected(first, 1, BA_CORRUPT);
        expect_rejected(top, 1, BA_CORRUPT);
        reports_.clear();
        EXPECT_EQ(error(alloc(1)), BA_CORRUPT);
        ASSERT_EQ(reports_.size(), 1u);
        EXPECT_EQ(reports_[0].operation, "alloc");
        EXPECT_EQ(reports_[0].code, BA_CORRUPT);
        ba_instrument_inspect(in_hole, ba_bytes(kBlock));
        in_hole[word] = right[word];
    };
    for (const std::size_t wrong : {right[0] + 1, reinterpret_cast<std::uintptr_t>(in_hole),
                                    reinterpret_cast<std::uintptr_t>(buffer_) - kBlock,
                                    reinterpret_cast<std::uintptr_t>(buffer_) + sizeof buffer_}) {
        expect_corrupt(0, wrong);
    }
    for (const std::size_t wrong :
         {std::size_t{0}, std::size_t{1}, 3 * kBlock + 1, 8 * kBlock, SIZE_MAX - kBlock + 1}) {
        expect_corrupt(1, wrong);
    }
    in_hole[1] = 4 * kBlock; // touches the lower hole
    expect_rejected(first, 1, BA_CORRUPT);
    ba_instrument_inspect(in_hole, ba_bytes(kBlock));
    in_hole[1] = right[1];
    EXPECT_EQ(free(top), BA_OK);
    EXPECT_EQ(used(), 4 * kBlock);
    EXPECT_EQ(offset(alloc(2 * kBlock)), kBlock) << "rejected calls have changed nothing";
}

TEST_F(BufferAllocator, HasASeverityOfItsOwn) {
    ba_buffer_allocator_set_severity(&state_, BA_SEVERITY_LOG);
    ASSERT_EQ(ba_misuse_severity(), BA_SEVERITY_PANIC);
    EXPECT_EQ(free(ba_memory_none(ba_error_of(BA_LIMIT))), BA_FOREIGN);
    ba_buffer_allocator_release(&state_);
    EXPECT_EQ(error(alloc(0)), BA_ZERO_SIZE) << "it outlives a release";
}

TEST(BufferAllocatorDeathTest, AMisusePanicsByDefault) {
    alignas(kBlock) static unsigned char buffer[kBlock];
    ba_buffer_allocator state;
    ba_buffer_allocator_init(&state, ba_memory_of(buffer, ba_bytes(sizeof buffer)));
    const ba_allocator allocator = ba_buffer_allocator_allocator(&state);
    EXPECT_DEATH(EXPECT_TRUE(ba_memory_is_none(ba_alloc_at(allocator, ba_bytes(0), ba_align(1),
                                                           ba_call_site_of_text("main.c:12")))),
                 "buffer_allocator: alloc\\(\\): ZERO_SIZE, a length of zero was asked for, "
                 "at main.c:12");
    ba_buffer_allocator_release(&state);
}

#endif // BA_CHECKS_MISUSE

} // namespace
