// What must hold of the span cache, of tags and of watched spans: each part of it, broken alone;
// and that chunks become empty exactly when their last live span is freed. Also built in release
// mode, where the calls have a fast path.
#define PBA_INTERNAL_

#include "pba/pool/cache_check.h"

#include <algorithm>
#include <random>
#include <utility>
#include <vector>

#include "testing/pool/pool_fixture.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::StrictBacking;
using pba_testing::address_of;
using pba_testing::small_options;
using pba_testing::TestPool;

constexpr std::size_t kBlock = 64;
constexpr std::size_t kChunk = 1024;

// No chunk goes by itself, although each might.
pba_options watching_options() {
    pba_options options = small_options();
    options.call_sites = PBA_OFF;
    options.shrink_kind = PBA_THRESHOLD_FLAT;
    options.shrink_min = SIZE_MAX - 1;
    options.shrink_max = SIZE_MAX;
    return options;
}

// Changes a value, asks verify, and changes it back.
template <typename Value>
bool is_valid_with(TestPool *pool, Value *place, decltype(Value{}) value) {
    const Value was = *place;
    *place = value;
    const bool is_valid = pool->verify() == BA_OK;
    *place = was;
    EXPECT_EQ(pool->verify(), BA_OK);
    return is_valid;
}

// A chunk full of spans of one block, a live one of 3 in another, and one that is cached; two more
// of one block are cached, the older one stale.
class BrokenCache : public ::testing::Test {
  protected:
    BrokenCache() {
        for (int i = 0; i < 16; i++) {
            ones_.push_back(pool_.alloc(1));
        }
        std::sort(ones_.begin(), ones_.end(),
                  [](ba_memory a, ba_memory b) { return address_of(a) < address_of(b); });
        three_ = pool_.alloc(3 * kBlock);
        first_ = chunk_of(ones_[0]);
        second_ = chunk_of(three_);
        EXPECT_EQ(pool_.free(ones_[5]), BA_OK);
        pba_span_cache_invalidate(cache_);
        EXPECT_EQ(pool_.free(ones_[9]), BA_OK);
        EXPECT_EQ(pool_.verify(), BA_OK);
    }

    pba_chunk *chunk_of(ba_memory memory) {
        return pba_chunk_set_find_const(&pool_.get()->chunks, address_of(memory));
    }
    bool is_tag_valid(pba_chunk *chunk, std::uint32_t block, std::uint32_t tag) {
        return is_valid_with(&pool_, &chunk->tags[block], static_cast<std::uint8_t>(tag));
    }
    // Asks verify() while a chunk watches another block, whose tag does not say so.
    bool is_valid_watching(pba_chunk *chunk, std::uint32_t watched) {
        const std::uint32_t was = chunk->watched;
        chunk->watched = watched;
        const bool is_valid = pool_.verify() == BA_OK;
        chunk->watched = was;
        return is_valid;
    }

    StrictBacking backing_;
    TestPool pool_{watching_options(), &backing_};
    pba_span_cache *cache_ = pool_.room();
    std::vector<ba_memory> ones_;
    ba_memory three_ = {};
    pba_chunk *first_ = nullptr;
    pba_chunk *second_ = nullptr;
};

TEST_F(BrokenCache, TagsOfLiveSpans) {
    ASSERT_EQ(first_->tags[3], 1);
    for (const std::uint32_t tag : {0U, 2U, PBA_TAG_LONG, PBA_TAG_WATCHED, PBA_TAG_CACHED,
                                    PBA_TAG_CACHED + 1, PBA_TAG_CACHED + 2}) {
        EXPECT_FALSE(is_tag_valid(first_, 3, tag)) << tag;
    }
}

TEST_F(BrokenCache, TagsOfCachedSpans) {
    for (const std::uint32_t block : {5U, 9U}) {
        ASSERT_EQ(first_->tags[block], PBA_TAG_CACHED + 1);
        for (const std::uint32_t tag : {0U, 1U, PBA_TAG_WATCHED, PBA_TAG_CACHED + 2}) {
            EXPECT_FALSE(is_tag_valid(first_, block, tag)) << tag;
        }
    }
}

