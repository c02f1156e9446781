#include "pba/recent.h"

#include <string.h>

/* A list that has to grow gets so many times its entries: few steps, and whole pages soon. */
#define STEP 8U

static size_t capacity_of(const pba_recent *recent, uint32_t blocks) {
    return (size_t)(recent->end[blocks] - recent->bottom[blocks]);
}

/* The bytes of a grant, or 0 if there is none. */
static size_t bytes_of(ba_memory grant) {
    return ba_memory_is_none(grant) ? 0 : ba_memory_length(grant).bytes;
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
    pba_recent_entry *places = recent->first;
    recent->granted = 0;
    empty_list(recent, 0, places, 0);
    for (uint32_t blocks = 1; blocks <= PBA_RECENT_BLOCKS; blocks++) {
        const size_t count = blocks <= PBA_RECENT_SHORT ? PBA_RECENT_FIRST : PBA_RECENT_FIRST_LONG;
        empty_list(recent, blocks, places, count);
        places += count;
    }
}

void pba_recent_doubt(pba_recent *recent) {
    memcpy(recent->sure, recent->top, sizeof recent->sure);
}

/* The bytes that the entries of a list may take next: for as many times its own as allowed. 0 if
 * it cannot become longer. */
static size_t next_bytes(const pba_recent *recent, uint32_t blocks, const pba_supply *supply,
                         size_t most_bytes) {
    const size_t most = most_bytes < PBA_RECENT_MOST_BYTES ? most_bytes : PBA_RECENT_MOST_BYTES;
    const size_t others = recent->granted - bytes_of(recent->grants[blocks]);
    const size_t room = most > others ? most - others : 0;
    const size_t own = capacity_of(recent, blocks) * sizeof(pba_recent_entry);
    size_t bytes = STEP * own;
    while (bytes > own && pba_supply_bookkeeping_grant(supply, bytes) > room) {
        bytes /= 2;
    }
    return bytes > own ? bytes : 0;
}

/* Puts the entries of a list into a longer array. */
static void use(pba_recent *recent, uint32_t blocks, ba_memory grant) {
    pba_recent_entry *const entries = (pba_recent_entry *)ba_memory_pointer(grant);
    const size_t count = pba_recent_count(recent, blocks);
    memcpy(entries, recent->bottom[blocks], count * sizeof *entries);
    recent->top[blocks] = entries + count;
    recent->sure[blocks] = entries + (recent->sure[blocks] - recent->bottom[blocks]);
    recent->end[blocks] = entries + bytes_of(grant) / sizeof *entries;
    recent->bottom[blocks] = entries;
}

void pba_recent_grow(pba_recent *recent, uint32_t blocks, pba_supply *supply, size_t most_bytes,
                     ba_call_site site) {
    if (!recent->was_full[blocks]) {
        return;
    }
    recent->was_full[blocks] = false;
    const size_t bytes = next_bytes(recent, blocks, supply, most_bytes);
    if (bytes == 0) {
        return;
    }
    const ba_memory grant = pba_supply_take_bookkeeping(supply, ba_bytes(bytes), site);
    if (ba_memory_is_none(grant)) {
        return;
    }
    const ba_memory old = recent->grants[blocks];
    recent->granted += bytes_of(grant) - bytes_of(old);
    use(recent, blocks, grant);
    pba_supply_return_bookkeeping(supply, old, site);
    recent->grants[blocks] = grant;
}

void pba_recent_release(pba_recent *recent, pba_supply *supply, ba_call_site site) {
    for (uint32_t blocks = 1; blocks <= PBA_RECENT_BLOCKS; blocks++) {
        pba_supply_return_bookkeeping(supply, recent->grants[blocks], site);
    }
    pba_recent_init(recent);
}
