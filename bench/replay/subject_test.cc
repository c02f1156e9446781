// Replays small traces with each subject, and one with the template over a model that knows what
// each call must be.
#include "bench/replay/subject.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <string>
#include <vector>

#include "bench/replay/trace.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::StrictBacking;

trace_event event(trace_operation operation, std::uint32_t slot, std::uint64_t size = 0,
                  std::uint8_t alignment_shift = 0) {
    trace_event result = {};
    result.size = size;
    result.slot = slot;
    result.operation = static_cast<std::uint8_t>(operation);
    result.alignment_shift = alignment_shift;
    return result;
}

// --- the template ---

// An allocator that writes down each call, as "name slot's letter length alignment".
class Model {
  public:
    ba_memory alloc(const char *name, ba_length length, ba_alignment alignment) {
        log += std::string(name) + " " + std::to_string(length.bytes) + " " +
               std::to_string(alignment.bytes) + "; ";
        return ba_alloc(backing.allocator(), length, alignment);
    }
    ba_memory realloc(ba_memory memory, ba_alignment alignment, ba_length length) {
        log += "realloc " + std::to_string(ba_memory_length(memory).bytes) + " to " +
               std::to_string(length.bytes) + "; ";
        return ba_realloc(backing.allocator(), memory, alignment, length);
    }
    void free(ba_memory memory, ba_alignment alignment) {
        log += "free " + std::to_string(ba_memory_length(memory).bytes) + "; ";
        ba_free(backing.allocator(), memory, alignment);
    }

    StrictBacking backing{by_the_rules()};
    std::string log;

  private:
    // The alignment of an aligned allocation is not kept: what the pointer has is right as well.
    static ba_testing::StrictBackingOptions by_the_rules() {
        ba_testing::StrictBackingOptions options;
        options.by_the_rules = true;
        return options;
    }
};

Model *model;

#define REPLAY_NAME replay_on_model
#define REPLAY_ALLOC(length, alignment) model->alloc("alloc", (length), (alignment))
#define REPLAY_ALLOC_ZEROED(length, alignment) model->alloc("zeroed", (length), (alignment))
#define REPLAY_REALLOC(memory, alignment, length) model->realloc((memory), (alignment), (length))
#define REPLAY_FREE(memory, alignment) model->free((memory), (alignment))
#include "bench/replay/replay.h"

TEST(Replay, MakesExactlyTheCallsOfTheTrace) {
    Model here;
    model = &here;
    const std::vector<trace_event> events = {
        event(TRACE_MALLOC, 0, 100),    event(TRACE_CALLOC, 1, 50), event(TRACE_ALIGNED, 2, 70, 6),
        event(TRACE_REALLOC, 0, 10000), event(TRACE_FREE, 1),       event(TRACE_MALLOC, 1, 1),
        event(TRACE_FREE, 0),           event(TRACE_FREE, 2),       event(TRACE_FREE, 1),
    };
    std::array<ba_memory, 3> slots = {};
    replay_on_model(events.data(), events.data() + 6, slots.data());
    EXPECT_EQ(here.log, "alloc 100 16; zeroed 50 16; alloc 70 64; realloc 100 to 10000; free 50; "
                        "alloc 1 16; ");
    EXPECT_EQ(here.backing.grants(), 3u);
    EXPECT_EQ(here.backing.bytes(), 10071u);
    here.log.clear();
    replay_on_model(events.data() + 6, events.data() + events.size(), slots.data());
    EXPECT_EQ(here.log, "free 10000; free 70; free 1; ");
    EXPECT_EQ(here.backing.grants(), 0u);
}

TEST(Replay, TouchesEachPage) {
    Model here;
    model = &here;
    const trace_event one = event(TRACE_MALLOC, 0, 10000);
    ba_memory slot = {};
    replay_on_model(&one, &one + 1, &slot);
    const auto *const bytes = static_cast<const unsigned char *>(ba_memory_pointer(slot));
    for (std::size_t i = 0; i < 10000; i++) {
        ASSERT_EQ(bytes[i] == 1, i % 4096 == 0 || i == 9999) << i;
    }
    ba_free(here.backing.allocator(), slot, ba_align(16));
}

