#include "testing/buffers/declared.h"

ba_block_allocator declared_blocks;

#define SAB_NAME declared
#define SAB_TYPE uint16_t
#define SAB_ALLOCATOR declared_blocks
#define SAB_SCALAR
#define SAB_IMPLEMENT
#include "static_buffer/define.h"
