#include "pba/chunk.h"

#include <string.h>

/* The chunk itself, rounded up so that the arrays behind it are aligned. */
#define HEADER_BYTES ((sizeof(pba_chunk) + sizeof(uint64_t) - 1) & ~(sizeof(uint64_t) - 1))

size_t pba_chunk_record_bytes(uint32_t capacity, pba_sites sites) {
    const size_t bytes = HEADER_BYTES + pba_map_bytes(capacity);
    switch (sites) {
    case PBA_WITHOUT_SITES:
        return bytes;
    case PBA_WITH_SITES:
        break;
    }
    return bytes + capacity * sizeof(ba_call_site);
}

static void *arrays_in(ba_memory record) {
    return (unsigned char *)ba_memory_pointer(record) + HEADER_BYTES;
}

static ba_call_site *sites_in(ba_memory record, uint32_t capacity, pba_sites sites) {
    switch (sites) {
    case PBA_WITHOUT_SITES:
        return NULL;
    case PBA_WITH_SITES:
        break;
    }
    return (ba_call_site *)(void *)((unsigned char *)arrays_in(record) + pba_map_bytes(capacity));
}

pba_chunk *pba_chunk_init(ba_memory record, size_t record_bytes, ba_memory grant,
                          ba_alignment alignment, uint8_t block_shift, uint32_t blocks,
                          uint32_t capacity, pba_sites sites) {
    pba_chunk *const chunk = (pba_chunk *)ba_memory_pointer(record);
    *chunk = (pba_chunk){
        .base = (unsigned char *)ba_memory_pointer(grant),
        .block_shift = block_shift,
        .sites = sites_in(record, capacity, sites),
        .grant = grant,
        .alignment = alignment,
        .record = record,
        .record_bytes = record_bytes,
    };
    pba_map_init(&chunk->map, arrays_in(record), blocks, capacity);
    return chunk;
}

pba_chunk *pba_chunk_move(const pba_chunk *chunk, ba_memory record, size_t record_bytes,
                          uint32_t capacity, pba_sites sites) {
    pba_chunk *const moved = (pba_chunk *)ba_memory_pointer(record);
    *moved = *chunk;
    moved->record = record;
    moved->record_bytes = record_bytes;
    moved->sites = sites_in(record, capacity, sites);
    pba_map_move(&moved->map, arrays_in(record), capacity);
    if (moved->sites != NULL) {
        memcpy(moved->sites, chunk->sites, chunk->map.blocks * sizeof *moved->sites);
    }
    return moved;
}
