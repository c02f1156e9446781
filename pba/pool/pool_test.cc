// The pool through its public functions: spans, growing, limits, statistics, looking.
#include "pba/pool.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#if defined(__linux__)
#include <sys/mman.h>
#include <unistd.h>
#endif

#include "block_allocator/backing/page_allocator.h"
#include "block_allocator/implementing/instrumentation.h"
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
using pba_testing::small_options;
using pba_testing::TestPool;

constexpr std::size_t kBlock = 64;
constexpr std::size_t kChunk = 1024;
// Of a span: as many as a map can have, and a size_t counts the bytes of.
constexpr std::size_t kMostBlocks = std::min(std::size_t{PBA_MAP_MAX_BLOCKS}, SIZE_MAX / kBlock);

StrictBackingOptions growing(std::size_t room = kChunk * 4) {
    StrictBackingOptions options;
    options.grows_in_place = true;
    options.room = room;
    return options;
}

std::size_t grown(ba_length_result result) {
    return ba_length_result_length(result).bytes;
}

ba_error_code error_of(ba_length_result result) {
    return ba_length_result_error(result).code;
}

ba_error_code error_of(ba_memory memory) {
    return ba_memory_error(memory).code;
}

// --- allocating

TEST(PoolTest, HandsOutWholeSpans) {
    StrictBacking backing;
    TestPool pool(small_options(), &backing);
    EXPECT_EQ(length_of(pool.alloc(1)), 64u);
    EXPECT_EQ(length_of(pool.alloc(64)), 64u);
    EXPECT_EQ(length_of(pool.alloc(65)), 128u);
    EXPECT_EQ(length_of(pool.alloc(1025)), 1088u);
}

TEST(PoolTest, TheViewsAreExactAndWhole) {
    StrictBacking backing;
    TestPool pool(small_options(), &backing);
    const ba_allocator exact = pba_pool_allocator(pool.get());
    const ba_block_allocator blocks = pba_pool_block_allocator(pool.get());
    EXPECT_EQ(ba_allocator_block_size(exact).bytes, 64u);
    EXPECT_EQ(ba_block_allocator_block_size(blocks).bytes, 64u);
    EXPECT_EQ(backing.calls(), 0u) << "no memory until the first allocation";
    const ba_memory cut = ba_alloc(exact, ba_bytes(100), ba_align(8));
    const ba_memory whole = ba_block_alloc(blocks, ba_bytes(100), ba_align(8));
    EXPECT_EQ(length_of(cut), 100u);
    EXPECT_EQ(length_of(whole), 128u);
    EXPECT_EQ(ba_block_free(blocks, cut, ba_align(8)).code, BA_OK);
    EXPECT_EQ(ba_free(exact, whole, ba_align(8)).code, BA_OK);
}

TEST(PoolTest, GivesEveryAlignmentThatTheBackingGives) {
    StrictBackingOptions options;
    options.max_alignment = 4096;
    StrictBacking backing(options);
    TestPool pool(small_options(), &backing);
    for (std::size_t alignment = 1; alignment <= 4096; alignment *= 2) {
        const ba_memory memory = pool.alloc(1, alignment);
        ASSERT_EQ(error_of(memory), BA_OK) << alignment;
        EXPECT_EQ(address_of(memory) % alignment, 0u);
    }
}

TEST(PoolTest, AnAlignmentBeyondTheBackingIsRefused) {
    StrictBacking backing;
    MisuseRecorder misuse;
    TestPool pool(small_options(), &backing);
    // The second is more than all the blocks that a chunk can have.
    const std::size_t alignments[] = {std::size_t{1} << 30, SIZE_MAX / 2 + 1};
    for (const std::size_t alignment : alignments) {
        EXPECT_EQ(error_of(pool.alloc(1, alignment)), BA_BAD_ALIGN);
    }
    EXPECT_EQ(misuse.count(), 0u) << "no misuse: nobody knows what a backing can give";
    EXPECT_EQ(backing.grants(), 0u);
    EXPECT_EQ(pool.stats().failures, 2u);
}

TEST(PoolTest, LargeAlignmentsUseWhatIsFree) {
    StrictBackingOptions options;
    options.max_alignment = 1024;
    StrictBacking backing(options);
    TestPool pool(small_options(), &backing);
    const ba_memory first = pool.alloc(1, 1024);
    const std::size_t grants = backing.grants();
    const ba_memory second = pool.alloc(64, 256);
    EXPECT_EQ(address_of(second), address_of(first) + 256);
    EXPECT_EQ(backing.grants(), grants);
}

TEST(PoolTest, ALengthThatNoSpanCanHaveIsALimit) {
    StrictBacking backing;
    TestPool pool(small_options(), &backing);
    EXPECT_EQ(error_of(pool.alloc(SIZE_MAX)), BA_LIMIT);
    EXPECT_EQ(error_of(pool.alloc(kMostBlocks * kBlock + 1)), BA_LIMIT);
    const ba_memory memory = pool.alloc(1);
    EXPECT_EQ(error_of(pool.try_resize(memory, SIZE_MAX)), BA_LIMIT);
    EXPECT_EQ(error_of(pool.grow_between(memory, SIZE_MAX, SIZE_MAX)), BA_LIMIT);
    EXPECT_EQ(error_of(pool.remap(memory, SIZE_MAX)), BA_LIMIT);
    EXPECT_EQ(pool.stats().failures, 5u) << "each is counted";
    EXPECT_EQ(error_of(pool.realloc(memory, SIZE_MAX)), BA_LIMIT);
}

TEST(PoolTest, ALengthWhoseWholeBlocksNoSizeCountsIsALimit) {
    StrictBacking backing;
    pba_options options = small_options();
    options.block_size = SIZE_MAX / 256 + 1;
    options.backing_request_size = options.block_size;
    TestPool pool(options, &backing);
    EXPECT_EQ(error_of(pool.alloc(SIZE_MAX)), BA_LIMIT) << "256 blocks are SIZE_MAX + 1 bytes";
    EXPECT_EQ(backing.calls(), 0u);
}

TEST(PoolTest, FreedNeighboursBecomeOneRun) {
    StrictBacking backing;
    TestPool pool(small_options(), &backing);
    std::vector<ba_memory> spans;
    for (int i = 0; i < 16; i++) {
        spans.push_back(pool.alloc(1));
    }
    EXPECT_EQ(pba_pool_largest_free(pool.get()).bytes, 0u);
    for (const int i : {3, 5, 4}) {
        EXPECT_EQ(pool.free(spans[static_cast<std::size_t>(i)]), BA_OK);
    }
    EXPECT_EQ(pba_pool_largest_free(pool.get()).bytes, 192u);
    EXPECT_EQ(address_of(pool.alloc(192)), address_of(spans[3]));
    EXPECT_EQ(pool.stats().chunks, 1u);
}

TEST(PoolTest, TakesBackAnyLengthThatFits) {
    StrictBacking backing;
    TestPool pool(small_options(), &backing);
    for (std::size_t length = 65; length <= 128; length++) {
        const ba_memory memory = pool.alloc(100);
        EXPECT_EQ(pool.free(pba_testing::part_of(memory, 0, length)), BA_OK) << length;
    }
}

TEST(PoolTest, IsNotMadeWithOptionsThatBreakARule) {
    StrictBacking backing;
    pba_options options = small_options();
    options.block_size = 65;
    pba_pool pool;
    std::memset(static_cast<void *>(&pool), 0xEE, sizeof pool);
    EXPECT_EQ(
        pba_pool_init(&pool, &options, ba_any_allocator_of_exact(backing.allocator()), nullptr),
        PBA_OPTIONS_BLOCK_SIZE_POWER_OF_TWO);
    std::vector<unsigned char> bytes(sizeof pool);
    std::memcpy(bytes.data(), &pool, sizeof pool);
    EXPECT_EQ(bytes, std::vector<unsigned char>(sizeof pool, 0xEE)) << "nothing is written";
}

TEST(PoolTest, WhatWasFreedIsTakenAgainTheYoungestFirst) {
    StrictBacking backing;
    TestPool pool(small_options(), &backing);
    std::vector<ba_memory> spans;
    for (int i = 0; i < 16; i++) {
        spans.push_back(pool.alloc(1));
    }
    std::sort(spans.begin(), spans.end(),
              [](ba_memory a, ba_memory b) { return address_of(a) < address_of(b); });
    for (const std::size_t i : {2U, 9U, 5U}) {
        EXPECT_EQ(pool.free(spans[i]), BA_OK);
    }
    for (const std::size_t i : {5U, 9U, 2U}) {
        EXPECT_EQ(address_of(pool.alloc(1)), address_of(spans[i])) << i;
    }
}

