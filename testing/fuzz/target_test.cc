#include "testing/fuzz/target.h"

#include "gtest/gtest.h"

namespace {

TEST(TargetTest, StopsOnlyAtFailure) {
    fuzz_testing::stop_at_failure();
    EXPECT_DEATH(
        {
            EXPECT_EQ(1, 2) << "not met";
            fuzz_testing::stop_at_failure();
        },
        "");
}

} // namespace