TEST(ReplayDeathTest, EndsTheProgramWithoutMemory) {
    Model here;
    model = &here;
    here.backing.refuse_from(1);
    const trace_event one = event(TRACE_MALLOC, 0, 10);
    ba_memory slot = {};
    EXPECT_EXIT(replay_on_model(&one, &one + 1, &slot), testing::ExitedWithCode(1),
                "there is no memory for an event");
}

// --- the subjects ---

class SubjectTest : public testing::TestWithParam<const subject *> {
  protected:
    void SetUp() override {
        const std::array<chain_level, 2> chain = {{{64, 4096}, {1024, 65536}}};
        chain_subject_set(chain.data(), chain.size());
        GetParam()->begin(backing_.allocator());
    }
    void TearDown() override { GetParam()->end(); }

    void replay(const std::vector<trace_event> &events) {
        GetParam()->replay(events.data(), events.data() + events.size(), slots_.data());
    }
    unsigned char *bytes(std::size_t slot) {
        return static_cast<unsigned char *>(ba_memory_pointer(slots_[slot]));
    }

    StrictBacking backing_; // everything must be back when it ends
    std::array<ba_memory, 4> slots_ = {};
};

TEST_P(SubjectTest, KeepsWhatIsReallocated) {
    replay({event(TRACE_MALLOC, 0, 200), event(TRACE_MALLOC, 1, 200)});
    std::memset(bytes(0) + 1, 0x5C, 198);
    replay({event(TRACE_REALLOC, 0, 5000)});
    EXPECT_EQ(ba_memory_length(slots_[0]).bytes, 5000u);
    for (std::size_t i = 1; i < 199; i++) {
        ASSERT_EQ(bytes(0)[i], 0x5C) << i;
    }
    replay({event(TRACE_REALLOC, 0, 100)});
    for (std::size_t i = 1; i < 99; i++) {
        ASSERT_EQ(bytes(0)[i], 0x5C) << i;
    }
    replay({event(TRACE_FREE, 0), event(TRACE_FREE, 1)});
}

TEST_P(SubjectTest, ClearsWhatIsCallocated) {
    replay({event(TRACE_MALLOC, 0, 3000)});
    std::memset(bytes(0), 0x5C, 3000);
    replay({event(TRACE_FREE, 0), event(TRACE_CALLOC, 0, 3000)});
    for (std::size_t i = 1; i < 2999; i++) {
        ASSERT_EQ(bytes(0)[i], 0) << i;
    }
    replay({event(TRACE_FREE, 0)});
}

TEST_P(SubjectTest, AlignsAsItIsTold) {
    for (const std::uint8_t shift : std::initializer_list<std::uint8_t>{0, 3, 4, 6, 8, 12}) {
        replay({event(TRACE_ALIGNED, 0, 100, shift)});
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(bytes(0)) % (std::uintptr_t{1} << shift), 0u);
        replay({event(TRACE_FREE, 0)});
    }
}

// Metadata may stay, and with it, in the chain, the chunk that it lies in.
TEST_P(SubjectTest, HoldsNoFreedMemoryAfterATrim) {
    replay({event(TRACE_MALLOC, 0, 100), event(TRACE_MALLOC, 1, 4000000), event(TRACE_FREE, 0),
            event(TRACE_FREE, 1)});
    GetParam()->trim();
    EXPECT_LT(backing_.bytes(), 4000000u);
}

TEST_P(SubjectTest, CanBeginAgain) {
    replay({event(TRACE_MALLOC, 0, 100), event(TRACE_FREE, 0)});
    GetParam()->end();
    GetParam()->begin(backing_.allocator());
    replay({event(TRACE_MALLOC, 0, 100), event(TRACE_FREE, 0)});
}

INSTANTIATE_TEST_SUITE_P(All, SubjectTest,
                         testing::Values(&malloc_subject, &pool_subject, &unchecked_subject,
                                         &classes_subject, &chain_subject),
                         [](const auto &each) { return std::string(each.param->name); });

TEST(SubjectDeathTest, ChainsObeyTheRulesOfOptions) {
    const chain_level odd = {100, 4096};
    EXPECT_EXIT(chain_subject_set(&odd, 1), testing::ExitedWithCode(1),
                "PBA_BLOCK_SIZE must be a power of two");
}

} // namespace
