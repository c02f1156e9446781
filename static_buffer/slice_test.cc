// Slices: life, size, back and forth to lists, and what their allocator gets back.
#include <cstring>
#include <vector>

#include "testing/buffers/buffer_fixture.h"
#include "gtest/gtest.h"

namespace {

using buffer_testing::BoundBacking;
using buffer_testing::elements_of;
using buffer_testing::numbers_of;
using buffer_testing::whole_blocks;
using buffer_testing::Wide;
using buffer_testing::with_remap;
using buffer_testing::with_room;

ba_block_allocator blocks;

using Numbers = std::vector<std::uint32_t>;

} // namespace

#define SAB_NAME words
#define SAB_TYPE uint32_t
#define SAB_ALLOCATOR blocks
#define SAB_SCALAR
#include "static_buffer/define.h"

#define SAB_NAME text
#define SAB_TYPE char
#define SAB_ALLOCATOR blocks
#define SAB_SENTINEL '\0'
#define SAB_ALIGNMENT 32
#define SAB_SCALAR
#include "static_buffer/define.h"

#define SAB_NAME wides
#define SAB_TYPE Wide
#define SAB_ALLOCATOR blocks
#include "static_buffer/define.h"

namespace {

words_slice words_of(const Numbers &numbers) {
    words_slice slice = words_slice_of(numbers.size());
    for (std::size_t i = 0; i < numbers.size(); i++) {
        slice.ptr[i] = numbers[i];
    }
    return slice;
}

text_slice text_of(const char *characters) {
    text_list list = {};
    sab_append_items(&list, characters, std::strlen(characters));
    return sab_into_slice(&list);
}

// --- life

TEST(SliceTest, OfIsExactAndOfAtLeastIsTheWholeSpan) {
    BoundBacking backing(&blocks, whole_blocks(64));
    for (std::size_t count = 1; count <= 40; count++) {
        words_slice exact = words_slice_of(count);
        EXPECT_EQ(exact.len, count);
        words_slice whole = words_slice_of_at_least(count);
        EXPECT_EQ(whole.len, (count + 15) / 16 * 16);
        EXPECT_EQ(backing.bytes(), 2 * whole.len * 4);
        sab_release(&exact);
        sab_release(&whole);
        EXPECT_EQ(backing.grants(), 0u);
    }
}

TEST(SliceTest, TheSentinelTakesAPlaceOfTheSpan) {
    BoundBacking backing(&blocks, whole_blocks(64));
    text_slice exact = text_slice_of(63);
    EXPECT_EQ(backing.bytes(), 64u);
    EXPECT_EQ(exact.ptr[63], '\0');
    sab_release(&exact);
    exact = text_slice_of(64);
    EXPECT_EQ(backing.bytes(), 128u);
    EXPECT_EQ(exact.ptr[64], '\0');
    sab_release(&exact);
    text_slice whole = text_slice_of_at_least(64);
    EXPECT_EQ(whole.len, 127u);
    EXPECT_EQ(whole.ptr[127], '\0');
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(whole.ptr) % 32, 0u);
    sab_release(&whole);
}

TEST(SliceTest, OfNothingOwnsNothing) {
    BoundBacking backing(&blocks, whole_blocks(64));
    text_slice slice = text_slice_of(0);
    EXPECT_EQ(slice.ptr, nullptr);
    slice = text_slice_of_at_least(0);
    EXPECT_EQ(slice.ptr, nullptr);
    EXPECT_EQ(slice.len, 0u);
    text_slice copy = sab_clone(&slice);
    EXPECT_EQ(copy.ptr, nullptr);
    text_list list = sab_into_list(&slice);
    EXPECT_EQ(list.ptr, nullptr);
    EXPECT_EQ(list.cap, 0u);
    sab_resize(&slice, 0);
    sab_resize_at_least(&slice, 0);
    EXPECT_TRUE(sab_resize_in_place(&slice, 0));
    EXPECT_TRUE(sab_resize_at_least_in_place(&slice, 0));
    EXPECT_FALSE(sab_resize_in_place(&slice, 1)) << "there is no place yet";
    EXPECT_FALSE(sab_resize_at_least_in_place(&slice, 1));
    EXPECT_STREQ(sab_terminated(&slice), "");
    sab_release(&slice);
    sab_release(&slice);
    EXPECT_EQ(backing.calls(), 0u);
}

