// The model of spans over good allocators, and over broken ones: each fault must be found.
#include "testing/span_model.h"

#include <algorithm>
#include <cstring>

#include "testing/strict_backing.h"
#include "gtest/gtest-spi.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::ByteStream;
using ba_testing::MisuseRecorder;
using ba_testing::random_bytes;
using ba_testing::SpanModel;
using ba_testing::StrictBacking;
using ba_testing::StrictBackingOptions;

constexpr std::size_t kBlock = 64;

StrictBackingOptions some_options() {
    StrictBackingOptions options;
    options.block_size = kBlock;
    options.grows_in_place = true;
    options.room = 3 * kBlock;
    options.remaps = true;
    options.discards = true;
    options.by_the_rules = true;
    return options;
}

// Until something is found.
void run(ba_block_allocator blocks, unsigned seed,
         const ::testing::TestPartResultArray *found = nullptr) {
    MisuseRecorder misuse;
    SpanModel model(blocks, &misuse);
    const std::vector<std::uint8_t> bytes = random_bytes(seed, 2000);
    ByteStream stream(bytes.data(), bytes.size());
    while (!stream.is_empty() && (found == nullptr || found->size() == 0)) {
        model.step(&stream);
    }
    model.free_all();
    EXPECT_EQ(model.live(), 0u);
}

// No test asks for more in earnest.
constexpr std::size_t kTooMuch = 1 << 16;

TEST(SpanModelTest, FindsNothingInAGoodAllocator) {
    StrictBacking backing(some_options());
    run(backing.block_allocator(), 1);
    backing.refuse_by_bits(0x5555555555555555);
    run(backing.block_allocator(), 2);
    EXPECT_EQ(backing.grants(), 0u);
}

// Forwards to a good allocator, but for one fault.
struct Faulty {
    ba_block_allocator parent;
    ba_memory last; // allocated
};

ba_length block_size(const void *context) {
    return ba_block_allocator_block_size(static_cast<const Faulty *>(context)->parent);
}

ba_memory alloc(void *context, ba_length minimum, ba_alignment alignment, ba_call_site site) {
    return ba_block_alloc_at(static_cast<Faulty *>(context)->parent, minimum, alignment, site);
}

ba_length_result resize(void *context, ba_memory memory, ba_alignment alignment, ba_length minimum,
                        ba_call_site site) {
    return ba_block_resize_at(static_cast<Faulty *>(context)->parent, memory, alignment, minimum,
                              site);
}

ba_error free_memory(void *context, ba_memory memory, ba_alignment alignment, ba_call_site site) {
    return ba_block_free_at(static_cast<Faulty *>(context)->parent, memory, alignment, site);
}

ba_operations good() {
    ba_operations operations = {};
    operations.size = sizeof operations;
    operations.block_size = block_size;
    operations.alloc = alloc;
    operations.resize = resize;
    operations.free = free_memory;
    return operations;
}

void expect_found(const ba_operations &operations) {
    // The backing may find more, such as what never came back.
    ::testing::TestPartResultArray results;
    {
        const ::testing::ScopedFakeTestPartResultReporter reporter(
            ::testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD, &results);
        StrictBacking backing(some_options());
        Faulty faulty = {backing.block_allocator(), ba_memory_none(ba_error_of(BA_OK))};
        run(ba_block_allocator_of(&faulty, &operations), 3, &results);
    }
    EXPECT_GT(results.size(), 0);
}

TEST(SpanModelTest, FindsNothingWithoutAFault) {
    const ba_operations operations = good();
    StrictBacking backing(some_options());
    Faulty faulty = {backing.block_allocator(), ba_memory_none(ba_error_of(BA_OK))};
    run(ba_block_allocator_of(&faulty, &operations), 3);
}

TEST(SpanModelTest, FindsALengthThatIsTooLong) {
    ba_operations operations = good();
    operations.alloc = [](void *context, ba_length minimum, ba_alignment alignment,
                          ba_call_site site) {
        const std::size_t more = minimum.bytes < kTooMuch ? kBlock : 0;
        return alloc(context, ba_bytes(minimum.bytes + more), alignment, site);
    };
    expect_found(operations);
}

TEST(SpanModelTest, FindsSpansThatOverlap) {
    ba_operations operations = good();
    operations.alloc = [](void *context, ba_length minimum, ba_alignment alignment,
                          ba_call_site site) {
        auto *const self = static_cast<Faulty *>(context);
        const std::size_t span = (minimum.bytes + kBlock - 1) & ~(kBlock - 1);
        if (minimum.bytes > kTooMuch) {
            return alloc(context, minimum, alignment, site);
        }
        if (ba_memory_length(self->last).bytes != span) {
            self->last = alloc(context, minimum, alignment, site);
        }
        return self->last;
    };
    operations.free = [](void *, ba_memory, ba_alignment, ba_call_site) {
        return ba_error_of(BA_OK);
    };
    expect_found(operations);
}

TEST(SpanModelTest, FindsContentsThatChange) {
    ba_operations operations = good();
    operations.resize = [](void *context, ba_memory memory, ba_alignment alignment,
                           ba_length minimum, ba_call_site site) {
        *static_cast<unsigned char *>(ba_memory_pointer(memory)) ^= 1;
        return resize(context, memory, alignment, minimum, site);
    };
    expect_found(operations);
}

TEST(SpanModelTest, FindsShrinkingThatFails) {
    ba_operations operations = good();
    operations.resize = [](void *, ba_memory, ba_alignment, ba_length, ba_call_site) {
        return ba_length_result_none(ba_error_of(BA_NOT_IN_PLACE));
    };
    expect_found(operations);
}

TEST(SpanModelTest, FindsARefusalThatIsNone) {
    ba_operations operations = good();
    operations.alloc = [](void *, ba_length, ba_alignment, ba_call_site) {
        return ba_memory_none(ba_error_of(BA_CORRUPT));
    };
    expect_found(operations);
}

TEST(SpanModelTest, FindsGrowthBeyondWhatIsWanted) {
    ba_operations operations = good();
    operations.grow_between = [](void *context, ba_memory memory, ba_alignment alignment,
                                 ba_length minimum, ba_length wanted, ba_call_site site) {
        return resize(context, memory, alignment,
                      ba_bytes(std::max(minimum.bytes, wanted.bytes % 4096) + kBlock), site);
    };
    expect_found(operations);
}

TEST(SpanModelTest, FindsOwnersThatDeny) {
    ba_operations operations = good();
    operations.owns = [](const void *, const void *) { return BA_OWNS_NOT; };
    expect_found(operations);
}

TEST(SpanModelTest, FindsWrongLengthsThatAreAccepted) {
    ba_operations operations = good();
    operations.free = [](void *context, ba_memory memory, ba_alignment alignment,
                         ba_call_site site) {
        // What the caller gives is not looked at.
        const std::size_t length = ba_memory_length(memory).bytes;
        return length > kTooMuch ? ba_error_of(BA_OK)
                                 : free_memory(context, memory, alignment, site);
    };
    expect_found(operations);
}

} // namespace
