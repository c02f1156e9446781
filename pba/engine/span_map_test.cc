#define PBA_INTERNAL_

#include "pba/engine/span_map.h"

#include <algorithm>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace {

using Random = std::mt19937;

std::uint32_t below(Random *random, std::uint32_t bound) {
    return static_cast<std::uint32_t>((*random)() % bound);
}

// Where carving found room.
std::vector<std::uint32_t> refilled(pba_map *map, std::uint32_t word, std::uint32_t count,
                                    std::uint32_t most, pba_map_alignment alignment = {1, 0}) {
    std::vector<std::uint32_t> starts(PBA_WORD_BITS);
    starts.resize(pba_map_refill(map, word, count, alignment, most, starts.data()));
    return starts;
}

// The first run, when all is summarized.
std::uint32_t found(pba_map *map, std::uint32_t count) {
    (void)pba_map_summarize(map, UINT32_MAX);
    return pba_map_find(map, count);
}

// The longest free run, whatever the map has summarized so far.
std::uint32_t longest_run(pba_map *map) {
    (void)pba_map_summarize(map, UINT32_MAX);
    return map->longest;
}

// A map with its arrays, and beside it the truth: the state of each block, one by one.
class Map {
  public:
    explicit Map(std::uint32_t blocks) : Map(blocks, blocks) {}

    Map(std::uint32_t blocks, std::uint32_t capacity)
        : arrays_(pba_map_bytes(capacity) / sizeof(std::uint64_t), ~UINT64_C(0)),
          states_(blocks, PBA_BLOCK_FREE) {
        pba_map_init(&map_, arrays_.data(), blocks, capacity);
    }

    pba_map *get() { return &map_; }
    std::uint32_t blocks() const { return static_cast<std::uint32_t>(states_.size()); }
    pba_block_state state(std::uint32_t block) const { return states_[block]; }

    void take(std::uint32_t first, std::uint32_t count) {
        pba_map_take(&map_, first, count);
        set_span(first, count, PBA_BLOCK_START);
    }
    void release(std::uint32_t first, std::uint32_t count) {
        pba_map_release(&map_, first, count);
        set_all(first, count, PBA_BLOCK_FREE);
    }
    void lengthen(std::uint32_t first, std::uint32_t count, std::uint32_t more) {
        pba_map_lengthen(&map_, first, count, more);
        set_all(first + count, more, PBA_BLOCK_INSIDE);
    }
    void split(std::uint32_t first, std::uint32_t count) {
        pba_map_split(&map_, first, count);
        states_[first + count] = PBA_BLOCK_START;
    }
    // Refills, and expects exactly the spans that are there, the highest first.
    void refill(std::uint32_t word, std::uint32_t count, std::uint32_t most) {
        std::vector<std::uint32_t> expected;
        const std::uint32_t first = word * PBA_WORD_BITS;
        for (std::uint32_t block = std::min(first + PBA_WORD_BITS, blocks());
             block-- > first && expected.size() < most;) {
            const std::uint32_t here = std::min(first + PBA_WORD_BITS - block, count);
            if (here == count && free_run(block, count) == count) {
                set_span(block, count, PBA_BLOCK_START);
                expected.push_back(block);
            }
        }
        EXPECT_EQ(refilled(&map_, word, count, most), expected);
    }
    void extend(std::uint32_t more) {
        pba_map_extend(&map_, more);
        states_.insert(states_.end(), more, PBA_BLOCK_FREE);
    }
    void move(std::uint32_t capacity) {
        std::vector<std::uint64_t> arrays(pba_map_bytes(capacity) / sizeof(std::uint64_t),
                                          ~UINT64_C(0));
        pba_map_move(&map_, arrays.data(), capacity);
        arrays_.swap(arrays);
        std::fill(arrays.begin(), arrays.end(), ~UINT64_C(0)); // the old ones are not needed
    }

    // The truth, found one block at a time.
    std::uint32_t free_run(std::uint32_t first, std::uint32_t limit) const {
        std::uint32_t run = 0;
        while (run < limit && first + run < blocks() && states_[first + run] == PBA_BLOCK_FREE) {
            run++;
        }
        return run;
    }
    std::uint32_t span_blocks(std::uint32_t first) const {
        std::uint32_t end = first + 1;
        while (end < blocks() && states_[end] == PBA_BLOCK_INSIDE) {
            end++;
        }
        return end - first;
    }
    std::uint32_t find(std::uint32_t count, std::uint32_t multiple, std::uint32_t offset) const {
        std::uint32_t run = 0; // free blocks from here on, seen from the end
        std::uint32_t found = PBA_NO_BLOCK;
        for (std::uint32_t block = blocks(); block-- > 0;) {
            run = states_[block] == PBA_BLOCK_FREE ? run + 1 : 0;
            found = run >= count && (block + offset) % multiple == 0 ? block : found;
        }
        return found;
    }
    std::uint32_t longest() const {
        std::uint32_t run = 0;
        std::uint32_t longest = 0;
        for (const pba_block_state state : states_) {
            run = state == PBA_BLOCK_FREE ? run + 1 : 0;
            longest = std::max(longest, run);
        }
        return longest;
    }
    // The first block whose state the map has wrong, or the number of blocks.
    std::uint32_t wrong_state() const {
        std::uint32_t block = 0;
        while (block < blocks() && pba_map_state(&map_, block) == states_[block]) {
            block++;
        }
        return block;
    }
    // Where spans start.
    std::vector<std::uint32_t> starts(pba_block_state state) const {
        std::vector<std::uint32_t> starts;
        for (std::uint32_t block = 0; block < blocks(); block++) {
            if (states_[block] == state) {
                starts.push_back(block);
            }
        }
        return starts;
    }

