/* The calls of a pba_cached_pool that are about one span, beside its making. */
#define PBA_INTERNAL_

#include <string.h>

#include "pba/cached_pool.h"
#include "pba/engine/span_check.h"
#include "pba/internal/slow_path.h"
#include "pba/pool/busy.h"
#include "pba/pool/calls.h"
#include "pba/threads/exchange.h"

/* --- making --- */

pba_options_error pba_cached_pool_init_in_mode(pba_cached_pool *pool, const pba_options *options,
                                               ba_any_allocator backing, ba_lock lock,
                                               const pba_setup *setup, int build_mode) {
    const pba_options_error error = pba_options_check(options);
    if (error != PBA_OPTIONS_OK) {
        return error;
    }
    memset(pool, 0, sizeof *pool);
    pba_pool *const core = &pool->core;
    pba_pool_init_checked(core, options, backing, setup, build_mode);
    pool->id = pba_exchange_new_id();
    pool->first = (uint32_t)(pool->id % PBA_THREAD_POOLS);
    pool->longest = core->is_plain ? PBA_SPAN_CACHE_BLOCKS : 0;
    pool->block_shift = core->block_shift;
    pool->nominal_shift = core->chunks.nominal_shift;
    pool->checks = core->checks;
    pool->lock = lock;
    pool->refused_at = UINT64_MAX;
    pool->sharing = &pba_exchange_sharing;
    core->lent.lock_before = (uint32_t)(offsetof(pba_cached_pool, core) + offsetof(pba_pool, lent) -
                                        offsetof(pba_cached_pool, lock));
    core->threads |= (uint8_t)PBA_HAS_THREAD_CACHES;
    /* So that the core's own fast paths stay closed: they know nothing of watched spans that have
     * an ordinary tag, nor of those that another thread may just be freeing. */
    core->is_plain = false;
    pba_pool_open_fast_path(core);
    return PBA_OPTIONS_OK;
}

/* --- allocation --- */

/* The blocks that a length takes: 0 for none, and for some that no span can have. */
BA_WRAPS static size_t blocks_for(const pba_cached_pool *pool, size_t bytes) {
    return (bytes + (((size_t)1 << pool->block_shift) - 1)) >> pool->block_shift;
}

/* True if spans of so many blocks may be cached, and every block is aligned so. A pool of zeros
 * caches none. */
BA_WRAPS static bool is_for_cache(const pba_cached_pool *pool, size_t blocks,
                                  ba_alignment alignment) {
    return BA_LIKELY(blocks - 1 < pool->longest &&
                     alignment.bytes - 1 < (size_t)1 << pool->block_shift &&
                     ba_alignment_is_valid(alignment));
}

/* Takes a span of a list that is not empty. Only this thread changes the tag of what lies in its
 * cache. */
static ba_memory take(const pba_cached_pool *pool, pba_thread_cache *cache, uint32_t blocks) {
    const pba_span_cache_entry entry = pba_thread_cache_pop(cache, blocks);
    if (pool->checks) {
        pba_tag_store(entry.tag, (uint8_t)blocks);
    }
    cache->allocations++;
    return ba_memory_of(entry.address, ba_bytes((size_t)blocks << pool->block_shift));
}

static ba_memory alloc_locked(pba_cached_pool *pool, ba_length minimum, ba_alignment alignment,
                              ba_call_site site) {
    const size_t blocks = blocks_for(pool, minimum.bytes);
    if (!is_for_cache(pool, blocks, alignment)) {
        return pba_pool_alloc_slow(&pool->core, minimum, alignment, site);
    }
    pba_thread_cache *cache = pba_exchange_find_cache(pool);
    if (cache != NULL && cache->count[blocks] != 0) {
        return take(pool, cache, (uint32_t)blocks);
    }
    const ba_memory memory = pba_pool_alloc_slow(&pool->core, minimum, alignment, site);
    /* Sought anew, for the lock may have been given back to ask the hook; and made now, for an
     * allocation that fails leaves the pool as it was. */
    cache = ba_memory_is_none(memory) ? NULL : pba_exchange_cache(pool);
    if (cache != NULL) {
        pba_exchange_refill(pool, cache, (uint32_t)blocks);
    }
    return memory;
}

ba_memory pba_cached_pool_alloc_at(pba_cached_pool *pool, ba_length minimum, ba_alignment alignment,
                                   ba_call_site site) {
    const size_t blocks = blocks_for(pool, minimum.bytes);
    if (is_for_cache(pool, blocks, alignment)) {
        pba_thread *const thread = &pba_this_thread;
        pba_gate_enter(&thread->owner);
        const pba_thread_slot *const slot = pba_thread_find(thread, pool->id, pool->first);
        if (BA_LIKELY(slot != NULL) && BA_LIKELY(slot->cache->count[blocks] != 0)) {
            const ba_memory memory = take(pool, slot->cache, (uint32_t)blocks);
            pba_gate_leave(&thread->owner);
            return memory;
        }
        pba_gate_leave(&thread->owner);
    }
    pba_exchange_lock(pool);
    const ba_memory memory = alloc_locked(pool, minimum, alignment, site);
    pba_exchange_unlock(pool);
    return memory;
}

