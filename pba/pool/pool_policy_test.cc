// When a pool gives memory back: by itself, by hand, and all of it.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "block_allocator/backing/page_allocator.h"
#include "block_allocator/forwarding/limited_allocator.h"
#include "block_allocator/misuse.h"
#include "testing/misuse_recorder.h"
#include "testing/pool/pool_fixture.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::MisuseRecorder;
using ba_testing::StrictBacking;
using ba_testing::StrictBackingOptions;
using pba_testing::bytes_of;
using pba_testing::small_options;
using pba_testing::TestPool;

constexpr std::size_t kChunk = 1024;
constexpr std::size_t kBlock = 64;

pba_options shrinking(pba_auto_shrink how, pba_threshold_kind kind, std::size_t min,
                      std::size_t max) {
    pba_options options = small_options();
    options.auto_shrink = how;
    options.shrink_kind = kind;
    options.shrink_min = min;
    options.shrink_max = max;
    return options;
}

// Ten chunks, each wholly in use.
std::vector<ba_memory> ten_chunks(TestPool *pool) {
    std::vector<ba_memory> spans;
    for (int i = 0; i < 10; i++) {
        spans.push_back(pool->alloc(kChunk));
    }
    return spans;
}

// How many chunks there are after each of the frees, one span after the other.
std::vector<std::size_t> chunks_after_frees(const pba_options &options) {
    StrictBacking backing;
    TestPool pool(options, &backing);
    std::vector<std::size_t> chunks;
    for (const ba_memory &span : ten_chunks(&pool)) {
        EXPECT_EQ(pool.free(span), BA_OK);
        EXPECT_EQ(pool.verify(), BA_OK);
        chunks.push_back(pool.stats().chunks);
    }
    return chunks;
}

using Chunks = std::vector<std::size_t>;

TEST(AutoShrinkTest, NeverKeepsAll) {
    EXPECT_EQ(chunks_after_frees(shrinking(PBA_AUTO_SHRINK_NEVER, PBA_THRESHOLD_PERCENT, 0, 1)),
              Chunks(10, 10));
}

TEST(AutoShrinkTest, SimpleGivesTheFreedChunkBackAtMaxAndAbove) {
    // 40 % at the fourth free: one goes, and 3 of 9 are 33 %. Then 4 of 9 are 44 %, 4 of 8 are 50
    // %.
    EXPECT_EQ(chunks_after_frees(shrinking(PBA_AUTO_SHRINK_SIMPLE, PBA_THRESHOLD_PERCENT, 25, 40)),
              (Chunks{10, 10, 10, 9, 8, 7, 6, 5, 4, 3}));
}

TEST(AutoShrinkTest, SimpleGivesNothingBackJustBelowMax) {
    EXPECT_EQ(chunks_after_frees(shrinking(PBA_AUTO_SHRINK_SIMPLE, PBA_THRESHOLD_PERCENT, 25, 41)),
              (Chunks{10, 10, 10, 10, 9, 8, 7, 6, 5, 4}));
}

TEST(AutoShrinkTest, WhatRemainsMustBeAtLeastMin) {
    // At the fourth free, 3 of 9 are 33.3 %: 33 lets it go, 34 does not.
    EXPECT_EQ(
        chunks_after_frees(shrinking(PBA_AUTO_SHRINK_SIMPLE, PBA_THRESHOLD_PERCENT, 33, 40))[3],
        9u);
    EXPECT_EQ(
        chunks_after_frees(shrinking(PBA_AUTO_SHRINK_SIMPLE, PBA_THRESHOLD_PERCENT, 34, 40))[3],
        10u);
}

TEST(AutoShrinkTest, AggressiveGoesOnUntilBelowMax) {
    // 50 % at the fifth free: of ten with five free, 4 of 9 are 44 %, below max.
    EXPECT_EQ(
        chunks_after_frees(shrinking(PBA_AUTO_SHRINK_AGGRESSIVE, PBA_THRESHOLD_PERCENT, 0, 50))[4],
        9u);
    StrictBacking backing;
    TestPool pool(shrinking(PBA_AUTO_SHRINK_AGGRESSIVE, PBA_THRESHOLD_PERCENT, 10, 20), &backing);
    EXPECT_EQ(pba_pool_reserve(pool.get(), ba_bytes(kChunk)).code, BA_OK);
    const ba_memory span = pool.alloc(kChunk);
    for (int i = 0; i < 4; i++) {
        // reserve counts what is free already.
        EXPECT_EQ(
            pba_pool_reserve(pool.get(), ba_bytes((static_cast<std::size_t>(i) + 1) * kChunk)).code,
            BA_OK);
    }
    EXPECT_EQ(pool.stats().chunks, 5u);
    EXPECT_EQ(pool.free(span), BA_OK);
    EXPECT_EQ(pool.stats().chunks, 1u) << "the last empty chunk stays: min > 0";
}

TEST(AutoShrinkTest, FlatThresholdsAreBytes) {
    EXPECT_EQ(chunks_after_frees(shrinking(PBA_AUTO_SHRINK_SIMPLE, PBA_THRESHOLD_FLAT, 2048, 3072)),
              (Chunks{10, 10, 9, 8, 7, 6, 5, 4, 3, 2}));
    EXPECT_EQ(chunks_after_frees(shrinking(PBA_AUTO_SHRINK_SIMPLE, PBA_THRESHOLD_FLAT, 2049, 3072)),
              (Chunks{10, 10, 10, 9, 8, 7, 6, 5, 4, 3}));
    EXPECT_EQ(chunks_after_frees(shrinking(PBA_AUTO_SHRINK_SIMPLE, PBA_THRESHOLD_FLAT, 2048, 3073)),
              (Chunks{10, 10, 10, 9, 8, 7, 6, 5, 4, 3}));
}

TEST(AutoShrinkTest, AMinOfZeroEmptiesThePool) {
    for (const pba_threshold_kind kind : {PBA_THRESHOLD_PERCENT, PBA_THRESHOLD_FLAT}) {
        for (const pba_auto_shrink how : {PBA_AUTO_SHRINK_SIMPLE, PBA_AUTO_SHRINK_AGGRESSIVE}) {
            EXPECT_EQ(chunks_after_frees(shrinking(how, kind, 0, 1)),
                      (Chunks{9, 8, 7, 6, 5, 4, 3, 2, 1, 0}));
        }
    }
}

TEST(AutoShrinkTest, TheLastEmptyChunkStaysAndNothingThrashes) {
    StrictBacking backing;
    TestPool pool(shrinking(PBA_AUTO_SHRINK_SIMPLE, PBA_THRESHOLD_PERCENT, 1, 2), &backing);
    EXPECT_EQ(pool.free(pool.alloc(1)), BA_OK);
    const std::size_t calls = backing.calls();
    for (int i = 0; i < 100; i++) {
        EXPECT_EQ(pool.free(pool.alloc(kChunk)), BA_OK);
    }
    EXPECT_EQ(backing.calls(), calls);
    EXPECT_EQ(backing.frees(), 0u);
    EXPECT_EQ(pool.stats().chunks, 1u);
}

// Following the list would hit the end that the test puts there.
TEST(AutoShrinkTest, AggressiveLooksAtNoChunkIfNoneMayGo) {
    StrictBacking backing;
    TestPool pool(
        shrinking(PBA_AUTO_SHRINK_AGGRESSIVE, PBA_THRESHOLD_FLAT, 10 * kChunk, 10 * kChunk + 1),
        &backing);
    EXPECT_FALSE(ba_memory_is_none(pool.alloc(64)));
    std::vector<ba_memory> spans = ten_chunks(&pool);
    for (std::size_t i = 0; i < 9; i++) {
        EXPECT_EQ(pool.free(spans[i]), BA_OK);
    }
    EXPECT_EQ(pool.free(spans[9]), BA_OK);
    EXPECT_EQ(pool.stats().chunks, 11u) << "enough is free, and what would remain is too little";
    const ba_memory again = pool.alloc(kChunk);
    pba_chunk *const first = pool.get()->empty_candidates;
    pba_chunk *const second = first->list_next;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): where nobody may look
    first->list_next = reinterpret_cast<pba_chunk *>(kChunk);
    EXPECT_EQ(pool.free(again), BA_OK);
    first->list_next = second;
    EXPECT_EQ(pool.stats().chunks, 11u);
}

