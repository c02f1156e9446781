// How lists and slices are sorted: right, in so many comparisons at most, and within their bounds
// whatever the comparison says.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <numeric>
#include <random>
#include <type_traits>
#include <vector>

#include "testing/buffers/buffer_fixture.h"
#include "gtest/gtest.h"

namespace {

using buffer_testing::BoundBacking;
using buffer_testing::numbers_of;
using buffer_testing::whole_blocks;
using buffer_testing::Wide;

using Numbers = std::vector<std::uint32_t>;

ba_block_allocator blocks;

// What is sorted by compare_asked(): who answers, how often that was asked, and how often of
// elements that lie elsewhere.
struct Question {
    std::function<int(std::uint32_t, std::uint32_t)> answer;
    const std::uint32_t *elements;
    std::size_t count;
    std::size_t asked;
    std::size_t strays;
};
Question question;

bool is_inside(const std::uint32_t *element) {
    return element >= question.elements && element < question.elements + question.count;
}

int compare_asked(const std::uint32_t *first, const std::uint32_t *second) {
    question.asked++;
    if (!is_inside(first) || !is_inside(second)) {
        question.strays++;
        return 0;
    }
    return question.answer(*first, *second);
}

// Knows no order of what is no number.
int compare_reals(const double *first, const double *second) {
    return (*first > *second) - (*first < *second);
}

int compare_wide(const Wide *first, const Wide *second) {
    return buffer_testing::compare_numbers(first, second);
}

} // namespace

#define SAB_NAME words
#define SAB_TYPE uint32_t
#define SAB_ALLOCATOR blocks
#define SAB_SCALAR
#include "static_buffer/define.h"

#define SAB_NAME asked
#define SAB_TYPE uint32_t
#define SAB_ALLOCATOR blocks
#define SAB_COMPARE compare_asked
#include "static_buffer/define.h"

#define SAB_NAME wides
#define SAB_TYPE Wide
#define SAB_ALLOCATOR blocks
#define SAB_COMPARE compare_wide
#include "static_buffer/define.h"

#define SAB_NAME reals
#define SAB_TYPE double
#define SAB_ALLOCATOR blocks
#define SAB_COMPARE compare_reals
#include "static_buffer/define.h"

