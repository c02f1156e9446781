/* The set of chunks: which chunk has room, and which chunk does an address lie in.
 *
 * Each chunk has a slot, a small number. Placement: a tournament tree over the slots, with a
 * fan-out of 8, whose nodes hold the longest free run below them, finds the chunk with the lowest
 * slot that has a run of n, in O(log chunks) and exactly. The first slot that fits, and in it the
 * lowest block, so that chunks with higher slots run empty and can go back. As with a map, what is
 * known is never too much: chunks that have something more free are only noted, and looked at when
 * there is time, a few at once.
 *
 * Look-up: a hash table of granules. A chunk of at least 2^k and less than 2^(k+1) bytes is entered
 * on level k, once for each granule of 2^k bytes that it overlaps: one to three entries, however
 * large it is. A look-up probes each level in use; nearly all chunks of a pool have one size, so
 * that is one.
 *
 * In front of the hash table lies a direct-mapped one of places, by where chunks begin, in units of
 * the nominal chunk. As no two chunks that are so long begin in the same unit, an address in a
 * nominal chunk belongs to the chunk that begins in its own unit, and where that begins above the
 * address, or none does, in the unit before: two loads and no branch. Units far apart share a
 * place, which holds the chunk that was entered or found last; the others, and what lies far behind
 * the beginning of a long chunk, are found through the hash table, and get a place then. In front
 * of all lies the place of the only chunk, where there is one only. */
#ifndef PBA_ENGINE_CHUNK_SET_H_
#define PBA_ENGINE_CHUNK_SET_H_

#include <stddef.h>
#include <stdint.h>

#include "block_allocator/internal/language.h"
#include "pba/engine/backing_account.h"
#include "pba/engine/chunk.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* "No such slot." */
#define PBA_NO_SLOT UINT32_MAX
/* Levels of the tournament tree above the slots: enough for 2^30 of them. */
#define PBA_SET_LEVELS 10
/* Levels of the address index: one for each bit of an address. */
#define PBA_INDEX_LEVELS 64
/* Chunks on one of them are counted up to here. */
#define PBA_MANY_ON_LEVEL 15U

/* An entry of the hash table. */
typedef struct pba_index_entry {
    uint32_t granule; /* the low bits of the granule's number, to tell most strangers apart */
    uint32_t slot;    /* PBA_NO_SLOT: empty */
} pba_index_entry;

/* Where a chunk lies: all that the fast paths need of it, side by side. A place without a chunk
 * lies above all addresses and has no blocks. */
typedef struct pba_place {
    uintptr_t base;
    uint64_t blocks;
    uint8_t *tags;
    pba_chunk *chunk;
} pba_place;

/* The set. Owns its table, in which all arrays lie, not the chunks. */
typedef struct pba_chunk_set {
    pba_place one;           /* of the only chunk; none if there are more, or if it is not known */
    const pba_place *places; /* the direct-mapped table: as many as slots, and the last one also
                                before the first */
    uintptr_t place_mask;
    pba_chunk **by_slot;      /* NULL where a slot is free */
    uint32_t *longest;        /* the tree, level 0 (slots) first; the list of free slots, through
                                 the slots, lies before it */
    pba_index_entry *entries; /* the hash table */
    pba_chunk *changed;       /* the list of those whose longest run may have become longer */
    uint32_t first_free;      /* slot, or PBA_NO_SLOT */
    uint32_t used;            /* slots that were ever used: all beyond are free */
    uint32_t capacity;        /* slots */
    uint32_t count;           /* chunks */
    uint32_t entry_count;
    uint8_t levels;         /* of the tree above the slots */
    uint8_t nominal_shift;  /* the nominal chunk has 1 << nominal_shift bytes */
    uint64_t levels_in_use; /* of the address index, a bit each */
    /* Chunks on each, half a byte each. PBA_MANY_ON_LEVEL is that many or any number after it was
     * that many: such a level stays in use until the set is empty or its table grows. */
    uint8_t on_level[PBA_INDEX_LEVELS / 2];
    uint32_t level_first[PBA_SET_LEVELS + 2];
    ba_memory table;
} pba_chunk_set;

/* A table that is large enough for one more chunk, taken before anything is changed. None where the
 * present one does. */
typedef struct pba_set_growth {
    ba_memory table;
    uint32_t capacity; /* slots that the table was asked for */
} pba_set_growth;

/* Makes an empty set without a table, for chunks that have mostly 1 << nominal_shift bytes. */
void pba_chunk_set_init(pba_chunk_set *set, uint32_t nominal_shift);

