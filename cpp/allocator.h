// ba::allocator<T>: an allocator as the standard's containers take it. C++11 and later.
//
//     template <typename T> using node_list = std::list<T, ba::allocator<T>>;
//     node_list<int> numbers(ba::allocator<int>(node_pool_block_allocator(&pool)));
//
// Two words that borrow the allocator, which must outlive the containers. There is no default one:
// a container is told where its memory comes from. Each call costs the indirect call of the
// interface.
#ifndef CPP_ALLOCATOR_H_
#define CPP_ALLOCATOR_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <type_traits>

#include "block_allocator/allocator.h"
#include "block_allocator/block_allocator.h"
#include "block_allocator/internal/language.h"
#include "block_allocator/memory.h"
#include "cpp/internal/upstream.h"

BA_HEADER_BEGIN

namespace ba {

// What allocate_at_least() returns: std::allocation_result where there is one.
#if defined(__cpp_lib_allocate_at_least)
template <typename Pointer>
using allocation_result = std::allocation_result<Pointer>;
#else
template <typename Pointer>
struct allocation_result {
    Pointer ptr;
    std::size_t count;
};
#endif

template <typename T>
class allocator {
  public:
    using value_type = T;
    using size_type = std::size_t;
    using difference_type = std::ptrdiff_t;

    // A container that is assigned to keeps its allocator when it copies, and takes the other's
    // along when it moves or swaps, which then costs the same for all lengths.
    using propagate_on_container_copy_assignment = std::false_type;
    using propagate_on_container_move_assignment = std::true_type;
    using propagate_on_container_swap = std::true_type;
    using is_always_equal = std::false_type;

    template <typename U>
    struct rebind {
        using other = allocator<U>;
    };

    // Over an allocator of either kind.
    allocator(ba_allocator exact) noexcept : upstream_(exact) {}
    allocator(ba_block_allocator blocks) noexcept : upstream_(internal::as_upstream(blocks)) {}

    // For elements of another type, over the same allocator.
    template <typename U>
    allocator(const allocator<U> &other) noexcept : upstream_(other.upstream()) {}

    // The allocator, seen as an exact one.
    ba_allocator upstream() const noexcept { return upstream_; }

    // Room for `count` elements, aligned as their type is, larger alignments included. Throws
    // ba::bad_alloc with the allocator's error, or std::bad_array_new_length where no size_t can
    // hold the length. None are as one byte: a pointer of its own, that has to be given back.
    T *allocate(size_type count) {
        return static_cast<T *>(ba_memory_pointer(
            internal::allocate(upstream_, bytes_of(count), alignof(T), BA_CPP_CALLER_())));
    }

    // The same, and all the elements that fit into what was granted, which may be given back with
    // any count from the one asked for to the one returned.
    allocation_result<T *> allocate_at_least(size_type count) {
        const ba_memory memory =
            internal::allocate(upstream_, bytes_of(count), alignof(T), BA_CPP_CALLER_());
        return {static_cast<T *>(ba_memory_pointer(memory)),
                ba_memory_length(memory).bytes / element_size()};
    }

    // Misuse, such as a wrong count, is found and reported as by ba_free().
    void deallocate(T *pointer, size_type count) {
        internal::deallocate(upstream_, pointer, count * element_size(), alignof(T),
                             BA_CPP_CALLER_());
    }

    // The most elements that pointers can count, however much memory there is.
    size_type max_size() const noexcept {
        return static_cast<size_type>(PTRDIFF_MAX) / element_size();
    }

  private:
    static constexpr size_type element_size() noexcept {
        return sizeof(T); // NOLINT(bugprone-sizeof-expression): of a pointer, if that is the type
    }

    static size_type bytes_of(size_type count) {
        if (count > SIZE_MAX / element_size()) {
            BA_CPP_THROW_(std::bad_array_new_length());
        }
        return count * element_size();
    }

    ba_allocator upstream_;
};

// Equal are allocators over copies of one allocator value. Two values that were made of one pool in
// different source files may differ: make one, and pass it on.
template <typename T, typename U>
bool operator==(const allocator<T> &a, const allocator<U> &b) noexcept {
    return internal::is_same(a.upstream(), b.upstream());
}
template <typename T, typename U>
bool operator!=(const allocator<T> &a, const allocator<U> &b) noexcept {
    return !(a == b);
}

} // namespace ba

BA_HEADER_END

#endif // CPP_ALLOCATOR_H_
