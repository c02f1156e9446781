#include "block_allocator/forwarding/logging_allocator.h"

#include <vector>

#include "block_allocator/forwarding/tracking_allocator.h"
#include "testing/misuse_recorder.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::MisuseRecorder;
using ba_testing::StrictBacking;

constexpr std::size_t kBlock = 64;

class LoggingAllocator : public ::testing::Test {
  protected:
    LoggingAllocator() {
        // The tracking allocator rejects misuse, which the strict backing takes for a broken test.
        ba_tracking_allocator_init(&tracking_, "parent", backing_.allocator(), table_.allocator());
        ba_logging_allocator_init(&logging_, ba_tracking_allocator_allocator(&tracking_),
                                  {record, this});
        blocks_ = ba_logging_allocator_block_allocator(&logging_);
    }
    ~LoggingAllocator() override { ba_tracking_allocator_release(&tracking_); }

    static void record(void *context, const ba_log_event *event) {
        static_cast<LoggingAllocator *>(context)->events_.push_back(*event);
    }

    // The last event, after checking what all events have.
    ba_log_event last(std::size_t number) const {
        EXPECT_EQ(events_.size(), number);
        EXPECT_EQ(events_.back().number, number);
        EXPECT_STREQ(events_.back().site.text, "here");
        return events_.back();
    }

    static void expect_same(ba_memory actual, ba_memory expected) {
        EXPECT_EQ(ba_memory_pointer(actual), ba_memory_pointer(expected));
        EXPECT_EQ(ba_memory_length(actual).bytes, ba_memory_length(expected).bytes);
    }

    StrictBacking backing_{{/*block_size=*/kBlock, /*max_alignment=*/kBlock,
                            /*grows_in_place=*/true, /*room=*/4 * kBlock, /*remaps=*/true,
                            /*discards=*/true}};
    StrictBacking table_;
    ba_tracking_allocator tracking_;
    ba_logging_allocator logging_;
    ba_block_allocator blocks_;
    std::vector<ba_log_event> events_;
    const ba_call_site here_ = ba_call_site_of_text("here");
};

