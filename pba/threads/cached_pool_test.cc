// Pools with caches for threads: what they promise beside what pools do.
#define PBA_INTERNAL_

#include "pba/cached_pool.h"

#include <pthread.h>

#include <atomic>
#include <cstring>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "block_allocator/implementing/instrumentation.h"
#include "block_allocator/lock/pthread_lock.h"
#include "pba/threads/thread.h"
#include "pba/threads/thread_cache.h"
#include "testing/misuse_recorder.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::MisuseRecorder;
using ba_testing::StrictBacking;
using ba_testing::StrictBackingOptions;

constexpr std::size_t kBlock = 64;
constexpr std::size_t kRequest = PBA_CACHED_MIN_BYTES;

pba_options plain_options() {
    pba_options options = pba_options_default();
    options.block_size = kBlock;
    options.backing_request_size = kRequest;
    options.safety = PBA_SAFETY_ALWAYS;
    options.severity = BA_SEVERITY_LOG;
    options.call_sites = PBA_OFF;
    return options;
}

class CachedPool : public testing::Test {
  protected:
    explicit CachedPool(StrictBackingOptions backing = {}) : backing_(backing) {}
    ~CachedPool() override {
        if (is_made_) {
            EXPECT_EQ(pba_cached_pool_verify(&pool_).code, BA_OK);
            EXPECT_EQ(pba_cached_pool_release_all(&pool_, PBA_REPORT_IN_USE).code, BA_OK);
            EXPECT_EQ(backing_.bytes(), 0u);
        }
        EXPECT_EQ(pthread_mutex_destroy(&mutex_), 0) << "still locked";
    }

    void make(const pba_options &options) {
        ASSERT_EQ(pba_cached_pool_init(&pool_, &options,
                                       ba_any_allocator_of_exact(backing_.allocator()),
                                       ba_pthread_lock(&mutex_), nullptr),
                  PBA_OPTIONS_OK);
        is_made_ = true;
    }

    ba_memory alloc(std::size_t blocks) {
        const ba_memory memory =
            pba_cached_pool_alloc(&pool_, ba_bytes(blocks * kBlock), ba_align(16));
        EXPECT_FALSE(ba_memory_is_none(memory));
        return memory;
    }
    ba_error_code free(ba_memory memory) {
        return pba_cached_pool_free(&pool_, memory, ba_align(16)).code;
    }
    std::vector<ba_memory> alloc_many(std::size_t count, std::size_t blocks = 1) {
        std::vector<ba_memory> spans;
        for (std::size_t i = 0; i < count; i++) {
            spans.push_back(alloc(blocks));
        }
        return spans;
    }
    void free_all(std::vector<ba_memory> *spans) {
        for (const ba_memory span : *spans) {
            EXPECT_EQ(free(span), BA_OK);
        }
        spans->clear();
    }

    pba_stats stats() { return pba_cached_pool_stats(&pool_); }
    // What lies in caches of threads, in bytes.
    std::size_t cached() { return pba_pool_stats(&pool_.core).in_use.bytes - stats().in_use.bytes; }
    std::size_t bound() {
        const std::size_t share = stats().payload.bytes / 8;
        return share < PBA_CACHED_BYTES ? share : PBA_CACHED_BYTES;
    }
    // True if threads have caches here.
    bool caches() const { return pool_.longest != 0; }

    StrictBacking backing_;
    pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
    pba_cached_pool pool_{};
    bool is_made_ = false;
    MisuseRecorder misuse_;
};

// A thread that does what it is told, and is there until its end.
class Worker {
  public:
    Worker() : thread_([this] { run(); }) {}
    ~Worker() {
        if (thread_.joinable()) {
            end();
        }
    }
    Worker(const Worker &) = delete;
    Worker &operator=(const Worker &) = delete;

    // Does it there, and waits for that.
    void operator()(const std::function<void()> &what) {
        what_ = &what;
        turn_.store(1);
        while (turn_.load() != 0) {
            std::this_thread::yield();
        }
    }
    void end() {
        turn_.store(2);
        thread_.join();
    }

  private:
    void run() {
        int turn;
        while ((turn = turn_.load()) != 2) {
            if (turn == 1) {
                (*what_)();
                turn_.store(0);
            } else {
                std::this_thread::yield();
            }
        }
    }

    const std::function<void()> *what_ = nullptr;
    std::atomic<int> turn_{0};
    std::thread thread_;
};

// --- one thread

TEST_F(CachedPool, RefusesOptionsThatBreakARule) {
    pba_options options = plain_options();
    options.block_size = 100;
    EXPECT_EQ(pba_cached_pool_init(&pool_, &options,
                                   ba_any_allocator_of_exact(backing_.allocator()),
                                   ba_pthread_lock(&mutex_), nullptr),
              PBA_OPTIONS_BLOCK_SIZE_POWER_OF_TWO);
}

