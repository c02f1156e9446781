// A locked pool and a type with PBA_THREADS_LOCKED, in one thread: what the lock is held for.
#include "pba/locked_pool.h"

#include <csetjmp>
#include <functional>
#include <string>
#include <vector>

#include "block_allocator/forwarding/logging_allocator.h"
#include "testing/counting_lock.h"
#include "testing/misuse_recorder.h"
#include "testing/pool/pool_fixture.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

#define PBA_NAME locked_type
#define PBA_BLOCK_SIZE 64
#define PBA_BACKING_REQUEST_SIZE 1024
#define PBA_SAFETY PBA_SAFETY_ALWAYS
#define PBA_SEVERITY BA_SEVERITY_LOG
#define PBA_THREADS PBA_THREADS_LOCKED
#include "pba/define.h"

#if defined(PBA_THREADS)
#error "a parameter is still defined"
#endif

#define PBA_NAME locked_without_cache
#define PBA_BLOCK_SIZE 64
#define PBA_SPAN_CACHE PBA_OFF
#define PBA_THREADS PBA_THREADS_LOCKED
#include "pba/define.h"

#define PBA_NAME single_type
#define PBA_THREADS PBA_THREADS_SINGLE
#include "pba/define.h"

namespace {

using ba_testing::CountingLock;
using ba_testing::MisuseRecorder;
using ba_testing::StrictBacking;
using ba_testing::StrictBackingOptions;
using pba_testing::small_options;

const ba_alignment kByte = ba_align(1);

static_assert(sizeof(single_type) == sizeof(pba_pool) + sizeof(pba_span_cache),
              "a pool for one thread has no lock");
static_assert(sizeof(locked_type) == sizeof(ba_lock) + sizeof(pba_pool) + sizeof(pba_span_cache),
              "a locked one has a lock more");
static_assert(sizeof(locked_without_cache) == sizeof(pba_locked_pool), "and may have no cache");

// A pool of either kind over a backing that can do everything, and that is called with the lock held
// only.
template <class Pool>
struct Fixture {
    Fixture();
    ~Fixture() {
        EXPECT_GT(events, 0);
        EXPECT_FALSE(lock.is_held());
    }

    static StrictBackingOptions everything() {
        StrictBackingOptions options;
        options.block_size = 64;
        options.grows_in_place = true;
        options.room = 4096;
        options.remaps = true;
        options.discards = true;
        return options;
    }
    static void expect_held(void *context, const ba_log_event * /*event*/) {
        Fixture &self = *static_cast<Fixture *>(context);
        self.events++;
        EXPECT_TRUE(self.lock.is_held()) << "the backing is called without the lock";
    }
    ba_allocator allocator() {
        ba_logging_allocator_init(&logging, backing.allocator(), {expect_held, this});
        return ba_logging_allocator_allocator(&logging);
    }

