#define PBA_INTERNAL_

#include "pba/engine/chunk_set.h"

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <vector>

#include "pba/engine/walk_order.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::StrictBacking;
using ba_testing::StrictBackingOptions;
using Random = std::mt19937_64;

constexpr bool kHas64Bits = sizeof(std::uintptr_t) > 4;
constexpr std::uintptr_t kFirstAddress = std::uintptr_t{1} << (kHas64Bits ? 40 : 28);

std::uint32_t below(Random *random, std::uint64_t bound) {
    return static_cast<std::uint32_t>((*random)() % bound);
}

// A chunk of addresses only: no memory lies there.
class Chunk {
  public:
    Chunk(std::uintptr_t address, std::uint32_t blocks, std::uint8_t block_shift)
        : record_((pba_chunk_record_bytes(blocks, PBA_WITHOUT_SITES) + 15) / 16 * 2) {
        // NOLINTNEXTLINE(performance-no-int-to-ptr): nothing lies there that has an address.
        void *const base = reinterpret_cast<void *>(address);
        const std::size_t bytes = record_.size() * sizeof(std::uint64_t);
        chunk_ = pba_chunk_init(ba_memory_of(record_.data(), ba_bytes(bytes)), bytes,
                                ba_memory_of(base, ba_bytes(std::size_t{blocks} << block_shift)),
                                ba_align(1), block_shift, blocks, blocks, PBA_WITHOUT_SITES);
    }

    pba_chunk *get() const { return chunk_; }

  private:
    std::vector<std::uint64_t> record_;
    pba_chunk *chunk_;
};

std::uintptr_t first_of(const pba_chunk *chunk) {
    return reinterpret_cast<std::uintptr_t>(chunk->base);
}

std::uintptr_t last_of(const pba_chunk *chunk) {
    return first_of(chunk) + pba_chunk_bytes(chunk) - 1;
}

// Of a chunk of 64 blocks of 64 bytes.
constexpr std::uint32_t kNominalShift = 12;

class ChunkSet : public ::testing::Test {
  protected:
    explicit ChunkSet(const StrictBackingOptions &options = {}) : backing_(options) {
        account_.payload = backing_.block_allocator();
        account_.metadata = backing_.block_allocator();
        account_.limit = SIZE_MAX;
        pba_chunk_set_init(&set_, kNominalShift);
    }
    ~ChunkSet() override {
        pba_chunk_set_release(&set_, &account_, ba_call_site_none());
        EXPECT_EQ(account_.metadata_bytes, 0u);
    }

    ba_error_code prepare(pba_set_growth *growth) {
        return pba_chunk_set_prepare(&set_, &account_, growth, ba_call_site_none()).code;
    }
    void grow() {
        pba_set_growth growth;
        ASSERT_EQ(prepare(&growth), BA_OK);
        pba_chunk_set_grow(&set_, &account_, &growth, ba_call_site_none());
    }
    // The chunk that an address lies in, if that is found without the hash table.
    pba_chunk *guess(std::uintptr_t address) {
        const pba_place *const place = pba_chunk_set_find_hint(&set_, address, kNominalShift);
        return place->chunk != nullptr && pba_chunk_holds(place->chunk, address) ? place->chunk
                                                                                 : nullptr;
    }
    void add(const Chunk &chunk) {
        grow();
        pba_chunk_set_add(&set_, chunk.get());
        by_address_[first_of(chunk.get())] = chunk.get();
    }
    void remove(const Chunk &chunk) {
        pba_chunk_set_remove(&set_, chunk.get());
        by_address_.erase(first_of(chunk.get()));
    }
    // Makes a chunk of 64 blocks that lies behind all others made so.
    const Chunk &add_next(std::uint32_t blocks = 64) {
        chunks_.push_back(std::make_unique<Chunk>(next_, blocks, std::uint8_t{6}));
        next_ += std::uintptr_t{blocks} * 64;
        add(*chunks_.back());
        return *chunks_.back();
    }

    // The truth, one by one.
    pba_chunk *holder(std::uintptr_t address) const {
        auto above = by_address_.upper_bound(address);
        if (above == by_address_.begin()) {
            return nullptr;
        }
        pba_chunk *const chunk = (--above)->second;
        return address <= last_of(chunk) ? chunk : nullptr;
    }
    // The longest run of each slot, by the bits alone: the maps may not be summarized yet.
    std::map<std::uint32_t, std::uint32_t> longest_by_slot() const {
        std::map<std::uint32_t, std::uint32_t> longest;
        for (const auto &entry : by_address_) {
            const pba_map &map = entry.second->map;
            std::uint32_t &most = longest[entry.second->slot];
            std::uint32_t run = 0;
            for (std::uint32_t block = 0; block < map.blocks; block++) {
                run = pba_map_state(&map, block) == PBA_BLOCK_FREE ? run + 1 : 0;
                most = std::max(most, run);
            }
        }
        return longest;
    }

    void expect_look_ups(std::uintptr_t address) {
        ASSERT_EQ(pba_chunk_set_find_const(&set_, address), holder(address)) << std::hex << address;
        ASSERT_EQ(pba_chunk_set_find(&set_, address), holder(address)) << std::hex << address;
    }
    void expect_all_look_ups(Random *random) {
        for (const auto &entry : by_address_) {
            const std::uintptr_t first = first_of(entry.second);
            const std::uintptr_t last = last_of(entry.second);
            for (const std::uintptr_t address :
                 {first - 1, first, first + below(random, last - first + 1), last, last + 1}) {
                expect_look_ups(address);
            }
        }
        for (const std::uintptr_t address : {std::uintptr_t{0}, UINTPTR_MAX}) {
            expect_look_ups(address);
        }
    }
    void expect_sorted() const {
        const pba_chunk *chunk = pba_chunk_set_sorted(&set_);
        for (const auto &entry : by_address_) {
            ASSERT_EQ(chunk, entry.second);
            chunk = chunk->walk_next;
        }
        ASSERT_EQ(chunk, nullptr);
    }
    void expect_finds(Random *random) {
        const std::map<std::uint32_t, std::uint32_t> slots = longest_by_slot();
        std::uint32_t longest = 0;
        for (const auto &slot : slots) {
            longest = std::max(longest, slot.second);
        }
        ASSERT_EQ(pba_chunk_set_longest(&set_), longest);
        for (int round = 0; round < 30; round++) {
            const std::uint32_t count = 1 + below(random, longest + 2);
            const std::uint32_t from = below(random, set_.capacity + 20);
            const auto first = std::find_if(slots.lower_bound(from), slots.end(),
                                            [&](const auto &slot) { return slot.second >= count; });
            const pba_chunk *const found = pba_chunk_set_first_fit(&set_, count, from);
            ASSERT_EQ(found == nullptr, first == slots.end()) << count << " from " << from;
            ASSERT_TRUE(found == nullptr || found->slot == first->first)
                << count << " from " << from;
        }
    }
    void expect_all(Random *random) {
        ASSERT_TRUE(pba_chunk_set_is_valid(&set_));
        ASSERT_EQ(set_.count, by_address_.size());
        expect_all_look_ups(random);
        expect_sorted();
        expect_finds(random);
        ASSERT_TRUE(pba_chunk_set_is_valid(&set_)) << "after it was summarized too";
    }
    // How many chunks are noted as changed.
    std::size_t noted() const {
        std::size_t count = 0;
        for (const pba_chunk *chunk = set_.changed; chunk != nullptr; chunk = chunk->changed_next) {
            count++;
        }
        return count;
    }
    // Takes blocks as the pool does.
    void take(const Chunk &chunk, std::uint32_t first, std::uint32_t count) {
        pba_map_take(&chunk.get()->map, first, count);
        pba_chunk_set_taken(&set_, chunk.get());
    }
    void release(const Chunk &chunk, std::uint32_t first, std::uint32_t count) {
        pba_map_release(&chunk.get()->map, first, count);
        pba_chunk_set_freed(&set_, chunk.get());
    }