TEST_F(CachedPool, OfZerosSaysThatItWasNotMade) {
    EXPECT_EQ(ba_memory_error(pba_cached_pool_alloc(&pool_, ba_bytes(64), ba_align(16))).code,
              BA_NOT_MADE);
    EXPECT_EQ(misuse_.count(), 1u);
}

TEST_F(CachedPool, CountsAsAPool) {
    make(plain_options());
    std::vector<ba_memory> spans = alloc_many(300);
    std::vector<ba_memory> longer = alloc_many(20, 5);
    longer.push_back(alloc(64));
    pba_stats now = stats();
    EXPECT_EQ(now.in_use.bytes, (300 + 100 + 64) * kBlock);
    EXPECT_EQ(now.spans, 321u);
    EXPECT_EQ(now.allocations, 321u);
    EXPECT_EQ(now.frees, 0u);
    free_all(&spans);
    now = stats();
    EXPECT_EQ(now.in_use.bytes, 164 * kBlock);
    EXPECT_EQ(now.free.bytes, now.payload.bytes - 164 * kBlock);
    EXPECT_EQ(now.spans, 21u);
    EXPECT_EQ(now.frees, 300u);
    free_all(&longer);
    now = stats();
    EXPECT_EQ(now.in_use.bytes, 0u);
    EXPECT_EQ(now.spans, 0u);
    EXPECT_EQ(now.allocations, 321u);
    EXPECT_EQ(now.frees, 321u);
    EXPECT_EQ(misuse_.count(), 0u);
}

TEST_F(CachedPool, HandsOutNothingTwice) {
    make(plain_options());
    for (unsigned round = 0; round < 20; round++) {
        std::vector<ba_memory> spans;
        for (std::size_t i = 0; i < 400; i++) {
            spans.push_back(alloc(1 + (i * 7 + round) % 70));
            std::memset(ba_memory_pointer(spans.back()), static_cast<int>(i & 0xFF),
                        ba_memory_length(spans.back()).bytes);
        }
        for (std::size_t i = 0; i < spans.size(); i++) {
            const auto *const bytes = static_cast<unsigned char *>(ba_memory_pointer(spans[i]));
            EXPECT_EQ(bytes[0], i & 0xFF);
            EXPECT_EQ(bytes[ba_memory_length(spans[i]).bytes - 1], i & 0xFF);
            EXPECT_EQ(ba_length_result_length(pba_cached_pool_usable_len(&pool_, bytes)).bytes,
                      ba_memory_length(spans[i]).bytes);
        }
        EXPECT_EQ(pba_cached_pool_verify(&pool_).code, BA_OK);
        free_all(&spans);
        EXPECT_EQ(pba_cached_pool_verify(&pool_).code, BA_OK);
    }
}

TEST_F(CachedPool, CachesNoMoreThanStated) {
    make(plain_options());
    for (const std::size_t blocks : {1UL, 3UL, 8UL, 9UL, 63UL}) {
        std::vector<ba_memory> spans = alloc_many(3000, blocks);
        EXPECT_LE(cached(), bound());
        for (const ba_memory span : spans) {
            EXPECT_EQ(free(span), BA_OK);
            ASSERT_LE(cached(), PBA_CACHED_BYTES);
        }
        EXPECT_LE(cached(), bound());
        if (caches()) {
            EXPECT_GT(cached(), 0u);
        }
    }
}

TEST_F(CachedPool, TakesFromTheCacheWhatWasFreedIntoIt) {
    make(plain_options());
    std::vector<ba_memory> spans = alloc_many(300);
    if (!caches()) {
        free_all(&spans);
        return;
    }
    const void *const pointer = ba_memory_pointer(spans.back());
    EXPECT_EQ(free(spans.back()), BA_OK);
    const std::uint64_t before = pool_.core.accounting.allocations;
    spans.back() = alloc(1);
    EXPECT_EQ(ba_memory_pointer(spans.back()), pointer) << "the youngest comes first";
    EXPECT_EQ(pool_.core.accounting.allocations, before);
    free_all(&spans);
}

TEST_F(CachedPool, OfLittlePayloadHasNoCaches) {
    make(plain_options());
    std::vector<ba_memory> spans = alloc_many(1);
    EXPECT_EQ(stats().payload.bytes, kRequest);
    EXPECT_EQ(pool_.caches != nullptr, caches()) << "as much as it takes";
    free_all(&spans);
    EXPECT_EQ(pba_cached_pool_release_all(&pool_, PBA_REPORT_IN_USE).code, BA_OK);
    pba_options options = plain_options();
    options.backing_request_size = kRequest / 2;
    make(options);
    spans = alloc_many(kRequest / 2 / kBlock);
    EXPECT_EQ(pool_.caches, nullptr);
    spans.push_back(alloc(1));
    EXPECT_EQ(pool_.caches != nullptr, caches());
    free_all(&spans);
}

