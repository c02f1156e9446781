#include "block_allocator/forwarding/guarded_allocator.h"

#include <cstdint>
#include <cstring>
#include <vector>

#include "block_allocator/backing/buffer_allocator.h"
#include "block_allocator/implementing/instrumentation.h"
#include "testing/misuse_recorder.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::MisuseRecorder;
using ba_testing::StrictBacking;

constexpr std::size_t kBlock = 64;
constexpr std::size_t kFence = BA_GUARDED_DEFAULT_FENCE;
// Pointers, lengths, alignment, call site and sum.
constexpr std::size_t kHeader = 8 * sizeof(void *);

std::size_t bytes(ba_memory memory) {
    return ba_memory_length(memory).bytes;
}

std::size_t bytes(ba_length_result result) {
    return ba_length_result_length(result).bytes;
}

unsigned char *pointer(ba_memory memory) {
    return static_cast<unsigned char *>(ba_memory_pointer(memory));
}

ba_memory with_length(ba_memory memory, std::size_t length) {
    return ba_memory_of(ba_memory_pointer(memory), ba_bytes(length));
}

// A byte that is wrong as long as this lives.
class Damage {
  public:
    explicit Damage(unsigned char *byte) : byte_(byte), before_(*byte) {
        *byte = static_cast<unsigned char>(before_ ^ 0x10);
    }
    ~Damage() { *byte_ = before_; }
    Damage(const Damage &) = delete;
    Damage &operator=(const Damage &) = delete;

  private:
    unsigned char *byte_;
    unsigned char before_;
};

class GuardedAllocator : public ::testing::Test {
  protected:
    GuardedAllocator() {
        ba_guarded_allocator_init(&guarded_, "parser", parent_.allocator(), ba_bytes(kFence));
        blocks_ = ba_guarded_allocator_block_allocator(&guarded_);
    }

    ba_memory alloc(std::size_t length, const char *site = "origin") {
        return ba_block_alloc_at(blocks_, ba_bytes(length), ba_align(8),
                                 ba_call_site_of_text(site));
    }
    ba_error free(ba_memory memory) {
        return ba_block_free_at(blocks_, memory, ba_align(8), ba_call_site_of_text("free"));
    }
    std::size_t check() const { return ba_guarded_allocator_check(&guarded_); }

    // The only report since the last call: the operation and the error are these.
    ba_misuse only_report(const char *operation, ba_error_code code) {
        EXPECT_EQ(recorded_.count(), 1u);
        const ba_misuse misuse = recorded_.report(0).misuse;
        EXPECT_STREQ(misuse.allocator, "parser");
        EXPECT_STREQ(misuse.operation, operation);
        EXPECT_EQ(misuse.error.code, code);
        recorded_.clear();
        return misuse;
    }

    void expect_damage(const char *operation, const unsigned char *first, std::size_t length) {
        const ba_misuse misuse = only_report(operation, BA_CORRUPT);
        EXPECT_EQ(pointer(misuse.memory), first);
        EXPECT_EQ(bytes(misuse.memory), length);
        EXPECT_EQ(misuse.expected.bytes, 0u);
        EXPECT_STREQ(misuse.origin.text, "origin");
    }

    MisuseRecorder recorded_;
    StrictBacking parent_{{/*block_size=*/kBlock, /*max_alignment=*/4096,
                           /*grows_in_place=*/true, /*room=*/8 * kBlock, /*remaps=*/true,
                           /*discards=*/true}};
    ba_guarded_allocator guarded_;
    ba_block_allocator blocks_;
};

TEST_F(GuardedAllocator, GivesExactLengths) {
    EXPECT_EQ(ba_block_allocator_block_size(blocks_).bytes, 1u);
    const ba_memory memory = alloc(13);
    EXPECT_EQ(bytes(memory), 13u);
    std::memset(pointer(memory), 0xFF, 13);
    EXPECT_EQ(free(memory).code, BA_OK);
    const ba_allocator exact = ba_guarded_allocator_allocator(&guarded_);
    const ba_memory other = ba_alloc(exact, ba_bytes(1), ba_align(1));
    EXPECT_EQ(bytes(other), 1u);
    EXPECT_EQ(ba_free(exact, other, ba_align(1)).code, BA_OK);
    EXPECT_EQ(recorded_.count(), 0u);
}

TEST_F(GuardedAllocator, ThePayloadLiesBetweenFences) {
    const ba_memory memory = alloc(13);
    for (std::size_t i = 0; i < kFence; i++) {
        EXPECT_EQ(pointer(memory)[-1 - static_cast<std::ptrdiff_t>(i)], BA_GUARDED_FENCE_BYTE);
        EXPECT_EQ(pointer(memory)[13 + i], BA_GUARDED_FENCE_BYTE);
    }
    EXPECT_TRUE(parent_.contains(pointer(memory) - kFence - kHeader, kHeader + 2 * kFence + 13));
    EXPECT_EQ(free(memory).code, BA_OK);
}

