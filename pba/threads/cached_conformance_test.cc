// Pools with caches for threads keep the rules of the interfaces.
#include <memory>
#include <string>

#include "pba/cached_pool.h"
#include "testing/allocator_conformance.h"
#include "testing/counting_lock.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::AllocatorConformance;
using ba_testing::CountingLock;
using ba_testing::Finds;
using ba_testing::Instance;
using ba_testing::Subject;

class Cached : public Instance {
  public:
    explicit Cached(ba_allocator backing) {
        pba_options options = pba_options_default();
        options.block_size = 64;
        options.backing_request_size =
            PBA_CACHED_MIN_BYTES; // so many blocks that the thread gets a cache
        options.safety = PBA_SAFETY_ALWAYS;
        options.severity = BA_SEVERITY_LOG;
        options.call_sites = PBA_OFF;
        EXPECT_EQ(pba_cached_pool_init(&pool_, &options, ba_any_allocator_of_exact(backing),
                                       lock_.lock(), nullptr),
                  PBA_OPTIONS_OK);
    }
    ~Cached() override {
        EXPECT_EQ(pba_cached_pool_verify(&pool_).code, BA_OK);
        pba_cached_pool_release_all(&pool_, PBA_ALLOW_IN_USE);
    }
    ba_block_allocator blocks() override { return pba_cached_pool_block_allocator(&pool_); }

  private:
    CountingLock lock_;
    pba_cached_pool pool_;
};

Subject cached_pool() {
    Subject result;
    result.name = "CachedPool";
    result.make = [](ba_allocator backing) { return std::make_unique<Cached>(backing); };
    // Beyond what the backing gives, a pool still gives what happens to be so aligned.
    result.largest_alignment = Subject::kUnbounded;
    result.keeps_refused_frees = false; // A chunk that the backing refuses is forgotten.
    result.backing.grows_in_place = true;
    result.backing.room = 1 << 16;
    result.backing.remaps = true;
    result.backing.discards = true;
    result.finds = Finds{true, true, true, true};
    return result;
}

const AllocatorConformance cached{cached_pool()};

} // namespace
