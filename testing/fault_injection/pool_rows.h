// The functions of a pool as rows, for one front end. A template, because a pool type's functions
// have names of their own: FAILURES_POOL is the type and the prefix, FAILURES_NAMES is how the
// header spells that prefix. Makes FAILURES_POOL_suite(kind).
#include <cstdint>
#include <string>
#include <vector>

#include "testing/fault_injection/pool_fixture.h"

#define JOIN_AGAIN_(a, b) a##_##b
#define JOIN_(a, b) JOIN_AGAIN_(a, b)
#define POOL_(function) JOIN_(FAILURES_POOL, function)
#define NAME_(function) FAILURES_NAMES "_" #function
#define FIXTURE_ failures::PoolFixture<FAILURES_POOL>
#define ROW_ failures::Entry<FIXTURE_>

// What asks the backing. Where it says kMayRecover, a slab of records that is refused may be a
// shorter one. `growth` is what becomes of making a span longer.
static std::vector<ROW_> POOL_(growing_rows)(failures::Contract growth) {
    using failures::Contract;
    using failures::usual_alignment;
    constexpr std::size_t kMuch = 5000;
    constexpr std::size_t kMore = 6000;
    const auto site = [] { return ba_call_site_of_text("pool_rows"); };
    return {
        {NAME_(alloc), Contract::kMayRecover,
         [](FIXTURE_ &w) {
             return w.made.hold(POOL_(alloc)(&w.pool, ba_bytes(kMuch), usual_alignment()));
         }},
        {NAME_(alloc_at), Contract::kMayRecover,
         [site](FIXTURE_ &w) {
             return w.made.hold(
                 POOL_(alloc_at)(&w.pool, ba_bytes(kMuch), usual_alignment(), site()));
         }},
        {NAME_(resize), growth,
         [](FIXTURE_ &w) {
             return w.third.resized(
                 POOL_(resize)(&w.pool, w.third.memory(), usual_alignment(), ba_bytes(kMuch)));
         }},
        {NAME_(resize_at), growth,
         [site](FIXTURE_ &w) {
             return w.third.resized(POOL_(resize_at)(&w.pool, w.third.memory(), usual_alignment(),
                                                     ba_bytes(kMuch), site()));
         }},
        {NAME_(grow_between), growth,
         [](FIXTURE_ &w) {
             return w.third.resized(POOL_(grow_between)(
                 &w.pool, w.third.memory(), usual_alignment(), ba_bytes(kMuch), ba_bytes(kMore)));
         }},
        {NAME_(grow_between_at), growth,
         [site](FIXTURE_ &w) {
             return w.third.resized(POOL_(grow_between_at)(&w.pool, w.third.memory(),
                                                           usual_alignment(), ba_bytes(kMuch),
                                                           ba_bytes(kMore), site()));
         }},
        {NAME_(remap), growth,
         [](FIXTURE_ &w) {
             return w.first.moved(
                 POOL_(remap)(&w.pool, w.first.memory(), usual_alignment(), ba_bytes(kMuch)));
         }},
        {NAME_(remap_at), growth,
         [site](FIXTURE_ &w) {
             return w.first.moved(POOL_(remap_at)(&w.pool, w.first.memory(), usual_alignment(),
                                                  ba_bytes(kMuch), site()));
         }},
        {NAME_(realloc), Contract::kMayRecover,
         [](FIXTURE_ &w) {
             return w.second.moved(
                 POOL_(realloc)(&w.pool, w.second.memory(), usual_alignment(), ba_bytes(kMuch)));
         }},
        {NAME_(realloc_at), Contract::kMayRecover,
         [site](FIXTURE_ &w) {
             return w.second.moved(POOL_(realloc_at)(&w.pool, w.second.memory(), usual_alignment(),
                                                     ba_bytes(kMuch), site()));
         }},
        {NAME_(reserve), Contract::kMayRecover,
         [](FIXTURE_ &w) { return POOL_(reserve)(&w.pool, ba_bytes(kMuch)).code; }},
    };
}

// Memory ahead, from a backing that has it only in pieces.
static std::vector<ROW_> POOL_(piece_rows)() {
    return {{NAME_(reserve), failures::Contract::kMayRecover, [](FIXTURE_ &w) {
                 const std::size_t has = pba_pool_stats(failures::core_of(&w.pool)).free.bytes;
                 return POOL_(reserve)(&w.pool, ba_bytes(has + 6 * w.request_length())).code;
             }}};
}

// One allocation that needs a chunk.
static std::vector<ROW_> POOL_(chunk_rows)(failures::Contract contract) {
    return {{NAME_(alloc_at), contract, [](FIXTURE_ &w) {
                 return w.made.hold(POOL_(alloc_at)(
                     &w.pool, ba_bytes(1), failures::usual_alignment(), ba_call_site_none()));
             }}};
}

