#include "block_allocator/forwarding/block_adapter.h"

#include <cstdint>
#include <string>

#include "block_allocator/backing/buffer_allocator.h"
#include "testing/scripted_allocator.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::ScriptedAllocator;
using ba_testing::StrictBacking;

constexpr std::size_t kBlock = 64;

const ba_call_site site = ba_call_site_of_text("here");

ba_length_result of(std::size_t bytes) {
    return ba_length_result_of(ba_bytes(bytes));
}

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
    ScriptedAllocator parent(4 * kBlock);
    const ba_block_allocator blocks = over(parent.allocator());
    parent.will_return(parent.a(4 * kBlock));
    const ba_memory memory = ba_block_alloc(blocks, ba_bytes(kBlock + 1), ba_align(1));
    EXPECT_EQ(length(memory), 2 * kBlock);
    parent.will_return(of(4 * kBlock));
    EXPECT_EQ(length(ba_block_resize(blocks, memory, ba_align(1), ba_bytes(1))), kBlock);
    parent.will_return(parent.b(4 * kBlock));
    EXPECT_EQ(length(ba_block_remap(blocks, memory, ba_align(1), ba_bytes(1))), kBlock);
    parent.will_return(of(4 * kBlock));
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
    ScriptedAllocator parent(1);
    const ba_block_allocator blocks = over(parent.allocator());
    const ba_memory memory = parent.a(1);

    parent.will_return(parent.a(2 * kBlock));
    const ba_memory given = ba_block_alloc_at(blocks, ba_bytes(65), ba_align(16), site);
    EXPECT_EQ(ba_memory_pointer(given), parent.a());
    EXPECT_EQ(length(given), 2 * kBlock);
    EXPECT_EQ(parent.take_calls(), "alloc(128, align 16, here)");
    parent.will_return(of(2 * kBlock));
    EXPECT_EQ(length(ba_block_resize_at(blocks, memory, ba_align(16), ba_bytes(65), site)),
              2 * kBlock);
    EXPECT_EQ(parent.take_calls(), "resize(A 64, align 16, 128, here)");
    parent.will_return(of(3 * kBlock));
    EXPECT_EQ(length(ba_block_grow_between_at(blocks, memory, ba_align(16), ba_bytes(65),
                                              ba_bytes(129), site)),
              3 * kBlock);
    EXPECT_EQ(parent.take_calls(), "grow_between(A 64, align 16, 128, 192, here)");
    parent.will_return(parent.b(2 * kBlock));
    const ba_memory moved = ba_block_remap_at(blocks, memory, ba_align(16), ba_bytes(65), site);
    EXPECT_EQ(ba_memory_pointer(moved), parent.b());
    EXPECT_EQ(length(moved), 2 * kBlock);
    EXPECT_EQ(parent.take_calls(), "remap(A 64, align 16, 128, here)");
    parent.will_return(of(1));
    EXPECT_EQ(length(ba_block_discard_at(blocks, memory, site)), 1u);
    EXPECT_EQ(parent.take_calls(), "discard(A 1, here)")
        << "a part is no grant: its length is left as it is";
    parent.will_return(ba_error_of(BA_OK));
    EXPECT_EQ(ba_block_free_at(blocks, memory, ba_align(16), site).code, BA_OK);
    EXPECT_EQ(parent.take_calls(), "free(A 64, align 16, here)");
    parent.will_return(BA_OWNS);
    EXPECT_EQ(ba_block_owns(blocks, parent.a()), BA_OWNS);
    parent.will_return(BA_OWNS_NOT);
    EXPECT_EQ(ba_block_owns(blocks, this), BA_OWNS_NOT);
    EXPECT_EQ(parent.take_calls(), "owns(A); owns(?)");
}

TEST_F(BlockAdapter, ForwardsForeignMemoryToTheParent) {
    ScriptedAllocator parent(1);
    const ba_block_allocator blocks = over(parent.allocator());
    const auto free = [&](ba_memory memory) {
        return ba_block_free_at(blocks, memory, ba_align(1), site).code;
    };
    parent.will_return(ba_error_of(BA_FOREIGN));
    EXPECT_EQ(free(ba_memory_none(ba_error_of(BA_LIMIT))), BA_FOREIGN);
    EXPECT_EQ(parent.take_calls(), "free(NULL 0, align 1, here)");
    for (const std::size_t wrong : {SIZE_MAX, std::size_t{0}}) {
        parent.will_return(ba_error_of(BA_SIZE_MISMATCH));
        EXPECT_EQ(free(parent.a(wrong)), BA_SIZE_MISMATCH);
        EXPECT_EQ(parent.take_calls(), "free(A " + std::to_string(wrong) + ", align 1, here)");
    }
}

TEST_F(BlockAdapter, WorksOverAParentWithoutOptionalOperations) {
    ScriptedAllocator parent(1, ScriptedAllocator::Table::kShort);
    const ba_block_allocator blocks = over(parent.allocator());
    const ba_memory memory = parent.a(1);
    parent.will_return(of(3 * kBlock));
    EXPECT_EQ(length(ba_block_grow_between_at(blocks, memory, ba_align(16), ba_bytes(65),
                                              ba_bytes(129), site)),
              3 * kBlock);
    EXPECT_EQ(error(ba_block_remap(blocks, memory, ba_align(1), ba_bytes(1))), BA_UNSUPPORTED);
    EXPECT_EQ(length(ba_block_discard(blocks, memory)), 0u);
    EXPECT_EQ(ba_block_owns(blocks, parent.a()), BA_OWNS_UNKNOWN);
    EXPECT_EQ(parent.take_calls(), "resize(A 64, align 16, 192, here)");
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