  private:
    void set_all(std::uint32_t first, std::uint32_t count, pba_block_state state) {
        std::fill_n(states_.begin() + static_cast<std::ptrdiff_t>(first), count, state);
    }
    void set_span(std::uint32_t first, std::uint32_t count, pba_block_state state) {
        set_all(first, count, PBA_BLOCK_INSIDE);
        states_[first] = state;
    }

    std::vector<std::uint64_t> arrays_;
    std::vector<pba_block_state> states_;
    pba_map map_;
};

// Fills a map from its start: gaps, and spans of up to `most` blocks.
void populate(Map *map, Random *random, std::uint32_t most) {
    std::uint32_t block = below(random, most + 1);
    while (block < map->blocks()) {
        const std::uint32_t count = std::min(1 + below(random, most), map->blocks() - block);
        if (below(random, 3) != 0) {
            map->take(block, count);
        }
        block += count + below(random, 2) * below(random, most);
    }
}

void expect_equal_to_truth(Map *map) {
    ASSERT_TRUE(pba_map_is_valid(map->get())) << "whatever is not summarized yet";
    ASSERT_EQ(map->wrong_state(), map->blocks());
    ASSERT_EQ(map->get()->blocks, map->blocks());
    ASSERT_EQ(longest_run(map->get()), map->longest());
    ASSERT_EQ(map->get()->noted_count, 0);
    ASSERT_TRUE(pba_map_is_valid(map->get()));
}

// Lengths around those that end a word, a node and the longest run.
std::vector<std::uint32_t> telling_lengths(const Map &map) {
    std::vector<std::uint32_t> lengths = {1, 2, 3, 5, 8};
    for (const std::uint32_t edge :
         {64U, 128U, 512U, 1024U, 4096U, 32768U, map.longest(), map.blocks()}) {
        for (const std::uint32_t length : {edge - 1, edge, edge + 1}) {
            if (length - 1 < map.blocks() + 1) {
                lengths.push_back(length);
            }
        }
    }
    return lengths;
}

void expect_exact_finds(Map *map) {
    for (const std::uint32_t count : telling_lengths(*map)) {
        ASSERT_EQ(found(map->get(), count), map->find(count, 1, 0))
            << count << " of " << map->blocks();
    }
    for (const std::uint32_t multiple : {1U, 2U, 16U, 64U, 1024U}) {
        for (const std::uint32_t offset : {0U, 1U, multiple - 1, 5U}) {
            for (const std::uint32_t count : {1U, 2U, 17U, 100U}) {
                ASSERT_EQ(pba_map_find_aligned(map->get(), count, {multiple, offset}, 0,
                                               pba_map_words(map->get())),
                          map->find(count, multiple, offset))
                    << count << " at " << multiple << " + " << offset << " of " << map->blocks();
            }
        }
    }
}

void expect_exact_spans(Map *map) {
    for (const std::uint32_t first : map->starts(PBA_BLOCK_START)) {
        const std::uint32_t count = map->span_blocks(first);
        ASSERT_EQ(pba_map_span_blocks(map->get(), first), count);
        ASSERT_EQ(pba_map_span_start(map->get(), first), first);
        ASSERT_EQ(pba_map_span_start(map->get(), first + count / 2), first);
        ASSERT_EQ(pba_map_span_start(map->get(), first + count - 1), first);
    }
}

// What each word says of its blocks.
void expect_exact_words(Map *map) {
    ASSERT_EQ(pba_map_words(map->get()), (map->blocks() + 63) / 64);
    for (std::uint32_t word = 0; word < pba_map_words(map->get()); word++) {
        std::uint64_t blocks = 0;
        std::uint64_t starts = 0;
        std::uint32_t taken = 0;
        for (std::uint32_t bit = 0; bit < 64 && word * 64 + bit < map->blocks(); bit++) {
            const pba_block_state state = map->state(word * 64 + bit);
            blocks |= UINT64_C(1) << bit;
            starts |= static_cast<std::uint64_t>(state == PBA_BLOCK_START ? 1 : 0) << bit;
            taken += state == PBA_BLOCK_FREE ? 0U : 1U;
        }
        ASSERT_EQ(pba_map_blocks_of_word(map->get(), word), blocks) << word;
        ASSERT_EQ(pba_map_starts_in(map->get(), word), starts) << word;
        ASSERT_EQ(pba_map_taken_in(map->get(), word), taken) << word;
    }
}

