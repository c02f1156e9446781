/* ba_pthread_lock: a POSIX mutex as a ba_lock. */
#ifndef BLOCK_ALLOCATOR_LOCK_PTHREAD_LOCK_H_
#define BLOCK_ALLOCATOR_LOCK_PTHREAD_LOCK_H_

#include <pthread.h>

#include "block_allocator/internal/language.h"
#include "block_allocator/lock/lock.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* Makes a lock of a mutex that is initialized; borrows it. If the mutex cannot be locked or
 * unlocked (one of a kind that checks, that this thread already holds), the program is aborted:
 * nothing that relies on the lock could go on. */
ba_lock ba_pthread_lock(pthread_mutex_t *mutex);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* BLOCK_ALLOCATOR_LOCK_PTHREAD_LOCK_H_ */