TEST_F(BrokenCache, TagsOfOtherBlocks) {
    ASSERT_EQ(second_->tags[1], 0);
    EXPECT_FALSE(is_tag_valid(second_, 1, 1)) << "inside of a span";
    EXPECT_FALSE(is_tag_valid(second_, 2, PBA_TAG_CACHED + 1)) << "its last block";
    EXPECT_FALSE(is_tag_valid(second_, 15, 1)) << "of a free one";
}

TEST_F(BrokenCache, TagsBehindTheLastBlock) {
    pba_options options = watching_options();
    options.index = PBA_INDEX_U8; // the last chunk has 15 blocks, and its record room for 64
    StrictBacking backing;
    TestPool pool(options, &backing);
    EXPECT_EQ(pba_pool_reserve(pool.get(), ba_bytes(240 * kBlock)).code, BA_OK);
    EXPECT_EQ(pba_pool_reserve(pool.get(), ba_bytes(255 * kBlock)).code, BA_OK);
    pba_chunk *const chunk = pba_chunk_set_at(&pool.get()->chunks, 1);
    ASSERT_NE(chunk, nullptr);
    ASSERT_EQ(chunk->map.blocks, 15u);
    ASSERT_EQ(chunk->map.capacity, 64u);
    EXPECT_FALSE(is_valid_with(&pool, &chunk->tags[15], 1));
    EXPECT_FALSE(is_valid_with(&pool, &chunk->tags[63], 1));
}

TEST_F(BrokenCache, WatchedSpans) {
    for (pba_chunk *const chunk : {first_, second_}) {
        ASSERT_NE(chunk->watched, PBA_NO_BLOCK);
        EXPECT_FALSE(is_valid_with(&pool_, &chunk->watched, PBA_NO_BLOCK)) << "its tag says so";
        EXPECT_FALSE(is_valid_with(&pool_, &chunk->watched, chunk->watched + 1)) << "another";
        EXPECT_FALSE(is_valid_with(&pool_, &chunk->watched, std::uint32_t{16})) << "none of its";
    }
    const std::uint32_t watched = first_->watched;
    first_->watched = PBA_NO_BLOCK;
    first_->tags[watched] = 1;
    EXPECT_EQ(pool_.verify(), BA_CORRUPT) << "it has live spans, and watches none";
    first_->watched = watched;
    EXPECT_EQ(pool_.verify(), BA_CORRUPT) << "the tag does not say so";
    first_->tags[watched] = PBA_TAG_WATCHED;
    EXPECT_EQ(pool_.verify(), BA_OK);
}

// All tags are right then, but for the one that is watched.
TEST_F(BrokenCache, WatchedSpansThatAreNone) {
    const std::uint32_t watched = second_->watched;
    ASSERT_EQ(pba_map_span_blocks(&second_->map, watched), 3u);
    second_->tags[watched] = pba_tag_of(3);
    EXPECT_FALSE(is_valid_watching(second_, std::uint32_t{16})) << "behind the last block";
    EXPECT_FALSE(is_valid_watching(second_, std::uint32_t{1} << 30)) << "behind all tags";
    EXPECT_FALSE(is_valid_watching(second_, watched + 1)) << "inside of a span";
    second_->tags[watched] = PBA_TAG_WATCHED;
    EXPECT_EQ(pool_.verify(), BA_OK);
}

