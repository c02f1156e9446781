// Pools with caches for threads: the lock is given back whatever fails. They are too small for a cache;
// what becomes of a refused one is tried in //pba:cached_pool_test.
#include <string>

#include "pba/cached_pool.h"
#include "testing/counting_lock.h"
#include "testing/fault_injection/pool_fixture.h"
#include "gtest/gtest.h"

#define FAILURES_POOL pba_cached_pool
#define FAILURES_NAMES "pba_cached_pool"
#include "testing/fault_injection/pool_rows.h"

namespace failures {

namespace {

using ba_testing::CountingLock;
using ba_testing::StrictBacking;

// Of all pools here, of which one is called at a time. Complains when it is taken while it is held.
CountingLock lock;

pba_options small_options() {
    pba_options options = pba_options_default();
    options.block_size = 64;
    options.backing_request_size = 1024;
    options.safety = PBA_SAFETY_ALWAYS;
    return options;
}

PoolKind<pba_cached_pool> cached_kind() {
    PoolKind<pba_cached_pool> kind;
    kind.name = "cached_pool";
    kind.make = [](pba_cached_pool *pool, StrictBacking *backing) {
        const pba_options options = small_options();
        EXPECT_EQ(pba_cached_pool_init(pool, &options, ba_any_allocator_of(backing->allocator()),
                                       lock.lock(), nullptr),
                  PBA_OPTIONS_OK);
    };
    return kind;
}

const Suite<PoolFixture<pba_cached_pool>> usual = pba_cached_pool_suite(cached_kind());

// --- how they are made, and what a fork does

using Cached = PoolFixture<pba_cached_pool>;

template <class Make>
Entry<Cached> makes(const std::string &function, Make make) {
    return {function, Contract::kNeedsNone, [make](Cached &fixture) {
                const pba_options options = small_options();
                pba_cached_pool another;
                make(&another, &options, ba_any_allocator_of(fixture.backing.allocator()));
                return pba_cached_pool_verify(&another).code;
            }};
}

template <class Fork>
Entry<Cached> forks(const std::string &function, Fork fork) {
    return {function, Contract::kNeedsNone, [fork](Cached &fixture) {
                fork(&fixture.pool);
                return pba_cached_pool_verify(&fixture.pool).code;
            }};
}

const Suite<Cached> made =
    Suite<Cached>("cached_pool_made", [] { return std::make_unique<Cached>(cached_kind()); })
        .in("nothing yet", [](Cached &) {},
            {
                makes("pba_cached_pool_init",
                      [](pba_cached_pool *pool, const pba_options *options,
                         ba_any_allocator backing) {
                          EXPECT_EQ(
                              pba_cached_pool_init(pool, options, backing, lock.lock(), nullptr),
                              PBA_OPTIONS_OK);
                      }),
                makes("pba_cached_pool_init_in_mode",
                      [](pba_cached_pool *pool, const pba_options *options,
                         ba_any_allocator backing) {
                          EXPECT_EQ(pba_cached_pool_init_in_mode(pool, options, backing,
                                                                 lock.lock(), nullptr,
                                                                 BA_RELEASE_FAST),
                                    PBA_OPTIONS_OK);
                      }),
                forks("pba_cached_pool_before_fork",
                      [](pba_cached_pool *pool) {
                          pba_cached_pool_before_fork(pool);
                          pba_cached_pool_after_fork_in_parent(pool);
                      }),
                forks("pba_cached_pool_after_fork_in_parent",
                      [](pba_cached_pool *pool) {
                          pba_cached_pool_before_fork(pool);
                          pba_cached_pool_after_fork_in_parent(pool);
                      }),
                forks("pba_cached_pool_after_fork_in_child",
                      [](pba_cached_pool *pool) {
                          pba_cached_pool_before_fork(pool);
                          pba_cached_pool_after_fork_in_child(pool);
                      }),
            });

} // namespace

} // namespace failures
