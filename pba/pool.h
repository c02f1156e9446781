/* pba_pool: a pooled block allocator whose options are known at run time.
 *
 * Takes chunks from any backing, splits them into power-of-two blocks, returns spans of whole
 * blocks, merges what is freed with its neighbours, and keeps or gives back what is free by policy.
 * pba/define.h makes a type of its own from options known when compiling; its functions are these
 * with the type's name in front, and behave the same.
 *
 *     pba_pool pool;
 *     pba_options options = pba_options_default();
 *     options.block_size = 256;
 *     ba_any_allocator backing = ba_any_allocator_of(ba_page_allocator());
 *     if (pba_pool_init(&pool, &options, backing, NULL) != PBA_OPTIONS_OK) { ... }
 *     ba_memory span = pba_pool_alloc(&pool, ba_bytes(1000), ba_align(16));        // 1024 bytes
 *     pba_pool_free(&pool, span, ba_align(16));
 *     pba_pool_release_all(&pool, PBA_REPORT_IN_USE);
 *
 * Terms. Block: the unit. Span: one run of whole blocks handed to one caller. Chunk: one grant of
 * the backing, divided into blocks. Payload: bytes in blocks. Metadata: what the pool needs for
 * itself, taken from the same backing (or from a second allocator) in grants of its own, never
 * counted as payload. In use, free: blocks inside and outside a live span.
 *
 * One thread at a time; pba/locked_pool.h has the pool for several. If the library is compiled in
 * debug mode, and so is the code that makes the pool, a call while another thread's is running is
 * reported as BA_RACE, with both call sites, and rejected (with C11's atomics; not in freestanding
 * builds, nor under ThreadSanitizer, which finds more).
 *
 * Who is called by a pool, and may do what with it:
 *
 * - The out-of-memory hook and a walk's function run while nothing is half done: they may do
 *   anything with the pool, allocate, free and trim too, and need not return: longjmp() and C++
 *   exceptions may leave them. So may they leave the handler of misuse; the rejected call has then
 *   changed nothing (an allocation that reports BA_CORRUPT leaves its span in use).
 * - While the backing is called, the pool is busy: what would change it is reported as BA_IN_USE
 *   and rejected, but for this: spans may be freed while the backing is asked for memory (their
 *   chunks stay then); shrink, trim, purge and decay find nothing to give back; and stats,
 *   largest_free, fragmentation, owns, usable_len and verify are answered when the backing is asked
 *   for memory. Thus the hook of a pool may give up what lies in the pools over it, also in the one
 *   whose allocation is the cause. A function of the backing must return: left by longjmp() or an
 *   exception, that of a hook below included, the pool stays busy, and each later call reports
 *   BA_IN_USE. What it holds is then lost.
 *
 * Exceptions pass through these functions if the C sources are compiled with unwind tables: always
 * on x86-64 and AArch64, elsewhere with -fexceptions.
 *
 * Errors and misuse: block_allocator/error.h. In build modes that check (pba_safety), misuse is
 * reliably detected and reported (block_allocator/misuse.h) with the pool's name; with
 * BA_SEVERITY_LOG the call is then rejected and the pool is as it was. What is found of each kind
 * of mistake, and what is not: docs/misuse.md. Costs: allocation, free and resize are O(log chunks
 * + log blocks of a chunk + span / 64 blocks); they do not depend on how many spans are live. */
#ifndef PBA_POOL_H_
#define PBA_POOL_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "block_allocator/allocator.h"
#include "block_allocator/any_allocator.h"
#include "block_allocator/block_allocator.h"
#include "block_allocator/build_mode.h"
#include "block_allocator/internal/language.h"
#include "pba/options.h"

/* What a pool consists of lies open because C puts the fast paths into the caller. Its headers are
 * private: one that is included by anything but the library is an error. */
