/* The options of a pool: what each means, its default, the rule it must obey, its cost.
 *
 * pba/define.h takes them as macros and checks them when compiling; pba_pool takes them as a
 * pba_options and checks them in its init. Both read the same tables: PBA_OPTIONS has each
 * option, PBA_OPTION_RULES the rules. */
#ifndef PBA_OPTIONS_H_
#define PBA_OPTIONS_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "block_allocator/build_mode.h"
#include "block_allocator/internal/language.h"
#include "block_allocator/memory.h"
#include "block_allocator/misuse.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* Something that is on or off. */
typedef enum pba_switch {
    PBA_OFF,
    PBA_ON,
    PBA_ON_IN_DEBUG, /* on where BA_BUILD_MODE is BA_DEBUG */
} pba_switch;

/* How many blocks a pool can hold at most: as many as an unsigned number of that many bits can
 * count. Reaching it is BA_LIMIT, never a wrap. Costs nothing; it bounds the pool. Whatever the
 * index, one span has at most 2^31 - 64 blocks, the guard included, and so has one chunk: a longer
 * one is BA_LIMIT too. */
typedef enum pba_index {
    PBA_INDEX_U8 = 8,
    PBA_INDEX_U16 = 16,
    PBA_INDEX_U32 = 32,
    PBA_INDEX_U64 = 64,
    PBA_INDEX_SIZE = 8 * sizeof(size_t), /* as many as a size_t can count */
} pba_index;

/* In which build modes misuse by the caller is checked. In the others the caller has promised not
 * to err. */
typedef enum pba_safety {
    PBA_SAFETY_NEVER,
    PBA_SAFETY_DEBUG_ONLY,
    PBA_SAFETY_RELEASE_SAFE_AND_BELOW,
    PBA_SAFETY_RELEASE_SMALL_AND_BELOW,
    PBA_SAFETY_RELEASE_FAST_AND_BELOW,
    PBA_SAFETY_ALWAYS = PBA_SAFETY_RELEASE_FAST_AND_BELOW, /* no mode is above */
} pba_safety;

/* What happens when the backing gives no memory. */
typedef enum pba_backing_failure {
    PBA_BACKING_FAILURE_RETURNS,     /* the caller sees it */
    PBA_BACKING_FAILURE_PANICS,      /* it is reported with BA_SEVERITY_PANIC */
    PBA_BACKING_FAILURE_UNREACHABLE, /* the compiler may assume that it never happens */
} pba_backing_failure;

/* What a free gives back to the backing by itself. */
typedef enum pba_auto_shrink {
    PBA_AUTO_SHRINK_NEVER,
    PBA_AUTO_SHRINK_SIMPLE,     /* the freed span's own chunk, when it is empty */
    PBA_AUTO_SHRINK_AGGRESSIVE, /* then, empty chunks until the pool is below the threshold's
                                   max; a free looks at none of
                                   them while the shortest of them
                                   may not go */
    PBA_AUTO_SHRINK_ADAPTIVE,   /* chunks that were not needed for a while; see below */
} pba_auto_shrink;

/* PBA_AUTO_SHRINK_ADAPTIVE counts time in periods of frees, and asks for no threshold. At the end
 * of a period those chunks go back that were empty during all of it, and those that are
 * empty now, longer than a backing request, and longer than twice what was in use at most, at
 * once, in this period and the one before.
 *
 * A period is PBA_PERIOD_FIRST frees; it becomes twice as long, at most PBA_PERIOD_LONGEST, each
 * time that memory was taken in one after some had gone so. Thus a program that does the same over
 * and over asks for memory no more once that fits into a period, and of a peak nothing is left
 * after three periods. */
#define PBA_PERIOD_FIRST 256
#define PBA_PERIOD_LONGEST 65536

/* How a threshold is meant. */
typedef enum pba_threshold_kind {
    PBA_THRESHOLD_PERCENT, /* of the payload taken from the backing: min < max < 100 */
    PBA_THRESHOLD_FLAT,    /* bytes: min < max */
} pba_threshold_kind;

/* When to give chunks back: if the free payload is at or above `max`, and for each chunk only if
 * what remains is at or above `min`. An empty remainder counts as 0 % free.
 *
 * Thresholds near 0 with small requests over pages of the system cost map entries: each chunk that
 * goes from between two that stay is a hole in the process's map, half an entry a chunk where every
 * second one goes, and Linux allows 65,530 in all (docs/performance.md has the figures). */
typedef struct pba_threshold {
    pba_threshold_kind kind;
    size_t min; /* percent or bytes */
    size_t max;
} pba_threshold;

