// What a pool finds of its callers' mistakes, in which build modes, and what it wipes.
#include <cinttypes>
#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "block_allocator/error.h"
#include "block_allocator/implementing/instrumentation.h"
#include "testing/misuse_recorder.h"
#include "testing/pool/pool_fixture.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::MisuseRecorder;
using ba_testing::StrictBacking;
using pba_testing::address_of;
using pba_testing::bytes_of;
using pba_testing::part_of;
using pba_testing::small_options;
using pba_testing::TestPool;

constexpr std::size_t kBlock = 64;
constexpr std::size_t kChunk = 1024;

const ba_call_site made_here = ba_call_site_of_text("make.c:1");
const ba_call_site used_here = ba_call_site_of_text("use.c:2");

// A pool with a live span of two blocks and one that was freed.
struct Scene {
    Scene(StrictBacking *backing, const pba_options &options, int build_mode)
        : pool(options, backing, nullptr, build_mode),
          live(pba_pool_alloc_at(pool.get(), ba_bytes(100), ba_align(64), made_here)),
          freed(pba_pool_alloc_at(pool.get(), ba_bytes(100), ba_align(64), made_here)) {
        EXPECT_EQ(pool.free(freed), BA_OK);
    }

    TestPool pool;
    ba_memory live;
    ba_memory freed;
};

unsigned char elsewhere[256];

struct Mistake {
    const char *name;
    ba_error_code code;
    // What is given back, from a scene, and with which alignment.
    std::function<ba_memory(const Scene &)> memory;
    std::size_t alignment;
    const char *detail; // of the report, between the error's message and the call sites
    bool has_origin;
};

// Without it GoogleTest prints the bytes, and the padding among them is undefined.
std::ostream &operator<<(std::ostream &out, const Mistake &mistake) {
    return out << mistake.name;
}

const Mistake mistakes[] = {
    {"OfNobody", BA_FOREIGN,
     [](const Scene &) { return ba_memory_of(elsewhere, ba_bytes(kBlock)); }, 1, "", false},
    {"BehindTheChunk", BA_FOREIGN,
     [](const Scene &s) { return ba_memory_of(bytes_of(s.live) + kChunk, ba_bytes(kBlock)); }, 1,
     "", false},
    {"InnerBlock", BA_INTERIOR, [](const Scene &s) { return part_of(s.live, kBlock, kBlock); }, 1,
     "", false},
    {"InsideABlock", BA_INTERIOR, [](const Scene &s) { return part_of(s.live, 1, kBlock); }, 1, "",
     false},
    {"FreedAlready", BA_DOUBLE_FREE, [](const Scene &s) { return s.freed; }, 1, "", false},
    {"InnerBlockOfAFreedOne", BA_DOUBLE_FREE,
     [](const Scene &s) { return part_of(s.freed, kBlock, kBlock); }, 1, "", false},
    {"NeverAllocated", BA_DOUBLE_FREE,
     [](const Scene &s) { return part_of(s.live, kChunk - kBlock, kBlock); }, 1, "", false},
    {"TooLong", BA_SIZE_MISMATCH, [](const Scene &s) { return part_of(s.live, 0, 129); }, 1,
     "; expected 128", true},
    {"TooShort", BA_SIZE_MISMATCH, [](const Scene &s) { return part_of(s.live, 0, 64); }, 1,
     "; expected 128", true},
    {"WithoutLength", BA_SIZE_MISMATCH, [](const Scene &s) { return part_of(s.live, 0, 0); }, 1,
     "; expected 128", true},
    {"NoPowerOfTwo", BA_BAD_ALIGN, [](const Scene &s) { return s.live; }, 3, "; alignment 3",
     false},
    {"NotThePointers", BA_BAD_ALIGN, [](const Scene &s) { return s.live; },
     SIZE_MAX / (sizeof(std::size_t) > 4 ? 131072 : 2) + 1,
     sizeof(std::size_t) > 4 ? "; alignment 140737488355328" : "; alignment 2147483648", false},
};

using Operation = std::function<ba_error_code(pba_pool *, ba_memory, ba_alignment)>;

const struct {
    const char *name;
    Operation run;
} operations[] = {
    {"free",
     [](pba_pool *pool, ba_memory memory, ba_alignment alignment) {
         return pba_pool_free_at(pool, memory, alignment, used_here).code;
     }},
    {"resize",
     [](pba_pool *pool, ba_memory memory, ba_alignment alignment) {
         return ba_length_result_error(
                    pba_pool_resize_at(pool, memory, alignment, ba_bytes(1), used_here))
             .code;
     }},
    {"grow_between",
     [](pba_pool *pool, ba_memory memory, ba_alignment alignment) {
         return ba_length_result_error(pba_pool_grow_between_at(pool, memory, alignment,
                                                                ba_bytes(1), ba_bytes(1),
                                                                used_here))
             .code;
     }},
    {"remap",
     [](pba_pool *pool, ba_memory memory, ba_alignment alignment) {
         return ba_memory_error(pba_pool_remap_at(pool, memory, alignment, ba_bytes(1), used_here))
             .code;
     }},
};

