// Which build mode a build has. The header is read again and again, so it comes with no guard here.
#include "block_allocator/build_mode.h"

#include "gtest/gtest.h"

namespace {

TEST(BuildMode, FollowsTheBuild) {
#ifdef NDEBUG
    EXPECT_GE(BA_BUILD_MODE, BA_RELEASE_SAFE);
#else
    EXPECT_EQ(BA_BUILD_MODE, BA_DEBUG);
#endif
    EXPECT_EQ(BA_CHECKS_MISUSE, BA_BUILD_MODE == BA_DEBUG || BA_BUILD_MODE == BA_RELEASE_SAFE);
}

TEST(BuildMode, IsTheOneThatBazelWasAskedFor) {
    EXPECT_EQ(BA_BUILD_MODE, EXPECTED_BUILD_MODE);
}

TEST(BuildMode, IsOrdered) {
    EXPECT_LT(BA_DEBUG, BA_RELEASE_SAFE);
    EXPECT_LT(BA_RELEASE_SAFE, BA_RELEASE_SMALL);
    EXPECT_LT(BA_RELEASE_SMALL, BA_RELEASE_FAST);
}

#undef BA_BUILD_MODE
#undef BA_CHECKS_MISUSE
#undef BLOCK_ALLOCATOR_BUILD_MODE_H_
#undef NDEBUG
#include "block_allocator/build_mode.h"
constexpr int kByDefault = BA_BUILD_MODE;
constexpr bool kChecksByDefault = BA_CHECKS_MISUSE;

#undef BA_BUILD_MODE
#undef BA_CHECKS_MISUSE
#undef BLOCK_ALLOCATOR_BUILD_MODE_H_
#define NDEBUG
#include "block_allocator/build_mode.h"
constexpr int kWithoutAssertions = BA_BUILD_MODE;
constexpr bool kChecksWithoutAssertions = BA_CHECKS_MISUSE;

#undef BA_BUILD_MODE
#undef BA_CHECKS_MISUSE
#undef BLOCK_ALLOCATOR_BUILD_MODE_H_
#define BA_BUILD_MODE BA_RELEASE_SMALL
#include "block_allocator/build_mode.h"
constexpr int kNamed = BA_BUILD_MODE;
constexpr bool kChecksNamed = BA_CHECKS_MISUSE;

TEST(BuildMode, WithoutBazelFollowsNdebug) {
    EXPECT_EQ(kByDefault, BA_DEBUG);
    EXPECT_TRUE(kChecksByDefault);
    EXPECT_EQ(kWithoutAssertions, BA_RELEASE_SAFE);
    EXPECT_TRUE(kChecksWithoutAssertions);
    EXPECT_EQ(kNamed, BA_RELEASE_SMALL);
    EXPECT_FALSE(kChecksNamed);
}

} // namespace
