// What the models of all list types do. A template: each unit that models some types includes it
// once, after static_buffer/generic.h and before or after the types.
#ifndef TESTING_BUFFERS_LIST_MODEL_STEPS_H_
#define TESTING_BUFFERS_LIST_MODEL_STEPS_H_

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "block_allocator/block_allocator.h"
#include "block_allocator/build_mode.h"
#include "block_allocator/error.h"
#include "static_buffer/generic.h"
#include "static_buffer/internal/core.h"
#include "testing/buffers/buffer_fixture.h"
#include "testing/buffers/list_model.h"
#include "testing/buffers/list_model_state.h"
#include "testing/byte_stream.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace buffer_testing {

using ba_testing::ByteStream;

constexpr std::size_t kNoSentinel = 0;
constexpr std::size_t kSentinel = 1;

// The parameter of a model's template: a list type, and its functions that have no generic function.
// It also has
//
//     World          the allocators: made of the refusals' bits; refused(), the calls that were
//                    refused until now; take_reports(), what was reported since the last time, as
//                    report() writes it
//     held(world)    what is alive of the type's allocator
//     takes_text     true if the type has SAB_BYTES
//     logs           true if its SAB_SEVERITY is BA_SEVERITY_LOG; then it also has
//     backing(world) the strict backing that it is bound to
#define LIST_KIND(NAME, ELEMENT, EXTRA, BLOCK_SIZE, ALIGNMENT)                                     \
    using List = NAME##_list;                                                                      \
    using Element = ELEMENT;                                                                       \
    using Slice = NAME##_slice;                                                                    \
    using View = NAME##_view;                                                                      \
    static constexpr std::size_t extra = EXTRA;                                                    \
    static constexpr std::size_t block_size = BLOCK_SIZE;                                          \
    static constexpr std::size_t alignment = ALIGNMENT;                                            \
    static std::string name() {                                                                    \
        return #NAME;                                                                              \
    }                                                                                              \
    static NAME##_list with_capacity(std::size_t capacity) {                                       \
        return NAME##_list_with_capacity(capacity);                                                \
    }                                                                                              \
    static ba_error try_with_capacity(NAME##_list *list, std::size_t capacity) {                   \
        return NAME##_list_try_with_capacity(list, capacity);                                      \
    }                                                                                              \
    static NAME##_list from_raw(NAME##_list parts) {                                               \
        return NAME##_list_from_raw(parts.ptr, parts.len, parts.cap);                              \
    }                                                                                              \
    static NAME##_slice slice_of(std::size_t count) {                                              \
        return NAME##_slice_of(count);                                                             \
    }                                                                                              \
    static ba_error try_slice_of(NAME##_slice *slice, std::size_t count) {                         \
        return NAME##_slice_try_of(slice, count);                                                  \
    }                                                                                              \
    static NAME##_slice slice_of_at_least(std::size_t count) {                                     \
        return NAME##_slice_of_at_least(count);                                                    \
    }                                                                                              \
    static ba_error try_slice_of_at_least(NAME##_slice *slice, std::size_t count) {                \
        return NAME##_slice_try_of_at_least(slice, count);                                         \
    }

