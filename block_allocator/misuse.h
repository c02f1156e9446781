/* Misuse: what happens when a caller's mistake is detected.
 *
 * A mistake is described by a ba_misuse and goes through one handler, a function and a context that
 * the program may install. After a BA_SEVERITY_LOG report the call is rejected with the error and
 * nothing has changed; after a BA_SEVERITY_PANIC report the program ends, also if the handler
 * returns.
 *
 * Without an installed handler ba_misuse_default() is called. The linker chooses it: the build
 * setting //block_allocator:default_misuse_handler names a library that defines it. The default is
 * //block_allocator:misuse_to_stderr, which prints one line and aborts on a panic. A freestanding
 * program names //block_allocator:misuse_trap, which needs no C library, or one of its own. */
#ifndef BLOCK_ALLOCATOR_MISUSE_H_
#define BLOCK_ALLOCATOR_MISUSE_H_

#include <stdbool.h>
#include <stddef.h>

#include "block_allocator/call_site.h"
#include "block_allocator/error.h"
#include "block_allocator/internal/language.h"
#include "block_allocator/memory.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* What follows a report. */
typedef enum ba_severity {
    BA_SEVERITY_LOG,   /* the call is rejected, the allocator is as it was, the program goes on */
    BA_SEVERITY_PANIC, /* the program ends */
} ba_severity;

/* The severity of one allocator: its own, or, while it has none, that of the program. All zero: the
 * program's. */
typedef struct ba_severity_option {
    bool is_own;
    ba_severity own;
} ba_severity_option;

/* The option of an allocator with a severity of its own. */
BA_ALWAYS_INLINE ba_severity_option ba_severity_own(ba_severity severity) {
    ba_severity_option option;
    option.is_own = true;
    option.own = severity;
    return option;
}

/* Live memory, named in a report of what is still in use. */
typedef struct ba_live {
    ba_memory memory;
    ba_call_site site; /* of its allocation, if kept */
} ba_live;

/* A report. Everything it points to is borrowed and valid only during the handler's call. */
typedef struct ba_misuse {
    ba_severity severity;
    ba_error error;
    const char *allocator;  /* the allocator's name, such as a pool's */
    const char *operation;  /* the rejected call, such as "free" */
    ba_memory memory;       /* what the caller gave, or what was found overwritten; or none */
    ba_length expected;     /* the right length, or zero if it is not known */
    ba_alignment alignment; /* what the caller gave */
    ba_call_site site;      /* of the rejected call */
    ba_call_site origin;    /* of the allocation that the memory is from, if kept; for BA_RACE, of
                               the other thread's call */
    /* For BA_IN_USE: all that is in use, and the first few of it. */
    size_t live_count;     /* allocations */
    ba_length live_length; /* bytes */
    const ba_live *live;
    size_t live_shown; /* how many `live` points to, at most live_count */
} ba_misuse;

/* A handler of misuse. Must not call the allocator that reports. */
typedef struct ba_misuse_handler {
    void (*function)(void *context, const ba_misuse *misuse); /* NULL: ba_misuse_default() */
    void *context;
} ba_misuse_handler;

/* Installs a handler for the whole program and returns the one before; {NULL, NULL} stands for the
 * default. Not synchronized: install it before other threads use allocators. */
ba_misuse_handler ba_misuse_set_handler(ba_misuse_handler handler);

/* Sets the program's severity, which is that of the allocators of this module until they are given
 * one of their own, and returns the one before. BA_SEVERITY_PANIC at first. A pool has its own from
 * the start; give an allocator over a pool the same severity if it is to do as the pool does. Not
 * synchronized, as above. */
ba_severity ba_misuse_set_severity(ba_severity severity);

/* The severity that ba_misuse_set_severity() set. */
ba_severity ba_misuse_severity(void);

/* The severity that an option stands for now. */
BA_ALWAYS_INLINE ba_severity ba_severity_now(ba_severity_option option) {
    return option.is_own ? option.own : ba_misuse_severity();
}

/* Reports through the handler. Returns the misuse's error if the severity is BA_SEVERITY_LOG; does
 * not return if it is BA_SEVERITY_PANIC. */
ba_error ba_misuse_report(const ba_misuse *misuse);

/* Reports a rejected call that concerns some memory, with the severity that
 * ba_misuse_set_severity() set: what the allocators of this module call. */
ba_error ba_misuse_reject(const char *allocator, const char *operation, ba_error_code code,
                          ba_memory memory, ba_length expected, ba_alignment alignment,
                          ba_call_site site);

/* What happens to a report without an installed handler; defined by the library that the build
 * setting names. For BA_SEVERITY_PANIC it should not return. */
void ba_misuse_default(const ba_misuse *misuse);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* BLOCK_ALLOCATOR_MISUSE_H_ */