/* A threshold in percent of the payload. */
BA_ALWAYS_INLINE pba_threshold pba_threshold_percent(size_t min, size_t max) {
    pba_threshold threshold;
    threshold.kind = PBA_THRESHOLD_PERCENT;
    threshold.min = min;
    threshold.max = max;
    return threshold;
}

/* A threshold in bytes. */
BA_ALWAYS_INLINE pba_threshold pba_threshold_flat(ba_length min, ba_length max) {
    pba_threshold threshold;
    threshold.kind = PBA_THRESHOLD_FLAT;
    threshold.min = min.bytes;
    threshold.max = max.bytes;
    return threshold;
}

/* All options of a pool, each with its default. Start from pba_options_default(). */
typedef struct pba_options {
    /* The unit of spans, in bytes: a power of two, at least 64. */
    size_t block_size;
#define PBA_DEFAULT_BLOCK_SIZE 1024
    /* Requests to the backing are rounded up to a multiple of this many bytes, or of its own block
     * size if that is larger, except a last chunk cut short by a limit. A power of two, at least
     * the block size. */
    size_t backing_request_size;
#define PBA_DEFAULT_BACKING_REQUEST_SIZE 4096
    /* A request is for at least so many percent of the payload that the pool has, in whole backing
     * requests, where that is 4 of these and more: the more a pool has, the more it takes at a
     * time, in fewer and longer chunks, each with one record. Where that is refused, what is needed
     * is asked for. 0 for off. Costs as much memory at most, taken and not touched; and a free in a
     * long chunk takes some 250 instructions more where there are many: 1 or 2 is for pools that
     * take much in small requests. At most 100. */
    size_t request_growth;
#define PBA_DEFAULT_REQUEST_GROWTH 0
    /* How many blocks the pool can hold: those of one backing request at least. */
    pba_index index;
#define PBA_DEFAULT_INDEX PBA_INDEX_U32
    /* The most bytes taken from the backing, metadata included, in whole blocks of its own;
     * SIZE_MAX for no limit. What would pass it is not asked for. */
    size_t byte_limit;
#define PBA_DEFAULT_BYTE_LIMIT SIZE_MAX
    /* Freed spans, tails cut by a shrink, the old copy after a move, and chunks before they go
     * back, are overwritten so that no optimiser may drop it: with 0xAA in debug builds, else with
     * 0x00. Costs a write of what is freed. */
    pba_switch secure_wipe;
#define PBA_DEFAULT_SECURE_WIPE PBA_OFF
    /* Freed spans of at most 63 blocks are kept aside for allocations to come, before they are
     * coalesced. Most calls are several times faster with it; without it, none is much slower than
     * the others: for callers with deadlines. It takes 6,696 bytes on 64-bit machines, beside the
     * pool of a type, in room of the setup of any other, or as metadata (pba_setup); its lists
     * take at most 512 KiB, nor more than 1/32 of the payload. pba/define.h reads it in an #if, and
     * must be given one of the three names. */
    pba_switch span_cache;
#define PBA_DEFAULT_SPAN_CACHE PBA_ON
    /* Where misuse is checked. Costs a look at the metadata in each free and resize. */
    pba_safety safety;
#define PBA_DEFAULT_SAFETY PBA_SAFETY_RELEASE_SAFE_AND_BELOW
    /* How misuse is reported: BA_SEVERITY_LOG or BA_SEVERITY_PANIC. */
    ba_severity severity;
#define PBA_DEFAULT_SEVERITY BA_SEVERITY_PANIC
    /* What happens when the backing gives no memory. */
    pba_backing_failure backing_failure;
#define PBA_DEFAULT_BACKING_FAILURE PBA_BACKING_FAILURE_RETURNS
    /* What a free gives back to the backing by itself. */
    pba_auto_shrink auto_shrink;
#define PBA_DEFAULT_AUTO_SHRINK PBA_AUTO_SHRINK_ADAPTIVE
    /* When SIMPLE and AGGRESSIVE give chunks back, and how far decay goes: a pba_threshold, taken
     * apart. */
    pba_threshold_kind shrink_kind;
#define PBA_DEFAULT_SHRINK_KIND PBA_THRESHOLD_PERCENT
    size_t shrink_min; /* percent or bytes */
#define PBA_DEFAULT_SHRINK_MIN 25
    size_t shrink_max; /* percent or bytes */
#define PBA_DEFAULT_SHRINK_MAX 50
    /* Chunks that have been empty for at least this long go back when pba_pool_decay() is
     * told the time, in the caller's own unit, while the threshold's min holds; a free then gives
     * nothing back by itself. Counted from the first time that was told when they were free. 0 for
     * off. */
    uint64_t decay_age;
#define PBA_DEFAULT_DECAY_AGE 0
    /* Counts and peaks. Costs a few instructions a call. */
    pba_switch statistics;
#define PBA_DEFAULT_STATISTICS PBA_ON
    /* One more block behind each span, never allocated, filled and checked when the span is freed
     * and by verify: finds writes past the end. Costs a block a span and its filling. */
    pba_switch guard;
#define PBA_DEFAULT_GUARD PBA_OFF
    /* Free memory is filled and the fill checked when it is used again: finds writes after free.
     * The call that finds one is served all the same, for it is not its mistake. Costs a write at
     * each free and a read at each allocation of the whole span. */
    pba_switch fill;
#define PBA_DEFAULT_FILL PBA_OFF
    /* The call site of each live span is kept for reports. Costs 16 bytes a block on 64-bit
     * machines. */
    pba_switch call_sites;
#define PBA_DEFAULT_CALL_SITES PBA_ON_IN_DEBUG
} pba_options;

