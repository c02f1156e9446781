/* A chunk: one grant of the backing, divided into blocks. Joins a span map, which knows numbers of
 * blocks, with the address at which the blocks lie and with what was granted; and with a tag for
 * each block, which tells a live span from a cached one.
 *
 * The tag of a span's first block says in one byte what a free has to know: whether a live span of
 * exactly this length starts here. Freeing a span into the cache and taking it from there change
 * this byte and nothing else. All other tags are 0, but for those behind the first of a span that
 * is too long for its tag: they hold its length, so that its end need not be looked for; and those
 * of free pages that were given back to the system.
 *
 * A chunk may watch one of its live spans: its tag is a value of its own, so that no free takes it
 * for that of an ordinary span, and its free looks for another one to watch. If there is
 * none, the chunk is empty. So no other free has to count anything to know that. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_ENGINE_CHUNK_H_
#define PBA_ENGINE_CHUNK_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "block_allocator/call_site.h"
#include "block_allocator/internal/language.h"
#include "block_allocator/memory.h"
#include "pba/engine/span_map.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* What the tag of a span's first block says: the blocks of a live span of up to that many ... */
#define PBA_TAG_BLOCKS 124U
/* ... that a span lies in the cache of a thread (pba/threads/thread_cache.h), which the chunk takes
 * for a live one; the map has its length ... */
#define PBA_TAG_IN_THREAD 125U
/* ... that a live span is longer ... */
#define PBA_TAG_LONG 126U
/* ... that it is the watched one, of any length; */
#define PBA_TAG_WATCHED 127U
/* and, with the blocks added, that the span is cached. */
#define PBA_TAG_CACHED 128U
/* The first block of a page, all of it free, that was discarded and not taken since. */
#define PBA_TAG_DISCARDED 128U
/* In the tags behind the first of a live span of more than PBA_TAG_BLOCKS: a digit of its length,
 * the lowest first. No span's first block has such a tag. */
#define PBA_TAG_DIGIT 192U
#define PBA_TAG_DIGITS 6U
#define PBA_TAG_DIGIT_BITS 6U

/* "The backing has never refused to make it longer." */
#define PBA_NEVER_REFUSED UINT16_MAX

/* The metadata of a chunk. Lives at the start of its record; the arrays of the map, the call
 * sites and the tags follow. */