    StrictBacking backing_;
    pba_backing_account account_ = {};
    pba_chunk_set set_;
    std::map<std::uintptr_t, pba_chunk *> by_address_;
    std::vector<std::unique_ptr<Chunk>> chunks_;
    std::uintptr_t next_ = kFirstAddress;
};

TEST_F(ChunkSet, AnEmptySetHasNoMemory) {
    EXPECT_EQ(pba_chunk_set_longest(&set_), 0u);
    EXPECT_EQ(pba_chunk_set_first_fit(&set_, 1, 0), nullptr);
    EXPECT_EQ(pba_chunk_set_find_const(&set_, 1), nullptr);
    EXPECT_EQ(pba_chunk_set_find(&set_, 1), nullptr);
    EXPECT_EQ(pba_chunk_set_at(&set_, 0), nullptr);
    EXPECT_EQ(pba_chunk_set_sorted(&set_), nullptr);
    EXPECT_TRUE(pba_chunk_set_is_valid(&set_));
    EXPECT_EQ(backing_.grants(), 0u);
}

TEST_F(ChunkSet, LowestSlotsFirstAndSlotsAreUsedAgain) {
    for (std::uint32_t slot = 0; slot < 20; slot++) {
        EXPECT_EQ(add_next().get()->slot, slot);
    }
    remove(*chunks_[5]);
    remove(*chunks_[17]);
    EXPECT_EQ(pba_chunk_set_at(&set_, 5), nullptr);
    EXPECT_EQ(pba_chunk_set_at(&set_, 6), chunks_[6]->get());
    EXPECT_EQ(pba_chunk_set_at(&set_, 20), nullptr);
    EXPECT_TRUE(pba_chunk_set_is_valid(&set_));
    EXPECT_EQ(add_next().get()->slot, 17u);
    EXPECT_EQ(add_next().get()->slot, 5u);
    EXPECT_EQ(add_next().get()->slot, 20u);
    EXPECT_TRUE(pba_chunk_set_is_valid(&set_));
}

TEST_F(ChunkSet, FindsTheFirstSlotThatFits) {
    for (const std::uint32_t blocks : {5U, 64U, 7U, 64U, 100U}) {
        add_next(blocks);
    }
    EXPECT_EQ(pba_chunk_set_longest(&set_), 100u); // nothing is left to be summarized
    EXPECT_EQ(pba_chunk_set_first_fit(&set_, 1, 0)->slot, 0u);
    EXPECT_EQ(pba_chunk_set_first_fit(&set_, 6, 0)->slot, 1u);
    EXPECT_EQ(pba_chunk_set_first_fit(&set_, 6, 2)->slot, 2u);
    EXPECT_EQ(pba_chunk_set_first_fit(&set_, 65, 0)->slot, 4u);
    EXPECT_EQ(pba_chunk_set_first_fit(&set_, 101, 0), nullptr);
    EXPECT_EQ(pba_chunk_set_first_fit(&set_, 1, 5), nullptr);
    take(*chunks_[4], 0, 100);
    EXPECT_EQ(pba_chunk_set_first_fit(&set_, 65, 0), nullptr);
    EXPECT_EQ(pba_chunk_set_longest(&set_), 64u);
    EXPECT_TRUE(pba_chunk_set_is_valid(&set_));
}

TEST_F(ChunkSet, WhatIsTakenIsKnownAtOnce) {
    add_next();
    add_next();
    EXPECT_EQ(pba_chunk_set_longest(&set_), 64u);
    take(*chunks_[0], 0, 40);
    EXPECT_EQ(noted(), 0u);
    EXPECT_EQ(set_.longest[0], 24u);
    EXPECT_EQ(pba_chunk_set_first_fit(&set_, 25, 0)->slot, 1u);
    EXPECT_TRUE(pba_chunk_set_is_valid(&set_));
}

TEST_F(ChunkSet, WhatBecomesFreeIsNotedOnceAndSummarizedAFewStepsAtATime) {
    for (int i = 0; i < 100; i++) {
        add_next();
    }
    EXPECT_EQ(noted(), 100u) << "those that were added";
    EXPECT_TRUE(pba_chunk_set_is_valid(&set_));
    EXPECT_EQ(pba_chunk_set_longest(&set_), 64u);
    EXPECT_EQ(noted(), 0u);
    for (const auto &chunk : chunks_) {
        take(*chunk, 0, 64);
    }
    for (std::size_t i = 100; i-- > 0;) {
        release(*chunks_[i], 0, 10);
        EXPECT_EQ(set_.longest[i], 0u) << "not looked at yet";
        pba_chunk_set_freed(&set_, chunks_[i]->get());
    }
    EXPECT_EQ(noted(), 100u);
    EXPECT_TRUE(pba_chunk_set_is_valid(&set_));
    pba_chunk_set_summarize(&set_, 3);
    EXPECT_EQ(noted(), 97u) << "a step a chunk";
    EXPECT_EQ(set_.longest[2], 10u);
    EXPECT_EQ(set_.longest[3], 0u);
    EXPECT_EQ(pba_chunk_set_first_fit(&set_, 10, 0)->slot, 0u);
    EXPECT_EQ(pba_chunk_set_first_fit(&set_, 10, 3), nullptr) << "it is not known yet";
    pba_chunk_set_summarize(&set_, 0);
    EXPECT_EQ(noted(), 97u);
    EXPECT_TRUE(pba_chunk_set_is_valid(&set_));
    EXPECT_EQ(pba_chunk_set_longest(&set_), 10u);
    EXPECT_EQ(noted(), 0u);
    EXPECT_EQ(set_.longest[99], 10u);
    EXPECT_TRUE(pba_chunk_set_is_valid(&set_));
}

