#define PBA_INTERNAL_

#include "pba/engine/payload.h"

#include <string.h>

#include "block_allocator/implementing/instrumentation.h"

/* Overwrites so that no optimiser may drop it. */
static void wipe(void *pointer, unsigned char byte, size_t bytes) {
#if defined(__GNUC__)
    memset(pointer, byte, bytes);
    /* Makes the memory readable. */
    __asm__ __volatile__("" : : "r"(pointer) : "memory");
#else
    volatile unsigned char *const first = (volatile unsigned char *)pointer;
    for (size_t i = 0; i < bytes; i++) {
        first[i] = byte;
    }
#endif
}

/* True if all bytes are the same, and this one. */
static bool is_all(const void *pointer, unsigned char byte, size_t bytes) {
    const unsigned char *const first = (const unsigned char *)pointer;
    return bytes == 0 || (first[0] == byte && memcmp(first, first + 1, bytes - 1) == 0);
}

static void fill_free(pba_hardening hardening, void *pointer, size_t bytes) {
    if (hardening.fill) {
        memset(pointer, PBA_FILL_BYTE, bytes);
    }
    ba_instrument_free(pointer, ba_bytes(bytes));
}

void pba_payload_arrives(pba_hardening hardening, void *pointer, size_t bytes) {
    fill_free(hardening, pointer, bytes);
}

void pba_payload_freed(pba_hardening hardening, void *pointer, size_t bytes) {
    if (hardening.wipe || hardening.fill) {
        ba_instrument_alloc(pointer, ba_bytes(bytes));
    }
    if (hardening.wipe) {
        wipe(pointer, hardening.wipe_byte, bytes);
    }
    fill_free(hardening, pointer, bytes);
}

bool pba_payload_is_filled(pba_hardening hardening, void *pointer, size_t bytes) {
    if (!hardening.fill) {
        return true;
    }
    ba_instrument_inspect(pointer, ba_bytes(bytes));
    const bool whole = is_all(pointer, PBA_FILL_BYTE, bytes);
    ba_instrument_free(pointer, ba_bytes(bytes));
    return whole;
}

bool pba_payload_taken(pba_hardening hardening, void *pointer, size_t bytes) {
    const bool whole = pba_payload_is_filled(hardening, pointer, bytes);
    ba_instrument_alloc(pointer, ba_bytes(bytes));
    return whole;
}

void pba_payload_moves(void *pointer, size_t bytes) {
    ba_instrument_inspect(pointer, ba_bytes(bytes));
}

void pba_payload_moved(void *pointer, size_t bytes) {
    ba_instrument_free(pointer, ba_bytes(bytes));
}

void pba_payload_leaves(pba_hardening hardening, void *pointer, size_t bytes) {
    ba_instrument_return(pointer, ba_bytes(bytes));
    if (hardening.wipe) {
        wipe(pointer, hardening.wipe_byte, bytes);
    }
}

void pba_payload_set_guard(void *pointer, size_t bytes) {
    ba_instrument_alloc(pointer, ba_bytes(bytes));
    memset(pointer, PBA_GUARD_BYTE, bytes);
    ba_instrument_free(pointer, ba_bytes(bytes));
}

void pba_payload_take_guard(void *pointer, size_t bytes) {
    ba_instrument_alloc(pointer, ba_bytes(bytes));
}

bool pba_payload_guard_is_whole(void *pointer, size_t bytes) {
    ba_instrument_inspect(pointer, ba_bytes(bytes));
    const bool whole = is_all(pointer, PBA_GUARD_BYTE, bytes);
    ba_instrument_free(pointer, ba_bytes(bytes));
    return whole;
}
