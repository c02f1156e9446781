// Random mixes of threads, lengths, frees by other threads, threads that end, calls that empty all
// caches, and refusals of the backing; at quiet points the pool must be whole and count right, and
// at the end nothing may be lost.
#include "pba/cached_pool.h"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

#include "block_allocator/lock/pthread_lock.h"
#include "testing/misuse_recorder.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::MisuseRecorder;
using ba_testing::StrictBacking;
using ba_testing::StrictBackingOptions;

constexpr unsigned kThreads = 4;
constexpr unsigned kStints = 12;  // between quiet points
constexpr unsigned kSteps = 1500; // of a thread in each
constexpr std::size_t kMostHeld = 200;

struct Held {
    ba_memory memory;
    unsigned char stamp;
};

// What a run is with.
struct Mix {
    const char *name;
    unsigned seed;
    std::size_t block_size;
    std::size_t request;
    pba_safety safety;
    pba_auto_shrink auto_shrink;
    std::size_t longest; // blocks
    bool grows_in_place;
};

class CachedStress : public testing::TestWithParam<Mix> {
  protected:
    CachedStress() : backing_(backing_options()) {
        pba_options options = pba_options_default();
        options.block_size = GetParam().block_size;
        options.backing_request_size = GetParam().request;
        options.safety = GetParam().safety;
        options.auto_shrink = GetParam().auto_shrink;
        options.severity = BA_SEVERITY_LOG;
        options.call_sites = PBA_OFF;
        EXPECT_EQ(pba_cached_pool_init(&pool_, &options,
                                       ba_any_allocator_of_exact(backing_.allocator()),
                                       ba_pthread_lock(&mutex_), nullptr),
                  PBA_OPTIONS_OK);
    }
    ~CachedStress() override { EXPECT_EQ(pthread_mutex_destroy(&mutex_), 0) << "still locked"; }

    static StrictBackingOptions backing_options() {
        StrictBackingOptions options;
        options.grows_in_place = GetParam().grows_in_place;
        options.room = GetParam().grows_in_place ? 4 * GetParam().request : 0;
        options.remaps = GetParam().grows_in_place;
        return options;
    }

    // One thread's work between two quiet points.
    class Stint {
      public:
        Stint(CachedStress *test, unsigned seed) : test_(test), random_(seed) {}

        void run() {
            for (unsigned step = 0; step < kSteps; step++) {
                take_step();
            }
            // What is left goes to others: another thread frees it, or one that comes later.
            const std::lock_guard<std::mutex> guard(test_->held_mutex_);
            test_->held_.insert(test_->held_.end(), own_.begin(), own_.end());
        }

      private:
        std::size_t below(std::size_t bound) { return random_() % bound; }

        std::size_t some_length() {
            const std::size_t blocks =
                below(4) != 0 ? 1 + below(4) : 1 + below(test_->GetParam().longest);
            return blocks * test_->GetParam().block_size - below(test_->GetParam().block_size);
        }

        void take_step() {
            const std::size_t what = below(1000);
            if (what < 480) {
                alloc();
            } else if (what < 800) {
                free_own();
            } else if (what < 860) {
                hand_over();
            } else if (what < 940) {
                free_of_others();
            } else if (what < 995) {
                resize();
            } else {
                look_at_all();
            }
        }

        void stamp(Held *held) {
            held->stamp = static_cast<unsigned char>(below(256));
            auto *const bytes = static_cast<unsigned char *>(ba_memory_pointer(held->memory));
            bytes[0] = held->stamp;
            bytes[ba_memory_length(held->memory).bytes - 1] = held->stamp;
        }
        void check(const Held &held) {
            const auto *const bytes =
                static_cast<const unsigned char *>(ba_memory_pointer(held.memory));
            test_->wrong_ += bytes[0] != held.stamp ? 1U : 0U;
        }

        void alloc() {
            if (own_.size() >= kMostHeld) {
                free_own();
                return;
            }
            Held held{};
            held.memory =
                pba_cached_pool_alloc(&test_->pool_, ba_bytes(some_length()), ba_align(8));
            if (!ba_memory_is_none(held.memory)) {
                stamp(&held);
                own_.push_back(held);
            }
        }

        void free_one(const Held &held) {
            check(held);
            test_->wrong_ +=
                pba_cached_pool_free(&test_->pool_, held.memory, ba_align(8)).code != BA_OK ? 1U
                                                                                            : 0U;
        }

        Held take_out() {
            std::swap(own_[below(own_.size())], own_.back());
            const Held held = own_.back();
            own_.pop_back();
            return held;
        }

        void free_own() {
            if (!own_.empty()) {
                free_one(take_out());
            }
        }

        void hand_over() {
            if (!own_.empty()) {
                const Held held = take_out();
                const std::lock_guard<std::mutex> guard(test_->held_mutex_);
                test_->held_.push_back(held);
            }
        }

        void free_of_others() {
            Held held{};
            {
                const std::lock_guard<std::mutex> guard(test_->held_mutex_);
                if (test_->held_.empty()) {
                    return;
                }
                held = test_->held_.back();
                test_->held_.pop_back();
            }
            free_one(held);
        }

