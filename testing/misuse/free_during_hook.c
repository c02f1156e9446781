/* Frees a span from the out-of-memory hook of its own pool. */
#include "testing/misuse/frame.h"

#include "block_allocator/buffer_allocator.h"

static pool64 starved;
static ba_memory span;

static pba_hook_answer free_span(void *context, ba_length wanted, size_t attempt) {
    (void)context;
    (void)wanted;
    (void)attempt;
    frame_answer(PBA_HERE(pool64_free, &starved, span, ba_align(1))); /* fault */
    return PBA_GIVE_UP;
}

void commit_fault(pool64 *pool) {
    (void)pool;
    static unsigned char buffer[16384];
    ba_buffer_allocator little;
    ba_buffer_allocator_init(&little, ba_memory_of(buffer, ba_bytes(sizeof buffer)));
    starved = frame_pool(ba_buffer_allocator_allocator(&little),
                         &(pba_setup){.name = "starved", .hook = {free_span, NULL}});
    span = PBA_HERE(pool64_alloc, &starved, ba_bytes(64), ba_align(1)); /* made */
    (void)ba_memory_is_none(PBA_HERE(pool64_alloc, &starved, ba_bytes(sizeof buffer), ba_align(1)));
    frame_look(&starved);
    (void)PBA_HERE(pool64_free, &starved, span, ba_align(1));
    frame_end(&starved);
}
