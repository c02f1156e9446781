// Pool types that pba/define.h makes. Also built as callers in a release build see them, where
// allocation and free have a fast path.
#include <string>

#include "testing/fault_injection/pool_fixture.h"
#include "gtest/gtest.h"

#define PBA_NAME small_pool
#define PBA_BLOCK_SIZE 64
#define PBA_BACKING_REQUEST_SIZE 1024
#define PBA_CALL_SITES PBA_OFF
#define PBA_SAFETY PBA_SAFETY_ALWAYS
#include "pba/define.h"

#define PBA_NAME guarded_pool
#define PBA_BLOCK_SIZE 64
#define PBA_BACKING_REQUEST_SIZE 1024
#define PBA_GUARD PBA_ON
#define PBA_SAFETY PBA_SAFETY_ALWAYS
#include "pba/define.h"

#define FAILURES_POOL small_pool
#define FAILURES_NAMES "NAME"
#include "testing/fault_injection/pool_rows.h"

#define FAILURES_POOL guarded_pool
#define FAILURES_NAMES "NAME"
#include "testing/fault_injection/pool_rows.h"

namespace failures {

namespace {

using ba_testing::StrictBacking;

PoolKind<small_pool> small_kind() {
    PoolKind<small_pool> kind;
    kind.name = "small_pool";
    kind.make = [](small_pool *pool, StrictBacking *backing) {
        *pool = small_pool_new(backing->allocator());
    };
    return kind;
}

PoolKind<small_pool> small_kind_over_blocks() {
    PoolKind<small_pool> kind;
    kind.name = "small_pool_over_blocks";
    kind.backing.block_size = 512;
    kind.make = [](small_pool *pool, StrictBacking *backing) {
        *pool = small_pool_new_over_blocks(backing->block_allocator());
    };
    return kind;
}

// The metadata has an allocator of its own, which here is the backing again.
PoolKind<guarded_pool> guarded_kind() {
    PoolKind<guarded_pool> kind;
    kind.name = "guarded_pool";
    kind.has_guard = true;
    kind.make = [](guarded_pool *pool, StrictBacking *backing) {
        const ba_allocator metadata = backing->allocator();
        pba_setup setup = {};
        setup.name = "guarded";
        setup.metadata = &metadata;
        *pool = guarded_pool_new_with(ba_any_allocator_of(backing->allocator()), &setup);
    };
    return kind;
}

const Suite<PoolFixture<small_pool>> usual = small_pool_suite(small_kind());
const Suite<PoolFixture<small_pool>> over_blocks = small_pool_suite(small_kind_over_blocks());
const Suite<PoolFixture<guarded_pool>> guarded = guarded_pool_suite(guarded_kind());

// --- how they are made

template <class Make>
Entry<PoolFixture<small_pool>> makes(const std::string &function, Make make) {
    return {function, Contract::kNeedsNone, [make](PoolFixture<small_pool> &fixture) {
                small_pool another = make(fixture.backing);
                return small_pool_verify(&another).code;
            }};
}

const Suite<PoolFixture<small_pool>> made =
    Suite<PoolFixture<small_pool>>(
        "small_pool_made", [] { return std::make_unique<PoolFixture<small_pool>>(small_kind()); })
        .in("nothing yet", [](PoolFixture<small_pool> &) {},
            {
                makes("NAME_new",
                      [](StrictBacking &backing) { return small_pool_new(backing.allocator()); }),
                makes("NAME_new_over_blocks",
                      [](StrictBacking &backing) {
                          return small_pool_new_over_blocks(backing.block_allocator());
                      }),
                makes("NAME_new_with",
                      [](StrictBacking &backing) {
                          return small_pool_new_with(ba_any_allocator_of(backing.allocator()),
                                                     nullptr);
                      }),
            });

} // namespace

} // namespace failures
