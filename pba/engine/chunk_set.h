/* The set of chunks, in which each has a slot.
 *
 * What has room is found by the fit index, whose an address is by the address index, both over the
 * slots of the table. This changes the three together. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_ENGINE_CHUNK_SET_H_
#define PBA_ENGINE_CHUNK_SET_H_

#include <stdbool.h>
#include <stdint.h>

#include "block_allocator/internal/language.h"
#include "pba/engine/address_index.h"
#include "pba/engine/backing_account.h"
#include "pba/engine/chunk.h"
#include "pba/engine/chunk_table.h"
#include "pba/engine/fit_index.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* Makes an empty set without a table, for chunks that have mostly 1 << nominal_shift bytes. */
void pba_chunk_set_init(pba_chunk_set *set, uint32_t nominal_shift);

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

/* Checks all that must hold of the set. O(chunks). */
bool pba_chunk_set_is_valid(const pba_chunk_set *set);

/* Gives the table back; the set must be empty. */
void pba_chunk_set_release(pba_chunk_set *set, pba_backing_account *account, ba_call_site site);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_ENGINE_CHUNK_SET_H_ */
