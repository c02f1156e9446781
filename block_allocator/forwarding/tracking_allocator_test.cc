#include "block_allocator/forwarding/tracking_allocator.h"

#include <map>
#include <string>
#include <vector>

#include "testing/misuse_recorder.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::MisuseRecorder;
using ba_testing::StrictBacking;
using ba_testing::StrictBackingOptions;

constexpr std::size_t kBlock = 64;
constexpr std::size_t kFirstCapacity = 48; // entries that the first table takes

std::size_t bytes(ba_memory memory) {
    return ba_memory_length(memory).bytes;
}

std::size_t bytes(ba_length_result result) {
    return ba_length_result_length(result).bytes;
}

ba_memory with_length(ba_memory memory, std::size_t length) {
    return ba_memory_of(ba_memory_pointer(memory), ba_bytes(length));
}

ba_memory at_offset(ba_memory memory, std::size_t offset) {
    return ba_memory_of(static_cast<char *>(ba_memory_pointer(memory)) + offset,
                        ba_memory_length(memory));
}

class TrackingAllocator : public ::testing::Test {
  protected:
    TrackingAllocator() {
        ba_tracking_allocator_init(&tracking_, "assets", parent_.allocator(), table_.allocator());
        blocks_ = ba_tracking_allocator_block_allocator(&tracking_);
    }
    ~TrackingAllocator() override { ba_tracking_allocator_release(&tracking_); }

    ba_memory alloc(std::size_t length, const char *site = "test") {
        return ba_block_alloc_at(blocks_, ba_bytes(length), ba_align(8),
                                 ba_call_site_of_text(site));
    }
    ba_error free(ba_memory memory) {
        return ba_block_free_at(blocks_, memory, ba_align(8), ba_call_site_of_text("free"));
    }
    ba_tracking_statistics statistics() const {
        return ba_tracking_allocator_statistics(&tracking_);
    }
    std::vector<std::string> live_sites() const {
        std::vector<std::string> sites;
        ba_tracking_allocator_visit(
            &tracking_,
            {[](void *context, const ba_live *live) {
                 static_cast<std::vector<std::string> *>(context)->push_back(live->site.text);
             },
             &sites});
        return sites;
    }

    StrictBacking parent_{{/*block_size=*/kBlock, /*max_alignment=*/kBlock,
                           /*grows_in_place=*/true, /*room=*/4 * kBlock, /*remaps=*/true,
                           /*discards=*/true}};
    StrictBacking table_;
    ba_tracking_allocator tracking_;
    ba_block_allocator blocks_;
};

TEST_F(TrackingAllocator, TakesNoMemoryBeforeTheFirstAllocation) {
    EXPECT_EQ(parent_.grants(), 0u);
    EXPECT_EQ(table_.grants(), 0u);
    EXPECT_EQ(ba_tracking_allocator_report_leaks(&tracking_).code, BA_OK);
    EXPECT_TRUE(live_sites().empty());
    EXPECT_EQ(ba_tracking_allocator_release(&tracking_).code, BA_OK);
}

TEST_F(TrackingAllocator, CountsWholeSpans) {
    const ba_memory one = alloc(65);
    const ba_memory two = alloc(1);
    EXPECT_EQ(bytes(one), 2 * kBlock);
    EXPECT_EQ(free(one).code, BA_OK);
    EXPECT_EQ(statistics().allocations, 1u);
    EXPECT_EQ(statistics().in_use.bytes, kBlock);
    EXPECT_EQ(statistics().peak_allocations, 2u);
    EXPECT_EQ(statistics().peak_in_use.bytes, 3 * kBlock);
    EXPECT_EQ(statistics().total_allocations, 2u);
    EXPECT_EQ(statistics().total_bytes, 3 * kBlock);
    EXPECT_EQ(free(two).code, BA_OK);
    EXPECT_EQ(statistics().allocations, 0u);
    EXPECT_EQ(statistics().in_use.bytes, 0u);
}

