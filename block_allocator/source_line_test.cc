// Addresses whose source line is not known.
#include "block_allocator/source_line.h"

#include <cstring>
#include <string>

#include "gtest/gtest.h"

#if defined(__linux__)

#include <sys/resource.h>

namespace {

// The address behind the call of this. Each call is one of its own, though all seem alike.
__attribute__((noinline)) const void *here() {
    __asm__ volatile("");
    return __builtin_return_address(0);
}

std::string line_of(const void *address, std::size_t size = 4096) {
    std::string text(size, 'x');
    const bool is_known = ba_source_line(address, &text[0], size);
    text.resize(std::strlen(text.c_str()));
    EXPECT_EQ(is_known, !text.empty());
    return text;
}

TEST(SourceLine, IsUnknownWhereThereIsNoCode) {
    const int data = 0;
    EXPECT_EQ(line_of(&data), "");
    EXPECT_EQ(line_of(nullptr), "");
}

TEST(SourceLine, IsUnknownWhereNoProcessCanBeAsked) {
    const void *const address = here();
    rlimit before = {};
    ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
    rlimit none = before;
    none.rlim_cur = 0;
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
    const std::string line = line_of(address);
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
    EXPECT_EQ(line, "");
}

} // namespace

#else

TEST(SourceLine, IsUnknown) {
    char line[] = "x";
    EXPECT_FALSE(ba_source_line(line, line, sizeof line));
    EXPECT_STREQ(line, "");
}

#endif