TEST_F(ChunkSet, AChangeOfTheLongestRunReachesTheTop) {
    for (std::uint32_t i = 0; i < 20; i++) {
        add_next(64 + i);
    }
    EXPECT_EQ(pba_chunk_set_longest(&set_), 83u);
    take(*chunks_[19], 0, 83);
    EXPECT_EQ(pba_chunk_set_longest(&set_), 82u);
    release(*chunks_[19], 0, 83);
    take(*chunks_[18], 0, 1);
    EXPECT_EQ(pba_chunk_set_longest(&set_), 83u);
    EXPECT_EQ(pba_chunk_set_first_fit(&set_, 82, 0)->slot, 19u);
    EXPECT_TRUE(pba_chunk_set_is_valid(&set_));
}

TEST_F(ChunkSet, AChunkThatIsGoneIsNotNotedAnyMore) {
    for (int i = 0; i < 4; i++) {
        add_next();
        take(*chunks_.back(), 0, 10);
    }
    EXPECT_EQ(noted(), 4u);
    remove(*chunks_[1]);
    EXPECT_EQ(noted(), 3u) << "the others still are";
    EXPECT_FALSE(chunks_[1]->get()->changed);
    EXPECT_TRUE(pba_chunk_set_is_valid(&set_));
    EXPECT_EQ(pba_chunk_set_longest(&set_), 54u);
    add(*chunks_[1]);
    EXPECT_EQ(noted(), 1u);
    Random random(7);
    expect_all(&random);
}

TEST_F(ChunkSet, AChunkThatIsGoneIsNotFoundAgain) {
    const Chunk &chunk = add_next();
    const std::uintptr_t address = first_of(chunk.get());
    EXPECT_EQ(pba_chunk_set_find(&set_, address), chunk.get()) << "and remembered";
    remove(chunk);
    EXPECT_EQ(pba_chunk_set_find(&set_, address), nullptr);
    EXPECT_EQ(pba_chunk_set_find_const(&set_, address), nullptr);
}

TEST_F(ChunkSet, PeekingRemembersNothing) {
    const Chunk &one = add_next();
    const Chunk &other = add_next();
    const Chunk far(first_of(one.get()) + std::uintptr_t{4096} * 8 * 5, 64, 6);
    add(far);
    EXPECT_EQ(guess(first_of(far.get())), far.get()) << "entered last";
    EXPECT_EQ(pba_chunk_set_find_const(&set_, first_of(one.get())), one.get());
    EXPECT_EQ(guess(first_of(far.get())), far.get());
    EXPECT_EQ(pba_chunk_set_find_const(&set_, first_of(other.get())), other.get());
    remove(far);
}

TEST_F(ChunkSet, ChunksSideBySideAreGuessed) {
    for (int i = 0; i < 50; i++) {
        add_next();
    }
    ASSERT_EQ(set_.capacity, 64u);
    for (const auto &chunk : chunks_) {
        EXPECT_EQ(guess(first_of(chunk->get())), chunk->get());
        EXPECT_EQ(guess(last_of(chunk->get())), chunk->get());
        EXPECT_EQ(pba_chunk_set_find(&set_, last_of(chunk->get())), chunk->get());
    }
}

TEST_F(ChunkSet, ChunksThatLieAskewAreInTheirUnitOrInTheOneBefore) {
    std::vector<std::unique_ptr<Chunk>> askew;
    for (std::uintptr_t i = 0; i < 20; i++) {
        askew.push_back(std::make_unique<Chunk>(kFirstAddress + i * (4096 + 192), 66, 6));
        add(*askew.back());
    }
    for (const auto &chunk : askew) {
        const std::uintptr_t last = last_of(chunk->get());
        EXPECT_EQ(guess(first_of(chunk->get())), chunk->get());
        EXPECT_EQ(guess(last), chunk->get());
        EXPECT_EQ(pba_chunk_set_find(&set_, last), chunk->get());
        EXPECT_EQ(pba_chunk_set_find(&set_, last + 1), holder(last + 1));
    }
    EXPECT_TRUE(pba_chunk_set_is_valid(&set_));
    for (const auto &chunk : askew) {
        remove(*chunk);
    }
}

TEST_F(ChunkSet, ALongChunkIsGuessedWhereItBegins) {
    const Chunk &longer = add_next(64 * 100);
    const Chunk &next = add_next(64);
    EXPECT_EQ(guess(first_of(longer.get())), longer.get());
    EXPECT_EQ(guess(first_of(next.get())), next.get())
        << "a long one before it does not take its place";
    EXPECT_EQ(pba_chunk_set_find(&set_, first_of(next.get())), next.get());
    EXPECT_EQ(pba_chunk_set_find(&set_, last_of(longer.get())), longer.get());
    remove(longer);
    EXPECT_EQ(guess(first_of(longer.get())), nullptr);
    EXPECT_EQ(guess(first_of(next.get())), next.get());
}

TEST_F(ChunkSet, ChunksThatShareAPlaceTakeTurns) {
    const Chunk &one = add_next();
    const std::uintptr_t first = first_of(one.get());
    const std::uintptr_t other_first = first + std::uintptr_t{4096} * 8 * 5;
    const Chunk other(other_first, 64, 6);
    add(other);
    ASSERT_EQ(set_.capacity, 8u);
    EXPECT_EQ(guess(other_first), other.get()) << "entered last";
    EXPECT_EQ(guess(first), nullptr);
    EXPECT_EQ(pba_chunk_set_find(&set_, first), one.get());
    EXPECT_EQ(guess(first), one.get()) << "found last";
    EXPECT_EQ(guess(other_first), nullptr);
    EXPECT_EQ(pba_chunk_set_find(&set_, other_first), other.get());
    EXPECT_TRUE(pba_chunk_set_is_valid(&set_));
    remove(other);
    EXPECT_EQ(guess(first), nullptr);
    EXPECT_EQ(pba_chunk_set_find(&set_, first), one.get());
    EXPECT_EQ(guess(first), one.get());
}

TEST_F(ChunkSet, APlaceSaysAllThatIsNeededOfAChunk) {
    const Chunk &one = add_next();
    const Chunk &other = add_next();
    for (const Chunk *const chunk : {&one, &other}) {
        const pba_place *const place =
            pba_chunk_set_find_hint(&set_, last_of(chunk->get()), kNominalShift);
        EXPECT_EQ(place->chunk, chunk->get());
        EXPECT_EQ(place->base, first_of(chunk->get()));
        EXPECT_EQ(place->blocks, chunk->get()->map.blocks);
        EXPECT_EQ(place->tags, chunk->get()->tags);
    }
}

