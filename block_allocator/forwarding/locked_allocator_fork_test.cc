// A process that forks while other threads use a locked allocator: with the lock held by the forking
// thread, the child finds the allocator whole and free.
//
// A child uses nothing but the allocator: what else is locked when it is made, no test can know. So
// the parent of the locked allocator is a buffer, and an alarm ends a child that waits for ever.
#include <pthread.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstring>
#include <thread>
#include <vector>

#include "block_allocator/backing/buffer_allocator.h"
#include "block_allocator/forwarding/locked_allocator.h"
#include "testing/locks.h"
#include "gtest/gtest.h"

namespace {

constexpr unsigned kWorkers = 2;
constexpr unsigned kForks = 100;
// No child takes so long unless it waits for what never comes.
constexpr unsigned kSecondsForAChild = 60;
constexpr suseconds_t kMicrosecondsForALostChild = 100000;

// --- handlers of fork(), which stay for as long as the process lives

ba_locked_allocator *held_at_forks = nullptr;

void before_fork() {
    if (held_at_forks != nullptr) {
        ba_locked_allocator_lock(held_at_forks);
    }
}
void after_fork() {
    if (held_at_forks != nullptr) {
        ba_locked_allocator_unlock(held_at_forks);
    }
}

void handle_forks() {
    static const int registered = pthread_atfork(before_fork, after_fork, after_fork);
    ASSERT_EQ(registered, 0);
}

// --- what threads and children do

// True if memory is there, holds what is written to it, and goes back.
bool use_once(ba_allocator allocator, unsigned char stamp) {
    const std::size_t length = 100 + stamp;
    const ba_memory memory = ba_alloc(allocator, ba_bytes(length), ba_align(8));
    if (ba_memory_is_none(memory)) {
        return false;
    }
    auto *const bytes = static_cast<unsigned char *>(ba_memory_pointer(memory));
    std::memset(bytes, stamp, length);
    bool is_whole = true;
    for (std::size_t i = 0; i < length; i++) {
        is_whole = is_whole && bytes[i] == stamp;
    }
    return !ba_failed(ba_free(allocator, memory, ba_align(8))) && is_whole;
}

// What became of a child, which fork() has made, as waitpid() says it.
int status_of(pid_t child) {
    int status = -1;
    EXPECT_GT(child, 0);
    EXPECT_EQ(waitpid(child, &status, 0), child);
    return status;
}

template <class Lock>
class LockedAllocatorFork : public testing::Test {
  protected:
    LockedAllocatorFork() {
        handle_forks();
        ba_buffer_allocator_init(&parent_, ba_memory_of(buffer_.data(), ba_bytes(buffer_.size())));
        ba_locked_allocator_init(&locked_, ba_buffer_allocator_allocator(&parent_), lock_.lock());
    }
    ~LockedAllocatorFork() override { held_at_forks = nullptr; }

    ba_allocator allocator() { return ba_locked_allocator_allocator(&locked_); }

    Lock lock_;
    alignas(64) std::array<unsigned char, 65536> buffer_;
    ba_buffer_allocator parent_;
    ba_locked_allocator locked_;
};

TYPED_TEST_SUITE(LockedAllocatorFork, ba_testing::Locks, );

TYPED_TEST(LockedAllocatorFork, AChildUsesTheAllocatorThatThreadsUsed) {
    held_at_forks = &this->locked_;
    std::atomic<bool> is_over{false};
    std::atomic<unsigned> wrong{0};
    std::vector<std::thread> workers;
    for (unsigned i = 0; i < kWorkers; i++) {
        workers.emplace_back([this, &is_over, &wrong, i] {
            while (!is_over) {
                wrong += !use_once(this->allocator(), static_cast<unsigned char>(i + 1));
            }
        });
    }
    // The first child that fails ends it: one that waits for ever takes as long as the alarm.
    int status = 0;
    for (unsigned i = 0; i < kForks && status == 0; i++) {
        const pid_t child = fork();
        if (child == 0) {
            alarm(kSecondsForAChild);
            _exit(use_once(this->allocator(), 0xC1) ? 0 : 1);
        }
        status = status_of(child);
        EXPECT_EQ(status, 0) << "of child " << i;
        EXPECT_TRUE(use_once(this->allocator(), 0xA1)) << "the parent goes on";
    }
    is_over = true;
    for (std::thread &worker : workers) {
        worker.join();
    }
    EXPECT_EQ(wrong, 0u);
}

TYPED_TEST(LockedAllocatorFork, AForkWaitsForTheHolderOfTheLock) {
    held_at_forks = &this->locked_;
    std::atomic<bool> is_held{false};
    std::atomic<bool> is_done{false};
    std::atomic<bool> is_over{false};
    std::thread holder([this, &is_held, &is_done, &is_over] {
        ba_locked_allocator_lock(&this->locked_);
        is_held = true;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        is_done = true;
        ba_locked_allocator_unlock(&this->locked_);
        // ThreadSanitizer reports threads that have ended and were not joined, in a child too.
        while (!is_over) {
            std::this_thread::yield();
        }
    });
    while (!is_held) {
        std::this_thread::yield();
    }
    const pid_t child = fork();
    if (child == 0) {
        alarm(kSecondsForAChild);
        _exit(is_done && use_once(this->allocator(), 0xC1) ? 0 : 1);
    }
    is_over = true;
    holder.join();
    EXPECT_EQ(status_of(child), 0);
}

// What the handlers are for: without them the lock stays with a thread that the child has not.
TYPED_TEST(LockedAllocatorFork, WithoutHandlersAChildWaitsForever) {
    std::atomic<bool> is_held{false};
    std::atomic<bool> is_over{false};
    std::thread holder([this, &is_held, &is_over] {
        ba_locked_allocator_lock(&this->locked_);
        is_held = true;
        while (!is_over) {
            std::this_thread::yield();
        }
        ba_locked_allocator_unlock(&this->locked_);
    });
    while (!is_held) {
        std::this_thread::yield();
    }
    const pid_t child = fork();
    if (child == 0) {
        const itimerval timer = {{0, 0}, {0, kMicrosecondsForALostChild}};
        (void)setitimer(ITIMER_REAL, &timer, nullptr);
        (void)use_once(this->allocator(), 0xC1);
        _exit(0);
    }
    is_over = true;
    holder.join();
    const int status = status_of(child);
    EXPECT_TRUE(WIFSIGNALED(status)) << status;
    EXPECT_EQ(WTERMSIG(status), SIGALRM);
}

TYPED_TEST(LockedAllocatorFork, TheHolderOfTheLockMayUseTheParent) {
    ba_locked_allocator_lock(&this->locked_);
    EXPECT_TRUE(use_once(ba_buffer_allocator_allocator(&this->parent_), 1));
    ba_locked_allocator_unlock(&this->locked_);
    EXPECT_TRUE(use_once(this->allocator(), 1));
}

} // namespace
