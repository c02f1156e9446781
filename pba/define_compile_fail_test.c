/* Wrong uses of pool types in C. */
#include "testing/pool/define_wrong_uses.h"
