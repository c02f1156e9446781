#define PBA_INTERNAL_

#include "pba/threads/exchange.h"

#include <stddef.h>

#include "pba/internal/slow_path.h"
#include "pba/pool/busy.h"
#include "pba/pool/empty_chunks.h"

/* A cache takes at most this share of the payload, and of what the byte limit leaves. */
#define SHARE 8U

BA_STATIC_ASSERT(offsetof(pba_cached_pool, core) - offsetof(pba_cached_pool, sharing) ==
                     offsetof(pba_shared_core, core),
                 "the core finds it so");

/* The pool around a core. */
static pba_cached_pool *around(pba_pool *core) {
    return (pba_cached_pool *)(void *)((unsigned char *)core - offsetof(pba_cached_pool, core));
}

/* Relaxed: the ids must be different, and nothing more. It wraps where a pointer has 32 bits, after
 * four thousand million pools. */
uintptr_t pba_exchange_new_id(void) {
    static _Atomic(uintptr_t) last;
    uintptr_t id;
    do {
        id = atomic_fetch_add_explicit(&last, (uintptr_t)1, memory_order_relaxed) + 1;
    } while (id == 0);
    return id;
}

/* --- gates --- */

void pba_exchange_shut(pba_cached_pool *pool) {
    if (pool->is_shut) {
        return;
    }
    bool any_is_light = false;
    for (pba_thread_cache *cache = pool->caches; cache != NULL; cache = cache->next) {
        pba_gate_shut(&cache->slot->gate);
        any_is_light = any_is_light || cache->thread->owner.is_light;
    }
    if (any_is_light) {
        pba_gate_barrier();
    }
    for (const pba_thread_cache *cache = pool->caches; cache != NULL; cache = cache->next) {
        pba_gate_await(&cache->thread->owner);
    }
    pool->is_shut = true;
}

/* Sets how much a cache may hold, for the payload that there is. */
static void set_bound(const pba_cached_pool *pool, pba_thread_cache *cache) {
    const uint64_t share = pool->core.accounting.blocks / SHARE;
    const uint32_t most = PBA_CACHED_BYTES >> pool->block_shift;
    cache->most_blocks = share < most ? (uint32_t)share : most;
}

/* Finds the tags of all spans in a cache anew. */
static void find_tags(pba_cached_pool *pool, pba_thread_cache *cache) {
    for (uint32_t blocks = 1; blocks <= PBA_SPAN_CACHE_BLOCKS; blocks++) {
        pba_span_cache_entry *const list = pba_thread_cache_list(cache, blocks);
        for (uint32_t i = 0; i < cache->count[blocks]; i++) {
            const pba_chunk *const chunk =
                pba_chunk_set_find(&pool->core.chunks, (uintptr_t)list[i].address);
            if (chunk == NULL) {
                BA_UNREACHABLE(); /* the span keeps it */
            }
            list[i].tag = pba_exchange_tag(chunk, list[i].address);
        }
    }
}

static void open_all(pba_cached_pool *pool) {
    for (pba_thread_cache *cache = pool->caches; cache != NULL; cache = cache->next) {
        if (pool->tags_moved && pool->checks) {
            find_tags(pool, cache);
        }
        set_bound(pool, cache); /* chunks may have gone */
        pba_gate_open(&cache->slot->gate, pool->id);
    }
    pool->tags_moved = false;
    pool->is_shut = false;
}

static void before_tags_go(pba_pool *core, const pba_chunk *chunk) {
    pba_cached_pool *const pool = around(core);
    pba_exchange_shut(pool);
    /* In an empty chunk lies no span of a cache: to the core such a span is live. */
    pool->tags_moved = pool->tags_moved || !pba_pool_is_empty_chunk(core, chunk);
    for (pba_thread_cache *cache = pool->caches; cache != NULL; cache = cache->next) {
        pba_thread_cache_forget(cache, chunk);
    }
}

static bool give_back(pba_pool *core) {
    return pba_exchange_drain_all(around(core));
}

const pba_sharing pba_exchange_sharing = {before_tags_go, give_back};

/* --- to the core --- */

/* Counts a free in the core; false if it ends a period, and has to take the other way. */
static bool count_free(pba_accounting *accounting, uint32_t blocks, bool has_periods) {
    if (has_periods) {
        return pba_count_free_within(accounting, blocks, accounting->counts);
    }
    pba_count_free_with(accounting, blocks, accounting->counts);
    return true;
}

/* Frees a span into the core's own cache, as its fast path would; false if that cannot be, or may
 * not be the usual case. */
