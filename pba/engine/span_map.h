/* The span map: which blocks of one chunk belong to which span. The pure part of the engine: it
 * knows blocks by their numbers only, never an address, never payload, no policy.
 *
 * Two bits a block, side by side:
 *
 *     free  start
 *       0     1     the first block of a span
 *       0     0     another block of a span
 *       1     0     a free block
 *
 * So a span ends where the next block has either bit, and coalescing is implicit. Whether a span is
 * a caller's or cached is not told here, but by its tag (pba/engine/chunk.h): the map changes only when
 * spans are cut or coalesced. Behind the last block stands a sentinel, the start of a span that is
 * not there, so that the end of the last one is found without asking where the map ends.
 *
 * Above the bits, the longest free run of each word (64 blocks), and a tree with a fan-out of 8
 * whose nodes summarize the runs of 512, 4096, 32768 ... blocks as {leading, longest, trailing}, as
 * the page allocator of Go's run-time does
 * (https://go.googlesource.com/proposal/+/master/design/35112-scaling-the-page-allocator.md).
 * Finding the first run of n and keeping the tree both cost O(log blocks), plus one step for each
 * 64 blocks of the span itself. What the tree knows is never too much: what is taken is summarized
 * at once, from the nodes above it as far up as that changes them. What becomes free is only noted,
 * and summarized when it is needed, all or a part: so that many changes to the same blocks
 * are summarized once, and no call summarizes more than a bounded part. A few nodes of the
 * lowest level that are to be summarized are noted by their numbers. Where there are more, they and
 * all above them are marked.
 *
 * Counts and numbers of blocks are uint32_t here, and never bytes. */
#ifndef PBA_ENGINE_SPAN_MAP_H_
#define PBA_ENGINE_SPAN_MAP_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "block_allocator/internal/language.h"
#include "pba/engine/bits.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* "No such block." Outside the legal range of numbers: a map has at most PBA_MAP_MAX_BLOCKS. */
#define PBA_NO_BLOCK UINT32_MAX
#define PBA_MAP_MAX_BLOCKS ((UINT32_C(1) << 31) - PBA_WORD_BITS)

/* Levels of the tree above the words: enough for the largest map. */
#define PBA_MAP_LEVELS 9
/* Children of a node. */
#define PBA_MAP_FAN_OUT 8U
/* So many changed nodes are noted by their numbers. */
#define PBA_MAP_NOTED 4U
/* In the place of a word's longest run: it has to be found anew. */
#define PBA_MAP_CHANGED UINT8_MAX

/* 64 blocks. */
typedef struct pba_map_word {
    uint64_t free;
    uint64_t start;
} pba_map_word;

/* The free runs of a stretch of blocks. */
typedef struct pba_map_runs {
    uint32_t leading; /* free blocks it begins with */
    uint32_t
        longest; /* the longest run in it; the top bit marks a node that must be summarized again */
    uint32_t trailing; /* free blocks it ends with */
} pba_map_runs;

/* A map. Lives in memory of its owner, as its three arrays do (pba_map_bytes()). */
typedef struct pba_map {
    pba_map_word *words;   /* and one more: the sentinel may be in it */
    pba_map_runs *nodes;   /* level 1 first, then level 2 ... */
    uint8_t *word_longest; /* the longest free run within each word, or PBA_MAP_CHANGED */
    uint32_t blocks;       /* in the map */
    uint32_t capacity;     /* blocks that the arrays have room for */
    uint32_t taken;        /* blocks of spans */
    uint32_t longest;      /* the longest free run that is known */
    uint32_t level_first[PBA_MAP_LEVELS + 2]; /* where each level begins in `nodes` */
    uint32_t noted[PBA_MAP_NOTED];            /* nodes of level 1 to be summarized */
    uint8_t noted_count;                      /* 0: all is summarized; PBA_MAP_NOTED + 1: what has
                                                 changed is marked instead */
    uint8_t levels;                           /* levels of nodes, 0 for a map of one word */
} pba_map;

/* What a block is. */
typedef enum pba_block_state {
    PBA_BLOCK_FREE,
    PBA_BLOCK_START,
    PBA_BLOCK_INSIDE, /* of a span */
} pba_block_state;

/* The bytes that the arrays of a map for that many blocks take; at most PBA_MAP_MAX_BLOCKS. Aligned
 * as a uint64_t. */
size_t pba_map_bytes(uint32_t capacity);

/* Makes a map of `blocks` free blocks, with room for `capacity`, in pba_map_bytes(capacity) bytes
 * of the caller. */
void pba_map_init(pba_map *map, void *arrays, uint32_t blocks, uint32_t capacity);

/* Moves the map into larger arrays, in pba_map_bytes(capacity) bytes of the caller; the old ones
 * are not needed any more. */
void pba_map_move(pba_map *map, void *arrays, uint32_t capacity);

/* Summarizes what has become free, below so many nodes of 512 blocks at most. Returns below how
 * many. O(nodes * log blocks). */
uint32_t pba_map_summarize(pba_map *map, uint32_t nodes);

