#include "pba/recent.h"

#include <array>
#include <cstring>
#include <vector>

#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::StrictBacking;
using ba_testing::StrictBackingOptions;

constexpr std::size_t kEntry = sizeof(pba_recent_entry);

class Recent : public ::testing::Test {
  protected:
    Recent() {
        supply_.payload = backing_.block_allocator();
        supply_.bookkeeping = backing_.block_allocator();
        supply_.limit = SIZE_MAX;
        pba_recent_init(&recent_);
    }
    ~Recent() override {
        pba_recent_release(&recent_, &supply_, ba_call_site_none());
        EXPECT_EQ(supply_.bookkeeping_bytes, 0u);
    }

    // An address to be told from others.
    void *span(std::size_t number) { return &bytes_[number]; }
    std::size_t capacity(std::uint32_t blocks) {
        return static_cast<std::size_t>(recent_.end[blocks] - recent_.bottom[blocks]);
    }
    void push(std::uint32_t blocks, std::size_t number) {
        ASSERT_FALSE(pba_recent_is_full(&recent_, blocks));
        pba_recent_push(&recent_, blocks, span(number), &tags_[number]);
    }
    // Takes the youngest off, which must be that one.
    void pop(std::uint32_t blocks, std::size_t number) {
        ASSERT_FALSE(pba_recent_is_empty(&recent_, blocks));
        EXPECT_EQ(recent_.top[blocks][-1].tag, &tags_[number]);
        EXPECT_EQ(pba_recent_pop(&recent_, blocks), span(number));
    }
    // The same for one that must be certain, and for one that must be doubtful.
    void expect_pop(std::uint32_t blocks, std::size_t number) {
        EXPECT_FALSE(pba_recent_is_doubtful(&recent_, blocks));
        pop(blocks, number);
    }
    void expect_doubtful(std::uint32_t blocks, std::size_t number) {
        EXPECT_TRUE(pba_recent_is_doubtful(&recent_, blocks));
        pop(blocks, number);
    }
    void expect_empty(std::uint32_t blocks) {
        EXPECT_TRUE(pba_recent_is_empty(&recent_, blocks));
        EXPECT_TRUE(pba_recent_is_doubtful(&recent_, blocks)) << "nothing here is certain";
        EXPECT_EQ(pba_recent_count(&recent_, blocks), 0u);
        EXPECT_EQ(pba_recent_certain(&recent_, blocks), 0u);
    }
    // Entries of a list that are part of the store.
    static std::size_t first_entries(std::uint32_t blocks) {
        return blocks <= PBA_RECENT_SHORT ? PBA_RECENT_FIRST : PBA_RECENT_FIRST_LONG;
    }
    void grow(std::uint32_t blocks, std::size_t most_bytes = SIZE_MAX) {
        recent_.was_full[blocks] = true;
        pba_recent_grow(&recent_, blocks, &supply_, most_bytes, ba_call_site_none());
        EXPECT_FALSE(recent_.was_full[blocks]) << "asked again when it was full again";
        EXPECT_EQ(supply_.bookkeeping_bytes, recent_.granted);
    }
    void expect_as_new() {
        EXPECT_EQ(recent_.granted, 0u);
        EXPECT_EQ(backing_.grants(), 0u);
        const pba_recent_entry *own = recent_.first;
        for (std::uint32_t blocks = 1; blocks <= PBA_RECENT_BLOCKS; blocks++) {
            expect_empty(blocks);
            EXPECT_FALSE(pba_recent_is_full(&recent_, blocks));
            EXPECT_EQ(capacity(blocks), first_entries(blocks));
            EXPECT_EQ(recent_.bottom[blocks], own);
            own += first_entries(blocks);
            EXPECT_FALSE(recent_.was_full[blocks]);
            EXPECT_TRUE(ba_memory_is_none(recent_.grants[blocks]));
        }
    }

    StrictBacking backing_;
    pba_supply supply_ = {};
    pba_recent recent_;
    std::array<char, 256> bytes_ = {};
    std::array<std::uint8_t, 256> tags_ = {};
};

TEST_F(Recent, ListsForShortSpansOnly) {
    EXPECT_FALSE(pba_recent_keeps(0));
    EXPECT_TRUE(pba_recent_keeps(1));
    EXPECT_TRUE(pba_recent_keeps(PBA_RECENT_BLOCKS));
    EXPECT_FALSE(pba_recent_keeps(PBA_RECENT_BLOCKS + 1));
    EXPECT_FALSE(pba_recent_keeps(UINT32_MAX));
}

