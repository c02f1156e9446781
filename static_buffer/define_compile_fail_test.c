/* Wrong uses of lists and slices that a C compiler must refuse for the stated reason, shortly. */
#include "testing/buffers/define_wrong_uses.h"

typedef struct other_list {
    int *ptr;
} other_list;

void more_wrong_uses(other_list *other);

void more_wrong_uses(other_list *other) {
    (void)other;
#ifdef NOT_REGISTERED
    sab_release(other);
#endif
}
