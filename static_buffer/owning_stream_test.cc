// Random streams of functions on elements that own something, with clones and allocations that fail
// now and then. After each step the list holds what a plain vector says, and exactly its elements
// live.
#include <algorithm>
#include <random>
#include <set>
#include <vector>

#include "testing/buffers/buffer_fixture.h"
#include "gtest/gtest.h"

namespace buffer_testing {

// An element with an identity of its own.
struct Owner {
    std::uint32_t identity;
    std::uint32_t value;
};

} // namespace buffer_testing

namespace {

using buffer_testing::BoundBacking;
using buffer_testing::Owner;

ba_block_allocator blocks;

std::set<std::uint32_t> living;
std::uint32_t newest = 0;
// The clone that fails, counted down; 0 for none.
std::size_t failing_clone = 0;

Owner make_owner(std::uint32_t value) {
    living.insert(++newest);
    return {newest, value};
}

void drop_owner(Owner *owner) {
    EXPECT_EQ(living.erase(owner->identity), 1u) << "dropped twice, or never made";
}

bool clone_owner(Owner *to, const Owner *from) {
    EXPECT_EQ(living.count(from->identity), 1u) << "cloned after its end";
    if (failing_clone != 0 && --failing_clone == 0) {
        return false;
    }
    *to = make_owner(from->value);
    return true;
}

bool equal_owners(const Owner *first, const Owner *second) {
    return first->value == second->value;
}

} // namespace

#define SAB_NAME owners
#define SAB_TYPE Owner
#define SAB_ALLOCATOR blocks
#define SAB_DROP drop_owner
#define SAB_CLONE clone_owner
#define SAB_EQUAL equal_owners
#include "static_buffer/define.h"

namespace {

using Values = std::vector<std::uint32_t>;

class Stream {
  public:
    explicit Stream(unsigned seed, BoundBacking *backing) : random_(seed), backing_(backing) {}
    ~Stream() {
        sab_release(&list_);
        EXPECT_TRUE(living.empty());
    }

    Stream(const Stream &) = delete;
    Stream &operator=(const Stream &) = delete;

    void step() {
        static constexpr void (Stream::*steps[])() = {
            &Stream::append,   &Stream::append,     &Stream::insert_items, &Stream::append_items,
            &Stream::insert_n, &Stream::replace,    &Stream::repeat,       &Stream::remove_one,
            &Stream::delete_,  &Stream::take_range, &Stream::thin_out,     &Stream::copy,
            &Stream::as_slice, &Stream::part,       &Stream::resize,       &Stream::turn,
        };
        failing_clone = below(4) == 0 ? 1 + below(4) : 0;
        if (below(4) == 0) {
            backing_->refuse_nth(1 + below(2));
        }
        (this->*steps[below(sizeof steps / sizeof *steps)])();
        failing_clone = 0;
        backing_->refuse_none();
        check();
    }

  private:
    std::size_t below(std::size_t bound) { return random_() % bound; }
    std::size_t index() { return below(model_.size() + 1); }
    Values::iterator at(std::size_t index) {
        return model_.begin() + static_cast<std::ptrdiff_t>(index);
    }

    void check() {
        ASSERT_EQ(list_.len, model_.size());
        std::set<std::uint32_t> held;
        for (std::size_t i = 0; i < list_.len; i++) {
            ASSERT_EQ(list_.ptr[i].value, model_[i]) << "at " << i;
            held.insert(list_.ptr[i].identity);
        }
        ASSERT_EQ(held, living);
    }

    std::vector<Owner> make(std::size_t count) {
        std::vector<Owner> made;
        for (std::size_t i = 0; i < count; i++) {
            made.push_back(make_owner(static_cast<std::uint32_t>(below(5))));
        }
        return made;
    }
    static Values values_of(const std::vector<Owner> &owners) {
        Values values;
        for (const Owner &owner : owners) {
            values.push_back(owner.value);
        }
        return values;
    }
    // What a function refused to take is still the caller's.
    static bool taken(ba_error error, std::vector<Owner> *owners) {
        if (ba_failed(error)) {
            std::for_each(owners->begin(), owners->end(), [](Owner &owner) { drop_owner(&owner); });
            return false;
        }
        return true;
    }