TEST_F(TrackingAllocator, TheExactViewCutsToWhatWasAskedFor) {
    const ba_allocator exact = ba_tracking_allocator_allocator(&tracking_);
    const ba_memory memory = ba_alloc(exact, ba_bytes(65), ba_align(8));
    EXPECT_EQ(bytes(memory), 65u);
    EXPECT_EQ(statistics().in_use.bytes, 2 * kBlock);
    EXPECT_EQ(ba_free(exact, memory, ba_align(8)).code, BA_OK);
}

TEST_F(TrackingAllocator, ResizesInPlace) {
    const ba_memory memory = alloc(1);
    EXPECT_EQ(bytes(ba_block_resize(blocks_, memory, ba_align(8), ba_bytes(3 * kBlock))),
              3 * kBlock);
    EXPECT_EQ(statistics().in_use.bytes, 3 * kBlock);
    EXPECT_EQ(statistics().total_bytes, 3 * kBlock);
    EXPECT_EQ(bytes(ba_block_resize(blocks_, with_length(memory, 3 * kBlock), ba_align(8),
                                    ba_bytes(kBlock + 1))),
              2 * kBlock);
    EXPECT_EQ(statistics().in_use.bytes, 2 * kBlock);
    EXPECT_EQ(statistics().peak_in_use.bytes, 3 * kBlock);
    EXPECT_EQ(statistics().total_bytes, 3 * kBlock) << "what was cut off is not allocated again";
    EXPECT_EQ(statistics().resizes, 2u);
    EXPECT_EQ(free(with_length(memory, 2 * kBlock)).code, BA_OK);
}

TEST_F(TrackingAllocator, GrowsBetween) {
    const ba_memory memory = alloc(1);
    EXPECT_EQ(bytes(ba_block_grow_between(blocks_, memory, ba_align(8), ba_bytes(2 * kBlock),
                                          ba_bytes(100 * kBlock))),
              5 * kBlock);
    EXPECT_EQ(statistics().in_use.bytes, 5 * kBlock);
    EXPECT_EQ(statistics().resizes, 1u);
    EXPECT_EQ(free(with_length(memory, 5 * kBlock)).code, BA_OK);
}

TEST_F(TrackingAllocator, FollowsMovedMemory) {
    const ba_memory memory = alloc(1, "moved");
    const ba_memory other = alloc(1, "other");
    const ba_memory moved = ba_block_remap(blocks_, memory, ba_align(8), ba_bytes(2 * kBlock));
    ASSERT_FALSE(ba_memory_is_none(moved));
    EXPECT_EQ(statistics().moves, 1u);
    EXPECT_EQ(statistics().resizes, 0u);
    EXPECT_EQ(statistics().allocations, 2u);
    EXPECT_EQ(statistics().in_use.bytes, 3 * kBlock);
    EXPECT_EQ(statistics().total_bytes, 3 * kBlock);
    EXPECT_EQ(live_sites(), (std::vector<std::string>{"other", "moved"}));
    EXPECT_EQ(free(moved).code, BA_OK);
    EXPECT_EQ(free(other).code, BA_OK);
}

TEST_F(TrackingAllocator, ShowsTheLiveOldestFirst) {
    const ba_memory a = alloc(1, "a");
    const ba_memory b = alloc(1, "b");
    const ba_memory c = alloc(1, "c");
    const ba_memory d = alloc(1, "d");
    EXPECT_EQ(live_sites(), (std::vector<std::string>{"a", "b", "c", "d"}));
    free(b);
    EXPECT_EQ(live_sites(), (std::vector<std::string>{"a", "c", "d"}));
    free(a);
    EXPECT_EQ(live_sites(), (std::vector<std::string>{"c", "d"}));
    free(d);
    EXPECT_EQ(live_sites(), (std::vector<std::string>{"c"}));
    const ba_memory e = alloc(1, "e");
    EXPECT_EQ(live_sites(), (std::vector<std::string>{"c", "e"}));
    free(c);
    free(e);
    EXPECT_TRUE(live_sites().empty());
}

