/* Traces: what a real program asked of malloc, in order, read into an array of events.
 *
 *     trace recorded;
 *     const trace_error error = trace_read(bytes, length, ba_page_allocator(), &recorded);
 *     ...
 *     trace_release(&recorded, ba_page_allocator());
 *
 * The format is told in bench/traces/README.md. A trace says which of its slots each call is about;
 * a replay keeps a pointer for each slot. */
#ifndef BENCH_REPLAY_TRACE_H_
#define BENCH_REPLAY_TRACE_H_

#include <stddef.h>
#include <stdint.h>

#include "block_allocator/allocator.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What was called, by its number in the format. */
typedef enum trace_operation {
    TRACE_MALLOC = 1,
    TRACE_FREE = 2,
    TRACE_REALLOC = 3,
    TRACE_CALLOC = 4,
    TRACE_ALIGNED = 5,
} trace_operation;

/* One call, in 16 bytes. */
typedef struct trace_event {
    uint64_t
        size; /* bytes asked for, at least 1: for 0 malloc gives what it gives for 1; 0 if free */
    uint32_t slot;
    uint8_t operation;       /* a trace_operation */
    uint8_t alignment_shift; /* of TRACE_ALIGNED: log2 of the alignment */
} trace_event;

/* A trace that was read. It is whole: what lives when the recording ends is freed by events of our
 * own, in the order of slots. The caller owns the array. */
typedef struct trace {
    ba_memory array; /* of the events, with spare room behind them */
    trace_event *events;
    size_t count;         /* of events */
    size_t recorded;      /* how many of them, the first, are the program's own */
    size_t slots;         /* slots that are used: 0 to slots - 1 */
    uint64_t peak_in_use; /* the most bytes that were asked for and not freed, at one time */
    size_t peak_live;     /* allocations that lived then */
    size_t peak_end;      /* how many events lead there */
} trace;

/* What is wrong with a trace. */
typedef enum trace_error {
    TRACE_OK,
    TRACE_NO_TRACE,        /* it does not begin as a trace does */
    TRACE_CUT_SHORT,       /* it ends within an event */
    TRACE_WRONG_NUMBER,    /* a number has more than 64 bits */
    TRACE_WRONG_OPERATION, /* there is no such call */
    TRACE_WRONG_ALIGNMENT, /* there is no such power of two */
    TRACE_WRONG_SLOT,      /* a slot's number is not below the number of events */
    TRACE_SLOT_IN_USE,     /* an allocation names a slot that has one */
    TRACE_SLOT_NOT_IN_USE, /* a free or realloc names one that has none */
    TRACE_TOO_LARGE,       /* more is in use than 64 bits can count */
    TRACE_OUT_OF_MEMORY,   /* the allocator has no room for the events */
} trace_error;

/* Reads a trace. Its array comes from the allocator and goes back by trace_release(). On an
 * error there is no trace. O(length). */
BA_MUST_USE trace_error trace_read(const unsigned char *bytes, size_t length, ba_allocator memory,
                                   trace *result);

/* Gives the events back to the allocator that they came from. */
void trace_release(trace *self, ba_allocator memory);

/* The error in words. The text is constant and never freed. */
const char *trace_error_message(trace_error error);

#ifdef __cplusplus
}
#endif

#endif /* BENCH_REPLAY_TRACE_H_ */