TEST_F(CachedPool, WithHardeningHasNoCaches) {
    for (const unsigned which : {0U, 1U, 2U, 3U}) {
        pba_options options = plain_options();
        options.guard = which == 0 ? PBA_ON : PBA_OFF;
        options.fill = which == 1 ? PBA_ON : PBA_OFF;
        options.secure_wipe = which == 2 ? PBA_ON : PBA_OFF;
        options.call_sites = which == 3 ? PBA_ON : PBA_OFF;
        make(options);
        std::vector<ba_memory> spans = alloc_many(1000);
        EXPECT_EQ(pool_.caches, nullptr);
        EXPECT_EQ(pba_cached_pool_verify(&pool_).code, BA_OK);
        const ba_memory twice = spans[500];
        spans.erase(spans.begin() + 500);
        EXPECT_EQ(free(twice), BA_OK);
        EXPECT_EQ(free(twice), BA_DOUBLE_FREE);
        free_all(&spans);
        EXPECT_EQ(stats().spans, 0u);
        EXPECT_EQ(pba_cached_pool_release_all(&pool_, PBA_REPORT_IN_USE).code, BA_OK);
    }
}

TEST_F(CachedPool, WithoutAMemoryForACacheDoesWithout) {
    make(plain_options());
    // The payload, its record and table, and the span cache; then what would be the thread's.
    for (std::size_t refused = 1; refused < 8; refused++) {
        backing_.refuse_nth(refused);
        std::vector<ba_memory> spans;
        for (unsigned i = 0; i < 5; i++) {
            const ba_memory span = pba_cached_pool_alloc(&pool_, ba_bytes(64), ba_align(16));
            if (!ba_memory_is_none(span)) {
                spans.push_back(span);
            }
        }
        EXPECT_GE(spans.size(), 4u);
        free_all(&spans);
        EXPECT_EQ(pba_cached_pool_verify(&pool_).code, BA_OK);
        EXPECT_EQ(pba_cached_pool_release_all(&pool_, PBA_REPORT_IN_USE).code, BA_OK);
    }
    backing_.refuse_none();
    // It is asked for again when a chunk has come.
    std::vector<ba_memory> spans = alloc_many(2);
    EXPECT_EQ(pool_.caches != nullptr, caches());
    free_all(&spans);
}

TEST_F(CachedPool, WithoutChecksCachesAsWell) {
    pba_options options = plain_options();
    options.safety = PBA_SAFETY_NEVER;
    for (const pba_auto_shrink shrink :
         {PBA_AUTO_SHRINK_NEVER, PBA_AUTO_SHRINK_SIMPLE, PBA_AUTO_SHRINK_ADAPTIVE}) {
        options.auto_shrink = shrink;
        make(options);
        for (unsigned round = 0; round < 5; round++) {
            std::vector<ba_memory> spans = alloc_many(500);
            std::vector<ba_memory> longer = alloc_many(50, 20);
            free_all(&spans);
            EXPECT_EQ(stats().in_use.bytes, std::size_t{50} * 20 * kBlock);
            EXPECT_EQ(pba_cached_pool_verify(&pool_).code, BA_OK);
            free_all(&longer);
        }
        EXPECT_EQ(stats().spans, 0u);
        EXPECT_EQ(pba_cached_pool_release_all(&pool_, PBA_REPORT_IN_USE).code, BA_OK);
    }
}

// --- what counts as free

TEST_F(CachedPool, WalkShowsWhatIsCachedAsHoles) {
    make(plain_options());
    std::vector<ba_memory> spans = alloc_many(kRequest / kBlock);
    const ba_memory kept = spans.back();
    spans.pop_back();
    free_all(&spans);
    struct Seen {
        std::vector<const void *> live;
        std::size_t holes;
    } seen{};
    pba_cached_pool_walk(
        &pool_,
        [](void *context, const pba_walk_item *item) {
            auto *const all = static_cast<Seen *>(context);
            if (item->kind == PBA_WALK_LIVE) {
                all->live.push_back(item->pointer);
            } else {
                all->holes += item->length.bytes;
            }
        },
        &seen);
    EXPECT_EQ(seen.live, std::vector<const void *>{ba_memory_pointer(kept)});
    EXPECT_EQ(seen.holes, stats().free.bytes);
    EXPECT_EQ(free(kept), BA_OK);
}

TEST_F(CachedPool, ItsLargestFreeSpanHasWhatIsCached) {
    make(plain_options());
    std::vector<ba_memory> spans = alloc_many(kRequest / kBlock);
    EXPECT_EQ(stats().payload.bytes, kRequest);
    EXPECT_EQ(pba_cached_pool_largest_free(&pool_).bytes, 0u);
    free_all(&spans);
    EXPECT_EQ(pba_cached_pool_largest_free(&pool_).bytes, kRequest);
    EXPECT_EQ(pba_cached_pool_fragmentation(&pool_), 0u);
}