// The one before the first place is the last.
TEST_F(ChunkSet, AChunkThatBeginsInTheLastUnitGoesOnInTheFirst) {
    const Chunk askew(kFirstAddress + std::uintptr_t{4096} * 7 + 64, 64, 6);
    add(askew);
    ASSERT_EQ(set_.capacity, 8u);
    ASSERT_EQ(first_of(askew.get()) / 4096 % 8, 7u);
    EXPECT_EQ(guess(last_of(askew.get())), askew.get());
    EXPECT_TRUE(pba_chunk_set_is_valid(&set_));
    remove(askew);
    EXPECT_EQ(guess(last_of(askew.get())), nullptr);
}

TEST_F(ChunkSet, TheOnlyChunkHasAPlaceOfItsOwn) {
    EXPECT_EQ(set_.one.chunk, nullptr);
    EXPECT_EQ(set_.one.blocks, 0u);
    const Chunk &one = add_next();
    EXPECT_EQ(set_.one.chunk, one.get());
    EXPECT_EQ(set_.one.base, first_of(one.get()));
    EXPECT_EQ(set_.one.blocks, one.get()->map.blocks);
    EXPECT_EQ(set_.one.tags, one.get()->tags);
    const Chunk &other = add_next();
    EXPECT_EQ(set_.one.chunk, nullptr);
    EXPECT_EQ(set_.one.blocks, 0u);
    EXPECT_EQ(pba_chunk_set_find(&set_, first_of(one.get())), one.get());
    EXPECT_EQ(set_.one.chunk, nullptr);
    remove(one);
    EXPECT_EQ(set_.one.chunk, nullptr) << "not searched for";
    EXPECT_EQ(pba_chunk_set_find_slow(&set_, first_of(other.get())), other.get());
    EXPECT_EQ(set_.one.chunk, other.get()) << "found";
    pba_chunk_set_withdraw(&set_, other.get());
    EXPECT_EQ(set_.one.chunk, nullptr);
    pba_chunk_set_enter(&set_, other.get());
    EXPECT_EQ(set_.one.chunk, other.get());
}

// What lies far behind the beginning of a long chunk is found once through the hash table, and then
// at the place where it is looked for; another chunk that begins in the last unit keeps its own.
TEST_F(ChunkSet, ALongChunkGetsThePlacesWhereItIsFound) {
    const Chunk longer(kFirstAddress, 64 * 4 + 8, 6);
    const Chunk next(last_of(longer.get()) + 1, 64, 6);
    add(longer);
    add(next);
    ASSERT_EQ(set_.capacity, 8u);
    for (std::uintptr_t at = first_of(longer.get()); at < last_of(longer.get()); at += 64) {
        EXPECT_EQ(pba_chunk_set_find(&set_, at), longer.get());
        EXPECT_EQ(guess(at), longer.get());
        EXPECT_EQ(guess(first_of(next.get())), next.get());
        EXPECT_EQ(guess(last_of(next.get())), next.get());
    }
    EXPECT_TRUE(pba_chunk_set_is_valid(&set_));
    remove(longer);
    EXPECT_TRUE(pba_chunk_set_is_valid(&set_));
    for (std::uintptr_t at = first_of(longer.get()); at < last_of(longer.get()); at += 64) {
        EXPECT_EQ(guess(at), nullptr);
    }
    remove(next);
}

TEST_F(ChunkSet, NothingIsFoundInAnEmptySet) {
    EXPECT_EQ(pba_chunk_set_find(&set_, kFirstAddress), nullptr) << "without a table";
    EXPECT_EQ(pba_chunk_set_find_const(&set_, kFirstAddress), nullptr);
    EXPECT_EQ(guess(kFirstAddress), nullptr);
    remove(add_next());
    EXPECT_EQ(pba_chunk_set_find(&set_, kFirstAddress), nullptr);
    EXPECT_EQ(guess(kFirstAddress), nullptr);
}

TEST_F(ChunkSet, AnAddressOfNobodyIsNotRemembered) {
    const Chunk &chunk = add_next();
    EXPECT_EQ(pba_chunk_set_find(&set_, first_of(chunk.get())), chunk.get());
    EXPECT_EQ(pba_chunk_set_find(&set_, next_), nullptr);
    EXPECT_EQ(guess(next_), nullptr);
}

TEST_F(ChunkSet, OnlyWhatIsGoneIsForgotten) {
    for (std::size_t i = 0; i < 3; i++) {
        add_next();
    }
    EXPECT_EQ(pba_chunk_set_find(&set_, last_of(chunks_[2]->get())), chunks_[2]->get());
    remove(*chunks_[1]);
    EXPECT_EQ(guess(first_of(chunks_[0]->get())), chunks_[0]->get());
    EXPECT_EQ(guess(first_of(chunks_[1]->get())), nullptr);
    EXPECT_EQ(guess(first_of(chunks_[2]->get())), chunks_[2]->get());
    EXPECT_TRUE(pba_chunk_set_is_valid(&set_));
}

// Chunks that are longer and shorter than the nominal one, not at its multiples, below the first
// one and over its address: looked up at every block, and then forgotten.
TEST_F(ChunkSet, WhereverAChunkLiesItIsFoundAndForgotten) {
    const Chunk first(kFirstAddress, 64, 6);
    const Chunk far(kFirstAddress * 2, 64, 6);
    for (const std::uint32_t blocks : {1U, 63U, 64U, 65U, 130U, 1000U}) {
        for (const std::uintptr_t below : {0U, 64U, 4096U, 4160U, 40000U * 64U}) {
            add(first); // to an empty set: units are counted from here
            add(far);
            remove(first);
            const Chunk other(kFirstAddress - below, blocks, 6);
            add(other);
            for (std::uintptr_t at = first_of(other.get()); at < last_of(other.get()); at += 64) {
                ASSERT_EQ(pba_chunk_set_find(&set_, at), other.get());
                ASSERT_EQ(pba_chunk_set_find(&set_, first_of(far.get())), far.get());
            }
            EXPECT_TRUE(pba_chunk_set_is_valid(&set_)) << blocks << " blocks, " << below;
            remove(other);
            EXPECT_TRUE(pba_chunk_set_is_valid(&set_)) << blocks << " blocks, " << below;
            remove(far);
        }
    }
}

TEST_F(ChunkSet, AChunkThatChangedItsAddressAndLength) {
    const Chunk &chunk = add_next();
    const Chunk longer(kFirstAddress * 2 + 192, 4096, 6);
    const std::uintptr_t address = first_of(chunk.get());
    EXPECT_EQ(pba_chunk_set_find(&set_, address), chunk.get());
    grow();
    take(chunk, 0, 1);
    pba_chunk_set_withdraw(&set_, chunk.get());
    EXPECT_EQ(noted(), 0u) << "nothing but its slot leads to the chunk";
    EXPECT_EQ(pba_chunk_set_find(&set_, address), nullptr);
    longer.get()->slot = chunk.get()->slot;
    pba_chunk_set_replace(&set_, longer.get());
    pba_chunk_set_enter(&set_, longer.get());
    pba_chunk_set_freed(&set_, longer.get());
    by_address_ = {{first_of(longer.get()), longer.get()}};
    Random random(1);
    expect_all(&random);
    EXPECT_EQ(pba_chunk_set_find(&set_, address), nullptr);
}

