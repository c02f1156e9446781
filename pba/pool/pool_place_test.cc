// Where spans go and come from: the span cache in front of the maps, of both
// kinds. Also built in release mode, where the calls below have a fast path.
#define PBA_INTERNAL_

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "block_allocator/implementing/instrumentation.h"
#include "pba/internal/fast_path.h"
#include "testing/misuse_recorder.h"
#include "testing/pool/pool_fixture.h"
#include "testing/scripted_allocator.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::MisuseRecorder;
using ba_testing::ScriptedAllocator;
using ba_testing::StrictBacking;
using ba_testing::StrictBackingOptions;
using pba_testing::address_of;
using pba_testing::bytes_of;
using pba_testing::length_of;
using pba_testing::part_of;
using pba_testing::small_options;
using pba_testing::TestPool;

constexpr std::size_t kBlock = 64;
constexpr std::size_t kChunk = 1024;

enum class Cache { kChecked, kUnchecked };

// Options of a pool that gives nothing back by itself, with a cache of that kind.
pba_options options_of(Cache cache) {
    pba_options options = small_options();
    options.call_sites = PBA_OFF;
    options.auto_shrink = PBA_AUTO_SHRINK_NEVER;
    options.safety = cache == Cache::kUnchecked ? PBA_SAFETY_NEVER : PBA_SAFETY_ALWAYS;
    return options;
}

// A pool that is called as the functions of a pool type call it.
class FastPool : public TestPool {
  public:
    using TestPool::TestPool;

    ba_memory alloc(std::size_t length, std::size_t alignment = 1) {
        return pba_fast_alloc(get(), cache(), fast_options(), ba_bytes(length), ba_align(alignment),
                              BA_HERE());
    }
    ba_error_code free(ba_memory memory) {
        return pba_fast_free(get(), cache(), fast_options(), memory, ba_align(1), BA_HERE()).code;
    }
    bool is_freed_fast(ba_memory memory) {
        return pba_fast_try_free(get(), cache(), fast_options(), memory, ba_align(1));
    }

    pba_span_cache *cache() { return get()->cache; }
    std::size_t cached(std::uint32_t blocks) { return pba_span_cache_count(cache(), blocks); }
    std::size_t capacity(std::uint32_t blocks) {
        return static_cast<std::size_t>(cache()->end[blocks] - cache()->bottom[blocks]);
    }
    ba_error_code usable_error(const void *pointer) {
        return ba_length_result_error(pba_pool_usable_len(get(), pointer)).code;
    }
    std::size_t usable_len(ba_memory memory) {
        return ba_length_result_length(pba_pool_usable_len(get(), ba_memory_pointer(memory))).bytes;
    }

    // A chunk of so many bytes full of spans of so many blocks each, in order of addresses. Nothing
    // may be free.
    std::vector<ba_memory> full_chunk(std::size_t blocks, std::size_t bytes = kChunk) {
        std::vector<ba_memory> spans;
        for (std::size_t i = 0; i < bytes / kBlock / blocks; i++) {
            spans.push_back(alloc(blocks * kBlock));
        }
        std::sort(spans.begin(), spans.end(),
                  [](ba_memory a, ba_memory b) { return address_of(a) < address_of(b); });
        EXPECT_EQ(address_of(spans.back()) - address_of(spans.front()),
                  (spans.size() - 1) * blocks * kBlock);
        return spans;
    }

  private:
    // As a pool type with these options tells them.
    pba_fast_options fast_options() { return pba_fast_options_of(&options()); }
};

std::size_t length_of(ba_length_result result) {
    return ba_length_result_length(result).bytes;
}

bool lies_in(ba_memory memory, ba_memory other) {
    return address_of(memory) - address_of(other) < length_of(other);
}

// --- both kinds

class EitherCache : public ::testing::TestWithParam<Cache> {
  protected:
    static StrictBackingOptions discarding() {
        StrictBackingOptions options;
        options.discards = true;
        return options;
    }
    // Frees spans number 3, 5, 4, and 10 of 16 of one block.
    void free_some() {
        spans_ = pool_.full_chunk(1);
        for (const std::size_t i : {3U, 5U, 4U, 10U}) {
            EXPECT_EQ(pool_.free(spans_[i]), BA_OK);
        }
        EXPECT_EQ(pool_.cached(1), 4u);
        calls_ = backing_.calls();
    }
    void free_all() {
        for (const ba_memory &span : spans_) {
            EXPECT_EQ(pool_.free(span), BA_OK);
        }
    }
    // What usable_len says of a span in the cache, or of a byte within: a pool that trusts its
    // caller takes it for a live one.
    ba_error_code stored_error(ba_error_code if_live) {
        return pool_.get()->cache_is_checked ? BA_DOUBLE_FREE : if_live;
    }
    void expect_backing_not_asked() { EXPECT_EQ(backing_.calls(), calls_); }

    StrictBacking backing_{discarding()};
    FastPool pool_{options_of(GetParam()), &backing_};
    std::vector<ba_memory> spans_;
    std::size_t calls_ = 0;
};

TEST_P(EitherCache, TheYoungestIsTakenFirst) {
    free_some();
    for (const std::size_t i : {10U, 4U, 5U, 3U}) {
        EXPECT_EQ(address_of(pool_.alloc(1)), address_of(spans_[i])) << i;
    }
    EXPECT_EQ(pool_.cached(1), 0u);
    expect_backing_not_asked();
}

TEST_P(EitherCache, EachLengthHasItsOwn) {
    spans_ = pool_.full_chunk(2);
    const std::vector<ba_memory> others = pool_.full_chunk(4);
    EXPECT_EQ(pool_.free(spans_[3]), BA_OK);
    EXPECT_EQ(pool_.free(others[2]), BA_OK);
    EXPECT_EQ(pool_.cached(2), 1u);
    EXPECT_EQ(pool_.cached(4), 1u);
    EXPECT_EQ(address_of(pool_.alloc(4 * kBlock)), address_of(others[2]));
    EXPECT_EQ(address_of(pool_.alloc(2 * kBlock)), address_of(spans_[3]));
}

TEST_P(EitherCache, LongSpansAreMergedAtOnce) {
    const ba_memory sixteen = pool_.alloc(16 * kBlock);
    const ba_memory seventeen = pool_.alloc(17 * kBlock);
    EXPECT_EQ(pool_.free(sixteen), BA_OK);
    EXPECT_EQ(pool_.free(seventeen), BA_OK);
    EXPECT_EQ(pool_.cached(16), 1u);
    EXPECT_EQ(pba_pool_largest_free(pool_.get()).bytes, 2 * kChunk);
    EXPECT_EQ(pool_.cached(16), 0u);
}

