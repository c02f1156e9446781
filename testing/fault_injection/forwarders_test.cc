// The backing itself, and the allocators that forward to another one and keep no memory of their
// own: each as the subject of the whole interface, and its own functions.
#include <cstddef>
#include <string>

#include "block_allocator/forwarding/block_adapter.h"
#include "block_allocator/forwarding/failing_allocator.h"
#include "block_allocator/forwarding/limited_allocator.h"
#include "block_allocator/forwarding/locked_allocator.h"
#include "block_allocator/forwarding/logging_allocator.h"
#include "testing/fault_injection/interface_table.h"
#include "gtest/gtest.h"

namespace failures {

namespace {

using ba_testing::StrictBacking;

// --- the backing itself

struct Backing : Subject {
    explicit Backing(StrictBacking *strict) : backing(strict) {}
    ba_block_allocator blocks() override { return backing->block_allocator(); }
    StrictBacking *backing;
};

const Suite<InterfaceFixture> backing = interface_suite(kind_of<Backing>("backing"));

// Without the optional operations: growing between two lengths is one attempt at each.
struct ShortTable : Subject {
    explicit ShortTable(StrictBacking *strict)
        : whole(strict->block_allocator()), operations(*whole.operations) {
        operations.size = offsetof(ba_operations, grow_between);
    }
    ba_block_allocator blocks() override {
        return ba_block_allocator_of(whole.context, &operations);
    }
    ba_block_allocator whole;
    ba_operations operations;
};

SubjectKind short_kind() {
    SubjectKind kind = kind_of<ShortTable>("short_table");
    kind.contract = Contract::kMayRecover;
    kind.remaps = false;
    return kind;
}

const Suite<InterfaceFixture> short_table = interface_suite(short_kind());

// --- limited

struct Limited : Subject {
    explicit Limited(StrictBacking *strict) {
        ba_limited_allocator_init(&state, strict->allocator(), ba_bytes(1 << 20));
    }
    ba_block_allocator blocks() override { return ba_limited_allocator_block_allocator(&state); }
    std::string describe() override {
        return std::to_string(ba_limited_allocator_taken(&state).bytes) + " bytes counted\n";
    }
    ba_limited_allocator state;
};

const Suite<InterfaceFixture> limited =
    interface_suite(kind_of<Limited>("limited"))
        .in("in use", as_made,
            {
                needs_none<Limited>("ba_limited_allocator_init",
                                    [](Limited &subject) {
                                        ba_limited_allocator another;
                                        ba_limited_allocator_init(
                                            &another, ba_as_allocator(subject.state.parent),
                                            ba_bytes(1));
                                    }),
                needs_none<Limited>(
                    "ba_limited_allocator_allocator",
                    [](Limited &subject) { (void)ba_limited_allocator_allocator(&subject.state); }),
                needs_none<Limited>("ba_limited_allocator_block_allocator",
                                    [](Limited &subject) {
                                        (void)ba_limited_allocator_block_allocator(&subject.state);
                                    }),
                needs_none<Limited>(
                    "ba_limited_allocator_taken",
                    [](Limited &subject) { (void)ba_limited_allocator_taken(&subject.state); }),
                needs_none<Limited>("ba_limited_allocator_set_limit",
                                    [](Limited &subject) {
                                        ba_limited_allocator_set_limit(&subject.state, ba_bytes(1));
                                    }),
            });

// --- failing

struct Failing : Subject {
    explicit Failing(StrictBacking *strict) {
        ba_failing_allocator_init(&state, strict->allocator());
    }
    ba_block_allocator blocks() override { return ba_failing_allocator_block_allocator(&state); }
    ba_failing_allocator state;
};

const Suite<InterfaceFixture> failing =
    interface_suite(kind_of<Failing>("failing"))
        .in("in use", as_made,
            {
                needs_none<Failing>("ba_failing_allocator_init",
                                    [](Failing &subject) {
                                        ba_failing_allocator another;
                                        ba_failing_allocator_init(
                                            &another, ba_as_allocator(subject.state.parent));
                                    }),
                needs_none<Failing>(
                    "ba_failing_allocator_allocator",
                    [](Failing &subject) { (void)ba_failing_allocator_allocator(&subject.state); }),
                needs_none<Failing>("ba_failing_allocator_block_allocator",
                                    [](Failing &subject) {
                                        (void)ba_failing_allocator_block_allocator(&subject.state);
                                    }),
                needs_none<Failing>("ba_failing_allocator_set_plan",
                                    [](Failing &subject) {
                                        ba_failing_allocator_set_plan(&subject.state,
                                                                      ba_failing_plan_from(1));
                                    }),
                needs_none<Failing>("ba_failing_allocator_set_error",
                                    [](Failing &subject) {
                                        ba_failing_allocator_set_error(&subject.state,
                                                                       ba_error_of(BA_LIMIT));
                                    }),
                needs_none<Failing>("ba_failing_allocator_calls",
                                    [](Failing &subject) {
                                        EXPECT_EQ(ba_failing_allocator_calls(&subject.state), 3u);
                                    }),
                needs_none<Failing>("ba_failing_allocator_failed",
                                    [](Failing &subject) {
                                        EXPECT_EQ(ba_failing_allocator_failed(&subject.state), 0u);
                                    }),
            });

// --- locked

struct Locked : Subject {
    explicit Locked(StrictBacking *strict) {
        const ba_lock lock = {[](void *context) { static_cast<Locked *>(context)->held++; },
                              [](void *context) { static_cast<Locked *>(context)->held--; }, this};
        ba_locked_allocator_init(&state, strict->allocator(), lock);
    }
    ba_block_allocator blocks() override { return ba_locked_allocator_block_allocator(&state); }
    void check() override { EXPECT_EQ(held, 0) << "the lock is still held"; }
    int held = 0;
    ba_locked_allocator state;
};

const Suite<InterfaceFixture> locked =
    interface_suite(kind_of<Locked>("locked"))
        .in("in use", as_made,
            {
                needs_none<Locked>("ba_locked_allocator_init",
                                   [](Locked &subject) {
                                       ba_locked_allocator another;
                                       ba_locked_allocator_init(
                                           &another, ba_as_allocator(subject.state.parent),
                                           subject.state.lock);
                                   }),
                needs_none<Locked>(
                    "ba_locked_allocator_allocator",
                    [](Locked &subject) { (void)ba_locked_allocator_allocator(&subject.state); }),
                needs_none<Locked>("ba_locked_allocator_block_allocator",
                                   [](Locked &subject) {
                                       (void)ba_locked_allocator_block_allocator(&subject.state);
                                   }),
            });

// --- logging

struct Logging : Subject {
    explicit Logging(StrictBacking *strict) {
        const ba_log_sink sink = {[](void *context, const ba_log_event *event) {
                                      auto &self = *static_cast<Logging *>(context);
                                      EXPECT_EQ(event->number, ++self.events);
                                      EXPECT_NE(ba_failed(event->error) || !gives(*event),
                                                !ba_memory_is_none(event->result));
                                  },
                                  this};
        ba_logging_allocator_init(&state, strict->allocator(), sink);
    }
    // Whether the operation has a result when it succeeds.
    static bool gives(const ba_log_event &event) { return event.operation != BA_LOG_FREE; }
    ba_block_allocator blocks() override { return ba_logging_allocator_block_allocator(&state); }
    std::uint64_t events = 0;
    ba_logging_allocator state;
};

const Suite<InterfaceFixture> logging =
    interface_suite(kind_of<Logging>("logging"))
        .in("in use", as_made,
            {
                needs_none<Logging>("ba_logging_allocator_init",
                                    [](Logging &subject) {
                                        ba_logging_allocator another;
                                        ba_logging_allocator_init(
                                            &another, ba_as_allocator(subject.state.parent),
                                            subject.state.sink);
                                    }),
                needs_none<Logging>(
                    "ba_logging_allocator_allocator",
                    [](Logging &subject) { (void)ba_logging_allocator_allocator(&subject.state); }),
                needs_none<Logging>("ba_logging_allocator_block_allocator",
                                    [](Logging &subject) {
                                        (void)ba_logging_allocator_block_allocator(&subject.state);
                                    }),
            });

// --- block adapter

struct Adapter : Subject {
    explicit Adapter(StrictBacking *strict) {
        EXPECT_EQ(ba_block_adapter_init(&state, strict->allocator(), ba_bytes(128)).code, BA_OK);
    }
    ba_block_allocator blocks() override { return ba_block_adapter_block_allocator(&state); }
    ba_block_adapter state;
};

const Suite<InterfaceFixture> adapter =
    interface_suite(kind_of<Adapter>("adapter"))
        .in("in use", as_made,
            {
                needs_none<Adapter>("ba_block_adapter_init",
                                    [](Adapter &subject) {
                                        ba_block_adapter another;
                                        EXPECT_EQ(ba_block_adapter_init(
                                                      &another, subject.state.parent, ba_bytes(64))
                                                      .code,
                                                  BA_OK);
                                    }),
                needs_none<Adapter>("ba_block_adapter_block_allocator",
                                    [](Adapter &subject) {
                                        (void)ba_block_adapter_block_allocator(&subject.state);
                                    }),
            });

} // namespace

} // namespace failures
