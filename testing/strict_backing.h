// A backing allocator for tests that trusts no caller.
//
// It returns real memory with dirty contents, rounded up to its block size, and remembers each
// grant. Whatever comes back must be exactly what was granted: pointer, length and alignment.
// Anything else is a test failure, and so is memory that is still out when the backing is
// destroyed. Every call is counted and can be refused. Spare room and what a resize cuts off is
// poisoned, so that sanitizers see every use of it.
//
// A forwarding allocator passes on what its caller gives, and a caller may give any length that
// fits. For those there is the option `by_the_rules`.
#ifndef TESTING_STRICT_BACKING_H_
#define TESTING_STRICT_BACKING_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "block_allocator/allocator.h"
#include "block_allocator/block_allocator.h"

namespace ba_testing {

// How a strict backing behaves where implementations may differ.
struct StrictBackingOptions {
    std::size_t block_size = 1;          // a power of two, in bytes
    std::size_t max_alignment = 1 << 16; // larger ones get BA_BAD_ALIGN
    bool grows_in_place =
        false;             // resize and grow_between may extend a grant into spare room behind it
    std::size_t room = 0;  // bytes of spare room behind each grant, for growing in place
    bool remaps = false;   // remap moves (by copying, which nobody can tell from here)
    bool discards = false; // discard scribbles over the part and says that all of it went
    // Accepts what operations.h allows (any length that fits, any alignment that the pointer has)
    // and rejects what it forbids through the misuse handler, as a good implementation does.
    // Otherwise whatever is not exactly the grant fails the test.
    bool by_the_rules = false;
};

class StrictBacking {
  public:
    explicit StrictBacking(StrictBackingOptions options = {});
    ~StrictBacking(); // fails the test if memory is still out

    StrictBacking(const StrictBacking &) = delete;
    StrictBacking &operator=(const StrictBacking &) = delete;

    ba_allocator allocator();
    ba_block_allocator block_allocator();

    // Refuses each call for which the function says true, with BA_OUT_OF_MEMORY. It gets the number
    // of the call, from 1, since the last refuse_when(). Counted are the calls that may fail:
    // alloc, resize and grow_between to a longer length, remap.
    void refuse_when(std::function<bool(std::size_t)> refuse);
    void refuse_nth(std::size_t n);          // that one call
    void refuse_from(std::size_t n);         // that call and all after it
    void refuse_by_bits(std::uint64_t bits); // call n if bit n % 64 is set
    void refuse_none();

    // From now on no grant may be longer: BA_OUT_OF_MEMORY, which counts as no refusal.
    void grant_at_most(std::size_t longest);

    // Refuses the next so many frees with BA_IN_USE, as an allocator does from inside one of its
    // own calls; nothing changes.
    void refuse_frees(std::size_t count);

    std::size_t calls() const;         // calls that may fail, since the last refuse_...()
    std::size_t refused() const;       // how many of them were refused
    std::size_t grants() const;        // grants that are out
    std::size_t bytes() const;         // their bytes
    std::size_t frees() const;         // grants that came back, ever
    std::size_t discarded() const;     // bytes discarded, ever
    std::size_t refused_frees() const; // ever

    // Shows each grant that is out, in order of addresses.
    void
    for_each_grant(const std::function<void(const void *pointer, std::size_t length)> &show) const;

    // True if the memory, seen as bytes, lies wholly in one grant.
    bool contains(const void *pointer, std::size_t length) const;

  private:
    struct Grant {
        std::size_t length;
        std::size_t alignment;
        std::size_t reserved; // length and spare room
    };
    struct Operations;

    std::size_t round_up(std::size_t length) const;
    bool is_too_long(ba_length length) const;
    bool refuses();
    // BA_OK, or the error of what is wrong, reported.
    ba_error check_new(const char *operation, ba_length length, ba_alignment alignment,
                       ba_call_site site) const;
    ba_error check_grant(const char *operation, ba_memory memory, ba_alignment alignment,
                         ba_call_site site) const;
    ba_error_code error_of_grant(ba_memory memory, ba_alignment alignment) const;
    ba_error wrong(const char *operation, ba_error_code code, ba_memory memory,
                   ba_alignment alignment, ba_call_site site) const;
    void fail(const std::string &what) const;
    ba_memory take(std::size_t length, std::size_t alignment);
    void set_length(void *pointer, Grant *grant, std::size_t length);
    void give_back(void *pointer);

    StrictBackingOptions options_;
    std::map<void *, Grant> grants_;
    std::set<void *> freed_; // pointers that were granted once and are no more
    std::function<bool(std::size_t)> refuse_;
    std::size_t longest_ = SIZE_MAX;
    std::size_t calls_ = 0;
    std::size_t refused_ = 0;
    std::size_t bytes_ = 0;
    std::size_t frees_ = 0;
    std::size_t discarded_ = 0;
    std::size_t frees_to_refuse_ = 0;
    std::size_t refused_frees_ = 0;
};

} // namespace ba_testing

#endif // TESTING_STRICT_BACKING_H_
