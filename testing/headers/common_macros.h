/* What other headers define as macros that a program may include before ours: names without a
 * prefix, in use by systems, their libraries and large frameworks. The tests of headers compile
 * each public header after this one.
 *
 * After the headers of the standard library that ours include, as in a program: a macro such as
 * free() would break those. */
#ifndef TESTING_HEADERS_COMMON_MACROS_H_
#define TESTING_HEADERS_COMMON_MACROS_H_

#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __has_include
#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#endif
#endif

/* Debugging allocators (dmalloc, Microsoft's debug heap): the functions of the C library, and words
 * that an allocator's table might call its members. Each stands for what does not compile. */
#define malloc(...) <macro of another header>
#define calloc(...) <macro of another header>
#define realloc(...) <macro of another header>
#define free(...) <macro of another header>
#define alloc(...) <macro of another header>
#define resize(...) <macro of another header>
#define remap(...) <macro of another header>
#define discard(...) <macro of another header>
#define owns(...) <macro of another header>
#define grow_between(...) <macro of another header>
#define block_size(...) <macro of another header>
#define lock(...) <macro of another header>
#define unlock(...) <macro of another header>
#define function(...) <macro of another header>
#define hook(...) <macro of another header>
#define show(...) <macro of another header>
#define visit(...) <macro of another header>
#define take(...) <macro of another header>
#define keep(...) <macro of another header>
#define strdup(...) <macro of another header>

/* <strings.h>, <stdio.h>, <sys/sysmacros.h>, <sys/param.h>, curses, Arduino, Apple's
 * AssertMacros.h, the kernel's kernel.h. */
#define abs(...) <macro of another header>
#define assert(...) <macro of another header>
#define bit(...) <macro of another header>
#define check(...) <macro of another header>
#define clear(...) <macro of another header>
#define erase(...) <macro of another header>
#define getch(...) <macro of another header>
#define howmany(...) <macro of another header>
#define index(...) <macro of another header>
#define likely(...) <macro of another header>
#define major(...) <macro of another header>
#define max(...) <macro of another header>
#define min(...) <macro of another header>
#define minor(...) <macro of another header>
#define move(...) <macro of another header>
#define powerof2(...) <macro of another header>
#define putc(...) <macro of another header>
#define read(...) <macro of another header>
#define remove(...) <macro of another header>
#define require(...) <macro of another header>
#define round(...) <macro of another header>
#define roundup(...) <macro of another header>
#define swap(...) <macro of another header>
#define unlikely(...) <macro of another header>
#define verify(...) <macro of another header>
#define word(...) <macro of another header>
#define write(...) <macro of another header>
#define Status <macro of another header>
#define None <macro of another header>
#define Bool <macro of another header>
#define Always <macro of another header>
#define I <macro of another header>
#define current <macro of another header>
#define linux 1
#define unix 1
#define i386 1

/* Names that a replacement library gives to functions: what we make of our own words must not
 * follow. */
#define calls renamed_calls
#define copy renamed_copy
#define find renamed_find
#define options renamed_options
#define purge renamed_purge
#define release renamed_release
#define reserve renamed_reserve
#define reset renamed_reset
#define sort renamed_sort
#define stats renamed_stats
#define trim renamed_trim
#define walk renamed_walk
#ifdef __cplusplus
#ifdef __clang__
#pragma clang diagnostic ignored "-Wkeyword-macro"
#endif
#define delete renamed_delete
#define new renamed_new
#endif

/* Windows. */
#define CALLBACK <macro of another header>
#define CONST <macro of another header>
#define DELETE <macro of another header>
#define ERROR <macro of another header>
#define FALSE <macro of another header>
#define IN <macro of another header>
#define NO_ERROR <macro of another header>
#define OPTIONAL <macro of another header>
#define OUT <macro of another header>
#define OVERFLOW <macro of another header>
#define PASSTHROUGH <macro of another header>
#define STRICT <macro of another header>
#define TRUE <macro of another header>
#define UNDERFLOW <macro of another header>
#define VOID <macro of another header>
#define environ <macro of another header>
#define far <macro of another header>
#define grp1 <macro of another header>
#define hyper <macro of another header>
#define interface <macro of another header>
#define near <macro of another header>
#define pascal <macro of another header>
#define small <macro of another header>
#define stat <macro of another header>

/* Qt. */
#define emit <macro of another header>
#define foreach <macro of another header>
#define forever <macro of another header>
#define signals <macro of another header>
#define slots

/* Lua, Ruby, Perl, X11, zlib, Objective-C. */
#define FAR <macro of another header>
#define OK <macro of another header>
#define LIMIT <macro of another header>
#define CORRUPT <macro of another header>
#define MOVED <macro of another header>
#define FOREIGN <macro of another header>
#define OUT_OF_MEMORY <macro of another header>
#define UNSUPPORTED <macro of another header>
#define INDEX <macro of another header>
#define SAFETY <macro of another header>
#define SEVERITY <macro of another header>
#define GUARD <macro of another header>
#define FILL <macro of another header>
#define STATISTICS <macro of another header>
#define DEBUG <macro of another header>
#define local <macro of another header>
#define nil <macro of another header>

#endif /* TESTING_HEADERS_COMMON_MACROS_H_ */
