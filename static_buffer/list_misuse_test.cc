// The edges of each function: what is just right, what no memory can hold, and what ends the
// program.
#include <cstring>
#include <string>
#include <vector>

#include "testing/buffers/buffer_fixture.h"
#include "gtest/gtest.h"

namespace {

using buffer_testing::BoundBacking;
using buffer_testing::numbers_of;
using buffer_testing::whole_blocks;
using buffer_testing::with_room;

ba_block_allocator medium_blocks;

using Numbers = std::vector<std::uint32_t>;

} // namespace

#define SAB_NAME medium_u32
#define SAB_TYPE uint32_t
#define SAB_ALLOCATOR medium_blocks
#define SAB_SCALAR
#include "static_buffer/define.h"

#define SAB_NAME medium_text
#define SAB_TYPE char
#define SAB_ALLOCATOR medium_blocks
#define SAB_SENTINEL '\0'
#define SAB_SCALAR
#define SAB_BYTES
#include "static_buffer/define.h"

namespace {

const std::uint32_t items[] = {7, 8, 9};

medium_u32_list list_of(const Numbers &numbers) {
    medium_u32_list list = {};
    sab_append_items(&list, numbers.data(), numbers.size());
    return list;
}

// --- what is just right

TEST(ListEdgeTest, NothingIsDoneToAnEmptyList) {
    BoundBacking backing(&medium_blocks, whole_blocks(16));
    medium_u32_list list = {};
    std::uint32_t item = 0;
    std::uint32_t *slots = nullptr;
    sab_append_items(&list, nullptr, 0);
    sab_append_items_assume_capacity(&list, nullptr, 0);
    sab_insert_items(&list, 0, nullptr, 0);
    sab_append_n(&list, 1, 0);
    sab_insert_n_assume_capacity(&list, 0, 1, 0);
    EXPECT_EQ(sab_append_slots(&list, 0), nullptr);
    EXPECT_EQ(sab_try_insert_slots(&list, 0, 0, &slots).code, BA_OK);
    sab_replace(&list, 0, 0, nullptr, 0);
    sab_replace_assume_capacity(&list, 0, 0, nullptr, 0);
    sab_append_from_within(&list, 0, 0);
    sab_append_from_within_assume_capacity(&list, 0, 0);
    sab_delete_range(&list, 0, 0);
    sab_swap_delete_range(&list, 0, 0);
    sab_move_out_range(&list, 0, 0, nullptr);
    sab_swap_move_out_range(&list, 0, 0, nullptr);
    sab_drain(&list, 0, 0, nullptr, nullptr);
    sab_retain(&list, nullptr, nullptr);
    sab_dedup(&list);
    sab_clear(&list);
    sab_set_len(&list, 0);
    sab_grow_len(&list, 0, 1);
    sab_shrink_len(&list, 0);
    sab_shrink_to_fit(&list);
    sab_ensure_capacity(&list, 0);
    sab_ensure_unused(&list, 0);
    sab_sort(&list);
    sab_reverse(&list);
    EXPECT_TRUE(sab_ensure_capacity_in_place(&list, 0));
    EXPECT_TRUE(sab_ensure_unused_in_place(&list, 0));
    EXPECT_FALSE(sab_ensure_capacity_in_place(&list, 1)) << "there is no place yet";
    EXPECT_FALSE(sab_ensure_unused_in_place(&list, 1));
    EXPECT_FALSE(sab_try_pop(&list, &item));
    EXPECT_EQ(sab_grow_to_capacity(&list), nullptr);
    EXPECT_EQ(sab_spare_capacity(&list).ptr, nullptr);
    EXPECT_EQ(sab_first(&list), nullptr);
    EXPECT_EQ(sab_last(&list), nullptr);
    EXPECT_EQ(sab_begin(&list), nullptr);
    EXPECT_EQ(sab_end(&list), nullptr);
    EXPECT_EQ(sab_view(&list).ptr, nullptr);
    EXPECT_EQ(sab_view_range(&list, 0, 0).len, 0u);
    EXPECT_FALSE(sab_find(&list, &item).found);
    EXPECT_FALSE(sab_binary_search(&list, &item).found);
    EXPECT_TRUE(sab_equal(&list, &list));
    EXPECT_EQ(sab_compare(&list, &list), 0);
    EXPECT_EQ(sab_clone(&list).ptr, nullptr);
    EXPECT_EQ(sab_remove_range(&list, 0, 0).ptr, nullptr);
    EXPECT_EQ(sab_swap_remove_range(&list, 0, 0).ptr, nullptr);
    EXPECT_EQ(sab_split_off(&list, 0).ptr, nullptr);
    EXPECT_EQ(sab_into_slice(&list).ptr, nullptr);
    EXPECT_EQ(sab_part_into_slice(&list, 0, 0).ptr, nullptr);
    EXPECT_EQ(medium_u32_list_with_capacity(0).ptr, nullptr);
    EXPECT_EQ(medium_u32_list_from_raw(nullptr, 0, 0).ptr, nullptr);
    EXPECT_EQ(sab_into_raw(&list).ptr, nullptr);
    sab_release(&list);
    sab_release(&list);
    EXPECT_EQ(backing.calls(), 0u);
}

TEST(ListEdgeTest, AFullListTakesNothingMoreWithoutGrowing) {
    BoundBacking backing(&medium_blocks, whole_blocks(16));
    medium_u32_list list = list_of({1, 2, 3, 4});
    EXPECT_EQ(list.cap, 4u);
    backing.refuse_none();
    sab_append_items_assume_capacity(&list, items, 0);
    sab_insert_slots_assume_capacity(&list, 4, 0);
    sab_replace_assume_capacity(&list, 1, 3, items, 3);
    sab_replace(&list, 0, 4, items, 3);
    sab_append_assume_capacity(&list, 10);
    EXPECT_EQ(numbers_of(list), (Numbers{7, 8, 9, 10}));
    EXPECT_EQ(sab_spare_capacity(&list).len, 0u);
    EXPECT_EQ(sab_grow_to_capacity(&list), list.ptr + 4);
    EXPECT_EQ(backing.calls(), 0u);
    sab_release(&list);
}

TEST(ListEdgeTest, SwappingRangesOutNearTheEndKeepsTheRest) {
    BoundBacking backing(&medium_blocks, whole_blocks(16));
    const Numbers numbers = {0, 1, 2, 3, 4, 5};
    const struct {
        std::size_t first;
        std::size_t count;
        Numbers rest;
    } cases[] = {
        {0, 6, {}},        {6, 0, {0, 1, 2, 3, 4, 5}}, {5, 1, {0, 1, 2, 3, 4}},
        {0, 5, {5}},       {2, 3, {0, 1, 5}},          {1, 3, {0, 4, 5}},
        {0, 3, {3, 4, 5}}, {0, 2, {4, 5, 2, 3}},       {1, 2, {0, 4, 5, 3}},
    };
    for (const auto &one : cases) {
        medium_u32_list list = list_of(numbers);
        sab_swap_delete_range(&list, one.first, one.count);
        EXPECT_EQ(numbers_of(list), one.rest) << one.first << ", " << one.count;
        sab_release(&list);
    }
}

TEST(ListEdgeTest, TheCapacityIsAtMostDoubledInPlace) {
    BoundBacking backing(&medium_blocks, with_room(16, 1024));
    medium_u32_list list = list_of({1, 2, 3, 4});
    const std::uint32_t *const before = list.ptr;
    EXPECT_TRUE(sab_ensure_unused_in_place(&list, 1));
    EXPECT_EQ(list.cap, 8u);
    EXPECT_TRUE(sab_ensure_capacity_in_place(&list, 9));
    EXPECT_EQ(list.cap, 12u) << "no more than is needed";
    EXPECT_FALSE(sab_ensure_capacity_in_place(&list, 1000));
    EXPECT_FALSE(sab_ensure_capacity_in_place(&list, SIZE_MAX));
    EXPECT_FALSE(sab_ensure_unused_in_place(&list, SIZE_MAX));
    EXPECT_EQ(list.cap, 12u);
    EXPECT_EQ(list.ptr, before);
    sab_shrink_to_fit(&list);
    EXPECT_EQ(list.cap, 4u);
    sab_release(&list);
}

TEST(ListEdgeTest, TextIsATerminatedString) {
    BoundBacking backing(&medium_blocks, whole_blocks(16));
    medium_text_list list = {};
    EXPECT_STREQ(sab_terminated(&list), "");
    sab_append_format(&list, "%s", "");
    EXPECT_STREQ(sab_terminated(&list), "");
    sab_format(&list, "%d bottles", 99);
    EXPECT_STREQ(sab_terminated(&list), "99 bottles");
    EXPECT_EQ(sab_try_append_format(&list, " of %s", "lemonade").code, BA_OK);
    EXPECT_STREQ(sab_terminated(&list), "99 bottles of lemonade");
    sab_set_len(&list, 2);
    EXPECT_STREQ(sab_terminated(&list), "99");
    const medium_text_list before = list;
    backing.refuse_from(1);
    EXPECT_EQ(sab_try_append_format(&list, "%200d", 1).code, BA_OUT_OF_MEMORY);
    EXPECT_EQ(sab_try_format(&list, "%200d", 1).code, BA_OUT_OF_MEMORY);
    const sab_writer writer = sab_as_writer(&list);
    EXPECT_EQ(writer.write(writer.context, std::string(200, '.').data(), 200), 0u);
    EXPECT_EQ(std::memcmp(&list, &before, sizeof list), 0);
    EXPECT_STREQ(sab_terminated(&list), "99");
    EXPECT_EQ(writer.write(writer.context, "!", 1), 1u);
    EXPECT_STREQ(sab_terminated(&list), "99!");
    sab_release(&list);
}

TEST(ListEdgeTest, TextThatTheLocaleCannotSpellIsUnsupported) {
    BoundBacking backing(&medium_blocks, whole_blocks(16));
    medium_text_list list = {};
    sab_append_format(&list, "%s", "kept");
    // The locale is "C", which spells ASCII only.
    EXPECT_EQ(sab_try_append_format(&list, "%ls", L"\u263A").code, BA_UNSUPPORTED);
    EXPECT_EQ(sab_try_format(&list, "%ls", L"\u263A").code, BA_UNSUPPORTED);
    EXPECT_STREQ(sab_terminated(&list), "kept");
    sab_release(&list);
}

TEST(ListEdgeTest, ItemsMayTouchTheListsMemory) {
    BoundBacking backing(&medium_blocks, whole_blocks(16));
    std::uint32_t places[] = {1, 2, 3, 0, 4, 5};
    medium_u32_list list = medium_u32_list_from_raw(places + 2, 1, 2);
    sab_append_items_assume_capacity(&list, places + 1, 1);
    EXPECT_EQ(numbers_of(list), (Numbers{3, 2}));
    sab_replace_assume_capacity(&list, 0, 2, places + 4, 2);
    EXPECT_EQ(numbers_of(list), (Numbers{4, 5}));
    sab_into_raw(&list);
    EXPECT_EQ(backing.calls(), 0u);
}

// --- what no memory can hold

TEST(ListLimitTest, AnImpossibleCountIsALimitAndChangesNothing) {
    BoundBacking backing(&medium_blocks, whole_blocks(16));
    medium_u32_list list = list_of({1, 2, 3});
    const medium_u32_list before = list;
    medium_u32_list other = {};
    std::uint32_t *slots = nullptr;
    backing.refuse_none();
    for (const std::size_t count : {SIZE_MAX, SIZE_MAX - 3, SIZE_MAX / 4 + 1}) {
        EXPECT_EQ(sab_try_append_items(&list, items, count).code, BA_LIMIT);
        EXPECT_EQ(sab_try_append_items(&list, nullptr, count).code, BA_LIMIT);
        EXPECT_EQ(sab_try_insert_items(&list, 1, items, count).code, BA_LIMIT);
        EXPECT_EQ(sab_try_append_n(&list, 1, count).code, BA_LIMIT);
        EXPECT_EQ(sab_try_insert_n(&list, 1, 1, count).code, BA_LIMIT);
        EXPECT_EQ(sab_try_append_slots(&list, count, &slots).code, BA_LIMIT);
        EXPECT_EQ(sab_try_insert_slots(&list, 1, count, &slots).code, BA_LIMIT);
        EXPECT_EQ(sab_try_replace(&list, 1, 1, items, count).code, BA_LIMIT);
        EXPECT_EQ(sab_try_grow_len(&list, count, 1).code, BA_LIMIT);
        EXPECT_EQ(sab_try_ensure_capacity(&list, count).code, BA_LIMIT);
        EXPECT_EQ(sab_try_ensure_unused(&list, count).code, BA_LIMIT);
        EXPECT_EQ(medium_u32_list_try_with_capacity(&other, count).code, BA_LIMIT);
    }
    EXPECT_EQ(slots, nullptr);
    EXPECT_EQ(other.ptr, nullptr);
    EXPECT_EQ(backing.calls(), 0u);
    EXPECT_EQ(std::memcmp(&list, &before, sizeof list), 0);
    EXPECT_EQ(numbers_of(list), (Numbers{1, 2, 3}));
    sab_release(&list);
}

TEST(ListLimitTest, TheSentinelCountsToo) {
    BoundBacking backing(&medium_blocks, whole_blocks(16));
    medium_text_list list = {};
    EXPECT_EQ(sab_try_ensure_capacity(&list, SIZE_MAX).code, BA_LIMIT);
    EXPECT_EQ(backing.calls(), 0u);
    EXPECT_EQ(sab_try_ensure_capacity(&list, SIZE_MAX - 1).code, BA_OUT_OF_MEMORY)
        << "one that can be counted is for the allocator to refuse";
    EXPECT_EQ(list.ptr, nullptr);
}

// --- what ends the program

using List = medium_u32_list;
using Slice = medium_u32_slice;

// A function, and as what it is reported.
struct Call {
    const char *function;
    void (*call)(List *list);
};

std::string reported(const std::string &function, const std::string &error) {
    return "medium_u32: " + function + "\\(\\): " + error;
}

// On a list of 4 elements, with no room and no memory.
constexpr Call kNeedMemory[] = {
    {"append", [](List *list) { sab_append(list, 1); }},
    {"append_items", [](List *list) { sab_append_items(list, items, 3); }},
    {"append_n", [](List *list) { sab_append_n(list, 1, 3); }},
    {"append_slots", [](List *list) { sab_append_slots(list, 3); }},
    {"insert", [](List *list) { sab_insert(list, 0, 1); }},
    {"insert_items", [](List *list) { sab_insert_items(list, 0, items, 3); }},
    {"insert_n", [](List *list) { sab_insert_n(list, 0, 1, 3); }},
    {"insert_slots", [](List *list) { sab_insert_slots(list, 0, 3); }},
    {"replace", [](List *list) { sab_replace(list, 0, 1, items, 3); }},
    {"append_from_within", [](List *list) { sab_append_from_within(list, 1, 2); }},
    {"grow_len", [](List *list) { sab_grow_len(list, 5, 1); }},
    {"remove_range", [](List *list) { sab_remove_range(list, 0, 1); }},
    {"swap_remove_range", [](List *list) { sab_swap_remove_range(list, 0, 1); }},
    {"split_off", [](List *list) { sab_split_off(list, 1); }},
    {"part_into_slice", [](List *list) { sab_part_into_slice(list, 0, 1); }},
    {"clone", [](List *list) { sab_clone(list); }},
    {"ensure_capacity", [](List *list) { sab_ensure_capacity(list, 5); }},
    {"ensure_unused", [](List *list) { sab_ensure_unused(list, 1); }},
    {"with_capacity", [](List *) { medium_u32_list_with_capacity(1); }},
    {"of", [](List *) { medium_u32_slice_of(1); }},
    {"of_at_least", [](List *) { medium_u32_slice_of_at_least(1); }},
    {"clone",
     [](List *list) {
         const Slice slice = sab_into_slice(list);
         sab_clone(&slice);
     }},
    {"resize",
     [](List *list) {
         Slice slice = sab_into_slice(list);
         sab_resize(&slice, 5);
     }},
    {"resize_at_least",
     [](List *list) {
         Slice slice = sab_into_slice(list);
         sab_resize_at_least(&slice, 5);
     }},
    {"append_slice",
     [](List *list) {
         Slice slice = sab_into_slice(list);
         sab_append_slice(list, &slice);
     }},
};

TEST(ListOutOfMemoryTest, PlainFunctionsEndTheProgram) {
    BoundBacking backing(&medium_blocks, whole_blocks(16));
    List list = list_of({1, 2, 3, 4});
    backing.refuse_from(1);
    for (const Call &call : kNeedMemory) {
        EXPECT_DEATH(call.call(&list),
                     reported(call.function, "OUT_OF_MEMORY, no memory is left to take"));
    }
    backing.refuse_none();
    EXPECT_DEATH(sab_ensure_unused(&list, SIZE_MAX), reported("ensure_unused", "LIMIT"));
    sab_release(&list);
}

TEST(ListOutOfMemoryTest, PlainFunctionsForTextEndTheProgram) {
    BoundBacking backing(&medium_blocks, whole_blocks(16));
    medium_text_list list = {};
    backing.refuse_from(1);
    EXPECT_DEATH(sab_append_format(&list, "%d", 1), "medium_text: append_format\\(\\): OUT_OF");
    EXPECT_DEATH(sab_format(&list, "%d", 1), "medium_text: format\\(\\): OUT_OF_MEMORY");
    EXPECT_DEATH(medium_text_list_append_format(&list, "%d", 1),
                 "medium_text: append_format\\(\\): OUT_OF_MEMORY");
    EXPECT_DEATH(medium_text_list_format(&list, "%d", 1),
                 "medium_text: format\\(\\): OUT_OF_MEMORY");
}

#if BA_CHECKS_MISUSE

// Takes an error that never comes.
void ignore(ba_error error) {
    EXPECT_EQ(error.code, BA_OK);
}

std::uint32_t place[4];
// A compiler that knew the number would warn about it.
volatile std::size_t too_many = SIZE_MAX;

// On a list of 3 elements with room for one more.
constexpr Call kPassTheEnd[] = {
    {"append_assume_capacity",
     [](List *list) {
         sab_append_assume_capacity(list, 1);
         sab_append_assume_capacity(list, 1);
     }},
    {"append_items_assume_capacity",
     [](List *list) { sab_append_items_assume_capacity(list, items, 2); }},
    {"append_n_assume_capacity",
     [](List *list) { sab_append_n_assume_capacity(list, 1, too_many); }},
    {"append_slots_assume_capacity", [](List *list) { sab_append_slots_assume_capacity(list, 2); }},
    {"insert", [](List *list) { sab_insert(list, 4, 1); }},
    {"insert", [](List *list) { ignore(sab_try_insert(list, SIZE_MAX, 1)); }},
    {"insert_assume_capacity", [](List *list) { sab_insert_assume_capacity(list, 4, 1); }},
    {"insert_assume_capacity",
     [](List *list) {
         sab_insert_assume_capacity(list, 0, 1);
         sab_insert_assume_capacity(list, 0, 1);
     }},
    {"insert_items", [](List *list) { sab_insert_items(list, 4, items, 1); }},
    {"insert_items", [](List *list) { ignore(sab_try_insert_items(list, 4, nullptr, 0)); }},
    {"insert_items_assume_capacity",
     [](List *list) { sab_insert_items_assume_capacity(list, 4, items, 1); }},
    {"insert_items_assume_capacity",
     [](List *list) { sab_insert_items_assume_capacity(list, 0, items, 2); }},
    {"insert_n", [](List *list) { sab_insert_n(list, 4, 1, 1); }},
    {"insert_n", [](List *list) { ignore(sab_try_insert_n(list, 4, 1, 1)); }},
    {"insert_n_assume_capacity", [](List *list) { sab_insert_n_assume_capacity(list, 4, 1, 1); }},
    {"insert_n_assume_capacity", [](List *list) { sab_insert_n_assume_capacity(list, 0, 1, 2); }},
    {"insert_slots", [](List *list) { sab_insert_slots(list, 4, 1); }},
    {"insert_slots_assume_capacity",
     [](List *list) { sab_insert_slots_assume_capacity(list, 4, 1); }},
    {"insert_slots_assume_capacity",
     [](List *list) { sab_insert_slots_assume_capacity(list, 0, 2); }},
    {"replace", [](List *list) { sab_replace(list, 4, 0, items, 1); }},
    {"replace", [](List *list) { sab_replace(list, 2, 2, items, 1); }},
    {"replace", [](List *list) { ignore(sab_try_replace(list, 2, SIZE_MAX, items, 1)); }},
    {"replace_assume_capacity",
     [](List *list) { sab_replace_assume_capacity(list, 2, 2, items, 1); }},
    {"replace_assume_capacity",
     [](List *list) { sab_replace_assume_capacity(list, 4, 0, items, 0); }},
    {"replace_assume_capacity",
     [](List *list) { sab_replace_assume_capacity(list, 0, 1, items, 3); }},
    {"append_from_within", [](List *list) { sab_append_from_within(list, 2, 2); }},
    {"append_from_within", [](List *list) { ignore(sab_try_append_from_within(list, 4, 0)); }},
    {"append_from_within_assume_capacity",
     [](List *list) { sab_append_from_within_assume_capacity(list, 4, 0); }},
    {"append_from_within_assume_capacity",
     [](List *list) { sab_append_from_within_assume_capacity(list, 3, 1); }},
    {"append_from_within_assume_capacity",
     [](List *list) { sab_append_from_within_assume_capacity(list, 0, 2); }},
    {"remove", [](List *list) { sab_remove(list, 3); }},
    {"swap_remove", [](List *list) { sab_swap_remove(list, 3); }},
    {"remove_range", [](List *list) { sab_remove_range(list, 1, 3); }},
    {"swap_remove_range", [](List *list) { sab_swap_remove_range(list, 4, 0); }},
    {"delete", [](List *list) { sab_delete(list, 3); }},
    {"swap_delete", [](List *list) { sab_swap_delete(list, SIZE_MAX); }},
    {"delete_range", [](List *list) { sab_delete_range(list, 4, 0); }},
    {"delete_range", [](List *list) { sab_delete_range(list, 1, SIZE_MAX); }},
    {"swap_delete_range", [](List *list) { sab_swap_delete_range(list, 1, 3); }},
    {"move_out", [](List *list) { sab_move_out(list, 3, place); }},
    {"swap_move_out", [](List *list) { sab_swap_move_out(list, 3, place); }},
    {"move_out_range", [](List *list) { sab_move_out_range(list, 4, 0, place); }},
    {"move_out_range", [](List *list) { sab_move_out_range(list, 0, 4, place); }},
    {"swap_move_out_range", [](List *list) { sab_swap_move_out_range(list, 3, 1, place); }},
    {"pop",
     [](List *list) {
         sab_clear(list);
         sab_pop(list);
     }},
    {"drain", [](List *list) { sab_drain(list, 4, 0, nullptr, nullptr); }},
    {"drain", [](List *list) { sab_drain(list, 1, 3, nullptr, nullptr); }},
    {"split_off", [](List *list) { sab_split_off(list, 4); }},
    {"part_into_slice", [](List *list) { sab_part_into_slice(list, 4, 0); }},
    {"part_into_slice", [](List *list) { sab_part_into_slice(list, 1, 3); }},
    {"set_len", [](List *list) { sab_set_len(list, 5); }},
    {"grow_len", [](List *list) { sab_grow_len(list, 2, 1); }},
    {"shrink_len", [](List *list) { sab_shrink_len(list, 4); }},
    {"at", [](List *list) { sab_at(list, 3); }},
    {"at_mut", [](List *list) { sab_at_mut(list, 3); }},
    {"view_range", [](List *list) { sab_view_range(list, 3, 1); }},
    {"swap", [](List *list) { sab_swap(list, 0, 3); }},
    {"swap", [](List *list) { sab_swap(list, 3, 0); }},
    {"from_raw", [](List *list) { medium_u32_list_from_raw(list->ptr, 5, 4); }},
    {"from_raw", [](List *list) { medium_u32_list_from_raw(list->ptr, 0, 0); }},
    {"from_raw", [](List *) { medium_u32_list_from_raw(nullptr, 0, 4); }},
    {"at",
     [](List *list) {
         const Slice slice = sab_into_slice(list);
         sab_at(&slice, 3);
     }},
    {"view_range",
     [](List *list) {
         const Slice slice = sab_into_slice(list);
         sab_view_range(&slice, 4, 0);
     }},
    {"swap",
     [](List *list) {
         Slice slice = sab_into_slice(list);
         sab_swap(&slice, 3, 3);
     }},
};

TEST(ListMisuseTest, WhatPassesTheEnd) {
    BoundBacking backing(&medium_blocks, whole_blocks(16));
    List list = list_of({1, 2, 3});
    for (const Call &call : kPassTheEnd) {
        EXPECT_DEATH(call.call(&list),
                     reported(call.function, "OUT_OF_BOUNDS, an index, a range or a length passes "
                                             "the end"));
    }
    sab_release(&list);
}

// On the same list.
constexpr Call kOwnItems[] = {
    {"append_items", [](List *list) { sab_append_items(list, list->ptr, 3); }},
    {"append_items", [](List *list) { ignore(sab_try_append_items(list, list->ptr + 2, 1)); }},
    {"insert_items", [](List *list) { sab_insert_items(list, 0, list->ptr + 3, 1); }},
    {"append_items_assume_capacity",
     [](List *list) { sab_append_items_assume_capacity(list, list->ptr, 1); }},
    {"insert_items_assume_capacity",
     [](List *list) { sab_insert_items_assume_capacity(list, 0, list->ptr + 1, 1); }},
    {"replace", [](List *list) { sab_replace(list, 0, 1, list->ptr, 1); }},
    {"replace", [](List *list) { ignore(sab_try_replace(list, 0, 1, list->ptr + 2, 1)); }},
    {"replace_assume_capacity",
     [](List *list) { sab_replace_assume_capacity(list, 0, 1, list->ptr + 1, 1); }},
};

TEST(ListMisuseTest, OwnItems) {
    BoundBacking backing(&medium_blocks, whole_blocks(16));
    List list = list_of({1, 2, 3});
    for (const Call &call : kOwnItems) {
        EXPECT_DEATH(call.call(&list),
                     reported(call.function,
                              "OVERLAP, the items lie inside the buffer that they are "
                              "put into"));
    }
    std::uint32_t places[] = {1, 2, 3, 0, 4, 5};
    List inner = medium_u32_list_from_raw(places + 2, 1, 2);
    EXPECT_DEATH(sab_replace_assume_capacity(&inner, 0, 1, places + 1, 2),
                 reported("replace_assume_capacity", "OVERLAP"))
        << "begins before the list's memory, and ends in it";
    // None of them is an item of the list.
    sab_append_items(&list, list.ptr, 0);
    sab_replace(&list, 0, 1, list.ptr + 1, 0);
    EXPECT_EQ(numbers_of(list), (Numbers{2, 3}));
    sab_release(&list);
}

#endif // BA_CHECKS_MISUSE

} // namespace