TEST_F(ChunkSet, ALevelIsLeftWithItsLastChunk) {
    const Chunk &small = add_next(1);
    const Chunk &large = add_next(4096);
    EXPECT_EQ(pba_bits_count(set_.levels_in_use), 2u);
    remove(small);
    EXPECT_EQ(set_.levels_in_use, UINT64_C(1) << 18);
    remove(large);
    EXPECT_EQ(set_.levels_in_use, 0u);
    EXPECT_EQ(set_.entry_count, 0u);
}

TEST_F(ChunkSet, ATableOfFewerSlotsThanAreUsedIsNotValid) {
    add_next();
    add_next();
    ASSERT_EQ(set_.first_free, PBA_NO_SLOT);
    const std::uint32_t capacity = set_.capacity;
    set_.capacity = 1;
    EXPECT_FALSE(pba_chunk_set_is_valid(&set_));
    set_.capacity = capacity;
    EXPECT_TRUE(pba_chunk_set_is_valid(&set_));
}

TEST_F(ChunkSet, ALevelThatHadFifteenChunksAtOnceStaysInUse) {
    const std::uint64_t nominal = UINT64_C(1) << 12;
    const std::uint64_t longer = UINT64_C(1) << 13;
    add_next(128); // chunk 0, for the set not to be empty
    for (int i = 0; i < 14; i++) {
        add_next();
    }
    ASSERT_EQ(set_.capacity, 16u);
    for (std::size_t i = 1; i <= 14; i++) {
        remove(*chunks_[i]);
        EXPECT_EQ(set_.levels_in_use, i < 14 ? nominal | longer : longer) << "14 are counted";
        EXPECT_TRUE(pba_chunk_set_is_valid(&set_));
    }
    for (std::size_t i = 1; i <= 14; i++) {
        add(*chunks_[i]);
    }
    add_next();
    ASSERT_EQ(set_.capacity, 16u);
    for (std::size_t i = 1; i <= 15; i++) {
        remove(*chunks_[i]);
        EXPECT_EQ(set_.levels_in_use, nominal | longer);
        EXPECT_TRUE(pba_chunk_set_is_valid(&set_));
    }
    add(*chunks_[1]);
    remove(*chunks_[1]);
    EXPECT_EQ(set_.levels_in_use, nominal | longer) << "it is not counted again";
    Random random(15);
    expect_all(&random);
    remove(*chunks_[0]);
    EXPECT_EQ(set_.levels_in_use, 0u) << "the set is empty";
    EXPECT_TRUE(pba_chunk_set_is_valid(&set_));
    add(*chunks_[0]);
    add(*chunks_[1]);
    remove(*chunks_[1]);
    EXPECT_EQ(set_.levels_in_use, longer) << "counted again from none";
    EXPECT_TRUE(pba_chunk_set_is_valid(&set_));
}

TEST_F(ChunkSet, ALevelIsCountedAgainWhenTheTableGrows) {
    add_next(128);
    for (int i = 0; i < 15; i++) {
        add_next();
    }
    ASSERT_EQ(set_.capacity, 16u);
    for (std::size_t i = 2; i <= 15; i++) {
        remove(*chunks_[i]);
    }
    for (int i = 0; i < 15; i++) {
        add_next(128);
    }
    ASSERT_EQ(set_.capacity, 32u);
    EXPECT_EQ(set_.levels_in_use, UINT64_C(3) << 12);
    remove(*chunks_[1]);
    EXPECT_EQ(set_.levels_in_use, UINT64_C(1) << 13) << "of one chunk";
    EXPECT_TRUE(pba_chunk_set_is_valid(&set_));
}

TEST_F(ChunkSet, NeighboringLevelsAreCountedApart) {
    for (int i = 0; i < 20; i++) {
        add_next();    // level 12
        add_next(128); // level 13, in the same byte
    }
    add_next(256); // level 14
    for (std::size_t i = 0; i < 40; i += 2) {
        remove(*chunks_[i]);
        EXPECT_TRUE(pba_chunk_set_is_valid(&set_));
    }
    EXPECT_EQ(set_.levels_in_use, UINT64_C(7) << 12);
    remove(*chunks_[40]);
    EXPECT_EQ(set_.levels_in_use, UINT64_C(3) << 12);
    EXPECT_TRUE(pba_chunk_set_is_valid(&set_));
}

TEST_F(ChunkSet, ThousandsOfChunksOfAllSizes) {
    Random random(2);
    std::vector<std::unique_ptr<Chunk>> chunks;
    std::uintptr_t address = kFirstAddress;
    for (int i = 0; i < 3000; i++) {
        // From 64 B to 512 MiB, of at most 64 blocks; neighbours that touch, and gaps. With 32 bits
        // to 8 MiB, so that there are addresses for all.
        const auto shift = static_cast<std::uint8_t>(6 + below(&random, kHas64Bits ? 18 : 12));
        const std::uint32_t blocks = 1 + below(&random, 64);
        chunks.push_back(std::make_unique<Chunk>(address, blocks, shift));
        address += (std::uintptr_t{blocks} << shift) +
                   (below(&random, 2) == 0
                        ? 0
                        : std::uintptr_t{below(&random, kHas64Bits ? 1 << 30 : 1 << 14)} * 64);
    }
    std::shuffle(chunks.begin(), chunks.end(), random);
    for (std::size_t i = 0; i < chunks.size(); i++) {
        pba_map_take(&chunks[i]->get()->map, 0, 1 + below(&random, chunks[i]->get()->map.blocks));
        add(*chunks[i]);
        if (i < 20 || i % 500 == 0) {
            ASSERT_NO_FATAL_FAILURE(expect_all(&random));
        }
    }
    ASSERT_NO_FATAL_FAILURE(expect_all(&random));
    for (std::size_t i = 0; i < chunks.size(); i += 3) {
        remove(*chunks[i]);
    }
    ASSERT_NO_FATAL_FAILURE(expect_all(&random));
    for (std::size_t i = 0; i < chunks.size(); i += 3) {
        add(*chunks[i]);
    }
    ASSERT_NO_FATAL_FAILURE(expect_all(&random));
    for (const std::unique_ptr<Chunk> &chunk : chunks) {
        remove(*chunk);
    }
    ASSERT_NO_FATAL_FAILURE(expect_all(&random));
}

