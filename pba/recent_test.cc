#include "pba/recent.h"

#include <vector>

#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::StrictBacking;

constexpr std::uint32_t kBlocks = 200;
constexpr std::uint8_t kShift = 6;

// Two chunks of addresses only, and a store in front of them.
class Recent : public ::testing::Test {
  protected:
    Recent() {
        supply_.payload = ba_either_of(backing_.block_allocator());
        supply_.bookkeeping = backing_.block_allocator();
        supply_.limit = SIZE_MAX;
        pba_chunk_set_init(&set_);
        pba_recent_init(&recent_);
        add(kBlocks);
        add(kBlocks);
    }
    ~Recent() override {
        while (!chunks_.empty()) {
            remove_last();
        }
        pba_recent_release(&recent_, &supply_, ba_call_site_none());
        pba_chunk_set_release(&set_, &supply_, ba_call_site_none());
        EXPECT_EQ(supply_.bookkeeping_bytes, 0u);
    }

    pba_chunk *add(std::uint32_t blocks) {
        const std::size_t bytes = pba_chunk_record_bytes(blocks, PBA_WITHOUT_SITES);
        const ba_memory record =
            pba_supply_take_bookkeeping(&supply_, ba_bytes(bytes), ba_call_site_none());
        // NOLINTNEXTLINE(performance-no-int-to-ptr): nothing lies there that has an address.
        void *const base = reinterpret_cast<void *>(next_);
        next_ += std::uintptr_t{blocks} << kShift;
        pba_chunk *const chunk = pba_chunk_init(
            record, bytes, ba_memory_of(base, ba_bytes(std::size_t{blocks} << kShift)), ba_align(1),
            kShift, blocks, blocks, PBA_WITHOUT_SITES);
        pba_set_growth growth;
        EXPECT_EQ(pba_chunk_set_prepare(&set_, &supply_, &growth, ba_call_site_none()).code, BA_OK);
        pba_chunk_set_grow(&set_, &supply_, &growth, ba_call_site_none());
        pba_chunk_set_add(&set_, chunk);
        chunks_.push_back(chunk);
        return chunk;
    }
    void remove_last() {
        pba_chunk *const chunk = chunks_.back();
        pba_chunk_set_remove(&set_, chunk);
        pba_supply_return_bookkeeping(&supply_, chunk->record, ba_call_site_none());
        chunks_.pop_back();
    }

    // Takes a span as the pool does.
    void take(std::uint32_t slot, std::uint32_t block, std::uint32_t count) {
        pba_map_take(&chunks_[slot]->map, block, count);
        pba_chunk_set_update(&set_, chunks_[slot]);
    }
    // Frees a span as the pool does; there must be room on the list.
    void park(std::uint32_t slot, std::uint32_t block, std::uint32_t count) {
        pba_recent_list &parked = list(count);
        ASSERT_LT(parked.count, parked.capacity);
        pba_map_park(&chunks_[slot]->map, block, count);
        parked.entries[parked.count++] = {slot, block};
    }
    void take_and_park(std::uint32_t slot, std::uint32_t block, std::uint32_t count) {
        take(slot, block, count);
        park(slot, block, count);
    }
    void expect_pop(std::uint32_t count, std::uint32_t slot, std::uint32_t block) {
        pba_place place = {PBA_NO_SLOT, PBA_NO_BLOCK};
        ASSERT_TRUE(pba_recent_pop(&recent_, &set_, count, &place));
        EXPECT_EQ(place.slot, slot);
        EXPECT_EQ(place.block, block);
        EXPECT_EQ(pba_map_state(&chunks_[slot]->map, block), PBA_BLOCK_LIVE_START);
        EXPECT_TRUE(pba_map_is_valid(&chunks_[slot]->map));
    }
    void expect_none(std::uint32_t count) {
        pba_place place;
        EXPECT_FALSE(pba_recent_pop(&recent_, &set_, count, &place));
        EXPECT_EQ(list(count).count, 0u) << "stale entries are gone";
    }
    void expect_merged(std::uint32_t slot) {
        const pba_map &map = chunks_[slot]->map;
        EXPECT_EQ(map.parked, 0u);
        EXPECT_FALSE(map.dirty);
        EXPECT_TRUE(pba_map_is_valid(&map));
        EXPECT_TRUE(pba_chunk_set_is_valid(&set_));
    }
    pba_recent_list &list(std::uint32_t count) { return recent_.lists[count - 1]; }
    void grow(std::uint32_t count, std::size_t most_bytes) {
        pba_recent_grow(&list(count), &supply_, most_bytes, ba_call_site_none());
    }

    StrictBacking backing_;
    pba_supply supply_ = {};
    pba_chunk_set set_;
    pba_recent recent_;
    std::vector<pba_chunk *> chunks_;
    std::uintptr_t next_ = UINT64_C(1) << 40;
};