    void append() {
        std::vector<Owner> one = make(1);
        if (taken(sab_try_append(&list_, one[0]), &one)) {
            model_.push_back(one[0].value);
        }
    }
    void append_items() {
        std::vector<Owner> owners = make(below(6));
        if (taken(sab_try_append_items(&list_, owners.data(), owners.size()), &owners)) {
            const Values values = values_of(owners);
            model_.insert(model_.end(), values.begin(), values.end());
        }
    }
    void insert_items() {
        const std::size_t place = index();
        std::vector<Owner> owners = make(below(6));
        if (taken(sab_try_insert_items(&list_, place, owners.data(), owners.size()), &owners)) {
            const Values values = values_of(owners);
            model_.insert(at(place), values.begin(), values.end());
        }
    }
    void insert_n() {
        const std::size_t place = index();
        const std::size_t count = below(5);
        std::vector<Owner> one = make(1);
        if (!ba_failed(sab_try_insert_n(&list_, place, one[0], count))) {
            model_.insert(at(place), count, one[0].value);
        }
        drop_owner(&one[0]);
    }
    void replace() {
        const std::size_t first = index();
        const std::size_t removed = below(model_.size() - first + 1);
        std::vector<Owner> owners = make(below(6));
        if (taken(sab_try_replace(&list_, first, removed, owners.data(), owners.size()), &owners)) {
            const Values values = values_of(owners);
            model_.erase(at(first), at(first + removed));
            model_.insert(at(first), values.begin(), values.end());
        }
    }
    void repeat() {
        const std::size_t first = index();
        const std::size_t count = std::min<std::size_t>(below(5), model_.size() - first);
        if (!ba_failed(sab_try_append_from_within(&list_, first, count))) {
            const Values values(at(first), at(first + count));
            model_.insert(model_.end(), values.begin(), values.end());
        }
    }
    void remove_one() {
        Owner gone;
        if (below(2) == 0 && sab_try_pop(&list_, &gone)) {
            model_.pop_back();
            drop_owner(&gone);
        } else if (!model_.empty()) {
            const std::size_t place = below(model_.size());
            gone = sab_swap_remove(&list_, place);
            model_[place] = model_.back();
            model_.pop_back();
            drop_owner(&gone);
        }
    }
    void delete_() {
        const std::size_t first = index();
        const std::size_t count = std::min<std::size_t>(below(4), model_.size() - first);
        if (below(2) == 0) {
            sab_delete_range(&list_, first, count);
            model_.erase(at(first), at(first + count));
        } else {
            sab_swap_delete_range(&list_, first, count);
            const std::size_t moved = std::min(count, model_.size() - first - count);
            std::copy(model_.end() - static_cast<std::ptrdiff_t>(moved), model_.end(), at(first));
            model_.resize(model_.size() - count);
        }
    }
    void take_range() {
        const std::size_t first = index();
        const std::size_t count = std::min<std::size_t>(below(4), model_.size() - first);
        owners_list removed = {};
        if (below(2) == 0) {
            sab_drain(
                &list_, first, count, [](void *, Owner owner) { drop_owner(&owner); }, nullptr);
        } else if (ba_failed(sab_try_remove_range(&list_, first, count, &removed))) {
            return;
        }
        sab_release(&removed);
        model_.erase(at(first), at(first + count));
    }
    void thin_out() {
        if (below(2) == 0) {
            sab_dedup(&list_);
            model_.erase(std::unique(model_.begin(), model_.end()), model_.end());
        } else {
            sab_retain(
                &list_, [](void *, const Owner *owner) { return owner->value != 3; }, nullptr);
            model_.erase(std::remove(model_.begin(), model_.end(), 3U), model_.end());
        }
    }
    void copy() {
        owners_list copy = {};
        if (!ba_failed(sab_try_clone(&list_, &copy))) {
            EXPECT_TRUE(sab_equal(&copy, &list_));
            sab_release(&list_);
            list_ = copy;
        }
    }
    void as_slice() {
        owners_slice slice = sab_into_slice(&list_);
        const std::size_t shorter = below(slice.len + 1);
        if (below(2) == 0 && !ba_failed(sab_try_resize(&slice, shorter))) {
            model_.resize(shorter);
        }
        list_ = sab_into_list(&slice);
    }
    void part() {
        const std::size_t first = index();
        const std::size_t count = below(model_.size() - first + 1);
        owners_slice slice = {};
        if (ba_failed(sab_try_part_into_slice(&list_, first, count, &slice))) {
            return;
        }
        const Values values(at(first), at(first + count));
        model_.erase(at(first), at(first + count));
        if (ba_failed(sab_try_append_slice(&list_, &slice))) {
            EXPECT_EQ(slice.len, count) << "still the caller's";
            sab_release(&slice);
        } else {
            model_.insert(model_.end(), values.begin(), values.end());
        }
    }
    void resize() {
        std::vector<Owner> one = make(1);
        const std::size_t longer = model_.size() + below(4);
        if (below(2) == 0) {
            const std::size_t shorter = index();
            sab_shrink_len(&list_, shorter);
            model_.resize(shorter);
            sab_shrink_to_fit(&list_);
        } else if (!ba_failed(sab_try_grow_len(&list_, longer, one[0]))) {
            model_.resize(longer, one[0].value);
        }
        drop_owner(&one[0]);
    }
    void turn() {
        sab_reverse(&list_);
        std::reverse(model_.begin(), model_.end());
        if (!model_.empty()) {
            sab_swap(&list_, 0, model_.size() - 1);
            std::swap(model_.front(), model_.back());
        }
    }

    std::mt19937 random_;
    BoundBacking *backing_;
    owners_list list_ = {};
    Values model_;
};

void run_streams(const ba_testing::StrictBackingOptions &options) {
    for (unsigned seed = 0; seed < 8 && !testing::Test::HasFailure(); seed++) {
        BoundBacking backing(&blocks, options);
        Stream stream(seed, &backing);
        for (int i = 0; i < 2000 && !testing::Test::HasFailure(); i++) {
            stream.step();
        }
    }
}

TEST(OwningStreamTest, WhereEachGrowthMoves) {
    run_streams(buffer_testing::whole_blocks(64));
}

TEST(OwningStreamTest, WhereThereIsRoomToGrowInto) {
    run_streams(buffer_testing::with_room(16, 256));
}

TEST(OwningStreamTest, WherePagesMove) {
    run_streams(buffer_testing::with_remap(64));
}

} // namespace
