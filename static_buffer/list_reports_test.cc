// What is reported, with which line and severity, and what a rejected call leaves.
#include <algorithm>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "block_allocator/block_allocator.h"
#include "block_allocator/implementing/operations.h"
#include "testing/buffers/buffer_fixture.h"
#include "testing/misuse_recorder.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::MisuseRecorder;
using buffer_testing::BoundBacking;
using buffer_testing::numbers_of;
using buffer_testing::whole_blocks;

ba_block_allocator blocks;
ba_block_allocator busy_blocks;

// Elements that are dropped, and how often.
std::vector<std::uint32_t> dropped;

void drop_number(std::uint32_t *number) {
    dropped.push_back(*number);
}

} // namespace

#define SAB_NAME logged
#define SAB_TYPE uint32_t
#define SAB_ALLOCATOR blocks
#define SAB_SCALAR
#define SAB_SEVERITY BA_SEVERITY_LOG
#include "static_buffer/define.h"

#define SAB_NAME logged_text
#define SAB_TYPE char
#define SAB_ALLOCATOR blocks
#define SAB_SENTINEL '\0'
#define SAB_SCALAR
#define SAB_BYTES
#define SAB_SEVERITY BA_SEVERITY_LOG
#include "static_buffer/define.h"

#define SAB_NAME kept
#define SAB_TYPE uint32_t
#define SAB_ALLOCATOR busy_blocks
#define SAB_SEVERITY BA_SEVERITY_LOG
#include "static_buffer/define.h"

#define SAB_NAME kept_owners
#define SAB_TYPE uint32_t
#define SAB_ALLOCATOR busy_blocks
#define SAB_DROP drop_number
#define SAB_SEVERITY BA_SEVERITY_LOG
#include "static_buffer/define.h"

#define SAB_NAME kept_text
#define SAB_TYPE char
#define SAB_ALLOCATOR busy_blocks
#define SAB_BYTES
#define SAB_SEVERITY BA_SEVERITY_LOG
#include "static_buffer/define.h"

#define SAB_NAME strict
#define SAB_TYPE uint32_t
#define SAB_ALLOCATOR busy_blocks
#include "static_buffer/define.h"

