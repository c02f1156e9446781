#include "bench/replay/resident.h"

#include <cstddef>

#include "bench/replay/touch.h"
#include "block_allocator/allocator.h"
#include "block_allocator/backing/page_allocator.h"
#include "gtest/gtest.h"

namespace {

TEST(Resident, IsWhatIsNotOfAFileLessWhatTheSystemMayTake) {
    EXPECT_EQ(resident_bytes_of("55e8fa55a000-7ffd4a7c8000 ---p 00000000 00:00 0   [rollup]\n"
                                "Rss:                1728 kB\n"
                                "Pss_Anon:            900 kB\n"
                                "Anonymous:           112 kB\n"
                                "LazyFree:             12 kB\n"
                                "Swap:                  0 kB\n"),
              100u * 1024);
    EXPECT_EQ(resident_bytes_of("Rss: 1 kB\nAnonymous: 8 kB\n"), 8u * 1024);
    EXPECT_EQ(resident_bytes_of(""), 0u);
}

TEST(Resident, CountsPagesOnceTheyAreTouched) {
    constexpr std::size_t kLength = 8 << 20;
    ASSERT_NE(resident_bytes(), 0u) << "this system does not tell";
    const ba_memory memory = ba_alloc(ba_page_allocator(), ba_bytes(kLength), ba_align(16));
    ASSERT_FALSE(ba_memory_is_none(memory));
    const std::size_t before = resident_bytes();
    touch(memory);
    const std::size_t after = resident_bytes();
    ba_free(ba_page_allocator(), memory, ba_align(16));
    EXPECT_GE(after - before, kLength);
    EXPECT_LT(after - before, kLength + (1 << 20));
    EXPECT_LT(resident_bytes(), before + (1 << 20));
}

} // namespace
