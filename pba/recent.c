#include "pba/recent.h"

#include <string.h>

/* A list that has to grow gets so many times its entries: few steps, and whole pages soon. */
#define STEP 8U

static size_t capacity_of(const pba_recent *recent, uint32_t blocks) {
    return (size_t)(recent->end[blocks] - recent->bottom[blocks]);
}

/* Makes the list for spans of `blocks` an empty one, in places of the store itself. */
static void empty_list(pba_recent *recent, uint32_t blocks, pba_recent_entry *places,
                       size_t count) {
    recent->top[blocks] = places;
    recent->sure[blocks] = places;
    recent->end[blocks] = places + count;
    recent->bottom[blocks] = places;
    recent->was_full[blocks] = false;
    recent->grants[blocks] = ba_memory_none(ba_error_of(BA_OUT_OF_MEMORY));
}

void pba_recent_init(pba_recent *recent) {
    recent->granted = 0;
    empty_list(recent, 0, recent->first[0], 0);
    for (uint32_t blocks = 1; blocks <= PBA_RECENT_BLOCKS; blocks++) {
        empty_list(recent, blocks, recent->first[blocks - 1], PBA_RECENT_FIRST);
    }
}

void pba_recent_doubt(pba_recent *recent) {
    memcpy(recent->sure, recent->top, sizeof recent->sure);
}

/* The entries that a list may have next: as many times its own as the bytes allow. */
static size_t next_capacity(const pba_recent *recent, uint32_t blocks, size_t own_bytes,
                            size_t most_bytes) {
    const size_t most = most_bytes < PBA_RECENT_MOST_BYTES ? most_bytes : PBA_RECENT_MOST_BYTES;
    const size_t others = recent->granted - own_bytes;
    const size_t room = most > others ? (most - others) / sizeof(pba_recent_entry) : 0;
    size_t capacity = STEP * capacity_of(recent, blocks);
    while (capacity > room) {
        capacity /= 2;
    }
    return capacity;
}

/* Puts the entries of a list into a longer array. */
static void use(pba_recent *recent, uint32_t blocks, ba_memory grant, size_t capacity) {
    pba_recent_entry *const entries = (pba_recent_entry *)ba_memory_pointer(grant);
    const size_t count = pba_recent_count(recent, blocks);
    memcpy(entries, recent->bottom[blocks], count * sizeof *entries);
    recent->top[blocks] = entries + count;
    recent->sure[blocks] = entries + (recent->sure[blocks] - recent->bottom[blocks]);
    recent->end[blocks] = entries + capacity;
    recent->bottom[blocks] = entries;
}

void pba_recent_grow(pba_recent *recent, uint32_t blocks, pba_supply *supply, size_t most_bytes,
                     ba_call_site site) {
    if (!recent->was_full[blocks]) {
        return;
    }
    recent->was_full[blocks] = false;
    const ba_memory old = recent->grants[blocks];
    const size_t old_bytes =
        ba_memory_is_none(old) ? 0 : capacity_of(recent, blocks) * sizeof(pba_recent_entry);
    const size_t capacity = next_capacity(recent, blocks, old_bytes, most_bytes);
    if (capacity <= capacity_of(recent, blocks)) {
        return;
    }
    const size_t bytes = capacity * sizeof(pba_recent_entry);
    const ba_memory grant = pba_supply_take_bookkeeping(supply, ba_bytes(bytes), site);
    if (ba_memory_is_none(grant)) {
        return;
    }
    use(recent, blocks, grant, capacity);
    pba_supply_return_bookkeeping(supply, old, site);
    recent->grants[blocks] = grant;
    recent->granted += bytes - old_bytes;
}

void pba_recent_release(pba_recent *recent, pba_supply *supply, ba_call_site site) {
    for (uint32_t blocks = 1; blocks <= PBA_RECENT_BLOCKS; blocks++) {
        pba_supply_return_bookkeeping(supply, recent->grants[blocks], site);
    }
    pba_recent_init(recent);
}
