// Growth end to end: list, interface, pool, backing. Who moves elements, who copies them, and what
// is asked for.
#include <cstdint>
#include <vector>

#include "block_allocator/backing/page_allocator.h"
#include "testing/scripted_allocator.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace {

// Passes calls on, and counts them.
struct Counted {
    ba_block_allocator target;
    bool grows_in_place;
    std::size_t grows;
    std::size_t remaps;
};

Counted &self(void *context) {
    return *static_cast<Counted *>(context);
}

ba_length block_size(const void *context) {
    return ba_block_allocator_block_size(static_cast<const Counted *>(context)->target);
}

ba_memory alloc(void *context, ba_length minimum, ba_alignment alignment, ba_call_site site) {
    return ba_block_alloc_at(self(context).target, minimum, alignment, site);
}

ba_length_result resize(void *context, ba_memory memory, ba_alignment alignment, ba_length minimum,
                        ba_call_site site) {
    if (!self(context).grows_in_place && minimum.bytes > ba_memory_length(memory).bytes) {
        return ba_length_result_none(ba_error_of(BA_NOT_IN_PLACE));
    }
    return ba_block_resize_at(self(context).target, memory, alignment, minimum, site);
}

ba_error free_memory(void *context, ba_memory memory, ba_alignment alignment, ba_call_site site) {
    return ba_block_free_at(self(context).target, memory, alignment, site);
}

ba_length_result grow_between(void *context, ba_memory memory, ba_alignment alignment,
                              ba_length minimum, ba_length wanted, ba_call_site site) {
    if (!self(context).grows_in_place) {
        return ba_length_result_none(ba_error_of(BA_NOT_IN_PLACE));
    }
    self(context).grows++;
    return ba_block_grow_between_at(self(context).target, memory, alignment, minimum, wanted, site);
}

ba_memory remap(void *context, ba_memory memory, ba_alignment alignment, ba_length minimum,
                ba_call_site site) {
    const ba_memory moved =
        ba_block_remap_at(self(context).target, memory, alignment, minimum, site);
    if (!ba_memory_is_none(moved)) {
        self(context).remaps++;
    }
    return moved;
}

ba_block_allocator counted(Counted *counts) {
    static ba_operations operations = {};
    operations.size = sizeof operations;
    operations.block_size = block_size;
    operations.alloc = alloc;
    operations.resize = resize;
    operations.free = free_memory;
    operations.grow_between = grow_between;
    operations.remap = remap;
    return ba_block_allocator_of(counts, &operations);
}

} // namespace

#define PBA_NAME growing_pool
#define PBA_BLOCK_SIZE 4096
#define PBA_BACKING_REQUEST_SIZE 65536
#include "pba/define.h"

static ba_block_allocator blocks;

#define SAB_NAME growing
#define SAB_TYPE std::uint32_t
#define SAB_ALLOCATOR blocks
#include "static_buffer/define.h"

static growing_pool pool_of_type;

#define SAB_NAME bound
#define SAB_TYPE std::uint32_t
#define SAB_ALLOCATOR pool_of_type
#define SAB_POOL_TYPE growing_pool
#include "static_buffer/define.h"

