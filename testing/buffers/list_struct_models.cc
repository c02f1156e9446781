// The models of lists of structs on a pool, which is called directly.
#include "testing/buffers/buffer_fixture.h"
#include "testing/buffers/list_model.h"
#include "testing/buffers/list_model_steps.h"
#include "testing/buffers/list_pool_world.h"

#define SAB_NAME ended_triples
#define SAB_TYPE buffer_testing::Triple
#define SAB_ALLOCATOR buffer_testing::pool
#define SAB_POOL_TYPE model_pool
#define SAB_SENTINEL (buffer_testing::Triple{0, 0, 0})
#define SAB_EQUAL buffer_testing::equal_numbers
#define SAB_COMPARE buffer_testing::compare_numbers
#include "static_buffer/define.h"

#define SAB_NAME wides
#define SAB_TYPE buffer_testing::Wide
#define SAB_ALLOCATOR buffer_testing::pool
#define SAB_POOL_TYPE model_pool
#define SAB_EQUAL buffer_testing::equal_numbers
#define SAB_COMPARE buffer_testing::compare_numbers
#include "static_buffer/define.h"

namespace buffer_testing {

namespace {

struct EndedTriples : OnPool {
    LIST_KIND(ended_triples, Triple, kSentinel, 64, 8)
};
struct Wides : OnPool {
    LIST_KIND(wides, Wide, kNoSentinel, 64, 4)
};

} // namespace

const ListModel ended_triples_model = {"ended_triples", run_list_model<EndedTriples>};
const ListModel wides_model = {"wides", run_list_model<Wides>};

} // namespace buffer_testing