// A function that puts elements in, in some form; true unless there was no memory.
#define IN_SOME_FORM(function, count, ...)                                                         \
    in_some_form((count), [&] { sab_##function(&list_, __VA_ARGS__); },                            \
                 [&] { return sab_try_##function(&list_, __VA_ARGS__); },                          \
                 [&] { sab_##function##_assume_capacity(&list_, __VA_ARGS__); })

// A list, and the functions as steps of its model.
template <class Traits>
class ListSteps : ListModelState {
  public:
    using List = typename Traits::List;
    using Element = typename Traits::Element;
    using Slice = typename Traits::Slice;
    using Step = void (ListSteps::*)();

    ListSteps(ByteStream *bytes, std::uint64_t refusals)
        : ListModelState(bytes, refusals == 0), world_(refusals) {}

    void run() {
        for (std::size_t i = 0; !is_at_end() && !testing::Test::HasFailure(); i++) {
            // A long list is made short again.
            const std::size_t number = numbers_.size() > 120 ? 0 : below(kSteps);
            SCOPED_TRACE(std::string("step ") + std::to_string(i) + ", " + kTable[number].name);
            before_ = list_;
            refused_ = world_.refused();
            (this->*kTable[number].step)();
            check(list_, numbers_);
            expect_held();
            MODEL_EXPECT_EQ(world_.take_reports(), "");
        }
        sab_release(&list_);
        numbers_.clear();
        check(list_, numbers_);
        expect_held();
    }

  private:
    struct Named {
        const char *name;
        Step step;
    };
    // --- what must hold

    static void check(const List &list, const Numbers &expected) {
        MODEL_EXPECT_EQ(numbers_of(list), expected);
        MODEL_EXPECT(list.cap >= list.len);
        MODEL_EXPECT((list.ptr != nullptr) == (list.cap != 0));
        MODEL_EXPECT_EQ(reinterpret_cast<std::uintptr_t>(list.ptr) % Traits::alignment, 0u);
        if constexpr (Traits::extra != 0) {
            const Element *end = list.cap != 0 ? list.ptr + list.len : sab_terminated(&list);
            MODEL_EXPECT(std::memcmp(end, sentinel(), sizeof *end) == 0);
        }
    }
    static const Element *sentinel() {
        static const List none = {};
        return sab_terminated(&none);
    }
    static Held span_of(std::size_t places) {
        const std::size_t bytes = (places + Traits::extra) * sizeof(Element);
        const std::size_t mask = Traits::block_size - 1;
        return places != 0 ? Held{(bytes + mask) & ~mask, 1} : Held{0, 0};
    }
    // How many elements fit into a span for so many.
    static std::size_t places_for(std::size_t count) {
        return count != 0 ? span_of(count).bytes / sizeof(Element) - Traits::extra : 0;
    }
    // The allocator sees the list's span and no other, and all of it is capacity.
    void expect_held() {
        MODEL_EXPECT_EQ(Traits::held(world_), span_of(list_.cap));
        MODEL_EXPECT(span_of(list_.cap + 1).bytes > span_of(list_.cap).bytes);
    }
    // A second list came out: as it must be, and gone again.
    void check_and_release(List *other, const Numbers &expected) {
        check(*other, expected);
        sab_release(other);
        MODEL_EXPECT_EQ(other->cap, 0u);
    }
    void check_and_release_slice(Slice *slice, const Numbers &expected) {
        MODEL_EXPECT_EQ(numbers_of(*slice), expected);
        if constexpr (Traits::extra != 0) {
            const Element *end = sab_terminated(slice) + slice->len;
            MODEL_EXPECT(std::memcmp(end, sentinel(), sizeof *end) == 0);
        }
        sab_release(slice);
        MODEL_EXPECT_EQ(slice->ptr, nullptr);
    }

    Element element(std::uint32_t number) { return element_of<Element>(number); }

    // --- memory

    // True if there was memory.
    bool had_memory(ba_error error) { return ListModelState::had_memory(error, world_.refused()); }
    // The same for a function on the list, which is as it was if there was none.
    bool done(ba_error error) {
        if (had_memory(error)) {
            return true;
        }
        MODEL_EXPECT(std::memcmp(&before_, &list_, sizeof list_) == 0);
        return false;
    }
    // Does a function as it is, as try_, or with room made before.
    template <class Plain, class Try, class Assume>
    bool in_some_form(std::size_t count, Plain plain, Try attempt, Assume assume) {
        if (flip()) {
            if (!done(sab_try_ensure_unused(&list_, count))) {
                return false;
            }
            assume();
            return true;
        }
        if (flip_to_plain()) {
            plain();
            return true;
        }
        return done(attempt());
    }

    // --- the steps

    void shorten() {
        const std::size_t len = below(30) % (numbers_.size() + 1);
        sab_shrink_len(&list_, len);
        numbers_.resize(len);
    }
    void append() {
        const std::uint32_t number = any_number();
        if (IN_SOME_FORM(append, 1, element(number))) {
            numbers_.push_back(number);
        }
    }
    void append_own() {
        if (numbers_.empty()) {
            return;
        }
        if (flip_to_plain()) {
            sab_append(&list_, list_.ptr[0]);
        } else if (!done(sab_try_append(&list_, list_.ptr[0]))) {
            return;
        }
        numbers_.push_back(numbers_[0]);
    }
    void insert() {
        const std::size_t index = any_index();
        const std::uint32_t number = any_number();
        if (IN_SOME_FORM(insert, 1, index, element(number))) {
            put(index, {number});
        }
    }
    void append_items() {
        const Numbers numbers = any_numbers();
        const std::vector<Element> items = elements_of<Element>(numbers);
        if (IN_SOME_FORM(append_items, items.size(), items.data(), items.size())) {
            append_to_numbers(numbers);
        }
    }
    void insert_items() {
        const std::size_t index = any_index();
        const Numbers numbers = any_numbers();
        const std::vector<Element> items = elements_of<Element>(numbers);
        if (IN_SOME_FORM(insert_items, items.size(), index, items.data(), items.size())) {
            put(index, numbers);
        }
    }
    void append_n() {
        const std::uint32_t number = any_number();
        const std::size_t count = below(6);
        bool is_done = true;
        if (below(4) != 0) {
            is_done = IN_SOME_FORM(append_n, count, element(number), count);
        } else if (flip_to_plain()) {
            sab_grow_len(&list_, list_.len + count, element(number));
        } else {
            is_done = done(sab_try_grow_len(&list_, list_.len + count, element(number)));
        }
        if (is_done) {
            append_to_numbers(Numbers(count, number));
        }
    }
    void insert_n() {
        const std::size_t index = any_index();
        const std::uint32_t number = any_number();
        const std::size_t count = below(6);
        if (IN_SOME_FORM(insert_n, count, index, element(number), count)) {
            put(index, Numbers(count, number));
        }
    }
    void append_slots() {
        const Numbers numbers = any_numbers();
        Element *slots = nullptr;
        const bool is_done = in_some_form(
            numbers.size(), [&] { slots = sab_append_slots(&list_, numbers.size()); },
            [&] { return sab_try_append_slots(&list_, numbers.size(), &slots); },
            [&] { slots = sab_append_slots_assume_capacity(&list_, numbers.size()); });
        if (!is_done) {
            return;
        }
        fill(slots, numbers);
        append_to_numbers(numbers);
    }
    void insert_slots() {
        const std::size_t index = any_index();
        const Numbers numbers = any_numbers();
        Element *slots = nullptr;
        const bool is_done = in_some_form(
            numbers.size(), [&] { slots = sab_insert_slots(&list_, index, numbers.size()); },
            [&] { return sab_try_insert_slots(&list_, index, numbers.size(), &slots); },
            [&] { slots = sab_insert_slots_assume_capacity(&list_, index, numbers.size()); });
        if (!is_done) {
            return;
        }
        fill(slots, numbers);
        put(index, numbers);
    }
    void fill(Element *slots, const Numbers &numbers) {
        for (const std::uint32_t number : numbers) {
            *slots++ = element(number);
        }
    }
    void replace() {
        const Range range = any_range();
        const Numbers numbers = any_numbers();
        const std::vector<Element> items = elements_of<Element>(numbers);
        if (IN_SOME_FORM(replace, items.size(), range.first, range.count, items.data(),
                         items.size())) {
            (void)cut(range);
            put(range.first, numbers);
        }
    }
    void append_from_within() {
        Range range = any_range();
        range.count = std::min<std::size_t>(range.count, 20);
        if (IN_SOME_FORM(append_from_within, range.count, range.first, range.count)) {
            append_to_numbers(part(range));
        }
    }
    // A slice of exactly so many elements, or of all that fit into their span.
    ba_error make_slice(Slice *slice, std::size_t count) {
        const bool is_exact = flip();
        ba_error error = ba_error_of(BA_OK);
        if (flip_to_plain()) {
            *slice = is_exact ? Traits::slice_of(count) : Traits::slice_of_at_least(count);
        } else if (is_exact) {
            error = Traits::try_slice_of(slice, count);
        } else {
            error = Traits::try_slice_of_at_least(slice, count);
        }
        if (!ba_failed(error)) {
            MODEL_EXPECT_EQ(slice->len, is_exact ? count : places_for(count));
        }
        return error;
    }
    void append_slice() {
        Slice slice = {};
        if (!done(make_slice(&slice, any_numbers().size()))) {
            return;
        }
        const Numbers numbers(slice.len, any_number());
        fill(slice.ptr, numbers);
        if (flip_to_plain()) {
            sab_append_slice(&list_, &slice);
        } else if (!done(sab_try_append_slice(&list_, &slice))) {
            check_and_release_slice(&slice, numbers);
            return;
        }
        MODEL_EXPECT_EQ(slice.ptr, nullptr);
        MODEL_EXPECT_EQ(slice.len, 0u);
        append_to_numbers(numbers);
    }
    void remove() {
        if (numbers_.empty()) {
            return;
        }
        const Range range = {below(numbers_.size()), 1};
        Element item = {};
        switch (below(3)) {
        case 0:
            item = sab_remove(&list_, range.first);
            break;
        case 1:
            sab_move_out(&list_, range.first, &item);
            break;
        default:
            item = list_.ptr[range.first];
            sab_delete(&list_, range.first);
        }
        MODEL_EXPECT_EQ(Numbers{number_of(item)}, cut(range));
    }
    void swap_remove() {
        if (numbers_.empty()) {
            return;
        }
        const Range range = {below(numbers_.size()), 1};
        Element item = {};
        switch (below(3)) {
        case 0:
            item = sab_swap_remove(&list_, range.first);
            break;
        case 1:
            sab_swap_move_out(&list_, range.first, &item);
            break;
        default:
            item = list_.ptr[range.first];
            sab_swap_delete(&list_, range.first);
        }
        MODEL_EXPECT_EQ(Numbers{number_of(item)}, swap_cut(range));
    }
    void remove_range() {
        const Range range = any_range();
        List removed = {};
        if (flip_to_plain()) {
            removed = sab_remove_range(&list_, range.first, range.count);
        } else if (!done(sab_try_remove_range(&list_, range.first, range.count, &removed))) {
            return;
        }
        check_and_release(&removed, cut(range));
    }
    void swap_remove_range() {
        const Range range = any_range();
        List removed = {};
        if (flip_to_plain()) {
            removed = sab_swap_remove_range(&list_, range.first, range.count);
        } else if (!done(sab_try_swap_remove_range(&list_, range.first, range.count, &removed))) {
            return;
        }
        check_and_release(&removed, swap_cut(range));
    }
    void delete_range() {
        const Range range = any_range();
        if (flip()) {
            sab_delete_range(&list_, range.first, range.count);
            (void)cut(range);
        } else {
            sab_swap_delete_range(&list_, range.first, range.count);
            (void)swap_cut(range);
        }
    }
    void move_out_range() {
        const Range range = any_range();
        std::vector<Element> taken(range.count);
        const bool swaps = flip();
        if (swaps) {
            sab_swap_move_out_range(&list_, range.first, range.count, taken.data());
        } else {
            sab_move_out_range(&list_, range.first, range.count, taken.data());
        }
        Numbers numbers;
        for (const Element &item : taken) {
            numbers.push_back(number_of(item));
        }
        MODEL_EXPECT_EQ(numbers, swaps ? swap_cut(range) : cut(range));
    }
    void pop() {
        Element item = element(0);
        if (numbers_.empty()) {
            MODEL_EXPECT(!sab_try_pop(&list_, &item));
            return;
        }
        if (flip()) {
            item = sab_pop(&list_);
        } else {
            MODEL_EXPECT(sab_try_pop(&list_, &item));
        }
        MODEL_EXPECT_EQ(number_of(item), numbers_.back());
        numbers_.pop_back();
    }
    void drain() {
        const Range range = any_range();
        Numbers drained;
        sab_drain(
            &list_, range.first, range.count,
            [](void *context, Element item) {
                static_cast<Numbers *>(context)->push_back(number_of(item));
            },
            &drained);
        MODEL_EXPECT_EQ(drained, cut(range));
    }
    void retain() {
        std::uint32_t unwanted = any_number();
        sab_retain(
            &list_,
            [](void *context, const Element *item) {
                return number_of(*item) != *static_cast<const std::uint32_t *>(context);
            },
            &unwanted);
        remove_number(unwanted);
    }
    void dedup() {
        sab_dedup(&list_);
        remove_repeated_numbers();
    }
    void split_off() {
        const std::size_t index = any_index();
        List rest = {};
        if (flip_to_plain()) {
            rest = sab_split_off(&list_, index);
        } else if (!done(sab_try_split_off(&list_, index, &rest))) {
            return;
        }
        check_and_release(&rest, cut({index, numbers_.size() - index}));
    }
    void clear() {
        if (below(4) == 0) {
            const std::size_t cap = list_.cap;
            sab_clear(&list_);
            MODEL_EXPECT_EQ(list_.cap, cap);
            numbers_.clear();
        }
    }
    void ensure() {
        const Element *const before = list_.ptr;
        const std::size_t wanted = numbers_.size() + below(40);
        bool is_done = true;
        switch (below(4)) {
        case 0:
            if (flip_to_plain()) {
                sab_ensure_capacity(&list_, wanted);
            } else {
                is_done = done(sab_try_ensure_capacity(&list_, wanted));
            }
            break;
        case 1:
            if (flip_to_plain()) {
                sab_ensure_unused(&list_, wanted - list_.len);
            } else {
                is_done = done(sab_try_ensure_unused(&list_, wanted - list_.len));
            }
            break;
        case 2:
            is_done = sab_ensure_capacity_in_place(&list_, wanted);
            MODEL_EXPECT_EQ(list_.ptr, before);
            break;
        default:
            is_done = sab_ensure_unused_in_place(&list_, wanted - list_.len);
            MODEL_EXPECT_EQ(list_.ptr, before);
        }
        MODEL_EXPECT((list_.cap >= wanted) == is_done);
    }
    void shrink_to_fit() {
        const Element *const before = list_.ptr;
        sab_shrink_to_fit(&list_);
        MODEL_EXPECT_EQ(list_.ptr, numbers_.empty() ? nullptr : before);
        MODEL_EXPECT_EQ(span_of(list_.cap), span_of(numbers_.size()));
    }
    void use_spare_capacity() {
        const std::size_t unused = list_.cap - list_.len;
        Slice spare = sab_spare_capacity(&list_);
        MODEL_EXPECT_EQ(spare.len, unused);
        MODEL_EXPECT_EQ(spare.ptr, unused != 0 ? list_.ptr + list_.len : nullptr);
        const std::size_t count = std::min<std::size_t>(unused, below(4));
        const Numbers numbers(count, any_number());
        fill(spare.ptr, numbers);
        sab_set_len(&list_, list_.len + numbers.size());
        append_to_numbers(numbers);
    }
    void grow_to_capacity() {
        const Numbers numbers(list_.cap - list_.len, any_number());
        Element *const added = sab_grow_to_capacity(&list_);
        MODEL_EXPECT_EQ(added, list_.cap != 0 ? list_.ptr + numbers_.size() : nullptr);
        fill(added, numbers);
        append_to_numbers(numbers);
    }
    void sort() {
        if (below(3) == 0) {
            sort_in(&list_);
        }
    }
    void reorder() { reorder_in(&list_); }
    void find() { find_in(list_); }
    void read() { read_in(&list_); }
    // The same of a slice, which the list is for a while.
    void as_slice() {
        const std::size_t choice = below(4);
        Slice slice = sab_into_slice(&list_);
        const Slice before = slice;
        switch (choice) {
        case 0:
            sort_in(&slice);
            break;
        case 1:
            reorder_in(&slice);
            break;
        case 2:
            find_in(slice);
            break;
        default:
            read_in(&slice);
        }
        MODEL_EXPECT(std::memcmp(&before, &slice, sizeof slice) == 0);
        MODEL_EXPECT_EQ(numbers_of(slice), numbers_);
        list_ = sab_into_list(&slice);
    }
    template <class Buffer>
    void sort_in(Buffer *buffer) {
        sab_sort(buffer);
        sort_numbers();
        const Element value = element(any_number());
        expect_sorted_position(sab_binary_search(buffer, &value), number_of(value));
    }
    template <class Buffer>
    void reorder_in(Buffer *buffer) {
        if (numbers_.empty() || flip()) {
            sab_reverse(buffer);
            reverse_numbers();
        } else {
            const std::size_t first = below(numbers_.size());
            const std::size_t second = below(numbers_.size());
            sab_swap(buffer, first, second);
            swap_numbers(first, second);
        }
    }
    template <class Buffer>
    void find_in(const Buffer &buffer) {
        const Element value = element(any_number());
        expect_first_position(sab_find(&buffer, &value), number_of(value));
    }
    template <class Buffer>
    void read_in(Buffer *buffer) {
        const Range range = any_range();
        const typename Traits::View view = sab_view_range(buffer, range.first, range.count);
        MODEL_EXPECT_EQ(numbers_of(view), part(range));
        MODEL_EXPECT_EQ(numbers_of(sab_view(buffer)), numbers_);
        Numbers walked;
        for (const Element *i = sab_begin(buffer); i != sab_end(buffer); i++) {
            walked.push_back(number_of(*i));
        }
        MODEL_EXPECT_EQ(walked, numbers_);
        if (!numbers_.empty()) {
            const std::size_t index = below(numbers_.size());
            MODEL_EXPECT_EQ(sab_at(buffer, index), buffer->ptr + index);
            MODEL_EXPECT_EQ(sab_at_mut(buffer, index), buffer->ptr + index);
            MODEL_EXPECT_EQ(sab_first(buffer), buffer->ptr);
            MODEL_EXPECT_EQ(sab_last(buffer), buffer->ptr + buffer->len - 1);
        }
    }
    void clone() {
        List copy = {};
        if (flip_to_plain()) {
            copy = sab_clone(&list_);
        } else if (!done(sab_try_clone(&list_, &copy))) {
            return;
        }
        MODEL_EXPECT(sab_equal(&list_, &copy));
        MODEL_EXPECT(sab_compare(&list_, &copy) == 0);
        if (done(sab_try_append(&copy, element(any_number())))) {
            MODEL_EXPECT(!sab_equal(&list_, &copy));
            MODEL_EXPECT(sab_compare(&list_, &copy) < 0);
            MODEL_EXPECT(sab_compare(&copy, &list_) > 0);
            (void)sab_pop(&copy);
        }
        check_and_release(&copy, numbers_);
    }
    void part_into_slice() {
        const Range range = any_range();
        Slice slice = {};
        if (flip_to_plain()) {
            slice = sab_part_into_slice(&list_, range.first, range.count);
        } else if (!done(sab_try_part_into_slice(&list_, range.first, range.count, &slice))) {
            return;
        }
        check_and_release_slice(&slice, cut(range));
    }
    void through_slice() {
        Slice slice = sab_into_slice(&list_);
        check(list_, {});
        MODEL_EXPECT_EQ(numbers_of(slice), numbers_);
        Slice copy = {};
        if (flip_to_plain()) {
            copy = sab_clone(&slice);
            check_and_release_slice(&copy, numbers_);
        } else if (had_memory(sab_try_clone(&slice, &copy))) {
            check_and_release_slice(&copy, numbers_);
        }
        list_ = sab_into_list(&slice);
        MODEL_EXPECT_EQ(slice.ptr, nullptr);
    }
    // Does it in one of three forms; false if there was no memory, or none in place.
    bool resize(Slice *slice, std::size_t count) {
        const Element *const before = slice->ptr;
        if (flip_to_plain()) {
            sab_resize(slice, count);
            return true;
        }
        if (flip()) {
            return had_memory(sab_try_resize(slice, count));
        }
        const bool is_done = sab_resize_in_place(slice, count);
        MODEL_EXPECT_EQ(slice->ptr, is_done && count == 0 ? nullptr : before);
        return is_done;
    }
    bool resize_at_least(Slice *slice, std::size_t count) {
        const Element *const before = slice->ptr;
        if (flip_to_plain()) {
            sab_resize_at_least(slice, count);
            return true;
        }
        if (flip()) {
            return had_memory(sab_try_resize_at_least(slice, count));
        }
        const bool is_done = sab_resize_at_least_in_place(slice, count);
        MODEL_EXPECT_EQ(slice->ptr, is_done && count == 0 ? nullptr : before);
        return is_done;
    }
    void resize_slice() {
        Slice slice = sab_into_slice(&list_);
        const Slice before = slice;
        const std::size_t count = below(numbers_.size() + 20);
        const bool is_exact = flip();
        if (is_exact ? resize(&slice, count) : resize_at_least(&slice, count)) {
            MODEL_EXPECT_EQ(slice.len, is_exact ? count : places_for(count));
            numbers_.resize(std::min(numbers_.size(), count));
            const Numbers added(slice.len - numbers_.size(), any_number());
            fill(slice.ptr + numbers_.size(), added);
            append_to_numbers(added);
        } else {
            MODEL_EXPECT(std::memcmp(&before, &slice, sizeof slice) == 0);
        }
        list_ = sab_into_list(&slice);
    }
    void through_parts() {
        const List before = list_;
        const List parts = sab_into_raw(&list_);
        check(list_, {});
        list_ = Traits::from_raw(parts);
        MODEL_EXPECT(std::memcmp(&before, &list_, sizeof list_) == 0);
    }
    void anew() {
        if (below(4) == 0) {
            sab_release(&list_);
            numbers_.clear();
            const std::size_t capacity = below(50);
            if (flip_to_plain()) {
                list_ = Traits::with_capacity(capacity);
            } else if (!had_memory(Traits::try_with_capacity(&list_, capacity))) {
                return;
            }
            MODEL_EXPECT(list_.cap >= capacity);
            MODEL_EXPECT_EQ(span_of(list_.cap), span_of(capacity));
        }
    }

    // --- text

    // Appends what is printed, or puts it in place of what there is; the argument may be the text.
    void print() {
        if constexpr (Traits::takes_text) {
            const Numbers numbers = any_numbers();
            std::vector<Element> other = elements_of<Element>(numbers);
            other.push_back(0);
            const bool is_own = flip();
            const Numbers &source = is_own ? numbers_ : numbers;
            const Element *const text = is_own && !numbers_.empty() ? list_.ptr : other.data();
            const std::size_t count = std::min(source.size(), below(30));
            Numbers printed(source.begin(), source.begin() + static_cast<std::ptrdiff_t>(count));
            if (flip()) {
                if (done(print_behind(static_cast<int>(count), text))) {
                    append_to_numbers(printed);
                }
            } else if (done(print_instead(static_cast<int>(count), text))) {
                numbers_ = std::move(printed);
            }
        }
    }
    ba_error print_behind(int count, const void *bytes) {
        const char *const text = static_cast<const char *>(bytes);
        if (flip_to_plain()) {
            sab_append_format(&list_, "%.*s", count, text);
            return ba_error_of(BA_OK);
        }
        return sab_try_append_format(&list_, "%.*s", count, text);
    }
    ba_error print_instead(int count, const void *bytes) {
        const char *const text = static_cast<const char *>(bytes);
        if (flip_to_plain()) {
            sab_format(&list_, "%.*s", count, text);
            return ba_error_of(BA_OK);
        }
        return sab_try_format(&list_, "%.*s", count, text);
    }
    void write() {
        if constexpr (Traits::takes_text) {
            const Numbers numbers = any_numbers();
            const std::vector<Element> items = elements_of<Element>(numbers);
            const sab_writer writer = sab_as_writer(&list_);
            const std::size_t taken = writer.write(writer.context, items.data(), items.size());
            const bool is_done = taken == items.size();
            if (done(ba_error_of(is_done ? BA_OK : BA_OUT_OF_MEMORY))) {
                append_to_numbers(numbers);
            } else {
                MODEL_EXPECT_EQ(taken, 0u);
            }
        }
    }

    // --- misuse, and a backing that takes nothing back

    // The list is what it was, and this was reported, or nothing.
    void expect_as_before(const std::string &reports) {
        MODEL_EXPECT(std::memcmp(&before_, &list_, sizeof list_) == 0);
        MODEL_EXPECT_EQ(world_.take_reports(), reports);
    }
    static std::string report(const std::string &function, ba_error_code code) {
        return Traits::name() + ": " + function + ": " + ba_error_name(ba_error_of(code)) + "\n";
    }
    // Items that lie in the list's own memory, the room and the sentinel's place included.
    void put_own_items() {
        if constexpr (Traits::logs && BA_CHECKS_MISUSE) {
            if (list_.cap == 0) {
                return;
            }
            const std::size_t places = list_.cap + Traits::extra;
            const std::size_t place = below(places);
            const std::size_t count = 1 + below(places - place);
            put_own(list_.ptr + place, count);
        }
    }
    void put_own(const Element *items, std::size_t count) {
        const Range range = any_range();
        std::string function;
        ba_error error = ba_error_of(BA_OVERLAP);
        switch (below(9)) {
        case 0:
            function = "append_items";
            sab_append_items(&list_, items, count);
            break;
        case 1:
            function = "append_items";
            error = sab_try_append_items(&list_, items, count);
            break;
        case 2:
            function = "append_items_assume_capacity";
            sab_append_items_assume_capacity(&list_, items, count);
            break;
        case 3:
            function = "insert_items";
            sab_insert_items(&list_, range.first, items, count);
            break;
        case 4:
            function = "insert_items";
            error = sab_try_insert_items(&list_, range.first, items, count);
            break;
        case 5:
            function = "insert_items_assume_capacity";
            sab_insert_items_assume_capacity(&list_, range.first, items, count);
            break;
        case 6:
            function = "replace";
            sab_replace(&list_, range.first, range.count, items, count);
            break;
        case 7:
            function = "replace";
            error = sab_try_replace(&list_, range.first, range.count, items, count);
            break;
        default:
            function = "replace_assume_capacity";
            sab_replace_assume_capacity(&list_, range.first, range.count, items, count);
        }
        MODEL_EXPECT_EQ(error.code, BA_OVERLAP);
        expect_as_before(report(function, BA_OVERLAP));
    }
    // Elements that are to go to a place in the list's own memory.
    void take_out_to_own() {
        if constexpr (Traits::logs && BA_CHECKS_MISUSE) {
            if (numbers_.empty()) {
                return;
            }
            Element *const place = list_.ptr + below(list_.cap + Traits::extra);
            const std::size_t first = below(numbers_.size());
            const std::size_t count = 1 + below(numbers_.size() - first);
            const bool swaps = flip();
            const bool is_one = flip();
            if (is_one && swaps) {
                sab_swap_move_out(&list_, first, place);
            } else if (is_one) {
                sab_move_out(&list_, first, place);
            } else if (swaps) {
                sab_swap_move_out_range(&list_, first, count, place);
            } else {
                sab_move_out_range(&list_, first, count, place);
            }
            const std::string function = is_one ? "move_out" : "move_out_range";
            expect_as_before(report((swaps ? "swap_" : "") + function, BA_OVERLAP));
        }
    }
    void refused_free() {
        if constexpr (Traits::logs) {
            if (list_.cap == 0) {
                return;
            }
            switch (below(7)) {
            case 0:
                Traits::backing(&world_)->refuse_frees(1);
                sab_release(&list_);
                expect_as_before(report("release", BA_IN_USE));
                break;
            case 1:
                shrink_of_nothing_is_refused();
                break;
            case 2:
                slice_of_nothing_is_refused();
                break;
            case 3:
                release_of_slice_is_refused();
                break;
            case 4:
                append_slice_is_refused();
                break;
            case 5:
                resize_of_slice_to_nothing_is_refused();
                break;
            default:
                growth_leaves_memory();
            }
        }
    }
    void make_empty() {
        sab_clear(&list_);
        numbers_.clear();
        before_ = list_;
    }
    void shrink_of_nothing_is_refused() {
        make_empty();
        Traits::backing(&world_)->refuse_frees(1);
        sab_shrink_to_fit(&list_);
        expect_as_before("");
    }
    void slice_of_nothing_is_refused() {
        make_empty();
        Traits::backing(&world_)->refuse_frees(1);
        const Slice slice = sab_into_slice(&list_);
        MODEL_EXPECT_EQ(slice.ptr, nullptr);
        MODEL_EXPECT_EQ(slice.len, 0u);
        expect_as_before(report("into_slice", BA_IN_USE));
    }
    void release_of_slice_is_refused() {
        if (numbers_.empty()) {
            return;
        }
        Slice slice = sab_into_slice(&list_);
        const Slice before = slice;
        Traits::backing(&world_)->refuse_frees(1);
        sab_release(&slice);
        MODEL_EXPECT(std::memcmp(&before, &slice, sizeof slice) == 0);
        MODEL_EXPECT_EQ(world_.take_reports(), report("release", BA_IN_USE));
        list_ = sab_into_list(&slice);
    }
    void resize_of_slice_to_nothing_is_refused() {
        if (numbers_.empty()) {
            return;
        }
        Slice slice = sab_into_slice(&list_);
        const Slice before = slice;
        const auto refuse = [this] { Traits::backing(&world_)->refuse_frees(1); };
        refuse();
        MODEL_EXPECT_EQ(sab_try_resize(&slice, 0).code, BA_IN_USE);
        refuse();
        MODEL_EXPECT_EQ(sab_try_resize_at_least(&slice, 0).code, BA_IN_USE);
        refuse();
        MODEL_EXPECT(!sab_resize_in_place(&slice, 0));
        MODEL_EXPECT(std::memcmp(&before, &slice, sizeof slice) == 0);
        MODEL_EXPECT_EQ(world_.take_reports(), "");
        refuse();
        sab_resize(&slice, 0);
        MODEL_EXPECT(std::memcmp(&before, &slice, sizeof slice) == 0);
        MODEL_EXPECT_EQ(world_.take_reports(), report("resize", BA_IN_USE));
        list_ = sab_into_list(&slice);
    }
    // The elements stay the slice's.
    void append_slice_is_refused() {
        Slice slice = {};
        const std::size_t count = 1 + below(5);
        if (!done(Traits::try_slice_of(&slice, count))) {
            return;
        }
        const Numbers numbers(count, any_number());
        fill(slice.ptr, numbers);
        if (done(sab_try_ensure_unused(&list_, count))) {
            before_ = list_;
            Traits::backing(&world_)->refuse_frees(1);
            if (flip()) {
                sab_append_slice(&list_, &slice);
                expect_as_before(report("append_slice", BA_IN_USE));
            } else {
                MODEL_EXPECT_EQ(sab_try_append_slice(&list_, &slice).code, BA_IN_USE);
                expect_as_before("");
            }
        }
        check_and_release_slice(&slice, numbers);
    }
    // What the list had before it moved is nobody's then; the report says so.
    void growth_leaves_memory() {
        ba_testing::StrictBacking *const backing = Traits::backing(&world_);
        const std::size_t refused = backing->refused_frees();
        backing->refuse_frees(1);
        const bool is_done = done(sab_try_ensure_capacity(&list_, list_.cap + 1 + below(100)));
        const bool is_left = backing->refused_frees() != refused;
        backing->refuse_frees(0);
        MODEL_EXPECT(is_left == (backing->grants() == 2));
        MODEL_EXPECT_EQ(world_.take_reports(), is_left ? report("free", BA_IN_USE) : "");
        if (is_left) {
            MODEL_EXPECT(is_done);
            MODEL_EXPECT(list_.ptr != before_.ptr);
            const ba_length bytes = ba_bytes((before_.cap + Traits::extra) * sizeof(Element));
            const ba_memory left = ba_memory_of(before_.ptr, bytes);
            const ba_alignment alignment = ba_align(Traits::alignment);
            MODEL_EXPECT_EQ(ba_block_free(backing->block_allocator(), left, alignment).code, BA_OK);
        }
    }

#define STEP(name)                                                                                 \
    { #name, &ListSteps::name }
    static constexpr Named kTable[] = {STEP(shorten),
                                       STEP(append),
                                       STEP(append_own),
                                       STEP(insert),
                                       STEP(append_items),
                                       STEP(insert_items),
                                       STEP(append_n),
                                       STEP(insert_n),
                                       STEP(append_slots),
                                       STEP(insert_slots),
                                       STEP(replace),
                                       STEP(append_from_within),
                                       STEP(append_slice),
                                       STEP(remove),
                                       STEP(swap_remove),
                                       STEP(remove_range),
                                       STEP(swap_remove_range),
                                       STEP(delete_range),
                                       STEP(move_out_range),
                                       STEP(pop),
                                       STEP(drain),
                                       STEP(retain),
                                       STEP(dedup),
                                       STEP(split_off),
                                       STEP(clear),
                                       STEP(ensure),
                                       STEP(shrink_to_fit),
                                       STEP(use_spare_capacity),
                                       STEP(grow_to_capacity),
                                       STEP(sort),
                                       STEP(reorder),
                                       STEP(find),
                                       STEP(clone),
                                       STEP(part_into_slice),
                                       STEP(through_slice),
                                       STEP(resize_slice),
                                       STEP(through_parts),
                                       STEP(anew),
                                       STEP(read),
                                       STEP(as_slice),
                                       STEP(print),
                                       STEP(write),
                                       STEP(put_own_items),
                                       STEP(take_out_to_own),
                                       STEP(refused_free)};
#undef STEP
    static constexpr std::size_t kSteps = std::size(kTable);

    typename Traits::World world_;
    List list_ = {};
    List before_ = {}; // the list when the step began
};

template <class Traits>
void run_list_model(ByteStream *bytes, std::uint64_t refusals) {
    ListSteps<Traits>(bytes, refusals).run();
}

} // namespace buffer_testing

#endif // TESTING_BUFFERS_LIST_MODEL_STEPS_H_
