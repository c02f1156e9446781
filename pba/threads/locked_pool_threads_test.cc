// Pools that several threads use, each call behind a lock: what is written stays, each span is freed
// once, by any thread, and at the end nothing is lost.
#include <array>
#include <atomic>
#include <cstring>
#include <random>
#include <thread>
#include <vector>

#include "block_allocator/backing/page_allocator.h"
#include "block_allocator/forwarding/tracking_allocator.h"
#include "pba/locked_pool.h"
#include "testing/locks.h"
#include "testing/misuse_recorder.h"
#include "testing/pool/pool_fixture.h"
#include "testing/strict_backing.h"
#include "testing/threads.h"
#include "gtest/gtest.h"

#define PBA_NAME shared_pool
#define PBA_BLOCK_SIZE 64
#define PBA_BACKING_REQUEST_SIZE 4096
#define PBA_SAFETY PBA_SAFETY_ALWAYS
#define PBA_SEVERITY BA_SEVERITY_LOG
#define PBA_THREADS PBA_THREADS_LOCKED
#include "pba/define.h"

#define PBA_NAME large_shared_pool
#define PBA_BLOCK_SIZE 4096
#define PBA_BACKING_REQUEST_SIZE 65536
#define PBA_THREADS PBA_THREADS_LOCKED
#include "pba/define.h"

#define PBA_NAME thread_pool
#define PBA_BLOCK_SIZE 64
#define PBA_BACKING_REQUEST_SIZE 4096
#include "pba/define.h"

namespace {

shared_pool *list_pool;

} // namespace

#define SAB_NAME shared_ints
#define SAB_TYPE unsigned
#define SAB_ALLOCATOR *list_pool
#define SAB_POOL_TYPE shared_pool
#include "static_buffer/define.h"

namespace {

using ba_testing::MisuseRecorder;
using ba_testing::Resizing;
using ba_testing::StrictBacking;
using ba_testing::StrictBackingOptions;
using pba_testing::small_options;

constexpr unsigned kThreads = 4;
const ba_alignment kAlignment = ba_align(16);

void in_threads(unsigned threads, const std::function<void(unsigned)> &work) {
    std::vector<std::thread> all;
    for (unsigned i = 0; i < threads; i++) {
        all.emplace_back(work, i);
    }
    for (std::thread &thread : all) {
        thread.join();
    }
}

// --- a mix of everything

// A span that some thread has allocated, and what it has written there.
struct Parcel {
    ba_memory memory;
    unsigned char stamp;
};

// The functions of a pool of either kind.
ba_memory alloc(pba_locked_pool *pool, std::size_t bytes) {
    return pba_locked_pool_alloc(pool, ba_bytes(bytes), kAlignment);
}
ba_memory alloc(shared_pool *pool, std::size_t bytes) {
    return shared_pool_alloc(pool, ba_bytes(bytes), kAlignment);
}
ba_error free_span(pba_locked_pool *pool, ba_memory memory) {
    return pba_locked_pool_free(pool, memory, kAlignment);
}
ba_error free_span(shared_pool *pool, ba_memory memory) {
    return shared_pool_free(pool, memory, kAlignment);
}
pba_locked_pool *base_of(pba_locked_pool *pool) {
    return pool;
}
pba_locked_pool *base_of(shared_pool *pool) {
    return &pool->locked;
}

// Threads that come and go, and give spans to each other through a few places.
template <class Pool>
class Mix {
  public:
    explicit Mix(Pool *pool) : pool_(pool) {}

    // So many threads do so many random things each, and end.
    void run(unsigned steps, unsigned seed) {
        in_threads(kThreads, [this, steps, seed](unsigned i) {
            std::minstd_rand random(seed * kThreads + i + 1);
            for (unsigned step = 0; step < steps; step++) {
                do_something(&random);
            }
        });
    }

