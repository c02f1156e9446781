#include "testing/allocator_conformance.h"

#include <algorithm>
#include <cstring>
#include <random>
#include <utility>

#include "block_allocator/build_mode.h"
#include "testing/misuse_recorder.h"
#include "gtest/gtest.h"

namespace ba_testing {

namespace {

// Memory as a test holds it: stamped from its first byte to its last.
struct Held {
    ba_memory memory = ba_memory_none(ba_error_of(BA_OUT_OF_MEMORY));
    ba_alignment alignment = ba_align(1);
    unsigned stamp = 0;

    bool none() const { return ba_memory_is_none(memory); }
    std::size_t length() const { return ba_memory_length(memory).bytes; }
    unsigned char *bytes() const { return static_cast<unsigned char *>(ba_memory_pointer(memory)); }
    ba_memory as(std::size_t length) const {
        return ba_memory_of(ba_memory_pointer(memory), ba_bytes(length));
    }
};

unsigned char stamp_at(unsigned stamp, std::size_t offset) {
    const std::size_t mixed = (offset ^ (offset >> 8)) * 13;
    return static_cast<unsigned char>(std::size_t{stamp} * 167 + mixed + 1);
}

void write_stamp(const Held &held) {
    for (std::size_t i = 0; i < held.length(); i++) {
        held.bytes()[i] = stamp_at(held.stamp, i);
    }
}

// The first bytes are still as they were stamped.
bool has_stamp(const Held &held, std::size_t length) {
    for (std::size_t i = 0; i < length; i++) {
        if (held.bytes()[i] != stamp_at(held.stamp, i)) {
            return false;
        }
    }
    return true;
}

// A backing, an instance over it, and what a test does with them. In the end nothing may be left in
// the backing, and no misuse may have been reported that the test did not expect.
class Trial {
  public:
    explicit Trial(const Subject &subject)
        : subject_(subject), backing_(subject.backing),
          instance_(subject.make(backing_.allocator())), blocks_(instance_->blocks()),
          block_(ba_block_allocator_block_size(blocks_).bytes) {
        EXPECT_GE(subject.largest_length, 4 * block_)
            << "the subject's largest length is too small";
        EXPECT_GE(subject.capacity / 16, subject.largest_length)
            << "the subject's capacity is too small";
    }

    ~Trial() {
        instance_.reset();
        EXPECT_EQ(misuse_.take(), "") << "misuse was reported where there was none";
    }

    Trial(const Trial &) = delete;
    Trial &operator=(const Trial &) = delete;

    const Subject &subject() const { return subject_; }
    StrictBacking &backing() { return backing_; }
    ba_block_allocator blocks() const { return blocks_; }
    ba_allocator exact() const { return ba_as_allocator(blocks_); }
    MisuseRecorder &misuse() { return misuse_; }
    std::size_t block() const { return block_; }

    std::size_t span(std::size_t length) const { return (length + block_ - 1) & ~(block_ - 1); }

    // Lengths at all the edges that the subject allows.
    std::vector<std::size_t> lengths() const {
        std::vector<std::size_t> result;
        for (const std::size_t length :
             {std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{100}, block_ - 1, block_,
              block_ + 1, 2 * block_, 3 * block_ + 1, 4 * block_ - 1, subject_.largest_length - 1,
              subject_.largest_length}) {
            if (length != 0) {
                result.push_back(length);
            }
        }
        return result;
    }

    // True for a length of whole blocks from one to another.
    bool is_between(std::size_t got, std::size_t least, std::size_t most) const {
        return got % block_ == 0 && got >= span(least) && got <= span(most);
    }

    // Allocates and stamps; fails the test if there is no memory or it is not as it should be.
    Held take(std::size_t length, std::size_t alignment = 1) {
        const Held held = try_take(length, alignment);
        EXPECT_FALSE(held.none()) << "no " << length << " bytes of alignment " << alignment << ": "
                                  << ba_error_name(ba_memory_error(held.memory));
        return held;
    }

    // The same, but there may be no memory.
    Held try_take(std::size_t length, std::size_t alignment = 1) {
        Held held;
        held.memory = ba_block_alloc(blocks_, ba_bytes(length), ba_align(alignment));
        held.alignment = ba_align(alignment);
        if (held.none()) {
            return held;
        }
        accept(&held, length, length);
        return held;
    }

    // Checks new memory, which may have any length between two, and stamps it.
    void accept(Held *held, std::size_t least, std::size_t most) {
        EXPECT_TRUE(is_between(held->length(), least, most))
            << held->length() << " bytes for " << least << " to " << most << " in blocks of "
            << block_;
        EXPECT_TRUE(ba_is_aligned(held->bytes(), held->alignment))
            << static_cast<void *>(held->bytes()) << " for an alignment of "
            << held->alignment.bytes;
        restamp(held);
    }

    void restamp(Held *held) {
        held->stamp = ++stamps_;
        write_stamp(*held);
    }

    // Gives memory back by any length and alignment that it has.
    void give_as(const Held &held, std::size_t length, std::size_t alignment) {
        EXPECT_TRUE(has_stamp(held, held.length())) << "live memory was overwritten";
        EXPECT_EQ(ba_error_name(ba_block_free(blocks_, held.as(length), ba_align(alignment))),
                  std::string("OK"))
            << "free of " << held.length() << " bytes as " << length;
    }

    void give(const Held &held) { give_as(held, held.length(), held.alignment.bytes); }

    // The instance works: a few calls succeed and leave nothing behind.
    void expect_usable() {
        const Held one = take(1);
        const Held two = take(block_ + 1);
        if (!two.none()) {
            give(two);
        }
        if (!one.none()) {
            give(one);
        }
    }

