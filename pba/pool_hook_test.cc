// The out-of-memory hook, what it and the backing may not do, and what follows a failure of the
// backing. Also built in release mode, where the calls of a pool type have a short way, which may
// leave nothing out.
#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "block_allocator/instrumentation.h"
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

#define PBA_NAME wiping_pool
#define PBA_BLOCK_SIZE 64
#define PBA_BACKING_REQUEST_SIZE 1024
#define PBA_CALL_SITES PBA_OFF
#define PBA_SECURE_WIPE PBA_ON
#include "pba/define.h"

#define PBA_NAME filling_pool
#define PBA_BLOCK_SIZE 64
#define PBA_BACKING_REQUEST_SIZE 1024
#define PBA_CALL_SITES PBA_OFF
#define PBA_FILL PBA_ON
#define PBA_SEVERITY BA_SEVERITY_LOG
#include "pba/define.h"

#define PBA_NAME siting_pool
#define PBA_BLOCK_SIZE 64
#define PBA_BACKING_REQUEST_SIZE 1024
#define PBA_CALL_SITES PBA_ON
#define PBA_SEVERITY BA_SEVERITY_LOG
#include "pba/define.h"

namespace {

using ba_testing::MisuseRecorder;
using ba_testing::StrictBacking;
using ba_testing::StrictBackingOptions;
using pba_testing::bytes_of;
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
    pba_options options = small_options();
    options.auto_shrink = PBA_AUTO_SHRINK_NEVER;
    options.shrink_min = 0;
    options.shrink_max = 1;
    options.decay_age = 1;
    TestPool held(options, &backing, &setup);
    pool = held.get();
    live = held.alloc(100);
    EXPECT_EQ(held.free(held.alloc(1024)), BA_OK) << "a chunk that could go";
    const pba_stats before = held.stats();
    backing.refuse_from(1);
    EXPECT_EQ(ba_memory_error(held.alloc(4096)).code, BA_OUT_OF_MEMORY);
    backing.refuse_none();
    EXPECT_EQ(hook.attempts, Attempts{1});
    EXPECT_EQ(held.verify(), BA_OK);
    EXPECT_EQ(held.stats().chunks, 2u);
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
            EXPECT_EQ(pba_pool_largest_free(pool).bytes, 1024u - 128u);
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

// A backing that calls the pool, whatever it is asked for.
class CallingBacking {
  public:
    explicit CallingBacking(const StrictBackingOptions &options) : backing_(options) {}

    ba_allocator allocator() { return ba_allocator_of(this, &table); }
    void call(pba_pool *pool) { pool_ = pool; }

    // The operations since the last take.
    std::string take() {
        std::string taken;
        taken.swap(operations_);
        return taken;
    }

  private:
    static ba_block_allocator asked(void *context, const char *operation) {
        CallingBacking &self = *static_cast<CallingBacking *>(context);
        self.operations_ += std::string(self.operations_.empty() ? "" : " ") + operation;
        EXPECT_EQ(
            pba_pool_free(self.pool_, ba_memory_none(ba_error_of(BA_LIMIT)), ba_align(1)).code,
            BA_IN_USE)
            << operation;
        return self.backing_.block_allocator();
    }
    static ba_length block_size(const void * /*context*/) { return ba_bytes(1); }
    static ba_memory alloc(void *context, ba_length minimum, ba_alignment alignment,
                           ba_call_site site) {
        return ba_block_alloc_at(asked(context, "alloc"), minimum, alignment, site);
    }
    static ba_length_result resize(void *context, ba_memory memory, ba_alignment alignment,
                                   ba_length minimum, ba_call_site site) {
        return ba_block_resize_at(asked(context, "resize"), memory, alignment, minimum, site);
    }
    static ba_error free(void *context, ba_memory memory, ba_alignment alignment,
                         ba_call_site site) {
        return ba_block_free_at(asked(context, "free"), memory, alignment, site);
    }
    static ba_length_result grow_between(void *context, ba_memory memory, ba_alignment alignment,
                                         ba_length minimum, ba_length wanted, ba_call_site site) {
        return ba_block_grow_between_at(asked(context, "grow_between"), memory, alignment, minimum,
                                        wanted, site);
    }
    static ba_memory remap(void *context, ba_memory memory, ba_alignment alignment,
                           ba_length minimum, ba_call_site site) {
        return ba_block_remap_at(asked(context, "remap"), memory, alignment, minimum, site);
    }
    static ba_length_result discard(void *context, ba_memory part, ba_call_site site) {
        return ba_block_discard_at(asked(context, "discard"), part, site);
    }
    static const ba_operations table;

