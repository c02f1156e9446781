#include "block_allocator/lock/pthread_lock.h"

#include <csignal>
#include <cstring>
#include <thread>
#include <vector>

#include "block_allocator/forwarding/locked_allocator.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::StrictBacking;

constexpr std::size_t kBlock = 64;
constexpr unsigned kThreads = 4;
constexpr unsigned kRounds = 2000;

// Allocates, fills, grows, looks and frees, and counts what it found wrong.
unsigned hammer(ba_block_allocator blocks, unsigned thread) {
    unsigned wrong = 0;
    for (unsigned round = 0; round < kRounds; round++) {
        const std::size_t length = (round % 5 + 1) * kBlock;
        ba_memory memory = ba_block_alloc(blocks, ba_bytes(length), ba_align(8));
        std::memset(ba_memory_pointer(memory), static_cast<int>(thread), length);
        const ba_length_result grown =
            ba_block_resize(blocks, memory, ba_align(8), ba_bytes(length + kBlock));
        wrong += ba_length_result_length(grown).bytes != length + kBlock;
        memory = ba_memory_of(ba_memory_pointer(memory), ba_bytes(length + kBlock));
        wrong += ba_block_owns(blocks, ba_memory_pointer(memory)) != BA_OWNS;
        const auto *const content = static_cast<const unsigned char *>(ba_memory_pointer(memory));
        for (std::size_t i = 0; i < length; i++) {
            wrong += content[i] != thread;
        }
        wrong += ba_block_free(blocks, memory, ba_align(8)).code != BA_OK;
    }
    return wrong;
}

TEST(PthreadLock, ThreadsShareAnAllocatorForOneThread) {
    StrictBacking parent{{/*block_size=*/kBlock, /*max_alignment=*/kBlock,
                          /*grows_in_place=*/true, /*room=*/kBlock, /*remaps=*/false,
                          /*discards=*/false}};
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    ba_locked_allocator locked;
    ba_locked_allocator_init(&locked, parent.allocator(), ba_pthread_lock(&mutex));
    std::vector<unsigned> wrong(kThreads);
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < kThreads; i++) {
        threads.emplace_back([&wrong, &locked, i] {
            wrong[i] = hammer(ba_locked_allocator_block_allocator(&locked), i);
        });
    }
    for (std::thread &thread : threads) {
        thread.join();
    }
    EXPECT_EQ(wrong, std::vector<unsigned>(kThreads, 0));
    EXPECT_EQ(parent.frees(), kThreads * kRounds);
    EXPECT_EQ(parent.grants(), 0u);
    EXPECT_EQ(pthread_mutex_destroy(&mutex), 0) << "still locked";
}

// A mutex of the kind that reports mistakes.
class CheckingMutex {
  public:
    CheckingMutex() {
        pthread_mutexattr_t attributes;
        (void)pthread_mutexattr_init(&attributes);
        (void)pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
        (void)pthread_mutex_init(&mutex_, &attributes);
        (void)pthread_mutexattr_destroy(&attributes);
    }
    ~CheckingMutex() { (void)pthread_mutex_destroy(&mutex_); }
    CheckingMutex(const CheckingMutex &) = delete;
    CheckingMutex &operator=(const CheckingMutex &) = delete;

    ba_lock lock() { return ba_pthread_lock(&mutex_); }

  private:
    pthread_mutex_t mutex_;
};

TEST(PthreadLockDeathTest, AbortsIfItCannotLock) {
    EXPECT_EXIT(
        {
            CheckingMutex mutex;
            const ba_lock lock = mutex.lock();
            lock.lock(lock.context);
            lock.lock(lock.context);
        },
        testing::KilledBySignal(SIGABRT), "");
}

TEST(PthreadLockDeathTest, AbortsIfItCannotUnlock) {
    EXPECT_EXIT(
        {
            CheckingMutex mutex;
            const ba_lock lock = mutex.lock();
            lock.unlock(lock.context);
        },
        testing::KilledBySignal(SIGABRT), "");
}

} // namespace