static bool put_into_core_cache(pba_pool *core, uint32_t blocks, void *address) {
    pba_span_cache *const cache = core->cache;
    if (cache == NULL || core->in_callback || pba_span_cache_is_full(cache, blocks)) {
        return false;
    }
    uint8_t *tag = NULL;
    if (core->cache_is_checked) {
        const pba_chunk *const chunk = pba_chunk_set_find(&core->chunks, (uintptr_t)address);
        if (chunk == NULL) {
            BA_UNREACHABLE(); /* the span keeps it */
        }
        const uint32_t block = pba_chunk_block(chunk, (uintptr_t)address);
        if (chunk->watched == block) {
            return false;
        }
        tag = &chunk->tags[block];
    }
    if (!count_free(&core->accounting, blocks, core->has_periods)) {
        return false;
    }
    if (tag != NULL) {
        pba_tag_store(tag, pba_tag_of_cached(blocks));
    }
    pba_span_cache_push(cache, blocks, address, tag);
    return true;
}

/* To the core it is a live span: it is freed as any other. */
static void free_to_core(pba_cached_pool *pool, pba_thread_cache *cache, uint32_t blocks,
                         pba_span_cache_entry entry) {
    cache->spans_out++;
    if (!put_into_core_cache(&pool->core, blocks, entry.address)) {
        const ba_memory memory =
            ba_memory_of(entry.address, ba_bytes((size_t)blocks << pool->block_shift));
        (void)pba_pool_free_slow(&pool->core, memory,
                                 ba_align(pba_cached_pool_block_size(pool).bytes),
                                 ba_call_site_none());
    }
}

/* Frees the oldest spans of a list, until so many are left. */
static void shorten_list(pba_cached_pool *pool, pba_thread_cache *cache, uint32_t blocks,
                         uint32_t left) {
    while (cache->count[blocks] > left) {
        free_to_core(pool, cache, blocks, pba_thread_cache_pop_oldest(cache, blocks));
    }
}

static bool drain(pba_cached_pool *pool, pba_thread_cache *cache) {
    const bool had_any = cache->blocks != 0;
    for (uint32_t blocks = 1; cache->blocks != 0; blocks++) {
        while (cache->count[blocks] != 0) {
            free_to_core(pool, cache, blocks, pba_thread_cache_pop(cache, blocks));
        }
    }
    return had_any;
}

bool pba_exchange_drain_all(pba_cached_pool *pool) {
    bool had_any = false;
    pba_exchange_shut(pool);
    for (pba_thread_cache *cache = pool->caches; cache != NULL; cache = cache->next) {
        had_any = drain(pool, cache) || had_any;
    }
    return had_any;
}

/* Empties the caches that nothing was done with since this was last called. */
static void drain_unused(pba_cached_pool *pool) {
    pba_exchange_shut(pool);
    for (pba_thread_cache *cache = pool->caches; cache != NULL; cache = cache->next) {
        const uint64_t calls = cache->allocations + cache->frees;
        if (calls == cache->calls_seen) {
            (void)drain(pool, cache);
        }
        cache->calls_seen = calls;
    }
}

/* --- lock --- */

void pba_exchange_lock(pba_cached_pool *pool) {
    ba_lock_acquire(pool->lock);
}

void pba_exchange_unlock(pba_cached_pool *pool) {
    if (pool->core.has_periods && pool->seen_period != pool->core.now) {
        pool->seen_period = pool->core.now;
        drain_unused(pool);
    }
    if (pool->is_shut) {
        open_all(pool);
    }
    ba_lock_release(pool->lock);
}

/* --- caches --- */

/* The slot for a cache of this pool, or NULL if all have one. Relaxed: a slot that another thread
 * is about to clear, of another pool, may be taken or not; and what it clears is read behind that
 * pool's lock only. */
static pba_thread_slot *free_slot(const pba_cached_pool *pool, pba_thread *thread) {
    for (uint32_t i = 0; i < PBA_THREAD_POOLS; i++) {
        pba_thread_slot *const slot = &thread->pool_slots[(pool->first + i) % PBA_THREAD_POOLS];
        /* Acquires what the thread did that has cleared it. */
        if (atomic_load_explicit(&slot->pool, memory_order_acquire) == NULL) {
            return slot;
        }
    }
    return NULL;
}

static void thread_ends(pba_thread_exit *at_end);

static bool is_ready(pba_thread *thread) {
    thread->at_end.ends = thread_ends;
    if (thread->state == PBA_THREAD_IS_NEW && pba_thread_exit_arm(&thread->at_end)) {
        pba_gate_set_up_owner(&thread->owner);
        thread->state = PBA_THREAD_IS_ARMED;
    }
    return thread->state == PBA_THREAD_IS_ARMED;
}