    StrictBacking backing{everything()};
    CountingLock lock;
    int events = 0;
    ba_logging_allocator logging = {};
    Pool pool;
    ba_memory span = ba_memory_none(ba_error_of(BA_OK));
};

template <>
Fixture<pba_locked_pool>::Fixture() {
    const pba_options options = small_options();
    EXPECT_EQ(pba_locked_pool_init(&pool, &options, ba_any_allocator_of(allocator()), lock.lock(),
                                   nullptr),
              PBA_OPTIONS_OK);
}

template <>
Fixture<locked_type>::Fixture() : pool(locked_type_new(allocator(), lock.lock())) {}

pba_locked_pool *base_of(pba_locked_pool *pool) {
    return pool;
}
pba_locked_pool *base_of(locked_type *pool) {
    return &pool->locked;
}

template <class Pool>
struct Call {
    const char *name;
    std::function<void(Fixture<Pool> &w)> call;
};

std::size_t length_of(ba_length_result result) {
    return ba_length_result_length(result).bytes;
}

void count_item(void *context, const pba_walk_item * /*item*/) {
    ++*static_cast<int *>(context);
}

// Each function of a pool in turn, of either kind: F(alloc) is its function of that name.
#define EACH_CALL_(Pool, F)                                                                        \
    std::vector<Call<Pool>> {                                                                      \
        {"alloc", [](Fixture<Pool> &w) { w.span = F(alloc)(&w.pool, ba_bytes(100), kByte); }},     \
            {"resize",                                                                             \
             [](Fixture<Pool> &w) {                                                                \
                 EXPECT_EQ(length_of(F(resize)(&w.pool, w.span, kByte, ba_bytes(200))), 256u);     \
                 w.span = ba_memory_of(ba_memory_pointer(w.span), ba_bytes(256));                  \
             }},                                                                                   \
            {"grow_between",                                                                       \
             [](Fixture<Pool> &w) {                                                                \
                 EXPECT_EQ(length_of(F(grow_between)(&w.pool, w.span, kByte, ba_bytes(257),        \
                                                     ba_bytes(300))),                              \
                           320u);                                                                  \
                 w.span = ba_memory_of(ba_memory_pointer(w.span), ba_bytes(320));                  \
             }},                                                                                   \
            {"remap",                                                                              \
             [](Fixture<Pool> &w) {                                                                \
                 w.span = F(remap)(&w.pool, w.span, kByte, ba_bytes(8000));                        \
                 EXPECT_EQ(ba_memory_length(w.span).bytes, 8000u);                                 \
             }},                                                                                   \
            {"realloc",                                                                            \
             [](Fixture<Pool> &w) {                                                                \
                 w.span = F(realloc)(&w.pool, w.span, kByte, ba_bytes(20000));                     \
                 EXPECT_EQ(ba_memory_length(w.span).bytes, 20032u);                                \
             }},                                                                                   \
            {"owns",                                                                               \
             [](Fixture<Pool> &w) { EXPECT_TRUE(F(owns)(&w.pool, ba_memory_pointer(w.span))); }},  \
            {"usable_len",                                                                         \
             [](Fixture<Pool> &w) {                                                                \
                 EXPECT_EQ(length_of(F(usable_len)(&w.pool, ba_memory_pointer(w.span))), 20032u);  \
             }},                                                                                   \
            {"stats",                                                                              \
             [](Fixture<Pool> &w) { EXPECT_EQ(F(stats)(&w.pool).in_use.bytes, 20032u); }},         \
            {"walk",                                                                               \
             [](Fixture<Pool> &w) {                                                                \
                 int items = 0;                                                                    \
                 F(walk)(&w.pool, count_item, &items);                                             \
                 EXPECT_GT(items, 0);                                                              \
             }},                                                                                   \
            {"free",                                                                               \
             [](Fixture<Pool> &w) { EXPECT_EQ(F(free)(&w.pool, w.span, kByte).code, BA_OK); }},    \
            {"reserve",                                                                            \
             [](Fixture<Pool> &w) {                                                                \
                 EXPECT_EQ(F(reserve)(&w.pool, ba_bytes(50000)).code, BA_OK);                      \
             }},                                                                                   \
            {"largest_free",                                                                       \
             [](Fixture<Pool> &w) { EXPECT_GT(F(largest_free)(&w.pool).bytes, 20000u); }},         \
            {"fragmentation",                                                                      \
             [](Fixture<Pool> &w) { EXPECT_LT(F(fragmentation)(&w.pool), 100u); }},                \
            {"purge", [](Fixture<Pool> &w) { EXPECT_GT(F(purge)(&w.pool).bytes, 0u); }},           \
            {"decay", [](Fixture<Pool> &w) { EXPECT_EQ(F(decay)(&w.pool, 1).bytes, 0u); }},        \
            {"verify", [](Fixture<Pool> &w) { EXPECT_EQ(F(verify)(&w.pool).code, BA_OK); }},       \
            {"shrink",                                                                             \
             [](Fixture<Pool> &w) {                                                                \
                 EXPECT_GT(F(shrink)(&w.pool, pba_threshold_percent(0, 99)).bytes, 0u);            \
             }},                                                                                   \
            {"reset", [](Fixture<Pool> &w) { (void)F(reset)(&w.pool, ba_bytes(0)); }},             \
            {"trim",                                                                               \
             [](Fixture<Pool> &w) { EXPECT_EQ(F(trim)(&w.pool, ba_bytes(0)).bytes, 0u); }},        \
            {"allocator", [](Fixture<Pool> &w) { (void)F(allocator)(&w.pool); }},                  \
            {"block_allocator", [](Fixture<Pool> &w) { (void)F(block_allocator)(&w.pool); }},      \
            {"release_all", [](Fixture<Pool> &w) {                                                 \
                 EXPECT_EQ(F(release_all)(&w.pool, PBA_REPORT_IN_USE).code, BA_OK);                \
             }},                                                                                   \
    }

#define LOCKED_POOL_(name) pba_locked_pool_##name
#define LOCKED_TYPE_(name) locked_type_##name

std::vector<Call<pba_locked_pool>> calls_of(pba_locked_pool *) {
    return EACH_CALL_(pba_locked_pool, LOCKED_POOL_);
}
std::vector<Call<locked_type>> calls_of(locked_type *) {
    return EACH_CALL_(locked_type, LOCKED_TYPE_);
}
ba_block_allocator view_of(pba_locked_pool *pool) {
    return pba_locked_pool_block_allocator(pool);
}
ba_block_allocator view_of(locked_type *pool) {
    return locked_type_block_allocator(pool);
}

template <class Pool>
class LockedPool : public testing::Test {};
using Pools = testing::Types<pba_locked_pool, locked_type>;
TYPED_TEST_SUITE(LockedPool, Pools, );

TYPED_TEST(LockedPool, EachFunctionTakesTheLockOnce) {
    Fixture<TypeParam> w;
    int turns = 0;
    for (const Call<TypeParam> &call : calls_of(&w.pool)) {
        call.call(w);
        EXPECT_EQ(w.lock.turns(), ++turns) << call.name;
        EXPECT_FALSE(w.lock.is_held()) << call.name;
    }
}

// A pool that grows in vain moves the span, with the same lock.
TYPED_TEST(LockedPool, EachOperationOfAViewTakesTheLockOnce) {
    Fixture<TypeParam> w;
    const ba_block_allocator view = view_of(&w.pool);
    int turns = 1;
    EXPECT_EQ(ba_block_allocator_block_size(view).bytes, 64u) << "needs no lock";
    EXPECT_EQ(w.lock.turns(), turns);
    ba_memory span = ba_block_alloc(view, ba_bytes(100), kByte);
    EXPECT_EQ(w.lock.turns(), ++turns);
    EXPECT_EQ(length_of(ba_block_resize(view, span, kByte, ba_bytes(200))), 256u);
    EXPECT_EQ(w.lock.turns(), ++turns);
    span = ba_memory_of(ba_memory_pointer(span), ba_bytes(256));
    EXPECT_EQ(length_of(ba_block_grow_between(view, span, kByte, ba_bytes(257), ba_bytes(300))),
              320u);
    EXPECT_EQ(w.lock.turns(), ++turns);
    span = ba_memory_of(ba_memory_pointer(span), ba_bytes(320));
    span = ba_block_remap(view, span, kByte, ba_bytes(8000));
    EXPECT_EQ(ba_memory_length(span).bytes, 8000u);
    EXPECT_EQ(w.lock.turns(), ++turns);
    EXPECT_EQ(length_of(ba_block_discard(view, span)), 8000u);
    EXPECT_EQ(w.lock.turns(), ++turns);
    EXPECT_EQ(ba_block_owns(view, ba_memory_pointer(span)), BA_OWNS);
    EXPECT_EQ(ba_block_owns(view, &w), BA_OWNS_NOT);
    turns += 2;
    EXPECT_EQ(w.lock.turns(), turns);
    span = ba_block_realloc(view, span, kByte, ba_bytes(20000));
    EXPECT_EQ(ba_memory_length(span).bytes, 20032u);
    EXPECT_EQ(w.lock.turns(), ++turns);
    EXPECT_EQ(ba_block_free(view, span, kByte).code, BA_OK);
    EXPECT_EQ(w.lock.turns(), ++turns);
    EXPECT_EQ(pba_locked_pool_release_all(base_of(&w.pool), PBA_REPORT_IN_USE).code, BA_OK);
}

TYPED_TEST(LockedPool, GivesTheLockBackAfterARefusal) {
    Fixture<TypeParam> w;
    pba_locked_pool *const pool = base_of(&w.pool);
    w.backing.refuse_from(1);
    EXPECT_EQ(ba_memory_error(pba_locked_pool_alloc(pool, ba_bytes(1), kByte)).code,
              BA_OUT_OF_MEMORY);
    EXPECT_EQ(pba_locked_pool_reserve(pool, ba_bytes(1)).code, BA_OUT_OF_MEMORY);
    EXPECT_EQ(w.lock.turns(), 2);
    EXPECT_EQ(pba_locked_pool_stats(pool).failures, 2u);
}

TYPED_TEST(LockedPool, GivesTheLockBackAfterMisuse) {
    Fixture<TypeParam> w;
    MisuseRecorder misuse;
    pba_locked_pool *const pool = base_of(&w.pool);
    const ba_memory span = pba_locked_pool_alloc(pool, ba_bytes(64), kByte);
    EXPECT_EQ(pba_locked_pool_free(pool, span, kByte).code, BA_OK);
    EXPECT_EQ(pba_locked_pool_free(pool, span, kByte).code, BA_DOUBLE_FREE);
    EXPECT_EQ(length_of(pba_locked_pool_resize(pool, span, kByte, ba_bytes(1))), 0u);
    EXPECT_EQ(ba_memory_error(pba_locked_pool_realloc(pool, span, kByte, ba_bytes(1))).code,
              BA_DOUBLE_FREE);
    EXPECT_EQ(ba_memory_error(pba_locked_pool_alloc(pool, ba_bytes(0), kByte)).code, BA_ZERO_SIZE);
    EXPECT_EQ(pba_locked_pool_shrink(pool, pba_threshold_percent(2, 1)).bytes, 0u);
    EXPECT_EQ(w.lock.turns(), 7);
    EXPECT_EQ(misuse.errors(),
              (std::vector<ba_error_code>{BA_DOUBLE_FREE, BA_DOUBLE_FREE, BA_DOUBLE_FREE,
                                          BA_ZERO_SIZE, BA_OUT_OF_BOUNDS}));
    EXPECT_EQ(pba_locked_pool_release_all(pool, PBA_REPORT_IN_USE).code, BA_OK);
}

TYPED_TEST(LockedPool, ReportsWhatIsInUseWithItsCallSite) {
    Fixture<TypeParam> w;
    MisuseRecorder misuse;
    pba_locked_pool *const pool = base_of(&w.pool);
    (void)ba_memory_is_none(
        pba_locked_pool_alloc_at(pool, ba_bytes(64), kByte, ba_call_site_of_text("here.c:1")));
    EXPECT_EQ(
        pba_locked_pool_release_all_at(pool, PBA_REPORT_IN_USE, ba_call_site_of_text("here.c:2"))
            .code,
        BA_IN_USE);
    ASSERT_EQ(misuse.count(), 1u);
    EXPECT_STREQ(misuse.report(0).misuse.site.text, "here.c:2");
    EXPECT_EQ(misuse.report(0).misuse.live_count, 1u);
    EXPECT_EQ(misuse.report(0).misuse.live_length.bytes, 64u);
#if BA_BUILD_MODE == BA_DEBUG
    EXPECT_STREQ(misuse.report(0).live[0].site.text, "here.c:1");
#endif
}

TYPED_TEST(LockedPool, MayBeMovedBeforeItsFirstAllocation) {
    Fixture<TypeParam> w;
    TypeParam moved = w.pool;
    pba_locked_pool *const pool = base_of(&moved);
    const ba_memory span = pba_locked_pool_alloc(pool, ba_bytes(64), kByte);
    EXPECT_FALSE(ba_memory_is_none(span));
    EXPECT_EQ(pba_locked_pool_free(pool, span, kByte).code, BA_OK);
    MisuseRecorder misuse;
    TypeParam again = moved;
    EXPECT_EQ(pba_locked_pool_stats(base_of(&again)).payload.bytes, 0u);
    EXPECT_EQ(misuse.errors(), std::vector<ba_error_code>{BA_MOVED});
    EXPECT_EQ(pba_locked_pool_release_all(pool, PBA_REPORT_IN_USE).code, BA_OK);
}

// --- the lock held for several calls

TYPED_TEST(LockedPool, WhoHoldsTheLockUsesTheCore) {
    Fixture<TypeParam> w;
    pba_locked_pool *const pool = base_of(&w.pool);
    pba_locked_pool_lock(pool);
    EXPECT_TRUE(w.lock.is_held());
    const ba_memory span = pba_pool_alloc(&pool->core, ba_bytes(64), kByte);
    EXPECT_EQ(pba_pool_stats(&pool->core).in_use.bytes, 64u);
    EXPECT_EQ(pba_pool_free(&pool->core, span, kByte).code, BA_OK);
    EXPECT_TRUE(w.lock.is_held());
    pba_locked_pool_unlock(pool);
    EXPECT_EQ(w.lock.turns(), 1);
    EXPECT_EQ(pba_locked_pool_release_all(pool, PBA_REPORT_IN_USE).code, BA_OK);
}

// --- the hook

struct Hook {
    pba_locked_pool *pool = nullptr;
    CountingLock *lock = nullptr;
    StrictBacking *backing = nullptr;
    bool is_held = false; // the lock is held when it runs
    int asked = 0;

