// Pool types made by pba/define.h, from C++: each generated function, several types in one source.
#include <algorithm>
#include <cstring>
#include <string>
#include <type_traits>
#include <vector>

#include "testing/misuse_recorder.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

#define PBA_NAME default_pool
#include "pba/define.h"

#if defined(PBA_NAME) || defined(PBA_BLOCK_SIZE) || defined(PBA_BACKING_REQUEST_SIZE) ||           \
    defined(PBA_REQUEST_GROWTH) || defined(PBA_INDEX) || defined(PBA_BYTE_LIMIT) ||                \
    defined(PBA_SECURE_WIPE) || defined(PBA_SPAN_CACHE) || defined(PBA_SAFETY) ||                  \
    defined(PBA_SEVERITY) || defined(PBA_BACKING_FAILURE) || defined(PBA_AUTO_SHRINK) ||           \
    defined(PBA_SHRINK_KIND) || defined(PBA_SHRINK_MIN) || defined(PBA_SHRINK_MAX) ||              \
    defined(PBA_DECAY_AGE) || defined(PBA_STATISTICS) || defined(PBA_GUARD) ||                     \
    defined(PBA_FILL) || defined(PBA_CALL_SITES)
#error "a parameter is still defined"
#endif

#define PBA_NAME other_pool
#define PBA_BLOCK_SIZE 64
#define PBA_BACKING_REQUEST_SIZE 1024
#define PBA_INDEX PBA_INDEX_U16
#define PBA_REQUEST_GROWTH 100
#define PBA_BYTE_LIMIT 65536
#define PBA_SECURE_WIPE PBA_ON
#define PBA_SPAN_CACHE PBA_OFF
#define PBA_SAFETY PBA_SAFETY_ALWAYS
#define PBA_SEVERITY BA_SEVERITY_LOG
#define PBA_BACKING_FAILURE PBA_BACKING_FAILURE_PANICS
#define PBA_AUTO_SHRINK PBA_AUTO_SHRINK_AGGRESSIVE
#define PBA_SHRINK_KIND PBA_THRESHOLD_FLAT
#define PBA_SHRINK_MIN 1024
#define PBA_SHRINK_MAX 4096
#define PBA_DECAY_AGE 7
#define PBA_STATISTICS PBA_OFF
#define PBA_GUARD PBA_ON
#define PBA_FILL PBA_ON
#define PBA_CALL_SITES PBA_ON
#include "pba/define.h"

#if defined(PBA_NAME) || defined(PBA_BLOCK_SIZE) || defined(PBA_BACKING_REQUEST_SIZE) ||           \
    defined(PBA_REQUEST_GROWTH) || defined(PBA_INDEX) || defined(PBA_BYTE_LIMIT) ||                \
    defined(PBA_SECURE_WIPE) || defined(PBA_SPAN_CACHE) || defined(PBA_SAFETY) ||                  \
    defined(PBA_SEVERITY) || defined(PBA_BACKING_FAILURE) || defined(PBA_AUTO_SHRINK) ||           \
    defined(PBA_SHRINK_KIND) || defined(PBA_SHRINK_MIN) || defined(PBA_SHRINK_MAX) ||              \
    defined(PBA_DECAY_AGE) || defined(PBA_STATISTICS) || defined(PBA_GUARD) ||                     \
    defined(PBA_FILL) || defined(PBA_CALL_SITES)
#error "a parameter is still defined"
#endif

#define PBA_NAME plain_pool
#define PBA_BLOCK_SIZE 64
#define PBA_BACKING_REQUEST_SIZE 1024
#define PBA_CALL_SITES PBA_OFF
#include "pba/define.h"

#define PBA_NAME logging_pool
#define PBA_BLOCK_SIZE 64
#define PBA_BACKING_REQUEST_SIZE 1024
#define PBA_CALL_SITES PBA_OFF
#define PBA_SEVERITY BA_SEVERITY_LOG
#include "pba/define.h"

