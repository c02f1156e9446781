#include "bench/replay/trace.h"

#include <cstdint>
#include <string>
#include <vector>

#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::StrictBacking;

constexpr char kOtherThread = 8;

// Traces as text; every number here is below 128, and so is one byte, where nothing else is said.
std::string with_magic(const std::string &events) {
    return "TRC1" + events;
}

std::string bytes(const std::vector<int> &numbers) {
    return {numbers.begin(), numbers.end()};
}

trace_error read_text(const std::string &text, ba_allocator memory, trace *result) {
    return trace_read(reinterpret_cast<const unsigned char *>(text.data()), text.size(), memory,
                      result);
}

// What is wrong with these events; whatever was taken must be back.
trace_error error_of(const std::string &events) {
    StrictBacking backing;
    trace recorded = {};
    const trace_error error = read_text(with_magic(events), backing.allocator(), &recorded);
    if (error == TRACE_OK) {
        trace_release(&recorded, backing.allocator());
    }
    EXPECT_EQ(backing.grants(), 0u);
    return error;
}

// A trace that is good, until the end of the test.
class GoodTrace {
  public:
    explicit GoodTrace(const std::vector<int> &events) {
        EXPECT_EQ(read_text(with_magic(bytes(events)), backing_.allocator(), &trace_), TRACE_OK);
    }
    ~GoodTrace() { trace_release(&trace_, backing_.allocator()); }
    GoodTrace(const GoodTrace &) = delete;
    GoodTrace &operator=(const GoodTrace &) = delete;

    const trace *operator->() const { return &trace_; }

    // An event as "operation slot size alignment_shift".
    std::string event(std::size_t number) const {
        const trace_event &one = trace_.events[number];
        return std::to_string(one.operation) + " " + std::to_string(one.slot) + " " +
               std::to_string(one.size) + " " + std::to_string(one.alignment_shift);
    }

  private:
    StrictBacking backing_;
    trace trace_ = {};
};

TEST(Trace, ReadsEachOperation) {
    const GoodTrace read({TRACE_MALLOC, 0, 100,    //
                          TRACE_CALLOC, 1, 50,     //
                          TRACE_ALIGNED, 2, 6, 64, //
                          TRACE_REALLOC, 0, 120,   //
                          TRACE_FREE, 1,           //
                          TRACE_FREE, 0,           //
                          TRACE_FREE, 2});
    ASSERT_EQ(read->count, 7u);
    EXPECT_EQ(read->recorded, 7u);
    EXPECT_EQ(read->slots, 3u);
    EXPECT_EQ(read.event(0), "1 0 100 0");
    EXPECT_EQ(read.event(1), "4 1 50 0");
    EXPECT_EQ(read.event(2), "5 2 64 6");
    EXPECT_EQ(read.event(3), "3 0 120 0");
    EXPECT_EQ(read.event(4), "2 1 0 0");
}

TEST(Trace, CountsWhatWasInUseAtThePeak) {
    const GoodTrace read({TRACE_MALLOC, 0, 100, //
                          TRACE_MALLOC, 1, 50,  //
                          TRACE_REALLOC, 0, 20, //
                          TRACE_MALLOC, 2, 90,  // 160: the peak
                          TRACE_FREE, 1,        //
                          TRACE_MALLOC, 1, 50,  // 160 again
                          TRACE_FREE, 2});
    EXPECT_EQ(read->peak_in_use, 160u);
    EXPECT_EQ(read->peak_live, 3u);
    EXPECT_EQ(read->peak_end, 4u);
}

TEST(Trace, FreesWhatLivesAtTheEnd) {
    const GoodTrace read({TRACE_MALLOC, 0, 1, TRACE_MALLOC, 1, 1, TRACE_MALLOC, 2, 1, //
                          TRACE_FREE, 1});
    ASSERT_EQ(read->count, 6u);
    EXPECT_EQ(read->recorded, 4u);
    EXPECT_EQ(read.event(4), "2 0 0 0");
    EXPECT_EQ(read.event(5), "2 2 0 0");
}

TEST(Trace, TakesNothingForOneByte) {
    const GoodTrace read({TRACE_MALLOC, 0, 0, TRACE_REALLOC, 0, 0});
    EXPECT_EQ(read.event(0), "1 0 1 0");
    EXPECT_EQ(read.event(1), "3 0 1 0");
    EXPECT_EQ(read->peak_in_use, 1u);
}

TEST(Trace, ReadsNumbersOfManyBytes) {
    const GoodTrace read({TRACE_MALLOC, 0x80, 0x00, 0xAC, 0x02, // slot 0, size 300
                          TRACE_REALLOC, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                          0x01});
    EXPECT_EQ(read.event(0), "1 0 300 0");
    EXPECT_EQ(read.event(1), "3 0 18446744073709551615 0");
}

TEST(Trace, PassesOverThreads) {
    const GoodTrace read({TRACE_MALLOC + kOtherThread, 1, 0, 10, //
                          TRACE_FREE + kOtherThread, 2, 0,       //
                          TRACE_MALLOC, 0, 20});
    ASSERT_EQ(read->recorded, 3u);
    EXPECT_EQ(read.event(0), "1 0 10 0");
    EXPECT_EQ(read.event(1), "2 0 0 0");
    EXPECT_EQ(read.event(2), "1 0 20 0");
}

TEST(Trace, MayHaveNoEvents) {
    const GoodTrace read({});
    EXPECT_EQ(read->count, 0u);
    EXPECT_EQ(read->slots, 0u);
    EXPECT_EQ(read->peak_in_use, 0u);
}

