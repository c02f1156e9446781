// Elements and allocators for the tests of lists and slices.
#ifndef TESTING_BUFFERS_BUFFER_FIXTURE_H_
#define TESTING_BUFFERS_BUFFER_FIXTURE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "block_allocator/block_allocator.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace buffer_testing {

// An element of 24 bytes.
struct Triple {
    std::uint64_t number;
    std::uint64_t doubled;
    std::uint64_t inverse;
};

// An element that is longer than a block.
struct Wide {
    std::uint32_t number;
    std::uint32_t copies[24];
};

static_assert(sizeof(Triple) == 24, "no padding");
static_assert(sizeof(Wide) == 100, "no padding");

inline void make_element(std::uint32_t number, unsigned char *element) {
    *element = static_cast<unsigned char>(number);
}
inline void make_element(std::uint32_t number, char *element) {
    *element = static_cast<char>(number);
}
inline void make_element(std::uint32_t number, std::uint32_t *element) {
    *element = number;
}
inline void make_element(std::uint32_t number, Triple *element) {
    *element = Triple{number, 2 * std::uint64_t{number}, ~std::uint64_t{number}};
}
inline void make_element(std::uint32_t number, Wide *element) {
    element->number = number;
    std::fill(std::begin(element->copies), std::end(element->copies), number);
}

// The element that stands for a number from 1 to 100.
template <class Element>
Element element_of(std::uint32_t number) {
    Element element;
    make_element(number, &element);
    return element;
}

// Elements for numbers.
template <class Element>
std::vector<Element> elements_of(const std::vector<std::uint32_t> &numbers) {
    std::vector<Element> elements;
    for (const std::uint32_t number : numbers) {
        elements.push_back(element_of<Element>(number));
    }
    return elements;
}

inline std::uint32_t number_of(unsigned char element) {
    return element;
}
inline std::uint32_t number_of(char element) {
    return static_cast<unsigned char>(element);
}
inline std::uint32_t number_of(std::uint32_t element) {
    return element;
}
inline std::uint32_t number_of(const Triple &element) {
    return static_cast<std::uint32_t>(element.number);
}
inline std::uint32_t number_of(const Wide &element) {
    return element.number;
}

// True if every byte is that of the number's element.
template <class Element>
bool is_whole(const Element &element) {
    const Element expected = element_of<Element>(number_of(element));
    return std::memcmp(&expected, &element, sizeof element) == 0;
}

// The numbers of elements. Damaged ones are a test failure.
template <class Element>
std::vector<std::uint32_t> numbers_of(const Element *elements, std::size_t count) {
    std::vector<std::uint32_t> numbers;
    for (std::size_t i = 0; i < count; i++) {
        EXPECT_TRUE(is_whole(elements[i])) << "at " << i;
        numbers.push_back(number_of(elements[i]));
    }
    return numbers;
}

// The same of a list, a slice or a view.
template <class Buffer>
std::vector<std::uint32_t> numbers_of(const Buffer &buffer) {
    return numbers_of(buffer.ptr, buffer.len);
}

template <class Element>
int compare_numbers(const Element *first, const Element *second) {
    return (number_of(*first) > number_of(*second)) - (number_of(*first) < number_of(*second));
}

template <class Element>
bool equal_numbers(const Element *first, const Element *second) {
    return number_of(*first) == number_of(*second);
}

// A backing that a list may be bound to: whole blocks, and any length that fits comes back.
inline ba_testing::StrictBackingOptions whole_blocks(std::size_t block_size) {
    ba_testing::StrictBackingOptions options;
    options.block_size = block_size;
    options.by_the_rules = true;
    return options;
}

// The same, with spare room behind each grant to grow into.
inline ba_testing::StrictBackingOptions with_room(std::size_t block_size, std::size_t room) {
    ba_testing::StrictBackingOptions options = whole_blocks(block_size);
    options.grows_in_place = true;
    options.room = room;
    return options;
}

// The same, where pages are moved instead of copied.
inline ba_testing::StrictBackingOptions with_remap(std::size_t block_size) {
    ba_testing::StrictBackingOptions options = whole_blocks(block_size);
    options.remaps = true;
    return options;
}

// A strict backing that a variable is bound to while it lives. At its end everything must have come
// back.
class BoundBacking : public ba_testing::StrictBacking {
  public:
    BoundBacking(ba_block_allocator *variable, ba_testing::StrictBackingOptions options)
        : StrictBacking(options) {
        *variable = block_allocator();
    }
};

} // namespace buffer_testing

#endif // TESTING_BUFFERS_BUFFER_FIXTURE_H_
