/* The live spans that the work is done on, and the random numbers that choose among them. */
#ifndef BENCH_PEERS_SPANS_H_
#define BENCH_PEERS_SPANS_H_

#include <stddef.h>
#include <stdint.h>

#include "block_allocator/internal/language.h"
#include "block_allocator/memory.h"

/* Pointer and length of each live span, whichever allocator it is of: so the table takes as much of
 * the caches for an allocator that needs no length as for one that does. */
typedef struct span_table {
    ba_memory *spans;
    size_t count;
    uint32_t most_blocks; /* spans have 1 to so many blocks */
    uint64_t random;
} span_table;

/* The next number of Knuth's MMIX generator (The Art of Computer Programming, volume 2, 3.3.4): two
 * instructions, and the same numbers in each run. Only the upper bits are random enough for use. */
BA_ALWAYS_INLINE uint64_t next_random(uint64_t random) {
    return random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
}

/* An index below `count`, which is below 2^32. */
BA_ALWAYS_INLINE size_t random_index(uint64_t random, size_t count) {
    return (size_t)(((random >> 32) * count) >> 32);
}

/* A length of 1 to `most` blocks, from other bits than the index. */
BA_ALWAYS_INLINE size_t random_blocks(uint64_t random, uint32_t most) {
    return 1 + (size_t)((((random >> 16) & 0xFFFF) * most) >> 16);
}

/* A length of 8 to 1,000 bytes, from other bits than the index. */
BA_ALWAYS_INLINE size_t random_bytes(uint64_t random) {
    return 8 + (size_t)((((random >> 16) & 0xFFFF) * 993) >> 16);
}

#endif /* BENCH_PEERS_SPANS_H_ */
