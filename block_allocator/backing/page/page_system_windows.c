/* The pages of Windows, which reserves addresses by other calls than it commits memory by. But a
 * reservation comes and goes as a whole: shrinking gives back memory and keeps addresses. */
#include <stdint.h>

#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include "block_allocator/backing/page/page_system.h"

static SYSTEM_INFO system_info(void) {
    SYSTEM_INFO info;
    GetSystemInfo(&info);
    return info;
}

ba_length ba_page_system_page_size(void) {
    return ba_bytes(system_info().dwPageSize);
}

/* Large pages need a privilege that programs seldom have. */
ba_error_code ba_page_system_check(const ba_pages *pages) {
    return pages->options.huge_pages == BA_HUGE_PAGES_REQUIRED ||
                   pages->options.placement == BA_PAGES_ON_NODE
               ? BA_UNSUPPORTED
               : BA_OK;
}

static void *reserve_at(void *start, size_t bytes) {
    return VirtualAlloc(start, bytes, MEM_RESERVE, PAGE_NOACCESS);
}

static void release(void *start) {
    (void)VirtualFree(start, 0, MEM_RELEASE);
}

/* An address where an aligned reservation fitted a moment ago, or NULL. */
static void *find_aligned(size_t bytes, ba_alignment alignment) {
    char *const surplus = (char *)reserve_at(NULL, bytes + alignment.bytes);
    if (surplus == NULL) {
        return NULL;
    }
    release(surplus);
    return surplus + ((0 - (uintptr_t)surplus) & (alignment.bytes - 1));
}

/* Another thread may be quicker to take the addresses that were found: a few attempts. */
static void *reserve_aligned(size_t bytes, ba_alignment alignment) {
    if (alignment.bytes <= system_info().dwAllocationGranularity) {
        return reserve_at(NULL, bytes);
    }
    enum { ATTEMPTS = 16 };
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        void *const found = find_aligned(bytes, alignment);
        if (found == NULL) {
            return NULL;
        }
        void *const start = reserve_at(found, bytes);
        if (start != NULL) {
            return start;
        }
    }
    return NULL;
}

ba_memory ba_page_system_map(ba_length length, ba_length reserved, ba_alignment alignment,
                             const ba_pages *pages) {
    (void)pages;
    void *const start = reserve_aligned(reserved.bytes, alignment);
    if (start == NULL) {
        return ba_memory_none(ba_error_of(BA_OUT_OF_MEMORY));
    }
    if (ba_page_system_commit(start, ba_bytes(0), length) != BA_OK) {
        release(start);
        return ba_memory_none(ba_error_of(BA_OUT_OF_MEMORY));
    }
    return ba_memory_of(start, length);
}

void ba_page_system_unmap(void *start, ba_length reserved) {
    (void)reserved;
    release(start);
}

void ba_page_system_shrink(void *start, ba_length length, ba_length shorter, ba_length reserved) {
    (void)reserved;
    (void)VirtualFree((char *)start + shorter.bytes, length.bytes - shorter.bytes, MEM_DECOMMIT);
}

ba_error_code ba_page_system_commit(void *start, ba_length length, ba_length longer) {
    return VirtualAlloc((char *)start + length.bytes, longer.bytes - length.bytes, MEM_COMMIT,
                        PAGE_READWRITE) != NULL
               ? BA_OK
               : BA_OUT_OF_MEMORY;
}

/* What was shrunk has addresses left. After a reservation there may be another one. */
ba_error_code ba_page_system_extend(void *start, ba_length length, ba_length longer) {
    MEMORY_BASIC_INFORMATION after;
    if (VirtualQuery((char *)start + length.bytes, &after, sizeof after) == 0 ||
        after.State != MEM_RESERVE || after.AllocationBase != start ||
        after.RegionSize < longer.bytes - length.bytes) {
        return BA_NOT_IN_PLACE;
    }
    return ba_page_system_commit(start, length, longer) == BA_OK ? BA_OK : BA_NOT_IN_PLACE;
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

ba_length ba_page_system_discard(void *start, ba_length length) {
    return VirtualAlloc(start, length.bytes, MEM_RESET, PAGE_READWRITE) != NULL ? length
                                                                                : ba_bytes(0);
}
