// What may be done in the out-of-memory hook, in a walk's function and in the backing, and what
// follows a failure of the backing. Also built in release mode, where the calls of a pool type have
// a fast path, which may leave nothing out.
#include <algorithm>
#include <csetjmp>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "block_allocator/forwarding/limited_allocator.h"
#include "block_allocator/forwarding/locked_allocator.h"
#include "block_allocator/implementing/instrumentation.h"
#include "testing/misuse_recorder.h"
#include "testing/pool/pool_fixture.h"
#include "testing/scripted_allocator.h"
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
using ba_testing::ScriptedAllocator;
using ba_testing::StrictBacking;
using ba_testing::StrictBackingOptions;
using pba_testing::address_of;
using pba_testing::bytes_of;
using pba_testing::length_of;
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

pba_hook_answer gives_up(std::size_t /*attempt*/) {
    return PBA_GIVE_UP;
}

TEST(HookTest, IsAskedUntilItGivesUp) {
    StrictBacking backing;
    Hook hook = {[](std::size_t attempt) { return attempt < 3 ? PBA_RETRY : PBA_GIVE_UP; }, {}, {}};
    const pba_setup setup = hook.setup();
    TestPool pool(small_options(), &backing, &setup);
    backing.refuse_from(1);
    EXPECT_EQ(ba_memory_error(pool.alloc(100)).code, BA_OUT_OF_MEMORY);
    EXPECT_EQ(hook.attempts, (Attempts{1, 2, 3}));
    EXPECT_EQ(hook.wanted, Attempts(3, hook.wanted[0])) << "as nothing has changed";
    EXPECT_GT(hook.wanted[0], 1024u) << "a whole request and its metadata";
    EXPECT_EQ(pool.stats().failures, 1u);
    EXPECT_EQ(pool.stats().backing_failures, 3 * 4u) << "of 16 blocks, 8, 4 and 2";
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

TEST(HookTest, IsNotAskedAboutWhatNoFreeingWouldServe) {
    StrictBacking backing;
    MisuseRecorder misuse;
    Hook hook = {[](std::size_t) { return PBA_RETRY; }, {}, {}};
    const pba_setup setup = hook.setup();
    pba_options options = small_options();
    options.byte_limit = 4096;
    TestPool limited(options, &backing, &setup);
    options = small_options();
    options.index = PBA_INDEX_U8;
    TestPool indexed(options, &backing, &setup);
    for (TestPool *const pool : {&limited, &indexed}) {
        EXPECT_EQ(ba_memory_error(pool->alloc(std::size_t{256} * 64)).code, BA_LIMIT);
        EXPECT_EQ(ba_memory_error(pool->alloc(SIZE_MAX)).code, BA_LIMIT);
        EXPECT_EQ(ba_memory_error(pool->alloc(1, std::size_t{1} << 30)).code, BA_BAD_ALIGN);
        EXPECT_EQ(pba_pool_reserve(pool->get(), ba_bytes(std::size_t{256} * 64)).code, BA_LIMIT);
        EXPECT_EQ(pba_pool_reserve(pool->get(), ba_bytes(SIZE_MAX)).code, BA_LIMIT);
        EXPECT_EQ(ba_memory_error(pool->alloc(0)).code, BA_ZERO_SIZE);
        const ba_memory memory = pool->alloc(1);
        EXPECT_EQ(ba_length_result_error(pool->try_resize(memory, std::size_t{256} * 64)).code,
                  BA_LIMIT);
        EXPECT_EQ(ba_memory_error(pool->remap(memory, SIZE_MAX)).code, BA_LIMIT);
        EXPECT_EQ(ba_memory_error(pool->realloc(memory, std::size_t{256} * 64)).code, BA_LIMIT);
        const ba_memory behind = pool->alloc(64);
        EXPECT_EQ(ba_length_result_error(pool->try_resize(memory, 128)).code, BA_NOT_IN_PLACE);
        EXPECT_EQ(ba_memory_error(pool->remap(memory, 128)).code, BA_UNSUPPORTED);
        EXPECT_EQ(pool->free(behind), BA_OK);
        EXPECT_EQ(hook.attempts, Attempts());
        EXPECT_EQ(pool->stats().failures, 10u) << "each is one";
    }
    EXPECT_EQ(misuse.errors(), std::vector<ba_error_code>(2, BA_ZERO_SIZE));
}

// A hook that frees spans of its own pool, one at each attempt.
struct Cache {
    TestPool *pool = nullptr;
    std::vector<ba_memory> spans;

    static pba_hook_answer give_up_one(void *context, ba_length /*wanted*/,
                                       std::size_t /*attempt*/) {
        Cache &self = *static_cast<Cache *>(context);
        if (self.spans.empty()) {
            return PBA_GIVE_UP;
        }
        EXPECT_EQ(self.pool->free(self.spans.back()), BA_OK);
        self.spans.pop_back();
        (void)pba_pool_trim(self.pool->get(), ba_bytes(0));
        return PBA_RETRY;
    }

    pba_setup setup() {
        pba_setup setup = {};
        setup.hook.function = give_up_one;
        setup.hook.context = this;
        return setup;
    }
};

TEST(HookTest, MakesRoomInItsOwnPoolAtEachLimit) {
    for (const bool by_index : {true, false}) {
        StrictBacking backing;
        Cache cache;
        const pba_setup setup = cache.setup();
        pba_options options = small_options();
        options.index = by_index ? PBA_INDEX_U8 : PBA_INDEX_U32;
        options.byte_limit = by_index ? SIZE_MAX : std::size_t{16384};
        TestPool pool(options, &backing, &setup);
        cache.pool = &pool;
        std::size_t served = 0;
        for (; served < 30; served++) {
            const ba_memory memory = pool.alloc(1024);
            ASSERT_EQ(ba_memory_error(memory).code, BA_OK) << served;
            cache.spans.insert(cache.spans.begin(), memory);
            EXPECT_EQ(pool.verify(), BA_OK);
        }
        EXPECT_LT(cache.spans.size(), 16u);
        EXPECT_EQ(pool.stats().failures, 0u);
        EXPECT_EQ(ba_memory_error(pool.alloc(4096)).code, BA_OK) << "more than one must go";
        cache.spans.clear();
        EXPECT_EQ(ba_memory_error(pool.alloc(15360)).code, BA_LIMIT);
        EXPECT_EQ(pool.stats().failures, 1u);
    }
}

TEST(HookTest, MakesRoomInItsOwnPoolForAGrowth) {
    StrictBackingOptions growing;
    growing.grows_in_place = true;
    growing.room = 65536;
    StrictBacking backing(growing);
    Cache cache;
    const pba_setup setup = cache.setup();
    pba_options options = small_options();
    options.byte_limit = 16384;
    TestPool pool(options, &backing, &setup);
    cache.pool = &pool;
    const ba_memory memory = pool.alloc(1024);
    for (int i = 0; i < 6; i++) {
        cache.spans.push_back(pool.alloc(1024));
    }
    EXPECT_EQ(pool.resize(memory, 6144), 6144u);
    EXPECT_LT(cache.spans.size(), 6u);
    EXPECT_EQ(pool.stats().failures, 0u);
    EXPECT_EQ(pool.verify(), BA_OK);
}

TEST(HookTest, MakesRoomForWhatIsReserved) {
    StrictBacking backing;
    Cache cache;
    const pba_setup setup = cache.setup();
    pba_options options = small_options();
    options.byte_limit = 16384;
    options.auto_shrink = PBA_AUTO_SHRINK_NEVER;
    TestPool pool(options, &backing, &setup);
    cache.pool = &pool;
    for (int i = 0; i < 9; i++) {
        cache.spans.push_back(pool.alloc(1024));
    }
    EXPECT_EQ(pba_pool_reserve(pool.get(), ba_bytes(4096)).code, BA_OK);
    EXPECT_GE(pool.stats().free.bytes, 4096u);
    EXPECT_LT(cache.spans.size(), 9u);
    EXPECT_EQ(pool.stats().failures, 0u);
}

// A hook over a backing with a cap, which it raises by exactly what it is told.
struct Raise {
    ba_limited_allocator limited;
    std::size_t asked = 0;

    static pba_hook_answer by_what_is_wanted(void *context, ba_length wanted, std::size_t attempt) {
        Raise &self = *static_cast<Raise *>(context);
        self.asked++;
        const std::size_t taken = ba_limited_allocator_taken(&self.limited).bytes;
        ba_limited_allocator_set_limit(&self.limited, ba_bytes(taken + wanted.bytes));
        return attempt == 1 ? PBA_RETRY : PBA_GIVE_UP;
    }
};

TEST(HookTest, NeedsToFreeExactlyWhatItIsTold) {
    for (const std::size_t block : {1U, 4096U, 65536U}) {
        for (const bool whole : {false, true}) {
            StrictBackingOptions behaviour;
            behaviour.block_size = block;
            behaviour.grows_in_place = true;
            behaviour.room = 16384;
            behaviour.by_the_rules = true;
            StrictBacking backing(behaviour);
            Raise raise = {};
            ba_limited_allocator_init(&raise.limited, backing.allocator(), ba_bytes(0));
            pba_setup setup = {};
            setup.hook.function = Raise::by_what_is_wanted;
            setup.hook.context = &raise;
            const ba_any_allocator over =
                whole ? ba_any_allocator_of(ba_limited_allocator_block_allocator(&raise.limited))
                      : ba_any_allocator_of(ba_limited_allocator_allocator(&raise.limited));
            TestPool pool(small_options(), over, &setup);
            // Tables and slabs are full now and then.
            for (std::size_t i = 0; i < 200; i++) {
                ASSERT_EQ(ba_memory_error(pool.alloc(64 + i * 97 % 3000)).code, BA_OK) << i;
            }
            EXPECT_GE(raise.asked, 4u);
            const ba_memory last = pool.alloc(8192);
            const std::size_t asked = raise.asked;
            EXPECT_EQ(pool.resize(last, 16384), 16384u);
            EXPECT_LE(raise.asked, asked + 1);
            EXPECT_EQ(pba_pool_reserve(pool.get(), ba_bytes(100000)).code, BA_OK);
            EXPECT_EQ(pool.stats().failures, 0u);
        }
    }
}

TEST(HookTest, MayDoAnythingWithItsPool) {
    StrictBackingOptions behaviour;
    behaviour.discards = true;
    StrictBacking backing(behaviour);
    MisuseRecorder misuse;
    pba_pool *pool = nullptr;
    ba_memory live = {};
    const ba_alignment align = ba_align(1);
    Hook hook = {
        [&](std::size_t) {
            const ba_memory made = pba_pool_alloc(pool, ba_bytes(1), align);
            EXPECT_EQ(ba_memory_error(made).code, BA_OK);
            EXPECT_EQ(
                ba_length_result_length(pba_pool_resize(pool, made, align, ba_bytes(100))).bytes,
                128u);
            EXPECT_EQ(pba_pool_free(pool, pba_testing::part_of(made, 0, 100), align).code, BA_OK);
            EXPECT_EQ(pba_pool_free(pool, live, align).code, BA_OK);
            EXPECT_EQ(pba_pool_purge(pool).bytes, 1024u);
            EXPECT_EQ(pba_pool_decay(pool, 100).bytes, 0u) << "it may have been freed just now";
            EXPECT_EQ(pba_pool_decay(pool, 101).bytes, 0u) << "min holds the last";
            EXPECT_EQ(pba_pool_shrink(pool, pba_threshold_percent(0, 1)).bytes, 1024u);
            backing.refuse_none();
            EXPECT_EQ(pba_pool_reserve(pool, ba_bytes(1024)).code, BA_OK);
            EXPECT_EQ(pba_pool_trim(pool, ba_bytes(0)).bytes, 1024u);
            EXPECT_EQ(pba_pool_verify(pool).code, BA_OK);
            live = pba_pool_realloc(pool, pba_pool_alloc(pool, ba_bytes(1), align), align,
                                    ba_bytes(100));
            std::size_t shown = 0;
            pba_pool_walk(
                pool,
                [](void *context, const pba_walk_item *) {
                    ++*static_cast<std::size_t *>(context);
                },
                &shown);
            EXPECT_EQ(shown, 2u);
            return PBA_RETRY;
        },
        {},
        {}};
    const pba_setup setup = hook.setup();
    pba_options options = small_options();
    options.auto_shrink = PBA_AUTO_SHRINK_NEVER;
    options.shrink_kind = PBA_THRESHOLD_FLAT;
    options.shrink_min = 1024;
    options.shrink_max = 4096;
    options.decay_age = 1;
    TestPool held(options, &backing, &setup);
    pool = held.get();
    live = held.alloc(100);
    EXPECT_EQ(held.free(held.alloc(1024)), BA_OK) << "a chunk that goes before the hook is asked";
    backing.refuse_from(1);
    EXPECT_EQ(length_of(held.alloc(4096)), 4096u);
    EXPECT_EQ(hook.attempts, Attempts{1});
    EXPECT_EQ(held.verify(), BA_OK);
    EXPECT_EQ(held.stats().in_use.bytes, 4096u + 128u);
    EXPECT_EQ(held.stats().failures, 0u);
    EXPECT_EQ(misuse.count(), 0u);
    EXPECT_EQ(held.free(live), BA_OK);
}

TEST(HookTest, MayReleaseItsPool) {
    StrictBacking backing;
    pba_pool *pool = nullptr;
    Hook hook = {[&](std::size_t) {
                     EXPECT_EQ(pba_pool_release_all(pool, PBA_ALLOW_IN_USE).code, BA_OK);
                     EXPECT_EQ(backing.grants(), 0u);
                     backing.refuse_none();
                     return PBA_RETRY;
                 },
                 {},
                 {}};
    const pba_setup setup = hook.setup();
    TestPool held(small_options(), &backing, &setup);
    pool = held.get();
    EXPECT_EQ(ba_memory_error(held.alloc(64)).code, BA_OK);
    backing.refuse_from(1);
    const ba_memory memory = held.alloc(2048);
    EXPECT_EQ(length_of(memory), 2048u);
    EXPECT_EQ(held.stats().spans, 1u);
    EXPECT_EQ(held.free(memory), BA_OK);
    EXPECT_EQ(held.free(held.alloc(64)), BA_OK) << "the cache is there again";
}

TEST(HookTest, SoMayTheFastPath) {
    StrictBacking backing;
    hooked_pool pool = {};
    ba_memory live = {};
    ba_memory made = {};
    Hook hook = {[&](std::size_t) {
                     EXPECT_EQ(hooked_pool_free(&pool, live, ba_align(1)).code, BA_OK);
                     made = hooked_pool_alloc(&pool, ba_bytes(64), ba_align(1));
                     EXPECT_EQ(ba_memory_pointer(made), ba_memory_pointer(live));
                     return PBA_GIVE_UP;
                 },
                 {},
                 {}};
    const pba_setup setup = hook.setup();
    pool = hooked_pool_new_with(ba_any_allocator_of_exact(backing.allocator()), &setup);
    live = hooked_pool_alloc(&pool, ba_bytes(64), ba_align(1));
    const ba_memory other = hooked_pool_alloc(&pool, ba_bytes(64), ba_align(1));
    backing.refuse_from(1);
    EXPECT_EQ(ba_memory_error(hooked_pool_alloc(&pool, ba_bytes(4096), ba_align(1))).code,
              BA_OUT_OF_MEMORY);
    backing.refuse_none();
    EXPECT_EQ(hook.attempts, Attempts{1});
    EXPECT_EQ(hooked_pool_stats(&pool).spans, 2u);
    EXPECT_EQ(hooked_pool_free(&pool, made, ba_align(1)).code, BA_OK);
    EXPECT_EQ(hooked_pool_free(&pool, other, ba_align(1)).code, BA_OK);
    EXPECT_EQ(hooked_pool_verify(&pool).code, BA_OK);
    EXPECT_EQ(hooked_pool_release_all(&pool, PBA_REPORT_IN_USE).code, BA_OK);
}

TEST(HookTest, SeesThePoolAsOthersDo) {
    StrictBacking backing;
    pba_pool *pool = nullptr;
    ba_memory live = {};
    pba_stats seen = {};
    Hook hook = {
        [&](std::size_t) {
            seen = pba_pool_stats(pool);
            EXPECT_EQ(pba_pool_largest_free(pool).bytes, 1024u - 128u) << "merged";
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
    const ba_memory other = held.alloc(64);
    EXPECT_EQ(held.free(held.alloc(64)), BA_OK);
    EXPECT_EQ(held.free(other), BA_OK);
    backing.refuse_from(1);
    EXPECT_EQ(ba_memory_error(held.alloc(4096)).code, BA_OUT_OF_MEMORY);
    backing.refuse_none();
    EXPECT_EQ(seen.in_use.bytes, 128u);
}

TEST(HookTest, IsAskedFromWithinItselfIfItAllocatesInVain) {
    StrictBacking backing;
    pba_pool *pool = nullptr;
    std::size_t depth = 0;
    Hook hook = {
        [&](std::size_t) {
            if (++depth < 4) {
                EXPECT_EQ(
                    ba_memory_error(pba_pool_alloc(pool, ba_bytes(depth * 2000), ba_align(1))).code,
                    BA_OUT_OF_MEMORY);
            }
            return PBA_GIVE_UP;
        },
        {},
        {}};
    const pba_setup setup = hook.setup();
    TestPool held(small_options(), &backing, &setup);
    pool = held.get();
    backing.refuse_from(1);
    EXPECT_EQ(ba_memory_error(held.alloc(1)).code, BA_OUT_OF_MEMORY);
    backing.refuse_none();
    EXPECT_EQ(hook.attempts, Attempts(4, 1)) << "each call counts its own";
    EXPECT_EQ(held.stats().failures, 4u);
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
    EXPECT_GT(hook.wanted[0], 2048u);
    EXPECT_EQ(pool.stats().free.bytes, 2048u);
    EXPECT_EQ(pool.stats().failures, 0u);
}

TEST(HookTest, ReserveFailsWhenItGivesUp) {
    StrictBacking backing;
    Hook hook = {gives_up, {}, {}};
    const pba_setup setup = hook.setup();
    pba_options options = small_options();
    options.byte_limit = 16384;
    TestPool pool(options, &backing, &setup);
    EXPECT_EQ(pba_pool_reserve(pool.get(), ba_bytes(16384)).code, BA_LIMIT) << "with metadata";
    EXPECT_EQ(hook.attempts, Attempts{1});
    backing.refuse_from(1);
    EXPECT_EQ(pba_pool_reserve(pool.get(), ba_bytes(1)).code, BA_OUT_OF_MEMORY);
    backing.refuse_none();
    EXPECT_EQ(hook.attempts, Attempts(2, 1));
    EXPECT_EQ(pool.stats().failures, 2u);
    EXPECT_EQ(pool.stats().payload.bytes, 0u);
}

TEST(HookTest, IsAskedByReallocWhenNoOtherWayIsLeft) {
    StrictBackingOptions behaviour;
    behaviour.grows_in_place = true;
    behaviour.room = 65536;
    behaviour.remaps = true;
    StrictBacking backing(behaviour);
    Hook hook = {gives_up, {}, {}};
    const pba_setup setup = hook.setup();
    TestPool pool(small_options(), &backing, &setup);
    const ba_memory memory = pool.alloc(1024);
    backing.refuse_from(1);
    EXPECT_EQ(ba_memory_error(pool.realloc(memory, 4096)).code, BA_OUT_OF_MEMORY);
    backing.refuse_none();
    EXPECT_EQ(hook.attempts, Attempts{1});
    EXPECT_EQ(pool.stats().failures, 1u) << "however many ways were tried";
    EXPECT_EQ(pool.verify(), BA_OK);
    backing.refuse_nth(1);
    EXPECT_EQ(length_of(pool.realloc(memory, 4096)), 4096u);
    backing.refuse_none();
    EXPECT_EQ(hook.attempts, Attempts{1}) << "there was another way";
    EXPECT_EQ(pool.stats().failures, 1u);
}

TEST(HookTest, IsAskedOnceByAReallocThroughTheInterface) {
    StrictBackingOptions behaviour;
    behaviour.grows_in_place = true;
    behaviour.room = 65536;
    behaviour.remaps = true;
    StrictBacking backing(behaviour);
    Hook hook = {gives_up, {}, {}};
    const pba_setup setup = hook.setup();
    TestPool pool(small_options(), &backing, &setup);
    const ba_lock no_lock = {[](void *) {}, [](void *) {}, nullptr};
    ba_locked_allocator locked;
    ba_locked_allocator_init(&locked, pba_pool_allocator(pool.get()), no_lock);
    const ba_memory memory = pool.alloc(1024);
    std::size_t calls = 0;
    for (const ba_allocator view :
         {pba_pool_allocator(pool.get()), ba_locked_allocator_allocator(&locked)}) {
        backing.refuse_from(1);
        EXPECT_EQ(ba_memory_error(ba_realloc(view, memory, ba_align(1), ba_bytes(4096))).code,
                  BA_OUT_OF_MEMORY);
        backing.refuse_none();
        calls++;
        EXPECT_EQ(hook.attempts, Attempts(calls, 1));
        EXPECT_EQ(pool.stats().failures, calls) << "one refused call is one failure";
    }
    backing.refuse_nth(1);
    EXPECT_EQ(
        length_of(ba_realloc(pba_pool_allocator(pool.get()), memory, ba_align(1), ba_bytes(4096))),
        4096u);
    backing.refuse_none();
    EXPECT_EQ(pool.stats().failures, calls) << "there was another way";
}

// What is wrong with a freed span that was a whole chunk: after a realloc its new memory, which is
// longer, may lie where the span lay, and then it is that which is found there.
ba_error_code wrong_with_freed(const StrictBacking &backing, ba_memory memory, bool is_gone) {
    ba_error_code code = is_gone ? BA_FOREIGN : BA_DOUBLE_FREE;
    const char *const place = static_cast<const char *>(ba_memory_pointer(memory));
    backing.for_each_grant([&](const void *pointer, std::size_t length) {
        const char *const grant = static_cast<const char *>(pointer);
        if (length > ba_memory_length(memory).bytes && grant <= place && place < grant + length) {
            code = grant == place ? BA_SIZE_MISMATCH : BA_INTERIOR;
        }
    });
    return code;
}

// What calls do to a span that the hook frees before they are tried again.
TEST(HookTest, ASpanThatItFreesCannotBeResizedAnyMore) {
    const struct {
        const char *name;
        std::function<ba_error_code(TestPool *, ba_memory)> run;
    } calls[] = {
        {"resize",
         [](TestPool *pool, ba_memory memory) {
             return ba_length_result_error(pool->try_resize(memory, 4096)).code;
         }},
        {"grow_between",
         [](TestPool *pool, ba_memory memory) {
             return ba_length_result_error(pool->grow_between(memory, 4096, 5000)).code;
         }},
        {"remap", [](TestPool *pool,
                     ba_memory memory) { return ba_memory_error(pool->remap(memory, 4096)).code; }},
        {"realloc",
         [](TestPool *pool, ba_memory memory) {
             return ba_memory_error(pool->realloc(memory, 4096)).code;
         }},
    };
    for (const auto &call : calls) {
        for (const bool gives_chunk_back : {true, false}) {
            SCOPED_TRACE(call.name);
            StrictBackingOptions behaviour;
            behaviour.grows_in_place = true;
            behaviour.room = 65536;
            behaviour.remaps = true;
            StrictBacking backing(behaviour);
            MisuseRecorder misuse;
            TestPool *pool = nullptr;
            ba_memory memory = {};
            Hook hook = {[&](std::size_t) {
                             EXPECT_EQ(pool->free(memory), BA_OK);
                             if (gives_chunk_back) {
                                 EXPECT_EQ(pba_pool_trim(pool->get(), ba_bytes(0)).bytes, 1024u);
                             }
                             backing.refuse_none();
                             return PBA_RETRY;
                         },
                         {},
                         {}};
            // So that no grant but a chunk lies where the span was.
            StrictBacking elsewhere;
            const ba_allocator second = elsewhere.allocator();
            pba_setup setup = hook.setup();
            setup.metadata = &second;
            TestPool held(small_options(), &backing, &setup);
            pool = &held;
            memory = held.alloc(1024);
            backing.refuse_from(1);
            const ba_error_code code = call.run(&held, memory);
            if (std::string(call.name) == "realloc") {
                EXPECT_EQ(code, wrong_with_freed(backing, memory, gives_chunk_back));
            } else {
                EXPECT_EQ(code, gives_chunk_back ? BA_FOREIGN : BA_DOUBLE_FREE);
            }
            EXPECT_EQ(misuse.count(), 1u);
            EXPECT_EQ(misuse.take().find("pool: " + std::string(call.name) + "("), 0u);
            EXPECT_EQ(held.verify(), BA_OK);
            EXPECT_EQ(held.stats().in_use.bytes, 0u);
        }
    }
}

// --- what is left by longjmp or by an exception

std::jmp_buf way_out;

pba_hook_answer leave(void * /*context*/, ba_length /*wanted*/, std::size_t /*attempt*/) {
    std::longjmp(way_out, 1); // NOLINT(cert-err52-cpp): that it is C is what is tested
}

#if defined(__cpp_exceptions)
pba_hook_answer throw_it(void * /*context*/, ba_length wanted, std::size_t /*attempt*/) {
    throw wanted.bytes;
}
#endif

// Makes calls that fail until the hook leaves them.
bool is_left(void (*call)(TestPool *pool, ba_memory memory), TestPool *pool, ba_memory memory) {
    // NOLINTNEXTLINE(cert-err52-cpp): as above
    if (setjmp(way_out) == 0) {
#if defined(__cpp_exceptions)
        try {
            call(pool, memory);
        } catch (std::size_t) {
            return true;
        }
#else
        call(pool, memory);
#endif
        return false;
    }
    return true;
}

void (*const left_calls[])(TestPool *pool, ba_memory memory) = {
    [](TestPool *pool, ba_memory) { (void)ba_memory_is_none(pool->alloc(4096)); },
    [](TestPool *pool, ba_memory) {
        (void)ba_failed(pba_pool_reserve(pool->get(), ba_bytes(8192)));
    },
    [](TestPool *pool, ba_memory memory) { (void)pool->resize(memory, 4096); },
    [](TestPool *pool, ba_memory memory) {
        (void)ba_length_result_is_none(pool->grow_between(memory, 4096, 8192));
    },
    [](TestPool *pool, ba_memory memory) { (void)ba_memory_is_none(pool->remap(memory, 4096)); },
    [](TestPool *pool, ba_memory memory) { (void)ba_memory_is_none(pool->realloc(memory, 4096)); },
};

void goes_on_after(pba_hook_answer (*hook)(void *, ba_length, std::size_t)) {
    StrictBackingOptions behaviour;
    behaviour.grows_in_place = true;
    behaviour.room = 65536;
    behaviour.remaps = true;
    StrictBacking backing(behaviour);
    MisuseRecorder misuse;
    pba_setup setup = {};
    setup.hook.function = hook;
    pba_options options = small_options();
    options.guard = PBA_ON;
    TestPool pool(options, &backing, &setup);
    const ba_memory memory = pool.alloc(1024 - 64);
    for (const auto call : left_calls) {
        (void)pba_pool_trim(pool.get(), ba_bytes(0));
        const std::size_t bytes = backing.bytes();
        backing.refuse_from(1);
        EXPECT_TRUE(is_left(call, &pool, memory));
        backing.refuse_none();
        EXPECT_EQ(backing.bytes(), bytes);
        EXPECT_EQ(pool.verify(), BA_OK);
        EXPECT_EQ(pool.free(pool.alloc(1)), BA_OK);
    }
    EXPECT_EQ(pool.stats().failures, 0u) << "it was never said that there is no more";
    EXPECT_EQ(pool.free(memory), BA_OK);
    EXPECT_EQ(pba_pool_release_all(pool.get(), PBA_REPORT_IN_USE).code, BA_OK);
    EXPECT_EQ(misuse.count(), 0u);
}

TEST(HookTest, ThePoolGoesOnAfterALongjmpOutOfIt) {
    goes_on_after(leave);
}

#if defined(__cpp_exceptions)
TEST(HookTest, ThePoolGoesOnAfterAnExceptionOutOfIt) {
    goes_on_after(throw_it);
}
#endif

// --- pools over one another

pba_options parent_options() {
    pba_options options = small_options();
    options.block_size = 1024;
    options.backing_request_size = 8192;
    options.auto_shrink = PBA_AUTO_SHRINK_NEVER;
    return options;
}

pba_options child_options() {
    pba_options options = small_options();
    options.auto_shrink = PBA_AUTO_SHRINK_NEVER;
    return options;
}

TEST(HookOfAParentTest, TrimsItsChildren) {
    StrictBacking backing;
    MisuseRecorder misuse;
    TestPool *trimmed = nullptr;
    Hook hook = {[&](std::size_t attempt) {
                     EXPECT_EQ(pba_pool_trim(trimmed->get(), ba_bytes(0)).bytes, 4096u);
                     return attempt == 1 ? PBA_RETRY : PBA_GIVE_UP;
                 },
                 {},
                 {}};
    const pba_setup setup = hook.setup();
    TestPool parent(parent_options(), &backing, &setup);
    StrictBacking elsewhere;
    const ba_allocator second = elsewhere.allocator();
    pba_setup child_setup = {};
    child_setup.metadata = &second;
    {
        TestPool child(child_options(), ba_any_allocator_of(pba_pool_block_allocator(parent.get())),
                       &child_setup);
        trimmed = &child;
        const ba_memory memory = child.alloc(4096);
        EXPECT_EQ(child.free(memory), BA_OK);
        backing.refuse_from(1);
        EXPECT_EQ(length_of(parent.alloc(8192)), 8192u);
        EXPECT_EQ(hook.attempts, Attempts{1});
        backing.refuse_none();
        EXPECT_EQ(child.stats().payload.bytes, 0u);
        EXPECT_EQ(pba_pool_release_all(child.get(), PBA_REPORT_IN_USE).code, BA_OK);
    }
    EXPECT_EQ(parent.stats().in_use.bytes, 8192u) << "nothing was lost on the way";
    EXPECT_EQ(misuse.count(), 0u);
}

// The child whose allocation is the cause is busy. What lies in it can be freed all the same.
TEST(HookOfAParentTest, FreesInTheChildThatAsks) {
    for (const std::size_t length : {64U, 512U, 1024U}) {
        StrictBacking backing;
        MisuseRecorder misuse;
        TestPool *asking = nullptr;
        ba_memory memory = {};
        bool has_freed = false;
        Hook hook = {
            [&](std::size_t) {
                if (has_freed) {
                    return PBA_GIVE_UP;
                }
                has_freed = true;
                EXPECT_EQ(asking->free(memory), BA_OK);
                EXPECT_EQ(pba_pool_trim(asking->get(), ba_bytes(0)).bytes, 0u);
                EXPECT_EQ(pba_pool_shrink(asking->get(), pba_threshold_percent(0, 1)).bytes, 0u);
                EXPECT_EQ(pba_pool_decay(asking->get(), 1).bytes, 0u);
                EXPECT_EQ(pba_pool_purge(asking->get()).bytes, 0u);
                EXPECT_EQ(asking->verify(), BA_OK);
                EXPECT_EQ(asking->stats().in_use.bytes, 64u);
                EXPECT_EQ(misuse.count(), 0u);
                EXPECT_EQ(asking->free(memory), BA_DOUBLE_FREE);
                EXPECT_EQ(ba_memory_error(asking->alloc(1)).code, BA_IN_USE);
                EXPECT_EQ(pba_pool_release_all(asking->get(), PBA_ALLOW_IN_USE).code, BA_IN_USE);
                EXPECT_EQ(pba_pool_reset(asking->get(), ba_bytes(0)).bytes, 0u);
                EXPECT_EQ(misuse.errors(), (std::vector<ba_error_code>{BA_DOUBLE_FREE, BA_IN_USE,
                                                                       BA_IN_USE, BA_IN_USE}));
                return PBA_GIVE_UP;
            },
            {},
            {}};
        const pba_setup setup = hook.setup();
        TestPool parent(parent_options(), &backing, &setup);
        TestPool child(child_options(),
                       ba_any_allocator_of(pba_pool_block_allocator(parent.get())));
        asking = &child;
        const ba_memory other = child.alloc(64);
        memory = child.alloc(length);
        backing.refuse_from(1);
        EXPECT_EQ(ba_memory_error(child.alloc(20000)).code, BA_OUT_OF_MEMORY);
        backing.refuse_none();
        EXPECT_EQ(hook.attempts, length == 1024 ? (Attempts{1, 1}) : Attempts{1})
            << "asked once more where a chunk became free";
        EXPECT_EQ(child.verify(), BA_OK);
        EXPECT_EQ(child.free(other), BA_OK);
        EXPECT_EQ(child.stats().spans, 0u);
        EXPECT_GT(pba_pool_trim(child.get(), ba_bytes(0)).bytes, 0u) << "now it can go";
        EXPECT_EQ(child.stats().payload.bytes, 0u);
    }
}

// A chunk that was emptied while the child asked has to stay then, and goes before the child
// refuses.
TEST(HookOfAParentTest, AChunkThatItEmptiesInTheChildGoesAndTheParentIsAskedAgain) {
    StrictBacking backing;
    TestPool *asking = nullptr;
    std::vector<ba_memory> freed;
    Hook hook = {[&](std::size_t) {
                     for (const ba_memory &memory : freed) {
                         EXPECT_EQ(asking->free(memory), BA_OK);
                         EXPECT_EQ(asking->verify(), BA_OK);
                         EXPECT_EQ(asking->stats().chunks, 2u);
                     }
                     freed.clear();
                     return PBA_GIVE_UP;
                 },
                 {},
                 {}};
    const pba_setup setup = hook.setup();
    TestPool parent(parent_options(), &backing, &setup);
    pba_options options = child_options();
    options.auto_shrink = PBA_AUTO_SHRINK_AGGRESSIVE;
    options.shrink_kind = PBA_THRESHOLD_FLAT;
    options.shrink_min = 0;
    options.shrink_max = 1;
    TestPool child(options, ba_any_allocator_of(pba_pool_block_allocator(parent.get())));
    asking = &child;
    std::vector<ba_memory> spans;
    for (std::size_t i = 0; i < 32; i++) {
        spans.push_back(child.alloc(64));
    }
    EXPECT_EQ(child.stats().chunks, 2u);
    freed.assign(spans.begin(), spans.begin() + 18);
    backing.refuse_from(1);
    EXPECT_EQ(ba_memory_error(child.alloc(20000)).code, BA_OUT_OF_MEMORY);
    backing.refuse_none();
    EXPECT_EQ(hook.attempts, (Attempts{1, 1}));
    EXPECT_EQ(child.stats().chunks, 1u);
    EXPECT_EQ(child.verify(), BA_OK);
    for (std::size_t i = 18; i < 31; i++) {
        EXPECT_EQ(child.free(spans[i]), BA_OK);
    }
    EXPECT_EQ(child.stats().chunks, 1u) << "it has not become empty by one of these";
    EXPECT_EQ(child.free(spans[31]), BA_OK);
    EXPECT_EQ(child.stats().chunks, 0u);
}

TEST(HookOfAParentTest, ASpanThatItFreesInTheChildCannotGrowAnyMore) {
    StrictBackingOptions behaviour;
    behaviour.grows_in_place = true;
    behaviour.room = 65536;
    StrictBacking backing(behaviour);
    MisuseRecorder misuse;
    TestPool *asking = nullptr;
    ba_memory memory = {};
    Hook hook = {[&](std::size_t) {
                     EXPECT_EQ(asking->free(memory), BA_OK);
                     backing.refuse_none();
                     return PBA_RETRY;
                 },
                 {},
                 {}};
    const pba_setup setup = hook.setup();
    TestPool parent(parent_options(), &backing, &setup);
    StrictBacking elsewhere;
    const ba_allocator second = elsewhere.allocator();
    pba_setup child_setup = {};
    child_setup.metadata = &second;
    TestPool child(child_options(), ba_any_allocator_of(pba_pool_block_allocator(parent.get())),
                   &child_setup);
    asking = &child;
    memory = child.alloc(1024);
    backing.refuse_from(1);
    EXPECT_EQ(ba_length_result_error(child.try_resize(memory, 16384)).code, BA_DOUBLE_FREE);
    EXPECT_EQ(hook.attempts, Attempts{1});
    EXPECT_EQ(misuse.errors(), std::vector<ba_error_code>{BA_DOUBLE_FREE});
    EXPECT_EQ(child.stats().spans, 0u);
    EXPECT_EQ(child.stats().in_use.bytes, 0u);
    EXPECT_EQ(child.verify(), BA_OK);
}

// Growing in place asks the parent first, then new memory does. Another span of its chunk, which
// has as many blocks in use then as the one that was freed, stays where it is.
TEST(HookOfAParentTest, ASpanThatItFreesInTheChildIsNotMoved) {
    StrictBackingOptions behaviour;
    behaviour.remaps = true;
    StrictBacking backing(behaviour);
    MisuseRecorder misuse;
    TestPool *asking = nullptr;
    ba_memory memory = {};
    Hook hook = {[&](std::size_t) {
                     EXPECT_EQ(asking->free(memory), BA_OK);
                     backing.refuse_none();
                     return PBA_GIVE_UP;
                 },
                 {},
                 {}};
    const pba_setup setup = hook.setup();
    TestPool parent(parent_options(), &backing, &setup);
    TestPool child(child_options(), ba_any_allocator_of(pba_pool_block_allocator(parent.get())));
    asking = &child;
    EXPECT_EQ(pba_pool_reserve(child.get(), ba_bytes(8192)).code, BA_OK);
    const ba_memory other = child.alloc(4096);
    memory = child.alloc(4096);
    ASSERT_EQ(address_of(memory), address_of(other) + 4096) << "the last of their chunk";
    backing.refuse_from(1);
    EXPECT_EQ(ba_memory_error(child.realloc(memory, 16384)).code, BA_DOUBLE_FREE);
    EXPECT_EQ(hook.attempts, Attempts{1});
    EXPECT_EQ(misuse.errors(), std::vector<ba_error_code>{BA_DOUBLE_FREE});
    EXPECT_EQ(child.free(other), BA_OK);
    EXPECT_EQ(child.stats().spans, 0u);
    EXPECT_EQ(child.verify(), BA_OK);
}

// What is freed while the parent is asked is coalesced at once.
TEST(HookOfAParentTest, TheChildTellsItsLongestFreeSpan) {
    StrictBacking backing;
    TestPool *asking = nullptr;
    ba_memory memory = {};
    Hook hook = {[&](std::size_t) {
                     EXPECT_EQ(pba_pool_largest_free(asking->get()).bytes, 256u);
                     EXPECT_EQ(pba_pool_fragmentation(asking->get()), 0u);
                     EXPECT_EQ(asking->free(memory), BA_OK);
                     EXPECT_EQ(pba_pool_largest_free(asking->get()).bytes, 768u);
                     return PBA_GIVE_UP;
                 },
                 {},
                 {}};
    const pba_setup setup = hook.setup();
    TestPool parent(parent_options(), &backing, &setup);
    TestPool child(child_options(), ba_any_allocator_of(pba_pool_block_allocator(parent.get())));
    asking = &child;
    const ba_memory first = child.alloc(256);
    memory = child.alloc(512);
    const ba_memory last = child.alloc(256);
    EXPECT_EQ(child.free(first), BA_OK);
    backing.refuse_from(1);
    EXPECT_EQ(ba_memory_error(child.alloc(20000)).code, BA_OUT_OF_MEMORY);
    backing.refuse_none();
    EXPECT_EQ(hook.attempts, Attempts{1});
    EXPECT_EQ(pba_pool_largest_free(child.get()).bytes, 768u);
    EXPECT_EQ(child.free(last), BA_OK);
    EXPECT_EQ(pba_pool_largest_free(child.get()).bytes, 1024u);
}

TEST(HookOfAParentTest, AChildThatItLeavesByLongjmpSaysSo) {
    StrictBacking backing;
    MisuseRecorder misuse;
    pba_setup setup = {};
    setup.hook.function = leave;
    TestPool parent(parent_options(), &backing, &setup);
    pba_pool child;
    const pba_options options = child_options();
    ASSERT_EQ(pba_pool_init(&child, &options,
                            ba_any_allocator_of(pba_pool_block_allocator(parent.get())), nullptr),
              PBA_OPTIONS_OK);
    backing.refuse_from(1);
    // NOLINTNEXTLINE(cert-err52-cpp): as above
    if (setjmp(way_out) == 0) {
        (void)ba_memory_is_none(pba_pool_alloc(&child, ba_bytes(1), ba_align(1)));
        ADD_FAILURE() << "it is not left";
    }
    backing.refuse_none();
    EXPECT_EQ(misuse.count(), 0u);
    EXPECT_EQ(ba_memory_error(pba_pool_alloc(&child, ba_bytes(1), ba_align(1))).code, BA_IN_USE);
    EXPECT_EQ(pba_pool_release_all(&child, PBA_ALLOW_IN_USE).code, BA_IN_USE);
    EXPECT_EQ(misuse.errors(), std::vector<ba_error_code>(2, BA_IN_USE));
    EXPECT_EQ(ba_memory_error(parent.alloc(1)).code, BA_OK) << "the parent goes on";
}

// True if an allocation is left.
bool is_alloc_left(pba_pool *pool) {
    // NOLINTNEXTLINE(cert-err52-cpp): as above
    if (setjmp(way_out) == 0) {
        (void)ba_memory_is_none(pba_pool_alloc(pool, ba_bytes(1), ba_align(1)));
        return false;
    }
    return true;
}

// Leaves if `context`, a bool, says so.
pba_hook_answer leave_if_told(void *context, ba_length wanted, std::size_t attempt) {
    return *static_cast<const bool *>(context) ? leave(nullptr, wanted, attempt) : PBA_GIVE_UP;
}

// The same inside of the child's own hook, after which the child is to try again.
TEST(HookOfAParentTest, AChildThatItLeavesInTheHookOfTheChildSaysSo) {
    StrictBacking backing;
    MisuseRecorder misuse;
    bool leaves = false;
    pba_setup setup = {};
    setup.hook = {leave_if_told, &leaves};
    TestPool parent(parent_options(), &backing, &setup);
    pba_pool child;
    Hook hook = {[&](std::size_t) {
                     leaves = true;
                     EXPECT_TRUE(is_alloc_left(&child));
                     backing.refuse_none();
                     return PBA_RETRY;
                 },
                 {},
                 {}};
    const pba_setup child_setup = hook.setup();
    const pba_options options = child_options();
    ASSERT_EQ(pba_pool_init(&child, &options,
                            ba_any_allocator_of(pba_pool_block_allocator(parent.get())),
                            &child_setup),
              PBA_OPTIONS_OK);
    backing.refuse_from(1);
    EXPECT_EQ(ba_memory_error(pba_pool_alloc(&child, ba_bytes(1), ba_align(1))).code, BA_IN_USE);
    EXPECT_EQ(hook.attempts, Attempts{1});
    EXPECT_EQ(misuse.errors(), std::vector<ba_error_code>{BA_IN_USE});
    EXPECT_EQ(ba_memory_error(parent.alloc(1)).code, BA_OK) << "the parent goes on";
}

// A backing that calls the pool, whatever it is asked for.
class CallingBacking {
  public:
    explicit CallingBacking(const StrictBackingOptions &options) : backing_(options) {}

    ba_allocator allocator() { return ba_allocator_of(this, &table); }
    void call(pba_pool *pool) { pool_ = pool; }

    std::size_t calls() const { return calls_; }

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
        self.calls_++;
        EXPECT_EQ(ba_memory_error(pba_pool_alloc(self.pool_, ba_bytes(1), ba_align(1))).code,
                  BA_IN_USE)
            << operation;
        const ba_block_allocator view = pba_pool_block_allocator(self.pool_);
        EXPECT_EQ(view.context, self.pool_) << operation;
        EXPECT_EQ(ba_length_result_error(ba_block_discard(view, self.part())).code, BA_IN_USE)
            << operation;
        if (self.pool_->is_asking && std::string(operation) != "free") {
            EXPECT_EQ(pba_pool_verify(self.pool_).code, BA_OK) << operation;
        }
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
    // Some memory.
    ba_memory part() { return ba_memory_of(&byte_, ba_bytes(1)); }

    StrictBacking backing_;
    pba_pool *pool_ = nullptr;
    unsigned char byte_ = 0;
    std::string operations_;
    std::size_t calls_ = 0;
};

const ba_operations CallingBacking::table = {
    sizeof(ba_operations),
    block_size,
    alloc,
    resize,
    free,
    grow_between,
    remap,
    discard,
    nullptr,
    nullptr,
    nullptr,
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
    CallingBacking metadata({});
    MisuseRecorder misuse;
    const ba_allocator second = metadata.allocator();
    pba_setup setup = {};
    setup.metadata = &second;
    pba_options options = small_options();
    options.auto_shrink = PBA_AUTO_SHRINK_SIMPLE;
    options.shrink_min = 0;
    options.shrink_max = 1;
    TestPool pool(options, ba_any_allocator_of_exact(payload.allocator()), &setup);
    payload.call(pool.get());
    metadata.call(pool.get());

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
    metadata.take();
    // At the latest when the list that was full has given up what it has.
    for (std::size_t i = 0; i <= PBA_SPAN_CACHE_FIRST; i++) {
        EXPECT_EQ(ba_memory_error(pool.alloc(64)).code, BA_OK);
    }
    EXPECT_EQ(metadata.take(), "alloc") << "a longer span cache";
    payload.take();
    EXPECT_EQ(pba_pool_release_all(pool.get(), PBA_ALLOW_IN_USE).code, BA_OK);
    EXPECT_EQ(payload.take(), "free");
    EXPECT_EQ(misuse.errors(),
              std::vector<ba_error_code>(2 * (payload.calls() + metadata.calls()), BA_IN_USE));
}

// An error that is no lack of memory ends a call at once: there is no other way, and nobody is
// asked.
TEST(BackingTest, AnotherErrorThanARefusalIsTheResult) {
    ScriptedAllocator backing;
    StrictBacking metadata;
    const ba_allocator second = metadata.allocator();
    Hook hook = {[](std::size_t) { return PBA_RETRY; }, {}, {}};
    pba_setup setup = hook.setup();
    setup.metadata = &second;
    TestPool pool(small_options(), ba_any_allocator_of_exact(backing.allocator()), &setup);
    backing.will_return(backing.a(1024));
    const ba_memory memory = pool.alloc(1024);
    backing.take_calls();
    const pba_stats before = pool.stats();

    backing.will_refuse_resize(BA_IN_USE);
    EXPECT_EQ(ba_memory_error(pool.realloc(memory, 2048)).code, BA_IN_USE);
    EXPECT_EQ(backing.take_calls().find("; "), std::string::npos) << "one call";
    backing.will_refuse_alloc(BA_IN_USE);
    EXPECT_EQ(pba_pool_reserve(pool.get(), ba_bytes(2048)).code, BA_IN_USE);
    EXPECT_EQ(backing.take_calls().find("; "), std::string::npos) << "no pieces";
    EXPECT_EQ(hook.attempts, Attempts{});
    EXPECT_EQ(pool.stats().payload.bytes, before.payload.bytes);
    EXPECT_EQ(pool.stats().in_use.bytes, 1024u);
    EXPECT_EQ(pool.verify(), BA_OK);
    backing.will_return(ba_error_of(BA_OK));
    EXPECT_EQ(pba_pool_release_all(pool.get(), PBA_ALLOW_IN_USE).code, BA_OK);
    EXPECT_EQ(metadata.bytes(), 0u);
}

// Where pieces are refused too, why the whole was is what counts.
TEST(BackingTest, AReserveThatPiecesDoNotHelpNamesTheReasonOfTheWhole) {
    ScriptedAllocator backing;
    StrictBacking metadata;
    const ba_allocator second = metadata.allocator();
    pba_setup setup = {};
    setup.metadata = &second;
    TestPool pool(small_options(), ba_any_allocator_of_exact(backing.allocator()), &setup);
    backing.will_refuse_alloc(BA_LIMIT);         // 4096 bytes
    backing.will_refuse_alloc(BA_OUT_OF_MEMORY); // 2048
    backing.will_refuse_alloc(BA_OUT_OF_MEMORY); // 1024
    EXPECT_EQ(pba_pool_reserve(pool.get(), ba_bytes(4096)).code, BA_LIMIT);
    const std::string calls = backing.take_calls();
    EXPECT_EQ(std::count(calls.begin(), calls.end(), ';'), 2) << calls;
    EXPECT_EQ(pool.stats().payload.bytes, 0u);
    EXPECT_EQ(metadata.bytes(), 0u);
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

// Runs a function for each item of a walk.
void walk_with(TestPool *pool, const std::function<void(const pba_walk_item &)> &show) {
    pba_pool_walk(
        pool->get(),
        [](void *context, const pba_walk_item *item) {
            (*static_cast<const std::function<void(const pba_walk_item &)> *>(context))(*item);
        },
        const_cast<std::function<void(const pba_walk_item &)> *>(&show));
}

TEST(WalkTest, ItsFunctionMayFreeWhatIsShown) {
    for (const pba_auto_shrink shrink : {PBA_AUTO_SHRINK_NEVER, PBA_AUTO_SHRINK_AGGRESSIVE}) {
        StrictBacking backing;
        pba_options options = small_options();
        options.auto_shrink = shrink;
        options.shrink_min = 0;
        options.shrink_max = 1;
        TestPool pool(options, &backing);
        std::size_t made = 0;
        for (std::size_t i = 0; i < 500; i++) {
            EXPECT_EQ(ba_memory_error(pool.alloc(1 + i * 31 % 700)).code, BA_OK);
            made++;
        }
        std::uintptr_t last = 0;
        std::size_t freed = 0;
        walk_with(&pool, [&](const pba_walk_item &item) {
            const auto address = reinterpret_cast<std::uintptr_t>(item.pointer);
            EXPECT_GT(address, last);
            last = address;
            if (item.kind == PBA_WALK_LIVE) {
                const ba_memory memory =
                    ba_memory_of(const_cast<void *>(item.pointer), item.length);
                EXPECT_EQ(pool.free(memory), BA_OK);
                freed++;
            }
        });
        EXPECT_EQ(freed, made);
        EXPECT_EQ(pool.verify(), BA_OK);
        EXPECT_EQ(pool.stats().in_use.bytes, 0u);
    }
}

TEST(WalkTest, ItsFunctionMayReleaseThePool) {
    StrictBacking backing;
    TestPool pool(small_options(), &backing);
    for (int i = 0; i < 3; i++) {
        EXPECT_EQ(ba_memory_error(pool.alloc(1024)).code, BA_OK);
    }
    std::size_t shown = 0;
    walk_with(&pool, [&](const pba_walk_item &) {
        shown++;
        EXPECT_EQ(pba_pool_release_all(pool.get(), PBA_ALLOW_IN_USE).code, BA_OK);
    });
    EXPECT_EQ(shown, 1u);
    EXPECT_EQ(backing.grants(), 0u);
}

TEST(WalkTest, EndsAlthoughItsFunctionAllocatesEachTime) {
    StrictBacking backing;
    TestPool pool(small_options(), &backing);
    EXPECT_EQ(ba_memory_error(pool.alloc(1)).code, BA_OK);
    std::size_t shown = 0;
    walk_with(&pool, [&](const pba_walk_item &) {
        ASSERT_LT(shown++, 1000u);
        EXPECT_EQ(ba_memory_error(pool.alloc(1024)).code, BA_OK);
        EXPECT_EQ(ba_memory_error(pool.alloc(64)).code, BA_OK);
    });
    EXPECT_GE(shown, 2u);
    EXPECT_EQ(pool.verify(), BA_OK);
}

TEST(WalkTest, GoesOnBehindASpanThatGrewAroundItsPlace) {
    StrictBacking backing;
    TestPool pool(small_options(), &backing);
    std::vector<ba_memory> spans;
    for (int i = 0; i < 16; i++) {
        spans.push_back(pool.alloc(64));
    }
    std::sort(spans.begin(), spans.end(),
              [](ba_memory a, ba_memory b) { return address_of(a) < address_of(b); });
    std::vector<std::uintptr_t> shown;
    walk_with(&pool, [&](const pba_walk_item &item) {
        shown.push_back(reinterpret_cast<std::uintptr_t>(item.pointer));
        if (shown.size() == 1) {
            EXPECT_EQ(pool.free(spans[1]), BA_OK);
            EXPECT_EQ(pool.resize(spans[0], 128), 128u);
        }
    });
    std::vector<std::uintptr_t> expected;
    for (std::size_t i = 0; i < 16; i++) {
        if (i != 1) {
            expected.push_back(address_of(spans[0]) + i * 64);
        }
    }
    EXPECT_EQ(shown, expected);
}

TEST(WalkTest, MayBeLeft) {
    StrictBacking backing;
    TestPool pool(small_options(), &backing);
    const ba_memory memory = pool.alloc(1);
    // NOLINTNEXTLINE(cert-err52-cpp): that it is C is what is tested
    if (setjmp(way_out) == 0) {
        pba_pool_walk(
            pool.get(),
            [](void *, const pba_walk_item *) {
                std::longjmp(way_out, 1); // NOLINT(cert-err52-cpp): as above
            },
            nullptr);
        ADD_FAILURE() << "it is not left";
    }
    EXPECT_EQ(pool.free(memory), BA_OK);
#if defined(__cpp_exceptions)
    EXPECT_THROW(pba_pool_walk(
                     pool.get(), [](void *, const pba_walk_item *) { throw 1; }, nullptr),
                 int);
#endif
    EXPECT_EQ(pba_pool_release_all(pool.get(), PBA_REPORT_IN_USE).code, BA_OK);
}

// Pools change in any way between two items: what has not changed is shown once, in its place.
TEST(WalkTest, WhatHasNotChangedIsShownOnce) {
    for (unsigned seed = 1; seed <= 60; seed++) {
        SCOPED_TRACE(seed);
        std::minstd_rand random(seed);
        const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
        StrictBackingOptions behaviour;
        behaviour.grows_in_place = seed % 3 != 0;
        behaviour.room = 4096;
        StrictBacking backing(behaviour);
        pba_options options = small_options();
        options.auto_shrink = seed % 2 == 0 ? PBA_AUTO_SHRINK_SIMPLE : PBA_AUTO_SHRINK_NEVER;
        options.shrink_min = 0;
        options.shrink_max = 1;
        TestPool pool(options, &backing);
        struct Span {
            ba_memory memory;
            bool is_old;
            std::size_t shown;
        };
        std::vector<Span> spans;
        for (int i = 0; i < 80; i++) {
            spans.push_back({pool.alloc(1 + below(i % 8 == 0 ? 2000 : 300)), true, 0});
            if (below(4) == 0) {
                const std::size_t gone = below(spans.size());
                EXPECT_EQ(pool.free(spans[gone].memory), BA_OK);
                spans.erase(spans.begin() + static_cast<std::ptrdiff_t>(gone));
            }
        }
        const auto change = [&] {
            switch (below(6)) {
            case 0:
            case 1:
                if (!spans.empty()) {
                    const std::size_t gone = below(spans.size());
                    EXPECT_EQ(pool.free(spans[gone].memory), BA_OK);
                    spans.erase(spans.begin() + static_cast<std::ptrdiff_t>(gone));
                }
                break;
            case 2:
                spans.push_back({pool.alloc(1 + below(400)), false, 0});
                break;
            case 3:
                if (!spans.empty()) {
                    Span &span = spans[below(spans.size())];
                    span.memory = pool.realloc(span.memory, 1 + below(3000));
                    span.is_old = false;
                }
                break;
            case 4:
                (void)pba_pool_trim(pool.get(), ba_bytes(below(2000)));
                break;
            default:
                walk_with(&pool, [](const pba_walk_item &) {});
                break;
            }
        };
        std::uintptr_t last = 0;
        walk_with(&pool, [&](const pba_walk_item &item) {
            EXPECT_GT(reinterpret_cast<std::uintptr_t>(item.pointer), last);
            last = reinterpret_cast<std::uintptr_t>(item.pointer);
            for (Span &span : spans) {
                if (item.kind == PBA_WALK_LIVE && ba_memory_pointer(span.memory) == item.pointer) {
                    EXPECT_EQ(item.length.bytes, length_of(span.memory));
                    span.shown++;
                }
            }
            for (std::size_t changes = below(3); changes > 0; changes--) {
                change();
            }
        });
        for (const Span &span : spans) {
            EXPECT_TRUE(!span.is_old || span.shown == 1) << span.shown;
        }
        EXPECT_EQ(pool.verify(), BA_OK);
    }
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

// --- what the fast path may not leave out

// True if all bytes of free memory are this one.
bool is_all(ba_memory memory, unsigned char byte) {
    const unsigned char *const first = bytes_of(memory);
    ba_instrument_inspect(first, ba_memory_length(memory));
    const bool all = std::all_of(first, first + ba_memory_length(memory).bytes,
                                 [byte](unsigned char is) { return is == byte; });
    ba_instrument_free(first, ba_memory_length(memory));
    return all;
}

TEST(FastPathTest, Wipes) {
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

TEST(FastPathTest, FillsAndLooksAtTheFill) {
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

TEST(FastPathTest, KeepsTheCallSite) {
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
