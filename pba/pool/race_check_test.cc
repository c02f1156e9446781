// Two threads in one pool: reported in debug builds, with both call sites, and nothing happens. The
// second one comes while the backing is called, which waits for it.
#define PBA_INTERNAL_

#include "pba/pool/race_check.h"

#include <atomic>
#include <csetjmp>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "testing/misuse_recorder.h"
#include "testing/pool/pool_fixture.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::MisuseRecorder;
using ba_testing::StrictBacking;
using pba_testing::small_options;

const ba_alignment kByte = ba_align(1);

void wait_for(const std::atomic<bool> &flag) {
    while (!flag) {
        std::this_thread::yield();
    }
}

// An allocator over a strict one that can be held up.
class SlowBacking {
  public:
    SlowBacking() : operations_(*strict_.allocator().operations) {
        operations_.size = offsetof(ba_operations, grow_between);
        operations_.block_size = block_size;
        operations_.alloc = alloc;
        operations_.resize = resize;
        operations_.free = free_memory;
    }
    ba_any_allocator any() {
        return ba_any_allocator_of_exact(ba_allocator_of(this, &operations_));
    }
    StrictBacking &strict() { return strict_; }

    // The next call waits until it is let go.
    void hold_up() {
        is_called_ = false;
        is_held_up_ = true;
    }
    void wait_until_called() { wait_for(is_called_); }
    void let_go() { is_held_up_ = false; }

  private:
    static SlowBacking &of(void *context) { return *static_cast<SlowBacking *>(context); }
    static ba_length block_size(const void * /*context*/) { return ba_bytes(1); }
    static ba_memory alloc(void *context, ba_length minimum, ba_alignment alignment,
                           ba_call_site site) {
        of(context).wait();
        return ba_alloc_at(of(context).strict_.allocator(), minimum, alignment, site);
    }
    void wait() {
        is_called_ = true;
        while (is_held_up_) {
            std::this_thread::yield();
        }
    }
    static ba_length_result resize(void *context, ba_memory memory, ba_alignment alignment,
                                   ba_length minimum, ba_call_site site) {
        of(context).wait();
        return ba_resize_at(of(context).strict_.allocator(), memory, alignment, minimum, site);
    }
    static ba_error free_memory(void *context, ba_memory memory, ba_alignment alignment,
                                ba_call_site site) {
        of(context).wait();
        return ba_free_at(of(context).strict_.allocator(), memory, alignment, site);
    }

    StrictBacking strict_;
    ba_operations operations_;
    std::atomic<bool> is_held_up_{false};
    std::atomic<bool> is_called_{false};
};

#if PBA_CHECKS_RACES
struct Call {
    const char *name;
    std::function<void(pba_pool *pool, ba_memory span)> call;
};

// Each function, and what it says when it is rejected.
std::vector<Call> every_call() {
    return {
        {"alloc",
         [](pba_pool *pool, ba_memory) {
             EXPECT_EQ(ba_memory_error(pba_pool_alloc(pool, ba_bytes(1), kByte)).code, BA_RACE);
         }},
        {"free", [](pba_pool *pool,
                    ba_memory span) { EXPECT_EQ(pba_pool_free(pool, span, kByte).code, BA_RACE); }},
        {"resize",
         [](pba_pool *pool, ba_memory span) {
             EXPECT_EQ(ba_length_result_error(pba_pool_resize(pool, span, kByte, ba_bytes(1))).code,
                       BA_RACE);
         }},
        {"grow_between",
         [](pba_pool *pool, ba_memory span) {
             EXPECT_EQ(ba_length_result_error(
                           pba_pool_grow_between(pool, span, kByte, ba_bytes(65), ba_bytes(65)))
                           .code,
                       BA_RACE);
         }},
        {"remap",
         [](pba_pool *pool, ba_memory span) {
             EXPECT_EQ(ba_memory_error(pba_pool_remap(pool, span, kByte, ba_bytes(1))).code,
                       BA_RACE);
         }},
        {"realloc",
         [](pba_pool *pool, ba_memory span) {
             EXPECT_EQ(ba_memory_error(pba_pool_realloc(pool, span, kByte, ba_bytes(1))).code,
                       BA_RACE);
         }},
        {"shrink",
         [](pba_pool *pool, ba_memory) {
             EXPECT_EQ(pba_pool_shrink(pool, pba_threshold_percent(0, 1)).bytes, 0u);
         }},
        {"trim",
         [](pba_pool *pool, ba_memory) { EXPECT_EQ(pba_pool_trim(pool, ba_bytes(0)).bytes, 0u); }},
        {"reserve",
         [](pba_pool *pool, ba_memory) {
             EXPECT_EQ(pba_pool_reserve(pool, ba_bytes(1)).code, BA_RACE);
         }},
        {"reset",
         [](pba_pool *pool, ba_memory) { EXPECT_EQ(pba_pool_reset(pool, ba_bytes(0)).bytes, 0u); }},
        {"purge", [](pba_pool *pool, ba_memory) { EXPECT_EQ(pba_pool_purge(pool).bytes, 0u); }},
        {"decay", [](pba_pool *pool, ba_memory) { EXPECT_EQ(pba_pool_decay(pool, 1).bytes, 0u); }},
        {"release_all",
         [](pba_pool *pool, ba_memory) {
             EXPECT_EQ(pba_pool_release_all(pool, PBA_ALLOW_IN_USE).code, BA_RACE);
         }},
        {"stats",
         [](pba_pool *pool, ba_memory) { EXPECT_EQ(pba_pool_stats(pool).payload.bytes, 0u); }},
        {"largest_free",
         [](pba_pool *pool, ba_memory) { EXPECT_EQ(pba_pool_largest_free(pool).bytes, 0u); }},
        {"fragmentation",
         [](pba_pool *pool, ba_memory) { EXPECT_EQ(pba_pool_fragmentation(pool), 0u); }},
        {"owns",
         [](pba_pool *pool, ba_memory span) {
             EXPECT_FALSE(pba_pool_owns(pool, ba_memory_pointer(span)));
         }},
        {"usable_len",
         [](pba_pool *pool, ba_memory span) {
             EXPECT_EQ(
                 ba_length_result_error(pba_pool_usable_len(pool, ba_memory_pointer(span))).code,
                 BA_RACE);
         }},
        {"walk",
         [](pba_pool *pool, ba_memory) {
             pba_pool_walk(
                 pool, [](void *, const pba_walk_item *) { ADD_FAILURE(); }, nullptr);
         }},
        {"verify",
         [](pba_pool *pool, ba_memory) { EXPECT_EQ(pba_pool_verify(pool).code, BA_RACE); }},
    };
}

