/* One pool or several over each other, with options known at run time, through the interface. */
#include <string.h>

#include "bench/replay/die.h"
#include "bench/replay/subject.h"
#include "pba/pool.h"

static pba_pool pools[CHAIN_LEVELS];
static pba_span_cache caches[CHAIN_LEVELS]; /* beside the pools, as a type has it */
static pba_options options[CHAIN_LEVELS];
static size_t levels;
static ba_allocator front; /* of the first pool */

static ba_memory zeroed(ba_memory memory) {
    if (!ba_memory_is_none(memory)) {
        memset(ba_memory_pointer(memory), 0, ba_memory_length(memory).bytes);
    }
    return memory;
}

#define REPLAY_NAME replay
#define REPLAY_ALLOC(length, alignment) ba_alloc(front, (length), (alignment))
#define REPLAY_ALLOC_ZEROED(length, alignment) zeroed(REPLAY_ALLOC((length), (alignment)))
#define REPLAY_REALLOC(memory, alignment, length) ba_realloc(front, (memory), (alignment), (length))
#define REPLAY_FREE(memory, alignment) ba_free(front, (memory), (alignment))
#include "bench/replay/replay.h"

void chain_subject_set(const chain_level *chain, size_t count) {
    for (size_t i = 0; i < count; i++) {
        options[i] = pba_options_default();
        options[i].block_size = chain[i].block_size;
        options[i].backing_request_size = chain[i].request_size;
        const pba_options_error error = pba_options_check(&options[i]);
        if (error != PBA_OPTIONS_OK) {
            die(pba_options_error_message(error));
        }
    }
    levels = count;
}

static void begin(ba_allocator backing) {
    ba_any_allocator below = ba_any_allocator_of(backing);
    for (size_t i = levels; i-- > 0;) {
        const pba_setup setup = {.span_cache = &caches[i]};
        pba_pool_init_checked(&pools[i], &options[i], below, &setup, BA_BUILD_MODE);
        below = ba_any_allocator_of(pba_pool_block_allocator(&pools[i]));
    }
    front = pba_pool_allocator(&pools[0]);
}

/* What one pool gives back the next one can. */
static void trim(void) {
    for (size_t i = 0; i < levels; i++) {
        (void)pba_pool_trim(&pools[i], ba_bytes(0));
    }
}

static void end(void) {
    for (size_t i = 0; i < levels; i++) {
        (void)pba_pool_release_all(&pools[i], PBA_REPORT_IN_USE);
    }
}

const subject chain_subject = {"chain", begin, replay, trim, end};
