// AddressSanitizer must report every stray access to a pool's payload.
#include "block_allocator/implementing/instrumentation.h"
#include "testing/pool/pool_fixture.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::StrictBacking;
using pba_testing::bytes_of;
using pba_testing::small_options;
using pba_testing::TestPool;

class StrayTest : public ::testing::Test {
  protected:
    StrayTest() : pool_(small_options(), &backing_), memory_(pool_.alloc(128)) {}

    static void touch(ba_memory memory, std::size_t offset) {
        volatile unsigned char *const byte = bytes_of(memory) + offset;
        *byte = 1;
    }

    // A byte of the pool that is not this span's: reported where a sanitizer looks.
    void expect_stray(std::size_t offset) {
        EXPECT_TRUE(pba_pool_owns(pool_.get(), bytes_of(memory_) + offset));
#if BA_ADDRESS_SANITIZER
        EXPECT_DEATH(touch(memory_, offset), "use-after-poison");
#endif
    }

    StrictBacking backing_;
    TestPool pool_;
    ba_memory memory_;
};

TEST_F(StrayTest, TheSpanItselfMayBeUsed) {
    touch(memory_, 0);
    touch(memory_, 127);
}

TEST_F(StrayTest, AFreedSpan) {
    EXPECT_EQ(pool_.free(memory_), BA_OK);
    expect_stray(0);
    expect_stray(127);
}

TEST_F(StrayTest, TheByteBehindASpanWhoseNeighbourIsFree) {
    expect_stray(128);
}

TEST_F(StrayTest, ATailThatWasCutOff) {
    EXPECT_EQ(pool_.resize(memory_, 64), 64u);
    touch(memory_, 63);
    expect_stray(64);
}

TEST_F(StrayTest, AReservedBlockThatWasNeverAllocated) {
    expect_stray(1023);
}

TEST_F(StrayTest, AHoleThatWasPurged) {
    EXPECT_EQ(pba_pool_purge(pool_.get()).bytes, 0u) << "the backing cannot discard";
    touch(memory_, 127);
    expect_stray(128);
    expect_stray(1023);
}

TEST_F(StrayTest, AGuard) {
    StrictBacking backing;
    pba_options options = small_options();
    options.guard = PBA_ON;
    TestPool pool(options, &backing);
    const ba_memory memory = pool.alloc(64);
    const ba_memory behind = pool.alloc(64);
    touch(memory, 63);
    touch(behind, 0);
#if BA_ADDRESS_SANITIZER
    EXPECT_DEATH(touch(memory, 64), "use-after-poison");
#endif
}

TEST_F(StrayTest, AGuardAfterARefusedRemap) {
    StrictBacking backing;
    pba_options options = small_options();
    options.guard = PBA_ON;
    TestPool pool(options, &backing);
    const ba_memory memory = pool.alloc(960);
    EXPECT_EQ(ba_memory_error(pool.remap(memory, 2048)).code, BA_UNSUPPORTED);
    touch(memory, 959);
#if BA_ADDRESS_SANITIZER
    EXPECT_DEATH(touch(memory, 960), "use-after-poison");
#endif
    EXPECT_EQ(pool.verify(), BA_OK);
}

} // namespace
