#define PBA_INTERNAL_

#include "pba/engine/chunk.h"

#include <string.h>

/* The chunk itself, rounded up so that the arrays behind it are aligned. */
#define HEADER_BYTES ((sizeof(pba_chunk) + sizeof(uint64_t) - 1) & ~(sizeof(uint64_t) - 1))

size_t pba_chunk_record_bytes(uint32_t capacity, pba_sites sites) {
    size_t bytes = HEADER_BYTES + pba_map_bytes(capacity);
    switch (sites) {
    case PBA_WITHOUT_SITES:
        break;
    case PBA_WITH_SITES:
        bytes += capacity * sizeof(ba_call_site);
        break;
    }
    return bytes + capacity; /* the tags, which need no alignment, come last */
}

static void *arrays_in(ba_memory record) {
    return (unsigned char *)ba_memory_pointer(record) + HEADER_BYTES;
}

static ba_call_site *sites_in(ba_memory record, uint32_t capacity, pba_sites sites) {
    switch (sites) {
    case PBA_WITHOUT_SITES:
        return NULL;
    case PBA_WITH_SITES:
        break;
    }
    return (ba_call_site *)(void *)((unsigned char *)arrays_in(record) + pba_map_bytes(capacity));
}

static uint8_t *tags_in(ba_memory record, uint32_t capacity, pba_sites sites) {
    return (uint8_t *)ba_memory_pointer(record) + pba_chunk_record_bytes(capacity, sites) -
           capacity;
}

pba_chunk *pba_chunk_init(ba_memory record, size_t record_bytes, ba_memory grant,
                          ba_alignment alignment, uint8_t block_shift, uint32_t blocks,
                          uint32_t capacity, pba_sites sites) {
    pba_chunk *const chunk = (pba_chunk *)ba_memory_pointer(record);
    *chunk = (pba_chunk){
        .base = (unsigned char *)ba_memory_pointer(grant),
        .block_shift = block_shift,
        .watched = PBA_NO_BLOCK,
        .refused_after = PBA_NEVER_REFUSED,
        .tags = tags_in(record, capacity, sites),
        .sites = sites_in(record, capacity, sites),
        .grant = grant,
        .alignment = alignment,
        .record = record,
        .record_bytes = record_bytes,
    };
    pba_map_init(&chunk->map, arrays_in(record), blocks, capacity);
    memset(chunk->tags, 0, capacity);
    return chunk;
}

pba_chunk *pba_chunk_move(const pba_chunk *chunk, ba_memory record, size_t record_bytes,
                          uint32_t capacity, pba_sites sites) {
    pba_chunk *const moved = (pba_chunk *)ba_memory_pointer(record);
    *moved = *chunk;
    moved->record = record;
    moved->record_bytes = record_bytes;
    moved->sites = sites_in(record, capacity, sites);
    pba_map_move(&moved->map, arrays_in(record), capacity);
    moved->tags = tags_in(record, capacity, sites);
    memcpy(moved->tags, chunk->tags, chunk->map.blocks);
    memset(moved->tags + chunk->map.blocks, 0, capacity - chunk->map.blocks);
    if (moved->sites != NULL) {
        memcpy(moved->sites, chunk->sites, chunk->map.blocks * sizeof *moved->sites);
    }
    return moved;
}

/* --- pages --- */

void pba_chunk_undiscard(pba_chunk *chunk, uint32_t first, uint32_t count, size_t page) {
    if (!chunk->any_discarded) {
        return;
    }
    const uint32_t step = pba_chunk_page_blocks(chunk, page);
    const uint32_t into = pba_chunk_into_page(chunk, first, page);
    /* A page that begins before the chunk has no tag, and is never discarded. */
    uint32_t block = into <= first ? first - into : first - into + step;
    for (; block < first + count; block += step) {
        if (pba_tag_load(&chunk->tags[block]) == PBA_TAG_DISCARDED) {
            pba_tag_store(&chunk->tags[block], 0);
        }
    }
}

void pba_chunk_forget_discarded(pba_chunk *chunk) {
    for (uint32_t block = 0; chunk->any_discarded && block < chunk->map.blocks; block++) {
        if (pba_tag_load(&chunk->tags[block]) == PBA_TAG_DISCARDED) {
            pba_tag_store(&chunk->tags[block], 0);
        }
    }
    chunk->any_discarded = false;
}

/* --- lengths --- */

void pba_chunk_write_length(pba_chunk *chunk, uint32_t first, uint32_t blocks) {
    uint8_t *const digits = &chunk->tags[first + 1];
    for (uint32_t i = 0; i < PBA_TAG_DIGITS; i++) {
        pba_tag_store(&digits[i], blocks == 0 ? 0 : pba_tag_of_digit(blocks, i));
    }
}

/* The length that the tags of a span say, or 0 if they do not. */
static uint32_t read_length(const pba_chunk *chunk, uint32_t first) {
    const uint8_t tag = pba_tag_load(&chunk->tags[first]);
    uint32_t blocks = 0;
    if ((tag == PBA_TAG_LONG || tag == PBA_TAG_WATCHED) &&
        chunk->map.blocks - first > PBA_TAG_BLOCKS) {
        const uint8_t *const digits = &chunk->tags[first + 1];
        uint8_t digit;
        for (uint32_t i = 0;
             i < PBA_TAG_DIGITS && (digit = pba_tag_load(&digits[i])) >= PBA_TAG_DIGIT; i++) {
            blocks |= (uint32_t)(digit - PBA_TAG_DIGIT) << (i * PBA_TAG_DIGIT_BITS);
        }
    }
    return blocks;
}