// The metadata that is taken when spans of one block are allocated after many were freed.
std::size_t taken_after_frees(std::size_t payload) {
    StrictBacking backing;
    TestPool pool(small_options(), &backing);
    EXPECT_EQ(pba_pool_reserve(pool.get(), ba_bytes(payload)).code, BA_OK);
    EXPECT_EQ(pool.stats().payload.bytes, payload);
    std::vector<ba_memory> spans;
    for (std::size_t i = 0; i < std::size_t{2} * PBA_SPAN_CACHE_FIRST; i++) {
        spans.push_back(pool.alloc(1));
    }
    for (std::size_t i = 1; i < spans.size(); i++) {
        EXPECT_EQ(pool.free(spans[i]), BA_OK);
    }
    EXPECT_EQ(pool.stats().payload.bytes, payload);
    const std::size_t before = pool.stats().metadata.bytes;
    // At the latest when the list that was full has given up what it has.
    for (std::size_t i = 0; i <= PBA_SPAN_CACHE_FIRST; i++) {
        EXPECT_EQ(error_of(pool.alloc(1)), BA_OK);
    }
    return pool.stats().metadata.bytes - before;
}

TEST(PoolTest, TheSpanCacheGrowsInProportionToThePayload) {
    constexpr std::size_t kEntry = sizeof(pba_span_cache_entry);
    EXPECT_EQ(taken_after_frees(64 * kEntry * 32), 64 * kEntry);
    EXPECT_EQ(taken_after_frees(64 * kEntry * 32 - kChunk), 32 * kEntry);
    EXPECT_EQ(taken_after_frees(16 * kEntry * 32), 16 * kEntry);
    EXPECT_EQ(taken_after_frees(16 * kEntry * 32 - kChunk), 0u);
}

// --- growing in place

TEST(PoolTest, GrowsIntoTheFreeNeighbour) {
    StrictBacking backing;
    TestPool pool(small_options(), &backing);
    const ba_memory memory = pool.alloc(64);
    const std::size_t calls = backing.calls();
    EXPECT_EQ(pool.resize(memory, 1000), 1024u);
    EXPECT_EQ(backing.calls(), calls);
    EXPECT_EQ(pool.stats().resizes, 1u);
}

TEST(PoolTest, GrowsIntoTheNeighbourAndThenTheChunk) {
    StrictBacking backing(growing());
    TestPool pool(small_options(), &backing);
    const ba_memory memory = pool.alloc(512);
    EXPECT_EQ(pool.resize(memory, 1025), 1088u);
    const pba_stats stats = pool.stats();
    EXPECT_EQ(stats.payload.bytes, 2 * kChunk) << "by whole requests";
    EXPECT_EQ(stats.chunks, 1u);
    EXPECT_EQ(pba_pool_largest_free(pool.get()).bytes, 2 * kChunk - 1088);
    EXPECT_EQ(pool.verify(), BA_OK);
}

TEST(PoolTest, GrowsTheChunkOfASpanAtItsEnd) {
    StrictBacking backing(growing());
    TestPool pool(small_options(), &backing);
    const ba_memory memory = pool.alloc(kChunk);
    std::memset(bytes_of(memory), 0x5A, kChunk);
    EXPECT_EQ(pool.resize(memory, 3 * kChunk), 3 * kChunk);
    EXPECT_EQ(bytes_of(memory)[kChunk - 1], 0x5A);
    bytes_of(memory)[3 * kChunk - 1] = 1;
    // The strict backing wants the grant back as it is now, not as it was.
    EXPECT_EQ(pool.free(pba_testing::part_of(memory, 0, 3 * kChunk)), BA_OK);
    EXPECT_EQ(pba_pool_release_all(pool.get(), PBA_REPORT_IN_USE).code, BA_OK);
    EXPECT_EQ(backing.grants(), 0u);
}

TEST(PoolTest, RefusedGrowthChangesNothing) {
    StrictBacking backing(growing());
    TestPool pool(small_options(), &backing);
    const ba_memory memory = pool.alloc(512);
    const ba_memory behind = pool.alloc(64);
    EXPECT_EQ(error_of(pool.try_resize(memory, 576)), BA_NOT_IN_PLACE);
    EXPECT_EQ(pool.free(behind), BA_OK);
    const std::size_t bytes = backing.bytes();
    for (std::size_t n = 1; n <= 3; n++) {
        backing.refuse_from(n);
        const ba_length_result result = pool.try_resize(memory, 64 * kChunk);
        EXPECT_TRUE(ba_length_result_is_none(result));
        backing.refuse_none();
        EXPECT_EQ(backing.bytes(), bytes);
        EXPECT_EQ(pool.verify(), BA_OK);
        EXPECT_EQ(
            ba_length_result_length(pba_pool_usable_len(pool.get(), ba_memory_pointer(memory)))
                .bytes,
            512u);
    }
    EXPECT_EQ(pool.stats().failures, 4u);
    EXPECT_EQ(pba_pool_largest_free(pool.get()).bytes, 512u);
}

// Chunks of one block, so that records come from slabs at many counts of them.
TEST(PoolTest, RefusedGrowthTakesNoMetadata) {
    for (const pba_switch sites : {PBA_OFF, PBA_ON}) {
        StrictBacking backing;
        pba_options options = small_options();
        options.backing_request_size = 64;
        options.call_sites = sites;
        TestPool pool(options, &backing);
        for (int i = 0; i < 100; i++) {
            const ba_memory memory = pool.alloc(64);
            const std::size_t bytes = backing.bytes();
            const std::size_t calls = backing.calls();
            EXPECT_EQ(error_of(pool.try_resize(memory, 65)), BA_NOT_IN_PLACE);
            EXPECT_EQ(backing.bytes(), bytes);
            EXPECT_EQ(backing.calls(), calls + 1) << "only what is refused is asked for";
        }
    }
}

TEST(PoolTest, ALongerChunkWhoseRecordHasTheSameLengthNeedsNoOther) {
    StrictBacking backing(growing(1 << 16));
    pba_options options = small_options();
    options.call_sites = PBA_OFF;
    TestPool pool(options, &backing);
    ba_memory memory = pool.alloc(kChunk);
    std::vector<std::size_t> calls;
    for (std::size_t chunks = 2; chunks <= 5; chunks++) {
        const std::size_t before = backing.calls();
        EXPECT_EQ(pool.resize(memory, chunks * kChunk), chunks * kChunk);
        memory = pba_testing::part_of(memory, 0, chunks * kChunk);
        calls.push_back(backing.calls() - before);
    }
    EXPECT_EQ(calls, (std::vector<std::size_t>{1, 1, 1, 2})) << "64 blocks are a word of the map";
}

TEST(PoolTest, RefusedMetadataOfAGrowthGivesThePayloadBack) {
    StrictBacking backing(growing(1 << 16));
    StrictBacking metadata;
    const ba_allocator second = metadata.allocator();
    pba_setup setup = {};
    setup.metadata = &second;
    pba_options options = small_options();
    options.call_sites = PBA_ON;
    TestPool pool(options, &backing, &setup);
    const ba_memory memory = pool.alloc(kChunk);
    metadata.refuse_from(1);
    EXPECT_EQ(error_of(pool.try_resize(memory, 2 * kChunk)), BA_OUT_OF_MEMORY);
    EXPECT_EQ(metadata.refused(), 1u);
    metadata.refuse_none();
    EXPECT_EQ(backing.bytes(), kChunk);
    EXPECT_EQ(pool.stats().payload.bytes, kChunk);
    EXPECT_EQ(pool.verify(), BA_OK);
    EXPECT_EQ(pool.resize(memory, 2 * kChunk), 2 * kChunk);
}

TEST(PoolTest, GrowBetweenKeepsItsBounds) {
    StrictBacking backing(growing());
    TestPool pool(small_options(), &backing);
    ba_memory memory = pool.alloc(64);
    EXPECT_EQ(grown(pool.grow_between(memory, 100, 200)), 256u) << "all that was wanted";
    memory = pba_testing::part_of(memory, 0, 256);
    EXPECT_EQ(grown(pool.grow_between(memory, 1, 100)), 256u) << "never shorter";
    EXPECT_EQ(grown(pool.grow_between(memory, 300, 10)), 320u) << "wanted below minimum";
    memory = pba_testing::part_of(memory, 0, 320);
    const std::size_t calls = backing.calls();
    EXPECT_EQ(grown(pool.grow_between(memory, 384, 4096)), kChunk) << "as far as it goes";
    memory = pba_testing::part_of(memory, 0, kChunk);
    EXPECT_EQ(backing.calls(), calls) << "the backing is not asked for what is only wanted";
    EXPECT_EQ(grown(pool.grow_between(memory, kChunk + 1, 4096)), 4096u);
    memory = pba_testing::part_of(memory, 0, 4096);
    EXPECT_EQ(pool.free(memory), BA_OK);
}