#ifndef PBA_INTERNAL_
#define PBA_INTERNAL_
#define PBA_INTERNAL_IN_POOL_H_
#endif
#include "pba/engine/accounting.h"
#include "pba/engine/backing_account.h"
#include "pba/engine/chunk_set.h"
#include "pba/engine/metadata.h"
#include "pba/engine/payload.h"
#include "pba/engine/span_cache.h"
#ifdef PBA_INTERNAL_IN_POOL_H_
#undef PBA_INTERNAL_
#undef PBA_INTERNAL_IN_POOL_H_
#endif

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* What an out-of-memory hook says. */
typedef enum pba_hook_answer {
    PBA_GIVE_UP, /* the allocation fails */
    PBA_RETRY,   /* something was done about it; try again */
} pba_hook_answer;

/* A function that is called before memory is refused for lack of it, by the backing or by a limit
 * of the pool, and after the pool's empty chunks have gone back in vain: when allocating, growing
 * in place, remapping and reserving (realloc asks only when no other way is left). Gets the bytes
 * that the backing must have for the call to get on, metadata and rounding included, and the
 * number of the attempt, from 1. Is not asked about a request that the pool could not hold if it
 * were empty. After PBA_RETRY the call begins anew.
 *
 * May do anything with this pool and with others, and need not return. What it allocates from this
 * pool may fail as well: then it is asked again from within itself, as a std::new_handler. Must not
 * free the span that is being resized: that is reported, as BA_DOUBLE_FREE or BA_FOREIGN, or as
 * BA_INTERIOR or BA_SIZE_MISMATCH where the memory that was meant for it lies there by then. */
typedef struct pba_out_of_memory_hook {
    pba_hook_answer (*function)(void *context, ba_length wanted, size_t attempt); /* or NULL */
    void *context;
} pba_out_of_memory_hook;

/* What a pool gets when it is made, beside its options. All of it is borrowed. */
typedef struct pba_setup {
    const char *name; /* for reports; NULL for "pool" */
    pba_out_of_memory_hook hook;
    const ba_allocator
        *metadata; /* where metadata comes from; NULL for the backing; read only during init */
    pba_span_cache *span_cache; /* room for the span cache of this pool alone, which must stay where
                               it is as long as the pool is used; NULL for none: then a pool with
                               the option span_cache takes it as metadata after its first chunk, but
                               not where metadata comes from a buffer, nor more than 1/32 of what
                               the byte limit leaves, and does without where that is refused. Not
                               looked at by types, which have their own beside their pool */
} pba_setup;

/* What a pool knows of threads. */
typedef enum pba_threads_flag {
    PBA_FINDS_RACES = 1,       /* reports BA_RACE, where the library can tell */
    PBA_KEEPS_LOCK = 2,        /* the lock before it is kept while the hook runs */
    PBA_HAS_THREAD_CACHES = 4, /* spans may lie in caches of threads: it is a pba_cached_pool's */
} pba_threads_flag;

/* The pool. The caller owns the struct. It may be moved until its first view or allocation; used at
 * another address later it says BA_MOVED: in debug builds every call does, in others that check
 * each that does not take the fast path of pba/internal/fast_path.h. One of zeros, which was never
 * made, says BA_NOT_MADE, with the severity of ba_misuse_set_severity(). Read it through the
 * functions below. */