TEST(AutoShrinkTest, AggressiveFindsTheShortOneThatMayGo) {
    StrictBacking backing;
    TestPool pool(shrinking(PBA_AUTO_SHRINK_AGGRESSIVE, PBA_THRESHOLD_FLAT, 2 * kChunk, 3 * kChunk),
                  &backing);
    const ba_memory lengthy = pool.alloc(2 * kChunk);
    const ba_memory brief = pool.alloc(kChunk);
    EXPECT_EQ(pool.free(lengthy), BA_OK);
    EXPECT_EQ(pool.stats().chunks, 2u);
    EXPECT_EQ(pool.free(brief), BA_OK);
    EXPECT_EQ(pool.stats().chunks, 1u);
    EXPECT_EQ(pool.stats().free.bytes, 2 * kChunk);

    // What remains is long; a short one that comes again is seen again.
    const ba_memory whole = pool.alloc(2 * kChunk);
    const ba_memory another = pool.alloc(kChunk);
    EXPECT_EQ(pool.free(whole), BA_OK);
    EXPECT_EQ(pool.free(another), BA_OK);
    EXPECT_EQ(pool.stats().free.bytes, 2 * kChunk);
    EXPECT_EQ(pool.stats().chunks, 1u);
}

// --- by hand

TEST(ShrinkTest, AThresholdThatBreaksARuleIsRejected) {
    StrictBacking backing;
    MisuseRecorder misuse;
    TestPool pool(shrinking(PBA_AUTO_SHRINK_NEVER, PBA_THRESHOLD_PERCENT, 0, 1), &backing);
    EXPECT_EQ(pba_pool_reserve(pool.get(), ba_bytes(kChunk)).code, BA_OK);
    pba_threshold of_no_kind = pba_threshold_percent(0, 1);
    const int no_kind = 2; // as a caller in C may have it
    static_assert(sizeof no_kind == sizeof of_no_kind.kind, "the compiler's enumerations are ints");
    std::memcpy(&of_no_kind.kind, &no_kind, sizeof no_kind);
    const pba_threshold wrong[] = {
        pba_threshold_percent(0, 0),
        pba_threshold_percent(30, 20),
        pba_threshold_percent(0, 100),
        pba_threshold_flat(ba_bytes(1), ba_bytes(1)),
        pba_threshold_flat(ba_bytes(SIZE_MAX), ba_bytes(1)),
        of_no_kind,
    };
    for (const pba_threshold &threshold : wrong) {
        EXPECT_EQ(pba_pool_shrink(pool.get(), threshold).bytes, 0u);
        EXPECT_NE(misuse.take().find("shrink(): OUT_OF_BOUNDS"), std::string::npos);
    }
    EXPECT_EQ(pool.stats().chunks, 1u);
    EXPECT_EQ(pba_pool_shrink(pool.get(), pba_threshold_percent(0, 99)).bytes, kChunk);
    EXPECT_EQ(misuse.count(), 0u);
}

TEST(ShrinkTest, DoesNotOverwriteThePoolsOwnThreshold) {
    StrictBacking backing;
    TestPool pool(shrinking(PBA_AUTO_SHRINK_SIMPLE, PBA_THRESHOLD_PERCENT, 50, 90), &backing);
    for (const ba_memory &span : ten_chunks(&pool)) {
        EXPECT_EQ(pool.free(span), BA_OK);
    }
    const std::size_t chunks = pool.stats().chunks;
    EXPECT_GT(chunks, 3u);
    EXPECT_EQ(pba_pool_shrink(pool.get(), pba_threshold_flat(ba_bytes(2048), ba_bytes(3072))).bytes,
              (chunks - 2) * kChunk);
    EXPECT_EQ(pool.stats().chunks, 2u);
    EXPECT_EQ(pba_pool_shrink(pool.get(), pba_threshold_percent(0, 1)).bytes, 2 * kChunk);
    EXPECT_EQ(pba_pool_shrink(pool.get(), pba_threshold_percent(0, 1)).bytes, 0u);
    EXPECT_EQ(pool.get()->shrink_kind, PBA_THRESHOLD_PERCENT);
    EXPECT_EQ(pool.get()->shrink_min, 50u);
    EXPECT_EQ(pool.get()->shrink_max, 90u);
}

TEST(TrimTest, KeepsWhatItIsAskedToKeep) {
    StrictBacking backing;
    TestPool pool(shrinking(PBA_AUTO_SHRINK_NEVER, PBA_THRESHOLD_PERCENT, 0, 1), &backing);
    std::vector<ba_memory> spans = ten_chunks(&pool);
    for (std::size_t i = 0; i < 5; i++) {
        EXPECT_EQ(pool.free(spans[i]), BA_OK);
    }
    EXPECT_EQ(pba_pool_trim(pool.get(), ba_bytes(5 * kChunk)).bytes, 0u);
    EXPECT_EQ(pba_pool_trim(pool.get(), ba_bytes(3 * kChunk + 1)).bytes, kChunk);
    EXPECT_EQ(pba_pool_trim(pool.get(), ba_bytes(3 * kChunk)).bytes, kChunk);
    EXPECT_EQ(pba_pool_trim(pool.get(), ba_bytes(0)).bytes, 3 * kChunk);
    EXPECT_EQ(pool.stats().chunks, 5u);
}

TEST(TrimTest, AChunkThatWasFreeForAWhileOutlivesItsNeighbour) {
    StrictBacking backing;
    TestPool pool(shrinking(PBA_AUTO_SHRINK_NEVER, PBA_THRESHOLD_PERCENT, 0, 1), &backing);
    const ba_memory first = pool.alloc(kChunk);
    const ba_memory second = pool.alloc(4 * kChunk);
    EXPECT_EQ(pool.free(first), BA_OK);
    EXPECT_EQ(pool.free(second), BA_OK);
    const ba_memory again = pool.alloc(kChunk);
    EXPECT_EQ(ba_memory_pointer(again), ba_memory_pointer(first));
    EXPECT_EQ(pba_pool_trim(pool.get(), ba_bytes(0)).bytes, 4 * kChunk);
    EXPECT_EQ(pba_pool_release_all(pool.get(), PBA_ALLOW_IN_USE).code, BA_OK);
    EXPECT_EQ(backing.grants(), 0u);
}

TEST(ReserveTest, TakesWhatIsMissingInOnePiece) {
    StrictBacking backing;
    TestPool pool(small_options(), &backing);
    EXPECT_EQ(pba_pool_reserve(pool.get(), ba_bytes(0)).code, BA_OK);
    EXPECT_EQ(backing.grants(), 0u);
    EXPECT_EQ(pba_pool_reserve(pool.get(), ba_bytes(5000)).code, BA_OK);
    EXPECT_EQ(pool.stats().payload.bytes, 5120u);
    EXPECT_EQ(pool.stats().chunks, 1u);
    const std::size_t calls = backing.calls();
    EXPECT_EQ(pba_pool_reserve(pool.get(), ba_bytes(5120)).code, BA_OK);
    EXPECT_EQ(ba_memory_error(pool.alloc(5120)).code, BA_OK);
    EXPECT_EQ(backing.calls(), calls);
    EXPECT_EQ(pba_pool_reserve(pool.get(), ba_bytes(SIZE_MAX)).code, BA_LIMIT);
    backing.refuse_from(1);
    EXPECT_EQ(pba_pool_reserve(pool.get(), ba_bytes(1)).code, BA_OUT_OF_MEMORY);
    backing.refuse_none();
    EXPECT_EQ(pool.stats().payload.bytes, 5120u);
}

TEST(ReserveTest, TakesSeveralPiecesWhereTheBackingHasNoneSoLong) {
    struct Case {
        std::size_t longest;
        std::size_t wanted;
        std::size_t chunks;
        std::size_t payload;
    };
    for (const Case &one :
         {Case{8 * kChunk, 12 * kChunk, 2, 12 * kChunk},
          Case{2 * kChunk, 5 * kChunk, 3, 5 * kChunk}, Case{kChunk, kChunk + 1, 2, 2 * kChunk},
          Case{kChunk, 16 * kChunk, 16, 16 * kChunk}}) {
        StrictBacking metadata;
        StrictBacking payload;
        payload.grant_at_most(one.longest);
        const ba_allocator books = metadata.allocator();
        pba_setup setup = {};
        setup.metadata = &books;
        TestPool other(small_options(), &payload, &setup);
        EXPECT_EQ(pba_pool_reserve(other.get(), ba_bytes(one.wanted)).code, BA_OK);
        EXPECT_EQ(other.stats().chunks, one.chunks);
        EXPECT_EQ(other.stats().free.bytes, one.payload);
        EXPECT_EQ(other.stats().failures, 0u);
        EXPECT_EQ(other.verify(), BA_OK);
        EXPECT_EQ(pba_pool_trim(other.get(), ba_bytes(0)).bytes, one.payload);
    }
}

