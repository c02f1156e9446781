/* The end of a program that has nothing more to measure. */
#ifndef BENCH_REPLAY_DIE_H_
#define BENCH_REPLAY_DIE_H_

#include "block_allocator/internal/language.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Says why on standard error and ends the program with the status 1. */
BA_NORETURN void die(const char *reason);

#ifdef __cplusplus
}
#endif

#endif /* BENCH_REPLAY_DIE_H_ */