namespace {

using ba_testing::ScriptedAllocator;
using ba_testing::StrictBacking;
using ba_testing::StrictBackingOptions;

constexpr std::uint32_t kMany = 1024 * 1024;

// Appends many numbers and says how often the first one moved.
template <typename List>
std::size_t append_many(List *list) {
    std::size_t moves = 0;
    for (std::uint32_t i = 0; i < kMany; i++) {
        const std::uint32_t *const before = list->ptr;
        sab_append(list, i);
        moves += before != nullptr && before != list->ptr ? 1 : 0;
    }
    return moves;
}

template <typename List>
void expect_many(const List &list) {
    ASSERT_EQ(list.len, kMany);
    for (std::uint32_t i = 0; i < kMany; i++) {
        ASSERT_EQ(list.ptr[i], i);
    }
}

TEST(GrowthTest, OverReservedAddressesAListAtTheEndOfItsChunkNeverMoves) {
    ba_pages pages;
    ba_page_options options = {};
    options.reserve = ba_bytes(std::size_t{64} << 20);
    ASSERT_EQ(ba_pages_init(&pages, options).code, BA_OK);
    Counted counts = {ba_pages_block_allocator(&pages), true, 0, 0};
    growing_pool pool = growing_pool_new_over_blocks(counted(&counts));
    blocks = growing_pool_block_allocator(&pool);
    const ba_memory neighbour = ba_block_alloc(blocks, ba_bytes(1), ba_align(1));
    growing_list list = {};
    EXPECT_EQ(append_many(&list), 0u);
    expect_many(list);
    EXPECT_GT(counts.grows, 0u);
    EXPECT_EQ(counts.remaps, 0u);
    EXPECT_EQ(growing_pool_stats(&pool).chunks, 1u);
    EXPECT_EQ(growing_pool_stats(&pool).allocations, 2u);
    sab_release(&list);
    EXPECT_EQ(ba_block_free(blocks, neighbour, ba_align(1)).code, BA_OK);
    EXPECT_EQ(growing_pool_release_all(&pool, PBA_REPORT_IN_USE).code, BA_OK);
}

TEST(GrowthTest, OverPlainPagesAListThatIsItsWholeChunkIsMovedByRemapping) {
    // Pages might grow in place by luck; here they do not.
    Counted counts = {ba_page_block_allocator(), false, 0, 0};
    growing_pool pool = growing_pool_new_over_blocks(counted(&counts));
    blocks = growing_pool_block_allocator(&pool);
    growing_list list = growing_list_with_capacity(65536 / sizeof(std::uint32_t));
    EXPECT_EQ(list.cap, 65536 / sizeof(std::uint32_t)) << "all of its chunk";
    (void)append_many(&list);
    expect_many(list);
    EXPECT_EQ(counts.remaps, 6u) << "doubled from 64 KiB to 4 MiB";
    EXPECT_EQ(growing_pool_stats(&pool).allocations, 1u) << "never again, so never copied";
    EXPECT_EQ(growing_pool_stats(&pool).chunks, 1u);
    sab_release(&list);
    EXPECT_EQ(growing_pool_release_all(&pool, PBA_REPORT_IN_USE).code, BA_OK);
}

TEST(GrowthTest, AListBoundToAPoolGrowsTheSameWay) {
    Counted counts = {ba_page_block_allocator(), false, 0, 0};
    pool_of_type = growing_pool_new_over_blocks(counted(&counts));
    bound_list list = bound_list_with_capacity(65536 / sizeof(std::uint32_t));
    (void)append_many(&list);
    expect_many(list);
    EXPECT_EQ(counts.remaps, 6u);
    EXPECT_EQ(growing_pool_stats(&pool_of_type).allocations, 1u);
    sab_release(&list);
    EXPECT_EQ(growing_pool_release_all(&pool_of_type, PBA_REPORT_IN_USE).code, BA_OK);
}

TEST(GrowthTest, InPlaceIsAskedForAtLeastWhatIsNeededAndAtMostTwice) {
    StrictBackingOptions options;
    options.block_size = 64;
    options.grows_in_place = true;
    options.room = 4096;
    StrictBacking backing(options);
    blocks = backing.block_allocator();
    growing_list list = {};
    sab_append(&list, 1U);
    EXPECT_EQ(list.cap, 16u) << "all of the span";
    sab_append_n(&list, 2U, 16);
    EXPECT_EQ(list.cap, 32u) << "twice, where it stands";
    sab_ensure_capacity(&list, 40);
    EXPECT_EQ(list.cap, 48u) << "no more than 40, rounded up to blocks";
    EXPECT_TRUE(sab_ensure_capacity_in_place(&list, 50));
    EXPECT_EQ(list.cap, 64u);
    sab_append_n(&list, 3U, 200);
    EXPECT_EQ(list.cap, 224u) << "217 are more than twice 64";
    EXPECT_EQ(backing.frees(), 0u);
    sab_release(&list);
}

TEST(GrowthTest, TakesWhatIsNeededWhereTwiceIsRefused) {
    StrictBackingOptions options;
    options.block_size = 64;
    StrictBacking backing(options);
    blocks = backing.block_allocator();
    growing_list list = {};
    sab_append_n(&list, 1U, 16);
    // Growing in place is refused anyway; then twice is, and then not what is needed.
    backing.refuse_when([](std::size_t call) { return call <= 2; });
    EXPECT_EQ(sab_try_append_n(&list, 2U, 3).code, BA_OK);
    EXPECT_EQ(list.len, 19u);
    EXPECT_EQ(list.cap, 32u);
    backing.refuse_none();
    sab_release(&list);
}

TEST(GrowthTest, ErrorsOtherThanRefusalsAreReturned) {
    ScriptedAllocator script;
    blocks = script.block_allocator();
    script.will_return(script.a(64));
    growing_list list = growing_list_with_capacity(16);
    sab_append_n(&list, 1U, 16);
    script.take_calls();
    script.will_refuse_resize(BA_CORRUPT);
    EXPECT_EQ(sab_try_append(&list, 2U).code, BA_CORRUPT);
    script.will_refuse_resize(BA_CORRUPT);
    EXPECT_FALSE(sab_ensure_unused_in_place(&list, 1));
    EXPECT_EQ(script.take_calls().find("alloc"), std::string::npos);
    EXPECT_EQ(list.len, 16u);
    EXPECT_EQ(list.cap, 16u);
    EXPECT_EQ(static_cast<void *>(list.ptr), script.a());
    script.will_return(ba_error_of(BA_OK));
    sab_release(&list);
}

TEST(GrowthTest, ACutThatTheAllocatorRejectsLeavesTheCapacity) {
    ScriptedAllocator script;
    blocks = script.block_allocator();
    script.will_return(script.a(128));
    growing_list list = growing_list_with_capacity(32);
    sab_append_n(&list, 1U, 3);
    script.will_refuse_resize(BA_CORRUPT);
    sab_shrink_to_fit(&list);
    EXPECT_EQ(list.len, 3u);
    EXPECT_EQ(list.cap, 32u);
    script.will_return(ba_error_of(BA_OK));
    sab_release(&list);
}

TEST(GrowthTest, AsksForNoMoreThanNeededWhereTwiceCannotBeCounted) {
    constexpr sab_layout kBytes = {1, 1, 0};
    const std::size_t half = SIZE_MAX / 2 + 1;
    const sab_growth most = sab_core_growth(kBytes, half - 1, half);
    EXPECT_EQ(most.minimum.bytes, half);
    EXPECT_EQ(most.wanted.bytes, SIZE_MAX - 1);
    const sab_growth exact = sab_core_growth(kBytes, half, half + 1);
    EXPECT_EQ(exact.minimum.bytes, half + 1);
    EXPECT_EQ(exact.wanted.bytes, half + 1);
}

TEST(GrowthTest, MovesTheElementsAndNotTheCapacity) {
    StrictBackingOptions options;
    options.block_size = 64;
    StrictBacking backing(options);
    blocks = backing.block_allocator();
    growing_list list = growing_list_with_capacity(16);
    sab_append(&list, 7U);
    // The rest has never been written to; MemorySanitizer and Valgrind would see it read.
    sab_ensure_capacity(&list, 1000);
    EXPECT_EQ(list.ptr[0], 7u);
    EXPECT_EQ(list.len, 1u);
    EXPECT_EQ(backing.grants(), 1u);
    sab_release(&list);
}

} // namespace
