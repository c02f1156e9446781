/* The supply: what a pool takes from its backing, for payload and for bookkeeping, counted against
 * its byte limit. A backing grants whole blocks of its own, so what a grant will be is known before
 * it is asked for: nothing is taken that would pass the limit. Remembers nothing of single grants:
 * whoever takes one keeps it and gives exactly it back. */
#ifndef PBA_SUPPLY_H_
#define PBA_SUPPLY_H_

#include <stdbool.h>
#include <stddef.h>

#include "block_allocator/block_allocator.h"
#include "block_allocator/language.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* What is out in a pool's grants to other pools. */
typedef struct pba_lent {
    size_t grants;
    size_t bytes;
} pba_lent;

/* The state. Borrows both allocators. */
typedef struct pba_supply {
    ba_block_allocator payload;
    ba_block_allocator bookkeeping;
    size_t limit;             /* bytes that may be taken, SIZE_MAX for no limit */
    size_t payload_bytes;     /* taken now */
    size_t bookkeeping_bytes; /* taken now */
    pba_lent *payload_lender; /* where the backing counts what it lends, or NULL: no pool */
    pba_lent *bookkeeping_lender;
    size_t requests; /* calls to the backings that may fail, ever */
    size_t failures; /* how many of them failed */
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

/* The block size of the payload's backing. */
BA_ALWAYS_INLINE size_t pba_supply_payload_unit(const pba_supply *supply) {
    return ba_block_allocator_block_size(supply->payload).bytes;
}

/* What is given back inside of a chunk, in pieces of so many bytes: blocks of the backing, which
 * are pages if that is the system; but no more than a usual page, for where the backing is a pool
 * its blocks may have many. */
BA_ALWAYS_INLINE size_t pba_supply_page(const pba_supply *supply) {
    const size_t unit = pba_supply_payload_unit(supply);
    return unit < 4096 ? unit : 4096;
}

/* What taking `bytes` of bookkeeping takes: whole blocks of its backing; SIZE_MAX if no size_t can
 * hold it. */
size_t pba_supply_bookkeeping_grant(const pba_supply *supply, size_t bytes);

/* Takes a chunk of at least `length`, all that is granted; BA_LIMIT if the limit forbids that, and
 * then the backing is not asked, else what the backing says. */
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

/* Makes a chunk shorter in place; returns all that it has now. Cannot fail. */
ba_length pba_supply_shrink_chunk(pba_supply *supply, ba_memory grant, ba_alignment alignment,
                                  ba_length length, ba_call_site site);

/* True if the backing has an operation that moves pages. */
BA_ALWAYS_INLINE bool pba_supply_can_remap(const pba_supply *supply) {
    return BA_HAS_OPERATION(ba_block_allocator_operations_(supply->payload), remap);
}

/* True if the backing lets what it gave last grow in place as far as it has memory. */
BA_ALWAYS_INLINE bool pba_supply_lets_grow(const pba_supply *supply) {
    return BA_HAS_OPERATION(ba_block_allocator_operations_(supply->payload), alloc_aside);
}

/* True if what bookkeeping takes of its backing is missing where memory grows in place. */
BA_ALWAYS_INLINE bool pba_supply_sets_aside(const pba_supply *supply) {
    return BA_HAS_OPERATION(ba_block_allocator_operations_(supply->bookkeeping), alloc_aside);
}

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
