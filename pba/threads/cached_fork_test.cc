// A process that forks while other threads use a pool with caches for threads: with the handlers,
// the child finds the pool whole, and what was in the caches of threads that it does not have is
// free.
#include "pba/cached_pool.h"

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>
#include <vector>

#include "block_allocator/backing/page_allocator.h"
#include "block_allocator/lock/pthread_lock.h"
#include "gtest/gtest.h"

namespace {

constexpr unsigned kWorkers = 3;
constexpr unsigned kForks = 50;
// No child takes so long unless it waits for what never comes.
constexpr unsigned kSecondsForAChild = 60;

pba_cached_pool *held_at_forks = nullptr;

void before_fork() {
    if (held_at_forks != nullptr) {
        pba_cached_pool_before_fork(held_at_forks);
    }
}
void after_fork_in_parent() {
    if (held_at_forks != nullptr) {
        pba_cached_pool_after_fork_in_parent(held_at_forks);
    }
}
void after_fork_in_child() {
    if (held_at_forks != nullptr) {
        pba_cached_pool_after_fork_in_child(held_at_forks);
    }
}

class CachedFork : public testing::Test {
  protected:
    CachedFork() {
        static const int registered =
            pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
        EXPECT_EQ(registered, 0);
        pba_options options = pba_options_default();
        options.block_size = 64;
        options.backing_request_size = PBA_CACHED_MIN_BYTES;
        options.safety = PBA_SAFETY_ALWAYS;
        options.severity = BA_SEVERITY_LOG;
        options.call_sites = PBA_OFF;
        EXPECT_EQ(pba_cached_pool_init(&pool_, &options,
                                       ba_any_allocator_of_exact(ba_page_allocator()),
                                       ba_pthread_lock(&mutex_), nullptr),
                  PBA_OPTIONS_OK);
        held_at_forks = &pool_;
    }
    ~CachedFork() override {
        EXPECT_EQ(pba_cached_pool_release_all(&pool_, PBA_REPORT_IN_USE).code, BA_OK);
        held_at_forks = nullptr;
    }

    // True if spans are there and go back.
    bool use(std::size_t count) {
        std::vector<ba_memory> spans(count);
        bool is_good = true;
        for (std::size_t i = 0; i < count; i++) {
            spans[i] = pba_cached_pool_alloc(&pool_, ba_bytes(1 + i * 40 % 300), ba_align(8));
            is_good = is_good && !ba_memory_is_none(spans[i]);
        }
        for (const ba_memory span : spans) {
            is_good = is_good && pba_cached_pool_free(&pool_, span, ba_align(8)).code == BA_OK;
        }
        return is_good;
    }

    // What a child does; 0 if all is well.
    int be_a_child(std::size_t in_use) {
        alarm(kSecondsForAChild);
        if (pba_cached_pool_verify(&pool_).code != BA_OK) {
            return 1;
        }
        if (in_use != SIZE_MAX && pba_cached_pool_stats(&pool_).in_use.bytes != in_use) {
            return 2;
        }
        if (!use(500)) {
            return 3;
        }
        if (pba_cached_pool_verify(&pool_).code != BA_OK) {
            return 4;
        }
        return pba_cached_pool_release_all(&pool_, PBA_ALLOW_IN_USE).code == BA_OK ? 0 : 5;
    }

    static int status_of(pid_t child) {
        int status = -1;
        EXPECT_GT(child, 0);
        EXPECT_EQ(waitpid(child, &status, 0), child);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -status;
    }

    pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
    pba_cached_pool pool_{};
};

TEST_F(CachedFork, AChildHasFreeWhatOtherThreadsHadCached) {
    ba_memory kept = pba_cached_pool_alloc(&pool_, ba_bytes(64), ba_align(8));
    std::atomic<bool> is_ready{false};
    std::atomic<bool> is_over{false};
    std::thread other([&] {
        EXPECT_TRUE(use(500));
        is_ready = true;
        while (!is_over) {
            std::this_thread::yield();
        }
    });
    while (!is_ready) {
        std::this_thread::yield();
    }
    EXPECT_TRUE(use(500));
    const pid_t child = fork();
    if (child == 0) {
        _exit(be_a_child(64));
    }
    EXPECT_EQ(status_of(child), 0);
    EXPECT_TRUE(use(500)) << "the parent goes on";
    is_over = true;
    other.join();
    EXPECT_EQ(pba_cached_pool_free(&pool_, kept, ba_align(8)).code, BA_OK);
    EXPECT_EQ(pba_cached_pool_verify(&pool_).code, BA_OK);
}

TEST_F(CachedFork, AChildFindsThePoolWholeWhateverThreadsWereDoing) {
    std::atomic<bool> is_over{false};
    std::atomic<unsigned> wrong{0};
    std::vector<std::thread> workers;
    for (unsigned i = 0; i < kWorkers; i++) {
        workers.emplace_back([&] {
            while (!is_over) {
                wrong += use(100) ? 0U : 1U;
                // Threads come and end as well.
                std::thread([&] { wrong += use(50) ? 0U : 1U; }).join();
            }
        });
    }
    for (unsigned i = 0; i < kForks; i++) {
        const pid_t child = fork();
        if (child == 0) {
            _exit(be_a_child(SIZE_MAX));
        }
        ASSERT_EQ(status_of(child), 0) << "of child " << i;
        EXPECT_TRUE(use(100));
    }
    is_over = true;
    for (std::thread &worker : workers) {
        worker.join();
    }
    EXPECT_EQ(wrong, 0u);
    EXPECT_EQ(pba_cached_pool_verify(&pool_).code, BA_OK);
}

} // namespace
