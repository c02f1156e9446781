#define PBA_INTERNAL_

#include "pba/engine/address_index.h"

#include <string.h>

#include "pba/engine/bits.h"

/* The places of a set without a table: one, and the one before it. */
static const pba_place no_places[2] = {{UINTPTR_MAX, 0, NULL, NULL}, {UINTPTR_MAX, 0, NULL, NULL}};

void pba_address_index_init(pba_chunk_set *set) {
    set->one = no_places[0];
    set->places = no_places + 1;
}

/* Sets a place of the direct-mapped table. */
static void set_place(pba_chunk_set *set, uintptr_t index, pba_place place) {
    pba_place *const first = (pba_place *)ba_memory_pointer(set->table) + 1;
    first[index] = place;
    if (index == set->place_mask) {
        first[-1] = place;
    }
}

/* Counts no chunk on any level. */
static void forget_levels(pba_chunk_set *set) {
    set->levels_in_use = 0;
    memset(set->on_level, 0, sizeof set->on_level);
}

void pba_address_index_clear(pba_chunk_set *set) {
    set->entry_count = 0;
    forget_levels(set);
    for (uint32_t index = 0; index < set->capacity; index++) {
        set_place(set, index, pba_place_none());
    }
    for (uint32_t i = 0; i < pba_chunk_table_entries(set); i++) {
        set->entries[i] = (pba_index_entry){.granule = 0, .slot = PBA_NO_SLOT};
    }
}

BA_WRAPS static uint32_t hash_of(const pba_chunk_set *set, uintptr_t granule, uint32_t level) {
    /* Fibonacci hashing: Knuth, "The Art of Computer Programming", volume 3, 6.4. */
    const uint64_t product =
        ((uint64_t)granule + ((uint64_t)level << 58)) * UINT64_C(0x9E3779B97F4A7C15);
    return (uint32_t)(product >> 32) & (pba_chunk_table_entries(set) - 1);
}

static uint32_t level_of(const pba_chunk *chunk) {
    return pba_bits_highest((uint64_t)pba_chunk_bytes(chunk));
}

/* The chunks on a level, as far as they are counted. */
static uint32_t count_on_level(const pba_chunk_set *set, uint32_t level) {
    return (uint32_t)set->on_level[level / 2] >> 4 * (level % 2) & 15U;
}

static void set_count_on_level(pba_chunk_set *set, uint32_t level, uint32_t count) {
    const uint32_t shift = 4 * (level % 2);
    const uint32_t others = set->on_level[level / 2] & ~(15U << shift);
    set->on_level[level / 2] = (uint8_t)(others | count << shift);
}

/* Counts a chunk that comes onto a level. */
static void count_in(pba_chunk_set *set, uint32_t level) {
    const uint32_t count = count_on_level(set, level);
    set_count_on_level(set, level, count < PBA_MANY_ON_LEVEL ? count + 1 : count);
    set->levels_in_use |= UINT64_C(1) << level;
}

/* Counts a chunk that has left a level with all its entries. */
static void count_out(pba_chunk_set *set, uint32_t level) {
    const uint32_t count = count_on_level(set, level);
    if (set->entry_count == 0) {
        forget_levels(set);
    } else if (count < PBA_MANY_ON_LEVEL) {
        set_count_on_level(set, level, count - 1);
        if (count == 1) {
            set->levels_in_use &= ~(UINT64_C(1) << level);
        }
    }
}

static void insert(pba_chunk_set *set, uintptr_t granule, uint32_t level, uint32_t slot) {
    uint32_t place = hash_of(set, granule, level);
    while (set->entries[place].slot != PBA_NO_SLOT) {
        place = (place + 1) & (pba_chunk_table_entries(set) - 1);
    }
    set->entries[place] = (pba_index_entry){.granule = (uint32_t)granule, .slot = slot};
    set->entry_count++;
}

/* Where an entry would stand if nothing were in its way: it is told from its chunk. */
static uint32_t home_of(const pba_chunk_set *set, pba_index_entry entry) {
    const pba_chunk *const chunk = set->by_slot[entry.slot];
    const uint32_t level = chunk->index_level;
    uintptr_t granule = (uintptr_t)chunk->base >> level;
    while ((uint32_t)granule != entry.granule) {
        granule++;
    }
    return hash_of(set, granule, level);
}

