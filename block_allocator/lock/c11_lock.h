/* ba_c11_lock: a mutex of C11's <threads.h> as a ba_lock.
 *
 * C libraries need not have it: BA_HAS_C11_LOCK is 1 where this one does, else 0, and then nothing
 * is declared. ThreadSanitizer does not know C11's mutexes; these report to it what they do. */
#ifndef BLOCK_ALLOCATOR_LOCK_C11_LOCK_H_
#define BLOCK_ALLOCATOR_LOCK_C11_LOCK_H_

#include "block_allocator/internal/language.h"
#include "block_allocator/lock/lock.h"

#define BA_HAS_C11_LOCK 0
#if !defined(__STDC_NO_THREADS__) && defined(__has_include)
#if __has_include(<threads.h>)
#undef BA_HAS_C11_LOCK
#define BA_HAS_C11_LOCK 1
#endif
#endif

#if BA_HAS_C11_LOCK
#include <threads.h>

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* Makes a lock of a mutex that mtx_init() has made; borrows it. If the mutex cannot be locked or
 * unlocked, the program is aborted: nothing that relies on the lock could go on. */
ba_lock ba_c11_lock(mtx_t *mutex);

#ifdef __cplusplus
}
#endif

BA_HEADER_END
#endif /* BA_HAS_C11_LOCK */

#endif /* BLOCK_ALLOCATOR_LOCK_C11_LOCK_H_ */
