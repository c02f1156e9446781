#include "examples/word_index_report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define PLACES_SHOWN 3
/* Characters for a word in a table, and the most bytes of one that are printed. */
#define WORD_WIDTH 16
#define WORD_BYTES ((size_t)64)

/* --- the words in order of their frequency --- */

/* A word with what it is compared by. Borrows both. */
typedef struct rank {
    const word *of;
    const char *text;
} rank;

/* The most frequent one first; in order of the alphabet where they are equal. */
static int rank_compare(const rank *first, const rank *second) {
    const word *const a = first->of;
    const word *const b = second->of;
    if (a->count != b->count) {
        return a->count > b->count ? -1 : 1;
    }
    const int order =
        memcmp(first->text, second->text, a->length < b->length ? a->length : b->length);
    return order != 0 ? order : (a->length > b->length) - (a->length < b->length);
}

/* Makes large_rank_list. */
#define SAB_NAME large_rank
#define SAB_TYPE rank
#define SAB_ALLOCATOR large_blocks
#define SAB_POOL_TYPE large_pool
#define SAB_COMPARE rank_compare
#include "static_buffer/define.h"

/* Sorts, and keeps the first `most`. */
static void keep_first(large_rank_list *ranks, size_t most) {
    sab_sort(ranks);
    if (ranks->len > most) {
        sab_shrink_len(ranks, most);
    }
}

/* Makes a list of the `most` most frequent words, in order. Collects up to twice as many before it
 * drops those behind, so that a few of many words cost no sorting of all. */
static BA_MUST_USE ba_error rank_words(const word_table *table, size_t most,
                                       large_rank_list *ranks) {
    bool has_bound = false; /* words behind the last of the `most` need not be looked at */
    rank bound = {NULL, NULL};
    for (size_t i = 0; i < table->words.len; i++) {
        const word *const one = sab_at(&table->words, i);
        const rank ranked = {.of = one, .text = word_table_text(table, one)};
        if (has_bound && rank_compare(&ranked, &bound) > 0) {
            continue;
        }
        const ba_error error = sab_try_append(ranks, ranked);
        if (ba_failed(error)) {
            return error;
        }
        if (ranks->len / 2 >= most) {
            keep_first(ranks, most);
            bound = *sab_at(ranks, most - 1);
            has_bound = true;
        }
    }
    keep_first(ranks, most);
    return ba_error_of(BA_OK);
}

/* --- what is printed --- */

/* True for the bytes of a character in UTF-8 other than its first one. */
static bool goes_on(char byte) {
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/* Prints a word, or as many of its characters as are wanted, in a column. */
static void print_word(const char *text, size_t length) {
    size_t shown = length;
    if (length > WORD_BYTES) {
        shown = WORD_BYTES;
        while (shown > 0 && goes_on(text[shown])) {
            shown--;
        }
    }
    int width = 0;
    for (size_t i = 0; i < shown; i++) {
        width += !goes_on(text[i]);
    }
    (void)fwrite(text, 1, shown, stdout);
    printf("%s%*s", shown < length ? "..." : "", width < WORD_WIDTH ? WORD_WIDTH - width : 0, "");
}

static void print_place(const medium_path_list *files, place where) {
    print_path(stdout, sab_terminated(sab_at(files, where.file)));
    printf(":%" PRIu32, where.line);
}

static void print_rank(const medium_path_list *files, const rank *ranked) {
    const small_place_list *const places = &ranked->of->places;
    printf("%8" PRIu64 "  ", ranked->of->count);
    print_word(ranked->text, ranked->of->length);
    for (size_t i = 0; i < places->len && i < PLACES_SHOWN; i++) {
        (void)putchar(' ');
        print_place(files, places->ptr[i]);
    }
    printf("%s\n", places->len > PLACES_SHOWN ? " ..." : "");
}

ba_error report_frequent(const word_table *table, const medium_path_list *files, size_t most) {
    large_rank_list ranks = {0};
    const ba_error error = most == 0 ? ba_error_of(BA_OK) : rank_words(table, most, &ranks);
    if (!ba_failed(error)) {
        printf("The most frequent words\n");
        for (size_t i = 0; i < ranks.len; i++) {
            print_rank(files, &ranks.ptr[i]);
        }
    }
    sab_release(&ranks);
    return error;
}

void report_word(const word_table *table, const medium_path_list *files,
                 const small_text_list *wanted) {
    const word *const found = word_table_find(table, wanted->ptr, wanted->len);
    const size_t lines = found == NULL ? 0 : found->places.len;
    printf("\n%s: count %" PRIu64 ", lines %zu\n", sab_terminated(wanted),
           found == NULL ? 0 : found->count, lines);
    for (size_t i = 0; i < lines; i++) {
        (void)putchar(' ');
        (void)putchar(' ');
        print_place(files, found->places.ptr[i]);
        (void)putchar('\n');
    }
}
