#include "block_allocator/forwarding/failing_allocator.h"

#include <cstdint>
#include <string>
#include <vector>

#include "block_allocator/backing/libc_allocator.h"
#include "testing/scripted_allocator.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::ScriptedAllocator;
using ba_testing::StrictBacking;

constexpr std::size_t kBlock = 64;

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

class FailingAllocator : public ::testing::Test {
  protected:
    FailingAllocator() {
        ba_failing_allocator_init(&failing_, backing_.allocator());
        blocks_ = ba_failing_allocator_block_allocator(&failing_);
    }

    void plan(ba_failing_plan plan) { ba_failing_allocator_set_plan(&failing_, plan); }
    std::size_t calls() const { return ba_failing_allocator_calls(&failing_); }
    std::size_t failed() const { return ba_failing_allocator_failed(&failing_); }

    // What becomes of so many allocations: '+' for each that succeeds, '-' for each that fails.
    std::string outcome(std::size_t allocations) {
        std::string text;
        for (std::size_t i = 0; i < allocations; i++) {
            const ba_memory memory = ba_block_alloc(blocks_, ba_bytes(1), ba_align(1));
            text += ba_memory_is_none(memory) ? '-' : '+';
            if (!ba_memory_is_none(memory)) {
                ba_block_free(blocks_, memory, ba_align(1));
            }
        }
        return text;
    }

    StrictBacking backing_{{/*block_size=*/kBlock, /*max_alignment=*/kBlock,
                            /*grows_in_place=*/true, /*room=*/4 * kBlock, /*remaps=*/true}};
    ba_failing_allocator failing_;
    ba_block_allocator blocks_;
};

TEST_F(FailingAllocator, FailsTheCallsThatThePlanNames) {
    EXPECT_EQ(outcome(6), "++++++");
    plan(ba_failing_plan_none());
    EXPECT_EQ(outcome(6), "++++++");
    plan(ba_failing_plan_nth(3));
    EXPECT_EQ(outcome(6), "++-+++");
    plan(ba_failing_plan_nth(0));
    EXPECT_EQ(outcome(6), "++++++");
    plan(ba_failing_plan_from(3));
    EXPECT_EQ(outcome(6), "++----");
    plan(ba_failing_plan_from(0));
    EXPECT_EQ(outcome(6), "------");
    plan(ba_failing_plan_every(2));
    EXPECT_EQ(outcome(6), "+-+-+-");
    plan(ba_failing_plan_every(1));
    EXPECT_EQ(outcome(6), "------");
    plan(ba_failing_plan_every(0));
    EXPECT_EQ(outcome(6), "++++++");
}

TEST_F(FailingAllocator, AsksAFunctionAboutEachCall) {
    std::vector<std::size_t> asked;
    plan(ba_failing_plan_when(
        [](void *context, std::size_t call) {
            static_cast<std::vector<std::size_t> *>(context)->push_back(call);
            return call == 2 || call == 3 ? BA_FAILING_FAIL : BA_FAILING_PASS;
        },
        &asked));
    EXPECT_EQ(outcome(4), "+--+");
    EXPECT_EQ(asked, (std::vector<std::size_t>{1, 2, 3, 4}));
}

TEST_F(FailingAllocator, CountsSinceThePlanWasSet) {
    EXPECT_EQ(outcome(3), "+++");
    EXPECT_EQ(calls(), 3u);
    EXPECT_EQ(failed(), 0u);
    plan(ba_failing_plan_from(2));
    EXPECT_EQ(calls(), 0u);
    EXPECT_EQ(outcome(3), "+--");
    EXPECT_EQ(calls(), 3u);
    EXPECT_EQ(failed(), 2u);
    plan(ba_failing_plan_none());
    EXPECT_EQ(calls(), 0u);
    EXPECT_EQ(failed(), 0u);
}

