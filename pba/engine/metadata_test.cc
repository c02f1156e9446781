#define PBA_INTERNAL_

#include "pba/engine/metadata.h"

#include <algorithm>
#include <cstring>
#include <set>
#include <vector>

#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::StrictBacking;
using ba_testing::StrictBackingOptions;

constexpr std::size_t kRecord = 160;
// Of a slab: where its memory lies, and the next one.
constexpr std::size_t kHeader = (sizeof(ba_memory) + sizeof(void *) + 15) / 16 * 16;
constexpr std::size_t kSlab = 4096;

class Metadata : public ::testing::Test {
  protected:
    explicit Metadata(const StrictBackingOptions &options = {}) : backing_(options) {
        account_.payload = backing_.block_allocator();
        account_.metadata = backing_.block_allocator();
        account_.limit = SIZE_MAX;
        pba_metadata_init(&metadata_, kRecord);
    }
    ~Metadata() override {
        pba_metadata_release(&metadata_, &account_, ba_call_site_none());
        EXPECT_EQ(account_.metadata_bytes, 0u);
        EXPECT_EQ(backing_.grants(), 0u);
    }

    ba_memory take(std::size_t bytes) {
        const ba_memory record =
            pba_metadata_take(&metadata_, &account_, bytes, ba_call_site_none());
        if (!ba_memory_is_none(record)) {
            EXPECT_GE(ba_memory_length(record).bytes, bytes);
            EXPECT_TRUE(ba_is_aligned(ba_memory_pointer(record), pba_metadata_alignment()));
            std::memset(ba_memory_pointer(record), 0xA5, ba_memory_length(record).bytes);
        }
        return record;
    }
    void give_back(ba_memory record, std::size_t bytes) {
        pba_metadata_return(&metadata_, &account_, record, bytes, ba_call_site_none());
    }
    std::size_t growth(std::size_t bytes) const {
        return pba_metadata_growth_bytes(&metadata_, bytes);
    }

    StrictBacking backing_;
    pba_backing_account account_ = {};
    pba_metadata metadata_;
};

TEST_F(Metadata, ASlabHoldsManyRecords) {
    constexpr std::size_t kInSlab = (kSlab - kHeader) / kRecord;
    std::vector<ba_memory> taken;
    std::set<void *> places;
    for (std::size_t i = 0; i < kInSlab; i++) {
        taken.push_back(take(kRecord));
        places.insert(ba_memory_pointer(taken.back()));
        EXPECT_EQ(ba_memory_length(taken.back()).bytes, kRecord);
        EXPECT_EQ(backing_.grants(), 1u);
    }
    EXPECT_EQ(backing_.bytes(), kSlab);
    EXPECT_EQ(places.size(), kInSlab);
    for (auto next = places.begin(), last = next++; next != places.end(); last = next++) {
        EXPECT_EQ(static_cast<char *>(*next) - static_cast<char *>(*last),
                  static_cast<std::ptrdiff_t>(kRecord));
    }
    taken.push_back(take(kRecord));
    EXPECT_EQ(backing_.grants(), 2u);
    for (const ba_memory &record : taken) {
        give_back(record, kRecord);
    }
    EXPECT_EQ(backing_.grants(), 2u) << "slabs stay";
}

TEST_F(Metadata, WhatCameBackIsTakenFirst) {
    const ba_memory one = take(kRecord);
    const ba_memory other = take(kRecord);
    give_back(one, kRecord);
    give_back(other, kRecord);
    const std::size_t calls = backing_.calls();
    EXPECT_EQ(ba_memory_pointer(take(kRecord)), ba_memory_pointer(other));
    EXPECT_EQ(ba_memory_pointer(take(kRecord)), ba_memory_pointer(one));
    EXPECT_EQ(backing_.calls(), calls);
}

TEST_F(Metadata, LengthsThatRoundUpToTheSameComeFromSlabs) {
    const ba_memory record = take(kRecord - 15);
    EXPECT_EQ(ba_memory_length(record).bytes, kRecord);
    give_back(record, kRecord - 15);
    EXPECT_EQ(ba_memory_pointer(take(kRecord)), ba_memory_pointer(record));
}

TEST_F(Metadata, OtherLengthsAreGrantsOfTheirOwn) {
    for (const std::size_t bytes : {std::size_t{1}, kRecord - 16, kRecord + 1, 10 * kRecord}) {
        const ba_memory record = take(bytes);
        EXPECT_EQ(ba_memory_length(record).bytes, (bytes + 15) / 16 * 16);
        EXPECT_EQ(backing_.grants(), 1u);
        give_back(record, bytes);
        EXPECT_EQ(backing_.grants(), 0u);
    }
}

