// LeakSanitizer finds what only the memory of the page allocator points to, and no more: in a build
// that has it, what is reachable from a live grant is no leak, and what is not is one.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

#include <sanitizer/lsan_interface.h>
#include <sys/mman.h>
#include <unistd.h>

#include "block_allocator/backing/page_allocator.h"
#include "gtest/gtest.h"

namespace {

// Overwrites what calls have left on the stack, where pointers would be found, too.
__attribute__((noinline)) void overwrite_stack() {
    volatile char bytes[1 << 14];
    for (volatile char &byte : bytes) {
        byte = 0;
    }
}

std::size_t page() {
    return static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

// Memory from malloc to which only what a test writes down points; we know it by its complement.
class LeakRoots : public ::testing::Test {
  protected:
    void TearDown() override {
        for (const std::uintptr_t complement : complements_) {
            // NOLINTNEXTLINE(performance-no-int-to-ptr): it was hidden from the tool as a number.
            std::free(reinterpret_cast<void *>(~complement));
        }
    }

    // Pointers in all of a page.
    __attribute__((noinline)) void fill(void *page_start) {
        for (std::size_t i = 0; i < page() / sizeof(void *); i++) {
            void *const one = std::malloc(8);
            complements_.push_back(~reinterpret_cast<std::uintptr_t>(one));
            std::memcpy(static_cast<char *>(page_start) + i * sizeof one, &one, sizeof one);
        }
    }

    static bool leaks() {
        overwrite_stack();
        return __lsan_do_recoverable_leak_check() != 0;
    }

    ba_memory alloc(std::size_t pages) {
        return ba_block_alloc(blocks_, ba_bytes(pages * page()), ba_align(1));
    }

    // The memory with another length, in place; none if it has to move.
    ba_memory resize(ba_memory memory, std::size_t pages) {
        const ba_length_result now =
            ba_block_resize(blocks_, memory, ba_align(1), ba_bytes(pages * page()));
        return ba_length_result_is_none(now)
                   ? ba_memory_none(ba_length_result_error(now))
                   : ba_memory_of(ba_memory_pointer(memory), ba_length_result_length(now));
    }

    char *page_of(ba_memory memory, std::size_t number) {
        return static_cast<char *>(ba_memory_pointer(memory)) + number * page();
    }

    void free(ba_memory memory) {
        EXPECT_EQ(ba_block_free(blocks_, memory, ba_align(1)).code, BA_OK);
    }

    void with_reserve(std::size_t pages) {
        ba_page_options options = {};
        options.reserve = ba_bytes(pages * page());
        ASSERT_EQ(ba_pages_init(&pages_, options).code, BA_OK);
        blocks_ = ba_pages_block_allocator(&pages_);
    }

    ba_pages pages_{};
    ba_block_allocator blocks_ = ba_page_block_allocator();

  private:
    std::vector<std::uintptr_t> complements_;
};

TEST_F(LeakRoots, ALiveGrantIsARoot) {
    const ba_memory memory = alloc(1);
    fill(page_of(memory, 0));
    EXPECT_FALSE(leaks());
    free(memory);
    EXPECT_TRUE(leaks());
}

TEST_F(LeakRoots, MemoryThatIsCutOffIsNoRoot) {
    ba_memory memory = alloc(3);
    fill(page_of(memory, 0));
    memory = resize(memory, 1);
    EXPECT_FALSE(leaks());
    free(memory);

    memory = alloc(3);
    fill(page_of(memory, 2));
    EXPECT_TRUE(leaks()) << "those of the first grant";
    memory = resize(memory, 1);
    EXPECT_TRUE(leaks());
    free(memory);
}

TEST_F(LeakRoots, MemoryThatIsAddedIsARoot) {
    // Room after it: what was there has just been unmapped.
    const ba_memory memory = resize(resize(alloc(4), 1), 4);
    ASSERT_FALSE(ba_memory_is_none(memory));
    fill(page_of(memory, 3));
    EXPECT_FALSE(leaks());
    free(memory);
    EXPECT_TRUE(leaks());
}

TEST_F(LeakRoots, MovedMemoryIsARootAtItsNewAddress) {
    const ba_memory memory = alloc(1);
    fill(page_of(memory, 0));
    // Something after it, so that it cannot grow in place.
    void *const behind = mmap(page_of(memory, 1), page(), PROT_NONE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    const ba_memory moved = ba_block_remap(blocks_, memory, ba_align(1), ba_bytes(4 * page()));
    ASSERT_FALSE(ba_memory_is_none(moved));
    EXPECT_NE(ba_memory_pointer(moved), ba_memory_pointer(memory));
    EXPECT_FALSE(leaks());
    fill(page_of(moved, 3));
    EXPECT_FALSE(leaks());
    free(moved);
    if (behind != MAP_FAILED) {
        munmap(behind, page());
    }
    EXPECT_TRUE(leaks());
}

TEST_F(LeakRoots, ReservedAddressesAreARootAsFarAsTheyHaveMemory) {
    with_reserve(8);
    ba_memory memory = alloc(1);
    fill(page_of(memory, 0));
    EXPECT_FALSE(leaks());
    memory = resize(memory, 8);
    fill(page_of(memory, 7));
    EXPECT_FALSE(leaks());
    memory = resize(memory, 7);
    EXPECT_TRUE(leaks());
    free(memory);

    memory = alloc(9);
    memory = resize(memory, 2);
    free(memory);
}

} // namespace