TEST_P(EitherCache, WhatIsInTheCacheHasNoLengthWhereThatIsChecked) {
    free_some();
    EXPECT_EQ(pool_.usable_error(bytes_of(spans_[4])), stored_error(BA_OK));
    EXPECT_EQ(pool_.usable_error(bytes_of(spans_[10]) + 1), stored_error(BA_INTERIOR));
    EXPECT_EQ(pool_.usable_error(bytes_of(spans_[10]) + kBlock - 1), stored_error(BA_INTERIOR));
    EXPECT_EQ(pool_.usable_len(spans_[2]), kBlock);
    EXPECT_EQ(pool_.usable_error(bytes_of(spans_[2]) + 1), BA_INTERIOR);
    const std::vector<ba_memory> longer = pool_.full_chunk(8);
    EXPECT_EQ(pool_.free(longer[1]), BA_OK);
    EXPECT_EQ(pool_.usable_error(bytes_of(longer[1])), stored_error(BA_OK));
    EXPECT_EQ(pool_.usable_error(bytes_of(longer[1]) + 3 * kBlock), stored_error(BA_INTERIOR));
    EXPECT_EQ(pool_.usable_error(bytes_of(longer[0]) + 3 * kBlock), BA_INTERIOR);
    EXPECT_EQ(pool_.usable_len(longer[0]), 8 * kBlock);
}

TEST_P(EitherCache, VerifyAgrees) {
    free_some();
    EXPECT_EQ(pool_.verify(), BA_OK);
    EXPECT_EQ(pool_.cached(1), 4u) << "it changes nothing";
}

TEST_P(EitherCache, StatisticsSeeItAsFree) {
    free_some();
    const pba_stats stats = pool_.stats();
    EXPECT_EQ(stats.payload.bytes, kChunk);
    EXPECT_EQ(stats.in_use.bytes, 12 * kBlock);
    EXPECT_EQ(stats.free.bytes, 4 * kBlock);
    EXPECT_EQ(stats.spans, 12u);
    EXPECT_EQ(stats.frees, 4u);
    EXPECT_EQ(pool_.cached(1), 4u) << "they change nothing";
    EXPECT_EQ(pba_span_cache_valid_count(pool_.cache(), 1), 4u);
}

TEST_P(EitherCache, FragmentationSeesItAsFree) {
    free_some();
    EXPECT_EQ(pba_pool_fragmentation(pool_.get()), 25u);
    EXPECT_EQ(pool_.cached(1), 0u);
}

TEST_P(EitherCache, LargestFreeSeesItAsFree) {
    free_some();
    EXPECT_EQ(pba_pool_largest_free(pool_.get()).bytes, 3 * kBlock);
    EXPECT_EQ(pool_.cached(1), 0u);
}

TEST_P(EitherCache, WalkSeesItAsFree) {
    free_some();
    std::vector<std::pair<const void *, std::size_t>> holes;
    pba_pool_walk(
        pool_.get(),
        [](void *context, const pba_walk_item *item) {
            if (item->kind == PBA_WALK_HOLE) {
                static_cast<decltype(holes) *>(context)->emplace_back(item->pointer,
                                                                      item->length.bytes);
            }
        },
        &holes);
    const decltype(holes) expected = {{bytes_of(spans_[3]), 3 * kBlock},
                                      {bytes_of(spans_[10]), kBlock}};
    EXPECT_EQ(holes, expected);
}

TEST_P(EitherCache, TheFunctionOfAWalkMayTakeFromItAndPutIntoIt) {
    free_some();
    struct Calls {
        FastPool *pool;
        std::size_t live;
    } calls = {&pool_, 0};
    pba_pool_walk(
        pool_.get(),
        [](void *context, const pba_walk_item *item) {
            auto *const self = static_cast<Calls *>(context);
            if (item->kind == PBA_WALK_HOLE) {
                return;
            }
            self->live++;
            const ba_memory memory = ba_memory_of(const_cast<void *>(item->pointer), item->length);
            EXPECT_EQ(self->pool->free(memory), BA_OK);
            EXPECT_EQ(address_of(self->pool->alloc(1)), address_of(memory));
            EXPECT_EQ(self->pool->free(memory), BA_OK);
        },
        &calls);
    EXPECT_EQ(calls.live, 12u);
    EXPECT_EQ(pba_pool_verify(pool_.get()).code, BA_OK);
    EXPECT_EQ(pool_.usable_len(spans_[0]), 0u);
}

// A backing that can move a chunk; of 16 spans of one block all are freed but some.
StrictBackingOptions remapping() {
    StrictBackingOptions options;
    options.remaps = true;
    return options;
}
std::vector<ba_memory> all_freed_but(FastPool *pool, const std::vector<std::size_t> &kept) {
    std::vector<ba_memory> spans = pool->full_chunk(1);
    for (std::size_t i = 0; i < spans.size(); i++) {
        if (std::find(kept.begin(), kept.end(), i) == kept.end()) {
            EXPECT_EQ(pool->free(spans[i]), BA_OK);
        }
    }
    EXPECT_GT(pool->cached(1), 0u);
    return spans;
}

TEST_P(EitherCache, ASpanThatIsAloneAmongWhatIsInItMoves) {
    for (const std::size_t alone : {0U, 7U, 15U}) {
        StrictBacking backing(remapping());
        FastPool pool(options_of(GetParam()), &backing);
        const ba_memory span = all_freed_but(&pool, {alone})[alone];
        *bytes_of(span) = 0x5A;
        const ba_memory moved = pool.remap(span, 2 * kChunk);
        ASSERT_EQ(ba_memory_error(moved).code, BA_OK) << alone;
        EXPECT_EQ(*bytes_of(moved), 0x5A);
        EXPECT_TRUE(pba_span_cache_is_stale(pool.cache(), 1));
        EXPECT_EQ(pool.verify(), BA_OK);
        for (std::size_t i = 0; i < 16; i++) {
            const ba_memory memory = pool.alloc(1);
            EXPECT_FALSE(lies_in(memory, moved)) << "and nowhere where the chunk was";
            EXPECT_TRUE(pba_pool_owns(pool.get(), ba_memory_pointer(memory)));
        }
        EXPECT_EQ(pool.usable_len(moved), 2 * kChunk);
        EXPECT_EQ(pool.verify(), BA_OK);
    }
}

TEST_P(EitherCache, ASpanThatIsNotAloneLeavesWhatIsInIt) {
    for (const std::size_t other : {0U, 8U, 15U}) {
        StrictBacking backing(remapping());
        FastPool pool(options_of(GetParam()), &backing);
        const std::vector<ba_memory> spans = all_freed_but(&pool, {7, other});
        const std::size_t stored = pool.cached(1);
        EXPECT_EQ(ba_memory_error(pool.remap(spans[7], 2 * kChunk)).code, BA_UNSUPPORTED);
        EXPECT_EQ(pool.cached(1), stored);
        EXPECT_EQ(pool.usable_len(spans[7]), kBlock);
        EXPECT_EQ(pool.usable_len(spans[other]), kBlock);
        EXPECT_EQ(pool.verify(), BA_OK);
        EXPECT_EQ(pool.free(spans[7]), BA_OK);
        EXPECT_EQ(pool.free(spans[other]), BA_OK);
        EXPECT_EQ(pba_pool_largest_free(pool.get()).bytes, kChunk);
    }
}

TEST_P(EitherCache, IsMergedBeforeTheBackingIsAsked) {
    free_some();
    EXPECT_EQ(address_of(pool_.alloc(3 * kBlock)), address_of(spans_[3]));
    EXPECT_EQ(address_of(pool_.alloc(1)), address_of(spans_[10]));
    expect_backing_not_asked();
    EXPECT_FALSE(lies_in(pool_.alloc(1), part_of(spans_[0], 0, kChunk)));
    EXPECT_GT(backing_.calls(), calls_);
}

