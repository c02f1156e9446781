// ba::class_new: new and delete of a class, from an allocator of its own. C++11 and later.
//
//     static node_pool pool;
//     struct node_memory {
//         static ba_block_allocator allocator() { return node_pool_block_allocator(&pool); }
//     };
//     class node : public ba::class_new<node_memory> { ... };
//
//     node *one = new node(...);                       // throws ba::bad_alloc
//     node *maybe = new (ba::nothrow{}) node(...);     // or null
//     delete one;
//
// Also for arrays, and for classes derived from the class, each with its own size (what is deleted
// through a base needs a virtual destructor, as always). Nothing is kept beside the objects: delete
// knows the size. Of an array the compiler keeps the count in front of the elements.
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

// In a new-expression, says that null is wanted where there is no memory: new (ba::nothrow{}) node.
// Not std::nothrow: where the constructor throws, C++ gives the memory back without a size, which
// this keeps meanwhile. Make one for each new-expression.
class nothrow {
  public:
    nothrow() noexcept : size_(0) {}

  private:
    template <typename Memory, std::size_t Alignment>
    friend class class_new;

    mutable std::size_t size_;
};

// The alignment that objects have whose types do not ask for more, in bytes.
#if defined(__STDCPP_DEFAULT_NEW_ALIGNMENT__)
constexpr std::size_t usual_alignment = __STDCPP_DEFAULT_NEW_ALIGNMENT__;
#else
constexpr std::size_t usual_alignment = alignof(std::max_align_t);
#endif

namespace internal {

// What a class's operator new would hide: in memory that is there already, as everywhere else.
template <typename Memory, bool IsAligned>
struct other_new {
    static void *operator new(std::size_t, void *place) noexcept { return place; }
    static void *operator new[](std::size_t, void *place) noexcept { return place; }
    static void operator delete(void *, void *) noexcept {}
    static void operator delete[](void *, void *) noexcept {}
};

#if defined(__cpp_aligned_new)
// A compile error.
template <typename Memory>
void *name_alignment() noexcept {
    static_assert(sizeof(Memory) == 0, "what is aligned more than usual has to derive from "
                                       "ba::class_new<Memory, Alignment>");
    return nullptr;
}

// And what is wrong where a class has not said that it is aligned more than usual. No deleted
// functions: gcc would then do without the alignment.
template <typename Memory>
struct other_new<Memory, false> : other_new<Memory, true> {
    using other_new<Memory, true>::operator new;
    using other_new<Memory, true>::operator new[];

    static void *operator new(std::size_t, std::align_val_t) noexcept {
        return name_alignment<Memory>();
    }
    static void *operator new[](std::size_t, std::align_val_t) noexcept {
        return name_alignment<Memory>();
    }
    static void *operator new(std::size_t, std::align_val_t, const nothrow &) noexcept {
        return name_alignment<Memory>();
    }
    static void *operator new[](std::size_t, std::align_val_t, const nothrow &) noexcept {
        return name_alignment<Memory>();
    }
};
#endif

} // namespace internal

// Memory: has a static function allocator() that returns a ba_allocator or a ba_block_allocator.
//
// Alignment: that of all objects, in bytes; no less than the class and those derived from it ask
// for, as in
//
//     class alignas(64) line : public ba::class_new<line_memory, 64> { ... };
//
// From C++17 on it is an error to make an object that asks for more than usual where nothing is
// said here. It has to be said, because C++ tells either the alignment to operator new or the size
// to the operator delete of an object whose constructor throws, not both.
template <typename Memory, std::size_t Alignment = usual_alignment>
class class_new : public internal::other_new<Memory, (Alignment > usual_alignment)> {
    static_assert(Alignment >= usual_alignment && (Alignment & (Alignment - 1)) == 0,
                  "the alignment is a power of two, no less than the usual one");

  public:
    static void *operator new(std::size_t size) { return allocate(size, BA_CPP_CALLER_()); }
    static void *operator new[](std::size_t size) { return allocate(size, BA_CPP_CALLER_()); }
    static void operator delete(void *pointer, std::size_t size) noexcept {
        deallocate(pointer, size, BA_CPP_CALLER_());
    }
    static void operator delete[](void *pointer, std::size_t size) noexcept {
        deallocate(pointer, size, BA_CPP_CALLER_());
    }

    static void *operator new(std::size_t size, const nothrow &keeper) noexcept {
        return try_allocate(size, keeper, BA_CPP_CALLER_());
    }
    static void *operator new[](std::size_t size, const nothrow &keeper) noexcept {
        return try_allocate(size, keeper, BA_CPP_CALLER_());
    }
    // For a constructor that throws.
    static void operator delete(void *pointer, const nothrow &keeper) noexcept {
        deallocate(pointer, keeper.size_, BA_CPP_CALLER_());
    }
    static void operator delete[](void *pointer, const nothrow &keeper) noexcept {
        deallocate(pointer, keeper.size_, BA_CPP_CALLER_());
    }

    // Use ba::nothrow{}.
    static void *operator new(std::size_t, const std::nothrow_t &) = delete;
    static void *operator new[](std::size_t, const std::nothrow_t &) = delete;

    using internal::other_new<Memory, (Alignment > usual_alignment)>::operator new;
    using internal::other_new<Memory, (Alignment > usual_alignment)>::operator new[];
    using internal::other_new<Memory, (Alignment > usual_alignment)>::operator delete;
    using internal::other_new<Memory, (Alignment > usual_alignment)>::operator delete[];

  private:
    static ba_allocator upstream() { return internal::as_upstream(Memory::allocator()); }

    static void *allocate(std::size_t size, ba_call_site site) {
        return ba_memory_pointer(internal::allocate(upstream(), size, Alignment, site));
    }

    static void *try_allocate(std::size_t size, const nothrow &keeper, ba_call_site site) {
        keeper.size_ = size;
        return ba_memory_pointer(internal::try_allocate(upstream(), size, Alignment, site));
    }

    // delete of null may get here.
    static void deallocate(void *pointer, std::size_t size, ba_call_site site) {
        if (pointer != nullptr) {
            internal::deallocate(upstream(), pointer, size, Alignment, site);
        }
    }
};

} // namespace ba

BA_HEADER_END

#endif // CPP_CLASS_NEW_H_
