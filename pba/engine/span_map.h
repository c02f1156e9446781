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
 * a caller's or cached is not told here, but by its tag (pba/engine/chunk.h): the map changes only
 * when spans are cut or coalesced. Behind the last block stands a sentinel, the start of a span
 * that is not there, so that the end of the last one is found without asking where the map ends.
 * Runs of free blocks are found by the tree above the bits (pba/engine/run_tree.h). */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_ENGINE_SPAN_MAP_H_
#define PBA_ENGINE_SPAN_MAP_H_

#include <stdbool.h>
#include <stdint.h>

#include "block_allocator/internal/language.h"
#include "pba/engine/bits.h"
#include "pba/engine/run_tree.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* What a block is. */
typedef enum pba_block_state {
    PBA_BLOCK_FREE,
    PBA_BLOCK_START,
    PBA_BLOCK_INSIDE, /* of a span */
} pba_block_state;

/* Makes a map of `blocks` free blocks, with room for `capacity`, in pba_map_bytes(capacity) bytes
 * of the caller. */
void pba_map_init(pba_map *map, void *arrays, uint32_t blocks, uint32_t capacity);

/* Moves the map into larger arrays, in pba_map_bytes(capacity) bytes of the caller; the old ones
 * are not needed any more. */
void pba_map_move(pba_map *map, void *arrays, uint32_t capacity);

/* Adds free blocks at the end; blocks + more is at most the capacity. */
void pba_map_extend(pba_map *map, uint32_t more);

/* Removes free blocks from the end, fewer than there are. */
void pba_map_shorten(pba_map *map, uint32_t fewer);

/* The free blocks at the end. One step for each 64 of them. */
uint32_t pba_map_free_at_end(const pba_map *map);

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
