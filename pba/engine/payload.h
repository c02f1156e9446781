/* Payload: the only place that touches the memory that callers use. It does so when asked to, for
 * secure wipe, fill and guard, and tells the sanitizers. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_ENGINE_PAYLOAD_H_
#define PBA_ENGINE_PAYLOAD_H_

#include <stdbool.h>
#include <stddef.h>

#include "block_allocator/internal/language.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* What free memory is filled with when fill is on, and what a guard block holds. */
#define PBA_FILL_BYTE 0xDF
#define PBA_GUARD_BYTE 0xFD

/* What is to be done with payload. */
typedef struct pba_hardening {
    bool wipe;
    unsigned char wipe_byte;
    bool fill;
    bool guard;
} pba_hardening;

/* Memory that has just come from the backing and is free: filled if asked, and no caller's. */
void pba_payload_arrives(pba_hardening hardening, void *pointer, size_t bytes);

/* Memory that has just become free: wiped, filled if asked, and no caller's. */
void pba_payload_freed(pba_hardening hardening, void *pointer, size_t bytes);

/* Free memory that becomes a caller's. False if its fill was overwritten. */
BA_MUST_USE bool pba_payload_taken(pba_hardening hardening, void *pointer, size_t bytes);

/* Free memory that is about to move with its chunk: accessible to what moves it, and its
 * contents stay; and where it is then: no caller's again. */
void pba_payload_moves(void *pointer, size_t bytes);
void pba_payload_moved(void *pointer, size_t bytes);

/* Memory that goes back to the backing: wiped if asked, and accessible. */
void pba_payload_leaves(pba_hardening hardening, void *pointer, size_t bytes);

/* True if free memory still has its fill, or has none. */
BA_MUST_USE bool pba_payload_is_filled(pba_hardening hardening, void *pointer, size_t bytes);

/* Makes memory a guard: filled, and no caller's. */
void pba_payload_set_guard(void *pointer, size_t bytes);

/* Makes a guard payload again. */
void pba_payload_take_guard(void *pointer, size_t bytes);

/* True if a guard is as it was set. */
BA_MUST_USE bool pba_payload_guard_is_whole(void *pointer, size_t bytes);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* PBA_ENGINE_PAYLOAD_H_ */