    // Only while no thread runs.
    void check() {
        for (std::atomic<Parcel *> &place : places_) {
            const Parcel *const parcel = place.load();
            wrong_ += parcel != nullptr && !is_whole(*parcel);
        }
        EXPECT_EQ(wrong_, 0u);
        EXPECT_EQ(pba_locked_pool_verify(base()).code, BA_OK);
        const pba_stats stats = pba_locked_pool_stats(base());
        EXPECT_EQ(stats.allocations - stats.frees, stats.spans);
        EXPECT_EQ(stats.spans, held());
    }

    void free_all() {
        for (std::atomic<Parcel *> &place : places_) {
            end(place.exchange(nullptr));
        }
    }

    unsigned refused() const { return refused_; }

  private:
    pba_locked_pool *base() { return base_of(pool_); }

    std::uint64_t held() const {
        std::uint64_t count = 0;
        for (const std::atomic<Parcel *> &place : places_) {
            count += place.load() != nullptr;
        }
        return count;
    }

    static bool is_whole(const Parcel &parcel) {
        const auto *const bytes =
            static_cast<const unsigned char *>(ba_memory_pointer(parcel.memory));
        const std::size_t length = ba_memory_length(parcel.memory).bytes;
        return bytes[0] == parcel.stamp && bytes[length / 2] == parcel.stamp &&
               bytes[length - 1] == parcel.stamp;
    }

    static void stamp(const Parcel &parcel) {
        std::memset(ba_memory_pointer(parcel.memory), parcel.stamp,
                    ba_memory_length(parcel.memory).bytes);
    }

    // A few long spans among many short ones.
    static std::size_t some_length(std::minstd_rand *random) {
        return (*random)() % 16 == 0 ? 1 + (*random)() % 20000 : 1 + (*random)() % 600;
    }

    void do_something(std::minstd_rand *random) {
        const unsigned what = static_cast<unsigned>((*random)() % 64);
        std::atomic<Parcel *> &place = places_[(*random)() % places_.size()];
        if (what < 28) {
            end(place.exchange(begin(some_length(random), random)));
        } else if (what < 48) {
            end(place.exchange(nullptr));
        } else if (what < 58) {
            Parcel *const parcel = place.exchange(nullptr);
            if (parcel != nullptr) {
                change(parcel, some_length(random), what);
                end(place.exchange(parcel));
            }
        } else {
            look_after(what);
        }
    }

    Parcel *begin(std::size_t length, std::minstd_rand *random) {
        const ba_memory memory = alloc(pool_, length);
        if (ba_memory_is_none(memory)) {
            refused_++;
            wrong_ += ba_memory_error(memory).code != BA_OUT_OF_MEMORY;
            return nullptr;
        }
        wrong_ += ba_memory_length(memory).bytes < length;
        Parcel *const parcel = new Parcel{memory, static_cast<unsigned char>((*random)())};
        stamp(*parcel);
        return parcel;
    }

    void end(Parcel *parcel) {
        if (parcel != nullptr) {
            wrong_ += !is_whole(*parcel);
            wrong_ += free_span(pool_, parcel->memory).code != BA_OK;
            delete parcel;
        }
    }

    void change(Parcel *parcel, std::size_t length, unsigned what) {
        wrong_ += !is_whole(*parcel);
        if (what % 2 == 0) {
            const ba_memory now =
                pba_locked_pool_realloc(base(), parcel->memory, kAlignment, ba_bytes(length));
            parcel->memory = ba_memory_is_none(now) ? parcel->memory : now;
        } else {
            const ba_length_result now =
                pba_locked_pool_resize(base(), parcel->memory, kAlignment, ba_bytes(length));
            if (!ba_length_result_is_none(now)) {
                parcel->memory =
                    ba_memory_of(ba_memory_pointer(parcel->memory), ba_length_result_length(now));
            }
        }
        stamp(*parcel);
    }

