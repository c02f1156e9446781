#define PBA_INTERNAL_

#include "pba/engine/policy.h"

#include <climits>
#include <random>

#include "gtest/gtest.h"

namespace {

constexpr std::size_t kHuge = SIZE_MAX;
// Where the halves of a size meet.
constexpr std::size_t kHalf = std::size_t{1} << (sizeof(std::size_t) * CHAR_BIT / 2);

pba_payload payload(std::size_t total, std::size_t free) {
    pba_payload payload;
    payload.total = total;
    payload.free = free;
    return payload;
}

// A product of 64 by 7 bits, as the truth needs it.
struct Product {
    std::uint64_t high; // times 2^32
    std::uint64_t low;

    Product(std::uint64_t a, std::uint64_t b) : high((a >> 32) * b), low((a & UINT32_MAX) * b) {
        high += low >> 32;
        low &= UINT32_MAX;
    }
    bool operator>=(const Product &other) const {
        return high != other.high ? high > other.high : low >= other.low;
    }
};

// At least so many percent of total, by multiplying instead of dividing.
bool is_at_least(std::size_t part, std::size_t total, std::size_t percent) {
    return Product(part, 100) >= Product(total, percent);
}

void expect_percent(std::size_t total, std::size_t percent) {
    const std::size_t part = pba_percent_of(total, percent);
    ASSERT_LE(part, total);
    ASSERT_TRUE(is_at_least(part, total, percent)) << percent << " % of " << total;
    ASSERT_TRUE(part == 0 || !is_at_least(part - 1, total, percent))
        << percent << " % of " << total;
}

TEST(Policy, PercentIsRoundedUp) {
    EXPECT_EQ(pba_percent_of(0, 50), 0u);
    EXPECT_EQ(pba_percent_of(1, 1), 1u);
    EXPECT_EQ(pba_percent_of(100, 1), 1u);
    EXPECT_EQ(pba_percent_of(101, 1), 2u);
    EXPECT_EQ(pba_percent_of(200, 1), 2u);
    EXPECT_EQ(pba_percent_of(199, 50), 100u);
    EXPECT_EQ(pba_percent_of(kHuge, 0), 0u);
    EXPECT_EQ(pba_percent_of(kHuge, 100), kHuge);
    EXPECT_EQ(pba_percent_of(kHuge / 2 + 1, 75), 3 * (kHuge / 8 + 1));
}

TEST(Policy, PercentIsExactForAllTotals) {
    std::mt19937_64 random(1);
    for (std::size_t percent = 0; percent <= 100; percent++) {
        for (std::size_t total = 0; total < 400; total++) {
            expect_percent(total, percent);
            expect_percent(kHuge - total, percent);
            expect_percent(kHalf - 200 + total, percent);
            expect_percent(static_cast<std::size_t>(random()), percent);
        }
    }
}

TEST(Policy, WantsLessFromExactlyMaxOn) {
    const pba_threshold threshold = pba_threshold_percent(20, 60);
    EXPECT_TRUE(pba_policy_wants_less(payload(1000, 600), threshold));
    EXPECT_FALSE(pba_policy_wants_less(payload(1000, 599), threshold));
    EXPECT_TRUE(pba_policy_wants_less(payload(1001, 601), threshold));
    EXPECT_FALSE(pba_policy_wants_less(payload(1001, 600), threshold)) << "59.94 %";
    EXPECT_TRUE(pba_policy_wants_less(payload(kHuge, pba_percent_of(kHuge, 60)), threshold));
    EXPECT_FALSE(pba_policy_wants_less(payload(kHuge, pba_percent_of(kHuge, 60) - 1), threshold));

    const pba_threshold flat = pba_threshold_flat(ba_bytes(100), ba_bytes(600));
    EXPECT_TRUE(pba_policy_wants_less(payload(1000, 600), flat));
    EXPECT_FALSE(pba_policy_wants_less(payload(1000, 599), flat));
    EXPECT_TRUE(pba_policy_wants_less(payload(kHuge, kHuge), flat));
}

TEST(Policy, NothingTakenNeverWantsLess) {
    EXPECT_FALSE(pba_policy_wants_less(payload(0, 0), pba_threshold_percent(0, 0)));
    EXPECT_FALSE(
        pba_policy_wants_less(payload(0, 0), pba_threshold_flat(ba_bytes(0), ba_bytes(0))));
}

TEST(Policy, AChunkMayGoIfExactlyMinRemains) {
    const pba_threshold threshold = pba_threshold_percent(25, 50);
    // 400 of 1000 remain, of which 100 are free.
    EXPECT_TRUE(pba_policy_may_go(payload(1000, 700), threshold, 600));
    EXPECT_FALSE(pba_policy_may_go(payload(1000, 699), threshold, 600));
    const pba_threshold flat = pba_threshold_flat(ba_bytes(100), ba_bytes(200));
    EXPECT_TRUE(pba_policy_may_go(payload(1000, 700), flat, 600));
    EXPECT_FALSE(pba_policy_may_go(payload(1000, 699), flat, 600));
}

TEST(Policy, TheLastChunkMayGoIfNothingNeedRemain) {
    EXPECT_TRUE(pba_policy_may_go(payload(600, 600), pba_threshold_percent(0, 50), 600));
    EXPECT_FALSE(pba_policy_may_go(payload(600, 600), pba_threshold_percent(1, 50), 600))
        << "nothing is 0 % free";
    EXPECT_TRUE(
        pba_policy_may_go(payload(600, 600), pba_threshold_flat(ba_bytes(0), ba_bytes(9)), 600));
    EXPECT_FALSE(
        pba_policy_may_go(payload(600, 600), pba_threshold_flat(ba_bytes(1), ba_bytes(9)), 600));
}

TEST(Policy, AChunkThatIsNotAllFreeMayNotGo) {
    EXPECT_FALSE(pba_policy_may_go(payload(1000, 599), pba_threshold_percent(0, 50), 600));
    EXPECT_TRUE(pba_policy_may_go(payload(1000, 600), pba_threshold_percent(0, 50), 600));
}

TEST(Policy, PartsThatAreFree) {
    EXPECT_TRUE(pba_policy_is_free(payload(0, 0), PBA_THRESHOLD_PERCENT, 0));
    EXPECT_FALSE(pba_policy_is_free(payload(0, 0), PBA_THRESHOLD_PERCENT, 1));
    EXPECT_TRUE(pba_policy_is_free(payload(7, 7), PBA_THRESHOLD_PERCENT, 100));
    EXPECT_FALSE(pba_policy_is_free(payload(7, 6), PBA_THRESHOLD_PERCENT, 100));
    EXPECT_TRUE(pba_policy_is_free(payload(0, 0), PBA_THRESHOLD_FLAT, 0));
    EXPECT_TRUE(pba_policy_is_free(payload(9, 5), PBA_THRESHOLD_FLAT, 5));
    EXPECT_FALSE(pba_policy_is_free(payload(9, 5), PBA_THRESHOLD_FLAT, 6));
}

} // namespace