typedef struct pba_chunk {
    unsigned char *base; /* the first block */
    pba_map map;
    uint32_t slot;       /* in the set of chunks */
    uint8_t block_shift; /* a block has 1 << block_shift bytes */
    uint8_t index_level; /* the level of the address index that knows it */
    bool listed;         /* on the list of chunks that may be empty, or end free */
    bool changed;        /* on the set's list of chunks whose longest run may have become longer */
    bool ends_free;      /* a span was shortened in it, and many blocks at its end may be free since
                            free_since */
    bool any_discarded;  /* a page of it may be tagged so */
    uint16_t refused_after; /* pool.h's chunks_gone when the backing last refused to make this one
                               longer; or PBA_NEVER_REFUSED */
    uint32_t watched;       /* the first block of the watched span, or PBA_NO_BLOCK */
    uint8_t *tags;          /* one for each block that the map has room for */
    ba_call_site *sites;    /* one for each block that the map has room for, or NULL */
    /* Exactly what the backing granted, to be given back exactly so. */
    ba_memory grant;
    ba_alignment alignment;
    /* Where this record comes from. */
    ba_memory record;
    size_t record_bytes;
    /* The list of chunks that may be empty, and since when this one is. */
    struct pba_chunk *list_next;
    struct pba_chunk *list_previous;
    uint64_t free_since;
    struct pba_chunk *changed_next;
    struct pba_chunk *changed_previous;
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
BA_WRAPS BA_ALWAYS_INLINE bool pba_chunk_holds(const pba_chunk *chunk, uintptr_t address) {
    return address - (uintptr_t)chunk->base < pba_chunk_bytes(chunk);
}

/* The block that an address in the payload lies in. */
BA_ALWAYS_INLINE uint32_t pba_chunk_block(const pba_chunk *chunk, uintptr_t address) {
    return (uint32_t)((address - (uintptr_t)chunk->base) >> chunk->block_shift);
}

/* Reads a tag, and writes it. Threads with caches change tags of live spans while another one, which
 * has the pool's lock, reads them: so each is an atomic access of one byte. Relaxed, a plain move:
 * nothing else is read or written on the strength of what a tag says; who may use a span or its
 * chunk is ordered by the lock, or by the gate of pba/threads/gate.h. */
BA_ALWAYS_INLINE uint8_t pba_tag_load(const uint8_t *tag) {
#if defined(__GNUC__)
    return __atomic_load_n(tag, __ATOMIC_RELAXED);
#else
    return *(const volatile uint8_t *)tag;
#endif
}
/* NOLINTNEXTLINE(readability-non-const-parameter): clang-tidy knows no builtins. */
BA_ALWAYS_INLINE void pba_tag_store(uint8_t *tag, uint8_t value) {
#if defined(__GNUC__)
    __atomic_store_n(tag, value, __ATOMIC_RELAXED);
#else
    *(volatile uint8_t *)tag = value;
#endif
}

/* The tag of a live span that is not watched. */
BA_ALWAYS_INLINE uint8_t pba_tag_of(uint32_t blocks) {
    return (uint8_t)(blocks <= PBA_TAG_BLOCKS ? blocks : PBA_TAG_LONG);
}

/* The tag of a cached span of at most PBA_TAG_BLOCKS. */
BA_ALWAYS_INLINE uint8_t pba_tag_of_cached(uint32_t blocks) {
    return (uint8_t)(PBA_TAG_CACHED | blocks);
}

/* The tag with a digit of a length. */
BA_ALWAYS_INLINE uint8_t pba_tag_of_digit(uint32_t blocks, uint32_t digit) {
    return (uint8_t)(PBA_TAG_DIGIT | (blocks >> (digit * PBA_TAG_DIGIT_BITS) &
                                      ((UINT32_C(1) << PBA_TAG_DIGIT_BITS) - 1)));
}

/* True if a live span starts at a block. */
BA_ALWAYS_INLINE bool pba_chunk_is_live(const pba_chunk *chunk, uint32_t first) {
    const uint8_t tag = pba_tag_load(&chunk->tags[first]);
    return tag != 0 && tag < PBA_TAG_CACHED;
}

/* True if a cached span starts at a block; and its length. */
BA_ALWAYS_INLINE bool pba_chunk_is_cached(const pba_chunk *chunk, uint32_t first) {
    return (pba_tag_load(&chunk->tags[first]) & PBA_TAG_CACHED) != 0;
}
BA_ALWAYS_INLINE uint32_t pba_chunk_cached_blocks(const pba_chunk *chunk, uint32_t first) {
    return pba_tag_load(&chunk->tags[first]) & ~PBA_TAG_CACHED;
}

/* Writes the length of a live span of more than PBA_TAG_BLOCKS into the tags behind its first; or
 * makes them 0, for a length of 0. */
void pba_chunk_write_length(pba_chunk *chunk, uint32_t first, uint32_t blocks);

/* Tags the span at a block as a live one, which is still watched if it was. */
BA_ALWAYS_INLINE void pba_chunk_tag_live(pba_chunk *chunk, uint32_t first, uint32_t blocks) {
    pba_tag_store(&chunk->tags[first],
                  chunk->watched == first ? (uint8_t)PBA_TAG_WATCHED : pba_tag_of(blocks));
    if (blocks > PBA_TAG_BLOCKS) {
        pba_chunk_write_length(chunk, first, blocks);
    }
}

/* Removes the tags of a span of so many blocks. */
BA_ALWAYS_INLINE void pba_chunk_untag(pba_chunk *chunk, uint32_t first, uint32_t blocks) {
    pba_tag_store(&chunk->tags[first], 0);
    if (blocks > PBA_TAG_BLOCKS) {
        pba_chunk_write_length(chunk, first, 0);
    }
}

/* The blocks of the span that starts at a block. O(1) for one that was tagged as a live one: its
 * tags are believed where the map agrees that it ends there. */
uint32_t pba_chunk_span_blocks(const pba_chunk *chunk, uint32_t first);

/* The blocks of a page of so many bytes, a power of two; at least one. */
BA_ALWAYS_INLINE uint32_t pba_chunk_page_blocks(const pba_chunk *chunk, size_t page) {
    const size_t blocks = page >> chunk->block_shift;
    return blocks == 0 ? 1 : (uint32_t)blocks;
}

/* So many blocks before a block begins the page that it lies in. */
BA_WRAPS BA_ALWAYS_INLINE uint32_t pba_chunk_into_page(const pba_chunk *chunk, uint32_t block,
                                                       size_t page) {
    const uintptr_t base = (uintptr_t)chunk->base >> chunk->block_shift;
    return ((uint32_t)base + block) & (pba_chunk_page_blocks(chunk, page) - 1);
}

/* Says that blocks are taken, so that their pages are discarded no longer. */
void pba_chunk_undiscard(pba_chunk *chunk, uint32_t first, uint32_t count, size_t page);

/* Forgets which pages are discarded. O(blocks) if any was. */
void pba_chunk_forget_discarded(pba_chunk *chunk);

/* Watches the live span at a block; none may be watched now. */
BA_ALWAYS_INLINE void pba_chunk_watch(pba_chunk *chunk, uint32_t first) {
    chunk->watched = first;
    pba_tag_store(&chunk->tags[first], (uint8_t)PBA_TAG_WATCHED);
}

/* A live span, by its first block, for a chunk to watch after the one at block `freed`, which is
 * live no longer; PBA_NO_BLOCK if there is none. Looks close by first, and there takes the
 * farthest, so that frees in order of addresses do not meet the watched span each time; then
 * elsewhere, from a place that no order of frees foresees. O(blocks / 64 + cached spans) at most;
 * that all is looked through is rare unless few spans are live. */
uint32_t pba_chunk_find_live(const pba_chunk *chunk, uint32_t freed);

/* True if there is another live span than the one at block `first`. O(blocks / 64 + cached spans)
 * at most. */
bool pba_chunk_has_other_live(const pba_chunk *chunk, uint32_t first);

/* Makes all blocks free, whatever was live or cached. */
void pba_chunk_clear(pba_chunk *chunk);

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

#endif /* PBA_ENGINE_CHUNK_H_ */
