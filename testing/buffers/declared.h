/* A type that many units share: declared here, implemented in declared.c. For generic_c_test.
 */
#ifndef TESTING_BUFFERS_DECLARED_H_
#define TESTING_BUFFERS_DECLARED_H_

#include <stdint.h>

#include "block_allocator/block_allocator.h"

/* What the shared lists take their memory from. */
extern ba_block_allocator declared_blocks;

#define SAB_NAME declared
#define SAB_TYPE uint16_t
#define SAB_ALLOCATOR declared_blocks
#define SAB_SCALAR
#define SAB_DECLARE
#include "static_buffer/define.h"

#endif /* TESTING_BUFFERS_DECLARED_H_ */
