/* An index of a directory tree in memory: a node for each entry, and the contents of the files.
 *
 * Symbolic links are entries like any other and never followed, so a loop of them is no loop here.
 * What cannot be read is named on standard error, with the reason, and left out. */
#ifndef EXAMPLES_HIERARCHY_TREE_H_
#define EXAMPLES_HIERARCHY_TREE_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "block_allocator/memory.h"
#include "examples/hierarchy_pools.h"

/* Longer files are indexed, but not read. */
#define FILE_CONTENTS_MOST (UINT64_C(4) << 20)
/* The contents of all files together; leaves room for the index below the pools' limit. */
#define FILE_CONTENTS_TOTAL (UINT64_C(128) << 20)

/* What an entry is. */
typedef enum file_kind {
    FILE_REGULAR,
    FILE_DIRECTORY,
    FILE_OTHER, /* a symbolic link, a device ... */
} file_kind;

/* An entry of the tree. Owns its contents and its own memory. */
typedef struct file_node {
    struct file_node *next;
    const struct file_node *parent; /* NULL for the tree's root */
    file_kind kind;
    uint64_t bytes;     /* of a regular file, as its directory says */
    uint64_t lines;     /* in what was read of it */
    ba_memory contents; /* none if not read */
    ba_memory memory;
    char name[];
} file_node;

/* The tree. Borrows the levels, owns all the rest. */
typedef struct file_tree {
    memory_levels *levels;
    file_node *first; /* every entry, a directory before what is in it */
    file_node *last;
    size_t count;
    uint64_t contents_bytes; /* read */
    size_t unread;           /* files not read because they, or all together, are too large */
} file_tree;

/* Makes an empty tree. */
void file_tree_make(file_tree *tree, memory_levels *levels);

/* Reads the tree below a directory. False, and a message, if that directory cannot be read or the
 * pools cannot hold the index; what was read until then is in the tree. */
bool file_tree_read(file_tree *tree, const char *root);

/* The path of an entry, ending with a zero; the caller frees it. None if there is no memory. */
BA_MUST_USE ba_memory file_node_path(memory_levels *levels, const file_node *node);

/* Prints a path; control characters in it, which a terminal might obey, as question marks. */
void print_path(FILE *file, const char *path);

/* Frees an entry and its contents; it must not be asked for any more. */
void file_node_free(memory_levels *levels, file_node *node);

/* Frees all entries. */
void file_tree_free(file_tree *tree);

#endif /* EXAMPLES_HIERARCHY_TREE_H_ */
