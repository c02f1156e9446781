#include "pba/recent.h"

#include <string.h>

void pba_recent_init(pba_recent *recent) {
    for (uint32_t i = 0; i < PBA_RECENT_BLOCKS; i++) {
        recent->lists[i] = (pba_recent_list){
            .entries = recent->first[i],
            .capacity = PBA_RECENT_FIRST,
            .grant = ba_memory_none(ba_error_of(BA_OUT_OF_MEMORY)),
        };
    }
}

bool pba_recent_pop(pba_recent *recent, const pba_chunk_set *set, uint32_t blocks,
                    pba_place *place) {
    pba_recent_list *const list = &recent->lists[blocks - 1];
    while (list->count > 0) {
        *place = list->entries[--list->count];
        pba_chunk *const chunk = pba_recent_chunk_of(set, *place, blocks);
        if (chunk != NULL) {
            pba_map_unpark(&chunk->map, place->block, blocks);
            return true;
        }
    }
    return false;
}

void pba_recent_flush(pba_recent_list *list, pba_chunk_set *set, uint32_t blocks) {
    for (uint32_t i = 0; i < list->count; i++) {
        pba_chunk *const chunk = pba_recent_chunk_of(set, list->entries[i], blocks);
        if (chunk != NULL) {
            pba_map_settle(&chunk->map, list->entries[i].block, blocks);
        }
    }
    /* Now each chunk that was touched is summed up, once. */
    for (uint32_t i = 0; i < list->count; i++) {
        pba_chunk *const chunk = pba_chunk_set_at(set, list->entries[i].slot);
        if (chunk != NULL && chunk->map.dirty) {
            pba_map_sum_up(&chunk->map);
            pba_chunk_set_update(set, chunk);
        }
    }
    list->count = 0;
}

void pba_recent_flush_all(pba_recent *recent, pba_chunk_set *set) {
    for (uint32_t i = 0; i < PBA_RECENT_BLOCKS; i++) {
        pba_recent_flush(&recent->lists[i], set, i + 1);
    }
}

void pba_recent_grow(pba_recent_list *list, pba_supply *supply, size_t most_bytes,
                     ba_call_site site) {
    if (!list->was_full || list->capacity == PBA_RECENT_MOST) {
        return;
    }
    list->was_full = false;
    /* 8, 64, 512, 1536: few steps, whole pages from the third on. */
    const uint32_t wanted =
        list->capacity < PBA_RECENT_MOST / 8 ? 8 * list->capacity : PBA_RECENT_MOST;
    const size_t bytes = wanted * sizeof(pba_place);
    if (bytes > most_bytes) {
        return;
    }
    const ba_memory grant = pba_supply_take_bookkeeping(supply, ba_bytes(bytes), site);
    if (ba_memory_is_none(grant)) {
        return;
    }
    pba_place *const entries = (pba_place *)ba_memory_pointer(grant);
    memcpy(entries, list->entries, list->count * sizeof *entries);
    pba_supply_return_bookkeeping(supply, list->grant, site);
    list->entries = entries;
    list->capacity = wanted;
    list->grant = grant;
}

void pba_recent_release(pba_recent *recent, pba_supply *supply, ba_call_site site) {
    for (uint32_t i = 0; i < PBA_RECENT_BLOCKS; i++) {
        pba_supply_return_bookkeeping(supply, recent->lists[i].grant, site);
    }
    pba_recent_init(recent);
}