TEST(PoolTest, GrowBetweenMayWantMoreThanAnySpanCanHave) {
    StrictBacking backing(growing());
    pba_options options = small_options();
    options.byte_limit = 1 << 20;
    TestPool pool(options, &backing);
    ba_memory memory = pool.alloc(64);
    EXPECT_EQ(grown(pool.grow_between(memory, 65, SIZE_MAX)), kChunk);
    memory = pba_testing::part_of(memory, 0, kChunk);
    EXPECT_EQ(grown(pool.grow_between(memory, kChunk + 1, SIZE_MAX)), 2 * kChunk)
        << "the backing is asked for what is needed, by whole requests";
    memory = pba_testing::part_of(memory, 0, 2 * kChunk);
    EXPECT_EQ(pool.free(memory), BA_OK);
}

TEST(PoolTest, AChunkThatGrowsStepByStepSeldomNeedsANewRecord) {
    StrictBacking backing(growing());
    pba_options options = small_options();
    options.call_sites = PBA_ON; // so that each record has a size of its own
    TestPool pool(options, &backing);
    ba_memory memory = pool.alloc(kChunk);
    std::vector<std::size_t> calls;
    for (std::size_t chunks = 2; chunks <= 5; chunks++) {
        const std::size_t before = backing.calls();
        EXPECT_EQ(pool.resize(memory, chunks * kChunk), chunks * kChunk);
        memory = pba_testing::part_of(memory, 0, chunks * kChunk);
        calls.push_back(backing.calls() - before);
    }
    // Room for 32 blocks, for 64, still for 64, for 128.
    EXPECT_EQ(calls, (std::vector<std::size_t>{2, 2, 1, 2}));
}

TEST(PoolTest, AChunkOfMoreBlocksThanThereCanBeIsALimit) {
    StrictBacking backing(growing());
    TestPool pool(small_options(), &backing);
    EXPECT_EQ(error_of(pool.alloc(128)), BA_OK);
    const ba_memory memory = pool.alloc(kChunk - 128);
    const std::size_t calls = backing.calls();
    const std::size_t longest = (std::size_t{PBA_MAP_MAX_BLOCKS} - 1) * kBlock;
    EXPECT_EQ(error_of(pool.try_resize(memory, longest)), BA_LIMIT);
    EXPECT_EQ(backing.calls(), calls) << "the backing is not asked";
}

TEST(PoolTest, GrowBetweenStopsAtALiveNeighbour) {
    StrictBacking backing;
    TestPool pool(small_options(), &backing);
    const ba_memory memory = pool.alloc(64);
    const ba_memory middle = pool.alloc(128);
    const ba_memory behind = pool.alloc(64);
    EXPECT_EQ(error_of(pool.grow_between(memory, 65, 200)), BA_NOT_IN_PLACE);
    EXPECT_EQ(pool.free(middle), BA_OK);
    EXPECT_EQ(grown(pool.grow_between(memory, 65, 4096)), address_of(behind) - address_of(memory));
    EXPECT_EQ(pool.free(behind), BA_OK);
}

TEST(PoolTest, ShrinkingNeverAsksAndGivesBlocksBackAtOnce) {
    StrictBacking backing;
    TestPool pool(small_options(), &backing);
    const ba_memory memory = pool.alloc(kChunk);
    backing.refuse_from(1);
    EXPECT_EQ(pool.resize(memory, 100), 128u);
    EXPECT_EQ(backing.calls(), 0u);
    EXPECT_EQ(pool.stats().free.bytes, kChunk - 128);
    EXPECT_EQ(pool.stats().in_use.bytes, 128u);
    backing.refuse_none();
    EXPECT_EQ(address_of(pool.alloc(kChunk - 128)), address_of(memory) + 128);
}

// --- moving

StrictBackingOptions remapping() {
    StrictBackingOptions options;
    options.remaps = true;
    return options;
}

TEST(PoolTest, ASpanThatIsItsChunkIsRemappedByTheBacking) {
    StrictBacking backing(remapping());
    TestPool pool(small_options(), &backing);
    const ba_memory memory = pool.alloc(kChunk);
    std::memset(bytes_of(memory), 0x5A, kChunk);
    const ba_memory moved = pool.remap(memory, 3000);
    ASSERT_EQ(error_of(moved), BA_OK);
    EXPECT_EQ(length_of(moved), 3008u);
    EXPECT_EQ(bytes_of(moved)[kChunk - 1], 0x5A);
    EXPECT_EQ(pool.stats().payload.bytes, 3 * kChunk);
    EXPECT_EQ(pool.stats().chunks, 1u);
    EXPECT_EQ(pool.stats().resizes, 1u);
    EXPECT_EQ(pool.verify(), BA_OK);
    EXPECT_EQ(pool.free(moved), BA_OK);
}

TEST(PoolTest, RemapKeepsTheGuard) {
    StrictBacking backing(remapping());
    pba_options options = small_options();
    options.guard = PBA_ON;
    options.fill = PBA_ON;
    TestPool pool(options, &backing);
    const ba_memory memory = pool.alloc(kChunk - kBlock);
    std::memset(bytes_of(memory), 0x5A, kChunk - kBlock);
    const ba_memory moved = pool.remap(memory, 2 * kChunk - kBlock);
    ASSERT_EQ(error_of(moved), BA_OK);
    EXPECT_EQ(bytes_of(moved)[kChunk - kBlock - 1], 0x5A);
    std::memset(bytes_of(moved), 0x5A, length_of(moved));
    EXPECT_EQ(pool.verify(), BA_OK);
    EXPECT_EQ(pool.free(moved), BA_OK);
}

TEST(PoolTest, RemapKeepsTheAlignmentOfTheChunkAndPromisesNoMore) {
    StrictBacking backing(remapping());
    TestPool pool(small_options(), &backing);
    ba_memory memory = pool.alloc(kChunk, 4096);
    memory = pool.remap(memory, 2 * kChunk, 4096);
    ASSERT_EQ(error_of(memory), BA_OK);
    EXPECT_EQ(address_of(memory) % 4096, 0u);
    EXPECT_EQ(pool.free(memory, 4096), BA_OK);

    // One that happens to be better aligned than its chunk was asked to be.
    ba_memory other = pool.alloc(4 * kChunk);
    for (int i = 0; i < 1000 && address_of(other) % 128 != 0; i++) {
        other = pool.alloc(4 * kChunk);
    }
    ASSERT_EQ(address_of(other) % 128, 0u);
    EXPECT_EQ(error_of(pool.remap(other, 8 * kChunk, 128)), BA_UNSUPPORTED);
    EXPECT_EQ(error_of(pool.remap(other, 8 * kChunk, 64)), BA_OK);
}

TEST(PoolTest, RemapOfASpanThatSharesItsChunkIsNotSupported) {
    StrictBacking backing(remapping());
    TestPool pool(small_options(), &backing);
    const ba_memory memory = pool.alloc(64);
    const ba_memory other = pool.alloc(64);
    EXPECT_EQ(error_of(pool.remap(memory, 2 * kChunk)), BA_UNSUPPORTED);
    EXPECT_EQ(error_of(pool.remap(other, 2 * kChunk)), BA_UNSUPPORTED);
    EXPECT_EQ(pool.stats().failures, 2u);
    EXPECT_EQ(length_of(pool.remap(memory, 64)), 64u);
    const ba_memory whole = pool.alloc(kChunk);
    EXPECT_EQ(length_of(pool.remap(whole, 100)), 128u) << "shorter in place";
}

TEST(PoolTest, ASpanThatIsAloneIsRemappedWithTheFreeBlocksAroundIt) {
    for (const bool head : {false, true}) {
        for (const pba_switch careful : {PBA_OFF, PBA_ON}) {
            StrictBacking backing(remapping());
            pba_options options = small_options();
            options.auto_shrink = PBA_AUTO_SHRINK_NEVER;
            options.call_sites = PBA_OFF; // so that the record does for a longer chunk
            options.guard = careful;
            options.fill = careful;
            TestPool pool(options, &backing);
            const ba_memory first = pool.alloc(64);
            const ba_memory middle = pool.alloc(256);
            const ba_memory last = pool.alloc(64);
            const ba_memory span = head ? middle : first;
            std::memset(bytes_of(span), 0x5A, length_of(span));
            for (const ba_memory &other : {first, middle, last}) {
                if (address_of(other) != address_of(span)) {
                    EXPECT_EQ(pool.free(other), BA_OK);
                }
            }
            const std::size_t before = backing.calls();
            const ba_memory moved = pool.realloc(span, 3 * kChunk);
            ASSERT_EQ(error_of(moved), BA_OK);
            EXPECT_EQ(backing.calls(), before + 2) << "growing, which is refused, and moving";
            EXPECT_EQ(backing.frees(), 1u) << "the grant that has moved";
            EXPECT_EQ(bytes_of(moved)[length_of(span) - 1], 0x5A);
            EXPECT_EQ(pool.stats().chunks, 1u);
            EXPECT_EQ(pool.stats().allocations, 3u) << "nothing was allocated to copy to";
            EXPECT_EQ(pool.verify(), BA_OK);
            std::memset(bytes_of(moved), 0x5A, length_of(moved));
            EXPECT_EQ(pool.free(moved), BA_OK);
            EXPECT_EQ(pool.stats().free.bytes, pool.stats().payload.bytes);
            EXPECT_EQ(pool.verify(), BA_OK);
        }
    }
}

