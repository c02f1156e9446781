// Alignments above the block size.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "testing/pool/pool_fixture.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::StrictBacking;
using pba_testing::address_of;
using pba_testing::length_of;
using pba_testing::small_options;
using pba_testing::TestPool;

constexpr std::size_t kBlock = 64;
constexpr std::size_t kChunk = 1024;
constexpr std::size_t kTwice = 2 * kBlock;

pba_options keeping_options(std::size_t request = kChunk) {
    pba_options options = small_options();
    options.backing_request_size = request;
    options.auto_shrink = PBA_AUTO_SHRINK_NEVER;
    return options;
}

class Aligned : public ::testing::TestWithParam<pba_switch> {
  protected:
    static pba_options options() {
        pba_options options = keeping_options();
        options.span_cache = GetParam();
        return options;
    }
    // Chunks full of spans of one block, but for the blocks that no alignment of two has: nothing
    // that is free is aligned.
    void take_aligned_blocks(std::size_t chunks) {
        EXPECT_EQ(pba_pool_reserve(pool_.get(), ba_bytes(chunks * kChunk)).code, BA_OK);
        std::vector<ba_memory> spans;
        for (std::size_t i = 0; i < chunks * kChunk / kBlock; i++) {
            spans.push_back(pool_.alloc(kBlock));
        }
        for (const ba_memory &span : spans) {
            if (address_of(span) % kTwice == 0) {
                aligned_.push_back(span);
            } else {
                EXPECT_EQ(pool_.free(span), BA_OK);
            }
        }
        calls_ = backing_.calls();
    }

    // In the middle of them: with the blocks beside it a run in which two blocks may lie at a
    // multiple of four, but not in any run so long.
    ba_memory make_hole_that_just_fits() {
        std::size_t middle = aligned_.size() / 2;
        while (address_of(aligned_[middle]) % (2 * kTwice) != 0) {
            middle++;
        }
        EXPECT_EQ(pool_.free(aligned_[middle]), BA_OK);
        return aligned_[middle];
    }

    StrictBacking backing_;
    TestPool pool_{options(), &backing_};
    std::vector<ba_memory> aligned_;
    std::size_t calls_ = 0;
};

std::string name_of(const ::testing::TestParamInfo<pba_switch> &tested) {
    return tested.param == PBA_ON ? "WithCache" : "WithoutCache";
}
INSTANTIATE_TEST_SUITE_P(Pools, Aligned, ::testing::Values(PBA_ON, PBA_OFF), name_of);

TEST_P(Aligned, EachLengthAndAlignment) {
    std::set<std::uintptr_t> blocks;
    for (std::size_t alignment = kTwice; alignment <= 8192; alignment *= 2) {
        for (const std::size_t length :
             {std::size_t{1}, kBlock, 3 * kBlock, 17 * kBlock, std::size_t{9000}}) {
            const ba_memory span = pool_.alloc(length, alignment);
            ASSERT_EQ(address_of(span) % alignment, 0u) << length << " at " << alignment;
            ASSERT_EQ(length_of(span), (length + kBlock - 1) / kBlock * kBlock);
            for (std::size_t i = 0; i < length_of(span); i += kBlock) {
                ASSERT_TRUE(blocks.insert(address_of(span) + i).second) << "of another span";
            }
            ASSERT_EQ(pool_.verify(), BA_OK);
        }
    }
}

TEST_P(Aligned, WhatWasFreedIsTakenAgain) {
    const ba_memory span = pool_.alloc(kBlock, 1024);
    EXPECT_EQ(pool_.free(span, 1024), BA_OK);
    calls_ = backing_.calls();
    for (int i = 0; i < 100; i++) {
        const ba_memory again = pool_.alloc(kBlock, 1024);
        EXPECT_EQ(address_of(again), address_of(span));
        EXPECT_EQ(pool_.free(again, 1024), BA_OK);
    }
    EXPECT_EQ(backing_.calls(), calls_);
}

TEST_P(Aligned, ManyFillWhatTheyAreTakenFrom) {
    EXPECT_EQ(pba_pool_reserve(pool_.get(), ba_bytes(kChunk)).code, BA_OK);
    calls_ = backing_.calls();
    std::set<std::uintptr_t> seen;
    for (std::size_t i = 0; i < kChunk / kTwice; i++) {
        const ba_memory span = pool_.alloc(kBlock, kTwice);
        EXPECT_EQ(address_of(span) % kTwice, 0u);
        EXPECT_TRUE(seen.insert(address_of(span)).second);
    }
    EXPECT_EQ(backing_.calls(), calls_);
    EXPECT_EQ(pba_pool_largest_free(pool_.get()).bytes, kBlock) << "what lies between them";
    for (std::size_t i = 0; i < kChunk / kTwice; i++) {
        EXPECT_NE(address_of(pool_.alloc(kBlock)) % kTwice, 0u) << "and anybody gets that";
    }
    EXPECT_EQ(backing_.calls(), calls_);
}

TEST_P(Aligned, WhatIsNotAlignedIsNoRoom) {
    take_aligned_blocks(1);
    const ba_memory span = pool_.alloc(kBlock, kTwice);
    EXPECT_EQ(address_of(span) % kTwice, 0u);
    EXPECT_EQ(backing_.calls(), calls_ + 1) << "of a new chunk";
}

// So many, taken as one chunk, that its middle is too far for one look for what just fits.
constexpr std::size_t kMany = 4096;

TEST_P(Aligned, ARunThatIsLongEnoughWhereverItBeginsIsFoundFarAway) {
    take_aligned_blocks(kMany);
    const ba_memory far = aligned_[aligned_.size() / 2];
    EXPECT_EQ(pool_.free(far), BA_OK);
    EXPECT_EQ(pba_pool_largest_free(pool_.get()).bytes, 3 * kBlock) << "and nothing is cached";
    EXPECT_EQ(address_of(pool_.alloc(kBlock, kTwice)), address_of(far));
    EXPECT_EQ(pool_.stats().chunks, 1u);
}

