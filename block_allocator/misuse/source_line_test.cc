// Addresses whose source line is not known.
#include "block_allocator/misuse/source_line.h"

#include <string>

#include "testing/code_address.h"
#include "gtest/gtest.h"

#if defined(__linux__)

#include <sys/resource.h>

namespace {

using ba_testing::here;
using ba_testing::line_of;

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
