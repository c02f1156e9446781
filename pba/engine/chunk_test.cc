#define PBA_INTERNAL_

#include "pba/engine/chunk.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "gtest/gtest.h"

namespace {

constexpr std::uint8_t kShift = 6;
constexpr std::size_t kBlock = 64;

// A record, where one would lie in memory from the backing.
class Record {
  public:
    Record(std::uint32_t capacity, pba_sites sites)
        : bytes_(pba_chunk_record_bytes(capacity, sites)),
          words_((bytes_ + sizeof(std::max_align_t) - 1) / sizeof(std::max_align_t)) {
        std::memset(words_.data(), 0xA5, words_.size() * sizeof(std::max_align_t));
    }

    ba_memory memory() { return ba_memory_of(words_.data(), ba_bytes(bytes_)); }
    std::size_t bytes() const { return bytes_; }

  private:
    std::size_t bytes_;
    std::vector<std::max_align_t> words_;
};

// The longest free run, whatever the map has summarized so far.
std::uint32_t longest_run(pba_map *map) {
    (void)pba_map_summarize(map, UINT32_MAX);
    return map->longest;
}

class Chunk : public ::testing::Test {
  protected:
    pba_chunk *make(Record *record, std::uint32_t blocks, std::uint32_t capacity, pba_sites sites) {
        return pba_chunk_init(record->memory(), record->bytes(), grant(), ba_align(16), kShift,
                              blocks, capacity, sites);
    }
    ba_memory grant() { return ba_memory_of(payload_.data(), ba_bytes(payload_.size())); }

