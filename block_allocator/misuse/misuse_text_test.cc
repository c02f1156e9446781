#include "block_allocator/misuse/misuse_text.h"

#include <cstdint>
#include <cstring>
#include <string>

#include "gtest/gtest.h"

namespace {

std::string text_of(const ba_misuse &misuse) {
    char line[1024];
    const std::size_t length = ba_misuse_format(&misuse, line, sizeof line);
    EXPECT_EQ(length, std::strlen(line));
    return line;
}

std::string text_of(ba_call_site site) {
    char line[64];
    const std::size_t length = ba_call_site_format(site, line, sizeof line);
    EXPECT_EQ(length, std::strlen(line));
    return line;
}

// Memory at an address that is only printed.
ba_memory memory_at(std::uintptr_t address, std::size_t length) {
    return ba_memory_of(reinterpret_cast<void *>(address), ba_bytes(length)); // NOLINT
}

ba_call_site site_at(std::uintptr_t address) {
    return ba_call_site_of_address(reinterpret_cast<void *>(address)); // NOLINT
}

ba_misuse misuse_of(ba_error_code code) {
    ba_misuse misuse = {};
    misuse.error = ba_error_of(code);
    misuse.allocator = "small";
    misuse.operation = "free";
    misuse.memory = memory_at(0x7f3c8000, 64);
    return misuse;
}

const std::string kStart = "small: free(0x7f3c8000, 64): ";
const std::string kMismatch = kStart + "SIZE_MISMATCH, the length is not that of the memory";

TEST(MisuseText, OfWhatIsAlwaysKnown) {
    EXPECT_EQ(text_of(misuse_of(BA_DOUBLE_FREE)),
              kStart + "DOUBLE_FREE, the memory is free already");
}

TEST(MisuseText, OfACallThatTakesNoMemory) {
    ba_misuse misuse = misuse_of(BA_ZERO_SIZE);
    misuse.operation = "alloc";
    misuse.memory = ba_memory_none(ba_error_of(BA_ZERO_SIZE));
    EXPECT_EQ(text_of(misuse), "small: alloc(): ZERO_SIZE, a length of zero was asked for");
}

// Each of what may be known, alone and with all others.
TEST(MisuseText, OfEveryCombination) {
    for (unsigned known = 0; known < 8; known++) {
        ba_misuse misuse = misuse_of(BA_SIZE_MISMATCH);
        std::string expected = kMismatch;
        if ((known & 1) != 0) {
            misuse.expected = ba_bytes(128);
            expected += "; expected 128";
        }
        if ((known & 2) != 0) {
            misuse.site = ba_call_site_of_text("main.c:12");
            expected += ", at main.c:12";
        }
        if ((known & 4) != 0) {
            misuse.origin = ba_call_site_of_text("main.c:3");
            expected += ", allocated at main.c:3";
        }
        EXPECT_EQ(text_of(misuse), expected);
    }
}

TEST(MisuseText, OfARaceNamesTheOtherCall) {
    ba_misuse misuse = misuse_of(BA_RACE);
    misuse.site = ba_call_site_of_text("main.c:12");
    misuse.origin = ba_call_site_of_text("main.c:3");
    EXPECT_EQ(text_of(misuse), kStart + "RACE, two threads use the allocator at once, at main.c:12"
                                        ", while in use at main.c:3");
}

TEST(MisuseText, NamesABadAlignment) {
    ba_misuse misuse = misuse_of(BA_BAD_ALIGN);
    misuse.alignment = ba_align(24);
    const std::string start =
        kStart +
        "BAD_ALIGN, the alignment is no power of two, not that of the pointer, or too large";
    EXPECT_EQ(text_of(misuse), start + "; alignment 24");
    misuse.expected = ba_bytes(128);
    misuse.site = site_at(0x401000);
    EXPECT_EQ(text_of(misuse), start + "; expected 128, alignment 24, at 0x401000");
}

TEST(MisuseText, LeavesOutAnAlignmentThatIsNotWrong) {
    ba_misuse misuse = misuse_of(BA_SIZE_MISMATCH);
    misuse.alignment = ba_align(16);
    EXPECT_EQ(text_of(misuse), kMismatch);
}

TEST(MisuseText, ListsWhatIsInUse) {
    const ba_live live[] = {
        {memory_at(0x1000, 64), ba_call_site_of_text("a.c:1")},
        {memory_at(0x2000, 128), ba_call_site_none()},
        {memory_at(0x3000, 192), site_at(0x401000)},
    };
    ba_misuse misuse = misuse_of(BA_IN_USE);
    misuse.operation = "release_all";
    misuse.memory = ba_memory_none(ba_error_of(BA_IN_USE));
    misuse.live_count = 7;
    misuse.live_length = ba_bytes(1000);
    const std::string start =
        "small: release_all(): IN_USE, memory is still in use: 1000 bytes in 7 allocations";
    EXPECT_EQ(text_of(misuse), start);
    misuse.live = live;
    misuse.live_shown = 1;
    EXPECT_EQ(text_of(misuse), start + ": (0x1000, 64 at a.c:1)");
    misuse.live_shown = 3;
    EXPECT_EQ(text_of(misuse),
              start + ": (0x1000, 64 at a.c:1), (0x2000, 128), (0x3000, 192 at 0x401000)");
}

TEST(MisuseText, IsCutWhereTheBufferEnds) {
    ba_misuse misuse = misuse_of(BA_SIZE_MISMATCH);
    misuse.expected = ba_bytes(128);
    misuse.site = ba_call_site_of_text("main.c:12");
    const std::string whole = text_of(misuse);
    for (std::size_t size = 1; size <= whole.size() + 2; size++) {
        std::string buffer(size + 1, '#');
        EXPECT_EQ(ba_misuse_format(&misuse, &buffer[0], size), whole.size());
        EXPECT_EQ(std::string(buffer.c_str()), whole.substr(0, size - 1));
        EXPECT_EQ(buffer[size], '#') << "nothing is written past the end";
    }
}

TEST(MisuseText, IsOnlyMeasuredWithoutABuffer) {
    const ba_misuse misuse = misuse_of(BA_SIZE_MISMATCH);
    EXPECT_EQ(ba_misuse_format(&misuse, nullptr, 0), kMismatch.size());
    char untouched = '#';
    EXPECT_EQ(ba_misuse_format(&misuse, &untouched, 0), kMismatch.size());
    EXPECT_EQ(untouched, '#');
}

TEST(CallSiteText, IsTheTextOrTheAddress) {
    EXPECT_EQ(text_of(ba_call_site_of_text("main.c:12")), "main.c:12");
    EXPECT_EQ(text_of(site_at(0xabc0)), "0xabc0");
    EXPECT_EQ(text_of(ba_call_site_none()), "an unknown place");
}

TEST(CallSiteText, IsCutToo) {
    char buffer[6] = "#####";
    EXPECT_EQ(ba_call_site_format(ba_call_site_of_text("main.c:12"), buffer, 5), 9u);
    EXPECT_STREQ(buffer, "main");
    EXPECT_EQ(ba_call_site_format(ba_call_site_none(), nullptr, 0), 16u);
}

} // namespace
