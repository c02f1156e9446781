#include "testing/fault_injection/live_memory.h"

#include <algorithm>

#include "gtest/gtest.h"

namespace failures {

ba_error_code LiveMemory::hold(ba_memory memory) {
    if (ba_memory_is_none(memory)) {
        return ba_memory_error(memory).code;
    }
    EXPECT_FALSE(is_held());
    memory_ = memory;
    auto *const bytes = static_cast<unsigned char *>(pointer());
    stamped_ = ba_memory_length(memory).bytes;
    for (std::size_t i = 0; i < stamped_; i++) {
        bytes[i] = stamp_of(i);
    }
    return BA_OK;
}

ba_error_code LiveMemory::resized(ba_length_result result) {
    if (!ba_length_result_is_none(result)) {
        memory_ = ba_memory_of(pointer(), ba_length_result_length(result));
        stamped_ = std::min(stamped_, ba_memory_length(memory_).bytes);
    }
    return ba_length_result_error(result).code;
}

ba_error_code LiveMemory::moved(ba_memory result) {
    if (!ba_memory_is_none(result)) {
        memory_ = result;
        stamped_ = std::min(stamped_, ba_memory_length(memory_).bytes);
    }
    return ba_memory_error(result).code;
}

ba_error_code LiveMemory::freed(ba_error result) {
    if (!ba_failed(result)) {
        *this = LiveMemory();
    }
    return result.code;
}

ba_error_code LiveMemory::discarded(ba_length_result result) {
    stamped_ = 0;
    return ba_length_result_error(result).code;
}

void LiveMemory::check() const {
    const auto *const bytes = static_cast<const unsigned char *>(pointer());
    for (std::size_t i = 0; i < stamped_; i++) {
        ASSERT_EQ(bytes[i], stamp_of(i)) << "overwritten at " << i << " of " << stamped_;
    }
}

std::string LiveMemory::describe() const {
    return is_held() ? std::to_string(ba_memory_length(memory_).bytes) + " bytes\n" : "none\n";
}

unsigned char LiveMemory::stamp_of(std::size_t offset) {
    return static_cast<unsigned char>(offset * 31 + 7);
}

} // namespace failures
