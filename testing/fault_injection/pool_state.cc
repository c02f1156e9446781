#include "testing/fault_injection/pool_state.h"

#include <algorithm>
#include <sstream>
#include <vector>

#include "gtest/gtest.h"

namespace failures {

namespace {

// The spans and holes of each chunk. Where chunks lie is not the pool's choice: they are sorted.
std::vector<std::string> chunks_of(pba_pool *pool) {
    std::vector<std::string> chunks;
    pba_pool_walk(
        pool,
        [](void *context, const pba_walk_item *item) {
            auto &shown = *static_cast<std::vector<std::string> *>(context);
            if (item->starts_chunk) {
                shown.emplace_back();
            }
            shown.back() += (item->kind == PBA_WALK_LIVE ? " span " : " hole ") +
                            std::to_string(item->length.bytes);
        },
        &chunks);
    std::sort(chunks.begin(), chunks.end());
    return chunks;
}

} // namespace

std::string describe_pool(pba_pool *pool) {
    const pba_stats stats = pba_pool_stats(pool);
    std::ostringstream text;
    text << "pool: payload " << stats.payload.bytes << ", in use " << stats.in_use.bytes
         << ", free " << stats.free.bytes << ", largest free " << pba_pool_largest_free(pool).bytes
         << ", at most " << stats.peak_payload.bytes << " and " << stats.peak_in_use.bytes
         << ", chunks " << stats.chunks << ", spans " << stats.spans << ", allocations "
         << stats.allocations << ", frees " << stats.frees << ", resizes " << stats.resizes
         << ", fragmentation " << pba_pool_fragmentation(pool) << "\n";
    for (const std::string &chunk : chunks_of(pool)) {
        text << "chunk:" << chunk << "\n";
    }
    return text.str();
}

void check_pool(pba_pool *pool) {
    EXPECT_EQ(pba_pool_verify(pool).code, BA_OK);
}

} // namespace failures