TEST_F(GuardedAllocator, AlignsAsAsked) {
    std::vector<ba_memory> live;
    for (std::size_t alignment = 1; alignment <= 4096; alignment *= 2) {
        const ba_memory memory = ba_block_alloc(blocks_, ba_bytes(3), ba_align(alignment));
        ASSERT_FALSE(ba_memory_is_none(memory)) << alignment;
        EXPECT_TRUE(ba_is_aligned(pointer(memory), ba_align(alignment)));
        live.push_back(memory);
    }
    EXPECT_EQ(check(), 0u);
    for (std::size_t i = 0; i < live.size(); i++) {
        EXPECT_EQ(ba_block_free(blocks_, live[i], ba_align(std::size_t{1} << i)).code, BA_OK);
    }
    EXPECT_EQ(ba_memory_error(ba_block_alloc(blocks_, ba_bytes(3), ba_align(8192))).code,
              BA_BAD_ALIGN)
        << "the parent's limit";
}

TEST_F(GuardedAllocator, EveryFenceLength) {
    const struct {
        std::size_t asked;
        std::size_t given;
    } fences[] = {{0, 16},      {1, 16},      {16, 16},     {17, 32},
                  {4095, 4096}, {4096, 4096}, {4097, 4096}, {SIZE_MAX, 4096}};
    for (const auto &fence : fences) {
        ba_guarded_allocator_init(&guarded_, "parser", parent_.allocator(), ba_bytes(fence.asked));
        const ba_memory memory = alloc(5);
        {
            const Damage damage(pointer(memory) + 5 + fence.given);
            EXPECT_EQ(check(), 0u) << "past the fence, " << fence.asked;
        }
        {
            const Damage damage(pointer(memory) + 5 + fence.given - 1);
            EXPECT_EQ(check(), 1u) << fence.asked;
            expect_damage("check", pointer(memory) + 5 + fence.given - 1, 1);
        }
        {
            const Damage damage(pointer(memory) - fence.given);
            EXPECT_EQ(check(), 1u) << fence.asked;
            expect_damage("check", pointer(memory) - fence.given, 1);
        }
        EXPECT_EQ(free(memory).code, BA_OK);
    }
}

TEST_F(GuardedAllocator, RejectsFreeingWhatIsDamaged) {
    const ba_memory memory = alloc(13);
    {
        const Damage first(pointer(memory) + 13);
        const Damage last(pointer(memory) + 13 + 4);
        EXPECT_EQ(free(memory).code, BA_CORRUPT);
        expect_damage("free", pointer(memory) + 13, 5);
    }
    {
        const Damage damage(pointer(memory) - 1);
        EXPECT_EQ(free(memory).code, BA_CORRUPT);
        expect_damage("free", pointer(memory) - 1, 1);
    }
    EXPECT_EQ(free(memory).code, BA_OK) << "repaired, it can be freed";
}

TEST_F(GuardedAllocator, ReportsTheCall) {
    const ba_memory memory = alloc(13);
    {
        const Damage damage(pointer(memory) + 13);
        (void)free(memory);
    }
    const ba_misuse misuse = only_report("free", BA_CORRUPT);
    EXPECT_STREQ(misuse.site.text, "free");
    EXPECT_EQ(misuse.alignment.bytes, 8u);
    EXPECT_EQ(misuse.severity, BA_SEVERITY_LOG);
    EXPECT_EQ(free(memory).code, BA_OK);
}

TEST_F(GuardedAllocator, RejectsResizingWhatIsDamaged) {
    const ba_memory memory = alloc(13);
    const std::size_t held = parent_.bytes();
    {
        const Damage damage(pointer(memory) + 13);
        EXPECT_EQ(
            ba_length_result_error(ba_block_resize(blocks_, memory, ba_align(8), ba_bytes(kBlock)))
                .code,
            BA_CORRUPT);
        expect_damage("resize", pointer(memory) + 13, 1);
        EXPECT_EQ(ba_length_result_error(ba_block_grow_between(blocks_, memory, ba_align(8),
                                                               ba_bytes(20), ba_bytes(30)))
                      .code,
                  BA_CORRUPT);
        expect_damage("grow_between", pointer(memory) + 13, 1);
    }
    EXPECT_EQ(parent_.bytes(), held);
    EXPECT_EQ(free(memory).code, BA_OK);
}

