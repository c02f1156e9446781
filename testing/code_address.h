// Addresses of code, for tests of what reports say of them.
#ifndef TESTING_CODE_ADDRESS_H_
#define TESTING_CODE_ADDRESS_H_

#include <cstring>
#include <string>

#include "block_allocator/misuse/source_line.h"
#include "gtest/gtest.h"

namespace ba_testing {

// The address behind the call of this. Each call is one of its own, though all seem alike.
__attribute__((noinline)) inline const void *here() {
    __asm__ volatile("");
    return __builtin_return_address(0);
}

// What ba_source_line() writes into so many bytes.
inline std::string line_of(const void *address, std::size_t size = 4096) {
    std::string text(size, 'x');
    const bool is_known = ba_source_line(address, &text[0], size);
    text.resize(std::strlen(text.c_str()));
    EXPECT_EQ(is_known, !text.empty());
    return text;
}

} // namespace ba_testing

#endif // TESTING_CODE_ADDRESS_H_
