// The generic functions of lists and slices as rows, for any type.
#ifndef TESTING_FAULT_INJECTION_LIST_ROWS_H_
#define TESTING_FAULT_INJECTION_LIST_ROWS_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "testing/fault_injection/harness.h"
#include "testing/fault_injection/list_fixture.h"
#include "testing/fault_injection/panics.h"
#include "gtest/gtest.h"

namespace failures {

template <class Types>
using ListRow = Entry<ListFixture<Types>>;

// A row for a function that returns what came of it.
template <class Types, class Call>
ListRow<Types> telling_row(const std::string &function, Contract contract, Call call) {
    return {function, contract, [call](ListFixture<Types> &w) { return call(w); }};
}

// A row for a function that ends the program if there is no memory.
template <class Types, class Call>
ListRow<Types> demanding_row(const std::string &function, const char *reported_as,
                             Contract contract, Call call) {
    return {function, contract, [reported_as, call](ListFixture<Types> &w) {
                return error_of_call(Types::name, reported_as, [&w, call] { call(w); });
            }};
}

// The rows for a function of a list or a slice; `w` is the fixture. Macros, because a row has the
// name of the function that it calls. In turn: the form that returns an error, the one that ends
// the program, both of a function that takes the same arguments in both, both of one that moves the
// first items in, one that returns false, and one that needs no memory.
#define TRIES_(kind, function, contract, ...)                                                      \
    telling_row<Types>("NAME_" #kind "_try_" #function, contract,                                  \
                       [](ListFixture<Types> &w) { return __VA_ARGS__; })
#define DEMANDS_(kind, function, contract, ...)                                                    \
    demanding_row<Types>("NAME_" #kind "_" #function, #function, contract,                         \
                         [](ListFixture<Types> &w) { __VA_ARGS__; })
#define GROWS_(kind, function, contract, arguments)                                                \
    TRIES_(kind, function, contract, sab_try_##function arguments.code),                           \
        DEMANDS_(kind, function, contract, sab_##function arguments)
#define MOVES_IN_(function, contract, count, arguments)                                            \
    TRIES_(list, function, contract, w.moved_in(sab_try_##function arguments.code, count)),        \
        DEMANDS_(list, function, contract, sab_##function arguments, w.moved_in(BA_OK, count))
#define IN_PLACE_(kind, function, arguments)                                                       \
    telling_row<Types>("NAME_" #kind "_" #function, Contract::kFails, [](ListFixture<Types> &w) {  \
        return sab_##function arguments ? BA_OK : BA_OUT_OF_MEMORY;                                \
    })
#define DOES_(kind, function, ...)                                                                 \
    telling_row<Types>("NAME_" #kind "_" #function, Contract::kNeedsNone,                          \
                       [](ListFixture<Types> &w) {                                                 \
                           __VA_ARGS__;                                                            \
                           return BA_OK;                                                           \
                       })

// --- what makes a list longer

// By what is moved in. Of a full list.
template <class Types>
std::vector<ListRow<Types>> moving_rows(Contract contract) {
    return {
        MOVES_IN_(append, contract, 1, (&w.list, w.items[0])),
        MOVES_IN_(append_items, contract, kItems, (&w.list, w.items, kItems)),
        MOVES_IN_(insert, contract, 1, (&w.list, w.list.len / 2, w.items[0])),
        MOVES_IN_(insert_items, contract, kItems, (&w.list, w.list.len / 2, w.items, kItems)),
        MOVES_IN_(replace, contract, kItems,
                  (&w.list, w.list.len / 3, w.list.len / 3, w.items, kItems)),
        TRIES_(list, append_slots, contract,
               w.filled(sab_try_append_slots(&w.list, kItems, &w.places).code)),
        DEMANDS_(list, append_slots, contract, w.fill(sab_append_slots(&w.list, kItems), kItems)),
        TRIES_(list, insert_slots, contract,
               w.filled(sab_try_insert_slots(&w.list, w.list.len / 2, kItems, &w.places).code)),
        DEMANDS_(list, insert_slots, contract,
                 w.fill(sab_insert_slots(&w.list, w.list.len / 2, kItems), kItems)),
        GROWS_(list, append_slice, contract, (&w.list, &w.slice)),
    };
}

// By nothing but room.
template <class Types>
std::vector<ListRow<Types>> room_rows() {
    return {
        GROWS_(list, ensure_capacity, Contract::kMayRecover, (&w.list, w.list.cap + 1)),
        GROWS_(list, ensure_unused, Contract::kMayRecover, (&w.list, kItems)),
    };
}

// By clones. Of a list that is not empty.
template <class Types>
std::vector<ListRow<Types>> cloning_rows(Contract contract) {
    return {
        GROWS_(list, append_n, contract, (&w.list, w.items[0], 9)),
        GROWS_(list, insert_n, contract, (&w.list, w.list.len / 2, w.items[0], 9)),
        GROWS_(list, grow_len, contract, (&w.list, w.list.len + 9, w.items[0])),
        GROWS_(list, append_from_within, contract, (&w.list, 1, 4)),
    };
}

// Where the room is there.
template <class Types>
std::vector<ListRow<Types>> assuming_rows() {
    return {
        DOES_(list, append_assume_capacity, sab_append_assume_capacity(&w.list, w.items[0]),
              w.moved_in(BA_OK, 1)),
        DOES_(list, append_items_assume_capacity,
              sab_append_items_assume_capacity(&w.list, w.items, kItems),
              w.moved_in(BA_OK, kItems)),
        DOES_(list, append_slots_assume_capacity,
              w.fill(sab_append_slots_assume_capacity(&w.list, kItems), kItems)),
        DOES_(list, insert_assume_capacity, sab_insert_assume_capacity(&w.list, 1, w.items[0]),
              w.moved_in(BA_OK, 1)),
        DOES_(list, insert_items_assume_capacity,
              sab_insert_items_assume_capacity(&w.list, 1, w.items, kItems),
              w.moved_in(BA_OK, kItems)),
        DOES_(list, insert_slots_assume_capacity,
              w.fill(sab_insert_slots_assume_capacity(&w.list, 1, kItems), kItems)),
        DOES_(list, replace_assume_capacity,
              sab_replace_assume_capacity(&w.list, 1, 2, w.items, kItems),
              w.moved_in(BA_OK, kItems)),
        DOES_(list, ensure_capacity_in_place,
              EXPECT_TRUE(sab_ensure_capacity_in_place(&w.list, w.list.cap))),
        DOES_(list, ensure_unused_in_place,
              EXPECT_TRUE(sab_ensure_unused_in_place(&w.list, kItems))),
        DOES_(list, spare_capacity, EXPECT_GE(sab_spare_capacity(&w.list).len, kItems)),
    };
}

// The same by clones, for which there may be no memory.
template <class Types>
std::vector<ListRow<Types>> assuming_clones_rows() {
    return {
        DEMANDS_(list, append_n_assume_capacity, Types::clones,
                 sab_append_n_assume_capacity(&w.list, w.items[0], 9)),
        DEMANDS_(list, insert_n_assume_capacity, Types::clones,
                 sab_insert_n_assume_capacity(&w.list, 1, w.items[0], 9)),
        DEMANDS_(list, append_from_within_assume_capacity, Types::clones,
                 sab_append_from_within_assume_capacity(&w.list, 1, 4)),
    };
}

// --- what makes another list or slice

template <class Types>
std::vector<ListRow<Types>> making_rows() {
    return {
        TRIES_(list, with_capacity, Types::news, Types::try_with_capacity(&w.made_list, 20).code),
        DEMANDS_(list, with_capacity, Types::news, w.made_list = Types::with_capacity(20)),
        TRIES_(list, clone, Types::news, sab_try_clone(&w.list, &w.made_list).code),
        DEMANDS_(list, clone, Types::news, w.made_list = sab_clone(&w.list)),
        TRIES_(list, remove_range, Types::news,
               sab_try_remove_range(&w.list, 1, 3, &w.made_list).code),
        DEMANDS_(list, remove_range, Types::news, w.made_list = sab_remove_range(&w.list, 1, 3)),
        TRIES_(list, swap_remove_range, Types::news,
               sab_try_swap_remove_range(&w.list, 1, 3, &w.made_list).code),
        DEMANDS_(list, swap_remove_range, Types::news,
                 w.made_list = sab_swap_remove_range(&w.list, 1, 3)),
        TRIES_(list, split_off, Types::news, sab_try_split_off(&w.list, 2, &w.made_list).code),
        DEMANDS_(list, split_off, Types::news, w.made_list = sab_split_off(&w.list, 2)),
        TRIES_(list, part_into_slice, Types::news,
               sab_try_part_into_slice(&w.list, 1, 3, &w.made_slice).code),
        DEMANDS_(list, part_into_slice, Types::news,
                 w.made_slice = sab_part_into_slice(&w.list, 1, 3)),
        TRIES_(slice, clone, Types::news, sab_try_clone(&w.slice, &w.made_slice).code),
        DEMANDS_(slice, clone, Types::news, w.made_slice = sab_clone(&w.slice)),
        TRIES_(slice, of, Types::news, w.made_if(Types::try_of(&w.made_slice, 20).code)),
        DEMANDS_(slice, of, Types::news, w.made_slice = Types::of(20), w.made_if(BA_OK)),
        TRIES_(slice, of_at_least, Types::news,
               w.made_if(Types::try_of_at_least(&w.made_slice, 20).code)),
        DEMANDS_(slice, of_at_least, Types::news, w.made_slice = Types::of_at_least(20),
                 w.made_if(BA_OK)),
    };
}

// --- slices

constexpr std::size_t kLonger = 30;

template <class Types>
std::vector<ListRow<Types>> slice_rows() {
    return {
        TRIES_(slice, resize, Contract::kMayRecover,
               w.resized_if(sab_try_resize(&w.slice, kLonger).code)),
        DEMANDS_(slice, resize, Contract::kMayRecover, sab_resize(&w.slice, kLonger),
                 w.resized_if(BA_OK)),
        TRIES_(slice, resize_at_least, Contract::kMayRecover,
               w.resized_if(sab_try_resize_at_least(&w.slice, kLonger).code)),
        DEMANDS_(slice, resize_at_least, Contract::kMayRecover,
                 sab_resize_at_least(&w.slice, kLonger), w.resized_if(BA_OK)),
    };
}

template <class Types>
std::vector<ListRow<Types>> shorter_slice_rows() {
    return {
        DOES_(slice, try_resize, EXPECT_EQ(sab_try_resize(&w.slice, 2).code, BA_OK)),
            DOES_(slice, resize, sab_resize(&w.slice, 2)),
            DOES_(slice, resize_in_place, EXPECT_TRUE(sab_resize_in_place(&w.slice, 2))),
            DOES_(slice, try_resize_at_least,
                  EXPECT_EQ(w.resized_if(sab_try_resize_at_least(&w.slice, w.slice.len).code),
                            BA_OK)),
            DOES_(slice, resize_at_least, sab_resize_at_least(&w.slice, w.slice.len),
                  w.resized_if(BA_OK)),
            DOES_(slice, resize_at_least_in_place,
                  EXPECT_TRUE(sab_resize_at_least_in_place(&w.slice, w.slice.len));
                  w.resized_if(BA_OK)),
            DOES_(slice, release, sab_release(&w.slice)),
            DOES_(slice, into_list, w.made_list = sab_into_list(&w.slice)),
    };
}

// Over a backing that grows in place.
template <class Types>
std::vector<ListRow<Types>> in_place_rows() {
    return {
        IN_PLACE_(list, ensure_capacity_in_place, (&w.list, w.list.cap + kItems)),
        IN_PLACE_(list, ensure_unused_in_place, (&w.list, kItems)),
        telling_row<Types>("NAME_slice_resize_in_place", Contract::kFails,
                           [](ListFixture<Types> &w) {
                               return w.resized_if(sab_resize_in_place(&w.slice, kLonger)
                                                       ? BA_OK
                                                       : BA_OUT_OF_MEMORY);
                           }),
        telling_row<Types>("NAME_slice_resize_at_least_in_place", Contract::kFails,
                           [](ListFixture<Types> &w) {
                               return w.resized_if(sab_resize_at_least_in_place(&w.slice, kLonger)
                                                       ? BA_OK
                                                       : BA_OUT_OF_MEMORY);
                           }),
    };
}

// --- what needs no memory

template <class Types>
std::vector<ListRow<Types>> removing_rows() {
    return {
        DOES_(list, remove, w.drop_returned(sab_remove(&w.list, 0))),
        DOES_(list, swap_remove, w.drop_returned(sab_swap_remove(&w.list, 0))),
        DOES_(list, delete, sab_delete(&w.list, 0)),
        DOES_(list, swap_delete, sab_swap_delete(&w.list, 0)),
        DOES_(list, delete_range, sab_delete_range(&w.list, 1, 2)),
        DOES_(list, swap_delete_range, sab_swap_delete_range(&w.list, 1, 2)),
        DOES_(list, move_out, sab_move_out(&w.list, 0, w.taken), w.drop_returned(w.taken[0])),
        DOES_(list, swap_move_out, sab_swap_move_out(&w.list, 0, w.taken),
              w.drop_returned(w.taken[0])),
        DOES_(list, move_out_range, sab_move_out_range(&w.list, 1, 2, w.taken),
              w.drop_returned(w.taken[0]), w.drop_returned(w.taken[1])),
        DOES_(list, swap_move_out_range, sab_swap_move_out_range(&w.list, 1, 2, w.taken),
              w.drop_returned(w.taken[0]), w.drop_returned(w.taken[1])),
        DOES_(list, pop, w.drop_returned(sab_pop(&w.list))),
        telling_row<Types>("NAME_list_try_pop", Contract::kNeedsNone,
                           [](ListFixture<Types> &w) {
                               const bool is_popped = sab_try_pop(&w.list, w.taken);
                               EXPECT_TRUE(is_popped);
                               w.drop_returned(w.taken[0]);
                               return BA_OK;
                           }),
        DOES_(list, drain, sab_drain(&w.list, 1, 2, ListFixture<Types>::drop_returned_to, &w)),
        DOES_(list, retain, sab_retain(&w.list, ListFixture<Types>::is_odd, nullptr)),
        DOES_(list, dedup, sab_dedup(&w.list)),
        DOES_(list, clear, sab_clear(&w.list)),
        DOES_(list, shrink_len, sab_shrink_len(&w.list, 2)),
        DOES_(list, shrink_to_fit, sab_shrink_to_fit(&w.list)),
        DOES_(list, set_len, sab_set_len(&w.list, w.list.len)),
        DOES_(list, release, sab_release(&w.list)),
        DOES_(list, into_raw, w.made_list = sab_into_raw(&w.list)),
        DOES_(list, from_raw, w.made_list = Types::from_raw(sab_into_raw(&w.list))),
        DOES_(list, into_slice, w.made_slice = sab_into_slice(&w.list)),
    };
}

// Of a list with room for two more.
template <class Types>
std::vector<ListRow<Types>> filling_rows() {
    return {
        DOES_(list, grow_to_capacity, w.fill(sab_grow_to_capacity(&w.list), 2)),
        DOES_(list, shrink_to_fit, sab_shrink_to_fit(&w.list)),
    };
}

// What reads and orders elements, of a list or a slice.
#define LOOKING_ROWS_(kind)                                                                        \
    DOES_(kind, at, EXPECT_NE(sab_at(&w.kind, 0), nullptr)),                                       \
        DOES_(kind, at_mut, EXPECT_NE(sab_at_mut(&w.kind, 0), nullptr)),                           \
        DOES_(kind, first, EXPECT_NE(sab_first(&w.kind), nullptr)),                                \
        DOES_(kind, last, EXPECT_NE(sab_last(&w.kind), nullptr)),                                  \
        DOES_(kind, begin, EXPECT_NE(sab_begin(&w.kind), nullptr)),                                \
        DOES_(kind, end, EXPECT_NE(sab_end(&w.kind), nullptr)),                                    \
        DOES_(kind, view, EXPECT_EQ(sab_view(&w.kind).len, w.kind.len)),                           \
        DOES_(kind, view_range, EXPECT_EQ(sab_view_range(&w.kind, 1, 2).len, 2u)),                 \
        DOES_(kind, swap, sab_swap(&w.kind, 0, 1)), DOES_(kind, reverse, sab_reverse(&w.kind)),    \
        DOES_(kind, sort, sab_sort(&w.kind)),                                                      \
        DOES_(kind, binary_search, EXPECT_TRUE(sab_binary_search(&w.kind, w.kind.ptr).found)),     \
        DOES_(kind, compare, EXPECT_EQ(sab_compare(&w.kind, &w.kind), 0)),                         \
        DOES_(kind, find, EXPECT_TRUE(sab_find(&w.kind, w.kind.ptr).found)),                       \
        DOES_(kind, equal, EXPECT_TRUE(sab_equal(&w.kind, &w.kind)))

template <class Types>
std::vector<ListRow<Types>> looking_rows() {
    return {LOOKING_ROWS_(list), LOOKING_ROWS_(slice)};
}

// --- all of them

// Registers all rows for a type over a backing.
template <class Types>
Suite<ListFixture<Types>> list_suite(const std::string &name,
                                     const ba_testing::StrictBackingOptions &options) {
    using W = ListFixture<Types>;
    Suite<W> suite(name, [options] { return std::make_unique<W>(options); });
    const auto full = [](W &) {};
    const auto empty = [](W &w) { w.empty(); };
    const auto with_room = [](W &w) { w.make_room(); };
    // Where a clone fails, the list may have grown for it.
    const auto growing = [](W &w) {
        if (Types::clones != Contract::kNeedsNone) {
            w.allow_growth();
        }
    };
    suite.in("full", full, moving_rows<Types>(Contract::kMayRecover))
        .in("full", full, room_rows<Types>())
        .in("full", full, making_rows<Types>())
        .in("full", full, slice_rows<Types>())
        .in("full", growing, cloning_rows<Types>(Contract::kMayRecover));
    suite.in("empty", empty, moving_rows<Types>(Contract::kMayRecover))
        .in("empty", empty, room_rows<Types>());
    suite.in("with room", with_room, moving_rows<Types>(Contract::kNeedsNone))
        .in("with room", with_room, cloning_rows<Types>(Types::clones))
        .in("with room", with_room, assuming_rows<Types>())
        .in("with room", with_room, assuming_clones_rows<Types>());
    suite.in("less", full, removing_rows<Types>())
        .in("less", full, shorter_slice_rows<Types>())
        .in(
            "room for two", [](W &w) { w.drop_two(); }, filling_rows<Types>())
        .in("look", full, looking_rows<Types>());
    if (options.grows_in_place && Types::has_backing_of_its_own) {
        suite.in("room behind", full, in_place_rows<Types>());
    }
    return suite;
}

} // namespace failures

#endif // TESTING_FAULT_INJECTION_LIST_ROWS_H_