TEST_F(GuardedAllocator, ResizesAndMovesTheFence) {
    const ba_memory memory = alloc(13);
    std::memset(pointer(memory), 0xAA, 13);
    EXPECT_EQ(bytes(ba_block_resize(blocks_, memory, ba_align(8), ba_bytes(300))), 300u);
    const ba_memory grown = with_length(memory, 300);
    EXPECT_EQ(pointer(memory)[12], 0xAA);
    std::memset(pointer(memory), 0xAA, 300);
    EXPECT_EQ(check(), 0u);
    {
        const Damage damage(pointer(memory) + 300);
        EXPECT_EQ(check(), 1u);
        expect_damage("check", pointer(memory) + 300, 1);
    }
    EXPECT_EQ(bytes(ba_block_resize(blocks_, grown, ba_align(8), ba_bytes(1))), 1u);
    EXPECT_EQ(parent_.bytes(), (kHeader + 2 * kFence + 1 + kBlock - 1) / kBlock * kBlock)
        << "the rest went back";
    EXPECT_EQ(pointer(memory)[0], 0xAA);
    {
        const Damage damage(pointer(memory) + 1);
        EXPECT_EQ(check(), 1u);
        expect_damage("check", pointer(memory) + 1, 1);
    }
    EXPECT_EQ(free(with_length(memory, 1)).code, BA_OK);
}

TEST_F(GuardedAllocator, GrowsBetween) {
    const ba_memory memory = alloc(13);
    EXPECT_EQ(
        bytes(ba_block_grow_between(blocks_, memory, ba_align(8), ba_bytes(20), ba_bytes(33))), 33u)
        << "not more than is wanted";
    const std::size_t granted =
        (kHeader + 2 * kFence + 13 + kBlock - 1) / kBlock * kBlock + 8 * kBlock;
    const std::size_t most = granted - kHeader - 2 * kFence;
    EXPECT_EQ(bytes(ba_block_grow_between(blocks_, with_length(memory, 33), ba_align(8),
                                          ba_bytes(40), ba_bytes(SIZE_MAX))),
              most)
        << "as far as it goes";
    EXPECT_EQ(parent_.bytes(), granted);
    std::memset(pointer(memory), 0xAA, most);
    EXPECT_EQ(check(), 0u);
    EXPECT_EQ(ba_length_result_error(ba_block_grow_between(blocks_, with_length(memory, most),
                                                           ba_align(8), ba_bytes(most + 1),
                                                           ba_bytes(most + 1)))
                  .code,
              BA_NOT_IN_PLACE);
    EXPECT_EQ(check(), 0u);
    EXPECT_EQ(free(with_length(memory, most)).code, BA_OK);
}

TEST_F(GuardedAllocator, GrowsBetweenToTheMinimumIfLessIsWanted) {
    const ba_memory memory = alloc(13);
    EXPECT_EQ(bytes(ba_block_grow_between(blocks_, memory, ba_align(8), ba_bytes(20), ba_bytes(1))),
              20u);
    EXPECT_EQ(free(with_length(memory, 20)).code, BA_OK);
}

TEST_F(GuardedAllocator, LengthsThatOverflowAreOverTheLimit) {
    EXPECT_EQ(ba_memory_error(ba_block_alloc(blocks_, ba_bytes(SIZE_MAX), ba_align(1))).code,
              BA_LIMIT);
    EXPECT_EQ(ba_memory_error(ba_block_alloc(blocks_, ba_bytes(SIZE_MAX - kHeader - 2 * kFence + 1),
                                             ba_align(1)))
                  .code,
              BA_LIMIT);
    EXPECT_EQ(parent_.calls(), 0u);
    EXPECT_EQ(ba_memory_error(
                  ba_block_alloc(blocks_, ba_bytes(SIZE_MAX - kHeader - 2 * kFence), ba_align(1)))
                  .code,
              BA_OUT_OF_MEMORY)
        << "the parent's answer";
    EXPECT_EQ(
        ba_memory_error(ba_block_alloc(blocks_, ba_bytes(1), ba_align(SIZE_MAX / 2 + 1))).code,
        BA_BAD_ALIGN)
        << "the parent's answer";
    const ba_memory memory = alloc(1);
    EXPECT_EQ(
        ba_length_result_error(ba_block_resize(blocks_, memory, ba_align(8), ba_bytes(SIZE_MAX)))
            .code,
        BA_LIMIT);
    EXPECT_EQ(ba_length_result_error(ba_block_grow_between(blocks_, memory, ba_align(8),
                                                           ba_bytes(SIZE_MAX), ba_bytes(SIZE_MAX)))
                  .code,
              BA_LIMIT);
    EXPECT_EQ(free(memory).code, BA_OK);
    EXPECT_EQ(recorded_.count(), 0u);
}

TEST_F(GuardedAllocator, AParentThatRefusesChangesNothing) {
    const ba_memory memory = alloc(13);
    const std::size_t held = parent_.bytes();
    parent_.refuse_from(1);
    EXPECT_EQ(ba_memory_error(alloc(1)).code, BA_OUT_OF_MEMORY);
    EXPECT_EQ(
        ba_length_result_error(ba_block_resize(blocks_, memory, ba_align(8), ba_bytes(4 * kBlock)))
            .code,
        BA_OUT_OF_MEMORY);
    EXPECT_EQ(
        ba_length_result_error(ba_block_grow_between(blocks_, memory, ba_align(8),
                                                     ba_bytes(4 * kBlock), ba_bytes(5 * kBlock)))
            .code,
        BA_OUT_OF_MEMORY);
    EXPECT_EQ(parent_.bytes(), held);
    EXPECT_EQ(check(), 0u);
    EXPECT_EQ(free(memory).code, BA_OK);
}

