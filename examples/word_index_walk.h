/* Finds the files in directories, and says on standard error what is wrong with any of them. */
#ifndef EXAMPLES_WORD_INDEX_WALK_H_
#define EXAMPLES_WORD_INDEX_WALK_H_

#include <stddef.h>
#include <stdio.h>

#include "examples/word_index_pools.h"

/* By name. */
int path_compare(const small_text_list *first, const small_text_list *second);

/* Makes medium_path_list, which owns its paths. */
#define SAB_NAME medium_path
#define SAB_TYPE small_text_list
#define SAB_ALLOCATOR medium_blocks
#define SAB_POOL_TYPE medium_pool
#define SAB_DROP small_text_list_release
#define SAB_COMPARE path_compare
#define SAB_DECLARE
#include "static_buffer/define.h"

/* Who gets the files. */
typedef struct file_visitor {
    /* May take the path, and leaves an empty one then. An error ends the walk. */
    ba_error (*visit)(void *context, small_text_list *path);
    void *context;
    size_t failures; /* how much could not be read so far */
} file_visitor;

/* Visits a file, or each file below a directory, in order of names. Symbolic links in directories,
 * and what is no regular file there, are passed over. What cannot be read is named, and counted.
 * Errors, without a message: those of memory, and what the visitor returns. */
BA_MUST_USE ba_error walk_files(file_visitor *visitor, const char *root);

/* Visits, in order of names, what a directory has with a name that ends so. Errors as above. */
BA_MUST_USE ba_error walk_directory(file_visitor *visitor, const char *directory,
                                    const char *suffix);

/* Prints a path; control characters in it, which a terminal might obey, as question marks. */
void print_path(FILE *file, const char *path);

/* Says on standard error what is to be said of a path; of_errno: what the last system call said. */
void warn(const char *path, const char *reason);
void warn_errno(const char *path);

#endif /* EXAMPLES_WORD_INDEX_WALK_H_ */