TEST_F(Recent, TheListOfSpansWithoutBlocksHasNoRoom) {
    EXPECT_TRUE(pba_recent_is_full(&recent_, 0));
    pba_recent_doubt(&recent_);
    expect_empty(0);
    EXPECT_EQ(pba_recent_room(&recent_, 0), 0u);
}

TEST_F(Recent, ANewStoreIsEmptyAndHasNoGrants) {
    expect_as_new();
}

TEST(RecentStore, OneOfZerosIsEmptyAndFull) {
    pba_recent recent;
    std::memset(&recent, 0, sizeof recent);
    pba_recent_doubt(&recent);
    for (std::uint32_t blocks = 0; blocks <= PBA_RECENT_BLOCKS; blocks++) {
        EXPECT_TRUE(pba_recent_is_empty(&recent, blocks));
        EXPECT_TRUE(pba_recent_is_doubtful(&recent, blocks)) << "nobody takes its youngest entry";
        EXPECT_TRUE(pba_recent_is_full(&recent, blocks)) << "nobody pushes an entry";
        EXPECT_EQ(pba_recent_count(&recent, blocks), 0u);
    }
}

TEST_F(Recent, TheYoungestIsTakenFirst) {
    push(3, 10);
    push(3, 20);
    push(3, 30);
    EXPECT_EQ(pba_recent_count(&recent_, 3), 3u);
    expect_pop(3, 30);
    push(3, 60);
    expect_pop(3, 60);
    expect_pop(3, 20);
    expect_pop(3, 10);
    expect_empty(3);
}

TEST_F(Recent, EachLengthHasItsList) {
    for (std::uint32_t blocks = 1; blocks <= PBA_RECENT_BLOCKS; blocks++) {
        push(blocks, blocks);
    }
    for (std::uint32_t blocks = 1; blocks <= PBA_RECENT_BLOCKS; blocks++) {
        expect_pop(blocks, blocks);
        expect_empty(blocks);
    }
}

TEST_F(Recent, IsFullWhenEachEntryIsUsed) {
    for (std::uint32_t i = 0; i < PBA_RECENT_FIRST; i++) {
        EXPECT_FALSE(pba_recent_is_full(&recent_, 16));
        push(16, i);
    }
    EXPECT_TRUE(pba_recent_is_full(&recent_, 16));
    EXPECT_FALSE(pba_recent_is_full(&recent_, 15));
    EXPECT_EQ(pba_recent_room(&recent_, 16), 0u);
    EXPECT_EQ(pba_recent_room(&recent_, 15), PBA_RECENT_FIRST);
    expect_pop(16, PBA_RECENT_FIRST - 1);
    EXPECT_FALSE(pba_recent_is_full(&recent_, 16));
}

// --- doubt

TEST_F(Recent, DoubtIsAboutWhatIsThereAndNotAboutWhatComes) {
    push(4, 1);
    push(4, 2);
    pba_recent_doubt(&recent_);
    push(4, 3);
    push(4, 4);
    expect_pop(4, 4);
    expect_pop(4, 3);
    expect_doubtful(4, 2);
    push(4, 5);
    expect_pop(4, 5);
    expect_doubtful(4, 1);
    expect_empty(4);
    push(4, 6);
    expect_pop(4, 6);
}

TEST_F(Recent, AnyEntryIsTakenOffCertainOrDoubtful) {
    push(4, 1);
    pba_recent_doubt(&recent_);
    push(4, 2);
    push(4, 3);
    EXPECT_EQ(pba_recent_certain(&recent_, 4), 2u);
    pop(4, 3);
    EXPECT_FALSE(pba_recent_is_doubtful(&recent_, 4)) << "the one below it is as certain as before";
    pop(4, 2);
    EXPECT_EQ(pba_recent_count(&recent_, 4), 1u);
    EXPECT_EQ(pba_recent_certain(&recent_, 4), 0u);
    expect_doubtful(4, 1);
    expect_empty(4);
}

TEST_F(Recent, DoubtReachesEachList) {
    for (std::uint32_t blocks = 1; blocks <= PBA_RECENT_BLOCKS; blocks += 2) {
        push(blocks, blocks);
    }
    pba_recent_doubt(&recent_);
    pba_recent_doubt(&recent_);
    for (std::uint32_t blocks = 1; blocks <= PBA_RECENT_BLOCKS; blocks++) {
        push(blocks, 100);
        expect_pop(blocks, 100);
        if (blocks % 2 != 0) {
            expect_doubtful(blocks, blocks);
        }
        expect_empty(blocks);
    }
}

