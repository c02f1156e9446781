/* Recently freed spans: most frees are soon followed by an allocation of the same length, so short
 * spans are kept here before they are merged with their neighbours.
 *
 * For each length from 1 to 16 blocks a last-in first-out list of addresses, kept apart from
 * payload. The lists know nothing of chunks and maps: whether an entry still stands for a span of
 * its length is for the pool to know (pba/pool_place.h). Where that has become doubtful, all
 * entries that there are are marked so at once; no allocation and no free searches a list. */
#ifndef PBA_RECENT_H_
#define PBA_RECENT_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "block_allocator/language.h"
#include "pba/supply.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* The longest span that is kept, in blocks. */
#define PBA_RECENT_BLOCKS 16U
/* Entries of each list that are part of the pool. */
#define PBA_RECENT_FIRST 8U
/* The most bytes of all lists together that are not part of the pool. */
#define PBA_RECENT_MOST_BYTES 262144U

/* One list, which grows upwards. */
typedef struct pba_recent_list {
    void **top;  /* behind the youngest entry */
    void **sure; /* entries from here on are certain, those below are doubtful */
    void **end;
    void **bottom;
} pba_recent_list;

/* The store. Owns the grants of its lists. Must not move once it is made. */
typedef struct pba_recent {
    pba_recent_list lists[PBA_RECENT_BLOCKS];
    ba_memory grants[PBA_RECENT_BLOCKS]; /* none while the entries are part of the pool */
    size_t granted;                      /* bytes of all grants */
    bool was_full[PBA_RECENT_BLOCKS];    /* since the list was made or last grew */
    void *first[PBA_RECENT_BLOCKS][PBA_RECENT_FIRST];
} pba_recent;

/* Makes an empty store at the place where it will stay. A store of zeros has no room, but is empty
 * and full in every other respect. */
void pba_recent_init(pba_recent *recent);

/* The list for spans of `blocks`, or NULL if such are not kept. */
BA_ALWAYS_INLINE pba_recent_list *pba_recent_list_for(pba_recent *recent, uint32_t blocks) {
    return blocks - 1 < PBA_RECENT_BLOCKS ? &recent->lists[blocks - 1] : NULL;
}

BA_ALWAYS_INLINE bool pba_recent_is_empty(const pba_recent_list *list) {
    return list->top == list->bottom;
}
/* True if the youngest entry, if any, is doubtful. */
BA_ALWAYS_INLINE bool pba_recent_is_doubtful(const pba_recent_list *list) {
    return list->top == list->sure;
}
BA_ALWAYS_INLINE bool pba_recent_is_full(const pba_recent_list *list) {
    return list->top == list->end;
}

/* The entries on a list. */
BA_ALWAYS_INLINE size_t pba_recent_count(const pba_recent_list *list) {
    return (size_t)(list->top - list->bottom);
}

/* The youngest entry of a list that is not empty. */
BA_ALWAYS_INLINE void *pba_recent_youngest(const pba_recent_list *list) {
    return list->top[-1];
}

/* Takes the youngest entry off a list on which it is certain. */
BA_ALWAYS_INLINE void pba_recent_pop(pba_recent_list *list) {
    list->top--;
}

/* Takes the youngest entry off a list that is not empty. */
BA_ALWAYS_INLINE void pba_recent_pop_any(pba_recent_list *list) {
    list->sure -= pba_recent_is_doubtful(list) ? 1 : 0;
    list->top--;
}

/* Puts an entry on a list that is not full. */
BA_ALWAYS_INLINE void pba_recent_push(pba_recent_list *list, void *address) {
    *list->top++ = address;
}

/* Says that every entry that there is has become doubtful. */
void pba_recent_doubt(pba_recent *recent);

/* True if an address is on the list. O(entries). */
bool pba_recent_holds(const pba_recent_list *list, const void *address);

/* Makes the list for spans of `blocks` longer if it was full, and if the store then takes no more
 * than `most_bytes`, nor PBA_RECENT_MOST_BYTES. A refusal is nothing but a list that stays as it
 * is.
 */
void pba_recent_grow(pba_recent *recent, uint32_t blocks, pba_supply *supply, size_t most_bytes,
                     ba_call_site site);

/* Gives all grants back; the store is empty then. */
void pba_recent_release(pba_recent *recent, pba_supply *supply, ba_call_site site);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_RECENT_H_ */
