// The models of lists of bytes, and of structs whose blocks are bytes, on block allocators.
#include "testing/buffers/buffer_fixture.h"
#include "testing/buffers/list_block_world.h"
#include "testing/buffers/list_model.h"
#include "testing/buffers/list_model_steps.h"

#define SAB_NAME octets
#define SAB_TYPE unsigned char
#define SAB_ALLOCATOR buffer_testing::blocks_that_remap
#define SAB_SCALAR
#define SAB_BYTES
#define SAB_SEVERITY BA_SEVERITY_LOG
#include "static_buffer/define.h"

#define SAB_NAME triples
#define SAB_TYPE buffer_testing::Triple
#define SAB_ALLOCATOR buffer_testing::bytes_with_room
#define SAB_EQUAL buffer_testing::equal_numbers
#define SAB_COMPARE buffer_testing::compare_numbers
#define SAB_SEVERITY BA_SEVERITY_LOG
#include "static_buffer/define.h"

namespace buffer_testing {

namespace {

struct Octets : OnBlocks<&BlockWorld::remap> {
    LIST_KIND(octets, unsigned char, kNoSentinel, 16, 1)
    static constexpr bool takes_text = true;
};
struct Triples : OnBlocks<&BlockWorld::bytes> {
    LIST_KIND(triples, Triple, kNoSentinel, 1, 8)
};

} // namespace

const ListModel octets_model = {"octets", run_list_model<Octets>};
const ListModel triples_model = {"triples", run_list_model<Triples>};

} // namespace buffer_testing
