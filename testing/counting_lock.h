// A lock for tests with one thread: counts, and only bears being used in turns.
#ifndef TESTING_COUNTING_LOCK_H_
#define TESTING_COUNTING_LOCK_H_

#include "block_allocator/lock/lock.h"
#include "gtest/gtest.h"

namespace ba_testing {

class CountingLock {
  public:
    CountingLock() = default;
    ~CountingLock() { EXPECT_FALSE(is_held()) << "still locked"; }

    CountingLock(const CountingLock &) = delete;
    CountingLock &operator=(const CountingLock &) = delete;

    ba_lock lock() { return ba_lock{acquire, release, this}; }

    // How often it was taken, ever.
    int turns() const { return locked_; }
    bool is_held() const { return locked_ != unlocked_; }

  private:
    static void acquire(void *context) {
        auto &self = *static_cast<CountingLock *>(context);
        EXPECT_FALSE(self.is_held()) << "locked twice";
        self.locked_++;
    }
    static void release(void *context) {
        auto &self = *static_cast<CountingLock *>(context);
        EXPECT_TRUE(self.is_held()) << "unlocked twice";
        self.unlocked_++;
    }

    int locked_ = 0;
    int unlocked_ = 0;
};

} // namespace ba_testing

#endif // TESTING_COUNTING_LOCK_H_