TEST_F(ChunkSet, RandomChangesKeepLookUpsExact) {
    Random random(3);
    std::vector<std::unique_ptr<Chunk>> chunks;
    // Chunks of one size side by side: their entries collide and move up when one goes.
    for (std::uint32_t i = 0; i < 200; i++) {
        chunks.push_back(
            std::make_unique<Chunk>(kFirstAddress + 64 + std::uintptr_t{i} * 4096, 64, 6));
    }
    std::vector<bool> is_in(chunks.size());
    for (int round = 0; round < 4000; round++) {
        const std::uint32_t i = below(&random, chunks.size());
        if (is_in[i]) {
            remove(*chunks[i]);
        } else {
            add(*chunks[i]);
        }
        is_in[i] = !is_in[i];
        if (round % 50 == 0) {
            ASSERT_NO_FATAL_FAILURE(expect_all(&random));
        }
    }
    for (std::uint32_t i = 0; i < chunks.size(); i++) {
        if (is_in[i]) {
            remove(*chunks[i]);
        }
    }
}

// In a small table one entry of a chunk often stands in the way of its other one.
TEST_F(ChunkSet, SmallSetsAtRandomAddresses) {
    Random random(6);
    for (int round = 0; round < 500; round++) {
        std::vector<std::unique_ptr<Chunk>> chunks;
        for (std::uint32_t i = 0; i < 5; i++) {
            const std::uintptr_t address = kFirstAddress * (i + 1) + below(&random, 1 << 27);
            chunks.push_back(std::make_unique<Chunk>(address, 64, std::uint8_t{6}));
            add(*chunks.back());
        }
        ASSERT_EQ(set_.capacity, 8u);
        ASSERT_NO_FATAL_FAILURE(expect_all(&random));
        for (const std::unique_ptr<Chunk> &chunk : chunks) {
            remove(*chunk);
            ASSERT_TRUE(pba_chunk_set_is_valid(&set_));
        }
    }
}

#if UINTPTR_MAX > UINT32_MAX // An entry holds all bits of a shorter address.
TEST_F(ChunkSet, AStrangerWhoseGranuleHasTheSameLowBits) {
    const Chunk &chunk = add_next();
    const std::uintptr_t far = UINT64_C(1) << (32 + 12); // 2^32 granules of 4096 bytes on
    EXPECT_EQ(pba_chunk_set_find_const(&set_, first_of(chunk.get()) + far), nullptr);
    const Chunk twin(first_of(chunk.get()) + far, 64, 6);
    add(twin);
    Random random(4);
    expect_all(&random);
    remove(twin);
    expect_all(&random);
}
#endif

// --- growth ---

TEST_F(ChunkSet, GrowthIsTakenOnlyWhenNeeded) {
    EXPECT_GT(pba_chunk_set_growth_bytes(&set_), 0u);
    add_next();
    EXPECT_EQ(pba_chunk_set_growth_bytes(&set_), 0u);
    EXPECT_EQ(backing_.grants(), 1u);
    const std::size_t calls = backing_.calls();
    pba_set_growth growth;
    EXPECT_EQ(prepare(&growth), BA_OK);
    EXPECT_TRUE(ba_memory_is_none(growth.table));
    EXPECT_EQ(backing_.calls(), calls);
    pba_chunk_set_cancel(&account_, &growth, ba_call_site_none());
}

TEST_F(ChunkSet, GrowthBytesAreWhatIsTaken) {
    for (int i = 0; i < 300; i++) {
        const std::size_t before = account_.metadata_bytes;
        const std::size_t expected = pba_chunk_set_growth_bytes(&set_);
        pba_set_growth growth;
        ASSERT_EQ(prepare(&growth), BA_OK);
        ASSERT_EQ(account_.metadata_bytes, before + expected);
        pba_chunk_set_cancel(&account_, &growth, ba_call_site_none());
        ASSERT_EQ(account_.metadata_bytes, before);
        ASSERT_TRUE(pba_chunk_set_is_valid(&set_)) << "cancelled growth changes nothing";
        add_next();
    }
    EXPECT_EQ(backing_.grants(), 1u) << "the smaller tables have gone back";
}

TEST_F(ChunkSet, WhatIsRefusedForManyIsTriedForJustOne) {
    const std::size_t least = pba_chunk_set_least_bytes(&set_);
    EXPECT_LT(least, pba_chunk_set_growth_bytes(&set_) / 2);
    backing_.refuse_nth(1);
    pba_set_growth growth;
    ASSERT_EQ(prepare(&growth), BA_OK);
    EXPECT_EQ(account_.metadata_bytes, least);
    pba_chunk_set_grow(&set_, &account_, &growth, ba_call_site_none());
    EXPECT_EQ(set_.capacity, 1u);
    const std::size_t nominal = pba_chunk_set_growth_bytes(&set_);
    EXPECT_EQ(nominal, 0u) << "there is room for one";
    std::vector<std::unique_ptr<Chunk>> chunks;
    for (std::size_t i = 0; i < 9; i++) {
        chunks.push_back(std::make_unique<Chunk>(kFirstAddress + i * (1 << 20) + 4096 - 64, 66, 6));
        add(*chunks.back()); // three entries each
        EXPECT_TRUE(pba_chunk_set_is_valid(&set_));
        EXPECT_EQ(set_.capacity, i == 0 ? 1u : i < 7 ? 8u : 16u);
        Random random(7);
        expect_all(&random);
    }
    for (const auto &chunk : chunks) {
        remove(*chunk);
        EXPECT_TRUE(pba_chunk_set_is_valid(&set_));
    }
}

TEST_F(ChunkSet, TheLeastIsATableForJustOneOrWhatTheNextOneNeeds) {
    const std::size_t least = pba_chunk_set_least_bytes(&set_);
    for (const std::uint32_t capacity : {1U, 8U}) {
        pba_set_growth growth;
        ASSERT_EQ(pba_chunk_set_prepare_least(&set_, &account_, &growth, ba_call_site_none()).code,
                  BA_OK);
        EXPECT_EQ(growth.capacity, capacity);
        pba_chunk_set_grow(&set_, &account_, &growth, ba_call_site_none());
        EXPECT_EQ(set_.capacity, capacity);
        EXPECT_EQ(account_.metadata_bytes == least, capacity == 1);
        add_next();
    }
    backing_.refuse_from(1);
    while (set_.count < set_.capacity) {
        add_next();
    }
    pba_set_growth growth;
    EXPECT_EQ(pba_chunk_set_prepare_least(&set_, &account_, &growth, ba_call_site_none()).code,
              BA_OUT_OF_MEMORY);
    backing_.refuse_none();
}

TEST_F(ChunkSet, OnlyTheFirstTableIsTriedForJustOne) {
    for (int i = 0; i < 8; i++) {
        add_next();
    }
    backing_.refuse_nth(1);
    EXPECT_EQ(pba_chunk_set_least_bytes(&set_), pba_chunk_set_growth_bytes(&set_));
    pba_set_growth growth;
    EXPECT_EQ(prepare(&growth), BA_OUT_OF_MEMORY);
    EXPECT_EQ(backing_.refused(), 1u);
}