TEST_P(EitherCache, TheShortestThatIsLongerIsCutBeforeAllIsMerged) {
    const std::vector<ba_memory> eights = pool_.full_chunk(8);
    const std::vector<ba_memory> fours = pool_.full_chunk(4);
    EXPECT_EQ(pool_.free(fours[1]), BA_OK);
    EXPECT_EQ(pool_.free(eights[0]), BA_OK);
    calls_ = backing_.calls();
    const ba_memory one = pool_.alloc(1);
    EXPECT_EQ(address_of(one), address_of(fours[1]));
    EXPECT_EQ(length_of(one), kBlock);
    EXPECT_EQ(pool_.cached(4), 0u);
    EXPECT_EQ(pool_.cached(3), 1u);
    EXPECT_EQ(pool_.cached(8), 1u) << "the others keep theirs";
    EXPECT_EQ(pool_.verify(), BA_OK);
    EXPECT_EQ(pool_.usable_len(one), kBlock);
    EXPECT_EQ(pool_.usable_error(bytes_of(one) + kBlock), stored_error(BA_OK));
    EXPECT_EQ(pool_.usable_error(bytes_of(one) + 3 * kBlock), stored_error(BA_INTERIOR));

    EXPECT_EQ(address_of(pool_.alloc(2 * kBlock)), address_of(one) + kBlock);
    EXPECT_EQ(address_of(pool_.alloc(1)), address_of(one) + 3 * kBlock);
    EXPECT_EQ(address_of(pool_.alloc(7 * kBlock)), address_of(eights[0]));
    EXPECT_EQ(address_of(pool_.alloc(1)), address_of(eights[0]) + 7 * kBlock);
    EXPECT_EQ(pool_.verify(), BA_OK);
    EXPECT_EQ(pool_.stats().free.bytes, 0u);
    expect_backing_not_asked();
}

TEST_P(EitherCache, WhatIsCutOffGoesToAListThatMayBeFull) {
    spans_ = pool_.full_chunk(1);
    const std::vector<ba_memory> fours = pool_.full_chunk(4);
    EXPECT_EQ(pool_.resize(fours[1], 3 * kBlock), 3 * kBlock);
    EXPECT_EQ(address_of(pool_.alloc(1)), address_of(fours[1]) + 3 * kBlock);
    EXPECT_EQ(pool_.free(part_of(fours[1], 0, 3 * kBlock)), BA_OK);
    for (std::size_t i = 0; i < 16; i += 2) {
        EXPECT_EQ(pool_.free(spans_[i]), BA_OK);
    }
    EXPECT_EQ(pool_.cached(1), PBA_SPAN_CACHE_FIRST);
    EXPECT_EQ(address_of(pool_.alloc(2 * kBlock)), address_of(fours[1]));
    EXPECT_EQ(pool_.cached(1), 1u) << "the rest of the span, and the others are merged";
    EXPECT_TRUE(pool_.cache()->was_full[1]);
    EXPECT_EQ(pool_.verify(), BA_OK);
    EXPECT_EQ(address_of(pool_.alloc(1)), address_of(fours[1]) + 2 * kBlock);
    EXPECT_EQ(address_of(pool_.alloc(1)), address_of(spans_[0]));
}

TEST_P(EitherCache, IsMergedForAnAlignedRun) {
    spans_ = pool_.full_chunk(1);
    std::size_t first = 1;
    while (address_of(spans_[first]) % 256 != 0) {
        first++;
    }
    for (std::size_t i = first; i < first + 4; i++) {
        EXPECT_EQ(pool_.free(spans_[i]), BA_OK);
    }
    calls_ = backing_.calls();
    EXPECT_EQ(address_of(pool_.alloc(256, 256)), address_of(spans_[first]));
    expect_backing_not_asked();
}

TEST_P(EitherCache, ASpanGrowsIntoIt) {
    free_some();
    EXPECT_EQ(pool_.resize(spans_[2], 4 * kBlock), 4 * kBlock);
    EXPECT_EQ(pool_.usable_len(spans_[2]), 4 * kBlock);
    EXPECT_EQ(pool_.usable_error(bytes_of(spans_[3])), BA_INTERIOR);
    EXPECT_EQ(pool_.usable_error(bytes_of(spans_[10])), BA_DOUBLE_FREE);
    EXPECT_EQ(pool_.verify(), BA_OK);
    expect_backing_not_asked();
    EXPECT_EQ(address_of(pool_.alloc(1)), address_of(spans_[10]));
    EXPECT_FALSE(lies_in(pool_.alloc(1), part_of(spans_[0], 0, kChunk)));
}

TEST_P(EitherCache, ASpanGrowsIntoAPartOfIt) {
    spans_ = pool_.full_chunk(4);
    EXPECT_EQ(pool_.free(spans_[1]), BA_OK);
    EXPECT_EQ(pool_.free(spans_[2]), BA_OK);
    EXPECT_EQ(pool_.resize(spans_[0], 6 * kBlock), 6 * kBlock);
    EXPECT_EQ(pool_.verify(), BA_OK);
    EXPECT_EQ(pba_pool_largest_free(pool_.get()).bytes, 6 * kBlock);
    EXPECT_EQ(address_of(pool_.alloc(6 * kBlock)), address_of(spans_[1]) + 2 * kBlock);
}

TEST_P(EitherCache, ASpanGrowsAsFarAsItGoes) {
    free_some();
    EXPECT_EQ(length_of(pba_pool_grow_between(pool_.get(), spans_[2], ba_align(1),
                                              ba_bytes(2 * kBlock), ba_bytes(10 * kBlock))),
              4 * kBlock);
    EXPECT_EQ(length_of(pba_pool_grow_between(pool_.get(), spans_[9], ba_align(1),
                                              ba_bytes(3 * kBlock), ba_bytes(10 * kBlock))),
              0u)
        << "behind it there is one block";
    EXPECT_EQ(pool_.usable_len(spans_[9]), kBlock);
    EXPECT_EQ(pool_.stats().free.bytes, kBlock);
    expect_backing_not_asked();
}

TEST_P(EitherCache, TheCutOffTailGoesThere) {
    const ba_memory span = pool_.alloc(kChunk);
    EXPECT_EQ(pool_.resize(span, 5 * kBlock), 5 * kBlock);
    EXPECT_EQ(pool_.cached(11), 1u);
    EXPECT_EQ(pool_.usable_error(bytes_of(span) + 5 * kBlock), stored_error(BA_OK));
    EXPECT_EQ(pool_.usable_len(span), 5 * kBlock);
    EXPECT_EQ(pool_.verify(), BA_OK);
    EXPECT_EQ(address_of(pool_.alloc(11 * kBlock)), address_of(span) + 5 * kBlock);
}

