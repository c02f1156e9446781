// Wrong uses of lists and slices in C++.
#include "testing/buffers/define_wrong_uses.h"
