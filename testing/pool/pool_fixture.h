// A pool over a strict backing, for tests: short calls, and everything given back at the end.
#ifndef TESTING_POOL_POOL_FIXTURE_H_
#define TESTING_POOL_POOL_FIXTURE_H_

#include <cstddef>
#include <cstdint>

#include "pba/pool.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace pba_testing {

// Blocks of 64 bytes, requests of 16 blocks, checked in every build, misuse logged.
inline pba_options small_options() {
    pba_options options = pba_options_default();
    options.block_size = 64;
    options.backing_request_size = 1024;
    options.safety = PBA_SAFETY_ALWAYS;
    options.severity = BA_SEVERITY_LOG;
    return options;
}

// The pointer as an integer.
inline std::uintptr_t address_of(ba_memory memory) {
    return reinterpret_cast<std::uintptr_t>(ba_memory_pointer(memory));
}

// The first byte.
inline unsigned char *bytes_of(ba_memory memory) {
    return static_cast<unsigned char *>(ba_memory_pointer(memory));
}

// The length in bytes.
inline std::size_t length_of(ba_memory memory) {
    return ba_memory_length(memory).bytes;
}

// A part of memory, from an offset on.
inline ba_memory part_of(ba_memory memory, std::size_t offset, std::size_t length) {
    return ba_memory_of(bytes_of(memory) + offset, ba_bytes(length));
}

// A pool that has room for its span cache, as a type has: its metadata is that of its chunks.
class TestPool {
  public:
    TestPool(const pba_options &options, ba_any_allocator backing, const pba_setup *setup = nullptr,
             int build_mode = BA_BUILD_MODE)
        : options_(options) {
        pba_setup with_room = setup != nullptr ? *setup : pba_setup{};
        with_room.span_cache = &room_;
        EXPECT_EQ(pba_pool_init_in_mode(&pool_, &options, backing, &with_room, build_mode),
                  PBA_OPTIONS_OK);
    }
    TestPool(const pba_options &options, ba_testing::StrictBacking *backing,
             const pba_setup *setup = nullptr, int build_mode = BA_BUILD_MODE)
        : TestPool(options, ba_any_allocator_of_exact(backing->allocator()), setup, build_mode) {}
    ~TestPool() {
        EXPECT_EQ(pba_pool_verify(&pool_).code, BA_OK);
        pba_pool_release_all(&pool_, PBA_ALLOW_IN_USE);
    }

    TestPool(const TestPool &) = delete;
    TestPool &operator=(const TestPool &) = delete;

    pba_pool *get() { return &pool_; }
    pba_span_cache *room() { return &room_; }
    const pba_options &options() const { return options_; }
    pba_stats stats() { return pba_pool_stats(&pool_); }
    ba_error_code verify() { return pba_pool_verify(&pool_).code; }

    ba_memory alloc(std::size_t length, std::size_t alignment = 1) {
        return pba_pool_alloc(&pool_, ba_bytes(length), ba_align(alignment));
    }
    ba_error_code free(ba_memory memory, std::size_t alignment = 1) {
        return pba_pool_free(&pool_, memory, ba_align(alignment)).code;
    }
    // The new length; 0 if refused.
    std::size_t resize(ba_memory memory, std::size_t length) {
        return ba_length_result_length(try_resize(memory, length)).bytes;
    }
    ba_length_result try_resize(ba_memory memory, std::size_t length, std::size_t alignment = 1) {
        return pba_pool_resize(&pool_, memory, ba_align(alignment), ba_bytes(length));
    }
    ba_length_result grow_between(ba_memory memory, std::size_t minimum, std::size_t wanted) {
        return pba_pool_grow_between(&pool_, memory, ba_align(1), ba_bytes(minimum),
                                     ba_bytes(wanted));
    }
    ba_memory remap(ba_memory memory, std::size_t length, std::size_t alignment = 1) {
        return pba_pool_remap(&pool_, memory, ba_align(alignment), ba_bytes(length));
    }
    ba_memory realloc(ba_memory memory, std::size_t length, std::size_t alignment = 1) {
        return pba_pool_realloc(&pool_, memory, ba_align(alignment), ba_bytes(length));
    }

  private:
    pba_options options_;
    pba_pool pool_;
    pba_span_cache room_;
};

} // namespace pba_testing

#endif // TESTING_POOL_POOL_FIXTURE_H_
