#include "block_allocator/any_allocator.h"

#include "testing/scripted_allocator.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::ScriptedAllocator;

const ba_call_site kHere = ba_call_site_of_text("here");
const ba_alignment kAlignment = ba_align(8);

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

class AnyAllocatorTest : public ::testing::Test {
  protected:
    ScriptedAllocator script_;
    const ba_any_allocator exact_ = ba_any_allocator_of(script_.allocator());
    const ba_any_allocator whole_ = ba_any_allocator_of(script_.block_allocator());
};

TEST_F(AnyAllocatorTest, RemembersTheKind) {
    EXPECT_EQ(exact_.grant, BA_GRANT_EXACT);
    EXPECT_EQ(exact_.grants.context, &script_);
    EXPECT_EQ(whole_.grant, BA_GRANT_WHOLE);
    EXPECT_EQ(whole_.grants.context, &script_);
    EXPECT_EQ(ba_any_allocator_of_exact(script_.allocator()).grant, BA_GRANT_EXACT);
    EXPECT_EQ(ba_any_allocator_of_whole(script_.block_allocator()).grant, BA_GRANT_WHOLE);
}

TEST_F(AnyAllocatorTest, AllocCutsOnlyAnExactGrant) {
    const auto alloc = [](ba_any_allocator any) {
        return ba_any_allocator_alloc_at(any, ba_bytes(65), kAlignment, kHere);
    };
    script_.will_return(script_.a(128));
    const ba_memory exact = alloc(exact_);
    EXPECT_EQ(ba_memory_pointer(exact), script_.a());
    EXPECT_EQ(length_of(exact), 65u);
    script_.will_return(script_.b(128));
    const ba_memory whole = alloc(whole_);
    EXPECT_EQ(ba_memory_pointer(whole), script_.b());
    EXPECT_EQ(length_of(whole), 128u);
    script_.will_refuse_alloc(BA_LIMIT);
    EXPECT_EQ(code_of(alloc(exact_)), BA_LIMIT);
    script_.will_refuse_alloc(BA_OUT_OF_MEMORY);
    EXPECT_EQ(code_of(alloc(whole_)), BA_OUT_OF_MEMORY);
    EXPECT_EQ(script_.take_calls(), "alloc(65, align 8, here); alloc(65, align 8, here); "
                                    "alloc(65, align 8, here); alloc(65, align 8, here)");
}

TEST_F(AnyAllocatorTest, ResizeCutsOnlyAnExactGrant) {
    const auto resize = [this](ba_any_allocator any) {
        return ba_any_allocator_resize_at(any, script_.a(100), kAlignment, ba_bytes(200), kHere);
    };
    script_.will_return(of(256));
    EXPECT_EQ(length_of(resize(exact_)), 200u);
    script_.will_return(of(256));
    EXPECT_EQ(length_of(resize(whole_)), 256u);
    script_.will_refuse_resize(BA_NOT_IN_PLACE);
    EXPECT_EQ(code_of(resize(exact_)), BA_NOT_IN_PLACE);
    script_.will_refuse_resize(BA_LIMIT);
    EXPECT_EQ(code_of(resize(whole_)), BA_LIMIT);
    EXPECT_EQ(script_.take_calls(),
              "resize(A 100, align 8, 200, here); resize(A 100, align 8, 200, here); "
              "resize(A 100, align 8, 200, here); resize(A 100, align 8, 200, here)");
}

