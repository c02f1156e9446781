/* The sizes of chunks: what is asked of the backing for so many blocks. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_POOL_CHUNK_SIZES_H_
#define PBA_POOL_CHUNK_SIZES_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "block_allocator/internal/language.h"
#include "pba/pool.h"
#include "pba/pool/amounts.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* What an allocator must have to give that many bytes. */
size_t pba_pool_bytes_from(ba_block_allocator allocator, size_t bytes);

/* The most blocks of a chunk: its map has room for no more, and a size_t counts their bytes. */
uint64_t pba_pool_longest_chunk(const pba_pool *pool);

/* What the records of its chunks keep. */
BA_ALWAYS_INLINE pba_sites pba_pool_sites(const pba_pool *pool) {
    return pool->keeps_sites ? PBA_WITH_SITES : PBA_WITHOUT_SITES;
}

/* The blocks of a request: the nearest lower of all the reasons that bound it. */
uint32_t pba_pool_blocks_in(const pba_pool *pool, size_t bytes, uint64_t most);

/* `blocks`, rounded up to whole backing requests, but at most `most`. */
uint32_t pba_pool_rounded_blocks(const pba_pool *pool, uint32_t blocks, uint64_t most);

/* The blocks that a record for so many is made for: without call sites whole words of the map, for
 * all else that more blocks take then is a byte of tags each. */
uint32_t pba_pool_full_capacity(const pba_pool *pool, uint32_t blocks);

/* The room of the record of a chunk of that many blocks: all nominal chunks have the same. */
uint32_t pba_pool_record_capacity(const pba_pool *pool, uint32_t blocks);

/* The bytes of a record with room for so many blocks. */
size_t pba_pool_record_bytes(const pba_pool *pool, uint32_t capacity);

/* The bytes of the record of a chunk of one backing request. */
size_t pba_pool_nominal_record_bytes(const pba_pool *pool);

/* What taking a record for so many blocks, and room for one more chunk in the table, takes at
 * least. */
size_t pba_pool_metadata_bytes(const pba_pool *pool, uint32_t capacity);

/* The most blocks of a chunk that the byte limit leaves room for, if all its metadata has to be
 * taken too. */
uint32_t pba_pool_blocks_within_limit(const pba_pool *pool, uint32_t blocks);

/* What the backing must have for that many more blocks, rounded up to its blocks, with all the
 * metadata of a chunk of `capacity` blocks: for the hook, so rather too much than too little. */
ba_length pba_pool_wanted_bytes(const pba_pool *pool, uint32_t blocks, uint32_t capacity);

/* True if the limits of the pool itself leave room for so many more blocks. */
bool pba_pool_may_take(const pba_pool *pool, uint32_t blocks);

/* The blocks of a request that grows with the pool, or 0 where requests do not grow yet. */
uint32_t pba_pool_grown_request(const pba_pool *pool, uint64_t most);

/* Counts blocks that have come. */
BA_ALWAYS_INLINE void pba_pool_count_taken(pba_pool *pool, uint32_t blocks) {
    pba_count_chunk_added(&pool->accounting, blocks);
    pool->took = true;
}

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_POOL_CHUNK_SIZES_H_ */
