/* The pages of Linux. */
/* For mremap, MAP_HUGETLB and syscall. */
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): its name  \
                       is the C library's */

#include <errno.h>
#include <limits.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "block_allocator/backing/page/page_system.h"
#include "block_allocator/backing/page/page_system_mmap.h"

/* From <linux/mempolicy.h>, which belongs to another package than the C library. */
enum { MEMORY_POLICY_BIND = 2 };

ba_error_code ba_page_system_check(const ba_pages *pages) {
    (void)pages;
    return BA_OK;
}

static int log2_of(size_t power_of_two) {
    int log2 = 0;
    while (power_of_two > 1) {
        power_of_two >>= 1;
        log2++;
    }
    return log2;
}

int ba_mmap_flags(const ba_pages *pages) {
    enum { SIZE_SHIFT = 26 }; /* MAP_HUGE_SHIFT, which not every C library has */
    return pages->options.huge_pages == BA_HUGE_PAGES_REQUIRED
               ? MAP_HUGETLB |
                     (int)((unsigned)log2_of(pages->options.huge_page_size.bytes) << SIZE_SHIFT)
               : 0;
}

/* By system call: the function is in a library of its own (libnuma). */
static ba_error_code bind_to_node(void *start, ba_length length, unsigned node) {
    enum { WORD_BITS = sizeof(unsigned long) * CHAR_BIT };
    unsigned long nodes[BA_PAGE_SYSTEM_NODES / WORD_BITS] = {0};
    nodes[node / WORD_BITS] = 1UL << node % WORD_BITS;
    /* The system uses one bit less than the number that it gets. */
    const unsigned long bits = BA_PAGE_SYSTEM_NODES + 1;
    return syscall(SYS_mbind, start, length.bytes, (unsigned long)MEMORY_POLICY_BIND, nodes, bits,
                   0UL) == 0
               ? BA_OK
               : ba_mmap_refusal(errno);
}

ba_error_code ba_mmap_prepare(void *start, ba_length length, const ba_pages *pages) {
    if (pages->options.huge_pages == BA_HUGE_PAGES_ADVISED) {
        (void)madvise(start, length.bytes, MADV_HUGEPAGE);
    }
    return pages->options.placement == BA_PAGES_ON_NODE
               ? bind_to_node(start, length, pages->options.node)
               : BA_OK;
}

/* Changes nothing if it fails; a new mapping over the pages might leave a hole. Locked pages are
 * only dropped by an advice of their own, which Linux has since 5.18. */
bool ba_mmap_drop(void *start, size_t bytes) {
    enum { DROP_LOCKED = 24 }; /* MADV_DONTNEED_LOCKED, which not every C library has */
    return madvise(start, bytes, MADV_DONTNEED) == 0 || madvise(start, bytes, DROP_LOCKED) == 0;
}

void ba_mmap_close(void *start, size_t bytes) {
    (void)mprotect(start, bytes, PROT_NONE);
}

ba_error_code ba_page_system_extend(void *start, ba_length length, ba_length longer) {
    return mremap(start, length.bytes, longer.bytes, 0) == MAP_FAILED ? BA_NOT_IN_PLACE : BA_OK;
}

static ba_memory moved_to(void *start, ba_length length) {
    return start == MAP_FAILED ? ba_memory_none(ba_error_of(ba_mmap_refusal(errno)))
                               : ba_memory_of(start, length);
}

static ba_memory move_aligned(void *start, ba_length length, ba_length longer,
                              ba_alignment alignment, const ba_pages *pages) {
    /* Usable from the start: what limits allow is decided here, before mremap drops the mapping
     * that it replaces. After that only the first check of mremap, for map entries, can fail, and
     * then the mapping is still there. */
    const ba_memory target = ba_page_system_map(longer, longer, alignment, pages);
    if (ba_memory_is_none(target)) {
        return target;
    }
    const ba_memory moved =
        moved_to(mremap(start, length.bytes, longer.bytes, MREMAP_MAYMOVE | MREMAP_FIXED,
                        ba_memory_pointer(target)),
                 longer);
    if (ba_memory_is_none(moved)) {
        ba_mmap_give_back(ba_memory_pointer(target), longer.bytes);
    }
    return moved;
}

ba_memory ba_page_system_move(void *start, ba_length length, ba_length reserved, ba_length longer,
                              ba_alignment alignment, const ba_pages *pages) {
    const ba_memory moved =
        alignment.bytes <= pages->block_size.bytes
            ? moved_to(mremap(start, length.bytes, longer.bytes, MREMAP_MAYMOVE), longer)
            : move_aligned(start, length, longer, alignment, pages);
    if (!ba_memory_is_none(moved)) {
        ba_mmap_give_back((char *)start + length.bytes, reserved.bytes - length.bytes);
    }
    return moved;
}

ba_length ba_page_system_discard(void *start, ba_length length) {
    return madvise(start, length.bytes, MADV_DONTNEED) == 0 ? length : ba_bytes(0);
}