TEST(ReserveTest, TakesAllOrNothing) {
    StrictBacking payload;
    StrictBacking metadata;
    const ba_allocator books = metadata.allocator();
    pba_setup setup = {};
    setup.metadata = &books;
    TestPool pool(small_options(), &payload, &setup);
    payload.grant_at_most(kChunk);
    EXPECT_EQ(pba_pool_reserve(pool.get(), ba_bytes(17 * kChunk)).code, BA_OUT_OF_MEMORY)
        << "in 16 pieces at most";
    EXPECT_EQ(payload.grants() + metadata.grants(), 0u);
    // Pieces of 8, 4, 2 requests are refused; eight of one are not. Then a table, then a slab.
    for (std::size_t n = 1; n <= 11; n++) {
        payload.refuse_from(n);
        EXPECT_EQ(pba_pool_reserve(pool.get(), ba_bytes(8 * kChunk)).code, BA_OUT_OF_MEMORY) << n;
        EXPECT_EQ(payload.grants() + metadata.grants(), 0u);
    }
    payload.refuse_none();
    for (std::size_t n = 1; n <= 2; n++) {
        metadata.refuse_from(n);
        EXPECT_EQ(pba_pool_reserve(pool.get(), ba_bytes(8 * kChunk)).code, BA_OUT_OF_MEMORY) << n;
        EXPECT_EQ(payload.grants() + metadata.grants(), 0u);
    }
    metadata.refuse_none();
    EXPECT_EQ(pool.stats().payload.bytes, 0u);
    EXPECT_EQ(pool.verify(), BA_OK);
    EXPECT_EQ(pba_pool_reserve(pool.get(), ba_bytes(8 * kChunk)).code, BA_OK);
    EXPECT_EQ(pool.stats().chunks, 8u);
}

TEST(ReserveTest, ItsOwnLimitIsNotTriedInPieces) {
    StrictBacking backing;
    pba_options options = small_options();
    options.byte_limit = 16384;
    TestPool pool(options, &backing);
    EXPECT_EQ(pba_pool_reserve(pool.get(), ba_bytes(32768)).code, BA_LIMIT);
    EXPECT_EQ(backing.calls(), 0u) << "an empty pool could not hold that";
    EXPECT_EQ(ba_memory_error(pool.alloc(kChunk)).code, BA_OK);
    const std::size_t calls = backing.calls();
    EXPECT_EQ(pba_pool_reserve(pool.get(), ba_bytes(16384 - kChunk)).code, BA_LIMIT);
    EXPECT_EQ(backing.calls(), calls) << "nor this one with its metadata";
}

TEST(ResetTest, FreesEverySpanAndKeepsWhatItIsAskedTo) {
    StrictBacking backing;
    TestPool pool(small_options(), &backing);
    ten_chunks(&pool);
    EXPECT_EQ(pba_pool_reset(pool.get(), ba_bytes(3 * kChunk + 5)).bytes, 7 * kChunk);
    const pba_stats stats = pool.stats();
    EXPECT_EQ(stats.in_use.bytes, 0u);
    EXPECT_EQ(stats.free.bytes, 3 * kChunk);
    EXPECT_EQ(stats.spans, 0u);
    EXPECT_EQ(stats.allocations, 10u);
    EXPECT_EQ(stats.frees, 10u);
    EXPECT_EQ(pool.verify(), BA_OK);
    EXPECT_EQ(ba_memory_error(pool.alloc(kChunk)).code, BA_OK);
    EXPECT_EQ(pba_pool_reset(pool.get(), ba_bytes(0)).bytes, 3 * kChunk);
    EXPECT_EQ(pba_pool_reset(pool.get(), ba_bytes(0)).bytes, 0u);
}

TEST(ResetTest, MayKeepAll) {
    StrictBacking backing;
    TestPool pool(small_options(), &backing);
    ten_chunks(&pool);
    EXPECT_EQ(pba_pool_reset(pool.get(), ba_bytes(10 * kChunk)).bytes, 0u);
    EXPECT_EQ(pool.stats().free.bytes, 10 * kChunk);
    EXPECT_EQ(pool.verify(), BA_OK);
    const std::size_t calls = backing.calls();
    ten_chunks(&pool);
    EXPECT_EQ(pool.stats().in_use.bytes, 10 * kChunk);
    EXPECT_EQ(backing.calls(), calls) << "every block can be had again";
    EXPECT_EQ(pba_pool_reset(pool.get(), ba_bytes(3 * kChunk)).bytes, 7 * kChunk);
}

TEST(PurgeTest, DiscardsEveryHoleAndKeepsItAsPayload) {
    StrictBackingOptions discarding;
    discarding.discards = true;
    StrictBacking backing(discarding);
    TestPool pool(small_options(), &backing);
    const ba_memory first = pool.alloc(128);
    const ba_memory second = pool.alloc(128);
    std::memset(bytes_of(second), 0x5A, 128);
    EXPECT_EQ(pool.free(first), BA_OK);
    EXPECT_EQ(pba_pool_purge(pool.get()).bytes, kChunk - 128);
    EXPECT_EQ(backing.discarded(), kChunk - 128);
    EXPECT_EQ(bytes_of(second)[0], 0x5A);
    EXPECT_EQ(bytes_of(second)[127], 0x5A);
    EXPECT_EQ(pool.stats().payload.bytes, kChunk);
    EXPECT_EQ(pool.stats().free.bytes, kChunk - 128);
}

// Pages of four blocks; 16 blocks in a chunk, each a span.
class PurgeOfPages : public ::testing::Test {
  protected:
    static constexpr std::size_t kPage = 4 * kBlock;

    static StrictBackingOptions pages() {
        StrictBackingOptions behaviour;
        behaviour.block_size = kPage;
        behaviour.discards = true;
        behaviour.grows_in_place = true;
        behaviour.remaps = true;
        behaviour.room = 65536;
        return behaviour;
    }
    PurgeOfPages() {
        spans_.push_back(pool_.alloc(kBlock, kPage)); // so that the chunk begins with a page
        for (int i = 1; i < 16; i++) {
            spans_.push_back(pool_.alloc(kBlock));
        }
        std::sort(spans_.begin(), spans_.end(), [](ba_memory a, ba_memory b) {
            return pba_testing::address_of(a) < pba_testing::address_of(b);
        });
    }
    void free_some(std::size_t first, std::size_t end) {
        for (std::size_t i = first; i < end; i++) {
            EXPECT_EQ(pool_.free(spans_[i]), BA_OK);
        }
    }
    std::size_t purge() {
        const std::size_t gone = pba_pool_purge(pool_.get()).bytes;
        EXPECT_EQ(pool_.verify(), BA_OK);
        return gone / kPage;
    }

    StrictBacking backing_{pages()};
    // Without a span cache nothing is taken but what is allocated.
    static pba_options options() {
        pba_options options = shrinking(PBA_AUTO_SHRINK_NEVER, PBA_THRESHOLD_PERCENT, 0, 1);
        options.span_cache = PBA_OFF;
        return options;
    }

    TestPool pool_{options(), &backing_};
    std::vector<ba_memory> spans_;
};

TEST_F(PurgeOfPages, DiscardsEachPageOnce) {
    free_some(0, 16);
    EXPECT_EQ(purge(), 4u);
    EXPECT_EQ(backing_.discarded(), 4 * kPage);
    EXPECT_EQ(purge(), 0u);
    EXPECT_EQ(backing_.discarded(), 4 * kPage) << "the backing was not asked again";
}

TEST_F(PurgeOfPages, APageIsDiscardedWhenAllOfItIsFree) {
    free_some(1, 15);
    EXPECT_EQ(purge(), 2u);
    free_some(0, 1);
    EXPECT_EQ(purge(), 1u);
    free_some(15, 16);
    EXPECT_EQ(purge(), 1u);
    EXPECT_EQ(purge(), 0u);
}

TEST_F(PurgeOfPages, WhatWasTakenSinceIsDiscardedAgain) {
    free_some(0, 16);
    EXPECT_EQ(purge(), 4u);
    const ba_memory one = pool_.alloc(kPage + kBlock);
    EXPECT_EQ(purge(), 0u);
    EXPECT_EQ(pool_.free(one), BA_OK);
    EXPECT_EQ(purge(), 2u) << "the pages that it lay in, the second one in part";
    EXPECT_EQ(pool_.free(pool_.alloc(kBlock)), BA_OK);
    EXPECT_EQ(purge(), 1u);
}

