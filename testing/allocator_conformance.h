// What every implementation of the interface must do, as one suite of tests: for ours and for
// yours.
//
//     struct Mine : ba_testing::Instance {
//         explicit Mine(ba_allocator backing) { my_allocator_init(&state, backing); }
//         ~Mine() override { my_allocator_release(&state); }
//         ba_block_allocator blocks() override { return my_allocator_block_allocator(&state); }
//         my_allocator state;
//     };
//     const ba_testing::AllocatorConformance mine{ba_testing::subject<Mine>("Mine")};
//
// at namespace scope of a GoogleTest source whose target depends on
// //testing:allocator_conformance. That registers the tests Mine.LengthsAreWholeBlocks and so on:
// one for each rule of operations.h. They run three times: as the allocator is, and with the
// optional operations taken away from its table, once by a short size and once by NULL members.
//
// Each test has an instance of its own over a StrictBacking that is released behind it: what does
// not come back then is a failure. An allocator that takes its memory from elsewhere ignores the
// backing. Where implementations may differ, the fields of Subject say how this one does.
#ifndef TESTING_ALLOCATOR_CONFORMANCE_H_
#define TESTING_ALLOCATOR_CONFORMANCE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "block_allocator/allocator.h"
#include "block_allocator/block_allocator.h"
#include "testing/strict_backing.h"

namespace ba_testing {

// An allocator under test, with its state. Destroying it gives everything back.
class Instance {
  public:
    Instance() = default;
    virtual ~Instance() = default;

    Instance(const Instance &) = delete;
    Instance &operator=(const Instance &) = delete;

    virtual ba_block_allocator blocks() = 0;
};

// Which mistakes of a caller an implementation finds, beyond those that every one must find.
struct Finds {
    bool foreign = false;       // BA_FOREIGN: memory of another allocator
    bool interior = false;      // BA_INTERIOR: memory given back from its second block on
    bool double_free = false;   // BA_DOUBLE_FREE: memory given back twice
    bool size_mismatch = false; // BA_SIZE_MISMATCH: a length of one block too many or too few
};

// How to make an implementation's instances, and where it differs from others.
struct Subject {
    std::string name; // an identifier
    std::function<std::unique_ptr<Instance>(ba_allocator backing)> make;

    // Of the backing. Forwarding allocators, which pass on what they are given, set
    // backing.by_the_rules.
    StrictBackingOptions backing;

    // The largest alignment that is given: each larger one is BA_BAD_ALIGN, and none up to it is.
    // kUnbounded: whatever happens to be so aligned is given; only what no address is a multiple
    // of, the largest power of two, must be BA_BAD_ALIGN.
    std::size_t largest_alignment = 1 << 12;

    // The longest memory that the tests may ask for in one piece; four blocks at least.
    std::size_t largest_length = 1 << 14;

    // An upper bound of the bytes that can be in use at once; 16 times the largest length at least.
    std::size_t capacity = kUnbounded;

    // The only memory in use, one block, can surely become two blocks in place.
    bool grows_in_place = false;

    // What the backing does not take back at the moment is kept and given back later, or the free
    // is refused.
    bool keeps_refused_frees = true;

    Finds finds;

    static constexpr std::size_t kUnbounded = SIZE_MAX;
};

// A subject whose instances are made by T's constructor from the backing.
template <typename T>
Subject subject(const std::string &name) {
    Subject result;
    result.name = name;
    result.make = [](ba_allocator backing) { return std::make_unique<T>(backing); };
    return result;
}

// The same, for an allocator that forwards to its backing what its caller gives.
template <typename T>
Subject forwarding_subject(const std::string &name) {
    Subject result = subject<T>(name);
    result.backing.block_size = 64;
    result.backing.max_alignment = result.largest_alignment;
    result.backing.by_the_rules = true;
    result.finds = Finds{true, true, true, true};
    return result;
}

// One rule: a function that fails the running test if a subject breaks it.
struct ConformanceCheck {
    const char *name;
    void (*run)(const Subject &subject);
};

// Every rule.
const std::vector<ConformanceCheck> &conformance_checks();

// The subject with another table: without optional operations.
Subject with_short_table(const Subject &subject);
Subject with_null_operations(const Subject &subject);

// Registers the tests of a subject.
class AllocatorConformance {
  public:
    explicit AllocatorConformance(const Subject &subject);
};

} // namespace ba_testing

#endif // TESTING_ALLOCATOR_CONFORMANCE_H_