namespace {

using Numbers = std::vector<std::uint32_t>;
using List = logged_list;

const std::uint32_t items[] = {7, 8, 9};

#if BA_CHECKS_MISUSE

List list_of(const Numbers &numbers) {
    List list = {};
    sab_append_items(&list, numbers.data(), numbers.size());
    return list;
}

// A function's name in the report, and a call that returns true if it gave what rejected calls
// give.
struct Call {
    const char *function;
    std::function<bool(List *list)> call;
};

void expect_rejected(const std::vector<Call> &calls, ba_error_code error) {
    BoundBacking backing(&blocks, whole_blocks(16));
    List list = list_of({1, 2, 3});
    for (const Call &one : calls) {
        SCOPED_TRACE(one.function);
        MisuseRecorder misuse;
        const List before = list;
        const std::size_t asked = backing.calls();
        EXPECT_TRUE(one.call(&list));
        EXPECT_EQ(backing.calls(), asked) << "the allocator was asked";
        EXPECT_EQ(std::memcmp(&list, &before, sizeof list), 0);
        EXPECT_EQ(numbers_of(list), (Numbers{1, 2, 3}));
        ASSERT_EQ(misuse.count(), 1u) << "reported once";
        EXPECT_EQ(misuse.errors()[0], error);
        EXPECT_EQ(misuse.report(0).misuse.severity, BA_SEVERITY_LOG);
        EXPECT_STREQ(misuse.report(0).misuse.allocator, "logged");
        EXPECT_STREQ(misuse.report(0).misuse.operation, one.function);
    }
    sab_release(&list);
}

// A call that returns nothing.
template <class Function>
std::function<bool(List *list)> nothing(Function function) {
    return [function](List *list) {
        function(list);
        return true;
    };
}

TEST(ListLogTest, WhatPassesTheEndIsRejected) {
    static std::uint32_t place[4] = {};
    static std::uint32_t *slots = nullptr;
    static List other = {};
    static logged_slice slice = {};
    const ba_error_code out = BA_OUT_OF_BOUNDS;
    expect_rejected(
        {
            {"append_items_assume_capacity",
             nothing([](List *list) { sab_append_items_assume_capacity(list, items, 2); })},
            {"append_n_assume_capacity",
             nothing([](List *list) { sab_append_n_assume_capacity(list, 1, 2); })},
            {"append_slots_assume_capacity",
             [](List *list) { return sab_append_slots_assume_capacity(list, 2) == nullptr; }},
            {"insert", nothing([](List *list) { sab_insert(list, 4, 1); })},
            {"insert", [](List *list) { return sab_try_insert(list, 4, 1).code == out; }},
            {"insert_assume_capacity",
             nothing([](List *list) { sab_insert_assume_capacity(list, 4, 1); })},
            {"insert_items", nothing([](List *list) { sab_insert_items(list, 4, items, 1); })},
            {"insert_items",
             [](List *list) { return sab_try_insert_items(list, 4, items, 1).code == out; }},
            {"insert_items_assume_capacity",
             nothing([](List *list) { sab_insert_items_assume_capacity(list, 0, items, 2); })},
            {"insert_n", nothing([](List *list) { sab_insert_n(list, 4, 1, 1); })},
            {"insert_n", [](List *list) { return sab_try_insert_n(list, 4, 1, 1).code == out; }},
            {"insert_n_assume_capacity",
             nothing([](List *list) { sab_insert_n_assume_capacity(list, 0, 1, 2); })},
            {"insert_slots", [](List *list) { return sab_insert_slots(list, 4, 1) == nullptr; }},
            {"insert_slots",
             [](List *list) {
                 return sab_try_insert_slots(list, 4, 1, &slots).code == out && slots == nullptr;
             }},
            {"insert_slots_assume_capacity",
             [](List *list) { return sab_insert_slots_assume_capacity(list, 0, 2) == nullptr; }},
            {"replace", nothing([](List *list) { sab_replace(list, 2, 2, items, 1); })},
            {"replace",
             [](List *list) { return sab_try_replace(list, 2, 2, items, 1).code == out; }},
            {"replace_assume_capacity",
             nothing([](List *list) { sab_replace_assume_capacity(list, 0, 1, items, 3); })},
            {"append_from_within", nothing([](List *list) { sab_append_from_within(list, 2, 2); })},
            {"append_from_within",
             [](List *list) { return sab_try_append_from_within(list, 2, 2).code == out; }},
            {"append_from_within_assume_capacity",
             nothing([](List *list) { sab_append_from_within_assume_capacity(list, 0, 2); })},
            {"remove", [](List *list) { return sab_remove(list, 3) == 0; }},
            {"swap_remove", [](List *list) { return sab_swap_remove(list, 3) == 0; }},
            {"remove_range",
             [](List *list) { return sab_remove_range(list, 1, 3).ptr == nullptr; }},
            {"remove_range",
             [](List *list) { return sab_try_remove_range(list, 1, 3, &other).code == out; }},
            {"swap_remove_range",
             [](List *list) { return sab_swap_remove_range(list, 1, 3).ptr == nullptr; }},
            {"delete", nothing([](List *list) { sab_delete(list, 3); })},
            {"swap_delete", nothing([](List *list) { sab_swap_delete(list, 3); })},
            {"delete_range", nothing([](List *list) { sab_delete_range(list, 1, 3); })},
            {"swap_delete_range", nothing([](List *list) { sab_swap_delete_range(list, 1, 3); })},
            {"move_out", nothing([](List *list) { sab_move_out(list, 3, place); })},
            {"swap_move_out", nothing([](List *list) { sab_swap_move_out(list, 3, place); })},
            {"move_out_range", nothing([](List *list) { sab_move_out_range(list, 1, 3, place); })},
            {"swap_move_out_range",
             nothing([](List *list) { sab_swap_move_out_range(list, 1, 3, place); })},
            {"drain", nothing([](List *list) { sab_drain(list, 1, 3, nullptr, nullptr); })},
            {"split_off", [](List *list) { return sab_split_off(list, 4).ptr == nullptr; }},
            {"split_off",
             [](List *list) { return sab_try_split_off(list, 4, &other).code == out; }},
            {"part_into_slice",
             [](List *list) { return sab_part_into_slice(list, 1, 3).ptr == nullptr; }},
            {"part_into_slice",
             [](List *list) { return sab_try_part_into_slice(list, 1, 3, &slice).code == out; }},
            {"set_len", nothing([](List *list) { sab_set_len(list, 5); })},
            {"grow_len", nothing([](List *list) { sab_grow_len(list, 2, 1); })},
            {"grow_len", [](List *list) { return sab_try_grow_len(list, 2, 1).code == out; }},
            {"shrink_len", nothing([](List *list) { sab_shrink_len(list, 4); })},
            {"at", [](List *list) { return sab_at(list, 3) == nullptr; }},
            {"at_mut", [](List *list) { return sab_at_mut(list, 3) == nullptr; }},
            {"view_range", [](List *list) { return sab_view_range(list, 3, 1).ptr == nullptr; }},
            {"swap", nothing([](List *list) { sab_swap(list, 0, 3); })},
            {"from_raw",
             [](List *list) { return logged_list_from_raw(list->ptr, 5, 4).ptr == nullptr; }},
            {"pop",
             [](List *) {
                 List empty = {};
                 return sab_pop(&empty) == 0 && empty.len == 0;
             }},
            {"append_assume_capacity", nothing([](List *) {
                 List empty = {};
                 sab_append_assume_capacity(&empty, 1);
             })},
        },
        out);
}

TEST(ListLogTest, OwnItemsAndPlacesAreRejected) {
    const ba_error_code own = BA_OVERLAP;
    expect_rejected(
        {
            {"append_items", nothing([](List *list) { sab_append_items(list, list->ptr, 3); })},
            {"append_items",
             [](List *list) { return sab_try_append_items(list, list->ptr + 3, 1).code == own; }},
            {"insert_items",
             nothing([](List *list) { sab_insert_items(list, 0, list->ptr + 2, 1); })},
            {"replace", nothing([](List *list) { sab_replace(list, 0, 1, list->ptr, 1); })},
            {"move_out", nothing([](List *list) { sab_move_out(list, 0, list->ptr + 2); })},
            {"swap_move_out", nothing([](List *list) { sab_swap_move_out(list, 0, list->ptr); })},
            {"move_out_range",
             nothing([](List *list) { sab_move_out_range(list, 0, 2, list->ptr + 1); })},
            {"swap_move_out_range",
             nothing([](List *list) { sab_swap_move_out_range(list, 0, 2, list->ptr + 3); })},
        },
        own);
}

TEST(ListLogTest, TheSentinelsPlaceCountsAsTheLists) {
    BoundBacking backing(&blocks, whole_blocks(16));
    MisuseRecorder misuse;
    logged_text_list list = {};
    sab_append_items(&list, "fifteen letters", 15);
    ASSERT_EQ(list.len, list.cap);
    EXPECT_EQ(sab_try_append_items(&list, list.ptr + list.len, 1).code, BA_OVERLAP);
    sab_append_items(&list, list.ptr + list.len, 1);
    EXPECT_EQ(misuse.count(), 2u);
    EXPECT_STREQ(sab_terminated(&list), "fifteen letters");
    sab_release(&list);
}

TEST(ListLogTest, LackOfMemoryEndsTheProgramAnyway) {
    BoundBacking backing(&blocks, whole_blocks(16));
    List list = {};
    backing.refuse_from(1);
    EXPECT_DEATH(sab_append(&list, 1), "logged: append\\(\\): OUT_OF_MEMORY");
    EXPECT_DEATH(sab_ensure_unused(&list, SIZE_MAX), "logged: ensure_unused\\(\\): LIMIT");
}

// --- where it was

#if BA_BUILD_MODE == BA_DEBUG

std::string line(int number) {
    return std::string(__FILE__) + ":" + std::to_string(number);
}

TEST(ListSiteTest, GenericFunctionsReportTheirLine) {
    BoundBacking backing(&blocks, whole_blocks(16));
    MisuseRecorder misuse;
    List list = list_of({1, 2, 3});
    logged_slice slice = {};
    const int before = __LINE__;
    sab_at(&list, 3);
    sab_insert(&list, 4, 1);
    sab_delete_range(&list, 2, 2);
    EXPECT_EQ(sab_try_split_off(&list, 4, &list).code, BA_OUT_OF_BOUNDS);
    sab_at(&slice, 0);
    for (int i = 0; i < 5; i++) {
        EXPECT_EQ(misuse.report(static_cast<std::size_t>(i)).misuse.site.text,
                  line(before + 1 + i));
    }
    sab_release(&list);
}

TEST(ListSiteTest, FunctionsReportTheLineOfSabHere) {
    BoundBacking backing(&blocks, whole_blocks(16));
    MisuseRecorder misuse;
    List list = list_of({1, 2, 3});
    SAB_HERE(logged_list_at, &list, 3);
    EXPECT_EQ(misuse.report(0).misuse.site.text, line(__LINE__ - 1));
    SAB_HERE(logged_list_from_raw, nullptr, 1, 1);
    EXPECT_EQ(misuse.report(1).misuse.site.text, line(__LINE__ - 1));
    sab_release(&list);
}

TEST(ListSiteTest, TheAllocatorGetsTheLineToo) {
    BoundBacking backing(&blocks, whole_blocks(16));
    backing.refuse_from(1);
    logged_text_list text = {};
    EXPECT_DEATH(sab_append_format(&text, "%d", 7), "OUT_OF_MEMORY.*list_reports_test.cc:");
    EXPECT_DEATH(logged_list_with_capacity(1), "OUT_OF_MEMORY.*at (0x|.*list_reports_test.cc:)");
}

#endif

#ifdef __GNUC__
// A function of its own, for the address to lie in.
__attribute__((noinline)) void misuse_a_function(List *list) {
    logged_list_set_len(list, 5);
    logged_list_set_len(list, 5);
}

TEST(ListSiteTest, FunctionsCalledByNameReportAnAddress) {
    BoundBacking backing(&blocks, whole_blocks(16));
    MisuseRecorder misuse;
    List list = list_of({1, 2, 3});
    misuse_a_function(&list);
    for (const std::size_t i : {0U, 1U}) {
        EXPECT_EQ(misuse.report(i).misuse.site.text, nullptr);
        EXPECT_NE(misuse.report(i).misuse.site.address, nullptr);
    }
#if BA_BUILD_MODE == BA_DEBUG
    EXPECT_NE(misuse.report(0).misuse.site.address, misuse.report(1).misuse.site.address)
        << "of each call";
#endif
    sab_release(&list);
}
#endif

#endif // BA_CHECKS_MISUSE

// --- an allocator that cannot be called

// Passes on to a strict backing, and takes nothing back while it is busy.
class BusyBacking : public BoundBacking {
  public:
    BusyBacking() : BoundBacking(&busy_blocks, whole_blocks(16)) {
        parent_ = busy_blocks;
        operations_ = *parent_.operations;
        operations_.resize = resize;
        operations_.free = free;
        is_busy = false;
        parent = parent_;
        busy_blocks.operations = &operations_;
    }