std::string text_of(ba_memory memory) {
    char text[64];
    (void)std::snprintf(text, sizeof text, "0x%" PRIxPTR ", %zu", address_of(memory),
                        ba_memory_length(memory).bytes);
    return text;
}

// A report's line.
std::string line_of(const std::string &operation, const std::string &memory, ba_error_code code,
                    const std::string &detail, bool has_origin) {
    const ba_error error = ba_error_of(code);
    return "pool: " + operation + "(" + memory + "): " + ba_error_name(error) + ", " +
           ba_error_message(error) + detail + ", at use.c:2" +
           (has_origin ? ", allocated at make.c:1" : "");
}

// The last build mode in which a safety level checks, or -1.
int last_checked_mode(pba_safety safety) {
    switch (safety) {
    case PBA_SAFETY_NEVER:
        return -1;
    case PBA_SAFETY_DEBUG_ONLY:
        return BA_DEBUG;
    case PBA_SAFETY_RELEASE_SAFE_AND_BELOW:
        return BA_RELEASE_SAFE;
    case PBA_SAFETY_RELEASE_SMALL_AND_BELOW:
        return BA_RELEASE_SMALL;
    case PBA_SAFETY_ALWAYS:
        return BA_RELEASE_FAST;
    }
    return -1;
}

// Runs with the options of every safety level in every build mode that it checks in.
void in_every_checked_mode(const std::function<void(const pba_options &, int)> &run) {
    for (const pba_safety safety :
         {PBA_SAFETY_NEVER, PBA_SAFETY_DEBUG_ONLY, PBA_SAFETY_RELEASE_SAFE_AND_BELOW,
          PBA_SAFETY_RELEASE_SMALL_AND_BELOW, PBA_SAFETY_ALWAYS}) {
        pba_options options = small_options();
        options.safety = safety;
        options.call_sites = PBA_ON;
        for (int mode = BA_DEBUG; mode <= last_checked_mode(safety); mode++) {
            SCOPED_TRACE(::testing::Message() << "safety " << safety << ", build mode " << mode);
            run(options, mode);
        }
    }
}

TEST(MisuseTest, EveryMistakeIsToldApartInEveryOperationAndRejected) {
    in_every_checked_mode([](const pba_options &options, int build_mode) {
        for (const Mistake &mistake : mistakes) {
            for (const auto &operation : operations) {
                SCOPED_TRACE(::testing::Message() << mistake.name << " " << operation.name);
                StrictBacking backing;
                MisuseRecorder misuse;
                Scene scene(&backing, options, build_mode);
                const ba_memory given = mistake.memory(scene);
                EXPECT_EQ(operation.run(scene.pool.get(), given, ba_align(mistake.alignment)),
                          mistake.code);
                EXPECT_EQ(misuse.take(), line_of(operation.name, text_of(given), mistake.code,
                                                 mistake.detail, mistake.has_origin));
                EXPECT_EQ(scene.pool.verify(), BA_OK);
                EXPECT_EQ(scene.pool.stats().spans, 1u);
                EXPECT_EQ(scene.pool.stats().in_use.bytes, 128u);
                EXPECT_EQ(scene.pool.free(scene.live, 64), BA_OK);
                EXPECT_EQ(misuse.count(), 0u);
            }
        }
    });
}

TEST(MisuseTest, OneThatHasNoMemoryIsForeign) {
    StrictBacking backing;
    MisuseRecorder misuse;
    TestPool pool(small_options(), &backing);
    EXPECT_EQ(pool.free(ba_memory_none(ba_error_of(BA_LIMIT))), BA_FOREIGN);
    EXPECT_EQ(misuse.count(), 1u);
}

TEST(MisuseTest, WrongArgumentsOfAnAllocationAreRejected) {
    in_every_checked_mode([](const pba_options &options, int build_mode) {
        StrictBacking backing;
        MisuseRecorder misuse;
        TestPool pool(options, &backing, nullptr, build_mode);
        const auto alloc = [&](std::size_t length, std::size_t alignment) {
            return ba_memory_error(pba_pool_alloc_at(pool.get(), ba_bytes(length),
                                                     ba_align(alignment), used_here))
                .code;
        };
        EXPECT_EQ(alloc(0, 1), BA_ZERO_SIZE);
        EXPECT_EQ(misuse.take(), line_of("alloc", "", BA_ZERO_SIZE, "", false));
        EXPECT_EQ(alloc(1, 0), BA_BAD_ALIGN);
        EXPECT_EQ(misuse.take(), line_of("alloc", "", BA_BAD_ALIGN, "; alignment 0", false));
        EXPECT_EQ(alloc(1, 96), BA_BAD_ALIGN);
        EXPECT_EQ(misuse.take(), line_of("alloc", "", BA_BAD_ALIGN, "; alignment 96", false));
        EXPECT_EQ(backing.grants(), 0u);
        EXPECT_EQ(alloc(1, 1), BA_OK);
    });
}

