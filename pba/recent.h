/* Recently freed spans: most frees are soon followed by an allocation of the same length, so short
 * spans are parked here before they are merged with their neighbours.
 *
 * For each length from 1 to 16 blocks a last-in first-out list of places (slot of the chunk, first
 * block), kept apart from payload. An entry is only a hint: the truth is in the span map, where the
 * span is marked as parked. An entry whose span is not parked any more, because it was merged, or
 * because its chunk went back and its slot went to another, is passed over when it is popped. So
 * nothing ever searches a list. */
#ifndef PBA_RECENT_H_
#define PBA_RECENT_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pba/chunk_set.h"
#include "pba/supply.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The longest span that is parked, in blocks. */
#define PBA_RECENT_BLOCKS 16U
/* Entries of each list that are part of the pool. */
#define PBA_RECENT_FIRST 8U
/* The most entries of a list. With 16 lists the store takes at most 192 KiB. */
#define PBA_RECENT_MOST 1536U

/* Where a parked span is. */
typedef struct pba_place {
    uint32_t slot;
    uint32_t block;
} pba_place;

/* One list. */
typedef struct pba_recent_list {
    pba_place *entries;
    uint32_t count;
    uint32_t capacity;
    bool was_full;   /* since it was made or last grew */
    ba_memory grant; /* none while the entries are part of the pool */
} pba_recent_list;

/* The store. Owns the grants of its lists. Must not move once it holds an entry. */
typedef struct pba_recent {
    pba_recent_list lists[PBA_RECENT_BLOCKS];
    pba_place first[PBA_RECENT_BLOCKS][PBA_RECENT_FIRST];
} pba_recent;

/* Makes an empty store at the place where it will stay. */
void pba_recent_init(pba_recent *recent);

/* The list for spans of `blocks`, or NULL if such are not parked. */
BA_ALWAYS_INLINE pba_recent_list *pba_recent_list_for(pba_recent *recent, uint32_t blocks) {
    return blocks - 1 < PBA_RECENT_BLOCKS ? &recent->lists[blocks - 1] : NULL;
}

/* The chunk of a place if a span of that many blocks is parked there, else NULL: the entry is
 * stale. */
BA_ALWAYS_INLINE pba_chunk *pba_recent_chunk_of(const pba_chunk_set *set, pba_place place,
                                                uint32_t blocks) {
    pba_chunk *const chunk = pba_chunk_set_at(set, place.slot);
    return chunk != NULL && place.block < chunk->map.blocks &&
                   pba_map_state(&chunk->map, place.block) == PBA_BLOCK_PARKED_START &&
                   pba_map_span_is(&chunk->map, place.block, blocks)
               ? chunk
               : NULL;
}

/* Takes the youngest parked span of `blocks` and makes it live; false if there is none. */
bool pba_recent_pop(pba_recent *recent, const pba_chunk_set *set, uint32_t blocks,
                    pba_place *place);

/* Makes all spans on a list free blocks, merged with their neighbours, and empties it. */
void pba_recent_flush(pba_recent_list *list, pba_chunk_set *set, uint32_t blocks);

/* The same for all lists. */
void pba_recent_flush_all(pba_recent *recent, pba_chunk_set *set);

/* Makes a list longer if it was full and `most_bytes` allow. A refusal is nothing but a list that
 * stays as it is. */
void pba_recent_grow(pba_recent_list *list, pba_supply *supply, size_t most_bytes,
                     ba_call_site site);

/* Gives all grants back; the store is empty then. */
void pba_recent_release(pba_recent *recent, pba_supply *supply, ba_call_site site);

#ifdef __cplusplus
}
#endif

#endif /* PBA_RECENT_H_ */
