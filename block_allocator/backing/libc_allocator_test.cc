#include "block_allocator/backing/libc_allocator.h"

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "block_allocator/misuse.h"
#include "gtest/gtest.h"

// Makes AddressSanitizer's malloc fail as the C library's does; it calls this where it is active.
extern "C" const char *__asan_default_options(); // NOLINT(bugprone-reserved-identifier): its name
// NOLINTNEXTLINE(bugprone-reserved-identifier): as above
extern "C" const char *__asan_default_options() {
    return "allocator_may_return_null=1";
}

namespace {

const ba_allocator libc = ba_libc_allocator();

std::size_t length(ba_memory memory) {
    return ba_memory_length(memory).bytes;
}
ba_error_code error(ba_memory memory) {
    return ba_memory_error(memory).code;
}
ba_error_code error(ba_length_result result) {
    return ba_length_result_error(result).code;
}

TEST(LibcAllocator, GivesLengthsExactly) {
    EXPECT_EQ(ba_allocator_block_size(libc).bytes, 1u);
    for (const std::size_t bytes : {std::size_t{1}, std::size_t{777}, std::size_t{1} << 20}) {
        const ba_memory memory = ba_block_alloc(ba_libc_block_allocator(), ba_bytes(bytes),
                                                ba_align_of(std::max_align_t));
        ASSERT_EQ(length(memory), bytes);
        std::memset(ba_memory_pointer(memory), 0x5A, bytes);
        EXPECT_EQ(ba_free(libc, memory, ba_align(1)).code, BA_OK);
    }
}

TEST(LibcAllocator, GivesEveryAlignmentToEveryLength) {
    for (std::size_t alignment = 1; alignment <= 1 << 16; alignment *= 2) {
        for (const std::size_t bytes : {std::size_t{1}, alignment, alignment + 1}) {
            const ba_memory memory = ba_alloc(libc, ba_bytes(bytes), ba_align(alignment));
            ASSERT_EQ(length(memory), bytes);
            EXPECT_TRUE(ba_is_aligned(ba_memory_pointer(memory), ba_align(alignment)))
                << alignment << ", " << bytes;
            std::memset(ba_memory_pointer(memory), 0x5A, bytes);
            EXPECT_EQ(ba_free(libc, memory, ba_align(alignment)).code, BA_OK);
        }
    }
}

TEST(LibcAllocator, AbsurdLengthsAreErrors) {
    EXPECT_EQ(error(ba_alloc(libc, ba_bytes(SIZE_MAX), ba_align(1))), BA_OUT_OF_MEMORY);
    EXPECT_EQ(error(ba_alloc(libc, ba_bytes(SIZE_MAX / 2), ba_align(1 << 12))), BA_OUT_OF_MEMORY);
    EXPECT_EQ(error(ba_alloc(libc, ba_bytes(SIZE_MAX), ba_align(2))), BA_LIMIT);
    EXPECT_EQ(error(ba_alloc(libc, ba_bytes(SIZE_MAX - 4094), ba_align(1 << 12))), BA_LIMIT);
    for (std::size_t alignment = std::size_t{2} * BA_LIBC_LARGEST_ALIGNMENT; alignment != 0;
         alignment *= 2) {
        EXPECT_EQ(error(ba_alloc(libc, ba_bytes(1), ba_align(alignment))), BA_BAD_ALIGN);
        EXPECT_EQ(error(ba_alloc(libc, ba_bytes(SIZE_MAX), ba_align(alignment))), BA_BAD_ALIGN);
    }
}

TEST(LibcAllocator, ShrinksInPlaceAndNeverGrowsThere) {
    const ba_memory memory = ba_alloc(libc, ba_bytes(100), ba_align(64));
    ASSERT_FALSE(ba_memory_is_none(memory));
    EXPECT_EQ(error(ba_resize(libc, memory, ba_align(64), ba_bytes(101))), BA_NOT_IN_PLACE);
    EXPECT_EQ(error(ba_grow_between(libc, memory, ba_align(64), ba_bytes(101), ba_bytes(200))),
              BA_NOT_IN_PLACE);
    EXPECT_EQ(ba_length_result_length(ba_resize(libc, memory, ba_align(64), ba_bytes(100))).bytes,
              100u);
    const ba_length_result shrunk =
        ba_block_resize(ba_libc_block_allocator(), memory, ba_align(64), ba_bytes(1));
    EXPECT_EQ(ba_length_result_length(shrunk).bytes, 1u)
        << "the whole-span view too: what the caller gives back later must be the last length";
    const ba_memory rest = ba_memory_of(ba_memory_pointer(memory), ba_bytes(1));
    EXPECT_EQ(error(ba_resize(libc, rest, ba_align(64), ba_bytes(2))), BA_NOT_IN_PLACE);
    EXPECT_EQ(ba_free(libc, rest, ba_align(64)).code, BA_OK);
}

TEST(LibcAllocator, ReallocMovesTheContentsAndKeepsTheAlignment) {
    const ba_memory memory = ba_alloc(libc, ba_bytes(3), ba_align(256));
    ASSERT_FALSE(ba_memory_is_none(memory));
    std::memcpy(ba_memory_pointer(memory), "abc", 3);
    const ba_memory moved = ba_realloc(libc, memory, ba_align(256), ba_bytes(5000));
    ASSERT_EQ(length(moved), 5000u);
    EXPECT_TRUE(ba_is_aligned(ba_memory_pointer(moved), ba_align(256)));
    EXPECT_EQ(std::memcmp(ba_memory_pointer(moved), "abc", 3), 0);
    EXPECT_EQ(error(ba_realloc(libc, moved, ba_align(256), ba_bytes(SIZE_MAX - 255))),
              BA_OUT_OF_MEMORY);
    EXPECT_EQ(std::memcmp(ba_memory_pointer(moved), "abc", 3), 0) << "a failure changes nothing";
    EXPECT_EQ(ba_free(libc, moved, ba_align(256)).code, BA_OK);
}

TEST(LibcAllocator, HasNoOptionalOperations) {
    const ba_memory memory = ba_alloc(libc, ba_bytes(1), ba_align(1));
    EXPECT_EQ(ba_owns(libc, ba_memory_pointer(memory)), BA_OWNS_UNKNOWN);
    EXPECT_EQ(error(ba_remap(libc, memory, ba_align(1), ba_bytes(2))), BA_UNSUPPORTED);
    EXPECT_EQ(ba_length_result_length(ba_discard(libc, memory)).bytes, 0u);
    EXPECT_EQ(ba_free(libc, memory, ba_align(1)).code, BA_OK);
}

#if BA_CHECKS_MISUSE

struct Report {
    std::string operation;
    ba_error_code code;
    const void *pointer;
    std::size_t alignment;
    std::string site;
};

bool operator==(const Report &a, const Report &b) {
    return a.operation == b.operation && a.code == b.code && a.pointer == b.pointer &&
           a.alignment == b.alignment && a.site == b.site;
}

class LibcAllocatorMisuse : public ::testing::Test {
  protected:
    LibcAllocatorMisuse()
        : handler_(ba_misuse_set_handler({record, this})),
          severity_(ba_misuse_set_severity(BA_SEVERITY_LOG)) {}
    ~LibcAllocatorMisuse() override {
        ba_misuse_set_handler(handler_);
        ba_misuse_set_severity(severity_);
    }

