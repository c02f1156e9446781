#define PBA_INTERNAL_

#include "pba/threads/thread_cache.h"

#include <string.h>

/* The first refill of a list takes such a share of what it holds. */
#define FIRST_SHARE 8U

/* A place without a chunk lies above all addresses. */
static const pba_place no_place = {UINTPTR_MAX, 0, NULL, NULL};

void pba_thread_cache_init(pba_thread_cache *cache, ba_memory grant) {
    *cache = (pba_thread_cache){.grant = grant};
    for (uint32_t i = 0; i <= PBA_THREAD_CACHE_PLACES; i++) {
        cache->places[i] = no_place;
    }
    for (uint32_t blocks = 1; blocks <= PBA_SPAN_CACHE_BLOCKS; blocks++) {
        cache->batch[blocks] = (uint8_t)(pba_thread_cache_capacity(blocks) / FIRST_SHARE);
    }
}

pba_span_cache_entry pba_thread_cache_pop_oldest(pba_thread_cache *cache, uint32_t blocks) {
    pba_span_cache_entry *const list = pba_thread_cache_list(cache, blocks);
    const pba_span_cache_entry oldest = list[0];
    cache->count[blocks]--;
    cache->blocks -= blocks;
    memmove(list, list + 1, cache->count[blocks] * sizeof *list);
    return oldest;
}

static void set_place(pba_thread_cache *cache, uintptr_t index, pba_place place) {
    cache->places[index + 1] = place;
    if (index == PBA_THREAD_CACHE_PLACES - 1) {
        cache->places[0] = place;
    }
}

/* In the place of the unit in which the chunk begins, or where the address lies further behind, in
 * the one that is looked at for it: as remember() of pba/engine/address_index.c. */
BA_WRAPS void pba_thread_cache_remember(pba_thread_cache *cache, pba_chunk *chunk,
                                        uintptr_t address, uint32_t nominal_shift) {
    const uintptr_t begins = (uintptr_t)chunk->base >> nominal_shift;
    const uintptr_t unit = address >> nominal_shift;
    const pba_place *const at = &cache->places[1 + unit % PBA_THREAD_CACHE_PLACES];
    const bool is_before = unit != begins && address < at->base;
    set_place(cache, (unit - (is_before ? 1 : 0)) % PBA_THREAD_CACHE_PLACES,
              (pba_place){(uintptr_t)chunk->base, chunk->map.blocks, chunk->tags, chunk});
}

void pba_thread_cache_forget(pba_thread_cache *cache, const pba_chunk *chunk) {
    for (uintptr_t index = 0; index < PBA_THREAD_CACHE_PLACES; index++) {
        if (cache->places[index + 1].chunk == chunk) {
            set_place(cache, index, no_place);
        }
    }
}