// Every order of removal from a table that has collisions, checked against a map.
TEST_F(TrackingAllocator, FindsEveryAllocationWhateverWasFreed) {
    std::map<void *, ba_memory> expected;
    unsigned random = 1;
    for (int step = 0; step < 5000; step++) {
        random = random * 1103515245u + 12345u;
        const unsigned choice = random >> 16;
        if (expected.empty() || choice % 100 < 52) {
            const ba_memory memory = alloc(choice % 300 + 1);
            expected[ba_memory_pointer(memory)] = memory;
        } else {
            const auto chosen =
                std::next(expected.begin(), static_cast<long>(choice % expected.size()));
            ASSERT_EQ(free(chosen->second).code, BA_OK);
            expected.erase(chosen);
        }
        ASSERT_EQ(statistics().allocations, expected.size());
    }
    EXPECT_EQ(live_sites().size(), expected.size());
    for (const auto &entry : expected) {
        ASSERT_EQ(free(entry.second).code, BA_OK);
    }
    EXPECT_EQ(statistics().in_use.bytes, 0u);
    EXPECT_TRUE(live_sites().empty());
}

TEST_F(TrackingAllocator, AParentThatRefusesChangesNothing) {
    const ba_memory memory = alloc(1);
    const ba_tracking_statistics before = statistics();
    parent_.refuse_from(1);
    EXPECT_EQ(ba_memory_error(alloc(1)).code, BA_OUT_OF_MEMORY);
    EXPECT_EQ(
        ba_length_result_error(ba_block_resize(blocks_, memory, ba_align(8), ba_bytes(kBlock + 1)))
            .code,
        BA_OUT_OF_MEMORY);
    EXPECT_EQ(
        ba_length_result_error(ba_block_grow_between(blocks_, memory, ba_align(8),
                                                     ba_bytes(kBlock + 1), ba_bytes(2 * kBlock)))
            .code,
        BA_OUT_OF_MEMORY);
    EXPECT_EQ(
        ba_memory_error(ba_block_remap(blocks_, memory, ba_align(8), ba_bytes(kBlock + 1))).code,
        BA_OUT_OF_MEMORY);
    EXPECT_EQ(statistics().failed_allocations, 1u);
    EXPECT_EQ(statistics().refused_resizes, 3u);
    EXPECT_EQ(statistics().allocations, before.allocations);
    EXPECT_EQ(statistics().in_use.bytes, before.in_use.bytes);
    EXPECT_EQ(statistics().total_allocations, before.total_allocations);
    EXPECT_EQ(statistics().total_bytes, before.total_bytes);
    EXPECT_EQ(statistics().resizes, 0u);
    EXPECT_EQ(statistics().moves, 0u);
    EXPECT_EQ(free(memory).code, BA_OK);
}

TEST_F(TrackingAllocator, ATableThatCannotGrowFailsTheAllocation) {
    table_.refuse_from(1);
    EXPECT_EQ(ba_memory_error(alloc(1)).code, BA_OUT_OF_MEMORY);
    EXPECT_EQ(parent_.grants(), 0u) << "what the parent gave went back";
    EXPECT_EQ(parent_.frees(), 1u);
    table_.refuse_none();

    std::vector<ba_memory> live;
    while (live.size() < kFirstCapacity) {
        live.push_back(alloc(1));
    }
    table_.refuse_from(1);
    EXPECT_EQ(ba_memory_error(alloc(1)).code, BA_OUT_OF_MEMORY);
    EXPECT_EQ(statistics().failed_allocations, 2u);
    EXPECT_EQ(statistics().allocations, kFirstCapacity);
    EXPECT_EQ(parent_.grants(), kFirstCapacity);

    EXPECT_EQ(free(live.back()).code, BA_OK) << "needs no memory";
    live.back() = alloc(1);
    EXPECT_FALSE(ba_memory_is_none(live.back())) << "there is room again";
    table_.refuse_none();
    live.push_back(alloc(1));
    EXPECT_EQ(table_.grants(), 1u) << "the smaller table went back";
    EXPECT_EQ(live_sites().size(), kFirstCapacity + 1);
    for (const ba_memory memory : live) {
        EXPECT_EQ(free(memory).code, BA_OK);
    }
}