/* True if the map agrees that a span may be so long: it ends there, and not just before. */
static bool may_be_long(const pba_chunk *chunk, uint32_t first, uint32_t blocks) {
    return blocks > PBA_TAG_BLOCKS && blocks <= chunk->map.blocks - first &&
           pba_map_is_border(&chunk->map, first + blocks) &&
           !pba_map_is_border(&chunk->map, first + blocks - 1);
}

uint32_t pba_chunk_span_blocks(const pba_chunk *chunk, uint32_t first) {
    const uint32_t blocks = read_length(chunk, first);
    return may_be_long(chunk, first, blocks) ? blocks : pba_map_span_blocks(&chunk->map, first);
}

/* --- watching --- */

/* So many words before and behind the freed span are looked through first. */
#define CLOSE_BY 2U

/* The lowest of `starts`, blocks of a word, that is not cached. */
static uint32_t lowest_live(const pba_chunk *chunk, uint32_t word, uint64_t starts) {
    for (; starts != 0; starts &= starts - 1) {
        const uint32_t block = word * PBA_WORD_BITS + pba_bits_lowest(starts);
        if (!pba_chunk_is_cached(chunk, block)) {
            return block;
        }
    }
    return PBA_NO_BLOCK;
}

/* The highest. */
static uint32_t highest_live(const pba_chunk *chunk, uint32_t word, uint64_t starts) {
    while (starts != 0) {
        const uint32_t bit = pba_bits_highest(starts);
        if (!pba_chunk_is_cached(chunk, word * PBA_WORD_BITS + bit)) {
            return word * PBA_WORD_BITS + bit;
        }
        starts &= ~(UINT64_C(1) << bit);
    }
    return PBA_NO_BLOCK;
}

/* The lowest live span that starts in the words of [begin, end). */
static uint32_t first_live(const pba_chunk *chunk, uint32_t begin, uint32_t end) {
    uint32_t found = PBA_NO_BLOCK;
    for (uint32_t word = begin; word < end && found == PBA_NO_BLOCK; word++) {
        found = lowest_live(chunk, word, pba_map_starts_in(&chunk->map, word));
    }
    return found;
}

/* The highest; there is one. */
static uint32_t last_live(const pba_chunk *chunk, uint32_t end) {
    uint32_t found = PBA_NO_BLOCK;
    while (found == PBA_NO_BLOCK) {
        end--;
        found = highest_live(chunk, end, pba_map_starts_in(&chunk->map, end));
    }
    return found;
}

static uint32_t taken_in(const pba_map *map, uint32_t word, uint32_t end) {
    uint32_t taken = 0;
    for (; word < end; word++) {
        taken += pba_map_taken_in(map, word);
    }
    return taken;
}

static uint32_t distance(uint32_t a, uint32_t b) {
    return a < b ? b - a : a - b;
}

/* A word of the map that the number of a block leads to as if by chance: Knuth, "The Art of
 * Computer Programming", volume 3, 6.4. */
BA_WRAPS static uint32_t scattered(const pba_map *map, uint32_t block) {
    return (uint32_t)((uint64_t)(block * UINT32_C(0x9E3779B1)) * pba_map_words(map) >> 32);
}

uint32_t pba_chunk_find_live(const pba_chunk *chunk, uint32_t freed) {
    const uint32_t words = pba_map_words(&chunk->map);
    const uint32_t near = freed / PBA_WORD_BITS;
    const uint32_t low = near > CLOSE_BY ? near - CLOSE_BY : 0;
    const uint32_t high = words - near > CLOSE_BY ? near + CLOSE_BY + 1 : words;
    const uint32_t lowest = first_live(chunk, low, high);
    if (lowest != PBA_NO_BLOCK) {
        const uint32_t highest = last_live(chunk, high);
        return distance(lowest, freed) > distance(highest, freed) ? lowest : highest;
    }
    if (taken_in(&chunk->map, low, high) == chunk->map.taken) {
        return PBA_NO_BLOCK;
    }
    const uint32_t middle = scattered(&chunk->map, freed);
    const uint32_t found = first_live(chunk, middle, words);
    return found != PBA_NO_BLOCK ? found : first_live(chunk, 0, middle);
}

bool pba_chunk_has_other_live(const pba_chunk *chunk, uint32_t first) {
    const uint32_t words = pba_map_words(&chunk->map);
    uint32_t found = PBA_NO_BLOCK;
    for (uint32_t word = 0; word < words && found == PBA_NO_BLOCK; word++) {
        const uint64_t itself =
            word == first / PBA_WORD_BITS ? UINT64_C(1) << first % PBA_WORD_BITS : 0;
        found = lowest_live(chunk, word, pba_map_starts_in(&chunk->map, word) & ~itself);
    }
    return found != PBA_NO_BLOCK;
}

void pba_chunk_clear(pba_chunk *chunk) {
    pba_map_init(&chunk->map, chunk->map.words, chunk->map.blocks, chunk->map.capacity);
    memset(chunk->tags, 0, chunk->map.blocks);
    chunk->watched = PBA_NO_BLOCK;
}
