#include "block_allocator/block_adapter.h"

#include <cstdint>

#include "block_allocator/buffer_allocator.h"
#include "testing/recording_parent.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::RecordedCall;
using ba_testing::RecordingParent;
using ba_testing::RecordingTable;
using ba_testing::StrictBacking;

constexpr std::size_t kBlock = 64;

const ba_call_site site = ba_call_site_of_text("here");

std::size_t length(ba_memory memory) {
    return ba_memory_length(memory).bytes;
}
std::size_t length(ba_length_result result) {
    return ba_length_result_length(result).bytes;
}
ba_error_code error(ba_memory memory) {
    return ba_memory_error(memory).code;
}
ba_error_code error(ba_length_result result) {
    return ba_length_result_error(result).code;
}

ba_memory with_length(ba_memory memory, std::size_t bytes) {
    return ba_memory_of(ba_memory_pointer(memory), ba_bytes(bytes));
}

class BlockAdapter : public ::testing::Test {
  protected:
    ba_block_allocator over(ba_allocator parent) {
        EXPECT_EQ(ba_block_adapter_init(&adapter_, parent, ba_bytes(kBlock)).code, BA_OK);
        return ba_block_adapter_block_allocator(&adapter_);
    }

    ba_block_adapter adapter_;
};

TEST_F(BlockAdapter, ABlockSizeIsAPowerOfTwo) {
    StrictBacking backing;
    for (const std::size_t wrong : {std::size_t{0}, std::size_t{3}, std::size_t{65}, SIZE_MAX}) {
        EXPECT_EQ(ba_block_adapter_init(&adapter_, backing.allocator(), ba_bytes(wrong)).code,
                  BA_BAD_ALIGN)
            << wrong;
    }
    for (const std::size_t right : {std::size_t{1}, std::size_t{4096}, SIZE_MAX / 2 + 1}) {
        EXPECT_EQ(ba_block_adapter_init(&adapter_, backing.allocator(), ba_bytes(right)).code,
                  BA_OK);
        EXPECT_EQ(ba_block_allocator_block_size(ba_block_adapter_block_allocator(&adapter_)).bytes,
                  right);
    }
}

TEST_F(BlockAdapter, GivesWholeBlocksOfAnExactParent) {
    StrictBacking backing;
    const ba_block_allocator blocks = over(backing.allocator());
    for (const std::size_t bytes : {std::size_t{1}, kBlock - 1, kBlock}) {
        const ba_memory memory = ba_block_alloc(blocks, ba_bytes(bytes), ba_align(8));
        EXPECT_EQ(length(memory), kBlock) << bytes;
        EXPECT_EQ(backing.bytes(), kBlock) << bytes;
        EXPECT_EQ(ba_block_free(blocks, with_length(memory, bytes), ba_align(8)).code, BA_OK)
            << "any length that fits the memory may be given back";
        EXPECT_EQ(backing.grants(), 0u);
    }
    const ba_memory memory = ba_block_alloc(blocks, ba_bytes(kBlock + 1), ba_align(8));
    EXPECT_EQ(length(memory), 2 * kBlock);
    EXPECT_EQ(ba_block_free(blocks, memory, ba_align(8)).code, BA_OK);
}

TEST_F(BlockAdapter, StatesItsOwnBlockSizeOverAParentOfLargerOnes) {
    RecordingParent parent(4 * kBlock);
    const ba_block_allocator blocks = over(parent.allocator());
    const ba_memory memory = ba_block_alloc(blocks, ba_bytes(kBlock + 1), ba_align(1));
    EXPECT_EQ(length(memory), 2 * kBlock);
    EXPECT_EQ(length(ba_block_resize(blocks, memory, ba_align(1), ba_bytes(1))), kBlock);
    EXPECT_EQ(length(ba_block_remap(blocks, memory, ba_align(1), ba_bytes(1))), kBlock);
    EXPECT_EQ(length(ba_block_grow_between(blocks, memory, ba_align(1), ba_bytes(1),
                                           ba_bytes(2 * kBlock + 1))),
              3 * kBlock);
}

TEST_F(BlockAdapter, ResizesInWholeBlocks) {
    StrictBacking backing({/*block_size=*/1, /*max_alignment=*/8, /*grows_in_place=*/true,
                           /*room=*/2 * kBlock});
    const ba_block_allocator blocks = over(backing.allocator());
    const ba_memory memory = ba_block_alloc(blocks, ba_bytes(1), ba_align(8));
    EXPECT_EQ(length(ba_block_resize(blocks, with_length(memory, 1), ba_align(8), ba_bytes(65))),
              2 * kBlock);
    EXPECT_EQ(backing.bytes(), 2 * kBlock);
    EXPECT_EQ(error(ba_block_resize(blocks, with_length(memory, 65), ba_align(8),
                                    ba_bytes(3 * kBlock + 1))),
              BA_NOT_IN_PLACE);
    EXPECT_EQ(backing.bytes(), 2 * kBlock);
    EXPECT_EQ(length(ba_block_resize(blocks, with_length(memory, 65), ba_align(8), ba_bytes(1))),
              kBlock);
    EXPECT_EQ(backing.bytes(), kBlock);
    EXPECT_EQ(ba_block_free(blocks, memory, ba_align(8)).code, BA_OK);
}

