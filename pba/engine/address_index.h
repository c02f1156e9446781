/* The address index of the set of chunks: which chunk an address lies in.
 *
 * A hash table of granules. A chunk of at least 2^k and less than 2^(k+1) bytes is entered on level
 * k, once for each granule of 2^k bytes that it overlaps: one to three entries, however large it
 * is. A look-up probes each level in use; nearly all chunks of a pool have one size, so that is
 * one.
 *
 * In front of the hash table lies a direct-mapped one of places, by where chunks begin, in units of
 * the nominal chunk. As no two chunks that are so long begin in the same unit, an address in a
 * nominal chunk belongs to the chunk that begins in its own unit, and where that begins above the
 * address, or none does, in the unit before: two loads and no branch. Units far apart share a
 * place, which holds the chunk that was entered or found last; the others, and what lies far behind
 * the beginning of a long chunk, are found through the hash table, and get a place then. In front
 * of all lies the place of the only chunk, where there is one only. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_ENGINE_ADDRESS_INDEX_H_
#define PBA_ENGINE_ADDRESS_INDEX_H_

#include <stdbool.h>
#include <stdint.h>

#include "block_allocator/internal/language.h"
#include "pba/engine/chunk_table.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

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

/* Makes the index of a set without a table, which knows no chunk. */
void pba_address_index_init(pba_chunk_set *set);

/* Makes the index of a larger table, in which no chunk is entered yet. */
void pba_address_index_clear(pba_chunk_set *set);

/* Enters a chunk's addresses, or takes them out. */
void pba_address_index_enter(pba_chunk_set *set, pba_chunk *chunk);
void pba_address_index_withdraw(pba_chunk_set *set, const pba_chunk *chunk);

/* Checks the hash table, the levels and the places; the slots must be valid. O(chunks). */
bool pba_address_index_is_valid(const pba_chunk_set *set);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_ENGINE_ADDRESS_INDEX_H_ */
