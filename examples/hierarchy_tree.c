#include "examples/hierarchy_tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

/* --- messages --- */

void print_path(FILE *file, const char *path) {
    for (; *path != '\0'; path++) {
        const unsigned char c = (unsigned char)*path;
        (void)fputc(c < ' ' || c == 0x7F ? '?' : c, file);
    }
}

static const char *reason_of(int error) {
    return strerror(error); /* NOLINT(concurrency-mt-unsafe): there is one thread. */
}

static void warn(const char *path, const char *reason) {
    (void)fputs("hierarchy: ", stderr);
    print_path(stderr, path);
    (void)fprintf(stderr, ": %s\n", reason);
}

/* With the reason that the last system call gave. */
static void warn_errno(const char *path) {
    warn(path, reason_of(errno));
}

static void warn_entry(const char *directory, const char *name, int error) {
    (void)fputs("hierarchy: ", stderr);
    print_path(stderr, directory);
    (void)fputs("/", stderr);
    print_path(stderr, name);
    (void)fprintf(stderr, ": %s\n", reason_of(error));
}

/* --- nodes --- */

static file_node *node_new(file_tree *tree, const file_node *parent, const char *name) {
    const size_t name_bytes = strlen(name) + 1;
    const ba_memory memory = memory_levels_alloc(
        tree->levels, ba_bytes(sizeof(file_node) + name_bytes), ba_align_of(file_node));
    if (ba_memory_is_none(memory)) {
        warn(name, ba_error_message(ba_memory_error(memory)));
        return NULL;
    }
    file_node *const node = (file_node *)ba_memory_pointer(memory);
    *node = (file_node){
        .parent = parent,
        .kind = FILE_OTHER,
        .contents = ba_memory_none(ba_error_of(BA_UNSUPPORTED)),
        .memory = memory,
    };
    memcpy(node->name, name, name_bytes);
    return node;
}

void file_node_free(memory_levels *levels, file_node *node) {
    memory_levels_free(levels, node->contents, ba_align(1));
    memory_levels_free(levels, node->memory, ba_align_of(file_node));
}

static void append(file_tree *tree, file_node *node) {
    if (tree->last == NULL) {
        tree->first = node;
    } else {
        tree->last->next = node;
    }
    tree->last = node;
    tree->count++;
}

ba_memory file_node_path(memory_levels *levels, const file_node *node) {
    size_t bytes = 0;
    for (const file_node *part = node; part != NULL; part = part->parent) {
        bytes += strlen(part->name) + 1;
    }
    const ba_memory path = memory_levels_alloc(levels, ba_bytes(bytes), ba_align(1));
    if (ba_memory_is_none(path)) {
        return path;
    }
    /* From the end to the beginning, as the nodes point to their parents. */
    char *at = (char *)ba_memory_pointer(path) + bytes;
    for (const file_node *part = node; part != NULL; part = part->parent) {
        const size_t length = strlen(part->name);
        *--at = part == node ? '\0' : '/';
        at -= length;
        memcpy(at, part->name, length);
    }
    return path;
}

/* --- directories --- */

