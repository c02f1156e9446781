// Misuse of a pool with caches for threads: a free that another thread's free happened before is
// always reported, wherever the span is by then; of two at the same time one is.
#include "pba/cached_pool.h"

#include <pthread.h>

#include <atomic>
#include <thread>
#include <vector>

#include "block_allocator/lock/pthread_lock.h"
#include "testing/misuse_recorder.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::MisuseRecorder;
using ba_testing::StrictBacking;

constexpr std::size_t kBlock = 64;

// How many blocks a span has: some that are cached, and some that are too long.
class CachedMisuse : public testing::TestWithParam<std::size_t> {
  protected:
    CachedMisuse() {
        pba_options options = pba_options_default();
        options.block_size = kBlock;
        options.backing_request_size = PBA_CACHED_MIN_BYTES;
        options.safety = PBA_SAFETY_ALWAYS;
        options.severity = BA_SEVERITY_LOG;
        options.call_sites = PBA_OFF;
        EXPECT_EQ(pba_cached_pool_init(&pool_, &options,
                                       ba_any_allocator_of_exact(backing_.allocator()),
                                       ba_pthread_lock(&mutex_), nullptr),
                  PBA_OPTIONS_OK);
        // So that no chunk goes, and caches hold what is freed.
        for (std::size_t i = 0; i < 4096; i++) {
            others_.push_back(alloc(1));
        }
    }
    ~CachedMisuse() override {
        for (const ba_memory other : others_) {
            EXPECT_EQ(free(other), BA_OK);
        }
        EXPECT_EQ(pba_cached_pool_verify(&pool_).code, BA_OK);
        EXPECT_EQ(pba_cached_pool_release_all(&pool_, PBA_REPORT_IN_USE).code, BA_OK);
        EXPECT_EQ(pthread_mutex_destroy(&mutex_), 0) << "still locked";
    }

    ba_memory alloc(std::size_t blocks) {
        return pba_cached_pool_alloc(&pool_, ba_bytes(blocks * kBlock), ba_align(16));
    }
    ba_error_code free(ba_memory memory) {
        return pba_cached_pool_free(&pool_, memory, ba_align(16)).code;
    }
    ba_error_code free_elsewhere(ba_memory memory) {
        ba_error_code code = BA_OK;
        std::thread([&] { code = free(memory); }).join();
        return code;
    }
    void expect_reported(std::size_t count) {
        EXPECT_EQ(misuse_.count(), count);
        EXPECT_EQ(pba_cached_pool_verify(&pool_).code, BA_OK) << "nothing has changed";
    }

    StrictBacking backing_;
    pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
    pba_cached_pool pool_{};
    MisuseRecorder misuse_;
    std::vector<ba_memory> others_;
};

TEST_P(CachedMisuse, ReportsASecondFreeInTheSameThread) {
    const ba_memory span = alloc(GetParam());
    EXPECT_EQ(free(span), BA_OK);
    EXPECT_EQ(free(span), BA_DOUBLE_FREE);
    EXPECT_EQ(free(span), BA_DOUBLE_FREE);
    expect_reported(2);
}

TEST_P(CachedMisuse, ReportsASecondFreeOfWhatLiesInAnotherCache) {
    const ba_memory span = alloc(GetParam());
    EXPECT_EQ(free(span), BA_OK);
    EXPECT_EQ(free_elsewhere(span), BA_DOUBLE_FREE);
    expect_reported(1);
}

TEST_P(CachedMisuse, ReportsASecondFreeOfWhatAThreadHasLeft) {
    const ba_memory span = alloc(GetParam());
    EXPECT_EQ(free_elsewhere(span), BA_OK);
    EXPECT_EQ(free(span), BA_DOUBLE_FREE);
    EXPECT_EQ(free_elsewhere(span), BA_DOUBLE_FREE);
    expect_reported(2);
}

TEST_P(CachedMisuse, ReportsASecondFreeOfWhatWasGivenBackToThePool) {
    const ba_memory span = alloc(GetParam());
    EXPECT_EQ(free(span), BA_OK);
    (void)pba_cached_pool_largest_free(&pool_);
    EXPECT_EQ(free(span), BA_DOUBLE_FREE);
    expect_reported(1);
}

TEST_P(CachedMisuse, ReportsASecondFreeOfWhatWasRefilledIntoACache) {
    // A list of the core has more of this length then, and the next allocation takes some.
    std::vector<ba_memory> spans;
    for (unsigned i = 0; i < 40; i++) {
        spans.push_back(alloc(GetParam()));
    }
    std::thread([&] {
        for (const ba_memory span : spans) {
            EXPECT_EQ(free(span), BA_OK);
        }
    }).join();
    const ba_memory one = alloc(GetParam());
    const ba_memory two = alloc(GetParam());
    for (const ba_memory span : spans) {
        const bool is_live = ba_memory_pointer(span) == ba_memory_pointer(one) ||
                             ba_memory_pointer(span) == ba_memory_pointer(two);
        if (!is_live) {
            EXPECT_EQ(free(span), BA_DOUBLE_FREE);
        }
    }
    EXPECT_EQ(free(one), BA_OK);
    EXPECT_EQ(free(two), BA_OK);
}

