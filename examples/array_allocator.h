/* array_allocator: how to write an allocator. It cuts spans of whole blocks off an array of its
 * own, one after the other, and takes back only the last one: a stack.
 *
 *     array_allocator array = {0};
 *     ba_block_allocator blocks = array_allocator_block_allocator(&array);
 *
 * Needs no release. Cost: a few instructions a call; bookkeeping: one word. */
#ifndef EXAMPLES_ARRAY_ALLOCATOR_H_
#define EXAMPLES_ARRAY_ALLOCATOR_H_

#include <stdalign.h>
#include <stddef.h>

#include "block_allocator/block_allocator.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A macro, because it is an array's length and an alignment. */
#define ARRAY_ALLOCATOR_BLOCK 4096

/* The allocator with its memory; all zero is an empty one. The caller owns it and keeps it in place
 * while it is used. */
typedef struct array_allocator {
    alignas(ARRAY_ALLOCATOR_BLOCK) unsigned char bytes[8 * ARRAY_ALLOCATOR_BLOCK];
    size_t used;
} array_allocator;

/* The allocator as a whole-span one; borrows `self`. As an exact one: ba_as_allocator(). */
ba_block_allocator array_allocator_block_allocator(array_allocator *self);

#ifdef __cplusplus
}
#endif

#endif /* EXAMPLES_ARRAY_ALLOCATOR_H_ */