    std::array<unsigned char, 100 *kBlock + 5> payload_ = {};
};

TEST_F(Chunk, RemembersWhatItWasMadeOf) {
    Record record(100, PBA_WITHOUT_SITES);
    const pba_chunk *const chunk = make(&record, 90, 100, PBA_WITHOUT_SITES);
    EXPECT_EQ(chunk, ba_memory_pointer(record.memory()));
    EXPECT_EQ(chunk->base, payload_.data());
    EXPECT_EQ(chunk->block_shift, kShift);
    EXPECT_EQ(chunk->map.blocks, 90u);
    EXPECT_EQ(chunk->map.capacity, 100u);
    EXPECT_EQ(ba_memory_pointer(chunk->grant), payload_.data());
    EXPECT_EQ(ba_memory_length(chunk->grant).bytes, payload_.size()) << "all, not whole blocks";
    EXPECT_EQ(chunk->alignment.bytes, 16u);
    EXPECT_EQ(ba_memory_pointer(chunk->record), ba_memory_pointer(record.memory()));
    EXPECT_EQ(chunk->record_bytes, record.bytes());
    EXPECT_FALSE(chunk->listed);
    EXPECT_EQ(chunk->list_next, nullptr);
    EXPECT_EQ(chunk->list_previous, nullptr);
    EXPECT_TRUE(pba_map_is_valid(&chunk->map));
}

TEST_F(Chunk, AddressesAndBlocks) {
    Record record(100, PBA_WITHOUT_SITES);
    const pba_chunk *const chunk = make(&record, 100, 100, PBA_WITHOUT_SITES);
    const auto base = reinterpret_cast<std::uintptr_t>(payload_.data());
    EXPECT_EQ(pba_chunk_bytes(chunk), 6400u);
    for (std::uint32_t block = 0; block < 100; block++) {
        EXPECT_EQ(pba_chunk_address(chunk, block), payload_.data() + block * kBlock);
        EXPECT_EQ(pba_chunk_block(chunk, base + block * kBlock), block);
        EXPECT_EQ(pba_chunk_block(chunk, base + block * kBlock + kBlock - 1), block);
    }
    EXPECT_FALSE(pba_chunk_holds(chunk, base - 1));
    EXPECT_TRUE(pba_chunk_holds(chunk, base));
    EXPECT_TRUE(pba_chunk_holds(chunk, base + 6399));
    EXPECT_FALSE(pba_chunk_holds(chunk, base + 6400)) << "what is no whole block is not payload";
    EXPECT_FALSE(pba_chunk_holds(chunk, 0));
}

TEST_F(Chunk, BytesOfHugeChunksDoNotOverflow) {
    constexpr std::uint8_t kHugeShift = sizeof(std::size_t) > 4 ? 40 : 30;
    Record record(2, PBA_WITHOUT_SITES);
    const pba_chunk *const chunk =
        pba_chunk_init(record.memory(), record.bytes(), grant(), ba_align(16), kHugeShift, 2, 2,
                       PBA_WITHOUT_SITES);
    EXPECT_EQ(pba_chunk_bytes(chunk), std::size_t{2} << kHugeShift);
    EXPECT_EQ(pba_chunk_block(chunk, reinterpret_cast<std::uintptr_t>(chunk->base) +
                                         (std::uintptr_t{1} << kHugeShift)),
              1u);
}

TEST_F(Chunk, RecordsHoldTheArrays) {
    for (const std::uint32_t capacity : {1U, 63U, 64U, 65U, 1000U, 100000U}) {
        const std::size_t bytes = pba_chunk_record_bytes(capacity, PBA_WITHOUT_SITES);
        const std::size_t arrays = pba_map_bytes(capacity) + capacity; // a tag for each block
        EXPECT_GE(bytes, sizeof(pba_chunk) + arrays);
        EXPECT_LT(bytes, sizeof(pba_chunk) + arrays + sizeof(std::uint64_t));
        EXPECT_EQ(pba_chunk_record_bytes(capacity, PBA_WITH_SITES),
                  bytes + capacity * sizeof(ba_call_site));
    }
}

TEST_F(Chunk, KeepsNoCallSitesUnlessAsked) {
    Record record(10, PBA_WITHOUT_SITES);
    pba_chunk *const chunk = make(&record, 10, 10, PBA_WITHOUT_SITES);
    pba_chunk_set_site(chunk, 3, ba_call_site_of_text("here"));
    EXPECT_TRUE(ba_call_site_is_none(pba_chunk_site(chunk, 3)));
}

TEST_F(Chunk, KeepsCallSites) {
    static constexpr std::array<const char *, 2> kTexts = {"even", "odd"};
    Record record(100, PBA_WITH_SITES);
    pba_chunk *const chunk = make(&record, 100, 100, PBA_WITH_SITES);
    for (std::uint32_t block = 0; block < 100; block++) {
        pba_chunk_set_site(chunk, block, ba_call_site_of_text(kTexts.at(block % 2)));
    }
    for (std::uint32_t block = 0; block < 100; block++) {
        EXPECT_EQ(pba_chunk_site(chunk, block).text, kTexts.at(block % 2));
    }
    EXPECT_TRUE(pba_map_is_valid(&chunk->map)) << "the sites lie behind the map's arrays";
    EXPECT_TRUE(std::all_of(chunk->tags, chunk->tags + 100, [](std::uint8_t tag) {
        return tag == 0;
    })) << "and the tags behind them";
}

TEST_F(Chunk, MovesWithItsMapAndSites) {
    for (const pba_sites sites : {PBA_WITHOUT_SITES, PBA_WITH_SITES}) {
        Record record(50, sites);
        Record larger(100, sites);
        pba_chunk *const chunk = make(&record, 50, 50, sites);
        chunk->slot = 7;
        chunk->index_level = 11;
        pba_map_take(&chunk->map, 10, 20);
        pba_chunk_tag_live(chunk, 10, 20);
        pba_chunk_watch(chunk, 30);
        chunk->tags[49] = pba_tag_of_cached(1);
        pba_chunk_set_site(chunk, 10, ba_call_site_of_text("taken"));
        pba_chunk_set_site(chunk, 49, ba_call_site_of_text("last"));

        pba_chunk *const moved = pba_chunk_move(chunk, larger.memory(), larger.bytes(), 100, sites);
        std::memset(ba_memory_pointer(record.memory()), 0xA5, record.bytes());
        EXPECT_EQ(moved, ba_memory_pointer(larger.memory()));
        EXPECT_EQ(ba_memory_pointer(moved->record), moved);
        EXPECT_EQ(moved->record_bytes, larger.bytes());
        EXPECT_EQ(moved->base, payload_.data());
        EXPECT_EQ(moved->slot, 7u);
        EXPECT_EQ(moved->index_level, 11);
        EXPECT_EQ(moved->map.blocks, 50u);
        EXPECT_EQ(moved->map.capacity, 100u);
        EXPECT_TRUE(pba_map_is_valid(&moved->map));
        EXPECT_EQ(pba_map_span_blocks(&moved->map, 10), 20u);
        EXPECT_STREQ(pba_chunk_site(moved, 10).text, sites == PBA_WITH_SITES ? "taken" : nullptr);
        EXPECT_STREQ(pba_chunk_site(moved, 49).text, sites == PBA_WITH_SITES ? "last" : nullptr);
        EXPECT_EQ(moved->tags[10], 20);
        EXPECT_EQ(moved->tags[11], 0);
        EXPECT_EQ(moved->watched, 30u);
        EXPECT_EQ(moved->tags[30], PBA_TAG_WATCHED);
        EXPECT_TRUE(pba_chunk_is_cached(moved, 49));
        for (std::uint32_t block = 50; block < 100; block++) {
            EXPECT_EQ(moved->tags[block], 0) << block;
        }

        pba_map_extend(&moved->map, 50);
        pba_chunk_set_site(moved, 99, ba_call_site_of_text("new"));
        EXPECT_TRUE(pba_map_is_valid(&moved->map));
        EXPECT_EQ(longest_run(&moved->map), 70u);
    }
}

// --- tags

TEST(Tag, SaysTheLength) {
    for (std::uint32_t blocks = 1; blocks <= PBA_TAG_BLOCKS; blocks++) {
        EXPECT_EQ(pba_tag_of(blocks), blocks);
        EXPECT_EQ(pba_tag_of_cached(blocks), 128 + blocks);
    }
    EXPECT_EQ(pba_tag_of(PBA_TAG_BLOCKS + 1), PBA_TAG_LONG);
    EXPECT_EQ(pba_tag_of(256), PBA_TAG_LONG);
    EXPECT_EQ(pba_tag_of(PBA_MAP_MAX_BLOCKS), PBA_TAG_LONG);
}

// A chunk of many words, with spans of one block, live and cached.
class Watched : public ::testing::Test {
  protected:
    static constexpr std::uint32_t kBlocks = 64 * 40 + 10;

