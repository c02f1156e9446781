#define PBA_INTERNAL_

#include "pba/engine/run_tree.h"

#include <string.h>

/* Marks a node whose children have changed, and all nodes above it. */
#define DIRTY (UINT32_C(1) << 31)

static uint32_t words_of(uint32_t blocks) {
    return blocks / PBA_WORD_BITS + (blocks % PBA_WORD_BITS != 0);
}

static uint32_t parents_of(uint32_t children) {
    return children / PBA_MAP_FAN_OUT + (children % PBA_MAP_FAN_OUT != 0);
}

static uint32_t nodes_of(uint32_t words) {
    uint32_t nodes = 0;
    while (words > 1) {
        words = parents_of(words);
        nodes += words;
    }
    return nodes;
}

/* The blocks that a node of a level covers; level 0 are the words. */
static uint32_t stretch_of(uint32_t level) {
    return PBA_WORD_BITS << (3 * level);
}

/* The runs of a node, or of a word on level 0. */
static pba_map_runs runs_of(const pba_map *map, uint32_t level, uint32_t index) {
    if (level > 0) {
        /* cppcheck-suppress arrayIndexOutOfBoundsCond; the levels end at PBA_MAP_LEVELS. */
        pba_map_runs runs = map->nodes[map->level_first[level] + index];
        runs.longest &= ~DIRTY;
        return runs;
    }
    const uint64_t bits = map->words[index].free;
    const uint8_t longest = map->word_longest[index];
    return (pba_map_runs){
        .leading = pba_bits_leading_run(bits),
        .longest = longest == PBA_MAP_CHANGED ? pba_bits_longest_run(bits) : longest,
        .trailing = pba_bits_trailing_run(bits),
    };
}

/* How many nodes, or words on level 0, a level has. */
static uint32_t level_width(const pba_map *map, uint32_t level) {
    return level == 0 ? words_of(map->capacity)
                      : map->level_first[level + 1] - map->level_first[level];
}

static uint32_t end_of_children(const pba_map *map, uint32_t level, uint32_t index) {
    const uint32_t end = (index + 1) * PBA_MAP_FAN_OUT;
    const uint32_t width = level_width(map, level - 1);
    return end < width ? end : width;
}

/* The runs of a stretch of `covered` blocks and of a child of `stretch` blocks behind it. */
static pba_map_runs joined(pba_map_runs sum, uint32_t covered, pba_map_runs next,
                           uint32_t stretch) {
    const uint32_t across = sum.trailing + next.leading;
    const uint32_t longest = next.longest > sum.longest ? next.longest : sum.longest;
    return (pba_map_runs){
        .leading = sum.leading == covered ? covered + next.leading : sum.leading,
        .longest = across > longest ? across : longest,
        .trailing = next.longest == stretch ? sum.trailing + stretch : next.trailing,
    };
}

/* The sum of the words below a node of level 1, which have to be summarized. */
static pba_map_runs sum_of_words(const pba_map *map, uint32_t index) {
    const uint32_t end = end_of_children(map, 1, index);
    pba_map_runs sum = {0, 0, 0};
    uint32_t covered = 0;
    for (uint32_t word = index * PBA_MAP_FAN_OUT; word < end; word++) {
        if (map->word_longest[word] == 0) {
            sum.trailing = 0; /* as joined() would say, of most words of a pool that is full */
        } else {
            sum = joined(sum, covered, runs_of(map, 0, word), PBA_WORD_BITS);
        }
        covered += PBA_WORD_BITS;
    }
    return sum;
}

/* The sum of the nodes below one of a higher level. */
static pba_map_runs sum_of_nodes(const pba_map *map, uint32_t level, uint32_t index) {
    const uint32_t stretch = stretch_of(level - 1);
    const uint32_t end = end_of_children(map, level, index);
    pba_map_runs sum = {0, 0, 0};
    uint32_t covered = 0;
    for (uint32_t child = index * PBA_MAP_FAN_OUT; child < end; child++) {
        sum = joined(sum, covered, runs_of(map, level - 1, child), stretch);
        covered += stretch;
    }
    return sum;
}

static pba_map_runs sum_of_children(const pba_map *map, uint32_t level, uint32_t index) {
    return level == 1 ? sum_of_words(map, index) : sum_of_nodes(map, level, index);
}

static void lay_out_levels(pba_map *map) {
    uint32_t width = words_of(map->capacity);
    uint32_t first = 0;
    uint8_t level = 0;
    map->level_first[0] = 0;
    map->level_first[1] = 0;
    while (width > 1) {
        width = parents_of(width);
        first += width;
        level++;
        map->level_first[level + 1] = first;
    }
    map->levels = level;
}

size_t pba_map_bytes(uint32_t capacity) {
    const size_t words = words_of(capacity);
    const size_t bytes = (words + 1) * sizeof(pba_map_word) +
                         nodes_of((uint32_t)words) * sizeof(pba_map_runs) + words * sizeof(uint8_t);
    return (bytes + sizeof(uint64_t) - 1) & ~(sizeof(uint64_t) - 1);
}

