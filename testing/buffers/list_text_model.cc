// The model of a text, on the view of a pool.
#include "testing/buffers/buffer_fixture.h"
#include "testing/buffers/list_model.h"
#include "testing/buffers/list_model_steps.h"
#include "testing/buffers/list_pool_world.h"

#define SAB_NAME text
#define SAB_TYPE char
#define SAB_ALLOCATOR buffer_testing::pool_blocks
#define SAB_SENTINEL '\0'
#define SAB_SCALAR
#define SAB_BYTES
#include "static_buffer/define.h"

namespace buffer_testing {

namespace {

struct Text : OnPool {
    LIST_KIND(text, char, kSentinel, 64, 1)
    static constexpr bool takes_text = true;
};

} // namespace

const ListModel text_model = {"text", run_list_model<Text>};

} // namespace buffer_testing