/* Each option, for what is done with all of them: X(type, name, NAME). GUARD, for one, is the
 * parameter PBA_GUARD of pba/define.h, and has the default PBA_DEFAULT_GUARD. */
#define PBA_OPTIONS(X)                                                                             \
    X(size_t, block_size, BLOCK_SIZE)                                                              \
    X(size_t, backing_request_size, BACKING_REQUEST_SIZE)                                          \
    X(size_t, request_growth, REQUEST_GROWTH)                                                      \
    X(pba_index, index, INDEX)                                                                     \
    X(size_t, byte_limit, BYTE_LIMIT)                                                              \
    X(pba_switch, secure_wipe, SECURE_WIPE)                                                        \
    X(pba_switch, span_cache, SPAN_CACHE)                                                          \
    X(pba_safety, safety, SAFETY)                                                                  \
    X(ba_severity, severity, SEVERITY)                                                             \
    X(pba_backing_failure, backing_failure, BACKING_FAILURE)                                       \
    X(pba_auto_shrink, auto_shrink, AUTO_SHRINK)                                                   \
    X(pba_threshold_kind, shrink_kind, SHRINK_KIND)                                                \
    X(size_t, shrink_min, SHRINK_MIN)                                                              \
    X(size_t, shrink_max, SHRINK_MAX)                                                              \
    X(uint64_t, decay_age, DECAY_AGE)                                                              \
    X(pba_switch, statistics, STATISTICS)                                                          \
    X(pba_switch, guard, GUARD)                                                                    \
    X(pba_switch, fill, FILL)                                                                      \
    X(pba_switch, call_sites, CALL_SITES)

/* The most blocks that an index type can count. */
#define PBA_INDEX_MAX(index) (UINT64_MAX >> (64 - (unsigned)(index)))
#define PBA_IS_INDEX(index) ((index) == 8 || (index) == 16 || (index) == 32 || (index) == 64)

#define PBA_IS_SWITCH(value) ((unsigned)(value) <= (unsigned)PBA_ON_IN_DEBUG)
#define PBA_MUST_BE_SWITCH " must be PBA_OFF, PBA_ON or PBA_ON_IN_DEBUG"
#define PBA_IS_POWER_OF_TWO(n) ((n) > 0 && ((n) & ((n)-1)) == 0)

/* True if a constant is no fraction, asked before it is converted to the type of its option, where
 * that would be lost. */
#ifdef __cplusplus
#define PBA_IS_INTEGER(n) (static_cast<decltype(0 + (n))>(0.5F) == 0)
#else
#define PBA_IS_INTEGER(n) _Generic((n), float : 0, double : 0, long double : 0, default : 1)
#endif

/* The rules: X(name, condition, message), in the order in which they are checked. `o` makes an
 * option's value of its name: o(BLOCK_SIZE). The messages name the parameters of pba/define.h. */
