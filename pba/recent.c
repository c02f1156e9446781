#include "pba/recent.h"

#include <string.h>

/* A list that has to grow gets so many times its entries: few steps, and whole pages soon. */
#define STEP 8U

static size_t capacity_of(const pba_recent_list *list) {
    return (size_t)(list->end - list->bottom);
}

void pba_recent_init(pba_recent *recent) {
    recent->granted = 0;
    for (uint32_t i = 0; i < PBA_RECENT_BLOCKS; i++) {
        void **const entries = recent->first[i];
        recent->lists[i] = (pba_recent_list){
            .top = entries,
            .sure = entries,
            .end = entries + PBA_RECENT_FIRST,
            .bottom = entries,
        };
        recent->was_full[i] = false;
        recent->grants[i] = ba_memory_none(ba_error_of(BA_OUT_OF_MEMORY));
    }
}

void pba_recent_doubt(pba_recent *recent) {
    for (uint32_t i = 0; i < PBA_RECENT_BLOCKS; i++) {
        recent->lists[i].sure = recent->lists[i].top;
    }
}

/* The entries that a list may have next: as many times its own as the bytes allow. */
static size_t next_capacity(const pba_recent *recent, const pba_recent_list *list, size_t own_bytes,
                            size_t most_bytes) {
    const size_t most = most_bytes < PBA_RECENT_MOST_BYTES ? most_bytes : PBA_RECENT_MOST_BYTES;
    const size_t others = recent->granted - own_bytes;
    const size_t room = most > others ? (most - others) / sizeof(void *) : 0;
    size_t capacity = STEP * capacity_of(list);
    while (capacity > room) {
        capacity /= 2;
    }
    return capacity;
}

/* Puts the entries of a list into a longer array. */
static void use(pba_recent_list *list, ba_memory grant, size_t capacity) {
    void **const entries = (void **)ba_memory_pointer(grant);
    const size_t count = pba_recent_count(list);
    memcpy(entries, list->bottom, count * sizeof *entries);
    *list = (pba_recent_list){
        .top = entries + count,
        .sure = entries + (list->sure - list->bottom),
        .end = entries + capacity,
        .bottom = entries,
    };
}

void pba_recent_grow(pba_recent *recent, uint32_t blocks, pba_supply *supply, size_t most_bytes,
                     ba_call_site site) {
    pba_recent_list *const list = &recent->lists[blocks - 1];
    if (!recent->was_full[blocks - 1]) {
        return;
    }
    recent->was_full[blocks - 1] = false;
    const ba_memory old = recent->grants[blocks - 1];
    const size_t old_bytes = ba_memory_is_none(old) ? 0 : capacity_of(list) * sizeof(void *);
    const size_t capacity = next_capacity(recent, list, old_bytes, most_bytes);
    if (capacity <= capacity_of(list)) {
        return;
    }
    const size_t bytes = capacity * sizeof(void *);
    const ba_memory grant = pba_supply_take_bookkeeping(supply, ba_bytes(bytes), site);
    if (ba_memory_is_none(grant)) {
        return;
    }
    use(list, grant, capacity);
    pba_supply_return_bookkeeping(supply, old, site);
    recent->grants[blocks - 1] = grant;
    recent->granted += bytes - old_bytes;
}

void pba_recent_release(pba_recent *recent, pba_supply *supply, ba_call_site site) {
    for (uint32_t i = 0; i < PBA_RECENT_BLOCKS; i++) {
        pba_supply_return_bookkeeping(supply, recent->grants[i], site);
    }
    pba_recent_init(recent);
}