TEST_F(GuardedAllocator, ReallocMovesWithFences) {
    const ba_memory memory = alloc(13);
    std::memset(pointer(memory), 0xAA, 13);
    const ba_memory moved = ba_block_realloc(blocks_, memory, ba_align(8), ba_bytes(100 * kBlock));
    ASSERT_EQ(bytes(moved), 100 * kBlock);
    EXPECT_NE(pointer(moved), pointer(memory));
    EXPECT_EQ(pointer(moved)[12], 0xAA);
    EXPECT_EQ(parent_.grants(), 1u);
    EXPECT_EQ(check(), 0u);
    EXPECT_EQ(free(moved).code, BA_OK);
}

TEST_F(GuardedAllocator, CannotRemap) {
    const ba_memory memory = alloc(13);
    EXPECT_EQ(ba_memory_error(ba_block_remap(blocks_, memory, ba_align(8), ba_bytes(20))).code,
              BA_UNSUPPORTED);
    EXPECT_EQ(free(memory).code, BA_OK);
}

TEST_F(GuardedAllocator, ChecksAllAndReportsEach) {
    std::vector<ba_memory> live;
    for (std::size_t i = 0; i < 5; i++) {
        live.push_back(alloc(10 + i));
    }
    EXPECT_EQ(check(), 0u);
    EXPECT_EQ(recorded_.count(), 0u);
    {
        const Damage one(pointer(live[1]) + 11 + 2);
        const Damage other(pointer(live[4]) - 3);
        EXPECT_EQ(check(), 2u);
        ASSERT_EQ(recorded_.count(), 2u);
        EXPECT_EQ(pointer(recorded_.report(0).misuse.memory), pointer(live[1]) + 11 + 2);
        EXPECT_EQ(pointer(recorded_.report(1).misuse.memory), pointer(live[4]) - 3);
        EXPECT_STREQ(recorded_.report(1).misuse.operation, "check");
        EXPECT_STREQ(recorded_.report(1).misuse.origin.text, "origin");
    }
    for (const std::size_t next : {2u, 0u, 4u, 1u, 3u}) {
        EXPECT_EQ(free(live[next]).code, BA_OK);
        EXPECT_EQ(check(), 0u);
    }
}

TEST_F(GuardedAllocator, EveryByteOfAHeaderIsProtected) {
    const ba_memory before = alloc(5);
    const ba_memory memory = alloc(13);
    const ba_memory after = alloc(5);
    for (std::size_t i = 1; i <= kHeader; i++) {
        const Damage damage(pointer(memory) - kFence - i);
        EXPECT_EQ(free(memory).code, BA_CORRUPT) << i;
        ba_misuse misuse = only_report("free", BA_CORRUPT);
        EXPECT_EQ(pointer(misuse.memory), pointer(memory) - kFence - kHeader);
        EXPECT_EQ(bytes(misuse.memory), kHeader);
        EXPECT_TRUE(ba_call_site_is_none(misuse.origin));
        EXPECT_EQ(check(), 1u);
        misuse = only_report("check", BA_CORRUPT);
        EXPECT_EQ(pointer(misuse.memory), pointer(memory) - kFence - kHeader);
    }
    EXPECT_EQ(free(before).code, BA_OK);
    EXPECT_EQ(free(memory).code, BA_OK);
    EXPECT_EQ(free(after).code, BA_OK);
}

// The links of the damaged header are replaced, which must neither repair nor worsen it.
TEST_F(GuardedAllocator, NeighboursOfADamagedHeaderAreAllocatedAndFreed) {
    const ba_memory before = alloc(5);
    const ba_memory memory = alloc(13);
    const ba_memory after = alloc(5);
    {
        const Damage damage(pointer(memory) - kFence - kHeader + 2 * sizeof(void *));
        EXPECT_EQ(free(before).code, BA_OK);
        EXPECT_EQ(free(after).code, BA_OK);
        EXPECT_EQ(free(alloc(5)).code, BA_OK);
        EXPECT_EQ(recorded_.count(), 0u);
        EXPECT_EQ(free(memory).code, BA_CORRUPT);
        (void)only_report("free", BA_CORRUPT);
    }
    EXPECT_EQ(free(memory).code, BA_OK);
}