TEST_P(EitherCache, TrimAndShrinkSeeItAsFree) {
    for (const bool trims : {true, false}) {
        spans_ = pool_.full_chunk(8);
        const std::vector<ba_memory> partly = pool_.full_chunk(8);
        EXPECT_EQ(pool_.free(partly[0]), BA_OK);
        free_all();
        EXPECT_EQ(pool_.cached(8), 3u);
        const std::size_t gone =
            trims ? pba_pool_trim(pool_.get(), ba_bytes(0)).bytes
                  : pba_pool_shrink(pool_.get(), pba_threshold_percent(0, 1)).bytes;
        EXPECT_EQ(gone, kChunk);
        EXPECT_EQ(pool_.verify(), BA_OK);
        EXPECT_FALSE(pba_pool_owns(pool_.get(), bytes_of(spans_[0])));
        EXPECT_EQ(address_of(pool_.alloc(8 * kBlock)), address_of(partly[0]))
            << "what stands for spans of the chunk that is gone is passed over";
        EXPECT_EQ(pba_pool_reset(pool_.get(), ba_bytes(0)).bytes, kChunk);
    }
}

TEST_P(EitherCache, ResetLeavesNothingInIt) {
    free_some();
    EXPECT_EQ(pba_pool_reset(pool_.get(), ba_bytes(kChunk)).bytes, 0u);
    EXPECT_EQ(pool_.cached(1), 0u);
    EXPECT_EQ(pool_.stats().in_use.bytes, 0u);
    EXPECT_EQ(pool_.verify(), BA_OK);
    spans_ = pool_.full_chunk(1);
    expect_backing_not_asked();
    free_all();
    EXPECT_EQ(pba_pool_reset(pool_.get(), ba_bytes(0)).bytes, kChunk);
    EXPECT_EQ(pool_.stats().payload.bytes, 0u);
}

TEST_P(EitherCache, ReleaseAllReportsOnlyWhatIsInUse) {
    MisuseRecorder misuse;
    spans_ = pool_.full_chunk(1);
    const ba_memory kept = pool_.alloc(2 * kBlock);
    free_all();
    EXPECT_EQ(pba_pool_release_all(pool_.get(), PBA_REPORT_IN_USE).code, BA_IN_USE);
    ASSERT_EQ(misuse.count(), 1u);
    EXPECT_EQ(misuse.report(0).misuse.live_count, 1u);
    EXPECT_EQ(misuse.report(0).misuse.live_length.bytes, 2 * kBlock);
    EXPECT_EQ(address_of(misuse.report(0).live[0].memory), address_of(kept));
    EXPECT_EQ(backing_.grants(), 0u);
    spans_ = pool_.full_chunk(1);
    free_all();
    EXPECT_EQ(pba_pool_release_all(pool_.get(), PBA_REPORT_IN_USE).code, BA_OK);
    EXPECT_EQ(misuse.count(), 1u);
}

TEST_P(EitherCache, PurgeSeesItAsFree) {
    free_some();
    EXPECT_EQ(pba_pool_purge(pool_.get()).bytes, 4 * kBlock);
    EXPECT_EQ(backing_.discarded(), 4 * kBlock);
}

// --- carving

TEST_P(EitherCache, TheFirstAllocationStoresWhatElseItsWordHas) {
    const ba_memory first = pool_.alloc(1);
    EXPECT_EQ(pool_.cached(1), PBA_SPAN_CACHE_FIRST) << "as many as there is room for";
    EXPECT_EQ(pool_.stats().in_use.bytes, kBlock) << "what is stored is not in use";
    EXPECT_EQ(pba_pool_reset(pool_.get(), ba_bytes(kChunk)).bytes, 0u);

    EXPECT_EQ(address_of(pool_.alloc(1)), address_of(first));
    for (std::size_t block = 8; block < 16; block++) {
        EXPECT_EQ(address_of(pool_.alloc(1)), address_of(first) + block * kBlock);
    }
    EXPECT_EQ(pool_.cached(1), 0u);
    EXPECT_EQ(address_of(pool_.alloc(1)), address_of(first) + kBlock);
    EXPECT_EQ(pool_.cached(1), 6u);
    EXPECT_EQ(pool_.verify(), BA_OK);
}

TEST_P(EitherCache, RefilledSpansComeInOrderOfAddresses) {
    const ba_memory first = pool_.alloc(3 * kBlock);
    EXPECT_EQ(pool_.cached(3), 4u);
    for (const std::size_t block : {4U, 7U, 10U, 13U}) {
        EXPECT_EQ(address_of(pool_.alloc(3 * kBlock)), address_of(first) + block * kBlock);
    }
    EXPECT_EQ(address_of(pool_.alloc(1)), address_of(first) + 3 * kBlock) << "what was too short";
}

// --- a full list

TEST_P(EitherCache, AFullListIsFlushedAndThenGrows) {
    pba_options options = options_of(GetParam());
    options.backing_request_size =
        64 * sizeof(pba_span_cache_entry) * 32; // the cache may take 1/32 of it
    StrictBacking backing;
    FastPool pool(options, &backing);
    std::vector<ba_memory> spans;
    for (int i = 0; i < 20; i++) {
        spans.push_back(pool.alloc(1));
    }
    EXPECT_EQ(pba_pool_stats(pool.get()).chunks, 1u);
    EXPECT_GT(pba_pool_largest_free(pool.get()).bytes, kBlock);
    EXPECT_EQ(pool.cached(1), 0u);
    for (std::size_t i = 0; i < PBA_SPAN_CACHE_FIRST; i++) {
        EXPECT_EQ(pool.free(spans[i]), BA_OK);
    }
    EXPECT_EQ(pool.cached(1), PBA_SPAN_CACHE_FIRST);
    EXPECT_FALSE(pool.cache()->was_full[1]);
    EXPECT_EQ(pool.free(spans[PBA_SPAN_CACHE_FIRST]), BA_OK);
    EXPECT_EQ(pool.cached(1), 1u) << "fewer than are coalesced at once";
    EXPECT_TRUE(pool.cache()->was_full[1]);
    EXPECT_EQ(pool.capacity(1), PBA_SPAN_CACHE_FIRST) << "a free needs no memory";
    EXPECT_EQ(pool.verify(), BA_OK);

    // The next one of this length that is not there makes the list longer.
    EXPECT_EQ(address_of(pool.alloc(1)), address_of(spans[PBA_SPAN_CACHE_FIRST]));
    EXPECT_EQ(ba_memory_error(pool.alloc(1)).code, BA_OK);
    EXPECT_EQ(pool.capacity(1), 64u);
    EXPECT_EQ(pool.verify(), BA_OK);
}

// The addresses on a list, the oldest first.
std::vector<void *> entries_of(const pba_span_cache &cache, std::uint32_t blocks) {
    std::vector<void *> addresses;
    for (const pba_span_cache_entry *entry = cache.bottom[blocks]; entry != cache.top[blocks];
         entry++) {
        addresses.push_back(entry->address);
    }
    return addresses;
}

// Blocks of 64 bytes in one chunk of 2 MiB: a list may have 4096 entries.
class LongList : public ::testing::TestWithParam<Cache> {
  protected:
    static constexpr std::size_t kEntries = 4096;

