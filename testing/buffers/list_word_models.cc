// The models of lists of numbers on a pool, which is called directly.
#include "testing/buffers/buffer_fixture.h"
#include "testing/buffers/list_model.h"
#include "testing/buffers/list_model_steps.h"
#include "testing/buffers/list_pool_world.h"

#define SAB_NAME words
#define SAB_TYPE uint32_t
#define SAB_ALLOCATOR buffer_testing::pool
#define SAB_POOL_TYPE model_pool
#define SAB_SCALAR
#include "static_buffer/define.h"

#define SAB_NAME ended_words
#define SAB_TYPE uint32_t
#define SAB_ALLOCATOR buffer_testing::pool
#define SAB_POOL_TYPE model_pool
#define SAB_SENTINEL 0xFFFFFFFFu
#define SAB_ALIGNMENT 256
#define SAB_SCALAR
#include "static_buffer/define.h"

namespace buffer_testing {

namespace {

struct Words : OnPool {
    LIST_KIND(words, std::uint32_t, kNoSentinel, 64, 4)
};
struct EndedWords : OnPool {
    LIST_KIND(ended_words, std::uint32_t, kSentinel, 64, 256)
};

} // namespace

const ListModel words_model = {"words", run_list_model<Words>};
const ListModel ended_words_model = {"ended_words", run_list_model<EndedWords>};

} // namespace buffer_testing
