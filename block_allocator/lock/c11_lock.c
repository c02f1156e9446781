#include "block_allocator/lock/c11_lock.h"

#if BA_HAS_C11_LOCK
#include <stdlib.h>

#include "block_allocator/implementing/instrumentation.h"

static void lock(void *context) {
    mtx_t *const mutex = (mtx_t *)context;
    if (mtx_lock(mutex) != thrd_success) {
        abort();
    }
    ba_instrument_acquire(mutex);
}

static void unlock(void *context) {
    mtx_t *const mutex = (mtx_t *)context;
    ba_instrument_release(mutex);
    if (mtx_unlock(mutex) != thrd_success) {
        abort();
    }
}

ba_lock ba_c11_lock(mtx_t *mutex) {
    return (ba_lock){.lock = lock, .unlock = unlock, .context = mutex};
}
#endif
