#define PBA_INTERNAL_

#include "pba/engine/span_cache.h"

#include <array>
#include <cstring>
#include <vector>

#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::StrictBacking;
using ba_testing::StrictBackingOptions;

constexpr std::size_t kEntry = sizeof(pba_span_cache_entry);

constexpr pba_span_cache_limit kNoLimit = {SIZE_MAX, SIZE_MAX};

class SpanCache : public ::testing::Test {
  protected:
    SpanCache() {
        account_.payload = backing_.block_allocator();
        account_.metadata = backing_.block_allocator();
        account_.limit = SIZE_MAX;
        pba_span_cache_init(&cache_);
    }
    ~SpanCache() override {
        pba_span_cache_release(&cache_, &account_, ba_call_site_none());
        EXPECT_EQ(account_.metadata_bytes, 0u);
    }

    // An address to be told from others.
    void *span(std::size_t number) { return &bytes_[number]; }
    std::size_t capacity(std::uint32_t blocks) {
        return static_cast<std::size_t>(cache_.end[blocks] - cache_.bottom[blocks]);
    }
    void push(std::uint32_t blocks, std::size_t number) {
        ASSERT_FALSE(pba_span_cache_is_full(&cache_, blocks));
        pba_span_cache_push(&cache_, blocks, span(number), &tags_[number]);
    }
    // Takes the youngest off, which must be that one.
    void pop(std::uint32_t blocks, std::size_t number) {
        ASSERT_FALSE(pba_span_cache_is_empty(&cache_, blocks));
        EXPECT_EQ(cache_.top[blocks][-1].tag, &tags_[number]);
        EXPECT_EQ(pba_span_cache_pop(&cache_, blocks), span(number));
    }
    // The same for one that must be valid, and for one that must be stale.
    void expect_pop(std::uint32_t blocks, std::size_t number) {
        EXPECT_FALSE(pba_span_cache_is_stale(&cache_, blocks));
        pop(blocks, number);
    }
    void expect_stale(std::uint32_t blocks, std::size_t number) {
        EXPECT_TRUE(pba_span_cache_is_stale(&cache_, blocks));
        pop(blocks, number);
    }
    void expect_empty(std::uint32_t blocks) {
        EXPECT_TRUE(pba_span_cache_is_empty(&cache_, blocks));
        EXPECT_TRUE(pba_span_cache_is_stale(&cache_, blocks)) << "nothing here is valid";
        EXPECT_EQ(pba_span_cache_count(&cache_, blocks), 0u);
        EXPECT_EQ(pba_span_cache_valid_count(&cache_, blocks), 0u);
    }
    // Entries of a list that are part of the cache.
    static std::size_t first_entries(std::uint32_t blocks) {
        return blocks <= PBA_SPAN_CACHE_SHORT ? PBA_SPAN_CACHE_FIRST : PBA_SPAN_CACHE_FIRST_LONG;
    }
    void grow(std::uint32_t blocks, std::size_t most_bytes = SIZE_MAX,
              std::size_t most_entries = SIZE_MAX) {
        cache_.was_full[blocks] = true;
        pba_span_cache_grow(&cache_, blocks, &account_, {most_bytes, most_entries},
                            ba_call_site_none());
        EXPECT_FALSE(cache_.was_full[blocks]) << "asked again when it was full again";
        EXPECT_EQ(account_.metadata_bytes, cache_.granted);
    }
    void expect_as_new() {
        EXPECT_EQ(cache_.granted, 0u);
        EXPECT_EQ(backing_.grants(), 0u);
        const pba_span_cache_entry *own = cache_.first;
        for (std::uint32_t blocks = 1; blocks <= PBA_SPAN_CACHE_BLOCKS; blocks++) {
            expect_empty(blocks);
            EXPECT_FALSE(pba_span_cache_is_full(&cache_, blocks));
            EXPECT_EQ(capacity(blocks), first_entries(blocks));
            EXPECT_EQ(cache_.bottom[blocks], own);
            own += first_entries(blocks);
            EXPECT_FALSE(cache_.was_full[blocks]);
            EXPECT_TRUE(ba_memory_is_none(cache_.grants[blocks]));
        }
    }