TEST(MisuseTest, ANewLengthOfZeroIsRejected) {
    in_every_checked_mode([](const pba_options &options, int build_mode) {
        StrictBacking backing;
        MisuseRecorder misuse;
        Scene scene(&backing, options, build_mode);
        EXPECT_EQ(ba_length_result_error(scene.pool.try_resize(scene.live, 0)).code, BA_ZERO_SIZE);
        EXPECT_EQ(ba_length_result_error(scene.pool.grow_between(scene.live, 0, 64)).code,
                  BA_ZERO_SIZE);
        EXPECT_EQ(ba_memory_error(scene.pool.remap(scene.live, 0)).code, BA_ZERO_SIZE);
        EXPECT_EQ(ba_memory_error(scene.pool.realloc(scene.live, 0)).code, BA_ZERO_SIZE);
        EXPECT_EQ(misuse.errors(), std::vector<ba_error_code>(4, BA_ZERO_SIZE));
        EXPECT_EQ(scene.pool.stats().in_use.bytes, 128u);
    });
}

TEST(MisuseTest, OfTwoMistakesTheFirstIsReported) {
    StrictBacking backing;
    MisuseRecorder misuse;
    Scene scene(&backing, small_options(), BA_DEBUG);
    const ba_memory inner = part_of(scene.live, kBlock, kBlock);
    EXPECT_EQ(ba_length_result_error(scene.pool.try_resize(inner, 0)).code, BA_INTERIOR);
    EXPECT_EQ(ba_length_result_error(scene.pool.grow_between(inner, 0, 64)).code, BA_INTERIOR);
    EXPECT_EQ(ba_memory_error(scene.pool.remap(inner, 0)).code, BA_INTERIOR);
    EXPECT_EQ(misuse.errors(), std::vector<ba_error_code>(3, BA_INTERIOR));
}

TEST(MisuseTest, IsReportedWithThePoolsName) {
    for (const char *const name : {static_cast<const char *>(nullptr), "sounds"}) {
        StrictBacking backing;
        MisuseRecorder misuse;
        pba_setup setup = {};
        setup.name = name;
        TestPool pool(small_options(), &backing, &setup);
        EXPECT_EQ(pool.free(ba_memory_none(ba_error_of(BA_LIMIT))), BA_FOREIGN);
        ASSERT_EQ(misuse.count(), 1u);
        EXPECT_STREQ(misuse.report(0).misuse.allocator, name == nullptr ? "pool" : name);
    }
}

TEST(MisuseTest, IsCheckedInTheModesThatTheSafetyLevelNames) {
    StrictBacking backing;
    for (unsigned level = PBA_SAFETY_NEVER; level <= PBA_SAFETY_ALWAYS; level++) {
        pba_options options = small_options();
        options.safety = static_cast<pba_safety>(level);
        for (int mode = BA_DEBUG; mode <= BA_RELEASE_FAST; mode++) {
            TestPool pool(options, &backing, nullptr, mode);
            EXPECT_EQ(pool.get()->checks, mode <= last_checked_mode(options.safety))
                << "safety " << level << ", build mode " << mode;
        }
    }
}

