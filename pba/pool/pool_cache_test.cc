// Where the span cache of a pool lies: beside the pool in its type, in room of the setup, in
// metadata, or nowhere.
#define PBA_INTERNAL_

#include <array>
#include <cstddef>
#include <cstring>
#include <memory>
#include <vector>

#include "block_allocator/backing/buffer_allocator.h"
#include "block_allocator/implementing/instrumentation.h"
#include "pba/internal/fast_path.h"
#include "pba/pool.h"
#include "testing/misuse_recorder.h"
#include "testing/pool/pool_fixture.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

#define PBA_NAME caching_pool
#define PBA_BLOCK_SIZE 64
#define PBA_BACKING_REQUEST_SIZE 1024
#define PBA_SAFETY PBA_SAFETY_ALWAYS
#define PBA_SEVERITY BA_SEVERITY_LOG
#define PBA_AUTO_SHRINK PBA_AUTO_SHRINK_NEVER
#define PBA_CALL_SITES PBA_OFF
#include "pba/define.h"

#define PBA_NAME debug_pool
#define PBA_BLOCK_SIZE 64
#define PBA_BACKING_REQUEST_SIZE 1024
#define PBA_SPAN_CACHE PBA_ON_IN_DEBUG
#define PBA_CALL_SITES PBA_OFF
#include "pba/define.h"

#define PBA_NAME bare_pool
#define PBA_BLOCK_SIZE 64
#define PBA_BACKING_REQUEST_SIZE 1024
#define PBA_SPAN_CACHE PBA_OFF
#define PBA_CALL_SITES PBA_OFF
#include "pba/define.h"

#define PBA_NAME other_bare_pool
#define PBA_SPAN_CACHE (PBA_OFF)
#include "pba/define.h"

static_assert(sizeof(void *) != 8 || sizeof(pba_pool) <= 640, "a pool is small");
static_assert(sizeof(bare_pool) == sizeof(pba_pool), "a type without a cache is no larger");
static_assert(sizeof(other_bare_pool) == sizeof(pba_pool), "nor is it in parentheses");
static_assert(sizeof(caching_pool) == sizeof(pba_pool) + sizeof(pba_span_cache),
              "and one with it is");
static_assert(offsetof(caching_pool, cache_) == sizeof(pba_pool), "beside its core");
static_assert(sizeof(debug_pool) == sizeof(caching_pool), "whatever the build mode is");

namespace {

using ba_testing::MisuseRecorder;
using ba_testing::StrictBacking;
using pba_testing::address_of;
using pba_testing::small_options;

// A cache in metadata: with the grant that it lies in.
constexpr std::size_t kTaken = sizeof(pba_span_cache) + sizeof(ba_memory);
// The least bytes of a slab of records.
constexpr std::size_t kPage = 4096;

// A pool without room in its setup, unless that says so.
class RunTimePool {
  public:
    RunTimePool(const pba_options &options, ba_any_allocator backing,
                const pba_setup *setup = nullptr) {
        EXPECT_EQ(pba_pool_init(&pool_, &options, backing, setup), PBA_OPTIONS_OK);
    }
    ~RunTimePool() {
        EXPECT_EQ(pba_pool_verify(&pool_).code, BA_OK);
        pba_pool_release_all(&pool_, PBA_ALLOW_IN_USE);
        EXPECT_EQ(pool_.account.metadata_bytes, 0u);
    }

    RunTimePool(const RunTimePool &) = delete;
    RunTimePool &operator=(const RunTimePool &) = delete;

    pba_pool *get() { return &pool_; }
    const pba_span_cache *cache() const { return pool_.cache; }
    pba_stats stats() { return pba_pool_stats(&pool_); }
    ba_memory alloc(std::size_t length) {
        return pba_pool_alloc(&pool_, ba_bytes(length), ba_align(1));
    }
    ba_error_code free(ba_memory memory) { return pba_pool_free(&pool_, memory, ba_align(1)).code; }