TEST_P(Aligned, ALookGoesOnWhereTheLastOneEnded) {
    take_aligned_blocks(kMany);
    const ba_memory hole = make_hole_that_just_fits();
    EXPECT_EQ(pba_pool_largest_free(pool_.get()).bytes, 3 * kBlock) << "no run is longer";
    EXPECT_NE(address_of(pool_.alloc(kTwice, 2 * kTwice)), address_of(hole))
        << "too far for one look";
    EXPECT_EQ(pool_.stats().chunks, 2u);
    bool is_found = false;
    for (int i = 0; i < 100 && !is_found; i++) {
        is_found = address_of(pool_.alloc(kTwice, 2 * kTwice)) == address_of(hole);
    }
    EXPECT_TRUE(is_found) << "what just fits, however far it lies";
}

TEST_P(Aligned, ALookGoesOnInAnotherChunkThatHasTheSlotByThen) {
    take_aligned_blocks(kMany);
    const ba_memory hole = make_hole_that_just_fits();
    backing_.refuse_from(1); // so that there is no other chunk, whose slot would be given first
    EXPECT_EQ(address_of(pool_.alloc(kTwice, 2 * kTwice)), address_of(hole));
    backing_.refuse_none();
    EXPECT_GT(pool_.get()->look_word, kChunk / kBlock) << "it ended in the middle of the chunk";
    EXPECT_GT(pba_pool_reset(pool_.get(), ba_bytes(0)).bytes, 0u);
    EXPECT_EQ(pool_.get()->look_slot, 0u);
    aligned_.clear();
    take_aligned_blocks(1);
    // A run that is long enough, but begins nowhere at such an alignment: so the chunk is looked
    // into.
    const auto between = std::find_if(aligned_.begin(), aligned_.end(), [](ba_memory span) {
        return address_of(span) % (2 * kTwice) == kTwice;
    });
    EXPECT_EQ(pool_.free(*between), BA_OK);
    EXPECT_GE(pba_pool_largest_free(pool_.get()).bytes, kTwice);
    ASSERT_NE(pba_chunk_set_at(&pool_.get()->chunks, 0), nullptr);
    EXPECT_EQ(pool_.stats().chunks, 1u);
    EXPECT_EQ(ba_memory_error(pool_.alloc(kTwice, 2 * kTwice)).code, BA_OK);
    EXPECT_EQ(pool_.stats().chunks, 2u);
    EXPECT_EQ(pool_.verify(), BA_OK);
}

// Nothing is refused that is there: when the backing refuses, all is looked through.
TEST_P(Aligned, WhatJustFitsIsFoundWhenTheBackingRefuses) {
    take_aligned_blocks(kMany);
    const ba_memory hole = make_hole_that_just_fits();
    EXPECT_EQ(pba_pool_largest_free(pool_.get()).bytes, 3 * kBlock);
    backing_.refuse_from(1);
    const ba_memory span = pool_.alloc(kTwice, 2 * kTwice);
    EXPECT_EQ(address_of(span), address_of(hole));
    EXPECT_EQ(backing_.refused(), 4u) << "it was asked first, for 16 blocks, 8, 4 and 3";
    EXPECT_EQ(pool_.stats().failures, 0u);
    EXPECT_TRUE(ba_memory_is_none(pool_.alloc(kTwice, 2 * kTwice))) << "that was all";
    EXPECT_EQ(pool_.stats().failures, 1u);
    backing_.refuse_none();
}

TEST_P(Aligned, AnAlignmentOfMoreBlocksThanAMapHas) {
    const std::size_t alignment = std::size_t{1} << (sizeof(std::size_t) > 4 ? 40 : 31);
    const ba_memory span = pool_.alloc(kBlock, alignment);
    EXPECT_EQ(ba_memory_error(span).code, BA_BAD_ALIGN) << "as the backing says";
}

// --- the span cache, as an option

TEST(WithoutCache, EachFreeCoalesces) {
    pba_options options = keeping_options();
    options.span_cache = PBA_OFF;
    StrictBacking backing;
    TestPool pool(options, &backing);
    std::vector<ba_memory> spans;
    for (std::size_t i = 0; i < kChunk / kBlock; i++) {
        spans.push_back(pool.alloc(kBlock));
    }
    for (std::size_t i = 0; i < 8; i++) {
        EXPECT_EQ(pool.free(spans[i]), BA_OK);
    }
    EXPECT_EQ(pba_chunk_set_longest(&pool.get()->chunks), 8u) << "and nobody asked for it";
    EXPECT_EQ(pool.free(spans[0]), BA_DOUBLE_FREE);
    EXPECT_EQ(address_of(pool.alloc(8 * kBlock)), address_of(spans[0]));
}

TEST(WithoutCache, TakesNothingForIt) {
    for (const pba_switch wanted : {PBA_ON, PBA_OFF}) {
        pba_options options = keeping_options(1 << 16);
        options.span_cache = wanted;
        StrictBacking backing;
        TestPool pool(options, &backing);
        std::vector<ba_memory> spans;
        for (int round = 0; round < 3; round++) {
            for (std::size_t i = 0; i < 1000; i++) {
                spans.push_back(pool.alloc(kBlock));
            }
            for (const ba_memory &span : spans) {
                EXPECT_EQ(pool.free(span), BA_OK);
            }
            spans.clear();
        }
        const pba_span_cache *const cache = pool.get()->cache;
        EXPECT_EQ(cache != nullptr && cache->granted != 0, wanted == PBA_ON);
    }
}

} // namespace
