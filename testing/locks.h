// Each lock of this project, made and destroyed, for typed tests.
#ifndef TESTING_LOCKS_H_
#define TESTING_LOCKS_H_

#include <pthread.h>

#include "block_allocator/lock/c11_lock.h"
#include "block_allocator/lock/pthread_lock.h"
#include "block_allocator/lock/spin_lock.h"
#include "gtest/gtest.h"

namespace ba_testing {

class PthreadLock {
  public:
    ~PthreadLock() { EXPECT_EQ(pthread_mutex_destroy(&mutex_), 0) << "still locked"; }
    ba_lock lock() { return ba_pthread_lock(&mutex_); }

  private:
    pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
};

class SpinLock {
  public:
    ba_lock lock() { return ba_spin_lock(&word_); }

  private:
    ba_spin_word word_ = {};
};

#if BA_HAS_C11_LOCK
class C11Lock {
  public:
    C11Lock() { EXPECT_EQ(mtx_init(&mutex_, mtx_plain), thrd_success); }
    ~C11Lock() { mtx_destroy(&mutex_); }
    ba_lock lock() { return ba_c11_lock(&mutex_); }

  private:
    mtx_t mutex_;
};
using Locks = testing::Types<PthreadLock, SpinLock, C11Lock>;
#else
using Locks = testing::Types<PthreadLock, SpinLock>;
#endif

} // namespace ba_testing

#endif // TESTING_LOCKS_H_