TEST_F(BlockAdapter, GrowsBetweenToWholeBlocksOnly) {
    // Spare room that ends inside a block: the parent goes to its last byte.
    StrictBacking backing({/*block_size=*/1, /*max_alignment=*/8, /*grows_in_place=*/true,
                           /*room=*/kBlock + kBlock / 2});
    const ba_block_allocator blocks = over(backing.allocator());
    const ba_memory memory = ba_block_alloc(blocks, ba_bytes(1), ba_align(8));
    EXPECT_EQ(error(ba_block_grow_between(blocks, memory, ba_align(8), ba_bytes(2 * kBlock + 1),
                                          ba_bytes(SIZE_MAX))),
              BA_NOT_IN_PLACE);
    EXPECT_EQ(backing.bytes(), kBlock);
    EXPECT_EQ(length(ba_block_grow_between(blocks, memory, ba_align(8), ba_bytes(kBlock + 1),
                                           ba_bytes(SIZE_MAX))),
              2 * kBlock);
    EXPECT_EQ(backing.bytes(), 2 * kBlock) << "the parent knows of the cut";
    EXPECT_EQ(ba_block_free(blocks, with_length(memory, 2 * kBlock), ba_align(8)).code, BA_OK);
}

TEST_F(BlockAdapter, LengthsThatCannotBeRoundedUpAreOverTheLimit) {
    StrictBacking backing({/*block_size=*/1, /*max_alignment=*/8, /*grows_in_place=*/true,
                           /*room=*/kBlock, /*remaps=*/true});
    const ba_block_allocator blocks = over(backing.allocator());
    const ba_memory memory = ba_block_alloc(blocks, ba_bytes(1), ba_align(1));
    const std::size_t calls = backing.calls();
    const ba_length over_limit = ba_bytes(SIZE_MAX - kBlock + 2);
    EXPECT_EQ(error(ba_block_alloc(blocks, over_limit, ba_align(1))), BA_LIMIT);
    EXPECT_EQ(error(ba_block_resize(blocks, memory, ba_align(1), over_limit)), BA_LIMIT);
    EXPECT_EQ(error(ba_block_remap(blocks, memory, ba_align(1), over_limit)), BA_LIMIT);
    EXPECT_EQ(error(ba_block_grow_between(blocks, memory, ba_align(1), over_limit, over_limit)),
              BA_LIMIT);
    EXPECT_EQ(backing.calls(), calls) << "the parent is not asked";
    EXPECT_EQ(error(ba_block_alloc(blocks, ba_bytes(SIZE_MAX - kBlock + 1), ba_align(1))),
              BA_OUT_OF_MEMORY);
    EXPECT_EQ(ba_block_free(blocks, memory, ba_align(1)).code, BA_OK);
}

TEST_F(BlockAdapter, EveryRefusalOfTheParentIsPassedOnAndChangesNothing) {
    StrictBacking backing({/*block_size=*/1, /*max_alignment=*/8, /*grows_in_place=*/true,
                           /*room=*/kBlock, /*remaps=*/true});
    const ba_block_allocator blocks = over(backing.allocator());
    const ba_memory memory = ba_block_alloc(blocks, ba_bytes(1), ba_align(1));
    backing.refuse_from(1);
    EXPECT_EQ(error(ba_block_alloc(blocks, ba_bytes(1), ba_align(1))), BA_OUT_OF_MEMORY);
    EXPECT_EQ(error(ba_block_alloc(blocks, ba_bytes(1), ba_align(16))), BA_BAD_ALIGN);
    EXPECT_EQ(error(ba_block_resize(blocks, memory, ba_align(1), ba_bytes(65))), BA_OUT_OF_MEMORY);
    EXPECT_EQ(error(ba_block_grow_between(blocks, memory, ba_align(1), ba_bytes(65), ba_bytes(70))),
              BA_OUT_OF_MEMORY);
    EXPECT_EQ(error(ba_block_remap(blocks, memory, ba_align(1), ba_bytes(65))), BA_OUT_OF_MEMORY);
    EXPECT_EQ(backing.bytes(), kBlock);
    EXPECT_EQ(length(ba_block_resize(blocks, memory, ba_align(1), ba_bytes(1))), kBlock);
    EXPECT_EQ(ba_block_free(blocks, memory, ba_align(1)).code, BA_OK);
}

