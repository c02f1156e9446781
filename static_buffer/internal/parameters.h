/* What the parameters of static_buffer/define.h come to: the names, the forms of functions, the
 * checks. Part of static_buffer/define.h; not for users. */
#ifndef SAB_NAME
#error "SAB_NAME must be defined before static_buffer/define.h is included"
#define SAB_NAME sab_without_name /* so that this stays the only error */
#endif
#ifndef SAB_TYPE
#error "SAB_TYPE must be defined before static_buffer/define.h is included"
#define SAB_TYPE int
#endif
#if !defined(SAB_ALLOCATOR) && !defined(SAB_FORWARD)
#error "SAB_ALLOCATOR must be defined before static_buffer/define.h is included"
#endif
#if defined(SAB_DECLARE) && defined(SAB_IMPLEMENT)
#error "SAB_DECLARE and SAB_IMPLEMENT exclude each other"
#endif
#if defined(SAB_FORWARD) &&                                                                        \
    (defined(SAB_FORWARDED) || defined(SAB_DECLARE) || defined(SAB_IMPLEMENT))
#error "SAB_FORWARD excludes SAB_FORWARDED, SAB_DECLARE and SAB_IMPLEMENT"
#endif
#ifndef SAB_SEVERITY
#define SAB_SEVERITY BA_SEVERITY_PANIC
#endif

#define SAB_JOIN_AGAIN_(a, b) a##b
#define SAB_JOIN_(a, b) SAB_JOIN_AGAIN_(a, b)
/* NAME_member. */
#define SAB_OF_(member) SAB_OF_BOTH_(SAB_NAME, member)
#define SAB_OF_BOTH_(name, member) SAB_OF_AGAIN_(name, member)
#define SAB_OF_AGAIN_(name, member) name##_##member
/* kind_function, where both kinds have a function. A single word gets its line first, here and
 * below, because it may be the name of a user's macro. */
#define SAB_GENERIC_(function) SAB_JOIN_(SAB_KIND_, _##function)
/* What a list in parentheses holds. */
#define SAB_BARE_(list) SAB_STRIP_(SAB_STRIP_ list)
/* Twice, for a preprocessor that looks at what a list makes of a macro's name only in an argument,
 * as cppcheck's does. */
#define SAB_STRIP_(...) __VA_ARGS__
#define SAB_T_ SAB_JOIN_(SAB_NAME, _element)
#define SAB_LIST_ SAB_JOIN_(SAB_NAME, _list)
#define SAB_SLICE_ SAB_JOIN_(SAB_NAME, _slice)
#define SAB_VIEW_ SAB_JOIN_(SAB_NAME, _view)

/* Which parameters there are that both units of a declared type must agree on, as a number. */
#ifdef SAB_SENTINEL
#define SAB_HAS_SENTINEL_ 1
#else
#define SAB_HAS_SENTINEL_ 0
#endif
#ifdef SAB_DROP
#define SAB_HAS_DROP_ 1
#else
#define SAB_HAS_DROP_ 0
#endif
#ifdef SAB_CLONE
#define SAB_HAS_CLONE_ 1
#else
#define SAB_HAS_CLONE_ 0
#endif
#define SAB_PARAMETERS_                                                                            \
    (8 * (int)(SAB_SEVERITY) + 4 * SAB_HAS_SENTINEL_ + 2 * SAB_HAS_DROP_ + SAB_HAS_CLONE_)

/* A function that is never inlined, and may be left uncalled. gcc takes amiss of it that it is
 * inline, and clang that it is called although it is marked as unused. */
#if defined(__clang__)
#define SAB_STAYS_A_CALL_ static inline __attribute__((noinline))
#elif defined(__GNUC__)
#define SAB_STAYS_A_CALL_ static __attribute__((unused, noinline))
#endif

/* What is compiled once for each type: into each unit, or into the one that implements it. They are
 * inline for the compiler to pass over those that are not called, also where it does not optimise;
 * but in debug builds those without a call site are calls, for the address that they return to is
 * what reports say. */