TEST_F(CachedPool, ReportsNothingCachedAsALeak) {
    make(plain_options());
    std::vector<ba_memory> spans = alloc_many(300);
    const ba_memory lost = spans.back();
    spans.pop_back();
    free_all(&spans);
    EXPECT_EQ(pba_cached_pool_release_all(&pool_, PBA_REPORT_IN_USE).code, BA_IN_USE);
    ASSERT_EQ(misuse_.count(), 1u);
    EXPECT_FALSE(ba_memory_is_none(lost));
}

TEST_F(CachedPool, TrimGivesAllBackAndMetadata) {
    make(plain_options());
    std::vector<ba_memory> spans = alloc_many(3000);
    free_all(&spans);
    const std::size_t payload = stats().payload.bytes;
    EXPECT_EQ(pba_cached_pool_trim(&pool_, ba_bytes(0)).bytes, payload);
    EXPECT_EQ(backing_.bytes(), 0u);
    spans = alloc_many(300);
    free_all(&spans);
}

TEST_F(CachedPool, ResetFreesAll) {
    make(plain_options());
    std::vector<ba_memory> spans = alloc_many(300);
    for (std::size_t i = 0; i < 100; i++) {
        EXPECT_EQ(free(spans[i]), BA_OK);
    }
    (void)pba_cached_pool_reset(&pool_, ba_bytes(SIZE_MAX));
    EXPECT_EQ(stats().in_use.bytes, 0u);
    EXPECT_EQ(stats().spans, 0u);
    EXPECT_EQ(pba_cached_pool_verify(&pool_).code, BA_OK);
    EXPECT_EQ(free(spans[200]), BA_DOUBLE_FREE);
    spans = alloc_many(300);
    free_all(&spans);
}

TEST_F(CachedPool, ShrinkAndDecayAndPurgeSeeWhatIsCached) {
    pba_options options = plain_options();
    options.auto_shrink = PBA_AUTO_SHRINK_NEVER;
    options.shrink_min = 0;
    options.shrink_max = 1;
    make(options);
    std::vector<ba_memory> spans = alloc_many(10000);
    free_all(&spans);
    EXPECT_EQ(pba_cached_pool_purge(&pool_).bytes, 0u) << "the backing cannot discard";
    EXPECT_EQ(pba_cached_pool_decay(&pool_, 1).bytes, 0u) << "is off";
    EXPECT_EQ(pba_cached_pool_shrink(&pool_, pba_threshold_percent(0, 1)).bytes, 3 * kRequest);
    EXPECT_EQ(backing_.bytes(), 0u);
}

TEST_F(CachedPool, ReserveCountsWhatIsCachedAsFree) {
    make(plain_options());
    std::vector<ba_memory> spans = alloc_many(kRequest / kBlock);
    free_all(&spans);
    EXPECT_EQ(pba_cached_pool_reserve(&pool_, ba_bytes(kRequest)).code, BA_OK);
    EXPECT_EQ(stats().payload.bytes, kRequest);
    EXPECT_EQ(pba_cached_pool_reserve(&pool_, ba_bytes(2 * kRequest)).code, BA_OK);
    EXPECT_EQ(stats().payload.bytes, 2 * kRequest);
}

TEST_F(CachedPool, VerifyFindsWhatIsWrongInACache) {
    make(plain_options());
    std::vector<ba_memory> spans = alloc_many(400);
    free_all(&spans);
    if (!caches()) {
        return;
    }
    pba_thread_cache *const cache = pool_.caches;
    ASSERT_GT(cache->count[1], 1u);
    pba_span_cache_entry *const entry = pba_thread_cache_list(cache, 1);
    const pba_span_cache_entry whole = *entry;
    *entry->tag = 1;
    EXPECT_EQ(pba_cached_pool_verify(&pool_).code, BA_CORRUPT) << "a live span in a cache";
    *entry->tag = PBA_TAG_IN_THREAD;
    entry->address = static_cast<unsigned char *>(entry->address) + 1;
    EXPECT_EQ(pba_cached_pool_verify(&pool_).code, BA_CORRUPT) << "no span";
    *entry = whole;
    entry->tag = entry[1].tag;
    EXPECT_EQ(pba_cached_pool_verify(&pool_).code, BA_CORRUPT) << "another span's tag";
    *entry = whole;
    cache->blocks++;
    EXPECT_EQ(pba_cached_pool_verify(&pool_).code, BA_CORRUPT) << "counted wrong";
    cache->blocks--;
    cache->count[1]--;
    cache->blocks--;
    EXPECT_EQ(pba_cached_pool_verify(&pool_).code, BA_CORRUPT) << "lost";
    cache->blocks++;
    cache->count[1]++;
    const std::uint8_t count = cache->count[63];
    cache->count[63] = 17;
    EXPECT_EQ(pba_cached_pool_verify(&pool_).code, BA_CORRUPT) << "more than there is room for";
    cache->count[63] = count;
    for (pba_place &place : cache->places) {
        if (place.chunk != nullptr) {
            place.blocks += 64;
            EXPECT_EQ(pba_cached_pool_verify(&pool_).code, BA_CORRUPT) << "a wrong place";
            place.blocks -= 64;
        }
    }
    EXPECT_EQ(pba_cached_pool_verify(&pool_).code, BA_OK);
}

