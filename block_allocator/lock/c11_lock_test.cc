#include "block_allocator/lock/c11_lock.h"

#include "gtest/gtest.h"

#if BA_HAS_C11_LOCK
#include <csignal>
#include <vector>

#include "block_allocator/forwarding/locked_allocator.h"
#include "testing/strict_backing.h"
#include "testing/threads.h"

namespace {

// What a test wants to fail.
bool locks_fail = false;
bool unlocks_fail = false;

} // namespace

// The linker puts these before the C library's.
// NOLINTBEGIN(bugprone-reserved-identifier): the linker chose the names
extern "C" {
int __real_mtx_lock(mtx_t *mutex);
int __real_mtx_unlock(mtx_t *mutex);
int __wrap_mtx_lock(mtx_t *mutex);
int __wrap_mtx_unlock(mtx_t *mutex);

int __wrap_mtx_lock(mtx_t *mutex) {
    return locks_fail ? thrd_error : __real_mtx_lock(mutex);
}
int __wrap_mtx_unlock(mtx_t *mutex) {
    return unlocks_fail ? thrd_error : __real_mtx_unlock(mutex);
}
}
// NOLINTEND(bugprone-reserved-identifier)

namespace {

using ba_testing::StrictBacking;
using ba_testing::use_in_threads;

constexpr unsigned kThreads = 4;
constexpr unsigned kRounds = 2000;

class C11Lock : public ::testing::Test {
  protected:
    C11Lock() { EXPECT_EQ(mtx_init(&mutex_, mtx_plain), thrd_success); }
    ~C11Lock() override {
        EXPECT_EQ(mtx_trylock(&mutex_), thrd_success) << "still locked";
        (void)mtx_unlock(&mutex_);
        mtx_destroy(&mutex_);
    }

    mtx_t mutex_;
};

using C11LockDeathTest = C11Lock;

TEST_F(C11Lock, ThreadsShareAnAllocatorForOneThread) {
    StrictBacking parent{{/*block_size=*/64, /*max_alignment=*/64, /*grows_in_place=*/true,
                          /*room=*/64, /*remaps=*/false, /*discards=*/false}};
    ba_locked_allocator locked;
    ba_locked_allocator_init(&locked, parent.allocator(), ba_c11_lock(&mutex_));
    const ba_block_allocator blocks = ba_locked_allocator_block_allocator(&locked);
    EXPECT_EQ(use_in_threads({kThreads, blocks}, kRounds), 0u);
    EXPECT_EQ(parent.grants(), 0u);
}

TEST_F(C11Lock, OneThreadAtATimeHoldsIt) {
    const ba_lock lock = ba_c11_lock(&mutex_);
    EXPECT_EQ(ba_testing::count_in_threads(kThreads, kRounds, lock), kThreads * kRounds);
}

TEST_F(C11Lock, IsTheMutexThatItIsMadeOf) {
    const ba_lock lock = ba_c11_lock(&mutex_);
    lock.lock(lock.context);
    EXPECT_EQ(mtx_trylock(&mutex_), thrd_busy);
    lock.unlock(lock.context);
}

TEST_F(C11LockDeathTest, AbortsIfItCannotLock) {
    const ba_lock lock = ba_c11_lock(&mutex_);
    EXPECT_EXIT(
        {
            locks_fail = true;
            lock.lock(lock.context);
        },
        testing::KilledBySignal(SIGABRT), "");
}

TEST_F(C11LockDeathTest, AbortsIfItCannotUnlock) {
    const ba_lock lock = ba_c11_lock(&mutex_);
    lock.lock(lock.context);
    EXPECT_EXIT(
        {
            unlocks_fail = true;
            lock.unlock(lock.context);
        },
        testing::KilledBySignal(SIGABRT), "");
    lock.unlock(lock.context);
}

} // namespace

#else

TEST(C11Lock, IsNotThereWithoutThreadsInTheCLibrary) {
    SUCCEED();
}

#endif
