#define PBA_INTERNAL_

#include "pba/engine/backing_account.h"

#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::StrictBacking;
using ba_testing::StrictBackingOptions;

constexpr std::size_t kBlock = 64;

class BackingAccount : public ::testing::Test {
  protected:
    BackingAccount() {
        account_.payload = payload_.block_allocator();
        account_.metadata = metadata_.block_allocator();
        account_.limit = SIZE_MAX;
    }

    // What is granted for so many bytes.
    static std::size_t granted(std::size_t bytes) { return (bytes + kBlock - 1) / kBlock * kBlock; }

    ba_memory take_chunk(std::size_t bytes) {
        return pba_backing_account_take_chunk(&account_, ba_bytes(bytes), ba_align(16),
                                              ba_call_site_none());
    }
    void return_chunk(ba_memory chunk) {
        pba_backing_account_return_chunk(&account_, chunk, ba_align(16), ba_call_site_none());
    }
    ba_length_result grow_chunk(ba_memory chunk, std::size_t minimum, std::size_t wanted) {
        return pba_backing_account_grow_chunk(&account_, chunk, ba_align(16), ba_bytes(minimum),
                                              ba_bytes(wanted), ba_call_site_none());
    }
    ba_memory remap_chunk(ba_memory chunk, std::size_t minimum) {
        return pba_backing_account_remap_chunk(&account_, chunk, ba_align(16), ba_bytes(minimum),
                                               ba_call_site_none());
    }
    ba_memory take_metadata(std::size_t bytes) {
        return pba_backing_account_take_metadata(&account_, ba_bytes(bytes), ba_call_site_none());
    }
    void return_metadata(ba_memory memory) {
        pba_backing_account_return_metadata(&account_, memory, ba_call_site_none());
    }

    static StrictBackingOptions payload_options() {
        StrictBackingOptions options;
        options.block_size = kBlock;
        options.grows_in_place = true;
        options.room = 10 * kBlock;
        options.remaps = true;
        return options;
    }
    static StrictBackingOptions metadata_options() {
        StrictBackingOptions options;
        options.block_size = kBlock;
        return options;
    }

    StrictBacking payload_{payload_options()};
    StrictBacking metadata_{metadata_options()};
    pba_backing_account account_ = {};
};

TEST_F(BackingAccount, TakesAndReturns) {
    const ba_memory chunk = take_chunk(100);
    EXPECT_EQ(ba_memory_length(chunk).bytes, granted(100));
    EXPECT_TRUE(ba_is_aligned(ba_memory_pointer(chunk), ba_align(16)));
    EXPECT_EQ(account_.payload_bytes, granted(100));
    const ba_memory memory = take_metadata(100);
    EXPECT_EQ(ba_memory_length(memory).bytes, 128u) << "metadata may use whole grants";
    EXPECT_TRUE(ba_is_aligned(ba_memory_pointer(memory), pba_metadata_alignment()));
    EXPECT_EQ(account_.metadata_bytes, 128u);
    EXPECT_EQ(account_.requests, 2u);
    EXPECT_EQ(account_.failures, 0u);
    return_chunk(chunk);
    return_metadata(memory);
    EXPECT_EQ(account_.payload_bytes, 0u);
    EXPECT_EQ(account_.metadata_bytes, 0u);
    EXPECT_EQ(account_.requests, 2u);
}

TEST_F(BackingAccount, ReturningNoMetadataIsNothing) {
    return_metadata(ba_memory_none(ba_error_of(BA_OUT_OF_MEMORY)));
    EXPECT_EQ(metadata_.frees(), 0u);
    EXPECT_EQ(account_.metadata_bytes, 0u);
}

TEST_F(BackingAccount, WhatIsLeft) {
    account_.limit = 1000;
    EXPECT_EQ(pba_backing_account_left(&account_), 1000u);
    const ba_memory chunk = take_chunk(512);
    const ba_memory memory = take_metadata(64);
    EXPECT_EQ(pba_backing_account_left(&account_), 424u);
    account_.limit = 576;
    EXPECT_EQ(pba_backing_account_left(&account_), 0u);
    account_.limit = 500; // a limit may be set below what is taken
    EXPECT_EQ(pba_backing_account_left(&account_), 0u);
    return_chunk(chunk);
    return_metadata(memory);
}