TEST_F(ChunkSet, ARefusalLeavesNothingTaken) {
    backing_.refuse_from(1);
    pba_set_growth growth;
    EXPECT_EQ(prepare(&growth), BA_OUT_OF_MEMORY);
    EXPECT_EQ(backing_.grants(), 0u);
    EXPECT_EQ(account_.metadata_bytes, 0u);
    backing_.refuse_none();
    account_.limit = pba_chunk_set_growth_bytes(&set_) - 1;
    EXPECT_EQ(prepare(&growth), BA_LIMIT);
    EXPECT_EQ(backing_.grants(), 0u);
    account_.limit++;
    EXPECT_EQ(prepare(&growth), BA_OK);
    pba_chunk_set_cancel(&account_, &growth, ba_call_site_none());
}

// Each chunk is entered three times where a nominal one is twice, so the hash table is full first.
TEST_F(ChunkSet, GrowsForEntriesToo) {
    std::vector<std::unique_ptr<Chunk>> chunks;
    while (set_.capacity <= 8) {
        const std::uintptr_t address = kFirstAddress + chunks.size() * (1 << 20) + 4096 - 64;
        chunks.push_back(std::make_unique<Chunk>(address, 66, 6));
        add(*chunks.back());
    }
    EXPECT_EQ(chunks.size(), 8u) << "there was a slot for it";
    EXPECT_TRUE(pba_chunk_set_is_valid(&set_));
    for (const auto &chunk : chunks) {
        remove(*chunk);
    }
}

TEST_F(ChunkSet, HasNoMoreSlotsThanItCanNumberEntriesOf) {
    add_next();
    const std::uint32_t capacity = set_.capacity;
    set_.capacity = set_.count = UINT32_C(1) << 29;
    pba_set_growth growth;
    EXPECT_EQ(prepare(&growth), BA_LIMIT);
    EXPECT_TRUE(ba_memory_is_none(growth.table));
    set_.capacity = capacity;
    set_.count = 1;
}

TEST_F(ChunkSet, GrowsWhereASlotIsFree) {
    std::vector<std::unique_ptr<Chunk>> chunks;
    const auto add_one = [this, &chunks](std::uintptr_t offset, std::uint32_t blocks) {
        const std::uintptr_t address = kFirstAddress + chunks.size() * (1 << 20) + offset;
        chunks.push_back(std::make_unique<Chunk>(address, blocks, 6));
        add(*chunks.back());
    };
    for (int i = 0; i < 3; i++) {
        add_one(0, 64); // one entry each
    }
    while (set_.entry_count < 42) {
        add_one(4096 - 64, 66); // three
    }
    ASSERT_EQ(set_.capacity, 16u);
    remove(*chunks[1]);
    grow();
    EXPECT_EQ(set_.capacity, 32u);
    Random random(6);
    expect_all(&random);
    for (std::size_t i = 0; i < chunks.size(); i++) {
        if (i != 1) {
            remove(*chunks[i]);
        }
    }
}

class ChunkSetOnGrants : public ChunkSet, public ::testing::WithParamInterface<std::size_t> {
  protected:
    ChunkSetOnGrants() : ChunkSet(in_grants()) {}

    static StrictBackingOptions in_grants() {
        StrictBackingOptions options;
        options.block_size = GetParam();
        return options;
    }
};

TEST_P(ChunkSetOnGrants, UsesAllOfAPageAndNoMore) {
    add_next();
    EXPECT_EQ(set_.capacity, 32u);
    Random random(5);
    while (set_.count < 28) {
        add_next(1 + below(&random, 64));
    }
    EXPECT_EQ(set_.capacity, 32u);
    expect_all(&random);
    while (set_.count < 400) {
        add_next(1 + below(&random, 64));
    }
    expect_all(&random);
}

INSTANTIATE_TEST_SUITE_P(Grants, ChunkSetOnGrants, ::testing::Values(4096, 65536));

// --- what must hold ---

class BrokenSet : public ChunkSet {
  protected:
    BrokenSet() {
        for (int i = 0; i < 20; i++) {
            add_next(static_cast<std::uint32_t>(10 + i));
        }
        remove(*chunks_[3]);
        remove(*chunks_[12]);
        EXPECT_EQ(pba_chunk_set_longest(&set_), 29u);
        EXPECT_TRUE(pba_chunk_set_is_valid(&set_));
    }
    ~BrokenSet() override { EXPECT_TRUE(pba_chunk_set_is_valid(&set_)); }

    // Changes a value, asks, and changes it back.
    template <typename Value>
    bool is_valid_with(Value *place, Value value) {
        const Value was = *place;
        *place = value;
        const bool valid = pba_chunk_set_is_valid(&set_);
        *place = was;
        return valid;
    }
};

TEST_F(BrokenSet, FreeSlots) {
    EXPECT_FALSE(is_valid_with(&set_.first_free, PBA_NO_SLOT)) << "lost";
    EXPECT_FALSE(is_valid_with(&set_.first_free, 3U)) << "one lost";
    EXPECT_FALSE(is_valid_with(&set_.first_free, 4U)) << "in use";
    EXPECT_FALSE(is_valid_with(&set_.first_free, set_.used)) << "never used";
    std::uint32_t *const next_free = set_.longest - set_.capacity;
    EXPECT_FALSE(is_valid_with(&next_free[3], 12U)) << "a circle";
    // As many as before, but one of them is in use.
    const std::uint32_t next_of_used = next_free[4];
    next_free[4] = 3;
    EXPECT_FALSE(is_valid_with(&set_.first_free, 4U));
    next_free[4] = next_of_used;
}

TEST_F(BrokenSet, Counts) {
    EXPECT_FALSE(is_valid_with(&set_.used, set_.used - 1));
    EXPECT_FALSE(is_valid_with(&set_.capacity, set_.used - 1));
    EXPECT_FALSE(is_valid_with(&set_.count, set_.count + 1));
    EXPECT_FALSE(is_valid_with(&set_.entry_count, set_.entry_count + 1));
}

TEST_F(BrokenSet, Slots) {
    pba_chunk *const chunk = chunks_[7]->get();
    EXPECT_FALSE(is_valid_with(&chunk->slot, 8U));
    EXPECT_FALSE(is_valid_with(&chunk->map.longest, chunk->map.longest + 1));
    EXPECT_FALSE(is_valid_with(&set_.longest[7], set_.longest[7] - 1));
    EXPECT_FALSE(is_valid_with(&chunk->map.noted_count, std::uint8_t{1})) << "and nobody was told";
    EXPECT_FALSE(is_valid_with(&set_.longest[3], 1U)) << "of an empty slot";
    EXPECT_FALSE(is_valid_with<pba_chunk *>(&set_.by_slot[7], nullptr));
    EXPECT_FALSE(is_valid_with(&set_.by_slot[7], chunks_[8]->get()));
}

