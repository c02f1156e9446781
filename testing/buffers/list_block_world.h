// What the models of lists on a block allocator that is no pool share: backings that refuse. Misuse
// of the lists is reported and rejected, and the allocator may refuse to take memory back.
#ifndef TESTING_BUFFERS_LIST_BLOCK_WORLD_H_
#define TESTING_BUFFERS_LIST_BLOCK_WORLD_H_

#include <array>
#include <cstdint>
#include <string>

#include "block_allocator/error.h"
#include "testing/buffers/buffer_fixture.h"
#include "testing/buffers/list_model_steps.h"
#include "testing/misuse_recorder.h"
#include "testing/strict_backing.h"

namespace buffer_testing {

inline ba_block_allocator blocks_with_room;  // blocks of 64 bytes, some room after each grant
inline ba_block_allocator bytes_with_room;   // the same with blocks of one byte
inline ba_block_allocator blocks_that_remap; // blocks of 16 bytes that move

// Strict backings that refuse by bits, and what was reported.
class BlockWorld {
  public:
    explicit BlockWorld(std::uint64_t refusals)
        : room(&blocks_with_room, with_room(64, 320)), bytes(&bytes_with_room, with_room(1, 100)),
          remap(&blocks_that_remap, with_remap(16)) {
        for (ba_testing::StrictBacking *const backing : backings()) {
            backing->refuse_by_bits(refusals);
        }
    }

    std::size_t refused() {
        std::size_t sum = 0;
        for (const ba_testing::StrictBacking *const backing : backings()) {
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
    std::array<ba_testing::StrictBacking *, 3> backings() { return {&room, &bytes, &remap}; }

    ba_testing::MisuseRecorder misuse_;
};

template <BoundBacking BlockWorld::*kBacking>
struct OnBlocks {
    using World = BlockWorld;
    static constexpr bool takes_text = false;
    static constexpr bool logs = true;
    static ba_testing::StrictBacking *backing(World *world) { return &(world->*kBacking); }
    static Held held(const World &world) {
        return {(world.*kBacking).bytes(), (world.*kBacking).grants()};
    }
};

} // namespace buffer_testing

#endif // TESTING_BUFFERS_LIST_BLOCK_WORLD_H_