TEST_F(BackingAccount, UpToTheLimitAndNoByteMore) {
    account_.limit = 256;
    EXPECT_EQ(ba_memory_error(take_chunk(257)).code, BA_LIMIT);
    EXPECT_EQ(ba_memory_error(take_metadata(257)).code, BA_LIMIT);
    EXPECT_EQ(payload_.calls() + metadata_.calls(), 0u) << "the backing is not asked";
    EXPECT_EQ(account_.requests, 0u);
    const ba_memory chunk = take_chunk(192);
    EXPECT_EQ(ba_memory_error(take_metadata(65)).code, BA_LIMIT);
    const ba_memory memory = take_metadata(64);
    EXPECT_FALSE(ba_memory_is_none(memory));
    EXPECT_EQ(ba_memory_error(take_chunk(1)).code, BA_LIMIT);
    EXPECT_EQ(account_.failures, 0u);
    return_chunk(chunk);
    return_metadata(memory);
}

TEST_F(BackingAccount, WhatWouldBeGrantedBeyondTheLimitIsNotAskedFor) {
    account_.limit = 127;
    EXPECT_EQ(ba_memory_error(take_chunk(65)).code, BA_LIMIT);
    EXPECT_EQ(ba_memory_error(take_metadata(65)).code, BA_LIMIT);
    EXPECT_EQ(payload_.calls() + metadata_.calls(), 0u);
    EXPECT_EQ(account_.requests + account_.failures, 0u);
    const ba_memory chunk = take_chunk(64);
    EXPECT_EQ(ba_memory_error(take_metadata(1)).code, BA_LIMIT) << "63 bytes are left";
    account_.limit = 128;
    const ba_memory memory = take_metadata(1);
    EXPECT_EQ(pba_backing_account_left(&account_), 0u);
    return_chunk(chunk);
    return_metadata(memory);
}

TEST_F(BackingAccount, WhatNoLengthCanHoldIsUpToTheBackingUnlessThereIsALimit) {
    EXPECT_EQ(ba_memory_error(take_chunk(SIZE_MAX)).code, BA_OUT_OF_MEMORY);
    EXPECT_EQ(payload_.calls(), 1u);
    account_.limit = SIZE_MAX - 1;
    EXPECT_EQ(ba_memory_error(take_chunk(SIZE_MAX)).code, BA_LIMIT);
    EXPECT_EQ(payload_.calls(), 1u);
}

TEST_F(BackingAccount, WhatMetadataTakes) {
    EXPECT_EQ(pba_backing_account_metadata_grant(&account_, 0), 0u);
    EXPECT_EQ(pba_backing_account_metadata_grant(&account_, 1), kBlock);
    EXPECT_EQ(pba_backing_account_metadata_grant(&account_, kBlock), kBlock);
    EXPECT_EQ(pba_backing_account_metadata_grant(&account_, kBlock + 1), 2 * kBlock);
    EXPECT_EQ(pba_backing_account_metadata_grant(&account_, SIZE_MAX), SIZE_MAX);
    EXPECT_EQ(metadata_.calls(), 0u);
}

TEST_F(BackingAccount, ShrinksBackToWhatItWas) {
    const ba_memory chunk = take_chunk(100);
    const ba_length_result grown = grow_chunk(chunk, 200, 300);
    payload_.refuse_from(1);
    pba_backing_account_shrink_chunk(
        &account_, ba_memory_of(ba_memory_pointer(chunk), ba_length_result_length(grown)),
        ba_align(16), ba_memory_length(chunk), ba_call_site_none());
    EXPECT_EQ(account_.payload_bytes, granted(100));
    EXPECT_EQ(payload_.bytes(), granted(100));
    EXPECT_EQ(payload_.calls(), 0u);
    return_chunk(chunk);
}

TEST_F(BackingAccount, RefusalsAreCounted) {
    payload_.refuse_from(1);
    metadata_.refuse_from(1);
    EXPECT_EQ(ba_memory_error(take_chunk(100)).code, BA_OUT_OF_MEMORY);
    EXPECT_EQ(ba_memory_error(take_metadata(100)).code, BA_OUT_OF_MEMORY);
    EXPECT_EQ(account_.requests, 2u);
    EXPECT_EQ(account_.failures, 2u);
    EXPECT_EQ(account_.payload_bytes + account_.metadata_bytes, 0u);
}

TEST_F(BackingAccount, GrowsInPlace) {
    const ba_memory chunk = take_chunk(100);
    const ba_length_result grown = grow_chunk(chunk, 200, 300);
    const std::size_t length = ba_length_result_length(grown).bytes;
    EXPECT_EQ(length, granted(300));
    EXPECT_EQ(account_.payload_bytes, length);
    EXPECT_EQ(account_.requests, 2u);
    return_chunk(ba_memory_of(ba_memory_pointer(chunk), ba_bytes(length)));
    EXPECT_EQ(account_.payload_bytes, 0u);
}