/* Adds free blocks at the end; blocks + more is at most the capacity. */
void pba_map_extend(pba_map *map, uint32_t more);

/* Removes free blocks from the end, fewer than there are. */
void pba_map_shorten(pba_map *map, uint32_t fewer);

/* The free blocks at the end. One step for each 64 of them. */
uint32_t pba_map_free_at_end(const pba_map *map);

/* The number of the first block of the first free run of `count` blocks that is known, or
 * PBA_NO_BLOCK. O(log blocks). */
uint32_t pba_map_find(const pba_map *map, uint32_t count);

/* Which blocks a span may start at: those whose number plus `offset` is a multiple of `multiple`, a
 * power of two. */
typedef struct pba_map_alignment {
    uint32_t multiple;
    uint32_t offset;
} pba_map_alignment;

/* The first block at `block` or behind it at which a span may start. */
BA_WRAPS BA_ALWAYS_INLINE uint32_t pba_map_align(pba_map_alignment alignment, uint32_t block) {
    return block + ((0U - (block + alignment.offset)) & (alignment.multiple - 1));
}

/* The first run of `count` free blocks that starts at such a block in one of the words of [word,
 * end), or PBA_NO_BLOCK. O(end - word + runs). */
uint32_t pba_map_find_aligned(const pba_map *map, uint32_t count, pba_map_alignment alignment,
                              uint32_t word, uint32_t end);

/* Makes free blocks a span. They must be free. */
void pba_map_take(pba_map *map, uint32_t first, uint32_t count);

/* Makes a span free blocks, merged with their neighbours. It must be a span of `count` blocks. */
void pba_map_release(pba_map *map, uint32_t first, uint32_t count);

/* Makes a span longer by free blocks behind it, which must be free. */
void pba_map_lengthen(pba_map *map, uint32_t first, uint32_t count, uint32_t more);

/* Cuts blocks off a span's end: they become a span of their own. */
void pba_map_split(pba_map *map, uint32_t first, uint32_t count);

/* Cuts spans of `count` blocks, at most 64, that start where they may, out of the free runs of one
 * word, at most `most` of them. Stores where they start, the highest first; returns how many. */
uint32_t pba_map_refill(pba_map *map, uint32_t word, uint32_t count, pba_map_alignment alignment,
                        uint32_t most, uint32_t starts[PBA_WORD_BITS]);

/* What a block is. */
BA_ALWAYS_INLINE pba_block_state pba_map_state(const pba_map *map, uint32_t block) {
    const pba_map_word *const word = &map->words[block / PBA_WORD_BITS];
    const uint32_t bit = block % PBA_WORD_BITS;
    if ((word->start >> bit & 1) != 0) {
        return PBA_BLOCK_START;
    }
    return (word->free >> bit & 1) != 0 ? PBA_BLOCK_FREE : PBA_BLOCK_INSIDE;
}

/* True if a span before the block would end there: it is free, or starts a span, or is the first
 * one behind the map's end. */
BA_ALWAYS_INLINE bool pba_map_is_border(const pba_map *map, uint32_t block) {
    const pba_map_word *const word = &map->words[block / PBA_WORD_BITS];
    return ((word->start | word->free) >> block % PBA_WORD_BITS & 1) != 0;
}

/* How many words have blocks. */
BA_ALWAYS_INLINE uint32_t pba_map_words(const pba_map *map) {
    return map->blocks / PBA_WORD_BITS + (map->blocks % PBA_WORD_BITS != 0 ? 1 : 0);
}

/* The blocks of a word, a bit each: 64 but in the last word. */
BA_ALWAYS_INLINE uint64_t pba_map_blocks_of_word(const pba_map *map, uint32_t word) {
    const uint32_t left = map->blocks - word * PBA_WORD_BITS;
    return left < PBA_WORD_BITS ? pba_bits_mask(0, left) : UINT64_MAX;
}

/* Those of them at which a span starts. */
BA_ALWAYS_INLINE uint64_t pba_map_starts_in(const pba_map *map, uint32_t word) {
    return map->words[word].start & pba_map_blocks_of_word(map, word);
}

/* How many of them are no free ones. */
BA_ALWAYS_INLINE uint32_t pba_map_taken_in(const pba_map *map, uint32_t word) {
    return pba_bits_count(pba_map_blocks_of_word(map, word) & ~map->words[word].free);
}

/* The blocks of the span that starts at `first`. One step for each 64 blocks. */
uint32_t pba_map_span_blocks(const pba_map *map, uint32_t first);

/* The first block of the span that a block lies in. One step for each 64 blocks. */
uint32_t pba_map_span_start(const pba_map *map, uint32_t block);

/* How many free blocks lie at `first` and behind it, at most `limit`. */
uint32_t pba_map_free_run(const pba_map *map, uint32_t first, uint32_t limit);

/* Checks everything that must hold of a map: bits, counts, and the tree against the bits.
 * O(blocks). */
bool pba_map_is_valid(const pba_map *map);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_ENGINE_SPAN_MAP_H_ */
