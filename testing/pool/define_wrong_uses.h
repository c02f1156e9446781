/* Wrong pool types, and wrong uses of right ones, that a C and a C++ compiler must refuse for the
 * stated reason. For define_compile_fail_test, which includes it once. */
#ifndef TESTING_POOL_DEFINE_WRONG_USES_H_
#define TESTING_POOL_DEFINE_WRONG_USES_H_

#include "pba/pool.h"

#ifndef NO_NAME
// expect: error: .*PBA_NAME must be defined before pba/define.h is included
#define PBA_NAME first_pool
#endif
#ifdef WRONG_BLOCK_SIZE
// expect: error: static.assert.*failed.*PBA_BLOCK_SIZE must be a power of two
#define PBA_BLOCK_SIZE 96
#endif
#ifdef SMALL_BLOCK_SIZE
// expect: error: static.assert.*failed.*PBA_BLOCK_SIZE must be at least 64
#define PBA_BLOCK_SIZE 32
#endif
#ifdef WRONG_BACKING_REQUEST_SIZE
// expect: error: static.assert.*failed.*PBA_BACKING_REQUEST_SIZE must be a power of two
#define PBA_BACKING_REQUEST_SIZE 5000
#endif
#ifdef SMALL_BACKING_REQUEST_SIZE
// expect: error: static.assert.*failed.*PBA_BACKING_REQUEST_SIZE must be at least PBA_BLOCK_SIZE
#define PBA_BACKING_REQUEST_SIZE 512
#endif
#ifdef WRONG_INDEX
// expect: error: static.assert.*failed.*PBA_INDEX must be one of PBA_INDEX_U8, _U16, _U32, _U64, _SIZE
#define PBA_INDEX 24
#endif
#ifdef SMALL_INDEX
// expect: error: static.assert.*failed.*PBA_INDEX must be able to count the blocks of one PBA_BACKING_REQUEST_SIZE
#define PBA_INDEX PBA_INDEX_U8
#define PBA_BACKING_REQUEST_SIZE (1024 * 256)
#endif
#ifdef WRONG_REQUEST_GROWTH
// expect: error: static.assert.*failed.*PBA_REQUEST_GROWTH must be at most 100
#define PBA_REQUEST_GROWTH 101
#endif
#ifdef SMALL_BYTE_LIMIT
// expect: error: static.assert.*failed.*PBA_BYTE_LIMIT must be at least PBA_BLOCK_SIZE
#define PBA_BYTE_LIMIT 1023
#endif
#ifdef WRONG_SECURE_WIPE
// expect: error: static.assert.*failed.*PBA_SECURE_WIPE must be PBA_OFF, PBA_ON or PBA_ON_IN_DEBUG
#define PBA_SECURE_WIPE 3
#endif
#ifdef WRONG_SPAN_CACHE
// expect: error: static.assert.*failed.*PBA_SPAN_CACHE must be PBA_OFF, PBA_ON or PBA_ON_IN_DEBUG
#define PBA_SPAN_CACHE 3
#endif
#ifdef WRONG_SAFETY
// expect: error: static.assert.*failed.*PBA_SAFETY must be a value of pba_safety
#define PBA_SAFETY 5
#endif
#ifdef WRONG_SEVERITY
// expect: error: static.assert.*failed.*PBA_SEVERITY must be BA_SEVERITY_LOG or BA_SEVERITY_PANIC
#define PBA_SEVERITY 2
#endif
#ifdef WRONG_BACKING_FAILURE
// expect: error: static.assert.*failed.*PBA_BACKING_FAILURE must be a value of pba_backing_failure
#define PBA_BACKING_FAILURE 3
#endif
#ifdef WRONG_AUTO_SHRINK
// expect: error: static.assert.*failed.*PBA_AUTO_SHRINK must be a value of pba_auto_shrink
#define PBA_AUTO_SHRINK 4
#endif
#ifdef WRONG_SHRINK_KIND
// expect: error: static.assert.*failed.*PBA_SHRINK_KIND must be PBA_THRESHOLD_PERCENT or PBA_THRESHOLD_FLAT
#define PBA_SHRINK_KIND 2
#endif
#ifdef WRONG_SHRINK_MIN
// expect: error: static.assert.*failed.*PBA_SHRINK_MIN must be below PBA_SHRINK_MAX
#define PBA_SHRINK_MIN 50
#endif
#ifdef WRONG_SHRINK_MAX
// expect: error: static.assert.*failed.*PBA_SHRINK_MAX must be below 100 when it is a percentage
#define PBA_SHRINK_MAX 100
#endif
#ifdef WRONG_STATISTICS
// expect: error: static.assert.*failed.*PBA_STATISTICS must be PBA_OFF, PBA_ON or PBA_ON_IN_DEBUG
#define PBA_STATISTICS 3
#endif
#ifdef WRONG_GUARD
// expect: error: static.assert.*failed.*PBA_GUARD must be PBA_OFF, PBA_ON or PBA_ON_IN_DEBUG
#define PBA_GUARD 3
#endif
#ifdef WRONG_FILL
// expect: error: static.assert.*failed.*PBA_FILL must be PBA_OFF, PBA_ON or PBA_ON_IN_DEBUG
#define PBA_FILL 3
#endif
#ifdef WRONG_THREADS
// expect: error: .*PBA_THREADS must be PBA_THREADS_SINGLE or PBA_THREADS_LOCKED
#define PBA_THREADS PBA_THREADS_LOKED
#endif
#ifdef WRONG_CALL_SITES
// expect: error: static.assert.*failed.*PBA_CALL_SITES must be PBA_OFF, PBA_ON or PBA_ON_IN_DEBUG
#define PBA_CALL_SITES 3
#endif
#ifdef NEGATIVE_BYTE_LIMIT
// expect: error: static.assert.*failed.*PBA_BYTE_LIMIT must be a whole number, not below 0
#define PBA_BYTE_LIMIT (-1L)
#endif
#ifdef NEGATIVE_SHRINK_MIN
// expect: error: static.assert.*failed.*PBA_SHRINK_MIN must be a whole number, not below 0
#define PBA_SHRINK_MIN (-5)
#endif
#ifdef NEGATIVE_SHRINK_MAX
// expect: error: static.assert.*failed.*PBA_SHRINK_MAX must be a whole number, not below 0
#define PBA_SHRINK_MIN (-5)
#define PBA_SHRINK_MAX (-1)
#endif
#ifdef NEGATIVE_DECAY_AGE
// expect: error: static.assert.*failed.*PBA_DECAY_AGE must be a whole number, not below 0
#define PBA_DECAY_AGE (-1)
#endif
#ifdef BROKEN_BYTE_LIMIT
// expect: error: static.assert.*failed.*PBA_BYTE_LIMIT must be a whole number, not below 0
#define PBA_BYTE_LIMIT 4096.5
#endif
#ifdef BROKEN_SHRINK_MIN
// expect: error: static.assert.*failed.*PBA_SHRINK_MIN must be a whole number, not below 0
#define PBA_SHRINK_MIN 12.5
#endif
#ifdef BROKEN_SHRINK_MAX
// expect: error: static.assert.*failed.*PBA_SHRINK_MAX must be a whole number, not below 0
#define PBA_SHRINK_MAX 50.5F
#endif
#ifdef BROKEN_STATISTICS
// expect: error: static.assert.*failed.*PBA_STATISTICS must be a whole number, not below 0
#define PBA_STATISTICS 1.5L
#endif
#ifdef MISSPELT_BLOCK_SIZE
// expect: error: .*PBA_BLOCKSIZE is no parameter of pba/define.h: it is PBA_BLOCK_SIZE
#define PBA_BLOCKSIZE 256
#endif
#ifdef MISSPELT_BYTE_LIMIT
// expect: error: .*PBA_LIMIT is no parameter of pba/define.h: it is PBA_BYTE_LIMIT
#define PBA_LIMIT 4096
#endif
#ifdef MISSPELT_THREADS
// expect: error: .*PBA_THREADED is no parameter of pba/define.h: it is PBA_THREADS
#define PBA_THREADED PBA_THREADS_LOCKED
#endif
#ifdef MISSPELT_CALL_SITES
// expect: error: .*PBA_CALLSITES is no parameter of pba/define.h: it is PBA_CALL_SITES
#define PBA_CALLSITES PBA_ON
#endif
#ifdef MISSPELT_STATISTICS
// expect: error: .*PBA_STATS is no parameter of pba/define.h: it is PBA_STATISTICS
#define PBA_STATS PBA_OFF
#endif