TEST_F(Metadata, SlabsGrowWithTheRecordsThatThereAre) {
    for (int i = 0; i < 3000; i++) {
        (void)take(kRecord);
    }
    const std::size_t in_slabs = metadata_.in_slabs;
    EXPECT_GE(in_slabs, 3000u);
    const std::size_t before = backing_.bytes();
    while (backing_.bytes() == before) {
        (void)take(kRecord);
    }
    EXPECT_EQ(backing_.bytes() - before, kHeader + in_slabs / 16 * kRecord);
    EXPECT_EQ(metadata_.in_slabs, in_slabs + in_slabs / 16);
    EXPECT_LT(backing_.grants(), 80u);
}

TEST_F(Metadata, ASlabIsTouchedOnlyAsFarAsItIsUsed) {
    const ba_memory first = take(kRecord);
    const auto *const bytes = static_cast<const unsigned char *>(ba_memory_pointer(first));
    const std::vector<unsigned char> before(bytes + kRecord, bytes + kSlab - kHeader);
    const ba_memory second = take(kRecord);
    EXPECT_EQ(ba_memory_pointer(second), bytes + kRecord);
    give_back(second, kRecord);
    EXPECT_EQ(ba_memory_pointer(take(kRecord)), ba_memory_pointer(second));
    EXPECT_TRUE(std::equal(before.begin() + kRecord, before.end(), bytes + 2 * kRecord));
    EXPECT_EQ(std::count(before.begin(), before.end(), before.front()),
              static_cast<std::ptrdiff_t>(before.size()))
        << "as it came, nothing but what the backing left in it";
}

TEST_F(Metadata, LargeRecordsAsFewAsFillTheirPagesWell) {
    struct Case {
        std::size_t bytes;
        std::size_t count;
    };
    // At most a sixteenth of the slab's pages may be unused, and at most four records are tried.
    for (const Case &large : {Case{3840, 1}, Case{3792, 4}, Case{5888, 2}, Case{5600, 4},
                              Case{4032, 1}, Case{3008, 4}, Case{9712, 2}, Case{2688, 3},
                              Case{1424, 4}, Case{19392, 1}, Case{32000, 1}, Case{300000, 1}}) {
        pba_metadata_init(&metadata_, large.bytes);
        (void)take(large.bytes);
        EXPECT_EQ(metadata_.in_slabs, large.count) << large.bytes;
        const std::size_t bytes = kHeader + large.count * large.bytes;
        EXPECT_LE(backing_.bytes(), std::max(kSlab, bytes)) << large.bytes;
        pba_metadata_release(&metadata_, &account_, ba_call_site_none());
    }
}

TEST_F(Metadata, IfASlabIsRefusedOneRecordMayDo) {
    backing_.refuse_nth(1);
    EXPECT_FALSE(ba_memory_is_none(take(kRecord)));
    EXPECT_EQ(backing_.bytes(), kHeader + kRecord);
    EXPECT_EQ(metadata_.in_slabs, 1u);
    EXPECT_EQ(growth(kRecord), kHeader + kRecord) << "none is left over";
}

TEST_F(Metadata, UnderALimitThatOneRecordJustMeets) {
    account_.limit = growth(kRecord);
    const ba_memory record = take(kRecord);
    EXPECT_FALSE(ba_memory_is_none(record));
    EXPECT_EQ(ba_memory_error(take(kRecord)).code, BA_LIMIT);
    give_back(record, kRecord);
    EXPECT_EQ(ba_memory_pointer(take(kRecord)), ba_memory_pointer(record));
}

TEST_F(Metadata, RefusalsChangeNothing) {
    backing_.refuse_from(1);
    EXPECT_EQ(ba_memory_error(take(kRecord)).code, BA_OUT_OF_MEMORY);
    EXPECT_EQ(backing_.refused(), 2u);
    EXPECT_EQ(ba_memory_error(take(kRecord + 1)).code, BA_OUT_OF_MEMORY);
    EXPECT_EQ(metadata_.slabs, nullptr);
    EXPECT_EQ(metadata_.free, nullptr);
    EXPECT_EQ(metadata_.in_slabs, 0u);
    EXPECT_EQ(account_.metadata_bytes, 0u);
    backing_.refuse_none();
    account_.limit = growth(kRecord) - 1;
    EXPECT_EQ(ba_memory_error(take(kRecord)).code, BA_LIMIT);
    EXPECT_EQ(backing_.calls(), 0u);
}