TEST_F(TrackingAllocator, AParentThatRefusesLeavesTheTableAsItWas) {
    parent_.refuse_from(1);
    EXPECT_EQ(ba_memory_error(alloc(1)).code, BA_OUT_OF_MEMORY);
    EXPECT_EQ(table_.calls(), 0u);
    EXPECT_EQ(table_.grants(), 0u);
    EXPECT_EQ(statistics().failed_allocations, 1u);
    parent_.refuse_none();
}

TEST_F(TrackingAllocator, ATableThatNoSizeCanHoldIsOverTheLimit) {
    // No machine gets here by allocating.
    tracking_.capacity = SIZE_MAX / 8 + 1;
    tracking_.statistics.allocations = tracking_.capacity;
    EXPECT_EQ(ba_memory_error(alloc(1)).code, BA_LIMIT);
    tracking_.capacity = 0;
    tracking_.statistics.allocations = 0;
}

TEST_F(TrackingAllocator, AcceptsEveryLengthThatFits) {
    for (const std::size_t length : {kBlock + 1, kBlock + 2, 2 * kBlock}) {
        EXPECT_EQ(free(with_length(alloc(kBlock + 1), length)).code, BA_OK) << length;
    }
    const ba_memory memory = alloc(kBlock + 1);
    EXPECT_EQ(bytes(ba_block_resize(blocks_, with_length(memory, kBlock + 9), ba_align(8),
                                    ba_bytes(3 * kBlock))),
              3 * kBlock);
    EXPECT_EQ(free(with_length(memory, 2 * kBlock + 1)).code, BA_OK);
}

TEST_F(TrackingAllocator, RejectsALengthThatDoesNotFit) {
    MisuseRecorder recorded;
    const ba_memory memory = alloc(kBlock + 1, "origin");
    for (const std::size_t length : {std::size_t{0}, kBlock, 2 * kBlock + 1, SIZE_MAX}) {
        recorded.clear();
        EXPECT_EQ(free(with_length(memory, length)).code, BA_SIZE_MISMATCH) << length;
        ASSERT_EQ(recorded.count(), 1u);
        const ba_misuse &misuse = recorded.report(0).misuse;
        EXPECT_EQ(misuse.error.code, BA_SIZE_MISMATCH);
        EXPECT_STREQ(misuse.allocator, "assets");
        EXPECT_STREQ(misuse.operation, "free");
        EXPECT_EQ(ba_memory_pointer(misuse.memory), ba_memory_pointer(memory));
        EXPECT_EQ(bytes(misuse.memory), length);
        EXPECT_EQ(misuse.expected.bytes, 2 * kBlock);
        EXPECT_EQ(misuse.alignment.bytes, 8u);
        EXPECT_STREQ(misuse.site.text, "free");
        EXPECT_STREQ(misuse.origin.text, "origin");
    }
    EXPECT_EQ(statistics().allocations, 1u);
    EXPECT_EQ(free(memory).code, BA_OK);
}

TEST_F(TrackingAllocator, RejectsAnAlignmentThatThePointerDoesNotHave) {
    MisuseRecorder recorded;
    const ba_memory memory = alloc(1, "origin");
    for (const std::size_t alignment : {std::size_t{0}, std::size_t{3}, SIZE_MAX / 2 + 1}) {
        recorded.clear();
        EXPECT_EQ(ba_block_free(blocks_, memory, ba_align(alignment)).code, BA_BAD_ALIGN);
        ASSERT_EQ(recorded.count(), 1u);
        EXPECT_EQ(recorded.report(0).misuse.alignment.bytes, alignment);
        EXPECT_STREQ(recorded.report(0).misuse.origin.text, "origin");
    }
    EXPECT_EQ(free(memory).code, BA_OK);
}

