/* A program with nothing but the interface. USES says what it does with that: 0, it includes all of
 * it; 1, it also calls what is inline, on an allocator of its own; 2, it also calls one function
 * that is compiled. bench/size.sh looks at what came into each. */
#include "block_allocator/allocator.h"
#include "block_allocator/block_allocator.h"
#include "block_allocator/error.h"
#include "block_allocator/typed.h"

#if USES == 0
int main(void) {
    return 0;
}
#else

static _Alignas(64) unsigned char buffer[256];

static ba_length block_size(const void *context) {
    (void)context;
    return ba_bytes(sizeof buffer);
}

static ba_memory alloc(void *context, ba_length minimum, ba_alignment alignment,
                       ba_call_site site) {
    (void)context;
    (void)alignment;
    (void)site;
    return minimum.bytes <= sizeof buffer ? ba_memory_of(buffer, ba_bytes(sizeof buffer))
                                          : ba_memory_none(ba_error_of(BA_OUT_OF_MEMORY));
}

static ba_length_result resize(void *context, ba_memory memory, ba_alignment alignment,
                               ba_length minimum, ba_call_site site) {
    (void)context;
    (void)memory;
    (void)alignment;
    (void)site;
    return minimum.bytes <= sizeof buffer ? ba_length_result_of(ba_bytes(sizeof buffer))
                                          : ba_length_result_none(ba_error_of(BA_NOT_IN_PLACE));
}

static ba_error free_memory(void *context, ba_memory memory, ba_alignment alignment,
                            ba_call_site site) {
    (void)context;
    (void)memory;
    (void)alignment;
    (void)site;
    return ba_error_of(BA_OK);
}

static const ba_operations operations = {
    .size = sizeof(ba_operations),
    .block_size = block_size,
    .alloc = alloc,
    .resize = resize,
    .free = free_memory,
};

/* Calls everything that an allocator has, in both views, and says how it went. */
static ba_error use(ba_allocator allocator) {
    const ba_memory memory = ba_alloc(allocator, ba_bytes(100), ba_align(8));
    if (ba_memory_is_none(memory)) {
        return ba_memory_error(memory);
    }
    const ba_length_result longer = ba_resize(allocator, memory, ba_align(8), ba_bytes(200));
    const ba_block_allocator blocks = ba_allocator_grants(allocator);
    const ba_memory whole =
        ba_memory_of(ba_memory_pointer(memory), ba_block_allocator_block_size(blocks));
    const ba_error error = ba_block_free(blocks, whole, ba_align(8));
    return ba_failed(error) ? error : ba_length_result_error(longer);
}

int main(void) {
    const ba_error error = use(ba_allocator_of(buffer, &operations));
#if USES == 2
    return ba_error_message(error)[0] == '\0';
#else
    return ba_failed(error) ? 1 : 0;
#endif
}
#endif
