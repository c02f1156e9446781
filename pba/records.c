#include "pba/records.h"

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
    const size_t mask = pba_bookkeeping_alignment().bytes - 1;
    return (bytes + mask) & ~mask;
}

static size_t bytes_for(const pba_records *records, size_t count) {
    return aligned(sizeof(pba_slab)) + count * records->record_bytes;
}

/* The least records that a slab has room for. */
static size_t few_records(const pba_records *records) {
    size_t count = 1;
    for (; count < SLAB_FEW; count++) {
        const size_t bytes = bytes_for(records, count);
        const size_t unused = (PAGE_BYTES - bytes % PAGE_BYTES) % PAGE_BYTES;
        if (unused <= (bytes + unused) / SLAB_UNUSED) {
            break;
        }
    }
    return count;
}

static size_t slab_bytes(const pba_records *records) {
    const size_t wanted = records->in_slabs / SLAB_GROWTH;
    const size_t least = few_records(records);
    const size_t bytes = bytes_for(records, wanted > least ? wanted : least);
    return bytes > PAGE_BYTES ? bytes : PAGE_BYTES;
}

/* Cuts the next record that nobody ever had; there must be one. So a slab is touched only as far as
 * it is used. */
static ba_memory cut_fresh(pba_records *records) {
    const ba_memory record = ba_memory_of(records->fresh, ba_bytes(records->record_bytes));
    records->fresh += records->record_bytes;
    records->fresh_count--;
    return record;
}

/* Takes a slab, and its first record; there must be no other one left. */
static ba_memory add_slab(pba_records *records, pba_supply *supply, ba_call_site site) {
    const size_t header = aligned(sizeof(pba_slab));
    /* Where chunks grow there are few of them. */
    const size_t wanted =
        pba_supply_lets_grow(supply) ? bytes_for(records, 1) : slab_bytes(records);
    ba_memory grant = pba_supply_take_bookkeeping(supply, ba_bytes(wanted), site);
    if (ba_memory_is_none(grant)) {
        /* Perhaps there is room for just one. */
        grant = pba_supply_take_bookkeeping(supply, ba_bytes(bytes_for(records, 1)), site);
    }
    if (ba_memory_is_none(grant)) {
        return grant;
    }
    pba_slab *const slab = (pba_slab *)ba_memory_pointer(grant);
    slab->grant = grant;
    slab->next = records->slabs;
    records->slabs = slab;

    records->fresh = (unsigned char *)slab + header;
    records->fresh_count = (ba_memory_length(grant).bytes - header) / records->record_bytes;
    records->in_slabs += records->fresh_count;
    return cut_fresh(records);
}

void pba_records_init(pba_records *records, size_t bytes) {
    *records = (pba_records){.record_bytes = aligned(bytes)};
}

size_t pba_records_growth_bytes(const pba_records *records, size_t bytes) {
    if (aligned(bytes) != records->record_bytes) {
        return aligned(bytes);
    }
    return records->free != NULL || records->fresh_count != 0 ? 0 : bytes_for(records, 1);
}

ba_memory pba_records_take(pba_records *records, pba_supply *supply, size_t bytes,
                           ba_call_site site) {
    if (aligned(bytes) != records->record_bytes) {
        return pba_supply_take_bookkeeping(supply, ba_bytes(aligned(bytes)), site);
    }
    if (records->free == NULL) {
        return records->fresh_count != 0 ? cut_fresh(records) : add_slab(records, supply, site);
    }
    pba_free_record *const record = records->free;
    records->free = record->next;
    return ba_memory_of(record, ba_bytes(records->record_bytes));
}

void pba_records_return(pba_records *records, pba_supply *supply, ba_memory record, size_t bytes,
                        ba_call_site site) {
    if (aligned(bytes) != records->record_bytes) {
        pba_supply_return_bookkeeping(supply, record, site);
        return;
    }
    pba_free_record *const unused = (pba_free_record *)ba_memory_pointer(record);
    unused->next = records->free;
    records->free = unused;
}

/* Gives back the newest slab, of whose records none is in use or on the list. */
static void drop_newest_slab(pba_records *records, pba_supply *supply, ba_call_site site) {
    pba_slab *const slab = records->slabs;
    records->slabs = slab->next;
    records->in_slabs -= records->fresh_count;
    records->fresh_count = 0;
    pba_supply_return_bookkeeping(supply, slab->grant, site);
}

void pba_records_cancel(pba_records *records, pba_supply *supply, ba_memory record, size_t bytes,
                        size_t in_slabs, ba_call_site site) {
    unsigned char *const start = (unsigned char *)ba_memory_pointer(record);
    if (aligned(bytes) != records->record_bytes || records->in_slabs == in_slabs) {
        pba_records_return(records, supply, record, bytes, site);
        return;
    }
    /* It comes from a new slab, for that was taken when there was no other record left. */
    records->fresh = start;
    records->fresh_count++;
    if (start == (unsigned char *)records->slabs + aligned(sizeof(pba_slab))) {
        drop_newest_slab(records, supply, site);
    }
}

void pba_records_release(pba_records *records, pba_supply *supply, ba_call_site site) {
    while (records->slabs != NULL) {
        pba_slab *const slab = records->slabs;
        records->slabs = slab->next;
        pba_supply_return_bookkeeping(supply, slab->grant, site);
    }
    pba_records_init(records, records->record_bytes);
}
