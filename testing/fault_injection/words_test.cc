// Lists and slices of numbers, over a ba_block_allocator.
#include <cstddef>
#include <cstdint>
#include <string>

#include "block_allocator/block_allocator.h"
#include "testing/buffers/buffer_fixture.h"
#include "testing/fault_injection/list_rows.h"
#include "testing/fault_injection/list_types.h"

namespace {

ba_block_allocator word_blocks;

} // namespace

#define SAB_NAME words
#define SAB_TYPE uint32_t
#define SAB_ALLOCATOR word_blocks
#define SAB_SCALAR
#include "static_buffer/define.h"

namespace failures {

namespace {

struct Words {
    FAILURES_LIST_TYPES(words)

    // What a new list or slice does about a refusal, and what a clone does.
    static constexpr Contract news = Contract::kFails;
    static constexpr Contract clones = Contract::kNeedsNone;
    // Whether nobody stands between the types and the backing.
    static constexpr bool has_backing_of_its_own = true;

    static void bind(ba_testing::StrictBacking *backing) {
        word_blocks = backing->block_allocator();
    }
    static void unbind() {}
    // Takes what the backing need not be asked for.
    static void use_up() {}
    // What else there is to see.
    static std::string describe() { return ""; }
    static void check() {}

    static Element make(std::uint32_t value) { return value; }
    static std::uint32_t value_of(Element element) { return element; }
    static void drop(Element * /*element*/) {}
    static constexpr bool has_sentinel = false;
    static bool is_sentinel(Element /*element*/) { return false; }
};

using Rows = Suite<ListFixture<Words>>;

const Rows words = list_suite<Words>("words", buffer_testing::whole_blocks(16));
const Rows words_with_room =
    list_suite<Words>("words_with_room", buffer_testing::with_room(16, 4096));
const Rows words_that_remap = list_suite<Words>("words_that_remap", buffer_testing::with_remap(16));

} // namespace

} // namespace failures