/* True if there may be so much more metadata: as the span cache of a pool. */
static bool may_take(const pba_backing_account *account) {
    return !pba_backing_account_sets_aside(account) &&
           pba_backing_account_metadata_grant(account, sizeof(pba_thread_cache)) <=
               pba_backing_account_left(account) / SHARE;
}

static ba_memory take_cache(pba_cached_pool *pool) {
    pba_pool *const core = &pool->core;
    pba_pool_begin_asking(core);
    const ba_memory grant = pba_backing_account_take_metadata(
        &core->account, ba_bytes(sizeof(pba_thread_cache)), ba_call_site_none());
    pba_pool_leave_callback(core);
    return grant;
}

static pba_thread_cache *attach(pba_cached_pool *pool, pba_thread *thread, pba_thread_slot *slot,
                                ba_memory grant) {
    pba_thread_cache *const cache = (pba_thread_cache *)ba_memory_pointer(grant);
    pba_thread_cache_init(cache, grant);
    set_bound(pool, cache);
    cache->thread = thread;
    cache->slot = slot;
    cache->next = pool->caches;
    if (pool->caches != NULL) {
        pool->caches->previous = cache;
    }
    pool->caches = cache;
    slot->cache = cache;
    /* Relaxed: read by this thread, and by others behind the lock only. */
    atomic_store_explicit(&slot->pool, pool, memory_order_relaxed);
    if (!pool->is_shut) {
        pba_gate_open(&slot->gate, pool->id);
    }
    return cache;
}

static pba_thread_cache *make_cache(pba_cached_pool *pool) {
    pba_thread *const thread = &pba_this_thread;
    const uint64_t blocks = pool->core.accounting.blocks;
    if (pool->longest == 0 || blocks << pool->block_shift < PBA_CACHED_MIN_BYTES ||
        blocks == pool->refused_at || pool->core.in_callback || !is_ready(thread)) {
        return NULL;
    }
    pba_thread_slot *const slot = free_slot(pool, thread);
    if (slot == NULL || !may_take(&pool->core.account)) {
        return NULL;
    }
    const ba_memory grant = take_cache(pool);
    if (ba_memory_is_none(grant)) {
        pool->refused_at = blocks;
        return NULL;
    }
    return attach(pool, thread, slot, grant);
}

pba_thread_cache *pba_exchange_find_cache(const pba_cached_pool *pool) {
    for (uint32_t i = 0; i < PBA_THREAD_POOLS; i++) {
        pba_thread_slot *const slot =
            &pba_this_thread.pool_slots[(pool->first + i) % PBA_THREAD_POOLS];
        /* Relaxed: of this pool only threads with its lock change it. */
        if (atomic_load_explicit(&slot->pool, memory_order_relaxed) == pool) {
            return slot->cache;
        }
    }
    return NULL;
}

pba_thread_cache *pba_exchange_cache(pba_cached_pool *pool) {
    pba_thread_cache *const cache = pba_exchange_find_cache(pool);
    return cache != NULL ? cache : make_cache(pool);
}

/* Takes a cache off the pool's list, and gives its memory back. It is empty, and its slot knows it
 * no longer. */
static void discard(pba_cached_pool *pool, pba_thread_cache *cache) {
    pool->allocations += cache->allocations;
    pool->frees += cache->frees;
    pool->spans_in += cache->spans_in;
    pool->spans_out += cache->spans_out;
    if (cache->next != NULL) {
        cache->next->previous = cache->previous;
    }
    if (cache->previous != NULL) {
        cache->previous->next = cache->next;
    } else {
        pool->caches = cache->next;
    }
    const ba_memory grant = cache->grant;
    pba_pool_enter_callback(&pool->core);
    pba_backing_account_return_metadata(&pool->core.account, grant, ba_call_site_none());
    pba_pool_leave_callback(&pool->core);
}

/* The gate is shut, and stays so. */
static void detach(pba_cached_pool *pool, pba_thread_cache *cache) {
    pba_thread_slot *const slot = cache->slot;
    (void)drain(pool, cache);
    slot->cache = NULL;
    /* Releases: the slot may be taken for another pool now, whose lock this thread may not have. */
    atomic_store_explicit(&slot->pool, NULL, memory_order_release);
    discard(pool, cache);
}

void pba_exchange_detach_all(pba_cached_pool *pool) {
    pba_exchange_shut(pool);
    while (pool->caches != NULL) {
        detach(pool, pool->caches);
    }
}

