/* Indexes the words of texts in lists and slices on three pools, and shows the most frequent ones.
 *
 *     tools/bazel run //examples:word_index -- [-n N] [-w WORD] [-m MIB] [FILE | DIRECTORY]...
 *
 * Reads the files, and those below the directories, by default README.md and what in docs ends with
 * .md; prints the N most frequent words, by default 10, with the first lines that they stand on;
 * then each pool's statistics, how much was read and the time that took; and all lines of WORD.
 * Takes at most MIB MiB of memory from the system, by default 2048.
 *
 * What cannot be read is named, with the reason, and left out; of binary files, the words before
 * the first zero byte are taken. Ends with 1 in both cases, if there is not enough memory, or if
 * the output cannot be written; with 2 if it is called in the wrong way; otherwise with 0. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "examples/word_index_reader.h"
#include "examples/word_index_report.h"
#include "examples/word_index_walk.h"

#define MEBIBYTE ((size_t)1 << 20)

/* All that the program knows. */
typedef struct word_index {
    file_visitor visitor;
    word_table table;
    text_reader reader;
    medium_path_list files; /* by number */
} word_index;

/* What the user wants. */
typedef struct search_options {
    size_t most;          /* words to print */
    const char *word;     /* all whose lines are printed, or NULL */
    size_t mebibytes;     /* of memory */
    char *const *targets; /* files and directories */
    size_t target_count;
} search_options;

/* --- indexing --- */

static void fail(word_index *self, const char *path, const char *reason) {
    warn(path, reason);
    self->visitor.failures++;
}

static void fail_with_errno(word_index *self, const char *path) {
    warn_errno(path);
    self->visitor.failures++;
}

/* Says what is to be said of a file; `bytes` and `words` were read in it. */
static void tell_end(word_index *self, const char *path, text_end end, uint64_t bytes,
                     uint64_t words) {
    char text[64];
    switch (end) {
    case TEXT_READ:
        if (words == 0) {
            warn(path, bytes == 0 ? "an empty file" : "no words in this file");
        }
        break;
    case TEXT_BINARY:
        (void)snprintf(text, sizeof text, "binary data, not read on from line %" PRIu64,
                       self->reader.line);
        fail(self, path, text);
        break;
    case TEXT_UNREADABLE:
        fail_with_errno(self, path);
        break;
    case TEXT_TOO_LONG:
        fail(self, path, "too many lines, the rest is left out");
        break;
    case TEXT_NO_MEMORY:
        break;
    }
}

/* Takes the path, and reads the open file. */
static BA_MUST_USE ba_error index_open_file(word_index *self, small_text_list *path,
                                            int descriptor) {
    const size_t number = self->files.len;
    if (number > UINT32_MAX) {
        return ba_error_of(BA_LIMIT);
    }
    const ba_error error = sab_try_append(&self->files, *path);
    if (ba_failed(error)) {
        return error;
    }
    *path = (small_text_list){0};
    const uint64_t bytes = self->reader.bytes;
    const uint64_t words = self->table.count;
    const text_end end = text_reader_read(&self->reader, descriptor, (uint32_t)number);
    tell_end(self, sab_terminated(sab_last(&self->files)), end, self->reader.bytes - bytes,
             self->table.count - words);
    return self->reader.error;
}

/* A visitor's function. */
static ba_error index_file(void *context, small_text_list *path) {
    word_index *const self = (word_index *)context;
    const int descriptor = open(sab_terminated(path), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        fail_with_errno(self, sab_terminated(path));
        return ba_error_of(BA_OK);
    }
    const ba_error error = index_open_file(self, path, descriptor);
    (void)close(descriptor);
    return error;
}

static bool has_memory(const char *where, ba_error error) {
    if (ba_failed(error)) {
        (void)fputs("word_index: out of memory at ", stderr);
        print_path(stderr, where);
        (void)fprintf(stderr, ": %s\n", ba_error_message(error));
    }
    return !ba_failed(error);
}

/* False, and a message, if there is no memory. */
static bool index_targets(word_index *self, const search_options *wanted) {
    for (size_t i = 0; i < wanted->target_count; i++) {
        const char *const target = wanted->targets[i];
        if (!has_memory(target, walk_files(&self->visitor, target))) {
            return false;
        }
    }
    return wanted->target_count > 0 ||
           (has_memory("README.md", walk_files(&self->visitor, "README.md")) &&
            has_memory("docs", walk_directory(&self->visitor, "docs", ".md")));
}

