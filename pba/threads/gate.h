/* A gate that one thread, its owner, passes often at almost no cost, while others close it seldom,
 * at a price. While it is closed the owner stays outside, and what lies behind it is the
 * closer's. This is the one way in which threads get at what belongs to another one's cache.
 *
 * The owner says "I am inside" in a word of its own, and only then looks at the key of what it
 * wants to use. The closer takes the key away, and only then looks whether the owner is inside: so
 * one of the two sees the other (Dekker's algorithm). Each side must not look before its own word
 * is out, which needs a full barrier. To keep the owner from paying for that, the closer has the
 * system put one into every running thread of the process: membarrier() of Linux, 4.14 and later.
 * Where that is missing, and under ThreadSanitizer, which knows nothing of it, the owner pays.
 *
 * Such biased locks: Kawachiya, Koseki and Onodera, "Lock reservation: Java locks can mostly do
 * without atomic operations" (OOPSLA 2002). Barriers put into other threads: Desnoyers et al.,
 * "User-level implementations of read-copy update" (IEEE TPDS 23, 2012). gate.pml is a model of all
 * this, which the model checker spin goes through.
 *
 * Closers take turns by a lock of their own. Not for signal handlers. The functions of owners are
 * for C only. Not for users. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_THREADS_GATE_H_
#define PBA_THREADS_GATE_H_

#include <stdbool.h>
#include <stdint.h>

#include "block_allocator/implementing/instrumentation.h"
#include "block_allocator/internal/language.h"

BA_HEADER_BEGIN

/* C++ takes atomic words for plain ones, and only keeps their place. */
#ifdef __cplusplus
#define PBA_ATOMIC_(type) type
extern "C" {
#else
#include <stdatomic.h>
#define PBA_ATOMIC_(type) _Atomic(type)
#endif

/* What an owner says of itself, for all gates that are its. {0} is good for a thread that passes no
 * gate yet. */
typedef struct pba_gate_owner {
    PBA_ATOMIC_(uint32_t) is_inside;
    bool is_light; /* closers see to the barrier */
} pba_gate_owner;

/* One gate: open with a key that is not 0, which the owner must know, or closed. {0} is closed. */
typedef struct pba_gate {
    PBA_ATOMIC_(uintptr_t) key;
} pba_gate;

/* Finds out whether closers can see to the barrier. Called by the owner, outside, before its first
 * gate is opened. */
void pba_gate_set_up_owner(pba_gate_owner *owner);

/* Has all running threads execute a full barrier; only if an owner is light. */
void pba_gate_barrier(void);

/* Waits until the owner is not inside; lets other threads run meanwhile. */
void pba_gate_await(const pba_gate_owner *owner);

/* Lets other threads run. */
void pba_gate_let_others_run(void);

/* Opens a gate: what this thread did before has happened before what the owner does inside. */
void pba_gate_open(pba_gate *gate, uintptr_t key);

/* The first of three steps to close gates: for each of them this, then one pba_gate_barrier() if
 * any owner is light, then for each owner pba_gate_await(). Then what its owner did inside has
 * happened before what follows. */
void pba_gate_shut(pba_gate *gate);

#ifndef __cplusplus

/* The owner goes in. What it does next, it may do only if the gate has its key. */
BA_ALWAYS_INLINE void pba_gate_enter(pba_gate_owner *owner) {
    if (BA_LIKELY(owner->is_light)) {
        /* Relaxed, and no more than the compiler kept from looking first: the barrier of the closer
         * falls either before this write, and then the look that follows sees the gate closed, or
         * behind it, and then the closer sees this write. */
        atomic_store_explicit(&owner->is_inside, 1U, memory_order_relaxed);
        atomic_signal_fence(memory_order_seq_cst);
    } else {
        /* Sequentially consistent, as are the look that follows and both of the closer's: in the
         * one order of all four, one of the looks comes after the other side's write. An exchange,
         * for ThreadSanitizer knows no fences, and compilers make the same of it and of a write. */
        (void)atomic_exchange_explicit(&owner->is_inside, 1U, memory_order_seq_cst);
    }
}

/* True if the gate has the key; the owner is inside. It acquires what was done before the gate was
 * opened; sequentially consistent for the reason above, which costs nothing on x86-64, and no more
 * than acquiring on AArch64. */
BA_ALWAYS_INLINE bool pba_gate_has_key(const pba_gate *gate, uintptr_t key) {
    return atomic_load_explicit(&gate->key, memory_order_seq_cst) == key;
}

/* The owner leaves. Releases: what it did inside has happened before what a closer does that sees
 * it outside. */
BA_ALWAYS_INLINE void pba_gate_leave(pba_gate_owner *owner) {
    atomic_store_explicit(&owner->is_inside, 0U, memory_order_release);
}

#endif

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_THREADS_GATE_H_ */
