#include "pba/threads/thread_exit.h"

#if defined(__unix__) || defined(__APPLE__)
#include <pthread.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static bool is_made;

static void make_key(void) {
    is_made = pthread_key_create(&key, pba_thread_ends) == 0;
}

bool pba_thread_exit_arm(void *value) {
    return pthread_once(&once, make_key) == 0 && is_made && pthread_setspecific(key, value) == 0;
}
#else
#include <threads.h>

static once_flag once = ONCE_FLAG_INIT;
static tss_t key;
static bool is_made;

static void make_key(void) {
    is_made = tss_create(&key, pba_thread_ends) == thrd_success;
}

bool pba_thread_exit_arm(void *value) {
    call_once(&once, make_key);
    return is_made && tss_set(key, value) == thrd_success;
}
#endif
