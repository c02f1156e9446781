// Two or three pools over each other, with spans of callers at each level, and releases at any: the
// interface's promises at each level, and that each pool has in use what its callers and the next
// pool have.
#include <memory>
#include <vector>

#include "pba/pool.h"
#include "testing/byte_stream.h"
#include "testing/fuzz/target.h"
#include "testing/misuse_recorder.h"
#include "testing/span_model.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::ByteStream;
using ba_testing::MisuseRecorder;
using ba_testing::SpanModel;
using ba_testing::StrictBacking;
using ba_testing::StrictBackingOptions;

// Often none; else one that is soon reached.
std::size_t a_limit(std::size_t block_size, ByteStream *bytes) {
    if (!bytes->flip()) {
        return SIZE_MAX;
    }
    const std::size_t blocks = 1 + bytes->below(64);
    return blocks * block_size + bytes->below(block_size);
}

pba_options some_options(ByteStream *bytes) {
    constexpr pba_auto_shrink kAutoShrink[] = {PBA_AUTO_SHRINK_SIMPLE, PBA_AUTO_SHRINK_NEVER,
                                               PBA_AUTO_SHRINK_AGGRESSIVE};
    pba_options options = pba_options_default();
    options.block_size = std::size_t{64} << bytes->below(6);
    options.backing_request_size = options.block_size << bytes->below(4);
    options.byte_limit = a_limit(options.block_size, bytes);
    options.safety = PBA_SAFETY_ALWAYS;
    options.severity = BA_SEVERITY_LOG;
    options.auto_shrink = kAutoShrink[bytes->below(std::size(kAutoShrink))];
    options.decay_age = bytes->below(3);
    const std::size_t switches = bytes->byte();
    options.guard = (switches & 1) != 0 ? PBA_ON : PBA_OFF;
    options.fill = (switches & 2) != 0 ? PBA_ON : PBA_OFF;
    options.secure_wipe = (switches & 4) != 0 ? PBA_ON : PBA_OFF;
    options.call_sites = (switches & 8) != 0 ? PBA_ON : PBA_OFF;
    return options;
}

// What a pool has taken of the allocators below it.
struct Taken {
    std::size_t payload;
    std::size_t metadata;
};

// A pool and the spans of its callers, who are not the next pool.
class Level {
  public:
    Level(ba_block_allocator below, ba_allocator second, MisuseRecorder *misuse, ByteStream *bytes)
        : options_(some_options(bytes)), is_whole_(bytes->flip()), has_own_metadata_(bytes->flip()),
          spans_(new_pool(below, second), misuse) {}
    ~Level() {
        release();
        EXPECT_EQ(taken().payload + taken().metadata, 0u);
    }
    Level(const Level &) = delete;
    Level &operator=(const Level &) = delete;

    pba_pool *pool() { return &pool_; }
    SpanModel *spans() { return &spans_; }
    Taken taken() const { return {pool_.account.payload_bytes, pool_.account.metadata_bytes}; }

    // All that the pool below has in use for this one, if its blocks are as small as a byte.
    std::size_t taken_below() const {
        return taken().payload + (has_own_metadata_ ? 0 : taken().metadata);
    }
    // True if the pool below grants just what this one counts.
    bool counts_whole_grants() const { return is_whole_; }
    bool may_be_limited() const { return options_.byte_limit != SIZE_MAX; }
    std::size_t in_use() const {
        return static_cast<std::size_t>(pba_count_in_use(&pool_.accounting)) * options_.block_size;
    }
    // What the callers at this level have of that.
    std::size_t own_bytes() const {
        return spans_.bytes() + (has_guards() ? spans_.live() * options_.block_size : 0);
    }
    bool has_guards() const { return options_.guard == PBA_ON; }

    void expect() const {
        EXPECT_EQ(pba_pool_verify(&pool_).code, BA_OK);
        EXPECT_LE(taken().payload + taken().metadata, options_.byte_limit);
    }

    // What needs no other level. What it gives back is that much less taken.
    void give_back(ByteStream *bytes) {
        const std::size_t before = taken().payload;
        std::size_t gone = 0;
        switch (bytes->below(4)) {
        case 0:
            gone = pba_pool_trim(&pool_, ba_bytes(bytes->below(1 << 12))).bytes;
            break;
        case 1:
            gone = pba_pool_shrink(&pool_, pba_threshold_percent(bytes->below(50), 60)).bytes;
            break;
        case 2:
            gone = pba_pool_decay(&pool_, pool_.now + bytes->below(4)).bytes;
            break;
        default:
            EXPECT_LE(pba_pool_purge(&pool_).bytes, before);
        }
        EXPECT_LE(taken().payload, before - gone);
    }

    ba_error_code reserve(ByteStream *bytes) {
        const ba_length wanted = ba_bytes(bytes->below(1 << 12));
        const ba_error error = pba_pool_reserve(&pool_, wanted);
        if (!ba_failed(error)) {
            EXPECT_GE(pba_pool_stats(&pool_).free.bytes, wanted.bytes);
        }
        return error.code;
    }

    void look() {
        const pba_stats stats = pba_pool_stats(&pool_);
        EXPECT_EQ(stats.in_use.bytes, in_use());
        EXPECT_EQ(stats.in_use.bytes + stats.free.bytes, stats.payload.bytes);
        EXPECT_LE(stats.payload.bytes, taken().payload);
        EXPECT_EQ(stats.metadata.bytes, taken().metadata);
    }

