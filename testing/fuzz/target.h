// What every fuzz target has: a function for one input, by the name that libFuzzer calls.
#ifndef TESTING_FUZZ_TARGET_H_
#define TESTING_FUZZ_TARGET_H_

#include <cstddef>
#include <cstdint>

// Runs one input. Ends the program if something is wrong; else returns 0, as libFuzzer wants it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t count);

namespace fuzz_testing {

// Ends the program if an expectation of GoogleTest was not met: to be called after each input.
// Outside of a test, GoogleTest reports the expectation and goes on.
void stop_at_failure();

} // namespace fuzz_testing

#endif // TESTING_FUZZ_TARGET_H_