TEST_F(TrackingAllocator, DistinguishesInteriorFromForeign) {
    MisuseRecorder recorded;
    EXPECT_EQ(free(ba_memory_of(this, ba_bytes(1))).code, BA_FOREIGN) << "before there is a table";
    const ba_memory first = alloc(1, "first");
    const ba_memory memory = alloc(1, "origin");
    recorded.clear();
    EXPECT_EQ(free(at_offset(memory, 8)).code, BA_INTERIOR);
    EXPECT_EQ(free(at_offset(memory, kBlock - 1)).code, BA_INTERIOR);
    EXPECT_EQ(free(at_offset(memory, kBlock)).code, BA_FOREIGN) << "one past the end";
    EXPECT_EQ(free(ba_memory_none(ba_error_of(BA_OUT_OF_MEMORY))).code, BA_FOREIGN);
    ASSERT_EQ(recorded.count(), 4u);
    EXPECT_STREQ(recorded.report(0).misuse.origin.text, "origin");
    EXPECT_STREQ(recorded.report(1).misuse.origin.text, "origin");
    EXPECT_TRUE(ba_call_site_is_none(recorded.report(2).misuse.origin));
    EXPECT_EQ(free(first).code, BA_OK);
    EXPECT_EQ(free(memory).code, BA_OK);
    EXPECT_EQ(free(memory).code, BA_FOREIGN) << "a second free";
}

TEST_F(TrackingAllocator, EveryOperationRejectsMisuse) {
    MisuseRecorder recorded;
    const ba_memory foreign = ba_memory_of(this, ba_bytes(1));
    EXPECT_EQ(
        ba_length_result_error(ba_block_resize(blocks_, foreign, ba_align(1), ba_bytes(2))).code,
        BA_FOREIGN);
    EXPECT_EQ(ba_length_result_error(
                  ba_block_grow_between(blocks_, foreign, ba_align(1), ba_bytes(2), ba_bytes(3)))
                  .code,
              BA_FOREIGN);
    EXPECT_EQ(ba_memory_error(ba_block_remap(blocks_, foreign, ba_align(1), ba_bytes(2))).code,
              BA_FOREIGN);
    EXPECT_EQ(ba_block_free(blocks_, foreign, ba_align(1)).code, BA_FOREIGN);
    ASSERT_EQ(recorded.count(), 4u);
    EXPECT_STREQ(recorded.report(0).misuse.operation, "resize");
    EXPECT_STREQ(recorded.report(1).misuse.operation, "grow_between");
    EXPECT_STREQ(recorded.report(2).misuse.operation, "remap");
    EXPECT_STREQ(recorded.report(3).misuse.operation, "free");
    EXPECT_EQ(statistics().refused_resizes, 0u) << "a rejected call counts nowhere";
}

TEST_F(TrackingAllocator, ReportsLeaksAndGoesOn) {
    MisuseRecorder recorded;
    std::vector<ba_memory> live;
    const std::vector<const char *> sites = {"0", "1", "2", "3", "4", "5", "6", "7", "8"};
    for (const char *site : sites) {
        live.push_back(alloc(live.size() * kBlock + 1, site));
    }
    EXPECT_EQ(ba_tracking_allocator_report_leaks(&tracking_).code, BA_IN_USE);
    ASSERT_EQ(recorded.count(), 1u);
    const MisuseRecorder::Report &report = recorded.report(0);
    EXPECT_STREQ(report.misuse.operation, "report_leaks");
    EXPECT_EQ(report.misuse.live_count, 9u);
    EXPECT_EQ(report.misuse.live_length.bytes, 45 * kBlock);
    ASSERT_EQ(report.live.size(), 8u) << "the oldest few";
    for (std::size_t i = 0; i < 8; i++) {
        EXPECT_EQ(ba_memory_pointer(report.live[i].memory), ba_memory_pointer(live[i]));
        EXPECT_EQ(bytes(report.live[i].memory), (i + 1) * kBlock);
        EXPECT_STREQ(report.live[i].site.text, sites[i]);
    }
    for (const ba_memory memory : live) {
        EXPECT_EQ(free(memory).code, BA_OK);
    }
    EXPECT_EQ(ba_tracking_allocator_report_leaks(&tracking_).code, BA_OK);
    EXPECT_EQ(recorded.count(), 1u);
}