TEST_F(Metadata, GrowthBytes) {
    EXPECT_EQ(growth(kRecord), kHeader + kRecord);
    EXPECT_EQ(growth(kRecord + 1), kRecord + 16);
    const ba_memory record = take(kRecord);
    EXPECT_EQ(growth(kRecord), 0u);
    EXPECT_EQ(growth(1), 16u);
    give_back(record, kRecord);
}

TEST_F(Metadata, ReleasedRecordsCanBeTakenAnew) {
    give_back(take(kRecord), kRecord);
    pba_metadata_release(&metadata_, &account_, ba_call_site_none());
    EXPECT_EQ(backing_.grants(), 0u);
    EXPECT_EQ(growth(kRecord), kHeader + kRecord);
    EXPECT_EQ(ba_memory_length(take(kRecord)).bytes, kRecord);
}

TEST_F(Metadata, ACancelledRecordTakesItsNewSlabBackWithIt) {
    std::vector<ba_memory> taken;
    const auto cancel_last = [&](std::size_t in_slabs) {
        pba_metadata_cancel(&metadata_, &account_, taken.back(), kRecord, in_slabs,
                            ba_call_site_none());
        taken.pop_back();
    };
    constexpr std::size_t kInSlab = (kSlab - kHeader) / kRecord;
    for (std::size_t i = 0; i < kInSlab - 1; i++) {
        taken.push_back(take(kRecord));
    }
    // The last of a slab, and all of two more.
    const std::size_t in_slabs = metadata_.in_slabs;
    for (std::size_t i = 0; i < 1 + 2 * kInSlab; i++) {
        taken.push_back(take(kRecord));
    }
    EXPECT_EQ(backing_.grants(), 3u);
    for (std::size_t i = 0; i < kInSlab; i++) {
        EXPECT_EQ(backing_.grants(), 3u);
        cancel_last(in_slabs);
    }
    EXPECT_EQ(backing_.grants(), 2u);
    cancel_last(in_slabs);
    EXPECT_EQ(backing_.grants(), 2u);
    taken.push_back(take(kRecord));
    while (taken.size() >= kInSlab) {
        cancel_last(in_slabs);
    }
    EXPECT_EQ(backing_.grants(), 1u);
    EXPECT_EQ(metadata_.in_slabs, in_slabs);
    const std::size_t calls = backing_.calls();
    (void)take(kRecord);
    EXPECT_EQ(backing_.calls(), calls) << "the one that was left is left again";
}

TEST_F(Metadata, ACancelledRecordOfAnotherLengthGoesBack) {
    const std::size_t in_slabs = metadata_.in_slabs;
    const ba_memory record = take(2 * kRecord);
    pba_metadata_cancel(&metadata_, &account_, record, 2 * kRecord, in_slabs, ba_call_site_none());
    EXPECT_EQ(backing_.grants(), 0u);
}

// Whole grants: all that a slab has is used, and what was asked for tells own grants from slabs.
class MetadataOnBlocks : public Metadata {
  protected:
    explicit MetadataOnBlocks() : Metadata(blocks()) {}

    static StrictBackingOptions blocks() {
        StrictBackingOptions options;
        options.block_size = 2 * kSlab;
        return options;
    }
};

TEST_F(MetadataOnBlocks, SlabsUseAllThatWasGranted) {
    (void)take(kRecord);
    EXPECT_EQ(backing_.bytes(), 2 * kSlab);
    EXPECT_EQ(metadata_.in_slabs, (2 * kSlab - kHeader) / kRecord);
}

TEST_F(MetadataOnBlocks, AnOwnGrantMayHaveTheLengthOfASlabsRecord) {
    pba_metadata_init(&metadata_, 2 * kSlab);
    const ba_memory own = take(kRecord);
    EXPECT_EQ(ba_memory_length(own).bytes, 2 * kSlab);
    const ba_memory of_slab = take(2 * kSlab);
    EXPECT_EQ(backing_.grants(), 2u);
    give_back(own, kRecord);
    EXPECT_EQ(backing_.grants(), 1u) << "it went back to the backing, not onto the list";
    give_back(of_slab, 2 * kSlab);
    EXPECT_EQ(backing_.grants(), 1u);
    EXPECT_EQ(ba_memory_pointer(take(2 * kSlab)), ba_memory_pointer(of_slab));
}

} // namespace