TEST(PoolTest, WhatWasFreedBehindASpanServesItsRemap) {
    StrictBacking backing(remapping());
    pba_options options = small_options();
    options.auto_shrink = PBA_AUTO_SHRINK_NEVER;
    TestPool pool(options, &backing);
    const ba_memory memory = pool.alloc(64);
    const ba_memory behind = pool.alloc(kChunk - 64);
    EXPECT_EQ(pool.free(behind), BA_OK);
    const std::size_t calls = backing.calls();
    const ba_memory longer = pool.remap(memory, kChunk);
    EXPECT_EQ(address_of(longer), address_of(memory));
    EXPECT_EQ(length_of(longer), kChunk);
    EXPECT_EQ(backing.calls(), calls);
}

TEST(PoolTest, ARefusedRemapLeavesWhatIsFreeAroundTheSpanAsItWas) {
    StrictBacking backing(remapping());
    pba_options options = small_options();
    options.guard = PBA_ON;
    options.fill = PBA_ON;
    options.call_sites = PBA_ON; // so that a longer chunk needs another record
    TestPool pool(options, &backing);
    const ba_memory memory = pool.alloc(64);
    for (std::size_t n = 1; n <= 2; n++) {
        const std::size_t bytes = backing.bytes();
        const std::size_t grants = backing.grants();
        backing.refuse_nth(n);
        EXPECT_EQ(error_of(pool.remap(memory, 3 * kChunk)), BA_OUT_OF_MEMORY) << n;
        EXPECT_EQ(backing.refused(), 1u);
        backing.refuse_none();
        EXPECT_EQ(backing.bytes(), bytes);
        EXPECT_EQ(backing.grants(), grants);
        EXPECT_EQ(pool.verify(), BA_OK);
    }
    EXPECT_EQ(pba_pool_largest_free(pool.get()).bytes, kChunk - 3 * kBlock);
}

TEST(PoolTest, ABackingThatCannotRemapIsNotAskedForMetadata) {
    ScriptedAllocator script(64, ScriptedAllocator::Table::kShort);
    StrictBacking metadata;
    const ba_allocator second = metadata.allocator();
    pba_setup setup = {};
    setup.metadata = &second;
    pba_options options = small_options();
    options.call_sites = PBA_ON;
    TestPool pool(options, ba_any_allocator_of(script.block_allocator()), &setup);
    script.will_return(script.a(kChunk));
    const ba_memory memory = pool.alloc(kChunk);
    (void)script.take_calls();
    const std::size_t calls = metadata.calls();
    EXPECT_EQ(error_of(pool.remap(memory, 2 * kChunk)), BA_UNSUPPORTED);
    EXPECT_EQ(script.take_calls(), "");
    EXPECT_EQ(metadata.calls(), calls);
    script.will_return(ba_error_of(BA_OK));
    EXPECT_EQ(pba_pool_release_all(pool.get(), PBA_ALLOW_IN_USE).code, BA_OK);
}

#if defined(__linux__)
TEST(PoolTest, WhatWasNeverTouchedStaysUntouchedWhenItsSpanMoves) {
    constexpr std::size_t kLength = std::size_t{64} << 20;
    pba_options options = small_options();
    options.backing_request_size = 65536;
    TestPool pool(options, ba_any_allocator_of(ba_page_allocator()));
    ba_memory memory = pool.alloc(kLength + 5);
    bytes_of(memory)[kLength] = 0x5A;
    for (int i = 0; i < 4; i++) {
        memory = pool.realloc(memory, length_of(memory) + 200000);
        ASSERT_EQ(error_of(memory), BA_OK);
    }
    EXPECT_EQ(bytes_of(memory)[kLength], 0x5A);
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    std::vector<unsigned char> resident((length_of(memory) + page - 1) / page);
    ASSERT_EQ(mincore(ba_memory_pointer(memory), length_of(memory), resident.data()), 0);
    std::size_t bytes = 0;
    for (const unsigned char is_resident : resident) {
        bytes += (is_resident & 1) * page;
    }
    EXPECT_LE(bytes, std::size_t{4} << 20) << "the page that was written, at most a huge one";
}
#endif

TEST(PoolTest, RefusedRemapChangesNothing) {
    StrictBacking backing(remapping());
    TestPool pool(small_options(), &backing);
    const ba_memory memory = pool.alloc(kChunk);
    std::memset(bytes_of(memory), 0x5A, kChunk);
    const std::size_t bytes = backing.bytes();
    for (std::size_t n = 1; n <= 2; n++) {
        backing.refuse_nth(n);
        EXPECT_EQ(error_of(pool.remap(memory, 64 * kChunk)), BA_OUT_OF_MEMORY) << n;
        backing.refuse_none();
        EXPECT_EQ(backing.bytes(), bytes);
        EXPECT_EQ(bytes_of(memory)[kChunk - 1], 0x5A);
        EXPECT_EQ(pool.stats().failures, n);
        EXPECT_EQ(pool.verify(), BA_OK);
    }
}

TEST(PoolTest, ReallocMovesWhenItMust) {
    StrictBacking backing;
    TestPool pool(small_options(), &backing);
    const ba_memory memory = pool.alloc(128);
    const ba_memory behind = pool.alloc(64);
    std::memset(bytes_of(memory), 0x5A, 128);
    EXPECT_EQ(address_of(pool.realloc(memory, 100)), address_of(memory)) << "it fits";
    const ba_memory moved = pool.realloc(memory, 300);
    EXPECT_NE(address_of(moved), address_of(memory));
    EXPECT_EQ(length_of(moved), 320u);
    EXPECT_EQ(bytes_of(moved)[127], 0x5A);
    EXPECT_EQ(pool.stats().spans, 2u);
    EXPECT_EQ(address_of(pool.realloc(moved, 64)), address_of(moved));
    EXPECT_EQ(pool.free(behind), BA_OK);
}

TEST(PoolTest, ReallocThatFailsChangesNothing) {
    StrictBacking backing;
    TestPool pool(small_options(), &backing);
    const ba_memory memory = pool.alloc(512);
    bytes_of(memory)[511] = 0x5A;
    backing.refuse_from(1);
    EXPECT_EQ(error_of(pool.realloc(memory, 4096)), BA_OUT_OF_MEMORY);
    EXPECT_EQ(bytes_of(memory)[511], 0x5A);
    EXPECT_EQ(pool.stats().spans, 1u);
    EXPECT_EQ(pool.stats().in_use.bytes, 512u);
    backing.refuse_none();
}

// --- where the pool is

pba_pool made(ba_any_allocator backing) {
    const pba_options options = small_options();
    pba_pool pool;
    EXPECT_EQ(pba_pool_init(&pool, &options, backing, nullptr), PBA_OPTIONS_OK);
    return pool;
}

TEST(PoolTest, MayBeMovedBeforeItsFirstUse) {
    StrictBacking backing;
    MisuseRecorder misuse;
    pba_pool pool = made(ba_any_allocator_of_exact(backing.allocator()));
    EXPECT_EQ(pba_pool_stats(&pool).payload.bytes, 0u) << "looking does not pin it";
    pba_pool moved = pool;
    std::memset(static_cast<void *>(&pool), 0xEE, sizeof pool);
    for (int i = 0; i < 100; i++) {
        const ba_memory memory = pba_pool_alloc(&moved, ba_bytes(1), ba_align(1));
        EXPECT_EQ(pba_pool_free(&moved, memory, ba_align(1)).code, BA_OK);
    }
    EXPECT_EQ(pba_pool_release_all(&moved, PBA_REPORT_IN_USE).code, BA_OK);
    EXPECT_EQ(misuse.count(), 0u);
}

TEST(PoolTest, MayBeMovedAgainAfterReleaseAll) {
    StrictBacking backing;
    MisuseRecorder misuse;
    pba_pool pool = made(ba_any_allocator_of_exact(backing.allocator()));
    EXPECT_EQ(error_of(pba_pool_alloc(&pool, ba_bytes(1), ba_align(1))), BA_OK);
    pba_pool_release_all(&pool, PBA_ALLOW_IN_USE);
    pba_pool moved = pool;
    EXPECT_EQ(error_of(pba_pool_alloc(&moved, ba_bytes(1), ba_align(1))), BA_OK);
    pba_pool_release_all(&moved, PBA_ALLOW_IN_USE);
    EXPECT_EQ(misuse.count(), 0u);
}