void expect_exact_runs(Map *map, Random *random) {
    for (int round = 0; round < 50; round++) {
        const std::uint32_t first = below(random, map->blocks());
        for (const std::uint32_t limit : {0U, 1U, 63U, 64U, 200U, map->blocks()}) {
            ASSERT_EQ(pba_map_free_run(map->get(), first, limit), map->free_run(first, limit));
        }
    }
}

TEST(SpanMap, ANewMapIsFree) {
    for (const std::uint32_t blocks : {1U, 63U, 64U, 65U, 512U, 513U, 4096U, 4097U, 40000U}) {
        Map map(blocks);
        expect_equal_to_truth(&map);
        EXPECT_EQ(longest_run(map.get()), blocks);
        EXPECT_EQ(map.get()->taken, 0u);
        EXPECT_EQ(found(map.get(), blocks), 0u);
        EXPECT_EQ(found(map.get(), blocks + 1), PBA_NO_BLOCK);
        EXPECT_EQ(pba_map_free_run(map.get(), 0, UINT32_MAX), blocks);
    }
}

TEST(SpanMap, TwoBitsABlockAndAFewBitsAWord) {
    EXPECT_EQ(pba_map_bytes(1), (1 + 1) * 16u + 8u) << "one word needs no node";
    EXPECT_EQ(pba_map_bytes(64), (1 + 1) * 16u + 8u);
    EXPECT_EQ(pba_map_bytes(65), (2 + 1) * 16u + 12u + 4u);
    EXPECT_EQ(pba_map_bytes(64 * 64), (64 + 1) * 16u + 9 * 12u + 64u + 4u);
    EXPECT_LT(pba_map_bytes(PBA_MAP_MAX_BLOCKS), PBA_MAP_MAX_BLOCKS / 10 * 3u);
}

TEST(SpanMap, StatesOfASpan) {
    Map map(200);
    map.take(60, 10);
    EXPECT_EQ(pba_map_state(map.get(), 59), PBA_BLOCK_FREE);
    EXPECT_EQ(pba_map_state(map.get(), 60), PBA_BLOCK_START);
    EXPECT_EQ(pba_map_state(map.get(), 61), PBA_BLOCK_INSIDE);
    EXPECT_EQ(pba_map_state(map.get(), 69), PBA_BLOCK_INSIDE);
    EXPECT_EQ(pba_map_state(map.get(), 70), PBA_BLOCK_FREE);
}

TEST(SpanMap, TakeAndRelease) {
    Map map(1000);
    map.take(100, 300);
    EXPECT_EQ(map.get()->taken, 300u);
    EXPECT_EQ(longest_run(map.get()), 600u);
    EXPECT_EQ(found(map.get(), 101), 400u);
    map.release(100, 300);
    EXPECT_EQ(map.get()->taken, 0u);
    EXPECT_EQ(longest_run(map.get()), 1000u) << "merged with both neighbours";
    expect_equal_to_truth(&map);
}

TEST(SpanMap, LengthenAndSplit) {
    Map map(300);
    map.take(10, 20);
    map.lengthen(10, 20, 100);
    EXPECT_EQ(map.get()->taken, 120u);
    EXPECT_EQ(longest_run(map.get()), 170u);
    EXPECT_EQ(pba_map_span_blocks(map.get(), 10), 120u);
    map.split(10, 50);
    EXPECT_EQ(map.get()->taken, 120u);
    EXPECT_EQ(pba_map_span_blocks(map.get(), 10), 50u);
    EXPECT_EQ(pba_map_span_blocks(map.get(), 60), 70u);
    map.release(60, 70);
    EXPECT_EQ(longest_run(map.get()), 240u);
    expect_equal_to_truth(&map);
}

// Each change that the tree must hear of, alone.
TEST(SpanMap, WhatIsTakenIsKnownAtOnce) {
    Map map(1000);
    const auto expect_known = [&map](std::uint32_t longest) {
        EXPECT_EQ(map.get()->noted_count, 0);
        EXPECT_EQ(map.get()->longest, longest);
        expect_equal_to_truth(&map);
    };
    expect_known(1000);
    map.take(500, 10);
    EXPECT_EQ(map.get()->word_longest[500 / 64], 52u);
    expect_known(500);
    map.lengthen(500, 10, 20);
    expect_known(500);
    map.take(0, 100);
    expect_known(470);
    map.refill(12, 32, 64);
    expect_known(400);
}

