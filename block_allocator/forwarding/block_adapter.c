#include "block_allocator/forwarding/block_adapter.h"

#include <stddef.h>

#include "block_allocator/call_site.h"
#include "block_allocator/implementing/operations.h"

static ba_length_result whole_blocks(const ba_block_adapter *self, ba_length length) {
    return ba_length_round_up(length, ba_align(self->block_size.bytes));
}

static ba_length blocks_within(const ba_block_adapter *self, ba_length length) {
    return ba_bytes(length.bytes & ~(self->block_size.bytes - 1));
}

/* The memory as the parent gave it. What is none, or too long to be anybody's, is left to the
 * parent to reject. */
static ba_memory as_granted(const ba_block_adapter *self, ba_memory memory) {
    const ba_length_result length = whole_blocks(self, ba_memory_length(memory));
    if (ba_memory_is_none(memory) || ba_length_result_is_none(length)) {
        return memory;
    }
    return ba_memory_of(ba_memory_pointer(memory), ba_length_result_length(length));
}

static ba_length block_size(const void *context) {
    const ba_block_adapter *const self = (const ba_block_adapter *)context;
    return self->block_size;
}

static ba_memory alloc(void *context, ba_length minimum, ba_alignment alignment,
                       ba_call_site site) {
    const ba_block_adapter *const self = (const ba_block_adapter *)context;
    const ba_length_result length = whole_blocks(self, minimum);
    if (ba_length_result_is_none(length)) {
        return ba_memory_none(ba_length_result_error(length));
    }
    return ba_alloc_at(self->parent, ba_length_result_length(length), alignment, site);
}

static ba_length_result resize(void *context, ba_memory memory, ba_alignment alignment,
                               ba_length minimum, ba_call_site site) {
    const ba_block_adapter *const self = (const ba_block_adapter *)context;
    const ba_length_result length = whole_blocks(self, minimum);
    if (ba_length_result_is_none(length)) {
        return length;
    }
    return ba_resize_at(self->parent, as_granted(self, memory), alignment,
                        ba_length_result_length(length), site);
}

static ba_error free_memory(void *context, ba_memory memory, ba_alignment alignment,
                            ba_call_site site) {
    const ba_block_adapter *const self = (const ba_block_adapter *)context;
    return ba_free_at(self->parent, as_granted(self, memory), alignment, site);
}

static ba_length_result grow_between(void *context, ba_memory memory, ba_alignment alignment,
                                     ba_length minimum, ba_length wanted, ba_call_site site) {
    const ba_block_adapter *const self = (const ba_block_adapter *)context;
    const ba_length_result least = whole_blocks(self, minimum);
    if (ba_length_result_is_none(least)) {
        return least;
    }
    const ba_length_result most = whole_blocks(self, wanted);
    const ba_length_result grown = ba_grow_between_at(
        self->parent, as_granted(self, memory), alignment, ba_length_result_length(least),
        ba_length_result_is_none(most) ? blocks_within(self, ba_bytes(SIZE_MAX))
                                       : ba_length_result_length(most),
        site);

    const ba_length now = ba_length_result_length(grown);
    const ba_length whole = blocks_within(self, now);
    if (ba_length_result_is_none(grown) || whole.bytes == now.bytes) {
        return grown;
    }
    /* The parent stopped inside a block; shrinking back to whole ones never fails. */
    return ba_resize_at(self->parent, ba_memory_of(ba_memory_pointer(memory), now), alignment,
                        whole, site);
}

static ba_memory remap(void *context, ba_memory memory, ba_alignment alignment, ba_length minimum,
                       ba_call_site site) {
    const ba_block_adapter *const self = (const ba_block_adapter *)context;
    const ba_length_result length = whole_blocks(self, minimum);
    if (ba_length_result_is_none(length)) {
        return ba_memory_none(ba_length_result_error(length));
    }
    return ba_remap_at(self->parent, as_granted(self, memory), alignment,
                       ba_length_result_length(length), site);
}

static ba_length_result discard(void *context, ba_memory part, ba_call_site site) {
    const ba_block_adapter *const self = (const ba_block_adapter *)context;
    return ba_discard_at(self->parent, part, site);
}

static ba_ownership owns(const void *context, const void *pointer) {
    const ba_block_adapter *const self = (const ba_block_adapter *)context;
    return ba_owns(self->parent, pointer);
}

static const ba_operations operations = {
    .size = sizeof(ba_operations),
    .block_size = block_size,
    .alloc = alloc,
    .resize = resize,
    .free = free_memory,
    .grow_between = grow_between,
    .remap = remap,
    .discard = discard,
    .owns = owns,
};

ba_error ba_block_adapter_init(ba_block_adapter *self, ba_allocator parent, ba_length block_size) {
    if (!ba_alignment_is_valid(ba_align(block_size.bytes))) {
        return ba_error_of(BA_BAD_ALIGN);
    }
    *self = (ba_block_adapter){
        .parent = parent,
        .block_size = block_size,
    };
    return ba_error_of(BA_OK);
}

ba_block_allocator ba_block_adapter_block_allocator(ba_block_adapter *self) {
    return ba_block_allocator_of(self, &operations);
}
