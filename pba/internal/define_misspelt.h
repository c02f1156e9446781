/* Names that are easily written for a parameter of pba/define.h, each an error with the right one.
 * A preprocessor cannot ask which names there are, and one that is ignored would leave the default
 * in force. No include guard: pba/define.h includes it for each type. */
#ifdef PBA_NAMES
#error "PBA_NAMES is no parameter of pba/define.h: it is PBA_NAME"
#endif
#ifdef PBA_PREFIX
#error "PBA_PREFIX is no parameter of pba/define.h: it is PBA_NAME"
#endif
#ifdef PBA_TYPE
#error "PBA_TYPE is no parameter of pba/define.h: it is PBA_NAME"
#endif
#ifdef PBA_TYPE_NAME
#error "PBA_TYPE_NAME is no parameter of pba/define.h: it is PBA_NAME"
#endif
#ifdef PBA_POOL_NAME
#error "PBA_POOL_NAME is no parameter of pba/define.h: it is PBA_NAME"
#endif
#ifdef PBA_BLOCKSIZE
#error "PBA_BLOCKSIZE is no parameter of pba/define.h: it is PBA_BLOCK_SIZE"
#endif
#ifdef PBA_BLOCK
#error "PBA_BLOCK is no parameter of pba/define.h: it is PBA_BLOCK_SIZE"
#endif
#ifdef PBA_BLOCKS_SIZE
#error "PBA_BLOCKS_SIZE is no parameter of pba/define.h: it is PBA_BLOCK_SIZE"
#endif
#ifdef PBA_BLOCK_BYTES
#error "PBA_BLOCK_BYTES is no parameter of pba/define.h: it is PBA_BLOCK_SIZE"
#endif
#ifdef PBA_BLOCK_LENGTH
#error "PBA_BLOCK_LENGTH is no parameter of pba/define.h: it is PBA_BLOCK_SIZE"
#endif
#ifdef PBA_BACKING_REQUESTSIZE
#error "PBA_BACKING_REQUESTSIZE is no parameter of pba/define.h: it is PBA_BACKING_REQUEST_SIZE"
#endif
#ifdef PBA_BACKINGREQUESTSIZE
#error "PBA_BACKINGREQUESTSIZE is no parameter of pba/define.h: it is PBA_BACKING_REQUEST_SIZE"
#endif
#ifdef PBA_BACKING_REQUEST
#error "PBA_BACKING_REQUEST is no parameter of pba/define.h: it is PBA_BACKING_REQUEST_SIZE"
#endif
#ifdef PBA_BACKING_REQUESTS_SIZE
#error "PBA_BACKING_REQUESTS_SIZE is no parameter of pba/define.h: it is PBA_BACKING_REQUEST_SIZE"
#endif
#ifdef PBA_BACKING_SIZE
#error "PBA_BACKING_SIZE is no parameter of pba/define.h: it is PBA_BACKING_REQUEST_SIZE"
#endif
#ifdef PBA_REQUEST_SIZE
#error "PBA_REQUEST_SIZE is no parameter of pba/define.h: it is PBA_BACKING_REQUEST_SIZE"
#endif
#ifdef PBA_CHUNK_SIZE
#error "PBA_CHUNK_SIZE is no parameter of pba/define.h: it is PBA_BACKING_REQUEST_SIZE"
#endif
#ifdef PBA_INDEX_TYPE
#error "PBA_INDEX_TYPE is no parameter of pba/define.h: it is PBA_INDEX"
#endif
#ifdef PBA_INDEX_BITS
#error "PBA_INDEX_BITS is no parameter of pba/define.h: it is PBA_INDEX"
#endif
#ifdef PBA_INDEX_SIZE_TYPE
#error "PBA_INDEX_SIZE_TYPE is no parameter of pba/define.h: it is PBA_INDEX"
#endif
#ifdef PBA_INDEXES
#error "PBA_INDEXES is no parameter of pba/define.h: it is PBA_INDEX"
#endif
#ifdef PBA_BYTELIMIT
#error "PBA_BYTELIMIT is no parameter of pba/define.h: it is PBA_BYTE_LIMIT"
#endif
#ifdef PBA_BYTES_LIMIT
#error "PBA_BYTES_LIMIT is no parameter of pba/define.h: it is PBA_BYTE_LIMIT"
#endif
#ifdef PBA_LIMIT
#error "PBA_LIMIT is no parameter of pba/define.h: it is PBA_BYTE_LIMIT"
#endif
#ifdef PBA_MAX_BYTES
#error "PBA_MAX_BYTES is no parameter of pba/define.h: it is PBA_BYTE_LIMIT"
#endif
#ifdef PBA_MEMORY_LIMIT
#error "PBA_MEMORY_LIMIT is no parameter of pba/define.h: it is PBA_BYTE_LIMIT"
#endif
#ifdef PBA_SECUREWIPE
#error "PBA_SECUREWIPE is no parameter of pba/define.h: it is PBA_SECURE_WIPE"
#endif
#ifdef PBA_GROWTH
#error "PBA_GROWTH is no parameter of pba/define.h: it is PBA_REQUEST_GROWTH"
#endif
#ifdef PBA_BACKING_REQUEST_GROWTH
#error "PBA_BACKING_REQUEST_GROWTH is no parameter of pba/define.h: it is PBA_REQUEST_GROWTH"
#endif
#ifdef PBA_SECURE
#error "PBA_SECURE is no parameter of pba/define.h: it is PBA_SECURE_WIPE"
#endif
#ifdef PBA_WIPE
#error "PBA_WIPE is no parameter of pba/define.h: it is PBA_SECURE_WIPE"
#endif
#ifdef PBA_CACHE
#error "PBA_CACHE is no parameter of pba/define.h: it is PBA_SPAN_CACHE"
#endif
#ifdef PBA_SPANCACHE
#error "PBA_SPANCACHE is no parameter of pba/define.h: it is PBA_SPAN_CACHE"
#endif
#ifdef PBA_SAFETY_CHECKS
#error "PBA_SAFETY_CHECKS is no parameter of pba/define.h: it is PBA_SAFETY"
#endif
#ifdef PBA_SAFETY_LEVEL
#error "PBA_SAFETY_LEVEL is no parameter of pba/define.h: it is PBA_SAFETY"
#endif
#ifdef PBA_SAFE
#error "PBA_SAFE is no parameter of pba/define.h: it is PBA_SAFETY"
#endif
#ifdef PBA_CHECKS
#error "PBA_CHECKS is no parameter of pba/define.h: it is PBA_SAFETY"
#endif
#ifdef PBA_SEVERITY_LEVEL
#error "PBA_SEVERITY_LEVEL is no parameter of pba/define.h: it is PBA_SEVERITY"
#endif
#ifdef PBA_SERVERITY
#error "PBA_SERVERITY is no parameter of pba/define.h: it is PBA_SEVERITY"
#endif
#ifdef PBA_MISUSE_SEVERITY
#error "PBA_MISUSE_SEVERITY is no parameter of pba/define.h: it is PBA_SEVERITY"
#endif
#ifdef PBA_BACKINGFAILURE
#error "PBA_BACKINGFAILURE is no parameter of pba/define.h: it is PBA_BACKING_FAILURE"
#endif
#ifdef PBA_BACKING_FAILURES
#error "PBA_BACKING_FAILURES is no parameter of pba/define.h: it is PBA_BACKING_FAILURE"
#endif
#ifdef PBA_FAILURE
#error "PBA_FAILURE is no parameter of pba/define.h: it is PBA_BACKING_FAILURE"
#endif
#ifdef PBA_ON_FAILURE
#error "PBA_ON_FAILURE is no parameter of pba/define.h: it is PBA_BACKING_FAILURE"
#endif
#ifdef PBA_AUTOSHRINK
#error "PBA_AUTOSHRINK is no parameter of pba/define.h: it is PBA_AUTO_SHRINK"
#endif
#ifdef PBA_SHRINK
#error "PBA_SHRINK is no parameter of pba/define.h: it is PBA_AUTO_SHRINK"
#endif
#ifdef PBA_AUTO_SHRINK_KIND
#error "PBA_AUTO_SHRINK_KIND is no parameter of pba/define.h: it is PBA_AUTO_SHRINK"
#endif
#ifdef PBA_SHRINK_AUTO
#error "PBA_SHRINK_AUTO is no parameter of pba/define.h: it is PBA_AUTO_SHRINK"
#endif
#ifdef PBA_SHRINKKIND
#error "PBA_SHRINKKIND is no parameter of pba/define.h: it is PBA_SHRINK_KIND"
#endif
#ifdef PBA_SHRINK_TYPE
#error "PBA_SHRINK_TYPE is no parameter of pba/define.h: it is PBA_SHRINK_KIND"
#endif
#ifdef PBA_SHRINK_THRESHOLD
#error "PBA_SHRINK_THRESHOLD is no parameter of pba/define.h: it is PBA_SHRINK_KIND"
#endif
#ifdef PBA_THRESHOLD
#error "PBA_THRESHOLD is no parameter of pba/define.h: it is PBA_SHRINK_KIND"
#endif
#ifdef PBA_THRESHOLD_KIND
#error "PBA_THRESHOLD_KIND is no parameter of pba/define.h: it is PBA_SHRINK_KIND"
#endif
#ifdef PBA_SHRINKMIN
#error "PBA_SHRINKMIN is no parameter of pba/define.h: it is PBA_SHRINK_MIN"
#endif
#ifdef PBA_SHRINK_MINIMUM
#error "PBA_SHRINK_MINIMUM is no parameter of pba/define.h: it is PBA_SHRINK_MIN"
#endif
#ifdef PBA_MIN_SHRINK
#error "PBA_MIN_SHRINK is no parameter of pba/define.h: it is PBA_SHRINK_MIN"
#endif
#ifdef PBA_THRESHOLD_MIN
#error "PBA_THRESHOLD_MIN is no parameter of pba/define.h: it is PBA_SHRINK_MIN"
#endif
#ifdef PBA_SHRINKMAX
#error "PBA_SHRINKMAX is no parameter of pba/define.h: it is PBA_SHRINK_MAX"
#endif
#ifdef PBA_SHRINK_MAXIMUM
#error "PBA_SHRINK_MAXIMUM is no parameter of pba/define.h: it is PBA_SHRINK_MAX"
#endif
#ifdef PBA_MAX_SHRINK
#error "PBA_MAX_SHRINK is no parameter of pba/define.h: it is PBA_SHRINK_MAX"
#endif
#ifdef PBA_THRESHOLD_MAX
#error "PBA_THRESHOLD_MAX is no parameter of pba/define.h: it is PBA_SHRINK_MAX"
#endif
#ifdef PBA_DECAYAGE
#error "PBA_DECAYAGE is no parameter of pba/define.h: it is PBA_DECAY_AGE"
#endif
#ifdef PBA_DECAY
#error "PBA_DECAY is no parameter of pba/define.h: it is PBA_DECAY_AGE"
#endif
#ifdef PBA_DECAY_TIME
#error "PBA_DECAY_TIME is no parameter of pba/define.h: it is PBA_DECAY_AGE"
#endif
#ifdef PBA_STATISTIC
#error "PBA_STATISTIC is no parameter of pba/define.h: it is PBA_STATISTICS"
#endif
#ifdef PBA_STATS
#error "PBA_STATS is no parameter of pba/define.h: it is PBA_STATISTICS"
#endif
#ifdef PBA_STATISICS
#error "PBA_STATISICS is no parameter of pba/define.h: it is PBA_STATISTICS"
#endif
#ifdef PBA_GUARDS
#error "PBA_GUARDS is no parameter of pba/define.h: it is PBA_GUARD"
#endif
#ifdef PBA_GUARD_BLOCK
#error "PBA_GUARD_BLOCK is no parameter of pba/define.h: it is PBA_GUARD"
#endif
#ifdef PBA_GUARD_BLOCKS
#error "PBA_GUARD_BLOCKS is no parameter of pba/define.h: it is PBA_GUARD"
#endif
#ifdef PBA_FILLS
#error "PBA_FILLS is no parameter of pba/define.h: it is PBA_FILL"
#endif
#ifdef PBA_FILL_FREE
#error "PBA_FILL_FREE is no parameter of pba/define.h: it is PBA_FILL"
#endif
#ifdef PBA_FILLING
#error "PBA_FILLING is no parameter of pba/define.h: it is PBA_FILL"
#endif
#ifdef PBA_CALLSITES
#error "PBA_CALLSITES is no parameter of pba/define.h: it is PBA_CALL_SITES"
#endif
#ifdef PBA_CALL_SITE
#error "PBA_CALL_SITE is no parameter of pba/define.h: it is PBA_CALL_SITES"
#endif
#ifdef PBA_CALLSITE
#error "PBA_CALLSITE is no parameter of pba/define.h: it is PBA_CALL_SITES"
#endif
#ifdef PBA_SITES
#error "PBA_SITES is no parameter of pba/define.h: it is PBA_CALL_SITES"
#endif
#ifdef PBA_THREAD
#error "PBA_THREAD is no parameter of pba/define.h: it is PBA_THREADS"
#endif
#ifdef PBA_THREADED
#error "PBA_THREADED is no parameter of pba/define.h: it is PBA_THREADS"
#endif
#ifdef PBA_THREADING
#error "PBA_THREADING is no parameter of pba/define.h: it is PBA_THREADS"
#endif
#ifdef PBA_THREAD_SAFE
#error "PBA_THREAD_SAFE is no parameter of pba/define.h: it is PBA_THREADS"
#endif
#ifdef PBA_THREAD_SAFETY
#error "PBA_THREAD_SAFETY is no parameter of pba/define.h: it is PBA_THREADS"
#endif
#ifdef PBA_LOCK
#error "PBA_LOCK is no parameter of pba/define.h: it is PBA_THREADS"
#endif
#ifdef PBA_LOCKED
#error "PBA_LOCKED is no parameter of pba/define.h: it is PBA_THREADS"
#endif
