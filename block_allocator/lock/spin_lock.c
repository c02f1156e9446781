#include "block_allocator/lock/spin_lock.h"

#include <stdatomic.h>

/* Which system there is to let other threads run; none where the program has no system. */
#if !__STDC_HOSTED__
#elif defined(_WIN32)
#define ON_WINDOWS
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#elif defined(__unix__) || defined(__APPLE__)
#define ON_POSIX
#include <sched.h>
#endif

/* C++ takes the word for a plain one. */
BA_STATIC_ASSERT(sizeof(_Atomic uint32_t) == sizeof(uint32_t) &&
                     BA_ALIGNOF(_Atomic uint32_t) == BA_ALIGNOF(uint32_t),
                 "an atomic word must lie in memory as a plain one does");

/* So many looks before other threads are let run: some hundred nanoseconds to a few microseconds,
 * more than an allocation takes, and less than a switch of threads. */
#define LOOKS_AWAKE 100U

/* Tells the processor that this loop waits, so that it leaves resources and the memory to
 * others. */
static void pause_awake(void) {
#if defined(__GNUC__) && (defined(__x86_64__) || defined(__i386__))
    __builtin_ia32_pause();
#elif defined(__GNUC__) && defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

static void let_others_run(void) {
#if defined(ON_WINDOWS)
    (void)SwitchToThread();
#elif defined(ON_POSIX)
    (void)sched_yield();
#else
    pause_awake();
#endif
}

/* Waits until the word looks free. Relaxed: nothing is read or written on the strength of what is
 * seen here but the exchange that follows, which orders by itself; and a stale value costs no more
 * than one look more. */
static void wait_until_free(const ba_spin_word *word) {
    for (unsigned looks = 0; atomic_load_explicit(&word->is_taken_, memory_order_relaxed) != 0;) {
        if (looks < LOOKS_AWAKE) {
            looks++;
            pause_awake();
        } else {
            let_others_run();
        }
    }
}

/* Test and test-and-set (Rudolph and Segall 1984): while the lock is taken it is only read, which
 * each processor does in its own cache. The exchange acquires: if it reads the 0 of an unlock, what
 * was done before that unlock has happened before all that follows here, and nothing that follows
 * can be moved before it. Where it reads 1 the order does no harm. It need not release: a thread
 * that waits for this one waits for its unlock. */
static void lock(void *context) {
    ba_spin_word *const word = (ba_spin_word *)context;
    while (atomic_exchange_explicit(&word->is_taken_, 1U, memory_order_acquire) != 0) {
        wait_until_free(word);
    }
}

/* Releases: nothing before this write can be moved after it, and a thread that reads this 0 with
 * acquire sees all of that. It need not be an exchange: while the lock is taken, other threads only
 * write 1 over 1. */
static void unlock(void *context) {
    ba_spin_word *const word = (ba_spin_word *)context;
    atomic_store_explicit(&word->is_taken_, 0U, memory_order_release);
}

ba_lock ba_spin_lock(ba_spin_word *word) {
    return (ba_lock){.lock = lock, .unlock = unlock, .context = word};
}
