/* The index: which word stands on which lines of which files. A hash table with open addressing,
 * whose parts are lists and slices, each on the pool whose blocks suit it. */
#ifndef EXAMPLES_WORD_INDEX_WORDS_H_
#define EXAMPLES_WORD_INDEX_WORDS_H_

#include <stddef.h>
#include <stdint.h>

#include "examples/word_index_pools.h"

/* A line of a file. */
typedef struct place {
    uint32_t file; /* the file's number */
    uint32_t line; /* from 1 */
} place;

/* Makes small_place_list. Most words are rare: up to 8 places take one block. */
#define SAB_NAME small_place
#define SAB_TYPE place
#define SAB_ALLOCATOR small_blocks
#define SAB_POOL_TYPE small_pool
#define SAB_DECLARE
#include "static_buffer/define.h"

/* A word. Owns its places. */
typedef struct word {
    size_t text; /* where it begins in the texts */
    size_t length;
    uint64_t count;          /* how often it stands anywhere */
    small_place_list places; /* each line once, in the order in which they were read */
} word;

/* Ends a word. */
void word_drop(word *self);

/* Makes large_word_list. */
#define SAB_NAME large_word
#define SAB_TYPE word
#define SAB_ALLOCATOR large_blocks
#define SAB_POOL_TYPE large_pool
#define SAB_DROP word_drop
#define SAB_DECLARE
#include "static_buffer/define.h"

/* Makes large_text_list and large_text_slice. */
#define SAB_NAME large_text
#define SAB_TYPE char
#define SAB_ALLOCATOR large_blocks
#define SAB_POOL_TYPE large_pool
#define SAB_DECLARE
#include "static_buffer/define.h"

/* A place in the hash table. */
typedef struct word_slot {
    uint32_t hash;
    uint32_t number; /* 0: empty; else one more than the word's index */
} word_slot;

/* Makes large_slot_slice. */
#define SAB_NAME large_slot
#define SAB_TYPE word_slot
#define SAB_ALLOCATOR large_blocks
#define SAB_POOL_TYPE large_pool
#define SAB_DECLARE
#include "static_buffer/define.h"

/* The index. {0} is an empty one. */
typedef struct word_table {
    large_word_list words;  /* in the order in which they were first read */
    large_text_list texts;  /* of all words, one after the other */
    large_slot_slice slots; /* a power of two, a quarter of them empty, or none */
    uint64_t count;         /* of words read */
} word_table;

/* Adds a word, in lower case, at a place. Errors: BA_OUT_OF_MEMORY, BA_LIMIT. */
BA_MUST_USE ba_error word_table_add(word_table *self, const char *text, size_t length, place where);

/* A word in lower case, or NULL. */
const word *word_table_find(const word_table *self, const char *text, size_t length);

/* The text of a word, which has no zero behind it; valid until the next word is added. */
const char *word_table_text(const word_table *self, const word *of);

/* Gives everything back. */
void word_table_release(word_table *self);

#endif /* EXAMPLES_WORD_INDEX_WORDS_H_ */
