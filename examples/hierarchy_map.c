#include "examples/hierarchy_map.h"

#include <langinfo.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The three characters. */
typedef struct shades {
    const char *used;
    const char *partly;
    const char *free;
} shades;

static const shades ascii = {"#", "+", "."};
static const shades utf8 = {"█", "▒", "·"};

/* Shades, if they go to a terminal whose user has chosen UTF-8. */
static const shades *shades_of_output(void) {
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread. */
    if (!isatty(STDOUT_FILENO) || setlocale(LC_CTYPE, "") == NULL) {
        return &ascii;
    }
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread. */
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0 ? &utf8 : &ascii;
}

void heap_map_begin(heap_map *map, ba_length payload, ba_length block) {
    memset(map, 0, sizeof *map);
    map->payload = payload.bytes;
    const size_t blocks = payload.bytes / block.bytes;
    map->blocks = blocks / HEAP_MAP_CELLS + (blocks % HEAP_MAP_CELLS != 0);
    map->cell_bytes = map->blocks * block.bytes;
}

void heap_map_add(void *context, const pba_walk_item *item) {
    heap_map *const map = (heap_map *)context;
    const size_t end = map->drawn + item->length.bytes;
    while (map->drawn < end) {
        const size_t cell = map->drawn / map->cell_bytes;
        const size_t cell_end = (cell + 1) * map->cell_bytes;
        const size_t stop = cell_end < end ? cell_end : end;
        switch (item->kind) {
        case PBA_WALK_LIVE:
            map->used[cell] += stop - map->drawn;
            break;
        case PBA_WALK_HOLE:
            break;
        }
        map->drawn = stop;
    }
}

/* The last character may stand for less than the others. */
static size_t bytes_of_cell(const heap_map *map, size_t cell) {
    const size_t rest = map->payload - cell * map->cell_bytes;
    return rest < map->cell_bytes ? rest : map->cell_bytes;
}

static const char *shade_of_cell(const heap_map *map, size_t cell, const shades *palette) {
    if (map->used[cell] == 0) {
        return palette->free;
    }
    return map->used[cell] == bytes_of_cell(map, cell) ? palette->used : palette->partly;
}

void heap_map_print(const heap_map *map, const char *name) {
    const shades *const palette = shades_of_output();
    printf("\n%s, %zu block%s a character: %s used, %s partly, %s free\n", name, map->blocks,
           map->blocks == 1 ? "" : "s", palette->used, palette->partly, palette->free);
    for (size_t cell = 0; cell * map->cell_bytes < map->payload; cell++) {
        (void)fputs(shade_of_cell(map, cell, palette), stdout);
        const bool is_last = (cell + 1) * map->cell_bytes >= map->payload;
        if (is_last || cell % HEAP_MAP_WIDTH == HEAP_MAP_WIDTH - 1) {
            (void)putchar('\n');
        }
    }
}