#define PBA_OPTION_RULES(X, o)                                                                     \
    X(BLOCK_SIZE_POWER_OF_TWO, PBA_IS_POWER_OF_TWO(o(BLOCK_SIZE)),                                 \
      "PBA_BLOCK_SIZE must be a power of two")                                                     \
    X(BLOCK_SIZE_MIN, o(BLOCK_SIZE) >= 64, "PBA_BLOCK_SIZE must be at least 64")                   \
    X(BACKING_REQUEST_SIZE_POWER_OF_TWO, PBA_IS_POWER_OF_TWO(o(BACKING_REQUEST_SIZE)),             \
      "PBA_BACKING_REQUEST_SIZE must be a power of two")                                           \
    X(BACKING_REQUEST_SIZE_MIN, o(BACKING_REQUEST_SIZE) >= o(BLOCK_SIZE),                          \
      "PBA_BACKING_REQUEST_SIZE must be at least PBA_BLOCK_SIZE")                                  \
    X(REQUEST_GROWTH, o(REQUEST_GROWTH) <= 100, "PBA_REQUEST_GROWTH must be at most 100")          \
    X(INDEX, PBA_IS_INDEX((unsigned)o(INDEX)),                                                     \
      "PBA_INDEX must be one of PBA_INDEX_U8, _U16, _U32, _U64, _SIZE")                            \
    X(INDEX_TOO_SMALL, o(BACKING_REQUEST_SIZE) / o(BLOCK_SIZE) <= PBA_INDEX_MAX(o(INDEX)),         \
      "PBA_INDEX must be able to count the blocks of one PBA_BACKING_REQUEST_SIZE")                \
    X(BYTE_LIMIT, o(BYTE_LIMIT) >= o(BLOCK_SIZE),                                                  \
      "PBA_BYTE_LIMIT must be at least PBA_BLOCK_SIZE")                                            \
    X(SECURE_WIPE, PBA_IS_SWITCH(o(SECURE_WIPE)), "PBA_SECURE_WIPE" PBA_MUST_BE_SWITCH)            \
    X(SPAN_CACHE, PBA_IS_SWITCH(o(SPAN_CACHE)), "PBA_SPAN_CACHE" PBA_MUST_BE_SWITCH)               \
    X(SAFETY, (unsigned)o(SAFETY) <= (unsigned)PBA_SAFETY_ALWAYS,                                  \
      "PBA_SAFETY must be a value of pba_safety")                                                  \
    X(SEVERITY, o(SEVERITY) == BA_SEVERITY_LOG || o(SEVERITY) == BA_SEVERITY_PANIC,                \
      "PBA_SEVERITY must be BA_SEVERITY_LOG or BA_SEVERITY_PANIC")                                 \
    X(BACKING_FAILURE, (unsigned)o(BACKING_FAILURE) <= (unsigned)PBA_BACKING_FAILURE_UNREACHABLE,  \
      "PBA_BACKING_FAILURE must be a value of pba_backing_failure")                                \
    X(AUTO_SHRINK, (unsigned)o(AUTO_SHRINK) <= (unsigned)PBA_AUTO_SHRINK_ADAPTIVE,                 \
      "PBA_AUTO_SHRINK must be a value of pba_auto_shrink")                                        \
    X(SHRINK_KIND,                                                                                 \
      o(SHRINK_KIND) == PBA_THRESHOLD_PERCENT || o(SHRINK_KIND) == PBA_THRESHOLD_FLAT,             \
      "PBA_SHRINK_KIND must be PBA_THRESHOLD_PERCENT or PBA_THRESHOLD_FLAT")                       \
    X(SHRINK_MIN_BELOW_MAX, o(SHRINK_MIN) < o(SHRINK_MAX),                                         \
      "PBA_SHRINK_MIN must be below PBA_SHRINK_MAX")                                               \
    X(SHRINK_MAX_PERCENT, o(SHRINK_KIND) != PBA_THRESHOLD_PERCENT || o(SHRINK_MAX) < 100,          \
      "PBA_SHRINK_MAX must be below 100 when it is a percentage")                                  \
    X(STATISTICS, PBA_IS_SWITCH(o(STATISTICS)), "PBA_STATISTICS" PBA_MUST_BE_SWITCH)               \
    X(GUARD, PBA_IS_SWITCH(o(GUARD)), "PBA_GUARD" PBA_MUST_BE_SWITCH)                              \
    X(FILL, PBA_IS_SWITCH(o(FILL)), "PBA_FILL" PBA_MUST_BE_SWITCH)                                 \
    X(CALL_SITES, PBA_IS_SWITCH(o(CALL_SITES)), "PBA_CALL_SITES" PBA_MUST_BE_SWITCH)

/* Which rule options break. */
typedef enum pba_options_error {
    PBA_OPTIONS_OK,
#define PBA_RULE_(name, condition, message) PBA_OPTIONS_##name,
#define PBA_NO_OPTION_(option) 0
    PBA_OPTION_RULES(PBA_RULE_, PBA_NO_OPTION_)
#undef PBA_RULE_
#undef PBA_NO_OPTION_
} pba_options_error;

/* True if time passes for a pool with these options as spans are freed. */
BA_ALWAYS_INLINE bool pba_options_have_periods(const pba_options *options) {
    return options->auto_shrink == PBA_AUTO_SHRINK_ADAPTIVE && options->decay_age == 0;
}

/* The default options. */
pba_options pba_options_default(void);

/* The first rule that the options break, or PBA_OPTIONS_OK. */
BA_MUST_USE pba_options_error pba_options_check(const pba_options *options);

/* The rule in words. The text is constant and never freed. */
const char *pba_options_error_message(pba_options_error error);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_OPTIONS_H_ */
