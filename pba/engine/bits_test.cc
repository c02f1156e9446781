#define PBA_INTERNAL_

#include "pba/engine/bits.h"

#include <algorithm>
#include <array>
#include <random>

#include "gtest/gtest.h"

namespace {

constexpr std::array<std::uint32_t, 7> kOffsets = {0, 1, 15, 24, 31, 40, 48};

bool bit_of(std::uint64_t word, std::uint32_t bit) {
    return (word >> bit & 1) != 0;
}

// What the kernels must say, found one bit at a time.
struct Naive {
    std::uint32_t lowest = PBA_WORD_BITS;
    std::uint32_t highest = PBA_WORD_BITS;
    std::uint32_t count = 0;
    std::uint32_t leading = 0;
    std::uint32_t trailing = 0;
    std::uint32_t longest = 0;
    std::array<std::uint32_t, PBA_WORD_BITS> run_from = {}; // the run that starts at each bit
};

Naive naive(std::uint64_t word) {
    Naive is;
    std::uint32_t run = 0;
    for (std::uint32_t bit = PBA_WORD_BITS; bit-- > 0;) {
        const bool one = bit_of(word, bit);
        run = one ? run + 1 : 0;
        is.run_from[bit] = run;
        is.longest = std::max(is.longest, run);
        is.count += one ? 1 : 0;
        is.lowest = one ? bit : is.lowest;
        is.highest = one && is.highest == PBA_WORD_BITS ? bit : is.highest;
        is.trailing += is.trailing == PBA_WORD_BITS - 1 - bit && one ? 1 : 0;
    }
    is.leading = run;
    return is;
}

std::uint64_t naive_runs(const Naive &is, std::uint32_t length) {
    std::uint64_t starts = 0;
    for (std::uint32_t bit = 0; bit < PBA_WORD_BITS; bit++) {
        starts |= is.run_from[bit] >= length ? UINT64_C(1) << bit : 0;
    }
    return starts;
}

// The first length for which pba_bits_runs() errs, or 0.
std::uint32_t wrong_runs(std::uint64_t word, const Naive &is) {
    for (std::uint32_t length = 1; length <= PBA_WORD_BITS; length++) {
        if (pba_bits_runs(word, length) != naive_runs(is, length)) {
            return length;
        }
    }
    return 0;
}

// True if all kernels but pba_bits_runs() say what the loop says.
bool kernels_are_right(std::uint64_t word, const Naive &is) {
    const bool ends_are_right =
        word == 0 || (pba_bits_lowest(word) == is.lowest && pba_bits_highest(word) == is.highest);
    return ends_are_right && pba_bits_count(word) == is.count &&
           pba_bits_leading_run(word) == is.leading && pba_bits_trailing_run(word) == is.trailing &&
           pba_bits_longest_run(word) == is.longest;
}

TEST(Bits, EveryPatternOf16BitsAtSeveralOffsets) {
    for (std::uint64_t pattern = 0; pattern < 1 << 16; pattern++) {
        for (const std::uint32_t offset : kOffsets) {
            for (const std::uint64_t word : {pattern << offset, ~(pattern << offset)}) {
                ASSERT_TRUE(kernels_are_right(word, naive(word))) << std::hex << word;
            }
        }
    }
}

TEST(Bits, RunsOfEveryLengthInPatternsOf16Bits) {
    for (std::size_t i = 0; i < 1 << 16; i += 7) {
        const std::uint64_t pattern = std::uint64_t{i} << kOffsets[i % kOffsets.size()];
        for (const std::uint64_t word : {pattern, ~pattern}) {
            ASSERT_EQ(wrong_runs(word, naive(word)), 0u) << std::hex << word;
        }
    }
}

TEST(Bits, RandomWords) {
    std::mt19937_64 random(1);
    for (int round = 0; round < 20000; round++) {
        // Dense and sparse words too, for long runs and for short ones.
        const std::uint64_t word = round % 3 == 0   ? random()
                                   : round % 3 == 1 ? random() | random() | random() | random()
                                                    : random() & random() & random();
        const Naive is = naive(word);
        ASSERT_TRUE(kernels_are_right(word, is)) << std::hex << word;
        ASSERT_EQ(wrong_runs(word, is), 0u) << std::hex << word;
    }
}

TEST(Bits, EverySingleRun) {
    for (std::uint32_t first = 0; first < PBA_WORD_BITS; first++) {
        for (std::uint32_t count = 1; count <= PBA_WORD_BITS - first; count++) {
            std::uint64_t word = 0;
            for (std::uint32_t bit = first; bit < first + count; bit++) {
                word |= UINT64_C(1) << bit;
            }
            ASSERT_EQ(pba_bits_mask(first, count), word);
            ASSERT_TRUE(kernels_are_right(word, naive(word))) << std::hex << word;
            ASSERT_EQ(wrong_runs(word, naive(word)), 0u) << std::hex << word;
        }
    }
}

TEST(Bits, NoOnesAndOnlyOnes) {
    EXPECT_EQ(pba_bits_longest_run(0), 0u);
    EXPECT_EQ(pba_bits_leading_run(0), 0u);
    EXPECT_EQ(pba_bits_trailing_run(0), 0u);
    EXPECT_EQ(pba_bits_count(0), 0u);
    EXPECT_EQ(pba_bits_longest_run(UINT64_MAX), 64u);
    EXPECT_EQ(pba_bits_leading_run(UINT64_MAX), 64u);
    EXPECT_EQ(pba_bits_trailing_run(UINT64_MAX), 64u);
    EXPECT_EQ(pba_bits_count(UINT64_MAX), 64u);
    EXPECT_EQ(pba_bits_runs(UINT64_MAX, 64), 1u);
}

} // namespace
