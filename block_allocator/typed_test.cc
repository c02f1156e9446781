#include "block_allocator/typed.h"

#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>
#include <vector>

#include "block_allocator/build_mode.h"
#include "testing/misuse_recorder.h"
#include "testing/scripted_allocator.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::MisuseRecorder;
using ba_testing::ScriptedAllocator;
using ba_testing::StrictBacking;
using ba_testing::StrictBackingOptions;

const ba_call_site kHere = ba_call_site_of_text("here");
const ba_error kOk = ba_error_of(BA_OK);

// 12 bytes, so that elements and blocks do not end together.
struct Point {
    std::int32_t x, y, z;
};

ba_length_result of(std::size_t bytes) {
    return ba_length_result_of(ba_bytes(bytes));
}

std::size_t length_of(ba_memory memory) {
    return ba_memory_length(memory).bytes;
}

std::size_t length_of(ba_length_result result) {
    return ba_length_result_length(result).bytes;
}

ba_error_code code_of(ba_memory memory) {
    return ba_memory_error(memory).code;
}

ba_error_code code_of(ba_length_result result) {
    return ba_length_result_error(result).code;
}

class Typed : public ::testing::Test {
  protected:
    ba_memory empty() const { return ba_array_empty(point_); }

    const ba_layout point_ = ba_layout_of(Point);
    ScriptedAllocator script_;
    const ba_any_allocator exact_ = ba_any_allocator_of(script_.allocator());
    const ba_any_allocator whole_ = ba_any_allocator_of(script_.block_allocator());
};

TEST_F(Typed, CreateAndDestroyOneObject) {
    script_.will_return(script_.a(64));
    EXPECT_EQ(ba_create_at(exact_, point_, kHere), script_.a());
    script_.will_return(kOk);
    EXPECT_EQ(ba_destroy_at(whole_, point_, script_.a(), kHere).code, BA_OK);
    script_.will_return(ba_error_of(BA_FOREIGN));
    EXPECT_EQ(ba_destroy_at(exact_, point_, script_.b(), kHere).code, BA_FOREIGN);
    script_.will_refuse_alloc(BA_OUT_OF_MEMORY);
    EXPECT_EQ(ba_create_at(whole_, point_, kHere), nullptr);
    EXPECT_EQ(script_.take_calls(), "alloc(12, align 4, here); free(A 12, align 4, here); "
                                    "free(B 12, align 4, here); alloc(12, align 4, here)");
}

TEST_F(Typed, AnEmptyArrayIsAlignedAndNotNull) {
    const ba_memory array = ba_array_empty(ba_layout_with_alignment(point_, ba_align(64)));
    EXPECT_FALSE(ba_memory_is_none(array));
    EXPECT_TRUE(ba_is_aligned(ba_memory_pointer(array), ba_align(64)));
    EXPECT_EQ(length_of(array), 0u);
    EXPECT_EQ(ba_array_count(point_, array), 0u);
}

TEST_F(Typed, CountIsOfWholeElements) {
    EXPECT_EQ(ba_array_count(point_, script_.a(64)), 5u);
    EXPECT_EQ(ba_array_count(point_, script_.a(60)), 5u);
    EXPECT_EQ(ba_array_count(point_, script_.a(59)), 4u);
    EXPECT_EQ(ba_array_count(point_, ba_memory_none(ba_error_of(BA_LIMIT))), 0u);
}

TEST_F(Typed, AllocIsCutOrWhole) {
    script_.will_return(script_.a(64));
    EXPECT_EQ(length_of(ba_array_alloc_at(exact_, point_, 3, kHere)), 36u);
    script_.will_return(script_.a(64));
    EXPECT_EQ(length_of(ba_array_alloc_at(whole_, point_, 3, kHere)), 64u);
    script_.will_refuse_alloc(BA_OUT_OF_MEMORY);
    EXPECT_EQ(code_of(ba_array_alloc_at(exact_, point_, 3, kHere)), BA_OUT_OF_MEMORY);
    EXPECT_EQ(script_.take_calls(),
              "alloc(36, align 4, here); alloc(36, align 4, here); alloc(36, align 4, here)");
}

