/* Pool types, called directly. */
#include <string.h>

#include "bench/replay/subject.h"

/* Requests so large that the calls weigh little, and that what grows finds room behind it. */
#define BLOCK_SIZE 64
#define REQUEST_SIZE (1024 * 1024)

#define PBA_NAME default_pool
#define PBA_BLOCK_SIZE BLOCK_SIZE
#define PBA_BACKING_REQUEST_SIZE REQUEST_SIZE
#include "pba/define.h"

#define PBA_NAME unchecked_pool
#define PBA_BLOCK_SIZE BLOCK_SIZE
#define PBA_BACKING_REQUEST_SIZE REQUEST_SIZE
#define PBA_SAFETY PBA_SAFETY_NEVER
#define PBA_AUTO_SHRINK PBA_AUTO_SHRINK_NEVER
#include "pba/define.h"

static ba_memory zeroed(ba_memory memory) {
    if (!ba_memory_is_none(memory)) {
        memset(ba_memory_pointer(memory), 0, ba_memory_length(memory).bytes);
    }
    return memory;
}

/* What was asked for of a whole span. */
BA_ALWAYS_INLINE ba_memory cut(ba_memory span, ba_length length) {
    return ba_memory_is_none(span) ? span : ba_memory_of(ba_memory_pointer(span), length);
}

static default_pool checked;
static unchecked_pool unchecked;

#define REPLAY_NAME replay_checked
#define REPLAY_ALLOC(length, alignment)                                                            \
    cut(default_pool_alloc(&checked, (length), (alignment)), (length))
#define REPLAY_ALLOC_ZEROED(length, alignment) zeroed(REPLAY_ALLOC((length), (alignment)))
#define REPLAY_REALLOC(memory, alignment, length)                                                  \
    cut(default_pool_realloc(&checked, (memory), (alignment), (length)), (length))
#define REPLAY_FREE(memory, alignment) default_pool_free(&checked, (memory), (alignment))
#include "bench/replay/replay.h"

#define REPLAY_NAME replay_unchecked
#define REPLAY_ALLOC(length, alignment)                                                            \
    cut(unchecked_pool_alloc(&unchecked, (length), (alignment)), (length))
#define REPLAY_ALLOC_ZEROED(length, alignment) zeroed(REPLAY_ALLOC((length), (alignment)))
#define REPLAY_REALLOC(memory, alignment, length)                                                  \
    cut(unchecked_pool_realloc(&unchecked, (memory), (alignment), (length)), (length))
#define REPLAY_FREE(memory, alignment) unchecked_pool_free(&unchecked, (memory), (alignment))
#include "bench/replay/replay.h"

static void begin_checked(ba_allocator backing) {
    checked = default_pool_new(backing);
}

static void trim_checked(void) {
    (void)default_pool_trim(&checked, ba_bytes(0));
}

static void end_checked(void) {
    (void)default_pool_release_all(&checked, PBA_REPORT_IN_USE);
}

static void begin_unchecked(ba_allocator backing) {
    unchecked = unchecked_pool_new(backing);
}

static void trim_unchecked(void) {
    (void)unchecked_pool_trim(&unchecked, ba_bytes(0));
}

static void end_unchecked(void) {
    (void)unchecked_pool_release_all(&unchecked, PBA_REPORT_IN_USE);
}

const subject pool_subject = {"pool", begin_checked, replay_checked, trim_checked, end_checked};
const subject unchecked_subject = {"unchecked", begin_unchecked, replay_unchecked, trim_unchecked,
                                   end_unchecked};
