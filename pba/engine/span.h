/* A span: blocks side by side in one chunk. The engine's central type: what one allocation gets,
 * what is cached, and what is coalesced are spans. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_ENGINE_SPAN_H_
#define PBA_ENGINE_SPAN_H_

#include <stdint.h>

#include "block_allocator/internal/language.h"
#include "pba/engine/chunk.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* A span, its guard block included. Where none is found, chunk is NULL. */
typedef struct pba_span {
    pba_chunk *chunk;
    uint32_t first; /* block of the chunk */
    uint32_t blocks;
} pba_span;

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_ENGINE_SPAN_H_ */