// --- limits

std::size_t fill_up(TestPool *pool, std::size_t length, ba_error_code expected) {
    std::size_t spans = 0;
    for (;;) {
        const ba_memory memory = pool->alloc(length);
        if (ba_memory_is_none(memory)) {
            EXPECT_EQ(error_of(memory), expected);
            return spans;
        }
        spans++;
    }
}

TEST(PoolTest, IsFilledToExactlyTheIndexLimit) {
    for (const pba_index index : {PBA_INDEX_U8, PBA_INDEX_U16}) {
        StrictBacking backing;
        pba_options options = small_options();
        options.index = index;
        TestPool pool(options, &backing);
        const std::size_t most = index == PBA_INDEX_U8 ? 255 : 65535;
        EXPECT_EQ(fill_up(&pool, 1, BA_LIMIT), most);
        EXPECT_EQ(pool.stats().payload.bytes, most * kBlock);
        EXPECT_EQ(pool.stats().failures, 1u);
    }
}

TEST(PoolTest, OneSpanMayHaveAllBlocksOfTheIndexAndNotOneMore) {
    StrictBacking backing(growing(std::size_t{64} * 256));
    pba_options options = small_options();
    options.index = PBA_INDEX_U8;
    TestPool pool(options, &backing);
    EXPECT_EQ(error_of(pool.alloc(256 * kBlock)), BA_LIMIT);
    const ba_memory memory = pool.alloc(254 * kBlock);
    EXPECT_EQ(length_of(memory), 254 * kBlock);
    EXPECT_EQ(pool.resize(memory, 255 * kBlock), 255 * kBlock);
    const ba_memory all = pba_testing::part_of(memory, 0, 255 * kBlock);
    EXPECT_EQ(error_of(pool.try_resize(all, 256 * kBlock)), BA_LIMIT);
    EXPECT_EQ(error_of(pool.alloc(1)), BA_LIMIT);
}

TEST(PoolTest, ARemappedSpanMayHaveAllBlocksOfTheIndexAndNotOneMore) {
    StrictBacking backing(remapping());
    pba_options options = small_options();
    options.index = PBA_INDEX_U8;
    TestPool pool(options, &backing);
    const ba_memory memory = pool.alloc(128 * kBlock);
    const ba_memory moved = pool.remap(memory, 255 * kBlock);
    EXPECT_EQ(length_of(moved), 255 * kBlock);
    EXPECT_EQ(pool.stats().payload.bytes, 255 * kBlock);
    const std::size_t calls = backing.calls();
    EXPECT_EQ(error_of(pool.remap(moved, 256 * kBlock)), BA_LIMIT);
    EXPECT_EQ(backing.calls(), calls);
    EXPECT_EQ(pool.verify(), BA_OK);
    EXPECT_EQ(pool.free(moved), BA_OK);
}

StrictBackingOptions of_pages(StrictBackingOptions options) {
    options.block_size = 4096;
    return options;
}

TEST(PoolTest, WhatAGrantHasBeyondTheIndexStaysUnused) {
    for (const bool moving : {false, true}) {
        StrictBacking backing(of_pages(moving ? remapping() : growing(1 << 16)));
        pba_options options = small_options();
        options.index = PBA_INDEX_U8;
        TestPool pool(options, ba_any_allocator_of_whole(backing.block_allocator()));
        const ba_memory memory = pool.alloc(8192);
        if (moving) {
            EXPECT_EQ(length_of(pool.remap(memory, 255 * kBlock)), 255 * kBlock);
        } else {
            EXPECT_EQ(pool.resize(memory, 255 * kBlock), 255 * kBlock);
        }
        EXPECT_EQ(pool.stats().payload.bytes, 255 * kBlock);
        EXPECT_EQ(pool.verify(), BA_OK);
    }
}

// Default options on systems whose pages have 4, 16 and 64 KiB.
TEST(PoolTest, RequestsAreRoundedUpToWholeBlocksOfTheBacking) {
    constexpr std::size_t kInUse = 2 << 20;
    for (const std::size_t page : {4096U, 16384U, 65536U}) {
        for (const bool whole : {false, true}) {
            StrictBackingOptions pages;
            pages.block_size = page;
            StrictBacking backing(pages);
            pba_options options = pba_options_default();
            options.call_sites = PBA_OFF;
            TestPool pool(options, whole ? ba_any_allocator_of(backing.block_allocator())
                                         : ba_any_allocator_of(backing.allocator()));
            for (std::size_t i = 0; i < kInUse / 1024; i++) {
                EXPECT_EQ(error_of(pool.alloc(1024)), BA_OK);
            }
            const pba_stats stats = pool.stats();
            EXPECT_EQ(stats.chunks, kInUse / page);
            EXPECT_EQ(stats.payload.bytes, kInUse) << "each page is used to its end";
            EXPECT_EQ(stats.taken.bytes, backing.bytes()) << "nothing is taken in silence";
            EXPECT_LE(stats.metadata.bytes, kInUse / 8);
        }
    }
}

TEST(PoolTest, WhatIsRoundedUpIsUsedWhenAChunkGrowsOrMoves) {
    for (const bool moving : {false, true}) {
        StrictBacking backing(of_pages(moving ? remapping() : growing(1 << 16)));
        TestPool pool(small_options(), ba_any_allocator_of(backing.allocator()));
        ba_memory memory = pool.alloc(4096);
        const auto lengthen = [&](std::size_t length) {
            memory = moving ? pool.remap(memory, length)
                            : ba_memory_of(bytes_of(memory), ba_bytes(pool.resize(memory, length)));
        };
        lengthen(9000);
        EXPECT_EQ(length_of(memory), 9024u);
        EXPECT_EQ(pool.stats().payload.bytes, 12 * kChunk) << "three pages";
        lengthen(12 * kChunk);
        EXPECT_EQ(pool.stats().payload.bytes, 12 * kChunk);
        EXPECT_EQ(pool.verify(), BA_OK);
        EXPECT_EQ(pool.free(memory), BA_OK);
    }
}

TEST(PoolTest, WhatIsOfNoUseBeyondTheIndexIsCounted) {
    StrictBackingOptions pages;
    pages.block_size = 65536;
    StrictBacking backing(pages);
    pba_options options = small_options();
    options.index = PBA_INDEX_U8;
    TestPool pool(options, ba_any_allocator_of(backing.allocator()));
    EXPECT_EQ(fill_up(&pool, 1, BA_LIMIT), 255u);
    EXPECT_EQ(pool.stats().payload.bytes, 255 * kBlock);
    EXPECT_EQ(pool.stats().taken.bytes, backing.bytes());
}

TEST(PoolTest, TheByteLimitHoldsAndTheLastChunkIsCutShort) {
    for (const std::size_t limit : {4096U, 5000U, 6016U, 8191U, 20000U}) {
        StrictBacking backing;
        StrictBacking metadata;
        const ba_allocator second = metadata.allocator();
        pba_setup setup = {};
        setup.metadata = &second;
        pba_options options = small_options();
        options.byte_limit = limit;
        TestPool pool(options, &backing, &setup);
        const std::size_t spans = fill_up(&pool, 1, BA_LIMIT);
        EXPECT_LE(backing.bytes() + metadata.bytes(), limit);
        EXPECT_EQ(spans * kBlock, backing.bytes()) << "every block that was taken is used";
        EXPECT_EQ(pool.stats().payload.bytes, backing.bytes());
        EXPECT_EQ(pool.stats().metadata.bytes, metadata.bytes());
    }
}

TEST(PoolTest, TheByteLimitIsReachedToTheLastBlock) {
    std::size_t one_chunk = 0;
    {
        StrictBacking backing;
        TestPool pool(small_options(), &backing);
        EXPECT_EQ(error_of(pool.alloc(kChunk)), BA_OK);
        one_chunk = backing.bytes();
    }
    StrictBacking backing;
    pba_options options = small_options();
    options.byte_limit = one_chunk + 3 * kBlock + kBlock - 1;
    TestPool pool(options, &backing);
    EXPECT_EQ(fill_up(&pool, 1, BA_LIMIT), 19u);
    EXPECT_EQ(backing.bytes(), one_chunk + 3 * kBlock);
}

TEST(PoolTest, TheFirstChunkIsCutShortToWhatItsMetadataLeaves) {
    const auto spans_within = [](std::size_t limit) {
        StrictBacking backing;
        pba_options options = small_options();
        options.byte_limit = limit;
        TestPool pool(options, &backing);
        return fill_up(&pool, 1, BA_LIMIT);
    };
    std::size_t limit = kBlock;
    while (spans_within(limit) == 0) {
        limit += kBlock;
    }
    for (std::size_t spans = 1; spans <= kChunk / kBlock; spans++) {
        EXPECT_EQ(spans_within(limit), spans);
        limit += kBlock;
    }
}