/* --- spans in caches of threads --- */

/* True if a span lies in the cache of a thread that an address lies in. */
static bool is_in_thread(const pba_cached_pool *pool, const void *pointer) {
    const pba_span span = pba_span_around(&pool->core.chunks, pointer);
    return span.chunk != NULL &&
           pba_tag_load(&span.chunk->tags[span.first]) == (uint8_t)PBA_TAG_IN_THREAD;
}

/* Takes a live span, which the caller says is its own, away from all other threads that might free
 * it by mistake: to the core it stays a live one. False if another one had it first. Longer spans
 * are freed with the lock held only. */
static bool claim(pba_span span) {
    uint8_t *const tag = &span.chunk->tags[span.first];
    uint8_t now = pba_tag_load(tag);
    return !pba_span_cache_keeps(span.blocks) ||
           (now != (uint8_t)PBA_TAG_IN_THREAD &&
            pba_tag_exchange(tag, &now, (uint8_t)PBA_TAG_IN_THREAD));
}

/* Makes a span that was claimed its caller's again, if there is one. */
static void disclaim(pba_cached_pool *pool, const void *pointer) {
    const pba_span span = pba_span_around(&pool->core.chunks, pointer);
    if (span.chunk != NULL) {
        uint8_t *const tag = &span.chunk->tags[span.first];
        if (pba_tag_load(tag) == (uint8_t)PBA_TAG_IN_THREAD) {
            pba_tag_store(tag, pba_tag_of(span.blocks));
        }
    }
}

/* True if misuse is to be checked here: calls that the core rejects anyway are its matter. */
static bool checks_here(const pba_cached_pool *pool) {
    return pool->checks && pool->longest != 0 && !pool->core.in_callback &&
           (pool->core.self == NULL || pool->core.self == &pool->core);
}

/* Finds the live span that a call is about, and claims it; or reports what is wrong. */
static ba_error check_and_claim(pba_cached_pool *pool, const pba_call *call, pba_span *span) {
    if (is_in_thread(pool, ba_memory_pointer(call->memory))) {
        return pba_pool_reject(&pool->core, call, BA_DOUBLE_FREE);
    }
    const pba_finding found = pba_span_check(&pool->core.chunks, call->memory, call->alignment, 0);
    if (found.code != BA_OK) {
        return pba_pool_reject_span(&pool->core, call, found.code, found.span);
    }
    *span = found.span;
    return claim(found.span) ? ba_error_of(BA_OK)
                             : pba_pool_reject(&pool->core, call, BA_DOUBLE_FREE);
}

/* --- freeing --- */

/* How an attempt to free without the lock ended. */
typedef enum outcome {
    FREED,
    NOT_FREED,
    FREED_BEFORE, /* it had been freed; so it will be reported, whatever becomes of it meanwhile */
} outcome;

/* Puts a span into a cache that has room for it, if it is certain that it is a live one. */
static outcome put(const pba_cached_pool *pool, pba_thread_cache *cache, uint32_t blocks,
                   void *address) {
    uint8_t *tag = NULL;
    if (pool->checks) {
        tag =
            pba_thread_cache_tag(cache, (uintptr_t)address, pool->block_shift, pool->nominal_shift);
        if (!BA_LIKELY(tag != NULL)) {
            return NOT_FREED;
        }
        uint8_t now = (uint8_t)blocks;
        if (!BA_LIKELY(pba_tag_exchange(tag, &now, (uint8_t)PBA_TAG_IN_THREAD))) {
            return now == (uint8_t)PBA_TAG_IN_THREAD ? FREED_BEFORE : NOT_FREED;
        }
    }
    pba_thread_cache_push(cache, blocks, address, tag);
    cache->frees++;
    return FREED;
}

static outcome try_free(const pba_cached_pool *pool, ba_memory memory, ba_alignment alignment) {
    outcome ended = NOT_FREED;
    /* Not ba_memory_length(): what is no memory has no tag. */
    const size_t blocks = blocks_for(pool, memory.length_or_code_);
    if (is_for_cache(pool, blocks, alignment)) {
        pba_thread *const thread = &pba_this_thread;
        pba_gate_enter(&thread->owner);
        const pba_thread_slot *const slot = pba_thread_find(thread, pool->id, pool->first);
        if (BA_LIKELY(slot != NULL) &&
            BA_LIKELY(pba_thread_cache_has_room(slot->cache, (uint32_t)blocks))) {
            ended = put(pool, slot->cache, (uint32_t)blocks, memory.pointer_);
        }
        pba_gate_leave(&thread->owner);
    }
    return ended;
}

/* Puts a span, claimed where misuse is checked, else of no chunk that is known, into the caller's
 * cache. False if it does not go there. */
