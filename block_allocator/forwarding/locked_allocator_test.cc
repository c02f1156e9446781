#include "block_allocator/forwarding/locked_allocator.h"

#include "block_allocator/forwarding/tracking_allocator.h"
#include "testing/counting_lock.h"
#include "testing/misuse_recorder.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::CountingLock;
using ba_testing::MisuseRecorder;
using ba_testing::StrictBacking;

constexpr std::size_t kBlock = 64;

class LockedAllocator : public ::testing::Test {
  protected:
    LockedAllocator() {
        ba_tracking_allocator_init(&tracking_, "parent", backing_.allocator(), table_.allocator());
        ba_locked_allocator_init(&locked_, ba_tracking_allocator_allocator(&tracking_),
                                 lock_.lock());
        blocks_ = ba_locked_allocator_block_allocator(&locked_);
    }
    ~LockedAllocator() override { ba_tracking_allocator_release(&tracking_); }

    void expect_turns(int turns) const {
        EXPECT_EQ(lock_.turns(), turns);
        EXPECT_FALSE(lock_.is_held());
    }

    StrictBacking backing_{{/*block_size=*/kBlock, /*max_alignment=*/kBlock,
                            /*grows_in_place=*/true, /*room=*/4 * kBlock, /*remaps=*/true,
                            /*discards=*/true}};
    StrictBacking table_;
    CountingLock lock_;
    ba_tracking_allocator tracking_;
    ba_locked_allocator locked_;
    ba_block_allocator blocks_;
};

TEST_F(LockedAllocator, LocksEachOperationOnce) {
    const ba_memory memory = ba_block_alloc(blocks_, ba_bytes(1), ba_align(8));
    ASSERT_EQ(ba_memory_length(memory).bytes, kBlock);
    expect_turns(1);
    EXPECT_EQ(
        ba_length_result_length(ba_block_resize(blocks_, memory, ba_align(8), ba_bytes(kBlock + 1)))
            .bytes,
        2 * kBlock);
    expect_turns(2);
    EXPECT_EQ(ba_length_result_length(
                  ba_block_grow_between(
                      blocks_, ba_memory_of(ba_memory_pointer(memory), ba_bytes(2 * kBlock)),
                      ba_align(8), ba_bytes(3 * kBlock), ba_bytes(9 * kBlock)))
                  .bytes,
              5 * kBlock);
    expect_turns(3);
    const ba_memory moved =
        ba_block_remap(blocks_, ba_memory_of(ba_memory_pointer(memory), ba_bytes(5 * kBlock)),
                       ba_align(8), ba_bytes(6 * kBlock));
    ASSERT_EQ(ba_memory_length(moved).bytes, 6 * kBlock);
    expect_turns(4);
    EXPECT_EQ(ba_length_result_length(ba_block_discard(blocks_, moved)).bytes, 6 * kBlock);
    expect_turns(5);
    EXPECT_EQ(ba_block_owns(blocks_, ba_memory_pointer(moved)), BA_OWNS);
    expect_turns(6);
    EXPECT_EQ(
        ba_memory_length(ba_block_realloc(blocks_, moved, ba_align(8), ba_bytes(kBlock))).bytes,
        kBlock);
    expect_turns(7);
    EXPECT_EQ(ba_block_free(blocks_, ba_memory_of(ba_memory_pointer(moved), ba_bytes(kBlock)),
                            ba_align(8))
                  .code,
              BA_OK);
    expect_turns(8);
}

TEST_F(LockedAllocator, TheBlockSizeNeedsNoLock) {
    EXPECT_EQ(ba_block_allocator_block_size(blocks_).bytes, kBlock);
    expect_turns(0);
}