BA_WRAPS static void erase(pba_chunk_set *set, uintptr_t granule, uint32_t level, uint32_t slot) {
    uint32_t place = hash_of(set, granule, level);
    while (set->entries[place].slot != slot || set->entries[place].granule != (uint32_t)granule) {
        place = (place + 1) & (pba_chunk_table_entries(set) - 1);
    }
    /* Entries behind the gap move up if the gap lies between their home and them: Knuth,
     * algorithm 6.4 R. */
    uint32_t gap = place;
    for (;;) {
        place = (place + 1) & (pba_chunk_table_entries(set) - 1);
        const pba_index_entry entry = set->entries[place];
        if (entry.slot == PBA_NO_SLOT) {
            break;
        }
        const uint32_t home = home_of(set, entry);
        if (((place - home) & (pba_chunk_table_entries(set) - 1)) >=
            ((place - gap) & (pba_chunk_table_entries(set) - 1))) {
            set->entries[gap] = entry;
            gap = place;
        }
    }
    set->entries[gap].slot = PBA_NO_SLOT;
    set->entry_count--;
}

static pba_place place_of(pba_chunk *chunk) {
    return (pba_place){(uintptr_t)chunk->base, chunk->map.blocks, chunk->tags, chunk};
}

static uintptr_t unit_of(const pba_chunk_set *set, uintptr_t address) {
    return address >> set->nominal_shift;
}

/* The units that a chunk overlaps, as far as they have places of their own. */
typedef struct units {
    uintptr_t first;
    uintptr_t more;
} units;

static units units_of(const pba_chunk_set *set, const pba_chunk *chunk) {
    const uintptr_t first = unit_of(set, (uintptr_t)chunk->base);
    const uintptr_t last = unit_of(set, (uintptr_t)chunk->base + pba_chunk_bytes(chunk) - 1);
    return (units){first, last - first < set->place_mask ? last - first : set->place_mask};
}

/* Forgets where a chunk lies. */
static void clear_places(pba_chunk_set *set, const pba_chunk *chunk) {
    const units of = units_of(set, chunk);
    for (uintptr_t i = 0; i <= of.more; i++) {
        const uintptr_t index = (of.first + i) & set->place_mask;
        if (set->places[index].chunk == chunk) {
            set_place(set, index, pba_place_none());
        }
    }
    set->one = pba_place_none();
}

/* Remembers where the chunk lies in which an address was found: in the place of the unit in which
 * it begins, so that its neighbour keeps that of the other unit. Where an address lies further
 * behind, in the place that is looked at for it. */
static void remember(pba_chunk_set *set, pba_chunk *chunk, uintptr_t address) {
    const uintptr_t begins = unit_of(set, (uintptr_t)chunk->base);
    const uintptr_t unit = unit_of(set, address);
    const pba_place *const at = &set->places[unit & set->place_mask];
    const bool is_before = unit != begins && address < at->base;
    set_place(set, (unit - (is_before ? 1 : 0)) & set->place_mask, place_of(chunk));
    if (set->count == 1) {
        set->one = place_of(chunk);
    }
}

void pba_address_index_enter(pba_chunk_set *set, pba_chunk *chunk) {
    const uint32_t level = level_of(chunk);
    const uintptr_t first = (uintptr_t)chunk->base >> level;
    const uintptr_t last = ((uintptr_t)chunk->base + pba_chunk_bytes(chunk) - 1) >> level;
    chunk->index_level = (uint8_t)level;
    for (uintptr_t granule = first; granule <= last; granule++) {
        insert(set, granule, level, chunk->slot);
    }
    count_in(set, level);
    set->one = pba_place_none();
    remember(set, chunk, (uintptr_t)chunk->base);
}

void pba_address_index_withdraw(pba_chunk_set *set, const pba_chunk *chunk) {
    const uint32_t level = chunk->index_level;
    const uintptr_t first = (uintptr_t)chunk->base >> level;
    const uintptr_t last = ((uintptr_t)chunk->base + pba_chunk_bytes(chunk) - 1) >> level;
    for (uintptr_t granule = first; granule <= last; granule++) {
        erase(set, granule, level, chunk->slot);
    }
    count_out(set, level);
    clear_places(set, chunk);
}

static pba_chunk *look_up_on_level(const pba_chunk_set *set, uintptr_t address, uint32_t level) {
    const uintptr_t granule = address >> level;
    uint32_t place = hash_of(set, granule, level);
    while (set->entries[place].slot != PBA_NO_SLOT) {
        if (set->entries[place].granule == (uint32_t)granule) {
            pba_chunk *const chunk = set->by_slot[set->entries[place].slot];
            if (pba_chunk_holds(chunk, address)) {
                return chunk;
            }
        }
        place = (place + 1) & (pba_chunk_table_entries(set) - 1);
    }
    return NULL;
}

pba_chunk *pba_chunk_set_find_const(const pba_chunk_set *set, uintptr_t address) {
    for (uint64_t levels = set->levels_in_use; levels != 0; levels &= levels - 1) {
        pba_chunk *const chunk = look_up_on_level(set, address, pba_bits_lowest(levels));
        if (chunk != NULL) {
            return chunk;
        }
    }
    return NULL;
}