TEST_F(BackingAccount, GrowsAsFarAsItGoes) {
    const ba_memory chunk = take_chunk(128);
    const ba_length_result grown = grow_chunk(chunk, 200, 5000);
    EXPECT_EQ(ba_length_result_length(grown).bytes, 128 + 10 * kBlock);
    EXPECT_EQ(account_.payload_bytes, 128 + 10 * kBlock);
    return_chunk(ba_memory_of(ba_memory_pointer(chunk), ba_length_result_length(grown)));
}

TEST_F(BackingAccount, RefusedGrowthChangesNothing) {
    const ba_memory chunk = take_chunk(128);
    EXPECT_EQ(ba_length_result_error(grow_chunk(chunk, 5000, 5000)).code, BA_NOT_IN_PLACE);
    payload_.refuse_from(1);
    EXPECT_EQ(ba_length_result_error(grow_chunk(chunk, 192, 192)).code, BA_OUT_OF_MEMORY);
    EXPECT_EQ(account_.payload_bytes, 128u);
    EXPECT_EQ(account_.requests, 3u);
    EXPECT_EQ(account_.failures, 2u);
    return_chunk(chunk);
}

TEST_F(BackingAccount, GrowthStopsAtTheLimit) {
    account_.limit = 330;
    const ba_memory chunk = take_chunk(128);
    EXPECT_EQ(ba_length_result_error(grow_chunk(chunk, 331, 400)).code, BA_LIMIT);
    EXPECT_EQ(account_.requests, 1u) << "the backing is not asked";
    const ba_length_result grown = grow_chunk(chunk, 200, 640);
    EXPECT_EQ(ba_length_result_length(grown).bytes, 5 * kBlock);
    EXPECT_EQ(account_.payload_bytes, ba_length_result_length(grown).bytes);
    return_chunk(ba_memory_of(ba_memory_pointer(chunk), ba_length_result_length(grown)));
}

TEST_F(BackingAccount, GrowthMayReachExactlyTheLimit) {
    account_.limit = 320;
    const ba_memory chunk = take_chunk(128);
    EXPECT_EQ(ba_length_result_length(grow_chunk(chunk, 320, 320)).bytes, 320u);
    EXPECT_EQ(pba_backing_account_left(&account_), 0u);
    return_chunk(ba_memory_of(ba_memory_pointer(chunk), ba_bytes(320)));
}

TEST_F(BackingAccount, GrowthThatRoundsUpPastTheLimitIsRefused) {
    account_.limit = 330;
    const ba_memory chunk = take_chunk(128);
    EXPECT_EQ(ba_length_result_error(grow_chunk(chunk, 325, 330)).code, BA_LIMIT);
    EXPECT_EQ(account_.payload_bytes, 128u);
    return_chunk(chunk);
}

TEST_F(BackingAccount, Remaps) {
    const ba_memory chunk = take_chunk(100);
    const ba_memory longer = remap_chunk(chunk, 1000);
    EXPECT_EQ(ba_memory_length(longer).bytes, granted(1000));
    EXPECT_EQ(account_.payload_bytes, granted(1000));
    const ba_memory shorter = remap_chunk(longer, 70);
    EXPECT_EQ(ba_memory_length(shorter).bytes, granted(70));
    EXPECT_EQ(account_.payload_bytes, granted(70));
    EXPECT_EQ(account_.requests, 3u);
    return_chunk(shorter);
    EXPECT_EQ(account_.payload_bytes, 0u);
}

TEST_F(BackingAccount, RefusedRemapChangesNothing) {
    const ba_memory chunk = take_chunk(128);
    payload_.refuse_from(1);
    EXPECT_EQ(ba_memory_error(remap_chunk(chunk, 1000)).code, BA_OUT_OF_MEMORY);
    EXPECT_EQ(account_.payload_bytes, 128u);
    EXPECT_EQ(account_.failures, 1u);
    return_chunk(chunk);
}

TEST_F(BackingAccount, RemapsUpToTheLimit) {
    account_.limit = 330;
    const ba_memory chunk = take_chunk(128);
    EXPECT_EQ(ba_memory_error(remap_chunk(chunk, 331)).code, BA_LIMIT);
    EXPECT_EQ(account_.requests, 1u);
    EXPECT_EQ(ba_memory_error(remap_chunk(chunk, 330)).code, BA_LIMIT)
        << "it would round up past the limit";
    EXPECT_EQ(account_.requests, 1u);
    const ba_memory longer = remap_chunk(chunk, 320);
    EXPECT_EQ(account_.payload_bytes, 320u);
    account_.limit = 100;
    const ba_memory shorter = remap_chunk(longer, 200);
    EXPECT_FALSE(ba_memory_is_none(shorter)) << "shorter is allowed under any limit";
    return_chunk(shorter);
}

} // namespace