static bool put_locked(pba_cached_pool *pool, const pba_call *call, pba_span span) {
    pba_thread_cache *const cache = pba_exchange_cache(pool);
    if (cache == NULL || !pba_exchange_make_room(pool, cache, span.blocks)) {
        return false;
    }
    uint8_t *tag = NULL;
    void *const address = ba_memory_pointer(call->memory);
    if (span.chunk != NULL) {
        tag = pba_exchange_tag(span.chunk, address);
        pba_thread_cache_remember(cache, span.chunk, (uintptr_t)address, pool->nominal_shift);
    }
    pba_thread_cache_push(cache, span.blocks, address, tag);
    cache->frees++;
    return true;
}

static ba_error free_locked(pba_cached_pool *pool, const pba_call *call) {
    pba_span span = {NULL, 0, 0};
    if (checks_here(pool)) {
        const ba_error error = check_and_claim(pool, call, &span);
        if (ba_failed(error)) {
            return error;
        }
    } else {
        const size_t blocks = blocks_for(pool, call->memory.length_or_code_);
        span.blocks = !pool->checks && blocks <= pool->longest ? (uint32_t)blocks : 0;
    }
    return pba_span_cache_keeps(span.blocks) && put_locked(pool, call, span)
               ? ba_error_of(BA_OK)
               : pba_pool_free_slow(&pool->core, call->memory, call->alignment, call->site);
}

ba_error pba_cached_pool_free_at(pba_cached_pool *pool, ba_memory memory, ba_alignment alignment,
                                 ba_call_site site) {
    const outcome ended = try_free(pool, memory, alignment);
    if (ended == FREED) {
        return ba_error_of(BA_OK);
    }
    const pba_call call = {"free", memory, alignment, site};
    pba_exchange_lock(pool);
    const ba_error error = ended == FREED_BEFORE
                               ? pba_pool_reject(&pool->core, &call, BA_DOUBLE_FREE)
                               : free_locked(pool, &call);
    pba_exchange_unlock(pool);
    return error;
}

/* --- resizing --- */

/* Begins a call about a span, with the lock held. */
static ba_error begin(pba_cached_pool *pool, const pba_call *call) {
    pba_span span = {NULL, 0, 0};
    pba_exchange_lock(pool);
    return checks_here(pool) ? check_and_claim(pool, call, &span) : ba_error_of(BA_OK);
}

/* Ends it: its span, or what it has become, is the caller's again. */
static void end(pba_cached_pool *pool, const void *pointer) {
    if (checks_here(pool) && pointer != NULL) {
        disclaim(pool, pointer);
    }
    pba_exchange_unlock(pool);
}

static ba_length_result end_resize(pba_cached_pool *pool, const pba_call *call,
                                   ba_length_result now) {
    end(pool, ba_memory_pointer(call->memory));
    return now;
}

/* Where the span is after a call that may move it. */
static ba_memory end_move(pba_cached_pool *pool, const pba_call *call, ba_memory now) {
    end(pool, ba_memory_is_none(now) ? ba_memory_pointer(call->memory) : ba_memory_pointer(now));
    return now;
}

ba_length_result pba_cached_pool_resize_at(pba_cached_pool *pool, ba_memory memory,
                                           ba_alignment alignment, ba_length minimum,
                                           ba_call_site site) {
    const pba_call call = {"resize", memory, alignment, site};
    const ba_error error = begin(pool, &call);
    if (ba_failed(error)) {
        pba_exchange_unlock(pool);
        return ba_length_result_none(error);
    }
    return end_resize(pool, &call,
                      pba_pool_resize_at(&pool->core, memory, alignment, minimum, site));
}

ba_length_result pba_cached_pool_grow_between_at(pba_cached_pool *pool, ba_memory memory,
                                                 ba_alignment alignment, ba_length minimum,
                                                 ba_length wanted, ba_call_site site) {
    const pba_call call = {"grow_between", memory, alignment, site};
    const ba_error error = begin(pool, &call);
    if (ba_failed(error)) {
        pba_exchange_unlock(pool);
        return ba_length_result_none(error);
    }
    return end_resize(
        pool, &call,
        pba_pool_grow_between_at(&pool->core, memory, alignment, minimum, wanted, site));
}

ba_memory pba_cached_pool_remap_at(pba_cached_pool *pool, ba_memory memory, ba_alignment alignment,
                                   ba_length minimum, ba_call_site site) {
    const pba_call call = {"remap", memory, alignment, site};
    const ba_error error = begin(pool, &call);
    if (ba_failed(error)) {
        pba_exchange_unlock(pool);
        return ba_memory_none(error);
    }
    /* What is cached beside it in its chunk is free, and must not keep it from moving. */
    (void)pba_exchange_drain_all(pool);
    return end_move(pool, &call, pba_pool_remap_at(&pool->core, memory, alignment, minimum, site));
}

ba_memory pba_cached_pool_realloc_at(pba_cached_pool *pool, ba_memory memory,
                                     ba_alignment alignment, ba_length minimum, ba_call_site site) {
    const pba_call call = {"realloc", memory, alignment, site};
    const ba_error error = begin(pool, &call);
    if (ba_failed(error)) {
        pba_exchange_unlock(pool);
        return ba_memory_none(error);
    }
    return end_move(pool, &call,
                    pba_pool_realloc_at(&pool->core, memory, alignment, minimum, site));
}
