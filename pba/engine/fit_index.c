#define PBA_INTERNAL_

#include "pba/engine/fit_index.h"

#include <string.h>

static uint32_t longer(uint32_t a, uint32_t b) {
    return a > b ? a : b;
}

/* Sets a node of the tree to the longest of its children, of which there are always as many. */
static void summarize(pba_chunk_set *set, uint32_t level, uint32_t index) {
    const uint32_t *const child =
        &set->longest[set->level_first[level - 1] + index * PBA_SET_FAN_OUT];
    set->longest[set->level_first[level] + index] =
        longer(longer(longer(child[0], child[1]), longer(child[2], child[3])),
               longer(longer(child[4], child[5]), longer(child[6], child[7])));
}

/* How many nodes a level has. */
static uint32_t width_of(const pba_chunk_set *set, uint32_t level) {
    return set->level_first[level + 1] - set->level_first[level];
}

void pba_fit_index_build(pba_chunk_set *set, const uint32_t *longest) {
    memset(set->longest, 0, set->level_first[set->levels + 1] * sizeof *set->longest);
    if (set->used > 0) {
        memcpy(set->longest, longest, set->used * sizeof *set->longest);
    }
    for (uint32_t level = 1; level <= set->levels; level++) {
        const uint32_t children = width_of(set, level - 1);
        for (uint32_t index = 0; index * PBA_SET_FAN_OUT < children; index++) {
            summarize(set, level, index);
        }
    }
}

/* Sets the longest run of a slot, and of the nodes above it as far up as that changes them. The
 * children of a node are looked through only if the one that changed was the longest of them. */
static void set_longest(pba_chunk_set *set, uint32_t slot, uint32_t longest) {
    uint32_t before = set->longest[slot];
    set->longest[slot] = longest;
    uint32_t index = slot;
    for (uint32_t level = 1; before != longest && level <= set->levels; level++) {
        index /= PBA_SET_FAN_OUT;
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

void pba_fit_index_remove(pba_chunk_set *set, uint32_t slot) {
    set_longest(set, slot, 0);
}

void pba_fit_index_forget(pba_chunk_set *set, pba_chunk *chunk) {
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
            pba_fit_index_forget(set, chunk);
        }
    }
}

uint32_t pba_chunk_set_longest(pba_chunk_set *set) {
    while (set->changed != NULL) {
        pba_chunk_set_summarize(set, UINT32_MAX);
    }
    return set->capacity == 0 ? 0 : set->longest[set->level_first[set->levels]];
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
        index *= PBA_SET_FAN_OUT;
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
        const uint32_t siblings = (index / PBA_SET_FAN_OUT + 1) * PBA_SET_FAN_OUT;
        const uint32_t end = siblings < width_of(set, level) ? siblings : width_of(set, level);
        index = first_fit(set, level, index, end, count);
        if (index < end) {
            return set->by_slot[descend(set, level, index, count)];
        }
        index = (end - 1) / PBA_SET_FAN_OUT + 1;
        level++;
    }
    return NULL;
}

static bool tree_is_valid(const pba_chunk_set *set) {
    for (uint32_t level = 1; level <= set->levels; level++) {
        const uint32_t width = set->level_first[level + 1] - set->level_first[level];
        for (uint32_t index = 0; index < width; index++) {
            uint32_t longest = 0;
            const uint32_t children = set->level_first[level] - set->level_first[level - 1];
            for (uint32_t child = index * PBA_SET_FAN_OUT;
                 child < (index + 1) * PBA_SET_FAN_OUT && child < children; child++) {
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

/* True if the set knows no run in a slot without a chunk, and is right of each other one. */
static bool slots_are_looked_at(const pba_chunk_set *set) {
    for (uint32_t slot = 0; slot < set->used; slot++) {
        const pba_chunk *const chunk = set->by_slot[slot];
        if (chunk == NULL ? set->longest[slot] != 0 : !is_looked_at(set, chunk)) {
            return false;
        }
    }
    return true;
}

bool pba_fit_index_is_valid(const pba_chunk_set *set) {
    return slots_are_looked_at(set) && changed_are_listed(set) && tree_is_valid(set);
}
