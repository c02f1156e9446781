/* A build mode that there is not. */
#ifdef NO_SUCH_MODE
#undef BA_BUILD_MODE
#define BA_BUILD_MODE 4
#endif
#ifdef NEGATIVE_MODE
#undef BA_BUILD_MODE
#define BA_BUILD_MODE (-1)
#endif
#include "block_allocator/build_mode.h"

extern int not_empty;
