// A process that forks while other threads use locked pools: with the locks held by the forking
// thread, the child finds the pools whole and free. As locked_allocator_fork_test.cc, which see.
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
#include "testing/locks.h"
#include "gtest/gtest.h"

#define PBA_NAME parent_pool
#define PBA_BLOCK_SIZE 1024
#define PBA_BACKING_REQUEST_SIZE 4096
#define PBA_THREADS PBA_THREADS_LOCKED
#include "pba/define.h"

#define PBA_NAME child_pool
#define PBA_BLOCK_SIZE 64
#define PBA_BACKING_REQUEST_SIZE 1024
#define PBA_THREADS PBA_THREADS_LOCKED
#include "pba/define.h"

namespace {

constexpr unsigned kWorkers = 2;
constexpr unsigned kForks = 100;
// No child takes so long unless it waits for what never comes.
constexpr unsigned kSecondsForAChild = 60;
constexpr suseconds_t kMicrosecondsForALostChild = 100000;
const ba_alignment kAlignment = ba_align(8);

// --- handlers of fork(), which stay for as long as the process lives

parent_pool *parent_at_forks = nullptr;
child_pool *child_at_forks = nullptr;

void before_fork() {
    if (child_at_forks != nullptr) {
        child_pool_lock(child_at_forks);
        parent_pool_lock(parent_at_forks);
    }
}
void after_fork() {
    if (child_at_forks != nullptr) {
        parent_pool_unlock(parent_at_forks);
        child_pool_unlock(child_at_forks);
    }
}

void handle_forks() {
    static const int registered = pthread_atfork(before_fork, after_fork, after_fork);
    ASSERT_EQ(registered, 0);
}

// --- what threads and children do

// True if memory is there, holds what is written to it, and goes back.
bool use_once(child_pool *pool, unsigned char stamp) {
    const std::size_t length = std::size_t{100} * (stamp % 32U + 1);
    const ba_memory memory = child_pool_alloc(pool, ba_bytes(length), kAlignment);
    if (ba_memory_is_none(memory)) {
        return false;
    }
    auto *const bytes = static_cast<unsigned char *>(ba_memory_pointer(memory));
    std::memset(bytes, stamp, length);
    bool is_whole = true;
    for (std::size_t i = 0; i < length; i++) {
        is_whole = is_whole && bytes[i] == stamp;
    }
    const bool is_freed = !ba_failed(child_pool_free(pool, memory, kAlignment));
    (void)child_pool_trim(pool, ba_bytes(0));
    return is_whole && is_freed;
}

// What became of a child, which fork() has made, as waitpid() says it.
int status_of(pid_t child) {
    int status = -1;
    EXPECT_GT(child, 0);
    EXPECT_EQ(waitpid(child, &status, 0), child);
    return status;
}

template <class Lock>
class LockedPoolFork : public testing::Test {
  protected:
    LockedPoolFork() {
        handle_forks();
        ba_buffer_allocator_init(&buffer_, ba_memory_of(bytes_.data(), ba_bytes(bytes_.size())));
        parent_ = parent_pool_new(ba_buffer_allocator_allocator(&buffer_), parents_lock_.lock());
        child_ = child_pool_new(parent_pool_allocator(&parent_), childs_lock_.lock());
    }
    ~LockedPoolFork() override {
        child_at_forks = nullptr;
        EXPECT_EQ(child_pool_release_all(&child_, PBA_REPORT_IN_USE).code, BA_OK);
        EXPECT_EQ(parent_pool_release_all(&parent_, PBA_REPORT_IN_USE).code, BA_OK);
    }

    void hold_at_forks() {
        parent_at_forks = &parent_;
        child_at_forks = &child_;
    }

    Lock parents_lock_;
    Lock childs_lock_;
    alignas(64) std::array<unsigned char, 262144> bytes_;
    ba_buffer_allocator buffer_;
    parent_pool parent_;
    child_pool child_;
};

TYPED_TEST_SUITE(LockedPoolFork, ba_testing::Locks, );

TYPED_TEST(LockedPoolFork, AChildUsesWhatThreadsUsedAsItWasMade) {
    this->hold_at_forks();
    child_pool *const pool = &this->child_;
    std::atomic<bool> is_over{false};
    std::atomic<unsigned> wrong{0};
    std::vector<std::thread> workers;
    for (unsigned i = 0; i < kWorkers; i++) {
        workers.emplace_back([pool, &is_over, &wrong, i] {
            for (unsigned round = 0; !is_over; round++) {
                wrong += !use_once(pool, static_cast<unsigned char>(i * 16 + round));
            }
        });
    }
    // The first child that fails ends it: one that waits for ever takes as long as the alarm.
    int status = 0;
    for (unsigned i = 0; i < kForks && status == 0; i++) {
        const pid_t child = fork();
        if (child == 0) {
            alarm(kSecondsForAChild);
            const bool is_well = use_once(pool, 0xC1) && child_pool_verify(pool).code == BA_OK &&
                                 parent_pool_verify(&this->parent_).code == BA_OK;
            _exit(is_well ? 0 : 1);
        }
        status = status_of(child);
        EXPECT_EQ(status, 0) << "of child " << i;
        EXPECT_TRUE(use_once(pool, 0xA1)) << "the parent goes on";
    }
    is_over = true;
    for (std::thread &worker : workers) {
        worker.join();
    }
    EXPECT_EQ(wrong, 0u);
}

// What the handlers are for: without them the lock stays with a thread that the child has not.
TYPED_TEST(LockedPoolFork, WithoutHandlersAChildWaitsForEver) {
    std::atomic<bool> is_held{false};
    std::atomic<bool> is_over{false};
    std::thread holder([this, &is_held, &is_over] {
        child_pool_lock(&this->child_);
        is_held = true;
        while (!is_over) {
            std::this_thread::yield();
        }
        child_pool_unlock(&this->child_);
    });
    while (!is_held) {
        std::this_thread::yield();
    }
    const pid_t child = fork();
    if (child == 0) {
        const itimerval timer = {{0, 0}, {0, kMicrosecondsForALostChild}};
        (void)setitimer(ITIMER_REAL, &timer, nullptr);
        (void)use_once(&this->child_, 0xC1);
        _exit(0);
    }
    is_over = true;
    holder.join();
    const int status = status_of(child);
    EXPECT_TRUE(WIFSIGNALED(status)) << status;
    EXPECT_EQ(WTERMSIG(status), SIGALRM);
}

} // namespace
