/* Makes a pool type from options known when compiling. A template: include it once for each type.
 *
 *     #define PBA_NAME                 medium_pool
 *     #define PBA_BLOCK_SIZE           1024
 *     #define PBA_BACKING_REQUEST_SIZE (64 * 1024)
 *     #include "pba/define.h"
 *
 *     medium_pool pool = medium_pool_new(ba_page_allocator());
 *     ba_memory span = medium_pool_alloc(&pool, ba_bytes(1500), ba_align(16));     // 2048 bytes
 *     medium_pool_free(&pool, span, ba_align(16));
 *     medium_pool_release_all(&pool, PBA_REPORT_IN_USE);
 *
 * Parameters, all undefined again afterwards:
 *
 *     PBA_NAME      the type's name and the prefix of its functions; required
 *     PBA_<OPTION>  any option of pba/options.h, its name in capitals: block_size is PBA_BLOCK_SIZE
 *     PBA_THREADS   PBA_THREADS_SINGLE, the default, or PBA_THREADS_LOCKED
 *
 * What each option means and costs, its default and its rule are told in pba/options.h. An option
 * that breaks its rule is a compile error that names the parameter and the rule. Numbers are whole
 * and not below 0. Names that are easily written for one of these are errors; any other that begins
 * with PBA_ is ignored.
 *
 * The functions are those of pba/pool.h, with the type's name for pba_pool, and obey their doc
 * comments; NAME_alloc and NAME_free have a fast path that the compiler puts into the caller. Each
 * call that takes or gives memory exists with _at and the call site as last argument;
 * PBA_HERE(NAME_alloc, &pool, ...) fills in file and line. A call without it knows an address, for
 * a function cannot know its caller's line: in debug builds that behind the call, of which reports
 * on standard error tell the line where they can (block_allocator/misuse/source_line.h), else the
 * return address of the enclosing function.
 *
 * With PBA_THREADS_LOCKED the pools are those of pba/locked_pool.h, and the target //pba:threads is
 * needed. NAME_new and its kin get a ba_lock behind the backing, there are NAME_lock and
 * NAME_unlock, and all other functions are called as those of other types. */
#include "block_allocator/internal/language.h"
#include "pba/internal/define_misspelt.h"
#include "pba/pool.h"

#ifndef PBA_INTERNAL_
#define PBA_INTERNAL_
#define PBA_INTERNAL_IN_DEFINE_H_
#endif
#include "pba/internal/fast_path.h"

/* Which threads may use the pools of a type. Numbers, for #if reads them. */
#ifndef PBA_THREADS_SINGLE
#define PBA_THREADS_SINGLE 1 /* one at a time */
#define PBA_THREADS_LOCKED 2 /* all, each call behind a lock */
#endif
#ifndef PBA_THREADS
#define PBA_THREADS PBA_THREADS_SINGLE
#endif
#if (PBA_THREADS) == PBA_THREADS_LOCKED
#include "pba/internal/locked_view.h"
#elif (PBA_THREADS) != PBA_THREADS_SINGLE
#error "PBA_THREADS must be PBA_THREADS_SINGLE or PBA_THREADS_LOCKED"
#endif
#ifdef PBA_INTERNAL_IN_DEFINE_H_
#undef PBA_INTERNAL_
#undef PBA_INTERNAL_IN_DEFINE_H_
#endif

BA_HEADER_BEGIN

#ifndef PBA_NAME
#error "PBA_NAME must be defined before pba/define.h is included"
#endif
#ifndef PBA_BLOCK_SIZE
#define PBA_BLOCK_SIZE PBA_DEFAULT_BLOCK_SIZE
#endif
#ifndef PBA_BACKING_REQUEST_SIZE
#define PBA_BACKING_REQUEST_SIZE PBA_DEFAULT_BACKING_REQUEST_SIZE
#endif
#ifndef PBA_INDEX
#define PBA_INDEX PBA_DEFAULT_INDEX
#endif
#ifndef PBA_REQUEST_GROWTH
#define PBA_REQUEST_GROWTH PBA_DEFAULT_REQUEST_GROWTH
#endif
#ifndef PBA_BYTE_LIMIT
#define PBA_BYTE_LIMIT PBA_DEFAULT_BYTE_LIMIT
#endif
#ifndef PBA_SECURE_WIPE
#define PBA_SECURE_WIPE PBA_DEFAULT_SECURE_WIPE
#endif
#ifndef PBA_SPAN_CACHE
#define PBA_SPAN_CACHE PBA_DEFAULT_SPAN_CACHE
#endif
#ifndef PBA_SAFETY
#define PBA_SAFETY PBA_DEFAULT_SAFETY
#endif
#ifndef PBA_SEVERITY
#define PBA_SEVERITY PBA_DEFAULT_SEVERITY
#endif
#ifndef PBA_BACKING_FAILURE
#define PBA_BACKING_FAILURE PBA_DEFAULT_BACKING_FAILURE
#endif
#ifndef PBA_AUTO_SHRINK
#define PBA_AUTO_SHRINK PBA_DEFAULT_AUTO_SHRINK
#endif
#ifndef PBA_SHRINK_KIND
#define PBA_SHRINK_KIND PBA_DEFAULT_SHRINK_KIND
#endif
#ifndef PBA_SHRINK_MIN
#define PBA_SHRINK_MIN PBA_DEFAULT_SHRINK_MIN
#endif
#ifndef PBA_SHRINK_MAX
#define PBA_SHRINK_MAX PBA_DEFAULT_SHRINK_MAX
#endif
#ifndef PBA_DECAY_AGE
#define PBA_DECAY_AGE PBA_DEFAULT_DECAY_AGE
#endif
#ifndef PBA_STATISTICS
#define PBA_STATISTICS PBA_DEFAULT_STATISTICS
#endif
#ifndef PBA_GUARD
#define PBA_GUARD PBA_DEFAULT_GUARD
#endif
#ifndef PBA_FILL
#define PBA_FILL PBA_DEFAULT_FILL
#endif
#ifndef PBA_CALL_SITES
#define PBA_CALL_SITES PBA_DEFAULT_CALL_SITES
#endif