TEST_F(PurgeOfPages, WhatASpanHasGrownIntoIsDiscardedAgain) {
    free_some(4, 16);
    EXPECT_EQ(purge(), 3u);
    EXPECT_EQ(pool_.resize(spans_[3], 2 * kBlock), 2 * kBlock);
    EXPECT_EQ(pool_.resize(pba_testing::part_of(spans_[3], 0, 2 * kBlock), kBlock), kBlock);
    EXPECT_EQ(purge(), 1u);
    EXPECT_EQ(purge(), 0u);
}

TEST_F(PurgeOfPages, StaysKnownWhenTheChunkGrowsAndMoves) {
    free_some(1, 16);
    EXPECT_EQ(purge(), 3u);
    EXPECT_EQ(pool_.resize(spans_[0], 20 * kBlock), 20 * kBlock);
    const std::size_t payload = pool_.stats().payload.bytes;
    EXPECT_EQ(pool_.resize(pba_testing::part_of(spans_[0], 0, 20 * kBlock), kBlock), kBlock);
    EXPECT_EQ(purge(), payload / kPage - 1) << "it was taken, and the rest is new";
    const ba_memory moved = pool_.remap(spans_[0], 2 * payload);
    ASSERT_EQ(ba_memory_error(moved).code, BA_OK);
    EXPECT_EQ(pool_.resize(moved, kBlock), kBlock);
    const std::size_t now = pool_.stats().payload.bytes;
    EXPECT_EQ(purge(), now / kPage - 1);
    EXPECT_EQ(purge(), 0u);
}

TEST(PurgeTest, WhatTheSpanCacheTakesIsDiscardedAgain) {
    StrictBackingOptions discarding;
    discarding.discards = true;
    StrictBacking backing(discarding);
    TestPool pool(shrinking(PBA_AUTO_SHRINK_NEVER, PBA_THRESHOLD_PERCENT, 0, 1), &backing);
    EXPECT_EQ(pool.free(pool.alloc(kChunk)), BA_OK);
    EXPECT_EQ(pba_pool_purge(pool.get()).bytes, kChunk);
    EXPECT_EQ(pool.free(pool.alloc(1)), BA_OK);
    EXPECT_EQ(pba_pool_purge(pool.get()).bytes, (1 + PBA_SPAN_CACHE_FIRST) * kBlock)
        << "as many spans were cut for allocations to come as their list has room for";
    EXPECT_EQ(pba_pool_purge(pool.get()).bytes, 0u);
}

TEST(PurgeTest, WhatTheBackingDoesNotTakeIsOfferedAgain) {
    StrictBacking backing;
    TestPool pool(shrinking(PBA_AUTO_SHRINK_NEVER, PBA_THRESHOLD_PERCENT, 0, 1), &backing);
    EXPECT_EQ(pool.free(pool.alloc(kChunk)), BA_OK);
    EXPECT_EQ(pba_pool_purge(pool.get()).bytes, 0u);
    EXPECT_EQ(pool.verify(), BA_OK);
    EXPECT_EQ(pool.free(pool.alloc(kChunk)), BA_OK);
}

// A chunk whose end went and came again.
TEST(PurgeTest, WhatCameAnewIsNotDiscardedYet) {
    StrictBackingOptions behaviour;
    behaviour.discards = true;
    behaviour.grows_in_place = true;
    behaviour.room = 1 << 20;
    StrictBacking backing(behaviour);
    pba_options options = small_options();
    options.auto_shrink = PBA_AUTO_SHRINK_ADAPTIVE;
    TestPool pool(options, &backing);
    const ba_memory all = pool.alloc(100 * kChunk);
    EXPECT_EQ(pool.resize(all, kChunk), kChunk);
    const ba_memory memory = pba_testing::part_of(all, 0, kChunk);
    EXPECT_EQ(pba_pool_purge(pool.get()).bytes, 99 * kChunk);
    for (std::size_t i = 0; i < std::size_t{2} * PBA_PERIOD_FIRST; i++) {
        EXPECT_EQ(pool.free(pool.alloc(kChunk + 1)), BA_OK);
    }
    EXPECT_LT(pool.stats().payload.bytes, 10 * kChunk);
    EXPECT_EQ(pool.verify(), BA_OK);
    EXPECT_GE(pool.resize(memory, 50 * kChunk), 50 * kChunk);
    EXPECT_EQ(pool.resize(pba_testing::part_of(memory, 0, 50 * kChunk), kChunk), kChunk);
    EXPECT_EQ(pba_pool_purge(pool.get()).bytes, pool.stats().free.bytes);
    EXPECT_EQ(pool.free(memory), BA_OK);
}

TEST(PurgeTest, LeavesAFillAlone) {
    StrictBackingOptions discarding;
    discarding.discards = true;
    StrictBacking backing(discarding);
    pba_options options = small_options();
    options.fill = PBA_ON;
    TestPool pool(options, &backing);
    EXPECT_EQ(pool.free(pool.alloc(1)), BA_OK);
    EXPECT_EQ(pba_pool_purge(pool.get()).bytes, 0u);
    EXPECT_EQ(backing.discarded(), 0u);
}

#if defined(__linux__)
TEST(PurgeTest, GivesWholePagesBackToTheSystem) {
    pba_options options = small_options();
    options.block_size = 65536;
    options.backing_request_size = std::size_t{65536} * 4;
    options.auto_shrink = PBA_AUTO_SHRINK_NEVER;
    TestPool pool(options, ba_any_allocator_of_exact(ba_page_allocator()));
    const ba_memory first = pool.alloc(65536);
    const ba_memory second = pool.alloc(65536);
    std::memset(bytes_of(first), 0x5A, 65536);
    std::memset(bytes_of(second), 0x5A, 65536);
    EXPECT_EQ(pool.free(first), BA_OK);
    EXPECT_EQ(pba_pool_purge(pool.get()).bytes, std::size_t{65536} * 3);
    EXPECT_EQ(bytes_of(second)[65535], 0x5A);
    const ba_memory again = pool.alloc(std::size_t{65536});
    std::memset(bytes_of(again), 1, 65536);
}
#endif

// --- before memory is refused

// Empty chunks go before a span is refused for which it leaves no room.
void serves_in_turn(TestPool *pool, std::size_t small, std::size_t large) {
    for (int i = 0; i < 10; i++) {
        const ba_memory memory = pool->alloc(i % 2 == 0 ? small : large);
        ASSERT_EQ(ba_memory_error(memory).code, BA_OK) << i;
        EXPECT_EQ(pool->free(memory), BA_OK);
    }
    EXPECT_EQ(pool->stats().failures, 0u);
    EXPECT_EQ(pool->verify(), BA_OK);
}

TEST(RefusalTest, EmptyChunksGoBeforeTheByteLimitIsReached) {
    StrictBacking backing;
    for (const pba_auto_shrink how : {PBA_AUTO_SHRINK_NEVER, PBA_AUTO_SHRINK_ADAPTIVE}) {
        pba_options options = small_options();
        options.auto_shrink = how;
        options.byte_limit = 20 * kChunk;
        TestPool pool(options, &backing);
        serves_in_turn(&pool, 6 * kChunk, 13 * kChunk);
        EXPECT_EQ(ba_memory_error(pool.alloc(20 * kChunk)).code, BA_LIMIT);
        EXPECT_EQ(pool.stats().chunks, 1u) << "nothing went for what could not be met";
    }
}

TEST(RefusalTest, EmptyChunksGoBeforeTheIndexIsUsedUp) {
    StrictBacking backing;
    pba_options options = small_options();
    options.index = PBA_INDEX_U8;
    TestPool pool(options, &backing);
    serves_in_turn(&pool, std::size_t{100} * 64, std::size_t{160} * 64);
}

TEST(RefusalTest, EmptyChunksGoBeforeTheBackingHasNoMore) {
    StrictBackingOptions behaviour;
    StrictBacking backing(behaviour);
    ba_limited_allocator limited;
    ba_limited_allocator_init(&limited, backing.allocator(), ba_bytes(20 * kChunk));
    {
        TestPool pool(small_options(),
                      ba_any_allocator_of(ba_limited_allocator_allocator(&limited)));
        serves_in_turn(&pool, 6 * kChunk, 13 * kChunk);
        EXPECT_EQ(ba_memory_error(pool.alloc(30 * kChunk)).code, BA_LIMIT);
        EXPECT_EQ(pool.stats().failures, 1u);
    }
}

