/* Gates, with owners that are light where the system has the barrier, and with owners that are not:
 * what lies behind a gate is never touched by two threads at once. */
#define PBA_INTERNAL_

#include "pba/threads/gate.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static void expect(bool holds, const char *what, int line) {
    if (!holds) {
        (void)fprintf(stderr, "%s:%d: %s\n", __FILE__, line, what);
        abort();
    }
}
#define EXPECT(condition) expect((condition), #condition, __LINE__)

#define OWNERS 2
#define SHUTS 20000
#define KEY 7U

/* What an owner has behind its gate. */
typedef struct guarded {
    pba_gate_owner owner;
    pba_gate gate;
    uint64_t first; /* always as many as the second when the gate is left */
    uint64_t second;
    uint64_t passed;
    bool found_wrong;
} guarded;

static guarded all[OWNERS];
static _Atomic(bool) is_over;

static void *pass(void *context) {
    guarded *const own = (guarded *)context;
    while (!atomic_load_explicit(&is_over, memory_order_relaxed) || own->passed == 0) {
        pba_gate_enter(&own->owner);
        if (pba_gate_has_key(&own->gate, KEY)) {
            own->found_wrong = own->found_wrong || own->first != own->second;
            own->first++;
            atomic_signal_fence(memory_order_seq_cst); /* two writes, also to the compiler */
            own->second++;
            own->passed++;
        }
        pba_gate_leave(&own->owner);
        /* Outside most of the time, so that closers do not wait long. */
        for (unsigned i = 0; i < 64; i++) {
            atomic_signal_fence(memory_order_seq_cst);
        }
    }
    return NULL;
}

static void shut_all(void) {
    bool any_is_light = false;
    for (unsigned i = 0; i < OWNERS; i++) {
        pba_gate_shut(&all[i].gate);
        any_is_light = any_is_light || all[i].owner.is_light;
    }
    if (any_is_light) {
        pba_gate_barrier();
    }
    for (unsigned i = 0; i < OWNERS; i++) {
        pba_gate_await(&all[i].owner);
    }
}

static void open_all(void) {
    for (unsigned i = 0; i < OWNERS; i++) {
        pba_gate_open(&all[i].gate, KEY);
    }
}

/* Owners pass, and this thread shuts them out again and again. */
static void race(bool is_light) {
    pthread_t threads[OWNERS];
    atomic_store(&is_over, false);
    for (unsigned i = 0; i < OWNERS; i++) {
        all[i] = (guarded){.first = 0};
        pba_gate_set_up_owner(&all[i].owner);
        all[i].owner.is_light = all[i].owner.is_light && is_light;
        EXPECT(pthread_create(&threads[i], NULL, pass, &all[i]) == 0);
    }
    for (unsigned i = 0; i < SHUTS; i++) {
        shut_all();
        for (unsigned k = 0; k < OWNERS; k++) {
            EXPECT(all[k].first == all[k].second);
            all[k].first++;
            if (i % 1000 == 0) {
                pba_gate_let_others_run();
            }
            all[k].second++;
        }
        open_all();
    }
    atomic_store(&is_over, true);
    for (unsigned i = 0; i < OWNERS; i++) {
        EXPECT(pthread_join(threads[i], NULL) == 0);
        EXPECT(!all[i].found_wrong);
        EXPECT(all[i].first == all[i].passed + SHUTS && all[i].second == all[i].first);
        EXPECT(all[i].passed > 0);
    }
}

static void a_gate_of_zeros_is_closed(void) {
    pba_gate_owner owner = {0};
    pba_gate gate = {0};
    pba_gate_enter(&owner);
    EXPECT(!pba_gate_has_key(&gate, KEY));
    pba_gate_leave(&owner);
    pba_gate_open(&gate, KEY);
    pba_gate_enter(&owner);
    EXPECT(pba_gate_has_key(&gate, KEY));
    EXPECT(!pba_gate_has_key(&gate, KEY + 1));
    pba_gate_leave(&owner);
    pba_gate_shut(&gate);
    pba_gate_await(&owner);
    pba_gate_enter(&owner);
    EXPECT(!pba_gate_has_key(&gate, KEY));
    pba_gate_leave(&owner);
}

int main(void) {
    a_gate_of_zeros_is_closed();
    race(true);
    race(false);
    return 0;
}
