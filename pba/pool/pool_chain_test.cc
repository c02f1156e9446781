// Pools over pools, four levels deep.
#include <array>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "block_allocator/backing/page_allocator.h"
#include "testing/misuse_recorder.h"
#include "testing/pool/pool_fixture.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::MisuseRecorder;
using ba_testing::StrictBacking;
using ba_testing::StrictBackingOptions;
using pba_testing::bytes_of;
using pba_testing::small_options;
using pba_testing::TestPool;

// Block sizes from the outermost pool, which takes from the backing, to the innermost. Each asks
// for one block of the pool outside it.
constexpr std::array<std::size_t, 4> kBlocks = {16384, 4096, 512, 64};

pba_options level(std::size_t i) {
    pba_options options = small_options();
    options.block_size = kBlocks[i];
    options.backing_request_size = i == 0 ? kBlocks[0] * 4 : kBlocks[i - 1];
    options.call_sites = PBA_OFF;
    return options;
}

// Four pools; metadata has an allocator of its own, so that payload can be counted exactly.
class Chain {
  public:
    explicit Chain(ba_any_allocator backing, std::size_t outermost_limit = SIZE_MAX) {
        const ba_allocator second = metadata_.allocator();
        pba_setup setup = {};
        setup.metadata = &second;
        for (std::size_t i = 0; i < kBlocks.size(); i++) {
            pba_options options = level(i);
            options.byte_limit = i == 0 ? outermost_limit : SIZE_MAX;
            pools_[i] = std::make_unique<TestPool>(
                options,
                i == 0 ? backing
                       : ba_any_allocator_of_whole(pba_pool_block_allocator(pools_[i - 1]->get())),
                &setup);
        }
    }
    // From the innermost to the outermost.
    ~Chain() {
        while (depth_ > 0) {
            pools_[--depth_].reset();
        }
    }

    Chain(const Chain &) = delete;
    Chain &operator=(const Chain &) = delete;

    TestPool &pool(std::size_t i) { return *pools_[i]; }
    TestPool &innermost() { return *pools_[kBlocks.size() - 1]; }

  private:
    StrictBacking metadata_;
    std::array<std::unique_ptr<TestPool>, kBlocks.size()> pools_;
    std::size_t depth_ = kBlocks.size();
};

void use_all(Chain *chain) {
    std::vector<ba_memory> spans;
    for (std::size_t i = 0; i < 2000; i++) {
        const ba_memory memory = chain->innermost().alloc(1 + i % 500);
        ASSERT_FALSE(ba_memory_is_none(memory));
        std::memset(bytes_of(memory), 0x5A, ba_memory_length(memory).bytes);
        spans.push_back(memory);
    }
    for (std::size_t i = 0; i < kBlocks.size(); i++) {
        EXPECT_EQ(chain->pool(i).verify(), BA_OK);
    }
    for (const ba_memory &memory : spans) {
        EXPECT_EQ(chain->innermost().free(memory), BA_OK);
    }
}

TEST(ChainTest, WorksOverAStrictBacking) {
    StrictBacking backing;
    Chain chain(ba_any_allocator_of_exact(backing.allocator()));
    use_all(&chain);
}

TEST(ChainTest, WorksOverPages) {
    Chain chain(ba_any_allocator_of_whole(ba_page_block_allocator()));
    use_all(&chain);
}

TEST(ChainTest, AChunkThatIsExactlyAParentsSpanWastesNothing) {
    StrictBacking backing;
    Chain chain(ba_any_allocator_of_exact(backing.allocator()));
    for (std::size_t i = 0; i < 16384 / 64; i++) {
        EXPECT_FALSE(ba_memory_is_none(chain.innermost().alloc(64)));
    }
    for (std::size_t i = 1; i < kBlocks.size(); i++) {
        EXPECT_EQ(chain.pool(i - 1).stats().in_use.bytes, chain.pool(i).stats().payload.bytes);
        EXPECT_EQ(chain.pool(i).stats().in_use.bytes, 16384u);
        EXPECT_EQ(chain.pool(i).stats().free.bytes, 0u);
    }
    EXPECT_EQ(chain.pool(0).stats().payload.bytes, 65536u);
    EXPECT_EQ(backing.bytes(), 65536u);
}

TEST(ChainTest, ALimitPassesThrough) {
    StrictBacking backing;
    Chain chain(ba_any_allocator_of_exact(backing.allocator()), 100000);
    std::size_t spans = 0;
    ba_memory memory = chain.innermost().alloc(64);
    while (!ba_memory_is_none(memory)) {
        spans++;
        memory = chain.innermost().alloc(64);
    }
    EXPECT_EQ(ba_memory_error(memory).code, BA_LIMIT);
    EXPECT_EQ(spans * 64, backing.bytes()) << "to the last block";
    EXPECT_LE(backing.bytes(), 100000u);
}

