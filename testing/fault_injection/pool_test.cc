// The pool whose options are known at run time.
#include <cstddef>
#include <string>

#include "pba/pool.h"
#include "testing/fault_injection/panics.h"
#include "testing/fault_injection/pool_fixture.h"
#include "gtest/gtest.h"

#define FAILURES_POOL pba_pool
#define FAILURES_NAMES "pba_pool"
#include "testing/fault_injection/pool_rows.h"

namespace failures {

namespace {

using ba_testing::StrictBacking;

using Kind = PoolKind<pba_pool>;
using Rows = Suite<PoolFixture<pba_pool>>;

pba_options small_options() {
    pba_options options = pba_options_default();
    options.block_size = 64;
    options.backing_request_size = 1024;
    options.safety = PBA_SAFETY_ALWAYS;
    return options;
}

Kind kind_of(const std::string &name, const pba_options &options) {
    Kind kind;
    kind.name = name;
    kind.make = [options](pba_pool *pool, StrictBacking *backing) {
        EXPECT_EQ(pba_pool_init(pool, &options, ba_any_allocator_of(backing->allocator()), nullptr),
                  PBA_OPTIONS_OK);
    };
    return kind;
}

// --- the options that change what a pool does with memory

template <class Change>
Rows suite_with(const std::string &name, Change change) {
    pba_options options = small_options();
    change(&options);
    return pba_pool_suite(kind_of(name, options));
}

const Rows usual = suite_with("pool", [](pba_options *) {});
const Rows without_sites =
    suite_with("pool_without_sites", [](pba_options *options) { options->call_sites = PBA_OFF; });
const Rows careful = suite_with("pool_with_fill", [](pba_options *options) {
    options->secure_wipe = PBA_ON;
    options->fill = PBA_ON;
});
const Rows eager = suite_with("pool_that_shrinks", [](pba_options *options) {
    options->auto_shrink = PBA_AUTO_SHRINK_AGGRESSIVE;
    options->shrink_min = 0;
    options->shrink_max = 1;
});
const Rows decaying =
    suite_with("pool_that_decays", [](pba_options *options) { options->decay_age = 10; });

// --- how it is made

void nothing_yet(PoolFixture<pba_pool> & /*fixture*/) {}

template <class Make>
Entry<PoolFixture<pba_pool>> makes(const std::string &function, Make make) {
    return {function, Contract::kNeedsNone, [make](PoolFixture<pba_pool> &fixture) {
                const pba_options options = small_options();
                pba_pool another;
                make(&another, &options, ba_any_allocator_of(fixture.backing.allocator()));
                return pba_pool_verify(&another).code;
            }};
}

const Rows made =
    Rows("pool_made",
         [] {
             return std::make_unique<PoolFixture<pba_pool>>(kind_of("pool_made", small_options()));
         })
        .in("nothing yet", nothing_yet,
            {
                makes("pba_pool_init",
                      [](pba_pool *pool, const pba_options *options, ba_any_allocator backing) {
                          EXPECT_EQ(pba_pool_init(pool, options, backing, nullptr), PBA_OPTIONS_OK);
                      }),
                makes("pba_pool_init_in_mode",
                      [](pba_pool *pool, const pba_options *options, ba_any_allocator backing) {
                          EXPECT_EQ(pba_pool_init_in_mode(pool, options, backing, nullptr,
                                                          BA_RELEASE_FAST),
                                    PBA_OPTIONS_OK);
                      }),
                makes("pba_pool_init_checked",
                      [](pba_pool *pool, const pba_options *options, ba_any_allocator backing) {
                          pba_pool_init_checked(pool, options, backing, nullptr, BA_BUILD_MODE);
                      }),
            });

// --- a hook that is asked before an allocation fails

// Looks at the pool, as it may, and answers as it was told to.
struct Hook {
    pba_pool *pool;
    std::size_t retries;
};

Hook hook;

pba_hook_answer ask(void * /*context*/, ba_length /*wanted*/, std::size_t attempt) {
    check_pool(hook.pool);
    return attempt <= hook.retries ? PBA_RETRY : PBA_GIVE_UP;
}

Kind hooked_kind(const std::string &name, std::size_t retries) {
    Kind kind;
    kind.name = name;
    kind.growth = retries > 0 ? Contract::kMayRecover : Contract::kFails;
    kind.make = [retries](pba_pool *pool, StrictBacking *backing) {
        const pba_options options = small_options();
        pba_setup setup = {};
        setup.hook.function = ask;
        hook = {pool, retries};
        EXPECT_EQ(pba_pool_init(pool, &options, ba_any_allocator_of(backing->allocator()), &setup),
                  PBA_OPTIONS_OK);
    };
    return kind;
}

const Rows gives_up = pba_pool_suite(hooked_kind("pool_with_hook", 0));
const Rows retries = pba_pool_suite(hooked_kind("pool_with_hook_that_retries", 2));

// --- a failure that ends the program

template <class Call>
Entry<PoolFixture<pba_pool>> panics(const std::string &function, const char *operation, Call call) {
    return {function, Contract::kMayRecover, [operation, call](PoolFixture<pba_pool> &fixture) {
                return error_of_call("pool", operation,
                                     [&fixture, call] { EXPECT_EQ(call(fixture), BA_OK); });
            }};
}

Kind panicking_kind() {
    pba_options options = small_options();
    options.backing_failure = PBA_BACKING_FAILURE_PANICS;
    return kind_of("pool_that_panics", options);
}

const Rows panicking =
    Rows("pool_that_panics",
         [] { return std::make_unique<PoolFixture<pba_pool>>(panicking_kind()); })
        .in("three spans", [](PoolFixture<pba_pool> &fixture) { fixture.hold_three(); },
            {
                panics("pba_pool_alloc", "alloc",
                       [](PoolFixture<pba_pool> &fixture) {
                           return fixture.made.hold(
                               pba_pool_alloc(&fixture.pool, ba_bytes(5000), usual_alignment()));
                       }),
                panics("pba_pool_realloc", "realloc",
                       [](PoolFixture<pba_pool> &fixture) {
                           return fixture.second.moved(
                               pba_pool_realloc(&fixture.pool, fixture.second.memory(),
                                                usual_alignment(), ba_bytes(5000)));
                       }),
                panics("pba_pool_reserve", "reserve",
                       [](PoolFixture<pba_pool> &fixture) {
                           return pba_pool_reserve(&fixture.pool, ba_bytes(5000)).code;
                       }),
            });

} // namespace

} // namespace failures