    StrictBacking backing_;
    pba_backing_account account_ = {};
    pba_span_cache cache_;
    std::array<char, 256> bytes_ = {};
    std::array<std::uint8_t, 256> tags_ = {};
};

TEST_F(SpanCache, ListsForShortSpansOnly) {
    EXPECT_FALSE(pba_span_cache_keeps(0));
    EXPECT_TRUE(pba_span_cache_keeps(1));
    EXPECT_TRUE(pba_span_cache_keeps(PBA_SPAN_CACHE_BLOCKS));
    EXPECT_FALSE(pba_span_cache_keeps(PBA_SPAN_CACHE_BLOCKS + 1));
    EXPECT_FALSE(pba_span_cache_keeps(UINT32_MAX));
}

TEST_F(SpanCache, TheListOfSpansWithoutBlocksHasNoRoom) {
    EXPECT_TRUE(pba_span_cache_is_full(&cache_, 0));
    pba_span_cache_invalidate(&cache_);
    expect_empty(0);
    EXPECT_EQ(pba_span_cache_room(&cache_, 0), 0u);
}

TEST_F(SpanCache, ANewCacheIsEmptyAndHasNoGrants) {
    expect_as_new();
}

TEST(SpanCacheOfZeros, IsEmptyAndFull) {
    pba_span_cache cache;
    std::memset(&cache, 0, sizeof cache);
    pba_span_cache_invalidate(&cache);
    for (std::uint32_t blocks = 0; blocks <= PBA_SPAN_CACHE_BLOCKS; blocks++) {
        EXPECT_TRUE(pba_span_cache_is_empty(&cache, blocks));
        EXPECT_TRUE(pba_span_cache_is_stale(&cache, blocks)) << "nobody takes its youngest entry";
        EXPECT_TRUE(pba_span_cache_is_full(&cache, blocks)) << "nobody pushes an entry";
        EXPECT_EQ(pba_span_cache_count(&cache, blocks), 0u);
    }
}

TEST_F(SpanCache, TheYoungestIsTakenFirst) {
    push(3, 10);
    push(3, 20);
    push(3, 30);
    EXPECT_EQ(pba_span_cache_count(&cache_, 3), 3u);
    expect_pop(3, 30);
    push(3, 60);
    expect_pop(3, 60);
    expect_pop(3, 20);
    expect_pop(3, 10);
    expect_empty(3);
}

TEST_F(SpanCache, EachLengthHasItsList) {
    for (std::uint32_t blocks = 1; blocks <= PBA_SPAN_CACHE_BLOCKS; blocks++) {
        push(blocks, blocks);
    }
    for (std::uint32_t blocks = 1; blocks <= PBA_SPAN_CACHE_BLOCKS; blocks++) {
        expect_pop(blocks, blocks);
        expect_empty(blocks);
    }
}

TEST_F(SpanCache, IsFullWhenEachEntryIsUsed) {
    for (std::uint32_t i = 0; i < PBA_SPAN_CACHE_FIRST; i++) {
        EXPECT_FALSE(pba_span_cache_is_full(&cache_, 16));
        push(16, i);
    }
    EXPECT_TRUE(pba_span_cache_is_full(&cache_, 16));
    EXPECT_FALSE(pba_span_cache_is_full(&cache_, 15));
    EXPECT_EQ(pba_span_cache_room(&cache_, 16), 0u);
    EXPECT_EQ(pba_span_cache_room(&cache_, 15), PBA_SPAN_CACHE_FIRST);
    expect_pop(16, PBA_SPAN_CACHE_FIRST - 1);
    EXPECT_FALSE(pba_span_cache_is_full(&cache_, 16));
}

// --- invalidation

TEST_F(SpanCache, InvalidatingIsAboutWhatIsThereAndNotAboutWhatComes) {
    push(4, 1);
    push(4, 2);
    pba_span_cache_invalidate(&cache_);
    push(4, 3);
    push(4, 4);
    expect_pop(4, 4);
    expect_pop(4, 3);
    expect_stale(4, 2);
    push(4, 5);
    expect_pop(4, 5);
    expect_stale(4, 1);
    expect_empty(4);
    push(4, 6);
    expect_pop(4, 6);
}

