/* What a thread knows of the caches that it has: one for each pool that it uses, of the first
 * PBA_THREAD_POOLS of them. Lies in thread-local storage; zeros are good for a thread that has
 * none, so that a thread need not be known to the library before. Not for users. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_THREADS_THREAD_H_
#define PBA_THREADS_THREAD_H_

#include "block_allocator/internal/language.h"
#include "pba/threads/gate.h"
#include "pba/threads/thread_exit.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* In so many pools a thread may have a cache at once. */
#define PBA_THREAD_POOLS 16U

/* A place for one cache. */
typedef struct pba_thread_slot {
    pba_gate gate; /* its key is the id of the pool */
    /* The pool that the cache is of, or NULL for a free place. Changed with that pool's lock held,
     * while the gate is shut: by the thread itself, but to NULL also by others. */
    PBA_ATOMIC_(struct pba_cached_pool *) pool;
    struct pba_thread_cache
        *cache; /* to be looked at behind the gate, or with the pool's lock held */
} pba_thread_slot;

/* Whether its end is known. */
typedef enum pba_thread_state {
    PBA_THREAD_IS_NEW, /* not yet */
    PBA_THREAD_IS_ARMED,
    PBA_THREAD_HAS_ENDED, /* as good as: it gets no more caches */
} pba_thread_state;

/* A thread. */
typedef struct pba_thread {
    pba_gate_owner owner;
    pba_thread_state state; /* its own to look at */
    pba_thread_exit at_end; /* the same */
    pba_thread_slot pool_slots[PBA_THREAD_POOLS];
} pba_thread;

#ifndef __cplusplus

/* The calling thread. */
extern _Thread_local pba_thread pba_this_thread;

/* The place whose gate has this key, not 0, or NULL; the thread is inside. `first` is where it most
 * probably is. */
BA_ALWAYS_INLINE pba_thread_slot *pba_thread_find(pba_thread *thread, uintptr_t key,
                                                  uint32_t first) {
    for (uint32_t i = 0; i < PBA_THREAD_POOLS; i++) {
        pba_thread_slot *const slot = &thread->pool_slots[(first + i) % PBA_THREAD_POOLS];
        if (BA_LIKELY(pba_gate_has_key(&slot->gate, key))) {
            return slot;
        }
    }
    return NULL;
}

#endif

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_THREADS_THREAD_H_ */