TEST(RefusalTest, WhatALimitOfTheBackingRefusesIsTriedSmaller) {
    StrictBacking backing;
    StrictBacking elsewhere;
    const ba_allocator second = elsewhere.allocator();
    pba_setup setup = {};
    setup.metadata = &second;
    ba_limited_allocator limited;
    ba_limited_allocator_init(&limited, backing.allocator(), ba_bytes(3 * kChunk + kChunk / 2));
    {
        TestPool pool(small_options(),
                      ba_any_allocator_of(ba_limited_allocator_allocator(&limited)), &setup);
        std::size_t spans = 0;
        ba_memory memory = pool.alloc(kBlock);
        for (; !ba_memory_is_none(memory); memory = pool.alloc(kBlock)) {
            spans++;
        }
        EXPECT_EQ(ba_memory_error(memory).code, BA_LIMIT);
        EXPECT_EQ(spans * kBlock, 3 * kChunk + kChunk / 2);
        EXPECT_EQ(pool.stats().failures, 1u);
    }
}

// A backing in blocks of its own, with a cap below a request: a short chunk is cut so that its
// metadata finds room beside it, to whole blocks of the backing, and all that stays is used.
TEST(RefusalTest, AShortChunkAndItsMetadataShareWhatABackingHas) {
    for (const std::size_t unit : {128U, 256U, 512U}) {
        for (std::size_t limit = 8 * unit; limit <= 16384; limit += unit) {
            StrictBackingOptions behaviour;
            behaviour.block_size = unit;
            behaviour.grows_in_place = true;
            behaviour.room = 16384;
            StrictBacking backing(behaviour);
            ba_limited_allocator limited;
            ba_limited_allocator_init(&limited, backing.allocator(), ba_bytes(limit));
            pba_options options = small_options();
            options.backing_request_size = 16384;
            TestPool pool(options,
                          ba_any_allocator_of(ba_limited_allocator_block_allocator(&limited)));
            EXPECT_EQ(ba_memory_error(pool.alloc(1)).code, BA_OK)
                << limit << " bytes in blocks of " << unit;
            const pba_stats stats = pool.stats();
            EXPECT_EQ(stats.payload.bytes + stats.metadata.bytes, stats.taken.bytes)
                << limit << " bytes in blocks of " << unit;
            EXPECT_EQ(stats.taken.bytes, backing.bytes());
        }
    }
}

TEST(RefusalTest, ASpanGrowsIntoWhatWasTakenForOthers) {
    StrictBackingOptions behaviour;
    behaviour.grows_in_place = true;
    behaviour.room = 65536;
    StrictBacking backing(behaviour);
    pba_options options = small_options();
    options.call_sites = PBA_OFF;
    options.byte_limit = 20 * kChunk;
    TestPool pool(options, &backing);
    const ba_memory memory = pool.alloc(4 * kChunk);
    EXPECT_EQ(pool.free(pool.alloc(10 * kChunk)), BA_OK);
    EXPECT_EQ(pool.stats().chunks, 2u);
    EXPECT_EQ(pool.resize(memory, 14 * kChunk), 14 * kChunk);
    EXPECT_EQ(pool.stats().chunks, 1u);
    EXPECT_EQ(pool.stats().failures, 0u);
}

TEST(RefusalTest, OnlyThenIsTheHookAsked) {
    StrictBacking backing;
    std::size_t asked = 0;
    pba_setup setup = {};
    setup.hook.function = [](void *context, ba_length, std::size_t) {
        ++*static_cast<std::size_t *>(context);
        return PBA_GIVE_UP;
    };
    setup.hook.context = &asked;
    pba_options options = small_options();
    options.byte_limit = 20 * kChunk;
    TestPool pool(options, &backing, &setup);
    EXPECT_EQ(pool.free(pool.alloc(6 * kChunk)), BA_OK);
    const ba_memory memory = pool.alloc(13 * kChunk);
    EXPECT_EQ(ba_memory_error(memory).code, BA_OK);
    EXPECT_EQ(asked, 0u);
    EXPECT_EQ(ba_memory_error(pool.alloc(13 * kChunk)).code, BA_LIMIT);
    EXPECT_EQ(asked, 1u);
}

// --- what is kept adapts to what was needed of late

pba_options adapting() {
    pba_options options = small_options();
    options.auto_shrink = PBA_AUTO_SHRINK_ADAPTIVE;
    return options;
}

// Lets so many frees pass, of a span of one block.
void pass(TestPool *pool, std::size_t frees) {
    for (std::size_t i = 0; i < frees; i++) {
        EXPECT_EQ(pool->free(pool->alloc(1)), BA_OK);
    }
}

TEST(AdaptiveTest, AChunkThatWasFreeForAPeriodGoesAtItsEnd) {
    StrictBacking backing;
    TestPool pool(adapting(), &backing);
    const ba_memory stays = pool.alloc(kChunk - 64);
    const ba_memory goes = pool.alloc(kChunk);
    EXPECT_EQ(pool.free(goes), BA_OK);
    pass(&pool, PBA_PERIOD_FIRST - 1);
    EXPECT_EQ(pool.stats().chunks, 2u) << "it was in use when the period began";
    pass(&pool, PBA_PERIOD_FIRST - 1);
    EXPECT_EQ(pool.stats().chunks, 2u);
    pass(&pool, 1);
    EXPECT_EQ(pool.stats().chunks, 1u);
    EXPECT_EQ(pool.verify(), BA_OK);
    EXPECT_EQ(pool.stats().frees, 2u * PBA_PERIOD_FIRST);
    EXPECT_EQ(pool.free(stays), BA_OK);
}

TEST(AdaptiveTest, AChunkThatIsUsedOnceAPeriodStays) {
    StrictBacking backing;
    TestPool pool(adapting(), &backing);
    const ba_memory stays = pool.alloc(kChunk - 64);
    for (int i = 0; i < 10; i++) {
        EXPECT_EQ(pool.free(pool.alloc(kChunk)), BA_OK);
        pass(&pool, PBA_PERIOD_FIRST - 1);
        EXPECT_EQ(pool.stats().chunks, 2u) << i;
    }
    EXPECT_EQ(pool.stats().backing_requests, 4u) << "two chunks, and their metadata";
    EXPECT_EQ(pool.free(stays), BA_OK);
}

// The one freed last is taken again, not the lowest.
void expect_cached_over_end_of_period(bool is_one_live) {
    StrictBacking backing;
    TestPool pool(adapting(), &backing);
    const ba_memory low = pool.alloc(1);
    const ba_memory high = pool.alloc(1);
    const ba_memory live = is_one_live ? pool.alloc(1) : ba_memory();
    pass(&pool, PBA_PERIOD_FIRST - 2);
    EXPECT_EQ(pool.free(low), BA_OK);
    EXPECT_EQ(pool.free(high), BA_OK);
    EXPECT_EQ(pool.get()->now, 1u) << "a period has ended";
    EXPECT_LT(ba_memory_pointer(low), ba_memory_pointer(high));
    EXPECT_EQ(ba_memory_pointer(pool.alloc(1)), ba_memory_pointer(high));
    if (is_one_live) {
        EXPECT_EQ(pool.free(live), BA_OK);
    }
}

TEST(AdaptiveTest, TheCacheIsKeptWhereTheOnlyChunkIsInUse) {
    expect_cached_over_end_of_period(true);
}

TEST(AdaptiveTest, TheCacheIsKeptWhereTheOnlyChunkIsAsShortAsARequest) {
    expect_cached_over_end_of_period(false);
}

// One that is much longer than what is in use goes although it is used: something shorter does.
TEST(AdaptiveTest, ALongChunkGoesWhenLittleIsInUse) {
    StrictBacking backing;
    TestPool pool(adapting(), &backing);
    EXPECT_EQ(pool.free(pool.alloc(100 * kChunk)), BA_OK);
    pass(&pool, std::size_t{2} * PBA_PERIOD_FIRST - 1);
    EXPECT_EQ(pool.stats().payload.bytes, 100 * kChunk)
        << "in this period or the one before so much was needed";
    pass(&pool, PBA_PERIOD_FIRST);
    EXPECT_EQ(pool.stats().payload.bytes, 0u);
    pass(&pool, 1);
    EXPECT_EQ(pool.stats().payload.bytes, kChunk);
    EXPECT_EQ(pool.stats().peak_in_use.bytes, 100 * kChunk);
}