TEST_F(LockedAllocator, UnlocksAfterARefusal) {
    const ba_memory memory = ba_block_alloc(blocks_, ba_bytes(1), ba_align(8));
    backing_.refuse_from(1);
    EXPECT_EQ(ba_memory_error(ba_block_alloc(blocks_, ba_bytes(1), ba_align(8))).code,
              BA_OUT_OF_MEMORY);
    expect_turns(2);
    EXPECT_EQ(
        ba_length_result_error(ba_block_resize(blocks_, memory, ba_align(8), ba_bytes(kBlock + 1)))
            .code,
        BA_OUT_OF_MEMORY);
    expect_turns(3);
    EXPECT_EQ(
        ba_length_result_error(ba_block_grow_between(blocks_, memory, ba_align(8),
                                                     ba_bytes(kBlock + 1), ba_bytes(2 * kBlock)))
            .code,
        BA_OUT_OF_MEMORY);
    expect_turns(4);
    EXPECT_EQ(
        ba_memory_error(ba_block_remap(blocks_, memory, ba_align(8), ba_bytes(kBlock + 1))).code,
        BA_OUT_OF_MEMORY);
    expect_turns(5);
    EXPECT_EQ(backing_.bytes(), kBlock) << "nothing changed";
    EXPECT_EQ(ba_block_free(blocks_, memory, ba_align(8)).code, BA_OK);
}

TEST_F(LockedAllocator, UnlocksAfterMisuse) {
    MisuseRecorder recorded;
    const ba_memory foreign = ba_memory_of(this, ba_bytes(1));
    EXPECT_EQ(ba_block_free(blocks_, foreign, ba_align(1)).code, BA_FOREIGN);
    expect_turns(1);
    EXPECT_EQ(recorded.count(), 1u);
}

TEST_F(LockedAllocator, AcceptsEveryLengthThatFits) {
    const ba_allocator exact = ba_locked_allocator_allocator(&locked_);
    const ba_memory memory = ba_alloc(exact, ba_bytes(kBlock + 1), ba_align(8));
    EXPECT_EQ(ba_memory_length(memory).bytes, kBlock + 1);
    EXPECT_EQ(backing_.bytes(), 2 * kBlock);
    EXPECT_EQ(ba_free(exact, memory, ba_align(8)).code, BA_OK);
}

TEST(LockedAllocatorWithoutALock, LocksNothing) {
    StrictBacking backing;
    ba_locked_allocator locked;
    ba_locked_allocator_init(&locked, backing.allocator(), ba_lock{nullptr, nullptr, nullptr});
    const ba_allocator exact = ba_locked_allocator_allocator(&locked);
    const ba_memory memory = ba_alloc(exact, ba_bytes(10), ba_align(1));
    EXPECT_EQ(ba_memory_length(memory).bytes, 10u);
    EXPECT_EQ(ba_free(exact, memory, ba_align(1)).code, BA_OK);
}

TEST(LockedAllocatorOverLittle, WorksWithoutOptionalOperations) {
    StrictBacking backing;
    ba_operations operations = *backing.allocator().operations;
    operations.size = offsetof(ba_operations, grow_between);
    CountingLock lock;
    ba_locked_allocator locked;
    ba_locked_allocator_init(&locked, ba_allocator_of(&backing, &operations), lock.lock());
    const ba_allocator exact = ba_locked_allocator_allocator(&locked);
    const ba_memory memory = ba_alloc(exact, ba_bytes(10), ba_align(1));
    EXPECT_EQ(ba_owns(exact, ba_memory_pointer(memory)), BA_OWNS_UNKNOWN);
    EXPECT_EQ(ba_length_result_length(ba_discard(exact, memory)).bytes, 0u);
    EXPECT_EQ(ba_memory_error(ba_remap(exact, memory, ba_align(1), ba_bytes(20))).code,
              BA_UNSUPPORTED);
    EXPECT_EQ(ba_length_result_error(
                  ba_grow_between(exact, memory, ba_align(1), ba_bytes(20), ba_bytes(30)))
                  .code,
              BA_NOT_IN_PLACE);
    EXPECT_EQ(ba_free(exact, memory, ba_align(1)).code, BA_OK);
    EXPECT_EQ(lock.turns(), 6);
}

} // namespace