    void take(std::uint32_t first, std::uint32_t blocks = 1) {
        pba_map_take(&chunk_->map, first, blocks);
        pba_chunk_tag_live(chunk_, first, blocks);
    }
    void cache(std::uint32_t first) { chunk_->tags[first] = pba_tag_of_cached(1); }
    std::uint32_t find(std::uint32_t freed) { return pba_chunk_find_live(chunk_, freed); }

    Record record_{kBlocks, PBA_WITHOUT_SITES};
    std::array<unsigned char, 64> payload_ = {}; // of more nobody asks
    pba_chunk *chunk_ = pba_chunk_init(record_.memory(), record_.bytes(),
                                       ba_memory_of(payload_.data(), ba_bytes(kBlocks *kBlock)),
                                       ba_align(16), kShift, kBlocks, kBlocks, PBA_WITHOUT_SITES);
};

TEST_F(Watched, ANewChunkWatchesNothing) {
    EXPECT_EQ(chunk_->watched, PBA_NO_BLOCK);
    EXPECT_EQ(find(0), PBA_NO_BLOCK);
    EXPECT_EQ(find(kBlocks - 1), PBA_NO_BLOCK);
}

TEST_F(Watched, TheTagOfAWatchedSpanStays) {
    take(5, 3);
    pba_chunk_watch(chunk_, 5);
    EXPECT_EQ(chunk_->tags[5], PBA_TAG_WATCHED);
    pba_chunk_tag_live(chunk_, 5, 2);
    EXPECT_EQ(chunk_->tags[5], PBA_TAG_WATCHED) << "of any length";
    pba_chunk_tag_live(chunk_, 6, 2);
    EXPECT_EQ(chunk_->tags[6], 2);
}

TEST_F(Watched, ALiveSpanIsFoundWhereverItIs) {
    for (std::uint32_t block = 0; block < kBlocks; block++) {
        take(block);
        cache(block);
    }
    for (const std::uint32_t live : {0U, 63U, 64U, 1000U, 64U * 40, kBlocks - 1}) {
        chunk_->tags[live] = 1;
        for (std::uint32_t freed = 0; freed < kBlocks; freed += 7) {
            ASSERT_EQ(find(freed), live) << freed;
        }
        cache(live);
        for (std::uint32_t freed = 0; freed < kBlocks; freed += 97) {
            ASSERT_EQ(find(freed), PBA_NO_BLOCK) << freed;
        }
    }
}

TEST_F(Watched, LongSpansAreLiveToo) {
    take(100, 2000);
    EXPECT_EQ(find(2500), 100u);
    EXPECT_EQ(find(100), 100u);
}

TEST_F(Watched, AnotherLiveSpanIsFoundWhereverItIs) {
    EXPECT_FALSE(pba_chunk_has_other_live(chunk_, 0)) << "none is";
    for (std::uint32_t block = 0; block < kBlocks; block++) {
        take(block);
        cache(block);
    }
    for (const std::uint32_t live : {0U, 63U, 64U, 1000U, 64U * 40, kBlocks - 1}) {
        chunk_->tags[live] = 1;
        EXPECT_FALSE(pba_chunk_has_other_live(chunk_, live)) << live;
        for (std::uint32_t other = 0; other < kBlocks; other += 61) {
            ASSERT_EQ(pba_chunk_has_other_live(chunk_, other), other != live) << other;
        }
        cache(live);
    }
}

TEST_F(Watched, OnlyTheFirstBlockOfALiveSpanIsLive) {
    take(5, 3);
    take(8, 200);
    take(300);
    cache(300);
    pba_chunk_watch(chunk_, 5);
    for (std::uint32_t block = 0; block < kBlocks; block++) {
        EXPECT_EQ(pba_chunk_is_live(chunk_, block), block == 5 || block == 8) << block;
    }
}

TEST_F(Watched, TheFarthestOfThoseCloseByIsFound) {
    for (std::uint32_t block = 0; block < kBlocks; block++) {
        take(block);
    }
    cache(64 * 10);
    EXPECT_EQ(find(64 * 10), 64u * 13 - 1) << "two words behind its own";
    cache(64 * 10 + 63);
    EXPECT_EQ(find(64 * 10 + 63), 64u * 8) << "two words before it";
    EXPECT_EQ(find(0), 64u * 3 - 1);
    EXPECT_EQ(find(kBlocks - 1), 64u * 38);
}

// Whichever way spans are freed one after the other, few of them are the watched one.
TEST_F(Watched, FreesInOrderSeldomMeetTheWatchedSpan) {
    for (const bool descending : {false, true}) {
        for (std::uint32_t block = 0; block < kBlocks; block++) {
            if (chunk_->map.taken < kBlocks) {
                take(block);
            }
            pba_chunk_tag_live(chunk_, block, 1);
        }
        pba_chunk_watch(chunk_, descending ? kBlocks - 1 : 0);
        std::uint32_t met = 0;
        for (std::uint32_t i = 0; i < kBlocks; i++) {
            const std::uint32_t block = descending ? kBlocks - 1 - i : i;
            if (chunk_->watched == block) {
                met++;
                chunk_->watched = PBA_NO_BLOCK;
                cache(block);
                const std::uint32_t found = find(block);
                if (found != PBA_NO_BLOCK) {
                    pba_chunk_watch(chunk_, found);
                }
            }
            cache(block);
        }
        EXPECT_EQ(chunk_->watched, PBA_NO_BLOCK);
        EXPECT_LT(met, 30u) << "of " << kBlocks;
    }
}

TEST_F(Watched, ClearedAllIsFree) {
    take(5, 300);
    take(600);
    cache(600);
    pba_chunk_watch(chunk_, 5);
    pba_chunk_clear(chunk_);
    EXPECT_EQ(chunk_->watched, PBA_NO_BLOCK);
    EXPECT_EQ(chunk_->map.taken, 0u);
    EXPECT_EQ(longest_run(&chunk_->map), kBlocks);
    EXPECT_TRUE(pba_map_is_valid(&chunk_->map));
    EXPECT_TRUE(std::all_of(chunk_->tags, chunk_->tags + kBlocks,
                            [](std::uint8_t tag) { return tag == 0; }));
}

} // namespace