TEST_F(TrackingAllocator, ReleaseReportsAndForgets) {
    MisuseRecorder recorded;
    const ba_memory memory = alloc(1, "leak");
    EXPECT_EQ(ba_tracking_allocator_release(&tracking_).code, BA_IN_USE);
    ASSERT_EQ(recorded.count(), 1u);
    EXPECT_STREQ(recorded.report(0).misuse.operation, "release");
    EXPECT_EQ(table_.grants(), 0u);
    EXPECT_EQ(statistics().allocations, 0u);
    EXPECT_EQ(statistics().total_allocations, 0u);
    EXPECT_EQ(parent_.grants(), 1u) << "the memory stays the parent's";
    ba_block_free(parent_.block_allocator(), memory, ba_align(8));

    EXPECT_EQ(free(alloc(1)).code, BA_OK) << "as after init";
}

TEST_F(TrackingAllocator, PassesOnWhatItDoesNotTrack) {
    const ba_memory memory = alloc(1);
    EXPECT_EQ(ba_block_allocator_block_size(blocks_).bytes, kBlock);
    EXPECT_EQ(ba_block_owns(blocks_, ba_memory_pointer(memory)), BA_OWNS);
    EXPECT_EQ(ba_block_owns(blocks_, this), BA_OWNS_NOT);
    EXPECT_EQ(bytes(ba_block_discard(blocks_, memory)), kBlock);
    EXPECT_EQ(free(memory).code, BA_OK);
}

// A parent that has nothing but what it must, and finds fault with every free.
struct StubbornParent {
    static ba_length block_size(const void * /*context*/) { return ba_bytes(1); }
    static ba_memory alloc(void *context, ba_length minimum, ba_alignment /*alignment*/,
                           ba_call_site /*site*/) {
        return ba_memory_of(context, minimum);
    }
    static ba_length_result resize(void * /*context*/, ba_memory memory, ba_alignment /*alignment*/,
                                   ba_length minimum, ba_call_site /*site*/) {
        return minimum.bytes > ba_memory_length(memory).bytes
                   ? ba_length_result_none(ba_error_of(BA_NOT_IN_PLACE))
                   : ba_length_result_of(minimum);
    }
    static ba_error free(void *context, ba_memory /*memory*/, ba_alignment /*alignment*/,
                         ba_call_site /*site*/) {
        return ba_error_of(*static_cast<ba_error_code *>(context));
    }
    static const ba_operations operations;
};

const ba_operations StubbornParent::operations = {offsetof(ba_operations, grow_between),
                                                  block_size,
                                                  alloc,
                                                  resize,
                                                  free,
                                                  nullptr,
                                                  nullptr,
                                                  nullptr,
                                                  nullptr,
                                                  nullptr,
                                                  nullptr};

