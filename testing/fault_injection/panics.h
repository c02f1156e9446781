// Calls that end the program for lack of memory, watched by a process that lives on.
#ifndef TESTING_FAULT_INJECTION_PANICS_H_
#define TESTING_FAULT_INJECTION_PANICS_H_

#include "block_allocator/error.h"

namespace failures {

// Runs a call; BA_OK if it returns. If it ends the program, the call is left where it reports that,
// and the error that it reports is returned; fails the test unless the report is a panic of the
// allocator and the operation that are named. Nothing on the way may have a destructor.
ba_error_code error_of_call(const char *allocator, const char *operation,
                            void (*call)(void *context), void *context);

// The same for a lambda.
template <class Call>
ba_error_code error_of_call(const char *allocator, const char *operation, Call call) {
    return error_of_call(
        allocator, operation, [](void *context) { (*static_cast<Call *>(context))(); }, &call);
}

} // namespace failures

#endif // TESTING_FAULT_INJECTION_PANICS_H_
