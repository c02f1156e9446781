/* The worker of malloc: glibc's, or that of a library that is preloaded. */

/* For RTLD_DEFAULT. */
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): its name  \
                       is the C library's */

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

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

/* Makes `function`, a pointer to a function of that type, point to the one of that name; false if
 * the program has none. By its bytes, for C has no conversion for that. */
static bool find(const char *name, void *function) {
    void *const address = dlsym(RTLD_DEFAULT, name);
    memcpy(function, &address, sizeof address);
    return address != NULL;
}

/* What each library has for this; only the preloaded one's is there, or else glibc's. */
static void trim(void) {
    int (*mallctl)(const char *, void *, size_t *, void *, size_t) = NULL;
    void (*release_free_memory)(void) = NULL;
    void (*collect)(bool) = NULL;
    int (*malloc_trim)(size_t) = NULL;
    if (find("mallctl", &mallctl)) {
        (void)mallctl("thread.tcache.flush", NULL, NULL, NULL, 0);
        /* 4096 stands for all arenas: MALLCTL_ARENAS_ALL. */
        (void)mallctl("arena.4096.purge", NULL, NULL, NULL, 0);
    } else if (find("MallocExtension_ReleaseFreeMemory", &release_free_memory)) {
        release_free_memory();
    } else if (find("mi_collect", &collect)) {
        collect(true);
    } else if (find("malloc_trim", &malloc_trim)) {
        (void)malloc_trim(0);
    }
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
#define WORK_TRIM trim
#define WORK_IS_SOUND is_sound
#include "bench/peers/workload.h"

#define WORK_NAME malloc_1024
#define WORK_BLOCK_SIZE 1024
#define WORK_ALLOC(length) take(length)
#define WORK_FREE(memory) give(memory)
#define WORK_OPEN open_malloc
#define WORK_TRIM trim
#define WORK_IS_SOUND is_sound
#include "bench/peers/workload.h"

#define WORK_NAME malloc_4096
#define WORK_BLOCK_SIZE 4096
#define WORK_ALLOC(length) take(length)
#define WORK_FREE(memory) give(memory)
#define WORK_OPEN open_malloc
#define WORK_TRIM trim
#define WORK_IS_SOUND is_sound
#include "bench/peers/workload.h"

const worker_functions *const worker_sizes[WORKER_SIZES] = {&malloc_64, &malloc_1024, &malloc_4096};
