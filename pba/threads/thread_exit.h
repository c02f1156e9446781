/* What happens when a thread ends, also one that this library did not make: by a key of POSIX
 * threads, or where there are none, by one of C11's. The key is made by the first thread that asks;
 * no constructor takes part. Not for users. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_THREADS_THREAD_EXIT_H_
#define PBA_THREADS_THREAD_EXIT_H_

#include <stdbool.h>

#include "block_allocator/internal/language.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* What is to be called. */
typedef struct pba_thread_exit {
    void (*ends)(struct pba_thread_exit *self);
} pba_thread_exit;

/* Has it called when the calling thread ends, with itself, which must be there then: behind C++'s
 * destructors of thread_local objects, and in no order with those of other keys. A thread has one:
 * the last. Not called when the process ends by exit(), nor if the thread first asks for it in the
 * last round of the destructors of keys (PTHREAD_DESTRUCTOR_ITERATIONS). False if the system has no
 * room for that. */
BA_MUST_USE bool pba_thread_exit_arm(pba_thread_exit *self);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_THREADS_THREAD_EXIT_H_ */
