#define PBA_INTERNAL_

#include "pba/engine/span_map.h"

#include <string.h>

/* What a change does to the bits of blocks in one word. */
typedef enum free_change {
    TAKEN,    /* free becomes taken */
    RELEASED, /* taken becomes free */
} free_change;

static void change_free(pba_map *map, uint32_t first, uint32_t count, free_change change) {
    while (count > 0) {
        const uint32_t word = first / PBA_WORD_BITS;
        const uint32_t bit = first % PBA_WORD_BITS;
        const uint32_t here = count < PBA_WORD_BITS - bit ? count : PBA_WORD_BITS - bit;
        const uint64_t mask = pba_bits_mask(bit, here);
        map->word_longest[word] = PBA_MAP_CHANGED;
        switch (change) {
        case TAKEN:
            map->words[word].free &= ~mask;
            break;
        case RELEASED:
            map->words[word].free |= mask;
            pba_map_note_freed(map, word / PBA_MAP_FAN_OUT);
            break;
        }
        first += here;
        count -= here;
    }
}

/* Takes free blocks, at least one. */
static void take_free(pba_map *map, uint32_t first, uint32_t count) {
    change_free(map, first, count, TAKEN);
    const uint32_t last = (first + count - 1) / (PBA_MAP_FAN_OUT * PBA_WORD_BITS);
    for (uint32_t node = first / (PBA_MAP_FAN_OUT * PBA_WORD_BITS); node <= last; node++) {
        pba_map_note_taken(map, node);
    }
}

static void set_start(pba_map *map, uint32_t block) {
    map->words[block / PBA_WORD_BITS].start |= UINT64_C(1) << block % PBA_WORD_BITS;
}

static void clear_start(pba_map *map, uint32_t block) {
    map->words[block / PBA_WORD_BITS].start &= ~(UINT64_C(1) << block % PBA_WORD_BITS);
}

void pba_map_init(pba_map *map, void *arrays, uint32_t blocks, uint32_t capacity) {
    memset(map, 0, sizeof *map);
    memset(arrays, 0, pba_map_bytes(capacity));
    pba_map_place_arrays(map, arrays, capacity);
    pba_map_extend(map, blocks);
    pba_map_summarize_all(map);
}

void pba_map_move(pba_map *map, void *arrays, uint32_t capacity) {
    const pba_map_word *const words = map->words;
    const uint8_t *const word_longest = map->word_longest;
    const uint32_t count = pba_map_words(map);
    memset(arrays, 0, pba_map_bytes(capacity));
    pba_map_place_arrays(map, arrays, capacity);
    memcpy(map->words, words, (count + 1) * sizeof *words);
    memcpy(map->word_longest, word_longest, count * sizeof *word_longest);
    pba_map_summarize_all(map);
}

void pba_map_extend(pba_map *map, uint32_t more) {
    const uint32_t first = map->blocks;
    clear_start(map, first);
    map->blocks += more;
    set_start(map, map->blocks);
    change_free(map, first, more, RELEASED);
}

void pba_map_shorten(pba_map *map, uint32_t fewer) {
    clear_start(map, map->blocks);
    map->blocks -= fewer;
    take_free(map, map->blocks, fewer);
    set_start(map, map->blocks);
}

uint32_t pba_map_free_at_end(const pba_map *map) {
    uint32_t end = map->blocks;
    while (end > 0) {
        const uint32_t word = (end - 1) / PBA_WORD_BITS;
        const uint32_t bits = end - word * PBA_WORD_BITS;
        const uint64_t taken = ~map->words[word].free & pba_bits_mask(0, bits);
        if (taken != 0) {
            return map->blocks - (word * PBA_WORD_BITS + pba_bits_highest(taken) + 1);
        }
        end -= bits;
    }
    return map->blocks;
}

/* The blocks of a word at which a span may start, a bit each. */
static uint64_t aligned_in(pba_map_alignment alignment, uint32_t word) {
    uint64_t bits = 0;
    const uint32_t begin = word * PBA_WORD_BITS;
    for (uint32_t bit = pba_map_align(alignment, begin) - begin; bit < PBA_WORD_BITS;
         bit += alignment.multiple) {
        bits |= UINT64_C(1) << bit;
    }
    return bits;
}

uint32_t pba_map_find_aligned(const pba_map *map, uint32_t count, pba_map_alignment alignment,
                              uint32_t word, uint32_t end) {
    /* Where it is no longer than a word, it is the same blocks of each. */
    const uint64_t aligned = aligned_in(alignment, 0);
    while (word < end) {
        uint64_t starts = map->words[word].free;
        starts &= alignment.multiple <= PBA_WORD_BITS ? aligned : aligned_in(alignment, word);
        for (; starts != 0; starts &= starts - 1) {
            const uint32_t first = word * PBA_WORD_BITS + pba_bits_lowest(starts);
            if (pba_map_free_run(map, first, count) == count) {
                return first;
            }
        }
        word++;
    }
    return PBA_NO_BLOCK;
}