TEST(SpanMap, WhatBecomesFreeIsSummarizedWhenSomebodyAsks) {
    Map map(1000, 1100);
    map.take(500, 30);
    map.take(0, 100);
    const auto expect_unheard = [&map](std::uint32_t known) {
        EXPECT_NE(map.get()->noted_count, 0);
        EXPECT_EQ(map.get()->longest, known) << "not looked at yet";
        expect_equal_to_truth(&map);
    };
    map.release(0, 100);
    EXPECT_EQ(map.get()->word_longest[0], PBA_MAP_CHANGED);
    expect_unheard(470);
    EXPECT_EQ(map.get()->word_longest[0], 64u);
    map.release(500, 30);
    expect_unheard(500);
    map.extend(100);
    expect_unheard(1000);
    EXPECT_EQ(pba_map_summarize(map.get(), UINT32_MAX), 0u) << "nothing to do";
    expect_equal_to_truth(&map);
}

// Whatever is not summarized yet, what is known is there, and taking it is right.
TEST(SpanMap, IsSummarizedAFewNodesAtATime) {
    constexpr std::uint32_t kNode = 512;
    for (const std::uint32_t nodes : {3U, PBA_MAP_NOTED, PBA_MAP_NOTED + 1, 70U}) {
        for (const std::uint32_t at_once : {1U, 2U, 7U}) {
            Map map(100 * kNode);
            for (std::uint32_t node = 0; node < 100; node++) {
                map.take(node * kNode, kNode);
            }
            ASSERT_EQ(longest_run(map.get()), 0u);
            for (std::uint32_t node = 0; node < nodes; node++) {
                map.release(node * kNode, kNode);
            }
            std::uint32_t done = 0;
            while (done < nodes) {
                const std::uint32_t now = pba_map_summarize(map.get(), at_once);
                ASSERT_EQ(now, std::min(at_once, nodes - done));
                done += now;
                ASSERT_TRUE(pba_map_is_valid(map.get()));
                const std::uint32_t first = pba_map_find(map.get(), 5);
                ASSERT_NE(first, PBA_NO_BLOCK) << "some of it is known";
                map.take(first, 5);
                ASSERT_TRUE(pba_map_is_valid(map.get()));
            }
            EXPECT_EQ(map.get()->noted_count, 0);
            expect_equal_to_truth(&map);
        }
    }
}

TEST(SpanMap, SplittingChangesNoRun) {
    Map map(1000);
    map.take(0, 700);
    EXPECT_EQ(longest_run(map.get()), 300u);
    map.split(0, 300);
    EXPECT_EQ(map.get()->noted_count, 0);
    expect_equal_to_truth(&map);
}

TEST(SpanMap, FindsWhatIsKnown) {
    Map map(5000);
    map.take(0, 16);
    map.take(4000, 16);
    map.release(0, 16);
    map.take(100, 1);
    EXPECT_EQ(pba_map_find(map.get(), 3899), 101u);
    map.take(101, 3000);
    EXPECT_EQ(pba_map_find(map.get(), 1000), PBA_NO_BLOCK) << "there was one before";
    map.release(101, 3000);
    EXPECT_EQ(pba_map_find(map.get(), 1000), PBA_NO_BLOCK) << "it is not known yet";
    EXPECT_EQ(found(map.get(), 1000), 101u);
    expect_equal_to_truth(&map);
}

TEST(SpanMap, RefillsTheHighestSpansFirst) {
    Map map(200);
    EXPECT_EQ(refilled(map.get(), 1, 5, 64),
              (std::vector<std::uint32_t>{123, 118, 113, 108, 103, 98, 93, 88, 83, 78, 73, 68}));
    EXPECT_EQ(map.get()->taken, 60u);
    for (std::uint32_t first = 68; first < 128; first += 5) {
        EXPECT_EQ(pba_map_span_blocks(map.get(), first), 5u) << first;
    }
    EXPECT_EQ(pba_map_free_run(map.get(), 0, 200), 68u) << "what is too short stays free";
    EXPECT_EQ(longest_run(map.get()), 72u);
    EXPECT_TRUE(pba_map_is_valid(map.get()));
}

TEST(SpanMap, RefillsNoMoreThanItIsAskedTo) {
    Map map(200);
    EXPECT_EQ(refilled(map.get(), 1, 5, 0), std::vector<std::uint32_t>{});
    EXPECT_EQ(map.get()->noted_count, 0) << "nothing has changed";
    EXPECT_EQ(refilled(map.get(), 1, 5, 3), (std::vector<std::uint32_t>{123, 118, 113}));
    EXPECT_EQ(map.get()->taken, 15u);
    EXPECT_EQ(refilled(map.get(), 1, 50, 1), std::vector<std::uint32_t>{}) << "too long";
    EXPECT_EQ(refilled(map.get(), 1, 49, 1), std::vector<std::uint32_t>{64});
    EXPECT_EQ(map.get()->taken, 64u);
    EXPECT_EQ(longest_run(map.get()), 72u);
    EXPECT_EQ(refilled(map.get(), 1, 1, 1), std::vector<std::uint32_t>{}) << "full";
    EXPECT_EQ(map.get()->noted_count, 0);
    EXPECT_TRUE(pba_map_is_valid(map.get()));
}