TEST(SliceTest, AnEmptyListBecomesAnEmptySliceAndGivesItsMemoryBack) {
    BoundBacking backing(&blocks, whole_blocks(64));
    words_list list = words_list_with_capacity(20);
    words_slice slice = sab_into_slice(&list);
    EXPECT_EQ(slice.ptr, nullptr);
    EXPECT_EQ(list.ptr, nullptr);
    EXPECT_EQ(backing.grants(), 0u);
}

TEST(SliceTest, ClonesAreIndependent) {
    BoundBacking backing(&blocks, whole_blocks(64));
    text_slice slice = text_of("a clone");
    text_slice copy = sab_clone(&slice);
    text_slice third = {};
    EXPECT_EQ(sab_try_clone(&slice, &third).code, BA_OK);
    EXPECT_NE(copy.ptr, slice.ptr);
    EXPECT_TRUE(sab_equal(&copy, &slice));
    copy.ptr[0] = 'b';
    EXPECT_STREQ(sab_terminated(&slice), "a clone");
    EXPECT_STREQ(sab_terminated(&copy), "b clone");
    EXPECT_LT(sab_compare(&slice, &copy), 0);
    sab_release(&slice);
    EXPECT_STREQ(sab_terminated(&third), "a clone");
    sab_release(&copy);
    sab_release(&third);
}

// --- size

TEST(SliceTest, ResizeKeepsWhatStays) {
    for (const auto &options : {whole_blocks(64), with_room(64, 128), with_remap(64)}) {
        BoundBacking backing(&blocks, options);
        words_slice slice = words_of({1, 2, 3});
        for (const std::size_t count : {4u, 16u, 17u, 100u, 50u, 16u, 3u}) {
            sab_resize(&slice, count);
            EXPECT_EQ(slice.len, count);
            EXPECT_EQ(backing.bytes(), (count + 15) / 16 * 64);
            EXPECT_EQ(numbers_of(sab_view_range(&slice, 0, 3)), (Numbers{1, 2, 3}));
        }
        sab_resize(&slice, 2);
        EXPECT_EQ(numbers_of(slice), (Numbers{1, 2}));
        sab_resize(&slice, 0);
        EXPECT_EQ(slice.ptr, nullptr);
        EXPECT_EQ(backing.grants(), 0u);
        sab_resize(&slice, 1);
        EXPECT_EQ(slice.len, 1u);
        sab_release(&slice);
    }
}

TEST(SliceTest, ResizeAtLeastTakesTheWholeSpan) {
    BoundBacking backing(&blocks, whole_blocks(64));
    words_slice slice = words_of({1, 2, 3});
    sab_resize_at_least(&slice, 3);
    EXPECT_EQ(slice.len, 16u);
    EXPECT_EQ(sab_try_resize_at_least(&slice, 17).code, BA_OK);
    EXPECT_EQ(slice.len, 32u);
    EXPECT_EQ(backing.bytes(), 128u);
    sab_resize_at_least(&slice, 2);
    EXPECT_EQ(slice.len, 16u);
    EXPECT_EQ(backing.bytes(), 64u);
    EXPECT_EQ(numbers_of(sab_view_range(&slice, 0, 2)), (Numbers{1, 2}));
    sab_resize_at_least(&slice, 0);
    EXPECT_EQ(backing.grants(), 0u);
}

TEST(SliceTest, InPlaceNeverMoves) {
    BoundBacking backing(&blocks, with_room(64, 64));
    words_slice slice = words_of({1, 2, 3});
    const std::uint32_t *const before = slice.ptr;
    EXPECT_TRUE(sab_resize_in_place(&slice, 16));
    EXPECT_TRUE(sab_resize_in_place(&slice, 17));
    EXPECT_EQ(slice.len, 17u);
    EXPECT_EQ(backing.bytes(), 128u);
    EXPECT_TRUE(sab_resize_at_least_in_place(&slice, 18));
    EXPECT_EQ(slice.len, 32u);
    EXPECT_FALSE(sab_resize_in_place(&slice, 33));
    EXPECT_FALSE(sab_resize_at_least_in_place(&slice, 33));
    EXPECT_FALSE(sab_resize_in_place(&slice, SIZE_MAX));
    EXPECT_FALSE(sab_resize_at_least_in_place(&slice, SIZE_MAX));
    EXPECT_EQ(slice.len, 32u);
    EXPECT_EQ(backing.bytes(), 128u);
    EXPECT_TRUE(sab_resize_in_place(&slice, 3));
    EXPECT_EQ(backing.bytes(), 64u);
    EXPECT_EQ(slice.ptr, before);
    EXPECT_EQ(numbers_of(slice), (Numbers{1, 2, 3}));
    EXPECT_TRUE(sab_resize_in_place(&slice, 0));
    EXPECT_EQ(slice.ptr, nullptr);
    EXPECT_EQ(backing.grants(), 0u);
}