TEST(ChainTest, AFailurePassesThroughAndChangesNothing) {
    StrictBacking backing;
    Chain chain(ba_any_allocator_of_exact(backing.allocator()));
    backing.refuse_from(1);
    EXPECT_EQ(ba_memory_error(chain.innermost().alloc(1)).code, BA_OUT_OF_MEMORY);
    for (std::size_t i = 0; i < kBlocks.size(); i++) {
        EXPECT_EQ(chain.pool(i).stats().payload.bytes, 0u);
        EXPECT_EQ(chain.pool(i).stats().failures, 1u);
    }
    backing.refuse_none();
    EXPECT_EQ(ba_memory_error(chain.innermost().alloc(1)).code, BA_OK);
}

TEST(ChainTest, ReleasesPassThrough) {
    StrictBacking backing;
    Chain chain(ba_any_allocator_of_exact(backing.allocator()));
    const ba_memory memory = chain.innermost().alloc(40000);
    EXPECT_EQ(chain.innermost().free(memory), BA_OK);
    for (std::size_t i = kBlocks.size(); i-- > 0;) {
        pba_pool_trim(chain.pool(i).get(), ba_bytes(0));
        EXPECT_EQ(chain.pool(i).stats().payload.bytes, 0u);
    }
    EXPECT_EQ(backing.bytes(), 0u);
}

TEST(ChainTest, APurgePassesThrough) {
    StrictBackingOptions discarding;
    discarding.discards = true;
    StrictBacking backing(discarding);
    Chain chain(ba_any_allocator_of_exact(backing.allocator()));
    const ba_memory first = chain.innermost().alloc(1024);
    const ba_memory second = chain.innermost().alloc(64);
    bytes_of(second)[0] = 0x5A;
    EXPECT_EQ(chain.innermost().free(first), BA_OK);
    EXPECT_EQ(pba_pool_purge(chain.innermost().get()).bytes, 1024u);
    EXPECT_EQ(backing.discarded(), 1024u) << "whole blocks of the pool below";
    EXPECT_EQ(bytes_of(second)[0], 0x5A);
}

TEST(ChainTest, APurgeWhereAllIsInUseAsksForNothing) {
    StrictBacking backing;
    MisuseRecorder misuse;
    Chain chain(ba_any_allocator_of_exact(backing.allocator()));
    EXPECT_FALSE(ba_memory_is_none(chain.pool(1).alloc(16384)));
    EXPECT_EQ(pba_pool_purge(chain.pool(1).get()).bytes, 0u);
    EXPECT_EQ(misuse.count(), 0u);
}

TEST(ChainTest, OnlyWhatLiesInOneSpanMayBeDiscarded) {
    StrictBacking backing;
    MisuseRecorder misuse;
    TestPool pool(small_options(), &backing);
    const ba_block_allocator blocks = pba_pool_block_allocator(pool.get());
    const ba_memory memory = pool.alloc(128);
    const auto discard = [&](std::size_t offset, std::size_t length) {
        return ba_length_result_error(
                   ba_block_discard(blocks, pba_testing::part_of(memory, offset, length)))
            .code;
    };
    EXPECT_EQ(discard(0, 128), BA_OK);
    EXPECT_EQ(discard(100, 28), BA_OK);
    EXPECT_EQ(misuse.count(), 0u);
    EXPECT_EQ(discard(100, 29), BA_SIZE_MISMATCH);
    EXPECT_EQ(discard(256, 1), BA_DOUBLE_FREE);
    EXPECT_EQ(discard(4096, 1), BA_FOREIGN);
    EXPECT_EQ(pool.free(memory), BA_OK);
    EXPECT_EQ(discard(0, 1), BA_DOUBLE_FREE);
    EXPECT_EQ(discard(64, 64), BA_DOUBLE_FREE);
    EXPECT_EQ(misuse.count(), 5u);
}

TEST(ChainTest, TheGuardBehindASpanIsNoPartOfIt) {
    StrictBacking backing;
    MisuseRecorder misuse;
    pba_options options = small_options();
    options.guard = PBA_ON;
    TestPool pool(options, &backing);
    const ba_block_allocator blocks = pba_pool_block_allocator(pool.get());
    const ba_memory memory = pool.alloc(128);
    const ba_memory guard = ba_memory_of(bytes_of(memory) + 128, ba_bytes(1));
    EXPECT_EQ(ba_length_result_error(ba_block_discard(blocks, guard)).code, BA_SIZE_MISMATCH);
    EXPECT_EQ(misuse.count(), 1u);
    EXPECT_EQ(backing.discarded(), 0u);
}