#endif

class RaceCheck : public testing::Test {
  protected:
    // Calls a function while another thread allocates, and the backing is asked.
    static void call_while_busy(pba_pool *pool, SlowBacking *backing,
                                const std::function<void()> &call) {
        backing->hold_up();
        ba_memory memory = ba_memory_none(ba_error_of(BA_OK));
        std::thread first([pool, &memory] {
            memory =
                pba_pool_alloc_at(pool, ba_bytes(4096), kByte, ba_call_site_of_text("first.c:1"));
        });
        backing->wait_until_called();
        call();
        backing->let_go();
        first.join();
        EXPECT_EQ(ba_memory_length(memory).bytes, 4096u);
        EXPECT_EQ(pba_pool_free(pool, memory, kByte).code, BA_OK);
    }

    SlowBacking backing_;
    MisuseRecorder misuse_;
};

#if PBA_CHECKS_RACES
TEST_F(RaceCheck, ASecondThreadIsToldOfTheFirst) {
    for (const Call &call : every_call()) {
        SlowBacking backing;
        pba_testing::TestPool pool(small_options(), backing.any());
        const ba_memory span = pool.alloc(64);
        const pba_stats before = pool.stats();
        call_while_busy(pool.get(), &backing, [&] { call.call(pool.get(), span); });
        ASSERT_EQ(misuse_.count(), 1u) << call.name;
        const ba_misuse &report = misuse_.report(0).misuse;
        EXPECT_STREQ(report.operation, call.name);
        EXPECT_EQ(report.error.code, BA_RACE);
        EXPECT_STREQ(report.origin.text, "first.c:1");
        if (!ba_call_site_is_none(report.site)) {
            EXPECT_EQ(std::string(report.site.text).find("pba/pool/race_check_test.cc:"), 0u);
        }
        misuse_.clear();
        EXPECT_EQ(pool.verify(), BA_OK);
        EXPECT_EQ(pool.stats().spans, before.spans) << call.name;
        EXPECT_EQ(pool.free(span), BA_OK);
    }
}

