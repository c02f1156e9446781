// Pools over a caller's buffer: all of it serves, and again and again.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "block_allocator/backing/buffer_allocator.h"
#include "block_allocator/backing/libc_allocator.h"
#include "testing/pool/pool_fixture.h"
#include "gtest/gtest.h"

namespace {

using pba_testing::TestPool;

constexpr std::size_t kMost = 1 << 20;
constexpr std::size_t kLine = 64; // places differ by less

// A buffer of some length, `offset` bytes behind an address that is aligned to a page.
class Buffer {
  public:
    explicit Buffer(std::size_t length, std::size_t offset = 0) : place_(kMost + 4096 + kLine) {
        ba_buffer_allocator_init(&state_, ba_memory_of(start() + offset, ba_bytes(length)));
    }
    ~Buffer() { ba_buffer_allocator_release(&state_); }

    Buffer(const Buffer &) = delete;
    Buffer &operator=(const Buffer &) = delete;

    ba_any_allocator backing() {
        return ba_any_allocator_of_exact(ba_buffer_allocator_allocator(&state_));
    }
    std::size_t used() const { return ba_buffer_allocator_used(&state_).bytes; }

  private:
    unsigned char *start() {
        const std::size_t before = reinterpret_cast<std::uintptr_t>(place_.data()) % 4096;
        return place_.data() + (4096 - before);
    }