#include "pba/define.h"

#define PBA_NAME second_pool
#include "pba/define.h"

ba_memory uses(first_pool *first, second_pool *second, pba_pool *plain);

ba_memory uses(first_pool *first, second_pool *second, pba_pool *plain) {
    const ba_memory memory = first_pool_alloc(first, ba_bytes(1), ba_align(1));
    (void)second_pool_free(second, memory, ba_align(1));
    (void)pba_pool_free(plain, memory, ba_align(1));
#ifdef ANOTHER_TYPES_POOL
    // expect gcc C: passing argument 1 of .first_pool_free. from incompatible pointer type
    // expect clang C: incompatible pointer types passing .second_pool .*to parameter of type .first_pool [*]
    // expect gcc C++: cannot convert .second_pool[*]. to .first_pool[*].
    // expect clang C++: no known conversion from .second_pool .* to .first_pool [*]
    (void)first_pool_free(second, memory, ba_align(1));
#endif
#ifdef POOL_WITHOUT_TYPE
    // expect gcc C: passing argument 1 of .first_pool_free. from incompatible pointer type
    // expect clang C: incompatible pointer types passing .pba_pool .*to parameter of type .first_pool [*]
    // expect gcc C++: cannot convert .pba_pool[*]. to .first_pool[*].
    // expect clang C++: no known conversion from .pba_pool .* to .first_pool [*]
    (void)first_pool_free(plain, memory, ba_align(1));
#endif
#ifdef POOL_OF_A_TYPE_AS_ONE_WITHOUT
    // expect gcc C: passing argument 1 of .pba_pool_free_at. from incompatible pointer type
    // expect clang C: incompatible pointer types passing .first_pool .*to parameter of type .pba_pool [*]
    // expect gcc C++: cannot convert .first_pool[*]. to .pba_pool[*].
    // expect clang C++: no known conversion from .first_pool .* to .pba_pool [*]
    (void)pba_pool_free(first, memory, ba_align(1));
#endif
#ifdef IGNORED_ALLOC
    // expect: ignoring return value of
    first_pool_alloc(first, ba_bytes(1), ba_align(1));
#endif
#ifdef IGNORED_RESERVE
    // expect: ignoring return value of
    first_pool_reserve(first, ba_bytes(1));
#endif
#ifdef IGNORED_VERIFY
    // expect: ignoring return value of
    first_pool_verify(first);
#endif
    return memory;
}

#endif /* TESTING_POOL_DEFINE_WRONG_USES_H_ */
