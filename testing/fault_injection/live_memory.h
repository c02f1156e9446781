// Memory that is held during a trial: what is in it must stay, and where it is, unless it is moved.
#ifndef TESTING_FAULT_INJECTION_LIVE_MEMORY_H_
#define TESTING_FAULT_INJECTION_LIVE_MEMORY_H_

#include <cstddef>
#include <string>

#include "block_allocator/error.h"
#include "block_allocator/memory.h"

namespace failures {

// The alignment that everything here has that needs none in particular.
constexpr std::size_t kAlignment = 8;

inline ba_alignment usual_alignment() {
    return ba_align(kAlignment);
}

class LiveMemory {
  public:
    // Begins to hold memory, and fills it. BA_OK, or why there is none.
    ba_error_code hold(ba_memory memory);

    // Takes notice of what a call made of it: a new length, new memory, or none. BA_OK, or why the
    // call failed; then it is as it was.
    ba_error_code resized(ba_length_result result);
    ba_error_code moved(ba_memory result);
    ba_error_code freed(ba_error result);
    // The call may put what it likes there.
    ba_error_code discarded(ba_length_result result);

    bool is_held() const { return !ba_memory_is_none(memory_); }
    ba_memory memory() const { return memory_; }
    void *pointer() const { return ba_memory_pointer(memory_); }

    // Fails the test if a byte of it changed.
    void check() const;

    // Its length in words.
    std::string describe() const;

  private:
    static unsigned char stamp_of(std::size_t offset);

    ba_memory memory_ = ba_memory_none(ba_error_of(BA_OK));
    std::size_t stamped_ = 0; // bytes, from the first on
};

} // namespace failures

#endif // TESTING_FAULT_INJECTION_LIVE_MEMORY_H_
