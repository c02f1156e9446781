#include "block_allocator/error.h"

#include <cstring>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace {

std::vector<ba_error_code> all() {
    return {
#define CODE(code, message) BA_##code,
        BA_ERRORS(CODE)
#undef CODE
    };
}

TEST(Error, CodesAreNeverRenumbered) {
    const std::vector<std::pair<ba_error_code, std::string>> expected = {
        {BA_OK, "OK"},
        {BA_OUT_OF_MEMORY, "OUT_OF_MEMORY"},
        {BA_LIMIT, "LIMIT"},
        {BA_NOT_IN_PLACE, "NOT_IN_PLACE"},
        {BA_UNSUPPORTED, "UNSUPPORTED"},
        {BA_BAD_ALIGN, "BAD_ALIGN"},
        {BA_ZERO_SIZE, "ZERO_SIZE"},
        {BA_FOREIGN, "FOREIGN"},
        {BA_INTERIOR, "INTERIOR"},
        {BA_DOUBLE_FREE, "DOUBLE_FREE"},
        {BA_SIZE_MISMATCH, "SIZE_MISMATCH"},
        {BA_IN_USE, "IN_USE"},
        {BA_MOVED, "MOVED"},
        {BA_CORRUPT, "CORRUPT"},
        {BA_OUT_OF_BOUNDS, "OUT_OF_BOUNDS"},
        {BA_OVERLAP, "OVERLAP"},
        {BA_NOT_MADE, "NOT_MADE"},
        {BA_RACE, "RACE"},
    };
    ASSERT_EQ(all().size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); i++) {
        EXPECT_EQ(static_cast<std::size_t>(expected[i].first), i);
        EXPECT_EQ(ba_error_name(ba_error_of(expected[i].first)), expected[i].second);
    }
}

TEST(Error, EachHasAMessageOfItsOwn) {
    std::set<std::string> messages;
    for (const ba_error_code code : all()) {
        const std::string message = ba_error_message(ba_error_of(code));
        EXPECT_FALSE(message.empty());
        EXPECT_EQ(message.find('\n'), std::string::npos) << message;
        EXPECT_NE(message.back(), '.') << message;
        messages.insert(message);
    }
    EXPECT_EQ(messages.size(), all().size());
}

TEST(Error, SaysWhatItMeans) {
    EXPECT_STREQ(ba_error_message(ba_error_of(BA_OK)), "no error");
    EXPECT_STREQ(ba_error_message(ba_error_of(BA_DOUBLE_FREE)), "the memory is free already");
}

TEST(Error, UnknownCodesAreNamedToo) {
    // C++ does not let an enum hold what none of its values needs the bits for; memory does.
    const int code = 1000;
    ba_error unknown = {};
    static_assert(sizeof unknown == sizeof code, "the code is an int");
    std::memcpy(&unknown, &code, sizeof unknown);
    EXPECT_STREQ(ba_error_name(unknown), "UNKNOWN");
    EXPECT_STREQ(ba_error_message(unknown), "not an error code of this library");
}

TEST(Error, FailsUnlessOk) {
    for (const ba_error_code code : all()) {
        EXPECT_EQ(ba_failed(ba_error_of(code)), code != BA_OK) << code;
    }
}

TEST(Error, IsARefusalWhereTheCallerCanGoOn) {
    const std::set<ba_error_code> refusals = {BA_OUT_OF_MEMORY, BA_LIMIT, BA_NOT_IN_PLACE,
                                              BA_UNSUPPORTED};
    for (const ba_error_code code : all()) {
        EXPECT_EQ(ba_error_is_refusal(ba_error_of(code)), refusals.count(code) == 1) << code;
    }
}

} // namespace