TEST_F(BlockAdapter, PassesEveryOperationOn) {
    RecordingParent parent(1);
    const ba_block_allocator blocks = over(parent.allocator());
    void *const p = parent.address();
    const ba_memory memory = ba_memory_of(p, ba_bytes(1));

    EXPECT_EQ(length(ba_block_alloc_at(blocks, ba_bytes(65), ba_align(16), site)), 2 * kBlock);
    EXPECT_EQ(parent.last(), (RecordedCall{"alloc", nullptr, 0, 16, 128, 0, "here"}));
    EXPECT_EQ(length(ba_block_resize_at(blocks, memory, ba_align(16), ba_bytes(65), site)),
              2 * kBlock);
    EXPECT_EQ(parent.last(), (RecordedCall{"resize", p, 64, 16, 128, 0, "here"}));
    EXPECT_EQ(length(ba_block_grow_between_at(blocks, memory, ba_align(16), ba_bytes(65),
                                              ba_bytes(129), site)),
              3 * kBlock);
    EXPECT_EQ(parent.last(), (RecordedCall{"grow_between", p, 64, 16, 128, 192, "here"}));
    const ba_memory moved = ba_block_remap_at(blocks, memory, ba_align(16), ba_bytes(65), site);
    EXPECT_EQ(parent.last(), (RecordedCall{"remap", p, 64, 16, 128, 0, "here"}));
    EXPECT_EQ(ba_memory_pointer(moved), parent.address_after_remap());
    EXPECT_EQ(length(moved), 2 * kBlock);
    EXPECT_EQ(length(ba_block_discard_at(blocks, memory, site)), 1u);
    EXPECT_EQ(parent.last(), (RecordedCall{"discard", p, 1, 0, 0, 0, "here"}))
        << "a part is no grant: its length is left as it is";
    EXPECT_EQ(ba_block_free_at(blocks, memory, ba_align(16), site).code, BA_OK);
    EXPECT_EQ(parent.last(), (RecordedCall{"free", p, 64, 16, 0, 0, "here"}));
    EXPECT_EQ(ba_block_owns(blocks, p), BA_OWNS);
    EXPECT_EQ(ba_block_owns(blocks, this), BA_OWNS_NOT);
}

TEST_F(BlockAdapter, LeavesToTheParentWhatIsNobodysMemory) {
    RecordingParent parent(1);
    const ba_block_allocator blocks = over(parent.allocator());
    void *const p = parent.address();
    ba_block_free_at(blocks, ba_memory_none(ba_error_of(BA_LIMIT)), ba_align(1), site);
    EXPECT_EQ(parent.last(), (RecordedCall{"free", nullptr, 0, 1, 0, 0, "here"}));
    ba_block_free_at(blocks, ba_memory_of(p, ba_bytes(SIZE_MAX)), ba_align(1), site);
    EXPECT_EQ(parent.last(), (RecordedCall{"free", p, SIZE_MAX, 1, 0, 0, "here"}));
    ba_block_free_at(blocks, ba_memory_of(p, ba_bytes(0)), ba_align(1), site);
    EXPECT_EQ(parent.last(), (RecordedCall{"free", p, 0, 1, 0, 0, "here"}));
}

TEST_F(BlockAdapter, WorksOverAParentWithoutOptionalOperations) {
    RecordingParent parent(1, RecordingTable::kCutShort);
    const ba_block_allocator blocks = over(parent.allocator());
    void *const p = parent.address();
    const ba_memory memory = ba_memory_of(p, ba_bytes(1));
    EXPECT_EQ(length(ba_block_grow_between_at(blocks, memory, ba_align(16), ba_bytes(65),
                                              ba_bytes(129), site)),
              3 * kBlock);
    EXPECT_EQ(parent.last(), (RecordedCall{"resize", p, 64, 16, 192, 0, "here"}));
    EXPECT_EQ(error(ba_block_remap(blocks, memory, ba_align(1), ba_bytes(1))), BA_UNSUPPORTED);
    EXPECT_EQ(length(ba_block_discard(blocks, memory)), 0u);
    EXPECT_EQ(ba_block_owns(blocks, p), BA_OWNS_UNKNOWN);
    EXPECT_EQ(parent.calls(), 1u);
}

TEST_F(BlockAdapter, MakesSmallBlocksOfABufferLarge) {
    alignas(kBlock) unsigned char buffer[3 * kBlock];
    ba_buffer_allocator bump;
    ba_buffer_allocator_init(&bump, ba_memory_of(buffer, ba_bytes(sizeof buffer)));
    const ba_block_allocator blocks = over(ba_buffer_allocator_allocator(&bump));
    const ba_memory memory = ba_block_alloc(blocks, ba_bytes(1), ba_align(1));
    EXPECT_EQ(length(ba_block_grow_between(blocks, memory, ba_align(1), ba_bytes(65),
                                           ba_bytes(SIZE_MAX))),
              3 * kBlock);
    EXPECT_EQ(ba_buffer_allocator_used(&bump).bytes, 3 * kBlock);
    EXPECT_EQ(ba_block_free(blocks, with_length(memory, 129), ba_align(1)).code, BA_OK);
    EXPECT_EQ(ba_buffer_allocator_used(&bump).bytes, 0u);
    ba_buffer_allocator_release(&bump);
}

} // namespace
