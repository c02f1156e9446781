/* Reads texts, in pieces, into an index of their words. A word is a run of ASCII letters and of
 * bytes from 0x80 on, such as those of other letters in UTF-8; ASCII letters become small ones. */
#ifndef EXAMPLES_WORD_INDEX_READER_H_
#define EXAMPLES_WORD_INDEX_READER_H_

#include <stddef.h>
#include <stdint.h>

#include "examples/word_index_words.h"

/* What becomes of a text. */
typedef enum text_end {
    TEXT_READ,
    TEXT_BINARY,     /* there is a zero byte; the words before it are in the index */
    TEXT_UNREADABLE, /* errno says why */
    TEXT_TOO_LONG,   /* there are more lines than a number can count */
    TEXT_NO_MEMORY,  /* the error says why */
} text_end;

/* The reader. Borrows the table and owns the rest. */
typedef struct text_reader {
    word_table *table;
    large_text_slice piece; /* what is read at a time */
    large_text_list begun;  /* the beginning of a word that goes on in the next piece */
    uint64_t bytes;         /* of all texts */
    uint64_t line;          /* that is being read, from 1 */
    ba_error error;         /* of memory */
    char small[256];        /* the small letter of each byte of a word, and 0 for the others */
} text_reader;

/* Makes a reader. Errors: those of memory. */
BA_MUST_USE ba_error text_reader_make(text_reader *self, word_table *table);

/* Reads the text from an open file, which has that number, to its end. */
text_end text_reader_read(text_reader *self, int descriptor, uint32_t file);

/* Makes a text that the user gives one as it is in the table; it is the caller's in any case. False
 * if it is no word, or if there is no memory, which the reader's error says. */
bool text_reader_word(text_reader *self, const char *text, small_text_list *made);

/* Gives everything back. */
void text_reader_release(text_reader *self);

#endif /* EXAMPLES_WORD_INDEX_READER_H_ */
