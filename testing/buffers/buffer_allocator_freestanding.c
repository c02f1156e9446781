/* A program without a C library, to be linked and never run: whatever the buffer allocator needs
 * beyond this file would be an undefined symbol. */
#include "block_allocator/backing/buffer_allocator.h"

#include <stddef.h>

#include "block_allocator/internal/language.h"
#include "block_allocator/misuse.h"

/* What a freestanding program brings along: a handler of misuse. */
void ba_misuse_default(const ba_misuse *misuse) {
    (void)misuse;
    BA_TRAP();
}

/* What compilers ask of every freestanding environment, and may call of their own accord. */
void *memcpy(void *restrict to, const void *restrict from, size_t length);
void *memset(void *to, int byte, size_t length);

void *memcpy(void *restrict to, const void *restrict from, size_t length) {
    for (size_t i = 0; i < length; i++) {
        ((unsigned char *)to)[i] = ((const unsigned char *)from)[i];
    }
    return to;
}

void *memset(void *to, int byte, size_t length) {
    for (size_t i = 0; i < length; i++) {
        ((unsigned char *)to)[i] = (unsigned char)byte;
    }
    return to;
}

void freestanding_entry(void);

void freestanding_entry(void) {
    static unsigned char buffer[1024];
    static ba_buffer_allocator state;
    ba_buffer_allocator_init(&state, ba_memory_of(buffer, ba_bytes(sizeof buffer)));
    const ba_allocator allocator = ba_buffer_allocator_allocator(&state);
    const ba_memory memory = ba_alloc(allocator, ba_bytes(100), ba_align(64));
    (void)ba_free(allocator, memory, ba_align(64));
    (void)ba_buffer_allocator_release(&state);
    BA_TRAP();
}