// Every call of a pool, on a pool that no call may go on with. Those that return an error say it.
void expect_every_call_to_say(pba_pool *pool, ba_memory memory, ba_error_code code,
                              MisuseRecorder *misuse) {
    const ba_alignment align = ba_align(1);
    const ba_length bytes = ba_bytes(100);
    EXPECT_EQ(ba_memory_error(pba_pool_alloc(pool, bytes, align)).code, code);
    EXPECT_EQ(pba_pool_free(pool, memory, align).code, code);
    EXPECT_EQ(ba_length_result_error(pba_pool_resize(pool, memory, align, bytes)).code, code);
    EXPECT_EQ(ba_length_result_error(pba_pool_grow_between(pool, memory, align, bytes, bytes)).code,
              code);
    EXPECT_EQ(ba_memory_error(pba_pool_remap(pool, memory, align, bytes)).code, code);
    EXPECT_EQ(ba_memory_error(pba_pool_realloc(pool, memory, align, bytes)).code, code);
    EXPECT_EQ(pba_pool_reserve(pool, bytes).code, code);
    EXPECT_EQ(pba_pool_shrink(pool, pba_threshold_percent(0, 1)).bytes, 0u);
    EXPECT_EQ(pba_pool_trim(pool, ba_bytes(0)).bytes, 0u);
    EXPECT_EQ(pba_pool_reset(pool, ba_bytes(0)).bytes, 0u);
    EXPECT_EQ(pba_pool_purge(pool).bytes, 0u);
    EXPECT_EQ(pba_pool_decay(pool, 1).bytes, 0u);
    EXPECT_EQ(pba_pool_release_all(pool, PBA_ALLOW_IN_USE).code, code);
    const pba_stats stats = pba_pool_stats(pool);
    EXPECT_EQ(stats.payload.bytes + stats.in_use.bytes + stats.chunks, 0u);
    EXPECT_EQ(pba_pool_largest_free(pool).bytes, 0u);
    EXPECT_EQ(pba_pool_fragmentation(pool), 0u);
    EXPECT_FALSE(pba_pool_owns(pool, ba_memory_pointer(memory)));
    EXPECT_EQ(ba_length_result_error(pba_pool_usable_len(pool, ba_memory_pointer(memory))).code,
              code);
    EXPECT_EQ(pba_pool_verify(pool).code, code);
    pba_pool_walk(
        pool, [](void *, const pba_walk_item *) { ADD_FAILURE(); }, nullptr);
    (void)pba_pool_allocator(pool);
    (void)pba_pool_block_allocator(pool);
    EXPECT_EQ(misuse->errors(), std::vector<ba_error_code>(22, code));
#if BA_BUILD_MODE == BA_DEBUG
    for (std::size_t i = 0; i < misuse->count(); i++) {
        const std::string operation = misuse->report(i).misuse.operation;
        const char *const site = misuse->report(i).misuse.site.text;
        if (operation == "owns" || operation == "usable_len" || operation == "verify") {
            EXPECT_EQ(site, nullptr) << operation << " has a const pool";
        } else {
            EXPECT_EQ(
                std::string(site == nullptr ? "" : site).find("pba/pool/pool_misuse_test.cc:"), 0u)
                << operation;
        }
    }
#endif
}

TEST(MisuseTest, EveryCallOfAMovedPoolSaysSoAndTouchesNothing) {
    in_every_checked_mode([](const pba_options &options, int build_mode) {
        StrictBacking backing;
        MisuseRecorder misuse;
        Scene scene(&backing, options, build_mode);
        const pba_stats before = scene.pool.stats();
        EXPECT_EQ(scene.pool.free(scene.pool.alloc(1)), BA_OK) << "not merged yet";
        pba_pool moved = *scene.pool.get();
        expect_every_call_to_say(&moved, scene.live, BA_MOVED, &misuse);
        misuse.take();
        EXPECT_EQ(scene.pool.verify(), BA_OK);
        EXPECT_EQ(scene.pool.stats().in_use.bytes, before.in_use.bytes);
        EXPECT_EQ(scene.pool.stats().payload.bytes, before.payload.bytes);
        EXPECT_EQ(scene.pool.free(scene.live, 64), BA_OK) << "at its own address it goes on";
        EXPECT_EQ(pba_pool_release_all(scene.pool.get(), PBA_REPORT_IN_USE).code, BA_OK);
    });
}

TEST(MisuseTest, APoolThatWasCopiedBeforeItsFreesIsNotBroken) {
    StrictBacking backing;
    MisuseRecorder misuse;
    pba_options options = small_options();
    options.auto_shrink = PBA_AUTO_SHRINK_NEVER;
    TestPool pool(options, &backing, nullptr, BA_DEBUG);
    std::vector<ba_memory> spans;
    for (int i = 0; i < 300; i++) {
        spans.push_back(pool.alloc(64));
    }
    pba_pool copy = *pool.get();
    for (std::size_t i = 0; i < spans.size(); i += 2) {
        EXPECT_EQ(pool.free(spans[i]), BA_OK);
    }
    EXPECT_EQ(pba_pool_stats(&copy).spans, 0u);
    EXPECT_EQ(misuse.errors(), std::vector<ba_error_code>{BA_MOVED});
    EXPECT_EQ(pool.verify(), BA_OK);
    EXPECT_EQ(pba_pool_release_all(pool.get(), PBA_ALLOW_IN_USE).code, BA_OK);
}

TEST(MisuseTest, APoolOfZerosSaysThatItWasNotMade) {
    MisuseRecorder misuse;
    const ba_severity before = ba_misuse_set_severity(BA_SEVERITY_LOG);
    pba_pool zeros;
    std::memset(&zeros, 0, sizeof zeros);
    unsigned char somewhere = 0;
    const ba_memory memory = ba_memory_of(&somewhere, ba_bytes(1));
    expect_every_call_to_say(&zeros, memory, BA_NOT_MADE, &misuse);
    EXPECT_EQ(misuse.lines()[0].find("pool: alloc(): NOT_MADE, the allocator was never made"), 0u);
    const ba_block_allocator view = pba_pool_block_allocator(&zeros);
    EXPECT_EQ(ba_memory_error(ba_block_alloc(view, ba_bytes(1), ba_align(1))).code, BA_NOT_MADE);
    EXPECT_EQ(ba_block_free(view, memory, ba_align(1)).code, BA_NOT_MADE);
    ba_misuse_set_severity(before);
}

