/* A chunk: one grant of the backing, divided into blocks. Joins a span map, which knows numbers of
 * blocks, with the address at which the blocks lie and with what was granted. */
#ifndef PBA_CHUNK_H_
#define PBA_CHUNK_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "block_allocator/call_site.h"
#include "block_allocator/language.h"
#include "block_allocator/memory.h"
#include "pba/span_map.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* The bookkeeping of a chunk. Lives at the start of its record; the arrays of the map and the call
 * sites follow. */
typedef struct pba_chunk {
    unsigned char *base; /* the first block */
    pba_map map;
    uint32_t slot;       /* in the set of chunks */
    uint8_t block_shift; /* a block has 1 << block_shift bytes */
    uint8_t index_level; /* the level of the address index that knows it */
    bool listed;         /* on the list of chunks that may be wholly free */
    bool changed;        /* on the set's list of chunks whose longest run may have changed */
    ba_call_site *sites; /* one for each block that the map has room for, or NULL */
    /* Exactly what the backing granted, to be given back exactly so. */
    ba_memory grant;
    ba_alignment alignment;
    /* Where this record comes from. */
    ba_memory record;
    size_t record_bytes;
    /* The list of chunks that may be wholly free, and since when this one is. */
    struct pba_chunk *list_next;
    struct pba_chunk *list_previous;
    uint64_t free_since;
    struct pba_chunk *changed_next;
    /* For sorting by address during a walk. */
    struct pba_chunk *walk_next;
} pba_chunk;

/* Whether chunks keep call sites. */
typedef enum pba_sites {
    PBA_WITHOUT_SITES,
    PBA_WITH_SITES,
} pba_sites;

/* The bytes of a record for a chunk of that many blocks. */
size_t pba_chunk_record_bytes(uint32_t capacity, pba_sites sites);

/* Makes a chunk of free blocks in a record of pba_chunk_record_bytes(capacity). Owns neither grant
 * nor record: they are only remembered. */
pba_chunk *pba_chunk_init(ba_memory record, size_t record_bytes, ba_memory grant,
                          ba_alignment alignment, uint8_t block_shift, uint32_t blocks,
                          uint32_t capacity, pba_sites sites);

/* Copies a chunk into a larger record, and returns it there; the old record is not needed any more.
 * The caller sees to all pointers to the chunk. */
pba_chunk *pba_chunk_move(const pba_chunk *chunk, ba_memory record, size_t record_bytes,
                          uint32_t capacity, pba_sites sites);

/* The payload, in bytes: whole blocks. */
BA_ALWAYS_INLINE size_t pba_chunk_bytes(const pba_chunk *chunk) {
    return (size_t)chunk->map.blocks << chunk->block_shift;
}

/* The address of a block. */
BA_ALWAYS_INLINE unsigned char *pba_chunk_address(const pba_chunk *chunk, uint32_t block) {
    return chunk->base + ((size_t)block << chunk->block_shift);
}

/* True if the address lies in the payload. */
BA_ALWAYS_INLINE bool pba_chunk_holds(const pba_chunk *chunk, uintptr_t address) {
    return address - (uintptr_t)chunk->base < pba_chunk_bytes(chunk);
}

/* The block that an address in the payload lies in. */
BA_ALWAYS_INLINE uint32_t pba_chunk_block(const pba_chunk *chunk, uintptr_t address) {
    return (uint32_t)((address - (uintptr_t)chunk->base) >> chunk->block_shift);
}

/* True if no block is in use. */
BA_ALWAYS_INLINE bool pba_chunk_is_wholly_free(const pba_chunk *chunk) {
    return chunk->map.live == 0;
}

/* The call site kept for the span that starts at a block, or none. */
BA_ALWAYS_INLINE ba_call_site pba_chunk_site(const pba_chunk *chunk, uint32_t first) {
    return chunk->sites != NULL ? chunk->sites[first] : ba_call_site_none();
}

/* Keeps the call site of the span that starts at a block, if call sites are kept. */
BA_ALWAYS_INLINE void pba_chunk_set_site(pba_chunk *chunk, uint32_t first, ba_call_site site) {
    if (chunk->sites != NULL) {
        chunk->sites[first] = site;
    }
}

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_CHUNK_H_ */
