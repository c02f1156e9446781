// The fallback allocator, over the backing and a buffer.
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "block_allocator/backing/buffer_allocator.h"
#include "block_allocator/forwarding/fallback_allocator.h"
#include "testing/fault_injection/interface_table.h"
#include "gtest/gtest.h"

namespace failures {

namespace {

using ba_testing::StrictBacking;

// The backing is the second: the first is a buffer that is full.
struct SecondOfTwo : Subject {
    explicit SecondOfTwo(StrictBacking *strict) : storage(64) {
        ba_buffer_allocator_init(&first, ba_memory_of(storage.data(), ba_bytes(storage.size())));
        EXPECT_EQ(ba_fallback_allocator_init(&state, ba_buffer_allocator_allocator(&first),
                                             strict->allocator())
                      .code,
                  BA_OK);
    }
    ~SecondOfTwo() override { (void)ba_buffer_allocator_release(&first); }
    ba_block_allocator blocks() override { return ba_fallback_allocator_block_allocator(&state); }
    std::string describe() override {
        return std::to_string(ba_buffer_allocator_used(&first).bytes) + " bytes of the first\n";
    }
    std::vector<unsigned char> storage;
    ba_buffer_allocator first;
    ba_fallback_allocator state;
};

// The backing is the first: the second has room for everything.
struct FirstOfTwo : Subject {
    explicit FirstOfTwo(StrictBacking *strict) : storage(std::size_t{1} << 16) {
        ba_buffer_allocator_init(&second, ba_memory_of(storage.data(), ba_bytes(storage.size())));
        EXPECT_EQ(ba_fallback_allocator_init(&state, strict->allocator(),
                                             ba_buffer_allocator_allocator(&second))
                      .code,
                  BA_OK);
    }
    ~FirstOfTwo() override { (void)ba_buffer_allocator_release(&second); }
    ba_block_allocator blocks() override { return ba_fallback_allocator_block_allocator(&state); }
    std::string describe() override {
        return std::to_string(ba_buffer_allocator_used(&second).bytes) + " bytes of the second\n";
    }
    std::vector<unsigned char> storage;
    ba_buffer_allocator second;
    ba_fallback_allocator state;
};

const Suite<InterfaceFixture> second_of_two =
    interface_suite(kind_of<SecondOfTwo>("second_of_two"))
        .in("in use", as_made,
            {
                needs_none<SecondOfTwo>("ba_fallback_allocator_init",
                                        [](SecondOfTwo &subject) {
                                            ba_fallback_allocator another;
                                            EXPECT_EQ(ba_fallback_allocator_init(
                                                          &another,
                                                          ba_as_allocator(subject.state.primary),
                                                          ba_as_allocator(subject.state.secondary))
                                                          .code,
                                                      BA_OK);
                                        }),
                needs_none<SecondOfTwo>("ba_fallback_allocator_allocator",
                                        [](SecondOfTwo &subject) {
                                            (void)ba_fallback_allocator_allocator(&subject.state);
                                        }),
                needs_none<SecondOfTwo>("ba_fallback_allocator_block_allocator",
                                        [](SecondOfTwo &subject) {
                                            (void)ba_fallback_allocator_block_allocator(
                                                &subject.state);
                                        }),
            });

const Suite<InterfaceFixture> first_of_two =
    Suite<InterfaceFixture>(
        "first_of_two",
        [] { return std::make_unique<InterfaceFixture>(kind_of<FirstOfTwo>("first_of_two")); })
        .in("more", as_made,
            {{"ba_block_alloc_at", Contract::kSurvives, [](InterfaceFixture &fixture) {
                  return fixture.made.hold(
                      ba_block_alloc(fixture.blocks(), ba_bytes(5000), usual_alignment()));
              }}});

} // namespace

} // namespace failures