TEST(SpanMap, RefillsEachRunOfTheWord) {
    Map map(200);
    map.take(80, 20);
    map.take(110, 3);
    EXPECT_EQ(refilled(map.get(), 1, 6, 64), (std::vector<std::uint32_t>{122, 116, 104, 74, 68}));
    EXPECT_EQ(map.get()->taken, 53u);
    EXPECT_EQ(pba_map_state(map.get(), 110), PBA_BLOCK_START);
    EXPECT_EQ(pba_map_span_blocks(map.get(), 110), 3u);
    EXPECT_EQ(pba_map_span_blocks(map.get(), 80), 20u);
    EXPECT_TRUE(pba_map_is_valid(map.get()));
}

TEST(SpanMap, RefillsToTheEndOfTheMap) {
    Map map(200);
    EXPECT_EQ(refilled(map.get(), 3, 3, 64), (std::vector<std::uint32_t>{197, 194}));
    EXPECT_EQ(longest_run(map.get()), 194u);
    EXPECT_TRUE(pba_map_is_valid(map.get()));
}

TEST(SpanMap, RefillsAWholeWord) {
    Map map(200);
    EXPECT_EQ(refilled(map.get(), 2, 64, 64), std::vector<std::uint32_t>{128});
    EXPECT_EQ(pba_map_span_blocks(map.get(), 128), 64u);
    const std::vector<std::uint32_t> singles = refilled(map.get(), 0, 1, 64);
    ASSERT_EQ(singles.size(), 64u);
    for (std::uint32_t i = 0; i < 64; i++) {
        EXPECT_EQ(singles[i], 63 - i);
    }
    EXPECT_EQ(map.get()->taken, 128u);
    EXPECT_EQ(longest_run(map.get()), 64u);
    EXPECT_TRUE(pba_map_is_valid(map.get()));
}

TEST(SpanMap, ExtendAndMove) {
    Map map(10, 100);
    map.take(0, 9);
    map.extend(1);
    EXPECT_EQ(longest_run(map.get()), 2u) << "new blocks join free ones before them";
    map.extend(89);
    EXPECT_EQ(map.get()->blocks, 100u);
    EXPECT_EQ(longest_run(map.get()), 91u);
    map.take(60, 20);
    map.release(0, 9);
    EXPECT_NE(map.get()->noted_count, 0);
    map.move(40000);
    EXPECT_EQ(map.get()->capacity, 40000u);
    expect_equal_to_truth(&map);
    map.extend(39900);
    EXPECT_EQ(longest_run(map.get()), 39920u);
    expect_equal_to_truth(&map);
    expect_exact_finds(&map);
    expect_exact_spans(&map);
}

TEST(SpanMap, LengthOfASpanIsTold) {
    Map map(200);
    map.take(60, 4); // ends a word
    map.take(64, 1);
    map.take(65, 70); // over a word
    map.take(135, 1);
    map.take(136, 54);
    map.take(190, 10); // ends the map
    expect_exact_spans(&map);
    expect_exact_words(&map);
}

TEST(SpanMap, LengthOfTheLastSpanIsTold) {
    for (const std::uint32_t blocks : {1U, 2U, 63U, 64U, 65U, 66U, 127U, 128U, 129U, 192U}) {
        for (std::uint32_t count = 1; count <= blocks; count++) {
            Map map(blocks);
            map.take(blocks - count, count);
            expect_exact_spans(&map);
            expect_exact_words(&map);
        }
    }
}

TEST(SpanMap, RandomMapsAreSearchedExactly) {
    Random random(2);
    for (const std::uint32_t blocks :
         {1U,   2U,    63U,   64U,   65U,   127U,   128U,   129U,   500U,   511U,  512U,
          513U, 1000U, 4095U, 4096U, 4097U, 10000U, 32767U, 32768U, 32769U, 40000U}) {
        for (const std::uint32_t most : {1U, 5U, 70U, 600U, 9000U}) {
            Map map(blocks);
            populate(&map, &random, most);
            expect_equal_to_truth(&map);
            expect_exact_finds(&map);
            expect_exact_spans(&map);
            expect_exact_runs(&map, &random);
            if (HasFatalFailure()) {
                return;
            }
        }
    }
}

