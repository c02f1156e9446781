/* How much memory the system backs for this process. */
#ifndef BENCH_REPLAY_RESIDENT_H_
#define BENCH_REPLAY_RESIDENT_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The bytes of memory that is resident and not of a file, without what the system may take back
 * whenever it wants to (MADV_FREE). Exact: counted in the page tables, not by the kernel's
 * counters, which lag behind. Allocates nothing. Returns 0 where the system does not tell (it is
 * Linux that does). O(resident). */
size_t resident_bytes(void);

/* The same, of a text that has the form of /proc/PID/smaps_rollup. */
size_t resident_bytes_of(const char *text);

#ifdef __cplusplus
}
#endif

#endif /* BENCH_REPLAY_RESIDENT_H_ */
