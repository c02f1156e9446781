#include "cpp/allocator.h"

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>
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

struct alignas(256) Wide {
    std::uint64_t number;
};

using Ints = std::vector<int, ba::allocator<int>>;
using Traits = std::allocator_traits<ba::allocator<int>>;

StrictBackingOptions blocks_of_64() {
    StrictBackingOptions options;
    options.block_size = 64;
    options.by_the_rules = true;
    return options;
}

// --- its type

static_assert(std::is_same<Traits::value_type, int>::value, "");
static_assert(std::is_same<Traits::pointer, int *>::value, "");
static_assert(std::is_same<Traits::rebind_alloc<Wide>, ba::allocator<Wide>>::value, "");
static_assert(std::is_same<ba::allocator<int>::rebind<Wide>::other, ba::allocator<Wide>>::value,
              "");
static_assert(!Traits::is_always_equal::value, "");
static_assert(!std::is_default_constructible<ba::allocator<int>>::value, "");
static_assert(std::is_nothrow_copy_constructible<ba::allocator<int>>::value, "");
static_assert(std::is_nothrow_move_assignable<Ints>::value, "it costs the same for all lengths");
static_assert(sizeof(ba::allocator<int>) == 2 * sizeof(void *), "");

// --- memory

// The backing fails the test where what comes back is not what was granted.
TEST(AllocatorTest, TakesWholeArraysAlignedAsTheirType) {
    StrictBacking backing;
    for (const ba::allocator<int> &allocator :
         {ba::allocator<int>(backing.allocator()), ba::allocator<int>(backing.block_allocator())}) {
        ba::allocator<int> ints(allocator);
        int *const few = ints.allocate(10);
        EXPECT_EQ(backing.bytes(), 10 * sizeof(int));
        ba::allocator<Wide> wides(ints);
        Wide *const wide = wides.allocate(3);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(wide) % alignof(Wide), 0u);
        EXPECT_EQ(backing.bytes(), 10 * sizeof(int) + 3 * sizeof(Wide));
        ints.deallocate(few, 10);
        wides.deallocate(wide, 3);
        EXPECT_EQ(backing.grants(), 0u);
    }
}

TEST(AllocatorTest, NoElementsArePointersOfTheirOwn) {
    StrictBacking backing;
    ba::allocator<int> ints(backing.allocator());
    int *const first = ints.allocate(0);
    int *const second = ints.allocate(0);
    EXPECT_NE(first, nullptr);
    EXPECT_NE(first, second);
    ints.deallocate(first, 0);
    ints.deallocate(second, 0);
    EXPECT_EQ(backing.grants(), 0u);
}

TEST(AllocatorTest, AtLeastSoManyAreAllThatFitIntoTheGrant) {
    StrictBacking backing(blocks_of_64());
    struct Twelve {
        std::uint32_t numbers[3];
    };
    ba::allocator<Twelve> allocator(backing.block_allocator());
    for (const std::size_t given_back : {std::size_t{6}, std::size_t{8}, std::size_t{10}}) {
        const ba::allocation_result<Twelve *> result = allocator.allocate_at_least(6);
        EXPECT_EQ(backing.bytes(), 128u);
        EXPECT_EQ(result.count, 10u);
        allocator.deallocate(result.ptr, given_back);
        EXPECT_EQ(backing.grants(), 0u);
    }
    const ba::allocation_result<Twelve *> none = allocator.allocate_at_least(0);
    EXPECT_EQ(none.count, 5u);
    allocator.deallocate(none.ptr, 0);
    EXPECT_EQ(backing.grants(), 0u);
}

TEST(AllocatorTest, MisuseIsReportedAndChangesNothing) {
    StrictBacking backing;
    node_pool pool = node_pool_new(backing.allocator());
    ba::allocator<int> ints(node_pool_allocator(&pool));
    MisuseRecorder misuse;
    int *const numbers = ints.allocate(10);
    ints.deallocate(numbers, 17);
    EXPECT_EQ(misuse.errors(), (std::vector<ba_error_code>{BA_SIZE_MISMATCH}));
    ints.deallocate(numbers, 10);
    ints.deallocate(numbers, 10);
    EXPECT_EQ(misuse.errors(), (std::vector<ba_error_code>{BA_SIZE_MISMATCH, BA_DOUBLE_FREE}));
    EXPECT_EQ(node_pool_release_all(&pool, PBA_REPORT_IN_USE).code, BA_OK);
}

// --- equality, and what containers make of it