/* Takes what is needed to add one more chunk, or to move one. BA_LIMIT with 2^29 slots, or an error
 * of the backing account; then nothing is taken. */
BA_MUST_USE ba_error pba_chunk_set_prepare(const pba_chunk_set *set, pba_backing_account *account,
                                           pba_set_growth *growth, ba_call_site site);

/* The same to add `more` chunks. */
BA_MUST_USE ba_error pba_chunk_set_prepare_many(const pba_chunk_set *set,
                                                pba_backing_account *account, uint32_t more,
                                                pba_set_growth *growth, ba_call_site site);

/* The bytes that pba_chunk_set_prepare() would ask for. */
size_t pba_chunk_set_growth_bytes(const pba_chunk_set *set);

/* As pba_chunk_set_prepare(), for where memory is scarce: a set without a table gets one of one
 * chunk. */
BA_MUST_USE ba_error pba_chunk_set_prepare_least(const pba_chunk_set *set,
                                                 pba_backing_account *account,
                                                 pba_set_growth *growth, ba_call_site site);

/* The bytes that it asks for. */
size_t pba_chunk_set_least_bytes(const pba_chunk_set *set);

/* Gives back what pba_chunk_set_prepare() took. */
void pba_chunk_set_cancel(pba_backing_account *account, const pba_set_growth *growth,
                          ba_call_site site);

/* Uses what pba_chunk_set_prepare() took. Cannot fail. */
void pba_chunk_set_grow(pba_chunk_set *set, pba_backing_account *account,
                        const pba_set_growth *growth, ba_call_site site);

/* Adds a chunk; there must be room. Sets its slot. */
void pba_chunk_set_add(pba_chunk_set *set, pba_chunk *chunk);

/* Takes a chunk out; its slot may be given to another. */
void pba_chunk_set_remove(pba_chunk_set *set, pba_chunk *chunk);

/* Enters a chunk's addresses, or takes them out: around a change of its base or length. */
void pba_chunk_set_enter(pba_chunk_set *set, pba_chunk *chunk);
void pba_chunk_set_withdraw(pba_chunk_set *set, pba_chunk *chunk);

/* Says that a chunk's record has moved; its addresses must not be entered at this time. */
void pba_chunk_set_replace(pba_chunk_set *set, pba_chunk *chunk);

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

/* The chunk that an address lies in, or NULL. */
pba_chunk *pba_chunk_set_find_const(const pba_chunk_set *set, uintptr_t address);

/* The same, remembering the chunk for look-ups to come. */
pba_chunk *pba_chunk_set_find_slow(pba_chunk_set *set, uintptr_t address);

/* Where the chunk probably lies that an address lies in. `nominal_shift` is that of the set.
 * Without a branch: with many chunks it is as good as random whether the chunk begins in the
 * address' unit or in the one before. */
BA_ALWAYS_INLINE const pba_place *
pba_chunk_set_find_hint(const pba_chunk_set *set, uintptr_t address, uint32_t nominal_shift) {
    const pba_place *const place = set->places + (address >> nominal_shift & set->place_mask);
    uintptr_t before = address < place->base ? 1 : 0;
#if defined(__GNUC__)
    __asm__("" : "+r"(before)); /* or gcc makes a branch of it */
#endif
    return place - before;
}

/* The same as pba_chunk_set_find_const(), faster. */
BA_ALWAYS_INLINE pba_chunk *pba_chunk_set_find(pba_chunk_set *set, uintptr_t address) {
    const pba_place *const place = pba_chunk_set_find_hint(set, address, set->nominal_shift);
    return place->chunk != NULL && pba_chunk_holds(place->chunk, address)
               ? place->chunk
               : pba_chunk_set_find_slow(set, address);
}

/* The chunk in a slot, or NULL. */
BA_ALWAYS_INLINE pba_chunk *pba_chunk_set_at(const pba_chunk_set *set, uint32_t slot) {
    return slot < set->used ? set->by_slot[slot] : NULL;
}

/* All chunks, linked through walk_next in order of their addresses. O(chunks log chunks), no
 * memory. */
pba_chunk *pba_chunk_set_sorted(const pba_chunk_set *set);

/* Checks all that must hold of the set. O(chunks). */
bool pba_chunk_set_is_valid(const pba_chunk_set *set);

/* Gives the table back; the set must be empty. */
void pba_chunk_set_release(pba_chunk_set *set, pba_backing_account *account, ba_call_site site);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_ENGINE_CHUNK_SET_H_ */
