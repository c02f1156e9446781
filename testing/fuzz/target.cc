#include "testing/fuzz/target.h"

#include <cstdlib>

#include "gtest/gtest.h"

namespace fuzz_testing {

void stop_at_failure() {
    if (::testing::Test::HasFailure()) {
        std::abort();
    }
}

} // namespace fuzz_testing