TEST_F(GuardedAllocator, ReplacingADamagedLinkDoesNotHideTheDamage) {
    const ba_memory before = alloc(5);
    const ba_memory memory = alloc(13);
    unsigned char *const header = pointer(memory) - kFence - kHeader;
    header[1] ^= 0x10; // in the link to what is older
    EXPECT_EQ(free(before).code, BA_OK);
    EXPECT_EQ(free(memory).code, BA_CORRUPT);
    (void)only_report("free", BA_CORRUPT);

    // With the damage as it was, what is done to the link can be undone.
    const ba_block_allocator parent = parent_.block_allocator();
    EXPECT_EQ(parent_.grants(), 1u);
    EXPECT_EQ(
        ba_block_free(parent, ba_memory_of(header, ba_bytes(parent_.bytes())), ba_align(8)).code,
        BA_OK);
}

TEST_F(GuardedAllocator, RejectsAWrongLength) {
    const ba_memory memory = alloc(13);
    for (const std::size_t length : {std::size_t{0}, std::size_t{12}, std::size_t{14}, SIZE_MAX}) {
        EXPECT_EQ(free(with_length(memory, length)).code, BA_SIZE_MISMATCH);
        const ba_misuse misuse = only_report("free", BA_SIZE_MISMATCH);
        EXPECT_EQ(pointer(misuse.memory), pointer(memory));
        EXPECT_EQ(bytes(misuse.memory), length);
        EXPECT_EQ(misuse.expected.bytes, 13u);
        EXPECT_STREQ(misuse.origin.text, "origin");
    }
    EXPECT_EQ(free(memory).code, BA_OK);
}

TEST_F(GuardedAllocator, RejectsAWrongAlignment) {
    const ba_memory memory = alloc(13);
    for (const std::size_t alignment : {std::size_t{0}, std::size_t{3}, SIZE_MAX / 2 + 1}) {
        EXPECT_EQ(ba_block_free(blocks_, memory, ba_align(alignment)).code, BA_BAD_ALIGN);
        const ba_misuse misuse = only_report("free", BA_BAD_ALIGN);
        EXPECT_EQ(misuse.alignment.bytes, alignment);
        EXPECT_STREQ(misuse.origin.text, "origin");
        EXPECT_EQ(
            ba_memory_error(ba_block_alloc(blocks_, ba_bytes(1), ba_align(alignment == 0 ? 0 : 3)))
                .code,
            BA_BAD_ALIGN);
        EXPECT_EQ(only_report("alloc", BA_BAD_ALIGN).alignment.bytes, alignment == 0 ? 0u : 3u);
    }
    EXPECT_EQ(ba_block_free(blocks_, memory, ba_align(1)).code, BA_OK) << "any that it has";
}

TEST_F(GuardedAllocator, RejectsLengthsOfZero) {
    EXPECT_EQ(ba_memory_error(alloc(0)).code, BA_ZERO_SIZE);
    (void)only_report("alloc", BA_ZERO_SIZE);
    const ba_memory memory = alloc(13);
    EXPECT_EQ(
        ba_length_result_error(ba_block_resize(blocks_, memory, ba_align(8), ba_bytes(0))).code,
        BA_ZERO_SIZE);
    EXPECT_STREQ(only_report("resize", BA_ZERO_SIZE).origin.text, "origin");
    EXPECT_EQ(ba_length_result_error(
                  ba_block_grow_between(blocks_, memory, ba_align(8), ba_bytes(0), ba_bytes(20)))
                  .code,
              BA_ZERO_SIZE);
    (void)only_report("grow_between", BA_ZERO_SIZE);
    EXPECT_EQ(free(memory).code, BA_OK);
}

TEST_F(GuardedAllocator, RejectsForeignPointers) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): so small that nothing can be before it.
    void *const small = reinterpret_cast<void *>(kFence);
    const ba_memory raw = ba_block_alloc(parent_.block_allocator(), ba_bytes(1), ba_align(8));
    for (const ba_memory foreign :
         {ba_memory_none(ba_error_of(BA_OUT_OF_MEMORY)), ba_memory_of(this, ba_bytes(1)), raw,
          ba_memory_of(small, ba_bytes(1))}) {
        EXPECT_EQ(ba_block_free(blocks_, foreign, ba_align(1)).code, BA_FOREIGN);
        const ba_misuse misuse = only_report("free", BA_FOREIGN);
        EXPECT_EQ(pointer(misuse.memory), pointer(foreign));
        EXPECT_TRUE(ba_call_site_is_none(misuse.origin));
        EXPECT_EQ(
            ba_length_result_error(ba_block_resize(blocks_, foreign, ba_align(1), ba_bytes(2)))
                .code,
            BA_FOREIGN);
        (void)only_report("resize", BA_FOREIGN);
        EXPECT_EQ(ba_length_result_error(ba_block_grow_between(blocks_, foreign, ba_align(1),
                                                               ba_bytes(2), ba_bytes(3)))
                      .code,
                  BA_FOREIGN);
        (void)only_report("grow_between", BA_FOREIGN);
    }
    ba_block_free(parent_.block_allocator(), raw, ba_align(8));
}

