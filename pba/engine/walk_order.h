/* The order of a walk: all chunks of a set by their addresses. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_ENGINE_WALK_ORDER_H_
#define PBA_ENGINE_WALK_ORDER_H_

#include "block_allocator/internal/language.h"
#include "pba/engine/chunk.h"
#include "pba/engine/chunk_table.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* All chunks, linked through walk_next in order of their addresses. O(chunks log chunks), no
 * memory. */
pba_chunk *pba_chunk_set_sorted(const pba_chunk_set *set);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_ENGINE_WALK_ORDER_H_ */