  private:
    const Subject subject_;
    MisuseRecorder misuse_;
    StrictBacking backing_;
    std::unique_ptr<Instance> instance_;
    ba_block_allocator blocks_;
    std::size_t block_;
    unsigned stamps_ = 0;
};

ba_error_code code_of(const ba_memory &memory) {
    return ba_memory_error(memory).code;
}

ba_error_code code_of(const ba_length_result &result) {
    return ba_length_result_error(result).code;
}

std::string name_of(ba_error_code code) {
    return ba_error_name(ba_error_of(code));
}

bool is_refusal(ba_error_code code) {
    return ba_error_is_refusal(ba_error_of(code));
}

bool is_shortage(ba_error_code code) {
    return code == BA_OUT_OF_MEMORY || code == BA_LIMIT;
}

// ---------------------------------------------------------------------------------------------
// Lengths and alignments

void block_size_is_a_constant_power_of_two(const Subject &subject) {
    Trial trial(subject);
    ASSERT_TRUE(ba_alignment_is_valid(ba_align(trial.block()))) << trial.block();
    const Held held = trial.take(trial.block() + 1);
    EXPECT_EQ(ba_block_allocator_block_size(trial.blocks()).bytes, trial.block());
    EXPECT_EQ(ba_allocator_block_size(trial.exact()).bytes, trial.block());
    ASSERT_FALSE(held.none());
    trial.give(held);
    EXPECT_EQ(ba_block_allocator_block_size(trial.blocks()).bytes, trial.block());
}

void lengths_are_whole_blocks(const Subject &subject) {
    Trial trial(subject);
    for (const std::size_t length : trial.lengths()) {
        const ba_memory memory = ba_block_alloc(trial.blocks(), ba_bytes(length), ba_align(1));
        ASSERT_FALSE(ba_memory_is_none(memory)) << length << " bytes";
        const std::size_t got = ba_memory_length(memory).bytes;
        EXPECT_EQ(got, trial.span(length)) << "for " << length;
        EXPECT_EQ(ba_block_free(trial.blocks(), memory, ba_align(1)).code, BA_OK);
    }
}

void every_byte_can_be_written(const Subject &subject) {
    Trial trial(subject);
    for (const std::size_t length : trial.lengths()) {
        const Held held = trial.take(length);
        ASSERT_FALSE(held.none());
        trial.give(held);
    }
}

void exact_view_gives_what_is_asked(const Subject &subject) {
    Trial trial(subject);
    for (const std::size_t length : trial.lengths()) {
        const ba_memory memory = ba_alloc(trial.exact(), ba_bytes(length), ba_align(1));
        ASSERT_FALSE(ba_memory_is_none(memory)) << length << " bytes";
        EXPECT_EQ(ba_memory_length(memory).bytes, length);
        const ba_length_result same =
            ba_resize(trial.exact(), memory, ba_align(1), ba_bytes(length));
        EXPECT_EQ(ba_length_result_length(same).bytes, length);
        EXPECT_EQ(ba_free(trial.exact(), memory, ba_align(1)).code, BA_OK);
    }
}

void one_view_frees_memory_of_the_other(const Subject &subject) {
    Trial trial(subject);
    for (const std::size_t length : trial.lengths()) {
        const ba_memory exact = ba_alloc(trial.exact(), ba_bytes(length), ba_align(1));
        const ba_memory whole = ba_block_alloc(trial.blocks(), ba_bytes(length), ba_align(1));
        EXPECT_EQ(ba_block_free(trial.blocks(), exact, ba_align(1)).code, BA_OK);
        EXPECT_EQ(ba_free(trial.exact(), whole, ba_align(1)).code, BA_OK);
    }
}

void gives_every_alignment_up_to_the_largest(const Subject &subject) {
    Trial trial(subject);
    const std::size_t largest = std::min(subject.largest_alignment, std::size_t{1} << 16);
    for (std::size_t alignment = 1; alignment <= largest; alignment *= 2) {
        for (const std::size_t length : {std::size_t{1}, trial.block() + 1}) {
            const Held first = trial.take(length, alignment);
            const Held second = trial.take(length, alignment);
            ASSERT_FALSE(first.none() || second.none());
            trial.give(second);
            trial.give(first);
        }
    }
}

void keeps_the_alignment_when_it_moves_or_grows(const Subject &subject) {
    Trial trial(subject);
    const std::size_t alignment = std::min(subject.largest_alignment, 2 * trial.block());
    Held held = trial.take(1, alignment);
    ASSERT_FALSE(held.none());
    for (std::size_t blocks = 2; blocks <= 4; blocks++) {
        const std::size_t length = blocks * trial.block();
        held.memory =
            ba_block_realloc(trial.blocks(), held.memory, held.alignment, ba_bytes(length));
        ASSERT_FALSE(held.none());
        trial.accept(&held, length, length);
    }
    trial.give(held);
}

void takes_back_by_any_alignment_of_the_pointer(const Subject &subject) {
    Trial trial(subject);
    const std::size_t alignment = std::min(subject.largest_alignment, std::size_t{64});
    for (std::size_t given = 1; given <= alignment; given *= 2) {
        const Held held = trial.take(1, alignment);
        ASSERT_FALSE(held.none());
        trial.give_as(held, held.length(), given);
    }
}

// There may be no memory for an alignment, but what may be given at another time is not too large.
void is_short_of_an_alignment_that_is_not_too_large(const Subject &subject) {
    if (subject.largest_alignment == Subject::kUnbounded) {
        return;
    }
    Trial trial(subject);
    for (std::size_t alignment = 1; alignment <= subject.largest_alignment; alignment *= 2) {
        const ba_memory memory = ba_block_alloc(trial.blocks(), ba_bytes(1), ba_align(alignment));
        if (ba_memory_is_none(memory)) {
            EXPECT_TRUE(is_shortage(code_of(memory)))
                << alignment << ": " << name_of(code_of(memory));
        } else {
            EXPECT_TRUE(ba_is_aligned(ba_memory_pointer(memory), ba_align(alignment)));
            EXPECT_EQ(ba_block_free(trial.blocks(), memory, ba_align(alignment)).code, BA_OK);
        }
    }
}

void refuses_an_alignment_that_is_too_large(const Subject &subject) {
    Trial trial(subject);
    const Held held = trial.take(1);
    const std::size_t bytes = trial.backing().bytes();
    const std::size_t grants = trial.backing().grants();
    const std::size_t none_has = SIZE_MAX / 2 + 1;
    const std::size_t largest = std::min(subject.largest_alignment, none_has / 2);
    for (std::size_t alignment = largest * 2; alignment != 0; alignment *= 2) {
        if (subject.largest_alignment == Subject::kUnbounded && alignment != none_has) {
            continue;
        }
        const ba_memory memory = ba_block_alloc(trial.blocks(), ba_bytes(1), ba_align(alignment));
        EXPECT_EQ(name_of(code_of(memory)), "BAD_ALIGN") << "for " << alignment;
        EXPECT_EQ(trial.misuse().take(), "") << "it is no misuse";
    }
    EXPECT_EQ(trial.backing().bytes(), bytes);
    EXPECT_EQ(trial.backing().grants(), grants);
    ASSERT_FALSE(held.none());
    trial.give(held);
    trial.expect_usable();
}

// ---------------------------------------------------------------------------------------------
// Live memory

void live_memory_never_overlaps(const Subject &subject) {
    Trial trial(subject);
    std::vector<Held> all;
    for (std::size_t i = 0; i < 12; i++) {
        all.push_back(trial.take(1 + (i * 37) % (4 * trial.block()), std::size_t{1} << (i % 4)));
        ASSERT_FALSE(all.back().none());
    }
    for (std::size_t i = 0; i < all.size(); i += 2) {
        trial.give(all[i]);
        all[i] = trial.take(2 * trial.block());
        ASSERT_FALSE(all[i].none());
    }
    for (const Held &held : all) {
        trial.give(held);
    }
}

void memory_comes_back(const Subject &subject) {
    Trial trial(subject);
    const std::size_t times = subject.capacity == Subject::kUnbounded
                                  ? 64
                                  : subject.capacity / subject.largest_length + 1;
    for (std::size_t i = 0; i < std::min(times, std::size_t{1000}); i++) {
        const ba_memory memory =
            ba_block_alloc(trial.blocks(), ba_bytes(subject.largest_length), ba_align(1));
        ASSERT_FALSE(ba_memory_is_none(memory)) << "after " << i << " allocations and frees";
        ASSERT_EQ(ba_block_free(trial.blocks(), memory, ba_align(1)).code, BA_OK);
    }
}

void an_exhausted_allocator_says_so(const Subject &subject) {
    if (subject.capacity == Subject::kUnbounded) {
        return;
    }
    Trial trial(subject);
    std::vector<ba_memory> all;
    ba_error_code code = BA_OK;
    while (code == BA_OK && all.size() <= subject.capacity / subject.largest_length) {
        const ba_memory memory =
            ba_block_alloc(trial.blocks(), ba_bytes(subject.largest_length), ba_align(1));
        code = code_of(memory);
        if (code == BA_OK) {
            all.push_back(memory);
        }
    }
    EXPECT_TRUE(is_shortage(code)) << name_of(code);
    EXPECT_FALSE(all.empty());
    while (!all.empty()) {
        EXPECT_EQ(ba_block_free(trial.blocks(), all.back(), ba_align(1)).code, BA_OK);
        all.pop_back();
    }
    trial.expect_usable();
}

// ---------------------------------------------------------------------------------------------
// Resize

// Shrinks in place and checks what the rules say; false if the test should go no further.
bool shrink(Trial *trial, Held *held, std::size_t given, std::size_t length) {
    const ba_length_result result =
        ba_block_resize(trial->blocks(), held->as(given), held->alignment, ba_bytes(length));
    const std::size_t got = ba_length_result_length(result).bytes;
    const bool good = code_of(result) == BA_OK && trial->is_between(got, length, length);
    EXPECT_TRUE(good) << "from " << held->length() << " to " << length << " gave " << got << ", "
                      << name_of(code_of(result));
    if (good) {
        held->memory = held->as(got);
        EXPECT_TRUE(has_stamp(*held, got)) << "contents lost";
    }
    return good;
}

void shrinks_to_every_length(const Subject &subject) {
    Trial trial(subject);
    const std::size_t from = 4 * trial.block();
    const std::size_t step = std::max(trial.block() / 16, std::size_t{1});
    for (std::size_t length = 1; length <= from; length += step) {
        Held held = trial.take(from);
        ASSERT_FALSE(held.none());
        ASSERT_TRUE(shrink(&trial, &held, held.length(), length));
        trial.give(held);
    }
}

void shrinks_in_steps(const Subject &subject) {
    Trial trial(subject);
    Held held = trial.take(subject.largest_length);
    const Held other = trial.take(1);
    ASSERT_FALSE(held.none() || other.none());
    for (std::size_t length = held.length(); length > 1; length -= (length + 7) / 8) {
        ASSERT_TRUE(shrink(&trial, &held, held.length(), length));
    }
    trial.give(held);
    trial.give(other);
}

void shrinking_and_freeing_need_no_memory(const Subject &subject) {
    Trial trial(subject);
    std::vector<Held> all;
    for (std::size_t i = 0; i < 4; i++) {
        all.push_back(trial.take(4 * trial.block()));
        ASSERT_FALSE(all.back().none());
    }
    trial.backing().refuse_from(1);
    for (Held &held : all) {
        ASSERT_TRUE(shrink(&trial, &held, held.length(), trial.block() + 1));
    }
    for (const Held &held : all) {
        trial.give(held);
    }
    trial.backing().refuse_none();
}

// The shortest and the longest length that fit the same blocks, and one between.
std::vector<std::size_t> fitting(const Trial &trial, std::size_t got) {
    const std::size_t least = got - trial.block() + 1;
    return {least, (least + got) / 2, got};
}

void accepts_every_length_that_fits(const Subject &subject) {
    Trial trial(subject);
    for (const std::size_t asked : trial.lengths()) {
        for (std::size_t i = 0; i < 3; i++) {
            Held held = trial.take(asked);
            ASSERT_FALSE(held.none());
            trial.give_as(held, fitting(trial, held.length())[i], 1);

            held = trial.take(asked);
            ASSERT_FALSE(held.none());
            const std::size_t given = fitting(trial, held.length())[i];
            ASSERT_TRUE(shrink(&trial, &held, given, asked));
            trial.give(held);

            held = trial.take(asked);
            ASSERT_FALSE(held.none());
            const ba_memory longer =
                ba_block_realloc(trial.blocks(), held.as(given), ba_align(1), ba_bytes(asked + 1));
            ASSERT_FALSE(ba_memory_is_none(longer));
            held.memory = longer;
            EXPECT_TRUE(has_stamp(held, std::min(trial.span(asked), asked + 1))) << "contents lost";
            trial.restamp(&held);
            trial.give(held);
        }
    }
}

void refused_growth_changes_nothing(const Subject &subject) {
    Trial trial(subject);
    Held held = trial.take(1);
    const Held behind = trial.take(1);
    ASSERT_FALSE(held.none() || behind.none());
    for (const std::size_t length : trial.lengths()) {
        const std::size_t bytes = trial.backing().bytes();
        const std::size_t grants = trial.backing().grants();
        const ba_length_result result =
            ba_block_resize(trial.blocks(), held.memory, ba_align(1), ba_bytes(length));
        EXPECT_TRUE(has_stamp(held, std::min(held.length(), length))) << "contents lost";
        if (ba_length_result_is_none(result)) {
            EXPECT_GT(length, held.length()) << "a shrink was refused";
            EXPECT_TRUE(is_refusal(code_of(result))) << name_of(code_of(result));
            EXPECT_EQ(trial.backing().bytes(), bytes);
            EXPECT_EQ(trial.backing().grants(), grants);
        } else {
            held.memory = held.as(ba_length_result_length(result).bytes);
            trial.accept(&held, length, length);
        }
    }
    trial.give(behind);
    trial.give(held);
}

void grows_in_place_where_it_says_so(const Subject &subject) {
    if (!subject.grows_in_place) {
        return;
    }
    Trial trial(subject);
    Held held = trial.take(1);
    ASSERT_FALSE(held.none());
    const std::size_t wanted = held.length() + 1;
    const ba_length_result result =
        ba_block_resize(trial.blocks(), held.memory, ba_align(1), ba_bytes(wanted));
    EXPECT_EQ(name_of(code_of(result)), "OK");
    if (!ba_length_result_is_none(result)) {
        EXPECT_TRUE(has_stamp(held, held.length())) << "contents lost";
        held.memory = held.as(ba_length_result_length(result).bytes);
        trial.accept(&held, wanted, wanted);
    }
    trial.give(held);
}

void grow_between_stays_between(const Subject &subject) {
    Trial trial(subject);
    for (const std::size_t more : {std::size_t{0}, std::size_t{1}, 2 * trial.block()}) {
        Held held = trial.take(1);
        ASSERT_FALSE(held.none());
        const std::size_t minimum = held.length() + 1;
        const std::size_t wanted = minimum + more;
        const ba_length_result result = ba_block_grow_between(
            trial.blocks(), held.memory, ba_align(1), ba_bytes(minimum), ba_bytes(wanted));
        const std::size_t got = ba_length_result_length(result).bytes;
        EXPECT_TRUE(has_stamp(held, held.length())) << "contents lost";
        if (ba_length_result_is_none(result)) {
            EXPECT_TRUE(is_refusal(code_of(result))) << name_of(code_of(result));
            EXPECT_FALSE(subject.grows_in_place) << name_of(code_of(result));
        } else {
            ASSERT_TRUE(trial.is_between(got, minimum, wanted))
                << got << " is not between " << minimum << " and " << wanted;
            held.memory = held.as(got);
            trial.restamp(&held);
        }
        trial.give(held);
    }
}

void grow_between_never_makes_shorter(const Subject &subject) {
    Trial trial(subject);
    const std::size_t length = 3 * trial.block();
    for (const std::size_t wanted : {std::size_t{1}, trial.block() + 1, length}) {
        const Held held = trial.take(length);
        ASSERT_FALSE(held.none());
        const ba_length_result whole =
            ba_block_grow_between(trial.blocks(), held.as(length - trial.block() + 1), ba_align(1),
                                  ba_bytes(1), ba_bytes(wanted));
        ASSERT_EQ(name_of(code_of(whole)), "OK");
        ASSERT_EQ(ba_length_result_length(whole).bytes, length) << "wanted were " << wanted;
        const ba_length_result exact =
            ba_grow_between(trial.exact(), held.as(length - trial.block() + 1), ba_align(1),
                            ba_bytes(1), ba_bytes(1));
        ASSERT_EQ(name_of(code_of(exact)), "OK");
        EXPECT_EQ(ba_length_result_length(exact).bytes, length - trial.block() + 1);
        trial.give(held);
    }
}

// ---------------------------------------------------------------------------------------------
// Moving

void realloc_keeps_the_contents(const Subject &subject) {
    Trial trial(subject);
    for (const std::size_t from : trial.lengths()) {
        for (const std::size_t to : trial.lengths()) {
            Held held = trial.take(from);
            const Held behind = trial.take(1);
            ASSERT_FALSE(held.none() || behind.none());
            const std::size_t kept = std::min(from, to);
            held.memory =
                ba_block_realloc(trial.blocks(), held.memory, held.alignment, ba_bytes(to));
            ASSERT_FALSE(held.none()) << "from " << from << " to " << to;
            EXPECT_TRUE(has_stamp(held, kept)) << "contents lost from " << from << " to " << to;
            trial.accept(&held, to, to);
            trial.give(behind);
            trial.give(held);
        }
    }
}

void remap_moves_or_refuses(const Subject &subject) {
    Trial trial(subject);
    for (const std::size_t to : trial.lengths()) {
        Held held = trial.take(2 * trial.block());
        ASSERT_FALSE(held.none());
        const ba_memory moved =
            ba_block_remap(trial.blocks(), held.memory, held.alignment, ba_bytes(to));
        if (ba_memory_is_none(moved)) {
            EXPECT_TRUE(is_refusal(code_of(moved))) << name_of(code_of(moved));
        } else {
            const std::size_t kept = std::min(held.length(), to);
            held.memory = moved;
            EXPECT_TRUE(has_stamp(held, kept)) << "contents lost";
            trial.accept(&held, to, to);
        }
        trial.give(held);
    }
}

// ---------------------------------------------------------------------------------------------
// Discard, owns, optional operations

void discarded_memory_stays_usable(const Subject &subject) {
    Trial trial(subject);
    Held held = trial.take(subject.largest_length);
    ASSERT_FALSE(held.none());
    const std::size_t skipped = held.length() / 4;
    const std::size_t part = held.length() / 2;
    const ba_length_result gone =
        ba_block_discard(trial.blocks(), ba_memory_of(held.bytes() + skipped, ba_bytes(part)));
    EXPECT_EQ(name_of(code_of(gone)), "OK");
    EXPECT_LE(ba_length_result_length(gone).bytes, part);
    EXPECT_TRUE(has_stamp(held, skipped)) << "contents before the part lost";
    for (std::size_t i = skipped + part; i < held.length(); i++) {
        ASSERT_EQ(held.bytes()[i], stamp_at(held.stamp, i)) << "contents behind the part lost";
    }
    trial.restamp(&held);
    trial.give(held);
}

void owns_its_live_memory_and_no_other(const Subject &subject) {
    Trial trial(subject);
    StrictBacking elsewhere;
    const int on_the_stack = 0;
    const ba_memory foreign = ba_alloc(elsewhere.allocator(), ba_bytes(100), ba_align(1));
    const Held held = trial.take(2 * trial.block());
    ASSERT_FALSE(held.none());
    for (const std::size_t offset : {std::size_t{0}, trial.block(), held.length() - 1}) {
        EXPECT_NE(ba_block_owns(trial.blocks(), held.bytes() + offset), BA_OWNS_NOT) << offset;
    }
    EXPECT_NE(ba_block_owns(trial.blocks(), ba_memory_pointer(foreign)), BA_OWNS);
    EXPECT_NE(ba_block_owns(trial.blocks(), &on_the_stack), BA_OWNS);
    EXPECT_NE(ba_block_owns(trial.blocks(), nullptr), BA_OWNS);
    EXPECT_EQ(ba_free(elsewhere.allocator(), foreign, ba_align(1)).code, BA_OK);
    trial.give(held);
}

void absent_operations_are_answered(const Subject &subject) {
    Trial trial(subject);
    const Held held = trial.take(2 * trial.block());
    ASSERT_FALSE(held.none());
    const ba_operations *const operations = trial.blocks().operations;
    if (!BA_HAS_OPERATION(operations, remap)) {
        EXPECT_EQ(name_of(code_of(
                      ba_block_remap(trial.blocks(), held.memory, held.alignment, ba_bytes(1)))),
                  "UNSUPPORTED");
    }
    if (!BA_HAS_OPERATION(operations, discard)) {
        const ba_length_result gone = ba_block_discard(trial.blocks(), held.memory);
        EXPECT_EQ(name_of(code_of(gone)), "OK");
        EXPECT_EQ(ba_length_result_length(gone).bytes, 0u);
    }
    if (!BA_HAS_OPERATION(operations, owns)) {
        EXPECT_EQ(ba_block_owns(trial.blocks(), held.bytes()), BA_OWNS_UNKNOWN);
    }
    trial.give(held);
}

// ---------------------------------------------------------------------------------------------
// A backing that refuses

// What an operation did to the memory that it was given.
struct Outcome {
    ba_error_code code;
    Held held;        // as it is afterwards
    std::size_t most; // that it may have
};

Held with_length(const Held &held, const ba_length_result &result) {
    Held longer = held;
    longer.memory = held.as(ba_length_result_length(result).bytes);
    return longer;
}

Held with_memory(const Held &held, const ba_memory &memory) {
    Held moved = held;
    moved.memory = memory;
    return moved;
}

Outcome outcome_of(const Held &held, const ba_length_result &result, std::size_t most) {
    return {code_of(result), ba_length_result_is_none(result) ? held : with_length(held, result),
            most};
}

Outcome outcome_of(const Held &held, const ba_memory &memory, std::size_t most) {
    return {code_of(memory), ba_memory_is_none(memory) ? held : with_memory(held, memory), most};
}

// The operations that may ask the backing for memory, each from some memory to a longer one.
using Operation = Outcome (*)(Trial &trial, const Held &held, std::size_t length);

Outcome run_resize(Trial &trial, const Held &held, std::size_t length) {
    return outcome_of(
        held, ba_block_resize(trial.blocks(), held.memory, held.alignment, ba_bytes(length)),
        length);
}

Outcome run_grow_between(Trial &trial, const Held &held, std::size_t length) {
    return outcome_of(held,
                      ba_block_grow_between(trial.blocks(), held.memory, held.alignment,
                                            ba_bytes(length), ba_bytes(length + trial.block())),
                      length + trial.block());
}

Outcome run_remap(Trial &trial, const Held &held, std::size_t length) {
    return outcome_of(held,
                      ba_block_remap(trial.blocks(), held.memory, held.alignment, ba_bytes(length)),
                      length);
}

Outcome run_realloc(Trial &trial, const Held &held, std::size_t length) {
    return outcome_of(
        held, ba_block_realloc(trial.blocks(), held.memory, held.alignment, ba_bytes(length)),
        length);
}

// Whichever length that fits is given, all that the memory may hold moves.
void moving_keeps_the_whole_span(const Subject &subject) {
    Trial trial(subject);
    for (const std::size_t from : trial.lengths()) {
        for (const Operation move : {run_realloc, run_remap}) {
            Held held = trial.take(from);
            const Held behind = trial.take(1);
            ASSERT_FALSE(held.none() || behind.none());
            Held shorter = held;
            shorter.memory = held.as(held.length() - trial.block() + 1);
            const std::size_t to = std::min(held.length() + 1, subject.largest_length);
            const Outcome outcome = move(trial, shorter, to);
            if (outcome.code == BA_OK) {
                const std::size_t kept = std::min(held.length(), to);
                held.memory = outcome.held.memory;
                EXPECT_TRUE(has_stamp(held, kept)) << "contents lost from " << from << " to " << to;
                trial.accept(&held, to, to);
            }
            trial.give(behind);
            trial.give(held);
        }
    }
}

enum class Refusals { kOnce, kEverAfter };

void refuse(StrictBacking &backing, Refusals refusals, std::size_t n) {
    switch (refusals) {
    case Refusals::kOnce:
        backing.refuse_nth(n);
        break;
    case Refusals::kEverAfter:
        backing.refuse_from(n);
        break;
    }
}

constexpr std::size_t kMostCallsOfTheBacking = 100;

// Refuses the n-th call of the backing during an allocation. True if there was such a call.
bool allocates_despite_refusal(const Subject &subject, Refusals refusals, std::size_t n,
                               std::size_t length) {
    Trial trial(subject);
    const std::size_t bytes = trial.backing().bytes();
    const std::size_t grants = trial.backing().grants();
    refuse(trial.backing(), refusals, n);
    Held held = trial.try_take(length);
    const bool refused = trial.backing().refused() != 0;
    trial.backing().refuse_none();
    if (held.none()) {
        EXPECT_TRUE(refused) << "failed without a reason";
        EXPECT_TRUE(is_refusal(code_of(held.memory))) << name_of(code_of(held.memory));
        EXPECT_EQ(trial.backing().bytes(), bytes) << "something changed";
        EXPECT_EQ(trial.backing().grants(), grants) << "something changed";
        held = trial.take(length);
    }
    if (!held.none()) {
        trial.give(held);
    }
    return refused;
}

void alloc_survives_every_refusal(const Subject &subject) {
    for (const Refusals refusals : {Refusals::kOnce, Refusals::kEverAfter}) {
        std::size_t n = 1;
        while (allocates_despite_refusal(subject, refusals, n, subject.largest_length)) {
            ASSERT_LT(++n, kMostCallsOfTheBacking);
        }
    }
}

// The same for an operation on live memory; `usually` is what comes of it without refusals.
bool changes_despite_refusal(const Subject &subject, Operation operation, std::size_t length,
                             Refusals refusals, std::size_t n, ba_error_code usually) {
    Trial trial(subject);
    const Held first = trial.take(1);
    const Held behind = trial.take(1);
    if (first.none() || behind.none()) {
        return false;
    }
    const std::size_t bytes = trial.backing().bytes();
    const std::size_t grants = trial.backing().grants();
    refuse(trial.backing(), refusals, n);
    Outcome outcome = operation(trial, first, length);
    const bool refused = trial.backing().refused() != 0;
    trial.backing().refuse_none();
    EXPECT_TRUE(has_stamp(outcome.held, first.length())) << "contents lost";
    if (outcome.code != BA_OK) {
        EXPECT_TRUE(refused || outcome.code == usually) << name_of(outcome.code);
        EXPECT_TRUE(is_refusal(outcome.code)) << name_of(outcome.code);
        EXPECT_EQ(trial.backing().bytes(), bytes) << "something changed";
        EXPECT_EQ(trial.backing().grants(), grants) << "something changed";
        outcome = operation(trial, first, length);
        EXPECT_EQ(name_of(outcome.code), name_of(usually)) << "at the second try";
        EXPECT_TRUE(has_stamp(outcome.held, first.length())) << "contents lost";
    }
    if (outcome.code == BA_OK) {
        trial.accept(&outcome.held, length, outcome.most);
    }
    trial.give(behind);
    trial.give(outcome.held);
    return refused;
}

void survives_every_refusal(const Subject &subject, Operation operation, std::size_t length) {
    ba_error_code usually = BA_OK;
    {
        Trial trial(subject);
        const Held first = trial.take(1);
        const Held behind = trial.take(1);
        ASSERT_FALSE(first.none() || behind.none());
        Outcome outcome = operation(trial, first, length);
        usually = outcome.code;
        trial.restamp(&outcome.held);
        trial.give(behind);
        trial.give(outcome.held);
    }
    for (const Refusals refusals : {Refusals::kOnce, Refusals::kEverAfter}) {
        std::size_t n = 1;
        while (changes_despite_refusal(subject, operation, length, refusals, n, usually)) {
            ASSERT_LT(++n, kMostCallsOfTheBacking);
        }
    }
}

// To a length that may be had in place, and to one for which the memory probably has to move.
void survives_every_refusal(const Subject &subject, Operation operation) {
    const std::size_t block = Trial(subject).block();
    survives_every_refusal(subject, operation, 2 * block);
    survives_every_refusal(subject, operation, subject.largest_length);
}

void resize_survives_every_refusal(const Subject &subject) {
    survives_every_refusal(subject, run_resize);
}

void grow_between_survives_every_refusal(const Subject &subject) {
    survives_every_refusal(subject, run_grow_between);
}

void remap_survives_every_refusal(const Subject &subject) {
    survives_every_refusal(subject, run_remap);
}

void realloc_survives_every_refusal(const Subject &subject) {
    survives_every_refusal(subject, run_realloc);
}

// A backing that does not take something back at the moment: what is refused stays as it was, to be
// freed later, and what is accepted all the same comes back later, too.
void a_refused_free_is_not_lost(const Subject &subject) {
    if (!subject.keeps_refused_frees) {
        return;
    }
    for (const std::size_t length : {std::size_t{1}, subject.largest_length}) {
        Trial trial(subject);
        const Held held = trial.take(length);
        const Held other = trial.take(1);
        ASSERT_FALSE(held.none() || other.none());
        trial.backing().refuse_frees(1);
        const ba_error error = ba_block_free(trial.blocks(), held.memory, held.alignment);
        trial.backing().refuse_frees(0);
        EXPECT_EQ(trial.misuse().take(), "") << "it is no misuse";
        if (ba_failed(error)) {
            EXPECT_NE(trial.backing().refused_frees(), 0u) << "refused without a reason";
            trial.give(held);
        }
        trial.give(other);
        trial.expect_usable();
    }
}

void a_move_whose_free_is_refused_changes_nothing(const Subject &subject) {
    if (!subject.keeps_refused_frees) {
        return;
    }
    Trial trial(subject);
    Held held = trial.take(1);
    const Held behind = trial.take(1);
    ASSERT_FALSE(held.none() || behind.none());
    trial.backing().refuse_frees(1);
    const Outcome outcome = run_realloc(trial, held, subject.largest_length);
    trial.backing().refuse_frees(0);
    EXPECT_TRUE(has_stamp(outcome.held, held.length())) << "contents lost";
    if (outcome.code == BA_OK) {
        held.memory = outcome.held.memory;
        trial.restamp(&held);
    } else {
        EXPECT_NE(trial.backing().refused_frees(), 0u) << "refused without a reason";
    }
    trial.give(behind);
    trial.give(held);
}

// ---------------------------------------------------------------------------------------------
// A stream of operations

class Stream {
  public:
    Stream(Trial *trial, unsigned seed) : trial_(*trial), random_(seed) {}