typedef struct pba_pool {
    const char *name;
    pba_out_of_memory_hook hook;
    ba_call_site site;           /* of the call to come, as pba_pool_at() was told; or none */
    const struct pba_pool *self; /* NULL until the pool may not be moved any more */
    pba_span_cache *room;        /* for the span cache, of the setup; or NULL */
    pba_backing_account account;
    pba_lent lent; /* to the pools over a view of this one */
    pba_metadata metadata;
    pba_chunk *empty_candidates; /* chunks that may be empty: all that are, and some that were */
    size_t shortest_free;        /* bytes; no empty chunk is shorter */
    uint64_t now;         /* the time last told to pba_pool_decay(), or the number of the period */
    uint64_t peak_before; /* the most blocks that were in use at once in the period before */
    size_t reserved;      /* bytes; what would leave fewer free does not go back by itself */
    uint64_t visits;      /* to the backing, ever: chunks come, change and go in no other time */
    uint64_t decay_age;   /* this and the next ones: the options of these names */
    size_t shrink_min;
    size_t shrink_max;
    uint8_t shrink_kind;
    uint8_t severity;
    uint8_t backing_failure;
    uint8_t auto_shrink;
    uint8_t request_growth;
    uint8_t index;
    uint8_t request_shift; /* requests to the backing have 1 << request_shift bytes */
    uint8_t block_shift;
    uint8_t guard_blocks;
    bool statistics;
    bool checks; /* misuse by the caller */
    bool keeps_sites;
    bool is_plain;         /* spans need no more care than their bits */
    bool gives_back;       /* chunks by itself, or when it is told the time */
    bool has_periods;      /* at whose ends it does so */
    bool took;             /* memory in this period */
    bool gave_back;        /* memory at the end of one, and took none since */
    bool caches;           /* has a span cache, if there is a place for it */
    bool has_cache_beside; /* a place for it behind itself, in a type of pba/define.h */
    bool lacks_cache;      /* a chunk came since metadata for one was asked for */
    bool watches;          /* each chunk that has a live span watches one */
    bool keeps_last_chunk; /* when it becomes empty, by itself */
    bool in_callback;      /* in a call to the backing */
    bool is_asking;        /* in one that asks for memory, while nothing is half done */
    bool cache_is_checked; /* tags know what the span cache holds */
    pba_hardening hardening;
    uint8_t threads;      /* pba_threads_flag, of several */
    uint16_t chunks_gone; /* how often one went, modulo PBA_NEVER_REFUSED */
    uint32_t look_slot;   /* where the look for an aligned run goes on: the slot of a chunk ... */
    uint32_t look_word;   /* ... and the word of its map */
    uint32_t period;      /* frees */
    uint32_t free_ends;   /* chunks that may end free */
    pba_chunk_set chunks;
    pba_span_cache *cache;       /* the span cache, or NULL: there is none, or none yet */
    size_t fast_path_max_blocks; /* the longest span, in blocks, that may take the fast paths of
                            pba/internal/fast_path.h now; 0: none, for they need more than their
                            bits, or the pool is busy, or there is no span cache */
    /* What each allocation and each free writes lies side by side: the end of this, and in a type
     * of pba/define.h the beginning of the span cache, which comes next. A processor writes one
     * line of its cache at a time. */
    pba_accounting accounting;
} pba_pool;

/* Makes a pool over a backing, which is borrowed, and which must be ready for its block size to be
 * asked. Over either kind of backing, requests are rounded up to whole blocks of its own, and all
 * that it grants is used. Takes no memory until the first allocation. Returns the rule that the
 * options break, and then the pool is not made. */
#define pba_pool_init(pool, options, backing, setup)                                               \
    pba_pool_init_in_mode((pool), (options), (backing), (setup), BA_BUILD_MODE)

/* The same, checking what a build of that mode checks. pba_pool_init() is a macro because only a
 * macro is compiled in its caller's mode. */
BA_MUST_USE pba_options_error pba_pool_init_in_mode(pba_pool *pool, const pba_options *options,
                                                    ba_any_allocator backing,
                                                    const pba_setup *setup, int build_mode);

/* The same for options that are known to be good. */
void pba_pool_init_checked(pba_pool *pool, const pba_options *options, ba_any_allocator backing,
                           const pba_setup *setup, int build_mode);

/* The pool as an exact allocator; borrows it. */
ba_allocator pba_pool_allocator(pba_pool *pool);

/* The pool as a whole-span allocator; borrows it. */
ba_block_allocator pba_pool_block_allocator(pba_pool *pool);

/* The block size. */
BA_ALWAYS_INLINE ba_length pba_pool_block_size(const pba_pool *pool) {
    return ba_bytes((size_t)1 << pool->block_shift);
}