TEST_F(SpanCache, AnyEntryIsTakenOffValidOrStale) {
    push(4, 1);
    pba_span_cache_invalidate(&cache_);
    push(4, 2);
    push(4, 3);
    EXPECT_EQ(pba_span_cache_valid_count(&cache_, 4), 2u);
    pop(4, 3);
    EXPECT_FALSE(pba_span_cache_is_stale(&cache_, 4)) << "the one below it is as valid as before";
    pop(4, 2);
    EXPECT_EQ(pba_span_cache_count(&cache_, 4), 1u);
    EXPECT_EQ(pba_span_cache_valid_count(&cache_, 4), 0u);
    expect_stale(4, 1);
    expect_empty(4);
}

TEST_F(SpanCache, InvalidatingReachesEachList) {
    for (std::uint32_t blocks = 1; blocks <= PBA_SPAN_CACHE_BLOCKS; blocks += 2) {
        push(blocks, blocks);
    }
    pba_span_cache_invalidate(&cache_);
    pba_span_cache_invalidate(&cache_);
    for (std::uint32_t blocks = 1; blocks <= PBA_SPAN_CACHE_BLOCKS; blocks++) {
        push(blocks, 100);
        expect_pop(blocks, 100);
        if (blocks % 2 != 0) {
            expect_stale(blocks, blocks);
        }
        expect_empty(blocks);
    }
}

TEST_F(SpanCache, AFullListOfStaleEntriesIsFull) {
    for (std::uint32_t i = 0; i < PBA_SPAN_CACHE_FIRST; i++) {
        push(1, i);
    }
    pba_span_cache_invalidate(&cache_);
    EXPECT_TRUE(pba_span_cache_is_full(&cache_, 1));
    EXPECT_TRUE(pba_span_cache_is_stale(&cache_, 1));
}

// --- growth

TEST_F(SpanCache, GrowsOnlyIfItWasFull) {
    pba_span_cache_grow(&cache_, 1, &account_, kNoLimit, ba_call_site_none());
    EXPECT_EQ(capacity(1), PBA_SPAN_CACHE_FIRST);
    EXPECT_EQ(backing_.calls(), 0u);
    grow(1);
    EXPECT_EQ(capacity(1), 64u);
    pba_span_cache_grow(&cache_, 1, &account_, kNoLimit, ba_call_site_none());
    EXPECT_EQ(capacity(1), 64u);
    EXPECT_EQ(capacity(2), PBA_SPAN_CACHE_FIRST) << "the others stay";
}

TEST_F(SpanCache, StepsOfGrowth) {
    constexpr std::size_t kMost = PBA_SPAN_CACHE_MOST_BYTES / kEntry;
    std::vector<std::size_t> steps = {64, 512, 4096, 32768};
    if (kMost != steps.back()) { // of pointers of 32 bits there is room for one more step
        steps.push_back(kMost);
    }
    for (const std::size_t entries : steps) {
        grow(7);
        EXPECT_EQ(capacity(7), entries);
        EXPECT_EQ(cache_.granted, entries * kEntry);
        EXPECT_EQ(backing_.grants(), 1u) << "the shorter one has gone back";
    }
    ASSERT_EQ(cache_.granted, PBA_SPAN_CACHE_MOST_BYTES);
    const std::size_t calls = backing_.calls();
    grow(7);
    EXPECT_EQ(backing_.calls(), calls) << "the longest one stays";
    EXPECT_EQ(cache_.granted, PBA_SPAN_CACHE_MOST_BYTES);
}

TEST_F(SpanCache, GrowthKeepsTheEntriesAndWhatIsKnownOfThem) {
    for (std::uint32_t i = 0; i < PBA_SPAN_CACHE_FIRST; i++) {
        push(1, i);
        if (i == 2) {
            pba_span_cache_invalidate(&cache_);
        }
    }
    grow(1);
    EXPECT_EQ(pba_span_cache_count(&cache_, 1), PBA_SPAN_CACHE_FIRST);
    for (std::uint32_t i = PBA_SPAN_CACHE_FIRST; i < 64; i++) {
        push(1, i);
    }
    EXPECT_TRUE(pba_span_cache_is_full(&cache_, 1));
    grow(1);
    for (std::uint32_t i = 64; i-- > 3;) {
        expect_pop(1, i);
    }
    for (std::uint32_t i = 3; i-- > 0;) {
        expect_stale(1, i);
    }
    expect_empty(1);
}

