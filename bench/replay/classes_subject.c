/* Size classes over one pool type. */
#include <string.h>

#include "bench/replay/size_classes.h"
#include "bench/replay/subject.h"

#define PBA_NAME slab_pool
#define PBA_BLOCK_SIZE 64
#define PBA_BACKING_REQUEST_SIZE (1024 * 1024)
#include "pba/define.h"

static slab_pool pool;
static size_classes classes;

static ba_memory zeroed(ba_memory memory) {
    if (!ba_memory_is_none(memory)) {
        memset(ba_memory_pointer(memory), 0, ba_memory_length(memory).bytes);
    }
    return memory;
}

#define REPLAY_NAME replay
#define REPLAY_ALLOC(length, alignment) size_classes_alloc(&classes, (length), (alignment))
#define REPLAY_ALLOC_ZEROED(length, alignment) zeroed(REPLAY_ALLOC((length), (alignment)))
#define REPLAY_REALLOC(memory, alignment, length) size_classes_realloc(&classes, (memory), (length))
#define REPLAY_FREE(memory, alignment) size_classes_free(&classes, (memory))
#include "bench/replay/replay.h"

static void begin(ba_allocator backing) {
    pool = slab_pool_new(backing);
    size_classes_init(&classes, slab_pool_allocator(&pool));
}

static void trim(void) {
    size_classes_trim(&classes);
    (void)slab_pool_trim(&pool, ba_bytes(0));
}

static void end(void) {
    size_classes_trim(&classes);
    (void)slab_pool_release_all(&pool, PBA_REPORT_IN_USE);
}

const subject classes_subject = {"classes", begin, replay, trim, end};
