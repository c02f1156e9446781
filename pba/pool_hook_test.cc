// The out-of-memory hook, what it may not do, and what follows a failure of the backing. Also built
// in release mode, where the calls of a pool type have a short way.
#include <functional>
#include <vector>

#include "pba/pool_fixture.h"
#include "testing/misuse_recorder.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

#define PBA_NAME hooked_pool
#define PBA_BLOCK_SIZE 64
#define PBA_BACKING_REQUEST_SIZE 1024
#define PBA_CALL_SITES PBA_OFF
#define PBA_SEVERITY BA_SEVERITY_LOG
#include "pba/define.h"

namespace {

using ba_testing::MisuseRecorder;
using ba_testing::StrictBacking;
using pba_testing::small_options;
using pba_testing::TestPool;

// Answers what it is told to, and notes what it is asked.
struct Hook {
    std::function<pba_hook_answer(std::size_t attempt)> answer;
    std::vector<std::size_t> wanted;
    std::vector<std::size_t> attempts;

    static pba_hook_answer ask(void *context, ba_length wanted, std::size_t attempt) {
        Hook &self = *static_cast<Hook *>(context);
        self.wanted.push_back(wanted.bytes);
        self.attempts.push_back(attempt);
        return self.answer(attempt);
    }

    pba_setup setup() {
        pba_setup setup = {};
        setup.hook.function = ask;
        setup.hook.context = this;
        return setup;
    }
};

using Attempts = std::vector<std::size_t>;

TEST(HookTest, IsAskedUntilItGivesUp) {
    StrictBacking backing;
    Hook hook = {[](std::size_t attempt) { return attempt < 3 ? PBA_RETRY : PBA_GIVE_UP; }, {}, {}};
    const pba_setup setup = hook.setup();
    TestPool pool(small_options(), &backing, &setup);
    backing.refuse_from(1);
    EXPECT_EQ(ba_memory_error(pool.alloc(100)).code, BA_OUT_OF_MEMORY);
    EXPECT_EQ(hook.attempts, (Attempts{1, 2, 3}));
    EXPECT_EQ(hook.wanted, Attempts(3, 128));
    EXPECT_EQ(pool.stats().failures, 1u);
    EXPECT_EQ(pool.stats().backing_failures, 3u);
    EXPECT_EQ(ba_memory_error(pool.alloc(100)).code, BA_OUT_OF_MEMORY);
    EXPECT_EQ(hook.attempts, (Attempts{1, 2, 3, 1, 2, 3})) << "counted anew";
    backing.refuse_none();
}

TEST(HookTest, WhatItSetsFreeIsUsed) {
    StrictBacking backing;
    Hook hook = {[&](std::size_t attempt) {
                     if (attempt == 2) {
                         backing.refuse_none();
                     }
                     return PBA_RETRY;
                 },
                 {},
                 {}};
    const pba_setup setup = hook.setup();
    TestPool pool(small_options(), &backing, &setup);
    backing.refuse_from(1);
    EXPECT_EQ(ba_memory_error(pool.alloc(64)).code, BA_OK);
    EXPECT_EQ(hook.attempts, (Attempts{1, 2}));
    EXPECT_EQ(pool.stats().failures, 0u);
}

TEST(HookTest, IsNotAskedAboutALimitOrAnAlignment) {
    StrictBacking backing;
    Hook hook = {[](std::size_t) { return PBA_GIVE_UP; }, {}, {}};
    const pba_setup setup = hook.setup();
    pba_options options = small_options();
    options.byte_limit = 4096;
    TestPool pool(options, &backing, &setup);
    EXPECT_EQ(ba_memory_error(pool.alloc(8192)).code, BA_LIMIT);
    EXPECT_EQ(ba_memory_error(pool.alloc(1, std::size_t{1} << 30)).code, BA_BAD_ALIGN);
    EXPECT_EQ(hook.attempts, Attempts());
}

TEST(HookTest, NoCallToThePoolGoesThrough) {
    StrictBacking backing;
    MisuseRecorder misuse;
    pba_pool *pool = nullptr;
    ba_memory live = {};
    const ba_alignment align = ba_align(1);
    Hook hook = {
        [&](std::size_t) {
            EXPECT_EQ(ba_memory_error(pba_pool_alloc(pool, ba_bytes(1), align)).code, BA_IN_USE);
            EXPECT_EQ(pba_pool_free(pool, live, align).code, BA_IN_USE);
            EXPECT_EQ(ba_length_result_error(pba_pool_resize(pool, live, align, ba_bytes(1))).code,
                      BA_IN_USE);
            EXPECT_EQ(ba_length_result_error(
                          pba_pool_grow_between(pool, live, align, ba_bytes(129), ba_bytes(200)))
                          .code,
                      BA_IN_USE);
            EXPECT_EQ(ba_memory_error(pba_pool_remap(pool, live, align, ba_bytes(1))).code,
                      BA_IN_USE);
            EXPECT_EQ(ba_memory_error(pba_pool_realloc(pool, live, align, ba_bytes(1))).code,
                      BA_IN_USE);
            EXPECT_EQ(
                ba_length_result_error(ba_block_discard(pba_pool_block_allocator(pool), live)).code,
                BA_IN_USE);
            EXPECT_EQ(pba_pool_reserve(pool, ba_bytes(1 << 20)).code, BA_IN_USE);
            EXPECT_EQ(pba_pool_shrink(pool, pba_threshold_percent(0, 1)).bytes, 0u);
            EXPECT_EQ(pba_pool_trim(pool, ba_bytes(0)).bytes, 0u);
            EXPECT_EQ(pba_pool_reset(pool, ba_bytes(0)).bytes, 0u);
            EXPECT_EQ(pba_pool_purge(pool).bytes, 0u);
            EXPECT_EQ(pba_pool_decay(pool, 1).bytes, 0u);
            EXPECT_EQ(pba_pool_release_all(pool, PBA_ALLOW_IN_USE).code, BA_IN_USE);
            pba_pool_walk(
                pool, [](void *, const pba_walk_item *) { ADD_FAILURE(); }, nullptr);
            return PBA_GIVE_UP;
        },
        {},
        {}};
    const pba_setup setup = hook.setup();
    TestPool held(small_options(), &backing, &setup);
    pool = held.get();
    live = held.alloc(100);
    const pba_stats before = held.stats();
    backing.refuse_from(1);
    EXPECT_EQ(ba_memory_error(held.alloc(4096)).code, BA_OUT_OF_MEMORY);
    backing.refuse_none();
    EXPECT_EQ(hook.attempts, Attempts{1});
    EXPECT_EQ(held.verify(), BA_OK);
    EXPECT_EQ(held.stats().in_use.bytes, before.in_use.bytes);
    EXPECT_EQ(held.stats().payload.bytes, before.payload.bytes);
    EXPECT_EQ(misuse.count(), 0u);
    EXPECT_EQ(held.free(live), BA_OK) << "afterwards it goes on";
}

TEST(HookTest, NeitherDoesTheShortWay) {
    StrictBacking backing;
    hooked_pool pool = {};
    ba_memory live = {};
    Hook hook = {[&](std::size_t) {
                     EXPECT_EQ(
                         ba_memory_error(hooked_pool_alloc(&pool, ba_bytes(64), ba_align(1))).code,
                         BA_IN_USE);
                     EXPECT_EQ(hooked_pool_free(&pool, live, ba_align(1)).code, BA_IN_USE);
                     return PBA_GIVE_UP;
                 },
                 {},
                 {}};
    const pba_setup setup = hook.setup();
    pool = hooked_pool_new_with(ba_either_of_exact(backing.allocator()), &setup);
    live = hooked_pool_alloc(&pool, ba_bytes(64), ba_align(1));
    const ba_memory other = hooked_pool_alloc(&pool, ba_bytes(64), ba_align(1));
    const ba_memory parked = hooked_pool_alloc(&pool, ba_bytes(64), ba_align(1));
    EXPECT_EQ(hooked_pool_free(&pool, parked, ba_align(1)).code, BA_OK);
    backing.refuse_from(1);
    EXPECT_EQ(ba_memory_error(hooked_pool_alloc(&pool, ba_bytes(4096), ba_align(1))).code,
              BA_OUT_OF_MEMORY);
    backing.refuse_none();
    EXPECT_EQ(hook.attempts, Attempts{1});
    EXPECT_EQ(hooked_pool_stats(&pool).spans, 2u);
    EXPECT_EQ(hooked_pool_free(&pool, live, ba_align(1)).code, BA_OK);
    EXPECT_EQ(hooked_pool_free(&pool, other, ba_align(1)).code, BA_OK);
    EXPECT_EQ(hooked_pool_verify(&pool).code, BA_OK);
    EXPECT_EQ(hooked_pool_release_all(&pool, PBA_REPORT_IN_USE).code, BA_OK);
}

TEST(HookTest, MayLookAtThePool) {
    StrictBacking backing;
    pba_pool *pool = nullptr;
    ba_memory live = {};
    pba_stats seen = {};
    Hook hook = {
        [&](std::size_t) {
            seen = pba_pool_stats(pool);
            EXPECT_EQ(pba_pool_largest_free(pool).bytes, seen.largest_free.bytes);
            EXPECT_TRUE(pba_pool_owns(pool, ba_memory_pointer(live)));
            EXPECT_EQ(
                ba_length_result_length(pba_pool_usable_len(pool, ba_memory_pointer(live))).bytes,
                128u);
            EXPECT_EQ(pba_pool_verify(pool).code, BA_OK);
            return PBA_GIVE_UP;
        },
        {},
        {}};
    const pba_setup setup = hook.setup();
    TestPool held(small_options(), &backing, &setup);
    pool = held.get();
    live = held.alloc(100);
    const ba_memory parked = held.alloc(64);
    EXPECT_EQ(held.free(parked), BA_OK);
    backing.refuse_from(1);
    EXPECT_EQ(ba_memory_error(held.alloc(4096)).code, BA_OUT_OF_MEMORY);
    backing.refuse_none();
    EXPECT_EQ(seen.in_use.bytes, 128u);
    EXPECT_EQ(seen.largest_free.bytes, 1024u - 128u);
}

TEST(HookTest, IsAskedByReserveToo) {
    StrictBacking backing;
    Hook hook = {[&](std::size_t attempt) {
                     if (attempt == 2) {
                         backing.refuse_none();
                     }
                     return PBA_RETRY;
                 },
                 {},
                 {}};
    const pba_setup setup = hook.setup();
    TestPool pool(small_options(), &backing, &setup);
    backing.refuse_from(1);
    EXPECT_EQ(pba_pool_reserve(pool.get(), ba_bytes(2000)).code, BA_OK);
    EXPECT_EQ(hook.attempts, (Attempts{1, 2}));
    EXPECT_EQ(hook.wanted, Attempts(2, 2048));
    EXPECT_EQ(pool.stats().free.bytes, 2048u);
    EXPECT_EQ(pool.stats().failures, 0u);
}

TEST(HookTest, ReserveFailsWhenItGivesUp) {
    StrictBacking backing;
    Hook hook = {[](std::size_t) { return PBA_GIVE_UP; }, {}, {}};
    const pba_setup setup = hook.setup();
    pba_options options = small_options();
    options.byte_limit = 16384;
    TestPool pool(options, &backing, &setup);
    EXPECT_EQ(pba_pool_reserve(pool.get(), ba_bytes(SIZE_MAX)).code, BA_LIMIT);
    EXPECT_EQ(pba_pool_reserve(pool.get(), ba_bytes(32768)).code, BA_LIMIT);
    EXPECT_EQ(hook.attempts, Attempts()) << "a limit is no want of memory";
    backing.refuse_from(1);
    EXPECT_EQ(pba_pool_reserve(pool.get(), ba_bytes(1)).code, BA_OUT_OF_MEMORY);
    backing.refuse_none();
    EXPECT_EQ(hook.attempts, Attempts{1});
    EXPECT_EQ(pool.stats().failures, 3u);
    EXPECT_EQ(pool.stats().payload.bytes, 0u);
}

TEST(WalkTest, ItsFunctionMayLookAtThePool) {
    StrictBacking backing;
    TestPool pool(small_options(), &backing);
    EXPECT_EQ(ba_memory_error(pool.alloc(1)).code, BA_OK);
    pba_pool_walk(
        pool.get(),
        [](void *context, const pba_walk_item *) {
            TestPool *const self = static_cast<TestPool *>(context);
            EXPECT_EQ(self->stats().in_use.bytes, 64u);
            EXPECT_EQ(self->verify(), BA_OK);
        },
        &pool);
}

TEST(WalkTest, ItsFunctionMayNotCallThePool) {
    StrictBacking backing;
    TestPool pool(small_options(), &backing);
    EXPECT_EQ(ba_memory_error(pool.alloc(1)).code, BA_OK);
    pba_pool_walk(
        pool.get(),
        [](void *context, const pba_walk_item *) {
            EXPECT_EQ(ba_memory_error(static_cast<TestPool *>(context)->alloc(1)).code, BA_IN_USE);
        },
        &pool);
}

TEST(BackingFailureTest, IsReturnedUnlessItShallPanic) {
    StrictBacking backing;
    MisuseRecorder misuse;
    TestPool pool(small_options(), &backing);
    backing.refuse_from(1);
    EXPECT_EQ(ba_memory_error(pool.alloc(1)).code, BA_OUT_OF_MEMORY);
    EXPECT_EQ(misuse.count(), 0u);
    backing.refuse_none();
}

TEST(BackingFailureTest, PanicsWhenReservingToo) {
    StrictBacking backing;
    pba_options options = small_options();
    options.backing_failure = PBA_BACKING_FAILURE_PANICS;
    TestPool pool(options, &backing);
    backing.refuse_from(1);
    EXPECT_DEATH((void)ba_failed(pba_pool_reserve(pool.get(), ba_bytes(1))),
                 "^pool: reserve\\(\\): OUT_OF_MEMORY, no memory is left to take");
    backing.refuse_none();
}

TEST(BackingFailureTest, PanicsAfterTheHookWasAsked) {
    StrictBacking backing;
    Hook hook = {
        [&](std::size_t attempt) { return attempt < 2 ? PBA_RETRY : PBA_GIVE_UP; }, {}, {}};
    pba_setup setup = hook.setup();
    setup.name = "sounds";
    pba_options options = small_options();
    options.backing_failure = PBA_BACKING_FAILURE_PANICS;
    TestPool pool(options, &backing, &setup);
    EXPECT_EQ(ba_memory_error(pool.alloc(SIZE_MAX)).code, BA_LIMIT) << "that is no failure of it";
    backing.refuse_from(1);
    EXPECT_DEATH((void)ba_memory_is_none(pba_pool_alloc_at(pool.get(), ba_bytes(1), ba_align(1),
                                                           ba_call_site_of_text("use.c:2"))),
                 "^sounds: alloc\\(\\): OUT_OF_MEMORY, no memory is left to take, at use.c:2\n");
    backing.refuse_nth(1);
    EXPECT_EQ(ba_memory_error(pool.alloc(1)).code, BA_OK) << "the hook helped";
    backing.refuse_none();
}

} // namespace