    void run(std::size_t operations) {
        for (std::size_t i = 0; i < operations && !::testing::Test::HasFatalFailure(); i++) {
            step();
        }
        for (const Held &held : live_) {
            trial_.give(held);
        }
    }

  private:
    static constexpr std::size_t kMostLive = 24;

    std::size_t below(std::size_t end) { return random_() % end; }

    std::size_t random_length() {
        return 1 + below(below(16) == 0 ? trial_.subject().largest_length : 4 * trial_.block());
    }

    std::size_t random_alignment() {
        const std::size_t most = std::min(trial_.subject().largest_alignment, std::size_t{256});
        return std::min(std::size_t{1} << below(9), most);
    }

    bool has_room() const {
        std::size_t used = 0;
        for (const Held &held : live_) {
            used += held.length();
        }
        return live_.size() < kMostLive && used < trial_.subject().capacity / 2;
    }

    void step() {
        const std::size_t choice = below(8);
        if (live_.empty() || (choice < 3 && has_room())) {
            take();
            return;
        }
        const std::size_t index = below(live_.size());
        Held &held = live_[index];
        switch (choice) {
        case 0:
        case 1:
        case 2:
        case 3:
            trial_.give(held);
            held = live_.back();
            live_.pop_back();
            break;
        case 4:
            change(&held, run_resize, random_length());
            break;
        case 5:
            change(&held, run_grow_between, held.length() + random_length());
            break;
        case 6:
            change(&held, run_remap, random_length());
            break;
        default:
            change(&held, run_realloc, random_length());
            break;
        }
    }

