#define PBA_INTERNAL_

#include "pba/threads/thread_exit.h"

/* The destructor of the key. */
static void end(void *value) {
    pba_thread_exit *const self = (pba_thread_exit *)value;
    self->ends(self);
}

#if defined(__unix__) || defined(__APPLE__)
#include <pthread.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static bool is_made;

static void make_key(void) {
    is_made = pthread_key_create(&key, end) == 0;
}

bool pba_thread_exit_arm(pba_thread_exit *self) {
    return pthread_once(&once, make_key) == 0 && is_made && pthread_setspecific(key, self) == 0;
}
#else
#include <threads.h>

static once_flag once = ONCE_FLAG_INIT;
static tss_t key;
static bool is_made;

static void make_key(void) {
    is_made = tss_create(&key, end) == thrd_success;
}

bool pba_thread_exit_arm(pba_thread_exit *self) {
    call_once(&once, make_key);
    return is_made && tss_set(key, self) == thrd_success;
}
#endif