#if defined(SAB_DECLARE) || defined(SAB_IMPLEMENT)
#define SAB_FUNCTION_ extern
#define SAB_FUNCTION_WITH_SITE_ extern
#define SAB_SLOW_ extern
#define SAB_SLOW_BODY_
#define SAB_BODY_
#define SAB_PLAIN_BODY_
#elif defined(__GNUC__)
#if BA_BUILD_MODE == BA_DEBUG && defined(__OPTIMIZE__)
#define SAB_FUNCTION_ SAB_STAYS_A_CALL_
#define SAB_PLAIN_BODY_ static
#else
#define SAB_FUNCTION_ static inline
#define SAB_PLAIN_BODY_ static inline
#endif
#define SAB_FUNCTION_WITH_SITE_ static inline
#define SAB_SLOW_ static __attribute__((noinline))
#define SAB_BODY_ static inline
#define SAB_SLOW_BODY_ static
#else
#define SAB_FUNCTION_ static inline
#define SAB_FUNCTION_WITH_SITE_ static inline
#define SAB_SLOW_ static
#define SAB_BODY_ static inline
#define SAB_PLAIN_BODY_ static inline
#define SAB_SLOW_BODY_ static
#endif
#define SAB_FAST_WITH_SITE_ BA_ALWAYS_INLINE
#if BA_BUILD_MODE != BA_DEBUG
#define SAB_FAST_ BA_ALWAYS_INLINE
#define SAB_FAST_BODY_ BA_ALWAYS_INLINE
#elif defined(__GNUC__) && defined(__OPTIMIZE__)
#define SAB_FAST_ SAB_STAYS_A_CALL_
#define SAB_FAST_BODY_ static
#else
#define SAB_FAST_ static inline
#define SAB_FAST_BODY_ static inline
#endif

/* What never reports and asks no allocator, and so has no form with a call site. */
#define SAB_SILENT_ SAB_FUNCTION_

/* What cannot work without a hook is declared all the same, for the generic functions of all types
 * to name it, but not made. */
#if defined(__GNUC__)
#define SAB_NEEDS_(message) __attribute__((error(message)))
#else
#define SAB_NEEDS_(message)
#endif
#if defined(SAB_DROP) && !defined(SAB_CLONE)
#define SAB_COPIES_ extern SAB_NEEDS_("SAB_CLONE must be defined, for elements are dropped")
#define SAB_COPIES_WITH_SITE_ SAB_COPIES_
#else
#define SAB_COPIES_ SAB_FUNCTION_
#define SAB_COPIES_WITH_SITE_ SAB_FUNCTION_WITH_SITE_
#define SAB_CAN_COPY_
#endif
#if defined(SAB_COMPARE) || defined(SAB_SCALAR)
#define SAB_COMPARES_ SAB_FUNCTION_
#define SAB_CAN_COMPARE_
#else
#define SAB_COMPARES_ extern SAB_NEEDS_("SAB_COMPARE or SAB_SCALAR must be defined")
#endif
#if defined(SAB_EQUAL) || defined(SAB_SCALAR)
#define SAB_EQUALS_ SAB_FUNCTION_
#define SAB_CAN_EQUAL_
#else
#define SAB_EQUALS_ extern SAB_NEEDS_("SAB_EQUAL or SAB_SCALAR must be defined")
#endif
#ifdef SAB_SENTINEL
#define SAB_TERMINATES_ SAB_FUNCTION_
#else
#define SAB_TERMINATES_ extern SAB_NEEDS_("SAB_SENTINEL must be defined")
#endif
#ifdef SAB_BYTES
#define SAB_FORMATS_ SAB_FUNCTION_
#else
#define SAB_FORMATS_ extern SAB_NEEDS_("SAB_BYTES must be defined")
#endif

/* Rejects a call, which has the call site `site`, if a condition does not hold, in build modes that
 * check: the severity decides whether the program ends, or the call with a result. That may be the
 * error, `misuse`, or nothing. */
#if BA_CHECKS_MISUSE
#define SAB_EXPECT_(condition, function, code, result)                                             \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            const ba_error misuse = sab_core_misuse((SAB_SEVERITY), BA_STRINGIFY(SAB_NAME),        \
                                                    function, ba_error_of(code), site);            \
            (void)misuse;                                                                          \
            return result;                                                                         \
        }                                                                                          \
    } while (0)
#else
#define SAB_EXPECT_(condition, function, code, result)                                             \
    do {                                                                                           \
        (void)site;                                                                                \
        if (!(condition)) {                                                                        \
            BA_UNREACHABLE();                                                                      \
        }                                                                                          \
    } while (0)
#endif
/* Ends the call, or the program, if there is an error. */
#define SAB_DEMAND_(error, function, result)                                                       \
    do {                                                                                           \
        const ba_error demanded = (error);                                                         \
        if (ba_failed(demanded)) {                                                                 \
            sab_core_refuse((SAB_SEVERITY), BA_STRINGIFY(SAB_NAME), function, demanded, site);     \
            return result;                                                                         \
        }                                                                                          \
    } while (0)