// One run of exactly each length, at each place that matters, is found; one more is not.
TEST(SpanMap, OneRunAcrossWordsAndNodes) {
    constexpr std::uint32_t kBlocks = 40000;
    for (const std::uint32_t edge : {64U, 512U, 1024U, 4096U, 8192U, 32768U}) {
        for (const std::uint32_t before : {0U, 1U, 63U, 64U, 65U}) {
            for (const std::uint32_t behind : {1U, 2U, 64U, 513U, 4097U}) {
                Map map(kBlocks);
                const std::uint32_t first = edge - std::min(before, edge);
                const std::uint32_t count = edge + behind - first;
                map.take(0, kBlocks);
                map.split(0, edge + behind);
                if (first > 0) {
                    map.split(0, first);
                }
                map.release(first, count);
                ASSERT_EQ(longest_run(map.get()), count);
                ASSERT_EQ(found(map.get(), count), first);
                ASSERT_EQ(found(map.get(), 1), first);
                ASSERT_EQ(found(map.get(), count + 1), PBA_NO_BLOCK);
            }
        }
    }
}

// One random change that is allowed. False if what was drawn is not possible now.
bool change(Map *map, Random *random) {
    const std::uint32_t first = below(random, map->blocks());
    const std::uint32_t length =
        1 + below(random, below(random, 4) == 0 ? map->blocks() : std::min(20U, map->blocks()));
    const std::uint32_t action = below(random, 8);
    const std::uint32_t run = map->free_run(first, length);
    switch (map->state(first)) {
    case PBA_BLOCK_FREE:
        if (action < 7) {
            map->take(first, run);
        } else {
            map->refill(first / PBA_WORD_BITS, std::min(length, PBA_WORD_BITS), 1 + length % 7);
        }
        return true;
    case PBA_BLOCK_INSIDE:
        return false;
    case PBA_BLOCK_START:
        break;
    }
    const std::uint32_t count = map->span_blocks(first);
    const std::uint32_t more = map->free_run(first + count, length);
    if (action < 4) {
        map->release(first, count);
    } else if (action < 6 && more > 0) {
        map->lengthen(first, count, more);
    } else if (count > 1) {
        map->split(first, 1 + below(random, count - 1));
    }
    return true;
}

// Whatever is not summarized yet: what is found is free, and what is known is found.
void expect_known_find(Map *map, std::uint32_t count) {
    const std::uint32_t first = pba_map_find(map->get(), count);
    ASSERT_EQ(first == PBA_NO_BLOCK, map->get()->longest < count);
    if (first != PBA_NO_BLOCK) {
        ASSERT_LE(first + count, map->blocks());
        ASSERT_EQ(pba_map_free_run(map->get(), first, count), count) << first << " for " << count;
    }
}

TEST(SpanMap, RandomChanges) {
    Random random(3);
    for (const std::uint32_t blocks : {1U, 30U, 64U, 100U, 600U, 3000U}) {
        Map map(blocks);
        for (int round = 0; round < 3000; round++) {
            if (!change(&map, &random) || round % 8 != 0) {
                continue;
            }
            if (round % 16 == 0) {
                expect_equal_to_truth(&map);
            }
            const std::uint32_t count = 1 + below(&random, 40);
            expect_known_find(&map, count);
            (void)pba_map_summarize(map.get(), below(&random, 3));
            ASSERT_TRUE(pba_map_is_valid(map.get()));
            expect_known_find(&map, count);
            ASSERT_EQ(found(map.get(), count), map.find(count, 1, 0));
            ASSERT_TRUE(pba_map_is_valid(map.get()));
            ASSERT_FALSE(HasFailure());
        }
        expect_exact_spans(&map);
    }
}

constexpr std::uint32_t kMark = UINT32_C(1) << 31;

// A map in which everything occurs, and which each test below damages in one place.
class BrokenMap : public ::testing::Test {
  protected:
    void SetUp() override {
        map_.take(0, 3);
        map_.take(3, 4);
        map_.take(600, 30);
        (void)pba_map_summarize(map_.get(), UINT32_MAX);
        ASSERT_TRUE(pba_map_is_valid(map_.get()));
    }

    bool is_valid() { return pba_map_is_valid(map_.get()); }

    Map map_{1000};
};

// Changes a value, asks, and changes it back.
template <typename Value>
bool is_valid_with(pba_map *map, Value *place, Value value) {
    const Value was = *place;
    *place = value;
    const bool valid = pba_map_is_valid(map);
    *place = was;
    return valid && pba_map_is_valid(map);
}

TEST_F(BrokenMap, Counts) {
    pba_map *const map = map_.get();
    EXPECT_FALSE(is_valid_with(map, &map->taken, map->taken + 1));
    EXPECT_FALSE(is_valid_with(map, &map->taken, map->taken - 1));
    EXPECT_FALSE(is_valid_with(map, &map->taken, map->blocks + 1));
    EXPECT_FALSE(is_valid_with(map, &map->blocks, map->capacity + 1));
    EXPECT_TRUE(is_valid());
}

