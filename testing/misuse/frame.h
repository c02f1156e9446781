/* What the programs of this folder share: each commits one fault, on a pool with the options that
 * its command line names, and then goes on as if nothing were wrong. testing/misuse/catalogue.py
 * runs them all and writes docs/misuse.md.
 *
 *     double_free_small [log|panic] [always] [guard] [fill]
 *
 * A fault program says on standard output what its pools answer; nobody but the default handler
 * hears of misuse. A comment marks each line that a report may name: `made`, where memory comes
 * from; `fault`; and `found`, where a fault that was done before may come to light. */
#ifndef TESTING_MISUSE_FRAME_H_
#define TESTING_MISUSE_FRAME_H_

#include "block_allocator/allocator.h"
#include "block_allocator/error.h"
#include "block_allocator/memory.h"

#define PBA_NAME pool64
#define PBA_BLOCK_SIZE 64
#define PBA_BACKING_REQUEST_SIZE 4096
#include "pba/define.h"

/* Commits the fault of this program; each program has its own. */
void commit_fault(pool64 *pool);

/* Makes one more pool with the options of the command line. */
pool64 frame_pool(ba_allocator backing, const pba_setup *setup);

/* Uses a byte that was read: Valgrind does not see a read of what nobody uses. */
void frame_use(unsigned char byte);

/* Says what the wrong call returned. */
void frame_answer(ba_error error);

/* Says what a pool's verify finds now. */
void frame_look(const pool64 *pool);

/* Looks at a pool and ends it; what is still in use is reported. */
void frame_end(pool64 *pool);

#endif /* TESTING_MISUSE_FRAME_H_ */