// --- resizing

TEST_F(CachedPool, ResizesWhatLiesBesideCachedSpans) {
    make(plain_options());
    std::vector<ba_memory> spans = alloc_many(300, 2);
    for (ba_memory &span : spans) {
        const ba_length_result shorter =
            pba_cached_pool_resize(&pool_, span, ba_align(16), ba_bytes(kBlock));
        ASSERT_FALSE(ba_length_result_is_none(shorter));
        span = ba_memory_of(ba_memory_pointer(span), ba_length_result_length(shorter));
        EXPECT_EQ(ba_memory_length(span).bytes, kBlock);
    }
    EXPECT_EQ(pba_cached_pool_verify(&pool_).code, BA_OK);
    for (ba_memory &span : spans) {
        span = pba_cached_pool_realloc(&pool_, span, ba_align(16), ba_bytes(3 * kBlock));
        ASSERT_EQ(ba_memory_length(span).bytes, 3 * kBlock);
    }
    EXPECT_EQ(pba_cached_pool_verify(&pool_).code, BA_OK);
    for (ba_memory &span : spans) {
        const ba_length_result now = pba_cached_pool_grow_between(
            &pool_, span, ba_align(16), ba_bytes(kBlock), ba_bytes(kBlock));
        EXPECT_EQ(ba_length_result_length(now).bytes, 3 * kBlock) << "nothing is asked for";
    }
    EXPECT_EQ(stats().in_use.bytes, 900 * kBlock);
    free_all(&spans);
}

TEST_F(CachedPool, RefusesToResizeWhatIsFree) {
    make(plain_options());
    std::vector<ba_memory> spans = alloc_many(300);
    const ba_memory freed = spans.back();
    spans.pop_back();
    EXPECT_EQ(free(freed), BA_OK);
    EXPECT_EQ(
        ba_length_result_error(pba_cached_pool_resize(&pool_, freed, ba_align(16), ba_bytes(128)))
            .code,
        BA_DOUBLE_FREE);
    EXPECT_EQ(ba_length_result_error(pba_cached_pool_grow_between(&pool_, freed, ba_align(16),
                                                                  ba_bytes(128), ba_bytes(128)))
                  .code,
              BA_DOUBLE_FREE);
    EXPECT_EQ(
        ba_memory_error(pba_cached_pool_remap(&pool_, freed, ba_align(16), ba_bytes(128))).code,
        BA_DOUBLE_FREE);
    EXPECT_EQ(
        ba_memory_error(pba_cached_pool_realloc(&pool_, freed, ba_align(16), ba_bytes(128))).code,
        BA_DOUBLE_FREE);
    EXPECT_EQ(
        ba_length_result_error(pba_cached_pool_usable_len(&pool_, ba_memory_pointer(freed))).code,
        BA_DOUBLE_FREE);
    EXPECT_TRUE(pba_cached_pool_owns(&pool_, ba_memory_pointer(freed)));
    EXPECT_EQ(misuse_.count(), 4u);
    EXPECT_EQ(pba_cached_pool_verify(&pool_).code, BA_OK);
    free_all(&spans);
}

// Chunks that grow in place, whose records then move, and their tags.
class CachedPoolInPlace : public CachedPool {
  protected:
    CachedPoolInPlace() : CachedPool(backing_options()) {}
    static StrictBackingOptions backing_options() {
        StrictBackingOptions options;
        options.grows_in_place = true;
        options.room = 16 * kRequest;
        options.remaps = true;
        return options;
    }
};

TEST_F(CachedPoolInPlace, KnowsTagsThatHaveMoved) {
    make(plain_options());
    std::vector<ba_memory> spans = alloc_many(900);
    // To the end of the chunk.
    ba_memory last = alloc(pba_cached_pool_largest_free(&pool_).bytes / kBlock);
    EXPECT_EQ(stats().payload.bytes, kRequest);
    std::vector<ba_memory> some(spans.begin(), spans.begin() + 30);
    spans.erase(spans.begin(), spans.begin() + 30);
    free_all(&some);
    const std::size_t before = cached();
    EXPECT_EQ(before != 0, caches());
    const ba_length_result longer =
        pba_cached_pool_resize(&pool_, last, ba_align(16), ba_bytes(4 * kRequest));
    ASSERT_FALSE(ba_length_result_is_none(longer)) << "it grows to the chunk's end, and the chunk";
    last = ba_memory_of(ba_memory_pointer(last), ba_length_result_length(longer));
    EXPECT_EQ(cached(), before);
    EXPECT_EQ(pba_cached_pool_verify(&pool_).code, BA_OK);
    some = alloc_many(30);
    EXPECT_EQ(pba_cached_pool_verify(&pool_).code, BA_OK);
    free_all(&some);
    free_all(&spans);
    EXPECT_EQ(free(last), BA_OK);
    EXPECT_EQ(free(last), BA_DOUBLE_FREE);
}

