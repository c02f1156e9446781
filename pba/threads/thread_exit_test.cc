// When threads end: also those whose keys and thread_local objects use the pool at their end.
#define PBA_INTERNAL_

#include "pba/threads/thread_exit.h"

#include <pthread.h>

#include <cstdint>
#include <thread>
#include <vector>

#include "block_allocator/lock/pthread_lock.h"
#include "pba/cached_pool.h"
#include "pba/threads/thread_cache.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::StrictBacking;

class ThreadExit : public testing::Test {
  public:
    void use() {
        std::vector<ba_memory> spans;
        for (unsigned i = 0; i < 20; i++) {
            spans.push_back(alloc());
        }
        for (const ba_memory span : spans) {
            free(span);
        }
    }

  protected:
    ThreadExit() {
        pba_options options = pba_options_default();
        options.block_size = 64;
        options.backing_request_size = PBA_CACHED_MIN_BYTES;
        options.call_sites = PBA_OFF;
        EXPECT_EQ(pba_cached_pool_init(&pool_, &options,
                                       ba_any_allocator_of_exact(backing_.allocator()),
                                       ba_pthread_lock(&mutex_), nullptr),
                  PBA_OPTIONS_OK);
        first_ = alloc();
        own_ = pool_.caches;
    }
    ~ThreadExit() override {
        free(first_);
        EXPECT_EQ(pba_cached_pool_verify(&pool_).code, BA_OK);
        EXPECT_EQ(pba_cached_pool_release_all(&pool_, PBA_REPORT_IN_USE).code, BA_OK);
        EXPECT_EQ(pthread_mutex_destroy(&mutex_), 0) << "still locked";
    }

    ba_memory alloc() {
        const ba_memory memory = pba_cached_pool_alloc(&pool_, ba_bytes(64), ba_align(8));
        EXPECT_FALSE(ba_memory_is_none(memory));
        return memory;
    }
    void free(ba_memory memory) {
        EXPECT_EQ(pba_cached_pool_free(&pool_, memory, ba_align(8)).code, BA_OK);
    }
    void expect_no_other_cache() {
        // But for that of this thread.
        EXPECT_EQ(pool_.caches, own_);
        EXPECT_TRUE(own_ == nullptr || own_->next == nullptr);
        EXPECT_EQ(pba_cached_pool_stats(&pool_).spans, 1u);
    }

    StrictBacking backing_;
    pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
    pba_cached_pool pool_{};
    ba_memory first_{};
    const pba_thread_cache *own_ = nullptr;
};

TEST_F(ThreadExit, OfAThreadThatNeverUsedAPoolIsNothing) {
    std::thread([] {}).join();
    expect_no_other_cache();
}

TEST_F(ThreadExit, OfAPosixThreadEmptiesItsCache) {
    pthread_t thread;
    ASSERT_EQ(pthread_create(
                  &thread, nullptr,
                  [](void *self) -> void * {
                      static_cast<ThreadExit *>(self)->use();
                      pthread_exit(nullptr);
                  },
                  this),
              0);
    ASSERT_EQ(pthread_join(thread, nullptr), 0);
    expect_no_other_cache();
}

// Destructors of other keys come in any order, and again: what they free goes to the pool.
TEST_F(ThreadExit, KeysThatUseThePoolAtTheirEndLeaveNothing) {
    static ThreadExit *self;
    static pthread_key_t keys[4];
    self = this;
    for (pthread_key_t &key : keys) {
        ASSERT_EQ(pthread_key_create(&key,
                                     [](void *value) {
                                         self->use();
                                         if (value != &keys[3]) {
                                             // Once more, in the next round.
                                             (void)pthread_setspecific(keys[0], &keys[3]);
                                         }
                                     }),
                  0);
    }
    std::thread([] {
        for (pthread_key_t key : keys) {
            EXPECT_EQ(pthread_setspecific(key, &keys[0]), 0);
        }
        self->use();
    }).join();
    expect_no_other_cache();
    for (pthread_key_t key : keys) {
        EXPECT_EQ(pthread_key_delete(key), 0);
    }
}

struct AtEnd {
    ~AtEnd() {
        if (test != nullptr) {
            use(test);
        }
    }
    void (*use)(void *) = nullptr;
    void *test = nullptr;
};

TEST_F(ThreadExit, ThreadLocalObjectsThatUseThePoolLeaveNothing) {
    std::thread([this] {
        thread_local AtEnd at_end;
        at_end.test = this;
        at_end.use = [](void *self) { static_cast<ThreadExit *>(self)->use(); };
        use();
    }).join();
    expect_no_other_cache();
}

TEST_F(ThreadExit, OfManyThreadsLeavesNothing) {
    for (unsigned round = 0; round < 50; round++) {
        std::vector<std::thread> threads;
        for (unsigned i = 0; i < 4; i++) {
            threads.emplace_back([this] { use(); });
        }
        for (std::thread &thread : threads) {
            thread.join();
        }
        expect_no_other_cache();
    }
}

} // namespace
