/* A picture of a pool: one character for a group of blocks, which says whether they are used,
 * partly used, or free. Fed by the pool's walk. */
#ifndef EXAMPLES_HIERARCHY_MAP_H_
#define EXAMPLES_HIERARCHY_MAP_H_

#include <stddef.h>

#include "block_allocator/memory.h"
#include "pba/pool.h"

/* Characters in a line, and in a picture. */
#define HEAP_MAP_WIDTH 64
#define HEAP_MAP_CELLS ((size_t)8 * HEAP_MAP_WIDTH)

/* The picture. Chunks are drawn one after the other, wherever they lie. */
typedef struct heap_map {
    size_t payload;    /* bytes to draw */
    size_t cell_bytes; /* bytes a character stands for, whole blocks */
    size_t blocks;     /* the same in blocks */
    size_t drawn;      /* bytes drawn so far */
    size_t used[HEAP_MAP_CELLS];
} heap_map;

/* Begins a picture of so much payload in blocks of that size. */
void heap_map_begin(heap_map *map, ba_length payload, ba_length block);

/* Draws a span or a hole: a walk's function, whose context is the map. */
void heap_map_add(void *context, const pba_walk_item *item);

/* Prints the picture: in blocks and shades where the terminal says that it knows UTF-8, else in
 * ASCII. */
void heap_map_print(const heap_map *map, const char *name);

#endif /* EXAMPLES_HIERARCHY_MAP_H_ */
