/* A pool that several threads use, each call with a lock held: one thread fills buffers, the other
 * one frees them. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "block_allocator/backing/page_allocator.h"
#include "block_allocator/lock/pthread_lock.h"

#define PBA_NAME shared_pool
#define PBA_THREADS PBA_THREADS_LOCKED
#include "pba/define.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static shared_pool pool;

/* Returns NULL, or its argument if there is no memory. */
static void *fill(void *argument) {
    ba_memory *const buffers = (ba_memory *)argument;
    for (int i = 0; i < 3; i++) {
        buffers[i] = shared_pool_alloc(&pool, ba_bytes(1500), ba_align(16));
        if (ba_memory_is_none(buffers[i])) {
            return argument;
        }
        memset(ba_memory_pointer(buffers[i]), 'a' + i, ba_memory_length(buffers[i]).bytes);
    }
    return NULL;
}

int main(void) {
    pool = shared_pool_new(ba_page_allocator(), ba_pthread_lock(&mutex));
    ba_memory buffers[3];
    pthread_t thread;
    void *failed = NULL;
    if (pthread_create(&thread, NULL, fill, buffers) != 0 || pthread_join(thread, &failed) != 0 ||
        failed != NULL) {
        return 1;
    }
    for (int i = 0; i < 3; i++) {
        printf("%c\n", *(const char *)ba_memory_pointer(buffers[i]));
        shared_pool_free(&pool, buffers[i], ba_align(16));
    }
    printf("%zu bytes in use\n", shared_pool_stats(&pool).in_use.bytes);
    return ba_failed(shared_pool_release_all(&pool, PBA_REPORT_IN_USE));
}