/* Points the map at its arrays, which lie one after the other in descending order of alignment. */
void pba_map_place_arrays(pba_map *map, void *arrays, uint32_t capacity) {
    const uint32_t words = words_of(capacity);
    map->words = (pba_map_word *)arrays;
    map->nodes = (pba_map_runs *)(void *)(map->words + words + 1);
    map->word_longest = (uint8_t *)(map->nodes + nodes_of(words));
    map->capacity = capacity;
    lay_out_levels(map);
}

/* Marks a node of level 1, and all above it. */
static void mark(pba_map *map, uint32_t index) {
    for (uint32_t level = 1; level <= map->levels; level++) {
        pba_map_runs *const node = &map->nodes[map->level_first[level] + index];
        if ((node->longest & DIRTY) != 0) {
            return;
        }
        node->longest |= DIRTY;
        index /= PBA_MAP_FAN_OUT;
    }
}

void pba_map_note_freed(pba_map *map, uint32_t index) {
    if (map->noted_count > PBA_MAP_NOTED) {
        mark(map, index);
        return;
    }
    for (uint32_t i = 0; i < map->noted_count; i++) {
        if (map->noted[i] == index) {
            return;
        }
    }
    if (map->noted_count < PBA_MAP_NOTED) {
        map->noted[map->noted_count++] = index;
        return;
    }
    map->noted_count++;
    for (uint32_t i = 0; i < PBA_MAP_NOTED; i++) {
        mark(map, map->noted[i]);
    }
    mark(map, index);
}

/* Finds the longest runs of the words of [first, end) that have changed. */
static void summarize_words(pba_map *map, uint32_t first, uint32_t end) {
    for (uint32_t word = first; word < end; word++) {
        if (map->word_longest[word] == PBA_MAP_CHANGED) {
            map->word_longest[word] = (uint8_t)pba_bits_longest_run(map->words[word].free);
        }
    }
}

void pba_map_summarize_all(pba_map *map) {
    summarize_words(map, 0, words_of(map->capacity));
    for (uint32_t level = 1; level <= map->levels; level++) {
        const uint32_t width = level_width(map, level);
        for (uint32_t index = 0; index < width; index++) {
            map->nodes[map->level_first[level] + index] = sum_of_children(map, level, index);
        }
    }
    map->longest = runs_of(map, map->levels, 0).longest;
    map->noted_count = 0;
}

void pba_map_note_taken(pba_map *map, uint32_t index) {
    const uint32_t words = index * PBA_MAP_FAN_OUT;
    summarize_words(map, words, map->levels == 0 ? 1 : end_of_children(map, 1, index));
    for (uint32_t level = 1; level <= map->levels; level++) {
        pba_map_runs *const node = &map->nodes[map->level_first[level] + index];
        const pba_map_runs known = runs_of(map, level, index);
        const pba_map_runs sum = sum_of_children(map, level, index);
        if (sum.longest == known.longest && sum.leading == known.leading &&
            sum.trailing == known.trailing) {
            return;
        }
        const uint32_t mark_of_node = node->longest & DIRTY;
        *node = sum;
        node->longest |= mark_of_node;
        index /= PBA_MAP_FAN_OUT;
    }
    map->longest = runs_of(map, map->levels, 0).longest;
}

/* The first child that is dirty, or the end of the children. */
static uint32_t dirty_child(const pba_map *map, uint32_t level, uint32_t index) {
    const uint32_t end = end_of_children(map, level, index);
    uint32_t child = index * PBA_MAP_FAN_OUT;
    while (child < end && (map->nodes[map->level_first[level - 1] + child].longest & DIRTY) == 0) {
        child++;
    }
    return child;
}

/* Summarizes a node, and what lies above it, all of which stay marked. */
static void summarize_path(pba_map *map, uint32_t level, uint32_t index) {
    for (; level <= map->levels; level++) {
        pba_map_runs *const node = &map->nodes[map->level_first[level] + index];
        *node = sum_of_children(map, level, index);
        node->longest |= DIRTY;
        index /= PBA_MAP_FAN_OUT;
    }
}

/* Summarizes what is marked, below so many nodes of level 1 at most. Returns below how many. */
static uint32_t summarize_marked(pba_map *map, uint32_t nodes) {
    /* Depth first: a node is summarized when none of its children is dirty. */
    uint32_t done = 0;
    uint32_t level = map->levels;
    uint32_t index = 0;
    while (level <= map->levels) {
        const uint32_t child =
            level == 1 ? end_of_children(map, 1, index) : dirty_child(map, level, index);
        if (child < end_of_children(map, level, index)) {
            level--;
            index = child;
            continue;
        }
        if (level == 1) {
            if (done == nodes) {
                summarize_path(map, 2, index / PBA_MAP_FAN_OUT);
                return done;
            }
            done++;
            summarize_words(map, index * PBA_MAP_FAN_OUT, end_of_children(map, 1, index));
        }
        map->nodes[map->level_first[level] + index] = sum_of_children(map, level, index);
        level++;
        index /= PBA_MAP_FAN_OUT;
    }
    map->noted_count = 0;
    return done;
}

