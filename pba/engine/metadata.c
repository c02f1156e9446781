#define PBA_INTERNAL_

#include "pba/engine/metadata.h"

#include <stdbool.h>

/* A slab begins with this; records follow. */
typedef struct pba_slab {
    struct pba_slab *next;
    ba_memory grant;
} pba_slab;

/* A record that no chunk has begins with this. */
typedef struct pba_free_record {
    struct pba_free_record *next;
} pba_free_record;

/* A slab has at least one page, for backings that give whole pages, and room for at least this part
 * of the records that there are. */
#define PAGE_BYTES 4096U
#define SLAB_GROWTH 16
/* A pool of one or two large chunks should not pay for more, but a page that is not full is lost
 * too: a slab has as few records as leave at most this part of its pages unused; no more than
 * SLAB_FEW are tried. */
#define SLAB_UNUSED 16
#define SLAB_FEW 4

static size_t aligned(size_t bytes) {
    const size_t mask = pba_metadata_alignment().bytes - 1;
    return (bytes + mask) & ~mask;
}

static size_t bytes_for(const pba_metadata *metadata, size_t count) {
    return aligned(sizeof(pba_slab)) + count * metadata->record_bytes;
}

/* The least records that a slab has room for. */
static size_t few_records(const pba_metadata *metadata) {
    size_t count = 1;
    for (; count < SLAB_FEW; count++) {
        const size_t bytes = bytes_for(metadata, count);
        const size_t unused = (PAGE_BYTES - bytes % PAGE_BYTES) % PAGE_BYTES;
        if (unused <= (bytes + unused) / SLAB_UNUSED) {
            break;
        }
    }
    return count;
}

static size_t slab_bytes(const pba_metadata *metadata) {
    const size_t wanted = metadata->in_slabs / SLAB_GROWTH;
    const size_t least = few_records(metadata);
    const size_t bytes = bytes_for(metadata, wanted > least ? wanted : least);
    return bytes > PAGE_BYTES ? bytes : PAGE_BYTES;
}

/* Cuts the next record that was never taken; there must be one. So a slab is touched only as far as
 * it is used. */
static ba_memory cut_fresh(pba_metadata *metadata) {
    const ba_memory record = ba_memory_of(metadata->fresh, ba_bytes(metadata->record_bytes));
    metadata->fresh += metadata->record_bytes;
    metadata->fresh_count--;
    return record;
}

/* Takes a slab, and its first record; there must be no other one left. */
static ba_memory add_slab(pba_metadata *metadata, pba_backing_account *account, ba_call_site site) {
    const size_t header = aligned(sizeof(pba_slab));
    /* Where chunks grow there are few of them. */
    const size_t wanted =
        pba_backing_account_lets_grow(account) ? bytes_for(metadata, 1) : slab_bytes(metadata);
    ba_memory grant = pba_backing_account_take_metadata(account, ba_bytes(wanted), site);
    if (ba_memory_is_none(grant)) {
        /* Perhaps there is room for just one. */
        grant = pba_backing_account_take_metadata(account, ba_bytes(bytes_for(metadata, 1)), site);
    }
    if (ba_memory_is_none(grant)) {
        return grant;
    }
    pba_slab *const slab = (pba_slab *)ba_memory_pointer(grant);
    slab->grant = grant;
    slab->next = metadata->slabs;
    metadata->slabs = slab;

    metadata->fresh = (unsigned char *)slab + header;
    metadata->fresh_count = (ba_memory_length(grant).bytes - header) / metadata->record_bytes;
    metadata->in_slabs += metadata->fresh_count;
    return cut_fresh(metadata);
}

void pba_metadata_init(pba_metadata *metadata, size_t bytes) {
    *metadata = (pba_metadata){.record_bytes = aligned(bytes)};
}

size_t pba_metadata_growth_bytes(const pba_metadata *metadata, size_t bytes) {
    if (aligned(bytes) != metadata->record_bytes) {
        return aligned(bytes);
    }
    return metadata->free != NULL || metadata->fresh_count != 0 ? 0 : bytes_for(metadata, 1);
}

ba_memory pba_metadata_take(pba_metadata *metadata, pba_backing_account *account, size_t bytes,
                            ba_call_site site) {
    if (aligned(bytes) != metadata->record_bytes) {
        return pba_backing_account_take_metadata(account, ba_bytes(aligned(bytes)), site);
    }
    if (metadata->free == NULL) {
        return metadata->fresh_count != 0 ? cut_fresh(metadata) : add_slab(metadata, account, site);
    }
    pba_free_record *const record = metadata->free;
    metadata->free = record->next;
    return ba_memory_of(record, ba_bytes(metadata->record_bytes));
}

void pba_metadata_return(pba_metadata *metadata, pba_backing_account *account, ba_memory record,
                         size_t bytes, ba_call_site site) {
    if (aligned(bytes) != metadata->record_bytes) {
        pba_backing_account_return_metadata(account, record, site);
        return;
    }
    pba_free_record *const unused = (pba_free_record *)ba_memory_pointer(record);
    unused->next = metadata->free;
    metadata->free = unused;
}

/* Gives back the newest slab, of whose records none is in use or on the list. */
static void drop_newest_slab(pba_metadata *metadata, pba_backing_account *account,
                             ba_call_site site) {
    pba_slab *const slab = metadata->slabs;
    metadata->slabs = slab->next;
    metadata->in_slabs -= metadata->fresh_count;
    metadata->fresh_count = 0;
    pba_backing_account_return_metadata(account, slab->grant, site);
}

void pba_metadata_cancel(pba_metadata *metadata, pba_backing_account *account, ba_memory record,
                         size_t bytes, size_t in_slabs, ba_call_site site) {
    unsigned char *const start = (unsigned char *)ba_memory_pointer(record);
    if (aligned(bytes) != metadata->record_bytes || metadata->in_slabs == in_slabs) {
        pba_metadata_return(metadata, account, record, bytes, site);
        return;
    }
    /* It comes from a new slab, for that was taken when there was no other record left. */
    metadata->fresh = start;
    metadata->fresh_count++;
    if (start == (unsigned char *)metadata->slabs + aligned(sizeof(pba_slab))) {
        drop_newest_slab(metadata, account, site);
    }
}

void pba_metadata_release(pba_metadata *metadata, pba_backing_account *account, ba_call_site site) {
    while (metadata->slabs != NULL) {
        pba_slab *const slab = metadata->slabs;
        metadata->slabs = slab->next;
        pba_backing_account_return_metadata(account, slab->grant, site);
    }
    pba_metadata_init(metadata, metadata->record_bytes);
}
