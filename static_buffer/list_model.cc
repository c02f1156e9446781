#include "static_buffer/list_model.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include "static_buffer/buffer_fixture.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

#define PBA_NAME model_pool
#define PBA_BLOCK_SIZE 64
#define PBA_BACKING_REQUEST_SIZE 4096
#define PBA_SAFETY PBA_SAFETY_ALWAYS
#include "pba/define.h"

namespace {

using ba_testing::ByteStream;
using buffer_testing::BoundBacking;
using buffer_testing::compare_numbers;
using buffer_testing::element_of;
using buffer_testing::elements_of;
using buffer_testing::equal_numbers;
using buffer_testing::number_of;
using buffer_testing::numbers_of;
using buffer_testing::Triple;
using buffer_testing::Wide;
using buffer_testing::with_remap;
using buffer_testing::with_room;

ba_block_allocator blocks_with_room;  // blocks of 64 bytes, some room behind each grant
ba_block_allocator bytes_with_room;   // the same with blocks of one byte
ba_block_allocator blocks_that_remap; // blocks of 16 bytes that move
ba_block_allocator pool_blocks;       // the pool below, through its view
model_pool pool;

constexpr std::size_t kNoSentinel = 0;
constexpr std::size_t kSentinel = 1;

} // namespace

#define SAB_NAME text
#define SAB_TYPE char
#define SAB_ALLOCATOR pool_blocks
#define SAB_SENTINEL '\0'
#define SAB_SCALAR
#define SAB_BYTES
#include "static_buffer/define.h"

#define SAB_NAME octets
#define SAB_TYPE unsigned char
#define SAB_ALLOCATOR blocks_that_remap
#define SAB_SCALAR
#include "static_buffer/define.h"

#define SAB_NAME words
#define SAB_TYPE uint32_t
#define SAB_ALLOCATOR pool
#define SAB_POOL_TYPE model_pool
#define SAB_SCALAR
#include "static_buffer/define.h"

#define SAB_NAME ended_words
#define SAB_TYPE uint32_t
#define SAB_ALLOCATOR pool
#define SAB_POOL_TYPE model_pool
#define SAB_SENTINEL 0xFFFFFFFFu
#define SAB_ALIGNMENT 256
#define SAB_SCALAR
#include "static_buffer/define.h"

#define SAB_NAME triples
#define SAB_TYPE Triple
#define SAB_ALLOCATOR bytes_with_room
#define SAB_EQUAL equal_numbers
#define SAB_COMPARE compare_numbers
#include "static_buffer/define.h"

#define SAB_NAME ended_triples
#define SAB_TYPE Triple
#define SAB_ALLOCATOR pool
#define SAB_POOL_TYPE model_pool
#define SAB_SENTINEL (Triple{0, 0, 0})
#define SAB_EQUAL equal_numbers
#define SAB_COMPARE compare_numbers
#include "static_buffer/define.h"

#define SAB_NAME wides
#define SAB_TYPE Wide
#define SAB_ALLOCATOR pool
#define SAB_POOL_TYPE model_pool
#define SAB_EQUAL equal_numbers
#define SAB_COMPARE compare_numbers
#include "static_buffer/define.h"

#define SAB_NAME ended_wides
#define SAB_TYPE Wide
#define SAB_ALLOCATOR blocks_with_room
#define SAB_SENTINEL (Wide{0, {}})
#define SAB_ALIGNMENT 64
#define SAB_EQUAL equal_numbers
#define SAB_COMPARE compare_numbers
#include "static_buffer/define.h"

