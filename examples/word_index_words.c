#include "examples/word_index_words.h"

#include <string.h>

#define SAB_NAME small_place
#define SAB_TYPE place
#define SAB_ALLOCATOR small_blocks
#define SAB_POOL_TYPE small_pool
#define SAB_IMPLEMENT
#include "static_buffer/define.h"

void word_drop(word *self) {
    small_place_list_release(&self->places);
}

#define SAB_NAME large_word
#define SAB_TYPE word
#define SAB_ALLOCATOR large_blocks
#define SAB_POOL_TYPE large_pool
#define SAB_DROP word_drop
#define SAB_IMPLEMENT
#include "static_buffer/define.h"

#define SAB_NAME large_text
#define SAB_TYPE char
#define SAB_ALLOCATOR large_blocks
#define SAB_POOL_TYPE large_pool
#define SAB_IMPLEMENT
#include "static_buffer/define.h"

#define SAB_NAME large_slot
#define SAB_TYPE word_slot
#define SAB_ALLOCATOR large_blocks
#define SAB_POOL_TYPE large_pool
#define SAB_IMPLEMENT
#include "static_buffer/define.h"

/* Fill one block of `large_blocks`. */
#define SLOTS_AT_FIRST ((size_t)8192)

/* --- the hash table --- */

/* FNV-1a (Fowler, Noll and Vo), folded to 32 bits. */
static uint32_t hash_of(const char *text, size_t length) {
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ (unsigned char)text[i]) * UINT64_C(0x100000001B3);
    }
    return (uint32_t)(hash ^ (hash >> 32));
}

static bool has_text(const word_table *self, const word *one, const char *text, size_t length) {
    return one->length == length && memcmp(word_table_text(self, one), text, length) == 0;
}

/* Where the word is in the table, or the empty slot where it would be. */
static word_slot *slot_of(const word_table *self, uint32_t hash, const char *text, size_t length) {
    const size_t mask = self->slots.len - 1;
    for (size_t i = hash & mask;; i = (i + 1) & mask) {
        word_slot *const slot = &self->slots.ptr[i];
        if (slot->number == 0 ||
            (slot->hash == hash &&
             has_text(self, &self->words.ptr[slot->number - 1], text, length))) {
            return slot;
        }
    }
}

/* Puts the slots that are not empty into a larger table. */
static void move_slots(const large_slot_slice *from, large_slot_slice *to) {
    const size_t mask = to->len - 1;
    for (size_t i = 0; i < from->len; i++) {
        size_t at = from->ptr[i].hash & mask;
        while (from->ptr[i].number != 0 && to->ptr[at].number != 0) {
            at = (at + 1) & mask;
        }
        if (from->ptr[i].number != 0) {
            to->ptr[at] = from->ptr[i];
        }
    }
}

/* Makes room for one more word. */
static BA_MUST_USE ba_error ensure_empty_slot(word_table *self) {
    if (self->words.len < self->slots.len / 4 * 3) {
        return ba_error_of(BA_OK);
    }
    if (self->words.len == UINT32_MAX || self->slots.len > SIZE_MAX / 2) {
        return ba_error_of(BA_LIMIT);
    }
    const size_t count = self->slots.len == 0 ? SLOTS_AT_FIRST : 2 * self->slots.len;
    large_slot_slice larger = {0};
    const ba_error error = large_slot_slice_try_of(&larger, count);
    if (ba_failed(error)) {
        return error;
    }
    for (size_t i = 0; i < larger.len; i++) {
        larger.ptr[i] = (word_slot){0};
    }
    move_slots(&self->slots, &larger);
    sab_release(&self->slots);
    self->slots = larger;
    return ba_error_of(BA_OK);
}

/* --- words --- */

/* Appends a word that stands nowhere yet. */
static BA_MUST_USE ba_error append_word(word_table *self, const char *text, size_t length) {
    const word new_word = {.text = self->texts.len, .length = length};
    ba_error error = sab_try_append_items(&self->texts, text, length);
    if (!ba_failed(error)) {
        error = sab_try_append(&self->words, new_word);
    }
    return error;
}

/* The index of the word of that text, which is made if there is none. */
static BA_MUST_USE ba_error find_or_make(word_table *self, const char *text, size_t length,
                                         size_t *index) {
    ba_error error = ensure_empty_slot(self);
    if (ba_failed(error)) {
        return error;
    }
    const uint32_t hash = hash_of(text, length);
    word_slot *const slot = slot_of(self, hash, text, length);
    if (slot->number == 0) {
        error = append_word(self, text, length);
        if (ba_failed(error)) {
            return error;
        }
        *slot = (word_slot){.hash = hash, .number = (uint32_t)self->words.len};
    }
    *index = slot->number - 1;
    return ba_error_of(BA_OK);
}

ba_error word_table_add(word_table *self, const char *text, size_t length, place where) {
    size_t index = 0;
    ba_error error = find_or_make(self, text, length, &index);
    if (ba_failed(error)) {
        return error;
    }
    word *const one = &self->words.ptr[index];
    const place *const last = sab_last(&one->places);
    if (last == NULL || last->line != where.line || last->file != where.file) {
        error = sab_try_append(&one->places, where);
    }
    if (!ba_failed(error)) {
        one->count++;
        self->count++;
    }
    return error;
}

const word *word_table_find(const word_table *self, const char *text, size_t length) {
    if (self->slots.len == 0) {
        return NULL;
    }
    const word_slot *const slot = slot_of(self, hash_of(text, length), text, length);
    return slot->number == 0 ? NULL : &self->words.ptr[slot->number - 1];
}

const char *word_table_text(const word_table *self, const word *of) {
    return self->texts.ptr + of->text;
}

void word_table_release(word_table *self) {
    sab_release(&self->slots);
    sab_release(&self->texts);
    sab_release(&self->words);
    self->count = 0;
}
