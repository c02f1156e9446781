#include "pba/engine/chunk_set.h"
#include "block_allocator/internal/language.h"

#include <string.h>

#define FAN_OUT 8U
#define FIRST_SLOTS 8U
/* Entries of the hash table for each slot, and for just one. */
#define ENTRIES_A_SLOT 4U
#define ENTRIES_OF_ONE 8U
/* So many that entries are still counted by a uint32_t. */
#define MOST_SLOTS (UINT32_C(1) << 29)
/* A chunk overlaps at most three granules of its level. */
#define MAX_GRANULES 3U
/* A table uses what it is granted beyond what was asked for, but no more than a page, for all of it
 * is written. */
#define USED_ANYWAY 4096U

/* --- the table --- */

static uint32_t parents_of(uint32_t children) {
    return children / FAN_OUT + (children % FAN_OUT != 0);
}

/* The width of the level above one: whole families of children, but for the root. A node that has
 * no children of its own stays at 0. */
static uint32_t width_above(uint32_t width) {
    const uint32_t parents = parents_of(width);
    return parents == 1 ? 1 : parents_of(parents) * FAN_OUT;
}

static size_t tree_nodes(uint32_t capacity) {
    size_t nodes = capacity;
    while (capacity > 1) {
        capacity = width_above(capacity);
        nodes += capacity;
    }
    return nodes;
}

/* The entries of the hash table, a power of two, if there are any. */
static uint32_t entries_for(uint32_t capacity) {
    return capacity == 1 ? ENTRIES_OF_ONE : ENTRIES_A_SLOT * capacity;
}

static size_t table_bytes(uint32_t capacity) {
    return (capacity + (size_t)1) * sizeof(pba_place) +
           capacity * (sizeof(pba_chunk *) + sizeof(uint32_t)) +
           (size_t)entries_for(capacity) * sizeof(pba_index_entry) +
           tree_nodes(capacity) * sizeof(uint32_t);
}

/* The places of a set without a table: one, and the one before it. */
static const pba_place no_places[2] = {{UINTPTR_MAX, 0, NULL, NULL}, {UINTPTR_MAX, 0, NULL, NULL}};

void pba_chunk_set_init(pba_chunk_set *set, uint32_t nominal_shift) {
    memset(set, 0, sizeof *set);
    set->one = no_places[0];
    set->places = no_places + 1;
    set->nominal_shift = (uint8_t)nominal_shift;
    set->first_free = PBA_NO_SLOT;
    set->table = ba_memory_none(ba_error_of(BA_OUT_OF_MEMORY));
}

static uint32_t entries_of(const pba_chunk_set *set) {
    return entries_for(set->capacity);
}

/* True if so many slots have room for `more` chunks. The hash table is kept at most two thirds
 * full, also with all the entries of the new ones. */