pba_chunk *pba_chunk_set_find_slow(pba_chunk_set *set, uintptr_t address) {
    pba_chunk *const chunk = pba_chunk_set_find_const(set, address);
    if (chunk != NULL) {
        remember(set, chunk, address);
    }
    return chunk;
}

/* True if each entry leads to a chunk, and at least a third of them are empty. */
static bool entries_are_valid(const pba_chunk_set *set) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < pba_chunk_table_entries(set); i++) {
        const uint32_t slot = set->entries[i].slot;
        if (slot == PBA_NO_SLOT) {
            continue;
        }
        if (slot >= set->used || set->by_slot[slot] == NULL) {
            return false;
        }
        count++;
    }
    return count == set->entry_count &&
           3 * (uint64_t)count <= 2 * (uint64_t)pba_chunk_table_entries(set);
}

/* True if each granule that a chunk overlaps leads to it. */
static bool is_entered(const pba_chunk_set *set, const pba_chunk *chunk) {
    const uint32_t level = chunk->index_level;
    if (level != level_of(chunk)) {
        return false;
    }
    const uintptr_t first = (uintptr_t)chunk->base;
    const uintptr_t last = first + pba_chunk_bytes(chunk) - 1;
    for (uintptr_t granule = first >> level; granule <= last >> level; granule++) {
        const uintptr_t start = granule << level;
        if (look_up_on_level(set, start > first ? start : first, level) != chunk) {
            return false;
        }
    }
    return true;
}

/* True if the levels know the chunks that are on them; their slots must be valid. */
static bool levels_are_valid(const pba_chunk_set *set) {
    uint32_t on_level[PBA_INDEX_LEVELS] = {0};
    for (uint32_t slot = 0; slot < set->used; slot++) {
        if (set->by_slot[slot] != NULL) {
            on_level[set->by_slot[slot]->index_level]++;
        }
    }
    for (uint32_t level = 0; level < PBA_INDEX_LEVELS; level++) {
        const bool in_use = (set->levels_in_use >> level & 1) != 0;
        const uint32_t count = count_on_level(set, level);
        if ((count != on_level[level] && count != PBA_MANY_ON_LEVEL) || in_use != (count != 0)) {
            return false;
        }
    }
    return true;
}

static bool is_place(pba_place a, pba_place b) {
    return a.base == b.base && a.blocks == b.blocks && a.tags == b.tags && a.chunk == b.chunk;
}

/* How many places of the direct-mapped table are right of a chunk. */
static uint32_t places_right(const pba_chunk_set *set, pba_chunk *chunk) {
    const units of = units_of(set, chunk);
    uint32_t right = 0;
    for (uintptr_t i = 0; i <= of.more; i++) {
        right += is_place(set->places[(of.first + i) & set->place_mask], place_of(chunk)) ? 1 : 0;
    }
    return right;
}

/* True if each place of the direct-mapped table is none or right, if the last one stands before the
 * first too, and if the only chunk's is none or right. */
static bool places_are_valid(const pba_chunk_set *set) {
    uint32_t some = 0;
    for (uintptr_t index = 0; index <= set->place_mask; index++) {
        some += is_place(set->places[index], pba_place_none()) ? 0 : 1;
    }
    uint32_t right = 0;
    bool one_is_right = is_place(set->one, pba_place_none());
    for (uint32_t slot = 0; slot < set->used; slot++) {
        if (set->by_slot[slot] != NULL) {
            right += places_right(set, set->by_slot[slot]);
            one_is_right |= set->count == 1 && is_place(set->one, place_of(set->by_slot[slot]));
        }
    }
    return some == right && one_is_right && is_place(set->places[-1], set->places[set->place_mask]);
}

/* True if each chunk is entered, and nothing else. */
static bool chunks_are_entered(const pba_chunk_set *set) {
    uint32_t entries = 0;
    for (uint32_t slot = 0; slot < set->used; slot++) {
        const pba_chunk *const chunk = set->by_slot[slot];
        if (chunk == NULL) {
            continue;
        }
        if (!is_entered(set, chunk)) {
            return false;
        }
        entries += (uint32_t)((((uintptr_t)chunk->base + pba_chunk_bytes(chunk) - 1) >>
                               chunk->index_level) -
                              ((uintptr_t)chunk->base >> chunk->index_level)) +
                   1;
    }
    return entries == set->entry_count;
}

bool pba_address_index_is_valid(const pba_chunk_set *set) {
    return entries_are_valid(set) && chunks_are_entered(set) && levels_are_valid(set) &&
           places_are_valid(set);
}
