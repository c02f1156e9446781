/* What happens when a thread ends, also one that this library did not make: by a key of POSIX
 * threads, or where there are none, by one of C11's. The key is made by the first thread that asks;
 * no constructor takes part. Not for users. */
#ifndef PBA_THREADS_THREAD_EXIT_H_
#define PBA_THREADS_THREAD_EXIT_H_

#include <stdbool.h>

#include "block_allocator/internal/language.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* Has pba_thread_ends() called with this value, not NULL, when the calling thread ends: behind
 * C++'s destructors of thread_local objects, and in no order with those of other keys. Not when the
 * process ends by exit(), nor if the thread first asks for it in the last round of the destructors
 * of keys (PTHREAD_DESTRUCTOR_ITERATIONS). False if the system has no room for that. */
BA_MUST_USE bool pba_thread_exit_arm(void *value);

/* Defined by the user of this. */
void pba_thread_ends(void *value);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_THREADS_THREAD_EXIT_H_ */
