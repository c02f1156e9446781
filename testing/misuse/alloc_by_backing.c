/* Allocates from a pool in its own backing, which the pool is asking for memory. */
#include "testing/misuse/frame.h"

#include "block_allocator/backing/page_allocator.h"

static pool64 asking;

static ba_length block_size(const void *context) {
    (void)context;
    return ba_bytes(1);
}

static ba_memory alloc(void *context, ba_length minimum, ba_alignment alignment,
                       ba_call_site site) {
    (void)context;
    static bool was_called;
    if (!was_called) {
        was_called = true;
        const ba_length few = ba_bytes(64);
        const ba_memory none = PBA_HERE(pool64_alloc, &asking, few, ba_align(1)); /* fault */
        frame_answer(ba_memory_error(none));
    }
    return ba_alloc_at(ba_page_allocator(), minimum, alignment, site);
}

static ba_length_result resize(void *context, ba_memory memory, ba_alignment alignment,
                               ba_length minimum, ba_call_site site) {
    (void)context;
    return ba_resize_at(ba_page_allocator(), memory, alignment, minimum, site);
}

static ba_error free_memory(void *context, ba_memory memory, ba_alignment alignment,
                            ba_call_site site) {
    (void)context;
    return ba_free_at(ba_page_allocator(), memory, alignment, site);
}

static const ba_operations operations = {
    .size = sizeof(ba_operations),
    .block_size = block_size,
    .alloc = alloc,
    .resize = resize,
    .free = free_memory,
};

void commit_fault(pool64 *pool) {
    (void)pool;
    asking = frame_pool(ba_allocator_of(NULL, &operations), &(pba_setup){.name = "asking"});
    const ba_memory span = PBA_HERE(pool64_alloc, &asking, ba_bytes(64), ba_align(1)); /* made */
    frame_look(&asking);
    (void)PBA_HERE(pool64_free, &asking, span, ba_align(1));
    frame_end(&asking);
}