TEST(PanicOfAPoolOfZerosTest, EndsTheProgram) {
    pba_pool zeros;
    std::memset(&zeros, 0, sizeof zeros);
    EXPECT_DEATH(
        (void)ba_memory_is_none(pba_pool_alloc_at(&zeros, ba_bytes(1), ba_align(1), used_here)),
        "^pool: alloc\\(\\): NOT_MADE, the allocator was never made, at use.c:2\n");
}

// --- a handler that does not return

std::jmp_buf way_out;

void leave(void * /*context*/, const ba_misuse * /*misuse*/) {
    std::longjmp(way_out, 1); // NOLINT(cert-err52-cpp): that it is C is what is tested
}

#if defined(__cpp_exceptions)
void throw_it(void * /*context*/, const ba_misuse *misuse) {
    throw misuse->error.code;
}

// The error with which a call was left, or BA_OK.
ba_error_code left_with(const Operation &run, pba_pool *pool, ba_memory memory,
                        ba_alignment alignment) {
    try {
        return run(pool, memory, alignment);
    } catch (ba_error_code code) {
        return code;
    }
}
#endif

TEST(HandlerTest, MayLeaveARejectedCallWhichHasChangedNothing) {
    for (const Mistake &mistake : mistakes) {
        for (const auto &operation : operations) {
            SCOPED_TRACE(::testing::Message() << mistake.name << " " << operation.name);
            StrictBacking backing;
            Scene scene(&backing, small_options(), BA_DEBUG);
            const ba_memory given = mistake.memory(scene);
            const ba_alignment alignment = ba_align(mistake.alignment);
            ba_misuse_set_handler({leave, nullptr});
            // NOLINTNEXTLINE(cert-err52-cpp): that it is C is what is tested
            if (setjmp(way_out) == 0) {
                (void)operation.run(scene.pool.get(), given, alignment);
                ADD_FAILURE() << "it is not left";
            }
#if defined(__cpp_exceptions)
            ba_misuse_set_handler({throw_it, nullptr});
            EXPECT_EQ(left_with(operation.run, scene.pool.get(), given, alignment), mistake.code);
#endif
            ba_misuse_set_handler({nullptr, nullptr});
            EXPECT_EQ(scene.pool.verify(), BA_OK);
            EXPECT_EQ(scene.pool.stats().in_use.bytes, 128u);
            EXPECT_EQ(scene.pool.free(scene.live, 64), BA_OK);
        }
    }
}

TEST(MisuseTest, AViewBindsThePoolToItsPlace) {
    StrictBacking backing;
    MisuseRecorder misuse;
    TestPool exact(small_options(), &backing, nullptr, BA_DEBUG);
    TestPool whole(small_options(), &backing, nullptr, BA_DEBUG);
    EXPECT_EQ(ba_allocator_block_size(pba_pool_allocator(exact.get())).bytes, kBlock);
    EXPECT_EQ(ba_block_allocator_block_size(pba_pool_block_allocator(whole.get())).bytes, kBlock);
    for (TestPool *const pool : {&exact, &whole}) {
        pba_pool moved = *pool->get();
        EXPECT_EQ(ba_memory_error(pba_pool_alloc(&moved, ba_bytes(1), ba_align(1))).code, BA_MOVED);
        EXPECT_EQ(ba_memory_error(pool->alloc(1)).code, BA_OK);
    }
    EXPECT_EQ(misuse.errors(), std::vector<ba_error_code>(2, BA_MOVED));
}

TEST(MisuseTest, AMovedPoolIsNotLookedForWhereThatIsNotChecked) {
    const struct {
        pba_safety safety;
        int build_mode;
    } unchecked[] = {
        {PBA_SAFETY_NEVER, BA_DEBUG},
        {PBA_SAFETY_DEBUG_ONLY, BA_RELEASE_SAFE},
        {PBA_SAFETY_RELEASE_SAFE_AND_BELOW, BA_RELEASE_FAST},
    };
    for (const auto &one : unchecked) {
        StrictBacking backing;
        MisuseRecorder misuse;
        pba_options options = small_options();
        options.safety = one.safety;
        TestPool pool(options, &backing, nullptr, one.build_mode);
        EXPECT_EQ(ba_memory_error(pool.alloc(1)).code, BA_OK);
        pba_pool moved = *pool.get();
        EXPECT_EQ(pba_pool_reserve(&moved, ba_bytes(1)).code, BA_OK) << "there is enough";
        EXPECT_EQ(misuse.count(), 0u);
    }
}

TEST(MisuseTest, SitesMayBeKeptInDebugBuildsOnly) {
    for (int mode = BA_DEBUG; mode <= BA_RELEASE_FAST; mode++) {
        StrictBacking backing;
        MisuseRecorder misuse;
        pba_options options = small_options();
        options.call_sites = PBA_ON_IN_DEBUG;
        Scene scene(&backing, options, mode);
        const ba_memory given = part_of(scene.live, 0, 1);
        EXPECT_EQ(pba_pool_free_at(scene.pool.get(), given, ba_align(1), used_here).code,
                  BA_SIZE_MISMATCH);
        EXPECT_EQ(misuse.take(), line_of("free", text_of(given), BA_SIZE_MISMATCH, "; expected 128",
                                         mode == BA_DEBUG));
    }
}