// What changes spans and asks nobody.
static std::vector<ROW_> POOL_(shrinking_rows)() {
    using failures::Contract;
    using failures::usual_alignment;
    const auto site = [] { return ba_call_site_of_text("pool_rows"); };
    return {
        {NAME_(alloc), Contract::kNeedsNone,
         [](FIXTURE_ &w) {
             return w.made.hold(POOL_(alloc)(&w.pool, ba_bytes(1), usual_alignment()));
         }},
        {NAME_(alloc_at), Contract::kNeedsNone,
         [site](FIXTURE_ &w) {
             return w.made.hold(POOL_(alloc_at)(&w.pool, ba_bytes(1), usual_alignment(), site()));
         }},
        {NAME_(resize), Contract::kNeedsNone,
         [](FIXTURE_ &w) {
             return w.third.resized(
                 POOL_(resize)(&w.pool, w.third.memory(), usual_alignment(), ba_bytes(1)));
         }},
        {NAME_(resize_at), Contract::kNeedsNone,
         [site](FIXTURE_ &w) {
             return w.third.resized(POOL_(resize_at)(&w.pool, w.third.memory(), usual_alignment(),
                                                     ba_bytes(1), site()));
         }},
        {NAME_(grow_between), Contract::kNeedsNone,
         [](FIXTURE_ &w) {
             return w.third.resized(POOL_(grow_between)(
                 &w.pool, w.third.memory(), usual_alignment(), ba_bytes(300), ba_bytes(5000)));
         }},
        {NAME_(grow_between_at), Contract::kNeedsNone,
         [site](FIXTURE_ &w) {
             return w.third.resized(POOL_(grow_between_at)(&w.pool, w.third.memory(),
                                                           usual_alignment(), ba_bytes(300),
                                                           ba_bytes(5000), site()));
         }},
        {NAME_(remap), Contract::kNeedsNone,
         [](FIXTURE_ &w) {
             return w.first.moved(
                 POOL_(remap)(&w.pool, w.first.memory(), usual_alignment(), ba_bytes(1)));
         }},
        {NAME_(remap_at), Contract::kNeedsNone,
         [site](FIXTURE_ &w) {
             return w.first.moved(POOL_(remap_at)(&w.pool, w.first.memory(), usual_alignment(),
                                                  ba_bytes(1), site()));
         }},
        {NAME_(realloc), Contract::kNeedsNone,
         [](FIXTURE_ &w) {
             return w.first.moved(
                 POOL_(realloc)(&w.pool, w.first.memory(), usual_alignment(), ba_bytes(1)));
         }},
        {NAME_(realloc_at), Contract::kNeedsNone,
         [site](FIXTURE_ &w) {
             return w.first.moved(POOL_(realloc_at)(&w.pool, w.first.memory(), usual_alignment(),
                                                    ba_bytes(1), site()));
         }},
        {NAME_(free), Contract::kNeedsNone,
         [](FIXTURE_ &w) {
             return w.first.freed(POOL_(free)(&w.pool, w.first.memory(), usual_alignment()));
         }},
        {NAME_(free_at), Contract::kNeedsNone,
         [site](FIXTURE_ &w) {
             return w.third.freed(
                 POOL_(free_at)(&w.pool, w.third.memory(), usual_alignment(), site()));
         }},
    };
}

// What keeps and gives back.
static std::vector<ROW_> POOL_(policy_rows)() {
    using failures::Contract;
    return {
        {NAME_(reserve), Contract::kNeedsNone,
         [](FIXTURE_ &w) { return POOL_(reserve)(&w.pool, ba_bytes(1)).code; }},
        {NAME_(shrink), Contract::kNeedsNone,
         [](FIXTURE_ &w) {
             (void)POOL_(shrink)(&w.pool, pba_threshold_percent(0, 1));
             return BA_OK;
         }},
        {NAME_(trim), Contract::kNeedsNone,
         [](FIXTURE_ &w) {
             (void)POOL_(trim)(&w.pool, ba_bytes(0));
             return BA_OK;
         }},
        {NAME_(reset), Contract::kNeedsNone,
         [](FIXTURE_ &w) {
             (void)POOL_(reset)(&w.pool, ba_bytes(0));
             w.forget();
             return BA_OK;
         }},
        {NAME_(purge), Contract::kNeedsNone,
         [](FIXTURE_ &w) {
             (void)POOL_(purge)(&w.pool);
             return BA_OK;
         }},
        {NAME_(decay), Contract::kNeedsNone,
         [](FIXTURE_ &w) {
             (void)POOL_(decay)(&w.pool, std::uint64_t{1000});
             return BA_OK;
         }},
        {NAME_(release_all), Contract::kNeedsNone,
         [](FIXTURE_ &w) {
             w.forget();
             return POOL_(release_all)(&w.pool, PBA_ALLOW_IN_USE).code;
         }},
    };
}

