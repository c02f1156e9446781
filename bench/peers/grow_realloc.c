/* Appends to an array that realloc makes twice as long whenever it is full. */
#include "bench/peers/grow.h"

typedef struct array {
    uint32_t *start;
    size_t length;
    size_t capacity;
} array;

static void grow(array *self) {
    const size_t capacity = self->capacity == 0 ? 16 : 2 * self->capacity;
    uint32_t *const start = (uint32_t *)realloc(self->start, capacity * sizeof *start);
    if (start == NULL) {
        meter_die("no memory for the array");
    }
    self->start = start;
    self->capacity = capacity;
}

static inline void append(array *self, uint32_t number) {
    if (self->length == self->capacity) {
        grow(self);
    }
    self->start[self->length++] = number;
}

int main(int argc, char **argv) {
    const uint32_t count = grow_count(argc, argv);
    array numbers = {0};
    const grow_start start = grow_begin();
    for (uint32_t i = 0; i < count; i++) {
        append(&numbers, i);
    }
    grow_end(start, numbers.start, numbers.length, count);
    free(numbers.start);
    return 0;
}