TEST(TrackingAllocatorOverLittle, WorksWithoutOptionalOperations) {
    StrictBacking table;
    ba_error_code answer = BA_CORRUPT;
    ba_tracking_allocator tracking;
    ba_tracking_allocator_init(&tracking, "little",
                               ba_allocator_of(&answer, &StubbornParent::operations),
                               table.allocator());
    const ba_allocator exact = ba_tracking_allocator_allocator(&tracking);
    const ba_memory memory = ba_alloc(exact, ba_bytes(100), ba_align(1));
    EXPECT_EQ(ba_owns(exact, &answer), BA_OWNS_UNKNOWN);
    EXPECT_EQ(bytes(ba_discard(exact, memory)), 0u);
    EXPECT_EQ(ba_memory_error(ba_remap(exact, memory, ba_align(1), ba_bytes(200))).code,
              BA_UNSUPPORTED);
    EXPECT_EQ(ba_length_result_error(
                  ba_grow_between(exact, memory, ba_align(1), ba_bytes(101), ba_bytes(200)))
                  .code,
              BA_NOT_IN_PLACE);

    // Only the length that it has now fits.
    EXPECT_EQ(bytes(ba_resize(exact, memory, ba_align(1), ba_bytes(10))), 10u);
    MisuseRecorder recorded;
    EXPECT_EQ(ba_free(exact, with_length(memory, 9), ba_align(1)).code, BA_SIZE_MISMATCH);
    EXPECT_EQ(ba_free(exact, with_length(memory, 11), ba_align(1)).code, BA_SIZE_MISMATCH);

    EXPECT_EQ(ba_free(exact, with_length(memory, 10), ba_align(1)).code, BA_CORRUPT);
    EXPECT_EQ(ba_tracking_allocator_statistics(&tracking).allocations, 1u)
        << "what the parent rejects stays in use";
    answer = BA_OK;
    EXPECT_EQ(ba_free(exact, with_length(memory, 10), ba_align(1)).code, BA_OK);
    EXPECT_EQ(ba_tracking_allocator_release(&tracking).code, BA_OK);
}

TEST_F(TrackingAllocator, AFreeThatTheParentRefusesLeavesTheMemoryLive) {
    const ba_memory memory = alloc(1);
    parent_.refuse_frees(1);
    EXPECT_EQ(free(memory).code, BA_IN_USE);
    EXPECT_EQ(statistics().allocations, 1u);
    EXPECT_EQ(statistics().in_use.bytes, kBlock);
    EXPECT_EQ(free(memory).code, BA_OK);
    EXPECT_EQ(statistics().allocations, 0u);
}

TEST_F(TrackingAllocator, ATableThatIsNotTakenBackIsKept) {
    EXPECT_EQ(free(alloc(1)).code, BA_OK);
    table_.refuse_frees(1);
    EXPECT_EQ(ba_tracking_allocator_release(&tracking_).code, BA_IN_USE);
    EXPECT_EQ(table_.grants(), 1u);
    EXPECT_EQ(statistics().total_allocations, 1u);
    EXPECT_EQ(ba_tracking_allocator_release(&tracking_).code, BA_OK);
    EXPECT_EQ(table_.grants(), 0u);
}

TEST_F(TrackingAllocator, AnOldTableThatIsNotTakenBackFailsTheAllocation) {
    std::vector<ba_memory> all;
    for (std::size_t i = 0; i < kFirstCapacity; i++) {
        all.push_back(alloc(1));
    }
    table_.refuse_frees(1);
    EXPECT_EQ(ba_memory_error(alloc(1)).code, BA_IN_USE);
    EXPECT_EQ(table_.grants(), 1u);
    EXPECT_EQ(parent_.grants(), kFirstCapacity);
    EXPECT_EQ(statistics().failed_allocations, 1u);
    all.push_back(alloc(1));
    for (const ba_memory memory : all) {
        EXPECT_EQ(free(memory).code, BA_OK);
    }
}

TEST_F(TrackingAllocator, HasASeverityOfItsOwn) {
    const ba_memory memory = alloc(1);
    ba_tracking_allocator_set_severity(&tracking_, BA_SEVERITY_LOG);
    ASSERT_EQ(ba_misuse_severity(), BA_SEVERITY_PANIC);
    EXPECT_EQ(free(at_offset(memory, 8)).code, BA_INTERIOR);
    EXPECT_EQ(ba_tracking_allocator_report_leaks(&tracking_).code, BA_IN_USE);
    EXPECT_EQ(free(memory).code, BA_OK);
    EXPECT_EQ(ba_tracking_allocator_release(&tracking_).code, BA_OK);
    EXPECT_EQ(free(memory).code, BA_FOREIGN) << "it outlives a release";

    MisuseRecorder recorded;
    ba_tracking_allocator_set_severity(&tracking_, BA_SEVERITY_PANIC);
    ba_tracking_allocator_init(&tracking_, "assets", parent_.allocator(), table_.allocator());
    EXPECT_EQ(free(memory).code, BA_FOREIGN) << "and init makes it the program's again";
}

