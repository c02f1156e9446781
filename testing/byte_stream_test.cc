#include "testing/byte_stream.h"

#include "gtest/gtest.h"

namespace {

using ba_testing::ByteStream;

TEST(ByteStreamTest, ReadsChoices) {
    const std::uint8_t bytes[] = {7, 1, 250, 1, 2, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    ByteStream stream(bytes, sizeof bytes);
    EXPECT_EQ(stream.byte(), 7);
    EXPECT_TRUE(stream.flip());
    EXPECT_EQ(stream.below(256), 250u) << "one byte";
    EXPECT_EQ(stream.below(257), 258u % 257) << "two bytes";
    EXPECT_EQ(stream.below(2), 1u);
    EXPECT_EQ(stream.bits(), 0x0102030405060708u);
    EXPECT_FALSE(stream.is_empty());
    EXPECT_EQ(stream.byte(), 9);
    EXPECT_TRUE(stream.is_empty());
}

TEST(ByteStreamTest, EndsInZeros) {
    ByteStream stream(nullptr, 0);
    EXPECT_TRUE(stream.is_empty());
    EXPECT_EQ(stream.byte(), 0);
    EXPECT_FALSE(stream.flip());
    EXPECT_EQ(stream.below(1000), 0u);
    EXPECT_EQ(stream.bits(), 0u);
}

TEST(ByteStreamTest, RandomBytesAreTheSameForTheSameSeed) {
    EXPECT_EQ(ba_testing::random_bytes(1, 100), ba_testing::random_bytes(1, 100));
    EXPECT_NE(ba_testing::random_bytes(1, 100), ba_testing::random_bytes(2, 100));
}

} // namespace