TEST_F(Recent, AFullListOfDoubtfulEntriesIsFull) {
    for (std::uint32_t i = 0; i < PBA_RECENT_FIRST; i++) {
        push(1, i);
    }
    pba_recent_doubt(&recent_);
    EXPECT_TRUE(pba_recent_is_full(&recent_, 1));
    EXPECT_TRUE(pba_recent_is_doubtful(&recent_, 1));
}

// --- growth

TEST_F(Recent, GrowsOnlyIfItWasFull) {
    pba_recent_grow(&recent_, 1, &supply_, SIZE_MAX, ba_call_site_none());
    EXPECT_EQ(capacity(1), PBA_RECENT_FIRST);
    EXPECT_EQ(backing_.calls(), 0u);
    grow(1);
    EXPECT_EQ(capacity(1), 64u);
    pba_recent_grow(&recent_, 1, &supply_, SIZE_MAX, ba_call_site_none());
    EXPECT_EQ(capacity(1), 64u);
    EXPECT_EQ(capacity(2), PBA_RECENT_FIRST) << "the others stay";
}

TEST_F(Recent, StepsOfGrowth) {
    for (const std::size_t entries : {64U, 512U, 4096U, 32768U}) {
        grow(7);
        EXPECT_EQ(capacity(7), entries);
        EXPECT_EQ(recent_.granted, entries * kEntry);
        EXPECT_EQ(backing_.grants(), 1u) << "the shorter one has gone back";
    }
    ASSERT_EQ(recent_.granted, PBA_RECENT_MOST_BYTES);
    const std::size_t calls = backing_.calls();
    grow(7);
    EXPECT_EQ(backing_.calls(), calls) << "the longest one stays";
    EXPECT_EQ(recent_.granted, PBA_RECENT_MOST_BYTES);
}

TEST_F(Recent, GrowthKeepsTheEntriesAndWhatIsKnownOfThem) {
    for (std::uint32_t i = 0; i < PBA_RECENT_FIRST; i++) {
        push(1, i);
        if (i == 2) {
            pba_recent_doubt(&recent_);
        }
    }
    grow(1);
    EXPECT_EQ(pba_recent_count(&recent_, 1), PBA_RECENT_FIRST);
    for (std::uint32_t i = PBA_RECENT_FIRST; i < 64; i++) {
        push(1, i);
    }
    EXPECT_TRUE(pba_recent_is_full(&recent_, 1));
    grow(1);
    for (std::uint32_t i = 64; i-- > 3;) {
        expect_pop(1, i);
    }
    for (std::uint32_t i = 3; i-- > 0;) {
        expect_doubtful(1, i);
    }
    expect_empty(1);
}

TEST_F(Recent, AStepIsHalvedUntilTheBytesAllowIt) {
    grow(1, 16 * kEntry - 1);
    EXPECT_EQ(capacity(1), PBA_RECENT_FIRST) << "half of it again is what there is";
    EXPECT_EQ(backing_.calls(), 0u);
    grow(1, 0);
    EXPECT_EQ(capacity(1), PBA_RECENT_FIRST);
    grow(1, 16 * kEntry);
    EXPECT_EQ(capacity(1), 16u);
    grow(2, recent_.granted + 64 * kEntry - 1);
    EXPECT_EQ(capacity(2), 32u);
    grow(3, recent_.granted + 64 * kEntry);
    EXPECT_EQ(capacity(3), 64u);
}

TEST_F(Recent, ListsOfLongSpansBeginWithFewerEntries) {
    const std::uint32_t longest = PBA_RECENT_BLOCKS;
    EXPECT_EQ(capacity(PBA_RECENT_SHORT), PBA_RECENT_FIRST);
    EXPECT_EQ(capacity(PBA_RECENT_SHORT + 1), PBA_RECENT_FIRST_LONG);
    push(longest, 1);
    push(longest, 2);
    EXPECT_TRUE(pba_recent_is_full(&recent_, longest));
    grow(longest);
    EXPECT_EQ(capacity(longest), 16u);
    push(longest, 3);
    expect_pop(longest, 3);
    expect_pop(longest, 2);
    expect_pop(longest, 1);
}

