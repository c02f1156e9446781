/* The worker that allocates nothing: a stack of pointers made ready before. What it takes is what
 * the loops, the table of spans and the one byte written take by themselves. */
#include "bench/peers/meter.h"
#include "bench/peers/worker.h"
#include "block_allocator/backing/page_allocator.h"

/* The stack grows towards `stack + capacity`, where it is full. */
static void **stack;
static size_t height;
static size_t capacity;

BA_ALWAYS_INLINE ba_memory pop(ba_length length) {
    return ba_memory_of(stack[--height], length);
}

BA_ALWAYS_INLINE void push(ba_memory memory) {
    stack[height++] = ba_memory_pointer(memory);
}

static unsigned char *pages(size_t bytes) {
    const ba_memory memory = ba_alloc(ba_page_allocator(), ba_bytes(bytes), ba_align(16));
    if (ba_memory_is_none(memory)) {
        meter_die("no memory for the floor");
    }
    return (unsigned char *)ba_memory_pointer(memory);
}

/* Each pointer has room for the longest span behind it. */
static void open_with_room(const span_table *table, size_t room) {
    capacity = table->count + 1;
    height = capacity;
    stack = (void **)(void *)pages(capacity * sizeof *stack);
    unsigned char *const spans = pages(capacity * room);
    for (size_t i = 0; i < capacity; i++) {
        stack[i] = spans + (capacity - 1 - i) * room;
    }
}

static void open_64(const span_table *table) {
    open_with_room(table, (size_t)table->most_blocks * 64);
}

static void open_1024(const span_table *table) {
    open_with_room(table, (size_t)table->most_blocks * 1024);
}

static void open_4096(const span_table *table) {
    open_with_room(table, (size_t)table->most_blocks * 4096);
}

/* There is nothing to give back. */
static void trim(void) {}

/* Pointers have no lengths, so all there is to see is whether all of them are there. */
static bool is_sound(size_t in_use) {
    return (in_use == 0) == (height == capacity);
}

#define WORK_NAME floor_64
#define WORK_BLOCK_SIZE 64
#define WORK_ALLOC(length) pop(length)
#define WORK_FREE(memory) push(memory)
#define WORK_OPEN open_64
#define WORK_TRIM trim
#define WORK_IS_SOUND is_sound
#include "bench/peers/workload.h"

#define WORK_NAME floor_1024
#define WORK_BLOCK_SIZE 1024
#define WORK_ALLOC(length) pop(length)
#define WORK_FREE(memory) push(memory)
#define WORK_OPEN open_1024
#define WORK_TRIM trim
#define WORK_IS_SOUND is_sound
#include "bench/peers/workload.h"

#define WORK_NAME floor_4096
#define WORK_BLOCK_SIZE 4096
#define WORK_ALLOC(length) pop(length)
#define WORK_FREE(memory) push(memory)
#define WORK_OPEN open_4096
#define WORK_TRIM trim
#define WORK_IS_SOUND is_sound
#include "bench/peers/workload.h"

const worker_functions *const worker_sizes[WORKER_SIZES] = {&floor_64, &floor_1024, &floor_4096};