TEST_F(BrokenMap, Bits) {
    pba_map_word *const words = map_.get()->words;
    pba_map *const map = map_.get();
    const std::uint64_t one = 1;
    EXPECT_FALSE(is_valid_with(map, &words[0].start, words[0].start ^ one << 0)) << "no start";
    EXPECT_FALSE(is_valid_with(map, &words[0].start, words[0].start ^ one << 20)) << "of free";
    EXPECT_FALSE(is_valid_with(map, &words[0].free, words[0].free ^ one << 0)) << "both";
    EXPECT_FALSE(is_valid_with(map, &words[0].free, words[0].free ^ one << 3)) << "both";
    EXPECT_FALSE(is_valid_with(map, &words[0].free, words[0].free ^ one << 1)) << "inside";
    EXPECT_FALSE(is_valid_with(map, &words[0].free, words[0].free ^ one << 50)) << "of nothing";
    EXPECT_TRUE(is_valid());
}

TEST_F(BrokenMap, BitsBehindTheEnd) {
    pba_map_word *const last = &map_.get()->words[1000 / 64];
    const std::uint64_t behind = UINT64_C(1) << 1000 % 64;
    EXPECT_FALSE(is_valid_with(map_.get(), &last->free, last->free | behind));
    EXPECT_FALSE(is_valid_with(map_.get(), &last->start, last->start | behind << 10));
    EXPECT_FALSE(is_valid_with(map_.get(), &last->start, last->start & ~behind)) << "no sentinel";
    EXPECT_TRUE(is_valid());
}

TEST_F(BrokenMap, Summaries) {
    pba_map *const map = map_.get();
    const std::uint8_t longest = map->word_longest[9];
    EXPECT_FALSE(is_valid_with(map, &map->word_longest[9], static_cast<std::uint8_t>(longest + 1)));
    EXPECT_FALSE(is_valid_with(map, &map->longest, map->longest - 1));
    ASSERT_EQ(map->levels, 2);
    for (std::uint32_t node = 0; node < map->level_first[map->levels + 1]; node++) {
        pba_map_runs *const runs = &map->nodes[node];
        EXPECT_FALSE(is_valid_with(map, &runs->leading, runs->leading + 1)) << node;
        EXPECT_FALSE(is_valid_with(map, &runs->longest, runs->longest + 1)) << node;
        EXPECT_FALSE(is_valid_with(map, &runs->trailing, runs->trailing + 1)) << node;
    }
    EXPECT_TRUE(is_valid());
}

// What has changed in a few places is noted: by the numbers of the nodes above it.
class BrokenNotes : public BrokenMap {
  protected:
    void SetUp() override {
        BrokenMap::SetUp();
        map_.release(3, 4);
        ASSERT_TRUE(is_valid());
        ASSERT_EQ(map_.get()->level_first[2], 2u); // two nodes on level 1, and the top
        ASSERT_EQ(map_.get()->noted_count, 1);
    }
    void TearDown() override { expect_equal_to_truth(&map_); }

    pba_map_runs *noted_ = &map_.get()->nodes[0];
    pba_map_runs *beside_ = &map_.get()->nodes[1];
    pba_map_runs *top_ = &map_.get()->nodes[2];
};

TEST_F(BrokenNotes, AWordThatHasChanged) {
    std::uint8_t *const longest = &map_.get()->word_longest[0];
    ASSERT_EQ(*longest, PBA_MAP_CHANGED);
    EXPECT_FALSE(is_valid_with<std::uint8_t>(map_.get(), longest, 57)) << "it was that";
    EXPECT_TRUE(is_valid_with<std::uint8_t>(map_.get(), longest, 61)) << "it is that";
}

TEST_F(BrokenNotes, TheNumbers) {
    pba_map *const map = map_.get();
    ASSERT_EQ(map->noted[0], 0u);
    EXPECT_FALSE(is_valid_with(map, &map->noted[0], 1U)) << "of another node";
    EXPECT_FALSE(is_valid_with<std::uint8_t>(map, &map->noted_count, 0)) << "a word has changed";
    EXPECT_FALSE(is_valid_with<std::uint8_t>(map, &map->noted_count, PBA_MAP_NOTED + 1))
        << "nothing is marked";
    EXPECT_FALSE(is_valid_with<std::uint8_t>(map, &map->noted_count, PBA_MAP_NOTED + 2));
}

TEST_F(BrokenNotes, NothingIsMarked) {
    for (pba_map_runs *const runs : {noted_, beside_, top_}) {
        EXPECT_FALSE(is_valid_with(map_.get(), &runs->longest, runs->longest | kMark));
    }
}