    void look_after(unsigned what) {
        switch (what) {
        case 58:
            (void)pba_locked_pool_trim(base(), ba_bytes(0));
            return;
        case 59:
            (void)pba_locked_pool_purge(base());
            return;
        case 60:
            (void)pba_locked_pool_shrink(base(), pba_threshold_percent(10, 30));
            return;
        case 61:
            wrong_ += pba_locked_pool_stats(base()).payload.bytes <
                      pba_locked_pool_largest_free(base()).bytes;
            return;
        case 62:
            wrong_ += pba_locked_pool_verify(base()).code != BA_OK;
            return;
        default:
            (void)ba_failed(pba_locked_pool_reserve(base(), ba_bytes(8192)));
            return;
        }
    }

    Pool *pool_;
    std::array<std::atomic<Parcel *>, 64> places_ = {};
    std::atomic<unsigned> wrong_{0};
    std::atomic<unsigned> refused_{0};
};

// Each call of the backing is made with the lock held.
StrictBackingOptions everything() {
    StrictBackingOptions options;
    options.block_size = 64;
    options.grows_in_place = true;
    options.room = 1024;
    options.discards = true;
    return options;
}

template <class Lock>
class LockedPoolThreads : public testing::Test {};
TYPED_TEST_SUITE(LockedPoolThreads, ba_testing::Locks, );

constexpr unsigned kPhases = 5;
constexpr unsigned kSteps = 2000;

template <class Pool>
void mix(Pool *pool, StrictBacking *backing) {
    Mix<Pool> all(pool);
    // Again and again nothing for a while, so that no smaller request helps; also at first.
    backing->refuse_when([](std::size_t call) { return call / 16 % 3 == 0; });
    for (unsigned phase = 0; phase < kPhases; phase++) {
        all.run(kSteps, phase);
        all.check();
    }
    EXPECT_GT(all.refused(), 0u);
    all.free_all();
    all.check();
    pba_locked_pool *const base = base_of(pool);
    const pba_stats stats = pba_locked_pool_stats(base);
    EXPECT_EQ(stats.in_use.bytes, 0u);
    EXPECT_EQ(stats.allocations, stats.frees);
    EXPECT_EQ(pba_locked_pool_release_all(base, PBA_REPORT_IN_USE).code, BA_OK);
    EXPECT_EQ(backing->grants(), 0u);
}

TYPED_TEST(LockedPoolThreads, AMixOfEverythingLosesNothing) {
    StrictBacking backing(everything());
    MisuseRecorder misuse;
    TypeParam lock;
    shared_pool pool = shared_pool_new(backing.allocator(), lock.lock());
    mix(&pool, &backing);
    EXPECT_EQ(misuse.count(), 0u);
}

TYPED_TEST(LockedPoolThreads, NorDoesOneThatLooksAfterWhatIsFree) {
    StrictBacking backing(everything());
    MisuseRecorder misuse;
    TypeParam lock;
    pba_options options = small_options();
    options.guard = PBA_ON;
    options.fill = PBA_ON;
    options.call_sites = PBA_ON;
    options.auto_shrink = PBA_AUTO_SHRINK_AGGRESSIVE;
    pba_locked_pool pool;
    ASSERT_EQ(pba_locked_pool_init(&pool, &options, ba_any_allocator_of(backing.allocator()),
                                   lock.lock(), nullptr),
              PBA_OPTIONS_OK);
    mix(&pool, &backing);
    EXPECT_EQ(misuse.count(), 0u);
}

// --- misuse by two threads

TYPED_TEST(LockedPoolThreads, OfTwoFreesTheSecondIsReported) {
    constexpr unsigned kRounds = 300;
    StrictBacking backing;
    MisuseRecorder misuse;
    TypeParam lock;
    shared_pool pool = shared_pool_new(backing.allocator(), lock.lock());
    std::array<ba_memory, kRounds> spans;
    for (ba_memory &span : spans) {
        span = shared_pool_alloc(&pool, ba_bytes(100), kAlignment);
    }
    std::atomic<unsigned> freed{0};
    std::atomic<unsigned> doubly{0};
    std::atomic<unsigned> waiting{0};
    in_threads(2, [&](unsigned) {
        for (unsigned i = 0; i < kRounds; i++) {
            // Both at once.
            waiting++;
            while (waiting < 2 * (i + 1)) {
                std::this_thread::yield();
            }
            const ba_error_code code = shared_pool_free(&pool, spans[i], kAlignment).code;
            freed += code == BA_OK;
            doubly += code == BA_DOUBLE_FREE;
        }
    });
    EXPECT_EQ(freed, kRounds);
    EXPECT_EQ(doubly, kRounds);
    EXPECT_EQ(misuse.errors(), std::vector<ba_error_code>(kRounds, BA_DOUBLE_FREE));
    EXPECT_EQ(shared_pool_verify(&pool).code, BA_OK);
    EXPECT_EQ(shared_pool_release_all(&pool, PBA_REPORT_IN_USE).code, BA_OK);
}

TYPED_TEST(LockedPoolThreads, WhatThreadsLeftBehindIsReported) {
    StrictBacking backing;
    MisuseRecorder misuse;
    TypeParam lock;
    shared_pool pool = shared_pool_new(backing.allocator(), lock.lock());
    in_threads(kThreads, [&pool](unsigned i) {
        for (unsigned round = 0; round < 50; round++) {
            const ba_memory span =
                shared_pool_alloc(&pool, ba_bytes(std::size_t{64} * (i + 1)), kAlignment);
            if (round != 0) {
                (void)shared_pool_free(&pool, span, kAlignment);
            }
        }
    });
    EXPECT_EQ(shared_pool_stats(&pool).spans, kThreads);
    EXPECT_EQ(shared_pool_release_all(&pool, PBA_REPORT_IN_USE).code, BA_IN_USE);
    ASSERT_EQ(misuse.count(), 1u);
    EXPECT_EQ(misuse.report(0).misuse.live_count, kThreads);
    EXPECT_EQ(misuse.report(0).misuse.live_length.bytes, 64u * (1 + 2 + 3 + 4));
}

// --- the hook

// Waits for another thread to free something, which it could not if the lock were held.
TYPED_TEST(LockedPoolThreads, AHookMayWaitForOtherThreads) {
    struct Waiting {
        std::atomic<bool> is_asked{false};
        std::atomic<bool> is_freed{false};
        static pba_hook_answer wait(void *context, ba_length, std::size_t attempt) {
            Waiting &self = *static_cast<Waiting *>(context);
            self.is_asked = true;
            while (!self.is_freed) {
                std::this_thread::yield();
            }
            return attempt == 1 ? PBA_RETRY : PBA_GIVE_UP;
        }
    } waiting;
    StrictBacking backing;
    TypeParam lock;
    pba_options options = small_options();
    options.byte_limit = 65536;
    pba_setup setup = {};
    setup.hook.function = Waiting::wait;
    setup.hook.context = &waiting;
    pba_locked_pool pool;
    ASSERT_EQ(pba_locked_pool_init(&pool, &options, ba_any_allocator_of(backing.allocator()),
                                   lock.lock(), &setup),
              PBA_OPTIONS_OK);
    const ba_memory first = alloc(&pool, 40000);
    ASSERT_FALSE(ba_memory_is_none(first));
    std::thread other([&] {
        while (!waiting.is_asked) {
            std::this_thread::yield();
        }
        EXPECT_EQ(free_span(&pool, first).code, BA_OK);
        waiting.is_freed = true;
    });
    const ba_memory second = alloc(&pool, 40000);
    other.join();
    EXPECT_FALSE(ba_memory_is_none(second));
    EXPECT_EQ(free_span(&pool, second).code, BA_OK);
    EXPECT_EQ(pba_locked_pool_release_all(&pool, PBA_REPORT_IN_USE).code, BA_OK);
}

// --- pools over each other

TYPED_TEST(LockedPoolThreads, HaveAPoolEachOverASharedOne) {
    TypeParam lock;
    large_shared_pool parent = large_shared_pool_new(ba_page_allocator(), lock.lock());
    std::vector<thread_pool> pools;
    for (unsigned i = 0; i < kThreads; i++) {
        pools.push_back(thread_pool_new_over_blocks(large_shared_pool_block_allocator(&parent)));
    }
    std::vector<ba_block_allocator> views;
    for (thread_pool &pool : pools) {
        views.push_back(thread_pool_block_allocator(&pool));
    }
    EXPECT_EQ(use_in_threads(views, 500, Resizing::kNone), 0u);
    in_threads(kThreads, [&pools](unsigned i) {
        (void)ba_memory_is_none(thread_pool_alloc(&pools[i], ba_bytes(1), kAlignment));
    });
    const pba_stats stats = large_shared_pool_stats(&parent);
    EXPECT_EQ(parent.locked.core.lent.bytes, stats.in_use.bytes) << "all is counted as lent";
    EXPECT_EQ(parent.locked.core.lent.grants, stats.spans);
    in_threads(kThreads, [&pools](unsigned i) {
        EXPECT_EQ(thread_pool_release_all(&pools[i], PBA_ALLOW_IN_USE).code, BA_OK);
    });
    EXPECT_EQ(parent.locked.core.lent.grants, 0u);
    EXPECT_EQ(large_shared_pool_verify(&parent).code, BA_OK);
    EXPECT_EQ(large_shared_pool_release_all(&parent, PBA_REPORT_IN_USE).code, BA_OK);
}

// Different locks: that of the child is taken first. An allocator between them is behind the child's.
TYPED_TEST(LockedPoolThreads, ShareAPoolOverASharedOne) {
    StrictBacking table;
    TypeParam parents_lock;
    TypeParam childs_lock;
    large_shared_pool parent = large_shared_pool_new(ba_page_allocator(), parents_lock.lock());
    ba_tracking_allocator between;
    ba_tracking_allocator_init(&between, "between", large_shared_pool_allocator(&parent),
                               table.allocator());
    shared_pool child =
        shared_pool_new(ba_tracking_allocator_allocator(&between), childs_lock.lock());
    std::vector<ba_block_allocator> views(kThreads, shared_pool_block_allocator(&child));
    views.push_back(large_shared_pool_block_allocator(&parent));
    EXPECT_EQ(use_in_threads(views, 300, Resizing::kNone), 0u);
    EXPECT_EQ(shared_pool_verify(&child).code, BA_OK);
    EXPECT_EQ(shared_pool_release_all(&child, PBA_REPORT_IN_USE).code, BA_OK);
    ba_tracking_allocator_release(&between);
    EXPECT_EQ(large_shared_pool_verify(&parent).code, BA_OK);
    EXPECT_EQ(large_shared_pool_release_all(&parent, PBA_REPORT_IN_USE).code, BA_OK);
}

// --- lists

TYPED_TEST(LockedPoolThreads, HaveListsOfOnePool) {
    StrictBacking backing(everything());
    TypeParam lock;
    shared_pool pool = shared_pool_new(backing.allocator(), lock.lock());
    list_pool = &pool;
    std::atomic<unsigned> wrong{0};
    in_threads(kThreads, [&wrong](unsigned i) {
        for (unsigned round = 0; round < 20; round++) {
            shared_ints_list list = {};
            for (unsigned item = 0; item < 1000; item++) {
                shared_ints_list_append(&list, i * 1000 + item);
            }
            for (unsigned item = 0; item < 1000; item++) {
                wrong += *shared_ints_list_at(&list, item) != i * 1000 + item;
            }
            shared_ints_list_release(&list);
        }
    });
    EXPECT_EQ(wrong, 0u);
    EXPECT_EQ(shared_pool_release_all(&pool, PBA_REPORT_IN_USE).code, BA_OK);
}

} // namespace