// A chunk that is listed as one that may be empty may be in use all the same.
TEST_F(BrokenCache, AListedChunkThatWatchesNothing) {
    EXPECT_EQ(pool_.free(three_), BA_OK);
    three_ = pool_.alloc(3 * kBlock);
    ASSERT_EQ(chunk_of(three_), second_);
    ASSERT_TRUE(second_->listed);
    const std::uint32_t watched = second_->watched;
    second_->tags[watched] = pba_tag_of(3);
    EXPECT_FALSE(is_valid_watching(second_, PBA_NO_BLOCK)) << "it has a live span";
    second_->tags[watched] = PBA_TAG_WATCHED;
    EXPECT_EQ(pool_.verify(), BA_OK);
}

TEST_F(BrokenCache, TagsOfFreeBlocks) {
    EXPECT_EQ(pba_pool_largest_free(pool_.get()).bytes, 13 * kBlock) << "nothing is cached";
    std::uint32_t free_blocks = 0;
    for (std::uint32_t block = 0; block < 16; block++) {
        if (pba_map_state(&second_->map, block) == PBA_BLOCK_FREE) {
            EXPECT_FALSE(is_tag_valid(second_, block, 1)) << block;
            free_blocks++;
        }
    }
    EXPECT_EQ(free_blocks, 13u) << "all but the live span";
}

TEST_F(BrokenCache, WhetherChunksAreWatched) {
    EXPECT_FALSE(is_valid_with(&pool_, &pool_.get()->watches, false));
}

TEST_F(BrokenCache, AListThatLostAnEntry) {
    ASSERT_EQ(pba_span_cache_count(cache_, 1), 2u);
    EXPECT_FALSE(is_valid_with(&pool_, &cache_->top[1], cache_->top[1] - 1)) << "the valid one";
    EXPECT_FALSE(is_valid_with(&pool_, &cache_->bottom[1], cache_->bottom[1] + 1));
    EXPECT_FALSE(is_valid_with(&pool_, &cache_->bottom[1]->address, ba_memory_pointer(ones_[3])))
        << "the stale one";
}

TEST_F(BrokenCache, AListWithAStrangeEntry) {
    pba_span_cache_entry *const valid = cache_->valid_from[1];
    ASSERT_EQ(valid->address, ba_memory_pointer(ones_[9]));
    ASSERT_EQ(valid->tag, &first_->tags[9]);
    EXPECT_FALSE(is_valid_with(&pool_, &valid->tag, valid->tag + 1));
    auto *const address = static_cast<char *>(valid->address);
    EXPECT_FALSE(is_valid_with<void *>(&pool_, &valid->address, address + 1)) << "in its block";
    EXPECT_FALSE(is_valid_with<void *>(&pool_, &valid->address, address + kBlock)) << "a live one";
    EXPECT_FALSE(is_valid_with<void *>(&pool_, &valid->address, &backing_)) << "of nobody";

    // One more, which is stale, is only a hint; a valid one must stand for what it says.
    for (const ba_memory &span : {ones_[3], ones_[9]}) {
        pba_span_cache_push(cache_, 2, ba_memory_pointer(span), &first_->tags[3]);
        EXPECT_EQ(pool_.verify(), BA_CORRUPT);
        pba_span_cache_invalidate(cache_);
        EXPECT_EQ(pool_.verify(), BA_OK);
        (void)pba_span_cache_pop(cache_, 2);
    }
}

TEST_F(BrokenCache, ListsThatAreNone) {
    EXPECT_FALSE(is_valid_with(&pool_, &cache_->valid_from[1], cache_->top[1] + 1));
    EXPECT_FALSE(is_valid_with(&pool_, &cache_->valid_from[2], cache_->bottom[2] - 1));
    EXPECT_FALSE(is_valid_with(&pool_, &cache_->end[1], cache_->top[1] - 1));
    EXPECT_FALSE(is_valid_with(&pool_, &cache_->end[0], cache_->end[0] + 1)) << "has room";
    EXPECT_FALSE(is_valid_with(&pool_, &cache_->valid_from[0], cache_->valid_from[0] - 1))
        << "has an entry";
}

