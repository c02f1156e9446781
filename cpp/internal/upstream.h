// What the headers of //cpp share: memory of an allocator of either kind, as C++ asks for it. Not
// for users.
//
// Given back is the length that was asked for, over whole spans too: every allocator takes back any
// length from the one asked for to the one granted (block_allocator/implementing/operations.h).
#ifndef CPP_INTERNAL_UPSTREAM_H_
#define CPP_INTERNAL_UPSTREAM_H_

#include <cstddef>
#include <cstdlib>

#include "block_allocator/allocator.h"
#include "block_allocator/block_allocator.h"
#include "block_allocator/call_site.h"
#include "block_allocator/internal/language.h"
#include "block_allocator/memory.h"
#include "cpp/bad_alloc.h"

// BA_CPP_CALLER_(): the call site of a function that C++ calls by a name of its own. No macro can
// give it the line of its caller, so it is an address in all builds: the one that the function
// returns to, or, where the compiler put it into its caller, the one that the caller returns to.
#if defined(__GNUC__)
#define BA_CPP_CALLER_() ba_call_site_of_address(__builtin_return_address(0))
#define BA_CPP_COLD_ __attribute__((cold))
#else
#define BA_CPP_CALLER_() BA_HERE()
#define BA_CPP_COLD_
#endif

// Where code is compiled without exceptions, a throw is the end of the program.
#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
#define BA_CPP_THROW_(exception) throw exception
#else
#define BA_CPP_THROW_(exception) std::abort()
#endif

BA_HEADER_BEGIN

namespace ba {
namespace internal {

// C++ may ask for no bytes and wants a pointer of its own even then; an allocator wants at least
// one. A byte is asked for, and given back.
inline ba_length length_of(std::size_t bytes) noexcept {
    return ba_bytes(bytes + (bytes == 0 ? 1 : 0));
}

// The view that is kept of an allocator of either kind: their memory may be freed through either.
inline ba_allocator as_upstream(ba_allocator allocator) noexcept {
    return allocator;
}
inline ba_allocator as_upstream(ba_block_allocator blocks) noexcept {
    return ba_as_allocator(blocks);
}

// Whether memory of the one may be given back to the other.
inline bool is_same(ba_allocator a, ba_allocator b) noexcept {
    return a.context == b.context && a.operations == b.operations;
}

[[noreturn]] BA_CPP_COLD_ inline void refuse(ba_error error) {
    (void)error;
    BA_CPP_THROW_(bad_alloc(error));
}

// Memory of at least so many bytes, all that was granted, or none.
inline ba_memory try_allocate(ba_allocator upstream, std::size_t bytes, std::size_t alignment,
                              ba_call_site site) {
    return ba_block_alloc_at(ba_allocator_grants(upstream), length_of(bytes), ba_align(alignment),
                             site);
}

// The same, or throws a ba::bad_alloc.
inline ba_memory allocate(ba_allocator upstream, std::size_t bytes, std::size_t alignment,
                          ba_call_site site) {
    const ba_memory memory = try_allocate(upstream, bytes, alignment, site);
    if (!BA_LIKELY(!ba_memory_is_none(memory))) {
        refuse(ba_memory_error(memory));
    }
    return memory;
}

// Gives back what was allocated with the same bytes and alignment. What is misuse goes through the
// handler of misuse.
inline void deallocate(ba_allocator upstream, void *pointer, std::size_t bytes,
                       std::size_t alignment, ba_call_site site) {
    (void)ba_free_at(upstream, ba_memory_of(pointer, length_of(bytes)), ba_align(alignment), site);
}

} // namespace internal
} // namespace ba

BA_HEADER_END

#endif // CPP_INTERNAL_UPSTREAM_H_