/* Allocates a span of at least `minimum` bytes; its length is a multiple of the block size, and all
 * of it is the caller's. Alignments up to the block size always work, larger ones up to what the
 * backing gives; one too large to be given ever is BA_BAD_ALIGN, as the backing says. With a larger
 * one the backing may be asked although a run that just fits is free: it is sought everywhere only
 * if the backing refuses. Before memory is refused, by the backing or by a limit, all chunks that
 * are empty go back if that may help, and it is asked for once more; so do growing and
 * remapping. Errors:
 * BA_ZERO_SIZE, BA_BAD_ALIGN, BA_LIMIT (index type, byte limit, or more than the 2^31 - 64 blocks
 * that a span can have), BA_OUT_OF_MEMORY, or what else the backing says. */
BA_MUST_USE ba_memory pba_pool_alloc_at(pba_pool *pool, ba_length minimum, ba_alignment alignment,
                                        ba_call_site site);

/* Makes a span longer or shorter in place; returns all that it has now. Shrinking gives whole
 * blocks back at once and never fails. Growing takes free blocks behind the span, and if they reach
 * the chunk's end, more of the backing. Refused means that nothing has changed. */
BA_MUST_USE ba_length_result pba_pool_resize_at(pba_pool *pool, ba_memory memory,
                                                ba_alignment alignment, ba_length minimum,
                                                ba_call_site site);

/* Makes a span longer in place: to at least `minimum`, towards `wanted` as far as it goes; the
 * backing is asked only if there is not room for `minimum`. Never makes it shorter. */
BA_MUST_USE ba_length_result pba_pool_grow_between_at(pba_pool *pool, ba_memory memory,
                                                      ba_alignment alignment, ba_length minimum,
                                                      ba_length wanted, ba_call_site site);

/* Makes a span longer or shorter without copying: in place, or, if it is the only one in its chunk
 * and the backing can remap, by moving the chunk, the free blocks in it too. Metadata of the longer
 * chunk is taken before that is asked for, and goes back if it is refused. */
BA_MUST_USE ba_memory pba_pool_remap_at(pba_pool *pool, ba_memory memory, ba_alignment alignment,
                                        ba_length minimum, ba_call_site site);

/* Makes a span longer or shorter: in place, else by remapping, else by copying. On failure nothing
 * has changed. */
BA_MUST_USE ba_memory pba_pool_realloc_at(pba_pool *pool, ba_memory memory, ba_alignment alignment,
                                          ba_length minimum, ba_call_site site);

/* Gives a span back; then, last, gives chunks back as auto-shrink says. The result may be ignored.
 * Errors: BA_FOREIGN, BA_INTERIOR, BA_DOUBLE_FREE, BA_SIZE_MISMATCH, BA_BAD_ALIGN; BA_CORRUPT if
 * the guard was overwritten: the span is then not freed. */
ba_error pba_pool_free_at(pba_pool *pool, ba_memory memory, ba_alignment alignment,
                          ba_call_site site);

/* The calls without _at: macros, because only a macro sees its caller's line. */
#define pba_pool_alloc(pool, minimum, alignment)                                                   \
    pba_pool_alloc_at((pool), (minimum), (alignment), BA_HERE())
#define pba_pool_resize(pool, memory, alignment, minimum)                                          \
    pba_pool_resize_at((pool), (memory), (alignment), (minimum), BA_HERE())
#define pba_pool_grow_between(pool, memory, alignment, minimum, wanted)                            \
    pba_pool_grow_between_at((pool), (memory), (alignment), (minimum), (wanted), BA_HERE())
#define pba_pool_remap(pool, memory, alignment, minimum)                                           \
    pba_pool_remap_at((pool), (memory), (alignment), (minimum), BA_HERE())
#define pba_pool_realloc(pool, memory, alignment, minimum)                                         \
    pba_pool_realloc_at((pool), (memory), (alignment), (minimum), BA_HERE())
#define pba_pool_free(pool, memory, alignment)                                                     \
    pba_pool_free_at((pool), (memory), (alignment), BA_HERE())

/* The same pool, for a call without _at that follows at once: reports name this place then. What
 * the macros at the end do. */
BA_ALWAYS_INLINE pba_pool *pba_pool_at(pba_pool *pool, ba_call_site site) {
    pool->site = site;
    return pool;
}

/* --- keeping and giving back --- */

