#include "pba/pool/refused.h"

#include "block_allocator/misuse.h"
#include "pba/pool/amounts.h"

/* True if the hook says that a call shall be tried again. */
static bool hook_helps(const pba_pool *pool, ba_error error, ba_length wanted, size_t attempt) {
    if (pool->hook.function == NULL || wanted.bytes == 0 || !pba_pool_is_shortage(error)) {
        return false;
    }
    switch (pool->hook.function(pool->hook.context, wanted, attempt)) {
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
        (void)ba_misuse_report(&misuse);
        return;
    }
    case PBA_BACKING_FAILURE_UNREACHABLE:
        BA_UNREACHABLE();
    }
}