  private:
    pba_pool pool_;
};

// An allocator over 64 KiB.
class Buffer {
  public:
    Buffer() {
        ba_buffer_allocator_init(
            &state_,
            ba_memory_of(memory_.data(), ba_bytes(memory_.size() * sizeof(std::max_align_t))));
    }
    ~Buffer() { ba_buffer_allocator_release(&state_); }

    Buffer(const Buffer &) = delete;
    Buffer &operator=(const Buffer &) = delete;

    ba_allocator allocator() { return ba_buffer_allocator_allocator(&state_); }

  private:
    std::vector<std::max_align_t> memory_ =
        std::vector<std::max_align_t>((64 << 10) / sizeof(std::max_align_t));
    ba_buffer_allocator state_;
};

pba_options options_with(pba_switch span_cache) {
    pba_options options = small_options();
    options.auto_shrink = PBA_AUTO_SHRINK_NEVER;
    options.call_sites = PBA_OFF;
    options.span_cache = span_cache;
    return options;
}

// The metadata of a pool without a cache that has one chunk.
std::size_t metadata_of_a_chunk() {
    StrictBacking backing;
    RunTimePool pool(options_with(PBA_OFF), ba_any_allocator_of(backing.allocator()));
    EXPECT_FALSE(ba_memory_is_none(pool.alloc(64)));
    return pool.stats().metadata.bytes;
}

// What was freed comes again, the youngest first, and the backing is asked for nothing.
void expect_caching(RunTimePool *pool, StrictBacking *backing) {
    const ba_memory one = pool->alloc(192);
    const ba_memory two = pool->alloc(192);
    const std::size_t calls = backing->calls();
    EXPECT_EQ(pool->free(two), BA_OK);
    EXPECT_EQ(pool->free(one), BA_OK);
    EXPECT_GE(pba_span_cache_count(pool->cache(), 3), 2u);
    const ba_memory again = pool->alloc(192);
    EXPECT_EQ(address_of(again), address_of(one));
    EXPECT_EQ(address_of(pool->alloc(192)), address_of(two));
    EXPECT_EQ(pool->free(again), BA_OK);
    EXPECT_EQ(pool->free(again), BA_DOUBLE_FREE);
    EXPECT_EQ(backing->calls(), calls);
    EXPECT_EQ(pba_pool_verify(pool->get()).code, BA_OK);
}

// All goes as it does with a cache, only that what is free is coalesced at once.
void expect_working_without(RunTimePool *pool) {
    EXPECT_EQ(pool->cache(), nullptr);
    EXPECT_EQ(pool->get()->fast_path_max_blocks, 0u);
    std::vector<ba_memory> spans;
    for (std::size_t blocks = 1; blocks <= 8; blocks++) {
        spans.push_back(pool->alloc(blocks * 64));
        EXPECT_FALSE(ba_memory_is_none(spans.back()));
    }
    EXPECT_EQ(ba_length_result_error(pba_pool_resize(pool->get(), spans[7], ba_align(1),
                                                     ba_bytes(std::size_t{2} * 64)))
                  .code,
              BA_OK);
    spans[7] = ba_memory_of(ba_memory_pointer(spans[7]), ba_bytes(std::size_t{2} * 64));
    EXPECT_EQ(ba_memory_error(pool->alloc(0)).code, BA_ZERO_SIZE);
    for (const ba_memory &span : spans) {
        EXPECT_EQ(pool->free(span), BA_OK);
        EXPECT_EQ(pool->free(span), BA_DOUBLE_FREE);
        EXPECT_EQ(pba_pool_verify(pool->get()).code, BA_OK);
    }
    EXPECT_EQ(pool->free(ba_memory_of(pool, ba_bytes(64))), BA_FOREIGN);
    EXPECT_EQ(pool->cache(), nullptr);
}

// --- in room of the setup

TEST(CacheInRoom, IsUsedAndTakesNoMetadata) {
    MisuseRecorder misuse;
    StrictBacking backing;
    pba_span_cache room;
    pba_setup setup = {};
    setup.span_cache = &room;
    RunTimePool pool(options_with(PBA_ON), ba_any_allocator_of(backing.allocator()), &setup);
    for (int round = 0; round < 2; round++) {
        EXPECT_EQ(pool.cache(), nullptr) << "the pool may be moved yet";
        EXPECT_FALSE(ba_memory_is_none(pool.alloc(64)));
        EXPECT_EQ(pool.cache(), &room);
        EXPECT_EQ(pool.stats().metadata.bytes, metadata_of_a_chunk());
        expect_caching(&pool, &backing);
        pba_pool_reset(pool.get(), ba_bytes(0));
        EXPECT_EQ(backing.grants(), 0u);
        EXPECT_EQ(pool.cache(), &room) << "it is no metadata";
        expect_caching(&pool, &backing);
        EXPECT_EQ(pba_pool_release_all(pool.get(), PBA_ALLOW_IN_USE).code, BA_OK);
        EXPECT_EQ(backing.grants(), 0u);
    }
}

TEST(CacheInRoom, IsNotTouchedWithoutTheOption) {
    MisuseRecorder misuse;
    StrictBacking backing;
    const std::vector<unsigned char> untouched(sizeof(pba_span_cache), 0xEE);
    pba_span_cache room;
    std::memset(static_cast<void *>(&room), 0xEE, sizeof room);
    pba_setup setup = {};
    setup.span_cache = &room;
    RunTimePool pool(options_with(PBA_OFF), ba_any_allocator_of(backing.allocator()), &setup);
    expect_working_without(&pool);
    EXPECT_EQ(std::memcmp(&room, untouched.data(), sizeof room), 0);
}

TEST(CacheInRoom, StaysWhereItIsWhenThePoolIsMoved) {
    StrictBacking backing;
    pba_span_cache room;
    pba_setup setup = {};
    setup.span_cache = &room;
    const pba_options options = options_with(PBA_ON);
    pba_pool first;
    ASSERT_EQ(pba_pool_init(&first, &options, ba_any_allocator_of(backing.allocator()), &setup),
              PBA_OPTIONS_OK);
    pba_pool moved = first;
    std::memset(static_cast<void *>(&first), 0xEE, sizeof first);
    const ba_memory span = pba_pool_alloc(&moved, ba_bytes(64), ba_align(1));
    EXPECT_EQ(moved.cache, &room);
    EXPECT_EQ(pba_pool_free(&moved, span, ba_align(1)).code, BA_OK);
    EXPECT_EQ(pba_pool_verify(&moved).code, BA_OK);
    EXPECT_EQ(pba_pool_release_all(&moved, PBA_REPORT_IN_USE).code, BA_OK);
}

// --- in metadata

TEST(CacheInMetadata, IsTakenAfterTheFirstChunkAndGoesBackWithTheLast) {
    MisuseRecorder misuse;
    StrictBacking backing;
    RunTimePool pool(options_with(PBA_ON), ba_any_allocator_of(backing.allocator()));
    for (std::size_t round = 1; round <= 4; round++) {
        EXPECT_EQ(backing.grants(), 0u);
        EXPECT_EQ(pool.cache(), nullptr);
        const ba_memory span = pool.alloc(64);
        ASSERT_FALSE(ba_memory_is_none(span));
        ASSERT_NE(pool.cache(), nullptr);
        EXPECT_TRUE(backing.contains(pool.cache(), kTaken));
        EXPECT_EQ(pool.stats().metadata.bytes, metadata_of_a_chunk() + kTaken);
        EXPECT_EQ(pool.stats().backing_requests, 4 * (round < 4 ? round : 1))
            << "chunk, table, record and cache; release_all has begun anew";
        EXPECT_EQ(pool.get()->fast_path_max_blocks == 0, ba_instrument_is_watched());
        expect_caching(&pool, &backing);
        switch (round) {
        case 1:
            EXPECT_EQ(pba_pool_reset(pool.get(), ba_bytes(0)).bytes, 1024u);
            break;
        case 2:
            pba_pool_reset(pool.get(), ba_bytes(SIZE_MAX));
            EXPECT_NE(pool.cache(), nullptr) << "it still has a chunk";
            EXPECT_EQ(pba_pool_trim(pool.get(), ba_bytes(0)).bytes, 1024u);
            break;
        default:
            EXPECT_EQ(pba_pool_release_all(pool.get(), PBA_ALLOW_IN_USE).code, BA_OK);
            break;
        }
        EXPECT_EQ(pool.get()->fast_path_max_blocks, 0u);
    }
}

TEST(CacheInMetadata, GoesBackWithItsLists) {
    StrictBacking backing;
    RunTimePool pool(options_with(PBA_ON), ba_any_allocator_of(backing.allocator()));
    std::vector<ba_memory> spans(std::size_t{16} * 64);
    for (int round = 0; round < 4; round++) {
        for (ba_memory &span : spans) {
            span = pool.alloc(64);
        }
        for (const ba_memory &span : spans) {
            EXPECT_EQ(pool.free(span), BA_OK);
        }
    }
    EXPECT_NE(pool.cache()->granted, 0u);
    EXPECT_EQ(pba_pool_trim(pool.get(), ba_bytes(0)).bytes, 65536u);
    EXPECT_EQ(pool.cache(), nullptr);
    EXPECT_EQ(backing.grants(), 0u);
}

TEST(CacheInMetadata, IsTakenByTheFirstAllocationFromWhatWasReserved) {
    StrictBacking backing;
    RunTimePool pool(options_with(PBA_ON), ba_any_allocator_of(backing.allocator()));
    EXPECT_EQ(pba_pool_reserve(pool.get(), ba_bytes(1024)).code, BA_OK);
    EXPECT_EQ(pool.cache(), nullptr);
    EXPECT_EQ(pool.stats().metadata.bytes, metadata_of_a_chunk());
    EXPECT_FALSE(ba_memory_is_none(pool.alloc(64)));
    EXPECT_NE(pool.cache(), nullptr);
    EXPECT_EQ(pool.stats().metadata.bytes, metadata_of_a_chunk() + kTaken);
}

TEST(CacheInMetadata, ARefusalIsNoFailureAndIsAskedForAgainWithTheNextChunk) {
    MisuseRecorder misuse;
    StrictBacking backing;
    pba_options options = options_with(PBA_ON);
    options.backing_failure = PBA_BACKING_FAILURE_PANICS;
    RunTimePool pool(options, ba_any_allocator_of(backing.allocator()));
    backing.refuse_nth(4);
    EXPECT_FALSE(ba_memory_is_none(pool.alloc(64)));
    EXPECT_EQ(backing.refused(), 1u);
    EXPECT_EQ(pool.stats().failures, 0u);
    EXPECT_EQ(pool.stats().backing_failures, 1u);
    EXPECT_EQ(pool.stats().metadata.bytes, metadata_of_a_chunk());
    backing.refuse_none();
    const ba_memory rest = pool.alloc(std::size_t{15} * 64);
    EXPECT_FALSE(ba_memory_is_none(rest));
    EXPECT_EQ(pool.cache(), nullptr);
    EXPECT_EQ(pool.free(rest), BA_OK);
    EXPECT_EQ(backing.calls(), 0u) << "it is asked for once a chunk, and all fits that there is";
    EXPECT_FALSE(ba_memory_is_none(pool.alloc(1024)));
    EXPECT_NE(pool.cache(), nullptr);
    EXPECT_EQ(pool.stats().failures, 0u);
    expect_caching(&pool, &backing);
}

TEST(CacheInMetadata, WithoutItAllWorks) {
    MisuseRecorder misuse;
    StrictBacking backing;
    backing.grant_at_most(kTaken - 1);
    RunTimePool pool(options_with(PBA_ON), ba_any_allocator_of(backing.allocator()));
    expect_working_without(&pool);
    EXPECT_EQ(pool.stats().failures, 0u);
    // The cache, after each chunk; and before it a slab, where that is the longer of the two.
    EXPECT_EQ(pool.stats().backing_failures, pool.stats().chunks * (kTaken > kPage ? 1 : 2));
}

TEST(CacheInMetadata, TakesAtMostAThirtySecondOfWhatTheByteLimitLeaves) {
    MisuseRecorder misuse;
    pba_options options = options_with(PBA_ON);
    const std::size_t enough = 1024 + metadata_of_a_chunk() + 32 * kTaken;
    for (const std::size_t limit : {enough - 1, enough}) {
        StrictBacking backing;
        options.byte_limit = limit;
        RunTimePool pool(options, ba_any_allocator_of(backing.allocator()));
        const ba_memory span = pool.alloc(64);
        EXPECT_EQ(pool.free(span), BA_OK);
        EXPECT_EQ(pool.cache() != nullptr, limit == enough);
        EXPECT_EQ(backing.calls(), limit == enough ? 4u : 3u) << "who may not have it does not ask";
        EXPECT_EQ(pool.stats().backing_failures, 0u);
        if (limit < enough) {
            expect_working_without(&pool);
        }
    }
}

TEST(CacheInMetadata, IsCountedInWholeBlocksOfTheBacking) {
    pba_options options = options_with(PBA_ON);
    ba_testing::StrictBackingOptions in_pages;
    in_pages.block_size = kPage;
    const std::size_t pages = (kTaken + kPage - 1) / kPage;
    // One page each for the chunk, for a table and for a record.
    const std::size_t enough = 3 * kPage + 32 * pages * kPage;
    for (const std::size_t limit : {enough - 1, enough}) {
        StrictBacking backing(in_pages);
        options.byte_limit = limit;
        RunTimePool pool(options, ba_any_allocator_of(backing.block_allocator()));
        EXPECT_FALSE(ba_memory_is_none(pool.alloc(64)));
        EXPECT_EQ(pool.cache() != nullptr, limit == enough);
    }
}

TEST(CacheInMetadata, TakesNothingOfABuffer) {
    MisuseRecorder misuse;
    std::size_t used[2] = {0, 0};
    for (const pba_switch span_cache : {PBA_OFF, PBA_ON}) {
        Buffer buffer;
        RunTimePool pool(options_with(span_cache), ba_any_allocator_of(buffer.allocator()));
        expect_working_without(&pool);
        used[span_cache] = pool.stats().taken.bytes;
    }
    EXPECT_EQ(used[PBA_ON], used[PBA_OFF]);
}

TEST(CacheInMetadata, IsTakenElsewhereIfMetadataIs) {
    MisuseRecorder misuse;
    Buffer buffer;
    StrictBacking strict;
    const ba_allocator allocators[2] = {buffer.allocator(), strict.allocator()};
    for (const std::size_t payload : {0u, 1u}) {
        pba_setup setup = {};
        setup.metadata = &allocators[1 - payload];
        RunTimePool pool(options_with(PBA_ON), ba_any_allocator_of(allocators[payload]), &setup);
        EXPECT_FALSE(ba_memory_is_none(pool.alloc(64)));
        EXPECT_EQ(pool.cache() != nullptr, payload == 0);
    }
}

// --- beside the pool, in its type

TEST(CacheBesideThePool, IsUsedAndMovesWithIt) {
    MisuseRecorder misuse;
    StrictBacking backing;
    auto first = std::make_unique<caching_pool>(caching_pool_new(backing.allocator()));
    for (int round = 0; round < 3; round++) {
        auto pool = std::make_unique<caching_pool>(*first);
        std::memset(static_cast<void *>(first.get()), 0xEE, sizeof *first);
        EXPECT_EQ(pool->core.cache, nullptr) << "it may be moved once more";
        EXPECT_EQ(
            caching_pool_free(pool.get(), ba_memory_of(&backing, ba_bytes(64)), ba_align(1)).code,
            BA_FOREIGN);
        EXPECT_EQ(pool->core.cache, &pool->cache_) << "not any more";
        const ba_memory one = caching_pool_alloc(pool.get(), ba_bytes(192), ba_align(1));
        const ba_memory two = caching_pool_alloc(pool.get(), ba_bytes(192), ba_align(1));
        EXPECT_EQ(backing.bytes(), 1024 + metadata_of_a_chunk());
        EXPECT_EQ(caching_pool_free(pool.get(), one, ba_align(1)).code, BA_OK);
        EXPECT_EQ(caching_pool_free(pool.get(), two, ba_align(1)).code, BA_OK);
        EXPECT_EQ(pba_span_cache_count(&pool->cache_, 3), 5u) << "refilled, and freed";
        EXPECT_EQ(address_of(caching_pool_alloc(pool.get(), ba_bytes(192), ba_align(1))),
                  address_of(two));
        EXPECT_EQ(caching_pool_verify(pool.get()).code, BA_OK);
        EXPECT_EQ(caching_pool_release_all(pool.get(), PBA_ALLOW_IN_USE).code, BA_OK);
        first = std::move(pool);
    }
    EXPECT_EQ(misuse.count(), 3u);
}

// Until a cache is set up, the fast paths look at its list of spans without blocks.
TEST(CacheBesideThePool, NothingIsTakenFromOneThatIsNotSetUp) {
    MisuseRecorder misuse;
    StrictBacking backing;
    alignas(caching_pool) std::array<unsigned char, sizeof(caching_pool)> bytes = {};
    for (std::size_t i = 0; i < bytes.size(); i++) {
        bytes[i] = static_cast<unsigned char>(i % 251);
    }
    auto *const pool = reinterpret_cast<caching_pool *>(bytes.data());
    const pba_options options = caching_pool_options();
    pba_pool_init_of_type(&pool->core, &options, ba_any_allocator_of(backing.allocator()), nullptr,
                          BA_RELEASE_SAFE, &pool->cache_);
    EXPECT_EQ(ba_memory_error(caching_pool_alloc(pool, ba_bytes(0), ba_align(1))).code,
              BA_ZERO_SIZE);
    EXPECT_EQ(misuse.count(), 1u);
    EXPECT_EQ(caching_pool_release_all(pool, PBA_REPORT_IN_USE).code, BA_OK);
}

TEST(CacheBesideThePool, OneOfAPoolThatWasMovedTooLateIsNotTouched) {
    MisuseRecorder misuse;
    StrictBacking backing;
    caching_pool pool = caching_pool_new(backing.allocator());
    const ba_block_allocator view = caching_pool_block_allocator(&pool);
    const auto moved = std::make_unique<caching_pool>(pool);
    std::memset(static_cast<void *>(&moved->cache_), 0xEE, sizeof moved->cache_);
    moved->core.fast_path_max_blocks = 0; // so that no call takes the fast path, as in debug builds
    EXPECT_EQ(ba_memory_error(caching_pool_alloc(moved.get(), ba_bytes(64), ba_align(1))).code,
              BA_MOVED);
    EXPECT_EQ(caching_pool_release_all(moved.get(), PBA_ALLOW_IN_USE).code, BA_MOVED);
    EXPECT_EQ(misuse.count(), 2u);
    const ba_memory span = ba_block_alloc(view, ba_bytes(64), ba_align(1));
    EXPECT_EQ(ba_block_free(view, span, ba_align(1)).code, BA_OK);
    EXPECT_EQ(pool.core.cache, &pool.cache_);
    EXPECT_EQ(caching_pool_release_all(&pool, PBA_REPORT_IN_USE).code, BA_OK);
}

TEST(CacheBesideThePool, IsWhatATypeHasWhateverTheSetupSays) {
    StrictBacking backing;
    const std::vector<unsigned char> untouched(sizeof(pba_span_cache), 0xEE);
    pba_span_cache room;
    std::memset(static_cast<void *>(&room), 0xEE, sizeof room);
    pba_setup setup = {};
    setup.span_cache = &room;
    caching_pool pool = caching_pool_new_with(ba_any_allocator_of(backing.allocator()), &setup);
    const ba_memory span = caching_pool_alloc(&pool, ba_bytes(64), ba_align(1));
    EXPECT_EQ(pool.core.cache, &pool.cache_);
    EXPECT_EQ(caching_pool_free(&pool, span, ba_align(1)).code, BA_OK);
    EXPECT_EQ(caching_pool_release_all(&pool, PBA_REPORT_IN_USE).code, BA_OK);
    EXPECT_EQ(std::memcmp(&room, untouched.data(), sizeof room), 0);
}

TEST(CacheBesideThePool, IsUsedInTheBuildModesThatTheOptionSays) {
    for (const int mode : {BA_DEBUG, BA_RELEASE_SAFE, BA_RELEASE_SMALL, BA_RELEASE_FAST}) {
        StrictBacking backing;
        debug_pool pool;
        std::memset(static_cast<void *>(&pool), 0xEE, sizeof pool);
        const pba_options options = debug_pool_options();
        pba_pool_init_of_type(&pool.core, &options, ba_any_allocator_of(backing.allocator()),
                              nullptr, mode, &pool.cache_);
        std::vector<ba_memory> spans;
        for (std::size_t length : {64u, 64u, 500u, 1024u}) {
            spans.push_back(debug_pool_alloc(&pool, ba_bytes(length), ba_align(1)));
            EXPECT_FALSE(ba_memory_is_none(spans.back()));
        }
        EXPECT_EQ(pool.core.cache, mode == BA_DEBUG ? &pool.cache_ : nullptr);
        EXPECT_EQ(debug_pool_stats(&pool).metadata.bytes, pool.core.account.metadata_bytes);
        for (const ba_memory &span : spans) {
            EXPECT_EQ(debug_pool_free(&pool, span, ba_align(1)).code, BA_OK);
        }
        EXPECT_EQ(debug_pool_verify(&pool).code, BA_OK);
        EXPECT_EQ(debug_pool_release_all(&pool, PBA_REPORT_IN_USE).code, BA_OK);
    }
}

TEST(NoCache, ATypeWithoutOneWorksInAllBuildModes) {
    for (const int mode : {BA_DEBUG, BA_RELEASE_SAFE, BA_RELEASE_SMALL, BA_RELEASE_FAST}) {
        StrictBacking backing;
        bare_pool pool;
        const pba_options options = bare_pool_options();
        pba_pool_init_of_type(&pool.core, &options, ba_any_allocator_of(backing.allocator()),
                              nullptr, mode, nullptr);
        const ba_block_allocator view = bare_pool_block_allocator(&pool);
        std::vector<ba_memory> spans;
        for (std::size_t length : {64u, 64u, 500u, 1024u}) {
            spans.push_back(bare_pool_alloc(&pool, ba_bytes(length), ba_align(1)));
            spans.push_back(ba_block_alloc(view, ba_bytes(length), ba_align(1)));
        }
        EXPECT_EQ(pool.core.cache, nullptr);
        for (const ba_memory &span : spans) {
            EXPECT_FALSE(ba_memory_is_none(span));
            EXPECT_EQ(bare_pool_free(&pool, span, ba_align(1)).code, BA_OK);
        }
        EXPECT_EQ(bare_pool_verify(&pool).code, BA_OK);
        EXPECT_EQ(bare_pool_release_all(&pool, PBA_REPORT_IN_USE).code, BA_OK);
    }
}

TEST(NoCache, ItIsTheFirstMemoryThatIsGivenBackAndCoalesced) {
    StrictBacking backing;
    bare_pool pool = bare_pool_new(backing.allocator());
    const ba_memory one = bare_pool_alloc(&pool, ba_bytes(64), ba_align(1));
    const ba_memory two = bare_pool_alloc(&pool, ba_bytes(64), ba_align(1));
    EXPECT_EQ(bare_pool_free(&pool, one, ba_align(1)).code, BA_OK);
    EXPECT_EQ(bare_pool_free(&pool, two, ba_align(1)).code, BA_OK);
    const ba_memory all = bare_pool_alloc(&pool, ba_bytes(1024), ba_align(1));
    EXPECT_EQ(address_of(all), address_of(one));
    EXPECT_EQ(bare_pool_free(&pool, all, ba_align(1)).code, BA_OK);
    EXPECT_EQ(bare_pool_release_all(&pool, PBA_REPORT_IN_USE).code, BA_OK);
    EXPECT_EQ(backing.grants(), 0u);
}

TEST(NoCache, APoolThatTrustsItsCallerWorks) {
    ba_testing::StrictBackingOptions remaps;
    remaps.remaps = true;
    StrictBacking backing(remaps);
    pba_options options = options_with(PBA_OFF);
    options.safety = PBA_SAFETY_NEVER;
    RunTimePool pool(options, ba_any_allocator_of(backing.allocator()));
    const ba_memory one = pool.alloc(64);
    const ba_memory two = pool.alloc(64);
    const ba_memory three = pool.alloc(64);
    EXPECT_EQ(pool.get()->cache_is_checked, ba_instrument_is_watched());
    EXPECT_EQ(pba_pool_verify(pool.get()).code, BA_OK);
    EXPECT_EQ(pool.free(two), BA_OK);
    const auto grow = [&](ba_memory memory, std::size_t length) {
        return ba_length_result_length(
                   pba_pool_resize(pool.get(), memory, ba_align(1), ba_bytes(length)))
            .bytes;
    };
    EXPECT_EQ(grow(one, 192), 0u) << "the third is live";
    EXPECT_EQ(grow(one, 128), 128u) << "the second is not";
    EXPECT_EQ(pool.free(three), BA_OK);
    const ba_memory moved =
        pba_pool_remap(pool.get(), ba_memory_of(ba_memory_pointer(one), ba_bytes(128)), ba_align(1),
                       ba_bytes(2048));
    EXPECT_FALSE(ba_memory_is_none(moved)) << "it is alone in its chunk";
    EXPECT_EQ(pba_pool_verify(pool.get()).code, BA_OK);
    EXPECT_EQ(pool.free(moved), BA_OK);
    EXPECT_EQ(pba_pool_largest_free(pool.get()).bytes, 2048u);
}

// --- the tables of views

TEST(Views, ATypeHasOneTableAndAPoolOfNoTypeHasOne) {
    StrictBacking backing;
    caching_pool one = caching_pool_new(backing.allocator());
    caching_pool two = caching_pool_new(backing.allocator());
    bare_pool bare = bare_pool_new(backing.allocator());
    RunTimePool plain(options_with(PBA_ON), ba_any_allocator_of(backing.allocator()));
    const ba_operations *const table = caching_pool_block_allocator(&one).operations;
    EXPECT_EQ(caching_pool_allocator(&one).operations, table);
    EXPECT_EQ(caching_pool_block_allocator(&two).operations, table);
    EXPECT_EQ(caching_pool_block_allocator(&one).context, &one);
    const ba_operations *const general = pba_pool_block_allocator(plain.get()).operations;
    EXPECT_EQ(pba_pool_allocator(&one.core).operations, general);
    EXPECT_NE(table, general);
    EXPECT_NE(bare_pool_block_allocator(&bare).operations, table);
    EXPECT_EQ(table->size, sizeof(ba_operations));
    EXPECT_EQ(table->block_size, general->block_size);
    EXPECT_EQ(table->alloc_aside, nullptr);
}

} // namespace