    // Once the levels above are released.
    void release() {
        spans_.forget();
        EXPECT_EQ(pba_pool_release_all(&pool_, PBA_ALLOW_IN_USE).code, BA_OK);
    }
    void reset(ByteStream *bytes) {
        spans_.forget();
        (void)pba_pool_reset(&pool_, ba_bytes(bytes->below(1 << 14)));
        EXPECT_EQ(in_use(), 0u);
    }

  private:
    ba_block_allocator new_pool(ba_block_allocator below, ba_allocator second) {
        pba_setup setup = {};
        setup.metadata = has_own_metadata_ ? &second : nullptr;
        const ba_any_allocator backing =
            is_whole_ ? ba_any_allocator_of(below) : ba_any_allocator_of(ba_as_allocator(below));
        EXPECT_EQ(pba_pool_init(&pool_, &options_, backing, &setup), PBA_OPTIONS_OK);
        return pba_pool_block_allocator(&pool_);
    }

    pba_options options_;
    bool is_whole_;         // over whole grants, not exact ones
    bool has_own_metadata_; // from an allocator that is no level
    pba_pool pool_;
    SpanModel spans_;
};

class Chain {
  public:
    explicit Chain(ByteStream *bytes) : backing_(some_backing(bytes)) {
        backing_.refuse_by_bits(bytes->bits());
        metadata_.refuse_by_bits(bytes->bits());
        const std::size_t depth = 2 + bytes->below(2);
        ba_block_allocator below = backing_.block_allocator();
        for (std::size_t i = 0; i < depth; i++) {
            levels_.push_back(
                std::make_unique<Level>(below, metadata_.allocator(), &misuse_, bytes));
            below = pba_pool_block_allocator(levels_[i]->pool());
        }
    }
    ~Chain() {
        while (!levels_.empty()) {
            levels_.pop_back();
        }
        EXPECT_EQ(misuse_.take(), "");
    }
    Chain(const Chain &) = delete;
    Chain &operator=(const Chain &) = delete;

    void step(ByteStream *bytes) {
        const std::size_t number = bytes->below(levels_.size());
        Level &level = *levels_[number];
        const std::size_t kind = bytes->below(32);
        const std::size_t refused = backing_.refused() + metadata_.refused();
        ba_error_code code = BA_OK;
        if (kind < 25) {
            code = level.spans()->step(bytes);
        } else if (kind < 28) {
            level.give_back(bytes);
        } else if (kind == 28) {
            code = level.reserve(bytes);
        } else if (kind == 29) {
            level.look();
        } else {
            release_above(number);
            kind == 30 ? level.release() : level.reset(bytes);
        }
        expect_reason(code, number, refused);
    }

    void expect() const {
        EXPECT_GE(backing_.bytes(), levels_[0]->taken_below());
        EXPECT_TRUE(backing_.bytes() == levels_[0]->taken_below() ||
                    !levels_[0]->counts_whole_grants());
        for (std::size_t i = 0; i < levels_.size(); i++) {
            levels_[i]->expect();
            expect_in_use(i);
        }
    }

  private:
    static StrictBackingOptions some_backing(ByteStream *bytes) {
        StrictBackingOptions options;
        options.block_size = bytes->flip() ? std::size_t{1} << bytes->below(13) : 1;
        // An exact view of blocks gives back what was asked for, which fits.
        options.by_the_rules = options.block_size != 1;
        options.grows_in_place = bytes->flip();
        options.room = bytes->below(1 << 13);
        options.remaps = bytes->flip();
        options.discards = bytes->flip();
        return options;
    }

    void release_above(std::size_t number) {
        for (std::size_t i = levels_.size() - 1; i > number; i--) {
            levels_[i]->release();
        }
    }

    // A refusal has its reason at this level or below.
    void expect_reason(ba_error_code code, std::size_t number, std::size_t refused_before) const {
        bool may_be_limited = false;
        for (std::size_t i = 0; i <= number; i++) {
            may_be_limited = may_be_limited || levels_[i]->may_be_limited();
        }
        if (code == BA_OUT_OF_MEMORY) {
            EXPECT_GT(backing_.refused() + metadata_.refused(), refused_before);
        } else if (code == BA_LIMIT) {
            EXPECT_TRUE(may_be_limited);
        }
    }

    void expect_in_use(std::size_t number) const {
        const Level &level = *levels_[number];
        std::size_t known = level.own_bytes();
        bool is_all = true;
        if (number + 1 < levels_.size()) {
            const Level &next = *levels_[number + 1];
            known += next.taken_below();
            // Else there are guards, or ends of blocks, of which only the lower pool knows.
            is_all = next.counts_whole_grants() && !level.has_guards();
        }
        EXPECT_GE(level.in_use(), known);
        EXPECT_TRUE(level.in_use() == known || !is_all);
    }

    MisuseRecorder misuse_;
    StrictBacking backing_;
    StrictBacking metadata_;
    std::vector<std::unique_ptr<Level>> levels_; // the one that takes from the backing first
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t count) {
    ByteStream stream(bytes, count);
    {
        Chain chain(&stream);
        while (!stream.is_empty() && !::testing::Test::HasFailure()) {
            chain.step(&stream);
            chain.expect();
        }
    }
    fuzz_testing::stop_at_failure();
    return 0;
}