namespace {

using ba_testing::MisuseRecorder;
using ba_testing::StrictBacking;
using ba_testing::StrictBackingOptions;

TEST(DefineTest, ParametersThatAreAbsentHaveTheDefaults) {
    const pba_options made = default_pool_options();
    const pba_options expected = pba_options_default();
    EXPECT_EQ(made.block_size, expected.block_size);
    EXPECT_EQ(made.backing_request_size, expected.backing_request_size);
    EXPECT_EQ(made.index, expected.index);
    EXPECT_EQ(made.request_growth, expected.request_growth);
    EXPECT_EQ(made.byte_limit, expected.byte_limit);
    EXPECT_EQ(made.secure_wipe, expected.secure_wipe);
    EXPECT_EQ(made.span_cache, expected.span_cache);
    EXPECT_EQ(made.safety, expected.safety);
    EXPECT_EQ(made.severity, expected.severity);
    EXPECT_EQ(made.backing_failure, expected.backing_failure);
    EXPECT_EQ(made.auto_shrink, expected.auto_shrink);
    EXPECT_EQ(made.shrink_kind, expected.shrink_kind);
    EXPECT_EQ(made.shrink_min, expected.shrink_min);
    EXPECT_EQ(made.shrink_max, expected.shrink_max);
    EXPECT_EQ(made.decay_age, expected.decay_age);
    EXPECT_EQ(made.statistics, expected.statistics);
    EXPECT_EQ(made.guard, expected.guard);
    EXPECT_EQ(made.fill, expected.fill);
    EXPECT_EQ(made.call_sites, expected.call_sites);
}

TEST(DefineTest, EveryParameterBecomesItsOption) {
    const pba_options made = other_pool_options();
    EXPECT_EQ(made.block_size, 64u);
    EXPECT_EQ(made.backing_request_size, 1024u);
    EXPECT_EQ(made.index, PBA_INDEX_U16);
    EXPECT_EQ(made.request_growth, 100u);
    EXPECT_EQ(made.byte_limit, 65536u);
    EXPECT_EQ(made.secure_wipe, PBA_ON);
    EXPECT_EQ(made.span_cache, PBA_OFF);
    EXPECT_EQ(made.safety, PBA_SAFETY_ALWAYS);
    EXPECT_EQ(made.severity, BA_SEVERITY_LOG);
    EXPECT_EQ(made.backing_failure, PBA_BACKING_FAILURE_PANICS);
    EXPECT_EQ(made.auto_shrink, PBA_AUTO_SHRINK_AGGRESSIVE);
    EXPECT_EQ(made.shrink_kind, PBA_THRESHOLD_FLAT);
    EXPECT_EQ(made.shrink_min, 1024u);
    EXPECT_EQ(made.shrink_max, 4096u);
    EXPECT_EQ(made.decay_age, 7u);
    EXPECT_EQ(made.statistics, PBA_OFF);
    EXPECT_EQ(made.guard, PBA_ON);
    EXPECT_EQ(made.fill, PBA_ON);
    EXPECT_EQ(made.call_sites, PBA_ON);
}

TEST(DefineTest, TypesAreDistinct) {
    EXPECT_FALSE((std::is_same<default_pool, other_pool>::value));
    EXPECT_FALSE((std::is_convertible<default_pool *, other_pool *>::value));
    EXPECT_FALSE((std::is_convertible<default_pool *, pba_pool *>::value));
    EXPECT_EQ(default_pool_block_size().bytes, 1024u);
    EXPECT_EQ(other_pool_block_size().bytes, 64u);
}

TEST(DefineTest, TakesNoMemoryUntilTheFirstAllocation) {
    StrictBacking backing;
    plain_pool pool = plain_pool_new(backing.allocator());
    EXPECT_EQ(ba_allocator_block_size(plain_pool_allocator(&pool)).bytes, 64u);
    EXPECT_EQ(ba_block_allocator_block_size(plain_pool_block_allocator(&pool)).bytes, 64u);
    EXPECT_EQ(backing.calls(), 0u);
    const ba_memory memory = plain_pool_alloc(&pool, ba_bytes(1), ba_align(1));
    EXPECT_EQ(ba_memory_length(memory).bytes, 64u);
    EXPECT_GT(backing.calls(), 0u);
    EXPECT_EQ(plain_pool_free(&pool, memory, ba_align(1)).code, BA_OK);
    EXPECT_EQ(plain_pool_release_all(&pool, PBA_REPORT_IN_USE).code, BA_OK);
}

TEST(DefineTest, OverBlocksMakesBlocksOfWholeGrants) {
    StrictBackingOptions options;
    options.block_size = 4096;
    StrictBacking backing(options);
    plain_pool whole = plain_pool_new_over_blocks(backing.block_allocator());
    EXPECT_FALSE(ba_memory_is_none(plain_pool_alloc(&whole, ba_bytes(1), ba_align(1))));
    EXPECT_EQ(plain_pool_stats(&whole).payload.bytes, 4096u);
    plain_pool_release_all(&whole, PBA_ALLOW_IN_USE);

    StrictBacking bytes;
    plain_pool exact = plain_pool_new(bytes.allocator());
    EXPECT_FALSE(ba_memory_is_none(plain_pool_alloc(&exact, ba_bytes(1), ba_align(1))));
    EXPECT_EQ(plain_pool_stats(&exact).payload.bytes, 1024u);
    plain_pool_release_all(&exact, PBA_ALLOW_IN_USE);
}

void collect(void *context, const pba_walk_item *item) {
    static_cast<std::vector<pba_walk_item> *>(context)->push_back(*item);
}

TEST(DefineTest, EveryFunctionWorksOnThePool) {
    StrictBackingOptions options;
    options.discards = true;
    StrictBacking backing(options);
    StrictBacking metadata;
    const ba_allocator second = metadata.allocator();
    pba_setup setup = {};
    setup.name = "mine";
    setup.metadata = &second;
    plain_pool pool = plain_pool_new_with(ba_any_allocator_of_exact(backing.allocator()), &setup);

    EXPECT_EQ(plain_pool_reserve(&pool, ba_bytes(2048)).code, BA_OK);
    EXPECT_EQ(backing.bytes(), 2048u);
    EXPECT_GT(metadata.bytes(), 0u);
    ba_memory memory = plain_pool_alloc(&pool, ba_bytes(100), ba_align(64));
    EXPECT_EQ(ba_memory_length(memory).bytes, 128u);
    EXPECT_TRUE(plain_pool_owns(&pool, ba_memory_pointer(memory)));
    EXPECT_FALSE(plain_pool_owns(&pool, &pool));
    EXPECT_EQ(
        ba_length_result_length(plain_pool_usable_len(&pool, ba_memory_pointer(memory))).bytes,
        128u);
    EXPECT_EQ(plain_pool_largest_free(&pool).bytes, 1920u);

    EXPECT_EQ(ba_length_result_length(plain_pool_resize(&pool, memory, ba_align(64), ba_bytes(256)))
                  .bytes,
              256u);
    memory = ba_memory_of(ba_memory_pointer(memory), ba_bytes(256));
    EXPECT_EQ(ba_length_result_length(plain_pool_grow_between(&pool, memory, ba_align(64),
                                                              ba_bytes(257), ba_bytes(512)))
                  .bytes,
              512u);
    memory = plain_pool_remap(&pool, ba_memory_of(ba_memory_pointer(memory), ba_bytes(512)),
                              ba_align(64), ba_bytes(64));
    EXPECT_EQ(ba_memory_length(memory).bytes, 64u);
    memory = plain_pool_realloc(&pool, memory, ba_align(64), ba_bytes(4096));
    EXPECT_EQ(ba_memory_length(memory).bytes, 4096u);
    EXPECT_EQ(plain_pool_verify(&pool).code, BA_OK);

    std::vector<pba_walk_item> items;
    plain_pool_walk(&pool, collect, &items);
    EXPECT_EQ(items.size(), 2u) << "a hole and a span";
    EXPECT_EQ(plain_pool_stats(&pool).in_use.bytes, 4096u);
    EXPECT_EQ(plain_pool_purge(&pool).bytes, 2048u);
    EXPECT_EQ(plain_pool_decay(&pool, 1).bytes, 0u) << "decay is off";
    EXPECT_EQ(plain_pool_shrink(&pool, pba_threshold_percent(50, 60)).bytes, 0u);
    EXPECT_EQ(plain_pool_trim(&pool, ba_bytes(0)).bytes, 2048u);
    EXPECT_EQ(plain_pool_free(&pool, memory, ba_align(64)).code, BA_OK);
    EXPECT_FALSE(ba_memory_is_none(plain_pool_alloc(&pool, ba_bytes(1), ba_align(1))));
    EXPECT_EQ(plain_pool_reset(&pool, ba_bytes(0)).bytes, 4096u);
    EXPECT_EQ(plain_pool_release_all(&pool, PBA_REPORT_IN_USE).code, BA_OK);
}

#if BA_CHECKS_MISUSE
TEST(DefineTest, WhatIsWrongDoesNotTakeTheFastPath) {
    StrictBacking backing;
    MisuseRecorder misuse;
    logging_pool pool = logging_pool_new(backing.allocator());
    std::vector<ba_memory> spans;
    for (std::size_t i = 0; i < 20; i++) {
        spans.push_back(logging_pool_alloc(&pool, ba_bytes(64), ba_align(1)));
    }
    // 20 blocks out of chunks of 16 cannot all lie at multiples of 128.
    std::iter_swap(spans.begin(), std::find_if(spans.begin(), spans.end(), [](ba_memory span) {
                       return !ba_is_aligned(ba_memory_pointer(span), ba_align(128));
                   }));
    // Enough for the pool to keep spans of this length to be used again.
    for (std::size_t i = 10; i < 20; i++) {
        EXPECT_EQ(logging_pool_free(&pool, spans[i], ba_align(1)).code, BA_OK);
    }
    EXPECT_EQ(logging_pool_free(&pool, spans[0], ba_align(3)).code, BA_BAD_ALIGN);
    EXPECT_EQ(ba_memory_error(logging_pool_alloc(&pool, ba_bytes(64), ba_align(3))).code,
              BA_BAD_ALIGN);
    unsigned char *const inside = static_cast<unsigned char *>(ba_memory_pointer(spans[0])) + 1;
    EXPECT_EQ(logging_pool_free(&pool, ba_memory_of(inside, ba_bytes(64)), ba_align(1)).code,
              BA_INTERIOR);
    EXPECT_EQ(logging_pool_free(&pool, spans[0], ba_align(128)).code, BA_BAD_ALIGN);
    EXPECT_EQ(misuse.count(), 4u);
    EXPECT_EQ(logging_pool_free(&pool, spans[0], ba_align(1)).code, BA_OK);
    EXPECT_EQ(ba_memory_pointer(logging_pool_alloc(&pool, ba_bytes(64), ba_align(1))),
              ba_memory_pointer(spans[0]));
    EXPECT_EQ(logging_pool_release_all(&pool, PBA_ALLOW_IN_USE).code, BA_OK);
}
#endif

#if BA_BUILD_MODE == BA_DEBUG && defined(__GNUC__)
// The address behind a call of this.
__attribute__((noinline)) const void *here() {
    return __builtin_return_address(0);
}

TEST(DefineTest, EachCallNamesAnAddressInTheFunctionThatCalls) {
    StrictBacking backing;
    MisuseRecorder misuse;
    logging_pool pool = logging_pool_new(backing.allocator());
    const ba_memory memory = logging_pool_alloc(&pool, ba_bytes(64), ba_align(1));
    const ba_memory none = ba_memory_none(ba_error_of(BA_LIMIT));
    const ba_alignment align = ba_align(1);
    logging_pool moved = pool;
    const void *addresses[32] = {here()};
    std::size_t calls = 0;
    (void)ba_memory_is_none(logging_pool_alloc(&pool, ba_bytes(0), align));
    addresses[++calls] = here();
    (void)logging_pool_free(&pool, none, align);
    addresses[++calls] = here();
    (void)ba_length_result_is_none(logging_pool_resize(&pool, none, align, ba_bytes(1)));
    addresses[++calls] = here();
    (void)ba_length_result_is_none(
        logging_pool_grow_between(&pool, none, align, ba_bytes(1), ba_bytes(1)));
    addresses[++calls] = here();
    (void)ba_memory_is_none(logging_pool_remap(&pool, none, align, ba_bytes(1)));
    addresses[++calls] = here();
    (void)ba_memory_is_none(logging_pool_realloc(&pool, none, align, ba_bytes(1)));
    addresses[++calls] = here();
    (void)logging_pool_trim(&moved, ba_bytes(0));
    addresses[++calls] = here();
    (void)logging_pool_shrink(&moved, pba_threshold_percent(0, 1));
    addresses[++calls] = here();
    (void)logging_pool_reset(&moved, ba_bytes(0));
    addresses[++calls] = here();
    (void)logging_pool_purge(&moved);
    addresses[++calls] = here();
    (void)logging_pool_decay(&moved, 1);
    addresses[++calls] = here();
    (void)ba_failed(logging_pool_reserve(&moved, ba_bytes(1)));
    addresses[++calls] = here();
    (void)logging_pool_stats(&moved);
    addresses[++calls] = here();
    (void)logging_pool_largest_free(&moved);
    addresses[++calls] = here();
    (void)logging_pool_allocator(&moved);
    addresses[++calls] = here();
    (void)logging_pool_block_allocator(&moved);
    addresses[++calls] = here();
    logging_pool_walk(&moved, collect, nullptr);
    addresses[++calls] = here();
    (void)logging_pool_release_all(&pool, PBA_REPORT_IN_USE);
    addresses[++calls] = here();
    ASSERT_EQ(misuse.count(), calls);
    for (std::size_t i = 0; i < calls; i++) {
        const ba_misuse &report = misuse.report(i).misuse;
        EXPECT_LT(addresses[i], report.site.address) << report.operation;
        EXPECT_GT(addresses[i + 1], report.site.address) << report.operation;
    }
    (void)memory;
}
#endif

TEST(DefineTest, HereIsTheCallersLine) {
    StrictBacking backing;
    other_pool pool = other_pool_new(backing.allocator());
    const ba_memory memory = PBA_HERE(other_pool_alloc, &pool, ba_bytes(1), ba_align(1));
    const std::string line = "pba/define_test.cc:" + std::to_string(__LINE__ - 1);
    std::vector<pba_walk_item> items;
    other_pool_walk(&pool, collect, &items);
    ASSERT_EQ(items.size(), 2u);
    EXPECT_EQ(items[0].pointer, ba_memory_pointer(memory));
    EXPECT_EQ(items[0].length.bytes, 128u) << "a block and its guard";
#if BA_BUILD_MODE == BA_DEBUG
    EXPECT_EQ(items[0].site.text, line);
#else
    EXPECT_EQ(items[0].site.text, nullptr);
    EXPECT_NE(items[0].site.address, nullptr);
#endif
    EXPECT_TRUE(ba_call_site_is_none(items[1].site));
    EXPECT_EQ(PBA_HERE(other_pool_free, &pool, memory, ba_align(1)).code, BA_OK);

    const ba_memory other = other_pool_alloc(&pool, ba_bytes(1), ba_align(1));
    items.clear();
    other_pool_walk(&pool, collect, &items);
    EXPECT_EQ(items[0].site.text, nullptr) << "a function does not see its caller's line";
    EXPECT_NE(items[0].site.address, nullptr);
    EXPECT_EQ(other_pool_free(&pool, other, ba_align(1)).code, BA_OK);
    EXPECT_EQ(other_pool_release_all(&pool, PBA_REPORT_IN_USE).code, BA_OK);
}

} // namespace