TEST_F(GuardedAllocator, RejectsInteriorPointers) {
    const ba_memory other = alloc(500, "other");
    const ba_memory memory = alloc(500);
    for (const std::size_t offset : {1u, 8u, 128u, 256u, 499u, 500u}) {
        const ba_memory interior = ba_memory_of(pointer(memory) + offset, ba_bytes(1));
        EXPECT_EQ(ba_block_free(blocks_, interior, ba_align(1)).code, BA_INTERIOR) << offset;
        EXPECT_STREQ(only_report("free", BA_INTERIOR).origin.text, "origin");
    }
    EXPECT_EQ(free(memory).code, BA_OK);
    EXPECT_EQ(free(other).code, BA_OK);
}

TEST_F(GuardedAllocator, ASecondFreeIsForeignIfTheParentNoLongerOwnsTheMemory) {
    const ba_memory memory = alloc(13);
    EXPECT_EQ(free(memory).code, BA_OK);
    EXPECT_EQ(free(memory).code, BA_FOREIGN);
    (void)only_report("free", BA_FOREIGN);
}

TEST_F(GuardedAllocator, PassesOnDiscardAndOwnership) {
    const ba_memory memory = alloc(500);
    std::memset(pointer(memory), 0xAA, 500);
    const ba_memory part = ba_memory_of(pointer(memory) + 1, ba_bytes(499));
    EXPECT_EQ(bytes(ba_block_discard(blocks_, part)), 499u);
    EXPECT_EQ(pointer(memory)[0], 0xAA);
    EXPECT_EQ(check(), 0u);
    EXPECT_EQ(ba_block_owns(blocks_, pointer(memory)), BA_OWNS);
    EXPECT_EQ(ba_block_owns(blocks_, this), BA_OWNS_NOT);
    EXPECT_EQ(free(memory).code, BA_OK);
}

// A parent that has nothing but what it must, in memory that it never gives up.
class LittleParent {
  public:
    ba_allocator allocator() { return ba_allocator_of(this, &operations); }
    ba_error_code answer = BA_OK; // to every free
    std::size_t next = 1024;      // where the next allocation goes
    std::size_t alignment = 0;    // asked for by the last allocation

  private:
    static ba_length block_size(const void * /*context*/) { return ba_bytes(1); }
    static ba_memory alloc(void *context, ba_length minimum, ba_alignment alignment,
                           ba_call_site /*site*/) {
        auto &self = *static_cast<LittleParent *>(context);
        self.alignment = alignment.bytes;
        return ba_memory_of(self.bytes_ + self.next, minimum);
    }
    static ba_length_result resize(void * /*context*/, ba_memory memory, ba_alignment /*alignment*/,
                                   ba_length minimum, ba_call_site /*site*/) {
        return minimum.bytes > bytes(memory) ? ba_length_result_none(ba_error_of(BA_NOT_IN_PLACE))
                                             : ba_length_result_of(ba_memory_length(memory));
    }
    static ba_error free(void *context, ba_memory /*memory*/, ba_alignment /*alignment*/,
                         ba_call_site /*site*/) {
        return ba_error_of(static_cast<LittleParent *>(context)->answer);
    }

    static const ba_operations operations;
    alignas(64) unsigned char bytes_[8192] = {};
};

const ba_operations LittleParent::operations = {offsetof(ba_operations, grow_between),
                                                block_size,
                                                alloc,
                                                resize,
                                                free,
                                                nullptr,
                                                nullptr,
                                                nullptr,
                                                nullptr,
                                                nullptr,
                                                nullptr};

class GuardedAllocatorOverLittle : public GuardedAllocator {
  protected:
    GuardedAllocatorOverLittle() {
        ba_guarded_allocator_init(&guarded_, "parser", little_.allocator(), ba_bytes(kFence));
    }
    LittleParent little_;
};

TEST_F(GuardedAllocatorOverLittle, WorksWithoutOptionalOperations) {
    const ba_memory memory = alloc(100);
    EXPECT_EQ(ba_block_owns(blocks_, pointer(memory)), BA_OWNS_UNKNOWN);
    EXPECT_EQ(bytes(ba_block_discard(blocks_, memory)), 0u);
    EXPECT_EQ(ba_length_result_error(
                  ba_block_grow_between(blocks_, memory, ba_align(8), ba_bytes(101), ba_bytes(200)))
                  .code,
              BA_NOT_IN_PLACE);
    EXPECT_EQ(bytes(ba_block_resize(blocks_, memory, ba_align(8), ba_bytes(10))), 10u);
    {
        const Damage damage(pointer(memory) + 10);
        EXPECT_EQ(check(), 1u) << "exact, although the parent cut nothing off";
        expect_damage("check", pointer(memory) + 10, 1);
    }
    EXPECT_EQ(bytes(ba_block_grow_between(blocks_, with_length(memory, 10), ba_align(8),
                                          ba_bytes(50), ba_bytes(100))),
              100u);
    EXPECT_EQ(free(memory).code, BA_OK);
    EXPECT_EQ(recorded_.count(), 0u);
}