// Whatever the first thread does that takes its time.
TEST_F(RaceCheck, ASecondThreadIsToldOfEachCall) {
    const std::vector<std::function<void(pba_pool * pool, ba_memory span)>> calls = {
        [](pba_pool *pool, ba_memory) {
            (void)ba_failed(pba_pool_reserve(pool, ba_bytes(100000)));
        },
        [](pba_pool *pool, ba_memory) { (void)pba_pool_trim(pool, ba_bytes(0)); },
        [](pba_pool *pool, ba_memory) { (void)pba_pool_shrink(pool, pba_threshold_percent(0, 1)); },
        [](pba_pool *pool, ba_memory) { (void)pba_pool_decay(pool, 100); },
        [](pba_pool *pool, ba_memory) { (void)pba_pool_reset(pool, ba_bytes(0)); },
        [](pba_pool *pool, ba_memory) { (void)pba_pool_release_all(pool, PBA_ALLOW_IN_USE); },
        [](pba_pool *pool, ba_memory span) {
            (void)ba_memory_is_none(pba_pool_realloc(pool, span, kByte, ba_bytes(100000)));
        },
        [](pba_pool *pool, ba_memory span) {
            (void)ba_length_result_is_none(pba_pool_resize(pool, span, kByte, ba_bytes(100000)));
        },
    };
    pba_options options = small_options();
    options.decay_age = 1;
    options.shrink_min = 0;
    options.shrink_max = 1;
    for (std::size_t i = 0; i < calls.size(); i++) {
        SlowBacking backing;
        pba_testing::TestPool pool(options, backing.any());
        const ba_memory span = pool.alloc(1024);
        EXPECT_EQ(pool.free(pool.alloc(4096)), BA_OK); // an empty chunk
        (void)pba_pool_decay(pool.get(), 1);
        backing.hold_up();
        std::thread first([&] { calls[i](pool.get(), span); });
        backing.wait_until_called();
        (void)pool.stats();
        backing.let_go();
        first.join();
        EXPECT_EQ(misuse_.errors(), std::vector<ba_error_code>{BA_RACE}) << "call " << i;
        EXPECT_FALSE(ba_call_site_is_none(misuse_.report(0).misuse.origin)) << "call " << i;
        misuse_.clear();
    }
}

TEST_F(RaceCheck, AViewSaysSoToo) {
    pba_testing::TestPool pool(small_options(), backing_.any());
    const ba_block_allocator view = pba_pool_block_allocator(pool.get());
    const ba_memory span = ba_block_alloc(view, ba_bytes(64), kByte);
    call_while_busy(pool.get(), &backing_, [&] {
        EXPECT_EQ(ba_memory_error(ba_block_alloc(view, ba_bytes(1), kByte)).code, BA_RACE);
        EXPECT_EQ(ba_length_result_error(ba_block_discard(view, span)).code, BA_RACE);
        EXPECT_EQ(ba_block_owns(view, ba_memory_pointer(span)), BA_OWNS_NOT);
    });
    EXPECT_EQ(misuse_.errors(), std::vector<ba_error_code>(3, BA_RACE));
    EXPECT_EQ(ba_block_free(view, span, kByte).code, BA_OK);
}

TEST_F(RaceCheck, EndsWithTheCall) {
    pba_testing::TestPool pool(small_options(), backing_.any());
    for (unsigned round = 0; round < 10; round++) {
        std::thread other([&pool] {
            EXPECT_EQ(pool.free(pool.alloc(64)), BA_OK);
            EXPECT_EQ(ba_memory_error(pool.alloc(0)).code, BA_ZERO_SIZE);
        });
        other.join();
        EXPECT_EQ(pool.free(pool.alloc(64)), BA_OK);
    }
    EXPECT_EQ(misuse_.errors(), std::vector<ba_error_code>(10, BA_ZERO_SIZE));
}

// Nothing is half done then, so another thread may be told to go on with the pool.
void use_in_another_thread(pba_testing::TestPool *pool) {
    std::thread other([pool] { EXPECT_EQ(pool->free(pool->alloc(64)), BA_OK); });
    other.join();
}

TEST_F(RaceCheck, IsNotAboutTheTimeOfAHook) {
    struct Hook {
        pba_testing::TestPool *pool;
        StrictBacking *backing;
        static pba_hook_answer ask(void *context, ba_length, std::size_t) {
            Hook &self = *static_cast<Hook *>(context);
            self.backing->refuse_none();
            use_in_another_thread(self.pool);
            return PBA_RETRY;
        }
    } hook = {nullptr, &backing_.strict()};
    pba_setup setup = {};
    setup.hook.function = Hook::ask;
    setup.hook.context = &hook;
    pba_testing::TestPool pool(small_options(), backing_.any(), &setup);
    hook.pool = &pool;
    backing_.strict().refuse_from(1);
    const ba_memory memory = pool.alloc(4096);
    EXPECT_EQ(pool.free(memory), BA_OK);
    EXPECT_EQ(misuse_.count(), 0u);
    // After the hook the call goes on, and is marked.
    backing_.strict().refuse_from(1);
    EXPECT_FALSE(ba_memory_is_none(pool.alloc(8192)));
    EXPECT_EQ(misuse_.count(), 0u);
}

TEST_F(RaceCheck, IsNotAboutTheTimeOfAWalksFunction) {
    pba_testing::TestPool pool(small_options(), backing_.any());
    const ba_memory memory = pool.alloc(64);
    pba_pool_walk(
        pool.get(),
        [](void *context, const pba_walk_item *) {
            use_in_another_thread(static_cast<pba_testing::TestPool *>(context));
        },
        &pool);
    EXPECT_EQ(pool.free(memory), BA_OK);
    EXPECT_EQ(misuse_.count(), 0u);
}

