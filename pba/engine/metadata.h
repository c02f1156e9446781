/* Records: memory for the metadata of single chunks, cut from larger grants so that a small
 * chunk does not cost a page of metadata.
 *
 * Nearly all chunks of a pool have the same size, so records of one stated size come from slabs,
 * and go onto a list when their chunk goes back; slabs stay until pba_metadata_release(). Records
 * of other sizes are grants of their own. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_ENGINE_METADATA_H_
#define PBA_ENGINE_METADATA_H_

#include <stddef.h>

#include "block_allocator/internal/language.h"
#include "block_allocator/memory.h"
#include "pba/engine/backing_account.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

struct pba_slab;
struct pba_free_record;

/* The state. */
typedef struct pba_metadata {
    size_t record_bytes; /* of a record from a slab, a multiple of the metadata alignment */
    struct pba_slab *slabs;
    struct pba_free_record *free;
    unsigned char *fresh; /* behind the last record of the newest slab that was ever allocated */
    size_t fresh_count;   /* records from there on */
    size_t in_slabs;      /* records that the slabs hold */
} pba_metadata;

/* Records of `bytes` will come from slabs. */
void pba_metadata_init(pba_metadata *metadata, size_t bytes);

/* Takes a record of at least `bytes`. Errors as of the backing account, and then nothing has
 * changed. */
BA_MUST_USE ba_memory pba_metadata_take(pba_metadata *metadata, pba_backing_account *account,
                                        size_t bytes, ba_call_site site);

/* The least bytes that taking a record of `bytes` would ask the backing account for. */
size_t pba_metadata_growth_bytes(const pba_metadata *metadata, size_t bytes);

/* Gives a record back that was taken with the same `bytes`. Cannot fail. */
void pba_metadata_return(pba_metadata *metadata, pba_backing_account *account, ba_memory record,
                         size_t bytes, ba_call_site site);

/* Undoes the last taking that was not undone yet, of a record of `bytes`: what the slabs held
 * before were `in_slabs` records, and a slab that came since goes back with its first record. */
void pba_metadata_cancel(pba_metadata *metadata, pba_backing_account *account, ba_memory record,
                         size_t bytes, size_t in_slabs, ba_call_site site);

/* Gives all slabs back; no record from them may be in use. Cannot fail. */
void pba_metadata_release(pba_metadata *metadata, pba_backing_account *account, ba_call_site site);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_ENGINE_METADATA_H_ */