    std::vector<unsigned char> place_;
    ba_buffer_allocator state_;
};

pba_options with_auto_shrink(pba_auto_shrink policy) {
    pba_options options = pba_options_default();
    options.auto_shrink = policy;
    return options;
}

// Allocates spans of these lengths and frees them in the same order; false if there was no memory.
template <std::size_t kCount>
bool goes_round(TestPool *pool, const std::array<std::size_t, kCount> &lengths) {
    std::vector<ba_memory> spans;
    for (const std::size_t length : lengths) {
        const ba_memory span = pool->alloc(length);
        if (ba_memory_is_none(span)) {
            break;
        }
        spans.push_back(span);
    }
    for (const ba_memory &span : spans) {
        EXPECT_EQ(pool->free(span), BA_OK);
    }
    return spans.size() == kCount;
}

class PoolOverABuffer : public ::testing::TestWithParam<pba_auto_shrink> {};

TEST_P(PoolOverABuffer, RunsForEverInTheMemoryOfItsFirstRound) {
    const ba_allocator libc = ba_libc_allocator();
    pba_setup elsewhere = {};
    elsewhere.metadata = &libc;
    for (const pba_setup *const setup :
         {static_cast<const pba_setup *>(nullptr), static_cast<const pba_setup *>(&elsewhere)}) {
        Buffer buffer(64 << 10);
        TestPool pool(with_auto_shrink(GetParam()), buffer.backing(), setup);
        for (int round = 0; round < 1000; round++) {
            ASSERT_TRUE(goes_round(&pool, std::array<std::size_t, 4>{4096, 4096, 4096, 4096}))
                << round;
            ASSERT_TRUE(goes_round(&pool, std::array<std::size_t, 3>{5000, 700, 9000})) << round;
        }
        EXPECT_EQ(pool.stats().in_use.bytes, 0u);
    }
}

TEST_P(PoolOverABuffer, ResetGivesChunksOfAnyLengthBackToBeUsedAgain) {
    Buffer buffer(64 << 10);
    TestPool pool(with_auto_shrink(GetParam()), buffer.backing());
    for (int round = 0; round < 1000; round++) {
        for (const std::size_t length : {3000u, 12000u, 5000u, 9000u}) {
            ASSERT_FALSE(ba_memory_is_none(pool.alloc(length))) << round;
        }
        pba_pool_reset(pool.get(), ba_bytes(0));
        ASSERT_EQ(pool.stats().payload.bytes, 0u);
    }
}

TEST_P(PoolOverABuffer, WhatWasReservedAndTrimmedCanBeReservedAgain) {
    Buffer buffer(64 << 10);
    TestPool pool(with_auto_shrink(GetParam()), buffer.backing());
    for (int round = 0; round < 1000; round++) {
        for (const std::size_t free : {4096u, 20000u, 28000u, 45000u}) {
            ASSERT_EQ(pba_pool_reserve(pool.get(), ba_bytes(free)).code, BA_OK) << round;
        }
        ASSERT_GE(pool.stats().payload.bytes, 45000u);
        pba_pool_trim(pool.get(), ba_bytes(0));
        ASSERT_EQ(pool.stats().payload.bytes, 0u);
    }
}

TEST_P(PoolOverABuffer, LeavesTheBufferAsItWasFound) {
    Buffer buffer(64 << 10);
    {
        TestPool pool(with_auto_shrink(GetParam()), buffer.backing());
        std::vector<ba_memory> spans;
        for (ba_memory span = pool.alloc(1000); !ba_memory_is_none(span); span = pool.alloc(1000)) {
            spans.push_back(span);
        }
        for (std::size_t i = 0; i < spans.size(); i += 2) {
            EXPECT_EQ(pool.free(spans[i]), BA_OK);
        }
        EXPECT_NE(buffer.used(), 0u);
    }
    EXPECT_EQ(buffer.used(), 0u);
}

// --- buffers that are shorter than a request, or than a few

pba_options in_small_blocks() {
    pba_options options = pba_options_default();
    options.block_size = 64;
    options.call_sites = PBA_OFF;
    return options;
}

// Allocates one block after the other until there is none; returns the bytes.
std::size_t allocate_all(TestPool *pool) {
    std::size_t bytes = 0;
    for (ba_memory span = pool->alloc(64); !ba_memory_is_none(span); span = pool->alloc(64)) {
        std::fill_n(pba_testing::bytes_of(span), pba_testing::length_of(span), 0x5A);
        bytes += pba_testing::length_of(span);
    }
    return bytes;
}

// The least of what is allocated over buffers of a length that begin at any address.
std::size_t least_allocated(std::size_t length) {
    std::size_t least = SIZE_MAX;
    for (std::size_t offset = 0; offset < kLine; offset++) {
        Buffer buffer(length, offset);
        {
            TestPool pool(in_small_blocks(), buffer.backing());
            least = std::min(least, allocate_all(&pool));
            EXPECT_EQ(pool.verify(), BA_OK) << offset;
            EXPECT_EQ(pool.stats().failures, 1u);
        }
        EXPECT_EQ(buffer.used(), 0u) << "all has gone back";
    }
    return least;
}

TEST(PoolOverASmallBuffer, HandsOutMostOfIt) {
    EXPECT_GE(least_allocated(1 << 10), (1u << 10) * 50 / 100);
    EXPECT_GE(least_allocated(4 << 10), (4u << 10) * 85 / 100);
    EXPECT_GE(least_allocated(64 << 10), (64u << 10) * 95 / 100);
}

TEST(PoolOverASmallBuffer, GrowsOneChunkAsLongAsThereIsRoom) {
    Buffer buffer(kMost, 1);
    TestPool pool(in_small_blocks(), buffer.backing());
    std::size_t bytes = 0;
    while (bytes < kMost / 2) {
        bytes += pba_testing::length_of(pool.alloc(64));
        ASSERT_EQ(pool.stats().chunks, 1u);
    }
    bytes += allocate_all(&pool);
    EXPECT_GE(bytes, kMost * 97 / 100);
    EXPECT_EQ(pool.verify(), BA_OK);
    pba_pool_reset(pool.get(), ba_bytes(0));
    EXPECT_GE(allocate_all(&pool), kMost * 97 / 100) << "and again";
}

TEST(PoolOverASmallBuffer, TheSpanCacheTakesNothingOfIt) {
    Buffer buffer(64 << 10);
    TestPool pool(in_small_blocks(), buffer.backing());
    std::vector<ba_memory> spans(500);
    for (int round = 0; round < 4; round++) {
        for (ba_memory &span : spans) {
            span = pool.alloc(64);
            ASSERT_FALSE(ba_memory_is_none(span));
        }
        for (const ba_memory &span : spans) {
            EXPECT_EQ(pool.free(span), BA_OK);
        }
    }
    EXPECT_EQ(pool.get()->cache->granted, 0u);
    EXPECT_GE(allocate_all(&pool), (64u << 10) * 95 / 100);
}

TEST(PoolOverASmallBuffer, WhatOthersHoldOfItIsPassedOver) {
    Buffer buffer(64 << 10);
    const ba_block_allocator others = buffer.backing().grants;
    TestPool pool(in_small_blocks(), buffer.backing());
    EXPECT_FALSE(ba_memory_is_none(pool.alloc(64)));
    const ba_memory other = ba_block_alloc(others, ba_bytes(100), ba_align(1));
    ASSERT_FALSE(ba_memory_is_none(other));
    EXPECT_GE(allocate_all(&pool), (64u << 10) * 9 / 10);
    EXPECT_EQ(pool.stats().chunks, 3u) << "the first cannot grow; the last lies in a hole";
    pba_pool_release_all(pool.get(), PBA_ALLOW_IN_USE);
    EXPECT_EQ(ba_block_free(others, other, ba_align(1)).code, BA_OK);
    EXPECT_EQ(buffer.used(), 0u);
}

TEST(PoolOverASmallBuffer, HandsOutTheSameAgainAfterReset) {
    Buffer buffer(4 << 10);
    TestPool pool(in_small_blocks(), buffer.backing());
    const std::size_t first = allocate_all(&pool);
    // The metadata of a pool is a block shorter where pointers have 32 bits.
    EXPECT_EQ(first, sizeof(void *) == 8 ? 3584u : 3648u);
    for (int round = 0; round < 100; round++) {
        pba_pool_reset(pool.get(), ba_bytes(0));
        ASSERT_EQ(allocate_all(&pool), first) << round;
    }
}

TEST(PoolOverASmallBuffer, ARequestIsTriedSmallerDownToWhatTheAllocationNeeds) {
    for (std::size_t blocks = 1; blocks <= 50; blocks++) {
        Buffer buffer(4 << 10);
        TestPool pool(in_small_blocks(), buffer.backing());
        EXPECT_FALSE(ba_memory_is_none(pool.alloc(blocks * 64))) << blocks;
    }
    Buffer buffer(4 << 10);
    TestPool pool(in_small_blocks(), buffer.backing());
    EXPECT_EQ(ba_memory_error(pool.alloc(4 << 10)).code, BA_OUT_OF_MEMORY);
    EXPECT_EQ(buffer.used(), 0u) << "what is refused leaves nothing taken";
}

INSTANTIATE_TEST_SUITE_P(Policies, PoolOverABuffer,
                         ::testing::Values(PBA_AUTO_SHRINK_NEVER, PBA_AUTO_SHRINK_SIMPLE,
                                           PBA_AUTO_SHRINK_AGGRESSIVE));

} // namespace