TEST(AdaptiveTest, ALongChunkOfWhichHalfIsInUseNowAndThenStays) {
    StrictBacking backing;
    TestPool pool(adapting(), &backing);
    EXPECT_EQ(pool.free(pool.alloc(8 * kChunk)), BA_OK);
    for (std::size_t i = 0; i < std::size_t{4} * PBA_PERIOD_FIRST; i++) {
        EXPECT_EQ(pool.free(pool.alloc(4 * kChunk)), BA_OK);
    }
    EXPECT_EQ(pool.stats().payload.bytes, 8 * kChunk);
}

// Memory is taken anew in each round of a loop that is longer than a period, and then no more.
TEST(AdaptiveTest, APeriodBecomesAsLongAsWhatIsDoneOverAndOver) {
    StrictBacking backing;
    TestPool pool(adapting(), &backing);
    const ba_memory stays = pool.alloc(kChunk - 64);
    std::vector<std::size_t> calls;
    for (int i = 0; i < 10; i++) {
        const std::size_t before = backing.calls();
        EXPECT_EQ(pool.free(pool.alloc(kChunk)), BA_OK);
        pass(&pool, std::size_t{5} * PBA_PERIOD_FIRST - 1);
        calls.push_back(backing.calls() - before);
    }
    EXPECT_EQ(pool.get()->period, 8u * PBA_PERIOD_FIRST);
    EXPECT_GT(calls[0], 0u);
    EXPECT_EQ(calls[8], 0u);
    EXPECT_EQ(calls[9], 0u);
    EXPECT_EQ(pool.free(stays), BA_OK);
    EXPECT_EQ(pba_pool_release_all(pool.get(), PBA_REPORT_IN_USE).code, BA_OK);
    EXPECT_EQ(pool.get()->period, std::uint32_t{PBA_PERIOD_FIRST}) << "as made anew";
}

TEST(AdaptiveTest, APeriodDoesNotBecomeLongerThanTheLongest) {
    StrictBacking backing;
    TestPool pool(adapting(), &backing);
    const ba_memory stays = pool.alloc(kChunk - 64);
    for (int i = 0; i < 10; i++) {
        EXPECT_EQ(pool.free(pool.alloc(kChunk)), BA_OK);
        while (pool.stats().chunks > 1) {
            pass(&pool, PBA_PERIOD_FIRST);
        }
    }
    EXPECT_EQ(pool.get()->period, std::uint32_t{PBA_PERIOD_LONGEST});
    EXPECT_EQ(pool.free(stays), BA_OK);
}

TEST(AdaptiveTest, TheEndOfAChunkGoesThatAShortenedSpanLeft) {
    StrictBackingOptions behaviour;
    behaviour.grows_in_place = true;
    StrictBacking backing(behaviour);
    TestPool pool(adapting(), &backing);
    const ba_memory memory = pool.alloc(100 * kChunk);
    std::memset(bytes_of(memory), 0x5A, 2000);
    const std::size_t length = pool.resize(memory, 2000);
    EXPECT_EQ(length, 2048u);
    pass(&pool, PBA_PERIOD_FIRST);
    EXPECT_EQ(pool.stats().payload.bytes, 100 * kChunk) << "it was in use when the period began";
    pass(&pool, PBA_PERIOD_FIRST);
    EXPECT_EQ(pool.stats().payload.bytes, 3 * kChunk) << "two, and where frees pass";
    EXPECT_EQ(backing.bytes(), 3 * kChunk + pool.stats().metadata.bytes);
    EXPECT_EQ(pool.verify(), BA_OK);
    for (std::size_t i = 0; i < length - 48; i++) {
        ASSERT_EQ(bytes_of(memory)[i], 0x5A);
    }
    EXPECT_EQ(pool.free(pba_testing::part_of(memory, 0, length)), BA_OK);
}

TEST(AdaptiveTest, TheEndStaysWhereASpanIsShortenedOverAndOver) {
    StrictBackingOptions behaviour;
    behaviour.grows_in_place = true;
    StrictBacking backing(behaviour);
    TestPool pool(adapting(), &backing);
    ba_memory memory = pool.alloc(100 * kChunk);
    for (int i = 0; i < 10; i++) {
        EXPECT_EQ(pool.resize(memory, kChunk), kChunk);
        EXPECT_EQ(pool.resize(pba_testing::part_of(memory, 0, kChunk), 100 * kChunk), 100 * kChunk);
        pass(&pool, PBA_PERIOD_FIRST / 2);
        EXPECT_EQ(pool.stats().payload.bytes, 101 * kChunk) << i;
    }
    EXPECT_EQ(pool.free(memory), BA_OK);
}

// --- requests grow

// How long the chunks were that a pool took for so many spans of a chunk each.
std::vector<std::size_t> chunk_lengths(TestPool *pool, std::size_t spans) {
    std::vector<std::size_t> lengths;
    std::size_t before = pool->stats().payload.bytes;
    for (std::size_t i = 0; i < spans; i++) {
        EXPECT_EQ(ba_memory_error(pool->alloc(kChunk)).code, BA_OK);
        const std::size_t now = pool->stats().payload.bytes;
        if (now != before) {
            lengths.push_back((now - before) / kChunk);
        }
        before = now;
    }
    return lengths;
}

pba_options growing(std::size_t percent) {
    pba_options options = adapting();
    options.request_growth = percent;
    return options;
}

using Lengths = std::vector<std::size_t>;

TEST(GrowthTest, ARequestIsAShareOfThePayload) {
    StrictBacking backing;
    TestPool pool(growing(50), &backing);
    // Half of 8 is the first that is 4.
    EXPECT_EQ(chunk_lengths(&pool, 40), (Lengths{1, 1, 1, 1, 1, 1, 1, 1, 4, 6, 9, 13}));
    EXPECT_EQ(pool.verify(), BA_OK);
}

TEST(GrowthTest, WithoutItAllRequestsAreAsLong) {
    StrictBacking backing;
    TestPool pool(growing(0), &backing);
    EXPECT_EQ(chunk_lengths(&pool, 40), Lengths(40, 1));
}

TEST(GrowthTest, WhatIsLongerIsAskedForAsItIs) {
    StrictBacking backing;
    TestPool pool(growing(50), &backing);
    EXPECT_EQ(ba_memory_error(pool.alloc(20 * kChunk)).code, BA_OK);
    EXPECT_EQ(ba_memory_error(pool.alloc(30 * kChunk)).code, BA_OK);
    EXPECT_EQ(pool.stats().payload.bytes, 50 * kChunk);
}

TEST(GrowthTest, WhatIsNeededIsAskedForWhereMoreIsRefused) {
    StrictBacking backing;
    ba_limited_allocator limited;
    ba_limited_allocator_init(&limited, backing.allocator(), ba_bytes(40 * kChunk));
    StrictBacking elsewhere;
    const ba_allocator second = elsewhere.allocator();
    pba_setup setup = {};
    setup.metadata = &second;
    {
        TestPool pool(growing(100), ba_any_allocator_of(ba_limited_allocator_allocator(&limited)),
                      &setup);
        const Lengths lengths = chunk_lengths(&pool, 40);
        EXPECT_EQ(lengths, (Lengths{1, 1, 1, 1, 4, 8, 16, 1, 1, 1, 1, 1, 1, 1, 1}));
        EXPECT_EQ(pool.stats().failures, 0u);
        EXPECT_EQ(ba_memory_error(pool.alloc(1)).code, BA_LIMIT);
    }
}

TEST(GrowthTest, AByteLimitIsUsedToItsEnd) {
    StrictBacking backing;
    StrictBacking elsewhere;
    const ba_allocator second = elsewhere.allocator();
    pba_setup setup = {};
    setup.metadata = &second;
    for (const std::size_t percent : {0U, 100U}) {
        pba_options options = growing(percent);
        options.byte_limit = 64 * kChunk;
        options.call_sites = PBA_OFF;
        TestPool pool(options, ba_any_allocator_of_exact(backing.allocator()), &setup);
        std::size_t spans = 0;
        while (!ba_memory_is_none(pool.alloc(kBlock))) {
            spans++;
        }
        EXPECT_LE(pool.stats().taken.bytes, options.byte_limit);
        EXPECT_GT(pool.stats().taken.bytes + kChunk, options.byte_limit);
        EXPECT_EQ(spans * kBlock, pool.stats().payload.bytes);
    }
}