TEST(MisuseTest, SitesThatAreNotKeptAreNotTold) {
    StrictBacking backing;
    MisuseRecorder misuse;
    pba_options options = small_options();
    options.call_sites = PBA_OFF;
    Scene scene(&backing, options, BA_DEBUG);
    const ba_memory given = part_of(scene.live, 0, 1);
    EXPECT_EQ(pba_pool_free_at(scene.pool.get(), given, ba_align(1), used_here).code,
              BA_SIZE_MISMATCH);
    EXPECT_EQ(misuse.take(),
              line_of("free", text_of(given), BA_SIZE_MISMATCH, "; expected 128", false));
}

// --- panic

class PanicTest : public ::testing::TestWithParam<Mistake> {};

// A regular expression for exactly this text.
std::string quoted(const std::string &text) {
    std::string quote;
    for (const char c : text) {
        if (std::strchr("().[]+*?|^$\\", c) != nullptr) {
            quote += '\\';
        }
        quote += c;
    }
    return quote;
}

TEST_P(PanicTest, EndsTheProgramWithTheReport) {
    StrictBacking backing;
    pba_options options = small_options();
    options.severity = BA_SEVERITY_PANIC;
    options.call_sites = PBA_ON;
    Scene scene(&backing, options, BA_RELEASE_FAST);
    const ba_memory given = GetParam().memory(scene);
    EXPECT_DEATH(
        pba_pool_free_at(scene.pool.get(), given, ba_align(GetParam().alignment), used_here),
        "^" +
            quoted(line_of("free", text_of(given), GetParam().code, GetParam().detail,
                           GetParam().has_origin)) +
            "\n");
}

INSTANTIATE_TEST_SUITE_P(Misuse, PanicTest, ::testing::ValuesIn(mistakes),
                         [](const auto &mistake) { return mistake.param.name; });

TEST(PanicOfAllocTest, AnAllocationOfNothingEndsTheProgram) {
    StrictBacking backing;
    pba_options options = small_options();
    options.severity = BA_SEVERITY_PANIC;
    TestPool pool(options, &backing);
    EXPECT_DEATH(
        (void)ba_memory_is_none(pba_pool_alloc_at(pool.get(), ba_bytes(0), ba_align(1), used_here)),
        "^" + quoted(line_of("alloc", "", BA_ZERO_SIZE, "", false)) + "\n");
}

TEST(PanicOfFreeTest, EndsTheProgramInEachModeThatChecks) {
    const struct {
        pba_safety safety;
        int last_mode;
    } levels[] = {
        {PBA_SAFETY_DEBUG_ONLY, BA_DEBUG},
        {PBA_SAFETY_RELEASE_SAFE_AND_BELOW, BA_RELEASE_SAFE},
        {PBA_SAFETY_RELEASE_SMALL_AND_BELOW, BA_RELEASE_SMALL},
        {PBA_SAFETY_ALWAYS, BA_RELEASE_FAST},
    };
    for (const auto &level : levels) {
        for (int mode = BA_DEBUG; mode <= level.last_mode; mode++) {
            StrictBacking backing;
            pba_options options = small_options();
            options.severity = BA_SEVERITY_PANIC;
            options.safety = level.safety;
            Scene scene(&backing, options, mode);
            EXPECT_DEATH(
                pba_pool_free_at(scene.pool.get(), scene.freed, ba_align(1), used_here),
                "^" + quoted(line_of("free", text_of(scene.freed), BA_DOUBLE_FREE, "", false)) +
                    "\n")
                << "safety " << level.safety << ", build mode " << mode;
        }
    }
}

TEST(PanicOfAMovedPoolTest, EndsTheProgram) {
    StrictBacking backing;
    pba_options options = small_options();
    options.severity = BA_SEVERITY_PANIC;
    TestPool pool(options, &backing, nullptr, BA_DEBUG);
    const ba_memory memory = pool.alloc(1);
    pba_pool moved = *pool.get();
    EXPECT_DEATH(pba_pool_free_at(&moved, memory, ba_align(1), used_here),
                 "^" + quoted(line_of("free", text_of(memory), BA_MOVED, "", false)) + "\n");
}

// --- guard and fill

// Writes to a byte that nobody may touch, as a stray pointer without a sanitizer would.
void stray_write(unsigned char *byte) {
    ba_instrument_inspect(byte, ba_bytes(1));
    *byte = static_cast<unsigned char>(~*byte);
    ba_instrument_free(byte, ba_bytes(1));
}