namespace {

// What is alive of an allocator.
struct Held {
    std::size_t bytes;
    std::size_t spans;
};

bool operator==(const Held &first, const Held &second) {
    return first.bytes == second.bytes && first.spans == second.spans;
}

std::ostream &operator<<(std::ostream &out, const Held &held) {
    return out << held.bytes << " bytes in " << held.spans << " spans";
}

// All the allocators, over strict backings that refuse by bits.
struct World {
    explicit World(std::uint64_t refusals)
        : room(&blocks_with_room, with_room(64, 320)), bytes(&bytes_with_room, with_room(1, 100)),
          remap(&blocks_that_remap, with_remap(16)) {
        pool = model_pool_new(below.allocator());
        pool_blocks = model_pool_block_allocator(&pool);
        for (ba_testing::StrictBacking *const backing : backings()) {
            backing->refuse_by_bits(refusals);
        }
    }
    ~World() { EXPECT_EQ(model_pool_release_all(&pool, PBA_REPORT_IN_USE).code, BA_OK); }
    World(const World &) = delete;
    World &operator=(const World &) = delete;

    std::array<ba_testing::StrictBacking *, 4> backings() {
        return {&room, &bytes, &remap, &below};
    }
    // The calls that were refused until now.
    std::size_t refused() {
        std::size_t sum = 0;
        for (const ba_testing::StrictBacking *const backing : backings()) {
            sum += backing->refused();
        }
        return sum;
    }
    static Held of_pool() {
        const pba_stats stats = model_pool_stats(&pool);
        return {stats.in_use.bytes, static_cast<std::size_t>(stats.spans)};
    }

    BoundBacking room;
    BoundBacking bytes;
    BoundBacking remap;
    ba_testing::StrictBacking below;
};

Held held_by(const ba_testing::StrictBacking &backing) {
    return {backing.bytes(), backing.grants()};
}

// What a list type is, and its functions that no verb is named after.
template <class List>
struct Kind;
#define KIND(NAME, ELEMENT, EXTRA, BLOCK_SIZE, ALIGNMENT, HELD)                                    \
    template <>                                                                                    \
    struct Kind<NAME##_list> {                                                                     \
        using Element = ELEMENT;                                                                   \
        using Slice = NAME##_slice;                                                                \
        using View = NAME##_view;                                                                  \
        static constexpr std::size_t extra = EXTRA;                                                \
        static constexpr std::size_t block_size = BLOCK_SIZE;                                      \
        static constexpr std::size_t alignment = ALIGNMENT;                                        \
        static Held held(const World &world) {                                                     \
            (void)world;                                                                           \
            return HELD;                                                                           \
        }                                                                                          \
        static NAME##_list with_capacity(std::size_t capacity) {                                   \
            return NAME##_list_with_capacity(capacity);                                            \
        }                                                                                          \
        static ba_error try_with_capacity(NAME##_list *list, std::size_t capacity) {               \
            return NAME##_list_try_with_capacity(list, capacity);                                  \
        }                                                                                          \
        static NAME##_list take(NAME##_list parts) {                                               \
            return NAME##_list_take(parts.ptr, parts.len, parts.cap);                              \
        }                                                                                          \
        static NAME##_slice slice_of(std::size_t count) { return NAME##_slice_of(count); }         \
        static ba_error try_slice_of(NAME##_slice *slice, std::size_t count) {                     \
            return NAME##_slice_try_of(slice, count);                                              \
        }                                                                                          \
    };
KIND(text, char, kSentinel, 64, 1, World::of_pool())
KIND(octets, unsigned char, kNoSentinel, 16, 1, held_by(world.remap))
KIND(words, std::uint32_t, kNoSentinel, 64, 4, World::of_pool())
KIND(ended_words, std::uint32_t, kSentinel, 64, 256, World::of_pool())
KIND(triples, Triple, kNoSentinel, 1, 8, held_by(world.bytes))
KIND(ended_triples, Triple, kSentinel, 64, 8, World::of_pool())
KIND(wides, Wide, kNoSentinel, 64, 4, World::of_pool())
KIND(ended_wides, Wide, kSentinel, 64, 64, held_by(world.room))
#undef KIND