    static bool is_busy;

  private:
    static ba_length_result resize(void *context, ba_memory memory, ba_alignment alignment,
                                   ba_length length, ba_call_site site) {
        return is_busy ? ba_length_result_none(ba_error_of(BA_IN_USE))
                       : parent.operations->resize(context, memory, alignment, length, site);
    }

    static ba_error free(void *context, ba_memory memory, ba_alignment alignment,
                         ba_call_site site) {
        return is_busy ? ba_error_of(BA_IN_USE)
                       : parent.operations->free(context, memory, alignment, site);
    }

    static ba_block_allocator parent;
    ba_block_allocator parent_;
    ba_operations operations_;
};

bool BusyBacking::is_busy;
ba_block_allocator BusyBacking::parent;

TEST(BusyAllocatorTest, MemoryThatItDoesNotTakeBackStaysWithTheList) {
    BusyBacking backing;
    MisuseRecorder misuse;
    kept_list list = {};
    sab_append_items(&list, items, 3);
    const kept_list before = list;
    BusyBacking::is_busy = true;
    sab_release(&list);
    EXPECT_EQ(misuse.take().substr(0, 23), "kept: release(): IN_USE");
    EXPECT_EQ(std::memcmp(&list, &before, sizeof list), 0);
    EXPECT_EQ(sab_into_slice(&list).ptr, nullptr);
    EXPECT_EQ(misuse.take().substr(0, 26), "kept: into_slice(): IN_USE");
    EXPECT_EQ(std::memcmp(&list, &before, sizeof list), 0);
    sab_shrink_to_fit(&list);
    EXPECT_EQ(misuse.count(), 0u) << "the list is right as it is";
    EXPECT_EQ(std::memcmp(&list, &before, sizeof list), 0);
    sab_clear(&list);
    sab_shrink_to_fit(&list);
    EXPECT_EQ(list.ptr, before.ptr);
    BusyBacking::is_busy = false;
    sab_release(&list);
    EXPECT_EQ(misuse.count(), 0u);
    EXPECT_EQ(list.ptr, nullptr);
}

TEST(BusyAllocatorTest, ElementsThatStayAreNotDropped) {
    BusyBacking backing;
    MisuseRecorder misuse;
    dropped.clear();
    kept_owners_list list = {};
    sab_append_items(&list, items, 3);
    kept_owners_slice slice = kept_owners_slice_of(9);
    std::fill(slice.ptr, slice.ptr + 9, 1U);
    const kept_owners_slice before = slice;
    BusyBacking::is_busy = true;
    sab_release(&list);
    sab_release(&slice);
    sab_resize(&slice, 2);
    EXPECT_EQ(misuse.errors(), (std::vector<ba_error_code>{BA_IN_USE, BA_IN_USE, BA_IN_USE}));
    EXPECT_EQ(sab_try_resize(&slice, 2).code, BA_IN_USE);
    EXPECT_EQ(sab_try_resize_at_least(&slice, 2).code, BA_IN_USE);
    EXPECT_FALSE(sab_resize_in_place(&slice, 2));
    EXPECT_EQ(std::memcmp(&slice, &before, sizeof slice), 0);
    EXPECT_EQ(list.len, 3u);
    EXPECT_TRUE(dropped.empty());
    BusyBacking::is_busy = false;
    sab_release(&list);
    sab_release(&slice);
    EXPECT_EQ(dropped.size(), 12u);
}

TEST(BusyAllocatorTest, ASliceThatCannotGiveItsMemoryKeepsItsElements) {
    BusyBacking backing;
    MisuseRecorder misuse;
    kept_list list = {};
    sab_append(&list, 1);
    kept_slice slice = kept_slice_of(2);
    std::fill(slice.ptr, slice.ptr + 2, 2U);
    BusyBacking::is_busy = true;
    EXPECT_EQ(sab_try_append_slice(&list, &slice).code, BA_IN_USE);
    EXPECT_EQ(list.len, 1u);
    EXPECT_EQ(slice.len, 2u);
    BusyBacking::is_busy = false;
    sab_append_slice(&list, &slice);
    EXPECT_EQ(numbers_of(list), (Numbers{1, 2, 2}));
    EXPECT_EQ(slice.ptr, nullptr);
    sab_release(&list);
}

// The memory that a list had before it moved, to which no pointer is left.
void expect_report_and_free(MisuseRecorder *misuse, const std::string &report, ba_memory before) {
    EXPECT_EQ(misuse->take().substr(0, report.size()), report);
    EXPECT_EQ(ba_block_free(busy_blocks, before, ba_align(1)).code, BA_OK);
}

TEST(BusyAllocatorTest, AListThatMovedSaysWhatItCannotGiveBack) {
    BoundBacking backing(&busy_blocks, whole_blocks(16));
    MisuseRecorder misuse;
    kept_list list = {};
    sab_append_n(&list, 1U, 4);
    const ba_memory numbers = ba_memory_of(list.ptr, ba_bytes(16));
    backing.refuse_frees(1);
    EXPECT_EQ(sab_try_append(&list, 2U).code, BA_OK);
    expect_report_and_free(&misuse, "kept: free(): IN_USE", numbers);
    EXPECT_EQ(numbers_of(list), (Numbers{1, 1, 1, 1, 2}));
    sab_release(&list);

    kept_text_list text = {};
    sab_append_n(&text, 'a', 16);
    const ba_memory letters = ba_memory_of(text.ptr, ba_bytes(16));
    backing.refuse_frees(1);
    EXPECT_EQ(sab_try_append_format(&text, "%d", 12).code, BA_OK);
    expect_report_and_free(&misuse, "kept_text: free(): IN_USE", letters);
    EXPECT_EQ(std::string(text.ptr, text.len), std::string(16, 'a') + "12");
    sab_release(&text);
    EXPECT_EQ(misuse.count(), 0u);
}

TEST(BusyAllocatorTest, EndsTheProgramByDefault) {
    BusyBacking backing;
    strict_list list = {};
    sab_append(&list, 1);
    BusyBacking::is_busy = true;
    EXPECT_DEATH(sab_release(&list), "strict: release\\(\\): IN_USE");
    BusyBacking::is_busy = false;
    sab_release(&list);
}

} // namespace
