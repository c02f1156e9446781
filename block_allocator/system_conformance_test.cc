// The conformance suite over the allocators of the system: its pages, and its C library.
#include <cstddef>
#include <cstdint>
#include <string>

#include "block_allocator/backing/libc_allocator.h"
#include "block_allocator/backing/page_allocator.h"
#include "testing/allocator_conformance.h"
#include "gtest/gtest.h"

// Makes AddressSanitizer's malloc fail as the C library's does; it calls this where it is active.
extern "C" const char *__asan_default_options(); // NOLINT(bugprone-reserved-identifier): its name
// NOLINTNEXTLINE(bugprone-reserved-identifier): as above
extern "C" const char *__asan_default_options() {
    return "allocator_may_return_null=1";
}

namespace {

using ba_testing::AllocatorConformance;
using ba_testing::Instance;
using ba_testing::Subject;
using ba_testing::subject;

std::size_t page_size() {
    return ba_block_allocator_block_size(ba_page_block_allocator()).bytes;
}

struct Page : Instance {
    explicit Page(ba_allocator /*backing*/) {}
    ba_block_allocator blocks() override { return ba_page_block_allocator(); }
};

struct Pages : Instance {
    explicit Pages(const ba_page_options &options) {
        EXPECT_EQ(ba_pages_init(&state, options).code, BA_OK);
    }
    ba_block_allocator blocks() override { return ba_pages_block_allocator(&state); }
    ba_pages state{};
};

struct AlignedPages : Pages {
    explicit AlignedPages(ba_allocator /*backing*/) : Pages(options()) {}
    static ba_page_options options() {
        ba_page_options result{};
        result.alignment = ba_align(std::size_t{1} << 16);
        return result;
    }
};

struct ReservedPages : Pages {
    explicit ReservedPages(ba_allocator /*backing*/) : Pages(options()) {}
    static ba_page_options options() {
        ba_page_options result{};
        result.reserve = ba_bytes(std::size_t{1} << 16);
        return result;
    }
};

// Grants that are longer than what is reserved, too.
struct BarelyReservedPages : Pages {
    explicit BarelyReservedPages(ba_allocator /*backing*/) : Pages(options()) {}
    static ba_page_options options() {
        ba_page_options result{};
        result.reserve = ba_bytes(2 * page_size());
        return result;
    }
};

template <typename T>
Subject of_pages(const std::string &name) {
    Subject result = subject<T>(name);
    result.largest_alignment = BA_PAGES_LARGEST_ALIGNMENT;
    result.largest_length = 8 * page_size();
    return result;
}

const AllocatorConformance page{of_pages<Page>("PageAllocator")};
const AllocatorConformance aligned_pages{of_pages<AlignedPages>("AlignedPages")};

Subject reserved() {
    Subject result = of_pages<ReservedPages>("ReservedPages");
    result.grows_in_place = true;
    return result;
}
const AllocatorConformance reserved_pages{reserved()};
const AllocatorConformance barely_reserved_pages{
    of_pages<BarelyReservedPages>("BarelyReservedPages")};

struct Libc : Instance {
    explicit Libc(ba_allocator /*backing*/) {}
    ba_block_allocator blocks() override { return ba_libc_block_allocator(); }
};

Subject of_libc() {
    Subject result = subject<Libc>("LibcAllocator");
    result.largest_alignment = BA_LIBC_LARGEST_ALIGNMENT;
    return result;
}
const AllocatorConformance libc{of_libc()};

} // namespace