TEST_F(BrokenCache, ValidEntriesOfAnEmptyChunk) {
    EXPECT_EQ(pool_.free(three_), BA_OK);
    EXPECT_EQ(second_->watched, PBA_NO_BLOCK);
    EXPECT_TRUE(pba_span_cache_is_stale(cache_, 3));
    EXPECT_FALSE(is_valid_with(&pool_, &cache_->valid_from[3], cache_->bottom[3]))
        << "the fast path would make it live, and nobody watched";
}

TEST_F(BrokenCache, Counts) {
    pba_accounting *const accounting = &pool_.get()->accounting;
    EXPECT_FALSE(is_valid_with(&pool_, &accounting->below_peak, accounting->below_peak + 1));
    EXPECT_FALSE(is_valid_with(&pool_, &accounting->frees_left, accounting->frees_left - 1));
    EXPECT_FALSE(is_valid_with(&pool_, &accounting->allocations, accounting->allocations - 1));
}

// --- watching

// Two chunks of 64 words, full of spans of one block, in order of addresses.
class TwoChunks : public ::testing::Test {
  protected:
    static constexpr std::size_t kBlocks = 4096;

    explicit TwoChunks(const pba_options &options = large(watching_options()))
        : pool_(options, &backing_) {
        for (std::size_t i = 0; i < 2 * kBlocks; i++) {
            spans_.push_back(pool_.alloc(1));
        }
        for (std::uint32_t slot = 0; slot < 2; slot++) {
            chunks_.push_back(pba_chunk_set_at(&pool_.get()->chunks, slot));
        }
        std::sort(spans_.begin(), spans_.end(), [this](ba_memory a, ba_memory b) {
            return std::make_pair(!is_of(chunks_[0], a), address_of(a)) <
                   std::make_pair(!is_of(chunks_[0], b), address_of(b));
        });
    }

    static pba_options large(pba_options options) {
        options.auto_shrink = PBA_AUTO_SHRINK_SIMPLE; // so that both chunks stay
        options.backing_request_size = kBlocks * kBlock;
        return options;
    }
    static bool is_of(const pba_chunk *chunk, ba_memory span) {
        return pba_chunk_holds(chunk, address_of(span));
    }
    // The spans of the first chunk, or of the second.
    std::vector<ba_memory> spans_of(int number) {
        std::vector<ba_memory> of;
        std::copy_if(spans_.begin(), spans_.end(), std::back_inserter(of), [&](ba_memory span) {
            return is_of(chunks_.at(static_cast<std::size_t>(number)), span);
        });
        return of;
    }
    // Frees all; the chunk must be known to be empty after the last one and not before.
    void expect_empty_after(const std::vector<ba_memory> &spans, const pba_chunk *chunk) {
        for (std::size_t i = 0; i < spans.size(); i++) {
            ASSERT_NE(chunk->watched, PBA_NO_BLOCK) << i;
            ASSERT_EQ(pool_.free(spans[i]), BA_OK);
        }
        EXPECT_EQ(chunk->watched, PBA_NO_BLOCK);
        EXPECT_TRUE(chunk->listed);
        EXPECT_EQ(pool_.verify(), BA_OK);
    }

    StrictBacking backing_;
    TestPool pool_;
    std::vector<ba_memory> spans_;
    std::vector<pba_chunk *> chunks_;
};

TEST_F(TwoChunks, IsEmptyAfterTheLastFreeWhateverTheOrder) {
    std::vector<ba_memory> spans = spans_of(1);
    expect_empty_after(spans, chunks_[1]);
    EXPECT_NE(chunks_[0]->watched, PBA_NO_BLOCK);
    std::vector<ba_memory> others = spans_of(0);
    std::mt19937 random(1);
    std::shuffle(others.begin(), others.end(), random);
    expect_empty_after(others, chunks_[0]);
}

TEST_F(TwoChunks, IsEmptyAfterTheLastFreeBackwards) {
    std::vector<ba_memory> spans = spans_of(1);
    std::reverse(spans.begin(), spans.end());
    expect_empty_after(spans, chunks_[1]);
}

