/* Prints what is in an index. Errors of the output stay in stdout, where ferror() finds them. */
#ifndef EXAMPLES_WORD_INDEX_REPORT_H_
#define EXAMPLES_WORD_INDEX_REPORT_H_

#include <stddef.h>

#include "examples/word_index_walk.h"
#include "examples/word_index_words.h"

/* Prints the `most` most frequent words, each with the first lines it stands on. Errors, with
 * nothing printed: those of memory. */
BA_MUST_USE ba_error report_frequent(const word_table *table, const medium_path_list *files,
                                     size_t most);

/* Prints all lines that a word, in lower case, stands on. */
void report_word(const word_table *table, const medium_path_list *files,
                 const small_text_list *wanted);

#endif /* EXAMPLES_WORD_INDEX_REPORT_H_ */
