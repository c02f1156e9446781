#define PBA_INTERNAL_

#include "pba/pool/refused.h"

#include "block_allocator/misuse.h"
#include "pba/pool/amounts.h"
#include "pba/pool/race_check.h"

/* Calls the hook. Nothing is half done, so other threads may use the pool meanwhile, as the hook
 * may: the lock that guards it is given back, unless its holder has several calls to make. */
static pba_hook_answer ask_hook(const pba_pool *pool, ba_length wanted, size_t attempt) {
    const ba_lock none = {NULL, NULL, NULL};
    const ba_lock lock = (pool->threads & PBA_KEEPS_LOCK) != 0 ? none : pba_lent_lock(&pool->lent);
    const pba_out_of_memory_hook hook = pool->hook;
    const pba_race_break pause = pba_race_pause(pool);
    ba_lock_release(lock);
    const pba_hook_answer answer = hook.function(hook.context, wanted, attempt);
    ba_lock_acquire(lock);
    pba_race_resume(pool, pause);
    return answer;
}

/* True if the hook says that a call shall be tried again. */
static bool hook_helps(const pba_pool *pool, ba_error error, ba_length wanted, size_t attempt) {
    if (pool->hook.function == NULL || wanted.bytes == 0 || !pba_pool_is_shortage(error)) {
        return false;
    }
    switch (ask_hook(pool, wanted, attempt)) {
    case PBA_GIVE_UP:
        break;
    case PBA_RETRY:
        return true;
    }
    return false;
}

bool pba_pool_tries_again(pba_pool *pool, ba_error error, ba_length wanted, size_t attempt) {
    if (hook_helps(pool, error, wanted, attempt)) {
        return true;
    }
    pba_count_failure(&pool->accounting);
    return false;
}

void pba_pool_apply_failure_policy(const pba_pool *pool, const pba_call *call, ba_error error) {
    if (error.code != BA_OUT_OF_MEMORY) {
        return;
    }
    switch ((pba_backing_failure)pool->backing_failure) {
    case PBA_BACKING_FAILURE_RETURNS:
        return;
    case PBA_BACKING_FAILURE_PANICS: {
        ba_misuse misuse = pba_pool_misuse(pool, call, BA_OUT_OF_MEMORY);
        misuse.severity = BA_SEVERITY_PANIC;
        (void)pba_pool_report(pool, &misuse);
        return;
    }
    case PBA_BACKING_FAILURE_UNREACHABLE:
        BA_UNREACHABLE();
    }
}
