// A list and a slice of any type over a backing, full of elements, and what a function may need
// beside them.
//
// A Types says which they are, what their elements are like, and where their memory is from; see
// words_test.cc for the simplest.
#ifndef TESTING_FAULT_INJECTION_LIST_FIXTURE_H_
#define TESTING_FAULT_INJECTION_LIST_FIXTURE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "static_buffer/generic.h"
#include "testing/fault_injection/harness.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace failures {

// The elements that are moved in by one call.
constexpr std::size_t kItems = 40;
constexpr std::size_t kSliceLength = 5;

template <class Types>
class ListFixture : public Fixture {
  public:
    using Element = typename Types::Element;
    using List = typename Types::List;
    using Slice = typename Types::Slice;

    explicit ListFixture(const ba_testing::StrictBackingOptions &options) : Fixture(options) {
        Types::bind(&backing);
        sab_ensure_capacity(&list, 6);
        while (list.len < list.cap) {
            sab_append(&list, Types::make(next_value_++));
        }
        List elements = {};
        for (std::size_t i = 0; i < kSliceLength; i++) {
            sab_append(&elements, Types::make(next_value_++));
        }
        slice = sab_into_slice(&elements);
        for (Element &item : items) {
            item = Types::make(next_value_++);
        }
        remember_start();
    }
    ~ListFixture() override { Types::unbind(); }

    std::string describe() override {
        return "list: " + of_list(list, list_at_start_) + "slice: " + of_slice() +
               "items: " + std::to_string(items_left_) + "\nmade: " + of_list(made_list, nullptr) +
               of(made_slice.ptr, made_slice.len) + Types::describe();
    }

    void check() override {
        check_sentinel(list.ptr, list.len, list.cap);
        check_sentinel(slice.ptr, slice.len, slice.len);
        check_sentinel(made_list.ptr, made_list.len, made_list.cap);
        check_sentinel(made_slice.ptr, made_slice.len, made_slice.len);
        Types::check();
    }

    void release() override {
        sab_release(&list);
        sab_release(&slice);
        sab_release(&made_list);
        sab_release(&made_slice);
        for (std::size_t i = 0; i < items_left_; i++) {
            Types::drop(&items[kItems - 1 - i]);
        }
        Types::unbind();
    }

    bool may_keep() const override { return may_have_grown_; }

    // Makes room in the list for whatever a function puts there.
    void make_room() {
        sab_ensure_unused(&list, 2 * kItems);
        remember_start();
    }

    // Says that a function that fails may leave the list with more capacity.
    void allow_growth() { may_have_grown_ = true; }

    // Makes room for two more.
    void drop_two() { sab_shrink_len(&list, list.len - 2); }

    // Takes the list away.
    void empty() {
        sab_release(&list);
        remember_start();
    }

    // What has moved is told from where it is now, and functions that need memory must ask the
    // backing.
    void remember_start() {
        Types::use_up();
        list_at_start_ = list.ptr;
        slice_at_start_ = slice.ptr;
    }

    // Takes notice that a function has taken the first items.
    ba_error_code moved_in(ba_error_code code, std::size_t count) {
        if (code == BA_OK) {
            items_left_ = kItems - count;
        }
        return code;
    }

    // Moves items into places that a function has made.
    ba_error_code fill(Element *first, std::size_t count) {
        if (count > kItems) {
            ADD_FAILURE() << "too few items for " << count << " places";
            return BA_LIMIT;
        }
        if (first == nullptr && count > 0) {
            ADD_FAILURE() << "no places where " << count << " were promised";
            return BA_OUT_OF_BOUNDS;
        }
        std::copy(items, items + count, first);
        return moved_in(BA_OK, count);
    }
    // The same for `places`, if the function was successful; else there must be none.
    ba_error_code filled(ba_error_code code) {
        EXPECT_EQ(places != nullptr, code == BA_OK);
        return code == BA_OK ? fill(places, kItems) : code;
    }
    // The same for a slice that was made, or that was made longer.
    ba_error_code made_if(ba_error_code code) {
        return code == BA_OK ? fill(made_slice.ptr, made_slice.len) : code;
    }
    ba_error_code resized_if(ba_error_code code) {
        return code == BA_OK ? fill(slice.ptr + kSliceLength, slice.len - kSliceLength) : code;
    }

    // Ends an element that a function has allocated.
    void drop_returned(Element element) { Types::drop(&element); }
    static void drop_returned_to(void *fixture, Element element) {
        static_cast<ListFixture *>(fixture)->drop_returned(element);
    }
    static bool is_odd(void * /*context*/, const Element *element) {
        return Types::value_of(*element) % 2 == 1;
    }

    List list = {};
    Slice slice = {};
    List made_list = {}; // by the function
    Slice made_slice = {};
    Element items[kItems]; // for the function to move in, from the first on
    Element *places = nullptr;
    Element taken[2]; // out of the list, by the function

  private:
    static void check_sentinel(const Element *ptr, std::size_t len, std::size_t cap) {
        if (Types::has_sentinel && cap != 0) {
            EXPECT_TRUE(Types::is_sentinel(ptr[len]));
        }
    }

    static std::string of(const Element *ptr, std::size_t len) {
        std::string text = "[";
        for (std::size_t i = 0; i < len; i++) {
            text += " " + std::to_string(Types::value_of(ptr[i]));
        }
        return text + " ]\n";
    }

    std::string of_list(const List &any, const Element *at_start) const {
        std::string text = of(any.ptr, any.len);
        if (!may_have_grown_) {
            text += "of " + std::to_string(any.cap) + (any.ptr == at_start ? "\n" : ", moved\n");
        }
        return text;
    }

    std::string of_slice() const {
        return of(slice.ptr, slice.len) + (slice.ptr == slice_at_start_ ? "\n" : "moved\n");
    }

    std::uint32_t next_value_ = 1;
    std::size_t items_left_ = kItems;
    bool may_have_grown_ = false;
    const Element *list_at_start_ = nullptr;
    const Element *slice_at_start_ = nullptr;
};

} // namespace failures

#endif // TESTING_FAULT_INJECTION_LIST_FIXTURE_H_
