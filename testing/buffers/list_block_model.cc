// The models of the lists that are bound to a block allocator that is no pool. Their misuse is
// reported and rejected, and the allocator may refuse to take memory back.
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "block_allocator/error.h"
#include "testing/buffers/buffer_fixture.h"
#include "testing/buffers/list_model.h"
#include "testing/buffers/list_model_steps.h"
#include "testing/misuse_recorder.h"
#include "testing/strict_backing.h"

namespace {

using ba_testing::StrictBacking;
using buffer_testing::BoundBacking;
using buffer_testing::compare_numbers;
using buffer_testing::equal_numbers;
using buffer_testing::Held;
using buffer_testing::kNoSentinel;
using buffer_testing::kSentinel;
using buffer_testing::Triple;
using buffer_testing::Wide;
using buffer_testing::with_remap;
using buffer_testing::with_room;

ba_block_allocator blocks_with_room;  // blocks of 64 bytes, some room behind each grant
ba_block_allocator bytes_with_room;   // the same with blocks of one byte
ba_block_allocator blocks_that_remap; // blocks of 16 bytes that move

} // namespace

#define SAB_NAME octets
#define SAB_TYPE unsigned char
#define SAB_ALLOCATOR blocks_that_remap
#define SAB_SCALAR
#define SAB_BYTES
#define SAB_SEVERITY BA_SEVERITY_LOG
#include "static_buffer/define.h"

#define SAB_NAME triples
#define SAB_TYPE Triple
#define SAB_ALLOCATOR bytes_with_room
#define SAB_EQUAL equal_numbers
#define SAB_COMPARE compare_numbers
#define SAB_SEVERITY BA_SEVERITY_LOG
#include "static_buffer/define.h"

#define SAB_NAME ended_wides
#define SAB_TYPE Wide
#define SAB_ALLOCATOR blocks_with_room
#define SAB_SENTINEL (Wide{0, {}})
#define SAB_ALIGNMENT 64
#define SAB_EQUAL equal_numbers
#define SAB_COMPARE compare_numbers
#define SAB_SEVERITY BA_SEVERITY_LOG
#include "static_buffer/define.h"

namespace {

// Strict backings that refuse by bits, and what was reported.
class World {
  public:
    explicit World(std::uint64_t refusals)
        : room(&blocks_with_room, with_room(64, 320)), bytes(&bytes_with_room, with_room(1, 100)),
          remap(&blocks_that_remap, with_remap(16)) {
        for (StrictBacking *const backing : backings()) {
            backing->refuse_by_bits(refusals);
        }
    }

    std::size_t refused() {
        std::size_t sum = 0;
        for (const StrictBacking *const backing : backings()) {
            sum += backing->refused();
        }
        return sum;
    }
    std::string take_reports() {
        std::string reports;
        for (std::size_t i = 0; i < misuse_.count(); i++) {
            const ba_misuse &misuse = misuse_.report(i).misuse;
            reports += std::string(misuse.allocator) + ": " + misuse.operation + ": " +
                       ba_error_name(misuse.error) + "\n";
        }
        misuse_.clear();
        return reports;
    }

    BoundBacking room;
    BoundBacking bytes;
    BoundBacking remap;

  private:
    std::array<StrictBacking *, 3> backings() { return {&room, &bytes, &remap}; }

    ba_testing::MisuseRecorder misuse_;
};

template <BoundBacking World::*kBacking>
struct OnBlocks {
    using World = ::World;
    static constexpr bool takes_text = false;
    static constexpr bool logs = true;
    static StrictBacking *backing(World *world) { return &(world->*kBacking); }
    static Held held(const World &world) {
        return {(world.*kBacking).bytes(), (world.*kBacking).grants()};
    }
};

struct Octets : OnBlocks<&World::remap> {
    LIST_KIND(octets, unsigned char, kNoSentinel, 16, 1)
    static constexpr bool takes_text = true;
};
struct Triples : OnBlocks<&World::bytes> {
    LIST_KIND(triples, Triple, kNoSentinel, 1, 8)
};
struct EndedWides : OnBlocks<&World::room> {
    LIST_KIND(ended_wides, Wide, kSentinel, 64, 64)
};

} // namespace

namespace buffer_testing {

std::vector<ListModel> list_models_on_blocks() {
    return {
        {"octets", run_list_model<Octets>},
        {"triples", run_list_model<Triples>},
        {"ended_wides", run_list_model<EndedWides>},
    };
}

} // namespace buffer_testing
