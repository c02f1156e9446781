/* ba_page_allocator: memory directly from the operating system, in whole pages.
 *
 *     ba_memory memory = ba_alloc(ba_page_allocator(), ba_bytes(777), ba_align(16));   // 777
 *     ba_memory span = ba_block_alloc(ba_page_block_allocator(), ba_bytes(777), ba_align(16));
 *     // 4096: the whole page
 *
 * Each grant is a mapping of its own, so this is for large memory and for the backing of pools.
 * Fresh contents are zero. Any alignment up to BA_PAGES_LARGEST_ALIGNMENT is given, as far as
 * addresses are free; surplus addresses before and after the grant go back at once and never have
 * memory. Metadata: none. Cost: one or more system calls for a call that takes pages or gives some
 * back. Any number of threads may use all of it at once.
 *
 * The system has its own costs. Linux keeps an entry in its map of the process for each run of
 * pages of one kind, and a process has 65,530 of them (vm.max_map_count); without entries it can
 * start no thread and load no library. Adjacent grants mostly share one entry. But a grant that is
 * aligned to more than a page, or freed between others, may take one more, and one with reserved
 * addresses takes two: the memory and what is only reserved. So grants should be few: for many
 * small objects, use a pool over this allocator with requests of a megabyte rather than of a page.
 *
 * What the system can do decides how memory grows:
 *  - Linux grows a mapping in place if the addresses after it are free, and else moves its pages
 *    without copying (remap).
 *  - Other POSIX systems grow in place if the addresses after it are free; they do not remap, and
 *    discard gives nothing back.
 *  - Windows grows in place only what was shrunk before, or up to a reservation.
 *
 * With options, memory is better aligned, made of huge pages, put on one NUMA node, or given
 * *reserved addresses*, in which it grows without ever moving:
 *
 *     ba_pages pages;
 *     ba_page_options options = {.reserve = ba_bytes((size_t)1 << 36)};
 *     ba_error error = ba_pages_init(&pages, options);
 *     ba_block_allocator blocks = ba_pages_block_allocator(&pages);
 *
 * Then a grant takes `reserve` bytes of addresses, or its own length if that is more, and memory
 * only for what was asked for. It grows in place up to exactly that. Memory that is cut off goes
 * back to the system while its addresses are kept; addresses beyond `reserve` are not kept once
 * they are cut off.
 *
 * Memory that the program locks (mlock, mlockall) keeps these promises. What is cut off a grant
 * goes back on Linux since 5.18; elsewhere it stays with the process until the grant is freed, and
 * is zero when the grant grows into it again. Discard gives back nothing that is locked. With
 * MCL_FUTURE, RLIMIT_MEMLOCK counts addresses that are only reserved, too. Where the system never
 * promises memory that it does not have (vm.overcommit_memory = 2), addresses without memory do not
 * count, but what was cut off counts as promised until the grant is freed.
 *
 * LeakSanitizer, in a program that has it, looks for pointers in live grants.
 *
 * A system that has run out of entries for its map of the process may refuse to unmap. No call
 * fails because of that, and on Linux the memory goes back anyway. Only addresses are lost to the
 * process: those of a refused free, and those that a refused shrink cut off. */
#ifndef BLOCK_ALLOCATOR_BACKING_PAGE_ALLOCATOR_H_
#define BLOCK_ALLOCATOR_BACKING_PAGE_ALLOCATOR_H_

#include <stddef.h>
#include <stdint.h>

#include "block_allocator/allocator.h"
#include "block_allocator/block_allocator.h"
#include "block_allocator/error.h"
#include "block_allocator/internal/language.h"
#include "block_allocator/memory.h"
#include "block_allocator/misuse.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* The largest alignment of a grant, in bytes. A larger one is BA_BAD_ALIGN: no address that a
 * system gives to a program unasked is a multiple of it. */
#if defined(__x86_64__) || defined(_M_X64)
#define BA_PAGES_LARGEST_ALIGNMENT ((size_t)1 << 46)
#elif defined(__aarch64__) || defined(_M_ARM64)
#define BA_PAGES_LARGEST_ALIGNMENT ((size_t)1 << 47)
#else
#define BA_PAGES_LARGEST_ALIGNMENT (SIZE_MAX / 4 + 1)
#endif

/* The allocator with default options, as an exact one. It has no state and no end of life. */
ba_allocator ba_page_allocator(void);

/* The same as a whole-span one; its block size is the system's page size. */
ba_block_allocator ba_page_block_allocator(void);

/* Which pages grants are made of. */
typedef enum ba_huge_pages {
    BA_HUGE_PAGES_UNASKED,  /* what the system does by itself */
    BA_HUGE_PAGES_ADVISED,  /* the system is asked for transparent huge pages, and may ignore it;
                               useful with an alignment of their size (Linux) */
    BA_HUGE_PAGES_REQUIRED, /* of huge pages that the administrator has set aside, or refused; the
                               block size is theirs (Linux) */
} ba_huge_pages;

/* Where pages lie in a machine of several NUMA nodes. */
typedef enum ba_page_placement {
    BA_PAGES_ANYWHERE, /* what the system does by itself */
    BA_PAGES_ON_NODE,  /* on one node and no other (Linux) */
} ba_page_placement;

/* What grants are like. All zero: the defaults. */
typedef struct ba_page_options {
    ba_alignment alignment; /* the least of every grant, a power of two; 0 for that of a block */
    ba_length reserve; /* addresses that each grant takes, in bytes, rounded up to blocks; 0 for
                          none: then memory may grow into whatever addresses are free after it */
    ba_huge_pages huge_pages;
    ba_length huge_page_size; /* of BA_HUGE_PAGES_REQUIRED, a power of two in bytes; else ignored */
    ba_page_placement placement;
    unsigned node;               /* of BA_PAGES_ON_NODE, below 1024; else ignored */
    ba_severity_option severity; /* of reports of misuse */
} ba_page_options;

/* An allocator with options; the caller owns it and keeps it in place while it is used. Constant
 * once made. */
typedef struct ba_pages {
    ba_page_options options; /* complete: no zero stands for a default */
    ba_length block_size;
} ba_pages;

/* Makes an allocator with options. Needs no release. What depends on the machine, huge pages and
 * nodes, is tried at once with one block, so that a program learns here, and not at its first
 * allocation, what is not available. Errors, after which `self` is as it was:
 *   BA_BAD_ALIGN      an alignment or a huge page size is no power of two, or too large
 *   BA_ZERO_SIZE      huge pages are required, of no size
 *   BA_LIMIT          no address space has so many bytes to reserve; no machine has such a node
 *   BA_UNSUPPORTED    this system has no such thing: that huge page size, that node; or huge pages
 *                     are required with reserved addresses: what was only reserved could not be had
 *                     when it is used
 *   BA_OUT_OF_MEMORY  no huge page is free, or no memory on that node
 * With required huge pages on a node, Linux does not know before their first use whether they are
 * on that node, and stops the program if not. */
BA_MUST_USE ba_error ba_pages_init(ba_pages *self, ba_page_options options);

/* The allocator as an exact one; borrows `self`. */
ba_allocator ba_pages_allocator(ba_pages *self);

/* The allocator as a whole-span one; borrows `self`. */
ba_block_allocator ba_pages_block_allocator(ba_pages *self);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* BLOCK_ALLOCATOR_BACKING_PAGE_ALLOCATOR_H_ */