        void resize() {
            if (own_.empty()) {
                return;
            }
            Held held = take_out();
            check(held);
            if (below(2) == 0) {
                const ba_length_result now = pba_cached_pool_resize(
                    &test_->pool_, held.memory, ba_align(8), ba_bytes(some_length()));
                if (!ba_length_result_is_none(now)) {
                    held.memory =
                        ba_memory_of(ba_memory_pointer(held.memory), ba_length_result_length(now));
                }
            } else {
                const ba_memory now = pba_cached_pool_realloc(&test_->pool_, held.memory,
                                                              ba_align(8), ba_bytes(some_length()));
                held.memory = ba_memory_is_none(now) ? held.memory : now;
            }
            check(held);
            stamp(&held);
            own_.push_back(held);
        }

        void look_at_all() {
            switch (below(6)) {
            case 0:
                (void)pba_cached_pool_trim(&test_->pool_, ba_bytes(below(1 << 16)));
                break;
            case 1:
                (void)pba_cached_pool_shrink(&test_->pool_, pba_threshold_percent(1, 2));
                break;
            case 2:
                test_->wrong_ += pba_cached_pool_verify(&test_->pool_).code != BA_OK ? 1U : 0U;
                break;
            case 3: {
                const pba_stats stats = pba_cached_pool_stats(&test_->pool_);
                test_->wrong_ +=
                    stats.in_use.bytes + stats.free.bytes != stats.payload.bytes ? 1U : 0U;
                break;
            }
            case 4:
                (void)pba_cached_pool_largest_free(&test_->pool_);
                break;
            default:
                pba_cached_pool_walk(
                    &test_->pool_, [](void *, const pba_walk_item *) {}, nullptr);
                break;
            }
        }

        CachedStress *test_;
        std::minstd_rand random_;
        std::vector<Held> own_;
    };

    void expect_whole() {
        EXPECT_EQ(pba_cached_pool_verify(&pool_).code, BA_OK);
        std::size_t bytes = 0;
        for (const Held &held : held_) {
            bytes += ba_memory_length(held.memory).bytes;
        }
        const pba_stats stats = pba_cached_pool_stats(&pool_);
        EXPECT_EQ(stats.in_use.bytes, bytes);
        EXPECT_EQ(stats.spans, held_.size());
        EXPECT_EQ(wrong_, 0u);
    }

    StrictBacking backing_;
    pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
    pba_cached_pool pool_{};
    MisuseRecorder misuse_;
    std::mutex held_mutex_;
    std::vector<Held> held_;
    std::atomic<unsigned> wrong_{0};
};

TEST_P(CachedStress, LosesNothing) {
    std::mt19937 random(GetParam().seed);
    for (unsigned stint = 0; stint < kStints; stint++) {
        if (stint % 3 == 1) {
            backing_.refuse_by_bits(static_cast<std::uint64_t>(random()) << 32 | random());
        } else if (stint % 3 == 2) {
            backing_.refuse_from(1 + random() % 100);
        } else {
            backing_.refuse_none();
        }
        // All of them end here, and empty their caches.
        std::vector<std::thread> threads;
        for (unsigned i = 0; i < kThreads; i++) {
            threads.emplace_back(
                [this, seed = static_cast<unsigned>(random())] { Stint(this, seed).run(); });
        }
        // This thread takes part as well, and stays.
        Stint(this, static_cast<unsigned>(random())).run();
        for (std::thread &thread : threads) {
            thread.join();
        }
        expect_whole();
        if (stint % 4 == 3) {
            for (const Held &held : held_) {
                EXPECT_EQ(pba_cached_pool_free(&pool_, held.memory, ba_align(8)).code, BA_OK);
            }
            held_.clear();
            expect_whole();
        }
    }
    EXPECT_EQ(pba_cached_pool_trim(&pool_, ba_bytes(0)).bytes != SIZE_MAX, true);
    EXPECT_EQ(backing_.bytes(), 0u) << "all was freed, so all goes";
    EXPECT_EQ(pba_cached_pool_release_all(&pool_, PBA_REPORT_IN_USE).code, BA_OK);
    EXPECT_EQ(misuse_.count(), 0u);
}

INSTANTIATE_TEST_SUITE_P(
    Mixes, CachedStress,
    testing::Values(
        Mix{"small", 1, 64, 4096, PBA_SAFETY_ALWAYS, PBA_AUTO_SHRINK_ADAPTIVE, 80, false},
        Mix{"large_requests", 2, 64, 65536, PBA_SAFETY_ALWAYS, PBA_AUTO_SHRINK_ADAPTIVE, 80, false},
        Mix{"simple", 3, 256, 4096, PBA_SAFETY_ALWAYS, PBA_AUTO_SHRINK_SIMPLE, 16, false},
        Mix{"aggressive", 4, 256, 16384, PBA_SAFETY_ALWAYS, PBA_AUTO_SHRINK_AGGRESSIVE, 64, false},
        Mix{"never", 5, 128, 16384, PBA_SAFETY_ALWAYS, PBA_AUTO_SHRINK_NEVER, 130, false},
        Mix{"in_place", 6, 64, 16384, PBA_SAFETY_ALWAYS, PBA_AUTO_SHRINK_ADAPTIVE, 200, true},
        Mix{"unchecked", 7, 64, 16384, PBA_SAFETY_NEVER, PBA_AUTO_SHRINK_NEVER, 80, false},
        Mix{"unchecked_adaptive", 8, 64, 4096, PBA_SAFETY_NEVER, PBA_AUTO_SHRINK_ADAPTIVE, 80,
            true}),
    [](const testing::TestParamInfo<Mix> &mix) { return std::string(mix.param.name); });

} // namespace
