/* ba_logging_allocator: reports every call to another allocator to a sink.
 *
 *     ba_logging_allocator logging;
 *     ba_logging_allocator_init(&logging, parent, ba_log_to_file(stderr));
 *     ba_allocator logged = ba_logging_allocator_allocator(&logging);
 *
 * The sink gets an event when the parent has answered, whatever the answer: also for a call that
 * the parent rejected as misuse and survived. The events hold facts; logging_to_file.h makes lines
 * of them. Questions that change nothing (the block size, ownership) are no events.
 *
 * Metadata: the struct. Cost: one call of the sink for each call. Not synchronized: put a lock
 * around it and not below it, or the events of two threads mix. */
#ifndef BLOCK_ALLOCATOR_FORWARDING_LOGGING_ALLOCATOR_H_
#define BLOCK_ALLOCATOR_FORWARDING_LOGGING_ALLOCATOR_H_

#include <stdint.h>

#include "block_allocator/allocator.h"
#include "block_allocator/block_allocator.h"
#include "block_allocator/call_site.h"
#include "block_allocator/error.h"
#include "block_allocator/internal/language.h"
#include "block_allocator/memory.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* The operations that are logged. Never renumbered; new ones come last. */
typedef enum ba_log_operation {
    BA_LOG_ALLOC,
    BA_LOG_RESIZE,
    BA_LOG_FREE,
    BA_LOG_GROW_BETWEEN,
    BA_LOG_REMAP,
    BA_LOG_DISCARD,
} ba_log_operation;

/* One call and its result. What an operation does not have is zero, or no memory. */
typedef struct ba_log_event {
    uint64_t number; /* of the call, from 1 */
    ba_log_operation operation;
    ba_memory memory;       /* given by the caller; none for alloc */
    ba_alignment alignment; /* given by the caller; zero for discard */
    ba_length minimum;      /* asked for by alloc, resize, grow_between and remap */
    ba_length wanted;       /* asked for by grow_between */
    ba_error error;         /* why the call failed, or BA_OK */
    ba_memory result;  /* where the memory is now and all that it has; for discard, the part with
                        * the length that went; none after a free or a failure */
    ba_call_site site; /* of the call */
} ba_log_event;

/* A sink of events. Must not call the allocator whose events it gets. */
typedef struct ba_log_sink {
    void (*function)(void *context,
                     const ba_log_event *event); /* the event is valid for the call */
    void *context;
} ba_log_sink;

/* The allocator's state; the caller owns it and keeps it in place while the allocator is used. */
typedef struct ba_logging_allocator {
    ba_block_allocator parent;
    ba_log_sink sink;
    uint64_t calls;
} ba_logging_allocator;

/* Makes an allocator over `parent`, which is borrowed, as is the sink's context. Needs no release.
 */
void ba_logging_allocator_init(ba_logging_allocator *self, ba_allocator parent, ba_log_sink sink);

/* The allocator as an exact one; borrows `self`. */
ba_allocator ba_logging_allocator_allocator(ba_logging_allocator *self);

/* The allocator as a whole-span one, with the parent's block size; borrows `self`. */
ba_block_allocator ba_logging_allocator_block_allocator(ba_logging_allocator *self);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* BLOCK_ALLOCATOR_FORWARDING_LOGGING_ALLOCATOR_H_ */