    pba_setup setup() {
        pba_setup result = {};
        result.hook.function = ask;
        result.hook.context = this;
        return result;
    }
    static pba_hook_answer ask(void *context, ba_length /*wanted*/, std::size_t /*attempt*/) {
        Hook &self = *static_cast<Hook *>(context);
        self.asked++;
        EXPECT_EQ(self.lock->is_held(), self.is_held);
        self.backing->refuse_none();
        if (!self.is_held) {
            const ba_memory span = pba_locked_pool_alloc(self.pool, ba_bytes(64), kByte);
            EXPECT_EQ(pba_locked_pool_free(self.pool, span, kByte).code, BA_OK);
        }
        return PBA_RETRY;
    }
};

class LockedPoolHook : public testing::Test {
  protected:
    LockedPoolHook() {
        const pba_options options = small_options();
        hook_.pool = &pool_;
        hook_.lock = &lock_;
        hook_.backing = &backing_;
        const pba_setup setup = hook_.setup();
        EXPECT_EQ(pba_locked_pool_init(&pool_, &options, ba_any_allocator_of(backing_.allocator()),
                                       lock_.lock(), &setup),
                  PBA_OPTIONS_OK);
    }
    ~LockedPoolHook() override {
        EXPECT_EQ(pba_locked_pool_verify(&pool_).code, BA_OK);
        EXPECT_EQ(pba_locked_pool_release_all(&pool_, PBA_REPORT_IN_USE).code, BA_OK);
    }

