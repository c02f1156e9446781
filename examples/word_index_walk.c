#include "examples/word_index_walk.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#define SAB_NAME medium_path
#define SAB_TYPE small_text_list
#define SAB_ALLOCATOR medium_blocks
#define SAB_POOL_TYPE medium_pool
#define SAB_DROP small_text_list_release
#define SAB_COMPARE path_compare
#define SAB_IMPLEMENT
#include "static_buffer/define.h"

int path_compare(const small_text_list *first, const small_text_list *second) {
    return strcmp(sab_terminated(first), sab_terminated(second));
}

/* --- messages --- */

void print_path(FILE *file, const char *path) {
    for (; *path != '\0'; path++) {
        const unsigned char c = (unsigned char)*path;
        (void)fputc(c < ' ' || c == 0x7F ? '?' : c, file);
    }
}

void warn(const char *path, const char *reason) {
    (void)fputs("word_index: ", stderr);
    print_path(stderr, path);
    (void)fprintf(stderr, ": %s\n", reason);
}

void warn_errno(const char *path) {
    warn(path, strerror(errno)); /* NOLINT(concurrency-mt-unsafe): there is one thread. */
}

static void fail_with_errno(file_visitor *visitor, const char *path) {
    warn_errno(path);
    visitor->failures++;
}

/* --- directories --- */

static bool is_self_or_parent(const char *name) {
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* The next entry, or NULL, with errno 0 if that was the last. */
static const struct dirent *next_entry(DIR *directory) {
    errno = 0;
    return readdir(directory); /* NOLINT(concurrency-mt-unsafe): there is one thread. */
}

/* Appends the path of an entry to a list. */
static BA_MUST_USE ba_error append_path(medium_path_list *paths, const char *directory,
                                        const char *name) {
    const size_t length = strlen(directory);
    const bool has_slash = length > 0 && directory[length - 1] == '/';
    small_text_list path = {0};
    ba_error error = sab_try_format(&path, "%s%s%s", directory, has_slash ? "" : "/", name);
    if (!ba_failed(error)) {
        error = sab_try_append(paths, path);
    }
    if (ba_failed(error)) {
        sab_release(&path);
    }
    return error;
}

/* Appends the paths of all entries to a list, which is empty, in the reverse order of names. */
static BA_MUST_USE ba_error read_entries(file_visitor *visitor, DIR *directory, const char *path,
                                         medium_path_list *entries) {
    const struct dirent *entry;
    while ((entry = next_entry(directory)) != NULL) {
        if (is_self_or_parent(entry->d_name)) {
            continue;
        }
        const ba_error error = append_path(entries, path, entry->d_name);
        if (ba_failed(error)) {
            return error;
        }
    }
    if (errno != 0) {
        fail_with_errno(visitor, path);
    } else if (entries->len == 0) {
        warn(path, "an empty directory");
    }
    sab_sort(entries);
    sab_reverse(entries);
    return ba_error_of(BA_OK);
}

/* The same of the directory at a path. */
static BA_MUST_USE ba_error list_directory(file_visitor *visitor, const char *path,
                                           medium_path_list *entries) {
    DIR *const directory = opendir(path);
    if (directory == NULL) {
        fail_with_errno(visitor, path);
        return ba_error_of(BA_OK);
    }
    const ba_error error = read_entries(visitor, directory, path, entries);
    (void)closedir(directory);
    return error;
}

/* --- the walk --- */

/* Moves the entries of a directory onto the stack, the first one uppermost. */
static BA_MUST_USE ba_error push_entries(file_visitor *visitor, const char *directory,
                                         medium_path_list *stack) {
    medium_path_list entries = {0};
    ba_error error = list_directory(visitor, directory, &entries);
    if (!ba_failed(error)) {
        error = sab_try_append_items(stack, entries.ptr, entries.len);
    }
    if (!ba_failed(error)) {
        /* They are the stack's now. */
        sab_set_len(&entries, 0);
    }
    sab_release(&entries);
    return error;
}

/* Visits a file, or puts the entries of a directory onto the stack. */
static BA_MUST_USE ba_error take_entry(file_visitor *visitor, small_text_list *path,
                                       medium_path_list *stack) {
    struct stat status;
    if (lstat(sab_terminated(path), &status) != 0) {
        fail_with_errno(visitor, sab_terminated(path));
        return ba_error_of(BA_OK);
    }
    if (S_ISDIR(status.st_mode)) {
        return push_entries(visitor, sab_terminated(path), stack);
    }
    return S_ISREG(status.st_mode) ? visitor->visit(visitor->context, path) : ba_error_of(BA_OK);
}

/* Works off a stack of paths. */
static BA_MUST_USE ba_error take_all(file_visitor *visitor, medium_path_list *stack) {
    small_text_list path = {0};
    while (sab_try_pop(stack, &path)) {
        const ba_error error = take_entry(visitor, &path, stack);
        sab_release(&path);
        if (ba_failed(error)) {
            return error;
        }
    }
    return ba_error_of(BA_OK);
}

/* Visits a file whose path is not in a list yet. */
static BA_MUST_USE ba_error visit_path(file_visitor *visitor, const char *path) {
    small_text_list owned = {0};
    ba_error error = sab_try_append_items(&owned, path, strlen(path));
    if (!ba_failed(error)) {
        error = visitor->visit(visitor->context, &owned);
    }
    sab_release(&owned);
    return error;
}

ba_error walk_files(file_visitor *visitor, const char *root) {
    struct stat status;
    if (stat(root, &status) != 0) {
        fail_with_errno(visitor, root);
        return ba_error_of(BA_OK);
    }
    /* The user may name a link, or what is no regular file. */
    if (!S_ISDIR(status.st_mode)) {
        return visit_path(visitor, root);
    }
    medium_path_list stack = {0};
    ba_error error = push_entries(visitor, root, &stack);
    if (!ba_failed(error)) {
        error = take_all(visitor, &stack);
    }
    sab_release(&stack);
    return error;
}

/* True if the path ends with the suffix that the context points to. */
static bool ends_so(void *context, const small_text_list *path) {
    const char *const suffix = *(const char *const *)context;
    const size_t length = strlen(suffix);
    return path->len >= length && strcmp(sab_terminated(path) + path->len - length, suffix) == 0;
}

ba_error walk_directory(file_visitor *visitor, const char *directory, const char *suffix) {
    medium_path_list paths = {0};
    ba_error error = list_directory(visitor, directory, &paths);
    if (!ba_failed(error)) {
        sab_retain(&paths, ends_so, &suffix);
        error = take_all(visitor, &paths);
    }
    sab_release(&paths);
    return error;
}
