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

/* A slab is at least this long, so that backings that give whole pages waste little ... */
#define SLAB_MIN_BYTES 4096
/* ... and a larger one has room for this part of the records that there are. */
#define SLAB_GROWTH 16
/* Four records waste little of the last page, but a pool of one or two large chunks should not pay
 * for four: so many only up to this length. */
#define SLAB_MOST_BYTES 81920
#define SLAB_FEW 4

static size_t aligned(size_t bytes) {
    const size_t mask = pba_bookkeeping_alignment().bytes - 1;
    return (bytes + mask) & ~mask;
}

/* The least records that a slab has room for, at least one. */
static size_t few_records(const pba_records *records) {
    const size_t fitting = SLAB_MOST_BYTES / records->record_bytes;
    return fitting == 0 ? 1 : (fitting < SLAB_FEW ? fitting : SLAB_FEW);
}

static size_t slab_bytes(const pba_records *records) {
    const size_t wanted = records->in_slabs / SLAB_GROWTH;
    const size_t least = few_records(records);
    const size_t header = aligned(sizeof(pba_slab));
    const size_t bytes = header + (wanted > least ? wanted : least) * records->record_bytes;
    return bytes > SLAB_MIN_BYTES ? bytes : SLAB_MIN_BYTES;
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
    ba_memory grant = pba_supply_take_bookkeeping(supply, ba_bytes(slab_bytes(records)), site);
    if (ba_memory_is_none(grant)) {
        /* Perhaps there is room for just one. */
        grant = pba_supply_take_bookkeeping(supply, ba_bytes(header + records->record_bytes), site);
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
    return records->free != NULL || records->fresh_count != 0
               ? 0
               : aligned(sizeof(pba_slab)) + records->record_bytes;
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

void pba_records_release(pba_records *records, pba_supply *supply, ba_call_site site) {
    while (records->slabs != NULL) {
        pba_slab *const slab = records->slabs;
        records->slabs = slab->next;
        pba_supply_return_bookkeeping(supply, slab->grant, site);
    }
    pba_records_init(records, records->record_bytes);
}
