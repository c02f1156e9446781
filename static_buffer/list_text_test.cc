// Text: printed to the last place, and of arguments that lie in the list itself.
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>

#if defined(__unix__)
#include <sys/resource.h>
#endif

#include "testing/buffers/buffer_fixture.h"
#include "testing/scripted_allocator.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::ScriptedAllocator;
using buffer_testing::BoundBacking;
using buffer_testing::whole_blocks;
using buffer_testing::with_remap;
using buffer_testing::with_room;

ba_block_allocator blocks;

} // namespace

#define SAB_NAME bare
#define SAB_TYPE unsigned char
#define SAB_ALLOCATOR blocks
#define SAB_BYTES
#include "static_buffer/define.h"

#define SAB_NAME ended
#define SAB_TYPE char
#define SAB_ALLOCATOR blocks
#define SAB_SENTINEL '\0'
#define SAB_BYTES
#include "static_buffer/define.h"

namespace {

template <class List>
std::string text_of(const List &list) {
    return std::string(reinterpret_cast<const char *>(list.ptr), list.len);
}

template <class List>
class ListTextTest : public testing::Test {};

using Lists = testing::Types<bare_list, ended_list>;
TYPED_TEST_SUITE(ListTextTest, Lists, );

TYPED_TEST(ListTextTest, NothingNeedsNoMemory) {
    BoundBacking backing(&blocks, whole_blocks(16));
    TypeParam list = {};
    sab_append_format(&list, "%s", "");
    sab_format(&list, "%s", "");
    EXPECT_EQ(backing.calls(), 0u);
    EXPECT_EQ(list.cap, 0u);
    sab_append_format(&list, "%*s", static_cast<int>(list.cap + 16), "");
    while (list.len < list.cap) {
        sab_append(&list, 'x');
    }
    backing.refuse_from(1);
    EXPECT_EQ(sab_try_append_format(&list, "%s", "").code, BA_OK);
    sab_format(&list, "%s", "");
    EXPECT_EQ(list.len, 0u) << "nothing in place of all";
    sab_release(&list);
}

// All lengths around the room that there is, from a list with some contents and one with none.
TYPED_TEST(ListTextTest, FitsToTheLastPlace) {
    for (const std::size_t block : {std::size_t{64}, std::size_t{4096}}) {
        BoundBacking backing(&blocks, whole_blocks(block));
        for (const std::size_t before : {0U, 1U, 5U}) {
            for (const std::size_t less : {0U, 1U, 2U}) {
                TypeParam list = {};
                sab_ensure_capacity(&list, block - 1);
                const std::size_t capacity = list.cap;
                sab_append_n(&list, 'a', before);
                const std::size_t count = capacity - before - less;
                backing.refuse_from(1);
                EXPECT_EQ(sab_try_append_format(&list, "%0*d", static_cast<int>(count), 7).code,
                          BA_OK)
                    << before << " and " << count << " of " << capacity;
                EXPECT_EQ(list.cap, capacity);
                EXPECT_EQ(text_of(list),
                          std::string(before, 'a') + std::string(count - 1, '0') + "7");
                const TypeParam full = list;
                EXPECT_EQ(
                    sab_try_append_format(&list, "%s", std::string(less + 1, 'x').c_str()).code,
                    BA_OUT_OF_MEMORY);
                EXPECT_EQ(std::memcmp(&list, &full, sizeof list), 0);
                backing.refuse_none();
                sab_release(&list);
            }
        }
    }
}

#if defined(__unix__)
TYPED_TEST(ListTextTest, FitsToTheLastPlaceWhereTheStackDoesNotTakeIt) {
    BoundBacking backing(&blocks, whole_blocks(8192));
    TypeParam list = {};
    sab_ensure_capacity(&list, 8000);
    backing.refuse_from(1);
    const int capacity = static_cast<int>(list.cap);
    EXPECT_EQ(sab_try_format(&list, "%-*d%c", capacity - 1, 7, 'z').code, BA_OK);
    ASSERT_EQ(list.len, list.cap);
    EXPECT_EQ(static_cast<char>(list.ptr[0]), '7');
    EXPECT_EQ(static_cast<char>(list.ptr[capacity - 2]), ' ');
    EXPECT_EQ(static_cast<char>(list.ptr[capacity - 1]), 'z');
    backing.refuse_none();
    sab_release(&list);
}

// While it lives the process can open no file.
class NoFiles {
  public:
    NoFiles() {
        EXPECT_EQ(getrlimit(RLIMIT_NOFILE, &before_), 0);
        rlimit none = before_;
        none.rlim_cur = 0;
        EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
    }
    ~NoFiles() { EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &before_), 0); }
    NoFiles(const NoFiles &) = delete;
    NoFiles &operator=(const NoFiles &) = delete;

  private:
    rlimit before_ = {};
};

