#include "testing/fault_injection/panics.h"

#include <csetjmp>

#include "block_allocator/misuse.h"
#include "gtest/gtest.h"

namespace failures {

namespace {

// The call that is watched. Not on the stack, where a jump could lose it.
struct Watch {
    const char *allocator;
    const char *operation;
    ba_misuse_handler handler_before;
    ba_error_code error;
    std::jmp_buf back;
};

Watch watch;

void leave(void * /*context*/, const ba_misuse *misuse) {
    EXPECT_EQ(misuse->severity, BA_SEVERITY_PANIC);
    EXPECT_STREQ(misuse->allocator, watch.allocator);
    EXPECT_STREQ(misuse->operation, watch.operation);
    watch.error = misuse->error.code;
    std::longjmp(watch.back, 1);
}

} // namespace

ba_error_code error_of_call(const char *allocator, const char *operation,
                            void (*call)(void *context), void *context) {
    watch.allocator = allocator;
    watch.operation = operation;
    watch.error = BA_OK;
    watch.handler_before = ba_misuse_set_handler({leave, nullptr});
    if (setjmp(watch.back) == 0) {
        call(context);
    }
    ba_misuse_set_handler(watch.handler_before);
    return watch.error;
}

} // namespace failures