TEST_F(FailingAllocator, GivesTheErrorThatWasChosen) {
    plan(ba_failing_plan_from(1));
    EXPECT_EQ(error(ba_block_alloc(blocks_, ba_bytes(1), ba_align(1))), BA_OUT_OF_MEMORY);
    ba_failing_allocator_set_error(&failing_, ba_error_of(BA_LIMIT));
    EXPECT_EQ(error(ba_block_alloc(blocks_, ba_bytes(1), ba_align(1))), BA_LIMIT);
    plan(ba_failing_plan_from(1));
    EXPECT_EQ(error(ba_block_alloc(blocks_, ba_bytes(1), ba_align(1))), BA_LIMIT)
        << "a new plan keeps it";
}

TEST_F(FailingAllocator, WhatMayFailFailsWithoutTheParentAndChangesNothing) {
    const ba_memory memory = ba_block_alloc(blocks_, ba_bytes(1), ba_align(1));
    plan(ba_failing_plan_from(1));
    backing_.refuse_none();
    EXPECT_EQ(error(ba_block_alloc(blocks_, ba_bytes(1), ba_align(1))), BA_OUT_OF_MEMORY);
    EXPECT_EQ(error(ba_block_resize(blocks_, memory, ba_align(1), ba_bytes(kBlock + 1))),
              BA_OUT_OF_MEMORY);
    EXPECT_EQ(error(ba_block_grow_between(blocks_, memory, ba_align(1), ba_bytes(kBlock + 1),
                                          ba_bytes(2 * kBlock))),
              BA_OUT_OF_MEMORY);
    EXPECT_EQ(error(ba_block_remap(blocks_, memory, ba_align(1), ba_bytes(1))), BA_OUT_OF_MEMORY);
    EXPECT_EQ(error(ba_block_resize(blocks_, memory, ba_align(1), ba_bytes(SIZE_MAX))),
              BA_OUT_OF_MEMORY);
    EXPECT_EQ(calls(), 5u);
    EXPECT_EQ(failed(), 5u);
    EXPECT_EQ(backing_.calls(), 0u);
    EXPECT_EQ(backing_.bytes(), kBlock);
    EXPECT_EQ(ba_block_free(blocks_, memory, ba_align(1)).code, BA_OK);
}

TEST_F(FailingAllocator, WhatNeverFailsIsNotCounted) {
    const ba_memory memory = ba_block_alloc(blocks_, ba_bytes(2 * kBlock), ba_align(1));
    plan(ba_failing_plan_from(1));
    EXPECT_EQ(length(ba_block_resize(blocks_, memory, ba_align(1), ba_bytes(2 * kBlock))),
              2 * kBlock);
    EXPECT_EQ(length(ba_block_resize(blocks_, memory, ba_align(1), ba_bytes(1))), kBlock);
    const ba_memory shrunk = with_length(memory, kBlock);
    EXPECT_EQ(length(ba_block_grow_between(blocks_, shrunk, ba_align(1), ba_bytes(1),
                                           ba_bytes(2 * kBlock))),
              2 * kBlock)
        << "the minimum is there already";
    EXPECT_EQ(length(ba_block_discard(blocks_, memory)), 0u);
    EXPECT_EQ(ba_block_free(blocks_, memory, ba_align(1)).code, BA_OK);
    EXPECT_EQ(calls(), 0u);
    EXPECT_EQ(failed(), 0u);
}

TEST_F(FailingAllocator, BlocksAreCountedAndNotBytes) {
    ScriptedAllocator parent(kBlock);
    ba_failing_allocator_init(&failing_, parent.allocator());
    plan(ba_failing_plan_from(1));
    const ba_memory memory = parent.a(1);
    parent.will_return(of(kBlock));
    EXPECT_EQ(length(ba_block_resize_at(blocks_, memory, ba_align(1), ba_bytes(kBlock), site)),
              kBlock)
        << "1 byte is as good as 64";
    EXPECT_EQ(error(ba_block_resize_at(blocks_, memory, ba_align(1), ba_bytes(kBlock + 1), site)),
              BA_OUT_OF_MEMORY);
    EXPECT_EQ(calls(), 1u);
    EXPECT_EQ(parent.take_calls(), "resize(A 1, align 1, 64, here)");
}