TEST(ChainTest, AParentThatDoesNotCheckDiscardsToo) {
    StrictBackingOptions discarding;
    discarding.discards = true;
    StrictBacking backing(discarding);
    pba_options options = small_options();
    options.safety = PBA_SAFETY_NEVER;
    TestPool pool(options, &backing);
    const ba_block_allocator blocks = pba_pool_block_allocator(pool.get());
    const ba_memory part = pba_testing::part_of(pool.alloc(256), 64, 100);
    EXPECT_EQ(ba_length_result_length(ba_block_discard(blocks, part)).bytes, 100u);
    EXPECT_EQ(backing.discarded(), 100u);
}

TEST(ChainTest, AParentThatIsDestroyedFirstReportsWhatItsChildrenHold) {
    StrictBacking backing;
    StrictBacking metadata;
    const ba_allocator second = metadata.allocator();
    MisuseRecorder misuse;
    pba_setup setup = {};
    setup.name = "parent";
    pba_options options = level(0);
    options.call_sites = PBA_ON;
    TestPool parent(options, &backing, &setup);
    pba_setup childs = {};
    childs.name = "child";
    childs.metadata = &second;
    TestPool child(level(1), ba_any_allocator_of_whole(pba_pool_block_allocator(parent.get())),
                   &childs);
    EXPECT_FALSE(ba_memory_is_none(pba_pool_alloc_at(child.get(), ba_bytes(1), ba_align(1),
                                                     ba_call_site_of_text("child.c:7"))));
    EXPECT_EQ(pba_pool_release_all(parent.get(), PBA_REPORT_IN_USE).code, BA_IN_USE);
    const std::string report = misuse.take();
    EXPECT_NE(report.find("parent: release_all(): IN_USE"), std::string::npos) << report;
    EXPECT_NE(report.find("16384 bytes in 1 allocation"), std::string::npos) << report;
    EXPECT_NE(report.find("at child.c:7"), std::string::npos) << report;
    EXPECT_EQ(pba_pool_release_all(child.get(), PBA_ALLOW_IN_USE).code, BA_OK)
        << "the parent refuses what is not its own any more";
    EXPECT_EQ(misuse.errors(), std::vector<ba_error_code>{BA_FOREIGN});
}

// The child's metadata is its own, so that it can be released after its parent.
TEST(ChainTest, WhatAChildHoldsIsReportedThoughMemoryMayBeInUse) {
    for (const bool over_blocks : {false, true}) {
        StrictBacking backing;
        StrictBacking metadata;
        const ba_allocator second = metadata.allocator();
        MisuseRecorder misuse;
        pba_setup setup = {};
        setup.name = "parent";
        TestPool parent(level(0), &backing, &setup);
        const ba_block_allocator blocks = pba_pool_block_allocator(parent.get());
        pba_setup childs = {};
        childs.metadata = &second;
        TestPool child(level(1),
                       over_blocks ? ba_any_allocator_of(blocks)
                                   : ba_any_allocator_of(ba_as_allocator(blocks)),
                       &childs);
        EXPECT_FALSE(ba_memory_is_none(child.alloc(1)));
        EXPECT_FALSE(ba_memory_is_none(parent.alloc(1))) << "that may be in use";
        EXPECT_EQ(pba_pool_reset(parent.get(), ba_bytes(0)).bytes, 0u);
        EXPECT_NE(misuse.take().find("parent: reset(): IN_USE"), std::string::npos);
        EXPECT_EQ(child.verify(), BA_OK) << "nothing was done";

        EXPECT_EQ(pba_pool_release_all(parent.get(), PBA_ALLOW_IN_USE).code, BA_IN_USE);
        const std::string report = misuse.take();
        EXPECT_NE(report.find("parent: release_all(): IN_USE"), std::string::npos) << report;
        EXPECT_NE(report.find("16384 bytes in 1 allocation"), std::string::npos) << report;
        EXPECT_EQ(pba_pool_release_all(parent.get(), PBA_ALLOW_IN_USE).code, BA_OK)
            << "it has forgotten them";
        (void)pba_pool_release_all(child.get(), PBA_ALLOW_IN_USE);
        EXPECT_EQ(misuse.errors(), (std::vector<ba_error_code>{BA_FOREIGN}));
        EXPECT_EQ(pba_pool_release_all(parent.get(), PBA_ALLOW_IN_USE).code, BA_OK);
    }
}