/* What an entry is, as its directory says. False, and a message, if it has vanished meanwhile. */
static bool describe(file_node *node, DIR *directory, const char *path) {
    struct stat status;
    if (fstatat(dirfd(directory), node->name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
        warn_entry(path, node->name, errno);
        return false;
    }
    if (S_ISDIR(status.st_mode)) {
        node->kind = FILE_DIRECTORY;
    } else if (S_ISREG(status.st_mode)) {
        node->kind = FILE_REGULAR;
        node->bytes = (uint64_t)status.st_size;
    }
    return true;
}

static bool is_self_or_parent(const char *name) {
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* The next entry, or NULL, with errno 0 if that was the last. */
static const struct dirent *next_entry(DIR *directory) {
    errno = 0;
    return readdir(directory); /* NOLINT(concurrency-mt-unsafe): there is one thread. */
}

/* Appends the entries of a directory to the tree. False if there is no memory. */
static bool append_entries(file_tree *tree, const file_node *parent, DIR *directory,
                           const char *path) {
    const struct dirent *entry;
    while ((entry = next_entry(directory)) != NULL) {
        if (is_self_or_parent(entry->d_name)) {
            continue;
        }
        file_node *const node = node_new(tree, parent, entry->d_name);
        if (node == NULL) {
            return false;
        }
        if (describe(node, directory, path)) {
            append(tree, node);
        } else {
            file_node_free(tree->levels, node);
        }
    }
    if (errno != 0) {
        warn_errno(path);
    }
    return true;
}

/* A directory that cannot be opened is named and passed over, unless it is the root. */
static bool read_directory(file_tree *tree, const file_node *node, const char *path) {
    DIR *const directory = opendir(path);
    if (directory == NULL) {
        warn_errno(path);
        return node != tree->first;
    }
    const bool has_memory = append_entries(tree, node, directory, path);
    (void)closedir(directory);
    return has_memory;
}

/* --- contents --- */

static uint64_t count_lines(const unsigned char *bytes, size_t count) {
    uint64_t lines = 0;
    for (size_t i = 0; i < count; i++) {
        lines += bytes[i] == '\n';
    }
    return lines;
}

/* Reads into the node's contents as much as the file has. */
static void fill_contents(file_node *node, FILE *file, const char *path) {
    unsigned char *const bytes = (unsigned char *)ba_memory_pointer(node->contents);
    const size_t got = fread(bytes, 1, (size_t)node->bytes, file);
    if (ferror(file)) {
        warn_errno(path);
    }
    node->lines = count_lines(bytes, got);
}

static bool is_too_large(file_tree *tree, const file_node *node, const char *path) {
    if (node->bytes > FILE_CONTENTS_MOST) {
        warn(path, "not read: larger than 4 MiB");
    } else if (node->bytes <= FILE_CONTENTS_TOTAL - tree->contents_bytes) {
        return false;
    }
    tree->unread++;
    return true;
}

static void read_contents(file_tree *tree, file_node *node, const char *path) {
    if (node->bytes == 0 || is_too_large(tree, node, path)) {
        return;
    }
    FILE *const file = fopen(path, "rb");
    if (file == NULL) {
        warn_errno(path);
        return;
    }
    node->contents = memory_levels_alloc(tree->levels, ba_bytes((size_t)node->bytes), ba_align(1));
    if (ba_memory_is_none(node->contents)) {
        warn(path, ba_error_message(ba_memory_error(node->contents)));
    } else {
        tree->contents_bytes += node->bytes;
        fill_contents(node, file, path);
    }
    (void)fclose(file);
}

/* --- the tree --- */

/* Reads what an entry holds. False if the tree cannot be read any further. */
static bool read_node(file_tree *tree, file_node *node) {
    const ba_memory memory = file_node_path(tree->levels, node);
    if (ba_memory_is_none(memory)) {
        warn(node->name, ba_error_message(ba_memory_error(memory)));
        return false;
    }
    const char *const path = (const char *)ba_memory_pointer(memory);
    bool may_go_on = true;
    switch (node->kind) {
    case FILE_REGULAR:
        read_contents(tree, node, path);
        break;
    case FILE_DIRECTORY:
        may_go_on = read_directory(tree, node, path);
        break;
    case FILE_OTHER:
        break;
    }
    memory_levels_free(tree->levels, memory, ba_align(1));
    return may_go_on;
}

void file_tree_make(file_tree *tree, memory_levels *levels) {
    *tree = (file_tree){.levels = levels};
}

bool file_tree_read(file_tree *tree, const char *root) {
    file_node *const node = node_new(tree, NULL, root);
    if (node == NULL) {
        return false;
    }
    node->kind = FILE_DIRECTORY;
    append(tree, node);
    /* Directories append their entries: the list is the queue of what is still to be read. */
    for (file_node *next = node; next != NULL; next = next->next) {
        if (!read_node(tree, next)) {
            return false;
        }
    }
    return true;
}

void file_tree_free(file_tree *tree) {
    file_node *node = tree->first;
    while (node != NULL) {
        file_node *const next = node->next;
        file_node_free(tree->levels, node);
        node = next;
    }
    file_tree_make(tree, tree->levels);
}