TEST_F(Recent, ListsForShortSpansOnly) {
    EXPECT_EQ(pba_recent_list_for(&recent_, 0), nullptr);
    EXPECT_EQ(pba_recent_list_for(&recent_, 1), &list(1));
    EXPECT_EQ(pba_recent_list_for(&recent_, 16), &list(16));
    EXPECT_EQ(pba_recent_list_for(&recent_, 17), nullptr);
    EXPECT_EQ(pba_recent_list_for(&recent_, UINT32_MAX), nullptr);
}

TEST_F(Recent, AnEmptyStoreHasNothingAndNoGrants) {
    for (std::uint32_t count = 1; count <= PBA_RECENT_BLOCKS; count++) {
        expect_none(count);
        EXPECT_EQ(list(count).capacity, PBA_RECENT_FIRST);
        EXPECT_TRUE(ba_memory_is_none(list(count).grant));
    }
}

TEST_F(Recent, TheYoungestIsTakenFirst) {
    take_and_park(0, 10, 3);
    take_and_park(1, 20, 3);
    take_and_park(0, 30, 3);
    expect_pop(3, 0, 30);
    take_and_park(1, 60, 3);
    expect_pop(3, 1, 60);
    expect_pop(3, 1, 20);
    expect_pop(3, 0, 10);
    expect_none(3);
}

TEST_F(Recent, EachLengthHasItsList) {
    for (std::uint32_t count = 1; count <= PBA_RECENT_BLOCKS; count++) {
        take_and_park(0, count * (count - 1) / 2, count);
    }
    for (std::uint32_t count = 1; count <= PBA_RECENT_BLOCKS; count++) {
        expect_pop(count, 0, count * (count - 1) / 2);
        expect_none(count);
    }
}

TEST_F(Recent, AMergedSpanIsPassedOver) {
    take_and_park(0, 10, 2);
    take_and_park(0, 20, 2);
    pba_map_settle(&chunks_[0]->map, 20, 2);
    pba_map_sum_up(&chunks_[0]->map);
    expect_pop(2, 0, 10);
    expect_none(2);
}

TEST_F(Recent, ASpanThatIsLiveAgainIsPassedOver) {
    take_and_park(0, 10, 2);
    pba_map_settle(&chunks_[0]->map, 10, 2);
    take(0, 10, 2);
    expect_none(2);
    EXPECT_EQ(pba_map_state(&chunks_[0]->map, 10), PBA_BLOCK_LIVE_START);
}

TEST_F(Recent, ASpanParkedWithAnotherLengthIsPassedOver) {
    take_and_park(0, 10, 2);
    pba_map_settle(&chunks_[0]->map, 10, 2);
    take_and_park(0, 10, 5);
    expect_none(2);
    EXPECT_EQ(pba_map_state(&chunks_[0]->map, 10), PBA_BLOCK_PARKED_START);
    expect_pop(5, 0, 10);
}

TEST_F(Recent, ABlockInsideALongerSpanIsPassedOver) {
    take_and_park(0, 10, 2);
    pba_map_settle(&chunks_[0]->map, 10, 2);
    take(0, 5, 20);
    expect_none(2);
}

TEST_F(Recent, ASpanListedTwiceIsTakenOnce) {
    take_and_park(0, 10, 2);
    pba_map_settle(&chunks_[0]->map, 10, 2);
    take_and_park(0, 10, 2);
    EXPECT_EQ(list(2).count, 2u);
    expect_pop(2, 0, 10);
    expect_none(2);
}

TEST_F(Recent, AChunkThatWentBackIsPassedOver) {
    take_and_park(0, 10, 2);
    take_and_park(1, 10, 2);
    remove_last();
    expect_pop(2, 0, 10);
    expect_none(2);
}

TEST_F(Recent, ASlotThatWentToAnotherChunkIsPassedOver) {
    take_and_park(1, 150, 2);
    take_and_park(1, 10, 2);
    remove_last();
    EXPECT_EQ(add(100)->slot, 1u); // 150 is behind its end, 10 is free
    expect_none(2);
    EXPECT_TRUE(pba_map_is_valid(&chunks_[1]->map));
}

TEST_F(Recent, FlushMergesOneList) {
    take_and_park(0, 10, 2);
    take_and_park(0, 12, 2);
    take_and_park(1, 0, 2);
    take_and_park(1, 50, 4);
    pba_recent_flush(&list(2), &set_, 2);
    EXPECT_EQ(list(2).count, 0u);
    EXPECT_EQ(list(4).count, 1u);
    expect_merged(0);
    EXPECT_EQ(chunks_[0]->map.longest, kBlocks);
    EXPECT_EQ(chunks_[1]->map.parked, 4u);
    EXPECT_EQ(pba_chunk_set_longest(&set_), kBlocks) << "the set has been told";
    expect_pop(4, 1, 50);
}

TEST_F(Recent, FlushPassesOverStaleEntries) {
    take_and_park(0, 10, 2);
    take_and_park(0, 20, 2);
    pba_map_settle(&chunks_[0]->map, 20, 2);
    take(0, 20, 2);
    take_and_park(1, 20, 2);
    remove_last();
    pba_recent_flush(&list(2), &set_, 2);
    EXPECT_EQ(list(2).count, 0u);
    EXPECT_EQ(pba_map_state(&chunks_[0]->map, 20), PBA_BLOCK_LIVE_START);
    expect_merged(0);
}

