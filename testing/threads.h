// Threads that use allocators at the same time, for tests; ThreadSanitizer tells what they must not
// do to each other.
#ifndef TESTING_THREADS_H_
#define TESTING_THREADS_H_

#include <vector>

#include "block_allocator/block_allocator.h"
#include "block_allocator/lock/lock.h"

namespace ba_testing {

// What becomes of a span while it is live.
enum class Resizing {
    kAllowed,
    // ThreadSanitizer knows of memory that mmap() and munmap() bring and take, but not of what
    // mremap() does: it takes the next user of such an address for one who races with the last.
    kNone,
};

// Uses each of the allocators, which may be the same one, in a thread of its own, all at the same
// time: so many rounds of an allocation, if allowed a resize and maybe a move, and a free. Returns
// how often a thread was refused memory or did not find what it had written.
unsigned use_in_threads(const std::vector<ba_block_allocator> &allocators, unsigned rounds,
                        Resizing resizing = Resizing::kAllowed);

// So many threads add 1 to a plain number, so many times each, with the lock held. Returns the
// number: threads times rounds, if never two of them held it.
unsigned count_in_threads(unsigned threads, unsigned rounds, ba_lock lock);

} // namespace ba_testing

#endif // TESTING_THREADS_H_