    StrictBacking backing_;
    CountingLock lock_;
    Hook hook_;
    pba_locked_pool pool_;
};

TEST_F(LockedPoolHook, RunsWithTheLockGivenBack) {
    backing_.refuse_from(1);
    const ba_memory span = pba_locked_pool_alloc(&pool_, ba_bytes(4096), kByte);
    EXPECT_EQ(ba_memory_length(span).bytes, 4096u);
    EXPECT_EQ(hook_.asked, 1);
    EXPECT_FALSE(lock_.is_held());
    backing_.refuse_from(1);
    const ba_memory longer = pba_locked_pool_realloc(&pool_, span, kByte, ba_bytes(8192));
    EXPECT_EQ(ba_memory_length(longer).bytes, 8192u);
    EXPECT_EQ(hook_.asked, 2);
    backing_.refuse_from(1);
    EXPECT_EQ(pba_locked_pool_reserve(&pool_, ba_bytes(20000)).code, BA_OK);
    EXPECT_EQ(hook_.asked, 3);
    EXPECT_EQ(pba_locked_pool_free(&pool_, longer, kByte).code, BA_OK);
}

TEST_F(LockedPoolHook, LeavesTheLockToWhoHoldsItForSeveralCalls) {
    hook_.is_held = true;
    pba_locked_pool_lock(&pool_);
    backing_.refuse_from(1);
    const ba_memory span = pba_pool_alloc(&pool_.core, ba_bytes(4096), kByte);
    EXPECT_EQ(ba_memory_length(span).bytes, 4096u);
    EXPECT_EQ(hook_.asked, 1);
    EXPECT_TRUE(lock_.is_held());
    pba_locked_pool_unlock(&pool_);
    EXPECT_EQ(lock_.turns(), 1);
    hook_.is_held = false;
    backing_.refuse_from(1);
    const ba_memory other = pba_locked_pool_alloc(&pool_, ba_bytes(4096), kByte);
    EXPECT_EQ(hook_.asked, 2) << "without the lock again";
    EXPECT_EQ(pba_locked_pool_free(&pool_, span, kByte).code, BA_OK);
    EXPECT_EQ(pba_locked_pool_free(&pool_, other, kByte).code, BA_OK);
}

// --- what is left by longjmp or by an exception

std::jmp_buf way_out;

pba_hook_answer leave(void * /*context*/, ba_length /*wanted*/, std::size_t /*attempt*/) {
    std::longjmp(way_out, 1); // NOLINT(cert-err52-cpp): that it is C is what is tested
}

void leave_walk(void * /*context*/, const pba_walk_item * /*item*/) {
    std::longjmp(way_out, 1); // NOLINT(cert-err52-cpp): as above
}

void leave_report(void * /*context*/, const ba_misuse * /*misuse*/) {
    std::longjmp(way_out, 1); // NOLINT(cert-err52-cpp): as above
}

class LockedPoolLeft : public testing::Test {
  protected:
    explicit LockedPoolLeft(pba_hook_answer (*hook)(void *, ba_length, std::size_t) = leave) {
        const pba_options options = small_options();
        pba_setup setup = {};
        setup.hook.function = hook;
        EXPECT_EQ(pba_locked_pool_init(&pool_, &options, ba_any_allocator_of(backing_.allocator()),
                                       lock_.lock(), &setup),
                  PBA_OPTIONS_OK);
        span_ = pba_locked_pool_alloc(&pool_, ba_bytes(64), kByte);
    }