TEST(SliceTest, AnImpossibleLengthLeavesTheSliceAsItWas) {
    BoundBacking backing(&blocks, whole_blocks(64));
    words_slice slice = words_of({1, 2, 3});
    const words_slice before = slice;
    words_slice none = {};
    EXPECT_EQ(words_slice_try_of(&none, SIZE_MAX).code, BA_LIMIT);
    EXPECT_EQ(words_slice_try_of_at_least(&none, SIZE_MAX).code, BA_LIMIT);
    EXPECT_EQ(sab_try_resize(&slice, SIZE_MAX).code, BA_LIMIT);
    EXPECT_EQ(sab_try_resize_at_least(&slice, SIZE_MAX).code, BA_LIMIT);
    EXPECT_EQ(none.ptr, nullptr);
    EXPECT_EQ(std::memcmp(&slice, &before, sizeof slice), 0);
    EXPECT_EQ(numbers_of(slice), (Numbers{1, 2, 3}));
    sab_release(&slice);
}

TEST(SliceTest, TheSentinelFollowsTheLength) {
    BoundBacking backing(&blocks, with_room(64, 64));
    text_slice slice = text_of("sentinel");
    EXPECT_EQ(sab_try_resize(&slice, 4).code, BA_OK);
    EXPECT_STREQ(sab_terminated(&slice), "sent");
    EXPECT_TRUE(sab_resize_in_place(&slice, 70));
    EXPECT_EQ(slice.ptr[70], '\0');
    EXPECT_FALSE(sab_resize_in_place(&slice, 128)) << "no place for the sentinel";
    EXPECT_EQ(slice.ptr[70], '\0');
    sab_resize(&slice, 200);
    EXPECT_EQ(slice.ptr[200], '\0');
    EXPECT_EQ(std::memcmp(slice.ptr, "sent", 4), 0);
    sab_release(&slice);
}

// --- lists and slices into each other

TEST(SliceTest, ConvertingToAListAndBackMovesNoElement) {
    BoundBacking backing(&blocks, whole_blocks(64));
    words_list list = words_list_with_capacity(100);
    sab_append_n(&list, 5, 20);
    const std::uint32_t *const before = list.ptr;
    words_slice slice = sab_into_slice(&list);
    EXPECT_EQ(backing.bytes(), 128u);
    EXPECT_EQ(slice.ptr, before);
    EXPECT_EQ(list.ptr, nullptr);
    EXPECT_EQ(list.cap, 0u);
    list = sab_into_list(&slice);
    EXPECT_EQ(list.ptr, before);
    EXPECT_EQ(list.len, 20u);
    EXPECT_EQ(list.cap, 32u) << "the whole span";
    EXPECT_EQ(slice.ptr, nullptr);
    EXPECT_EQ(slice.len, 0u);
    sab_append_n(&list, 6, 12);
    EXPECT_EQ(list.ptr, before);
    sab_release(&list);
}

TEST(SliceTest, APartOfAListBecomesASlice) {
    BoundBacking backing(&blocks, whole_blocks(64));
    words_list list = {};
    const Numbers numbers = {1, 2, 3, 4, 5};
    sab_append_items(&list, numbers.data(), numbers.size());
    words_slice middle = sab_part_into_slice(&list, 1, 2);
    words_slice none = sab_part_into_slice(&list, 3, 0);
    EXPECT_EQ(numbers_of(middle), (Numbers{2, 3}));
    EXPECT_EQ(numbers_of(list), (Numbers{1, 4, 5}));
    EXPECT_EQ(none.ptr, nullptr);
    words_slice rest = {};
    EXPECT_EQ(sab_try_part_into_slice(&list, 0, 3, &rest).code, BA_OK);
    EXPECT_EQ(numbers_of(rest), (Numbers{1, 4, 5}));
    EXPECT_EQ(list.len, 0u);
    EXPECT_NE(list.cap, 0u);
    sab_append_slice(&list, &rest);
    sab_append_slice(&list, &middle);
    sab_append_slice(&list, &none);
    EXPECT_EQ(numbers_of(list), (Numbers{1, 4, 5, 2, 3}));
    EXPECT_EQ(backing.grants(), 1u);
    EXPECT_EQ(middle.ptr, nullptr);
    EXPECT_EQ(middle.len, 0u);
    sab_release(&list);
}

