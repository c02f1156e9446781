// The conformance suite over the buffer, each forwarding allocator, and a deep stack of them. The
// allocators of the system: system_conformance_test.cc.
#include <cstddef>
#include <cstdint>
#include <string>

#include "block_allocator/backing/buffer_allocator.h"
#include "block_allocator/backing/libc_allocator.h"
#include "block_allocator/forwarding/block_adapter.h"
#include "block_allocator/forwarding/failing_allocator.h"
#include "block_allocator/forwarding/fallback_allocator.h"
#include "block_allocator/forwarding/guarded_allocator.h"
#include "block_allocator/forwarding/limited_allocator.h"
#include "block_allocator/forwarding/locked_allocator.h"
#include "block_allocator/forwarding/logging_allocator.h"
#include "block_allocator/forwarding/tracking_allocator.h"
#include "testing/allocator_conformance.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::AllocatorConformance;
using ba_testing::forwarding_subject;
using ba_testing::Instance;
using ba_testing::StrictBacking;
using ba_testing::StrictBackingOptions;
using ba_testing::Subject;
using ba_testing::subject;

// A backing that can all that a backing can do.
template <typename T>
Subject over_everything(const std::string &name) {
    Subject result = forwarding_subject<T>(name);
    result.backing.grows_in_place = true;
    result.backing.room = std::size_t{4} * result.backing.block_size;
    result.backing.remaps = true;
    result.backing.discards = true;
    result.grows_in_place = true;
    return result;
}

// ---------------------------------------------------------------------------------------------
// A buffer

struct Buffer : Instance {
    static constexpr std::size_t kLength = std::size_t{1} << 18;

    explicit Buffer(ba_allocator from)
        : backing(from), buffer(ba_alloc(backing, ba_bytes(kLength), ba_align(1))) {
        ba_buffer_allocator_init(&state, buffer);
    }
    ~Buffer() override { ba_free(backing, ba_buffer_allocator_release(&state), ba_align(1)); }
    ba_block_allocator blocks() override { return ba_buffer_allocator_block_allocator(&state); }

    ba_allocator backing;
    ba_memory buffer;
    ba_buffer_allocator state{};
};

// Grants have no headers, so only a pointer outside the used part is detected.
Subject of_buffer() {
    Subject result = subject<Buffer>("BufferAllocator");
    // What the buffer happens to have an address for.
    result.largest_alignment = Subject::kUnbounded;
    result.largest_length = std::size_t{1} << 12;
    result.capacity = Buffer::kLength;
    result.finds.foreign = true;
    result.finds.double_free = true;
    return result;
}
const AllocatorConformance buffer{of_buffer()};

// ---------------------------------------------------------------------------------------------
// Forwarding allocators

struct Adapter : Instance {
    explicit Adapter(ba_allocator backing) {
        EXPECT_EQ(ba_block_adapter_init(&state, backing, ba_bytes(256)).code, BA_OK);
    }
    ba_block_allocator blocks() override { return ba_block_adapter_block_allocator(&state); }
    ba_block_adapter state{};
};

// The room of the backing ends inside a block of the adapter.
Subject over_bytes(Subject result) {
    result.backing.block_size = 1;
    result.backing.room = 700;
    return result;
}
const AllocatorConformance adapter{forwarding_subject<Adapter>("BlockAdapter")};
const AllocatorConformance adapter_of_bytes{
    over_bytes(over_everything<Adapter>("BlockAdapterOverBytes"))};

struct Limited : Instance {
    static constexpr std::size_t kLimit = std::size_t{1} << 18;

    explicit Limited(ba_allocator backing) {
        ba_limited_allocator_init(&state, backing, ba_bytes(kLimit));
    }
    ba_block_allocator blocks() override { return ba_limited_allocator_block_allocator(&state); }
    ba_limited_allocator state{};
};

Subject of_limited(Subject result) {
    result.capacity = Limited::kLimit;
    return result;
}
const AllocatorConformance limited{of_limited(forwarding_subject<Limited>("LimitedAllocator"))};
const AllocatorConformance limited_over_everything{
    of_limited(over_everything<Limited>("LimitedOverEverything"))};

