// ba::class_new: new and delete of a class, from an allocator of its own. C++11 and later.
//
//     static node_pool pool;
//     struct node_memory {
//         static ba_block_allocator allocator() { return node_pool_block_allocator(&pool); }
//     };
//     class node : public ba::class_new<node_memory> { ... };
//
//     node *one = new node(...);                       // throws ba::bad_alloc
//     node *maybe = new (ba::nothrow()) node(...);     // or null
//     delete one;
//
// Also for arrays, for classes derived from the class, each with its own size (one that is deleted
// through its base needs a virtual destructor, as always), and from C++17 on for alignments that
// are larger than usual; before, C++ does not tell how an object is to be aligned. Nothing is kept
// beside the objects: delete knows the size. Of an array the compiler keeps the count in front of
// the elements.
//
// The allocator is asked for at each call, must be the same each time, and must outlive the
// objects. What a constructor took that throws goes back.
#ifndef CPP_CLASS_NEW_H_
#define CPP_CLASS_NEW_H_

#include <cstddef>
#include <new>

#include "block_allocator/allocator.h"
#include "block_allocator/internal/language.h"
#include "block_allocator/memory.h"
#include "cpp/internal/upstream.h"

BA_HEADER_BEGIN

namespace ba {

// In a new-expression, says that null is wanted where there is no memory: new (ba::nothrow()) node.
// Not std::nothrow: where the constructor throws, C++ gives the memory back without a size, which
// this keeps meanwhile. Make one for each new-expression.
class nothrow {
  public:
    nothrow() noexcept : size_(0) {}

  private:
    template <typename Memory>
    friend class class_new;

    mutable std::size_t size_;
};

// `Memory` has a static function allocator() that returns a ba_allocator or a ba_block_allocator.
template <typename Memory>
class class_new {
  public:
    static void *operator new(std::size_t size) {
        return allocate(size, usual_alignment(), BA_CPP_CALLER_());
    }
    static void *operator new[](std::size_t size) {
        return allocate(size, usual_alignment(), BA_CPP_CALLER_());
    }
    static void operator delete(void *pointer, std::size_t size) noexcept {
        deallocate(pointer, size, usual_alignment(), BA_CPP_CALLER_());
    }
    static void operator delete[](void *pointer, std::size_t size) noexcept {
        deallocate(pointer, size, usual_alignment(), BA_CPP_CALLER_());
    }

    static void *operator new(std::size_t size, const nothrow &keeper) noexcept {
        return try_allocate(size, usual_alignment(), keeper, BA_CPP_CALLER_());
    }
    static void *operator new[](std::size_t size, const nothrow &keeper) noexcept {
        return try_allocate(size, usual_alignment(), keeper, BA_CPP_CALLER_());
    }
    // For a constructor that throws.
    static void operator delete(void *pointer, const nothrow &keeper) noexcept {
        deallocate(pointer, keeper.size_, usual_alignment(), BA_CPP_CALLER_());
    }
    static void operator delete[](void *pointer, const nothrow &keeper) noexcept {
        deallocate(pointer, keeper.size_, usual_alignment(), BA_CPP_CALLER_());
    }

    // Use ba::nothrow().
    static void *operator new(std::size_t, const std::nothrow_t &) = delete;
    static void *operator new[](std::size_t, const std::nothrow_t &) = delete;

    // In memory that is there already, as everywhere else.
    static void *operator new(std::size_t, void *place) noexcept { return place; }
    static void *operator new[](std::size_t, void *place) noexcept { return place; }
    static void operator delete(void *, void *) noexcept {}
    static void operator delete[](void *, void *) noexcept {}

#if defined(__cpp_aligned_new)
    static void *operator new(std::size_t size, std::align_val_t alignment) {
        return allocate(size, static_cast<std::size_t>(alignment), BA_CPP_CALLER_());
    }
    static void *operator new[](std::size_t size, std::align_val_t alignment) {
        return allocate(size, static_cast<std::size_t>(alignment), BA_CPP_CALLER_());
    }
    static void operator delete(void *pointer, std::size_t size,
                                std::align_val_t alignment) noexcept {
        deallocate(pointer, size, static_cast<std::size_t>(alignment), BA_CPP_CALLER_());
    }
    static void operator delete[](void *pointer, std::size_t size,
                                  std::align_val_t alignment) noexcept {
        deallocate(pointer, size, static_cast<std::size_t>(alignment), BA_CPP_CALLER_());
    }

    static void *operator new(std::size_t size, std::align_val_t alignment,
                              const nothrow &keeper) noexcept {
        return try_allocate(size, static_cast<std::size_t>(alignment), keeper, BA_CPP_CALLER_());
    }
    static void *operator new[](std::size_t size, std::align_val_t alignment,
                                const nothrow &keeper) noexcept {
        return try_allocate(size, static_cast<std::size_t>(alignment), keeper, BA_CPP_CALLER_());
    }
    static void operator delete(void *pointer, std::align_val_t alignment,
                                const nothrow &keeper) noexcept {
        deallocate(pointer, keeper.size_, static_cast<std::size_t>(alignment), BA_CPP_CALLER_());
    }
    static void operator delete[](void *pointer, std::align_val_t alignment,
                                  const nothrow &keeper) noexcept {
        deallocate(pointer, keeper.size_, static_cast<std::size_t>(alignment), BA_CPP_CALLER_());
    }
#endif

  private:
    // What an object has whose type does not ask for more.
    static constexpr std::size_t usual_alignment() noexcept {
#if defined(__STDCPP_DEFAULT_NEW_ALIGNMENT__)
        return __STDCPP_DEFAULT_NEW_ALIGNMENT__;
#else
        return alignof(std::max_align_t);
#endif
    }

    static ba_allocator upstream() {
        return internal::as_upstream(Memory::allocator());
    }

    static void *allocate(std::size_t size, std::size_t alignment, ba_call_site site) {
        return ba_memory_pointer(internal::allocate(upstream(), size, alignment, site));
    }

    static void *try_allocate(std::size_t size, std::size_t alignment, const nothrow &keeper,
                              ba_call_site site) {
        keeper.size_ = size;
        return ba_memory_pointer(internal::try_allocate(upstream(), size, alignment, site));
    }

    // delete of null may get here.
    static void deallocate(void *pointer, std::size_t size, std::size_t alignment,
                           ba_call_site site) {
        if (pointer != nullptr) {
            internal::deallocate(upstream(), pointer, size, alignment, site);
        }
    }
};

} // namespace ba

BA_HEADER_END

#endif // CPP_CLASS_NEW_H_
