#include "block_allocator/lock/pthread_lock.h"

#include <stdlib.h>

static void lock(void *context) {
    pthread_mutex_t *const mutex = (pthread_mutex_t *)context;
    if (pthread_mutex_lock(mutex) != 0) {
        abort();
    }
}

static void unlock(void *context) {
    pthread_mutex_t *const mutex = (pthread_mutex_t *)context;
    if (pthread_mutex_unlock(mutex) != 0) {
        abort();
    }
}

ba_lock ba_pthread_lock(pthread_mutex_t *mutex) {
    return (ba_lock){.lock = lock, .unlock = unlock, .context = mutex};
}
