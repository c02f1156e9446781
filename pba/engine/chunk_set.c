#define PBA_INTERNAL_

#include "pba/engine/chunk_set.h"

#include <string.h>

void pba_chunk_set_init(pba_chunk_set *set, uint32_t nominal_shift) {
    memset(set, 0, sizeof *set);
    pba_address_index_init(set);
    set->nominal_shift = (uint8_t)nominal_shift;
    set->first_free = PBA_NO_SLOT;
    set->table = ba_memory_none(ba_error_of(BA_OUT_OF_MEMORY));
}

/* Moves the set into a larger table. */
static void use_table(pba_chunk_set *set, const pba_set_growth *growth) {
    const pba_chunk_set old = *set;
    pba_chunk_table_place(set, growth);
    if (set->used > 0) {
        memcpy(set->by_slot, old.by_slot, set->used * sizeof(pba_chunk *));
        memcpy(pba_chunk_table_next_free(set), pba_chunk_table_next_free(&old),
               set->used * sizeof(uint32_t));
    }
    pba_fit_index_build(set, old.longest);
    pba_address_index_clear(set);
    for (uint32_t slot = 0; slot < set->used; slot++) {
        if (set->by_slot[slot] != NULL) {
            pba_address_index_enter(set, set->by_slot[slot]);
        }
    }
}

void pba_chunk_set_grow(pba_chunk_set *set, pba_backing_account *account,
                        const pba_set_growth *growth, ba_call_site site) {
    if (!ba_memory_is_none(growth->table)) {
        const ba_memory old = set->table;
        use_table(set, growth);
        pba_backing_account_return_metadata(account, old, site);
    }
}

void pba_chunk_set_release(pba_chunk_set *set, pba_backing_account *account, ba_call_site site) {
    pba_backing_account_return_metadata(account, set->table, site);
    pba_chunk_set_init(set, set->nominal_shift);
}

void pba_chunk_set_enter(pba_chunk_set *set, pba_chunk *chunk) {
    pba_address_index_enter(set, chunk);
}

void pba_chunk_set_withdraw(pba_chunk_set *set, pba_chunk *chunk) {
    pba_fit_index_forget(set, chunk);
    pba_address_index_withdraw(set, chunk);
}

void pba_chunk_set_replace(pba_chunk_set *set, pba_chunk *chunk) {
    set->by_slot[chunk->slot] = chunk;
}

void pba_chunk_set_add(pba_chunk_set *set, pba_chunk *chunk) {
    if (set->first_free != PBA_NO_SLOT) {
        chunk->slot = set->first_free;
        set->first_free = pba_chunk_table_next_free(set)[chunk->slot];
    } else {
        chunk->slot = set->used++;
    }
    set->by_slot[chunk->slot] = chunk;
    set->count++;
    pba_chunk_set_enter(set, chunk);
    pba_chunk_set_freed(set, chunk);
}

void pba_chunk_set_remove(pba_chunk_set *set, pba_chunk *chunk) {
    pba_chunk_set_withdraw(set, chunk);
    pba_fit_index_remove(set, chunk->slot);
    set->by_slot[chunk->slot] = NULL;
    pba_chunk_table_next_free(set)[chunk->slot] = set->first_free;
    set->first_free = chunk->slot;
    set->count--;
}

/* True if each chunk knows its slot, and as many are counted. */
static bool slots_are_valid(const pba_chunk_set *set) {
    uint32_t count = 0;
    for (uint32_t slot = 0; slot < set->used; slot++) {
        if (set->by_slot[slot] != NULL) {
            if (set->by_slot[slot]->slot != slot) {
                return false;
            }
            count++;
        }
    }
    return count == set->count;
}

/* True if each slot that was used, and has no chunk now, is on the list of free ones. */
static bool free_slots_are_listed(const pba_chunk_set *set) {
    uint32_t free_slots = 0;
    for (uint32_t slot = set->first_free; slot != PBA_NO_SLOT;
         slot = pba_chunk_table_next_free(set)[slot]) {
        if (slot >= set->used || set->by_slot[slot] != NULL || free_slots == set->used) {
            return false;
        }
        free_slots++;
    }
    return free_slots + set->count == set->used && set->used <= set->capacity;
}

bool pba_chunk_set_is_valid(const pba_chunk_set *set) {
    return free_slots_are_listed(set) && slots_are_valid(set) && pba_address_index_is_valid(set) &&
           pba_fit_index_is_valid(set);
}
