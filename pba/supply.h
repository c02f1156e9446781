/* The supply: what a pool takes from its backing, for payload and for bookkeeping, counted against
 * its byte limit. Remembers nothing of single grants: whoever takes one keeps it and gives exactly
 * it back. */
#ifndef PBA_SUPPLY_H_
#define PBA_SUPPLY_H_

#include <stdbool.h>
#include <stddef.h>

#include "block_allocator/allocator.h"
#include "block_allocator/block_allocator.h"
#include "block_allocator/language.h"
#include "block_allocator/typed.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* The state. Borrows both allocators. */
typedef struct pba_supply {
    ba_either payload; /* exact: chunks have the length asked for; whole: all that was granted */
    ba_block_allocator bookkeeping;
    size_t limit;             /* bytes that may be taken, SIZE_MAX for no limit */
    size_t payload_bytes;     /* taken now */
    size_t bookkeeping_bytes; /* taken now */
    size_t requests;          /* calls to the backings that may fail, ever */
    size_t failures;          /* how many of them failed */
} pba_supply;

/* The alignment of all bookkeeping. */
BA_ALWAYS_INLINE ba_alignment pba_bookkeeping_alignment(void) {
    return ba_align_of(max_align_t);
}

/* The bytes that may still be taken under the limit. */
BA_ALWAYS_INLINE size_t pba_supply_left(const pba_supply *supply) {
    const size_t taken = supply->payload_bytes + supply->bookkeeping_bytes;
    return supply->limit > taken ? supply->limit - taken : 0;
}

/* Takes a chunk of at least `length`; BA_LIMIT if the limit forbids it, else what the backing says.
 * A whole grant that passes the limit goes straight back. */
BA_MUST_USE ba_memory pba_supply_take_chunk(pba_supply *supply, ba_length length,
                                            ba_alignment alignment, ba_call_site site);

/* Gives a chunk back. */
void pba_supply_return_chunk(pba_supply *supply, ba_memory grant, ba_alignment alignment,
                             ba_call_site site);

/* Makes a chunk longer in place, to at least `minimum`, towards `wanted`; returns all that it has
 * now. */
BA_MUST_USE ba_length_result pba_supply_grow_chunk(pba_supply *supply, ba_memory grant,
                                                   ba_alignment alignment, ba_length minimum,
                                                   ba_length wanted, ba_call_site site);

/* Makes a chunk longer or shorter by moving its pages. */
BA_MUST_USE ba_memory pba_supply_remap_chunk(pba_supply *supply, ba_memory grant,
                                             ba_alignment alignment, ba_length minimum,
                                             ba_call_site site);

/* Takes bookkeeping of at least `length`; the whole grant may be used. Errors as above. */
BA_MUST_USE ba_memory pba_supply_take_bookkeeping(pba_supply *supply, ba_length length,
                                                  ba_call_site site);

/* Gives bookkeeping back; none is nothing to do. */
void pba_supply_return_bookkeeping(pba_supply *supply, ba_memory grant, ba_call_site site);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_SUPPLY_H_ */
