// The guarded allocator.
#include "block_allocator/forwarding/guarded_allocator.h"
#include "testing/fault_injection/interface_table.h"
#include "gtest/gtest.h"

namespace failures {

namespace {

using ba_testing::StrictBacking;

struct Guarded : Subject {
    explicit Guarded(StrictBacking *strict) {
        ba_guarded_allocator_init(&state, "guarded", strict->allocator(),
                                  ba_bytes(BA_GUARDED_DEFAULT_FENCE));
    }
    ba_block_allocator blocks() override { return ba_guarded_allocator_block_allocator(&state); }
    void check() override { EXPECT_EQ(ba_guarded_allocator_check(&state), 0u); }
    ba_guarded_allocator state;
};

SubjectKind guarded_kind() {
    SubjectKind kind = kind_of<Guarded>("guarded");
    kind.remaps = false;
    return kind;
}

const Suite<InterfaceFixture> guarded =
    interface_suite(guarded_kind())
        .in("in use", as_made,
            {
                needs_none<Guarded>("ba_guarded_allocator_init",
                                    [](Guarded &subject) {
                                        ba_guarded_allocator another;
                                        ba_guarded_allocator_init(
                                            &another, "another",
                                            ba_as_allocator(subject.state.parent), ba_bytes(16));
                                    }),
                needs_none<Guarded>(
                    "ba_guarded_allocator_allocator",
                    [](Guarded &subject) { (void)ba_guarded_allocator_allocator(&subject.state); }),
                needs_none<Guarded>("ba_guarded_allocator_block_allocator",
                                    [](Guarded &subject) {
                                        (void)ba_guarded_allocator_block_allocator(&subject.state);
                                    }),
                needs_none<Guarded>("ba_guarded_allocator_check",
                                    [](Guarded &subject) {
                                        EXPECT_EQ(ba_guarded_allocator_check(&subject.state), 0u);
                                    }),
            });

} // namespace

} // namespace failures
