/* The fit index of the set of chunks: which chunk has a run of n free blocks.
 *
 * A tournament tree over the slots, with a fan-out of 8, whose nodes hold the longest free run
 * below them, finds the chunk with the lowest slot that has a run of n, in O(log chunks) and
 * exactly. The first slot that fits, and in it the lowest block, so that chunks with higher slots
 * run empty and can go back. As with a map, what is known is never too much: chunks that have
 * something more free are only noted, and looked at when there is time, a few at once. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_ENGINE_FIT_INDEX_H_
#define PBA_ENGINE_FIT_INDEX_H_

#include <stdbool.h>
#include <stdint.h>

#include "block_allocator/internal/language.h"
#include "pba/engine/chunk_table.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* Says that blocks of a chunk have become free. */
BA_ALWAYS_INLINE void pba_chunk_set_freed(pba_chunk_set *set, pba_chunk *chunk) {
    if (!chunk->changed) {
        chunk->changed = true;
        chunk->changed_previous = NULL;
        chunk->changed_next = set->changed;
        if (set->changed != NULL) {
            set->changed->changed_previous = chunk;
        }
        set->changed = chunk;
    }
}

/* Says that blocks of a chunk have been taken: the longest run that its map knows may be shorter.
 */
void pba_chunk_set_taken(pba_chunk_set *set, const pba_chunk *chunk);

/* Summarizes what has become free, in so many steps at most, of a chunk or of 512 blocks each. */
void pba_chunk_set_summarize(pba_chunk_set *set, uint32_t steps);

/* The first chunk from a slot on that is known to have a free run of `count` blocks, or NULL. */
pba_chunk *pba_chunk_set_first_fit(const pba_chunk_set *set, uint32_t count, uint32_t from);

/* The longest free run of all. Summarizes all. */
uint32_t pba_chunk_set_longest(pba_chunk_set *set);

/* Makes the tree of a larger table, whose slots have these longest runs so far. */
void pba_fit_index_build(pba_chunk_set *set, const uint32_t *longest);

/* Forgets that a chunk has changed, so that nothing but its slot leads to it. */
void pba_fit_index_forget(pba_chunk_set *set, pba_chunk *chunk);

/* Says that a slot has no free run, for no chunk is in it any more. */
void pba_fit_index_remove(pba_chunk_set *set, uint32_t slot);

/* Checks the tree, and what it knows of each chunk; the slots must be valid. O(chunks). */
bool pba_fit_index_is_valid(const pba_chunk_set *set);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_ENGINE_FIT_INDEX_H_ */