    LongList() {
        EXPECT_EQ(
            pba_pool_reserve(pool_.get(), ba_bytes(kEntries * sizeof(pba_span_cache_entry) * 32))
                .code,
            BA_OK);
        for (std::size_t i = 0; i < 2 * kEntries; i++) {
            spans_.push_back(pool_.alloc(1));
        }
        for (const std::size_t before : {8U, 64U, 512U}) {
            EXPECT_EQ(capacity(), before);
            for (std::size_t i = pool_.cached(1); i <= before; i++) {
                free_one();
            }
            // One that is in the cache still, and one that is not: then the list is made longer.
            for (int i = 0; i < 2; i++) {
                spans_.push_back(pool_.alloc(1));
            }
        }
        EXPECT_EQ(capacity(), kEntries);
        while (!pba_span_cache_is_full(pool_.cache(), 1)) {
            free_one();
        }
    }

    std::size_t capacity() { return pool_.capacity(1); }
    ba_memory free_one() {
        const ba_memory span = spans_.back();
        spans_.pop_back();
        EXPECT_EQ(pool_.free(span), BA_OK);
        return span;
    }

    StrictBacking backing_;
    FastPool pool_{options_of(GetParam()), &backing_};
    std::vector<ba_memory> spans_;
};

TEST_P(LongList, OneFreeFlushesTheYoungest1024) {
    std::vector<void *> expected = entries_of(*pool_.cache(), 1);
    expected.resize(kEntries - 1024);
    expected.push_back(ba_memory_pointer(free_one()));
    EXPECT_EQ(entries_of(*pool_.cache(), 1), expected);
    EXPECT_EQ(pool_.verify(), BA_OK);
    std::reverse(expected.begin(), expected.end());
    for (void *const address : expected) {
        ASSERT_EQ(ba_memory_pointer(pool_.alloc(1)), address);
    }
    EXPECT_EQ(pool_.cached(1), 0u);
    EXPECT_EQ(pool_.verify(), BA_OK);
}

// A full chunk of 1 MiB, of spans of so many blocks, whose list has all the room that it may have: a
// thirty-second of the payload.
class FullChunk : public ::testing::TestWithParam<Cache> {
  protected:
    static constexpr std::size_t kBytes = std::size_t{1} << 20;
    static constexpr std::size_t kEntries = kBytes / 32 / sizeof(pba_span_cache_entry);
    static pba_options options() {
        pba_options options = options_of(GetParam());
        options.backing_request_size = kBytes;
        return options;
    }

    explicit FullChunk(std::uint32_t blocks) : blocks_(blocks) {
        spans_ = pool_.full_chunk(blocks, kBytes);
        next_ = spans_.size() - 1;
        for (const std::size_t before : {8U, 64U, 512U}) {
            EXPECT_EQ(pool_.capacity(blocks), before);
            while (pool_.cached(blocks) <= before && !pool_.cache()->was_full[blocks]) {
                free_apart();
            }
            for (int i = 0; i < 2; i++) { // then the list is made longer
                EXPECT_EQ(ba_memory_error(pool_.alloc(blocks * kBlock)).code, BA_OK);
            }
        }
        EXPECT_EQ(pool_.capacity(blocks), kEntries);
    }
    // Frees a span beside none that is free.
    void free_apart() {
        EXPECT_EQ(pool_.free(spans_[next_]), BA_OK);
        next_ -= 2;
    }
    void free_apart_until_cached(std::size_t count) {
        while (pool_.cached(blocks_) < count) {
            free_apart();
        }
        EXPECT_EQ(pool_.stats().chunks, 1u);
    }

    StrictBacking backing_;
    FastPool pool_{options(), &backing_};
    std::vector<ba_memory> spans_; // in order of addresses

  private:
    std::uint32_t blocks_;
    std::size_t next_;
};

// 1600 spans of a block are cached: three that lie side by side, at an alignment of two blocks, and
// then more than a single allocation coalesces, no two side by side.
class ManyCached : public FullChunk {
  protected:
    ManyCached() : FullChunk(1) {
        three_ = spans_[address_of(spans_[0]) % (2 * kBlock) == 0 ? 0 : 1];
        for (const ba_memory &span : spans_) {
            if (address_of(span) - address_of(three_) < 3 * kBlock) {
                EXPECT_EQ(pool_.free(span), BA_OK);
            }
        }
        free_apart_until_cached(1600);
    }

    ba_memory three_ = {};
};

TEST_P(ManyCached, TheBackingIsAskedBeforeAllIsCoalesced) {
    const std::size_t stored = pool_.cached(1);
    const ba_memory span = pool_.alloc(3 * kBlock);
    EXPECT_EQ(ba_memory_error(span).code, BA_OK);
    EXPECT_NE(address_of(span), address_of(three_));
    EXPECT_EQ(pool_.stats().chunks, 2u);
    EXPECT_EQ(pool_.cached(1), stored - 1024);
    EXPECT_EQ(pool_.verify(), BA_OK);
}

TEST_P(ManyCached, NothingIsRefusedThatIsThere) {
    backing_.refuse_from(1);
    EXPECT_EQ(address_of(pool_.alloc(3 * kBlock)), address_of(three_));
    EXPECT_EQ(backing_.refused(), 14u) << "it was asked first, for 2^15 blocks down to 3";
    EXPECT_EQ(pool_.cached(1), 0u) << "all was coalesced";
    EXPECT_EQ(pool_.stats().failures, 0u);
    EXPECT_TRUE(ba_memory_is_none(pool_.alloc(3 * kBlock))) << "that was all";
    EXPECT_EQ(pool_.stats().failures, 1u);
    EXPECT_EQ(pool_.verify(), BA_OK);
    backing_.refuse_none();
}

TEST_P(ManyCached, NothingAlignedIsRefusedThatIsThere) {
    backing_.refuse_from(1);
    EXPECT_EQ(address_of(pool_.alloc(3 * kBlock, 2 * kBlock)), address_of(three_));
    EXPECT_EQ(backing_.refused(), 14u) << "it was asked first, for 2^15 blocks down to 3";
    EXPECT_EQ(pool_.verify(), BA_OK);
    backing_.refuse_none();
}

// 1600 pairs of blocks are cached, no two side by side, and a single block.
class ManyPairsCached : public FullChunk {
  protected:
    ManyPairsCached() : FullChunk(2) {
        free_apart_until_cached(1600);
        EXPECT_EQ(ba_length_result_error(
                      pba_pool_resize(pool_.get(), spans_[0], ba_align(1), ba_bytes(kBlock)))
                      .code,
                  BA_OK);
        EXPECT_EQ(pool_.cached(1), 1u);
    }
};

TEST_P(ManyPairsCached, TheLongestAreCoalescedFirst) {
    EXPECT_EQ(ba_memory_error(pool_.alloc(3 * kBlock)).code, BA_OK);
    EXPECT_EQ(pool_.stats().chunks, 2u);
    EXPECT_EQ(pool_.cached(2), 1600u - 1024);
    EXPECT_EQ(pool_.cached(1), 1u);
    EXPECT_EQ(pool_.verify(), BA_OK);
}