    void expect_all_is_well() {
        EXPECT_FALSE(lock_.is_held());
        EXPECT_EQ(pba_locked_pool_verify(&pool_).code, BA_OK);
        EXPECT_EQ(pba_locked_pool_free(&pool_, span_, kByte).code, BA_OK);
        EXPECT_EQ(pba_locked_pool_release_all(&pool_, PBA_REPORT_IN_USE).code, BA_OK);
    }

    StrictBacking backing_;
    CountingLock lock_;
    pba_locked_pool pool_;
    ba_memory span_ = ba_memory_none(ba_error_of(BA_OK));
};

TEST_F(LockedPoolLeft, AHookMayDoSo) {
    backing_.refuse_from(1);
    // NOLINTNEXTLINE(cert-err52-cpp): as above
    if (setjmp(way_out) == 0) {
        (void)ba_memory_is_none(pba_locked_pool_alloc(&pool_, ba_bytes(4096), kByte));
        ADD_FAILURE() << "not left";
    }
    expect_all_is_well();
}

TEST_F(LockedPoolLeft, AWalkStaysLockedUntilThatIsUndone) {
    // NOLINTNEXTLINE(cert-err52-cpp): as above
    if (setjmp(way_out) == 0) {
        pba_locked_pool_walk(&pool_, leave_walk, nullptr);
        ADD_FAILURE() << "not left";
    }
    EXPECT_TRUE(lock_.is_held());
    pba_locked_pool_unlock(&pool_);
    expect_all_is_well();
}

TEST_F(LockedPoolLeft, AReportStaysLockedUntilThatIsUndone) {
    const ba_misuse_handler before = ba_misuse_set_handler({leave_report, nullptr});
    // NOLINTNEXTLINE(cert-err52-cpp): as above
    if (setjmp(way_out) == 0) {
        (void)pba_locked_pool_free(&pool_, ba_memory_of(this, ba_bytes(64)), kByte);
        ADD_FAILURE() << "not left";
    }
    (void)ba_misuse_set_handler(before);
    EXPECT_TRUE(lock_.is_held());
    pba_locked_pool_unlock(&pool_);
    expect_all_is_well();
}

#if defined(__cpp_exceptions)
pba_hook_answer throw_it(void * /*context*/, ba_length wanted, std::size_t /*attempt*/) {
    throw wanted.bytes;
}

class LockedPoolThrown : public LockedPoolLeft {
  protected:
    LockedPoolThrown() : LockedPoolLeft(throw_it) {}
};

TEST_F(LockedPoolThrown, AHookMayDoSo) {
    backing_.refuse_from(1);
    EXPECT_THROW((void)ba_memory_is_none(pba_locked_pool_alloc(&pool_, ba_bytes(4096), kByte)),
                 std::size_t);
    expect_all_is_well();
}

TEST_F(LockedPoolThrown, AWalkStaysLockedUntilThatIsUndone) {
    EXPECT_THROW(pba_locked_pool_walk(
                     &pool_, [](void *, const pba_walk_item *) { throw 1; }, nullptr),
                 int);
    EXPECT_TRUE(lock_.is_held());
    pba_locked_pool_unlock(&pool_);
    expect_all_is_well();
}
#endif

// A walk's function uses the core.
TEST_F(LockedPoolHook, AWalkMayUseTheCore) {
    const ba_memory span = pba_locked_pool_alloc(&pool_, ba_bytes(64), kByte);
    struct Walk {
        pba_pool *core;
        int items;
        static void show(void *context, const pba_walk_item * /*item*/) {
            Walk &self = *static_cast<Walk *>(context);
            self.items++;
            const ba_memory other = pba_pool_alloc(self.core, ba_bytes(64), kByte);
            EXPECT_EQ(pba_pool_free(self.core, other, kByte).code, BA_OK);
        }
    } walk = {&pool_.core, 0};
    pba_locked_pool_walk(&pool_, Walk::show, &walk);
    EXPECT_GE(walk.items, 1);
    EXPECT_EQ(lock_.turns(), 2);
    EXPECT_EQ(pba_locked_pool_free(&pool_, span, kByte).code, BA_OK);
}

// --- one that was never made, and wrong options

TEST(LockedPoolOfZeros, SaysThatItWasNeverMade) {
    MisuseRecorder misuse;
    pba_locked_pool pool = {};
    EXPECT_EQ(ba_memory_error(pba_locked_pool_alloc(&pool, ba_bytes(1), kByte)).code, BA_NOT_MADE);
    EXPECT_EQ(pba_locked_pool_free(&pool, ba_memory_of(&pool, ba_bytes(1)), kByte).code,
              BA_NOT_MADE);
    EXPECT_EQ(pba_locked_pool_stats(&pool).payload.bytes, 0u);
    EXPECT_EQ(pba_locked_pool_verify(&pool).code, BA_NOT_MADE);
    locked_type type = {};
    EXPECT_EQ(ba_memory_error(locked_type_alloc(&type, ba_bytes(1), kByte)).code, BA_NOT_MADE);
    EXPECT_EQ(misuse.count(), 5u);
}

TEST(LockedPoolOptions, AreChecked) {
    StrictBacking backing;
    CountingLock lock;
    pba_locked_pool pool;
    pba_options options = small_options();
    options.block_size = 100;
    EXPECT_EQ(pba_locked_pool_init(&pool, &options, ba_any_allocator_of(backing.allocator()),
                                   lock.lock(), nullptr),
              PBA_OPTIONS_BLOCK_SIZE_POWER_OF_TWO);
    EXPECT_EQ(lock.turns(), 0);
}

TEST(LockedPoolOptions, HoldForTheBlockSize) {
    StrictBacking backing;
    CountingLock lock;
    locked_type pool = locked_type_new(backing.allocator(), lock.lock());
    EXPECT_EQ(pba_locked_pool_block_size(&pool.locked).bytes, 64u);
    EXPECT_EQ(locked_type_block_size().bytes, 64u);
    EXPECT_EQ(lock.turns(), 0);
}

// --- the lines of calls

#if BA_BUILD_MODE == BA_DEBUG
TEST(LockedPoolSites, AreTheCallersLine) {
    StrictBacking backing;
    MisuseRecorder misuse;
    CountingLock lock;
    pba_locked_pool pool = {};
    const ba_memory none = ba_memory_none(ba_error_of(BA_LIMIT));
    const int line = __LINE__;
    (void)ba_memory_is_none(pba_locked_pool_alloc(&pool, ba_bytes(0), kByte));
    (void)pba_locked_pool_free(&pool, none, kByte);
    (void)ba_length_result_is_none(pba_locked_pool_resize(&pool, none, kByte, ba_bytes(1)));
    (void)length_of(pba_locked_pool_grow_between(&pool, none, kByte, ba_bytes(1), ba_bytes(1)));
    (void)ba_memory_is_none(pba_locked_pool_remap(&pool, none, kByte, ba_bytes(1)));
    (void)ba_memory_is_none(pba_locked_pool_realloc(&pool, none, kByte, ba_bytes(1)));
    (void)pba_locked_pool_trim(&pool, ba_bytes(0));
    (void)pba_locked_pool_shrink(&pool, pba_threshold_percent(0, 1));
    (void)pba_locked_pool_reset(&pool, ba_bytes(0));
    (void)pba_locked_pool_purge(&pool);
    (void)pba_locked_pool_decay(&pool, 1);
    (void)ba_failed(pba_locked_pool_reserve(&pool, ba_bytes(1)));
    (void)pba_locked_pool_stats(&pool);
    (void)pba_locked_pool_largest_free(&pool);
    (void)pba_locked_pool_fragmentation(&pool);
    (void)pba_locked_pool_allocator(&pool);
    (void)pba_locked_pool_block_allocator(&pool);
    pba_locked_pool_walk(&pool, count_item, nullptr);
    (void)pba_locked_pool_release_all(&pool, PBA_REPORT_IN_USE);
    ASSERT_EQ(misuse.count(), 19u);
    for (std::size_t i = 0; i < misuse.count(); i++) {
        const std::string expected = "pba/threads/locked_pool_test.cc:" +
                                     std::to_string(static_cast<std::size_t>(line) + 1 + i);
        EXPECT_STREQ(misuse.report(i).misuse.site.text, expected.c_str())
            << misuse.report(i).misuse.operation;
    }
}
#endif

} // namespace
