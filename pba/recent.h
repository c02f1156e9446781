/* The span cache: most frees are soon followed by an allocation of the same length, so short spans
 * are kept here before they are coalesced with their neighbours.
 *
 * For each length from 1 to 63 blocks a last-in first-out list of entries, kept apart from payload.
 * An entry says where a span is and where its tag, so that whoever takes it need not look for its
 * chunk. The lists know nothing of chunks and maps: whether an entry still stands for a span of its
 * length is for the pool to know (pba/pool_place.h). Where that has become doubtful, all entries
 * that there are are marked so at once; no allocation and no free searches a list. */
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
#define PBA_RECENT_BLOCKS 63U
/* Entries of each list that are part of the pool: of spans of at most PBA_RECENT_SHORT blocks, and
 * of longer ones. */
#define PBA_RECENT_SHORT 16U
#define PBA_RECENT_FIRST 8U
#define PBA_RECENT_FIRST_LONG 2U
/* The most bytes of all lists together that are not part of the pool. */
#define PBA_RECENT_MOST_BYTES 524288U

/* One more list than there are lengths: that of spans without blocks never has an entry nor room
 * for one, so that the short ways need not ask for such lengths. */
#define PBA_RECENT_LISTS (PBA_RECENT_BLOCKS + 1)

/* A cached span. */
typedef struct pba_recent_entry {
    void *address;
    uint8_t *tag; /* nothing where the store is trusted */
} pba_recent_entry;

/* The store: for each length a list, which grows upwards. Owns the grants of its lists. Must not
 * move once it is made. */
typedef struct pba_recent {
    pba_recent_entry *top[PBA_RECENT_LISTS];    /* behind the youngest entry */
    pba_recent_entry *sure[PBA_RECENT_LISTS];   /* entries from here on are certain, those below are
                                                   doubtful */
    pba_recent_entry *end[PBA_RECENT_LISTS];    /* behind the last place */
    pba_recent_entry *bottom[PBA_RECENT_LISTS]; /* the first place */
    ba_memory grants[PBA_RECENT_LISTS];         /* none while the entries are part of the pool */
    size_t granted;                             /* bytes of all grants */
    bool was_full[PBA_RECENT_LISTS];            /* since the list was made or last grew */
    pba_recent_entry first[PBA_RECENT_SHORT * PBA_RECENT_FIRST +
                           (PBA_RECENT_BLOCKS - PBA_RECENT_SHORT) * PBA_RECENT_FIRST_LONG];
} pba_recent;

/* Makes an empty store at the place where it will stay. */
void pba_recent_init(pba_recent *recent);

/* Makes as much of a store as there is while no span may go the short ways: the list of spans
 * without blocks, which may move. */
BA_ALWAYS_INLINE void pba_recent_init_none(pba_recent *recent) {
    recent->top[0] = NULL;
    recent->sure[0] = NULL;
    recent->end[0] = NULL;
    recent->bottom[0] = NULL;
}

/* True if spans of so many blocks are kept. */
BA_WRAPS BA_ALWAYS_INLINE bool pba_recent_keeps(uint32_t blocks) {
    return blocks - 1 < PBA_RECENT_BLOCKS;
}

BA_ALWAYS_INLINE bool pba_recent_is_empty(const pba_recent *recent, uint32_t blocks) {
    return recent->top[blocks] == recent->bottom[blocks];
}
/* True if the youngest entry, if any, is doubtful. */
BA_ALWAYS_INLINE bool pba_recent_is_doubtful(const pba_recent *recent, uint32_t blocks) {
    return recent->top[blocks] == recent->sure[blocks];
}
BA_ALWAYS_INLINE bool pba_recent_is_full(const pba_recent *recent, uint32_t blocks) {
    return recent->top[blocks] == recent->end[blocks];
}

/* The entries on a list, those of them that are certain, and how many more there is room for. */
BA_ALWAYS_INLINE size_t pba_recent_count(const pba_recent *recent, uint32_t blocks) {
    return (size_t)(recent->top[blocks] - recent->bottom[blocks]);
}
BA_ALWAYS_INLINE size_t pba_recent_certain(const pba_recent *recent, uint32_t blocks) {
    return (size_t)(recent->top[blocks] - recent->sure[blocks]);
}
BA_ALWAYS_INLINE size_t pba_recent_room(const pba_recent *recent, uint32_t blocks) {
    return (size_t)(recent->end[blocks] - recent->top[blocks]);
}

/* Takes the youngest entry off a list that is not empty; it is the span's address. */
BA_ALWAYS_INLINE void *pba_recent_pop(pba_recent *recent, uint32_t blocks) {
    recent->sure[blocks] -= pba_recent_is_doubtful(recent, blocks) ? 1 : 0;
    return (--recent->top[blocks])->address;
}

/* Puts an entry on a list that is not full. */
BA_ALWAYS_INLINE void pba_recent_push(pba_recent *recent, uint32_t blocks, void *address,
                                      uint8_t *tag) {
    pba_recent_entry *const entry = recent->top[blocks]++;
    entry->address = address;
    entry->tag = tag;
}

/* Says that every entry that there is has become doubtful. */
void pba_recent_doubt(pba_recent *recent);

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
