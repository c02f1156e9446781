// Pools keep the rules of the interfaces: over a backing, and over each other.
#include <memory>
#include <string>

#include "pba/locked_pool.h"
#include "pba/pool.h"
#include "testing/allocator_conformance.h"
#include "testing/counting_lock.h"
#include "gtest/gtest.h"

#define PBA_NAME conforming_pool
#define PBA_BLOCK_SIZE 256
#define PBA_SAFETY PBA_SAFETY_ALWAYS
#define PBA_SEVERITY BA_SEVERITY_LOG
#include "pba/define.h"

#define PBA_NAME conforming_locked_pool
#define PBA_BLOCK_SIZE 256
#define PBA_SAFETY PBA_SAFETY_ALWAYS
#define PBA_SEVERITY BA_SEVERITY_LOG
#define PBA_THREADS PBA_THREADS_LOCKED
#include "pba/define.h"

namespace {

using ba_testing::AllocatorConformance;
using ba_testing::CountingLock;
using ba_testing::Finds;
using ba_testing::Instance;
using ba_testing::Subject;

pba_options options_of(std::size_t block_size) {
    pba_options options = pba_options_default();
    options.block_size = block_size;
    options.safety = PBA_SAFETY_ALWAYS;
    options.severity = BA_SEVERITY_LOG;
    return options;
}

class Pool : public Instance {
  public:
    Pool(const pba_options &options, ba_any_allocator backing) {
        pba_pool_init_checked(&pool_, &options, backing, nullptr, BA_BUILD_MODE);
    }
    ~Pool() override { pba_pool_release_all(&pool_, PBA_ALLOW_IN_USE); }
    ba_block_allocator blocks() override { return pba_pool_block_allocator(&pool_); }
    ba_error_code reserve(std::size_t bytes) {
        return pba_pool_reserve(&pool_, ba_bytes(bytes)).code;
    }

  private:
    pba_pool pool_;
};

constexpr std::size_t kAhead = 1 << 20;

// What a parent takes for a child that then fails, it may keep, and then the backing's backing is not
// as before. So this one has memory ahead, and gives more than that back at once: where a size_t has
// 32 bits, a child asks for the record of a chunk of half of all memory before that is refused.
pba_options options_of_parent() {
    pba_options options = options_of(4096);
    options.auto_shrink = PBA_AUTO_SHRINK_SIMPLE;
    options.shrink_kind = PBA_THRESHOLD_FLAT;
    options.shrink_min = kAhead / 2;
    options.shrink_max = kAhead;
    return options;
}

// A pool that takes its chunks from another.
class Child : public Instance {
  public:
    explicit Child(ba_allocator backing)
        : parent_(options_of_parent(), ba_any_allocator_of_exact(backing)),
          child_(options_of(64), ba_any_allocator_of_whole(parent_.blocks())) {
        EXPECT_EQ(parent_.reserve(kAhead), BA_OK);
    }
    ba_block_allocator blocks() override { return child_.blocks(); }

  private:
    Pool parent_;
    Pool child_;
};

class Defined : public Instance {
  public:
    explicit Defined(ba_allocator backing) : pool_(conforming_pool_new(backing)) {}
    ~Defined() override { conforming_pool_release_all(&pool_, PBA_ALLOW_IN_USE); }
    ba_block_allocator blocks() override { return conforming_pool_block_allocator(&pool_); }

  private:
    conforming_pool pool_;
};

class Locked : public Instance {
  public:
    explicit Locked(ba_allocator backing) {
        const pba_options options = options_of(1024);
        EXPECT_EQ(pba_locked_pool_init(&pool_, &options, ba_any_allocator_of_exact(backing),
                                       lock_.lock(), nullptr),
                  PBA_OPTIONS_OK);
    }
    ~Locked() override { pba_locked_pool_release_all(&pool_, PBA_ALLOW_IN_USE); }
    ba_block_allocator blocks() override { return pba_locked_pool_block_allocator(&pool_); }

  private:
    CountingLock lock_;
    pba_locked_pool pool_;
};

class DefinedLocked : public Instance {
  public:
    explicit DefinedLocked(ba_allocator backing)
        : pool_(conforming_locked_pool_new(backing, lock_.lock())) {}
    ~DefinedLocked() override { conforming_locked_pool_release_all(&pool_, PBA_ALLOW_IN_USE); }
    ba_block_allocator blocks() override { return conforming_locked_pool_block_allocator(&pool_); }

  private:
    CountingLock lock_;
    conforming_locked_pool pool_;
};

Subject pool_subject(const std::string &name) {
    Subject result;
    result.name = name;
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

Subject pool_of(const std::string &name, const pba_options &options) {
    Subject result = pool_subject(name);
    result.make = [options](ba_allocator backing) {
        return std::make_unique<Pool>(options, ba_any_allocator_of_exact(backing));
    };
    return result;
}

template <typename T>
Subject pool_like(const std::string &name) {
    Subject result = pool_subject(name);
    result.make = [](ba_allocator backing) { return std::make_unique<T>(backing); };
    return result;
}

pba_options cautious() {
    pba_options options = options_of(64);
    options.guard = PBA_ON;
    options.fill = PBA_ON;
    options.secure_wipe = PBA_ON;
    return options;
}

const AllocatorConformance by_default{pool_of("Pool", options_of(1024))};
const AllocatorConformance small{pool_of("PoolOfSmallBlocks", options_of(64))};
const AllocatorConformance careful{pool_of("PoolWithGuardFillAndWipe", cautious())};
const AllocatorConformance child{pool_like<Child>("PoolOverAPool")};
const AllocatorConformance defined{pool_like<Defined>("PoolType")};
const AllocatorConformance locked{pool_like<Locked>("LockedPool")};
const AllocatorConformance defined_locked{pool_like<DefinedLocked>("LockedPoolType")};

} // namespace