TEST_F(Typed, TheLayoutsAlignmentIsAskedFor) {
    script_.will_return(script_.a(64));
    const ba_layout wide = ba_layout_with_alignment(point_, ba_align(64));
    EXPECT_EQ(length_of(ba_array_alloc_at(exact_, wide, 1, kHere)), 12u);
    EXPECT_EQ(script_.take_calls(), "alloc(12, align 64, here)");
}

TEST_F(Typed, NoElementsNeedNoMemory) {
    EXPECT_EQ(ba_memory_pointer(ba_array_alloc_at(exact_, point_, 0, kHere)),
              ba_memory_pointer(empty()));
    EXPECT_EQ(ba_array_free_at(exact_, point_, empty(), kHere).code, BA_OK);
    EXPECT_EQ(code_of(ba_array_resize_at(exact_, point_, empty(), 0, kHere)), BA_OK);
    EXPECT_EQ(length_of(ba_array_resize_at(exact_, point_, empty(), 0, kHere)), 0u);
    EXPECT_EQ(code_of(ba_array_resize_at(exact_, point_, empty(), 1, kHere)), BA_NOT_IN_PLACE);
    EXPECT_EQ(code_of(ba_array_resize_at(exact_, point_, script_.a(64), 0, kHere)),
              BA_NOT_IN_PLACE);
    EXPECT_EQ(code_of(ba_array_grow_between_at(exact_, point_, empty(), 1, 2, kHere)),
              BA_NOT_IN_PLACE);
    EXPECT_EQ(code_of(ba_array_grow_between_at(exact_, point_, empty(), 0, 2, kHere)), BA_OK);
    const ba_memory stays = ba_array_remap_at(exact_, point_, empty(), 0, kHere);
    EXPECT_EQ(ba_memory_pointer(stays), ba_memory_pointer(empty()));
    EXPECT_EQ(code_of(ba_array_remap_at(exact_, point_, empty(), 1, kHere)), BA_UNSUPPORTED);
    EXPECT_EQ(code_of(ba_array_remap_at(exact_, point_, script_.a(64), 0, kHere)), BA_UNSUPPORTED);
    EXPECT_EQ(script_.take_calls(), "");
}

TEST_F(Typed, GrowBetweenMayNeedNoElements) {
    script_.will_return(of(128));
    EXPECT_EQ(length_of(ba_array_grow_between_at(exact_, point_, script_.a(36), 0, 10, kHere)),
              120u);
    script_.will_return(of(64));
    EXPECT_EQ(length_of(ba_array_grow_between_at(exact_, point_, script_.a(36), 0, 0, kHere)), 36u);
    EXPECT_EQ(script_.take_calls(), "grow_between(A 36, align 4, 12, 120, here); "
                                    "grow_between(A 36, align 4, 12, 0, here)");
}

TEST_F(Typed, ElementsOfNoLengthAreLeftToTheAllocator) {
    const ba_layout nothing = ba_layout_make(ba_bytes(0), ba_align(4));
    script_.will_refuse_alloc(BA_ZERO_SIZE);
    EXPECT_EQ(code_of(ba_array_alloc_at(exact_, nothing, 3, kHere)), BA_ZERO_SIZE);
    script_.will_refuse_resize(BA_ZERO_SIZE);
    EXPECT_EQ(code_of(ba_array_grow_between_at(exact_, nothing, script_.a(36), 3, 4, kHere)),
              BA_ZERO_SIZE);
    EXPECT_EQ(script_.take_calls(), "alloc(0, align 4, here); grow_between(A 36, align 4, 0, 0, "
                                    "here)");
    EXPECT_EQ(ba_array_count(nothing, script_.a(36)), 0u);
}

TEST_F(Typed, ACountThatNoLengthHoldsIsALimit) {
    const std::size_t many = SIZE_MAX / sizeof(Point) + 1;
    const ba_memory array = script_.a(64);
    const char sentinel[sizeof(Point)] = {};
    EXPECT_EQ(code_of(ba_array_alloc_at(exact_, point_, many, kHere)), BA_LIMIT);
    EXPECT_EQ(code_of(ba_array_resize_at(exact_, point_, array, many, kHere)), BA_LIMIT);
    EXPECT_EQ(code_of(ba_array_grow_between_at(exact_, point_, array, many, many, kHere)),
              BA_LIMIT);
    EXPECT_EQ(code_of(ba_array_remap_at(exact_, point_, array, many, kHere)), BA_LIMIT);
    EXPECT_EQ(code_of(ba_array_realloc_at(exact_, point_, array, many, kHere)), BA_LIMIT);
    for (const std::size_t count : {many - 1, SIZE_MAX}) {
        EXPECT_EQ(code_of(ba_array_alloc_with_sentinel_at(exact_, point_, count, sentinel, kHere)),
                  BA_LIMIT);
    }
    EXPECT_EQ(script_.take_calls(), "");
}

