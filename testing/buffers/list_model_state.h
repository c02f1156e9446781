// What the models of all list types share: the bytes that choose, the numbers that a list must
// hold, and expectations. No template: it is compiled once, and the models' units stay small.
#ifndef TESTING_BUFFERS_LIST_MODEL_STATE_H_
#define TESTING_BUFFERS_LIST_MODEL_STATE_H_

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

#include "block_allocator/error.h"
#include "static_buffer/internal/core.h"
#include "testing/byte_stream.h"

namespace buffer_testing {

using Numbers = std::vector<std::uint32_t>;

// What is alive of an allocator.
struct Held {
    std::size_t bytes;
    std::size_t spans;
};

bool operator==(const Held &first, const Held &second);
std::ostream &operator<<(std::ostream &out, const Held &held);

// Elements from `first` on.
struct Range {
    std::size_t first;
    std::size_t count;
};

// GoogleTest's EXPECT_TRUE and EXPECT_EQ as calls: each of those is some hundred instructions where
// it is written, and a template multiplies them.
#define MODEL_EXPECT(condition)                                                                    \
    buffer_testing::expect_true((condition), __FILE__, __LINE__, #condition)
#define MODEL_EXPECT_EQ(actual, expected)                                                          \
    buffer_testing::expect_equal((actual), (expected), __FILE__, __LINE__, #actual " == " #expected)

void expect_true(bool is_true, const char *file, int line, const char *text);
void expect_equal(std::size_t actual, std::size_t expected, const char *file, int line,
                  const char *text);
void expect_equal(const void *actual, const void *expected, const char *file, int line,
                  const char *text);
void expect_equal(ba_error_code actual, ba_error_code expected, const char *file, int line,
                  const char *text);
void expect_equal(Held actual, Held expected, const char *file, int line, const char *text);
void expect_equal(const Numbers &actual, const Numbers &expected, const char *file, int line,
                  const char *text);
void expect_equal(const std::string &actual, const std::string &expected, const char *file,
                  int line, const char *text);

class ListModelState {
  protected:
    // `is_sure`: nothing is ever refused.
    ListModelState(ba_testing::ByteStream *bytes, bool is_sure);

    // --- choices

    bool is_at_end() const;
    std::size_t below(std::size_t limit);
    bool flip();
    // True for the form of a function that ends the program if there is no memory.
    bool flip_to_plain();
    std::uint32_t any_number();
    // Mostly few, sometimes none, now and then many.
    Numbers any_numbers();
    std::size_t any_index();
    Range any_range();

    // --- the model's side

    void put(std::size_t index, const Numbers &numbers);
    void append_to_numbers(const Numbers &numbers);
    Numbers part(Range range) const;
    Numbers cut(Range range);
    // The last elements go into the gap, in order.
    Numbers swap_cut(Range range);
    void remove_number(std::uint32_t number);
    void remove_repeated_numbers();
    void sort_numbers();
    void reverse_numbers();
    void swap_numbers(std::size_t first, std::size_t second);

    // What a search finds: the index of a number, or where it would be.
    void expect_sorted_position(sab_position position, std::uint32_t number) const;
    void expect_first_position(sab_position position, std::uint32_t number) const;

    // --- memory

    // True if there was memory; there is none only where a backing refused, `refused` times so far.
    bool had_memory(ba_error error, std::size_t refused) const;

    std::size_t refused_ = 0; // by the backings, when the step began
    Numbers numbers_;         // what the list must hold

  private:
    ba_testing::ByteStream *bytes_;
    bool is_sure_;
};

} // namespace buffer_testing

#endif // TESTING_BUFFERS_LIST_MODEL_STATE_H_