TEST_F(FailingAllocator, RefusalsOfTheParentArePassedOn) {
    const ba_memory memory = ba_block_alloc(blocks_, ba_bytes(1), ba_align(1));
    backing_.refuse_from(1);
    EXPECT_EQ(error(ba_block_alloc(blocks_, ba_bytes(1), ba_align(1))), BA_OUT_OF_MEMORY);
    EXPECT_EQ(error(ba_block_alloc(blocks_, ba_bytes(1), ba_align(2 * kBlock))), BA_BAD_ALIGN);
    EXPECT_EQ(error(ba_block_resize(blocks_, memory, ba_align(1), ba_bytes(kBlock + 1))),
              BA_OUT_OF_MEMORY);
    EXPECT_EQ(error(ba_block_grow_between(blocks_, memory, ba_align(1), ba_bytes(kBlock + 1),
                                          ba_bytes(2 * kBlock))),
              BA_OUT_OF_MEMORY);
    EXPECT_EQ(error(ba_block_remap(blocks_, memory, ba_align(1), ba_bytes(1))), BA_OUT_OF_MEMORY);
    EXPECT_EQ(failed(), 0u) << "they were not of this allocator's making";
    EXPECT_EQ(ba_block_free(blocks_, memory, ba_align(1)).code, BA_OK);
}

TEST_F(FailingAllocator, PassesEveryOperationOn) {
    ScriptedAllocator parent(1);
    ba_failing_allocator_init(&failing_, parent.allocator());
    const ba_memory memory = parent.a(10);

    EXPECT_EQ(ba_block_allocator_block_size(blocks_).bytes, 1u);
    parent.will_return(memory);
    const ba_memory given = ba_block_alloc_at(blocks_, ba_bytes(10), ba_align(16), site);
    EXPECT_EQ(ba_memory_pointer(given), parent.a());
    EXPECT_EQ(length(given), 10u);
    EXPECT_EQ(parent.take_calls(), "alloc(10, align 16, here)");
    parent.will_return(of(20));
    EXPECT_EQ(length(ba_block_resize_at(blocks_, memory, ba_align(16), ba_bytes(20), site)), 20u);
    EXPECT_EQ(parent.take_calls(), "resize(A 10, align 16, 20, here)");
    parent.will_return(of(30));
    EXPECT_EQ(length(ba_block_grow_between_at(blocks_, memory, ba_align(16), ba_bytes(20),
                                              ba_bytes(30), site)),
              30u);
    EXPECT_EQ(parent.take_calls(), "grow_between(A 10, align 16, 20, 30, here)");
    parent.will_return(parent.b(20));
    const ba_memory moved = ba_block_remap_at(blocks_, memory, ba_align(16), ba_bytes(20), site);
    EXPECT_EQ(ba_memory_pointer(moved), parent.b());
    EXPECT_EQ(length(moved), 20u);
    EXPECT_EQ(parent.take_calls(), "remap(A 10, align 16, 20, here)");
    parent.will_return(of(10));
    EXPECT_EQ(length(ba_block_discard_at(blocks_, memory, site)), 10u);
    EXPECT_EQ(parent.take_calls(), "discard(A 10, here)");
    parent.will_return(ba_error_of(BA_OK));
    EXPECT_EQ(ba_block_free_at(blocks_, memory, ba_align(16), site).code, BA_OK);
    EXPECT_EQ(parent.take_calls(), "free(A 10, align 16, here)");
    parent.will_return(BA_OWNS);
    EXPECT_EQ(ba_block_owns(blocks_, parent.a()), BA_OWNS);
    parent.will_return(BA_OWNS_NOT);
    EXPECT_EQ(ba_block_owns(blocks_, this), BA_OWNS_NOT);
    EXPECT_EQ(parent.take_calls(), "owns(A); owns(?)");
    EXPECT_EQ(calls(), 4u);
}

