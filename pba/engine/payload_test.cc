#define PBA_INTERNAL_

#include "pba/engine/payload.h"

#include <algorithm>
#include <array>

#include "block_allocator/implementing/instrumentation.h"
#include "gtest/gtest.h"

namespace {

constexpr std::size_t kBytes = 256; // under test, with memory of others on both sides
constexpr unsigned char kDirt = 0x77;
constexpr unsigned char kWipe = 0x5A;

class Payload : public ::testing::Test {
  protected:
    Payload() { all_.fill(kDirt); }
    ~Payload() override {
        ba_instrument_return(memory_, ba_bytes(kBytes));
        EXPECT_TRUE(is_all(all_.data(), kBytes, kDirt)) << "before";
        EXPECT_TRUE(is_all(memory_ + kBytes, kBytes, kDirt)) << "behind";
    }

    static bool is_all(const unsigned char *first, std::size_t bytes, unsigned char byte) {
        return std::all_of(first, first + bytes, [byte](unsigned char is) { return is == byte; });
    }
    // Looks at memory that is nobody's, and leaves it so.
    bool is_all(unsigned char byte) const {
        ba_instrument_inspect(memory_, ba_bytes(kBytes));
        const bool is = is_all(memory_, kBytes, byte);
        ba_instrument_free(memory_, ba_bytes(kBytes));
        return is;
    }
    // Overwrites one byte of memory that is nobody's.
    void overwrite(std::size_t at, unsigned char byte) {
        ba_instrument_inspect(memory_, ba_bytes(kBytes));
        memory_[at] = byte;
        ba_instrument_free(memory_, ba_bytes(kBytes));
    }
    // Only AddressSanitizer can tell.
    void expect_nobodys() const {
        EXPECT_EQ(ba_instrument_is_free(memory_), BA_ADDRESS_SANITIZER != 0);
        EXPECT_EQ(ba_instrument_is_free(memory_ + kBytes - 1), BA_ADDRESS_SANITIZER != 0);
        EXPECT_FALSE(ba_instrument_is_free(memory_ - 1));
        EXPECT_FALSE(ba_instrument_is_free(memory_ + kBytes));
    }
    void expect_accessible() const {
        EXPECT_FALSE(ba_instrument_is_free(memory_));
        EXPECT_FALSE(ba_instrument_is_free(memory_ + kBytes - 1));
    }

    alignas(64) std::array<unsigned char, 3 * kBytes> all_;
    unsigned char *const memory_ = all_.data() + kBytes;
    const pba_hardening none_ = {false, 0, false, false};
    const pba_hardening fill_ = {false, 0, true, false};
    const pba_hardening wipe_ = {true, kWipe, false, false};
    const pba_hardening both_ = {true, kWipe, true, false};
};

TEST_F(Payload, WithoutHardeningNothingIsWritten) {
    pba_payload_arrives(none_, memory_, kBytes);
    expect_nobodys();
    EXPECT_TRUE(pba_payload_is_filled(none_, memory_, kBytes));
    EXPECT_TRUE(pba_payload_taken(none_, memory_, kBytes));
    expect_accessible();
    pba_payload_freed(none_, memory_, kBytes);
    expect_nobodys();
    pba_payload_leaves(none_, memory_, kBytes);
    expect_accessible();
    EXPECT_TRUE(is_all(kDirt));
}

TEST_F(Payload, FillMarksWhatIsFree) {
    pba_payload_arrives(fill_, memory_, kBytes);
    expect_nobodys();
    EXPECT_TRUE(is_all(PBA_FILL_BYTE));
    EXPECT_TRUE(pba_payload_is_filled(fill_, memory_, kBytes));
    expect_nobodys();
    EXPECT_TRUE(pba_payload_taken(fill_, memory_, kBytes));
    expect_accessible();
    std::fill_n(memory_, kBytes, kDirt);
    pba_payload_freed(fill_, memory_, kBytes);
    expect_nobodys();
    EXPECT_TRUE(is_all(PBA_FILL_BYTE));
}

TEST_F(Payload, OneByteWrittenWhileFreeIsSeen) {
    for (const std::size_t at : {std::size_t{0}, std::size_t{1}, kBytes / 2, kBytes - 1}) {
        pba_payload_arrives(fill_, memory_, kBytes);
        overwrite(at, PBA_FILL_BYTE ^ 1);
        EXPECT_FALSE(pba_payload_is_filled(fill_, memory_, kBytes)) << at;
        expect_nobodys();
        EXPECT_FALSE(pba_payload_taken(fill_, memory_, kBytes)) << at;
        expect_accessible();
    }
    EXPECT_TRUE(pba_payload_is_filled(fill_, memory_, 0));
}

TEST_F(Payload, AllBytesWrittenAlikeAreSeen) {
    pba_payload_arrives(none_, memory_, kBytes);
    EXPECT_FALSE(pba_payload_taken(fill_, memory_, kBytes));
}

TEST_F(Payload, WipesWhatIsFreed) {
    pba_payload_arrives(wipe_, memory_, kBytes);
    EXPECT_TRUE(is_all(kDirt)) << "what comes from the backing holds no secret of ours";
    EXPECT_TRUE(pba_payload_taken(wipe_, memory_, kBytes));
    pba_payload_freed(wipe_, memory_, kBytes);
    expect_nobodys();
    EXPECT_TRUE(is_all(kWipe));
}

TEST_F(Payload, WipesWhatGoesBack) {
    EXPECT_TRUE(pba_payload_taken(wipe_, memory_, kBytes));
    pba_payload_leaves(wipe_, memory_, kBytes);
    expect_accessible();
    EXPECT_TRUE(is_all(memory_, kBytes, kWipe));
}

TEST_F(Payload, WipedMemoryIsFilledToo) {
    EXPECT_TRUE(pba_payload_taken(wipe_, memory_, kBytes));
    pba_payload_freed(both_, memory_, kBytes);
    expect_nobodys();
    EXPECT_TRUE(is_all(PBA_FILL_BYTE));
    pba_payload_leaves(both_, memory_, kBytes);
    expect_accessible();
    EXPECT_TRUE(is_all(memory_, kBytes, kWipe));
}

TEST_F(Payload, Guards) {
    pba_payload_set_guard(memory_, kBytes);
    expect_nobodys();
    EXPECT_TRUE(is_all(PBA_GUARD_BYTE));
    EXPECT_TRUE(pba_payload_guard_is_whole(memory_, kBytes));
    expect_nobodys();
    for (const std::size_t at : {std::size_t{0}, kBytes / 2, kBytes - 1}) {
        overwrite(at, 0);
        EXPECT_FALSE(pba_payload_guard_is_whole(memory_, kBytes)) << at;
        expect_nobodys();
        overwrite(at, PBA_GUARD_BYTE);
    }
    EXPECT_TRUE(pba_payload_guard_is_whole(memory_, kBytes));
    pba_payload_take_guard(memory_, kBytes);
    expect_accessible();
}

} // namespace
