// The tracking allocator, whose table comes from the backing too.
#include <cstddef>
#include <sstream>
#include <string>

#include "block_allocator/forwarding/tracking_allocator.h"
#include "testing/fault_injection/interface_table.h"
#include "gtest/gtest.h"

namespace failures {

namespace {

using ba_testing::StrictBacking;

struct Tracking : Subject {
    explicit Tracking(StrictBacking *strict) {
        ba_tracking_allocator_init(&state, "tracking", strict->allocator(), strict->allocator());
    }
    ba_block_allocator blocks() override { return ba_tracking_allocator_block_allocator(&state); }
    std::string describe() override {
        const ba_tracking_statistics counts = ba_tracking_allocator_statistics(&state);
        std::ostringstream text;
        text << counts.allocations << " allocations, " << counts.in_use.bytes << " bytes; at most "
             << counts.peak_allocations << ", " << counts.peak_in_use.bytes << "; ever "
             << counts.total_allocations << ", " << counts.total_bytes << "; " << counts.resizes
             << " resizes, " << counts.moves << " moves\n";
        return text.str();
    }
    void release() override {
        EXPECT_EQ(ba_tracking_allocator_release(&state).code, BA_OK) << "a leak";
    }
    ba_tracking_allocator state;
};

// The table is taken with the first allocation, and made longer when it is full.
void fill_table(InterfaceFixture &fixture, std::size_t count) {
    for (LiveMemory *const memory : {&fixture.first, &fixture.second, &fixture.third}) {
        EXPECT_EQ(
            memory->freed(ba_block_free(fixture.blocks(), memory->memory(), usual_alignment())),
            BA_OK);
    }
    EXPECT_EQ(ba_tracking_allocator_release(&fixture.subject<Tracking>().state).code, BA_OK);
    fixture.many.resize(count);
    for (LiveMemory &memory : fixture.many) {
        EXPECT_EQ(memory.hold(ba_block_alloc(fixture.blocks(), ba_bytes(8), usual_alignment())),
                  BA_OK);
    }
}

Suite<InterfaceFixture> tracking_suite() {
    Suite<InterfaceFixture> suite = interface_suite(kind_of<Tracking>("tracking"));
    for (std::size_t count = 0; count < 30; count++) {
        suite.in(std::to_string(count) + " live",
                 [count](InterfaceFixture &fixture) { fill_table(fixture, count); },
                 {{"ba_block_alloc_at", Contract::kFails, [](InterfaceFixture &fixture) {
                       return fixture.made.hold(
                           ba_block_alloc(fixture.blocks(), ba_bytes(8), usual_alignment()));
                   }}});
    }
    return suite;
}

const Suite<InterfaceFixture> tracking =
    tracking_suite()
        .in("in use", as_made,
            {
                needs_none<Tracking>("ba_tracking_allocator_init",
                                     [](Tracking &subject) {
                                         ba_tracking_allocator another;
                                         ba_tracking_allocator_init(
                                             &another, "another",
                                             ba_as_allocator(subject.state.parent),
                                             subject.state.metadata);
                                     }),
                needs_none<Tracking>("ba_tracking_allocator_allocator",
                                     [](Tracking &subject) {
                                         (void)ba_tracking_allocator_allocator(&subject.state);
                                     }),
                needs_none<Tracking>("ba_tracking_allocator_block_allocator",
                                     [](Tracking &subject) {
                                         (void)ba_tracking_allocator_block_allocator(
                                             &subject.state);
                                     }),
                needs_none<Tracking>("ba_tracking_allocator_statistics",
                                     [](Tracking &subject) {
                                         (void)ba_tracking_allocator_statistics(&subject.state);
                                     }),
                needs_none<Tracking>("ba_tracking_allocator_visit",
                                     [](Tracking &subject) {
                                         const ba_tracking_visitor visitor = {
                                             [](void *, const ba_live *live) {
                                                 EXPECT_FALSE(ba_memory_is_none(live->memory));
                                             },
                                             nullptr};
                                         ba_tracking_allocator_visit(&subject.state, visitor);
                                     }),
            })
        .in("nothing in use", [](InterfaceFixture &fixture) { fill_table(fixture, 0); },
            {
                needs_none<Tracking>(
                    "ba_tracking_allocator_report_leaks",
                    [](Tracking &subject) {
                        EXPECT_EQ(ba_tracking_allocator_report_leaks(&subject.state).code, BA_OK);
                    }),
                needs_none<Tracking>(
                    "ba_tracking_allocator_release",
                    [](Tracking &subject) {
                        EXPECT_EQ(ba_tracking_allocator_release(&subject.state).code, BA_OK);
                    }),
            });

} // namespace

} // namespace failures
