#include "pba/supply.h"

/* Counts a new grant in `bytes`, or sends it back if it is more than the limit allows. */
static ba_memory accept(pba_supply *supply, ba_block_allocator from, size_t *bytes, ba_memory grant,
                        ba_alignment alignment, ba_call_site site) {
    if (ba_memory_is_none(grant)) {
        supply->failures++;
        return grant;
    }
    if (ba_memory_length(grant).bytes > pba_supply_left(supply)) {
        (void)ba_block_free_at(from, grant, alignment, site);
        return ba_memory_none(ba_error_of(BA_LIMIT));
    }
    *bytes += ba_memory_length(grant).bytes;
    return grant;
}

/* The most bytes that a grant of `held` bytes may have after it has grown: what the limit leaves,
 * in lengths that the backing gives. */
static size_t most_bytes(const pba_supply *supply, size_t held) {
    const size_t left = pba_supply_left(supply);
    const size_t most = left < SIZE_MAX - held ? held + left : SIZE_MAX;
    switch (supply->payload.grant) {
    case BA_GRANT_EXACT:
        break;
    case BA_GRANT_WHOLE:
        return most & ~(ba_block_allocator_block_size(supply->payload.grants).bytes - 1);
    }
    return most;
}

ba_memory pba_supply_take_chunk(pba_supply *supply, ba_length length, ba_alignment alignment,
                                ba_call_site site) {
    if (length.bytes > pba_supply_left(supply)) {
        return ba_memory_none(ba_error_of(BA_LIMIT));
    }
    supply->requests++;
    ba_memory grant = ba_block_alloc_at(supply->payload.grants, length, alignment, site);
    switch (supply->payload.grant) {
    case BA_GRANT_EXACT:
        grant = ba_memory_cut_(grant, length);
        break;
    case BA_GRANT_WHOLE:
        break;
    }
    return accept(supply, supply->payload.grants, &supply->payload_bytes, grant, alignment, site);
}

void pba_supply_return_chunk(pba_supply *supply, ba_memory grant, ba_alignment alignment,
                             ba_call_site site) {
    supply->payload_bytes -= ba_memory_length(grant).bytes;
    (void)ba_block_free_at(supply->payload.grants, grant, alignment, site);
}

ba_length_result pba_supply_grow_chunk(pba_supply *supply, ba_memory grant, ba_alignment alignment,
                                       ba_length minimum, ba_length wanted, ba_call_site site) {
    const size_t held = ba_memory_length(grant).bytes;
    const size_t most = most_bytes(supply, held);
    if (minimum.bytes > most) {
        return ba_length_result_none(ba_error_of(BA_LIMIT));
    }
    wanted = wanted.bytes < most ? wanted : ba_bytes(most);
    supply->requests++;
    ba_length_result grown =
        ba_block_grow_between_at(supply->payload.grants, grant, alignment, minimum, wanted, site);
    switch (supply->payload.grant) {
    case BA_GRANT_EXACT:
        grown = ba_length_result_cut_(grown, wanted);
        break;
    case BA_GRANT_WHOLE:
        break;
    }
    if (ba_length_result_is_none(grown)) {
        supply->failures++;
        return grown;
    }
    supply->payload_bytes += ba_length_result_length(grown).bytes - held;
    return grown;
}

ba_memory pba_supply_remap_chunk(pba_supply *supply, ba_memory grant, ba_alignment alignment,
                                 ba_length minimum, ba_call_site site) {
    const size_t held = ba_memory_length(grant).bytes;
    if (minimum.bytes > most_bytes(supply, held)) {
        return ba_memory_none(ba_error_of(BA_LIMIT));
    }
    supply->requests++;
    ba_memory moved = ba_block_remap_at(supply->payload.grants, grant, alignment, minimum, site);
    switch (supply->payload.grant) {
    case BA_GRANT_EXACT:
        moved = ba_memory_cut_(moved, minimum);
        break;
    case BA_GRANT_WHOLE:
        break;
    }
    if (ba_memory_is_none(moved)) {
        supply->failures++;
        return moved;
    }
    supply->payload_bytes = supply->payload_bytes - held + ba_memory_length(moved).bytes;
    return moved;
}

ba_memory pba_supply_take_bookkeeping(pba_supply *supply, ba_length length, ba_call_site site) {
    if (length.bytes > pba_supply_left(supply)) {
        return ba_memory_none(ba_error_of(BA_LIMIT));
    }
    supply->requests++;
    const ba_memory grant =
        ba_block_alloc_at(supply->bookkeeping, length, pba_bookkeeping_alignment(), site);
    return accept(supply, supply->bookkeeping, &supply->bookkeeping_bytes, grant,
                  pba_bookkeeping_alignment(), site);
}

void pba_supply_return_bookkeeping(pba_supply *supply, ba_memory grant, ba_call_site site) {
    if (ba_memory_is_none(grant)) {
        return;
    }
    supply->bookkeeping_bytes -= ba_memory_length(grant).bytes;
    (void)ba_block_free_at(supply->bookkeeping, grant, pba_bookkeeping_alignment(), site);
}