TEST(PoolTest, TheByteLimitHoldsForGrowthInPlace) {
    StrictBacking backing(growing(1 << 16));
    pba_options options = small_options();
    options.byte_limit = 8000;
    options.call_sites = PBA_OFF;
    TestPool pool(options, &backing);
    ba_memory memory = pool.alloc(kChunk);
    for (;;) {
        const ba_length_result result = pool.grow_between(memory, length_of(memory) + 1, 1 << 15);
        EXPECT_LE(backing.bytes(), 8000u);
        if (ba_length_result_is_none(result)) {
            EXPECT_EQ(error_of(result), BA_LIMIT);
            break;
        }
        memory = pba_testing::part_of(memory, 0, grown(result));
    }
    EXPECT_EQ(pool.verify(), BA_OK);
}

TEST(PoolTest, TheByteLimitLeavesWhatIsNeededIfNotWhatIsWanted) {
    pba_options options = small_options();
    options.call_sites = PBA_OFF;
    std::size_t taken = 0;
    {
        StrictBacking backing(growing(1 << 16));
        TestPool pool(options, &backing);
        EXPECT_EQ(grown(pool.grow_between(pool.alloc(kChunk), kChunk + 1, kChunk + 1)),
                  kChunk + kBlock);
        taken = backing.bytes();
    }
    StrictBacking backing(growing(1 << 16));
    options.byte_limit = taken - 1;
    TestPool pool(options, &backing);
    EXPECT_EQ(grown(pool.grow_between(pool.alloc(kChunk), kChunk + 1, 1 << 20)), kChunk + kBlock);
    EXPECT_LT(backing.bytes(), taken);
}

TEST(PoolTest, TheByteLimitHoldsOverABackingOfWholeBlocks) {
    StrictBackingOptions options = growing(1 << 16);
    options.block_size = 4096;
    options.remaps = true;
    StrictBacking backing(options);
    pba_options limited = small_options();
    limited.byte_limit = 18000;
    limited.call_sites = PBA_OFF;
    TestPool pool(limited, ba_any_allocator_of_whole(backing.block_allocator()));
    ba_memory memory = pool.alloc(1);
    while (!ba_memory_is_none(memory)) {
        EXPECT_LE(backing.bytes(), 18000u);
        memory = pool.realloc(memory, length_of(memory) + 1);
    }
    EXPECT_EQ(error_of(memory), BA_LIMIT);
    EXPECT_LE(backing.bytes(), 18000u);
    EXPECT_EQ(pool.verify(), BA_OK);
}

// The most bytes that were out at any moment.
class Peak {
  public:
    explicit Peak(const StrictBackingOptions &options) : backing_(options) {}

    ba_any_allocator as(bool whole) {
        const ba_block_allocator blocks = ba_block_allocator_of(this, &table);
        return whole ? ba_any_allocator_of(blocks) : ba_any_allocator_of(ba_as_allocator(blocks));
    }
    std::size_t bytes() const { return peak_; }

  private:
    static ba_block_allocator parent(void *context) {
        return static_cast<Peak *>(context)->backing_.block_allocator();
    }
    static void look(void *context) {
        Peak *const self = static_cast<Peak *>(context);
        self->peak_ = std::max(self->peak_, self->backing_.bytes());
    }
    static const ba_operations table;

    StrictBacking backing_;
    std::size_t peak_ = 0;
};

const ba_operations Peak::table = {
    sizeof(ba_operations),
    [](const void *context) {
        return ba_block_allocator_block_size(parent(const_cast<void *>(context)));
    },
    [](void *context, ba_length minimum, ba_alignment alignment, ba_call_site site) {
        const ba_memory memory = ba_block_alloc_at(parent(context), minimum, alignment, site);
        look(context);
        return memory;
    },
    [](void *context, ba_memory memory, ba_alignment alignment, ba_length minimum,
       ba_call_site site) {
        const ba_length_result length =
            ba_block_resize_at(parent(context), memory, alignment, minimum, site);
        look(context);
        return length;
    },
    [](void *context, ba_memory memory, ba_alignment alignment, ba_call_site site) {
        return ba_block_free_at(parent(context), memory, alignment, site);
    },
    nullptr,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
};

TEST(PoolTest, TheByteLimitIsNeverPassedNotEvenForAMoment) {
    for (const std::size_t page : {1U, 4096U, 16384U}) {
        for (const bool whole : {false, true}) {
            for (const std::size_t limit : {std::size_t{65536}, std::size_t{70000}}) {
                StrictBackingOptions pages = growing(1 << 16);
                pages.block_size = page;
                Peak backing(pages);
                pba_options options = small_options();
                options.backing_request_size = 512;
                options.byte_limit = limit;
                options.call_sites = PBA_OFF;
                TestPool pool(options, backing.as(whole));
                (void)pool.alloc(1);
                ba_memory longest = pool.alloc(64);
                for (std::size_t length = 128; length < limit; length += 4000) {
                    const ba_memory longer = pool.realloc(longest, length);
                    longest = ba_memory_is_none(longer) ? longest : longer;
                }
                fill_up(&pool, 1, BA_LIMIT);
                EXPECT_LE(backing.bytes(), limit) << "pages of " << page;
                EXPECT_GT(backing.bytes() + page + kChunk, limit) << "and it is used";
                EXPECT_LE(pool.stats().taken.bytes, limit);
            }
        }
    }
}

TEST(PoolTest, AChunkThatGrowsUpToTheByteLimitTakesWholeBlocks) {
    for (std::size_t limit = 4000; limit < 4000 + 2 * kBlock; limit += 4) {
        StrictBacking backing(growing(1 << 16));
        StrictBacking metadata;
        const ba_allocator second = metadata.allocator();
        pba_setup setup = {};
        setup.metadata = &second;
        pba_options options = small_options();
        options.byte_limit = limit;
        TestPool pool(options, &backing, &setup);
        const ba_memory memory = pool.alloc(kChunk);
        EXPECT_GE(pool.resize(memory, kChunk + 1), kChunk + 1);
        EXPECT_EQ(pool.stats().payload.bytes, backing.bytes()) << "limit " << limit;
    }
}

TEST(PoolTest, MetadataComesFromTheSecondAllocator) {
    StrictBacking backing;
    StrictBacking metadata;
    const ba_allocator second = metadata.allocator();
    pba_setup setup = {};
    setup.metadata = &second;
    TestPool pool(small_options(), &backing, &setup);
    EXPECT_EQ(error_of(pool.alloc(1)), BA_OK);
    EXPECT_EQ(backing.bytes(), kChunk) << "payload and nothing else";
    EXPECT_EQ(backing.grants(), 1u);
    EXPECT_EQ(pool.stats().metadata.bytes, metadata.bytes());
    EXPECT_GT(metadata.bytes(), 0u);
    pba_pool_release_all(pool.get(), PBA_ALLOW_IN_USE);
    EXPECT_EQ(metadata.grants(), 0u);
    EXPECT_EQ(backing.grants(), 0u);
}

TEST(PoolTest, TheRecordsOfNominalChunksShareAGrant) {
    for (const pba_switch sites : {PBA_OFF, PBA_ON}) {
        StrictBacking backing;
        StrictBacking metadata;
        const ba_allocator second = metadata.allocator();
        pba_setup setup = {};
        setup.metadata = &second;
        pba_options options = small_options();
        options.call_sites = sites;
        TestPool pool(options, &backing, &setup);
        EXPECT_EQ(error_of(pool.alloc(kChunk)), BA_OK);
        const std::size_t grants = metadata.grants();
        for (int i = 0; i < 3; i++) {
            EXPECT_EQ(error_of(pool.alloc(kChunk)), BA_OK);
        }
        EXPECT_EQ(metadata.grants(), grants);
    }
}

TEST(PoolTest, AllocationThatFailsChangesNothingWhateverIsRefused) {
    for (std::size_t n = 1; n < 10; n++) {
        StrictBacking backing;
        TestPool pool(small_options(), &backing);
        backing.refuse_from(n);
        const ba_memory memory = pool.alloc(1);
        if (!ba_memory_is_none(memory)) {
            EXPECT_GT(n, 1u);
            return;
        }
        EXPECT_EQ(error_of(memory), BA_OUT_OF_MEMORY);
        EXPECT_EQ(backing.grants(), 0u);
        EXPECT_EQ(pool.stats().payload.bytes, 0u);
        EXPECT_EQ(pool.stats().metadata.bytes, 0u);
        EXPECT_EQ(pool.stats().failures, 1u);
        EXPECT_EQ(pool.stats().backing_failures, backing.refused());
        EXPECT_EQ(pool.verify(), BA_OK);
        backing.refuse_none();
        EXPECT_EQ(error_of(pool.alloc(1)), BA_OK);
    }
    FAIL() << "an allocation takes fewer calls of the backing";
}