// What is cached is missing where a longer run is sought: a list of long spans holds at most 1/512
// of the payload, and what is too few of them to be of use is not tried.
TEST(LongSpansOfAPool, AreCachedInNumbersOnlyWhereTheyAreASmallPartOfIt) {
    constexpr std::uint32_t kLong = 20;
    constexpr std::size_t kMiB = std::size_t{1} << 20;
    constexpr std::size_t kBlocks = kMiB / kBlock;
    static_assert(9 * kBlocks / 512 / kLong < 16 && 12 * kBlocks / 512 / kLong == 19, "");
    for (const std::size_t payload : {9 * kMiB, 12 * kMiB}) {
        StrictBacking backing;
        pba_options options = options_of(Cache::kChecked);
        options.backing_request_size = kMiB;
        FastPool pool(options, &backing);
        EXPECT_EQ(pba_pool_reserve(pool.get(), ba_bytes(payload)).code, BA_OK);
        for (const std::uint32_t blocks : {PBA_SPAN_CACHE_SHORT, kLong}) {
            std::vector<ba_memory> spans;
            for (int i = 0; i < 100; i++) {
                spans.push_back(pool.alloc(blocks * kBlock));
            }
            for (int round = 0; round < 2; round++) {
                for (const ba_memory &span : spans) {
                    EXPECT_EQ(pool.free(span), BA_OK);
                }
                spans.clear();
                while (spans.size() < 100) {
                    spans.push_back(pool.alloc(blocks * kBlock));
                }
            }
        }
        EXPECT_EQ(pool.stats().payload.bytes, payload);
        EXPECT_GT(pool.capacity(PBA_SPAN_CACHE_SHORT), 19u);
        EXPECT_EQ(pool.capacity(kLong), payload == 9 * kMiB ? PBA_SPAN_CACHE_FIRST_LONG : 19u);
    }
}

std::string name_of(const ::testing::TestParamInfo<Cache> &one) {
    return one.param == Cache::kChecked ? "Checked" : "Unchecked";
}

INSTANTIATE_TEST_SUITE_P(Kinds, EitherCache, ::testing::Values(Cache::kChecked, Cache::kUnchecked),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Kinds, ManyCached, ::testing::Values(Cache::kChecked, Cache::kUnchecked),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Kinds, ManyPairsCached,
                         ::testing::Values(Cache::kChecked, Cache::kUnchecked), name_of);
INSTANTIATE_TEST_SUITE_P(Kinds, LongList, ::testing::Values(Cache::kChecked, Cache::kUnchecked),
                         name_of);

// --- checked: entries that do not hold any more

class CheckedCache : public ::testing::Test {
  protected:
    // Allocates a block, which must lie in none of the 16 that the test began with.
    void expect_none_of(std::uint32_t blocks) {
        const ba_memory memory = pool_.alloc(blocks * kBlock);
        ASSERT_EQ(ba_memory_error(memory).code, BA_OK);
        EXPECT_FALSE(lies_in(memory, part_of(spans_[0], 0, kChunk)));
        EXPECT_EQ(pool_.verify(), BA_OK);
    }

    StrictBacking backing_;
    FastPool pool_{options_of(Cache::kChecked), &backing_};
    std::vector<ba_memory> spans_ = pool_.full_chunk(1);
};

TEST_F(CheckedCache, ASpanThatANeighbourTookIsPassedOver) {
    EXPECT_EQ(pool_.free(spans_[4]), BA_OK);
    EXPECT_EQ(pool_.free(spans_[9]), BA_OK);
    EXPECT_EQ(pool_.resize(spans_[8], 2 * kBlock), 2 * kBlock);
    EXPECT_EQ(pool_.cached(1), 2u) << "nobody searches the list";
    EXPECT_TRUE(pba_span_cache_is_stale(pool_.cache(), 1));
    EXPECT_EQ(address_of(pool_.alloc(1)), address_of(spans_[4]));
    EXPECT_EQ(pool_.cached(1), 0u);
    expect_none_of(1);
}

TEST_F(CheckedCache, ASpanThatWasFreedAgainIsTakenOnce) {
    EXPECT_EQ(pool_.free(spans_[9]), BA_OK);
    EXPECT_EQ(pool_.resize(spans_[8], 2 * kBlock), 2 * kBlock);
    EXPECT_EQ(pool_.resize(part_of(spans_[8], 0, 2 * kBlock), kBlock), kBlock);
    EXPECT_EQ(pool_.cached(1), 2u) << "once stale, once valid";
    EXPECT_FALSE(pba_span_cache_is_stale(pool_.cache(), 1));
    EXPECT_EQ(address_of(pool_.alloc(1)), address_of(spans_[9]));
    EXPECT_EQ(pool_.cached(1), 1u);
    EXPECT_TRUE(pba_span_cache_is_stale(pool_.cache(), 1));
    expect_none_of(1);
}

TEST_F(CheckedCache, ASpanOfAnotherLengthIsPassedOver) {
    EXPECT_EQ(pool_.free(spans_[9]), BA_OK);
    EXPECT_EQ(pool_.free(spans_[10]), BA_OK);
    EXPECT_EQ(pool_.resize(spans_[8], 3 * kBlock), 3 * kBlock);
    EXPECT_EQ(pool_.resize(part_of(spans_[8], 0, 3 * kBlock), kBlock), kBlock);
    EXPECT_EQ(pool_.cached(1), 2u) << "the start and the inside of a span of two blocks";
    EXPECT_EQ(pool_.cached(2), 1u);
    EXPECT_EQ(pba_pool_reserve(pool_.get(), ba_bytes(kChunk)).code, BA_OK);
    expect_none_of(1);
    EXPECT_EQ(address_of(pool_.alloc(2 * kBlock)), address_of(spans_[9]));
    expect_none_of(2);
}

TEST_F(CheckedCache, ASpanThatIsLiveAgainIsPassedOver) {
    EXPECT_EQ(pool_.free(spans_[9]), BA_OK);
    EXPECT_EQ(pool_.free(spans_[10]), BA_OK);
    EXPECT_EQ(pool_.resize(spans_[8], 3 * kBlock), 3 * kBlock);
    EXPECT_EQ(pool_.resize(part_of(spans_[8], 0, 3 * kBlock), kBlock), kBlock);
    const ba_memory two = pool_.alloc(2 * kBlock);
    EXPECT_EQ(address_of(two), address_of(spans_[9]));
    EXPECT_EQ(pool_.resize(two, kBlock), kBlock);
    EXPECT_EQ(pool_.cached(1), 3u);
    EXPECT_EQ(address_of(pool_.alloc(1)), address_of(spans_[10]));
    EXPECT_EQ(pool_.cached(1), 2u) << "the two oldest are about live spans";
    expect_none_of(1);
    EXPECT_EQ(pool_.usable_len(spans_[9]), kBlock);
    EXPECT_EQ(pool_.usable_len(spans_[10]), kBlock);
}

TEST_F(CheckedCache, AStaleEntryIsNotCut) {
    EXPECT_EQ(pool_.free(spans_[8]), BA_OK);
    EXPECT_EQ(pool_.free(spans_[9]), BA_OK);
    EXPECT_EQ(pool_.free(spans_[10]), BA_OK);
    const ba_memory three = pool_.alloc(3 * kBlock);
    EXPECT_EQ(address_of(three), address_of(spans_[8]));
    EXPECT_EQ(pool_.free(three), BA_OK);
    EXPECT_EQ(pool_.resize(spans_[7], 4 * kBlock), 4 * kBlock);
    EXPECT_EQ(pool_.cached(3), 1u);
    expect_none_of(2);
    EXPECT_EQ(pool_.usable_len(spans_[7]), 4 * kBlock);
}