TEST_F(CachedPoolInPlace, MovesASpanThatIsAloneButForCachedOnes) {
    make(plain_options());
    std::vector<ba_memory> spans = alloc_many(300);
    ba_memory kept = spans.front();
    spans.erase(spans.begin());
    free_all(&spans);
    kept = pba_cached_pool_remap(&pool_, kept, ba_align(16), ba_bytes(40 * kRequest));
    ASSERT_FALSE(ba_memory_is_none(kept));
    EXPECT_EQ(pba_cached_pool_verify(&pool_).code, BA_OK);
    EXPECT_EQ(free(kept), BA_OK);
}

// Chunks that move, whose records have room for what they become, and stay.
class CachedPoolMoved : public CachedPool {
  protected:
    CachedPoolMoved() : CachedPool(backing_options()) {}
    static StrictBackingOptions backing_options() {
        StrictBackingOptions options;
        options.remaps = true;
        return options;
    }
};

TEST_F(CachedPoolMoved, ForgetsWhereAChunkLay) {
    make(plain_options());
    ba_memory kept = alloc(1);
    for (const std::size_t requests : {2U, 4U, 5U, 6U}) {
        std::vector<ba_memory> spans = alloc_many(300);
        free_all(&spans);
        const void *const before = ba_memory_pointer(kept);
        kept = pba_cached_pool_remap(&pool_, kept, ba_align(16), ba_bytes(requests * kRequest));
        ASSERT_FALSE(ba_memory_is_none(kept));
        EXPECT_NE(ba_memory_pointer(kept), before);
        EXPECT_EQ(pba_cached_pool_verify(&pool_).code, BA_OK);
        const ba_length_result shorter =
            pba_cached_pool_resize(&pool_, kept, ba_align(16), ba_bytes(kBlock));
        ASSERT_FALSE(ba_length_result_is_none(shorter));
        kept = ba_memory_of(ba_memory_pointer(kept), ba_length_result_length(shorter));
    }
    EXPECT_EQ(free(kept), BA_OK);
}

// --- several threads

TEST_F(CachedPool, AnyThreadFreesWhatAnotherHasAllocated) {
    make(plain_options());
    std::vector<ba_memory> spans = alloc_many(500, 2);
    Worker other;
    other([&] { free_all(&spans); });
    EXPECT_EQ(stats().in_use.bytes, 0u);
    EXPECT_EQ(pba_cached_pool_verify(&pool_).code, BA_OK);
    other([&] { spans = alloc_many(500, 2); });
    free_all(&spans);
    EXPECT_EQ(stats().frees, 1000u);
    EXPECT_EQ(pba_cached_pool_verify(&pool_).code, BA_OK);
}

TEST_F(CachedPool, ProducersAndConsumersStayBounded) {
    make(plain_options());
    Worker consumer;
    std::vector<ba_memory> spans = alloc_many(1000);
    consumer([&] { free_all(&spans); });
    spans = alloc_many(1000);
    consumer([&] { free_all(&spans); });
    const std::size_t payload = stats().payload.bytes;
    for (unsigned round = 0; round < 200; round++) {
        spans = alloc_many(1000);
        consumer([&] { free_all(&spans); });
        ASSERT_LE(stats().payload.bytes, payload + kRequest);
        ASSERT_LE(cached(), 2 * bound());
    }
}

TEST_F(CachedPool, AThreadThatEndsGivesItsCacheBack) {
    make(plain_options());
    std::vector<ba_memory> kept = alloc_many(300);
    const std::size_t metadata = stats().metadata.bytes;
    std::thread([&] {
        std::vector<ba_memory> spans = alloc_many(200);
        free_all(&spans);
        if (caches()) {
            EXPECT_GT(cached(), 0u);
            EXPECT_GT(stats().metadata.bytes, metadata);
        }
    }).join();
    free_all(&kept);
    EXPECT_LE(cached(), bound());
    EXPECT_EQ(pool_.caches == nullptr || pool_.caches->next == nullptr, true);
    EXPECT_EQ(stats().metadata.bytes, metadata);
    EXPECT_EQ(stats().frees, 500u);
    EXPECT_EQ(stats().allocations, 500u);
}

TEST_F(CachedPool, GivesToOneThreadWhatAnotherHasCachedBeforeItSaysNo) {
    pba_options options = plain_options();
    options.auto_shrink = PBA_AUTO_SHRINK_NEVER;
    options.byte_limit = 8 * kRequest;
    make(options);
    Worker other;
    std::vector<ba_memory> spans;
    other([&] {
        spans = alloc_many(4000);
        free_all(&spans);
    });
    const std::size_t free_bytes = stats().free.bytes;
    while (true) {
        const ba_memory span = pba_cached_pool_alloc(&pool_, ba_bytes(kBlock), ba_align(16));
        if (ba_memory_is_none(span)) {
            break;
        }
        spans.push_back(span);
    }
    EXPECT_GE(spans.size() * kBlock, free_bytes);
    EXPECT_EQ(stats().free.bytes, 0u) << "to the last block";
    EXPECT_EQ(cached(), 0u);
    free_all(&spans);
}

