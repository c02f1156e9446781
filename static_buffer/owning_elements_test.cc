// Elements that own something: each is dropped exactly once, clones are made of hooks, and a
// function whose clone or allocation fails leaves the list as it was.
#include <algorithm>
#include <cstring>
#include <functional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "testing/buffers/buffer_fixture.h"
#include "gtest/gtest.h"

namespace buffer_testing {

// An element with an identity of its own. 0 is no identity.
struct Token {
    std::uint32_t identity;
    std::uint32_t value;
};

} // namespace buffer_testing

namespace {

using buffer_testing::BoundBacking;
using buffer_testing::Token;
using buffer_testing::whole_blocks;
using buffer_testing::with_remap;
using buffer_testing::with_room;

ba_block_allocator blocks;

// Who lives, and which call of the clone hook fails.
std::set<std::uint32_t> living;
std::uint32_t newest = 0;
std::size_t clone_calls = 0;
std::size_t failing_clone = 0;

// What hooks do besides their task.
std::function<void()> look;

void look_around() {
    if (look) {
        look();
    }
}

Token make_token(std::uint32_t value) {
    living.insert(++newest);
    return {newest, value};
}

void drop_token(Token *token) {
    EXPECT_EQ(living.erase(token->identity), 1u) << "dropped twice, or never made";
    token->identity = 0xDEAD;
    look_around();
}

// Scribbles before it fails, as a clone does that is made part by part.
bool clone_token(Token *to, const Token *from) {
    EXPECT_EQ(living.count(from->identity), 1u) << "cloned after its end";
    *to = {0xBAD, 0xBAD};
    look_around();
    if (++clone_calls == failing_clone) {
        return false;
    }
    *to = make_token(from->value);
    return true;
}

bool equal_tokens(const Token *first, const Token *second) {
    return first->value == second->value;
}

} // namespace

#define SAB_NAME tokens
#define SAB_TYPE Token
#define SAB_ALLOCATOR blocks
#define SAB_DROP drop_token
#define SAB_CLONE clone_token
#define SAB_EQUAL equal_tokens
#include "static_buffer/define.h"

#define SAB_NAME ended_tokens
#define SAB_TYPE Token
#define SAB_ALLOCATOR blocks
#define SAB_SENTINEL (Token{0, 0})
#define SAB_DROP drop_token
#define SAB_CLONE clone_token
#define SAB_EQUAL equal_tokens
#include "static_buffer/define.h"

namespace {

struct Plain {
    using List = tokens_list;
    using Slice = tokens_slice;
    static constexpr bool has_sentinel = false;
    static ba_error try_with_capacity(List *list, std::size_t capacity) {
        return tokens_list_try_with_capacity(list, capacity);
    }
    static ba_error try_of(Slice *slice, std::size_t count) {
        return tokens_slice_try_of(slice, count);
    }
    static ba_error try_of_at_least(Slice *slice, std::size_t count) {
        return tokens_slice_try_of_at_least(slice, count);
    }
};

struct Ended {
    using List = ended_tokens_list;
    using Slice = ended_tokens_slice;
    static constexpr bool has_sentinel = true;
    static ba_error try_with_capacity(List *list, std::size_t capacity) {
        return ended_tokens_list_try_with_capacity(list, capacity);
    }
    static ba_error try_of(Slice *slice, std::size_t count) {
        return ended_tokens_slice_try_of(slice, count);
    }
    static ba_error try_of_at_least(Slice *slice, std::size_t count) {
        return ended_tokens_slice_try_of_at_least(slice, count);
    }
};

template <class Buffer>
std::vector<std::uint32_t> identities_of(const Buffer &buffer) {
    std::vector<std::uint32_t> identities;
    for (std::size_t i = 0; i < buffer.len; i++) {
        identities.push_back(buffer.ptr[i].identity);
    }
    return identities;
}

template <class Types>
class OwningElementsTest : public testing::Test {
  protected:
    using List = typename Types::List;
    using Slice = typename Types::Slice;

    OwningElementsTest() {
        living.clear();
        clone_calls = 0;
        failing_clone = 0;
    }