TEST(GrowthTest, TheIndexIsUsedToItsEnd) {
    StrictBacking backing;
    pba_options options = growing(100);
    options.index = PBA_INDEX_U8;
    TestPool pool(options, &backing);
    for (int i = 0; i < 255; i++) {
        EXPECT_EQ(ba_memory_error(pool.alloc(kBlock)).code, BA_OK) << i;
    }
    EXPECT_EQ(ba_memory_error(pool.alloc(kBlock)).code, BA_LIMIT);
}

// --- metadata

TEST(MetadataTest, GoesWithTheLastChunk) {
    using Way = std::function<void(TestPool *)>;
    const std::vector<std::pair<std::string, Way>> ways = {
        {"trim", [](TestPool *pool) { (void)pba_pool_trim(pool->get(), ba_bytes(0)); }},
        {"shrink",
         [](TestPool *pool) { (void)pba_pool_shrink(pool->get(), pba_threshold_percent(0, 1)); }},
        {"reset", [](TestPool *pool) { (void)pba_pool_reset(pool->get(), ba_bytes(0)); }},
        {"decay",
         [](TestPool *pool) {
             (void)pba_pool_decay(pool->get(), pool->get()->now + 1);
             (void)pba_pool_decay(pool->get(), pool->get()->now + 1);
         }},
    };
    for (const pba_switch cache : {PBA_ON, PBA_OFF}) {
        for (const auto &way : ways) {
            StrictBacking backing;
            pba_options options = adapting();
            options.span_cache = cache;
            options.decay_age = way.first == "decay" ? 1 : 0;
            options.shrink_min = 0;
            options.shrink_max = 1;
            TestPool pool(options, &backing);
            for (int round = 0; round < 2; round++) {
                std::vector<ba_memory> spans;
                for (int i = 0; i < 3000; i++) {
                    spans.push_back(pool.alloc(1));
                }
                const ba_memory last = spans.back();
                spans.pop_back();
                for (const ba_memory &span : spans) {
                    EXPECT_EQ(pool.free(span), BA_OK);
                }
                (void)pba_pool_trim(pool.get(), ba_bytes(0));
                EXPECT_GT(pool.stats().metadata.bytes, 0u) << "one is in use";
                EXPECT_EQ(pool.free(last), BA_OK);
                way.second(&pool);
                EXPECT_EQ(pool.stats().taken.bytes, 0u) << way.first;
                EXPECT_EQ(backing.grants(), 0u) << way.first;
                EXPECT_EQ(pool.verify(), BA_OK);
            }
        }
    }
}

// What a pool needs for itself does not hold chunks of the pool below.
TEST(MetadataTest, OfAChildKeepsNoChunkOfItsParent) {
    StrictBacking backing;
    TestPool parent(adapting(), &backing);
    TestPool child(small_options(), ba_any_allocator_of(pba_pool_block_allocator(parent.get())));
    std::vector<ba_memory> spans;
    for (int i = 0; i < 3000; i++) {
        spans.push_back(child.alloc(1));
    }
    for (const ba_memory &span : spans) {
        EXPECT_EQ(child.free(span), BA_OK);
    }
    (void)pba_pool_trim(child.get(), ba_bytes(0));
    (void)pba_pool_trim(parent.get(), ba_bytes(0));
    EXPECT_EQ(parent.stats().taken.bytes, 0u);
    EXPECT_EQ(backing.grants(), 0u);
}

// --- what was reserved

TEST(ReserveTest, IsAFloorUntilTheCallerGivesBack) {
    for (const std::uint64_t age : {0U, 1U}) {
        for (const char *by : {"trim", "shrink", "reset"}) {
            StrictBacking backing;
            pba_options options = adapting();
            options.decay_age = age;
            options.shrink_min = 0;
            TestPool pool(options, &backing);
            EXPECT_EQ(pba_pool_reserve(pool.get(), ba_bytes(100 * kChunk)).code, BA_OK);
            EXPECT_EQ(pba_pool_reserve(pool.get(), ba_bytes(kChunk)).code, BA_OK) << "as it is";
            EXPECT_EQ(pool.free(pool.alloc(200 * kChunk)), BA_OK);
            const std::size_t both = pool.stats().payload.bytes;
            EXPECT_EQ(both, 300 * kChunk);
            pass(&pool, std::size_t{5} * PBA_PERIOD_FIRST);
            EXPECT_EQ(pba_pool_decay(pool.get(), 1).bytes, 0u);
            (void)pba_pool_decay(pool.get(), 2);
            EXPECT_EQ(pool.stats().payload.bytes, 100 * kChunk);
            if (by == std::string("trim")) {
                EXPECT_EQ(pba_pool_trim(pool.get(), ba_bytes(kChunk)).bytes, 0u);
            } else if (by == std::string("shrink")) {
                EXPECT_EQ(pba_pool_shrink(pool.get(), pba_threshold_percent(50, 60)).bytes, 0u);
            } else {
                EXPECT_EQ(pba_pool_reset(pool.get(), ba_bytes(100 * kChunk)).bytes, 0u);
            }
            EXPECT_EQ(pool.get()->reserved, 0u) << by;
        }
    }
}

TEST(ReserveTest, MoreThanTheFloorGoes) {
    StrictBacking backing;
    TestPool pool(adapting(), &backing);
    EXPECT_EQ(pba_pool_reserve(pool.get(), ba_bytes(3 * kChunk)).code, BA_OK);
    std::vector<ba_memory> spans = ten_chunks(&pool);
    for (const ba_memory &span : spans) {
        EXPECT_EQ(pool.free(span), BA_OK);
    }
    pass(&pool, std::size_t{3} * PBA_PERIOD_FIRST);
    EXPECT_EQ(pool.stats().payload.bytes, 3 * kChunk);
}

// --- decay

TEST(DecayTest, ChunksGoWhenTheyAreOldEnough) {
    StrictBacking backing;
    pba_options options = shrinking(PBA_AUTO_SHRINK_SIMPLE, PBA_THRESHOLD_PERCENT, 0, 1);
    options.decay_age = 10;
    TestPool pool(options, &backing);
    std::vector<ba_memory> spans = ten_chunks(&pool);
    EXPECT_EQ(pba_pool_decay(pool.get(), 100).bytes, 0u);
    EXPECT_EQ(pool.free(spans[0]), BA_OK);
    EXPECT_EQ(pool.stats().chunks, 10u) << "a free does not auto-shrink";
    EXPECT_EQ(pba_pool_decay(pool.get(), 105).bytes, 0u) << "its age counts from here";
    EXPECT_EQ(pool.free(spans[1]), BA_OK);
    EXPECT_EQ(pba_pool_decay(pool.get(), 109).bytes, 0u) << "and that of the second";
    EXPECT_EQ(pba_pool_decay(pool.get(), 114).bytes, 0u);
    EXPECT_EQ(pba_pool_decay(pool.get(), 115).bytes, kChunk);
    EXPECT_EQ(pba_pool_decay(pool.get(), 50).bytes, 0u) << "time does not go back";
    EXPECT_EQ(pba_pool_decay(pool.get(), 118).bytes, 0u);

    // Used again and freed again, it is young again.
    const ba_memory again = pool.alloc(kChunk);
    EXPECT_EQ(pba_pool_decay(pool.get(), 200).bytes, 0u);
    EXPECT_EQ(pool.free(again), BA_OK);
    EXPECT_EQ(pba_pool_decay(pool.get(), 1000).bytes, 0u) << "it may have been freed just now";
    EXPECT_EQ(pba_pool_decay(pool.get(), 1009).bytes, 0u);
    EXPECT_EQ(pba_pool_decay(pool.get(), 1010).bytes, kChunk);
}

TEST(DecayTest, WithoutAnAgeNothingGoes) {
    StrictBacking backing;
    TestPool pool(shrinking(PBA_AUTO_SHRINK_NEVER, PBA_THRESHOLD_PERCENT, 0, 1), &backing);
    EXPECT_EQ(pba_pool_reserve(pool.get(), ba_bytes(kChunk)).code, BA_OK);
    EXPECT_EQ(pba_pool_decay(pool.get(), UINT64_MAX).bytes, 0u);
    EXPECT_EQ(pool.stats().chunks, 1u);
}

TEST(DecayTest, TimeBeginsAnewAfterReleaseAll) {
    StrictBacking backing;
    pba_options options = shrinking(PBA_AUTO_SHRINK_SIMPLE, PBA_THRESHOLD_PERCENT, 0, 1);
    options.decay_age = 10;
    TestPool pool(options, &backing);
    EXPECT_EQ(pba_pool_decay(pool.get(), 100).bytes, 0u);
    EXPECT_EQ(pba_pool_release_all(pool.get(), PBA_REPORT_IN_USE).code, BA_OK);
    EXPECT_EQ(pool.free(pool.alloc(kChunk)), BA_OK);
    EXPECT_EQ(pba_pool_decay(pool.get(), 1).bytes, 0u);
    EXPECT_EQ(pba_pool_decay(pool.get(), 10).bytes, 0u);
    EXPECT_EQ(pba_pool_decay(pool.get(), 11).bytes, kChunk);
}

