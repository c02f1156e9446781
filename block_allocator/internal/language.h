/* The few words that C++11 spells differently from C11, or that compilers add. Internal to the
 * library's headers; documented because they show up in declarations. */
#ifndef BLOCK_ALLOCATOR_INTERNAL_LANGUAGE_H_
#define BLOCK_ALLOCATOR_INTERNAL_LANGUAGE_H_

/* BA_MUST_USE: ignoring the function's result is a warning.
 * BA_ALWAYS_INLINE: a function that must vanish into its caller, also in debug builds, where a call
 *   would hide the caller's return address or cost what it should not.
 * BA_PRINTF(text, first): the arguments are checked as those of printf.
 * BA_WRAPS: in this function unsigned numbers are meant to wrap and shifts to lose bits, which
 *   clang's -fsanitize=integer would report.
 * BA_NORETURN: the function does not return.
 * BA_UNREACHABLE(): the compiler may assume that control never arrives here.
 * BA_TRAP(): stops the program at once, without any library. */
#if defined(__GNUC__)
#define BA_MUST_USE __attribute__((warn_unused_result))
#define BA_NORETURN __attribute__((noreturn))
#define BA_ALWAYS_INLINE static inline __attribute__((always_inline))
#define BA_PRINTF(text, first) __attribute__((__format__(BA_PRINTF_STYLE_, text, first)))
#define BA_LIKELY(condition) __builtin_expect((condition) ? 1 : 0, 1)
#define BA_UNREACHABLE() __builtin_unreachable()
#define BA_TRAP() __builtin_trap()
#elif defined(_MSC_VER)
#include <intrin.h>
#include <sal.h>
#define BA_MUST_USE _Check_return_
#define BA_NORETURN __declspec(noreturn)
#define BA_ALWAYS_INLINE static __forceinline
#define BA_PRINTF(text, first)
#define BA_LIKELY(condition) (condition)
#define BA_UNREACHABLE() __assume(0)
#define BA_TRAP() __fastfail(7)
#else
#include <stdlib.h>
#define BA_MUST_USE
#define BA_NORETURN
#define BA_ALWAYS_INLINE static inline
#define BA_PRINTF(text, first)
#define BA_LIKELY(condition) (condition)
#define BA_UNREACHABLE() abort()
#define BA_TRAP() abort()
#endif

/* BA_HEADER_BEGIN, BA_HEADER_END: around the declarations of each header. Between them the compiler
 * keeps to itself what no header can mend: what C is not when it is compiled as C++ (casts, NULL)
 * and C11 is not for users of older C, that locals have names that a user's globals may have
 * too (-Wshadow), that structs have gaps (-Wpadded), that what a template casts may have the type
 * already (-Wuseless-cast), and that a function which returns a struct copies it where it is not
 * optimized (-Wnrvo). A header need not be a system's, and a user's warnings shall be about the
 * user's code. */
/* clang-format off */
#if defined(__clang__)
#define BA_HEADER_BEGIN                                                                            \
    _Pragma("clang diagnostic push")                                                               \
    _Pragma("clang diagnostic ignored \"-Wc++98-compat\"")                                         \
    _Pragma("clang diagnostic ignored \"-Wc++98-compat-pedantic\"")                                \
    _Pragma("clang diagnostic ignored \"-Wdeclaration-after-statement\"")                          \
    _Pragma("clang diagnostic ignored \"-Wold-style-cast\"")                                       \
    _Pragma("clang diagnostic ignored \"-Wpadded\"")                                               \
    _Pragma("clang diagnostic ignored \"-Wshadow\"")                                               \
    _Pragma("clang diagnostic ignored \"-Wzero-as-null-pointer-constant\"")
#define BA_HEADER_END _Pragma("clang diagnostic pop")
#elif defined(__GNUC__) && defined(__cplusplus)
#if __GNUC__ >= 14
#define BA_IGNORE_SINCE_14_ _Pragma("GCC diagnostic ignored \"-Wnrvo\"")
#else
#define BA_IGNORE_SINCE_14_
#endif
#define BA_HEADER_BEGIN                                                                            \
    _Pragma("GCC diagnostic push")                                                                 \
    BA_IGNORE_SINCE_14_                                                                            \
    _Pragma("GCC diagnostic ignored \"-Wold-style-cast\"")                                         \
    _Pragma("GCC diagnostic ignored \"-Wpadded\"")                                                 \
    _Pragma("GCC diagnostic ignored \"-Wshadow\"")                                                 \
    _Pragma("GCC diagnostic ignored \"-Wuseless-cast\"")                                           \
    _Pragma("GCC diagnostic ignored \"-Wzero-as-null-pointer-constant\"")
#define BA_HEADER_END _Pragma("GCC diagnostic pop")
#elif defined(__GNUC__)
#if __GNUC__ >= 14
#define BA_IGNORE_SINCE_14_ _Pragma("GCC diagnostic ignored \"-Wuseless-cast\"")
#else
#define BA_IGNORE_SINCE_14_
#endif
#define BA_HEADER_BEGIN                                                                            \
    _Pragma("GCC diagnostic push")                                                                 \
    BA_IGNORE_SINCE_14_                                                                            \
    _Pragma("GCC diagnostic ignored \"-Wdeclaration-after-statement\"")                            \
    _Pragma("GCC diagnostic ignored \"-Wpadded\"")                                                 \
    _Pragma("GCC diagnostic ignored \"-Wshadow\"")
#define BA_HEADER_END _Pragma("GCC diagnostic pop")
#else
#define BA_HEADER_BEGIN
#define BA_HEADER_END
#endif
/* clang-format on */

/* In C11 and C++11 mingw's printf is the standard's, but its gcc takes `printf` for Microsoft's old
 * one, which knows no %zu. */
#if defined(__MINGW32__) && !defined(__clang__)
#define BA_PRINTF_STYLE_ __gnu_printf__
#else
#define BA_PRINTF_STYLE_ __printf__
#endif

/* BA_ALIGNOF(type): what alignof gives, in bytes.
 * BA_STATIC_ASSERT(condition, "message"): a rule that the compiler checks. */
#ifdef __cplusplus
#define BA_ALIGNOF(type) alignof(type)
#define BA_STATIC_ASSERT(condition, message) static_assert(condition, message)
#else
#define BA_ALIGNOF(type) _Alignof(type)
#define BA_STATIC_ASSERT(condition, message) _Static_assert(condition, message)
#endif

#if defined(__clang__) && __clang_major__ >= 12
#define BA_WRAPS __attribute__((no_sanitize("unsigned-integer-overflow", "unsigned-shift-base")))
#else
#define BA_WRAPS
#endif

/* BA_CAST_(type, value) and BA_NULL_: for macros that become a part of a user's code, which may be
 * C++ that is warned of C's casts and NULL. Internal. */
#ifdef __cplusplus
#define BA_CAST_(type, value) static_cast<type>(value)
#define BA_NULL_ nullptr
#else
#define BA_CAST_(type, value) ((type)(value))
#define BA_NULL_ NULL
#endif

/* BA_STRINGIFY(x): the text of what the macro x stands for. */
#define BA_STRINGIFY(x) BA_STRINGIFY_TOKEN_(x)
#define BA_STRINGIFY_TOKEN_(x) #x

#endif /* BLOCK_ALLOCATOR_INTERNAL_LANGUAGE_H_ */