TEST_F(TwoChunks, WhatLayFarApartIsCoalescedThen) {
    std::vector<ba_memory> spans = spans_of(1);
    std::mt19937 random(2);
    std::shuffle(spans.begin(), spans.end(), random);
    /* Lists grow when they were full: at last the cache holds more than may lie close to each
     * other. */
    for (const std::size_t capacity : {8U, 64U}) {
        for (std::size_t i = 0; i <= capacity; i++) {
            EXPECT_EQ(pool_.free(spans[i]), BA_OK);
        }
        for (std::size_t i = 0; i <= capacity; i++) {
            spans[i] = pool_.alloc(1);
        }
    }
    for (std::size_t i = 0; i + 1 < spans.size(); i++) {
        EXPECT_EQ(pool_.free(spans[i]), BA_OK);
    }
    ASSERT_GT(chunks_[1]->map.taken, 257u);
    EXPECT_EQ(pool_.free(spans.back()), BA_OK);
    EXPECT_EQ(chunks_[1]->map.taken, 0u);
    EXPECT_EQ(pba_chunk_set_longest(&pool_.get()->chunks), kBlocks);
    EXPECT_EQ(pool_.verify(), BA_OK);
}

// An empty chunk that is used again is watched again, from its first live span on.
TEST_F(TwoChunks, IsWatchedAgainWhenItIsUsedAgain) {
    for (const ba_memory &span : spans_of(1)) {
        EXPECT_EQ(pool_.free(span), BA_OK);
    }
    for (int round = 0; round < 3; round++) {
        const ba_memory one = pool_.alloc(1);
        ASSERT_TRUE(is_of(chunks_[1], one));
        EXPECT_NE(chunks_[1]->watched, PBA_NO_BLOCK);
        const ba_memory other = pool_.alloc(1);
        EXPECT_EQ(pool_.verify(), BA_OK);
        EXPECT_EQ(pool_.free(one), BA_OK);
        EXPECT_NE(chunks_[1]->watched, PBA_NO_BLOCK);
        EXPECT_EQ(pool_.verify(), BA_OK);
        EXPECT_EQ(pool_.free(other), BA_OK);
        EXPECT_EQ(chunks_[1]->watched, PBA_NO_BLOCK);
        EXPECT_EQ(pool_.verify(), BA_OK);
    }
}

// The watched span stays so when it is made longer or shorter.
TEST_F(TwoChunks, TheWatchedSpanIsResized) {
    for (const ba_memory &span : spans_of(1)) {
        EXPECT_EQ(pool_.free(span), BA_OK);
    }
    ba_memory span = pool_.alloc(300 * kBlock);
    ASSERT_TRUE(is_of(chunks_[1], span));
    for (const std::size_t blocks : {299U, 20U, 500U, 16U, 1U, 2U}) {
        const ba_length_result resized = pool_.try_resize(span, blocks * kBlock);
        ASSERT_EQ(ba_length_result_length(resized).bytes, blocks * kBlock);
        span = ba_memory_of(ba_memory_pointer(span), ba_length_result_length(resized));
        EXPECT_EQ(chunks_[1]->tags[chunks_[1]->watched], PBA_TAG_WATCHED);
        EXPECT_EQ(pool_.verify(), BA_OK);
    }
    EXPECT_EQ(pool_.free(span), BA_OK);
    EXPECT_EQ(chunks_[1]->watched, PBA_NO_BLOCK);
    EXPECT_EQ(pool_.verify(), BA_OK);
}

TEST_F(TwoChunks, AResetLeavesNothingToWatch) {
    EXPECT_EQ(pba_pool_reset(pool_.get(), ba_bytes(SIZE_MAX)).bytes, 0u);
    for (const pba_chunk *const chunk : chunks_) {
        EXPECT_EQ(chunk->watched, PBA_NO_BLOCK);
        EXPECT_TRUE(chunk->listed);
    }
    EXPECT_EQ(pool_.verify(), BA_OK);
}

