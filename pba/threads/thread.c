#define PBA_INTERNAL_

#include "pba/threads/thread.h"

_Thread_local pba_thread pba_this_thread;