TEST_F(LoggingAllocator, LogsEachOperation) {
    ba_memory memory = ba_block_alloc_at(blocks_, ba_bytes(1), ba_align(8), here_);
    ASSERT_FALSE(ba_memory_is_none(memory));
    ba_log_event event = last(1);
    EXPECT_EQ(event.operation, BA_LOG_ALLOC);
    EXPECT_TRUE(ba_memory_is_none(event.memory));
    EXPECT_EQ(event.alignment.bytes, 8u);
    EXPECT_EQ(event.minimum.bytes, 1u);
    EXPECT_EQ(event.wanted.bytes, 0u);
    EXPECT_EQ(event.error.code, BA_OK);
    expect_same(event.result, memory);
    EXPECT_EQ(ba_memory_length(event.result).bytes, kBlock) << "the whole span";

    ba_memory grown = ba_memory_of(ba_memory_pointer(memory), ba_bytes(2 * kBlock));
    EXPECT_EQ(ba_length_result_length(
                  ba_block_resize_at(blocks_, memory, ba_align(8), ba_bytes(kBlock + 1), here_))
                  .bytes,
              2 * kBlock);
    event = last(2);
    EXPECT_EQ(event.operation, BA_LOG_RESIZE);
    expect_same(event.memory, memory);
    EXPECT_EQ(event.alignment.bytes, 8u);
    EXPECT_EQ(event.minimum.bytes, kBlock + 1);
    EXPECT_EQ(event.wanted.bytes, 0u);
    EXPECT_EQ(event.error.code, BA_OK);
    expect_same(event.result, grown);

    memory = grown;
    grown = ba_memory_of(ba_memory_pointer(memory), ba_bytes(5 * kBlock));
    EXPECT_EQ(ba_length_result_length(ba_block_grow_between_at(blocks_, memory, ba_align(8),
                                                               ba_bytes(3 * kBlock),
                                                               ba_bytes(9 * kBlock), here_))
                  .bytes,
              5 * kBlock);
    event = last(3);
    EXPECT_EQ(event.operation, BA_LOG_GROW_BETWEEN);
    expect_same(event.memory, memory);
    EXPECT_EQ(event.alignment.bytes, 8u);
    EXPECT_EQ(event.minimum.bytes, 3 * kBlock);
    EXPECT_EQ(event.wanted.bytes, 9 * kBlock);
    EXPECT_EQ(event.error.code, BA_OK);
    expect_same(event.result, grown);

    memory = grown;
    const ba_memory moved =
        ba_block_remap_at(blocks_, memory, ba_align(8), ba_bytes(6 * kBlock), here_);
    ASSERT_FALSE(ba_memory_is_none(moved));
    event = last(4);
    EXPECT_EQ(event.operation, BA_LOG_REMAP);
    expect_same(event.memory, memory);
    EXPECT_EQ(event.alignment.bytes, 8u);
    EXPECT_EQ(event.minimum.bytes, 6 * kBlock);
    EXPECT_EQ(event.error.code, BA_OK);
    expect_same(event.result, moved);

    const ba_memory part = ba_memory_of(ba_memory_pointer(moved), ba_bytes(kBlock));
    EXPECT_EQ(ba_length_result_length(ba_block_discard_at(blocks_, part, here_)).bytes, kBlock);
    event = last(5);
    EXPECT_EQ(event.operation, BA_LOG_DISCARD);
    expect_same(event.memory, part);
    EXPECT_EQ(event.alignment.bytes, 0u);
    EXPECT_EQ(event.error.code, BA_OK);
    expect_same(event.result, part);

    EXPECT_EQ(ba_block_free_at(blocks_, moved, ba_align(8), here_).code, BA_OK);
    event = last(6);
    EXPECT_EQ(event.operation, BA_LOG_FREE);
    expect_same(event.memory, moved);
    EXPECT_EQ(event.alignment.bytes, 8u);
    EXPECT_EQ(event.error.code, BA_OK);
    EXPECT_TRUE(ba_memory_is_none(event.result));
}

TEST_F(LoggingAllocator, LogsWhatTheParentRefuses) {
    const ba_memory memory = ba_block_alloc_at(blocks_, ba_bytes(1), ba_align(8), here_);
    backing_.refuse_from(1);
    EXPECT_EQ(ba_memory_error(ba_block_alloc_at(blocks_, ba_bytes(1), ba_align(8), here_)).code,
              BA_OUT_OF_MEMORY);
    EXPECT_EQ(last(2).error.code, BA_OUT_OF_MEMORY);
    EXPECT_EQ(ba_length_result_error(
                  ba_block_resize_at(blocks_, memory, ba_align(8), ba_bytes(kBlock + 1), here_))
                  .code,
              BA_OUT_OF_MEMORY);
    EXPECT_EQ(last(3).error.code, BA_OUT_OF_MEMORY);
    EXPECT_EQ(ba_length_result_error(ba_block_grow_between_at(blocks_, memory, ba_align(8),
                                                              ba_bytes(kBlock + 1),
                                                              ba_bytes(2 * kBlock), here_))
                  .code,
              BA_OUT_OF_MEMORY);
    EXPECT_EQ(last(4).error.code, BA_OUT_OF_MEMORY);
    EXPECT_EQ(ba_memory_error(
                  ba_block_remap_at(blocks_, memory, ba_align(8), ba_bytes(kBlock + 1), here_))
                  .code,
              BA_OUT_OF_MEMORY);
    EXPECT_EQ(last(5).error.code, BA_OUT_OF_MEMORY);
    for (std::size_t i = 1; i < events_.size(); i++) {
        EXPECT_TRUE(ba_memory_is_none(events_[i].result)) << i;
        EXPECT_EQ(ba_memory_error(events_[i].result).code, BA_OUT_OF_MEMORY) << i;
    }
    EXPECT_EQ(backing_.bytes(), kBlock) << "nothing changed";
    EXPECT_EQ(ba_block_free_at(blocks_, memory, ba_align(8), here_).code, BA_OK);
}