TEST_F(BrokenNotes, WhatIsNotNotedIsSummarized) {
    pba_map *const map = map_.get();
    EXPECT_FALSE(is_valid_with(map, &beside_->leading, beside_->leading + 1));
    EXPECT_FALSE(is_valid_with(map, &beside_->longest, beside_->longest + 1));
    EXPECT_FALSE(is_valid_with(map, &beside_->trailing, beside_->trailing + 1));
    EXPECT_FALSE(is_valid_with(map, &top_->longest, top_->longest + 1)) << "as it was noted";
    EXPECT_FALSE(is_valid_with<std::uint8_t>(map, &map->word_longest[1], 63));
    EXPECT_FALSE(is_valid_with(map, &map->longest, map->longest + 1)) << "not what the top says";
}

TEST(BrokenNotesOfOneWord, TheMapItself) {
    Map map(60);
    map.take(0, 1);
    map.take(1, 1);
    map.release(1, 1);
    ASSERT_TRUE(pba_map_is_valid(map.get()));
    EXPECT_FALSE(is_valid_with<std::uint8_t>(map.get(), &map.get()->noted_count, 0));
    EXPECT_TRUE(is_valid_with(map.get(), &map.get()->longest, 59U)) << "it is that";
    EXPECT_FALSE(is_valid_with(map.get(), &map.get()->longest, 60U)) << "more than there is";
    EXPECT_FALSE(is_valid_with<std::uint32_t>(map.get(), &map.get()->longest, PBA_MAP_CHANGED));
    expect_equal_to_truth(&map);
}

// Where there are more such places, what has changed is marked, and so is all that lies above it.
class BrokenMarks : public ::testing::Test {
  protected:
    void SetUp() override {
        for (std::uint32_t node = 0; node <= PBA_MAP_NOTED; node++) {
            map_.take(node * kNode + 3, 4);
            map_.release(node * kNode + 3, 4);
        }
        ASSERT_EQ(map_.get()->noted_count, PBA_MAP_NOTED + 1);
        ASSERT_TRUE(pba_map_is_valid(map_.get()));
        ASSERT_EQ(map_.get()->level_first[2], PBA_MAP_NOTED + 2); // level 1, and then the top
    }
    void TearDown() override { expect_equal_to_truth(&map_); }

    static constexpr std::uint32_t kNode = 512;
    Map map_{(PBA_MAP_NOTED + 2) * kNode};
    pba_map_runs *below_ = &map_.get()->nodes[0]; // above a word that has changed
    pba_map_runs *beside_ = &map_.get()->nodes[PBA_MAP_NOTED + 1];
    pba_map_runs *top_ = &map_.get()->nodes[PBA_MAP_NOTED + 2];
};

TEST_F(BrokenMarks, AWordThatHasChanged) {
    std::uint8_t *const longest = &map_.get()->word_longest[0];
    ASSERT_EQ(*longest, PBA_MAP_CHANGED);
    EXPECT_FALSE(is_valid_with<std::uint8_t>(map_.get(), longest, 57)) << "it was that";
    EXPECT_TRUE(is_valid_with<std::uint8_t>(map_.get(), longest, 64)) << "it is that";
}

TEST_F(BrokenMarks, ANodeAboveAWord) {
    EXPECT_EQ(below_->longest & kMark, kMark);
    EXPECT_FALSE(is_valid_with(map_.get(), &below_->longest, below_->longest & ~kMark));
    (void)pba_map_summarize(map_.get(), UINT32_MAX);
    EXPECT_FALSE(
        is_valid_with<std::uint8_t>(map_.get(), &map_.get()->word_longest[0], PBA_MAP_CHANGED))
        << "with nothing marked above";
}

TEST_F(BrokenMarks, ANodeAboveANode) {
    EXPECT_EQ(top_->longest & kMark, kMark);
    EXPECT_FALSE(is_valid_with(map_.get(), &top_->longest, top_->longest & ~kMark));
}

TEST_F(BrokenMarks, TheMapItself) {
    pba_map *const map = map_.get();
    EXPECT_FALSE(is_valid_with<std::uint8_t>(map, &map->noted_count, 0));
    const std::uint32_t longest = map->longest;
    map->longest = top_->longest;
    EXPECT_FALSE(is_valid_with<std::uint8_t>(map, &map->noted_count, 0))
        << "even if it has what the top has";
    map->longest = longest;
}

TEST_F(BrokenMarks, WhatIsNotMarkedIsSummarized) {
    pba_map *const map = map_.get();
    EXPECT_EQ(beside_->longest & kMark, 0u);
    EXPECT_FALSE(is_valid_with(map, &beside_->leading, beside_->leading + 1));
    EXPECT_FALSE(is_valid_with(map, &beside_->longest, beside_->longest + 1));
    EXPECT_FALSE(is_valid_with(map, &beside_->trailing, beside_->trailing + 1));
    EXPECT_FALSE(is_valid_with<std::uint8_t>(map, &map->word_longest[1], 63));
    EXPECT_TRUE(is_valid_with(map, &below_->leading, below_->leading + 1)) << "marked";
    EXPECT_FALSE(is_valid_with(map, &map->longest, map->longest + 1)) << "not what the top says";
}

} // namespace