TEST_F(Typed, TheSentinelFollowsTheLastElement) {
    const Point sentinel = {1, 2, 3};
    script_.will_return(script_.a(64));
    const ba_memory array = ba_array_alloc_with_sentinel_at(exact_, point_, 2, &sentinel, kHere);
    EXPECT_EQ(length_of(array), 36u);
    EXPECT_EQ(std::memcmp(script_.a() + 24, &sentinel, sizeof sentinel), 0);
    script_.will_return(script_.b(64));
    EXPECT_EQ(length_of(ba_array_alloc_with_sentinel_at(whole_, point_, 0, &sentinel, kHere)), 64u);
    EXPECT_EQ(std::memcmp(script_.b(), &sentinel, sizeof sentinel), 0);
    script_.will_refuse_alloc(BA_OUT_OF_MEMORY);
    EXPECT_EQ(code_of(ba_array_alloc_with_sentinel_at(exact_, point_, 2, &sentinel, kHere)),
              BA_OUT_OF_MEMORY);
    EXPECT_EQ(script_.take_calls(),
              "alloc(36, align 4, here); alloc(12, align 4, here); alloc(36, align 4, here)");
}

TEST_F(Typed, ResizeIsCutOrWhole) {
    script_.will_return(of(128));
    EXPECT_EQ(length_of(ba_array_resize_at(exact_, point_, script_.a(36), 9, kHere)), 108u);
    script_.will_return(of(128));
    EXPECT_EQ(length_of(ba_array_resize_at(whole_, point_, script_.a(64), 9, kHere)), 128u);
    script_.will_refuse_resize(BA_NOT_IN_PLACE);
    EXPECT_EQ(code_of(ba_array_resize_at(exact_, point_, script_.a(36), 9, kHere)),
              BA_NOT_IN_PLACE);
    EXPECT_EQ(script_.take_calls(),
              "resize(A 36, align 4, 108, here); resize(A 64, align 4, 108, here); "
              "resize(A 36, align 4, 108, here)");
}

TEST_F(Typed, GrowBetweenGivesWholeElements) {
    const auto grow = [this](const ba_any_allocator &allocator, std::size_t minimum,
                             std::size_t wanted) {
        return ba_array_grow_between_at(allocator, point_, script_.a(36), minimum, wanted, kHere);
    };
    script_.will_return(of(128));
    EXPECT_EQ(length_of(grow(exact_, 5, 20)), 120u) << "10 elements fit into 128 bytes";
    script_.will_return(of(256));
    EXPECT_EQ(length_of(grow(exact_, 5, 20)), 240u) << "no more than wanted";
    script_.will_return(of(64));
    EXPECT_EQ(length_of(grow(exact_, 5, 0)), 60u) << "no less than the minimum";
    script_.will_return(of(256));
    EXPECT_EQ(length_of(grow(whole_, 5, 20)), 256u);
    script_.will_refuse_resize(BA_LIMIT);
    EXPECT_EQ(code_of(grow(exact_, 5, 20)), BA_LIMIT);
    EXPECT_EQ(script_.take_calls(), "grow_between(A 36, align 4, 60, 240, here); "
                                    "grow_between(A 36, align 4, 60, 240, here); "
                                    "grow_between(A 36, align 4, 60, 0, here); "
                                    "grow_between(A 36, align 4, 60, 240, here); "
                                    "grow_between(A 36, align 4, 60, 240, here)");
}

TEST_F(Typed, GrowBetweenNeverMakesShorter) {
    const auto grow = [this](const ba_any_allocator &allocator, std::size_t wanted) {
        return ba_array_grow_between_at(allocator, point_, script_.a(36), 1, wanted, kHere);
    };
    script_.will_return(of(64));
    EXPECT_EQ(length_of(grow(exact_, 2)), 36u)
        << "all that it had, and no more: it was not asked for";
    script_.will_return(of(64));
    EXPECT_EQ(length_of(grow(whole_, 2)), 64u);
    EXPECT_EQ(script_.take_calls(), "grow_between(A 36, align 4, 12, 24, here); "
                                    "grow_between(A 36, align 4, 12, 24, here)");
}