    static std::vector<Token> make_tokens(std::uint32_t count) {
        std::vector<Token> tokens;
        for (std::uint32_t i = 0; i < count; i++) {
            tokens.push_back(make_token(i % 3));
        }
        return tokens;
    }
    static List make_list(std::uint32_t count) {
        List list = {};
        const std::vector<Token> tokens = make_tokens(count);
        sab_append_items(&list, tokens.data(), tokens.size());
        return list;
    }
    static Slice make_slice(std::uint32_t count) {
        List list = make_list(count);
        return sab_into_slice(&list);
    }
    static void drop(std::vector<Token> tokens) {
        std::for_each(tokens.begin(), tokens.end(), [](Token &token) { drop_token(&token); });
    }

    // Those who live are the list's elements and no others.
    static void expect_only(const List &list) {
        std::vector<std::uint32_t> identities = identities_of(list);
        std::sort(identities.begin(), identities.end());
        EXPECT_EQ(identities, std::vector<std::uint32_t>(living.begin(), living.end()));
        if (Types::has_sentinel && list.cap != 0) {
            EXPECT_EQ(list.ptr[list.len].identity, 0u);
            EXPECT_EQ(list.ptr[list.len].value, 0u);
        }
    }

    // One call of a function. What it makes, it ends; what it moves in, it ends if the function
    // failed. Calls arm() just before the function.
    using Arm = std::function<void()>;
    struct Attempt {
        const char *name;
        std::function<ba_error(List *list, const Arm &arm)> run;
    };
    static std::vector<Attempt> attempts();

