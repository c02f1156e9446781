// Pools for several threads: the functions that take a lock, which is given back whatever fails.
#include <string>

#include "pba/locked_pool.h"
#include "testing/counting_lock.h"
#include "testing/fault_injection/pool_fixture.h"
#include "gtest/gtest.h"

#define PBA_NAME locked_small_pool
#define PBA_BLOCK_SIZE 64
#define PBA_BACKING_REQUEST_SIZE 1024
#define PBA_CALL_SITES PBA_OFF
#define PBA_SAFETY PBA_SAFETY_ALWAYS
#define PBA_THREADS PBA_THREADS_LOCKED
#include "pba/define.h"

#define FAILURES_POOL pba_locked_pool
#define FAILURES_NAMES "pba_locked_pool"
#include "testing/fault_injection/pool_rows.h"

#define FAILURES_POOL locked_small_pool
#define FAILURES_NAMES "NAME"
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

PoolKind<pba_locked_pool> locked_kind() {
    PoolKind<pba_locked_pool> kind;
    kind.name = "locked_pool";
    kind.make = [](pba_locked_pool *pool, StrictBacking *backing) {
        const pba_options options = small_options();
        EXPECT_EQ(pba_locked_pool_init(pool, &options, ba_any_allocator_of(backing->allocator()),
                                       lock.lock(), nullptr),
                  PBA_OPTIONS_OK);
    };
    return kind;
}

PoolKind<locked_small_pool> locked_type_kind() {
    PoolKind<locked_small_pool> kind;
    kind.name = "locked_small_pool";
    kind.make = [](locked_small_pool *pool, StrictBacking *backing) {
        *pool = locked_small_pool_new(backing->allocator(), lock.lock());
    };
    return kind;
}

const Suite<PoolFixture<pba_locked_pool>> usual = pba_locked_pool_suite(locked_kind());
const Suite<PoolFixture<locked_small_pool>> type = locked_small_pool_suite(locked_type_kind());

// --- how they are made

using Locked = PoolFixture<pba_locked_pool>;

template <class Make>
Entry<Locked> makes(const std::string &function, Make make) {
    return {function, Contract::kNeedsNone, [make](Locked &fixture) {
                const pba_options options = small_options();
                pba_locked_pool another;
                make(&another, &options, ba_any_allocator_of(fixture.backing.allocator()));
                return pba_locked_pool_verify(&another).code;
            }};
}

const Suite<Locked> made =
    Suite<Locked>("locked_pool_made", [] { return std::make_unique<Locked>(locked_kind()); })
        .in("nothing yet", [](Locked &) {},
            {
                makes("pba_locked_pool_init",
                      [](pba_locked_pool *pool, const pba_options *options,
                         ba_any_allocator backing) {
                          EXPECT_EQ(
                              pba_locked_pool_init(pool, options, backing, lock.lock(), nullptr),
                              PBA_OPTIONS_OK);
                      }),
                makes("pba_locked_pool_init_in_mode",
                      [](pba_locked_pool *pool, const pba_options *options,
                         ba_any_allocator backing) {
                          EXPECT_EQ(pba_locked_pool_init_in_mode(pool, options, backing,
                                                                 lock.lock(), nullptr,
                                                                 BA_RELEASE_FAST),
                                    PBA_OPTIONS_OK);
                      }),
            });

const Suite<PoolFixture<locked_small_pool>> type_made =
    Suite<PoolFixture<locked_small_pool>>(
        "locked_small_pool_made",
        [] { return std::make_unique<PoolFixture<locked_small_pool>>(locked_type_kind()); })
        .in("nothing yet", [](PoolFixture<locked_small_pool> &) {},
            {
                {"NAME_new_over_blocks", Contract::kNeedsNone,
                 [](PoolFixture<locked_small_pool> &fixture) {
                     locked_small_pool another = locked_small_pool_new_over_blocks(
                         fixture.backing.block_allocator(), lock.lock());
                     return locked_small_pool_verify(&another).code;
                 }},
                {"NAME_new_with", Contract::kNeedsNone,
                 [](PoolFixture<locked_small_pool> &fixture) {
                     locked_small_pool another = locked_small_pool_new_with(
                         ba_any_allocator_of(fixture.backing.allocator()), lock.lock(), nullptr);
                     return locked_small_pool_verify(&another).code;
                 }},
            });

} // namespace

} // namespace failures