uint32_t pba_map_summarize(pba_map *map, uint32_t nodes) {
    uint32_t done = 0;
    if (map->noted_count > PBA_MAP_NOTED) {
        done = summarize_marked(map, nodes);
        map->longest = runs_of(map, map->levels, 0).longest;
    } else {
        for (; map->noted_count > 0 && done < nodes; done++) {
            pba_map_note_taken(map, map->noted[--map->noted_count]);
        }
    }
    return done;
}

uint32_t pba_map_find(const pba_map *map, uint32_t count) {
    if (map->longest < count) {
        return PBA_NO_BLOCK;
    }
    uint32_t index = 0;
    for (uint32_t level = map->levels; level > 0; level--) {
        const uint32_t stretch = stretch_of(level - 1);
        const uint32_t end = end_of_children(map, level, index);
        uint32_t run = 0;
        uint32_t child = index * PBA_MAP_FAN_OUT;
        for (; child < end; child++) {
            const pba_map_runs runs = runs_of(map, level - 1, child);
            if (run + runs.leading >= count) {
                return child * stretch - run;
            }
            if (runs.longest >= count) {
                break;
            }
            run = runs.longest == stretch ? run + stretch : runs.trailing;
        }
        index = child;
    }
    return index * PBA_WORD_BITS + pba_bits_lowest(pba_bits_runs(map->words[index].free, count));
}

static bool is_dirty(const pba_map *map, uint32_t level, uint32_t index) {
    return level == 0 ? map->word_longest[index] == PBA_MAP_CHANGED
                      : (map->nodes[map->level_first[level] + index].longest & DIRTY) != 0;
}

/* True if a node of level 1 is noted by its number. */
static bool is_noted(const pba_map *map, uint32_t index) {
    const uint32_t count = map->noted_count <= PBA_MAP_NOTED ? map->noted_count : 0;
    for (uint32_t i = 0; i < count; i++) {
        if (map->noted[i] == index) {
            return true;
        }
    }
    return false;
}

/* True if each word that has changed lies below a noted node, and no node is marked. */
static bool changes_are_noted(const pba_map *map) {
    for (uint32_t word = 0; word < words_of(map->capacity); word++) {
        if (is_dirty(map, 0, word) && !is_noted(map, word / PBA_MAP_FAN_OUT)) {
            return false;
        }
    }
    for (uint32_t node = 0; node < map->level_first[map->levels + 1]; node++) {
        if ((map->nodes[node].longest & DIRTY) != 0) {
            return false;
        }
    }
    return true;
}

/* True if whatever lies above something that has changed is marked so too. */
static bool marks_reach_the_top(const pba_map *map) {
    for (uint32_t level = 0; level < map->levels; level++) {
        const uint32_t width = level_width(map, level);
        for (uint32_t index = 0; index < width; index++) {
            if (is_dirty(map, level, index) && !is_dirty(map, level + 1, index / PBA_MAP_FAN_OUT)) {
                return false;
            }
        }
    }
    return true;
}

/* True if all that has changed since it was summarized is noted, one way or the other. */
static bool notes_are_right(const pba_map *map) {
    return map->noted_count <= PBA_MAP_NOTED
               ? changes_are_noted(map)
               : map->noted_count == PBA_MAP_NOTED + 1 && marks_reach_the_top(map);
}

static bool words_are_summarized(const pba_map *map) {
    const uint32_t words = words_of(map->capacity);
    for (uint32_t word = 0; word < words; word++) {
        if (!is_dirty(map, 0, word) &&
            map->word_longest[word] != pba_bits_longest_run(map->words[word].free)) {
            return false;
        }
    }
    return true;
}

/* True if each node that is not noted, nor marked, is the sum of its children. */
static bool nodes_are_summarized(const pba_map *map) {
    for (uint32_t level = 1; level <= map->levels; level++) {
        const uint32_t width = level_width(map, level);
        for (uint32_t index = 0; index < width; index++) {
            if (is_dirty(map, level, index) || (level == 1 && is_noted(map, index))) {
                continue;
            }
            const pba_map_runs is = runs_of(map, level, index);
            const pba_map_runs should = sum_of_children(map, level, index);
            if (is.leading != should.leading || is.longest != should.longest ||
                is.trailing != should.trailing) {
                return false;
            }
        }
    }
    return true;
}

/* True if the longest run that is known is that of the topmost node, or, of a map without nodes of
 * which something is not summarized, one that is there. */
static bool longest_is_right(const pba_map *map) {
    return map->levels == 0 && map->noted_count != 0
               ? map->longest <= pba_bits_longest_run(map->words[0].free)
               : map->longest == runs_of(map, map->levels, 0).longest;
}

bool pba_map_runs_are_valid(const pba_map *map) {
    return words_are_summarized(map) && notes_are_right(map) && nodes_are_summarized(map) &&
           longest_is_right(map);
}
