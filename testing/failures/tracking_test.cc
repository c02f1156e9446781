// The tracking allocator, whose table comes from the backing too.
#include <cstddef>
#include <sstream>
#include <string>

#include "block_allocator/tracking_allocator.h"
#include "testing/failures/interface_table.h"
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
void fill_table(InterfaceWorld &world, std::size_t count) {
    for (LiveMemory *const memory : {&world.first, &world.second, &world.third}) {
        EXPECT_EQ(memory->freed(ba_block_free(world.blocks(), memory->memory(), usual_alignment())),
                  BA_OK);
    }
    EXPECT_EQ(ba_tracking_allocator_release(&world.subject<Tracking>().state).code, BA_OK);
    world.many.resize(count);
    for (LiveMemory &memory : world.many) {
        EXPECT_EQ(memory.hold(ba_block_alloc(world.blocks(), ba_bytes(8), usual_alignment())),
                  BA_OK);
    }
}

Suite<InterfaceWorld> tracking_suite() {
    Suite<InterfaceWorld> suite = interface_suite(kind_of<Tracking>("tracking"));
    for (std::size_t count = 0; count < 30; count++) {
        suite.in(std::to_string(count) + " live",
                 [count](InterfaceWorld &world) { fill_table(world, count); },
                 {{"ba_block_alloc_at", Contract::kFails, [](InterfaceWorld &world) {
                       return world.made.hold(
                           ba_block_alloc(world.blocks(), ba_bytes(8), usual_alignment()));
                   }}});
    }
    return suite;
}

const Suite<InterfaceWorld> tracking =
    tracking_suite()
        .in("in use", as_made,
            {
                needs_none<Tracking>("ba_tracking_allocator_init",
                                     [](Tracking &subject) {
                                         ba_tracking_allocator another;
                                         ba_tracking_allocator_init(
                                             &another, "another",
                                             ba_as_allocator(subject.state.parent),
                                             subject.state.bookkeeping);
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
        .in("nothing in use", [](InterfaceWorld &world) { fill_table(world, 0); },
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
