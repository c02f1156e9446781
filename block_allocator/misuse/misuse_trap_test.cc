// The default of freestanding programs, linked in place of the one that prints.
#include "block_allocator/misuse.h"

#include <csignal>

#include "gtest/gtest.h"

namespace {

ba_misuse misuse_of(ba_severity severity) {
    ba_misuse misuse = {};
    misuse.severity = severity;
    misuse.error = ba_error_of(BA_FOREIGN);
    misuse.allocator = "small";
    misuse.operation = "free";
    return misuse;
}

TEST(MisuseTrap, ALogSaysNothing) {
    const ba_misuse misuse = misuse_of(BA_SEVERITY_LOG);
    ::testing::internal::CaptureStderr();
    ba_misuse_default(&misuse);
    EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

// Which signal a trap raises is the processor's affair.
TEST(MisuseTrapDeathTest, APanicStopsAtOnce) {
    const ba_misuse misuse = misuse_of(BA_SEVERITY_PANIC);
    EXPECT_DEATH(ba_misuse_default(&misuse), "");
}

} // namespace
