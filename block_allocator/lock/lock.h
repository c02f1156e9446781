/* ba_lock: any lock, as a value. locked_allocator.h and pba/locked_pool.h take one.
 *
 * pthread_lock.h makes one of a POSIX mutex, c11_lock.h of one of C11, and spin_lock.h of a word.
 * This header needs no threads library and no atomics. */
#ifndef BLOCK_ALLOCATOR_LOCK_LOCK_H_
#define BLOCK_ALLOCATOR_LOCK_LOCK_H_

#include <stddef.h>

#include "block_allocator/internal/language.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* A lock for mutual exclusion; need not be recursive. Neither function can fail. One of zeros locks
 * nothing. The context is borrowed. */
typedef struct ba_lock {
    void (*lock)(void *context);
    void (*unlock)(void *context);
    void *context;
} ba_lock;

/* Waits until the lock is this thread's. */
BA_ALWAYS_INLINE void ba_lock_acquire(ba_lock lock) {
    if (BA_LIKELY(lock.lock != NULL)) {
        (lock.lock)(lock.context);
    }
}

/* Gives it back. */
BA_ALWAYS_INLINE void ba_lock_release(ba_lock lock) {
    if (BA_LIKELY(lock.lock != NULL)) {
        (lock.unlock)(lock.context);
    }
}

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* BLOCK_ALLOCATOR_LOCK_LOCK_H_ */
