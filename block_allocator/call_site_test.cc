#include "block_allocator/call_site.h"

#include <string>

#include "gtest/gtest.h"

namespace {

TEST(CallSite, MayBeUnknown) {
    EXPECT_TRUE(ba_call_site_is_none(ba_call_site_none()));
    EXPECT_EQ(ba_call_site_none().text, nullptr);
    EXPECT_EQ(ba_call_site_none().address, nullptr);
}

TEST(CallSite, IsATextOrAnAddress) {
    const ba_call_site text = ba_call_site_of_text("main.c:12");
    EXPECT_FALSE(ba_call_site_is_none(text));
    EXPECT_STREQ(text.text, "main.c:12");
    EXPECT_EQ(text.address, nullptr);
    const int place = 0;
    const ba_call_site address = ba_call_site_of_address(&place);
    EXPECT_FALSE(ba_call_site_is_none(address));
    EXPECT_EQ(address.text, nullptr);
    EXPECT_EQ(address.address, &place);
}

#if BA_BUILD_MODE == BA_DEBUG
TEST(CallSite, HereIsFileAndLineInDebugBuilds) {
    const ba_call_site here = BA_HERE();
    const std::string line = std::to_string(__LINE__ - 1);
    EXPECT_EQ(std::string(here.text), "block_allocator/call_site_test.cc:" + line);
    EXPECT_EQ(here.address, nullptr);
}
#else
__attribute__((noinline)) ba_call_site called_from_elsewhere() {
    const ba_call_site here = BA_HERE();
    EXPECT_EQ(here.address, __builtin_return_address(0));
    return here;
}

TEST(CallSite, HereIsTheReturnAddressInReleaseBuilds) {
    const ba_call_site here = called_from_elsewhere();
    EXPECT_EQ(here.text, nullptr);
    EXPECT_NE(here.address, nullptr);
}
#endif

} // namespace