TYPED_TEST(ListTextTest, NeedsOneByteMoreWhereThereIsNoTemporaryFile) {
    BoundBacking backing(&blocks, whole_blocks(8192));
    TypeParam list = {};
    sab_ensure_capacity(&list, 8000);
    const std::size_t capacity = list.cap;
    backing.refuse_from(1);
    const NoFiles none;
    EXPECT_EQ(sab_try_format(&list, "%*d", static_cast<int>(capacity), 7).code, BA_OUT_OF_MEMORY);
    EXPECT_EQ(list.len, 0u);
    EXPECT_EQ(sab_try_format(&list, "%*d", static_cast<int>(capacity - 1), 7).code, BA_OK);
    EXPECT_EQ(list.len, capacity - 1);
    backing.refuse_none();
    sab_format(&list, "%*d", static_cast<int>(capacity), 7);
    EXPECT_EQ(list.len, capacity);
    sab_release(&list);
}
#endif

// With printf's terminator, and the sentinel if there is one, the last length that can be counted.
TYPED_TEST(ListTextTest, ALengthThatOverflowsIsALimit) {
    ScriptedAllocator script;
    blocks = script.block_allocator();
    const std::size_t extra = std::is_same<TypeParam, ended_list>::value ? 1 : 0;
    TypeParam list = {};
    list.ptr = reinterpret_cast<decltype(list.ptr)>(script.a());
    list.len = list.cap = SIZE_MAX - extra - 5;
    const TypeParam full = list;
    EXPECT_EQ(sab_try_append_format(&list, "%s", "12345").code, BA_LIMIT);
    EXPECT_EQ(script.take_calls(), "");
    script.will_refuse_resize(BA_CORRUPT);
    EXPECT_EQ(sab_try_append_format(&list, "%s", "1234").code, BA_CORRUPT)
        << "one that can be is for the allocator to refuse";
    EXPECT_NE(script.take_calls().find(std::to_string(SIZE_MAX)), std::string::npos);
    EXPECT_EQ(std::memcmp(&list, &full, sizeof list), 0);
}

// The list doubles itself: with room, without, in place and by moving.
void expect_that_it_doubles(const ba_testing::StrictBackingOptions &options) {
    BoundBacking backing(&blocks, options);
    ended_list list = {};
    sab_append_format(&list, "%s", "abc");
    std::string expected = "abc";
    for (int i = 0; i < 12; i++) {
        sab_append_format(&list, "%s,%.*s", list.ptr, static_cast<int>(list.len), list.ptr);
        const std::string before = expected;
        expected.append(before).append(",").append(before);
        ASSERT_EQ(text_of(list), expected);
        ASSERT_STREQ(list.ptr, expected.c_str());
    }
    sab_format(&list, "%.3s%s", list.ptr, list.ptr + list.len - 3);
    EXPECT_STREQ(list.ptr, "abcabc");
    sab_release(&list);
}

TEST(ListTextArgumentsTest, MayLieInTheList) {
    expect_that_it_doubles(whole_blocks(16));
    expect_that_it_doubles(with_room(16, 1024));
    expect_that_it_doubles(with_remap(4096));
}

TEST(ListTextArgumentsTest, MayLieInAListThatBecomesFull) {
    BoundBacking backing(&blocks, whole_blocks(32));
    ended_list list = {};
    sab_append_format(&list, "%s", "fifteen letters");
    ASSERT_EQ(list.cap, 31u);
    sab_append_format(&list, ",%s", list.ptr);
    EXPECT_EQ(list.len, list.cap);
    EXPECT_STREQ(list.ptr, "fifteen letters,fifteen letters");
    sab_release(&list);
}

} // namespace
