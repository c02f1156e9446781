#include "testing/span_model.h"

#include <algorithm>
#include <cstring>

#include "gtest/gtest.h"

namespace ba_testing {

namespace {

// No block is so long: a length that is wrong by this much is wrong for every allocator.
constexpr std::size_t kFarTooLong = 1 << 16;

unsigned char *pointer_of(ba_memory memory) {
    return static_cast<unsigned char *>(ba_memory_pointer(memory));
}

std::size_t length_of(ba_memory memory) {
    return ba_memory_length(memory).bytes;
}

ba_memory part_of(ba_memory memory, std::size_t offset, std::size_t length) {
    return ba_memory_of(pointer_of(memory) + offset, ba_bytes(length));
}

} // namespace

SpanModel::SpanModel(ba_block_allocator blocks, MisuseRecorder *misuse, SpanModelOptions options)
    : blocks_(blocks), misuse_(misuse), options_(options),
      block_size_(ba_block_allocator_block_size(blocks).bytes) {}

ba_error_code SpanModel::step(ByteStream *bytes) {
    const std::size_t kind = bytes->below(32);
    ba_error_code code = BA_OK;
    if (kind == 0) {
        code = ask_for_too_much(bytes);
    } else if (spans_.empty() || kind < 10) {
        code = alloc(bytes);
    } else if (kind < 17) {
        code = free(bytes);
    } else if (kind < 21) {
        code = resize(bytes);
    } else if (kind < 24) {
        code = grow_between(bytes);
    } else if (kind < 26) {
        code = remap(bytes);
    } else if (kind < 29) {
        code = realloc(bytes);
    } else if (kind < 31) {
        code = discard(bytes);
    } else {
        code = free_wrongly(bytes);
    }
    EXPECT_EQ(misuse_->take(), "") << "a correct caller was blamed";
    return code;
}

void SpanModel::free_all() {
    for (const Span &span : spans_) {
        expect_stamp(span, length_of(span.memory));
        EXPECT_EQ(ba_block_free(blocks_, span.memory, ba_align(span.alignment)).code, BA_OK);
    }
    spans_.clear();
}

void SpanModel::forget() {
    for (const Span &span : spans_) {
        expect_stamp(span, length_of(span.memory));
    }
    spans_.clear();
}

std::size_t SpanModel::bytes() const {
    std::size_t sum = 0;
    for (const Span &span : spans_) {
        sum += length_of(span.memory);
    }
    return sum;
}

// --- choices

// Mostly a few blocks, sometimes many.
std::size_t SpanModel::a_length(ByteStream *bytes) const {
    const std::size_t unit = std::max<std::size_t>(block_size_, 16);
    const std::size_t units = bytes->below(bytes->below(8) == 0 ? 40 : 4);
    return units * unit + 1 + bytes->below(unit);
}

SpanModel::Span &SpanModel::pick(ByteStream *bytes) {
    return spans_[bytes->below(spans_.size())];
}

// With any length that has as many blocks.
ba_memory SpanModel::as_given_back(const Span &span, ByteStream *bytes) const {
    return part_of(span.memory, 0, length_of(span.memory) - bytes->below(block_size_));
}

// --- what must hold

std::size_t SpanModel::whole_blocks(std::size_t length) const {
    return (length + block_size_ - 1) & ~(block_size_ - 1);
}

void SpanModel::fill(const Span &span, std::size_t from, std::size_t to) {
    std::memset(pointer_of(span.memory) + from, span.stamp, to - from);
}

void SpanModel::expect_stamp(const Span &span, std::size_t length) {
    const unsigned char *const first = pointer_of(span.memory);
    // All are the stamp if the first is, and each is the one before it.
    EXPECT_TRUE(length == 0 ||
                (first[0] == span.stamp && std::memcmp(first, first + 1, length - 1) == 0))
        << "a span of " << length << " bytes has changed";
}

// A refused change has changed nothing.
ba_error_code SpanModel::refused(ba_error error, const Span &span) const {
    EXPECT_TRUE(ba_error_is_refusal(error) ||
                (error.code == BA_BAD_ALIGN && span.alignment > options_.sure_alignment))
        << ba_error_name(error);
    expect_stamp(span, length_of(span.memory));
    return error.code;
}

// The span has become this, and has kept as many bytes as it has room for of these.
ba_error_code SpanModel::changed(Span *span, ba_memory now, std::size_t held) {
    const std::size_t kept = std::min(held, length_of(now));
    span->memory = now;
    EXPECT_TRUE(ba_is_aligned(pointer_of(now), ba_align(span->alignment)));
    EXPECT_NE(ba_block_owns(blocks_, pointer_of(now)), BA_OWNS_NOT);
    expect_stamp(*span, kept);
    fill(*span, kept, length_of(now));
    return BA_OK;
}

// --- operations

ba_error_code SpanModel::alloc(ByteStream *bytes) {
    const std::size_t length = a_length(bytes);
    const std::size_t alignment = std::size_t{1} << bytes->below(bytes->below(8) == 0 ? 18 : 7);
    const ba_memory memory = ba_block_alloc(blocks_, ba_bytes(length), ba_align(alignment));
    if (ba_memory_is_none(memory)) {
        const ba_error error = ba_memory_error(memory);
        EXPECT_TRUE(ba_error_is_refusal(error) ||
                    (error.code == BA_BAD_ALIGN && alignment > options_.sure_alignment))
            << ba_error_name(error);
        return error.code;
    }
    EXPECT_EQ(length_of(memory), whole_blocks(length));
    spans_.push_back({memory, alignment, next_stamp_++});
    return changed(&spans_.back(), memory, 0);
}

ba_error_code SpanModel::resize(ByteStream *bytes) {
    Span &span = pick(bytes);
    const std::size_t held = length_of(span.memory);
    const std::size_t length = a_length(bytes);
    const ba_length_result resized = ba_block_resize(blocks_, as_given_back(span, bytes),
                                                     ba_align(span.alignment), ba_bytes(length));
    if (ba_length_result_is_none(resized)) {
        EXPECT_GT(whole_blocks(length), held) << "shrinking never fails";
        return refused(ba_length_result_error(resized), span);
    }
    const std::size_t now = ba_length_result_length(resized).bytes;
    EXPECT_EQ(now, whole_blocks(length));
    return changed(&span, part_of(span.memory, 0, now), held);
}

ba_error_code SpanModel::grow_between(ByteStream *bytes) {
    Span &span = pick(bytes);
    const std::size_t held = length_of(span.memory);
    const std::size_t minimum = a_length(bytes);
    const bool wants_all = bytes->below(8) == 0;
    const std::size_t wanted = wants_all ? SIZE_MAX : a_length(bytes);
    const ba_length_result grown =
        ba_block_grow_between(blocks_, as_given_back(span, bytes), ba_align(span.alignment),
                              ba_bytes(minimum), ba_bytes(wanted));
    const std::size_t least = std::max(held, whole_blocks(minimum));
    if (ba_length_result_is_none(grown)) {
        EXPECT_GT(least, held) << "it had as much";
        return refused(ba_length_result_error(grown), span);
    }
    const std::size_t now = ba_length_result_length(grown).bytes;
    EXPECT_EQ(now, whole_blocks(now));
    EXPECT_GE(now, least);
    EXPECT_LE(now, wants_all ? SIZE_MAX : std::max(least, whole_blocks(wanted)));
    return changed(&span, part_of(span.memory, 0, now), held);
}

ba_error_code SpanModel::remap(ByteStream *bytes) {
    Span &span = pick(bytes);
    const std::size_t length = a_length(bytes);
    const ba_memory given = as_given_back(span, bytes);
    const ba_memory moved =
        ba_block_remap(blocks_, given, ba_align(span.alignment), ba_bytes(length));
    if (ba_memory_is_none(moved)) {
        return refused(ba_memory_error(moved), span);
    }
    EXPECT_EQ(length_of(moved), whole_blocks(length));
    return changed(&span, moved, length_of(given));
}

ba_error_code SpanModel::realloc(ByteStream *bytes) {
    Span &span = pick(bytes);
    const std::size_t length = a_length(bytes);
    const ba_memory given = as_given_back(span, bytes);
    const ba_memory moved =
        ba_block_realloc(blocks_, given, ba_align(span.alignment), ba_bytes(length));
    if (ba_memory_is_none(moved)) {
        EXPECT_GT(whole_blocks(length), length_of(span.memory)) << "shrinking never fails";
        return refused(ba_memory_error(moved), span);
    }
    EXPECT_EQ(length_of(moved), whole_blocks(length));
    return changed(&span, moved, length_of(given));
}

ba_error_code SpanModel::free(ByteStream *bytes) {
    const std::size_t index = bytes->below(spans_.size());
    const Span span = spans_[index];
    spans_.erase(spans_.begin() + static_cast<std::ptrdiff_t>(index));
    expect_stamp(span, length_of(span.memory));
    // Any alignment that the pointer has.
    const std::size_t alignment = bytes->flip() ? span.alignment : 1;
    const ba_error error = ba_block_free(blocks_, as_given_back(span, bytes), ba_align(alignment));
    EXPECT_EQ(error.code, BA_OK);
    return BA_OK;
}

ba_error_code SpanModel::discard(ByteStream *bytes) {
    const Span &span = pick(bytes);
    const std::size_t offset = bytes->below(length_of(span.memory));
    const std::size_t length = 1 + bytes->below(length_of(span.memory) - offset);
    const ba_length_result gone = ba_block_discard(blocks_, part_of(span.memory, offset, length));
    EXPECT_EQ(ba_length_result_error(gone).code, BA_OK);
    EXPECT_LE(ba_length_result_length(gone).bytes, length);
    fill(span, offset, offset + length);
    return BA_OK;
}

// Lengths that no sum with them can hold.
ba_error_code SpanModel::ask_for_too_much(ByteStream *bytes) {
    const ba_length length = ba_bytes(SIZE_MAX - bytes->byte());
    if (spans_.empty() || bytes->flip()) {
        const ba_memory memory = ba_block_alloc(blocks_, length, ba_align(1));
        EXPECT_TRUE(ba_memory_is_none(memory));
        EXPECT_TRUE(ba_error_is_refusal(ba_memory_error(memory)));
        return BA_OK;
    }
    const Span &span = pick(bytes);
    const ba_alignment alignment = ba_align(span.alignment);
    const ba_length_result resized = ba_block_resize(blocks_, span.memory, alignment, length);
    (void)refused(ba_length_result_error(resized), span);
    const ba_memory moved = ba_block_realloc(blocks_, span.memory, alignment, length);
    (void)refused(ba_memory_error(moved), span);
    return BA_OK;
}

ba_error_code SpanModel::free_wrongly(ByteStream *bytes) {
    const Span &span = pick(bytes);
    if (!options_.finds_size_mismatch) {
        return BA_OK;
    }
    const std::size_t wrong = length_of(span.memory) + kFarTooLong;
    const ba_error error =
        ba_block_free(blocks_, part_of(span.memory, 0, wrong), ba_align(span.alignment));
    EXPECT_EQ(error.code, BA_SIZE_MISMATCH);
    EXPECT_EQ(misuse_->errors(), std::vector<ba_error_code>{BA_SIZE_MISMATCH});
    misuse_->clear();
    expect_stamp(span, length_of(span.memory));
    return BA_OK;
}

} // namespace ba_testing
