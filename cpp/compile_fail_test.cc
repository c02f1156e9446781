// Wrong uses of //cpp that a C++ compiler must refuse, for the stated reason.
#include <cstddef>
#include <new>

#include "block_allocator/allocator.h"
#include "cpp/allocator.h"
#include "cpp/class_new.h"

struct Memory {
    static ba_allocator allocator();
};
struct Node : ba::class_new<Memory> {
    int number = 0;
};
struct alignas(128) Wide : ba::class_new<Memory> {
    int number = 0;
};
struct alignas(128) DerivedWide : Node {};
struct alignas(128) NamedWide : ba::class_new<Memory, 128> {
    int number = 0;
};

void *uses(ba_allocator allocator, void *place);

void *uses(ba_allocator allocator, void *place) {
    const ba::allocator<int> ints(allocator);
    delete new NamedWide;
    delete new (ba::nothrow{}) NamedWide;
    delete new Node;
    place = new (place) Wide;
#ifdef ALLOCATOR_OF_NOTHING
    // expect gcc: no matching function for call to .ba::allocator<int>::allocator
    // expect clang: no matching constructor for initialization of .ba::allocator<int>
    return new ba::allocator<int>;
#endif
#ifdef NOTHROW_OF_STD
    // expect gcc: use of deleted function .static void. ba::class_new
    // expect clang: call to deleted function .operator new
    return new (std::nothrow) Node;
#endif
#ifdef ARRAY_NOTHROW_OF_STD
    // expect gcc: use of deleted function .static void. ba::class_new
    // expect clang: call to deleted function .operator new
    return new (std::nothrow) Node[2];
#endif
#ifdef ALIGNMENT_NOT_NAMED
    // expect: what is aligned more than usual has to derive from ba::class_new<Memory, Alignment>
    return new Wide;
#endif
#ifdef ALIGNMENT_OF_ARRAY_NOT_NAMED
    // expect: what is aligned more than usual has to derive from ba::class_new<Memory, Alignment>
    return new Wide[2];
#endif
#ifdef ALIGNMENT_NOT_NAMED_FOR_NOTHROW
    // expect: what is aligned more than usual has to derive from ba::class_new<Memory, Alignment>
    return new (ba::nothrow{}) Wide;
#endif
#ifdef ALIGNMENT_OF_ARRAY_NOT_NAMED_FOR_NOTHROW
    // expect: what is aligned more than usual has to derive from ba::class_new<Memory, Alignment>
    return new (ba::nothrow{}) Wide[2];
#endif
#ifdef ALIGNMENT_OF_DERIVED_NOT_NAMED
    // expect: what is aligned more than usual has to derive from ba::class_new<Memory, Alignment>
    return new DerivedWide;
#endif
    return place;
}

#ifdef ALIGNMENT_IS_NO_POWER_OF_TWO
// expect: the alignment is a power of two, no less than the usual one
struct Odd : ba::class_new<Memory, 48> {};
#endif
