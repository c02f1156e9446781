/* The build mode: how much a build checks.
 *
 * Define BA_BUILD_MODE on the compiler's command line as one of the four values below. Without it,
 * a build is BA_DEBUG, or BA_RELEASE_SAFE when NDEBUG is defined. With Bazel: -c dbg and -c
 * fastbuild are BA_DEBUG, -c opt is BA_RELEASE_SAFE, and
 * --//block_allocator:build_mode=release_small or =release_fast (from another repository:
 * --@pooled_block_alloc//block_allocator:build_mode=...) name the other two.
 *
 * The values are ordered: a check "in release-safe and below" is made where
 * BA_BUILD_MODE <= BA_RELEASE_SAFE. The layout of public types never depends on the build mode, so
 * parts built in different modes can be linked together. */
#ifndef BLOCK_ALLOCATOR_BUILD_MODE_H_
#define BLOCK_ALLOCATOR_BUILD_MODE_H_

/* Everything is checked; call sites are file and line. */
#define BA_DEBUG 0
/* Misuse by the caller is checked; call sites are return addresses. The default of optimized
 * builds. */
#define BA_RELEASE_SAFE 1
/* As small as possible: only what an option asks for is checked. */
#define BA_RELEASE_SMALL 2
/* As fast as possible: only what an option asks for is checked. */
#define BA_RELEASE_FAST 3

#ifndef BA_BUILD_MODE
#ifdef NDEBUG
#define BA_BUILD_MODE BA_RELEASE_SAFE
#else
#define BA_BUILD_MODE BA_DEBUG
#endif
#endif

#if BA_BUILD_MODE < BA_DEBUG || BA_BUILD_MODE > BA_RELEASE_FAST
#error "BA_BUILD_MODE is one of BA_DEBUG, BA_RELEASE_SAFE, BA_RELEASE_SMALL, BA_RELEASE_FAST"
#endif

/* 1 where the allocators of this module check what their callers give them, else 0: in BA_DEBUG and
 * BA_RELEASE_SAFE. In the other modes the caller promises that there is no misuse. A plain number,
 * by which clang knows that code is left out on purpose. */
#if BA_BUILD_MODE <= BA_RELEASE_SAFE
#define BA_CHECKS_MISUSE 1
#else
#define BA_CHECKS_MISUSE 0
#endif

#endif /* BLOCK_ALLOCATOR_BUILD_MODE_H_ */