// --- elements longer than a block

TEST(SliceTest, WhereElementsAreLongerThanBlocksNoBlockIsLost) {
    // Room for a part of an element each: the span's end lies in no place.
    for (const std::size_t room : {0u, 64u, 128u, 192u, 256u, 320u}) {
        BoundBacking backing(&blocks, with_room(64, room));
        for (std::size_t count = 1; count < 8; count++) {
            wides_list list = {};
            const std::vector<Wide> items = elements_of<Wide>(Numbers(count, 3));
            sab_append_items(&list, items.data(), 1);
            sab_append_items(&list, items.data(), count);
            const bool grew = sab_ensure_unused_in_place(&list, 1);
            EXPECT_GE(list.cap, count + 1 + (grew ? 1 : 0));
            EXPECT_EQ(backing.bytes(), (list.cap * 100 + 63) / 64 * 64);
            wides_slice slice = sab_into_slice(&list);
            EXPECT_EQ(backing.bytes(), ((count + 1) * 100 + 63) / 64 * 64);
            sab_resize_at_least(&slice, count + 2);
            EXPECT_EQ(backing.bytes(), (slice.len * 100 + 63) / 64 * 64);
            EXPECT_EQ(numbers_of(sab_view_range(&slice, 0, count + 1)), Numbers(count + 1, 3));
            sab_release(&slice);
            EXPECT_EQ(backing.grants(), 0u);
        }
    }
}

// --- elements

TEST(SliceTest, ElementsAreReadSortedAndFound) {
    BoundBacking backing(&blocks, whole_blocks(64));
    words_slice slice = words_of({3, 1, 2, 1});
    EXPECT_EQ(*sab_at(&slice, 0), 3u);
    *sab_at_mut(&slice, 0) = 4;
    EXPECT_EQ(*sab_first(&slice), 4u);
    EXPECT_EQ(*sab_last(&slice), 1u);
    EXPECT_EQ(sab_end(&slice) - sab_begin(&slice), 4);
    sab_reverse(&slice);
    EXPECT_EQ(numbers_of(slice), (Numbers{1, 2, 1, 4}));
    sab_swap(&slice, 0, 1);
    sab_swap(&slice, 3, 3);
    EXPECT_EQ(numbers_of(sab_view(&slice)), (Numbers{2, 1, 1, 4}));
    const std::uint32_t one = 1;
    const std::uint32_t three = 3;
    EXPECT_EQ(sab_find(&slice, &one).index, 1u);
    EXPECT_TRUE(sab_find(&slice, &one).found);
    EXPECT_FALSE(sab_find(&slice, &three).found);
    EXPECT_EQ(sab_find(&slice, &three).index, 4u);
    sab_sort(&slice);
    EXPECT_EQ(numbers_of(slice), (Numbers{1, 1, 2, 4}));
    EXPECT_EQ(sab_binary_search(&slice, &one).index, 0u) << "the first of equals";
    EXPECT_TRUE(sab_binary_search(&slice, &one).found);
    EXPECT_EQ(sab_binary_search(&slice, &three).index, 3u);
    EXPECT_FALSE(sab_binary_search(&slice, &three).found);
    sab_release(&slice);
    EXPECT_EQ(sab_first(&slice), nullptr);
    EXPECT_EQ(sab_last(&slice), nullptr);
    EXPECT_EQ(sab_begin(&slice), nullptr);
    EXPECT_EQ(sab_end(&slice), nullptr);
    EXPECT_EQ(sab_view(&slice).ptr, nullptr);
    sab_reverse(&slice);
    sab_sort(&slice);
    EXPECT_FALSE(sab_binary_search(&slice, &one).found);
    EXPECT_FALSE(sab_find(&slice, &one).found);
}

} // namespace