void pba_exchange_forget_others(pba_cached_pool *pool) {
    pba_thread_cache *next;
    for (pba_thread_cache *cache = pool->caches; cache != NULL; cache = next) {
        next = cache->next;
        if (cache->thread != &pba_this_thread) {
            (void)drain(pool, cache);
            discard(pool, cache);
        }
    }
    /* Threads that were about to end are not there either. Relaxed: this is the only thread. */
    __atomic_store_n(&pool->leaving, 0U, __ATOMIC_RELAXED);
}

/* --- from the core --- */

/* Takes the youngest span of a list of the core's own cache that has a valid one, as its fast path
 * would, into the cache of a thread. */
static void take_in(pba_cached_pool *pool, pba_thread_cache *cache, uint32_t blocks) {
    pba_pool *const core = &pool->core;
    const pba_span_cache_entry entry = *--core->cache->top[blocks];
    if (core->cache_is_checked) {
        pba_tag_store(entry.tag, pool->checks ? (uint8_t)PBA_TAG_IN_THREAD : pba_tag_of(blocks));
    }
    pba_count_alloc(&core->accounting, blocks);
    pba_thread_cache_push(cache, blocks, entry.address, entry.tag);
    cache->spans_in++;
}

void pba_exchange_refill(pba_cached_pool *pool, pba_thread_cache *cache, uint32_t blocks) {
    const pba_span_cache *const from = pool->core.cache;
    const uint32_t half = pba_thread_cache_capacity(blocks) / 2;
    const uint32_t batch = cache->batch[blocks];
    set_bound(pool, cache);
    if (from == NULL) {
        return;
    }
    for (uint32_t i = 0; i < batch && !pba_span_cache_is_stale(from, blocks) &&
                         pba_thread_cache_has_room(cache, blocks);
         i++) {
        take_in(pool, cache, blocks);
    }
    cache->batch[blocks] = (uint8_t)(2 * batch < half ? 2 * batch : half);
}

bool pba_exchange_make_room(pba_cached_pool *pool, pba_thread_cache *cache, uint32_t blocks) {
    set_bound(pool, cache);
    if (blocks > cache->most_blocks) {
        return false;
    }
    if (cache->count[blocks] == pba_thread_cache_capacity(blocks)) {
        shorten_list(pool, cache, blocks, cache->count[blocks] / 2U);
    }
    while (!pba_thread_cache_has_room(cache, blocks)) {
        for (uint32_t length = 1; length <= PBA_SPAN_CACHE_BLOCKS; length++) {
            shorten_list(pool, cache, length, cache->count[length] / 2U);
        }
    }
    return true;
}

/* --- threads that end --- */

/* The pool whose cache a slot has, which then waits for this thread; or NULL if there is none, or
 * no more. While the gate is shut it is not known which. */
static pba_cached_pool *leave_slot(pba_thread *thread, pba_thread_slot *slot) {
    for (;;) {
        pba_cached_pool *const pool = atomic_load_explicit(&slot->pool, memory_order_relaxed);
        if (pool == NULL) {
            return NULL;
        }
        pba_gate_enter(&thread->owner);
        const bool is_open = !pba_gate_has_key(&slot->gate, 0);
        if (is_open) {
            /* Behind the gate the pool is there, and its slot is as it was. Relaxed: release_all
             * sees it when it sees this thread outside. */
            (void)__atomic_fetch_add(&pool->leaving, 1U, __ATOMIC_RELAXED);
        }
        pba_gate_leave(&thread->owner);
        if (is_open) {
            return pool;
        }
        pba_gate_let_others_run();
    }
}

static void thread_ends(pba_thread_exit *at_end) {
    pba_thread *const thread =
        (pba_thread *)(void *)((unsigned char *)at_end - offsetof(pba_thread, at_end));
    thread->state = PBA_THREAD_HAS_ENDED;
    for (uint32_t i = 0; i < PBA_THREAD_POOLS; i++) {
        pba_thread_slot *const slot = &thread->pool_slots[i];
        pba_cached_pool *const pool = leave_slot(thread, slot);
        if (pool == NULL) {
            continue;
        }
        pba_exchange_lock(pool);
        if (atomic_load_explicit(&slot->pool, memory_order_relaxed) == pool) {
            /* With the lock, and being outside, it needs to wait for no thread. */
            pba_gate_shut(&slot->gate);
            detach(pool, slot->cache);
        }
        pba_exchange_unlock(pool);
        /* Releases: the pool may be gone as soon as this is seen. */
        (void)__atomic_fetch_sub(&pool->leaving, 1U, __ATOMIC_RELEASE);
    }
}
