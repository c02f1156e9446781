#define PBA_INTERNAL_

#include "pba/engine/backing_account.h"

/* The length of the grant that a length becomes; SIZE_MAX if no size_t can hold it. */
static size_t grant_bytes(ba_block_allocator from, size_t bytes) {
    const ba_length_result grant = ba_block_allocator_span_length(from, ba_bytes(bytes));
    return ba_length_result_is_none(grant) ? SIZE_MAX : ba_length_result_length(grant).bytes;
}

/* Counts what a lender has out: so many grants and bytes more, each a number that wraps. */
BA_WRAPS static void note(pba_lent *lender, uint32_t grants, size_t bytes) {
    const ba_lock lock = pba_lent_lock(lender);
    ba_lock_acquire(lock);
    lender->grants += grants;
    lender->bytes += bytes;
    ba_lock_release(lock);
}

static void note_taken(pba_lent *lender, size_t bytes) {
    if (lender != NULL) {
        note(lender, 1, bytes);
    }
}

BA_WRAPS static void note_changed(pba_lent *lender, size_t before, size_t now) {
    if (lender != NULL && now != before) {
        note(lender, 0, now - before);
    }
}

/* A lender that was destroyed meanwhile has forgotten the grant, and refuses it. */
BA_WRAPS static void note_returned(pba_lent *lender, size_t bytes, ba_error error) {
    if (lender != NULL && !ba_failed(error)) {
        note(lender, UINT32_MAX, 0 - bytes);
    }
}

/* How a grant is asked for. */
typedef ba_memory ask_for(ba_block_allocator from, ba_length length, ba_alignment alignment,
                          ba_call_site site);

static ba_memory ask(ba_block_allocator from, ba_length length, ba_alignment alignment,
                     ba_call_site site) {
    return ba_block_alloc_at(from, length, alignment, site);
}

/* Out of the way of what may grow, where the backing knows such a place. */
static ba_memory ask_aside(ba_block_allocator from, ba_length length, ba_alignment alignment,
                           ba_call_site site) {
    const ba_operations *const operations = ba_block_allocator_operations_(from);
    return BA_HAS_OPERATION(operations, alloc_aside)
               ? operations->alloc_aside(from.context, length, alignment, site)
               : ask(from, length, alignment, site);
}

/* Takes a grant and counts it in `bytes`, unless it would pass the limit. */
static ba_memory take(pba_backing_account *account, ask_for *way, ba_block_allocator from,
                      size_t *bytes, pba_lent *lender, ba_length length, ba_alignment alignment,
                      ba_call_site site) {
    if (grant_bytes(from, length.bytes) > pba_backing_account_left(account)) {
        return ba_memory_none(ba_error_of(BA_LIMIT));
    }
    account->requests++;
    const ba_memory grant = way(from, length, alignment, site);
    if (ba_memory_is_none(grant)) {
        account->failures++;
        return grant;
    }
    *bytes += ba_memory_length(grant).bytes;
    note_taken(lender, ba_memory_length(grant).bytes);
    return grant;
}

/* The most bytes that a grant of `held` bytes may have after it has grown: what the limit leaves,
 * in lengths that the backing gives. */
static size_t most_bytes(const pba_backing_account *account, size_t held) {
    const size_t left = pba_backing_account_left(account);
    const size_t most = left < SIZE_MAX - held ? held + left : SIZE_MAX;
    return most & ~(pba_backing_account_payload_unit(account) - 1);
}

size_t pba_backing_account_metadata_grant(const pba_backing_account *account, size_t bytes) {
    return grant_bytes(account->metadata, bytes);
}

ba_memory pba_backing_account_take_chunk(pba_backing_account *account, ba_length length,
                                         ba_alignment alignment, ba_call_site site) {
    return take(account, ask, account->payload, &account->payload_bytes, account->payload_lender,
                length, alignment, site);
}

void pba_backing_account_return_chunk(pba_backing_account *account, ba_memory grant,
                                      ba_alignment alignment, ba_call_site site) {
    account->payload_bytes -= ba_memory_length(grant).bytes;
    note_returned(account->payload_lender, ba_memory_length(grant).bytes,
                  ba_block_free_at(account->payload, grant, alignment, site));
}

ba_length_result pba_backing_account_grow_chunk(pba_backing_account *account, ba_memory grant,
                                                ba_alignment alignment, ba_length minimum,
                                                ba_length wanted, ba_call_site site) {
    const size_t held = ba_memory_length(grant).bytes;
    const size_t most = most_bytes(account, held);
    if (minimum.bytes > most) {
        return ba_length_result_none(ba_error_of(BA_LIMIT));
    }
    wanted = wanted.bytes < most ? wanted : ba_bytes(most);
    account->requests++;
    const ba_length_result grown =
        ba_block_grow_between_at(account->payload, grant, alignment, minimum, wanted, site);
    if (ba_length_result_is_none(grown)) {
        account->failures++;
        return grown;
    }
    account->payload_bytes += ba_length_result_length(grown).bytes - held;
    note_changed(account->payload_lender, held, ba_length_result_length(grown).bytes);
    return grown;
}

ba_length pba_backing_account_shrink_chunk(pba_backing_account *account, ba_memory grant,
                                           ba_alignment alignment, ba_length length,
                                           ba_call_site site) {
    const ba_length_result shorter =
        ba_block_resize_at(account->payload, grant, alignment, length, site);
    account->payload_bytes -=
        ba_memory_length(grant).bytes - ba_length_result_length(shorter).bytes;
    note_changed(account->payload_lender, ba_memory_length(grant).bytes,
                 ba_length_result_length(shorter).bytes);
    return ba_length_result_length(shorter);
}

ba_memory pba_backing_account_remap_chunk(pba_backing_account *account, ba_memory grant,
                                          ba_alignment alignment, ba_length minimum,
                                          ba_call_site site) {
    const size_t held = ba_memory_length(grant).bytes;
    if (minimum.bytes > most_bytes(account, held)) {
        return ba_memory_none(ba_error_of(BA_LIMIT));
    }
    account->requests++;
    const ba_memory moved = ba_block_remap_at(account->payload, grant, alignment, minimum, site);
    if (ba_memory_is_none(moved)) {
        account->failures++;
        return moved;
    }
    account->payload_bytes = account->payload_bytes - held + ba_memory_length(moved).bytes;
    note_changed(account->payload_lender, held, ba_memory_length(moved).bytes);
    return moved;
}

ba_memory pba_backing_account_take_metadata(pba_backing_account *account, ba_length length,
                                            ba_call_site site) {
    return take(account, ask_aside, account->metadata, &account->metadata_bytes,
                account->metadata_lender, length, pba_metadata_alignment(), site);
}

void pba_backing_account_return_metadata(pba_backing_account *account, ba_memory grant,
                                         ba_call_site site) {
    if (ba_memory_is_none(grant)) {
        return;
    }
    account->metadata_bytes -= ba_memory_length(grant).bytes;
    note_returned(account->metadata_lender, ba_memory_length(grant).bytes,
                  ba_block_free_at(account->metadata, grant, pba_metadata_alignment(), site));
}
