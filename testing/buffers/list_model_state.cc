#include "testing/buffers/list_model_state.h"

#include <algorithm>
#include <ostream>

#include "gtest/gtest.h"

namespace buffer_testing {

namespace {

template <class Value>
void expect_same(const Value &actual, const Value &expected, const char *file, int line,
                 const char *text) {
    if (!(actual == expected)) {
        ADD_FAILURE_AT(file, line) << text << "\nis " << testing::PrintToString(actual) << "\nnot "
                                   << testing::PrintToString(expected);
    }
}

std::ptrdiff_t offset(std::size_t index) {
    return static_cast<std::ptrdiff_t>(index);
}

} // namespace

bool operator==(const Held &first, const Held &second) {
    return first.bytes == second.bytes && first.spans == second.spans;
}

std::ostream &operator<<(std::ostream &out, const Held &held) {
    return out << held.bytes << " bytes in " << held.spans << " spans";
}

void expect_true(bool is_true, const char *file, int line, const char *text) {
    if (!is_true) {
        ADD_FAILURE_AT(file, line) << text;
    }
}

void expect_equal(std::size_t actual, std::size_t expected, const char *file, int line,
                  const char *text) {
    expect_same(actual, expected, file, line, text);
}

void expect_equal(const void *actual, const void *expected, const char *file, int line,
                  const char *text) {
    expect_same(actual, expected, file, line, text);
}

void expect_equal(ba_error_code actual, ba_error_code expected, const char *file, int line,
                  const char *text) {
    expect_same(actual, expected, file, line, text);
}

void expect_equal(Held actual, Held expected, const char *file, int line, const char *text) {
    expect_same(actual, expected, file, line, text);
}

void expect_equal(const Numbers &actual, const Numbers &expected, const char *file, int line,
                  const char *text) {
    expect_same(actual, expected, file, line, text);
}

void expect_equal(const std::string &actual, const std::string &expected, const char *file,
                  int line, const char *text) {
    expect_same(actual, expected, file, line, text);
}

ListModelState::ListModelState(ba_testing::ByteStream *bytes, bool is_sure)
    : bytes_(bytes), is_sure_(is_sure) {}

bool ListModelState::is_at_end() const {
    return bytes_->is_empty();
}

std::size_t ListModelState::below(std::size_t limit) {
    return bytes_->below(limit);
}

bool ListModelState::flip() {
    return bytes_->flip();
}

bool ListModelState::flip_to_plain() {
    return flip() && is_sure_;
}

std::uint32_t ListModelState::any_number() {
    return static_cast<std::uint32_t>(1 + below(12));
}

Numbers ListModelState::any_numbers() {
    Numbers numbers(below(below(8) == 0 ? 40 : 5));
    std::generate(numbers.begin(), numbers.end(), [this] { return any_number(); });
    return numbers;
}

std::size_t ListModelState::any_index() {
    return below(numbers_.size() + 1);
}

Range ListModelState::any_range() {
    const std::size_t first = any_index();
    return {first, below(numbers_.size() - first + 1)};
}

void ListModelState::put(std::size_t index, const Numbers &numbers) {
    numbers_.insert(numbers_.begin() + offset(index), numbers.begin(), numbers.end());
}

void ListModelState::append_to_numbers(const Numbers &numbers) {
    put(numbers_.size(), numbers);
}

Numbers ListModelState::part(Range range) const {
    return {numbers_.begin() + offset(range.first),
            numbers_.begin() + offset(range.first + range.count)};
}

Numbers ListModelState::cut(Range range) {
    Numbers gone = part(range);
    numbers_.erase(numbers_.begin() + offset(range.first),
                   numbers_.begin() + offset(range.first + range.count));
    return gone;
}

Numbers ListModelState::swap_cut(Range range) {
    Numbers gone = part(range);
    const std::size_t after = numbers_.size() - range.first - range.count;
    const std::size_t moved = std::min(after, range.count);
    const Numbers tail = part({numbers_.size() - moved, moved});
    std::copy(tail.begin(), tail.end(), numbers_.begin() + offset(range.first));
    numbers_.resize(numbers_.size() - range.count);
    return gone;
}

void ListModelState::remove_number(std::uint32_t number) {
    numbers_.erase(std::remove(numbers_.begin(), numbers_.end(), number), numbers_.end());
}

void ListModelState::remove_repeated_numbers() {
    numbers_.erase(std::unique(numbers_.begin(), numbers_.end()), numbers_.end());
}

void ListModelState::sort_numbers() {
    std::sort(numbers_.begin(), numbers_.end());
}

void ListModelState::reverse_numbers() {
    std::reverse(numbers_.begin(), numbers_.end());
}

void ListModelState::swap_numbers(std::size_t first, std::size_t second) {
    std::swap(numbers_[first], numbers_[second]);
}

void ListModelState::expect_sorted_position(sab_position position, std::uint32_t number) const {
    const auto range = std::equal_range(numbers_.begin(), numbers_.end(), number);
    EXPECT_EQ(position.found, range.first != range.second);
    EXPECT_EQ(position.index, static_cast<std::size_t>(range.first - numbers_.begin()));
}

void ListModelState::expect_first_position(sab_position position, std::uint32_t number) const {
    const auto found = std::find(numbers_.begin(), numbers_.end(), number);
    EXPECT_EQ(position.found, found != numbers_.end());
    EXPECT_EQ(position.index, static_cast<std::size_t>(found - numbers_.begin()));
}

bool ListModelState::had_memory(ba_error error, std::size_t refused) const {
    if (!ba_failed(error)) {
        return true;
    }
    EXPECT_EQ(error.code, BA_OUT_OF_MEMORY);
    EXPECT_GT(refused, refused_);
    return false;
}

} // namespace buffer_testing
