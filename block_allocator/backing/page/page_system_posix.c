/* The pages of a system that has mmap, but nothing else that we need. */
/* MAP_ANONYMOUS is in POSIX only since 2024; the C library has it by this name. */
#define _DEFAULT_SOURCE /* NOLINT(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): its   \
                           name is the C library's */

#include <sys/mman.h>

#include "block_allocator/backing/page/page_system.h"
#include "block_allocator/backing/page/page_system_mmap.h"

ba_error_code ba_page_system_check(const ba_pages *pages) {
    return pages->options.huge_pages == BA_HUGE_PAGES_REQUIRED ||
                   pages->options.placement == BA_PAGES_ON_NODE
               ? BA_UNSUPPORTED
               : BA_OK;
}

int ba_mmap_flags(const ba_pages *pages) {
    (void)pages;
    return 0;
}

ba_error_code ba_mmap_prepare(void *start, ba_length length, const ba_pages *pages) {
    (void)start;
    (void)length;
    (void)pages;
    return BA_OK;
}

bool ba_mmap_drop(void *start, size_t bytes) {
    /* cppcheck-suppress leakReturnValNotUsed; it replaces what was there. */
    return mmap(start, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) !=
           MAP_FAILED;
}

void ba_mmap_close(void *start, size_t bytes) {
    (void)mprotect(start, bytes, PROT_NONE);
}

ba_error_code ba_page_system_extend(void *start, ba_length length, ba_length longer) {
    char *const end = (char *)start + length.bytes;
    const size_t more = longer.bytes - length.bytes;
    /* The address is a wish: with MAP_FIXED it would replace what is there. */
    void *const mapped =
        mmap(end, more, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) {
        return BA_NOT_IN_PLACE;
    }
    if (mapped != end) {
        ba_mmap_give_back(mapped, more);
        return BA_NOT_IN_PLACE;
    }
    /* cppcheck-suppress memleak; it belongs to the memory that it extends. */
    return BA_OK;
}

ba_memory ba_page_system_move(void *start, ba_length length, ba_length reserved, ba_length longer,
                              ba_alignment alignment, const ba_pages *pages) {
    (void)start;
    (void)length;
    (void)reserved;
    (void)longer;
    (void)alignment;
    (void)pages;
    return ba_memory_none(ba_error_of(BA_UNSUPPORTED));
}

/* What posix_madvise does is left to the system; it promises no memory. */
ba_length ba_page_system_discard(void *start, ba_length length) {
    (void)start;
    (void)length;
    return ba_bytes(0);
}