    void take() {
        const Held held = trial_.try_take(random_length(), random_alignment());
        if (!held.none()) {
            live_.push_back(held);
        } else {
            expect_reason(code_of(held.memory));
        }
    }

    void change(Held *held, Operation operation, std::size_t length) {
        const std::size_t kept = std::min(held->length(), length);
        if (length > held->length() && !has_room()) {
            return;
        }
        Outcome outcome = operation(trial_, *held, length);
        EXPECT_TRUE(has_stamp(outcome.held, outcome.code == BA_OK ? kept : held->length()))
            << "contents lost";
        if (outcome.code == BA_OK) {
            trial_.accept(&outcome.held, length, outcome.most);
            *held = outcome.held;
        } else {
            EXPECT_TRUE(is_refusal(outcome.code)) << name_of(outcome.code);
        }
    }

    // An allocation may fail only if the backing refused or there is an end to what can be had.
    void expect_reason(ba_error_code code) {
        EXPECT_TRUE(is_refusal(code)) << name_of(code);
        EXPECT_TRUE(trial_.backing().refused() != refused_ ||
                    trial_.subject().capacity != Subject::kUnbounded)
            << "failed without a reason: " << name_of(code);
        refused_ = trial_.backing().refused();
    }

    Trial &trial_;
    std::mt19937 random_;
    std::vector<Held> live_;
    std::size_t refused_ = 0;
};

constexpr std::size_t kStreamLength = 3000;

void a_stream_of_operations_keeps_every_rule(const Subject &subject) {
    Trial trial(subject);
    Stream(&trial, 1).run(kStreamLength);
}

void a_stream_with_refusals_keeps_every_rule(const Subject &subject) {
    Trial trial(subject);
    trial.backing().refuse_when([](std::size_t call) { return call % 3 == 0; });
    Stream(&trial, 2).run(kStreamLength);
    trial.backing().refuse_none();
    trial.expect_usable();
}

// ---------------------------------------------------------------------------------------------
// Lengths that nobody has, and bad input

void no_memory_for_absurd_lengths(const Subject &subject) {
    Trial trial(subject);
    const Held held = trial.take(1);
    ASSERT_FALSE(held.none());
    const std::size_t bytes = trial.backing().bytes();
    for (const std::size_t length : {SIZE_MAX, SIZE_MAX - trial.block() + 1, SIZE_MAX / 2 + 2}) {
        for (const std::size_t alignment : {std::size_t{1}, trial.block()}) {
            const ba_memory memory =
                ba_block_alloc(trial.blocks(), ba_bytes(length),
                               ba_align(std::min(alignment, subject.largest_alignment)));
            ASSERT_TRUE(is_shortage(code_of(memory))) << length << ": " << name_of(code_of(memory));
        }
        const ba_length_result resized =
            ba_block_resize(trial.blocks(), held.memory, held.alignment, ba_bytes(length));
        ASSERT_TRUE(is_refusal(code_of(resized))) << length << ": " << name_of(code_of(resized));
        const ba_memory moved =
            ba_block_realloc(trial.blocks(), held.memory, held.alignment, ba_bytes(length));
        ASSERT_TRUE(is_shortage(code_of(moved))) << length << ": " << name_of(code_of(moved));
        const ba_memory remapped =
            ba_block_remap(trial.blocks(), held.memory, held.alignment, ba_bytes(length));
        ASSERT_TRUE(is_refusal(code_of(remapped))) << length << ": " << name_of(code_of(remapped));
    }
    EXPECT_EQ(trial.backing().bytes(), bytes) << "something changed";
    trial.give(held);
    trial.expect_usable();
}

#if BA_CHECKS_MISUSE

// Expects that a call was answered with an error and that just this was reported, once. False if
// not: then nobody knows what became of the memory, and the test must stop.
bool expect_rejected(Trial *trial, ba_error_code got, ba_error_code expected, const char *what) {
    const std::vector<ba_error_code> reported = trial->misuse().errors();
    const std::string lines = trial->misuse().take();
    const bool rejected = got == expected && reported == std::vector<ba_error_code>{expected};
    EXPECT_TRUE(rejected) << what << " gave " << name_of(got) << ", not " << name_of(expected)
                          << ", and " << reported.size() << " reports: " << lines;
    return rejected;
}

// The smallest power of two that the pointer is no multiple of.
ba_alignment too_large_for(const void *pointer) {
    std::size_t alignment = 1;
    while (ba_is_aligned(pointer, ba_align(alignment))) {
        alignment *= 2;
    }
    return ba_align(alignment);
}

// Expects that everything is as it was and goes on working.
void expect_unharmed(Trial *trial, const Held &held, std::size_t bytes) {
    EXPECT_EQ(trial->backing().bytes(), bytes) << "something changed";
    trial->give(held);
    trial->expect_usable();
}

void rejects_bad_allocations(const Subject &subject) {
    Trial trial(subject);
    const Held held = trial.take(1);
    ASSERT_FALSE(held.none());
    const std::size_t bytes = trial.backing().bytes();
    const auto alloc = [&trial](std::size_t length, std::size_t alignment) {
        const ba_memory memory =
            ba_block_alloc(trial.blocks(), ba_bytes(length), ba_align(alignment));
        return code_of(memory);
    };
    ASSERT_TRUE(expect_rejected(&trial, alloc(0, 1), BA_ZERO_SIZE, "a length of zero"));
    ASSERT_TRUE(expect_rejected(&trial, alloc(1, 0), BA_BAD_ALIGN, "an alignment of zero"));
    ASSERT_TRUE(expect_rejected(&trial, alloc(1, 3), BA_BAD_ALIGN, "an alignment of 3"));
    ASSERT_TRUE(expect_rejected(&trial, alloc(64, 24), BA_BAD_ALIGN, "an alignment of 24"));
    expect_unharmed(&trial, held, bytes);
}

bool expect_remap_rejected(Trial *trial, ba_error_code got, ba_error_code expected) {
    if (got == BA_UNSUPPORTED) { // Who cannot remap at all need not look at the arguments.
        trial->misuse().take();
        return true;
    }
    return expect_rejected(trial, got, expected, "remap");
}

// Bad memory for each of the calls that take memory.
bool expect_memory_rejected(Trial *trial, ba_memory memory, ba_alignment alignment,
                            ba_error_code expected, const char *what) {
    SCOPED_TRACE(what);
    const ba_block_allocator blocks = trial->blocks();
    const ba_length same = ba_bytes(std::max(ba_memory_length(memory).bytes, std::size_t{1}));
    return expect_rejected(trial, ba_block_free(blocks, memory, alignment).code, expected,
                           "free") &&
           expect_rejected(trial, code_of(ba_block_resize(blocks, memory, alignment, same)),
                           expected, "resize") &&
           expect_rejected(trial, code_of(ba_block_realloc(blocks, memory, alignment, same)),
                           expected, "realloc") &&
           expect_rejected(trial,
                           code_of(ba_block_grow_between(blocks, memory, alignment, same, same)),
                           expected, "grow_between") &&
           expect_remap_rejected(trial, code_of(ba_block_remap(blocks, memory, alignment, same)),
                                 expected);
}

void rejects_bad_memory(const Subject &subject) {
    Trial trial(subject);
    const Held held = trial.take(2 * trial.block());
    ASSERT_FALSE(held.none());
    const std::size_t bytes = trial.backing().bytes();
    ASSERT_TRUE(expect_memory_rejected(&trial, ba_memory_none(ba_error_of(BA_LIMIT)), ba_align(1),
                                       BA_FOREIGN, "no memory"));
    ASSERT_TRUE(expect_memory_rejected(&trial, held.as(0), ba_align(1), BA_SIZE_MISMATCH,
                                       "a length of zero"));
    ASSERT_TRUE(expect_memory_rejected(&trial, held.memory, ba_align(0), BA_BAD_ALIGN,
                                       "an alignment of zero"));
    ASSERT_TRUE(expect_memory_rejected(&trial, held.memory, ba_align(3), BA_BAD_ALIGN,
                                       "an alignment of 3"));
    ASSERT_TRUE(expect_memory_rejected(&trial, held.memory, too_large_for(held.bytes()),
                                       BA_BAD_ALIGN, "an alignment that the pointer has not"));
    expect_unharmed(&trial, held, bytes);
}

void rejects_a_resize_to_zero(const Subject &subject) {
    Trial trial(subject);
    const Held held = trial.take(1);
    ASSERT_FALSE(held.none());
    const std::size_t bytes = trial.backing().bytes();
    const ba_block_allocator blocks = trial.blocks();
    const ba_alignment one = ba_align(1);
    const ba_length zero = ba_bytes(0);
    ASSERT_TRUE(expect_rejected(&trial, code_of(ba_block_resize(blocks, held.memory, one, zero)),
                                BA_ZERO_SIZE, "resize"));
    ASSERT_TRUE(expect_rejected(&trial, code_of(ba_block_realloc(blocks, held.memory, one, zero)),
                                BA_ZERO_SIZE, "realloc"));
    expect_unharmed(&trial, held, bytes);
}

void rejects_foreign_memory(const Subject &subject) {
    if (!subject.finds.foreign) {
        return;
    }
    Trial trial(subject);
    StrictBacking elsewhere;
    const Held held = trial.take(1);
    ASSERT_FALSE(held.none());
    const std::size_t bytes = trial.backing().bytes();
    const ba_memory foreign = ba_alloc(elsewhere.allocator(), ba_bytes(trial.block()), ba_align(1));
    ASSERT_TRUE(expect_memory_rejected(&trial, foreign, ba_align(1), BA_FOREIGN,
                                       "memory of another allocator"));
    EXPECT_EQ(ba_free(elsewhere.allocator(), foreign, ba_align(1)).code, BA_OK);
    expect_unharmed(&trial, held, bytes);
}

void rejects_interior_memory(const Subject &subject) {
    if (!subject.finds.interior) {
        return;
    }
    Trial trial(subject);
    const Held held = trial.take(2 * trial.block());
    ASSERT_FALSE(held.none());
    const std::size_t bytes = trial.backing().bytes();
    const ba_memory inside =
        ba_memory_of(held.bytes() + trial.block(), ba_bytes(held.length() - trial.block()));
    ASSERT_TRUE(
        expect_memory_rejected(&trial, inside, ba_align(1), BA_INTERIOR, "the second block"));
    expect_unharmed(&trial, held, bytes);
}

void rejects_a_double_free(const Subject &subject) {
    if (!subject.finds.double_free) {
        return;
    }
    Trial trial(subject);
    const Held held = trial.take(1);
    const Held twice = trial.take(1);
    ASSERT_FALSE(held.none() || twice.none());
    trial.give(twice);
    const std::size_t bytes = trial.backing().bytes();
    ASSERT_TRUE(expect_rejected(&trial,
                                ba_block_free(trial.blocks(), twice.memory, ba_align(1)).code,
                                BA_DOUBLE_FREE, "free"));
    expect_unharmed(&trial, held, bytes);
}

void rejects_a_wrong_length(const Subject &subject) {
    if (!subject.finds.size_mismatch) {
        return;
    }
    Trial trial(subject);
    const Held held = trial.take(2 * trial.block());
    ASSERT_FALSE(held.none());
    const std::size_t bytes = trial.backing().bytes();
    ASSERT_TRUE(expect_memory_rejected(&trial, held.as(held.length() + 1), ba_align(1),
                                       BA_SIZE_MISMATCH, "one block too many"));
    ASSERT_TRUE(expect_memory_rejected(&trial, held.as(held.length() - trial.block()), ba_align(1),
                                       BA_SIZE_MISMATCH, "one block too few"));
    expect_unharmed(&trial, held, bytes);
}

#endif // BA_CHECKS_MISUSE

// ---------------------------------------------------------------------------------------------
// Tables without optional operations

// The same implementation with another table.
class Retabled : public Instance {
  public:
    Retabled(std::unique_ptr<Instance> inner, void (*change)(ba_operations *table))
        : inner_(std::move(inner)), operations_{} {
        const ba_operations *const table = inner_->blocks().operations;
        std::memcpy(&operations_, table, std::min(table->size, sizeof operations_));
        operations_.size = std::min(table->size, sizeof operations_);
        change(&operations_);
    }

