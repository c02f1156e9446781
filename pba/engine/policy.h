/* The policy: when chunks go back. Pure arithmetic on payload bytes; knows no chunk and no block.
 */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_ENGINE_POLICY_H_
#define PBA_ENGINE_POLICY_H_

#include <stdbool.h>
#include <stddef.h>

#include "block_allocator/internal/language.h"
#include "pba/options.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* The payload of a pool, in bytes. */
typedef struct pba_payload {
    size_t total; /* taken from the backing */
    size_t free;  /* of it, not in use */
} pba_payload;

/* percent % of total, rounded up, without overflow. */
BA_ALWAYS_INLINE size_t pba_percent_of(size_t total, size_t percent) {
    return total / 100 * percent + (total % 100 * percent + 99) / 100;
}

/* True if min lies below max, and a percentage below 100. */
BA_ALWAYS_INLINE bool pba_policy_is_threshold(pba_threshold threshold) {
    if (threshold.kind == PBA_THRESHOLD_PERCENT) {
        return threshold.min < threshold.max && threshold.max < 100;
    }
    /* C takes any number for an enumerator. */
    return threshold.kind == PBA_THRESHOLD_FLAT && threshold.min < threshold.max;
}

/* True if at least this part of the payload is free. Nothing taken counts as 0 % free. */
BA_ALWAYS_INLINE bool pba_policy_is_free(pba_payload payload, pba_threshold_kind kind,
                                         size_t bound) {
    if (kind == PBA_THRESHOLD_FLAT) {
        return payload.free >= bound;
    }
    return payload.total == 0 ? bound == 0 : payload.free >= pba_percent_of(payload.total, bound);
}

/* True if the pool has so much free payload that chunks should go. */
BA_ALWAYS_INLINE bool pba_policy_wants_less(pba_payload payload, pba_threshold threshold) {
    return payload.total != 0 && pba_policy_is_free(payload, threshold.kind, threshold.max);
}

/* True if an empty chunk of `chunk` bytes may go: what remains has at least the threshold's
 * min. If one may not go, no longer one may. */
BA_ALWAYS_INLINE bool pba_policy_may_go(pba_payload payload, pba_threshold threshold,
                                        size_t chunk) {
    pba_payload rest;
    if (chunk > payload.free) {
        return false;
    }
    rest.total = payload.total - chunk;
    rest.free = payload.free - chunk;
    return pba_policy_is_free(rest, threshold.kind, threshold.min);
}

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_ENGINE_POLICY_H_ */
