/* The backing account: what a pool takes from its backing, counted against its byte limit. It
 * counts payload, metadata and requests. A backing grants whole blocks of its own, so what a grant
 * will be is known before it is asked for: nothing is taken that would pass the limit. Remembers
 * nothing of single grants: the taker keeps it and gives exactly it back. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_ENGINE_BACKING_ACCOUNT_H_
#define PBA_ENGINE_BACKING_ACCOUNT_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "block_allocator/block_allocator.h"
#include "block_allocator/internal/language.h"
#include "block_allocator/lock/lock.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* What is out in a pool's grants to other pools. Other threads than the pool's own count here, each
 * with the lock held that guards the pool, if one does. */
typedef struct pba_lent {
    size_t bytes;
    uint32_t grants;
    uint32_t lock_before; /* so many bytes before this lies the ba_lock; 0: there is none */
} pba_lent;

/* That lock, or one of zeros. */
BA_ALWAYS_INLINE ba_lock pba_lent_lock(const pba_lent *lent) {
    if (lent->lock_before == 0) {
        ba_lock none;
        none.lock = NULL;
        none.unlock = NULL;
        none.context = NULL;
        return none;
    }
    return *(const ba_lock *)(const void *)((const unsigned char *)lent - lent->lock_before);
}

/* The state. Borrows both allocators. */
typedef struct pba_backing_account {
    ba_block_allocator payload;
    ba_block_allocator metadata;
    size_t limit;             /* bytes that may be taken, SIZE_MAX for no limit */
    size_t payload_bytes;     /* taken now */
    size_t metadata_bytes;    /* taken now */
    pba_lent *payload_lender; /* where the backing counts what it lends, or NULL: no pool */
    pba_lent *metadata_lender;
    size_t requests; /* calls to the backings that may fail, ever */
    size_t failures; /* how many of them failed */
} pba_backing_account;

/* The alignment of all metadata. */
BA_ALWAYS_INLINE ba_alignment pba_metadata_alignment(void) {
    return ba_align_of(max_align_t);
}

/* The bytes that may still be taken under the limit. */
BA_ALWAYS_INLINE size_t pba_backing_account_left(const pba_backing_account *account) {
    const size_t taken = account->payload_bytes + account->metadata_bytes;
    return account->limit > taken ? account->limit - taken : 0;
}

/* The block size of the payload's backing. */
BA_ALWAYS_INLINE size_t pba_backing_account_payload_unit(const pba_backing_account *account) {
    return ba_block_allocator_block_size(account->payload).bytes;
}

/* What is given back inside of a chunk, in pieces of so many bytes: blocks of the backing, which
 * are pages if that is the system; but no more than a usual page, for where the backing is a pool
 * its blocks may have many. */
BA_ALWAYS_INLINE size_t pba_backing_account_page(const pba_backing_account *account) {
    const size_t unit = pba_backing_account_payload_unit(account);
    return unit < 4096 ? unit : 4096;
}

/* What taking `bytes` of metadata takes: whole blocks of its backing; SIZE_MAX if no size_t can
 * hold it. */
size_t pba_backing_account_metadata_grant(const pba_backing_account *account, size_t bytes);

/* Takes a chunk of at least `length`, all that is granted; BA_LIMIT if the limit forbids that, and
 * then the backing is not asked, else what the backing says. */
BA_MUST_USE ba_memory pba_backing_account_take_chunk(pba_backing_account *account, ba_length length,
                                                     ba_alignment alignment, ba_call_site site);

/* Gives a chunk back. */
void pba_backing_account_return_chunk(pba_backing_account *account, ba_memory grant,
                                      ba_alignment alignment, ba_call_site site);

/* Makes a chunk longer in place, to at least `minimum`, towards `wanted`; returns all that it has
 * now. */
BA_MUST_USE ba_length_result pba_backing_account_grow_chunk(pba_backing_account *account,
                                                            ba_memory grant, ba_alignment alignment,
                                                            ba_length minimum, ba_length wanted,
                                                            ba_call_site site);

/* Makes a chunk shorter in place; returns all that it has now. Cannot fail. */
ba_length pba_backing_account_shrink_chunk(pba_backing_account *account, ba_memory grant,
                                           ba_alignment alignment, ba_length length,
                                           ba_call_site site);

/* True if the backing has an operation that moves pages. */
BA_ALWAYS_INLINE bool pba_backing_account_can_remap(const pba_backing_account *account) {
    return BA_HAS_OPERATION(ba_block_allocator_operations_(account->payload), remap);
}

/* True if the backing lets what it gave last grow in place as far as it has memory. */
BA_ALWAYS_INLINE bool pba_backing_account_lets_grow(const pba_backing_account *account) {
    return BA_HAS_OPERATION(ba_block_allocator_operations_(account->payload), alloc_aside);
}

/* True if what metadata takes of its backing is missing where memory grows in place. */
BA_ALWAYS_INLINE bool pba_backing_account_sets_aside(const pba_backing_account *account) {
    return BA_HAS_OPERATION(ba_block_allocator_operations_(account->metadata), alloc_aside);
}

/* Makes a chunk longer or shorter by moving its pages. */
BA_MUST_USE ba_memory pba_backing_account_remap_chunk(pba_backing_account *account, ba_memory grant,
                                                      ba_alignment alignment, ba_length minimum,
                                                      ba_call_site site);

/* Takes metadata of at least `length`; the whole grant may be used. Errors as above. */
BA_MUST_USE ba_memory pba_backing_account_take_metadata(pba_backing_account *account,
                                                        ba_length length, ba_call_site site);

/* Gives metadata back; none is nothing to do. */
void pba_backing_account_return_metadata(pba_backing_account *account, ba_memory grant,
                                         ba_call_site site);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_ENGINE_BACKING_ACCOUNT_H_ */
