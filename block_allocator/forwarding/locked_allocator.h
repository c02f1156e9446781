/* ba_locked_allocator: lets several threads share an allocator that is for one thread.
 *
 *     pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
 *     ba_locked_allocator locked;
 *     ba_locked_allocator_init(&locked, parent, ba_pthread_lock(&mutex));
 *     ba_allocator shared = ba_locked_allocator_allocator(&locked);
 *
 * The lock is the user's, any ba_lock (lock.h), so that this needs no threads library. Each
 * operation of the parent runs with the lock held, locked once and unlocked once, whatever its
 * result. Only the block size is read without the lock, because it is constant. A realloc is one
 * operation, its copy included. A misuse handler runs with the lock held and must not use the
 * allocator.
 *
 * Every thread must go through this allocator: what is called on the parent directly, its own
 * functions such as statistics included, is not protected unless the caller holds the same lock.
 *
 * A program with several threads that forks: the child has only the thread that forked. A lock that
 * another thread held stays locked there, and what that thread was changing stays half done. So the
 * forking thread must hold the lock. To make sure of that, before the first fork:
 *
 *     static void before_fork(void) { ba_locked_allocator_lock(&locked); }
 *     static void after_fork(void) { ba_locked_allocator_unlock(&locked); }
 *     pthread_atfork(before_fork, after_fork, after_fork);
 *
 * Metadata: the struct. Cost: that of the lock for each call. */
#ifndef BLOCK_ALLOCATOR_FORWARDING_LOCKED_ALLOCATOR_H_
#define BLOCK_ALLOCATOR_FORWARDING_LOCKED_ALLOCATOR_H_

#include "block_allocator/allocator.h"
#include "block_allocator/block_allocator.h"
#include "block_allocator/internal/language.h"
#include "block_allocator/lock/lock.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* The allocator's state; the caller owns it and keeps it in place while the allocator is used. */
typedef struct ba_locked_allocator {
    ba_block_allocator parent;
    ba_lock lock;
} ba_locked_allocator;

/* Makes an allocator over `parent`, which is borrowed, as is the lock's context. Needs no release.
 */
void ba_locked_allocator_init(ba_locked_allocator *self, ba_allocator parent, ba_lock lock);

/* The allocator as an exact one; borrows `self`. */
ba_allocator ba_locked_allocator_allocator(ba_locked_allocator *self);

/* The allocator as a whole-span one, with the parent's block size; borrows `self`. */
ba_block_allocator ba_locked_allocator_block_allocator(ba_locked_allocator *self);

/* Takes the allocator's lock and gives it back: for handlers of fork(), as above, and for several
 * calls that no call of another thread may come between. While it is held, the caller may use the
 * parent, and must not call this allocator, unless the lock is a recursive one. */
void ba_locked_allocator_lock(ba_locked_allocator *self);
void ba_locked_allocator_unlock(ba_locked_allocator *self);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* BLOCK_ALLOCATOR_FORWARDING_LOCKED_ALLOCATOR_H_ */