namespace {

int in_order(std::uint32_t first, std::uint32_t second) {
    return (first > second) - (first < second);
}

template <class List>
List list_of(const Numbers &numbers) {
    List list = {};
    for (const std::uint32_t number : numbers) {
        sab_append(&list, buffer_testing::element_of<std::decay_t<decltype(*list.ptr)>>(number));
    }
    return list;
}

Numbers sorted(Numbers numbers) {
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

// Sorts numbers as elements of a type.
template <class List>
Numbers sorted_by_list(const Numbers &numbers) {
    List list = list_of<List>(numbers);
    sab_sort(&list);
    Numbers now = numbers_of(list);
    sab_release(&list);
    return now;
}

// What came of a sort by an answer.
struct Outcome {
    Numbers numbers;
    std::size_t asked;
    std::size_t strays;
};

Outcome sort_by(const std::function<int(std::uint32_t, std::uint32_t)> &answer,
                const Numbers &numbers) {
    asked_list list = list_of<asked_list>(numbers);
    question = {answer, list.ptr, list.len, 0, 0};
    sab_sort(&list);
    Outcome outcome = {numbers_of(list), question.asked, question.strays};
    question = {};
    sab_release(&list);
    return outcome;
}

std::size_t comparisons(const Numbers &numbers) {
    const Outcome outcome = sort_by(in_order, numbers);
    EXPECT_EQ(outcome.numbers, sorted(numbers));
    EXPECT_EQ(outcome.strays, 0u);
    return outcome.asked;
}

// Factor times n log2 n.
std::size_t bound(double factor, std::size_t count) {
    const auto n = static_cast<double>(count);
    return static_cast<std::size_t>(factor * n * std::log2(n));
}

Numbers random_numbers(std::mt19937 *random, std::size_t count, std::uint32_t below) {
    Numbers numbers(count);
    for (std::uint32_t &number : numbers) {
        number = static_cast<std::uint32_t>((*random)()) % below;
    }
    return numbers;
}

Numbers ascending(std::size_t count) {
    Numbers numbers(count);
    std::iota(numbers.begin(), numbers.end(), 0U);
    return numbers;
}

Numbers descending(std::size_t count) {
    Numbers numbers = ascending(count);
    std::reverse(numbers.begin(), numbers.end());
    return numbers;
}

Numbers organ_pipes(std::size_t count) {
    Numbers numbers = ascending(count);
    for (std::size_t i = count / 2; i < count; i++) {
        numbers[i] = static_cast<std::uint32_t>(count - 1 - i);
    }
    return numbers;
}

// --- right

TEST(SortTest, EveryShortLengthIsSorted) {
    BoundBacking backing(&blocks, whole_blocks(64));
    std::mt19937 random(1);
    for (std::size_t count = 0; count <= 200; count++) {
        for (const std::uint32_t below : {1U, 2U, 5U, 100U}) {
            const Numbers numbers = random_numbers(&random, count, below);
            ASSERT_EQ(sorted_by_list<words_list>(numbers), sorted(numbers)) << count;
            ASSERT_EQ(sorted_by_list<wides_list>(numbers), sorted(numbers)) << count;
        }
        for (const Numbers &numbers : {ascending(count), descending(count), organ_pipes(count)}) {
            ASSERT_EQ(sorted_by_list<words_list>(numbers), sorted(numbers)) << count;
        }
    }
}

TEST(SortTest, EveryOrderOfFewIsSorted) {
    BoundBacking backing(&blocks, whole_blocks(64));
    for (std::size_t count = 1; count <= 7; count++) {
        Numbers numbers = ascending(count);
        do {
            ASSERT_EQ(sorted_by_list<words_list>(numbers), ascending(count));
        } while (std::next_permutation(numbers.begin(), numbers.end()));
    }
}

TEST(SortTest, LongStreamsAreSorted) {
    BoundBacking backing(&blocks, whole_blocks(64));
    std::mt19937 random(2);
    for (int stream = 0; stream < 20; stream++) {
        const std::size_t count = 1000 + random() % 20000;
        const std::uint32_t below = 1U << (1 + random() % 31);
        const Numbers numbers = random_numbers(&random, count, below);
        ASSERT_EQ(sorted_by_list<words_list>(numbers), sorted(numbers)) << count << " " << below;
    }
}

TEST(SortTest, SlicesAreSortedAsListsAre) {
    BoundBacking backing(&blocks, whole_blocks(64));
    std::mt19937 random(3);
    const Numbers numbers = random_numbers(&random, 5000, 1000);
    words_list list = list_of<words_list>(numbers);
    words_slice slice = sab_into_slice(&list);
    sab_sort(&slice);
    EXPECT_EQ(numbers_of(slice), sorted(numbers));
    sab_release(&slice);
}

// --- cost

TEST(SortTest, OrderedElementsTakeOnePass) {
    BoundBacking backing(&blocks, whole_blocks(64));
    for (const std::size_t count : {2U, 3U, 13U, 200U, 50000U}) {
        EXPECT_EQ(comparisons(ascending(count)), count - 1);
        EXPECT_EQ(comparisons(Numbers(count, 7)), count - 1) << "all equal";
    }
    for (const std::size_t count : {2U, 3U, 13U, 200U, 50000U}) {
        EXPECT_EQ(comparisons(descending(count)), count) << "one of them twice";
    }
}

TEST(SortTest, ComparisonsOfRandomElementsAreFew) {
    BoundBacking backing(&blocks, whole_blocks(64));
    std::mt19937 random(4);
    for (const std::size_t count : {100U, 1000U, 50000U}) {
        EXPECT_LE(comparisons(random_numbers(&random, count, 1U << 31)), bound(1.3, count));
    }
}

TEST(SortTest, FewDistinctElementsTakeTimeForEachDistinctOne) {
    BoundBacking backing(&blocks, whole_blocks(64));
    std::mt19937 random(5);
    constexpr std::size_t kCount = 50000;
    EXPECT_LE(comparisons(random_numbers(&random, kCount, 2)), 5 * kCount);
    EXPECT_LE(comparisons(random_numbers(&random, kCount, 4)), 6 * kCount);
    EXPECT_LE(comparisons(random_numbers(&random, kCount, 16)), 8 * kCount);
}

TEST(SortTest, NoPatternIsSlow) {
    BoundBacking backing(&blocks, whole_blocks(64));
    constexpr std::size_t kCount = 50000;
    Numbers sawtooth = ascending(kCount);
    Numbers ends_elsewhere = ascending(kCount);
    Numbers shuffled_by_halves = ascending(kCount);
    for (std::size_t i = 0; i < kCount; i++) {
        sawtooth[i] = static_cast<std::uint32_t>(i % 100);
        shuffled_by_halves[i] = static_cast<std::uint32_t>(i / 2 + (i % 2) * kCount / 2);
    }
    std::swap(ends_elsewhere.front(), ends_elsewhere.back());
    Numbers falls_and_rises = organ_pipes(kCount);
    std::rotate(falls_and_rises.begin(), falls_and_rises.begin() + kCount / 2,
                falls_and_rises.end());
    for (const Numbers &numbers :
         {organ_pipes(kCount), falls_and_rises, sawtooth, ends_elsewhere, shuffled_by_halves}) {
        EXPECT_LE(comparisons(numbers), bound(1.4, kCount));
    }
}

// McIlroy, "A Killer Adversary for Quicksort" (1999): answers so that each pivot turns out to be
// among the least. What is not decided yet is gas, greater than all that is solid; of two that are
// gas one becomes solid, that which was looked at last, as a pivot is.
class Adversary {
  public:
    // The first three are decided at once, neither rising nor falling: else all would turn out to
    // be in order already, as soon as that is looked for.
    explicit Adversary(std::size_t count)
        : values_(count, static_cast<std::uint32_t>(count)),
          gas_(static_cast<std::uint32_t>(count)) {
        values_.at(1) = solid_++;
        values_.at(0) = solid_++;
        values_.at(2) = solid_++;
    }

    int operator()(std::uint32_t first, std::uint32_t second) {
        if (values_[first] == gas_ && values_[second] == gas_) {
            values_[first == candidate_ ? first : second] = solid_++;
        }
        if (values_[first] == gas_) {
            candidate_ = first;
        } else if (values_[second] == gas_) {
            candidate_ = second;
        }
        return in_order(values_[first], values_[second]);
    }

    const Numbers &values() const { return values_; }

  private:
    Numbers values_;
    std::uint32_t gas_;
    std::uint32_t solid_ = 0;
    std::uint32_t candidate_ = 0;
};

TEST(SortTest, AnAdversaryDoesNotMakeItQuadratic) {
    BoundBacking backing(&blocks, whole_blocks(64));
    for (const std::size_t count : {100U, 1000U, 10000U, 100000U}) {
        Adversary adversary(count);
        const Outcome outcome = sort_by(std::ref(adversary), ascending(count));
        EXPECT_LE(outcome.asked, bound(3.5, count));
        EXPECT_GE(outcome.asked, bound(1.8, count)) << "no adversary";
        EXPECT_EQ(outcome.strays, 0u);
        EXPECT_TRUE(std::is_sorted(outcome.numbers.begin(), outcome.numbers.end(),
                                   [&adversary](std::uint32_t first, std::uint32_t second) {
                                       return adversary.values()[first] <
                                              adversary.values()[second];
                                   }));
        EXPECT_EQ(sorted(outcome.numbers), ascending(count));
        EXPECT_LE(comparisons(adversary.values()), bound(3.5, count)) << "the same, decided before";
    }
}

// --- comparisons that are no order

TEST(SortTest, InconsistentComparisonsStayWithinBounds) {
    BoundBacking backing(&blocks, whole_blocks(64));
    std::mt19937 random(6);
    const std::vector<std::function<int(std::uint32_t, std::uint32_t)>> answers = {
        [](std::uint32_t, std::uint32_t) { return -1; },
        [](std::uint32_t, std::uint32_t) { return 1; },
        [](std::uint32_t, std::uint32_t) { return 0; },
        [&random](std::uint32_t, std::uint32_t) { return static_cast<int>(random() % 3) - 1; },
        [&random](std::uint32_t, std::uint32_t) { return static_cast<int>(random() % 2) - 1; },
        [&random](std::uint32_t, std::uint32_t) { return -(random() % 50 == 0); },
        // Not less or equal, but less, to those that forget the equal ones.
        [](std::uint32_t first, std::uint32_t second) { return first <= second ? -1 : 1; },
        // Stone, scissors, paper.
        [](std::uint32_t first, std::uint32_t second) {
            return static_cast<int>((first + 3 - second % 3) % 3) - 1;
        },
    };
    for (std::size_t which = 0; which < answers.size(); which++) {
        for (const std::size_t count : {2U, 3U, 12U, 13U, 14U, 40U, 127U, 128U, 200U, 5000U}) {
            for (const std::uint32_t below : {3U, 1U << 20}) {
                const Numbers numbers = random_numbers(&random, count, below);
                const Outcome outcome = sort_by(answers[which], numbers);
                EXPECT_EQ(outcome.strays, 0u) << which << " " << count;
                EXPECT_EQ(sorted(outcome.numbers), sorted(numbers)) << which << " " << count;
                EXPECT_LE(outcome.asked, 12 + bound(5, count)) << which << " " << count;
            }
        }
    }
}

TEST(SortTest, SortingWithNotANumberLosesNoElement) {
    BoundBacking backing(&blocks, whole_blocks(64));
    reals_list list = {};
    for (int i = 0; i < 1000; i++) {
        sab_append(&list, i % 3 == 0 ? std::numeric_limits<double>::quiet_NaN()
                                     : static_cast<double>(i * 7919 % 1000));
    }
    sab_sort(&list);
    double sum = 0;
    int nans = 0;
    for (std::size_t i = 0; i < list.len; i++) {
        nans += std::isnan(list.ptr[i]);
        sum += std::isnan(list.ptr[i]) ? 0 : list.ptr[i];
    }
    double expected = 0;
    for (int i = 0; i < 1000; i++) {
        expected += i % 3 == 0 ? 0 : i * 7919 % 1000;
    }
    EXPECT_EQ(nans, 334);
    EXPECT_DOUBLE_EQ(sum, expected);
    sab_release(&list);
}

TEST(SortTest, AComparisonFindsEachElementInItsListOnce) {
    BoundBacking backing(&blocks, whole_blocks(64));
    constexpr std::size_t kCount = 300;
    std::mt19937 random(7);
    std::size_t lost = 0;
    const auto look_and_compare = [&lost](std::uint32_t first, std::uint32_t second) {
        std::vector<bool> found(kCount);
        for (std::size_t i = 0; i < kCount; i++) {
            lost += found[question.elements[i]];
            found[question.elements[i]] = true;
        }
        return in_order(first, second);
    };
    Numbers numbers = ascending(kCount);
    std::shuffle(numbers.begin(), numbers.end(), random);
    EXPECT_EQ(sort_by(look_and_compare, numbers).numbers, ascending(kCount));
    EXPECT_EQ(lost, 0u);
    Adversary adversary(kCount);
    (void)sort_by(
        [&](std::uint32_t first, std::uint32_t second) {
            (void)look_and_compare(first, second);
            return adversary(first, second);
        },
        ascending(kCount));
    EXPECT_EQ(lost, 0u) << "by heapsort";
}

} // namespace
