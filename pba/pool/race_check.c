#define PBA_INTERNAL_

#include "pba/pool/race_check.h"

#if PBA_CHECKS_RACES
#include <stdatomic.h>
#include <stdint.h>

/* So many places, a power of two; few pools are in use at the same time. */
#define PLACES 256U

/* A call that is running. `pool` is set by an exchange, and is what makes the place a thread's own;
 * `thread` is set last, and says that the call site is there. */
typedef struct running_call {
    _Atomic(const pba_pool *) pool;
    _Atomic(const char *) thread;
    _Atomic(const char *) site_text;
    _Atomic(const void *) site_address;
} running_call;

static running_call running[PLACES];

/* Its address is that of no other thread. */
static _Thread_local char self;

/* Multiplication by the golden ratio (Knuth, The Art of Computer Programming, volume 3, 6.4). */
BA_WRAPS static running_call *place_of(const pba_pool *pool) {
    const uint64_t hash = (uint64_t)(uintptr_t)pool * UINT64_C(0x9E3779B97F4A7C15);
    return &running[hash >> 32 & (PLACES - 1)];
}

static bool is_watched(const pba_pool *pool) {
    return (pool->threads & PBA_FINDS_RACES) != 0;
}

static bool is_mine(running_call *call, const pba_pool *pool) {
    return atomic_load(&call->pool) == pool && atomic_load(&call->thread) == &self;
}

static void clear(running_call *call) {
    atomic_store(&call->thread, NULL);
    atomic_store(&call->pool, NULL);
}

static bool mark(const pba_pool *pool, ba_call_site site) {
    running_call *const call = place_of(pool);
    const pba_pool *nothing = NULL;
    if (!atomic_compare_exchange_strong(&call->pool, &nothing, pool)) {
        return false;
    }
    atomic_store(&call->site_text, site.text);
    atomic_store(&call->site_address, site.address);
    atomic_store(&call->thread, &self);
    return true;
}

pba_race_mark pba_race_begin(const pba_pool *pool, ba_call_site site) {
    return is_watched(pool) && mark(pool, site) ? pool : NULL;
}

void pba_race_end(const pba_race_mark *mark_of) {
    if (*mark_of != NULL && is_mine(place_of(*mark_of), *mark_of)) {
        clear(place_of(*mark_of));
    }
}

bool pba_race_is_found(const pba_pool *pool, ba_call_site *other) {
    if (!is_watched(pool)) {
        return false;
    }
    running_call *const call = place_of(pool);
    const char *const thread = atomic_load(&call->thread);
    if (atomic_load(&call->pool) != pool || thread == &self) {
        return false;
    }
    /* Between its two writes the other call has not told its site yet. */
    *other = ba_call_site_none();
    if (thread != NULL) {
        other->text = atomic_load(&call->site_text);
        other->address = atomic_load(&call->site_address);
    }
    return true;
}

pba_race_break pba_race_pause(const pba_pool *pool) {
    running_call *const call = place_of(pool);
    if (!is_mine(call, pool)) {
        return (pba_race_break){.was_marked = false};
    }
    const pba_race_break pause = {
        .was_marked = true,
        .site = {atomic_load(&call->site_text), atomic_load(&call->site_address)},
    };
    clear(call);
    return pause;
}

void pba_race_resume(const pba_pool *pool, pba_race_break pause) {
    if (pause.was_marked) {
        (void)mark(pool, pause.site);
    }
}

void pba_race_forget(const pba_pool *pool) {
    running_call *const call = place_of(pool);
    if (atomic_load(&call->pool) == pool) {
        clear(call);
    }
}
#endif
