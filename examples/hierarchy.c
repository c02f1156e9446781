/* Indexes a directory tree in a hierarchy of pools, and shows what becomes of the memory.
 *
 *     tools/bazel run //examples:hierarchy -- [DIRECTORY]
 *
 * Reads the tree below the directory, by default the present one, prints its largest files and its
 * totals, frees every other entry in order of size, which is a mixed order of addresses, and then
 * prints each pool's statistics and a map of it, with the holes. Ends with 1 if the directory
 * cannot be read. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "examples/hierarchy_pools.h"
#include "examples/hierarchy_tree.h"

#define LARGEST_SHOWN 5

/* --- an array of the entries, the largest file first --- */

typedef struct sorted_tree {
    ba_memory memory;
    file_node **nodes;
    size_t count;
} sorted_tree;

static int compare(uint64_t a, uint64_t b) {
    return (a > b) - (a < b);
}

/* Regular files first, the largest of them first; by name where they are equal. */
static int compare_nodes(const void *left, const void *right) {
    const file_node *const a = *(file_node *const *)left;
    const file_node *const b = *(file_node *const *)right;
    if (a->kind != b->kind) {
        return compare(a->kind, b->kind);
    }
    return a->bytes != b->bytes ? compare(b->bytes, a->bytes) : strcmp(a->name, b->name);
}

/* False, and a message, if there is no memory for the array. */
static bool sort_tree(const file_tree *tree, sorted_tree *sorted) {
    sorted->count = tree->count;
    sorted->memory = memory_levels_alloc(tree->levels, ba_bytes(tree->count * sizeof(file_node *)),
                                         ba_align_of(file_node *));
    if (ba_memory_is_none(sorted->memory)) {
        (void)fprintf(stderr, "hierarchy: %s\n", ba_error_message(ba_memory_error(sorted->memory)));
        return false;
    }
    sorted->nodes = (file_node **)ba_memory_pointer(sorted->memory);
    size_t i = 0;
    for (file_node *node = tree->first; node != NULL; node = node->next) {
        sorted->nodes[i++] = node;
    }
    qsort(sorted->nodes, sorted->count, sizeof(file_node *), compare_nodes);
    return true;
}

/* --- what is printed --- */

static void print_totals(const file_tree *tree) {
    size_t of_kind[FILE_OTHER + 1] = {0};
    uint64_t bytes = 0;
    uint64_t lines = 0;
    for (const file_node *node = tree->first; node != NULL; node = node->next) {
        of_kind[node->kind]++;
        bytes += node->bytes;
        lines += node->lines;
    }
    printf("%zu directories, %zu files, %zu others; %" PRIu64 " bytes, %" PRIu64 " lines\n",
           of_kind[FILE_DIRECTORY], of_kind[FILE_REGULAR], of_kind[FILE_OTHER], bytes, lines);
    if (tree->unread > 0) {
        printf("%zu files were too large to be read, alone or together\n", tree->unread);
    }
}

static void print_file(memory_levels *levels, const file_node *node) {
    const ba_memory path = file_node_path(levels, node);
    printf("%12" PRIu64 " bytes %10" PRIu64 " lines  ", node->bytes, node->lines);
    print_path(stdout, ba_memory_is_none(path) ? node->name : (char *)ba_memory_pointer(path));
    putchar('\n');
    memory_levels_free(levels, path, ba_align(1));
}

static void print_largest(memory_levels *levels, const sorted_tree *sorted) {
    printf("\nThe largest files\n");
    for (size_t i = 0; i < sorted->count && i < LARGEST_SHOWN; i++) {
        if (sorted->nodes[i]->kind == FILE_REGULAR) {
            print_file(levels, sorted->nodes[i]);
        }
    }
}

/* --- the program --- */

/* Frees every other entry, prints what that leaves, and frees the rest. */
static void free_in_two_halves(file_tree *tree, sorted_tree *sorted) {
    for (size_t i = 1; i < sorted->count; i += 2) {
        file_node_free(tree->levels, sorted->nodes[i]);
    }
    printf("\nMemory, in bytes, when every other entry has been freed\n");
    memory_levels_print(tree->levels);
    for (size_t i = 0; i < sorted->count; i += 2) {
        file_node_free(tree->levels, sorted->nodes[i]);
    }
    memory_levels_free(tree->levels, sorted->memory, ba_align_of(file_node *));
    file_tree_make(tree, tree->levels);
}

static bool show_tree(file_tree *tree, const char *root) {
    sorted_tree sorted;
    if (!file_tree_read(tree, root) || !sort_tree(tree, &sorted)) {
        return false;
    }
    print_totals(tree);
    print_largest(tree->levels, &sorted);
    free_in_two_halves(tree, &sorted);
    return true;
}

/* Goes to where the user stands: "bazel run" starts programs elsewhere and says so. */
static bool go_to_user(void) {
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread. */
    const char *const directory = getenv("BUILD_WORKING_DIRECTORY");
    if (directory == NULL || chdir(directory) == 0) {
        return true;
    }
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread. */
    (void)fprintf(stderr, "hierarchy: %s: %s\n", directory, strerror(errno));
    return false;
}

int main(int argc, char **argv) {
    if (argc > 2) {
        (void)fprintf(stderr, "usage: hierarchy [DIRECTORY]\n");
        return 1;
    }
    if (!go_to_user()) {
        return 1;
    }
    memory_levels levels;
    memory_levels_make(&levels);
    file_tree tree;
    file_tree_make(&tree, &levels);
    const bool was_shown = show_tree(&tree, argc > 1 ? argv[1] : ".");
    file_tree_free(&tree);
    memory_levels_release(&levels);
    return was_shown ? 0 : 1;
}
