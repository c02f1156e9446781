#include "block_allocator/forwarding/locked_allocator.h"

#include "block_allocator/call_site.h"
#include "block_allocator/error.h"
#include "block_allocator/implementing/forwarding.h"
#include "block_allocator/implementing/operations.h"
#include "block_allocator/memory.h"

BA_STATIC_ASSERT(offsetof(ba_locked_allocator, parent) == 0, "forwarding.h wants the parent first");

static ba_block_allocator acquire(const ba_locked_allocator *self) {
    ba_lock_acquire(self->lock);
    return self->parent;
}

static void release(const ba_locked_allocator *self) {
    ba_lock_release(self->lock);
}

static ba_memory alloc(void *context, ba_length minimum, ba_alignment alignment,
                       ba_call_site site) {
    const ba_locked_allocator *const self = (const ba_locked_allocator *)context;
    const ba_memory memory = ba_block_alloc_at(acquire(self), minimum, alignment, site);
    release(self);
    return memory;
}

static ba_length_result resize(void *context, ba_memory memory, ba_alignment alignment,
                               ba_length minimum, ba_call_site site) {
    const ba_locked_allocator *const self = (const ba_locked_allocator *)context;
    const ba_length_result now =
        ba_block_resize_at(acquire(self), memory, alignment, minimum, site);
    release(self);
    return now;
}

static ba_error free_memory(void *context, ba_memory memory, ba_alignment alignment,
                            ba_call_site site) {
    const ba_locked_allocator *const self = (const ba_locked_allocator *)context;
    const ba_error error = ba_block_free_at(acquire(self), memory, alignment, site);
    release(self);
    return error;
}

static ba_length_result grow_between(void *context, ba_memory memory, ba_alignment alignment,
                                     ba_length minimum, ba_length wanted, ba_call_site site) {
    const ba_locked_allocator *const self = (const ba_locked_allocator *)context;
    const ba_length_result now =
        ba_block_grow_between_at(acquire(self), memory, alignment, minimum, wanted, site);
    release(self);
    return now;
}

static ba_memory remap(void *context, ba_memory memory, ba_alignment alignment, ba_length minimum,
                       ba_call_site site) {
    const ba_locked_allocator *const self = (const ba_locked_allocator *)context;
    const ba_memory now = ba_block_remap_at(acquire(self), memory, alignment, minimum, site);
    release(self);
    return now;
}

/* All operations, under one lock. */
static ba_memory realloc_memory(void *context, ba_memory memory, ba_alignment alignment,
                                ba_length minimum, ba_call_site site) {
    const ba_locked_allocator *const self = (const ba_locked_allocator *)context;
    const ba_memory now = ba_block_realloc_at(acquire(self), memory, alignment, minimum, site);
    release(self);
    return now;
}

static ba_length_result discard(void *context, ba_memory part, ba_call_site site) {
    const ba_locked_allocator *const self = (const ba_locked_allocator *)context;
    const ba_length_result gone = ba_block_discard_at(acquire(self), part, site);
    release(self);
    return gone;
}

static ba_ownership owns(const void *context, const void *pointer) {
    const ba_locked_allocator *const self = (const ba_locked_allocator *)context;
    const ba_ownership answer = ba_block_owns(acquire(self), pointer);
    release(self);
    return answer;
}

static const ba_operations operations = {
    .size = sizeof(ba_operations),
    .block_size = ba_forward_block_size,
    .alloc = alloc,
    .resize = resize,
    .free = free_memory,
    .grow_between = grow_between,
    .remap = remap,
    .discard = discard,
    .owns = owns,
    .realloc = realloc_memory,
};

void ba_locked_allocator_init(ba_locked_allocator *self, ba_allocator parent, ba_lock lock) {
    *self = (ba_locked_allocator){
        .parent = ba_allocator_grants(parent),
        .lock = lock,
    };
}

ba_allocator ba_locked_allocator_allocator(ba_locked_allocator *self) {
    return ba_allocator_of(self, &operations);
}

ba_block_allocator ba_locked_allocator_block_allocator(ba_locked_allocator *self) {
    return ba_block_allocator_of(self, &operations);
}

void ba_locked_allocator_lock(ba_locked_allocator *self) {
    ba_lock_acquire(self->lock);
}

void ba_locked_allocator_unlock(ba_locked_allocator *self) {
    release(self);
}
