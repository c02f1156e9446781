#include "cpp/memory_resource.h"

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <new>
#include <string>
#include <vector>

#include "block_allocator/backing/libc_allocator.h"
#include "testing/misuse_recorder.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

#define PBA_NAME node_pool
#define PBA_BLOCK_SIZE 64
#define PBA_SAFETY PBA_SAFETY_ALWAYS
#define PBA_SEVERITY BA_SEVERITY_LOG
#include "pba/define.h"

namespace {

using ba_testing::MisuseRecorder;
using ba_testing::StrictBacking;
using ba_testing::StrictBackingOptions;

constexpr std::size_t kAlignment = 8;

StrictBackingOptions blocks_of_64() {
    StrictBackingOptions options;
    options.block_size = 64;
    options.by_the_rules = true;
    return options;
}

// The backing fails the test where what comes back is not what was granted.
TEST(MemoryResourceTest, PassesOnBytesAndAlignment) {
    StrictBacking backing;
    for (ba::memory_resource resource : {ba::memory_resource(backing.allocator()),
                                         ba::memory_resource(backing.block_allocator())}) {
        void *const few = resource.allocate(100, 32);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(few) % 32, 0u);
        EXPECT_TRUE(backing.contains(few, 100));
        EXPECT_EQ(backing.bytes(), 100u);
        void *const page = resource.allocate(5000, 4096);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(page) % 4096, 0u);
        EXPECT_EQ(backing.bytes(), 5100u);
        resource.deallocate(few, 100, 32);
        resource.deallocate(page, 5000, 4096);
        EXPECT_EQ(backing.grants(), 0u);
    }
}

TEST(MemoryResourceTest, GivesBackTheLengthAskedForOverWholeSpans) {
    StrictBacking backing(blocks_of_64());
    ba::memory_resource resource(backing.block_allocator());
    void *const memory = resource.allocate(65, kAlignment);
    EXPECT_EQ(backing.bytes(), 128u);
    resource.deallocate(memory, 65, kAlignment);
    EXPECT_EQ(backing.grants(), 0u);
}

TEST(MemoryResourceTest, NoBytesArePointersOfTheirOwn) {
    StrictBacking backing;
    ba::memory_resource resource(backing.allocator());
    void *const first = resource.allocate(0);
    void *const second = resource.allocate(0);
    EXPECT_NE(first, nullptr);
    EXPECT_NE(second, nullptr);
    EXPECT_NE(first, second);
    EXPECT_EQ(backing.bytes(), 2u);
    resource.deallocate(first, 0);
    resource.deallocate(second, 0);
    EXPECT_EQ(backing.grants(), 0u);
}

TEST(MemoryResourceTest, EqualsWhatIsOverTheSameAllocator) {
    StrictBacking backing;
    StrictBacking other;
    const ba::memory_resource resource(backing.allocator());
    const ba::memory_resource over_whole_spans(backing.block_allocator());
    const ba::memory_resource over_other(other.allocator());
    const ba::memory_resource over_libc(ba_libc_allocator());
    EXPECT_TRUE(resource.is_equal(resource));
    EXPECT_TRUE(resource.is_equal(over_whole_spans));
    EXPECT_FALSE(resource.is_equal(over_other));
    EXPECT_FALSE(resource.is_equal(over_libc));
    EXPECT_FALSE(resource.is_equal(*std::pmr::new_delete_resource()));
    EXPECT_EQ(resource.upstream().context, backing.allocator().context);
    EXPECT_EQ(resource.upstream().operations, backing.allocator().operations);
}

// What has the same context is not the same for that: allocators without one all have NULL.
TEST(MemoryResourceTest, DiffersByOperationsAlone) {
    const ba_operations operations = *ba_libc_allocator().operations;
    const ba_allocator libc = ba_libc_allocator();
    const ba::memory_resource resource(libc);
    const ba::memory_resource copy(ba_allocator_of(libc.context, &operations));
    EXPECT_FALSE(resource.is_equal(copy));
}

TEST(MemoryResourceTest, MisuseIsReportedAndChangesNothing) {
    StrictBacking backing;
    node_pool pool = node_pool_new(backing.allocator());
    ba::memory_resource resource(node_pool_block_allocator(&pool));
    MisuseRecorder misuse;
    void *const memory = resource.allocate(100, kAlignment);
    resource.deallocate(memory, 200, kAlignment);
    resource.deallocate(memory, 100, 4096);
    resource.deallocate(static_cast<char *>(memory) + 64, 64, kAlignment);
    EXPECT_EQ(misuse.errors(),
              (std::vector<ba_error_code>{BA_SIZE_MISMATCH, BA_BAD_ALIGN, BA_INTERIOR}));
    misuse.clear();
    resource.deallocate(memory, 128, kAlignment); // a length that fits
    EXPECT_EQ(misuse.count(), 0u);
    resource.deallocate(memory, 100, kAlignment);
    EXPECT_EQ(misuse.errors(), (std::vector<ba_error_code>{BA_DOUBLE_FREE}));
    EXPECT_EQ(node_pool_release_all(&pool, PBA_REPORT_IN_USE).code, BA_OK);
}

#if defined(__cpp_exceptions)

// The error that an allocation throws, or BA_OK.
ba_error_code error_of(std::pmr::memory_resource *resource, std::size_t bytes,
                       std::size_t alignment) {
    try {
        resource->deallocate(resource->allocate(bytes, alignment), bytes, alignment);
        return BA_OK;
    } catch (const ba::bad_alloc &error) {
        EXPECT_STREQ(error.what(), ba_error_message(error.error()));
        return error.error().code;
    }
}

TEST(MemoryResourceTest, ThrowsTheReason) {
    StrictBacking backing;
    node_pool pool = node_pool_new(backing.allocator());
    ba::memory_resource resource(node_pool_block_allocator(&pool));
    EXPECT_EQ(error_of(&resource, 100, kAlignment), BA_OK);
    EXPECT_EQ(error_of(&resource, SIZE_MAX, kAlignment), BA_LIMIT);
    EXPECT_EQ(error_of(&resource, 100, SIZE_MAX / 2 + 1), BA_BAD_ALIGN);
    backing.refuse_from(1);
    EXPECT_EQ(error_of(&resource, 10000, kAlignment), BA_OUT_OF_MEMORY);
    EXPECT_EQ(node_pool_release_all(&pool, PBA_REPORT_IN_USE).code, BA_OK);
}

TEST(MemoryResourceTest, WhatItThrowsIsABadAlloc) {
    StrictBacking backing;
    ba::memory_resource resource(backing.allocator());
    backing.refuse_from(1);
    EXPECT_THROW((void)resource.allocate(1), std::bad_alloc);
    EXPECT_THROW(std::pmr::string("a text that needs memory of its own", &resource),
                 std::bad_alloc);
}

TEST(MemoryResourceTest, AnAllocatorNeverMadeSaysSo) {
#if BA_CHECKS_MISUSE
    const MisuseRecorder misuse;
    ba::memory_resource resource{ba_allocator{nullptr, nullptr}};
    EXPECT_EQ(error_of(&resource, 100, kAlignment), BA_NOT_MADE);
#endif
}

#endif

} // namespace