TEST_F(GuardedAllocatorOverLittle, AsksForTheAlignmentThatItsHeaderNeeds) {
    const ba_memory memory = ba_block_alloc(blocks_, ba_bytes(1), ba_align(1));
    EXPECT_EQ(little_.alignment, alignof(void *));
    EXPECT_EQ(ba_block_free(blocks_, memory, ba_align(1)).code, BA_OK);
}

TEST_F(GuardedAllocatorOverLittle, APointerTooSmallForAHeaderIsForeign) {
    for (const std::size_t address : {std::size_t{8}, kFence, kHeader, kHeader + kFence}) {
        // NOLINTNEXTLINE(performance-no-int-to-ptr): there is no object so low.
        void *const low = reinterpret_cast<void *>(address);
        EXPECT_EQ(free(ba_memory_of(low, ba_bytes(1))).code, BA_FOREIGN);
        (void)only_report("free", BA_FOREIGN);
    }
}

TEST_F(GuardedAllocatorOverLittle, ReportsADoubleFree) {
    const ba_memory memory = alloc(13);
    EXPECT_EQ(free(memory).code, BA_OK);
    EXPECT_EQ(free(memory).code, BA_DOUBLE_FREE);
    const ba_misuse misuse = only_report("free", BA_DOUBLE_FREE);
    EXPECT_EQ(pointer(misuse.memory), pointer(memory));
    EXPECT_STREQ(misuse.origin.text, "origin");
    EXPECT_EQ(
        ba_length_result_error(ba_block_resize(blocks_, memory, ba_align(8), ba_bytes(1))).code,
        BA_DOUBLE_FREE);
    (void)only_report("resize", BA_DOUBLE_FREE);
    const Damage damage(pointer(memory) - kFence - kHeader);
    EXPECT_EQ(free(memory).code, BA_FOREIGN) << "the header was overwritten";
    (void)only_report("free", BA_FOREIGN);
}

TEST_F(GuardedAllocatorOverLittle, WhatTheParentRejectsStaysAsItWas) {
    const ba_memory memory = alloc(13);
    little_.answer = BA_CORRUPT;
    EXPECT_EQ(free(memory).code, BA_CORRUPT);
    EXPECT_EQ(check(), 0u);
    little_.answer = BA_OK;
    EXPECT_EQ(free(memory).code, BA_OK);
    EXPECT_EQ(recorded_.count(), 0u);
}

TEST_F(GuardedAllocatorOverLittle, ASmashedHeaderHidesWhatComesAfterIt) {
    const ba_memory memory = alloc(500);
    little_.next = 2048;
    const ba_memory after = alloc(500);
    const ba_memory interior = ba_memory_of(pointer(after) + 256, ba_bytes(1));
    EXPECT_EQ(free(interior).code, BA_INTERIOR);
    {
        const Damage damage(pointer(memory) - kFence - kHeader);
        EXPECT_EQ(free(interior).code, BA_FOREIGN);
        EXPECT_EQ(free(after).code, BA_OK) << "what is sound needs no walk";
    }
}

TEST_F(GuardedAllocatorOverLittle, HeadersOfAnotherAllocatorAreForeign) {
    const ba_memory memory = alloc(13);
    ba_guarded_allocator other;
    ba_guarded_allocator_init(&other, "parser", little_.allocator(), ba_bytes(kFence));
    EXPECT_EQ(ba_block_free(ba_guarded_allocator_block_allocator(&other), memory, ba_align(8)).code,
              BA_FOREIGN);
    (void)only_report("free", BA_FOREIGN);
    EXPECT_EQ(free(memory).code, BA_OK);
}

TEST(GuardedAllocatorSeverity, IsItsOwnOrThePrograms) {
    StrictBacking backing;
    ba_guarded_allocator guarded;
    ba_guarded_allocator_init(&guarded, "parser", backing.allocator(), ba_bytes(kFence));
    const ba_allocator allocator = ba_guarded_allocator_allocator(&guarded);
    const ba_memory none = ba_memory_none(ba_error_of(BA_LIMIT));
    {
        const MisuseRecorder recorded; // the program's severity is to log
        EXPECT_EQ(ba_free(allocator, none, ba_align(1)).code, BA_FOREIGN);
        ba_guarded_allocator_set_severity(&guarded, BA_SEVERITY_PANIC);
        EXPECT_DEATH(ba_free(allocator, none, ba_align(1)), "");
    }
    ba_guarded_allocator_set_severity(&guarded, BA_SEVERITY_LOG);
    ASSERT_EQ(ba_misuse_severity(), BA_SEVERITY_PANIC);
    EXPECT_EQ(ba_free(allocator, none, ba_align(1)).code, BA_FOREIGN);
    EXPECT_EQ(ba_memory_error(ba_alloc(allocator, ba_bytes(0), ba_align(1))).code, BA_ZERO_SIZE);
}