TEST_P(CachedMisuse, TellsOtherMisuseApart) {
    const ba_memory span = alloc(GetParam());
    auto *const bytes = static_cast<unsigned char *>(ba_memory_pointer(span));
    const std::size_t length = ba_memory_length(span).bytes;
    EXPECT_EQ(free(ba_memory_of(bytes + 16, ba_bytes(length))), BA_INTERIOR);
    EXPECT_EQ(free(ba_memory_of(bytes, ba_bytes(length + 1))), BA_SIZE_MISMATCH);
    if (GetParam() > 1) {
        EXPECT_EQ(free(ba_memory_of(bytes, ba_bytes(length - kBlock))), BA_SIZE_MISMATCH);
        EXPECT_EQ(free(ba_memory_of(bytes + kBlock, ba_bytes(kBlock))), BA_INTERIOR);
    }
    EXPECT_EQ(pba_cached_pool_free(&pool_, span, ba_align(3)).code, BA_BAD_ALIGN);
    unsigned char stranger[kBlock];
    EXPECT_EQ(free(ba_memory_of(stranger, ba_bytes(kBlock))), BA_FOREIGN);
    const std::size_t reported = GetParam() > 1 ? 6 : 4;
    expect_reported(reported);
    EXPECT_EQ(free(span), BA_OK) << "it is still its caller's";
    EXPECT_EQ(free(ba_memory_of(bytes + 16, ba_bytes(length))), BA_DOUBLE_FREE) << "inside of it";
    expect_reported(reported + 1);
}

TEST_P(CachedMisuse, RefusesALengthOfNothing) {
    EXPECT_EQ(ba_memory_error(pba_cached_pool_alloc(&pool_, ba_bytes(0), ba_align(16))).code,
              BA_ZERO_SIZE);
    EXPECT_EQ(
        ba_memory_error(pba_cached_pool_alloc(&pool_, ba_bytes(GetParam()), ba_align(3))).code,
        BA_BAD_ALIGN);
    expect_reported(2);
}

// Of each span two threads free at once; both then go on with what they have in their caches only
// when both are done, so that no free comes after an allocation.
TEST_P(CachedMisuse, OfTwoFreesAtOnceOneIsReported) {
    constexpr unsigned kRounds = 200;
    constexpr std::size_t kSpans = 16;
    std::vector<ba_memory> spans(kSpans);
    std::atomic<unsigned> arrived{0};
    std::atomic<unsigned> freed{0};
    std::atomic<unsigned> reported{0};
    const auto meet = [&](unsigned at) {
        arrived++;
        while (arrived < at) {
            std::this_thread::yield();
        }
    };
    const auto free_them = [&](unsigned who) {
        for (unsigned round = 0; round < kRounds; round++) {
            if (who == 0) {
                for (ba_memory &span : spans) {
                    span = alloc(GetParam());
                }
            }
            meet(4 * round + 2);
            for (const ba_memory span : spans) {
                const ba_error_code code = free(span);
                freed += code == BA_OK ? 1U : 0U;
                reported += code == BA_DOUBLE_FREE ? 1U : 0U;
            }
            meet(4 * round + 4);
        }
    };
    std::thread other([&] { free_them(1); });
    free_them(0);
    other.join();
    EXPECT_EQ(freed, kRounds * kSpans);
    EXPECT_EQ(reported, kRounds * kSpans);
    expect_reported(kRounds * kSpans);
}

// Wrong frees at any time, of spans that other threads allocate and free right now: the pool may
// lose spans of those threads to each other, but is never corrupt.
TEST_P(CachedMisuse, WrongFreesCorruptNothing) {
    constexpr unsigned kThreads = 3;
    std::atomic<void *> seen{nullptr};
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < kThreads; i++) {
        threads.emplace_back([&, i] {
            for (unsigned round = 0; round < 2000; round++) {
                const ba_memory span = alloc(GetParam());
                void *const before = seen.exchange(ba_memory_pointer(span));
                if (round % 3 == 0 && before != nullptr) {
                    (void)free(ba_memory_of(before, ba_bytes(GetParam() * kBlock)));
                }
                (void)free(span);
                if (round % 500 == 7 * i) {
                    (void)pba_cached_pool_trim(&pool_, ba_bytes(0));
                }
            }
        });
    }
    for (std::thread &thread : threads) {
        thread.join();
    }
    EXPECT_EQ(pba_cached_pool_verify(&pool_).code, BA_OK);
    const pba_stats stats = pba_cached_pool_stats(&pool_);
    EXPECT_EQ(stats.spans, others_.size()) << "each was freed, by one or the other";
    EXPECT_EQ(stats.in_use.bytes, others_.size() * kBlock);
}

INSTANTIATE_TEST_SUITE_P(Blocks, CachedMisuse, testing::Values(1, 2, 63, 64, 200));

} // namespace
