// Why there is no memory, as an exception.
//
//     try {
//         names.emplace_back("...");
//     } catch (const ba::bad_alloc &refusal) {
//         if (refusal.error().code == BA_LIMIT) { ... }
//     }
//
// What //cpp throws where an allocator refuses. In code that is compiled without exceptions
// std::abort() ends the program in its place.
#ifndef CPP_BAD_ALLOC_H_
#define CPP_BAD_ALLOC_H_

#include <new>

#include "block_allocator/error.h"
#include "block_allocator/internal/language.h"

BA_HEADER_BEGIN

// There is no source that could keep the table of virtual functions.
#if defined(__clang__)
#pragma clang diagnostic ignored "-Wweak-vtables"
#endif

namespace ba {

// A std::bad_alloc that carries the allocator's error, such as BA_OUT_OF_MEMORY or BA_LIMIT.
class bad_alloc : public std::bad_alloc {
  public:
    explicit bad_alloc(ba_error error) noexcept : error_(error) {}

    ba_error error() const noexcept { return error_; }

    // As ba_error_message(): constant, never freed.
    const char *what() const noexcept override { return ba_error_message(error_); }

  private:
    ba_error error_;
};

} // namespace ba

BA_HEADER_END

#endif // CPP_BAD_ALLOC_H_