TEST_F(CheckedCache, StaleEntriesAreNotCoalescedTwice) {
    EXPECT_EQ(pool_.free(spans_[4]), BA_OK);
    EXPECT_EQ(pool_.free(spans_[9]), BA_OK);
    EXPECT_EQ(pool_.resize(spans_[8], 2 * kBlock), 2 * kBlock);
    EXPECT_EQ(pba_pool_largest_free(pool_.get()).bytes, kBlock);
    EXPECT_EQ(pool_.cached(1), 0u);
    EXPECT_EQ(pool_.usable_len(spans_[8]), 2 * kBlock);
    EXPECT_EQ(pool_.usable_error(bytes_of(spans_[9])), BA_INTERIOR);
    EXPECT_EQ(pool_.verify(), BA_OK);
}

TEST_F(CheckedCache, ASecondFreeIsTold) {
    MisuseRecorder misuse;
    EXPECT_EQ(pool_.free(spans_[4]), BA_OK);
    EXPECT_EQ(pool_.free(spans_[4]), BA_DOUBLE_FREE);
    EXPECT_EQ(pool_.cached(1), 1u);
    EXPECT_EQ(misuse.count(), 1u);
}

TEST(CheckedCacheOfChunksThatGo, WhatAChunkLeftBehindIsPassedOver) {
    StrictBacking backing;
    pba_options options = options_of(Cache::kChecked);
    options.auto_shrink = PBA_AUTO_SHRINK_SIMPLE;
    options.shrink_min = 0;
    options.shrink_max = 1;
    FastPool pool(options, &backing);
    const std::vector<ba_memory> stays = pool.full_chunk(8);
    const std::vector<ba_memory> goes = pool.full_chunk(8);
    EXPECT_EQ(pool.free(stays[0]), BA_OK);
    EXPECT_EQ(pool.free(goes[0]), BA_OK);
    EXPECT_EQ(pool.free(goes[1]), BA_OK);
    EXPECT_EQ(pool.get()->chunks.count, 1u);
    EXPECT_EQ(pool.cached(8), 3u);
    EXPECT_EQ(address_of(pool.alloc(8 * kBlock)), address_of(stays[0]));
    EXPECT_EQ(pool.cached(8), 0u);
    EXPECT_EQ(pool.free(stays[0]), BA_OK);
    EXPECT_EQ(pool.free(stays[1]), BA_OK);
    EXPECT_EQ(pool.get()->chunks.count, 0u);
    EXPECT_EQ(pool.cached(8), 2u);
    EXPECT_EQ(pool.verify(), BA_OK);
    EXPECT_EQ(ba_memory_error(pool.alloc(8 * kBlock)).code, BA_OK);
    EXPECT_EQ(pool.cached(8), 1u) << "the other half of a new chunk";
    EXPECT_EQ(pool.verify(), BA_OK);
}

// A backing that grants the same place again.
TEST(CheckedCacheOfChunksThatGo, AnAddressThatWentToAnotherChunkIsPassedOver) {
    ScriptedAllocator script;
    StrictBacking metadata;
    const ba_allocator second = metadata.allocator();
    pba_setup setup = {};
    setup.metadata = &second;
    pba_options options = options_of(Cache::kChecked);
    options.auto_shrink = PBA_AUTO_SHRINK_SIMPLE;
    options.shrink_min = 0;
    options.shrink_max = 1;
    FastPool pool(options, ba_any_allocator_of_exact(script.allocator()), &setup);
    script.will_return(script.a(kChunk));
    for (const ba_memory &span : pool.full_chunk(8)) {
        script.will_return(ba_error_of(BA_OK));
        EXPECT_EQ(pool.free(span), BA_OK);
    }
    ASSERT_EQ(pool.get()->chunks.count, 0u);
    EXPECT_EQ(pool.cached(8), 2u);

    script.will_return(script.a(kChunk));
    EXPECT_EQ(pba_pool_reserve(pool.get(), ba_bytes(kChunk)).code, BA_OK);
    const ba_memory whole = pool.alloc(kChunk);
    EXPECT_EQ(bytes_of(whole), script.a());
    EXPECT_EQ(pool.cached(8), 2u) << "its start, and an address inside of it";
    script.will_return(script.b(kChunk));
    EXPECT_EQ(bytes_of(pool.alloc(8 * kBlock)), script.b());
    EXPECT_EQ(pool.usable_len(whole), kChunk);
    EXPECT_EQ(pool.verify(), BA_OK);
    script.will_return(ba_error_of(BA_OK));
    script.will_return(ba_error_of(BA_OK));
}

// --- unchecked

// What a tool watches has a checked cache, whatever the options say.
bool trusts() {
    return !ba_instrument_is_watched();
}

TEST(UncheckedCache, IsForPlainPoolsThatTrustAndKeepOnly) {
    const auto marks = [](void (*change)(pba_options *)) {
        StrictBacking backing;
        pba_options options = options_of(Cache::kUnchecked);
        change(&options);
        return TestPool(options, &backing).get()->cache_is_checked;
    };
    EXPECT_NE(marks([](pba_options * /*options*/) {}), trusts());
    EXPECT_TRUE(marks([](pba_options *options) { options->safety = PBA_SAFETY_ALWAYS; }));
    EXPECT_TRUE(marks([](pba_options *options) { options->auto_shrink = PBA_AUTO_SHRINK_SIMPLE; }));
    EXPECT_TRUE(
        marks([](pba_options *options) { options->auto_shrink = PBA_AUTO_SHRINK_AGGRESSIVE; }));
    EXPECT_TRUE(marks([](pba_options *options) { options->decay_age = 1; }));
    EXPECT_TRUE(marks([](pba_options *options) { options->call_sites = PBA_ON; }));
    EXPECT_TRUE(marks([](pba_options *options) { options->secure_wipe = PBA_ON; }));
    EXPECT_TRUE(marks([](pba_options *options) { options->fill = PBA_ON; }));
    EXPECT_TRUE(marks([](pba_options *options) { options->guard = PBA_ON; }));
    EXPECT_NE(marks([](pba_options *options) { options->statistics = PBA_OFF; }), trusts());
}

// Whatever a type knows of the cache, its pools have it, when fast paths are open.
TEST(UncheckedCache, TypesKnowOfItWhatHolds) {
    for (const pba_safety safety : {PBA_SAFETY_NEVER, PBA_SAFETY_DEBUG_ONLY, PBA_SAFETY_ALWAYS}) {
        for (const pba_auto_shrink auto_shrink :
             {PBA_AUTO_SHRINK_NEVER, PBA_AUTO_SHRINK_SIMPLE, PBA_AUTO_SHRINK_AGGRESSIVE}) {
            for (const std::uint64_t decay_age : {0U, 1U}) {
                for (const int mode : {BA_DEBUG, BA_RELEASE_SAFE, BA_RELEASE_FAST}) {
                    StrictBacking backing;
                    pba_options options = options_of(Cache::kUnchecked);
                    options.safety = safety;
                    options.auto_shrink = auto_shrink;
                    options.decay_age = decay_age;
                    TestPool pool(options, &backing, nullptr, mode);
                    const pba_fast_cache known = pba_fast_options_of(&options).cache;
                    EXPECT_FALSE(ba_memory_is_none(pool.alloc(1)));
                    const bool is_open = pool.get()->fast_path_max_blocks != 0;
                    EXPECT_NE(is_open, ba_instrument_is_watched());
                    EXPECT_EQ(known == PBA_CACHE_ANY, safety != PBA_SAFETY_NEVER &&
                                                          decay_age == 0 &&
                                                          auto_shrink == PBA_AUTO_SHRINK_NEVER);
                    if (is_open && known != PBA_CACHE_ANY) {
                        EXPECT_EQ(pool.get()->cache_is_checked, known == PBA_CACHE_CHECKED);
                    }
                }
            }
        }
    }
}

