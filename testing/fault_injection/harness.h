// Every refusal of the backing, at every call, for one public operation after the other.
//
// An operation is a row of a table: which function, in which state of the fixture it is called,
// what its contract says about lack of memory, and the call. The harness runs each row again and
// again, each time in a new fixture over a StrictBacking that refuses call 1, then call 2, and so
// on until nothing is refused any more; first that call alone, then that call and all after it.
// What must hold each time is told in harness.cc, once for all.
//
//     const Suite<Things> things =
//         Suite<Things>("things", [] { return std::make_unique<Things>(); })
//             .in("empty", [](Things &) {},
//                 {{"thing_grow", Contract::kFails, [](Things &fixture) {
//                       return thing_grow(&fixture.thing, 100).code;
//                   }}});
//
// at namespace scope registers the test things.thing_grow/empty. completeness_test.py reads the
// names of the functions from the names of the tests, and fails if one of ours has none.
#ifndef TESTING_FAULT_INJECTION_HARNESS_H_
#define TESTING_FAULT_INJECTION_HARNESS_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "block_allocator/error.h"
#include "testing/strict_backing.h"

namespace failures {

// What becomes of an operation when the backing refuses.
enum class Contract {
    kFails,      // every refusal is its error
    kMayRecover, // it may find a way round one refusal; without any more memory it fails
    kOptional,   // also asks for what it can do without; if it gets nothing at all, it fails
    kSurvives,   // can do without all that it asks for
    kNeedsNone,  // asks for nothing, and cannot fail
};

// Something over a backing that is about to refuse. All of it is made anew for each run, and one at
// a time.
class Fixture {
  public:
    explicit Fixture(const ba_testing::StrictBackingOptions &options = {}) : backing(options) {}
    virtual ~Fixture() = default;

    Fixture(const Fixture &) = delete;
    Fixture &operator=(const Fixture &) = delete;

    // All that a caller can see of it, without addresses, so that two fixtures with the same past
    // describe themselves alike. Left out is what only counts failures, and how many bytes are
    // taken, which may depend on addresses.
    virtual std::string describe() = 0;

    // Fails the test if something is damaged.
    virtual void check() = 0;

    // Gives everything back to the backing.
    virtual void release() = 0;

    // Whether a call that failed may keep what it took from the backing until the release.
    virtual bool may_keep() const { return false; }

    ba_testing::StrictBacking backing;
};

// A row of a table.
struct Operation {
    std::string suite;
    std::string function; // as the header declares it; NAME_KIND_FUNCTION for those of a template
    std::string state;
    Contract contract;
    std::function<std::unique_ptr<Fixture>()> make;
    std::function<ba_error_code(Fixture &)> perform; // BA_OK, or the error
};

// Fails the running test if the operation breaks its contract.
void try_every_refusal(const Operation &operation);

// Registers the test SUITE.FUNCTION/STATE.
void register_operation(const Operation &operation);

// A row before it is known for which suite and state.
template <class W>
struct Entry {
    std::string function;
    Contract contract;
    std::function<ba_error_code(W &)> perform;
};

// The rows of one kind of fixture.
template <class W>
class Suite {
  public:
    Suite(std::string name, std::function<std::unique_ptr<W>()> make)
        : name_(std::move(name)), make_(std::move(make)) {}

    // Registers rows for fixtures that a function has brought into a state.
    Suite &in(const std::string &state, const std::function<void(W &)> &prepare,
              const std::vector<Entry<W>> &entries) {
        const auto make_world = make_;
        const auto make = [make_world, prepare]() -> std::unique_ptr<Fixture> {
            std::unique_ptr<W> fixture = make_world();
            prepare(*fixture);
            return fixture;
        };
        for (const Entry<W> &entry : entries) {
            const auto perform = entry.perform;
            register_operation(
                {name_, entry.function, state, entry.contract, make,
                 [perform](Fixture &fixture) { return perform(static_cast<W &>(fixture)); }});
        }
        return *this;
    }

  private:
    std::string name_;
    std::function<std::unique_ptr<W>()> make_;
};

} // namespace failures

#endif // TESTING_FAULT_INJECTION_HARNESS_H_
