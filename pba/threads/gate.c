#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): its name  \
                       is given; for syscall() */
#endif
#define PBA_INTERNAL_

#include "pba/threads/gate.h"

#include <stdlib.h>

#if defined(_WIN32)
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#else
#include <sched.h>
#endif

#define HAS_MEMBARRIER 0
#if defined(__linux__) && !BA_THREAD_SANITIZER && defined(__has_include)
#if __has_include(<linux/membarrier.h>)
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>
#if defined(__NR_membarrier)
#undef HAS_MEMBARRIER
#define HAS_MEMBARRIER 1
#endif
#endif
#endif

/* C++ takes the words for plain ones. */
BA_STATIC_ASSERT(sizeof(_Atomic(uint32_t)) == sizeof(uint32_t) &&
                     sizeof(_Atomic(uintptr_t)) == sizeof(uintptr_t) &&
                     BA_ALIGNOF(_Atomic(uint32_t)) == BA_ALIGNOF(uint32_t) &&
                     BA_ALIGNOF(_Atomic(uintptr_t)) == BA_ALIGNOF(uintptr_t),
                 "an atomic word must lie in memory as a plain one does");

#if HAS_MEMBARRIER
/* membarrier() by name, for glibc has none. */
static bool call_membarrier(int command) {
    return syscall(__NR_membarrier, command, 0U) == 0;
}

static bool register_for_barriers(void) {
    return call_membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED);
}

void pba_gate_set_up_owner(pba_gate_owner *owner) {
    owner->is_light = register_for_barriers();
}

/* A child of fork() may have to register again. If the system stops doing what it did before,
 * nothing that relies on it can go on. */
void pba_gate_barrier(void) {
    if (!call_membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED) &&
        !(register_for_barriers() && call_membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED))) {
        abort();
    }
}
#else
void pba_gate_set_up_owner(pba_gate_owner *owner) {
    owner->is_light = false;
}

void pba_gate_barrier(void) {}
#endif

void pba_gate_let_others_run(void) {
#if defined(_WIN32)
    (void)SwitchToThread();
#else
    (void)sched_yield();
#endif
}

/* Acquires: what the owner did before it left has happened before what follows here. Sequentially
 * consistent, for where the owner sees to the barrier itself this is the look that comes after the
 * write of pba_gate_shut(). An owner inside never waits, so this ends as soon as it runs. */
void pba_gate_await(const pba_gate_owner *owner) {
    while (atomic_load_explicit(&owner->is_inside, memory_order_seq_cst) != 0) {
        pba_gate_let_others_run();
    }
}

/* Releases, so that the owner's look, which acquires, sees all that was done while it was shut. */
void pba_gate_open(pba_gate *gate, uintptr_t key) {
    atomic_store_explicit(&gate->key, key, memory_order_release);
}

/* Sequentially consistent: this write comes before the look of pba_gate_await(). */
void pba_gate_shut(pba_gate *gate) {
    atomic_store_explicit(&gate->key, (uintptr_t)0, memory_order_seq_cst);
}
