/* Use of memory: what a program would at least do with what it allocates. */
#ifndef BENCH_REPLAY_TOUCH_H_
#define BENCH_REPLAY_TOUCH_H_

#include <stddef.h>

#include "block_allocator/internal/language.h"
#include "block_allocator/memory.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* No page of a system is smaller. */
#define TOUCH_STRIDE 4096U

/* Writes at least one byte on each page of the memory, so that the system must back all of it. */
BA_ALWAYS_INLINE void touch(ba_memory memory) {
    volatile unsigned char *const bytes = (volatile unsigned char *)ba_memory_pointer(memory);
    const size_t length = ba_memory_length(memory).bytes;
    for (size_t i = 0; i < length; i += TOUCH_STRIDE) {
        bytes[i] = 1;
    }
    bytes[length - 1] = 1;
}

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* BENCH_REPLAY_TOUCH_H_ */