// The counts of slots agree with each other then; those of entries do not.
TEST_F(BrokenSet, TheLastChunkIsForgotten) {
    set_.count--;
    set_.used--;
    EXPECT_FALSE(pba_chunk_set_is_valid(&set_));
    set_.count++;
    set_.used++;
}

TEST_F(BrokenSet, AChunkIsGoneWithAllThatLedToIt) {
    pba_chunk *const chunk = chunks_[7]->get();
    pba_chunk_set_withdraw(&set_, chunk);
    set_.by_slot[7] = nullptr;
    set_.longest[7] = 0;
    EXPECT_FALSE(pba_chunk_set_is_valid(&set_)) << "but its slot is not free";
    set_.by_slot[7] = chunk;
    set_.longest[7] = chunk->map.longest;
    pba_chunk_set_enter(&set_, chunk);
}

TEST_F(BrokenSet, EntriesTooMany) {
    const std::vector<pba_index_entry> entries(set_.entries,
                                               set_.entries + std::size_t{4} * set_.capacity);
    const std::uint32_t entry_count = set_.entry_count;
    for (std::uint32_t place = 0; place < 4 * set_.capacity; place++) {
        if (set_.entries[place].slot == PBA_NO_SLOT) {
            set_.entries[place].slot = 7;
            set_.entry_count++;
            ASSERT_FALSE(pba_chunk_set_is_valid(&set_)) << set_.entry_count;
        }
    }
    std::copy(entries.begin(), entries.end(), set_.entries);
    set_.entry_count = entry_count;
}

TEST_F(BrokenSet, Tree) {
    for (std::uint32_t node = set_.level_first[1]; node < set_.level_first[set_.levels + 1];
         node++) {
        EXPECT_FALSE(is_valid_with(&set_.longest[node], set_.longest[node] + 1)) << node;
    }
}

TEST_F(BrokenSet, ChunksThatChanged) {
    pba_chunk *const chunk = chunks_[7]->get();
    pba_chunk *const other = chunks_[9]->get();
    EXPECT_FALSE(is_valid_with(&chunk->changed, true)) << "not on the list";
    EXPECT_FALSE(is_valid_with(&set_.changed, chunk)) << "on the list, and does not say so";
    chunk->changed = true;
    EXPECT_FALSE(is_valid_with(&set_.changed, other)) << "another is on the list in its place";
    chunk->changed = false;
    pba_chunk_set_freed(&set_, chunk);
    pba_chunk_set_freed(&set_, other);
    ASSERT_EQ(set_.changed, other);
    EXPECT_FALSE(is_valid_with(&set_.longest[7], set_.longest[7] + 1)) << "more than the map knows";
    EXPECT_FALSE(is_valid_with<pba_chunk *>(&set_.changed, nullptr)) << "both lost";
    EXPECT_FALSE(is_valid_with(&set_.changed, chunk)) << "one lost";
    EXPECT_FALSE(is_valid_with(&other->changed, false)) << "on the list all the same";
    EXPECT_FALSE(is_valid_with(&chunk->changed_next, other)) << "a circle";
    EXPECT_FALSE(is_valid_with(&other->changed_next, other)) << "twice";
    EXPECT_FALSE(is_valid_with<pba_chunk *>(&chunk->changed_previous, nullptr)) << "no way back";
    EXPECT_FALSE(is_valid_with(&other->changed_previous, chunk)) << "before the first";
}

TEST_F(BrokenSet, Levels) {
    const std::uint32_t level = chunks_[7]->get()->index_level;
    EXPECT_FALSE(is_valid_with(&set_.levels_in_use, UINT64_C(0)));
    EXPECT_FALSE(is_valid_with(&set_.levels_in_use, set_.levels_in_use | UINT64_C(1) << 40));
    const auto one = static_cast<std::uint8_t>(level % 2 == 0 ? 1 : 16);
    std::uint8_t *const count = &set_.on_level[level / 2];
    EXPECT_FALSE(is_valid_with(count, static_cast<std::uint8_t>(*count - one)));
    EXPECT_FALSE(is_valid_with<std::uint8_t>(&set_.on_level[40 / 2], 1));
    EXPECT_FALSE(is_valid_with<std::uint8_t>(&set_.on_level[41 / 2], 16));
    EXPECT_FALSE(is_valid_with<std::uint8_t>(&set_.on_level[40 / 2], PBA_MANY_ON_LEVEL))
        << "and not in use";
}

TEST_F(BrokenSet, Places) {
    auto *const places = static_cast<pba_place *>(ba_memory_pointer(set_.table)) + 1;
    ASSERT_EQ(places, set_.places);
    const pba_place none = {UINTPTR_MAX, 0, nullptr, nullptr};
    pba_chunk *const chunk = chunks_[7]->get();
    ASSERT_EQ(pba_chunk_set_find(&set_, first_of(chunk)), chunk);
    const std::uintptr_t unit = first_of(chunk) / 4096 % set_.capacity;
    const std::uintptr_t last = last_of(chunk) / 4096 % set_.capacity;
    const pba_place here = places[unit];
    ASSERT_EQ(here.chunk, chunk);
    pba_place gone = here;
    gone.chunk = chunks_[3]->get();
    for (std::uintptr_t index = 0; index + 1 < set_.capacity; index++) {
        EXPECT_EQ(is_valid_with(&places[index], here), index == unit || index == last) << index;
        EXPECT_FALSE(is_valid_with(&places[index], gone)) << "it is not in the set any more";
        EXPECT_TRUE(is_valid_with(&places[index], none)) << "only a hint";
    }
    EXPECT_FALSE(is_valid_with(&places[unit].base, here.base + 64));
    EXPECT_FALSE(is_valid_with(&places[unit].blocks, here.blocks - 1));
    EXPECT_FALSE(is_valid_with(&places[unit].tags, here.tags + 1));
    EXPECT_FALSE(is_valid_with(&places[-1], here)) << "not the last one";
    EXPECT_FALSE(is_valid_with(&set_.one, here)) << "not the only one";
}

TEST_F(BrokenSet, Addresses) {
    pba_chunk *const chunk = chunks_[7]->get();
    EXPECT_FALSE(is_valid_with<unsigned char *>(&chunk->base, chunk->base + (1 << 20)));
    EXPECT_FALSE(is_valid_with<std::uint8_t>(&chunk->index_level, 30)) << "not of its length";
    for (std::uint32_t place = 0; place < 4 * set_.capacity; place++) {
        if (set_.entries[place].slot != PBA_NO_SLOT) {
            EXPECT_FALSE(is_valid_with(&set_.entries[place].slot, PBA_NO_SLOT)) << place;
            EXPECT_FALSE(is_valid_with(&set_.entries[place].slot, 3U)) << place;
            EXPECT_FALSE(is_valid_with(&set_.entries[place].slot, set_.used)) << place;
            EXPECT_FALSE(
                is_valid_with(&set_.entries[place].granule, set_.entries[place].granule + 99))
                << place;
        }
    }
}

} // namespace
