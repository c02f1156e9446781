// The same in C++.
#include "testing/buffers/define_wrong_uses.h"

struct other_list {
    int *ptr;
};

void more_wrong_uses(other_list *other);

void more_wrong_uses(other_list *other) {
    (void)other;
#ifdef NOT_REGISTERED
    sab_release(other);
#endif
}