TEST(Trace, MustBeginAsATrace) {
    StrictBacking backing;
    trace recorded = {};
    for (const char *text : {"", "TRC", "TRC2", "trc1"}) {
        EXPECT_EQ(read_text(text, backing.allocator(), &recorded), TRACE_NO_TRACE) << text;
    }
}

TEST(Trace, MustNotEndWithinAnEvent) {
    const std::string whole = bytes({TRACE_ALIGNED + kOtherThread, 2, 0, 4, 0x80, 0x01});
    EXPECT_EQ(error_of(whole), TRACE_OK);
    for (std::size_t length = 1; length < whole.size(); length++) {
        EXPECT_EQ(error_of(whole.substr(0, length)), TRACE_CUT_SHORT) << length;
    }
}

TEST(Trace, NumbersHave64Bits) {
    const std::vector<int> ten = {0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80};
    EXPECT_EQ(error_of(bytes({TRACE_MALLOC, 0}) + bytes(ten) + "\x02"), TRACE_WRONG_NUMBER);
    EXPECT_EQ(error_of(bytes({TRACE_MALLOC, 0}) + bytes(ten) + "\x80\x01"), TRACE_WRONG_NUMBER);
}

TEST(Trace, OperationsAreFive) {
    for (const int first : {0, 6, 7, 8, 14, 15, 16, 17}) {
        EXPECT_EQ(error_of(bytes({first, 0, 1, 1, 1})), TRACE_WRONG_OPERATION) << first;
    }
}

TEST(Trace, AlignmentsHave64Bits) {
    EXPECT_EQ(error_of(bytes({TRACE_ALIGNED, 0, 63, 1})), TRACE_OK);
    EXPECT_EQ(error_of(bytes({TRACE_ALIGNED, 0, 64, 1})), TRACE_WRONG_ALIGNMENT);
}

TEST(Trace, SlotsAreAsManyAsEventsAtMost) {
    EXPECT_EQ(error_of(bytes({TRACE_MALLOC, 1, 10, TRACE_MALLOC, 0, 10})), TRACE_OK);
    EXPECT_EQ(error_of(bytes({TRACE_MALLOC, 1, 10})), TRACE_WRONG_SLOT);
    // 2^32 and 2^64 - 1: more than an event can hold.
    EXPECT_EQ(error_of(bytes({TRACE_MALLOC, 0x80, 0x80, 0x80, 0x80, 0x10, 10})), TRACE_WRONG_SLOT);
    EXPECT_EQ(error_of(bytes(
                  {TRACE_MALLOC, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01, 10})),
              TRACE_WRONG_SLOT);
}

TEST(Trace, SlotsAreUsedInTurn) {
    for (const int allocation : {TRACE_MALLOC, TRACE_CALLOC}) {
        EXPECT_EQ(error_of(bytes({TRACE_MALLOC, 0, 10, allocation, 0, 10})), TRACE_SLOT_IN_USE);
    }
    EXPECT_EQ(error_of(bytes({TRACE_MALLOC, 0, 10, TRACE_ALIGNED, 0, 4, 10})), TRACE_SLOT_IN_USE);
    EXPECT_EQ(error_of(bytes({TRACE_FREE, 0})), TRACE_SLOT_NOT_IN_USE);
    EXPECT_EQ(error_of(bytes({TRACE_REALLOC, 0, 10})), TRACE_SLOT_NOT_IN_USE);
    EXPECT_EQ(error_of(bytes({TRACE_MALLOC, 0, 10, TRACE_FREE, 0, TRACE_FREE, 0})),
              TRACE_SLOT_NOT_IN_USE);
}

TEST(Trace, SumsHave64Bits) {
    const std::string most = "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01";
    const std::string first = bytes({TRACE_MALLOC, 0}) + most;
    EXPECT_EQ(error_of(first + bytes({TRACE_MALLOC, 1, 1})), TRACE_TOO_LARGE);
    // Growing counts the difference.
    EXPECT_EQ(error_of(first + bytes({TRACE_REALLOC, 0}) + most), TRACE_OK);
}

TEST(Trace, NeedsMemory) {
    const std::string text = with_magic(bytes({TRACE_MALLOC, 0, 10}));
    for (const std::size_t call : {std::size_t{1}, std::size_t{2}}) {
        StrictBacking backing;
        trace recorded = {};
        backing.refuse_nth(call);
        EXPECT_EQ(read_text(text, backing.allocator(), &recorded), TRACE_OUT_OF_MEMORY);
        EXPECT_EQ(backing.grants(), 0u);
        EXPECT_EQ(recorded.events, nullptr);
    }
}

TEST(Trace, SurvivesEveryWrongByte) {
    const std::string good = bytes({TRACE_MALLOC, 0, 100, TRACE_ALIGNED + kOtherThread, 2, 1, 6, 64,
                                    TRACE_REALLOC, 0, 0x88, 0x01, TRACE_FREE, 1});
    ASSERT_EQ(error_of(good), TRACE_OK);
    for (std::size_t at = 0; at < good.size(); at++) {
        for (int byte = 0; byte < 256; byte++) {
            std::string bad = good;
            bad[at] = static_cast<char>(byte);
            EXPECT_STRNE(trace_error_message(error_of(bad)), "no such error");
        }
    }
}

TEST(Trace, ErrorsHaveMessages) {
    EXPECT_STREQ(trace_error_message(TRACE_OK), "no error");
    EXPECT_STREQ(trace_error_message(TRACE_CUT_SHORT), "it ends within an event");
    EXPECT_STREQ(trace_error_message(static_cast<trace_error>(15)), "no such error");
}

} // namespace
