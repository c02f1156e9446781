/* A pool type for one block size, a pool of it, and its work. A template; pool_worker.h includes it
 * for each size:
 *
 *     #define POOL_NAME        pool_64
 *     #define POOL_BLOCK_SIZE  64
 *     #include "bench/peers/pool_size.h"      // makes POOL_NAME_work
 */
#define PBA_NAME POOL_NAME
#define PBA_BLOCK_SIZE POOL_BLOCK_SIZE
#define PBA_BACKING_REQUEST_SIZE POOL_REQUEST_SIZE
#ifdef POOL_SAFETY
#define PBA_SAFETY POOL_SAFETY
#endif
#ifdef POOL_AUTO_SHRINK
#define PBA_AUTO_SHRINK POOL_AUTO_SHRINK
#endif
#include "pba/define.h"

#define POOL_JOIN_AGAIN_(a, b) a##_##b
#define POOL_JOIN_(a, b) POOL_JOIN_AGAIN_(a, b)
/* POOL_NAME_member. */
#define POOL_OF_(member) POOL_JOIN_(POOL_NAME, member)

static POOL_NAME POOL_OF_(pool);

static void POOL_OF_(open)(const span_table *table) {
    (void)table;
    /* Tables are no payload: a backing with blocks of 64 MiB would give each of them as much. */
    const ba_allocator pages = ba_page_allocator();
    const pba_setup setup = {.metadata = &pages};
    POOL_OF_(pool) = POOL_OF_(new_with)(ba_any_allocator_of_exact(pool_backing()), &setup);
#ifdef POOL_THROUGH_INTERFACE
    pool_blocks = POOL_OF_(block_allocator)(&POOL_OF_(pool));
#endif
}

static void POOL_OF_(give_back)(void) {
    (void)POOL_OF_(shrink)(&POOL_OF_(pool), pba_threshold_percent(0, 1));
    (void)POOL_OF_(purge)(&POOL_OF_(pool));
    pool_trim_backing();
}

static bool POOL_OF_(is_sound)(size_t in_use) {
    return !ba_failed(POOL_OF_(verify)(&POOL_OF_(pool))) &&
           POOL_OF_(stats)(&POOL_OF_(pool)).in_use.bytes == in_use;
}

#define WORK_NAME POOL_OF_(work)
#define WORK_BLOCK_SIZE POOL_BLOCK_SIZE
#ifdef POOL_THROUGH_INTERFACE
#define WORK_ALLOC(length) ba_block_alloc(pool_blocks, length, ba_align(16))
#define WORK_FREE(memory) ba_block_free(pool_blocks, memory, ba_align(16))
#else
#define WORK_ALLOC(length) POOL_OF_(alloc)(&POOL_OF_(pool), length, ba_align(16))
#define WORK_FREE(memory) POOL_OF_(free)(&POOL_OF_(pool), memory, ba_align(16))
#endif
#define WORK_OPEN POOL_OF_(open)
#define WORK_TRIM POOL_OF_(give_back)
#define WORK_IS_SOUND POOL_OF_(is_sound)
#include "bench/peers/workload.h"

#undef POOL_OF_
#undef POOL_JOIN_
#undef POOL_JOIN_AGAIN_
#undef POOL_NAME
#undef POOL_BLOCK_SIZE
