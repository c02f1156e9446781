#include "block_allocator/backing/page_allocator.h"

#include <algorithm>
#include <cerrno>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "block_allocator/build_mode.h"
#include "block_allocator/implementing/instrumentation.h"
#include "block_allocator/misuse.h"
#include "testing/pages/page_calls.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::PageCalls;

// What the system under test can do: Linux, or mmap and no more.
#ifdef PAGE_ALLOCATOR_POSIX
constexpr bool kIsLinux = false;
#else
constexpr bool kIsLinux = true;
#endif

constexpr std::size_t kHuge = std::size_t{2} << 20;

std::size_t page() {
    return static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

char *bytes_of(ba_memory memory) {
    return static_cast<char *>(ba_memory_pointer(memory));
}

std::size_t length_of(ba_memory memory) {
    return ba_memory_length(memory).bytes;
}

ba_error_code code_of(ba_memory memory) {
    return ba_memory_error(memory).code;
}

ba_error_code code_of(ba_length_result result) {
    return ba_length_result_error(result).code;
}

ba_memory with_length(ba_memory memory, std::size_t bytes) {
    return ba_memory_of(ba_memory_pointer(memory), ba_bytes(bytes));
}

// How the system protects the page at an address: "rw-p", "---p", or "" where nothing is mapped.
std::string protection_at(const void *pointer) {
    const auto address = reinterpret_cast<std::uintptr_t>(pointer);
    std::FILE *const maps = std::fopen("/proc/self/maps", "r");
    std::string protection;
    char line[4096];
    while (protection.empty() && std::fgets(line, sizeof line, maps) != nullptr) {
        std::uintptr_t first = 0;
        std::uintptr_t last = 0;
        char flags[5];
        if (std::sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %4s", &first, &last, flags) ==
                3 && // NOLINT(cert-err34-c): three items are there or not
            first <= address &&
            address < last) {
            protection = flags;
        }
    }
    std::fclose(maps);
    return protection;
}

// The pages of a mapped range that have memory now.
std::size_t resident_pages(void *start, std::size_t length) {
    std::vector<unsigned char> pages(length / page());
    EXPECT_EQ(mincore(start, length, pages.data()), 0);
    return static_cast<std::size_t>(
        std::count_if(pages.begin(), pages.end(), [](unsigned char p) { return (p & 1U) != 0; }));
}

bool all_are(const char *bytes, std::size_t length, char value) {
    return std::all_of(bytes, bytes + length, [value](char byte) { return byte == value; });
}

class PageAllocator : public ::testing::Test {
  protected:
    void with(const ba_page_options &options) {
        ASSERT_EQ(ba_pages_init(&pages_, options).code, BA_OK);
        blocks_ = ba_pages_block_allocator(&pages_);
    }

    void with_reserve(std::size_t bytes) {
        ba_page_options options = {};
        options.reserve = ba_bytes(bytes);
        with(options);
    }

    ba_memory alloc(std::size_t bytes, std::size_t alignment = 1) const {
        return ba_block_alloc(blocks_, ba_bytes(bytes), ba_align(alignment));
    }

    ba_length_result resize(ba_memory memory, std::size_t bytes) const {
        return ba_block_resize(blocks_, memory, ba_align(1), ba_bytes(bytes));
    }

    std::size_t resized(ba_memory memory, std::size_t bytes) const {
        return ba_length_result_length(resize(memory, bytes)).bytes;
    }

    ba_length_result grow(ba_memory memory, std::size_t minimum, std::size_t wanted) const {
        return ba_block_grow_between(blocks_, memory, ba_align(1), ba_bytes(minimum),
                                     ba_bytes(wanted));
    }

    std::size_t grown(ba_memory memory, std::size_t minimum, std::size_t wanted) const {
        return ba_length_result_length(grow(memory, minimum, wanted)).bytes;
    }

    ba_memory remap(ba_memory memory, std::size_t bytes, std::size_t alignment = 1) const {
        return ba_block_remap(blocks_, memory, ba_align(alignment), ba_bytes(bytes));
    }

    std::size_t discarded(char *start, std::size_t bytes) const {
        return ba_length_result_length(
                   ba_block_discard(blocks_, ba_memory_of(start, ba_bytes(bytes))))
            .bytes;
    }

    void free(ba_memory memory, std::size_t alignment = 1) const {
        EXPECT_EQ(ba_block_free(blocks_, memory, ba_align(alignment)).code, BA_OK);
    }

    // Memory with nothing mapped after it: what was there has just been unmapped.
    ba_memory alloc_with_room(std::size_t bytes, std::size_t room) const {
        const ba_memory memory = alloc(bytes + room);
        EXPECT_EQ(resized(memory, bytes), bytes);
        return with_length(memory, bytes);
    }

    PageCalls calls_;
    ba_pages pages_{};
    ba_block_allocator blocks_ = ba_page_block_allocator();
};

// ---- Allocation ----

TEST_F(PageAllocator, GivesExactlyOrTheWholePage) {
    const ba_memory exact = ba_alloc(ba_page_allocator(), ba_bytes(777), ba_align(16));
    EXPECT_EQ(length_of(exact), 777U);
    const ba_memory whole = alloc(777, 16);
    EXPECT_EQ(length_of(whole), page());
    EXPECT_EQ(ba_free(ba_page_allocator(), exact, ba_align(16)).code, BA_OK);
    free(whole, 16);
}

TEST_F(PageAllocator, MemoryOfOneViewMayBeFreedThroughTheOther) {
    const ba_memory exact = ba_alloc(ba_page_allocator(), ba_bytes(777), ba_align(16));
    free(exact, 16);
    const ba_memory whole = alloc(777, 16);
    EXPECT_EQ(ba_free(ba_page_allocator(), whole, ba_align(16)).code, BA_OK);
}

TEST_F(PageAllocator, BlocksArePages) {
    EXPECT_EQ(ba_block_allocator_block_size(blocks_).bytes, page());
    EXPECT_EQ(ba_allocator_block_size(ba_page_allocator()).bytes, page());
}

TEST_F(PageAllocator, LengthsAreRoundedToPages) {
    for (const std::size_t bytes : {std::size_t{1}, page() - 1, page(), page() + 1, 7 * page()}) {
        const ba_memory memory = alloc(bytes);
        EXPECT_EQ(length_of(memory), (bytes + page() - 1) / page() * page());
        EXPECT_EQ(calls_.mapped(), length_of(memory));
        free(with_length(memory, bytes));
        EXPECT_EQ(calls_.mapped(), 0U);
    }
}

TEST_F(PageAllocator, FreshContentsAreZeroAndWritable) {
    const ba_memory memory = alloc(3 * page());
    EXPECT_TRUE(all_are(bytes_of(memory), 3 * page(), 0));
    std::memset(bytes_of(memory), 0x5A, 3 * page());
    free(memory);
}

TEST_F(PageAllocator, AlignsUpToTwoMebibytesAndKeepsNothingBesides) {
    for (std::size_t alignment = 1; alignment <= kHuge; alignment *= 2) {
        const ba_memory memory = alloc(page() + 1, alignment);
        ASSERT_FALSE(ba_memory_is_none(memory));
        EXPECT_TRUE(ba_is_aligned(bytes_of(memory), ba_align(alignment)));
        EXPECT_EQ(calls_.mapped(), 2 * page());
        free(memory, alignment);
    }
}

TEST_F(PageAllocator, LengthsThatNoAddressSpaceHasAreOverTheLimit) {
    EXPECT_EQ(code_of(alloc(SIZE_MAX)), BA_LIMIT);
    EXPECT_EQ(code_of(alloc(SIZE_MAX - page())), BA_LIMIT);
    EXPECT_EQ(code_of(alloc(static_cast<std::size_t>(PTRDIFF_MAX))), BA_LIMIT);
    EXPECT_EQ(calls_.made("mmap"), 0U);
}

TEST_F(PageAllocator, MoreThanTheSystemHasIsOutOfMemory) {
    const std::size_t longest = static_cast<std::size_t>(PTRDIFF_MAX) - page() + 1;
    // With addresses of 32 bits it is half of them: one may be had, but never both.
    const ba_memory one = alloc(longest);
    EXPECT_EQ(code_of(alloc(longest)), BA_OUT_OF_MEMORY);
    if (!ba_memory_is_none(one)) {
        free(one);
    }
    for (const int error : {ENOMEM, EAGAIN, EINVAL}) {
        calls_.refuse("mmap", error);
        EXPECT_EQ(code_of(alloc(1)), BA_OUT_OF_MEMORY);
    }
}

// More than the machine has: what is cut off for it never has memory, or counts as such.
TEST_F(PageAllocator, AnAlignmentNeedsAddressesOnly) {
    const std::size_t alignment = std::size_t{1} << (sizeof(std::size_t) > 4 ? 40 : 29);
    const ba_memory memory = alloc(page() + 1, alignment);
    if (ba_memory_is_none(memory)) { // A tool may have taken the addresses.
        EXPECT_TRUE(ba_instrument_is_watched());
        EXPECT_EQ(code_of(memory), BA_OUT_OF_MEMORY);
        return;
    }
    EXPECT_TRUE(ba_is_aligned(bytes_of(memory), ba_align(alignment)));
    EXPECT_EQ(calls_.mapped(), 2 * page());
    std::memset(bytes_of(memory), 0x5A, 2 * page());
    free(memory, alignment);
}

TEST_F(PageAllocator, AnAlignmentThatNoAddressHasIsTooLarge) {
    for (std::size_t alignment = 2 * BA_PAGES_LARGEST_ALIGNMENT; alignment != 0; alignment *= 2) {
        EXPECT_EQ(code_of(alloc(1, alignment)), BA_BAD_ALIGN) << alignment;
    }
    EXPECT_EQ(calls_.made("mmap"), 0U);
    EXPECT_EQ(calls_.mapped(), 0U);
}

TEST_F(PageAllocator, OwnershipIsUnknown) {
    EXPECT_EQ(ba_block_owns(blocks_, this), BA_OWNS_UNKNOWN);
}

// ---- Resizing ----

TEST_F(PageAllocator, ShrinkingUnmapsTheTail) {
    const ba_memory memory = alloc(4 * page());
    std::memset(bytes_of(memory), 0x5A, 4 * page());
    EXPECT_EQ(resized(memory, page() + 1), 2 * page());
    EXPECT_EQ(calls_.mapped(), 2 * page());
    EXPECT_EQ(protection_at(bytes_of(memory) + page()), "rw-p");
    EXPECT_EQ(protection_at(bytes_of(memory) + 2 * page()), "");
    EXPECT_TRUE(all_are(bytes_of(memory), 2 * page(), 0x5A));
    free(with_length(memory, page() + 1));
}

TEST_F(PageAllocator, TheSameNumberOfPagesNeedsNoSystemCall) {
    const ba_memory memory = alloc(2 * page());
    calls_.refuse_none();
    EXPECT_EQ(resized(memory, page() + 1), 2 * page());
    EXPECT_EQ(resized(with_length(memory, page() + 1), 2 * page()), 2 * page());
    EXPECT_EQ(calls_.made("munmap") + calls_.made("mremap") + calls_.made("mmap"), 0U);
    free(memory);
}

TEST_F(PageAllocator, GrowsInPlaceWhereAddressesAreFree) {
    const ba_memory memory = alloc_with_room(page(), 3 * page());
    std::memset(bytes_of(memory), 0x5A, page());
    EXPECT_EQ(resized(memory, 3 * page() - 1), 3 * page());
    EXPECT_EQ(calls_.mapped(), 3 * page());
    EXPECT_TRUE(all_are(bytes_of(memory), page(), 0x5A));
    EXPECT_TRUE(all_are(bytes_of(memory) + page(), 2 * page(), 0));
    free(with_length(memory, 3 * page()));
}

TEST_F(PageAllocator, RefusesToGrowIntoWhatIsMapped) {
    const ba_memory memory = alloc_with_room(page(), page());
    void *const other = mmap(bytes_of(memory) + page(), page(), PROT_READ,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    EXPECT_EQ(code_of(resize(memory, 2 * page())), BA_NOT_IN_PLACE);
    EXPECT_EQ(code_of(grow(memory, page() + 1, 8 * page())), BA_NOT_IN_PLACE);
    EXPECT_EQ(protection_at(other), "r--p") << "what is there stays";
    EXPECT_EQ(calls_.mapped(), 2 * page());
    munmap(other, page());
    free(memory);
}

TEST_F(PageAllocator, GrowthBeyondEveryAddressIsOverTheLimit) {
    const ba_memory memory = alloc(page());
    EXPECT_EQ(code_of(resize(memory, SIZE_MAX)), BA_LIMIT);
    EXPECT_EQ(code_of(grow(memory, SIZE_MAX, SIZE_MAX)), BA_LIMIT);
    EXPECT_EQ(code_of(remap(memory, SIZE_MAX)), BA_LIMIT);
    EXPECT_EQ(calls_.mapped(), page());
    free(memory);
}

TEST_F(PageAllocator, GrowsBetweenToWhatIsWanted) {
    const ba_memory memory = alloc_with_room(page(), 3 * page());
    EXPECT_EQ(grown(memory, 2 * page(), 3 * page() + 1), 4 * page());
    EXPECT_EQ(grown(with_length(memory, 4 * page()), 1, 1), 4 * page()) << "it never shrinks";
    free(with_length(memory, 4 * page()));
}

TEST_F(PageAllocator, GrowsBetweenAsFarAsAddressesAreFree) {
    const ba_memory memory = alloc_with_room(page(), 9 * page());
    void *const other = mmap(bytes_of(memory) + 6 * page(), page(), PROT_READ,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    EXPECT_EQ(grown(memory, 2 * page(), 12 * page()), 4 * page()) << "2 + 10, 2 + 5, 2 + 2";
    EXPECT_EQ(grown(with_length(memory, 4 * page()), 1, SIZE_MAX), 5 * page());
    EXPECT_EQ(grown(with_length(memory, 5 * page()), 1, SIZE_MAX), 6 * page());
    EXPECT_EQ(grown(with_length(memory, 6 * page()), 1, SIZE_MAX), 6 * page());
    EXPECT_EQ(code_of(grow(with_length(memory, 6 * page()), 7 * page(), SIZE_MAX)),
              BA_NOT_IN_PLACE);
    munmap(other, page());
    free(with_length(memory, 6 * page()));
}

TEST_F(PageAllocator, GrowsBetweenAsksTwiceWhereThereIsNoRoom) {
    const ba_memory memory = alloc_with_room(page(), 2 * page());
    void *const other = mmap(bytes_of(memory) + page(), page(), PROT_READ,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    calls_.refuse_none(); // count from here
    EXPECT_EQ(code_of(grow(memory, 2 * page(), 1000 * page())), BA_NOT_IN_PLACE);
    EXPECT_EQ(calls_.made("mremap") + calls_.made("mmap"), 2u);
    munmap(other, page());
    free(memory);
}

TEST_F(PageAllocator, AShrinkThatTheSystemRefusesGivesTheMemoryBackAndLosesAddresses) {
    const ba_memory memory = alloc(4 * page());
    std::memset(bytes_of(memory), 0x5A, 4 * page());
    calls_.refuse("munmap", ENOMEM);
    EXPECT_EQ(resized(memory, page()), page());
    calls_.refuse_none();
    EXPECT_TRUE(all_are(bytes_of(memory), page(), 0x5A));
    EXPECT_EQ(resident_pages(bytes_of(memory), 4 * page()), 1U);
    EXPECT_EQ(protection_at(bytes_of(memory) + page()), "---p");
    free(with_length(memory, page()));
    calls_.expect_lost(3 * page());
}

TEST_F(PageAllocator, AFreeThatTheSystemRefusesGivesTheMemoryBack) {
    const ba_memory memory = alloc(4 * page());
    std::memset(bytes_of(memory), 0x5A, 4 * page());
    calls_.refuse("munmap", ENOMEM);
    free(memory);
    EXPECT_EQ(resident_pages(bytes_of(memory), 4 * page()), 0U);
    EXPECT_EQ(protection_at(bytes_of(memory)), "---p");
    calls_.expect_lost(4 * page());
}

#ifdef PAGE_ALLOCATOR_POSIX
TEST_F(PageAllocator, PagesMappedElsewhereThanAfterTheGrantGoBack) {
    const ba_memory memory = alloc_with_room(page(), 3 * page());
    calls_.map_at(0, kHuge);
    EXPECT_EQ(code_of(resize(memory, 2 * page())), BA_NOT_IN_PLACE);
    EXPECT_EQ(calls_.mapped(), page());
    free(memory);
}
#endif

// ---- Moving ----

#ifdef PAGE_ALLOCATOR_POSIX
TEST_F(PageAllocator, DoesNotMove) {
    const ba_memory memory = alloc_with_room(page(), page());
    calls_.refuse("mmap", ENOMEM);
    EXPECT_EQ(code_of(remap(memory, 2 * page())), BA_UNSUPPORTED);
    calls_.refuse_none();
    const ba_memory longer = remap(memory, 2 * page());
    EXPECT_EQ(bytes_of(longer), bytes_of(memory)) << "but may grow in place";
    free(longer);
}
#else
TEST_F(PageAllocator, MovesPagesWithoutCopying) {
    const std::size_t gibibyte = std::size_t{1} << 30;
    const ba_memory memory = alloc(gibibyte / 2);
    bytes_of(memory)[0] = 1;
    bytes_of(memory)[gibibyte / 2 - 1] = 2;
    const ba_memory barrier =
        ba_memory_of(mmap(bytes_of(memory) + gibibyte / 2, page(), PROT_NONE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0),
                     ba_bytes(page()));
    const ba_memory moved = remap(memory, gibibyte);
    ASSERT_FALSE(ba_memory_is_none(moved));
    EXPECT_NE(bytes_of(moved), bytes_of(memory));
    EXPECT_EQ(length_of(moved), gibibyte);
    EXPECT_EQ(bytes_of(moved)[0], 1);
    EXPECT_EQ(bytes_of(moved)[gibibyte / 2 - 1], 2);
    EXPECT_EQ(protection_at(bytes_of(memory)), "");
    EXPECT_EQ(resident_pages(bytes_of(moved), gibibyte), 2U) << "only what was written";
    free(moved);
    if (ba_memory_pointer(barrier) != MAP_FAILED) {
        free(barrier);
    }
}

TEST_F(PageAllocator, KeepsTheAlignmentWhenMoving) {
    ba_memory memory = alloc(page(), kHuge);
    bytes_of(memory)[0] = 7;
    for (std::size_t pages = 2; pages <= 64; pages *= 2) {
        calls_.refuse_nth("mremap", 1, ENOMEM); // in place
        const ba_memory moved = remap(memory, pages * page(), kHuge);
        ASSERT_FALSE(ba_memory_is_none(moved));
        EXPECT_NE(bytes_of(moved), bytes_of(memory));
        EXPECT_TRUE(ba_is_aligned(bytes_of(moved), ba_align(kHuge)));
        EXPECT_EQ(bytes_of(moved)[0], 7);
        EXPECT_EQ(calls_.mapped(), pages * page());
        memory = moved;
    }
    free(memory, kHuge);
}

TEST_F(PageAllocator, ARefusedMoveChangesNothing) {
    for (const std::size_t alignment : {std::size_t{1}, kHuge}) {
        const ba_memory memory = alloc(page(), alignment);
        bytes_of(memory)[0] = 7;
        calls_.refuse("mremap", ENOMEM);
        EXPECT_EQ(code_of(remap(memory, 2 * page(), alignment)), BA_OUT_OF_MEMORY);
        calls_.refuse("mremap", EINVAL);
        EXPECT_EQ(code_of(remap(memory, 2 * page(), alignment)), BA_UNSUPPORTED);
        calls_.refuse_none();
        EXPECT_EQ(calls_.mapped(), page());
        EXPECT_EQ(bytes_of(memory)[0], 7);
        free(memory, alignment);
    }
}

TEST_F(PageAllocator, AMoveGivesTheReservationBack) {
    with_reserve(4 * page());
    const ba_memory memory = alloc(2 * page());
    bytes_of(memory)[page()] = 7;
    EXPECT_EQ(calls_.mapped(), 4 * page());
    const ba_memory moved = remap(memory, 5 * page());
    ASSERT_FALSE(ba_memory_is_none(moved));
    EXPECT_EQ(bytes_of(moved)[page()], 7);
    EXPECT_EQ(calls_.mapped(), 5 * page());
    free(moved);
}
#endif

TEST_F(PageAllocator, RemapShrinksInPlace) {
    const ba_memory memory = alloc(4 * page());
    const ba_memory shorter = remap(memory, 1);
    EXPECT_EQ(bytes_of(shorter), bytes_of(memory));
    EXPECT_EQ(length_of(shorter), page());
    free(shorter);
}

// ---- Discarding ----

TEST_F(PageAllocator, DiscardsWholePagesOnly) {
    const ba_memory memory = alloc(4 * page());
    std::memset(bytes_of(memory), 0x5A, 4 * page());
    EXPECT_EQ(discarded(bytes_of(memory) + 1, 3 * page() - 2), kIsLinux ? page() : 0U);
    const char left = kIsLinux ? 0 : 0x5A;
    EXPECT_EQ(resident_pages(bytes_of(memory), 4 * page()), kIsLinux ? 3U : 4U);
    EXPECT_TRUE(all_are(bytes_of(memory), page(), 0x5A));
    EXPECT_TRUE(all_are(bytes_of(memory) + page(), page(), left));
    EXPECT_TRUE(all_are(bytes_of(memory) + 2 * page(), 2 * page(), 0x5A));
    EXPECT_EQ(calls_.mapped(), 4 * page());
    free(memory);
}

TEST_F(PageAllocator, DiscardsWhatEndsOnPages) {
    const ba_memory memory = alloc(2 * page());
    std::memset(bytes_of(memory), 0x5A, 2 * page());
    EXPECT_EQ(discarded(bytes_of(memory), 2 * page()), kIsLinux ? 2 * page() : 0U);
    EXPECT_EQ(resident_pages(bytes_of(memory), 2 * page()), kIsLinux ? 0U : 2U);
    free(memory);
}

TEST_F(PageAllocator, DiscardsNothingOfParts) {
    const ba_memory memory = alloc(2 * page());
    EXPECT_EQ(discarded(bytes_of(memory), page() - 1), 0U);
    EXPECT_EQ(discarded(bytes_of(memory) + 1, 1), 0U);
    EXPECT_EQ(discarded(bytes_of(memory) + 1, page()), 0U);
    EXPECT_EQ(discarded(bytes_of(memory) + 1, 2 * page() - 2), 0U);
    EXPECT_EQ(discarded(bytes_of(memory) + page(), 0), 0U);
    EXPECT_EQ(calls_.made("madvise"), 0U);
    free(memory);
}

TEST_F(PageAllocator, ADiscardThatTheSystemRefusesGivesNothingBack) {
    const ba_memory memory = alloc(2 * page());
    calls_.refuse("madvise", EINVAL);
    EXPECT_EQ(discarded(bytes_of(memory), 2 * page()), 0U);
    free(memory);
}

// ---- Reserved addresses ----

TEST_F(PageAllocator, GrowsInPlaceUpToExactlyTheReservation) {
    with_reserve(8 * page() - 1);
    const ba_memory memory = alloc(page());
    EXPECT_EQ(length_of(memory), page());
    EXPECT_EQ(calls_.mapped(), 8 * page());
    EXPECT_EQ(calls_.last_mmap_flags & MAP_NORESERVE, MAP_NORESERVE) << "addresses cost no memory";
    EXPECT_EQ(protection_at(bytes_of(memory)), "rw-p");
    EXPECT_EQ(protection_at(bytes_of(memory) + page()), "---p");
    for (std::size_t pages = 1; pages < 8; pages++) {
        std::memset(bytes_of(memory) + (pages - 1) * page(), static_cast<int>(pages), page());
        EXPECT_EQ(resized(with_length(memory, pages * page()), (pages + 1) * page()),
                  (pages + 1) * page());
    }
    for (std::size_t pages = 1; pages < 8; pages++) {
        EXPECT_TRUE(
            all_are(bytes_of(memory) + (pages - 1) * page(), page(), static_cast<char>(pages)));
    }
    EXPECT_TRUE(all_are(bytes_of(memory) + 7 * page(), page(), 0));
    const ba_memory whole = with_length(memory, 8 * page());
    EXPECT_EQ(code_of(resize(whole, 8 * page() + 1)), BA_NOT_IN_PLACE);
    EXPECT_EQ(code_of(grow(whole, 8 * page() + 1, 9 * page())), BA_NOT_IN_PLACE);
    EXPECT_EQ(calls_.mapped(), 8 * page());
    free(whole);
}

TEST_F(PageAllocator, GrowsBetweenUpToTheReservation) {
    with_reserve(4 * page());
    const ba_memory memory = alloc(page());
    EXPECT_EQ(grown(memory, page() + 1, SIZE_MAX), 4 * page());
    bytes_of(memory)[4 * page() - 1] = 1;
    free(with_length(memory, 4 * page()));
}

TEST_F(PageAllocator, ShrinkingGivesMemoryBackAndKeepsTheReservation) {
    with_reserve(4 * page());
    const ba_memory memory = alloc(4 * page());
    std::memset(bytes_of(memory), 0x5A, 4 * page());
    EXPECT_EQ(resized(memory, page()), page());
    EXPECT_EQ(calls_.mapped(), 4 * page());
    EXPECT_EQ(resident_pages(bytes_of(memory), 4 * page()), 1U);
    EXPECT_EQ(protection_at(bytes_of(memory) + page()), "---p");
    EXPECT_EQ(resized(with_length(memory, page()), 4 * page()), 4 * page());
    EXPECT_TRUE(all_are(bytes_of(memory), page(), 0x5A));
    EXPECT_TRUE(all_are(bytes_of(memory) + page(), 3 * page(), 0));
    free(memory);
}

// As where the program has locked its memory and the system knows no way to drop locked pages.
TEST_F(PageAllocator, WhatDoesNotGoBackIsZeroWhenItIsTakenAgain) {
    with_reserve(4 * page());
    const ba_memory memory = alloc(4 * page());
    std::memset(bytes_of(memory), 0x5A, 4 * page());
    calls_.refuse(kIsLinux ? "madvise" : "mmap", EINVAL);
    EXPECT_EQ(resized(memory, page()), page());
    EXPECT_NE(calls_.refused(), 0U);
    calls_.refuse_none();
    EXPECT_EQ(protection_at(bytes_of(memory) + page()), "---p");
    EXPECT_EQ(resized(with_length(memory, page()), 4 * page()), 4 * page());
    EXPECT_TRUE(all_are(bytes_of(memory), page(), 0x5A));
    EXPECT_TRUE(all_are(bytes_of(memory) + page(), 3 * page(), 0));
    free(memory);
}

// The same, and it cannot be made inaccessible either.
TEST_F(PageAllocator, WhatTheSystemDoesNotTouchAtAllIsZeroWhenItIsTakenAgain) {
    with_reserve(4 * page());
    const ba_memory memory = alloc(4 * page());
    std::memset(bytes_of(memory), 0x5A, 4 * page());
    calls_.refuse_all_of({"madvise", "mmap", "mprotect", "munmap"}, ENOMEM);
    EXPECT_EQ(resized(memory, page()), page());
    calls_.refuse_none();
    EXPECT_EQ(resized(with_length(memory, page()), 4 * page()), 4 * page());
    EXPECT_TRUE(all_are(bytes_of(memory), page(), 0x5A));
    EXPECT_TRUE(all_are(bytes_of(memory) + page(), 3 * page(), 0));
    free(memory);
}

TEST_F(PageAllocator, LockedPagesAreDroppedByTheirOwnAdvice) {
    if (!kIsLinux) {
        return;
    }
    with_reserve(4 * page());
    const ba_memory memory = alloc(4 * page());
    std::memset(bytes_of(memory), 0x5A, 4 * page());
    calls_.refuse_nth("madvise", 1, EINVAL);
    EXPECT_EQ(resized(memory, page()), page());
    EXPECT_EQ(calls_.made("madvise"), 2U);
    EXPECT_EQ(calls_.last_advice, 24) << "MADV_DONTNEED_LOCKED";
    EXPECT_EQ(calls_.last_advice_length, 3 * page());
    free(with_length(memory, page()));
}

TEST_F(PageAllocator, WhatIsLongerThanTheReserveReservesItself) {
    with_reserve(4 * page());
    const ba_memory memory = alloc(6 * page());
    EXPECT_EQ(calls_.mapped(), 6 * page());
    EXPECT_EQ(code_of(resize(memory, 6 * page() + 1)), BA_NOT_IN_PLACE);
    std::memset(bytes_of(memory), 0x5A, 6 * page());
    EXPECT_EQ(resized(memory, 5 * page()), 5 * page());
    EXPECT_EQ(calls_.mapped(), 5 * page()) << "beyond the reserve, addresses go too";
    EXPECT_EQ(resized(with_length(memory, 5 * page()), 2 * page()), 2 * page());
    EXPECT_EQ(calls_.mapped(), 4 * page());
    EXPECT_EQ(resident_pages(bytes_of(memory), 4 * page()), 2U);
    EXPECT_EQ(protection_at(bytes_of(memory) + 2 * page()), "---p");
    EXPECT_EQ(grown(with_length(memory, 2 * page()), 1, SIZE_MAX), 4 * page());
    free(with_length(memory, 4 * page()));
}

TEST_F(PageAllocator, ARefusedShrinkAcrossTheReserveLosesTheAddressesPastIt) {
    with_reserve(4 * page());
    const ba_memory memory = alloc(6 * page());
    std::memset(bytes_of(memory), 0x5A, 6 * page());
    calls_.refuse("munmap", ENOMEM);
    EXPECT_EQ(resized(memory, 2 * page()), 2 * page());
    calls_.refuse_none();
    EXPECT_TRUE(all_are(bytes_of(memory), 2 * page(), 0x5A));
    EXPECT_EQ(resident_pages(bytes_of(memory), 6 * page()), 2U);
    EXPECT_EQ(protection_at(bytes_of(memory) + 5 * page()), "---p");
    EXPECT_EQ(grown(with_length(memory, 2 * page()), 1, SIZE_MAX), 4 * page());
    free(with_length(memory, 4 * page()));
    calls_.expect_lost(2 * page());
}

TEST_F(PageAllocator, AReservationIsAligned) {
    ba_page_options options = {};
    options.reserve = ba_bytes(4 * page());
    options.alignment = ba_align(kHuge);
    with(options);
    const ba_memory memory = alloc(1);
    EXPECT_TRUE(ba_is_aligned(bytes_of(memory), ba_align(kHuge)));
    EXPECT_EQ(calls_.mapped(), 4 * page());
    free(memory);
}

TEST_F(PageAllocator, MemoryThatCannotBeCommittedIsOutOfMemory) {
    with_reserve(4 * page());
    calls_.refuse("mprotect", ENOMEM);
    EXPECT_EQ(code_of(alloc(1)), BA_OUT_OF_MEMORY);
    EXPECT_EQ(calls_.mapped(), 0U);
    calls_.refuse_none();
    const ba_memory memory = alloc(1);
    calls_.refuse("mprotect", ENOMEM);
    EXPECT_EQ(code_of(resize(memory, 2 * page())), BA_OUT_OF_MEMORY);
    EXPECT_EQ(code_of(remap(memory, 2 * page())), BA_OUT_OF_MEMORY);
    calls_.refuse_nth("mprotect", 1, ENOMEM);
    EXPECT_EQ(grown(memory, 2 * page(), 4 * page()), 2 * page()) << "the least, if not all";
    EXPECT_EQ(calls_.mapped(), 4 * page());
    free(with_length(memory, 2 * page()));
}

TEST_F(PageAllocator, ReservationsMayBeLarge) {
    with_reserve(std::size_t{1} << (sizeof(std::size_t) > 4 ? 34 : 29));
    const ba_memory memory = alloc(page());
    ASSERT_FALSE(ba_memory_is_none(memory));
    EXPECT_EQ(resized(memory, 2 * page()), 2 * page());
    free(with_length(memory, 2 * page()));
}

// ---- Limits that a process may have ----

// Each runs in a process of its own, which ends well if the promises are kept.
class PageAllocatorLimits : public PageAllocator {
  protected:
    static void limit(int resource, rlim_t now) {
        struct rlimit limits = {};
        getrlimit(resource, &limits);
        limits.rlim_cur = std::min(now, limits.rlim_max);
        setrlimit(resource, &limits);
    }

    // Fills what there was, and grows: what is new is zero.
    bool grows_by_zeros(ba_memory *memory, std::size_t bytes) const {
        const std::size_t before = length_of(*memory);
        std::memset(bytes_of(*memory), 0x5A, before);
        if (resized(*memory, bytes) != bytes) {
            return false;
        }
        *memory = with_length(*memory, bytes);
        return all_are(bytes_of(*memory), before, 0x5A) &&
               all_are(bytes_of(*memory) + before, bytes - before, 0);
    }

    bool cuts(ba_memory *memory, std::size_t bytes) const {
        if (resized(*memory, bytes) != bytes) {
            return false;
        }
        *memory = with_length(*memory, bytes);
        return true;
    }

    bool moves(ba_memory *memory, std::size_t bytes, std::size_t alignment) const {
        std::memset(bytes_of(*memory), 0x5A, length_of(*memory));
        const ba_memory moved = remap(*memory, bytes, alignment);
        if (ba_memory_is_none(moved)) {
            return code_of(moved) == BA_UNSUPPORTED && !kIsLinux;
        }
        const std::size_t before = length_of(*memory);
        *memory = moved;
        return all_are(bytes_of(moved), before, 0x5A) &&
               all_are(bytes_of(moved) + before, bytes - before, 0);
    }

    bool discards(ba_memory memory) const {
        const std::size_t gone = discarded(bytes_of(memory), length_of(memory));
        std::memset(bytes_of(memory), 1, length_of(memory));
        return gone == 0 || gone == length_of(memory);
    }

    void keep_promises_while_locked() {
        // The limit of most systems suffices; where nothing may be locked, there is nothing to try.
        if (mlockall(MCL_FUTURE) == 0) {
            with_reserve(16 * page());
            ba_memory memory = alloc(4 * page(), 2 * page());
            bool kept = all_are(bytes_of(memory), 4 * page(), 0) && discards(memory) &&
                        grows_by_zeros(&memory, 16 * page()) && cuts(&memory, 2 * page()) &&
                        grows_by_zeros(&memory, 8 * page()) &&
                        moves(&memory, 20 * page(), 2 * page());
            free(memory);
            blocks_ = ba_page_block_allocator();
            memory = alloc_with_room(page(), 3 * page());
            kept = kept && grows_by_zeros(&memory, 4 * page()) && cuts(&memory, page()) &&
                   moves(&memory, 8 * page(), 1);
            free(memory);
            std::_Exit(kept && calls_.mapped() == 0 ? 0 : 1);
        }
        std::_Exit(0);
    }

    // No page more may be written to, as where the system promises no memory that it has not.
    void refuse_cleanly_without_memory() {
        with_reserve(16 * page());
        ba_memory memory = alloc(2 * page());
        std::memset(bytes_of(memory), 0x5A, 2 * page());
        limit(RLIMIT_DATA, 1);
        bool kept = code_of(alloc(1)) == BA_OUT_OF_MEMORY &&
                    code_of(alloc(1, 4 * page())) == BA_OUT_OF_MEMORY &&
                    code_of(resize(memory, 3 * page())) == BA_OUT_OF_MEMORY &&
                    ba_error_is_refusal(ba_memory_error(remap(memory, 20 * page()))) &&
                    calls_.mapped() == 16 * page() && all_are(bytes_of(memory), 2 * page(), 0x5A) &&
                    cuts(&memory, page());
        limit(RLIMIT_DATA, RLIM_INFINITY);
        kept = kept && grows_by_zeros(&memory, 16 * page());
        free(memory);
        std::_Exit(kept && calls_.mapped() == 0 ? 0 : 1);
    }

    void refuse_cleanly_without_addresses() {
        with_reserve(16 * page());
        ba_memory memory = alloc(2 * page());
        std::memset(bytes_of(memory), 0x5A, 2 * page());
        limit(RLIMIT_AS, 1);
        bool kept = code_of(alloc(1)) == BA_OUT_OF_MEMORY &&
                    ba_error_is_refusal(ba_memory_error(remap(memory, 20 * page()))) &&
                    grows_by_zeros(&memory, 16 * page()) && cuts(&memory, page());
        limit(RLIMIT_AS, RLIM_INFINITY);
        free(memory);
        std::_Exit(kept && calls_.mapped() == 0 ? 0 : 1);
    }
};

TEST_F(PageAllocatorLimits, LockedMemory) {
    EXPECT_EXIT(keep_promises_while_locked(), ::testing::ExitedWithCode(0), "");
}

TEST_F(PageAllocatorLimits, NoMemory) {
    EXPECT_EXIT(refuse_cleanly_without_memory(), ::testing::ExitedWithCode(0), "");
}

TEST_F(PageAllocatorLimits, NoAddresses) {
    EXPECT_EXIT(refuse_cleanly_without_addresses(), ::testing::ExitedWithCode(0), "");
}

// ---- Every refusal of the system ----

// Does one thing and undoes it; false if the system refused.
using Deed = std::function<bool()>;

class PageAllocatorRefusals : public PageAllocator {
  protected:
    // Refuses one call after the other until the deed is done without a refusal. A deed that
    // fails leaves the addresses mapped that there were before.
    void try_all(const Deed &deed) {
        const std::size_t before = calls_.mapped();
        for (std::size_t n = 1;; n++) {
            calls_.refuse_nth_of_all(n);
            const bool done = deed();
            ASSERT_EQ(calls_.mapped(), before) << "refused call " << n;
            if (calls_.refused() == 0) {
                EXPECT_TRUE(done);
                break;
            }
        }
        calls_.refuse_none();
    }

    bool alloc_and_free(std::size_t alignment) const {
        const ba_memory memory = alloc(3 * page(), alignment);
        if (ba_memory_is_none(memory)) {
            EXPECT_EQ(code_of(memory), BA_OUT_OF_MEMORY);
            return false;
        }
        free(memory, alignment);
        return true;
    }

    bool grow_and_shrink(ba_memory memory) const {
        const ba_length_result longer = resize(memory, 4 * page());
        if (ba_length_result_is_none(longer)) {
            EXPECT_TRUE(ba_error_is_refusal(ba_length_result_error(longer)));
            return false;
        }
        EXPECT_EQ(resized(with_length(memory, 4 * page()), page()), page());
        return true;
    }
};

TEST_F(PageAllocatorRefusals, Allocation) {
    try_all([this] { return alloc_and_free(1); });
    try_all([this] { return alloc_and_free(kHuge); });
}

TEST_F(PageAllocatorRefusals, AllocationWithReservation) {
    with_reserve(8 * page());
    try_all([this] { return alloc_and_free(1); });
    try_all([this] { return alloc_and_free(kHuge); });
}

TEST_F(PageAllocatorRefusals, Growth) {
    const ba_memory memory = alloc_with_room(page(), 3 * page());
    try_all([&] { return grow_and_shrink(memory); });
    free(memory);
}

TEST_F(PageAllocatorRefusals, GrowthWithReservation) {
    with_reserve(8 * page());
    const ba_memory memory = alloc(page());
    try_all([&] { return grow_and_shrink(memory); });
    free(memory);
}

TEST_F(PageAllocatorRefusals, Trimming) {
    calls_.map_at(2 * page(), kHuge); // too much at both ends of an aligned page
    calls_.refuse_none();
    free(alloc(page(), kHuge));
    EXPECT_EQ(calls_.made("munmap"), 3U);
    for (const std::size_t nth : {1U, 2U}) {
        calls_.refuse_nth("munmap", nth, ENOMEM);
        EXPECT_EQ(code_of(alloc(page(), kHuge)), BA_OUT_OF_MEMORY);
        EXPECT_EQ(calls_.refused(), 1U);
        EXPECT_EQ(calls_.mapped(), 0U);
    }
}

// ---- Options ----

TEST_F(PageAllocator, ZeroedOptionsAreTheDefaults) {
    with({});
    EXPECT_EQ(pages_.block_size.bytes, page());
    EXPECT_EQ(pages_.options.alignment.bytes, page());
    EXPECT_EQ(pages_.options.reserve.bytes, 0U);
    EXPECT_EQ(calls_.made("mmap"), 0U);
    const ba_memory memory = ba_alloc(ba_pages_allocator(&pages_), ba_bytes(777), ba_align(1));
    EXPECT_EQ(length_of(memory), 777U);
    free(memory);
}

TEST_F(PageAllocator, AlignsEveryGrantAsTheOptionSays) {
    ba_page_options options = {};
    options.alignment = ba_align(16 * page());
    with(options);
    for (int i = 0; i < 8; i++) {
        const ba_memory memory = alloc(1, 8);
        EXPECT_TRUE(ba_is_aligned(bytes_of(memory), ba_align(16 * page())));
        EXPECT_EQ(length_of(memory), page()) << "an alignment is no length";
        free(memory, 8);
    }
    const ba_memory more = alloc(1, kHuge);
    EXPECT_TRUE(ba_is_aligned(bytes_of(more), ba_align(kHuge)));
    free(more, kHuge);
}

TEST_F(PageAllocator, OptionsAreValidated) {
    const auto refusal = [this](const std::function<void(ba_page_options *)> &change) {
        ba_page_options options = {};
        change(&options);
        const ba_error_code code = ba_pages_init(&pages_, options).code;
        EXPECT_EQ(pages_.block_size.bytes, 0U) << "self is as it was";
        return code;
    };
    using Options = ba_page_options;
    EXPECT_EQ(refusal([](Options *o) { o->alignment = ba_align(48); }), BA_BAD_ALIGN);
    EXPECT_EQ(refusal([](Options *o) { o->alignment = ba_align(SIZE_MAX / 2 + 1); }), BA_BAD_ALIGN);
    EXPECT_EQ(refusal([](Options *o) { o->reserve = ba_bytes(SIZE_MAX); }), BA_LIMIT);
    const auto required = [&refusal](std::size_t size, std::size_t reserve) {
        return refusal([=](Options *o) {
            o->huge_pages = BA_HUGE_PAGES_REQUIRED;
            o->huge_page_size = ba_bytes(size);
            o->reserve = ba_bytes(reserve);
        });
    };
    calls_.simulate_huge_pages(); // of any size: what is refused is refused here
    EXPECT_EQ(required(0, 0), BA_ZERO_SIZE);
    EXPECT_EQ(required(3 * page(), 0), BA_BAD_ALIGN);
    EXPECT_EQ(required(SIZE_MAX / 2 + 1, 0), BA_BAD_ALIGN);
    EXPECT_EQ(required(page(), 0), BA_UNSUPPORTED);
    EXPECT_EQ(required(kHuge, 1), BA_UNSUPPORTED);
    EXPECT_EQ(refusal([](Options *o) {
                  o->placement = BA_PAGES_ON_NODE;
                  o->node = 1024;
              }),
              BA_LIMIT);
    const int no_enumerator = 77;
    EXPECT_EQ(refusal([&](Options *o) {
                  std::memcpy(&o->huge_pages, &no_enumerator, sizeof no_enumerator);
              }),
              BA_UNSUPPORTED);
    EXPECT_EQ(refusal([&](Options *o) {
                  std::memcpy(&o->placement, &no_enumerator, sizeof no_enumerator);
              }),
              BA_UNSUPPORTED);
}

ba_page_options huge(ba_huge_pages huge_pages) {
    ba_page_options options = {};
    options.huge_pages = huge_pages;
    options.huge_page_size = ba_bytes(kHuge);
    options.alignment = ba_align(kHuge);
    return options;
}

ba_page_options on_node(unsigned node) {
    ba_page_options options = {};
    options.placement = BA_PAGES_ON_NODE;
    options.node = node;
    return options;
}

#ifdef PAGE_ALLOCATOR_POSIX
TEST_F(PageAllocator, HasNeitherHugePagesNorNodes) {
    EXPECT_EQ(ba_pages_init(&pages_, huge(BA_HUGE_PAGES_REQUIRED)).code, BA_UNSUPPORTED);
    EXPECT_EQ(ba_pages_init(&pages_, on_node(0)).code, BA_UNSUPPORTED);
    with(huge(BA_HUGE_PAGES_ADVISED));
    free(alloc(1));
    EXPECT_EQ(calls_.made("madvise"), 0U);
}
#else
TEST_F(PageAllocator, AdvisesHugePages) {
    with(huge(BA_HUGE_PAGES_ADVISED));
    EXPECT_EQ(ba_block_allocator_block_size(blocks_).bytes, page());
    const ba_memory memory = alloc(kHuge + 1);
    EXPECT_EQ(calls_.last_advice, MADV_HUGEPAGE);
    EXPECT_EQ(calls_.last_advice_length, kHuge + page());
    free(memory);
}

TEST_F(PageAllocator, AdviceMayBeIgnored) {
    with(huge(BA_HUGE_PAGES_ADVISED));
    calls_.refuse("madvise", EINVAL);
    const ba_memory memory = alloc(1);
    EXPECT_FALSE(ba_memory_is_none(memory));
    free(memory);
}

TEST_F(PageAllocator, RequiredHugePagesAreTheBlocks) {
    calls_.simulate_huge_pages();
    with(huge(BA_HUGE_PAGES_REQUIRED));
    EXPECT_EQ(calls_.mapped(), 0U);
    EXPECT_EQ(ba_block_allocator_block_size(blocks_).bytes, kHuge);
    const ba_memory memory = alloc(kHuge + 1);
    EXPECT_EQ(calls_.last_mmap_flags & MAP_HUGETLB, MAP_HUGETLB);
    EXPECT_EQ(calls_.last_mmap_flags >> 26, 21) << "the size's logarithm";
    EXPECT_EQ(calls_.last_mmap_flags & MAP_NORESERVE, 0) << "or it could be missing when used";
    EXPECT_EQ(length_of(memory), 2 * kHuge);
    EXPECT_EQ(resized(memory, 1), kHuge);
    EXPECT_EQ(discarded(bytes_of(memory) + 1, kHuge - 1), 0U);
    free(with_length(memory, 1));
    const ba_memory aligned = alloc(1, 2 * kHuge);
    EXPECT_TRUE(ba_is_aligned(bytes_of(aligned), ba_align(2 * kHuge)));
    EXPECT_EQ(calls_.mapped(), kHuge);
    free(aligned);
}

TEST_F(PageAllocator, UnavailableHugePagesAreRefusedByInit) {
    calls_.refuse("mmap", ENOMEM);
    EXPECT_EQ(ba_pages_init(&pages_, huge(BA_HUGE_PAGES_REQUIRED)).code, BA_OUT_OF_MEMORY);
    calls_.refuse("mmap", EAGAIN);
    EXPECT_EQ(ba_pages_init(&pages_, huge(BA_HUGE_PAGES_REQUIRED)).code, BA_OUT_OF_MEMORY);
    calls_.refuse("mmap", EINVAL);
    EXPECT_EQ(ba_pages_init(&pages_, huge(BA_HUGE_PAGES_REQUIRED)).code, BA_UNSUPPORTED);
    EXPECT_EQ(pages_.block_size.bytes, 0U) << "self is as it was";
}

TEST_F(PageAllocator, BindsEachGrantToItsNode) {
    calls_.simulate_nodes();
    for (const unsigned node : {0U, 63U, 64U, 1023U}) {
        ba_page_options options = on_node(node);
        options.reserve = ba_bytes(4 * page());
        with(options);
        EXPECT_EQ(calls_.mapped(), 0U);
        const ba_memory memory = alloc(1);
        EXPECT_EQ(calls_.last_node, node);
        EXPECT_EQ(calls_.last_node_length, 4 * page()) << "all that it may grow to";
        EXPECT_EQ(calls_.last_node_policy, 2U) << "bind";
        EXPECT_EQ(calls_.last_node_bits, 1025U) << "Linux reads one bit less";
        free(memory);
    }
}

TEST_F(PageAllocator, UnavailableNodesAreRefused) {
    calls_.refuse("mbind", EINVAL);
    EXPECT_EQ(ba_pages_init(&pages_, on_node(0)).code, BA_UNSUPPORTED);
    calls_.refuse("mbind", EPERM);
    EXPECT_EQ(ba_pages_init(&pages_, on_node(0)).code, BA_UNSUPPORTED);
    calls_.refuse("mbind", ENOMEM);
    EXPECT_EQ(ba_pages_init(&pages_, on_node(0)).code, BA_OUT_OF_MEMORY);
    EXPECT_EQ(calls_.mapped(), 0U);
    EXPECT_EQ(pages_.block_size.bytes, 0U) << "self is as it was";
}

TEST_F(PageAllocatorRefusals, AllocationOnANode) {
    calls_.simulate_nodes();
    ba_page_options options = on_node(0);
    options.reserve = ba_bytes(8 * page());
    with(options);
    try_all([this] { return alloc_and_free(kHuge); });
}

TEST_F(PageAllocatorRefusals, Moves) {
    try_all([this] {
        const ba_memory memory = alloc(page(), kHuge);
        if (ba_memory_is_none(memory)) {
            return false;
        }
        bytes_of(memory)[0] = 7;
        const ba_memory moved = remap(memory, 2 * kHuge, kHuge);
        const ba_memory live = ba_memory_is_none(moved) ? memory : moved;
        EXPECT_EQ(bytes_of(live)[0], 7);
        free(live, kHuge);
        return !ba_memory_is_none(moved);
    });
}
#endif

// ---- Instrumentation ----

TEST_F(PageAllocator, PoisonedMemoryThatGoesBackIsAccessibleWhenTakenAgain) {
    const ba_memory memory = alloc_with_room(2 * page(), page());
    ba_instrument_free(bytes_of(memory) + page(), ba_bytes(page()));
    EXPECT_EQ(resized(memory, page()), page());
    EXPECT_EQ(resized(with_length(memory, page()), 2 * page()), 2 * page());
    EXPECT_FALSE(ba_instrument_is_free(bytes_of(memory) + page()));
    ba_instrument_free(bytes_of(memory), ba_bytes(2 * page()));
    free(memory);
    EXPECT_FALSE(ba_instrument_is_free(bytes_of(memory)));
}

TEST_F(PageAllocator, WhatIsDiscardedStaysPoisoned) {
    const ba_memory memory = alloc(page());
    ba_instrument_free(bytes_of(memory), ba_bytes(page()));
    (void)discarded(bytes_of(memory), page());
    EXPECT_EQ(ba_instrument_is_free(bytes_of(memory)), BA_ADDRESS_SANITIZER == 1);
    free(memory);
}

#ifndef PAGE_ALLOCATOR_POSIX
TEST_F(PageAllocator, PoisonedMemoryThatMovesLeavesAccessibleAddresses) {
    const ba_memory memory = alloc(page(), kHuge);
    ba_instrument_free(bytes_of(memory), ba_bytes(page()));
    calls_.refuse_nth("mremap", 1, ENOMEM); // in place
    const ba_memory moved = remap(memory, 2 * page(), kHuge);
    ASSERT_NE(bytes_of(moved), bytes_of(memory));
    EXPECT_FALSE(ba_instrument_is_free(bytes_of(memory)));
    free(moved, kHuge);
}
#endif

// ---- Misuse ----

#if BA_CHECKS_MISUSE
struct Report {
    std::string allocator;
    std::string operation;
    ba_error_code code;
    void *pointer;
    std::size_t alignment;
};

class PageAllocatorMisuse : public PageAllocator {
  protected:
    PageAllocatorMisuse() {
        ba_misuse_set_handler({record, this});
        ba_misuse_set_severity(BA_SEVERITY_LOG);
    }

    ~PageAllocatorMisuse() override {
        ba_misuse_set_severity(BA_SEVERITY_PANIC);
        ba_misuse_set_handler({nullptr, nullptr});
    }

    // The call returned this, and reported just that.
    void expect(ba_error_code returned, ba_error_code code, const char *operation,
                const void *pointer, std::size_t alignment) {
        EXPECT_EQ(returned, code);
        ASSERT_EQ(reports_.size(), 1U);
        EXPECT_EQ(reports_[0].allocator, "page allocator");
        EXPECT_EQ(reports_[0].operation, operation);
        EXPECT_EQ(reports_[0].code, code);
        EXPECT_EQ(reports_[0].pointer, pointer);
        EXPECT_EQ(reports_[0].alignment, alignment);
        reports_.clear();
    }

    // All calls that take a grant reject it in the same way.
    void expect_all(ba_memory memory, std::size_t alignment, ba_error_code code) {
        const ba_alignment given = ba_align(alignment);
        const ba_length one = ba_bytes(1);
        void *const pointer = ba_memory_pointer(memory);
        expect(ba_block_free(blocks_, memory, given).code, code, "free", pointer, alignment);
        expect(code_of(ba_block_resize(blocks_, memory, given, one)), code, "resize", pointer,
               alignment);
        expect(code_of(ba_block_grow_between(blocks_, memory, given, one, one)), code,
               "grow_between", pointer, alignment);
        expect(code_of(ba_block_remap(blocks_, memory, given, one)), code, "remap", pointer,
               alignment);
    }

    static void record(void *context, const ba_misuse *misuse) {
        static_cast<PageAllocatorMisuse *>(context)->reports_.push_back(
            {misuse->allocator, misuse->operation, misuse->error.code,
             ba_memory_pointer(misuse->memory), misuse->alignment.bytes});
    }

    std::vector<Report> reports_;
};

TEST_F(PageAllocatorMisuse, OfAllocation) {
    expect(code_of(alloc(0, 8)), BA_ZERO_SIZE, "alloc", nullptr, 8);
    expect(code_of(alloc(1, 0)), BA_BAD_ALIGN, "alloc", nullptr, 0);
    expect(code_of(alloc(1, 24)), BA_BAD_ALIGN, "alloc", nullptr, 24);
    EXPECT_EQ(code_of(alloc(1, SIZE_MAX / 2 + 1)), BA_BAD_ALIGN) << "too large, but no misuse";
    EXPECT_EQ(reports_.size(), 0U);
}

TEST_F(PageAllocatorMisuse, OfMemory) {
    const ba_memory memory = alloc(2 * page(), kHuge);
    expect_all(ba_memory_none(ba_error_of(BA_OUT_OF_MEMORY)), 8, BA_FOREIGN);
    expect_all(memory, 0, BA_BAD_ALIGN);
    expect_all(memory, 24, BA_BAD_ALIGN);
    expect_all(ba_memory_of(bytes_of(memory) + page(), ba_bytes(1)), kHuge, BA_BAD_ALIGN);
    expect_all(with_length(memory, 0), kHuge, BA_SIZE_MISMATCH);
    expect_all(with_length(memory, SIZE_MAX), kHuge, BA_SIZE_MISMATCH);
    expect_all(ba_memory_of(bytes_of(memory) + 8, ba_bytes(1)), 8, BA_FOREIGN);
    EXPECT_EQ(calls_.mapped(), 2 * page()) << "nothing happened";
    free(memory, kHuge);
}

TEST_F(PageAllocatorMisuse, OfMemoryThatCannotBeOfTheseOptions) {
    ba_page_options options = {};
    options.alignment = ba_align(kHuge);
    with(options);
    const ba_memory memory = alloc(2 * page());
    expect_all(ba_memory_of(bytes_of(memory) + page(), ba_bytes(1)), 8, BA_FOREIGN);
    free(memory);
}

TEST_F(PageAllocatorMisuse, OfLengths) {
    const ba_memory memory = alloc(page());
    expect(code_of(resize(memory, 0)), BA_ZERO_SIZE, "resize", bytes_of(memory), 1);
    expect(code_of(grow(memory, 0, 1)), BA_ZERO_SIZE, "grow_between", bytes_of(memory), 1);
    expect(code_of(remap(memory, 0)), BA_ZERO_SIZE, "remap", bytes_of(memory), 1);
    free(memory);
}

TEST_F(PageAllocatorMisuse, OfDiscard) {
    const ba_memory none = ba_memory_none(ba_error_of(BA_OUT_OF_MEMORY));
    expect(code_of(ba_block_discard(blocks_, none)), BA_FOREIGN, "discard", nullptr, 1);
    const ba_memory memory = alloc(page());
    expect(code_of(ba_block_discard(blocks_, with_length(memory, SIZE_MAX))), BA_SIZE_MISMATCH,
           "discard", bytes_of(memory), 1);
    free(memory);
}

TEST_F(PageAllocator, TheSeverityIsAnOption) {
    ba_page_options options = {};
    options.severity = ba_severity_own(BA_SEVERITY_LOG);
    with(options);
    EXPECT_EQ(ba_misuse_severity(), BA_SEVERITY_PANIC);
    EXPECT_EQ(ba_block_free(blocks_, ba_memory_none(ba_error_of(BA_LIMIT)), ba_align(1)).code,
              BA_FOREIGN);
    EXPECT_EQ(code_of(alloc(0)), BA_ZERO_SIZE);
}

TEST_F(PageAllocator, MisusePanics) {
    EXPECT_DEATH(free(alloc(0, 8)),
                 "page allocator: alloc\\(\\): ZERO_SIZE, a length of zero was asked for");
}
#endif

TEST_F(PageAllocator, WhatWasCutOffIsGone) {
    const ba_memory memory = alloc(2 * page());
    EXPECT_EQ(resized(memory, page()), page());
    EXPECT_DEATH(*static_cast<volatile char *>(bytes_of(memory) + page()) = 1, "");
    free(with_length(memory, page()));
}

} // namespace