/* Gives empty chunks back as a threshold says, once; the pool's own threshold stays as it is.
 * Returns the bytes given back. O(empty chunks). A threshold that breaks the rules of the
 * options (min below max, percentages below 100) is BA_OUT_OF_BOUNDS, a misuse. */
ba_length pba_pool_shrink(pba_pool *pool, pba_threshold threshold);

/* Gives empty chunks back as long as at least `keep` bytes of free payload remain; and if no
 * chunk is left, all metadata, as shrink, reset and decay do then. Returns the bytes of payload
 * given back. */
ba_length pba_pool_trim(pba_pool *pool, ba_length keep);

/* Takes memory ahead, so that at least `free` bytes of payload are free: in one piece if the
 * backing has one so long, else in at most 16. So much is a floor from then on: nothing goes back
 * by itself, with PBA_AUTO_SHRINK_ADAPTIVE or by pba_pool_decay(), that would leave fewer bytes
 * free, until a call of shrink, trim, reset or release_all. As an allocation, asks the
 * out-of-memory hook before it fails, and does then what the option backing_failure says. BA_LIMIT,
 * also where more than 2^31 - 64 blocks are missing, BA_OUT_OF_MEMORY: nothing has changed. */
BA_MUST_USE ba_error pba_pool_reserve(pba_pool *pool, ba_length free);

/* Frees every span, without a look at guards, and keeps at most `keep` bytes of chunks. Returns the
 * bytes given back. While other pools hold memory of this one, as release_all says, that is
 * BA_IN_USE, a misuse, and nothing is done. */
ba_length pba_pool_reset(pba_pool *pool, ba_length keep);

/* Gives free memory inside chunks back to the system, where the backing can discard; it stays free
 * payload of the pool. What was given back and not taken since is not given back again. Goes by
 * blocks of the backing, at most 4096 bytes each, that lie in one hole from end to end. With fill
 * on nothing is given back, for the fill would be lost. Returns the bytes given back. O(all). */
ba_length pba_pool_purge(pba_pool *pool);

/* Says what time it is, in the unit of the option decay_age, never less than before: chunks that
 * have been empty for at least that age go back, while the threshold's min holds and what was
 * reserved stays. A chunk's age begins with the first call that finds it so. Returns the bytes
 * given back. O(empty chunks). */
ba_length pba_pool_decay(pba_pool *pool, uint64_t now);

/* What release_all says of memory in use. */
typedef enum pba_in_use {
    PBA_ALLOW_IN_USE,  /* nothing */
    PBA_REPORT_IN_USE, /* BA_IN_USE is reported: count, bytes, and the first few spans with their
                          call sites */
} pba_in_use;

/* Gives everything back to the backing, also what is in use, and then reports that if asked to.
 * What other pools still hold of it, over a view of this one and nothing between, is reported in
 * any case, in build modes that check: their number of grants and bytes. The pool is as after its
 * init. Returns BA_OK or BA_IN_USE. */
ba_error pba_pool_release_all(pba_pool *pool, pba_in_use in_use);

/* --- looking --- */

/* What a pool has and what has happened to it. With statistics off, what is marked * is 0. */
typedef struct pba_stats {
    ba_length payload;
    ba_length in_use;
    ba_length free;
    ba_length metadata;
    ba_length taken; /* from the backing, payload, metadata and what is of no use: the byte limit
                        counts it */
    ba_length peak_payload; /* * */
    ba_length peak_in_use;  /* * */
    size_t chunks;
    uint64_t spans;            /* * live */
    uint64_t allocations;      /* * */
    uint64_t frees;            /* * */
    uint64_t resizes;          /* * in place or by remapping */
    uint64_t failures;         /* * of allocations, of growing in place or by remapping, and of
                                  reserving */
    uint64_t backing_requests; /* calls to the backing that may fail */
    uint64_t backing_failures; /* how many of them did */
} pba_stats;

/* The statistics now. O(1); changes nothing but the place of the call. */
pba_stats pba_pool_stats(pba_pool *pool);