/* --- the report --- */

static double seconds_since(clock_t start) {
    return (double)(clock() - start) / (double)CLOCKS_PER_SEC;
}

/* False, and a message, if there is no memory. */
static bool report(const word_index *self, const search_options *wanted, clock_t start) {
    if (!has_memory("the report", report_frequent(&self->table, &self->files, wanted->most))) {
        return false;
    }
    printf("\nMemory, in bytes\n");
    pools_print();
    const size_t files = self->files.len;
    printf("\n%" PRIu64 " bytes in %zu file%s: %" PRIu64 " words, %zu distinct; %.3f seconds\n",
           self->reader.bytes, files, files == 1 ? "" : "s", self->table.count,
           self->table.words.len, seconds_since(start));
    return true;
}

/* Says so if not all of the output could be written. */
static bool is_output_written(void) {
    if (fflush(stdout) == 0 && ferror(stdout) == 0) {
        return true;
    }
    (void)fputs("word_index: not all of the output could be written\n", stderr);
    return false;
}

/* --- the program --- */

static int usage(void) {
    (void)fputs("usage: word_index [-n N] [-w WORD] [-m MIB] [FILE | DIRECTORY]...\n", stderr);
    return 2;
}

/* Goes to where the user stands: "bazel run" starts programs elsewhere and says so. */
static bool go_to_user(void) {
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread. */
    const char *const directory = getenv("BUILD_WORKING_DIRECTORY");
    if (directory == NULL || chdir(directory) == 0) {
        return true;
    }
    warn_errno(directory);
    return false;
}

/* Reads a number of at most `most`; false if it is none. */
static bool read_number(const char *text, size_t most, size_t *number) {
    char *end = NULL;
    errno = 0;
    const unsigned long long value = strtoull(text, &end, 10);
    *number = (size_t)value;
    return *text >= '0' && *text <= '9' && *end == '\0' && errno == 0 && value <= most;
}

/* False if the program is called in the wrong way. */
static bool read_arguments(int argc, char **argv, search_options *wanted) {
    *wanted = (search_options){.most = 10, .mebibytes = 2048};
    bool is_right = true;
    int option;
    opterr = 0;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread. */
    while (is_right && (option = getopt(argc, argv, "n:w:m:")) != -1) {
        if (option == 'n') {
            is_right = read_number(optarg, SIZE_MAX, &wanted->most);
        } else if (option == 'm') {
            is_right = read_number(optarg, SIZE_MAX / MEBIBYTE, &wanted->mebibytes);
        } else if (option == 'w') {
            wanted->word = optarg;
        } else {
            is_right = false;
        }
    }
    wanted->targets = argv + optind;
    wanted->target_count = (size_t)(argc - optind);
    return is_right;
}

/* Indexes and reports; `asked` is the word, as it is in the table. Returns the exit status. */
static int show(word_index *self, const search_options *wanted, const small_text_list *asked,
                clock_t start) {
    if (!index_targets(self, wanted)) {
        return 1;
    }
    if (self->table.count == 0) {
        (void)fputs("word_index: there is no word to be indexed\n", stderr);
    }
    if (!report(self, wanted, start)) {
        return 1;
    }
    if (wanted->word != NULL) {
        report_word(&self->table, &self->files, asked);
    }
    return is_output_written() && self->visitor.failures == 0 ? 0 : 1;
}

static int run(word_index *self, const search_options *wanted) {
    const clock_t start = clock();
    self->visitor = (file_visitor){.visit = index_file, .context = self};
    if (!has_memory("the start", text_reader_make(&self->reader, &self->table))) {
        return 1;
    }
    small_text_list asked = {0};
    int status = 0;
    if (wanted->word != NULL && !text_reader_word(&self->reader, wanted->word, &asked)) {
        status = has_memory("the start", self->reader.error) ? usage() : 1;
    } else {
        status = show(self, wanted, &asked, start);
    }
    sab_release(&asked);
    return status;
}

int main(int argc, char **argv) {
    search_options wanted;
    if (!read_arguments(argc, argv, &wanted)) {
        return usage();
    }
    if (!go_to_user()) {
        return 1;
    }
    pools_make(ba_bytes(wanted.mebibytes * MEBIBYTE));
    word_index index = {0};
    const int status = run(&index, &wanted);
    text_reader_release(&index.reader);
    word_table_release(&index.table);
    sab_release(&index.files);
    pools_release();
    return status;
}
