// ba::memory_resource: an allocator as a std::pmr::memory_resource. C++17.
//
//     ba::memory_resource nodes(node_pool_block_allocator(&pool));
//     std::pmr::map<int, int> squares(&nodes);
//
// Borrows the allocator, which must outlive the resource and all that it gave. Each call costs one
// virtual call and the indirect call of the interface. As safe to share between threads as the
// allocator is.
#ifndef CPP_MEMORY_RESOURCE_H_
#define CPP_MEMORY_RESOURCE_H_

#include <cstddef>
#include <memory_resource>

#include "block_allocator/allocator.h"
#include "block_allocator/block_allocator.h"
#include "block_allocator/internal/language.h"
#include "cpp/internal/upstream.h"

BA_HEADER_BEGIN

// There is no source that could keep the table of virtual functions.
#if defined(__clang__)
#pragma clang diagnostic ignored "-Wweak-vtables"
#endif

namespace ba {

class memory_resource final : public std::pmr::memory_resource {
  public:
    // Over an allocator of either kind.
    explicit memory_resource(ba_allocator exact) noexcept : upstream_(exact) {}
    explicit memory_resource(ba_block_allocator blocks) noexcept
        : upstream_(internal::as_upstream(blocks)) {}

    // The allocator, seen as an exact one.
    ba_allocator upstream() const noexcept { return upstream_; }

  private:
    // Throws ba::bad_alloc with the allocator's error; an alignment that the allocator cannot give
    // is BA_BAD_ALIGN. No bytes are as one: a pointer of its own, that has to be given back.
    void *do_allocate(std::size_t bytes, std::size_t alignment) override {
        return ba_memory_pointer(internal::allocate(upstream_, bytes, alignment, BA_CPP_CALLER_()));
    }

    // Misuse, such as a wrong size, is found and reported as by ba_free().
    void do_deallocate(void *pointer, std::size_t bytes, std::size_t alignment) override {
        internal::deallocate(upstream_, pointer, bytes, alignment, BA_CPP_CALLER_());
    }

    // Equal are resources over one allocator value, and, where there is run-time type information,
    // over copies of it. Two values that were made of one pool in different source files may
    // differ: make one, and pass it on.
    bool do_is_equal(const std::pmr::memory_resource &other) const noexcept override {
        if (this == &other) {
            return true;
        }
#if defined(__cpp_rtti) || defined(_CPPRTTI)
        const auto *const same_type = dynamic_cast<const memory_resource *>(&other);
        return same_type != nullptr && internal::is_same(upstream_, same_type->upstream_);
#else
        return false;
#endif
    }

    ba_allocator upstream_;
};

} // namespace ba

BA_HEADER_END

#endif // CPP_MEMORY_RESOURCE_H_
