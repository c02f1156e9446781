// The same in C++.
#include "pba/pool.h"

#ifndef NO_NAME
#define PBA_NAME first_pool
#endif
#include "testing/pool/define_wrong_options.h"

#include "pba/define.h"

#define PBA_NAME second_pool
#include "pba/define.h"

ba_memory uses(first_pool *first, second_pool *second, pba_pool *plain);

ba_memory uses(first_pool *first, second_pool *second, pba_pool *plain) {
    const ba_memory memory = first_pool_alloc(first, ba_bytes(1), ba_align(1));
    (void)second_pool_free(second, memory, ba_align(1));
    (void)pba_pool_free(plain, memory, ba_align(1));
#ifdef ANOTHER_TYPES_POOL
    (void)first_pool_free(second, memory, ba_align(1));
#endif
#ifdef POOL_WITHOUT_TYPE
    (void)first_pool_free(plain, memory, ba_align(1));
#endif
#ifdef POOL_OF_A_TYPE_AS_ONE_WITHOUT
    (void)pba_pool_free(first, memory, ba_align(1));
#endif
#ifdef IGNORED_ALLOC
    first_pool_alloc(first, ba_bytes(1), ba_align(1));
#endif
#ifdef IGNORED_RESERVE
    first_pool_reserve(first, ba_bytes(1));
#endif
#ifdef IGNORED_VERIFY
    first_pool_verify(first);
#endif
    return memory;
}
