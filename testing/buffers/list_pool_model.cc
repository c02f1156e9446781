// The models of the lists that are bound to a pool: to its type, or to its view.
#include <cstdint>
#include <string>
#include <vector>

#include "testing/buffers/buffer_fixture.h"
#include "testing/buffers/list_model.h"
#include "testing/buffers/list_model_steps.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

#define PBA_NAME model_pool
#define PBA_BLOCK_SIZE 64
#define PBA_BACKING_REQUEST_SIZE 256
#define PBA_SAFETY PBA_SAFETY_ALWAYS
#include "pba/define.h"

namespace {

using buffer_testing::compare_numbers;
using buffer_testing::equal_numbers;
using buffer_testing::Held;
using buffer_testing::kNoSentinel;
using buffer_testing::kSentinel;
using buffer_testing::Triple;
using buffer_testing::Wide;

model_pool pool;
ba_block_allocator pool_blocks; // the pool through its view

} // namespace

#define SAB_NAME text
#define SAB_TYPE char
#define SAB_ALLOCATOR pool_blocks
#define SAB_SENTINEL '\0'
#define SAB_SCALAR
#define SAB_BYTES
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

namespace {

// The pool, over a strict backing that refuses by bits.
class World {
  public:
    explicit World(std::uint64_t refusals) {
        pool = model_pool_new(below_.allocator());
        pool_blocks = model_pool_block_allocator(&pool);
        below_.refuse_by_bits(refusals);
    }
    ~World() { EXPECT_EQ(model_pool_release_all(&pool, PBA_REPORT_IN_USE).code, BA_OK); }
    World(const World &) = delete;
    World &operator=(const World &) = delete;

    std::size_t refused() const { return below_.refused(); }
    // A report ends the program.
    static std::string take_reports() { return ""; }

  private:
    ba_testing::StrictBacking below_;
};

struct OnPool {
    using World = ::World;
    static constexpr bool takes_text = false;
    static constexpr bool logs = false;
    static Held held(const World &) {
        const pba_stats stats = model_pool_stats(&pool);
        return {stats.in_use.bytes, static_cast<std::size_t>(stats.spans)};
    }
};

struct Text : OnPool {
    LIST_KIND(text, char, kSentinel, 64, 1)
    static constexpr bool takes_text = true;
};
struct Words : OnPool {
    LIST_KIND(words, std::uint32_t, kNoSentinel, 64, 4)
};
struct EndedWords : OnPool {
    LIST_KIND(ended_words, std::uint32_t, kSentinel, 64, 256)
};
struct EndedTriples : OnPool {
    LIST_KIND(ended_triples, Triple, kSentinel, 64, 8)
};
struct Wides : OnPool {
    LIST_KIND(wides, Wide, kNoSentinel, 64, 4)
};

} // namespace

namespace buffer_testing {

std::vector<ListModel> list_models_on_pools() {
    return {
        {"text", run_list_model<Text>},
        {"words", run_list_model<Words>},
        {"ended_words", run_list_model<EndedWords>},
        {"ended_triples", run_list_model<EndedTriples>},
        {"wides", run_list_model<Wides>},
    };
}

} // namespace buffer_testing
