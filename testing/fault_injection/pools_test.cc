// Pools as the subject of the whole interface: over both kinds of backings, with every option that
// changes what they do with memory, and over each other.
#include <cstddef>
#include <memory>
#include <string>

#include "pba/pool.h"
#include "testing/fault_injection/interface_table.h"
#include "testing/fault_injection/pool_state.h"
#include "gtest/gtest.h"

namespace failures {

namespace {

using ba_testing::StrictBacking;

pba_options options_of(std::size_t block_size) {
    pba_options options = pba_options_default();
    options.block_size = block_size;
    options.backing_request_size = 1024;
    options.safety = PBA_SAFETY_ALWAYS;
    return options;
}

// A row of pools, each the backing of the next; the last is the subject.
class Pools : public Subject {
  public:
    Pools(ba_any_allocator backing, const pba_options &options, std::size_t count) : count_(count) {
        for (std::size_t i = 0; i < count; i++) {
            EXPECT_EQ(pba_pool_init(&pools_[i], &options, backing, nullptr), PBA_OPTIONS_OK);
            backing = ba_any_allocator_of_exact(pba_pool_allocator(&pools_[i]));
        }
    }
    ba_block_allocator blocks() override { return pba_pool_block_allocator(&pools_[count_ - 1]); }
    // The pool below holds just what this one took; what came back to it, it may keep.
    std::string describe() override {
        std::string text = describe_pool(&pools_[count_ - 1]);
        if (count_ > 1) {
            const pba_stats below = pba_pool_stats(&pools_[count_ - 2]);
            text += "below: in use " + std::to_string(below.in_use.bytes) + ", spans " +
                    std::to_string(below.spans) + "\n";
        }
        return text;
    }
    void check() override {
        for (std::size_t i = 0; i < count_; i++) {
            check_pool(&pools_[i]);
        }
    }
    void release() override {
        for (std::size_t i = count_; i-- > 0;) {
            EXPECT_EQ(pba_pool_release_all(&pools_[i], PBA_REPORT_IN_USE).code, BA_OK);
        }
    }

  private:
    std::size_t count_;
    pba_pool pools_[3];
};

enum class Over { kBytes, kBlocks };

SubjectKind pools_kind(const std::string &name, const pba_options &options, std::size_t count = 1,
                       Over over = Over::kBytes) {
    SubjectKind kind;
    kind.name = name;
    kind.make = [options, count, over](StrictBacking *backing) {
        return std::make_unique<Pools>(over == Over::kBytes
                                           ? ba_any_allocator_of_exact(backing->allocator())
                                           : ba_any_allocator_of_whole(backing->block_allocator()),
                                       options, count);
    };
    // A slab of records that is refused may be a shorter one; and what a pool below has refused as
    // a whole request is asked of it again as less, for which it may have room.
    kind.contract = count > 1 ? Contract::kOptional : Contract::kMayRecover;
    kind.keeps = count > 1;
    kind.backing.block_size = over == Over::kBytes ? 1 : 512;
    return kind;
}

SubjectKind guarded_kind() {
    pba_options options = options_of(64);
    options.guard = PBA_ON;
    SubjectKind kind = pools_kind("guarded_pool", options);
    kind.first_length = 1024 - 64;
    return kind;
}

SubjectKind careful_kind() {
    pba_options options = options_of(64);
    options.secure_wipe = PBA_ON;
    options.fill = PBA_ON;
    options.call_sites = PBA_ON;
    return pools_kind("careful_pool", options);
}

SubjectKind plain_kind() {
    pba_options options = options_of(64);
    options.call_sites = PBA_OFF;
    return pools_kind("plain_pool", options);
}

const Suite<InterfaceFixture> plain = interface_suite(plain_kind());
const Suite<InterfaceFixture> over_blocks =
    interface_suite(pools_kind("pool_over_blocks", options_of(64), 1, Over::kBlocks));
const Suite<InterfaceFixture> guarded = interface_suite(guarded_kind());
const Suite<InterfaceFixture> careful = interface_suite(careful_kind());
const Suite<InterfaceFixture> two = interface_suite(pools_kind("two_pools", options_of(64), 2));
const Suite<InterfaceFixture> three = interface_suite(pools_kind("three_pools", options_of(64), 3));

} // namespace

} // namespace failures
