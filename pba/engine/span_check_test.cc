#define PBA_INTERNAL_

#include "pba/engine/span_check.h"

#include <array>

#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::StrictBacking;

constexpr std::size_t kBlock = 64;
constexpr std::size_t kBlocks = 32;
constexpr std::size_t kBytes = kBlocks * kBlock;

// Two chunks, with free memory of nobody between them.
class SpanCheck : public ::testing::Test {
  protected:
    SpanCheck() {
        account_.payload = backing_.block_allocator();
        account_.metadata = backing_.block_allocator();
        account_.limit = SIZE_MAX;
        pba_chunk_set_init(&set_, 11);
        for (std::size_t i = 0; i < 2; i++) {
            chunks_.at(i) = add(&payload_[2 * i * kBytes]);
        }
        take(2, 1);
        take(4, 5);
        take(9, 3);
        chunks_[0]->tags[9] = pba_tag_of_cached(3);
        take(12, 16);
        pba_chunk_watch(chunks_[0], 12);
        take(30, 2);
    }
    ~SpanCheck() override {
        for (pba_chunk *const chunk : chunks_) {
            pba_chunk_set_remove(&set_, chunk);
            pba_backing_account_return_metadata(&account_, chunk->record, ba_call_site_none());
        }
        pba_chunk_set_release(&set_, &account_, ba_call_site_none());
    }

    pba_chunk *add(unsigned char *base) {
        const std::size_t bytes = pba_chunk_record_bytes(kBlocks, PBA_WITHOUT_SITES);
        const ba_memory record =
            pba_backing_account_take_metadata(&account_, ba_bytes(bytes), ba_call_site_none());
        pba_chunk *const chunk =
            pba_chunk_init(record, bytes, ba_memory_of(base, ba_bytes(kBytes)), ba_align(kBlock), 6,
                           kBlocks, kBlocks, PBA_WITHOUT_SITES);
        pba_set_growth growth;
        EXPECT_EQ(pba_chunk_set_prepare(&set_, &account_, &growth, ba_call_site_none()).code,
                  BA_OK);
        pba_chunk_set_grow(&set_, &account_, &growth, ba_call_site_none());
        pba_chunk_set_add(&set_, chunk);
        return chunk;
    }

    void take(std::uint32_t first, std::uint32_t blocks) {
        pba_map_take(&chunks_[0]->map, first, blocks);
        pba_chunk_tag_live(chunks_[0], first, blocks);
    }
    unsigned char *at(std::size_t block, std::size_t offset = 0) {
        return &payload_[block * kBlock + offset];
    }
    pba_finding check(void *pointer, std::size_t bytes, std::size_t alignment = 1,
                      std::uint32_t guard_blocks = 0) {
        return pba_span_check(&set_, ba_memory_of(pointer, ba_bytes(bytes)), ba_align(alignment),
                              guard_blocks);
    }
    ba_error_code code(void *pointer, std::size_t bytes, std::size_t alignment = 1,
                       std::uint32_t guard_blocks = 0) {
        return check(pointer, bytes, alignment, guard_blocks).code;
    }

    StrictBacking backing_;
    alignas(1024) std::array<unsigned char, 4 *kBytes> payload_ = {};
    pba_backing_account account_ = {};
    pba_chunk_set set_;
    std::array<pba_chunk *, 2> chunks_ = {};
};

void expect_span(const pba_span &span, const pba_chunk *chunk, std::uint32_t first,
                 std::uint32_t blocks) {
    EXPECT_EQ(span.chunk, chunk);
    EXPECT_EQ(span.first, first);
    EXPECT_EQ(span.blocks, blocks);
}

TEST_F(SpanCheck, ALiveSpan) {
    const pba_finding found = check(at(4), 5 * kBlock, kBlock);
    EXPECT_EQ(found.code, BA_OK);
    expect_span(found.span, chunks_[0], 4, 5);
    EXPECT_EQ(code(at(12), 16 * kBlock), BA_OK) << "a watched one";
    EXPECT_EQ(code(at(30), 2 * kBlock), BA_OK) << "at the end of the chunk";
}

TEST_F(SpanCheck, AnyLengthThatFillsTheSameBlocks) {
    EXPECT_EQ(code(at(4), 4 * kBlock + 1), BA_OK);
    EXPECT_EQ(code(at(4), 5 * kBlock - 1), BA_OK);
    EXPECT_EQ(code(at(2), 1), BA_OK);
    EXPECT_EQ(code(at(2), kBlock), BA_OK);
}

TEST_F(SpanCheck, AWrongLengthIsToldWithTheSpan) {
    for (const std::size_t bytes :
         {std::size_t{0}, std::size_t{1}, 4 * kBlock, 5 * kBlock + 1,
          (std::size_t{1} << (sizeof(std::size_t) > 4 ? 38 : 31)) + 5 * kBlock, SIZE_MAX}) {
        const pba_finding found = check(at(4), bytes);
        EXPECT_EQ(found.code, BA_SIZE_MISMATCH) << bytes;
        expect_span(found.span, chunks_[0], 4, 5);
    }
    EXPECT_EQ(code(at(2), 0), BA_SIZE_MISMATCH);
    EXPECT_EQ(code(at(2), kBlock + 1), BA_SIZE_MISMATCH);
}

TEST_F(SpanCheck, AWrongAlignment) {
    for (const std::size_t alignment : {0U, 3U, 24U}) {
        EXPECT_EQ(code(at(4), 5 * kBlock, alignment), BA_BAD_ALIGN) << alignment;
    }
    EXPECT_EQ(code(at(4), 5 * kBlock, 256), BA_OK);
    EXPECT_EQ(code(at(4), 5 * kBlock, 512), BA_BAD_ALIGN);
    EXPECT_EQ(code(at(4), 1, 512), BA_BAD_ALIGN) << "told before the length";
    EXPECT_EQ(check(at(4), 1, 512).span.chunk, nullptr);
}

