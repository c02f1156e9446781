// Lists and slices of numbers that are bound to a pool directly.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "testing/fault_injection/list_rows.h"
#include "testing/fault_injection/list_types.h"
#include "testing/fault_injection/pool_state.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

#define PBA_NAME word_pool
#define PBA_BLOCK_SIZE 64
#define PBA_BACKING_REQUEST_SIZE 1024
#define PBA_SAFETY PBA_SAFETY_ALWAYS
#include "pba/define.h"

namespace {

word_pool pool;
std::vector<ba_memory> used_up; // of the pool

} // namespace

#define SAB_NAME pooled_words
#define SAB_TYPE uint32_t
#define SAB_ALLOCATOR pool
#define SAB_POOL_TYPE word_pool
#define SAB_SENTINEL 0xFFFFFFFFu
#define SAB_ALIGNMENT 64
#define SAB_SCALAR
#include "static_buffer/define.h"

namespace failures {

namespace {

// See words_test.cc.
struct PooledWords {
    FAILURES_LIST_TYPES(pooled_words)

    static constexpr Contract news = Contract::kMayRecover;
    static constexpr Contract clones = Contract::kNeedsNone;
    static constexpr bool has_backing_of_its_own = false;

    static void bind(ba_testing::StrictBacking *backing) {
        pool = word_pool_new(backing->allocator());
    }
    static void unbind() {
        for (const ba_memory &memory : used_up) {
            EXPECT_EQ(word_pool_free(&pool, memory, ba_align(1)).code, BA_OK);
        }
        used_up.clear();
        EXPECT_EQ(word_pool_release_all(&pool, PBA_REPORT_IN_USE).code, BA_OK);
    }
    static void use_up() {
        while (word_pool_largest_free(&pool).bytes != 0) {
            used_up.push_back(word_pool_alloc(&pool, ba_bytes(1), ba_align(1)));
        }
    }
    static std::string describe() { return describe_pool(&pool.core); }
    static void check() { check_pool(&pool.core); }

    static Element make(std::uint32_t value) { return value; }
    static std::uint32_t value_of(Element element) { return element; }
    static void drop(Element * /*element*/) {}
    static constexpr bool has_sentinel = true;
    static bool is_sentinel(Element element) { return element == 0xFFFFFFFFU; }
};

const Suite<ListFixture<PooledWords>> pooled_words = list_suite<PooledWords>("pooled_words", {});

} // namespace

} // namespace failures
