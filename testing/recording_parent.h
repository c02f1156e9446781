// A parent for tests of forwarding allocators that only watches: it remembers the last call, with
// all of its arguments, and answers as if everything succeeded. It hands out addresses, not memory.
#ifndef TESTING_RECORDING_PARENT_H_
#define TESTING_RECORDING_PARENT_H_

#include <cstddef>
#include <ostream>
#include <string>

#include "block_allocator/allocator.h"

namespace ba_testing {

// One call. What an operation does not take is zero, NULL or empty.
struct RecordedCall {
    std::string operation;
    const void *pointer;
    std::size_t length;
    std::size_t alignment;
    std::size_t minimum;
    std::size_t wanted;
    std::string site;
};

bool operator==(const RecordedCall &a, const RecordedCall &b);
std::ostream &operator<<(std::ostream &out, const RecordedCall &call);

// Which operations the parent's table has.
enum class RecordingTable {
    kWhole,
    kCutShort, // as an old implementation's: none of the optional operations
};

class RecordingParent {
  public:
    explicit RecordingParent(std::size_t block_size, RecordingTable table = RecordingTable::kWhole);

    RecordingParent(const RecordingParent &) = delete;
    RecordingParent &operator=(const RecordingParent &) = delete;

    ba_allocator allocator();

    void *address();             // what alloc returns; the only one that is owned
    void *address_after_remap(); // what remap returns

    const RecordedCall &last() const;
    std::size_t calls() const; // all of them, except block_size and owns

  private:
    struct Operations;

    void record(const RecordedCall &call);
    ba_length span(ba_length length) const;

    std::size_t block_size_;
    ba_operations table_;
    RecordedCall last_{};
    std::size_t calls_ = 0;
    alignas(1024) unsigned char memory_[2048];
};

} // namespace ba_testing

#endif // TESTING_RECORDING_PARENT_H_