// What looks.
static std::vector<ROW_> POOL_(looking_rows)() {
    using failures::Contract;
    return {
        {NAME_(allocator), Contract::kNeedsNone,
         [](FIXTURE_ &w) {
             EXPECT_EQ(ba_owns(POOL_(allocator)(&w.pool), w.first.pointer()), BA_OWNS);
             return BA_OK;
         }},
        {NAME_(block_allocator), Contract::kNeedsNone,
         [](FIXTURE_ &w) {
             EXPECT_EQ(ba_block_owns(POOL_(block_allocator)(&w.pool), w.first.pointer()), BA_OWNS);
             return BA_OK;
         }},
        {NAME_(stats), Contract::kNeedsNone,
         [](FIXTURE_ &w) {
             EXPECT_GT(POOL_(stats)(&w.pool).in_use.bytes, 0u);
             return BA_OK;
         }},
        {NAME_(largest_free), Contract::kNeedsNone,
         [](FIXTURE_ &w) {
             EXPECT_GT(POOL_(largest_free)(&w.pool).bytes, 0u);
             return BA_OK;
         }},
        {NAME_(fragmentation), Contract::kNeedsNone,
         [](FIXTURE_ &w) {
             EXPECT_LT(POOL_(fragmentation)(&w.pool), 100u);
             return BA_OK;
         }},
        {NAME_(owns), Contract::kNeedsNone,
         [](FIXTURE_ &w) {
             EXPECT_TRUE(POOL_(owns)(&w.pool, w.first.pointer()));
             return BA_OK;
         }},
        {NAME_(usable_len), Contract::kNeedsNone,
         [](FIXTURE_ &w) {
             return ba_length_result_error(POOL_(usable_len)(&w.pool, w.first.pointer())).code;
         }},
        {NAME_(walk), Contract::kNeedsNone,
         [](FIXTURE_ &w) {
             std::size_t shown = 0;
             const auto count = [](void *context, const pba_walk_item *) {
                 ++*static_cast<std::size_t *>(context);
             };
             POOL_(walk)(&w.pool, count, &shown);
             EXPECT_GT(shown, 2u);
             return BA_OK;
         }},
        {NAME_(verify), Contract::kNeedsNone,
         [](FIXTURE_ &w) { return POOL_(verify)(&w.pool).code; }},
    };
}

static failures::Suite<FIXTURE_> POOL_(suite)(const failures::PoolKind<FAILURES_POOL> &kind) {
    using failures::Contract;
    failures::Suite<FIXTURE_> suite(kind.name, [kind] { return std::make_unique<FIXTURE_>(kind); });
    const auto nothing = [](FIXTURE_ &) {};
    const auto three = [](FIXTURE_ &w) { w.hold_three(); };
    suite.in("three spans", three, POOL_(growing_rows)(kind.growth))
        .in("less of three spans", three, POOL_(shrinking_rows)())
        .in("policy", three, POOL_(policy_rows)())
        .in("look", three, POOL_(looking_rows)())
        .in(
            "pieces only",
            [](FIXTURE_ &w) {
                w.hold_three();
                w.backing.grant_at_most(2 * w.request_length());
            },
            POOL_(piece_rows)())
        .in("nothing yet", nothing, POOL_(chunk_rows)(kind.first));
    suite.in(
        "a freed chunk",
        [](FIXTURE_ &w) {
            w.hold_three();
            w.free(&w.first);
        },
        POOL_(policy_rows)());
    // At some counts of chunks a table is full, or a slab of records.
    for (std::size_t chunks = 1; chunks <= 40; chunks++) {
        suite.in(
            std::to_string(chunks) + " chunks",
            [chunks](FIXTURE_ &w) { w.hold_many(chunks, w.chunk_length()); },
            POOL_(chunk_rows)(Contract::kMayRecover));
    }
    if (!kind.has_guard) {
        suite.in(
            "a cache that grows", [](FIXTURE_ &w) { w.fill_cache(); },
            POOL_(chunk_rows)(Contract::kOptional));
    }
    return suite;
}

#undef ROW_
#undef FIXTURE_
#undef NAME_
#undef POOL_
#undef JOIN_
#undef JOIN_AGAIN_
#undef FAILURES_POOL
#undef FAILURES_NAMES