// Statistics count what takes the fast path too: as the options say, and where they say "in debug
// builds", as the build of the code that made the pool does, which may be another than this one.
TEST(FastPaths, CountWhatTheyServe) {
    struct Case {
        pba_switch statistics;
        int mode;
        bool counts;
    };
    for (const Case &one :
         {Case{PBA_ON, BA_RELEASE_SAFE, true}, Case{PBA_OFF, BA_DEBUG, false},
          Case{PBA_ON_IN_DEBUG, BA_DEBUG, true}, Case{PBA_ON_IN_DEBUG, BA_RELEASE_SAFE, false}}) {
        for (const Cache cache : {Cache::kChecked, Cache::kUnchecked}) {
            StrictBacking backing;
            pba_options options = options_of(cache);
            options.statistics = one.statistics;
            FastPool pool(options, &backing, nullptr, one.mode);
            const std::vector<ba_memory> spans = pool.full_chunk(2);
            for (int i = 0; i < 5; i++) {
                EXPECT_EQ(pool.free(spans[0]), BA_OK);
                EXPECT_EQ(pool.free(spans[1]), BA_OK);
                EXPECT_EQ(address_of(pool.alloc(2 * kBlock)), address_of(spans[1]));
                EXPECT_EQ(address_of(pool.alloc(2 * kBlock)), address_of(spans[0]));
            }
            EXPECT_EQ(pool.free(spans[3]), BA_OK);
            const pba_stats stats = pool.stats();
            EXPECT_EQ(stats.in_use.bytes, kChunk - 2 * kBlock);
            EXPECT_EQ(stats.allocations, one.counts ? 8u + 10u : 0u);
            EXPECT_EQ(stats.frees, one.counts ? 11u : 0u);
            EXPECT_EQ(stats.spans, one.counts ? 7u : 0u);
            EXPECT_EQ(stats.peak_in_use.bytes, one.counts ? kChunk : 0u);
        }
    }
}

class Unchecked : public ::testing::Test {
  protected:
    StrictBacking backing_;
    FastPool pool_{options_of(Cache::kUnchecked), &backing_};
    std::vector<ba_memory> spans_ = pool_.full_chunk(1);
    pba_chunk *chunk_ = pba_chunk_set_at(&pool_.get()->chunks, 0);
};

TEST_F(Unchecked, AFreeTouchesNoMap) {
    const pba_map_word before = chunk_->map.words[0];
    EXPECT_EQ(pool_.free(spans_[4]), BA_OK);
    EXPECT_EQ(chunk_->map.taken, 16u);
    EXPECT_EQ(chunk_->map.words[0].free, before.free);
    EXPECT_EQ(chunk_->map.words[0].start, before.start);
    EXPECT_EQ(pba_count_in_use(&pool_.get()->accounting), 15u);
    EXPECT_EQ(address_of(pool_.alloc(1)), address_of(spans_[4]));
    EXPECT_EQ(chunk_->map.taken, 16u);
    EXPECT_EQ(pba_count_in_use(&pool_.get()->accounting), 16u);
}

TEST_F(Unchecked, AChunkIsNotedAsEmptyWhenItsSpansAreCoalesced) {
    for (std::size_t i = 0; i < 16; i++) {
        EXPECT_EQ(pool_.free(spans_[i]), BA_OK);
        EXPECT_EQ(pool_.verify(), BA_OK) << i;
    }
    EXPECT_FALSE(chunk_->listed) << "some of them are cached";
    EXPECT_EQ(pba_pool_largest_free(pool_.get()).bytes, kChunk);
    EXPECT_TRUE(chunk_->listed);
    EXPECT_EQ(pool_.get()->empty_candidates, chunk_);
    EXPECT_EQ(pool_.verify(), BA_OK);
}

TEST_F(Unchecked, AFreeChangesNoTag) {
    EXPECT_EQ(pool_.free(spans_[4]), BA_OK);
    EXPECT_EQ(chunk_->tags[4], trusts() ? 1 : 129);
}

// A span that grows has to be told what lies behind it: then the tags say so, of what is cached by
// then, and only what lies there is coalesced.
TEST_F(Unchecked, GrowthMarksWhatIsCachedAndCoalescesItsNeighboursOnly) {
    for (const std::size_t i : {3U, 9U, 12U}) {
        EXPECT_EQ(pool_.free(spans_[i]), BA_OK);
    }
    EXPECT_EQ(pool_.resize(spans_[8], 2 * kBlock), 2 * kBlock);
    EXPECT_EQ(pool_.cached(1), 3u) << "nobody searches the list";
    EXPECT_TRUE(pba_span_cache_is_stale(pool_.cache(), 1));
    EXPECT_TRUE(pba_chunk_is_cached(chunk_, 3));
    EXPECT_TRUE(pba_chunk_is_cached(chunk_, 12));
    EXPECT_EQ(pool_.usable_error(bytes_of(spans_[12])), BA_DOUBLE_FREE);
    EXPECT_EQ(pool_.usable_len(spans_[8]), 2 * kBlock);
    EXPECT_EQ(pool_.verify(), BA_OK);

    EXPECT_EQ(pool_.free(spans_[5]), BA_OK);
    EXPECT_EQ(pba_chunk_is_cached(chunk_, 5), !trusts());
    EXPECT_EQ(pool_.verify(), BA_OK);
    for (const std::size_t i : {5U, 12U, 3U}) {
        EXPECT_EQ(address_of(pool_.alloc(1)), address_of(spans_[i])) << i;
        EXPECT_FALSE(pba_chunk_is_cached(chunk_, static_cast<std::uint32_t>(i)));
        EXPECT_EQ(pool_.verify(), BA_OK);
    }
    EXPECT_EQ(pool_.cached(1), 0u) << "the one that was coalesced is passed over";
}

TEST_F(Unchecked, GrowthThatIsRefusedLosesNothing) {
    EXPECT_EQ(pool_.free(spans_[3]), BA_OK);
    EXPECT_EQ(pool_.free(spans_[9]), BA_OK);
    EXPECT_EQ(length_of(pool_.try_resize(spans_[8], 3 * kBlock)), 0u);
    EXPECT_EQ(pool_.usable_len(spans_[8]), kBlock);
    EXPECT_EQ(pool_.stats().in_use.bytes, 14 * kBlock);
    EXPECT_EQ(pool_.verify(), BA_OK);
    EXPECT_EQ(pba_pool_largest_free(pool_.get()).bytes, kBlock);
    EXPECT_EQ(pool_.verify(), BA_OK);
}

} // namespace