    ba_block_allocator blocks() override {
        return ba_block_allocator_of(inner_->blocks().context, &operations_);
    }

  private:
    std::unique_ptr<Instance> inner_;
    ba_operations operations_;
};

Subject retabled(const Subject &subject, const char *suffix, void (*change)(ba_operations *table)) {
    Subject result = subject;
    result.name += suffix;
    result.make = [make = subject.make, change](ba_allocator backing) {
        return std::make_unique<Retabled>(make(backing), change);
    };
    return result;
}

class CheckTest : public ::testing::Test {
  public:
    CheckTest(Subject subject, ConformanceCheck check)
        : subject_(std::move(subject)), check_(check) {}

    void TestBody() override { check_.run(subject_); }

  private:
    Subject subject_;
    ConformanceCheck check_;
};

void register_tests(const Subject &subject) {
    for (const ConformanceCheck &check : conformance_checks()) {
        ::testing::RegisterTest(
            subject.name.c_str(), check.name, nullptr, nullptr, __FILE__, __LINE__,
            [subject, check]() -> ::testing::Test * { return new CheckTest(subject, check); });
    }
}

} // namespace

const std::vector<ConformanceCheck> &conformance_checks() {
    static const std::vector<ConformanceCheck> checks = {
        {"BlockSizeIsAConstantPowerOfTwo", block_size_is_a_constant_power_of_two},
        {"LengthsAreWholeBlocks", lengths_are_whole_blocks},
        {"EveryByteCanBeWritten", every_byte_can_be_written},
        {"ExactViewGivesWhatIsAsked", exact_view_gives_what_is_asked},
        {"OneViewFreesMemoryOfTheOther", one_view_frees_memory_of_the_other},
        {"GivesEveryAlignmentUpToTheLargest", gives_every_alignment_up_to_the_largest},
        {"KeepsTheAlignmentWhenItMovesOrGrows", keeps_the_alignment_when_it_moves_or_grows},
        {"TakesBackByAnyAlignmentOfThePointer", takes_back_by_any_alignment_of_the_pointer},
        {"LiveMemoryNeverOverlaps", live_memory_never_overlaps},
        {"MemoryComesBack", memory_comes_back},
        {"AnExhaustedAllocatorSaysSo", an_exhausted_allocator_says_so},
        {"ShrinksToEveryLength", shrinks_to_every_length},
        {"ShrinksInSteps", shrinks_in_steps},
        {"ShrinkingAndFreeingNeedNoMemory", shrinking_and_freeing_need_no_memory},
        {"AcceptsEveryLengthThatFits", accepts_every_length_that_fits},
        {"RefusedGrowthChangesNothing", refused_growth_changes_nothing},
        {"GrowsInPlaceWhereItSaysSo", grows_in_place_where_it_says_so},
        {"GrowBetweenStaysBetween", grow_between_stays_between},
        {"GrowBetweenNeverMakesShorter", grow_between_never_makes_shorter},
        {"ReallocKeepsTheContents", realloc_keeps_the_contents},
        {"MovingKeepsTheWholeSpan", moving_keeps_the_whole_span},
        {"RemapMovesOrRefuses", remap_moves_or_refuses},
        {"DiscardedMemoryStaysUsable", discarded_memory_stays_usable},
        {"OwnsItsLiveMemoryAndNoOther", owns_its_live_memory_and_no_other},
        {"AbsentOperationsAreAnswered", absent_operations_are_answered},
        {"AllocSurvivesEveryRefusal", alloc_survives_every_refusal},
        {"ResizeSurvivesEveryRefusal", resize_survives_every_refusal},
        {"GrowBetweenSurvivesEveryRefusal", grow_between_survives_every_refusal},
        {"RemapSurvivesEveryRefusal", remap_survives_every_refusal},
        {"ReallocSurvivesEveryRefusal", realloc_survives_every_refusal},
        {"ARefusedFreeIsNotLost", a_refused_free_is_not_lost},
        {"AMoveWhoseFreeIsRefusedChangesNothing", a_move_whose_free_is_refused_changes_nothing},
        {"AStreamOfOperationsKeepsEveryRule", a_stream_of_operations_keeps_every_rule},
        {"AStreamWithRefusalsKeepsEveryRule", a_stream_with_refusals_keeps_every_rule},
        {"NoMemoryForAbsurdLengths", no_memory_for_absurd_lengths},
        {"RefusesAnAlignmentThatIsTooLarge", refuses_an_alignment_that_is_too_large},
        {"IsShortOfAnAlignmentThatIsNotTooLarge", is_short_of_an_alignment_that_is_not_too_large},
#if BA_CHECKS_MISUSE
        {"RejectsBadAllocations", rejects_bad_allocations},
        {"RejectsBadMemory", rejects_bad_memory},
        {"RejectsAResizeToZero", rejects_a_resize_to_zero},
        {"RejectsForeignMemory", rejects_foreign_memory},
        {"RejectsInteriorMemory", rejects_interior_memory},
        {"RejectsADoubleFree", rejects_a_double_free},
        {"RejectsAWrongLength", rejects_a_wrong_length},
#endif
    };
    return checks;
}

Subject with_short_table(const Subject &subject) {
    return retabled(subject, "WithShortTable", [](ba_operations *table) {
        table->size = offsetof(ba_operations, grow_between);
    });
}

Subject with_null_operations(const Subject &subject) {
    return retabled(subject, "WithNullOperations", [](ba_operations *table) {
        table->grow_between = nullptr;
        table->remap = nullptr;
        table->discard = nullptr;
        table->owns = nullptr;
        table->realloc = nullptr;
    });
}

AllocatorConformance::AllocatorConformance(const Subject &subject) {
    register_tests(subject);
    register_tests(with_short_table(subject));
    register_tests(with_null_operations(subject));
}

} // namespace ba_testing
