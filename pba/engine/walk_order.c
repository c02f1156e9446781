#define PBA_INTERNAL_

#include "pba/engine/walk_order.h"

/* Merges two lists that are in order. */
static pba_chunk *merge(pba_chunk *a, pba_chunk *b) {
    pba_chunk *merged = NULL;
    pba_chunk **tail = &merged;
    while (a != NULL && b != NULL) {
        pba_chunk **const lower = (uintptr_t)a->base < (uintptr_t)b->base ? &a : &b;
        *tail = *lower;
        tail = &(*lower)->walk_next;
        *lower = *tail;
    }
    *tail = a != NULL ? a : b;
    return merged;
}

pba_chunk *pba_chunk_set_sorted(const pba_chunk_set *set) {
    /* Merge sort from below: runs[k] is a list of 2^k chunks in order, or NULL. */
    pba_chunk *runs[32] = {NULL};
    for (uint32_t slot = 0; slot < set->used; slot++) {
        pba_chunk *run = set->by_slot[slot];
        if (run == NULL) {
            continue;
        }
        run->walk_next = NULL;
        uint32_t k = 0;
        for (; runs[k] != NULL; k++) {
            run = merge(runs[k], run);
            runs[k] = NULL;
        }
        runs[k] = run;
    }
    pba_chunk *sorted = NULL;
    for (uint32_t k = 0; k < 32; k++) {
        sorted = merge(runs[k], sorted);
    }
    return sorted;
}
