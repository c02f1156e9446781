// The rules of the options, each broken alone, and the defaults.
#include "pba/options.h"

#include <cstdint>
#include <cstring>
#include <functional>
#include <ostream>
#include <set>
#include <string>

#include "gtest/gtest.h"

namespace {

struct BrokenRule {
    const char *name;
    std::function<void(pba_options *)> breaks;
    pba_options_error error;
    const char *message;
};

// Without it GoogleTest prints the bytes, and the padding among them is undefined.
std::ostream &operator<<(std::ostream &out, const BrokenRule &rule) {
    return out << rule.name;
}

// A value that no enumerator has: such options come from bindings.
template <typename Enum>
void set_to(Enum *option, unsigned value) {
    static_assert(sizeof(Enum) == sizeof value, "an enumeration is an int here");
    std::memcpy(option, &value, sizeof value);
}

template <typename Enum>
std::function<void(pba_options *)> out_of_range(Enum pba_options::*option, unsigned value) {
    return [option, value](pba_options *options) { set_to(&(options->*option), value); };
}

class BrokenRuleTest : public ::testing::TestWithParam<BrokenRule> {};

TEST_P(BrokenRuleTest, IsFoundAndNamed) {
    pba_options options = pba_options_default();
    GetParam().breaks(&options);
    EXPECT_EQ(pba_options_check(&options), GetParam().error);
    EXPECT_STREQ(pba_options_error_message(GetParam().error), GetParam().message);
}

const BrokenRule broken_rules[] = {
    {"BlockSizeNoPowerOfTwo", [](pba_options *o) { o->block_size = 96; },
     PBA_OPTIONS_BLOCK_SIZE_POWER_OF_TWO, "PBA_BLOCK_SIZE must be a power of two"},
    {"BlockSizeZero", [](pba_options *o) { o->block_size = 0; },
     PBA_OPTIONS_BLOCK_SIZE_POWER_OF_TWO, "PBA_BLOCK_SIZE must be a power of two"},
    {"BlockSizeTooSmall", [](pba_options *o) { o->block_size = 32; }, PBA_OPTIONS_BLOCK_SIZE_MIN,
     "PBA_BLOCK_SIZE must be at least 64"},
    {"BackingRequestSizeNoPowerOfTwo", [](pba_options *o) { o->backing_request_size = 5000; },
     PBA_OPTIONS_BACKING_REQUEST_SIZE_POWER_OF_TWO,
     "PBA_BACKING_REQUEST_SIZE must be a power of two"},
    {"BackingRequestSizeZero", [](pba_options *o) { o->backing_request_size = 0; },
     PBA_OPTIONS_BACKING_REQUEST_SIZE_POWER_OF_TWO,
     "PBA_BACKING_REQUEST_SIZE must be a power of two"},
    {"BackingRequestSizeTooSmall", [](pba_options *o) { o->backing_request_size = 512; },
     PBA_OPTIONS_BACKING_REQUEST_SIZE_MIN,
     "PBA_BACKING_REQUEST_SIZE must be at least PBA_BLOCK_SIZE"},
    {"IndexUnknown", out_of_range(&pba_options::index, 24), PBA_OPTIONS_INDEX,
     "PBA_INDEX must be one of PBA_INDEX_U8, _U16, _U32, _U64, _SIZE"},
    {"IndexTooSmall",
     [](pba_options *o) {
         o->index = PBA_INDEX_U8;
         o->backing_request_size = o->block_size * 256;
     },
     PBA_OPTIONS_INDEX_TOO_SMALL,
     "PBA_INDEX must be able to count the blocks of one PBA_BACKING_REQUEST_SIZE"},
    {"RequestGrowth", [](pba_options *o) { o->request_growth = 101; }, PBA_OPTIONS_REQUEST_GROWTH,
     "PBA_REQUEST_GROWTH must be at most 100"},
    {"ByteLimit", [](pba_options *o) { o->byte_limit = 1023; }, PBA_OPTIONS_BYTE_LIMIT,
     "PBA_BYTE_LIMIT must be at least PBA_BLOCK_SIZE"},
    {"SecureWipe", out_of_range(&pba_options::secure_wipe, 3), PBA_OPTIONS_SECURE_WIPE,
     "PBA_SECURE_WIPE must be PBA_OFF, PBA_ON or PBA_ON_IN_DEBUG"},
    {"SpanCache", out_of_range(&pba_options::span_cache, 3), PBA_OPTIONS_SPAN_CACHE,
     "PBA_SPAN_CACHE must be PBA_OFF, PBA_ON or PBA_ON_IN_DEBUG"},
    {"Safety", out_of_range(&pba_options::safety, 5), PBA_OPTIONS_SAFETY,
     "PBA_SAFETY must be a value of pba_safety"},
    {"Severity", out_of_range(&pba_options::severity, 2), PBA_OPTIONS_SEVERITY,
     "PBA_SEVERITY must be BA_SEVERITY_LOG or BA_SEVERITY_PANIC"},
    {"BackingFailure", out_of_range(&pba_options::backing_failure, 3), PBA_OPTIONS_BACKING_FAILURE,
     "PBA_BACKING_FAILURE must be a value of pba_backing_failure"},
    {"AutoShrink", out_of_range(&pba_options::auto_shrink, 4), PBA_OPTIONS_AUTO_SHRINK,
     "PBA_AUTO_SHRINK must be a value of pba_auto_shrink"},
    {"ShrinkKind", out_of_range(&pba_options::shrink_kind, 2), PBA_OPTIONS_SHRINK_KIND,
     "PBA_SHRINK_KIND must be PBA_THRESHOLD_PERCENT or PBA_THRESHOLD_FLAT"},
    {"ShrinkMinNotBelowMax", [](pba_options *o) { o->shrink_min = 50; },
     PBA_OPTIONS_SHRINK_MIN_BELOW_MAX, "PBA_SHRINK_MIN must be below PBA_SHRINK_MAX"},
    {"ShrinkMaxPercent", [](pba_options *o) { o->shrink_max = 100; },
     PBA_OPTIONS_SHRINK_MAX_PERCENT, "PBA_SHRINK_MAX must be below 100 when it is a percentage"},
    {"Statistics", out_of_range(&pba_options::statistics, 3), PBA_OPTIONS_STATISTICS,
     "PBA_STATISTICS must be PBA_OFF, PBA_ON or PBA_ON_IN_DEBUG"},
    {"Guard", out_of_range(&pba_options::guard, 3), PBA_OPTIONS_GUARD,
     "PBA_GUARD must be PBA_OFF, PBA_ON or PBA_ON_IN_DEBUG"},
    {"Fill", out_of_range(&pba_options::fill, 3), PBA_OPTIONS_FILL,
     "PBA_FILL must be PBA_OFF, PBA_ON or PBA_ON_IN_DEBUG"},
    {"CallSites", out_of_range(&pba_options::call_sites, 3), PBA_OPTIONS_CALL_SITES,
     "PBA_CALL_SITES must be PBA_OFF, PBA_ON or PBA_ON_IN_DEBUG"},
};

std::string name_of(const ::testing::TestParamInfo<BrokenRule> &rule) {
    return rule.param.name;
}

INSTANTIATE_TEST_SUITE_P(Options, BrokenRuleTest, ::testing::ValuesIn(broken_rules), name_of);

TEST(OptionsTest, TestsHereBreakEveryRule) {
    std::set<pba_options_error> broken;
    for (const BrokenRule &rule : broken_rules) {
        broken.insert(rule.error);
    }
#define RULE(name, condition, message) +1
#define NOTHING(option) 0
    constexpr std::size_t kRules = 0 PBA_OPTION_RULES(RULE, NOTHING);
#undef RULE
#undef NOTHING
    EXPECT_EQ(broken.size(), kRules);
    EXPECT_EQ(broken.count(PBA_OPTIONS_OK), 0u);
}

TEST(OptionsTest, EveryMessageIsItsOwn) {
    std::set<std::string> messages;
    for (unsigned error = PBA_OPTIONS_OK; error <= PBA_OPTIONS_CALL_SITES + 1; error++) {
        messages.insert(pba_options_error_message(static_cast<pba_options_error>(error)));
    }
    EXPECT_EQ(messages.size(), std::size_t{PBA_OPTIONS_CALL_SITES} + 2);
    EXPECT_EQ(messages.count("the options are good"), 1u);
    EXPECT_EQ(messages.count("not an error of pba_options_check()"), 1u);
}

TEST(OptionsTest, DefaultsAreThoseOfTheContract) {
    const pba_options options = pba_options_default();
    EXPECT_EQ(options.block_size, 1024u);
    EXPECT_EQ(options.backing_request_size, 4096u);
    EXPECT_EQ(options.index, PBA_INDEX_U32);
    EXPECT_EQ(options.byte_limit, SIZE_MAX);
    EXPECT_EQ(options.secure_wipe, PBA_OFF);
    EXPECT_EQ(options.request_growth, 0u);
    EXPECT_EQ(options.span_cache, PBA_ON);
    EXPECT_EQ(options.safety, PBA_SAFETY_RELEASE_SAFE_AND_BELOW);
    EXPECT_EQ(options.severity, BA_SEVERITY_PANIC);
    EXPECT_EQ(options.backing_failure, PBA_BACKING_FAILURE_RETURNS);
    EXPECT_EQ(options.auto_shrink, PBA_AUTO_SHRINK_ADAPTIVE);
    EXPECT_EQ(options.shrink_kind, PBA_THRESHOLD_PERCENT);
    EXPECT_EQ(options.shrink_min, 25u);
    EXPECT_EQ(options.shrink_max, 50u);
    EXPECT_EQ(options.decay_age, 0u);
    EXPECT_EQ(options.statistics, PBA_ON);
    EXPECT_EQ(options.guard, PBA_OFF);
    EXPECT_EQ(options.fill, PBA_OFF);
    EXPECT_EQ(options.call_sites, PBA_ON_IN_DEBUG);
    EXPECT_EQ(pba_options_check(&options), PBA_OPTIONS_OK);
}

TEST(OptionsTest, TheFirstBrokenRuleIsTold) {
    pba_options options = pba_options_default();
    set_to(&options.call_sites, 3);
    options.shrink_max = 100;
    EXPECT_EQ(pba_options_check(&options), PBA_OPTIONS_SHRINK_MAX_PERCENT);
    options.shrink_min = 100;
    EXPECT_EQ(pba_options_check(&options), PBA_OPTIONS_SHRINK_MIN_BELOW_MAX);
    set_to(&options.index, 0);
    EXPECT_EQ(pba_options_check(&options), PBA_OPTIONS_INDEX);
    options.block_size = 3;
    EXPECT_EQ(pba_options_check(&options), PBA_OPTIONS_BLOCK_SIZE_POWER_OF_TWO);
}

TEST(OptionsTest, BoundsThemselvesAreGood) {
    pba_options options = pba_options_default();
    options.block_size = 64;
    options.backing_request_size = 64;
    options.byte_limit = 64;
    options.index = PBA_INDEX_U8;
    options.shrink_min = 0;
    options.shrink_max = 99;
    EXPECT_EQ(pba_options_check(&options), PBA_OPTIONS_OK);

    options.backing_request_size = std::size_t{64} * 128;
    EXPECT_EQ(pba_options_check(&options), PBA_OPTIONS_OK) << "128 blocks of at most 255";
    options.index = PBA_INDEX_U16;
    options.backing_request_size = std::size_t{64} * 32768;
    EXPECT_EQ(pba_options_check(&options), PBA_OPTIONS_OK) << "32768 blocks of at most 65535";
    options.backing_request_size *= 2;
    EXPECT_EQ(pba_options_check(&options), PBA_OPTIONS_INDEX_TOO_SMALL);
    options.index = PBA_INDEX_SIZE;
    EXPECT_EQ(pba_options_check(&options), PBA_OPTIONS_OK);

    options.shrink_kind = PBA_THRESHOLD_FLAT;
    options.shrink_min = SIZE_MAX - 1;
    options.shrink_max = SIZE_MAX;
    EXPECT_EQ(pba_options_check(&options), PBA_OPTIONS_OK);
}

TEST(OptionsTest, AnIndexTypeCountsToItsMaximum) {
    EXPECT_EQ(PBA_INDEX_MAX(PBA_INDEX_U8), 255u);
    EXPECT_EQ(PBA_INDEX_MAX(PBA_INDEX_U16), 65535u);
    EXPECT_EQ(PBA_INDEX_MAX(PBA_INDEX_U32), 0xFFFFFFFFu);
    EXPECT_EQ(PBA_INDEX_MAX(PBA_INDEX_U64), UINT64_MAX);
    EXPECT_EQ(PBA_INDEX_MAX(PBA_INDEX_SIZE), SIZE_MAX);
}

TEST(OptionsTest, SafetyUpToTheHighestModeIsAlways) {
    EXPECT_EQ(PBA_SAFETY_RELEASE_FAST_AND_BELOW, PBA_SAFETY_ALWAYS);
}

TEST(OptionsTest, ThresholdsAreMadeOfTheirParts) {
    const pba_threshold percent = pba_threshold_percent(10, 20);
    EXPECT_EQ(percent.kind, PBA_THRESHOLD_PERCENT);
    EXPECT_EQ(percent.min, 10u);
    EXPECT_EQ(percent.max, 20u);
    const pba_threshold flat = pba_threshold_flat(ba_bytes(1024), ba_bytes(4096));
    EXPECT_EQ(flat.kind, PBA_THRESHOLD_FLAT);
    EXPECT_EQ(flat.min, 1024u);
    EXPECT_EQ(flat.max, 4096u);
}

} // namespace
