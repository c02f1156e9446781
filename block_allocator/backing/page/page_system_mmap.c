/* MAP_ANONYMOUS is in POSIX only since 2024; the C library has it by this name. */
#define _DEFAULT_SOURCE /* NOLINT(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): its   \
                           name is the C library's */

#include "block_allocator/backing/page/page_system_mmap.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "block_allocator/backing/page/page_system.h"
#include "block_allocator/internal/language.h"

#ifndef MAP_NORESERVE
#define MAP_NORESERVE 0
#endif

static const int usable = PROT_READ | PROT_WRITE;

ba_length ba_page_system_page_size(void) {
    static atomic_size_t known; /* 0: not yet; the first thread asks, and all get the same */
    size_t bytes = atomic_load_explicit(&known, memory_order_relaxed);
    if (bytes == 0) {
        bytes = (size_t)sysconf(_SC_PAGESIZE);
        atomic_store_explicit(&known, bytes, memory_order_relaxed);
    }
    return ba_bytes(bytes);
}

ba_error_code ba_mmap_refusal(int error) {
    return error == ENOMEM || error == EAGAIN ? BA_OUT_OF_MEMORY : BA_UNSUPPORTED;
}

void ba_mmap_give_back(void *start, size_t bytes) {
    if (bytes != 0 && munmap(start, bytes) != 0) {
        (void)ba_mmap_drop(start, bytes);
        ba_mmap_close(start, bytes);
    }
}

static ba_memory map(ba_length length, int protection, int flags, const ba_pages *pages) {
    void *const start = mmap(NULL, length.bytes, protection,
                             MAP_PRIVATE | MAP_ANONYMOUS | flags | ba_mmap_flags(pages), -1, 0);
    if (start != MAP_FAILED) {
        return ba_memory_of(start, length);
    }
    /* Every system has ordinary pages, whatever it calls it when there are not so many. */
    return ba_memory_none(ba_error_of(pages->options.huge_pages == BA_HUGE_PAGES_REQUIRED
                                          ? ba_mmap_refusal(errno)
                                          : BA_OUT_OF_MEMORY));
}

/* Cuts the aligned part out of a mapping that is long enough to have one. */
BA_WRAPS static ba_memory trim(ba_memory surplus, ba_length length, ba_alignment alignment) {
    char *const start = (char *)ba_memory_pointer(surplus);
    const size_t bytes = ba_memory_length(surplus).bytes;
    const size_t head = (0 - (uintptr_t)start) & (alignment.bytes - 1);
    const size_t tail = bytes - head - length.bytes;
    if (head != 0 && munmap(start, head) != 0) {
        ba_mmap_give_back(start, bytes);
        return ba_memory_none(ba_error_of(BA_OUT_OF_MEMORY));
    }
    if (tail != 0 && munmap(start + head + length.bytes, tail) != 0) {
        ba_mmap_give_back(start + head, bytes - head);
        return ba_memory_none(ba_error_of(BA_OUT_OF_MEMORY));
    }
    /* cppcheck-suppress deallocret; only what lies before it was unmapped. */
    return ba_memory_of(start + head, length);
}

static ba_memory map_aligned(ba_length length, ba_alignment alignment, int protection, int flags,
                             const ba_pages *pages) {
    if (alignment.bytes <= pages->block_size.bytes) {
        return map(length, protection, flags, pages);
    }
    /* The sum is below SIZE_MAX: lengths are below half of it, alignments at most half. */
    const size_t surplus = alignment.bytes - pages->block_size.bytes;
    const ba_memory mapped = map(ba_bytes(length.bytes + surplus), protection, flags, pages);
    return ba_memory_is_none(mapped) ? mapped : trim(mapped, length, alignment);
}

/* Whether more addresses are taken than will have memory. Then none has at first: what is only
 * reserved, or cut off for the alignment, is neither counted as memory nor, where the program locks
 * its memory, filled. Huge pages that are required are counted when they are mapped, or never. */
static bool takes_addresses_first(ba_length length, ba_length reserved, ba_alignment alignment,
                                  const ba_pages *pages) {
    return pages->options.huge_pages != BA_HUGE_PAGES_REQUIRED &&
           (length.bytes < reserved.bytes || alignment.bytes > pages->block_size.bytes);
}

ba_memory ba_page_system_map(ba_length length, ba_length reserved, ba_alignment alignment,
                             const ba_pages *pages) {
    const bool addresses_first = takes_addresses_first(length, reserved, alignment, pages);
    const int protection = addresses_first ? PROT_NONE : usable;
    const int flags = length.bytes == reserved.bytes ? 0 : MAP_NORESERVE;
    const ba_memory mapped = map_aligned(reserved, alignment, protection, flags, pages);
    if (ba_memory_is_none(mapped)) {
        return mapped;
    }
    void *const start = ba_memory_pointer(mapped);
    ba_error_code code = ba_mmap_prepare(start, reserved, pages);
    if (code == BA_OK && addresses_first) {
        code = ba_page_system_commit(start, ba_bytes(0), length);
    }
    if (code != BA_OK) {
        ba_mmap_give_back(start, reserved.bytes);
        return ba_memory_none(ba_error_of(code));
    }
    return ba_memory_of(start, length);
}

void ba_page_system_unmap(void *start, ba_length reserved) {
    ba_mmap_give_back(start, reserved.bytes);
}

/* Pages that cannot be given back are accessible still, so they can be made what fresh ones are. */
static void decommit(char *start, size_t bytes) {
    if (!ba_mmap_drop(start, bytes)) {
        memset(start, 0, bytes);
    }
    ba_mmap_close(start, bytes);
}

void ba_page_system_shrink(void *start, ba_length length, ba_length shorter, ba_length reserved) {
    char *const first = (char *)start;
    const size_t left = length.bytes < reserved.bytes ? length.bytes : reserved.bytes;
    ba_mmap_give_back(first + left, length.bytes - left);
    if (left > shorter.bytes) {
        decommit(first + shorter.bytes, left - shorter.bytes);
    }
}

ba_error_code ba_page_system_commit(void *start, ba_length length, ba_length longer) {
    return mprotect((char *)start + length.bytes, longer.bytes - length.bytes, usable) == 0
               ? BA_OK
               : BA_OUT_OF_MEMORY;
}