    static void record(void *context, const ba_misuse *misuse) {
        EXPECT_EQ(std::string(misuse->allocator), "libc_allocator");
        static_cast<LibcAllocatorMisuse *>(context)->reports_.push_back(
            {misuse->operation, misuse->error.code, ba_memory_pointer(misuse->memory),
             misuse->alignment.bytes, misuse->site.text == nullptr ? "" : misuse->site.text});
    }

    bool reported(const Report &report) const {
        return !reports_.empty() && reports_.back() == report;
    }

    const ba_call_site site_ = ba_call_site_of_text("here");
    ba_misuse_handler handler_;
    ba_severity severity_;
    std::vector<Report> reports_;
};

TEST_F(LibcAllocatorMisuse, BadArgumentsOfAnAllocation) {
    EXPECT_EQ(error(ba_alloc_at(libc, ba_bytes(0), ba_align(1), site_)), BA_ZERO_SIZE);
    EXPECT_TRUE(reported({"alloc", BA_ZERO_SIZE, nullptr, 1, "here"}));
    EXPECT_EQ(error(ba_alloc_at(libc, ba_bytes(1), ba_align(3), site_)), BA_BAD_ALIGN);
    EXPECT_TRUE(reported({"alloc", BA_BAD_ALIGN, nullptr, 3, "here"}));
}

TEST_F(LibcAllocatorMisuse, MemoryThatCannotBeOurs) {
    const ba_memory memory = ba_alloc(libc, ba_bytes(8), ba_align(8));
    ASSERT_FALSE(ba_memory_is_none(memory));
    char *const pointer = static_cast<char *>(ba_memory_pointer(memory));
    const ba_memory none = ba_memory_none(ba_error_of(BA_OUT_OF_MEMORY));
    const ba_memory empty = ba_memory_of(pointer, ba_bytes(0));
    const ba_memory odd = ba_memory_of(pointer + 1, ba_bytes(1));

    EXPECT_EQ(ba_free_at(libc, none, ba_align(8), site_).code, BA_FOREIGN);
    EXPECT_TRUE(reported({"free", BA_FOREIGN, nullptr, 8, "here"}));
    EXPECT_EQ(ba_free_at(libc, empty, ba_align(8), site_).code, BA_SIZE_MISMATCH);
    EXPECT_TRUE(reported({"free", BA_SIZE_MISMATCH, pointer, 8, "here"}));
    EXPECT_EQ(ba_free_at(libc, odd, ba_align(8), site_).code, BA_BAD_ALIGN);
    EXPECT_TRUE(reported({"free", BA_BAD_ALIGN, pointer + 1, 8, "here"}));

    EXPECT_EQ(error(ba_resize_at(libc, none, ba_align(8), ba_bytes(1), site_)), BA_FOREIGN);
    EXPECT_TRUE(reported({"resize", BA_FOREIGN, nullptr, 8, "here"}));
    EXPECT_EQ(error(ba_resize_at(libc, memory, ba_align(8), ba_bytes(0), site_)), BA_ZERO_SIZE);
    EXPECT_TRUE(reported({"resize", BA_ZERO_SIZE, pointer, 8, "here"}));
    EXPECT_EQ(reports_.size(), 5u);

    EXPECT_EQ(ba_free_at(libc, memory, ba_align(8), site_).code, BA_OK);
    EXPECT_EQ(reports_.size(), 5u);
}

#endif // BA_CHECKS_MISUSE

} // namespace