// --- looking

TEST(PoolTest, StatisticsAreExact) {
    StrictBacking backing(growing());
    TestPool pool(small_options(), &backing);
    const ba_memory first = pool.alloc(64);
    const ba_memory second = pool.alloc(128);
    const ba_memory third = pool.alloc(256);
    EXPECT_EQ(pool.free(second), BA_OK);
    EXPECT_EQ(pool.resize(third, 512), 512u);
    EXPECT_EQ(pool.resize(pba_testing::part_of(third, 0, 512), 500), 512u)
        << "nothing to do is no resize";
    EXPECT_EQ(grown(pool.grow_between(pba_testing::part_of(third, 0, 512), 1, 500)), 512u);
    EXPECT_EQ(error_of(pool.try_resize(first, 2048)), BA_NOT_IN_PLACE);
    const pba_stats stats = pool.stats();
    EXPECT_EQ(stats.payload.bytes, 1024u);
    EXPECT_EQ(stats.in_use.bytes, 576u);
    EXPECT_EQ(stats.free.bytes, 448u);
    EXPECT_EQ(stats.metadata.bytes, backing.bytes() - 1024);
    EXPECT_EQ(stats.peak_payload.bytes, 1024u);
    EXPECT_EQ(stats.peak_in_use.bytes, 576u);
    EXPECT_EQ(stats.chunks, 1u);
    EXPECT_EQ(stats.spans, 2u);
    EXPECT_EQ(stats.allocations, 3u);
    EXPECT_EQ(stats.frees, 1u);
    EXPECT_EQ(stats.resizes, 1u);
    EXPECT_EQ(stats.failures, 1u);
    EXPECT_EQ(stats.backing_requests, backing.calls());
    EXPECT_EQ(stats.backing_failures, 0u);
    EXPECT_EQ(pba_pool_largest_free(pool.get()).bytes, 320u);
    EXPECT_EQ(pba_pool_fragmentation(pool.get()), 28u)
        << "128 of 448 bytes are not in the longest run";
}

TEST(PoolTest, NothingFreeIsNotFragmented) {
    StrictBacking backing;
    TestPool pool(small_options(), &backing);
    EXPECT_EQ(pba_pool_fragmentation(pool.get()), 0u) << "no chunk";
    EXPECT_EQ(error_of(pool.alloc(kChunk)), BA_OK);
    EXPECT_EQ(pba_pool_fragmentation(pool.get()), 0u) << "full";
    EXPECT_EQ(error_of(pool.alloc(64)), BA_OK);
    EXPECT_EQ(pba_pool_fragmentation(pool.get()), 0u) << "one run";
}

TEST(PoolTest, WithoutStatisticsOnlyWhatThePoolNeedsIsCounted) {
    StrictBacking backing;
    pba_options options = small_options();
    options.statistics = PBA_OFF;
    TestPool pool(options, &backing);
    const ba_memory memory = pool.alloc(64);
    EXPECT_EQ(pool.resize(memory, 128), 128u);
    EXPECT_EQ(error_of(pool.alloc(SIZE_MAX)), BA_LIMIT);
    const pba_stats stats = pool.stats();
    EXPECT_EQ(stats.payload.bytes, 1024u);
    EXPECT_EQ(stats.in_use.bytes, 128u);
    EXPECT_EQ(stats.free.bytes, 896u);
    EXPECT_EQ(stats.peak_payload.bytes, 0u);
    EXPECT_EQ(stats.peak_in_use.bytes, 0u);
    EXPECT_EQ(stats.spans, 0u);
    EXPECT_EQ(stats.allocations, 0u);
    EXPECT_EQ(stats.frees, 0u);
    EXPECT_EQ(stats.resizes, 0u);
    EXPECT_EQ(stats.failures, 0u);
}

TEST(PoolTest, AFullPoolHasNothingFreeWithAGuardToo) {
    StrictBacking backing;
    pba_options options = small_options();
    options.guard = PBA_ON;
    TestPool pool(options, &backing);
    EXPECT_EQ(pba_pool_largest_free(pool.get()).bytes, 0u);
    EXPECT_EQ(length_of(pool.alloc(kChunk - 3 * kBlock)), kChunk - 3 * kBlock);
    EXPECT_EQ(pba_pool_largest_free(pool.get()).bytes, kBlock);
    EXPECT_EQ(length_of(pool.alloc(kBlock)), kBlock);
    EXPECT_EQ(pba_pool_largest_free(pool.get()).bytes, 0u);
    EXPECT_EQ(pool.stats().free.bytes, 0u);
}

void collect(void *context, const pba_walk_item *item) {
    static_cast<std::vector<pba_walk_item> *>(context)->push_back(*item);
}

TEST(PoolTest, WalkShowsEverythingInOrderOfAddresses) {
    StrictBacking backing;
    TestPool pool(small_options(), &backing);
    std::vector<ba_memory> spans;
    for (int i = 0; i < 40; i++) {
        spans.push_back(pool.alloc(128));
    }
    for (std::size_t i = 0; i < spans.size(); i += 3) {
        EXPECT_EQ(pool.free(spans[i]), BA_OK);
    }
    std::vector<pba_walk_item> items;
    pba_pool_walk(pool.get(), collect, &items);
    std::size_t live = 0;
    std::size_t bytes = 0;
    std::size_t chunks = 0;
    const unsigned char *end = nullptr;
    for (const pba_walk_item &item : items) {
        const auto *const pointer = static_cast<const unsigned char *>(item.pointer);
        if (item.starts_chunk) {
            EXPECT_GE(pointer, end);
            chunks++;
        } else {
            EXPECT_EQ(pointer, end);
        }
        end = pointer + item.length.bytes;
        bytes += item.length.bytes;
        live += item.kind == PBA_WALK_LIVE ? 1 : 0;
    }
    EXPECT_EQ(chunks, 5u);
    EXPECT_EQ(bytes, 5 * kChunk);
    EXPECT_EQ(live, 26u);
}

TEST(PoolTest, OwnsItsPayloadAndNothingElse) {
    StrictBacking backing;
    TestPool pool(small_options(), &backing);
    const ba_memory memory = pool.alloc(64);
    unsigned char *const first = bytes_of(memory);
    EXPECT_TRUE(pba_pool_owns(pool.get(), first));
    EXPECT_TRUE(pba_pool_owns(pool.get(), first + kChunk - 1)) << "free memory too";
    EXPECT_FALSE(pba_pool_owns(pool.get(), first + kChunk));
    EXPECT_FALSE(pba_pool_owns(pool.get(), first - 1));
    EXPECT_FALSE(pba_pool_owns(pool.get(), nullptr));
    const ba_block_allocator blocks = pba_pool_block_allocator(pool.get());
    EXPECT_EQ(ba_block_owns(blocks, first), BA_OWNS);
    EXPECT_EQ(ba_block_owns(blocks, first + kChunk), BA_OWNS_NOT);
}

TEST(PoolTest, UsableLenTellsEachCaseApart) {
    MisuseRecorder misuse;
    for (const pba_switch guard : {PBA_OFF, PBA_ON}) {
        StrictBacking backing;
        pba_options options = small_options();
        options.guard = guard;
        TestPool pool(options, &backing);
        const ba_memory memory = pool.alloc(100);
        const ba_memory cached = pool.alloc(128);
        EXPECT_EQ(pool.free(cached), BA_OK);
        const auto usable = [&](const void *pointer) {
            return pba_pool_usable_len(pool.get(), pointer);
        };
        EXPECT_EQ(grown(usable(bytes_of(memory))), 128u);
        EXPECT_EQ(error_of(usable(bytes_of(memory) + 64)), BA_INTERIOR);
        EXPECT_EQ(error_of(usable(bytes_of(memory) + 1)), BA_INTERIOR);
        EXPECT_EQ(error_of(usable(bytes_of(cached))), BA_DOUBLE_FREE);
        EXPECT_EQ(error_of(usable(bytes_of(cached) + 64)), BA_DOUBLE_FREE);
        EXPECT_EQ(error_of(usable(bytes_of(memory) + kChunk - 1)), BA_DOUBLE_FREE) << "never used";
        EXPECT_EQ(error_of(usable(bytes_of(memory) + kChunk)), BA_FOREIGN);
        EXPECT_EQ(error_of(usable(nullptr)), BA_FOREIGN);
    }
    EXPECT_EQ(misuse.count(), 0u);
}

// --- more than a map can have