TEST_F(GuardedAllocator, AFreeThatTheParentRefusesLeavesTheMemoryLive) {
    const ba_memory memory = alloc(1);
    parent_.refuse_frees(1);
    EXPECT_EQ(free(memory).code, BA_IN_USE);
    EXPECT_EQ(check(), 0u);
    EXPECT_EQ(free(memory).code, BA_OK);
}

TEST(GuardedAllocatorDeathTest, AnOverflowPanics) {
    StrictBacking parent;
    ba_guarded_allocator guarded;
    ba_guarded_allocator_init(&guarded, "parser", parent.allocator(), ba_bytes(kFence));
    const ba_allocator exact = ba_guarded_allocator_allocator(&guarded);
    const ba_memory memory =
        ba_alloc_at(exact, ba_bytes(7), ba_align(1), ba_call_site_of_text("main.c:3"));
    {
        const Damage damage(pointer(memory) + 7);
        EXPECT_DEATH(
            (void)ba_free_at(exact, memory, ba_align(1), ba_call_site_of_text("main.c:9")),
            "parser: free\\(0x[0-9a-f]+, 1\\): CORRUPT, memory was overwritten that no caller may "
            "write to, at main.c:9, allocated at main.c:3\n");
    }
    EXPECT_EQ(ba_free(exact, memory, ba_align(1)).code, BA_OK);
}

TEST(GuardedAllocatorOverABuffer, APointerPastItsEndIsForeign) {
    alignas(16) unsigned char storage[1024];
    ba_buffer_allocator buffer;
    ba_buffer_allocator_init(&buffer, ba_memory_of(storage, ba_bytes(sizeof storage)));
    ba_guarded_allocator guarded;
    ba_guarded_allocator_init(&guarded, "parser", ba_buffer_allocator_allocator(&buffer),
                              ba_bytes(kFence));
    const ba_allocator exact = ba_guarded_allocator_allocator(&guarded);
    const ba_memory memory = ba_alloc(exact, ba_bytes(13), ba_align(8));
    {
        // Where the header would be is still the buffer's.
        MisuseRecorder misuse;
        const ba_memory behind = ba_memory_of(storage + sizeof storage, ba_bytes(13));
        EXPECT_EQ(ba_free(exact, behind, ba_align(8)).code, BA_FOREIGN);
        EXPECT_EQ(misuse.errors(), std::vector<ba_error_code>{BA_FOREIGN});
    }
    EXPECT_EQ(ba_free(exact, memory, ba_align(8)).code, BA_OK);
    (void)ba_buffer_allocator_release(&buffer);
}

#if BA_ADDRESS_SANITIZER
// It would stop the program for reading that the buffer allocator has poisoned.
TEST(GuardedAllocatorOverABuffer, UnderAddressSanitizerAHeaderThatIsFreeIsNotRead) {
    alignas(16) unsigned char storage[1024];
    ba_buffer_allocator buffer;
    ba_buffer_allocator_init(&buffer, ba_memory_of(storage, ba_bytes(sizeof storage)));
    ba_guarded_allocator guarded;
    ba_guarded_allocator_init(&guarded, "parser", ba_buffer_allocator_allocator(&buffer),
                              ba_bytes(kFence));
    const ba_allocator exact = ba_guarded_allocator_allocator(&guarded);
    const ba_memory memory = ba_alloc(exact, ba_bytes(13), ba_align(8));
    EXPECT_EQ(ba_free(exact, memory, ba_align(8)).code, BA_OK);
    {
        MisuseRecorder misuse;
        EXPECT_EQ(ba_free(exact, memory, ba_align(8)).code, BA_FOREIGN);
        EXPECT_EQ(misuse.errors(), std::vector<ba_error_code>{BA_FOREIGN});
    }
    (void)ba_buffer_allocator_release(&buffer);
}
#endif

TEST(GuardedAllocatorOverABuffer, TheLargestAlignmentIsTooLarge) {
    alignas(16) unsigned char storage[1024];
    ba_buffer_allocator buffer;
    ba_buffer_allocator_init(&buffer, ba_memory_of(storage, ba_bytes(sizeof storage)));
    ba_guarded_allocator guarded;
    ba_guarded_allocator_init(&guarded, "parser", ba_buffer_allocator_allocator(&buffer),
                              ba_bytes(BA_GUARDED_LONGEST_FENCE));
    const ba_allocator exact = ba_guarded_allocator_allocator(&guarded);
    const ba_alignment largest = ba_align(SIZE_MAX / 2 + 1);
    EXPECT_EQ(ba_memory_error(ba_alloc(exact, ba_bytes(1), largest)).code, BA_BAD_ALIGN);
    EXPECT_EQ(ba_memory_error(ba_alloc(exact, ba_bytes(SIZE_MAX / 2), largest)).code, BA_LIMIT);
    (void)ba_buffer_allocator_release(&buffer);
}

} // namespace