TEST_F(Recent, FlushAllMergesAllLists) {
    for (std::uint32_t count = 1; count <= PBA_RECENT_BLOCKS; count++) {
        take_and_park(count % 2, count * (count - 1) / 2, count);
    }
    pba_recent_flush_all(&recent_, &set_);
    for (std::uint32_t slot = 0; slot < 2; slot++) {
        expect_merged(slot);
        EXPECT_EQ(chunks_[slot]->map.longest, kBlocks);
    }
    for (std::uint32_t count = 1; count <= PBA_RECENT_BLOCKS; count++) {
        EXPECT_EQ(list(count).count, 0u);
    }
}

TEST_F(Recent, GrowsOnlyIfItWasFull) {
    grow(1, SIZE_MAX);
    EXPECT_EQ(list(1).capacity, PBA_RECENT_FIRST);
    list(1).was_full = true;
    grow(1, SIZE_MAX);
    EXPECT_EQ(list(1).capacity, 64u);
    EXPECT_FALSE(list(1).was_full);
    grow(1, SIZE_MAX);
    EXPECT_EQ(list(1).capacity, 64u);
    EXPECT_EQ(list(2).capacity, PBA_RECENT_FIRST) << "the others stay";
}

TEST_F(Recent, StepsOfGrowth) {
    const std::size_t before = supply_.bookkeeping_bytes;
    const std::size_t grants = backing_.grants();
    for (const std::uint32_t capacity : {64U, 512U, 1536U, 1536U}) {
        list(7).was_full = true;
        grow(7, SIZE_MAX);
        EXPECT_EQ(list(7).capacity, capacity);
        EXPECT_EQ(supply_.bookkeeping_bytes - before, capacity * sizeof(pba_place));
        EXPECT_EQ(backing_.grants(), grants + 1) << "the shorter one has gone back";
    }
    const std::size_t calls = backing_.calls();
    list(7).was_full = true;
    grow(7, SIZE_MAX);
    EXPECT_EQ(backing_.calls(), calls) << "the longest one stays";
}

TEST_F(Recent, GrowthKeepsTheEntries) {
    for (std::uint32_t block = 0; block < PBA_RECENT_FIRST; block++) {
        take_and_park(0, 2 * block, 1);
    }
    list(1).was_full = true;
    grow(1, SIZE_MAX);
    EXPECT_EQ(list(1).count, PBA_RECENT_FIRST);
    for (std::uint32_t block = PBA_RECENT_FIRST; block-- > 0;) {
        expect_pop(1, 0, 2 * block);
    }
}

TEST_F(Recent, GrowsNoFurtherThanTheBytesAllow) {
    constexpr std::size_t kBytes = 64 * sizeof(pba_place);
    const std::size_t calls = backing_.calls();
    list(1).was_full = true;
    grow(1, kBytes - 1);
    EXPECT_EQ(list(1).capacity, PBA_RECENT_FIRST);
    EXPECT_FALSE(list(1).was_full) << "asked again only when it has been full again";
    EXPECT_EQ(backing_.calls(), calls);
    list(1).was_full = true;
    grow(1, kBytes);
    EXPECT_EQ(list(1).capacity, 64u);
}

TEST_F(Recent, ARefusalLeavesTheListAsItIs) {
    take_and_park(0, 10, 1);
    list(1).was_full = true;
    backing_.refuse_from(1);
    grow(1, SIZE_MAX);
    EXPECT_EQ(list(1).capacity, PBA_RECENT_FIRST);
    EXPECT_FALSE(list(1).was_full);
    backing_.refuse_none();
    expect_pop(1, 0, 10);
}

TEST_F(Recent, ReleasedItIsAsNew) {
    const std::size_t grants = backing_.grants();
    take_and_park(0, 10, 1);
    for (std::uint32_t count = 1; count <= PBA_RECENT_BLOCKS; count++) {
        list(count).was_full = true;
        grow(count, SIZE_MAX);
    }
    EXPECT_EQ(backing_.grants(), grants + PBA_RECENT_BLOCKS);
    pba_recent_release(&recent_, &supply_, ba_call_site_none());
    EXPECT_EQ(backing_.grants(), grants);
    for (std::uint32_t count = 1; count <= PBA_RECENT_BLOCKS; count++) {
        EXPECT_EQ(list(count).count, 0u);
        EXPECT_EQ(list(count).capacity, PBA_RECENT_FIRST);
        EXPECT_EQ(list(count).entries, recent_.first[count - 1]);
        EXPECT_FALSE(list(count).was_full);
    }
}

TEST(RecentStore, TakesNoMoreThanStated) {
    EXPECT_LE(sizeof(pba_place) * PBA_RECENT_BLOCKS * PBA_RECENT_MOST, 192u * 1024u);
}

} // namespace
