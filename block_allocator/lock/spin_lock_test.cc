#include "block_allocator/lock/spin_lock.h"

#include <atomic>
#include <chrono>
#include <thread>

#include "block_allocator/forwarding/locked_allocator.h"
#include "testing/strict_backing.h"
#include "testing/threads.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::count_in_threads;
using ba_testing::StrictBacking;
using ba_testing::use_in_threads;

constexpr unsigned kThreads = 4;
constexpr unsigned kRounds = 2000;

TEST(SpinLock, ThreadsShareAnAllocatorForOneThread) {
    StrictBacking parent{{/*block_size=*/64, /*max_alignment=*/64, /*grows_in_place=*/true,
                          /*room=*/64, /*remaps=*/false, /*discards=*/false}};
    ba_spin_word word = {};
    ba_locked_allocator locked;
    ba_locked_allocator_init(&locked, parent.allocator(), ba_spin_lock(&word));
    const ba_block_allocator blocks = ba_locked_allocator_block_allocator(&locked);
    EXPECT_EQ(use_in_threads({kThreads, blocks}, kRounds), 0u);
    EXPECT_EQ(parent.grants(), 0u);
}

TEST(SpinLock, OneThreadAtATimeHoldsIt) {
    ba_spin_word word = {};
    EXPECT_EQ(count_in_threads(kThreads, kRounds, ba_spin_lock(&word)), kThreads * kRounds);
}

TEST(SpinLock, AThreadWaitsAsLongAsAnotherHoldsIt) {
    ba_spin_word word = {};
    const ba_lock lock = ba_spin_lock(&word);
    std::atomic<bool> is_let_in{false};
    lock.lock(lock.context);
    std::thread waiting([&] {
        lock.lock(lock.context);
        is_let_in = true;
        lock.unlock(lock.context);
    });
    // Long enough for it to let others run.
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    EXPECT_FALSE(is_let_in);
    lock.unlock(lock.context);
    waiting.join();
    EXPECT_TRUE(is_let_in);
}

TEST(SpinLock, EachWordIsALockOfItsOwn) {
    ba_spin_word words[2] = {};
    const ba_lock first = ba_spin_lock(&words[0]);
    const ba_lock second = ba_spin_lock(&words[1]);
    first.lock(first.context);
    second.lock(second.context);
    second.unlock(second.context);
    first.unlock(first.context);
    first.lock(first.context);
    first.unlock(first.context);
}

} // namespace