TEST_F(SpanCache, AStepIsHalvedUntilTheBytesAllowIt) {
    grow(1, 16 * kEntry - 1);
    EXPECT_EQ(capacity(1), PBA_SPAN_CACHE_FIRST) << "half of it again is what there is";
    EXPECT_EQ(backing_.calls(), 0u);
    grow(1, 0);
    EXPECT_EQ(capacity(1), PBA_SPAN_CACHE_FIRST);
    grow(1, 16 * kEntry);
    EXPECT_EQ(capacity(1), 16u);
    grow(2, cache_.granted + 64 * kEntry - 1);
    EXPECT_EQ(capacity(2), 32u);
    grow(3, cache_.granted + 64 * kEntry);
    EXPECT_EQ(capacity(3), 64u);
}

TEST_F(SpanCache, ListsOfLongSpansBeginWithFewerEntries) {
    const std::uint32_t longest = PBA_SPAN_CACHE_BLOCKS;
    EXPECT_EQ(capacity(PBA_SPAN_CACHE_SHORT), PBA_SPAN_CACHE_FIRST);
    EXPECT_EQ(capacity(PBA_SPAN_CACHE_SHORT + 1), PBA_SPAN_CACHE_FIRST_LONG);
    push(longest, 1);
    push(longest, 2);
    EXPECT_TRUE(pba_span_cache_is_full(&cache_, longest));
    grow(longest);
    EXPECT_EQ(capacity(longest), 16u);
    push(longest, 3);
    expect_pop(longest, 3);
    expect_pop(longest, 2);
    expect_pop(longest, 1);
}

// A backing grants whole blocks of its own: all of a grant is used, and counted.
TEST(SpanCacheOverWholeBlocks, UsesAndCountsAllOfAGrant) {
    StrictBackingOptions options;
    options.block_size = 4096;
    StrictBacking backing(options);
    pba_backing_account account = {};
    account.metadata = backing.block_allocator();
    account.limit = SIZE_MAX;
    pba_span_cache cache;
    pba_span_cache_init(&cache);
    cache.was_full[1] = true;
    pba_span_cache_grow(&cache, 1, &account, {4095, SIZE_MAX}, ba_call_site_none());
    EXPECT_EQ(cache.granted, 0u) << "a whole block is more than allowed";
    cache.was_full[1] = true;
    pba_span_cache_grow(&cache, 1, &account, {4096, SIZE_MAX}, ba_call_site_none());
    EXPECT_EQ(cache.granted, 4096u);
    EXPECT_EQ(pba_span_cache_room(&cache, 1), 4096 / kEntry);
    EXPECT_EQ(account.metadata_bytes, 4096u);
    pba_span_cache_release(&cache, &account, ba_call_site_none());
    EXPECT_EQ(cache.granted, 0u);
    EXPECT_EQ(backing.grants(), 0u);
}

TEST_F(SpanCache, TheBytesAreThoseOfAllListsButOfTheOneThatIsReplaced) {
    grow(1);
    grow(2);
    EXPECT_EQ(cache_.granted, 128 * kEntry);
    grow(3, 128 * kEntry);
    EXPECT_EQ(capacity(3), PBA_SPAN_CACHE_FIRST) << "the others have it all";
    grow(3, 127 * kEntry);
    EXPECT_EQ(capacity(3), PBA_SPAN_CACHE_FIRST) << "and more";
    grow(3, (128 + 16) * kEntry);
    EXPECT_EQ(capacity(3), 16u);
    grow(1, (64 + 16 + 512) * kEntry);
    EXPECT_EQ(capacity(1), 512u) << "it takes the place of its own 64";
    EXPECT_EQ(cache_.granted, (512 + 64 + 16) * kEntry);
    EXPECT_EQ(backing_.grants(), 3u);
}

