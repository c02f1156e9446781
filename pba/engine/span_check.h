/* The checks of what callers give back: which live span a pointer, a length, an alignment stand
 * for, or what is wrong with them, reliably detected. Changes nothing and reports nothing. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_ENGINE_SPAN_CHECK_H_
#define PBA_ENGINE_SPAN_CHECK_H_

#include "block_allocator/error.h"
#include "block_allocator/internal/language.h"
#include "block_allocator/memory.h"
#include "pba/engine/chunk_set.h"
#include "pba/engine/span.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* What was found: BA_OK and a live span, or what is wrong; for BA_SIZE_MISMATCH the span is known
 * too. */
typedef struct pba_finding {
    ba_error_code code;
    pba_span span;
} pba_finding;

/* Looks for the live span that this memory is. `guard_blocks` is how many blocks of each span are
 * not allocated. */
pba_finding pba_span_check(pba_chunk_set *set, ba_memory memory, ba_alignment alignment,
                           uint32_t guard_blocks);

/* The same for a caller who has promised not to err: the memory is taken for what it says. */
pba_span pba_span_trust(pba_chunk_set *set, ba_memory memory, uint32_t guard_blocks);

/* The live span that an address lies in, at its start or inside; chunk is NULL if there is none. */
pba_span pba_span_around(const pba_chunk_set *set, const void *address);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_ENGINE_SPAN_CHECK_H_ */