TEST(DecayTest, TheThresholdsMinHolds) {
    StrictBacking backing;
    pba_options options = shrinking(PBA_AUTO_SHRINK_SIMPLE, PBA_THRESHOLD_FLAT, kChunk, 2 * kChunk);
    options.decay_age = 1;
    TestPool pool(options, &backing);
    for (const ba_memory &span : ten_chunks(&pool)) {
        EXPECT_EQ(pool.free(span), BA_OK);
    }
    EXPECT_EQ(pba_pool_decay(pool.get(), 1).bytes, 0u);
    EXPECT_EQ(pba_pool_decay(pool.get(), 2).bytes, 9 * kChunk);
    EXPECT_EQ(pool.stats().chunks, 1u);
}

// --- release_all

struct Report {
    ba_misuse misuse = {};
    std::string allocator;
    std::string operation;
    std::vector<ba_live> live;
    std::size_t count = 0;

    static void take(void *context, const ba_misuse *misuse) {
        Report &self = *static_cast<Report *>(context);
        self.count++;
        self.misuse = *misuse;
        self.allocator = misuse->allocator;
        self.operation = misuse->operation;
        self.live.assign(misuse->live, misuse->live + misuse->live_shown);
    }
};

TEST(ReleaseAllTest, ReportsWhatIsInUseAndThePoolIsAsNew) {
    for (const pba_switch sites : {PBA_ON, PBA_OFF}) {
        StrictBacking backing;
        MisuseRecorder severity_and_handler;
        Report report;
        ba_misuse_set_handler({Report::take, &report});
        pba_options options = small_options();
        options.call_sites = sites;
        pba_setup setup = {};
        setup.name = "textures";
        TestPool pool(options, &backing, &setup);
        std::vector<ba_memory> spans;
        for (std::size_t i = 0; i < 10; i++) {
            spans.push_back(pba_pool_alloc_at(pool.get(), ba_bytes(64 * (i + 1)), ba_align(1),
                                              ba_call_site_of_text("scene.c:12")));
        }
        EXPECT_EQ(pba_pool_release_all(pool.get(), PBA_REPORT_IN_USE).code, BA_IN_USE);
        EXPECT_EQ(backing.grants(), 0u) << "everything goes back all the same";
        EXPECT_EQ(report.count, 1u);
        EXPECT_EQ(report.misuse.severity, BA_SEVERITY_LOG);
        EXPECT_EQ(report.misuse.error.code, BA_IN_USE);
        EXPECT_EQ(report.allocator, "textures");
        EXPECT_EQ(report.operation, "release_all");
        EXPECT_EQ(report.misuse.live_count, 10u);
        EXPECT_EQ(report.misuse.live_length.bytes, 64u * 55);
        ASSERT_EQ(report.live.size(), 8u);
        std::uintptr_t before = 0;
        for (const ba_live &live : report.live) {
            EXPECT_GT(pba_testing::address_of(live.memory), before) << "in order of addresses";
            before = pba_testing::address_of(live.memory);
            EXPECT_STREQ(live.site.text, sites == PBA_ON ? "scene.c:12" : nullptr);
        }

        const pba_stats stats = pool.stats();
        EXPECT_EQ(stats.payload.bytes, 0u);
        EXPECT_EQ(stats.metadata.bytes, 0u);
        EXPECT_EQ(stats.allocations, 0u);
        EXPECT_EQ(pool.free(pool.alloc(1)), BA_OK);
        EXPECT_EQ(pba_pool_release_all(pool.get(), PBA_REPORT_IN_USE).code, BA_OK);
        EXPECT_EQ(report.count, 1u);
        EXPECT_EQ(backing.grants(), 0u);
    }
}

TEST(ReleaseAllTest, ThePoolCountsAnew) {
    StrictBacking backing;
    TestPool pool(small_options(), &backing);
    const ba_memory memory = pool.alloc(64);
    EXPECT_EQ(pool.resize(memory, 128), 128u);
    EXPECT_EQ(pool.free(pool.alloc(64)), BA_OK);
    backing.refuse_from(1);
    EXPECT_EQ(ba_memory_error(pool.alloc(kChunk)).code, BA_OUT_OF_MEMORY);
    backing.refuse_none();
    EXPECT_EQ(pool.stats().backing_failures, 1u);
    EXPECT_EQ(pba_pool_release_all(pool.get(), PBA_ALLOW_IN_USE).code, BA_OK);
    const pba_stats stats = pool.stats();
    EXPECT_EQ(stats.in_use.bytes, 0u);
    EXPECT_EQ(stats.free.bytes, 0u);
    EXPECT_EQ(pba_pool_largest_free(pool.get()).bytes, 0u);
    EXPECT_EQ(stats.peak_payload.bytes, 0u);
    EXPECT_EQ(stats.peak_in_use.bytes, 0u);
    EXPECT_EQ(stats.chunks, 0u);
    EXPECT_EQ(stats.spans, 0u);
    EXPECT_EQ(stats.allocations, 0u);
    EXPECT_EQ(stats.frees, 0u);
    EXPECT_EQ(stats.resizes, 0u);
    EXPECT_EQ(stats.failures, 0u);
    EXPECT_EQ(stats.backing_requests, 0u);
    EXPECT_EQ(stats.backing_failures, 0u);
    EXPECT_EQ(pba_pool_fragmentation(pool.get()), 0u);
}

TEST(ReleaseAllTest, TellsOfTheCallersBytesAndNotOfGuards) {
    StrictBacking backing;
    MisuseRecorder misuse;
    pba_options options = small_options();
    options.guard = PBA_ON;
    TestPool pool(options, &backing);
    const ba_memory memory = pool.alloc(100);
    EXPECT_EQ(ba_memory_length(memory).bytes, 128u);
    EXPECT_EQ(pba_pool_release_all(pool.get(), PBA_REPORT_IN_USE).code, BA_IN_USE);
    ASSERT_EQ(misuse.count(), 1u);
    EXPECT_EQ(misuse.report(0).misuse.live_length.bytes, 128u);
    ASSERT_EQ(misuse.report(0).live.size(), 1u);
    EXPECT_EQ(ba_memory_length(misuse.report(0).live[0].memory).bytes, 128u);
}

TEST(ReleaseAllTest, SaysNothingWhenMemoryMayBeInUse) {
    StrictBacking backing;
    MisuseRecorder misuse;
    TestPool pool(small_options(), &backing);
    ten_chunks(&pool);
    EXPECT_EQ(pba_pool_release_all(pool.get(), PBA_ALLOW_IN_USE).code, BA_OK);
    EXPECT_EQ(misuse.count(), 0u);
    EXPECT_EQ(backing.grants(), 0u);
}

TEST(ReleaseAllTest, IsPossibleBeforeAnything) {
    StrictBacking backing;
    TestPool pool(small_options(), &backing);
    EXPECT_EQ(pba_pool_release_all(pool.get(), PBA_REPORT_IN_USE).code, BA_OK);
    EXPECT_EQ(pba_pool_release_all(pool.get(), PBA_REPORT_IN_USE).code, BA_OK);
}

TEST(ReleaseAllTest, PanicsWithTheLeaks) {
    const std::string here =
        BA_BUILD_MODE == BA_DEBUG ? "pba/pool/pool_policy_test.cc:[0-9]+" : "0x[0-9a-f]+";
    EXPECT_DEATH(
        {
            StrictBacking backing;
            pba_options options = small_options();
            options.severity = BA_SEVERITY_PANIC;
            options.call_sites = PBA_ON;
            TestPool pool(options, &backing);
            EXPECT_FALSE(ba_memory_is_none(pba_pool_alloc_at(pool.get(), ba_bytes(100), ba_align(1),
                                                             ba_call_site_of_text("scene.c:12"))));
            pba_pool_release_all(pool.get(), PBA_REPORT_IN_USE);
        },
        "^pool: release_all\\(\\): IN_USE, memory is still in use, at " + here +
            ": 128 bytes in 1 allocation: "
            "\\(0x[0-9a-f]+, 128 at scene.c:12\\)\n");
}

} // namespace
