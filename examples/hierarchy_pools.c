#include "examples/hierarchy_pools.h"

#include <stdio.h>

#include "block_allocator/backing/page_allocator.h"
#include "examples/hierarchy_map.h"

/* A level serves up to half a chunk, so that two spans fit; both are whole blocks. */
#define SMALL_MOST 2048
#define MEDIUM_MOST 32768

void memory_levels_make(memory_levels *levels) {
    /* Metadata comes straight from the system, so that the maps show nothing but payload. */
    const ba_allocator system = ba_page_allocator();
    const pba_setup large = {.name = "large", .metadata = &system};
    const pba_setup medium = {.name = "medium", .metadata = &system};
    const pba_setup small = {.name = "small", .metadata = &system};
    levels->large = large_pool_new_with(ba_any_allocator_of(system), &large);
    levels->medium = medium_pool_new_with(
        ba_any_allocator_of(large_pool_block_allocator(&levels->large)), &medium);
    levels->small = small_pool_new_with(
        ba_any_allocator_of(medium_pool_block_allocator(&levels->medium)), &small);
}

ba_memory memory_levels_alloc(memory_levels *levels, ba_length length, ba_alignment alignment) {
    if (length.bytes <= SMALL_MOST) {
        return small_pool_alloc(&levels->small, length, alignment);
    }
    if (length.bytes <= MEDIUM_MOST) {
        return medium_pool_alloc(&levels->medium, length, alignment);
    }
    return large_pool_alloc(&levels->large, length, alignment);
}

void memory_levels_free(memory_levels *levels, ba_memory memory, ba_alignment alignment) {
    if (ba_memory_is_none(memory)) {
        return;
    }
    /* The length is that of the whole span, and so still on the same side of each bound. */
    const ba_length length = ba_memory_length(memory);
    if (length.bytes <= SMALL_MOST) {
        small_pool_free(&levels->small, memory, alignment);
    } else if (length.bytes <= MEDIUM_MOST) {
        medium_pool_free(&levels->medium, memory, alignment);
    } else {
        large_pool_free(&levels->large, memory, alignment);
    }
}

static void print_heading(void) {
    printf("%-8s%8s%12s%12s%12s%12s%8s%14s\n", "level", "block", "payload", "in use", "peak",
           "metadata", "chunks", "fragmentation");
}

/* In bytes. Fragmentation: how much of what is free does not lie in the largest hole. */
static void print_level(const char *name, pba_pool *pool) {
    const pba_stats stats = pba_pool_stats(pool);
    printf("%-8s%8zu%12zu%12zu%12zu%12zu%8zu%13u%%\n", name, pba_pool_block_size(pool).bytes,
           stats.payload.bytes, stats.in_use.bytes, stats.peak_in_use.bytes, stats.metadata.bytes,
           stats.chunks, pba_pool_fragmentation(pool));
}

void memory_levels_print(memory_levels *levels) {
    print_heading();
    print_level("large", &levels->large.core);
    print_level("medium", &levels->medium.core);
    print_level("small", &levels->small.core);

    heap_map map;
    heap_map_begin(&map, large_pool_stats(&levels->large).payload, large_pool_block_size());
    large_pool_walk(&levels->large, heap_map_add, &map);
    heap_map_print(&map, "large");
    heap_map_begin(&map, medium_pool_stats(&levels->medium).payload, medium_pool_block_size());
    medium_pool_walk(&levels->medium, heap_map_add, &map);
    heap_map_print(&map, "medium");
    heap_map_begin(&map, small_pool_stats(&levels->small).payload, small_pool_block_size());
    small_pool_walk(&levels->small, heap_map_add, &map);
    heap_map_print(&map, "small");
}

void memory_levels_release(memory_levels *levels) {
    small_pool_release_all(&levels->small, PBA_REPORT_IN_USE);
    medium_pool_release_all(&levels->medium, PBA_REPORT_IN_USE);
    large_pool_release_all(&levels->large, PBA_REPORT_IN_USE);
}