TEST_F(SpanCheck, ForeignPointers) {
    int other = 0;
    EXPECT_EQ(code(nullptr, 1), BA_FOREIGN);
    EXPECT_EQ(code(&other, sizeof other), BA_FOREIGN);
    EXPECT_EQ(code(at(kBlocks), kBlock), BA_FOREIGN) << "just behind a chunk";
    EXPECT_EQ(code(at(2 * kBlocks - 1), kBlock), BA_FOREIGN) << "just before the other";
    EXPECT_EQ(code(at(kBlocks), 0, 3), BA_FOREIGN) << "whatever else is wrong";
}

TEST_F(SpanCheck, PointersIntoASpan) {
    EXPECT_EQ(code(at(4, 1), 5 * kBlock), BA_INTERIOR) << "in its first block";
    EXPECT_EQ(code(at(5), 4 * kBlock), BA_INTERIOR) << "at its second";
    EXPECT_EQ(code(at(8, 63), 1), BA_INTERIOR);
    EXPECT_EQ(check(at(5), 4 * kBlock).span.chunk, nullptr);
}

TEST_F(SpanCheck, PointersToFreeBlocks) {
    EXPECT_EQ(code(at(0), kBlock), BA_DOUBLE_FREE);
    EXPECT_EQ(code(at(3), kBlock), BA_DOUBLE_FREE);
    EXPECT_EQ(code(at(3, 5), kBlock), BA_DOUBLE_FREE);
    EXPECT_EQ(code(at(2 * kBlocks), kBlock), BA_DOUBLE_FREE) << "in the other chunk";
}

TEST_F(SpanCheck, PointersToCachedSpans) {
    EXPECT_EQ(code(at(9), 3 * kBlock), BA_DOUBLE_FREE);
    EXPECT_EQ(code(at(9, 1), 3 * kBlock), BA_DOUBLE_FREE);
    EXPECT_EQ(code(at(10), kBlock), BA_DOUBLE_FREE);
    EXPECT_EQ(code(at(11, 63), kBlock), BA_DOUBLE_FREE);
    EXPECT_EQ(code(at(13), kBlock), BA_INTERIOR) << "inside of the live one behind it";
}

TEST_F(SpanCheck, ASpanThatTheTagOrTheMapDenies) {
    chunks_[0]->tags[6] = pba_tag_of(3);
    EXPECT_EQ(code(at(6), 3 * kBlock), BA_INTERIOR) << "a tag inside of a span";
    chunks_[0]->tags[20] = pba_tag_of(8);
    EXPECT_EQ(code(at(20), 8 * kBlock), BA_INTERIOR) << "up to the end of one";
    chunks_[0]->tags[3] = pba_tag_of(1);
    EXPECT_EQ(code(at(3), kBlock), BA_DOUBLE_FREE) << "a tag of a free block";
    chunks_[0]->tags[4] = 0;
    EXPECT_EQ(code(at(4), 5 * kBlock), BA_INTERIOR) << "a span without its tag";
}

TEST_F(SpanCheck, GuardBlocksAreNotTheCallers) {
    const pba_finding found = check(at(4), 4 * kBlock, 1, 1);
    EXPECT_EQ(found.code, BA_OK);
    expect_span(found.span, chunks_[0], 4, 5);
    EXPECT_EQ(code(at(4), 3 * kBlock + 1, 1, 1), BA_OK);
    EXPECT_EQ(code(at(4), 3 * kBlock, 1, 1), BA_SIZE_MISMATCH);
    EXPECT_EQ(code(at(4), 5 * kBlock, 1, 1), BA_SIZE_MISMATCH);
    EXPECT_EQ(code(at(8), kBlock, 1, 1), BA_INTERIOR) << "the guard block itself";
    EXPECT_EQ(code(at(2), 1, 1, 1), BA_SIZE_MISMATCH) << "nothing but a guard block";
}

TEST_F(SpanCheck, TrustTakesTheMemoryForWhatItSays) {
    expect_span(pba_span_trust(&set_, ba_memory_of(at(4), ba_bytes(5 * kBlock)), 0), chunks_[0], 4,
                5);
    expect_span(pba_span_trust(&set_, ba_memory_of(at(4), ba_bytes(4 * kBlock + 1)), 0), chunks_[0],
                4, 5);
    expect_span(pba_span_trust(&set_, ba_memory_of(at(4), ba_bytes(4 * kBlock)), 1), chunks_[0], 4,
                5);
    expect_span(pba_span_trust(&set_, ba_memory_of(at(2), ba_bytes(1)), 0), chunks_[0], 2, 1);
}

TEST_F(SpanCheck, AroundAnAddress) {
    for (const std::size_t offset : {std::size_t{0}, std::size_t{1}, 5 * kBlock - 1}) {
        expect_span(pba_span_around(&set_, at(4, offset)), chunks_[0], 4, 5);
    }
    expect_span(pba_span_around(&set_, at(31, 63)), chunks_[0], 30, 2);
    expect_span(pba_span_around(&set_, at(20)), chunks_[0], 12, 16);
    for (const void *const none :
         {static_cast<const void *>(nullptr), static_cast<const void *>(at(3)),
          static_cast<const void *>(at(9)), static_cast<const void *>(at(10)),
          static_cast<const void *>(at(kBlocks)), static_cast<const void *>(at(2 * kBlocks))}) {
        expect_span(pba_span_around(&set_, none), nullptr, 0, 0);
    }
}

} // namespace
