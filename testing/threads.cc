#include "testing/threads.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <thread>

namespace ba_testing {
namespace {

const ba_alignment kAlignment = ba_align(16);

bool is_all(ba_memory memory, std::size_t bytes, unsigned char byte) {
    const auto *const first = static_cast<const unsigned char *>(ba_memory_pointer(memory));
    return std::all_of(first, first + bytes, [byte](unsigned char is) { return is == byte; });
}

// Makes memory longer, in place and then at another place. Returns what went wrong.
unsigned lengthen(ba_block_allocator blocks, ba_memory *memory, std::size_t length,
                  unsigned char stamp) {
    const ba_length_result longer =
        ba_block_resize(blocks, *memory, kAlignment, ba_bytes(2 * length));
    if (!ba_length_result_is_none(longer)) {
        *memory = ba_memory_of(ba_memory_pointer(*memory), ba_length_result_length(longer));
    }
    const unsigned wrong = !is_all(*memory, length, stamp);
    const ba_memory moved = ba_block_realloc(blocks, *memory, kAlignment, ba_bytes(3 * length));
    if (ba_memory_is_none(moved)) {
        return wrong + 1;
    }
    *memory = moved;
    return wrong;
}

unsigned use_once(ba_block_allocator blocks, std::size_t length, unsigned char stamp,
                  Resizing resizing) {
    ba_memory memory = ba_block_alloc(blocks, ba_bytes(length), kAlignment);
    if (ba_memory_is_none(memory)) {
        return 1;
    }
    std::memset(ba_memory_pointer(memory), stamp, length);
    unsigned wrong = 0;
    switch (resizing) {
    case Resizing::kAllowed:
        wrong = lengthen(blocks, &memory, length, stamp);
        break;
    case Resizing::kNone:
        break;
    }
    wrong += !is_all(memory, length, stamp);
    wrong += ba_block_free(blocks, memory, kAlignment).code != BA_OK;
    return wrong;
}

unsigned use(ba_block_allocator blocks, unsigned rounds, unsigned char stamp, Resizing resizing) {
    const std::size_t block = ba_block_allocator_block_size(blocks).bytes;
    unsigned wrong = 0;
    for (unsigned round = 0; round < rounds; round++) {
        wrong += use_once(blocks, (round % 5 + 1) * block, stamp, resizing);
    }
    return wrong;
}

} // namespace

unsigned use_in_threads(const std::vector<ba_block_allocator> &allocators, unsigned rounds,
                        Resizing resizing) {
    std::vector<unsigned> wrong(allocators.size());
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < allocators.size(); i++) {
        threads.emplace_back([&allocators, &wrong, rounds, resizing, i] {
            wrong[i] = use(allocators[i], rounds, static_cast<unsigned char>(i + 1), resizing);
        });
    }
    for (std::thread &thread : threads) {
        thread.join();
    }
    return std::accumulate(wrong.begin(), wrong.end(), 0U);
}

unsigned count_in_threads(unsigned threads, unsigned rounds, ba_lock lock) {
    unsigned count = 0;
    std::vector<std::thread> all;
    for (unsigned i = 0; i < threads; i++) {
        all.emplace_back([&count, rounds, lock] {
            for (unsigned round = 0; round < rounds; round++) {
                lock.lock(lock.context);
                count++;
                lock.unlock(lock.context);
            }
        });
    }
    for (std::thread &thread : all) {
        thread.join();
    }
    return count;
}

} // namespace ba_testing
