/* ba_tracking_allocator: knows every live allocation of another allocator: who made it, how long it
 * is, what was never freed.
 *
 *     ba_tracking_allocator tracking;
 *     ba_tracking_allocator_init(&tracking, "assets", parent, metadata);
 *     ba_allocator tracked = ba_tracking_allocator_allocator(&tracking);
 *     ...
 *     ba_tracking_allocator_release(&tracking);     // reports what is still in use
 *
 * Mistakes are reliably detected, in every build mode, because finding them is what this allocator
 * is for: BA_FOREIGN, BA_INTERIOR (inside a live span), BA_SIZE_MISMATCH and BA_BAD_ALIGN, each
 * with the call site of the allocation as the report's `origin` where there is one. Memory that was
 * freed already is BA_FOREIGN: the table forgets what is freed, and the parent may have granted the
 * address to another caller. Arguments that need no table to be checked are left to the parent.
 *
 * Metadata: a hash table with open addressing, six words a slot and at most three quarters
 * full. It comes from an allocator of its own and grows only in allocations; free, resize and remap
 * need no memory. Cost: one look-up a call, and a walk over all live allocations to report a
 * pointer that is not in the table. Not synchronized. */
#ifndef BLOCK_ALLOCATOR_FORWARDING_TRACKING_ALLOCATOR_H_
#define BLOCK_ALLOCATOR_FORWARDING_TRACKING_ALLOCATOR_H_

#include <stddef.h>
#include <stdint.h>

#include "block_allocator/allocator.h"
#include "block_allocator/block_allocator.h"
#include "block_allocator/error.h"
#include "block_allocator/internal/language.h"
#include "block_allocator/memory.h"
#include "block_allocator/misuse.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* What happened so far. Bytes are those of whole spans, as the parent granted them. A call that
 * this allocator rejects counts nowhere; one that the parent rejects counts as failed or refused.
 */
typedef struct ba_tracking_statistics {
    size_t allocations;          /* live now */
    ba_length in_use;            /* their bytes */
    size_t peak_allocations;     /* the most that were live at one time */
    ba_length peak_in_use;       /* the most bytes that were in use at one time */
    uint64_t total_allocations;  /* ever made; less those live now, they were freed */
    uint64_t total_bytes;        /* ever allocated, by allocation and by growth */
    uint64_t failed_allocations; /* that the parent refused, or for which the table had no room */
    uint64_t resizes;            /* done in place, by resize, grow-between or remap */
    uint64_t moves;              /* done by remap; a move by copying is an allocation and a free */
    uint64_t refused_resizes;    /* resizes, grow-betweens and remaps that the parent refused */
} ba_tracking_statistics;

/* A visitor of live allocations. Must not use the allocator that shows them. */
typedef struct ba_tracking_visitor {
    void (*function)(void *context, const ba_live *live); /* the argument is valid for the call */
    void *context;
} ba_tracking_visitor;

/* The allocator's state; the caller owns it and keeps it in place while the allocator is used. Read
 * it through the functions below. */
typedef struct ba_tracking_allocator {
    ba_block_allocator parent;
    const char *name;
    ba_allocator metadata;
    ba_severity_option severity;
    struct ba_tracking_slot_ *table; /* NULL before the first allocation */
    size_t capacity;                 /* slots of it; a power of two, or zero */
    size_t oldest;                   /* slots by number; only meaningful if there are allocations */
    size_t newest;
    ba_tracking_statistics statistics;
} ba_tracking_allocator;

/* Makes an allocator over `parent` whose table comes from `metadata`; both are borrowed, and may
 * be the same. Takes no memory yet. `name` names it in reports and is borrowed too. Give the table
 * back with ba_tracking_allocator_release(). */
void ba_tracking_allocator_init(ba_tracking_allocator *self, const char *name, ba_allocator parent,
                                ba_allocator metadata);

/* Gives this allocator a severity of its own; before, and after init, it has the program's
 * (ba_misuse_set_severity()). */
void ba_tracking_allocator_set_severity(ba_tracking_allocator *self, ba_severity severity);

/* Gives the table back and forgets everything: the allocator is as after init, except for its
 * severity. If memory is in use, that is reported first, as by
 * ba_tracking_allocator_report_leaks(), and BA_IN_USE is returned; the memory stays allocated in
 * the parent. If the table's allocator does not take it back, as inside one of its own calls, only
 * the report is made, nothing else changes, and that allocator's error is returned. */
ba_error ba_tracking_allocator_release(ba_tracking_allocator *self);

/* The allocator as an exact one; borrows `self`. */
ba_allocator ba_tracking_allocator_allocator(ba_tracking_allocator *self);

/* The allocator as a whole-span one, with the parent's block size; borrows `self`. */
ba_block_allocator ba_tracking_allocator_block_allocator(ba_tracking_allocator *self);

/* What happened since init or release. */
ba_tracking_statistics ba_tracking_allocator_statistics(const ba_tracking_allocator *self);

/* Shows each live allocation with its whole span and call site, the oldest first; one that was
 * moved by remap is as old as the move. */
void ba_tracking_allocator_visit(const ba_tracking_allocator *self, ba_tracking_visitor visitor);

/* Reports memory that is in use to the misuse handler, as BA_IN_USE with count, bytes and the
 * oldest few allocations, and returns that error (unless the severity ends the program). BA_OK, and
 * no report, if there is none. */
ba_error ba_tracking_allocator_report_leaks(const ba_tracking_allocator *self);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* BLOCK_ALLOCATOR_FORWARDING_TRACKING_ALLOCATOR_H_ */
