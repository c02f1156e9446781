// Pools know no threads: these are the two ways in which threads use them.
#define PBA_INTERNAL_

#include <vector>

#include "block_allocator/backing/page_allocator.h"
#include "block_allocator/forwarding/locked_allocator.h"
#include "block_allocator/lock/pthread_lock.h"
#include "pba/internal/fast_path.h"
#include "pba/pool.h"
#include "testing/threads.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::use_in_threads;

constexpr unsigned kRounds = 500;

#define PBA_NAME large_pool
#define PBA_BLOCK_SIZE 4096
#define PBA_BACKING_REQUEST_SIZE 65536
#include "pba/define.h"

#define PBA_NAME small_pool
#define PBA_BLOCK_SIZE 64
#define PBA_BACKING_REQUEST_SIZE 4096
#include "pba/define.h"

class PoolThreads : public ::testing::Test {
  protected:
    PoolThreads() {
        ba_locked_allocator_init(&locked_, large_pool_allocator(&shared_),
                                 ba_pthread_lock(&mutex_));
    }
    ~PoolThreads() override {
        EXPECT_EQ(large_pool_verify(&shared_).code, BA_OK);
        EXPECT_EQ(large_pool_release_all(&shared_, PBA_REPORT_IN_USE).code, BA_OK);
        EXPECT_EQ(pthread_mutex_destroy(&mutex_), 0) << "still locked";
    }

    large_pool shared_ = large_pool_new(ba_page_allocator());
    pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
    ba_locked_allocator locked_;
};

TEST_F(PoolThreads, ShareAPoolBehindALock) {
    const ba_block_allocator blocks = ba_locked_allocator_block_allocator(&locked_);
    EXPECT_EQ(use_in_threads({4, blocks}, kRounds), 0u);
}

TEST_F(PoolThreads, HaveAPoolEachOverAPoolBehindALock) {
    std::vector<small_pool> pools;
    std::vector<ba_block_allocator> allocators;
    for (unsigned i = 0; i < 4; i++) {
        pools.push_back(small_pool_new_over_blocks(ba_locked_allocator_block_allocator(&locked_)));
    }
    for (small_pool &pool : pools) {
        allocators.push_back(small_pool_block_allocator(&pool));
    }
    EXPECT_EQ(use_in_threads(allocators, kRounds), 0u);
    for (small_pool &pool : pools) {
        EXPECT_EQ(small_pool_verify(&pool).code, BA_OK);
        EXPECT_EQ(small_pool_release_all(&pool, PBA_REPORT_IN_USE).code, BA_OK);
    }
}

} // namespace