/* The rules of pba/options.h, of the parameters. */
#define PBA_ASSERT_WHOLE_(type, name, NAME)                                                        \
    BA_STATIC_ASSERT(PBA_IS_INTEGER(PBA_##NAME),                                                   \
                     "PBA_" #NAME " must be a whole number, not below 0");                         \
    BA_STATIC_ASSERT((PBA_##NAME) > 0 || (PBA_##NAME) == 0,                                        \
                     "PBA_" #NAME " must be a whole number, not below 0");
#define PBA_ASSERT_(rule, condition, message) BA_STATIC_ASSERT(condition, message);
#define PBA_PARAMETER_(NAME) (PBA_##NAME)
PBA_OPTIONS(PBA_ASSERT_WHOLE_)
PBA_OPTION_RULES(PBA_ASSERT_, PBA_PARAMETER_)

/* Whether the type has a span cache, and where. To #if the names of the switch are numbers here;
 * what is none of them has one. */
#define PBA_OFF 2
#define PBA_ON 1
#define PBA_ON_IN_DEBUG 1
#if (PBA_SPAN_CACHE) == PBA_OFF
#define PBA_CACHE_MEMBER_
#define PBA_CACHE_OF_(pool) BA_NULL_
#else
#define PBA_CACHE_MEMBER_ pba_span_cache cache_;
#define PBA_CACHE_OF_(pool) (&(pool)->cache_)
#endif
#undef PBA_OFF
#undef PBA_ON
#undef PBA_ON_IN_DEBUG

#define PBA_JOIN_AGAIN_(a, b) a##b
#define PBA_JOIN_(a, b) PBA_JOIN_AGAIN_(a, b)
/* NAME_member. The member gets its line first, for it may be the name of a user's macro, such as
 * `new` or `free`. */
#define PBA_OF_(member) PBA_JOIN_(PBA_NAME, _##member)

#ifdef __cplusplus
extern "C" {
#endif

/* The options. */
#define PBA_TAKE_(type, name, NAME) options.name = (PBA_##NAME);
BA_ALWAYS_INLINE pba_options PBA_OF_(options)(void) {
    pba_options options;
    PBA_OPTIONS(PBA_TAKE_) /* NOLINT(bugprone-implicit-widening-of-multiplication-result): compilers
                              warn of a product of constants that does not fit */
    return options;
}

/* What pba/internal/fast_path.h wants to know of them. */
BA_ALWAYS_INLINE pba_fast_options PBA_OF_(fast_options_)(void) {
    const pba_options options = PBA_OF_(options)();
    return pba_fast_options_of(&options);
}

/* The block size. */
BA_ALWAYS_INLINE ba_length PBA_OF_(block_size)(void) {
    return ba_bytes(PBA_BLOCK_SIZE);
}

#if (PBA_THREADS) == PBA_THREADS_LOCKED
#include "pba/internal/define_locked.h"
#else
#include "pba/internal/define_single.h"
#endif

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#undef PBA_OF_
#undef PBA_JOIN_
#undef PBA_JOIN_AGAIN_
#undef PBA_CACHE_MEMBER_
#undef PBA_CACHE_OF_
#undef PBA_ASSERT_
#undef PBA_ASSERT_WHOLE_
#undef PBA_PARAMETER_
#undef PBA_TAKE_
#undef PBA_NAME
#undef PBA_BLOCK_SIZE
#undef PBA_BACKING_REQUEST_SIZE
#undef PBA_INDEX
#undef PBA_REQUEST_GROWTH
#undef PBA_BYTE_LIMIT
#undef PBA_SECURE_WIPE
#undef PBA_SPAN_CACHE
#undef PBA_SAFETY
#undef PBA_SEVERITY
#undef PBA_BACKING_FAILURE
#undef PBA_AUTO_SHRINK
#undef PBA_SHRINK_KIND
#undef PBA_SHRINK_MIN
#undef PBA_SHRINK_MAX
#undef PBA_DECAY_AGE
#undef PBA_STATISTICS
#undef PBA_GUARD
#undef PBA_FILL
#undef PBA_CALL_SITES
#undef PBA_THREADS
