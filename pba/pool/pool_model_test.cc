// Random streams of operations against the model, over a matrix of options, and with every failure
// of the backing.
#include <ostream>
#include <vector>

#include "block_allocator/implementing/instrumentation.h"
#include "testing/pool/pool_model.h"
#include "gtest/gtest.h"

namespace pba_testing {

// Without it GoogleTest prints the bytes, and the padding among them is undefined.
std::ostream &operator<<(std::ostream &out, const ModelSetup &setup) {
    return out << setup.name;
}

} // namespace pba_testing

namespace {

using ba_testing::ByteStream;
using ba_testing::random_bytes;
using pba_testing::ModelSetup;
using pba_testing::PoolModel;

ModelSetup setup(std::string name, std::size_t block_size, std::size_t request,
                 const std::function<void(ModelSetup *)> &change = nullptr) {
    ModelSetup made;
    made.name = std::move(name);
    made.options.block_size = block_size;
    made.options.backing_request_size = request;
    made.options.safety = PBA_SAFETY_ALWAYS;
    made.options.severity = BA_SEVERITY_LOG;
    made.options.auto_shrink = PBA_AUTO_SHRINK_SIMPLE;
    made.backing.discards = true;
    if (change) {
        change(&made);
    }
    return made;
}

void growing(ModelSetup *made) {
    made->backing.grows_in_place = true;
    made->backing.room = 1 << 16;
}

void growing_whole_spans(ModelSetup *made) {
    growing(made);
    made->backing.block_size = 4096;
    made->whole_spans = true;
}

// A backing whose blocks are longer than what a pool asks for.
std::function<void(ModelSetup *)> on_pages_of(std::size_t bytes) {
    return [bytes](ModelSetup *made) {
        growing(made);
        made->backing.block_size = bytes;
        made->backing.remaps = true;
    };
}

// Pools whose span cache is an unchecked one (docs/design.md).
std::vector<ModelSetup> trusting() {
    std::vector<ModelSetup> sets = {
        setup("TrustingSmall", 64, 4096),
        setup("TrustingSmallRequests", 64, 1024),
        setup("TrustingDefault", 1024, 4096),
        setup("TrustingLargeChunks", 64, 1 << 16),
        setup("TrustingIndexU8", 64, 1024,
              [](ModelSetup *made) { made->options.index = PBA_INDEX_U8; }),
        setup("TrustingByteLimit", 64, 1024,
              [](ModelSetup *made) { made->options.byte_limit = 20000; }),
        setup("TrustingGrowing", 64, 1024, growing),
        setup("TrustingGrowingWholeSpans", 64, 1024, growing_whole_spans),
        setup("TrustingRemapping", 256, 1024,
              [](ModelSetup *made) { made->backing.remaps = true; }),
        setup("TrustingOnPages", 64, 1024, on_pages_of(4096)),
        setup("TrustingWithoutStatistics", 64, 2048,
              [](ModelSetup *made) { made->options.statistics = PBA_OFF; }),
    };
    for (ModelSetup &made : sets) {
        made.options.safety = PBA_SAFETY_NEVER;
        made.options.auto_shrink = PBA_AUTO_SHRINK_NEVER;
        made.options.call_sites = PBA_OFF;
    }
    return sets;
}

std::vector<ModelSetup> marking() {
    return {
        setup("Small", 64, 4096),
        setup("SmallRequestsOfOneBlock", 64, 64),
        setup("Default", 1024, 4096),
        setup("Large", 65536, std::size_t{65536} * 4),
        setup("LargeChunks", 64, 1 << 16),
        setup("Never", 64, 1024,
              [](ModelSetup *made) { made->options.auto_shrink = PBA_AUTO_SHRINK_NEVER; }),
        setup("Aggressive", 64, 1024,
              [](ModelSetup *made) { made->options.auto_shrink = PBA_AUTO_SHRINK_AGGRESSIVE; }),
        setup("Emptying", 64, 1024,
              [](ModelSetup *made) {
                  made->options.shrink_min = 0;
                  made->options.shrink_max = 1;
              }),
        setup("Flat", 64, 1024,
              [](ModelSetup *made) {
                  made->options.auto_shrink = PBA_AUTO_SHRINK_AGGRESSIVE;
                  made->options.shrink_kind = PBA_THRESHOLD_FLAT;
                  made->options.shrink_min = 512;
                  made->options.shrink_max = 4096;
              }),
        setup("Decay", 64, 1024, [](ModelSetup *made) { made->options.decay_age = 3; }),
        setup("IndexU8", 64, 1024, [](ModelSetup *made) { made->options.index = PBA_INDEX_U8; }),
        setup("IndexU16", 64, 4096, [](ModelSetup *made) { made->options.index = PBA_INDEX_U16; }),
        setup("IndexU64", 64, 1024, [](ModelSetup *made) { made->options.index = PBA_INDEX_U64; }),
        setup("Panic", 64, 1024,
              [](ModelSetup *made) { made->options.severity = BA_SEVERITY_PANIC; }),
        setup("ByteLimit", 64, 1024, [](ModelSetup *made) { made->options.byte_limit = 20000; }),
        setup("WithoutCache", 64, 2048,
              [](ModelSetup *made) { made->options.span_cache = PBA_OFF; }),
        setup("Guard", 64, 2048, [](ModelSetup *made) { made->options.guard = PBA_ON; }),
        setup("Fill", 64, 2048, [](ModelSetup *made) { made->options.fill = PBA_ON; }),
        setup("Wipe", 64, 2048, [](ModelSetup *made) { made->options.secure_wipe = PBA_ON; }),
        setup("Everything", 128, 2048,
              [](ModelSetup *made) {
                  made->options.guard = PBA_ON;
                  made->options.fill = PBA_ON;
                  made->options.secure_wipe = PBA_ON;
                  made->options.call_sites = PBA_ON;
              }),
        setup("Growing", 64, 1024, growing),
        setup("GrowingWholeSpans", 64, 1024, growing_whole_spans),
        setup("Remapping", 256, 1024, [](ModelSetup *made) { made->backing.remaps = true; }),
        setup("RemappingEverything", 128, 2048,
              [](ModelSetup *made) {
                  made->backing.remaps = true;
                  made->options.guard = PBA_ON;
                  made->options.fill = PBA_ON;
                  made->options.secure_wipe = PBA_ON;
                  made->options.call_sites = PBA_ON;
              }),
        setup("PagesOf16KiB", 1024, 4096, on_pages_of(16384)),
        setup("PagesOf64KiB", 64, 4096, on_pages_of(65536)),
        setup("ByteLimitOnPages", 64, 512,
              [](ModelSetup *made) {
                  on_pages_of(4096)(made);
                  made->options.byte_limit = 65536;
              }),
        setup("Unchecked", 64, 2048,
              [](ModelSetup *made) { made->options.safety = PBA_SAFETY_NEVER; }),
        setup("UncheckedNever", 64, 2048,
              [](ModelSetup *made) {
                  made->options.safety = PBA_SAFETY_NEVER;
                  made->options.auto_shrink = PBA_AUTO_SHRINK_NEVER;
                  made->options.call_sites = PBA_ON;
              }),
        setup("WithoutStatistics", 64, 2048,
              [](ModelSetup *made) { made->options.statistics = PBA_OFF; }),
    };
}

// Pools that adapt. Most of what they do they do at the ends of periods.
std::vector<ModelSetup> adapting() {
    std::vector<ModelSetup> sets = {
        setup("AdaptingSmall", 64, 4096),
        setup("AdaptingSmallRequests", 64, 1024),
        setup("AdaptingRequestsOfOneBlock", 64, 64),
        setup("AdaptingWithoutCache", 64, 1024,
              [](ModelSetup *made) { made->options.span_cache = PBA_OFF; }),
        setup("AdaptingWithoutStatistics", 64, 512,
              [](ModelSetup *made) { made->options.statistics = PBA_OFF; }),
        setup("AdaptingUnchecked", 64, 512,
              [](ModelSetup *made) { made->options.safety = PBA_SAFETY_NEVER; }),
        setup("AdaptingByteLimit", 64, 1024,
              [](ModelSetup *made) { made->options.byte_limit = 60000; }),
        setup("AdaptingGrowing", 64, 1024, growing),
        setup("AdaptingGrowingWholeSpans", 64, 1024, growing_whole_spans),
        setup("AdaptingRemapping", 256, 1024,
              [](ModelSetup *made) { made->backing.remaps = true; }),
        setup("AdaptingEverything", 128, 2048,
              [](ModelSetup *made) {
                  growing(made);
                  made->options.guard = PBA_ON;
                  made->options.fill = PBA_ON;
                  made->options.secure_wipe = PBA_ON;
                  made->options.call_sites = PBA_ON;
              }),
    };
    for (ModelSetup &made : sets) {
        made.options.auto_shrink = PBA_AUTO_SHRINK_ADAPTIVE;
    }
    return sets;
}

class PoolModelTest : public ::testing::TestWithParam<ModelSetup> {};

TEST_P(PoolModelTest, DoesWhatTheModelSays) {
    for (unsigned seed = 1; seed <= 3; seed++) {
        SCOPED_TRACE(::testing::Message() << "seed " << seed);
        PoolModel model(GetParam());
        const std::vector<std::uint8_t> bytes = random_bytes(seed, 4000);
        ByteStream stream(bytes.data(), bytes.size());
        model.run(&stream);
        model.finish();
        ASSERT_FALSE(HasFailure());
    }
}

// The stream is run again and again; each time the next call to the backing fails, until none is
// left to fail.
TEST_P(PoolModelTest, BearsEachFailureOfTheBacking) {
    const std::vector<std::uint8_t> bytes = random_bytes(7, 600);
    for (std::size_t n = 1;; n++) {
        SCOPED_TRACE(::testing::Message() << "call " << n << " fails");
        PoolModel model(GetParam());
        model.payload().refuse_nth(n);
        model.metadata().refuse_nth(n);
        ByteStream stream(bytes.data(), bytes.size());
        model.run(&stream);
        const std::size_t refused = model.payload().refused() + model.metadata().refused();
        model.finish();
        ASSERT_FALSE(HasFailure());
        if (refused == 0) {
            break;
        }
    }
}

// The same, and from that call on nothing is given any more.
TEST_P(PoolModelTest, BearsABackingThatGivesNoMore) {
    const std::vector<std::uint8_t> bytes = random_bytes(8, 600);
    for (std::size_t n = 1;; n++) {
        SCOPED_TRACE(::testing::Message() << "calls from " << n << " on fail");
        PoolModel model(GetParam());
        model.payload().refuse_from(n);
        model.metadata().refuse_from(n);
        ByteStream stream(bytes.data(), bytes.size());
        model.run(&stream);
        const std::size_t refused = model.payload().refused() + model.metadata().refused();
        model.finish();
        ASSERT_FALSE(HasFailure());
        if (refused == 0) {
            break;
        }
    }
}

std::string name_of(const ::testing::TestParamInfo<ModelSetup> &one) {
    return one.param.name;
}

INSTANTIATE_TEST_SUITE_P(Marking, PoolModelTest, ::testing::ValuesIn(marking()), name_of);
INSTANTIATE_TEST_SUITE_P(Adapting, PoolModelTest, ::testing::ValuesIn(adapting()), name_of);
INSTANTIATE_TEST_SUITE_P(Trusting, PoolModelTest, ::testing::ValuesIn(trusting()), name_of);

class AdaptingModelTest : public ::testing::TestWithParam<ModelSetup> {};

// Long enough for many periods.
TEST_P(AdaptingModelTest, DoesWhatTheModelSays) {
    ModelSetup in_waves = GetParam();
    in_waves.in_waves = true;
    PoolModel model(in_waves);
    const std::vector<std::uint8_t> bytes = random_bytes(4, 18000);
    ByteStream stream(bytes.data(), bytes.size());
    model.run(&stream);
    EXPECT_GE(model.periods(), 2u);
    EXPECT_GE(model.pool()->chunks_gone, 1u);
    model.finish();
}

INSTANTIATE_TEST_SUITE_P(Adapting, AdaptingModelTest, ::testing::ValuesIn(adapting()), name_of);

// What the sets above are named for.
TEST(PoolModelSets, CheckTheCacheOrNot) {
    for (const ModelSetup &made : marking()) {
        EXPECT_TRUE(PoolModel(made).pool()->cache_is_checked) << made.name;
    }
    for (const ModelSetup &made : adapting()) {
        EXPECT_TRUE(PoolModel(made).pool()->cache_is_checked) << made.name;
    }
    for (const ModelSetup &made : trusting()) {
        EXPECT_EQ(PoolModel(made).pool()->cache_is_checked, ba_instrument_is_watched())
            << made.name << ": where a tool watches, nothing is trusted";
    }
}

} // namespace
