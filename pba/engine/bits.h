/* Bit kernels: runs of ones in 64-bit words. Pure functions of their arguments; bit 0 is the first.
 *
 * The way to find runs by shifting and masking is known from Warren, "Hacker's Delight", 2nd
 * edition, 6-3. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_ENGINE_BITS_H_
#define PBA_ENGINE_BITS_H_

#include <stdbool.h>
#include <stdint.h>

#include "block_allocator/internal/language.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* Bits in a word. */
#define PBA_WORD_BITS 64U

/* The index of the lowest one; the word must not be zero. */
BA_ALWAYS_INLINE uint32_t pba_bits_lowest(uint64_t word) {
#if defined(__GNUC__)
    return (uint32_t)__builtin_ctzll(word);
#else
    uint32_t index = 0;
    while ((word & 1) == 0) {
        word >>= 1;
        index++;
    }
    return index;
#endif
}

/* The index of the highest one; the word must not be zero. */
BA_ALWAYS_INLINE uint32_t pba_bits_highest(uint64_t word) {
#if defined(__GNUC__)
    return PBA_WORD_BITS - 1 - (uint32_t)__builtin_clzll(word);
#else
    uint32_t index = 0;
    while ((word >>= 1) != 0) {
        index++;
    }
    return index;
#endif
}

/* How many bits are one. */
BA_ALWAYS_INLINE uint32_t pba_bits_count(uint64_t word) {
#if defined(__GNUC__)
    return (uint32_t)__builtin_popcountll(word);
#else
    uint32_t count = 0;
    for (; word != 0; word &= word - 1) {
        count++;
    }
    return count;
#endif
}

/* `count` ones from bit `first` on; count in 1 .. 64 - first. */
BA_ALWAYS_INLINE uint64_t pba_bits_mask(uint32_t first, uint32_t count) {
    /* cppcheck-suppress shiftTooManyBits; the count is never 0. */
    return (UINT64_MAX >> (PBA_WORD_BITS - count)) << first;
}

/* How many ones the word begins with, from bit 0: 0 .. 64. */
BA_ALWAYS_INLINE uint32_t pba_bits_leading_run(uint64_t word) {
    return word == UINT64_MAX ? PBA_WORD_BITS : pba_bits_lowest(~word);
}

/* How many ones the word ends with, down from bit 63: 0 .. 64. */
BA_ALWAYS_INLINE uint32_t pba_bits_trailing_run(uint64_t word) {
    return word == UINT64_MAX ? PBA_WORD_BITS : PBA_WORD_BITS - 1 - pba_bits_highest(~word);
}

/* The bits at which a run of at least `length` ones starts that lies in this word; length in 1
 * .. 64. */
BA_ALWAYS_INLINE uint64_t pba_bits_runs(uint64_t word, uint32_t length) {
    while (length > 1) {
        const uint32_t half = length >> 1;
        word &= word >> half;
        length -= half;
    }
    return word;
}

/* True if the ones of a word that has some are one run: then adding its lowest one clears it. */
BA_WRAPS BA_ALWAYS_INLINE bool pba_bits_are_one_run(uint64_t word) {
    return (word & (word + (word & (~word + 1)))) == 0;
}

/* The length of the longest run of ones in the word: 0 .. 64. */
BA_ALWAYS_INLINE uint32_t pba_bits_longest_run(uint64_t word) {
    /* at_least[k]: where runs of at least 2^k start. */
    uint64_t at_least[6];
    if (word == 0) {
        return 0;
    }
    if (pba_bits_are_one_run(word)) {
        return pba_bits_highest(word) - pba_bits_lowest(word) + 1;
    }
    at_least[0] = word;
    uint32_t k = 0;
    while (k < 5) {
        const uint64_t twice = at_least[k] & (at_least[k] >> (UINT32_C(1) << k));
        if (twice == 0) {
            break;
        }
        at_least[++k] = twice;
    }
    /* Runs of `length` start at the ones of `starts`; try to add 2^k, 2^(k-1) ... 1. */
    uint64_t starts = at_least[k];
    uint32_t length = UINT32_C(1) << k;
    while (k > 0) {
        k--;
        const uint64_t longer = starts & (at_least[k] >> length);
        if (longer != 0) {
            starts = longer;
            length += UINT32_C(1) << k;
        }
    }
    return length;
}

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_ENGINE_BITS_H_ */
