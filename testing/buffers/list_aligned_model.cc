// The model of a list of aligned structs with a sentinel, on a block allocator.
#include "testing/buffers/buffer_fixture.h"
#include "testing/buffers/list_block_world.h"
#include "testing/buffers/list_model.h"
#include "testing/buffers/list_model_steps.h"

#define SAB_NAME ended_wides
#define SAB_TYPE buffer_testing::Wide
#define SAB_ALLOCATOR buffer_testing::blocks_with_room
#define SAB_SENTINEL (buffer_testing::Wide{0, {}})
#define SAB_ALIGNMENT 64
#define SAB_EQUAL buffer_testing::equal_numbers
#define SAB_COMPARE buffer_testing::compare_numbers
#define SAB_SEVERITY BA_SEVERITY_LOG
#include "static_buffer/define.h"

namespace buffer_testing {

namespace {

struct EndedWides : OnBlocks<&BlockWorld::room> {
    LIST_KIND(ended_wides, Wide, kSentinel, 64, 64)
};

} // namespace

const ListModel ended_wides_model = {"ended_wides", run_list_model<EndedWides>};

} // namespace buffer_testing
