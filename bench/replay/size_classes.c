#include "bench/replay/size_classes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define SLAB_BYTES 4096U
#define LARGEST ((size_t)SIZE_CLASSES * SIZE_CLASS_STEP)

/* An object that is free begins with this. */
typedef struct free_object {
    struct free_object *next;
} free_object;

/* A slab begins with this; objects follow up to its end. It is aligned to its length, so that it is
 * found from an object. */
typedef struct slab {
    _Alignas(SIZE_CLASS_STEP) struct slab *next; /* on the list of those with room */
    struct slab *previous;
    free_object *free;  /* those that were in use once */
    uint16_t used;      /* objects in use */
    uint16_t untouched; /* bytes at the end that never were an object */
    uint16_t size_class;
} slab;

static size_t class_of(ba_length length) {
    return (length.bytes - 1) / SIZE_CLASS_STEP;
}

static size_t object_bytes(size_t size_class) {
    return (size_class + 1) * SIZE_CLASS_STEP;
}

static slab *slab_of(void *object) {
    const uintptr_t offset = (uintptr_t)object & (SLAB_BYTES - 1);
    return (slab *)(void *)((unsigned char *)object - offset);
}

/* --- slabs --- */

static void link_slab(size_classes *self, slab *one) {
    slab *const first = self->with_room[one->size_class];
    one->previous = NULL;
    one->next = first;
    if (first != NULL) {
        first->previous = one;
    }
    self->with_room[one->size_class] = one;
}

static void unlink_slab(size_classes *self, slab *one) {
    if (one->next != NULL) {
        one->next->previous = one->previous;
    }
    if (one->previous != NULL) {
        one->previous->next = one->next;
    } else {
        self->with_room[one->size_class] = one->next;
    }
}

static bool has_room(const slab *one) {
    return one->free != NULL || one->untouched >= object_bytes(one->size_class);
}

static slab *new_slab(size_classes *self, size_t size_class) {
    const ba_memory memory = ba_alloc(self->below, ba_bytes(SLAB_BYTES), ba_align(SLAB_BYTES));
    if (ba_memory_is_none(memory)) {
        return NULL;
    }
    slab *const one = (slab *)ba_memory_pointer(memory);
    *one = (slab){.untouched = SLAB_BYTES - sizeof(slab), .size_class = (uint16_t)size_class};
    link_slab(self, one);
    return one;
}

static void drop_slab(size_classes *self, slab *one) {
    unlink_slab(self, one);
    ba_free(self->below, ba_memory_of(one, ba_bytes(SLAB_BYTES)), ba_align(SLAB_BYTES));
}

/* Takes an object from a slab that has room. */
static void *take_object(slab *one) {
    one->used++;
    if (one->free != NULL) {
        free_object *const object = one->free;
        one->free = object->next;
        return object;
    }
    unsigned char *const object = (unsigned char *)one + SLAB_BYTES - one->untouched;
    one->untouched = (uint16_t)(one->untouched - object_bytes(one->size_class));
    return object;
}

/* --- objects --- */

static ba_memory alloc_small(size_classes *self, ba_length length) {
    slab *one = self->with_room[class_of(length)];
    if (one == NULL) {
        one = new_slab(self, class_of(length));
        if (one == NULL) {
            return ba_memory_none(ba_error_of(BA_OUT_OF_MEMORY));
        }
    }
    void *const object = take_object(one);
    if (!has_room(one)) {
        unlink_slab(self, one);
    }
    return ba_memory_of(object, length);
}

static void free_small(size_classes *self, void *pointer) {
    slab *const one = slab_of(pointer);
    free_object *const object = (free_object *)pointer;
    if (!has_room(one)) {
        link_slab(self, one);
    }
    object->next = one->free;
    one->free = object;
    one->used--;
    if (one->used == 0 && (one->next != NULL || one->previous != NULL)) {
        drop_slab(self, one);
    }
}

static bool is_small(ba_length length) {
    return length.bytes <= LARGEST;
}

ba_memory size_classes_alloc(size_classes *self, ba_length length, ba_alignment alignment) {
    if (!is_small(length)) {
        return ba_alloc(self->below, length, alignment);
    }
    return alignment.bytes <= SIZE_CLASS_STEP
               ? alloc_small(self, length)
               : ba_alloc(self->below, ba_bytes(LARGEST + 1), alignment);
}

void size_classes_free(size_classes *self, ba_memory memory) {
    if (is_small(ba_memory_length(memory))) {
        free_small(self, ba_memory_pointer(memory));
    } else {
        ba_free(self->below, memory, ba_align(SIZE_CLASS_STEP));
    }
}

static ba_memory move(size_classes *self, ba_memory memory, ba_length length) {
    const ba_memory moved = size_classes_alloc(self, length, ba_align(SIZE_CLASS_STEP));
    if (ba_memory_is_none(moved)) {
        return moved;
    }
    const size_t held = ba_memory_length(memory).bytes;
    memcpy(ba_memory_pointer(moved), ba_memory_pointer(memory),
           held < length.bytes ? held : length.bytes);
    size_classes_free(self, memory);
    return moved;
}

ba_memory size_classes_realloc(size_classes *self, ba_memory memory, ba_length length) {
    const ba_length held = ba_memory_length(memory);
    if (!is_small(held) && !is_small(length)) {
        return ba_realloc(self->below, memory, ba_align(SIZE_CLASS_STEP), length);
    }
    if (is_small(held) && is_small(length) && class_of(held) == class_of(length)) {
        return ba_memory_of(ba_memory_pointer(memory), length);
    }
    return move(self, memory, length);
}

void size_classes_init(size_classes *self, ba_allocator below) {
    *self = (size_classes){.below = below};
}

void size_classes_trim(size_classes *self) {
    for (size_t i = 0; i < SIZE_CLASSES; i++) {
        slab *next;
        for (slab *one = self->with_room[i]; one != NULL; one = next) {
            next = one->next;
            if (one->used == 0) {
                drop_slab(self, one);
            }
        }
    }
}
