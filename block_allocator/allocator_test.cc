#include "block_allocator/allocator.h"

#include <string>

#include "testing/scripted_allocator.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::ScriptedAllocator;

const ba_call_site kHere = ba_call_site_of_text("here");

ba_length_result of(std::size_t bytes) {
    return ba_length_result_of(ba_bytes(bytes));
}

std::size_t length_of(ba_memory memory) {
    return ba_memory_length(memory).bytes;
}

std::size_t length_of(ba_length_result result) {
    return ba_length_result_length(result).bytes;
}

class Allocator : public ::testing::Test {
  protected:
    ScriptedAllocator script_;
    ba_allocator allocator_ = script_.allocator();
};

TEST_F(Allocator, IsAViewOfABlockAllocator) {
    const ba_allocator view = ba_as_allocator(script_.block_allocator());
    EXPECT_EQ(view.context, allocator_.context);
    EXPECT_EQ(view.operations, allocator_.operations);
    EXPECT_EQ(ba_allocator_grants(view).context, allocator_.context);
    EXPECT_EQ(ba_allocator_grants(view).operations, allocator_.operations);
    EXPECT_EQ(ba_allocator_block_size(allocator_).bytes, ScriptedAllocator::kBlockSize);
}

TEST_F(Allocator, AllocCutsToWhatWasAskedFor) {
    script_.will_return(script_.a(128));
    const ba_memory memory = ba_alloc_at(allocator_, ba_bytes(65), ba_align(16), kHere);
    EXPECT_EQ(ba_memory_pointer(memory), script_.a());
    EXPECT_EQ(length_of(memory), 65u);
    EXPECT_EQ(script_.take_calls(), "alloc(65, align 16, here)");
    script_.will_refuse_alloc(BA_OUT_OF_MEMORY);
    EXPECT_EQ(ba_memory_error(ba_alloc_at(allocator_, ba_bytes(65), ba_align(16), kHere)).code,
              BA_OUT_OF_MEMORY);
}

TEST_F(Allocator, ResizeCutsToWhatWasAskedFor) {
    script_.will_return(of(256));
    EXPECT_EQ(
        length_of(ba_resize_at(allocator_, script_.a(100), ba_align(8), ba_bytes(200), kHere)),
        200u);
    EXPECT_EQ(script_.take_calls(), "resize(A 100, align 8, 200, here)");
    script_.will_refuse_resize(BA_NOT_IN_PLACE);
    EXPECT_EQ(ba_length_result_error(
                  ba_resize_at(allocator_, script_.a(100), ba_align(8), ba_bytes(200), kHere))
                  .code,
              BA_NOT_IN_PLACE);
}

TEST_F(Allocator, GrowBetweenCutsToWhatIsWanted) {
    const auto grow = [this](std::size_t minimum, std::size_t wanted) {
        return ba_grow_between_at(allocator_, script_.a(100), ba_align(8), ba_bytes(minimum),
                                  ba_bytes(wanted), kHere);
    };
    script_.will_return(of(256));
    EXPECT_EQ(length_of(grow(150, 200)), 200u);
    script_.will_return(of(192));
    EXPECT_EQ(length_of(grow(150, 200)), 192u) << "less than wanted is kept whole";
    script_.will_return(of(192));
    EXPECT_EQ(length_of(grow(150, 0)), 150u) << "never less than the minimum";
    script_.will_refuse_resize(BA_LIMIT);
    EXPECT_EQ(ba_length_result_error(grow(150, 200)).code, BA_LIMIT);
    EXPECT_EQ(script_.take_calls(), "grow_between(A 100, align 8, 150, 200, here); "
                                    "grow_between(A 100, align 8, 150, 200, here); "
                                    "grow_between(A 100, align 8, 150, 0, here); "
                                    "grow_between(A 100, align 8, 150, 200, here)");
}

TEST_F(Allocator, RemapAndReallocCutToWhatWasAskedFor) {
    script_.will_return(script_.b(256));
    const ba_memory remapped =
        ba_remap_at(allocator_, script_.a(100), ba_align(8), ba_bytes(200), kHere);
    EXPECT_EQ(ba_memory_pointer(remapped), script_.b());
    EXPECT_EQ(length_of(remapped), 200u);
    script_.will_return(of(256));
    const ba_memory resized =
        ba_realloc_at(allocator_, script_.a(100), ba_align(8), ba_bytes(200), kHere);
    EXPECT_EQ(ba_memory_pointer(resized), script_.a());
    EXPECT_EQ(length_of(resized), 200u);
    script_.will_refuse_alloc(BA_UNSUPPORTED);
    EXPECT_EQ(
        ba_memory_error(ba_remap_at(allocator_, script_.a(100), ba_align(8), ba_bytes(200), kHere))
            .code,
        BA_UNSUPPORTED);
    EXPECT_EQ(script_.take_calls(),
              "remap(A 100, align 8, 200, here); resize(A 100, align 8, 200, here); "
              "remap(A 100, align 8, 200, here)");
}

TEST_F(Allocator, FreeDiscardAndOwnsForward) {
    script_.will_return(ba_error_of(BA_OK));
    EXPECT_EQ(ba_free_at(allocator_, script_.a(100), ba_align(8), kHere).code, BA_OK);
    script_.will_return(of(64));
    EXPECT_EQ(length_of(ba_discard_at(allocator_, script_.b(100), kHere)), 64u);
    script_.will_return(BA_OWNS_NOT);
    EXPECT_EQ(ba_owns(allocator_, script_.a()), BA_OWNS_NOT);
    EXPECT_EQ(script_.take_calls(), "free(A 100, align 8, here); discard(B 100, here); owns(A)");
}

void expect_line(ba_call_site site, int line) {
#if BA_BUILD_MODE == BA_DEBUG
    EXPECT_EQ(std::string(site.text), std::string(__FILE__) + ":" + std::to_string(line));
#else
    (void)line;
    EXPECT_NE(site.address, nullptr);
#endif
}

TEST_F(Allocator, TheMacrosFillInThisLine) {
    script_.will_return(script_.a(64));
    EXPECT_EQ(length_of(ba_alloc(allocator_, ba_bytes(1), ba_align(8))), 1u);
    expect_line(script_.last_site(), __LINE__ - 1);
    script_.will_return(of(64));
    EXPECT_EQ(length_of(ba_resize(allocator_, script_.a(64), ba_align(8), ba_bytes(2))), 2u);
    expect_line(script_.last_site(), __LINE__ - 1);
    script_.will_return(of(128));
    const ba_length_result grown =
        ba_grow_between(allocator_, script_.a(64), ba_align(8), ba_bytes(65), ba_bytes(66));
    expect_line(script_.last_site(), __LINE__ - 1);
    EXPECT_EQ(length_of(grown), 66u);
    script_.will_return(script_.b(64));
    EXPECT_EQ(length_of(ba_remap(allocator_, script_.a(64), ba_align(8), ba_bytes(3))), 3u);
    expect_line(script_.last_site(), __LINE__ - 1);
    script_.will_return(of(64));
    EXPECT_EQ(length_of(ba_realloc(allocator_, script_.a(64), ba_align(8), ba_bytes(4))), 4u);
    expect_line(script_.last_site(), __LINE__ - 1);
    script_.will_return(of(0));
    ba_discard(allocator_, script_.a(64));
    expect_line(script_.last_site(), __LINE__ - 1);
    script_.will_return(ba_error_of(BA_OK));
    ba_free(allocator_, script_.a(64), ba_align(8));
    expect_line(script_.last_site(), __LINE__ - 1);
}

} // namespace