TEST_F(CachedPool, TheHookIsAskedAfterTheCachesWereEmptied) {
    struct Hook {
        pba_cached_pool *pool;
        std::size_t calls;
        std::size_t cached;
    } hook{&pool_, 0, 0};
    pba_setup setup{};
    setup.hook.context = &hook;
    setup.hook.function = [](void *context, ba_length, std::size_t) {
        auto *const self = static_cast<Hook *>(context);
        self->calls++;
        for (const pba_thread_cache *cache = self->pool->caches; cache != nullptr;
             cache = cache->next) {
            self->cached += cache->blocks;
        }
        return PBA_GIVE_UP;
    };
    const pba_options options = plain_options();
    ASSERT_EQ(pba_cached_pool_init(&pool_, &options,
                                   ba_any_allocator_of_exact(backing_.allocator()),
                                   ba_pthread_lock(&mutex_), &setup),
              PBA_OPTIONS_OK);
    is_made_ = true;
    std::vector<ba_memory> spans = alloc_many(500);
    free_all(&spans);
    backing_.refuse_from(1);
    EXPECT_EQ(
        ba_memory_error(pba_cached_pool_alloc(&pool_, ba_bytes(4 * kRequest), ba_align(16))).code,
        BA_OUT_OF_MEMORY);
    EXPECT_EQ(hook.calls, 1u);
    EXPECT_EQ(hook.cached, 0u);
    EXPECT_EQ(stats().failures, 1u);
}

TEST_F(CachedPool, TheHookMayUseThePool) {
    struct Hook {
        pba_cached_pool *pool;
        ba_memory kept;
        std::size_t calls;
    } hook{&pool_, {}, 0};
    pba_setup setup{};
    setup.hook.context = &hook;
    setup.hook.function = [](void *context, ba_length, std::size_t) {
        auto *const self = static_cast<Hook *>(context);
        self->calls++;
        if (ba_memory_is_none(self->kept)) {
            return PBA_GIVE_UP;
        }
        // In another thread, which comes and goes while the allocation waits.
        std::thread([self] {
            EXPECT_EQ(pba_cached_pool_free(self->pool, self->kept, ba_align(16)).code, BA_OK);
            (void)pba_cached_pool_trim(self->pool, ba_bytes(0));
        }).join();
        self->kept = ba_memory_none(ba_error_of(BA_OUT_OF_MEMORY));
        return PBA_RETRY;
    };
    pba_options options = plain_options();
    options.byte_limit = 10 * kRequest;
    ASSERT_EQ(pba_cached_pool_init(&pool_, &options,
                                   ba_any_allocator_of_exact(backing_.allocator()),
                                   ba_pthread_lock(&mutex_), &setup),
              PBA_OPTIONS_OK);
    is_made_ = true;
    hook.kept = pba_cached_pool_alloc(&pool_, ba_bytes(8 * kRequest), ba_align(16));
    std::vector<ba_memory> spans;
    for (std::size_t i = 0; i < 2 * kRequest / kBlock; i++) {
        spans.push_back(alloc(1));
    }
    EXPECT_EQ(hook.calls, 1u) << "it had something to free";
    EXPECT_EQ(pba_cached_pool_verify(&pool_).code, BA_OK);
    free_all(&spans);
}

TEST_F(CachedPool, TrimEmptiesCachesOfOtherThreads) {
    make(plain_options());
    Worker other;
    std::vector<ba_memory> spans;
    other([&] {
        spans = alloc_many(500);
        free_all(&spans);
    });
    (void)pba_cached_pool_trim(&pool_, ba_bytes(0));
    EXPECT_EQ(backing_.bytes(), 0u);
    other([&] {
        spans = alloc_many(500);
        free_all(&spans);
    });
    EXPECT_EQ(pba_cached_pool_verify(&pool_).code, BA_OK);
}

TEST_F(CachedPool, BeginsAnewAfterReleaseAll) {
    make(plain_options());
    Worker other;
    std::vector<ba_memory> spans;
    for (unsigned round = 0; round < 20; round++) {
        other([&] { spans = alloc_many(500); });
        EXPECT_EQ(stats().allocations, 500u);
        free_all(&spans);
        other([&] { (void)alloc(1); });
        EXPECT_EQ(pba_cached_pool_release_all(&pool_, PBA_ALLOW_IN_USE).code, BA_OK);
        EXPECT_EQ(backing_.bytes(), 0u);
    }
}