    // A list of 6 elements that is full or nearly so, and one that is empty.
    static std::vector<std::uint32_t> starts() { return {0, 6}; }
};

// Moves tokens in by a function.
#define MOVES_IN(name, count, call)                                                                \
    {                                                                                              \
        name, [](List *list, const Arm &arm) {                                                     \
            const std::vector<Token> items = make_tokens(count);                                   \
            arm();                                                                                 \
            const ba_error error = call;                                                           \
            if (ba_failed(error)) {                                                                \
                drop(items);                                                                       \
            }                                                                                      \
            return error;                                                                          \
        }                                                                                          \
    }
// Clones a value by a function.
#define CLONES(name, call)                                                                         \
    {                                                                                              \
        name, [](List *list, const Arm &arm) {                                                     \
            Token value = make_token(7);                                                           \
            arm();                                                                                 \
            const ba_error error = call;                                                           \
            drop_token(&value);                                                                    \
            return error;                                                                          \
        }                                                                                          \
    }
// Makes a new list or slice by a function.
#define MAKES(name, Type, call)                                                                    \
    {                                                                                              \
        name, [](List *list, const Arm &arm) {                                                     \
            (void)list;                                                                            \
            Type made = {};                                                                        \
            arm();                                                                                 \
            const ba_error error = call;                                                           \
            if (ba_failed(error)) {                                                                \
                EXPECT_EQ(made.ptr, nullptr);                                                      \
                EXPECT_EQ(made.len, 0u);                                                           \
            }                                                                                      \
            sab_release(&made);                                                                    \
            return error;                                                                          \
        }                                                                                          \
    }
// Makes slots by a function, and tokens there.
#define MAKES_SLOTS(name, call)                                                                    \
    {                                                                                              \
        name, [](List *list, const Arm &arm) {                                                     \
            Token *slots = nullptr;                                                                \
            arm();                                                                                 \
            const ba_error error = call;                                                           \
            EXPECT_EQ(slots == nullptr, ba_failed(error));                                         \
            for (std::size_t i = 0; slots != nullptr && i < 40; i++) {                             \
                slots[i] = make_token(9);                                                          \
            }                                                                                      \
            return error;                                                                          \
        }                                                                                          \
    }
// Changes a slice by a function.
#define CHANGES_SLICE(name, call)                                                                  \
    {                                                                                              \
        name, [](List *list, const Arm &arm) {                                                     \
            (void)list;                                                                            \
            Slice slice = make_slice(5);                                                           \
            const Slice before = slice;                                                            \
            const std::vector<std::uint32_t> identities = identities_of(slice);                    \
            arm();                                                                                 \
            const ba_error error = call;                                                           \
            if (ba_failed(error)) {                                                                \
                EXPECT_EQ(std::memcmp(&slice, &before, sizeof slice), 0);                          \
                EXPECT_EQ(identities_of(slice), identities);                                       \
            }                                                                                      \
            for (std::size_t i = 5; i < slice.len; i++) {                                          \
                slice.ptr[i] = make_token(9);                                                      \
            }                                                                                      \
            sab_release(&slice);                                                                   \
            return error;                                                                          \
        }                                                                                          \
    }

template <class Types>
std::vector<typename OwningElementsTest<Types>::Attempt> OwningElementsTest<Types>::attempts() {
    return {
        MOVES_IN("append", 1, sab_try_append(list, items[0])),
        MOVES_IN("insert", 1, sab_try_insert(list, list->len / 2, items[0])),
        MOVES_IN("append_items", 40, sab_try_append_items(list, items.data(), items.size())),
        MOVES_IN("insert_items", 40,
                 sab_try_insert_items(list, list->len / 2, items.data(), items.size())),
        MOVES_IN("replace", 40,
                 sab_try_replace(list, list->len / 3, list->len / 3, items.data(), items.size())),
        CLONES("append_n", sab_try_append_n(list, value, 9)),
        CLONES("insert_n", sab_try_insert_n(list, list->len / 2, value, 9)),
        CLONES("grow_len", sab_try_grow_len(list, list->len + 9, value)),
        MAKES_SLOTS("append_slots", sab_try_append_slots(list, 40, &slots)),
        MAKES_SLOTS("insert_slots", sab_try_insert_slots(list, list->len / 2, 40, &slots)),
        MAKES("with_capacity", List, Types::try_with_capacity(&made, 20)),
        MAKES("clone", List, sab_try_clone(list, &made)),
        MAKES("remove_range", List, sab_try_remove_range(list, 0, list->len / 2, &made)),
        MAKES("swap_remove_range", List, sab_try_swap_remove_range(list, 0, list->len / 2, &made)),
        MAKES("split_off", List, sab_try_split_off(list, list->len / 2, &made)),
        MAKES("part_into_slice", Slice, sab_try_part_into_slice(list, 0, list->len / 2, &made)),
        CHANGES_SLICE("resize", sab_try_resize(&slice, 40)),
        CHANGES_SLICE("resize, shorter", sab_try_resize(&slice, 2)),
        CHANGES_SLICE("resize_at_least", sab_try_resize_at_least(&slice, 40)),
        {"append_from_within",
         [](List *list, const Arm &arm) {
             arm();
             return sab_try_append_from_within(list, 0, list->len);
         }},
        {"append_slice",
         [](List *list, const Arm &arm) {
             Slice slice = make_slice(30);
             const Slice before = slice;
             arm();
             const ba_error error = sab_try_append_slice(list, &slice);
             const Slice expected = ba_failed(error) ? before : Slice{};
             EXPECT_EQ(std::memcmp(&slice, &expected, sizeof slice), 0);
             sab_release(&slice);
             return error;
         }},
        {"of",
         [](List *, const Arm &arm) {
             Slice slice = {};
             arm();
             const ba_error error = Types::try_of(&slice, 5);
             EXPECT_EQ(slice.len, ba_failed(error) ? 0u : 5u);
             std::generate_n(slice.ptr, slice.len, [] { return make_token(1); });
             sab_release(&slice);
             return error;
         }},
        {"of_at_least",
         [](List *, const Arm &arm) {
             Slice slice = {};
             arm();
             const ba_error error = Types::try_of_at_least(&slice, 5);
             EXPECT_EQ(slice.len >= 5, !ba_failed(error));
             std::generate_n(slice.ptr, slice.len, [] { return make_token(1); });
             sab_release(&slice);
             return error;
         }},
        {"slice clone",
         [](List *list, const Arm &arm) {
             Slice slice = sab_into_slice(list);
             Slice copy = {};
             arm();
             const ba_error error = sab_try_clone(&slice, &copy);
             EXPECT_EQ(copy.len, ba_failed(error) ? 0u : slice.len);
             sab_release(&copy);
             *list = sab_into_list(&slice);
             return error;
         }},
        {"ensure_capacity",
         [](List *list, const Arm &arm) {
             arm();
             return sab_try_ensure_capacity(list, list->cap + 1);
         }},
        {"ensure_unused",
         [](List *list, const Arm &arm) {
             arm();
             return sab_try_ensure_unused(list, list->cap + 1);
         }},
    };
}

using Kinds = testing::Types<Plain, Ended>;
// The comma: the macro takes more, and pedantic compilers want to see where.
TYPED_TEST_SUITE(OwningElementsTest, Kinds, );

TYPED_TEST(OwningElementsTest, AFailingCloneLeavesTheElementsAsTheyWere) {
    BoundBacking backing(&blocks, whole_blocks(16));
    std::size_t failures = 0;
    for (const auto &attempt : this->attempts()) {
        for (const std::uint32_t start : this->starts()) {
            for (std::size_t k = 1;; k++) {
                SCOPED_TRACE(std::string(attempt.name) + ", " + std::to_string(start) +
                             " elements, clone " + std::to_string(k));
                auto list = this->make_list(start);
                const std::vector<std::uint32_t> before = identities_of(list);
                const ba_error error = attempt.run(&list, [k] {
                    clone_calls = 0;
                    failing_clone = k;
                });
                const bool is_done = clone_calls < k;
                failing_clone = 0;
                EXPECT_EQ(error.code, is_done ? BA_OK : BA_OUT_OF_MEMORY);
                if (!is_done) {
                    EXPECT_EQ(identities_of(list), before);
                    failures++;
                }
                this->expect_only(list);
                sab_release(&list);
                EXPECT_TRUE(living.empty());
                EXPECT_EQ(backing.grants(), 0u);
                if (is_done || this->HasFailure()) {
                    break;
                }
            }
        }
    }
    EXPECT_EQ(failures, 9u * 3 * 2 + 6 * 3) << "three functions of 9 clones each, three of 6";
}

// With no error to return, and no right to go on.
TYPED_TEST(OwningElementsTest, AFailingCloneEndsTheProgramWhereRoomIsAssumed) {
    BoundBacking backing(&blocks, whole_blocks(16));
    auto list = this->make_list(3);
    sab_ensure_unused(&list, 2);
    Token value = make_token(7);
    failing_clone = 2;
    EXPECT_DEATH(sab_append_n_assume_capacity(&list, value, 2),
                 "tokens: append_n_assume_capacity\\(\\): OUT_OF_MEMORY");
    EXPECT_DEATH(sab_insert_n_assume_capacity(&list, 1, value, 2),
                 "tokens: insert_n_assume_capacity\\(\\): OUT_OF_MEMORY");
    EXPECT_DEATH(sab_append_from_within_assume_capacity(&list, 0, 2),
                 "tokens: append_from_within_assume_capacity\\(\\): OUT_OF_MEMORY");
    drop_token(&value);
    this->expect_only(list);
    sab_release(&list);
}

TYPED_TEST(OwningElementsTest, ARefusedAllocationLeavesEverythingAsItWas) {
    for (const auto &options : {whole_blocks(16), with_room(16, 64), with_remap(16)}) {
        BoundBacking backing(&blocks, options);
        for (const auto &attempt : this->attempts()) {
            for (const std::uint32_t start : this->starts()) {
                // Refused is the n-th call alone, or that and all after it.
                for (std::size_t n = 1; n <= 16; n++) {
                    for (const bool all : {false, true}) {
                        SCOPED_TRACE(std::string(attempt.name) + ", " + std::to_string(start) +
                                     " elements, call " + std::to_string(n) +
                                     (all ? " and all after it" : ""));
                        auto list = this->make_list(start);
                        const auto before = list;
                        const std::vector<std::uint32_t> identities = identities_of(list);
                        const ba_error error = attempt.run(&list, [&backing, n, all] {
                            all ? backing.refuse_from(n) : backing.refuse_nth(n);
                        });
                        if (all && backing.refused() == 0) {
                            EXPECT_EQ(error.code, BA_OK);
                        }
                        if (all && n == 1 && backing.refused() != 0) {
                            EXPECT_EQ(error.code, BA_OUT_OF_MEMORY);
                        }
                        backing.refuse_none();
                        if (ba_failed(error)) {
                            EXPECT_EQ(error.code, BA_OUT_OF_MEMORY);
                            EXPECT_EQ(std::memcmp(&list, &before, sizeof list), 0);
                            EXPECT_EQ(identities_of(list), identities);
                        }
                        this->expect_only(list);
                        sab_release(&list);
                        EXPECT_TRUE(living.empty());
                        EXPECT_EQ(backing.grants(), 0u);
                        ASSERT_FALSE(this->HasFailure());
                    }
                }
            }
        }
    }
}

TYPED_TEST(OwningElementsTest, ImpossibleLengthsAreNotAskedFor) {
    BoundBacking backing(&blocks, whole_blocks(16));
    auto list = this->make_list(6);
    const auto before = list;
    Token value = make_token(1);
    Token *slots = nullptr;
    backing.refuse_none();
    EXPECT_EQ(sab_try_append_n(&list, value, SIZE_MAX).code, BA_LIMIT);
    EXPECT_EQ(sab_try_append_n(&list, value, SIZE_MAX / sizeof value).code, BA_LIMIT);
    EXPECT_EQ(sab_try_insert_n(&list, 0, value, SIZE_MAX).code, BA_LIMIT);
    EXPECT_EQ(sab_try_grow_len(&list, SIZE_MAX, value).code, BA_LIMIT);
    EXPECT_EQ(sab_try_append_slots(&list, SIZE_MAX, &slots).code, BA_LIMIT);
    EXPECT_EQ(sab_try_insert_slots(&list, 0, SIZE_MAX, &slots).code, BA_LIMIT);
    EXPECT_EQ(slots, nullptr);
    EXPECT_EQ(backing.calls(), 0u);
    EXPECT_EQ(std::memcmp(&list, &before, sizeof list), 0);
    drop_token(&value);
    this->expect_only(list);
    sab_release(&list);
}

TYPED_TEST(OwningElementsTest, RemovedElementsAreDroppedOnceAndTheRestStays) {
    BoundBacking backing(&blocks, whole_blocks(16));
    auto list = this->make_list(30);
    const auto of = [](std::uint32_t value) { return make_token(value); };
    const auto expect = [&](std::size_t len) {
        EXPECT_EQ(list.len, len);
        this->expect_only(list);
    };
    sab_delete(&list, 29);
    sab_swap_delete(&list, 0);
    expect(28);
    sab_delete_range(&list, 2, 5);
    sab_swap_delete_range(&list, 20, 2);
    sab_swap_delete_range(&list, 0, 0);
    expect(21);
    sab_shrink_len(&list, 20);
    sab_shrink_len(&list, 20);
    expect(20);
    const std::vector<Token> items = this->make_tokens(3);
    sab_replace(&list, 4, 10, items.data(), items.size());
    sab_replace(&list, 0, 1, nullptr, 0);
    expect(12);
    sab_append(&list, of(5));
    sab_append(&list, of(5));
    sab_append(&list, of(5));
    sab_dedup(&list);
    EXPECT_LT(list.len, 14u);
    this->expect_only(list);
    std::uint32_t unwanted = 1;
    sab_retain(
        &list,
        [](void *context, const Token *token) {
            return token->value != *static_cast<std::uint32_t *>(context);
        },
        &unwanted);
    this->expect_only(list);
    sab_clear(&list);
    expect(0);
    sab_release(&list);
}

TYPED_TEST(OwningElementsTest, ElementsTakenOutBelongToTheCaller) {
    BoundBacking backing(&blocks, whole_blocks(16));
    auto list = this->make_list(30);
    std::vector<Token> taken(8);
    taken[0] = sab_remove(&list, 3);
    taken[1] = sab_swap_remove(&list, 3);
    taken[2] = sab_pop(&list);
    EXPECT_TRUE(sab_try_pop(&list, &taken[3]));
    sab_move_out(&list, 0, &taken[4]);
    sab_swap_move_out(&list, 0, &taken[5]);
    sab_move_out_range(&list, 0, 1, &taken[6]);
    sab_swap_move_out_range(&list, 0, 1, &taken[7]);
    sab_drain(
        &list, 1, 3,
        [](void *context, Token token) {
            static_cast<std::vector<Token> *>(context)->push_back(token);
        },
        &taken);
    EXPECT_EQ(taken.size(), 11u);
    EXPECT_EQ(living.size(), 30u) << "nothing was dropped";
    this->drop(taken);
    this->expect_only(list);
    auto parts = sab_into_raw(&list);
    this->expect_only(parts);
    sab_release(&list);
    this->expect_only(parts);
    sab_release(&parts);
    EXPECT_TRUE(living.empty());
}

// While a hook runs, the list that a function works on has living elements only, and its sentinel.
TYPED_TEST(OwningElementsTest, HooksNeverSeeElementsThatAreDroppedOrNotMadeYet) {
    using L = typename TypeParam::List;
    BoundBacking backing(&blocks, whole_blocks(16));
    struct Case {
        const char *name;
        std::size_t looks;
        std::function<void(L *list)> call;
    };
    const Case cases[] = {
        {"delete", 1, [](L *list) { sab_delete(list, 2); }},
        {"swap_delete", 1, [](L *list) { sab_swap_delete(list, 2); }},
        {"delete_range", 3, [](L *list) { sab_delete_range(list, 2, 3); }},
        {"delete_range at the end", 3, [](L *list) { sab_delete_range(list, 7, 3); }},
        {"swap_delete_range", 3, [](L *list) { sab_swap_delete_range(list, 2, 3); }},
        {"swap_delete_range near the end", 4, [](L *list) { sab_swap_delete_range(list, 5, 4); }},
        {"shrink_len", 5, [](L *list) { sab_shrink_len(list, 5); }},
        {"clear", 10, [](L *list) { sab_clear(list); }},
        {"release", 10, [](L *list) { sab_release(list); }},
        {"replace", 4,
         [](L *list) {
             const Token items[] = {make_token(1), make_token(2)};
             sab_replace(list, 1, 4, items, 2);
         }},
        {"replace by more", 1,
         [](L *list) {
             const Token items[] = {make_token(1), make_token(2)};
             sab_replace(list, 1, 1, items, 2);
         }},
        {"retain", 5,
         [](L *list) {
             sab_retain(
                 list,
                 [](void *, const Token *token) {
                     look_around();
                     return token->identity % 2 == 0;
                 },
                 nullptr);
         }},
        {"dedup", 9,
         [](L *list) {
             for (std::size_t i = 0; i < list->len; i++) {
                 sab_at_mut(list, i)->value = 1;
             }
             sab_dedup(list);
         }},
        {"drain", 3,
         [](L *list) {
             sab_drain(
                 list, 2, 3,
                 [](void *, Token token) {
                     living.erase(token.identity);
                     look_around();
                 },
                 nullptr);
         }},
        {"insert_n", 3,
         [](L *list) {
             Token value = make_token(1);
             sab_insert_n(list, 4, value, 3);
             living.erase(value.identity);
         }},
        {"append_n", 2,
         [](L *list) {
             Token value = make_token(1);
             sab_append_n(list, value, 2);
             living.erase(value.identity);
         }},
        {"append_from_within", 4, [](L *list) { sab_append_from_within(list, 3, 4); }},
    };
    for (const Case &one : cases) {
        SCOPED_TRACE(one.name);
        L list = this->make_list(10);
        std::size_t looks = 0;
        look = [&] {
            looks++;
            for (std::size_t i = 0; i < list.len; i++) {
                EXPECT_EQ(living.count(list.ptr[i].identity), 1u) << "at " << i;
            }
            if (TypeParam::has_sentinel && list.cap != 0) {
                EXPECT_EQ(list.ptr[list.len].identity, 0u);
            }
        };
        one.call(&list);
        look = nullptr;
        EXPECT_GE(looks, one.looks);
        this->expect_only(list);
        sab_release(&list);
        EXPECT_TRUE(living.empty());
    }
}

TYPED_TEST(OwningElementsTest, AShorterSliceDropsItsTail) {
    BoundBacking backing(&blocks, with_room(16, 64));
    auto slice = this->make_slice(9);
    const std::vector<std::uint32_t> before = identities_of(slice);
    sab_resize(&slice, 7);
    EXPECT_EQ(living.size(), 7u);
    EXPECT_TRUE(sab_resize_in_place(&slice, 5));
    EXPECT_EQ(living.size(), 5u);
    EXPECT_TRUE(sab_resize_at_least_in_place(&slice, 3));
    EXPECT_EQ(slice.len, TypeParam::has_sentinel ? 3u : 4u) << "32 bytes";
    EXPECT_EQ(living.size(), slice.len) << "what stays was not dropped";
    EXPECT_TRUE(std::equal(living.begin(), living.end(), before.begin()));
    sab_resize_at_least(&slice, 3);
    EXPECT_EQ(living.size(), slice.len);
    sab_resize(&slice, 0);
    EXPECT_TRUE(living.empty());
    EXPECT_EQ(backing.grants(), 0u);
}

} // namespace
