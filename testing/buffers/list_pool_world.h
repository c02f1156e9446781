// What the models of lists on a pool share: the pool, over a backing that refuses.
#ifndef TESTING_BUFFERS_LIST_POOL_WORLD_H_
#define TESTING_BUFFERS_LIST_POOL_WORLD_H_

#include <cstdint>
#include <string>

#include "testing/buffers/list_model_steps.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

#define PBA_NAME model_pool
#define PBA_BLOCK_SIZE 64
#define PBA_BACKING_REQUEST_SIZE 256
#define PBA_SAFETY PBA_SAFETY_ALWAYS
#include "pba/define.h"

namespace buffer_testing {

inline model_pool pool;
inline ba_block_allocator pool_blocks; // the pool through its view

// The pool, over a strict backing that refuses by bits.
class PoolWorld {
  public:
    explicit PoolWorld(std::uint64_t refusals) {
        pool = model_pool_new(below_.allocator());
        pool_blocks = model_pool_block_allocator(&pool);
        below_.refuse_by_bits(refusals);
    }
    ~PoolWorld() { EXPECT_EQ(model_pool_release_all(&pool, PBA_REPORT_IN_USE).code, BA_OK); }
    PoolWorld(const PoolWorld &) = delete;
    PoolWorld &operator=(const PoolWorld &) = delete;

    std::size_t refused() const { return below_.refused(); }
    // A report ends the program.
    static std::string take_reports() { return ""; }

  private:
    ba_testing::StrictBacking below_;
};

struct OnPool {
    using World = PoolWorld;
    static constexpr bool takes_text = false;
    static constexpr bool logs = false;
    static Held held(const World &) {
        const pba_stats stats = model_pool_stats(&pool);
        return {stats.in_use.bytes, static_cast<std::size_t>(stats.spans)};
    }
};

} // namespace buffer_testing

#endif // TESTING_BUFFERS_LIST_POOL_WORLD_H_