// A verb that puts elements in, in some form; true unless there was no memory.
#define IN_SOME_FORM(verb, count, ...)                                                             \
    in_some_form((count), [&] { sab_##verb(&list_, __VA_ARGS__); },                                \
                 [&] { return sab_try_##verb(&list_, __VA_ARGS__); },                              \
                 [&] { sab_##verb##_assume_capacity(&list_, __VA_ARGS__); })

// A list and the vector that tells what it must hold.
template <class List>
class Model {
  public:
    using Traits = Kind<List>;
    using Element = typename Traits::Element;
    using Slice = typename Traits::Slice;
    using Numbers = std::vector<std::uint32_t>;
    using Step = void (Model::*)();

    Model(ByteStream *bytes, std::uint64_t refusals)
        : world_(refusals), is_sure_(refusals == 0), bytes_(bytes) {}

    void run() {
        for (std::size_t i = 0; !bytes_->is_empty() && !testing::Test::HasFailure(); i++) {
            // A long list is made short again.
            const std::size_t number = numbers_.size() > 120 ? 0 : below(kSteps);
            SCOPED_TRACE(std::string("step ") + std::to_string(i) + ", " + kTable[number].name);
            before_ = list_;
            refused_ = world_.refused();
            (this->*kTable[number].step)();
            check(list_, numbers_);
            expect_held();
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
    struct Range {
        std::size_t first;
        std::size_t count;
    };

    // --- choices

    std::size_t below(std::size_t limit) { return bytes_->below(limit); }
    bool flip() { return bytes_->flip(); }
    // True for the form of a verb that ends the program if there is no memory.
    bool flip_to_plain() { return flip() && is_sure_; }
    std::uint32_t any_number() { return static_cast<std::uint32_t>(1 + below(12)); }
    Numbers any_numbers() {
        // Mostly few, sometimes none, now and then many.
        Numbers numbers(below(below(8) == 0 ? 40 : 5));
        std::generate(numbers.begin(), numbers.end(), [this] { return any_number(); });
        return numbers;
    }
    std::size_t any_index() { return below(numbers_.size() + 1); }
    Range any_range() {
        const std::size_t first = any_index();
        return {first, below(numbers_.size() - first + 1)};
    }

    // --- what must hold

    static void check(const List &list, const Numbers &expected) {
        EXPECT_EQ(numbers_of(list), expected);
        EXPECT_GE(list.cap, list.len);
        EXPECT_EQ(list.ptr != nullptr, list.cap != 0);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(list.ptr) % Traits::alignment, 0u);
        if constexpr (Traits::extra != 0) {
            const Element *end = list.cap != 0 ? list.ptr + list.len : sab_terminated(&list);
            EXPECT_EQ(std::memcmp(end, sentinel(), sizeof *end), 0);
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
    // The allocator sees the list's span and no other, and all of it is capacity.
    void expect_held() {
        EXPECT_EQ(Traits::held(world_), span_of(list_.cap));
        EXPECT_GT(span_of(list_.cap + 1).bytes, span_of(list_.cap).bytes);
    }
    // A second list came out: as it must be, and gone again.
    void check_and_release(List *other, const Numbers &expected) {
        check(*other, expected);
        sab_release(other);
        EXPECT_EQ(other->cap, 0u);
    }
    void check_and_release_slice(Slice *slice, const Numbers &expected) {
        EXPECT_EQ(numbers_of(*slice), expected);
        if constexpr (Traits::extra != 0) {
            const Element *end = sab_terminated(slice) + slice->len;
            EXPECT_EQ(std::memcmp(end, sentinel(), sizeof *end), 0);
        }
        sab_release(slice);
        EXPECT_EQ(slice->ptr, nullptr);
    }

    // --- the model's side

    void put(std::size_t index, const Numbers &numbers) {
        numbers_.insert(at(index), numbers.begin(), numbers.end());
    }
    Numbers::iterator at(std::size_t index) {
        return numbers_.begin() + static_cast<std::ptrdiff_t>(index);
    }
    Numbers part(Range range) { return {at(range.first), at(range.first + range.count)}; }
    Numbers cut(Range range) {
        Numbers gone = part(range);
        numbers_.erase(at(range.first), at(range.first + range.count));
        return gone;
    }
    // The last elements go into the gap, in order.
    Numbers swap_cut(Range range) {
        Numbers gone = part(range);
        const std::size_t behind = numbers_.size() - range.first - range.count;
        const std::size_t moved = std::min(behind, range.count);
        const Numbers tail = part({numbers_.size() - moved, moved});
        std::copy(tail.begin(), tail.end(), at(range.first));
        numbers_.resize(numbers_.size() - range.count);
        return gone;
    }
    Element element(std::uint32_t number) { return element_of<Element>(number); }

    // --- memory

    // True if there was memory; there is none only where a backing refused.
    bool had_memory(ba_error error) {
        if (!ba_failed(error)) {
            return true;
        }
        EXPECT_EQ(error.code, BA_OUT_OF_MEMORY);
        EXPECT_GT(world_.refused(), refused_);
        return false;
    }
    // The same for a verb on the list, which is as it was if there was none.
    bool done(ba_error error) {
        if (had_memory(error)) {
            return true;
        }
        EXPECT_EQ(std::memcmp(&before_, &list_, sizeof list_), 0);
        return false;
    }
    // Does a verb as it is, as try_, or with room made before.
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
            put(numbers_.size(), numbers);
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
            put(numbers_.size(), Numbers(count, number));
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
        put(numbers_.size(), numbers);
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
            put(numbers_.size(), part(range));
        }
    }
    void append_slice() {
        const Numbers numbers = any_numbers();
        Slice slice = {};
        if (flip_to_plain()) {
            slice = Traits::slice_of(numbers.size());
        } else if (!done(Traits::try_slice_of(&slice, numbers.size()))) {
            return;
        }
        fill(slice.ptr, numbers);
        if (flip_to_plain()) {
            sab_append_slice(&list_, &slice);
        } else if (!done(sab_try_append_slice(&list_, &slice))) {
            check_and_release_slice(&slice, numbers);
            return;
        }
        EXPECT_EQ(slice.ptr, nullptr);
        EXPECT_EQ(slice.len, 0u);
        put(numbers_.size(), numbers);
    }
    void remove() {
        if (numbers_.empty()) {
            return;
        }
        const Range range = {below(numbers_.size()), 1};
        Element item;
        switch (below(3)) {
        case 0:
            item = sab_remove(&list_, range.first);
            break;
        case 1:
            sab_transplant(&list_, range.first, &item);
            break;
        default:
            item = list_.ptr[range.first];
            sab_delete(&list_, range.first);
        }
        EXPECT_EQ(Numbers{number_of(item)}, cut(range));
    }
    void swap_remove() {
        if (numbers_.empty()) {
            return;
        }
        const Range range = {below(numbers_.size()), 1};
        Element item;
        switch (below(3)) {
        case 0:
            item = sab_swap_remove(&list_, range.first);
            break;
        case 1:
            sab_swap_transplant(&list_, range.first, &item);
            break;
        default:
            item = list_.ptr[range.first];
            sab_swap_delete(&list_, range.first);
        }
        EXPECT_EQ(Numbers{number_of(item)}, swap_cut(range));
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
    void transplant_range() {
        const Range range = any_range();
        std::vector<Element> taken(range.count);
        const bool swaps = flip();
        if (swaps) {
            sab_swap_transplant_range(&list_, range.first, range.count, taken.data());
        } else {
            sab_transplant_range(&list_, range.first, range.count, taken.data());
        }
        Numbers numbers;
        for (const Element &item : taken) {
            numbers.push_back(number_of(item));
        }
        EXPECT_EQ(numbers, swaps ? swap_cut(range) : cut(range));
    }
    void pop() {
        Element item = element(0);
        if (numbers_.empty()) {
            EXPECT_FALSE(sab_try_pop(&list_, &item));
            return;
        }
        if (flip()) {
            item = sab_pop(&list_);
        } else {
            EXPECT_TRUE(sab_try_pop(&list_, &item));
        }
        EXPECT_EQ(number_of(item), numbers_.back());
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
        EXPECT_EQ(drained, cut(range));
    }
    void retain() {
        std::uint32_t unwanted = any_number();
        sab_retain(
            &list_,
            [](void *context, const Element *item) {
                return number_of(*item) != *static_cast<const std::uint32_t *>(context);
            },
            &unwanted);
        numbers_.erase(std::remove(numbers_.begin(), numbers_.end(), unwanted), numbers_.end());
    }
    void dedup() {
        sab_dedup(&list_);
        numbers_.erase(std::unique(numbers_.begin(), numbers_.end()), numbers_.end());
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
            EXPECT_EQ(list_.cap, cap);
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
            EXPECT_EQ(list_.ptr, before);
            break;
        default:
            is_done = sab_ensure_unused_in_place(&list_, wanted - list_.len);
            EXPECT_EQ(list_.ptr, before);
        }
        EXPECT_EQ(list_.cap >= wanted, is_done);
    }
    void shrink_to_fit() {
        const Element *const before = list_.ptr;
        sab_shrink_to_fit(&list_);
        EXPECT_EQ(list_.ptr, numbers_.empty() ? nullptr : before);
        EXPECT_EQ(span_of(list_.cap), span_of(numbers_.size()));
    }
    void use_spare() {
        const std::size_t unused = list_.cap - list_.len;
        Slice spare = sab_spare(&list_);
        EXPECT_EQ(spare.len, unused);
        EXPECT_EQ(spare.ptr, unused != 0 ? list_.ptr + list_.len : nullptr);
        const std::size_t count = std::min<std::size_t>(unused, below(4));
        const Numbers numbers(count, any_number());
        fill(spare.ptr, numbers);
        sab_set_len(&list_, list_.len + numbers.size());
        put(numbers_.size(), numbers);
    }
    void grow_to_capacity() {
        const Numbers numbers(list_.cap - list_.len, any_number());
        Element *const added = sab_grow_to_capacity(&list_);
        EXPECT_EQ(added, list_.cap != 0 ? list_.ptr + numbers_.size() : nullptr);
        fill(added, numbers);
        put(numbers_.size(), numbers);
    }
    void sort() {
        if (below(3) == 0) {
            sab_sort(&list_);
            std::sort(numbers_.begin(), numbers_.end());
            const Element value = element(any_number());
            const sab_position position = sab_binary_search(&list_, &value);
            const auto range = std::equal_range(numbers_.begin(), numbers_.end(), number_of(value));
            EXPECT_EQ(position.found, range.first != range.second);
            EXPECT_EQ(position.index, static_cast<std::size_t>(range.first - numbers_.begin()));
        }
    }
    void reorder() {
        if (numbers_.empty() || flip()) {
            sab_reverse(&list_);
            std::reverse(numbers_.begin(), numbers_.end());
        } else {
            const std::size_t first = below(numbers_.size());
            const std::size_t second = below(numbers_.size());
            sab_swap(&list_, first, second);
            std::swap(numbers_[first], numbers_[second]);
        }
    }
    void find() {
        const Element value = element(any_number());
        const sab_position position = sab_find(&list_, &value);
        const auto found = std::find(numbers_.begin(), numbers_.end(), number_of(value));
        EXPECT_EQ(position.found, found != numbers_.end());
        EXPECT_EQ(position.index, static_cast<std::size_t>(found - numbers_.begin()));
    }
    void clone() {
        List copy = {};
        if (flip_to_plain()) {
            copy = sab_clone(&list_);
        } else if (!done(sab_try_clone(&list_, &copy))) {
            return;
        }
        EXPECT_TRUE(sab_equal(&list_, &copy));
        EXPECT_EQ(sab_compare(&list_, &copy), 0);
        if (done(sab_try_append(&copy, element(any_number())))) {
            EXPECT_FALSE(sab_equal(&list_, &copy));
            EXPECT_LT(sab_compare(&list_, &copy), 0);
            EXPECT_GT(sab_compare(&copy, &list_), 0);
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
        EXPECT_EQ(numbers_of(slice), numbers_);
        Slice copy = {};
        if (flip_to_plain()) {
            copy = sab_clone(&slice);
            check_and_release_slice(&copy, numbers_);
        } else if (had_memory(sab_try_clone(&slice, &copy))) {
            check_and_release_slice(&copy, numbers_);
        }
        list_ = sab_into_list(&slice);
        EXPECT_EQ(slice.ptr, nullptr);
    }
    void resize_slice() {
        Slice slice = sab_into_slice(&list_);
        const Slice before = slice;
        const std::size_t count = below(numbers_.size() + 20);
        bool is_done = true;
        switch (below(4)) {
        case 0:
            is_done = had_memory(sab_try_resize(&slice, count));
            break;
        case 1:
            is_done = had_memory(sab_try_resize_at_least(&slice, count));
            break;
        case 2:
            is_done = sab_resize_in_place(&slice, count);
            break;
        default:
            is_done = sab_resize_at_least_in_place(&slice, count);
        }
        if (is_done) {
            EXPECT_GE(slice.len, count);
            numbers_.resize(std::min(numbers_.size(), count));
            const Numbers added(slice.len - numbers_.size(), any_number());
            fill(slice.ptr + numbers_.size(), added);
            put(numbers_.size(), added);
        } else {
            EXPECT_EQ(std::memcmp(&before, &slice, sizeof slice), 0);
        }
        list_ = sab_into_list(&slice);
    }
    void through_parts() {
        const List before = list_;
        const List parts = sab_give(&list_);
        check(list_, {});
        list_ = Traits::take(parts);
        EXPECT_EQ(std::memcmp(&before, &list_, sizeof list_), 0);
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
            EXPECT_GE(list_.cap, capacity);
            EXPECT_EQ(span_of(list_.cap), span_of(capacity));
        }
    }
    void read() {
        const Range range = any_range();
        const typename Traits::View view = sab_view_range(&list_, range.first, range.count);
        EXPECT_EQ(numbers_of(view), part(range));
        EXPECT_EQ(numbers_of(sab_view(&list_)), numbers_);
        Numbers walked;
        for (const Element *i = sab_begin(&list_); i != sab_end(&list_); i++) {
            walked.push_back(number_of(*i));
        }
        EXPECT_EQ(walked, numbers_);
        if (!numbers_.empty()) {
            const std::size_t index = below(numbers_.size());
            EXPECT_EQ(sab_at(&list_, index), list_.ptr + index);
            EXPECT_EQ(sab_at_mut(&list_, index), list_.ptr + index);
            EXPECT_EQ(sab_first(&list_), list_.ptr);
            EXPECT_EQ(sab_last(&list_), list_.ptr + list_.len - 1);
        }
    }

#define STEP(name)                                                                                 \
    { #name, &Model::name }
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
                                       STEP(transplant_range),
                                       STEP(pop),
                                       STEP(drain),
                                       STEP(retain),
                                       STEP(dedup),
                                       STEP(split_off),
                                       STEP(clear),
                                       STEP(ensure),
                                       STEP(shrink_to_fit),
                                       STEP(use_spare),
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
                                       STEP(read)};
#undef STEP
    static constexpr std::size_t kSteps = std::size(kTable);

    World world_;
    bool is_sure_; // nothing is ever refused
    ByteStream *bytes_;
    List list_ = {};
    List before_ = {};        // the list when the step began
    std::size_t refused_ = 0; // by the backings, when the step began
    Numbers numbers_;
};

template <class List>
void run(ByteStream *bytes, std::uint64_t refusals) {
    Model<List>(bytes, refusals).run();
}

} // namespace

namespace buffer_testing {

const std::vector<ListModel> &list_models() {
#define MODEL(name)                                                                                \
    { #name, run < name##_list> }
    static const std::vector<ListModel> models = {
        MODEL(text),    MODEL(octets),        MODEL(words), MODEL(ended_words),
        MODEL(triples), MODEL(ended_triples), MODEL(wides), MODEL(ended_wides),
    };
#undef MODEL
    return models;
}

} // namespace buffer_testing