TEST_F(Typed, GrowBetweenByResizingNeverMakesShorter) {
    ScriptedAllocator script(ScriptedAllocator::kBlockSize, ScriptedAllocator::Table::kShort);
    const ba_any_allocator exact = ba_any_allocator_of(script.allocator());
    const ba_any_allocator whole = ba_any_allocator_of(script.block_allocator());
    const auto grow = [&](const ba_any_allocator &allocator, std::size_t wanted) {
        return ba_array_grow_between_at(allocator, point_, script.a(36), 1, wanted, kHere);
    };
    script.will_return(of(64));
    EXPECT_EQ(length_of(grow(exact, 2)), 36u);
    script.will_return(of(64));
    EXPECT_EQ(length_of(grow(whole, 2)), 64u);
    EXPECT_EQ(script.take_calls(), "resize(A 36, align 4, 64, here); "
                                   "resize(A 36, align 4, 64, here)");

    script.will_refuse_resize(BA_NOT_IN_PLACE);
    script.will_return(of(64));
    EXPECT_EQ(length_of(grow(exact, 20)), 60u) << "more was wanted: as many elements as there fit";
    script.will_refuse_resize(BA_NOT_IN_PLACE);
    script.will_return(of(64));
    EXPECT_EQ(length_of(grow(whole, 20)), 64u);
    EXPECT_EQ(script.take_calls(),
              "resize(A 36, align 4, 240, here); resize(A 36, align 4, 64, here); "
              "resize(A 36, align 4, 240, here); resize(A 36, align 4, 64, here)");
}

TEST_F(Typed, GrowBetweenWantsAsMuchAsThereIs) {
    script_.will_return(of(128));
    EXPECT_EQ(
        length_of(ba_array_grow_between_at(exact_, point_, script_.a(36), 5, SIZE_MAX, kHere)),
        120u);
    EXPECT_EQ(script_.take_calls(),
              "grow_between(A 36, align 4, 60, " + std::to_string(SIZE_MAX / 12 * 12) + ", here)");
}

TEST_F(Typed, RemapIsCutOrWhole) {
    script_.will_return(script_.b(128));
    const ba_memory moved = ba_array_remap_at(exact_, point_, script_.a(36), 9, kHere);
    EXPECT_EQ(ba_memory_pointer(moved), script_.b());
    EXPECT_EQ(length_of(moved), 108u);
    script_.will_return(script_.b(128));
    EXPECT_EQ(length_of(ba_array_remap_at(whole_, point_, script_.a(36), 9, kHere)), 128u);
    EXPECT_EQ(script_.take_calls(),
              "remap(A 36, align 4, 108, here); remap(A 36, align 4, 108, here)");
}

TEST_F(Typed, ReallocIsCutOrWhole) {
    script_.will_return(of(128));
    EXPECT_EQ(length_of(ba_array_realloc_at(exact_, point_, script_.a(36), 9, kHere)), 108u);
    script_.will_return(of(128));
    EXPECT_EQ(length_of(ba_array_realloc_at(whole_, point_, script_.a(36), 9, kHere)), 128u);
    EXPECT_EQ(script_.take_calls(),
              "resize(A 36, align 4, 108, here); resize(A 36, align 4, 108, here)");
}

TEST_F(Typed, ReallocBetweenNoneAndSome) {
    script_.will_return(script_.a(64));
    EXPECT_EQ(length_of(ba_array_realloc_at(exact_, point_, empty(), 3, kHere)), 36u);
    script_.will_return(kOk);
    const ba_memory none = ba_array_realloc_at(exact_, point_, script_.a(36), 0, kHere);
    EXPECT_EQ(ba_memory_pointer(none), ba_memory_pointer(empty()));
    script_.will_return(ba_error_of(BA_DOUBLE_FREE));
    EXPECT_EQ(code_of(ba_array_realloc_at(exact_, point_, script_.a(36), 0, kHere)),
              BA_DOUBLE_FREE);
    EXPECT_EQ(script_.take_calls(), "alloc(36, align 4, here); free(A 36, align 4, here); "
                                    "free(A 36, align 4, here)");
}

