/* The one place where the tools are called that watch memory: AddressSanitizer, LeakSanitizer,
 * MemorySanitizer, ThreadSanitizer, Valgrind.
 *
 * An allocator reports here what it does with payload. Where no tool is compiled in, the hooks are
 * empty; Valgrind's requests are a few instructions that do nothing outside Valgrind. They are
 * compiled in if the header <valgrind/memcheck.h> is found; define BA_NO_VALGRIND to leave them
 * out.
 *
 * Memory has three states. Taken from a backing it is as the backing left it. ba_instrument_free()
 * makes it free: any access is reported. ba_instrument_alloc() makes it a caller's, with undefined
 * contents. ba_instrument_return() makes it accessible again before it goes back to the backing.
 *
 * LeakSanitizer looks for pointers in memory from malloc, and in no other but globals, stacks and
 * roots. An allocator that takes memory from the system calls ba_instrument_add_root() and
 * ba_instrument_remove_root(), or what is reachable only through that memory is reported as leaked.
 * Under AddressSanitizer free memory, as above, is not searched; so a root may be a pool's whole
 * chunk, and what only a freed span pointed to is still a leak. */
#ifndef BLOCK_ALLOCATOR_IMPLEMENTING_INSTRUMENTATION_H_
#define BLOCK_ALLOCATOR_IMPLEMENTING_INSTRUMENTATION_H_

#include <stdbool.h>
#include <stddef.h>

#include "block_allocator/internal/language.h"
#include "block_allocator/memory.h"

#if defined(__SANITIZE_ADDRESS__)
#define BA_ADDRESS_SANITIZER 1
#elif defined(__SANITIZE_THREAD__)
#define BA_THREAD_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define BA_ADDRESS_SANITIZER 1
#endif
#if __has_feature(memory_sanitizer)
#define BA_MEMORY_SANITIZER 1
#endif
#if __has_feature(thread_sanitizer)
#define BA_THREAD_SANITIZER 1
#endif
#endif
#ifndef BA_ADDRESS_SANITIZER
#define BA_ADDRESS_SANITIZER 0
#endif
#ifndef BA_MEMORY_SANITIZER
#define BA_MEMORY_SANITIZER 0
#endif
#ifndef BA_THREAD_SANITIZER
#define BA_THREAD_SANITIZER 0
#endif

/* A sanitizer keeps its own records; Valgrind never runs a sanitized program. */
#define BA_VALGRIND 0
#if !defined(BA_NO_VALGRIND) && !BA_ADDRESS_SANITIZER && !BA_MEMORY_SANITIZER &&                   \
    defined(__has_include)
#if __has_include(<valgrind/memcheck.h>)
#undef BA_VALGRIND
#define BA_VALGRIND 1
#endif
#endif

/* LeakSanitizer comes with AddressSanitizer or alone. Alone no macro says that it is compiled in,
 * and for an archive none could. So where the linker has weak symbols, it is determined at run time
 * whether the program has the functions. */
#define BA_LEAK_SANITIZER 0
#if defined(__ELF__) && defined(__has_include)
#if __has_include(<sanitizer/lsan_interface.h>)
#undef BA_LEAK_SANITIZER
#define BA_LEAK_SANITIZER 1
#endif
#endif

#if BA_ADDRESS_SANITIZER
#include <sanitizer/asan_interface.h>
#endif
#if BA_LEAK_SANITIZER
#include <sanitizer/lsan_interface.h>
#pragma weak __lsan_register_root_region
#pragma weak __lsan_unregister_root_region
#endif
#if BA_MEMORY_SANITIZER
#include <sanitizer/msan_interface.h>
#endif
#if BA_THREAD_SANITIZER
#include <sanitizer/tsan_interface.h>
#endif
#if BA_VALGRIND
#include <valgrind/memcheck.h>
#endif

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* Payload that no caller may touch from now on: free, or not yet allocated. */
BA_ALWAYS_INLINE void ba_instrument_free(const void *pointer, ba_length length) {
#if BA_ADDRESS_SANITIZER
    ASAN_POISON_MEMORY_REGION(pointer, length.bytes);
#elif BA_MEMORY_SANITIZER
    __msan_poison(pointer, length.bytes);
#elif BA_VALGRIND
    (void)VALGRIND_MAKE_MEM_NOACCESS(pointer, length.bytes);
#endif
    (void)pointer;
    (void)length;
}

