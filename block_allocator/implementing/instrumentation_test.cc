#include "block_allocator/implementing/instrumentation.h"

#include "gtest/gtest.h"

namespace {

class Instrumentation : public ::testing::Test {
  protected:
    ~Instrumentation() override { ba_instrument_return(bytes_, ba_bytes(sizeof bytes_)); }

    alignas(64) char bytes_[256] = {};
};

using InstrumentationDeathTest = Instrumentation;

#if BA_ADDRESS_SANITIZER

void write(volatile char *byte) {
    *byte = 1;
}

TEST_F(Instrumentation, KnowsWhatIsFree) {
    EXPECT_FALSE(ba_instrument_is_free(bytes_));
    ba_instrument_free(bytes_ + 64, ba_bytes(64));
    EXPECT_FALSE(ba_instrument_is_free(bytes_ + 63));
    EXPECT_TRUE(ba_instrument_is_free(bytes_ + 64));
    EXPECT_TRUE(ba_instrument_is_free(bytes_ + 127));
    EXPECT_FALSE(ba_instrument_is_free(bytes_ + 128));
}

TEST_F(Instrumentation, GivenAndReturnedMemoryIsNotFree) {
    ba_instrument_free(bytes_, ba_bytes(256));
    ba_instrument_alloc(bytes_, ba_bytes(64));
    EXPECT_FALSE(ba_instrument_is_free(bytes_ + 63));
    EXPECT_TRUE(ba_instrument_is_free(bytes_ + 64));
    write(bytes_);
    ba_instrument_return(bytes_ + 64, ba_bytes(192));
    EXPECT_FALSE(ba_instrument_is_free(bytes_ + 255));
    write(bytes_ + 255);
}

TEST_F(InstrumentationDeathTest, UseOfAFreeByteIsReported) {
    ba_instrument_free(bytes_ + 64, ba_bytes(64));
    write(bytes_ + 63);
    EXPECT_DEATH(write(bytes_ + 64), "use-after-poison");
    EXPECT_DEATH(write(bytes_ + 127), "use-after-poison");
    write(bytes_ + 128);
}

#else

TEST_F(Instrumentation, WithoutASanitizerNothingIsKnown) {
    ba_instrument_free(bytes_, ba_bytes(64));
    EXPECT_FALSE(ba_instrument_is_free(bytes_));
    ba_instrument_alloc(bytes_, ba_bytes(64));
    EXPECT_FALSE(ba_instrument_is_free(bytes_));
}

#endif

TEST_F(Instrumentation, ChangesNoContents) {
    bytes_[0] = 7;
    ba_instrument_free(bytes_, ba_bytes(64));
    ba_instrument_alloc(bytes_, ba_bytes(64));
#if !BA_VALGRIND
    EXPECT_EQ(bytes_[0], 7); // Valgrind rightly says that this is undefined.
#endif
}

} // namespace