struct Failing : Instance {
    explicit Failing(ba_allocator backing) { ba_failing_allocator_init(&state, backing); }
    ba_block_allocator blocks() override { return ba_failing_allocator_block_allocator(&state); }
    ba_failing_allocator state{};
};
const AllocatorConformance failing{forwarding_subject<Failing>("FailingAllocator")};
const AllocatorConformance failing_over_everything{
    over_everything<Failing>("FailingOverEverything")};

struct Logging : Instance {
    explicit Logging(ba_allocator backing) {
        ba_logging_allocator_init(&state, backing, {forget, nullptr});
    }
    ba_block_allocator blocks() override { return ba_logging_allocator_block_allocator(&state); }
    static void forget(void * /*context*/, const ba_log_event * /*event*/) {}
    ba_logging_allocator state{};
};
const AllocatorConformance logging{forwarding_subject<Logging>("LoggingAllocator")};
const AllocatorConformance logging_over_everything{
    over_everything<Logging>("LoggingOverEverything")};

// Fails the test if it is locked twice, unlocked twice, or left locked.
class Lock {
  public:
    Lock() = default;
    ~Lock() { EXPECT_FALSE(locked_); }

    Lock(const Lock &) = delete;
    Lock &operator=(const Lock &) = delete;

    ba_lock as_lock() { return {lock, unlock, this}; }

  private:
    static void lock(void *context) {
        bool &locked = static_cast<Lock *>(context)->locked_;
        EXPECT_FALSE(locked);
        locked = true;
    }
    static void unlock(void *context) {
        bool &locked = static_cast<Lock *>(context)->locked_;
        EXPECT_TRUE(locked);
        locked = false;
    }

    bool locked_ = false;
};

struct Locked : Instance {
    explicit Locked(ba_allocator backing) {
        ba_locked_allocator_init(&state, backing, lock.as_lock());
    }
    ba_block_allocator blocks() override { return ba_locked_allocator_block_allocator(&state); }
    Lock lock;
    ba_locked_allocator state{};
};
const AllocatorConformance locked{forwarding_subject<Locked>("LockedAllocator")};
const AllocatorConformance locked_over_everything{over_everything<Locked>("LockedOverEverything")};

// The table comes from the backing, too, and is refused there.
struct Tracking : Instance {
    explicit Tracking(ba_allocator backing) {
        ba_tracking_allocator_init(&state, "conformance", backing, backing);
    }
    ~Tracking() override { EXPECT_EQ(ba_tracking_allocator_release(&state).code, BA_OK); }
    ba_block_allocator blocks() override { return ba_tracking_allocator_block_allocator(&state); }
    ba_tracking_allocator state{};
};

// Memory that was freed is foreign to the table.
Subject of_tracking(Subject result) {
    result.finds.double_free = false;
    return result;
}
const AllocatorConformance tracking{of_tracking(forwarding_subject<Tracking>("TrackingAllocator"))};
const AllocatorConformance tracking_over_everything{
    of_tracking(over_everything<Tracking>("TrackingOverEverything"))};

struct Guarded : Instance {
    explicit Guarded(ba_allocator backing) {
        ba_guarded_allocator_init(&state, "conformance", backing,
                                  ba_bytes(BA_GUARDED_DEFAULT_FENCE));
    }
    ba_block_allocator blocks() override { return ba_guarded_allocator_block_allocator(&state); }
    ba_guarded_allocator state{};
};

// Gives the backing just what it granted. The backing says that freed memory is none of its own.
Subject of_guarded(Subject result) {
    result.backing.by_the_rules = false;
    result.finds.double_free = false;
    return result;
}
const AllocatorConformance guarded{of_guarded(forwarding_subject<Guarded>("GuardedAllocator"))};
const AllocatorConformance guarded_over_everything{
    of_guarded(over_everything<Guarded>("GuardedOverEverything"))};

// A primary that has little, with other blocks than the secondary's.
template <std::size_t kBlock>
struct Fallback : Instance {
    static constexpr std::size_t kPrimary = std::size_t{1} << 12;

    explicit Fallback(ba_allocator backing) : strict(options()) {
        ba_limited_allocator_init(&primary, strict.allocator(), ba_bytes(kPrimary));
        EXPECT_EQ(
            ba_fallback_allocator_init(&state, ba_limited_allocator_allocator(&primary), backing)
                .code,
            BA_OK);
    }
    ba_block_allocator blocks() override { return ba_fallback_allocator_block_allocator(&state); }
    static StrictBackingOptions options() {
        StrictBackingOptions result;
        result.block_size = kBlock;
        result.max_alignment = 64;
        result.by_the_rules = true;
        result.grows_in_place = true;
        result.room = 2 * kBlock;
        return result;
    }