TEST(TrackingAllocatorDeathTest, ASeverityOfItsOwnPanics) {
    const MisuseRecorder recorded; // the program's severity is to log
    StrictBacking backing;
    ba_tracking_allocator tracking;
    ba_tracking_allocator_init(&tracking, "assets", backing.allocator(), backing.allocator());
    ba_tracking_allocator_set_severity(&tracking, BA_SEVERITY_PANIC);
    EXPECT_DEATH(ba_free(ba_tracking_allocator_allocator(&tracking),
                         ba_memory_none(ba_error_of(BA_LIMIT)), ba_align(1)),
                 "");
}

TEST(TrackingAllocatorDeathTest, ALeakPanics) {
    StrictBacking backing;
    ba_tracking_allocator tracking;
    ba_tracking_allocator_init(&tracking, "assets", backing.allocator(), backing.allocator());
    const ba_allocator exact = ba_tracking_allocator_allocator(&tracking);
    const ba_memory memory =
        ba_alloc_at(exact, ba_bytes(7), ba_align(1), ba_call_site_of_text("main.c:3"));
    EXPECT_DEATH((void)ba_tracking_allocator_release(&tracking),
                 "assets: release\\(\\): IN_USE, memory is still in use: 7 bytes in 1 allocation: "
                 "\\(0x[0-9a-f]+, 7 at main.c:3\\)\n");
    EXPECT_EQ(ba_free(exact, memory, ba_align(1)).code, BA_OK);
    EXPECT_EQ(ba_tracking_allocator_release(&tracking).code, BA_OK);
}

TEST(TrackingAllocatorOverOneThatRemapsInPlace, CountsAResize) {
    StrictBackingOptions options;
    options.grows_in_place = true;
    options.room = 100;
    StrictBacking backing(options);
    ba_operations table = *backing.allocator().operations;
    table.remap = [](void *context, ba_memory memory, ba_alignment alignment, ba_length minimum,
                     ba_call_site site) {
        const ba_allocator exact = static_cast<StrictBacking *>(context)->allocator();
        const ba_length_result resized = ba_resize_at(exact, memory, alignment, minimum, site);
        return ba_memory_of(ba_memory_pointer(memory), ba_length_result_length(resized));
    };
    ba_tracking_allocator tracking;
    ba_tracking_allocator_init(&tracking, "assets",
                               ba_allocator_of(backing.allocator().context, &table),
                               backing.allocator());
    const ba_allocator exact = ba_tracking_allocator_allocator(&tracking);
    const ba_memory memory = ba_alloc(exact, ba_bytes(30), ba_align(1));

    const ba_memory longer = ba_remap(exact, memory, ba_align(1), ba_bytes(50));
    EXPECT_EQ(ba_memory_pointer(longer), ba_memory_pointer(memory));
    EXPECT_EQ(bytes(longer), 50u);
    const ba_tracking_statistics statistics = ba_tracking_allocator_statistics(&tracking);
    EXPECT_EQ(statistics.resizes, 1u);
    EXPECT_EQ(statistics.moves, 0u);
    EXPECT_EQ(statistics.in_use.bytes, 50u);
    EXPECT_EQ(statistics.peak_in_use.bytes, 50u);
    EXPECT_EQ(statistics.total_bytes, 50u);
    EXPECT_EQ(ba_free(exact, longer, ba_align(1)).code, BA_OK);
    EXPECT_EQ(ba_tracking_allocator_release(&tracking).code, BA_OK);
}

} // namespace