/* Payload that a caller may use from now on; its contents are undefined. */
BA_ALWAYS_INLINE void ba_instrument_alloc(const void *pointer, ba_length length) {
#if BA_ADDRESS_SANITIZER
    ASAN_UNPOISON_MEMORY_REGION(pointer, length.bytes);
#elif BA_MEMORY_SANITIZER
    __msan_poison(pointer, length.bytes);
#elif BA_VALGRIND
    (void)VALGRIND_MAKE_MEM_UNDEFINED(pointer, length.bytes);
#endif
    (void)pointer;
    (void)length;
}

/* Free payload that the allocator itself is about to read, to see whether what it wrote there is
 * still so. */
BA_ALWAYS_INLINE void ba_instrument_inspect(const void *pointer, ba_length length) {
#if BA_ADDRESS_SANITIZER
    ASAN_UNPOISON_MEMORY_REGION(pointer, length.bytes);
#elif BA_MEMORY_SANITIZER
    __msan_unpoison(pointer, length.bytes);
#elif BA_VALGRIND
    (void)VALGRIND_MAKE_MEM_DEFINED(pointer, length.bytes);
#endif
    (void)pointer;
    (void)length;
}

/* Payload that goes back to where it came from: accessible, as it was when it came. */
BA_ALWAYS_INLINE void ba_instrument_return(const void *pointer, ba_length length) {
    ba_instrument_alloc(pointer, length);
}

/* Memory from the system that may hold pointers, until ba_instrument_remove_root(). It may have
 * pages that are not accessible; they are passed over. */
BA_ALWAYS_INLINE void ba_instrument_add_root(const void *pointer, ba_length length) {
#if BA_LEAK_SANITIZER
    if (__lsan_register_root_region != NULL) {
        __lsan_register_root_region(pointer, length.bytes);
    }
#endif
    (void)pointer;
    (void)length;
}

/* Just what was added before, by the same pointer and length: the program ends if it was not. Cost:
 * where there are roots, up to a look at each of them. */
BA_ALWAYS_INLINE void ba_instrument_remove_root(const void *pointer, ba_length length) {
#if BA_LEAK_SANITIZER
    if (__lsan_unregister_root_region != NULL) {
        __lsan_unregister_root_region(pointer, length.bytes);
    }
#endif
    (void)pointer;
    (void)length;
}

/* A lock that ThreadSanitizer does not know: this thread has just taken it, or is about to release
 * it. What was done before the release has happened before what follows the next acquire. */
BA_ALWAYS_INLINE void ba_instrument_acquire(void *lock_address) {
#if BA_THREAD_SANITIZER
    __tsan_acquire(lock_address);
#endif
    (void)lock_address;
}
BA_ALWAYS_INLINE void ba_instrument_release(void *lock_address) {
#if BA_THREAD_SANITIZER
    __tsan_release(lock_address);
#endif
    (void)lock_address;
}

/* True if a tool looks at memory while the program runs: a sanitizer that is compiled in, or
 * Valgrind. */
BA_ALWAYS_INLINE bool ba_instrument_is_watched(void) {
#if BA_ADDRESS_SANITIZER || BA_MEMORY_SANITIZER
    return true;
#elif BA_VALGRIND
    return RUNNING_ON_VALGRIND != 0;
#else
    return false;
#endif
}

/* True if the byte is known to be free: only AddressSanitizer knows, else false. */
BA_ALWAYS_INLINE bool ba_instrument_is_free(const void *pointer) {
#if BA_ADDRESS_SANITIZER
    return __asan_address_is_poisoned(pointer) != 0;
#else
    (void)pointer;
    return false;
#endif
}

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* BLOCK_ALLOCATOR_IMPLEMENTING_INSTRUMENTATION_H_ */
