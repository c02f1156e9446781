/* What the programs measure: processor time, and memory as the system counts it. A measurement that
 * cannot be made ends the program with a message. */
#ifndef BENCH_PEERS_METER_H_
#define BENCH_PEERS_METER_H_

#include <stddef.h>

#include "block_allocator/internal/language.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The processor time of this thread in nanoseconds, the system's work for it included: what other
 * programs do on the same core meanwhile does not count. */
double meter_ns(void);

/* What a call of meter_ns() adds between two others, in nanoseconds. */
double meter_cost_ns(void);

/* The bytes of memory that this process has now, and the most that it ever had. Allocates nothing.
 */
size_t meter_resident(void);
size_t meter_peak(void);

/* Ends the program with 1 and a message. */
BA_NORETURN void meter_die(const char *reason);

#ifdef __cplusplus
}
#endif

#endif /* BENCH_PEERS_METER_H_ */
