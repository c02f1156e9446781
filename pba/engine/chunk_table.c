#define PBA_INTERNAL_

#include "pba/engine/chunk_table.h"

#define FIRST_SLOTS 8U
/* So many that entries are still counted by a uint32_t. */
#define MOST_SLOTS (UINT32_C(1) << 29)
/* A chunk overlaps at most three granules of its level. */
#define MAX_GRANULES 3U
/* A table uses what it is granted beyond what was asked for, but no more than a page, for all of it
 * is written. */
#define USED_ANYWAY 4096U

static uint32_t parents_of(uint32_t children) {
    return children / PBA_SET_FAN_OUT + (children % PBA_SET_FAN_OUT != 0);
}

/* The width of the level above one: whole families of children, but for the root. A node that has
 * no children of its own stays at 0. */
static uint32_t width_above(uint32_t width) {
    const uint32_t parents = parents_of(width);
    return parents == 1 ? 1 : parents_of(parents) * PBA_SET_FAN_OUT;
}

static size_t tree_nodes(uint32_t capacity) {
    size_t nodes = capacity;
    while (capacity > 1) {
        capacity = width_above(capacity);
        nodes += capacity;
    }
    return nodes;
}

static size_t table_bytes(uint32_t capacity) {
    return (capacity + (size_t)1) * sizeof(pba_place) +
           capacity * (sizeof(pba_chunk *) + sizeof(uint32_t)) +
           (size_t)pba_chunk_table_entries_for(capacity) * sizeof(pba_index_entry) +
           tree_nodes(capacity) * sizeof(uint32_t);
}

/* True if so many slots have room for `more` chunks. The hash table is kept at most two thirds
 * full, also with all the entries of the new ones. */
static bool suffices(const pba_chunk_set *set, uint32_t capacity, uint32_t more) {
    const uint64_t entries = set->entry_count + (uint64_t)MAX_GRANULES * more;
    return set->count + (uint64_t)more <= capacity &&
           3 * entries <= 2 * (uint64_t)pba_chunk_table_entries_for(capacity);
}

/* The slots of a table with room for `more` chunks: those that there are, or twice as many ... */
static uint64_t slots_for(const pba_chunk_set *set, uint32_t more) {
    uint64_t slots = set->capacity < FIRST_SLOTS ? FIRST_SLOTS : set->capacity;
    while (slots <= MOST_SLOTS && !suffices(set, (uint32_t)slots, more)) {
        slots *= 2;
    }
    return slots;
}

size_t pba_chunk_set_growth_bytes(const pba_chunk_set *set) {
    return suffices(set, set->capacity, 1) ? 0 : table_bytes((uint32_t)slots_for(set, 1));
}

size_t pba_chunk_set_least_bytes(const pba_chunk_set *set) {
    return set->capacity == 0 ? table_bytes(1) : pba_chunk_set_growth_bytes(set);
}

ba_error pba_chunk_set_prepare(const pba_chunk_set *set, pba_backing_account *account,
                               pba_set_growth *growth, ba_call_site site) {
    return pba_chunk_set_prepare_many(set, account, 1, growth, site);
}

static ba_error take_table(pba_backing_account *account, uint32_t capacity, pba_set_growth *growth,
                           ba_call_site site) {
    growth->capacity = capacity;
    growth->table =
        pba_backing_account_take_metadata(account, ba_bytes(table_bytes(capacity)), site);
    return ba_memory_error(growth->table);
}

ba_error pba_chunk_set_prepare_many(const pba_chunk_set *set, pba_backing_account *account,
                                    uint32_t more, pba_set_growth *growth, ba_call_site site) {
    growth->table = ba_memory_none(ba_error_of(BA_OUT_OF_MEMORY));
    const uint64_t slots = slots_for(set, more);
    if (suffices(set, set->capacity, more)) {
        return ba_error_of(BA_OK);
    }
    if (slots > MOST_SLOTS) {
        return ba_error_of(BA_LIMIT);
    }
    const ba_error error = take_table(account, (uint32_t)slots, growth, site);
    /* Perhaps there is room for just one. */
    return error.code == BA_OUT_OF_MEMORY && set->capacity == 0 && more == 1
               ? take_table(account, 1, growth, site)
               : error;
}

ba_error pba_chunk_set_prepare_least(const pba_chunk_set *set, pba_backing_account *account,
                                     pba_set_growth *growth, ba_call_site site) {
    return set->capacity == 0 ? take_table(account, 1, growth, site)
                              : pba_chunk_set_prepare(set, account, growth, site);
}

void pba_chunk_set_cancel(pba_backing_account *account, const pba_set_growth *growth,
                          ba_call_site site) {
    pba_backing_account_return_metadata(account, growth->table, site);
}

/* The slots that a grant has room for. */
static uint32_t capacity_of(ba_memory table, uint32_t least) {
    const size_t granted = ba_memory_length(table).bytes;
    const size_t used = granted < USED_ANYWAY ? granted : USED_ANYWAY;
    uint32_t capacity = least;
    if (capacity < FIRST_SLOTS && table_bytes(FIRST_SLOTS) <= used) {
        capacity = FIRST_SLOTS; /* nothing between has whole families */
    }
    while (capacity >= FIRST_SLOTS && table_bytes(2 * capacity) <= used) {
        capacity *= 2;
    }
    return capacity;
}

static void lay_out_levels(pba_chunk_set *set) {
    uint32_t width = set->capacity;
    uint32_t first = width;
    set->levels = 0;
    set->level_first[0] = 0;
    set->level_first[1] = first;
    while (width > 1) {
        width = width_above(width);
        first += width;
        set->levels++;
        set->level_first[set->levels + 1] = first;
    }
}

/* Points the set at its arrays, which lie one after the other in descending order of alignment. */
static void place_arrays(pba_chunk_set *set, ba_memory table, uint32_t capacity) {
    pba_place *const places = (pba_place *)ba_memory_pointer(table);
    set->places = places + 1;
    set->place_mask = capacity - 1;
    set->by_slot = (pba_chunk **)(void *)(places + 1 + capacity);
    set->entries = (pba_index_entry *)(void *)(set->by_slot + capacity);
    set->longest =
        (uint32_t *)(void *)(set->entries + pba_chunk_table_entries_for(capacity)) + capacity;
    set->capacity = capacity;
    set->table = table;
}

void pba_chunk_table_place(pba_chunk_set *set, const pba_set_growth *growth) {
    place_arrays(set, growth->table, capacity_of(growth->table, growth->capacity));
    lay_out_levels(set);
}
