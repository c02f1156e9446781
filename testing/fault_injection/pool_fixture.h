// A pool of any type over a backing.
#ifndef TESTING_FAULT_INJECTION_POOL_FIXTURE_H_
#define TESTING_FAULT_INJECTION_POOL_FIXTURE_H_

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string>
#include <type_traits>
#include <vector>

#include "block_allocator/typed.h"
#include "pba/cached_pool.h"
#include "pba/locked_pool.h"
#include "pba/pool.h"
#include "testing/fault_injection/harness.h"
#include "testing/fault_injection/live_memory.h"
#include "testing/fault_injection/pool_state.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace failures {

// The pool behind a pool of any type.
inline pba_pool *core_of(pba_pool *pool) {
    return pool;
}
// What lies in caches of threads is given to it before.
inline pba_pool *core_of(pba_cached_pool *pool) {
    (void)pba_cached_pool_largest_free(pool);
    return &pool->core;
}
template <class Pool>
auto core_of(Pool *pool) -> decltype(&pool->core) {
    return &pool->core;
}
template <class Pool>
auto core_of(Pool *pool) -> decltype(&pool->locked.core) {
    return &pool->locked.core;
}

// Gives all back, from a pool of any type.
template <class Pool>
ba_error release_pool(Pool *pool) {
    return pba_pool_release_all(core_of(pool), PBA_REPORT_IN_USE);
}
inline ba_error release_pool(pba_cached_pool *pool) {
    return pba_cached_pool_release_all(pool, PBA_REPORT_IN_USE);
}

// True of a pool whose options are known at run time.
template <class Pool>
struct HasNoType : std::integral_constant<bool, std::is_same<Pool, pba_pool>::value ||
                                                    std::is_same<Pool, pba_locked_pool>::value ||
                                                    std::is_same<Pool, pba_cached_pool>::value> {};

// How a pool is made.
template <class Pool>
struct PoolKind {
    std::string name; // of its suite
    std::function<void(Pool *pool, ba_testing::StrictBacking *backing)> make;
    bool has_guard = false;
    Contract growth = Contract::kFails; // of making a span longer
    // Of the first allocation: a pool of no type asks for a span cache then.
    Contract first = HasNoType<Pool>::value ? Contract::kOptional : Contract::kMayRecover;
    ba_testing::StrictBackingOptions backing = pool_backing();

    // A backing that can do everything, with room to grow into, and wants back exactly what it
    // gave.
    static ba_testing::StrictBackingOptions pool_backing() {
        ba_testing::StrictBackingOptions options;
        options.grows_in_place = true;
        options.room = 16384;
        options.remaps = true;
        options.discards = true;
        return options;
    }
};

template <class Pool>
class PoolFixture : public Fixture {
  public:
    explicit PoolFixture(const PoolKind<Pool> &kind) : Fixture(kind.backing) {
        kind.make(&pool, &backing);
    }

    std::string describe() override {
        std::string text = "first: " + first.describe() + "second: " + second.describe() +
                           "third: " + third.describe() + "made: " + made.describe();
        return text + describe_pool(core_of(&pool));
    }

    void check() override {
        for (const LiveMemory *const memory : {&first, &second, &third, &made}) {
            memory->check();
        }
        check_pool(core_of(&pool));
    }

    void release() override {
        for (LiveMemory *const memory : {&first, &second, &third, &made}) {
            free(memory);
        }
        for (LiveMemory &memory : many) {
            free(&memory);
        }
        EXPECT_EQ(release_pool(&pool).code, BA_OK);
    }

    // A span that is all of the first chunk, one that cannot grow where it is, and one with room
    // behind it.
    void hold_three() {
        hold(&first, chunk_length());
        hold(&second, block_size());
        hold(&third, 3 * block_size() + 1);
    }

    void hold_many(std::size_t count, std::size_t length) {
        many.resize(count);
        for (LiveMemory &memory : many) {
            hold(&memory, length);
        }
    }

    // A pool without a free block, whose span cache was full and shall grow
    // with the next block that is allocated. Needs backing requests of 16 blocks.
    void fill_cache() {
        // So much payload that the cache may have a longer list.
        hold_many(256 + 16, chunk_length());
        for (std::size_t i = 256; i < many.size(); i++) {
            free(&many[i]);
        }
        pba_pool_trim(core_of(&pool), ba_bytes(0));
        for (std::size_t i = 256; i < many.size(); i++) {
            hold(&many[i], 1);
        }
        std::sort(many.begin() + 256, many.end(), [](const LiveMemory &a, const LiveMemory &b) {
            return std::less<void *>()(a.pointer(), b.pointer());
        });
        for (std::size_t i = 256; i < 256 + PBA_SPAN_CACHE_FIRST + 1; i++) {
            free(&many[i]);
        }
        hold(&first, (PBA_SPAN_CACHE_FIRST + 1) * block_size());
    }

    void free(LiveMemory *memory) {
        if (memory->is_held()) {
            EXPECT_EQ(
                memory->freed(pba_pool_free(core_of(&pool), memory->memory(), usual_alignment())),
                BA_OK);
        }
    }

    // Everything that was held is gone.
    void forget() {
        first = second = third = made = LiveMemory();
        many.clear();
    }

    // What the span can have that is all of a chunk.
    std::size_t chunk_length() {
        return request_length() - core_of(&pool)->guard_blocks * block_size();
    }

    std::size_t request_length() { return std::size_t{1} << core_of(&pool)->request_shift; }

    std::size_t block_size() { return pba_pool_block_size(core_of(&pool)).bytes; }

    Pool pool;
    LiveMemory first;
    LiveMemory second;
    LiveMemory third;
    LiveMemory made; // by the operation
    std::vector<LiveMemory> many;

  private:
    void hold(LiveMemory *memory, std::size_t length) {
        EXPECT_EQ(memory->hold(pba_pool_alloc(core_of(&pool), ba_bytes(length), usual_alignment())),
                  BA_OK);
    }
};

} // namespace failures

#endif // TESTING_FAULT_INJECTION_POOL_FIXTURE_H_
