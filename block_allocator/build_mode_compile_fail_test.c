/* A build mode that there is not. */
#ifdef NO_SUCH_MODE
// expect: BA_BUILD_MODE is one of BA_DEBUG, BA_RELEASE_SAFE, BA_RELEASE_SMALL, BA_RELEASE_FAST
#undef BA_BUILD_MODE
#define BA_BUILD_MODE 4
#endif
#ifdef NEGATIVE_MODE
// expect: BA_BUILD_MODE is one of BA_DEBUG, BA_RELEASE_SAFE, BA_RELEASE_SMALL, BA_RELEASE_FAST
#undef BA_BUILD_MODE
#define BA_BUILD_MODE (-1)
#endif
#include "block_allocator/build_mode.h"

extern int not_empty;