TEST(Watching, BeginsWithTheSecondChunkWhereTheLastOneStays) {
    StrictBacking backing;
    pba_options options = small_options();
    options.auto_shrink = PBA_AUTO_SHRINK_SIMPLE;
    options.shrink_kind = PBA_THRESHOLD_FLAT;
    options.shrink_min = 1;
    options.shrink_max = 2;
    TestPool pool(options, &backing);
    const ba_memory one = pool.alloc(kChunk / 2);
    EXPECT_FALSE(pool.get()->watches);
    const ba_memory other = pool.alloc(kChunk);
    EXPECT_TRUE(pool.get()->watches);
    EXPECT_EQ(pool.free(other), BA_OK);
    EXPECT_EQ(pool.stats().chunks, 1u) << "half of the other chunk is free";
    EXPECT_FALSE(pool.get()->watches);
    EXPECT_EQ(pool.verify(), BA_OK);
    EXPECT_EQ(pool.free(one), BA_OK);
    EXPECT_EQ(pool.stats().chunks, 1u);
    EXPECT_EQ(pba_pool_reserve(pool.get(), ba_bytes(2 * kChunk)).code, BA_OK);
    EXPECT_TRUE(pool.get()->watches);
    EXPECT_EQ(pool.verify(), BA_OK) << "and what was there already is known to be empty";
    EXPECT_EQ(pba_pool_trim(pool.get(), ba_bytes(0)).bytes, 2 * kChunk);
    EXPECT_EQ(pool.verify(), BA_OK);
}

TEST(Watching, IsOnlyForPoolsWhoseChunksGoByThemselves) {
    for (const pba_auto_shrink auto_shrink :
         {PBA_AUTO_SHRINK_NEVER, PBA_AUTO_SHRINK_SIMPLE, PBA_AUTO_SHRINK_AGGRESSIVE,
          PBA_AUTO_SHRINK_ADAPTIVE}) {
        for (const std::size_t min : {0U, 1U}) {
            for (const std::uint64_t age : {0U, 1U}) {
                StrictBacking backing;
                pba_options options = small_options();
                options.auto_shrink = auto_shrink;
                options.shrink_min = min;
                options.decay_age = age;
                TestPool pool(options, &backing);
                const bool goes = auto_shrink != PBA_AUTO_SHRINK_NEVER || age != 0;
                EXPECT_FALSE(pool.get()->watches);
                (void)pool.alloc(kChunk);
                // ADAPTIVE has no threshold.
                const bool last_goes = min == 0 && auto_shrink != PBA_AUTO_SHRINK_ADAPTIVE;
                EXPECT_EQ(pool.get()->watches, goes && (last_goes || age != 0));
                (void)pool.alloc(kChunk);
                EXPECT_EQ(pool.get()->watches, goes);
                EXPECT_EQ(pba_pool_release_all(pool.get(), PBA_ALLOW_IN_USE).code, BA_OK);
                EXPECT_FALSE(pool.get()->watches);
            }
        }
    }
}

// Since when a chunk is empty is decided by its last free, not by what coalesces the cached spans.
TEST(Watching, CoalescingDoesNotMakeAnEmptyChunkYounger) {
    StrictBacking backing;
    pba_options options = small_options();
    options.decay_age = 10;
    options.shrink_min = 0;
    TestPool pool(options, &backing);
    const ba_memory span = pool.alloc(kBlock);
    EXPECT_EQ(pool.free(span), BA_OK);
    EXPECT_EQ(pba_pool_decay(pool.get(), 9).bytes, 0u);
    EXPECT_EQ(pba_pool_largest_free(pool.get()).bytes, kChunk);
    EXPECT_EQ(pba_pool_decay(pool.get(), 18).bytes, 0u);
    EXPECT_EQ(pba_pool_decay(pool.get(), 19).bytes, kChunk);
}

} // namespace