TEST(GuardTest, AnOverwrittenGuardIsReportedAndTheSpanStays) {
    StrictBacking backing;
    MisuseRecorder misuse;
    pba_options options = small_options();
    options.guard = PBA_ON;
    options.call_sites = PBA_ON;
    Scene scene(&backing, options, BA_DEBUG);
    unsigned char *const guard = bytes_of(scene.live) + 128;
    stray_write(guard);
    for (const auto &operation : operations) {
        EXPECT_EQ(operation.run(scene.pool.get(), scene.live, ba_align(1)), BA_CORRUPT);
        EXPECT_EQ(misuse.take(),
                  line_of(operation.name, text_of(scene.live), BA_CORRUPT, "; expected 128", true));
    }
    EXPECT_EQ(scene.pool.verify(), BA_CORRUPT);
    EXPECT_EQ(scene.pool.stats().spans, 1u);
    stray_write(guard);
    EXPECT_EQ(scene.pool.verify(), BA_OK);
    EXPECT_EQ(scene.pool.free(scene.live), BA_OK);
}

TEST(GuardTest, AnOverwrittenGuardEndsTheProgramIfSoAsked) {
    StrictBacking backing;
    pba_options options = small_options();
    options.severity = BA_SEVERITY_PANIC;
    options.guard = PBA_ON;
    options.call_sites = PBA_ON;
    Scene scene(&backing, options, BA_RELEASE_SAFE);
    unsigned char *const guard = bytes_of(scene.live) + 128;
    stray_write(guard);
    EXPECT_DEATH(
        pba_pool_free_at(scene.pool.get(), scene.live, ba_align(1), used_here),
        "^" + quoted(line_of("free", text_of(scene.live), BA_CORRUPT, "; expected 128", true)) +
            "\n");
    stray_write(guard);
}

TEST(GuardTest, FollowsTheEndOfTheSpan) {
    StrictBacking backing;
    pba_options options = small_options();
    options.guard = PBA_ON;
    TestPool pool(options, &backing);
    ba_memory memory = pool.alloc(64);
    for (const std::size_t length : {256U, 64U, 128U}) {
        EXPECT_EQ(pool.resize(memory, length), length);
        memory = part_of(memory, 0, length);
        std::memset(bytes_of(memory), 0x5A, length);
        EXPECT_EQ(pool.verify(), BA_OK);
        unsigned char *const guard = bytes_of(memory) + length;
        stray_write(guard);
        EXPECT_EQ(pool.verify(), BA_CORRUPT);
        stray_write(guard);
    }
}

TEST(FillTest, AWriteAfterFreeIsReportedWhenTheMemoryIsUsedAgain) {
    StrictBacking backing;
    MisuseRecorder misuse;
    pba_options options = small_options();
    options.fill = PBA_ON;
    TestPool pool(options, &backing);
    const ba_memory memory = pool.alloc(64);
    EXPECT_EQ(pool.free(memory), BA_OK);
    stray_write(bytes_of(memory) + 63);
    const ba_memory again = pba_pool_alloc_at(pool.get(), ba_bytes(64), ba_align(1), used_here);
    EXPECT_EQ(address_of(again), address_of(memory)) << "it is allocated all the same";
    EXPECT_EQ(misuse.take(), line_of("alloc", text_of(again), BA_CORRUPT, "", false));
    std::memset(bytes_of(again), 0, 64);
    EXPECT_EQ(pool.free(again), BA_OK);
    EXPECT_EQ(misuse.count(), 0u);
}

TEST(FillTest, AWriteIntoWhatASpanGrowsIntoIsReported) {
    StrictBacking backing;
    MisuseRecorder misuse;
    pba_options options = small_options();
    options.fill = PBA_ON;
    TestPool pool(options, &backing);
    const ba_memory memory = pool.alloc(64);
    stray_write(bytes_of(memory) + 100);
#if defined(__cpp_exceptions)
    const ba_misuse_handler recorder = ba_misuse_set_handler({throw_it, nullptr});
    EXPECT_THROW((void)pool.resize(memory, 128), ba_error_code);
    ba_misuse_set_handler(recorder);
    EXPECT_EQ(pool.stats().in_use.bytes, 64u) << "a handler may leave it, and it is as it was";
#endif
    EXPECT_EQ(ba_length_result_length(
                  pba_pool_resize_at(pool.get(), memory, ba_align(1), ba_bytes(128), used_here))
                  .bytes,
              128u);
    EXPECT_EQ(misuse.take(),
              line_of("resize", text_of(part_of(memory, 64, 64)), BA_CORRUPT, "", false));
}

TEST(FillTest, WhatAResetFreesIsFilled) {
    StrictBacking backing;
    MisuseRecorder misuse;
    pba_options options = small_options();
    options.fill = PBA_ON;
    TestPool pool(options, &backing);
    const ba_memory memory = pool.alloc(128);
    std::memset(bytes_of(memory), 0x5A, 128);
    EXPECT_EQ(pba_pool_reset(pool.get(), ba_bytes(kChunk)).bytes, 0u);
    EXPECT_EQ(pool.verify(), BA_OK);
    EXPECT_EQ(address_of(pool.alloc(kChunk)), address_of(memory));
    EXPECT_EQ(misuse.count(), 0u);
}

