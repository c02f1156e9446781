// Lists and slices of elements that own memory of the same backing: a clone may fail too, and who
// owns what at the end of a failure shows in what comes back.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

#include "block_allocator/block_allocator.h"
#include "testing/buffers/buffer_fixture.h"
#include "testing/fault_injection/list_rows.h"
#include "testing/fault_injection/list_types.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace failures {

// An element: memory with a number in it. The sentinel has none.
struct Owner {
    ba_memory memory;
};

} // namespace failures

namespace {

using failures::Owner;

ba_block_allocator owner_blocks;

std::uint32_t number_in(const Owner &owner) {
    std::uint32_t number = 0;
    std::memcpy(&number, ba_memory_pointer(owner.memory), sizeof number);
    return number;
}

// False if there is no memory.
bool make_owner(Owner *owner, std::uint32_t number) {
    owner->memory =
        ba_block_alloc(owner_blocks, ba_bytes(sizeof number), ba_align_of(std::uint32_t));
    if (ba_memory_is_none(owner->memory)) {
        return false;
    }
    std::memcpy(ba_memory_pointer(owner->memory), &number, sizeof number);
    return true;
}

void drop_owner(Owner *owner) {
    EXPECT_EQ(ba_block_free(owner_blocks, owner->memory, ba_align_of(std::uint32_t)).code, BA_OK);
}

bool clone_owner(Owner *to, const Owner *from) {
    return make_owner(to, number_in(*from));
}

int compare_owners(const Owner *first, const Owner *second) {
    return (number_in(*first) > number_in(*second)) - (number_in(*first) < number_in(*second));
}

bool equal_owners(const Owner *first, const Owner *second) {
    return number_in(*first) == number_in(*second);
}

Owner nobody() {
    return {ba_memory_none(ba_error_of(BA_OK))};
}

} // namespace

#define SAB_NAME owners
#define SAB_TYPE Owner
#define SAB_ALLOCATOR owner_blocks
#define SAB_SENTINEL (nobody())
#define SAB_DROP drop_owner
#define SAB_CLONE clone_owner
#define SAB_COMPARE compare_owners
#define SAB_EQUAL equal_owners
#include "static_buffer/define.h"

namespace failures {

namespace {

// See words_test.cc.
struct Owners {
    FAILURES_LIST_TYPES(owners)

    static constexpr Contract news = Contract::kFails;
    static constexpr Contract clones = Contract::kFails;
    static constexpr bool has_backing_of_its_own = true;

    static void bind(ba_testing::StrictBacking *backing) {
        owner_blocks = backing->block_allocator();
    }
    static void unbind() {}
    static void use_up() {}
    static std::string describe() { return ""; }
    static void check() {}

    static Element make(std::uint32_t value) {
        Owner owner;
        EXPECT_TRUE(make_owner(&owner, value));
        return owner;
    }
    static std::uint32_t value_of(const Element &element) { return number_in(element); }
    static void drop(Element *element) { drop_owner(element); }
    static constexpr bool has_sentinel = true;
    static bool is_sentinel(const Element &element) { return ba_memory_is_none(element.memory); }
};

using Rows = Suite<ListFixture<Owners>>;

const Rows owners = list_suite<Owners>("owners", buffer_testing::whole_blocks(16));
const Rows owners_with_room =
    list_suite<Owners>("owners_with_room", buffer_testing::with_room(16, 4096));

} // namespace

} // namespace failures