static bool suffices(const pba_chunk_set *set, uint32_t capacity, uint32_t more) {
    const uint64_t entries = set->entry_count + (uint64_t)MAX_GRANULES * more;
    return set->count + (uint64_t)more <= capacity &&
           3 * entries <= 2 * (uint64_t)entries_for(capacity);
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

static uint32_t longer(uint32_t a, uint32_t b) {
    return a > b ? a : b;
}

/* Sets a node of the tree to the longest of its children, of which there are always as many. */
static void summarize(pba_chunk_set *set, uint32_t level, uint32_t index) {
    const uint32_t *const child = &set->longest[set->level_first[level - 1] + index * FAN_OUT];
    set->longest[set->level_first[level] + index] =
        longer(longer(longer(child[0], child[1]), longer(child[2], child[3])),
               longer(longer(child[4], child[5]), longer(child[6], child[7])));
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

/* Points the set at its arrays, which lie one after the other in descending order of alignment. */
static void place_arrays(pba_chunk_set *set, ba_memory table, uint32_t capacity) {
    pba_place *const places = (pba_place *)ba_memory_pointer(table);
    set->places = places + 1;
    set->place_mask = capacity - 1;
    set->by_slot = (pba_chunk **)(void *)(places + 1 + capacity);
    set->entries = (pba_index_entry *)(void *)(set->by_slot + capacity);
    set->longest = (uint32_t *)(void *)(set->entries + entries_for(capacity)) + capacity;
    set->capacity = capacity;
    set->table = table;
}

/* The list of free slots, through the slots. */
static uint32_t *next_free_of(const pba_chunk_set *set) {
    return set->longest - set->capacity;
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

/* Moves the set into a larger table. */
static void use_table(pba_chunk_set *set, const pba_set_growth *growth) {
    const pba_chunk_set old = *set;
    place_arrays(set, growth->table, capacity_of(growth->table, growth->capacity));
    set->entry_count = 0;
    forget_levels(set);
    for (uint32_t index = 0; index < set->capacity; index++) {
        set_place(set, index, no_places[0]);
    }
    memset(set->longest, 0, tree_nodes(set->capacity) * sizeof *set->longest);
    for (uint32_t i = 0; i < entries_of(set); i++) {
        set->entries[i] = (pba_index_entry){.granule = 0, .slot = PBA_NO_SLOT};
    }
    if (set->used > 0) {
        memcpy(set->by_slot, old.by_slot, set->used * sizeof(pba_chunk *));
        memcpy(next_free_of(set), next_free_of(&old), set->used * sizeof *set->longest);
        memcpy(set->longest, old.longest, set->used * sizeof *set->longest);
    }
    lay_out_levels(set);
    for (uint32_t level = 1; level <= set->levels; level++) {
        const uint32_t parents = parents_of(set->level_first[level] - set->level_first[level - 1]);
        for (uint32_t index = 0; index < parents; index++) {
            summarize(set, level, index);
        }
    }
    for (uint32_t slot = 0; slot < set->used; slot++) {
        if (set->by_slot[slot] != NULL) {
            pba_chunk_set_enter(set, set->by_slot[slot]);
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

/* --- placement --- */

/* Sets the longest run of a slot, and of the nodes above it as far up as that changes them. The
 * children of a node are looked through only if the one that changed was the longest of them. */
static void set_longest(pba_chunk_set *set, uint32_t slot, uint32_t longest) {
    uint32_t before = set->longest[slot];
    set->longest[slot] = longest;
    uint32_t index = slot;
    for (uint32_t level = 1; before != longest && level <= set->levels; level++) {
        index /= FAN_OUT;
        uint32_t *const node = &set->longest[set->level_first[level] + index];
        const uint32_t node_before = *node;
        if (longest > node_before) {
            *node = longest;
        } else if (before == node_before) {
            summarize(set, level, index);
        }
        before = node_before;
        longest = *node;
    }
}

void pba_chunk_set_taken(pba_chunk_set *set, const pba_chunk *chunk) {
    set_longest(set, chunk->slot, chunk->map.longest);
}

/* Takes a chunk off the list of those that have changed. */
static void unlist_changed(pba_chunk_set *set, pba_chunk *chunk) {
    if (!chunk->changed) {
        return;
    }
    chunk->changed = false;
    if (chunk->changed_next != NULL) {
        chunk->changed_next->changed_previous = chunk->changed_previous;
    }
    if (chunk->changed_previous != NULL) {
        chunk->changed_previous->changed_next = chunk->changed_next;
    } else {
        set->changed = chunk->changed_next;
    }
}

void pba_chunk_set_summarize(pba_chunk_set *set, uint32_t steps) {
    while (set->changed != NULL && steps > 0) {
        pba_chunk *const chunk = set->changed;
        const uint32_t nodes = pba_map_summarize(&chunk->map, steps);
        steps -= nodes > 0 ? nodes : 1;
        set_longest(set, chunk->slot, chunk->map.longest);
        if (chunk->map.noted_count == 0) {
            unlist_changed(set, chunk);
        }
    }
}

uint32_t pba_chunk_set_longest(pba_chunk_set *set) {
    while (set->changed != NULL) {
        pba_chunk_set_summarize(set, UINT32_MAX);
    }
    return set->capacity == 0 ? 0 : set->longest[set->level_first[set->levels]];
}

/* How many nodes a level has. */
static uint32_t width_of(const pba_chunk_set *set, uint32_t level) {
    return set->level_first[level + 1] - set->level_first[level];
}

/* The first node from `index` to the end of its siblings that has a run of `count`, or their end.
 */
static uint32_t first_fit(const pba_chunk_set *set, uint32_t level, uint32_t index, uint32_t end,
                          uint32_t count) {
    const uint32_t *const nodes = &set->longest[set->level_first[level]];
    while (index < end && nodes[index] < count) {
        index++;
    }
    return index;
}

/* The first slot below a node that has a run of `count`; the node has one, so each node on the way
 * has a child that does. */
static uint32_t descend(const pba_chunk_set *set, uint32_t level, uint32_t index, uint32_t count) {
    while (level > 0) {
        level--;
        index *= FAN_OUT;
        const uint32_t *const nodes = &set->longest[set->level_first[level]];
        while (nodes[index] < count) {
            index++;
        }
    }
    return index;
}

pba_chunk *pba_chunk_set_first_fit(const pba_chunk_set *set, uint32_t count, uint32_t from) {
    /* Up from `from` until something to its right fits, then down along the first that fits. From
     * the first slot the way up could only end at the root. */
    uint32_t level = from == 0 ? set->levels : 0;
    uint32_t index = from;
    while (set->capacity != 0 && level <= set->levels && index < width_of(set, level)) {
        const uint32_t siblings = (index / FAN_OUT + 1) * FAN_OUT;
        const uint32_t end = siblings < width_of(set, level) ? siblings : width_of(set, level);
        index = first_fit(set, level, index, end, count);
        if (index < end) {
            return set->by_slot[descend(set, level, index, count)];
        }
        index = (end - 1) / FAN_OUT + 1;
        level++;
    }
    return NULL;
}

/* --- look-up --- */

BA_WRAPS static uint32_t hash_of(const pba_chunk_set *set, uintptr_t granule, uint32_t level) {
    /* Fibonacci hashing: Knuth, "The Art of Computer Programming", volume 3, 6.4. */
    const uint64_t product =
        ((uint64_t)granule + ((uint64_t)level << 58)) * UINT64_C(0x9E3779B97F4A7C15);
    return (uint32_t)(product >> 32) & (entries_of(set) - 1);
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
        place = (place + 1) & (entries_of(set) - 1);
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
        place = (place + 1) & (entries_of(set) - 1);
    }
    /* Entries behind the gap move up if the gap lies between their home and them: Knuth,
     * algorithm 6.4 R. */
    uint32_t gap = place;
    for (;;) {
        place = (place + 1) & (entries_of(set) - 1);
        const pba_index_entry entry = set->entries[place];
        if (entry.slot == PBA_NO_SLOT) {
            break;
        }
        const uint32_t home = home_of(set, entry);
        if (((place - home) & (entries_of(set) - 1)) >= ((place - gap) & (entries_of(set) - 1))) {
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
            set_place(set, index, no_places[0]);
        }
    }
    set->one = no_places[0];
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

void pba_chunk_set_enter(pba_chunk_set *set, pba_chunk *chunk) {
    const uint32_t level = level_of(chunk);
    const uintptr_t first = (uintptr_t)chunk->base >> level;
    const uintptr_t last = ((uintptr_t)chunk->base + pba_chunk_bytes(chunk) - 1) >> level;
    chunk->index_level = (uint8_t)level;
    for (uintptr_t granule = first; granule <= last; granule++) {
        insert(set, granule, level, chunk->slot);
    }
    count_in(set, level);
    set->one = no_places[0];
    remember(set, chunk, (uintptr_t)chunk->base);
}

void pba_chunk_set_withdraw(pba_chunk_set *set, pba_chunk *chunk) {
    /* So that nothing but its slot leads to the chunk. */
    unlist_changed(set, chunk);
    const uint32_t level = chunk->index_level;
    const uintptr_t first = (uintptr_t)chunk->base >> level;
    const uintptr_t last = ((uintptr_t)chunk->base + pba_chunk_bytes(chunk) - 1) >> level;
    for (uintptr_t granule = first; granule <= last; granule++) {
        erase(set, granule, level, chunk->slot);
    }
    count_out(set, level);
    clear_places(set, chunk);
}

void pba_chunk_set_replace(pba_chunk_set *set, pba_chunk *chunk) {
    set->by_slot[chunk->slot] = chunk;
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
        place = (place + 1) & (entries_of(set) - 1);
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

/* --- chunks --- */

void pba_chunk_set_add(pba_chunk_set *set, pba_chunk *chunk) {
    if (set->first_free != PBA_NO_SLOT) {
        chunk->slot = set->first_free;
        set->first_free = next_free_of(set)[chunk->slot];
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
    set_longest(set, chunk->slot, 0);
    set->by_slot[chunk->slot] = NULL;
    next_free_of(set)[chunk->slot] = set->first_free;
    set->first_free = chunk->slot;
    set->count--;
}

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

static bool tree_is_valid(const pba_chunk_set *set) {
    for (uint32_t level = 1; level <= set->levels; level++) {
        const uint32_t width = set->level_first[level + 1] - set->level_first[level];
        for (uint32_t index = 0; index < width; index++) {
            uint32_t longest = 0;
            const uint32_t children = set->level_first[level] - set->level_first[level - 1];
            for (uint32_t child = index * FAN_OUT;
                 child < (index + 1) * FAN_OUT && child < children; child++) {
                const uint32_t one = set->longest[set->level_first[level - 1] + child];
                longest = one > longest ? one : longest;
            }
            if (set->longest[set->level_first[level] + index] != longest) {
                return false;
            }
        }
    }
    return true;
}

/* True if each entry leads to a chunk, and at least a third of them are empty. */
static bool entries_are_valid(const pba_chunk_set *set) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < entries_of(set); i++) {
        const uint32_t slot = set->entries[i].slot;
        if (slot == PBA_NO_SLOT) {
            continue;
        }
        if (slot >= set->used || set->by_slot[slot] == NULL) {
            return false;
        }
        count++;
    }
    return count == set->entry_count && 3 * (uint64_t)count <= 2 * (uint64_t)entries_of(set);
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
        some += is_place(set->places[index], no_places[0]) ? 0 : 1;
    }
    uint32_t right = 0;
    bool one_is_right = is_place(set->one, no_places[0]);
    for (uint32_t slot = 0; slot < set->used; slot++) {
        if (set->by_slot[slot] != NULL) {
            right += places_right(set, set->by_slot[slot]);
            one_is_right |= set->count == 1 && is_place(set->one, place_of(set->by_slot[slot]));
        }
    }
    return some == right && one_is_right && is_place(set->places[-1], set->places[set->place_mask]);
}

/* True if the list of chunks that have changed holds those that say so, each once. */
static bool changed_are_listed(const pba_chunk_set *set) {
    int64_t changed = 0;
    for (uint32_t slot = 0; slot < set->used; slot++) {
        changed += set->by_slot[slot] != NULL && set->by_slot[slot]->changed ? 1 : 0;
    }
    const pba_chunk *previous = NULL;
    for (const pba_chunk *chunk = set->changed; chunk != NULL; chunk = chunk->changed_next) {
        if (!chunk->changed || chunk->changed_previous != previous) {
            return false;
        }
        previous = chunk;
        changed--;
    }
    return changed == 0;
}

/* True if the set knows the longest run of a chunk, or a shorter one and that it has changed. */
static bool is_looked_at(const pba_chunk_set *set, const pba_chunk *chunk) {
    const uint32_t known = set->longest[chunk->slot];
    return chunk->changed ? known <= chunk->map.longest
                          : chunk->map.noted_count == 0 && known == chunk->map.longest;
}

static bool slots_are_valid(const pba_chunk_set *set) {
    uint32_t count = 0;
    uint32_t entries = 0;
    for (uint32_t slot = 0; slot < set->used; slot++) {
        const pba_chunk *const chunk = set->by_slot[slot];
        if (chunk == NULL) {
            if (set->longest[slot] != 0) {
                return false;
            }
            continue;
        }
        if (chunk->slot != slot || !is_looked_at(set, chunk) || !is_entered(set, chunk)) {
            return false;
        }
        count++;
        entries += (uint32_t)((((uintptr_t)chunk->base + pba_chunk_bytes(chunk) - 1) >>
                               chunk->index_level) -
                              ((uintptr_t)chunk->base >> chunk->index_level)) +
                   1;
    }
    return count == set->count && entries == set->entry_count;
}

bool pba_chunk_set_is_valid(const pba_chunk_set *set) {
    uint32_t free_slots = 0;
    for (uint32_t slot = set->first_free; slot != PBA_NO_SLOT; slot = next_free_of(set)[slot]) {
        if (slot >= set->used || set->by_slot[slot] != NULL || free_slots == set->used) {
            return false;
        }
        free_slots++;
    }
    return free_slots + set->count == set->used && set->used <= set->capacity &&
           entries_are_valid(set) && slots_are_valid(set) && levels_are_valid(set) &&
           places_are_valid(set) && changed_are_listed(set) && tree_is_valid(set);
}