void pba_map_take(pba_map *map, uint32_t first, uint32_t count) {
    take_free(map, first, count);
    set_start(map, first);
    map->taken += count;
}

void pba_map_release(pba_map *map, uint32_t first, uint32_t count) {
    clear_start(map, first);
    change_free(map, first, count, RELEASED);
    map->taken -= count;
}

void pba_map_lengthen(pba_map *map, uint32_t first, uint32_t count, uint32_t more) {
    if (more > 0) {
        take_free(map, first + count, more);
    }
    map->taken += more;
}

void pba_map_split(pba_map *map, uint32_t first, uint32_t count) {
    set_start(map, first + count);
}

uint32_t pba_map_refill(pba_map *map, uint32_t word, uint32_t count, pba_map_alignment alignment,
                        uint32_t most, uint32_t starts[PBA_WORD_BITS]) {
    pba_map_word *const bits = &map->words[word];
    const uint64_t aligned = alignment.multiple == 1 ? UINT64_MAX : aligned_in(alignment, word);
    uint32_t refilled = 0;
    while (refilled < most) {
        const uint64_t runs = pba_bits_runs(map->words[word].free, count) & aligned;
        if (runs == 0) {
            break;
        }
        const uint32_t bit = pba_bits_highest(runs);
        bits->free &= ~pba_bits_mask(bit, count);
        bits->start |= UINT64_C(1) << bit;
        starts[refilled++] = word * PBA_WORD_BITS + bit;
    }
    if (refilled != 0) {
        map->taken += refilled * count;
        map->word_longest[word] = PBA_MAP_CHANGED;
        pba_map_note_taken(map, word / PBA_MAP_FAN_OUT);
    }
    return refilled;
}

BA_WRAPS uint32_t pba_map_span_blocks(const pba_map *map, uint32_t first) {
    uint32_t word = first / PBA_WORD_BITS;
    uint64_t boundaries = (map->words[word].free | map->words[word].start) &
                          (UINT64_MAX << first % PBA_WORD_BITS << 1);
    while (boundaries == 0) { /* the sentinel ends the last one */
        word++;
        boundaries = map->words[word].free | map->words[word].start;
    }
    return word * PBA_WORD_BITS + pba_bits_lowest(boundaries) - first;
}

uint32_t pba_map_span_start(const pba_map *map, uint32_t block) {
    uint32_t word = block / PBA_WORD_BITS;
    uint64_t starts =
        map->words[word].start & (UINT64_MAX >> (PBA_WORD_BITS - 1 - block % PBA_WORD_BITS));
    while (starts == 0) {
        starts = map->words[--word].start;
    }
    return word * PBA_WORD_BITS + pba_bits_highest(starts);
}

uint32_t pba_map_free_run(const pba_map *map, uint32_t first, uint32_t limit) {
    uint32_t run = 0;
    while (run < limit && first + run < map->blocks) {
        const uint32_t block = first + run;
        const uint32_t bit = block % PBA_WORD_BITS;
        const uint32_t here = pba_bits_leading_run(map->words[block / PBA_WORD_BITS].free >> bit);
        run += here;
        if (here < PBA_WORD_BITS - bit) {
            break;
        }
    }
    return run < limit ? run : limit;
}

/* True if no bit but that of the sentinel stands for a block behind the end. */
static bool ends_with_sentinel(const pba_map *map) {
    const uint32_t bit = map->blocks % PBA_WORD_BITS;
    const pba_map_word *const last = &map->words[map->blocks / PBA_WORD_BITS];
    return last->free >> bit == 0 && last->start >> bit == 1;
}

/* True if no block is both free and the first of a span. */
static bool bits_are_apart(const pba_map *map) {
    uint64_t both = 0;
    const uint32_t words = pba_map_words(map);
    for (uint32_t word = 0; word < words; word++) {
        both |= map->words[word].free & map->words[word].start;
    }
    return both == 0;
}

/* True if the spans, as the bits tell them, add up to the count. */
static bool counts_are_right(const pba_map *map) {
    uint32_t taken = 0;
    uint32_t block = 0;
    while (block < map->blocks) {
        uint32_t length = 1;
        switch (pba_map_state(map, block)) {
        case PBA_BLOCK_FREE:
            break;
        case PBA_BLOCK_START:
            length = pba_map_span_blocks(map, block);
            taken += length;
            break;
        case PBA_BLOCK_INSIDE: /* of nothing */
            return false;
        }
        block += length;
    }
    return taken == map->taken;
}

bool pba_map_is_valid(const pba_map *map) {
    return map->blocks <= map->capacity && map->taken <= map->blocks && ends_with_sentinel(map) &&
           bits_are_apart(map) && counts_are_right(map) && pba_map_runs_are_valid(map);
}