/* The longest span that can be allocated without asking the backing. Coalesces what is cached
 * first, but not while the backing is asked; the rest is O(changed chunks). */
ba_length pba_pool_largest_free(pba_pool *pool);

/* The percentage of the free payload that is not in its longest run, rounded down; 0 where nothing
 * is free. Cost as above. */
unsigned pba_pool_fragmentation(pba_pool *pool);

/* True if the pointer lies in the pool's payload. O(1). */
bool pba_pool_owns(const pba_pool *pool, const void *pointer);

/* The length of the live span that starts at a pointer. BA_FOREIGN, BA_INTERIOR or BA_DOUBLE_FREE
 * if there is none; not reported as misuse. A pool that neither checks nor gives anything back by
 * itself (safety off, auto-shrink NEVER) may take a span that was freed recently for a live one.
 * O(span / 64 blocks), however much was freed. */
ba_length_result pba_pool_usable_len(const pba_pool *pool, const void *pointer);

/* What walk shows: a live span or a hole. */
typedef enum pba_walk_kind {
    PBA_WALK_LIVE,
    PBA_WALK_HOLE,
} pba_walk_kind;

/* One of them. */
typedef struct pba_walk_item {
    pba_walk_kind kind;
    const void *pointer;
    ba_length length;  /* all of its blocks, a guard included */
    ba_call_site site; /* of a live span, if kept */
    bool starts_chunk; /* it is the first of its chunk */
} pba_walk_item;

/* Shows every span and every hole in order of addresses. The function may change the pool, and need
 * not return: what has not changed is shown exactly once, what has may be shown or not, and the
 * walk ends. O(all); O(chunks) more for each chunk while chunks come and go. */
void pba_pool_walk(pba_pool *pool, void (*show)(void *context, const pba_walk_item *item),
                   void *context);

/* Checks everything that must hold of the pool: bits, trees, counts, lists, tables, and guards and
 * fills where they are on. With statistics off it cannot see where live spans side by side border
 * on each other. BA_OK or BA_CORRUPT. O(all); changes nothing. */
BA_MUST_USE ba_error pba_pool_verify(const pba_pool *pool);

/* The calls that take no call site are told it beforehand: macros, because only a macro sees its
 * caller's line; with dots, because an argument may hold commas. owns, usable_len and verify do not
 * change the pool and are told none. */
#define pba_pool_shrink(pool, ...) pba_pool_shrink(pba_pool_at((pool), BA_HERE()), __VA_ARGS__)
#define pba_pool_trim(pool, ...) pba_pool_trim(pba_pool_at((pool), BA_HERE()), __VA_ARGS__)
#define pba_pool_reserve(pool, ...) pba_pool_reserve(pba_pool_at((pool), BA_HERE()), __VA_ARGS__)
#define pba_pool_reset(pool, ...) pba_pool_reset(pba_pool_at((pool), BA_HERE()), __VA_ARGS__)
#define pba_pool_purge(pool) pba_pool_purge(pba_pool_at((pool), BA_HERE()))
#define pba_pool_decay(pool, ...) pba_pool_decay(pba_pool_at((pool), BA_HERE()), __VA_ARGS__)
#define pba_pool_release_all(pool, ...)                                                            \
    pba_pool_release_all(pba_pool_at((pool), BA_HERE()), __VA_ARGS__)
#define pba_pool_stats(pool) pba_pool_stats(pba_pool_at((pool), BA_HERE()))
#define pba_pool_largest_free(pool) pba_pool_largest_free(pba_pool_at((pool), BA_HERE()))
#define pba_pool_fragmentation(pool) pba_pool_fragmentation(pba_pool_at((pool), BA_HERE()))
#define pba_pool_walk(pool, ...) pba_pool_walk(pba_pool_at((pool), BA_HERE()), __VA_ARGS__)
#define pba_pool_allocator(pool) pba_pool_allocator(pba_pool_at((pool), BA_HERE()))
#define pba_pool_block_allocator(pool) pba_pool_block_allocator(pba_pool_at((pool), BA_HERE()))

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_POOL_H_ */
