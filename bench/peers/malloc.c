/* The worker of malloc: glibc's, or that of a library that is preloaded. */
#include <stdlib.h>

#include "bench/peers/worker.h"

BA_ALWAYS_INLINE ba_memory take(ba_length length) {
    return ba_memory_of(malloc(length.bytes), length);
}

BA_ALWAYS_INLINE void give(ba_memory memory) {
    free(ba_memory_pointer(memory));
}

static void open_malloc(const span_table *table) {
    (void)table;
}

/* There is nobody to ask. */
static bool is_sound(size_t in_use) {
    (void)in_use;
    return true;
}

#define WORK_NAME malloc_64
#define WORK_BLOCK_SIZE 64
#define WORK_ALLOC(length) take(length)
#define WORK_FREE(memory) give(memory)
#define WORK_OPEN open_malloc
#define WORK_IS_SOUND is_sound
#include "bench/peers/workload.h"

#define WORK_NAME malloc_1024
#define WORK_BLOCK_SIZE 1024
#define WORK_ALLOC(length) take(length)
#define WORK_FREE(memory) give(memory)
#define WORK_OPEN open_malloc
#define WORK_IS_SOUND is_sound
#include "bench/peers/workload.h"

#define WORK_NAME malloc_4096
#define WORK_BLOCK_SIZE 4096
#define WORK_ALLOC(length) take(length)
#define WORK_FREE(memory) give(memory)
#define WORK_OPEN open_malloc
#define WORK_IS_SOUND is_sound
#include "bench/peers/workload.h"

const worker_functions *const worker_sizes[3] = {&malloc_64, &malloc_1024, &malloc_4096};
