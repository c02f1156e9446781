/* ba_spin_lock: a lock of one word, where there is no threads library, or where the lock is held so
 * briefly that spinning costs less than sleeping.
 *
 *     static ba_spin_word word;
 *     ba_locked_allocator_init(&locked, parent, ba_spin_lock(&word));
 *
 * Needs C11's atomics and no library; where there is a system it lets other threads run when it has
 * waited long (sched_yield() of POSIX, SwitchToThread() of Windows). Not fair: a thread may wait
 * for any number of others. Not for threads of different priorities, where one of a higher priority
 * may wait forever for one of a lower priority that does not run, nor for signal handlers and
 * interrupts. */
#ifndef BLOCK_ALLOCATOR_LOCK_SPIN_LOCK_H_
#define BLOCK_ALLOCATOR_LOCK_SPIN_LOCK_H_

#include <stdint.h>

#include "block_allocator/internal/language.h"
#include "block_allocator/lock/lock.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* What a spin lock waits for. {0}, in C++ {}, is free; nothing else needs to be done to make one or
 * to end it. Not for callers to read or write: in C++, which has no _Atomic, it only keeps the
 * place. */
typedef struct ba_spin_word {
#ifdef __cplusplus
    uint32_t is_taken_;
#else
    _Atomic uint32_t is_taken_;
#endif
} ba_spin_word;

/* Makes a lock of a word; borrows it. Lock: one atomic exchange if it is free; else it reads the
 * word repeatedly, and after some reads lets other threads run in between. Unlock: one store.
 */
ba_lock ba_spin_lock(ba_spin_word *word);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* BLOCK_ALLOCATOR_LOCK_SPIN_LOCK_H_ */