TEST_F(Typed, FreeForwards) {
    script_.will_return(kOk);
    EXPECT_EQ(ba_array_free_at(exact_, point_, script_.a(36), kHere).code, BA_OK);
    EXPECT_EQ(script_.take_calls(), "free(A 36, align 4, here)");
}

// The macros, over an allocator that gives real memory and checks what comes back.
template <typename T>
class TypedMacros : public ::testing::Test {
  protected:
    static StrictBackingOptions options() {
        StrictBackingOptions result;
        result.block_size = 64;
        result.grows_in_place = true;
        result.room = 64;
        result.remaps = true;
        result.by_the_rules = true;
        return result;
    }

    T allocator();

    StrictBacking backing_{options()};
};

template <>
ba_allocator TypedMacros<ba_allocator>::allocator() {
    return backing_.allocator();
}

template <>
ba_block_allocator TypedMacros<ba_block_allocator>::allocator() {
    return backing_.block_allocator();
}

using Kinds = ::testing::Types<ba_allocator, ba_block_allocator>;

struct KindName {
    template <typename T>
    static std::string GetName(int /*index*/) {
        return std::is_same<T, ba_allocator>::value ? "Exact" : "Whole";
    }
};

TYPED_TEST_SUITE(TypedMacros, Kinds, KindName);

TYPED_TEST(TypedMacros, CreateAndDestroy) {
    Point *const point = ba_create(this->allocator(), Point);
    ASSERT_NE(point, nullptr);
    point->z = 3;
    EXPECT_EQ(ba_destroy(this->allocator(), Point, point).code, BA_OK);
    this->backing_.refuse_from(1);
    EXPECT_EQ(ba_create(this->allocator(), Point), nullptr);
}

TYPED_TEST(TypedMacros, ALifeOfAnArray) {
    const ba_layout number = ba_layout_with_alignment(ba_layout_of(std::uint32_t), ba_align(64));
    ba_memory array = ba_array_alloc(this->allocator(), number, 3);
    ASSERT_FALSE(ba_memory_is_none(array));
    EXPECT_TRUE(ba_is_aligned(ba_memory_pointer(array), ba_align(64)));
    static_cast<std::uint32_t *>(ba_memory_pointer(array))[2] = 77;

    const ba_length_result grown = ba_array_grow_between(this->allocator(), number, array, 17, 40);
    ASSERT_EQ(code_of(grown), BA_OK);
    EXPECT_EQ(length_of(grown), 128u);
    array = ba_memory_of(ba_memory_pointer(array), ba_length_result_length(grown));

    array = ba_array_remap(this->allocator(), number, array, 48);
    ASSERT_FALSE(ba_memory_is_none(array));
    EXPECT_EQ(static_cast<std::uint32_t *>(ba_memory_pointer(array))[2], 77u);

    const ba_length_result shrunk = ba_array_resize(this->allocator(), number, array, 16);
    EXPECT_EQ(length_of(shrunk), 64u);
    array = ba_memory_of(ba_memory_pointer(array), ba_length_result_length(shrunk));

    array = ba_array_realloc(this->allocator(), number, array, 1000);
    ASSERT_FALSE(ba_memory_is_none(array));
    EXPECT_GE(ba_array_count(number, array), 1000u);
    EXPECT_EQ(static_cast<std::uint32_t *>(ba_memory_pointer(array))[2], 77u);
    EXPECT_EQ(ba_array_free(this->allocator(), number, array).code, BA_OK);
}

TYPED_TEST(TypedMacros, ATextWithItsZero) {
    const char zero = 0;
    const ba_layout character = ba_layout_of(char);
    const ba_memory text = ba_array_alloc_with_sentinel(this->allocator(), character, 5, &zero);
    ASSERT_FALSE(ba_memory_is_none(text));
    std::memcpy(ba_memory_pointer(text), "hello", 5);
    EXPECT_STREQ(static_cast<char *>(ba_memory_pointer(text)), "hello");
    EXPECT_EQ(ba_array_free(this->allocator(), character, text).code, BA_OK);
}