std::jmp_buf way_out;

// What is left by longjmp has ended, and a thread that comes later is alone.
TEST_F(RaceCheck, EndsWithALongjmpOutOfAWalkOrAReport) {
    pba_testing::TestPool pool(small_options(), backing_.any());
    const ba_memory memory = pool.alloc(64);
    // NOLINTNEXTLINE(cert-err52-cpp): that it is C is what is tested
    if (setjmp(way_out) == 0) {
        pba_pool_walk(
            pool.get(),
            [](void *, const pba_walk_item *) {
                std::longjmp(way_out, 1); // NOLINT(cert-err52-cpp): as above
            },
            nullptr);
    }
    use_in_another_thread(&pool);
    EXPECT_EQ(misuse_.count(), 0u);
    const ba_misuse_handler recorder =
        ba_misuse_set_handler({[](void *, const ba_misuse *) {
                                   std::longjmp(way_out, 1); // NOLINT(cert-err52-cpp): as above
                               },
                               nullptr});
    // NOLINTNEXTLINE(cert-err52-cpp): as above
    if (setjmp(way_out) == 0) {
        (void)pool.free(ba_memory_of(&pool, ba_bytes(1)));
        ADD_FAILURE() << "not left";
    }
    (void)ba_misuse_set_handler(recorder);
    use_in_another_thread(&pool);
    EXPECT_EQ(misuse_.count(), 0u);
    EXPECT_EQ(pool.free(memory), BA_OK);
}

TEST_F(RaceCheck, ANewPoolAtTheSameAddressIsNotInUse) {
    const pba_options options = small_options();
    pba_pool pool;
    pba_pool_init_checked(&pool, &options, backing_.any(), nullptr, BA_DEBUG);
    const pba_race_mark mark = pba_race_begin(&pool, ba_call_site_none());
    EXPECT_EQ(mark, &pool);
    std::thread other([&pool] { EXPECT_EQ(pba_pool_stats(&pool).payload.bytes, 0u); });
    other.join();
    EXPECT_EQ(misuse_.errors(), std::vector<ba_error_code>{BA_RACE});
    pba_pool_init_checked(&pool, &options, backing_.any(), nullptr, BA_DEBUG);
    std::thread later([&pool] { EXPECT_EQ(pba_pool_stats(&pool).payload.bytes, 0u); });
    later.join();
    EXPECT_EQ(misuse_.count(), 1u);
    pba_race_end(&mark); // of a call to the pool that is no more
    EXPECT_EQ(misuse_.count(), 1u);
}

TEST_F(RaceCheck, ManyPoolsAreWatchedAsFarAsThereIsRoom) {
    const pba_options options = small_options();
    std::vector<pba_pool> pools(1000);
    std::vector<pba_race_mark> marks;
    std::size_t first = 0;
    for (unsigned round = 0; round < 2; round++) {
        for (pba_pool &pool : pools) {
            pba_pool_init_checked(&pool, &options, backing_.any(), nullptr, BA_DEBUG);
        }
        for (pba_pool &pool : pools) {
            marks.push_back(pba_race_begin(&pool, ba_call_site_none()));
        }
        for (const pba_pool &pool : pools) {
            ba_call_site other;
            EXPECT_FALSE(pba_race_is_found(&pool, &other)) << "another pool has its place";
        }
        std::size_t marked = 0;
        for (const pba_race_mark &mark : marks) {
            marked += mark != nullptr;
            pba_race_end(&mark);
        }
        EXPECT_GT(marked, 100u);
        EXPECT_LT(marked, 1000u);
        first = round == 0 ? marked : first;
        EXPECT_EQ(marked, first) << "all room is there again";
        marks.clear();
    }
}
#endif

// Pools of callers that are compiled for release, or that do not check, are as they were.
TEST_F(RaceCheck, IsOffWhereThePoolIsNotOfADebugBuildThatChecks) {
    pba_options unchecked = small_options();
    unchecked.safety = PBA_SAFETY_NEVER;
    pba_testing::TestPool released(small_options(), backing_.any(), nullptr, BA_RELEASE_SAFE);
    call_while_busy(released.get(), &backing_, [&released] {
        EXPECT_EQ(ba_memory_error(released.alloc(8192)).code, BA_IN_USE);
    });
    SlowBacking backing;
    pba_testing::TestPool careless(unchecked, backing.any());
    call_while_busy(careless.get(), &backing, [&careless] {
        EXPECT_EQ(ba_memory_error(careless.alloc(8192)).code, BA_IN_USE);
    });
    EXPECT_EQ(misuse_.errors(), std::vector<ba_error_code>(2, BA_IN_USE));
}

} // namespace