TEST(AllocatorTest, EqualsWhatIsOverTheSameAllocator) {
    StrictBacking backing;
    StrictBacking other;
    const ba::allocator<int> ints(backing.allocator());
    EXPECT_TRUE(ints == ba::allocator<int>(backing.block_allocator()));
    EXPECT_TRUE(ints == ba::allocator<Wide>(ints));
    EXPECT_TRUE(ints != ba::allocator<int>(other.allocator()));
    EXPECT_FALSE(ints != ba::allocator<int>(ints));
    const ba_operations operations = *ba_libc_allocator().operations;
    EXPECT_TRUE(ba::allocator<int>(ba_libc_allocator()) !=
                ba::allocator<int>(ba_allocator_of(ba_libc_allocator().context, &operations)));
    EXPECT_EQ(ints.upstream().context, backing.allocator().context);
    EXPECT_EQ(ints.upstream().operations, backing.allocator().operations);
}

TEST(AllocatorTest, CopyAssignmentStaysWhereItIs) {
    StrictBacking here;
    StrictBacking there;
    Ints numbers(here.allocator());
    {
        const Ints others({1, 2, 3}, there.allocator());
        numbers = others;
        EXPECT_EQ(here.grants(), 1u);
    }
    EXPECT_EQ(there.grants(), 0u);
    EXPECT_EQ(numbers, Ints({1, 2, 3}, here.allocator()));
}

TEST(AllocatorTest, MoveAssignmentAndSwapTakeTheMemoryAlong) {
    StrictBacking here;
    StrictBacking there;
    Ints numbers({1, 2}, here.allocator());
    Ints others({3, 4, 5}, there.allocator());
    const int *const first = others.data();
    here.refuse_from(1);
    there.refuse_from(1);
    numbers = std::move(others);
    EXPECT_EQ(numbers.data(), first);
    EXPECT_EQ(here.grants(), 0u);
    EXPECT_EQ(numbers.get_allocator().upstream().context, there.allocator().context);

    Ints empty(here.allocator());
    empty.swap(numbers);
    EXPECT_EQ(empty.data(), first);
    EXPECT_EQ(empty.get_allocator().upstream().context, there.allocator().context);
    EXPECT_EQ(numbers.get_allocator().upstream().context, here.allocator().context);
}

TEST(AllocatorTest, CopiesTakeMemoryFromTheSameAllocator) {
    StrictBacking backing;
    const Ints numbers({1, 2}, backing.allocator());
    const Ints copy(numbers); // NOLINT(performance-unnecessary-copy-initialization): is the subject
    EXPECT_EQ(backing.grants(), 2u);
    EXPECT_EQ(copy, numbers);
}

TEST(AllocatorTest, SharesItsMemoryWithAllocateShared) {
    StrictBacking backing;
    {
        const std::shared_ptr<Wide> wide =
            std::allocate_shared<Wide>(ba::allocator<Wide>(backing.allocator()), Wide{7});
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(wide.get()) % alignof(Wide), 0u);
        EXPECT_EQ(backing.grants(), 1u);
    }
    EXPECT_EQ(backing.grants(), 0u);
}

TEST(AllocatorTest, MaxSizeIsWhatPointersCanCount) {
    EXPECT_EQ(ba::allocator<char>(ba_libc_allocator()).max_size(), std::size_t{PTRDIFF_MAX});
    EXPECT_EQ(ba::allocator<Wide>(ba_libc_allocator()).max_size(),
              std::size_t{PTRDIFF_MAX} / sizeof(Wide));
}

#if defined(__cpp_exceptions)

// The error that an allocation throws, or BA_OK.
ba_error_code error_of(ba::allocator<int> *ints, std::size_t count) {
    try {
        ints->deallocate(ints->allocate(count), count);
        return BA_OK;
    } catch (const ba::bad_alloc &error) {
        EXPECT_STREQ(error.what(), ba_error_message(error.error()));
        return error.error().code;
    }
}

TEST(AllocatorTest, ThrowsTheReason) {
    StrictBacking backing;
    node_pool pool = node_pool_new(backing.allocator());
    ba::allocator<int> ints(node_pool_allocator(&pool));
    EXPECT_EQ(error_of(&ints, 10), BA_OK);
    EXPECT_EQ(error_of(&ints, SIZE_MAX / sizeof(int)), BA_LIMIT);
    backing.refuse_from(1);
    EXPECT_EQ(error_of(&ints, 10000), BA_OUT_OF_MEMORY);
    EXPECT_THROW((void)ints.allocate_at_least(10000), ba::bad_alloc);
    EXPECT_THROW(Ints(10000, 7, ints), std::bad_alloc);
    EXPECT_EQ(node_pool_release_all(&pool, PBA_REPORT_IN_USE).code, BA_OK);
}

TEST(AllocatorTest, MoreThanALengthCanHoldIsNotAskedFor) {
    StrictBacking backing;
    ba::allocator<int> ints(backing.allocator());
    EXPECT_THROW((void)ints.allocate(SIZE_MAX / sizeof(int) + 1), std::bad_array_new_length);
    EXPECT_THROW((void)ints.allocate(SIZE_MAX), std::bad_array_new_length);
    EXPECT_THROW((void)ints.allocate_at_least(SIZE_MAX), std::bad_array_new_length);
    EXPECT_EQ(backing.calls(), 0u);
}

#endif

} // namespace
