/* The table of the set of chunks: the memory in which all that the set knows lies.
 *
 * Each chunk has a slot, a small number. The arrays of the slots, of the tournament tree
 * (pba/engine/fit_index.h) and of the address index (pba/engine/address_index.h) lie one after the
 * other in one grant of the backing. A larger one is taken before anything is changed, and used
 * then. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_ENGINE_CHUNK_TABLE_H_
#define PBA_ENGINE_CHUNK_TABLE_H_

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
/* Children of a node of the tournament tree. */
#define PBA_SET_FAN_OUT 8U
/* Levels of the tournament tree above the slots: enough for 2^30 of them. */
#define PBA_SET_LEVELS 10
/* Levels of the address index: one for each bit of an address. */
#define PBA_INDEX_LEVELS 64
/* Its entries for each slot, and for just one. */
#define PBA_INDEX_ENTRIES_A_SLOT 4U
#define PBA_INDEX_ENTRIES_OF_ONE 8U
/* Chunks on one of its levels are counted up to here. */
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

/* No place: that of a unit in which no chunk is known. */
BA_ALWAYS_INLINE pba_place pba_place_none(void) {
    pba_place place;
    place.base = UINTPTR_MAX;
    place.blocks = 0;
    place.tags = BA_NULL_;
    place.chunk = BA_NULL_;
    return place;
}

/* The entries of the hash table of so many slots, a power of two, if there are any. */
BA_ALWAYS_INLINE uint32_t pba_chunk_table_entries_for(uint32_t capacity) {
    return capacity == 1 ? PBA_INDEX_ENTRIES_OF_ONE : PBA_INDEX_ENTRIES_A_SLOT * capacity;
}

/* The same of a set. */
BA_ALWAYS_INLINE uint32_t pba_chunk_table_entries(const pba_chunk_set *set) {
    return pba_chunk_table_entries_for(set->capacity);
}

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

/* Points the set at the arrays in a table that was prepared, which has none of their contents yet:
 * as many slots as the grant has room for. */
void pba_chunk_table_place(pba_chunk_set *set, const pba_set_growth *growth);

/* The list of free slots, through the slots. */
BA_ALWAYS_INLINE uint32_t *pba_chunk_table_next_free(const pba_chunk_set *set) {
    return set->longest - set->capacity;
}

/* The chunk in a slot, or NULL. */
BA_ALWAYS_INLINE pba_chunk *pba_chunk_set_at(const pba_chunk_set *set, uint32_t slot) {
    return slot < set->used ? set->by_slot[slot] : NULL;
}

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_ENGINE_CHUNK_TABLE_H_ */
