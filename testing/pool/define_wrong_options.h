/* One wrong option for each case that define_compile_fail_test.c and .cc have. No include guard: it
 * is part of a source. */
#ifdef WRONG_BLOCK_SIZE
#define PBA_BLOCK_SIZE 96
#endif
#ifdef SMALL_BLOCK_SIZE
#define PBA_BLOCK_SIZE 32
#endif
#ifdef WRONG_BACKING_REQUEST_SIZE
#define PBA_BACKING_REQUEST_SIZE 5000
#endif
#ifdef SMALL_BACKING_REQUEST_SIZE
#define PBA_BACKING_REQUEST_SIZE 512
#endif
#ifdef WRONG_INDEX
#define PBA_INDEX 24
#endif
#ifdef SMALL_INDEX
#define PBA_INDEX PBA_INDEX_U8
#define PBA_BACKING_REQUEST_SIZE (1024 * 256)
#endif
#ifdef WRONG_REQUEST_GROWTH
#define PBA_REQUEST_GROWTH 101
#endif
#ifdef SMALL_BYTE_LIMIT
#define PBA_BYTE_LIMIT 1023
#endif
#ifdef WRONG_SECURE_WIPE
#define PBA_SECURE_WIPE 3
#endif
#ifdef WRONG_SPAN_CACHE
#define PBA_SPAN_CACHE 3
#endif
#ifdef WRONG_SAFETY
#define PBA_SAFETY 6
#endif
#ifdef WRONG_SEVERITY
#define PBA_SEVERITY 2
#endif
#ifdef WRONG_BACKING_FAILURE
#define PBA_BACKING_FAILURE 3
#endif
#ifdef WRONG_AUTO_SHRINK
#define PBA_AUTO_SHRINK 4
#endif
#ifdef WRONG_SHRINK_KIND
#define PBA_SHRINK_KIND 2
#endif
#ifdef WRONG_SHRINK_MIN
#define PBA_SHRINK_MIN 50
#endif
#ifdef WRONG_SHRINK_MAX
#define PBA_SHRINK_MAX 100
#endif
#ifdef WRONG_STATISTICS
#define PBA_STATISTICS 3
#endif
#ifdef WRONG_GUARD
#define PBA_GUARD 3
#endif
#ifdef WRONG_FILL
#define PBA_FILL 3
#endif
#ifdef WRONG_THREADS
#define PBA_THREADS PBA_THREADS_LOKED
#endif
#ifdef WRONG_CALL_SITES
#define PBA_CALL_SITES 3
#endif
#ifdef NEGATIVE_BYTE_LIMIT
#define PBA_BYTE_LIMIT (-1L)
#endif
#ifdef NEGATIVE_SHRINK_MIN
#define PBA_SHRINK_MIN (-5)
#endif
#ifdef NEGATIVE_SHRINK_MAX
#define PBA_SHRINK_MIN (-5)
#define PBA_SHRINK_MAX (-1)
#endif
#ifdef NEGATIVE_DECAY_AGE
#define PBA_DECAY_AGE (-1)
#endif
#ifdef BROKEN_BYTE_LIMIT
#define PBA_BYTE_LIMIT 4096.5
#endif
#ifdef BROKEN_SHRINK_MIN
#define PBA_SHRINK_MIN 12.5
#endif
#ifdef BROKEN_SHRINK_MAX
#define PBA_SHRINK_MAX 50.5F
#endif
#ifdef BROKEN_STATISTICS
#define PBA_STATISTICS 1.5L
#endif
#ifdef MISSPELT_BLOCK_SIZE
#define PBA_BLOCKSIZE 256
#endif
#ifdef MISSPELT_BYTE_LIMIT
#define PBA_LIMIT 4096
#endif
#ifdef MISSPELT_THREADS
#define PBA_THREADED PBA_THREADS_LOCKED
#endif
#ifdef MISSPELT_CALL_SITES
#define PBA_CALLSITES PBA_ON
#endif
#ifdef MISSPELT_STATISTICS
#define PBA_STATS PBA_OFF
#endif
