/* malloc and its kin, with the calls by which the allocators that may stand behind it give back
 * what they do not need. */
#include <dlfcn.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "bench/replay/subject.h"

/* NULL is none. */
static ba_memory memory_of(void *pointer, ba_length length) {
    return pointer == NULL ? ba_memory_none(ba_error_of(BA_OUT_OF_MEMORY))
                           : ba_memory_of(pointer, length);
}

static ba_memory take(ba_length length, ba_alignment alignment) {
    if (alignment.bytes <= 16) {
        return memory_of(malloc(length.bytes), length);
    }
    void *pointer = NULL;
    return posix_memalign(&pointer, alignment.bytes, length.bytes) == 0
               ? memory_of(pointer, length)
               : ba_memory_none(ba_error_of(BA_OUT_OF_MEMORY));
}

#define REPLAY_NAME replay
#define REPLAY_ALLOC(length, alignment) take((length), (alignment))
#define REPLAY_ALLOC_ZEROED(length, alignment) memory_of(calloc(1, (length).bytes), (length))
#define REPLAY_REALLOC(memory, alignment, length)                                                  \
    memory_of(realloc(ba_memory_pointer(memory), (length).bytes), (length))
#define REPLAY_FREE(memory, alignment) free(ba_memory_pointer(memory))
#include "bench/replay/replay.h"

/* --- trim --- */

/* A function of the program or a library by its name; all NULL if there is none. */
typedef union function {
    void *symbol;
    int (*malloc_trim)(size_t keep);
    void (*release_free_memory)(void);
    void (*mi_collect)(bool force);
    int (*mallctl)(const char *name, void *old, size_t *old_length, void *new_value,
                   size_t new_length);
} function;

static function find(const char *name) {
    return (function){.symbol = dlsym(RTLD_DEFAULT, name)};
}

/* Each is there only if its allocator is, but for the C library's, which is always there. */
static void trim(void) {
    const function release = find("MallocExtension_ReleaseFreeMemory");
    const function collect = find("mi_collect");
    const function control = find("mallctl");
    const function trim_heap = find("malloc_trim");
    if (release.symbol != NULL) {
        release.release_free_memory(); /* tcmalloc */
    }
    if (collect.symbol != NULL) {
        collect.mi_collect(true); /* mimalloc */
    }
    if (control.symbol != NULL) { /* jemalloc; 4096 stands for all arenas */
        (void)control.mallctl("thread.tcache.flush", NULL, NULL, NULL, 0);
        (void)control.mallctl("arena.4096.purge", NULL, NULL, NULL, 0);
    }
    if (trim_heap.symbol != NULL) {
        (void)trim_heap.malloc_trim(0);
    }
}

static void begin(ba_allocator backing) {
    (void)backing;
}

static void end(void) {}

const subject malloc_subject = {"malloc", begin, replay, trim, end};