// A backing grants whole blocks of its own: all of a grant is used, and counted.
TEST(RecentOverWholeBlocks, UsesAndCountsAllOfAGrant) {
    StrictBackingOptions options;
    options.block_size = 4096;
    StrictBacking backing(options);
    pba_supply supply = {};
    supply.bookkeeping = backing.block_allocator();
    supply.limit = SIZE_MAX;
    pba_recent recent;
    pba_recent_init(&recent);
    recent.was_full[1] = true;
    pba_recent_grow(&recent, 1, &supply, 4095, ba_call_site_none());
    EXPECT_EQ(recent.granted, 0u) << "a whole block is more than allowed";
    recent.was_full[1] = true;
    pba_recent_grow(&recent, 1, &supply, 4096, ba_call_site_none());
    EXPECT_EQ(recent.granted, 4096u);
    EXPECT_EQ(pba_recent_room(&recent, 1), 4096 / kEntry);
    EXPECT_EQ(supply.bookkeeping_bytes, 4096u);
    pba_recent_release(&recent, &supply, ba_call_site_none());
    EXPECT_EQ(recent.granted, 0u);
    EXPECT_EQ(backing.grants(), 0u);
}

TEST_F(Recent, TheBytesAreThoseOfAllListsButOfTheOneThatIsReplaced) {
    grow(1);
    grow(2);
    EXPECT_EQ(recent_.granted, 128 * kEntry);
    grow(3, 128 * kEntry);
    EXPECT_EQ(capacity(3), PBA_RECENT_FIRST) << "the others have it all";
    grow(3, 127 * kEntry);
    EXPECT_EQ(capacity(3), PBA_RECENT_FIRST) << "and more";
    grow(3, (128 + 16) * kEntry);
    EXPECT_EQ(capacity(3), 16u);
    grow(1, (64 + 16 + 512) * kEntry);
    EXPECT_EQ(capacity(1), 512u) << "it takes the place of its own 64";
    EXPECT_EQ(recent_.granted, (512 + 64 + 16) * kEntry);
    EXPECT_EQ(backing_.grants(), 3u);
}

TEST_F(Recent, AllListsTogetherTakeNoMoreThanStated) {
    std::size_t before = 1;
    while (before != recent_.granted) {
        before = recent_.granted;
        for (std::uint32_t blocks = 1; blocks <= PBA_RECENT_BLOCKS; blocks++) {
            grow(blocks);
            ASSERT_LE(recent_.granted, PBA_RECENT_MOST_BYTES);
        }
    }
    std::size_t entries = 0;
    for (std::uint32_t blocks = 1; blocks <= PBA_RECENT_BLOCKS; blocks++) {
        EXPECT_GE(capacity(blocks), blocks <= PBA_RECENT_SHORT ? 512u : 128u);
        entries += capacity(blocks);
    }
    EXPECT_EQ(entries * kEntry, recent_.granted) << "each list has a grant of its own";
    EXPECT_GT(recent_.granted, PBA_RECENT_MOST_BYTES / 4 * 3);
    EXPECT_EQ(backing_.grants(), PBA_RECENT_BLOCKS);
}

TEST_F(Recent, ARefusalLeavesTheListAsItIs) {
    push(1, 10);
    backing_.refuse_from(1);
    grow(1);
    EXPECT_EQ(backing_.refused(), 1u);
    EXPECT_EQ(capacity(1), PBA_RECENT_FIRST);
    backing_.refuse_none();
    supply_.limit = 64 * kEntry - 1;
    grow(1);
    EXPECT_EQ(capacity(1), PBA_RECENT_FIRST) << "the byte limit is kept";
    EXPECT_EQ(backing_.grants(), 0u);
    supply_.limit++;
    grow(1);
    EXPECT_EQ(capacity(1), 64u);
    backing_.refuse_from(1);
    supply_.limit = SIZE_MAX;
    grow(1);
    EXPECT_EQ(capacity(1), 64u);
    EXPECT_EQ(backing_.grants(), 1u);
    backing_.refuse_none();
    expect_pop(1, 10);
}

TEST_F(Recent, ReleasedItIsAsNew) {
    for (std::uint32_t blocks = 1; blocks <= PBA_RECENT_BLOCKS; blocks++) {
        push(blocks, 10);
        recent_.was_full[blocks] = true;
        if (blocks % 4 != 0) {
            grow(blocks);
        }
    }
    pba_recent_doubt(&recent_);
    EXPECT_EQ(backing_.grants(), PBA_RECENT_BLOCKS - PBA_RECENT_BLOCKS / 4);
    pba_recent_release(&recent_, &supply_, ba_call_site_none());
    expect_as_new();
    pba_recent_release(&recent_, &supply_, ba_call_site_none());
    expect_as_new();
}

} // namespace