    StrictBacking strict;
    ba_limited_allocator primary{};
    ba_fallback_allocator state{};
};

template <std::size_t kBlock>
Subject of_fallback(const std::string &name) {
    Subject result = over_everything<Fallback<kBlock>>(name);
    // An owner of larger blocks takes every length for which it has the same number of them.
    result.finds.size_mismatch = kBlock <= result.backing.block_size;
    return result;
}
const AllocatorConformance fallback_of_small{of_fallback<16>("FallbackFromSmallBlocks")};
const AllocatorConformance fallback_of_same{of_fallback<64>("FallbackFromSameBlocks")};
const AllocatorConformance fallback_of_large{of_fallback<256>("FallbackFromLargeBlocks")};

// The documented use: a buffer, and what does not fit there from elsewhere.
struct BufferFirst : Instance {
    explicit BufferFirst(ba_allocator backing) {
        ba_buffer_allocator_init(&primary, ba_memory_of(bytes + 16, ba_bytes(2048)));
        EXPECT_EQ(
            ba_fallback_allocator_init(&state, ba_buffer_allocator_allocator(&primary), backing)
                .code,
            BA_OK);
    }
    ~BufferFirst() override { ba_buffer_allocator_release(&primary); }
    ba_block_allocator blocks() override { return ba_fallback_allocator_block_allocator(&state); }

    alignas(4096) unsigned char bytes[4096] = {}; // of which the buffer has a part in the middle
    ba_buffer_allocator primary{};
    ba_fallback_allocator state{};
};

Subject of_buffer_first() {
    Subject result = forwarding_subject<BufferFirst>("FallbackFromABuffer");
    result.finds.interior = false;
    result.finds.size_mismatch = false;
    return result;
}
const AllocatorConformance buffer_first{of_buffer_first()};

// ---------------------------------------------------------------------------------------------
// All of them

struct Stack : Instance {
    static constexpr std::size_t kLimit = std::size_t{1} << 20;

    explicit Stack(ba_allocator backing) : rest(rules()) {
        ba_failing_allocator_init(&failing, backing);
        ba_guarded_allocator_init(&guarded, "guarded", ba_failing_allocator_allocator(&failing),
                                  ba_bytes(BA_GUARDED_DEFAULT_FENCE));
        EXPECT_EQ(
            ba_block_adapter_init(&adapter, ba_guarded_allocator_allocator(&guarded), ba_bytes(128))
                .code,
            BA_OK);
        ba_limited_allocator_init(&limited,
                                  ba_as_allocator(ba_block_adapter_block_allocator(&adapter)),
                                  ba_bytes(kLimit));
        EXPECT_EQ(ba_fallback_allocator_init(&fallback, ba_limited_allocator_allocator(&limited),
                                             rest.allocator())
                      .code,
                  BA_OK);
        ba_logging_allocator_init(&logging, ba_fallback_allocator_allocator(&fallback),
                                  {Logging::forget, nullptr});
        ba_locked_allocator_init(&locked, ba_logging_allocator_allocator(&logging), lock.as_lock());
        ba_tracking_allocator_init(&tracking, "tracking", ba_locked_allocator_allocator(&locked),
                                   ba_libc_allocator());
    }
    ~Stack() override { EXPECT_EQ(ba_tracking_allocator_release(&tracking).code, BA_OK); }
    ba_block_allocator blocks() override {
        return ba_tracking_allocator_block_allocator(&tracking);
    }

    static StrictBackingOptions rules() {
        StrictBackingOptions result;
        result.block_size = 64;
        result.max_alignment = std::size_t{1} << 12;
        result.by_the_rules = true;
        return result;
    }

    StrictBacking rest;
    Lock lock;
    ba_failing_allocator failing{};
    ba_guarded_allocator guarded{};
    ba_block_adapter adapter{};
    ba_limited_allocator limited{};
    ba_fallback_allocator fallback{};
    ba_logging_allocator logging{};
    ba_locked_allocator locked{};
    ba_tracking_allocator tracking{};
};

const AllocatorConformance stack{of_tracking(forwarding_subject<Stack>("DeepStack"))};

} // namespace