// --- wipe

// True if all bytes are this one. They may be poisoned, and stay so.
bool is_all(const unsigned char *first, std::size_t length, unsigned char byte) {
    ba_instrument_inspect(first, ba_bytes(length));
    bool all = true;
    for (std::size_t i = 0; i < length; i++) {
        all = all && first[i] == byte;
    }
    ba_instrument_free(first, ba_bytes(length));
    return all;
}

// Shows what comes back, before it goes.
struct Witness {
    ba_block_allocator backing;
    std::function<void(ba_memory)> sees;

    static Witness &self(void *context) { return *static_cast<Witness *>(context); }
    static ba_length block_size(const void * /*context*/) { return ba_bytes(1); }
    static ba_memory alloc(void *context, ba_length minimum, ba_alignment alignment,
                           ba_call_site site) {
        return ba_block_alloc_at(self(context).backing, minimum, alignment, site);
    }
    static ba_length_result resize(void *context, ba_memory memory, ba_alignment alignment,
                                   ba_length minimum, ba_call_site site) {
        return ba_block_resize_at(self(context).backing, memory, alignment, minimum, site);
    }
    static ba_error free(void *context, ba_memory memory, ba_alignment alignment,
                         ba_call_site site) {
        self(context).sees(memory);
        return ba_block_free_at(self(context).backing, memory, alignment, site);
    }
    static const ba_operations table;
};

const ba_operations Witness::table = {
    sizeof(ba_operations),
    block_size,
    alloc,
    resize,
    free,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
};

TEST(WipeTest, EverythingThatIsGivenUpIsOverwritten) {
    for (const int mode : {BA_DEBUG, BA_RELEASE_SAFE}) {
        const unsigned char byte = mode == BA_DEBUG ? 0xAA : 0x00;
        StrictBacking backing;
        pba_options options = small_options();
        options.secure_wipe = PBA_ON;
        TestPool pool(options, &backing, nullptr, mode);
        ba_memory memory = pool.alloc(256);
        const ba_memory behind = pool.alloc(64);
        std::memset(bytes_of(memory), 0x5A, 256);
        std::memset(bytes_of(behind), 0x5A, 64);

        EXPECT_EQ(pool.resize(memory, 128), 128u);
        EXPECT_TRUE(is_all(bytes_of(memory) + 128, 128, byte)) << "a tail that was cut off";
        memory = part_of(memory, 0, 128);
        EXPECT_EQ(bytes_of(memory)[127], 0x5A);

        const ba_memory moved = pool.realloc(memory, 2048);
        ASSERT_NE(address_of(moved), address_of(memory));
        EXPECT_TRUE(is_all(bytes_of(memory), 128, byte)) << "the old copy after a move";
        EXPECT_EQ(bytes_of(moved)[127], 0x5A);

        EXPECT_EQ(pool.free(behind), BA_OK);
        EXPECT_TRUE(is_all(bytes_of(behind), 64, byte)) << "a freed span";
    }
}

TEST(WipeTest, WhatAResetFreesIsOverwritten) {
    StrictBacking backing;
    pba_options options = small_options();
    options.secure_wipe = PBA_ON;
    TestPool pool(options, &backing, nullptr, BA_DEBUG);
    const ba_memory memory = pool.alloc(256);
    std::memset(bytes_of(memory), 0x5A, 256);
    EXPECT_EQ(pba_pool_reset(pool.get(), ba_bytes(kChunk)).bytes, 0u);
    EXPECT_TRUE(is_all(bytes_of(memory), 256, 0xAA));
}

TEST(WipeTest, AChunkIsOverwrittenBeforeItGoesBack) {
    StrictBacking backing;
    StrictBacking metadata;
    const ba_allocator second = metadata.allocator();
    pba_setup setup = {};
    setup.metadata = &second;
    std::size_t chunks = 0;
    Witness witness = {backing.block_allocator(), [&](ba_memory grant) {
                           chunks++;
                           const unsigned char *const first = bytes_of(grant);
                           for (std::size_t i = 0; i < kChunk; i++) {
                               EXPECT_EQ(first[i], 0xAA);
                           }
                       }};
    pba_options options = small_options();
    options.secure_wipe = PBA_ON;
    TestPool pool(options, ba_any_allocator_of_exact(ba_allocator_of(&witness, &Witness::table)),
                  &setup, BA_DEBUG);
    const ba_memory memory = pool.alloc(kChunk);
    std::memset(bytes_of(memory), 0x5A, kChunk);
    pba_pool_release_all(pool.get(), PBA_ALLOW_IN_USE);
    EXPECT_EQ(chunks, 1u) << "a span in use too";
}

} // namespace