    StrictBacking backing_;
    pba_pool *pool_ = nullptr;
    std::string operations_;
};

const ba_operations CallingBacking::table = {
    sizeof(ba_operations), block_size, alloc, resize, free, grow_between, remap, discard, nullptr,
};

StrictBackingOptions that_can_do_all() {
    StrictBackingOptions options;
    options.grows_in_place = true;
    options.room = 4096;
    options.remaps = true;
    options.discards = true;
    return options;
}

TEST(BackingTest, NoCallToThePoolGoesThrough) {
    CallingBacking payload(that_can_do_all());
    CallingBacking bookkeeping({});
    MisuseRecorder misuse;
    const ba_allocator second = bookkeeping.allocator();
    pba_setup setup = {};
    setup.bookkeeping = &second;
    pba_options options = small_options();
    options.shrink_min = 0;
    options.shrink_max = 1;
    TestPool pool(options, ba_either_of_exact(payload.allocator()), &setup);
    payload.call(pool.get());
    bookkeeping.call(pool.get());

    ba_memory memory = pool.alloc(1024);
    EXPECT_EQ(payload.take(), "alloc");
    EXPECT_EQ(pool.resize(memory, 2048), 2048u);
    EXPECT_EQ(payload.take(), "grow_between");
    memory = pool.remap(pba_testing::part_of(memory, 0, 2048), 8192);
    EXPECT_EQ(payload.take(), "remap");
    EXPECT_EQ(pool.free(memory), BA_OK);
    EXPECT_EQ(payload.take(), "free");

    EXPECT_EQ(pba_pool_reserve(pool.get(), ba_bytes(1024)).code, BA_OK);
    EXPECT_EQ(payload.take(), "alloc");
    EXPECT_EQ(pba_pool_purge(pool.get()).bytes, 1024u);
    EXPECT_EQ(payload.take(), "discard");
    EXPECT_EQ(pba_pool_shrink(pool.get(), pba_threshold_percent(0, 1)).bytes, 1024u);
    EXPECT_EQ(payload.take(), "free");

    memory = pool.alloc(64);
    const ba_block_allocator view = pba_pool_block_allocator(pool.get());
    EXPECT_EQ(ba_length_result_length(ba_block_discard(view, memory)).bytes, 64u);
    EXPECT_EQ(payload.take(), "alloc discard");
    EXPECT_EQ(pba_pool_reset(pool.get(), ba_bytes(0)).bytes, 1024u);
    EXPECT_EQ(payload.take(), "free");

    EXPECT_EQ(pba_pool_reserve(pool.get(), ba_bytes(1 << 20)).code, BA_OK);
    std::vector<ba_memory> spans;
    for (int i = 0; i < 100; i++) {
        spans.push_back(pool.alloc(64));
    }
    for (std::size_t i = 1; i < spans.size(); i++) {
        EXPECT_EQ(pool.free(spans[i]), BA_OK);
    }
    bookkeeping.take();
    // At the latest when the list that was full has given up what it has.
    for (std::size_t i = 0; i <= PBA_RECENT_FIRST; i++) {
        EXPECT_EQ(ba_memory_error(pool.alloc(64)).code, BA_OK);
    }
    EXPECT_EQ(bookkeeping.take(), "alloc") << "a longer store of freed spans";
    payload.take();
    EXPECT_EQ(pba_pool_release_all(pool.get(), PBA_ALLOW_IN_USE).code, BA_OK);
    EXPECT_EQ(payload.take(), "free");
    EXPECT_EQ(misuse.count(), 0u);
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

TEST(BackingFailureTest, ALimitIsNone) {
    StrictBacking backing;
    pba_options options = small_options();
    options.backing_failure = PBA_BACKING_FAILURE_PANICS;
    options.byte_limit = 4096;
    TestPool pool(options, &backing);
    EXPECT_EQ(ba_memory_error(pool.alloc(8192)).code, BA_LIMIT);
    EXPECT_EQ(ba_memory_error(pool.alloc(1, std::size_t{1} << 30)).code, BA_BAD_ALIGN);
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

// --- what the short way may not leave out

// True if all bytes of free memory are this one.
bool is_all(ba_memory memory, unsigned char byte) {
    const unsigned char *const first = bytes_of(memory);
    ba_instrument_inspect(first, ba_memory_length(memory));
    const bool all = std::all_of(first, first + ba_memory_length(memory).bytes,
                                 [byte](unsigned char is) { return is == byte; });
    ba_instrument_free(first, ba_memory_length(memory));
    return all;
}

TEST(ShortWayTest, Wipes) {
    StrictBacking backing;
    wiping_pool pool = wiping_pool_new(backing.allocator());
    const ba_memory memory = wiping_pool_alloc(&pool, ba_bytes(64), ba_align(1));
    const ba_memory other = wiping_pool_alloc(&pool, ba_bytes(64), ba_align(1));
    std::fill_n(bytes_of(memory), 64, static_cast<unsigned char>(0x5A));
    EXPECT_EQ(wiping_pool_free(&pool, memory, ba_align(1)).code, BA_OK);
    EXPECT_TRUE(is_all(memory, BA_BUILD_MODE == BA_DEBUG ? 0xAA : 0x00));
    EXPECT_EQ(wiping_pool_free(&pool, other, ba_align(1)).code, BA_OK);
    EXPECT_EQ(wiping_pool_release_all(&pool, PBA_REPORT_IN_USE).code, BA_OK);
}

TEST(ShortWayTest, FillsAndLooksAtTheFill) {
    StrictBacking backing;
    MisuseRecorder misuse;
    filling_pool pool = filling_pool_new(backing.allocator());
    const ba_memory memory = filling_pool_alloc(&pool, ba_bytes(64), ba_align(1));
    const ba_memory other = filling_pool_alloc(&pool, ba_bytes(64), ba_align(1));
    std::fill_n(bytes_of(memory), 64, static_cast<unsigned char>(0x5A));
    EXPECT_EQ(filling_pool_free(&pool, memory, ba_align(1)).code, BA_OK);
    EXPECT_TRUE(is_all(memory, PBA_FILL_BYTE));
    ba_instrument_inspect(bytes_of(memory), ba_bytes(1));
    bytes_of(memory)[0] = 0x5A;
    ba_instrument_free(bytes_of(memory), ba_bytes(1));
    const ba_memory again = filling_pool_alloc(&pool, ba_bytes(64), ba_align(1));
    EXPECT_EQ(ba_memory_pointer(again), ba_memory_pointer(memory));
    EXPECT_EQ(misuse.errors(), std::vector<ba_error_code>{BA_CORRUPT});
    EXPECT_EQ(filling_pool_free(&pool, again, ba_align(1)).code, BA_OK);
    EXPECT_EQ(filling_pool_free(&pool, other, ba_align(1)).code, BA_OK);
    EXPECT_EQ(filling_pool_release_all(&pool, PBA_REPORT_IN_USE).code, BA_OK);
}

TEST(ShortWayTest, KeepsTheCallSite) {
    StrictBacking backing;
    MisuseRecorder misuse;
    siting_pool pool = siting_pool_new(backing.allocator());
    const ba_memory memory =
        siting_pool_alloc_at(&pool, ba_bytes(64), ba_align(1), ba_call_site_of_text("first.c:1"));
    const ba_memory other = siting_pool_alloc(&pool, ba_bytes(64), ba_align(1));
    EXPECT_EQ(siting_pool_free(&pool, memory, ba_align(1)).code, BA_OK);
    const ba_memory again =
        siting_pool_alloc_at(&pool, ba_bytes(64), ba_align(1), ba_call_site_of_text("second.c:2"));
    EXPECT_EQ(ba_memory_pointer(again), ba_memory_pointer(memory));
    EXPECT_EQ(siting_pool_free(&pool, other, ba_align(1)).code, BA_OK);
    EXPECT_EQ(siting_pool_release_all(&pool, PBA_REPORT_IN_USE).code, BA_IN_USE);
    ASSERT_EQ(misuse.count(), 1u);
    ASSERT_EQ(misuse.report(0).live.size(), 1u);
    EXPECT_STREQ(misuse.report(0).live[0].site.text, "second.c:2");
}

} // namespace
