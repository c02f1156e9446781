/* The tree of the free runs in the map of a chunk, which says where the first run of n blocks is.
 *
 * It stands above the bits of the blocks: the longest free run of each word (64 blocks), then nodes
 * with a fan-out of 8 that summarize the runs of 512, 4096, 32768 ... blocks as {leading, longest,
 * trailing}, as the page allocator of Go's run-time does
 * (https://go.googlesource.com/proposal/+/master/design/35112-scaling-the-page-allocator.md).
 * Finding the first run of n and keeping the tree both cost O(log blocks), plus one step for each
 * 64 blocks of the span itself. What the tree knows is never too much: what is taken is summarized
 * at once, from the nodes above it as far up as that changes them. What becomes free is only noted,
 * and summarized when it is needed, all or a part: so that many changes to the same blocks
 * are summarized once, and no call summarizes more than a bounded part. A few nodes of the
 * lowest level that are to be summarized are noted by their numbers. Where there are more, they and
 * all above them are marked.
 *
 * It reads the bits of free blocks, and changes none: pba/engine/span_map.h does, and says so here.
 *
 * Counts and numbers of blocks are uint32_t here, and never bytes. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_ENGINE_RUN_TREE_H_
#define PBA_ENGINE_RUN_TREE_H_

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

/* The bytes that the arrays of a map for that many blocks take; at most PBA_MAP_MAX_BLOCKS. Aligned
 * as a uint64_t. */
size_t pba_map_bytes(uint32_t capacity);

/* Points the map at its arrays in pba_map_bytes(capacity) bytes, which are zeros. */
void pba_map_place_arrays(pba_map *map, void *arrays, uint32_t capacity);

/* Summarizes what has become free, below so many nodes of 512 blocks at most. Returns below how
 * many. O(nodes * log blocks). */
uint32_t pba_map_summarize(pba_map *map, uint32_t nodes);

/* Summarizes everything, whatever is known. O(capacity). */
void pba_map_summarize_all(pba_map *map);

/* Says that free blocks below the node `index` of level 1 have been taken: summarizes it, and what
 * lies above it as far as that changes it. What is marked stays so. The words that changed say so.
 */
void pba_map_note_taken(pba_map *map, uint32_t index);

/* Says that something below the node `index` of level 1 has become free. The words that changed say
 * so. */
void pba_map_note_freed(pba_map *map, uint32_t index);

/* The longest free run. */
BA_ALWAYS_INLINE uint32_t pba_map_longest(pba_map *map) {
    (void)pba_map_summarize(map, UINT32_MAX);
    return map->longest;
}

/* The number of the first block of the first free run of `count` blocks that is known, or
 * PBA_NO_BLOCK. O(log blocks). */
uint32_t pba_map_find(const pba_map *map, uint32_t count);

/* Checks the tree against the bits of free blocks. O(blocks). */
bool pba_map_runs_are_valid(const pba_map *map);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_ENGINE_RUN_TREE_H_ */