TEST_F(AnyAllocatorTest, GrowBetweenCutsAnExactGrantToTheLongestOfWhatItHadAndWasAskedFor) {
    const auto grow = [this](ba_any_allocator any, std::size_t minimum, std::size_t wanted) {
        return ba_any_allocator_grow_between_at(any, script_.a(100), kAlignment, ba_bytes(minimum),
                                                ba_bytes(wanted), kHere);
    };
    script_.will_return(of(256));
    EXPECT_EQ(length_of(grow(exact_, 150, 200)), 200u) << "as much as wanted";
    script_.will_return(of(192));
    EXPECT_EQ(length_of(grow(exact_, 150, 200)), 192u) << "less than wanted is kept whole";
    script_.will_return(of(192));
    EXPECT_EQ(length_of(grow(exact_, 150, 0)), 150u) << "never less than the minimum";
    script_.will_return(of(128));
    EXPECT_EQ(length_of(grow(exact_, 10, 20)), 100u) << "never less than it had";
    script_.will_return(of(256));
    EXPECT_EQ(length_of(grow(whole_, 150, 200)), 256u);
    script_.will_refuse_resize(BA_LIMIT);
    EXPECT_EQ(code_of(grow(exact_, 150, 200)), BA_LIMIT);
    script_.will_refuse_resize(BA_NOT_IN_PLACE);
    EXPECT_EQ(code_of(grow(whole_, 150, 200)), BA_NOT_IN_PLACE);
    EXPECT_EQ(script_.take_calls(), "grow_between(A 100, align 8, 150, 200, here); "
                                    "grow_between(A 100, align 8, 150, 200, here); "
                                    "grow_between(A 100, align 8, 150, 0, here); "
                                    "grow_between(A 100, align 8, 10, 20, here); "
                                    "grow_between(A 100, align 8, 150, 200, here); "
                                    "grow_between(A 100, align 8, 150, 200, here); "
                                    "grow_between(A 100, align 8, 150, 200, here)");
}

TEST_F(AnyAllocatorTest, RemapCutsOnlyAnExactGrant) {
    const auto remap = [this](ba_any_allocator any) {
        return ba_any_allocator_remap_at(any, script_.a(100), kAlignment, ba_bytes(200), kHere);
    };
    script_.will_return(script_.b(256));
    const ba_memory exact = remap(exact_);
    EXPECT_EQ(ba_memory_pointer(exact), script_.b());
    EXPECT_EQ(length_of(exact), 200u);
    script_.will_return(script_.b(256));
    EXPECT_EQ(length_of(remap(whole_)), 256u);
    script_.will_refuse_alloc(BA_UNSUPPORTED);
    EXPECT_EQ(code_of(remap(exact_)), BA_UNSUPPORTED);
    script_.will_refuse_alloc(BA_OUT_OF_MEMORY);
    EXPECT_EQ(code_of(remap(whole_)), BA_OUT_OF_MEMORY);
    EXPECT_EQ(script_.take_calls(),
              "remap(A 100, align 8, 200, here); remap(A 100, align 8, 200, here); "
              "remap(A 100, align 8, 200, here); remap(A 100, align 8, 200, here)");
}

TEST_F(AnyAllocatorTest, ReallocCutsOnlyAnExactGrant) {
    const auto realloc = [this](ba_any_allocator any) {
        return ba_any_allocator_realloc_at(any, script_.a(100), kAlignment, ba_bytes(200), kHere);
    };
    script_.will_return(of(256));
    const ba_memory exact = realloc(exact_);
    EXPECT_EQ(ba_memory_pointer(exact), script_.a());
    EXPECT_EQ(length_of(exact), 200u);
    script_.will_return(of(256));
    EXPECT_EQ(length_of(realloc(whole_)), 256u);
    EXPECT_EQ(script_.take_calls(),
              "resize(A 100, align 8, 200, here); resize(A 100, align 8, 200, here)");
    script_.will_refuse_resize(BA_LIMIT);
    script_.will_refuse_alloc(BA_LIMIT);
    script_.will_refuse_alloc(BA_LIMIT);
    EXPECT_EQ(code_of(realloc(exact_)), BA_LIMIT);
}

TEST_F(AnyAllocatorTest, FreePassesTheMemoryOn) {
    script_.will_return(ba_error_of(BA_OK));
    EXPECT_EQ(ba_any_allocator_free_at(exact_, script_.a(65), kAlignment, kHere).code, BA_OK);
    script_.will_return(ba_error_of(BA_FOREIGN));
    EXPECT_EQ(ba_any_allocator_free_at(whole_, script_.b(128), kAlignment, kHere).code, BA_FOREIGN);
    EXPECT_EQ(script_.take_calls(), "free(A 65, align 8, here); free(B 128, align 8, here)");
}

} // namespace
