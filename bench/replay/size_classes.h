/* Size classes: what a program puts over a pool when most of what it allocates is smaller than a
 * block.
 *
 * Objects of up to 256 bytes are rounded up to 16 and cut from slabs, spans of 4096 bytes that hold
 * objects of one class; larger ones come straight from the allocator below. A slab that is not in
 * use any more goes back to it, but for one of each class. */
#ifndef BENCH_REPLAY_SIZE_CLASSES_H_
#define BENCH_REPLAY_SIZE_CLASSES_H_

#include "block_allocator/allocator.h"
#include "block_allocator/memory.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SIZE_CLASSES 16U
#define SIZE_CLASS_STEP 16U

/* The state; the caller owns it. Borrows the allocator, which must give alignments of 4096. */
typedef struct size_classes {
    ba_allocator below;
    struct slab *with_room[SIZE_CLASSES]; /* lists of slabs that are not full */
} size_classes;

/* Makes it; takes nothing yet. */
void size_classes_init(size_classes *self, ba_allocator below);

/* Gives back the slabs that are not in use. */
void size_classes_trim(size_classes *self);

/* Memory for one object of that length, aligned as is asked for, or none. One that is small and
 * more than 16 bytes aligned gets a length above 256 bytes, so that every object's length tells
 * where it comes from. */
BA_MUST_USE ba_memory size_classes_alloc(size_classes *self, ba_length length,
                                         ba_alignment alignment);

/* Makes an object longer or shorter; may move it, and then it is aligned to 16 bytes. On failure it
 * is as it was. */
BA_MUST_USE ba_memory size_classes_realloc(size_classes *self, ba_memory memory, ba_length length);

/* Gives an object back, with the length that it has. */
void size_classes_free(size_classes *self, ba_memory memory);

#ifdef __cplusplus
}
#endif

#endif /* BENCH_REPLAY_SIZE_CLASSES_H_ */
