// Long spans: how long they are stands in tags behind their first. Also built in release mode,
// where a free may take the fast path.
#define PBA_INTERNAL_

#include <vector>

#include "pba/internal/fast_path.h"
#include "testing/misuse_recorder.h"
#include "testing/pool/pool_fixture.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::MisuseRecorder;
using ba_testing::StrictBacking;
using pba_testing::address_of;
using pba_testing::part_of;
using pba_testing::small_options;
using pba_testing::TestPool;

constexpr std::size_t kBlock = 64;

pba_options roomy_options() {
    pba_options options = small_options();
    options.backing_request_size = std::size_t{1} << 22;
    options.call_sites = PBA_OFF;
    options.shrink_kind = PBA_THRESHOLD_FLAT; // nothing goes back, but it could: spans are watched
    options.shrink_min = std::size_t{1} << 29;
    options.shrink_max = std::size_t{1} << 30;
    return options;
}

class LongSpans : public ::testing::Test {
  protected:
    LongSpans() {
        EXPECT_EQ(pba_pool_reserve(pool_.get(), ba_bytes(std::size_t{1} << 23)).code, BA_OK);
        EXPECT_EQ(pool_.stats().chunks, 1u);
        EXPECT_EQ(pba_pool_reserve(pool_.get(), ba_bytes(std::size_t{1} << 24)).code, BA_OK);
        EXPECT_EQ(pool_.stats().chunks, 2u); // one alone would not be watched
    }
    ba_error_code free(ba_memory memory) {
        return pba_fast_free(pool_.get(), pool_.get()->cache, pba_fast_options_of(&pool_.options()),
                             memory, ba_align(1), BA_HERE())
            .code;
    }
    std::size_t usable_len(ba_memory memory) {
        return ba_length_result_length(pba_pool_usable_len(pool_.get(), ba_memory_pointer(memory)))
            .bytes;
    }
    ba_error_code usable_error(ba_memory memory, std::size_t block) {
        const ba_memory part = part_of(memory, block * kBlock, kBlock);
        return ba_length_result_error(pba_pool_usable_len(pool_.get(), ba_memory_pointer(part)))
            .code;
    }

    MisuseRecorder recorder_;
    StrictBacking backing_;
    TestPool pool_{roomy_options(), &backing_};
};

// Around the longest that a tag tells, a digit of the length, and far behind.
constexpr std::size_t kLengths[] = {124, 125, 126,  127,  128,  191,
                                    192, 193, 4095, 4096, 4097, 40000};

TEST_F(LongSpans, AreFreedWithTheirLengthOnly) {
    for (const std::size_t blocks : kLengths) {
        for (int watched = 0; watched < 2; watched++) {
            // Of two spans in a chunk one is watched.
            const ba_memory before = pool_.alloc(blocks * kBlock);
            const ba_memory span = watched == 0 ? pool_.alloc(blocks * kBlock) : before;
            EXPECT_EQ(usable_len(span), blocks * kBlock);
            for (const std::size_t wrong : {std::size_t{1}, blocks - 1, blocks + 1, 2 * blocks}) {
                EXPECT_EQ(free(ba_memory_of(ba_memory_pointer(span), ba_bytes(wrong * kBlock))),
                          BA_SIZE_MISMATCH)
                    << wrong << " of " << blocks;
            }
            EXPECT_EQ(pool_.verify(), BA_OK);
            EXPECT_EQ(free(span), BA_OK);
            EXPECT_EQ(free(span), BA_DOUBLE_FREE);
            EXPECT_EQ(pool_.verify(), BA_OK);
            if (watched == 0) {
                EXPECT_EQ(free(before), BA_OK);
            }
        }
    }
}

// No digit of a length is taken for the tag of a span, of any length.
TEST_F(LongSpans, NoSpanStartsInsideOfOne) {
    for (const std::size_t blocks : kLengths) {
        const ba_memory span = pool_.alloc(blocks * kBlock);
        for (const std::size_t block :
             {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{4}, std::size_t{5},
              std::size_t{6}, std::size_t{7}, blocks - 1}) {
            EXPECT_EQ(usable_error(span, block), BA_INTERIOR);
            for (std::size_t length = 1; length <= 64; length++) {
                ASSERT_EQ(free(part_of(span, block * kBlock, length * kBlock)), BA_INTERIOR)
                    << block << " of " << blocks << " for " << length;
            }
        }
        EXPECT_EQ(free(span), BA_OK);
    }
}

TEST_F(LongSpans, TheirBlocksAreOrdinaryOnesAfterwards) {
    for (const std::size_t blocks : kLengths) {
        const ba_memory span = pool_.alloc(blocks * kBlock);
        EXPECT_EQ(free(span), BA_OK);
        std::vector<ba_memory> ones;
        for (int i = 0; i < 20; i++) {
            ones.push_back(pool_.alloc(kBlock));
        }
        EXPECT_EQ(pool_.verify(), BA_OK);
        for (const ba_memory &one : ones) {
            EXPECT_EQ(free(one), BA_OK);
        }
        EXPECT_EQ(pool_.verify(), BA_OK);
    }
}

TEST_F(LongSpans, BecomeLongerAndShorter) {
    (void)pool_.alloc(kBlock); // watched
    ba_memory span = pool_.alloc(100 * kBlock);
    for (const std::size_t blocks :
         {126UL, 4097UL, 125UL, 200UL, 127UL, 3UL, 40000UL, 126UL, 1UL}) {
        EXPECT_EQ(pool_.resize(span, blocks * kBlock), blocks * kBlock);
        span = ba_memory_of(ba_memory_pointer(span), ba_bytes(blocks * kBlock));
        EXPECT_EQ(usable_len(span), blocks * kBlock);
        EXPECT_EQ(pool_.verify(), BA_OK) << blocks;
        EXPECT_EQ(free(part_of(span, 0, (blocks + 1) * kBlock)), BA_SIZE_MISMATCH);
    }
    EXPECT_EQ(free(span), BA_OK);
    EXPECT_EQ(pool_.verify(), BA_OK);
}

// What the tags say is believed where the map agrees.
TEST_F(LongSpans, ADamagedLengthIsFound) {
    const ba_memory span = pool_.alloc(300 * kBlock);
    pba_chunk *const chunk = pba_chunk_set_at(&pool_.get()->chunks, 0);
    for (std::uint32_t digit = 1; digit <= PBA_TAG_DIGITS; digit++) {
        std::uint8_t *const tag = &chunk->tags[digit];
        for (const unsigned other : {*tag ^ 1U, *tag ^ 32U, 0U, 1U, 129U}) {
            const std::uint8_t was = *tag;
            *tag = static_cast<std::uint8_t>(other);
            EXPECT_EQ(usable_len(span), 300 * kBlock) << "as the map says";
            EXPECT_EQ(pool_.verify(), BA_CORRUPT);
            *tag = was;
        }
    }
    chunk->tags[PBA_TAG_DIGITS + 1] = PBA_TAG_DIGIT;
    EXPECT_EQ(pool_.verify(), BA_CORRUPT) << "behind the digits";
    chunk->tags[PBA_TAG_DIGITS + 1] = 0;
    EXPECT_EQ(free(span), BA_OK);
}

} // namespace
