/* Subjects: the allocators that traces are replayed with, each ready to be called directly. */
#ifndef BENCH_REPLAY_SUBJECT_H_
#define BENCH_REPLAY_SUBJECT_H_

#include <stddef.h>

#include "bench/replay/trace.h"
#include "block_allocator/allocator.h"
#include "block_allocator/memory.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One allocator. Its functions are called in the order in which they stand here. */
typedef struct subject {
    const char *name;
    /* Makes it ready, over a backing that is borrowed until `end`; one that has a backing of its
     * own does not use it. */
    void (*begin)(ba_allocator backing);
    /* Replays events, with what lives in `slots`, by slot. Ends the program if there is no memory.
     */
    void (*replay)(const trace_event *event, const trace_event *end, ba_memory *slots);
    /* Gives back to the system what it holds and does not need, as it does on request. */
    void (*trim)(void);
    void (*end)(void);
} subject;

/* malloc, of whichever library the program was started with. */
extern const subject malloc_subject;

/* A pool type with blocks of 64 bytes and defaults otherwise but the size of requests, and one that
 * checks nothing and gives nothing back by itself. */
extern const subject pool_subject;
extern const subject unchecked_subject;

/* Size classes for small objects, as a program may have them, over a pool type with the defaults of
 * pool_subject. */
extern const subject classes_subject;

/* Pools with options known at run time, through the interface. */
extern const subject chain_subject;

/* One pool of the chain. */
typedef struct chain_level {
    size_t block_size;
    size_t request_size;
} chain_level;

/* How many pools a chain has at most. */
#define CHAIN_LEVELS 3U

/* Says which pools the chain has from its next beginning on: each takes its memory from the one
 * after it, and the last one from the backing. Ends the program if these are no options for pools.
 */
void chain_subject_set(const chain_level *chain, size_t count);

#ifdef __cplusplus
}
#endif

#endif /* BENCH_REPLAY_SUBJECT_H_ */