// Every call that may be about no elements, with a layout that no object has.
void expect_bad_alignment(ba_allocator allocator, std::size_t alignment) {
    const ba_layout bad = ba_layout_make(ba_bytes(4), ba_align(alignment));
    const ba_memory none = ba_array_empty(ba_layout_of(std::uint32_t));
    const ba_memory some = ba_array_alloc(allocator, ba_layout_of(std::uint32_t), 3);

    EXPECT_EQ(code_of(ba_array_alloc(allocator, bad, 0)), BA_BAD_ALIGN);
    EXPECT_EQ(code_of(ba_array_resize(allocator, bad, none, 0)), BA_BAD_ALIGN);
    EXPECT_EQ(code_of(ba_array_resize(allocator, bad, none, 1)), BA_BAD_ALIGN);
    EXPECT_EQ(code_of(ba_array_resize(allocator, bad, some, 0)), BA_BAD_ALIGN);
    EXPECT_EQ(code_of(ba_array_grow_between(allocator, bad, none, 0, 1)), BA_BAD_ALIGN);
    EXPECT_EQ(code_of(ba_array_remap(allocator, bad, none, 0)), BA_BAD_ALIGN);
    EXPECT_EQ(code_of(ba_array_remap(allocator, bad, some, 0)), BA_BAD_ALIGN);
    EXPECT_EQ(code_of(ba_array_realloc(allocator, bad, none, 0)), BA_BAD_ALIGN);
    EXPECT_EQ(code_of(ba_array_realloc(allocator, bad, some, 0)), BA_BAD_ALIGN);
    EXPECT_EQ(ba_array_free(allocator, bad, none).code, BA_BAD_ALIGN);

    EXPECT_EQ(ba_array_free(allocator, ba_layout_of(std::uint32_t), some).code, BA_OK);
}

TEST(TypedMisuse, EmptyArraysNeedAValidAlignmentToo) {
    StrictBackingOptions options;
    options.by_the_rules = true;
    StrictBacking backing(options);
    for (const std::size_t alignment : {std::size_t{0}, std::size_t{3}}) {
        MisuseRecorder misuse;
        expect_bad_alignment(backing.allocator(), alignment);
        // Of the ten, the one that frees some elements is reported whatever the build mode checks.
        EXPECT_EQ(misuse.errors(),
                  std::vector<ba_error_code>(BA_CHECKS_MISUSE ? 10 : 1, BA_BAD_ALIGN));
    }
}

// One whose allocator does not know better gets back what it gave.
TEST(TypedMisuse, NoElementsLeaveNothingWithAnAllocatorThatTakesAnyAlignment) {
    ScriptedAllocator script;
    const ba_layout bad = ba_layout_make(ba_bytes(4), ba_align(3));
    script.will_return(script.a(64));
    script.will_return(kOk);
    EXPECT_EQ(code_of(ba_array_alloc_at(ba_any_allocator_of(script.allocator()), bad, 0, kHere)),
              BA_BAD_ALIGN);
    EXPECT_EQ(script.take_calls(),
              BA_CHECKS_MISUSE ? "alloc(4, align 3, here); free(A 4, align 3, here)" : "");
}

TEST(TypedMisuse, NoMemoryIsNotTheEmptyArray) {
    StrictBackingOptions options;
    options.by_the_rules = true;
    StrictBacking backing(options);
    const ba_allocator allocator = backing.allocator();
    const ba_layout number = ba_layout_of(std::uint32_t);
    const ba_memory none = ba_memory_none(ba_error_of(BA_OUT_OF_MEMORY));

    MisuseRecorder misuse;
    EXPECT_EQ(code_of(ba_array_resize(allocator, number, none, 3)), BA_FOREIGN);
    EXPECT_EQ(code_of(ba_array_grow_between(allocator, number, none, 3, 4)), BA_FOREIGN);
    EXPECT_EQ(code_of(ba_array_remap(allocator, number, none, 3)), BA_FOREIGN);
    EXPECT_EQ(code_of(ba_array_realloc(allocator, number, none, 3)), BA_FOREIGN);
    EXPECT_EQ(code_of(ba_array_realloc(allocator, number, none, 0)), BA_FOREIGN);
    EXPECT_EQ(ba_array_free(allocator, number, none).code, BA_FOREIGN);
    EXPECT_EQ(misuse.errors(), std::vector<ba_error_code>(6, BA_FOREIGN));
}

} // namespace
