#define PBA_INTERNAL_

#include "pba/engine/span_cache.h"

#include <string.h>

/* A list that has to grow gets so many times its entries: few steps, and whole pages soon. */
#define STEP 8U

static size_t capacity_of(const pba_span_cache *cache, uint32_t blocks) {
    return (size_t)(cache->end[blocks] - cache->bottom[blocks]);
}

/* The bytes of a grant, or 0 if there is none. */
static size_t bytes_of(ba_memory grant) {
    return ba_memory_is_none(grant) ? 0 : ba_memory_length(grant).bytes;
}

/* Makes the list for spans of `blocks` an empty one, in places of the cache itself. */
static void empty_list(pba_span_cache *cache, uint32_t blocks, pba_span_cache_entry *places,
                       size_t count) {
    cache->top[blocks] = places;
    cache->valid_from[blocks] = places;
    cache->end[blocks] = places + count;
    cache->bottom[blocks] = places;
    cache->was_full[blocks] = false;
    cache->grants[blocks] = ba_memory_none(ba_error_of(BA_OUT_OF_MEMORY));
}

void pba_span_cache_init(pba_span_cache *cache) {
    pba_span_cache_entry *places = cache->first;
    cache->granted = 0;
    empty_list(cache, 0, places, 0);
    for (uint32_t blocks = 1; blocks <= PBA_SPAN_CACHE_BLOCKS; blocks++) {
        const size_t count =
            blocks <= PBA_SPAN_CACHE_SHORT ? PBA_SPAN_CACHE_FIRST : PBA_SPAN_CACHE_FIRST_LONG;
        empty_list(cache, blocks, places, count);
        places += count;
    }
}

void pba_span_cache_invalidate(pba_span_cache *cache) {
    memcpy(cache->valid_from, cache->top, sizeof cache->valid_from);
}

/* The bytes that the entries of a list may take next: for as many times its own as allowed. 0 if
 * it cannot become longer. */
static size_t next_bytes(const pba_span_cache *cache, uint32_t blocks,
                         const pba_backing_account *account, size_t most_bytes) {
    const size_t most =
        most_bytes < PBA_SPAN_CACHE_MOST_BYTES ? most_bytes : PBA_SPAN_CACHE_MOST_BYTES;
    const size_t others = cache->granted - bytes_of(cache->grants[blocks]);
    const size_t room = most > others ? most - others : 0;
    const size_t own = capacity_of(cache, blocks) * sizeof(pba_span_cache_entry);
    size_t bytes = STEP * own;
    while (bytes > own && pba_backing_account_metadata_grant(account, bytes) > room) {
        bytes /= 2;
    }
    return bytes > own ? bytes : 0;
}

/* Says how many entries a list has that lies in a grant: all that there is room for, up to so
 * many. */
static void set_capacity(pba_span_cache *cache, uint32_t blocks, size_t most_entries) {
    const size_t room = bytes_of(cache->grants[blocks]) / sizeof(pba_span_cache_entry);
    cache->end[blocks] = cache->bottom[blocks] + (room < most_entries ? room : most_entries);
}

/* Puts the entries of a list into a longer array. */
static void use(pba_span_cache *cache, uint32_t blocks, ba_memory grant) {
    pba_span_cache_entry *const entries = (pba_span_cache_entry *)ba_memory_pointer(grant);
    const size_t count = pba_span_cache_count(cache, blocks);
    memcpy(entries, cache->bottom[blocks], count * sizeof *entries);
    cache->top[blocks] = entries + count;
    cache->valid_from[blocks] = entries + (cache->valid_from[blocks] - cache->bottom[blocks]);
    cache->bottom[blocks] = entries;
}

/* Has a list lie in a new grant. False if it stays where it is. */
static bool take_longer(pba_span_cache *cache, uint32_t blocks, pba_backing_account *account,
                        size_t most_bytes, ba_call_site site) {
    const size_t bytes = next_bytes(cache, blocks, account, most_bytes);
    if (bytes == 0) {
        return false;
    }
    const ba_memory grant = pba_backing_account_take_metadata(account, ba_bytes(bytes), site);
    if (ba_memory_is_none(grant)) {
        return false;
    }
    const ba_memory old = cache->grants[blocks];
    cache->granted += bytes_of(grant) - bytes_of(old);
    use(cache, blocks, grant);
    pba_backing_account_return_metadata(account, old, site);
    cache->grants[blocks] = grant;
    return true;
}

void pba_span_cache_grow(pba_span_cache *cache, uint32_t blocks, pba_backing_account *account,
                         pba_span_cache_limit limit, ba_call_site site) {
    const size_t capacity = capacity_of(cache, blocks);
    const bool may_grow = cache->was_full[blocks] && capacity < limit.entries;
    cache->was_full[blocks] = false;
    if (!may_grow) {
        return;
    }
    const bool has_room = bytes_of(cache->grants[blocks]) / sizeof(pba_span_cache_entry) > capacity;
    if (has_room || take_longer(cache, blocks, account, limit.bytes, site)) {
        set_capacity(cache, blocks, limit.entries);
    }
}

void pba_span_cache_release(pba_span_cache *cache, pba_backing_account *account,
                            ba_call_site site) {
    for (uint32_t blocks = 1; blocks <= PBA_SPAN_CACHE_BLOCKS; blocks++) {
        pba_backing_account_return_metadata(account, cache->grants[blocks], site);
    }
    pba_span_cache_init(cache);
}