struct HugeRequest {
    std::size_t block_size;
    std::size_t request_size;
    std::size_t length;
    std::size_t asked; // of the backing, which has nothing
};

TEST(PoolTest, ARequestIsBoundedByWhatAMapAndALengthCanCount) {
    const std::size_t half = SIZE_MAX / 2 + 1;
    const std::size_t block = half >> 23;
    const HugeRequest requests[] = {
        {kBlock, half, 1, std::min(half, kMostBlocks * kBlock)},
        {block, half, half + 1, half + block}, // rounded up to requests it would be 2 * half
    };
    for (const HugeRequest &request : requests) {
        ScriptedAllocator script;
        pba_options options = small_options();
        options.index = PBA_INDEX_U64;
        options.block_size = request.block_size;
        options.backing_request_size = request.request_size;
        TestPool pool(options, ba_any_allocator_of_whole(script.block_allocator()));
        script.will_refuse_alloc(BA_UNSUPPORTED);
        EXPECT_EQ(error_of(pool.alloc(request.length)), BA_UNSUPPORTED);
        const std::string call = "alloc(" + std::to_string(request.asked) + ", ";
        EXPECT_EQ(script.take_calls().substr(0, call.size()), call);
    }
}

TEST(PoolTest, TheLongestSpanHasAllBlocksThatAreCounted) {
    for (const pba_switch guard : {PBA_OFF, PBA_ON}) {
        ScriptedAllocator script;
        pba_options options = small_options();
        options.index = PBA_INDEX_U64;
        options.guard = guard;
        TestPool pool(options, ba_any_allocator_of(script.block_allocator()));
        const std::size_t longest = (kMostBlocks - (guard == PBA_ON ? 1 : 0)) * kBlock;
        EXPECT_EQ(error_of(pool.alloc(longest + 1)), BA_LIMIT);
        EXPECT_EQ(script.take_calls(), "");
        script.will_refuse_alloc(BA_UNSUPPORTED);
        EXPECT_EQ(error_of(pool.alloc(longest)), BA_UNSUPPORTED);
        const std::string call = "alloc(" + std::to_string(kMostBlocks * kBlock) + ", ";
        EXPECT_EQ(script.take_calls().substr(0, call.size()), call);
    }
}

// --- verify

// Changes a value, sees that verify finds it, and changes it back.
template <typename T>
void expect_found(TestPool *pool, T *word, T wrong) {
    const T right = *word;
    *word = wrong;
    EXPECT_EQ(pool->verify(), BA_CORRUPT);
    *word = right;
    EXPECT_EQ(pool->verify(), BA_OK);
}

TEST(PoolTest, VerifyFindsDamagedMetadata) {
    StrictBacking backing;
    TestPool pool(small_options(), &backing);
    EXPECT_EQ(error_of(pool.alloc(100)), BA_OK);
    const ba_memory cached = pool.alloc(100);
    EXPECT_EQ(error_of(pool.alloc(kChunk)), BA_OK);
    EXPECT_EQ(pba_pool_largest_free(pool.get()).bytes, kChunk - 256) << "all is summarized";
    EXPECT_EQ(pool.free(cached), BA_OK);
    pba_pool *const raw = pool.get();
    pba_chunk *const chunk = pba_chunk_set_at(&raw->chunks, 0);
    ASSERT_NE(chunk, nullptr);
    expect_found(&pool, &raw->accounting.below_peak, raw->accounting.below_peak - 1);
    expect_found(&pool, &raw->accounting.peak_in_use, raw->accounting.peak_in_use + 1);
    expect_found(&pool, &raw->accounting.blocks, raw->accounting.blocks - 1);
    expect_found(&pool, &raw->account.payload_bytes, raw->account.payload_bytes + 1);
    expect_found(&pool, &raw->index, std::uint8_t{4});
    expect_found(&pool, &raw->empty_candidates, chunk);
    expect_found(&pool, &chunk->base, chunk->base + 64);
    expect_found(&pool, &chunk->block_shift, std::uint8_t{7});
    expect_found(&pool, &chunk->listed, true);
    expect_found(&pool, &chunk->map.taken, chunk->map.taken + 1);
    expect_found(&pool, &chunk->map.noted_count, std::uint8_t{1});
    expect_found(&pool, &raw->chunks.longest[0], raw->chunks.longest[0] + 1);
    expect_found(&pool, &raw->chunks.changed, chunk);
    expect_found(&pool, &chunk->map.words[0].free, chunk->map.words[0].free ^ 1);
    expect_found(&pool, &chunk->map.words[0].free, chunk->map.words[0].free ^ 0x8000);
    expect_found(&pool, &chunk->map.words[0].start, chunk->map.words[0].start ^ 1);
    expect_found(&pool, &raw->accounting.allocations, raw->accounting.allocations + 1);
    // One live span cut into two.
    expect_found(&pool, &chunk->map.words[0].start, chunk->map.words[0].start ^ 2);
    // A grant that is too short for the blocks, and counted so.
    const ba_memory grant = chunk->grant;
    chunk->grant = pba_testing::part_of(grant, 0, kChunk - 1);
    raw->account.payload_bytes--;
    EXPECT_EQ(pool.verify(), BA_CORRUPT);
    chunk->grant = grant;
    raw->account.payload_bytes++;
    EXPECT_EQ(pool.verify(), BA_OK);
}

TEST(PoolTest, VerifyFindsADamagedListOfFreeChunks) {
    StrictBacking backing;
    pba_options options = small_options();
    options.auto_shrink = PBA_AUTO_SHRINK_NEVER;
    TestPool pool(options, &backing);
    std::vector<ba_memory> spans;
    for (int i = 0; i < 3; i++) {
        spans.push_back(pool.alloc(kChunk));
    }
    for (const ba_memory &span : spans) {
        EXPECT_EQ(pool.free(span), BA_OK);
    }
    EXPECT_EQ(pba_pool_largest_free(pool.get()).bytes, kChunk) << "nothing is cached now";
    pba_pool *const raw = pool.get();
    pba_chunk *const first = raw->empty_candidates;
    ASSERT_NE(first, nullptr);
    pba_chunk *const second = first->list_next;
    ASSERT_NE(second, nullptr);
    pba_chunk *const third = second->list_next;
    ASSERT_NE(third, nullptr);
    expect_found(&pool, &raw->empty_candidates, second);
    expect_found<pba_chunk *>(&pool, &first->list_next, nullptr);
    expect_found(&pool, &second->list_previous, third);
    expect_found(&pool, &second->listed, false);
    expect_found(&pool, &third->list_next, first);
    // A chunk that is none of the pool's.
    pba_chunk stray = {};
    stray.listed = true;
    stray.list_previous = third;
    expect_found(&pool, &third->list_next, &stray);
    // Taken off the list as it should be, but empty.
    raw->empty_candidates = second;
    second->list_previous = nullptr;
    first->listed = false;
    EXPECT_EQ(pool.verify(), BA_CORRUPT);
    raw->empty_candidates = first;
    second->list_previous = first;
    first->listed = true;
    EXPECT_EQ(pool.verify(), BA_OK);
    expect_found(&pool, &raw->shortest_free, kChunk + 1);
}

// The same for a byte that nobody may touch now.
void expect_byte_found(TestPool *pool, unsigned char *byte) {
    ba_instrument_inspect(byte, ba_bytes(1));
    const unsigned char right = *byte;
    *byte = 0;
    EXPECT_EQ(pool->verify(), BA_CORRUPT);
    ba_instrument_inspect(byte, ba_bytes(1));
    *byte = right;
    EXPECT_EQ(pool->verify(), BA_OK);
}

TEST(PoolTest, VerifyFindsAnOverwrittenGuard) {
    StrictBacking backing;
    pba_options options = small_options();
    options.guard = PBA_ON;
    TestPool pool(options, &backing);
    const ba_memory memory = pool.alloc(64);
    expect_byte_found(&pool, bytes_of(memory) + 64);
    expect_byte_found(&pool, bytes_of(memory) + 127);
}

TEST(PoolTest, VerifyFindsAnOverwrittenFill) {
    StrictBacking backing;
    pba_options options = small_options();
    options.fill = PBA_ON;
    TestPool pool(options, &backing);
    const ba_memory memory = pool.alloc(128);
    const ba_memory cached = pool.alloc(128);
    EXPECT_EQ(pool.free(cached), BA_OK);
    expect_byte_found(&pool, bytes_of(cached));
    expect_byte_found(&pool, bytes_of(cached) + 127);
    expect_byte_found(&pool, bytes_of(memory) + kChunk - 1);
    EXPECT_EQ(pba_pool_largest_free(pool.get()).bytes, kChunk - 128) << "nothing is cached now";
    expect_byte_found(&pool, bytes_of(cached) + 127);
    expect_byte_found(&pool, bytes_of(memory) + kChunk - 1);
}

} // namespace
