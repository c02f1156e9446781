/* Finds two threads in one pool, in debug builds of this library. Each call of the pool marks when it
 * begins and when it ends, or leaves the pool for a while. Knows pools by their address only, and
 * takes no place in them: a pool is the same in every build.
 *
 * The marks are a small table of the program. A call whose place in it is taken by another pool
 * goes unmarked, so that a race may be missed, but what is reported is one. Not for users. */
#ifndef PBA_INTERNAL_
#error "private to the pool: include pba/pool.h or pba/define.h"
#endif
#ifndef PBA_POOL_RACE_CHECK_H_
#define PBA_POOL_RACE_CHECK_H_

#include <stdbool.h>

#include "block_allocator/build_mode.h"
#include "block_allocator/call_site.h"
#include "block_allocator/implementing/instrumentation.h"
#include "pba/pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Whether this is compiled in. A mark ends with its function, which gcc and clang can see to, and a
 * thread is known by the address of a variable of its own. ThreadSanitizer finds more. */
#if BA_BUILD_MODE == BA_DEBUG && defined(__GNUC__) && __STDC_HOSTED__ &&                           \
    !defined(__STDC_NO_ATOMICS__) && !defined(_WIN32) && !BA_THREAD_SANITIZER
#define PBA_CHECKS_RACES 1
#else
#define PBA_CHECKS_RACES 0
#endif

#if PBA_CHECKS_RACES

/* The mark of a call, which ends with its function; NULL if it made none. */
typedef const pba_pool *pba_race_mark;

pba_race_mark pba_race_begin(const pba_pool *pool, ba_call_site site);
void pba_race_end(const pba_race_mark *mark);

/* Marks the rest of the function that this stands in, once, as a call to the pool. */
#define PBA_MARK_CALL(pool, site)                                                                  \
    __attribute__((cleanup(pba_race_end), unused)) const pba_race_mark pba_race_mark_ =            \
        pba_race_begin((pool), (site))

/* True if a call of another thread is marked, and where it was made. */
bool pba_race_is_found(const pba_pool *pool, ba_call_site *other);

/* There is a new pool at the address. */
void pba_race_forget(const pba_pool *pool);

/* Around calls of the user's functions, while which nothing is half done: other threads may use the
 * pool then, if a lock says so, and the function need not return. */
typedef struct pba_race_break {
    bool was_marked;
    ba_call_site site;
} pba_race_break;
BA_MUST_USE pba_race_break pba_race_pause(const pba_pool *pool);
void pba_race_resume(const pba_pool *pool, pba_race_break pause);

#else

#define PBA_MARK_CALL(pool, site) ((void)0)

BA_ALWAYS_INLINE bool pba_race_is_found(const pba_pool *pool, ba_call_site *other) {
    (void)pool, (void)other;
    return false;
}
BA_ALWAYS_INLINE void pba_race_forget(const pba_pool *pool) {
    (void)pool;
}
typedef struct pba_race_break {
    bool was_marked;
} pba_race_break;
BA_MUST_USE BA_ALWAYS_INLINE pba_race_break pba_race_pause(const pba_pool *pool) {
    (void)pool;
    pba_race_break none;
    none.was_marked = false;
    return none;
}
BA_ALWAYS_INLINE void pba_race_resume(const pba_pool *pool, pba_race_break pause) {
    (void)pool, (void)pause;
}

#endif

#ifdef __cplusplus
}
#endif

#endif /* PBA_POOL_RACE_CHECK_H_ */
