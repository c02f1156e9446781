#include "bench/replay/size_classes.h"

#include <cstdint>
#include <cstring>
#include <vector>

#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::StrictBacking;
using ba_testing::StrictBackingOptions;

constexpr std::size_t kSlab = 4096;
constexpr std::size_t kHeader = 32;
constexpr ba_alignment kAligned = {16};

StrictBackingOptions by_the_rules() {
    StrictBackingOptions options;
    options.by_the_rules = true;
    return options;
}

class SizeClasses : public testing::Test {
  protected:
    SizeClasses() { size_classes_init(&classes_, backing_.allocator()); }
    ~SizeClasses() override {
        size_classes_trim(&classes_);
        EXPECT_EQ(backing_.grants(), 0u);
    }

    ba_memory alloc(std::size_t length) {
        const ba_memory memory = size_classes_alloc(&classes_, ba_bytes(length), kAligned);
        EXPECT_EQ(ba_memory_length(memory).bytes, length);
        EXPECT_TRUE(ba_is_aligned(ba_memory_pointer(memory), kAligned));
        std::memset(ba_memory_pointer(memory), 0x5C, length);
        return memory;
    }
    void free(ba_memory memory) { size_classes_free(&classes_, memory); }
    ba_memory realloc(ba_memory memory, std::size_t length) {
        return size_classes_realloc(&classes_, memory, ba_bytes(length));
    }

    StrictBacking backing_{by_the_rules()};
    size_classes classes_;
};

TEST_F(SizeClasses, ASlabHoldsAsManyAsFit) {
    for (const std::size_t length :
         {std::size_t{1}, std::size_t{16}, std::size_t{100}, std::size_t{256}}) {
        const std::size_t many = (kSlab - kHeader) / ((length + 15) / 16 * 16);
        std::vector<ba_memory> objects;
        for (std::size_t i = 0; i < many; i++) {
            objects.push_back(alloc(length));
        }
        EXPECT_EQ(backing_.bytes(), kSlab) << length;
        objects.push_back(alloc(length));
        EXPECT_EQ(backing_.bytes(), 2 * kSlab) << length;
        for (const ba_memory object : objects) {
            free(object);
        }
        EXPECT_EQ(backing_.bytes(), kSlab) << "one stays";
        size_classes_trim(&classes_);
        EXPECT_EQ(backing_.bytes(), 0u);
    }
}

TEST_F(SizeClasses, WhatWasFreedIsTakenFirst) {
    const ba_memory first = alloc(40);
    const ba_memory second = alloc(48);
    free(first);
    const ba_memory again = alloc(33);
    EXPECT_EQ(ba_memory_pointer(again), ba_memory_pointer(first));
    free(second);
    free(again);
}

TEST_F(SizeClasses, AFullSlabIsUsedAgainOnceItHasRoom) {
    std::vector<ba_memory> objects;
    for (std::size_t i = 0; i < (kSlab - kHeader) / 256; i++) {
        objects.push_back(alloc(256));
    }
    free(objects[3]);
    objects[3] = alloc(256);
    EXPECT_EQ(backing_.grants(), 1u);
    for (const ba_memory object : objects) {
        free(object);
    }
}

TEST_F(SizeClasses, LargeObjectsComeFromBelow) {
    const ba_memory large = alloc(257);
    EXPECT_EQ(backing_.bytes(), 257u);
    free(large);
    EXPECT_EQ(backing_.bytes(), 0u);
}

TEST_F(SizeClasses, LargerAlignmentsComeFromBelow) {
    const ba_memory memory = size_classes_alloc(&classes_, ba_bytes(10), ba_align(1024));
    EXPECT_TRUE(ba_is_aligned(ba_memory_pointer(memory), ba_align(1024)));
    EXPECT_EQ(backing_.bytes(), 257u);
    free(memory);
    EXPECT_EQ(backing_.bytes(), 0u);
}

TEST_F(SizeClasses, ContentsSurviveEveryMove) {
    const std::vector<std::size_t> lengths = {10, 16, 100, 256, 257, 5000, 300, 200, 20, 1};
    ba_memory object = alloc(lengths[0]);
    for (const std::size_t length : lengths) {
        const std::size_t held = ba_memory_length(object).bytes;
        object = realloc(object, length);
        ASSERT_EQ(ba_memory_length(object).bytes, length);
        const auto *const bytes = static_cast<const unsigned char *>(ba_memory_pointer(object));
        for (std::size_t i = 0; i < length && i < held; i++) {
            ASSERT_EQ(bytes[i], 0x5C) << i << " of " << length;
        }
        std::memset(ba_memory_pointer(object), 0x5C, length);
    }
    free(object);
}

TEST_F(SizeClasses, WithinAClassNothingMoves) {
    const ba_memory object = alloc(33);
    const ba_memory longer = realloc(object, 48);
    EXPECT_EQ(ba_memory_pointer(longer), ba_memory_pointer(object));
    free(longer);
}

TEST_F(SizeClasses, RefusalsChangeNothing) {
    const ba_memory small = alloc(100);
    backing_.refuse_from(1);
    EXPECT_EQ(ba_memory_error(size_classes_alloc(&classes_, ba_bytes(10), kAligned)).code,
              BA_OUT_OF_MEMORY);
    EXPECT_EQ(ba_memory_error(size_classes_alloc(&classes_, ba_bytes(1000), kAligned)).code,
              BA_OUT_OF_MEMORY);
    EXPECT_EQ(ba_memory_error(realloc(small, 1000)).code, BA_OUT_OF_MEMORY);
    EXPECT_EQ(static_cast<unsigned char *>(ba_memory_pointer(small))[99], 0x5C);
    backing_.refuse_none();
    free(small);
}

} // namespace
