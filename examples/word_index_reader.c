#include "examples/word_index_reader.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* One block of `large_blocks`. */
#define PIECE_BYTES ((size_t)65536)

static char small_letter(unsigned c) {
    if (c >= 'A' && c <= 'Z') {
        return (char)(c - 'A' + 'a');
    }
    return (char)((c >= 'a' && c <= 'z') || c >= 0x80 ? c : 0);
}

ba_error text_reader_make(text_reader *self, word_table *table) {
    *self = (text_reader){.table = table};
    for (unsigned c = 0; c < sizeof self->small; c++) {
        self->small[c] = small_letter(c);
    }
    return large_text_slice_try_of(&self->piece, PIECE_BYTES);
}

/* Puts a word into the table. */
static BA_MUST_USE ba_error add(text_reader *self, const char *text, size_t length, uint32_t file) {
    const place where = {.file = file, .line = (uint32_t)self->line};
    return word_table_add(self->table, text, length, where);
}

/* Ends the word that was begun in the piece before. */
static BA_MUST_USE ba_error add_begun(text_reader *self, uint32_t file) {
    if (self->begun.len == 0) {
        return ba_error_of(BA_OK);
    }
    const ba_error error = add(self, self->begun.ptr, self->begun.len, file);
    sab_clear(&self->begun);
    return error;
}

/* Takes a run of letters. At the end of the piece, the word may go on in the next one. */
static BA_MUST_USE ba_error take_run(text_reader *self, const char *run, size_t length,
                                     bool is_at_end, uint32_t file) {
    if (!is_at_end && self->begun.len == 0) {
        return add(self, run, length, file);
    }
    const ba_error error = sab_try_append_items(&self->begun, run, length);
    return ba_failed(error) || is_at_end ? error : add_begun(self, file);
}

/* Makes the letters from `at` on small ones, and returns where they end. */
static size_t end_of_run(const text_reader *self, char *bytes, size_t at, size_t count) {
    for (; at < count; at++) {
        const char small = self->small[(unsigned char)bytes[at]];
        if (small == 0) {
            break;
        }
        bytes[at] = small;
    }
    return at;
}

/* Takes what was read. */
static BA_MUST_USE ba_error take_piece(text_reader *self, size_t count, uint32_t file) {
    char *const bytes = self->piece.ptr;
    ba_error error = ba_error_of(BA_OK);
    for (size_t at = 0; at < count && !ba_failed(error); at++) {
        const size_t end = end_of_run(self, bytes, at, count);
        if (end > at) {
            error = take_run(self, bytes + at, end - at, end == count, file);
        } else if (at == 0) {
            error = add_begun(self, file);
        }
        at = end;
        self->line += at < count && bytes[at] == '\n';
    }
    return error;
}

/* Reads a piece: its length, 0 at the end, or below 0. */
static ssize_t read_piece(text_reader *self, int descriptor) {
    ssize_t got;
    do {
        got = read(descriptor, self->piece.ptr, self->piece.len);
    } while (got < 0 && errno == EINTR);
    return got;
}

/* Reads and takes one piece; *is_last: there is no other. */
static text_end read_and_take(text_reader *self, int descriptor, uint32_t file, bool *is_last) {
    const ssize_t got = read_piece(self, descriptor);
    *is_last = got <= 0;
    if (got <= 0) {
        return got < 0 ? TEXT_UNREADABLE : TEXT_READ;
    }
    const char *const zero = (const char *)memchr(self->piece.ptr, 0, (size_t)got);
    const size_t count = zero == NULL ? (size_t)got : (size_t)(zero - self->piece.ptr);
    self->bytes += count;
    /* A piece has at most so many lines. */
    if (self->line > UINT32_MAX - PIECE_BYTES) {
        return TEXT_TOO_LONG;
    }
    self->error = take_piece(self, count, file);
    if (ba_failed(self->error)) {
        return TEXT_NO_MEMORY;
    }
    return zero == NULL ? TEXT_READ : TEXT_BINARY;
}

text_end text_reader_read(text_reader *self, int descriptor, uint32_t file) {
    self->line = 1;
    bool is_last = false;
    text_end end = TEXT_READ;
    while (end == TEXT_READ && !is_last) {
        end = read_and_take(self, descriptor, file, &is_last);
    }
    if (end == TEXT_NO_MEMORY) {
        return end;
    }
    /* Also where the text breaks off, the last word ends. */
    const int kept = errno;
    self->error = add_begun(self, file);
    errno = kept;
    return ba_failed(self->error) ? TEXT_NO_MEMORY : end;
}

bool text_reader_word(text_reader *self, const char *text, small_text_list *made) {
    const size_t length = strlen(text);
    self->error = sab_try_append_items(made, text, length);
    return !ba_failed(self->error) && length > 0 &&
           end_of_run(self, made->ptr, 0, length) == length;
}

void text_reader_release(text_reader *self) {
    sab_release(&self->begun);
    sab_release(&self->piece);
}