TEST_F(SpanCache, AllListsTogetherTakeNoMoreThanStated) {
    std::size_t before = 1;
    while (before != cache_.granted) {
        before = cache_.granted;
        for (std::uint32_t blocks = 1; blocks <= PBA_SPAN_CACHE_BLOCKS; blocks++) {
            grow(blocks);
            ASSERT_LE(cache_.granted, PBA_SPAN_CACHE_MOST_BYTES);
        }
    }
    std::size_t entries = 0;
    for (std::uint32_t blocks = 1; blocks <= PBA_SPAN_CACHE_BLOCKS; blocks++) {
        EXPECT_GE(capacity(blocks), blocks <= PBA_SPAN_CACHE_SHORT ? 512u : 128u);
        entries += capacity(blocks);
    }
    EXPECT_EQ(entries * kEntry, cache_.granted) << "each list has a grant of its own";
    EXPECT_GT(cache_.granted, PBA_SPAN_CACHE_MOST_BYTES / 4 * 3);
    EXPECT_EQ(backing_.grants(), PBA_SPAN_CACHE_BLOCKS);
}

TEST_F(SpanCache, AListHasNoMoreEntriesThanItsLimit) {
    grow(1, SIZE_MAX, PBA_SPAN_CACHE_FIRST);
    EXPECT_EQ(capacity(1), PBA_SPAN_CACHE_FIRST);
    EXPECT_EQ(backing_.grants(), 0u) << "nothing is asked for in vain";
    grow(1, SIZE_MAX, 20);
    EXPECT_EQ(capacity(1), 20u);
    EXPECT_EQ(cache_.granted, 64 * kEntry);
    const std::size_t calls = backing_.calls();
    grow(1, SIZE_MAX, 20);
    EXPECT_EQ(capacity(1), 20u);
    grow(1, SIZE_MAX, 63);
    EXPECT_EQ(capacity(1), 63u) << "of the same grant";
    grow(1, SIZE_MAX, 65);
    EXPECT_EQ(capacity(1), 64u);
    EXPECT_EQ(backing_.calls(), calls);
    grow(1, SIZE_MAX, 65);
    EXPECT_EQ(capacity(1), 65u);
    EXPECT_EQ(cache_.granted, 512 * kEntry);
    EXPECT_EQ(backing_.grants(), 1u);
    for (std::size_t i = 0; i < 65; i++) {
        push(1, i);
    }
    EXPECT_TRUE(pba_span_cache_is_full(&cache_, 1));
    for (std::size_t i = 65; i > 0; i--) {
        expect_pop(1, i - 1);
    }
}

TEST_F(SpanCache, ARefusalLeavesTheListAsItIs) {
    push(1, 10);
    backing_.refuse_from(1);
    grow(1);
    EXPECT_EQ(backing_.refused(), 1u);
    EXPECT_EQ(capacity(1), PBA_SPAN_CACHE_FIRST);
    backing_.refuse_none();
    account_.limit = 64 * kEntry - 1;
    grow(1);
    EXPECT_EQ(capacity(1), PBA_SPAN_CACHE_FIRST) << "the byte limit is kept";
    EXPECT_EQ(backing_.grants(), 0u);
    account_.limit++;
    grow(1);
    EXPECT_EQ(capacity(1), 64u);
    backing_.refuse_from(1);
    account_.limit = SIZE_MAX;
    grow(1);
    EXPECT_EQ(capacity(1), 64u);
    EXPECT_EQ(backing_.grants(), 1u);
    backing_.refuse_none();
    expect_pop(1, 10);
}

TEST_F(SpanCache, ReleasedItIsAsNew) {
    for (std::uint32_t blocks = 1; blocks <= PBA_SPAN_CACHE_BLOCKS; blocks++) {
        push(blocks, 10);
        cache_.was_full[blocks] = true;
        if (blocks % 4 != 0) {
            grow(blocks);
        }
    }
    pba_span_cache_invalidate(&cache_);
    EXPECT_EQ(backing_.grants(), PBA_SPAN_CACHE_BLOCKS - PBA_SPAN_CACHE_BLOCKS / 4);
    pba_span_cache_release(&cache_, &account_, ba_call_site_none());
    expect_as_new();
    pba_span_cache_release(&cache_, &account_, ba_call_site_none());
    expect_as_new();
}

} // namespace