TEST_F(CachedPool, AThreadMayOutliveThePool) {
    Worker other;
    {
        auto pool = std::make_unique<pba_cached_pool>();
        const pba_options options = plain_options();
        ASSERT_EQ(pba_cached_pool_init(pool.get(), &options,
                                       ba_any_allocator_of_exact(backing_.allocator()),
                                       ba_pthread_lock(&mutex_), nullptr),
                  PBA_OPTIONS_OK);
        other([&] {
            const ba_memory span = pba_cached_pool_alloc(pool.get(), ba_bytes(64), ba_align(16));
            EXPECT_EQ(pba_cached_pool_free(pool.get(), span, ba_align(16)).code, BA_OK);
        });
        EXPECT_EQ(pba_cached_pool_release_all(pool.get(), PBA_REPORT_IN_USE).code, BA_OK);
    }
    other.end();
    EXPECT_EQ(backing_.bytes(), 0u);
}

TEST_F(CachedPool, ThreadsEndWhileAllIsReleased) {
    make(plain_options());
    for (unsigned round = 0; round < 200; round++) {
        std::atomic<unsigned> ready{0};
        std::vector<std::thread> threads;
        for (unsigned i = 0; i < 3; i++) {
            threads.emplace_back([&] {
                std::vector<ba_memory> spans = alloc_many(20);
                free_all(&spans);
                ready++;
            });
        }
        while (ready != 3) {
            std::this_thread::yield();
        }
        EXPECT_EQ(pba_cached_pool_release_all(&pool_, PBA_REPORT_IN_USE).code, BA_OK);
        EXPECT_EQ(backing_.bytes(), 0u);
        for (std::thread &thread : threads) {
            thread.join();
        }
    }
}

TEST_F(CachedPool, ACacheThatIsNotUsedIsEmptiedAfterAPeriod) {
    make(plain_options());
    Worker other;
    std::vector<ba_memory> spans;
    other([&] {
        spans = alloc_many(500);
        free_all(&spans);
    });
    const std::size_t theirs = cached();
    EXPECT_EQ(theirs != 0, caches());
    std::vector<ba_memory> kept = alloc_many(300);
    for (unsigned i = 0; i < 4 * PBA_PERIOD_FIRST; i++) {
        // Too long for a cache.
        EXPECT_EQ(free(alloc(100)), BA_OK);
    }
    if (caches()) {
        EXPECT_EQ(pool_.caches->next->blocks, 0u) << "of the other one";
    }
    free_all(&kept);
}

TEST_F(CachedPool, AThreadHasCachesOfSixteenPools) {
    constexpr std::size_t kPools = PBA_THREAD_POOLS + 3;
    std::vector<std::unique_ptr<pba_cached_pool>> pools;
    std::size_t with_cache = 0;
    const pba_options options = plain_options();
    Worker other;
    for (std::size_t i = 0; i < kPools; i++) {
        pools.push_back(std::make_unique<pba_cached_pool>());
        ASSERT_EQ(pba_cached_pool_init(pools.back().get(), &options,
                                       ba_any_allocator_of_exact(backing_.allocator()),
                                       ba_pthread_lock(&mutex_), nullptr),
                  PBA_OPTIONS_OK);
    }
    other([&] {
        for (unsigned round = 0; round < 3; round++) {
            for (const auto &pool : pools) {
                const ba_memory span =
                    pba_cached_pool_alloc(pool.get(), ba_bytes(64), ba_align(16));
                EXPECT_EQ(pba_cached_pool_free(pool.get(), span, ba_align(16)).code, BA_OK);
                EXPECT_EQ(pba_cached_pool_free(pool.get(), span, ba_align(16)).code,
                          BA_DOUBLE_FREE);
            }
        }
    });
    for (const auto &pool : pools) {
        with_cache += pool->caches != nullptr ? 1U : 0U;
        EXPECT_EQ(pba_cached_pool_verify(pool.get()).code, BA_OK);
    }
    EXPECT_EQ(with_cache, pools[0]->longest != 0 ? PBA_THREAD_POOLS : 0u);
    other.end();
    for (const auto &pool : pools) {
        EXPECT_EQ(pool->caches, nullptr);
        EXPECT_EQ(pba_cached_pool_release_all(pool.get(), PBA_REPORT_IN_USE).code, BA_OK);
    }
}

TEST_F(CachedPool, ServesThroughItsViews) {
    make(plain_options());
    const ba_allocator exact = pba_cached_pool_allocator(&pool_);
    const ba_block_allocator whole = pba_cached_pool_block_allocator(&pool_);
    EXPECT_EQ(ba_block_allocator_block_size(whole).bytes, kBlock);
    std::vector<ba_memory> spans = alloc_many(300);
    free_all(&spans);
    ba_memory memory = ba_alloc(exact, ba_bytes(100), ba_align(8));
    EXPECT_EQ(ba_memory_length(memory).bytes, 100u);
    memory = ba_realloc(exact, memory, ba_align(8), ba_bytes(1000));
    EXPECT_EQ(ba_memory_length(memory).bytes, 1000u);
    EXPECT_EQ(ba_free(exact, memory, ba_align(8)).code, BA_OK);
    EXPECT_EQ(ba_free(exact, memory, ba_align(8)).code, BA_DOUBLE_FREE);
}

} // namespace