TEST_F(FailingAllocator, WorksOverAParentWithoutOptionalOperations) {
    ScriptedAllocator parent(1, ScriptedAllocator::Table::kShort);
    ba_failing_allocator_init(&failing_, parent.allocator());
    const ba_memory memory = parent.a(10);
    const auto grow = [&] {
        return ba_block_grow_between_at(blocks_, memory, ba_align(1), ba_bytes(20), ba_bytes(30),
                                        site);
    };
    plan(ba_failing_plan_nth(1));
    EXPECT_EQ(error(ba_block_remap(blocks_, memory, ba_align(1), ba_bytes(20))), BA_UNSUPPORTED);
    EXPECT_EQ(calls(), 0u) << "what never succeeds is not made to fail";
    EXPECT_EQ(length(ba_block_discard(blocks_, memory)), 0u);
    EXPECT_EQ(ba_block_owns(blocks_, parent.a()), BA_OWNS_UNKNOWN);
    EXPECT_EQ(error(grow()), BA_OUT_OF_MEMORY);
    EXPECT_EQ(parent.take_calls(), "");
    parent.will_return(of(30));
    EXPECT_EQ(length(grow()), 30u);
    EXPECT_EQ(parent.take_calls(), "resize(A 10, align 1, 30, here)");
}

// A user's code: makes three pieces of memory and makes one longer; gives all back in any case.
// True if it got everything.
bool use_memory(ba_allocator allocator) {
    std::vector<ba_memory> pieces;
    bool complete = true;
    for (const std::size_t bytes : {100u, 200u, 300u}) {
        const ba_memory piece = ba_alloc(allocator, ba_bytes(bytes), ba_align(8));
        if (ba_memory_is_none(piece)) {
            complete = false;
            break;
        }
        pieces.push_back(piece);
    }
    if (complete) {
        const ba_memory longer = ba_realloc(allocator, pieces[0], ba_align(8), ba_bytes(1000));
        complete = !ba_memory_is_none(longer);
        pieces[0] = complete ? longer : pieces[0];
    }
    for (const ba_memory &piece : pieces) {
        ba_free(allocator, piece, ba_align(8));
    }
    return complete;
}

TEST(FailingAllocatorExample, FailsEveryCallOfAUsersCodeInTurn) {
    StrictBacking backing; // that sees every leak
    ba_failing_allocator failing;
    ba_failing_allocator_init(&failing, backing.allocator());
    std::vector<bool> outcomes;
    std::size_t n = 0;
    do {
        n++;
        ba_failing_allocator_set_plan(&failing, ba_failing_plan_nth(n));
        outcomes.push_back(use_memory(ba_failing_allocator_allocator(&failing)));
        EXPECT_EQ(backing.grants(), 0u);
    } while (ba_failing_allocator_failed(&failing) != 0);
    // Three allocations; the resize and the remap inside of realloc, which it survives; and the
    // allocation there. The last round has no failure.
    EXPECT_EQ(outcomes, (std::vector<bool>{false, false, false, true, true, false, true}));
}

TEST(FailingAllocatorExample, FailsEveryCallFromTheNthOn) {
    StrictBacking backing;
    ba_failing_allocator failing;
    ba_failing_allocator_init(&failing, backing.allocator());
    std::vector<bool> outcomes;
    std::size_t n = 0;
    do {
        n++;
        ba_failing_allocator_set_plan(&failing, ba_failing_plan_from(n));
        outcomes.push_back(use_memory(ba_failing_allocator_allocator(&failing)));
        EXPECT_EQ(backing.grants(), 0u);
    } while (ba_failing_allocator_failed(&failing) != 0);
    EXPECT_EQ(outcomes, (std::vector<bool>{false, false, false, false, false, false, true}));
}

TEST(FailingAllocatorOverOneThatCannotRemap, ForwardsARemapWithoutCountingIt) {
    ba_failing_allocator failing;
    ba_failing_allocator_init(&failing, ba_libc_allocator());
    const ba_allocator allocator = ba_failing_allocator_allocator(&failing);
    const ba_memory memory = ba_alloc(allocator, ba_bytes(7), ba_align(1));
    ba_failing_allocator_set_plan(&failing, ba_failing_plan_from(1));
    EXPECT_EQ(error(ba_remap(allocator, memory, ba_align(1), ba_bytes(8))), BA_UNSUPPORTED);
    EXPECT_EQ(ba_failing_allocator_calls(&failing), 0u);
    EXPECT_EQ(ba_free(allocator, memory, ba_align(1)).code, BA_OK);
}

} // namespace
