// LeakSanitizer and a pool over pages: what live spans point to is no leak, whatever became of
// their chunks, and what only a freed span pointed to is one.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

#include <sanitizer/lsan_interface.h>

#include "block_allocator/backing/page_allocator.h"
#include "pba/pool.h"
#include "gtest/gtest.h"

namespace {

constexpr std::size_t kRequest = std::size_t{1} << 16;

// Overwrites what calls have left on the stack, where pointers would be found, too.
__attribute__((noinline)) void overwrite_stack() {
    volatile char bytes[1 << 14];
    for (volatile char &byte : bytes) {
        byte = 0;
    }
}

class PoolLeakRoots : public ::testing::Test {
  protected:
    PoolLeakRoots() {
        pba_options options = pba_options_default();
        options.backing_request_size = kRequest;
        EXPECT_EQ(pba_pool_init(&pool_, &options,
                                ba_any_allocator_of_whole(ba_page_block_allocator()), nullptr),
                  PBA_OPTIONS_OK);
    }

    ~PoolLeakRoots() override { pba_pool_release_all(&pool_, PBA_ALLOW_IN_USE); }

    void TearDown() override {
        for (const std::uintptr_t complement : complements_) {
            // NOLINTNEXTLINE(performance-no-int-to-ptr): it was hidden from the tool as a number.
            std::free(reinterpret_cast<void *>(~complement));
        }
    }

    // Pointers to memory from malloc, which we know by its complement, all over a span.
    __attribute__((noinline)) void fill(ba_memory span) {
        const std::size_t count = ba_memory_length(span).bytes / sizeof(void *);
        for (std::size_t i = 0; i < count; i++) {
            void *const one = std::malloc(8);
            complements_.push_back(~reinterpret_cast<std::uintptr_t>(one));
            std::memcpy(static_cast<char *>(ba_memory_pointer(span)) + i * sizeof one, &one,
                        sizeof one);
        }
    }

    static bool leaks() {
        overwrite_stack();
        return __lsan_do_recoverable_leak_check() != 0;
    }

    ba_memory alloc(std::size_t bytes) {
        return pba_pool_alloc(&pool_, ba_bytes(bytes), ba_align(8));
    }
    void free(ba_memory memory) {
        EXPECT_EQ(pba_pool_free(&pool_, memory, ba_align(8)).code, BA_OK);
    }

    pba_pool pool_;

  private:
    std::vector<std::uintptr_t> complements_;
};

TEST_F(PoolLeakRoots, ALiveSpanIsReachable) {
    const ba_memory span = alloc(4096);
    fill(span);
    EXPECT_FALSE(leaks());
    free(span);
}

// The chunk stays: another span lives in it.
TEST_F(PoolLeakRoots, AFreedSpanIsNot) {
    const ba_memory other = alloc(1);
    const ba_memory span = alloc(4096);
    fill(span);
    free(span);
    EXPECT_TRUE(leaks()) << "the pool tells the tool what is free";
    free(other);
    pba_pool_trim(&pool_, ba_bytes(0));
    EXPECT_TRUE(leaks());
}

TEST_F(PoolLeakRoots, GivingOtherChunksBackChangesNothing) {
    const ba_memory span = alloc(4096);
    const ba_memory large = alloc(4 * kRequest);
    fill(span);
    free(large);
    pba_pool_trim(&pool_, ba_bytes(0));
    EXPECT_FALSE(leaks());
    pba_pool_release_all(&pool_, PBA_ALLOW_IN_USE);
    EXPECT_TRUE(leaks());
}

// From some blocks to more than a chunk, step by step: in place, by growing the chunk, by remapping
// it and by copying.
TEST_F(PoolLeakRoots, ASpanThatGrowsStaysReachable) {
    ba_memory span = alloc(1024);
    fill(span);
    for (std::size_t bytes = 2048; bytes <= 64 * kRequest; bytes *= 4) {
        const std::size_t before = ba_memory_length(span).bytes;
        span =
            ba_block_realloc(pba_pool_block_allocator(&pool_), span, ba_align(8), ba_bytes(bytes));
        ASSERT_FALSE(ba_memory_is_none(span));
        std::memset(static_cast<char *>(ba_memory_pointer(span)) + before, 0,
                    ba_memory_length(span).bytes - before);
        EXPECT_FALSE(leaks()) << bytes;
    }
    free(span);
    pba_pool_trim(&pool_, ba_bytes(0));
    EXPECT_TRUE(leaks());
}

} // namespace