TEST(ChainTest, WhatAChildGaveBackIsNotReported) {
    StrictBackingOptions everything;
    everything.grows_in_place = true;
    everything.room = std::size_t{1} << 20;
    everything.remaps = true;
    StrictBacking backing(everything);
    MisuseRecorder misuse;
    TestPool parent(level(0), &backing);
    TestPool child(level(1), ba_any_allocator_of_whole(pba_pool_block_allocator(parent.get())));
    ba_memory memory = child.alloc(1);
    for (std::size_t length = 10000; length < 200000; length += 30000) {
        memory = child.realloc(memory, length);
        EXPECT_FALSE(ba_memory_is_none(memory));
        EXPECT_EQ(parent.get()->lent.bytes, parent.stats().in_use.bytes);
        EXPECT_EQ(parent.get()->lent.grants, parent.stats().spans);
    }
    EXPECT_EQ(pba_pool_release_all(child.get(), PBA_ALLOW_IN_USE).code, BA_OK);
    EXPECT_FALSE(ba_memory_is_none(parent.alloc(1)));
    EXPECT_EQ(pba_pool_release_all(parent.get(), PBA_ALLOW_IN_USE).code, BA_OK);
    EXPECT_EQ(misuse.count(), 0u);
}

TEST(ChainTest, AParentThatDoesNotCheckReportsOnlyWhatItIsAskedTo) {
    StrictBacking backing;
    StrictBacking books;
    const ba_allocator second = books.allocator();
    MisuseRecorder misuse;
    pba_setup setup = {};
    setup.metadata = &second;
    pba_options options = level(0);
    options.safety = PBA_SAFETY_NEVER;
    pba_pool parent;
    ASSERT_EQ(pba_pool_init(&parent, &options, ba_any_allocator_of(backing.allocator()), &setup),
              PBA_OPTIONS_OK);
    pba_pool child;
    pba_span_cache room;
    setup.span_cache = &room;
    options = level(1);
    ASSERT_EQ(pba_pool_init(&child, &options,
                            ba_any_allocator_of(pba_pool_block_allocator(&parent)), &setup),
              PBA_OPTIONS_OK);
    EXPECT_FALSE(ba_memory_is_none(pba_pool_alloc(&child, ba_bytes(1), ba_align(1))));
    EXPECT_EQ(pba_pool_reset(&parent, ba_bytes(0)).bytes, 65536u);
    EXPECT_EQ(pba_pool_release_all(&parent, PBA_ALLOW_IN_USE).code, BA_OK);
    EXPECT_EQ(misuse.count(), 0u);
    // The child is lost with its parent, but for its metadata.
    pba_chunk_set_release(&child.chunks, &child.account, ba_call_site_none());
    pba_metadata_release(&child.metadata, &child.account, ba_call_site_none());
}

TEST(ChainTest, AnAlignmentThatIsTooLargeEverPassesThroughAndNoHookIsAsked) {
    StrictBacking backing;
    std::size_t asked = 0;
    pba_setup setup = {};
    setup.hook = {[](void *context, ba_length, std::size_t) {
                      ++*static_cast<std::size_t *>(context);
                      return PBA_GIVE_UP;
                  },
                  &asked};
    TestPool parent(level(0), &backing, &setup);
    TestPool child(level(1), ba_any_allocator_of_whole(pba_pool_block_allocator(parent.get())),
                   &setup);
    EXPECT_EQ(
        ba_memory_error(child.alloc(1, std::size_t{1} << (sizeof(std::size_t) > 4 ? 34 : 30))).code,
        BA_BAD_ALIGN);
    EXPECT_EQ(ba_memory_error(child.alloc(1, SIZE_MAX / 2 + 1)).code, BA_BAD_ALIGN);
    EXPECT_EQ(asked, 0u);
    EXPECT_EQ(backing.grants(), 0u);
}

TEST(ChainTest, ARefusedGrowthLeavesAllLevelsAsTheyWere) {
    StrictBacking backing;
    TestPool parent(level(0), &backing);
    pba_options options = level(1);
    options.backing_request_size = options.block_size;
    TestPool child(options, ba_any_allocator_of_whole(pba_pool_block_allocator(parent.get())));
    for (int i = 0; i < 40; i++) {
        const ba_memory memory = child.alloc(kBlocks[0]);
        const std::size_t bytes = backing.bytes();
        const std::size_t in_use = parent.stats().in_use.bytes;
        if (!ba_length_result_is_none(child.try_resize(memory, kBlocks[0] + 1))) {
            continue; // there was room behind it
        }
        EXPECT_EQ(backing.bytes(), bytes);
        EXPECT_EQ(parent.stats().in_use.bytes, in_use);
    }
}

} // namespace