TEST_F(LoggingAllocator, LogsWhatTheParentRejects) {
    MisuseRecorder recorded;
    const ba_memory foreign = ba_memory_of(this, ba_bytes(1));
    EXPECT_EQ(ba_block_free_at(blocks_, foreign, ba_align(1), here_).code, BA_FOREIGN);
    const ba_log_event event = last(1);
    EXPECT_EQ(event.operation, BA_LOG_FREE);
    expect_same(event.memory, foreign);
    EXPECT_EQ(event.error.code, BA_FOREIGN);
    EXPECT_EQ(recorded.count(), 1u) << "the parent's report, and none of its own";
}

TEST_F(LoggingAllocator, AcceptsEveryLengthThatFits) {
    const ba_memory memory = ba_block_alloc(blocks_, ba_bytes(kBlock + 1), ba_align(8));
    EXPECT_EQ(ba_block_free(blocks_, ba_memory_of(ba_memory_pointer(memory), ba_bytes(kBlock + 1)),
                            ba_align(8))
                  .code,
              BA_OK);
}

TEST_F(LoggingAllocator, TheExactViewCutsToWhatWasAskedFor) {
    const ba_allocator exact = ba_logging_allocator_allocator(&logging_);
    const ba_memory memory = ba_alloc(exact, ba_bytes(65), ba_align(8));
    EXPECT_EQ(ba_memory_length(memory).bytes, 65u);
    EXPECT_EQ(ba_memory_length(events_.back().result).bytes, 2 * kBlock) << "what was granted";
    EXPECT_EQ(ba_free(exact, memory, ba_align(8)).code, BA_OK);
}

TEST_F(LoggingAllocator, QuestionsAreNoEvents) {
    EXPECT_EQ(ba_block_allocator_block_size(blocks_).bytes, kBlock);
    EXPECT_EQ(ba_block_owns(blocks_, this), BA_OWNS_NOT);
    EXPECT_TRUE(events_.empty());
}

TEST(LoggingAllocatorOverLittle, WorksWithoutOptionalOperations) {
    StrictBacking backing;
    ba_operations operations = *backing.allocator().operations;
    operations.size = offsetof(ba_operations, grow_between);
    std::vector<ba_log_event> events;
    ba_logging_allocator logging;
    ba_logging_allocator_init(&logging, ba_allocator_of(&backing, &operations),
                              {[](void *context, const ba_log_event *event) {
                                   static_cast<std::vector<ba_log_event> *>(context)->push_back(
                                       *event);
                               },
                               &events});
    const ba_allocator exact = ba_logging_allocator_allocator(&logging);
    const ba_memory memory = ba_alloc(exact, ba_bytes(10), ba_align(1));
    EXPECT_EQ(ba_owns(exact, ba_memory_pointer(memory)), BA_OWNS_UNKNOWN);
    EXPECT_EQ(ba_length_result_length(ba_discard(exact, memory)).bytes, 0u);
    EXPECT_EQ(events.back().error.code, BA_OK);
    EXPECT_EQ(ba_memory_error(ba_remap(exact, memory, ba_align(1), ba_bytes(20))).code,
              BA_UNSUPPORTED);
    EXPECT_EQ(events.back().error.code, BA_UNSUPPORTED);
    EXPECT_EQ(ba_length_result_error(
                  ba_grow_between(exact, memory, ba_align(1), ba_bytes(20), ba_bytes(30)))
                  .code,
              BA_NOT_IN_PLACE);
    EXPECT_EQ(events.back().operation, BA_LOG_GROW_BETWEEN);
    EXPECT_EQ(ba_free(exact, memory, ba_align(1)).code, BA_OK);
    EXPECT_EQ(events.size(), 5u);
}

} // namespace
