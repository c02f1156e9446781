// Both views of the interface and the typed helpers, as rows for any allocator over a backing.
#ifndef TESTING_FAULT_INJECTION_INTERFACE_TABLE_H_
#define TESTING_FAULT_INJECTION_INTERFACE_TABLE_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "block_allocator/allocator.h"
#include "block_allocator/block_allocator.h"
#include "testing/fault_injection/harness.h"
#include "testing/fault_injection/live_memory.h"
#include "testing/strict_backing.h"

namespace failures {

// An allocator over a backing.
class Subject {
  public:
    Subject() = default;
    virtual ~Subject() = default;

    Subject(const Subject &) = delete;
    Subject &operator=(const Subject &) = delete;

    virtual ba_block_allocator blocks() = 0;

    // As in Fixture.
    virtual std::string describe() { return ""; }
    virtual void check() {}
    virtual void release() {}
};

// How an allocator is made, and where it differs from others.
struct SubjectKind {
    std::string name; // of its suite
    std::function<std::unique_ptr<Subject>(ba_testing::StrictBacking *backing)> make;
    // Of the calls that want more memory.
    Contract contract = Contract::kFails;
    // Whether it remaps the first span. If not, it says BA_UNSUPPORTED.
    bool remaps = true;
    // Whether it may keep what it took for a call that then failed.
    bool keeps = false;
    // What the first span is asked for: in a pool, all of a chunk.
    std::size_t first_length = 1024;
    ba_testing::StrictBackingOptions backing = interface_backing();

    // A backing that can do everything, with room to grow into.
    static ba_testing::StrictBackingOptions interface_backing();
};

// An allocator with three live allocations: a large one, a small one that cannot grow where it is,
// and one with room behind it.
class InterfaceFixture : public Fixture {
  public:
    explicit InterfaceFixture(const SubjectKind &kind);

    std::string describe() override;
    void check() override;
    void release() override;
    bool may_keep() const override { return keeps_; }

    ba_block_allocator blocks() { return subject_->blocks(); }
    ba_allocator bytes() { return ba_as_allocator(blocks()); }

    LiveMemory first;
    LiveMemory second;
    LiveMemory third;
    LiveMemory made;              // by the operation
    std::vector<LiveMemory> many; // for states that need more

    // For rows of an allocator's own functions.
    template <class S>
    S &subject() {
        return static_cast<S &>(*subject_);
    }

  private:
    std::unique_ptr<Subject> subject_;
    bool keeps_;
};

// A kind that is made by the constructor of S from the backing.
template <class S>
SubjectKind kind_of(const std::string &name) {
    SubjectKind kind;
    kind.name = name;
    kind.make = [](ba_testing::StrictBacking *backing) { return std::make_unique<S>(backing); };
    return kind;
}

// A row for something that is done to a subject of type S and needs no memory.
template <class S, class Do>
Entry<InterfaceFixture> needs_none(const std::string &function, Do call) {
    return {function, Contract::kNeedsNone, [call](InterfaceFixture &fixture) {
                call(fixture.subject<S>());
                return BA_OK;
            }};
}

// The state of a fixture that nothing was done to.
inline void as_made(InterfaceFixture & /*fixture*/) {}

// Registers all rows for an allocator. Returns the suite, for the allocator's own functions.
Suite<InterfaceFixture> interface_suite(const SubjectKind &kind);

} // namespace failures

#endif // TESTING_FAULT_INJECTION_INTERFACE_TABLE_H_
